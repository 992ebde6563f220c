#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk resistance and conductivity of computed circuits: the intercept and the least |phase| against scipy's root and minimum of the
circuit itself, frequencies in any order; d/(R A) and its uncertainty by hand; an intercept that is not reached is not invented."""
import cmath, math, os, subprocess, sys

try:
    import numpy
    from scipy import optimize
except ImportError:
    print('skipped: numpy or scipy is not here')
    sys.exit(77)
ASSAY = os.environ['ASSAY']
failed = done = 0


def check(name, got, want, tolerance):
    global failed, done
    done += 1
    if not abs(got - want) <= tolerance * abs(want) and not (math.isnan(got) and math.isnan(want)):
        failed += 1
        print('%s: %r, expected %r' % (name, got, want))


def circuit(r0, r1, c, l, q, n):
    return lambda f: 2j * math.pi * f * l + r0 + 1 / (1 / r1 + 2j * math.pi * f * c) + 1 / (q * (2j * math.pi * f) ** n)


def run(z, f, meta, options=''):
    lines = ['# %ECSV 1.0', '# ---', '# datatype:', '# - {name: series, datatype: int32}', '# - {name: z_real, unit: kOhm, datatype: float64, meta: {role: x}}',
             '# - {name: z_imag, unit: Ohm, datatype: float64, meta: {role: y}}', '# - {name: frequency, unit: Hz, datatype: float64}', '# meta:',
             '#   assay: {stream: 1, kind: data, technique: echem}', '#   common: {%s}' % meta, '# schema: assay-stream-1', 'series z_real z_imag frequency',
             '#> {"series": 0, "name": "cell"}'] + ['0 %.17g %.17g %.17g' % (z(x).real / 1000, z(x).imag, x) for x in f] + ['#. {"series": 1}']
    p = subprocess.run('"%s" resistance | "%s" conductivity %s | "%s" results' % (ASSAY, ASSAY, options, ASSAY), shell=True, input='\n'.join(lines) + '\n',
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split(' ') for l in p.stdout.splitlines() if not l.startswith('#')][1:]
    return {(r[2].replace('%20', ' '), r[3]): (float(r[4]), float(r[5]), r[8]) for r in rows}, p.stderr


META = 'electrode_area: {value: 0.785, unit: cm2, u: 0.015}, thickness: {value: 0.25, unit: mm, u: 0.005}'
shuffle = numpy.random.default_rng(1)
for r0, r1, c, l, q, n in ((40, 60, 2e-8, 1e-6, 2e-5, 0.9), (5, 900, 3e-9, 2e-6, 5e-6, 0.8), (12, 0.1, 1e-9, 1e-6, 1e-3, 0.85)):
    z = circuit(r0, r1, c, l, q, n)
    f = numpy.logspace(7, 0, 1401)
    wanted = next(k for k in range(1, len(f)) if z(f[k - 1]).imag >= 0 > z(f[k]).imag)
    root = optimize.brentq(lambda x: z(x).imag, f[wanted], f[wanted - 1], xtol=1e-9)
    shuffle.shuffle(f)
    got, said = run(z, f, META)
    if said:
        failed += 1
        print(said)
    name = 'R0 %g R1 %g ' % (r0, r1)
    check(name + 'intercept', got[('intercept', 'bulk_resistance')][0], z(root).real, 1e-4)
    check(name + 'its frequency', got[('intercept', 'found_at')][0], root, 1e-2)
    grid = numpy.sort(f)
    phase = [abs(cmath.phase(z(x))) for x in grid]
    valleys = [k for k in range(1, len(grid) - 1) if phase[k] <= min(phase[k - 1], phase[k + 1]) and max(z(x).imag for x in grid[k - 1:k + 2]) < 0]
    valley = math.nan
    if valleys:
        k = min(valleys, key=lambda k: phase[k])
        best = optimize.minimize_scalar(lambda x: abs(cmath.phase(z(math.exp(x)))), bounds=(math.log(grid[k - 1]), math.log(grid[k + 1])),
                                        method='bounded', options={'xatol': 1e-10})
        valley = z(math.exp(best.x)).real
    check(name + 'phase minimum', got[('phase minimum', 'bulk_resistance')][0], valley, 5e-3)
    for item in ('intercept', 'phase minimum') if valleys else ('intercept',):
        r, u, flag = got[(item, 'bulk_resistance')]
        sigma, u_sigma, flag = got[(item, 'conductivity')]
        check(name + 'conductivity ' + item, sigma, 0.025 / (r * 0.785), 1e-12)
        check(name + 'its u ' + item, u_sigma, sigma * math.sqrt((u / r) ** 2 + 0.02 ** 2 + (0.015 / 0.785) ** 2), 1e-9)

# no inductance: the axis is not reached
got, said = run(circuit(40, 60, 2e-8, 0, 2e-5, 0.9), numpy.logspace(6, 0, 100), 'electrode_area: {value: 1, unit: cm2}', '--thickness 100um --u-thickness 2um')
check('not reached', got[('intercept', 'bulk_resistance')][0], math.nan, 0)
r, u, flag = got[('phase minimum', 'bulk_resistance')]
check('given thickness', got[('phase minimum', 'conductivity')][0], 0.01 / r, 1e-12)
check('u without area', got[('phase minimum', 'conductivity')][1], 0.01 / r * math.hypot(u / r, 0.02), 1e-9)
if got[('intercept', 'bulk_resistance')][2] != 'not_reached' or ('intercept', 'conductivity') in got or 'of electrode_area' not in said:
    failed += 1
    print('not reached:', got, said)
# a lone inductive point in a capacitive spectrum is no intercept
noisy = circuit(40, 60, 2e-8, 0, 2e-5, 0.9)
got, said = run(lambda f: noisy(f) + (20j if 900 < f < 1100 else 0), numpy.logspace(6, 0, 61), META)
check('a lone inductive point', got[('intercept', 'bulk_resistance')][0], math.nan, 0)
if '1 inductive points stand below' not in said:
    failed += 1
    print('a lone inductive point:', said)
print('%d values, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
