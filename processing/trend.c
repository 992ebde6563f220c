/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trend: does a result rise or fall over the series, and how fast. */
#include <math.h>

#include "curve.h"
#include "linear_fit.h"
#include "mann_kendall.h"
#include "op.h"
#include "smooth.h"

typedef struct {
    const char *item, *quantity, *against;
} trend_settings;

static const as_param params[] = {
    AS_STRING(trend_settings, item, "item", NULL, "of the result, as `results` lists it"),
    AS_STRING(trend_settings, quantity, "quantity", NULL, "of the result"),
    AS_STRING(trend_settings, against, "against", "",
              "metadata of the series, a number: time, depth, temperature; none: its number"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "kendall_s", .unit = "1", .help = "statistic of the test" },
    { .kind = AS_NEED_RESULT, .name = "kendall_tau", .unit = "1", .help = "rank correlation" },
    { .kind = AS_NEED_RESULT, .name = "p_value", .unit = "1", .help = "two-sided, of no trend" },
    { .kind = AS_NEED_RESULT, .name = "trend_slope", .help = "of a line, with u" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "as --against" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the result" },
    { 0 }
};

typedef struct {
    size_t n;
    double *x, *y, *u;
    as_unit x_unit, y_unit;
    bool weighted; /* all have u */
} points;

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status where_of(as_run *run, const as_table *t, points *p, double *x)
{
    const trend_settings *set = run->settings;
    *x = (double)t->number;
    if (!set->against) return AS_OK;
    const as_meta *m = as_need_meta(run->ctx, t, set->against);
    if (!m) return AS_ERR;
    if (!p->n) p->x_unit = m->unit;
    *x = as_unit_convert(m->number, &m->unit, &p->x_unit);
    if (!isfinite(*x))
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s of series %s is '%s', expected a number in %s",
                       set->against, t->name ? t->name : "?", m->text ? m->text : "", p->x_unit.symbol);
    return AS_OK;
}

/* Series without the result, or with a bound in its place, are left out and named. */
static as_status points_of(as_run *run, const as_held *held, points *p)
{
    const trend_settings *set = run->settings;
    double *v = AS_NEW_N(as_scratch(run->ctx), double, 3 * held->n + 1);
    if (!v) return AS_ERR;
    *p = (points){ .x = v, .y = v + held->n, .u = v + 2 * held->n, .x_unit = AS_UNITLESS,
                   .weighted = true };
    for (size_t i = 0; i < held->n; i++) {
        const as_result *r = as_get_result(held->t[i], set->item, set->quantity);
        if (!r || !isfinite(r->value) || r->bound != AS_EQUAL) {
            as_warn(run->ctx, held->t[0], NULL, "series %s left out: it has no number for %s %s",
                    held->t[i]->name ? held->t[i]->name : "?", set->item, set->quantity);
            continue;
        }
        AS_TRY(where_of(run, held->t[i], p, &p->x[p->n]));
        if (!p->n) p->y_unit = r->unit;
        p->y[p->n] = as_unit_convert(r->value, &r->unit, &p->y_unit);
        p->u[p->n] = as_unit_scale(r->u, &r->unit, &p->y_unit);
        if (isnan(p->y[p->n]))
            return as_fail(run->ctx, AS_E_UNIT, NULL, "%s is in %s here and in %s in series %s",
                           set->quantity, p->y_unit.symbol, r->unit.symbol,
                           held->t[i]->name ? held->t[i]->name : "?");
        if (!(p->u[p->n] > 0 && isfinite(p->u[p->n]))) p->weighted = false;
        p->n++;
    }
    if (p->n < 3)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s %s is in %zu series, expected 3 or more",
                       set->item, set->quantity, p->n);
    return AS_OK;
}

