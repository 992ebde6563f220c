/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eight doubles side by side, in portable C: GCC's vector extension, which GCC and Clang
 * turn into whatever registers the machine has. Every operation is the IEEE one on each
 * lane and nothing is contracted or reordered, so the bits are the same on all of them.
 */
#ifndef AS_PROCESSING_SIMD_H
#define AS_PROCESSING_SIMD_H

#include <stdint.h>
#include <string.h>

#include "widest.h"

typedef double as_v8 __attribute__((vector_size(64), may_alias));
typedef int64_t as_m8 __attribute__((vector_size(64))); /* also the result of comparisons: 0 or -1 */

#define AS_INLINE static inline __attribute__((always_inline))

AS_INLINE as_v8 as_v8_of(double value)
{
    return (as_v8){ value, value, value, value, value, value, value, value };
}

/* `yes` where the mask is set, `no` elsewhere. */
AS_INLINE as_v8 as_v8_select(as_m8 mask, as_v8 yes, as_v8 no)
{
    return (as_v8)((mask & (as_m8)yes) | (~mask & (as_m8)no));
}

AS_INLINE as_v8 as_v8_min(as_v8 a, as_v8 b)
{
    return as_v8_select(a < b, a, b);
}

AS_INLINE as_v8 as_v8_max(as_v8 a, as_v8 b)
{
    return as_v8_select(a > b, a, b);
}

AS_INLINE as_v8 as_v8_abs(as_v8 a)
{
    return (as_v8)((as_m8)a & INT64_MAX);
}

/* The sum of the lanes, in a fixed order. */
AS_INLINE double as_v8_sum(as_v8 a)
{
    return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));
}

/* exp(x) within 1 ulp or so; x is clipped to [-700, 700]. x = n ln 2 + r, |r| <= ln 2 / 2;
 * exp(r) by its Taylor series to r^13 (remainder 4e-18), times 2^n through the exponent bits. */
AS_INLINE as_v8 as_v8_exp(as_v8 x)
{
    const as_v8 magic = as_v8_of(0x1.8p52); /* adding it rounds to an integer, kept in the low bits */
    x = as_v8_min(as_v8_max(x, as_v8_of(-700)), as_v8_of(700));
    const as_v8 shifted = x * as_v8_of(0x1.71547652b82fep0) + magic;
    const as_v8 n = shifted - magic;
    const as_v8 r = x - n * as_v8_of(0x1.62e42fee00000p-1) - n * as_v8_of(0x1.a39ef35793c76p-33);
    const as_v8 r2 = r * r, r4 = r2 * r2;
    const as_v8 low = (as_v8_of(1.0 / 2) + r * as_v8_of(1.0 / 6)) +
                      r2 * (as_v8_of(1.0 / 24) + r * as_v8_of(1.0 / 120));
    const as_v8 mid = (as_v8_of(1.0 / 720) + r * as_v8_of(1.0 / 5040)) +
                      r2 * (as_v8_of(1.0 / 40320) + r * as_v8_of(1.0 / 362880));
    const as_v8 high = (as_v8_of(1.0 / 3628800) + r * as_v8_of(1.0 / 39916800)) +
                       r2 * (as_v8_of(1.0 / 479001600) + r * as_v8_of(1.0 / 6227020800.0));
    const as_v8 p = as_v8_of(1) + (r + r2 * (low + r4 * (mid + r4 * high)));
    return (as_v8)((as_m8)p + ((as_m8)shifted << 52));
}

#endif
