/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peak-area: what stands in a window above a line through the stretches beside it: area, centroid,
 * position, height and width, with the uncertainties of all rows that take part. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "smooth.h"

typedef struct {
    as_range window;
    as_ranges baseline;
    int order;
    const char *item;
} area_settings;

static const as_param params[] = {
    AS_RANGE(area_settings, window, "window", NULL, NULL, "stretch of x, in its unit, that holds the peak"),
    AS_RANGES(area_settings, baseline, "baseline", "", NULL,
              "stretches of x that are baseline; none: three points at each end of the window"),
    AS_INT(area_settings, order, "order", "1", 0, 1, "0: a level, 1: a line through them"),
    AS_STRING(area_settings, item, "item", "peak", "name of the peak"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve, best as measured" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true,
      .help = "else the scatter about the baseline" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .help = "above the baseline" },
    { .kind = AS_NEED_RESULT, .name = "centroid", .help = "mean x of the area" },
    { .kind = AS_NEED_RESULT, .name = "position", .help = "of the highest point (of equals that at the lowest x)" },
    { .kind = AS_NEED_RESULT, .name = "height", .help = "of the highest point" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .help = "between the half heights" },
    { 0 }
};

typedef struct {
    size_t n;
    const double *x, *y;
    double *sigma;      /* of each row */
    double *in, *side;  /* weight in the integral; 1 for rows of the baseline */
    double mean, level, slope, s0, s2; /* the line: level + slope (x - mean); sums of weights */
    bool measured;
} piece;

static bool inside(double x, const as_range *r)
{
    return x >= r->lo && x <= r->hi;
}

static as_status choose(as_run *run, const as_curve *c, piece *p)
{
    const area_settings *set = run->settings;
    size_t first = SIZE_MAX, last = 0, rows = 0, sides = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->use[i] > 0)) continue;
        if (inside(c->x[i], &set->window)) {
            if (first == SIZE_MAX) first = i;
            else {
                const double half = 0.5 * fabs(c->x[i] - c->x[last]);
                p->in[last] += half;
                p->in[i] += half;
            }
            last = i;
            rows++;
        }
        for (size_t k = 0; k < set->baseline.n; k++)
            if (inside(c->x[i], &set->baseline.v[k])) p->side[i] = 1;
    }
    if (rows < 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu usable rows in the window, expected 3", rows);
    if (set->baseline.n == 0) {
        size_t left = 0, right = 0;
        for (size_t i = first; i <= last && left < 3; i++)
            if (c->use[i] > 0) { p->side[i] = 1; left++; }
        for (size_t i = last + 1; i-- > first && right < 3;)
            if (c->use[i] > 0) { p->side[i] = 1; right++; }
    }
    for (size_t i = 0; i < c->n; i++) sides += p->side[i] > 0;
    if (sides <= (size_t)set->order + 1)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu usable rows of baseline, expected %d", sides,
                       set->order + 2);
    return AS_OK;
}

/* The line with equal weights, so that counted noise does not pull it down (1/y weights would). */
static void fit_line(const area_settings *set, piece *p)
{
    double sum = 0, xy = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (!(p->side[i] > 0)) continue;
        p->s0++;
        p->mean += p->x[i];
        sum += p->y[i];
    }
    p->mean /= p->s0;
    p->level = sum / p->s0;
    for (size_t i = 0; i < p->n; i++) {
        if (!(p->side[i] > 0)) continue;
        p->s2 += (p->x[i] - p->mean) * (p->x[i] - p->mean);
        xy += (p->x[i] - p->mean) * p->y[i];
    }
    p->slope = set->order > 0 && p->s2 > 0 ? xy / p->s2 : 0;
    if (p->measured) return;
    double square = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->side[i] > 0) square += pow(p->y[i] - p->level - p->slope * (p->x[i] - p->mean), 2);
    for (size_t i = 0; i < p->n; i++) p->sigma[i] = sqrt(square / (p->s0 - set->order - 1));
}

static double line_at(const piece *p, double x)
{
    return p->level + p->slope * (x - p->mean);
}

/* The uncertainty of sum_i a_i (y_i - line(x_i)): every y has one factor in all. */
static double error_of(const area_settings *set, const piece *p, const double *a)
{
    double sum = 0, moment = 0, variance = 0;
    for (size_t i = 0; i < p->n; i++) {
        sum += a[i];
        moment += a[i] * (p->x[i] - p->mean);
    }
    for (size_t i = 0; i < p->n; i++) {
        double k = a[i];
        if (p->side[i] > 0) k -= sum / p->s0;
        if (p->side[i] > 0 && set->order > 0 && p->s2 > 0) k -= moment * (p->x[i] - p->mean) / p->s2;
        if (k != 0) variance += k * k * p->sigma[i] * p->sigma[i];
    }
    return sqrt(variance);
}

