/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another series on the rows of this one, for operations that take one off or divide by one. */
#ifndef AS_PROCESSING_OTHER_SERIES_H
#define AS_PROCESSING_OTHER_SERIES_H

#include "curve.h"

/* y and sigma of `other` (c->n each, the caller's) at the x of `c`, in its own unit of y; NaN where it
 * has none. *has_sigma: whether it has a sigma at all. Where x differs by more than a thousandth of a
 * step, lines are drawn between its points with `interpolate`, else AS_E_MISSING. AS_E_UNIT when the
 * axes have different dimensions. */
as_status as_other_on_rows(as_ctx *ctx, const as_curve *c, const as_table *other, bool interpolate,
                           double *y, double *sigma, bool *has_sigma) AS_NODISCARD;

#endif
