/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals that need no linear model: by the profile of the likelihood, and by the bootstrap.
 *
 * Profile (Bates & Watts 1988, Nonlinear Regression Analysis, ch. 6; Venzon & Moolgavkar 1988,
 * doi:10.2307/2347496): parameter k is held at a value and all others are fitted again. The interval
 * ends where the cost has risen by chi2(1) = z^2 where sigma is known, or by t^2 cost/dof, which is
 * the F test with 1 and dof degrees of freedom, where it is not.
 *
 * Bootstrap (Efron & Tibshirani 1993, ch. 9 and 13): percentiles of fits to drawn data: f + sigma N
 * where sigma is known, Poisson counts of mean f, else f + residuals drawn with replacement and
 * widened by sqrt(n/dof). Restrained values are drawn too.
 */
#include <math.h>
#include <string.h>

#include "fit_extra.h"
#include "random.h"
#include "sorted.h"

#define LEVEL 0.95

typedef struct profile {
    as_ctx *ctx;
    as_ls_problem q;
    const as_ls_result *best;
    size_t k;
    bool *fixed;
    double *start;
    double rise;     /* of the cost at the ends */
    double lowest;   /* cost seen */
} profile;

/* sqrt of the rise of the cost over the wanted one, with parameter k held at v; NaN: no fit. */
static double height_at(profile *p, double v)
{
    const as_ls_result *b = p->best;
    const size_t m = p->q.m;
    const double step = (v - b->p[p->k]) / b->covariance[p->k * (m + 1)];
    for (size_t i = 0; i < m; i++) { /* where a linear model would be */
        const double at = b->at_bound[i] ? b->p[i] : b->p[i] + step * b->covariance[i * m + p->k];
        p->start[i] = fmin(p->q.hi ? p->q.hi[i] : INFINITY, fmax(p->q.lo ? p->q.lo[i] : -INFINITY, at));
    }
    p->start[p->k] = v;
    as_ls_result r;
    const as_frame frame = as_enter(p->ctx);
    const bool good = as_least_squares(p->ctx, as_scratch(p->ctx), &p->q, p->start, &r) == AS_OK;
    if (!good) as_forget_error(p->ctx);
    const double cost = good ? r.cost : NAN;
    as_leave(p->ctx, frame);
    if (cost < p->lowest) p->lowest = cost;
    return sqrt(fmax(0, cost - b->cost) / p->rise) + 0 * cost;
}

/* The end in direction +1 or -1. *bound: the bound comes first. NaN: none found. */
static double end_of(profile *p, double sign, double quantile, bool *bound)
{
    const double center = p->best->p[p->k], u = p->best->u[p->k];
    const double *wall = sign > 0 ? p->q.hi : p->q.lo;
    const double room = wall ? fabs(wall[p->k] - center) / u : INFINITY;
    double lo = 0, hi = INFINITY, at_lo = 0, at_hi = 0, s = fmin(quantile, room);
    *bound = false;
    for (int i = 0; i < 80; i++) {
        const double h = height_at(p, center + sign * s * u);
        if (isnan(h)) {
            if (lo == s || s - lo < 1e-3) return NAN;
            hi = s; /* no fit that far: nearer */
            at_hi = INFINITY;
            s = 0.5 * (lo + s);
            continue;
        }
        if (fabs(h - 1) < 1e-9) return center + sign * s * u;
        if (h < 1) {
            if (s >= room) {
                *bound = true;
                return wall[p->k];
            }
            lo = s;
            at_lo = h;
        } else {
            hi = s;
            at_hi = h;
        }
        if (isfinite(hi) && hi - lo <= 1e-12 * hi)
            return isinf(at_hi) ? NAN : center + sign * s * u;
        if (isinf(hi))
            s = fmin(room, s * fmin(3, fmax(1.01, 1 / fmax(h, 0.3))));
        else if (isinf(at_hi) || i % 4 == 3)
            s = 0.5 * (lo + hi);
        else
            s = lo + (hi - lo) * (1 - at_lo) / (at_hi - at_lo);
    }
    return NAN;
}

static as_status add_ends(as_ctx *ctx, as_table *t, const char *item, const char *unit,
                          const double end[2], const char *const flag[2], const char *method)
{
    static const char *const names[] = { "lower", "upper" };
    as_result r = { .item = item, .u = NAN, .method = method };
    AS_TRY(as_fit_unit(ctx, t, unit, &r.unit));
    for (int i = 0; i < 2; i++) {
        r.quantity = names[i];
        r.value = end[i];
        r.flag = flag[i];
        AS_TRY(as_add_result(ctx, t, &r));
    }
    return AS_OK;
}

