#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Infrared files built here from their layouts, and read back: ftir_binary.py [--write]

The committed samples of tests/corpus/ftir are what this script builds (--write writes them). Variants that no
sample shows (series, groups, broken and cut files) are built in a temporary folder. Every file is also cut at five
places: what remains must be refused, or read with a warning.
"""
import math, os, struct, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'lib'))
from spectra_files import f32, opus, parameters, status

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(HERE, '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus', 'ftir')
failures = []


def check(what, good, more=''):
    if not good:
        failures.append(what)
        print('FAIL', what, str(more)[:300])


def band(n, height=0.75):
    """Exact in 32 bits."""
    return [round(height * math.exp(-((i - n / 3) / 3) ** 2) * 1024) / 1024 for i in range(n)]


# --- Bruker OPUS --------------------------------------------------------------------------------
def opus_sample():
    spectrum, beam, igram = band(16), [v / 2 + 0.25 for v in band(16)], [(-0.5) ** i for i in range(8)]
    earlier = [v + 1 for v in spectrum]
    return opus([
        (0x20, parameters(('INS', 'ALPHA'), ('SRN', '7'))), (0x30, parameters(('NSS', 16), ('RES', 4.0))),
        (0x40, parameters(('APF', 'B3'), ('ZFF', '2'))), (0x60, parameters(('SRC', 'MIR'), ('DTC', 'DLATGS'))),
        (0xa0, parameters(('SNM', 'caf\u00e9'), ('CNM', 'nobody'))), (0x38, parameters(('NSR', 32))),
        (0x807, f32(igram)), (0x817, status(igram, 0.0, 7.0, 'PNT', 0.5)),
        (0x407, f32(beam) + f32([9.0, 9.0])), (0x417, status(beam, 4000.0, 1000.0)),
        (0x4000100f, f32(earlier)), (0x4000101f, status(earlier, 4000.0, 1000.0)),
        (0x100f, f32(spectrum)), (0x101f, status(spectrum, 4000.0, 1000.0))])


def opus_raw():
    """As a measurement leaves it that keeps no spectrum: a reference, and the sample's interferogram."""
    beam, igram = band(16), [(-0.5) ** i for i in range(8)]
    return opus([(0x80b, f32(beam)), (0x81b, status(beam, 0.0, 15.0, 'PNT')), (0x40b, f32(beam)), (0x41b, status(beam, 4000.0, 1000.0)),
                 (0x807, f32(igram)), (0x817, status(igram, 0.0, 7.0, 'PNT'))])


def opus_series():
    y = [band(8), band(8, 0.5)]
    info = [struct.pack('<8i4d2i7d2i2d', *[0] * 8, *[0.0] * 4, 0, 0, *[0.0] * 7, 0, 0, 0.0, 2.5 * i) for i in range(2)]
    body = b''.join(f32(v) + t for v, t in zip(y, info))
    block = struct.pack('<6i', 0, 2, 24, 32, 152, 0) + body
    return opus([(0x10100f, block), (0x10101f, status(y[0], 2000.0, 1300.0))])


# --- OMNIC ---------------------------------------------------------------------------------------
def omnic_header(n, first, last, x=1, y=17, scans=16):
    h = bytearray(140)
    struct.pack_into('<IB3xB3xff', h, 4, n, x, y, first, last)
    struct.pack_into('<I', h, 36, scans)
    struct.pack_into('<I', h, 52, 32)
    struct.pack_into('<f', h, 80, 15798.25)
    return bytes(h)


def omnic(magic, title, keys, wide):
    """keys: (kind, spectrum, bytes)"""
    size = 22 if wide else 16
    at = 304 + size * len(keys)
    table, data = b'', b''
    for kind, number, content in keys:
        if wide:
            table += struct.pack('<HQIII', kind, at + len(data), len(content), 1, 0)
        else:
            table += struct.pack('<BBIIHI', kind, 0, at + len(data), len(content), number, 0)
        data += content
    head = bytearray(304)
    head[:len(magic)] = magic
    head[30:30 + len(title)] = title
    struct.pack_into('<HI', head, 294, len(keys), 3977000000)
    return bytes(head) + table + data


def spa():
    y = band(16)
    history = b'Collect Sample\r\n\t R\xe9solution:\t 4,000 from 400.0 to 4000.0\r\n\0'
    return omnic(b'Spectral Data File\r\n', b'polystyrene', [
        (2, 0, omnic_header(16, 4000, 1000)), (4, 0, b'a film\0'), (27, 0, history), (3, 0, f32(y)),
        (102, 0, f32([1, -0.5, 0.25, -0.125]))], False)


