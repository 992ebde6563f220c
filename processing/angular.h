/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares whose rows fall into blocks: every block has columns of its own, which are zero in all
 * other rows, and all blocks have some columns in common, the last. One block after another is
 * factored by QR: the triangle of its own columns is kept, what is left of the common ones is rotated
 * into one triangle (Golub & Plemmons 1980, Linear Algebra and its Applications 34, 3).
 * Time and memory grow with the number of blocks, not with its square.
 *
 * The factor of a block with `own` columns: own rows of own + common + 1 columns, column-major, the
 * last being the right side Q'b.
 */
#ifndef AS_PROCESSING_ANGULAR_H
#define AS_PROCESSING_ANGULAR_H

#include "arena.h"

typedef struct as_angular {
    size_t common; /* columns in common */
    size_t rows;   /* of the stack */
    double *stack; /* common + 1 columns: the triangle so far, below it room for rows to come */
    double *work;
} as_angular;

/* Room for at most `common` columns in common. */
as_status as_angular_new(as_ctx *ctx, as_arena *a, size_t common, as_angular *out) AS_NODISCARD;
/* No rows yet, `common` columns in common. */
void as_angular_begin(as_angular *k, size_t common);
/* n rows of a block, own + common columns, b behind them and one column of work; stride is a multiple of
 * AS_LANE, at least n and own + common + 1, the rows from n on are zero. A is spoilt. factor: own
 * (own + common + 1). */
void as_angular_add(as_angular *k, size_t n, size_t own, double *A, size_t stride, double *factor);
/* Row i of the common columns and b, i below common + 1, to be put to the rows so far by as_angular_rotate. */
double *as_angular_row(as_angular *k, size_t i, size_t column);
void as_angular_rotate(as_angular *k);
/* Entry i, c of the common triangle; c == common: of its right side. */
double as_angular_at(const as_angular *k, size_t i, size_t c);

/* The triangle of the common columns into R (common squared, as in dense.h), their x into x. */
void as_angular_common(const as_angular *k, double *R, double *x);
/* x of a block's own columns for that of the common ones. */
void as_angular_back(size_t own, size_t common, const double *factor, const double *x_common,
                     double *x);
/* Inverse normal matrix of a block's own and the common columns, (own + common) squared, own first,
 * times `variance`; that of the common ones (common squared, times variance) is given, NULL: as if they
 * were known. room: (own + common) squared. */
void as_angular_covariance(size_t own, size_t common, const double *factor,
                           const double *common_covariance, double variance, double *room,
                           double *cov);

#endif
