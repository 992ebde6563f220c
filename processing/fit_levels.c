/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit-levels: bands of one shape to all levels of a depth, time or map series. Positions and widths
 * are common to all levels, heights and background are each level's own; every area gets its limit
 * of detection.
 */
#include <math.h>
#include <string.h>

#include "detection.h"
#include "fit_extra.h"
#include "lanes.h"
#include "levels.h"

enum { LEAST_DOF = 50 }; /* of the scatter that stands for sigma in a verdict */

static const as_choice errors[] = {
    { "auto", AS_FIT_ERRORS_AUTO, "absolute where sigma is known, else scaled" },
    { "absolute", AS_FIT_ERRORS_ABSOLUTE, "from sigma as it stands" },
    { "scaled", AS_FIT_ERRORS_SCALED, "by the scatter of the residuals and their correlation" },
    { 0 }
};

static const as_param params[] = {
    AS_STRING(as_fit_settings, model, "model", NULL,
              "sum of shapes: gaussian(a) center=1355 + linear; @FILE where it is long"),
    AS_RANGES(as_fit_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_COLUMN(as_fit_settings, baseline, "baseline", "",
              "column taken off y before, by name or role"),
    AS_CHOICE(as_fit_settings, errors, "errors", "auto", errors, "kind of the uncertainties"),
    AS_INT(as_fit_settings, iterations, "iterations", "200", 1, 100000, "steps before giving up"),
    AS_TEXTS(as_fit_settings, derive, "derive", "",
             "NAME = expression of TERM.QUANTITY"),
    AS_BOOL(as_fit_settings, fractions, "fractions", "no", "area of each peak over that of all"),
    AS_PARAMS_END
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MODEL, .name = "model", .help = "the sum" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_OTHER, .name = "residual", .help = "y minus model" },
    { .kind = AS_NEED_RESULT, .name = "area", .help = "of each band on each level" },
    { .kind = AS_NEED_RESULT,
      .name = "critical_level",
      .help = "area above which a band is detected" },
    { .kind = AS_NEED_RESULT,
      .name = "detection_limit",
      .help = "true area that is detected with 95 %" },
    { .kind = AS_NEED_RESULT, .name = "upper_limit", .help = "95 % upper limit of the area" },
    { .kind = AS_NEED_RESULT,
      .name = "verdict",
      .unit = "1",
      .help = "present, not_detected or undecided" },
    { 0 }
};

typedef struct together {
    as_held *held;
    as_fit_job job; /* of the first level: model, rows, starts */
    as_curve *c;    /* of each level */
    const double **y, **sigma, **offset;
    as_levels_problem q;
    as_levels_result r;
    double *work, *covariance, *zero; /* m x m */
    double about_mean;                /* chi2 about the mean of each level, for r_squared */
} together;

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static const char *name_of(const as_table *t)
{
    return t->name ? t->name : "?";
}

/* The level's x must be that of the first. */
static as_status same_rows(as_run *run, const together *g, size_t k)
{
    const as_curve *a = &g->c[0], *b = &g->c[k];
    bool same = a->n == b->n;
    const double step = fabs(as_curve_step(a));
    for (size_t i = 0; same && i < a->n; i++)
        same = fabs(a->x[i] - b->x[i]) <= 1e-3 * step || (isnan(a->x[i]) && isnan(b->x[i]));
    if (same) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL,
                   "series %s and %s have different x, expected one grid: resample",
                   name_of(g->held->t[0]), name_of(g->held->t[k]));
}

