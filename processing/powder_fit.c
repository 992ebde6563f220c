/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares fit of powder reflections: see powder_fit.h. Levenberg-Marquardt with analytic
 * derivatives on the normal equations, scaled to unit diagonal.
 */
#include <math.h>
#include <string.h>

#include "frozen_cholesky.h"
#include "powder_fit.h"

enum { MAX_ITERATIONS = 60, REWEIGHTINGS = 10, MAX_DEGREE = AS_POWDER_DEGREE, LOCAL = 4 };

static const double degree_ = 0.017453292519943295;

/* The parameters that move one local quantity (centre, g, l, s) of a peak, and by how much. */
typedef struct mover {
    size_t n, at[2];
    double by[2];
} mover;

/* What one run needs beside the public struct. */
typedef struct work {
    as_powder_fit *f;
    size_t n_shape, n_bg;   /* shape parameters come first, then areas, then backgrounds */
    size_t *bg_at;          /* of each group */
    double *start, *sd;     /* restraints; sd 0: fixed, inf: none */
    bool *frozen, *held;    /* at a bound that the data push against, or fixed */
    double *profile[5];     /* p and its derivatives, n_peaks x n each */
    double *basis;          /* n x (MAX_DEGREE + 1) */
    double *a, *l, *b, *step, *row, *trial, *rhs, *pinned;
    struct mover *mover;    /* LOCAL of each peak */
    size_t *column;
    bool counting, linear;  /* linear: shapes stay as they are */
} work;

/* How the position of peak k moves with the parameters that it depends on. */
static mover position_of(const as_powder_fit *f, size_t k)
{
    if (f->free_positions) return (mover){ 1, { f->position_at + k }, { 1 } };
    const double zero = f->value[f->position_at], scale = f->value[f->position_at + 1];
    const double slope = -2 * tan((f->peak[k].shape.centre - zero) * degree_ / 2) / degree_;
    return (mover){ 2, { f->position_at, f->position_at + 1 }, { 1, slope / (1 + scale) } };
}

static void set_movers(work *w)
{
    const as_powder_fit *f = w->f;
    for (size_t k = 0; k < f->n_peaks; k++) {
        mover *m = w->mover + k * LOCAL;
        const as_powder_peak *p = &f->peak[k];
        const size_t width = f->width_at + (f->free_widths ? 2 * k : 0);
        const double widen = f->free_widths ? 1 : 1 / cos(p->calculated * degree_ / 2);
        m[0] = position_of(f, k);
        m[1] = (mover){ 1, { width }, { 1 } };
        m[2] = (mover){ 1, { width + 1 }, { widen } };
        m[3] = (mover){ 1, { f->axial_at }, { 1 } };
    }
}

static void set_shapes(as_powder_fit *f)
{
    for (size_t k = 0; k < f->n_peaks; k++) {
        as_powder_peak *p = &f->peak[k];
        const double *w = f->value + f->width_at + (f->free_widths ? 2 * k : 0);
        const double *at = f->value + f->position_at;
        const double widen = f->free_widths ? 1 : 1 / cos(p->calculated * degree_ / 2);
        const double sine = sin(p->calculated * degree_ / 2) / (1 + (f->free_positions ? 0 : at[1]));
        p->shape.centre = f->free_positions ? at[k] : 2 * asin(fmin(sine, 1)) / degree_ + at[0];
        p->shape.g = w[0];
        p->shape.l = w[1] * widen;
        p->shape.s = f->value[f->axial_at];
        p->shape.divergence = f->divergence;
        p->area = f->value[f->area_at + k];
    }
}

static void restrain(work *w, size_t at, double start, double sd)
{
    w->f->value[at] = w->start[at] = start;
    w->sd[at] = sd;
}

static void start_shapes(work *w, double fwhm)
{
    as_powder_fit *f = w->f;
    const size_t n_widths = f->free_widths ? f->n_peaks : 1;
    for (size_t k = 0; k < n_widths; k++) {
        restrain(w, f->width_at + 2 * k, 0.6 * fwhm, fwhm);
        restrain(w, f->width_at + 2 * k + 1, 0.6 * fwhm, fwhm);
    }
    restrain(w, f->axial_at, f->axial, f->axial_fixed ? 0 : 0.02);
    if (f->free_positions) {
        for (size_t k = 0; k < f->n_peaks; k++)
            restrain(w, f->position_at + k, f->peak[k].calculated, f->position_tolerance);
    } else {
        restrain(w, f->position_at, 0, f->position_tolerance);
        restrain(w, f->position_at + 1, 0, f->scale_tolerance);
    }
}

