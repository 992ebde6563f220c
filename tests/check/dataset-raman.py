#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/raman is what sets.tsv says; every file reads back with the counts that went in; the fractions of free PC
and TFSI found in it are those put in within their uncertainty, in the set `bias` (coordinated molecules 1.3 times as bright) only
when that ratio is said; peels keep their shape, or not, as put in. `dataset-raman.py --write` writes the files."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, table  # noqa: E402

data_set = DataSet('raman', 'simulate-raman', ['--seed', '2022'],
                   {'resolution': '1.0', 'peels': '10', 'concentration_dilute': '1', 'concentration_strong': '3'})
check = data_set.check
peels = {'effect': [], 'null': []}


def fraction(row, *options):
    folder = os.path.dirname(row['file'])
    stream = data_set.assay('despike', row['file'])
    if 'quasi' in row['file']:
        host = os.path.join(folder, 'bare.csv')
        options += ('--host', host, '--host-region', '990:1022')
    return data_set.results(data_set.assay('solvation', '--cross-section-u', '0', *options, stdin=stream))


def put_in(true, group, ratio=1.0):
    area = {k[len(group) + 1:]: v['true_area'] for k, v in true.items() if k.startswith(group + ' ')}
    states = {k: v / (1 if k == 'free' else ratio) for k, v in area.items() if k in ('free', 'weak', 'strong', 'contact', 'aggregate')}
    return states.get('free', 0) / sum(states.values())


def fractions_agree(row, true):
    found = fraction(row)
    for group in ('PC', 'TFSI'):
        r, want = found[group + ' free', 'fraction'], put_in(true, group)
        check(abs(r['value'] - want) < 2.5 * r['u'] + 0.01, '%s: %s free %.3f(%.3f), put in %.3f' % (row['file'], group, r['value'], r['u'], want))
    if row['set'] == 'bias':
        right = fraction(row, '--cross-section', '1.3')['PC free', 'fraction']
        want = put_in(true, 'PC', 1.3)
        check(abs(right['value'] - want) < 2.5 * right['u'] + 0.01, '%s: with the ratio said, %.3f, true %.3f' % (row['file'], right['value'], want))
        if 0.2 < want < 0.8:
            check(abs(found['PC free', 'fraction']['value'] - want) > 0.04, row['file'] + ': the bias does not show')


def examine(row, stream, true, data):
    if re.search(r'peel-\d-[23]\.', row['file']):
        return  # a repeat, other noise only: figures 5h and 5i are made of them
    read = data_set.assay('read', row['file'])
    a, b = table(read), table(stream)
    check('simulated: "assay simulate-raman, seed 2022' in read.decode(), row['file'] + ': simulated is lost on reading')
    check(a['raman_shift'] == b['raman_shift'] and a['intensity'] == b['intensity'], row['file'] + ': read back, it differs')
    if 'peel' in row['file']:
        check(a.get('sigma') is not None, row['file'] + ': counts without sigma')
        peels[row['set']].append(row['file'])
    elif 'bare' not in row['file'] and not is_repeat(row):
        later.append((row, true))


later = []
data_set.each_file(examine)
for row, true in later:
    fractions_agree(row, true)
MODEL = ('voigt-fast(PC) center=721 fwhm_g=1! fwhm_l=7 + voigt-fast(TFSI) center=748 fwhm_g=1! fwhm_l=11 + chebyshev2(background)')
for name, verdict in (('effect', 'same'), ('null', 'different')):
    check(len(peels[name]) == 10, '%s: %d peels' % (name, len(peels[name])))
    r = data_set.results(data_set.assay('same-shape', '--region', '700:780', '--model', MODEL, *peels[name]))
    check(r['shape', 'verdict']['flag'] == verdict, 'peels, %s: the shape is %s, p = %g' % (
        name, r['shape', 'verdict']['flag'], r['shape', 'p_value']['value']))
sys.exit(data_set.finish())
