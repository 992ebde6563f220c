/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nonlinear least squares: see least_squares.h. The search is here; weights and costs of the
 * losses are in ls_rows.c, the judgement of the end and the covariance in ls_finish.c.
 */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "ls_parts.h"

/* Columns free to move: not fixed, not pressed against a bound by the gradient, and not without any
 * influence (the shape of a peak of height 0, which has none in this step; ls_finish judges the end). */
static void choose_active(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    const size_t m = q->m;
    w->n_active = w->n_dead = 0;
    for (size_t k = 0; k < m; k++) {
        w->pressed[k] = false;
        if (w->frozen[k]) continue;
        if (!(w->diagonal[k] > 0)) {
            if (w->n_dead++ == 0) w->dead = k;
            continue;
        }
        w->pressed[k] = (q->lo && w->p[k] <= q->lo[k] && w->gradient[k] < 0) ||
                        (q->hi && w->p[k] >= q->hi[k] && w->gradient[k] > 0);
        if (!w->pressed[k]) w->active[w->n_active++] = k;
    }
}

/* The triangle of the active columns, scaled to unit norm, and Q'r in w->qr. Cholesky while it
 * is safe: a pivot above 1e-6 bounds the loss to half of the digits, and steps need no more. */
static void factor_active(ls_work *w)
{
    const size_t a = w->n_active;
    if (w->blocks) {
        ls_blocks_factor(w, w->J, w->r);
        return;
    }
    if (!ls_factor_normal(w, 1e-6)) {
        ls_factor_qr(w, w->J, w->r);
        return;
    }
    for (size_t i = 0; i < a; i++) w->qr[i] = w->gradient[w->active[i]] / w->norm[i];
    as_forward(a, w->R, w->qr);
}

/* The step of the damped problem, in units of the parameters, clipped to the box, in w->step. */
static void damped_step(ls_work *w, double lambda)
{
    const size_t a = w->n_active, m = w->problem->m;
    double *d = w->column;
    memset(w->step, 0, m * sizeof *w->step);
    if (w->blocks) {
        ls_blocks_step(w, lambda);
        return;
    }
    if (w->by_qr || lambda == 0) {
        memcpy(d, w->qr, a * sizeof *d);
        for (size_t i = 0; i < a; i++)
            w->damping[i] = sqrt(lambda) * w->trust[w->active[i]] / w->norm[i];
        if (lambda > 0)
            as_damped(a, w->R, w->damping, d, w->square);
        else
            as_back(a, w->R, d);
    } else {
        memcpy(w->square, w->G, a * a * sizeof *w->square);
        for (size_t i = 0; i < a; i++) {
            const double t = w->trust[w->active[i]] / w->norm[i];
            w->square[i * (a + 1)] += lambda * t * t;
            d[i] = w->gradient[w->active[i]] / w->norm[i];
        }
        if (!as_cholesky(a, w->square, 0)) return;
        as_forward(a, w->square, d);
        as_back(a, w->square, d);
    }
    for (size_t i = 0; i < a; i++) {
        const size_t k = w->active[i];
        w->step[k] = d[i] / w->norm[i];
    }
}

/* The reduction of the cost that the linear model promises for `step`: 2 g's - |R s|^2. */
static double promise_of(ls_work *w)
{
    const size_t a = w->n_active;
    double promise = 0;
    for (size_t i = 0; i < a; i++) {
        const size_t k = w->active[i];
        promise += 2 * w->gradient[k] * w->step[k];
        w->column[i] = w->step[k] * w->norm[i];
    }
    if (w->blocks) return promise - ls_blocks_square(w);
    for (size_t i = 0; i < a; i++) {
        double s = 0;
        for (size_t k = i; k < a; k++) s += w->R[k * a + i] * w->column[k];
        promise -= s * s;
    }
    return promise;
}

static double into_box(const as_ls_problem *q, size_t k, double v)
{
    if (q->lo) v = fmax(v, q->lo[k]);
    if (q->hi) v = fmin(v, q->hi[k]);
    return v;
}

/* trial = p + step inside the box; step becomes what is really taken. Each parameter stops at its
 * own bound; where that spoils the promise, the whole step is shortened to the first bound. */
