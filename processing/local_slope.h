/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Derivative of points that need not be even. */
#ifndef AS_PROCESSING_LOCAL_SLOPE_H
#define AS_PROCESSING_LOCAL_SLOPE_H

#include <stddef.h>

/* out[i] (n): slope at x[i] of the parabola fitted to rows i - half .. i + half (those there are);
 * on even x that of Savitzky & Golay, order 2. nan: fewer than three different x, or y[i] or x[i]
 * nan. Rows with nan take no part. */
void as_local_slope(size_t n, const double *x, const double *y, size_t half, double *out);

#endif
