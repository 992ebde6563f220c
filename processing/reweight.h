/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asymmetric reweighting: a smoother draws z through y, rows get new weights from the side
 * and distance at which they lie, and so on until the weights stand still. One row of
 * rules[] per method; the smoother (Whittaker, P-spline) is the caller's.
 *
 * Arrays are 64-byte aligned and as_padded(n) long, zero beyond n. Sums run in eight
 * stripes by row number, for one series as for eight side by side, so that a series gets
 * the same bits alone and in a batch.
 */
#ifndef AS_PROCESSING_REWEIGHT_H
#define AS_PROCESSING_REWEIGHT_H

#include "curve.h"
#include "simd.h"

typedef enum {
    AS_RULE_ASLS,      /* p above, 1 - p below */
    AS_RULE_AIRPLS,    /* 0 above, exp(t |r| / sum |r-|) below */
    AS_RULE_ARPLS,     /* logistic at 2 s - m of the residuals below */
    AS_RULE_DRPLS,     /* softsign of e^t (r - 2 s + m) / s */
    AS_RULE_IARPLS,    /* u / sqrt(1 + u^2), u = e^t (r - 2 s) / s */
    AS_RULE_LSRPLS,    /* softsign of 10^t (r - 2 s + m) / s */
    AS_RULE_ASPLS,     /* logistic at s - m, slope k */
    AS_RULE_PSALSA,    /* p exp(-r / k) above, 1 - p below */
    AS_RULE_DERPSALSA, /* p exp(-r^2 / 2 k^2) above, 1 - p below; times `use` */
    AS_RULE_BRPLS      /* posterior of noise against noise + exponential peak */
} as_rule;

typedef struct as_reweighting {
    as_rule rule;
    double asymmetry;  /* p, or k of aspls */
    double scale;      /* k of psalsa and derpsalsa, in units of y */
    double tolerance;  /* |w_new - w| / |w| that ends it; airpls: sum |r-| / sum |y| */
    int iterations;
} as_reweighting;

typedef struct as_smoother {
    void (*draw)(void *self, const double *w, double *z);
    void *self;
} as_smoother;

/* w begins as given (0 or more) and ends as found; z is the last curve. AS_E_NUMERIC when
 * the weights still change after `iterations`. `use`: 1 or 0, or a factor (derpsalsa). */
as_status as_reweight(as_ctx *ctx, const as_reweighting *how, size_t n, const double *y,
                      const double *use, as_smoother smooth, double *w, double *z) AS_NODISCARD;

/* One pass: new weights in `w` from y - z; how far the weights moved, relative; NAN when
 * fewer than two rows lie below (nothing left to do). t counts from 1. */
double as_reweight_once(const as_reweighting *how, int t, size_t n, const double *y,
                        const double *use, const double *z, double *w);

/* Korepanov's factor, times `use`: rows of slope or curvature beyond their root mean square fade. */
as_status as_fade_slopes(as_ctx *ctx, const as_curve *c, double *use) AS_NODISCARD;

/* A tenth of the standard deviation of y: the usual `scale`. 1 when y is constant. */
double as_tenth_of_spread(const as_curve *c);

/* Eight series side by side (lane k of row i at [8 i + k]), smoothed by Whittaker of
 * `lambda`. For the rules up to LSRPLS but not DRPLS, and PSALSA. out[k], n entries, gets
 * the baseline of lane k and done[k] tells whether its weights stood still; lanes with
 * out[k] == NULL are ignored. work: 3 n vectors. */
void as_reweight8(const as_reweighting *how, const double scale[8], const double lambda[8], size_t n,
                  const as_v8 *y, const as_v8 *use, as_v8 *w, as_v8 *z, as_v8 *work,
                  double *const out[8], bool done[8]);

#endif
