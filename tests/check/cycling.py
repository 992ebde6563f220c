#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacities, efficiencies, retention and means of computed cells: from the current (numpy's trapezoids), from counters that go on
and that begin again, from one capacity per cycle; the sources agree with each other, and what cannot be told apart is refused."""
import math, os, subprocess, sys

try:
    import numpy
except ImportError:
    print('skipped: numpy is not here')
    sys.exit(77)
ASSAY = os.environ['ASSAY']
failed = done = 0


def check(name, got, want, tolerance=1e-9):
    global failed, done
    done += 1
    if not abs(got - want) <= tolerance * abs(want) and not (math.isnan(got) and math.isnan(want)):
        failed += 1
        print('%s: %r, expected %r' % (name, got, want))


def run(lines, options):
    p = subprocess.run('"%s" cycling %s' % (ASSAY, options), shell=True, input='\n'.join(lines) + '\n', stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split(' ') for l in p.stdout.splitlines() if not l.startswith('#')]
    columns = {c: [float(r[i]) for r in rows[1:]] for i, c in enumerate(rows[0])} if rows else {}
    p2 = subprocess.run([ASSAY, 'results'], input=p.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split(' ') for l in p2.stdout.splitlines() if not l.startswith('#')][1:]
    return columns, {(r[2].replace('%20', ' '), r[3]): (float(r[4]), float(r[5])) for r in rows}, p.stderr


random = numpy.random.default_rng(3)
time, current, cycle = [0.0], [0.0], [1]
for n in range(1, 9):
    for sign, seconds in ((1, 3700 - 40 * n), (0, 300), (-1, 3600 - 50 * n)):
        for _ in range(50):
            time.append(time[-1] + seconds / 50)
            current.append(sign * 2e-3 * (1 + 0.05 * random.random()))
            cycle.append(n)
time, current, cycle = map(numpy.array, (time, current, cycle))
step = numpy.diff(time, prepend=time[0]) / 3.6  # mAh per A
before = numpy.concatenate([[0], current[:-1]])
up = step * (numpy.maximum(before, 0) + numpy.maximum(current, 0)) / 2
down = step * (numpy.maximum(-before, 0) + numpy.maximum(-current, 0)) / 2
charge = numpy.array([up[cycle == n].sum() for n in range(1, 9)])
discharge = numpy.array([down[cycle == n].sum() for n in range(1, 9)])

head = 'time (s),current (A),cycle,charge_capacity (Ah),discharge_capacity (Ah)'
go_on = [numpy.cumsum(up) / 1000, numpy.cumsum(down) / 1000]
again = [numpy.concatenate([numpy.cumsum(v[cycle == n]) for n in range(1, 9)]) / 1000 for v in (up, down)]
row = lambda counters: [head] + ['%.17g,%.17g,%d,%.17g,%.17g' % r for r in zip(time, current, cycle, *counters)]
for name, lines, options in (('current', row(go_on), '--from current'), ('counters that go on', row(go_on), ''), ('counters that begin again', row(again), '')):
    # the first point of a cycle that begins again must not be lost
    columns, results, said = run(lines, options + ' --reference 2 --mass 5mg --plateaus 2:4')
    if said or len(columns.get('cycle', [])) != 8:
        failed += 1
        print(name, columns.get('cycle'), said)
        continue
    for n in range(8):
        check('%s charge %d' % (name, n + 1), columns['charge_capacity'][n], charge[n])
        check('%s discharge %d' % (name, n + 1), columns['discharge_capacity'][n], discharge[n])
        check('%s specific %d' % (name, n + 1), columns['specific_discharge_capacity'][n], discharge[n] / 0.005)
        check('%s efficiency %d' % (name, n + 1), columns['efficiency'][n], 100 * discharge[n] / charge[n])
        check('%s retention %d' % (name, n + 1), columns['retention'][n], 100 * discharge[n] / discharge[1])
    check(name + ' retention', results[('cycle 8', 'capacity_retention')][0], 100 * discharge[7] / discharge[1])
    mean = results[('cycles 2 to 4', 'mean_specific_capacity')]
    check(name + ' plateau', mean[0], discharge[1:4].mean() / 0.005)
    check(name + ' u of plateau', mean[1], discharge[1:4].std(ddof=1) / math.sqrt(3) / 0.005, 1e-7)

columns, results, said = run(row(go_on), '--cell half')
check('half cell', columns['efficiency'][0], 100 * charge[0] / discharge[0])
columns, results, said = run(['cycle,specific_capacity (mAh/g),efficiency (%)', '1,160,88', '2,150,99', '3,140,99.5'], '--plateaus 2:3')
check('one capacity per cycle', results[('cycle 3', 'capacity_retention')][0], 87.5)
check('its mean', results[('cycles 2 to 3', 'mean_specific_capacity')][0], 145)
check('its efficiency', columns['efficiency'][1], 99)
for lines, options, words in (
        (['time (s),current (A),cycle', '0,1,1', '10,1,1', '20,1,2'], '', 'does not tell charge from discharge'),
        (['time (s),current (A),cycle', '0,1,1', '10,-1,1', '5,1,2'], '', 'time goes back'),
        (['cycle,capacity (mAh)', '1,1', '1,2', '2,2'], '', 'does not tell charge from discharge'),
        (['cycle,capacity (mAh)', '1,1', '2,2', '3,2'], '--reference 7', 'cycle 7, the reference'),
        (['cycle,capacity (mAh)', '3,1', '2,2', '3,2'], '', 'stands behind cycle'),
        (['cycle,capacity (V)', '1,1', '2,2', '3,2'], '', 'neither charge nor charge per mass'),
        (['cycle,specific_capacity (mAh/g)', '1,1', '2,2', '3,2'], '--from counters', 'charge_capacity')):
    columns, results, said = run(lines, options)
    done += 1
    if words not in said:
        failed += 1
        print('%s: %s' % (words, said))
# energies: potential times charge, here 3.2 V + 1 V/mAh times the charge of the half cycle
potential = numpy.concatenate([3.2 + numpy.cumsum(v) for n in range(1, 9) for v in [(up - down)[cycle == n]]])
lines = ['time (s),potential (V),current (A),cycle'] + ['%.17g,%.17g,%.17g,%d' % r for r in zip(time, potential, current, cycle)]
columns, results, said = run(lines, '')
middle = (potential + numpy.concatenate([potential[:1], potential[:-1]])) / 2
for n in range(8):
    check('discharge energy %d' % (n + 1), columns['discharge_energy'][n], (middle * down)[cycle == n + 1].sum(), 2e-3)
    check('energy efficiency %d' % (n + 1), columns['energy_efficiency'][n], 100 * columns['discharge_energy'][n] / columns['charge_energy'][n])
# the words of cyclers, without a sign; an interval across a change of step has the current behind it
lines = ['step,cycle,total time (s),voltage (V),current (mA),step type', '1,1,0,3,10,CC Chg', '1,1,3600,4,10,CC Chg', '2,1,7200,4,0,Rest',
         '3,1,7200,4,10,CC DChg', '3,1,10080,3,10,CC DChg']
columns, results, said = run(lines, '--from current')
check('charge by words', columns['charge_capacity'][0], 10)
check('discharge by words', columns['discharge_capacity'][0], 8)
# EC-Lab's own counters and efficiencies, from a real export
shared = os.path.join(os.environ.get('ASSAY_SHARED', ''), 'corpus/echem/biologic-mpt/gcpl.issue_149.mpt')
if os.path.exists(shared):
    stream = subprocess.run([ASSAY, 'read', shared], stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
    rows = [l.split() for l in stream.decode().splitlines() if not l.startswith('#')]
    at = {n: i for i, n in enumerate(rows[0])}
    own, energy = {}, {}
    for r in rows[1:]:  # the last value of a cycle is the file's
        n = float(r[at['cycle']])
        own[n] = float(r[at['efficiency']]) or own.get(n, 0)
        energy[n] = float(r[at['discharge_energy']])
    p = subprocess.run([ASSAY, 'cycling', shared], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split() for l in p.stdout.splitlines() if not l.startswith('#')]
    got = {c: [float(r[i]) for r in rows[1:]] for i, c in enumerate(rows[0])}
    for n, efficiency, e in zip(got['cycle'], got['efficiency'], got['discharge_energy']):
        check('EC-Lab efficiency %g' % n, efficiency, own[n], 3e-7)
        check('EC-Lab discharge energy %g' % n, e, energy[n] * 1000, 1e-5)
    check('EC-Lab cycles', len(got['cycle']), 4)
print('%d values, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
