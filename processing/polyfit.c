/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares polynomials by Forsythe's recurrence (polyfit.h). */
#include <math.h>

#include "polyfit.h"

void as_polyfit(size_t n, int order, const double *u, const double *w, const double *y,
                double *work, double *z)
{
    double *before = work, *p = work + n, *left = work + 2 * n; /* P_k-1, P_k, what is left of y */
    double norm_before = 0;
    for (size_t i = 0; i < n; i++) {
        before[i] = 0;
        p[i] = 1;
        left[i] = y[i];
        z[i] = 0;
    }
    for (int k = 0; k <= order; k++) {
        double norm = 0, shift = 0, c = 0;
        for (size_t i = 0; i < n; i++) {
            const double wp = w[i] * p[i];
            norm += wp * p[i];
            shift += wp * p[i] * u[i];
            c += wp * left[i];
        }
        if (!(norm > 0)) return; /* fewer rows than the order asks for */
        c /= norm;
        shift /= norm;
        const double back = k ? norm / norm_before : 0;
        for (size_t i = 0; i < n; i++) {
            z[i] += c * p[i];
            left[i] -= c * p[i];
            const double next = (u[i] - shift) * p[i] - back * before[i];
            before[i] = p[i];
            p[i] = next;
        }
        norm_before = norm;
    }
}

void as_polyfit_scale(size_t n, const double *x, double *u)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) continue;
        lo = fmin(lo, x[i]);
        hi = fmax(hi, x[i]);
    }
    for (size_t i = 0; i < n; i++)
        u[i] = isfinite(x[i]) && hi > lo ? (2 * x[i] - lo - hi) / (hi - lo) : 0;
}
