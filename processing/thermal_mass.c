/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thermal-mass: mass in percent of a named reference, without what a blank run shows. */
#include <math.h>
#include <string.h>

#include "interpolate.h"
#include "op.h"
#include "thermogram.h"

typedef struct {
    as_tables blank;
    int along, reference;
    double at;
} mass_settings;

typedef enum { TEMPERATURE, TIME } along;
typedef enum { FIRST, SAMPLE_MASS, AT } reference;
static const as_choice alongs[] = { { "temperature", TEMPERATURE, "equal temperatures" },
                                    { "time", TIME, "equal times: for isotherms" },
                                    { 0 } };
static const as_choice bases[] = { { "first", FIRST, "the first row" },
                                        { "sample-mass", SAMPLE_MASS, "the metadata sample_mass" },
                                        { "at", AT, "at the temperature --at: the dry sample" },
                                        { 0 } };
static const as_param params[] = {
    AS_TABLES(mass_settings, blank, "blank", "", "run of the empty crucible, to be taken off"),
    AS_CHOICE(mass_settings, along, "along", "temperature", alongs, "where the blank run is read"),
    AS_CHOICE(mass_settings, reference, "reference", "first", bases, "which mass is 100 %"),
    AS_DOUBLE(mass_settings, at, "at", "120degC", -273, 3000, "degC", "for --reference at"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "mass", .unit = "mg", .help = "as weighed, without the crucible" },
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .optional = true,
      .help = "for --along temperature and --reference at" },
    { .kind = AS_NEED_COLUMN, .name = "time", .unit = "min", .optional = true,
      .help = "for --along time" },
    { .kind = AS_NEED_META, .name = "sample_mass", .unit = "mg", .optional = true,
      .help = "for --reference sample-mass" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "mass", .unit = "mg",
      .help = "without the blank run" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "mass_fraction", .unit = "%",
      .help = "of the reference; becomes y" },
    { .kind = AS_NEED_RESULT, .name = "initial_mass", .unit = "mg", .help = "the reference" },
    { 0 }
};

/* Rows of the blank whose place rises above all before: place, and mass since its first row. */
static as_status blank_of(as_run *run, const as_unit *unit, double **x, double **y, size_t *n)
{
    const mass_settings *set = run->settings;
    const char *name = set->along == TIME ? "time" : "temperature";
    const as_unit to = as_unit_of(set->along == TIME ? "min" : "degC");
    if (set->blank.n != 1)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s holds %zu series, expected one blank run",
                       set->blank.from, set->blank.n);
    const as_table *t = set->blank.t[0];
    const as_column *place = as_need_column(run->ctx, t, name);
    const as_column *mass = as_need_column(run->ctx, t, "mass");
    if (!place || !mass) return AS_ERR;
    *x = AS_NEW_N(as_scratch(run->ctx), double, t->rows + 1);
    *y = AS_NEW_N(as_scratch(run->ctx), double, t->rows + 1);
    if (!*x || !*y) return AS_ERR;
    *n = 0;
    double first = NAN;
    for (size_t i = 0; i < t->rows; i++) {
        const double at = as_unit_convert(place->v.f[i], &place->unit, &to);
        const double m = as_unit_convert(mass->v.f[i], &mass->unit, unit);
        if (!isfinite(at) || !isfinite(m) || (*n && !(at > (*x)[*n - 1]))) continue;
        if (isnan(first)) first = m;
        (*x)[*n] = at;
        (*y)[(*n)++] = m - first;
    }
    if (*n < 2)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the blank run has %zu points of rising %s", *n,
                       name);
    return AS_OK;
}

static as_status take_off_blank(as_run *run, as_table *t, as_column *mass)
{
    const mass_settings *set = run->settings;
    const as_unit to = as_unit_of(set->along == TIME ? "min" : "degC");
    const as_column *place = as_need_column(run->ctx, t, set->along == TIME ? "time" : "temperature");
    double *x, *y;
    size_t n, outside = 0;
    AS_TRY(place ? blank_of(run, &mass->unit, &x, &y, &n) : AS_ERR);
    double *work = AS_NEW_N(as_scratch(run->ctx), double, 3 * n);
    if (!work) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        double at = as_unit_convert(place->v.f[i], &place->unit, &to), off = 0;
        const double inside = fmin(fmax(at, x[0]), x[n - 1]);
        outside += isfinite(at) && inside != at;
        as_interpolate(AS_LINEAR, n, x, y, false, 1, &inside, work, &off);
        mass->v.f[i] -= off;
    }
    if (outside)
        as_warn(run->ctx, t, NULL,
                "%zu rows outside the blank run (%.5g to %.5g): its end was taken off there", outside,
                x[0], x[n - 1]);
    return as_set_meta(run->ctx, t, "processed", "blank run subtracted", NULL, NULL);
}

