/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dsc-peak: enthalpy, onset, peak and conversion of a peak of the heat flow. */
#include <math.h>

#include "dsc.h"
#include "local_slope.h"
#include "op.h"

typedef struct {
    as_range range;
    int baseline, ends;
    double window, perfect;
    const char *item, *perfect_name;
} dsc_settings;

typedef enum { LINE, SIGMOID } shape;
static const as_choice shapes[] = { { "linear", LINE, "a line from begin to end" },
                                    { "sigmoidal", SIGMOID, "from level to level as the conversion goes" },
                                    { 0 } };
static const as_param params[] = {
    AS_RANGE(dsc_settings, range, "range", NULL, "degC", "from where the peak begins to where it ends"),
    AS_CHOICE(dsc_settings, baseline, "baseline", "linear", shapes, "what is under the peak"),
    AS_INT(dsc_settings, ends, "ends", "5", 1, 1000, "points at each end whose mean is the baseline there"),
    AS_DOUBLE(dsc_settings, window, "window", "2K", 0.01, 100, "K",
              "of the parabolas whose slope is taken"),
    AS_DOUBLE(dsc_settings, perfect, "crystal-enthalpy", "0", 0, 1e6, "J/g",
              "of melting of the perfect crystal, for the crystallinity; 0: none is given"),
    AS_STRING(dsc_settings, perfect_name, "crystal", "", "what that enthalpy belongs to and where it is from"),
    AS_STRING(dsc_settings, item, "item", "peak", "name of the peak"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .help = "of the sample" },
    { .kind = AS_NEED_COLUMN, .name = "heat_flow", .unit = "mW", .optional = true,
      .help = "with sample_mass; or specific_heat_flow, or dsc" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "enthalpy", .unit = "J/g", .help = "with the sign of the file's signal" },
    { .kind = AS_NEED_RESULT, .name = "crystallinity", .unit = "%", .help = "with --crystal-enthalpy" },
    { .kind = AS_NEED_RESULT, .name = "onset", .unit = "degC", .help = "tangent of the rise" },
    { .kind = AS_NEED_RESULT, .name = "endset", .unit = "degC", .help = "tangent of the fall" },
    { .kind = AS_NEED_RESULT, .name = "peak_temperature", .unit = "degC", .help = "farthest from the baseline" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "conversion", .unit = "1",
      .help = "share of the enthalpy; nan outside the range" },
    { 0 }
};

typedef struct peak {
    size_t from, n;
    double *net, *share; /* n: flow less baseline; integral up to here over the whole */
    double area, left, right; /* J/g; W/g */
} peak;

/* Trapezoids of net over time; share becomes the running part. */
static double integrate(const as_dsc *d, peak *p)
{
    double sum = 0;
    p->share[0] = 0;
    for (size_t i = 1; i < p->n; i++) {
        const size_t k = p->from + i;
        sum += 0.5 * (p->net[i] + p->net[i - 1]) * (d->second[k] - d->second[k - 1]);
        p->share[i] = sum;
    }
    for (size_t i = 0; i < p->n; i++) p->share[i] /= sum;
    return sum;
}

static as_status peak_of(as_run *run, const as_dsc *d, peak *p)
{
    const dsc_settings *set = run->settings;
    const size_t ends = (size_t)set->ends;
    p->from = as_dsc_row(d, set->range.lo);
    p->n = as_dsc_row(d, set->range.hi) - p->from;
    if (set->range.hi < set->range.lo || p->n < 2 * ends + 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "fewer than %zu points in the range", 2 * ends + 3);
    p->net = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    p->share = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    if (!p->net || !p->share) return AS_ERR;
    p->left = p->right = 0;
    for (size_t i = 0; i < ends; i++) {
        p->left += d->flow[p->from + i] / (double)ends;
        p->right += d->flow[p->from + p->n - 1 - i] / (double)ends;
    }
    const double begin = d->second[p->from], span = d->second[p->from + p->n - 1] - begin;
    for (size_t i = 0; i < p->n; i++) p->share[i] = (d->second[p->from + i] - begin) / span;
    for (int round = 0; round < (set->baseline == SIGMOID ? 50 : 1); round++) {
        for (size_t i = 0; i < p->n; i++)
            p->net[i] = d->flow[p->from + i] - p->left - (p->right - p->left) * p->share[i];
        p->area = integrate(d, p);
    }
    if (fabs(p->area) > 0 && isfinite(p->area)) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "nothing stands above the baseline in the range");
}