static as_status profiles(as_ctx *ctx, as_table *t, as_fit_job *job)
{
    const size_t m = job->m.n_columns;
    const bool known = !job->r.scaled;
    const double quantile = as_fit_quantile(LEVEL, known ? 0 : (double)job->r.dof);
    profile p = { .ctx = ctx, .q = job->q, .best = &job->r, .lowest = job->r.cost };
    p.rise = quantile * quantile * (known ? 1 : job->r.reduced);
    p.fixed = AS_NEW_N(as_scratch(ctx), bool, m + 1);
    p.start = AS_NEW_N(as_scratch(ctx), double, m + 1);
    if (!p.fixed || !p.start) return AS_ERR;
    p.q.fixed = p.fixed;
    const char *method = known ? "profile likelihood, 95 %, chi2 with 1 degree of freedom"
                               : "profile likelihood, 95 %, F test with 1 degree of freedom";
    for (size_t k = 0; k < m; k++) {
        double end[2] = { NAN, NAN };
        const char *flag[2] = { "at_bound", "at_bound" };
        p.k = k;
        as_work_step(ctx, k);
        p.fixed[k] = true;
        for (int i = 0; i < 2 && job->r.u[k] > 0; i++) {
            bool bound;
            end[i] = end_of(&p, i ? 1 : -1, quantile, &bound);
            flag[i] = isnan(end[i]) ? "failed" : bound ? "at_bound" : "ok";
        }
        p.fixed[k] = false;
        AS_TRY(add_ends(ctx, t, as_fit_column_name(ctx, &job->m, k),
                        job->m.param[job->m.root[k]].unit, end, flag, method));
    }
    if (p.lowest < job->r.cost - 1e-6 * p.rise)
        as_warn(ctx, t, NULL, "the profile met a lower minimum than the fit: chi2 %.6g, fitted %.6g",
                p.lowest, job->r.cost);
    as_model_take(&job->m, &job->r);
    return AS_OK;
}

as_status as_fit_profile(as_run *run, as_table *t, as_fit_job *job)
{
    as_work_begin(run->ctx, "profiles", job->m.n_columns);
    const as_status status = profiles(run->ctx, t, job);
    as_work_end(run->ctx);
    return status;
}

typedef struct drawn { /* one quantity of the bootstrap */
    const char *item, *unit;
    size_t column, term;
    as_derived what;
    bool derived;
    double *value; /* one per fit that converged */
} drawn;

typedef struct bootstrap {
    as_ctx *ctx;
    as_fit_job *job;
    as_random random;
    as_ls_problem q;
    double *y, *restraint, *residual, *gradient;
    size_t n, n_drawn;
    drawn *drawn;
} bootstrap;

static as_status list_drawn(bootstrap *b, size_t rounds)
{
    static const struct {
        const char *name, *unit;
        as_derived what;
    } all[] = { { "position", "x", AS_OF_POSITION },
                { "height", "y", AS_OF_HEIGHT },
                { "area", "x*y", AS_OF_AREA },
                { "fwhm", "x", AS_OF_FWHM } };
    const as_model *m = &b->job->m;
    as_arena *s = as_scratch(b->ctx);
    b->drawn = AS_NEW_N(s, drawn, m->n_columns + 4 * m->n_terms + 1);
    if (!b->drawn) return AS_ERR;
    for (size_t k = 0; k < m->n_columns; k++)
        b->drawn[b->n_drawn++] = (drawn){ .item = as_fit_column_name(b->ctx, m, k),
                                          .unit = m->param[m->root[k]].unit,
                                          .column = k };
    for (size_t i = 0; i < m->n_terms; i++)
        for (size_t k = 0; k < 4 && m->term[i].shape && m->term[i].shape->kind == AS_SHAPE_PEAK; k++) {
            if (as_model_find(m, m->term[i].label, all[k].name) >= 0) continue;
            if (!isfinite(as_model_quantity(m, i, all[k].what, b->gradient))) continue;
            b->drawn[b->n_drawn++] =
                (drawn){ .item = as_format(s, "%s.%s", m->term[i].label, all[k].name),
                         .unit = all[k].unit,
                         .term = i,
                         .what = all[k].what,
                         .derived = true };
        }
    for (size_t k = 0; k < b->n_drawn; k++) {
        b->drawn[k].value = AS_NEW_N(s, double, rounds);
        if (!b->drawn[k].value || !b->drawn[k].item) return AS_ERR;
    }
    return AS_OK;
}

