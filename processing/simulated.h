/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulated cells share. */
#ifndef AS_PROCESSING_SIMULATED_H
#define AS_PROCESSING_SIMULATED_H

#include "op.h"

/* v to so many significant digits, so that all machines write the same; 0 stays. */
double as_round_digits(double v, int digits);

/* Metadata simulated, sample and comment (where the texts are not NULL), and the label. */
as_status as_say_simulated(as_ctx *ctx, as_table *t, const char *op, double seed, double stream,
                           const char *sample, const char *origin) AS_NODISCARD;

#endif
