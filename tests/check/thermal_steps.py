#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps, tangent onsets and temperatures of loss of real TGA files against values computed by an independent program."""
import csv, os, subprocess, sys

ASSAY, SHARED = os.environ['ASSAY'], os.environ['ASSAY_SHARED']
CORPUS = os.path.join(SHARED, 'corpus')
PATH = os.path.join(CORPUS, 'thermal-results.tsv')
if not os.path.exists(PATH):
    print('skipped: no reference values here')
    sys.exit(77)
NAMES = {'extrapolated_onset_T': ('onset', 0.5), 'extrapolated_endset_T': ('endset', 0.5), 'DTG_peak_T': ('peak_temperature', 0.5),
         'mass_loss': ('mass_loss', 0.1), 'boundary_left_T': ('step_begin', 0.5), 'boundary_right_T': ('step_end', 0.5)}
LOSSES = {'T_at_99_percent': '1%20%25%20loss', 'T_at_95_percent': '5%20%25%20loss', 'T_at_90_percent': '10%20%25%20loss', 'T_at_50_percent': '50%20%25%20loss'}
failed = done = files = skipped = 0


# units that a file leaves out and its makers know
STATED = {'thermal/trios-csv/SRU_1.csv': '--option columns=time:min,temperature:degC,mass_fraction:%,mass:ug'}


def results(path):
    option = STATED.get(os.path.relpath(path, CORPUS), '')
    p = subprocess.run('"%s" read %s "%s" | "%s" thermal-steps | "%s" results' % (ASSAY, option, path, ASSAY, ASSAY), shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    rows = [l.split(' ') for l in p.stdout.decode().splitlines() if not l.startswith('#')][1:]
    return {(r[2], r[3]): float(r[4]) for r in rows if r[0] == '0'}, p.stderr.decode()


wanted = {}
for row in csv.DictReader(open(PATH, encoding='utf-8'), delimiter='\t', quoting=csv.QUOTE_NONE):
    if row['method'] == 'TGA':
        wanted.setdefault(row['file'], []).append(row)
for name, rows in sorted(wanted.items()):
    path = os.path.join(CORPUS, name)
    if not os.path.exists(path):
        continue
    got, said = results(path)
    if not got:
        skipped += 1
        print('not read:', name, said.strip().splitlines()[:1])
        continue
    files += 1
    for row in rows:
        options = row['options'].split(';')
        key = None
        if row['quantity'] in NAMES:
            number = [o for o in options if 'step' in o or 'peak' in o]
            digits = ''.join(c for c in (number[0] if number else '1') if c.isdigit())
            key, tolerance = ('step%20' + (digits or '1'), NAMES[row['quantity']][0]), NAMES[row['quantity']][1]
        elif row['quantity'] in LOSSES:
            key, tolerance = (LOSSES[row['quantity']], 'temperature_at_loss'), 0.5
        elif row['quantity'] == 'residue_at_T_last':
            key, tolerance = ('curve', 'residue'), 0.1
        if key is None:
            continue
        done += 1
        if not abs(got.get(key, float('nan')) - float(row['value'])) <= tolerance:
            failed += 1
            print('%s %s: %s, expected %s (%s)' % (name, key, got.get(key), row['value'], row['options']))
print('%d files, %d values, %d failed, %d files not read' % (files, done, failed, skipped))
sys.exit(1 if failed or skipped or not done else 0)
