/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operations of electrochemistry share. */
#ifndef AS_PROCESSING_ECHEM_H
#define AS_PROCESSING_ECHEM_H

#include "op.h"

/* Warns where an area or a mass of the metadata is exactly 0.001 of its unit: most EC-Lab files seen carry that,
 * whatever the cell, so it may be a default that nobody changed. `option` is what to give instead. */
void as_warn_placeholder(as_ctx *ctx, as_table *t, const as_meta *m, const char *option);

/* The column current_density in mA/cm2, made from current and area where the table has none; sigma, that of the
 * current, is dropped then. */
as_status as_current_density(as_ctx *ctx, as_table *t, double given_area, as_column **out,
                             double *relative) AS_NODISCARD;

/* ";iR_80_Ohm_x_100%" of a potential that was corrected, else "" (nothing is known); in scratch. */
const char *as_ir_record(as_ctx *ctx, const as_table *t);

/* x and y of the table become these columns. */
void as_set_axes(as_table *t, as_column *x, as_column *y);

#endif
