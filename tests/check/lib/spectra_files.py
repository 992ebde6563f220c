# SPDX-License-Identifier: GPL-3.0-or-later
"""Binary spectra built from their layouts: Renishaw WDF, Galactic SPC, Bruker OPUS."""
import struct


def put(buffer, at, form, *values):
    struct.pack_into('<' + form, buffer, at, *values)


def f32(values, end='<'):
    return struct.pack('%s%df' % (end, len(values)), *values)


def wdf(spectra, x, capacity=None, lists=(), grid=None, x_unit=1, exposure=0):
    capacity = capacity or len(spectra)
    h = bytearray(512)
    h[0:4] = b'WDF1'
    put(h, 4, 'IQ', 1, 512)
    put(h, 0x3c, 'IQQI', len(x), capacity, len(spectra), 2)
    put(h, 0x54, 'III', 1, len(x), len(lists))
    put(h, 0x88, 'Q', 133056426200000000)
    put(h, 0x98, 'If', 6, 1e7 / 532)
    h[0xf0:0xf4] = b'test'
    body = b''.join(f32(s) for s in spectra)
    body += f32([0] * len(x) * (capacity - len(spectra)))
    def block(name, content):
        return name + struct.pack('<IQ', 0, len(content) + 16) + content
    out = bytes(h) + block(b'DATA', body) + block(b'XLST', struct.pack('<II', 1, x_unit) + f32(x))
    if lists:
        content = struct.pack('<I', len(lists))
        for kind, unit, values in lists:
            packed = struct.pack('<%d%s' % (capacity, 'Q' if unit == 24 else 'd'),
                                 *(list(values) + [0] * (capacity - len(values))))
            content += struct.pack('<II16s', kind, unit, b'list') + packed
        out += block(b'ORGN', content)
    if grid:
        flags, origin, step, size = grid
        out += block(b'WMAP', struct.pack('<II3f3f3II', flags, 0, *origin, *step, *size, 0))
    if exposure:
        def named(key, name):
            return b'k\0' + struct.pack('<HI', key, len(name)) + name
        scan = b'i\0' + struct.pack('<Hi', 40000, 7) + b'i\0' + struct.pack('<Hi', 40001, exposure)
        items = b'u\0' + struct.pack('<HI', 1001, 4) + b'test' + b'u\0' + struct.pack('<HI', 1006, 0) + b'p\0' + struct.pack('<HI', 1011, len(scan)) + scan
        items += named(40000, b'Accumulations') + named(40001, b'Exposure Time')
        out += block(b'WXDM', b'PSET' + struct.pack('<I', len(items)) + items)
    return out


def spc(spectra, x=None, first=0.0, last=0.0, end='<', exponent=-128, short=False, multi=False, own_x=False,
        x_code=13, y_code=4, z=()):
    flags = short * 1 | multi * 4 | own_x * 0x40 | (x is not None or own_x) * 0x80 | bool(z) * 8
    n = len(spectra[0])
    h = bytearray(512)
    h[0], h[1] = flags, 0x4b if end == '<' else 0x4c
    h[28], h[29], h[30] = x_code, y_code, 4
    struct.pack_into(end + 'b', h, 3, exponent)
    struct.pack_into(end + 'I', h, 4, 0 if own_x else n)
    struct.pack_into(end + 'ddI', h, 8, first, last, len(spectra))
    struct.pack_into(end + 'I', h, 32, 2022 << 20 | 1 << 16 | 21 << 11 | 12 << 6 | 2)
    out = bytes(h)
    if x is not None and not own_x:
        out += f32(x, end)
    starts = []
    for i, y in enumerate(spectra):
        s = bytearray(32)
        struct.pack_into(end + 'b', s, 1, exponent)
        struct.pack_into(end + 'f', s, 4, z[i] if z else 0)
        struct.pack_into(end + 'I', s, 16, len(y) if own_x else 0)
        starts.append(len(out))
        out += bytes(s)
        if own_x:
            out += f32(x[i], end)
        if exponent == -128:
            out += f32(y, end)
        else:
            bits = 16 if short else 32
            out += struct.pack('%s%d%s' % (end, len(y), 'h' if short else 'i'),
                               *[round(v * 2 ** (bits - exponent)) for v in y])
    if own_x:
        directory = len(out)
        out = out[:4] + struct.pack(end + 'I', directory) + out[8:]
        for at in starts:
            out += struct.pack(end + 'IIf', at, 32, 0)
    return out


def parameters(*pairs):
    out = b''
    for key, value in pairs:
        if isinstance(value, int):
            kind, data = 0, struct.pack('<i', value)
        elif isinstance(value, float):
            kind, data = 1, struct.pack('<d', value)
        else:
            data = value.encode('latin-1') + b'\0'
            kind, data = 2, data + b'\0' * (len(data) % 2)
        out += key.encode() + b'\0' + struct.pack('<HH', kind, len(data) // 2) + data
    out += b'END\0\0\0\0\0'
    return out + b'\0' * (-len(out) % 4)


def status(y, first, last, unit='WN', factor=1.0):
    return parameters(('DPF', 1), ('NPT', len(y)), ('FXV', first), ('LXV', last), ('CSF', factor),
                      ('MXY', max(y) * factor), ('MNY', min(y) * factor), ('DXU', unit), ('DAT', '17/01/2026'),
                      ('TIM', '10:11:12.500 (GMT+1)'))


def opus(blocks):
    """blocks: (type word, bytes)"""
    at = 24 + 12 * (len(blocks) + 3)
    directory, data = struct.pack('<III', 0x3400, 3 * (len(blocks) + 3), 24), b''
    for kind, content in blocks:
        directory += struct.pack('<III', kind, len(content) // 4, at + len(data))
        data += content
    head = b'\x0a\x0a\xfe\xfe' + struct.pack('<dIII', 920622.0, 24, len(blocks) + 3, len(blocks) + 1)
    return (head + directory).ljust(at, b'\0') + data
