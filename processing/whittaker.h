/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whittaker's smoother: the curve z that minimises
 *
 *     sum w_i (y_i - z_i)^2 + lambda sum (D^d z)_i^2
 *
 * with D^d the d-th difference (Whittaker 1923; Eilers 2003, doi:10.1021/ac034173t).
 *
 * The textbook way, a banded factorisation of W + lambda D'D, loses the data when lambda
 * is large: at 1e13 the weights are lost beside 6 lambda. Here the same minimum is found
 * by carrying what the rows so far know about value and slope (an information filter; its
 * matrix holds sums of w, k w and k^2 w over a window, all of one sign) and then walking
 * back. Nothing cancels, the cost is O(n), and n = 1e5 with lambda = 1e13 is as good as
 * n = 1e3 with 1e5. The second-order form works from both ends at once.
 */
#ifndef AS_PROCESSING_WHITTAKER_H
#define AS_PROCESSING_WHITTAKER_H

#include <stddef.h>

#include "simd.h"

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
/* d = 2. n >= 2 rows, at least two w_i > 0, all w_i >= 0 and finite; y must be a number
 * also where w is 0. lambda > 0. `work` has 3 n entries; z may be y. */
void as_whittaker(size_t n, const double *y, const double *w, double lambda, double *work,
                  double *z);

/* The same for eight series side by side (row i, lane k at [i][k]), each lane bit for bit
 * what as_whittaker gives it. */
void as_whittaker8(size_t n, const as_v8 *y, const as_v8 *w, as_v8 const *lambda, as_v8 *work,
                   as_v8 *z);

/* Order d = 1, 2 or 3; at least d positive weights. `r` is the right-hand side, w_i y_i for
 * data. With slope_w (n entries, d >= 2), sum slope_w_i (z_i - z_i-1 - slope_i)^2 over i >= 1
 * is added. `work` has 4 n entries; z may be r. */
void as_whittaker_order(size_t n, int order, const double *r, const double *w, double lambda,
                        const double *slope, const double *slope_w, double *work, double *z);

/* lambda at which a wave of this period is passed with gain 1/2:
 * lambda (2 sin(pi/period))^(2 d) = 1. Periods below 2 count as 2. */
double as_whittaker_lambda(double period_points, int order);
#pragma GCC visibility pop

#endif
