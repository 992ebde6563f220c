#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real exports of cyclers: the example recipe on EC-Lab's files comes out as expected; PEC's counters are those in the file; Maccor's
text of a cell at rest, which has no charge and no discharge, is refused, and so are cut and mixed files."""
import csv, os, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
SHARED = os.path.join(os.environ.get('ASSAY_SHARED', ''), 'corpus/echem')
if not os.path.isdir(SHARED):
    print('skipped: no', SHARED)
    sys.exit(77)
failed = done = 0


def check(good, text):
    global failed, done
    done += 1
    failed += not good
    print('%s %s' % ('ok' if good else 'FAILED', text))


def assay(*args):
    p = subprocess.run([ASSAY, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split(' ') for l in p.stdout.splitlines() if l and not l.startswith('#')]
    return p.returncode, {n: [r[i] for r in rows[1:]] for i, n in enumerate(rows[0])} if rows else {}, p.stderr


with tempfile.TemporaryDirectory() as tmp:
    p = subprocess.run([ASSAY, 'run', '--verify', '--cache', 'off', '-o', tmp, '--set', 'corpus=' + os.path.dirname(SHARED),
                        os.path.join(SOURCE, 'recipes/examples/cycling.yaml')], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    check(p.returncode == 0, 'the example recipe: exit %d\n%s' % (p.returncode, p.stdout.decode() if p.returncode else ''))

path = os.path.join(SHARED, 'pec-csv/Test25209.csv')
text = open(path, encoding='utf-8', errors='replace').read().splitlines()
head = next(i for i, l in enumerate(text) if l.startswith('Test,'))
last = list(csv.DictReader(text[head:]))[-1]
code, columns, said = assay('cycling', '--reference', '0', path)
check(code == 0 and len(columns['cycle']) == 1, 'PEC: one cycle')
for name, own in (('charge_capacity', 'Charge Capacity (mAh)'), ('discharge_capacity', 'Discharge Capacity (mAh)'),
                  ('charge_energy', 'Charge Energy (mWh)'), ('discharge_energy', 'Discharge Energy (mWh)')):
    check(abs(float(columns[name][0]) - float(last[own])) < 1e-9, 'PEC: %s %s, in the file %s' % (name, columns[name][0], last[own]))

code, columns, said = assay('cycling', os.path.join(SHARED, 'maccor-txt/maccor_two.txt'))
check(code == 4 and 'does not tell charge from discharge' in said, 'Maccor: a cell at rest has no cycles (exit %d)' % code)
code, columns, said = assay('cycle-curves', os.path.join(SHARED, 'biologic-mpt/gcpl.issue_149.mpt'))
check(code == 0 and len(set(columns['series'])) == 4, 'EC-Lab: four curves')
code, columns, said = assay('plating', os.path.join(SHARED, 'biologic-mpt/gcpl.issue_149.mpt'))
check(code == 0 and len(columns['half_cycle']) == 8, 'EC-Lab: eight half cycles')
print('%d checks, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
