/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves through points: straight lines, natural cubic splines, monotone cubics (PCHIP). */
#ifndef AS_PROCESSING_INTERPOLATE_H
#define AS_PROCESSING_INTERPOLATE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { AS_LINEAR, AS_CUBIC, AS_PCHIP } as_curve_kind;

/* m points of strictly rising x (m >= 2; cubic and pchip fall back to lines for m == 2). For
 * each of n positions `at`, rising or falling, the value; NaN outside the points unless `extend`,
 * which goes on with straight lines. work: 3 m. */
void as_interpolate(as_curve_kind kind, size_t m, const double *x, const double *y, bool extend,
                    size_t n, const double *at, double *work, double *out);

/* Slopes at the points: of PCHIP (Fritsch & Butland 1984, doi:10.1137/0905021; ends by
 * three-point formulas that keep the shape), and of the natural cubic spline (work: 2 m). */
void as_pchip_slopes(size_t m, const double *x, const double *y, double *slope);
void as_spline_slopes(size_t m, const double *x, const double *y, double *work, double *slope);

#endif
