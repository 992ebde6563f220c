/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thermal-steps: the steps of a mass loss curve, and its onsets by every definition, named. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "op.h"
#include "thermogram.h"

typedef struct {
    double step, window, share, least, apart, sigmas, persist, dry;
    as_range baseline;
    as_list losses, residues;
    int reference;
} steps_settings;

enum { OF_INITIAL, OF_SAMPLE_MASS, OF_DRY };
static const as_choice references_of[] = {
    { "initial", OF_INITIAL, "the first mass of the grid" },
    { "sample-mass", OF_SAMPLE_MASS, "the metadata sample_mass" },
    { "dry", OF_DRY, "the mass at --dry" },
    { 0 }
};

static const as_param params[] = {
    AS_DOUBLE(steps_settings, step, "step", "0.5K", 0.001, 100, "K", "of the grid of temperatures"),
    AS_DOUBLE(steps_settings, window, "window", "20K", 0.01, 1000, "K",
              "of the derivative (Savitzky-Golay, order 2)"),
    AS_DOUBLE(steps_settings, share, "share", "5%", 0, 1, "1",
              "least prominence of a step, of the fastest loss"),
    AS_DOUBLE(steps_settings, least, "least-rate", "0.01", 0, 100, "%/K",
              "least prominence of a step"),
    AS_DOUBLE(steps_settings, apart, "apart", "20K", 0, 1000, "K", "least distance of two steps"),
    AS_RANGE(steps_settings, baseline, "baseline", "", "degC",
             "where nothing is lost yet, for onsets against a fitted line"),
    AS_DOUBLE(steps_settings, sigmas, "sigmas", "3", 0.5, 100, NULL,
              "of the baseline's scatter make a first deviation"),
    AS_DOUBLE(steps_settings, persist, "persist", "5K", 0, 1000, "K",
              "that a first deviation has to last"),
    AS_LIST(steps_settings, losses, "losses", "1,5,10,50", NULL,
            "percent of loss whose temperatures are wanted"),
    AS_LIST(steps_settings, residues, "residue-at", "", "degC",
            "temperatures at which the residue is wanted, beside that at the end"),
    AS_CHOICE(steps_settings, reference, "reference", "initial", references_of, "which mass is 100 %"),
    AS_DOUBLE(steps_settings, dry, "dry", "120degC", -273.15, 3000, "degC",
              "where the sample is dry, for --reference dry"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .help = "of the sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "mass_loss",
      .unit = "%",
      .help = "of each step, of the reference mass" },
    { .kind = AS_NEED_RESULT,
      .name = "onset",
      .unit = "degC",
      .help = "extrapolated, of each step" },
    { .kind = AS_NEED_RESULT,
      .name = "peak_temperature",
      .unit = "degC",
      .help = "of the fastest loss" },
    { .kind = AS_NEED_RESULT,
      .name = "inflection_temperature",
      .unit = "degC",
      .help = "the same by a cubic over the window" },
    { .kind = AS_NEED_RESULT, .name = "residue", .unit = "%", .help = "at the end, and --residue-at" },
    { 0 }
};

enum { MOST_STEPS = 64 };

static as_status give_step(as_ctx *ctx, as_table *t, const as_thermogram *g,
                           const as_thermal_step *s, size_t number, const as_unit *mass_unit,
                           const char *reference)
{
    char item[32];
    (void)snprintf(item, sizeof item, "step %zu", number);
    const as_unit mg = as_unit_of("mg");
    const char *method = as_format(as_scratch(ctx), "of_%s_mass_between_DTG_minima", reference);
    if (!method) return AS_ERR;
    const double per_percent = as_unit_convert(g->reference / 100, mass_unit, &mg);
    AS_TRY(as_add_quantity(ctx, t, item, "mass_loss", s->loss, s->u_loss, "%", NULL,
                           method));
    if (isfinite(per_percent))
        AS_TRY(as_add_quantity(ctx, t, item, "mass_loss_absolute", s->loss * per_percent,
                               s->u_loss * per_percent, "mg", NULL, "between_DTG_minima"));
    AS_TRY(as_add_quantity(ctx, t, item, "peak_temperature",
                           as_thermogram_temperature(g, (double)s->peak),
                           hypot(g->step / sqrt(12), s->u_fastest), "degC", NULL,
                           "DTG_minimum_on_grid;u_of_grid_and_inflection"));
    AS_TRY(as_add_quantity(ctx, t, item, "inflection_temperature", s->fastest, s->u_fastest, "degC",
                           NULL, "cubic_over_window_of_DTG"));
    AS_TRY(as_add_quantity(ctx, t, item, "peak_rate", g->rate[s->peak], g->rate_noise, "%/K", NULL,
                           "savitzky_golay_order_2"));
    AS_TRY(as_add_quantity(ctx, t, item, "onset", s->onset, s->u_onset, "degC", NULL,
                           "inflection_tangent_x_horizontal_at_begin"));
    AS_TRY(as_add_quantity(ctx, t, item, "endset", s->endset, s->u_endset, "degC", NULL,
                           "inflection_tangent_x_horizontal_at_end"));
    AS_TRY(as_add_quantity(ctx, t, item, "step_begin",
                           as_thermogram_temperature(g, (double)s->left), NAN, "degC", NULL,
                           "DTG_minimum_or_end_of_data"));
    return as_add_quantity(ctx, t, item, "step_end", as_thermogram_temperature(g, (double)s->right),
                           NAN, "degC", NULL, "DTG_minimum_or_end_of_data");
}

