/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard deviation of white noise on a smooth curve, from the curve alone. */
#ifndef AS_PROCESSING_NOISE_LEVEL_H
#define AS_PROCESSING_NOISE_LEVEL_H

#include <stddef.h>

/* 1.4826 median |d - median d| / sqrt(6) of the second differences d: whatever is smooth over
 * three rows drops out, peaks are a minority. n >= 3, even steps. work: 2 n. */
double as_noise_level(size_t n, const double *y, double *work);

/* The difference of highest and lowest of n standard normal numbers that 1 of 100 such sets
 * exceeds (Gumbel limits of both ends; n >= 2). */
double as_noise_range(double n);

#endif
