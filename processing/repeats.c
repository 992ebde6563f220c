/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repeats: results of repeated measurements become one, with the uncertainty that their own
 * uncertainties and their scatter allow, and a test of the one against the other. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "curve.h"
#include "normal.h"
#include "op.h"

typedef struct {
    const char *by;
    int errors;
} repeats_settings;

enum { INDEPENDENT, COMMON, SCATTER };
static const as_choice errors[] = {
    { "independent", INDEPENDENT, "each repeat has its own: means are weighted by 1/u^2" },
    { "common", COMMON,
      "all repeats share them, such as that of a calibration: u does not shrink" },
    { "scatter", SCATTER, "u of the results is left aside, the scatter alone counts" },
    { 0 }
};
static const as_param params[] = {
    AS_STRING(
        repeats_settings, by, "by", "name",
        "metadata whose value tells what belongs together, such as sample; name: the names of the "
        "series before their last dot and number; none: all"),
    AS_CHOICE(repeats_settings, errors, "errors", "independent", errors,
              "what the uncertainties of the results are"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "chi2",
      .unit = "1",
      .help = "of the repeats about their mean" },
    { .kind = AS_NEED_RESULT,
      .name = "birge_ratio",
      .unit = "1",
      .help = "root of chi2 per degree of freedom" },
    { .kind = AS_NEED_RESULT,
      .name = "p_value",
      .unit = "1",
      .help = "of so large a chi2, u being right" },
    { .kind = AS_NEED_META, .name = "repeats", .unit = "1", .help = "how many series" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "number of the repeat" },
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_Y,
      .unit = "1",
      .help = "result less mean, over its u" },
    { 0 }
};

/* One result in all repeats, in the unit of the first. */
typedef struct {
    const as_result *first;
    size_t *at;                      /* its number in each repeat */
    double *v, *u, *scale;           /* scale: from the unit there to that of the first */
    double weighted, birge, p, chi2; /* about the weighted mean; nan: not all have u */
    double mean, base, final; /* base: u by the results', final: by scatter where that is more */
    as_bound bound;           /* some are limits: so is what joins them */
} repeated;

/* Makes a standard uncertainty from the scatter of n whose 1.96-fold holds 95 % all the same. */
static double few(size_t n)
{
    return gsl_cdf_tdist_Pinv(0.975, (double)n - 1) / gsl_cdf_ugaussian_Pinv(0.975);
}

/* Weighted mean and chi2: Birge, Phys. Rev. 40 (1932) 207. One alone has chi2 0 with no degree of freedom: p is 1. */
static void judge(size_t n, repeated *r)
{
    double sum = 0, weights = 0, chi2 = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = r->u[i] > 0 && isfinite(r->u[i]) ? 1 / (r->u[i] * r->u[i]) : NAN;
        sum += w * r->v[i];
        weights += w;
    }
    r->weighted = sum / weights;
    for (size_t i = 0; i < n; i++) chi2 += pow((r->v[i] - r->weighted) / r->u[i], 2);
    r->chi2 = isnan(weights) ? NAN : chi2;
    r->birge = n > 1 ? sqrt(r->chi2 / (double)(n - 1)) : NAN;
    r->p = isnan(r->chi2) ? NAN : n > 1 ? gsl_cdf_chisq_Q(r->chi2, (double)(n - 1)) : 1;
    r->base = 1 / sqrt(weights);
}

/* Errors that may be common to all repeats: the weights are those of independent ones, and u is that of the weighted
 * mean were they the same in all, which no correlation between them exceeds. */
static double shared(size_t n, const repeated *r)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += r->base * r->base / r->u[i];
    return sum;
}

/* Each limit, and the one-sided 95 % limit of each number, holds the truth with 95 %: the weakest of them does, however
 * they are correlated. */
static void weakest(size_t n, repeated *r)
{
    const int side = r->bound == AS_ABOVE ? -1 : 1;
    for (size_t i = 0; i < n; i++) {
        const double at = r->v[i] + (n > 1 && r->u[i] > 0 ? side * AS_Z95 * r->u[i] : 0);
        if (i == 0 || side * (at - r->mean) > 0) r->mean = at;
    }
    r->chi2 = r->p = r->birge = NAN;
    r->final = n == 1 ? r->u[0] : NAN;
}

