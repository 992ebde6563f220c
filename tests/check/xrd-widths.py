#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""strip-ka2, scherrer and williamson-hall on patterns whose truth is known, and what they must refuse."""
import os, subprocess, sys

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
SIMULATE = ['simulate-xrd', '--structure', os.path.join(SOURCE, 'datasets/chang2022/xrd/hkust-1.structure'), '--hump', '0,20,3',
            '--axial', '0', '--zero', '0deg', '--displacement', '0mm']
LINES = '200,220,222,400,331,440,551'
failed = 0


def check(good, text):
    global failed
    print('%s %s' % ('ok' if good else 'FAILED', text))
    failed += not good


def assay(*args, stdin=b'', want=0):
    p = subprocess.run([ASSAY, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(p.returncode == want, 'assay %s exits with %d%s' % (' '.join(args[:2]), want, '' if p.returncode == want else p.stderr.decode()))
    return p.stdout, p.stderr.decode()


def column(stream, i):
    return [float(l.split()[i]) for l in stream.decode().splitlines() if l[:1].isdigit()]


def results(stream):
    out = {}
    for line in assay('results', stdin=stream)[0].decode().splitlines():
        f = line.split()
        if line[:1].isdigit():
            out[f[2], f[3]] = float(f[4]), float(f[5]), f[7], f[8], f[9]
    return out


def main():
    flat = SIMULATE + ['--background', '0,1,0', '--no-noise']
    two, _ = assay(*flat)
    one, _ = assay(*flat, '--alpha2-ratio', '0')
    net, _ = assay('baseline-snip', '--window', '3deg', stdin=two)
    stripped, _ = assay('strip-ka2', stdin=net)
    # one line alone, scaled to the same maximum of (222) as the doublet's, has 1/(1+r) to 1 of its area: compare shapes
    a, b = column(stripped, 2), column(one, 2)
    scale = max(a) / max(b)
    worst = max(abs(p - q * scale) for p, q in zip(a, b)) / max(a)
    check(worst < 0.01, 'what strip-ka2 leaves is the single line within %.2f %% of the strongest' % (100 * worst))
    check('ka1' in stripped.decode(), 'the metadata say so')
    _, text = assay('strip-ka2', stdin=stripped, want=2)
    check('hold no K alpha 2' in text, 'nothing is stripped twice')
    _, text = assay('strip-ka2', stdin=one, want=2)
    _, text = assay('strip-ka2', stdin=two, want=3)
    check('no baseline' in text, 'a background is no part of K alpha 2')

    fit = ['reflection', '--cell', 'cubic:26.343:F', '--hkl', LINES, '--positions', 'free', '--widths', 'free', '--axial', '0', '--axial-fixed']
    data, _ = assay(*SIMULATE, '--counts', '200000')
    lines, _ = assay(*fit, stdin=data)
    for breadth in ('fwhm', 'integral'):
        out, _ = assay('scherrer', '--instrument', '0.05deg', '--breadth', breadth, '--take', 'parabola', stdin=lines)
        size = results(out)['222', 'crystallite_size']
        # the fit's own truth is a TCH pseudo-Voigt of size 60 nm (K 0.94, Lorentzian) and an instrument of 0.05 deg
        want = 60 if breadth == 'fwhm' else 60 * 2 / 3.14159265
        check(abs(size[0] / want - 1) < 0.06 and 'K=0.94_' + breadth in size[4], 'scherrer by %s: %.1f nm of %.1f' % (breadth, size[0], want))
    out, _ = assay('williamson-hall', '--instrument', '0.05deg', stdin=lines)
    r = results(out)
    d, e = r['williamson-hall', 'crystallite_size'], r['williamson-hall', 'strain']
    check(abs(d[0] - 60) < 3 * d[1] + 1.5, 'williamson-hall: %.1f(%.1f) nm of 60' % d[:2])
    check(e[2] == '<' and e[3] == 'not_determined', 'no strain was put in: below %.1e' % e[0])

    # a standard: the same instrument with crystals so large that only the instrument is left
    large, _ = assay(*SIMULATE, '--counts', '200000', '--crystallite', '2000nm', '--stream', '1', '--step', '0.008deg')
    path = os.path.join(os.environ.get('TMPDIR', '/tmp'), 'standard-%d.ecsv' % os.getpid())
    out, _ = assay(*fit, stdin=large)
    open(path, 'wb').write(out)
    try:
        out, _ = assay('scherrer', '--standard', path, stdin=lines)
        size = results(out)['222', 'crystallite_size']
        check(abs(size[0] - 60) < 4, 'scherrer with a standard: %.1f nm' % size[0])
        out, text = assay('scherrer', '--standard', path, stdin=open(path, 'rb').read())
        size = results(out)['222', 'crystallite_size']
        check(size[2] == '>' and size[3] == 'not_broader' and 'lower limit' in text, 'the standard itself has no size: > %.0f nm' % size[0])
        assay('williamson-hall', '--standard', path, stdin=open(path, 'rb').read(), want=4)
    finally:
        os.unlink(path)
    _, text = assay('scherrer', stdin=lines, want=3)
    check('--standard' in text, 'no size without knowing the instrument')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
