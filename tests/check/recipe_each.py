#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe made for each of many files: memory that does not grow, a killed run that goes on, a bad file that costs itself
only; file by file on a cluster (--each, --parts, --collect) and printed for bash, make, ninja and Snakemake it gives the very
bytes of the run in one process."""
import hashlib, math, os, shutil, signal, subprocess, sys, tempfile, time

ASSAY = os.environ['ASSAY']
RECIPE = '''
recipe: 1
title: many files
parameters: {snr: "5"}
inputs:
  scan: {each: data/*.xy, set: {comment: "it's $(snr)"}}
  reference: {file: reference.xy}
steps:
  less: {from: scan, pipe: subtract --other reference}
  found: {from: less, pipe: peaks --snr $(snr)}
figures: {curve: {from: found, pipe: plot-lines, formats: [svg]}}
tables:
  peaks: {from: found, pipe: results}
  rows: {from: found, formats: [tsv]}
claims:
  - {says: one peak near 5.3, from: found, holds: 'within(scan."1".position, 5.3, 0.5)', report: 'scan."1".position', expect: undecided}
'''
PROGRAMS = {'shell': ['bash', 'plan'], 'make': ['make', '-s', '-j2', '-f', 'plan'], 'ninja': ['ninja', '-f', 'plan'],
            'snakemake': ['snakemake', '-q', '-j2', '-s', 'plan']}


def check(what, good, more=''):
    print('%s: %s' % (what, 'good' if good else 'WRONG %s' % (more,)))
    if not good:
        sys.exit(1)


def write(folder, n):
    os.makedirs(os.path.join(folder, 'data'))
    curve = lambda k, at: '%g %g\n' % (4 + k * 0.05, 100 + (k * 7919) % 10 + 900 * math.exp(-((4 + k * 0.05 - at) / 0.1) ** 2))
    for i in range(n):
        with open(os.path.join(folder, 'data', 's%03d.xy' % i), 'w') as f:
            f.writelines(curve(k, 5.2 + i * 0.001) for k in range(60))
    with open(os.path.join(folder, 'reference.xy'), 'w') as f:
        f.writelines('%g 100\n' % (4 + k * 0.05) for k in range(60))
    with open(os.path.join(folder, 'many.yaml'), 'w') as f:
        f.write(RECIPE)


def call(folder, *args, status=0):
    p = subprocess.run([ASSAY, 'run'] + list(args), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if p.returncode != status:
        check('exit %d of run %s' % (status, ' '.join(args)), False, '%d %s' % (p.returncode, p.stderr.decode()[-2000:]))
    return p.stderr.decode()


def content(folder):
    found = {}
    for where, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if f not in ('steps', '.snakemake')]
        for name in files:
            with open(os.path.join(where, name), 'rb') as f:
                found[os.path.relpath(os.path.join(where, name), folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def peak(folder, *args):
    """Peak memory of a run in kB, as last seen before its end (what wait4 tells has the memory of this script in it)."""
    # the address sanitizer keeps what was freed, unless told not to
    env = dict(os.environ, ASAN_OPTIONS=os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0')
    p = subprocess.Popen([ASSAY, 'run'] + list(args), cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while p.poll() is None:
        try:
            with open('/proc/%d/status' % p.pid) as f:
                status = f.read()
            if 'assay' in status.split('\n')[0] and 'VmHWM:' in status:
                most = int(status.split('VmHWM:')[1].split()[0])
        except OSError:
            pass
        time.sleep(0.001)
    check('exit of run ' + ' '.join(args), p.returncode == 0, p.returncode)
    return most


def count(text, what):
    return int(text.split(what)[0].split()[-1])


with tempfile.TemporaryDirectory() as tmp:
    os.environ['XDG_CACHE_HOME'] = os.path.join(tmp, 'cache')
    os.environ['HOME'] = tmp
    os.environ['ASSAY'] = 'assay'
    os.mkdir(os.path.join(tmp, 'bin'))
    os.symlink(ASSAY, os.path.join(tmp, 'bin', 'assay'))
    os.environ['PATH'] = os.path.join(tmp, 'bin') + ':' + os.environ['PATH']
    big, small = os.path.join(tmp, 'big'), os.path.join(tmp, 'small')
    write(big, 200)
    write(small, 12)

    # bounded memory
    few, many = peak(small, '--cache', 'off', '-o', 'out', 'many.yaml'), peak(big, '--cache', 'off', '-o', 'out', 'many.yaml')
    check('memory of 200 files is that of 12: %d kB, %d kB' % (many, few), 0 < many < 1.3 * few)
    want = content(os.path.join(big, 'out'))
    check('a figure and three files of claims each, and the tables', len(want) == 200 * 4 + 3, len(want))

    # killed, then gone on
    p = subprocess.Popen([ASSAY, 'run', '-o', 'again', 'many.yaml'], cwd=big, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    half = os.path.join(big, 'again', 'many', 's060', 'claims.tsv')
    for tick in range(6000):
        if os.path.exists(half):
            break
        time.sleep(0.005)
    p.send_signal(signal.SIGKILL)
    p.wait()
    said = call(big, '-o', 'again', 'many.yaml')
    whole = content(os.path.join(big, 'again'))
    check('after a kill the rest is made, to the same bytes',
          {f: whole.get(f) for f in want} == want and not [f for f in whole if f not in want and not f.endswith('.part')])
    check('what was there is not made again', count(said, ' unchanged') >= 60, said)
    said = call(big, '-o', 'again', 'many.yaml')
    check('nothing to do', count(said, ' files written') == 0, said)

    # one bad file
    with open(os.path.join(big, 'data', 's100.xy'), 'w') as f:
        f.write('this is no data\n')
    said = call(big, '--cache', 'off', '-o', 'bad', 'many.yaml', status=3)
    said = call(big, '--cache', 'off', '-o', 'bad', '--keep-going', 'many.yaml', status=3)
    got = content(os.path.join(big, 'bad'))
    check('the bad file is named once', said.count('data/s100.xy: error') + said.count('data/s100.xy:1') == 1, said)
    check('the rest is done', {f for f in want if got.get(f) != want[f]} ==
          {f for f in want if '/s100/' in f} | {'many/peaks.csv', 'many/peaks.ecsv', 'many/rows.tsv'})
    rows = open(os.path.join(big, 'bad', 'many', 'peaks.csv')).read()
    check('the table has the others', 's099' in rows and 's101' in rows and 's100' not in rows)

    # file by file
    call(small, '-o', 'one', '--each', 's003', 'many.yaml')
    check('one file alone', sorted(os.listdir(os.path.join(small, 'one', 'many', 's003'))) == sorted(
        ['claims.json', 'claims.tsv', 'curve.svg', 'peaks.csv', 'peaks.ecsv', 'reported.tsv', 'rows.tsv']))
    said = call(small, '-o', 'one', '--each', 's0003', 'many.yaml', status=2)
    check('a near miss', 'did you mean s0' in said, said)
    call(small, '-o', 'one', '--parts', 'x', 'many.yaml', status=2)
    want = content(os.path.join(small, 'out'))
    for i in range(12):
        call(small, '-o', 'parts', '--each', 's%03d' % i, '--parts', 'lie/here', 'many.yaml')
    call(small, '-o', 'parts', '--collect', 'lie/here', 'many.yaml')
    check('parts collected', content(os.path.join(small, 'parts')) == want)
    os.remove(os.path.join(small, 'lie', 'here', 's004', 'peaks.ecsv'))
    call(small, '-o', 'less', '--collect', 'lie/here', 'many.yaml', status=5)
    check('no table of parts that lack one', not os.path.exists(os.path.join(small, 'less', 'many', 'peaks.csv')))
    call(small, '-o', 'less', '--collect', 'lie/here', '--keep-going', 'many.yaml', status=5)
    check('unless told to keep going', 's004' not in open(os.path.join(small, 'less', 'many', 'peaks.csv')).read())

    # what a format opens beside each file
    os.mkdir(os.path.join(small, 'maps'))
    for name in ('image.hdr', 'image.img'):
        shutil.copy(os.path.join(os.environ['ASSAY_SOURCE'], 'tests', 'corpus', 'ftir', name), os.path.join(small, 'maps'))
    with open(os.path.join(small, 'maps.yaml'), 'w') as f:
        f.write('recipe: 1\ninputs: {m: {each: "maps/*.hdr"}}\ntables: {t: {from: m}}\n')
    for language in ('make', 'ninja', 'snakemake'):
        plan = subprocess.run([ASSAY, 'run', '--print', language, 'maps.yaml'], cwd=small, check=True, stdout=subprocess.PIPE).stdout.decode()
        check('%s: the file beside is an input' % language, plan.count('maps/image.img') == 1, plan)

    # printed
    for language, program in PROGRAMS.items():
        if not shutil.which(program[0]):
            print('%s is not here: skipped' % program[0])
            continue
        out = 'out-' + language
        plan = subprocess.run([ASSAY, 'run', '--print', language, '-o', out, 'many.yaml'], cwd=small, check=True, stdout=subprocess.PIPE)
        with open(os.path.join(small, 'plan'), 'wb') as f:
            f.write(plan.stdout)
        go = lambda: subprocess.run(program, cwd=small, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        p = go()
        check('%s runs' % language, p.returncode == 0, p.stdout.decode()[-2000:])
        check('  to the same bytes', content(os.path.join(small, out)) == want)
        if language == 'snakemake': # as on a cluster: jobs in groups, each handed to a command; bash stands for sbatch
            shutil.rmtree(os.path.join(small, out))
            program = program + ['--cluster', 'bash', '--groups', 'each=g', '--group-components', 'g=100']
            p = subprocess.run(program, cwd=small, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env=dict(os.environ, CI='true')) # which makes Snakemake look more often
            check('  through a cluster command', p.returncode == 0, p.stdout.decode()[-2000:])
            check('  to the same bytes', content(os.path.join(small, out)) == want)
        if language not in ('make', 'ninja'):
            continue
        said = go().stdout.decode()
        check('  nothing to do', 'assay run' not in said, said)
        path = os.path.join(small, 'data', 's005.xy')
        os.utime(path)
        said = go().stdout.decode()
        check('  one input touched: one job', said.count('claim') == 1 or said.count('0 files written') >= 1, said)
        check('  and the same bytes', content(os.path.join(small, out)) == want)
        os.remove(os.path.join(small, out, 'many', 'peaks.csv'))
        go()
        check('  a table removed is made again', content(os.path.join(small, out)) == want)
