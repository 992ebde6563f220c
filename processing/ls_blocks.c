/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares, many curves at once: the factor, the step and the covariance by blocks of rows and
 * their own parameters (angular.h), always from QR.
 */
#include <math.h>
#include <string.h>

#include "angular.h"
#include "dense.h"
#include "lanes.h"
#include "ls_parts.h"

typedef struct ls_blocks {
    as_angular plain, damped;
    double *A;       /* one block: columns, right side, work */
    double *own;     /* factors of all blocks, n_own (width + 1) entries each */
    double *own_damped;
    size_t *from;    /* first of each block among the active; behind them, the first common one */
    double *R, *inverse, *C;    /* of the common ones */
    double *G, *room, *cov;     /* of one block, width squared */
} ls_blocks;

/* Rows of block b, those of restraints too. */
static size_t span_of(const ls_work *w, size_t b)
{
    return (b + 1 < w->n_blocks ? w->first[b + 1] : w->stride) - w->first[b];
}

static size_t own_of(const ls_work *w, size_t b)
{
    return w->blocks->from[b + 1] - w->blocks->from[b];
}

static size_t common_of(const ls_work *w)
{
    return w->n_active - w->blocks->from[w->n_blocks];
}

static double *factor_of(const ls_work *w, double *all, size_t b)
{
    return all + b * w->n_own * (w->width + 1);
}

as_status ls_blocks_prepare(as_ctx *ctx, ls_work *w)
{
    as_arena *s = as_scratch(ctx);
    const size_t wide = w->width, common = w->n_common;
    size_t rows = 2 * w->n_own > wide + 1 ? 2 * w->n_own : wide + 1;
    for (size_t b = 0; b < w->n_blocks; b++)
        if (span_of(w, b) > rows) rows = span_of(w, b);
    ls_blocks *k = w->blocks = AS_NEW(s, ls_blocks);
    if (!k) return AS_ERR;
    AS_TRY(as_angular_new(ctx, s, common, &k->plain));
    AS_TRY(as_angular_new(ctx, s, common, &k->damped));
    const size_t all = w->n_blocks * w->n_own * (wide + 1);
    k->A = AS_NEW_N(s, double, as_lanes(rows) * (wide + 2));
    k->own = AS_NEW_N(s, double, 2 * all + 1);
    k->from = AS_NEW_N(s, size_t, w->n_blocks + 1);
    k->R = AS_NEW_N(s, double, 3 * common * common + 3 * wide * wide + 1);
    if (!k->A || !k->own || !k->from || !k->R) return AS_ERR;
    k->own_damped = k->own + all;
    k->inverse = k->R + common * common;
    k->C = k->inverse + common * common;
    k->G = k->C + common * common;
    k->room = k->G + wide * wide;
    k->cov = k->room + wide * wide;
    return AS_OK;
}

void ls_blocks_normal(ls_work *w)
{
    const size_t own = w->n_own, common = w->n_common, all = w->n_blocks * own;
    double *dots = w->blocks->cov;
    memset(w->gradient, 0, w->problem->m * sizeof *dots);
    memset(w->diagonal, 0, w->problem->m * sizeof *dots);
    for (size_t b = 0; b < w->n_blocks; b++) {
        const double *J = w->J + w->first[b];
        const size_t span = span_of(w, b);
        as_dots(span, w->width, J, w->stride, w->r + w->first[b], dots);
        for (size_t c = 0; c < own + common; c++) {
            const size_t k = c < own ? b * own + c : all + c - own;
            w->gradient[k] += dots[c];
            w->diagonal[k] += as_dot(span, J + c * w->stride, J + c * w->stride);
        }
    }
}

/* The active columns of block b and r into A. */
static size_t gather(ls_work *w, size_t b, const double *J, const double *r)
{
    const ls_blocks *k = w->blocks;
    const size_t own = own_of(w, b), columns = own + common_of(w), span = span_of(w, b);
    const size_t stride = as_lanes(span > columns + 1 ? span : columns + 1);
    for (size_t c = 0; c <= columns; c++) {
        const size_t at = c < own ? k->from[b] + c : k->from[w->n_blocks] + c - own;
        const size_t column = c == columns ? 0
                              : c < own    ? w->active[at] - b * w->n_own
                                           : w->n_own + w->active[at] - w->n_blocks * w->n_own;
        const double *from = (c == columns ? r : J + column * w->stride) + w->first[b];
        memcpy(k->A + c * stride, from, span * sizeof *from);
        memset(k->A + c * stride + span, 0, (stride - span) * sizeof *from);
    }
    return stride;
}

