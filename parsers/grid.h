/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of numbers and texts, from a delimited text or from a sheet, made into tables: where the
 * blocks of numbers are, which rows head them, what stands around as "key: value".
 *
 * A row of numbers is one that begins with a number and has no more texts than numbers, or with a
 * clock time, or, below headings, with a text as all rows of its block do. Rows of numbers in
 * sequence are a block; an empty or comment row inside does not end it while x goes on in its
 * direction; other text does. Columns without a number part blocks that lie side by side. Above a
 * block stand, from below: units (all of them units or in brackets), names (one text for each
 * column), titles of groups. Names that repeat (x y x y) part the block into series. Tables lying
 * on their side (a few rows, each a name and many numbers) are turned.
 */
#ifndef AS_PARSERS_GRID_H
#define AS_PARSERS_GRID_H

#include "parser.h"

typedef struct as_grid_row {
    size_t n;                /* cells; 0: an empty row */
    const double *v;         /* NaN: empty or text */
    const char *const *text; /* per cell NULL or the text; NULL: there is none in this row */
    uint32_t line;           /* for messages */
    bool comment;            /* the mark is off already */
    bool parted;             /* names that were told from a remark by what parts them */
    bool labelled;           /* by as_grid_mark_labels: numbers behind texts, yet a row of numbers */
    size_t more;             /* as many rows follow in the lines below, all of n numbers, without
                                text or gap: row k has v[c * stride + k]; 0 of a single row */
    size_t stride;
    as_table *home;          /* without columns: v lies in its arena, and it may become the table of
                                these rows; NULL: v lies in scratch */
    size_t lead;             /* rows for which there is room before v in each column of a home, v - lead
                                being aligned as columns are */
} as_grid_row;

typedef struct as_grid {
    size_t n, room;
    as_grid_row *row;
    bool packed; /* fields parted by blanks: of a row with too few, nobody knows where its gaps are */
} as_grid;

/* A copy of the row, its arrays included by pointer, is appended; in scratch. */
as_status as_grid_add(as_ctx *ctx, as_grid *g, const as_grid_row *row) AS_NODISCARD;

typedef struct as_grid_options {
    const char *columns;      /* "two_theta:deg,intensity:count": names and units; "": detected */
    const char *technique;    /* NULL: by the names of the columns */
    const char *const *bare;  /* names and units of columns without a heading: "two_theta", "deg",
                                 "intensity", "1", "sigma", "1", NULL; NULL: x, y, column_3 ... */
    const char *part;         /* name of the sheet; NULL: none */
    bool even;                /* rows of one block must have the same number of cells */
} as_grid_options;

/* Whether any row is one of numbers; marks those that begin with a label. */
bool as_grid_has_numbers(as_grid *g);

/* Emits a table for each block. AS_E_SYNTAX where a row breaks its block, AS_E_FORMAT where there
 * are more rows of text than of numbers. `count` is raised by the number of tables emitted. */
as_status as_grid_tables(as_parse *job, as_grid *g, const as_grid_options *how,
                         size_t *count) AS_NODISCARD;

#endif
