#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes on measured Raman and infrared spectra (recipes/examples) come out as they expect, where the files are."""
import os
import subprocess
import sys
import tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(os.environ.get('ASSAY_SHARED', '../shared'), 'corpus')
NAMES = ('zif62-raman', 'dmf-thiocyanate', 'tga-ir', 'graphite-line')

if not os.path.isdir(os.path.join(CORPUS, 'raman')):
    print('skipped: no', CORPUS)
    sys.exit(77)
failed = 0
with tempfile.TemporaryDirectory() as tmp:
    env = dict(os.environ, XDG_CACHE_HOME=os.path.join(tmp, 'cache'))
    for name in NAMES:
        p = subprocess.run([ASSAY, 'run', '--verify', '-o', tmp, '--set', 'corpus=' + os.path.abspath(CORPUS),
                            os.path.join(SOURCE, 'recipes', 'examples', name + '.yaml')],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        made = os.path.exists(os.path.join(tmp, name, 'claims.tsv'))
        print('%s: exit %d' % (name, p.returncode))
        if p.returncode or not made:
            failed += 1
            print(p.stdout.decode(), p.stderr.decode()[-800:])
sys.exit(1 if failed else 0)
