/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small dense linear algebra for least squares: tall matrices of few columns.
 *
 * A matrix of n rows and m columns is column-major: entry i, k at A[k * stride + i]; stride is a
 * multiple of AS_LANE, rows n .. stride are zero. Triangles are m x m, row i column k at
 * R[k * m + i]. Sums have a fixed order, so results do not depend on the machine's vectors.
 */
#ifndef AS_PROCESSING_DENSE_H
#define AS_PROCESSING_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* a' b over n entries, n a multiple of AS_LANE. */
double as_dot(size_t n, const double *a, const double *b);

/* out[k] = b' a_k for the m columns of A, n a multiple of AS_LANE: the bits of as_dot. */
void as_dots(size_t n, size_t m, const double *A, size_t stride, const double *b, double *out);

/* H = A' A (m x m, both triangles) over `rows` rows, a multiple of AS_LANE. */
void as_gram(size_t rows, size_t m, const double *A, size_t stride, double *H);

/* Householder QR of the n x m matrix A in place: R replaces its upper triangle, what is
 * below is zeroed. With b as the last column of A, the last column becomes Q'b and its entry
 * m - 1 the norm of the residual. v: stride entries of work. Columns beyond n are only rotated. */
void as_qr(size_t n, size_t m, double *A, size_t stride, double *v);

/* H = R'R by Cholesky, in place: R replaces the upper triangle of H (the
 * lower one is spoilt). False, with H spoilt, when a
 * pivot falls below `least` of its diagonal entry (the columns are nearly dependent). */
bool as_cholesky(size_t m, double *H, double least);

/* x = R^-1 b and x = R^-T b, in place. */
void as_back(size_t m, const double *R, double *b);
void as_forward(size_t m, const double *R, double *b);

/* The inverse of R, upper triangular; and C = R^-1 R^-T from it, both triangles. */
void as_invert(size_t m, const double *R, double *inverse);
void as_outer(size_t m, const double *inverse, double *C);

/* The damped problem min |R x - b|^2 + |E x|^2, E diagonal: x in place of b. `work` has
 * m (m + 2) entries; R is kept. By Givens rotations, never through R'R. */
void as_damped(size_t m, const double *R, const double *E, double *b, double *work);

/* |R| |R^-1| in the 1-norm. */
double as_condition(size_t m, const double *R, const double *inverse);

#endif
