/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving minimum, maximum, median and mean over 2 half + 1 rows. Near the ends the windows
 * hold the rows that are there. All O(n) but the median, O(n half) with a small factor. */
#ifndef AS_PROCESSING_MORPHOLOGY_H
#define AS_PROCESSING_MORPHOLOGY_H

#include <stddef.h>

/* out may not be v; work: n entries. */
void as_erode(size_t n, size_t half, const double *v, size_t *work, double *out);
void as_dilate(size_t n, size_t half, const double *v, size_t *work, double *out);
void as_opening(size_t n, size_t half, const double *v, size_t *work, double *spare, double *out);
void as_closing(size_t n, size_t half, const double *v, size_t *work, double *spare, double *out);

/* anchor[i] = 1 at both ends and at the lowest row of v in each flat stretch of its opening, else 0 (Li et
 * al. 2013, doi:10.1039/C3AN00743J; the first of equally low rows). */
void as_opening_anchors(size_t n, const double *v, const double *opening, double *anchor);

/* The mean; at the ends the window shrinks on both sides alike, so that slopes survive. */
void as_moving_mean(size_t n, size_t half, const double *v, double *out);

/* window: 2 half + 1 entries. */
void as_moving_median(size_t n, size_t half, const double *v, double *window, double *out);

/* A normal curve of standard deviation `sigma` rows, cut at 4 sigma and normed on the rows
 * that are there. kernel: 4 sigma + 2 entries. */
void as_gaussian(size_t n, double sigma, const double *v, double *kernel, double *out);

/* The mollifier exp(-1 / (1 - (j / (half + 1))^2)), likewise. kernel: half + 1 entries. */
void as_mollify(size_t n, size_t half, const double *v, double *kernel, double *out);

#endif
