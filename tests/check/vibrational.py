#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""subtract-fitted against numpy, and the coverage of what they state."""
import os, subprocess, sys, tempfile

try:
    import numpy as np
    from scipy import stats
except ImportError:
    print('numpy is not there')
    sys.exit(77)

ASSAY = os.environ['ASSAY']
failed = 0


def check(good, text):
    global failed
    if not good:
        failed += 1
        print('failed: ' + text)


def write(path, columns, series, names=None, meta=None):
    """series: list of arrays, one row for each line; columns: (name, unit, role)."""
    with open(path, 'w') as f:
        f.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n')
        for name, unit, role in columns:
            f.write('# - {name: %s, unit: "%s", datatype: float64, meta: {role: %s}}\n' % (name, unit, role))
        f.write('# meta:\n#   assay: {stream: 1, kind: data, technique: ftir}\n#   common: {simulated: here}\n'
                '# schema: assay-stream-1\nseries %s\n' % ' '.join(c[0] for c in columns))
        for k, rows in enumerate(series):
            f.write('#> {"series": %d, "name": "%s"%s}\n' % (k, names[k] if names else 's%d' % k,
                                                            meta[k] if meta else ''))
            for row in rows:
                f.write('%d %s\n' % (k, ' '.join(repr(float(v)) for v in row)))
        f.write('#. {"series": %d}\n' % len(series))


def results(*words):
    out = subprocess.run([ASSAY, *words], check=True, stdout=subprocess.PIPE).stdout
    text = subprocess.run([ASSAY, 'results'], input=out, check=True, stdout=subprocess.PIPE).stdout.decode()
    lines = [line.split() for line in text.splitlines() if not line.startswith('#')]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def subtraction(tmp):
    rng = np.random.default_rng(3)
    x = np.arange(1200., 2001., 4.)
    a = 0.8 * np.exp(-((x - 1645) / 40) ** 2 / 2) + 0.05
    b = sum(h * np.exp(-((x - c) / 5) ** 2 / 2) for c, h in ((1340, .2), (1508, .6), (1560, .7), (1845, .3)))
    sigma = 0.001 + 0.002 * (x > 1500)
    y = [0.83 * a + 0.05 * b + 0.02 + 3e-5 * (x - 1600) + sigma * rng.standard_normal(len(x)) for _ in range(200)]
    columns = [('wavenumber', 'cm-1', 'x'), ('absorbance', '1', 'y')]
    others, mixed = os.path.join(tmp, 'others.ecsv'), os.path.join(tmp, 'mixed.ecsv')
    write(others, columns, [np.c_[x, a], np.c_[x, b]], ['solvent', 'vapour'])
    write(mixed, columns + [('sigma', '1', 'sigma')], [np.c_[x, v, sigma] for v in y])
    got = results('subtract-fitted', '--other', others, '--region', '1300:1640,1800:2000', '--degree', '2', mixed)
    use = ((x >= 1300) & (x <= 1640)) | (x >= 1800)
    design = np.c_[a, b, np.ones(len(x)), x - 1600, (x - 1600) ** 2][use] / sigma[use, None]
    covariance = np.linalg.inv(design.T @ design)
    inside = {'solvent': 0, 'vapour': 0}
    for k, v in enumerate(y):
        p, square = np.linalg.lstsq(design, v[use] / sigma[use], rcond=None)[:2]
        scale = max(1, np.sqrt(square[0] / (use.sum() - 5)))
        for i, (item, true) in enumerate((('solvent', 0.83), ('vapour', 0.05))):
            r = next(r for r in got if r['series'] == str(k) and r['item'] == item)
            value, u = float(r['value']), float(r['u'])
            check(abs(value / p[i] - 1) < 1e-8, 'factor %s of series %d: %r, numpy %r' % (item, k, value, p[i]))
            check(abs(u / np.sqrt(covariance[i, i]) / scale - 1) < 1e-6, 'u of %s of series %d' % (item, k))
            inside[item] += abs(value - true) < 1.96 * u
    for item, n in inside.items():
        check(182 <= n <= 198, '95 %% interval of %s holds the truth in %d of 200' % (item, n))


def main():
    with tempfile.TemporaryDirectory() as tmp:
        subtraction(tmp)
    print('%d failed' % failed)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
