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
 * comma, which the protocol does not know (`mended`); in its tables where they have no decimal point
 * and NPOINTS does not prove that commas separate. */
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

/* --- the axis: jcamp_axis.c ---------------------------------------------------------- */
typedef struct as_jcamp_check { /* the abscissa of one line, times the factor; there are many: small */
    double x;
    size_t index; /* of the point that it is of */
    float unit;   /* one in its last digit */
    uint32_t line;
} as_jcamp_check;

typedef struct as_jcamp_walk {
    const as_jcamp_axes *axes;
    const as_jcamp_check *check;
    size_t n_checks, rows;
} as_jcamp_walk;

/* The distance of two points. LASTX and NPOINTS say it; where the number of points is not NPOINTS,
 * that way of counting it which the abscissae of the lines confirm best: `wrong` of them do not, the
 * first at `worst` (left alone where there is none). NaN: nothing says it. */
double as_jcamp_step(const as_jcamp_walk *w, double first, const as_jcamp_check **worst, size_t *wrong);
/* One ordinate in each line, and abscissae that are off an even axis by more than their rounding. */
bool as_jcamp_own_x(const as_jcamp_walk *w, double first, double step);
/* FIRSTX and LASTX are the wrong way round for the lines. */
bool as_jcamp_backwards(const as_jcamp_walk *w);
/* The lines begin with the number of their first point, down to 1 or 0 or up from there, and all points
 * are there. ChemSpectra writes so, whatever the axis. */
bool as_jcamp_counts(const as_jcamp_walk *w);

/* --- names: jcamp_names.c ------------------------------------------------------------ */
typedef struct as_jcamp_words {
    const char *x, *y;         /* XUNITS and YUNITS */
    const char *own_x, *own_y; /* "NAME, UNIT" of our writer, where those do not say it; "": none */
} as_jcamp_words;

/* Names, units and roles of the first two columns, technique and y_meaning; with warnings (at `at`) where
 * DATA TYPE and the words contradict each other. */
as_status as_jcamp_name(as_parse *job, as_table *t, const char *type, const as_jcamp_words *words,
                        const as_where *at) AS_NODISCARD;

/* value * factor (NaN: 1), divided by 1000 where that is 0.001: 1e-3 is no binary number, 1e3 is. */
double as_jcamp_scaled(double value, double factor);

/* A table of peaks, which need not reach MINY and MAXY and may be empty. */
bool as_jcamp_is_peaks(const as_ldr *data);
/* Nothing but blanks and comments. */
bool as_jcamp_is_empty(const as_ldr *data);

/* No byte of the table is a letter: numbers in free format, none with an exponent. */
bool as_jcamp_no_letters(const as_ldr *data);

#endif
