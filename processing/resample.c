/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resample, rebin: the curve on other x. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "interpolate.h"
#include "op.h"

typedef struct {
    as_width step;
    int points, method, factor;
    as_range range;
    as_tables like;
} resample_settings;

enum { CONSERVE = 100 };
static const as_choice methods[] = {
    { "linear", AS_LINEAR, "straight lines" },
    { "cubic", AS_CUBIC, "a natural cubic spline" },
    { "pchip", AS_PCHIP, "cubics that do not overshoot" },
    { "conserve", CONSERVE, "counts shared out among new intervals, their sum kept" },
    { 0 }
};
static const as_param params_resample[] = {
    AS_WIDTH(resample_settings, step, "step", "1pt", "step of the new x; 1pt: the mean one of the data"),
    AS_INT(resample_settings, points, "points", "0", 0, 100000000,
           "number of the new points, instead of a step; 0: from the step"),
    AS_RANGE(resample_settings, range, "range", ":", NULL, "of the new x, in its unit; open: as far as the data"),
    AS_TABLES(resample_settings, like, "like", "", "file whose first series has the new x"),
    AS_CHOICE(resample_settings, method, "method", "linear", methods, "curve between the points"),
    AS_PARAMS_END
};
static const as_param params_rebin[] = {
    AS_INT(resample_settings, factor, "factor", NULL, 2, 1000000, "neighbouring points that become one"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; masked rows and nan are left out" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "the new points" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "there" },
    { 0 }
};

/* The new x, in the direction of the data. */
static as_status new_x(as_run *run, as_table *t, const as_curve *c, int sign, double **x, size_t *n)
{
    const resample_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    if (set->like.n) {
        const as_column *o = as_need(ctx, set->like.t[0], AS_ROLE_X);
        if (!o) return AS_ERR;
        if (o->type != AS_F64 || !as_unit_same_dimension(&o->unit, &c->x_column->unit))
            return as_fail(ctx, AS_E_UNIT, NULL, "x of %s does not fit x (%s) in %s", set->like.from,
                           c->x_column->name, c->x_column->unit.symbol);
        *n = set->like.t[0]->rows;
        *x = AS_NEW_N(as_scratch(ctx), double, *n + 1);
        for (size_t i = 0; *x && i < *n; i++)
            (*x)[i] = as_unit_convert(o->v.f[i], &o->unit, &c->x_column->unit);
        return *x ? AS_OK : AS_ERR;
    }
    double lo = fmin(c->x[0], c->x[c->n - 1]), hi = fmax(c->x[0], c->x[c->n - 1]), points;
    if (isfinite(set->range.lo)) lo = set->range.lo;
    if (isfinite(set->range.hi)) hi = set->range.hi;
    AS_TRY(as_width_points(ctx, &set->step, t, &points));
    double step = set->points > 1 ? (hi - lo) / (set->points - 1) : fabs(as_curve_step(c));
    if (set->points <= 1 && set->step.points) step *= set->step.value;
    if (set->points <= 1 && !set->step.points)
        step = set->step.unit.symbol
                   ? as_unit_scale(set->step.value, &set->step.unit, &c->x_column->unit)
                   : set->step.value;
    const double count = floor((hi - lo) / step * (1 + 1e-12) + 1e-9) + 1;
    if (!(step > 0) || !(count >= 1) || count > 1e9)
        return as_fail(ctx, AS_E_USAGE, NULL, "from %g to %g in steps of %g makes no x", lo, hi, step);
    *n = (size_t)count;
    *x = AS_NEW_N(as_scratch(ctx), double, *n);
    for (size_t i = 0; *x && i < *n; i++)
        (*x)[i] = sign > 0 ? lo + step * (double)i : lo + step * (double)(*n - 1 - i);
    return *x ? AS_OK : AS_ERR;
}

/* Intervals reach half-way to the neighbours. edges: n + 1. */
static void edges_of(size_t n, const double *x, double *edges)
{
    for (size_t i = 1; i < n; i++) edges[i] = 0.5 * (x[i - 1] + x[i]);
    edges[0] = n > 1 ? x[0] - 0.5 * (x[1] - x[0]) : x[0] - 0.5;
    edges[n] = n > 1 ? x[n - 1] + 0.5 * (x[n - 1] - x[n - 2]) : x[0] + 0.5;
}

/* Old intervals shared out by overlap; x and at rise. NaN where the data do not cover half. How
 * many intervals the data cover in part. */
static size_t conserve(size_t m, const double *edge, const double *y, size_t n, const double *want,
                       double *out)
{
    size_t from = 0, partly = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0, covered = 0;
        while (from < m && edge[from + 1] <= want[i]) from++;
        for (size_t j = from; j < m && edge[j] < want[i + 1]; j++) {
            const double lap = fmin(edge[j + 1], want[i + 1]) - fmax(edge[j], want[i]);
            if (!(lap > 0)) continue;
            sum += y[j] * lap / (edge[j + 1] - edge[j]);
            covered += lap;
        }
        const double width = want[i + 1] - want[i];
        out[i] = covered >= 0.5 * width ? sum : NAN;
        partly += covered >= 0.5 * width && covered < (1 - 1e-6) * width;
    }
    return partly;
}

static void turn(size_t n, double *v)
{
    for (size_t i = 0; i < n / 2; i++) {
        const double t = v[i];
        v[i] = v[n - 1 - i];
        v[n - 1 - i] = t;
    }
}

