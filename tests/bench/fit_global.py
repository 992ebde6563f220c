#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time of fit-global and fit-levels for 10, 100 and 1000 series: two bands of common shape, 120 points.

    tests/bench/fit_global.py

The last column is the time of a series with that of the start of a process taken off: it must not grow.
ASSAY names the binary (default build/assay, a release build).
"""
import math, os, random, resource, subprocess, sys, tempfile

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
MODEL = 'gaussian(a) center=4 fwhm=1 + gaussian(b) center=6.5 fwhm=1 + linear'
ROUNDS = int(os.environ.get('ROUNDS', '5'))


def write(path, n):
    r = random.Random(1)
    with open(path, 'w') as f:
        f.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n'
                '# - {name: x, datatype: float64, meta: {role: x}}\n# - {name: y, datatype: float64, meta: {role: y}}\n'
                '# meta:\n#   assay: {stream: 1, kind: data, technique: generic}\n# schema: assay-stream-1\nseries x y\n')
        for s in range(n):
            a, b, level = 1 + r.random(), .5 + r.random(), .1 * r.random()
            f.write('#> {"series": %d}\n' % s)
            for i in range(120):
                x = i / 12
                y = a * math.exp(-2.77 * ((x - 4.1) / 1.2) ** 2) + b * math.exp(-2.77 * ((x - 6.4) / 1.5) ** 2)
                f.write('%d %.4f %.6f\n' % (s, x, y + level + r.gauss(0, .01)))
        f.write('#. {"series": %d}\n' % n)


def cpu(command):
    times = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        p = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if p.returncode:
            sys.exit(p.stderr)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return sorted(times)[len(times) // 2]


def main():
    start = cpu([ASSAY, '--version'])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'stream.ecsv')
        for name, more in (('fit-global', ['--shared', 'center,fwhm', '--columns', 'none']), ('fit-levels', [])):
            for n in (10, 100, 1000):
                write(path, n)
                t = cpu([ASSAY, name, '--jobs', '1', '--model', MODEL, *more, path])
                print('%-11s %5d series %8.1f ms CPU, %6.3f ms each' % (name, n, t * 1e3, (t - start) / n * 1e3))


main()
