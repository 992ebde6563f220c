/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normal equations from which parameters can be left out for a step: those that are fixed or stand at
 * a bound. n x n, row-major, the lower half is read; scaled to unit diagonal inside.
 */
#ifndef AS_PROCESSING_FROZEN_CHOLESKY_H
#define AS_PROCESSING_FROZEN_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* L of `a` scaled to unit diagonal with `damping` added to it; rows and columns with `out` set are
 * those of the identity. False when not positive definite. */
bool as_frozen_cholesky(size_t n, const double *a, const bool *out, double damping, double *l);

/* x = (L L')^-1 x in place, in scaled parameters. */
void as_frozen_solve(size_t n, const double *l, double *x);

/* Column j of the inverse of `a`; 0 where `out` is set. */
void as_frozen_column(size_t n, const double *a, const bool *out, const double *l, size_t j,
                      double *x);

#endif
