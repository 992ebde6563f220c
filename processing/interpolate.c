/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cubic Hermite curves whose slopes make them splines or PCHIP (interpolate.h). */
#include <math.h>

#include "interpolate.h"

static double end_slope(double h0, double h1, double d0, double d1)
{
    const double s = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
    if (s * d0 <= 0) return 0;
    return d0 * d1 <= 0 && fabs(s) > 3 * fabs(d0) ? 3 * d0 : s;
}

void as_pchip_slopes(size_t m, const double *x, const double *y, double *slope)
{
    for (size_t i = 1; i + 1 < m; i++) {
        const double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
        const double d0 = (y[i] - y[i - 1]) / h0, d1 = (y[i + 1] - y[i]) / h1;
        const double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
        slope[i] = d0 * d1 > 0 ? (w0 + w1) / (w0 / d0 + w1 / d1) : 0;
    }
    if (m < 3) {
        slope[0] = slope[m - 1] = (y[m - 1] - y[0]) / (x[m - 1] - x[0]);
        return;
    }
    const size_t z = m - 1;
    slope[0] = end_slope(x[1] - x[0], x[2] - x[1], (y[1] - y[0]) / (x[1] - x[0]),
                         (y[2] - y[1]) / (x[2] - x[1]));
    slope[z] = end_slope(x[z] - x[z - 1], x[z - 1] - x[z - 2], (y[z] - y[z - 1]) / (x[z] - x[z - 1]),
                         (y[z - 1] - y[z - 2]) / (x[z - 1] - x[z - 2]));
}

/* Continuous second derivatives, 0 at the ends: a tridiagonal system for the slopes. */
void as_spline_slopes(size_t m, const double *x, const double *y, double *work, double *slope)
{
    double *upper = work, *right = work + m;
    for (size_t i = 0; i < m; i++) {
        const double a = i > 0 ? 1 / (x[i] - x[i - 1]) : 0, c = i + 1 < m ? 1 / (x[i + 1] - x[i]) : 0;
        const double r = 3 * ((i > 0 ? (y[i] - y[i - 1]) * a * a : 0) +
                              (i + 1 < m ? (y[i + 1] - y[i]) * c * c : 0));
        const double pivot = 2 * (a + c) - (i > 0 ? a * upper[i - 1] : 0);
        upper[i] = c / pivot;
        right[i] = (r - (i > 0 ? a * right[i - 1] : 0)) / pivot;
    }
    for (size_t i = m; i-- > 0;) slope[i] = right[i] - (i + 1 < m ? upper[i] * slope[i + 1] : 0);
}

static double hermite(double h, double u, double y0, double y1, double s0, double s1)
{
    const double v = 1 - u;
    return v * v * ((1 + 2 * u) * y0 + u * h * s0) + u * u * ((1 + 2 * v) * y1 - v * h * s1);
}

void as_interpolate(as_curve_kind kind, size_t m, const double *x, const double *y, bool extend,
                    size_t n, const double *at, double *work, double *out)
{
    double *slope = work;
    if (kind == AS_CUBIC) as_spline_slopes(m, x, y, work + m, slope);
    if (kind == AS_PCHIP) as_pchip_slopes(m, x, y, slope);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = at[i];
        while (k + 2 < m && t > x[k + 1]) k++;
        while (k > 0 && t < x[k]) k--;
        const double h = x[k + 1] - x[k], u = (t - x[k]) / h;
        if (!(u >= 0 && u <= 1) || kind == AS_LINEAR) {
            const bool inside = u >= 0 && u <= 1;
            const double line = u <= 0.5 ? y[k] + u * (y[k + 1] - y[k])
                                         : y[k + 1] - (1 - u) * (y[k + 1] - y[k]);
            out[i] = inside ? line : !extend ? NAN
                     : kind == AS_LINEAR ? line
                     : u < 0 ? y[k] + slope[k] * (t - x[k])
                             : y[k + 1] + slope[k + 1] * (t - x[k + 1]);
        } else {
            out[i] = hermite(h, u, y[k], y[k + 1], slope[k], slope[k + 1]);
        }
    }
}
