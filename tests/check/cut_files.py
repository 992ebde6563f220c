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


def run(*words):
    p = subprocess.run([ASSAY, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    return p.returncode, p.stdout, p.stderr.decode('utf-8', 'replace')


def judge_one(path, copy):
    """'' or what is wrong with how `read` takes one cut file."""
    code, out, err = run('read', copy)
    if code not in (0, 3) or 'Sanitizer' in err:
        return 'exit %d %s' % (code, err[:300])
    if code == 3 and (out or not err.strip()):
        return 'refused with output or without a message'
    if code == 3 or err.strip():
        return ''
    return '' if rows(out) == rows(run('read', path)[1]) else 'read without a warning'


def judge(job):
    """[(place, what is wrong)] of all cuts of one file. A process costs more than a cut: `check` reads them all in one and names on
    stderr those that it refuses or warns of. The others, and one of those that it named, go through `read`."""
    path, places = job
    data, found = open(path, 'rb').read(), []
    with tempfile.TemporaryDirectory() as folder:
        copies = {}
        for at in places:
            copy = copies[at] = os.path.join(folder, str(at), os.path.basename(path))
            os.mkdir(os.path.dirname(copy))
            open(copy, 'wb').write(data[:at])
        code, _, err = run('check', *copies.values())
        named = [at for at in places if copies[at] + ':' in err]
        if code not in (0, 1) or 'Sanitizer' in err:
            named = []
            found.append((places[0], 'and others: check exits with %d %s' % (code, err[:300])))
        for at in places:
            wrong = judge_one(path, copies[at]) if at not in named[1:] else ''
            if wrong:
                found.append((at, wrong))
    return found


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
            places = places[::2] if technique in MANY and not sys.argv[1:] else places
            if places:
                jobs.append((path, places))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for (path, _), found in zip(jobs, pool.map(judge, jobs)):
            for at, wrong in found:
                failed += 1
                print('%s cut at %d of %d: %s' % (os.path.relpath(path, CORPUS), at, os.path.getsize(path), wrong))
    print('%d cut files, %d failed' % (sum(len(places) for _, places in jobs), failed))
    return 1 if failed or not jobs else 0


sys.exit(main())
