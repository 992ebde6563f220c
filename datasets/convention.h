/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a text writes its numbers: decimal sign, field separator, thousands marks; decided from the
 * whole file with evidence, never from a locale.
 *
 * The rule. Each separator that occurs (tab, ';', ',', else blanks) is tried with each decimal
 * sign that occurs. A line counts by the share of its fields that are numbers; lines of the most
 * frequent number of fields count; the pair with the highest sum wins. On a tie an explicit
 * separator beats blanks, and '.' beats ','. Marks of thousands are believed only where a number
 * shows both marks (1.234,5). What remains is the line "12,345", one number or two: a header cut
 * by the comma, a comma beside a blank, a sign or an exponent behind it prove the separator; a
 * zero followed by digits behind it (5,02) proves the decimal sign; else it is ambiguous.
 */
#ifndef AS_DATASETS_CONVENTION_H
#define AS_DATASETS_CONVENTION_H

#include "input.h"

typedef struct as_convention {
    char decimal;          /* '.' or ',' */
    char separator;        /* '\t', ';', ','; 0: blanks */
    char thousands;        /* ',' or '.'; 0: none */
    size_t columns;        /* the most frequent number of fields in lines with numbers */
    size_t lines;          /* that have so many and are numbers at least by half */
    const char *ambiguous; /* static; why nothing could be proved; NULL: it is proved */
} as_convention;

/* Over lines first .. last of the file, counted from 1; last == 0: to the end. No numbers at all:
 * lines == 0. Only memory can fail. */
as_status as_convention_of(as_ctx *ctx, const as_input *in, uint32_t first, uint32_t last,
                           as_convention *out) AS_NODISCARD;

/* The number that a whole field is. Marks of thousands must group by three. */
bool as_convention_number(const as_convention *c, const char *text, size_t n, double *out);

/* What people write for a missing number: nothing, nan, n/a, -, --, null, #N/A ... */
bool as_is_missing(const char *text, size_t n);

#endif
