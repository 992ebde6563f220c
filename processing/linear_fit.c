/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear least squares by QR: see linear_fit.h. */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "linear_fit.h"

typedef struct work {
    size_t n, m, stride;
    double *A;    /* stride x (m + 1): weighted, scaled, then R and Q'y */
    double *norm; /* m column norms */
    double *R, *inverse;
    double *step, *v;
} work;

static as_status prepare(as_ctx *ctx, size_t n, size_t m, work *w)
{
    as_arena *s = as_scratch(ctx);
    w->n = n;
    w->m = m;
    w->stride = as_lanes(n);
    w->A = AS_NEW_N(s, double, w->stride *(m + 1));
    w->norm = AS_NEW_N(s, double, 2 * m + 2);
    w->R = AS_NEW_N(s, double, 2 * m * m);
    w->v = AS_NEW_N(s, double, w->stride);
    if (!w->A || !w->norm || !w->R || !w->v) return AS_ERR;
    w->step = w->norm + m;
    w->inverse = w->R + m * m;
    return AS_OK;
}

static void factor(work *w, const double *const *x, const double *y, const double *sigma)
{
    const size_t n = w->n, m = w->m;
    for (size_t k = 0; k <= m; k++) {
        const double *from = k < m ? x[k] : y;
        double *to = w->A + k * w->stride;
        for (size_t i = 0; i < n; i++) to[i] = sigma ? from[i] / sigma[i] : from[i];
        if (k == m) break;
        w->norm[k] = sqrt(as_dot(w->stride, to, to));
        for (size_t i = 0; i < n && w->norm[k] > 0; i++) to[i] /= w->norm[k];
    }
    as_qr(n, m + 1, w->A, w->stride, w->v);
    for (size_t k = 0; k < m; k++) memcpy(w->R + k * m, w->A + k * w->stride, m * sizeof(double));
}

/* residual = y - sum p x in extended precision: its rounding limits the refinement. */
static void residuals(const work *w, const double *const *x, const double *y, const double *p,
                      double *residual)
{
    for (size_t i = 0; i < w->n; i++) {
        long double s = y[i];
        for (size_t k = 0; k < w->m; k++) s -= (long double)p[k] * x[k][i];
        residual[i] = (double)s;
    }
}

/* p += (R'R)^-1 A' r, A and R in their scaled form. */
static void refine(work *w, const double *const *x, const double *sigma, const double *residual,
                   double *p)
{
    for (size_t k = 0; k < w->m; k++) {
        long double s = 0;
        for (size_t i = 0; i < w->n; i++)
            s +=
                (long double)x[k][i] * residual[i] / (sigma ? (long double)sigma[i] * sigma[i] : 1);
        w->step[k] = (double)(s / w->norm[k]);
    }
    as_forward(w->m, w->R, w->step);
    as_back(w->m, w->R, w->step);
    for (size_t k = 0; k < w->m; k++) p[k] += w->step[k] / w->norm[k];
}

static void statistics(size_t n, const double *y, const double *sigma, as_linear_fit *out)
{
    long double sum = 0, weight = 0, chi2 = 0, about_mean = 0, about_0 = 0;
    for (size_t i = 0; i < n; i++) {
        const long double w = sigma ? 1 / ((long double)sigma[i] * sigma[i]) : 1;
        sum += w * y[i];
        weight += w;
    }
    for (size_t i = 0; i < n; i++) {
        const long double w = sigma ? 1 / ((long double)sigma[i] * sigma[i]) : 1;
        const long double d = y[i] - sum / weight;
        chi2 += w * out->residual[i] * out->residual[i];
        about_mean += w * d * d;
        about_0 += w * y[i] * y[i];
    }
    out->chi2 = (double)chi2;
    out->r_squared = (double)(1 - chi2 / about_mean);
    out->r_squared_0 = (double)(1 - chi2 / about_0);
}

as_status as_fit_linear(as_ctx *ctx, as_arena *a, size_t n, size_t m, const double *const *x,
                        const double *y, const double *sigma, bool absolute, as_linear_fit *out)
{
    if (m == 0 || n < m)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points for %zu coefficients", n, m);
    work w;
    AS_TRY(prepare(ctx, n, m, &w));
    out->p = AS_NEW_N(a, double, 2 * m);
    out->covariance = AS_NEW_N(a, double, m *m);
    out->residual = AS_NEW_N(a, double, n);
    if (!out->p || !out->covariance || !out->residual) return AS_ERR;
    out->u = out->p + m;
    out->dof = n - m;

    factor(&w, x, y, sigma);
    as_invert(m, w.R, w.inverse);
    out->condition = as_condition(m, w.R, w.inverse);
    if (!isfinite(out->condition))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the coefficients depend on each other");
    if (!(out->condition < 1e14))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the coefficients depend on each other (condition %.2g)", out->condition);
    memcpy(out->p, w.A + m * w.stride, m * sizeof(double));
    as_back(m, w.R, out->p);
    for (size_t k = 0; k < m; k++) out->p[k] /= w.norm[k];
    residuals(&w, x, y, out->p, out->residual);
    refine(&w, x, sigma, out->residual, out->p);
    residuals(&w, x, y, out->p, out->residual);
    statistics(n, y, sigma, out);

    const double scale = sigma && absolute ? 1 : out->dof ? out->chi2 / (double)out->dof : NAN;
    as_outer(m, w.inverse, out->covariance);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            out->covariance[i * m + k] *= scale / (w.norm[i] * w.norm[k]);
    for (size_t k = 0; k < m; k++) out->u[k] = sqrt(out->covariance[k * m + k]);
    return AS_OK;
}

as_status as_fit_polynomial(as_ctx *ctx, as_arena *a, size_t n, size_t degree, const double *t,
                            const double *y, const double *sigma, bool absolute, as_linear_fit *out)
{
    const double **x = AS_NEW_N(as_scratch(ctx), const double *, degree + 1);
    double *power = AS_NEW_N(as_scratch(ctx), double, n *(degree + 1));
    if (!x || !power) return AS_ERR;
    for (size_t k = 0; k <= degree; k++) {
        x[k] = power + k * n;
        for (size_t i = 0; i < n; i++) power[k * n + i] = k ? power[(k - 1) * n + i] * t[i] : 1;
    }
    return as_fit_linear(ctx, a, n, degree + 1, x, y, sigma, absolute, out);
}