/* A dependent column must not divide by zero; the condition tells. */
static void revive(double *diagonal, double *right)
{
    if (*diagonal != 0) return;
    *diagonal = 0x1p-1000;
    *right = 0;
}

void ls_blocks_factor(ls_work *w, const double *J, const double *r)
{
    ls_blocks *k = w->blocks;
    size_t i = 0;
    for (size_t b = 0; b < w->n_blocks; b++) {
        k->from[b] = i;
        while (i < w->n_active && w->active[i] < (b + 1) * w->n_own) i++;
    }
    k->from[w->n_blocks] = i;
    const size_t common = common_of(w);
    as_angular_begin(&k->plain, common);
    for (size_t b = 0; b < w->n_blocks; b++) {
        const size_t own = own_of(w, b), stride = gather(w, b, J, r);
        double *factor = factor_of(w, k->own, b), *right = factor + (own + common) * own;
        as_angular_add(&k->plain, span_of(w, b), own, k->A, stride, factor);
        for (size_t c = 0; c < own; c++) revive(factor + c * own + c, right + c);
        memcpy(w->qr + k->from[b], right, own * sizeof *right);
    }
    double *stack = k->plain.stack, *right = stack + common * k->plain.rows;
    for (size_t c = 0; c < common; c++) revive(stack + c * k->plain.rows + c, right + c);
    memcpy(w->qr + k->from[w->n_blocks], right, common * sizeof *right);
    for (size_t c = 0; c < w->n_active; c++) w->norm[c] = 1;
    w->by_qr = true;
}

/* The factor with rows sqrt(lambda) trust below it. */
static void damp(ls_work *w, double lambda)
{
    ls_blocks *k = w->blocks;
    const size_t common = common_of(w), first = k->from[w->n_blocks];
    as_angular_begin(&k->damped, common);
    for (size_t c = 0; c <= common; c++)
        for (size_t i = 0; i <= c; i++) *as_angular_row(&k->damped, i, c) = as_angular_at(&k->plain, i, c);
    as_angular_rotate(&k->damped);
    for (size_t c = 0; c < common; c++)
        *as_angular_row(&k->damped, c, c) = sqrt(lambda) * w->trust[w->active[first + c]];
    as_angular_rotate(&k->damped);
    for (size_t b = 0; b < w->n_blocks; b++) {
        const size_t own = own_of(w, b), columns = own + common;
        const size_t stride = as_lanes(2 * own > columns + 1 ? 2 * own : columns + 1);
        const double *factor = factor_of(w, k->own, b);
        if (own == 0) continue;
        memset(k->A, 0, (columns + 1) * stride * sizeof *k->A);
        for (size_t c = 0; c <= columns; c++) memcpy(k->A + c * stride, factor + c * own, own * sizeof *factor);
        for (size_t c = 0; c < own; c++)
            k->A[c * stride + own + c] = sqrt(lambda) * w->trust[w->active[k->from[b] + c]];
        as_angular_add(&k->damped, 2 * own, own, k->A, stride, factor_of(w, k->own_damped, b));
    }
}

void ls_blocks_step(ls_work *w, double lambda)
{
    ls_blocks *k = w->blocks;
    const size_t common = common_of(w), first = k->from[w->n_blocks];
    double *x = w->column, *own_x = x + common;
    if (lambda > 0) damp(w, lambda);
    as_angular_common(lambda > 0 ? &k->damped : &k->plain, k->R, x);
    for (size_t c = 0; c < common; c++) w->step[w->active[first + c]] = x[c];
    for (size_t b = 0; b < w->n_blocks; b++) {
        const size_t own = own_of(w, b);
        as_angular_back(own, common, factor_of(w, lambda > 0 ? k->own_damped : k->own, b), x, own_x);
        for (size_t c = 0; c < own; c++) w->step[w->active[k->from[b] + c]] = own_x[c];
    }
}

double ls_blocks_square(const ls_work *w)
{
    const ls_blocks *k = w->blocks;
    const size_t common = common_of(w), first = k->from[w->n_blocks];
    double sum = 0;
    for (size_t b = 0; b < w->n_blocks; b++) {
        const size_t own = own_of(w, b);
        const double *factor = factor_of(w, k->own, b);
        for (size_t i = 0; i < own; i++) {
            double s = 0;
            for (size_t c = i; c < own; c++)
                s += factor[c * own + i] * w->step[w->active[k->from[b] + c]];
            for (size_t c = 0; c < common; c++)
                s += factor[(own + c) * own + i] * w->step[w->active[first + c]];
            sum += s * s;
        }
    }
    for (size_t i = 0; i < common; i++) {
        double s = 0;
        for (size_t c = i; c < common; c++)
            s += as_angular_at(&k->plain, i, c) * w->step[w->active[first + c]];
        sum += s * s;
    }
    return sum;
}

