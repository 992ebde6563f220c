/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P-splines by a banded L D L' of B'WB + lambda D'D (pspline.h). */
#include <math.h>

#include "pspline.h"

/* Cubic: four splines reach a row, five two neighbouring rows; the matrix has so many diagonals. */
enum { REACH = 4, WIDTH = 5 };

size_t as_pspline_doubles(size_t n, size_t knots)
{
    return REACH * n + (WIDTH + 1) * (knots + 3);
}

void as_pspline_init(as_pspline *s, size_t n, const double *x, size_t knots, int order, double *memory,
                     size_t *first)
{
    double lo = INFINITY, hi = -INFINITY;
    *s = (as_pspline){ .n = n, .m = knots + 3, .order = order, .basis = memory, .first = first,
                       .band = memory + REACH * n, .right = memory + REACH * n + WIDTH * (knots + 3) };
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) continue;
        lo = fmin(lo, x[i]);
        hi = fmax(hi, x[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const double t = isfinite(x[i]) && hi > lo ? (x[i] - lo) / (hi - lo) * (double)knots : 0;
        const size_t k = t < (double)knots ? (size_t)t : knots - 1;
        const double u = t - (double)k, v = 1 - u;
        double *b = memory + REACH * i;
        first[i] = k;
        b[0] = v * v * v / 6;
        b[1] = (3 * u * u * u - 6 * u * u + 4) / 6;
        b[2] = (3 * v * v * v - 6 * v * v + 4) / 6;
        b[3] = u * u * u / 6;
    }
}

/* band[WIDTH * j + d]: row j, column j + d. */
static void penalty(const as_pspline *s, double *band)
{
    static const double c[4][4] = { { 0 }, { -1, 1 }, { 1, -2, 1 }, { -1, 3, -3, 1 } };
    const size_t d = (size_t)s->order;
    for (size_t i = 0; i + d < s->m; i++) {
        const double lambda = s->share ? s->lambda * s->share[i + d / 2] : s->lambda;
        for (size_t a = 0; a <= d; a++)
            for (size_t b = a; b <= d; b++) band[WIDTH * (i + a) + (b - a)] += lambda * c[d][a] * c[d][b];
    }
    for (size_t i = 0; s->flat > 0 && i + 1 < s->m; i++) {
        band[WIDTH * i] += s->flat;
        band[WIDTH * i + 1] -= s->flat;
        band[WIDTH * (i + 1)] += s->flat;
    }
}

/* Steps from row to row as those of y. */
static void slopes(const as_pspline *s)
{
    for (size_t i = 1; s->slope_w && i < s->n; i++) {
        const size_t now = s->first[i], before = s->first[i - 1], k = now < before ? now : before;
        double g[WIDTH] = { 0 };
        if (!(s->slope_w[i] > 0) || now > k + 1 || before > k + 1) continue;
        for (size_t p = 0; p < REACH; p++) {
            g[now - k + p] += s->basis[REACH * i + p];
            g[before - k + p] -= s->basis[REACH * (i - 1) + p];
        }
        for (size_t p = 0; p < WIDTH && k + p < s->m; p++) {
            const double wg = s->slope_w[i] * g[p];
            s->right[k + p] += wg * (s->y[i] - s->y[i - 1]);
            for (size_t q = p; q < WIDTH && k + q < s->m; q++)
                s->band[WIDTH * (k + p) + (q - p)] += wg * g[q];
        }
    }
}

void as_pspline_shares(const as_pspline *s, const double *v, double *sum, double *out)
{
    for (size_t j = 0; j < s->m; j++) sum[j] = out[j] = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t p = 0; p < REACH; p++) {
            sum[s->first[i] + p] += s->basis[REACH * i + p];
            out[s->first[i] + p] += s->basis[REACH * i + p] * v[i];
        }
    for (size_t j = 0; j < s->m; j++) out[j] = sum[j] > 0 ? out[j] / sum[j] : 1;
}

static void solve(size_t m, double *band, double *x)
{
    for (size_t j = 0; j < m; j++) { /* band becomes D and, right of it, L' */
        const double pivot = band[WIDTH * j];
        for (size_t a = 1; a < WIDTH && j + a < m; a++) {
            const double f = band[WIDTH * j + a] / pivot;
            for (size_t b = a; b < WIDTH && j + b < m; b++)
                band[WIDTH * (j + a) + (b - a)] -= f * band[WIDTH * j + b];
            x[j + a] -= f * x[j];
        }
        for (size_t a = 1; a < WIDTH; a++) band[WIDTH * j + a] /= pivot;
        x[j] /= pivot;
    }
    for (size_t j = m; j-- > 0;)
        for (size_t a = 1; a < WIDTH && j + a < m; a++) x[j] -= band[WIDTH * j + a] * x[j + a];
}

void as_pspline_draw(void *self, const double *w, double *z)
{
    const as_pspline *s = self;
    for (size_t j = 0; j < WIDTH * s->m; j++) s->band[j] = 0;
    for (size_t j = 0; j < s->m; j++) s->right[j] = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double *b = s->basis + REACH * i;
        const size_t k = s->first[i];
        for (size_t p = 0; p < REACH && w[i] > 0; p++) {
            const double wb = w[i] * b[p];
            s->right[k + p] += wb * s->y[i];
            for (size_t q = p; q < REACH; q++) s->band[WIDTH * (k + p) + (q - p)] += wb * b[q];
        }
    }
    penalty(s, s->band);
    slopes(s);
    solve(s->m, s->band, s->right);
    for (size_t i = 0; i < s->n; i++) {
        const double *b = s->basis + REACH * i, *a = s->right + s->first[i];
        z[i] = b[0] * a[0] + b[1] * a[1] + b[2] * a[2] + b[3] * a[3];
    }
}
