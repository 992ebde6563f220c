#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fit says beyond parameters against lmfit, scipy and numpy: band, profile, F test, tests of residuals, expressions;
and the coverage of the bootstrap over many seeds."""
import math, os, subprocess, sys, tempfile

try:
    import lmfit, numpy as np
    from scipy import stats
except ImportError as e:
    print('skipped:', e)
    sys.exit(77)

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
FILE = os.path.join(SOURCE, 'tests', 'corpus', 'fit', 'one-peak.xy')
failed = []


def run(*words, stdin=None):
    return subprocess.run([ASSAY, *words], capture_output=True, text=True, input=stdin)


def rows(text):
    return [line.split() for line in text.splitlines() if line[:1].isdigit()]


def results(stream):
    return {(w[0], w[2], w[3]): (float(w[4]), float(w[5])) for w in rows(run('results', stdin=stream).stdout)}


def compare(what, ours, theirs, tolerance):
    good = abs(ours - theirs) <= tolerance * abs(theirs)
    print('%s  %-34s %.12g  %.12g' % ('ok ' if good else 'BAD', what, ours, theirs))
    if not good:
        failed.append(what)


def against_lmfit():
    x, y = np.loadtxt(FILE, unpack=True)
    tight = {'ftol': 1e-15, 'xtol': 1e-15, 'gtol': 1e-15}
    start = dict(amplitude=30, center=5.8, sigma=0.06, slope=0, intercept=20)
    model = lmfit.models.PseudoVoigtModel() + lmfit.models.LinearModel()
    fit = model.fit(y, model.make_params(**start), x=x, fit_kws=tight)
    simple_model = lmfit.models.GaussianModel() + lmfit.models.LinearModel()
    simple = simple_model.fit(y, simple_model.make_params(**start), x=x, fit_kws=tight)
    out = run('fit', '--model', 'pvoigt-area(p) + linear origin=0', '--against', 'gaussian(p) + linear', '--band', '0.95',
              '--intervals', 'profile', '--derive', 'breadth = p.area/p.height', '--derive', 'power[1]=p.fwhm**2*exp(-p.eta)',
              FILE)
    ours = results(out.stdout)
    get = lambda item, quantity: ours['0', item, quantity][0]

    f = (simple.chisqr - fit.chisqr) / (fit.chisqr / fit.nfree)
    compare('F', get('against', 'f_statistic'), f, 1e-7)
    compare('p of F', get('against', 'p_value'), stats.f.sf(f, 1, fit.nfree), 1e-5)
    z = fit.residual  # model - data, ordered
    compare('Durbin-Watson', get('fit', 'durbin_watson'), np.sum(np.diff(z)**2) / np.sum(z**2), 1e-7)
    up = z > 0
    runs, a, b = 1 + np.sum(up[1:] != up[:-1]), up.sum(), (~up).sum()
    mean = 2 * a * b / (a + b) + 1
    compare('p of runs', get('fit', 'runs_p'),
            2 * stats.norm.sf(abs(runs - mean) / math.sqrt((mean - 1) * (mean - 2) / (a + b - 1))), 1e-9)

    band = np.array([[float(v) for v in w] for w in rows(out.stdout)])
    names = [line for line in out.stdout.splitlines() if line.startswith('series x')][0].split()
    half = 0.5 * (band[:, names.index('model_upper')] - band[:, names.index('model_lower')])
    theirs = fit.eval_uncertainty(sigma=0.95, x=x)
    worst = int(np.argmax(abs(half / theirs - 1)))
    compare('band', half[worst], theirs[worst], 1e-4)

    # At both ends of a profile interval the F test of lmfit's fit with the parameter held there against its best
    # fit gives 95 %, the condition that its conf_interval solves less exactly.
    for mine, name, factor in [('p.area', 'amplitude', 1), ('p.center', 'center', 1), ('p.fwhm', 'sigma', 2),
                               ('p.eta', 'fraction', 1), ('linear.slope', 'slope', 1), ('linear.level', 'intercept', 1)]:
        for end in ('lower', 'upper'):
            held = fit.params.copy()
            held[name].set(value=get(mine, end) / factor, vary=False)
            there = model.fit(y, held, x=x, fit_kws=tight)
            f = (there.chisqr / fit.chisqr - 1) * fit.nfree
            compare('profile %s %s: F' % (mine, end), f, stats.f.ppf(0.95, 1, fit.nfree), 1e-6)
            if (get(mine, end) < factor * fit.params[name].value) != (end == 'lower'):
                failed.append('the side of ' + mine)

    # expressions: numerical gradient over lmfit's own covariance
    names = fit.var_names
    value = np.array([fit.params[n].value for n in names])

    def numbers(v):
        d = dict(zip(names, v))
        a, s, e = d['amplitude'], d['sigma'], d['fraction']
        h = a * ((1 - e) / (s / math.sqrt(2 * math.log(2)) * math.sqrt(2 * math.pi)) + e / (math.pi * s))
        return np.array([a / h, (2 * s)**2 * math.exp(-e)])
    jac = np.zeros((2, len(value)))
    for k in range(len(value)):
        step = np.zeros(len(value))
        step[k] = 1e-6 * max(abs(value[k]), 1e-2)
        jac[:, k] = (numbers(value + step) - numbers(value - step)) / (2 * step[k])
    u = np.sqrt(np.diag(jac @ fit.covar @ jac.T))
    for k, name in enumerate(('breadth', 'power')):
        compare(name, ours['0', name, 'derived'][0], numbers(value)[k], 1e-6)
        compare('u(%s)' % name, ours['0', name, 'derived'][1], u[k], 1e-3)


def fractions():
    out = run('fit', '--model', 'voigt(a) center=2 fwhm_g=0.4 fwhm_l=0.2 + voigt(b) center=3.2 fwhm_g=0.4 fwhm_l=0.2 + constant',
              '--fractions', '--derive', 'share=a.area/(a.area+b.area)', os.path.join(os.path.dirname(FILE), 'doublet.xy'))
    ours = results(out.stdout)
    for i in (0, 1):
        compare('fraction and the same by hand', ours['0', 'a', 'area_fraction'][i], ours['0', 'share', 'derived'][i], 1e-12)
    compare('fractions add to 1', ours['0', 'a', 'area_fraction'][0] + ours['0', 'b', 'area_fraction'][0], 1, 1e-12)
    compare('u of both alike', ours['0', 'b', 'area_fraction'][1], ours['0', 'a', 'area_fraction'][1], 1e-9)


def expression():
    """A width that is an expression of another, by lmfit's expr."""
    path = os.path.join(os.path.dirname(FILE), 'doublet.xy')
    x, y = np.loadtxt(path, unpack=True)
    model = (lmfit.models.GaussianModel(prefix='a_') + lmfit.models.GaussianModel(prefix='b_') + lmfit.models.ConstantModel())
    p = model.make_params(a_amplitude=90, a_center=2, a_sigma=0.4, b_amplitude=45, b_center=3.2, c=10)
    p['b_sigma'].set(expr='sqrt(a_sigma**2 + 0.1*a_center/(8*log(2)))')
    fit = model.fit(y, p, x=x, fit_kws={'ftol': 1e-15, 'xtol': 1e-15, 'gtol': 1e-15})
    ours = results(run('fit', '--model', 'gaussian(a) center=2 + gaussian(b) center=3.2 fwhm=@(sqrt(a.fwhm^2 + 0.1*a.center)) + '
                       'constant', path).stdout)
    for item, quantity, name, factor in [('a', 'fwhm', 'a_sigma', 2 * math.sqrt(2 * math.log(2))), ('a', 'area', 'a_amplitude', 1),
                                         ('b', 'fwhm', 'b_sigma', 2 * math.sqrt(2 * math.log(2))), ('b', 'position', 'b_center', 1),
                                         ('b', 'area', 'b_amplitude', 1), ('constant', 'level', 'c', 1)]:
        compare('expression %s.%s' % (item, quantity), ours['0', item, quantity][0], factor * fit.params[name].value, 1e-6)
        compare('expression u(%s.%s)' % (item, quantity), ours['0', item, quantity][1], factor * fit.params[name].stderr, 1e-4)