static double clip(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    double shorter = 1;
    memcpy(w->trial, w->p, q->m * sizeof *w->trial);
    for (size_t i = 0; i < w->n_active; i++) {
        const size_t k = w->active[i];
        const double s = w->step[k];
        w->trial[k] = into_box(q, k, w->p[k] + s);
        if (w->trial[k] != w->p[k] + s) shorter = fmin(shorter, (w->trial[k] - w->p[k]) / s);
        w->whole[k] = s;
        w->step[k] = w->trial[k] - w->p[k];
    }
    const double promise = promise_of(w);
    if (promise > 0 || shorter == 1) return promise;
    for (size_t i = 0; i < w->n_active; i++) {
        const size_t k = w->active[i];
        w->step[k] = shorter * w->whole[k];
        w->trial[k] = into_box(q, k, w->p[k] + w->step[k]);
    }
    return promise_of(w);
}

/* Parameters at a bound that the step would push through leave the problem for this step. */
static bool drop_blocked(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    size_t left = 0;
    for (size_t i = 0; i < w->n_active; i++) {
        const size_t k = w->active[i];
        const bool blocked = (q->lo && w->p[k] <= q->lo[k] && w->step[k] < 0) ||
                             (q->hi && w->p[k] >= q->hi[k] && w->step[k] > 0);
        if (!blocked) w->active[left++] = k;
    }
    const bool any = left < w->n_active;
    w->n_active = left;
    if (any && left > 0) factor_active(w);
    return any && left > 0;
}

static void swap(double **a, double **b)
{
    double *t = *a;
    *a = *b;
    *b = t;
}

static void exchange(ls_work *w)
{
    const double cost = w->cost;
    swap(&w->p, &w->trial);
    swap(&w->f, &w->f_trial);
    swap(&w->r, &w->r_trial);
    swap(&w->J, &w->J_trial);
    w->cost = w->cost_trial;
    w->cost_trial = cost;
}

/* Normal equations of the point; false where its Jacobian is not finite: the edge of the domain. */
static bool normal(ls_work *w)
{
    double sum = 0;
    ls_normal(w);
    for (size_t k = 0; k < w->problem->m; k++)
        sum += 0 * w->gradient[k] + 0 * w->diagonal[k];
    return sum == 0;
}

/* The trial becomes the point, unless its Jacobian is not finite. */
static bool accept(ls_work *w)
{
    exchange(w);
    if (normal(w)) return true;
    exchange(w);
    ls_normal(w);
    return false;
}

/* More's scaling: the largest norm that each column has had. */
static void update_trust(ls_work *w)
{
    const size_t m = w->problem->m;
    for (size_t k = 0; k < m; k++) {
        const double norm = sqrt(w->diagonal[k]);
        if (w->strategy == 1) /* Levenberg: relative to the start */
            w->trust[k] = 1 / fmax(fabs(w->start[k]), 1e-8);
        else if (norm > w->trust[k])
            w->trust[k] = norm;
        if (!(w->trust[k] > 0)) w->trust[k] = 1;
    }
}

/* Parameters in which the model is linear: their best values for the others' start, in one
 * step. A bound in the way leaves the clipped step if it helps. */
static bool solve_linear(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    w->n_active = 0;
    for (size_t k = 0; q->linear && k < q->m; k++)
        if (q->linear[k] && !w->frozen[k]) w->active[w->n_active++] = k;
    if (w->n_active == 0) return false;
    ls_normal_of_active(w);
    size_t alive = 0;
    for (size_t i = 0; i < w->n_active; i++)
        if (w->H[w->active[i] * (q->m + 1)] > 0) w->active[alive++] = w->active[i];
    w->n_active = alive;
    if (alive == 0) return false;
    factor_active(w);
    damped_step(w, 0);
    clip(w);
    ls_evaluate(w, w->trial, true);
    for (size_t i = 0; i < w->n_active; i++) /* a sign that turns: the others are too far off */
        if (w->trial[w->active[i]] * w->p[w->active[i]] < 0) return false;
    return w->cost_trial < w->cost && accept(w);
}

/* rms over the active parameters of the Gauss-Newton step in standard uncertainties. */
static double relative_offset(const ls_work *w)
{
    double s = 0;
    for (size_t i = 0; i < w->n_active; i++) s += w->qr[i] * w->qr[i];
    if (w->n_active == 0 || s <= w->floor) return 0;
    const double dof = fmax(1, (double)(w->points - w->n_active));
    const double variance = w->unit_variance ? 1 : w->cost / dof;
    return sqrt(s / (double)w->n_active / variance);
}

/* Steps shrink by a constant ratio near the end (small where the residuals are), so what is
 * left after the next one is offset ratio / (1 - ratio): below 1e-8 standard uncertainties? */
