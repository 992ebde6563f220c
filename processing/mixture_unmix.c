/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Non-negative factors: see mixture.h. */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "mixture.h"

/* Solution of the normal equations over the set `in` (bits), zero elsewhere. */
static void solve_set(size_t k, const double *G, const double *b, unsigned in, double *x)
{
    double H[AS_MIX * AS_MIX], y[AS_MIX];
    size_t at[AS_MIX], n = 0;
    for (size_t i = 0; i < k; i++) {
        x[i] = 0;
        if (in >> i & 1) at[n++] = i;
    }
    for (size_t i = 0; i < n; i++) {
        y[i] = b[at[i]];
        for (size_t j = 0; j < n; j++)
            H[i * n + j] = G[at[i] * k + at[j]] * (i == j ? 1 + 1e-13 : 1);
    }
    if (n == 0 || !as_cholesky(n, H, 1e-14)) return;
    as_forward(n, H, y);
    as_back(n, H, y);
    for (size_t i = 0; i < n; i++) x[at[i]] = y[i];
}

/* The variable outside the set by which the cost falls most; k: none. */
static size_t steepest(size_t k, const double *G, const double *b, unsigned in, const double *x)
{
    size_t best = k;
    double most = 0;
    for (size_t i = 0; i < k; i++) {
        if (in >> i & 1) continue;
        double w = b[i], scale = fabs(b[i]);
        for (size_t j = 0; j < k; j++) {
            w -= G[i * k + j] * x[j];
            scale += fabs(G[i * k + j] * x[j]);
        }
        if (w > 1e-13 * scale && w / sqrt(G[i * k + i]) > most)
            most = w / sqrt(G[i * k + i]), best = i;
    }
    return best;
}

/* x >= 0 that makes x'Gx - 2 x'b least: non-negative least squares from its normal equations, k <=
 * AS_MIX. Active set (Bro & de Jong 1997, J. Chemometrics 11, 393). free_mask: bits of x that may
 * be negative. */
static void nnls_gram(size_t k, const double *G, const double *b, unsigned free_mask, double *x)
{
    unsigned in = free_mask;
    double s[AS_MIX];
    solve_set(k, G, b, in, x);
    for (size_t turn = 0; turn < 3 * k + 3; turn++) {
        const size_t next = steepest(k, G, b, in, x);
        if (next == k) return;
        in |= 1u << next;
        for (size_t inner = 0; inner <= k; inner++) {
            double step = 1;
            solve_set(k, G, b, in, s);
            for (size_t i = 0; i < k; i++)
                if ((in & ~free_mask) >> i & 1 && s[i] <= 0)
                    step = fmin(step, x[i] / (x[i] - s[i]));
            if (!(step < 1)) break;
            for (size_t i = 0; i < k; i++) {
                x[i] += step * (s[i] - x[i]);
                if ((in & ~free_mask) >> i & 1 && x[i] <= 1e-15 * fabs(s[i]))
                    x[i] = 0, in &= ~(1u << i);
            }
        }
        memcpy(x, s, k * sizeof *x);
        for (size_t i = 0; i < k; i++)
            if (!(free_mask >> i & 1)) x[i] = fmax(0, x[i]);
    }
}

typedef struct work {
    const as_unmix_problem *q;
    as_unmixing *r;
    size_t n, m, k, stride;
    double *room; /* n x stride: rows without what is found */
} work;

