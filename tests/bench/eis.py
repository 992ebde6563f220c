#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits of an equivalent circuit per second: R0-p(R1,CPE1)-CPE2 (6 parameters), 61 frequencies, noise of 0.3 %, one core.

    tests/bench/eis.py [SPECTRA]

Ours in a batch (one process, --jobs 1: parsing, fit and printing counted, CPU time) with starting values found and with them given,
and as one process a spectrum; beside scipy's curve_fit on real and imaginary parts stacked, weights by modulus, from the same given
start (what impedance.py calls; in process, warm). Values are compared before times are. ASSAY names the binary (a release build).
"""
import os, resource, statistics, subprocess, sys, tempfile, time

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100
ROUNDS = int(os.environ.get('ROUNDS', '3'))
START = dict(R0=20, R1=300, q1=1e-8, n1=0.8, q2=1e-6, n2=0.8)
GIVEN = 'R0=20 R1=300 CPE1.q=1e-8 CPE1.n=0.8 CPE2.q=1e-6 CPE2.n=0.8'
FIT = '%s eis-fit --jobs 1 --circuit "R0-p(R1,CPE1)-CPE2"' % ASSAY

try:
    import numpy as np
    from scipy.optimize import curve_fit
except ImportError:
    sys.exit('numpy and scipy make the spectra: install python3-scipy')


def impedance(f, r0, r1, q1, n1, q2, n2):
    s = 2j * np.pi * f
    return r0 + 1 / (1 / r1 + q1 * s ** n1) + 1 / (q2 * s ** n2)


def spectra(folder):
    random = np.random.RandomState(1)
    f = np.logspace(6, 0, 61)
    out = []
    with open(os.path.join(folder, 'all.ecsv'), 'w') as stream:
        stream.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n# - {name: z_real, unit: Ohm, datatype: float64, meta: {role: x}}\n'
                     '# - {name: z_imag, unit: Ohm, datatype: float64, meta: {role: y}}\n# - {name: frequency, unit: Hz, datatype: float64}\n# meta:\n'
                     '#   assay: {stream: 1, kind: data, technique: echem}\n# schema: assay-stream-1\nseries z_real z_imag frequency\n')
        for i in range(COUNT):
            z = impedance(f, 30 * random.uniform(.5, 2), 500 * random.uniform(.5, 2), 3e-9 * random.uniform(.5, 2), .9, 2e-6, .85)
            z = z + abs(z) * .003 * (random.normal(size=61) + 1j * random.normal(size=61))
            stream.write('#> {"series": %d, "name": "s%d"}\n' % (i, i))
            stream.writelines('%d %.9g %.9g %.9g\n' % (i, v.real, v.imag, x) for x, v in zip(f, z))
            out.append(z)
        stream.write('#. {"series": %d}\n' % COUNT)
    return f, out


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode:
        sys.exit('%s\n%s' % (command[:200], p.stderr[-500:]))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, p.stdout


def with_scipy(f, zs):
    stacked = lambda f, *p: np.concatenate([impedance(f, *p).real, impedance(f, *p).imag])
    p0, found = list(START.values()), []
    start = time.process_time()
    for z in zs:
        size = np.concatenate([abs(z), abs(z)])
        found.append(curve_fit(stacked, f, np.concatenate([z.real, z.imag]), p0, size, bounds=(0, [np.inf, np.inf, np.inf, 1, np.inf, 1]),
                               x_scale=p0, maxfev=100000)[0])
    return time.process_time() - start, found


with tempfile.TemporaryDirectory() as folder:
    f, zs = spectra(folder)
    stream = os.path.join(folder, 'all.ecsv')
    one = os.path.join(folder, 'one.ecsv')
    subprocess.run('%s select --series 0:0 %s > %s' % (ASSAY, stream, one), shell=True, check=True)
    rows = {}
    for _ in range(ROUNDS):
        found_time, found = cpu('%s %s | %s results' % (FIT, stream, ASSAY))
        given_time, _ = cpu('%s --parameters "%s" --starts 1 %s > /dev/null' % (FIT, GIVEN, stream))
        alone, _ = cpu('for k in 1 2 3 4 5 6 7 8 9 10; do %s %s > /dev/null; done' % (FIT, one))
        scipy_time, p = with_scipy(f, zs)
        for name, t in (('starts found, batch', found_time / COUNT), ('starts given, batch', given_time / COUNT), ('starts found, a process each', alone / 10),
                        ('scipy curve_fit, starts given, warm', scipy_time / COUNT)):
            rows.setdefault(name, []).append(t)
    cost = lambda z, p: sum(abs(z - impedance(f, *p)) ** 2 / abs(z) ** 2)
    values = [l.split(' ') for l in found.splitlines() if l[:1].isdigit()]
    ours = [[float(v[4]) for v in values if v[0] == str(i) and v[3] in ('resistance', 'cpe_coefficient', 'exponent')] for i in range(COUNT)]
    lower = sum(cost(z, a) < cost(z, b) * (1 - 1e-6) for z, a, b in zip(zs, ours, p))
    higher = sum(cost(z, a) > cost(z, b) * (1 + 1e-6) for z, a, b in zip(zs, ours, p))
    r1 = [float(l.split(' ')[4]) for l in found.splitlines() if ' R1 resistance ' in l]
    apart = max(abs(a / b[1] - 1) for a, b in zip(r1, p))
    print('%d spectra: ours ends lower than scipy in %d, higher in %d; R1 differs by %.1g at most' % (COUNT, lower, higher, apart))
    for name, t in rows.items():
        print('%-40s %8.2f ms CPU a fit' % (name, 1e3 * statistics.median(t)))
