#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as Python's repr() writes them and float() reads them, on many doubles.

The two source files are built into a shared object by themselves, so that Python calls them directly.
"""
import ctypes, math, os, random, shutil, struct, subprocess, sys, tempfile

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
CC = shutil.which(os.environ.get('CC', 'cc')) or shutil.which('gcc') or shutil.which('clang')
if not CC:
    print('skipped: no C compiler')
    sys.exit(77)


def build(folder):
    datasets = os.path.join(SOURCE, 'datasets')
    table = os.path.join(folder, 'pow10.c')
    subprocess.run([sys.executable, os.path.join(datasets, 'pow10.py'), table], check=True)
    library = os.path.join(folder, 'number.so')
    subprocess.run([CC, '-std=c17', '-O2', '-ffp-contract=off', '-shared', '-fPIC', '-I', datasets, '-o', library,
                    table, os.path.join(datasets, 'number.c'), os.path.join(datasets, 'number_read.c')], check=True)
    number = ctypes.CDLL(library)
    number.as_write_number.argtypes = [ctypes.c_double, ctypes.c_char_p]
    number.as_write_number.restype = ctypes.c_size_t
    number.as_scan_number.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char, ctypes.POINTER(ctypes.c_double)]
    number.as_scan_number.restype = ctypes.c_size_t
    return number


def wanted(value):
    if value == 0:
        return '0'
    text = repr(value)
    return text[:-2] if text.endswith('.0') else text


def doubles(rng):
    for _ in range(60000):
        yield struct.unpack('<d', struct.pack('<Q', rng.getrandbits(64)))[0]
        yield rng.uniform(-1000, 1000)
        yield round(rng.uniform(0, 1e6), rng.randrange(8))
    for exponent in range(-1074, 1024):
        power = math.ldexp(1, exponent)
        yield from (power, math.nextafter(power, 0), math.nextafter(power, math.inf))
    for exponent in range(-323, 309):
        yield from (float('%de%d' % (d, exponent)) for d in (1, 2, 5, 9))
    for edge in (1e15, 1e16, 1e17, 2.0 ** 53, 1e-4, 1e-5):
        yield from (edge, math.nextafter(edge, 0), math.nextafter(edge, math.inf), -edge)
    yield from (0.0, -0.0, math.inf, -math.inf, math.nan)


def texts(rng):
    for _ in range(40000):
        digits = ''.join(rng.choice('0123456789') for _ in range(rng.choice((1, 5, 17, 19, 20, 25, 40))))
        point = rng.randrange(len(digits) + 1)
        yield digits[:point] + '.' + digits[point:] + rng.choice(('', 'e%d' % rng.randrange(-345, 310)))
    for _ in range(300):  # halfway between two doubles, and a hair to either side
        low = abs(struct.unpack('<d', struct.pack('<Q', rng.getrandbits(64)))[0])
        if not math.isfinite(low) or not math.isfinite(math.nextafter(low, math.inf)):
            continue
        numerator, denominator = low.as_integer_ratio()
        n2, d2 = math.nextafter(low, math.inf).as_integer_ratio()
        top, bottom = numerator * d2 + n2 * denominator, 2 * denominator * d2
        power = bottom.bit_length() - 1  # bottom is a power of two
        digits = top * 5 ** power
        for change in (0, 1, -1):
            yield '%de-%d' % (digits * 10 + change, power + 1)


def main():
    with tempfile.TemporaryDirectory() as folder:
        number = build(folder)
        rng, failures, done = random.Random(20240229), 0, 0
        text, value = ctypes.create_string_buffer(32), ctypes.c_double()
        for x in doubles(rng):
            done += 1
            n = number.as_write_number(x, text)
            if text.value.decode() != wanted(x) or n != len(text.value):
                failures += 1
                print('written %s, repr says %s' % (text.value.decode(), wanted(x)))
        getattr(sys, "set_int_max_str_digits", int)(0)
        for t in texts(rng):
            done += 1
            raw = t.encode()
            if number.as_scan_number(raw, len(raw), b'.', ctypes.byref(value)) != len(raw) or value.value != float(t):
                failures += 1
                print('read %r from %s, float says %r' % (value.value, t[:60], float(t)))
            if failures > 20:
                break
    print('%d numbers, %d wrong' % (done, failures))
    return 1 if failures or done < 100000 else 0


sys.exit(main())
