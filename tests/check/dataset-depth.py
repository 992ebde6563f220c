#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/depth is what sets.tsv says; every file reads back with the absorbances and times that went in; the thickness
found in it is that put in, or the limit that the etch allows; a trace is not called nothing. `dataset-depth.py --write` writes
the files instead of comparing them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, table  # noqa: E402

PVDF = ((614, 12), (763, 12), (840, 16), (880, 20), (1076, 22), (1185, 34), (1234, 18), (1275, 14), (1400, 20))
MODEL = ('gaussian(C-O) center=1355%s fwhm=45%s + gaussian(C=O) center=1596%s fwhm=60%s + poly3' +
         ''.join(' + gaussian(PVDF %d) center=%d! fwhm=%d!' % (p, p, w) for p, w in PVDF))
data_set = DataSet('depth', 'simulate-depth', ['--seed', '2022'],
                   {'co_band': '1355', 'carbonyl_band': '1596', 'interval': '2', 'levels': '25', 'etch': '50', 'etch_depth': '50',
                    'quasi_solid_product': '0'}, keep=lambda item, quantity: item == 'layer')
check = data_set.check
plateau = {}


def reads_back(row, stream):
    jcamp = row['format'].startswith('jcamp')
    read = data_set.assay(*(['read'] if jcamp else ['unfold', '--y', 'absorbance', '--name', 'etch_time']), row['file'])
    a, b = table(read), table(stream)
    for name in ('series', 'wavenumber', 'absorbance'):
        check(a[name] == b[name], '%s: %s read back differs' % (row['file'], name))
    text = read.decode()
    check('simulated' in text, row['file'] + ': read back, it is not said to be simulated')
    check(text.count('"etch_time": {"value":') == 25 and '"etch_time": {"value": 48, "unit": "s"}' in text,
          row['file'] + ': the etching times read back differ')
    return read


def value(found, item, quantity):
    return found.get((item, quantity), {'value': float('nan'), 'u': float('nan'), 'flag': 'missing'})


def layer(row, profile, true):
    found = data_set.results(data_set.assay('thickness', stdin=profile))
    for item in ('C-O', 'C=O'):
        got = value(found, item, 'thickness')
        if row['verdict'] == 'thick':
            d = true['layer']['true_thickness']
            check(abs(got['value'] - d) < 4 * got['u'] < 0.5, '%s %s: %g with u %g, put in %g' % (
                row['file'], item, got['value'], got['u'], d))
            s = value(found, item, 'interface_width')
            check(abs(s['value'] - 3) < 4 * s['u'], '%s %s: edge width %g with u %g' % (row['file'], item, s['value'], s['u']))
            half = value(found, item, 'half_depth')  # drawn between two levels, the plateau rounded off by the edge
            check(abs(half['value'] - d) < 0.3, '%s %s: half depth %g, put in %g' % (row['file'], item, half['value'], d))
            plateau[item] = value(found, item, 'plateau')
        elif row['verdict'] == 'beyond':
            check(got['flag'] == 'censored' and got['value'] == 48, '%s %s: %r' % (row['file'], item, got))


def residue(row, profile):
    args = [a for item, p in plateau.items() for a in ('--plateau', '%s=%r~%r' % (item, p['value'], p['u']))]
    found = data_set.results(data_set.assay('free-of', '--allowed', 'PVDF*', *args, stdin=profile))
    t, limit, verdict = (value(found, 'all', q) for q in ('equivalent_thickness', 'upper_limit', 'verdict'))
    true = 0.02 * 46 if row['verdict'] == 'trace' else 0
    check(abs(t['value'] - true) < 4 * t['u'], '%s: %g nm with u %g, put in %g' % (row['file'], t['value'], t['u'], true))
    check(true < limit['value'] < true + 0.2, '%s: upper limit %g nm, put in %g' % (row['file'], limit['value'], true))
    check(verdict['flag'] == ('present' if true else 'not_detected'), '%s: verdict %s' % (row['file'], verdict['flag']))


def examine(row, stream, true, data):
    read = reads_back(row, stream)
    if is_repeat(row):
        return
    read = data_set.assay('depth', '--rate', '1nm/s', stdin=read)
    held = ('!',) * 4 if row['verdict'] in ('none', 'trace') else ('',) * 4
    fitted = data_set.assay('fit-levels', '--model', MODEL % held, stdin=read)
    profile = data_set.assay('band-profile', stdin=fitted)
    if row['verdict'] in ('none', 'trace'):
        residue(row, profile)
    else:
        layer(row, profile, true)


data_set.each_file(examine)
sys.exit(data_set.finish())
