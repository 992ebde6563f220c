/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted least squares polynomials of any usable order, by polynomials that are orthogonal
 * on the very rows (Forsythe 1957, J. SIAM 5, 74): no powers, no normal equations, and the
 * fit also exists where rows have no weight. */
#ifndef AS_PROCESSING_POLYFIT_H
#define AS_PROCESSING_POLYFIT_H

#include <stddef.h>

/* u: x brought to [-1, 1]. z at every row is the polynomial of degree `order` that minimises
 * sum w (y - z)^2; y counts only where w > 0 but must be a number everywhere. Needs more than
 * `order` different u with weight. work: 3 n. */
void as_polyfit(size_t n, int order, const double *u, const double *w, const double *y,
                double *work, double *z);

/* x brought to [-1, 1] over its own range; u of a NaN is 0. */
void as_polyfit_scale(size_t n, const double *x, double *u);

#endif
