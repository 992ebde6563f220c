#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""BioLogic .mpr: files written here from the layout in every version of it, read back to the last bit, compared with a .mpt of the same
numbers, damaged and cut. `--write` writes the sample of tests/corpus; `--to FOLDER` all of them, for other readers."""
import datetime, os, struct, subprocess, sys, tempfile
from lib.checked import check, finish

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
SAMPLE = os.path.join(SOURCE, 'tests', 'corpus', 'echem', 'gcpl.mpr')
FLAGS = {'mode': (1, 0), 'ox/red': (2, 2), 'error': (3, 3), 'control changes': (21, 4), 'Ns changes': (31, 5), 'counter inc.': (65, 7)}
PLAIN = {'time/s': (4, 'd'), 'control/V/mA': (5, 'f'), 'Ewe/V': (6, 'f'), 'dq/mA.h': (7, 'd'), '<I>/mA': (11, 'd'), '(Q-Qo)/mA.h': (13, 'd'),
         'control/V': (19, 'f'), 'cycle number': (24, 'd'), 'freq/Hz': (32, 'f'), '|Ewe|/V': (33, 'f'), '|I|/A': (34, 'f'), 'Phase(Z)/deg': (35, 'f'),
         '|Z|/Ohm': (36, 'f'), 'Re(Z)/Ohm': (37, 'f'), '-Im(Z)/Ohm': (38, 'f'), 'I Range': (39, 'H'), '<Ewe>/V': (77, 'f'), 'Ns': (131, 'H'),
         'step time/s': (438, 'd'), 'Q charge/discharge/mA.h': (467, 'd'), 'half cycle': (468, 'I')}
GCPL = list(FLAGS)[:6] + ['Ns', 'time/s', 'dq/mA.h', '(Q-Qo)/mA.h', 'control/V/mA', 'Ewe/V', 'I Range', 'Q charge/discharge/mA.h', 'half cycle', 'step time/s']
OLD = list(FLAGS)[:4] + ['counter inc.', 'time/s', 'control/V', '<I>/mA', 'cycle number', 'Ewe/V']
EIS = ['freq/Hz', 'Re(Z)/Ohm', '-Im(Z)/Ohm', '|Z|/Ohm', 'Phase(Z)/deg', 'time/s', '<Ewe>/V', 'cycle number', 'I Range', '|Ewe|/V', '|I|/A']
START = datetime.datetime(2024, 3, 5, 14, 7, 21, 250000)


def number(name, k):
    if name in FLAGS:
        return [k % 3, k % 2, 0, k % 5 == 0, k % 7 == 0, k % 4 == 0][list(FLAGS).index(name)] * 1
    v = {'time/s': 0.5 * k + 1e-9 * k * k, 'Ns': k // 6, 'I Range': 39, 'half cycle': k // 5, 'cycle number': 1 + k // 8, 'freq/Hz': 1e5 / 2 ** k}.get(name)
    v = 0.1 + k / 7 - len(name) / 11 if v is None else v
    return struct.unpack('<f', struct.pack('<f', v))[0] if PLAIN[name][1] == 'f' else v


def point(names, k):
    out, flags, at = b'', 0, None
    for name in names:
        if name in FLAGS:
            at = len(out) if at is None else at
            flags |= number(name, k) << FLAGS[name][1]
        else:
            out += struct.pack('<' + PLAIN[name][1], number(name, k))
    return out if at is None else out[:at] + bytes([flags]) + out[at:]


def ids_of(names):
    return [(FLAGS.get(n) or PLAIN[n])[0] for n in names]


def data(version, names, n, ids=None, rows=None):
    ids = ids or ids_of(names)
    rows = b''.join(point(names, k) for k in range(n)) if rows is None else rows
    if version == 0:
        return (struct.pack('<IB', n, len(ids)) + bytes(ids)).ljust(100, b'\0') + rows
    if version < 10:
        return (struct.pack('<IB', n, len(ids)) + struct.pack('<%dH' % len(ids), *ids)).ljust(405, b'\0') + (b'\1' if version == 3 else b'') + rows
    return (struct.pack('<IH', n, len(ids)) + struct.pack('<%dH' % len(ids), *ids)).ljust(1006, b'\0') + b'\1' + rows


def module(name, title, body, version, long, date=None):
    sizes = struct.pack('<IIII', 0xffffffff, len(body), 0, version) if long else struct.pack('<II', len(body), version)
    return b'MODULE' + name.encode().ljust(10) + title.encode().ljust(25) + sizes + (date or START.strftime('%m/%d/%y')).encode() + body


def put(body, at, what):
    body[at:at + len(what)] = what


def settings(technique, parameters=False):
    body = bytearray(0x1900 if parameters else 0x300)
    body[0] = technique
    for at, text in ((0x11e, b'LFP'), (0x1c0, b'LiPF6 in EC/DMC'), (0x215, b'Li/Li+')):
        put(body, at, bytes([len(text)]) + text)
    put(body, 0x211, struct.pack('<f', 1.13))
    put(body, 0x24c, struct.pack('<f', 0.0025))
    if parameters:  # for readers that want them: one sequence without any
        put(body, 0x1845, struct.pack('<HH', 1, 0))
    return bytes(body)


def log(place, order='<'):
    body = bytearray(0x950 if place == 585 else 520)
    put(body, place, struct.pack(order + 'd', (START - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)))
    return bytes(body)


def mpr(version=11, names=GCPL, n=20, technique=4, body=None, place=585, order='<', loops=None, parameters=False, date=None, **how):
    long = version >= 10
    out = b'BIO-LOGIC MODULAR FILE\x1a'.ljust(48) + bytes(4)
    out += module('VMP Set', 'VMP settings', settings(technique, parameters), 10 if long else 0, long, date)
    out += module('VMP data', 'VMP data', data(version, names, n, **how) if body is None else body, version, long, date)
    if place:
        out += module('VMP LOG', 'VMP LOG', log(place, order), 10 if long else 0, long, date)
    if loops:
        out += module('VMP loop', 'VMP loop', struct.pack('<%dI' % (1 + len(loops)), len(loops), *loops), 10 if long else 0, long, date)
    return out


def mpt(names, n, technique):
    head = ['EC-Lab ASCII FILE', 'Nb header lines : 7', '', technique, 'Acquisition started on : 03/05/2024 14:07:21.250', '', '\t'.join(names)]
    return '\r\n'.join(head + ['\t'.join('%r' % float(number(name, k)) for name in names) for k in range(n)]).encode('latin-1') + b'\r\n'


def read(name, content):
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, name)
        open(path, 'wb').write(content)
        p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    rows = [[float(c) for c in l.split()[1:]] for l in p.stdout.splitlines() if l.startswith('0 ')]
    names = [l for l in p.stdout.splitlines() if l.startswith('# - {name: ')]
    return p.returncode, names, rows, p.stdout, p.stderr


whole = {
    'v0.mpr': (mpr(0, OLD, technique=6, place=465), OLD, 'Cyclic Voltammetry'),
    'v2.mpr': (mpr(2, EIS, technique=0x1d, place=469, loops=[0, 10]), EIS, 'Potentio Electrochemical Impedance Spectroscopy'),
    'v3.mpr': (mpr(3, place=473), GCPL, 'Galvanostatic Cycling with Potential Limitation'),
    'v3-parameters.mpr': (mpr(3, GCPL[:-1], parameters=True), GCPL[:-1], 'Galvanostatic Cycling with Potential Limitation'),
    'v10.mpr': (mpr(10, EIS, technique=0x1e), EIS, 'Galvano Electrochemical Impedance Spectroscopy'),
    'v11.mpr': (mpr(11), GCPL, 'Galvanostatic Cycling with Potential Limitation'),
    'v11-swapped.mpr': (mpr(11, order='>'), GCPL, 'Galvanostatic Cycling with Potential Limitation'),
}
if sys.argv[1:2] == ['--write']:
    open(SAMPLE, 'wb').write(whole['v11.mpr'][0])
    sys.exit()
if sys.argv[1:2] == ['--to']:
    for name, (content, _, _) in whole.items():
        open(os.path.join(sys.argv[2], name), 'wb').write(content)
    sys.exit()
check(open(SAMPLE, 'rb').read() == whole['v11.mpr'][0], 'the sample is another than the writer makes')
for name, (content, names, technique) in whole.items():
    code, columns, rows, out, err = read(name, content)
    check(code == 0 and not err and len(rows) == 20, '%s: exit %d, %d rows, %s' % (name, code, len(rows), err))
    code, own, want, text, err = read('a.mpt', mpt(names, 20, technique))
    check(code == 0 and rows == want and columns == own, '%s: not what the text export gives' % name)
    for said in ('measured": "2024-03-05T14:07:21.250', 'reference_electrode: Li/Li+', 'electrode_area: {value: 1.13, unit: cm2', technique):
        check(said in out.replace('"value"', 'value'), '%s: no %s' % (name, said))
code, _, _, out, _ = read('a.mpr', mpr(2, EIS, technique=0x1d, loops=[0, 10]))
check('vendor.Loops: "0 10"' in out, 'loops')
for what, said in (('without log', dict(place=None)), ('with dots', dict(place=None, date='03.05.24')), ('of another day', dict(date='04-09-24'))):
    code, _, rows, out, err = read('a.mpr', mpr(**said))
    day = '2024-04-09' if what == 'of another day' else '2024-03-05'
    check(code == 0 and len(rows) == 20 and 'measured": "%s"' % day in out, '%s: %s' % (what, err))
code, _, rows, out, err = read('a.mpr', mpr(technique=0x99))
check(code == 0 and len(rows) == 20 and 'Technique number: "153"' in out, 'unknown technique: %s' % err)

good, ids = whole['v11.mpr'][0], ids_of(GCPL)
at = good.index(b'VMP data  VMP data') - 6 + 65  # of what the data module holds
for what, content, why in (
        ('an unknown column', mpr(ids=ids[:-1] + [498]), 'column number 498, whose meaning'),
        ('an unknown column, version 2', mpr(2, ids=ids[:-1] + [215]), 'column number 215, whose meaning'),
        ('a column twice', mpr(ids=ids[:-1] + [13]), 'column number 13 twice'),
        ('an unknown version', mpr(12), 'version 12 of BioLogic data'),
        ('an old unknown version', mpr(1, body=data(2, GCPL, 20)), 'version 1 of BioLogic data'),
        ('no points', mpr(n=0), "no points; the technique is 'Galvanostatic"),
        ('a point too few', mpr(rows=b''.join(point(GCPL, k) for k in range(19))), 'expected 20 points of'),
        ('a byte too many', mpr(rows=b''.join(point(GCPL, k) for k in range(20)) + b'\0'), 'expected 20 points of'),
        ('no columns', good[:at + 4] + b'\0\0' + good[at + 6:], '0 columns'),
        ('a byte behind the columns', good[:at + 500] + b'\7' + good[at + 501:], 'byte 0x07 behind 16 columns'),
        ('time that goes back', mpr(rows=b''.join(point(GCPL, k) for k in range(19, -1, -1))), 'time'),
        ('two data modules', good + good[at - 65:], 'a second module'),
        ('no data module', good[:at - 65], "before its module 'VMP data'"),
        ('something between modules', good[:at - 65] + b'x' + good[at - 65:], "no 'MODULE' where"),
        ('something at the end', good + b'x', 'the head of a module'),
        ('columns of other sizes', mpr(ids=[4 if i == 7 else 7 if i == 4 else 39 if i == 131 else 131 if i == 39 else i for i in ids]), 'time')):
    code, _, rows, out, err = read('a.mpr', content)
    check(code == 3 and not out and why in err and 'a.mpr' in err, '%s: %d %s' % (what, code, err))
    if 'unknown' in what or why == 'time': check('hint: EC-Lab exports' in err, '%s: no hint in %s' % (what, err))
for k in range(1, 24):
    for content in (good[:k * len(good) // 24], whole['v2.mpr'][0][:k * len(whole['v2.mpr'][0]) // 24]):
        code, _, rows, out, err = read('a.mpr', content)
        check(code in (0, 3) and 'Sanitizer' not in err and (code == 3 or len(rows) == 20), 'cut at %d/24: %d %s' % (k, code, err))
    bad = bytearray(good)
    bad[52 + k * (len(good) - 60) // 24] ^= 1 << k % 8
    code, _, rows, out, err = read('a.mpr', bytes(bad))
    check(code in (0, 3) and 'Sanitizer' not in err and len(rows) in (0, 20), 'a changed bit: %d %s' % (code, err))
sys.exit(finish())
