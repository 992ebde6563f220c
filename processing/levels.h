/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One model to many curves on the same points: parameters in which it is linear (heights,
 * backgrounds) have a value on each level, all others (positions, widths) one value for all.
 *
 * The least squares problem is block angular. On each level the linear parameters are eliminated by
 * QR, what is left of the derivatives by shared parameters is stacked and gives one
 * Levenberg-Marquardt step for these (the elimination of Golub & Pereyra 1973, doi:10.1137/0710036,
 * with the full Jacobian). Time and memory grow with the number of levels, not with its square.
 * Heights are free to be negative: a limit of detection has no meaning where they are not.
 */
#ifndef AS_PROCESSING_LEVELS_H
#define AS_PROCESSING_LEVELS_H

#include "least_squares.h"

typedef struct as_levels_problem {
    size_t n_levels, n, m;      /* levels, points of each, parameters of the model */
    const double *const *y;     /* n_levels times n; NaN: does not count */
    const double *const *sigma; /* likewise, > 0; NULL: unknown and the same everywhere */
    as_ls_model *model;         /* as in least_squares.h; arrays of as_lanes(n) */
    void *user;
    const bool *linear;  /* m: true: one value on each level */
    const double *start; /* m; of linear ones nothing is used */
    const double *lo, *hi, *restraint,
        *restraint_u; /* m each, of shared ones only; restraint NaN: none */
    bool absolute;    /* u from sigma as it stands; else scaled by sqrt(reduced chi2) */
    bool correlated;  /* scaled u also by the correlation of neighbouring residuals, see `inflation`
                       */
    int iterations;   /* at most; 0: 200 */
} as_levels_problem;

typedef struct as_levels_result {
    size_t m, n_local, n_shared;
    const size_t *local, *shared; /* which of the m parameters */
    double *p;                    /* n_levels times m */
    double *f;                    /* n_levels times as_lanes(n): the model */
    double *chi2_of;              /* n_levels */
    bool *at_bound;               /* m */
    double cost, chi2;            /* with and without restraints, weighted by sigma where known */
    double reduced;               /* cost / dof */
    size_t n_free, dof;
    double correlation; /* of neighbouring errors, all levels together, from the residuals less what the fit takes */
    double inflation;   /* of variances: (1 + r)/(1 - r) where r is significantly above 0, which is
                           what a sum over   many points gains when errors are autoregressive; else 1 */
    double variance;    /* by which the inverse normal matrix was multiplied */
    double *shared_covariance; /* n_shared squared; zero for parameters at a bound */
    double *factor;            /* of as_levels_covariance */
    size_t culprit; /* on AS_E_NUMERIC: the parameter that the data do not determine; m: none */
    int iterations;
} as_levels_result;

/* Results live in `a`. AS_E_NUMERIC: no convergence, or a parameter that is not determined. */
as_status as_fit_levels(as_ctx *ctx, as_arena *a, const as_levels_problem *q,
                        as_levels_result *out) AS_NODISCARD;

/* Covariance (m x m) of the parameters of one level. held: as if the shared ones were known, which
 * is the uncertainty of a height at height zero, where a detection is decided. room: 2 m x m. */
void as_levels_covariance(const as_levels_result *r, size_t level, bool held, double *room,
                          double *cov);

#endif
