#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file of the corpus against every probe: one best score with a clear margin. Random bytes and
files whose bytes were shuffled are recognised by nobody (columns of numbers aside, for shuffled text)."""
import glob, os, random, re, subprocess, sys, tempfile

ASSAY = os.environ['ASSAY']
SHARED = os.environ.get('ASSAY_SHARED', '')
SOURCE = os.environ['ASSAY_SOURCE']
failed = 0


def fail(text):
    global failed
    failed += 1
    print(text)


def explain(paths):
    """path -> [(score, format)], best first; scores of 0 are not printed."""
    out = {}
    for i in range(0, len(paths), 200):
        p = subprocess.run([ASSAY, 'identify', '--explain', *paths[i:i + 200]], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
        if p.returncode not in (0, 3):
            sys.exit('identify: exit %d\n%s' % (p.returncode, p.stderr.decode('utf-8', 'replace')[-800:]))
        path = None
        for line in p.stdout.decode('utf-8', 'replace').splitlines():
            if '\t' in line and not line.startswith(' '):
                path = line.split('\t')[0]
                out[path] = []
            m = re.match(r' +(\d+)  (\S+)', line)
            if m and path:
                out[path].append((int(m[1]), m[2]))
    return out


def corpus():
    files = sorted(f for f in glob.glob(SOURCE + '/tests/corpus/*/*') if os.path.isfile(f))
    files += sorted(f for f in glob.glob(SHARED + '/corpus/*/*/*') if os.path.isfile(f))
    return files


def one_best(files):
    known = 0
    for path, scores in explain(files).items():
        if not scores:
            continue
        known += 1
        if len(scores) > 1 and scores[0][0] - scores[1][0] < 10:
            fail('%s: %s %d, %s %d: no clear margin' % (path, scores[0][1], scores[0][0], scores[1][1], scores[1][0]))
    print('%d files, %d recognised' % (len(files), known))
    return known


def noise(files):
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as tmp:
        paths = []
        suffixes = ['raw', 'spc', 'xy', 'spa', 'wdf', 'csv', 'vms', 'xrdml', 'dx', 'xlsx', 'ngb-ss3', '0']
        for i in range(300):
            p = os.path.join(tmp, 'random-%d.%s' % (i, suffixes[i % len(suffixes)]))
            open(p, 'wb').write(bytes(rng.randrange(256) for _ in range(rng.choice([1, 7, 64, 300, 4000]))))
            paths.append(p)
        for path, scores in explain(paths).items():
            if scores:
                fail('%s: random bytes scored %d as %s' % (os.path.basename(path), *scores[0]))
        paths = []
        for i, f in enumerate(files):
            data = bytearray(open(f, 'rb').read()[:4000])
            random.Random(len(data)).shuffle(data) # whatever other files there are
            p = os.path.join(tmp, '%d-%s' % (i, os.path.basename(f)))
            open(p, 'wb').write(data)
            paths.append(p)
        for path, scores in explain(paths).items():
            if scores and scores[0][1] != 'delimited':
                fail('%s: shuffled bytes scored %d as %s' % (os.path.basename(path), *scores[0]))


files = corpus()
if one_best(files) == 0:
    fail('nothing was recognised')
noise(files)
print('%d failed' % failed)
sys.exit(1 if failed else 0)
