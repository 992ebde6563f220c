/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulate-raman and simulate-ir share: bands from options, axes, metadata. */
#ifndef AS_PROCESSING_SIMULATE_BANDS_H
#define AS_PROCESSING_SIMULATE_BANDS_H

#include "op.h"

enum { AS_SIMULATED_MOST_BANDS = 64 };

typedef struct as_simulated_band {
    const char *name;              /* of the result */
    double position, fwhm, area;   /* cm-1, cm-1, y times cm-1 */
} as_simulated_band;

/* "NAME:POSITION:FWHM:AREA" of each text, in scratch; an underscore of the name becomes a blank. AS_E_USAGE:
 * another form, a width or position not above 0, more than AS_SIMULATED_MOST_BANDS. */
as_status as_simulated_bands(as_ctx *ctx, const as_texts *texts, as_simulated_band **out) AS_NODISCARD;

/* Evenly spaced x, rounded to 1e-6; AS_E_USAGE on an empty or open range or above 1e6 points. */
as_table *as_simulated_axis(as_ctx *ctx, const char *name, const char *technique, const as_range *range,
                            double step) AS_NODISCARD;

/* simulated, sample, comment and the label. `what`: "assay simulate-raman". */
as_status as_simulated_meta(as_ctx *ctx, as_table *t, const char *what, double seed, double stream,
                            const char *sample, const char *origin) AS_NODISCARD;

/* To this many digits: the same on every machine. */
double as_simulated_digits(double v, int digits);

#endif
