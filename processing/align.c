/* SPDX-License-Identifier: GPL-3.0-or-later */
/* align: shift x of each series so that it lies on the first, or on one of another file. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "fft.h"
#include "interpolate.h"
#include "op.h"

typedef struct {
    as_tables to;
    as_range region;
    as_width most;
    int method;
} align_settings;

enum { CORRELATION, PEAK };
static const as_choice methods[] = {
    { "correlation", CORRELATION, "the largest cross-correlation of the slopes of the curves" },
    { "peak", PEAK, "the highest point of the region, by a parabola" }, { 0 }
};
static const as_param params[] = {
    AS_TABLES(align_settings, to, "to", "", "file whose first series is the reference; none: the first series"),
    AS_RANGE(align_settings, region, "region", ":", NULL, "stretch of x, in its unit, that is compared"),
    AS_WIDTH(align_settings, most, "max-shift", "20pt", "largest shift that is tried"),
    AS_CHOICE(align_settings, method, "method", "correlation", methods, "what is compared"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "shifted" },
    { .kind = AS_NEED_RESULT, .name = "shift", .help = "added to x" },
    { 0 }
};

/* The reference as an even curve, kept for the whole stream. */
typedef struct state {
    size_t n;
    double lo, step, *y;
    as_unit unit;
} state;

/* The usable rows of the region in rising x; how many. */
static size_t rising(const align_settings *set, const as_curve *c, double *x, double *y)
{
    const bool falls = c->n > 1 && c->x[c->n - 1] < c->x[0];
    size_t m = 0;
    for (size_t i = 0; i < c->n; i++) {
        const size_t j = falls ? c->n - 1 - i : i;
        if (!(c->use[j] > 0) || c->x[j] < set->region.lo || c->x[j] > set->region.hi) continue;
        x[m] = c->x[j];
        y[m++] = c->y[j];
    }
    return m;
}

/* Slopes rather than values are correlated: a sloping background weighs more than any band. */
static as_status on_even(as_run *run, const as_curve *c, double lo, double step, size_t n, double *out)
{
    double *m = AS_NEW_N(as_scratch(run->ctx), double, 5 * c->n + n);
    if (!m) return AS_ERR;
    const size_t rows = rising(run->settings, c, m, m + c->n);
    if (rows < 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu usable rows in the region, expected 3", rows);
    double *at = m + 5 * c->n, mean = 0, count = 0;
    for (size_t i = 0; i < n; i++) at[i] = lo + step * (double)i;
    as_interpolate(AS_LINEAR, rows, m, m + c->n, false, n, at, m + 2 * c->n, out);
    const align_settings *set = run->settings;
    for (size_t i = 0; i < n; i++) at[i] = i > 0 && i + 1 < n ? out[i + 1] - out[i - 1] : NAN;
    if (set->method == CORRELATION) memcpy(out, at, n * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(out[i])) continue;
        mean += out[i];
        count++;
    }
    for (size_t i = 0; i < n; i++) out[i] = isfinite(out[i]) ? out[i] - mean / count : 0;
    return AS_OK;
}

