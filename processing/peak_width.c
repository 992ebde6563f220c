/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breadths without the instrument's: see peak_width.h. */
#include <math.h>
#include <string.h>

#include "peak_width.h"

static const double degree = 0.017453292519943295;

const as_choice as_breadth_choices[] = {
    { "fwhm", AS_BREADTH_FWHM, "full width at half maximum" },
    { "integral", AS_BREADTH_INTEGRAL, "area over height" },
    { 0 }
};
const as_choice as_take_choices[] = {
    { "parabola", AS_TAKE_PARABOLA, "B - b^2/B, between the two" },
    { "lorentz", AS_TAKE_LORENTZ, "B - b, both Lorentzian" },
    { "gauss", AS_TAKE_GAUSS, "sqrt(B^2 - b^2), both Gaussian" },
    { 0 }
};

static const char *quantity_of(const as_width_settings *set)
{
    return set->breadth == AS_BREADTH_FWHM ? "fwhm" : "integral_breadth";
}

static double degrees_of(const as_result *r, double value)
{
    const as_unit deg = as_unit_of("deg");
    return as_unit_scale(value, &r->unit, &deg);
}

/* The standard's breadth at two_theta, by straight lines between its reflections. */
static double standard_at(const as_width_settings *set, double two_theta, bool *outside)
{
    double below = -INFINITY, above = INFINITY, b_below = NAN, b_above = NAN;
    for (size_t s = 0; s < set->standard.n; s++) {
        const as_table *t = set->standard.t[s];
        for (size_t i = 0; i < t->n_results; i++) {
            const as_result *r = &t->result[i], *at;
            if (strcmp(r->quantity, quantity_of(set)) != 0) continue;
            if (!(at = as_get_result(t, r->item, "position")) || !isfinite(r->value)) continue;
            const double x = degrees_of(at, at->value), b = degrees_of(r, r->value);
            if (x <= two_theta && x > below) {
                below = x;
                b_below = b;
            }
            if (x >= two_theta && x < above) {
                above = x;
                b_above = b;
            }
        }
    }
    *outside = isnan(b_below) || isnan(b_above);
    if (isnan(b_below)) return b_above;
    if (isnan(b_above) || above == below) return b_below;
    return b_below + (b_above - b_below) * (two_theta - below) / (above - below);
}

/* beta(B, b) and d beta / d B. */
static double taken_off(int how, double B, double b, double *slope)
{
    switch (how) {
    case AS_TAKE_LORENTZ: *slope = 1; return B - b;
    case AS_TAKE_GAUSS:
        if (!(B > b)) {
            *slope = 1;
            return B - b;
        }
        *slope = B / sqrt(B * B - b * b);
        return sqrt(B * B - b * b);
    default: *slope = 1 + b * b / (B * B); return B - b * b / B;
    }
}

as_status as_peak_widths(as_ctx *ctx, const as_table *t, const as_width_settings *set, size_t *n,
                         as_peak_width **out)
{
    as_peak_width *w = AS_NEW_N(as_scratch(ctx), as_peak_width, t->n_results + 1);
    if (!w) return AS_ERR;
    if (!set->standard.n && !(set->instrument > 0))
        return as_fail(ctx, AS_E_MISSING, NULL, "the breadth of the instrument is not known: expected "
                       "--standard (results of reflection on a standard) or --instrument");
    *n = 0;
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = &t->result[i], *at;
        if (strcmp(r->quantity, quantity_of(set)) != 0 || !(r->value > 0)) continue;
        if (!(at = as_get_result(t, r->item, "position")) || !isfinite(at->value)) continue;
        as_peak_width *p = &w[(*n)++];
        double slope;
        *p = (as_peak_width){ .item = r->item, .two_theta = degrees_of(at, at->value),
                              .measured = degrees_of(r, r->value), .u = degrees_of(r, r->u) };
        p->instrument = set->standard.n ? standard_at(set, p->two_theta, &p->extrapolated)
                                        : set->instrument;
        if (isnan(p->instrument))
            return as_fail(ctx, AS_E_MISSING, NULL, "the standard has no result '%s'", quantity_of(set));
        p->beta = taken_off(set->take, p->measured, p->instrument, &slope) * degree;
        p->beta_u = slope * p->u * degree;
    }
    if (!*n)
        return as_fail(ctx, AS_E_MISSING, NULL, "no results 'position' and '%s' of one reflection, "
                       "expected from an earlier step", quantity_of(set));
    *out = w;
    return AS_OK;
}

const char *as_width_method(as_table *t, const as_width_settings *set)
{
    return as_format(t->arena, "K=%g_%s_%s", set->k, as_breadth_choices[set->breadth].name,
                     as_take_choices[set->take].name);
}
