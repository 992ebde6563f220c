/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge-scans, average: several series on the same x become one. Both gather what comes, by group,
 * and give each group's series at the end of the stream, on the rows of its first. */
#include <math.h>
#include <string.h>

#include "beam.h"
#include "curve.h"
#include "op.h"
#include "sorted.h"

typedef struct {
    const char *by;
    int method, errors;
} combine_settings;

enum { MEAN, MEDIAN };
enum { AUTO, PROPAGATED, SCATTER };
static const as_choice methods[] = {
    { "mean", MEAN, "weighted by nothing" },
    { "median", MEDIAN, "of three series or more: spikes in one do not matter" }, { 0 }
};
static const as_choice errors[] = {
    { "auto", AUTO, "from sigma where all series have it, else none" },
    { "propagated", PROPAGATED, "from sigma" },
    { "scatter", SCATTER, "standard deviation between the series over the root of their number" },
    { 0 }
};
#define BY                                                                                       \
    AS_STRING(combine_settings, by, "by", "",                                                    \
              "metadata whose value tells the groups, such as sample; label; name: the names before a last "   \
              "dot and number; none: all are one")
static const as_param params_merge[] = { BY, AS_PARAMS_END };
static const as_param params_average[] = {
    BY, AS_CHOICE(combine_settings, method, "method", "mean", methods, "which average"),
    AS_CHOICE(combine_settings, errors, "errors", "auto", errors, "where sigma comes from"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "the same in all series of a group" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "masked rows and nan take no part" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "of all series of the group" },
    { .kind = AS_NEED_META, .name = "merged", .unit = "1", .help = "how many series" },
    { 0 }
};

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static const char *group_of(as_arena *a, const as_table *t, const char *by)
{
    const as_meta *m = by && by[0] ? as_get_meta(t, by) : NULL;
    if (by && strcmp(by, "name") == 0) return as_series_stem(a, t);
    if (by && strcmp(by, "label") == 0) return t->label ? t->label : "";
    return m && m->text ? m->text : "";
}

/* The same x within a thousandth of a step, and the same unit of y. */
static as_status same_grid(as_ctx *ctx, const as_curve *a, const as_table *ta, const as_curve *b,
                           const as_table *tb)
{
    AS_TRY(as_same_slits(ctx, ta, tb));
    const double close = 1e-3 * fabs(as_curve_step(a));
    if (a->n != b->n)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "series %s has %zu rows and %s %zu, expected the same x; `resample` makes it so",
                       ta->name ? ta->name : "?", a->n, tb->name ? tb->name : "?", b->n);
    for (size_t i = 0; i < a->n; i++)
        if (!(fabs(a->x[i] - b->x[i]) <= close))
            return as_fail(ctx, AS_E_MISSING, NULL,
                           "row %zu of series %s is at %g and of %s at %g, expected the same x; "
                           "`resample` makes it so", i + 1, ta->name ? ta->name : "?", a->x[i],
                           tb->name ? tb->name : "?", b->x[i]);
    if (strcmp(a->y_column->unit.symbol, b->y_column->unit.symbol) != 0)
        return as_fail(ctx, AS_E_UNIT, NULL, "y is in %s and in %s, expected the same unit",
                       a->y_column->unit.symbol, b->y_column->unit.symbol);
    return AS_OK;
}

/* Counts add up; rates are weighted by their times. What is missing in some series is made up for
 * by the time that the others have there. */
static as_status merge(as_run *run, size_t n, as_curve *c, as_table **t)
{
    const as_unit count = as_unit_of("count"), rate = as_unit_of("count/s"), s = as_unit_of("s");
    const bool counts = as_unit_same_dimension(&c->y_column->unit, &count);
    double total = 0, *time = AS_NEW_N(as_scratch(run->ctx), double, n);
    if (!time) return AS_ERR;
    if (!counts && !as_unit_same_dimension(&c->y_column->unit, &rate))
        return as_fail(run->ctx, AS_E_UNIT, NULL,
                       "y is in %s, expected count or count/s; `average` takes any unit",
                       c->y_column->unit.symbol);
    for (size_t k = 0; k < n; k++) {
        const as_meta *m = as_get_meta(t[k], "step_time");
        time[k] = m ? as_unit_convert(m->number, &m->unit, &s) : NAN;
        if (!(time[k] > 0) && !counts)
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "series %s has no step_time, and rates without times cannot be merged",
                           t[k]->name ? t[k]->name : "?");
        total += time[k];
    }
    as_column *sigma = as_find_role(t[0], AS_ROLE_SIGMA);
    for (size_t i = 0; i < c->n; i++) {
        double sum = 0, square = 0, seconds = 0, used = 0;
        for (size_t k = 0; k < n; k++) {
            if (!(c[k].use[i] > 0)) continue;
            const double w = counts ? 1 : time[k];
            sum += w * c[k].y[i];
            square += c[k].sigma ? pow(w * c[k].sigma[i], 2) : NAN;
            seconds += time[k];
            used++;
        }
        const double share = counts ? (total > 0 ? seconds / total : used / (double)n) : seconds;
        c->y[i] = used > 0 ? sum / share : NAN;
        if (sigma) sigma->v.f[i] = used > 0 ? sqrt(square) / share : NAN;
    }
    if (total > 0) AS_TRY(as_set_number(run->ctx, t[0], "step_time", total, NAN, s, NULL));
    return AS_OK;
}