/* Widths and the divergence stay above these. */
static double lower_bound(const as_powder_fit *f, size_t at)
{
    if (at == f->axial_at) return 0;
    const size_t n_widths = f->free_widths ? 2 * f->n_peaks : 2;
    if (at >= f->width_at && at < f->width_at + n_widths) return (at - f->width_at) % 2 ? 0 : 1e-3;
    return -INFINITY;
}

static void evaluate(work *w, bool derivatives)
{
    as_powder_fit *f = w->f;
    set_shapes(f);
    set_movers(w);
    const int kinds = derivatives ? 5 : 1;
    for (int q = 0; q < kinds; q++) memset(w->profile[q], 0, f->n_peaks * f->n * sizeof(double));
    for (size_t k = 0; k < f->n_peaks; k++) {
        const size_t at = k * f->n;
        as_powder_arrays out = { .p = w->profile[0] + at };
        if (derivatives)
            out = (as_powder_arrays){ w->profile[0] + at, w->profile[1] + at, w->profile[2] + at,
                                      w->profile[3] + at, w->profile[4] + at };
        as_powder_doublet(f->n, f->x, &f->peak[k].shape, &f->doublet, &out);
    }
}

static void sum_model(work *w)
{
    as_powder_fit *f = w->f;
    for (size_t g = 0; g < f->n_groups; g++)
        for (size_t i = f->group[g].from; i < f->group[g].to; i++) {
            double sum = 0;
            for (int j = 0; j <= f->group[g].degree; j++)
                sum += f->value[w->bg_at[g] + (size_t)j] * w->basis[i * (MAX_DEGREE + 1) + (size_t)j];
            f->background[i] = sum;
            for (size_t k = 0; k < f->n_peaks; k++) sum += f->peak[k].area * w->profile[0][k * f->n + i];
            f->model[i] = sum;
        }
}

/* Variance of row i when the truth is `mean` there: at least that of one count. */
static double variance(const work *w, const as_powder_group *g, size_t i, double mean)
{
    if (w->counting) return g->gain * fmax(mean, g->gain);
    return w->f->sigma ? w->f->sigma[i] * w->f->sigma[i] : 1;
}

static void set_weights(work *w)
{
    const as_powder_fit *f = w->f;
    for (size_t g = 0; g < f->n_groups; g++)
        for (size_t i = f->group[g].from; i < f->group[g].to; i++)
            w->f->weight[i] = 1 / variance(w, &f->group[g], i, f->model[i]);
}

static double chi2_of(const work *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->f->n; i++) {
        const double r = w->f->y[i] - w->f->model[i];
        sum += w->f->weight[i] * r * r;
    }
    return sum;
}

static double penalty(const work *w)
{
    double sum = 0;
    for (size_t p = 0; p < w->n_shape; p++)
        if (w->sd[p] > 0) {
            const double r = (w->f->value[p] - w->start[p]) / w->sd[p];
            sum += r * r;
        }
    return sum;
}

/* One row of the Jacobian: values in w->row and their columns in w->column; how many. `without`:
 * the peak whose area is taken as zero (n_peaks: none). */
static size_t jacobian_row(work *w, size_t g, size_t i, size_t without)
{
    const as_powder_fit *f = w->f;
    size_t n = 0;
    memset(w->row, 0, w->n_shape * sizeof(double));
    for (size_t k = 0; k < f->n_peaks && !w->linear; k++)
        for (int q = 0; q < LOCAL && k != without; q++) {
            const mover *m = &w->mover[k * LOCAL + (size_t)q];
            const double v = f->peak[k].area * w->profile[q + 1][k * f->n + i];
            for (size_t j = 0; j < m->n; j++) w->row[m->at[j]] += v * m->by[j];
        }
    for (size_t p = 0; p < w->n_shape && !w->linear; p++) w->column[n++] = p;
    for (size_t k = 0; k < f->n_peaks; k++) {
        w->row[n] = w->profile[0][k * f->n + i];
        w->column[n++] = f->area_at + k;
    }
    for (int j = 0; j <= f->group[g].degree; j++) {
        w->row[n] = w->basis[i * (MAX_DEGREE + 1) + (size_t)j];
        w->column[n++] = w->bg_at[g] + (size_t)j;
    }
    return n;
}

