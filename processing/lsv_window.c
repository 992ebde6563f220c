/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lsv-window: the potential where a sweep begins to pass current, by named rules side by side. */
#include <math.h>

#include "curve.h"
#include "echem.h"
#include "linear_fit.h"
#include "op.h"

typedef struct {
    double area, cut, window, sigmas, persist;
    as_range background;
} lsv_settings;

static const as_param params[] = {
    AS_DOUBLE(lsv_settings, area, "area", "0", 0, 1e6, "cm2",
              "of the electrode; 0: electrode_area of the metadata"),
    AS_DOUBLE(lsv_settings, cut, "cut", "0.1", 1e-9, 1e6, "mA/cm2",
              "current density that counts as onset, above 0 for either direction"),
    AS_RANGE(lsv_settings, background, "background", "", "V",
             "where nothing reacts yet; open: no first deviation, tangent against 0"),
    AS_DOUBLE(lsv_settings, window, "window", "50mV", 1e-6, 10, "V", "width of the steepest line"),
    AS_DOUBLE(lsv_settings, sigmas, "sigmas", "3", 0.5, 100, NULL,
              "of the background's scatter make a first deviation"),
    AS_DOUBLE(lsv_settings, persist, "persist", "20mV", 0, 10, "V", "that a first deviation has to last"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "of one sweep" },
    { .kind = AS_NEED_COLUMN, .name = "current", .unit = "A", .optional = true,
      .help = "with the electrode's area" },
    { .kind = AS_NEED_COLUMN, .name = "current_density", .unit = "mA/cm2", .optional = true,
      .help = "instead" },
    { .kind = AS_NEED_META, .name = "electrode_area", .unit = "cm2", .optional = true,
      .help = "where --area is not given" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "onset_potential", .unit = "V", .help = "by each rule" },
    { .kind = AS_NEED_RESULT, .name = "cut_sensitivity", .unit = "V",
      .help = "shift from half the cut to twice the cut" },
    { .kind = AS_NEED_RESULT, .name = "onset_spread", .unit = "V", .help = "largest minus smallest onset" },
    { .kind = AS_NEED_COLUMN, .name = "current_density", .unit = "mA/cm2",
      .help = "current over area" },
    { 0 }
};

/* One sweep turned so that potential rises and the wanted current is positive: s = -1 for a
 * cathodic one. Points that do not advance are left out. */
typedef struct sweep {
    size_t n;
    double *e, *j; /* s E in V, s j in mA/cm2 */
    double s, u_area; /* relative */
} sweep;

typedef struct line {
    double from, to, at; /* V; the line is level + slope (e - at) */
    double level, slope, u_level, u_slope, covariance, scatter;
} line;

/* The column current_density as y, potential as x. */
static as_status density_of(as_run *run, as_table *t, double *relative)
{
    const lsv_settings *set = run->settings;
    as_column *j, *e = as_need_column(run->ctx, t, "potential");
    if (!e) return AS_ERR;
    AS_TRY(as_current_density(run->ctx, t, set->area, &j, relative));
    as_set_axes(t, e, j);
    return AS_OK;
}

static as_status sweep_of(as_run *run, as_table *t, sweep *w)
{
    as_curve c;
    size_t first = 0, last;
    AS_TRY(as_curve_of(run->ctx, t, 10, &c));
    const as_unit volt = as_unit_of("V"), density = as_unit_of("mA/cm2");
    w->e = AS_NEW_N(as_scratch(run->ctx), double, c.n);
    w->j = AS_NEW_N(as_scratch(run->ctx), double, c.n);
    if (!w->e || !w->j) return AS_ERR;
    while (!(c.use[first] > 0)) first++;
    for (last = c.n - 1; !(c.use[last] > 0);) last--;
    w->s = c.x[last] >= c.x[first] ? 1 : -1;
    w->n = 0;
    for (size_t i = first; i <= last; i++) {
        const double e = w->s * as_unit_convert(c.x[i], &c.x_column->unit, &volt);
        if (!(c.use[i] > 0) || (w->n && e <= w->e[w->n - 1])) continue;
        w->e[w->n] = e;
        w->j[w->n++] = w->s * as_unit_convert(c.y[i], &c.y_column->unit, &density);
    }
    if (w->n < 10 || w->n < 0.8 * (double)c.used)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "only %zu of %zu points go on in one direction: one sweep is needed", w->n, c.used);
    return AS_OK;
}

/* Least squares line through points [a, b). */
static as_status line_through(as_run *run, const sweep *w, size_t a, size_t b, line *out)
{
    double *e = AS_NEW_N(as_scratch(run->ctx), double, b - a);
    as_linear_fit fit;
    if (!e) return AS_ERR;
    out->at = (w->e[a] + w->e[b - 1]) / 2;
    for (size_t i = a; i < b; i++) e[i - a] = w->e[i] - out->at;
    AS_TRY(as_fit_polynomial(run->ctx, as_scratch(run->ctx), b - a, 1, e, w->j + a, NULL, false, &fit));
    out->from = w->e[a];
    out->to = w->e[b - 1];
    out->level = fit.p[0];
    out->slope = fit.p[1];
    out->u_level = fit.u[0];
    out->u_slope = fit.u[1];
    out->covariance = fit.covariance[1];
    out->scatter = fit.dof ? sqrt(fit.chi2 / (double)fit.dof) : NAN;
    return AS_OK;
}

