#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workbooks as publishers and laboratories lay them out: tables side by side, below each other and staggered, merged headings,
units in a row of their own, numbers that are texts, notes around. Each is read right, by sheet and by range too, or refused by name."""
import datetime, os, re, subprocess, sys, tempfile

try:
    import openpyxl
except ImportError:
    print('skipped: no Python module openpyxl here')
    sys.exit(77)
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
X = [5 + .5 * i for i in range(10)]
Y = [100 + 7 * i for i in range(10)]
failures = []


def book(*sheets):
    """Of (name, [(row, column, rows)], merged ranges)."""
    b = openpyxl.Workbook()
    b.remove(b.active)
    for name, parts, merged in sheets:
        s = b.create_sheet(name)
        for top, left, rows in parts:
            for i, row in enumerate(rows):
                for k, v in enumerate(row):
                    if v is not None:
                        s.cell(top + i, left + k, v)
        for m in merged:
            s.merge_cells(m)
    return b


def pairs(dx=0, fy=1, n=10, fx=1):
    return [[fx * x + dx, fy * y] for x, y in zip(X[:n], Y[:n])]


def run(*words):
    p = subprocess.run([ASSAY] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def listed(name, b, *expected, options=(), says=''):
    """expected: what --list says of each part behind its name: rows, x with its ends, y."""
    path = os.path.join(folder, name + '.xlsx')
    b.save(path)
    words = [w for o in options for w in ('--option', o)]
    code, out, err = run('read', '--list', *words, path)
    parts = [' '.join(line.split('\t')[3:]) for line in out.splitlines()]
    if (code != 0) == bool(expected) or parts != list(expected) or says not in err:
        failures.append('%s: exit %d %s %s' % (name, code, parts, err.replace(folder, '')))
    return path


def holds(name, path, *texts, part=None):
    code, out, err = run('read', *(('--part', part) if part else ()), path)
    for t in texts:
        if code or t not in out:
            failures.append('%s: exit %d, no %r in %s %s' % (name, code, t, out[:900], err))


with tempfile.TemporaryDirectory() as folder:
    three = [(1, 1, [['Source data for Fig. 2b']])] + [
        (3, 1 + 3 * k, [[n], ['2 theta', 'Intensity'], ['degree', 'a.u.']] + [[x, y + k] for x, y in zip(X, Y)])
        for k, n in enumerate(('Pristine', 'Activated', 'Quasi-solid'))]
    panels = book(('Fig. 2b', three, ['A3:B3', 'D3:E3', 'G3:H3']))
    row = '10 rows two_theta 5 ... 9.5 deg intensity a.u.'
    path = listed('panels', panels, row, row, row)
    holds('panels', path, '"label": "Pristine"', '"label": "Activated"', '"label": "Quasi-solid"', 'Source data for Fig. 2b', '2 9.5 165')
    listed('panels-range', panels, row, options=['range=D3:E15'])
    listed('panels-short', panels, '4 rows two_theta 5 ... 6.5 deg intensity a.u.', options=['range=G4:H9'])
    listed('panels-no-range', panels, options=['range=3:5'], says="--range '3:5' is no range of cells")

    listed('lengths', book(('Fig3', [(1, 1, [['Potential (V)', 'Current (mA)']] + pairs()), (1, 4, [['Temperature (°C)', 'Mass (%)']] + pairs(fx=10, n=6)),
                                     (14, 1, [['Note: measured at 25 °C']])], [])),
           '10 rows potential 5 ... 9.5 V current mA', '6 rows temperature 50 ... 75 degC mass_fraction %')
    listed('stacked', book(('S', [(1, 1, [['a) XRD'], ['2θ (°)', 'Counts']] + pairs()), (14, 1, [['b) Raman'], ['Raman shift (cm−1)', 'Intensity (a.u.)']] + pairs(fx=100))], [])),
           '10 rows two_theta 5 ... 9.5 deg intensity count', '10 rows raman_shift 500 ... 950 cm-1 intensity a.u.')
    listed('staggered', book(('S', [(1, 1, [['Fig 1a'], ['2theta', 'I']] + pairs()), (5, 5, [['Fig 1b'], ['Time (min)', 'Mass (mg)']] + pairs())], [])),
           '10 rows two_theta 5 ... 9.5 deg intensity 1', '10 rows time 5 ... 9.5 min mass mg')
    listed('peaks-beside', book(('S', [(1, 1, [['2theta', 'I']] + pairs()), (3, 4, [['peak', 6.1, 'strong'], ['peak', 7.2, 'weak'], ['shoulder', 8, '']])], [])),
           '10 rows two_theta 5 ... 9.5 deg intensity 1', says='left out')
    path = listed('isotherm', book(('Isotherm', [(1, 1, [['Adsorption', None, None, 'Desorption'], ['P/P0', 'Quantity adsorbed (cm³/g STP)', None] * 2] + [
        [x / 20, y, None, x / 25, y + 5] for x, y in zip(X, Y)])], [])),
        '10 rows relative_pressure 0.25 ... 0.475 1 uptake cm3(STP)/g', '10 rows relative_pressure 0.2 ... 0.38 1 uptake cm3(STP)/g')
    holds('isotherm', path, '"label": "Desorption"')
    path = listed('shared', book(('S', [(1, 2, [['Sample A', None, 'Sample B']]), (2, 1, [['Wavenumber (cm-1)', 'Absorbance', 'Fit', 'Absorbance', 'Fit']] + [
        [100 * x, y / 100, y / 99, y / 50, y / 49] for x, y in zip(X, Y)])], ['B1:C1', 'D1:E1'])), '10 rows wavenumber 500 ... 950 cm-1 absorbance 1')
    holds('shared', path, 'label: "Sample A: Absorbance"', 'label: "Sample B: Fit"')
    path = listed('origin', book(('S', [(4, 2, [['Binding energy', 'Intensity', 'Background'], ['eV', 'counts/s', 'counts/s'], ['', 'C 1s', '']] + [
        [290 - .1 * i, y, y - 5] for i, y in enumerate(Y)])], [])), '10 rows binding_energy 290 ... 289.1 eV intensity count/s')
    holds('origin', path, '"label": "C 1s"')
    figures = book(('README', [(1, 1, [['This workbook holds the data'], ['of the figures']])], []),
                   *((n, [(1, 1, [['Time (s)', 'Voltage (V)']] + pairs(fy=f))], []) for n, f in (('Figure 1a', 1), ('Extended Data Fig. 3', 2))))
    row = '10 rows time 5 ... 9.5 s potential V'
    path = listed('sheets', figures, row, row)
    holds('sheets', path, '0 9.5 326', part='1')
    listed('sheet', figures, row, options=['sheet=Extended Data Fig. 3'])
    listed('sheet-2', figures, row, options=['sheet=2'])
    listed('no-sheet', figures, options=['sheet=Fig. 9'], says="no sheet 'Fig. 9'")
    path = listed('texts', book(('S', [(1, 1, [['2Theta', 'I']] + [[('%.2f' % x).replace('.', ','), str(y)] for x, y in zip(X, Y)])], [])),
                  '10 rows two_theta 5 ... 9.5 deg intensity 1')
    holds('texts', path, '0 5 100', '0 9.5 163')
    path = listed('gaps', book(('S', [(1, 1, [['T (K)', 'mass (mg)']] + [[x, 'n.d.' if i == 3 else y] for i, (x, y) in enumerate(zip(X, Y))])], [])),
                  '10 rows temperature 5 ... 9.5 K mass mg')
    holds('gaps', path, '0 6.5 nan')
    listed('rows', book(('S', [(1, 1, [['2theta'] + X, ['Intensity'] + Y])], [])), '10 rows two_theta 5 ... 9.5 deg intensity 1')
    listed('labels', book(('S', [(1, 1, [['Sample', 'p/p0', 'Uptake (mmol/g)']] + [['S%d' % i, x / 10, y / 10] for i, (x, y) in enumerate(zip(X, Y))])], [])),
           '10 rows relative_pressure 0.5 ... 0.95 1 uptake mmol/g')
    start = datetime.datetime(2023, 5, 17, 14, 30)
    path = listed('dates', book(('S', [(1, 1, [['Date', 'T (K)', 'Mass (mg)']] + [[start + datetime.timedelta(seconds=90.5 * i), x, y] for i, (x, y) in enumerate(zip(X, Y))])], [])),
                  '10 rows temperature 5 ... 9.5 K mass mg')
    holds('dates', path, '0 5 100 2023-05-17T14:30:00', '0 5.5 107 2023-05-17T14:31:30.5')
    path = listed('days', book(('S', [(1, 1, [['T (K)', 'Mass (mg)', 'Day']] + [[x, y, datetime.date(2024, 2, 28 + i % 2)] for i, (x, y) in enumerate(zip(X, Y))])], [])),
                  '10 rows temperature 5 ... 9.5 K mass mg')
    holds('days', path, '0 5 100 2024-02-28', '0 5.5 107 2024-02-29')
    path = listed('elapsed', book(('S', [(1, 1, [['Time', 'E (V)']] + [[datetime.timedelta(hours=20 * i, seconds=1.5), y] for i, y in enumerate(Y)])], [])),
                  '10 rows time 1.5 ... 648002 s potential V')
    holds('elapsed', path, '0 648001.5 163 180:00:01.5')
    odd = book(('S', [(1, 1, [['2theta', 'I']] + pairs())], []))
    for i in range(10):
        odd['S'].cell(i + 2, 1).number_format = 'yyyy-mm-dd'      # a format that hides numbers, which stay
        odd['S'].cell(i + 2, 2).number_format = '0.00E+00" days"'
    listed('odd-formats', odd, '10 rows two_theta 5 ... 9.5 deg intensity 1')
    listed('formulas', book(('S', [(1, 1, [['2Theta', 'I']] + [[x, '=A%d*2' % (i + 2)] for i, x in enumerate(X)])], [])), says='formulas without their values')
    listed('bars', book(('S', [(1, 1, [['Sample', 'Area (m2/g)'], ['A', 1500], ['B', 1200]])], [])), says='no sheet holds a table of numbers')
    listed('notes', book(('S', [(1, 1, [['Only words']])], [])), says='no sheet holds a table of numbers')
for failure in failures:
    print('FAILED', failure)
print('%d failures' % len(failures))
sys.exit(1 if failures else 0)
