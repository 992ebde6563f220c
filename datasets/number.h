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

/* The numbers at the start of text[0 .. n), one after the other with a single blank, tab, line end or
 * comma between two: at most `room` of them to `out`, *count says how many. Returns the bytes used,
 * the separator behind the last among them; nan and inf end it as any other word does. */
size_t as_scan_list(const char *text, size_t n, size_t room, double *out, size_t *count);

/* How a row of numbers is laid out. */
typedef struct as_row_form {
    char decimal;
    char separator; /* one between two numbers, blanks around it ignored; 0: blanks and tabs alone */
    bool bare;      /* the separator has no blanks beside it, nor has the row at its ends */
    bool gaps;      /* nan is a number too */
    size_t count;   /* numbers in a row */
} as_row_form;

/* A line at the start of text[0 .. n) that is `count` numbers and nothing else,
 * up to a LF, a CR LF or the end of the text. Number i goes to out[i * stride]. Returns the bytes
 * used, the line end among them; 0: the line is anything else, and `out` holds rubbish. */
size_t as_scan_row(const char *text, size_t n, const as_row_form *form, double *out, size_t stride);

/* Such rows from *text on, at most `most`, number i of row k to out[i * stride + k * step]: how many.
 * *text moves behind the last. Fewer: the text ends at `end`, or what stands there is no such row, and
 * the place of the next row holds rubbish. */
size_t as_scan_rows(const char **text, const char *end, const as_row_form *form, size_t most,
                    double *out, size_t stride, size_t step);

#endif