static as_status add_columns(as_run *run, as_table *t, const points *p)
{
    const trend_settings *set = run->settings;
    as_column *x = as_add_column(run->ctx, t, set->against ? set->against : "series_number", AS_ROLE_X,
                                 p->x_unit);
    as_column *y = as_add_column(run->ctx, t, set->quantity, AS_ROLE_Y, p->y_unit);
    if (!x || !y) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) x->v.f[i] = p->x[i], y->v.f[i] = p->y[i];
    if (!p->weighted) return AS_OK;
    as_column *sigma = as_add_column(run->ctx, t, "sigma", AS_ROLE_SIGMA, p->y_unit);
    for (size_t i = 0; sigma && i < p->n; i++) sigma->v.f[i] = p->u[i];
    return sigma ? AS_OK : AS_ERR;
}

/* Slope of the line, its u never less than the scatter says. */
static as_status give_slope(as_run *run, as_table *t, const points *p)
{
    const trend_settings *set = run->settings;
    double mean = 0, *dx = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    as_linear_fit f;
    as_unit unit;
    if (!dx) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) mean += p->x[i] / (double)p->n;
    for (size_t i = 0; i < p->n; i++) dx[i] = p->x[i] - mean;
    AS_TRY(as_fit_polynomial(run->ctx, as_scratch(run->ctx), p->n, 1, dx, p->y,
                             p->weighted ? p->u : NULL, true, &f));
    AS_TRY(as_unit_times(run->ctx, t, &p->y_unit, &p->x_unit, -1, &unit));
    const double birge = p->weighted ? fmax(1, sqrt(f.chi2 / (double)f.dof)) : 1;
    return as_add_result(run->ctx, t, &(as_result){ .item = set->item, .quantity = "trend_slope",
                                                    .value = f.p[1], .u = birge * f.u[1], .unit = unit,
                                                    .flag = "ok", .method = p->weighted
                                                        ? "weighted_line" : "line" });
}

static as_status finish(as_run *run)
{
    const trend_settings *set = run->settings;
    const as_held *held = run->state;
    points p;
    as_mann_kendall_test test;
    if (!held->n) return AS_OK;
    AS_TRY(points_of(run, held, &p));
    as_table *t = as_table_derive(run->ctx, held->t[0], p.n);
    if (!t) return AS_ERR;
    if (set->against) AS_TRY(as_drop_meta(t, set->against));
    AS_TRY(add_columns(run, t, &p));
    as_mann_kendall(p.n, p.x, p.y, &test);
    const char *method = test.exact ? "Mann-Kendall_exact" : "Mann-Kendall_normal";
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "kendall_s", test.s, NAN, "1", NULL, method));
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "kendall_tau", test.tau, NAN, "1", NULL, "tau-b"));
    AS_TRY(as_add_quantity(run->ctx, t, set->item, "p_value", test.p, NAN, "1", NULL, method));
    AS_TRY(give_slope(run, t, &p));
    return as_emit(run->out, run->ctx, t);
}

static const as_example examples[] = {
    { "does a band shift with time",
      "assay peaks --top 1 tests/corpus/raman/shifting.ecsv | assay trend --item 1 --quantity position"
      " --against time | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Mann 1945, Nonparametric tests against trend, Econometrica 13, 245, doi:10.2307/1907187", NULL
};
static const char *const see_also[] = { "peaks", "fit-series", "results", NULL };

const as_op as_op_trend = {
    .name = "trend",
    .group = "peaks",
    .effect = AS_REDUCES,
    .settings_size = sizeof(trend_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "test whether a result rises or falls over the series",
             .description =
                 "Mann and Kendall's test asks whether the values rise or fall with `--against`, "
                 "straight or not: `p_value` is the chance of so many more rising than falling pairs, or "
                 "of more, were the order chance. Without ties and up to 50 series it counts all orders, "
                 "else the normal approximation is taken. Three series can show nothing: the least p is "
                 "1/3, of four 1/12, of five 1/60.\n\n"
                 "The slope is that of a straight line, weighted where every value has an uncertainty; "
                 "its own is that of these, or of the scatter about the line where it is larger. An error "
                 "that all series share, such as that of the calibration, is not in it, and one that "
                 "drifts looks like a trend.\n\n"
                 "Gives one series of the values. Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
