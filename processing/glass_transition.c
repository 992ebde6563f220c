/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glass-transition: temperatures of a step of the heat flow, and the step of the heat capacity. */
#include <math.h>

#include "dsc.h"
#include "local_slope.h"
#include "op.h"
#include "savgol.h"

typedef struct {
    as_range below, above;
    double window;
    as_dsc_sampling sampling;
    const char *item;
} glass_settings;

static const as_param params[] = {
    AS_RANGE(glass_settings, below, "below", NULL, "degC", "stretch of the glass, for its line"),
    AS_RANGE(glass_settings, above, "above", NULL, "degC", "stretch of the liquid, for its line"),
    AS_DOUBLE(glass_settings, window, "window", "3K", 0.01, 100, "K",
              "of the parabolas whose slope is taken"),
    AS_STRING(glass_settings, item, "item", "glass transition", "name of the step"),
    AS_DSC_SAMPLING(glass_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .help = "of the sample" },
    { .kind = AS_NEED_COLUMN, .name = "heat_flow", .unit = "mW", .optional = true,
      .help = "with sample_mass; or specific_heat_flow, or dsc" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "half_height_temperature", .unit = "degC",
      .help = "midway between the two lines" },
    { .kind = AS_NEED_RESULT, .name = "inflection_temperature", .unit = "degC", .help = "steepest" },
    { .kind = AS_NEED_RESULT, .name = "onset", .unit = "degC", .help = "tangent on the lower line" },
    { .kind = AS_NEED_RESULT, .name = "endset", .unit = "degC", .help = "tangent on the upper line" },
    { .kind = AS_NEED_RESULT, .name = "heat_capacity_step", .unit = "J/g/K", .help = "at half height" },
    { 0 }
};

enum { HALF, INFLECTION, ONSET, ENDSET, STEP, VALUES };

/* Flow through parabolas of 2 half + 1 rows, and its slope: both of rows b0 .. a1 - 1. */
static as_status smooth(as_ctx *ctx, const as_dsc *d, size_t b0, size_t n, size_t half, double *flow, double *slope)
{
    if (2 * half + 1 > n) half = (n - 1) / 2;
    double *work = AS_NEW_N(as_scratch(ctx), double, 2 * half + 1);
    if (!work) return AS_ERR;
    as_savgol(n, half, 2, 0, d->flow + b0, work, flow);
    as_local_slope(n, d->celsius + b0, d->flow + b0, half, slope);
    return AS_OK;
}

static as_status measure(as_run *run, const as_dsc *d, double *v)
{
    const glass_settings *set = run->settings;
    const size_t b0 = as_dsc_row(d, set->below.lo), b1 = as_dsc_row(d, set->below.hi);
    const size_t a0 = as_dsc_row(d, set->above.lo), a1 = as_dsc_row(d, set->above.hi);
    as_dsc_line below, above;
    if (a0 <= b1 + 2 || a1 <= a0)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no points between --below and --above");
    double *flow = AS_NEW_N(as_scratch(run->ctx), double, 2 * (a1 - b0));
    if (!flow) return AS_ERR;
    double *slope = flow + (a1 - b0);
    AS_TRY(as_dsc_line_of(run->ctx, d, b0, b1, &below));
    AS_TRY(as_dsc_line_of(run->ctx, d, a0, a1, &above));
    const double spacing = (d->celsius[a0] - d->celsius[b1]) / (double)(a0 - b1);
    AS_TRY(smooth(run->ctx, d, b0, a1 - b0, (size_t)fmax(2, round(0.5 * set->window / spacing)), flow, slope));
    size_t steepest = b1, half = 0;
    const double sign = as_dsc_line_at(&above, d->celsius[b1]) > as_dsc_line_at(&below, d->celsius[b1]) ? 1 : -1;
    for (size_t i = b1; i < a0; i++) {
        const double middle = 0.5 * (as_dsc_line_at(&below, d->celsius[i]) + as_dsc_line_at(&above, d->celsius[i]));
        if (sign * slope[i - b0] > sign * slope[steepest - b0]) steepest = i;
        if (!half && sign * (flow[i - b0] - middle) > 0) half = i;
    }
    if (!half || !(sign * slope[steepest - b0] > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the curve does not pass from one line to the other");
    const double at = d->celsius[half], steep = slope[steepest - b0], tg = d->celsius[steepest];
    const double there = flow[steepest - b0];
    const double middle = 0.5 * (as_dsc_line_at(&below, at) + as_dsc_line_at(&above, at));
    const double rate = (d->celsius[a0] - d->celsius[b1]) / (d->second[a0] - d->second[b1]);
    v[HALF] = at - (flow[half - b0] - middle) / slope[half - b0];
    v[INFLECTION] = tg;
    v[ONSET] = tg + (as_dsc_line_at(&below, tg) - there) / (steep - below.slope);
    v[ENDSET] = tg + (as_dsc_line_at(&above, tg) - there) / (steep - above.slope);
    v[STEP] = fabs(as_dsc_line_at(&above, v[HALF]) - as_dsc_line_at(&below, v[HALF])) / rate;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    static const struct {
        const char *quantity, *unit, *method;
    } give[VALUES] = { { "half_height_temperature", "degC", "midway_between_lines" },
                       { "inflection_temperature", "degC", "steepest_row" },
                       { "onset", "degC", "inflection_tangent_x_line_below" },
                       { "endset", "degC", "inflection_tangent_x_line_above" },
                       { "heat_capacity_step", "J/g/K", "lines_at_half_height" } };
    const glass_settings *set = run->settings;
    as_dsc d;
    double v[VALUES], u[VALUES];
    AS_TRY(as_dsc_of(run->ctx, owned, &d));
    AS_TRY(measure(run, &d, v));
    AS_TRY(as_dsc_scatter(run, &d, &set->sampling, owned->number, measure, VALUES, v, u));
    u[INFLECTION] = hypot(u[INFLECTION], (d.celsius[d.n - 1] - d.celsius[0]) / (double)(d.n - 1) / sqrt(12));
    for (int q = 0; q < VALUES; q++)
        AS_TRY(as_add_quantity(run->ctx, owned, set->item, give[q].quantity, v[q], u[q], give[q].unit, NULL,
                               give[q].method));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "a glass transition, also on a curve in mW",
      "assay set sample_mass=10mg tests/corpus/thermal/dsc.csv "
      "| assay glass-transition --below 35:65 --above 95:120 | assay results" },
    { 0 }
};
static const char *const references[] = {
    "ISO 11357-2:2020, Plastics - Differential scanning calorimetry - Part 2: glass transition", NULL
};
static const char *const see_also[] = { "dsc-peak", NULL };

const as_op as_op_glass_transition = {
    .name = "glass-transition",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(glass_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "glass transition by half height, inflection and tangents",
             .description = "Straight lines through the stretches of the glass and of the liquid. Half "
                            "height is where the curve, through the parabolas of `--window`, first passes "
                            "the middle between them. The step of "
                            "the heat capacity is their distance there over the heating rate. "
                            "Uncertainties are those of the noise alone: the scatter over curves with as much "
                            "of it again.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
