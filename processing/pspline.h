/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P-splines (Eilers & Marx 1996, doi:10.1214/ss/1038425655): cubic B-splines on even knots, with
 * a penalty on differences of neighbouring coefficients:
 *     minimise  sum w_i (y_i - (B a)_i)^2 + lambda |D a|^2.
 * The system has as many unknowns as splines, whatever the number of rows. */
#ifndef AS_PROCESSING_PSPLINE_H
#define AS_PROCESSING_PSPLINE_H

#include <stddef.h>

typedef struct as_pspline {
    size_t n, m;            /* rows, splines */
    int order;              /* of the differences, 1 .. 3 */
    const double *basis;    /* 4 values a row */
    const size_t *first;    /* the first spline of each row */
    double *band, *right;   /* 4 m and m: the work of a solution */
    const double *y;
    double lambda;
} as_pspline;

/* Entries of doubles and size_t that a P-spline of n rows and `knots` inner intervals needs. */
size_t as_pspline_doubles(size_t n, size_t knots);

/* x in any order inside its range; `memory` as_pspline_doubles entries, `first` n. */
void as_pspline_init(as_pspline *s, size_t n, const double *x, size_t knots, int order, double *memory,
                     size_t *first);

/* z at all rows from weights w, y and lambda of `s`. */
void as_pspline_draw(void *self, const double *w, double *z);

#endif
