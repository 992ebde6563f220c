#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""eis-fit and lin-kk against a twin in numpy and scipy: impedances of every element, least squares with the same weights on
computed noisy spectra and on instruments' files of the corpus (where it is), the mu criterion with its residuals; a drifting
spectrum is not consistent, one of many relaxations is."""
import math, os, subprocess, sys

from lib.checked import check, finish

try:
    import numpy as np
    from scipy import optimize
except ImportError:
    print('skipped: numpy or scipy is not here')
    sys.exit(77)
ASSAY = os.environ['ASSAY']
SHARED = os.environ.get('ASSAY_SHARED', '')


def element(kind, p, w):
    s = 1j * w
    if kind == 'Wo':
        x = np.sqrt(s * p[1])
        return p[0] / (np.tanh(x) * x)
    if kind == 'Ws':
        x = np.sqrt(s * p[1])
        return p[0] * np.tanh(x) / x
    return {'R': lambda: p[0] + 0 * s, 'C': lambda: 1 / (s * p[0]), 'L': lambda: s * p[0], 'CPE': lambda: 1 / (p[0] * s ** p[1]),
            'La': lambda: p[0] * s ** p[1], 'W': lambda: p[0] * (1 - 1j) / np.sqrt(w), 'Zarc': lambda: p[0] / (1 + (s * p[1]) ** p[2]),
            'G': lambda: p[0] / np.sqrt(1 + s * p[1])}[kind]()


SIZE = {'R': 1, 'C': 1, 'L': 1, 'CPE': 2, 'La': 2, 'W': 1, 'Zarc': 3, 'G': 2, 'Wo': 2, 'Ws': 2}


def circuit(tree, p, w):
    """tree: nested ('-', ...) and ('p', ...) of kinds; p: an iterator of parameters in order of the text."""
    if isinstance(tree, str):
        return element(tree, [next(p) for _ in range(SIZE[tree])], w)
    parts = [circuit(t, p, w) for t in tree[1:]]
    return sum(parts) if tree[0] == '-' else 1 / sum(1 / z for z in parts)


def stream(f, z):
    lines = ['# %ECSV 1.0', '# ---', '# datatype:', '# - {name: series, datatype: int32}', '# - {name: z_real, unit: Ohm, datatype: float64, meta: {role: x}}',
             '# - {name: z_imag, unit: Ohm, datatype: float64, meta: {role: y}}', '# - {name: frequency, unit: Hz, datatype: float64}', '# meta:',
             '#   assay: {stream: 1, kind: data, technique: echem}', '# schema: assay-stream-1', 'series z_real z_imag frequency', '#> {"series": 0, "name": "cell"}']
    return '\n'.join(lines + ['0 %.17g %.17g %.17g' % (v.real, v.imag, x) for x, v in zip(f, z)] + ['#. {"series": 1}']) + '\n'


def assay(args, text):
    p = subprocess.run([ASSAY] + args, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    return p.stdout, p.stderr, p.returncode


def results(text):
    rows = [l.split(' ') for l in assay(['results'], text)[0].splitlines() if not l.startswith('#')][1:]
    return [((r[2].replace('%20', ' '), r[3]), float(r[4]), float(r[5]), r[8]) for r in rows]


def columns(text, *names):
    rows = [l.split(' ') for l in text.splitlines() if not l.startswith('#')]
    return [np.array([float(r[rows[0].index(n)]) for r in rows[1:]]) for n in names]


PARAMETERS = {'resistance', 'capacitance', 'inductance', 'inductance_coefficient', 'cpe_coefficient', 'warburg_coefficient', 'time_constant', 'exponent'}


def compare(name, text, tree, f, z, weights='modulus', more=(), tolerance=2e-5):
    """The fit of ours against least_squares of scipy from our own end and from a start beside it."""
    out, said, code = assay(['eis-fit', '--circuit', text, '--weights', weights, *more], stream(f, z))
    check(code == 0, '%s: %s' % (name, said))
    if code:
        return
    found = results(out)
    got = [r for r in found if r[0][1] in PARAMETERS]
    p, u = np.array([r[1] for r in got]), np.array([r[2] for r in got])
    s = {'modulus': (abs(z), abs(z)), 'unit': (1, 1), 'proportional': (np.maximum(abs(z.real), abs(z) / 1000), np.maximum(abs(z.imag), abs(z) / 1000))}[weights]
    w = 2 * math.pi * f

    def residual(q):
        m = circuit(tree, iter(p * q), w)
        return np.concatenate([(z.real - m.real) / s[0], (z.imag - m.imag) / s[1]])
    m, = [circuit(tree, iter(p), w)]
    a, b = columns(out, 'z_real_model', 'z_imag_model')
    check(np.max(abs(a + 1j * b - m) / abs(m)) < 1e-12, '%s: impedance of the circuit' % name)
    free = np.isfinite(u)
    best = optimize.least_squares(residual, np.where(free, 1.02, 1.0), method='lm', xtol=1e-14, ftol=1e-14, gtol=1e-14)
    chi2 = dict((r[0], r[1]) for r in found)['fit', 'chi2']
    check(chi2 <= 2 * best.cost * (1 + 1e-8), '%s: chi2 %g, scipy finds %g' % (name, chi2, 2 * best.cost))
    if all(free):
        J = best.jac / p
        cov = np.linalg.inv(J.T @ J) * 2 * best.cost / (2 * len(f) - len(p))
        away = abs(best.x * p - p) / np.sqrt(np.diag(cov))
        check(np.max(away) < 1e-2, '%s: %s u from scipy' % (name, away))
        check(np.max(abs(u / np.sqrt(np.diag(cov)) - 1)) < 1e-2, '%s: u %s, scipy %s' % (name, u, np.sqrt(np.diag(cov))))


def twin_kk(f, z, least, cut=0.85, most=50):
    w, n = 2 * math.pi * f, len(f)
    for m in range(least, most + 1):
        tau = np.logspace(math.log10(1 / w.max()), math.log10(1 / w.min()), m)
        a = np.zeros((2 * n, m + 3))
        a[:n, 0], a[n:, 1], a[n:, 2] = 1, w, -1 / w
        rc = 1 / (1 + 1j * np.outer(w, tau))
        a[:n, 3:], a[n:, 3:] = rc.real, rc.imag
        weight = np.concatenate([1 / abs(z), 1 / abs(z)])
        scale = np.linalg.norm(a * weight[:, None], axis=0)
        x = np.linalg.lstsq(a * weight[:, None] / scale, np.concatenate([z.real, z.imag]) * weight, rcond=1e-15)[0] / scale
        r = x[3:]
        mu = 1 - abs(r[r < 0].sum()) / r[r >= 0].sum()
        if mu < cut:
            break
    return m, mu, ((np.concatenate([z.real, z.imag]) - a @ x) * weight * 100).reshape(2, n)


f = np.logspace(6, -1, 57)
w = 2 * math.pi * f
noise = np.random.default_rng(7)
CASES = [
    ('R0-p(R1,CPE1)-CPE2', ('-', 'R', ('p', 'R', 'CPE'), 'CPE'), [30, 500, 3e-8, 0.9, 2e-5, 0.85]),
    ('L0-R0-p(R1,C1)-p(R2-Wo2,C2)', ('-', 'L', 'R', ('p', 'R', 'C'), ('p', ('-', 'R', 'Wo'), 'C')), [2e-7, 1.6, 0.87, 3e-4, 0.54, 6.3, 20, 0.02]),
    ('R0-Zarc1-Ws2', ('-', 'R', 'Zarc', 'Ws'), [10, 40, 1e-4, 0.8, 90, 0.1]),
    ('La0-R0-p(C1,R1-W1)', ('-', 'La', 'R', ('p', 'C', ('-', 'R', 'W'))), [2e-5, 0.9, 12, 1e-5, 150, 80]),
    ('R0-G1', ('-', 'R', 'G'), [10, 200, 0.01]),
]
for text, tree, p in CASES:
    m = circuit(tree, iter(p), w)
    z = m + abs(m) * 0.003 * (noise.standard_normal(len(f)) + 1j * noise.standard_normal(len(f)))
    for weights in ('modulus', 'unit', 'proportional'):
        compare('%s %s' % (text, weights), text, tree, f, z, weights)
# in any order, with a bound, a value fixed, an inductive end left out
text, tree, p = CASES[1]
z = circuit(tree, iter(p), w)
z = z + abs(z) * 0.002 * (noise.standard_normal(len(f)) + 1j * noise.standard_normal(len(f)))
out = assay(['eis-fit', '--circuit', text, '--parameters', 'C1=3e-4! R0=[1:2]', '--inductive', 'leading'], stream(f[::-1], z[::-1]))[0]
fixed = dict((r[0], r) for r in results(out))
lead = next(k for k in range(len(z)) if z[k].imag < 0)
check(lead > 2 and fixed['C1', 'capacitance'][3] == 'fixed' and fixed['C1', 'capacitance'][1] == 3e-4, 'a fixed value')
check(fixed['fit', 'degrees_of_freedom'][1] == 2 * (len(f) - lead) - 7, 'points left out: %s' % fixed['fit', 'degrees_of_freedom'][1])
check(int(np.isnan(columns(out, 'z_real_residual')[0]).sum()) == lead, 'no residuals where points are left out')

# Lin-KK: the twin, a chain of many relaxations, drift
for text, tree, p in CASES[:3]:
    m = circuit(tree, iter(p), w)
    for level, each in ((1e-3, 3), (5e-3, 3), (1e-3, 0)):
        z = m + abs(m) * level * (noise.standard_normal(len(f)) + 1j * noise.standard_normal(len(f)))
        out, said, code = assay(['lin-kk', '--per-decade', str(each), '--tolerance', '%g' % max(1, 400 * level)], stream(f, z))
        found = dict((r[0][1], r) for r in results(out))
        n, mu, residual = twin_kk(f, z, max(2, 7 * each))
        check(found['kk_elements'][1] == n and abs(found['kk_mu'][1] - mu) < 1e-6, '%s: %g elements, mu %g; twin %d, %g' % (text, found['kk_elements'][1], found['kk_mu'][1], n, mu))
        got = np.array(columns(out, 'z_real_kk_residual', 'z_imag_kk_residual'))
        check(np.max(abs(got - residual)) < 1e-5, '%s: residuals differ by %g' % (text, np.max(abs(got - residual))))
        check(abs(found['kk_residual_max'][1] - np.max(abs(residual))) < 1e-5, '%s: largest residual' % text)
        check(each == 0 or found['kk_outside'][1] == 0 and found['kk_outside'][3] == 'ok', '%s %g: %g points outside' % (text, level, found['kk_outside'][1]))
text, tree, p = CASES[0]
drift = np.array([circuit(tree, iter([30, 500 * (1 + 0.15 * k / len(f)), 3e-8, 0.9, 2e-5, 0.85]), np.array([x]))[0] * (1 + 0.1 * math.sin(k / 3)) for k, x in enumerate(w)])
out, said, code = assay(['lin-kk'], stream(f, drift))
found = dict((r[0][1], r) for r in results(out))
check(found['kk_outside'][1] > 5 and found['kk_outside'][3] == 'not_consistent' and 'differ by more' in said, 'a drifting spectrum passes: %s' % found)

# test circuit 1 of Boukamp 1995 (doi:10.1149/1.2044210): 100 Ohm, 200 Ohm parallel to 0.8 uF, 500 Ohm parallel to a Warburg of 4e-4 S s^0.5
for path, tolerance in (('autolab-dfr/data.dfr', 1e-9), ('ivium-idf/data.idf', 5e-6)):
    path = os.path.join(SHARED, 'corpus/echem', path)
    if not SHARED or not os.path.exists(path):
        continue
    found = [r for r in results(assay(['eis-fit', '--circuit', 'R0-p(R1,C1)-p(R2,W2)', path], '')[0]) if r[0][1] in PARAMETERS]
    for (key, value, u, flag), want in zip(found, (100, 200, 0.8e-6, 500, 1 / (4e-4 * math.sqrt(2)))):
        check(abs(value / want - 1) < tolerance, '%s %s: %.10g, published %g' % (os.path.basename(path), key[0], value, want))

REAL = [('zplot-z/exampleDataZPlot.z', 'R0-p(R1,C1)', ('-', 'R', ('p', 'R', 'C')), 'modulus', []),
        ('autolab-txt/exampleDataAutolab.txt', 'L0-R0-p(R1,CPE1)-p(R2,CPE2)-CPE3', ('-', 'L', 'R', ('p', 'R', 'CPE'), ('p', 'R', 'CPE'), 'CPE'), 'modulus', []),
        ('versastudio-par/exampleDataVersaStudio.par', 'L0-R0-p(R1,CPE1)', ('-', 'L', 'R', ('p', 'R', 'CPE')), 'modulus', []),
        ('autolab-dfr/data.dfr', 'R0-p(R1,C1)-p(R2-W1,C2)', ('-', 'R', ('p', 'R', 'C'), ('p', ('-', 'R', 'W'), 'C')), 'modulus', [])]
for path, text, tree, weights, more in REAL:
    path = os.path.join(SHARED, 'corpus/echem', path)
    if not SHARED or not os.path.exists(path):
        continue
    fx, re, im = columns(assay(['read', path], '')[0], 'frequency', 'z_real', 'z_imag')
    compare(os.path.basename(path), text, tree, fx, re + 1j * im, weights, more)
sys.exit(finish())
