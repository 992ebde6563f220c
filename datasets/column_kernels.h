/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops over whole columns that nearly every reader needs: even axes, counts and their sigma. They
 * have no branches inside, so that compilers make vectors of them; the bits are those of plain loops.
 */
#ifndef AS_DATASETS_COLUMN_KERNELS_H
#define AS_DATASETS_COLUMN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/* x[i] = as_step_position(start, step, i): start + i step to ten decimals where |x| < 1e5 (as
 * instruments print them), else as it is. */
void as_step_positions(double start, double step, size_t n, double *x);

/* x[i] = (from (m - i) + to i) / whole: an even axis whose both ends are exact. */
void as_positions_between(double from, double to, double m, double whole, size_t n, double *x);

/* out[i] = y[i] factor, y[i] / divisor; out may be y. */
void as_multiply_all(const double *y, size_t n, double factor, double *out);
void as_divide_all(const double *y, size_t n, double divisor, double *out);

/* Every y[i] is a whole number from 0 to below 1e15. NaN is none. */
bool as_are_whole(const double *y, size_t n);

/* sigma[i] = sqrt(max(y[i] scale, 1)) / scale, of counts y[i] scale; NaN where y[i] is not finite. */
void as_counting_sigmas(const double *restrict y, size_t n, double scale, double *restrict sigma);

/* None is NaN or infinite. */
bool as_are_finite(const double *y, size_t n);

/* Each x times sign (1 or -1) is larger than the one before it; no NaN among more than one. */
bool as_run_up(const double *x, size_t n, double sign);

/* The least and the largest, NaN aside; INFINITY and -INFINITY where there is none. */
void as_least_and_most(const double *y, size_t n, double *least_y, double *most_y);

#endif
