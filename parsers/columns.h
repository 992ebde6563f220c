/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows under headings, as the exports of thermal analysis and electrochemistry have them: names
 * with units, rows of numbers and some texts. What their readers share; only for parsers/.
 */
#ifndef AS_PARSERS_COLUMNS_H
#define AS_PARSERS_COLUMNS_H

#include "diffraction.h"
#include "grid.h"
#include "headings.h"

/* A format's own name of a column; consulted before the general ones of headings.c. */
typedef struct as_alias {
    const char *key;  /* as as_plain_key has it, without the unit; a leading '-' is kept */
    const char *name; /* of the vocabulary; NULL: the column is left out */
    const char *unit; /* where the file states none; NULL: none */
    double factor;    /* of all values; 0: 1 */
    bool clock;       /* written hh:mm:ss or d hh:mm:ss; becomes seconds */
} as_alias;

typedef struct as_names {
    size_t n;
    const as_alias *alias;
} as_names;

typedef struct as_run {
    size_t n;
    as_heading *h;
    const as_alias **alias; /* that was found; NULL: none */
    char decimal;           /* of the fields of texts; 0 as '.' */
    double segment;         /* of the rows to come; 0: the file has none */
    double first_segment;   /* of the rows there are */
    bool segmented;         /* they differ: the table gets a column of them */
    size_t unnamed;         /* columns behind these that have no name */
    as_grid rows;
} as_run;

/* Headings of n columns; `units` NULL: they stand in the names. In scratch. A degree sign that was
 * lost on the way ("?C", ">C", code page 437 read as another) is mended. */
as_status as_run_heads(as_ctx *ctx, as_run *r, size_t n, const char *const *names,
                       const char *const *units, const as_names *known) AS_NODISCARD;
/* The same of a line cut at `separator`, and of the line of units below it (NULL: none). Empty
 * names at its end are no columns; cells below them are left out with a warning where the first is empty. */
as_status as_run_head_lines(as_ctx *ctx, as_run *r, const as_line *names, const as_line *units,
                            char separator, const as_names *known) AS_NODISCARD;

/* A row: AS_E_SYNTAX when it has not n fields. The last line of a file, cut, is left out with a
 * warning. Numbers and separator as `it` says. */
as_status as_run_add(as_parse *job, as_run *r, const as_lines *it,
                     const as_line *line) AS_NODISCARD;
as_status as_run_add_cells(as_ctx *ctx, as_run *r, size_t n, const double *v,
                           const char *const *text, uint32_t line) AS_NODISCARD;

/* All lines that are left, as rows; blank ones are skipped. One that begins with `foreign` (0: none) is
 * AS_E_FORMAT, and `what` says what it is. */
as_status as_run_rest(as_parse *job, as_run *r, as_lines *it, char foreign,
                      const char *what) AS_NODISCARD;

/* The table of all rows so far, which are forgotten; roles are still to be given. Columns whose
 * first value is a text are texts; a text in one of numbers is AS_E_SYNTAX where the vocabulary
 * knows the column, and makes it one of texts where it does not. NULL with the error. */
as_table *as_run_table(as_parse *job, as_run *r) AS_NODISCARD;

/* For who fills tables himself: the column of heading c, which has a name, of zeros, added to `t`; its values are
 * to be multiplied by `factor`. NULL with the error. */
as_column *as_run_column(as_ctx *ctx, const as_run *r, size_t c, as_table *t,
                         double *factor) AS_NODISCARD;

typedef struct as_curve { const char *x, *y; } as_curve;

/* Roles x and y by the first pair that the table has; AS_E_MISSING at `where` else. */
as_status as_set_curve(as_ctx *ctx, as_table *t, size_t n, const as_curve *pairs,
                       const as_where *where) AS_NODISCARD;

/* The text with signs mended that code pages spoil: the degree sign before C, and `"` after Z. In
 * scratch. */
const char *as_mend_degree(as_ctx *ctx, const char *text) AS_NODISCARD;

/* Whether a field with this text is a clock time; its seconds. */
bool as_read_clock(const char *text, double *seconds);

#endif
