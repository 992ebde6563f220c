#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipes: the same bytes with a cold cache, a warm one, a damaged one or none, on any number of
threads, from concurrent runs, and after runs that were killed at any moment."""
import fcntl, hashlib, os, random, re, shutil, signal, subprocess, sys, tempfile, time

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
RECIPE = os.path.join(SOURCE, 'tests', 'corpus', 'recipe', 'small.yaml')


def command(out, cache, *more):
    return [ASSAY, 'run', '-o', out, '--cache', cache, *more, RECIPE]


def run(out, cache, *more):
    p = subprocess.run(command(out, cache, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if p.returncode:
        sys.exit('exit %d: %s' % (p.returncode, p.stderr.decode()))
    return p.stderr.decode()


def content(folder):
    found = {}
    for where, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(where, name), 'rb') as f:
                found[os.path.relpath(os.path.join(where, name), folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def check(what, good):
    print('%s: %s' % (what, 'good' if good else 'WRONG'))
    if not good:
        sys.exit(1)


def entries(cache):
    return [os.path.join(w, f) for w, _, fs in os.walk(cache) for f in fs]


with tempfile.TemporaryDirectory() as tmp:
    at = lambda name: os.path.join(tmp, name)
    run(at('plain'), 'off', '-j', '1')
    want = content(at('plain'))
    check('something is made', len(want) == 7)

    for jobs in ('2', '5'):
        run(at('j' + jobs), 'off', '-j', jobs)
        check('-j ' + jobs, content(at('j' + jobs)) == want)

    check('cold cache', '1 step run' in run(at('a'), at('cache')) and content(at('a')) == want)
    stamps = {f: os.stat(os.path.join(at('a'), f)).st_mtime_ns for f in want}
    check('nothing to do', '0 files written, 7 unchanged; 0 steps run' in run(at('a'), at('cache')))
    check('files untouched', stamps == {f: os.stat(os.path.join(at('a'), f)).st_mtime_ns for f in want})
    check('warm cache, new folder', '0 steps run' in run(at('b'), at('cache')) and content(at('b')) == want)

    changed = run(at('c'), at('cache'), '--set', 'window=0.5deg')
    check('a parameter of the figure leaves the step', '0 steps run, 1 from the cache' in changed)
    differ = {f for f in want if content(at('c'))[f] != want[f]}
    check('and changes the figure only', differ == {'small/patterns.svg', 'small/patterns.png'})

    for path in entries(at('cache')):  # each entry damaged in turn: cut, changed, emptied
        good = open(path, 'rb').read()
        for bad in (good[:len(good) // 2], good[:-2] + b'x\n', good.replace(b'5', b'6', 1), b''):
            open(path, 'wb').write(bad)
            shutil.rmtree(at('d'), ignore_errors=True)
            run(at('d'), at('cache'))
            check('damaged ' + os.path.basename(path)[-12:], content(at('d')) == want)
        open(path, 'wb').write(good)

    open(os.path.join(at('a'), 'small', 'peaks.csv'), 'a').write('touched\n')
    run(at('a'), at('cache'))
    check('a changed output is made again', content(at('a')) == want)

    # what an option of a figure names belongs to what the figure depends on: a style, a step
    os.mkdir(at('styled'))
    for name in ('before.uxd', 'after.uxd'):
        shutil.copy(os.path.join(os.path.dirname(RECIPE), name), at('styled'))
    with open(os.path.join(at('styled'), 'r.yaml'), 'w') as f:
        f.write('recipe: 1\nparameters: {window: 1deg}\ninputs: {a: {file: after.uxd}, b: {file: before.uxd}}\nsteps:\n'
                '  ref: {from: b, pipe: "baseline-snip --window $(window) --subtract"}\n'
                'figures: {f: {from: a, pipe: plot-stack --look house.yaml --sticks ref}}\n')
    def styled(text, *more):
        with open(os.path.join(at('styled'), 'house.yaml'), 'w') as f:
            f.write(text)
        p = subprocess.run([ASSAY, 'run', '-o', at('s'), '--cache', at('cache'), *more, os.path.join(at('styled'), 'r.yaml')],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return p.stderr.decode()
    check('a style file', '1 file written' in styled('size: acs-1col\n'))
    check('the same', '0 files written, 1 unchanged' in styled('size: acs-1col\n'))
    check('another style', '1 file written' in styled('size: nature-1col\n'))
    check('another step beside', '1 file written' in styled('size: nature-1col\n', '--set', 'window=3deg'))

    shutil.rmtree(at('cache'))
    runs = [subprocess.Popen(command(at('e%d' % (i % 3)), at('cache')), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL) for i in range(9)]
    check('nine at once', [p.wait() for p in runs] == [0] * 9)
    check('all the same', all(content(at('e%d' % i)) == want for i in range(3)))

    start = time.time()
    run(at('f'), at('cache2'))
    took = time.time() - start
    random.seed(1)
    for i in range(25):
        if i % 5 == 0:
            shutil.rmtree(at('cache3'), ignore_errors=True)
        p = subprocess.Popen(command(at('g'), at('cache3')), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.random() * took * 1.1)
        p.send_signal(signal.SIGKILL)
        p.wait()
        left = content(at('g')) if os.path.isdir(at('g')) else {}
        whole = {f: h for f, h in left.items() if not f.endswith('.part')}
        check('killed: what is there is whole', all(want[f] == h for f, h in whole.items()))
    run(at('g'), at('cache3'))
    check('and a run completes it', {f: h for f, h in content(at('g')).items() if not f.endswith('.part')} == want)

    # what a killed run left goes with the next entry made beside it, but nothing that is being written
    entry = next(f for f in entries(at('cache')) if f.endswith('.ecsv'))
    os.remove(entry)
    def part(pid, age):
        name = '%s.%d.part' % (entry, pid)
        with open(name, 'w') as f:
            f.write('half')
        os.utime(name, (time.time() - age,) * 2)
        return name
    dead, held, young = part(1, 3600), part(2, 3600), part(3, 0)
    own = os.path.join(os.path.dirname(entry), 'mine.part')
    shutil.copy2(dead, own)
    with open(held) as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        run(at('h'), at('cache'))
        check('only what nobody writes to is swept', [os.path.exists(f) for f in (dead, held, young, own, entry)] ==
              [False, True, True, True, True])

    # a step of which only results are read keeps no rows, and its last reader takes it: the answers are those of the shell
    DRIFT = os.path.join(SOURCE, 'tests', 'corpus', 'raman', 'shifting.ecsv')
    MODEL = "fit --model 'gaussian(band) + linear'"
    with open(at('drift.yaml'), 'w') as f:
        f.write('recipe: 1\ninputs: {a: {file: %s}}\nsteps:\n  found: {from: a, pipe: "%s"}\n' % (DRIFT, MODEL) +
                'figures: {f: {from: found, pipe: plot-trend --result band.position, formats: [svg]}}\n'
                'tables:\n  positions: {from: found, pipe: results --quantity position, formats: [ecsv]}\n'
                '  residuals: {from: found, pipe: "select --columns residual", formats: [ecsv]}\n')
    def shell(text):
        return subprocess.run(re.sub(r'(^|\| )assay ', lambda m: m[1] + ASSAY + ' ', text), shell=True, stdout=subprocess.PIPE, check=True).stdout.decode()
    def rows(text):
        return [l for l in text.splitlines() if l[:1] not in '#']
    fitted = "assay read --name a %s | assay %s" % (DRIFT, MODEL)
    for only, cached in ((('f', 'positions'), 'off'), (('f', 'positions'), at('cache5')), (('f', 'positions', 'residuals'), 'off'),
                         (('f', 'positions', 'residuals'), at('cache5'))):
        shutil.rmtree(at('h'), ignore_errors=True)
        subprocess.run([ASSAY, 'run', '-o', at('h'), '--cache', cached, *(w for o in only for w in ('--only', o)), at('drift.yaml')],
                       check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        made = {n: open(at('h/drift/%s' % n)).read() for n in os.listdir(at('h/drift'))}
        check('a table of results', rows(made['positions.ecsv']) == rows(shell(fitted + ' | assay results --quantity position')))
        check('a figure of results', made['f.svg'].count('<') > 20)
        if 'residuals' in only:
            check('a table of rows', rows(made['residuals.ecsv']) == rows(shell(fitted + ' | assay select --columns residual')))

    # series that cannot stand in one stream are kept as well
    for name, unit, factor in (('one', 'A', 1e-3), ('two', 'mA', 1)):
        with open(at(name + '.csv'), 'w') as f:
            f.write('potential (V),current (%s)\n' % unit + ''.join('%g,%g\n' % (k / 10, factor * k * k) for k in range(20)))
    RECIPE = at('units.yaml')
    with open(RECIPE, 'w') as f:
        f.write('recipe: 1\ntitle: units\ninputs:\n  one: {file: one.csv}\n  two: {file: two.csv}\n'
                'steps:\n  cut: {from: [one, two], pipe: crop --x 0.2:1.5}\nfigures:\n  cut: {from: cut, pipe: plot-lines}\n')
    check('two units', '1 step run, 0 from the cache' in run(at('u'), at('cache4')))
    first = content(at('u'))
    check('two units again', '0 files written, 1 unchanged' in run(at('u'), at('cache4')))
    for path in (p for p in entries(at('cache4')) if p.endswith('.made')):
        os.remove(path)
    check('both from the cache', '0 steps run, 1 from the cache' in run(at('v'), at('cache4')) and content(at('v')) == first)