/* a = J'WJ with restraints (lower half), b = J'W(y - model) likewise. */
static void normal_equations(work *w, size_t without)
{
    const as_powder_fit *f = w->f;
    const size_t n = f->n_values;
    memset(w->a, 0, n * n * sizeof(double));
    memset(w->b, 0, n * sizeof(double));
    for (size_t g = 0; g < f->n_groups; g++)
        for (size_t i = f->group[g].from; i < f->group[g].to; i++) {
            const size_t m = jacobian_row(w, g, i, without);
            double wt = w->f->weight[i];
            if (without < f->n_peaks)
                wt = 1 / variance(w, &f->group[g], i,
                                  f->model[i] - f->peak[without].area *
                                                    w->profile[0][without * f->n + i]);
            const double r = wt * (f->y[i] - f->model[i]);
            for (size_t j = 0; j < m; j++) {
                double *to = w->a + w->column[j] * n;
                const double v = wt * w->row[j];
                for (size_t k = 0; k <= j; k++) to[w->column[k]] += v * w->row[k];
                w->b[w->column[j]] += r * w->row[j];
            }
        }
    for (size_t p = 0; p < w->n_shape; p++)
        if (w->sd[p] > 0) {
            w->a[p * n + p] += 1 / (w->sd[p] * w->sd[p]);
            w->b[p] += (w->start[p] - f->value[p]) / (w->sd[p] * w->sd[p]);
        }
}

static void freeze(work *w)
{
    const as_powder_fit *f = w->f;
    for (size_t p = 0; p < f->n_values; p++) {
        const bool shape = p < w->n_shape;
        w->frozen[p] = (shape && (w->linear || !(w->sd[p] > 0))) ||
                       (shape && f->value[p] <= lower_bound(f, p) && w->b[p] < 0) ||
                       !(w->a[p * f->n_values + p] > 0);
    }
}

/* What parameter q, moved by `step`, leaves to the others of their right-hand side. */
static void take_over(work *w, size_t q, double step, double *rhs)
{
    const size_t n = w->f->n_values;
    for (size_t p = 0; p < n; p++) rhs[p] -= step * (p > q ? w->a[p * n + q] : w->a[q * n + p]);
}

/* A parameter that the step would take beyond its bound; n_values: none. */
static size_t beyond(const work *w)
{
    for (size_t p = 0; p < w->n_shape; p++)
        if (!w->frozen[p] && w->f->value[p] + w->step[p] < lower_bound(w->f, p)) return p;
    return w->f->n_values;
}

/* The damped step in w->step; the decrease of chi2 that the linear model promises, NaN: singular.
 * Who would cross its bound goes towards it, and the others are solved for again. */
static double step_of(work *w, double damping)
{
    const as_powder_fit *f = w->f;
    const size_t n = f->n_values;
    double *rhs = w->rhs;
    memcpy(rhs, w->b, n * sizeof *rhs);
    memcpy(w->held, w->frozen, n * sizeof *w->held);
    memset(w->pinned, 0, n * sizeof *w->pinned);
    for (;;) {
        if (!as_frozen_cholesky(n, w->a, w->frozen, damping, w->l)) break;
        for (size_t p = 0; p < n; p++)
            w->step[p] = w->frozen[p] ? 0 : rhs[p] / sqrt(w->a[p * n + p]);
        as_frozen_solve(n, w->l, w->step);
        for (size_t p = 0; p < n; p++)
            w->step[p] = w->frozen[p] ? w->pinned[p] : w->step[p] / sqrt(w->a[p * n + p]);
        const size_t q = beyond(w);
        if (q < n) {
            /* not all the way at once: at the bound itself the derivative may say nothing */
            const double room = f->value[q] - lower_bound(f, q);
            w->pinned[q] = room > 1e-3 ? -0.7 * room : -room;
            take_over(w, q, w->pinned[q], rhs);
            w->frozen[q] = true;
            continue;
        }
        double promise = 0;
        for (size_t p = 0; p < n; p++) promise += w->step[p] * w->b[p];
        memcpy(w->frozen, w->held, n * sizeof *w->held);
        return promise;
    }
    memcpy(w->frozen, w->held, n * sizeof *w->held);
    return NAN;
}

static void apply(work *w)
{
    as_powder_fit *f = w->f;
    for (size_t p = 0; p < f->n_values; p++) {
        f->value[p] += w->step[p];
        if (p < w->n_shape) f->value[p] = fmax(f->value[p], lower_bound(f, p));
    }
    if (f->value[f->axial_at] > 0.15) f->value[f->axial_at] = 0.15;
}

