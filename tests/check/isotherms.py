#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""recipes/examples/isotherms.yaml on the published isotherms it is about: every claim comes out as expected."""
import os, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(os.path.abspath(os.environ.get('ASSAY_SHARED', '../shared')), 'corpus', 'sorption')
if not os.path.exists(os.path.join(CORPUS, 'kernel-csv')):
    print('skipped: no', CORPUS)
    sys.exit(77)
with tempfile.TemporaryDirectory() as tmp:
    p = subprocess.run([ASSAY, 'run', '--verify', '--set', 'corpus=' + CORPUS, os.path.join(SOURCE, 'recipes', 'examples', 'isotherms.yaml')],
                       cwd=tmp, env=dict(os.environ, XDG_CACHE_HOME=os.path.join(tmp, 'cache')), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = p.stdout.decode()
    print(text, p.stderr.decode())
    figures = [f for _, _, names in os.walk(tmp) for f in names if f.endswith('.svg')]
    if p.returncode or text.count('\nsupported') + text.startswith('supported') != 4 or len(figures) != 5:
        sys.exit('exit %d, figures %s' % (p.returncode, sorted(figures)))