static void combine(size_t n, int how, repeated *r)
{
    double mean = 0, spread = 0;
    if (r->bound != AS_EQUAL) {
        weakest(n, r);
        return;
    }
    judge(n, r);
    for (size_t i = 0; i < n; i++) mean += r->v[i] / (double)n;
    for (size_t i = 0; i < n; i++) spread += (r->v[i] - mean) * (r->v[i] - mean) / (double)n;
    const bool own = (how != SCATTER || n == 1) && !isnan(r->chi2);
    const double scatter = spread > 0 ? few(n) * sqrt(spread / (double)(n - 1)) : own ? 0 : NAN;
    const double about_weighted = r->birge > 0 ? few(n) * r->birge * r->base : 0;
    r->mean = own ? r->weighted : mean;
    if (own && how == COMMON) r->base = shared(n, r);
    r->final = !own            ? scatter
               : how == COMMON ? fmax(r->base, about_weighted)
                               : fmax(1, r->birge) * r->base;
}

/* --- groups --------------------------------------------------------------------------------- */

/* NULL with the error recorded. */
static const char *group_of(as_run *run, const as_table *t)
{
    const repeats_settings *set = run->settings;
    if (!set->by || !set->by[0]) return "";
    if (strcmp(set->by, "name") == 0) return as_series_stem(as_scratch(run->ctx), t);
    const as_meta *m = as_need_meta(run->ctx, t, set->by);
    return m ? m->text ? m->text : "" : NULL;
}

static const char *name_of(const as_table *t)
{
    return t->name ? t->name : "?";
}

/* Whether x goes with the first i: numbers together, or limits of one direction and numbers with u. */
static bool goes_with(repeated *r, size_t i, const as_result *x)
{
    if (x->bound == AS_EQUAL && r->bound == AS_EQUAL) return true;
    if (x->bound != AS_EQUAL && r->bound != AS_EQUAL) return x->bound == r->bound;
    if (r->bound != AS_EQUAL) return x->u >= 0;
    for (size_t k = 0; k < i; k++)
        if (!(r->u[k] >= 0)) return false;
    r->bound = x->bound;
    return true;
}

/* The results that all have as numbers or limits, or none of them, the others named in a warning. */
static as_status common_results(as_run *run, size_t n, as_table *const *t, size_t *m,
                                repeated **out)
{
    as_arena *a = as_scratch(run->ctx);
    const char *missing = NULL;
    size_t left = 0;
    repeated *r = *out = AS_NEW_N(a, repeated, t[0]->n_results + 1);
    if (!r) return AS_ERR;
    *m = 0;
    for (size_t k = 0; k < t[0]->n_results; k++) {
        const as_result *first = &t[0]->result[k];
        repeated *now = &r[*m];
        if (as_get_result(t[0], first->item, first->quantity) != first) continue;
        *now = (repeated){ .first = first,
                           .at = AS_NEW_N(a, size_t, n),
                           .bound = first->bound,
                           .v = AS_NEW_N(a, double, 3 * n) };
        if (!now->at || !now->v) return AS_ERR;
        now->u = now->v + n, now->scale = now->u + n;
        size_t i = 0;
        for (; i < n; i++) {
            const as_result *x = as_get_result(t[i], first->item, first->quantity);
            if (!x || !isfinite(x->value) != !isfinite(first->value) || !goes_with(now, i, x)) break;
            now->at[i] = (size_t)(x - t[i]->result);
            now->v[i] = as_unit_convert(x->value, &x->unit, &first->unit);
            now->u[i] = as_unit_scale(x->u, &x->unit, &first->unit);
            now->scale[i] = as_unit_scale(1, &x->unit, &first->unit);
            if (isnan(now->v[i]) && isfinite(x->value)) break;
        }
        if (i == n) {
            (*m)++;
            continue;
        }
        if (left++ == 0)
            missing = as_format(a, "%s %s is not a number in all, nor limits of one direction, see %s",
                                first->item, first->quantity, name_of(t[i]));
    }
    if (left && missing)
        as_warn(run->ctx, t[0], NULL, "%zu of %zu results left out, the first: %s", left, left + *m,
                missing);
    if (*m == 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "series %s and its repeats have no result in common that "
                       "is a number",
                       name_of(t[0]));
    return AS_OK;
}

/* --- output --------------------------------------------------------------------------------- */

