#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text and XML diffractograms as other instruments and countries write them, made from the samples by small changes."""
import os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus', 'xrd')
failures = []


def sample(name, *changes):
    content = open(os.path.join(CORPUS, name), encoding='utf-8', newline='').read()
    for old, new in changes:
        assert old in content, (name, old)
        content = content.replace(old, new)
    return content


def run(*words):
    return subprocess.run([ASSAY] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


def read(folder, name, content, *options):
    path = os.path.join(folder, name)
    open(path, 'wb').write(content if isinstance(content, bytes) else content.encode())
    p = run('read', *options, path)
    names, rows = [], []
    for line in p.stdout.decode().splitlines():
        if line.startswith('#'):
            continue
        if not names:
            names = line.split(' ')
        else:
            rows.append([float(c) for c in line.split(' ')])
    return p.returncode, {n: [r[i] for r in rows] for i, n in enumerate(names)}, p.stdout.decode(), p.stderr.decode()


def check(what, condition, more=''):
    if not condition:
        failures.append(what)
        print('FAILED %s: %s' % (what, more))


def same(a, b):
    return len(a) == len(b) and all(abs(x - y) < 1e-9 for x, y in zip(a, b))


def xrdml(folder):
    base = 'attenuated.xrdml'
    old = sample(base, ('XRDMeasurement/2.1', 'XRDMeasurement/1.5'), ('<counts unit="counts">100 900 25 841 121</counts>',
                                                                 '<intensities unit="counts">100 900 2500 841 121</intensities>'))
    code, t, out, err = read(folder, 'old.xrdml', old)
    check('XRDML 1.5: intensities contain the factor', code == 0 and t['intensity'][2] == 2500 and t['sigma'][2] == 500, (t, err))
    listed = sample(base, ('<startPosition>40.00</startPosition><endPosition>40.08</endPosition>',
                           '<listPositions>40 40.5 42 43 44.5</listPositions>'))
    code, t, out, err = read(folder, 'list.xrdml', listed)
    check('XRDML: list of positions', same(t['two_theta'], [40, 40.5, 42, 43, 44.5]), t)
    check('XRDML: an axis that goes another way is a column', same(t['omega'], [20.1, 20.11, 20.12, 20.13, 20.14]), t)
    code, t, out, err = read(folder, 'short.xrdml', sample(base, ('<startPosition>40.00</startPosition><endPosition>40.08</endPosition>',
                                                                 '<listPositions>40 40.5 42 43</listPositions>')))
    check('XRDML: too few positions', code == 3 and '4 values, expected 5' in err, err)
    still = sample(base, ('<startPosition>40.00</startPosition><endPosition>40.08</endPosition>', '<commonPosition>40</commonPosition>'))
    code, t, out, err = read(folder, 'rocking.xrdml', still)
    check('XRDML: rocking curve', same(t['omega'], [20.1, 20.11, 20.12, 20.13, 20.14]) and '"two_theta": {"value": 40' in out.replace(
        'two_theta: {value: 40', '"two_theta": {"value": 40'), (t, out))
    none = still.replace('<startPosition>20.10</startPosition><endPosition>20.14</endPosition>', '<commonPosition>20.1</commonPosition>')
    code, t, out, err = read(folder, 'time.xrdml', none)
    check('XRDML: time scan', same(t.get('time', []), [0, 0.5, 1, 1.5, 2]), (t, err))
    code, t, out, err = read(folder, 'aborted.xrdml', sample(base, ('scanAxis="2Theta-Omega" status="Completed"', 'scanAxis="2Theta-Omega" status="Aborted"')))
    check('XRDML: an aborted scan is warned of', code == 0 and 'Aborted' in err, err)
    log = sample(base, ('</dataPoints>', '</dataPoints><nonAmbientPoints type="Temperature" unit="K"><measurementTimes unit="seconds">0 1 2'
                        '</measurementTimes><nonAmbientValues>298 299 300</nonAmbientValues></nonAmbientPoints>'))
    code, t, out, err = read(folder, 'log.xrdml', log)
    check('XRDML: the log is no main data', code == 0 and len(t['two_theta']) == 5, (t, err))
    code, t, out, err = read(folder, 'log.xrdml', log, '--part', 'temperature log')
    check('XRDML: the log is a part', code == 0 and same(t.get('temperature', []), [298, 299, 300]), (t, err))
    ge = sample(base, ('<divergenceSlit', '<monochromator id="1" name="Inc. beam Johansson 1xGe111 Cu/Co"/><divergenceSlit'))
    check('XRDML: germanium before the sample leaves alpha 1', 'wavelength_kind: ka1,' in read(folder, 'ge.xrdml', ge)[2])
    utf16 = sample(base, ('encoding="UTF-8"', 'encoding="UTF-16"')).encode('utf-16')
    check('XRDML in UTF-16', read(folder, 'u.xrdml', utf16)[1].get('intensity') == [100, 900, 2500, 841, 121])


def texts(folder):
    timed = sample('pole-figure.uxd', ('_2THETACOUNTS', '_2THETACOUNTSTIME'), ('640', '640 2.0'), ('529', '529 2.0'), ('625', '625 2.5'),
                   ('576', '576 2.0'))
    code, t, out, err = read(folder, 'time.uxd', timed)
    check('UXD with counting times', code == 0 and t['counting_time'][:4] == [2, 2, 2.5, 2] and t['intensity'][2] == 625, (t, err))
    rates = sample('pole-figure.uxd', ('_2THETACOUNTS', '_2THETACPS'))
    code, t, out, err = read(folder, 'rates.uxd', rates.split('; (Data for Range number 2)')[0])
    check('UXD in counts per second: sigma = sqrt(y/t)', code == 0 and same(t['sigma'][:1], [(640 / 2) ** 0.5]), (t, err))
    check('UXD: a spoilt unit', 'expected' in read(folder, 'nm.uxd', sample('pole-figure.uxd', ("_WL_UNIT='A'", "_WL_UNIT='N'")))[3])
    german = sample('panalytical.csv').replace('.', ';;').replace(',', ';').replace(';;', ',').replace('No, of', 'No. of')
    code, t, out, err = read(folder, 'german.csv', german)
    check('PANalytical CSV with decimal commas', code == 0 and same(t['two_theta'], [28.2, 28.225, 28.25, 28.275, 28.3]), (german, err))
    check('PANalytical CSV with decimal commas: wavelength', 'wavelength: {value: 1.540598' in out, out)
    wide = re.sub(r'^(28\.\d+),([\d.]+)$', r'\1,43.6,\2,9', sample('panalytical.csv', ('Angle,Intensity', 'Angle,TimePerStep,Intensity,ESD')), flags=re.M)
    code, t, out, err = read(folder, 'wide.csv', wide)
    check('PANalytical CSV with four columns', code == 0 and t['sigma'] == [9] * 5 and t['counting_time'] == [43.6] * 5, (t, err))
    commas = sample('rigaku.txt').replace('\t', ',')
    check('Rigaku text with commas', same(read(folder, 'commas.txt', commas)[1].get('intensity', []), [12, 9, 7, 7, 21, 8, 4]))
    two = sample('diffrac.txt')
    two += two[two.index('[RangeHeader]'):].replace('27.3', '28.3')
    code, t, out, err = read(folder, 'two.txt', two)
    check('DIFFRAC text of two ranges', code == 0 and same(t['two_theta'][4:], [28.3, 28.32, 28.34, 28.36]), (t, err))
    code, t, out, err = read(folder, 'eva.xye', sample('eva.xy', ('29.3 50', '29.3 50 5'), ('60.5', '60.5 5.5'), ('200', '200 10'), ('180.5', '180.5 9.5'),
                                                                  ('29.38 55', '29.38 55 NaN')))
    check('EVA xye: sigma of the file, gaps warned of', code == 0 and t['sigma'][:4] == [5, 5.5, 10, 9.5] and '1 of 5' in err, (t, err))
    code, t, out, err = read(folder, 'time.xy', sample('eva.xy', ('TimePerStep: "2" ', '')), '--option', 'step-time=2')
    check('EVA: counting time from the command line', code == 0 and same(t['sigma'][:2], [5, 5.5]), (t, err))
    esd = sample('std.gsa').split('BANK')[0] + 'BANK 1 4 1 CONST 2400 5 0 0 ESD\n  927.65   29.15  866.33   28.27  860.29   28.07  820.19   27.42\n'
    code, t, out, err = read(folder, 'esd.gsa', esd)
    check('GSAS ESD', code == 0 and same(t['intensity'], [927.65, 866.33, 860.29, 820.19]) and same(t['sigma'][:1], [29.15]), (t, err))
    flight = 'neutrons\nBANK 1 3 3 SLOG 1000 1200 0.001 0 FXYE\n1000.0 5.5 0.5\n1001.0 6.5 0.5\n1002.0 7.5 0.5\nBANK 2 2 2 CONST 2000 5 0 0 FXYE\n2000 1 1\n2005 2 1\n'
    code, t, out, err = read(folder, 'flight.gsa', flight.split('BANK 2')[0])
    check('GSAS time of flight', code == 0 and same(t.get('time_of_flight', []), [1000, 1001, 1002]), (t, err))
    full = 'big\nBANK 1 3 1 CONST 2400 5 0 0 STD\n 1234567 2345678  345678\n'
    check('GSAS STD of seven digits', same(read(folder, 'full.gsa', full)[1].get('intensity', []), [1234567, 2345678, 345678]))
    dbws = '   10.00    0.05   10.40 sample\n' + '    100.    121.    144.    169.    196.\n    225.    256.    289.    324.\n'
    code, t, out, err = read(folder, 'dbws.dat', dbws)
    check('DBWS: the range stands first', code == 0 and same(t.get('two_theta', [])[-1:], [10.4]) and t['intensity'][-1] == 324, (t, out, err))
    touching = 'title\ntitle\n   10.000   0.05   10.40\n' + '100000.0' * 5 + '\n' + '200000.0' * 4 + '\n'
    check('RIET7: fields that touch', same(read(folder, 'touching.dat', touching, '--format', 'riet7')[1].get('intensity', []), [1e5] * 5 + [2e5] * 4))
    bare = sample('profile.cif').split('data_sample_steps')[0].replace('loop_', 'LOOP_').replace('_pd_proc', '_PD_PROC')
    check('CIF without regard to case', same(read(folder, 'case.cif', bare)[1].get('intensity', []), [100, 400, 225, 64]))
    lost = sample('profile.cif', ('  _pd_proc_2theta_corrected\n', '  _pd_proc_point_id\n')).split('data_sample_steps')[0]
    code, t, out, err = read(folder, 'lost.cif', lost)
    check('CIF without positions', code == 3 and 'no positions' in err, err)
    q = sample('fit2d.chi', ('2-Theta Angle (Degrees)', 'Q (inverse Nanometres)'))
    check('CHI along q', 'q, unit: nm-1' in read(folder, 'q.chi', q)[2])


def main():
    with tempfile.TemporaryDirectory() as folder:
        xrdml(folder)
        texts(folder)
    print('%d failed' % len(failures))
    return 1 if failures else 0


sys.exit(main())
