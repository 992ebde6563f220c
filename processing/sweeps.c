/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps of a voltammogram: see sweeps.h. */
#include <math.h>

#include "linear_fit.h"
#include "peaks_find.h"
#include "sweeps.h"

static size_t close_sweep(as_sweep *out, size_t k, size_t room, const double *e, size_t from,
                          size_t to, int direction, double reversal)
{
    if (direction == 0 || k == room || fabs(e[to] - e[from]) < 2 * reversal) return k;
    out[k] = (as_sweep){ from, to - from + 1, direction };
    return k + 1;
}

size_t as_sweeps_of(size_t n, const double *e, double reversal, size_t room, as_sweep *out)
{
    size_t begin = 0, extreme = 0, k = 0;
    int direction = 0;
    for (size_t i = 1; i < n; i++) {
        if (direction == 0) { /* the first move that is more than noise */
            if (fabs(e[i] - e[0]) < reversal) continue;
            direction = e[i] > e[0] ? 1 : -1;
            extreme = i;
        } else if (direction * (e[i] - e[extreme]) >= 0) {
            extreme = i;
        } else if (direction * (e[extreme] - e[i]) >= reversal) {
            k = close_sweep(out, k, room, e, begin, extreme, direction, reversal);
            begin = extreme;
            extreme = i;
            direction = -direction;
        }
    }
    return n ? close_sweep(out, k, room, e, begin, n - 1, direction, reversal) : 0;
}

/* The vertex of the parabola through rows [a, b), x from `x0`. */
static as_status vertex(as_ctx *ctx, const double *x, const double *y, size_t a, size_t b,
                        double x0, double window, as_sweep_peak *out)
{
    double *t = AS_NEW_N(as_scratch(ctx), double, b - a);
    as_linear_fit f;
    if (!t) return AS_ERR;
    for (size_t i = a; i < b; i++) t[i - a] = x[i] - x0;
    if (as_fit_polynomial(ctx, as_scratch(ctx), b - a, 2, t, y + a, NULL, false, &f) != AS_OK) {
        if (as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
        as_forget_error(ctx);
        return AS_OK;
    }
    const double at = -f.p[1] / (2 * f.p[2]);
    if (!(f.p[2] < 0) || fabs(at) > window) return AS_OK;
    const double *c = f.covariance; /* at = -p1 / 2 p2; height = p0 + p1 at + p2 at^2 */
    const double d1 = -1 / (2 * f.p[2]), d2 = f.p[1] / (2 * f.p[2] * f.p[2]);
    out->at = x0 + at;
    out->u_at = sqrt(fmax(0, d1 * d1 * c[4] + d2 * d2 * c[8] + 2 * d1 * d2 * c[5]));
    out->height = f.p[0] + f.p[1] * at + f.p[2] * at * at;
    out->u_height = sqrt(fmax(0, c[0] + at * at * c[4] + at * at * at * at * c[8] + 2 * at * c[1] +
                                     2 * at * at * c[2] + 2 * at * at * at * c[5]));
    return AS_OK;
}

as_status as_sweep_peak_of(as_ctx *ctx, size_t n, const double *x, const double *y, double window,
                           double least, as_sweep_peak *out)
{
    size_t *at = AS_NEW_N(as_scratch(ctx), size_t, n / 2 + 2);
    *out = (as_sweep_peak){ NAN, NAN, NAN, NAN, 0 };
    if (!at) return AS_ERR;
    if (n < 3) return AS_OK;
    const size_t m = as_peaks_maxima(n, y, at);
    size_t *work = AS_NEW_N(as_scratch(ctx), size_t, 4 * m + 4), best = 0;
    as_peak *p = AS_NEW_N(as_scratch(ctx), as_peak, m + 1);
    if (!work || !p) return AS_ERR;
    as_peaks_prominences(n, y, m, at, work, p);
    for (size_t i = 1; i < m; i++)
        if (p[i].prominence > p[best].prominence) best = i;
    if (m == 0 || p[best].prominence < least) return AS_OK;
    out->prominence = p[best].prominence;
    size_t a = p[best].at, b = a + 1;
    while (a > 0 && fabs(x[a - 1] - x[p[best].at]) <= window) a--;
    while (b < n && fabs(x[b] - x[p[best].at]) <= window) b++;
    return b - a >= 5 ? vertex(ctx, x, y, a, b, x[p[best].at], window, out) : AS_OK;
}