static double crossing(const piece *p, size_t top, int step, double half)
{
    size_t i = top;
    for (;;) {
        const size_t j = step > 0 ? i + 1 : i - 1;
        if ((step < 0 && i == 0) || j >= p->n || !(p->in[j] > 0)) return NAN;
        const double a = p->y[i] - line_at(p, p->x[i]), b = p->y[j] - line_at(p, p->x[j]);
        if (b <= half) return p->x[i] + (p->x[j] - p->x[i]) * (a - half) / (a - b);
        i = j;
    }
}

static as_status add(as_run *run, as_table *t, const char *quantity, double value, double u, as_unit unit,
                     const char *flag, const char *method)
{
    const area_settings *set = run->settings;
    const as_result r = { .item = set->item, .quantity = quantity, .value = value, .u = u, .unit = unit,
                          .flag = isfinite(value) ? flag : "failed", .method = method };
    return as_add_result(run->ctx, t, &r);
}

static as_status report(as_run *run, as_table *t, const as_curve *c, piece *p)
{
    const area_settings *set = run->settings;
    double area = 0, moment = 0, *a = AS_NEW_N(as_scratch(run->ctx), double, p->n);
    size_t top = SIZE_MAX;
    as_unit both;
    if (!a) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) {
        if (!(p->in[i] > 0)) continue;
        const double net = p->y[i] - line_at(p, p->x[i]);
        area += p->in[i] * net;
        moment += p->in[i] * net * p->x[i];
        if (top == SIZE_MAX || net > p->y[top] - line_at(p, p->x[top])) top = i;
    }
    const double centroid = moment / area, u = error_of(set, p, p->in);
    for (size_t i = 0; i < p->n; i++) a[i] = p->in[i] * (p->x[i] - centroid) / area;
    const char *how = p->measured ? "window above line, sigma of the data"
                                  : "window above line, scatter about the line";
    AS_TRY(as_unit_times(run->ctx, t, &c->y_column->unit, &c->x_column->unit, 1, &both));
    const char *flag = area > 1.645 * u ? "ok" : "not_detected";
    AS_TRY(add(run, t, "area", area, u, both, flag, how));
    AS_TRY(add(run, t, "centroid", centroid, error_of(set, p, a), c->x_column->unit, flag, how));
    const double height = p->y[top] - line_at(p, p->x[top]);
    memset(a, 0, p->n * sizeof *a);
    a[top] = 1;
    AS_TRY(add(run, t, "position", p->x[top], NAN, c->x_column->unit, flag, "highest point"));
    AS_TRY(add(run, t, "height", height, error_of(set, p, a), c->y_column->unit, flag, "highest point"));
    const double left = crossing(p, top, -1, height / 2), right = crossing(p, top, 1, height / 2);
    return add(run, t, "fwhm", fabs(right - left), NAN, c->x_column->unit, flag,
               "between half heights of the highest point");
}

static as_status series(as_run *run, as_table *owned)
{
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    AS_TRY(as_curve_rising(run->ctx, &c));
    double *m = AS_NEW_N(as_scratch(run->ctx), double, 3 * c.n);
    piece p = { .n = c.n, .x = c.x, .measured = c.sigma != NULL, .y = as_curve_y(run->ctx, &c) };
    if (!m || !p.y) return AS_ERR;
    p.in = m;
    p.side = m + c.n;
    p.sigma = m + 2 * c.n;
    for (size_t i = 0; p.measured && i < c.n; i++) p.sigma[i] = c.use[i] > 0 ? c.sigma[i] : 0;
    AS_TRY(choose(run, &c, &p));
    fit_line(run->settings, &p);
    AS_TRY(report(run, owned, &c, &p));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the band at 848 cm-1 above a line through its sides",
      "assay peak-area --window 800:900 --baseline 780:805,895:915 < tests/corpus/raman/fluorescence.ecsv"
      " | assay results | grep -v '^#'" },
    { 0 }
};
static const char *const references[] = {
    "Currie 1968, Limits for qualitative detection and quantitative determination, Anal. Chem. 40, "
    "586, doi:10.1021/ac60259a007",
    NULL
};
static const char *const see_also[] = { "integrate", "peaks", "fit", NULL };

const as_op as_op_peak_area = {
    .name = "peak-area",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(area_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "measure a peak in a window above a line through its sides",
             .description =
                 "The line is fitted with equal weights to the stretches of `--baseline`, which may "
                 "lie anywhere. The uncertainties of area, centroid and height contain those of the "
                 "line: each row enters with its whole factor. Without sigma they come from the "
                 "scatter about the line. An area below 1.645 of its u is flagged `not_detected`.\n\n"
                 "On smoothed data the rows depend on each other and the uncertainties are too small.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
