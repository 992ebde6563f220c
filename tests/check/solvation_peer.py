#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""solvation against scipy: the same restrained bands on the same spectrum by least_squares with wofz, started at the table. Areas
agree to a hundredth of their uncertainty, the minimum is the same, uncertainties agree to 1 %; so does the fraction with its parts."""
import os
import subprocess
import sys

try:
    import numpy as np
    from scipy.optimize import least_squares
    from scipy.special import wofz
except ImportError as e:
    print('skipped:', e)
    sys.exit(77)
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import ASSAY, SOURCE, parse_results, table  # noqa: E402

BANDS = [('PC free', 712, 1, 6, 1), ('PC bound', 718, 2, 7, 1.5), ('TFSI free', 740, 1.5, 7, 1.5), ('TFSI bound', 746, 2, 8, 1.5)]
FILE = os.path.join(SOURCE, 'tests', 'corpus', 'raman', 'electrolyte.ecsv')
REGION = 691.0, 774.0
failed = 0


def check(good, text):
    global failed
    print('%s %s' % ('ok' if good else 'FAILED', text))
    failed += not good


def ours():
    path = os.path.join(os.environ.get('TMPDIR', '/tmp'), 'assay-bands-%d.tsv' % os.getpid())
    with open(path, 'w') as f:
        f.write('position\tu\tfwhm\tfwhm_u\tgroup\tstate\n')
        for name, *values in BANDS:
            f.write('\t'.join(map(str, values)) + '\t' + name.replace(' ', '\t') + '\n')
    p = subprocess.run([ASSAY, 'solvation', '--bands', path, '--region', '%g:%g' % REGION, '--cross-section-u', '0', FILE],
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    os.remove(path)
    r = subprocess.run([ASSAY, 'results'], input=p.stdout, stdout=subprocess.PIPE, check=True)
    return p.stdout, parse_results(r.stdout.decode())


def voigt(x, area, center, fwhm_g, fwhm_l):
    s = fwhm_g / (2 * np.sqrt(2 * np.log(2)))
    return area * wofz((x - center + 0.5j * fwhm_l) / (s * np.sqrt(2))).real / (s * np.sqrt(2 * np.pi))


def theirs(x, y, sigma):
    t = 2 * (x - x.min()) / (x.max() - x.min()) - 1
    prior = np.array([v for _, p, u, w, uw in BANDS for v in ((p, u), (w, uw))])

    def residual(p):
        f = p[-2] + p[-1] * t
        for k in range(len(BANDS)):
            f = f + voigt(x, 1e4 * p[3 * k], p[3 * k + 1], 1.0, p[3 * k + 2])
        q = np.array([p[3 * k + j] for k in range(len(BANDS)) for j in (1, 2)])
        return np.concatenate([(y - f) / sigma, (q - prior[:, 0]) / prior[:, 1]])

    start = []
    for _, p, _, w, _ in BANDS:
        start += [1.0, p, w]
    fit = least_squares(residual, start + [float(y.min()), 0.0], x_scale='jac', xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=5000)
    return fit, np.linalg.inv(fit.jac.T @ fit.jac)


stream, r = ours()
t = table(stream)
x, y, sigma = (np.array(t[n], float) for n in ('raman_shift', 'intensity', 'sigma'))
inside = (x >= REGION[0]) & (x <= REGION[1])
reduced = r['fit', 'reduced_chi2']['value']
fit, C = theirs(x[inside], y[inside], sigma[inside])
check(abs(2 * fit.cost / r['fit', 'chi2']['value'] - 1) < 1e-6, 'chi2 %.6f, scipy %.6f' % (r['fit', 'chi2']['value'], 2 * fit.cost))
for k, (name, *_) in enumerate(BANDS):
    a, want, u = r[name, 'area'], 1e4 * fit.x[3 * k], 1e4 * np.sqrt(C[3 * k, 3 * k])
    check(abs(a['value'] - want) < 0.01 * u and abs(a['u'] / u - 1) < 0.01,
          '%s: area %.1f(%.1f), scipy %.1f(%.1f)' % (name, a['value'], a['u'], want, u))
    p, want, u = r[name, 'position'], fit.x[3 * k + 1], np.sqrt(C[3 * k + 1, 3 * k + 1])
    check(abs(p['value'] - want) < 0.01 * u + 1e-9 and abs(p['u'] / u - 1) < 0.01, '%s: position %.4f(%.4f), scipy %.4f(%.4f)' % (
        name, p['value'], p['u'], want, u))
for k in (0, 2):
    a, b = fit.x[3 * k], fit.x[3 * k + 3]
    g = np.zeros(len(fit.x))
    g[3 * k], g[3 * k + 3] = b / (a + b) ** 2, -a / (a + b) ** 2
    f = r[BANDS[k][0], 'fraction']
    linear = np.sqrt(g @ C @ g)
    parts = [r[BANDS[k][0], q]['value'] for q in ('u_statistical', 'u_restraint', 'u_baseline', 'u_cross_section')]
    check(abs(f['value'] - a / (a + b)) < 0.01 * linear, '%s: fraction %.5f, scipy %.5f' % (BANDS[k][0], f['value'], a / (a + b)))
    check(abs(np.hypot.reduce(parts) / f['u'] - 1) < 1e-9, '%s: the parts add in squares to %.5f' % (BANDS[k][0], f['u']))
    check(f['u'] > 0.99 * linear, '%s: u %.5f, of it by linear propagation %.5f' % (BANDS[k][0], f['u'], linear))
    sub = np.array([3 * q for q in range(len(BANDS))])
    alone = np.sqrt(g[sub] @ np.linalg.inv((fit.jac.T @ fit.jac)[np.ix_(sub, sub)]) @ g[sub])
    check(abs(parts[0] / alone - 1) < 0.01, '%s: from noise alone %.6f, scipy %.6f' % (BANDS[k][0], parts[0], alone))
print('reduced chi2 %.3f' % reduced)
sys.exit(1 if failed else 0)
