/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operations of electrochemistry share. */
#ifndef AS_PROCESSING_ECHEM_H
#define AS_PROCESSING_ECHEM_H

#include "op.h"

/* Warns where an area or a mass of the metadata is exactly 0.001 of its unit: most EC-Lab files seen carry that,
 * whatever the cell, so it may be a default that nobody changed. `option` is what to give instead. */
void as_warn_placeholder(as_ctx *ctx, as_table *t, const as_meta *m, const char *option);

#endif