def shirley():
    """The Shirley background as part of the model, by scipy; the same curve with x as kinetic energy, both ways round."""
    from scipy.integrate import cumulative_trapezoid
    from scipy.optimize import least_squares
    random = np.random.default_rng(11)
    x = np.arange(280, 295, 0.1)
    gauss = lambda h, c, w: h * np.exp(-4 * math.log(2) * ((x - c) / w)**2)

    def curve(p):
        peaks = gauss(p[0], p[1], p[2]) + gauss(p[3], p[4], p[2])
        return peaks + p[5] * cumulative_trapezoid(peaks, x, initial=0) + p[6]
    truth = [900, 285.1, 1.2, 400, 288.3, 0.06, 200]
    y = curve(truth) + 8 * random.standard_normal(len(x))
    fit = least_squares(lambda p: curve(p) - y, truth, xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale=truth)
    jac = np.array([(curve(fit.x + h) - curve(fit.x - h)) / (2 * h.sum())
                    for h in np.diag(1e-6 * np.abs(fit.x))]).T
    u = np.sqrt(np.diag(np.linalg.inv(jac.T @ jac)) * 2 * fit.cost / (len(x) - 7))
    model = 'gaussian(a) + gaussian(b) fwhm=@a.fwhm + shirley + constant'
    with tempfile.TemporaryDirectory() as folder:
        out = run('fit', '--model', model, write(folder, 'be.csv', x, y), write(folder, 'ke.csv', 1486.6 - x, y),
                  write(folder, 'up.csv', 1486.6 - x[::-1], y[::-1]))
        ours = results(out.stdout)
        print(out.stderr)
    keys = [('a', 'height'), ('a', 'position'), ('a', 'fwhm'), ('b', 'height'), ('b', 'position'), ('shirley', 'loss')]
    for k, key in enumerate(keys):
        compare('shirley %s.%s' % key, ours[('0', *key)][0], fit.x[k], 1e-6)
        compare('shirley u(%s.%s)' % key, ours[('0', *key)][1], u[k], 1e-4)
    total = ours['0', 'a', 'area'][0] + ours['0', 'b', 'area'][0]
    for s in '12':
        compare('kinetic energy, loss', ours[s, 'shirley', 'loss'][0], -fit.x[5], 1e-6)
        compare('kinetic energy, height', ours[s, 'a', 'height'][0], fit.x[0], 1e-6)
        compare('kinetic energy, level', ours[s, 'constant', 'level'][0], fit.x[6] + fit.x[5] * total, 1e-6)
    table = np.array([[float(v) for v in w] for w in rows(out.stdout) if w[0] == '0'])
    names = [line for line in out.stdout.splitlines() if line.startswith('series x')][0].split()
    column = lambda name: table[:, names.index(name)]
    compare('model of the columns', column('model').sum(), curve(fit.x).sum(), 1e-7)
    compare('baseline of the columns', column('baseline')[-1], curve(fit.x)[-1], 1e-6)


