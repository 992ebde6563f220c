#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay beside the tools one would use instead: run.py [WORD...]

Each row of `rows()` is one workload: the command of ours, those of the peers that are installed, and
what all of them must agree on. In every round ours and each peer run in turn (A B A B ...), and the ratio
is taken round by round, so that a busy machine slows both. CPU is user + system of the process and its
children. Words choose rows by substring. ASSAY names the binary (default build/assay, which must be a
release build); nothing here is part of ctest.
"""
import os, re, resource, shutil, statistics, subprocess, sys, tempfile

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
ROUNDS = int(os.environ.get('ROUNDS', '7'))
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable


class Row:
    """name; ours and peers as {name: shell command with {d} for the folder of files}; goal: peer / ours."""

    def __init__(self, name, size, ours, peers, goal, note=''):
        self.name, self.size, self.ours, self.peers, self.goal, self.note = name, size, ours, peers, goal, note


def generate(folder):
    """1e6 points of a powder pattern, as text and as a stream; the same in every run."""
    lines, state = [], 12345
    for i in range(1000000):
        state = (1103515245 * state + 12345) % 2147483648
        lines.append('%.4f %d' % (5 + i * 1e-4, 200 + state % 5000))
    with open(os.path.join(folder, 'plain.xy'), 'w') as f:
        f.write('\n'.join(lines) + '\n')
    with open(os.path.join(folder, 'scan.xy'), 'w') as f:
        f.write('\n'.join(['2theta(deg) intensity(counts)'] + lines) + '\n')
    with open(os.path.join(folder, 'plain.ecsv'), 'wb') as f:
        subprocess.run([ASSAY, 'read', os.path.join(folder, 'plain.xy')], stdout=f, check=True)
    with open(os.path.join(folder, 'plain.xrdml'), 'wb') as f:
        subprocess.run('"%s" convert --to xrdml "%s"' % (ASSAY, os.path.join(folder, 'scan.xy')),
                       shell=True, stdout=f, stderr=subprocess.DEVNULL, check=False)
    with open(os.path.join(folder, 'cells.csv'), 'wb') as f:  # half a million readings of a thousand cycles
        subprocess.run('"%s" simulate-cycling --capacity 1:190,1000:150 --records 1:1000 --points 250 | "%s" convert --to neware' % (ASSAY, ASSAY),
                       shell=True, stdout=f, stderr=subprocess.DEVNULL, check=False)
    small = ['%.2f %d' % (4 + i * 0.01, 300 + 9000 / (1 + ((4 + i * 0.01 - 11.6) / 0.1) ** 2) + 4000 / (1 + ((4 + i * 0.01 - 9.5) / 0.1) ** 2))
             for i in range(2000)]
    with open(os.path.join(folder, 'small.xy'), 'w') as f:
        f.write('\n'.join(['2theta(deg) intensity(counts)'] + small) + '\n')
    with open(os.path.join(folder, 'small.fit'), 'w') as f:
        f.write('@0 < %s/small.xy:1:2::\n@0: A = x > 8 and x < 13\n@0: guess Linear\n@0: guess Lorentzian [9:10]\n'
                '@0: guess Lorentzian [11:12]\n@0: fit\n@0: info formula\n' % folder)
    with open(os.path.join(folder, 'small.gp'), 'w') as f:
        f.write("set terminal pngcairo size 2100,1600\nset output '%s/gp.png'\nplot '%s/small.xy' using 1:2 with lines\n" % (folder, folder))


def python(code):
    return "%s -c '%s'" % (PYTHON, code)


def rows():
    pandas = 'import pandas; pandas.read_csv("{d}/%s", sep=" ", comment="#"%s)'
    return [
        Row('text parse', 'plain.xy', 'assay read {d}/plain.xy > /dev/null',
            {'xyconv': 'xyconv {d}/plain.xy /dev/null', 'pandas': python(pandas % ('plain.xy', ', header=None')),
             'numpy loadtxt': python('import numpy; numpy.loadtxt("{d}/plain.xy")')}, 8,
            'whole process; ours also detects the format, hashes and prints the stream, xyconv prints'),
        Row('text write', 'plain.ecsv', 'assay cat {d}/plain.ecsv > /dev/null',
            {'pandas': python(pandas % ('plain.ecsv', '') + '.to_csv("/dev/null", sep=" ", index=False)'),
             'mawk': "mawk '/^#/ {{ print; next }} {{ print $1, $2 + 0, $3 + 0 }}' {d}/plain.ecsv > /dev/null",
             'mlr': 'mlr --icsv --ocsv --ifs space --ofs space --pass-comments cat {d}/plain.ecsv > /dev/null'}, 4,
            'stream to stream: parse, keep, print'),
        Row('stream parse', 'plain.ecsv', 'assay select --rows 1 {d}/plain.ecsv > /dev/null'
            if 'rows' in subprocess.run([ASSAY, 'select', '--help'], capture_output=True, text=True).stdout
            else 'assay results {d}/plain.ecsv > /dev/null',
            {'pandas': python(pandas % ('plain.ecsv', '')), 'datamash': "grep -v '^#' {d}/plain.ecsv | datamash -W -H sum 3",
             'mawk': "mawk '!/^#/ {{ s += $3 }} END {{ print s }}' {d}/plain.ecsv"}, 4,
            'a stream in, next to nothing out'),
        Row('xrdml', 'plain.xrdml', 'assay check {d}/plain.xrdml > /dev/null',
            {'xyconv': 'xyconv {d}/plain.xrdml /dev/null',
             'python ElementTree': python('import xml.etree.ElementTree as E; [float(v) for e in E.parse("{d}/plain.xrdml").iter() '
                                          'if e.text and len(e.text) > 99999 for v in e.text.split()]')}, 10,
            'a million counts'),
        Row('cycler', 'cells.csv', 'assay cycling --mass 400mg {d}/cells.csv > /dev/null',
            {'pandas': python('import pandas; d = pandas.read_csv("{d}/cells.csv", skiprows=1); d["E"] = d["Voltage(V)"] * d["Capacity(mAh)"].diff(); '
                              'print(d.groupby(["Cycle Index", "Step Type"])[["Capacity(mAh)", "E"]].agg(dict([("Capacity(mAh)", "max"), ("E", "sum")])))')}, 2,
            'half a million readings of a cell: capacities, energies and efficiencies of 1000 cycles'),
        Row('cold pipeline', None,
            'assay crop --x 8:13 {d}/small.xy | assay baseline-arpls --width 3deg | '
            "assay fit --model 'lorentzian(a) center=9.5 + lorentzian(b) center=11.6 + linear' | assay plot-fit -o {d}/fit.png",
            {'cfityk and gnuplot': 'cfityk {d}/small.fit > /dev/null; gnuplot {d}/small.gp'}, 3,
            'read, crop, baseline, fit, picture at 600 dpi; the peers fit without a baseline method and draw without residuals'),
        Row('start', None, 'assay list > /dev/null', {'/bin/true': '/bin/true', 'xyconv -v': 'xyconv -v > /dev/null',
                                                     'python3': python('pass')}, 0.5, 'an empty task'),
    ]


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(['sh', '-c', command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode:
        return None, p.stderr.strip()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ''


def installed(name, command):
    tool = command.split()[0]
    module = name.split()[0]
    if tool == PYTHON and module in ('pandas', 'numpy'):
        return subprocess.run([PYTHON, '-c', 'import ' + module], capture_output=True).returncode == 0
    return shutil.which(tool) is not None


def measure(row, folder):
    commands = {'assay': re.sub(r'\bassay ', ASSAY + ' ', row.ours)}
    commands.update((n, c) for n, c in row.peers.items() if installed(n, c))
    times = {n: [] for n in commands}
    for round_ in range(ROUNDS + 1):  # the first warms the cache
        for name, command in commands.items():
            t, trouble = cpu(command.format(d=folder))
            if t is None:
                print('%s\t%s\tfailed: %s' % (row.name, name, trouble))
                return
            if round_:
                times[name].append(max(t, 1e-4))
    size = os.path.getsize(os.path.join(folder, row.size)) / 1e6 if row.size else None
    for name, t in times.items():
        m = statistics.median(t)
        rate = '%.0f MB/s' % (size / m) if size else '%.2f ms' % (1e3 * m)
        line = [row.name, name, '%.4f s' % m, '[%.4f-%.4f]' % (min(t), max(t)), rate]
        if name != 'assay':
            ratio = [p / a for p, a in zip(t, times['assay'])]
            line.append('peer/ours %.2f [%.2f-%.2f], goal %g' % (statistics.median(ratio), min(ratio), max(ratio), row.goal))
        print('\t'.join(line), flush=True)


def main():
    words = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        for row in rows():
            if not words or any(w in row.name for w in words):
                print('# %s: %s' % (row.name, row.note))
                measure(row, folder)


main()