/* The mass that is 100 %, in the unit of the column. */
static as_status reference_of(as_run *run, const as_table *t, const as_column *mass, double *out,
                              const char **how)
{
    const mass_settings *set = run->settings;
    *out = NAN;
    *how = set->reference == FIRST ? "first_row" : "metadata_sample_mass";
    if (set->reference == SAMPLE_MASS) {
        const as_meta *m = as_need_meta(run->ctx, t, "sample_mass");
        if (!m) return AS_ERR;
        *out = as_unit_convert(m->number, &m->unit, &mass->unit);
    } else if (set->reference == AT) {
        const as_unit celsius = as_unit_of("degC");
        const as_column *c = as_need_column(run->ctx, t, "temperature");
        *how = as_format(as_scratch(run->ctx), "mass_at_%.5g_degC", set->at);
        if (!c || !*how) return AS_ERR;
        for (size_t i = 1; i < t->rows && isnan(*out); i++) {
            const double a = as_unit_convert(c->v.f[i - 1], &c->unit, &celsius);
            const double b = as_unit_convert(c->v.f[i], &c->unit, &celsius);
            if (a <= set->at && b > set->at)
                *out = mass->v.f[i - 1] +
                       (set->at - a) / (b - a) * (mass->v.f[i] - mass->v.f[i - 1]);
        }
    } else {
        for (size_t i = 0; i < t->rows && isnan(*out); i++) *out = mass->v.f[i];
    }
    if (*out > 0) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the reference mass (%s) is %.4g, expected above 0",
                   *how, *out);
}

static as_status series(as_run *run, as_table *owned)
{
    const mass_settings *set = run->settings;
    const as_unit mg = as_unit_of("mg");
    as_column *mass = as_need_column(run->ctx, owned, "mass");
    as_column *share = as_find_name(owned, "mass_fraction");
    double base;
    const char *how;
    if (!mass) return AS_ERR;
    if (set->blank.n) AS_TRY(take_off_blank(run, owned, mass));
    AS_TRY(reference_of(run, owned, mass, &base, &how));
    if (!share)
        share = as_add_column(run->ctx, owned, "mass_fraction", AS_ROLE_OTHER, as_unit_of("%"));
    if (!share) return AS_ERR;
    share->unit = as_unit_of("%");
    for (size_t i = 0; i < owned->rows; i++) share->v.f[i] = 100 * mass->v.f[i] / base;
    as_column *y = as_find_role(owned, AS_ROLE_Y);
    if (y == mass) {
        y->role = AS_ROLE_OTHER;
        share->role = AS_ROLE_Y;
    }
    AS_TRY(as_add_quantity(run->ctx, owned, "curve", "initial_mass",
                           as_unit_convert(base, &mass->unit, &mg), NAN, "mg", NULL, how));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "percent of the mass at 100 degC, which is that of the dry sample",
      "assay thermal-mass --reference at --at 100degC tests/corpus/thermal/two-steps.csv | tail -n 3" },
    { "without the buoyancy that a run of the empty crucible shows",
      "assay thermal-mass --blank tests/corpus/thermal/blank.csv tests/corpus/thermal/two-steps.csv "
      "| tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "ISO 11358-1:2022, Plastics - Thermogravimetry of polymers - Part 1: General principles", NULL
};
static const char *const see_also[] = { "thermal-steps", "dtg", "subtract", NULL };

const as_op as_op_thermal_mass = {
    .name = "thermal-mass",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(mass_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "mass in percent of a named reference, less a blank run",
             .description =
                 "With `--blank` the change of the blank run since its first row is taken off the mass: "
                 "buoyancy, drift and whatever the balance shows without a sample. Between its rows a "
                 "straight line is drawn. Then mass_fraction is the mass over the reference, which is "
                 "named in the method of the result `initial_mass`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
