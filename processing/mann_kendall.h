/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mann and Kendall's test for a monotone trend: rank correlation of y with x. */
#ifndef AS_PROCESSING_MANN_KENDALL_H
#define AS_PROCESSING_MANN_KENDALL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct as_mann_kendall_test {
    double s;   /* pairs that rise minus pairs that fall */
    double tau; /* Kendall's tau-b, -1 to 1; NaN when all x or all y are equal */
    double p;   /* two-sided; 1 when all x or all y are equal */
    bool exact; /* from all orders (no ties, n <= 50); else normal with a continuity correction */
} as_mann_kendall_test;

/* n finite pairs. Mann, Econometrica 13 (1945) 245, doi:10.2307/1907187; variance with ties: Kendall,
 * Rank Correlation Methods, 4th ed. 1970, ch. 4. */
void as_mann_kendall(size_t n, const double *x, const double *y, as_mann_kendall_test *out);

#endif
