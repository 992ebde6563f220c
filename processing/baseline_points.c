/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-points: a curve through anchors that a person names. */
#include <math.h>

#include "curve.h"
#include "interpolate.h"
#include "op.h"

typedef struct {
    as_list points;
    as_width average;
    int method;
    bool subtract;
} points_settings;

static const as_choice methods[] = {
    { "linear", AS_LINEAR, "straight lines" },
    { "cubic", AS_CUBIC, "a natural cubic spline" },
    { "pchip", AS_PCHIP, "cubics that do not overshoot" },
    { 0 }
};
static const as_param params[] = {
    AS_LIST(points_settings, points, "points", NULL, NULL, "x of the anchors, in its unit"),
    AS_WIDTH(points_settings, average, "average", "5pt",
             "window around an anchor whose mean y is its value"),
    AS_CHOICE(points_settings, method, "method", "linear", methods, "curve through the anchors"),
    AS_BOOL(points_settings, subtract, "subtract", "no", "also take it off y, for figures"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing, in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to leave out" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .name = "baseline", .help = "through the anchors" },
    { 0 }
};

/* Anchors in rising order of x, without doubles. */
static size_t sorted(const as_list *list, double *x)
{
    size_t m = 0;
    for (size_t k = 0; k < list->n; k++) {
        size_t i = m;
        while (i > 0 && x[i - 1] > list->v[k]) i--;
        if (i > 0 && x[i - 1] == list->v[k]) continue;
        for (size_t j = m; j > i; j--) x[j] = x[j - 1];
        x[i] = list->v[k];
        m++;
    }
    return m;
}

static as_status level(as_ctx *ctx, const as_curve *c, double at, size_t half, double *out)
{
    size_t near = 0, rows = 0;
    double sum = 0;
    for (size_t i = 1; i < c->n; i++)
        if (fabs(c->x[i] - at) < fabs(c->x[near] - at)) near = i;
    for (size_t i = near > half ? near - half : 0; i <= near + half && i < c->n; i++) {
        if (!(c->use[i] > 0)) continue;
        sum += c->y[i];
        rows++;
    }
    *out = sum / (double)rows;
    if (rows > 0) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "no usable row around the anchor at %g", at);
}

static as_status series(as_run *run, as_table *owned)
{
    const points_settings *set = run->settings;
    as_curve c;
    double points;
    AS_TRY(as_curve_of(run->ctx, owned, 2, &c));
    AS_TRY(as_curve_rising(run->ctx, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    AS_TRY(as_width_points(run->ctx, &set->average, owned, &points));
    double *x = AS_NEW_N(as_scratch(run->ctx), double, 5 * set->points.n + c.n);
    if (!x) return AS_ERR;
    const size_t m = sorted(&set->points, x);
    double *y = x + set->points.n, *work = y + set->points.n, *z = work + 3 * set->points.n;
    const double lo = fmin(c.x[0], c.x[c.n - 1]), hi = fmax(c.x[0], c.x[c.n - 1]);
    if (m < 2) return as_fail(run->ctx, AS_E_USAGE, NULL, "--points names %zu anchors, expected 2", m);
    for (size_t k = 0; k < m; k++) {
        if (x[k] < lo || x[k] > hi)
            return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                           "the anchor at %g lies outside the data (%g to %g)", x[k], lo, hi);
        AS_TRY(level(run->ctx, &c, x[k], (size_t)rint((points - 1) / 2), &y[k]));
    }
    as_interpolate((as_curve_kind)set->method, m, x, y, true, c.n, c.x, work, z);
    return as_baseline_emit(run, owned, &c, z, set->subtract);
}

static const as_example examples[] = {
    { "lines through four stretches without bands",
      "assay baseline-points --points 240,600,1060,1190 < tests/corpus/raman/fluorescence.ecsv"
      " | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Fritsch & Butland 1984, A method for constructing local monotone piecewise cubic interpolants, "
    "SIAM J. Sci. Stat. Comput. 5, 300, doi:10.1137/0905021",
    NULL
};
static const char *const see_also[] = { "baseline-polynomial", "baseline-rubberband", NULL };

const as_op as_op_baseline_points = {
    .name = "baseline-points",
    .group = "baseline",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(points_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "add a baseline through anchors",
             .description =
                 "Each anchor takes the mean of y in a window around it. Beyond the first and last "
                 "anchor the curve goes on straight.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
