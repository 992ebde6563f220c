/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plating: a symmetric cell (Li//Li), half cycle by half cycle: overpotential, hysteresis, short
 * circuit and end of life by named rules.
 */
#include <math.h>
#include <string.h>

#include "cycler.h"
#include "sorted.h"

typedef struct {
    as_range part;
    as_ranges plateaus;
    double area, rest, drop, rise, limit;
    int persist, reference;
} plating_settings;

static const as_param params[] = {
    AS_RANGE(plating_settings, part, "part", "0.2:0.8", "1",
             "of the time of a half cycle, over which the overpotential is averaged"),
    AS_DOUBLE(plating_settings, area, "area", "0", 0, 1e9, "cm2",
              "of an electrode; 0: electrode_area of the metadata, if it is there"),
    AS_DOUBLE(plating_settings, rest, "rest", "1%", 0, 99, "%",
              "of the largest current: below it the cell rests"),
    AS_INT(plating_settings, reference, "reference", "5", 1, 100000,
           "half cycles before, whose median the rules refer to; for the rise the first ones"),
    AS_DOUBLE(plating_settings, drop, "drop", "50%", 1, 100, "%",
              "short circuit: the overpotential falls by this share below that of the half cycles "
              "before"),
    AS_DOUBLE(plating_settings, rise, "rise", "100%", 1, 1e6, "%",
              "end of life: it rises by this share above that of the first half cycles"),
    AS_DOUBLE(plating_settings, limit, "limit", "0mV", 0, 1e6, "mV",
              "end of life: or above this; 0: none"),
    AS_INT(plating_settings, persist, "persist", "2", 1, 1000,
           "half cycles in a row in which a rule must hold"),
    AS_RANGES(plating_settings, plateaus, "plateaus", "", "1",
              "half cycles whose means are wanted: 1:10,90:100"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "time", .unit = "s", .help = "rising" },
    { .kind = AS_NEED_COLUMN,
      .name = "current",
      .unit = "A",
      .help = "its sign, or the kind of the step that the file names, parts the half cycles" },
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "of the cell" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_X,
                                   .name = "half_cycle",
                                   .unit = "1",
                                   .help = "one row each" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "overpotential",
                                   .unit = "mV",
                                   .help = "mean of --part" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "short_circuit",
                                   .unit = "1",
                                   .help = "half cycle, or more than the last" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "end_of_life",
                                   .unit = "1",
                                   .help = "half cycle, or more than the last" },
                                 { 0 } };

typedef struct readings {
    size_t n;
    double *t, *i, *v; /* h, mA, mV */
} readings;

typedef struct half {
    size_t from, to; /* readings */
    double begin, hours, current, charge, mean, u, end, nucleation;
} half;

static as_status number_column(as_ctx *ctx, const as_table *t, const char *name, const char *unit,
                               as_unit *to, const as_column **out)
{
    *out = as_need_column(ctx, t, name);
    if (!*out) return AS_ERR;
    *to = as_unit_of(unit);
    if ((*out)->type == AS_F64 && as_unit_same_dimension(&(*out)->unit, to)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "column %s is in %s, expected %s", name,
                   (*out)->type == AS_F64 ? (*out)->unit.symbol : "words", unit);
}

/* Readings with all three, times rising, masked rows left out. */
static as_status readings_of(as_ctx *ctx, const as_table *t, readings *r)
{
    const as_column *time, *current, *potential, *mask = as_find_role(t, AS_ROLE_MASK);
    const as_column *kind = as_direction_column(t);
    bool has_sign = false;
    as_unit hour, ma, mv;
    AS_TRY(number_column(ctx, t, "time", "h", &hour, &time));
    AS_TRY(number_column(ctx, t, "current", "mA", &ma, &current));
    AS_TRY(number_column(ctx, t, "potential", "mV", &mv, &potential));
    r->t = AS_NEW_N(as_scratch(ctx), double, 3 * t->rows + 1);
    if (!r->t) return AS_ERR;
    r->i = r->t + t->rows;
    r->v = r->i + t->rows;
    for (size_t k = 0; k < t->rows; k++) has_sign = has_sign || current->v.f[k] < 0;
    for (size_t k = 0; k < t->rows; k++) {
        const double at = as_unit_convert(time->v.f[k], &time->unit, &hour);
        const double way = has_sign || !kind ? 1 : as_charge_direction(kind->v.s[k]);
        const double i = way * as_unit_convert(current->v.f[k], &current->unit, &ma);
        const double v = as_unit_convert(potential->v.f[k], &potential->unit, &mv);
        if (!isfinite(at) || !isfinite(i) || !isfinite(v) ||
            (mask && mask->type == AS_F64 && mask->v.f[k] > 0))
            continue;
        if (r->n && at < r->t[r->n - 1])
            return as_fail(ctx, AS_E_NUMERIC, NULL, "time goes back at row %zu", k + 1);
        r->t[r->n] = at;
        r->i[r->n] = i;
        r->v[r->n++] = v;
    }
    return AS_OK;
}

