/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text, exactly: both directions are correctly rounded and know no locale.
 *
 * Writing gives the fewest digits that read back to the same double, in the form of
 * Python's repr() without a trailing ".0" (5, 5.02, 1e-07, 1e+16, nan, inf, -0 as 0).
 */
#ifndef AS_DATASETS_NUMBER_H
#define AS_DATASETS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

enum { AS_NUMBER_MAX = 40 }; /* bytes as_write_number may touch; 24 and a NUL are text */

/* Writes `value` and a NUL at `out`; the length without the NUL. */
size_t as_write_number(double value, char out[AS_NUMBER_MAX]);

/* The number at the start of text[0 .. n): optional sign, digits with `decimal` as decimal
 * point, optional exponent (e, E, d or D); nan, inf, infinity in any case. Returns the bytes
 * used, 0 when there is none. Overflow gives inf, underflow the nearest double. */
size_t as_scan_number(const char *text, size_t n, char decimal, double *out);

/* True when the whole of text[0 .. n), blanks around it aside, is one number. */
bool as_read_number(const char *text, size_t n, char decimal, double *out);

#endif
