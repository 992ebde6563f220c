#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""figure-check measures files that others made: sizes and resolutions that gnuplot, cairo's tools and matplotlib were told, and
what it says of ours agrees with pdffonts."""
import os
import shutil
import subprocess
import sys
import tempfile

from lib.checked import check, finish

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']


def verdicts(path):
    p = subprocess.run([ASSAY, 'figure-check', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    check(p.returncode in (0, 1), '%s: exit %d %s' % (path, p.returncode, p.stderr))
    out = {}
    for line in p.stdout.splitlines():
        name, verdict, found = line.split(': ', 1)[1][:16].strip(), line.split(': ', 1)[1][17:].split()[0], line
        out[name] = (verdict, found.split(verdict, 1)[1].strip())
    return out


with tempfile.TemporaryDirectory() as tmp:
    at = lambda name: os.path.join(tmp, name)
    if shutil.which('gnuplot'):
        for terminal, name in (("pdfcairo size 8.9cm,6cm font 'Liberation Sans,6'", 'g.pdf'), ("svg size 336,200", 'g.svg'),
                               ("pngcairo size 700,400", 'g.png')):
            subprocess.run(['gnuplot', '-e', "set term %s; set output '%s'; plot sin(x)" % (terminal, at(name))], check=True,
                           stderr=subprocess.DEVNULL)
        found = verdicts(at('g.pdf'))
        check(found['width'][0] == 'ok' and abs(float(found['width'][1].split()[0]) - 89) < 0.2, 'gnuplot pdf width: %r' % (found['width'],))
        check(found['fonts'][0] == 'ok', 'gnuplot pdf fonts: %r' % (found['fonts'],))
        found = verdicts(at('g.svg'))
        check(found['width'][1].startswith('88.9 mm'), 'gnuplot svg width: %r' % (found['width'],))
        check(verdicts(at('g.png'))['width'][0] == 'unknown', 'a PNG without pHYs has no width')
    try:
        import matplotlib
        matplotlib.use('Agg')
        import matplotlib.pyplot as plt
        figure = plt.figure(figsize=(89 / 25.4, 60 / 25.4))
        plt.plot([0, 1], [0, 1])
        plt.xlabel('x', fontsize=4)
        for name in ('m.png', 'm.pdf', 'm.svg'):
            with matplotlib.rc_context({'svg.fonttype': 'none', 'pdf.fonttype': 42}):
                figure.savefig(at(name), dpi=150)
        found = verdicts(at('m.png'))
        check(found['width'][0] == 'ok' and found['resolution'] == ('no', '150 dpi; expected at least 300 dpi'),
              'matplotlib png: %r' % found)
        check(verdicts(at('m.pdf'))['width'][0] == 'ok', 'matplotlib pdf width')
        plt.rcParams['svg.fonttype'] = 'path'
        figure.savefig(at('o.svg'))
        check(verdicts(at('o.svg'))['fonts'][0] == 'no', 'outlines are no text')
    except ImportError:
        print('matplotlib is not here')
    subprocess.run([ASSAY, 'plot', os.path.join(SOURCE, 'tests/corpus/xrd/small.xy'), '-o', at('a.pdf'), '-o', at('a.png'), '-o',
                    at('a.svg')], check=True)
    for name in ('a.pdf', 'a.png', 'a.svg'):
        check(all(v[0] == 'ok' for v in verdicts(at(name)).values()), '%s: %r' % (name, verdicts(at(name))))
    if shutil.which('pdffonts'):
        fonts = subprocess.run(['pdffonts', at('a.pdf')], stdout=subprocess.PIPE, text=True).stdout.splitlines()[2:]
        check(fonts and all(' yes ' in f for f in fonts), 'pdffonts: %r' % fonts)
    with open(at('a.png'), 'rb') as f:
        cut = f.read(20)
    with open(at('cut.png'), 'wb') as f:
        f.write(cut)
    p = subprocess.run([ASSAY, 'figure-check', at('cut.png')], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(p.returncode == 3 and not p.stdout, 'a cut PNG: exit %d' % p.returncode)
sys.exit(finish())
