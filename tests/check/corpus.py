#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file of the shared corpus against what independent readers found in it: corpus.py [-v] [TEXT]

One row of a manifest is one test: number of points and series, first and last x and y (1e-5 relative, or the
manifest's own digits; any two columns, either order of rows), files under bad/ refused or read with a warning.
Techniques in COMPLETE, whose readers are all there, must have every row right. Of the others a row may still be refused,
or read by the general text reader in another sense than its manifest's (with -v these are listed): put a technique into
COMPLETE with its last format. No file of any may crash the reader. tests/corpus-exceptions.tsv holds the values that a file itself disproves. TEXT limits the
rows to those whose file holds it.
"""
import concurrent.futures, csv, os, re, subprocess, sys
csv.field_size_limit(10**9)

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
SHARED = os.environ.get('ASSAY_SHARED', os.path.join(SOURCE, '..', 'shared'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SHARED, 'corpus')
# Techniques whose readers are complete: all their rows must come out right.
COMPLETE = ('xrd', 'ftir', 'sorption', 'echem', 'thermal', 'xps')


def number(text):
    m = re.match(r'[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?', (text or '').strip().strip('"').replace(',', '.'))
    return float(m.group(0)) if m else None


def tolerance(text, value):
    text = text.strip().strip('"').replace(',', '.')
    m = re.match(r'[-+]?\d*\.?(\d*)(?:[eE]([-+]?\d+))?', text)
    last = 0.51 * 10.0 ** (int(m.group(2) or 0) - len(m.group(1))) if '.' in text else 0
    return max(1e-5 * abs(value), last, 1e-12)


def close(text, got):
    want = number(text)
    return want is None or abs(got - want) <= tolerance(text, want)  # nan is close to nothing


def cell(text):
    try:
        return float(text)
    except ValueError:
        return float('nan')


def read(path):
    """exit status, {series: (rows, first row, last row)}, stderr"""
    try:
        p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    except subprocess.TimeoutExpired:
        return -1, {}, 'time-out'
    series, names = {}, False
    for line in p.stdout.decode('utf-8', 'replace').splitlines():
        if line.startswith('#'):
            continue
        if not names:
            names = True
            continue
        key, _, rest = line.partition(' ')
        n, first, _ = series.get(key, (0, rest, rest))
        series[key] = (n + 1, first, rest)
    rows = {k: (n, [cell(c) for c in a.split(' ')], [cell(c) for c in b.split(' ')]) for k, (n, a, b) in series.items()}
    return p.returncode, rows, p.stderr.decode('utf-8', 'replace').strip()


def agrees(row, first, last):
    columns = range(min(len(first), len(last)))
    x = [i for i in columns if close(row['x_first'], first[i]) and close(row['x_last'], last[i])]
    y = [i for i in columns if close(row['y_first'], first[i]) and close(row['y_last'], last[i])]
    return any(i != j for i in x for j in y)


def judge(row):
    """'' or what is wrong; None: refused."""
    code, series, err = read(os.path.join(CORPUS, row['file']))
    if code not in (0, 3) or (code == 3 and not err):
        return 'exit %d %s' % (code, err[:200])
    if row.get('refused') == 'yes':
        return '' if code == 3 else 'a format that has no reader is read'
    if '/bad/' in row['file'] and row.get('bad') != 'no':
        return '' if code == 3 or err else 'a bad file is read without a warning'
    if code == 3:
        return None
    n, n_series = number(row['n_points']), number(row['n_series'])
    if not series:
        return 'no rows'
    if n_series is not None and len(series) != n_series:
        return '%d series, expected %d' % (len(series), n_series)
    for count, first, last in series.values():
        if (n is None or count == n) and (agrees(row, first, last) or agrees(row, last, first)):
            return ''
    count, first, last = next(iter(series.values()))
    return '%d rows %s .. %s, expected %s, x %s .. %s, y %s .. %s' % (
        count, first[:3], last[:3], row['n_points'], row['x_first'], row['x_last'], row['y_first'], row['y_last'])


def manifest_rows(only):
    exceptions = {}
    for e in csv.DictReader(open(os.path.join(SOURCE, 'tests', 'corpus-exceptions.tsv'), encoding='utf-8'), delimiter='\t',
                            quoting=csv.QUOTE_NONE):
        exceptions[e['file'], e['field']] = e
    for name in sorted(os.listdir(CORPUS)):
        if not name.endswith('.tsv') or 'results' in name:
            continue
        for row in csv.DictReader(open(os.path.join(CORPUS, name), encoding='utf-8'), delimiter='\t', quoting=csv.QUOTE_NONE):
            if not row.get('file') or only not in row['file'] or not os.path.exists(os.path.join(CORPUS, row['file'])):
                continue
            row['bad'] = ''  # fields of exceptions only: "no" for whole files under bad/,
            row['refused'] = ''  # "yes" for formats that are named and refused
            for field in row:
                e = exceptions.get((row['file'], field))
                if e and e['manifest'] == row[field]:
                    row[field] = e['ours']
            yield row


def main():
    if not os.path.isdir(CORPUS):
        print('skipped: no corpus at ' + CORPUS)
        return 77
    words = [w for w in sys.argv[1:] if w != '-v']
    rows = list(manifest_rows(words[0] if words else ''))
    failed, refused, right, pending = 0, 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for row, answer in zip(rows, pool.map(judge, rows)):
            complete = row['technique'] in COMPLETE
            if answer == '':
                right += 1
                continue
            crashed = (answer or '').startswith('exit ')
            failed += complete or crashed
            refused += answer is None and not complete
            pending += answer is not None and not complete and not crashed
            if complete or crashed or '-v' in sys.argv:
                print('%s: %s' % (row['file'], answer or 'refused'))
    print('%d rows: %d right, %d failed; of techniques not complete %d refused, %d otherwise read' % (
        len(rows), right, failed, refused, pending))
    return 1 if failed or not rows else 0


sys.exit(main())
