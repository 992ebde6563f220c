#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of Raman, infrared and electron spectra as other versions, programs and languages write them, made here from the layout: each
must be read with the right axes, units, first point, number of points and series."""
import os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
X = [100.5 + 10 * k for k in range(4)]
Y = [1234, 1300, 1250.5, 1100.25]
cases = []  # name, bytes, x [unit], y [unit], series, technique, text of the output


def put(name, text, x, y, series=1, technique=None, holds=(), encoding='utf-8'):
    cases.append((name, text.encode(encoding), x.split(), y.split(), series, technique, holds))


def rows(sep='\t', comma=False, eol='\n', form='%.4f'):
    text = eol.join((form + sep + form) % pair for pair in zip(X, Y)) + eol
    return text.replace('.', ',') if comma else text


def places(heads, values, eol='\r\n', gap='\t'):
    return '#' + (gap + '#').join(heads) + eol + ''.join('\t'.join('%g' % v for v in (*place, x, y)) + eol for place in values for x, y in zip(X, Y))


# WiRE
raman, plain = 'raman_shift cm-1', 'intensity 1'
put('wire.txt', '#Wave\t\t#Intensity\r\n' + rows(eol='\r\n'), raman, plain, 1, 'raman')
put('wire-comma.txt', '#Wave\t\t#Intensity\r\n' + rows(comma=True, eol='\r\n'), raman, plain, 1, 'raman')
put('wire-map.txt', places(('X', 'Y', 'Wave', 'Intensity'), [(i, j) for j in (0, 1) for i in (0, 1)], gap='\t\t'), raman, plain, 4, 'raman', ('"y": {"value": 1, "unit": "um"}',))
put('wire-time.txt', places(('Time', 'Wave', 'Intensity'), [(0,), (5,)], '\n'), raman, plain, 2, 'raman', ('"time": {"value": 5, "unit": "s"}',))
put('wire-depth.txt', places(('Z', 'Wave', 'Intensity'), [(0,), (5,)]), raman, plain, 2, 'raman', ('"z": {"value": 5, "unit": "um"}',))
# LabSpec
put('labspec.txt', '#Acq. time (s)=\t10\n#Accumulations=\t3\n#Laser (nm)=\t532.13\n#AxisUnit[0]=\tCnt\n#AxisUnit[1]=\t1/cm\n' + rows(), raman, 'intensity count', 1, 'raman')
put('labspec-comma.txt', '#Acq. time (s)=\t10\n#AxisUnit[0]=\tCnt/sec\n#AxisUnit[1]=\t1/cm\n' + rows(comma=True), raman, 'intensity count/s', 1, 'raman')
put('labspec5.txt', '#Acquired=\t01.02.2012 10:11:12\n#Exposition=\t5\n#Spectro (cm-1)=\t1000\n' + rows(' '), raman, plain, 1, 'raman')
put('labspec-map.txt', '#Acq. time (s)=\t10\n#AxisUnit[1]=\t1/cm\n#AxisType[2]=\tY\n#AxisUnit[2]=\tµm\n#AxisType[3]=\tX\n#AxisUnit[3]=\tµm\n\t\t' + '\t'.join('%g' % x for x in X) + '\n' +
    ''.join('%d\t%d\t' % (j, i) + '\t'.join('%g' % y for y in Y) + '\n' for j in (0, 1) for i in (0, 1)), raman, plain, 4, 'raman', encoding='latin-1')
# WITec, RRUFF, Ocean Optics
put('witec.txt', 'rel. 1/cm\tCCD cts\r\n' + rows(eol='\r\n'), raman, 'intensity count', 1, 'raman')
put('rruff.txt', '##NAMES=Quartz\n##RRUFFID=R040031\n##URL=rruff.info\n' + rows(', ') + '##END=\n\n', raman, plain, 1, 'raman')
put('Quartz__R040031-1__Infrared_Data_Processed__598.txt', '##NAMES=Quartz\n##RRUFFID=R040031\n##URL=rruff.info\n' + rows(', ') + '##END=\n\n', 'wavenumber cm-1', plain, 1, 'ftir')
put('powder.txt', '##NAMES=Quartz\n##RRUFFID=R040031\n##X-RAY WAVELENGTH=1.541838\n##URL=rruff.info\n' + rows(', ') + '##END=\n\n', 'two_theta deg', plain, 1, 'xrd', ('value: 1.541838, unit: Angstrom',))
put('oceanview.txt', 'Data from a.txt Node\r\n\r\nDate: Mon Jan 02 10:11:12 CET 2020\r\nSpectrometer: QEP01\r\nIntegration Time (sec): 1,000000E1\r\nXAxis mode: Wavelengths\r\n'
    'Number of Pixels in Spectrum: 4\r\n>>>>>Begin Spectral Data<<<<<\r\n' + rows(comma=True, eol='\r\n'), 'wavelength nm', plain)
# axes by their units only: PerkinElmer, Shimadzu, Agilent
for head, x, y in (('cm-1,%T', 'wavenumber cm-1', 'transmittance %'), (' cm-1,A', 'wavenumber cm-1', 'absorbance 1'), ('nm,A', 'wavelength nm', 'absorbance 1'),
                   ('"nm","%T"', 'wavelength nm', 'transmittance %'), ('cm-1,EGY', 'wavenumber cm-1', 'single_beam 1'), ('cm-1,KM', 'wavenumber cm-1', 'kubelka_munk 1'),
                   ('1/cm,%R', 'wavenumber cm-1', 'reflectance %'), ('"cm-1","Abs"', 'wavenumber cm-1', 'absorbance 1')):
    put('units%d.csv' % len(cases), head + '\n' + rows(','), x, y)
    put('units%d.csv' % len(cases), 'Sample 12 By Analyst Date Monday, May 02 2022 10:00 AM\n' + head + '\n' + rows(','), x, y, 1)
put('names-over-units.csv', 'Wavenumber,Absorbance\ncm-1,a.u.\n' + rows(','), 'wavenumber cm-1', 'absorbance a.u.', 1, 'ftir')
put('uv1800.txt', 'File Name:,a.spc\nInstrument Type:,UV-1800 Series\n[Data Points]\nWavelength (nm),Absorbance\n' + rows(','), 'wavelength nm', 'absorbance 1', 1, 'uvvis')
put('lightfield.csv', 'Frame,Row,Column,Wavelength,Intensity\n' + ''.join('1,1,%d,%g,%g\n' % (k, x, y) for k, (x, y) in enumerate(zip(X, Y))), 'wavelength 1', plain)
put('uvprobe.txt', '"scan - RawData"\r\n"Wavelength nm.","Abs."\r\n' + rows(',', eol='\r\n'), 'wavelength nm', 'absorbance 1')
# headings in several languages
for head, x, y, encoding in (
        ('Wellenzahl [cm-1];Absorbanz', 'wavenumber cm-1', 'absorbance 1', 'latin-1'), ('Wellenzahl (cm-1);Transmission (%)', 'wavenumber cm-1', 'transmittance %', 'utf-8'),
        ('Raman-Verschiebung [1/cm];Intensität [w.E.]', raman, 'intensity w.E.', 'latin-1'), ('Wellenlänge (nm);Extinktion', 'wavelength nm', 'absorbance 1', 'utf-8'),
        ("Nombre d'onde (cm-1);Absorbance", 'wavenumber cm-1', 'absorbance 1', 'utf-8'), ('Décalage Raman (cm-1);Intensité (u.a.)', raman, 'intensity u.a.', 'latin-1'),
        ('Número de onda (cm-1);Transmitancia (%)', 'wavenumber cm-1', 'transmittance %', 'utf-8'), ('Número de onda (cm-1);Absorbância', 'wavenumber cm-1', 'absorbance 1', 'cp1252'),
        ("Numero d'onda (cm-1);Assorbanza", 'wavenumber cm-1', 'absorbance 1', 'utf-8'), ('Bindungsenergie (eV);Intensität (cps)', 'binding_energy eV', 'intensity count/s', 'utf-8'),
        ('波数 (cm-1);吸光度', 'wavenumber cm-1', 'absorbance 1', 'utf-8'), ('拉曼位移(cm-1);强度', raman, plain, 'utf-8'), ('波数(cm-1);透过率(%)', 'wavenumber cm-1', 'transmittance %', 'utf-8'),
        ('波数 [cm-1];透過率 [%]', 'wavenumber cm-1', 'transmittance %', 'shift-jis'), ('波数(cm-1);吸光度', 'wavenumber cm-1', 'absorbance 1', 'gbk'),
        ('Волновое число, см-1;Пропускание, %', 'wavenumber cm-1', 'transmittance %', 'cp1251'), ('ДЛИНА ВОЛНЫ (нм);Оптическая плотность', 'wavelength nm', 'absorbance 1', 'utf-8'),
        ('Рамановский сдвиг, см-1;Интенсивность, отн.ед.', raman, 'intensity отн.ед.', 'koi8-r'), ('Энергия связи, эВ;Интенсивность, имп./с', 'binding_energy eV', 'intensity count/s', 'cp1251'),
        ('Wellenzahl cm-1;Absorption', 'wavenumber cm-1', 'absorbance 1', 'utf-8'), ("Longueur d'onde (nm);%Transmittance", 'wavelength nm', 'transmittance %', 'utf-8'),
        ('Długość fali (nm);Absorbancja', 'wavelength nm', 'absorbance 1', 'cp1250'), ('파장 (nm);흡광도', 'wavelength nm', 'absorbance 1', 'utf-8'),
        ('라만 이동 (cm-1);세기', raman, plain, 'utf-8'), ('ν (cm-1);Intensité, coups/s', 'wavenumber cm-1', 'intensity count/s', 'utf-8'),
        ('Raman Shift (rel. 1/cm);Intensity (CCD cts)', raman, 'intensity count', 'utf-8')):
    put('words%d.csv' % len(cases), head + '\n' + rows(';', True), x, y, encoding=encoding)
for head, x, y in (('Raman shift (cm-1)\tIntensity (a.u.)', raman, 'intensity a.u.'), ('Raman Shift / cm⁻¹\tIntensity / counts', raman, 'intensity count'),
                   ('Raman shift (cm^{-1})\tIntensity', raman, plain), ('BE\tCPS', 'binding_energy eV', 'intensity count/s'), ('Kinetic Energy (eV)\tIntensity (cps)', 'kinetic_energy eV', 'intensity count/s')):
    put('words%d.txt' % len(cases), head + '\n' + rows(), x, y)
for head, x, y in (('Raman shift (cm-1)  Intensity (a.u.)', raman, 'intensity a.u.'), ('Wavenumber (cm-1) Absorbance', 'wavenumber cm-1', 'absorbance 1'), ('Kinetic Energy /eV   Intensity /cps', 'kinetic_energy eV', 'intensity count/s'),
                   ('Binding Energy [eV] Counts', 'binding_energy eV', 'intensity count')):
    put('blanks%d.txt' % len(cases), head + '\n' + rows('  '), x, y)
# data point tables of OPUS
for sep, comma in (('\t', 0), ('  ', 0), (',', 0), (';', 1)): put('opus%d.dpt' % len(cases), rows(sep, comma), 'wavenumber cm-1', 'y 1', 1, 'ftir')
# JASCO in German
put('jasco.txt', 'TITLE\tx\r\nDATA TYPE\tINFRARED SPECTRUM\r\nORIGIN\tJASCO\r\nXUNITS\t1/CM\r\nYUNITS\tTRANSMITTANCE\r\nFIRSTX\t100,5\r\nLASTX\t130,5\r\nNPOINTS\t4\r\nXYDATA\r\n' + rows(comma=True, eol='\r\n') +
    '\r\n##### Extended Information\r\n[Kommentarinformation]\r\nProbenname\tP1\r\n\r\n[Messinformationen]\r\nAuflösung\t4 cm-1\r\nAkkumulation\t32\r\n', 'wavenumber cm-1', 'transmittance %', 1, 'ftir',
    ('sample: P1', 'accumulations: 32'), 'latin-1')
# Igor text
put('scaled.itx', "IGOR\nX //Pass Energy = 20\nWAVES/S 'C1s'\nBEGIN\n%s\nEND\nX SetScale/P x,100.5,10,\"eV (Binding Energy)\", 'C1s'; SetScale d, 0,1,\"counts\", 'C1s'\n" % '\n'.join(map(str, Y)), 'binding_energy eV', 'intensity count', 1, 'xps', ('pass_energy',))
put('ends.itx', 'IGOR\r\nWAVES/D/N=(4)\tw\r\nBEGIN\r\n\t%s\r\nEND\r\nX SetScale/I x, 100.5, 130.5, "eV (Kinetic Energy)", w\r\n' % '\r\n\t'.join(map(str, Y)), 'kinetic_energy eV', plain, 1, 'xps')
put('matrix.itx', 'IGOR\nWAVES/D/N=(4,2)\tm\nBEGIN\n' + ''.join('\t%g\t%g\n' % (y, 2 * y) for y in Y) + 'END\nX SetScale/P x 100.5,10,"Kinetic Energy [eV]", m; SetScale/P y 0,1,"deg", m\n', 'kinetic_energy eV', plain, 2, 'xps')
put('columns.itx', 'IGOR\nWAVES/D\tBE, CPS\nBEGIN\n' + rows() + 'END\n', 'binding_energy eV', 'intensity count/s', 1, 'xps')

# CasaXPS
for name, sep in (('casa.txt', '\t'), ('casa.csv', ','), ('casa-comma.txt', '\t'), ('casa-comma.csv', ';')):
    block = ''.join('\n'.join(('z:\\a.vms', region, sep + 'Characteristic Energy eV' + sep + '1486.6' + sep + 'Acquisition Time s' + sep + '3',
                               sep.join(c + region for c in ('BE_', 'CPS_', 'C-C_', 'Background_', 'Envelope_')))) + '\n' +
                    ''.join(sep.join(map(str, (x, y, 3, 2, 3))) + '\n' for x, y in zip(X, Y)) + '\n' for region in ('C 1s', 'O 1s'))
    put(name, block.replace('.', ',').replace('a,vms', 'a.vms') if 'comma' in name else block, 'binding_energy eV', 'intensity count/s', 2, 'xps', ('photon_energy: {value: 1486.6',))
for label in ('PE: 20.0 eV', 'Pass Energy: 20 eV'):
    put('pass%d.txt' % len(cases), 'BE/eV\t' + label + '\n' + rows(), 'binding_energy eV', 'intensity 1', 1, 'xps', ('pass_energy: {value: 20, unit: eV}',))
# SPECS Prodigy and SpecsLab 2
for settings, labels, y in (('Energy Axis:              Binding Energy\n#   Count Rate:               Counts per Second', 'energy counts/s', 'count/s'),
                            ('Energy Axis:              Binding Energy\n#   Count Rate:               Counts', 'energy counts', 'count'),
                            ('Kinetic Energy Axis:      no\n#   Counts Per Second:        yes', 'energy counts/s transmission', 'count/s')):
    put('specs%d.xy' % len(cases), '# Created by:        SpecsLab Prodigy, Version 4.64.1-r88350\n#\n# XY-Serializer Export Settings:\n#   %s\n#   Separate Scan Data:       yes\n#\n# Group:   g\n#\n'
        '# Region:                       C1s\n# Values/Curve:                 4\n# Dwell Time:                   0.5\n# Pass Energy:                  20\n' % settings +
        ''.join('\n# Cycle: 0, Curve: 0, Scan: %d\n#\n# ColumnLabels:                 %s\n#\n' % (s, labels) +
                ''.join('%g  %g%s\n' % (x, y_, '  0.5' * labels.count('transmission')) for x, y_ in zip(X, Y)) for s in (0, 1)), 'binding_energy eV', 'intensity ' + y, 2, 'xps', ('pass_energy',))
# Scienta SES
for axis, x in (('Kinetic Energy [eV]', 'kinetic_energy eV'), ('Binding Energy [eV]', 'binding_energy eV')):
    put('ses%d.txt' % len(cases), '[Info]\nNumber of Regions=2\nVersion=1.3.1\n\n' + ''.join(
        '[Region %d]\nRegion Name=C1s\nDimension 1 name=%s\nDimension 1 size=4\nDimension 1 scale=%s\n\n[Info %d]\nRegion Name=C1s\nPass Energy=20\nEnergy Scale=Kinetic\n\n[Data %d]\n' % (
            r, axis, ' '.join('%g' % v for v in X), r, r) + ''.join(' %E  %E\n' % p for p in zip(X, Y)) + '\n' for r in (1, 2)), x, plain, 2, 'xps', ('pass_energy',))


def judge(out, x, y, series, technique, holds):
    about, row, names, n, points = {}, None, None, 0, 0
    for line in out.splitlines():
        found = re.match(r'# - \{name: (\w+)(?:, unit: "?([^",}]+)"?)?.*?(?:role: (\w+))?\}*$', line)
        if found: about[found.group(3)] = [found.group(1), found.group(2) or '1']
        elif line.startswith('#> '): n += 1
        elif line and not line.startswith('#'):
            if names:
                row = row or dict(zip(names, line.split(' ')))
                points += 1
            else: names = line.split(' ')
    if about.get('x') != x or about.get('y') != y: return 'axes %s %s' % (about.get('x'), about.get('y'))
    if n != series or points != 4 * series: return '%d series, %d points' % (n, points)
    if abs(float(row[x[0]]) - X[0]) > 1e-9 or abs(float(row[y[0]]) - Y[0]) > 1e-9: return 'begins with %s' % row
    if technique and 'technique: ' + technique not in out: return 'not ' + technique
    for text in holds:
        if text not in out: return 'without ' + text
    return None


failed = 0
with tempfile.TemporaryDirectory() as folder:
    for name, data, *want in cases:
        path = os.path.join(folder, name)
        with open(path, 'wb') as f: f.write(data)
        p = subprocess.run([ASSAY, 'read', path], capture_output=True)
        wrong = judge(p.stdout.decode(), *want) if p.returncode == 0 else p.stderr.decode().strip()[:160]
        failed += wrong is not None
        if wrong: print('FAILED', name, wrong)
print('%d texts of spectra, %d failed' % (len(cases), failed))
sys.exit(failed > 0)