/* Areas and backgrounds for the shapes as they are. chi2 with its restraints. */
static double solve_linear(work *w, int turns)
{
    w->linear = true;
    evaluate(w, false);
    for (int turn = 0; turn < turns; turn++) { /* the weights settle once the model is known */
        sum_model(w);
        if (turn) set_weights(w);
        normal_equations(w, w->f->n_peaks);
        freeze(w);
        if (isnan(step_of(w, 0))) break;
        apply(w);
        set_shapes(w->f);
    }
    sum_model(w);
    w->linear = false;
    return chi2_of(w) + penalty(w);
}

typedef enum { MOVED, SETTLED, STUCK } outcome;

/* One step that lowers chi2 by a fair part of what the linear model promises: where the residuals
 * bend the valley, a full step would land on the other side of it, as high as before. */
static outcome descend(work *w, double *damping)
{
    as_powder_fit *f = w->f;
    double *kept = w->trial, first = NAN;
    const double before = chi2_of(w) + penalty(w);
    /* a step that promises less moves nothing by more than 1 % of its own uncertainty */
    const double enough = 1e-4 * fmax(1, before / (double)(f->n - f->n_values));
    memcpy(kept, f->value, f->n_values * sizeof(double));
    for (;;) {
        const double promise = step_of(w, *damping);
        if (!isnan(promise)) {
            if (isnan(first)) first = promise;
            if (*damping < 0.2 && promise < enough) return SETTLED;
            apply(w);
            evaluate(w, true);
            sum_model(w);
            const double gain = before - chi2_of(w) - penalty(w);
            if (gain >= 0.1 * promise) {
                if (gain > 0.7 * promise) *damping = *damping > 1e-3 ? *damping / 8 : 0;
                return MOVED;
            }
            memcpy(f->value, kept, f->n_values * sizeof(double));
            evaluate(w, true);
            sum_model(w);
        }
        if (first < 30 * enough && *damping > 10) return SETTLED; /* rounding hides so small a gain */
        *damping = fmax(6 * *damping, 0.01);
        if (*damping > 1e10) return STUCK;
    }
}

static as_status iterate(as_ctx *ctx, work *w)
{
    as_powder_fit *f = w->f;
    double damping = 0;
    for (f->iterations = 1; f->iterations <= MAX_ITERATIONS; f->iterations++) {
        /* where the model misfits, weights that follow it for ever may chase their tail */
        if (w->counting && f->iterations <= REWEIGHTINGS) set_weights(w);
        normal_equations(w, f->n_peaks);
        freeze(w);
        switch (descend(w, &damping)) {
        case MOVED: break;
        case SETTLED: return AS_OK;
        case STUCK:
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the fit of the reflections is singular");
        }
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL, "the fit of the reflections does not converge in %d "
                   "iterations", MAX_ITERATIONS);
}

/* sigma^2 over y, when it is the same in every row of the group (to the digits of a text file). */
static double gain_of(const as_powder_fit *f, const as_powder_group *g)
{
    double low = INFINITY, high = 0, sum = 0;
    size_t n = 0;
    for (size_t i = g->from; i < g->to; i++) {
        const double v = f->sigma[i] * f->sigma[i], gain = v / f->y[i];
        if (!(f->y[i] > 4 * gain) || !(gain > 0)) continue; /* few counts: sqrt(max(n, 1)) */
        low = fmin(low, gain);
        high = fmax(high, gain);
        sum += gain;
        n++;
    }
    return n > 0 && high < 1.02 * low ? sum / (double)n : NAN;
}

static void set_counting(work *w)
{
    as_powder_fit *f = w->f;
    w->counting = f->sigma != NULL;
    for (size_t g = 0; g < f->n_groups; g++) {
        f->group[g].gain = f->sigma ? gain_of(f, &f->group[g]) : NAN;
        if (isnan(f->group[g].gain)) w->counting = false;
    }
}

static void set_basis(work *w)
{
    const as_powder_fit *f = w->f;
    for (size_t g = 0; g < f->n_groups; g++) {
        const as_powder_group *r = &f->group[g];
        const double lo = f->x[r->from], hi = f->x[r->to - 1];
        for (size_t i = r->from; i < r->to; i++) {
            const double u = hi > lo ? (2 * f->x[i] - lo - hi) / (hi - lo) : 0;
            double *t = w->basis + i * (MAX_DEGREE + 1);
            t[0] = 1;
            t[1] = u;
            for (int j = 2; j <= MAX_DEGREE; j++) t[j] = 2 * u * t[j - 1] - t[j - 2];
        }
    }
}

