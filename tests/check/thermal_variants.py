#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports of thermal analysers as other versions, languages and spreadsheets leave them: the same short run each time."""
import os, re, struct, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
failures = []


def run(name, content):
    path = os.path.join(folder, name)
    open(path, 'wb').write(content if isinstance(content, bytes) else content.encode())
    p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def read(name, content, columns, first, last, format, *meta):
    """columns: name/unit in the order of the stream; first and last rows; texts that the stream must hold."""
    code, out, err = run(name, content)
    found = []
    for column, rest in re.findall(r'^# - \{name: (\w+)(.*)\}$', out, re.M):
        unit = re.search(r', unit: "?([^,"]+)"?', rest)
        if column != 'series':
            found.append(column + ('/' + unit.group(1) if unit else ''))
    rows = [[float(c) for c in line.split(' ')] for line in [l for l in out.split('\n') if l and l[0] != '#'][1:]]
    wrong = []
    if ' '.join(found) != columns:
        wrong.append('columns %s, expected %s' % (' '.join(found), columns))
    if not rows or rows[0][1:] != first or rows[-1][1:] != last:
        wrong.append('rows %s ... %s' % (rows[:1], rows[-1:]))
    wrong += ['no %s' % m for m in ['"format": "%s"' % format] + list(meta) if m not in out]
    if code or wrong:
        failures.append('%s: exit %d %s %s' % (name, code, err.replace(folder, ''), '; '.join(wrong)))


def netzsch(heads, separator=';', decimal='.', named=('SEMICOLON', 'POINT'), between=':', behind='', empty=''):
    keys = [('EXPORTTYPE', 'DATA ALL'), ('FORMAT', 'NETZSCH5'), ('DECIMAL', named[1]), ('SEPARATOR', named[0]), ('SAMPLE', 'CaOx'),
            ('SAMPLE MASS /mg', '12%s5' % decimal), ('EXO', '1'), ('RANGE', '30°C/10%s0(K/min)/120°C' % decimal)]
    rows = [[30 + 10 * i, i, .5 + .01 * i, 100 - .5 * i] for i in range(8)]
    return '\r\n'.join(['#%s%s%s%s' % (k, between, v, behind) for k, v in keys] + [empty, separator.join(heads)] +
                       [separator.join(('%.5f' % v).replace('.', decimal) for v in r) for r in rows]) + '\r\n'


STA = ['##Temp./°C', 'Time/min', 'DSC/(mW/mg)', 'Mass/%']
RUN = ('temperature/degC mass_fraction/% time/min dsc/mW/mg', [30, 100, 0, .5], [100, 96.5, 7, .57])
KEYS = ('netzsch-txt', 'sample: CaOx', 'sample_mass: {value: 12.5, unit: mg}', 'heating_rate: {value: 10, unit: K/min}', 'exo_direction: up')


def proteus():
    read('tab.txt', netzsch(STA, '\t', ',', ('TAB', 'COMMA')).encode('cp1252'), *RUN, *KEYS)
    read('komma.txt', netzsch(STA, ';', ',', ('SEMIKOLON', 'KOMMA')).encode('cp1252'), *RUN, *KEYS)
    read('csv.csv', netzsch(STA, ',', named=('COMMA', 'POINT'), between=':     ,'), *RUN, *KEYS)
    read('excel.csv', netzsch(STA, ',', named=('COMMA', 'POINT'), between=':     ,', behind=',,', empty=',,,'), *RUN, *KEYS)
    read('silent.txt', netzsch(STA).replace('#SEPARATOR:SEMICOLON\r\n', '').replace('#DECIMAL:POINT\r\n', ''), *RUN, *KEYS)
    for head, direction in (('Heat Flow Endo Up (mW)', 'down'), ('Heat Flow Exo Up (mW)', 'up')):
        read('endo.csv', 'Time,Temperature (°C),%s\n0,30,5\n0.1,31,5.1\n0.2,32,5.3\n' % head, 'temperature/degC heat_flow/mW time', [30, 5, 0], [32, 5.3, .2], 'delimited',
             'exo_direction: %s' % direction)
    keys = netzsch(STA).split('\r\n')
    first = [i for i, line in enumerate(keys) if line.startswith('#SAMPLE')][0]
    read('without-first.txt', '\r\n'.join(keys[first:]), *RUN, *KEYS)
    read('no-degree.txt', netzsch(['##Temp./C'] + STA[1:]), *RUN, *KEYS)
    for name, encoding in (('sign.txt', 'utf-8'), ('gbk.txt', 'gbk'), ('sjis.txt', 'cp932')):
        read(name, netzsch(STA).replace('°C', '℃').encode(encoding), *RUN, *KEYS)
    read('german.txt', netzsch(['##Temp./°C', 'Zeit/min', 'DDK/(mW/mg)', 'Masse/%'], decimal=',', named=('SEMICOLON', 'COMMA')), *RUN, *KEYS)
    read('cp.txt', netzsch(['##Temp./°C', 'Time/min', 'Cp(5)/(J/(g*K))', 'Sensit./(uV/mW)']),
         'temperature/degC cp_5/J/g/K time/min sensitivity/uV/mW', [30, .5, 0, 100], [100, .57, 7, 96.5], *KEYS)
    read('dilatometer.txt', netzsch(['##Temp./°C', 'Time/min', 'dL/Lo', 'Segment']),
         'temperature/degC length_change time/min segment', [30, .5, 0, 100], [100, .57, 7, 96.5], *KEYS)
    several = ''.join('#%s:  \t%s\r\n' % (k, '\t'.join(v)) for k, v in (
        ('EXPORTTYPE', ['DATA COMPARE    '] * 2), ('FORMAT', ['NETZSCH5   '] * 2), ('DECIMAL', ['POINT'] * 2), ('SEPARATOR', ['TAB'] * 2),
        ('SAMPLE', ['A', 'B  ']), ('SAMPLE MASS /mg', ['1', '2'])))
    curves = '\r\n##Temp./°C\tMass/%\tTemp./°C\tMass/%\r\n30\t100\t31\t99\r\n40\t98\t41\t97\r\n50\t96\t\t\r\n'
    read('compare.txt', several + curves, 'temperature/degC mass_fraction/%', [30, 100], [41, 97], 'netzsch-txt', 'sample: A',
         '"sample": "B", "sample_mass": {"value": 2, "unit": "mg"}')


