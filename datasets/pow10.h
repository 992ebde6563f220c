/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Powers of ten to 128 bits, rounded down: private to number.c and number_read.c. The table
 * is written by pow10.py when building.
 *
 * 10^q = (hi 2^64 + lo + t) 2^(s - 127), hi >= 2^63, 0 <= t < 1, s = floor(q log2 10); t is 0
 * for AS_POW10_EXACT_FIRST <= q <= AS_POW10_EXACT_LAST and never 0 elsewhere.
 */
#ifndef AS_DATASETS_POW10_H
#define AS_DATASETS_POW10_H

#include <stdbool.h>
#include <stdint.h>

enum {
    AS_POW10_FIRST = -342,
    AS_POW10_LAST = 324,
    AS_POW10_EXACT_FIRST = 0,
    AS_POW10_EXACT_LAST = 55
};

typedef struct as_pow10 {
    uint64_t hi, lo;
} as_pow10;

extern const as_pow10 as_pow10_table[];

__extension__ typedef unsigned __int128 as_u128;

/* floor(q log2 10) for |q| <= 1233. */
static inline int as_log2_pow10(int q)
{
    return (q * 1741647) >> 19;
}

static inline bool as_pow10_exact(int q)
{
    return q >= AS_POW10_EXACT_FIRST && q <= AS_POW10_EXACT_LAST;
}

#endif
