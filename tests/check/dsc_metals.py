#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Melting of metal standards, real DSC files, against values an independent program computed: a line fitted before and after the
peak over time, the area above it, and the onset by the steepest tangent over the programme's temperature."""
import csv, os, subprocess, sys

ASSAY, SHARED = os.environ['ASSAY'], os.environ['ASSAY_SHARED']
CORPUS = os.path.join(SHARED, 'corpus')
PATH = os.path.join(CORPUS, 'thermal-results.tsv')
if not os.path.exists(PATH):
    print('skipped: no reference values here')
    sys.exit(77)
failed = done = 0


def run(data, *args):
    return subprocess.run([ASSAY, *args], input=data, stdout=subprocess.PIPE, check=True).stdout


def table(stream):
    lines = [l.split(' ') for l in stream.decode().splitlines() if not l.startswith('#')]
    return {name: [float(l[k]) for l in lines[1:]] for k, name in enumerate(lines[0])}


def results(stream):
    lines = [l.split(' ') for l in run(stream, 'results').decode().splitlines() if not l.startswith('#')]
    return {l[3]: float(l[4]) for l in lines[1:]}


def near(name, quantity, got, want, tolerance):
    global failed, done
    done += 1
    if not abs(got - want) <= tolerance:
        failed += 1
        print('%s %s: %.8g, expected %.8g within %.2g' % (name, quantity, got, want, tolerance))


wanted = {}
for row in csv.DictReader(open(PATH, encoding='utf-8'), delimiter='\t', quoting=csv.QUOTE_NONE):
    if 'def-B' in row['options']:
        wanted.setdefault(row['file'], {})[row['quantity']] = float(row['value'])
for name, want in sorted(wanted.items()):
    stream = run(b'', 'read', os.path.join(CORPUS, name))
    curve = table(stream)
    time, n = curve['time'], len(curve['time'])
    at = lambda share: time[int(share * n)] if share < 1 else time[-1]
    first, last = time[int(want['integration_first_index'])], time[int(want['integration_last_index'])]
    lined = run(run(stream, 'select', '--role', 'x=time,y=heat_flow'), 'baseline-polynomial', '--order', '1', '--regions',
                '%g:%g,%g:%g' % (at(0.15), time[int(0.25 * n) - 1], at(0.90), at(1)))
    base = table(lined)['baseline']
    slope = (base[-1] - base[0]) / (time[-1] - time[0])
    near(name, 'slope of the line', slope, want['baseline_slope'], 1e-4 * abs(want['peak_height']) / (time[-1] - time[0]))
    near(name, 'line at 0 s', base[0] - slope * time[0], want['baseline_intercept'], 1e-4 * abs(want['peak_height']))
    area = results(run(lined, 'integrate', '--net', '--region', '%r:%r' % (first, last)))['area']
    near(name, 'area', abs(area), want['area'], 1e-4 * want['area'])
    # the same curve over the temperature of the programme, which is even in time
    net = run(run(lined, 'calc', 'heat_flow=heat_flow-baseline', 'temperature=program_temperature'),
              'set', 'sample_mass=%rmg' % want['sample_mass_first'])
    programme = curve['program_temperature']
    window = '%gK' % (10 * (programme[1] - programme[0]))
    options = ['dsc-peak', '--baseline', 'zero', '--window', window, '--range']
    peak = results(run(net, *options, '%r:%r' % (programme[int(0.15 * n)], programme[-1])))
    near(name, 'peak over the programme', peak['peak_temperature'], want['peak_Tr'], 1e-3)
    near(name, 'onset over the programme', peak['onset'], want['onset_Tr'], 0.01)
    low, high = programme[int(want['integration_first_index'])], programme[int(want['integration_last_index']) + 1]
    peak = results(run(net, *options, '%r:%r' % (low, high)))
    near(name, 'enthalpy', abs(peak['enthalpy']), want['enthalpy'], 1e-4 * want['enthalpy'])
print('%d files, %d values, %d failed' % (len(wanted), done, failed))
sys.exit(1 if failed or not done else 0)
