/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One model to many curves: see levels.h. */
#include <math.h>
#include <string.h>

#include "angular.h"
#include "dense.h"
#include "lanes.h"
#include "levels.h"

typedef struct work {
    const as_levels_problem *q;
    as_levels_result *r;
    size_t nl, ns, stride;
    size_t *local, *shared;
    double *f, *J, *A;        /* one level; A has two columns more */
    double *s, *trial, *step; /* shared parameters */
    double *p;                /* m: of one level */
    as_angular all; /* the triangle of the shared parameters, all levels */
    double *R, *b, *E, *damped;
    size_t *active, n_active;
    double noise; /* standard deviation that makes restraints and data comparable; 1 with sigma */
} work;

static as_status allocate(as_ctx *ctx, as_arena *a, work *w)
{
    const as_levels_problem *q = w->q;
    as_levels_result *r = w->r;
    as_arena *s = as_scratch(ctx);
    const size_t m = q->m, ns = w->ns + 1, factor = w->nl * (w->nl + w->ns + 1);
    w->stride = as_lanes(q->n);
    const size_t triangle = as_lanes(2 * ns), wide = triangle > w->stride ? triangle : w->stride;
    w->f = AS_NEW_N(s, double, (m + 1) * w->stride + (m + 2) * wide);
    w->s = AS_NEW_N(s, double, 6 * ns + m + ns * ns + ns * (ns + 2));
    AS_TRY(as_angular_new(ctx, s, w->ns, &w->all));
    w->active = AS_NEW_N(s, size_t, ns);
    r->p = AS_NEW_N(a, double, q->n_levels *m + 1);
    r->f = AS_NEW_N(a, double, q->n_levels * w->stride + 1);
    r->chi2_of = AS_NEW_N(a, double, q->n_levels + 1);
    r->at_bound = AS_NEW_N(a, bool, m + 1);
    r->shared_covariance = AS_NEW_N(a, double, ns *ns);
    r->factor = AS_NEW_N(a, double, q->n_levels * factor + 1);
    if (!w->f || !w->s || !w->active || !r->p || !r->f || !r->chi2_of || !r->at_bound ||
        !r->shared_covariance || !r->factor)
        return AS_ERR;
    w->J = w->f + w->stride;
    w->A = w->J + m * w->stride;
    w->trial = w->s + ns;
    w->step = w->trial + ns;
    w->b = w->step + ns;
    w->E = w->b + ns;
    w->p = w->E + ns;
    w->R = w->p + m;
    w->damped = w->R + ns * ns;
    return AS_OK;
}

static double weight(const as_levels_problem *q, size_t level, size_t i)
{
    if (!isfinite(q->y[level][i])) return 0;
    const double s = q->sigma ? q->sigma[level][i] : 1;
    return s > 0 ? 1 / s : 0;
}

/* Columns `which` of the Jacobian and, behind them, y - f, weighted, into A. */
static void weighted(work *w, size_t level, size_t n_which, const size_t *which, size_t at)
{
    const as_levels_problem *q = w->q;
    double *rest = w->A + (at + n_which) * w->stride;
    memset(rest, 0, w->stride * sizeof *rest);
    for (size_t k = 0; k < n_which; k++)
        memset(w->A + (at + k) * w->stride, 0, w->stride * sizeof *rest);
    for (size_t i = 0; i < q->n; i++) {
        const double c = weight(q, level, i);
        if (c == 0) continue;
        for (size_t k = 0; k < n_which; k++)
            w->A[(at + k) * w->stride + i] = c * w->J[which[k] * w->stride + i];
        rest[i] = c * (q->y[level][i] - w->f[i]);
    }
}

/* The best linear parameters of a level for these shared ones, into p; the cost left. */
static double solve_level(work *w, size_t level, const double *shared, double *p)
{
    const size_t nl = w->nl;
    memset(p, 0, w->q->m * sizeof *p);
    for (size_t k = 0; k < w->ns; k++) p[w->shared[k]] = shared[k];
    w->q->model(w->q->user, p, w->f, w->J, w->stride);
    weighted(w, level, nl, w->local, 0);
    as_qr(w->q->n, nl + 1, w->A, w->stride, w->A + (nl + 1) * w->stride);
    const double *rest = w->A + nl * w->stride;
    for (size_t k = nl; k-- > 0;) {
        double b = rest[k];
        for (size_t j = k + 1; j < nl; j++) b -= w->A[j * w->stride + k] * p[w->local[j]];
        p[w->local[k]] = b / w->A[k * w->stride + k];
    }
    return rest[nl] * rest[nl];
}

