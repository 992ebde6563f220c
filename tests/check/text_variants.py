#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of numbers in text as programs of many countries write them: one small table in each way, either read right or
refused by name; and samples of instrument formats with other line ends, encodings and blanks, read as the samples are."""
import glob, os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
X = [10, 10.5, 11, 11.5, 12, 12.5, 13, 13.5, 14, 14.5, 15, 15.5]
Y = [101, 120, 144, 160, 900, 2500, 870, 150, 140, 130, 120, 110]
failures = []


def table(separator='\t', decimal='.', y=lambda v: '%g' % v, end='\n', lead='', trail=''):
    return ''.join(lead + ('%.2f' % a).replace('.', decimal) + separator + y(b) + trail + end for a, b in zip(X, Y))


def head(names, separator=';', decimal=','):
    return names + '\n' + table(separator, decimal)


def thousands(mark):
    return lambda v: '{:,}'.format(100 * v).replace(',', mark)


DEG, COUNT = 'two_theta/deg', 'intensity/count'
# name: content, columns expected (None: only the numbers), factor of y; or a part of the refusal
CASES = {
    'tab.txt': (table(), 'x y'), 'comma.csv': (table(','), 'x y'), 'semicolon.csv': (table(';'), 'x y'),
    'bar.txt': (table('|'), 'x y'), 'bar-blanks.txt': (table(' | '), 'x y'), 'comma-blank.txt': (table(', '), 'x y'),
    'semicolon-decimal.csv': (table(';', ','), 'x y'), 'tab-decimal.txt': (table('\t', ','), 'x y'),
    'blanks-decimal.txt': (table('  ', ',', lead=' '), 'x y'), 'cr.txt': (table(end='\r'), 'x y'),
    'crlf.txt': (table(end='\r\n'), 'x y'), 'trailing-comma.csv': (table(',', trail=','), 'x y'),
    'trailing-tab.txt': (table(trail='\t'), 'x y'), 'leading-tab.txt': (table(lead='\t'), 'x y'),
    'trailing-blanks.txt': (table(' ', trail='   '), 'x y'), 'no-end.txt': (table().rstrip('\n'), 'x y'),
    'quoted.csv': (''.join('"%g","%g"\n' % p for p in zip(X, Y)), 'x y'),
    'quoted-decimal.csv': (''.join('"%s","%d"\n' % (('%g' % a).replace('.', ','), b) for a, b in zip(X, Y)), 'x y'),
    'fortran.txt': (''.join('%.6fD+01  %.5fD+02\n' % (a / 10, b / 100) for a, b in zip(X, Y)), 'x y'),
    'exponents-decimal.txt': (''.join(('%.6e;%.5E\n' % p).replace('.', ',') for p in zip(X, Y)), 'x y'),
    'thousands-blank.txt': ('2theta\tCounts\n' + table(y=thousands('\u00a0')), DEG + ' ' + COUNT, 100),
    'thousands-thin.txt': ('2theta\tCounts\n' + table(y=thousands('\u2009')), DEG + ' ' + COUNT, 100),
    'thousands-swiss.txt': ('2theta\tCounts\n' + table(y=thousands("'")), DEG + ' ' + COUNT, 100),
    'minus.txt': (table(y=lambda v: '\u2212%d' % v), 'x y', -1),
    'bom-inside.txt': ('\u200b' + table(), 'x y'), 'separator-line.csv': ('sep=;\n' + head('2theta;I'), DEG + ' intensity'),
    'count-first.txt': ('12\n' + table(), 'x y'), 'title-count.txt': ('LaB6\n12\n' + table(), 'x y'),
    'comments-3.txt': ('% a\n% b\n% c\n' + table(), 'x y'), 'lines-3.txt': ('a\nb\nc d e\n' + table(), 'x y'),
    'comment-behind.txt': (table() + '# end\n', 'x y'), 'form-feed.txt': (table().replace('12.00', '\f12.00'), 'x y'),
    'utf16.txt': (table().encode('utf-16'), 'x y'), 'utf16be.txt': (b'\xfe\xff' + table().encode('utf-16-be'), 'x y'),
    'german.csv': (head('2Theta [°];Intensität [Counts]'), DEG + ' ' + COUNT),
    'german-1252.csv': (head('2Theta [°];Intensität [Counts]').encode('cp1252'), DEG + ' ' + COUNT),
    'german-words.csv': (head('Winkel 2Theta;Zählrate'), DEG + ' intensity'),
    'french.csv': (head('2θ (°);Intensité'), DEG + ' intensity'), 'spanish.csv': (head('Ángulo 2θ (°);Intensidad (cps)'), DEG + ' intensity/count/s'),
    'italian.csv': (head('Angolo 2θ;Intensità'), DEG + ' intensity'), 'portuguese.csv': (head('2θ;Intensidade'), DEG + ' intensity'),
    'japanese.csv': (head('2θ (°);強度 (counts)'), DEG + ' ' + COUNT), 'chinese.csv': (head('2θ (°);强度'), DEG + ' intensity'),
    'japanese-sjis.csv': (head('回折角;強度').encode('cp932'), DEG + ' intensity'), 'russian.csv': (head('2θ;Интенсивность'), DEG + ' intensity'),
    'unit-row.csv': ('2Theta,Intensity\n(°),(cps)\n' + table(','), DEG + ' intensity/count/s'),
    'origin.csv': ('2Theta,Intensity\n°,cps\n,Sample A\n' + table(','), DEG + ' intensity/count/s'),
    'unit-row-short.txt': ('Number Depth Reading\n[°C] [mg]\n' + ''.join('%d %g %g\n' % (i, a, b) for i, (a, b) in enumerate(zip(X, Y))), None),
    'stare-untitled.txt': ('Index Ts Value\n[°C] [mg]\n' + ''.join('%d %g %g\n' % (i, a, b) for i, (a, b) in enumerate(zip(X, Y))),
                           'temperature/degC mass/mg index'), # STARe gives its index no unit
    'clock.csv': ('Timestamp,2theta,Counts\n' + ''.join('2021-03-04 13:40:%02d,%g,%g\n' % (i, a, b) for i, (a, b) in enumerate(zip(X, Y))),
                  DEG + ' ' + COUNT + ' timestamp'),
    'labels.csv': ('sample,2theta,Counts\n' + ''.join('S%d,%g,%g\n' % (i, a, b) for i, (a, b) in enumerate(zip(X, Y))), DEG + ' ' + COUNT + ' sample'),
    'decimals-and-commas.csv': (table(',', ',', y=lambda v: '%d,0' % v), '!the comma separates'),
    'one-or-two.csv': (''.join('%d,%d\n' % (i, b) for i, b in enumerate(Y)), '!one number or two'),
    'joined.txt': (''.join('%8.2f%11.4E\n' % (a, b if i > 3 else -b) for i, (a, b) in enumerate(zip(X, Y))), '!two numbers without a blank'),
    'overflow.txt': (table(' ').replace('2500', '****'), "!'****'"), 'prose.txt': ('A letter.\nIt has 2 numbers.\n', '!no'),
    'empty.txt': ('', '!empty'), 'heading-only.csv': ('2theta,Intensity\n', '!no known format'), 'page.txt': ('<html><td>1</td>\n', '!web page'),
}


def run(path):
    p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def columns(out):
    found = []
    for name, rest in re.findall(r'^# - \{name: (\w+)(.*)\}$', out, re.M):
        unit = re.search(r', unit: "?([^,"]+)"?', rest)
        if name != 'series':
            found.append(name + ('/' + unit.group(1) if unit else ''))
    return ' '.join(found)


def check(name, content, expected, factor=1):
    path = os.path.join(folder, name)
    open(path, 'wb').write(content if isinstance(content, bytes) else content.encode())
    code, out, err = run(path)
    if expected and expected[0] == '!':
        good = code == 3 and expected[1:] in err and not out
        return None if good else 'expected a refusal with %r, got %d %r' % (expected[1:], code, err)
    rows = [line.split(' ') for line in out.split('\n') if line and line[0] != '#'][1:]
    if code != 0 or len(rows) != len(X):
        return 'exit %d, %d rows: %s' % (code, len(rows), err)
    if expected and columns(out) != expected:
        return 'columns %r, expected %r' % (columns(out), expected)
    if not expected:
        return None if re.search('x y column_3$', columns(out)) else 'columns %r' % columns(out)
    wrong = [r for r, a, b in zip(rows, X, Y) if float(r[1]) != a or float(r[2]) != factor * b]
    return 'row %s' % wrong[0] if wrong else None


def plain(out):
    return re.sub(r'"sha256": "\w*"|line \d+', '', out)


def text_of(content):
    for encoding in ('utf-8-sig', 'cp1252', 'latin-1'):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass


def variants(content):
    lines = re.split(b'\r\n|\n|\r', content)
    body = lines[:-1] if lines[-1] == b'' else lines
    yield 'LF', b'\n'.join(body) + b'\n'
    yield 'CR LF', b'\r\n'.join(body) + b'\r\n'
    yield 'CR', b'\r'.join(body) + b'\r'
    yield 'empty lines behind', b'\n'.join(body) + b'\n\n\n'
    yield 'blanks at the ends of lines', b'  \n'.join(body) + b'\n'
    yield 'control Z', b'\r\n'.join(body) + b'\r\n\x1a'
    if b'\x83' in content or b'\x8a' in content:
        return  # Shift-JIS
    yield 'UTF-8 with a BOM', b'\xef\xbb\xbf' + text_of(content).encode()
    yield 'UTF-16', text_of(content).encode('utf-16')


def same_as_sample(path):
    """The sample in each variant gives the stream of the sample."""
    content = open(path, 'rb').read()
    if content[:2] in (b'\xff\xfe', b'PK') or b'\0' in content or content.startswith(b'<') or not content.endswith((b'\n', b'\r')):
        return
    code, out, err = run(path)
    if code != 0 or '"format": "delimited"' in out:
        return
    stem = os.path.basename(path)
    for what, changed in variants(content):
        other = os.path.join(folder, stem)
        open(other, 'wb').write(changed)
        code, got, err = run(other)
        if code != 0 or plain(got) != plain(out):
            differs = [pair for pair in zip(plain(out).split('\n'), plain(got).split('\n')) if pair[0] != pair[1]][:1]
            failures.append('%s with %s: exit %d %s %s' % (stem, what, code, err, differs))


with tempfile.TemporaryDirectory() as folder:
    for name, case in CASES.items():
        wrong = check(name, *case)
        if wrong:
            failures.append('%s: %s' % (name, wrong))
    samples = [f for t in ('xrd', 'thermal', 'sorption', 'raman', 'ftir', 'xps', 'echem') for f in sorted(glob.glob(os.path.join(SOURCE, 'tests', 'corpus', t, '*')))]
    for sample in samples:
        if not sample.endswith(('.ecsv', '.hdr')):
            same_as_sample(sample)
for failure in failures:
    print('FAILED', failure)
print('%d tables and %d samples, %d failures' % (len(CASES), len(samples), len(failures)))
sys.exit(1 if failures else 0)
