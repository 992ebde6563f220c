/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curve of a table, y over x: where most operations on spectra begin and end.
 * Rows whose mask is set or whose x or y is no number are not used; nothing is
 * thrown away or filled in.
 */
#ifndef AS_PROCESSING_CURVE_H
#define AS_PROCESSING_CURVE_H

#include "op.h"

typedef struct as_curve {
    size_t n;
    double *x, *y, *sigma; /* the columns' own values; sigma NULL: none */
    as_column *x_column, *y_column;
    double *use;           /* in scratch, 1 or 0, with as_padded(n) entries (rest 0) */
    size_t used;           /* rows with use 1 */
    double level;          /* taken off y by as_curve_y and as_curve_bridged; 0: see as_baseline_curve */
    bool turned;           /* x, y, sigma and use are copies from the last row to the first (as_curve_rising) */
} as_curve;

/* Rows rounded up to whole vectors of eight. */
size_t as_padded(size_t n);

/* AS_E_MISSING without x or y or when one is text; AS_E_NUMERIC with fewer than `least`
 * usable rows. */
as_status as_curve_of(as_ctx *ctx, as_table *t, size_t least, as_curve *out) AS_NODISCARD;

/* Where x ends below its start the curve is turned: x, y, sigma and use become copies in scratch from the last
 * row to the first. What is computed then is the same, bit for bit, in whichever direction x was measured.
 * as_baseline_emit and as_smooth_emit turn results back. */
as_status as_curve_rising(as_ctx *ctx, as_curve *c) AS_NODISCARD;

/* The row of the table, from 0, that entry i of the curve stands for. */
size_t as_curve_row(const as_curve *c, size_t i);

/* y in scratch, as_padded(n) long, 0 where not used. */
double *as_curve_y(as_ctx *ctx, const as_curve *c) AS_NODISCARD;

/* y in scratch with the rows not used bridged by straight lines over the row number; the
 * ends take the nearest used value. For windows that cannot leave rows out. */
double *as_curve_bridged(as_ctx *ctx, const as_curve *c) AS_NODISCARD;

/* 1: x rises all along, -1: falls. 0 with AS_E_NUMERIC: neither (the row is named). */
int as_curve_direction(as_ctx *ctx, const as_curve *c) AS_NODISCARD;

/* The mean step of x, signed. */
double as_curve_step(const as_curve *c);

/* AS_E_NUMERIC where a step of x differs from the mean by more than 1 %. `what` needs it. */
as_status as_curve_even(as_ctx *ctx, const as_curve *c, const char *what) AS_NODISCARD;

/* AS_E_NUMERIC where a step of x is more than twice, or less than half, the one before: gratings and
 * rounding make steps drift and jitter less than that, gaps and scans in pieces more. */
as_status as_curve_steady(as_ctx *ctx, const as_curve *c, const char *what) AS_NODISCARD;

/* The column `name`, made or emptied when an earlier step left one. */
as_column *as_curve_column(as_ctx *ctx, as_table *t, const char *name, as_role role,
                           as_unit unit) AS_NODISCARD;

/* Demands and gifts of baselines over evenly spaced rows. */
extern const as_demand as_baseline_needs[];
extern const as_give as_baseline_gives[];

/* |now - old| / |old|, infinite when only old is 0. */
double as_relative_change(size_t n, const double *now, const double *old);

/* Series that an operation with `finish` keeps until the stream ends, in run->keep. */
typedef struct as_held {
    size_t n;
    as_table **t;
} as_held;
as_status as_hold_series(as_run *run, as_held *held, as_table *owned) AS_NODISCARD;

/* The name without a last dot and number, in `a`: quasi of quasi.2, what several series of one input share. "" without
 * a name; NULL: no memory. */
const char *as_series_stem(as_arena *a, const as_table *t);

/* AS_E_NUMERIC when one of z, an entry for each of the curve, is no number: y or settings beyond what doubles hold. */
as_status as_need_finite(as_ctx *ctx, const as_curve *c, const double *z) AS_NODISCARD;

/* AS_E_NUMERIC: `what` ("the weights still change") by this fraction after n `rounds`; where the change is no
 * number, numbers are too large or too small. */
as_status as_not_settled(as_ctx *ctx, const char *what, double change, int n,
                         const char *rounds) AS_NODISCARD;

/* as_curve_of and as_curve_rising for baselines that follow y up and down by any constant. Where y changes by
 * less than a thousandth of itself a constant is taken off before (level) and put back by as_baseline_emit, so
 * that y is once to twice its range: what the papers compare with the size of y (changes, weights) would be
 * lost in it. */
as_status as_baseline_curve(as_ctx *ctx, as_table *t, size_t least, as_curve *out) AS_NODISCARD;

/* What every baseline operation ends with: z becomes the column "baseline" and, on request,
 * is taken off y (sigma stays: the estimate's own error is not in it). Emits the table. */
as_status as_baseline_emit(as_run *run, as_table *owned, const as_curve *c, const double *z,
                           bool subtract) AS_NODISCARD;

/* Adds a word (smoothed, subtracted, normalized ...) to the metadata "processed", from which
 * later operations know that y counts nothing any more. */
as_status as_mark_processed(as_ctx *ctx, as_table *t, const char *word) AS_NODISCARD;
bool as_is_processed(const as_table *t, const char *word); /* NULL: in any way */

/* The baseline column that y still stands on; NULL where there is none or it was taken off: `processed`
 * says subtracted, and so does the last estimate in the history, where there is one. */
const as_column *as_baseline_below(const as_table *t);
/* AS_E_USAGE where `off`, about to be taken off y, is a baseline that was taken off already. */
as_status as_baseline_once(as_ctx *ctx, const as_table *t, const as_column *off) AS_NODISCARD;

/* sigma is dropped: neighbouring errors depend on each other from now on. */
void as_drop_sigma(as_table *t);

#endif