/* Starts: the row of largest norm, then again of what is left when it is projected out. */
static as_status purest(as_ctx *ctx, work *w)
{
    double first = 0;
    memcpy(w->room, w->q->D, w->n * w->stride * sizeof *w->room);
    for (size_t j = 0; j < w->k; j++) {
        size_t best = 0;
        double most = -1;
        for (size_t i = 0; i < w->n; i++) {
            const double norm = as_dot(w->stride, w->room + i * w->stride, w->room + i * w->stride);
            if (norm > most) most = norm, best = i;
        }
        if (j == 0) first = most;
        if (!(most > 1e-20 * first) || !(first > 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "the series span %zu dimensions, expected %zu or more", j, w->k);
        const double *pure = w->q->D + best * w->stride, *axis = w->room + best * w->stride;
        for (size_t c = 0; c < w->m; c++)
            w->r->spectrum[j * w->stride + c] = w->q->signed_spectra ? pure[c] : fmax(0, pure[c]);
        double *copy = w->r->spectrum + w->k * w->stride; /* a spare row */
        memcpy(copy, axis, w->stride * sizeof *copy);
        for (size_t i = 0; i < w->n; i++) {
            double *row = w->room + i * w->stride;
            const double f = as_dot(w->stride, row, copy) / most;
            for (size_t c = 0; c < w->stride; c++) row[c] -= f * copy[c];
        }
    }
    return AS_OK;
}

static void shares(work *w, double *G)
{
    const size_t k = w->k;
    as_gram(w->stride, k, w->r->spectrum, w->stride, G);
    for (size_t i = 0; i < w->n; i++) {
        double b[AS_MIX];
        for (size_t j = 0; j < k; j++)
            b[j] = as_dot(w->stride, w->r->spectrum + j * w->stride, w->q->D + i * w->stride);
        nnls_gram(k, G, b, 0, w->r->share + i * k);
    }
}

static void spectra(work *w)
{
    const size_t k = w->k;
    double G[AS_MIX * AS_MIX] = { 0 }, *B = w->room; /* k rows of C'D */
    memset(B, 0, k * w->stride * sizeof *B);
    for (size_t i = 0; i < w->n; i++) {
        const double *c = w->r->share + i * k, *d = w->q->D + i * w->stride;
        for (size_t j = 0; j < k; j++) {
            for (size_t h = 0; h < k; h++) G[j * k + h] += c[j] * c[h];
            if (c[j] == 0) continue;
            for (size_t x = 0; x < w->stride; x++) B[j * w->stride + x] += c[j] * d[x];
        }
    }
    for (size_t x = 0; x < w->m; x++) {
        double b[AS_MIX], s[AS_MIX];
        for (size_t j = 0; j < k; j++) b[j] = B[j * w->stride + x];
        nnls_gram(k, G, b, w->q->signed_spectra ? (1u << k) - 1 : 0, s);
        for (size_t j = 0; j < k; j++) w->r->spectrum[j * w->stride + x] = s[j];
    }
}

static double left_over(const work *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->n; i++) {
        const double *c = w->r->share + i * w->k, *d = w->q->D + i * w->stride;
        for (size_t x = 0; x < w->m; x++) {
            double f = d[x];
            for (size_t j = 0; j < w->k; j++) f -= c[j] * w->r->spectrum[j * w->stride + x];
            sum += f * f;
        }
    }
    return sum;
}

/* The scale of each component: its largest share 1, or factors t >= 0 for which shares add up to 1.
 */
static as_status scale(as_ctx *ctx, work *w)
{
    const size_t k = w->k;
    double t[AS_MIX], G[AS_MIX * AS_MIX] = { 0 }, b[AS_MIX] = { 0 };
    for (size_t j = 0; j < k; j++) {
        double most = 0;
        for (size_t i = 0; i < w->n; i++) most = fmax(most, w->r->share[i * k + j]);
        t[j] = 1 / most;
    }
    for (size_t i = 0; i < w->n && w->q->closed; i++)
        for (size_t j = 0; j < k; j++) {
            b[j] += w->r->share[i * k + j];
            for (size_t h = 0; h < k; h++)
                G[j * k + h] += w->r->share[i * k + j] * w->r->share[i * k + h];
        }
    if (w->q->closed) nnls_gram(k, G, b, 0, t);
    for (size_t j = 0; j < k; j++) {
        if (!(t[j] > 0) || !isfinite(t[j]))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "component %zu has no share that %s", j + 1,
                           w->q->closed ? "lets all shares add up to 1" : "is above zero");
        for (size_t i = 0; i < w->n; i++) w->r->share[i * k + j] *= t[j];
        for (size_t x = 0; x < w->m; x++) w->r->spectrum[j * w->stride + x] /= t[j];
    }
    w->r->closure = NAN;
    if (!w->q->closed) return AS_OK;
    double square = 0;
    for (size_t i = 0; i < w->n; i++) {
        double sum = -1;
        for (size_t j = 0; j < k; j++) sum += w->r->share[i * k + j];
        square += sum * sum;
    }
    w->r->closure = sqrt(square / (double)w->n);
    return AS_OK;
}

/* Components by their part in the signal, the largest first. */
static void order(work *w)
{
    const size_t k = w->k;
    double size[AS_MIX], all = 0;
    for (size_t j = 0; j < k; j++) {
        double c = 0, s = 0;
        for (size_t i = 0; i < w->n; i++) c += w->r->share[i * k + j];
        for (size_t x = 0; x < w->m; x++) s += w->r->spectrum[j * w->stride + x];
        size[j] = c * s;
        all += size[j];
    }
    for (size_t j = 0; j < k; j++) {
        size_t best = j;
        for (size_t h = j + 1; h < k; h++)
            if (size[h] > size[best]) best = h;
        const double moved = size[best];
        size[best] = size[j];
        size[j] = moved;
        w->r->part[j] = size[j] / all;
        for (size_t i = 0; i < w->n; i++) {
            double *c = w->r->share + i * k, keep = c[j];
            c[j] = c[best];
            c[best] = keep;
        }
        for (size_t x = 0; x < w->m; x++) {
            double *s = w->r->spectrum, keep = s[j * w->stride + x];
            s[j * w->stride + x] = s[best * w->stride + x];
            s[best * w->stride + x] = keep;
        }
    }
}

static double norm_of(const double *v, size_t n, size_t step)
{
    double s = 0;
    for (size_t i = 0; i < n; i++) s += v[i * step] * v[i * step];
    return sqrt(s);
}

