#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pca against numpy's SVD, for few and for many series; unmix against the spectra and shares that were mixed and, of one set without
noise, against scipy's non-negative least squares; kmeans against the groups that were made; the same bytes with any number of threads."""
import os
import subprocess
import sys
import tempfile

from lib.checked import check, finish

try:
    import numpy as np
    from scipy.optimize import nnls
except ImportError as e:
    print('skipped:', e)
    sys.exit(77)

ASSAY = os.environ['ASSAY']


def assay(*args, stdin=None, errors=False):
    p = subprocess.run([ASSAY, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if p.returncode and not errors:
        sys.exit('assay %s: %s' % (' '.join(args), p.stderr.decode()))
    return p.stdout if not errors else (p.returncode, p.stderr.decode())


def stream(D):
    n, m = D.shape
    rows = ['# %ECSV 1.0', '# ---', '# datatype:', '# - {name: series, datatype: int32}',
            '# - {name: raman_shift, unit: cm-1, datatype: float64, meta: {role: x}}',
            '# - {name: intensity, datatype: float64, meta: {role: y}}', '# meta:', '#   assay: {stream: 1, kind: data, technique: raman}',
            '# schema: assay-stream-1', 'series raman_shift intensity']
    for i in range(n):
        rows.append('#> {"series": %d, "name": "map.%d"}' % (i, i))
        rows += ['%d %d %r' % (i, x, float(D[i, x])) for x in range(m)]
    rows.append('#. {"series": %d}' % n)
    return ('\n'.join(rows) + '\n').encode()


def results(data, quantity):
    lines = [l.split(' ') for l in assay('results', '--quantity', quantity, stdin=data).decode().splitlines() if l and l[0] != '#']
    return [(int(l[0]), l[2].replace('%20', ' '), float(l[4])) for l in lines[1:]]


def matrix(data, quantity, k):
    found = [v for _, _, v in results(data, quantity)]
    return np.array(found).reshape(-1, k)


def columns(data):
    out = {}
    for l in data.decode().splitlines():
        if l and l[0] not in '#s':
            w = l.split(' ')
            out.setdefault(int(w[0]), []).append(float(w[2]))
    return np.array([out[k] for k in sorted(out)])


def bands(m, *centres):
    x = np.arange(m)
    return np.array([sum(h * np.exp(-((x - c) / w) ** 2) for c, w, h in one) for one in centres])


rng = np.random.default_rng(6)


def pca(n, m, tolerance):
    S = bands(m, [(m * 0.2, m / 20, 1)], [(m * 0.5, m / 25, 1), (m * 0.7, m / 30, 0.5)], [(m * 0.85, m / 20, 1)])
    D = rng.random((n, 3)) @ S + 0.01 * rng.normal(size=(n, m))
    for centre in (True, False):
        X = D - D.mean(0) if centre else D
        u, s, v = np.linalg.svd(X, full_matrices=False)
        options = ['--components', '5'] + ([] if centre else ['--no-centre'])
        data = stream(D)
        spectra = assay('pca', '--give', 'spectra', *options, stdin=data)
        loading = columns(spectra)
        for j in range(3):
            sign = np.sign(v[j][np.argmax(abs(v[j]))])
            check(abs(loading[j] - sign * v[j]).max() < tolerance, 'pca %dx%d: loading %d differs by %g' % (
                n, m, j + 1, abs(loading[j] - sign * v[j]).max()))
            got = results(spectra, 'explained_variance')[j][2]
            check(abs(got - 100 * s[j] ** 2 / (s ** 2).sum()) < 1e-6, 'pca: explained variance %d is %r' % (j + 1, got))
        score = matrix(assay('pca', *options, stdin=data), 'score', 5)
        want = X @ loading[:3].T
        check(abs(score[:, :3] - want).max() < 10 * tolerance, 'pca: scores differ by %g' % abs(score[:, :3] - want).max())
        proposed = results(spectra, 'components')[0][2]
        if not centre:
            check(proposed == 3, 'pca %dx%d: %g components proposed, 3 were mixed' % (n, m, proposed))
        for q, j in ((3, 2),):
            rest = (s[q:] ** 2).sum()
            want = np.sqrt(rest / (max(n, m) * (min(n, m) - q)))
            got = results(spectra, 'real_error')[j][2]
            check(abs(got - want) < 1e-6 * want, 'pca: real error %g, expected %g' % (got, want))


def unmix():
    """Every component alone in some series and at some points: the factors are unique."""
    m, n = 120, 40
    S = bands(m, [(25, 8, 1)], [(60, 8, 1)], [(95, 8, 0.8)]) * [[1], [0.7], [1]]
    C = rng.dirichlet([1, 1, 1], n)
    C[:3] = np.eye(3)
    for noise, tolerance in ((0, 1e-4), (0.005, 0.02)):
        D = C @ S + noise * rng.normal(size=(n, m))
        data = stream(D)
        args = ['--components', '3', '--closure', '--tolerance', '1e-12' if noise == 0 else '1e-9', '--iterations', '200000']
        spectra = columns(assay('unmix', '--give', 'spectra', *args, stdin=data))
        share = matrix(assay('unmix', *args, stdin=data), 'share', 3)
        order = [int(np.argmax([np.corrcoef(s, t)[0, 1] for t in S])) for s in spectra]
        check(sorted(order) == [0, 1, 2], 'unmix: components are %r' % order)
        check(abs(spectra - S[order]).max() < tolerance * 2, 'unmix: spectra differ by %g' % abs(spectra - S[order]).max())
        check(abs(share - C[:, order]).max() < tolerance * 2, 'unmix: shares differ by %g' % abs(share - C[:, order]).max())
        check(share.min() >= 0 and spectra.min() >= 0, 'unmix: a negative number')
        other = np.array([nnls(spectra.T, d)[0] for d in D])
        check(abs(other - share).max() < 1e-6, 'unmix: shares differ from nnls by %g' % abs(other - share).max())
        check(assay('unmix', *args, '-j', '1', stdin=data) == assay('unmix', *args, '-j', '4', stdin=data), 'unmix: -j changes it')


def ambiguity():
    """Two components that are in all series and at all points turn into each other; the range must hold the truth."""
    m, n = 100, 30
    S = bands(m, [(40, 20, 1)], [(60, 20, 1)])
    c = np.linspace(0.3, 0.7, n)
    C = np.array([c, 1 - c]).T
    data = stream(C @ S + 0.002 * rng.normal(size=(n, m)))
    spectra = assay('unmix', '--components', '2', '--give', 'spectra', stdin=data)
    low, high = (np.array([v for _, _, v in results(spectra, q)]) for q in ('part_lowest', 'part_highest'))
    check((low < 50).all() and (high > 50).all(), 'unmix: parts within %r to %r, the truth is 50 and 50' % (low, high))
    check((high - low).max() > 10, 'unmix: the range %r does not tell that the factors are not unique' % (high - low))
    code, text = assay('unmix', '--components', '2', stdin=data, errors=True)
    check(code == 0 and 'not unique' in text, 'unmix: no warning of what is not unique')
    code, text = assay('unmix', '--components', '3', stdin=stream(np.outer(c, S[0])), errors=True)
    check(code == 4 and 'span 1 dimensions' in text, 'unmix of one component into three: %d %s' % (code, text))


def kmeans():
    m, n = 60, 90
    S = bands(m, [(15, 5, 1)], [(30, 5, 1)], [(45, 5, 1)])
    of = np.repeat([0, 1, 2], [45, 30, 15])
    D = S[of] + 0.05 * rng.normal(size=(n, m))
    mix = rng.permutation(n)
    data = stream(D[mix])
    got = np.array([v for _, _, v in results(assay('kmeans', '--clusters', '3', stdin=data), 'cluster')])
    check((got == of[mix] + 1).all(), 'kmeans: groups differ')
    spectra = assay('kmeans', '--clusters', '3', '--give', 'spectra', stdin=data)
    check([v for _, _, v in results(spectra, 'members')] == [45, 30, 15], 'kmeans: sizes')
    centre = np.array([D[of == k].mean(0) for k in range(3)])
    check(abs(columns(spectra) - centre).max() < 1e-12, 'kmeans: means differ')
    within = sum(((D[of == k] - centre[k]) ** 2).sum() for k in range(3))
    want = 100 * (1 - within / ((D - D.mean(0)) ** 2).sum())
    check(abs(results(spectra, 'explained_variance')[0][2] - want) < 1e-9, 'kmeans: explained variance')


pca(40, 120, 1e-9)
pca(700, 90, 1e-6)
unmix()
ambiguity()
kmeans()
sys.exit(finish())
