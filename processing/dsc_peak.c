/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dsc-peak: enthalpy, onset, peak and conversion of a peak of the heat flow. */
#include <math.h>

#include "dsc_parts.h"
#include "local_slope.h"
#include "op.h"

typedef struct {
    as_range range;
    int baseline, ends;
    double window, perfect;
    const char *item, *perfect_name;
    as_list split;
    as_texts names;
    double least;
    bool minima;
    as_dsc_sampling sampling;
} dsc_settings;

typedef enum { LINE, SIGMOID, ZERO } shape;
static const as_choice shapes[] = { { "linear", LINE, "a line from begin to end" },
                                    { "sigmoidal", SIGMOID, "from level to level as the conversion goes" },
                                    { "zero", ZERO, "nothing: a baseline was taken off before" },
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
    AS_LIST(dsc_settings, split, "split", "", "degC", "temperatures, rising, at which the area is cut into parts"),
    AS_BOOL(dsc_settings, minima, "minima", "no", "cut it at the minima between its maxima instead"),
    AS_DOUBLE(dsc_settings, least, "least", "1%", 0, 1, "1",
              "prominence of a maximum beside a minimum, of the highest"),
    AS_DSC_SAMPLING(dsc_settings),
    AS_TEXTS(dsc_settings, names, "part", "", "names of the parts in their order; else part 1, part 2"),
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
    { .kind = AS_NEED_RESULT, .name = "area_fraction", .unit = "1", .help = "of each part, with --split or --minima" },
    { .kind = AS_NEED_RESULT, .name = "crystallinity", .unit = "%", .help = "with --crystal-enthalpy" },
    { .kind = AS_NEED_RESULT, .name = "onset", .unit = "degC", .help = "tangent of the rise" },
    { .kind = AS_NEED_RESULT, .name = "endset", .unit = "degC", .help = "tangent of the fall" },
    { .kind = AS_NEED_RESULT, .name = "peak_temperature", .unit = "degC", .help = "farthest from the baseline" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "conversion", .unit = "1",
      .help = "share of the enthalpy; nan outside the range" },
    { 0 }
};

/* Trapezoids of net over time; share becomes the running part. */
static double integrate(const as_dsc *d, as_dsc_peak *p)
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

static as_status peak_of(as_run *run, const as_dsc *d, as_dsc_peak *p)
{
    const dsc_settings *set = run->settings;
    const size_t ends = (size_t)set->ends;
    p->from = as_dsc_row(d, set->range.lo);
    p->n = as_dsc_row(d, set->range.hi) - p->from;
    if (set->range.hi < set->range.lo || p->n < 2 * ends + 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "fewer than %zu points in the range", 2 * ends + 3);
    p->net = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    p->share = AS_NEW_N(as_scratch(run->ctx), double, 2 * p->n);
    if (!p->net || !p->share) return AS_ERR;
    p->under = p->share + p->n;
    p->ends = set->baseline == ZERO ? 0 : ends;
    p->left = p->right = 0;
    for (size_t i = 0; i < ends; i++) {
        p->left += d->flow[p->from + i] / (double)ends;
        p->right += d->flow[p->from + p->n - 1 - i] / (double)ends;
    }
    double first = 0, last = 0; /* where the means at the ends are */
    for (size_t i = 0; i < ends; i++) {
        first += d->second[p->from + i] / (double)ends;
        last += d->second[p->from + p->n - 1 - i] / (double)ends;
    }
    for (size_t i = 0; i < p->n; i++) p->share[i] = (d->second[p->from + i] - first) / (last - first);
    for (int round = 0; round < (set->baseline == SIGMOID ? 50 : 1); round++) {
        for (size_t i = 0; i < p->n; i++) {
            p->under[i] = p->share[i];
            p->net[i] = d->flow[p->from + i] - p->left - (p->right - p->left) * p->under[i];
            if (set->baseline == ZERO) p->net[i] = d->flow[p->from + i];
        }
        p->area = integrate(d, p);
    }
    if (fabs(p->area) > 0 && isfinite(p->area)) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "nothing stands above the baseline in the range");
}