/* Stretches of one sign of the current, rests aside. */
static as_status halves_of(as_ctx *ctx, const readings *r, double rest, half **out, size_t *n)
{
    double most = 0;
    int was = 0;
    size_t room = 1;
    for (size_t k = 0; k < r->n; k++) most = fmax(most, fabs(r->i[k]));
    const double least = most * rest / 100;
    for (int pass = 0; pass < 2; pass++, was = 0) {
        *n = 0;
        if (pass) *out = AS_NEW_N(as_scratch(ctx), half, room);
        if (pass && !*out) return AS_ERR;
        for (size_t k = 0; k < r->n; k++) {
            const int sign = fabs(r->i[k]) > least ? (r->i[k] > 0 ? 1 : -1) : 0;
            if (!sign) continue;
            if (sign != was) (*n)++, was = sign;
            if (pass && (*out)[*n - 1].to == 0) (*out)[*n - 1].from = k;
            if (pass) (*out)[*n - 1].to = k + 1;
        }
        room = *n + 1;
    }
    if (*n >= 2) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "%zu half cycles: expected a current that changes its sign", *n);
}

/* The overpotential is the potential times the sign of the current: a cell that is driven has it
 * above 0. */
static void measure(const readings *r, as_range part, half *h)
{
    double sum = 0, squares = 0, tail = 0, first = -INFINITY, share;
    size_t m = 0, tails = 0;
    h->begin = r->t[h->from];
    h->hours = r->t[h->to - 1] - h->begin;
    for (size_t k = h->from; k < h->to; k++) {
        const double eta = r->v[k] * (r->i[h->from] > 0 ? 1 : -1);
        share = h->hours > 0 ? (r->t[k] - h->begin) / h->hours : 0.5;
        h->current += r->i[k] / (double)(h->to - h->from);
        if (k > h->from)
            h->charge += (r->t[k] - r->t[k - 1]) * (fabs(r->i[k]) + fabs(r->i[k - 1])) / 2;
        if (share >= part.lo && share <= part.hi) sum += eta, m++;
        if (share >= 0.95) tail += eta, tails++;
        if (share <= 0.1) first = fmax(first, eta);
    }
    h->mean = m ? sum / (double)m : NAN;
    h->end = tails ? tail / (double)tails : NAN;
    h->nucleation = first - h->mean;
    for (size_t k = h->from; k < h->to; k++) {
        const double eta = r->v[k] * (r->i[h->from] > 0 ? 1 : -1);
        share = h->hours > 0 ? (r->t[k] - h->begin) / h->hours : 0.5;
        if (share >= part.lo && share <= part.hi) squares += (eta - h->mean) * (eta - h->mean);
    }
    h->u = m > 1 ? sqrt(squares / (double)(m - 1) / (double)m) : NAN;
}

static double median_of(const half *h, size_t from, size_t to, double *work)
{
    size_t n = 0;
    for (size_t k = from; k < to; k++)
        if (isfinite(h[k].mean)) work[n++] = h[k].mean;
    return as_median(n, work);
}

/* The first half cycle from which on a rule holds for `persist` of them, or to the end; n: none. */
static size_t first_that(const plating_settings *set, const half *h, size_t n, bool drop,
                         double *work)
{
    const size_t ref = (size_t)set->reference;
    const double begin = median_of(h, 0, ref < n ? ref : n, work);
    for (size_t k = drop ? 1 : 0; k < n; k++) {
        const double before = drop ? median_of(h, k > ref ? k - ref : 0, k, work) : begin;
        size_t held = 0;
        while (k + held < n && held < (size_t)set->persist) {
            const double eta = h[k + held].mean;
            const bool holds =
                drop ? eta < before * (1 - set->drop / 100)
                     : eta > before * (1 + set->rise / 100) || (set->limit > 0 && eta > set->limit);
            if (!holds) break;
            held++;
        }
        if (held == (size_t)set->persist || (held > 0 && k + held == n)) return k;
    }
    return n;
}

