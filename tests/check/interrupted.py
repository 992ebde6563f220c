#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are interrupted, at any moment, end at once, say by which signal, and leave nothing half done: no passing files among
the outputs, in the cache or in the temporary folder. What a kill -9 leaves goes with the next run; what another run is writing and
what is somebody else's stays. On a terminal, work of more than a second says how far it is."""
import fcntl, os, pty, random, signal, stat, subprocess, sys, tempfile, threading, time

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')
RECIPE = os.path.join(CORPUS, 'recipe', 'small.yaml')


def check(what, good):
    print('%s: %s' % (what, 'good' if good else 'WRONG'))
    if not good:
        sys.exit(1)


def files(folder):
    return sorted(os.path.relpath(os.path.join(w, f), folder) for w, ds, fs in os.walk(folder) for f in fs)


def content(folder):
    return {f: open(os.path.join(folder, f), 'rb').read() for f in files(folder)}


def begin(*words, **more):
    return subprocess.Popen([ASSAY, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def wait_for(ready, p, seconds=30):
    end = time.time() + seconds
    while not ready() and p.poll() is None and time.time() < end:
        time.sleep(0.002)
    return ready() and p.poll() is None


def end(p, sig, seconds=10):
    """Sends it and says whether the program ended by it, in time."""
    p.send_signal(sig)
    try:
        return p.wait(seconds) == -sig
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
        return False


def on_terminal(words, until):
    """What goes to stderr when that is a terminal; interrupted as soon as it has `until`."""
    main, terminal = pty.openpty()
    p = subprocess.Popen([ASSAY, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    said, late = b'', threading.Timer(60, p.kill)
    late.start()
    try:
        while piece := os.read(main, 4096):
            said += piece
            if p.poll() is None and until in said:
                p.send_signal(signal.SIGINT)
    except OSError:  # the end, on Linux
        pass
    late.cancel()
    os.close(main)
    return p.wait(), said


with tempfile.TemporaryDirectory() as tmp:
    at = lambda *names: os.path.join(tmp, *names)
    os.environ['TMPDIR'] = at('scratch')
    os.mkdir(at('scratch'))

    start = time.time()
    check('a whole run', begin('run', '-o', at('want'), '--cache', 'off', RECIPE).wait() == 0)
    took, want = time.time() - start, content(at('want'))
    check('makes something', len(want) == 7)

    # a recipe, at any moment
    random.seed(2)
    ended = 0
    for i in range(24):
        sig = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[i % 3]
        p = begin('run', '-j', str(1 + i % 3), '-o', at('out%d' % (i % 4)), '--cache', at('cache%d' % i), RECIPE)
        time.sleep(took * (0.15 + 0.8 * random.random()))
        p.send_signal(sig)
        status = p.wait(10)
        ended += status == -sig
        check('interrupted: status %d' % status, status in (0, -sig))
        there = content(at('out%d' % (i % 4))) if os.path.isdir(at('out%d' % (i % 4))) else {}
        check('what is there is whole', all(want.get(f) == text for f, text in there.items()))
        check('nothing passing in the cache', not [f for f in files(at('cache%d' % i)) if f.endswith('.part')])
    check('some were interrupted', ended > 8)

    # long work of one filter, into a file: one signal, at once
    long_ones = {
        'fit': ('fit', '--model', 'pvoigt(a) + pvoigt(b) + pvoigt(c) + linear', '--starts', '10000', os.path.join(CORPUS, 'fit', 'one-peak.xy')),
        'fit -j': ('fit', '-j', '3', '--model', 'pvoigt(a) + pvoigt(b) + linear', '--starts', '10000',
                   *[os.path.join(CORPUS, 'fit', 'one-peak.xy')] * 40),
    }
    for name, words in long_ones.items():
        for sig in (signal.SIGINT, signal.SIGTERM):
            os.makedirs(at('one'), exist_ok=True)
            with open(at('one', 'a.ecsv'), 'w') as f:
                f.write('before')
            p = begin(*words, '-o', at('one', 'a.ecsv'))
            check('%s writes beside' % name, wait_for(lambda: len(files(at('one'))) == 2, p))
            time.sleep(0.1)
            began = time.time()
            check('%s ends by signal %d' % (name, sig), end(p, sig))
            check('at once', time.time() - began < 2)
            check('and leaves what was there', content(at('one')) == {'a.ecsv': b'before'})
    for jobs in ('1', '3'):
        status, said = on_terminal(('fit', '-j', jobs, *long_ones['fit'][1:]), b' of 10000 starts\r\x1b[2Kfit [')
        check('-j %s says how far it is: %r' % (jobs, said[-60:]), status == -signal.SIGINT and said.startswith(b'fit [   '))
    status, said = on_terminal(('fit', '--model', 'pvoigt(a) + linear', '--starts', '2', long_ones['fit'][-1]), b'?')
    check('short work does not: %r' % said, (status, said) == (0, b''))
    ignored = begin('run', '-o', at('nohup'), '--cache', 'off', RECIPE, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    time.sleep(took / 3)
    ignored.send_signal(signal.SIGHUP)
    check('a signal that was ignored stays ignored', ignored.wait() == 0 and content(at('nohup')) == want)
    reader, writer = os.pipe()
    os.close(reader)
    p = subprocess.Popen([ASSAY, 'run', '-o', at('pipe'), '--cache', 'off', RECIPE], stdout=writer, stderr=writer)
    os.close(writer)
    check('nobody reads what it says', p.wait() in (0, -signal.SIGPIPE) and not [f for f in files(at('pipe')) if f.endswith('.part')])

    # temporary folders
    for i in range(8):
        p = begin('pack', RECIPE, '--about', os.path.join(CORPUS, 'archive', 'about.yaml'), '-o', at('one', 'bag.zip'))
        check('pack works in a temporary folder', wait_for(lambda: os.listdir(at('scratch')), p))
        time.sleep(took * random.random() * 0.5)
        p.send_signal(signal.SIGTERM)
        status = p.wait(10)
        left = [f for f in files(at('one')) if f != 'a.ecsv']
        check('pack: status %d, left %s' % (status, left), status in (0, -signal.SIGTERM) and os.listdir(at('scratch')) == [] and
              left in ([], ['bag.zip']) and (status or left))
        for f in left: # it was whole before the signal came
            check('the archive is whole', begin('verify', at('one', f)).wait() == 0)
            os.remove(at('one', f))

    # kill -9 leaves a file, which the next run uses up; others' are let be
    p = begin(*long_ones['fit'], '-o', at('one', 'a.ecsv'))
    check('killed', wait_for(lambda: len(files(at('one'))) == 2, p) and end(p, signal.SIGKILL))
    left = [f for f in files(at('one')) if f.endswith('.part')]
    check('leaves one', left == ['a.ecsv.assay1.part'])
    for name in ('a.ecsv.part', 'b.ecsv.assay1.part', 'a.ecsv.77.part', 'held'):
        with open(at('one', name), 'w') as f:
            f.write('mine')
    os.symlink('held', at('one', 'a.ecsv.assay2.part'))
    ours = {f: text for f, text in content(at('one')).items() if f not in ('a.ecsv', left[0])}
    check('the next run', begin('read', os.path.join(CORPUS, 'fit', 'one-peak.xy'), '-o', at('one', 'a.ecsv')).wait() == 0)
    whole = content(at('one'))
    check('takes it and nothing else', whole.pop('a.ecsv')[:1] == b'#' and whole == ours and os.path.islink(at('one', 'a.ecsv.assay2.part')))

    for name in ('assay1', 'assay2', 'assay3'):
        with open(at('want', 'small', 'claims.tsv.%s.part' % name), 'w') as f:
            f.write('half' * 1000)
    with open(at('want', 'small', 'claims.tsv.assay1.part')) as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        check('a recipe beside another', begin('run', '-o', at('want'), '--cache', 'off', RECIPE).wait() == 0)
        check('lets what it holds be and sweeps what nobody does',
              content(at('want')) == {**want, 'small/claims.tsv.assay1.part': b'half' * 1000})
    check('and the next one sweeps that', begin('run', '-o', at('want'), '--cache', 'off', RECIPE).wait() == 0 and content(at('want')) == want)

    # what is no plain file is not replaced by one
    os.mkfifo(at('fifo'))
    got = []
    reader = threading.Thread(target=lambda: got.append(open(at('fifo'), 'rb').read()))
    reader.start()
    check('into a pipe', begin('read', os.path.join(CORPUS, 'fit', 'one-peak.xy'), '-o', at('fifo')).wait() == 0)
    reader.join(10)
    check('which stays one', stat.S_ISFIFO(os.stat(at('fifo')).st_mode) and got and got[0] == open(at('one', 'a.ecsv'), 'rb').read())
