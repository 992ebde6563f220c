/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitive nonlinear iterative peak clipping (Ryan et al. 1988, doi:10.1016/0168-583X(88)90063-8;
 * Morhac et al. 1997, doi:10.1016/S0168-9002(97)01023-1). */
#ifndef AS_PROCESSING_SNIP_H
#define AS_PROCESSING_SNIP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct as_snip_how {
    size_t half;     /* clipping reaches this many rows to each side */
    int order;       /* 2, 4, 6 or 8: degree + 1 of the curves that are not clipped */
    bool increasing; /* windows 1 .. half instead of half .. 1 */
    bool ladder;     /* windows in steps of a sixth: O(n log half) instead of O(n half) */
    size_t smooth;   /* the clipped values are means over this many rows to each side */
} as_snip_how;

/* v is clipped in place; near the ends windows shrink. work: 2 n + 1. */
void as_snip(size_t n, const as_snip_how *how, double *v, double *work);

/* log(log(sqrt(v + 1) + 1) + 1) and back; v >= 0. */
double as_snip_lls(double v);
double as_snip_lls_back(double t);

#endif