/* Onsets of the first step against a fitted line, where the user said where nothing is lost. */
static as_status give_baseline_onsets(as_run *run, as_table *t, const as_thermogram *g,
                                      const as_thermal_step *first)
{
    const steps_settings *set = run->settings;
    as_thermal_line line;
    AS_TRY(as_thermal_baseline(run->ctx, g, set->baseline.lo, set->baseline.hi, &line));
    const size_t persist = (size_t)fmax(1, set->persist / g->step);
    const double deviation = as_thermal_deviation(g, &line, set->sigmas, persist);
    const char *where =
        as_format(as_scratch(run->ctx), "inflection_tangent_x_line_fitted_%.4g_to_%.4g_degC",
                  line.from, line.to);
    const char *how = as_format(as_scratch(run->ctx), "below_the_line_by_%.3g_x_%.3g_%%_for_%.3g_K",
                                set->sigmas, line.scatter, set->persist);
    if (!where || !how) return AS_ERR;
    const double u_deviation =
        isnan(deviation) ? NAN : as_thermal_deviation_u(g, &line, set->sigmas, persist, deviation);
    double at = NAN, u = NAN;
    if (first) at = as_thermal_tangent(g, &line, first->peak, &u);
    if (first)
        AS_TRY(as_add_quantity(run->ctx, t, "step 1", "onset_baseline",
                               at, u, "degC",
                               NULL, where));
    return as_add_quantity(run->ctx, t, "curve", "first_deviation", deviation, u_deviation,
                           "degC", isnan(deviation) ? "not_detected" : NULL, how);
}

/* Makes the mass that was asked for 100 %; `name`: of that mass, for methods. */
static as_status refer(as_run *run, const as_table *t, const as_unit *mass_unit, as_thermogram *g,
                       const char **name)
{
    const steps_settings *set = run->settings;
    const as_meta *m;
    double mass = NAN;
    *name = "initial";
    if (set->reference == OF_INITIAL) return AS_OK;
    if (set->reference == OF_DRY) {
        const double p = as_thermogram_at(g, set->dry);
        if (!(p > 0))
            return as_fail(run->ctx, AS_E_USAGE, NULL, "--dry %.4g degC lies outside the curve, %.4g to %.4g degC",
                           set->dry, g->first, as_thermogram_temperature(g, (double)(g->n - 1)));
        as_thermogram_refer(g, g->reference * p / 100);
        *name = as_format(as_scratch(run->ctx), "dry_(%.4g_degC)", set->dry);
        return *name ? AS_OK : AS_ERR;
    }
    m = as_need_meta(run->ctx, t, "sample_mass");
    if (!m) return as_while(run->ctx, "looking for the mass that is 100 %%");
    mass = as_unit_convert(m->number, &m->unit, mass_unit);
    if (!(mass > 0))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "the curve is in %s: its part of the sample mass is not known",
                       mass_unit->symbol);
    as_thermogram_refer(g, mass);
    *name = "stated_sample";
    return AS_OK;
}

