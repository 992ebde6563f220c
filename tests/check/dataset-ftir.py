#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/ftir is what sets.tsv says and every file reads back with the absorbances that went in. Against the same
samples in transmission, `atr --correct dispersion` brings the C=O band from 1 to 8 cm-1 below to within 0.5 cm-1 and its area to 2 %;
after the vapour is taken off, the fractions of free PC are those put in; what makes an
oscillator of the dielectric function a Lorentzian, n/v^2, is multiplied in. `dataset-ftir.py --write` writes the files."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, table  # noqa: E402

COMMON = '--seed 2022 --range 700:2000'.split()
data_set = DataSet('ftir', 'simulate-ir', COMMON, {'concentration_dilute': '1', 'concentration_strong': '3'})
check = data_set.check
ATR = '--crystal 2.4 --sample 1.42'.split()


def top(x, y, low=1740, high=1830):
    """Position of the maximum by a parabola, and the area above the line between the ends."""
    at = [i for i in range(len(x)) if low <= x[i] <= high]
    i = max(at, key=lambda k: y[k])
    bend = y[i - 1] - 2 * y[i] + y[i + 1]
    area = sum((y[k] + y[k + 1]) / 2 for k in at[:-1]) - (y[at[0]] + y[at[-1]]) / 2 * (len(at) - 1)
    return x[i] + (y[i - 1] - y[i + 1]) / (2 * bend), area * (x[1] - x[0])


def columns(stream, *names):
    t = table(stream)
    return [[float(v) for v in t[n]] for n in names]


def against_transmission(row):
    """Without noise and vapour: what the correction itself leaves."""
    words = row['options'].split()
    words[words.index('--vapour') + 1] = '0'
    stream = data_set.assay('simulate-ir', *COMMON, *words, '--noise', '0')
    x, raw, truth = columns(stream, 'wavenumber', 'absorbance', 'true_absorption_coefficient')
    fixed, = columns(data_set.assay('atr', *ATR, '--correct', 'dispersion', stdin=stream), 'absorption_coefficient')
    weak, = columns(data_set.assay('atr', *ATR, '--correct', 'thickness', stdin=stream), 'absorption_coefficient')
    want, area = top(x, truth)
    shift, got, simple = top(x, raw)[0] - want, top(x, fixed), top(x, weak)
    print('%s: ATR %.2f cm-1 off; corrected %.3f cm-1, area %+.2f %%; by thickness alone %.2f cm-1, area %+.2f %%' % (
        row['file'], shift, got[0] - want, 100 * (got[1] / area - 1), simple[0] - want, 100 * (simple[1] / area - 1)))
    if 'bare' not in row['file']:
        check(-8 < shift < (-1 if 'liquid' in row['file'] else -0.2), '%s: the ATR maximum is %.2f cm-1 off' % (row['file'], shift))
        check(abs(got[0] - want) < 0.5, '%s: corrected, the maximum is %.2f cm-1 off' % (row['file'], got[0] - want))
        check(abs(got[1] / area - 1) < 0.02, '%s: corrected, the area is off by %.1f %%' % (row['file'], 100 * (got[1] / area - 1)))


def fractions_agree(row, true):
    folder, ending = os.path.split(row['file'])[0], os.path.splitext(row['file'])[1]

    def clean(name):
        off = data_set.assay('subtract-fitted', '--other', os.path.join(folder, 'vapour' + ending), '--region', '1860:1930', name)
        alpha = data_set.assay('atr', *ATR, '--correct', 'dispersion', stdin=off)
        return data_set.assay('calc', 'y=y*refractive_index/1.42*(1790/wavenumber)^2', stdin=alpha)

    options = []
    if 'quasi' in row['file']:
        host = os.path.join(os.environ.get('TMPDIR', '/tmp'), 'assay-host-%d.ecsv' % os.getpid())
        with open(host, 'wb') as f:
            f.write(clean(os.path.join(folder, 'bare' + ending)))
        options = ['--host', host, '--host-region', '1600:1690']
    found = data_set.results(data_set.assay('solvation', '--cross-section-u', '0', *options, stdin=clean(row['file'])))
    if options:
        os.remove(host)
    areas = {k: v['true_area'] for k, v in true.items() if k in ('PC free', 'PC weak', 'PC strong')}
    r, want = found['PC free', 'fraction'], areas.get('PC free', 0) / sum(areas.values())
    print('%s: PC free %.3f(%.3f), put in %.3f' % (row['file'], r['value'], r['u'], want))
    check(abs(r['value'] - want) < 2.5 * r['u'] + 0.01, '%s: PC free %.3f(%.3f), put in %.3f' % (row['file'], r['value'], r['u'], want))


def examine(row, stream, true, data):
    read = data_set.assay('read', row['file'])
    a, b = table(read), table(stream)
    check('simulated: "assay simulate-ir, seed 2022' in read.decode(), row['file'] + ': simulated is lost on reading')
    same = len(a['wavenumber']) == len(b['wavenumber']) and all(
        abs(float(p) - float(q)) < 1e-9 for n in ('wavenumber', 'absorbance') for p, q in zip(a[n], b[n]))
    check(same, row['file'] + ': read back, it differs')
    if ('liquid' in row['file'] or 'quasi' in row['file']) and not is_repeat(row):
        against_transmission(row)
        later.append((row, true))


later = []
data_set.each_file(examine)
for row, true in later:
    fractions_agree(row, true)
sys.exit(data_set.finish())