/* After solve_level: the first linear parameter whose column depends on those before it; nl: none
 * does. */
static size_t dependent_local(const work *w)
{
    for (size_t k = 0; k < w->nl; k++) {
        const double *column = w->A + k * w->stride;
        double norm = 0;
        for (size_t i = 0; i <= k; i++) norm += column[i] * column[i];
        if (!(norm > 0) || !(fabs(column[k]) > 1e-10 * sqrt(norm))) return k;
    }
    return w->nl;
}

static double restraint_cost(const work *w, const double *shared)
{
    double sum = 0;
    for (size_t k = 0; k < w->ns; k++) {
        const size_t c = w->shared[k];
        if (!w->q->restraint || isnan(w->q->restraint[c])) continue;
        const double z = (w->q->restraint[c] - shared[k]) / w->q->restraint_u[c] * w->noise;
        sum += z * z;
    }
    return sum;
}

static double cost_of(work *w, const double *shared)
{
    double sum = restraint_cost(w, shared);
    for (size_t k = 0; k < w->q->n_levels; k++) {
        w->r->chi2_of[k] = solve_level(w, k, shared, w->p);
        sum += w->r->chi2_of[k];
    }
    return sum;
}

/* Triangle of the shared parameters and its right side, all levels; factors of the levels are kept.
 */
static void reduce(work *w)
{
    const size_t nl = w->nl, ns = w->ns, m = w->q->m;
    as_angular_begin(&w->all, ns);
    for (size_t l = 0; l < w->q->n_levels; l++) {
        double *p = w->r->p + l * m;
        w->r->chi2_of[l] = solve_level(w, l, w->s, p);
        w->q->model(w->q->user, p, w->f, w->J, w->stride);
        memcpy(w->r->f + l * w->stride, w->f, w->stride * sizeof *w->f);
        weighted(w, l, nl, w->local, 0); /* again: solve_level turned them into R */
        weighted(w, l, ns, w->shared, nl);
        as_angular_add(&w->all, w->q->n, nl, w->A, w->stride, w->r->factor + l * nl * (nl + ns + 1));
    }
    if (!w->q->restraint) return;
    for (size_t c = 0; c < ns; c++) {
        const size_t k = w->shared[c];
        if (isnan(w->q->restraint[k])) continue;
        *as_angular_row(&w->all, c, c) = w->noise / w->q->restraint_u[k];
        *as_angular_row(&w->all, c, ns) =
            (w->q->restraint[k] - w->s[c]) / w->q->restraint_u[k] * w->noise;
    }
    as_angular_rotate(&w->all);
}

/* Shared parameters that do not press against a bound; their triangle into R, right side into b. */
static void activate(work *w)
{
    const size_t ns = w->ns;
    w->n_active = 0;
    for (size_t k = 0; k < ns; k++) {
        const size_t c = w->shared[k];
        double down = 0; /* along the column: where the cost falls */
        for (size_t i = 0; i <= k; i++)
            down += as_angular_at(&w->all, i, k) * as_angular_at(&w->all, i, ns);
        const bool low = w->q->lo && w->s[k] <= w->q->lo[c] && down <= 0;
        const bool high = w->q->hi && w->s[k] >= w->q->hi[c] && down >= 0;
        w->r->at_bound[c] = low || high;
        if (!low && !high) w->active[w->n_active++] = k;
    }
    const size_t n = w->n_active, rows = as_lanes(ns + 1);
    double *A = w->A, *v = A + (n + 1) * rows;
    memset(A, 0, (n + 1) * rows * sizeof *A);
    for (size_t j = 0; j <= n; j++)
        for (size_t i = 0; i <= ns; i++)
            A[j * rows + i] = as_angular_at(&w->all, i, j < n ? w->active[j] : ns);
    as_qr(ns + 1, n + 1, A, rows, v);
    for (size_t j = 0; j < n; j++) {
        w->b[j] = A[n * rows + j];
        for (size_t i = 0; i < n; i++) w->R[j * n + i] = i <= j ? A[j * rows + i] : 0;
    }
}

/* The active parameter whose column depends on the others; n_active: none does. */
static size_t dependent(const work *w)
{
    for (size_t k = 0; k < w->n_active; k++) {
        double norm = 0;
        for (size_t i = 0; i <= k; i++)
            norm += w->R[k * w->n_active + i] * w->R[k * w->n_active + i];
        const double own = fabs(w->R[k * w->n_active + k]);
        if (!(norm > 0) || !(own > 1e-9 * sqrt(norm))) return k;
    }
    return w->n_active;
}

