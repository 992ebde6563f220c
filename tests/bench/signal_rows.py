#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels of signals beside numpy and scipy in the same process time: arPLS (single, and eight series in
vector lanes), Savitzky-Golay, peaks with prominence, a Whittaker smoother, Voigt lines.

    tests/bench/signal_rows.py

Ours is timed inside build/tests/unit_signal_speed (a release build; minimum of several runs, CPU time). The
arPLS peer runs the same iteration on scipy's banded Cholesky; pybaselines, whose own figure is 84 us per
iteration at 1000 rows, is compared where it is installed. Ratios are of runs that follow each other.
"""
import os, re, subprocess, sys, time

for v in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMBA_NUM_THREADS'):
    os.environ.setdefault(v, '1')
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
SPEED = os.environ.get('SPEED', os.path.join(SOURCE, 'build', 'tests', 'unit_signal_speed'))
try:
    import numpy as np
    from scipy.linalg import solveh_banded
    from scipy.signal import find_peaks, savgol_filter
    from scipy.special import expit, wofz
except ImportError:
    sys.exit('the peers are numpy and scipy: install python3-scipy')


def best(f, n=7):
    out = []
    for _ in range(n):
        t = time.process_time()
        value = f()
        out.append(time.process_time() - t)
    return min(out), value


def spectrum(n):
    u = np.arange(n) / (n - 1)
    y = 2 + 3 * np.exp(-(u - .35) ** 2 / .1444) + 1.2 * u + .4 * np.sin(3.5 * u)
    for j in range(12):
        y += .5 / (1 + ((u - .06 - .078 * j) / .007) ** 2)
    return y + np.random.RandomState(1).normal(0, .01, n)


def arpls(y, lam, tol=1e-3, most=100):
    n = len(y)
    band = np.zeros((3, n))
    band[2] = 6
    band[2, [0, -1]], band[2, [1, -2]] = 1, 5
    band[1, 1:] = -4
    band[1, [1, -1]] = -2
    band[0, 2:] = 1
    band *= lam
    w = np.ones(n)
    for count in range(1, most + 1):
        a = band.copy()
        a[2] += w
        z = solveh_banded(a, w * y, overwrite_ab=True, check_finite=False)
        r = y - z
        low = r[r < 0]
        m, s = low.mean(), low.std(ddof=1)
        new = expit(-2 * (r - (2 * s - m)) / s)
        change = np.linalg.norm(new - w) / np.linalg.norm(w)
        w = new
        if change <= tol:
            break
    return count


def row(name, ours, peer, goal, unit):
    print('%-34s ours %9.4g %s, peer %9.4g, peer / ours %6.1f (goal %s)' % (name, ours, unit, peer, peer / ours, goal))


def main():
    text = subprocess.run([SPEED, '7'], stdout=subprocess.PIPE, check=True).stdout.decode()
    for n, single, batch in re.findall(r'arpls n=(\d+) single (\S+) us/iteration, batch (\S+) us', text):
        y, lam = spectrum(int(n)), 1e5 * (int(n) / 1000) ** 4
        t, count = best(lambda: arpls(y, lam), 7 if int(n) < 50000 else 2)
        peer = t / count * 1e6
        row('arPLS n=%s, us/iteration' % n, float(single), peer, '5' if n == '1000' else '3', 'us')
        row('arPLS n=%s, 8 lanes' % n, float(batch), peer, '20' if n == '1000' else '-', 'us')
    rng = np.random.RandomState(2)
    long = .5 * np.sin(np.arange(1000000) * 2e-5) + rng.normal(0, .02, 1000000)
    for _ in range(5000):
        c = rng.randint(200, 999800)
        s, h = rng.uniform(12, 40), rng.uniform(.3, 2)
        k = np.arange(c - 160, c + 160)
        long[k] += h * np.exp(-.5 * ((k - c) / s) ** 2)
    for window, ours in re.findall(r'savgol window=(\d+) order=3 n=1000000 (\S+) ms', text):
        t, _ = best(lambda: savgol_filter(long, int(window), 3), 5)
        row('Savitzky-Golay %s, 1e6 rows' % window, float(ours), 1e3 * t, '2.5', 'ms')
    ours = re.search(r'peaks prominence n=1000000 (\S+) ms', text).group(1)
    t, _ = best(lambda: find_peaks(long, prominence=.2), 5)
    row('peaks with prominence, 1e6 rows', float(ours), 1e3 * t, '3', 'ms')
    ours = re.search(r'whittaker n=1000000 (\S+) ms', text).group(1)

    def whittaker():
        a = np.zeros((3, 1000000))
        a[2], a[1, 1:], a[0, 2:] = 6e4, -4e4, 1e4
        a[2] += 1
        return solveh_banded(a, long, overwrite_ab=True, check_finite=False)
    t, _ = best(whittaker, 5)
    row('Whittaker smoother, 1e6 rows', float(ours), 1e3 * t, '3', 'ms')
    exact, fast = re.search(r'voigt exact (\S+) ns, fast (\S+) ns', text).groups()
    x = .01 * np.arange(10000)
    t, _ = best(lambda: [wofz((x - 5 * k) / (.5 + .1 * k) + 1j).real for k in range(20)])
    row('Voigt to 1e-13, a value', float(exact), 1e9 * t / 2e5, '2', 'ns')
    row('Voigt to 1e-6, a value', float(fast), 1e9 * t / 2e5, '8', 'ns')


main()
