#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fit against cfityk and lmfit on the same data and model: parameters within 1e-6, uncertainties within 1e-4."""
import os, re, shutil, subprocess, sys, tempfile

ASSAY = os.environ['ASSAY']
SOURCE = os.environ['ASSAY_SOURCE']
FILE = os.path.join(SOURCE, 'tests', 'corpus', 'fit', 'one-peak.xy')
failed = []


def fit(model, file=FILE, *options):
    run = subprocess.run('"$ASSAY" fit --model "$MODEL" %s "%s" | "$ASSAY" results' % (' '.join(options), file), shell=True,
                         capture_output=True, text=True, env=dict(os.environ, MODEL=model))
    out = {}
    for line in run.stdout.splitlines():
        if line[:1] not in ('#', 's', ''):
            word = line.split()
            out[word[2], word[3]] = float(word[4]), float(word[5])
    if not out:
        print(run.stderr)
    return out


def compare(what, ours, theirs, tolerance):
    good = abs(ours - theirs) <= tolerance * abs(theirs)
    print('%s  %-28s %.12g  %.12g' % ('ok ' if good else 'BAD', what, ours, theirs))
    if not good:
        failed.append(what)


def against_lmfit():
    try:
        import lmfit, numpy
    except ImportError:
        return False
    x, y = numpy.loadtxt(FILE, unpack=True)
    tight = {'ftol': 1e-15, 'xtol': 1e-15, 'gtol': 1e-15}
    cases = [('pvoigt-area', lmfit.models.PseudoVoigtModel, {'eta': 'fraction'}),
             ('gaussian', lmfit.models.GaussianModel, {}), ('lorentzian', lmfit.models.LorentzianModel, {})]
    for shape, peer, extra in cases:
        m = peer() + lmfit.models.LinearModel()
        start = m.make_params(amplitude=30, center=5.8, sigma=0.06, slope=0, intercept=20)
        r = m.fit(y, start, x=x, fit_kws=tight)
        ours = fit(shape + '(p) + linear origin=0')
        pairs = [(('p', 'position'), 'center', 1), (('p', 'area'), 'amplitude', 1), (('linear', 'slope'), 'slope', 1),
                 (('linear', 'level'), 'intercept', 1)] + [(('p', k), v, 1) for k, v in extra.items()]
        if shape != 'gaussian':
            pairs.append((('p', 'fwhm'), 'sigma', 2))
        for key, name, factor in pairs:
            compare('lmfit %s %s' % (shape, key[1]), ours[key][0], factor * r.params[name].value, 1e-6)
            compare('lmfit %s u(%s)' % (shape, key[1]), ours[key][1], factor * r.params[name].stderr, 1e-4)
        compare('lmfit %s chi2' % shape, ours['fit', 'chi2'][0], r.chisqr, 1e-9)
    return True


def against_cfityk():
    if not shutil.which('cfityk'):
        return False
    functions = {'pvoigt': 'PseudoVoigt(~200,~5.8,~0.06,~0.5)', 'gaussian': 'Gaussian(~200,~5.8,~0.06)',
                 'pearson7': 'Pearson7(~200,~5.8,~0.06,~2)', 'split-gaussian': 'SplitGaussian(~200,~5.8,~0.06,~0.06)'}
    names = {'pvoigt': ['height', 'position', 'fwhm', 'eta'], 'gaussian': ['height', 'position', 'fwhm'],
             'pearson7': ['height', 'position', 'fwhm', 'm'],
             'split-gaussian': ['height', 'position', 'fwhm_left', 'fwhm_right']}
    for shape, function in functions.items():
        script = ['set verbosity=0', "@0 < '%s'" % FILE, '@0: S=1', 'set lm_stop_rel_change=1e-14', 'set max_wssr_evaluations=5000',
                  '@0.F = %s + Linear(~20,~0)' % function, '@0: fit', '@0: fit', "set numeric_format='%.15g'", '@0: info errors']
        with tempfile.NamedTemporaryFile('w', suffix='.fit') as f:
            f.write('\n'.join(script) + '\n')
            f.flush()
            out = subprocess.run(['cfityk', '-q', '-n', '-I', f.name], capture_output=True, text=True,
                                 stdin=subprocess.DEVNULL).stdout
        found = re.findall(r'=\s*([-+0-9.eE]+)\s*\+-\s*([-+0-9.eE]+)', out)
        if len(found) < len(names[shape]) + 2:
            print(out)
            failed.append('cfityk ' + shape)
            continue
        ours = fit(shape + '(p) + linear origin=0')
        for name, (value, error) in zip(names[shape], found):
            factor = 2 if name.startswith('fwhm') else 1
            compare('cfityk %s %s' % (shape, name), ours['p', name][0], factor * float(value), 1e-6)
            compare('cfityk %s u(%s)' % (shape, name), ours['p', name][1], factor * float(error), 1e-4)
    return True


done = [against_lmfit(), against_cfityk()]
if not any(done):
    print('skipped: neither lmfit nor cfityk is installed')
    sys.exit(77)
print('%d comparisons failed' % len(failed))
sys.exit(1 if failed else 0)
