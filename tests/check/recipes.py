#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recipe of recipes/chang2022 is made by `make verify`, all claims come out as expected, every figure passes
figure-check, and the verdicts on (111) of each simulated set are those its sets.tsv states."""
import csv, glob, json, os, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
SETS = {'effect': 'fig2b', 'null': 'fig2b-null', 'bare-structure': 'fig2b-bare-structure',
        'stated-loading': 'fig2b-stated-loading'}
NAMES = {'pristine.xrdml': 'pristine', 'activated.xrdml': 'activated', 'quasi-solid.xrdml': 'quasi',
         'cycled-100.ras': 'after_100', 'cycled-300.ras': 'after_300', 'cycled-700.ras': 'after_700'}


def verdicts(path):
    with open(path) as f:
        return {r['series']: r['flag'] for r in csv.DictReader(f) if (r['item'], r['quantity']) == ('111', 'verdict')}


with tempfile.TemporaryDirectory() as tmp:
    env = dict(os.environ, XDG_CACHE_HOME=os.path.join(tmp, 'cache'), ASSAY=ASSAY, OUT=os.path.join(tmp, 'out'))
    p = subprocess.run(['make', '-s', '-C', os.path.join(SOURCE, 'recipes'), 'verify', 'sets=chang2022'], env=env,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    print(p.stderr.decode())
    if p.returncode:
        sys.exit('make verify: exit %d\n%s' % (p.returncode, p.stdout.decode()))
    out = os.path.join(tmp, 'out', 'chang2022')
    figures = sorted(f for form in ('svg', 'pdf', 'png') for f in glob.glob(os.path.join(out, '*', '*.' + form)))
    p = subprocess.run([ASSAY, 'figure-check', *figures], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    faults = [l for l in p.stdout.decode().splitlines() if len(l.split(': ', 1)) == 2 and l.split(': ', 1)[1][17:19] == 'no']
    print('\n'.join(faults))
    if p.returncode or not figures:
        sys.exit('figure-check of %d figures: exit %d\n%s' % (len(figures), p.returncode, p.stdout.decode()[-500:]))
    with open(os.path.join(out, 'verdicts.tsv'), encoding='utf-8') as f:
        sheet = list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))
    odd = [r for r in sheet if r['verdict'] != r['expected']]
    print('verdicts.tsv: %d claims, %d not as expected' % (len(sheet), len(odd)))
    if odd or len(sheet) < 100:
        sys.exit('the sheet of verdicts: %r' % odd)
    found = {folder: verdicts(os.path.join(out, recipe, 'fig2b.csv')) for folder, recipe in SETS.items()}
    found['effect'].update(verdicts(os.path.join(out, 'fig5j', 'fig5j.csv')))
    done = wrong = 0
    with open(os.path.join(SOURCE, 'datasets', 'chang2022', 'xrd', 'sets.tsv')) as f:
        for row in csv.DictReader((line for line in f if not line.startswith('#')), delimiter='\t'):
            name = NAMES.get(os.path.basename(row['file']))
            if not name:
                continue
            got = found[row['set']][name]
            done += 1
            if got != row['verdict_111']:
                wrong += 1
                print('%s: %s, expected %s' % (row['file'], got, row['verdict_111']))
    print('%d verdicts, %d wrong' % (done, wrong))
    claims = json.load(open(os.path.join(out, 'fig2b', 'claims.json')))
    limit = [r['value'] for c in claims['claims'] for r in c['report'] if 'relative_upper_limit' in r['expression']]
    print('activated: I111/I222 below %g %%' % limit[0])
    sys.exit(wrong > 0 or done != 15 or not 0 < limit[0] < 1)
