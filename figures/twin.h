/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two y axes over one x: what thermograms, distributions and cycling have in common. */
#ifndef AS_FIGURES_TWIN_H
#define AS_FIGURES_TWIN_H

#include "layout.h"

typedef struct as_twin {
    size_t n;
    as_series *s;             /* x and the left y */
    const double **right;     /* of each series, NULL: it has none */
    const as_column *column;  /* of the right axis; NULL: there is none */
} as_twin;

/* The column of the right axis: `told`, or the first of `usual` (ends with NULL) that the first table
 * has and that is not its y. "none": no right axis. AS_E_MISSING when a told column is not there. */
as_status as_twin_of(as_ctx *ctx, const as_look *look, const char *told, const char *const *usual,
                     size_t n, const as_table *const *tables, as_twin *out) AS_NODISCARD;

/* Both axes spanned and named. With one series each axis takes the colour of its curve. */
as_status as_twin_axes(as_view *v, const as_twin *t, double x_pad, double y_pad,
                       const as_range *right) AS_NODISCARD; /* as told for the right axis */

#endif
