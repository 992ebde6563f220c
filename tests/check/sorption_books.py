#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workbooks of sorption analysers, made here cell by cell in the layouts that the readers know (no instrument wrote them):
the points, branches, metadata and printed results must come out; what lacks its table is refused."""
import json, os, subprocess, sys, tempfile, zipfile
from xml.sax.saxutils import escape

ASSAY = os.environ['ASSAY']
failed = 0


def check(ok, *what):
    global failed
    if not ok:
        failed += 1
        print('failed:', *what)


def letters(column):
    text = ''
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def book(path, sheets):
    """sheets: [(name, [[cell, ...], ...])]; texts go to the shared strings, None is an empty cell."""
    shared = []
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    with zipfile.ZipFile(path, 'w') as z:
        for i, (name, rows) in enumerate(sheets):
            xml = ''
            for r, row in enumerate(rows):
                cells = ''
                for c, v in enumerate(row):
                    at = '%s%d' % (letters(c), r + 1)
                    if isinstance(v, str):
                        shared.append(v)
                        cells += '<c r="%s" t="s"><v>%d</v></c>' % (at, len(shared) - 1)
                    elif v is not None:
                        cells += '<c r="%s"><v>%r</v></c>' % (at, v)
                xml += '<row r="%d">%s</row>' % (r + 1, cells)
            z.writestr('xl/worksheets/sheet%d.xml' % (i + 1), '<worksheet %s><sheetData>%s</sheetData></worksheet>' % (main, xml))
        z.writestr('xl/sharedStrings.xml', '<sst %s>%s</sst>' % (main, ''.join('<si><t xml:space="preserve">%s</t></si>' % escape(s) for s in shared)))
        z.writestr('xl/workbook.xml', '<workbook %s xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            main, office, ''.join('<sheet name="%s" sheetId="%d" r:id="r%d"/>' % (n, i + 1, i + 1) for i, (n, _) in enumerate(sheets))))
        z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>' % ''.join(
            '<Relationship Id="r%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>' % (i + 1, office, i + 1) for i in range(len(sheets))))
        z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')


def read(path):
    p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, names, heads, rows = p.stdout.decode(), None, [], []
    for line in out.splitlines():
        if line.startswith('#> '):
            heads.append(json.loads(line[3:]))
        elif not line.startswith('#') and names is None:
            names = line.split(' ')
        elif not line.startswith('#'):
            rows.append(dict(zip(names, line.split(' '))))
    return p.returncode, out, heads, rows, p.stderr.decode()


def expect(name, path, fmt, points, parts):
    """points: [(x, uptake, branch)] with the x column first; parts: texts of the header."""
    code, out, heads, rows, err = read(path)
    if code != 0 or not heads:
        check(False, name, code, err)
        return heads
    check(heads[0]['source']['format'] == fmt, name, heads[0]['source'])
    column, wanted = points
    got = [(float(r[column]), float(r['uptake']), r['branch']) for r in rows]
    check(got == wanted, name, got, wanted)
    for part in parts:
        check(part in out, name, part)
    return heads


UP = [(0.05, 40.5), (0.1, 46.25), (0.2, 54.5), (0.9, 120.0)]
DOWN = [(0.5, 95.0), (0.3, 70.5)]
BOTH = [(x, v, 'adsorption') for x, v in UP] + [(x, v, 'desorption') for x, v in DOWN]
P0 = 760.0


def micromeritics(path, title='Isotherm Tabular Report'):
    head = [['Micromeritics Instrument Corporation'], ['TriStar II 3020 3.02', 'TriStar II 3020 Version 3.02', 'Page 1'], [], ['Sample:', 'batch 7'],
            ['Started:', '6/17/2017 12:27:21 PM', 'Analysis Adsorptive:', 'N2'], ['Sample Mass:', '0,1042 g', 'Analysis Bath Temp.:', '-195.850 °C'], []]
    tables = [head + [['Summary Report'], [], ['BET Surface Area:', '1,014.5 m²/g']],
              head + [[title], [], ['Relative Pressure (P/Po)', 'Absolute Pressure (mmHg)', 'Quantity Adsorbed (cm³/g STP)', 'Elapsed Time (h:min)', 'Saturation Pressure (mmHg)'],
                      [None, None, None, '01:30', P0]] + [[x, x * P0, v, '02:00', P0] for x, v in UP + DOWN],
              head + [['BET Report'], [], ['BET Surface Area:', '194.7493 ± 0.5313 m²/g'], ['C:', 107.25], ['Qm:', '44.7434 cm³/g STP'], [], ['Relative Pressure (P/Po)', 'Quantity Adsorbed (cm³/g STP)'],
                      [0.05, 40.5], [0.1, 46.25], [0.2, 54.5]]]
    rows = []
    for r in range(max(map(len, tables))):
        row = []
        for t in tables:
            cells = list(t[r]) if r < len(t) else []
            row += (cells + [None] * 5)[:5] + ['|']
        rows.append(row)
    book(path, [('Sheet1', rows)])


def micromeritics_plot(path, title, labels, names):
    """A report without the table: the points of its plot, the desorption from the last point of the adsorption on."""
    head = [['MicroActive for TriStar II Plus 2.03', 'TriStar II Plus Version 3.01', 'Page 1'], [], ['Sample:', 'batch 7'],
            ['Sample mass:', '0.1042 g', 'Analysis adsorptive:', 'N2'], ['Analysis bath temp.:', '77.300 K'], []]
    down = [UP[-1]] + DOWN
    rows = head + [[title], [], [names[0], None, names[1], None], [labels[0], labels[1]] * 2]
    for i in range(max(len(UP), len(down))):
        rows.append((list(UP[i]) if i < len(UP) else [None, None]) + (list(down[i]) if i < len(down) else [None, None]) + ['|'])
    book(path, [('Sheet1', rows)])


def belsorp(path, n=4):
    top = [['[Adsorption / desorption isotherm]'], ['File Name', None, 'a.DAT'], ['Date of measurement', None, 43262], ['COMMENT1', None, 'batch 7'],
           ['Sample weight', None, 0.1042, '[g]', None, 'Saturated vapor pressure', None, 101.3, '[kPa]'], ['Adsorptive', None, 'N2', None, None, 'Number of adsorption data', None, n],
           ['Adsorption temperature', None, 77, '[K]', None, 'Number of desorption data', None, 2], [],
           ['No', 'pi/kPa', 'pe/kPa', 'pe2/kPa', 'p0/kPa', 'p/p0', 'Va/cm3(STP) g-1'], ['ADS']]
    rows = [[i + 1, 0, x * 101.3, 0, 101.3, x, v] for i, (x, v) in enumerate(UP)] + [['DES']] + [[i + 1, 0, x * 101.3, 0, 101.3, x, v] for i, (x, v) in enumerate(DOWN)]
    book(path, [('AdsDes', top + rows)])


def jwgb(path):
    summary = [['Project'], ['Sample', 'batch 7'], ['Charge Name', 'c'], ['Adsorbate', 'N2'], ['Sample Weight', '0,1042(g)'], ['Started Time', '2022-07-06 10:52:04'], ['BET Surface Area:', '803,8', '(m²/g)'], [],
               ['BET'], ['BET Surface Area:', '803,81799', 'm²/g'], ['C:', '2005,00417'], [], ['t-Plot'], ['Micropore Volume:', '0,22779', 'cm²/g']]
    points = [['Charge Number c'], ['ID', 'p (kPa)', 'p/p0', 'V (cm³/g STP)', 'p0 (kPa)', 'Time']]
    points += [[i + 1, x * 102, x, v, 102, '11:00:00'] for i, (x, v) in enumerate(UP)] + [[]] + [[i + 1, x * 102, x, v, 102, '12:00:00'] for i, (x, v) in enumerate(DOWN)]
    book(path, [('Summary', summary), ('Isotherm', points)])


def dvs(path):
    rows = [[None, None, 'DVS Isotherm Analysis Report'], [None, None, 'Sample:', 'batch 7'], [None, None, 'Temp:', '30.0 °C'], [None, None, 'MRef:', '31.5 from Mass at end of first 0.0 P/Po stage'], [],
            [None, None, None, 'Target', 'Actual', 'Sorp Mass', 'Actual', 'Desorp Mass'], [None, None, None, '% P/Po', '% P/Po', 'Change (%)', '% P/Po', 'Change (%)', 'Hysteresis'],
            [None, None, 'Cycle 1', 0, 0.01, 0.25, 0.02, 0.5], [None, None, None, 10, 10.5, 4, None, None], [None, None, None, 20, 20.5, 6, 20.25, 6.5], [None, None, None, 80, 80.5, 12, 80.5, 12], [],
            [None, 'DVS from SMS']]
    book(path, [('Iso Report', rows), ('DVS Data', [['Vapour:', 'Water']])])


def iga(path):
    def scan(n, course, points):
        return [['System Type', 'IGA Systems_x000D_'], ['Title', 'batch 7_x000D_'], ['Sample Dry Mass', '8.5288 mg_x000D_'], ['CO2 EOS calculation', 'Lookup Table_x000D_'], ['Scan', n], ['Course', course + '_x000D_'], [],
                ['Pressure', 'Gas', 'p/p0', 'Total', 'Excess', 'Excess', 'Sample'], [None, 'Density', None, 'Weight', 'Adsorption', 'Adsorption'], ['(mbar)', '(g/cc)', None, '(mg)', '(%)', '(mmol/g)', '(°C)']] + [
                [p, p * 1e-6, 0, 8.5, v * 4.4, v, 20] for p, v in points] + [[], ['Scan Ends', '13:18:07_x000D_'], ['Reference State', '26.44°C_x000D_'], []]
    book(path, [('Isothermal Series Data', scan(1, 'Sorption', [(1, 0.25), (100, 1.5), (900, 3.25)]) + scan(2, 'Desorption', [(500, 2.75), (50, 1.0)]))])


def pygaps(path):
    rows = [['isotherm type', 'data'], ['pressure', 'pressure_saturation', 'loading', 'branch']] + [[x, 0.9, v, 'ads'] for x, v in UP] + [[x, 0.9, v, 'des'] for x, v in DOWN]
    meta = [['_exptl_operator', 'A'], ['_exptl_date', 44997], ['_exptl_adsorptive', 'carbon dioxide'], ['_exptl_temperature', 303], ['_units_pressure', 'bar'], ['_units_loading', 'mmol/g'], ['_units_mass', 'g'],
            ['_units_temperature', 'K'], ['_adsnt_sample_id', 'batch 7']]
    book(path, [('data', rows), ('metadata', meta)])


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'a.xlsx')
        micromeritics(path)
        heads = expect('micromeritics', path, 'micromeritics-xls', ('relative_pressure', BOTH),
                       ['sample: batch 7', 'sample_mass: {value: 0.1042, unit: g}', 'temperature: {value: -195.85, unit: degC}', 'instrument: TriStar II 3020 3.02'])
        found = {(r['item'], r['quantity']): r for r in heads[0].get('results', [])} if heads else {}
        for key, value in ((('vendor BET', 'bet_area'), 194.7493), (('vendor BET', 'c_constant'), 107.25), (('vendor summary', 'bet_area'), 1014.5),
                           (('vendor BET', 'points_used'), 3), (('vendor BET', 'window_last'), 0.2)):
            check(found.get(key, {}).get('value') == value, 'micromeritics', key, found.get(key))
        micromeritics(path, 'Isotherm Pressure Composition')
        check(read(path)[0] != 0 or 'micromeritics' not in read(path)[1], 'a report without the isotherm')
        plain = ('Relative Pressure (p/p°)', 'Quantity Adsorbed (cm³/g STP)')
        said = ['sample: batch 7', 'sample_mass: {value: 0.1042, unit: g}', 'instrument: TriStar II Plus Version 3.01', 'uptake, unit: cm3(STP)/g']
        micromeritics_plot(path, 'Isotherm Linear Plot', plain, ('b : batch 7 : Adsorption', 'b : batch 7 : Desorption'))
        expect('a plot of the isotherm', path, 'micromeritics-xls', ('relative_pressure', BOTH), said)
        micromeritics_plot(path, '等温线线性图', ('相对压力 (P/Po)', '吸附量 (cm³/g STP)'), ('b : 吸附', 'b : 脱附'))
        expect('a plot with Chinese titles', path, 'micromeritics-xls', ('relative_pressure', BOTH), said)
        micromeritics_plot(path, 'Isotherm Linear Plot', plain, ('a : Adsorption', 'b : Adsorption'))
        expect('a plot of two samples', path, 'micromeritics-xls', ('relative_pressure', [(x, v, 'adsorption') for x, v in UP]), said)
        micromeritics_plot(path, 'BET Report', plain, ('a', 'b'))
        code, out, _, _, err = read(path)
        check(code == 3 and 'no Isotherm Tabular Report and no Isotherm Linear Plot' in err, 'no isotherm', code, err)
        belsorp(path)
        expect('belsorp', path, 'belsorp-xls', ('relative_pressure', BOTH), ['sample_mass: {value: 0.1042, unit: g}', 'temperature: {value: 77, unit: K}', '"measured": "2018-06-11"'])
        belsorp(path, 5)
        code, _, _, _, err = read(path)
        check(code == 3 and '4 points of adsorption, expected 5' in err, 'belsorp with a point too few', code, err)
        jwgb(path)
        heads = expect('jwgb', path, 'jwgb-xlsx', ('relative_pressure', BOTH), ['sample_mass: {value: 0.1042, unit: g}', '"value": 803.81799', '"value": 0.22779'])
        dvs(path)
        expect('dvs', path, 'sms-dvs', ('relative_pressure', [(0.01, 0.25, 'adsorption'), (10.5, 4, 'adsorption'), (20.5, 6, 'adsorption'), (80.5, 12, 'adsorption'),
                                                              (80.5, 12, 'desorption'), (20.25, 6.5, 'desorption'), (0.02, 0.5, 'desorption')]),
               ['adsorbate: Water', 'sample_mass: {value: 31.5, unit: mg}', 'temperature: {value: 30, unit: degC}'])
        iga(path)
        heads = expect('iga', path, 'hiden-iga-xlsx', ('pressure', [(1, 0.25, 'adsorption'), (100, 1.5, 'adsorption'), (900, 3.25, 'adsorption'), (500, 2.75, 'desorption'), (50, 1, 'desorption')]),
                       ['adsorbate: CO2', 'sample_mass: {value: 8.5288, unit: mg}', 'temperature: {value: 26.44, unit: degC}'])
        check(len(heads) == 2, 'iga', len(heads), 'series')
        pygaps(path)
        expect('pygaps', path, 'pygaps-xls', ('pressure', BOTH), ['adsorbate: carbon dioxide', '"measured": "2023-03-12"', 'sample: batch 7'])
    print('%d failed' % failed)
    return 1 if failed else 0


sys.exit(main())
