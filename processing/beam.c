/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Divergence slits: see beam.h. */
#include <math.h>
#include <string.h>

#include "beam.h"

static const char *mode_of(const as_table *t)
{
    const as_meta *m = as_get_meta(t, "slit_mode");
    return m && m->text ? m->text : NULL;
}

as_status as_same_slits(as_ctx *ctx, const as_table *a, const as_table *b)
{
    const char *one = mode_of(a), *other = mode_of(b);
    if (!one || !other || strcmp(one, other) == 0) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL,
                   "series %s was measured with a slit that is %s, %s with one that is %s: their "
                   "intensities do "
                   "not compare; `convert-slit` makes them alike",
                   a->name ? a->name : "?", one, b->name ? b->name : "?", other);
}

double as_beam_overflow(double divergence, double radius, double sample_length)
{
    const double pi = acos(-1.0), sine = radius * divergence * pi / 180 / sample_length;
    return sine >= 1 ? 180 : 2 * asin(sine) * 180 / pi;
}

static double number_of(const as_table *t, const char *key, const char *unit)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit to = as_unit_of(unit);
    return m ? as_unit_convert(m->number, &m->unit, &to) : NAN;
}

void as_warn_of_beam(as_ctx *ctx, as_table *t, double lowest)
{
    const char *mode = mode_of(t);
    const double below = as_beam_overflow(number_of(t, "divergence_slit", "deg"),
                                          number_of(t, "goniometer_radius", "mm"),
                                          number_of(t, "sample_length", "mm"));
    if (mode && strcmp(mode, "automatic") == 0)
        as_warn(ctx, t, NULL,
                "automatic slit: intensities grow with sin(theta) against those of a fixed slit; "
                "compare them with others only after `convert-slit`");
    else if (below > lowest)
        as_warn(ctx, t, NULL,
                "the beam is longer than the sample below %.4g deg: intensities there are too low",
                below);
}
