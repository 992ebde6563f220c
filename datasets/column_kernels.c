/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels over columns (compiled with -O3: see CMakeLists.txt). */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "column_kernels.h"
#include "widest.h"

static const double TWO_52 = 4503599627370496.0; /* doubles from here on are whole */

/* v rounded to a whole number, halves away from 0; |v| < 2^51. Adding 2^52 rounds to even. */
static inline double nearest(double v)
{
    const double raised = fabs(v) + 0.5;
    const double even = (raised + TWO_52) - TWO_52;
    const double whole = even > raised ? even - 1 : even;
    return (v < 0 ? -whole : whole) + 0.0; /* never -0 */
}

enum { BLOCK = 1024 }; /* values between two looks at the answer */

static inline size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

AS_WIDEST void as_step_positions(double start, double step, size_t n, double *x)
{
    for (size_t from = 0; from < n; from += BLOCK, x += BLOCK) {
        const int count = (int)least(n - from, BLOCK);
        for (int i = 0; i < count; i++) {
            const double exact = start + ((double)from + i) * step;
            const double rounded = nearest(exact * 1e10) / 1e10;
            x[i] = fabs(exact) < 1e5 ? rounded : exact;
        }
    }
}

AS_WIDEST void as_positions_between(double from, double to, double m, double whole, size_t n, double *x)
{
    for (size_t begun = 0; begun < n; begun += BLOCK, x += BLOCK) {
        const int count = (int)least(n - begun, BLOCK);
        for (int i = 0; i < count; i++) {
            const double k = (double)begun + i;
            x[i] = (from * (m - k) + to * k) / whole;
        }
    }
}

AS_WIDEST void as_multiply_all(const double *y, size_t n, double factor, double *out)
{
    for (size_t i = 0; i < n; i++) out[i] = y[i] * factor;
}

AS_WIDEST void as_divide_all(const double *y, size_t n, double divisor, double *out)
{
    for (size_t i = 0; i < n; i++) out[i] = y[i] / divisor;
}

static inline uint64_t bits_of(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

AS_WIDEST bool as_are_whole(const double *y, size_t n)
{
    for (size_t from = 0; from < n; from += BLOCK, y += BLOCK) {
        const int count = (int)least(n - from, BLOCK);
        uint64_t off = 0;
        for (int i = 0; i < count; i++) {
            const double v = y[i], fraction = (v + TWO_52) - TWO_52 - v;
            const double small = v < 1e15 ? fraction : 1;
            off |= bits_of(v >= 0 ? small : 1);
        }
        if (off) return false;
    }
    return true;
}

AS_WIDEST bool as_are_finite(const double *y, size_t n)
{
    for (size_t from = 0; from < n; from += BLOCK, y += BLOCK) {
        const int count = (int)least(n - from, BLOCK);
        uint64_t off = 0;
        for (int i = 0; i < count; i++) off |= bits_of(y[i] - y[i]); /* inf - inf is NaN */
        if (off) return false;
    }
    return true;
}

AS_WIDEST void as_counting_sigmas(const double *restrict y, size_t n, double scale, double *restrict sigma)
{
    for (size_t i = 0; i < n; i++) {
        const double counts = y[i] * scale, root = sqrt(counts > 1 ? counts : 1);
        sigma[i] = y[i] - y[i] == 0 ? root / scale : (double)NAN;
    }
}

AS_WIDEST bool as_run_up(const double *x, size_t n, double sign)
{
    for (size_t from = 1; from < n; from += BLOCK) {
        const int count = (int)least(n - from, BLOCK);
        const double *at = x + from, *before = at - 1;
        uint64_t off = 0;
        for (int i = 0; i < count; i++) off |= bits_of(sign * at[i] > sign * before[i] ? 0 : 1);
        if (off) return false;
    }
    return true;
}

AS_WIDEST void as_least_and_most(const double *y, size_t n, double *least_y, double *most_y)
{
    enum { LANES = 8 };
    double low[LANES], high[LANES];
    for (int k = 0; k < LANES; k++) {
        low[k] = (double)INFINITY;
        high[k] = -(double)INFINITY;
    }
    for (; n >= LANES; n -= LANES, y += LANES)
        for (int k = 0; k < LANES; k++) {
            low[k] = y[k] < low[k] ? y[k] : low[k];
            high[k] = y[k] > high[k] ? y[k] : high[k];
        }
    for (size_t k = 0; k < n; k++) {
        low[k] = y[k] < low[k] ? y[k] : low[k];
        high[k] = y[k] > high[k] ? y[k] : high[k];
    }
    for (int k = 1; k < LANES; k++) {
        low[0] = low[k] < low[0] ? low[k] : low[0];
        high[0] = high[k] > high[0] ? high[k] : high[0];
    }
    *least_y = low[0];
    *most_y = high[0];
}