static as_status prepare(bootstrap *b, size_t rounds)
{
    const as_fit_job *job = b->job;
    const size_t n = job->p.n, m = job->m.n_columns;
    double *room = AS_NEW_N(as_scratch(b->ctx), double, 2 * n + 2 * m + 1);
    if (!room) return AS_ERR;
    b->q = job->q;
    b->y = room;
    b->residual = room + n;
    b->restraint = room + 2 * n;
    b->gradient = b->restraint + m;
    b->q.y = b->y;
    if (b->q.restraint) b->q.restraint = b->restraint;
    double mean = 0;
    for (size_t i = 0; i < n; i++) {
        b->residual[i] = (job->p.y[i] - job->r.f[i]) / (job->q.sigma ? job->q.sigma[i] : 1);
        mean += b->residual[i] / (double)n;
    }
    const double widen = sqrt((double)n / (double)(job->r.dof ? job->r.dof : 1));
    for (size_t i = 0; i < n; i++) b->residual[i] = widen * (b->residual[i] - mean);
    return list_drawn(b, rounds);
}

static void draw(bootstrap *b)
{
    const as_fit_job *job = b->job;
    const size_t n = job->p.n;
    const double *f = job->r.f, *sigma = job->q.sigma;
    const double count = job->q.poisson_scale > 0 ? job->q.poisson_scale : 1;
    for (size_t i = 0; i < n; i++) {
        if (job->q.loss == AS_LOSS_POISSON)
            b->y[i] = count * as_random_poisson(&b->random, fmax(0, f[i] / count));
        else if (!job->r.scaled)
            b->y[i] = f[i] + sigma[i] * as_random_normal(&b->random);
        else {
            const size_t k = (size_t)(as_random_uniform(&b->random) * (double)n);
            b->y[i] = f[i] + (sigma ? sigma[i] : 1) * b->residual[k < n ? k : n - 1];
        }
    }
    for (size_t k = 0; job->q.restraint && k < job->m.n_columns; k++)
        b->restraint[k] = isnan(job->q.restraint[k])
                              ? NAN
                              : job->q.restraint[k] +
                                    job->q.restraint_u[k] * as_random_normal(&b->random);
}

static void one_round(bootstrap *b)
{
    as_ls_result r;
    as_model *m = &b->job->m;
    const as_frame frame = as_enter(b->ctx);
    draw(b);
    if (as_least_squares(b->ctx, as_scratch(b->ctx), &b->q, b->job->r.p, &r) == AS_OK) {
        as_model_take(m, &r);
        for (size_t k = 0; k < b->n_drawn; k++) {
            drawn *d = &b->drawn[k];
            d->value[b->n] = d->derived ? as_model_quantity(m, d->term, d->what, b->gradient)
                                        : r.p[d->column];
        }
        b->n++;
    } else
        as_forget_error(b->ctx);
    as_leave(b->ctx, frame);
}

/* Between the order statistics, linear: the definition 7 of Hyndman & Fan 1996. */
static double percentile(size_t n, double *v, double p)
{
    const double at = p * (double)(n - 1), low = floor(at);
    const double a = as_select(n, v, (size_t)low);
    const double b = (size_t)low + 1 < n ? as_select(n, v, (size_t)low + 1) : a;
    return a + (at - low) * (b - a);
}

as_status as_fit_bootstrap(as_run *run, as_table *t, as_fit_job *job)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const size_t rounds = (size_t)set->resamples;
    bootstrap b = { .ctx = ctx, .job = job };
    if (job->r.dof == 0)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no degrees of freedom to draw from");
    AS_TRY(prepare(&b, rounds));
    as_random_seed(&b.random, (uint64_t)set->seed, t->number);
    as_work_begin(ctx, "resamples", rounds);
    for (size_t i = 0; i < rounds; i++) {
        as_work_step(ctx, i);
        one_round(&b);
    }
    as_work_end(ctx);
    as_model_take(&job->m, &job->r);
    if (b.n < rounds)
        as_warn(ctx, t, NULL, "%zu of %zu fits of the bootstrap failed", rounds - b.n, rounds);
    const bool good = 10 * b.n >= 9 * rounds;
    const char *kind = job->q.loss == AS_LOSS_POISSON ? "Poisson counts"
                       : job->r.scaled                ? "residuals"
                                                      : "normal noise of sigma";
    const char *method = as_format(t->arena, "bootstrap of %s, 95 %% percentiles, %zu draws, seed %d",
                                   kind, rounds, set->seed);
    if (!method) return AS_ERR;
    for (size_t k = 0; k < b.n_drawn; k++) {
        double end[2] = { NAN, NAN };
        const char *flag[2] = { good ? "ok" : "failed", good ? "ok" : "failed" };
        for (int i = 0; i < 2 && good; i++)
            end[i] = percentile(b.n, b.drawn[k].value, i ? 0.5 + 0.5 * LEVEL : 0.5 - 0.5 * LEVEL);
        AS_TRY(add_ends(ctx, t, b.drawn[k].item, b.drawn[k].unit, end, flag, method));
    }
    return AS_OK;
}