def spg():
    keys = []
    for i in range(2):
        name = ('part%d.spa, Sat Jan 17 10:11:12 2026 (GMT+01:00)' % i).encode().ljust(256, b'\0')
        keys += [(2, i, omnic_header(16, 4000, 1000, y=16)), (107, i, name + struct.pack('<II', 3977000000 + i, 0)),
                 (3, i, f32(band(16, 0.5 + i)))]
    return omnic(b'Spectral Data File\r\n', b'two', keys, False)


def srs(map_of=None):
    n = 4
    block = omnic_header(8, 2000, 1300) + b'\0' * 56
    for i in range(n):
        block += struct.pack('<4I', 16, i, 0, 0) + ('spectrum %d' % i).encode().ljust(84, b'\0') + f32(band(8, 1 + i))
    axes = bytearray(264)
    struct.pack_into('<6fII', axes, 66, *(map_of or (0.5, 2.0, 0.5, 0, 0, 0)), n, 1)
    return omnic(b'Spectral Exte File\r\n', b'heating', [(325, 0, bytes(axes)), (27, 0, b'Aufl\xf6sung:\t 8,000\0'),
                 (301, 0, block)], True)


# --- PerkinElmer ----------------------------------------------------------------------------------
def pe_block(kind, content):
    return struct.pack('<Hi', kind, len(content)) + content


def pe_text(kind, text):
    return pe_block(kind, struct.pack('<HH', 0x7523, len(text)) + text.encode('latin-1'))


def sp():
    y = [v + 0.1 for v in band(16)]
    history = pe_block(35711, pe_block(121, pe_text(35698, 'nobody') + pe_text(35700, 'Sat Jan 17 10:11:12 2026')))
    members = history + pe_block(35698, struct.pack('<Hdd', 0x751d, 4000, 1000))
    members += pe_block(35699, struct.pack('<Hdd', 0x751d, min(y), max(y)))
    members += pe_block(35700, struct.pack('<Hd', 0x751b, -200)) + pe_block(35701, struct.pack('<HI', 0x752b, 16))
    members += pe_text(35703, 'cm-1') + pe_text(35704, 'A') + pe_text(35713, 'film')
    members += pe_block(35708, struct.pack('<HI', 0x7516, 128) + struct.pack('<16d', *y))
    return b'PEPE' + b'2D constant interval DataSet file'.ljust(40, b'\0') + pe_block(120, members)


def fsm():
    out = b'PEPE' + b'DataSet - 4DConst3DInterval'.ljust(40, b'\0')
    geometry = struct.pack('<H', 5) + b'Image' + struct.pack('<10d3i', 25, 25, -100, 2000, 1300, 0, 0, 100, 50, 2000,
                                                              2, 3, 8)
    for text in (b'Y - micrometers', b'X - micrometers', b'cm-1', b'%T'):
        geometry += struct.pack('<H', len(text)) + text
    out += pe_block(5100, geometry)
    return out + b''.join(pe_block(5105, f32(band(8, 10 + i))) for i in range(6))


def peds():
    y = band(6)
    head = ['PE IR                   SPECTRUM    ASCII       PEDS        4.00        ', '  -1', 'FILM.SP', '26/01/17',
            '10:11:12.00', '#HDR', '-1', '#GR', 'CM-1', 'A', '1.0', '0.0', '4000.0', '-100.0', '6', '8', repr(max(y)),
            repr(min(y)), '#DATA'] + ['%.6f\t%r  ' % (4000 - 100 * i, v) for i, v in enumerate(y)]
    return '\r\n'.join(head + ['']).encode()


# --- Agilent ---------------------------------------------------------------------------------------
def fpa(width, height, n):
    head = bytearray(1020)
    head[0:4] = b'\0\x72\x47\0'
    struct.pack_into('<I', head, 9, n)
    struct.pack_into('<HH', head, 24, width, height)
    head[129:136] = b'3.4.0.0'
    struct.pack_into('<I', head, 170, 16)
    planes = [[k + p / 8 for p in range(width * height)] for k in range(n)]
    return bytes(head) + b''.join(f32(p) for p in planes)


def axis(n, first, step):
    return b'\0' * 64 + struct.pack('<IIdIIII', 4, 8, step, 4, first, 4, n) + b'\0' * 8 + b'Wavenumber\0Absorbance\0'