enum { ONSET, ENDSET, TOP, VALUES };

/* The steepest tangents before and after the top against the baseline, and the top. */
static as_status tangents(as_run *run, const as_dsc *d, const as_dsc_peak *p, double *v)
{
    const dsc_settings *set = run->settings;
    const double sign = p->area > 0 ? 1 : -1, *at = d->celsius + p->from;
    const double spacing = (at[p->n - 1] - at[0]) / (double)(p->n - 1);
    double *slope = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    size_t top = 0, rise = 0, fall;
    if (!slope) return AS_ERR;
    as_local_slope(p->n, at, p->net, (size_t)fmax(1, round(0.5 * set->window / spacing)), slope);
    for (size_t i = 0; i < p->n; i++)
        if (sign * p->net[i] > sign * p->net[top]) top = i;
    for (size_t i = 0; i <= top; i++) /* nan at an end whose window has two rows */
        if (!(sign * slope[i] <= sign * slope[rise]) && !isnan(slope[i])) rise = i;
    fall = top;
    for (size_t i = top; i < p->n; i++)
        if (!(sign * slope[i] >= sign * slope[fall]) && !isnan(slope[i])) fall = i;
    v[ONSET] = at[rise] - p->net[rise] / slope[rise];
    v[ENDSET] = at[fall] - p->net[fall] / slope[fall];
    v[TOP] = at[top];
    return AS_OK;
}

static as_status again(as_run *run, const as_dsc *d, double *v)
{
    as_dsc_peak p;
    AS_TRY(peak_of(run, d, &p));
    return tangents(run, d, &p, v);
}

static as_status give(as_run *run, const as_dsc *d, const as_dsc_peak *p, as_table *t)
{
    const dsc_settings *set = run->settings;
    const double *at = d->celsius + p->from, spacing = (at[p->n - 1] - at[0]) / (double)(p->n - 1);
    const double span = d->second[p->from + p->n - 1] - d->second[p->from];
    double v[VALUES], scatter[VALUES];
    AS_TRY(tangents(run, d, p, v));
    AS_TRY(as_dsc_scatter(run, d, &set->sampling, t->number, again, VALUES, v, scatter));
    /* noise of the rows, and of the two ends under the whole span */
    const double of_ends = p->ends ? 0.5 / (double)p->ends : 0;
    const double u = d->noise * span * sqrt(1.0 / (double)p->n + of_ends);
    const char *under = as_format(as_scratch(run->ctx), "%s_baseline", shapes[set->baseline].name);
    if (!under) return AS_ERR;
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "enthalpy", p->area, u, "J/g", NULL, under));
    if (set->perfect > 0) {
        const char *how = as_format(as_scratch(run->ctx), "of_%g_J/g%s%s", set->perfect,
                                    set->perfect_name ? ";" : "", set->perfect_name ? set->perfect_name : "");
        if (!how) return AS_ERR;
        AS_TRY(as_add_quantity(run->ctx, t, set->item, "crystallinity", 100 * fabs(p->area) / set->perfect,
                               100 * u / set->perfect, "%", NULL, how));
        if (fabs(p->area) - 3 * u > set->perfect)
            as_warn(run->ctx, t, NULL, "more heat than the perfect crystal takes, %.4g of %.4g J/g: the mass, the "
                    "calibration, the range or the reference is wrong", fabs(p->area), set->perfect);
    }
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "onset", v[ONSET], scatter[ONSET], "degC", NULL,
                           "steepest_tangent_x_baseline"));
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "endset", v[ENDSET], scatter[ENDSET], "degC", NULL,
                           "steepest_tangent_x_baseline"));
    return as_add_quantity(run->ctx, t, set->item, "peak_temperature", v[TOP],
                           hypot(scatter[TOP], spacing / sqrt(12)), "degC", NULL, "farthest_from_baseline");
}

