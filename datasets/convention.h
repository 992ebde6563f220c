/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a text writes its numbers: decimal sign, field separator, thousands marks; decided from the
 * whole file with evidence, never from a locale.
 *
 * The rule. Each separator that occurs (tab, ';', ',', '|', else blanks) is tried with each
 * decimal sign that occurs. A line counts by the share of its fields that are numbers; lines of
 * the most frequent number of fields count; the pair with the highest sum wins. Lines with more texts
 * than numbers, two numbers at least, count only where no others are. On a tie an
 * explicit separator beats blanks, and '.' beats ','. Marks of thousands are believed only where a
 * number shows both marks (1.234,5); an apostrophe, a no-break or a thin blank between groups of
 * three digits always. A comma is separator and decimal sign where quotes tell them apart. What
 * remains is the line "12,345", one number or two: a header cut by the comma, a comma beside a
 * blank, a sign or an exponent behind it prove the separator; a zero followed by digits behind it
 * (5,02) proves the decimal sign; else it is ambiguous. So are lines as 10,05,101,0 without any
 * quotes.
 */
#ifndef AS_DATASETS_CONVENTION_H
#define AS_DATASETS_CONVENTION_H

#include "input.h"
#include "number.h"

typedef struct as_convention {
    char decimal;          /* '.' or ',' */
    char separator;        /* '\t', ';', ',', '|', '&'; 0: blanks */
    char thousands;        /* ',' or '.'; 0: none */
    size_t columns;        /* the most frequent number of fields in lines with numbers */
    size_t lines;          /* that have so many and are numbers at least by half; if none, with two */
    const char *ambiguous; /* static; why nothing could be proved; NULL: it is proved */
} as_convention;

/* Over lines first .. last of the file, counted from 1; last == 0: to the end. No numbers at all:
 * lines == 0. Only memory can fail. */
as_status as_convention_of(as_ctx *ctx, const as_input *in, uint32_t first, uint32_t last,
                           as_convention *out) AS_NODISCARD;

/* The same for who goes through the lines himself, each once and in order; in scratch. */
typedef struct as_deciding as_deciding;
as_status as_deciding_begin(as_ctx *ctx, const as_input *in, as_deciding **out) AS_NODISCARD;
void as_deciding_line(as_deciding *d, const as_line *line);
/* True when the conventions still possible read rows of numbers in this form alike (the number of
 * columns is left open), so that as_deciding_rows may stand for `lines` rows of `columns`. */
bool as_deciding_form(const as_deciding *d, as_row_form *out);
void as_deciding_rows(as_deciding *d, size_t columns, size_t lines);
void as_deciding_end(as_deciding *d, as_convention *out);

/* The number that a whole field is. Marks of thousands must group by three. */
bool as_convention_number(const as_convention *c, const char *text, size_t n, double *out);

/* What people write for a missing number: nothing, nan, n/a, -, --, null, #N/A ... */
bool as_is_missing(const char *text, size_t n);

#endif
