#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""JCAMP-DX: one curve in every form of the protocol, written by an encoder that shares nothing with ours, with all
line ends and spellings of labels, must come out the same; what our exporter writes must come back; every damaged
check value and every lost line must be noticed."""
import math, os, random, subprocess, sys, tempfile
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
failures = 0


def check(what, good, more=''):
    global failures
    if not good:
        failures += 1
        print('FAIL', what, more)


def run(*words, text=None):
    p = subprocess.run([ASSAY, *words], input=text, capture_output=True)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def rows(out):
    return [[float(v) for v in line.split()[1:]] for line in out.splitlines() if line[:1].isdigit()]


def digits(value, plus, minus):
    text = str(abs(value))
    return (minus if value < 0 else plus)[int(text[0])] + text[1:]


def sqz(v):
    return digits(v, '@ABCDEFGHI', '@abcdefghi')


def dif(v):
    return digits(v, '%JKLMNOPQR', '%jklmnopqr')


def dup(n):
    return digits(n, '0STUVWXYZs', '')


def lines(y, form, first, step, per=9):
    """Lines of (X++(Y..Y)); a line of differences repeats the ordinate before."""
    out, i, in_dif = [], 0, False
    while i < len(y):
        start = i - 1 if in_dif else i
        text = '%g' % (first + start * step)
        end = min(len(y), i + per)
        if form == 'affn':
            text += ''.join(' %d' % v for v in y[i:end])
        elif form == 'pac':
            text += ''.join('%+d' % v for v in y[i:end])
        elif form == 'comma':
            text += ' ' + ', '.join('%d' % v for v in y[i:end])
        elif form in ('sqz', 'sqzdup'):
            while i < end:
                n = 1
                while form == 'sqzdup' and i + n < end and y[i + n] == y[i]:
                    n += 1
                text += sqz(y[i]) + (dup(n) if n > 1 else '')
                i += n
        else:
            if in_dif:
                text += sqz(y[i - 1])
            else:
                text += sqz(y[i])
                i += 1
            while i < end:
                d, n = y[i] - y[i - 1], 1
                while form == 'difdup' and i + n < end and y[i + n] - y[i + n - 1] == d:
                    n += 1
                text += dif(d) + (dup(n) if n > 1 else '')
                i += n
                in_dif = True
        out.append(text)
        i = end
    if in_dif:
        out.append('%g%s' % (first + (len(y) - 1) * step, sqz(y[-1])))
    return out


def document(table, y, first, step, factor, end='\n', style=0):
    label = (lambda s: s, lambda s: s.lower().replace('-', '_'), lambda s: ' ' + s.replace(' ', ''))[style]
    blank = ' ' if style == 2 else ''
    head = [('TITLE', 'curve'), ('JCAMP-DX', '5.01 $$ an encoder in Python'), ('DATA TYPE', 'INFRARED SPECTRUM'),
            ('ORIGIN', 'two\nlines $$ and a comment'), ('OWNER', 'nobody'), ('XUNITS', '1/CM'),
            ('YUNITS', 'ABSORBANCE'), ('X-FACTOR', '1'), ('YFACTOR', '%g $$ of y' % factor), ('FIRSTX', repr(first)),
            ('LASTX', repr(first + (len(y) - 1) * step)), ('NPOINTS', str(len(y))), ('FIRSTY', repr(y[0] * factor)),
            ('MAXY', repr(max(y) * factor)), ('MINY', repr(min(y) * factor)), ('XYDATA', '(X++(Y..Y))')]
    text = ''.join('%s##%s= %s\n' % (blank, label(k), v) for k, v in head)
    return (text + '\n'.join(table) + '\n' + blank + '##END= $$ all\n').replace('\n', end).encode()


def curves():
    rng = random.Random(1)
    bands = [round(9000 * math.exp(-((i - 150) / 12) ** 2)) - 40 for i in range(300)]
    noise = [rng.randint(-2000000, 2000000) for _ in range(97)]
    steps = [0] * 40 + [5] * 60 + [-123456789] * 3 + list(range(0, 200, 2)) + [7]
    return {'bands': bands, 'noise': noise, 'steps': steps, 'two': [3, -4]}


def forms(folder):
    path = os.path.join(folder, 'a.jdx')
    for name, y in curves().items():
        for form in ('affn', 'pac', 'comma', 'sqz', 'sqzdup', 'dif', 'difdup'):
            for end, style, first, step in (('\n', 0, 400, 2), ('\r\n', 1, 4000, -0.5), ('\r', 2, 400, 0.25)):
                table = lines(y, form, first, step)
                open(path, 'wb').write(document(table, y, first, step, 0.001, end, style))
                code, out, err = run('read', path)
                got = rows(out)
                same = len(got) == len(y) and all(
                    g[0] == first + i * step and abs(g[1] - y[i] * 0.001) <= 1e-15 * abs(y[i]) for i, g in enumerate(got))
                check('%s %s %r %g' % (name, form, end, step), code == 0 and not err and same, err[:200])


def damages(folder):
    path, y = os.path.join(folder, 'a.jdx'), curves()['bands']
    table = lines(y, 'difdup', 400, 2)
    for k in range(1, len(table) - 1, 3):
        lost = table[:k] + table[k + 1:]
        x, rest = table[k][:3], table[k][3:]
        changed = table[:k] + [x + sqz(1 + (-1 if rest[0].islower() else 1) * 7777) + rest.lstrip('@ABCDEFGHIabcdefghi0123456789')]
        for what, t in (('a lost line', lost), ('a changed check value', changed + table[k + 1:])):
            open(path, 'wb').write(document(t, y, 400, 2, 1))
            code, out, err = run('read', path)
            check('%s (%d)' % (what, k), (code == 3 and not out) or 'warning' in err, 'exit %d' % code)


def round_trips(folder):
    path, back = os.path.join(folder, 'a.csv'), os.path.join(folder, 'b.jdx')
    tables = {
        'even': [(400 + 0.25 * i, round(math.sin(i / 9), 6)) for i in range(500)],
        'falling': [(4000 - 2 * i, round(math.cos(i / 5) ** 2, 4)) for i in range(301)],
        'uneven': [(400 + i ** 1.5, i * 0.1) for i in range(50)],
        'irrational': [(400 + i, math.exp(math.sin(i))) for i in range(120)],
        'missing': [(400 + i, math.nan if i % 7 == 3 else float(i)) for i in range(60)],
        'two': [(400, 2), (401, 3)],
    }
    for name, table in tables.items():
        open(path, 'w').write('Wavenumber (cm-1),Absorbance\n' + ''.join('%r,%r\n' % row for row in table))
        for form in ('affn', 'difdup'):
            code, out, err = run('convert', '--to', 'jcamp', '--form', form, '-o', back, path)
            check('%s as %s' % (name, form), code == 0, err)
            code, out, err = run('read', back)
            got = rows(out)
            slack = 1e-9 if (name, form) == ('irrational', 'difdup') else 0
            same = len(got) == len(table) and all(
                abs(g[0] - x) <= 1e-12 * x and (abs(g[1] - y) <= slack or (math.isnan(y) and math.isnan(g[1])))
                for g, (x, y) in zip(got, table))
            check('%s back from %s' % (name, form), code == 0 and same and 'absorbance' in out, err)


def head(drop=(), **other):
    """The records above a table of four points, as {label: value}."""
    records = {'TITLE': 't', 'JCAMP-DX': '4.24', 'DATA TYPE': 'INFRARED SPECTRUM', 'XUNITS': '1/CM', 'YUNITS': 'ABSORBANCE', 'XFACTOR': '1',
               'YFACTOR': '0.5', 'FIRSTX': '400.5', 'LASTX': '406.5', 'NPOINTS': '4', 'FIRSTY': '5', 'DELTAX': '2'}
    records.update((k.replace('_', ' '), v) for k, v in other.items())
    return ''.join('##%s= %s\n' % r for r in records.items() if r[0] not in drop)


PLAIN = '##XYDATA=(X++(Y..Y))\n400.5 10 20\n404.5 30 40\n##END=\n'
POINTS = [(400.5, 5), (402.5, 10), (404.5, 15), (406.5, 20)]


def variants(folder):
    """What writers leave out, spell in their own way or write with decimal commas."""
    path = os.path.join(folder, 'a.jdx')

    def reads(what, text, points=POINTS, holds='', warns=''):
        open(path, 'w', encoding='utf-8').write(text)
        code, out, err = run('read', path)
        check(what, code == 0 and rows(out) == [list(p) for p in points] and holds in out and warns in err, err[:200] + out[-200:])

    for drop in ('FIRSTY', 'DELTAX', 'XFACTOR', 'LASTX', 'FIRSTX', 'NPOINTS', 'FIRSTX LASTX', 'NPOINTS DELTAX', 'NPOINTS LASTX FIRSTY'):
        reads('without ' + drop, head(drop.split()) + PLAIN)
    for unit, name in (('NANOMETERS', 'wavelength, unit: nm'), ('µm', 'wavelength, unit: um'), ('MICROMETRES', 'wavelength, unit: um'), ('eV', 'photon_energy, unit: eV'),
                       ('cm⁻¹', 'wavenumber, unit: cm-1'), ('Wavenumbers (cm-1)', 'wavenumber, unit: cm-1'), ('ANGSTROMS', 'wavelength, unit: Angstrom'), ('Raman Shift (cm-1)', 'raman_shift, unit: cm-1')):
        reads('x in ' + unit, head(XUNITS=unit) + PLAIN, holds='name: ' + name)
    for unit, name in (('% TRANSMITTANCE', 'transmittance, unit: "%"'), ('TRANSMITTANCE (%)', 'transmittance, unit: "%"'), ('Transmission (%)', 'transmittance, unit: "%"'), ('Reflection (%)', 'reflectance, unit: "%"'), ('KUBELKA-MUNK', 'kubelka_munk'), ('%R', 'reflectance, unit: "%"'),
                       ('OPTICAL DENSITY', 'absorbance'), ('LOG(1/R)', 'log_inverse_reflectance'), ('ARBITRARY UNITS', 'intensity'), ('SINGLE BEAM', 'single_beam')):
        reads('y in ' + unit, head(YUNITS=unit) + PLAIN, holds='name: ' + name)
    reads('decimal commas', (head() + PLAIN).replace('400.5', '400,5').replace('404.5', '404,5').replace('406.5', '406,5').replace('0.5', '0,5'), warns='decimal commas')
    reads('points with decimal commas', head(('DELTAX',), YFACTOR='1.0', FIRSTX='400,5', LASTX='406,5') + '##XYPOINTS=(XY..XY)\n400,5, 5,0\n402,5, 10,0\n404,5, 15,0\n406,5, 20,0\n##END=\n', warns='decimal commas')
    open(path, 'w').write(head(('FIRSTX', 'LASTX', 'YFACTOR', 'DELTAX', 'FIRSTY')) + '##XYPOINTS=(XY..XY)\n400,5 10,1\n402,5 20,1\n404,5 30,1\n406,5 40,1\n##END=\n')
    check('points that may have decimal commas are refused', run('read', path)[0] == 3)
    inner = head() + PLAIN
    outer = '##TITLE= outer\n##JCAMP-DX= 4.24\n##DATA TYPE= LINK\n##BLOCKS= %d\n%s##END=\n'
    structure = '##TITLE= benzene\n##JCAMP-CS= 3.7\n##MOLFORM= C6 H6\n##ATOMLIST=\n1 C 0\n##END=\n'
    reads('a structure beside a spectrum', outer % (3, structure + inner))
    check('which gives no warning', run('read', path)[2] == '')
    reads('blocks in blocks', outer % (4, inner + outer % (3, inner + inner)), POINTS * 3)
    pages = ('##TITLE= t\n##JCAMP-DX= 5.00\n##DATA TYPE= INFRARED SPECTRUM\n##NTUPLES= S\n##VAR_NAME= WAVENUMBER, ABSORBANCE, %s\n##SYMBOL= X, Y, T\n##VAR_DIM= 4, 4, 2\n'
             '##UNITS= 1/CM, ABSORBANCE, %s\n##FIRST= 400.5, 5, 0\n##LAST= 406.5, 20, 5\n##FACTOR= 1, 0.5, 1\n##PAGE= T=0\n##DATA TABLE= (X++(Y..Y)), XYDATA\n400.5 10 20\n404.5 30 40\n'
             '##PAGE= T=5\n##DATA TABLE= (XY..XY), XYPOINTS\n400.5,10; 402.5,20; 404.5,30; 406.5,40\n##END NTUPLES= S\n##END=\n')
    reads('pages of a time series', pages % ('TIME', 'SECONDS'), POINTS * 2, '"time": {"value": 5, "unit": "s"}')
    reads('pages by temperature', pages % ('TEMPERATURE', 'K'), POINTS * 2, '"temperature": {"value": 5, "unit": "K"}')


def abscissae(folder):
    """FIRSTX + i*(LASTX-FIRSTX)/(NPOINTS-1) of the decimal numbers, rounded once."""
    path = os.path.join(folder, 'x.jdx')
    for first, last, n in (('400', '4000', 3601), ('5', '80', 3751), ('399.1989', '3999.843', 1868), ('3999.843', '399.1989', 1868), ('0.1', '0.7', 7), ('399.26479', '4000.1222', 3735)):
        exact = [Fraction(first) + (Fraction(last) - Fraction(first)) * i / (n - 1) for i in range(n)]
        table = ''.join('%.6f %s\n' % (exact[i], ' '.join('1' * min(10, n - i))) for i in range(0, n, 10))
        open(path, 'w').write('##TITLE= t\n##JCAMP-DX= 4.24\n##DATA TYPE= INFRARED SPECTRUM\n##XUNITS= 1/CM\n##YUNITS= ABSORBANCE\n##FIRSTX= %s\n##LASTX= %s\n##NPOINTS= %d\n'
                              '##XFACTOR= 1\n##YFACTOR= 1\n##XYDATA= (X++(Y..Y))\n%s##END=\n' % (first, last, n, table))
        check('x from %s to %s' % (first, last), [r[0] for r in rows(run('read', path)[1])] == [float(x) for x in exact])


with tempfile.TemporaryDirectory() as folder:
    abscissae(folder)
    forms(folder)
    damages(folder)
    variants(folder)
    round_trips(folder)
sys.exit(1 if failures else 0)
