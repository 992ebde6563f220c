/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares, the end: covariance from QR, statistics, the verdict and its message; several
 * starts; propagation of uncertainties.
 */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "ls_parts.h"

as_status ls_result_new(as_ctx *ctx, as_arena *a, const as_ls_problem *problem, as_ls_result *out)
{
    const size_t m = problem->m;
    (void)ctx;
    out->p = AS_NEW_N(a, double, 2 * m + 1);
    const as_ls_blocks *b = problem->blocks;
    const size_t width = b ? m - (b->n - 1) * b->own : m;
    out->covariance = AS_NEW_N(a, double, (b ? b->n : 1) * width * width + 1);
    out->at_bound = AS_NEW_N(a, bool, m + 1);
    out->f = AS_NEW_N(a, double, problem->n + 1);
    if (!out->p || !out->covariance || !out->at_bound || !out->f) return AS_ERR;
    out->u = out->p + m;
    return AS_OK;
}

/* Rows of a robust fit: the covariance of an M-estimate is (J'J)^-1 times
 * K^2 [sum psi^2/(n - m)] / [mean psi']^2 with K = 1 + m/n var(psi')/mean(psi')^2
 * (Huber 1981, Robust Statistics, 7.6.6), here relative to the reweighted J'J. */
static double robust_factor(const ls_work *w)
{
    const as_ls_problem *q = w->problem;
    const double n = (double)w->n_points, m = (double)w->n_active;
    const double c = q->loss_scale > 0 ? q->loss_scale
                                       : (q->loss == AS_LOSS_HUBER    ? 1.345
                                          : q->loss == AS_LOSS_CAUCHY ? 2.385
                                                                      : 1);
    double psi2 = 0, mean = 0, square = 0;
    for (size_t b = 0; b < w->n_blocks; b++)
        for (size_t i = w->first[b]; i < w->first[b] + w->count[b]; i++) {
            const double r = w->weight[i] * (q->y[i] - w->f[i]), z = r / c, s = z * z;
            double psi = r, slope = 1;
            if (q->loss == AS_LOSS_HUBER && s > 1) psi = z > 0 ? c : -c, slope = 0;
            if (q->loss == AS_LOSS_CAUCHY) psi = r / (1 + s), slope = (1 - s) / ((1 + s) * (1 + s));
            if (q->loss == AS_LOSS_SOFT_L1) psi = r / sqrt(1 + s), slope = pow(1 + s, -1.5);
            psi2 += psi * psi;
            mean += slope / n;
            square += slope * slope / n;
        }
    const double K = 1 + m / n * (square - mean * mean) / (mean * mean);
    return K * K * psi2 / fmax(1, n - m) / (mean * mean);
}

/* Which active column the others nearly make up: the largest entry of the inverse. */
static size_t worst_column(const ls_work *w)
{
    const size_t a = w->n_active;
    size_t worst = 0;
    double top = -1;
    for (size_t i = 0; i < a; i++) {
        double s = 0;
        for (size_t k = i; k < a; k++) s += w->G[k * a + i] * w->G[k * a + i];
        if (!(s <= top)) {
            top = s;
            worst = w->active[i];
        }
    }
    return worst;
}

/* The Jacobian with the weights of sigma alone, into J_trial. */
static void without_robust_weights(ls_work *w)
{
    const as_ls_problem *q = w->problem;
    q->model(q->user, w->p, w->f_trial, w->J_trial, w->stride);
    for (size_t k = 0; k < w->width; k++) {
        double *column = w->J_trial + k * w->stride;
        for (size_t b = 0; b < w->n_blocks; b++) {
            const size_t end = w->first[b] + w->count[b];
            const size_t next = b + 1 < w->n_blocks ? w->first[b + 1] : w->stride;
            for (size_t i = w->first[b]; i < end; i++) column[i] *= w->weight[i];
            for (size_t i = end; i < next; i++) column[i] = w->J[k * w->stride + i]; /* restraints */
        }
    }
}

/* The inverse of the triangle into G, and the condition of the scaled columns of J. J'J squares it: a
 * condition below 1000 leaves ten digits of the covariance, which a Cholesky factor then gives as well
 * as QR does, in a third of the time. */
static double invert(ls_work *w, const double *J)
{
    const size_t a = w->n_active;
    as_gram(w->stride, w->problem->m, J, w->stride, w->H);
    if (ls_factor_normal(w, 1e-6)) {
        as_invert(a, w->R, w->G);
        const double condition = as_condition(a, w->R, w->G);
        if (condition < 1e3) return condition;
    }
    ls_factor_qr(w, J, w->r);
    as_invert(a, w->R, w->G);
    return as_condition(a, w->R, w->G);
}

