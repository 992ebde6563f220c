/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The radiation of a pattern: see diffraction_line.h. */
#include <math.h>
#include <string.h>

#include "diffraction_line.h"

const as_choice as_doublet_choices[] = {
    { "auto", AS_DOUBLET_AUTO, "as the data say" },
    { "on", AS_DOUBLET_ON, "two lines" },
    { "off", AS_DOUBLET_OFF, "one line" },
    { 0 }
};

const as_choice as_emission_choices[] = {
    { "simple", AS_EMISSION_SIMPLE, "one Lorentzian each" },
    { "copper", AS_EMISSION_COPPER, "two Lorentzians each, as Hoelzer et al. 1997 measured copper" },
    { 0 }
};

static double number_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m && isfinite(m->number) ? m->number : 0;
}

static double angstrom_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit to = as_unit_of("Angstrom");
    const double v = m ? as_unit_convert(m->number, &m->unit, &to) : 0;
    return isfinite(v) ? v : 0;
}

static bool kind_is(const as_table *t, const char *kind)
{
    const as_meta *m = as_get_meta(t, "wavelength_kind");
    return m && m->text && strcmp(m->text, kind) == 0;
}

as_status as_line_of(as_ctx *ctx, const as_table *t, const as_line_settings *s, as_doublet *out)
{
    const bool given = s->wavelength > 0;
    *out = (as_doublet){ .alpha1 = given ? s->wavelength : angstrom_of(t, "wavelength"),
                         .fine = s->emission == AS_EMISSION_COPPER };
    if (!(out->alpha1 > 0))
        return as_fail(ctx, AS_E_MISSING, NULL, "the data state no wavelength; give it with "
                       "--wavelength or assay set wavelength=1.5405929Angstrom");
    if (out->fine && fabs(out->alpha1 - 1.5406) > 5e-4)
        return as_fail(ctx, AS_E_USAGE, NULL, "the emission of copper does not go with a wavelength of "
                       "%g", out->alpha1);
    out->alpha2 = s->alpha2 > 0 ? s->alpha2 : angstrom_of(t, "wavelength_alpha2");
    const as_meta *stated = as_get_meta(t, "alpha2_ratio");
    out->ratio = s->ratio > 0 ? s->ratio : stated ? number_of(t, "alpha2_ratio") : 0.5;
    const bool single = kind_is(t, "ka1") || kind_is(t, "monochromatic");
    const bool mean = !given && kind_is(t, "weighted_mean");
    if (s->doublet == AS_DOUBLET_ON) {
        if (mean)
            return as_fail(ctx, AS_E_USAGE, NULL, "the wavelength %g is a weighted mean: a doublet "
                           "needs that of K alpha 1 (--wavelength)", out->alpha1);
        if (!(out->alpha2 > 0))
            return as_fail(ctx, AS_E_USAGE, NULL, "a doublet needs the wavelength of K alpha 2 "
                           "(--alpha2)");
        if (!(out->ratio > 0)) out->ratio = 0.5;
        return AS_OK;
    }
    const bool two = s->doublet == AS_DOUBLET_AUTO && out->alpha2 > 0 && !mean &&
                     (s->alpha2 > 0 || !single);
    if (!two) out->ratio = 0;
    return AS_OK;
}
