#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading VAMAS: 400 blocks of 2000 energies with a transmission function (1.6e6 values), beside xyconv.

    tests/bench/vamas.py

Ours is the whole process: `check` detects, hashes, reads and checks everything; `read` prints all of it too, each
row with number, energy, counts, sigma (a square root, so 16 or 17 digits that read back the same) and transmission.
xyconv prints energy and counts, with six digits, to /dev/null. All run in turn, ratios are taken round by round, the
peer's time by ours; quote both and the CPU time. ASSAY names the binary (default build/assay, a release build), ROUNDS the number of rounds.
"""
import os, resource, shutil, statistics, subprocess, sys, tempfile

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
ROUNDS = int(os.environ.get('ROUNDS', '5'))


def write(path, blocks=400, points=2000):
    state, lines = 12345, ['VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4'] + ['bench'] * 4
    lines += ['0', 'NORM', 'REGULAR', str(blocks), '0', '0', '0', '0', '0', str(blocks)]
    for k in range(blocks):
        lines += ['region %d' % k, 'sample', '2024', '3', '5', '10', '7', '30', '0', '0', 'XPS', 'Al', '1486.6', '150']
        lines += ['1E37'] * 4 + ['FAT', '20', '1E37', '4.5', '0', '1E37', '1E37', '0', '0', 'C', '1s', '-1']
        lines += ['Kinetic Energy', 'eV', '400', '0.5', '2', 'Intensity', 'd', 'Transmission', 'd', 'pulse counting', '0.1',
                  '1', '0', '0', '0', '0', '0', str(2 * points), '0', '60000', '0', '40']
        for i in range(points):
            state = (1103515245 * state + 12345) % 2147483648
            lines += [str(200 + state % 50000), '%.4f' % (27 + i * 5e-3)]
    lines.append('end of experiment')
    with open(path, 'w') as f:
        f.write('\n'.join(lines) + '\n')


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'bench.vms')
        write(path)
        size = os.path.getsize(path) / 1e6
        runs = {'assay check': [ASSAY, 'check', path], 'assay read': [ASSAY, 'read', path]}
        if shutil.which('xyconv'):
            runs['xyconv'] = ['xyconv', '-t', 'vamas', path, '/dev/null']
        times = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, command in runs.items():
                times[name].append(cpu(command))
        for name, t in times.items():
            ratio = [statistics.median(a / b for a, b in zip(t, times[ours])) for ours in ('assay check', 'assay read')]
            print('%-18s %.3f s CPU, %6.1f MB/s, %.1f times assay check, %.1f times assay read' % (
                name, statistics.median(t), size / statistics.median(t), *ratio))


sys.exit(main())