/* y of level k on the rows of the first; NaN where a row does not count. */
static as_status level(as_run *run, together *g, size_t k)
{
    const as_fit_settings *set = run->settings;
    as_table *t = g->held->t[k];
    const as_fit_points *p = &g->job.p;
    double *y = AS_NEW_N(as_scratch(run->ctx), double, 2 * p->n + 1), *sigma = y ? y + p->n : NULL;
    if (!y) return AS_ERR;
    AS_TRY(as_curve_of(run->ctx, t, 1, &g->c[k]));
    AS_TRY(same_rows(run, g, k));
    const as_curve *c = &g->c[k];
    const as_column *off = set->baseline ? as_need_column(run->ctx, t, set->baseline) : NULL;
    if (set->baseline && !off) return AS_ERR;
    AS_TRY(as_baseline_once(run->ctx, t, off));
    if (!c->sigma != !g->c[0].sigma)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "series %s and %s differ in sigma, expected alike", name_of(g->held->t[0]),
                       name_of(t));
    for (size_t i = 0; i < p->n; i++) {
        const size_t row = p->row[i];
        y[i] = c->use[row] > 0 ? c->y[row] - (off ? off->v.f[row] : 0) : NAN;
        if (!c->sigma) continue;
        sigma[i] = c->sigma[row];
        if (!(sigma[i] > 0)) y[i] = NAN;
    }
    g->y[k] = y;
    g->sigma[k] = sigma;
    g->offset[k] = off ? off->v.f : NULL;
    return AS_OK;
}

/* Starts from the mean of all levels: bands that are on some levels only are seen in it. */
static as_status starts(as_run *run, together *g)
{
    as_fit_job *job = &g->job;
    double *mean = AS_NEW_N(as_scratch(run->ctx), double, job->p.n + 1);
    if (!mean) return AS_ERR;
    for (size_t i = 0; i < job->p.n; i++) {
        double n = 0;
        for (size_t k = 0; k < g->held->n; k++)
            if (isfinite(g->y[k][i])) mean[i] += g->y[k][i], n++;
        mean[i] = n > 0 ? mean[i] / n : 0;
    }
    AS_TRY(as_model_guess(run->ctx, &job->m, mean));
    for (size_t k = 0; k < job->m.n_terms;
         k++) /* a start of a height is of no use: it is solved for */
        if (job->m.term[k].n_params) job->m.param[job->m.term[k].first].given = false;
    return as_model_problem(run->ctx, as_scratch(run->ctx), &job->m, &job->q);
}

/* What this fit does not do is refused. */
static as_status check(as_run *run, const as_model *m, const as_ls_problem *q)
{
    size_t bands = 0;
    for (size_t k = 0; k < m->n_terms; k++) {
        const as_model_term *t = &m->term[k];
        const as_model_param *p = &m->param[t->first];
        bands += t->shape && t->shape->kind == AS_SHAPE_PEAK;
        if (!t->shape || t->shape->kind != AS_SHAPE_PEAK || p->column == AS_NO_COLUMN ||
            !q->linear[p->column])
            continue;
        if (isfinite(p->lo) || isfinite(p->hi) || !isnan(p->restraint))
            return as_fail(run->ctx, AS_E_USAGE, NULL,
                           "%s of '%s' is bounded or restrained: it must be free to be negative, "
                           "or no limit holds",
                           p->name, t->label);
    }
    if (bands) return AS_OK;
    return as_fail(run->ctx, AS_E_USAGE, NULL,
                   "the model has no band, expected one shape or more besides the background");
}

static as_status prepare(as_run *run, as_held *held, together *g)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_arena *s = as_scratch(ctx);
    const size_t n = held->n;
    g->held = held;
    g->c = AS_NEW_N(s, as_curve, n);
    g->y = AS_NEW_N(s, const double *, 3 * n);
    if (!g->c || !g->y) return AS_ERR;
    g->sigma = g->y + n;
    g->offset = g->sigma + n;
    if (as_fit_prepare(run, held->t[0], set->model, &g->job) != AS_OK)
        return as_while(ctx, "taking series %s", name_of(held->t[0]));
    for (size_t k = 0; k < n; k++)
        if (level(run, g, k) != AS_OK) return as_while(ctx, "taking series %s", name_of(held->t[k]));
    AS_TRY(starts(run, g));
    const as_ls_problem *q = &g->job.q;
    AS_TRY(check(run, &g->job.m, q));
    if (set->errors == AS_FIT_ERRORS_ABSOLUTE && !g->c[0].sigma)
        return as_fail(ctx, AS_E_MISSING, NULL, "--errors absolute needs a column of role sigma");
    bool restrained = false;
    for (size_t k = 0; k < q->m; k++) restrained |= !isnan(q->restraint[k]);
    g->q = (as_levels_problem){ .n_levels = n,
                                .n = g->job.p.n,
                                .m = q->m,
                                .y = g->y,
                                .sigma = g->c[0].sigma ? g->sigma : NULL,
                                .model = q->model,
                                .user = q->user,
                                .linear = q->linear,
                                .start = g->job.m.start,
                                .lo = q->lo,
                                .hi = q->hi,
                                .restraint = restrained ? q->restraint : NULL,
                                .restraint_u = q->restraint_u,
                                .absolute = set->errors != AS_FIT_ERRORS_SCALED,
                                .correlated = true,
                                .iterations = set->iterations };
    g->work = AS_NEW_N(s, double, 4 * q->m * q->m + 1);
    if (!g->work) return AS_ERR;
    g->covariance = g->work + 2 * q->m * q->m;
    g->zero = g->covariance + q->m * q->m;
    return AS_OK;
}

