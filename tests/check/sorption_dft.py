#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pores-dft beside scipy: the same kernel at the same pressures (PchipInterpolator), solved by scipy.optimize.nnls, must give the
same residual and distribution; SLSQP, which other programs use, must not find a lower residual. Then bad kernels."""
import os, subprocess, sys, tempfile

try:
    import numpy as np
    from scipy.interpolate import PchipInterpolator, interp1d
    from scipy.optimize import minimize, nnls
except ImportError:
    print('skipped: no scipy here')
    sys.exit(77)

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus', 'sorption')
KERNEL, ISOTHERM = os.path.join(CORPUS, 'kernel.csv'), os.path.join(CORPUS, 'two-classes.csv')
failed = done = 0


def check(what, holds):
    global failed, done
    done += 1
    if not holds:
        failed += 1
        print('failed: ' + what)


def run(*options, kernel=KERNEL, isotherm=ISOTHERM):
    p = subprocess.run([ASSAY, 'pores-dft', '--kernel', kernel, '--gas', 'N2', *options, isotherm], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, universal_newlines=True)
    return p.returncode, [l.split() for l in p.stdout.splitlines() if l and l[0] != '#'], p.stderr, p.stdout


def column(rows, name):
    return np.array([float(r[rows[0].index(name)]) for r in rows[1:]])


table = np.array([[float(v) for v in l.split(',')] for l in open(KERNEL).read().splitlines()[1:]])
widths = np.array([float(v) for v in open(KERNEL).readline().split(',')[1:]])
data = np.array([[float(v) for v in l.split(',')] for l in open(ISOTHERM).read().splitlines()[1:]])
A = PchipInterpolator(np.log(table[:, 0]), table[:, 1:])(np.log(data[:, 0]))
solution, norm = nnls(A, data[:, 1])

code, rows, error, text = run('--regularise', 'none', '--bootstrap', '0')
check('ends well: ' + error, code == 0)
edges = np.concatenate([[1.5 * widths[0] - 0.5 * widths[1]], (widths[1:] + widths[:-1]) / 2, [1.5 * widths[-1] - 0.5 * widths[-2]]])
volume = column(rows, 'differential_pore_volume') * np.diff(edges)
ours = np.linalg.norm(A @ volume - data[:, 1])
print('residual %.12g, scipy nnls %.12g' % (ours, norm))
check('residual as scipy.optimize.nnls', abs(ours - norm) < 1e-9 * norm)
check('distribution as scipy.optimize.nnls', np.max(np.abs(volume - solution)) < 1e-7)
slsqp = minimize(lambda v: np.sum((A @ v - data[:, 1]) ** 2), np.zeros(len(widths)), method='SLSQP', bounds=[(0, None)] * len(widths),
                 options={'ftol': 1e-4})
print('SLSQP %.12g' % np.sqrt(slsqp.fun))
check('SLSQP finds nothing better', ours <= np.sqrt(slsqp.fun) * (1 + 1e-9))

code, rows, error, text = run('--rows', 'isotherm', '--regularise', 'none', '--bootstrap', '0')
check('fitted isotherm', np.max(np.abs(column(rows, 'model') - A @ solution)) < 1e-7)
check('residual column', np.allclose(column(rows, 'residual'), data[:, 1] - A @ solution, atol=1e-7))

# the penalty as stated: squared second derivative of dV/d ln w over ln w
code, rows, error, text = run('--regularise', 'given', '--strength', '1e-3', '--bootstrap', '0')
g = 1 / np.log(edges[1:] / edges[:-1])
L = np.zeros((len(widths) - 2, len(widths)))
for r in range(len(widths) - 2):
    h1, h2 = np.log(widths[r + 1] / widths[r]), np.log(widths[r + 2] / widths[r + 1])
    L[r, r:r + 3] = np.array([2 / (h1 * (h1 + h2)), -2 / (h1 * h2), 2 / (h2 * (h1 + h2))]) * np.sqrt((h1 + h2) / 2) * g[r:r + 3]
weight = 1e-3 * np.sum(A ** 2) / np.sum(L ** 2)
stacked, _ = nnls(np.vstack([A, np.sqrt(weight) * L]), np.concatenate([data[:, 1], np.zeros(len(L))]))
check('penalised distribution', np.max(np.abs(column(rows, 'differential_pore_volume') * np.diff(edges) - stacked)) < 1e-7)

# the same for any order of rows, separator, and with a row at p = 0
with tempfile.TemporaryDirectory() as folder:
    lines = open(KERNEL).read().splitlines()
    other = os.path.join(folder, 'other.tsv')
    rest = lines[1:]
    open(other, 'w').write('\n'.join(l.replace(',', '\t') for l in ['# a comment', ',' + lines[0].split(',', 1)[1]] + rest[::-1] +
                                     [','.join(['0'] * len(lines[0].split(',')))]) + '\n')
    a, b = run('--bootstrap', '5')[1], run('--bootstrap', '5', kernel=other)[1]
    check('a kernel in another order', a == b)
    for name, content, words in (
            ('empty', '', 'ends'), ('words', lines[0].replace('0.4,', 'x,'), 'pore width'), ('falling', 'p,1,0.5,2\n', 'above the one before'),
            ('short', lines[0] + '\n1e-5,1,2\n', 'expected a pressure'), ('negative', 'p,1,2,3\n0.1,1,-1,1\n', 'not negative'),
            ('pressure', 'p,1,2,3\n2,1,1,1\n', 'relative pressure'), ('twice', 'p,1,2,3\n0.1,1,1,1\n0.1,1,1,1\n0.2,1,1,1\n', 'twice'),
            ('few', 'p,1,2,3\n0.1,1,1,1\n', 'at least 3'), ('nan', 'p,1,2,3\n0.1,1,nan,1\n', 'not negative')):
        path = os.path.join(folder, name)
        open(path, 'w').write(content)
        code, rows, error, text = run(kernel=path)
        check('%s kernel: exit %d, %s' % (name, code, error), code == 3 and words in error and text == '')

def beside_slsqp(path, carbon):
    """A real kernel and real isotherms: what pyGAPS does (cubic interpolation through the origin, SLSQP at 1e-4) has no lower residual
    on our matrix, none lower by 0.2 % on its own, whose interpolation is another, and the same total volume within 1 %."""
    names = open(carbon).readline().strip().split(',')[1:]
    t = np.array(sorted([float(v) for v in l.split(',')] for l in open(carbon).read().splitlines()[1:] if l))
    code, rows, error, text = run('--regularise', 'none', '--bootstrap', '0', '--window', '1e-5:0.9', '--rows', 'isotherm', kernel=carbon, isotherm=path)
    check(path + error, code == 0)
    n, p = column(rows, 'model') + column(rows, 'residual'), column(rows, 'relative_pressure')
    used = np.isfinite(n)
    left = np.linalg.norm(column(rows, 'residual')[used])
    n, p = n[used], p[used]
    width = np.array([float(v) for v in names])
    code, rows, error, text = run('--regularise', 'none', '--bootstrap', '0', '--window', '1e-5:0.9', kernel=carbon, isotherm=path)
    total = column(rows, 'pore_volume')[-1]
    for kind, M in (('pchip', PchipInterpolator(np.log(t[:, 0]), t[:, 1:])(np.log(p))),
                    ('cubic', interp1d(np.append(0, t[:, 0]), np.vstack([0 * t[0, 1:], t[:, 1:]]), kind='cubic', axis=0)(p))):
        factor = 1 / 22.41396954 if 'betsi' in path else 1
        q = n * factor
        s = minimize(lambda v: np.sum((M @ v - q) ** 2), np.zeros(len(width)), method='SLSQP', bounds=[(0, None)] * len(width), options={'ftol': 1e-4})
        print('%s, %s: residual %.6g, SLSQP %.6g; volume %.5g, SLSQP %.5g' % (
            os.path.basename(path), kind, left * factor, np.sqrt(s.fun), total, np.sum(s.x)))
        check('%s: SLSQP finds nothing better (%s)' % (path, kind), left * factor <= np.sqrt(s.fun) * (1.002 if kind == 'cubic' else 1 + 1e-6))
        check('%s: total volume (%s)' % (path, kind), abs(total - np.sum(s.x)) <= 0.01 * total)


SORPTION = os.path.join(os.environ.get('ASSAY_SHARED', ''), 'corpus', 'sorption')
CARBON = os.path.join(SORPTION, 'kernel-csv', 'DFT-N2-77K-carbon-slit.csv')
if os.path.exists(CARBON):
    for name in ('HKUST-1', 'UiO-66', 'ZIF-8', 'NU-1000', 'MCM-41'):
        beside_slsqp(os.path.join(SORPTION, 'betsi-csv', name + '.csv'), CARBON)
print('%d checks, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