/* Largest t with a - t b >= -eps: how much of b may hide in a. Where b is near the noise the ratio says nothing. */
static double hidden(const double *a, const double *b, size_t n, size_t step, double eps)
{
    double t = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (b[i * step] > 10 * eps) t = fmin(t, (fmax(0, a[i * step]) + eps) / b[i * step]);
    return isfinite(t) ? t : 0;
}

/* s_i - t s_j with c_j + t c_i, and s_i + r s_j with c_j - r c_i, leave the product as it is. */
static void rotations(work *w)
{
    const size_t k = w->k;
    as_unmixing *r = w->r;
    double c[AS_MIX], s[AS_MIX], sum[AS_MIX];
    double all = 0;
    for (size_t j = 0; j < k; j++) {
        c[j] = 2 * r->noise /
               norm_of(r->spectrum + j * w->stride, w->m, 1); /* twice the noise of a share ... */
        s[j] = 2 * r->noise / norm_of(r->share + j, w->n, k); /* ... of a point of a spectrum */
        sum[j] = 0;
        double area = 0;
        for (size_t i = 0; i < w->n; i++) sum[j] += r->share[i * k + j];
        for (size_t x = 0; x < w->m; x++) area += r->spectrum[j * w->stride + x];
        all += sum[j] * area;
    }
    for (size_t i = 0; i < k; i++) {
        r->part_low[i] = r->part_high[i] = r->part[i];
        for (size_t j = 0; j < k; j++) {
            if (j == i) continue;
            double area = 0;
            for (size_t x = 0; x < w->m; x++) area += r->spectrum[j * w->stride + x];
            const double less = w->q->signed_spectra
                                    ? 0
                                    : hidden(r->spectrum + i * w->stride,
                                             r->spectrum + j * w->stride, w->m, 1, s[i]);
            const double more = hidden(r->share + j, r->share + i, w->n, k, c[j]);
            r->part_low[i] = fmin(r->part_low[i], r->part[i] - less * sum[i] * area / all);
            r->part_high[i] = fmax(r->part_high[i], r->part[i] + more * sum[i] * area / all);
        }
        r->part_low[i] = fmax(0, r->part_low[i]);
        r->part_high[i] = fmin(1, r->part_high[i]);
    }
}

static as_status uncertainties(as_ctx *ctx, work *w)
{
    const size_t k = w->k;
    double G[AS_MIX * AS_MIX], inverse[AS_MIX * AS_MIX], C[AS_MIX * AS_MIX];
    as_gram(w->stride, k, w->r->spectrum, w->stride, G);
    if (!as_cholesky(k, G, 1e-14))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the spectra of the components depend on each other: take fewer");
    as_invert(k, G, inverse);
    as_outer(k, inverse, C);
    for (size_t i = 0; i < w->n; i++)
        for (size_t j = 0; j < k; j++) w->r->share_u[i * k + j] = w->r->noise * sqrt(C[j * k + j]);
    return AS_OK;
}

as_status as_unmix(as_ctx *ctx, as_arena *a, const as_unmix_problem *q, as_unmixing *out)
{
    const size_t n = q->n, m = q->m, k = q->k, stride = as_lanes(m);
    double G[AS_MIX * AS_MIX], before = INFINITY;
    if (k == 0 || k > AS_MIX || k >= n || k >= m)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu components of %zu series of %zu points", k, n,
                       m);
    *out = (as_unmixing){ .k = k,
                          .share = AS_NEW_N(a, double, n *k),
                          .share_u = AS_NEW_N(a, double, n *k),
                          .spectrum = AS_NEW_N(a, double, (k + 1) * stride),
                          .part = AS_NEW_N(a, double, 3 * k) };
    work w = {
        q, out, n, m, k, stride, AS_NEW_N(as_scratch(ctx), double, (n > k ? n : k) * stride)
    };
    if (!out->share || !out->share_u || !out->spectrum || !out->part || !w.room) return AS_ERR;
    out->part_low = out->part + k;
    out->part_high = out->part_low + k;
    for (size_t i = 0; i < n; i++)
        out->total += as_dot(stride, q->D + i * stride, q->D + i * stride);
    AS_TRY(purest(ctx, &w));
    for (out->iterations = 1; out->iterations <= q->iterations; out->iterations++) {
        shares(&w, G);
        spectra(&w);
        out->residual = left_over(&w);
        if ((out->iterations > 1 && before - out->residual <= 2 * q->tolerance * before) ||
            out->residual <= 1e-26 * out->total)
            break;
        before = out->residual;
    }
    if (out->iterations > q->iterations)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no convergence in %d iterations", q->iterations);
    shares(&w, G);
    AS_TRY(scale(ctx, &w));
    order(&w);
    out->residual = left_over(&w);
    out->noise = sqrt(out->residual / ((double)(n - k) * (double)(m - k)));
    AS_TRY(uncertainties(ctx, &w));
    rotations(&w);
    return AS_OK;
}