static as_status give_rule(as_run *run, as_table *t, const half *h, size_t n, size_t at,
                           const char *item, const char *quantity, const char *how)
{
    const bool found = at < n;
    const half *last = &h[found ? at : n - 1];
    const as_bound bound = found ? AS_EQUAL : AS_ABOVE;
    const char *flag = found ? "ok" : "not_detected";
    const double hours = found ? last->begin : last->begin + last->hours;
    AS_TRY(as_add_result(run->ctx, t,
                         &(as_result){ .item = item,
                                       .quantity = quantity,
                                       .value = (double)(found ? at + 1 : n),
                                       .u = found ? 1 / sqrt(12) : NAN,
                                       .unit = AS_UNITLESS,
                                       .bound = bound,
                                       .flag = flag,
                                       .method = how }));
    return as_add_result(run->ctx, t,
                         &(as_result){ .item = item,
                                       .quantity = "time_at_end",
                                       .value = hours,
                                       .u = found ? last->hours / sqrt(12) : NAN,
                                       .unit = as_unit_of("h"),
                                       .bound = bound,
                                       .flag = flag,
                                       .method = how });
}

static as_status give_rules(as_run *run, as_table *t, const half *h, size_t n)
{
    const plating_settings *set = run->settings;
    as_arena *a = as_scratch(run->ctx);
    double *work = AS_NEW_N(a, double, n + 1);
    const char *drop = as_format(a, "%.6g_%%_below_median_of_%d_before;for_%d_half_cycles",
                                 set->drop, set->reference, set->persist);
    const char *rise =
        as_format(a, "%.6g_%%_above_median_of_first_%d;limit_%.6g_mV;for_%d_half_cycles", set->rise,
                  set->reference, set->limit, set->persist);
    if (!work || !drop || !rise) return AS_ERR;
    AS_TRY(give_rule(run, t, h, n, first_that(set, h, n, true, work), "short circuit",
                     "short_circuit", drop));
    return give_rule(run, t, h, n, first_that(set, h, n, false, work), "end of life", "end_of_life",
                     rise);
}

/* Mean of n values; *u: of their scatter. */
static double mean_of(size_t n, const double *v, double *u)
{
    double sum = 0, squares = 0;
    size_t m = 0;
    for (size_t k = 0; k < n; k++)
        if (isfinite(v[k])) sum += v[k], m++;
    for (size_t k = 0; k < n; k++)
        if (isfinite(v[k])) squares += (v[k] - sum / (double)m) * (v[k] - sum / (double)m);
    *u = m > 1 ? sqrt(squares / (double)(m - 1) / (double)m) : NAN;
    return m ? sum / (double)m : NAN;
}

/* Neighbouring values of the hysteresis share a half cycle, so their scatter would tell too little.
 */
static as_status give_means(as_run *run, as_table *t, const char *item, const double *eta,
                            const double *loop, size_t n)
{
    double u, ignored;
    const double mean = mean_of(n, eta, &u), hysteresis = mean_of(n, loop, &ignored);
    AS_TRY(as_add_quantity(run->ctx, t, item, "mean_overpotential", mean, u, "mV",
                           isnan(mean) ? "not_detected" : NULL, "u_of_the_mean"));
    return as_add_quantity(run->ctx, t, item, "mean_hysteresis", hysteresis, 2 * u, "mV",
                           isnan(hysteresis) ? "not_detected" : NULL,
                           "u_twice_that_of_the_overpotential");
}

static as_status give_plateaus(as_run *run, as_table *t)
{
    const plating_settings *set = run->settings;
    const as_column *eta = as_find_name(t, "overpotential"), *loop = as_find_name(t, "hysteresis");
    for (size_t k = 0; k < set->plateaus.n; k++) {
        const as_range in = set->plateaus.v[k];
        const double first = fmax(ceil(in.lo), 1), last = fmin(floor(in.hi), (double)t->rows);
        const char *item =
            as_format(as_scratch(run->ctx), "half cycles %.6g to %.6g", in.lo, in.hi);
        if (!item) return AS_ERR;
        if (!(last >= first))
            return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%s: there are %zu half cycles", item,
                           t->rows);
        const size_t from = (size_t)first - 1, n = (size_t)(last - first) + 1;
        AS_TRY(give_means(run, t, item, eta->v.f + from, loop->v.f + from, n));
    }
    return AS_OK;
}

