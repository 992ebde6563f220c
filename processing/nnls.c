/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Non-negative least squares: see nnls.h. */
#include <math.h>
#include <string.h>

#include "nnls.h"

static double dot(size_t n, const double *a, const double *b)
{
    double s[4] = { 0 };
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) s[k] += a[i + k] * b[i + k];
    for (; i < n; i++) s[0] += a[i] * b[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

as_status as_nnls_new(as_arena *a, size_t rows, size_t cols, const double *A, as_nnls *out)
{
    const size_t most = rows < cols ? rows : cols;
    *out = (as_nnls){ .rows = rows, .cols = cols, .A = A, .most = most,
                      .norm = AS_NEW_N(a, double, cols + 1),
                      .used = AS_NEW_N(a, size_t, most + 1),
                      .Q = AS_NEW_N(a, double, rows * most + 1),
                      .R = AS_NEW_N(a, double, most * most + 1),
                      .work = AS_NEW_N(a, double, rows + most + 1),
                      .barred = AS_NEW_N(a, bool, cols + 1) };
    if (!out->norm || !out->used || !out->Q || !out->R || !out->work || !out->barred) return AS_ERR;
    as_nnls_begin(out);
    return AS_OK;
}

void as_nnls_begin(as_nnls *s)
{
    s->n = 0;
    for (size_t k = 0; k < s->cols; k++) s->norm[k] = sqrt(dot(s->rows, s->A + k * s->rows, s->A + k * s->rows));
}

/* Column k joins those in use. False: it depends on them. */
static bool enter(as_nnls *s, size_t k)
{
    if (s->n == s->most) return false;
    double *q = s->Q + s->n * s->rows, *r = s->R + s->n * s->most;
    memcpy(q, s->A + k * s->rows, s->rows * sizeof *q);
    memset(r, 0, (s->n + 1) * sizeof *r);
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < s->n; j++) {
            const double *p = s->Q + j * s->rows, c = dot(s->rows, p, q);
            r[j] += c;
            for (size_t i = 0; i < s->rows; i++) q[i] -= c * p[i];
        }
    const double length = sqrt(dot(s->rows, q, q));
    if (!(length > 1e-10 * s->norm[k])) return false;
    for (size_t i = 0; i < s->rows; i++) q[i] /= length;
    r[s->n] = length;
    s->used[s->n++] = k;
    return true;
}

/* The column at place p of those in use leaves; rotations make R a triangle again. */
static void leave(as_nnls *s, size_t p)
{
    for (size_t k = p; k + 1 < s->n; k++) {
        s->used[k] = s->used[k + 1];
        memcpy(s->R + k * s->most, s->R + (k + 1) * s->most, (k + 2) * sizeof *s->R);
    }
    s->n--;
    for (size_t k = p; k < s->n; k++) {
        const double a = s->R[k * s->most + k], b = s->R[k * s->most + k + 1], h = hypot(a, b), c = a / h, d = b / h;
        for (size_t j = k; j < s->n; j++) {
            double *x = &s->R[j * s->most + k], u = x[0], v = x[1];
            x[0] = c * u + d * v;
            x[1] = c * v - d * u;
        }
        double *q = s->Q + k * s->rows, *w = q + s->rows;
        for (size_t i = 0; i < s->rows; i++) {
            const double u = q[i], v = w[i];
            q[i] = c * u + d * v;
            w[i] = c * v - d * u;
        }
    }
}

/* Coefficients of the columns in use, without the bounds. */
static void solve(const as_nnls *s, const double *b, double *z)
{
    for (size_t j = 0; j < s->n; j++) z[j] = dot(s->rows, s->Q + j * s->rows, b);
    for (size_t j = s->n; j-- > 0;) {
        z[j] /= s->R[j * s->most + j];
        for (size_t i = 0; i < j; i++) z[i] -= z[j] * s->R[j * s->most + i];
    }
}

/* x of the columns in use becomes the best one with these columns, which lose those that would turn
 * negative. */
static void settle(as_nnls *s, const double *b, double *x, double *z)
{
    while (s->n) {
        double step = 1;
        size_t out = SIZE_MAX;
        solve(s, b, z);
        for (size_t j = 0; j < s->n; j++) {
            const double from = x[s->used[j]];
            if (z[j] > 0 || !(from / (from - z[j]) < step || out == SIZE_MAX)) continue;
            step = from > 0 ? from / (from - z[j]) : 0;
            out = j;
        }
        for (size_t j = 0; j < s->n; j++) x[s->used[j]] += step * (z[j] - x[s->used[j]]);
        if (out == SIZE_MAX) return;
        for (size_t j = s->n; j-- > 0;) {
            if (j != out && x[s->used[j]] > 0) continue;
            x[s->used[j]] = 0;
            leave(s, j);
        }
    }
}

/* The column not in use along which the residual falls most steeply; SIZE_MAX: none, the minimum. */
static size_t steepest(const as_nnls *s, const double *residual, double length, const bool *barred)
{
    double best = 1e-11 * length;
    size_t found = SIZE_MAX;
    for (size_t k = 0; k < s->cols; k++) {
        if (barred[k] || s->norm[k] == 0) continue;
        const double slope = dot(s->rows, s->A + k * s->rows, residual) / s->norm[k];
        if (slope > best) best = slope, found = k;
    }
    return found;
}

as_status as_nnls_solve(as_ctx *ctx, as_nnls *s, const double *b, double *x)
{
    double *z = s->work, *residual = z + s->most;
    const double length = sqrt(dot(s->rows, b, b));
    bool *barred = s->barred;
    memset(barred, 0, s->cols * sizeof *barred);
    settle(s, b, x, z);
    for (size_t round = 0; round < 20 * s->cols + 100; round++) {
        memcpy(residual, b, s->rows * sizeof *residual);
        for (size_t j = 0; j < s->n; j++)
            for (size_t i = 0; i < s->rows; i++) residual[i] -= x[s->used[j]] * s->A[s->used[j] * s->rows + i];
        for (size_t j = 0; j < s->n; j++) barred[s->used[j]] = true;
        const size_t k = steepest(s, residual, length, barred);
        for (size_t j = 0; j < s->n; j++) barred[s->used[j]] = false;
        if (k == SIZE_MAX) return AS_OK;
        if (enter(s, k)) {
            solve(s, b, z);
            if (z[s->n - 1] > 0) {
                settle(s, b, x, z);
                memset(barred, 0, s->cols * sizeof *barred);
                continue;
            }
            s->n--;
        }
        barred[k] = true; /* rounding: its coefficient would not be positive */
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL, "non-negative least squares did not come to an end");
}

double as_nnls_leverage(const as_nnls *s, size_t rows)
{
    double sum = 0;
    for (size_t j = 0; j < s->n; j++)
        for (size_t i = 0; i < rows; i++) sum += s->Q[j * s->rows + i] * s->Q[j * s->rows + i];
    return sum;
}