/* chi2 about the mean of each level, for r_squared. */
static double total_square(const together *g)
{
    double sum = 0;
    for (size_t k = 0; k < g->held->n; k++) {
        double w = 0, m = 0, s = 0;
        for (size_t i = 0; i < g->q.n; i++) {
            const double y = g->y[k][i], c = g->q.sigma ? 1 / (g->sigma[k][i] * g->sigma[k][i]) : 1;
            if (!isfinite(y)) continue;
            const double d = y - m;
            w += c;
            m += c / w * d;
            s += c * d * (y - m);
        }
        sum += s;
    }
    return sum;
}

/* The result of one level as the engine for single curves gives it; statistics are those of all. */
static as_status single(as_run *run, together *g, size_t k, as_ls_result *out)
{
    const as_levels_result *r = &g->r;
    const size_t m = r->m;
    const double n = (double)(r->dof + r->n_free), free = (double)r->n_free + !g->q.sigma;
    const double fit = g->q.sigma ? r->cost : n * log(r->cost / n);
    *out = (as_ls_result){ .culprit = m,
                           .p = r->p + k * m,
                           .u = AS_NEW_N(as_scratch(run->ctx), double, m + 1),
                           .covariance = g->covariance,
                           .at_bound = r->at_bound,
                           .f = r->f + k * as_lanes(g->q.n),
                           .cost = r->cost,
                           .chi2 = r->chi2,
                           .reduced = r->reduced,
                           .r_squared = 1 - r->chi2 / g->about_mean,
                           .aicc = fit + 2 * free + 2 * free * (free + 1) / (n - free - 1),
                           .bic = fit + free * log(n),
                           .n_free = r->n_free,
                           .dof = r->dof,
                           .scaled = !(g->q.absolute && g->q.sigma),
                           .iterations = r->iterations };
    if (!out->u) return AS_ERR;
    for (size_t i = 0; i < m; i++)
        out->u[i] = r->at_bound[i] ? NAN : sqrt(g->covariance[i * m + i]);
    return AS_OK;
}

static as_status give(as_run *run, as_table *t, const char *item, const char *quantity,
                      double value, as_unit unit, const char *flag, const char *method)
{
    return as_add_result(run->ctx, t,
                         &(as_result){ .item = item,
                                       .quantity = quantity,
                                       .value = value,
                                       .u = NAN,
                                       .unit = unit,
                                       .flag = flag,
                                       .method = method });
}