/* |R| |R^-1| in the 1-norm, columns of unit norm, as as_condition. `G`: -R^-1 U of one block. */
typedef struct norms {
    double *common, *common_inverse; /* sums of the common columns so far */
    double most, most_inverse;
} norms;

static void add_norms(const ls_work *w, size_t b, norms *n)
{
    const ls_blocks *k = w->blocks;
    const size_t own = own_of(w, b), common = common_of(w), first = k->from[w->n_blocks];
    const double *factor = factor_of(w, k->own, b);
    as_invert(own, factor, k->room);
    for (size_t c = 0; c < own; c++) {
        const double norm = sqrt(w->diagonal[w->active[k->from[b] + c]]);
        double sum = 0, inverse = 0;
        for (size_t i = 0; i <= c; i++) {
            sum += fabs(factor[c * own + i]) / norm;
            inverse += fabs(k->room[c * own + i]) * sqrt(w->diagonal[w->active[k->from[b] + i]]);
        }
        n->most = fmax(n->most, sum);
        n->most_inverse = fmax(n->most_inverse, inverse);
    }
    for (size_t c = 0; c < common; c++) {
        double *g = k->G;
        for (size_t i = 0; i < own; i++) {
            g[i] = 0;
            for (size_t j = 0; j <= c; j++)
                g[i] -= factor[(own + j) * own + i] * k->inverse[c * common + j];
            n->common[c] += fabs(factor[(own + c) * own + i]) / sqrt(w->diagonal[w->active[first + c]]);
        }
        as_back(own, factor, g);
        for (size_t i = 0; i < own; i++)
            n->common_inverse[c] += fabs(g[i]) * sqrt(w->diagonal[w->active[k->from[b] + i]]);
    }
}

/* After ls_blocks_factor; k->R and k->inverse are those of the common columns. */
static double condition_of(ls_work *w)
{
    const ls_blocks *k = w->blocks;
    const size_t common = common_of(w), first = k->from[w->n_blocks];
    norms n = { .common = w->column, .common_inverse = w->column + common };
    memset(w->column, 0, 2 * common * sizeof *w->column);
    for (size_t b = 0; b < w->n_blocks; b++) add_norms(w, b, &n);
    for (size_t c = 0; c < common; c++) {
        for (size_t i = 0; i <= c; i++) {
            n.common[c] += fabs(k->R[c * common + i]) / sqrt(w->diagonal[w->active[first + c]]);
            n.common_inverse[c] +=
                fabs(k->inverse[c * common + i]) * sqrt(w->diagonal[w->active[first + i]]);
        }
        n.most = fmax(n.most, n.common[c]);
        n.most_inverse = fmax(n.most_inverse, n.common_inverse[c]);
    }
    return n.most * n.most_inverse;
}

double ls_blocks_covariance(ls_work *w, double variance, double *covariance, size_t *worst)
{
    ls_blocks *k = w->blocks;
    const size_t common = common_of(w), width = w->width;
    double top = -1;
    as_angular_common(&k->plain, k->R, w->column);
    as_invert(common, k->R, k->inverse);
    as_outer(common, k->inverse, k->C);
    for (size_t i = 0; i < common * common; i++) k->C[i] *= variance;
    *worst = 0;
    for (size_t b = 0; b < w->n_blocks; b++) {
        const size_t own = own_of(w, b), all = own + common;
        double *out = covariance + b * width * width;
        as_angular_covariance(own, common, factor_of(w, k->own, b), k->C, variance, k->room, k->cov);
        for (size_t i = 0; i < all; i++) {
            const size_t p = w->active[i < own ? k->from[b] + i : k->from[w->n_blocks] + i - own];
            const size_t row = i < own ? p - b * w->n_own : w->n_own + p - w->n_blocks * w->n_own;
            for (size_t j = 0; j < all; j++) {
                const size_t q = w->active[j < own ? k->from[b] + j : k->from[w->n_blocks] + j - own];
                out[row * width + (j < own ? q - b * w->n_own : w->n_own + q - w->n_blocks * w->n_own)] =
                    k->cov[i * all + j];
            }
            const double size = k->cov[i * (all + 1)] * w->diagonal[p];
            if (size <= top) continue;
            top = size;
            *worst = p;
        }
    }
    return condition_of(w);
}
