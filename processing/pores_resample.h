/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uncertainties of pore sizes by resampling: the amounts are drawn again and again, and the method is asked each
 * time. One kernel for all methods; they differ in where the errors of the amounts come from.
 */
#ifndef AS_PROCESSING_PORES_RESAMPLE_H
#define AS_PROCESSING_PORES_RESAMPLE_H

#include "pores.h"

typedef struct as_pores_sampling {
    int count;   /* resamplings; below 2: none */
    double seed;
} as_pores_sampling;

#define AS_PORES_SAMPLING(S)                                                                       \
    AS_INT(S, sampling.count, "bootstrap", "100", 0, 10000, "resamplings, for the uncertainties; 0: none"), \
    AS_DOUBLE(S, sampling.seed, "seed", "1", 0, 9e15, NULL, "of the random numbers")

typedef enum {
    AS_DRAW_LOCAL,  /* base + the standard deviation about there times a normal deviate */
    AS_DRAW_POOLED, /* base + a residual of any point, drawn with replacement, times `widen` */
    AS_DRAW_DOSES   /* differences of neighbouring amounts of base, each times 1 + u_dose times a normal deviate */
} as_draw;

typedef struct as_amounts {
    as_draw draw;
    size_t n;
    const double *base;     /* mmol/g */
    const double *residual; /* pooled: of the points; local: standard deviations; doses: none */
    double widen, u_dose;
} as_amounts;

/* The distribution of other amounts (n); what it points to stays until the next call. */
typedef as_status as_pores_again(void *user, const double *amount, as_pores *out);

/* u: standard deviations of the moments over the resamplings, and for mode and median the width of their class in
 * `best` over sqrt(12) as well. sigma: those of the volumes of the classes, or NULL; only for methods whose classes
 * stay. All NaN without resamplings, but mode and median then have their class. Stream: another for each series.
 * Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 6 (drawn from a distribution), 9 (residuals). */
as_status as_pores_resample(as_ctx *ctx, const as_pores_sampling *sampling, uint64_t stream, const as_amounts *amounts,
                            as_pores_again *again, void *user, const as_pores *best, double u[AS_PORES_MOMENTS],
                            double *sigma) AS_NODISCARD;

/* Amounts of an isotherm as a method without a model of its own takes them: doses of `u_dose` where that is above 0,
 * else the local standard deviation: the root mean square, over fifteen points, of what each misses the parabola over
 * ln x through three neighbours by, less the part that is theirs. AS_E_USAGE: doses on desorption. Fewer than 5 points
 * have no residuals: NaN. */
as_status as_amounts_of(as_ctx *ctx, const as_isotherm *iso, double u_dose, as_amounts *out) AS_NODISCARD;

#endif
