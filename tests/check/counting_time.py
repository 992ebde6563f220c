#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One scan as counts (.raw) and as counts per second (.xy): the same fitted peak, area and uncertainty scaling with the time."""
import os, subprocess, sys

ASSAY, SHARED = os.environ['ASSAY'], os.environ['ASSAY_SHARED']
RAW = os.path.join(SHARED, 'corpus', 'xrd', 'bruker-raw', 'Si_Cu_sputter_exported.raw')
TEXT = os.path.join(SHARED, 'corpus', 'xrd', 'bruker-eva-xy', 'Si_Cu_sputter_exported.xy')
SECONDS = 900.0
if not (os.path.exists(RAW) and os.path.exists(TEXT)):
    print('skipped: no such pair here')
    sys.exit(77)


def peak(path, *options):
    command = '"{a}" read {o} "{p}" | "{a}" crop --x 42.5:44.5 | "{a}" fit --ka2 off --model "pvoigt(a) center=43.4 + linear" | ' \
              '"{a}" results --item a'.format(a=ASSAY, p=path, o=' '.join(options))
    out = subprocess.run(command, shell=True, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    rows = [line.split(' ') for line in out.splitlines() if not line.startswith('#')][1:]
    return {r[3]: (float(r[4]), float(r[5])) for r in rows}


counts, rates = peak(RAW), peak(TEXT, '--option', 'step-time=900s')
failed = 0
for quantity, scale in (('area', SECONDS), ('height', SECONDS), ('position', 1), ('fwhm', 1)):
    for k, what in enumerate(('value', 'u')):
        a, b = counts[quantity][k], rates[quantity][k] * scale
        if not abs(a - b) <= 1e-6 * abs(a):
            failed += 1
            print('%s, %s: %.9g from counts, %.9g from counts per second' % (quantity, what, a, b))
print('%d comparisons, %d failed' % (8, failed))
sys.exit(1 if failed else 0)
