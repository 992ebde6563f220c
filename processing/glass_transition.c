/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glass-transition: temperatures of a step of the heat flow, and the step of the heat capacity. */
#include <math.h>

#include "dsc.h"
#include "local_slope.h"
#include "op.h"

typedef struct {
    as_range below, above;
    double window;
    const char *item;
} glass_settings;

static const as_param params[] = {
    AS_RANGE(glass_settings, below, "below", NULL, "degC", "stretch of the glass, for its line"),
    AS_RANGE(glass_settings, above, "above", NULL, "degC", "stretch of the liquid, for its line"),
    AS_DOUBLE(glass_settings, window, "window", "3K", 0.01, 100, "K",
              "of the parabolas whose slope is taken"),
    AS_STRING(glass_settings, item, "item", "glass transition", "name of the step"),
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

typedef struct glass {
    double half, u_half, inflection, onset, endset, step, u_step;
} glass;

static as_status measure(as_run *run, const as_dsc *d, glass *out)
{
    const glass_settings *set = run->settings;
    const size_t b0 = as_dsc_row(d, set->below.lo), b1 = as_dsc_row(d, set->below.hi);
    const size_t a0 = as_dsc_row(d, set->above.lo), a1 = as_dsc_row(d, set->above.hi);
    as_dsc_line below, above;
    double *slope = AS_NEW_N(as_scratch(run->ctx), double, d->n);
    if (!slope) return AS_ERR;
    if (a0 <= b1 + 2)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no points between --below and --above");
    AS_TRY(as_dsc_line_of(run->ctx, d, b0, b1, &below));
    AS_TRY(as_dsc_line_of(run->ctx, d, a0, a1, &above));
    const double spacing = (d->celsius[a0] - d->celsius[b1]) / (double)(a0 - b1);
    as_local_slope(d->n, d->celsius, d->flow, (size_t)fmax(2, 0.5 * set->window / spacing), slope);
    size_t steepest = b1, half = 0;
    const double sign = as_dsc_line_at(&above, d->celsius[b1]) > as_dsc_line_at(&below, d->celsius[b1]) ? 1 : -1;
    for (size_t i = b1; i < a0; i++) {
        const double middle = 0.5 * (as_dsc_line_at(&below, d->celsius[i]) + as_dsc_line_at(&above, d->celsius[i]));
        if (sign * slope[i] > sign * slope[steepest]) steepest = i;
        if (!half && sign * (d->flow[i] - middle) > 0) half = i;
    }
    if (!half || !(sign * slope[steepest] > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the curve does not pass from one line to the other");
    const double at = d->celsius[half], steep = slope[steepest], tg = d->celsius[steepest];
    const double middle = 0.5 * (as_dsc_line_at(&below, at) + as_dsc_line_at(&above, at));
    const double rate = (d->celsius[a0] - d->celsius[b1]) / (d->second[a0] - d->second[b1]);
    out->half = at - (d->flow[half] - middle) / slope[half];
    out->u_half = fabs(d->noise / slope[half]);
    out->inflection = tg;
    out->onset = tg + (as_dsc_line_at(&below, tg) - d->flow[steepest]) / (steep - below.slope);
    out->endset = tg + (as_dsc_line_at(&above, tg) - d->flow[steepest]) / (steep - above.slope);
    out->step = fabs(as_dsc_line_at(&above, out->half) - as_dsc_line_at(&below, out->half)) / rate;
    out->u_step = d->noise * sqrt(1.0 / (double)(b1 - b0) + 1.0 / (double)(a1 - a0)) / rate;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const glass_settings *set = run->settings;
    as_dsc d;
    glass g;
    AS_TRY(as_dsc_of(run->ctx, owned, &d));
    AS_TRY(measure(run, &d, &g));
    AS_TRY(as_add_quantity(run->ctx, owned, set->item, "half_height_temperature", g.half, g.u_half,
                           "degC", NULL, "midway_between_lines"));
    AS_TRY(as_add_quantity(run->ctx, owned, set->item, "inflection_temperature", g.inflection, NAN,
                           "degC", NULL, "steepest_row"));
    AS_TRY(as_add_quantity(run->ctx, owned, set->item, "onset", g.onset, g.u_half, "degC", NULL,
                           "inflection_tangent_x_line_below"));
    AS_TRY(as_add_quantity(run->ctx, owned, set->item, "endset", g.endset, g.u_half, "degC", NULL,
                           "inflection_tangent_x_line_above"));
    AS_TRY(as_add_quantity(run->ctx, owned, set->item, "heat_capacity_step", g.step, g.u_step,
                           "J/g/K", NULL, "lines_at_half_height"));
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
                            "height is where the curve first passes the middle between them. The step of "
                            "the heat capacity is their distance there over the heating rate. "
                            "Uncertainties are those of the noise alone.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
