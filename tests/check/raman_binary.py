#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Binary spectra built here from their layouts, read back, and cut: WDF, SPC, SPE, SIF, JWS (flat), IMG.

Every variant the readers know, also those of which no file is at hand (big endian SPC, 16 bit with its own x, maps
without a list of places). Each file is also cut at every tenth of its length and has bytes changed: never a crash.
"""
import concurrent.futures, json, os, random, struct, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'lib'))
from spectra_files import f32, put, spc, wdf

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
failures = []


# --- builders -----------------------------------------------------------------------------------

def old_spc(spectra, first, last, exponent):
    h = bytearray(224)
    h[0], h[1] = 4 if len(spectra) > 1 else 0, 0x4d
    put(h, 2, 'hfff', exponent, len(spectra[0]), first, last)
    h[16], h[17] = 1, 2
    put(h, 18, 'HBBBB', 1997, 3, 9, 8, 46)
    out = bytes(h)
    for y in spectra:
        s = bytearray(32)
        put(s, 1, 'b', exponent)
        out += bytes(s)
        for v in y:
            i = round(v * 2 ** (32 - exponent)) & 0xffffffff
            out += struct.pack('<HH', i >> 16, i & 0xffff)
    return out


def spe2(frames, coefficients, kind=3):
    h = bytearray(4100)
    put(h, 10, 'f', 2.5)
    h[20:29] = b'20Aug2013'
    put(h, 42, 'H', len(frames[0]))
    put(h, 108, 'H', kind)
    put(h, 656, 'H', 1)
    put(h, 1446, 'i', len(frames))
    put(h, 1992, 'f', 2.2)
    h[3098], h[3101] = 1, len(coefficients) - 1
    put(h, 3263, '%dd' % len(coefficients), *coefficients)
    put(h, 3311, 'd', 785.0)
    form = {0: 'f', 1: 'i', 2: 'h', 3: 'H'}[kind]
    return bytes(h) + b''.join(struct.pack('<%d%s' % (len(f), form), *f) for f in frames)


def spe3(frames, regions, wavelengths):
    """frames: lists of values of all regions; regions: (first column, columns, binning)."""
    h = bytearray(4100)
    put(h, 1992, 'f', 3.0)
    put(h, 108, 'H', 3)
    body = b''.join(struct.pack('<%dH' % len(f), *f) for f in frames)
    put(h, 678, 'Q', 4100 + len(body))
    blocks = ''.join('<DataBlock type="Region" count="1" width="%d" height="1" size="%d" stride="%d"/>'
                     % (w, 2 * w, 2 * w) for _, w, _ in regions)
    places = ''.join('<SensorMapping id="%d" x="%d" y="0" width="%d" height="1" xBinning="%d" yBinning="1"/>'
                     % (i, x, w * b, b) for i, (x, w, b) in enumerate(regions))
    xml = ('<SpeFormat version="3.0" xmlns="http://www.princetoninstruments.com/spe/2009"><DataFormat>'
           '<DataBlock type="Frame" count="%d" pixelFormat="MonochromeUnsigned16" size="%d" stride="%d">%s'
           '</DataBlock></DataFormat><Calibrations><WavelengthMapping><Wavelength>%s</Wavelength>'
           '</WavelengthMapping>%s</Calibrations></SpeFormat>'
           % (len(frames), 2 * len(frames[0]), 2 * len(frames[0]), blocks,
              ','.join(map(repr, wavelengths)), places))
    return bytes(h) + body + xml.encode()


def sif(frames, polynomial, flag='0'):
    n = len(frames[0])
    lines = ['Andor Technology Multi-Channel File', '65538 1',
             '65567 0 0 1 1628171392 -60 \x00 \x00 \x00 \x02 \x00 0 9.5 10.1 10.1 5 0', 'DU420_OE ',
             ' %d 1 8' % n, 'test.sif', '65538 2048', '\x01\x02', '65540 3 0 1 0 1 0',
             ' '.join(map(repr, polynomial)), '0 1 0 0', '0 1 0 0', '532', '26', '26', '1', '10',
             'Wavelength6', 'Counts12', 'Pixel number65541 1 1 %d 1 %d 1 %d %d' % (n, len(frames), len(frames) * n, n),
             '65538 1 1 %d 1 1 1 0' % n] + ['         0'] * len(frames) + [flag]
    if flag == '1':
        lines += ['        17'] * len(frames)
    return '\n'.join(lines).encode('latin-1') + b'\n' + b''.join(f32(f) for f in frames)


def flat_jws(y, first, step, x_code=3, y_code=3):
    h = bytearray(0x740)
    h[0:8] = b'L~S \x01\x01\x00\x83'
    h[8:15] = b'SPECMAN'
    h[0x20:0x26] = b'R2.0.0'
    put(h, 0x84, 'iddd', len(y), first, first + step * (len(y) - 1), step)
    h[0xa0], h[0xa4] = x_code, y_code
    put(h, 0xc8, 'q', 4 * len(y))
    h[0x140:0x145] = b'V-730'
    h[0x180:0x184] = b'test'
    put(h, 0x2c0, 'i', 1000000000)
    return bytes(h) + f32(y)


def img(rows, scale=None):
    comment = b'[Application],Date="08/08/2024"\r\n[Acquisition],NrExposure=1,ExposureTime=100 ms\r\n'
    body = b''.join(struct.pack('<%dH' % len(r), *r) for r in rows)
    text = b'[Scaling],ScalingXUnit="nm",ScalingXScalingFile="#%06d,%d"' % (0, len(rows[0]))
    at = 64 + len(comment) + len(text) + len(body)
    if scale:
        comment += text.replace(b'#000000', b'#%06d' % at)
    h = bytearray(64)
    h[0:2] = b'IM'
    put(h, 2, 'HHHHHH', len(comment), len(rows[0]), len(rows), 0, 0, 2)
    return bytes(h) + comment + body + (f32(scale) if scale else b'')


# --- reading back -----------------------------------------------------------------------------------

def run(name, data):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, 'wb') as f:
            f.write(data)
        p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode('utf-8', 'replace')


def series(out):
    tables, head = [], {}
    for line in out.splitlines():
        if line.startswith('#> '):
            tables.append((json.loads(line[3:]), []))
        elif not line.startswith('#') and tables:
            tables[-1][1].append([float(v) for v in line.split()[1:]])
    return tables


def near(a, b):
    return len(a) == len(b) and all(abs(p - q) <= 2e-6 * max(1, abs(q)) for p, q in zip(a, b))


def expect(what, name, data, wanted, warns=False, has=(), **meta):
    """wanted: (x, y) of each series; meta: of the last one; has: texts of the output."""
    code, out, err = run(name, data)
    if code:
        failures.append('%s: exit %d, %s' % (what, code, err.strip()))
        return
    got = series(out)
    if bool(err.strip()) != warns:
        failures.append('%s: %s' % (what, err.strip() or 'no warning'))
    if len(got) != len(wanted):
        failures.append('%s: %d series, expected %d' % (what, len(got), len(wanted)))
        return
    for i, ((_, rows), (x, y)) in enumerate(zip(got, wanted)):
        if not near([r[0] for r in rows], x) or not near([r[1] for r in rows], y):
            failures.append('%s: series %d is %r' % (what, i, rows))
    for key, value in meta.items():
        found = got[-1][0].get(key)
        found = found['value'] if isinstance(found, dict) else found
        if found is None or abs(found - value) > 1e-6:
            failures.append('%s: %s is %r, expected %r' % (what, key, found, value))
    for text in has:
        if text not in out:
            failures.append('%s: no "%s"' % (what, text))
    spoil(what, name, data)


def refuse(what, name, data, text):
    code, out, err = run(name, data)
    if code != 3 or out or text not in err:
        failures.append('%s: exit %d, %s' % (what, code, err.strip()))


spoilt = []  # (what, name, bytes, may it be read without a warning): run together at the end


def spoil(what, name, data):
    rng = random.Random(what)
    for i in (1, 2, 4):
        spoilt.append(('%s cut at %d/5' % (what, i), name, data[:len(data) * i // 5], False))
    for i in range(2):
        copy = bytearray(data)
        for _ in range(3):
            copy[rng.randrange(len(copy))] = rng.randrange(256)
        spoilt.append(('%s changed (%d)' % (what, i), name, bytes(copy), True))


def judge(job):
    what, name, data, silent = job
    code, out, err = run(name, data)
    bad = code not in (0, 3) or (code == 3 and out) or (code == 0 and not silent and not err.strip())
    if silent and code == 5:  # a limit of memory
        bad = False
    return '%s: exit %d, %s' % (what, code, err.strip()[:300]) if bad or 'Sanitizer' in err else None


X = [1200.5, 1100.25, 1000.125, 900.0]
Y = [[10.0, 20.5, 30.25, 12.0], [11.0, 21.5, 33.25, 13.0], [9.0, 18.5, 29.25, 10.0], [1.0, 2.0, 3.0, 4.0]]
EVEN = [100.0, 200.0, 300.0, 400.0]


def check_wdf():
    expect('wdf single', 'a.wdf', wdf(Y[:1], X), [(X, Y[0])], has=['raman_shift', 'unit: count', 'accumulations: 2'])
    places = [(0x80000003, 5, [1.5, 2.5]), (4, 5, [-3.0, -4.0]), (11, 24, [133056426200000000, 133056426250000000])]
    expect('wdf line', 'a.wdf', wdf(Y[:2], X, lists=places), [(X, y) for y in Y[:2]], x=2.5, y=-4.0, time=5.0)
    expect('wdf depth', 'a.wdf', wdf(Y[:2], X, lists=[(5, 5, [0.0, -2.0])]), [(X, y) for y in Y[:2]], z=-2.0)
    expect('wdf interrupted', 'a.wdf', wdf(Y[:3], X, capacity=4, lists=[(3, 5, [1.0, 2.0, 3.0])]),
           [(X, y) for y in Y[:3]], warns=True, x=3.0)
    grid = (0, (10.0, 20.0, 0.0), (1.0, 2.0, 1.0), (2, 2, 1))
    expect('wdf map by rows', 'a.wdf', wdf(Y, X, grid=grid), [(X, y) for y in Y], x=11.0, y=22.0)
    grid = (2, (10.0, 20.0, 0.0), (1.0, 2.0, 1.0), (4, 1, 1))
    expect('wdf map by columns', 'a.wdf', wdf(Y, X, grid=grid), [(X, y) for y in Y], x=13.0, y=20.0)
    expect('wdf nm', 'a.wdf', wdf(Y[:1], X, x_unit=3), [(X, Y[0])], has=['wavelength', 'unit: nm'])
    expect('wdf exposure', 'a.wdf', wdf(Y[:1], X, exposure=3000), [(X, Y[0])],
           has=['exposure: {value: 3000, unit: ms}'])
    expect('wdf padded', 'a.wdf', wdf(Y[:1], X) + bytes(1000), [(X, Y[0])], warns=True)
    refuse('wdf padded and more', 'a.wdf', wdf(Y[:1], X) + bytes(999) + b'a', 'block of 0 bytes')
    bad = bytearray(wdf(Y, X))
    put(bad, 0x40, 'Q', 2 ** 62)
    refuse('wdf huge', 'a.wdf', bytes(bad), 'spectra')


def check_spc():
    for end, name in (('<', 'little'), ('>', 'big')):
        expect('spc floats ' + name, 'a.spc', spc(Y[:1], first=100, last=400, end=end), [(EVEN, Y[0])],
               has=['raman_shift'])
        expect('spc integers ' + name, 'a.spc', spc(Y[:1], first=100, last=400, end=end, exponent=6), [(EVEN, Y[0])])
        expect('spc 16 bit ' + name, 'a.spc', spc(Y[:1], first=100, last=400, end=end, exponent=6, short=True),
               [(EVEN, [round(v * 1024) / 1024 for v in Y[0]])])
        expect('spc given x ' + name, 'a.spc', spc(Y[:1], x=X, end=end), [(X, Y[0])])
        expect('spc multi ' + name, 'a.spc', spc(Y, first=100, last=400, end=end, multi=True, z=[1, 2, 4, 8]),
               [(EVEN, y) for y in Y], time=8)
        expect('spc own x ' + name, 'a.spc',
               spc([Y[0], Y[1][:3]], x=[X, EVEN[:3]], end=end, multi=True, own_x=True),
               [(X, Y[0]), (EVEN[:3], Y[1][:3])])
    text = b'LASER (NM)=785\r\nA=b\r\n\0'
    logged = bytearray(spc(Y[:1], first=100, last=400))
    struct.pack_into('<I', logged, 248, len(logged))
    logged += struct.pack('<3I', 64 + len(text), 0, 64) + bytes(52) + text
    expect('spc log', 'a.spc', bytes(logged), [(EVEN, Y[0])], has=['laser_wavelength'])
    expect('spc log cut', 'a.spc', bytes(logged[:-5]), [(EVEN, Y[0])], warns=True)
    expect('spc without its log', 'a.spc', bytes(logged[:-len(text) - 64]), [(EVEN, Y[0])], warns=True)
    expect('spc old', 'a.spc', old_spc(Y[:1], 100, 400, 6), [(EVEN, Y[0])], has=['wavenumber', 'absorbance'])
    expect('spc old multi', 'a.spc', old_spc([[-v for v in y] for y in Y], 100, 400, 7),
           [(EVEN, [-v for v in y]) for y in Y])
    percent = [50.0, 99.0, 80.0, 70.0]
    expect('spc per cent', 'a.spc', spc([percent], first=100, last=400, x_code=1, y_code=128), [(EVEN, percent)],
           has=['transmittance, unit: "%"'])


def check_spe():
    counts = [[10, 20, 30, 40], [11, 21, 31, 41]]
    c = [500.0, 2.0, 0.25]
    x = [c[0] + c[1] * p + c[2] * p * p for p in range(1, 5)]
    for kind in (0, 1, 2, 3):
        expect('spe 2, type %d' % kind, 'a.spe', spe2(counts, c, kind), [(x, y) for y in counts], index=1)
    waves = [500.0 + i for i in range(8)]
    expect('spe 3', 'a.spe', spe3([[1, 2, 3, 4]], [(2, 4, 1)], waves), [(waves[2:6], [1, 2, 3, 4])])
    expect('spe 3, regions', 'a.spe', spe3([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]], [(0, 2, 1), (2, 3, 2)], waves),
           [(waves[:2], [1, 2]), ([502.5, 504.5, 506.5], [3, 4, 5]), (waves[:2], [6, 7]),
            ([502.5, 504.5, 506.5], [8, 9, 10])])


def check_others():
    c = [500.0, 2.0, 0.25, 0.0]
    x = [c[0] + c[1] * p + c[2] * p * p for p in range(1, 5)]
    expect('sif', 'a.sif', sif(Y[:1], c), [(x, Y[0])], has=['laser_wavelength: {value: 532', 'accumulations: 5'])
    expect('sif frames', 'a.sif', sif(Y, c, '1'), [(x, y) for y in Y], index=3)
    expect('jws flat', 'a.jws', flat_jws(Y[0], 700.0, -5.0), [([700, 695, 690, 685], Y[0])],
           has=['wavelength', 'absorbance', '2001-09-09T01:46:40Z'])
    refuse('jws with more behind', 'a.jws', flat_jws(Y[0], 700.0, -5.0) + b'\0', 'a header of 1856 and 4 values')
    expect('jws transmittance', 'a.jws', flat_jws(Y[0], 700.0, 5.0, 0, 0), [([700, 705, 710, 715], Y[0])],
           has=['wavenumber', 'unit: "%"'])
    rows = [[400, 401, 402], [403, 404, 405]]
    expect('img', 'a.img', img(rows), [([0, 1, 2], r) for r in rows], index=1)
    expect('img scaled', 'a.img', img(rows, [500.5, 501.5, 502.5]), [([500.5, 501.5, 502.5], r) for r in rows],
           has=['wavelength, unit: nm'])


check_wdf()
check_spc()
check_spe()
check_others()
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    failures += filter(None, pool.map(judge, spoilt))
for line in failures:
    print(line)
print('%d failed' % len(failures))
sys.exit(bool(failures))
