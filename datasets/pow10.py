#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write pow10.c: 10^q for q = -342 .. 324, the upper 128 bits of each, rounded down.

10^q = (hi 2^64 + lo + t) 2^(s - 127) with 2^127 <= hi 2^64 + lo, 0 <= t < 1 and s = floor(q log2 10);
t is 0 for q = 0 .. 55 only. Run by the build: pow10.py OUTPUT.
"""
import sys

LEAST, GREATEST = -342, 324


def leading(q):
    """floor of 10^q scaled by the power of two that leaves 128 bits."""
    if q >= 0:
        extra = (10 ** q).bit_length() - 128
        return 10 ** q >> extra if extra > 0 else 10 ** q << -extra
    bits = (10 ** -q).bit_length() + 127
    value = (1 << bits) // 10 ** -q
    return value if value < 1 << 128 else value >> 1


rows = []
for power in range(LEAST, GREATEST + 1):
    value = leading(power)
    assert value.bit_length() == 128
    rows.append('    { 0x%016xu, 0x%016xu }, /* %d */\n' % (value >> 64, value & (1 << 64) - 1, power))
with open(sys.argv[1], 'w', encoding='ascii') as out:
    out.write('/* Made by pow10.py. */\n#include "pow10.h"\n\nconst as_pow10 as_pow10_table[] = {\n')
    out.writelines(rows)
    out.write('};\n')
