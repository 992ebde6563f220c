/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between grid.c, which finds blocks, grid_headings.c, which finds what heads them, and grid_block.c, which makes
 * tables of them. */
#ifndef AS_PARSERS_GRID_PRIVATE_H
#define AS_PARSERS_GRID_PRIVATE_H

#include "grid.h"
#include "headings.h"

typedef struct as_block {
    const as_grid *grid;
    size_t first, end;    /* rows [first, end) */
    size_t n;             /* columns */
    const size_t *column; /* which of the grid's, in order */
    const as_grid_row *names, *units, *groups; /* NULL: none */
    const as_grid_row *drawn; /* "X", "Y", "yEr": as what Origin draws the columns; NULL: not told */
} as_block;

/* Numbers and texts of a row, where the first of each stands (SIZE_MAX: none), and behind the last. */
typedef struct as_tally { size_t numbers, texts, first_number, first_text, end; } as_tally;
as_tally as_row_tally(const as_grid_row *r);

/* The text in cell `c`; NULL: none. */
const char *as_row_text(const as_grid_row *r, size_t c);
/* The number in cell `c` of the first of the rows that `r` stands for; NaN: none. */
double as_row_number(const as_grid_row *r, size_t c);
bool as_row_is_blank(const as_grid_row *r);
bool as_row_is_data(const as_grid_row *r);

/* "13:40:25.811", "2021-03-04", "4/3/2021 1:40 PM": a clock time, a date or both. */
bool as_is_clock_text(const char *text);

/* Rows that only look like numbers: lines of a remark that begin with one ("3000 x 806") become text; among numbers
 * whose first cells are empty, a note in one of these makes a column of texts of them. */
as_status as_grid_settle_rows(const as_parse *job, as_grid *g) AS_NODISCARD;
/* Settings that stand beside a table, left of it as Tektronix writes them or as pairs at its right: rows of them,
 * then the table, in `out`, and *found. */
as_status as_grid_part_margin(const as_parse *job, const as_grid *g, as_grid *out, bool *found) AS_NODISCARD;

/* A table that lies on its side: a few rows, each a name and many numbers. */
bool as_grid_lies(const as_grid *g, size_t *n_rows, size_t *n_columns);

/* It set upright: a row of names and one for each column of numbers, in `out`. */
as_status as_grid_turn(as_ctx *ctx, const as_grid *g, size_t rows, size_t columns,
                       as_grid *out) AS_NODISCARD;
/* A matrix: numbers head its columns, nothing stands in the corner, or rows beside tell what they are. They become
 * names. */
as_status as_grid_name_matrix(const as_parse *job, const as_grid *g) AS_NODISCARD;

/* Leaves out the column of numbers of rows that Origin writes beside "Long Name" and "Units". */
as_status as_grid_drop_numbers(const as_parse *job, as_grid *g) AS_NODISCARD;

/* Sets `labelled`: rows of one shape that follow each other, each beginning with one or two clock
 * times or dates, or, four at least below a row of headings, with labels; or four at least, texts and
 * numbers mixed, each in the same columns of all, below a heading of every column. */
void as_grid_mark_labels(as_grid *g);

/* "Units", before the units of the other columns. */
bool as_is_word_for_units(const char *text);

/* Columns whose cells are all "12.3 ± 0.4" become two, the second of the uncertainties, in all rows as wide. */
as_status as_grid_part_uncertain(as_ctx *ctx, as_grid *g) AS_NODISCARD;

/* Columns of "12.5%" become numbers, in %. */
as_status as_grid_part_percent(as_ctx *ctx, as_grid *g) AS_NODISCARD;

/* Rows [above, first) belong to this block; finds names, units and group titles among them. */
void as_find_headings(as_ctx *ctx, const as_grid *g, size_t above, as_block *b);

/* A column that Origin draws as the error of the one before it is sigma; "Time" beside clock times heads
 * these, not x. */
void as_grid_designate(const as_block *b, as_heading *h);

/* One table, or one for each group of repeated names. `meta`: no rows, what stands around; the
 * laser is added where that and the columns show that wavenumbers are Raman shifts. */
as_status as_block_tables(as_parse *job, const as_block *b, const as_grid_options *how,
                          as_table *meta, size_t *count) AS_NODISCARD;

/* A setting in the words that spectrometers share (exposure, laser, averages, date), where name and unit are
 * certain: set in `t` and *done, else nothing. */
as_status as_grid_fact(as_ctx *ctx, as_table *t, const char *text, const char *value, const as_where *where,
                       bool *done) AS_NODISCARD;
/* What settings in `meta` say of the columns [from, to): names and units in `h`, facts in `meta`. */
as_status as_grid_told(as_ctx *ctx, const as_block *b, size_t from, size_t to, as_heading *h,
                       as_table *meta) AS_NODISCARD;
/* Tables of Wasatch Enlighten, which states no units: wavelengths in nm, times in ms, what `processed` is. */
as_status as_grid_enlighten(as_ctx *ctx, as_table *meta, size_t n, as_heading *h) AS_NODISCARD;

/* Intensities that are called by their pass energy, as LG4X writes them: "BE/eV<tab>PE: 20.0 eV". */
as_status as_grid_pass(as_ctx *ctx, as_table *meta, size_t n, as_heading *h) AS_NODISCARD;
/* The report of Cary WinUV below the block, of the sample `title` (NULL: of the only one), as metadata of `t`. */
as_status as_grid_cary(as_ctx *ctx, const as_block *b, const char *title, const char *file,
                       as_table *t) AS_NODISCARD;
/* The name of what spectra are measured against: alone it is no measurement. */
bool as_is_spectral_axis(const char *name);
/* Emit the table; where the axis of a spectrum begins again and again in it and other columns stand still in
 * between, as a series for each spectrum, these columns as metadata. `count` is raised by the series. */
as_status as_grid_emit(as_parse *job, as_table *t, size_t *count) AS_NODISCARD;

/* "two_theta:deg,intensity:count", as many as there are columns; AS_E_USAGE: they are not. */
as_status as_given_headings(as_parse *job, const char *columns, size_t n, as_heading *h) AS_NODISCARD;

/* "Sample", "A 12": as metadata of `t` by the words that programs share, else vendor.KEY; nothing of an empty one. */
as_status as_grid_keep(as_parse *job, as_table *t, const char *key, const char *value,
                       const as_where *where) AS_NODISCARD;

/* Spectra in one wide table (names and an axis of numbers above, a spectrum in each row): a series for each row, what
 * stands beside it as metadata, and *done. The axis is x, without a unit, unless a heading or --columns says what it
 * is; y is `intensity` in a map of X and Y. A matrix below an axis that is named, or of numbers only, is none. */
as_status as_grid_wide(as_parse *job, const as_grid *g, const as_grid_options *how, size_t *count,
                       bool *done) AS_NODISCARD;

#endif