/* One step that lowers the cost, tried with more and more damping. False: there is none. */
static bool improve(work *w, double *cost, double *lambda)
{
    const size_t n = w->n_active;
    for (int attempt = 0; attempt < 30; attempt++) {
        memcpy(w->step, w->b, n * sizeof *w->step);
        for (size_t k = 0; k < n; k++) {
            double norm = 0;
            for (size_t i = 0; i <= k; i++) norm += w->R[k * n + i] * w->R[k * n + i];
            w->E[k] = sqrt(*lambda * norm);
        }
        as_damped(n, w->R, w->E, w->step, w->damped);
        memcpy(w->trial, w->s, w->ns * sizeof *w->trial);
        for (size_t k = 0; k < n; k++) {
            const size_t at = w->active[k], c = w->shared[at];
            w->trial[at] += w->step[k];
            if (w->q->lo) w->trial[at] = fmax(w->q->lo[c], w->trial[at]);
            if (w->q->hi) w->trial[at] = fmin(w->q->hi[c], w->trial[at]);
        }
        const double now = cost_of(w, w->trial);
        if (now < *cost) {
            *cost = now;
            *lambda = *lambda > 1e-9 ? *lambda / 10 : 0;
            memcpy(w->s, w->trial, w->ns * sizeof *w->s);
            return true;
        }
        *lambda = *lambda > 0 ? *lambda * 8 : 1e-4;
    }
    return false;
}

static size_t points_that_count(const as_levels_problem *q)
{
    size_t n = 0;
    for (size_t l = 0; l < q->n_levels; l++)
        for (size_t i = 0; i < q->n; i++) n += weight(q, l, i) > 0;
    return n;
}

static as_status search(as_ctx *ctx, work *w, double *cost)
{
    as_levels_result *r = w->r;
    const int most = w->q->iterations > 0 ? w->q->iterations : 200;
    double lambda = 1e-3;
    for (r->iterations = 0; r->iterations < most; r->iterations++) {
        as_work_step(ctx, (size_t)r->iterations);
        reduce(w);
        activate(w);
        const size_t k = dependent(w);
        if (k < w->n_active) {
            r->culprit = w->shared[w->active[k]];
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the data do not determine a shared parameter");
        }
        double left = 0;
        for (size_t i = 0; i < w->n_active; i++) left += w->b[i] * w->b[i];
        const double one = w->q->absolute && w->q->sigma ? 1 : *cost / (double)r->dof;
        const double offset = sqrt(left / one / (double)(w->n_active ? w->n_active : 1));
        if (offset < 1e-7 || !(one > 0)) return AS_OK;
        if (!improve(w, cost, &lambda)) {
            if (offset < 1e-3) return AS_OK; /* at the level of rounding */
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "no step lowers chi2, yet its gradient is not zero");
        }
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL, "no convergence in %d steps", most);
}

/* Correlation of neighbouring errors, and what it does to sums over many points. A fit of a share q
 * of as many parameters as points takes the slow part of the errors, whose variance is (1 + c)/(1 -
 * c) times the mean: residuals have (c - q (1 + c)/(1 - c)) over (1 - q (1 + c)/(1 - c)), which is
 * solved for c. */
static void judge(work *w)
{
    as_levels_result *r = w->r;
    double square = 0, product = 0, n = 0;
    for (size_t l = 0; l < w->q->n_levels; l++) {
        const double *f = r->f + l * w->stride, *y = w->q->y[l];
        double before = NAN;
        for (size_t i = 0; i < w->q->n; i++) {
            const double c = weight(w->q, l, i), z = c > 0 ? c * (y[i] - f[i]) : NAN;
            if (!isnan(z)) square += z * z, n++;
            if (!isnan(z) && !isnan(before)) product += z * before;
            before = z;
        }
    }
    const double raw = square > 0 ? product / square : 0, lost = (double)r->n_free / n;
    double c = raw;
    for (int k = 0; k < 60; k++) { /* what the fit took away */
        const double taken = fmin(0.5, lost * (1 + c) / (1 - c));
        c = fmin(0.99, raw * (1 - taken) + taken);
    }
    const double gain = (1 + c) / (1 - c), taken = fmin(0.5, lost * gain);
    r->correlation = c;
    r->inflation = c > 2 / sqrt(n) ? gain * (1 - lost) / (1 - taken) : 1;
}

