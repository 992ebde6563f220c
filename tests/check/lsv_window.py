#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Onsets of computed sweeps: the cut where the exponential reaches it (solved by hand), tangent and first deviation as numpy finds
them from their definitions, the same for the sweep turned cathodic, and no onset where there is none."""
import math, os, subprocess, sys

try:
    import numpy
except ImportError:
    print('skipped: numpy is not here')
    sys.exit(77)
ASSAY = os.environ['ASSAY']
failed = done = 0


def check(name, got, want, tolerance):
    global failed, done
    done += 1
    if not abs(got - want) <= tolerance and not (math.isnan(got) and math.isnan(want)):
        failed += 1
        print('%s: %r, expected %r' % (name, got, want))


def run(e, i, options, area='0.5', u='0.01'):
    lines = ['# %ECSV 1.0', '# ---', '# datatype:', '# - {name: series, datatype: int32}', '# - {name: potential, unit: V, datatype: float64, meta: {role: x}}',
             '# - {name: current, unit: uA, datatype: float64, meta: {role: y}}', '# meta:', '#   assay: {stream: 1, kind: data, technique: echem}',
             '#   common: {electrode_area: {value: %s, unit: cm2, u: %s}, scan_rate: {value: 1, unit: mV/s}, reference_electrode: Li}' % (area, u),
             '# schema: assay-stream-1', 'series potential current', '#> {"series": 0, "name": "sweep"}'] + ['0 %.17g %.17g' % p for p in zip(e, i)] + ['#. {"series": 1}']
    p = subprocess.run('"%s" lsv-window %s | "%s" results' % (ASSAY, options, ASSAY), shell=True, input='\n'.join(lines) + '\n',
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split(' ') for l in p.stdout.splitlines() if not l.startswith('#')][1:]
    return {(r[2].replace('%20', ' '), r[3]): (float(r[4]), float(r[5]), r[8]) for r in rows}, p.stderr


random = numpy.random.default_rng(7)
e = numpy.arange(2.5, 4.9, 0.002)
scatter = 0.0004
j = 0.002 + 0.001 * (e - 2.5) + 0.02 * numpy.exp((e - 4.5) / 0.08) + random.normal(0, scatter, len(e))  # mA/cm2
for s, name in ((1, 'anodic'), (-1, 'cathodic')):
    got, said = run(s * e, s * j * 1000 * 0.5, '--cut 0.2 --background %s' % ('2.6:3.8' if s > 0 else '-3.8:-2.6'))
    if len(said.splitlines()) != 1 or 'moves with that end' not in said:
        failed += 1
        print(said)
    for rule, cut in (('cut', 0.2), ('half cut', 0.1), ('double cut', 0.4)):
        x = 4.5  # fixed point of the exponential under its background
        for _ in range(100):
            x = 4.5 + 0.08 * math.log((cut - 0.002 - 0.001 * (x - 2.5)) / 0.02)
        at, u, flag = got[(name + ' ' + rule, 'onset_potential')]
        check('%s %s' % (name, rule), at, s * x, 0.002)  # noise over slope: 0.3 mV at most
        check('%s %s u' % (name, rule), u, math.hypot(scatter, cut * 0.02) / (cut / 0.08), 0.0005)
    sensitivity = got[(name + ' cut', 'cut_sensitivity')][0]
    check(name + ' sensitivity', sensitivity, 0.08 * math.log(4) * 1.01, 0.003)
    inside = (e >= 2.6) & (e <= 3.8)
    slope, level = numpy.polyfit(e[inside], j[inside], 1)
    width = round(0.05 / 0.002)
    best = max(range(len(e) - width), key=lambda k: j[k + width] - j[k])
    m, b = numpy.polyfit(e[best:best + width + 1], j[best:best + width + 1], 1)
    check(name + ' tangent', got[(name + ' tangent', 'onset_potential')][0], s * (level - b) / (m - slope), 1e-6)
    rest = j - slope * e - level
    limit = 3 * math.sqrt((rest[inside] ** 2).sum() / (inside.sum() - 2))
    start = None
    for k in range(len(e)):
        if e[k] > e[inside][-1]:
            start = (k if start is None else start) if rest[k] > limit else None
            if start is not None and e[k] - e[start] >= 0.02 - 1e-9:
                break
    check(name + ' first deviation', got[(name + ' first deviation', 'onset_potential')][0], s * e[start], 0.0021)
    rules = [got[(name + ' ' + r, 'onset_potential')][0] for r in ('cut', 'tangent', 'first deviation')]
    check(name + ' spread', got[(name, 'onset_spread')][0], max(rules) - min(rules), 1e-9)

flat, said = run(e, 0.5 * 1000 * (0.002 + random.normal(0, scatter, len(e))), '--cut 0.2 --background 2.6:3.8')
for rule in ('cut', 'first deviation'):
    at, u, flag = flat[('anodic ' + rule, 'onset_potential')]
    check('no onset: ' + rule, at, math.nan, 0)
    if flag != 'not_detected':
        failed += 1
        print('no onset:', rule, flag)
got, said = run(numpy.concatenate([e, e[::-1]]), numpy.concatenate([j, j]), '--cut 0.2')
if 'one sweep is needed' not in said:
    failed += 1
    print('a sweep that turns back:', said)
print('%d values, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
