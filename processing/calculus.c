/* SPDX-License-Identifier: GPL-3.0-or-later */
/* derivative, integrate, noise: what a curve's differences and sums are. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "noise_level.h"
#include "op.h"
#include "smooth.h"

typedef struct {
    as_range region;
    bool baseline;
    const char *item;
} calculus_settings;

static const as_param params_derivative[] = { AS_PARAMS_END };
static const as_param params_integrate[] = {
    AS_RANGE(calculus_settings, region, "region", ":", NULL, "stretch of x, in its unit"),
    AS_BOOL(calculus_settings, baseline, "net", "no", "above the baseline column, not above 0"),
    AS_STRING(calculus_settings, item, "item", "curve", "name of the result"),
    AS_PARAMS_END
};
static const as_param params_noise[] = {
    AS_RANGE(calculus_settings, region, "region", ":", NULL, "stretch of x, in its unit"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { 0 }
};
static const as_give gives_derivative[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "dy/dx" }, { 0 }
};
static const as_give gives_area[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .help = "integral of y over x" }, { 0 }
};
static const as_give gives_noise[] = {
    { .kind = AS_NEED_RESULT, .name = "noise", .help = "standard deviation" }, { 0 }
};

/* Second-order differences on uneven x: the slope of the parabola through three points. */
static as_status derivative(as_run *run, as_table *owned)
{
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    const double *y = as_curve_bridged(run->ctx, &c);
    double *out = AS_NEW_N(as_scratch(run->ctx), double, c.n);
    if (!y || !out) return AS_ERR;
    for (size_t i = 0; i < c.n; i++) {
        const size_t k = i == 0 ? 1 : i + 1 == c.n ? i - 1 : i; /* the middle of the three */
        const double h = c.x[k] - c.x[k - 1], g = c.x[k + 1] - c.x[k];
        const double left = (y[k] - y[k - 1]) / h, right = (y[k + 1] - y[k]) / g;
        const double middle = (g * left + h * right) / (h + g), bend = 2 * (right - left) / (h + g);
        out[i] = middle + bend * (c.x[i] - c.x[k]);
    }
    return as_smooth_emit(run, owned, &c, out, 1);
}

/* Trapezia; the variance is that of the weighted sum. */
static as_status integrate(as_run *run, as_table *owned)
{
    const calculus_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 2, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    if (set->baseline && !as_need(run->ctx, owned, AS_ROLE_BASELINE)) return AS_ERR;
    const as_column *base = set->baseline ? as_baseline_below(owned) : NULL;
    double area = 0, variance = 0, *weight = AS_NEW_N(as_scratch(run->ctx), double, c.n);
    size_t last = SIZE_MAX, rows = 0;
    if (!weight) return AS_ERR;
    for (size_t i = 0; i < c.n; i++) {
        if (!(c.use[i] > 0) || c.x[i] < set->region.lo || c.x[i] > set->region.hi) continue;
        if (last != SIZE_MAX) {
            weight[last] += 0.5 * fabs(c.x[i] - c.x[last]);
            weight[i] += 0.5 * fabs(c.x[i] - c.x[last]);
        }
        last = i;
        rows++;
    }
    if (rows < 2)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu usable rows in the region, expected 2", rows);
    for (size_t i = 0; i < c.n; i++) {
        if (!(weight[i] > 0)) continue;
        area += weight[i] * (c.y[i] - (base ? base->v.f[i] : 0));
        variance += c.sigma ? pow(weight[i] * c.sigma[i], 2) : NAN;
    }
    as_result r = { .item = set->item, .quantity = "area", .value = area, .u = sqrt(variance),
                    .flag = isfinite(area) ? "ok" : "failed",
                    .method = base ? "trapezium above baseline, without its error" : "trapezium" };
    AS_TRY(as_unit_times(run->ctx, owned, &c.y_column->unit, &c.x_column->unit, 1, &r.unit));
    AS_TRY(as_add_result(run->ctx, owned, &r));
    return as_emit(run->out, run->ctx, owned);
}

static as_status noise(as_run *run, as_table *owned)
{
    const calculus_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    double *v = AS_NEW_N(as_scratch(run->ctx), double, 3 * c.n);
    if (!v) return AS_ERR;
    size_t n = 0;
    for (size_t i = 0; i < c.n; i++)
        if (c.use[i] > 0 && c.x[i] >= set->region.lo && c.x[i] <= set->region.hi) v[n++] = c.y[i];
    if (n < 3) return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu usable rows in the region, expected 3", n);
    const double sigma = as_noise_level(n, v, v + c.n);
    /* the median of absolute second differences has about 0.27 n independent parts */
    const as_result r = { .item = "curve", .quantity = "noise", .value = sigma,
                          .u = sigma * 1.17 / sqrt((double)n), .unit = c.y_column->unit, .flag = "ok",
                          .method = "second differences" };
    AS_TRY(as_add_result(run->ctx, owned, &r));
    return as_emit(run->out, run->ctx, owned);
}

static const char *const see_also[] = { "smooth-savgol", "peak-area", "integrate", NULL };

const as_op as_op_derivative = {
    .name = "derivative",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(calculus_settings),
    .params = params_derivative,
    .needs = needs,
    .gives = gives_derivative,
    .series = derivative,
    .doc = { .summary = "differentiate y over x",
             .description = "The slope of the parabola through each row and its neighbours, also on "
                            "uneven x; nothing is smoothed. sigma is dropped, since neighbouring "
                            "slopes share points. `smooth-savgol --derivative` smooths as well.",
             .examples = (const as_example[]){
                 { "slopes", "assay derivative < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
                 { 0 } },
             .see_also = see_also },
};
const as_op as_op_integrate = {
    .name = "integrate",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(calculus_settings),
    .params = params_integrate,
    .needs = needs,
    .gives = gives_area,
    .series = integrate,
    .doc = { .summary = "integrate y over a stretch of x",
             .description = "Trapezia between the usable rows. The uncertainty is that of the sum of "
                            "independent rows, where sigma is known; that of a baseline is not in it.",
             .examples = (const as_example[]){
                 { "counts times cm-1 between two wavenumbers",
                   "assay integrate --region 690:760 < tests/corpus/raman/fluorescence.ecsv"
                   " | assay results | grep -v '^#'" },
                 { 0 } },
             .see_also = see_also },
};
const as_op as_op_noise = {
    .name = "noise",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(calculus_settings),
    .params = params_noise,
    .needs = needs,
    .gives = gives_noise,
    .series = noise,
    .doc = { .summary = "estimate the noise of a curve",
             .description = "The robust spread of second differences: what is smooth over three rows "
                            "drops out. For white noise; smoothed data show too little.",
             .examples = (const as_example[]){
                 { "of a stretch without bands",
                   "assay noise --region 1000:1080 < tests/corpus/raman/fluorescence.ecsv"
                   " | assay results | grep -v '^#'" },
                 { 0 } },
             .see_also = see_also },
};
