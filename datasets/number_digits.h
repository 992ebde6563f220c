/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eight decimal digits at once, in one word, for readers of numbers. Little-endian only. */
#ifndef AS_DATASETS_NUMBER_DIGITS_H
#define AS_DATASETS_NUMBER_DIGITS_H

#include <stdint.h>
#include <string.h>

extern const double as_exact_tens[23]; /* 10^0 .. 10^22: doubles hold these exactly */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Eight characters less '0'; a set high bit in *other for each that is no digit. */
static inline uint64_t as_load_eight(const char *at, uint64_t *other)
{
    uint64_t v;
    memcpy(&v, at, 8);
    v ^= UINT64_C(0x3030303030303030); /* digits become 0 to 9 */
    *other = ((v + UINT64_C(0x7676767676767676)) | v) & UINT64_C(0x8080808080808080);
    return v;
}

/* The number whose eight digits, the first in the lowest byte, are those of v: they are added up
 * in pairs, fours and eight. */
static inline uint64_t as_sum_eight(uint64_t v)
{
    v = v * 10 + (v >> 8); /* pairs in bytes 0, 2, 4, 6 */
    const uint64_t outer =
        (v & UINT64_C(0x000000ff000000ff)) * (100 + (UINT64_C(1000000) << 32));
    const uint64_t inner =
        ((v >> 16) & UINT64_C(0x000000ff000000ff)) * (1 + (UINT64_C(10000) << 32));
    return (outer + inner) >> 32 & UINT32_MAX;
}
#endif

#endif
