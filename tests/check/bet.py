#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""BET areas against BETSI's own (same windows, same criteria) and the fixed window 0.04-0.2 on real isotherms; the lines that
instruments printed, from their own points; isotherms that have no valid window or no saturation pressure."""
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
got = bet(os.path.join(CORPUS, 'sorption', 'betsi-csv', 'HKUST-1.csv'), '--window 0.04:0.2')
expect('HKUST-1 C of 0.04-0.2', got['c_constant'][0], -153.2, 1e-3)
expect('HKUST-1 area of 0.04-0.2', got['bet_area'][0], 1393, 1e-3)
NIST = os.path.join(CORPUS, 'sorption', 'nist-json')
for select in ('rouquerol', 'betsi'):
    got = bet(os.path.join(NIST, '10.1002adma.202201502.Isotherm16.json'), '--p0 101.325kPa --select ' + select)
    expect('Isotherm16 ' + select, got['bet_area'][0], 1556, 1e-3)
for name, status, said in (('10.1039c5ce00938c.Isotherm1.json', 4, 'no valid window: criterion 1'),
                           ('NIST_HKUST.json', 3, 'above its critical temperature')):
    p = subprocess.run([ASSAY, 'bet', '--select', 'betsi', '--p0', '101.325kPa', os.path.join(NIST, name)], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    done += 1
    if p.returncode != status or said not in p.stderr.decode():
        failed += 1
        print('%s: exit %d, %s' % (name, p.returncode, p.stderr.decode()))
# Lines as printed, to half of the last digit (Gemini's intercept to a whole one: its points are printed rounded, and an independent
# fit of them gives 0.0014005417); amounts of the first are in cm3(STP).
for name, window, constants, per_mmol, slope, intercept, monolayer, c, area in (
        ('K01072A.TXT', '0.121:0.27', 'micromeritics-v1', 22.41396954, (0.065810, 5e-7), (0.000994, 5e-7), (14.9690, 5e-5), 67.187235, 65.1632),
        ('GVM-BET-Gemini.VII.2390.v1.03.TXT', '0.0048:0.304', 'codata', 1, (0.599131, 5e-7), (0.001400, 1e-6), (1.66519, 5e-6), 428.805315,
         162.4547)):
    got = bet(os.path.join(CORPUS, 'sorption', 'micromeritics-txt', name), '--constants', constants, '--window', window)
    expect(name + ' slope', got['slope'][0] / per_mmol, slope[0], slope[1] / slope[0])
    expect(name + ' intercept', got['intercept'][0] / per_mmol, intercept[0], intercept[1] / intercept[0])
    expect(name + ' Qm', got['monolayer'][0] * per_mmol, monolayer[0], monolayer[1] / monolayer[0])
    expect(name + ' C', got['c_constant'][0], c, 1e-4)
    expect(name + ' area', got['bet_area'][0], area, 1e-5)
print('%d comparisons, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