static as_status solve(as_ctx *ctx, work *w)
{
    as_levels_result *r = w->r;
    const bool restrained = w->q->restraint && !w->q->sigma;
    size_t n_restraints = 0;
    for (size_t k = 0; k < w->ns && w->q->restraint; k++)
        n_restraints += !isnan(w->q->restraint[w->shared[k]]);
    r->n_free = w->q->n_levels * w->nl + w->ns;
    const size_t points = points_that_count(w->q) + n_restraints;
    if (points <= r->n_free)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points for %zu parameters", points, r->n_free);
    r->dof = points - r->n_free;
    w->noise = 1;
    for (size_t l = 0; l < w->q->n_levels; l++) {
        (void)solve_level(w, l, w->s, w->p);
        const size_t k = dependent_local(w);
        if (k == w->nl) continue;
        r->culprit = w->local[k];
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "level %zu does not determine a parameter of its own", l + 1);
    }
    double cost = cost_of(w, w->s);
    if (!isfinite(cost))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the model is not finite, or not determined, at its start");
    for (int turn = 0; turn < (restrained ? 20 : 1); turn++) {
        if (restrained) { /* restraints are weighed by the scatter of the data */
            double chi2 = 0;
            for (size_t l = 0; l < w->q->n_levels; l++) chi2 += r->chi2_of[l];
            const double now = sqrt(chi2 / (double)(r->dof - n_restraints + w->ns));
            const bool settled = turn > 0 && fabs(now - w->noise) < 1e-9 * now;
            w->noise = now;
            cost = cost_of(w, w->s);
            if (settled) break;
        }
        AS_TRY(search(ctx, w, &cost));
    }
    r->cost = cost;
    for (size_t l = 0; l < w->q->n_levels; l++) r->chi2 += r->chi2_of[l];
    return AS_OK;
}

static as_status covariance(as_ctx *ctx, work *w)
{
    as_levels_result *r = w->r;
    const size_t n = w->n_active, ns = w->ns;
    double *inverse = AS_NEW_N(as_scratch(ctx), double, 2 * n * n + 1),
           *C = inverse ? inverse + n * n : NULL;
    if (!inverse) return AS_ERR;
    for (size_t k = 0; k < ns; k++)
        if (r->at_bound[w->shared[k]]) r->n_free--, r->dof++;
    r->reduced = r->cost / (double)r->dof;
    judge(w);
    const bool scaled = !(w->q->absolute && w->q->sigma);
    if (!w->q->correlated || !scaled) r->inflation = 1;
    r->variance = (scaled ? r->reduced : 1) * r->inflation;
    as_invert(n, w->R, inverse);
    as_outer(n, inverse, C);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            r->shared_covariance[w->active[i] * ns + w->active[k]] = r->variance * C[i * n + k];
    return AS_OK;
}

as_status as_fit_levels(as_ctx *ctx, as_arena *a, const as_levels_problem *q, as_levels_result *out)
{
    work w = { .q = q, .r = out };
    memset(out, 0, sizeof *out);
    out->m = out->culprit = q->m;
    w.local = AS_NEW_N(a, size_t, q->m + 1);
    w.shared = AS_NEW_N(a, size_t, q->m + 1);
    if (!w.local || !w.shared) return AS_ERR;
    for (size_t k = 0; k < q->m; k++)
        if (q->linear[k])
            w.local[w.nl++] = k;
        else
            w.shared[w.ns++] = k;
    out->n_local = w.nl;
    out->n_shared = w.ns;
    out->local = w.local;
    out->shared = w.shared;
    if (q->n_levels == 0 || q->n <= q->m)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu points on each level for %zu parameters, expected more", q->n, q->m);
    AS_TRY(allocate(ctx, a, &w));
    for (size_t k = 0; k < w.ns; k++) {
        const size_t c = w.shared[k];
        w.s[k] = q->start[c];
        if (q->lo) w.s[k] = fmax(q->lo[c], w.s[k]);
        if (q->hi) w.s[k] = fmin(q->hi[c], w.s[k]);
    }
    as_work_begin(ctx, "iterations", 0);
    const as_status status = solve(ctx, &w);
    as_work_end(ctx);
    return status == AS_OK ? covariance(ctx, &w) : AS_ERR;
}

void as_levels_covariance(const as_levels_result *r, size_t level, bool held, double *room,
                          double *cov)
{
    const size_t nl = r->n_local, ns = r->n_shared, m = r->m;
    double *own_first = room + m * m;
    as_angular_covariance(nl, ns, r->factor + level * nl * (nl + ns + 1),
                          held ? NULL : r->shared_covariance, r->variance, room, own_first);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++) {
            const size_t to = i < nl ? r->local[i] : r->shared[i - nl];
            cov[to * m + (k < nl ? r->local[k] : r->shared[k - nl])] = own_first[i * m + k];
        }
}