/* Currie's limits of one band on one level. */
static as_status limits(as_run *run, const together *g, as_table *t, size_t term)
{
    static const char *const words[] = { "not_detected", "undecided", "present" };
    const as_model *m = &g->job.m;
    const char *item = m->term[term].label;
    double *gradient = AS_NEW_N(as_scratch(run->ctx), double, m->n_columns + 1);
    as_unit unit;
    if (!gradient) return AS_ERR;
    AS_TRY(as_fit_unit(run->ctx, t, "x*y", &unit));
    const double area = as_model_quantity(m, term, AS_OF_AREA, gradient);
    const double u = as_propagate(m->n_columns, g->covariance, gradient);
    const double zero_u = as_propagate(m->n_columns, g->zero, gradient);
    if (!isfinite(area) || !(zero_u > 0)) return AS_OK; /* no area, or held fixed */
    const as_limits l = as_detection_limits(area, u, zero_u, 0);
    const bool known = g->q.sigma || g->r.dof >= LEAST_DOF;
    const char *method =
        g->q.sigma ? "Currie, sigma of the data" : "Currie, scatter of the residuals";
    AS_TRY(give(run, t, item, "critical_level", l.critical_level, unit, "ok", method));
    AS_TRY(give(run, t, item, "detection_limit", l.detection_limit, unit, "ok", method));
    AS_TRY(give(run, t, item, "upper_limit", l.upper_limit, unit, "ok", method));
    const double verdict = l.verdict == AS_UNDECIDED_PEAK || !known ? NAN : l.verdict == AS_PRESENT;
    return give(run, t, item, "verdict", verdict, AS_UNITLESS,
                known ? words[l.verdict] : "no_sigma", method);
}

/* A band that is nowhere has no position: what was found instead is noise. */
static void warn(as_run *run, together *g)
{
    const as_model *m = &g->job.m;
    as_table *t = g->held->t[0];
    double *gradient = AS_NEW_N(as_scratch(run->ctx), double, m->n_columns + 1);
    for (size_t k = 0; gradient && k < m->n_terms; k++) {
        if (!m->term[k].shape || m->term[k].shape->kind != AS_SHAPE_PEAK) continue;
        as_model_quantity(m, k, AS_OF_POSITION, gradient);
        const double u = as_propagate(m->n_columns, g->covariance, gradient);
        const double fwhm = as_model_quantity(m, k, AS_OF_FWHM, gradient);
        if (u > fwhm / 5)
            as_warn(
                run->ctx, t, NULL,
                "the position of '%s' is uncertain by %.2g, its width is %.2g: hold both (!) or "
                "restrain them (~u) for limits that mean this band",
                m->term[k].label, u, fwhm);
    }
    const double reduced = g->r.reduced;
    if (g->q.sigma && g->q.absolute && reduced > 3)
        as_warn(run->ctx, t, NULL,
                "reduced chi2 is %.3g: the model or sigma is wrong, uncertainties are too small",
                reduced);
    if (!g->q.sigma && g->r.inflation > 4)
        as_warn(
            run->ctx, t, NULL,
            "neighbouring residuals are correlated (%.2f): uncertainties are %.2g times those of "
            "independent errors; the model may lack a band or background",
            g->r.correlation, sqrt(g->r.inflation));
}

static as_status report(as_run *run, together *g, size_t k)
{
    as_table *t = g->held->t[k];
    as_fit_job job = g->job;
    const size_t m = g->r.m;
    as_levels_covariance(&g->r, k, false, g->work, g->covariance);
    as_levels_covariance(&g->r, k, true, g->work, g->zero);
    AS_TRY(single(run, g, k, &job.r));
    job.c = g->c[k];
    job.p.y = AS_NEW_N(as_scratch(run->ctx), double, g->q.n + 1);
    if (!job.p.y) return AS_ERR;
    memcpy(job.p.y, g->y[k], g->q.n * sizeof *job.p.y);
    job.p.sigma = g->q.sigma ? AS_NEW_N(as_scratch(run->ctx), double, g->q.n + 1) : NULL;
    if (g->q.sigma && !job.p.sigma) return AS_ERR;
    if (g->q.sigma) memcpy(job.p.sigma, g->sigma[k], g->q.n * sizeof *job.p.y);
    job.p.offset = g->offset[k];
    job.q.y = job.p.y;
    job.q.sigma = job.p.sigma;
    job.q.model(job.q.user, g->r.p + k * m, job.r.f, NULL,
                as_lanes(g->q.n)); /* values of the model, for its gradients */
    as_model_take(&job.m, &job.r);
    job.how = as_format(t->arena, "%s%s uncertainties, %zu levels together, shapes shared",
                        g->q.sigma ? "weights 1/sigma^2, " : "unit weights, ",
                        job.r.scaled ? "scaled" : "absolute", g->held->n);
    if (!job.how) return AS_ERR;
    AS_TRY(as_fit_report(run, t, &job, true));
    for (size_t i = 0; i < job.m.n_terms; i++)
        if (job.m.term[i].shape && job.m.term[i].shape->kind == AS_SHAPE_PEAK)
            AS_TRY(limits(run, g, t, i));
    AS_TRY(give(run, t, "fit", "residual_correlation", g->r.correlation, AS_UNITLESS, "ok",
                "of neighbours, all levels"));
    if (k == 0) warn(run, g);
    return AS_OK;
}

