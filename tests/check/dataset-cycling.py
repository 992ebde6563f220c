#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/echem/cycling and plating are what their sets.tsv say: every byte is made again and compared; every file
says that it is simulated and reads back; the stated capacities, retentions, short circuits and ends come out; P values are the
paper's. `dataset-cycling.py --write` writes the files instead of comparing them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, table

PAPER = {  # what the paper's text states
    'mass_loading_ncm': '20', 'mass_loading_lfp_lto': '6', 'pouch_area': '20', 'coin_electrode': '11', 'window_ncm': '2.7:4.4',
    'quasi_solid_first': '191.5', 'quasi_solid_300': '171.2', 'liquid_25_cycle_32': '19.9', 'liquid_25_fades_after': '20',
    'liquid_90_last': '22.7', 'liquid_90_cycles': '30', 'liquid_90_fades_after': '5', 'abused_begin': '170.5',
    'abused_bent': '167.7', 'abused_cut': '166.2', 'abused_bent_at': '36', 'abused_cut_at': '78', 'abstract_cut_100': '164',
    'abused_liquid_begin': '186.3', 'abused_liquid_bent': '143.7', 'abused_liquid_begin_cycles': '7'}


def cells(row, stream, truth, data):
    mass = row['options'].split('--mass ')[1].split()[0] if '--mass' in row['options'] else '400mg'
    per = [] if row['format'] == 'cycle-csv' else ['--mass', mass]
    found = cells.set.assay('cycling', *per, row['file'])
    columns = table(found)
    at = dict(zip(map(float, columns['cycle']), map(float, columns['specific_discharge_capacity'])))
    for item, value in truth.items():
        cycle = float(item.split()[1])
        if cycle in at:
            cells.set.check(abs(at[cycle] - value['true_capacity']) < 1.5, '%s: %s has %g, put in %g' % (
                row['file'], item, at[cycle], value['true_capacity']))
    made = table(cells.set.assay('cycling', *per, stdin=stream))
    cells.set.check(made['cycle'] == columns['cycle'] and all(
        abs(float(a) / float(b) - 1) < 1e-6 for a, b in zip(made['specific_discharge_capacity'],
                                                            columns['specific_discharge_capacity'])),
        row['file'] + ': the capacities read back differ')
    cells.set.check(len(data) < 300000, row['file'] + ' is large')


def symmetric(row, stream, truth, data):
    found = symmetric.set.results(symmetric.set.assay('plating', row['file']))
    shorted, died = found['short circuit', 'short_circuit'], found['end of life', 'end_of_life']
    put_in = truth.get('short circuit', {}).get('true_event')
    symmetric.set.check(shorted['value'] == put_in if put_in else shorted['flag'] == 'not_detected',
                        '%s: short circuit %r, put in %r' % (row['file'], shorted, put_in))
    dying = truth.get('dying', {}).get('true_event')
    symmetric.set.check(dying < died['value'] < dying + 9 if dying else died['flag'] == 'not_detected' or 'liquid' in row['file'],
                        '%s: end of life %r, dying from %r' % (row['file'], died, dying))
    symmetric.set.check(len(data) < 300000, row['file'] + ' is large')


cells.set = DataSet('echem/cycling', 'simulate-cycling', ['--seed', '2022'], PAPER)
cells.set.each_file(cells)
PARTS = {  # mass per area, volume per area of the text
    'quasi-solid': ('3.5', 'nan'), 'liquid inside': ('0.3', '0.23'), 'typical liquid, introduction': ('32.6', '25'),
    'typical with separator, introduction': ('34', 'nan'), 'typical liquid, results': ('32.4', 'nan'), 'separator': ('1.5', 'nan'),
    'typical with separator, results': ('33.9', 'nan'), 'lean pouch cell': ('4.5', 'nan'), 'LAGP': ('185.8', 'nan')}
WEIGHTS = {'typical liquid': ('33.9', '20'), 'LAGP': ('185.8', '560'), 'quasi-solid': ('3.5', '38')}
for name, second, paper in (('parts', 'areal_volume', PARTS), ('weights', 'thickness', WEIGHTS)):
    t = table(cells.set.assay('cat', '../parts/%s.ecsv' % name))
    stated = {n.replace('%20', ' '): (a, b) for n, a, b in zip(t['name'], t['areal_mass'], t[second])}
    cells.set.check(stated == paper and set(t['origin']) == {'P'}, '%s: %r, the paper has %r' % (name, stated, paper))
symmetric.set = DataSet('echem/plating', 'simulate-plating', ['--seed', '2022'])
symmetric.set.each_file(symmetric)
sys.exit(cells.set.finish() or symmetric.set.finish())
