#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/xps is what sets.tsv says; every file reads back with the counts, levels and transmission that went in; charging
is taken off, and fractions come out as put in. `dataset-xps.py --write` writes the files instead of comparing them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, parse_results, table  # noqa: E402

LINES = '--line C1s/C-C:284.8:1.3 --line C1s/C-O:286.4:1.5 --line C1s/O-C=O:288.8:1.5 --line C1s/CF2:290.8:1.5 --line O1s/oxide:529.5:1.2 --line O1s/carbonyl:531.7:1.6 --line O1s/ether:533.2:1.6 --line F1s/LiF:685.0:1.7 --line F1s/C-F:687.9:1.8'.split()
COMMON = ['--seed', '2022', '--factors', 'factors.ecsv', '--etch-times', '0,10,20,30,40,50', '--charge-shift', '1.7eV',
          '--transmission-power', '-0.5'] + LINES
CARBON = ('pvoigt(C-C) center=286.5 eta=0.3! + pvoigt(C-O) center=@C-C.center+1.6 fwhm=1.5 eta=0.3! + pvoigt(O-C=O) center=@C-C.center+4 '
          'fwhm=@C-O.fwhm eta=0.3! + pvoigt(CF2) center=@C-C.center+6 fwhm=@C-O.fwhm eta=0.3! + shirley + linear')


class Levels(DataSet):
    def results(self, stream):
        """Items of all levels: 'LiF, 10 s'. The series of a level follow each other, as many in each."""
        lines = self.assay('results', stdin=stream).decode().splitlines()
        series = sorted({int(l.split(' ')[0]) for l in lines[1:] if l[:1].isdigit()})
        found = {}
        for k, number in enumerate(series):
            own = [l for l in lines if not l[:1].isdigit() or l.split(' ')[0] == str(number)]
            level = 10 * (k * 6 // len(series))
            found.update({('%s, %d s' % (i, level), q): r for (i, q), r in parse_results('\n'.join(own)).items()})
        return found


data_set = Levels('xps', 'simulate-xps', COMMON, {'etch_rate_depth': '50', 'etch_time': '50'})
check = data_set.check


def reads_back(row, read, stream):
    text = read.decode()
    check('simulated: "assay simulate-xps, seed 2022' in text or 'simulate-xps, seed 2022' in text,
          row['file'] + ': simulated is lost on reading')
    a, b = table(read), table(stream)
    for name in ('binding_energy', 'intensity', 'sigma', 'transmission_function'):
        check(len(a[name]) == len(b[name]) and all(abs(float(x) - float(y)) <= 1e-9 for x, y in zip(a[name], b[name])),
              '%s: %s read back differs' % (row['file'], name))


def examine(row, stream, true, data):
    read = data_set.assay('read', row['file'])
    reads_back(row, read, stream)
    if is_repeat(row):
        return
    carbon = data_set.assay('fit', '--model', CARBON, stdin=data_set.assay('select', '--where', 'region=C1s', stdin=read))
    one = data_set.results(carbon)
    for level in range(0, 60, 10):
        at = one['C-C, %d s' % level, 'position']
        check(abs(at['value'] - 286.5) < 4 * at['u'], '%s, %d s: C-C at %.3f(%.3f) eV, put in 286.5' % (row['file'], level, at['value'], at['u']))
        for name in ('C-C', 'C-O', 'O-C=O', 'CF2'):
            item = '%s, %d s' % (name, level)
            got, want = one[item, 'area'], true[item]['true_area']
            check(abs(got['value'] - want) < 4 * got['u'], '%s %s: area %.0f(%.0f), put in %.0f' % (row['file'], item, got['value'], got['u'], want))


data_set.each_file(examine)
sys.exit(data_set.finish())
