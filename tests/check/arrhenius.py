#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Activation energies of conductivities: exact curves (computed independently to 20 digits) to 1e-9, alone and from one result
per series; a weighted plot, its uncertainties and both forms against numpy's least squares; two temperatures flagged."""
import csv, math, os, subprocess, sys

try:
    import numpy
except ImportError:
    print('skipped: numpy is not here')
    sys.exit(77)
ASSAY, SHARED = os.environ['ASSAY'], os.environ.get('ASSAY_SHARED', '')
PATH = os.path.join(SHARED, 'truth', 'numeric', 'arrhenius.tsv')
K = 1.380649e-23 / 1.602176634e-19
failed = done = 0


def check(name, got, want, tolerance):
    global failed, done
    done += 1
    if not abs(got - want) <= tolerance * max(abs(want), 1e-300):
        failed += 1
        print('%s: %r, expected %r' % (name, got, want))


def run(lines, *args):
    p = subprocess.run('"%s" arrhenius %s | "%s" results' % (ASSAY, ' '.join(args), ASSAY), shell=True, input='\n'.join(lines) + '\n',
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [l.split(' ') for l in p.stdout.splitlines() if not l.startswith('#')][1:]
    return {(r[2].replace('%20', ' ').strip('"'), r[3]): (float(r[4]), float(r[5]), r[8]) for r in rows}, p.stderr


def energies(got, form):
    return got.get((form, 'activation_energy_carrier'), (math.nan, math.nan, 'absent'))


if os.path.exists(PATH):
    cases = {}
    for r in csv.DictReader(open(PATH, encoding='utf-8'), delimiter='\t'):
        cases.setdefault((r['case'], float(r['Ea_eV'])), []).append((r['T_K'], r['sigma_S_cm_assumed_prefactor']))
    for (case, energy), points in cases.items():
        got, said = run(['temperature (K),conductivity (S/cm)'] + ['%s,%s' % p for p in points])
        check(case, energies(got, 'ln(sigma)')[0], energy, 1e-9)
        check(case + ' kJ/mol', got[('ln(sigma)', 'activation_energy')][0], energy * 96.48533212331001, 1e-9)
        intercept = math.log(float(points[0][1])) + energy / (K * float(points[0][0]))
        check(case + ' prefactor', got[('ln(sigma)', 'ln_conductivity_prefactor')][0], intercept, 1e-9)
        x = [1 / float(p[0]) for p in points]
        slope = numpy.polyfit(x, [math.log(float(p[1]) * float(p[0])) for p in points], 1)[0]
        check(case + ' sigma T', energies(got, 'ln(sigma T)')[0], -slope * K, 1e-8)

# a scattered plot with uncertainties, against weighted least squares of another library
kelvin = numpy.array([293.15, 303.15, 318.15, 333.15, 353.15, 373.15])
sigma = 3e-4 * numpy.exp(-0.31 / K * (1 / kelvin - 1 / 298.15)) * (1 + numpy.array([3, -2, 1, -1, 2, -3]) / 100)
relative = numpy.array([2, 1, 3, 1, 2, 4]) / 100
text = ['temperature (K),conductivity (S/cm),sigma_conductivity (S/cm)'] + ['%.17g,%.17g,%.17g' % row for row in zip(kelvin, sigma, relative * sigma)]
for weights in (True, False):
    got, said = run(text if weights else [l.rsplit(',', 1)[0] for l in text])
    for form, y in (('ln(sigma)', numpy.log(sigma)), ('ln(sigma T)', numpy.log(sigma * kelvin))):
        p, c = numpy.polyfit(1 / kelvin, y, 1, w=1 / relative if weights else None, cov='unscaled' if weights else True)
        e = energies(got, form)
        check('%s weighted %s' % (form, weights), e[0], -p[0] * K, 1e-8)
        check('%s u weighted %s' % (form, weights), e[1], math.sqrt(c[0, 0]) * K, 1e-6)
        b = got[(form, 'ln_conductivity_prefactor')]
        check('%s prefactor weighted %s' % (form, weights), b[0], p[1], 1e-8)
        check('%s u of prefactor weighted %s' % (form, weights), b[1], math.sqrt(c[1, 1]), 1e-6)

# two temperatures: the energy, no uncertainty, a flag and a warning
got, said = run([l.rsplit(',', 1)[0] for l in (text[0], text[1], text[-1])])
value, u, flag = energies(got, 'ln(sigma)')
check('two temperatures', value, -K * math.log(sigma[-1] / sigma[0]) / (1 / kelvin[-1] - 1 / kelvin[0]), 1e-9)
if not math.isnan(got[('ln(sigma)', 'ln_conductivity_prefactor')][1]) or flag != 'no_degrees_of_freedom' or not math.isnan(u) or 'no degrees of freedom' not in said:
    failed += 1
    print('two temperatures:', value, u, flag, said)

# one result per series, with its temperature in the metadata
head = ['# %ECSV 1.0', '# ---', '# datatype:', '# - {name: series, datatype: int32}',
        '# - {name: frequency, unit: Hz, datatype: float64, meta: {role: x}}', '# - {name: z_real, unit: Ohm, datatype: float64, meta: {role: y}}',
        '# meta:', '#   assay: {stream: 1, kind: data, technique: echem}', '# schema: assay-stream-1', 'series frequency z_real']
for i in range(len(kelvin)):
    head += ['#> {"series": %d, "name": "s%d", "meta": {"temperature": {"value": %.17g, "unit": "K"}}, "results": [{"item": "bulk", '
             '"quantity": "conductivity", "value": %.17g, "u": %.17g, "unit": "S/cm", "flag": "ok"}]}'
             % (i, i, kelvin[i], sigma[i], relative[i] * sigma[i]), '%d 1e6 100' % i]
head.append('#. {"series": %d}' % len(kelvin))
from_results, said = run(head)
want, _ = run(text)
for key in want:
    check('from results %s' % (key,), from_results.get(key, (math.nan,))[0], want[key][0], 1e-12)
if said:
    print(said)
print('%d values, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