static as_status give_parts(as_run *run, const as_dsc *d, const as_dsc_peak *p, as_table *t)
{
    const dsc_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const double spacing = (d->celsius[p->from + p->n - 1] - d->celsius[p->from]) / (double)(p->n - 1);
    const size_t half = (size_t)fmax(1, round(0.5 * set->window / spacing));
    double *found = AS_NEW_N(as_scratch(ctx), double, p->n / 2 + 1);
    if (!found) return AS_ERR;
    if (set->minima && set->split.n)
        return as_fail(ctx, AS_E_USAGE, NULL, "--split says where to cut and --minima finds where: give one");
    const size_t n = set->minima ? as_dsc_minima(ctx, d, p, half, set->least, found) : set->split.n;
    if (set->names.n && set->names.n != n + 1)
        return as_fail(ctx, AS_E_USAGE, NULL, "%zu names for %zu parts", set->names.n, n + 1);
    if (set->minima && n == 0) as_warn(ctx, t, NULL, "no minimum stands out of the noise: one part");
    as_dsc_part *part = AS_NEW_N(as_scratch(ctx), as_dsc_part, n + 1);
    if (!part) return AS_ERR;
    AS_TRY(as_dsc_parts(ctx, d, p, half, n, set->minima ? found : set->split.v, set->minima, part));
    const char *how = set->minima ? "cut_at_minima" : "cut_at_given_temperatures";
    for (size_t k = 0; k <= n && (set->minima || n); k++) {
        const char *item = set->names.n ? as_format(as_scratch(ctx), "%s %s", set->item, set->names.v[k])
                                        : as_format(as_scratch(ctx), "%s part %zu", set->item, k + 1);
        const as_dsc_part *o = &part[k];
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(ctx, t, item, "enthalpy", o->area, o->u_area, "J/g", NULL, how));
        AS_TRY(as_add_quantity(ctx, t, item, "area_fraction", o->fraction, o->u_fraction, "1", NULL, how));
        AS_TRY(as_add_quantity(ctx, t, item, "step_begin", o->begin, NAN, "degC", NULL, how));
        AS_TRY(as_add_quantity(ctx, t, item, "step_end", o->end, NAN, "degC", NULL, how));
        AS_TRY(as_add_quantity(ctx, t, item, "peak_temperature", o->top, spacing / sqrt(12), "degC", NULL,
                               "farthest_from_baseline"));
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    as_dsc d;
    as_dsc_peak p;
    AS_TRY(as_dsc_of(run->ctx, owned, &d));
    AS_TRY(peak_of(run, &d, &p));
    as_column *c = as_find_name(owned, "conversion");
    if (!c) c = as_add_column(run->ctx, owned, "conversion", AS_ROLE_OTHER, AS_UNITLESS);
    if (!c) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++) c->v.f[i] = NAN;
    for (size_t i = 0; i < p.n; i++) c->v.f[d.row[p.from + i]] = p.share[i];
    AS_TRY(give(run, &d, &p, owned));
    AS_TRY(give_parts(run, &d, &p, owned));
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
    { "how much of it melts below 150 degC",
      "assay set sample_mass=10mg tests/corpus/thermal/dsc.csv "
      "| assay dsc-peak --range 130:172 --split 150 --part early --part late"
      " | assay results --quantity area_fraction" },
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
                 "`--range`; a sigmoidal one goes from the one to the other as the conversion does; "
                 "`zero` is for curves whose baseline was taken off before. "
                 "Uncertainties are those of the noise, not of the choice of range; for onset, endset and "
                 "top the scatter over curves with as much noise again (`--bootstrap`).\n\n"
                 "`--split 150,160` cuts the area into parts at these temperatures, `--minima` at the minima "
                 "between maxima that stand five times the noise, and `--least` of the highest, out of the curve "
                 "(smoothed over `--window`); "
                 "each part has its `enthalpy` and `area_fraction`, whose uncertainties hold the noise, the "
                 "baseline's ends and, with `--minima`, the place of the cut. A cut gives what overlaps to one "
                 "side or the other: parts that overlap are told apart by `fit`.\n\n"
                 "With "
                 "`--crystal-enthalpy` the crystallinity is the enthalpy over that of the perfect crystal, named "
                 "in the method; what crystallised on heating has to be taken off by the user.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
