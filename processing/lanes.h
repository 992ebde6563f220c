/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Array kernels of eight doubles at a time, on the vectors of simd.h.
 *
 * A kernel is a loop over blocks of AS_LANE doubles, marked AS_WIDEST; arrays have a multiple
 * of AS_LANE entries. Vectors pass by address, so that these functions suit every compiler.
 */
#ifndef AS_PROCESSING_LANES_H
#define AS_PROCESSING_LANES_H

#include <stddef.h>

#include "simd.h"

enum { AS_LANE = 8 };

typedef double as_v8u __attribute__((vector_size(64), aligned(8), may_alias)); /* in arrays */

/* Rounded up to whole blocks. */
AS_INLINE size_t as_lanes(size_t n)
{
    return (n + AS_LANE - 1) / AS_LANE * AS_LANE;
}

AS_INLINE void as_load8(const double *from, as_v8 *to)
{
    *to = *(const as_v8u *)from;
}

AS_INLINE void as_store8(double *to, const as_v8 *from)
{
    *(as_v8u *)to = *from;
}

/* where mask is all ones: a, else b */
AS_INLINE void as_select8(const as_m8 *mask, const as_v8 *a, const as_v8 *b, as_v8 *out)
{
    *out = (as_v8)((*mask & (as_m8)*a) | (~*mask & (as_m8)*b));
}

/* exp(x) within 1 ulp; 0 below -708, inf above 709; nan stays nan. x = k ln 2 + r with ln 2 in
 * two parts (Cody & Waite 1980), |r| <= 0.347, and the Taylor series to r^13 (next term 4e-18). */
AS_INLINE void as_exp8(const as_v8 *x, as_v8 *out)
{
    const as_v8 magic = { 0x1.8p52, 0x1.8p52, 0x1.8p52, 0x1.8p52,
                          0x1.8p52, 0x1.8p52, 0x1.8p52, 0x1.8p52 };
    const as_v8 low = magic * 0.0 - 708.0, high = magic * 0.0 + 709.0;
    const as_m8 under = *x < low, over = *x > high;
    as_v8 v;
    as_select8(&under, &low, x, &v);
    as_select8(&over, &high, &v, &v);

    const as_v8 t = v * 1.4426950408889634 + magic;
    const as_v8 k = t - magic;
    const as_v8 r = (v - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
    const as_v8 r2 = r * r, r4 = r2 * r2;
    const as_v8 a = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
    const as_v8 b = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
    const as_v8 c = (1.0 / 3628800 + r * (1.0 / 39916800)) +
                    r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
    const as_v8 e = 1.0 + (r + r2 * (a + r4 * (b + r4 * c)));

    /* k stands in the low bits of t: times 2^k */
    const as_v8 scaled = (as_v8)((as_m8)e + ((as_m8)t << 52));
    const as_m8 kept = ~under;
    const as_v8 zero = magic * 0.0, infinite = zero + __builtin_inf();
    as_v8 y;
    as_select8(&kept, &scaled, &zero, &y);
    as_select8(&over, &infinite, &y, out);
}

/* ln(x) for normal x > 0 within 1 ulp or so; nan otherwise is not promised. x = 2^k m with m in
 * [sqrt(1/2), sqrt 2), ln m = 2 artanh(s), s = (m-1)/(m+1), series to s^23. */
AS_INLINE void as_log8(const as_v8 *x, as_v8 *out)
{
    const as_m8 bits = (as_m8)*x;
    const as_m8 k = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
    const as_v8 m = (as_v8)(bits - (k << 52));
    const as_v8 magic = (as_v8)(k * 0 + 0x4338000000000000LL);
    const as_v8 kd = (as_v8)((as_m8)magic + k) - magic;
    const as_v8 f = m - 1.0, s = f / (m + 1.0), z = s * s, z2 = z * z, z4 = z2 * z2;
    const as_v8 p = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
    const as_v8 q = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17));
    const as_v8 t = (2.0 / 19 + z * (2.0 / 21)) + z2 * (2.0 / 23);
    const as_v8 series = z * (p + z4 * (q + z4 * t));
    /* 2s = f - s f: the rounding of s falls on the small part only */
    *out = kd * 0x1.62e42feep-1 + (f - (s * (f - series) - kd * 0x1.a39ef35793c76p-33));
}

#endif
