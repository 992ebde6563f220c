#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""JCAMP-DX: one curve in every form of the protocol, written by an encoder that shares nothing with ours, with all
line ends and spellings of labels, must come out the same; what our exporter writes must come back; every damaged
check value and every lost line must be noticed."""
import math, os, random, subprocess, sys, tempfile

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


with tempfile.TemporaryDirectory() as folder:
    forms(folder)
    damages(folder)
    round_trips(folder)
sys.exit(1 if failures else 0)
