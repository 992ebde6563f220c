/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Savitzky & Golay's filter (1964, doi:10.1021/ac60214a047): the value or a derivative of the
 * polynomial of degree `order` fitted to 2 half + 1 evenly spaced rows. */
#ifndef AS_PROCESSING_SAVGOL_H
#define AS_PROCESSING_SAVGOL_H

#include <stddef.h>

enum { AS_SAVGOL_ORDER_MAX = 12 };

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
/* c[0 .. 2 half]: coefficients for the derivative number `derivative` (0: the value) at row
 * `position` (-half .. half, from the middle), in steps of one row (Gorry 1990,
 * doi:10.1021/ac00205a007). order <= 2 half and <= AS_SAVGOL_ORDER_MAX. */
void as_savgol_coefficients(size_t half, int order, int derivative, double position, double *c);

/* The whole curve; the ends take the polynomials of the first and last window. n > 2 half.
 * The cost does not grow with the window. work: 2 half + 1. out is not y. */
void as_savgol(size_t n, size_t half, int order, int derivative, const double *y, double *work,
               double *out);
#pragma GCC visibility pop

#endif
