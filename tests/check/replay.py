#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures and streams are made again from their own records alone: those of recipes with merged, dropped and referenced
series and options that name steps, files and styles, and those drawn in a shell. What comes from the cache has the same bytes."""
import glob, json, os, re, shutil, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
SETS = os.path.join(SOURCE, 'datasets', 'chang2022')
SAMPLE = ('fig2b', 'fig3d', 'fig4c', 'figS3e', 'figS7a', 'figS7c')
STEPS = r'''
recipe: 1
inputs:
  a: {file: after.uxd, label: after}
  b: {file: before.uxd, label: before}
  w: {file: weights.ecsv}
steps:
  ref: {from: b, pipe: baseline-snip --window 1deg --subtract}
  both: {from: [a, b], pipe: "average --by label"}
  less: {from: both, pipe: subtract --other ref | select --name 'a*'}
  bars: {from: w, pipe: row-results}
figures:
  f: {from: a, pipe: plot-stack --look house.yaml --sticks ref}
  g: {from: [less, ref], pipe: plot-stack --sticks both}
  h: {from: bars, pipe: plot-bars, formats: [svg, png, pdf]}
pages:
  p: {panels: [f, g, h]}
tables:
  less: {from: less}
'''
failed = 0


def check(what, good, more=''):
    global failed
    failed += not good
    if not good:
        print('NOT', what, more)


def call(*words, **more):
    p = subprocess.run([ASSAY, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def replay(folder, *inputs, forms=('svg', 'png', 'pdf', 'ecsv')):
    files = sorted(f for form in forms for f in glob.glob(os.path.join(folder, '**', '*.' + form), recursive=True))
    for path in files:
        code, out, err = call('replay', *[w for i in inputs for w in ('--inputs', i)], path, cwd='/')
        check('replay of ' + os.path.relpath(path, folder), code == 0 and out.startswith('identical'), out[:300] + err[-300:])
    return len(files)


def content(folder):
    found = {}
    for path in glob.glob(os.path.join(folder, '**', '*.*'), recursive=True):
        with open(path, 'rb') as f:
            found[os.path.relpath(path, folder)] = f.read()
    return found


with tempfile.TemporaryDirectory() as tmp:
    def at(*names):
        return os.path.join(tmp, *names)
    recipes = [os.path.join(SOURCE, 'recipes', 'chang2022', r + '.yaml') for r in SAMPLE]
    for out in ('first', 'second'):
        code, _, err = call('run', '--cache', at('cache'), '-o', at(out), *recipes)
        check('the run', code == 0, err)
    first, second = content(at('first')), content(at('second'))
    differ = sorted(k for k in first if first[k] != second.get(k))
    check('steps from the cache make the same bytes', not differ and len(first) > 50, '%d files, these differ: %s' % (len(first), differ))
    n = replay(at('first'), SETS, os.path.join(SOURCE, 'recipes'), forms=('svg', 'ecsv'))

    os.mkdir(at('r'))
    for name in ('recipe/after.uxd', 'recipe/before.uxd', 'figures/weights.ecsv', 'figures/house.yaml'):
        shutil.copy(os.path.join(SOURCE, 'tests', 'corpus', name), at('r'))
    with open(at('r', 'r.yaml'), 'w') as f:
        f.write(STEPS)
    code, _, err = call('run', '--cache', 'off', '-o', at('out'), at('r', 'r.yaml'))
    check('the recipe of steps', code == 0, err)
    n += replay(at('out'), at('r'))
    with open(at('out', 'r', 'g.svg'), encoding='utf-8') as f:
        record = json.loads(re.search('<metadata>(.*?)</metadata>', f.read().replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&'), re.S).group(1))
    check('an option of a figure is in its record', [s['name'] for s in record['inputs']['tables']['both']] == ['a', 'b'], str(record.get('inputs')))
    took = record['series'][0]['steps']
    check('a merged series names those it was merged from, and no others',
          [s['name'] for k in took if k['op'] == 'average' for s in k['inputs']['series']] == ['a'], str(took)[:400])

    # in a shell: options in any order, by absolute names, which no output has
    small, other = os.path.join(SOURCE, 'tests/corpus/xrd/small.xy'), at('other.xy')
    with open(small) as f, open(other, 'w') as g:
        g.write(f.read() + '# a copy\n')
    os.mkdir(at('shell'))
    code, _, err = call('plot-stack', '--sticks', other, '--look', at('r', 'house.yaml'), '-o', at('shell', 'a.svg'), small)
    check('plot-stack', code == 0, err)
    code, stream, err = call('subtract', '--other', other, small)
    check('no folder of this machine in a stream', code == 0 and tmp not in stream and '--other other.xy' in stream, err + stream[:400])
    with open(at('shell', 'less.ecsv'), 'w') as f:
        f.write(stream)
    code, stream, err = call('cat', os.path.join(SOURCE, 'tests/corpus/figures/trend.ecsv'))
    check('a stream that nobody read is a source', code == 0 and '"source": {"name": "trend.ecsv"' in stream, err + stream[-400:])
    code, _, err = call('plot', os.path.join(SOURCE, 'tests/corpus/figures/thermogram.ecsv'), '-o', at('shell', 't.svg'))
    check('plot', code == 0, err)
    odd = os.path.join(os.fsencode(at('shell')), b'na\xffme.xy')
    shutil.copy(os.fsencode(small), odd)
    code, stream, err = call('read', odd)
    check('a name that is no UTF-8', code == 0 and '"name": "na\ufffdme"' in stream, err)
    n += replay(at('shell'), tmp, os.path.join(SOURCE, 'tests/corpus/xrd'), os.path.join(SOURCE, 'tests/corpus/figures'))
    with open(small, 'rb') as f, open(at('r', 'after.uxd'), 'ab') as g:
        g.write(f.read())
    code, _, err = call('replay', '--inputs', at('r'), at('out', 'r', 'f.svg'))
    check('a changed input is told', code == 3 and 'has the SHA-256' in err, err)
    print('%d files made again' % n)
sys.exit(failed > 0)
