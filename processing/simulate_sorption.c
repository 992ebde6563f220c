/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-sorption: the isotherm of pores of known sizes and volumes, for tests of everything else.
 *
 * Each class of pores is log-normal in width. A width w fills about the pressure p(w) of the
 * Horvath-Kawazoe relation with a logistic step in lg p; outside there is a film on a flat surface.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "film.h"
#include "gas.h"
#include "hk_atoms.h"
#include "number.h"
#include "op.h"
#include "random.h"

enum { MAX_CLASSES = 16, NODES = 61 };

typedef struct {
    as_texts pores;
    const char *sample, *origin;
    int shape, wall, points;
    double step, external_area, noise, temperature, saturation, seed, stream;
    as_range range;
} sorption_settings;

static const as_param params[] = {
    AS_TEXTS(sorption_settings, pores, "pores", "",
             "WIDTH:VOLUME:SPREAD of a class: internal width in nm, cm3/g, relative spread"),
    AS_CHOICE(sorption_settings, shape, "shape", "cylinder", as_hk_shapes, "of the pores"),
    AS_CHOICE(sorption_settings, wall, "wall", "aluminosilicate", as_hk_walls, "atoms of the wall"),
    AS_DOUBLE(sorption_settings, step, "step", "0.15", 0.001, 3, NULL,
              "logistic width of the filling of a pore, in decades of pressure"),
    AS_DOUBLE(sorption_settings, external_area, "external-area", "60m2/g", 0, 1e4, "m2/g",
              "with a film by Harkins and Jura"),
    AS_RANGE(sorption_settings, range, "range", "1e-9:0.99", "1", "of relative pressures"),
    AS_INT(sorption_settings, points, "points", "60", 6, 100000,
           "two thirds of them evenly in lg p up to 0.1, the others evenly in p"),
    AS_DOUBLE(sorption_settings, temperature, "temperature", "77.355K", 63.2, 126, "K", "of nitrogen"),
    AS_DOUBLE(sorption_settings, saturation, "saturation-pressure", "101.325kPa", 0.1, 1e5, "kPa",
              "stated in the metadata"),
    AS_DOUBLE(sorption_settings, noise, "noise", "0.002", 0, 1, NULL,
              "standard deviation of each amount dosed, over the amount; 0: none"),
    AS_DOUBLE(sorption_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(sorption_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each isotherm of a set"),
    AS_STRING(sorption_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(sorption_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "relative_pressure", .unit = "1", .help = "rising" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "uptake", .unit = "mmol/g", .help = "with noise" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "true_uptake", .unit = "mmol/g",
      .help = "without it" },
    { .kind = AS_NEED_RESULT, .name = "true_pore_width", .unit = "nm", .help = "of each class" },
    { .kind = AS_NEED_RESULT, .name = "true_pore_volume", .unit = "cm3/g", .help = "of each class" },
    { .kind = AS_NEED_RESULT, .name = "true_external_area", .unit = "m2/g", .help = "as given" },
    { 0 }
};

typedef struct pore_class {
    double width, volume, spread;
    double lg_p[NODES], share[NODES]; /* filling pressures of the widths and their part of the volume */
} pore_class;

static as_status class_of(as_ctx *ctx, const char *text, pore_class *out)
{
    double *const part[] = { &out->width, &out->volume, &out->spread };
    const char *at = text;
    for (size_t k = 0; k < 3; k++) {
        const size_t n = strcspn(at, ":");
        if (!as_read_number(at, n, '.', part[k]) || !(*part[k] > 0) || (k < 2) != (at[n] == ':'))
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' found, expected WIDTH:VOLUME:SPREAD", text);
        at += n + (k < 2);
    }
    return AS_OK;
}

/* Widths at even steps of 4 standard deviations to each side. */
static as_status spread_out(as_ctx *ctx, const as_hk *hk, pore_class *c)
{
    double sum = 0;
    for (int k = 0; k < NODES; k++) {
        const double z = 8.0 * k / (NODES - 1) - 4, w = c->width * exp(c->spread * z);
        if (w <= hk->gas.diameter * 1.001)
            return as_fail(ctx, AS_E_USAGE, NULL, "pores of %.3g nm, within 4 spreads of %g nm, hold no molecule",
                           w, c->width);
        c->share[k] = exp(-z * z / 2);
        c->lg_p[k] = as_hk_potential(hk, w) / log(10);
        sum += c->share[k];
    }
    for (int k = 0; k < NODES; k++) c->share[k] /= sum;
    return AS_OK;
}

static double filled(const pore_class *c, double lg_p, double step)
{
    double sum = 0;
    for (int k = 0; k < NODES; k++) sum += c->share[k] / (1 + exp(-(lg_p - c->lg_p[k]) / step));
    return sum;
}

/* The same digits on every machine. */
static double round_to(double v, int digits)
{
    const double scale = pow(10, digits - 1 - floor(log10(fabs(v))));
    return v == 0 ? 0 : round(v * scale) / scale;
}

static double pressure_at(const sorption_settings *set, int i)
{
    const int low = set->points * 2 / 3;
    const double lo = log10(set->range.lo), middle = -1, hi = set->range.hi;
    const double x = i < low ? pow(10, lo + (middle - lo) * i / low)
                             : 0.1 + (hi - 0.1) * (i - low) / (set->points - 1 - low);
    return round_to(x, 6);
}

static as_status metadata(as_ctx *ctx, as_table *t, const sorption_settings *set)
{
    const as_unit kelvin = as_unit_of("K");
    char text[200];
    (void)snprintf(text, sizeof text, "assay simulate-sorption, seed %.0f stream %.0f: no measurement", set->seed,
                   set->stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    if (set->sample) AS_TRY(as_set_meta(ctx, t, "sample", set->sample, NULL, NULL));
    if (set->origin) AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    t->label = as_format(t->arena, "%s (simulated)", set->sample ? set->sample : "isotherm");
    if (!t->label) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "adsorbate", "N2", NULL, NULL));
    AS_TRY(as_set_number(ctx, t, "temperature", set->temperature, NAN, kelvin, NULL));
    return as_set_number(ctx, t, "saturation_pressure", set->saturation, NAN, as_unit_of("kPa"), NULL);
}

static as_status truth(as_ctx *ctx, as_table *t, const sorption_settings *set, const pore_class *c)
{
    for (size_t k = 0; k < set->pores.n; k++) {
        char item[32];
        (void)snprintf(item, sizeof item, "class %zu", k + 1);
        AS_TRY(as_add_quantity(ctx, t, item, "true_pore_width", c[k].width, 0, "nm", NULL, "truth"));
        AS_TRY(as_add_quantity(ctx, t, item, "true_pore_volume", c[k].volume, 0, "cm3/g", NULL, "truth"));
    }
    return as_add_quantity(ctx, t, "surface", "true_external_area", set->external_area, 0, "m2/g", NULL, "truth");
}

/* Amounts of the classes and the film, then noise on each dose and so on all that follow. */
static as_status fill(as_ctx *ctx, as_table *t, const sorption_settings *set, const pore_class *c)
{
    const as_unit amount = as_unit_of("mmol/g");
    as_column *x = as_add_column(ctx, t, "relative_pressure", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(ctx, t, "uptake", AS_ROLE_Y, amount);
    as_column *mean = as_add_column(ctx, t, "true_uptake", AS_ROLE_OTHER, amount);
    if (!x || !y || !mean) return AS_ERR;
    const double molar_volume = as_gas_find("N2")->molar_volume;
    double before = 0, measured = 0;
    as_random r;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t i = 0; i < t->rows; i++) {
        const double p = pressure_at(set, (int)i);
        double volume = set->external_area * as_film_equation(AS_FILM_HARKINS_JURA, p) * 1e-3;
        for (size_t k = 0; k < set->pores.n; k++) volume += c[k].volume * filled(&c[k], log10(p), set->step);
        x->v.f[i] = p;
        mean->v.f[i] = round_to(volume * 1e3 / molar_volume, 7);
        measured += (mean->v.f[i] - before) * (1 + set->noise * as_random_normal(&r));
        before = mean->v.f[i];
        y->v.f[i] = round_to(measured, 7);
    }
    return AS_OK;
}

static as_status source(as_run *run)
{
    const sorption_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_hk hk = { .shape = (as_hk_shape)set->shape, .wall = *as_hk_wall(set->wall), .gas = *as_hk_gas("N2"),
                       .kelvin = set->temperature };
    pore_class *c = AS_NEW_N(as_scratch(ctx), pore_class, MAX_CLASSES);
    if (!c) return AS_ERR;
    if (set->pores.n == 0 || set->pores.n > MAX_CLASSES)
        return as_fail(ctx, AS_E_USAGE, NULL, "%zu classes of --pores, expected 1 to %d", set->pores.n, MAX_CLASSES);
    if (!(set->range.lo >= 1e-15 && set->range.lo < 0.1 && set->range.hi > 0.1 && set->range.hi < 1))
        return as_fail(ctx, AS_E_USAGE, NULL, "the range must begin below 0.1 and end between 0.1 and 1");
    for (size_t k = 0; k < set->pores.n; k++) {
        AS_TRY(class_of(ctx, set->pores.v[k], &c[k]));
        AS_TRY(spread_out(ctx, &hk, &c[k]));
    }
    as_table *t = as_table_new(ctx, (size_t)set->points);
    if (!t) return AS_ERR;
    t->technique = "sorption";
    AS_TRY(fill(ctx, t, set, c));
    AS_TRY(metadata(ctx, t, set));
    AS_TRY(truth(ctx, t, set, c));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "two classes of pores and what Saito and Foley's method finds",
      "assay simulate-sorption --pores 0.65:0.5:0.08 --pores 1.0:0.2:0.08"
      " | assay pores-hk --shape cylinder --wall aluminosilicate --window 0:0.1 | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Saito & Foley 1991, AIChE J. 37, 429",
    "Harkins & Jura 1944, J. Am. Chem. Soc. 66, 1366, doi:10.1021/ja01236a048", NULL
};
static const char *const see_also[] = { "pores-hk", "bet", "simulate-xrd", NULL };

const as_op as_op_simulate_sorption = {
    .name = "simulate-sorption",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(sorption_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate the nitrogen isotherm of pores of known sizes",
             .description =
                 "Each class of pores is log-normal in its internal width; a width fills about the pressure of the "
                 "Horvath-Kawazoe relation, with a logistic step in lg p. A film on the external area comes on top. "
                 "The noise is that of a manometric instrument: relative in each dose, and summed up.\n\n"
                 "The same settings give the same amounts on every machine. The metadata say `simulated`; the true "
                 "widths and volumes are results of method `truth`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
