/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P-splines (Eilers & Marx 1996, doi:10.1214/ss/1038425655): cubic B-splines on even knots, with
 * a penalty on differences of neighbouring coefficients:
 *     minimise  sum w_i (y_i - (B a)_i)^2 + lambda |D a|^2,
 * and on request with a share of lambda for each difference, with a penalty on the first differences of a,
 * or on what the steps from row to row miss those of the data. The system has as many unknowns as
 * splines, whatever the number of rows. */
#ifndef AS_PROCESSING_PSPLINE_H
#define AS_PROCESSING_PSPLINE_H

#include <stddef.h>

typedef struct as_pspline {
    size_t n, m;            /* rows, splines */
    int order;              /* of the differences, 1 .. 3 */
    const double *basis;    /* 4 values a row */
    const size_t *first;    /* the first spline of each row */
    double *band, *right;   /* 5 m and m: the work of a solution */
    const double *y;
    double lambda;
    const double *share;    /* NULL, or for each coefficient: differences about it count so often */
    double flat;            /* times |D1 a|^2, added */
    const double *slope_w;  /* NULL, or n: sum slope_w_i (z_i - z_i-1 - y_i + y_i-1)^2, i >= 1, added; rows
                               whose stretches do not touch are left out */
} as_pspline;

/* Entries of doubles and size_t that a P-spline of n rows and `knots` inner intervals needs. */
size_t as_pspline_doubles(size_t n, size_t knots);

/* x in any order inside its range; `memory` as_pspline_doubles entries, `first` n. */
void as_pspline_init(as_pspline *s, size_t n, const double *x, size_t knots, int order, double *memory,
                     size_t *first);

/* Row values v as means over the reach of each coefficient, into out (m); 1 where no row is. `sum`: m. */
void as_pspline_shares(const as_pspline *s, const double *v, double *sum, double *out);

/* z at all rows from weights w, y and lambda of `s`. */
void as_pspline_draw(void *self, const double *w, double *z);

#endif
