#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe printed for bash, make, ninja and Snakemake gives, run there, the very bytes of the run in
one process; and each of them makes again what changed and nothing else."""
import hashlib, os, shutil, subprocess, sys, tempfile, time

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
PROGRAMS = {'shell': ['bash', 'plan'], 'make': ['make', '-j2', '-f', 'plan'], 'ninja': ['ninja', '-f', 'plan'],
            'snakemake': ['snakemake', '-q', '-j2', '-s', 'plan']}
WORDS = r'''
recipe: 1
title: words that every language quotes in its own way
parameters: {name: "a b"}
inputs:
  after: {file: after.uxd, label: "10 % {of} $HOME \\ it's \"so\"", set: {comment: $(name), sample: "#1"}}
steps:
  same: {from: after, pipe: cat}
figures:
  f: {from: same, pipe: plot}
  g: {from: after, pipe: "crop --x 5:7 | plot-lines --title 'a | b'"}
pages:
  both: {panels: [f, g], size: acs-2col, options: --gap 2 --letters none, formats: [svg, png]}
tables:
  all: {from: [same, after]}
  one: {from: same, formats: [ecsv, tsv]}
'''


PAIR = '''
recipe: 1
title: a format of two files, and a file that an option names
inputs:
  map: {file: image.hdr}
  after: {file: after.uxd}
steps:
  less: {from: after, pipe: subtract --other before.uxd}
tables:
  map: {from: map, formats: [ecsv]}
  less: {from: less, formats: [ecsv]}
'''


def content(folder):
    found = {}
    for where, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if f not in ('steps', '.snakemake')]
        for name in files:
            with open(os.path.join(where, name), 'rb') as f:
                found[os.path.relpath(os.path.join(where, name), folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def call(command, folder, **more):
    p = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    if p.returncode:
        sys.exit('%s: exit %d\n%s' % (' '.join(command), p.returncode, p.stdout.decode()))
    return p.stdout.decode()


def check(what, good, more=''):
    print('%s: %s' % (what, 'good' if good else 'WRONG ' + str(more)))
    if not good:
        sys.exit(1)


def stamps(folder):
    return {f: os.stat(os.path.join(folder, f)).st_mtime_ns for f in content(folder)}


def prepare(tmp, name):
    folder = os.path.join(tmp, name)
    shutil.copytree(os.path.join(SOURCE, 'tests', 'corpus', 'recipe'), folder)
    with open(os.path.join(folder, 'words.yaml'), 'w') as f:
        f.write(WORDS)
    with open(os.path.join(folder, 'pair.yaml'), 'w') as f:
        f.write(PAIR)
    for name in ('image.hdr', 'image.img'):
        shutil.copy(os.path.join(SOURCE, 'tests', 'corpus', 'ftir', name), folder)
    return folder


def beside(folder, run):
    """What lies beside a file, and what an option names, makes again what was read from it, and nothing else."""
    out = os.path.join(folder, 'out')
    for changed, made in (('image.img', 'pair/map.ecsv'), ('before.uxd', 'pair/less.ecsv')):
        path = os.path.join(folder, changed)
        data = bytearray(open(path, 'rb').read())
        at = len(data) - 3 if changed == 'image.img' else data.rindex(b'1')
        data[at] = data[at] ^ 1
        time.sleep(0.02)
        with open(path, 'wb') as f:
            f.write(data)
        before = stamps(out)
        run()
        again = {f for f, when in stamps(out).items() if when != before[f]}
        check('  %s changed' % changed, again == {made}, again)


def one(language, recipe, tmp, env, want):
    folder = prepare(tmp, language + '-' + recipe)
    plan = call([ASSAY, 'run', '--print', language, '-o', 'out', recipe], folder, env=env)
    with open(os.path.join(folder, 'plan'), 'w') as f:
        f.write(plan)
    run = lambda: call(PROGRAMS[language], folder, env=env)
    run()
    got = content(os.path.join(folder, 'out'))
    check('%s of %s' % (language, recipe), got == want, {f for f in want if got.get(f) != want[f]})
    if recipe == 'pair.yaml' and language == 'snakemake':
        check('  what lies beside a file is an input', "'image.img'" in plan or '"image.img"' in plan, plan)
    if recipe == 'pair.yaml' and language in ('make', 'ninja'):
        beside(folder, run)
    if language in ('shell', 'snakemake') or recipe != 'small.yaml':
        return
    before = stamps(os.path.join(folder, 'out'))
    time.sleep(0.01)
    run()
    check('  nothing to do', stamps(os.path.join(folder, 'out')) == before)
    os.utime(os.path.join(folder, 'after.uxd'))
    run()
    check('  an input touched, the same bytes', stamps(os.path.join(folder, 'out')) == before)
    os.remove(os.path.join(folder, 'out', 'small', 'peaks.csv'))
    run()
    check('  a file removed is made again', content(os.path.join(folder, 'out')) == want)
    with open(os.path.join(folder, 'plan'), 'w') as f:
        f.write(plan.replace('--window 1.5deg', '--window 0.5deg'))
    run()
    changed = content(os.path.join(folder, 'out'))
    check('  an option changed', {f for f in want if changed[f] != want[f]} == {'small/patterns.svg', 'small/patterns.png'})


with tempfile.TemporaryDirectory() as tmp:
    os.mkdir(os.path.join(tmp, 'bin'))
    os.symlink(ASSAY, os.path.join(tmp, 'bin', 'assay'))
    env = dict(os.environ, PATH=os.path.join(tmp, 'bin') + ':' + os.environ['PATH'], ASSAY='assay',
               XDG_CACHE_HOME=os.path.join(tmp, 'cache'), HOME=tmp)
    done = 0
    for recipe in ('small.yaml', 'words.yaml', 'pair.yaml'):
        folder = prepare(tmp, recipe)
        call([ASSAY, 'run', '-o', 'out', recipe], folder, env=env)
        want = content(os.path.join(folder, 'out'))
        for language, program in PROGRAMS.items():
            if shutil.which(program[0]):
                one(language, recipe, tmp, env, want)
                done += 1
            else:
                print('%s is not here: skipped' % program[0])
    check('some language ran', done > 0)
