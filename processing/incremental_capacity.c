/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incremental-capacity: dQ/dE against E, or dE/dQ against Q, of one half cycle.
 *
 * dQ/dE: the charge between two readings is spread evenly over the potentials between them and
 * gathered in bins; no charge is lost or made, whatever the noise of E does. Then it is smoothed by
 * a Gaussian. dE/dQ: slope of the parabola through the readings within a window of charge.
 */
#include <math.h>

#include "curve.h"
#include "local_slope.h"
#include "op.h"

typedef struct {
    int form;
    double step, smooth;
    as_width window;
} ica_settings;

enum { DQDE, DEDQ, MOST_BINS = 1000000, MOST_WORK = 2000000000 };

static const as_choice forms[] = {
    { "dq-de", DQDE, "incremental capacity against potential: peaks are plateaus" },
    { "de-dq", DEDQ, "differential potential against capacity: peaks are edges of plateaus" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(ica_settings, form, "form", "dq-de", forms, "what is differentiated"),
    AS_DOUBLE(ica_settings, step, "step", "2mV", 1e-3, 1e4, "mV",
              "width of the bins of potential, for dq-de"),
    AS_DOUBLE(ica_settings, smooth, "smooth", "8mV", 0, 1e4, "mV",
              "standard deviation of the Gaussian over potential, for dq-de; 0: none"),
    AS_WIDTH(ica_settings, window, "window", "9pt", "readings in the slope, for de-dq"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "capacity or specific_capacity, rising" },
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "as y" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "potential, or the capacity" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the derivative, positive" },
    { 0 }
};

/* density (bins): charge per V in bin k from lo + k step. */
static void gather(size_t n, const double *q, const double *e, double lo, double step, size_t bins,
                   double *density)
{
    for (size_t i = 1; i < n; i++) {
        const double dq = q[i] - q[i - 1], a = fmin(e[i - 1], e[i]), b = fmax(e[i - 1], e[i]);
        const size_t first = (size_t)fmin(fmax((a - lo) / step, 0), (double)(bins - 1));
        const size_t last = (size_t)fmin(fmax((b - lo) / step, 0), (double)(bins - 1));
        for (size_t k = first; k <= last; k++) {
            const double from = fmax(a, lo + (double)k * step),
                         to = fmin(b, lo + (double)(k + 1) * step);
            const double share = b > a ? fmax(to - from, 0) / (b - a) : 1;
            density[k] += dq * share / step;
        }
    }
}

/* Weights (reach + 1, from the middle) that would fall off an end are taken off the norm; the sum
 * of the charge is kept. */
static void spread(size_t bins, const double *density, size_t reach, const double *weight,
                   double *out)
{
    for (size_t k = 0; k < bins; k++) {
        const size_t from = k > reach ? k - reach : 0;
        const size_t to = reach < bins - k ? k + reach + 1 : bins;
        double norm = 0;
        if (!(density[k] != 0)) continue;
        for (size_t i = from; i < to; i++) norm += weight[i > k ? i - k : k - i];
        for (size_t i = from; i < to; i++)
            out[i] += density[k] * weight[i > k ? i - k : k - i] / norm;
    }
}

static as_status smooth_by(as_ctx *ctx, size_t bins, const double *density, double sigma,
                           double *out)
{
    const double wide = fmin(ceil(4 * sigma), (double)bins);
    const size_t reach = (size_t)wide;
    double *weight = AS_NEW_N(as_scratch(ctx), double, reach + 1);
    if (!weight) return AS_ERR;
    for (size_t i = 0; i <= reach; i++) weight[i] = exp(-0.5 * (double)(i * i) / sigma / sigma);
    spread(bins, density, reach, weight, out);
    return AS_OK;
}

/* Bins that are touched: steps of the potential far above the bins, or a Gaussian far above them.
 */
static as_status limit_work(as_ctx *ctx, const ica_settings *set, size_t n, const double *e,
                            double bins)
{
    double touched = bins * fmin(8 * set->smooth / set->step, bins);
    for (size_t i = 1; i < n; i++) touched += 1 + fabs(e[i] - e[i - 1]) / (set->step / 1000);
    if (bins < MOST_BINS && touched < MOST_WORK) return AS_OK;
    return as_fail(ctx, AS_E_LIMIT, NULL,
                   "--step %g mV makes %.3g bins and %.3g additions, expected fewer than %g and %g",
                   set->step, bins, touched, (double)MOST_BINS, (double)MOST_WORK);
}

/* The readings in use, in V and the unit of x; AS_E_NUMERIC where the charge goes back. */
static as_status points_of(as_ctx *ctx, const as_curve *c, double **q, double **e, size_t *n)
{
    const as_unit volt = as_unit_of("V");
    *q = AS_NEW_N(as_scratch(ctx), double, 2 * c->n + 1);
    *n = 0;
    if (!*q) return AS_ERR;
    *e = *q + c->n;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->use[i] > 0)) continue;
        if (*n && c->x[i] < (*q)[*n - 1])
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "the capacity falls at row %zu: expected one half cycle, as of "
                           "cycle-curves --half each",
                           i + 1);
        (*q)[*n] = c->x[i];
        (*e)[(*n)++] = as_unit_convert(c->y[i], &c->y_column->unit, &volt);
    }
    return AS_OK;
}

