#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Baselines by polynomials, morphology, clipping and hulls against the papers' algorithms in numpy and scipy, written
from the papers with other means: grey morphology of scipy.ndimage, polynomials by a dense least squares fit, the
quantile as a linear program, the Huber cost by a general minimiser, the hull by qhull. (The Whittaker family:
signals.py.)
"""
import os, subprocess, sys

try:
    import numpy as np
    from scipy.interpolate import BSpline
    from scipy.ndimage import maximum_filter1d, minimum_filter1d
    from scipy.optimize import linprog, minimize
    from scipy.signal import savgol_filter
    from scipy.spatial import ConvexHull
except ImportError:
    print('needs numpy and scipy')
    sys.exit(77)

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
N, HALF = 240, 20
problems = []

x = np.arange(N) * 2. + 100
r = np.random.RandomState(7)
y = 50 + .1 * (x - 100) + 20 * np.sin(x / 170) + r.normal(0, .7, N)
for at, height, width in ((180, 60, 8), (300, 110, 12), (330, 40, 10), (480, 80, 15)):
    y = y + height * np.exp(-.5 * ((x - at) / width) ** 2)
y = np.round(y, 4)
u = (x - x.mean()) / np.ptp(x)


def ours(name, *options):
    text = ''.join('%r %r\n' % p for p in zip(x.tolist(), y.tolist()))
    p = subprocess.run([ASSAY, 'baseline-' + name, *options], input='x y\n' + text, capture_output=True, text=True)
    if p.returncode:
        print(name, p.stderr)
        return np.full(N, np.nan)
    rows = [l.split() for l in p.stdout.split('\n') if l and l[0] != '#']
    return np.array([float(c[rows[0].index('baseline')]) for c in rows[1:]])


def check(name, got, want, tolerance):
    worst = np.abs(got - want).max()
    if not worst <= tolerance:
        problems.append('baseline-%s differs by %.3g, at most %g expected' % (name, worst, tolerance))


def poly(order, v, use=None):
    A = np.vander(u, order + 1)
    rows = np.ones(N, bool) if use is None else use
    return A @ np.linalg.lstsq(A[rows], v[rows], rcond=None)[0]


def modpoly(order, tol=1e-3):
    t, old = y.copy(), None
    while True:
        z = poly(order, t)
        t = np.minimum(t, z)
        if old is not None and np.linalg.norm(z - old) <= tol * np.linalg.norm(old):
            return z
        old = z


def imodpoly(order, tol=1e-3):
    t, use, last = y.copy(), np.ones(N, bool), None
    while True:
        z = poly(order, t, use)
        spread = (t - z)[use].std()
        if last is None:
            use = t <= z + spread
        t = np.minimum(t, z + spread)
        if last is not None and abs(spread - last) <= tol * spread:
            return z
        last = spread


def quantile_loss(z, q):
    d = y - z
    return np.where(d > 0, q * d, (q - 1) * d).sum()


def quantile(order, q):
    A = np.vander(u, order + 1)
    c = np.r_[np.zeros(order + 1), np.full(N, q), np.full(N, 1 - q)]
    s = linprog(c, A_eq=np.hstack([A, np.eye(N), -np.eye(N)]), b_eq=y,
                bounds=[(None, None)] * (order + 1) + [(0, None)] * (2 * N), method='highs')
    return A @ s.x[:order + 1]


def huber(order, s):
    A = np.linalg.qr(np.vander(u, order + 1))[0]

    def cost(p):
        d = y - A @ p
        above = d > s
        return np.where(above, 2 * s * d - s * s, d * d).sum(), -A.T @ np.where(above, 2 * s, 2 * d)
    return A @ minimize(cost, A.T @ y, jac=True, method='BFGS', options={'gtol': 1e-9, 'maxiter': 2000}).x


erode = lambda v: minimum_filter1d(v, 2 * HALF + 1, mode='constant', cval=np.inf)
dilate = lambda v: maximum_filter1d(v, 2 * HALF + 1, mode='constant', cval=-np.inf)
opening = lambda v: dilate(erode(v))
closing = lambda v: erode(dilate(v))
averaged = lambda v: .5 * (dilate(opening(v)) + erode(opening(v)))


def mollify(v, half):
    j = np.arange(-half, half + 1) / (half + 1)
    k = np.exp(-1 / (1 - j * j))
    return np.convolve(v, k, 'same') / np.convolve(np.ones(N), k, 'same')


def until_still(step, z, tol, first=False):
    for k in range(1000):
        new = step(z)
        size = max(np.linalg.norm(z), tol * np.linalg.norm(y))
        if not (first and k == 0) and np.linalg.norm(new - z) <= tol * size:
            return new
        z = new


def mean(v, half):
    return np.array([v[i - k:i + k + 1].mean() for i in range(N) for k in [min(half, i, N - 1 - i)]])


def jbcd(alpha=.1, beta=10., gamma=1., tol=1e-2):
    D = np.diff(np.eye(N), axis=0)
    P, top = D.T @ D, opening(y)
    v, s = top.copy(), y - top
    while True:
        s1 = np.linalg.solve(np.eye(N) + gamma * P, y - v)
        v1 = np.linalg.solve((1 + alpha) * np.eye(N) + beta * P, y - s1 + alpha * top)
        change = max(np.linalg.norm(v1 - v) / np.linalg.norm(v), np.linalg.norm(s1 - s) / np.linalg.norm(s))
        v, s = v1, s1
        if change <= tol:
            return v
        beta, gamma = 1.1 * beta, gamma / 1.1


def ipsa(tol=1e-3):
    v, old = y, y
    while True:
        z = savgol_filter(v, 2 * HALF + 1, 2)
        if np.linalg.norm(z - old) <= tol * np.linalg.norm(old):
            return z
        v, old = np.minimum(y, z), z


def mpls(period=120):
    low, w = opening(y), np.zeros(N)
    cuts = np.flatnonzero(np.diff(low)) + 1
    for stretch in np.split(np.arange(N), cuts):
        if len(stretch) > 1:
            w[stretch[np.argmin(y[stretch])]] = 1
    w[[0, -1]] = 1
    D = np.diff(np.eye(N), 2, axis=0)
    return np.linalg.solve(np.diag(w) + (2 * np.sin(np.pi / period)) ** -4 * D.T @ D, w * y)


def mixture(knots=12, penalty=20.):
    """de Rooi & Eilers 2012 on cubic B-splines: the fixed point of noise's probability and the spline it weights."""
    t = np.arange(-3, knots + 4) / knots * np.ptp(x) + x[0]
    B = np.array([BSpline(t, row, 3)(x) for row in np.eye(knots + 3)]).T
    D = np.diff(np.eye(knots + 3), 2, axis=0)
    w, share = np.ones(N), .5
    for k in range(2000):
        z = B @ np.linalg.solve(B.T @ (w[:, None] * B) + penalty * D.T @ D, B.T @ (w * y))
        r = y - z
        v = w if k else w * (r < 0)
        s = np.sqrt((v * r * r).sum() / v.sum())
        noise = (1 - share) * np.exp(-.5 * (r / s) ** 2) / (s * np.sqrt(2 * np.pi))
        w, old = np.where(r > 0, noise / (noise + share / r.max()), 1), w
        share = min(max(1 - w.mean(), 1e-6), 1 - 1e-6)
        if np.abs(w - old).max() < 1e-12:
            break
    return z


