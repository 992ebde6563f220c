#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Raman map from spectra to pictures: read, despike, arPLS, a fit of three bands, a table of every point and a map of one area, as a
pipeline of processes (memory does not grow with the map) and as a recipe (one process, which holds the results), beside Python with scipy.

    tests/bench/map.py [SIDE [POINTS [SPECTRA]]]

SIDE x SIDE spectra (100) of POINTS (1000). Python does SPECTRA of them (50), its time is scaled to all; reading is left out of
Python's time. Printed are seconds of wall and of all cores, MiB at most, and both answers for the spectra that Python did."""
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(ROOT, 'build', 'assay'))
SIDE, POINTS, DONE = [int(a) for a in sys.argv[1:4]] + [100, 1000, 50][len(sys.argv) - 1:]
BANDS = ((1085, 9), (1150, 14), (1340, 11))
RECIPE = '''recipe: 1
title: a map
inputs: {map: {file: map.ecsv}}
steps:
  fitted:
    from: map
    pipe: >
      despike | baseline-arpls --lambda 1e6 | fit --baseline baseline
      --model "gaussian(a) center=1085 fwhm=9 + gaussian(b) center=1150 fwhm=14 + gaussian(c) center=1340 fwhm=11"
figures:
  area: {from: fitted, pipe: plot-map --result a.area, formats: [png]}
tables:
  points: {from: fitted, pipe: results --quantity area --quantity position}
'''
PIPE = '''
assay despike map.ecsv | assay baseline-arpls --lambda 1e6 | assay fit --baseline baseline \\
    --model "gaussian(a) center=1085 fwhm=9 + gaussian(b) center=1150 fwhm=14 + gaussian(c) center=1340 fwhm=11" |
    assay results --quantity area --quantity position > points.ecsv
assay plot-map --result a.area points.ecsv -o area.png
'''


def spectra(rng):
    x = np.linspace(1000, 1400, POINTS)
    place = np.arange(SIDE) / SIDE
    u, v = np.meshgrid(place, place)
    heights = np.stack([200 + 100 * np.sin(6 * u), 150 + 80 * np.cos(5 * v), 120 + 60 * np.sin(4 * (u + v))], -1).reshape(-1, 3)
    shapes = np.stack([np.exp(-4 * np.log(2) * ((x - c) / w) ** 2) for c, w in BANDS])
    y = heights @ shapes + 300 * np.exp(-(x - 1000) / 500) * (1 + 0.3 * u.reshape(-1, 1))
    y = rng.poisson(y).astype(float)
    hit = rng.random(y.shape) < 1.0 / POINTS
    y[hit] += rng.uniform(300, 2000, hit.sum())
    return x, np.round(y)


def write(path, x, y):
    with open(path, 'w') as f:
        f.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n'
                '# - {name: raman_shift, unit: cm-1, datatype: float64, meta: {role: x}}\n'
                '# - {name: intensity, unit: count, datatype: float64, meta: {role: y}}\n'
                '# meta:\n#   assay: {stream: 1, kind: data, technique: raman}\n# schema: assay-stream-1\nseries raman_shift intensity\n')
        xs = ['%.4f' % v for v in x]
        for k, row in enumerate(y):
            f.write('#> {"series": %d, "name": "map.%d", "x": {"value": %d, "unit": "um"}, "y": {"value": %d, "unit": "um"}}\n' % (
                k, k, k % SIDE, k // SIDE))
            f.write(''.join('%d %s %d\n' % (k, a, b) for a, b in zip(xs, row)))
        f.write('#. {"series": %d}\n' % len(y))


def python(x, y):
    from scipy.ndimage import median_filter
    from scipy.optimize import curve_fit
    from scipy.sparse import diags, spdiags
    from scipy.sparse.linalg import spsolve
    m = len(x)
    D = diags([1, -2, 1], [0, 1, 2], shape=(m - 2, m))
    H = 1e6 * (D.T @ D)

    def arpls(y):
        w = np.ones(m)
        for _ in range(100):
            z = spsolve((spdiags(w, 0, m, m) + H).tocsc(), w * y)
            d = y - z
            n = d[d < 0]
            new = 1 / (1 + np.exp(np.clip(2 * (d - (2 * n.std() - n.mean())) / n.std(), -500, 500)))
            if np.linalg.norm(new - w) / np.linalg.norm(w) < 1e-3:
                break
            w = new
        return z

    def model(x, *p):
        return sum(p[3 * k] * np.exp(-4 * np.log(2) * ((x - p[3 * k + 1]) / p[3 * k + 2]) ** 2) for k in range(3))

    out = []
    for row in y:
        smooth = median_filter(row, 7)
        noise = 1.4826 * np.median(abs(row - smooth))
        row = np.where(row - smooth > 6 * noise, smooth, row)
        p, _ = curve_fit(model, x, row - arpls(row), [v for c, w in BANDS for v in (150, c, w)])
        out.append(p[0] * p[2] * np.sqrt(np.pi / np.log(2)) / 2)
    return np.array(out)


def run(command, tmp):
    """Seconds of wall and of CPU, MiB of the largest process so far."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, cwd=tmp, check=True, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def main():
    x, y = spectra(np.random.default_rng(1))
    with tempfile.TemporaryDirectory() as tmp:
        write(os.path.join(tmp, 'map.ecsv'), x, y)
        with open(os.path.join(tmp, 'map.yaml'), 'w') as f:
            f.write(RECIPE)
        os.symlink(os.path.abspath(ASSAY), os.path.join(tmp, 'assay'))
        os.environ['PATH'] = tmp + ':' + os.environ['PATH']
        pipe = run(['bash', '-e', '-o', 'pipefail', '-c', PIPE], tmp)
        recipe = run([ASSAY, 'run', '--cache', 'off', '-o', 'out', 'map.yaml'], tmp)
        with open(os.path.join(tmp, 'points.ecsv')) as f:
            rows = [l.rstrip('\n').split(' ') for l in f if l[0] != '#']
        item, quantity, value = (rows[0].index(n) for n in ('item', 'quantity', 'value'))
        ours = np.array([float(r[value]) for r in rows[1:] if r[item] == 'a' and r[quantity] == 'area'])
    chosen = np.linspace(0, len(y) - 1, DONE).astype(int)
    start = time.process_time()
    theirs = python(x, y[chosen])
    scaled = (time.process_time() - start) * len(y) / DONE
    print('%d spectra of %d points; python: %.0f s of CPU (from %d spectra)' % (len(y), POINTS, scaled, DONE))
    for name, (wall, cpu, mib) in (('pipeline', pipe), ('recipe', recipe)):
        print('%-8s %6.1f s, %6.1f s of CPU, at most %5.0f MiB in a process; python %.1f times as much CPU' % (name, wall, cpu, mib, scaled / cpu))
    print('area of the first band: median difference %.2g %%, largest %.2g %%' % tuple(
        100 * f(abs(ours[chosen] / theirs - 1)) for f in (np.median, np.max)))


if __name__ == '__main__':
    main()