# --- ENVI --------------------------------------------------------------------------------------------
def envi(interleave, order=0, kind=4, unit='Wavenumber', wavelengths='1000, 1010,\n 1020'):
    return ('ENVI\ndescription = {\n  an image}\nsamples = 2\nlines   = 2\nbands   = 3\nheader offset = 4\n'
            'file type = ENVI Standard\ndata type = %d\ninterleave = %s\nbyte order = %d\nwavelength units = %s\n'
            'wavelength = {\n %s\n}\n' % (kind, interleave, order, unit, wavelengths)).encode()


def envi_data(interleave, form='<12f'):
    value = lambda band, line, sample: 100 * line + 10 * sample + band
    loops = {'bsq': [(b, l, s) for b in range(3) for l in range(2) for s in range(2)],
             'bil': [(b, l, s) for l in range(2) for b in range(3) for s in range(2)],
             'bip': [(b, l, s) for l in range(2) for s in range(2) for b in range(3)]}
    return b'head' + struct.pack(form, *[value(*i) for i in loops[interleave]])


SAMPLES = {'image.hdr': envi('bsq'), 'image.img': envi_data('bsq'), 'opus.0': opus_sample(), 'omnic.spa': spa(), 'omnic.srs': srs(), 'pe.sp': sp(), 'pe.fsm': fsm(),
           'peds.asc': peds(), 'tile.dat': fpa(3, 2, 5), 'tile.bsp': axis(5, 100, 16.0)}


# --- reading back ------------------------------------------------------------------------------------
def read(path, *options):
    p = subprocess.run([ASSAY, 'read', *options, path], capture_output=True)
    rows = [[float(v) for v in line.split()] for line in p.stdout.decode().splitlines() if line[:1].isdigit()]
    return p.returncode, rows, p.stdout.decode(), p.stderr.decode()


def curve(folder, name, data, y, first, last, *words, n_series=1, options=()):
    path = os.path.join(folder, name)
    open(path, 'wb').write(data)
    code, rows, out, err = read(path, *options)
    check(name + ' is read', code == 0 and not err, err)
    got = [r for r in rows if r[0] == 0]
    check(name + ' values', [r[2] for r in got] == y, (got, y))
    check(name + ' ends', got and (got[0][1], got[-1][1]) == (first, last), got)
    check(name + ' series', len({r[0] for r in rows}) == n_series, out[-60:])
    for word in words:
        check('%s has %s' % (name, word), word in out, out[:900])


def good(folder):
    y = band(16)
    curve(folder, 'a.0', opus_sample(), y, 4000, 1000, 'absorbance', 'sample: "café"', 'accumulations: 16',
          'resolution: {value: 4, unit: cm-1}', '2026-01-17T10:11:12.500+01:00', 'vendor.reference.NSR: 32')
    curve(folder, 'b.0', opus_sample(), [0.5 * (-0.5) ** i for i in range(8)], 0, 7, 'interferogram',
          options=('--part', 'sample interferogram'))
    curve(folder, 'd.0', opus_raw(), [(-0.5) ** i for i in range(8)], 0, 7, 'interferogram')
    curve(folder, 'c.0', opus_series(), band(8), 2000, 1300, '"time": {"value": 2.5, "unit": "s"}', n_series=2)
    curve(folder, 'a.spa', spa(), y, 4000, 1000, 'resolution: {value: 4,', 'comment: a film', 'absorbance', 'polystyrene',
          '2026-01-')
    curve(folder, 'a.spg', spg(), band(16, 0.5), 4000, 1000, 'transmittance, unit: "%"', 'part1.spa', n_series=2)
    curve(folder, 'a.srs', srs(), band(8, 1), 1300, 2000, '"time": {"value": 1, "unit": "min"}', 'spectrum 3', n_series=4)
    curve(folder, 'a.map', srs((5, 15, 10, 100, 110, 10)), band(8, 1), 1300, 2000,
          '"x": {"value": 110, "unit": "um"}, "y": {"value": 15, "unit": "um"}', n_series=4)
    curve(folder, 'a.sp', sp(), [v + 0.1 for v in y], 4000, 1000, 'absorbance', 'operator: nobody')
    curve(folder, 'a.fsm', fsm(), band(8, 10), 2000, 1300, 'transmittance, unit: "%"',
          '"x": {"value": 125, "unit": "um"}, "y": {"value": 100, "unit": "um"}', n_series=6)
    curve(folder, 'a.asc', peds(), band(6), 4000, 3500, 'absorbance')
    open(os.path.join(folder, 'TILE.BSP'), 'wb').write(axis(5, 100, 16.0))
    curve(folder, 'tile.dat', fpa(3, 2, 5), [0, 1, 2, 3, 4], 1600, 1664, 'absorbance', n_series=6)


