#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renishaw .wxd: files made here, whole, damaged and cut; and a measured one against the vendor's text export of the same
spectrum (number of points, ends, least, largest and sum), where ../shared is there."""
import os, struct, subprocess, sys, tempfile, zlib
from lib.checked import check, finish

ASSAY = os.environ['ASSAY']
SHARED = os.environ.get('ASSAY_SHARED', '')
REAL = os.path.join(SHARED, 'corpus', 'raman', 'renishaw-wxd', 'PST_Reflex532_Z050_010_10000msx2.wxd')
MARK = bytes.fromhex('c0ffee01')
X, Y = [3000.5 - 1.25 * i for i in range(200)], [100.0 + (i * i) % 37 / 8 for i in range(200)]


def values(v):
    return struct.pack('<Q', len(v)) + b''.join(struct.pack('<Hd', 5, x) for x in v) + MARK


def name(text):
    wide = text.encode('utf-16-le') + b'\0\0'
    return struct.pack('<I', len(wide)) + wide


def text(key, value):
    return name(key) + struct.pack('<H', 8) + name(value)


def wxd(x=X, y=Y, labels=True, lists=1, objects=1):
    body = b'#WXD' + b'0' * 40 + b'.\n#\x1aJL\x1a\0' + b'\0' * 64
    fields = [values(x)] * lists
    fields += [struct.pack('<Q', 1) + name('DataList2') + struct.pack('<H', 13) + bytes(16) + values(y)
               + text('dataListLabels2', 'Counts')] * objects
    if labels:
        fields.append(text('dataListLabels1', 'Raman shift / cm-1') + text('Operator', 'someone') + MARK)
    fields.append('<?xml version="1.0"?>'.encode('utf-16-le') * 20)
    return body + b'..\x78\x9c no stream ..'.join(zlib.compress(f) for f in fields) + b'\0' * 16


def read(data):
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, 'a.wxd')
        open(path, 'wb').write(data)
        p = subprocess.run([ASSAY, 'read', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    rows = [[float(c) for c in l.split()[1:]] for l in p.stdout.decode().splitlines() if l.startswith('0 ')]
    return p.returncode, rows, p.stdout.decode(), p.stderr.decode()


code, rows, out, err = read(wxd())
check(code == 0 and rows == [list(r) for r in zip(X, Y)] and not err, 'whole: %d %s' % (code, err))
check('name: raman_shift, unit: cm-1' in out and 'name: intensity, unit: count' in out and 'operator: someone' in out, 'names')
for what, data in (('fewer ordinates', wxd(y=Y[:-1])), ('no labels', wxd(labels=False)), ('two lists of x', wxd(lists=2)),
                   ('two lists of y', wxd(objects=2)), ('no y', wxd(objects=0)), ('no streams', wxd()[:112])):
    code, rows, out, err = read(data)
    check(code == 3 and not out and '.wxd: error: ' in err, '%s: %d %s' % (what, code, err))
whole = wxd()
for k in range(1, 60):
    bad = bytearray(whole)
    bad[110 + k * (len(whole) - 120) // 60] ^= 1 << k % 8
    code, rows, out, err = read(bytes(bad))
    check(code in (0, 3) and 'Sanitizer' not in err and (not rows or rows == [list(r) for r in zip(X, Y)]),
          'a changed bit at %d: %d, other numbers are believed' % (k, code))
    code, rows, out, err = read(whole[:k * len(whole) // 60])
    check(code in (0, 3) and 'Sanitizer' not in err and (not rows or rows == [list(r) for r in zip(X, Y)]), 'cut at %d/60: %d' % (k, code))
if os.path.exists(REAL):
    code, rows, out, err = read(open(REAL, 'rb').read())
    y = [r[1] for r in rows]
    check(code == 0 and len(rows) == 2578, 'the measured file: %d %s' % (code, err))
    for got, want in ((rows[0][0], 3501.06), (rows[-1][0], 100.265), (y[0], 930.534), (y[-1], 4307.0), (min(y), 275.895),
                      (max(y), 37813.3), (sum(y), 5458268.26)):
        check(float('%.6g' % got) == float('%.6g' % want), 'measured: %r, exported %r' % (got, want))
sys.exit(finish())