def coverage(counts):
    """Nine in ten and a half of the intervals of 100 simulated curves hold the truth."""
    truth = {('p', 'height'): 60., ('p', 'center'): 0.3, ('p', 'fwhm'): 1.2, ('constant', 'level'): 20.}
    random, count = np.random.default_rng(7), 100
    x = np.linspace(-3, 3, 61)
    f = truth['constant', 'level'] + truth['p', 'height'] * np.exp(-math.log(2) * 4 * ((x - 0.3) / 1.2)**2)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i in range(count):
            y = random.poisson(f) if counts else f + 3 * random.standard_normal(len(x))
            files.append(os.path.join(folder, '%03d.txt' % i))
            with open(files[-1], 'w') as out:
                out.write('x,intensity (count)\n' if counts else 'x,y\n')
                out.writelines('%r,%r\n' % (float(a), float(b)) for a, b in zip(x, y))
        how = ['--weights', 'poisson'] if counts else []
        for method in ('profile', 'bootstrap'):
            fit = run('fit', '--model', 'gaussian(p) + constant', *how, '--intervals', method, '--resamples', '200', *files)
            ours = results(fit.stdout)
            if not ours:
                print(fit.stderr[:2000])
            inside = total = 0
            for i in range(count):
                for (term, name), true in truth.items():
                    item = term + '.' + name
                    inside += ours[str(i), item, 'lower'][0] <= true <= ours[str(i), item, 'upper'][0]
                    total += 1
            share, limit = inside / total, 3.5 * math.sqrt(0.95 * 0.05 / total) + 0.01  # percentiles of 200 draws
            print('%s  %s of %s: %.1f %% of %d intervals hold the truth' % ('ok ' if abs(share - 0.95) < limit else 'BAD', method,
                  'counts' if counts else 'normal noise', 100 * share, total))
            if abs(share - 0.95) >= limit:
                failed.append('coverage ' + method)


