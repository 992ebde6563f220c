/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JCAMP-DX in its parts: labelled data records and their blocks, and tables of values. */
#ifndef AS_PARSERS_JCAMP_H
#define AS_PARSERS_JCAMP_H

#include "asdf.h"
#include "parser.h"

/* --- records: jcamp_record.c ----------------------------------------------------- */
typedef struct as_ldr {
    const char *label; /* compared as the protocol wants: upper case, no blank - / _ */
    const char *name;  /* as it is written */
    const char *value; /* all lines, comments taken off; of a table the first line: its form */
    const char *note;  /* the comment of the first line; NULL: none */
    bool table;
    as_lines data;     /* of a table: behind the first line */
    size_t end;        /* of a table: where the next record or the end of the file is */
    as_where where;
} as_ldr;

/* One ##TITLE= ... ##END=, without the blocks inside. */
typedef struct as_jcamp_block {
    size_t n, room;
    as_ldr *ldr;
    bool ended;                    /* by its ##END= */
    size_t tables;                 /* of its records */
    size_t at;                     /* the table that is being read: records before it come first */
    struct as_jcamp_block *parent; /* NULL: the outermost */
} as_jcamp_block;

/* The next line, as it stands in the input: no NUL behind it, not copied, and its place without
 * the line's text. AS_DONE at the end of the file. */
as_more as_jcamp_line(as_lines *it, as_line *out) AS_NODISCARD;
/* The next record, in scratch; AS_DONE at the end of the file. */
as_more as_next_ldr(as_ctx *ctx, as_lines *it, as_ldr *out) AS_NODISCARD;
/* The input, or in scratch a copy of it with decimal points, where a record like FIRSTX has a decimal
 * comma, which the protocol does not know (`mended`). */
as_status as_jcamp_points(as_ctx *ctx, const as_input *in, const as_input **out,
                          bool *mended) AS_NODISCARD;
/* "Data-Type" as "DATATYPE", in scratch. */
const char *as_jcamp_label(as_ctx *ctx, const char *text, size_t n) AS_NODISCARD;
/* The record of this label with a value: the last before the table at b->at, else the first behind
 * it; NULL: none. */
const as_ldr *as_find_ldr(const as_jcamp_block *b, const char *label);
const char *as_ldr_text(const as_jcamp_block *b, const char *label); /* "": none */
/* NaN where there is none, or no number. */
double as_ldr_number(const as_jcamp_block *b, const char *label);

/* --- values: jcamp_table.c --------------------------------------------------------- */
typedef struct as_jcamp_axes { /* NaN: not stated */
    double first, last, delta, x_factor, y_factor;
    double points;
    double y_first, y_min, y_max; /* in units of y, behind the factor */
    bool page;   /* one of several: y_min and y_max are those of all */
    bool strict; /* refuse what check values prove to be damaged, else warn */
} as_jcamp_axes;

/* A table of columns without names, x and y first; the other columns of peak tables have theirs.
 * Every check value is compared. */
as_status as_jcamp_table(as_parse *job, const as_jcamp_block *b, const as_ldr *data,
                         const as_jcamp_axes *axes, as_table **out) AS_NODISCARD;

/* No byte of the table is a letter: numbers in free format, none with an exponent. */
bool as_jcamp_no_letters(const as_ldr *data);

#endif
