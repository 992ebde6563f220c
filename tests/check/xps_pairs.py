#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same spectra in several formats: what the vendors' own programs exported from a file must agree with what is
read from the file itself, to the digits of the text."""
import os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
CORPUS = os.path.join(os.environ.get('ASSAY_SHARED', os.path.join(SOURCE, '..', 'shared')), 'corpus', 'xps')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
# file, part of it, export, part of that, relative tolerance (the digits of the text)
PAIRS = [('bad/SpecsLab2xml.xml', str(k), 'specs-xy/SpecsLab2xy.xy', str(k), 2e-7) for k in range(4)] + [
    ('specs-xml/specs_iss_sample.xml', '0', 'specs-xy/specs_iss_sample.xy', '0', 2e-7),
    ('phi-spe/XPS_PHI_QUANTERA_narrow.spe', None, 'phi-multipak-txt/XPS_PHI_QUANTERA_narrow.txt', None, 2e-7),
    ('phi-pro/XPS_PHI_QUANTERA_depth_1.pro', None, 'phi-multipak-txt/XPS_PHI_QUANTERA_depth_1.txt', None, 2e-7),
    ('phi-pro/XPS_PHI_QUANTERA_depth_1.pro', None, 'phi-multipak-csv/XPS_PHI_QUANTERA_depth_1.csv', None, 2e-7),
    ('scienta-ibw/Cu-HHTP_0001Cu-HHTP__001.ibw', None, 'scienta-txt/Cu-HHTP_0001.txt', None, 1e-12),
    ('scienta-ibw/Cu-HHTP_0002Cu-HHTP__002.ibw', None, 'scienta-txt/Cu-HHTP_0002.txt', None, 1e-12),
    ('scienta-pxt/sample2.pxt', None, 'scienta-txt/sample2.txt', None, 1e-12)]


def rows(path, part):
    p = subprocess.run([ASSAY, 'read', path] + (['--part', part] if part else []), stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL)
    lines = [l.split() for l in p.stdout.decode().splitlines() if not l.startswith('#')][1:]
    return [(float(l[1]), float(l[2])) for l in lines]


def differs(a, b, tolerance):
    if not a or len(a) != len(b):
        return '%d rows and %d' % (len(a), len(b))
    for i, (p, q) in enumerate(zip(a, b)):
        if abs(p[0] - q[0]) > 1e-6 or abs(p[1] - q[1]) > tolerance * max(abs(p[1]), abs(q[1])) + 6e-5 * (tolerance > 1e-9):
            return 'row %d: %r and %r' % (i, p, q)
    return ''


def main():
    if not os.path.isdir(CORPUS):
        print('skipped: no corpus at ' + CORPUS)
        return 77
    failed = 0
    for file, part, export, other, tolerance in PAIRS:
        answer = differs(rows(os.path.join(CORPUS, file), part), rows(os.path.join(CORPUS, export), other), tolerance)
        if answer:
            failed += 1
            print('%s and %s: %s' % (file, export, answer))
    print('%d pairs, %d differ' % (len(PAIRS), failed))
    return 1 if failed else 0


sys.exit(main())
