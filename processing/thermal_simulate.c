/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heating curves from kinetics. See thermal_simulate.h for the equations. */
#include <math.h>

#include <gsl/gsl_sf_expint.h>

#include "kinetics.h"
#include "thermal_simulate.h"

/* exp(-E/RT) and I(T), both over exp(-E/RTa) so that nothing underflows near Ta. */
static double boltzmann(const as_loss *l, double kelvin)
{
    return exp(l->energy / AS_GAS_CONSTANT * (1 / l->at - 1 / kelvin));
}

static double integral(const as_loss *l, double kelvin)
{
    const double x = l->energy / (AS_GAS_CONSTANT * kelvin);
    return kelvin * gsl_sf_expint_E2_scaled(x) * boltzmann(l, kelvin);
}

/* q (I(T) - I(T0)) */
static double progress(const as_loss *l, double start, double kelvin)
{
    const double at_done = l->kind == AS_FIRST_ORDER ? -log1p(-l->done) : l->done;
    const double before = integral(l, start);
    return at_done * (integral(l, kelvin) - before) / (integral(l, l->at) - before);
}

static double slope(const as_loss *l, double start, double kelvin)
{
    const double at_done = l->kind == AS_FIRST_ORDER ? -log1p(-l->done) : l->done;
    return at_done * boltzmann(l, kelvin) / (integral(l, l->at) - integral(l, start));
}

double as_loss_conversion(const as_loss *l, double start, double kelvin)
{
    const double p = progress(l, start, kelvin);
    return l->kind == AS_FIRST_ORDER ? -expm1(-p) : fmin(p, 1);
}

double as_loss_rate(const as_loss *l, double start, double kelvin)
{
    const double p = progress(l, start, kelvin);
    const double left = l->kind == AS_FIRST_ORDER ? exp(-p) : p < 1;
    return slope(l, start, kelvin) * left;
}

/* Positive below the peak, negative above. */
static double before_peak(const as_loss *l, double start, double kelvin)
{
    if (l->kind == AS_ZERO_ORDER) return 1 - progress(l, start, kelvin);
    return l->energy / (AS_GAS_CONSTANT * kelvin * kelvin) - slope(l, start, kelvin);
}

double as_loss_peak(const as_loss *l, double start)
{
    double lo = start, hi = 5000;
    for (int i = 0; i < 80; i++) {
        const double middle = 0.5 * (lo + hi);
        if (before_peak(l, start, middle) > 0)
            lo = middle;
        else
            hi = middle;
    }
    return lo;
}

double as_loss_onset(const as_loss *l, double start)
{
    const double peak = as_loss_peak(l, start);
    return peak - as_loss_conversion(l, start, peak) / as_loss_rate(l, start, peak);
}

double as_losses_mass(size_t n, const as_loss *l, double start, double kelvin)
{
    double mass = 100;
    for (size_t i = 0; i < n; i++) mass -= l[i].share * as_loss_conversion(&l[i], start, kelvin);
    return mass;
}

double as_losses_rate(size_t n, const as_loss *l, double start, double kelvin)
{
    double rate = 0;
    for (size_t i = 0; i < n; i++) rate -= l[i].share * as_loss_rate(&l[i], start, kelvin);
    return rate;
}

double as_losses_reach(size_t n, const as_loss *l, double start, double end, double percent)
{
    double lo = start, hi = end;
    if (!(as_losses_mass(n, l, start, end) <= 100 - percent)) return NAN;
    for (int i = 0; i < 80; i++) {
        const double middle = 0.5 * (lo + hi);
        if (as_losses_mass(n, l, start, middle) > 100 - percent)
            lo = middle;
        else
            hi = middle;
    }
    return 0.5 * (lo + hi);
}

double as_balance_reading(const as_balance *b, as_random *r, double mass, double start,
                          double kelvin, double hours)
{
    /* the gas that is displaced weighs as 1/T */
    return mass + b->buoyancy * (1 - start / kelvin) + b->drift * hours +
           b->white * as_random_normal(r);
}
