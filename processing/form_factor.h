/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X-ray form factors of free atoms: f(s) = sum_i a_i exp(-b_i s^2) + c with s = sin(theta)/lambda in
 * 1/Angstrom, s < 2 (International Tables C, 1992, table 6.1.1.4). No dispersion.
 */
#ifndef AS_PROCESSING_FORM_FACTOR_H
#define AS_PROCESSING_FORM_FACTOR_H

#include <stddef.h>

typedef struct as_form_factor {
    char element[3];
    double a[4], b[4], c;
} as_form_factor;

/* NULL: not in the list, which holds the elements that the datasets need and common standards. */
const as_form_factor *as_form_factor_of(const char *element);
double as_form_factor_at(const as_form_factor *f, double s2); /* electrons */

#endif
