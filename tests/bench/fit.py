#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits per second: five pseudo-Voigt bands on a line (22 parameters), 500 points, one core.

    tests/bench/fit.py [SPECTRA]

Ours in a batch (one process, --jobs 1, all spectra: parsing, fit and printing of every column counted, CPU
time), the same with --columns none (x, y and all results are printed), ours as one process per spectrum, and the engine alone (unit_fit_statistics prints it); beside cfityk
(one process, reading included), scipy with an analytic Jacobian (in process, warm) and lmfit. All run in turn,
and ratios are taken round by round. ASSAY names the binary (default build/assay, a release build).
"""
import os, resource, shutil, statistics, subprocess, sys, tempfile, time

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
ENGINE = os.path.join(os.path.dirname(ASSAY), 'tests', 'unit_fit_statistics')
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
ROUNDS = int(os.environ.get('ROUNDS', '5'))
START = [(1, 1662, 20, .5), (1, 1708, 20, .5), (1, 1753, 20, .5), (1, 1792, 20, .5), (1, 1833, 20, .5)]
TRUTH = [(.8, 1660, 24, .3), (1.5, 1710, 20, .5), (1, 1755, 28, .6), (2, 1790, 18, .4), (.6, 1835, 22, .2)]

try:
    import numpy as np
except ImportError:
    sys.exit('numpy makes the spectra: install python3-numpy')


def bands(x, p):
    y = p[20] + p[21] * (x - 1750)
    for k in range(5):
        h, c, w, e = p[4 * k:4 * k + 4]
        t = 4 * (x - c) ** 2 / w ** 2
        y = y + h * (e / (1 + t) + (1 - e) * np.exp(-np.log(2) * t))
    return y


def jacobian(x, p):
    J = np.empty((len(x), 22))
    for k in range(5):
        h, c, w, e = p[4 * k:4 * k + 4]
        d = x - c
        t = 4 * d * d / w ** 2
        lo, g = 1 / (1 + t), np.exp(-np.log(2) * t)
        dt = h * (-e * lo * lo - (1 - e) * np.log(2) * g)
        J[:, 4 * k], J[:, 4 * k + 1] = e * lo + (1 - e) * g, dt * (-8 * d / w ** 2)
        J[:, 4 * k + 2], J[:, 4 * k + 3] = dt * (-2 * t / w), h * (lo - g)
    J[:, 20], J[:, 21] = 1, x - 1750
    return J


def spectra(folder):
    random = np.random.RandomState(1)
    x = np.linspace(1600, 1900, 500)
    out = []
    for i in range(COUNT):
        t = np.array(TRUTH)
        t[:, 0] *= random.uniform(.8, 1.2, 5)
        t[:, 1] += random.uniform(-1.5, 1.5, 5)
        t[:, 2] *= random.uniform(.9, 1.1, 5)
        t[:, 3] += random.uniform(-.1, .1, 5)
        y = bands(x, np.r_[t.ravel(), .2, .0003]) + random.normal(0, .01, 500)
        np.savetxt(os.path.join(folder, 's%04d.xy' % i), np.c_[x, y], '%.6f %.8g')
        out.append(y)
    return x, out


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(command, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode:
        sys.exit('%s\n%s' % (command[:200], p.stderr[-500:]))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def with_scipy(x, ys):
    from scipy.optimize import curve_fit
    p0 = np.r_[np.ravel(START), 0, 0]
    start = time.process_time()
    for y in ys:
        curve_fit(lambda x, *p: bands(x, p), x, y, p0, sigma=np.full(500, .01), absolute_sigma=True,
                  jac=lambda x, *p: jacobian(x, p), maxfev=20000)
    return time.process_time() - start


def with_lmfit(x, ys):
    from lmfit.models import LinearModel, PseudoVoigtModel
    model = LinearModel(prefix='b_')
    for k in range(5):
        model = model + PseudoVoigtModel(prefix='p%d_' % k)
    start = time.process_time()
    for y in ys:
        p = model.make_params(b_slope=0, b_intercept=0)
        for k, (h, c, w, e) in enumerate(START):
            p['p%d_center' % k].set(value=c)
            p['p%d_sigma' % k].set(value=w / 2, min=0)
            p['p%d_fraction' % k].set(value=.6, min=0, max=1)
            p['p%d_amplitude' % k].set(value=h * w * 1.3, min=0)
        model.fit(y, p, x=x, weights=100, scale_covar=False)
    return time.process_time() - start


def main():
    with tempfile.TemporaryDirectory() as folder:
        x, ys = spectra(folder)
        model = ' + '.join('pvoigt(p%d) height=%g center=%g fwhm=%g eta=%g' % (k, *p) for k, p in enumerate(START))
        with open(os.path.join(folder, 'm'), 'w') as f:
            f.write(model + ' + linear level=0 slope=0\n')
        ours = '%s fit --jobs 1 %%s --model @%s/m %s/s*.xy' % (ASSAY, folder, folder)
        rows = {'assay fit, batch': (COUNT, lambda: cpu(ours % '')),
                'assay fit, no columns': (COUNT, lambda: cpu(ours % '--columns none')),
                'assay fit, one process': (1, lambda: cpu('%s fit --model @%s/m %s/s0000.xy' % (ASSAY, folder, folder)))}
        if os.path.exists(ENGINE):
            rows['engine and model alone'] = (3000, None)
        if shutil.which('cfityk'):
            function = ' + '.join('PseudoVoigt(~%g,~%g,~%g,~%g)' % (h, c, w / 2, e) for h, c, w, e in START) + ' + Linear(~0,~0)'
            for n, name in ((COUNT, 'batch'), (1, 'one process')):
                with open(os.path.join(folder, name + '.fit'), 'w') as f:
                    for i in range(n):
                        f.write("reset\n@0 < '%s/s%04d.xy'\n@0: S=0.01\n@0.F = %s\n@0: fit\n@0: info errors\n" % (folder, i, function))
                script = os.path.join(folder, name + '.fit')
                rows['cfityk, ' + name] = (n, lambda s=script: cpu('cfityk -q -n -I "%s" < /dev/null' % s))
        for name, run in (('scipy', with_scipy), ('lmfit', with_lmfit)):
            try:
                __import__(name)
            except ImportError:
                continue
            few = ys[:10] if name == 'lmfit' else ys[:100]
            rows[name] = (len(few), lambda run=run, few=few: run(x, few))
        rates = {}
        for name, (n, run) in rows.items():
            rates[name] = []
        for _ in range(ROUNDS):
            for name, (n, run) in rows.items():
                if run:
                    rates[name].append(n / max(run(), 1e-5))
                else:
                    out = subprocess.run([ENGINE], env=dict(os.environ, FIT_SPECTRA=str(n)), capture_output=True, text=True)
                    rates[name].append(float(out.stdout.split(' fits/s')[0].split()[-1]))
        for name, r in rates.items():
            peers = ['%s %.2f' % (o, statistics.median(a / b for a, b in zip(r, rates[o])))
                     for o in rates if not o.startswith(('assay', 'engine'))] if name.startswith(('assay', 'engine')) else []
            print('%-24s %8.0f fits/s CPU [%.0f-%.0f]  %s' % (name, statistics.median(r), min(r), max(r),
                                                              'over ' + ', '.join(peers) if peers else ''))


main()