def ta(signals, first='CLOSED', start='StartOfData', decimal='.', rows=True):
    lines = [first, 'Version\t5.5', 'Instrument\tTGA Q500 V20.13 Build 39', 'Sample\tCaOx', 'Size\t7.49200\tmg', 'Exotherm\tUp',
             'Nsig\t%d' % len(signals)] + ['Sig%d\t%s' % (i + 1, s) for i, s in enumerate(signals)]
    lines += ['Date\t2021-03-04', 'Time\t12:01:02', 'OrgMethod\t1: Ramp 10.00 °C/min to 100.00 °C'] + [start]
    if rows:
        lines += ['\t'.join(('%.5f' % v).replace('.', decimal) for v in [.5 * i, 25 + 5 * i] + [7.5 - .5 * i] * (len(signals) - 2)) for i in range(8)]
        lines += ['-1.000000\t4.0\t0'.replace('.', decimal)]
    return '\r\n'.join(l for l in lines if l) + '\r\n'


def universal_analysis():
    tga, meta = ['Time (min)', 'Temperature (°C)', 'Weight (mg)'], ('ta-universal-analysis', 'sample_mass: {value: 7.492, unit: mg}', '"measured": "2021-03-04T12:01:02"')
    want = ('temperature/degC mass/mg time/min', [25, 7.5, 0], [60, 4, 3.5])
    for name, text in (('ua.txt', ta(tga)), ('open.txt', ta(tga, 'OPEN')), ('no-state.txt', ta(tga, '')), ('comma.txt', ta(tga, decimal=','))):
        read(name, text.encode('cp1252'), *want, *meta)
    read('modulated.txt', ta(['Time (min)', 'Temperature (°C)', 'Rev Heat Flow (W/g)', 'Nonrev Heat Flow (W/g)']).encode('cp1252'),
         'temperature/degC rev_heat_flow/W/g time/min nonrev_heat_flow/W/g', [25, 7.5, 0, 7.5], [60, 4, 3.5, 4], *meta)
    binary = ('\ufeff' + ta(tga, start='', rows=False) + '\f').encode('utf-16-le') + b'\x03'
    binary += b''.join(struct.pack('<3f', .5 * i, 25 + 5 * i, 7.5 - .5 * i) for i in range(8))
    read('run.001', binary + struct.pack('<3f', -100, 0, 0), *want, *meta)
    read('event.001', binary[:-12] + struct.pack('<3f', -3, 1, 0) + binary[-12:] + struct.pack('<3f', -100, 0, 0),
         want[0] + ' segment', want[1] + [1], want[2] + [2], *meta)
    for name, content, part in (('cut.001', binary[:-5], 'ends'), ('signals.001', binary.replace(b'\f\0\x03', b'\f\0\x04'), '4 signals')):
        code, out, err = run(name, content)
        if code != 3 or part not in err or out:
            failures.append('%s: exit %d %s' % (name, code, err))
    code, out, err = run('no-end.001', binary)
    if code != 0 or 'may be cut' not in err:
        failures.append('no-end.001: exit %d %s' % (code, err))