/* Metadata that are not the same in all repeats are nobody's; warnings are everybody's. */
static as_status keep_common(as_run *run, as_table *to, size_t n, as_table *const *t)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < t[i]->n_warnings; k++) as_add_warning(to, NULL, t[i]->warning[k]);
    for (size_t k = 0; k < t[0]->n_meta; k++) {
        const as_meta *m = &t[0]->meta[k];
        bool same = true;
        for (size_t i = 1; i < n && same; i++) {
            const as_meta *x = as_get_meta(t[i], m->key);
            same = x && strcmp(x->text ? x->text : "", m->text ? m->text : "") == 0 &&
                   strcmp(x->unit.symbol, m->unit.symbol) == 0;
        }
        if (!same) AS_TRY(as_drop_meta(to, m->key));
    }
    return as_set_number(run->ctx, to, "repeats", (double)n, NAN, AS_UNITLESS, NULL);
}

/* A flag that all share, else the first that is not ok; undecided when some found it and some not.
 */
static const char *flag_of(const repeated *r, size_t n, as_table *const *t)
{
    const char *flag = r->first->flag;
    for (size_t i = 1; i < n; i++) {
        const char *x = t[i]->result[r->at[i]].flag;
        if (strcmp(x, flag) == 0) continue;
        if (strcmp(x, "not_detected") == 0 || strcmp(flag, "not_detected") == 0) return "undecided";
        if (strcmp(flag, "ok") == 0) flag = x;
    }
    return flag;
}

/* An end of an interval: its arm is as long against the u of the mean as it is in the repeats, in the mean of squares
 * by weight; where one is at a bound so is what joins them. */
static void join_end(const repeated *x, int side, repeated *end, size_t n, as_table *const *t)
{
    double arms = 0, us = 0, outermost = end->v[0];
    bool bound = false;
    const double scale = as_unit_scale(1, &x->first->unit, &end->first->unit);
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (x->u[i] * x->u[i]);
        arms += pow(w * (end->v[i] - scale * x->v[i]), 2);
        us += pow(w * x->u[i], 2);
        outermost = side * (end->v[i] - outermost) > 0 ? end->v[i] : outermost;
        bound = bound || strcmp(t[i]->result[end->at[i]].flag, "at_bound") == 0;
    }
    end->mean = bound ? outermost : scale * x->mean + side * x->final * sqrt(arms / us);
    end->final = NAN;
}

static void join_ends(size_t m, repeated *r, size_t n, as_table *const *t)
{
    for (size_t k = 0; k < m; k++)
        for (int side = -1; side <= 1 && r[k].bound == AS_EQUAL && isfinite(r[k].chi2); side += 2)
            for (size_t i = 0; i < m; i++)
                if (as_is_end(r[i].first, r[k].first, side > 0)) join_end(&r[k], side, &r[i], n, t);
}

static as_status give(as_run *run, as_table *to, const repeated *r, size_t n, as_table *const *t)
{
    const repeats_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const bool own = (set->errors != SCATTER || n == 1) && !isnan(r->chi2);
    const char *method =
        as_format(as_scratch(ctx), "%s_of_%zu,%s%s%s",
                  r->bound != AS_EQUAL ? "weakest" : own ? "weighted_mean" : "mean", n,
                  r->bound != AS_EQUAL ? "limits"
                  : !own               ? "scatter"
                  : set->errors == COMMON ? "common_u" : "independent_u",
                  r->first->method ? "," : "", r->first->method ? r->first->method : "");
    if (!method) return AS_ERR;
    return as_add_result(ctx, to,
                         &(as_result){ .item = r->first->item,
                                       .quantity = r->first->quantity,
                                       .value = r->mean,
                                       .u = r->final,
                                       .bound = r->bound,
                                       .unit = r->first->unit,
                                       .flag = flag_of(r, n, t),
                                       .method = method });
}

/* Functions of the numbers at hand: exact, u = 0. */
static as_status give_test(as_run *run, as_table *to, const repeated *r, size_t n)
{
    const char *flag = n > 1 ? "ok" : "measured_once";
    const char *item = as_format(as_scratch(run->ctx), "%s %s", r->first->item, r->first->quantity);
    if (!item) return AS_ERR;
    if (isnan(r->chi2)) return AS_OK;
    AS_TRY(as_add_quantity(run->ctx, to, item, "chi2", r->chi2, 0, "1", flag,
                           "about_weighted_mean"));
    AS_TRY(
        as_add_quantity(run->ctx, to, item, "birge_ratio", r->birge, 0, "1", flag, "Birge_1932"));
    return as_add_quantity(run->ctx, to, item, "p_value", r->p, 0, "1", flag, "chi2_upper_tail");
}

