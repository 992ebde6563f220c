/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares, the rows: memory, residuals with their weights, costs of the losses, the normal
 * matrix and the QR factor.
 *
 * Losses other than squares are minimised by reweighting within the search: with the weight
 * rho'(z^2) on a row (robust), or the variance of the model (Poisson, Fisher scoring), J'J and J'r
 * are those of the loss, and the cost decides on each step.
 */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "ls_parts.h"

/* Blocks of rows and columns. */
static void lay_out(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    const as_ls_blocks *blocks = q->blocks;
    w->only[1] = q->n;
    w->n_blocks = blocks ? blocks->n : 1;
    w->n_own = blocks ? blocks->own : 0;
    w->n_common = q->m - w->n_blocks * w->n_own;
    w->width = w->n_own + w->n_common;
    w->first = blocks ? blocks->first : &w->only[0];
    w->count = blocks ? blocks->count : &w->only[1];
    for (size_t b = 0; b < w->n_blocks; b++) w->n_points += w->count[b];
    w->lanes = as_lanes(q->n);
    w->stride = w->lanes + (blocks ? 0 : as_lanes(w->n_restraints));
}

as_status ls_prepare(as_ctx *ctx, const as_ls_problem *problem, const double *p0, ls_work *w)
{
    const size_t m = problem->m;
    as_arena *s = as_scratch(ctx);
    memset(w, 0, sizeof *w);
    w->problem = problem;
    w->unit_variance = problem->loss == AS_LOSS_POISSON;
    w->frozen = AS_NEW_N(s, bool, 2 * m + 1);
    w->active = AS_NEW_N(s, size_t, m + 1);
    if (!w->frozen || !w->active) return AS_ERR;
    w->pressed = w->frozen + m;
    for (size_t k = 0; k < m; k++) {
        w->frozen[k] = (problem->fixed && problem->fixed[k]) ||
                       (problem->lo && problem->hi && problem->lo[k] == problem->hi[k]);
        w->n_free += !w->frozen[k];
        w->n_restraints += !w->frozen[k] && problem->restraint && !isnan(problem->restraint[k]);
    }
    lay_out(w);
    w->points = w->n_points + w->n_restraints;

    double **const rows[] = { &w->f,      &w->f_trial,   &w->r,     &w->r_trial,
                              &w->weight, &w->reflector, &w->column };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!(*rows[i] = AS_NEW_N(s, double, w->stride + m + AS_LANE))) return AS_ERR;
    double **const columns[] = { &w->start, &w->p,     &w->trial,   &w->gradient, &w->norm, &w->diagonal,
                                 &w->qr,    &w->trust, &w->damping, &w->step, &w->whole };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (!(*columns[i] = AS_NEW_N(s, double, m + 1))) return AS_ERR;
    double **const squares[] = { &w->H, &w->R, &w->G, &w->square };
    for (size_t i = 0; i < sizeof squares / sizeof *squares; i++)
        if (!(*squares[i] = AS_NEW_N(s, double, problem->blocks ? 1 : m * (m + 2) + 1))) return AS_ERR;
    double **const tall[] = { &w->J, &w->J_trial };
    for (size_t i = 0; i < sizeof tall / sizeof *tall; i++)
        if (!(*tall[i] = AS_NEW_N(s, double, w->stride * (w->width + 1)))) return AS_ERR;

    for (size_t b = 0; b < w->n_blocks; b++)
        for (size_t i = w->first[b]; i < w->first[b] + w->count[b]; i++)
            w->weight[i] = problem->sigma ? 1 / problem->sigma[i] : 1;
    memcpy(w->start, p0, m * sizeof *p0);
    return problem->blocks ? ls_blocks_prepare(ctx, w) : AS_OK;
}

void ls_restart(ls_work *w, const double *p0)
{
    const as_ls_problem *q = w->problem;
    for (size_t k = 0; k < q->m; k++) {
        w->p[k] = p0[k];
        if (w->frozen[k]) continue;
        if (q->lo) w->p[k] = fmax(w->p[k], q->lo[k]);
        if (q->hi) w->p[k] = fmin(w->p[k], q->hi[k]);
    }
    memset(w->trust, 0, q->m * sizeof *w->trust);
}

/* rho(z^2) and its derivative, z in units of the scale; c^2 rho is the cost of a row. */
static double rho(as_loss loss, double s, double *slope)
{
    switch (loss) {
    case AS_LOSS_SOFT_L1: *slope = 1 / sqrt(1 + s); return 2 * (sqrt(1 + s) - 1);
    case AS_LOSS_HUBER: *slope = s <= 1 ? 1 : 1 / sqrt(s); return s <= 1 ? s : 2 * sqrt(s) - 1;
    case AS_LOSS_CAUCHY: *slope = 1 / (1 + s); return log1p(s);
    case AS_LOSS_SQUARES:
    case AS_LOSS_POISSON: break;
    }
    *slope = 1;
    return s;
}