static double line_at(const line *l, double e)
{
    return l->level + l->slope * (e - l->at);
}

static double line_variance(const line *l, double e)
{
    const double d = e - l->at;
    return l->u_level * l->u_level + 2 * d * l->covariance + d * d * l->u_slope * l->u_slope;
}

static as_status background_of(as_run *run, const sweep *w, line *out)
{
    const lsv_settings *set = run->settings;
    const double lo = w->s > 0 ? set->background.lo : -set->background.hi;
    const double hi = w->s > 0 ? set->background.hi : -set->background.lo;
    size_t a = 0, b;
    while (a < w->n && w->e[a] < lo) a++;
    for (b = a; b < w->n && w->e[b] <= hi;) b++;
    if (b < a + 5)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu points in the background, at least 5 are needed",
                       b - a);
    return line_through(run, w, a, b, out);
}

/* First crossing of j = cut, by interpolation; slope: of the crossing. */
static double crossing(const sweep *w, double cut, double *slope)
{
    *slope = NAN;
    if (w->j[0] >= cut) return NAN;
    for (size_t i = 1; i < w->n; i++)
        if (w->j[i] >= cut) {
            *slope = (w->j[i] - w->j[i - 1]) / (w->e[i] - w->e[i - 1]);
            return w->e[i - 1] + (cut - w->j[i - 1]) / *slope;
        }
    return NAN;
}

/* The window of the greatest mean slope: [a, b). */
static bool steepest(const sweep *w, double width, size_t *a, size_t *b)
{
    double best = 0;
    for (size_t i = 0, k = 0; i < w->n; i++) {
        while (k + 1 < w->n && w->e[k] - w->e[i] < width) k++;
        if (w->e[k] - w->e[i] < 0.999 * width || k < i + 2) continue;
        const double slope = (w->j[k] - w->j[i]) / (w->e[k] - w->e[i]);
        if (slope <= best) continue;
        best = slope;
        *a = i;
        *b = k + 1;
    }
    return best > 0;
}

/* Where j leaves the background by `rise` and stays beyond for `persist`, or to the end. */
static double deviation(const sweep *w, const line *background, double rise, double persist)
{
    size_t start = w->n;
    for (size_t i = 0; i < w->n; i++) {
        if (w->e[i] <= background->to) continue;
        if (w->j[i] - line_at(background, w->e[i]) <= rise)
            start = w->n;
        else if (start == w->n)
            start = i;
        if (start < w->n && w->e[i] - w->e[start] >= persist) return w->e[start];
    }
    return NAN;
}

typedef struct onsets {
    const char *direction, *record; /* anodic; what the result depends on, for the method */
    double least, most;
} onsets;

static as_status give(as_run *run, as_table *t, const sweep *w, onsets *all, const char *rule, double e,
                      double u, bool rival, const char *how)
{
    const char *item = as_format(as_scratch(run->ctx), "%s %s", all->direction, rule);
    const char *method = as_format(as_scratch(run->ctx), "%s;%s", how, all->record);
    if (!item || !method) return AS_ERR;
    if (rival) {
        all->least = fmin(all->least, w->s * e);
        all->most = fmax(all->most, w->s * e);
    }
    return as_add_quantity(run->ctx, t, item, "onset_potential", w->s * e, u, "V",
                           isnan(e) ? "not_detected" : NULL, method);
}

static as_status give_cuts(as_run *run, as_table *t, const sweep *w, const line *background, onsets *all)
{
    const lsv_settings *set = run->settings;
    static const double factor[] = { 1, 0.5, 2 };
    static const char *const rule[] = { "cut", "half cut", "double cut" };
    double e[3], slope;
    for (size_t k = 0; k < 3; k++) {
        const double cut = factor[k] * set->cut;
        e[k] = crossing(w, cut, &slope);
        const double noise = background ? background->scatter : NAN;
        const char *how = as_format(as_scratch(run->ctx), "first_%.4g_mA/cm2", w->s * cut);
        if (!how) return AS_ERR;
        AS_TRY(give(run, t, w, all, rule[k], e[k], hypot(noise, cut * w->u_area) / fabs(slope), k == 0, how));
    }
    const char *item = as_format(as_scratch(run->ctx), "%s cut", all->direction);
    if (!item) return AS_ERR;
    if (w->j[0] >= set->cut / 2)
        as_warn(run->ctx, t, NULL, "the first point already passes %.4g mA/cm2: no onset by that cut",
                w->s * w->j[0]);
    return as_add_quantity(run->ctx, t, item, "cut_sensitivity", e[2] - e[1], NAN, "V",
                           isnan(e[2] - e[1]) ? "not_detected" : NULL, "double_cut_minus_half_cut");
}

