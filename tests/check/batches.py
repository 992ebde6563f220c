#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches: the same output and messages whatever --jobs, also where series fail; a bar on a terminal and only there; pipes that are
named like files read whole.
"""
import json, os, pty, random, subprocess, sys, tempfile, threading, time

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
MODEL = ['--model', 'gaussian(a) center=5 fwhm=1 + constant']
COMMANDS = [['baseline-arpls', '--width', '60pt'], ['baseline-airpls'], ['baseline-imor', '--iterations', '4'],
            ['baseline-ria', '--iterations', '3'], ['smooth-savgol'], ['peaks'], ['noise'], ['fit'] + MODEL,
            ['fit', '--intervals', 'bootstrap', '--resamples', '100'] + MODEL, ['fit-series'] + MODEL, ['normalize', '--keep-going']]
problems = []


def write_files(folder):
    """60 curves: some short, flat or with gaps, so that some operations fail on some of them."""
    r = random.Random(2)
    names = []
    for k in range(60):
        n = (80, 200, 3, 200)[k % 4]
        height = 0 if k % 7 == 3 else 5
        rows = ['%g %s' % (i * 10 / n, 'nan' if k % 5 == 4 and i % 6 == 2 else
                           round(2 + height * 2 ** -((i * 10 / n - 5) ** 2 * 4) + (k % 11 != 6) * r.gauss(0, .1), 4))
                for i in range(n)]
        names.append(os.path.join(folder, 'c%02d.xy' % k))
        with open(names[-1], 'w') as f:
            f.write('x y\n' + '\n'.join(rows) + '\n')
    return names


def run(*words, **more):
    """Exit status, output and what was said: of reading and of the operation, which threads may put in turn."""
    p = subprocess.run([ASSAY, *words], capture_output=True, **more)
    return p.returncode, p.stdout, sorted(p.stderr.split(b'\n'))


def same_bytes(files):
    stream = run('read', *files)[1]
    failed = 0
    for command in COMMANDS:
        want = run(*command, '--jobs', '1', *files)
        failed += want[0] == 4
        if want[0] not in (0, 4):
            problems.append('%s: exit status %d' % (command[0], want[0]))
        if run(*command, '--jobs', '3', *files) != want:
            problems.append('%s --jobs 3 gives other bytes than --jobs 1' % command[0])
        if run(*command, '--jobs', '3', input=stream) != run(*command, '--jobs', '1', input=stream):
            problems.append('%s --jobs 3 gives other bytes of a stream' % command[0])
    if failed < 3:
        problems.append('only %d commands had series that failed' % failed)


def feed(path, text):
    """Into a named pipe, once somebody reads; later than a bar waits before it shows."""
    def work():
        with open(path, 'w') as f:
            time.sleep(.3)
            f.write(text)
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def on_terminal(words, path, text):
    """What goes to stderr when that is a terminal."""
    main, terminal = pty.openpty()
    thread = feed(path, text)
    p = subprocess.Popen([ASSAY, *words], stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    said = b''
    try:
        while piece := os.read(main, 4096):
            said += piece
    except OSError:  # the end, on Linux
        pass
    os.close(main)
    thread.join()
    if p.wait() != 0:
        problems.append('%s: exit status %d' % (words[0], p.returncode))
    return said.decode()


def bar(folder, files):
    pipe, text = os.path.join(folder, 'pipe.xy'), open(files[0]).read()
    os.mkfifo(pipe)
    said = on_terminal(['noise', files[0], pipe, files[0], files[0]], pipe, text)
    if '] 2 of 4 files' not in said or not said.endswith('\r\x1b[2K'):
        problems.append('on a terminal: %r' % said)
    said = on_terminal(['noise', '--diagnostics', 'json', files[0], pipe, files[0]], pipe, text)
    if said:
        problems.append('for programs: %r' % said)
    thread = feed(pipe, text)
    code, out, err = run('noise', files[0], pipe, files[0])
    thread.join()
    if code or err != [b'']:
        problems.append('where stderr is no terminal: %r' % err)
    results = [json.loads(l[3:])['results'] for l in out.decode().split('\n') if l.startswith('#> ')]
    if len(results) != 3 or results[1] != results[0]:
        problems.append('a pipe gives other results than the file that went through it')


with tempfile.TemporaryDirectory() as where:
    curves = write_files(where)
    same_bytes(curves)
    bar(where, curves)
for problem in problems:
    print(problem)
print('%d commands, %d problems' % (len(COMMANDS), len(problems)))
sys.exit(bool(problems))