def snip():
    v = y.copy()
    for p in range(HALF, 0, -1):
        reach = np.minimum(p, np.minimum(np.arange(N), np.arange(N)[::-1]))
        v = np.minimum(v, .5 * (v[np.arange(N) - reach] + v[np.arange(N) + reach]))
    return v


def loess(span=41, rounds=5, scale=3.):
    w, z = np.ones(N), np.empty(N)
    for k in range(rounds + 1):
        for i in range(N):
            d = np.abs(x - x[i])
            near = np.argsort(d, kind='stable')[:span]
            t = d[near] / (1.0001 * d[near].max())
            weight = np.sqrt((1 - t ** 3) ** 3 * w[near])
            A = np.c_[np.ones(span), x[near] - x[i]]
            z[i] = np.linalg.lstsq(A * weight[:, None], weight * y[near], rcond=None)[0][0]
        r = (y - z) / (scale * np.median(np.abs(y - z)) / .6745)
        w = np.where(r < 0, 1, np.maximum(0, 1 - r * r) ** 2)
    return z


def hull():
    points = np.c_[x, y]
    h = ConvexHull(points)
    corners = np.unique(np.concatenate([f for f, e in zip(h.simplices, h.equations) if e[1] < 0]))
    return np.interp(x, x[corners], y[corners])


gap = (x < 150) | ((x > 220) & (x < 250)) | ((x > 380) & (x < 420)) | (x > 540)
check('polynomial', ours('polynomial', '--order', '3', '--regions', '0:149,221:249,381:419,541:999'),
      poly(3, y, gap), 1e-9)
check('modpoly', ours('modpoly', '--order', '4'), modpoly(4), 1e-9)
check('imodpoly', ours('imodpoly', '--order', '4'), imodpoly(4), 1e-9)
z, want = ours('quantile', '--order', '4', '--quantile', '0.1', '--tolerance', '1e-9', '--iterations', '20000'), quantile(4, .1)
check('quantile', z, want, .02)
if quantile_loss(z, .1) > quantile_loss(want, .1) * 1.0001:
    problems.append('baseline-quantile costs %.6g, the linear program %.6g' % (quantile_loss(z, .1), quantile_loss(want, .1)))
check('penalized', ours('penalized', '--order', '4', '--cost', 'huber', '--threshold', '2', '--tolerance', '1e-12',
                        '--iterations', '20000'), huber(4, 2.), 1e-6)
window = ['--window', '%dpt' % (2 * HALF + 1)]
check('tophat', ours('tophat', *window), opening(y), 1e-12)
check('mor', ours('mor', *window), np.minimum(averaged(y), opening(y)), 1e-12)
check('imor', ours('imor', *window), until_still(lambda v: np.minimum(y, averaged(v)), y, 1e-2), 1e-9)
check('mormol', ours('mormol', *window, '--smooth', '9pt'),
      until_still(lambda v: v + mollify(erode(mollify(y - v, 4)), HALF), np.zeros(N), 1e-3, first=True), 1e-9)
check('amormol', ours('amormol', *window),
      until_still(lambda v: mollify(np.minimum(y, .5 * (opening(v) + closing(v))), HALF), y, 1e-2), 1e-9)
check('rolling-ball', ours('rolling-ball', *window, '--smooth', '21pt'), mean(opening(y), 10), 1e-10)
check('jbcd', ours('jbcd', *window), jbcd(), 1e-8)
check('rubberband', ours('rubberband'), hull(), 1e-9)
check('ipsa', ours('ipsa', *window), ipsa(), 1e-9)
check('mpls', ours('mpls', *window, '--width', '120pt'), mpls(), 1e-6)
check('mixture', ours('mixture', '--knots', '12', '--lambda', '20', '--tolerance', '1e-12', '--iterations', '3000'), mixture(), 1e-6)
check('snip', ours('snip', '--window', '%dpt' % (2 * HALF)), snip(), 1e-12)
check('loess', ours('loess', '--window', '41pt', '--rounds', '5'), loess(), 1e-9)
for p in problems:
    print(p)
print('18 methods, %d problems' % len(problems))
sys.exit(bool(problems))