static as_status average(as_run *run, size_t n, as_curve *c, as_table **t)
{
    const combine_settings *set = run->settings;
    double *v = AS_NEW_N(as_scratch(run->ctx), double, n);
    bool all = true;
    for (size_t k = 0; k < n; k++) all &= c[k].sigma != NULL;
    const bool scatter = set->errors == SCATTER, propagated = all && !scatter;
    if (!v) return AS_ERR;
    if (set->errors == PROPAGATED && !all)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "not all series have sigma");
    if (!propagated) as_drop_sigma(t[0]);
    as_column *sigma = as_find_role(t[0], AS_ROLE_SIGMA);
    if (scatter) {
        sigma = as_add_column(run->ctx, t[0], "sigma", AS_ROLE_SIGMA, c->y_column->unit);
        if (!sigma) return AS_ERR;
    }
    for (size_t i = 0; i < c->n; i++) {
        size_t used = 0;
        double sum = 0, square = 0, spread = 0;
        for (size_t k = 0; k < n; k++) {
            if (!(c[k].use[i] > 0)) continue;
            if (propagated) square += c[k].sigma[i] * c[k].sigma[i];
            sum += c[k].y[i];
            v[used++] = c[k].y[i];
        }
        const double mean = sum / (double)used;
        for (size_t k = 0; k < used; k++) spread += (v[k] - mean) * (v[k] - mean);
        /* the median of many normal values has pi/2 times the variance of the mean */
        const double loss = set->method == MEDIAN && used > 2 ? sqrt(acos(-1.0) / 2) : 1;
        if (propagated) sigma->v.f[i] = loss * sqrt(square) / (double)used;
        if (scatter)
            sigma->v.f[i] = used > 1 ? loss * sqrt(spread / (double)(used * (used - 1))) : NAN;
        c->y[i] = set->method == MEDIAN ? as_median(used, v) : mean;
    }
    return AS_OK;
}

typedef struct { as_status (*run)(as_run *, size_t, as_curve *, as_table **); } method;

/* All series of one group into its first. */
static as_status combine(as_run *run, size_t n, as_table **t)
{
    const method *m = run->op->method;
    as_curve *c = AS_NEW_N(as_scratch(run->ctx), as_curve, n);
    if (!c) return AS_ERR;
    for (size_t k = 0; k < n; k++) {
        AS_TRY(as_curve_of(run->ctx, t[k], 0, &c[k]));
        AS_TRY(same_grid(run->ctx, &c[0], t[0], &c[k], t[k]));
    }
    as_column *mask = as_find_role(t[0], AS_ROLE_MASK);
    AS_TRY(m->run(run, n, c, t));
    for (size_t i = 0; mask && mask->type == AS_F64 && i < c->n; i++) /* masked in all of them */
        mask->v.f[i] = !isfinite(c->y[i]);
    if (n > 1 && t[0]->name && !(t[0]->name = as_series_stem(t[0]->arena, t[0]))) return AS_ERR;
    AS_TRY(as_set_number(run->ctx, t[0], "merged", (double)n, NAN, AS_UNITLESS, NULL));
    run->n_taken = n;
    run->taken = (const as_table *const *)t;
    return as_emit(run->out, run->ctx, t[0]);
}

static as_status finish(as_run *run)
{
    as_held *s = run->state;
    as_arena *a = as_scratch(run->ctx);
    const combine_settings *set = run->settings;
    as_table **group = AS_NEW_N(a, as_table *, s->n + 1);
    const char **name = AS_NEW_N(a, const char *, s->n + 1);
    if (!group || !name) return AS_ERR;
    for (size_t i = 0; i < s->n; i++)
        if (!(name[i] = group_of(a, s->t[i], set->by))) return AS_ERR;
    for (size_t i = 0; i < s->n; i++) {
        size_t n = 0;
        for (size_t k = i; name[i] && k < s->n; k++) {
            if (!name[k] || strcmp(name[k], name[i]) != 0) continue;
            group[n++] = s->t[k];
            if (k > i) name[k] = NULL;
        }
        if (n) AS_TRY(combine(run, n, group));
    }
    return AS_OK;
}

static const as_example examples[] = {
    { "a scan counted twice",
      "assay cat tests/corpus/raman/fluorescence.ecsv tests/corpus/raman/fluorescence.ecsv"
      " | assay set step_time=10s | assay merge-scans | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "resample", "subtract", NULL };

static const method merging = { merge };
const as_op as_op_merge_scans = {
    .name = "merge-scans",
    .group = "transform",
    .effect = AS_REDUCES,
    .settings_size = sizeof(combine_settings),
    .state_size = sizeof(as_held),
    .params = params_merge,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .method = &merging,
    .doc = { .summary = "merge scans of the same points into one, counts and times added",
             .description =
                 "Scans of one input, scan.0 and scan.1, become the series scan. "
                 "Counts add up, and so do the metadata `step_time`; rates are weighted by them. "
                 "sigma is that of the sum. Where a row is masked or nan in some scans, the others "
                 "are scaled up by the time that is missing.\n\n"
                 "The whole stream is held until it ends.",
             .examples = examples,
             .see_also = see_also },
};

static const method averaging = { average };
const as_op as_op_average = {
    .name = "average",
    .group = "transform",
    .effect = AS_REDUCES,
    .settings_size = sizeof(combine_settings),
    .state_size = sizeof(as_held),
    .params = params_average,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .method = &averaging,
    .doc = { .summary = "average series on the same x",
             .description =
                 "Mean or median of all series of a group, row by row; of scan.0 and scan.1 it is called "
                 "scan. sigma follows from that of the "
                 "series, or from their scatter with `--errors scatter`.\n\n"
                 "The whole stream is held until it ends.",
             .examples = (const as_example[]){
                 { "with errors from the scatter",
                   "assay cat tests/corpus/raman/fluorescence.ecsv "
                   "tests/corpus/raman/fluorescence.ecsv"
                   " | assay average --errors scatter | tail -n 3" },
                 { 0 } },
             .see_also = see_also },
};
