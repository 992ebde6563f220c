/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dtg: the derivative of the mass, per time and per kelvin, on the rows as they are. */
#include <math.h>

#include "local_slope.h"
#include "op.h"
#include "thermogram.h"

typedef struct {
    as_width window;
    double slowest;
    int sign;
} dtg_settings;

enum { CHANGE, LOSS };
static const as_choice signs[] = {
    { "change", CHANGE, "of the mass: negative for a loss" },
    { "loss", LOSS, "positive for a loss, as many figures have it" },
    { 0 }
};

static const as_param params[] = {
    AS_WIDTH(dtg_settings, window, "window", "21pt", "of the parabolas whose slope is taken"),
    AS_DOUBLE(dtg_settings, slowest, "slowest", "0.1K/min", 1e-6, 1000, "K/min",
              "heating below which nothing is given per kelvin"),
    AS_CHOICE(dtg_settings, sign, "sign", "change", signs, "what is given, by this name"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .help = "of the sample" },
    { .kind = AS_NEED_COLUMN, .name = "mass", .unit = "mg", .optional = true,
      .help = "or mass_fraction" },
    { .kind = AS_NEED_COLUMN, .name = "time", .unit = "min", .optional = true,
      .help = "without it the heating rate is needed for the rate per time" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "mass_change_per_time",
      .unit = "%/min", .help = "negative for a loss", .unless = "--sign loss" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "mass_change_per_kelvin",
      .unit = "%/K", .help = "negative for a loss", .unless = "--sign loss" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "mass_loss_per_time",
      .unit = "%/min", .help = "positive for a loss", .unless = "--sign change" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "mass_loss_per_kelvin",
      .unit = "%/K", .help = "positive for a loss", .unless = "--sign change" },
    { 0 }
};

static as_status values(as_ctx *ctx, const as_table *t, const as_column *c, const char *unit,
                        double **out)
{
    const as_unit to = as_unit_of(unit);
    *out = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) (*out)[i] = as_unit_convert(c->v.f[i], &c->unit, &to);
    return AS_OK;
}

/* In % of the first mass that is a number. */
static as_status percent(as_ctx *ctx, const as_table *t, double **out)
{
    const as_column *mass = as_thermal_mass(ctx, t);
    double first = NAN;
    if (!mass) return AS_ERR;
    *out = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        if (isnan(first)) first = mass->v.f[i];
        (*out)[i] = 100 * mass->v.f[i] / first;
    }
    if (t->rows && !(first > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the first mass is %.4g: no reference", first);
    return AS_OK;
}

/* Per time and per kelvin; either may come out as nan in all rows. */
static as_status slopes(as_run *run, as_table *t, size_t half, double *per_time, double *per_kelvin)
{
    const dtg_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_column *temperature = as_need_column(ctx, t, "temperature");
    const as_column *time = as_find_numbers(t, "time");
    const as_meta *rate = as_get_meta(t, "heating_rate");
    const as_unit kelvin_per_minute = as_unit_of("K/min");
    double *p, *at, *minute, *heating = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!temperature || !heating) return AS_ERR;
    AS_TRY(percent(ctx, t, &p));
    AS_TRY(values(ctx, t, temperature, "degC", &at));
    if (!time) {
        const double beta =
            rate ? as_unit_convert(rate->number, &rate->unit, &kelvin_per_minute) : NAN;
        as_local_slope(t->rows, at, p, half, per_kelvin);
        for (size_t i = 0; i < t->rows; i++) per_time[i] = per_kelvin[i] * beta;
        return AS_OK;
    }
    AS_TRY(values(ctx, t, time, "min", &minute));
    as_local_slope(t->rows, minute, p, half, per_time);
    as_local_slope(t->rows, minute, at, half, heating);
    for (size_t i = 0; i < t->rows; i++)
        per_kelvin[i] = fabs(heating[i]) >= set->slowest ? per_time[i] / heating[i] : NAN;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    static const char *const names[][2] = { { "mass_change_per_time", "mass_change_per_kelvin" },
                                            { "mass_loss_per_time", "mass_loss_per_kelvin" } };
    const dtg_settings *set = run->settings;
    const char *const *name = names[set->sign];
    double points;
    if (as_find_name(owned, name[0]) || as_find_name(owned, name[1]))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "there is a derivative already, column %s", name[0]);
    AS_TRY(as_width_points(run->ctx, &set->window, owned, &points));
    const size_t half = (size_t)fmax(1, floor(0.5 * points));
    as_column *per_time =
        as_add_column(run->ctx, owned, name[0], AS_ROLE_OTHER, as_unit_of("%/min"));
    as_column *per_kelvin =
        as_add_column(run->ctx, owned, name[1], AS_ROLE_OTHER, as_unit_of("%/K"));
    if (!per_time || !per_kelvin) return AS_ERR;
    if (owned->rows <= 2 * half)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu rows, the window has %zu", owned->rows,
                       2 * half + 1);
    AS_TRY(slopes(run, owned, half, per_time->v.f, per_kelvin->v.f));
    for (size_t i = 0; set->sign == LOSS && i < owned->rows; i++)
        per_time->v.f[i] = -per_time->v.f[i], per_kelvin->v.f[i] = -per_kelvin->v.f[i];
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "rate of a mass loss, per minute and per kelvin",
      "assay dtg --window 9pt tests/corpus/thermal/two-steps.csv | tail -n 3" },
    { "mass and its rate in one figure",
      "assay dtg --window 9pt tests/corpus/thermal/two-steps.csv | assay plot-thermogram -o dtg.svg" },
    { 0 }
};
static const char *const references[] = {
    "Savitzky & Golay 1964, Smoothing and differentiation of data, Anal. Chem. 36, 1627, "
    "doi:10.1021/ac60214a047",
    NULL
};
static const char *const see_also[] = { "thermal-steps", "plot-thermogram", "smooth-savgol", NULL };

const as_op as_op_dtg = {
    .name = "dtg",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(dtg_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "derivative of the mass, per time and per kelvin",
             .description =
                 "The slope at each row of the parabola through the rows of the window around it: "
                 "Savitzky and Golay's filter where rows are even. Percent of the first mass. "
                 "What the sign means stands in the names of the columns: `mass_change_per_time` "
                 "and `mass_change_per_kelvin` are negative for a loss, `mass_loss_per_time` and "
                 "`mass_loss_per_kelvin` positive; a column `dtg` of the file keeps its own sign. "
                 "Per kelvin is per time over the heating rate measured in the "
                 "same window, and nan where that is below `--slowest`, as in an isotherm. Without a "
                 "column of times the slope is taken over temperature, and the metadata "
                 "`heating_rate` gives the rate per time.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
