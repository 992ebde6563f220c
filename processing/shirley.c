/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shirley's and Tougaard's backgrounds (shirley.h). */
#include <math.h>

#include "fft.h"
#include "shirley.h"

int as_shirley(size_t n, const double *x, const double *y, const as_shirley_how *how, double *work,
               double *b)
{
    double left = 0, right = 0;
    const size_t ends = how->ends < n / 2 ? how->ends : n / 2 > 0 ? n / 2 : 1;
    for (size_t i = 0; i < ends; i++) {
        left += y[i] / (double)ends;
        right += y[n - 1 - i] / (double)ends;
    }
    const double step = right - left;
    for (size_t i = 0; i < n; i++) b[i] = left + step * (double)i / (double)(n - 1);
    if (!(fabs(step) > 0)) return 1;
    for (int round = 1; round <= how->iterations; round++) {
        double change = 0;
        work[0] = 0;
        for (size_t i = 1; i < n; i++)
            work[i] =
                work[i - 1] + 0.5 * (y[i] - b[i] + y[i - 1] - b[i - 1]) * fabs(x[i] - x[i - 1]);
        if (!(work[n - 1] > 0)) return -1;
        for (size_t i = 0; i < n; i++) {
            double now = left + step * work[i] / work[n - 1];
            if (how->ceiling) now = fmin(now, how->ceiling[i]);
            change = fmax(change, fabs(now - b[i]));
            b[i] = now;
        }
        if (change <= how->tolerance * fabs(step)) return round;
    }
    return 0;
}

/* The chance of losing T, over B. */
static double loss_function(const as_tougaard_how *how, double t)
{
    const double t2 = t * t, over = how->three ? how->c - t2 : how->c + t2;
    return t / (over * over + (how->three ? how->d * t2 : 0));
}

void as_tougaard_direct(size_t n, const double *loss, const double *y, const as_tougaard_how *how,
                        double *b)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < i; j++) {
            const double width =
                j > 0 ? 0.5 * (loss[j + 1] - loss[j - 1]) : 0.5 * (loss[1] - loss[0]);
            sum += loss_function(how, loss[i] - loss[j]) * y[j] * width;
        }
        b[i] = how->b * sum;
    }
}

static bool is_even(size_t n, const double *x, double step)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x[i] - x[0] - step * (double)i) <= 1e-3 * fabs(step))) return false;
    return true;
}

/* b is a convolution of y with K: a product of transforms, padded so that nothing wraps round. */
static as_status convolved(as_ctx *ctx, size_t n, double step, const double *y,
                           const as_tougaard_how *how, double *b)
{
    const size_t m = as_fft_length(2 * n), half = m / 2 + 1;
    double *v = AS_NEW_N(as_scratch(ctx), double, m);
    double *p = AS_NEW_N(as_scratch(ctx), double, 2 * half);
    double *q = AS_NEW_N(as_scratch(ctx), double, 2 * half);
    if (!v || !p || !q) return AS_ERR;
    for (size_t i = 1; i < n; i++) v[i] = how->b * step * loss_function(how, step * (double)i);
    AS_TRY(as_fft(ctx, m, v, p));
    for (size_t i = 0; i < m; i++) v[i] = i >= n ? 0 : i == 0 ? 0.5 * y[0] : y[i];
    AS_TRY(as_fft(ctx, m, v, q));
    for (size_t k = 0; k < half; k++) {
        const double re = p[2 * k] * q[2 * k] - p[2 * k + 1] * q[2 * k + 1];
        q[2 * k + 1] = p[2 * k] * q[2 * k + 1] + p[2 * k + 1] * q[2 * k];
        q[2 * k] = re;
    }
    AS_TRY(as_fft_back(ctx, m, q, v));
    for (size_t i = 0; i < n; i++) b[i] = i > 0 ? v[i] : 0;
    return AS_OK;
}

as_status as_tougaard(as_ctx *ctx, size_t n, const double *loss, const double *y,
                      const as_tougaard_how *how, double *b)
{
    const double step = n > 1 ? (loss[n - 1] - loss[0]) / (double)(n - 1) : 0;
    if (n > 256 && is_even(n, loss, step)) return convolved(ctx, n, step, y, how, b);
    as_tougaard_direct(n, loss, y, how, b);
    return AS_OK;
}
