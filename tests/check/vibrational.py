#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""subtract-fitted and trend against numpy and scipy, and the coverage of what they state."""
import itertools, math, os, subprocess, sys, tempfile

from lib.checked import check, finish

try:
    import numpy as np
    from scipy import stats
except ImportError:
    print('numpy or scipy is not there')
    sys.exit(77)

ASSAY = os.environ['ASSAY']


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


def trend(path, x, y, u=None):
    meta = [', "meta": {"time": {"value": %r, "unit": "s"}}, "results": [{"item": "1", "quantity": "position", '
            '"value": %r%s, "unit": "cm-1"}]' % (float(a), float(b), ', "u": %r' % float(u[i]) if u is not None else '')
            for i, (a, b) in enumerate(zip(x, y))]
    write(path, [('wavenumber', 'cm-1', 'x'), ('absorbance', '1', 'y')], [[(1, 1)]] * len(x), None, meta)
    got = results('trend', '--item', '1', '--quantity', 'position', '--against', 'time', path)
    return {r['quantity']: (float(r['value']), float(r['u']), r['method']) for r in got}


def close(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-14


def trends(tmp):
    rng = np.random.default_rng(4)
    path = os.path.join(tmp, 'trend.ecsv')
    for n in (3, 4, 7, 12, 33, 50):  # no ties: all orders
        x, y, u = rng.permutation(n) * 2.5, 700 + rng.standard_normal(n), rng.uniform(0.5, 2, n)
        y += 0.02 * x
        got, peer = trend(path, x, y, u), stats.kendalltau(x, y, method='exact')
        check(got['p_value'][2] == 'Mann-Kendall_exact', 'exact at n = %d' % n)
        check(close(got['p_value'][0], peer[1]), 'n = %d: p %r, scipy %r' % (n, got['p_value'][0], peer[1]))
        check(close(got['kendall_tau'][0], peer[0]), 'n = %d: tau %r, scipy %r' % (n, got['kendall_tau'][0], peer[0]))
        design = np.c_[np.ones(n), x] / u[:, None]
        line = np.linalg.lstsq(design, y / u, rcond=None)[0]
        scale = max(1, np.sqrt(np.sum((y / u - design @ line) ** 2) / (n - 2)))
        check(close(got['trend_slope'][0], line[1]) or abs(got['trend_slope'][0] - line[1]) < 1e-10, 'slope at n = %d' % n)
        check(abs(got['trend_slope'][1] / np.sqrt(np.linalg.inv(design.T @ design)[1, 1]) / scale - 1) < 1e-6, 'its u')
    for x, y in (((0, 1, 2, 3, 4, 5, 6), (1, 1, 2, 3, 3, 3, 4)), ((0, 0, 1, 2, 2, 2, 3), (1, 1, 2, 3, 2, 3, 3))):
        got, peer = trend(path, x, y), stats.kendalltau(x, y)
        def s_of(v):
            return sum(np.sign(x[j] - x[i]) * np.sign(v[j] - v[i]) for i in range(7) for j in range(i + 1, 7))
        variance = np.mean([s_of(v) ** 2 for v in itertools.permutations(y)])  # ties: of all orders
        p = math.erfc((abs(s_of(y)) - 1) / math.sqrt(2 * variance))
        check(got['kendall_s'][0] == s_of(y) and close(got['kendall_tau'][0], peer[0]), 'ties: S and tau')
        check(close(got['p_value'][0], p), 'ties: p %r, by all orders %r' % (got['p_value'][0], p))
    x = np.arange(60.)
    y = x + 30 * rng.standard_normal(60)
    p = math.erfc((abs(trend(path, x, y)['kendall_s'][0]) - 1) / math.sqrt(2 * 60 * 59 * 125 / 18))
    check(close(trend(path, x, y)['p_value'][0], p), 'normal approximation at n = 60')


def main():
    with tempfile.TemporaryDirectory() as tmp:
        subtraction(tmp)
        trends(tmp)
    return finish()


if __name__ == '__main__':
    sys.exit(main())