def images(folder):
    for interleave in ('bsq', 'bil', 'bip'):
        for order, kind, form in ((0, 4, '<12f'), (1, 4, '>12f'), (0, 2, '<12h'), (1, 5, '>12d'), (1, 12, '>12H')):
            name = '%s-%d-%d' % (interleave, order, kind)
            open(os.path.join(folder, name + '.img'), 'wb').write(envi_data(interleave, form))
            path = os.path.join(folder, name + '.hdr')
            open(path, 'wb').write(envi(interleave, order, kind))
            code, rows, out, err = read(path)
            want = [[i, 1000 + 10 * b, 100 * (i // 2) + 10 * (i % 2) + b] for i in range(4) for b in range(3)]
            check('ENVI ' + name, code == 0 and rows == want and 'wavenumber' in out, err or rows)


def broken(folder):
    def refused(name, data, *words):
        path = os.path.join(folder, name)
        open(path, 'wb').write(data)
        code, rows, out, err = read(path)
        check('%s is refused (%s)' % (name, words[0]), code == 3 and not out and all(w in err for w in words), err)

    o = opus_sample()
    at = o.index(b'NPT\0', o.rindex(b'DPF\0'))
    refused('a.0', o[:at + 8] + struct.pack('<i', 99) + o[at + 12:], 'NPT=99')
    refused('a.0', o[:20] + struct.pack('<I', 100000) + o[24:], 'directory')
    s = spa()
    refused('a.spa', s[:308] + struct.pack('<I', 1 << 30) + s[312:], 'block')
    refused('a.srs', srs().replace(struct.pack('<I', 4) + struct.pack('<I', 1) + b'\0' * 10,
                                   struct.pack('<I', 5) + struct.pack('<I', 1) + b'\0' * 10, 1), '5 spectra')
    p = sp()
    at = p.index(struct.pack('<HI', 0x752b, 16))
    refused('a.sp', p[:at + 2] + struct.pack('<I', 17) + p[at + 6:], '17 points')
    refused('a.fsm', fsm().replace(struct.pack('<3i', 2, 3, 8), struct.pack('<3i', 3, 3, 8)), '6 spectra, expected 3 x 3')
    refused('a.asc', peds().replace(b'\r\n6\r\n', b'\r\n5\r\n'), 'more than the 5 points')
    refused('b.dat', fpa(3, 2, 5) + b'\0\0\0\0', 'bytes are not')
    open(os.path.join(folder, 'e.img'), 'wb').write(envi_data('bsq')[:-1])
    refused('e.hdr', envi('bsq'), 'image')
    refused('e.hdr', envi('bsq', wavelengths='1, 2'), '2 wavelengths, expected 3')
    refused('e.hdr', envi('bsq', kind=6), 'data type 6 is not supported')
    refused('alone.hdr', envi('bsq'), 'not beside')
    code, rows, out, err = read(os.path.join(folder, 'c.dat')) if open(os.path.join(folder, 'c.dat'), 'wb').write(
        fpa(2, 1, 3)) else None
    check('an image without axis', code == 0 and 'no .bsp or .dmt' in err and rows[1][1] == 1, err)


def cut(folder):
    for name, data in list(SAMPLES.items()) + [('s.0', opus_series()), ('g.spg', spg()), ('m.map', srs((5, 15, 10, 1, 2, 1)))]:
        if name in ('tile.bsp', 'image.hdr', 'image.img'):
            continue
        path = os.path.join(folder, name)
        open(path, 'wb').write(data)
        whole = read(path)[1]
        for k in range(5):
            at = len(data) * (k + 1) // 5 - 3
            open(path, 'wb').write(data[:at])
            code, rows, out, err = read(path)
            check('%s cut at %d' % (name, at), (code == 3 and err and not out) or (code == 0 and (err or rows == whole)), (code, err))


if sys.argv[1:] == ['--write']:
    for name, data in SAMPLES.items():
        open(os.path.join(CORPUS, name), 'wb').write(data)
    sys.exit(0)
for name, data in SAMPLES.items():
    check(name + ' is the committed sample', open(os.path.join(CORPUS, name), 'rb').read() == data)
with tempfile.TemporaryDirectory() as folder:
    good(folder)
    images(folder)
    broken(folder)
    cut(folder)
print('%d failures' % len(failures))
sys.exit(1 if failures else 0)