static as_status give_tangent(as_run *run, as_table *t, const sweep *w, const line *background, onsets *all)
{
    const lsv_settings *set = run->settings;
    const line zero = { 0 };
    const line *base = background ? background : &zero;
    line top;
    size_t a, b;
    if (!steepest(w, set->window, &a, &b))
        return give(run, t, w, all, "tangent", NAN, NAN, true, "no_rise_as_wide_as_the_window");
    AS_TRY(line_through(run, w, a, b, &top));
    const double rise = top.slope - base->slope;
    const double e = top.at + (line_at(base, top.at) - top.level) / rise;
    const double u = sqrt(line_variance(&top, e) + line_variance(base, e)) / fabs(rise);
    const char *how = as_format(as_scratch(run->ctx), "line_%.4g_to_%.4g_V_x_%s", w->s * top.from,
                                w->s * top.to, background ? "background_line" : "zero");
    if (!how) return AS_ERR;
    if (b == w->n)
        as_warn(run->ctx, t, NULL,
                "the current is steepest at the end of the sweep: the tangent's onset moves with that end");
    const bool met = rise > 0 && e <= top.to;
    return give(run, t, w, all, "tangent", met ? e : NAN, u, true, how);
}

static as_status give_deviation(as_run *run, as_table *t, const sweep *w, const line *background, onsets *all)
{
    const lsv_settings *set = run->settings;
    const double e = deviation(w, background, set->sigmas * background->scatter, set->persist);
    const double step = (w->e[w->n - 1] - w->e[0]) / (double)(w->n - 1);
    const char *how = as_format(as_scratch(run->ctx), "%.3g_x_%.3g_mA/cm2_beyond_line_%.4g_to_%.4g_V_for_%.3g_V",
                                set->sigmas, background->scatter, w->s * background->from,
                                w->s * background->to, set->persist);
    if (!how) return AS_ERR;
    return give(run, t, w, all, "first deviation", e, step / sqrt(12), true, how);
}

/* What onsets depend on besides the rule; a gap is said. */
static const char *record_of(as_run *run, as_table *t)
{
    const as_meta *rate = as_get_meta(t, "scan_rate"), *against = as_get_meta(t, "reference_electrode");
    if (!rate || !against)
        as_warn(run->ctx, t, NULL, "the metadata do not say %s%s%s, on which an onset depends",
                rate ? "" : "scan_rate", rate || against ? "" : " and ", against ? "" : "reference_electrode");
    const as_unit mv_s = as_unit_of("mV/s");
    const double v = rate ? as_unit_convert(rate->number, &rate->unit, &mv_s) : NAN;
    const char *drop = as_ir_record(run->ctx, t);
    if (!drop) return NULL;
    return as_format(as_scratch(run->ctx), "%.4g_mV/s_against_%s%s", v, against ? against->text : "unknown", drop);
}

static as_status series(as_run *run, as_table *owned)
{
    const lsv_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const bool has = set->background.lo != 0 || set->background.hi != 0;
    sweep w;
    line background;
    AS_TRY(density_of(run, owned, &w.u_area));
    AS_TRY(sweep_of(run, owned, &w));
    onsets all = { w.s > 0 ? "anodic" : "cathodic", record_of(run, owned), NAN, NAN };
    if (!all.record) return AS_ERR;
    if (has) AS_TRY(background_of(run, &w, &background));
    AS_TRY(give_cuts(run, owned, &w, has ? &background : NULL, &all));
    AS_TRY(give_tangent(run, owned, &w, has ? &background : NULL, &all));
    if (has) AS_TRY(give_deviation(run, owned, &w, &background, &all));
    AS_TRY(as_add_quantity(ctx, owned, all.direction, "onset_spread", all.most - all.least, NAN, "V", NULL,
                           "largest_minus_smallest_of_the_rules"));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the anodic limit of an electrolyte by three rules",
      "assay lsv-window --background 2.6:3.6 tests/corpus/echem/sweep.ecsv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Bard, Faulkner & White 2022, Electrochemical Methods, 3rd ed., chapter 1 (limits of potential)",
    NULL
};
static const char *const see_also[] = { "results", "crop", NULL };

const as_op as_op_lsv_window = {
    .name = "lsv-window",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(lsv_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "find the limit of a stability window by named rules side by side",
             .description =
                 "An onset is a matter of definition, and laboratories differ. One sweep gives: where the "
                 "current density first reaches *cut*, with the same for half and twice of it; where the "
                 "steepest line, of width *window*, meets the line fitted to the background, or zero where "
                 "none is given; and the first deviation from the background by *sigmas* times its scatter "
                 "that lasts for *persist*. `cut_sensitivity` and `onset_spread` say how much the choice "
                 "matters.\n\n"
                 "The direction of the sweep decides between anodic (rising) and cathodic (falling). Scan "
                 "rate, reference electrode and an ohmic drop that `ir-correct` took off are kept in the method of "
                 "each result. Uncertainties are of noise and area only.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
