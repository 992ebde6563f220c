/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locally weighted regression (Cleveland 1979, doi:10.1080/01621459.1979.10481038), symmetric for
 * smoothing, one-sided for baselines (Ruckstuhl et al. 2001, doi:10.1016/S0022-4073(00)00021-2). */
#ifndef AS_PROCESSING_LOWESS_H
#define AS_PROCESSING_LOWESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct as_lowess_how {
    size_t span;   /* rows in a window, at least order + 2 */
    int order;     /* 1: lines, 2: parabolas */
    int rounds;    /* of robust weights after the first fit */
    bool baseline; /* rows below keep their full weight */
    double scale;  /* residuals of this many robust deviations lose all weight; 0: 6 */
} as_lowess_how;

/* x in one direction, use 1 or 0. With long windows the curve is computed at a row in span / 40
 * and joined by lines between. work: 3 n. */
void as_lowess(size_t n, const double *x, const double *y, const double *use, const as_lowess_how *how,
               double *work, double *z);

#endif
