/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear least squares with coefficients that cannot be negative.
 *
 * The active-set method of Lawson & Hanson (Solving Least Squares Problems, 1974, ch. 23): columns enter one
 * by one where the gradient asks for it and leave when their coefficient would turn negative. The columns in
 * use are kept as a thin QR factor (Gram-Schmidt done twice, Givens rotations on leaving), never as A'A.
 */
#ifndef AS_PROCESSING_NNLS_H
#define AS_PROCESSING_NNLS_H

#include "arena.h"

typedef struct as_nnls {
    size_t rows, cols;
    const double *A; /* column-major: entry i, k at A[k * rows + i] */
    double *norm;    /* cols: length of each column */
    size_t n;        /* columns in use */
    size_t *used;    /* which, in order of entry */
    double *Q;       /* rows x n, orthonormal */
    double *R;       /* n x n, upper triangle, column-major with stride `most` */
    size_t most;     /* the smaller of rows and cols */
    double *work;    /* rows + most */
    bool *barred;    /* cols, work */
} as_nnls;

/* Memory for one matrix, in `a`; many right-hand sides may follow. A is not copied: as_nnls_begin after
 * each change of it. AS_ERR: no memory. */
as_status as_nnls_new(as_arena *a, size_t rows, size_t cols, const double *A, as_nnls *out) AS_NODISCARD;
void as_nnls_begin(as_nnls *s); /* no columns in use */

/* min |A x - b| with x >= 0. Begins with the columns left in use by the call before, whose x is in `x` (for
 * the first call: zeros); any x gives the same minimum where it is unique. AS_E_NUMERIC: did not come to an end. */
as_status as_nnls_solve(as_ctx *ctx, as_nnls *s, const double *b, double *x) AS_NODISCARD;

/* Effective parameters that the first `rows` rows are fitted with: the sum of their leverages. */
double as_nnls_leverage(const as_nnls *s, size_t rows);

#endif
