/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a curve changes its level or its line: optimal partition by dynamic programming. */
#ifndef AS_PROCESSING_CHANGES_H
#define AS_PROCESSING_CHANGES_H

#include <stddef.h>

#include "arena.h"

typedef enum { AS_SEGMENT_LEVEL, AS_SEGMENT_LINE } as_segment_form;

typedef struct as_segment {
    size_t from, to;                   /* rows from <= i < to */
    double mean_x, mean_y, slope, sxx; /* of the fit; slope 0 for a level */
    double cost;                       /* sum of squared residuals */
} as_segment;

enum { AS_CHANGES_MOST_ROWS = 10000 };

/* n points (finite, x rising), scatter sigma > 0. Partition into segments of at least `least` rows
 * (>= 2) that makes the sum of squared residuals plus penalty * sigma^2 * ln n for each change
 * least (Jackson et al. 2005, IEEE Signal Process. Lett. 12, 105, doi:10.1109/LSP.2001.838216).
 * Segments (in `a`), in order, and how many; O(n^2) time. AS_E_LIMIT above AS_CHANGES_MOST_ROWS. */
as_status as_changes(as_ctx *ctx, as_arena *a, size_t n, const double *x, const double *y,
                     double sigma, as_segment_form form, double penalty, size_t least,
                     as_segment **out, size_t *count) AS_NODISCARD;

/* Standard uncertainty of the x of the change between two neighbouring segments, the other changes
 * staying: the spread of all its places by their likelihoods, and the step of x over sqrt(12). */
double as_change_spread(as_ctx *ctx, const double *x, const double *y, double sigma,
                        as_segment_form form, size_t least, const as_segment *before,
                        const as_segment *behind);

/* Value of the segment's fit at x, and its standard uncertainty for scatter sigma. */
double as_segment_at(const as_segment *s, double x);
double as_segment_u(const as_segment *s, double x, double sigma, as_segment_form form);

#endif
