#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of potentiostats and cyclers as other versions, techniques and languages write them, made here from the layout: each must
be read with the right columns, first values, units and number of series, or be refused by name."""
import os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
N = 4
cases = []  # name, bytes, x, y, first x and y and maybe the last (None: not compared), units of both, series, no warning, what the stream says


def put(name, text, x, y, first=None, units=None, series=1, encoding='utf-8', silent=False, meta=''):
    cases.append((name, text.encode(encoding), x, y, first, units, series, silent, meta))


def refused(name, text, why, encoding='utf-8'):
    cases.append((name, text.encode(encoding), None, why, None, None, 0, False, ''))


def e7(v):
    return ('%.7E' % v).replace('E+', 'E+0').replace('E-', 'E-0')


def table(names, row, sep, eol):
    return eol.join([sep.join(names)] + [sep.join(str(c) for c in row(k)) for k in range(N)]) + eol


# --- BioLogic --------------------------------------------------------------------------------------
def mpt(technique, names, row, magic='EC-Lab ASCII FILE', comma=False, tail='\t', eol='\r\n', more=()):
    head = [magic, None, '', technique, '', 'Run on channel : 1 (SN 0219)', 'User : ', 'Safety Limits :', '\tDo not start on E overload',
            'Acquisition started on : 05/20/2022 17:02:36.951', 'Saved on :', '\tDirectory : C:\\x: y\\', 'Device : SP-300 (SN 1)',
            'Comments : pt : wire', 'Electrode surface area : 0.196 cm²', 'Characteristic mass : 1.500 mg', *more, '']
    head[1] = 'Nb header lines : %d                          ' % (len(head) + 1)
    text = eol.join(head) + eol + table(names, row, '\t', eol).replace(eol, tail + eol, 1)
    return text.replace('.', ',') if comma else text


GCPL = ['mode', 'ox/red', 'error', 'control changes', 'Ns changes', 'counter inc.', 'time/s', 'control/mA', 'Ecell/V', '<I>/mA', 'x', 'Ns', 'R/Ohm']
SWEEP = ['mode', 'ox/red', 'error', 'control changes', 'counter inc.', 'time/s', 'control/V', 'Ewe/V', '<I>/mA', 'cycle number', 'P/W']
EIS = ['freq/Hz', 'Re(Z)/Ohm', '-Im(Z)/Ohm', '|Z|/Ohm', 'Phase(Z)/deg', 'time/s', '<Ewe>/V', '<I>/mA', 'Re(Zce)/Ohm', '-Im(Zce)/Ohm', '<Ece>/V']
gcpl = lambda k: [1, 1, 0, 0, 0, 0, e7(k), e7(.5), e7(3.2 + k), e7(100 + k), e7(.3), 0, e7(0)]
sweep = lambda k: [2, 1, 0, 0, 0, e7(k), e7(.1 * k), e7(.1 * k), e7(1e-3 * k), e7(1), e7(0)]
eis = lambda k: [e7(1e5 / 10**k), e7(10 + k), e7(2 + k)] + [e7(7)] * 8
put('gcpl.mpt', mpt('Galvanostatic Cycling with Potential Limitation', GCPL, gcpl), 'time', 'potential', (0, 3.2), ('s', 'V'), encoding='latin-1')
put('bt-lab.mpt', mpt('Modulo Bat', GCPL, gcpl, 'BT-Lab ASCII FILE'), 'time', 'potential', (0, 3.2), ('s', 'V'), encoding='latin-1')
put('bt-lab-comma.mpt', mpt('Modulo Bat', GCPL, gcpl, 'BT-Lab ASCII FILE', True), 'time', 'potential', (0, 3.2), encoding='latin-1')
put('utf8.mpt', '\ufeff' + mpt('Modulo Bat', GCPL, gcpl, eol='\n', tail=''), 'time', 'potential', (0, 3.2))
for tech in ('Cyclic Voltammetry', 'Cyclic Voltammetry Advanced', 'Linear Sweep Voltammetry'):
    put(tech.replace(' ', '-') + '.mpt', mpt(tech, SWEEP, sweep), 'potential', 'current', (0, 0), ('V', 'mA'), encoding='latin-1')
put('ca.mpt', mpt('Chronoamperometry / Chronocoulometry', SWEEP, sweep), 'time', 'current', (0, 0), ('s', 'mA'), encoding='latin-1')
put('cp.mpt', mpt('Chronopotentiometry', SWEEP, sweep), 'time', 'potential', (0, 0), ('s', 'V'), encoding='latin-1')
put('geis.mpt', mpt('Galvano Electrochemical Impedance Spectroscopy', EIS, eis, more=[
    'Number of loops : 2', 'Loop 0 from point number 0 to 1', 'Loop 1 from point number 2 to 3']), 'z_real', 'z_imag', (10, -2), ('Ohm', 'Ohm'), encoding='latin-1')
put('ocv-dates.mpt', mpt('Open Circuit Voltage', ['mode', 'error', 'time/s', 'Ewe/V'], lambda k: [3, 0, '11/%d/2020 15:09:5%d.1234' % (18 + k, k), e7(.1 * k)]),
    'time', 'potential', (0, 0), ('s', 'V'), encoding='latin-1')
put('no-count.mpt', 'EC-Lab ASCII FILE\r\n' + table(['time/s', 'Ewe/V', '<I>/mA'], lambda k: [e7(k), e7(3 + k), e7(.5)], '\t', '\r\n'), 'time', 'potential', (0, 3))
put('no-count-head.mpt', 'EC-Lab ASCII FILE\n\n\nCyclic Voltammetry\nDevice : SP-300\n' + table(['time/s', 'Ewe/V', '<I>/mA'], lambda k: [
    e7(k), e7(3 + k), e7(.5)], '\t', '\n'), 'potential', 'current', (3, .5))
put('bare.txt', table(['freq/Hz', 'Re(Z)/Ohm', '-Im(Z)/Ohm'], lambda k: [e7(1e5 / 10**k), e7(10 + k), e7(2 + k)], '\t', '\r\n').replace('.', ','), 'z_real', 'z_imag', (10, -2))
CYCLES = ['time/s', 'cycle number', 'Q charge/mA.h', 'Q discharge/mA.h', 'Capacitance charge/µF', 'Efficiency/%']
put('per-cycle.mpt', mpt('Galvanostatic Cycling with Potential Limitation', CYCLES, lambda k: [900 * k, k + 1, .5 + k, .25 + k, 41360.9, 99.5], more=[
    'Number of loops : 4', *('Loop %d from point number %d to %d' % (k, k, k) for k in range(4))]), 'cycle', 'discharge_capacity', (1, .25), ('1', 'mAh'), encoding='latin-1')
nine = mpt('Open Circuit Voltage', ['mode', 'error', 'time/s', 'Ewe/V'], lambda k: [3, 0, '%d.00' % (5 * k), '2.8223%05d' % (10101 + k)], comma=True, more=['Loop 0 from point number 0 to 3'])
put('unended.mpt', nine.rstrip(), 'time', 'potential', (0, 2.822310101), ('s', 'V'), encoding='latin-1', silent=True)
put('dates-dots.mpt', nine.replace('05/20/2022 17:02:36,951', '03.04.2015 14:25:34'), 'time', 'potential', None, encoding='latin-1', silent=True, meta='"measured": "2015-03-04T14:25:34"')
put('dates-clock.mpt', nine.replace('05/20/2022 17:02:36,951', '03-04-2015 14.25.34.5'), 'time', 'potential', None, encoding='latin-1', silent=True, meta='"measured": "2015-03-04T14:25:34.5"')
put('cut.mpt', nine.rstrip()[:-3], 'time', 'potential', None, encoding='latin-1', meta='ends within a number')
put('fewer.mpt', nine.replace('to 3', 'to 9'), 'time', 'potential', None, encoding='latin-1', meta='4 rows, but the header tells of 10 points')
refused('loops_LOOP.txt', 'VMP EXPERIMENT LOOP INDEXES\n0\n121\n242\n', 'hold no data')
refused('log.mpl', 'EC-Lab LOG FILE\n\nCyclic Voltammetry\n\nUser : \nEi (V)              0.000\n', 'holds no data')
refused('settings.mps', 'EC-LAB SETTING FILE\n\nNumber of linked techniques : 1\n\nTechnique : 1\nIs                  0.000               -1.000\n', 'hold no data')


# --- CH Instruments --------------------------------------------------------------------------------
def chi(technique, names, row, sep=', ', heads=None, model='CHI660E', source='Data Source:  Experiment\r\n'):
    return ('Nov. 23, 2024   17:47:14\r\n%s\r\nFile: e:\\data\\a b.bin\r\n%sInstrument Model:  %s\r\nHeader: \r\nNote: some, note/text\r\n\r\nInit E (V) = 0\r\n'
            'Scan Rate (V/s) = 0.05\r\n\r\nResults:\r\n\r\nChannel 1:\r\nSegment 1:\r\nEp = 0.273V\r\nip = 4.046e-6A\r\n\r\n%s\r\n\r\n' % (
                technique, source, model, (heads or sep).join(names)) + '\r\n'.join(sep.join(str(c) for c in row(k)) for k in range(N)) + '\r\n')


E_I = ['Potential/V', 'Current/A']
pair = lambda k: ['%.3f' % (.1 * k), '%.3e' % (1e-6 * k + 1e-7)]
for i, (sep, heads) in enumerate(((', ', None), ('\t', None), ('\t', ', '), ('  ', None), (',', ','))):
    put('chi-separator%d.txt' % i, chi('Cyclic Voltammetry', E_I, pair, sep, heads), 'potential', 'current', (0, 1e-7), ('V', 'A'))
put('chi-old.txt', chi('Cyclic Voltammetry', E_I, pair, model='CHI 600', source=''), 'potential', 'current', (0, 1e-7))
put('chi-two.txt', chi('Cyclic Voltammetry', ['Potential/V', 'i1/A', 'i2/A'], lambda k: pair(k) + ['5e-6']), 'potential', 'current', (0, 1e-7))
put('chi-it.txt', chi('i - t Curve', ['Time/sec', 'Current/A'], pair), 'time', 'current', (0, 1e-7), ('s', 'A'))
put('chi-ocp.txt', chi('Open Circuit Potential - Time', ['Time/sec', 'Potential/V'], pair), 'time', 'potential', (0, 1e-7), ('s', 'V'))
put('chi-cp.txt', chi('Chronopotentiometry', ['Time/sec', 'Potential/V'], pair), 'time', 'potential', (0, 1e-7))
put('chi-cc.txt', chi('Chronocoulometry', ['Time/sec', 'Charge/C'], pair), 'time', 'charge', (0, 1e-7), ('s', 'C'))
put('chi-dpv.txt', chi('Differential Pulse Voltammetry', E_I, pair), 'potential', 'current', (0, 1e-7))
put('chi-swv.txt', chi('Square Wave Voltammetry', ['Potential/V', 'i(d)/A', 'i(f)/A', 'i(r)/A'], lambda k: pair(k) + ['1e-6', '2e-6']), 'potential', 'current', (0, 1e-7))
put('chi-tafel.txt', chi('Tafel Plot', E_I + ['log(i/A)'], lambda k: pair(k) + ['-6']), 'potential', 'current', (0, 1e-7))
put('chi-eis.txt', chi('A.C. Impedance', ['Freq/Hz', "Z'/ohm", 'Z"/ohm', 'Z/ohm', 'Phase/deg'], lambda k: [1e5 / 10**k, 10 + k, -2 - k, 10, -4]), 'z_real', 'z_imag', (10, -2), ('Ohm', 'Ohm'))
put('chi-z-time.txt', chi('Impedance - Time', ['Time/sec', "Z'/ohm", 'Z"/ohm'], lambda k: [k, 10 + k, -2 - k]), 'time', 'z_real', (0, 10), ('s', 'Ohm'))


# --- Gamry -----------------------------------------------------------------------------------------
def dta(tag, names, units, row, table_name='CURVE', count=True, comma=False, notes=('',), curves=1):
    lines = ['EXPLAIN', 'TAG\t' + tag, 'TITLE\tLABEL\ta\tTest &Identifier', 'DATE\tLABEL\t9/3/2024\tDate', 'TIME\tLABEL\t21:03:04\tTime',
             'NOTES\tNOTES\t%d\t&Notes...' % len(notes), *('\t' + n for n in notes), 'PSTAT\tPSTAT\tREF3000-48128\tPotentiostat', 'SCANRATE\tQUANT\t5.0E+001\tScan Rate (mV/s)']
    for c in range(curves):
        lines += ['%s%s\tTABLE%s' % (table_name, c + 1 if curves > 1 else '', '\t%d' % N if count else ''), '\t' + '\t'.join(names), '\t' + '\t'.join(units)]
        lines += ['\t' + '\t'.join(str(v) for v in row(k)) for k in range(N)]
    text = '\r\n'.join(lines) + '\r\n'
    return text.replace('.', ',').replace('V vs, Ref,', 'V vs. Ref.') if comma else text


G, GU = ['Pt', 'T', 'Vf', 'Im', 'Vu', 'IERange', 'Over'], ['#', 's', 'V vs. Ref.', 'A', 'V', '#', 'bits']
Z, ZU = ['Pt', 'Time', 'Freq', 'Zreal', 'Zimag', 'Zmod', 'Zphz', 'Idc', 'Vdc'], ['#', 's', 'Hz', 'ohm', 'ohm', 'ohm', '°', 'A', 'V']
g = lambda k: [k, .5 * k, '%.5E' % (.2 + k), '%.5E' % (1e-6 * k + 1e-7), 0, 9, '...........']
z = lambda k: [k, k, 1e5 / 10**k, 10 + k, -2 - k, 10, -4, 0, 0]
put('cv.dta', dta('CV', G, GU, g, curves=2), 'potential', 'current', (.2, 1e-7), ('V', 'A'), 2)
put('cv-comma.dta', dta('CV', G, GU, g, comma=True), 'potential', 'current', (.2, 1e-7))
put('chronoa.dta', dta('CHRONOA', G, GU, g), 'time', 'current', (0, 1e-7), ('s', 'A'))
put('chronop.dta', dta('CHRONOP', G, GU, g), 'time', 'potential', (0, .2), ('s', 'V'))
put('corpot.dta', dta('CORPOT', ['Pt', 'T', 'Vf', 'Vm', 'Temp'], ['#', 's', 'V vs. Ref.', 'V', 'deg C'], lambda k: [k, .5 * k, .2 + k, 0, 25]), 'time', 'potential', (0, .2))
for tag in ('LSV', 'POTENTIODYNAMIC', 'POLARIZATION RESISTANCE'): put(tag + '.dta', dta(tag, G, GU, g), 'potential', 'current', (.2, 1e-7))
put('charge.dta', dta('PWR800_CHARGE', ['Pt', 'T', 'Vf', 'Im', 'Pwr', 'Vdc'], ['#', 's', 'V', 'A', 'W', 'V'], lambda k: [k, .5 * k, 3.2 + k, .5, 1, 0]), 'time', 'potential', (0, 3.2))
put('vfp600.dta', 'VFP600\r\nTAG\tVFP600\r\nFREQ\tQUANT\t1.50000E+1\tAcquisition Frequency (Hz)\r\nVFPCURVE\tTABLE\r\n\t' + table(
    ['Voltage', 'Current\r\n\tV\tA'], lambda k: ['%.6f' % (.2 + k), e7(1e-7)], '\t', '\r\n\t'), 'potential', 'current', (.2, 1e-7), ('V', 'A'))
put('swv.dta', dta('SQUARE_WAVE', ['Pt', 'T', 'Vfwd', 'Vrev', 'Vstep', 'Ifwd', 'Irev', 'Idif'], ['#', 's'] + 3 * ['V vs. Ref.'] + 3 * ['A'],
                   lambda k: [k, k, .3 + k, .1 + k, .2 + k, 2e-6, 1e-6, 1e-6 * (1 + k)]), 'potential', 'current', (.2, 1e-6), ('V', 'A'))
put('eis.dta', dta('EISPOT', Z, ZU, z, 'ZCURVE', False), 'z_real', 'z_imag', (10, -2), ('Ohm', 'Ohm'), encoding='latin-1')
put('galveis.dta', dta('GALVEIS', Z, ZU, z, 'ZCURVE', notes=('line 1', 'TAG\tnot one', 'ZCURVE was fine')), 'z_real', 'z_imag', (10, -2))

# --- others ------------------------------------------------------------------------------------------
nova = ['Potential applied (V)', 'Time (s)', 'WE(1).Current (A)', 'WE(1).Potential (V)', 'Scan', 'Index']
put('nova.txt', table(nova, lambda k: ['%.4f' % (.1 * k), k, '%.3e' % (1e-6 * k), '%.4f' % (.1 * k + .001), 1, k], '\t', '\n'), 'potential', 'current', (.001, 0))
put('nova-comma.csv', table(nova, lambda k: ['%.4f' % (.1 * k), k, '%.3e' % (1e-6 * k), '%.4f' % (.1 * k + .001), 1, k], ';', '\n').replace('.', ',').replace('),', ').').replace('WE(1),', 'WE(1).'), 'potential', 'current', (.001, 0))
put('nova-charges.txt', table(nova + ['Q+', 'Q-'], lambda k: ['%.4f' % (.1 * k), k, '%.3e' % (1e-6 * k), '%.4f' % (.1 * k + .001), 1, k, 5e-4, -7e-5], ';', '\n'), 'potential', 'current', (.001, 0),
    meta='{name: negative_charge, unit: C')
nova_row = lambda k: ['%.4f' % (.1 * k), k, '%.3e' % (1e-6 * k), '%.4f' % (.1 * k + .001), 1, k]
put('nova-two.txt', 2 * table(nova, nova_row, '\t', '\n'), 'potential', 'current', (.001, 0), series=2)
put('nova-applied.txt', table(nova[:3] + nova[4:], lambda k: nova_row(k)[:3] + [1, k], ';', '\n'), 'potential', 'current', (0, 0))
put('nova-swv.txt', table(nova[:2] + ['WE(1).δ.Current (A)', 'WE(1).Forward.Current (A)'], lambda k: ['%.4f' % (.1 * k), k, e7(1e-6 * k), e7(2e-6)], '\t', '\n'), 'potential', 'current', (0, 0))
put('nova-held.txt', table(['Time (s)', 'WE(1).Current (A)', 'Index', 'WE(1).Potential (V)'], lambda k: [k, 1e-6 * k, k, .5], '\t', '\n'), 'time', 'current', (0, 0))
put('nova-eis.txt', table(['Index', 'Frequency (Hz)', "Z' (Ω)", "-Z'' (Ω)", 'Z (Ω)', '-Phase (°)'], lambda k: [k + 1, 1e5 / 10**k, 10 + k, 2 + k, 10, 4], '\t', '\n'), 'z_real', 'z_imag', (10, -2))
put('zview.z', '"ZPLOT2 ASCII"\r\n  Date: 1-1-2020\r\n  Time: 10:00:00\r\nEnd Comments\r\n' + table(['"Freq(Hz)"', '"Ampl"', '"Bias"', '"Time(Sec)"', '"Z\'(a)"', '"Z\'\'(b)"', '"GD"', '"Err"', '"Range"'],
    lambda k: [1e5 / 10**k, 0, 0, k, 10 + k, -2 - k, 0, 0, 1], ',', '\r\n'), 'z_real', 'z_imag', (10, -2))
scan = 'Cyclic Voltammetry: CV i vs E Scan %d,'
dated = 'Date and time measurement:,2023-01-05 10:20:30'
two = lambda k: ['%.3f' % (.1 * k), 1.5 + k, '%.3f' % (.1 * k), 2.5 + k]
put('pstrace.csv', 'Date and time:,2023-01-05 10:20:30\nNotes:,hello\n,,,\n%s,%s\n%s,%s\n' % (scan % 1, scan % 2, dated, dated) + table(['V', 'µA'] * 2, two, ',', '\n'),
    'potential', 'current', (0, 1.5), ('V', 'uA'), 2, 'utf-16')
put('pstrace-it.csv', 'Chronoamperometry: CA i vs t,\n%s\n' % dated + table(['s', 'µA'], lambda k: [.1 * k, 1.5 + k], ',', '\n'), 'time', 'current', (0, 1.5), ('s', 'uA'), 1, 'utf-16')
for minus in ('', '-'):
    put('pstrace-eis%s.csv' % minus, 'Impedance Spectroscopy: EIS,,,\n%s\n' % dated + table(['freq / Hz', 'neg. Phase / °', 'Idc / uA', 'Z / Ohm', "Z' / Ohm", minus + "Z'' / Ohm", 'Cs / F'],
        lambda k: [1e5 / 10**k, 4 + k, 0, 10, 10 + k, 2 + k, 0], ',', '\n'), 'z_real', 'z_imag', (10, -2), ('Ohm', 'Ohm'), 1, 'utf-16')
put('ivium.csv', table(['freq. /Hz', 'Z1 /ohm', 'Z2 /ohm'], lambda k: [1e5 / 10**k, 10 + k, -2 - k], ',', '\n'), 'z_real', 'z_imag', (10, -2))
put('ivium-cv.csv', table(['E /V', 'I /A'], lambda k: [.1 * k, 1e-6 * k], ',', '\n'), 'potential', 'current', (0, 0), ('V', 'A'))
put('ivium.txt', ' Z1 /ohm  Z2 /ohm  freq. /Hz\n' + '\n'.join('  %.4f  %.4f  %.4E' % (10 + k, -2 - k, 1e5 / 10**k) for k in range(N)) + '\n', 'z_real', 'z_imag', (10, -2), ('Ohm', 'Ohm'))
put('quotes.csv', table(['f/Hz', "Z'/ohm", 'Z"/ohm', 'Z/ohm'], lambda k: [1e5 / 10**k, 10 + k, -2 - k, 10], ',', '\n'), 'z_real', 'z_imag', (10, -2))
put('old-mac.txt', chi('Cyclic Voltammetry', E_I, pair).replace('\r\n', '\r'), 'potential', 'current', (0, 1e-7), ('V', 'A'))
put('plain.csv', table(['Frequency', 'Z_real', 'Z_imag'], lambda k: [1e5 / 10**k, 10 + k, -2 - k], ',', '\n'), 'z_real', 'z_imag', (10, -2))
put('minus.csv', table(['freq/Hz', 'Re(Z)/Ohm', '-Im(Z)/Ohm'], lambda k: [1e5 / 10**k, 10.5 + k, 2.5 + k], ';', '\n').replace('.', ','), 'z_real', 'z_imag', (10.5, -2.5))
put('minus-prime.csv', table(['f (Hz)', "Z' (Ohm)", "-Z'' (Ohm)"], lambda k: [1e5 / 10**k, 10.5 + k, 2.5 + k], ',', '\n'), 'z_real', 'z_imag', (10.5, -2.5))
put('neware.csv', table('Cycle ID,Step ID,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Capacity(mAh)'.split(','), lambda k: [1, 1, k, '0:00:0%d.500' % k, 3.2 + k, 100, .1], ',', '\n'), 'time', 'potential', (.5, 3.2), ('s', 'V'))
put('arbin-few.csv', table('Test_Time(s),Current(A),Voltage(V),mAh/g,SOC_CC'.split(','), lambda k: [k, .5, 3.2 + k, 2 * k, 1], ',', '\n'), 'time', 'potential', (0, 3.2), ('s', 'V'))
put('against.csv', table('Potential vs. Ag/AgCl (V),Current (uA)'.split(','), lambda k: [.1 * k, k], ',', '\n'), 'potential', 'current', (0, 0), ('V', 'uA'))
put('against2.csv', table('Ewe vs. RHE [V],i'.split(','), lambda k: [.1 * k, k], ',', '\n'), 'potential', 'i', (0, 0))
put('bare-zview.txt', table(["  Freq(Hz)  Ampl  Bias  Time(Sec)  Z'(a)  Z''(b)  GD  Err  Range"], lambda k: [1e5 / 10**k, .01, 0, k, 10 + k, -2 - k, 0, 0, 1], ', ', '\n'),
    'z_real', 'z_imag', (10, -2), ('Ohm', 'Ohm'))
put('specific.csv', table('mAh/g,Voltage(V)'.split(','), lambda k: [2 * k, 3.2 + k], ',', '\n'), 'specific_capacity', 'potential', (0, 3.2), ('mAh/g', 'V'))
put('arbin.csv', table('Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)'.split(','), lambda k: [k, k, '2020-01-01 00:00:0%d' % k, k, 1, 1, .5, 3.2 + k], ',', '\n'), 'time', 'potential', (0, 3.2))
put('novonix.csv', '[Summary]\nCell ID,A1\n[Data]\n' + table('Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Step Number'.split(','),
    lambda k: ['2020-01-01 10:00:0%d' % k, 0, 0, .25 * k, 0, .1, 3.2 + k, 0], ',', '\n'), 'time', 'potential', (0, 3.2), ('h', 'V'))
put('maccor.txt', "Today's Date\t01/01/2020\tFilename:\ta.001\r\n" + table('Rec#,Cyc#,Step,Test (Sec),Step (Sec),Amp-hr,Watt-hr,Amps,Volts,State,ES,DPt Time'.split(','),
    lambda k: [k + 1, 0, 1, k, k, 0, 0, .1, 3.2 + k, 'C', 0, '01/01/2020 10:00:0%d' % k], '\t', '\r\n'), 'time', 'potential', (0, 3.2), ('s', 'V'))

par = '<Application>\r\nVersion=2.61.2.0\r\nLanguage [VersaStudio]=English (United States) [en-US]\r\n</Application>\r\n<Experiment>\r\nTimeAcquired=10:44:37 PM\r\nDateAcquired=Tuesday, May 16, 2023\r\n</Experiment>\r\n<Action1>\r\nName=Potentiostatic EIS\r\n</Action1>\r\n' \
    '<Segment1>\r\nDefinition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), Z Real, Z Imag, 0\r\n%s</Segment1>\r\nrest [\r\n<Graph1>\r\nAnalysis=0\r\n</Graph1>\r\n'
put('versastudio-2.6.par', par % ''.join('0,%d,0,0,%d,%g,%g,%g\r\n' % (k, k, 1e5 / 10**k, 10 + k, -2 - k) for k in range(N)), 'z_real', 'z_imag', (10, -2, 13, -5), ('Ohm', 'Ohm'), meta='"measured": "2023-05-16T22:44:37"')
put('pec.csv', 'TestRegime Name:,OCV\nPart Name:,<NONE>\nStart Time:,01/28/2026 17:40:39\n' + table('Test,Cell,Position,Step,Total Time (Hours in hh:mm:ss.xxx),Voltage (V),Current (A)'.split(','), lambda k: [7, 1, 3, 0, '00:0%d:01.500' % k, 3.5 + k, 0], ',', '\n'),
    'time', 'potential', (1.5, 3.5, 181.5, 6.5), ('s', 'V'), meta='common: {vendor.TestRegime Name: OCV}\n')
put('real-imaginary.csv', table(['frequency', 'real', 'imaginary'], lambda k: [1e5 / 10**k, 10 + k, -2 - k], ',', '\n'), 'z_real', 'z_imag', (10, -2, 13, -5))

# times that begin anew with each step; dates, clocks or another column tell the time since the start
stamp = lambda k: '2020-01-01 10:0%d:%02d' % (k // 6, 10 * k % 60)
restart = lambda k: '0:00:%02d.000' % (10 * (k % 2))
put('landt.csv', table('Record Index,Cycle,Step,Relative Time(h:min:s.ms),Absolute Time,CapaCity(mAh),Cur(mA),Voltage(V)'.split(','), lambda k: [k, 1, 1 + k // 2, restart(k), stamp(k), 0, 1, 3 + k], ',', '\n'), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'))
put('landt-sec.csv', table('Index,TestTime/Sec.,StepTime/Sec.,Current/mA,Capacity/mAh,SpeCap/mAh/g,Voltage/V,Energy/mWh,SysTime'.split(','), lambda k: [k, 10 * k, 0, 1, 0, 0, 3 + k, 0, stamp(k)], ',', '\n'), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'))
put('neware-dates.csv', table('Cycle ID,Step ID,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Realtime'.split(','), lambda k: [1, 1 + k // 2, k, restart(k), 3.2 + k, 100, stamp(k)], ',', '\n'), 'time', 'potential', (0, 3.2, 30, 6.2), ('s', 'V'))
put('neware-total.csv', table('DataPoint,Cycle Index,Step Index,Step Type,Time,Cumulative Time,Current(A),Voltage(V),Date'.split(','), lambda k: [k, 1, 1 + k // 2, 'Rest', restart(k), '00:00:%02d' % (10 * k), 0, 3 + k, stamp(k)], ',', '\n'), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'))
put('digatron.csv', 'Test Name:,a\nTime Stamp,Step,Status,Prog Time,Step Time,Cycle,Cycle Level,Procedure,Voltage,Current,Temperature,Capacity,\n,,,,,,,,[V],[A],[C],[Ah],\n' + '\n'.join(
    '10/18/2018 9:13:%02d PM,27,PAU,00:00:%02d,00:00:00,0,0,U,%g,0.1,23.1,0,' % (10 * k, 10 * k, 4 + k) for k in range(N)) + '\n', 'time', 'potential', (0, 4, 30, 7), ('s', 'V'))
put('digatron-two.csv', 'Time Stamp,Step,Status,Prog Time,Step Time,Cycle,Cycle Level,Procedure,Voltage,Current,\n,,,,,,,,[mV],[A],\n' + '\n'.join(
    '10/18/2018 9:13:%02d PM,27,PAU,00:00:%02d,00:00:00,0,0,U,%g,0.1,' % (10 * k, 10 * k, 4000 + k) for k in range(N)) + '\n', 'time', 'potential', (0, 4000, 30, 4003), ('s', 'mV'))
put('arbin-bare.csv', table('data_point,test_time,datetime,step_time,step_index,cycle_index,current,voltage'.split(','), lambda k: [k, 10 * k, 1494375600 + 10 * k, 10 * k, 1, 1, .5, 3 + k], ',', '\n'), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'))
put('bdf.csv', table('Test Time / h,Current / A,Voltage / V,Protocol Name / 1,Step Type / 1,Cycle Count / 1,Step Index / 1'.split(','), lambda k: [.25 * k, .5, 3 + k, 0, 'charge', 1, 1], ',', '\n'), 'time', 'potential', (0, 3, .75, 6), ('h', 'V'))


def layered(heads, cycle, step, record, sep=',', eol='\n', own_line=True):
    lines = [sep.join(h) for h in heads]
    for k in range(N):
        if k == 0: lines.append(sep.join([str(c) for c in cycle] + ([] if own_line else [str(c) for c in step(1)])))
        if k % 2 == 0 and (k or own_line): lines.append(sep.join([''] + [str(c) for c in step(1 + k // 2)]))
        lines.append(sep.join(['', ''] + [str(c) for c in record(k)]))
    return eol.join(lines) + eol


bts = (['Cycle ID', 'Cap_Chg(mAh)', 'Cap_DChg(mAh)'], ['', 'Step ID', 'Step Name', 'Step Time'], ['', '', 'Record ID', 'Time(h:min:s.ms)', 'Voltage(V)', 'Current(mA)', 'Temperature(C)', 'Realtime'])
chinese = (['循环序号', '充电容量(mAh)', '放电容量(mAh)'], ['', '工步序号', '工步名称', '工步时间'], ['', '', '记录序号', '时间(h:min:s.ms)', '电压(V)', '电流(mA)', '温度(℃)', '绝对时间'])
how = dict(cycle=[1, 1.5, 1.4], step=lambda s: [s, 'Rest', '0:00:10.000'], record=lambda k: [k, restart(k), 3 + k, 1, 25, stamp(k)])
put('layers.csv', layered(bts, **how), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'), 1)
put('layers.txt', layered(bts, sep='\t', eol='\r\n', **how), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'), 1)
put('layers-joined.csv', layered(bts, own_line=False, **how), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'), 1)
put('layers-chinese.csv', layered(chinese, **how), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'), 1)
put('layers-gb18030.csv', layered(chinese, **how), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'), 1, encoding='gb18030')
put('layers-bom.csv', '\ufeff' + layered(bts, **how).rstrip('\n'), 'time', 'potential', (0, 3, 30, 6), ('s', 'V'), 1)
refused('layers-orphan.csv', '\n'.join(','.join(h) for h in bts) + '\n,,1,0:00:00.000,3,1,25,%s\n' % stamp(0), 'a record before its cycle')
refused('layers-short.csv', layered(bts, **how).replace('1,1.5,1.4', '1'), '1 fields of a cycle, expected 3')
refused('layers-stepless.csv', layered(bts, **how).replace('Step ID', 'Something'), 'no number of the step')

put('gpes.ocw', ' GC blank\n E / V,i / A\n' + ''.join(' %s  %s \n' % (str(-.5 + .25 * k).replace('0.', '.'), e7(1e-6 * k)) for k in range(N)), 'potential', 'current', (-.5, 0), ('V', 'A'), meta='"label": "GC blank"')
put('lcr.txt', 'Time: 17:46\r\nArea [sqmm]: 0,000\r\n\r\nF[Hz]\t\tZ[Ohm]\t\tTheta\t\tTemperatur[°C]\r\n' + ''.join('%d,5\t%d,25\t-0,%d\r\n' % (10**k, 500 + k, k + 1) for k in range(N)), 'frequency',
    'z_modulus', (1.5, 500.25), ('Hz', 'Ohm'), encoding='latin-1', meta='{name: z_phase, unit: deg')
put('log.csv', 'Universal Time,Local Date,Local Time of Day,Relative Time [s],Pressure [mbar] (gauge 2)\n' + ''.join('2025-Apr-03 06:57:1%d.5,2025-04-03,08:57:1%d.5,%d.25,%s\n' % (k, k, k, e7(1e-6 + k)) for k in range(N)),
    'relative_time', 'pressure_gauge_2', (.25, 1e-6), ('s', 'mbar'))
put('joined-keys.001', "Today's Date 04/04/2016  Date of Test:\t03/31/2016\t Filename:\tC:\\a b.001 Procedure: Form.000cells, 0.1C\tComment/Barcode: cell 7, 2.4 mAh\n" + table(
    ['Rec#', 'Cyc#', 'Step', 'Test (Min)', 'Step (Min)', 'Amp-hr', 'Watt-hr', 'Amps', 'Volts', 'State', 'ES', 'DPt Time'], lambda k: [k + 1, 0, 1, k, k, 0, 0, .1, 3.3 + k, 'C', 1, '03/31/2016 16:0%d:31' % k], '\t', '\n'),
    'time', 'potential', (0, 3.3), ('min', 'V'), meta='"measured": "2016-03-31T16:00:31"')
put('arbin-serial.csv', table(['Test_Time', 'DateTime', 'Step_Index', 'Cycle_Index', 'Current', 'Voltage', 'Charge_Energy'], lambda k: [300 * k, 45131.75 + k / 288, 1, 1, .1, 3 + k, k], ',', '\n'), 'time', 'potential',
    (0, 3, 900, 6), ('s', 'V'), meta='"measured": "2023-07-24T18:00:00"')
put('bdf.csv', table(['Test Time / s', 'Voltage / V', 'Current / A', 'Cycle Count / 1', 'Step Count / 1', 'Charging Capacity / Ah'], lambda k: [k, 3 + k, .1, 1, 1, k], ',', '\n'), 'time', 'potential', (0, 3), ('s', 'V'),
    meta='{name: charge_capacity, unit: Ah')
put('bdf-words.csv', table(['test_time_second', 'voltage_volt', 'current_ampere', 'cycle_count', 'step_count', 'charging_capacity_ah'], lambda k: [k, 3 + k, .1, 1, 1, k], ',', '\n'), 'time', 'potential', (0, 3), ('s', 'V'),
    meta='{name: charge_capacity, unit: Ah')
put('minus-phase.csv', table(['frequency', '|Z|', '-phase'], lambda k: [10**k, 100 + k, 5 + k], ',', '\n'), 'frequency', 'z_modulus', (1, 100), meta='z_phase_sign: "-phase in the file"')
put('minus-real.csv', table(['f', "-Z'", "-Z''"], lambda k: [10**k, -100 - k, 5 + k], ',', '\n'), 'z_real', 'z_imag', (100, -5, 103, -8), meta='z_real_sign: "-Re(Z) in the file"')
put('thousands.csv', 'Cyc#,Step,TestTime(s),StepTime(s),Current(A),Voltage(V)\n' + ''.join('869,11,"5,577,64%d.25",  1d 00:22:05.05,"1,500.5",%.4f\n' % (k, 3 + k) for k in range(N)), 'time', 'potential',
    (5577640.25, 3), ('s', 'V'), meta='{name: current, unit: A, datatype: float64')
for i, (head, x, y, units) in enumerate((
        ('Potential (V),Current (mA)', 'potential', 'current', ('V', 'mA')), ('E (V vs RHE),j (mA/cm2)', 'potential', 'current_density', ('V', 'mA/cm2')), ('Voltage/V,Current/A', 'potential', 'current', ('V', 'A')),
        ('E/V vs. SHE,I/mA', 'potential', 'current', ('V', 'mA')), ('Ewe/V,<I>/mA', 'potential', 'current', ('V', 'mA')), ('Zeit [s],Spannung [V],Strom [A]', 'time', 'potential', ('s', 'V')),
        ('Specific capacity (mAh g-1),Voltage (V vs Li/Li+)', 'specific_capacity', 'potential', None), ('Potential (V vs. Li⁺/Li),Current density (mA cm⁻²)', 'potential', 'current_density', None),
        ('Cycle,Discharge capacity (mAh/g),CE (%)', 'cycle', 'specific_discharge_capacity', ('1', 'mAh/g')), ('Time/h,Ecell/V,I/mA', 'time', 'potential', ('h', 'V')), ('Frequency(Hz),|Z|(Ohm),Phase(deg)', 'frequency', 'z_modulus', ('Hz', 'Ohm')),
        ('Freq (Hz),ZRe (ohm),ZIm (ohm),Phase (deg)', 'z_real', 'z_imag', ('Ohm', 'Ohm')), ('电位 (V),电流 (A)', 'potential', 'current', ('V', 'A')), ('V,µA', 'potential', 'current', ('V', 'uA')), ('s,V,mA', 'time', 'potential', ('s', 'V')),
        ('Напряжение (В),Сила тока (мА)', 'potential', 'current', ('V', 'mA')), ('mode,ox/red,time/s,Ewe/V,<I>/mA', 'time', 'potential', ('s', 'V')))):
    names = head.split(',')
    put('table%d.csv' % i, table(names, lambda k: [1.5 + k * (c + 1) + 10 * c for c in range(len(names))], ',', '\n'), x, y, None, units)


def columns(out):
    """name -> (role, unit) and the rows, by name."""
    about, rows, names, series = {}, [], None, 0
    for line in out.splitlines():
        found = re.match(r'# - \{name: (\w+)(?:, unit: "?([^",}]+)"?)?.*?(?:role: (\w+)[^}]*)?\}*$', line)
        if found: about[found.group(1)] = (found.group(3), found.group(2) or '1')
        elif line.startswith('#> '): series += 1
        elif line and not line.startswith('#'):
            if names: rows.append(dict(zip(names, line.split(' '))))
            else: names = line.split(' ')
    return about, rows, series


def judge(code, out, said, x, y, first, units, series, silent, meta):
    if x is None:
        return None if code == 3 and y in said else 'exit %d, %s' % (code, said.strip()[:120])
    if code: return said.strip()[:160]
    if silent and said: return said.strip()[:160]
    if meta not in out: return 'no %s' % meta
    about, rows, n = columns(out)
    roles = {about[c][0]: c for c in about}
    if (roles.get('x'), roles.get('y')) != (x, y): return 'x is %s, y is %s' % (roles.get('x'), roles.get('y'))
    if n != series: return '%d series' % n
    if len(rows) != N * series: return '%d rows' % len(rows)
    if first and any(abs(float(rows[0][c]) - v) > 1e-9 * max(1, abs(v)) for c, v in zip((x, y), first)): return 'begins with %s %s' % (rows[0][x], rows[0][y])
    if first and any(abs(float(rows[-1][c]) - v) > 1e-9 * max(1, abs(v)) for c, v in zip((x, y), first[2:])): return 'ends with %s %s' % (rows[-1][x], rows[-1][y])
    if units and (about[x][1], about[y][1]) != units: return 'units %s and %s' % (about[x][1], about[y][1])
    return None


failed = 0
with tempfile.TemporaryDirectory() as folder:
    for name, data, *want in cases:
        path = os.path.join(folder, name.replace(' ', '_'))
        with open(path, 'wb') as f: f.write(data)
        p = subprocess.run([ASSAY, 'read', path], capture_output=True)
        wrong = judge(p.returncode, p.stdout.decode(), p.stderr.decode(), *want)
        failed += wrong is not None
        if wrong: print('FAILED', name, wrong)
print('%d texts of potentiostats and cyclers, %d failed' % (len(cases), failed))
sys.exit(failed > 0)