static as_status give(as_run *run, const as_dsc *d, const peak *p, as_table *t)
{
    const dsc_settings *set = run->settings;
    const double sign = p->area > 0 ? 1 : -1, *at = d->celsius + p->from;
    double *slope = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    if (!slope) return AS_ERR;
    size_t top = 0, rise = 0, fall;
    const double spacing = (at[p->n - 1] - at[0]) / (double)(p->n - 1);
    const double span = d->second[p->from + p->n - 1] - d->second[p->from];
    as_local_slope(p->n, at, p->net, (size_t)fmax(1, 0.5 * set->window / spacing), slope);
    for (size_t i = 0; i < p->n; i++)
        if (sign * p->net[i] > sign * p->net[top]) top = i;
    for (size_t i = 0; i <= top; i++)
        if (sign * slope[i] > sign * slope[rise]) rise = i;
    fall = top;
    for (size_t i = top; i < p->n; i++)
        if (sign * slope[i] < sign * slope[fall]) fall = i;
    /* noise of the rows, and of the two ends under the whole span */
    const double u = d->noise * span * sqrt(1.0 / (double)p->n + 0.5 / set->ends);
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "enthalpy", p->area, u, "J/g", NULL,
                           set->baseline == SIGMOID ? "sigmoidal_baseline" : "linear_baseline"));
    if (set->perfect > 0) {
        const char *how = as_format(as_scratch(run->ctx), "of_%g_J/g%s%s", set->perfect,
                                    set->perfect_name ? ";" : "", set->perfect_name ? set->perfect_name : "");
        if (!how) return AS_ERR;
        AS_TRY(as_add_quantity(run->ctx, t, set->item, "crystallinity", 100 * fabs(p->area) / set->perfect,
                               100 * u / set->perfect, "%", NULL, how));
    }
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "onset", at[rise] - p->net[rise] / slope[rise],
                           fabs(d->noise / slope[rise]), "degC", NULL, "steepest_tangent_x_baseline"));
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "endset", at[fall] - p->net[fall] / slope[fall],
                           fabs(d->noise / slope[fall]), "degC", NULL, "steepest_tangent_x_baseline"));
    return as_add_quantity(run->ctx, t, set->item, "peak_temperature", at[top], spacing / sqrt(12),
                           "degC", NULL, "farthest_from_baseline");
}

static as_status series(as_run *run, as_table *owned)
{
    as_dsc d;
    peak p;
    AS_TRY(as_dsc_of(run->ctx, owned, &d));
    AS_TRY(peak_of(run, &d, &p));
    as_column *c = as_find_name(owned, "conversion");
    if (!c) c = as_add_column(run->ctx, owned, "conversion", AS_ROLE_OTHER, AS_UNITLESS);
    if (!c) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++) c->v.f[i] = NAN;
    for (size_t i = 0; i < p.n; i++) c->v.f[d.row[p.from + i]] = p.share[i];
    AS_TRY(give(run, &d, &p, owned));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the heat of melting, with a baseline that follows the conversion",
      "assay set sample_mass=10mg tests/corpus/thermal/dsc.csv "
      "| assay dsc-peak --range 130:172 --baseline sigmoidal | assay results" },
    { "the crystallinity of a polymer, against a perfect crystal of 293 J/g",
      "assay set sample_mass=10mg tests/corpus/thermal/dsc.csv "
      "| assay dsc-peak --range 130:172 --crystal-enthalpy 293J/g --crystal polyethylene"
      " | assay results --quantity crystallinity" },
    { 0 }
};
static const char *const references[] = {
    "ISO 11357-3:2018, Plastics - Differential scanning calorimetry - Part 3: melting and crystallization",
    NULL
};
static const char *const see_also[] = { "glass-transition", "kissinger", NULL };

const as_op as_op_dsc_peak = {
    .name = "dsc-peak",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(dsc_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "enthalpy, onset and conversion of a DSC peak",
             .description =
                 "The heat flow less its baseline, integrated over time by trapezoids: J/g, positive "
                 "where the signal goes up; which way exothermic goes is in the metadata "
                 "`exo_direction`. A linear baseline joins the means of the points at both ends of "
                 "`--range`; a sigmoidal one goes from the one to the other as the conversion does. "
                 "The uncertainty is that of the noise, not that of the choice of range. With "
                 "`--crystal-enthalpy` the crystallinity is the enthalpy over that of the perfect crystal, named "
                 "in the method; what crystallised on heating has to be taken off by the user.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
