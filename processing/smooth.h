/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all smoothing operations share: demands, texts, and how they end. */
#ifndef AS_PROCESSING_SMOOTH_H
#define AS_PROCESSING_SMOOTH_H

#include "curve.h"
#include "op.h"

extern const as_demand as_smooth_needs[];
extern const as_give as_smooth_gives[];

#define AS_SMOOTH_TEXT                                                                           \
    "Smoothing makes the errors of neighbouring rows depend on each other, so the column of "    \
    "standard deviations is dropped and `processed` records it: fits that need independent "     \
    "errors refuse such data. Rows that are masked or nan are bridged for their neighbours and " \
    "keep their own value."

/* out becomes y where rows are used; sigma goes; `processed` says smoothed, or differentiated
 * with the unit of y over x to the power `derivative`. Emits the table. */
as_status as_smooth_emit(as_run *run, as_table *owned, const as_curve *c, const double *out,
                         int derivative) AS_NODISCARD;

/* The unit y * x^power, in the table's arena. */
as_status as_unit_times(as_ctx *ctx, as_table *t, const as_unit *y, const as_unit *x, int power,
                        as_unit *out) AS_NODISCARD;

#endif
