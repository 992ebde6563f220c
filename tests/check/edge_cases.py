#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation on curves that are hardly any: few points, one value throughout, missing and masked rows, x that
falls, repeats, jumps or stands still, offsets and sizes at the limits of doubles.

Each refuses clearly or is right: exit status 0, 3 or 4, a reason for each series that failed, no nan or inf in what is
called good, in time. All are the same for rows in reverse order, baselines and smoothed curves to the last bit; these
follow an offset of 1e9. What is masked is as if it were missing.
An operation that needs options stands in OPTIONS, one that needs other data in OTHERS with the reason.
"""
import json, math, os, random, re, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
GROUPS = ('baseline', 'smooth', 'transform', 'peaks', 'select')
MODEL = ['--model', 'pvoigt(a) center=5 + linear']
OPTIONS = {
    'crop': ['--x', '2:8'], 'set': ['--values', 'sample=a'], 'fit': MODEL, 'fit-series': MODEL,
    'fit-spread': MODEL + ['--model', 'gaussian(a) center=5 + linear'],
    'fit-global': MODEL + ['--shared', 'center'], 'same-shape': MODEL, 'fit-levels': MODEL,
    'convert-x': ['--unit', '1'], 'convert-y': ['--unit', '1'], 'baseline-points': ['--points', '1,3,9'],
    'subtract': ['--other', 'ordinary.ecsv', '--interpolate'], 'ratio': ['--other', 'ordinary.ecsv', '--interpolate'],
    'subtract-fitted': ['--other', 'ordinary.ecsv', '--interpolate'], 'rebin': ['--factor', '2'],
    'deconvolve-fourier': ['--fwhm', '0.2'], 'calc': ['--let', 'y=y/2'], 'calibrate-x': ['--pair', '5=5.1'],
    'peak-area': ['--window', '4:6'], 'baseline-spread': ['--region', '4:6'],
}
OTHERS = dict.fromkeys('tabulate propose-model assign trend repeats coordination-number row-results derive'.split(), 'results')
OTHERS.update(dict.fromkeys('baseline-tougaard baseline-tougaard3 reference-energy transmission strip-satellites quantify '
                            'auger-parameter overlayer'.split(), 'energies'))
OTHERS.update(dict.fromkeys('solvation raman-intensity atr'.split(), 'wavenumbers'))
OTHERS.update({'merge-scans': 'counts', 'split': 'a column that tells curves apart'})
TOGETHER = ('fit-global', 'same-shape', 'fit-levels', 'normalize-msc', 'despike-frames', 'average', 'align')
REVERSED = '_reversed' # what the name of a curve ends with whose rows stand from the last to the first
BY_ROW = {'first_level': 'last_level', 'last_level': 'first_level'} # of the first and last row by definition


def curves():
    r = random.Random(1)
    peak = lambda x: .2 + .01 * x + math.exp(-2.77 * ((x - 5) / 1.1) ** 2) + .5 * math.exp(-2.77 * ((x - 7) / .8) ** 2)
    xs = [round(i * .1, 4) for i in range(100)]
    ys = [round(peak(x) + r.gauss(0, .01), 6) for x in xs]
    rows = [(x, y, 0) for x, y in zip(xs, ys)]
    grown = [round(10 * (i / 100) ** 2, 6) for i in range(100)]
    out = {'ordinary': rows}
    out.update({'points%d' % n: rows[40:40 + n] for n in (1, 2, 3, 4)})
    out['constant'] = [(x, 1, 0) for x in xs]
    out['zero'] = [(x, 0, 0) for x in xs]
    out['negative'] = [(x, -y, 0) for x, y in zip(xs, ys)]
    out['repeated_x'] = [(xs[i // 2 * 2], ys[i], 0) for i in range(100)]
    out['same_x'] = [(3, y, 0) for y in ys]
    out['uneven'] = [(x, round(peak(x) + r.gauss(0, .01), 6), 0) for x in grown]
    out['counts'] = [(x, round(9 * y), 0) for x, y in zip(xs, ys)] # plateaus and ties
    out['unsorted'] = [rows[i * 37 % 100] for i in range(100)]
    out['offset'] = [(x, '%.9f' % (1e9 + y), 0) for x, y in zip(xs, ys)]
    out['tiny'] = [(x, '%.6e' % (1e-300 * y), 0) for x, y in zip(xs, ys)]
    out['huge'] = [(x, '%.6e' % (1e300 * y), 0) for x, y in zip(xs, ys)]
    out['missing'] = [(x, 'nan' if i % 9 == 4 else y, 0) for i, (x, y) in enumerate(zip(xs, ys))]
    out.update({name + REVERSED: out[name][::-1] for name in ('ordinary', 'uneven', 'counts', 'missing')})
    out['spoiled'] = [(x, 1e4, 1) if i % 9 == 4 else (x, y, 0) for i, (x, y) in enumerate(zip(xs, ys))]
    out['all_missing'] = [(x, 'nan', 0) for x in xs]
    out['few_left'] = [(x, y, int(i not in (3, 50, 90))) for i, (x, y) in enumerate(zip(xs, ys))]
    out['all_masked'] = [(x, y, 1) for x, y in zip(xs, ys)]
    return out


def write(path, chosen):
    with open(path, 'w') as f:
        f.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n')
        for name in ('x', 'y', 'mask'):
            f.write('# - {name: %s, datatype: float64, meta: {role: %s}}\n' % (name, name))
        f.write('# meta:\n#   assay: {stream: 1, kind: data, technique: generic}\n# schema: assay-stream-1\nseries x y mask\n')
        for k, (name, rows) in enumerate(chosen.items()):
            f.write('#> {"series": %d, "name": "%s"}\n' % (k, name))
            for row in rows:
                f.write('%d %s %s %s\n' % (k, *row))
        f.write('#. {"series": %d}\n' % len(chosen))


def series_of(text):
    """name: (results, columns) of a stream."""
    out, names, columns, at = {}, [], [], None
    for line in text.split('\n'):
        if line.startswith('series '):
            columns = line.split()[1:]
        elif line.startswith('#> '):
            head = json.loads(line[3:])
            at = {c: [] for c in columns}
            out[head.get('name', '?')] = (head.get('results', []), at)
        elif line and not line.startswith('#') and at is not None:
            for c, v in zip(columns, line.split()[1:]):
                at[c].append(v)
    return out


def clean(op, name, results, columns):
    for r in results:
        for key in ('value', 'u'):
            if r.get('flag', 'ok') == 'ok' and isinstance(r.get(key), str) and r[key].lstrip('-') in ('nan', 'inf'):
                yield '%s of %s: %s %s has %s %s and flag ok' % (op, name, r['item'], r['quantity'], key, r[key])
    for c, values in columns.items():
        bad = [v for v in values if v.lstrip('-') in ('nan', 'inf')]
        if bad and name not in ('missing', 'missing' + REVERSED, 'all_missing', 'few_left', 'all_masked'):
            yield '%s of %s: column %s has %s in %d rows' % (op, name, c, bad[0], len(bad))


def apart(a, b, exact):
    """Whether numbers differ, by more than convergence and the order of sums leave unless `exact`."""
    size = max([abs(v) for v in a if v == v] or [0])
    same = lambda p, q: p == q or (p != p and q != q) or (not exact and abs(p - q) <= 1e-8 * size)
    return len(a) != len(b) or not all(same(p, q) for p, q in zip(a, b))


def mirrored(op, group, out):
    """The same columns in reverse and the same results when the rows stand in reverse."""
    for name in out:
        if not name.endswith(REVERSED):
            continue
        results, columns = out.get(name[:-len(REVERSED)], ([], {}))
        other, turned = out[name]
        for c in columns:
            a, b = [float(v) for v in columns[c]], [float(v) for v in turned.get(c, [])]
            if apart(a, b[::-1], group in ('baseline', 'smooth')):
                yield '%s: column %s of %s is another' % (op, c, name)
        listed = lambda rs, names: sorted((names.get(r['quantity'], r['quantity']), float(r['value'])) for r in rs
                                          if isinstance(r['value'], (int, float)))
        a, b = listed(results, {}), listed(other, BY_ROW)
        if [q for q, _ in a] != [q for q, _ in b]:
            yield '%s: other results of %s' % (op, name)
        for (q, v), (_, w) in zip(a, b):
            if apart([v], [w], False):
                yield '%s: %s of %s is %r, not %r' % (op, q, name, w, v)


def masked(op, out):
    """Wild values under a mask have no more effect than missing ones, but on their own row. (fit-series starts where
    the series before ended.)"""
    if 'missing' not in out or 'spoiled' not in out:
        return
    (a, columns), (b, others) = out['missing'], out['spoiled']
    for c in set(columns) - {'mask'}:
        used = [i for i, m in enumerate(others.get('mask', [])) if m == '0' and len(columns[c]) == len(others['mask'])]
        if apart([float(columns[c][i]) for i in used], [float(others[c][i]) for i in used], op != 'fit-series'):
            yield '%s: column %s depends on what is masked' % (op, c)
    numbers = lambda rs: [r['value'] for r in rs if isinstance(r['value'], (int, float))]
    if any(apart([v], [w], op != 'fit-series') for v, w in zip(numbers(a), numbers(b))) or len(a) != len(b):
        yield '%s: results depend on what is masked' % op


def right(op, out):
    """A constant more is a constant more."""
    column = 'baseline' if op.startswith('baseline-') else 'y'
    get = lambda n: [float(v) for v in out[n][1].get(column, [])] if n in out else []
    good, offset = get('ordinary'), get('offset')
    if offset:
        worst = max(abs(a + 1e9 - b) for a, b in zip(good, offset))
        if worst > .05:
            yield '%s: with 1e9 added %s differs by %g' % (op, column, worst)


def run(op, path, folder):
    start = time.time()
    try:
        p = subprocess.run([ASSAY, op, '--jobs', '1'] + OPTIONS.get(op, []) + [path], capture_output=True, text=True,
                           cwd=folder, timeout=20)
    except subprocess.TimeoutExpired:
        return [op + ' does not end'], {}
    problems = []
    failed = re.findall(r'warning: %s of series (\S+) failed: (.*)' % op, p.stderr)
    if p.returncode not in (0, 3, 4):
        problems.append('%s %s: exit status %d: %s' % (op, path, p.returncode, p.stderr[-300:]))
    if p.returncode and 'error: ' not in p.stderr and not failed:
        problems.append('%s %s: exit status %d without a reason' % (op, path, p.returncode))
    for line in p.stderr.split('\n'):
        if re.search(r'(error|warning): (.*(\bnan\b|\binf\b|%[a-z]|\(null\))|$)', line):
            problems.append('%s %s: says: %s' % (op, path, line))
    out = series_of(p.stdout)
    names = [n for n, _ in failed]
    for name, (results, columns) in out.items():
        if name not in names:
            problems += clean(op, name, results, columns)
    if failed and p.returncode != 4:
        problems.append('%s %s: a series failed, exit status %d' % (op, path, p.returncode))
    if time.time() - start > 10:
        problems.append('%s %s: %.1f s' % (op, path, time.time() - start))
    return problems, {n: v for n, v in out.items() if n not in names}


def one(job):
    op, group, folder, all_curves = job
    if op not in TOGETHER:
        problems, out = run(op, 'all.ecsv', folder)
        if not problems:
            problems += [*mirrored(op, group, out), *masked(op, out)]
        if op.startswith(('baseline-', 'smooth-', 'denoise-')) and not problems:
            problems += right(op, out)
        return problems
    problems = []
    for name in ('points3', 'constant', 'same_x', 'huge', 'all_masked'):
        path = '%s-%s.ecsv' % (op, name)
        write(os.path.join(folder, path), {'ordinary': all_curves['ordinary'], name: all_curves[name],
                                           'again': all_curves['ordinary']})
        problems += run(op, path, folder)[0]
    return problems


def main():
    listed = json.loads(subprocess.run([ASSAY, 'list', '--kind', 'operation', '--json'], capture_output=True, text=True).stdout)
    ops = [(o['name'], o['group']) for o in listed
           if (o['group'] in GROUPS and o['name'] not in OTHERS) or o['name'] == 'fit-levels']
    stale = [n for n in list(OPTIONS) + list(OTHERS) if n not in [o['name'] for o in listed]]
    all_curves = curves()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        write(os.path.join(folder, 'all.ecsv'), all_curves)
        write(os.path.join(folder, 'ordinary.ecsv'), {'ordinary': all_curves['ordinary']})
        problems = sum(pool.map(one, [(*op, folder, all_curves) for op in ops]), ['%s is no operation' % n for n in stale])
    for p in problems:
        print(p)
    print('%d operations on %d curves, %d problems' % (len(ops), len(all_curves), len(problems)))
    sys.exit(bool(problems))


if __name__ == '__main__':
    main()
