/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locally weighted lines or parabolas with robust weights (lowess.h). */
#include <math.h>

#include "lowess.h"
#include "sorted.h"

/* The window of `span` rows nearest to row i. */
static size_t window_of(size_t n, const double *x, size_t i, size_t span)
{
    size_t lo = i > span / 2 ? i - span / 2 : 0;
    if (lo + span > n) lo = n - span;
    while (lo > 0 && lo + span > i + 1 && fabs(x[i] - x[lo - 1]) < fabs(x[lo + span - 1] - x[i])) lo--;
    while (lo < i && lo + span < n && fabs(x[lo + span] - x[i]) < fabs(x[i] - x[lo])) lo++;
    return lo;
}

static double local(const as_lowess_how *how, size_t n, const double *x, const double *y,
                    const double *w, size_t i)
{
    const size_t span = how->span < n ? how->span : n, lo = window_of(n, x, i, span);
    const double reach = 1.0001 * fmax(fabs(x[i] - x[lo]), fabs(x[lo + span - 1] - x[i]));
    double m[5] = { 0 }, r[3] = { 0 };
    for (size_t j = lo; j < lo + span; j++) {
        const double t = (x[j] - x[i]) / reach, a = 1 - fabs(t * t * t), k = a * a * a * w[j];
        m[0] += k; m[1] += k * t; m[2] += k * t * t;
        m[3] += k * t * t * t; m[4] += k * t * t * t * t;
        r[0] += k * y[j]; r[1] += k * t * y[j]; r[2] += k * t * t * y[j];
    }
    if (!(m[0] > 0)) return y[i];
    const double mean = r[0] / m[0], d = m[2] - m[1] * m[1] / m[0], e = r[1] - m[1] * mean;
    if (!(d > 1e-9 * m[0])) return mean;
    const double slope = e / d;
    if (how->order < 2) return mean - slope * m[1] / m[0];
    const double f = m[3] - m[2] * m[1] / m[0], g = m[4] - m[2] * m[2] / m[0] - f * f / d;
    if (!(g > 1e-9 * m[0])) return mean - slope * m[1] / m[0];
    const double curve = (r[2] - m[2] * mean - f * slope) / g, b = slope - curve * f / d;
    return mean - b * m[1] / m[0] - curve * m[2] / m[0];
}

/* Bisquare weights of residuals over `scale` robust deviations. False: nothing to weigh. */
static bool reweigh(const as_lowess_how *how, size_t n, const double *y, const double *use,
                    const double *z, double *w, double *spare)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (use[i] > 0) spare[used++] = fabs(y[i] - z[i]);
    const double s = as_median(used, spare) * (how->scale > 0 ? how->scale : 6);
    if (!(s > 0)) return false;
    for (size_t i = 0; i < n; i++) {
        const double r = (y[i] - z[i]) / s;
        const double b = fabs(r) < 1 ? (1 - r * r) * (1 - r * r) : 0;
        w[i] = use[i] * (how->baseline && r < 0 ? 1 : b);
    }
    return true;
}

void as_lowess(size_t n, const double *x, const double *y, const double *use, const as_lowess_how *how,
               double *work, double *z)
{
    double *w = work, *spare = work + n;
    const size_t skip = how->span / 40 > 0 ? how->span / 40 : 1;
    for (size_t i = 0; i < n; i++) w[i] = use[i];
    for (int round = 0; round <= how->rounds; round++) {
        size_t last = 0;
        for (size_t i = 0; i < n; i = i + skip < n || i == n - 1 ? i + skip : n - 1) {
            z[i] = local(how, n, x, y, w, i);
            for (size_t j = last + 1; j < i; j++)
                z[j] = z[last] + (z[i] - z[last]) * (x[j] - x[last]) / (x[i] - x[last]);
            last = i;
        }
        if (round < how->rounds && !reweigh(how, n, y, use, z, w, spare)) return;
    }
}
