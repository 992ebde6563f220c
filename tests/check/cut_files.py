#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files cut short: each corpus file of the given techniques (default: those whose readers are complete) is cut at
ten places, and what remains must be refused or read with a warning, never silently, unless all the data are there,
and crash nothing.

A text whose rows are all there is to it says nothing of its length: cut between two rows it is a whole file. Where
no count guards the rows, a cut must be warned of when it leaves a last line that is shorter than the one before.
cut_files.py [TECHNIQUE ...]
"""
import concurrent.futures, csv, os, random, subprocess, sys, tempfile
csv.field_size_limit(10**9)

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
SHARED = os.environ.get('ASSAY_SHARED', os.path.join(SOURCE, '..', 'shared'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SHARED, 'corpus')
COMPLETE = ('xrd', 'raman', 'ftir', 'thermal', 'echem', 'xps')
MANY = ('raman', 'thermal', 'echem', 'xps')  # many formats: half of the places, unless asked for by name
LARGEST = 2_000_000  # bytes: the rest are slow and show nothing more
LARGEST_OF_MANY = 400_000
# Rows without a count.
PLAIN = ('casa-csv', 'casa-txt', 'xy', 'xye', 'csv', 'dat-columns', 'panalytical-xy', 'panalytical-asc', 'bruker-eva-xy', 'uxd',
         'andor-asc', 'labspec-txt', 'renishaw-txt', 'witec-txt', 'xy-txt', 'zolix-txt', 'lightnovo-tsv', 'neegala-csv',
         'oceanoptics-txt', 'rod-cif', 'omnic-csv', 'opus-dpt', 'shimadzu-csv', 'macfp-csv',
         'netzsch-txt', 'trios-csv', 'csv-eis', 'biologic-mpt')


def cuts(path, data, plain):
    """Ten places from the first tenth to the last byte but one."""
    rng = random.Random(os.path.basename(path))
    n = len(data)
    places = sorted({max(1, min(n - 2, int(n * (i + rng.random()) / 10))) for i in range(9)} | {n - 2})
    return [p for p in places if not plain or looks_cut(data[:p])]


def looks_cut(data):
    lines = data.replace(b'\r\n', b'\n').split(b'\n')
    return len(lines) > 1 and 0 < len(lines[-1]) < len(lines[-2])


def rows(output):
    return [line for line in output.splitlines() if not line.startswith(b'#')]


def judge(job):
    path, at, plain = job
    data = open(path, 'rb').read()[:at]
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(path))
        open(copy, 'wb').write(data)
        try:
            p = subprocess.run([ASSAY, 'read', copy], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        except subprocess.TimeoutExpired:
            return 'time-out'
    err = p.stderr.decode('utf-8', 'replace')
    if p.returncode not in (0, 3) or 'Sanitizer' in err:
        return 'exit %d %s' % (p.returncode, err[:300])
    if p.returncode == 3 and (p.stdout or not err.strip()):
        return 'refused with output or without a message'
    if p.returncode == 3 or err.strip():
        return ''
    whole = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    return '' if rows(p.stdout) == rows(whole.stdout) else 'read without a warning'


def main():
    if not os.path.isdir(CORPUS):
        print('skipped: no corpus at ' + CORPUS)
        return 77
    jobs = []
    for technique in sys.argv[1:] or COMPLETE:
        largest = LARGEST_OF_MANY if technique in MANY and not sys.argv[1:] else LARGEST
        for row in csv.DictReader(open(os.path.join(CORPUS, technique + '.tsv'), encoding='utf-8'), delimiter='\t',
                                  quoting=csv.QUOTE_NONE):
            path = os.path.join(CORPUS, row.get('file') or '')
            if not os.path.isfile(path) or '/bad/' in path or os.path.getsize(path) > largest:
                continue
            plain = row['format'] in PLAIN or 'hash header' in (row.get('notes') or '')
            places = cuts(path, open(path, 'rb').read(), plain)
            jobs += [(path, at, plain) for at in (places[::2] if technique in MANY and not sys.argv[1:] else places)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for (path, at, _), answer in zip(jobs, pool.map(judge, jobs)):
            if answer:
                failed += 1
                print('%s cut at %d of %d: %s' % (os.path.relpath(path, CORPUS), at, os.path.getsize(path), answer))
    print('%d cut files, %d failed' % (len(jobs), failed))
    return 1 if failed or not jobs else 0


sys.exit(main())
