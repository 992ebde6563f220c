#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of recipes/examples on a measured TGA-IR series and a Raman line: every claim comes out as expected."""
import os
import subprocess
import sys
import tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(os.environ.get('ASSAY_SHARED', '../shared'), 'corpus')
NAMES = ('evolved-gas', 'raman-line')

if not os.path.isdir(os.path.join(CORPUS, 'ftir')):
    print('skipped: no', CORPUS)
    sys.exit(77)
failed = 0
with tempfile.TemporaryDirectory() as tmp:
    for name in NAMES:
        p = subprocess.run([ASSAY, 'run', '--verify', '--cache', 'off', '-o', tmp, '--set', 'corpus=' + os.path.abspath(CORPUS),
                            os.path.join(SOURCE, 'recipes', 'examples', name + '.yaml')], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        print(p.stdout.decode())
        claims = os.path.join(tmp, name, 'claims.tsv')
        if p.returncode or not os.path.exists(claims):
            failed += 1
            print('FAILED', name, p.returncode, p.stderr.decode()[-2000:])
sys.exit(1 if failed else 0)