static as_status finish(as_run *run)
{
    as_held *held = run->state;
    together g = { 0 };
    if (held->n == 0) return AS_OK;
    AS_TRY(prepare(run, held, &g));
    if (as_fit_levels(run->ctx, as_scratch(run->ctx), &g.q, &g.r) != AS_OK) {
        if (as_pending(run->ctx) != AS_E_NUMERIC || g.r.culprit >= g.r.m) return AS_ERR;
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "the data do not determine %s apart from the others",
                       as_fit_column_name(run->ctx, &g.job.m, g.r.culprit));
    }
    g.about_mean = total_square(&g);
    for (size_t k = 0; k < held->n; k++) {
        const as_frame frame = as_enter(run->ctx);
        const as_status reported = report(run, &g, k);
        as_leave(run->ctx, frame);
        AS_TRY(reported);
    }
    for (size_t k = 0; k < held->n; k++)
        AS_TRY(as_emit(run->out, run->ctx, held->t[k])); /* the first holds the model */
    return AS_OK;
}

static const as_example examples[] = {
    { "two bands through an etched film, and where they stop being detected",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay fit-levels"
      " --model \"gaussian(C-O) center=1355 fwhm=45 + gaussian(PVDF) center=1400 fwhm=14 + "
      "poly3\" --region 1250:1480"
      " | assay results --quantity area --quantity verdict" },
    { 0 }
};
static const char *const references[] = {
    "Golub & Pereyra 1973, The differentiation of pseudo-inverses and nonlinear least squares "
    "problems whose variables "
    "separate, SIAM J. Numer. Anal. 10, 413, doi:10.1137/0710036",
    "Currie 1968, Limits for qualitative detection and quantitative determination, Anal. Chem. 40, "
    "586, "
    "doi:10.1021/ac60259a007",
    NULL
};
static const char *const see_also[] = { "fit-global", "band-profile", "thickness", "coordinate",
                                        NULL };

const as_op as_op_fit_levels = {
    .name = "fit-levels",
    .group = "depth",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(as_fit_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = as_fit_needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary =
                 "fit bands of common shapes to all levels of a series, with limits of detection",
             .description =
                 "The model is written as for `fit`. Parameters in which it is linear, heights and "
                 "polynomial "
                 "backgrounds, have a value on each level; all others, positions and widths, have "
                 "one value for all. "
                 "Heights are free to be negative, so that an absent band has an area about zero "
                 "and its limit is "
                 "honest; a bounded height is refused. All levels need the same x (`resample`).\n\n"
                 "Every band of every level gets what `fit` gives, and Currie's limits: "
                 "*critical_level* (1.645 u "
                 "at area zero, with position and width known), *detection_limit*, *upper_limit* "
                 "(95 %) and "
                 "*verdict*: *present* above 3.09 u, *not_detected* below the critical level, else "
                 "*undecided*.\n\n"
                 "Without sigma all levels are taken to be equally noisy and the noise is the "
                 "scatter of the "
                 "residuals. Where neighbouring residuals are correlated, variances are multiplied "
                 "by (1 + r)/(1 - r), "
                 "so that a smoothed spectrum or a background that is not modelled does not pass "
                 "for a quiet one.\n\n"
                 "A band that is on no level has no position: hold its shape (`center=1355! "
                 "fwhm=45!`) where its limit "
                 "is wanted. Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
