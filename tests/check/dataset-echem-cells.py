#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/echem/eis, lsv, cv and pitt are what their sets.tsv say; every file reads back with the numbers that went in; fits
find the resistances, and windows the onsets that were put in. `dataset-echem-cells.py --write` writes the files instead."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, table  # noqa: E402

SEED = ['--seed', '2022']
AREA = ['--area', '2.0106cm2']
CELL = AREA + ['--density', '10uA/cm2', '--limit', '5mA/cm2', '--transfer', '0.5', '--background', '0.5uA/cm2', '--noise', '0.05uA/cm2']
eis = DataSet('echem/eis', 'simulate-eis', SEED + AREA + ['--circuit', 'L0-R0-CPE1', '--frequencies', '10:1e6', '--noise', '0.002'],
              {'activation_energy_quasi_solid': '0.096', 'activation_energy_lagp': '0.160', 'temperatures_ends': '25,90', 'thickness_quasi_solid': '38',
               'thickness_lagp': '560', 'disc': '16'})
lsv = DataSet('echem/lsv', 'simulate-voltammetry', SEED + CELL + ['--potentials', '2.5:6', '--rate', '1mV/s'], {'onset_quasi_solid': '5.4'})
cv = DataSet('echem/cv', 'simulate-voltammetry', SEED + CELL + ['--program', 'cv', '--potentials', '2.5:5.2', '--rate', '1mV/s', '--step', '10mV', '--cycles', '2',
                                                               '--fading', '0.7'], {'onset_quasi_solid': '5.4'})
pitt = DataSet('echem/pitt', 'simulate-voltammetry', SEED + CELL + ['--program', 'pitt', '--potentials', '4:5.6', '--step', '100mV', '--hold', '20min', '--interval', '20s'],
               {'onset_quasi_solid': '5.4'})


def reads_back(data_set, row, stream, names):
    read = data_set.assay('read', row['file'])
    a, b = table(read), table(stream)
    data_set.check(b'simulated: ' in read and b'seed 2022' in read, row['file'] + ': read back, it is not said to be simulated')
    for name in names:
        good = len(a[name]) == len(b[name])
        for x, y in zip(a[name], b[name]):
            x, y = float(x), float(y) * (1e-3 if name == 'current' and row['format'] == 'nova-txt' else 1)
            good = good and abs(x - y) <= 1e-14 * abs(y)
        data_set.check(good, '%s: %s read back differs' % (row['file'], name))
    return read


def examine_eis(row, stream, true, data):
    read = reads_back(eis, row, stream, ('frequency', 'z_real', 'z_imag'))
    if row['temperature'] not in ('25', '90'):
        return
    found = eis.results(eis.assay('eis-fit', '--circuit', 'L0-R0-CPE1', stdin=read))
    r, want = found['R0', 'resistance'], true['R0']['true_resistance']
    eis.check(abs(r['value'] - want) < 4 * r['u'], '%s: R0 %g(%g), put in %g' % (row['file'], r['value'], r['u'], want))


def examine_lsv(row, stream, true, data):
    read = reads_back(lsv, row, stream, ('potential', 'current'))
    found = lsv.results(lsv.assay('lsv-window', *AREA, '--cut', '10.5uA/cm2', '--background', '2.6:4.0', stdin=read))
    r, want = found['anodic cut', 'onset_potential'], true['decomposition']['true_onset_potential']
    lsv.check(abs(r['value'] - want) < 4 * r['u'], '%s: onset %g(%g), put in %g' % (row['file'], r['value'], r['u'], want))


def examine_cv(row, stream, true, data):
    read = reads_back(cv, row, stream, ('potential', 'current', 'time'))
    last = cv.results(cv.assay('cv', '--cycles', '2', stdin=read))['anodic', 'largest_current_density']['value']
    below = true['decomposition']['true_onset_potential'] > 5.2
    cv.check((last < 0.002) == below, '%s: largest density %g mA/cm2 in the second cycle' % (row['file'], last))


def examine_pitt(row, stream, true, data):
    read = reads_back(pitt, row, stream, ('potential', 'current', 'time'))
    r = pitt.results(pitt.assay('pitt', stdin=read))['leakage', 'onset_potential']
    want = true['decomposition']['true_onset_potential']
    pitt.check(abs(r['value'] - want) < 2 * r['u'], '%s: onset %g(%g), put in %g' % (row['file'], r['value'], r['u'], want))


status = 0
for data_set, examine in ((eis, examine_eis), (lsv, examine_lsv), (cv, examine_cv), (pitt, examine_pitt)):
    data_set.each_file(examine)
    status |= data_set.finish()
sys.exit(status)
