#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""JCAMP-DX beside Python and JavaScript readers: a million points in free format and as DIFDUP.

    tests/bench/jcamp.py

Ours is a whole process that reads and checks everything (`assay check`), and one that prints the stream too
(`assay read`); ratios are to the first, since no peer prints. The peers are `jcamp` (Python) and
jcampconverter (node; NODE_PATH says where) where they are installed, and a decoder of a few lines of plain
Python, which checks nothing and prints nothing: what any reader in Python needs at least. CPU time, ours and
each peer in turn, ratios round by round; goal 50. ASSAY names the binary (default build/assay, a release build).
"""
import os, resource, shutil, statistics, subprocess, sys, tempfile

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
ROUNDS = int(os.environ.get('ROUNDS', '5'))
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable

PLAIN = r'''
import re, sys
SQZ = {c: str(i) for i, c in enumerate('@ABCDEFGHI')} | {c: '-%d' % i for i, c in enumerate('abcdefghi', 1)}
DIF = {c: str(i) for i, c in enumerate('%JKLMNOPQR')} | {c: '-%d' % i for i, c in enumerate('jklmnopqr', 1)}
DUP = {c: str(i) for i, c in enumerate('STUVWXYZs', 1)}
TOKEN = re.compile(r'([@A-Ia-i%J-Rj-rS-Zs+-]?)([0-9.]+(?:[Ee][+-]?[0-9]+)?|)')
y, table, in_dif = [], False, False
for line in open(sys.argv[1]):
    if line.startswith('##'):
        table = line.startswith('##XYDATA')
    elif table and ' ' in line:
        y += [float(v) for v in line.split()[1:]]
    elif table:
        x, *rest = [t for t in TOKEN.findall(line) if t[0] or t[1]]
        check = in_dif
        for first, digits in rest:
            if first in DIF:
                step, in_dif = int(DIF[first] + digits), True
                y.append(y[-1] + step)
            elif first in DUP:
                for _ in range(int(DUP[first] + digits) - 1):
                    y.append(y[-1] + step if in_dif else y[-1])
            elif check:
                in_dif = check = False
            else:
                y.append(int(SQZ.get(first, first) + digits))
                in_dif = False
assert len(y) == 1000000, len(y)
'''
NODE = ('const {convert} = require("jcampconverter"); '
        'convert(require("fs").readFileSync(process.argv[1], "latin1"))')


def generate(folder):
    csv, state = os.path.join(folder, 'a.csv'), 1
    with open(csv, 'w') as f:
        f.write('Wavenumber (cm-1),Absorbance\n')
        for i in range(1000000):
            state = (1103515245 * state + 12345) % 2147483648
            f.write('%.3f,%.5f\n' % (400 + i * 0.004, 0.3 + (i // 4000 % 2) * (i % 4000) / 8000 + state % 64 / 1e5))
    for form in ('affn', 'difdup'):
        subprocess.run([ASSAY, 'convert', '--to', 'jcamp', '--form', form, '-o', os.path.join(folder, form + '.jdx'), csv],
                       check=True, stderr=subprocess.DEVNULL)
    open(os.path.join(folder, 'plain.py'), 'w').write(PLAIN)


def peers(folder, path):
    found = {'plain Python': [PYTHON, os.path.join(folder, 'plain.py'), path]}
    if subprocess.run([PYTHON, '-c', 'import jcamp'], capture_output=True).returncode == 0:
        found['jcamp'] = [PYTHON, '-c', 'import jcamp, sys; jcamp.jcamp_readfile(sys.argv[1])', path]
    if shutil.which('node') and subprocess.run(['node', '-e', 'require("jcampconverter")'], capture_output=True).returncode == 0:
        found['jcampconverter'] = ['node', '-e', NODE, path]
    return found


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


with tempfile.TemporaryDirectory() as folder:
    generate(folder)
    for form in ('affn', 'difdup'):
        path = os.path.join(folder, form + '.jdx')
        commands = {'assay': [ASSAY, 'check', path], 'assay read': [ASSAY, 'read', path], **peers(folder, path)}
        times = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(cpu(command))
        size = os.path.getsize(path) / 1e6
        for name, t in times.items():
            ratio = [p / a for p, a in zip(t, times['assay'])]
            print('%s\t%s\t%.3f s\t%.1f MB/s\t%.1f x\t[%.1f-%.1f]' % (
                form, name, statistics.median(t), size / statistics.median(t), statistics.median(ratio), min(ratio), max(ratio)))
