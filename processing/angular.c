/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares in blocks with columns in common: see angular.h. */
#include <string.h>

#include "angular.h"
#include "dense.h"
#include "lanes.h"

as_status as_angular_new(as_ctx *ctx, as_arena *a, size_t common, as_angular *out)
{
    const size_t rows = as_lanes(2 * (common + 1));
    (void)ctx;
    *out = (as_angular){ .common = common, .rows = rows,
                         .stack = AS_NEW_N(a, double, (common + 2) * rows) };
    if (!out->stack) return AS_ERR;
    out->work = out->stack + (common + 1) * rows;
    return AS_OK;
}

void as_angular_begin(as_angular *k, size_t common)
{
    k->common = common;
    k->rows = as_lanes(2 * (common + 1));
    memset(k->stack, 0, (common + 1) * k->rows * sizeof *k->stack);
}

double *as_angular_row(as_angular *k, size_t i, size_t column)
{
    return k->stack + column * k->rows + k->common + 1 + i;
}

double as_angular_at(const as_angular *k, size_t i, size_t c)
{
    return k->stack[c * k->rows + i];
}

void as_angular_rotate(as_angular *k)
{
    as_qr(2 * (k->common + 1), k->common + 1, k->stack, k->rows, k->work);
}

void as_angular_add(as_angular *k, size_t n, size_t own, double *A, size_t stride, double *factor)
{
    const size_t common = k->common;
    double *v = A + (own + common + 1) * stride;
    as_qr(n, own + common + 1, A, stride, v);
    for (size_t c = 0; c <= own + common; c++)
        memcpy(factor + c * own, A + c * stride, own * sizeof *factor);
    for (size_t c = 0; c <= common; c++)
        memcpy(as_angular_row(k, 0, c), A + (own + c) * stride + own, (c + 1) * sizeof *A);
    as_angular_rotate(k);
}

void as_angular_common(const as_angular *k, double *R, double *x)
{
    const size_t n = k->common;
    for (size_t c = 0; c < n; c++) {
        for (size_t i = 0; i < n; i++) R[c * n + i] = i <= c ? as_angular_at(k, i, c) : 0;
        x[c] = as_angular_at(k, c, n);
    }
    as_back(n, R, x);
}

void as_angular_back(size_t own, size_t common, const double *factor, const double *x_common,
                     double *x)
{
    memcpy(x, factor + (own + common) * own, own * sizeof *x);
    for (size_t c = 0; c < common; c++)
        for (size_t i = 0; i < own; i++) x[i] -= factor[(own + c) * own + i] * x_common[c];
    as_back(own, factor, x);
}

/* With R and U of the block, its own columns move by G = -R^-1 U when the common ones do. */
void as_angular_covariance(size_t own, size_t common, const double *factor,
                           const double *common_covariance, double variance, double *room,
                           double *cov)
{
    const size_t all = own + common;
    double *G = room; /* common columns of own */
    memset(cov, 0, all * all * sizeof *cov);
    as_invert(own, factor, room);
    for (size_t i = 0; i < own; i++)
        for (size_t k = 0; k <= i; k++) {
            double s = 0;
            for (size_t j = i; j < own; j++) s += room[j * own + i] * room[j * own + k];
            cov[i * all + k] = cov[k * all + i] = variance * s;
        }
    if (!common_covariance) return;
    for (size_t c = 0; c < common; c++) {
        for (size_t i = 0; i < own; i++) G[c * own + i] = -factor[(own + c) * own + i];
        as_back(own, factor, G + c * own);
    }
    for (size_t i = 0; i < common; i++)
        for (size_t k = 0; k < common; k++) {
            const double s = common_covariance[i * common + k];
            cov[(own + i) * all + own + k] = s;
            for (size_t j = 0; j < own && s != 0; j++) {
                cov[j * all + own + i] += G[k * own + j] * s;
                cov[(own + i) * all + j] += G[k * own + j] * s;
                for (size_t h = 0; h < own; h++) cov[j * all + h] += G[i * own + j] * s * G[k * own + h];
            }
        }
}
