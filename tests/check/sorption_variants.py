#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Isotherms as other programs, versions and countries write them, made from the samples by small changes: first and last point,
units and branches each time."""
import json, os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus', 'sorption')
failures = []


def sample(name, encoding='utf-8'):
    return open(os.path.join(CORPUS, name), encoding=encoding, newline='').read()


def comma(text):
    return re.sub(r'(\d)\.(\d)', r'\1,\2', text)


def read(name, content, x, y, first, last, format, says=''):
    path = os.path.join(folder, name)
    open(path, 'wb').write(content if isinstance(content, bytes) else content.encode())
    p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    out, err = p.stdout.decode(), p.stderr.decode()
    roles = dict((r, n + ('/' + u.strip('"') if u else '')) for n, u, r in re.findall(r'^# - \{name: (\w+)(?:, unit: ([^,]+|"[^"]*"))?, datatype.*role: (\w)', out, re.M))
    rows = [line.split(' ') for line in out.split('\n') if line and line[0] != '#'][1:]
    got = [rows[k][1:3] for k in (0, -1)] if rows else []
    want = [[float(v) for v in p] for p in (first, last)]
    good = p.returncode == 0 and roles.get('x') == x and roles.get('y') == y and [[float(v) for v in g] for g in got] == want and \
        '"format": "%s"' % format in out and says in err
    if not good:
        failures.append('%s: exit %d %s %s %s' % (name, p.returncode, roles, got, err.replace(folder, '')))
    return out


def refused(name, content, says):
    path = os.path.join(folder, name)
    open(path, 'w').write(content)
    p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.returncode != 3 or says not in p.stderr.decode():
        failures.append('%s: exit %d %s' % (name, p.returncode, p.stderr.decode()))


def aif():
    base, points = sample('sample.aif'), ((.1013, 4.4679), (20.26, 59.7039))
    for name, text in (('cif2.aif', '#\\#CIF_2.0\n' + base), ('case.aif', base.replace('_adsorp_', '_Adsorp_').replace('loop_', 'LOOP_')),
                       ('u.aif', base.replace('4.4679', '4.4679(12)'))):
        read(name, text, 'pressure/kPa', 'uptake/cm3(STP)/g', *points, 'aif')
    indented = base.replace('_exptl_adsorptive', '_adsorptive_name').replace('_units_loading', '_units_sorbed_amount').replace('_', '  _')
    indented = indented.replace('data  _', 'data_').replace('loop  _', 'loop_').replace('  _units', '\t_units')
    for name in ('indented.aif', 'indented'): read(name, '# a comment\n' + re.sub('(?<=[a-z0-9])  _', '_', indented), 'pressure/kPa', 'uptake/cm3(STP)/g', *points, 'aif')
    read('zero.aif', base.replace(' 101.3 ', ' 0.0 '), 'pressure/kPa', 'uptake/cm3(STP)/g', *points, 'aif', '15 of 15 saturation pressures')
    read('torr.aif', base.replace('pressure kPa', 'pressure Torr'), 'pressure/Torr', 'uptake/cm3(STP)/g', *points, 'aif')
    read('relative.aif', base.replace('pressure kPa', 'pressure relative'), 'relative_pressure', 'uptake/cm3(STP)/g', *points, 'aif')
    read('mol.aif', base.replace("'cm3(STP)/g'", 'mol/kg'), 'pressure/kPa', 'uptake/mol/kg', *points, 'aif')
    bare = '\n'.join(line for line in base.split('\n') if '_units_' not in line)
    read('bare.aif', bare, 'pressure', 'uptake', *points, 'aif', 'the unit of the pressures is not stated')


def pygaps():
    base, points = json.loads(sample('pygaps.json')), ((.15, .76), (.6, 3.1))

    def changed(**keys):
        return json.dumps({k: v for k, v in dict(base, **keys).items() if v != ''})
    for name, text in (('branch.json', changed(isotherm_data=[dict(r, branch=int(i > 3)) for i, r in enumerate(base['isotherm_data'])])),
                       ('old.json', changed(file_version='', material_basis='', loading_basis='', pressure_mode=''))):
        read(name, text, 'pressure/bar', 'uptake/mmol/g', *points, 'pygaps-json')
    read('columns.json', changed(isotherm_data={k: [r[k] for r in base['isotherm_data']] for k in ('pressure', 'loading')}),
         'pressure/bar', 'uptake/mmol/g', *points, 'pygaps-json')
    read('relative.json', changed(pressure_mode='relative%'), 'relative_pressure/%', 'uptake/mmol/g', *points, 'pygaps-json')
    read('mass.json', changed(loading_basis='mass', loading_unit='mg'), 'pressure/bar', 'uptake/mg/g', *points, 'pygaps-json')
    read('volume.json', changed(material_basis='volume', material_unit='cm3'), 'pressure/bar', 'uptake/mmol/cm3', *points, 'pygaps-json')
    read('share.json', changed(loading_basis='percent', loading_unit=''), 'pressure/bar', 'uptake/%', *points, 'pygaps-json')
    refused('model.json', changed(isotherm_data='', isotherm_model={'name': 'Langmuir', 'parameters': {'K': 1}}), 'a fitted model has no points')


def instruments():
    dat, want = sample('belsorp.DAT'), ('pressure/kPa', 'uptake/cm3(STP)/g', (.1013, 4.4679), (20.26, 59.704), 'belsorp-dat')
    for name, text in (('crlf.DAT', dat.replace('\n', '\r\n')), ('comma.DAT', comma(dat)), ('bare.DAT', dat.replace('"', '')),
                       ('dot.DAT', dat.replace('V/ml(STP) g-1', 'V/ml(STP)\u30fbg-1').encode('cp932'))):
        read(name, text, *want)
    csv, want = sample('belsorp.csv'), ('relative_pressure', 'uptake/cm3(STP)/g', (.001, 4.4679), (.2, 59.704), 'belsorp-csv')
    for name, text in (('semicolon.csv', comma(csv.replace(',', ';'))), ('tab.txt', csv.replace(',', '\t')), ('quoted.csv', csv.replace('batch 7', '"batch 7, dry"'))):
        read(name, text, *want)
    raw, want = sample('quantachrome-raw.txt', 'cp1252'), ('pressure/Torr', 'uptake/cm3(STP)', (.7601, .465555), (152.02, 6.22115), 'quantachrome')
    for name, text in (('utf8.txt', raw), ('nova.txt', raw.replace('ASiQwin', 'NovaWin').encode('cp1252')), ('comma.txt', comma(raw).encode('cp1252')),
                       ('successor.txt', raw.replace('Quantachrome', 'Anton Paar'))):
        read(name, text, *want)
    read('report-comma.txt', comma(sample('quantachrome-isotherm.txt', 'cp1252')), 'relative_pressure', 'uptake/cm3(STP)/g', (.001, 4.4679), (.2, 59.7039), 'quantachrome')


def plain():
    rows = ''.join('%g,%g\n' % p for p in ((1e-5, 10), (.001, 50), (.05, 100), (.2, 120), (.5, 150), (.9, 300), (.5, 200), (.3, 135)))
    for i, (head, x, y) in enumerate((
            ('P/Po,Volume @ STP (cc/g)', 'relative_pressure', 'uptake/cm3(STP)/g'), ('p/p0,V (cm3(STP)/g)', 'relative_pressure', 'uptake/cm3(STP)/g'),
            ('Relative pressure (p/p0),Quantity adsorbed (cm³/g STP)', 'relative_pressure', 'uptake/cm3(STP)/g'), ('P/P0,N2 uptake [mmol/g]', 'relative_pressure', 'uptake/mmol/g'),
            ('p [kPa],n [mol/kg]', 'pressure/kPa', 'uptake/mol/kg'), ('p/p_0,q (cm³ g⁻¹)', 'relative_pressure', 'uptake/cm3/g'),
            ('Druck (kPa),Beladung (mmol/g)', 'pressure/kPa', 'uptake/mmol/g'), ('相対圧 (p/p0),吸着量 (cm3(STP)/g)', 'relative_pressure', 'uptake/cm3(STP)/g'),
            ('P (mmHg);Uptake, mmol/g', 'pressure/mmHg', 'uptake/mmol/g'), ('p/p0;V cm³/g', 'relative_pressure', 'uptake/cm3/g'), ('p (atm),wt%', 'pressure/atm', 'uptake/wt%'),
            ('kPa,mmol/g', 'pressure/kPa', 'uptake/mmol/g'), ('Relativdruck p/p0;Adsorbiertes Volumen [cm³/g]', 'relative_pressure', 'uptake/cm3/g'),
            ('Относительное давление P/P0;Адсорбированный объем, см3/г', 'relative_pressure', 'uptake/cm3/g'), ('Давление, кПа;Адсорбция, ммоль/г', 'pressure/kPa', 'uptake/mmol/g'),
            ('相对压力(P/P0),吸附体积(cm3/g STP)', 'relative_pressure', 'uptake/cm3(STP)/g'), ('平衡圧 pe/kPa,吸着量 Va/cm3(STP) g-1', 'pressure/kPa', 'uptake/cm3(STP)/g'),
            ('Pression relative (p/p°),Quantité adsorbée (cm³/g STP)', 'relative_pressure', 'uptake/cm3(STP)/g'), ('Presión relativa,Volumen adsorbido (cm3/g)', 'relative_pressure', 'uptake/cm3/g'),
            ('Pression (bar),Quantité adsorbée (mmol/g)', 'pressure/bar', 'uptake/mmol/g'), ('Pressure (Torr),Excess adsorption (mg/g)', 'pressure/Torr', 'uptake/mg/g'))):
        read('plain%d.csv' % i, head + '\n' + (rows.replace(',', ';') if ';' in head else rows), x, y, (1e-5, 10), (.3, 135), 'delimited')


with tempfile.TemporaryDirectory() as folder:
    aif()
    pygaps()
    instruments()
    plain()
for failure in failures:
    print('FAILED', failure)
print('%d failures' % len(failures))
sys.exit(1 if failures else 0)