/* Temperatures of stated losses, and what is left. */
static as_status give_curve(as_run *run, as_table *t, const as_thermogram *g, const char *reference)
{
    const steps_settings *set = run->settings;
    const char *first = as_format(as_scratch(run->ctx), "first_crossing_of_%s_mass", reference);
    const char *end = as_format(as_scratch(run->ctx), "of_%s_mass_at_highest_temperature", reference);
    const char *between = as_format(as_scratch(run->ctx), "of_%s_mass", reference);
    if (!first || !end || !between) return AS_ERR;
    for (size_t i = 0; i < set->residues.n; i++) {
        const char *item = as_format(as_scratch(run->ctx), "%.6g degC", set->residues.v[i]);
        const double p = as_thermogram_at(g, set->residues.v[i]);
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(run->ctx, t, item, "residue", p, isnan(p) ? NAN : sqrt(2) * g->noise, "%",
                               isnan(p) ? "not_reached" : NULL, between));
    }
    for (size_t i = 0; i < set->losses.n; i++) {
        const double level = 100 - set->losses.v[i], at = as_thermal_crossing(g, level);
        const char *item = as_format(as_scratch(run->ctx), "%.4g %% loss", set->losses.v[i]);
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(run->ctx, t, item, "temperature_at_loss", at,
                               as_thermal_crossing_u(g, at, level),
                               "degC", isnan(at) ? "not_reached" : NULL,
                               first));
    }
    return as_add_quantity(run->ctx, t, "curve", "residue", g->p[g->n - 1], sqrt(2) * g->noise, "%",
                           NULL, end);
}

static as_status series(as_run *run, as_table *owned)
{
    const steps_settings *set = run->settings;
    double *x, *y;
    size_t n;
    as_thermogram g;
    as_thermal_step steps[MOST_STEPS];
    AS_TRY(as_thermal_columns(run->ctx, owned, &x, &y, &n));
    const size_t half = (size_t)fmax(2, floor(0.5 * set->window / set->step));
    AS_TRY(as_thermogram_of(run->ctx, as_scratch(run->ctx), n, x, y, set->step, half, &g));
    if (g.kept < n)
        as_warn(run->ctx, owned, NULL,
                "%zu of %zu points used: those before the highest temperature that are hotter than "
                "all before",
                g.kept, n);
    const as_column *mass = as_thermal_mass(run->ctx, owned);
    const char *reference;
    AS_TRY(refer(run, owned, &mass->unit, &g, &reference));
    const size_t n_steps = as_thermal_steps(run->ctx, &g, set->share, set->least,
                                            (size_t)(set->apart / set->step), MOST_STEPS, steps);
    for (size_t i = 0; i < n_steps; i++)
        AS_TRY(give_step(run->ctx, owned, &g, &steps[i], i + 1, &mass->unit, reference));
    if (set->baseline.lo != 0 || set->baseline.hi != 0)
        AS_TRY(give_baseline_onsets(run, owned, &g, n_steps ? steps : NULL));
    AS_TRY(give_curve(run, owned, &g, reference));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = { { "steps and onsets of a mass loss",
                                         "assay thermal-steps --baseline "
                                         "30:90 tests/corpus/thermal/two-steps.csv | assay results" },
                                       { "losses of the mass that is dry at 100 degC, and what is left at 300 degC",
                                         "assay thermal-steps --reference dry --dry 100degC --residue-at 300 "
                                         "tests/corpus/thermal/two-steps.csv | assay results" },
                                       { 0 } };
static const char *const references[] = {
    "ISO 11358-1:2022, Plastics - Thermogravimetry of polymers - Part 1: General principles",
    "ASTM E2550-21, Standard test method for thermal stability by thermogravimetry", NULL
};
static const char *const see_also[] = { "results", "plot-thermogram", NULL };

const as_op as_op_thermal_steps = {
    .name = "thermal-steps",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(steps_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "find the steps of a mass loss curve and its onsets by named definitions",
             .description = "The curve is put on an even grid of temperatures: points up to the "
                            "highest temperature, each hotter than all "
                            "before, so that an isothermal loss becomes a jump. Steps are maxima "
                            "of the rate of loss; they part where the "
                            "rate is least between.\n\n"
                            "*onset* is where the tangent at the fastest loss meets the horizontal "
                            "through the begin of the step. With "
                            "`--baseline 30:80`, where nothing is lost yet, two more are given: "
                            "*onset_baseline*, the tangent against the "
                            "line fitted there, and *first_deviation*, where the curve stays below "
                            "that line by *sigmas* times its scatter "
                            "for *persist*. A first deviation and an extrapolated onset of one "
                            "curve can lie 100 K apart: say which is meant.\n\n"
                            "Uncertainties are those of the noise of the mass, and where steps overlap, of the "
                            "place at which the noise lets them part; calibration of temperature and "
                            "buoyancy are not in them. How much of a neighbour's loss lies in a step that "
                            "overlaps no uncertainty tells: `fit` with lines for both parts them.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
