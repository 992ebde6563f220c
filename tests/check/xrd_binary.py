#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Binary diffractometer files built here from their layouts, and read back: xrd_binary.py [--write]

The committed samples of tests/corpus/xrd are what this script builds (--write writes them). Variants that no
sample shows (other headers, more ranges, larger records, cut and broken files) are built in a temporary folder.
"""
import io, os, struct, subprocess, sys, tempfile, zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus', 'xrd')
failures = []


def put(buffer, at, form, *values):
    struct.pack_into('<' + form, buffer, at, *values)


def text(buffer, at, s):
    buffer[at:at + len(s)] = s.encode('latin-1')


def floats(values):
    return struct.pack('<%df' % len(values), *values)


# --- Bruker RAW ---------------------------------------------------------------------------------

def raw1(ranges, repeat_magic=True):
    out = b''
    for i, (start, step, seconds, y) in enumerate(ranges):
        h = bytearray(156)
        text(h, 0, 'RAW ')
        put(h, 4, 'Iff', len(y), seconds, step)
        put(h, 24, 'f', start)
        text(h, 40, 'VERSION ONE'.ljust(32))
        put(h, 72, 'ff', 1.5406, 1.54439)
        put(h, 152, 'I', i + 1 < len(ranges))
        out += bytes(h if i == 0 or repeat_magic else h[4:]) + floats(y)
    return out


def raw2(ranges, header=60):
    f = bytearray(256)
    text(f, 0, 'RAW2')
    put(f, 4, 'H', len(ranges))
    text(f, 8, 'VERSION TWO'.ljust(32))
    text(f, 168, '19-12-199721:57')
    text(f, 188, 'Cu')
    put(f, 190, 'fff', 1.5406, 1.5443, 0.514)
    out = bytes(f)
    for start, step, seconds, y in ranges:
        h = bytearray(header)
        put(h, 0, 'HH', header, len(y))
        put(h, 8, 'fff', seconds, step, start)
        put(h, 46, 'H', 65535)
        out += bytes(h) + floats(y)
    return out


def raw3(ranges, status=1, supplementary=0, record=4):
    """ranges: (scan type, theta, two_theta, chi, phi, step, seconds, y)"""
    f = bytearray(712)
    text(f, 0, 'RAW1.01')
    put(f, 8, 'II', status, len(ranges))
    text(f, 16, '03/04/10')
    text(f, 26, '20:59:14')
    text(f, 36, 'Some laboratory')
    text(f, 326, 'version three')
    put(f, 564, 'f', 217.5)
    put(f, 568, 'f', 0.5)
    text(f, 608, 'Cu')
    put(f, 616, 'ddddd', 1.54184, 1.5406, 1.54439, 1.39222, 0.5)
    out = bytes(f)
    for kind, theta, two_theta, chi, phi, step, seconds, y in ranges:
        h = bytearray(304 + supplementary)
        put(h, 0, 'IIdddd', 304, len(y), theta, two_theta, chi, phi)
        put(h, 176, 'd', step)
        put(h, 192, 'fI', seconds, kind)
        put(h, 224, 'II', 40, 35)
        put(h, 240, 'd', 1.5406)
        put(h, 252, 'II', record, supplementary)
        out += bytes(h) + b''.join(struct.pack('<f', v).ljust(record, b'\1') for v in y)
    return out


def segment(kind, body):
    return struct.pack('<II', kind, 8 + len(body)) + body


def named(tag, value):
    return b'\0' * 4 + tag.encode().ljust(24, b'\0') + value


def raw4(ranges, record=4, hardware=136):
    """ranges: (scan type, start, step, seconds, y, {drive: position})"""
    f = bytearray(61)
    text(f, 0, 'RAW4.00')
    text(f, 12, '07/11/2018')
    text(f, 24, '15:55:31')
    h = bytearray(hardware)
    put(h, 24 - 8, 'f', 282.0)
    put(h, 72 - 8, 'ddddd', 1.54184, 1.5406, 1.54439, 1.39222, 0.5)
    text(h, 116 - 8, 'Cu')
    out = bytes(f) + segment(10, named('SAMPLEID', b'version four')) + segment(30, bytes(h)) + segment(99, b'unknown')
    for kind, start, step, seconds, y, drives in ranges:
        nested = b''
        for name, position in drives.items():
            d = bytearray(84)
            text(d, 4, name)
            put(d, 48, 'd', position)
            nested += segment(50, bytes(d))
        r = bytearray(160)
        text(r, 32, kind)
        put(r, 72, 'ddIf', start, step, len(y), seconds)
        put(r, 100, 'ff', 40.0, 35.0)
        put(r, 136, 'II', record, len(nested))
        out += bytes(r) + nested + b''.join(struct.pack('<f', v).ljust(record, b'\1') for v in y)
    return out


# --- others -----------------------------------------------------------------------------------

def rd(start, step, stored, magic='V3RD', header=250):
    h = bytearray(header)
    text(h, 0, magic)
    text(h, 4, 'built for the tests')
    h[84], h[85] = 5, 0
    put(h, 94, 'ddd', 1.540598, 1.544426, 0.5)
    text(h, 146, 'rounded')
    put(h, 214, 'ddd', step, start, start + step * len(stored))
    return bytes(h) + struct.pack('<%dH' % len(stored), *stored)


def stoe(start, step, y, low=None, high=None):
    h = bytearray(2560)
    text(h, 0, 'RAW_1.06Powdat')
    text(h, 32, 'built for the tests')
    put(h, 322, 'ff', 1.5406, 1.5444)
    text(h, 2048, '22-Sep-20 17:18')
    put(h, 2082, 'I', len(y))
    last = start + step * (len(y) - 1)
    put(h, 2092, 'ffffff', start, start / 2, last, last / 2, step, step / 2)
    put(h, 2168, 'II', min(y) if low is None else low, max(y) if high is None else high)
    return bytes(h) + struct.pack('<%di' % len(y), *y)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_STORED) as z:
        for name, content in members:
            z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


VIEW = '<RawDataView xsi:type="%sRawDataView" Start="%d" Length="%d"%s>%s</RawDataView>\n'


def raw_data(rows, extra=False, frame=False):
    """Rows of time, factor, TwoTheta, Theta [, largest pixel], counts."""
    axes = '<Varying LogicName="ScanAxes">' + ''.join(
        '<FieldDefinitions FieldName="%s" AxisId="%s"><Restriction Unit="°"/></FieldDefinitions>' % (a, a)
        for a in ('TwoTheta', 'Theta')) + '</Varying>'
    counter = '<Recording VisibleName="%s" LogicName="%s"><Unit Base="Counts"/></Recording>'
    views = VIEW % ('Fixed', 0, 1, ' LogicName="MeasuredTime"', '') + VIEW % ('Fixed', 1, 1, ' LogicName="AbsorptionFactor"', '')
    views += VIEW % ('Varying', 2, 2, '', axes)
    if extra:
        views += VIEW % ('Recorded', 4, 1, '', counter % ('Maximum pixel count', 'ScanCounterMax'))
    views += VIEW % ('Recorded', 5 if extra else 4, 2 if frame else 1, '', counter % ('PSD counter', 'ScanCounter'))
    return ('''<?xml version="1.0"?>
<RawData xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<TimeStampStarted>2020-01-16T09:42:44.0611075+01:00</TimeStampStarted>
<DataRoutes><DataRoute RouteFlag="Measured">
<ScanInformation VisibleName="Coupled TwoTheta/Theta"><TimePerStep>1</TimePerStep><ScanMode>PsdFastScan</ScanMode></ScanInformation>
<SubScans><SubScanInfo MeasuredSteps="%d"/></SubScans>
%s<DataViews>
%s</DataViews></DataRoute></DataRoutes>
<FixedInformation>
<MethodInformation><InfoList><InfoItem Name="SampleName" Value="built for the tests" Unit=""/></InfoList></MethodInformation>
<Drives><InfoData LogicName="Phi" AxisId="Phi"><Position Unit="°" Value="49.5"/></InfoData></Drives>
<Instrument><PrimaryTracks><TrackInfoData><Tube><WaveLengthAlpha1 Unit="Å" Value="1.5406"/><WaveLengthAlpha2 Unit="Å" Value="1.54439"/>
<WaveLengthRatio Unit="" Value="0.5"/><TubeMaterial>Cu</TubeMaterial><Generator><Voltage Unit="kV" Value="40"/><Current Unit="mA" Value="40"/></Generator></Tube></TrackInfoData></PrimaryTracks></Instrument>
</FixedInformation>
</RawData>
''' % (len(rows), ''.join('<Datum>%s</Datum>\n' % r for r in rows), views)).encode()


def brml(scans, order=None):
    names = ['Experiment0/RawData%d.xml' % i for i in range(len(scans))]
    listed = [names[i] for i in (order or range(len(scans)))]
    container = '<?xml version="1.0"?>\n<DataContainer><RawDataReferenceList>%s</RawDataReferenceList></DataContainer>\n' % ''.join(
        '<string>%s</string>' % n for n in listed)
    return zipped([('Experiment0/DataContainer.xml', container)] + list(zip(names, scans)))


def rasx(scans):
    members = [('root.xml', '\ufeff<?xml version="1.0"?>\n<Root/>\n')]
    for number, unit, rows in scans:
        members.append(('Data%d/Profile%d.txt' % (number, number), '\ufeff' + ''.join('%s\t%s\t%s\r\n' % r for r in rows)))
        members.append(('Data%d/MesurementConditions%d.xml' % (number, number), '''<?xml version="1.0" encoding="utf-8"?>
<MeasurementConditions>
<GeneralInformation><SampleName>built for the tests</SampleName></GeneralInformation>
<HWConfigurations><XrayGenerator><TargetName>Cu</TargetName><WaveType>Ka</WaveType><WavelengthKalpha1>1.540593</WavelengthKalpha1>
<WavelengthKalpha2>1.544414</WavelengthKalpha2></XrayGenerator></HWConfigurations>
<Axes><Axis Name="Chi" Unit="deg" Position="%d.5" State="Fixed"/></Axes>
<ScanInformation><AxisName>TwoThetaTheta</AxisName><PositionUnit>deg</PositionUnit><IntensityUnit>%s</IntensityUnit>
<StartTime>2021-05-05T10:35:31Z</StartTime><DataCount>%d</DataCount></ScanInformation>
</MeasurementConditions>
''' % (number, unit, len(rows))))
    return zipped(members)


RANGE = (10.0, 0.5, 2.0, [100, 121, 400, 81])
SAMPLES = {
    'sample1.raw': raw1([RANGE, (20.0, 0.25, 4.0, [9, 16, 25])]),
    'sample2.raw': raw2([RANGE]),
    'sample3.raw': raw3([(0, 5.0, 10.0, 0, 0, 0.5, 2.0, [100, 121, 400, 81]), (0, 7.5, 15.0, 0, 30.0, 0.25, 4.0, [9, 16, 25])]),
    'sample4.raw': raw4([('Locked Coupled', 10.0, 0.5, 2.0, [100, 121, 400, 81], {'2Theta': 10.0, 'Theta': 5.0, 'Phi': 90.0})]),
    'sample.rd': rd(10.0, 0.5, [100, 110, 200, 91]),
    'stoe.raw': stoe(10.0, 0.5, [100, 121, 400, 81]),
    'sample.brml': brml([raw_data(['2,1,10,5.1,100', '2,1,10.5,5.35,900', '2,100,11,5.6,2500', '2,1,11.5,5.85,841']),
                         raw_data(['4,1,20,10.1,9,16', '4,1,20.25,10.225,10,25', '4,1,20.5,10.35,11,36'], extra=True)], order=[1, 0]),
    'sample.rasx': rasx([(0, 'counts', [('10.0000', '100', '1'), ('10.5000', '121', '1'), ('11.0000', '25', '100')]),
                         (10, 'counts', [('10.0000', '36', '1'), ('10.5000', '49', '1')]),
                         (2, 'counts', [('10.0000', '64', '1'), ('10.5000', '81', '1')])]),
}


# --- reading back -------------------------------------------------------------------------------

def read(path):
    p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    series, names = [], None
    for line in p.stdout.decode().splitlines():
        if line.startswith('#'):
            continue
        cells = line.split(' ')
        if names is None:
            names = cells
            continue
        while len(series) <= int(cells[0]):
            series.append({n: [] for n in names[1:]})
        for n, c in zip(names[1:], cells[1:]):
            series[-1][n].append(float(c))
    return p.returncode, series, p.stderr.decode().strip()


def check(what, condition, more=''):
    if not condition:
        failures.append(what)
        print('FAILED %s %s' % (what, more))


def near(a, b):
    return len(a) == len(b) and all(abs(x - y) <= 1e-6 * max(1, abs(y)) for x, y in zip(a, b))


def built(folder, name, content, series, warning=''):
    """series: [(x column, x, y, sigma)] or None where it must be refused."""
    path = os.path.join(folder, name)
    open(path, 'wb').write(content)
    code, got, err = read(path)
    if series is None:
        check(name, code == 3 and not got and warning in err, 'exit %d %s' % (code, err))
        return
    check(name, code == 0 and len(got) == len(series), 'exit %d, %d series %s' % (code, len(got), err))
    check(name + ': warning', (warning in err) if warning else not err, err)
    for i, (g, (column, x, y, sigma)) in enumerate(zip(got, series)):
        check('%s %d: x' % (name, i), near(g.get(column, []), x), g)
        check('%s %d: y' % (name, i), near(g['intensity'], y), g['intensity'])
        check('%s %d: sigma' % (name, i), near(g.get('sigma', []), sigma) if sigma else 'sigma' not in g, g)


def roots(y):
    return [max(v, 1) ** 0.5 for v in y]


def variants(folder):
    a, b = ([10, 10.5, 11, 11.5], [100, 121, 400, 81]), ([20, 20.25, 20.5], [9, 16, 25])
    first, second = ('two_theta',) + a + (roots(a[1]),), ('two_theta',) + b + (roots(b[1]),)
    two = [RANGE, (20.0, 0.25, 4.0, b[1])]
    built(folder, 'v1.raw', raw1(two), [first, second])
    built(folder, 'v1-short.raw', raw1(two, repeat_magic=False), [first, second])
    built(folder, 'v1-cut.raw', raw1(two)[:-3], None, 'range 2')
    built(folder, 'v1-more.raw', raw1(two) + b'1234', [first, second], '4 bytes follow')
    built(folder, 'v1-huge.raw', raw1([RANGE])[:4] + b'\xff\xff\xff\xff' + raw1([RANGE])[8:], None)
    built(folder, 'v2.raw', raw2(two, header=76), [first, second])
    built(folder, 'v2-cut.raw', raw2(two)[:-1], None)
    coupled = (0, 5.0, 10.0, 0, 0, 0.5, 2.0, a[1])
    built(folder, 'v3.raw', raw3([coupled], supplementary=40), [first])
    built(folder, 'v3-record.raw', raw3([coupled], record=12), [first], 'only their first number')
    built(folder, 'v3-phi.raw', raw3([(5, 20.0, 40.0, 10.0, 10.0, 0.5, 2.0, a[1])]), [('phi',) + first[1:]])
    built(folder, 'v3-rocking.raw', raw3([(3, 10.0, 40.0, 0, 0, 0.5, 2.0, a[1])]), [('omega',) + first[1:]])
    built(folder, 'v3-hkl.raw', raw3([(13, 10.0, 40.0, 0, 0, 0.5, 2.0, a[1])]), None, 'scan type 13')
    built(folder, 'v3-aborted.raw', raw3([coupled], status=3), [first], 'aborted')
    built(folder, 'v3-cut.raw', raw3([coupled])[:-1], None, 'range 1')
    built(folder, 'v3-fraction.raw', raw3([coupled[:7] + ([1.5, 2, 3, 4],)]), [('two_theta', a[0], [1.5, 2, 3, 4], None)], 'whole numbers')
    still = {'2Theta': 10.0, 'Theta': 5.0, 'Phi': 90.0}
    built(folder, 'v4.raw', raw4([('Locked Coupled', 10.0, 0.5, 2.0, a[1], still), ('Phi Scan', 10.0, 0.5, 2.0, a[1], still)][:1]), [first])
    built(folder, 'v4-record.raw', raw4([('Locked Coupled', 10.0, 0.5, 2.0, a[1], {})], record=8), [first], 'records of 8 bytes')
    built(folder, 'v4-cut.raw', raw4([('Locked Coupled', 10.0, 0.5, 2.0, a[1], still)])[:-2], None)
    built(folder, 'v4-z.raw', raw4([('Z-Drive', 10.0, 0.5, 2.0, a[1], still)]), [('stage_z',) + first[1:]])
    stored = [100, 110, 200, 91]
    counts = [v * v // 100 for v in stored]
    middle = ('two_theta', [10.25, 10.75, 11.25, 11.75], counts, roots(counts))
    built(folder, 'a.rd', rd(10.0, 0.5, stored), [middle], 'rounded')
    built(folder, 'a.sd', rd(10.0, 0.5, stored, 'V5RD', 810), [middle], 'rounded')
    built(folder, 'cut.rd', rd(10.0, 0.5, stored * 10)[:-8], None, 'expected 40')
    built(folder, 'a.stoe.raw', stoe(10.0, 0.5, a[1]), [first])
    built(folder, 'other.stoe.raw', stoe(10.0, 0.5, a[1], high=401), [first], 'the header says 81 to 401')
    built(folder, 'cut.stoe.raw', stoe(10.0, 0.5, a[1])[:-1], None)
    rows = ['2,1,10,5.1,100', '2,1,10.5,5.35,900', '2,100,11,5.6,2500', '2,1,11.5,5.85,841']
    built(folder, 'a.brml', brml([raw_data(rows)]), [('two_theta', a[0], [100, 900, 2500, 841], [10, 30, 500, 29])])
    built(folder, 'bare.xml', raw_data(rows), [('two_theta', a[0], [100, 900, 2500, 841], [10, 30, 500, 29])])
    built(folder, 'short.brml', brml([raw_data(rows[:2] + ['2,1,11'])]), None, 'row 3 has 3 numbers')
    built(folder, 'frame.brml', brml([raw_data(['2,1,10,5.1,100,7'], frame=True)]), None, 'detector frames')
    built(folder, 'lost.brml', brml([raw_data(rows)], order=[0]).replace(b'RawData0.xml</string>', b'RawData7.xml</string>'), None)
    order = read(os.path.join(CORPUS, 'sample.rasx'))[1]
    check('RASX in the order of its numbers', [s['intensity'][0] for s in order] == [100, 64, 36], order)
    check('RASX attenuation', order and order[0]['intensity'][2] == 2500 and order[0]['sigma'][2] == 500, order)
    order = read(os.path.join(CORPUS, 'sample.brml'))[1]
    check('BRML in the order of its list', [s['intensity'][0] for s in order] == [16, 100], order)


def main():
    if '--write' in sys.argv:
        for name, content in SAMPLES.items():
            open(os.path.join(CORPUS, name), 'wb').write(content)
    for name, content in SAMPLES.items():
        check('committed ' + name, open(os.path.join(CORPUS, name), 'rb').read() == content)
    with tempfile.TemporaryDirectory() as folder:
        variants(folder)
    print('%d failed' % len(failures))
    return 1 if failures else 0


sys.exit(main())