static double scale_of(const as_ls_problem *q)
{
    if (q->loss_scale > 0) return q->loss_scale;
    return q->loss == AS_LOSS_HUBER ? 1.345 : q->loss == AS_LOSS_CAUCHY ? 2.385 : 1;
}

/* Weights of this evaluation in `weight_now`, residuals weighted by them in r_trial; the cost. */
static double robust_rows(ls_work *w, double *weight_now)
{
    const as_ls_problem *q = w->problem;
    const double c = scale_of(q);
    double cost = 0;
    for (size_t b = 0; b < w->n_blocks; b++)
        for (size_t i = w->first[b]; i < w->first[b] + w->count[b]; i++) {
            const double r = w->weight[i] * (q->y[i] - w->f_trial[i]), z = r / c;
            double slope;
            cost += c * c * rho(q->loss, z * z, &slope);
            weight_now[i] = w->weight[i] * sqrt(slope);
            w->r_trial[i] = r * sqrt(slope);
        }
    return cost;
}

/* 2 [f - y + y ln(y/f)] in counts; variance of the model. Infinite where f <= 0 < y. */
static double poisson_rows(ls_work *w, double *weight_now)
{
    const as_ls_problem *q = w->problem;
    const double k = q->poisson_scale > 0 ? q->poisson_scale : 1;
    double cost = 0;
    for (size_t b = 0; b < w->n_blocks; b++)
        for (size_t i = w->first[b]; i < w->first[b] + w->count[b]; i++) {
            const double y = q->y[i] / k, f = w->f_trial[i] / k;
            if (!(f > 0) && (y > 0 || f < 0 || isnan(f))) return INFINITY;
            const double floor = fmax(f, 1e-12);
            cost += 2 * (f - y + (y > 0 ? y * log(y / f) : 0));
            weight_now[i] = 1 / (k * sqrt(floor));
            w->r_trial[i] = (y - f) / sqrt(floor);
        }
    return cost;
}

/* r = weight (y - f) and its sum of squares. */
AS_WIDEST
static double square_rows(size_t lanes, size_t n, const double *weight, const double *y,
                          const double *f, double *r)
{
    for (size_t i = 0; i < n; i++) r[i] = weight[i] * (y[i] - f[i]);
    return as_dot(lanes, r, r);
}

AS_WIDEST
static void weigh(size_t n, const double *weight, double *column)
{
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 a, b;
        as_load8(weight + i, &a);
        as_load8(column + i, &b);
        b = a * b;
        as_store8(column + i, &b);
    }
}

/* A row for each, behind the points of the block whose own the parameter is; of common ones in the last. */
static void restraint_rows(ls_work *w, const double *p, bool jacobian)
{
    const as_ls_problem *q = w->problem;
    const size_t own = w->n_blocks * w->n_own;
    size_t row = 0, block = w->n_blocks;
    for (size_t k = 0; w->n_restraints && k < q->m; k++) {
        if (w->frozen[k] || isnan(q->restraint[k])) continue;
        const size_t b = k < own ? k / w->n_own : w->n_blocks - 1;
        const size_t column = k < own ? k % w->n_own : w->n_own + k - own;
        if (b != block) row = w->first[b] + as_lanes(w->count[b]);
        block = b;
        w->r_trial[row] = (q->restraint[k] - p[k]) / q->restraint_u[k];
        w->cost_trial += w->r_trial[row] * w->r_trial[row];
        if (jacobian) w->J_trial[column * w->stride + row] = 1 / q->restraint_u[k];
        row++;
    }
}

void ls_clear(const ls_work *w, double *column)
{
    for (size_t b = 0; b < w->n_blocks; b++) {
        const size_t from = w->first[b] + w->count[b];
        const size_t to = b + 1 < w->n_blocks ? w->first[b + 1] : w->stride;
        memset(column + from, 0, (to - from) * sizeof *column);
    }
}

