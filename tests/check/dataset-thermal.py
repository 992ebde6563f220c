#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/thermal is what sets.tsv says; every file reads back with the masses that went in; steps and onsets
found in it are those put in. `dataset-thermal.py --write` writes the files instead of comparing them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, table  # noqa: E402

COLUMNS = ('temperature', 'mass', 'dta')
data_set = DataSet('thermal', 'simulate-thermal', '--seed 2022 --range 30:700 --step 1K --dta 0.2'.split(),
                   {'solvent_1_percent_liquid': '100', 'solvent_1_percent_quasi_solid': '200', 'salt_begin_quasi_solid': '400'})
check = data_set.check


def reads_back(row, read, stream):
    text = read.decode()
    check('simulated: "assay simulate-thermal, seed 2022' in text, row['file'] + ': simulated is lost on reading')
    check('heating_rate: {value: 10, unit: K/min' in text, row['file'] + ': the heating rate is lost on reading')
    a, b = table(read), table(stream)
    for name in COLUMNS:
        check(len(a[name]) == len(b[name]) and all(abs(float(x) - float(y)) <= 1e-9 for x, y in zip(a[name], b[name])),
              '%s: %s read back differs' % (row['file'], name))


def steps_agree(row, read, true):
    """Noise, drift and buoyancy allow 2 K, and in the repeats 2 u of the noise beside; the derivative rounds the end of zero order; under a salt step of 1.7 % the begin of
    the framework's loss is steep enough to move its maximum by 3 K."""
    found = data_set.results(data_set.assay('thermal-steps', '--share', '1%', '--least-rate', '0.005', stdin=read))

    def agrees(item, quantity, expected, tolerance):
        got = found.get((item, quantity), {'value': float('nan'), 'u': float('nan')})
        check(abs(got['value'] - expected) < tolerance + (2 * got['u'] if is_repeat(row) else 0),
              '%s %s: %s %g (u %g), put in %g' % (row['file'], item, quantity, got['value'], got['u'], expected))

    names = [l.split('=')[0] for l in row['options'].split('--loss ')[1:]]
    for k, name in enumerate(names):
        item, zero = 'step %d' % (k + 1), name + '=zero' in row['options']
        agrees(item, 'mass_loss', true[name]['true_mass_loss'], 1 if len(names) == 3 else 0.3)
        agrees(item, 'onset', true[name]['true_onset'], 12 if zero else 2)
        agrees(item, 'peak_temperature', true[name]['true_peak_temperature'], 12 if zero else 5 if row['set'] == 'mass-balance' else 2)
    for loss in ('1 % loss', '5 % loss', '10 % loss'):
        agrees(loss, 'temperature_at_loss', true[loss]['true_temperature_at_loss'], 2)


def examine(row, stream, true, data):
    read = data_set.assay('read', row['file'])
    reads_back(row, read, stream)
    steps_agree(row, read, true)


data_set.each_file(examine)
for name in [r['file'] for r in data_set.rows('sets.tsv') if not is_repeat(r)]:
    data_set.check_repeats(name, 'thermal-steps --share 1% --least-rate 0.005 --baseline 30:60'.split(), (
        'step 1 mass_loss', 'step 1 onset', 'step 1 onset_baseline', 'step 1 peak_temperature', 'step 2 mass_loss', 'step 2 onset',
        'step 2 endset', 'step 2 inflection_temperature', 'curve first_deviation', 'curve residue', '1 % loss temperature_at_loss'))
sys.exit(data_set.finish())
