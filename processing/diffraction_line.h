/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The radiation of a diffraction pattern: from options, else from the metadata that readers set
 * (wavelength, wavelength_kind, wavelength_alpha2, alpha2_ratio).
 */
#ifndef AS_PROCESSING_DIFFRACTION_LINE_H
#define AS_PROCESSING_DIFFRACTION_LINE_H

#include "op.h"
#include "powder_profile.h"

typedef struct as_line_settings {
    double wavelength, alpha2, ratio; /* 0: not given */
    int doublet, emission;            /* of the choices below */
} as_line_settings;

enum { AS_DOUBLET_AUTO, AS_DOUBLET_ON, AS_DOUBLET_OFF };
enum { AS_EMISSION_SIMPLE, AS_EMISSION_COPPER };

/* `S`: the settings struct, `field`: its member of type as_line_settings. */
#define AS_LINE_PARAMS(S, field)                                                                  \
    AS_DOUBLE(S, field.wavelength, "wavelength", "0", 0, 100, "Angstrom",                         \
              "of K alpha 1 or of the single line; 0: that of the data"),                         \
    AS_DOUBLE(S, field.alpha2, "alpha2", "0", 0, 100, "Angstrom",                                 \
              "wavelength of K alpha 2; 0: that of the data"),                                    \
    AS_DOUBLE(S, field.ratio, "alpha2-ratio", "0", 0, 1, NULL,                                    \
              "area of K alpha 2 over that of K alpha 1; 0: that of the data, else 0.5"),         \
    AS_CHOICE(S, field.doublet, "doublet", "auto", as_doublet_choices,                            \
              "whether K alpha 2 is in the data"),                                               \
    AS_CHOICE(S, field.emission, "emission", "simple", as_emission_choices,                       \
              "shape of the lines of the tube")

extern const as_choice as_doublet_choices[], as_emission_choices[];

/* The lines in the data; ratio 0: one. Auto: two when the metadata or the options name the second
 * and the metadata do not say that it is filtered out. AS_E_MISSING without a wavelength; AS_E_USAGE
 * when a doublet is asked for and the second wavelength is unknown, or the wavelength is a weighted
 * mean: its lines cannot be told apart again. */
as_status as_line_of(as_ctx *ctx, const as_table *t, const as_line_settings *settings,
                     as_doublet *out) AS_NODISCARD;

#endif