def write(folder, name, x, y):
    path = os.path.join(folder, name)
    with open(path, 'w') as out:
        out.write('x,y\n')
        out.writelines('%r,%r\n' % (float(a), float(b)) for a, b in zip(x, y))
    return path


def together():
    """Position and width in common, by scipy on all rows at once."""
    from scipy.optimize import least_squares
    random = np.random.default_rng(3)
    grids = [np.linspace(-4, 4, n) for n in (41, 50, 63)]
    gauss = lambda x, h, c, w, b: b + h * np.exp(-4 * math.log(2) * ((x - c) / w)**2)
    data = [gauss(x, 5 + 20 * i, 0.4, 1.7, 3 + i) + random.standard_normal(len(x)) for i, x in enumerate(grids)]
    residual = lambda p: np.concatenate([gauss(x, p[2 + 2 * i], p[0], p[1], p[3 + 2 * i]) - y
                                         for i, (x, y) in enumerate(zip(grids, data))])
    fit = least_squares(residual, [0.3, 1.5, 5, 3, 25, 4, 45, 5], xtol=1e-15, ftol=1e-15, gtol=1e-15)
    dof = sum(map(len, grids)) - 8
    u = np.sqrt(np.diag(np.linalg.inv(fit.jac.T @ fit.jac)) * 2 * fit.cost / dof)
    with tempfile.TemporaryDirectory() as folder:
        files = [write(folder, '%d.csv' % i, x, y) for i, (x, y) in enumerate(zip(grids, data))]
        out = run('fit-global', '--model', 'gaussian(p) + constant', '--shared', 'p.center, fwhm', *files)
        ours = results(out.stdout)
    for s in range(3):
        for k, item, name in ((0, 'p', 'position'), (1, 'p', 'fwhm'), (2 + 2 * s, 'p', 'height'), (3 + 2 * s, 'constant', 'level')):
            value, error = ours[str(s), item, name]
            compare('global %d %s' % (s, name), value, fit.x[k], 1e-6)
            compare('global %d u(%s)' % (s, name), error, u[k], 1e-5)
    compare('global chi2', ours['1', 'fit', 'chi2'][0], 2 * fit.cost, 1e-9)
    compare('global degrees of freedom', ours['2', 'fit', 'degrees_of_freedom'][0], dof, 0)


def moving():
    """A weak peak walks past a strong one that stays: each fit from the one before keeps them apart."""
    x, count = np.linspace(0, 20, 201), 24
    random = np.random.default_rng(5)
    gauss = lambda h, c: h * np.exp(-4 * math.log(2) * ((x - c) / 1.5)**2)
    with tempfile.TemporaryDirectory() as folder:
        files = [write(folder, '%02d.csv' % i, x, gauss(100, 14) + gauss(30, 2 + 0.4 * i) + random.standard_normal(len(x)))
                 for i in range(count)]
        model = 'gaussian(still) center=14 fwhm=1.5 + gaussian(moves) center=2 fwhm=1.5 + constant'
        ours = results(run('fit-series', '--model', model, *files).stdout)
    for i in range(count):
        value, error = ours[str(i), 'moves', 'position']
        if not abs(value - (2 + 0.4 * i)) < 4 * error < 0.5:
            failed.append('series %d' % i)
            print('BAD  series %d: %g +- %g, true %g' % (i, value, error, 2 + 0.4 * i))


against_lmfit()
fractions()
expression()
shirley()
together()
moving()
coverage(False)
coverage(True)
print('%d comparisons failed' % len(failed))
sys.exit(1 if failed else 0)
