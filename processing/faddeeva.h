/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The complex error function w(z) = exp(-z^2) erfc(-iz), eight values at a time.
 *
 * Method: trapezoidal and midpoint rules for the integral of exp(-t^2)/(z - t), with the
 * residue of the pole added (Al Azah & Chandler-Wilde 2021, SIAM J. Numer. Anal. 59, 2346,
 * doi:10.1137/20M1373037). With step h = sqrt(pi/(N+1)) and N+1 nodes the error is about
 * exp(-pi (N+1)): N = 11 is good to 1e-13 relative in both parts, N = 6 to 1e-6.
 * The sums are written with terms of one sign in the real part, so that it keeps its
 * relative accuracy far out on the real axis.
 */
#ifndef AS_PROCESSING_FADDEEVA_H
#define AS_PROCESSING_FADDEEVA_H

#include "lanes.h"

typedef struct as_faddeeva_rule { /* nodes t_k = (k + s) h, s = 0 (trapezoid) or 1/2 (midpoint) */
    int n;
    double h;
    double square[2][12]; /* t_k^2 */
    double weight[2][12]; /* exp(-t_k^2), half of it at t = 0 */
} as_faddeeva_rule;

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
extern const as_faddeeva_rule as_faddeeva_exact; /* N = 11 */
extern const as_faddeeva_rule as_faddeeva_fast;  /* N = 6 */

/* n values, n a multiple of AS_LANE, for the same y >= 0; |x|, y < 1e35. im NULL: the real part alone. */
void as_faddeeva(const as_faddeeva_rule *rule, size_t n, const double *x, double y, double *re,
                 double *im);
/* One value. */
void as_faddeeva_at(double x, double y, double *re, double *im);
#pragma GCC visibility pop

#endif