static as_status set_reference(as_run *run, const as_table *t)
{
    state *s = run->state;
    const align_settings *set = run->settings;
    as_table *copy = as_table_copy(run->ctx, t);
    as_curve c;
    if (!copy) return AS_ERR;
    AS_TRY(as_curve_of(run->ctx, copy, 3, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    s->step = fabs(as_curve_step(&c));
    s->lo = fmax(fmin(c.x[0], c.x[c.n - 1]), set->region.lo);
    const double hi = fmin(fmax(c.x[0], c.x[c.n - 1]), set->region.hi);
    s->n = (size_t)fmax(0, floor((hi - s->lo) / s->step + 1e-9) + 1);
    s->unit = c.x_column->unit;
    s->y = AS_NEW_N(run->keep, double, s->n + 1);
    if (!s->y) return AS_ERR;
    return on_even(run, &c, s->lo, s->step, s->n, s->y);
}

static double top_of(double left, double middle, double right)
{
    const double b = left - 2 * middle + right;
    return b < 0 ? fmax(-0.5, fmin(0.5, 0.5 * (left - right) / b)) : 0;
}

/* The lag of y behind the reference in steps, within +- most. */
static as_status lag_of(as_run *run, const state *s, const double *y, double most, double *lag)
{
    const size_t n = s->n, m = as_fft_length(2 * n);
    double *a = AS_NEW_N(as_scratch(run->ctx), double, m + 2);
    double *fa = AS_NEW_N(as_scratch(run->ctx), double, m + 4);
    double *fb = AS_NEW_N(as_scratch(run->ctx), double, m + 4);
    if (!a || !fa || !fb) return AS_ERR;
    memcpy(a, y, n * sizeof *y);
    AS_TRY(as_fft(run->ctx, m, a, fa));
    memcpy(a, s->y, n * sizeof *y);
    AS_TRY(as_fft(run->ctx, m, a, fb));
    for (size_t k = 0; k <= m / 2; k++) { /* fa times the conjugate of fb */
        const double re = fa[2 * k] * fb[2 * k] + fa[2 * k + 1] * fb[2 * k + 1];
        const double im = fa[2 * k + 1] * fb[2 * k] - fa[2 * k] * fb[2 * k + 1];
        fa[2 * k] = re;
        fa[2 * k + 1] = im;
    }
    AS_TRY(as_fft_back(run->ctx, m, fa, a));
    const ptrdiff_t reach = (ptrdiff_t)fmin(most, (double)n - 1);
    ptrdiff_t best = 0;
    const ptrdiff_t size = (ptrdiff_t)m;
#define AT(k) a[((k) + size) % size]
    for (ptrdiff_t k = -reach; k <= reach; k++)
        if (AT(k) > AT(best)) best = k;
    if ((best == reach || best == -reach) && reach > 0)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "the best shift is the largest tried (%zd points); raise --max-shift", best);
    *lag = (double)best + top_of(AT(best - 1), AT(best), AT(best + 1));
#undef AT
    return AS_OK;
}

static double highest(size_t n, const double *y)
{
    size_t k = 0;
    for (size_t i = 1; i < n; i++)
        if (y[i] > y[k]) k = i;
    return (double)k + (k > 0 && k + 1 < n ? top_of(y[k - 1], y[k], y[k + 1]) : 0);
}

static as_status series(as_run *run, as_table *owned)
{
    const align_settings *set = run->settings;
    state *s = run->state;
    as_curve c;
    double points, lag = 0;
    if (!s->y) AS_TRY(set_reference(run, set->to.n ? set->to.t[0] : owned));
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    if (!as_unit_same_dimension(&c.x_column->unit, &s->unit) || c.x_column->unit.factor != s->unit.factor)
        return as_fail(run->ctx, AS_E_UNIT, NULL, "x is in %s, the reference has %s",
                       c.x_column->unit.symbol, s->unit.symbol);
    AS_TRY(as_width_points(run->ctx, &set->most, owned, &points));
    double *y = AS_NEW_N(as_scratch(run->ctx), double, s->n + 1);
    if (!y) return AS_ERR;
    AS_TRY(on_even(run, &c, s->lo, s->step, s->n, y));
    if (set->method == PEAK)
        lag = highest(s->n, y) - highest(s->n, s->y);
    else
        AS_TRY(lag_of(run, s, y, points, &lag));
    const double shift = -lag * s->step;
    for (size_t i = 0; i < c.n; i++) c.x[i] += shift;
    const as_result r = { .item = "curve", .quantity = "shift", .value = shift, .u = NAN,
                          .unit = c.x_column->unit, .flag = "ok",
                          .method = set->method == PEAK ? "highest point" : "cross-correlation" };
    AS_TRY(as_add_result(run->ctx, owned, &r));
    return as_emit(run->out, run->ctx, owned);
}

static as_status finish(as_run *run)
{
    (void)run;
    return AS_OK; /* the reference lives from series to series */
}

static const as_example examples[] = {
    { "a copy shifted by 3 cm-1 comes back",
      "assay calc raman_shift='raman_shift+3' < tests/corpus/raman/fluorescence.ecsv"
      " | assay align --to tests/corpus/raman/fluorescence.ecsv | assay results | grep -v '^#'" },
    { 0 }
};
static const char *const see_also[] = { "resample", "calibrate-x", NULL };

const as_op as_op_align = {
    .name = "align",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(align_settings),
    .state_size = sizeof(state),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .finish = finish,
    .doc = { .summary = "shift x so that series lie on each other",
             .description =
                 "The shift at which the cross-correlation with the reference is largest, between "
                 "points by a parabola, or that of the highest point of `--region`. Only x changes; "
                 "the shift is a result.",
             .examples = examples,
             .see_also = see_also },
};
