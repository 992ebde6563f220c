/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order statistics of an array of numbers (no NaN), by selection: O(n). */
#ifndef AS_PROCESSING_SORTED_H
#define AS_PROCESSING_SORTED_H

#include <stddef.h>

/* The k-th smallest (k from 0); reorders v so that the k smallest stand in front. n >= 1. */
double as_select(size_t n, double *v, size_t k);

/* The median, the mean of the two middle values when n is even; reorders v. NAN for n = 0. */
double as_median(size_t n, double *v);

/* 1.4826 times the median distance from the median: the standard deviation of normal data,
 * whatever a minority of outliers does. `work` n; v stays as it is. */
double as_mad_sigma(size_t n, const double *v, double *work);

#endif
