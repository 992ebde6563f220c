/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Principal components: see mixture.h. */
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "mixture.h"
#include "random.h"

enum { EXACT = 512, MORE = 10, TURNS = 80 };

static void free_matrix(void *m)
{
    gsl_matrix_free(m);
}

static void free_vector(void *v)
{
    gsl_vector_free(v);
}

static void free_work(void *w)
{
    gsl_eigen_symmv_free(w);
}

/* Eigenvalues, falling, and vectors (column j of V at V + j * n) of the symmetric n x n matrix H.
 */
static as_status eigen(as_ctx *ctx, size_t n, const double *H, double *value, double *V)
{
    as_arena *s = as_scratch(ctx);
    gsl_matrix *A = gsl_matrix_alloc(n, n), *E = gsl_matrix_alloc(n, n);
    gsl_vector *e = gsl_vector_alloc(n);
    gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc(n);
    if (A) AS_TRY(as_defer(s, free_matrix, A));
    if (E) AS_TRY(as_defer(s, free_matrix, E));
    if (e) AS_TRY(as_defer(s, free_vector, e));
    if (w) AS_TRY(as_defer(s, free_work, w));
    if (!A || !E || !e || !w)
        return as_fail(ctx, AS_E_NOMEM, NULL, "no memory for a %zu x %zu matrix", n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) gsl_matrix_set(A, i, k, H[i * n + k]);
    if (gsl_eigen_symmv(A, e, E, w) || gsl_eigen_symmv_sort(e, E, GSL_EIGEN_SORT_VAL_DESC))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the principal components did not converge");
    for (size_t j = 0; j < n; j++) {
        value[j] = fmax(0, gsl_vector_get(e, j));
        for (size_t i = 0; i < n; i++) V[j * n + i] = gsl_matrix_get(E, i, j);
    }
    return AS_OK;
}

/* Right vectors from the n x n Gram matrix of the rows. */
static as_status exact(as_ctx *ctx, size_t n, const double *X, size_t stride, as_pca *p)
{
    double *H = AS_NEW_N(as_scratch(ctx), double, 2 * n * n + n + 1);
    if (!H) return AS_ERR;
    double *V = H + n * n, *value = V + n * n;
    as_gram(stride, n, X, stride, H);
    AS_TRY(eigen(ctx, n, H, value, V));
    for (size_t j = 0; j < p->k; j++) {
        double *l = p->loading + j * stride;
        p->value[j] = value[j];
        if (!(value[j] > 0)) continue;
        for (size_t i = 0; i < n; i++) {
            const double f = V[j * n + i] / sqrt(value[j]);
            const double *x = X + i * stride;
            for (size_t c = 0; c < stride; c++) l[c] += f * x[c];
        }
    }
    return AS_OK;
}

/* Gram-Schmidt, twice, on p rows; a row that vanishes stays zero. */
static void orthonormal(size_t p, double *Q, size_t stride)
{
    for (size_t j = 0; j < p; j++) {
        double *q = Q + j * stride;
        for (int turn = 0; turn < 2; turn++)
            for (size_t i = 0; i < j; i++) {
                const double f = as_dot(stride, Q + i * stride, q);
                for (size_t c = 0; c < stride; c++) q[c] -= f * Q[i * stride + c];
            }
        const double norm = sqrt(as_dot(stride, q, q));
        for (size_t c = 0; c < stride; c++) q[c] = norm > 0 ? q[c] / norm : 0;
    }
}

/* W = X'X Q for p rows of Q; T (p x p) = Q X'X Q'. */
static void multiply(size_t n, const double *X, size_t stride, size_t p, const double *Q, double *W,
                     double *T)
{
    memset(W, 0, p * stride * sizeof *W);
    memset(T, 0, p * p * sizeof *T);
    for (size_t i = 0; i < n; i++) {
        const double *x = X + i * stride;
        double z[AS_MIX + MORE];
        for (size_t j = 0; j < p; j++) z[j] = as_dot(stride, Q + j * stride, x);
        for (size_t j = 0; j < p; j++) {
            double *w = W + j * stride;
            for (size_t c = 0; c < stride; c++) w[c] += z[j] * x[c];
            for (size_t h = 0; h < p; h++) T[j * p + h] += z[j] * z[h];
        }
    }
}

