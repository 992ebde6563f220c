/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SNIP: v_i becomes min(v_i, mean of v_i-p and v_i+p) for each window p (snip.h). */
#include <math.h>
#include <string.h>

#include "simd.h"
#include "snip.h"

/* Rows p .. n - p: the loop that costs the time. */
AS_WIDEST static void clip_rows(size_t n, size_t p, const double *restrict v, double *restrict out)
{
    for (size_t i = p; i + p < n; i++) {
        const double mean = 0.5 * (v[i - p] + v[i + p]);
        out[i] = mean < v[i] ? mean : v[i];
    }
}

static double at(const double *v, size_t i, size_t p, int num, int den)
{
    const size_t d = p * (size_t)num / (size_t)den;
    return v[i - d] + v[i + d];
}

/* Filters of higher order keep the baseline's own curvature (Morhac & Matousek 2008). */
static double filtered(const double *v, size_t i, size_t p, int order)
{
    double best = 0.5 * at(v, i, p, 1, 1);
    if (order >= 4) best = fmax(best, (4 * at(v, i, p, 1, 2) - at(v, i, p, 1, 1)) / 6);
    if (order >= 6)
        best = fmax(best, (15 * at(v, i, p, 1, 3) - 6 * at(v, i, p, 2, 3) + at(v, i, p, 1, 1)) / 20);
    if (order >= 8)
        best = fmax(best, (56 * at(v, i, p, 1, 4) - 28 * at(v, i, p, 1, 2) + 8 * at(v, i, p, 3, 4) -
                           at(v, i, p, 1, 1)) / 70);
    return best;
}

static void running_mean(size_t n, size_t half, const double *v, double *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t reach = half < i ? half : i;
        if (reach > n - 1 - i) reach = n - 1 - i;
        double sum = 0;
        for (size_t j = i - reach; j <= i + reach; j++) sum += v[j];
        out[i] = sum / (double)(2 * reach + 1);
    }
}

static void clip(size_t n, size_t p, const as_snip_how *how, double *v, double *work)
{
    double *out = work, *mean = work + n;
    const size_t inner = p < (n - 1) / 2 ? p : (n - 1) / 2;
    memcpy(out, v, n * sizeof *v);
    if (how->smooth) {
        running_mean(n, how->smooth, v, mean);
        for (size_t i = 1; i + 1 < n; i++) {
            const size_t edge = i < n - 1 - i ? i : n - 1 - i, q = p < edge ? p : edge;
            const double b = filtered(mean, i, q, how->order);
            out[i] = b < v[i] ? b : mean[i];
        }
    } else if (how->order == 2) {
        for (size_t i = 1; i < inner; i++) { /* the window shrinks towards the ends */
            out[i] = fmin(v[i], 0.5 * (v[0] + v[2 * i]));
            out[n - 1 - i] = fmin(v[n - 1 - i], 0.5 * (v[n - 1] + v[n - 1 - 2 * i]));
        }
        clip_rows(n, inner, v, out);
    } else {
        for (size_t i = 1; i + 1 < n; i++) {
            const size_t edge = i < n - 1 - i ? i : n - 1 - i;
            out[i] = fmin(v[i], filtered(v, i, p < edge ? p : edge, how->order));
        }
    }
    memcpy(v, out, n * sizeof *v);
}

/* The next smaller window: every one, or about a sixth less. */
static size_t smaller(size_t p, bool ladder)
{
    return ladder && p > 6 ? p - p / 6 : p - 1;
}

void as_snip(size_t n, const as_snip_how *how, double *v, double *work)
{
    if (n < 3) return;
    if (!how->increasing) {
        for (size_t p = how->half; p > 0; p = smaller(p, how->ladder)) clip(n, p, how, v, work);
        return;
    }
    size_t from = 0; /* the same windows, from the small end */
    while (from < how->half) {
        size_t p = how->half;
        while (p > from + 1 && smaller(p, how->ladder) > from) p = smaller(p, how->ladder);
        clip(n, p, how, v, work);
        from = p;
    }
}

double as_snip_lls(double v)
{
    return log(log(sqrt(v + 1) + 1) + 1);
}

double as_snip_lls_back(double t)
{
    const double root = expm1(expm1(t));
    return root * root - 1;
}