static as_status result_of(as_run *run, as_table *owned, const as_curve *c, size_t rows,
                           as_table **t, as_column **x, as_column **y)
{
    const ica_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_unit per_gram = as_unit_of("mAh/g"), mah = as_unit_of("mAh");
    const bool specific = as_unit_same_dimension(&c->x_column->unit, &per_gram),
               in_v = set->form == DQDE;
    if (!specific && !as_unit_same_dimension(&c->x_column->unit, &mah))
        return as_fail(ctx, AS_E_UNIT, NULL, "x is %s in %s, expected a capacity",
                       c->x_column->name, c->x_column->unit.symbol);
    *t = as_table_derive(ctx, owned, rows);
    if (!*t) return AS_ERR;
    *x = as_add_column(ctx, *t, in_v ? "potential" : c->x_column->name, AS_ROLE_X,
                       in_v ? as_unit_of("V") : c->x_column->unit);
    *y = in_v
             ? as_add_column(ctx, *t,
                             specific ? "specific_incremental_capacity" : "incremental_capacity",
                             AS_ROLE_Y, as_unit_of(specific ? "mAh/g/V" : "mAh/V"))
             : as_add_column(
                   ctx, *t, specific ? "specific_differential_potential" : "differential_potential",
                   AS_ROLE_Y, as_unit_of(specific ? "g*V/mAh" : "V/mAh"));
    return *x && *y ? AS_OK : AS_ERR;
}

static as_status in_potential(as_run *run, as_table *owned, const as_curve *c, size_t n,
                              const double *q, const double *e)
{
    const ica_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_unit unit = as_unit_of("mAh"), per_gram = as_unit_of("mAh/g");
    const as_unit *to = as_unit_same_dimension(&c->x_column->unit, &per_gram) ? &per_gram : &unit;
    const double step = set->step / 1000, reach = 4 * set->smooth / 1000;
    double lo = e[0], hi = e[0];
    as_table *t;
    as_column *x, *y;
    for (size_t i = 1; i < n; i++) lo = fmin(lo, e[i]), hi = fmax(hi, e[i]);
    lo = step * floor((lo - reach) / step);
    const double count = ceil((hi + reach - lo) / step) + 1;
    AS_TRY(limit_work(ctx, set, n, e, count));
    const size_t bins = (size_t)count;
    double *density = AS_NEW_N(as_scratch(ctx), double, 2 * bins);
    if (!density) return AS_ERR;
    double *smooth = density + bins;
    AS_TRY(result_of(run, owned, c, bins, &t, &x, &y));
    gather(n, q, e, lo, step, bins, density);
    if (set->smooth > 0) AS_TRY(smooth_by(ctx, bins, density, set->smooth / set->step, smooth));
    for (size_t k = 0; k < bins; k++) {
        x->v.f[k] = lo + ((double)k + 0.5) * step;
        y->v.f[k] = as_unit_scale(set->smooth > 0 ? smooth[k] : density[k], &c->x_column->unit, to);
    }
    AS_TRY(as_mark_processed(ctx, t, "differentiated"));
    if (set->smooth > 0) AS_TRY(as_mark_processed(ctx, t, "smoothed"));
    return as_emit(run->out, ctx, t);
}

