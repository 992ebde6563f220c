/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certification of the fit engine: a data set of NIST's Statistical Reference Datasets, as its
 * text file comes, is fitted and compared with its certified values.
 *
 * `digits` are log relative errors, -log10(|found - certified|/|certified|), at most 11 for
 * nonlinear sets (certified to 11 digits) and 15 for linear ones; the least over the parameters.
 */
#ifndef AS_PROCESSING_CERTIFY_H
#define AS_PROCESSING_CERTIFY_H

#include "least_squares.h"

typedef struct as_certificate {
    const char *name;  /* of the data set */
    int start;         /* 1, 2; 0 for linear sets */
    as_ls_state state; /* of the nonlinear search */
    double digits_p, digits_u; /* parameters, their standard deviations; 0 when it failed */
    int iterations;
    bool good; /* at least 6 digits in both, or a reported failure: never wrong digits */
} as_certificate;

/* One or two certificates of the text of a StRD file of linear or nonlinear regression; AS_E_SYNTAX
 * when it is none. Strings live in `a`. */
as_status as_certify(as_ctx *ctx, as_arena *a, const char *text, size_t n, as_certificate out[2],
                     int *count) AS_NODISCARD;

#endif