void ls_evaluate(ls_work *w, const double *p, bool jacobian)
{
    const as_ls_problem *q = w->problem;
    double *weight = w->weight;
    w->n_evaluations++;
    q->model(q->user, p, w->f_trial, jacobian ? w->J_trial : NULL, w->stride);
    ls_clear(w, w->f_trial);
    ls_clear(w, w->r_trial);
    if (q->loss == AS_LOSS_SQUARES)
        w->cost_trial = square_rows(w->lanes, q->n, weight, q->y, w->f_trial, w->r_trial);
    else {
        weight = w->reflector; /* free between factorisations */
        memset(weight, 0, w->stride * sizeof *weight);
        w->cost_trial =
            q->loss == AS_LOSS_POISSON ? poisson_rows(w, weight) : robust_rows(w, weight);
    }
    if (!isfinite(w->cost_trial)) w->cost_trial = INFINITY;
    if (jacobian)
        for (size_t k = 0; k < w->width; k++) {
            double *column = w->J_trial + k * w->stride;
            ls_clear(w, column);
            if (q->sigma || q->loss != AS_LOSS_SQUARES) weigh(w->lanes, weight, column);
        }
    restraint_rows(w, p, jacobian);
}

/* Sum of (weight f)^2. */
AS_WIDEST
static double size_of(size_t lanes, const double *weight, const double *f)
{
    as_v8 sum = { 0 };
    for (size_t i = 0; i < lanes; i += AS_LANE) {
        as_v8 a, b;
        as_load8(weight + i, &a);
        as_load8(f + i, &b);
        a = a * b;
        sum = sum + a * a;
    }
    return as_v8_sum(sum);
}

void ls_normal(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    const size_t m = q->m;
    if (w->blocks)
        ls_blocks_normal(w);
    else {
        if (!w->keep_normal) as_gram(w->stride, m, w->J, w->stride, w->H);
        as_dots(w->stride, m, w->J, w->stride, w->r, w->gradient);
        for (size_t k = 0; k < m; k++) w->diagonal[k] = w->H[k * (m + 1)];
    }
    /* rounding of the model leaves residuals of some 1e-16 of its size */
    const double size = q->loss == AS_LOSS_SQUARES ? size_of(w->lanes, w->weight, w->f) : 0;
    w->floor = size * 0x1p-104;
}

void ls_normal_of_active(ls_work *w)
{
    const size_t m = w->problem->m, a = w->n_active, stride = w->stride;
    double *H = w->square, *gradient = w->column, *tall = w->J_trial;
    for (size_t i = 0; i < a; i++)
        memcpy(tall + i * stride, w->J + w->active[i] * stride, stride * sizeof *H);
    as_gram(stride, a, tall, stride, H);
    as_dots(stride, a, tall, stride, w->r, gradient);
    for (size_t i = 0; i < a; i++) {
        w->gradient[w->active[i]] = gradient[i];
        for (size_t k = 0; k < a; k++) w->H[w->active[k] * m + w->active[i]] = H[k * a + i];
    }
}

bool ls_factor_normal(ls_work *w, double least)
{
    const size_t m = w->problem->m, a = w->n_active;
    for (size_t i = 0; i < a; i++) {
        const double d = w->H[w->active[i] * (m + 1)];
        w->norm[i] = d > 0 ? sqrt(d) : 1;
    }
    for (size_t i = 0; i < a; i++)
        for (size_t k = i; k < a; k++) /* a Cholesky factor reads this half */
            w->R[k * a + i] = w->H[w->active[k] * m + w->active[i]] / (w->norm[i] * w->norm[k]);
    memcpy(w->G, w->R, a * a * sizeof *w->G);
    w->by_qr = !as_cholesky(a, w->R, least);
    return !w->by_qr;
}

void ls_factor_qr(ls_work *w, const double *J, const double *r)
{
    const size_t a = w->n_active, stride = w->stride;
    double *tall = w->J_trial;
    for (size_t i = 0; i < a; i++) /* J may be J_trial */
        memmove(tall + i * stride, J + w->active[i] * stride, stride * sizeof *J);
    memcpy(tall + a * stride, r, stride * sizeof *r);
    as_qr(stride, a + 1, tall, stride, w->reflector);
    for (size_t k = 0; k < a; k++) { /* a column of R has the norm of that of J */
        const double *from = tall + k * stride;
        double norm = 0;
        for (size_t i = 0; i <= k; i++) norm = hypot(norm, from[i]);
        w->norm[k] = norm > 0 ? norm : 1;
        for (size_t i = 0; i < a; i++) w->R[k * a + i] = from[i] / w->norm[k];
    }
    memcpy(w->qr, tall + a * stride, a * sizeof *w->qr);
    for (size_t k = 0; k < a; k++) /* a dependent column must not divide by zero; the condition tells */
        if (w->R[k * (a + 1)] == 0) {
            w->R[k * (a + 1)] = 0x1p-1000;
            w->qr[k] = 0;
        }
    w->by_qr = true;
}
