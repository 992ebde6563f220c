#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""BET areas against BETSI's own (same windows, same criteria) and the fixed window 0.04-0.2 on real isotherms."""
import csv, os, subprocess, sys

ASSAY, SHARED = os.environ['ASSAY'], os.environ['ASSAY_SHARED']
TRUTH, CORPUS = os.path.join(SHARED, 'truth', 'bet'), os.path.join(SHARED, 'corpus')
if not os.path.isdir(TRUTH):
    print('skipped: no reference areas here')
    sys.exit(77)
failed = done = 0


def bet(path, *options):
    p = subprocess.run('"%s" bet %s --gas N2 "%s" | "%s" results' % (ASSAY, ' '.join(options), path, ASSAY), shell=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    rows = [l.split(' ') for l in p.stdout.decode().splitlines() if not l.startswith('#')][1:]
    return {r[3]: (float(r[4]), r[8]) for r in rows}


def expect(what, got, want, relative):
    global failed, done
    done += 1
    if not abs(got - want) <= relative * abs(want):
        failed += 1
        print('%s: %.8g, expected %.8g within %g' % (what, got, want, relative))


for row in csv.DictReader(open(os.path.join(TRUTH, 'betsi_areas.tsv')), delimiter='\t'):
    if not row['settings'].startswith('default') or not os.path.exists(os.path.join(CORPUS, row['material_file'])):
        continue
    got = bet(os.path.join(CORPUS, row['material_file']), '--select betsi')
    name = row['material_file']
    expect(name + ' area', got['bet_area'][0], float(row['BET_area_m2_g']), 1e-3)
    expect(name + ' C', got['c_constant'][0], float(row['C']), 1e-3)
    expect(name + ' points', got['points_used'][0], float(row['n_points']), 0)
    expect(name + ' first', got['window_first'][0], float(row['p_first']), 1e-4)
    expect(name + ' last', got['window_last'][0], float(row['p_last']), 1e-4)
    expect(name + ' lowest', got['lowest_valid_area'][0], float(row['area_min_valid']), 2e-3)
    expect(name + ' highest', got['highest_valid_area'][0], float(row['area_max_valid']), 2e-3)
for row in csv.DictReader(open(os.path.join(TRUTH, 'fixed_window_0.04-0.2.tsv')), delimiter='\t'):
    path = os.path.join(CORPUS, 'sorption', 'betsi-csv', row['file'])
    if not os.path.exists(path):
        continue
    got = bet(path, '--select window --window 0.04:0.2')
    expect(row['file'] + ' fixed area', got['bet_area'][0], float(row['BET_area_m2_g']), 1e-6)
    expect(row['file'] + ' fixed C', got['c_constant'][0], float(row['C']), 1e-6)
    if float(row['C']) < 0 and got['bet_area'][1] != 'negative_c':
        failed += 1
        print(row['file'], 'negative C is not flagged')
got = bet(os.path.join(CORPUS, 'sorption', 'betsi-csv', 'HKUST-1.csv'), '--select rouquerol')
expect('HKUST-1 rouquerol', got['bet_area'][0], 1556.38, 1e-3)
print('%d comparisons, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
