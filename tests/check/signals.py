#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Baselines, smoothing, peaks and resampling against dense linear algebra and scipy, through the command line.

The Whittaker family is derived again from the papers on full matrices: one loop per method, no band, no filter."""
import io, os, subprocess, sys

try:
    import numpy as np
except ImportError:
    print('skipped: no numpy')
    sys.exit(77)
try:
    import scipy.signal as sig
    import scipy.interpolate as itp
    from scipy.special import erf, expit
except ImportError:
    print('skipped: no scipy')
    sys.exit(77)

ASSAY = os.environ['ASSAY']
failed = []
done = 0


def check(what, ok, detail=''):
    global done
    done += 1
    if not ok:
        failed.append(what)
        print('FAILED', what, detail)


def stream(x, y, x_name='raman_shift', x_unit='cm-1', unit='count', sigma=None):
    cols = ['# - {name: series, datatype: int32}',
            '# - {name: %s, unit: %s, datatype: float64, meta: {role: x}}' % (x_name, x_unit),
            '# - {name: intensity, unit: %s, datatype: float64, meta: {role: y}}' % unit]
    names = 'series %s intensity' % x_name
    if sigma is not None:
        cols.append('# - {name: sigma, unit: %s, datatype: float64, meta: {role: sigma}}' % unit)
        names += ' sigma'
    head = ['# %ECSV 1.0', '# ---', '# datatype:'] + cols + \
        ['# meta:', '#   assay: {stream: 1, kind: data, technique: generic}', '#   history: []',
         '# schema: assay-stream-1', names, '#> {"series": 0, "name": "a"}']
    rows = ['0 %r %r' % (float(a), float(b)) + ('' if sigma is None else ' %r' % float(s))
            for a, b, s in zip(x, y, y if sigma is None else sigma)]
    return '\n'.join(head + rows + ['#. {"series": 1}', ''])


def run(args, text):
    p = subprocess.run([ASSAY] + args, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if p.returncode:
        print('exit', p.returncode, ' '.join(args), p.stderr.decode()[:300])
        return None
    return p.stdout.decode()


def columns(text):
    lines = [l for l in text.split('\n') if l and not l.startswith('#')]
    names = lines[0].split()
    data = np.genfromtxt(io.StringIO('\n'.join(lines[1:])))
    return {n: data[:, k] for k, n in enumerate(names)}


def results(text):
    out = {}
    for l in run(['results'], text).split('\n'):
        w = l.split()
        if len(w) > 5 and w[0].isdigit():
            out[(w[2], w[3])] = (float(w[4]), float(w[5]), w[8])
    return out


# --- a spectrum ---------------------------------------------------------------------------
rng = np.random.RandomState(11)
N = 220
x = 100 + 4.0 * np.arange(N)
u = np.arange(N) / (N - 1)
base = 20 + 30 * np.exp(-((u - .4) / .5) ** 2) + 5 * u
y = base + rng.normal(0, .3, N)
for c, h, w in ((.15, 8, .01), (.33, 15, .015), (.36, 6, .01), (.6, 20, .02), (.85, 5, .012)):
    y = y + h * np.exp(-((u - c) / w) ** 2 / 2)
spectrum = stream(x, y)

# --- the Whittaker family on full matrices --------------------------------------------------
D = {d: np.diff(np.eye(N), d, axis=0) for d in (1, 2)}
P1, P2 = (m.astype(np.longdouble) for m in (D[1].T @ D[1], D[2].T @ D[2]))
LAM = 2e3


def exact(a, b):
    """Solved in doubles, refined with residuals in long doubles: the plain solution has lost six digits."""
    rough = a.astype(float)
    z = np.linalg.solve(rough, b.astype(float)).astype(np.longdouble)
    for _ in range(3):
        z += np.linalg.solve(rough, (b - a @ z).astype(float))
    return z.astype(float)


def solve(w, lam=LAM):
    return exact(np.diag(w) + lam * P2, w * y)


def negatives(r):
    n = r[r < 0]
    return n.mean(), n.std(ddof=1)


def loop(rule, draw=solve, tol=1e-3, n=200):
    w = np.ones(N)
    for t in range(1, n + 1):
        z = draw(w)
        new = rule(t, y - z)
        change = np.linalg.norm(new - w) / np.linalg.norm(w)
        w = new
        if change <= tol:
            return z
    return None


def airpls(tol=1e-3):
    w = np.ones(N)
    for t in range(1, 51):
        z = solve(w)
        r = y - z
        s = -r[r < 0].sum()
        w = np.where(r < 0, np.exp(t * np.abs(r) / s), 0)
        if s < tol * np.abs(y).sum():
            return z


def arpls(t, r):
    m, s = negatives(r)
    return expit(-2 * (r - (2 * s - m)) / s)


def softsign(base_of):
    def rule(t, r):
        m, s = negatives(r)
        q = base_of ** min(t, 100) * (r - (2 * s - m)) / s
        return .5 * (1 - q / (1 + np.abs(q)))
    return rule


def iarpls(t, r):
    m, s = negatives(r)
    q = np.exp(min(t, 100)) * (r - 2 * s) / s
    return .5 * (1 - q / np.hypot(1, q))


def drpls_draw(w, eta=.5):
    return exact(np.diag(w) + P1 + LAM * np.diag(1 - eta * w) @ P2, w * y)


def iasls_draw(w, lam1=1e-4):
    return exact(np.diag(w ** 2) + lam1 * P1 + LAM * P2, w ** 2 * y + lam1 * (P1 @ y))


def aspls():
    w, a = np.ones(N), np.ones(N)
    for t in range(200):
        z = exact(np.diag(w) + LAM * np.diag(a) @ P2, w * y)
        r = y - z
        m, s = negatives(r)
        new = expit(-2 * (r - (s - m)) / s)
        change = np.linalg.norm(new - w) / np.linalg.norm(w)
        w = new
        if change <= 3e-2:  # further rounds blow rounding up: a row's smoothness follows its residual
            return z
        a = np.abs(r) / np.abs(r).max()


def brpls():
    beta, w = .5, np.ones(N)
    for outer in range(100):
        for t in range(200):
            z = solve(w)
            r = y - z
            m, s = r[r > 0].mean(), np.sqrt((r[r < 0] ** 2).mean())
            q = (r / s - s / m) / np.sqrt(2)
            with np.errstate(over='ignore'):
                new = 1 / (1 + beta / (1 - beta) * np.sqrt(np.pi / 2) * s / m * np.exp(np.minimum(q * q, 700)) * (1 + erf(q)))
            change = np.linalg.norm(new - w) / np.linalg.norm(w)
            w = new
            if change <= 1e-3:
                break
        if abs(1 - w.mean() - beta) < 1e-3:
            return z
        beta = 1 - w.mean()


k = y.std() / 10


def derpsalsa():
    half, s = max(1, N // 200), y.copy()
    for _ in range(16):
        s = np.array([s[max(0, i - half):i + half + 1].mean() for i in range(N)])
    d1 = np.gradient(s)
    d2 = np.gradient(d1)
    fade = np.exp(-d1 ** 2 / np.mean(d1 ** 2) / 2) * np.exp(-d2 ** 2 / np.mean(d2 ** 2) / 2)
    return loop(lambda t, r: np.where(r > 0, .01 * np.exp(-(r / k) ** 2 / 2), .99) * fade)


dense = {
    'asls': loop(lambda t, r: np.where(r > 0, .01, .99), tol=0),
    'iasls': loop(lambda t, r: np.where(r > 0, .01, .99), iasls_draw, tol=0),
    'airpls': airpls(), 'arpls': loop(arpls), 'drpls': loop(softsign(np.e), drpls_draw),
    'iarpls': loop(iarpls), 'lsrpls': loop(softsign(10.0)), 'aspls': aspls(), 'brpls': brpls(),
    'derpsalsa': derpsalsa(), 'psalsa': loop(lambda t, r: np.where(r > 0, .5 * np.exp(-r / k), .5)),
}
for name, z in dense.items():
    out = run(['baseline-' + name, '--lambda', repr(LAM)] + (['--tolerance', '0.03'] if name == 'aspls' else []),
              spectrum)
    if z is None or out is None:
        check('baseline-' + name, False, 'no answer')
        continue
    worst = np.abs(columns(out)['baseline'] - z).max()
    check('baseline-' + name, worst < 2e-8, 'differs from the dense solution by %.3g' % worst)

# --- smoothing ------------------------------------------------------------------------------
for window, order, deriv in ((5, 2, 0), (11, 3, 1), (21, 4, 2), (151, 3, 0), (151, 2, 1), (7, 6, 4)):
    out = run(['smooth-savgol', '--window', '%dpt' % window, '--order', str(order), '--derivative', str(deriv)], spectrum)
    want = sig.savgol_filter(y, window, order, deriv=deriv, delta=4.0, mode='interp')
    got = columns(out)['intensity']
    check('savgol %d %d %d' % (window, order, deriv), np.abs(got - want).max() < 1e-9 * max(1, np.abs(want).max()),
          np.abs(got - want).max())
for window in (3, 9, 41):
    got = columns(run(['smooth-median', '--width', '%dpt' % window], spectrum))['intensity']
    h = window // 2
    want = np.array([np.median(y[max(0, i - h):i + h + 1]) for i in range(N)])
    check('median %d' % window, np.array_equal(got, want))

# --- peaks ----------------------------------------------------------------------------------
long = 0.5 * np.sin(np.arange(20000) * 2e-3) + rng.normal(0, .02, 20000)
for i in range(100):
    c = rng.randint(200, 19800)
    long += rng.uniform(.3, 2) * np.exp(-.5 * ((np.arange(20000) - c) / rng.uniform(12, 40)) ** 2)
long = np.round(long, 3)  # ties and flat tops
smooth = long + 1e-6 * rng.uniform(size=20000)  # no ties: which of two equal peaks goes is nobody's promise
for args, kw in ((['--prominence', '0.2'], dict(prominence=.2)),
                 (['--prominence', '0.05', '--height', '0.5'], dict(prominence=.05, height=.5)),
                 (['--prominence', '0.1', '--distance', '50pt'], dict(prominence=.1, distance=50)),
                 (['--prominence', '0.1', '--threshold', '0.005'], dict(prominence=.1, threshold=.005)),
                 (['--prominence', '0.1', '--width', '12pt'], dict(prominence=.1, width=12))):
    data = smooth if 'distance' in kw else long
    at, props = sig.find_peaks(data, **kw)
    widths = sig.peak_widths(data, at, .5)[0]
    r = results(run(['peaks'] + args, stream(np.arange(20000.0), data, 'pixel', '1')))
    got = [r[(str(i + 1), 'prominence')][0] for i in range(sum(q == 'prominence' for _, q in r))]
    check('number of peaks ' + ' '.join(args), len(got) == len(at), '%d, scipy %d' % (len(got), len(at)))
    if len(got) == len(at):
        check('prominences ' + ' '.join(args), np.allclose(got, props['prominences'], rtol=0, atol=1e-12))
        w = [r[(str(i + 1), 'fwhm')][0] for i in range(len(at))]
        check('widths ' + ' '.join(args), np.allclose(w, widths, rtol=0, atol=1e-9))
        p = [r[(str(i + 1), 'position')][0] for i in range(len(at))]
        check('positions ' + ' '.join(args), np.abs(np.array(p) - at).max() <= 1)

# --- resampling -----------------------------------------------------------------------------
for kind, f in (('linear', lambda a: np.interp(a, x, y)), ('pchip', itp.PchipInterpolator(x, y)),
                ('cubic', itp.CubicSpline(x, y, bc_type='natural'))):
    c = columns(run(['resample', '--points', '1001', '--method', kind], spectrum))
    check('resample ' + kind, np.abs(c['intensity'] - f(c['raman_shift'])).max() < 1e-9)

# --- areas: u is what repeated measurements scatter by ----------------------------------------
xx, many = np.arange(120.0), ''
for seed in range(60):
    mean = 50 + .2 * xx + 40 * np.exp(-.5 * ((xx - 60) / 6) ** 2)
    counts = np.random.RandomState(seed).poisson(mean).astype(float)
    lines = stream(xx, counts, 'pixel', '1', sigma=np.sqrt(np.maximum(counts, 1))).split('\n')
    start = next(i for i, l in enumerate(lines) if l.startswith('#>'))
    many += '\n'.join(lines[:start]) + '\n' if seed == 0 else ''
    many += '#> {"series": %d, "name": "s%d"}\n' % (seed, seed)
    many += ''.join('%d%s\n' % (seed, l[1:]) for l in lines[start + 1:-2])
out = run(['results'], run(['peak-area', '--window', '40:80', '--baseline', '10:35,85:110'], many + '#. {"series": 60}\n'))
areas = [l.split() for l in out.split('\n') if ' area ' in l]
check('peak-area: series', len(areas) == 60)
z = [(float(w[4]) - 40 * 6 * np.sqrt(2 * np.pi) * .99914) / float(w[5]) for w in areas]
z = np.array(z)
check('peak-area: errors', .7 < z.std() < 1.35 and abs(z.mean()) < .45, 'rms z %.2f mean %.2f' % (z.std(), z.mean()))
a = results(run(['integrate', '--region', '200:400'], spectrum))[('curve', 'area')][0]
inside = (x >= 200) & (x <= 400)
check('integrate', abs(a - np.sum(.5 * (y[inside][1:] + y[inside][:-1]) * 4)) < 1e-9)
got = columns(run(['derivative'], spectrum))['intensity']
check('derivative', np.abs(got - np.gradient(y, x, edge_order=2)).max() < 1e-11)

print('%d checks, %d failed' % (done, len(failed)))
sys.exit(1 if failed else 0)