static as_status add_columns(as_run *run, as_table *t, const half *h, double area)
{
    as_ctx *ctx = run->ctx;
    const as_unit mv = as_unit_of("mV");
    as_column *x = as_add_column(ctx, t, "half_cycle", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(ctx, t, "overpotential", AS_ROLE_Y, mv);
    as_column *u = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, mv);
    as_column *time = as_add_column(ctx, t, "time", AS_ROLE_OTHER, as_unit_of("h"));
    as_column *end = as_add_column(ctx, t, "end_overpotential", AS_ROLE_OTHER, mv);
    as_column *start = as_add_column(ctx, t, "nucleation_overpotential", AS_ROLE_OTHER, mv);
    as_column *loop = as_add_column(ctx, t, "hysteresis", AS_ROLE_OTHER, mv);
    const bool per_area = area > 0;
    as_column *i = as_add_column(ctx, t, per_area ? "current_density" : "current", AS_ROLE_OTHER,
                                 as_unit_of(per_area ? "mA/cm2" : "mA"));
    as_column *q = as_add_column(ctx, t, per_area ? "areal_capacity" : "capacity", AS_ROLE_OTHER,
                                 as_unit_of(per_area ? "mAh/cm2" : "mAh"));
    if (!x || !y || !u || !time || !end || !start || !loop || !i || !q) return AS_ERR;
    for (size_t k = 0; k < t->rows; k++) {
        x->v.f[k] = (double)k + 1;
        y->v.f[k] = h[k].mean;
        u->v.f[k] = h[k].u;
        time->v.f[k] = h[k].begin;
        end->v.f[k] = h[k].end;
        start->v.f[k] = h[k].nucleation;
        loop->v.f[k] = k ? h[k - 1].mean + h[k].mean : NAN;
        i->v.f[k] = h[k].current / (per_area ? area : 1);
        q->v.f[k] = h[k].charge / (per_area ? area : 1);
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const plating_settings *set = run->settings;
    const as_unit cm2 = as_unit_of("cm2");
    const as_meta *m = as_get_meta(owned, "electrode_area");
    readings r = { 0 };
    half *h;
    size_t n;
    if (!(set->part.lo < set->part.hi && set->part.hi >= 0 && set->part.lo <= 1))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "--part %g:%g holds nothing of 0:1",
                       set->part.lo, set->part.hi);
    AS_TRY(readings_of(run->ctx, owned, &r));
    AS_TRY(halves_of(run->ctx, &r, set->rest, &h, &n));
    for (size_t k = 0; k < n; k++) measure(&r, set->part, &h[k]);
    as_table *t = as_table_derive(run->ctx, owned, n);
    if (!t) return AS_ERR;
    AS_TRY(add_columns(run, t, h,
                       set->area > 0 ? set->area
                       : m           ? as_unit_convert(m->number, &m->unit, &cm2)
                                     : NAN));
    AS_TRY(give_rules(run, t, h, n));
    AS_TRY(give_plateaus(run, t));
    return as_emit(run->out, run->ctx, t);
}

static const as_example examples[] = { { "a cell that is shorted in half cycle 40",
                                         "assay simulate-plating --half-cycles 60 --short 40 | "
                                         "assay plating --plateaus 1:20 | assay results" },
                                       { 0 } };
static const char *const see_also[] = { "cycling", "simulate-plating", NULL };

const as_op as_op_plating = {
    .name = "plating",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(plating_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "overpotential, short circuit and end of life of a symmetric cell",
             .description =
                 "A half cycle is a stretch of one sign of the current, rests aside. Its "
                 "overpotential is the mean of "
                 "potential times sign of the current over `--part` of its time; beside it stand "
                 "the end, the excess of "
                 "the first tenth (nucleation), and the hysteresis, the sum of two neighbouring "
                 "half cycles. `sigma` is "
                 "the scatter of the readings over the root of their number: a slope of the "
                 "potential counts as "
                 "scatter.\n\n"
                 "Rules differ between laboratories, so each result names its own. Short circuit: "
                 "the overpotential "
                 "falls by `--drop` below the median of the `--reference` half cycles before, for "
                 "`--persist` half "
                 "cycles. End of life: it rises by `--rise` above the median of the first "
                 "`--reference`, or above "
                 "`--limit`. A cell that meets no rule has `> last half cycle`, not a missing "
                 "value. A short circuit "
                 "that comes slowly, over more than `--reference` half cycles, is not seen.",
             .examples = examples,
             .see_also = see_also },
};