static as_status set_up(as_ctx *ctx, as_arena *arena, as_powder_fit *f, work *w)
{
    w->f = f;
    f->position_at = 0;
    f->width_at = f->free_positions ? f->n_peaks : 2;
    f->axial_at = f->width_at + (f->free_widths ? 2 * f->n_peaks : 2);
    f->area_at = w->n_shape = f->axial_at + 1;
    as_arena *scratch = as_scratch(ctx);
    w->bg_at = AS_NEW_N(scratch, size_t, f->n_groups + 1);
    if (!w->bg_at) return AS_ERR;
    size_t n = f->area_at + f->n_peaks;
    for (size_t g = 0; g < f->n_groups; g++) {
        w->bg_at[g] = n;
        n += (size_t)f->group[g].degree + 1;
    }
    f->n_values = n;
    if (f->n <= n)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points cannot determine %zu parameters", f->n,
                       n);
    f->value = AS_NEW_N(arena, double, n);
    f->covariance = AS_NEW_N(arena, double, n * n);
    f->model = AS_NEW_N(arena, double, f->n);
    f->background = AS_NEW_N(arena, double, f->n);
    for (int q = 0; q < 5; q++)
        if (!(w->profile[q] = AS_NEW_N(scratch, double, f->n_peaks * f->n))) return AS_ERR;
    w->basis = AS_NEW_N(scratch, double, f->n * (MAX_DEGREE + 1));
    f->weight = AS_NEW_N(arena, double, f->n);
    w->a = AS_NEW_N(scratch, double, n * n);
    w->l = AS_NEW_N(scratch, double, n * n);
    double *many = AS_NEW_N(scratch, double, 8 * n);
    w->column = AS_NEW_N(scratch, size_t, n);
    w->mover = AS_NEW_N(scratch, mover, LOCAL * f->n_peaks + 1);
    w->frozen = AS_NEW_N(scratch, bool, 2 * n);
    if (!f->value || !f->covariance || !f->model || !f->background || !w->basis || !f->weight ||
        !w->a || !w->l || !many || !w->column || !w->frozen || !w->mover)
        return AS_ERR;
    w->b = many;
    w->step = many + n;
    w->row = many + 2 * n;
    w->trial = many + 3 * n;
    w->start = many + 4 * n;
    w->sd = many + 5 * n;
    w->rhs = many + 6 * n;
    w->pinned = many + 7 * n;
    w->held = w->frozen + n;
    set_counting(w);
    set_basis(w);
    return AS_OK;
}

/* The start: areas and background for the best of a ladder of widths. */
static as_status start(as_ctx *ctx, work *w)
{
    as_powder_fit *f = w->f;
    double best = INFINITY, best_fwhm = f->fwhm;
    for (size_t i = 0; i < f->n; i++) { /* before there is a model: the data's own sigma */
        const double s = f->sigma ? f->sigma[i] : 1;
        w->f->weight[i] = 1 / (s * s);
    }
    for (double fwhm = 0.03; isnan(f->fwhm) && fwhm < 1; fwhm *= 2.3) {
        start_shapes(w, fwhm);
        for (size_t k = 0; k < f->n_peaks; k++) f->peak[k].shape.nodes = 0;
        memset(f->value + w->n_shape, 0, (f->n_values - w->n_shape) * sizeof(double));
        const double chi2 = solve_linear(w, 1);
        if (chi2 < best) {
            best = chi2;
            best_fwhm = fwhm;
        }
    }
    if (isnan(best_fwhm)) return as_fail(ctx, AS_E_NUMERIC, NULL, "no width fits the reflections");
    start_shapes(w, best_fwhm);
    memset(f->value + w->n_shape, 0, (f->n_values - w->n_shape) * sizeof(double));
    for (size_t k = 0; k < f->n_peaks; k++) f->peak[k].shape.nodes = 0;
    set_shapes(f);
    for (size_t k = 0; k < f->n_peaks; k++) as_powder_resolve(&f->peak[k].shape);
    if (!isfinite(solve_linear(w, 2)))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the areas of the reflections cannot be told apart");
    evaluate(w, true);
    return AS_OK;
}

