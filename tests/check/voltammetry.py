#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voltammetry: simulate-voltammetry against the closed forms it states; cv finds peaks, charges, cycles and scan rate that were
put in, within their uncertainties; pitt the leakage and its crossing; transference by hand from the same currents; ir-correct
by hand, and never twice unasked."""
import math, os, subprocess, sys

from lib.checked import check, finish

ASSAY = os.environ['ASSAY']
FR = 96485.33212 / 8.31446261815324


def near(name, got, want, tolerance):
    check(abs(got - want) <= tolerance, '%s: %r, expected %r within %g' % (name, got, want, tolerance))


def run(*args, stdin=''):
    p = subprocess.run([ASSAY, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    return p.stdout, p.stderr, p.returncode


def results(stream):
    rows = [l.split(' ') for l in run('results', stdin=stream)[0].splitlines() if not l.startswith('#')][1:]
    return {(int(r[0]), r[2].replace('%20', ' '), r[3]): (float(r[4]), float(r[5]), r[8], r[9]) for r in rows}


def columns(stream, *names):
    rows = [l.split(' ') for l in stream.splitlines() if l and not l.startswith('#')]
    return [[float(r[rows[0].index(n)]) for r in rows[1:]] for n in names]


def simulate(*args):
    out, said, code = run('simulate-voltammetry', *args)
    check(code == 0 and not said, 'simulate-voltammetry %s: %s' % (' '.join(args), said))
    return out


# closed forms without noise: densities are in uA/cm2, the current in mA
for area in ('1cm2', '0.5cm2'):
    e, i = columns(simulate('--noise', '0', '--onset', '5.2V', '--area', area, '--rate', '2mV/s'), 'potential', 'current')
    for v, c in zip(e, i):
        limit = 5000.0
        k = 10 * limit / (limit - 10) * math.exp(0.5 * FR / 298.15 * (v - 5.2))
        want = (limit * k / (limit + k) + 0.5) * 1e-3 * float(area[:-3])
        if abs(c - want) > 2e-5 * want:
            check(False, 'sweep at %g V: %g, expected %g' % (v, c, want))
            break
check(len(e) == 701 and e[0] == 2.5 and e[-1] == 6, 'the sweep from end to end')
check(simulate('--seed', '3') == simulate('--seed', '3') != simulate('--seed', '4'), 'one seed, one curve')

# cv: rate, peaks and charges of a bound couple; 12 seeds
COUPLE = ['--program', 'cv', '--potentials', '2.8:4.2', '--couple', '3.4:300', '--density', '0', '--rate', '5mV/s', '--step', '2mV', '--cycles', '2']
height = FR / 298.15 * 300 * 5e-3 / 4 * 1e-3
pull = {'peak_potential': [], 'charge_density': []}
for seed in range(1, 13):
    stream = simulate(*COUPLE, '--seed', str(seed))
    out, said, code = run('cv', '--background', '2.85:3.15', stdin=stream)
    r = results(out)
    check(code == 0 and not said and len({k[0] for k in r}) == 2, 'two cycles: %s' % said)
    for c in (0, 1):
        near('rate', r[c, 'cycle', 'sweep_rate'][0], 5, 1e-6)
        for item, sign in (('anodic', 1), ('cathodic', -1)):
            v, u, flag, how = r[c, item, 'peak_potential']
            near('peak potential', v, 3.4, 4 * u)
            pull['peak_potential'].append((v - 3.4) / u)
            v, u, flag, how = r[c, item, 'charge_density']
            near('charge', v, sign * 0.3, 4 * u)
            pull['charge_density'].append((v - sign * 0.3) / u)
            near('height', r[c, item, 'peak_current_density'][0], sign * height, 0.006 * height)  # the parabola cuts the top off
for name, p in pull.items():
    spread = math.sqrt(sum(x * x for x in p) / len(p))
    check(0.7 < spread < 1.4, '%s: errors are %.2f times their u' % (name, spread))
out, said, code = run('cv', '--cycles', '2', '--background', '5:6', stdin=stream)
check(code == 0 and results(out)[0, 'anodic', 'peak_potential'][2] == 'not_detected' and 'at least 5' in said, 'no background there: %s' % said)
out, said, code = run('cv', '--between', '4.5:5', stdin=stream)
check(code == 0 and results(out)[0, 'anodic', 'charge_density'][2] == 'not_detected', 'nothing lies between: %d %s' % (code, said))
out, said, code = run('cv', '--window', '0.5mV', stdin=stream)
check(code == 0 and 'wider --window' in said and results(out)[0, 'anodic', 'peak_potential'][2] == 'not_detected', 'a window of no points: %d %s' % (code, said))
out, said, code = run('cv', '--cycles', '9', stdin=stream)
check(code == 4 and 'none of the wanted cycles among 2' in said, 'no such cycle: %s' % said)
out, said, code = run('cv', stdin=simulate('--program', 'cv', '--potentials', '3:5', '--onset', '5.5V'))
r = results(out)
check(r[0, 'anodic', 'peak_potential'][2] == r[2, 'cathodic', 'peak_potential'][2] == 'not_detected', 'no peak in a plain cycle')
out = run('set', 'scan_rate=7mV/s', stdin=stream)[0]
check('the metadata state 7 mV/s' in run('cv', stdin=out)[1], 'a scan rate that is not so')

# pitt: leakage at each potential, where it passes 10 uA/cm2
stream = simulate('--program', 'pitt', '--potentials', '4:5.6', '--step', '100mV', '--onset', '5.36V', '--background', '0.2uA/cm2', '--hold', '20min')
out, said, code = run('pitt', stdin=stream)
e, leak, u = columns(out, 'potential', 'leakage_current_density', 'sigma')
check(len(e) == 17 and not said, '17 steps: %d %s' % (len(e), said))
for v, j, s in zip(e, leak, u):
    k = 10 * 5000 / 4990 * math.exp(0.5 * FR / 298.15 * (v - 5.36))
    near('leakage at %g V' % v, j, (0.2 + 5000 * k / (5000 + k)) * 1e-3, 4.5 * s + 1e-9)
r = results(out)
v, s, flag, how = r[0, 'leakage', 'onset_potential']
near('onset of the leakage', v, 5.36, 2 * s)
near('its u', s, 0.1 / math.sqrt(12), 1e-6)
out, said, code = run('pitt', '--cut', '1000uA/cm2', stdin=stream)
check(results(out)[0, 'leakage', 'onset_potential'][2] == 'not_detected', 'a leakage that is not reached')
out, said, code = run('pitt', '--tail', '100%', stdin=stream)
check('no leakage yet' in said and results(out)[0, 'leakage', 'steps_unsettled'][0] > 5, 'a tail that is no tail: %s' % said)

# transference: by hand
FILE = os.path.join(os.environ.get('ASSAY_SOURCE', '.'), 'tests/corpus/echem/polarisation.csv')
r = results(run('transference', '--bias', '10mV', '--before', '120Ohm', '--after', '124Ohm', '--u-before', '3Ohm', '--u-after', '3Ohm', FILE)[0])
i0, u0 = r[0, 'cell', 'initial_current'][:2]
si, us = r[0, 'cell', 'steady_current'][:2]
near('initial current', i0, 2.5e-5, 3e-8)
f = lambda i0, si, r0, rs: si * (0.01 - i0 * r0) / (i0 * (0.01 - si * rs))
near('transference number', r[0, 'cell', 'transference_number'][0], f(i0, si, 120, 124), 1e-12)
h = 1e-6
u = math.sqrt(sum((f(*[x * (1 + h) if k == q else x for k, x in enumerate((i0, si, 120, 124))]) - f(i0, si, 120, 124)) ** 2 / h ** 2 * (w / x) ** 2
                  for q, (x, w) in enumerate(((i0, u0), (si, us), (120, 3), (124, 3)))))
near('its u', r[0, 'cell', 'transference_number'][1], u, 1e-4 * u)
near('put in', r[0, 'cell', 'transference_number'][0], 0.4, 1e-3)
out, said, code = run('transference', '--bias', '1mV', '--before', '120Ohm', '--after', '124Ohm', FILE)
check(code == 4 and 'the interfaces alone take' in said, 'a bias that is too small: %s' % said)
check('no resistance of the interfaces' in run('transference', '--bias', '10mV', FILE)[1], 'interfaces not given')

# ir-correct
stream = simulate('--noise', '0')
out, said, code = run('ir-correct', '--resistance', '200Ohm', '--share', '50%', stdin=stream)
e, i = columns(stream, 'potential', 'current')
c, m = columns(out, 'potential', 'potential_measured')
check(m == e and all(abs(a - (b - 0.5 * 200 * x * 1e-3)) < 1e-12 for a, b, x in zip(c, e, i)), 'the drop that is taken off')
check('iR_200_Ohm_x_50' in results(run('lsv-window', stdin=out)[0])[0, 'anodic cut', 'onset_potential'][3], 'lsv-window names the correction')
check(run('ir-correct', '--resistance', '1Ohm', stdin=out)[2] == 2, 'a second correction')
check(run('ir-correct', '--resistance', '1Ohm', '--again', stdin=out)[2] == 0, 'a second correction that is meant')
sys.exit(finish())
