#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Langmuir, t-plot and Dubinin against pyGAPS on real isotherms (same points, same windows), film thickness and
Dubinin-Radushkevich against closed forms. pyGAPS takes 0.333 for the exponent 1/3 of Halsey's curve, so that its
Halsey sections differ; it minimises the standard error of a slope whose unit depends on the exponent, so that its
Astakhov exponents run to a bound: here its exponent is given and the volumes must agree."""
import csv, os, subprocess, sys, tempfile

ASSAY, SHARED = os.environ['ASSAY'], os.environ['ASSAY_SHARED']
CORPUS = os.path.join(SHARED, 'corpus')
RESULTS = os.path.join(CORPUS, 'sorption-results.tsv')
if not os.path.exists(RESULTS):
    print('skipped: no reference results here')
    sys.exit(77)
failed = done = 0


def results(operation, path, *options):
    p = subprocess.Popen([ASSAY] + operation.split() + ['--gas', 'N2', *options, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    q = subprocess.run([ASSAY, 'results'], stdin=p.stdout, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p.wait()
    rows = [l.split(' ') for l in q.stdout.decode().splitlines() if not l.startswith('#')][1:]
    return {r[3]: float(r[4]) for r in rows} if p.returncode == 0 else {}


def expect(what, got, want, relative, absolute=0.0):
    global failed, done
    done += 1
    if not abs(got - want) <= relative * abs(want) + absolute:
        failed += 1
        print('%s: %.8g, expected %.8g' % (what, got, want))


def peer():
    peers = {}
    for row in csv.DictReader(open(RESULTS), delimiter='\t', quoting=csv.QUOTE_NONE):
        if '/betsi-csv/' in row['file'] and row['quantity'] != 'error':
            peers.setdefault(row['file'], {})[row['method'], row['options'], row['quantity']] = row['value']
    return peers


def compare(path, name, p, method, options, operation, names):
    """names: quantity of the peer -> (ours, factor)."""
    if not any((method, options, q) in p for q in names):
        return
    got = results(operation, path)
    for q, (ours, factor) in names.items():
        want = float(p[method, options, q]) * factor
        expect('%s %s %s' % (name, operation, ours), got.get(ours, float('nan')), want, 2e-5)


def real_isotherms():
    for file, p in peer().items():
        path, name = os.path.join(CORPUS, file), os.path.basename(file)
        if not os.path.exists(path):
            continue
        compare(path, name, p, 'pyGAPS area_langmuir', 'p/p0 0.05-0.30', 'langmuir --window 0.05:0.3', {
            'area': ('langmuir_area', 1), 'langmuir_const': ('langmuir_constant', 1), 'n_monolayer': ('monolayer', 1e3)})
        section = 'Harkins/Jura; t 0.35-0.50 nm; section 0'
        compare(path, name, p, 'pyGAPS t_plot', section, 't-plot --select window --window 0.35:0.5nm --molar-volume 34.75243', {
            'adsorbed_volume': ('micropore_volume', 1), 'area': ('external_area', 1), 'slope': ('slope', 1)})
        dr = {'pore_volume': ('micropore_volume', 1), 'adsorption_potential': ('characteristic_energy', 1)}
        compare(path, name, p, 'pyGAPS dr_plot', 'p/p0 0-0.1', 'dubinin-radushkevich --window 0:0.1 --molar-volume 34.75243', dr)
        m = p.get(('pyGAPS da_plot', 'p/p0 0-0.1; exponent fitted', 'exponent'))
        if m:
            compare(path, name, p, 'pyGAPS da_plot', 'p/p0 0-0.1; exponent fitted',
                    'dubinin-astakhov --window 0:0.1 --molar-volume 34.75243 --exponent ' + m, dr)


def closed_forms(folder):
    rows = list(csv.DictReader(open(os.path.join(SHARED, 'truth', 'numeric', 'tplot_dr.tsv')), delimiter='\t'))
    slab, dr = os.path.join(folder, 'slab.csv'), os.path.join(folder, 'dr.csv')
    for path, column in ((slab, 'v_200cm3_plus_slab_(50/1.5468)*t_nm'), (dr, 'v_DR_v0_180_D_0.02')):
        open(path, 'w').write('relative_pressure,uptake (cm3(STP)/g)\n' + ''.join(
            '%s,%s\n' % (r['p_over_p0'], r[column]) for r in rows))
    got = results('t-plot --select window --window 0.2:1nm --molar-volume 34.65', slab)
    mmol = 1 / 22.41396954
    expect('slab intercept', got.get('intercept', 0), 200 * mmol, 1e-9)
    expect('slab slope', got.get('slope', 0), 50 / 1.5468 * mmol, 1e-9)
    expect('slab volume', got.get('micropore_volume', 0), 200 * mmol * 34.65e-3, 1e-9)
    got = results('dubinin-radushkevich --window 0:0.9 --molar-volume 34.65', dr)
    expect('DR volume', got.get('micropore_volume', 0), 180 * mmol * 34.65e-3, 1e-9)
    got = results('dubinin-astakhov --window 0:0.9 --molar-volume 34.65', dr)
    expect('DA exponent', got.get('dubinin_exponent', 0), 2, 1e-6)
    for curve, column in (('harkins-jura', 't_harkins_jura_nm'), ('halsey', 't_halsey_nm')):
        p = subprocess.run([ASSAY, 't-plot', '--select', 'automatic', '--tolerance', '0.1', '--thickness', curve, '--gas', 'N2', slab],
                           stdout=subprocess.PIPE)
        lines = [l.split(' ') for l in p.stdout.decode().splitlines() if l[:1].isdigit() or l.startswith('series')]
        k = lines[0].index('film_thickness')
        for line, row in zip(lines[1:], rows):
            expect(curve, float(line[k]), float(row[column]), 1e-9)


with tempfile.TemporaryDirectory() as folder:
    closed_forms(folder)
real_isotherms()
print('%d comparisons, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