static as_status resample(as_run *run, as_table *owned)
{
    const resample_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_curve c;
    double *x = NULL;
    size_t n = 0, m = 0;
    AS_TRY(as_curve_of(ctx, owned, 2, &c));
    const int sign = as_curve_direction(ctx, &c);
    if (!sign) return AS_ERR;
    AS_TRY(new_x(run, owned, &c, sign, &x, &n));
    as_table *t = as_table_derive(ctx, owned, n);
    double *memory = AS_NEW_N(as_scratch(ctx), double, 6 * c.n + n + 3);
    if (!t || !memory) return AS_ERR;
    as_column *nx = as_add_column(ctx, t, c.x_column->name, AS_ROLE_X, c.x_column->unit);
    as_column *ny = nx ? as_add_column(ctx, t, c.y_column->name, AS_ROLE_Y, c.y_column->unit) : NULL;
    if (!ny) return AS_ERR;
    memcpy(nx->v.f, x, n * sizeof *x);
    double *ox = memory, *oy = memory + c.n, *work = memory + 2 * c.n;
    for (size_t i = 0; i < c.n; i++) {
        const size_t j = sign > 0 ? i : c.n - 1 - i;
        if (!(c.use[j] > 0)) continue;
        ox[m] = c.x[j];
        oy[m++] = c.y[j];
    }
    if (set->method == CONSERVE) {
        double *edge = work, *want = work + c.n + 1;
        const bool falls = n > 1 && x[1] < x[0];
        if (falls) turn(n, x);
        edges_of(m, ox, edge);
        edges_of(n, x, want);
        const size_t partly = conserve(m, edge, oy, n, want, ny->v.f);
        if (partly)
            as_warn(ctx, t, NULL, "the data cover %zu of the new intervals only in part: their counts are low",
                    partly);
        if (falls) turn(n, ny->v.f);
    } else {
        as_interpolate((as_curve_kind)set->method, m, ox, oy, false, n, x, work, ny->v.f);
    }
    AS_TRY(as_mark_processed(ctx, t, "resampled"));
    return as_emit(run->out, ctx, t);
}

/* Sums of counts, means of all else; variances add up. */
static as_status rebin(as_run *run, as_table *owned)
{
    const resample_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_curve c;
    AS_TRY(as_curve_of(ctx, owned, 1, &c));
    const as_unit count = as_unit_of("count");
    const bool counts = as_unit_same_dimension(&c.y_column->unit, &count);
    const size_t k = (size_t)set->factor, n = c.n / k;
    as_table *t = as_table_derive(ctx, owned, n);
    if (!t) return AS_ERR;
    as_column *x = as_add_column(ctx, t, c.x_column->name, AS_ROLE_X, c.x_column->unit);
    as_column *y = x ? as_add_column(ctx, t, c.y_column->name, AS_ROLE_Y, c.y_column->unit) : NULL;
    as_column *s = y && c.sigma ? as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, c.y_column->unit) : NULL;
    if (!y || (c.sigma && !s)) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        double sx = 0, sum = 0, square = 0, used = 0;
        for (size_t j = i * k; j < (i + 1) * k; j++) {
            sx += c.x[j] / (double)k;
            if (!(c.use[j] > 0)) continue;
            sum += c.y[j];
            square += c.sigma ? c.sigma[j] * c.sigma[j] : 0;
            used++;
        }
        const double scale = counts ? used / (double)k : used; /* what is missing is made up for */
        x->v.f[i] = sx;
        y->v.f[i] = used > 0 ? sum / scale : NAN;
        if (s) s->v.f[i] = used > 0 ? sqrt(square) / scale : NAN;
    }
    if (counts) {
        const as_meta *time = as_get_meta(t, "step_time");
        if (time && isfinite(time->number))
            AS_TRY(as_set_number(ctx, t, "step_time", time->number * (double)k, NAN, time->unit, NULL));
    }
    if (c.n % k)
        as_warn(ctx, t, NULL, "the last %zu rows make no whole group of %zu and are left out", c.n % k, k);
    return as_emit(run->out, ctx, t);
}

static const char *const references[] = {
    "Fritsch & Butland 1984, A method for constructing local monotone piecewise cubic interpolants, "
    "SIAM J. Sci. Stat. Comput. 5, 300, doi:10.1137/0905021",
    NULL
};
static const char *const see_also[] = { "rebin", "resample", "align", NULL };

const as_op as_op_resample = {
    .name = "resample",
    .group = "transform",
    .effect = AS_DERIVES,
    .settings_size = sizeof(resample_settings),
    .params = params_resample,
    .needs = needs,
    .gives = gives,
    .series = resample,
    .doc = { .summary = "put the curve on other x",
             .description =
                 "Lines, splines or monotone cubics between the points; nan outside the data. "
                 "`conserve` shares out counts among the new intervals, so that their sum over these stays. "
                 "Interpolated values depend on each other, so sigma is dropped; `rebin` keeps it.",
             .references = references,
             .examples = (const as_example[]){
                 { "steps of 2.5 cm-1",
                   "assay resample --step 2.5cm-1 --method pchip"
                   " < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
                 { 0 } },
             .see_also = see_also },
};
const as_op as_op_rebin = {
    .name = "rebin",
    .group = "transform",
    .effect = AS_DERIVES,
    .settings_size = sizeof(resample_settings),
    .params = params_rebin,
    .needs = needs,
    .gives = gives,
    .series = rebin,
    .doc = { .summary = "join neighbouring points",
             .description =
                 "Counts, and the metadata `step_time`, add up; any other y is averaged. The variances "
                 "add up, so sigma stays right and independent.",
             .examples = (const as_example[]){
                 { "groups of four",
                   "assay rebin --factor 4 < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
                 { 0 } },
             .see_also = see_also },
};