static void spread_of(const work *w, as_powder_peak *p, size_t k)
{
    const as_powder_fit *f = w->f;
    const size_t n = f->n_values;
    double var[LOCAL][LOCAL];
    for (int q = 0; q < LOCAL; q++)
        for (int r = 0; r < LOCAL; r++) {
            const mover *a = w->mover + k * LOCAL + q, *b = w->mover + k * LOCAL + r;
            var[q][r] = 0;
            for (size_t i = 0; i < a->n; i++)
                for (size_t j = 0; j < b->n; j++)
                    var[q][r] += a->by[i] * b->by[j] * f->covariance[a->at[i] * n + b->at[j]];
        }
    const as_tch t = as_tch_of(p->shape.g, p->shape.l);
    p->fwhm = t.fwhm;
    p->centre_u = sqrt(var[0][0]);
    p->fwhm_u = sqrt(fmax(t.fwhm_g * t.fwhm_g * var[1][1] + t.fwhm_l * t.fwhm_l * var[2][2] +
                              2 * t.fwhm_g * t.fwhm_l * var[1][2], 0));
    p->area_u = sqrt(f->covariance[(f->area_at + k) * (n + 1)]);
}

/* A misfit beyond chance (one-sided 0.1 %) widens the uncertainties; unknown sigma always does. */
static void widen(work *w)
{
    as_powder_fit *f = w->f;
    const double dof = (double)f->degrees, reduced = f->chi2 / dof;
    f->widened = 1;
    if (!f->sigma || reduced > 1 + 3.09 * sqrt(2 / dof)) f->widened = sqrt(reduced);
    const double v = f->widened * f->widened;
    for (size_t i = 0; i < f->n_values * f->n_values; i++) f->covariance[i] *= v;
}

static as_status finish(as_ctx *ctx, work *w)
{
    as_powder_fit *f = w->f;
    const size_t n = f->n_values;
    set_weights(w);
    normal_equations(w, f->n_peaks);
    freeze(w);
    if (!as_frozen_cholesky(n, w->a, w->frozen, 0, w->l))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the fit of the reflections is singular");
    for (size_t j = 0; j < n; j++) as_frozen_column(n, w->a, w->frozen, w->l, j, f->covariance + j * n);
    f->chi2 = chi2_of(w);
    size_t free_values = 0;
    for (size_t p = 0; p < n; p++) free_values += !w->frozen[p];
    f->degrees = f->n - free_values;
    widen(w);
    for (size_t k = 0; k < f->n_peaks; k++) {
        spread_of(w, &f->peak[k], k);
        f->peak[k].zero_u = NAN;
        if (!f->peak[k].tested) continue;
        normal_equations(w, k);
        freeze(w);
        if (!as_frozen_cholesky(n, w->a, w->frozen, 0, w->l)) continue;
        as_frozen_column(n, w->a, w->frozen, w->l, f->area_at + k, w->step);
        f->peak[k].zero_u = f->widened * sqrt(w->step[f->area_at + k]);
    }
    return AS_OK;
}

double as_powder_covariance(const as_powder_fit *f, as_powder_quantity a, size_t peak_a,
                            as_powder_quantity b, size_t peak_b)
{
    const mover area_a = { 1, { f->area_at + peak_a }, { 1 } };
    const mover area_b = { 1, { f->area_at + peak_b }, { 1 } };
    const mover u = a == AS_POWDER_AREA ? area_a : position_of(f, peak_a);
    const mover v = b == AS_POWDER_AREA ? area_b : position_of(f, peak_b);
    double sum = 0;
    for (size_t i = 0; i < u.n; i++)
        for (size_t j = 0; j < v.n; j++)
            sum += u.by[i] * v.by[j] * f->covariance[u.at[i] * f->n_values + v.at[j]];
    return sum;
}

double as_powder_group_chi2(const as_powder_fit *f, size_t k)
{
    for (size_t g = 0; g < f->n_groups; g++) {
        const as_powder_group *r = &f->group[g];
        const double at = f->peak[k].shape.centre;
        if (at < f->x[r->from] || at > f->x[r->to - 1]) continue;
        double sum = 0;
        for (size_t i = r->from; i < r->to; i++)
            sum += f->weight[i] * (f->y[i] - f->model[i]) * (f->y[i] - f->model[i]);
        const double share = (double)f->degrees / (double)f->n;
        return sum / ((double)(r->to - r->from) * share);
    }
    return NAN;
}

as_status as_powder_fit_run(as_ctx *ctx, as_arena *arena, as_powder_fit *f)
{
    work w = { 0 };
    AS_TRY(set_up(ctx, arena, f, &w));
    AS_TRY(start(ctx, &w));
    AS_TRY(iterate(ctx, &w));
    return finish(ctx, &w);
}
