#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Analyses of one isotherm as whole processes, file in and stream out: wall time and CPU, medians. Goal for reading and BET: 3 ms.
Where pyGAPS is installed its BET beside it, imports aside. dft.py measures the inversion of a kernel."""
import os, resource, statistics, subprocess, time

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
ROUNDS = int(os.environ.get('ROUNDS', '31'))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus', 'sorption')
ROWS = {
    'start': ['--version'],
    'BET, all windows': ['bet', '--select', 'rouquerol'],
    't-plot': ['t-plot', '--select', 'window', '--window', '0.35:0.5nm'],
    'HK slit': ['pores-hk', '--shape', 'slit', '--wall', 'carbon'],
    'Saito-Foley': ['pores-hk', '--shape', 'cylinder', '--wall', 'aluminosilicate'],
    'Dubinin-Astakhov': ['dubinin-astakhov', '--window', '0:0.02'],
    'DFT, gcv, bootstrap': ['pores-dft', '--kernel', os.path.join(CORPUS, 'kernel.csv')],
}


def run(words):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([ASSAY] + words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


for name, words in ROWS.items():
    if name != 'start':
        words = words + ['--gas', 'N2', os.path.join(CORPUS, 'micropores.csv')]
    times = [run(words) for _ in range(ROUNDS)]
    print('%-22s %6.2f ms wall %6.2f ms CPU' % (name, 1e3 * statistics.median(t[0] for t in times), 1e3 * statistics.median(t[1] for t in times)))
try:
    import pygaps
    rows = [l.split(',') for l in open(os.path.join(CORPUS, 'micropores.csv')).read().splitlines()[1:]]
    iso = pygaps.PointIsotherm(pressure=[float(r[0]) for r in rows], loading=[float(r[1]) for r in rows], material='m', adsorbate='N2',
                               temperature=77.355, pressure_mode='relative')
    start = time.perf_counter()
    pygaps.characterisation.area_BET(iso)
    print('%-22s %6.2f ms wall' % ('pyGAPS area_BET', 1e3 * (time.perf_counter() - start)))
except ImportError:
    print('pyGAPS is not installed')