/* The mean correlation of two results, by the roots of their weights, with the u of their means. */
static double pair(const repeated *a, const repeated *b, size_t n, as_table *const *t)
{
    double sum = 0, wa = 0, wb = 0;
    for (size_t i = 0; i < n; i++) {
        const double c = as_get_covariance(t[i], a->at[i], b->at[i]) * a->scale[i] * b->scale[i];
        const double root = 1 / (a->u[i] * b->u[i]);
        sum += c == 0 ? 0 : root * root * c;
        wa += 1 / (a->u[i] * a->u[i]);
        wb += 1 / (b->u[i] * b->u[i]);
    }
    return sum / sqrt(wa * wb) * a->final * b->final;
}

/* Means of results that share a fit share its covariance; the scatter stretches it as it does u. */
static as_status give_covariance(as_run *run, as_table *to, size_t m, const repeated *r, size_t n,
                                 as_table *const *t)
{
    const repeats_settings *set = run->settings;
    for (size_t i = 0; i < n; i++)
        if (set->errors == SCATTER || !as_has_covariance(t[i])) return AS_OK;
    for (size_t i = 0; i < m; i++)
        for (size_t k = i + 1; k < m; k++) {
            const double c = isnan(r[i].chi2) || isnan(r[k].chi2)
                                 ? 0
                                 : pair(&r[i], &r[k], n, t);
            const size_t which[2] = { i, k };
            const double matrix[4] = { 0, c, c, 0 };
            if (c != 0 && isfinite(c)) AS_TRY(as_set_covariance(run->ctx, to, 2, which, matrix));
        }
    return AS_OK;
}

/* Of the results with u in all repeats. */
static size_t tested(size_t m, const repeated *r)
{
    size_t n = 0;
    for (size_t k = 0; k < m; k++) n += !isnan(r[k].chi2);
    return n;
}