static bool near_enough(double offset, double before)
{
    const double ratio = before > 0 ? offset / before : 1;
    return offset == 0 || (offset <= 1e-5 && ratio < 1 && offset * ratio <= 1e-8 * (1 - ratio));
}

/* One accepted step. False: no step of any length helps. */
static bool advance(ls_work *w, double *lambda)
{
    double grow = 2;
    bool first = true;
    for (int tries = 0; tries < 60; tries++) {
        do
            damped_step(w, *lambda);
        while (drop_blocked(w));
        const double promise = clip(w);
        /* near the minimum the change drowns in the rounding of the cost */
        const bool small = fabs(promise) < 1e-13 * w->cost;
        if (promise > 0 || small) ls_evaluate(w, w->trial, first);
        const double gain = promise > 0 ? (w->cost - w->cost_trial) / promise : -1;
        const bool level = small && fabs(w->cost - w->cost_trial) < 1e-13 * w->cost;
        if (gain > 1e-4 || level) {
            if (!first) ls_evaluate(w, w->trial, true);
            const bool taken = accept(w);
            /* a level step tells nothing about the damping, which may be what makes a large residual converge */
            if (taken && gain > 0.75 && !level)
                *lambda = *lambda < 1e-12 ? 0 : *lambda * 0.1;
            else if (gain < 0.25 && !level)
                *lambda = fmax(2 * *lambda, 1e-6);
            if (taken) return true;
        }
        first = false;
        *lambda = fmax(*lambda * grow, 1e-6);
        grow *= 2;
        if (*lambda > 1e30) return false;
    }
    return false;
}

static as_ls_state search(as_ctx *ctx, ls_work *w)
{
    const int most = w->problem->iterations > 0 ? w->problem->iterations : 500;
    double lambda = 1e-3;
    w->offset = INFINITY;
    w->keep_normal = false;
    ls_evaluate(w, w->p, true);
    if (!isfinite(w->cost_trial)) return AS_LS_DOMAIN;
    memcpy(w->trial, w->p, w->problem->m * sizeof *w->p);
    exchange(w);
    if (!solve_linear(w) && !normal(w)) return AS_LS_DOMAIN;
    for (w->n_iterations = 0; w->n_iterations < most; w->n_iterations++) {
        as_work_step(ctx, (size_t)w->n_iterations);
        choose_active(w);
        factor_active(w);
        update_trust(w);
        const double before = w->offset;
        w->offset = relative_offset(w);
        if (near_enough(w->offset, before) || w->offset < w->problem->enough) return AS_LS_CONVERGED;
        w->keep_normal = !w->by_qr && w->offset <= 1e-2 && w->offset < 0.2 * before;
        if (!advance(w, &lambda)) return w->offset <= 1e-4 ? AS_LS_CONVERGED : AS_LS_STALLED;
    }
    return AS_LS_ITERATIONS;
}

/* The last Gauss-Newton step, below a millionth of the uncertainty: it gives the last digits. Only the
 * Jacobian is needed after it, not the normal matrix. */
static void polish(ls_work *w)
{
    if (w->offset == 0) return;
    damped_step(w, 0);
    clip(w);
    ls_evaluate(w, w->trial, true);
    if (!(w->cost_trial <= w->cost * (1 + 1e-13))) return;
    double sum = 0;
    as_dots(w->stride, w->width, w->J_trial, w->stride, w->r_trial, w->gradient);
    for (size_t k = 0; k < w->width; k++) sum += 0 * w->gradient[k];
    if (sum == 0) exchange(w);
}

as_status as_least_squares(as_ctx *ctx, as_arena *a, const as_ls_problem *problem, const double *p0,
                           as_ls_result *out)
{
    ls_work w;
    memset(out, 0, sizeof *out);
    AS_TRY(ls_prepare(ctx, problem, p0, &w));
    AS_TRY(ls_result_new(ctx, a, problem, out));
    as_work_begin(ctx, "iterations", 0);
    if (w.points < w.n_free)
        out->state = AS_LS_FEW;
    else
        for (w.strategy = 0; w.strategy < 2; w.strategy++) {
            ls_restart(&w, p0);
            out->state = search(ctx, &w);
            if (out->state == AS_LS_CONVERGED || out->state == AS_LS_DOMAIN) break;
        }
    if (out->state == AS_LS_CONVERGED) polish(&w);
    ls_finish(&w, out);
    as_work_end(ctx);
    if (out->state == AS_LS_CONVERGED) return AS_OK;
    return ls_fail(ctx, &w, out);
}