static as_status subspace(as_ctx *ctx, size_t n, size_t m, const double *X, size_t stride,
                          as_pca *out)
{
    const size_t p = out->k + MORE < m ? out->k + MORE : m;
    double *Q = AS_NEW_N(as_scratch(ctx), double, 2 * p * stride + 2 * p * p + p + 1);
    if (!Q) return AS_ERR;
    double *W = Q + p * stride, *T = W + p * stride, *V = T + p * p, *value = V + p * p;
    as_random r;
    as_random_seed(&r, 20220318, 0);
    for (size_t j = 0; j < p; j++)
        for (size_t c = 0; c < m; c++) Q[j * stride + c] = as_random_normal(&r);
    orthonormal(p, Q, stride);
    for (int turn = 0; turn < TURNS; turn++) {
        double change = 0;
        multiply(n, X, stride, p, Q, W, T);
        AS_TRY(eigen(ctx, p, T, value, V));
        for (size_t j = 0; j < out->k; j++) {
            change = fmax(change, fabs(value[j] - out->value[j]) / fmax(value[j], 1e-300));
            out->value[j] = value[j];
        }
        memset(out->loading, 0, out->k * stride * sizeof *Q); /* Ritz vectors */
        for (size_t j = 0; j < out->k; j++)
            for (size_t h = 0; h < p; h++)
                for (size_t c = 0; c < stride; c++)
                    out->loading[j * stride + c] += V[j * p + h] * Q[h * stride + c];
        if (change < 1e-10) break;
        memcpy(Q, W, p * stride * sizeof *Q);
        orthonormal(p, Q, stride);
    }
    return AS_OK;
}

/* Sign by the largest entry; scores; error functions. */
static void finish(size_t n, size_t m, const double *X, size_t stride, as_pca *p)
{
    const double small = (double)(n < m ? n : m), large = (double)(n < m ? m : n);
    double rest = p->total;
    for (size_t j = 0; j < p->k; j++) {
        double *l = p->loading + j * stride, most = 0;
        for (size_t c = 0; c < m; c++)
            if (fabs(l[c]) > fabs(most)) most = l[c];
        for (size_t c = 0; c < m && most < 0; c++) l[c] = -l[c];
        for (size_t i = 0; i < n; i++) p->score[i * p->k + j] = as_dot(stride, X + i * stride, l);
        const double left = small - (double)(j + 1);
        rest = fmax(0, rest - p->value[j]);
        p->real_error[j] = sqrt(rest / (large * left));
        p->indicator[j] = p->real_error[j] / (left * left);
    }
}

as_status as_pca_fit(as_ctx *ctx, as_arena *a, size_t n, size_t m, const double *D, bool centre,
                     size_t k, as_pca *out)
{
    const size_t stride = as_lanes(m);
    if (k == 0 || k > AS_MIX || k >= n || k >= m)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu components of %zu series of %zu points, expected 1 to %zu", k, n, m,
                       (n < m ? n : m) - 1 < AS_MIX ? (n < m ? n : m) - 1 : (size_t)AS_MIX);
    *out = (as_pca){ .k = k,
                     .score = AS_NEW_N(a, double, n *k),
                     .loading = AS_NEW_N(a, double, k *stride),
                     .mean = AS_NEW_N(a, double, stride),
                     .value = AS_NEW_N(a, double, k),
                     .real_error = AS_NEW_N(a, double, k),
                     .indicator = AS_NEW_N(a, double, k) };
    double *X = AS_NEW_N(as_scratch(ctx), double, n *stride);
    if (!out->score || !out->loading || !out->mean || !out->value || !out->real_error ||
        !out->indicator || !X)
        return AS_ERR;
    for (size_t i = 0; i < n && centre; i++)
        for (size_t c = 0; c < m; c++) out->mean[c] += D[i * stride + c] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < m; c++) X[i * stride + c] = D[i * stride + c] - out->mean[c];
    for (size_t i = 0; i < n; i++) out->total += as_dot(stride, X + i * stride, X + i * stride);
    if (!(out->total > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "all series are the same: there are no components");
    AS_TRY(n <= EXACT ? exact(ctx, n, X, stride, out) : subspace(ctx, n, m, X, stride, out));
    finish(n, m, X, stride, out);
    return AS_OK;
}