/* Along a direction without influence a search may go on for ever: that is why it did not end. */
static void judge(const ls_work *w, as_ls_result *out, size_t worst)
{
    const bool ended = out->state == AS_LS_CONVERGED || out->state == AS_LS_STALLED ||
                       out->state == AS_LS_ITERATIONS;
    if (!ended || (w->n_dead == 0 && out->condition < 1e13)) return;
    out->state = AS_LS_SINGULAR;
    out->culprit = w->n_dead ? w->dead : worst;
}

static void covariance(ls_work *w, as_ls_result *out)
{
    const as_ls_problem *q = w->problem;
    const size_t m = q->m, a = w->n_active;
    const bool robust = q->loss != AS_LOSS_SQUARES && q->loss != AS_LOSS_POISSON;
    double factor = out->scaled ? out->reduced : 1;
    if (robust) {
        factor = robust_factor(w);
        without_robust_weights(w);
    }
    const double *J = robust ? w->J_trial : w->J;
    if (w->blocks) {
        size_t worst;
        ls_blocks_factor(w, J, w->r);
        out->condition = ls_blocks_covariance(w, factor, out->covariance, &worst);
        judge(w, out, worst);
        return;
    }
    out->condition = invert(w, J);
    judge(w, out, worst_column(w));
    as_outer(a, w->G, w->square);
    for (size_t i = 0; i < a; i++)
        for (size_t k = 0; k < a; k++)
            out->covariance[w->active[i] * m + w->active[k]] =
                factor * w->square[i * a + k] / (w->norm[i] * w->norm[k]);
}

static double weight_of(const ls_work *w, size_t i)
{
    const as_ls_problem *q = w->problem;
    const double scale = q->poisson_scale > 0 ? q->poisson_scale : 1;
    return q->loss == AS_LOSS_POISSON ? 1 / (scale * fmax(w->f[i], 1e-12)) : w->weight[i] * w->weight[i];
}

static void statistics(const ls_work *w, as_ls_result *out)
{
    const as_ls_problem *q = w->problem;
    const double n = (double)w->points;
    double sum = 0, weight = 0, about = 0;
    for (size_t b = 0; b < w->n_blocks; b++)
        for (size_t i = w->first[b]; i < w->first[b] + w->count[b]; i++) {
            const double v = weight_of(w, i), d = q->y[i] - w->f[i];
            out->chi2 += v * d * d;
            sum += v * q->y[i];
            weight += v;
        }
    for (size_t b = 0; b < w->n_blocks; b++)
        for (size_t i = w->first[b]; i < w->first[b] + w->count[b]; i++) {
            const double d = q->y[i] - sum / weight;
            about += weight_of(w, i) * d * d;
        }
    out->cost = w->cost;
    out->r_squared = about > 0 ? 1 - out->chi2 / about : NAN;
    out->n_free = w->n_free;
    out->dof = w->points > w->n_free ? w->points - w->n_free : 0;
    out->reduced = out->dof ? w->cost / (double)out->dof : NAN;
    const bool known = q->sigma || q->loss == AS_LOSS_POISSON;
    const double k = (double)w->n_free + !known, fit = known ? w->cost : n * log(w->cost / n);
    out->aicc = n - k - 1 > 0 ? fit + 2 * k + 2 * k * (k + 1) / (n - k - 1) : NAN;
    out->bic = fit + k * log(n);
}

/* Of common parameters from the first block. */
static double variance_of(const ls_work *w, const as_ls_result *out, size_t k)
{
    const size_t own = w->n_blocks * w->n_own, width = w->width;
    const size_t block = k < own ? k / w->n_own : 0, at = k < own ? k % w->n_own : w->n_own + k - own;
    return out->covariance[block * width * width + at * (width + 1)];
}

void ls_finish(ls_work *w, as_ls_result *out)
{
    const as_ls_problem *q = w->problem;
    const size_t m = q->m;
    out->iterations = w->n_iterations;
    out->evaluations = w->n_evaluations;
    out->offset = w->offset;
    memcpy(out->p, w->p, m * sizeof *w->p);
    memcpy(out->f, w->f, q->n * sizeof *w->f);
    for (size_t k = 0; k < m; k++) out->u[k] = NAN;
    if (out->state == AS_LS_FEW || out->state == AS_LS_DOMAIN) return;
    statistics(w, out);
    out->scaled = q->loss != AS_LOSS_POISSON && !(q->sigma && q->absolute);
    covariance(w, out);
    for (size_t k = 0; k < m; k++) {
        out->at_bound[k] = w->pressed[k];
        out->u[k] = w->pressed[k] ? NAN : sqrt(variance_of(w, out, k));
    }
}

