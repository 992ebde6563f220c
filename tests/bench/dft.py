#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inversion of a kernel of 77 widths and 177 pressures: assay as a whole process beside scipy's SLSQP (what pyGAPS calls, at its
tolerance, with its cubic interpolation of the kernel) and scipy's nnls, whose time is that of the solver alone, imports and kernel aside. Prints residuals too."""
import os, resource, statistics, subprocess, sys, tempfile, time
import numpy as np
from scipy.interpolate import PchipInterpolator, interp1d
from scipy.optimize import minimize, nnls

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
ROUNDS = int(os.environ.get('ROUNDS', '7'))

widths = np.round(0.4 * 1.042 ** np.arange(77), 4)
pressures = 10 ** np.linspace(-7, -0.005, 177)
fills = -9.5 * np.exp(-(widths - 0.4) / 1.1) - 0.3 / widths


def step(p):
    lg = np.log10(p)[:, None]
    film = 3 * np.exp(lg / 3) / widths
    return 29 / (1 + np.exp(-(lg - fills) / 0.12)) + film


def isotherm(points):
    p = np.concatenate([10 ** np.linspace(-6.8, -1, points * 2 // 3), np.linspace(0.11, 0.98, points - points * 2 // 3)])
    v = 0.02 * np.exp(-(np.log(widths / 0.75) / 0.12) ** 2 / 2) + 0.01 * np.exp(-(np.log(widths / 2) / 0.2) ** 2 / 2)
    return p, step(p) @ v * (1 + 0.003 * np.random.default_rng(1).normal(size=points))


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def timed(task):
    start = time.process_time()
    result = task()
    return time.process_time() - start, result


with tempfile.TemporaryDirectory() as d:
    kernel, data = os.path.join(d, 'kernel.csv'), os.path.join(d, 'isotherm.csv')
    amounts = step(pressures)
    with open(kernel, 'w') as f:
        f.write('p,' + ','.join('%g' % w for w in widths) + '\n')
        for p, row in zip(pressures, amounts):
            f.write('%.9g,' % p + ','.join('%.9g' % a for a in row) + '\n')
    p, q = isotherm(90)
    with open(data, 'w') as f:
        f.write('relative_pressure,uptake (mmol/g)\n' + ''.join('%.9g,%.9g\n' % r for r in zip(p, q)))
    A = PchipInterpolator(np.log(pressures), amounts)(np.log(p))
    one = [ASSAY, 'pores-dft', '--kernel', kernel, '--gas', 'N2', data, '--bootstrap', '0', '--regularise']
    times = {'assay none': [], 'assay gcv': [], 'assay gcv, bootstrap 100': [], 'SLSQP': [], 'nnls': []}
    for _ in range(ROUNDS):
        times['assay none'].append(cpu(one + ['none']))
        times['assay gcv'].append(cpu(one + ['gcv']))
        times['assay gcv, bootstrap 100'].append(cpu([a if a != '0' else '100' for a in one] + ['gcv']))
        cubic, _ = timed(lambda: [interp1d(np.append(pressures, 0), np.append(a, 0), kind='cubic')(p) for a in amounts.T])
        t, slsqp = timed(lambda: minimize(lambda v: np.sum((A @ v - q) ** 2), np.zeros(77), method='SLSQP', bounds=[(0, None)] * 77,
                                          constraints=[{'type': 'ineq', 'fun': lambda v: v}], options={'ftol': 1e-4}))
        times['SLSQP'].append(t + cubic)
        t, best = timed(lambda: nnls(A, q))
        times['nnls'].append(t)
    out = subprocess.run(one + ['none', '--rows', 'isotherm'], stdout=subprocess.PIPE, universal_newlines=True).stdout
    rows = [l.split() for l in out.splitlines() if l and l[0] != '#']
    k = rows[0].index('residual')
    ours = sum(float(r[k]) ** 2 for r in rows[1:]) ** 0.5
    for name, t in times.items():
        print('%-26s %8.1f ms CPU' % (name, 1e3 * statistics.median(t)))
    print('residual: assay %.8g, nnls %.8g, SLSQP %.8g' % (ours, best[1], slsqp.fun ** 0.5))
    print('SLSQP / assay none: %.0f (goal 20)' % (statistics.median(times['SLSQP']) / statistics.median(times['assay none'])))
