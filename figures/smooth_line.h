/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A smooth line through points of a curve that is known to be smooth. */
#ifndef AS_FIGURES_SMOOTH_LINE_H
#define AS_FIGURES_SMOOTH_LINE_H

#include <stddef.h>

/* Each interval of x (n, rising or falling) in `parts`, at x_out ((n - 1) parts + 1), with y on the cubics of Akima
 * (1970, doi:10.1145/321607.321609), which do not swing beside a step or a corner. Straight where a point is not
 * finite or two have one x. Either output may be NULL. */
void as_smooth(size_t n, const double *x, const double *y, size_t parts, double *x_out, double *y_out);

#endif
