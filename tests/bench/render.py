#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: whole cold processes, 89 mm wide, PNG at 600 dpi, beside gnuplot and matplotlib.

    tests/bench/render.py [ROUNDS]

Ours and each peer run in turn; printed are the median CPU time, the median ratio to ours, and the bytes written.
Peers that are not installed are left out."""
import math, os, random, resource, shutil, statistics, subprocess, sys, tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
ASSAY = os.environ.get('ASSAY', os.path.join(ROOT, 'build', 'assay'))
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 9
GOAL = {'stack png': 0.04, 'stack pdf': 0.025, 'stack svg': 0.010, 'map png': 0.03, 'map pdf': 0.008, 'map svg': 0.008,
        'thermogram png': 0.03, 'thermogram pdf': 0.025, 'thermogram svg': 0.006}


def stream(path, columns, series):
    with open(path, 'w') as f:
        f.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n')
        for name, unit, role in columns:
            f.write('# - {name: %s, %sdatatype: float64, meta: {role: %s}}\n' % (name, 'unit: "%s", ' % unit if unit else '', role))
        f.write('# meta:\n#   assay: {stream: 1, kind: data}\n# schema: assay-stream-1\nseries %s\n' % ' '.join(c[0] for c in columns))
        for k, (meta, rows) in enumerate(series):
            f.write('#> {"series": %d, "name": "sample %d"%s}\n' % (k, k + 1, meta))
            f.writelines('%d %s\n' % (k, ' '.join('%.6g' % v for v in r)) for r in rows)
        f.write('#. {"series": %d}\n' % len(series))


def peak(x, at, width, height):
    return height / (1 + 4 * ((x - at) / width) ** 2)


def data(folder):
    """The same numbers as our stream and as plain columns for the peers."""
    random.seed(1)
    xs = [5 + 0.017 * i for i in range(5000)]
    ys = []
    for k in range(4):
        clean = [100 + sum(peak(x, a, 0.2, 3000 / (a - 3)) for a in range(8, 88, 4 + k)) for x in xs]
        ys.append([round(v + math.sqrt(v) * random.gauss(0, 1)) for v in clean])
    stream(folder + '/stack.ecsv', [('two_theta', 'deg', 'x'), ('intensity', 'count', 'y')], [('', list(zip(xs, y))) for y in ys])
    open(folder + '/stack.tsv', 'w').writelines('\t'.join('%.6g' % v for v in r) + '\n' for r in zip(xs, *ys))
    grid = [[peak(x, 1596, 40, math.exp(-t / 9)) + peak(x, 1180, 40, 0.6) + 0.02 * random.gauss(0, 1) for x in range(800, 2800)]
            for t in range(25)]
    stream(folder + '/map.ecsv', [('wavenumber', 'cm-1', 'x'), ('absorbance', '', 'y')],
           [(', "etch_time": {"value": %d, "unit": "s"}' % (2 * t), [(800 + i, v) for i, v in enumerate(row)]) for t, row in enumerate(grid)])
    open(folder + '/map.tsv', 'w').writelines('\t'.join('%.6g' % v for v in row) + '\n' for row in grid)
    tga = [(30 + 0.25 * i, 100 - 81 / (1 + math.exp(-(30 + 0.25 * i - 190) / 14)), -6 * math.exp(-((30 + 0.25 * i - 195) / 25) ** 2))
           for i in range(2000)]
    stream(folder + '/thermogram.ecsv', [('temperature', 'degC', 'x'), ('mass_fraction', '%', 'y'), ('dta', 'uV', 'other')], [('', tga)])
    open(folder + '/thermogram.tsv', 'w').writelines('\t'.join('%.6g' % v for v in r) + '\n' for r in tga)


GNUPLOT = {
    'stack': "set xlabel '2{/Symbol q} (degree)'; set ylabel 'Intensity (a.u.)'; unset ytics; stats IN using 2 nooutput; "
             "plot for [k=1:4] IN using 1:(column(k+1)/STATS_max+1.1*(k-1)) with lines lw 1 title sprintf('sample %d',k)",
    'map': "set xlabel 'Wavenumber'; set ylabel 'Etching time (s)'; plot IN matrix using (800+$1):(2*$2):3 with image notitle",
    'thermogram': "set xlabel 'Temperature (degC)'; set ylabel 'Mass (%)'; set y2label 'DTA'; set y2tics; "
                  "plot IN using 1:2 with lines notitle, IN using 1:3 axes x1y2 with lines notitle",
}
MATPLOTLIB = '''
import matplotlib; matplotlib.use('Agg')
import numpy as np, matplotlib.pyplot as plt, sys
kind, source, out = sys.argv[1:]
d = np.loadtxt(source)
fig, ax = plt.subplots(figsize=(3.504, %s), layout='constrained')
if kind == 'stack':
    for k in range(4): ax.plot(d[:, 0], d[:, k + 1] / d[:, 1].max() + 1.1 * k, lw=0.75, label='sample %%d' %% (k + 1))
    ax.set_xlabel(r'$2\\theta$ (degree)'); ax.set_ylabel('Intensity (a.u.)'); ax.set_yticks([]); ax.legend()
elif kind == 'map':
    fig.colorbar(ax.imshow(d, aspect='auto', origin='lower', extent=(800, 2800, -1, 49)))
else:
    ax.plot(d[:, 0], d[:, 1]); ax.twinx().plot(d[:, 0], d[:, 2])
fig.savefig(out, dpi=600)
'''
HEIGHT = {'stack': 76.2, 'map': 63.5, 'thermogram': 63.5}


def commands(kind, ext, folder):
    ours = [ASSAY, 'plot-' + {'map': 'heatmap'}.get(kind, kind), folder + '/%s.ecsv' % kind, '--height', str(HEIGHT[kind]),
            '-o', folder + '/%s-ours.%s' % (kind, ext)]
    yield 'assay', ours, ours[-1]
    if shutil.which('gnuplot'):
        out = folder + '/%s-gnuplot.%s' % (kind, ext)
        terminal = {'png': 'pngcairo size 2102,%d fontscale 5 linewidth 5' % round(HEIGHT[kind] / 25.4 * 600),
                    'pdf': 'pdfcairo size 3.504in,%gin fontscale 0.5' % (HEIGHT[kind] / 25.4),
                    'svg': 'svg size 336,%d' % round(HEIGHT[kind] / 25.4 * 96)}[ext]
        yield 'gnuplot', ['gnuplot', '-e', "IN='%s/%s.tsv'; set terminal %s; set output '%s'; %s" % (folder, kind, terminal, out,
                                                                                             GNUPLOT[kind])], out
    if subprocess.run([sys.executable, '-c', 'import matplotlib'], stderr=subprocess.DEVNULL).returncode == 0:
        out = folder + '/%s-matplotlib.%s' % (kind, ext)
        yield 'matplotlib', [sys.executable, '-c', MATPLOTLIB % (HEIGHT[kind] / 25.4), kind, folder + '/%s.tsv' % kind, out], out


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    with tempfile.TemporaryDirectory() as folder:
        data(folder)
        print('%-16s %-11s %8s %8s %9s %6s' % ('figure', 'tool', 'CPU s', 'x ours', 'bytes', 'goal s'))
        for kind in GNUPLOT:
            for ext in ('png', 'pdf', 'svg'):
                tools = list(commands(kind, ext, folder))
                times = [[cpu(c) for _, c, _ in tools] for _ in range(ROUNDS)]
                for i, (name, _, out) in enumerate(tools):
                    row = '%s %s' % (kind, ext)
                    print('%-16s %-11s %8.4f %8.1f %9d %6s' % (row, name, statistics.median(t[i] for t in times),
                                                             statistics.median(t[i] / t[0] for t in times), os.path.getsize(out),
                                                             GOAL[row] if i == 0 else ''))


if __name__ == '__main__':
    main()
