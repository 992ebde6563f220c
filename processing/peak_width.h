/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breadths of reflections with the instrument's taken off, for size and strain. */
#ifndef AS_PROCESSING_PEAK_WIDTH_H
#define AS_PROCESSING_PEAK_WIDTH_H

#include "diffraction_line.h"
#include "op.h"

enum { AS_BREADTH_FWHM, AS_BREADTH_INTEGRAL };
enum { AS_TAKE_PARABOLA, AS_TAKE_LORENTZ, AS_TAKE_GAUSS };

typedef struct as_width_settings {
    as_line_settings line;
    as_tables standard; /* series with results of reflection on a standard */
    double instrument;  /* degrees, where there is no standard */
    double k;
    int breadth, take;
} as_width_settings;

extern const as_choice as_breadth_choices[], as_take_choices[];

#define AS_WIDTH_PARAMS(S, field)                                                                 \
    AS_TABLES(S, field.standard, "standard", "",                                                  \
              "results of reflection on a standard measured alike: widths of the instrument"),    \
    AS_DOUBLE(S, field.instrument, "instrument", "0deg", 0, 10, "deg",                            \
              "breadth of the instrument, where there is no standard"),                           \
    AS_DOUBLE(S, field.k, "k", "0.94", 0.5, 2, NULL, "Scherrer's constant"),                      \
    AS_CHOICE(S, field.breadth, "breadth", "fwhm", as_breadth_choices, "which breadth"),          \
    AS_CHOICE(S, field.take, "take", "parabola", as_take_choices,                                 \
              "how the breadth b of the instrument leaves that of the sample, B"),                \
    AS_LINE_PARAMS(S, field.line)

typedef struct as_peak_width {
    const char *item;
    double two_theta;        /* degrees */
    double measured, u;      /* degrees; u NaN: unknown */
    double instrument;       /* degrees */
    double beta, beta_u;     /* of the sample, radians; <= 0: not broader than the instrument */
    bool extrapolated;       /* outside the lines of the standard */
} as_peak_width;

/* Every reflection of `t` with position and breadth. AS_E_MISSING without any, without a standard or
 * an --instrument, or when the standard has none. */
as_status as_peak_widths(as_ctx *ctx, const as_table *t, const as_width_settings *set, size_t *n,
                         as_peak_width **out) AS_NODISCARD;

/* "K=0.94 fwhm parabola" in the table's arena: the definition that goes with every result. */
const char *as_width_method(as_table *t, const as_width_settings *set);

#endif
