/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear least squares by QR of the weighted, column-scaled design matrix with one step of
 * refinement; never through normal equations.
 */
#ifndef AS_PROCESSING_LINEAR_FIT_H
#define AS_PROCESSING_LINEAR_FIT_H

#include "arena.h"

typedef struct as_linear_fit {
    double *p;          /* m coefficients */
    double *u;          /* their standard uncertainties */
    double *covariance; /* m x m */
    double *residual;   /* n: y - model, not weighted */
    double chi2;        /* sum of squares of residual / sigma (of the residual without sigma) */
    double r_squared;   /* 1 - chi2 / weighted sum of squares about the mean; about 0 when
                           no column is constant is for the caller to say */
    double r_squared_0; /* the same about 0 */
    double condition;   /* of the scaled matrix, 1-norm */
    size_t dof;
} as_linear_fit;

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
/* y (n) = sum_k p_k x[k] (n each) with standard deviations sigma (NULL: unknown, equal).
 * Rows whose y or sigma is not finite must have been left out. absolute: u from sigma as it
 * stands; else scaled by sqrt(chi2 / dof), which is always done without sigma (nan at
 * dof = 0). All results live in `a`. AS_E_NUMERIC: fewer rows than coefficients, or columns
 * that depend on each other (condition above 1e14). */
as_status as_fit_linear(as_ctx *ctx, as_arena *a, size_t n, size_t m, const double *const *x,
                        const double *y, const double *sigma, bool absolute,
                        as_linear_fit *out) AS_NODISCARD;

/* Coefficients of 1, t, t^2 ... t^degree. For t far from 0 shift it first. */
as_status as_fit_polynomial(as_ctx *ctx, as_arena *a, size_t n, size_t degree, const double *t,
                            const double *y, const double *sigma, bool absolute,
                            as_linear_fit *out) AS_NODISCARD;
#pragma GCC visibility pop

#endif