def others():
    trios = 'Filename\ta.tri\r\nOperator\tme\r\nSample name\tCaOx\r\n\r\n[step]\r\nRamp 10.00 °C/min to 100.00 °C\r\nTime\tTemperature\tHeat Flow (Normalized)\r\n' \
            'min\t°C\tW/g\r\n' + ''.join('%.2f\t%.2f\t%.2f\r\n' % (.5 * i, 25 + 5 * i, 7.5 - .5 * i) for i in range(8))
    want = ('temperature/degC specific_heat_flow/W/g time/min', [25, 7.5, 0], [60, 4, 3.5], 'trios-txt', 'sample: CaOx')
    read('trios.txt', trios, *want)
    head, rows = trios.split('W/g\r\n')
    read('trios-comma.txt', head + 'W/g\r\n' + rows.replace('.', ','), *want)
    pyris = 'Filename:\tC:\\a.tg1d\nOperator ID:\tme\nSample ID:\tCaOx\nSample Weight:\t12,492 mg\nTotal Points in Run:\t8\n\nMethod Steps:\n\n' \
            '1)\tHeat from 30,00°C to 100,00°C at 10,00°C/min\n\n1) TGA Temperature Scan\n\tTime\tUnsubtracted\tProgram\tSample\n\t\tWeight\tTemperature\tTemperature\n'
    pyris += ''.join('\t%g\t%g\t%g\t%g\n' % (i, 12.5 - .5 * i, 30 + 10 * i, 29 + 10 * i) for i in range(8)).replace('.', ',')
    read('pyris-comma.txt', pyris.encode('cp1252'), 'temperature/degC mass/mg time/min program_temperature/degC', [29, 12.5, 0, 30], [99, 9, 7, 100],
         'pyris', 'sample_mass: {value: 12.492, unit: mg}', 'heating_rate: {value: 10, unit: K/min}')
    stare = 'Titel' + ' ' * 40 + '04.03.2021 12:00:11\r\n' + '_' * 60 + '\r\n\r\nKurvenname:\r\n  !&CaOx\r\n  Performed 04.03.2021 11:00:00\r\n  Probengewicht\r\n' \
            'Kurvenwerte:\r\n        Index             t            Ts            Tr         Value\r\n                        [s]          [°C]          [°C]          [mg]\r\n'
    stare += ''.join('%13d %13.1f %13.2f %13.2f %13.2f\r\n' % (i, 30 * i, 25 + 5 * i, 26 + 5 * i, 7.5 - .5 * i) for i in range(8)).replace('.', ',')
    stare += 'Resultate:\r\n  keine\r\nProbe:\r\n  CaOx, 7,4000 mg\r\n'
    read('stare-german.txt', stare.encode('cp1252'), 'temperature/degC mass/mg index time/s program_temperature/degC', [25, 7.5, 0, 0, 26], [60, 4, 7, 210, 61],
         'mettler-stare')


def tables():
    """One line of names and units, as spreadsheets of many countries and lesser-known analysers have it."""
    rows = [(.5 * i, 25 + 5 * i, 7.5 - .5 * i, .25 * i) for i in range(8)]
    mg, want = 'temperature/degC mass/mg time/min heat_flow/mW', ([25, 7.5, 0, 0], [60, 4, 3.5, 1.75], 'delimited')
    for name, head, decimal, columns in (
            ('german.txt', 'Zeit [min]\tTemperatur [°C]\tMasse [mg]\tWärmestrom [mW]', ',', mg), ('russian.txt', 'Время, мин\tТемпература, °C\tМасса, мг\tТепловой поток, мВт', '.', mg),
            ('russian-short.txt', 'Время (мин)\tТемпература образца (°C)\tТГ (мг)\tТепловой поток (мВт)', ',', mg), ('japanese.txt', '時間(分)\t試料温度(℃)\t重量(mg)\t熱流(mW)', '.', mg),
            ('chinese.txt', '时间(min)\t温度(℃)\t质量(%)\t热流(mW/mg)', '.', 'temperature/degC mass_fraction/% time/min specific_heat_flow/mW/mg'),
            ('hitachi.txt', 'Time\tTemp.\tTG\tDSC\nmin\tCel\tmg\tmW', '.', mg),
            ('normalized.txt', 'Time (min)\tTemperature (°C)\tWeight (mg)\tHeat Flow (Normalized) (W/g)', '.', 'temperature/degC mass/mg time/min specific_heat_flow/W/g'),
            ('units.txt', '[min]\t[°C]\t[mg]\t[W/g]', '.', 'temperature/degC mass/mg time/min specific_heat_flow/W/g')):
        read(name, head + '\n' + '\n'.join('\t'.join(('%g' % v).replace('.', decimal) for v in r) for r in rows) + '\n', columns, *want)
    read('release.csv', 'Time,Temperature,HRR\ns,K,W/g\n' + ''.join('%g,%g,%g\n' % r[:3] for r in rows), 'time/s hrr/W/g temperature/K', [0, 7.5, 25], [3.5, 4, 60], 'delimited')
    read('macfp.csv', '[s],[K],[mg]\n' + ''.join('%g,%g,%g\n' % r[:3] for r in rows), 'temperature/K mass/mg time/s', [25, 7.5, 0], [60, 4, 3.5], 'delimited')


with tempfile.TemporaryDirectory() as folder:
    tables()
    proteus()
    universal_analysis()
    others()
for failure in failures:
    print('FAILED', failure)
print('%d failures' % len(failures))
sys.exit(1 if failures else 0)