static as_status in_charge(as_run *run, as_table *owned, const as_curve *c, size_t n,
                           const double *q, const double *e)
{
    const ica_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_unit unit = as_unit_of("mAh"), per_gram = as_unit_of("mAh/g");
    const as_unit *to = as_unit_same_dimension(&c->x_column->unit, &per_gram) ? &per_gram : &unit;
    double points;
    as_table *t;
    as_column *x, *y;
    AS_TRY(as_width_points(ctx, &set->window, owned, &points));
    const size_t half = (size_t)fmax(floor(points / 2), 1);
    AS_TRY(result_of(run, owned, c, n, &t, &x, &y));
    as_local_slope(n, q, e, half, y->v.f);
    for (size_t i = 0; i < n; i++) {
        x->v.f[i] = q[i];
        y->v.f[i] = fabs(y->v.f[i]) / as_unit_scale(1, &c->x_column->unit, to);
    }
    AS_TRY(as_mark_processed(ctx, t, "differentiated"));
    AS_TRY(as_mark_processed(ctx, t, "smoothed"));
    return as_emit(run->out, ctx, t);
}

static as_status series(as_run *run, as_table *owned)
{
    const ica_settings *set = run->settings;
    const as_unit volt = as_unit_of("V");
    double *q, *e;
    size_t n;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 5, &c));
    if (!as_unit_same_dimension(&c.y_column->unit, &volt))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "y is %s in %s, expected a potential",
                       c.y_column->name, c.y_column->unit.symbol);
    AS_TRY(points_of(run->ctx, &c, &q, &e, &n));
    return set->form == DQDE ? in_potential(run, owned, &c, n, q, e)
                             : in_charge(run, owned, &c, n, q, e);
}

static const as_example examples[] = {
    { "peaks of the incremental capacity of a discharge",
      "assay simulate-cycling --capacity 1:190 --records 1:1 --points 200 | assay cycle-curves "
      "--half discharge"
      " | assay incremental-capacity | assay peaks --top 1 | assay results" },
    { 0 }
};
static const char *const references[] = { "Dubarry & Anseán 2022, Best practices for incremental "
                                          "capacity analysis, Front. Energy Res. 10, 1023555,"
                                          " doi:10.3389/fenrg.2022.1023555",
                                          NULL };
static const char *const see_also[] = { "cycle-curves", "peaks", "derivative", NULL };

const as_op as_op_incremental_capacity = {
    .name = "incremental-capacity",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(ica_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "dQ/dE against E, or dE/dQ against Q, of a half cycle",
             .description = "The input is one half cycle, potential against capacity. Incremental "
                            "capacity: the charge between two "
                            "readings is spread over the potentials between them and gathered in "
                            "bins, so that its integral is "
                            "the capacity whatever the noise; then a Gaussian smooths it. Steps of "
                            "potential that are wider than "
                            "the bins look like flat stretches: record more readings, or take "
                            "wider bins. Differential potential: "
                            "the slope of a parabola through the readings of `--window`. Both are "
                            "positive, for charge and "
                            "discharge alike.\n\n"
                            "Heights depend on the smoothing, which the history has; areas do not. "
                            "A half cycle with a hold of "
                            "the potential has a peak there that is no property of the electrode.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
