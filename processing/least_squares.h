/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nonlinear least squares with bounds, restraints, robust losses and the Poisson likelihood.
 *
 * Levenberg-Marquardt steps inside the box of the bounds; parameters that press against a bound
 * leave the problem until the gradient turns (active set), so no transformation distorts the
 * uncertainties. Steps come from a Cholesky factor while the columns are clearly independent
 * and from a QR factor of the Jacobian otherwise; so does the covariance, by Cholesky only where
 * the condition of the scaled columns is below 1000.
 *
 * Convergence is judged, never assumed: at the end the remaining Gauss-Newton step must be
 * far below the standard uncertainty (the relative offset of Bates & Watts 1981,
 * doi:10.2307/2986341) with the distance left below 1e-8 of it, or at the level of rounding.
 * Anything else is AS_E_NUMERIC.
 *
 * The problem knows no tables and no shapes: it is a function that gives values and Jacobian.
 * A complex fit (impedance) gives real and imaginary parts as 2 n real points.
 */
#ifndef AS_PROCESSING_LEAST_SQUARES_H
#define AS_PROCESSING_LEAST_SQUARES_H

#include "arena.h"

/* f[i] for n points and, unless J is NULL, J[k * stride + i] = df[i]/dp[k] for all m. stride is
 * at least n rounded up to AS_LANE (lanes.h), and f and each column of J have stride entries;
 * entries n .. may be written, they do not count. A value that is not finite says that p is
 * outside the domain: the step is taken back and shortened. */
typedef void as_ls_model(void *user, const double *p, double *f, double *J, size_t stride);

typedef enum {
    AS_LOSS_SQUARES,
    AS_LOSS_SOFT_L1, /* 2 (sqrt(1 + z^2) - 1), z = residual / (loss_scale sigma) */
    AS_LOSS_HUBER,   /* z^2 within 1, 2|z| - 1 beyond */
    AS_LOSS_CAUCHY,  /* ln(1 + z^2) */
    AS_LOSS_POISSON  /* the deviance of counts, y = k counts with k = poisson_scale */
} as_loss;

/* Many curves at once: the points fall into blocks, and each block has `own` parameters on which no
 * other block depends: those of block b are own * b on; all blocks have the other parameters in
 * common, behind them. Then n is the number of rows that y, sigma, f and the columns of J have, a
 * multiple of AS_LANE. The points of block b are rows first[b] on, count[b] of them; behind
 * them is room for `own` rows, in the last block also for as many as there are common parameters, in whole
 * lanes; what y, sigma and the model give there does not count (finite). J has `own` columns, in each row the
 * derivatives by the parameters of its block, then those by the common ones. Covariances are
 * by block: own + common squared entries each. Time and memory grow with the number of blocks. */
typedef struct as_ls_blocks {
    size_t n, own;
    const size_t *first, *count; /* n each, first[0] == 0, multiples of AS_LANE, rising */
} as_ls_blocks;

typedef struct as_ls_problem {
    size_t n, m;         /* points (rows with blocks), parameters */
    const as_ls_blocks *blocks; /* NULL: every point may depend on every parameter */
    const double *y;     /* n, finite */
    const double *sigma; /* n, > 0, or NULL: unknown and equal */
    as_ls_model *model;
    void *user;
    const double *lo, *hi;             /* m each, or NULL; lo == hi: fixed there */
    const bool *fixed;                 /* m, or NULL */
    const double *restraint, *restraint_u; /* m each, or NULL: p[k] is restraint[k] with standard
                                          uncertainty restraint_u[k]; NaN: none */
    const bool *linear; /* m, or NULL: the model is linear in these, they are solved for first */
    as_loss loss;
    double loss_scale;    /* robust losses; 0: 1.345 for Huber, 2.385 for Cauchy, 1 for soft l1 */
    double poisson_scale; /* y per count; 0: 1 */
    bool absolute;        /* u from sigma as it stands; else scaled by sqrt(reduced chi2), as is
                             always done without sigma. The Poisson likelihood is absolute. */
    int iterations;       /* at most; 0: 500 */
    double enough;        /* a remaining step of so many standard uncertainties (rms) is none: where only the
                             cost is wanted; 0: as above */
} as_ls_problem;

typedef enum {
    AS_LS_CONVERGED,
    AS_LS_ITERATIONS, /* used up */
    AS_LS_STALLED,    /* no step lowers chi2, yet the gradient is not zero */
    AS_LS_SINGULAR,   /* the data do not determine a parameter: which one is in `culprit` */
    AS_LS_DOMAIN,     /* the model is not finite at the start */
    AS_LS_FEW         /* fewer points than free parameters */
} as_ls_state;

typedef struct as_ls_result {
    as_ls_state state;
    size_t culprit;
    double *p;          /* m */
    double *u;          /* m standard uncertainties; 0: fixed, NaN: at a bound (the others hold
                           with it kept there) */
    double *covariance; /* m x m (see as_ls_blocks), zeros for fixed and bound parameters */
    bool *at_bound;     /* m */
    double *f;          /* n values of the model */
    double cost;        /* what was minimised, restraints included: chi2, or the deviance */
    double chi2;        /* sum of ((y - f)/sigma)^2 over the points alone (Poisson: sigma^2 = k f) */
    double reduced;     /* cost / dof; NaN at dof = 0 */
    double r_squared;   /* weighted, about the weighted mean */
    double aicc, bic;   /* cost (known sigma) or n ln(cost/n), plus the terms for free parameters;
                           the unknown sigma counts as one */
    size_t n_free, dof; /* dof = points + restraints - free parameters */
    double offset;      /* remaining step over standard uncertainty, rms over the parameters */
    double condition;   /* of the scaled Jacobian */
    bool scaled;        /* whether u was multiplied by sqrt(reduced) */
    int iterations, evaluations;
} as_ls_result;

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
/* From the start p0 (m). Results live in `a`; they are filled as far as possible on failure
 * too, with AS_E_NUMERIC recorded (as_forget_error lets a caller go on). */
as_status as_least_squares(as_ctx *ctx, as_arena *a, const as_ls_problem *problem,
                           const double *p0, as_ls_result *out) AS_NODISCARD;

/* The same from `starts` points: p0 and others drawn within spread (a factor of p0, or of the
 * box where both bounds are finite) by the generator that `seed` sets. The lowest cost among
 * those that converged. found: how many reached it within 1e-6. */
as_status as_least_squares_multi(as_ctx *ctx, as_arena *a, const as_ls_problem *problem,
                                 const double *p0, int starts, double spread, uint64_t seed,
                                 as_ls_result *out, int *found) AS_NODISCARD;

/* Standard uncertainty of a function of the parameters with this gradient (m). */
double as_propagate(size_t m, const double *covariance, const double *gradient);
/* Covariance of two such functions. */
double as_propagate2(size_t m, const double *covariance, const double *a, const double *b);
/* Correlation of parameters i and k; 0 where one has no variance. */
double as_correlation(size_t m, const double *covariance, size_t i, size_t k);
/* The message of a state, for a person: no full stop. */
const char *as_ls_explain(as_ls_state state);
#pragma GCC visibility pop

#endif
