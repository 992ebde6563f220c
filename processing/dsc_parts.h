/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DSC peak cut into parts: how much of its area is on which side of a temperature. */
#ifndef AS_PROCESSING_DSC_PARTS_H
#define AS_PROCESSING_DSC_PARTS_H

#include "dsc.h"

typedef struct as_dsc_peak {
    size_t from, n;           /* rows of the curve */
    double *net;              /* n: flow less baseline, W/g */
    double *under;            /* n: where between its ends the baseline is, 0 to 1 */
    double *share;            /* n: integral up to here over the whole */
    double area, left, right; /* J/g; baseline at the ends, W/g */
    size_t ends;              /* points in the mean at each end; 0: the baseline is exact */
} as_dsc_peak;

/* Temperatures (degC, rising) of the minima between maxima of the peak that stand out of a parabola-smoothed
 * (2 half + 1 rows) curve by five times its noise and by `share` of the highest; room for n / 2. How many. */
size_t as_dsc_minima(as_ctx *ctx, const as_dsc *d, const as_dsc_peak *p, size_t half, double share, double *at);

typedef struct as_dsc_part {
    double begin, end;            /* degC */
    double area, u_area;          /* J/g */
    double fraction, u_fraction;  /* of the whole area */
    double top;                   /* degC, farthest from the baseline */
} as_dsc_part;

/* The parts between n_cuts rising temperatures inside the peak: n_cuts + 1. With `minima` the cuts are
 * those of as_dsc_minima, and the rows that its noise cannot tell from the minimum are as likely: that
 * is in the uncertainties, beside the noise of the rows and of the means at both ends. */
as_status as_dsc_parts(as_ctx *ctx, const as_dsc *d, const as_dsc_peak *p, size_t half, size_t n_cuts,
                       const double *cut, bool minima, as_dsc_part *out) AS_NODISCARD;

#endif
