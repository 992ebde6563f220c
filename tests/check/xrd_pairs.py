#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same scan in several formats of the corpus gives the same numbers, and what the formats cannot hold is warned of.

Attenuators: the corrected intensity has no step where the factor changes, counted intensities are whole numbers.
"""
import os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
CORPUS = os.path.join(os.environ.get('ASSAY_SHARED', os.path.join(SOURCE, '..', 'shared')), 'corpus', 'xrd')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
failures = []


def read(name):
    p = subprocess.run([ASSAY, 'read', os.path.join(CORPUS, name)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    names, rows = [], []
    for line in p.stdout.decode().splitlines():
        if line.startswith('#'):
            continue
        if not names:
            names = line.split(' ')
        else:
            rows.append([float(c) for c in line.split(' ')])
    return {n: [r[i] for r in rows] for i, n in enumerate(names)}, p.stderr.decode()


def check(what, condition, more=''):
    if not condition:
        failures.append(what)
        print('FAILED %s %s' % (what, more))


def columns(t):
    return t.get('two_theta') or t['x'], t.get('intensity') or t['y']


def worst(a, b):
    return max(abs(x - y) for x, y in zip(a, b)) if len(a) == len(b) else float('inf')


def pair(one, other, dx, dy, warned=None, scale=1.0):
    (t, _), (u, err) = read(one), read(other)
    (x, y), (v, w) = columns(t), columns(u)
    check('%s = %s' % (one, other), worst(x, v) <= dx and worst([i / scale for i in y], w) <= dy,
          'x differs by %g, y by %g' % (worst(x, v), worst([i / scale for i in y], w)))
    if warned is not None:
        check('%s is warned of' % other, warned in err, err)
    return t, u


def main():
    if not os.path.isdir(CORPUS):
        print('skipped: no corpus at ' + CORPUS)
        return 77
    pair('xrdml/La2O3junio3.xrdml', 'udf/La2O3junio3.udf', 6e-6, 0)
    pair('xrdml/La2O3junio3.xrdml', 'rd/La2O3junio3.rd', 1e-7, 10, 'rounded')
    pair('xrdml/7059.xrdml', 'udf/7059.udf', 6e-6, 0)
    pair('xrdml/7059.xrdml', 'rd/7059.rd', 1e-7, 10, 'rounded')
    pair('xrdml/7059.xrdml', 'panalytical-csv/7059.csv', 1e-8, 0)
    pair('xrdml/7059.xrdml', 'panalytical-xy/7059.xy', 1e-8, 0)
    pair('xrdml/210520step1_30min.xrdml', 'panalytical-csv/210520step1_30min.csv', 1e-8, 0)
    pair('xrdml/210520step1_30min.xrdml', 'panalytical-xy/210520step1_30min.xy', 1e-8, 0)
    pair('xrdml/Panalytical.XRDML', 'panalytical-asc/Panalytical.ASC', 1e-9, 0)
    pair('bruker-raw/Diffrac-ATraw.raw', 'uxd/Diffrac-ATuxd.UXD', 1e-9, 0)
    pair('bruker-raw/BT86.raw', 'uxd/BT86_.UXD', 6e-3, 0, 'rounded')
    t, u = pair('bruker-raw/Si_Cu_sputter_exported.raw', 'bruker-eva-xy/Si_Cu_sputter_exported.xy', 1e-9, 6e-7, scale=900.0)  # the raw file holds 32-bit floats
    check('integrated frames prove no counts', 'sigma' not in t and 'sigma' not in u)

    t, _ = read('xrdml/m54313_om2th_10.xrdml')
    i = t['attenuation'].index(188)
    check('XRDML 2: counts times factor', t['intensity'][i] == 352876 and abs(t['sigma'][i] - 188 * 1877 ** 0.5) < 1e-6)
    for name in ('xrdml/XRDML_attenuation.xrdml', 'brml/23-012-AG_2thomegascan_long.brml'):
        t, _ = read(name)
        f, y, s = t['attenuation'], t['intensity'], t['sigma']
        edges = [i for i in range(1, len(f)) if f[i] != f[i - 1]]
        check(name + ' has attenuated points', edges)
        for i in edges:  # between neighbours a steep flank may rise by two, never by the factor
            ratio = y[i] / y[i - 1]
            check('%s: no step at %d' % (name, i), 0.4 < ratio < 2.5, ratio)
        counted = [a / b for a, b in zip(y, f)]
        check(name + ': whole counts', all(abs(c - round(c)) < 0.005 for c in counted))
        check(name + ': sigma', all(abs(e - b * max(a / b, 1) ** 0.5) < 1e-6 * e for a, b, e in zip(y, f, s)))
    print('%d failed' % len(failures))
    return 1 if failures else 0


sys.exit(main())