const char *as_ls_explain(as_ls_state state)
{
    switch (state) {
    case AS_LS_CONVERGED: return "converged";
    case AS_LS_ITERATIONS: return "the iterations were used up before the fit converged";
    case AS_LS_STALLED: return "no step lowers chi2, yet the gradient is not zero";
    case AS_LS_SINGULAR: return "the data do not determine all parameters";
    case AS_LS_DOMAIN: return "the model is not finite at the start";
    case AS_LS_FEW: return "fewer points than free parameters";
    }
    return "";
}

as_status ls_fail(as_ctx *ctx, const ls_work *w, const as_ls_result *out)
{
    if (out->state == AS_LS_FEW)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu points and %zu restraints for %zu free parameters", w->n_points,
                       w->n_restraints, w->n_free);
    if (out->state == AS_LS_DOMAIN)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%s", as_ls_explain(out->state));
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "%s (after %d iterations, %.2g uncertainties from a minimum)",
                   as_ls_explain(out->state), out->iterations, out->offset);
}

double as_propagate2(size_t m, const double *covariance, const double *a, const double *b)
{
    double s = 0;
    for (size_t i = 0; i < m; i++) {
        if (a[i] == 0) continue;
        double t = 0;
        for (size_t k = 0; k < m; k++) t += covariance[i * m + k] * b[k];
        s += a[i] * t;
    }
    return s;
}

double as_propagate(size_t m, const double *covariance, const double *gradient)
{
    return sqrt(fmax(0, as_propagate2(m, covariance, gradient, gradient)));
}

double as_correlation(size_t m, const double *covariance, size_t i, size_t k)
{
    const double v = covariance[i * (m + 1)] * covariance[k * (m + 1)];
    return v > 0 ? covariance[i * m + k] / sqrt(v) : 0;
}

/* splitmix64 (Steele, Lea & Flood 2014): uniform in 0 .. 1 */
static double uniform(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void draw(const as_ls_problem *q, const double *p0, double spread, uint64_t *state,
                 double *p)
{
    for (size_t k = 0; k < q->m; k++) {
        const double lo = q->lo ? q->lo[k] : -INFINITY, hi = q->hi ? q->hi[k] : INFINITY;
        const double u = uniform(state);
        if (isfinite(lo) && isfinite(hi))
            p[k] = lo + u * (hi - lo);
        else
            p[k] = p0[k] == 0 ? spread * (2 * u - 1) : p0[k] * pow(1 + spread, 2 * u - 1);
        p[k] = fmax(lo, fmin(hi, p[k]));
        if (q->fixed && q->fixed[k]) p[k] = p0[k];
    }
}

static as_status best_of(as_ctx *ctx, as_arena *a, const as_ls_problem *problem, const double *p0, int starts,
                         double spread, uint64_t seed, as_ls_result *out, int *found)
{
    double *p = AS_NEW_N(as_scratch(ctx), double, problem->m + 1);
    if (!p) return AS_ERR;
    bool any = false;
    uint64_t state = seed;
    *found = 0;
    for (int i = 0; i < starts; i++) {
        as_ls_result one;
        as_work_step(ctx, (size_t)i);
        memcpy(p, p0, problem->m * sizeof *p);
        if (i > 0) draw(problem, p0, spread, &state, p);
        if (as_least_squares(ctx, a, problem, p, &one) != AS_OK) {
            if (as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
            if (i == 0) *out = one;
            continue;
        }
        const double near = 1e-6 * fabs(one.cost);
        if (any && fabs(one.cost - out->cost) <= near) (*found)++;
        if (!any || one.cost < out->cost - near) {
            *out = one;
            *found = 1;
        }
        any = true;
    }
    if (!any)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "none of %d starts converged: %s", starts,
                       as_ls_explain(out->state));
    as_forget_error(ctx);
    return AS_OK;
}

as_status as_least_squares_multi(as_ctx *ctx, as_arena *a, const as_ls_problem *problem,
                                 const double *p0, int starts, double spread, uint64_t seed,
                                 as_ls_result *out, int *found)
{
    as_work_begin(ctx, "starts", (size_t)starts);
    const as_status status = best_of(ctx, a, problem, p0, starts, spread, seed, out, found);
    as_work_end(ctx);
    return status;
}