static as_status fill_rows(as_run *run, as_table *to, size_t m, const repeated *r, size_t n,
                           as_table *const *t)
{
    as_column *x = as_add_column(run->ctx, to, "repeat", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(run->ctx, to, "normalized_deviation", AS_ROLE_Y, AS_UNITLESS);
    as_column *result = as_add_text(run->ctx, to, "result", AS_ROLE_LABEL);
    as_column *of = as_add_text(run->ctx, to, "measurement", AS_ROLE_OTHER);
    if (!x || !y || !result || !of) return AS_ERR;
    for (size_t k = 0, row = 0; k < m; k++)
        for (size_t i = 0; i < n && !isnan(r[k].chi2); i++, row++) {
            const as_result *first = r[k].first;
            x->v.f[row] = (double)i + 1;
            y->v.f[row] = (r[k].v[i] - r[k].weighted) / r[k].u[i];
            result->v.s[row] = as_format(to->arena, "%s %s", first->item, first->quantity);
            of->v.s[row] = as_strdup(to->arena, name_of(t[i]));
            if (!result->v.s[row] || !of->v.s[row]) return AS_ERR;
        }
    return AS_OK;
}

/* One in a thousand by chance alone. */
static void warn_scatter(as_run *run, as_table *to, size_t m, const repeated *r)
{
    size_t n = 0, worst = 0;
    for (size_t k = 0; k < m; k++) {
        if (!(r[k].p < 1e-3)) continue;
        if (n++ == 0 || r[k].p < r[worst].p) worst = k;
    }
    if (n)
        as_warn(run->ctx, to, NULL,
                "%zu of %zu results scatter between the repeats more than their u allows, "
                "most of all %s %s (p = %.2g)",
                n, m, r[worst].first->item, r[worst].first->quantity, r[worst].p);
}

static as_status emit_group(as_run *run, const char *name, size_t n, as_table *const *t)
{
    const repeats_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    repeated *r;
    size_t m;
    if (n < 2)
        as_warn(ctx, t[0], NULL, "series %s was measured once: its results are as they were",
                name_of(t[0]));
    AS_TRY(common_results(run, n, t, &m, &r));
    for (size_t k = 0; k < m; k++) combine(n, set->errors, &r[k]);
    join_ends(m, r, n, t);
    as_table *to = as_table_derive(ctx, t[0], tested(m, r) * n);
    if (!to) return AS_ERR;
    to->kind = AS_KIND_DATA;
    if (name[0] && strcmp(set->by, "name") == 0 && !(to->name = as_strdup(to->arena, name)))
        return AS_ERR;
    AS_TRY(keep_common(run, to, n, t));
    for (size_t k = 0; k < m; k++) AS_TRY(give(run, to, &r[k], n, t));
    AS_TRY(give_covariance(run, to, m, r, n, t));
    for (size_t k = 0; k < m; k++) AS_TRY(give_test(run, to, &r[k], n));
    AS_TRY(fill_rows(run, to, m, r, n, t));
    warn_scatter(run, to, m, r);
    return as_emit(run->out, ctx, to);
}

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status finish(as_run *run)
{
    as_held *held = run->state;
    as_arena *a = as_scratch(run->ctx);
    as_table **group = AS_NEW_N(a, as_table *, held->n + 1);
    const char **name = AS_NEW_N(a, const char *, held->n + 1);
    if (!group || !name) return AS_ERR;
    for (size_t i = 0; i < held->n; i++)
        if (!(name[i] = group_of(run, held->t[i]))) return AS_ERR;
    for (size_t i = 0; i < held->n; i++) {
        size_t n = 0;
        for (size_t k = i; name[i] && k < held->n; k++) {
            if (!name[k] || strcmp(name[k], name[i]) != 0) continue;
            group[n++] = held->t[k];
            if (k > i) name[k] = NULL;
        }
        if (n) AS_TRY(emit_group(run, name[i], n, group));
    }
    return AS_OK;
}

static const as_example examples[] = {
    { "is a band where it was before",
      "assay fit --model 'gaussian(band) + linear' tests/corpus/raman/shifting.ecsv"
      " | assay repeats --by '' | assay results --item 'band*'" },
    { 0 }
};
static const char *const references[] = {
    "Birge 1932, The calculation of errors by the method of least squares, Phys. Rev. 40, 207, "
    "doi:10.1103/PhysRev.40.207",
    NULL
};
static const char *const see_also[] = { "average", "trend", "results", NULL };

const as_op as_op_repeats = {
    .name = "repeats",
    .group = "peaks",
    .effect = AS_REDUCES,
    .settings_size = sizeof(repeats_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary =
                 "join the results of repeated measurements and test their scatter against u",
             .description =
                 "Every result that all repeats have as a number comes out once, under "
                 "the same item and "
                 "quantity, as the mean of the repeats. With `--errors independent` the "
                 "mean is weighted by "
                 "1/u^2 and its u is 1/sqrt(sum 1/u^2), times the Birge ratio "
                 "sqrt(chi2/(n-1)) where that is "
                 "above 1. With `common`, for what makes u may be the same in all of them, the "
                 "mean is the same and its u the weighted mean of those of the repeats, which "
                 "no correlation between them exceeds: it does not shrink with their number, "
                 "and a repeat that tells little counts little; unless the scatter is larger. With `scatter`, and for "
                 "results without u, it "
                 "is s/sqrt(n), stretched so that 1.96 u holds 95 % for as few as there "
                 "are (2.2 times for "
                 "three).\n\n"
                 "How far the scatter agrees with u is told under the item 'ITEM "
                 "QUANTITY': `chi2` about "
                 "the weighted mean, `birge_ratio`, and `p_value`, the chance of so "
                 "large a chi2 or a larger "
                 "one were u right. A p near 0 says that u is too small, one near 1 "
                 "that it is too large or "
                 "holds what the repeats share: then `common` is right. These three are "
                 "functions of the "
                 "numbers at hand and have u = 0, so that claims can use them. Three "
                 "repeats tell only "
                 "gross errors of u: a u of half the true size comes out with p < 0.05 "
                 "in half of all cases.\n\n"
                 "A series without a repeat keeps its results, with a warning and a p of 1, "
                 "so that a recipe runs with single measurements as well.\n\nThe rows are the "
                 "deviations from the weighted mean in units of u. Metadata "
                 "that differ between "
                 "the repeats are left out, as are results that are missing in one of them "
                 "(with a warning).\n\nLimits (`> 48 nm`) are joined to the weakest of them: "
                 "each holds the truth with 95 %, so it does, however they are correlated. Where "
                 "some repeats have a number and others a limit, a number counts as its one-sided "
                 "95 % limit in the same direction. Limits of both directions are left out. "
                 "The ends of a 95 % interval beside a result (QUANTITY_low and _high, or lower and upper of "
                 "ITEM.QUANTITY) get arms as long against the joined u as they are in the repeats. Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
