/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local maxima, their prominences and widths: pure functions over arrays without NaN.
 * Terms as in scipy.signal (find_peaks, peak_prominences, peak_widths): a maximum is a
 * sample or a flat stretch higher than both neighbours (its middle, rounded down), never an
 * end of the data.
 */
#ifndef AS_PROCESSING_PEAKS_FIND_H
#define AS_PROCESSING_PEAKS_FIND_H

#include <stdbool.h>
#include <stddef.h>

typedef struct as_peak {
    size_t at;                     /* row */
    size_t left_base, right_base;  /* lowest rows on either side before higher ground */
    double prominence;             /* height above the higher of the two */
    double left, right, width;     /* where the curve crosses, in rows and fractions */
    double width_height;           /* at this y */
} as_peak;

/* Rows of the maxima, ascending, into at[] (room for n / 2 + 1); how many. */
size_t as_peaks_maxima(size_t n, const double *y, size_t *at);

/* at, bases and prominences of all maxima. O(n). work: 4 entries per maximum, +4. */
void as_peaks_prominences(size_t n, const double *y, size_t n_peaks, const size_t *at,
                          size_t *work, as_peak *out);

/* Width at y_peak - share * prominence, by straight lines between samples. */
void as_peaks_width(const double *y, double share, as_peak *p);

/* Of peaks nearer than `distance` rows the lower goes: keep[i] false. order: n_peaks. */
void as_peaks_thin(size_t n_peaks, const as_peak *p, const double *y, size_t distance,
                   size_t *order, bool *keep);

#endif
