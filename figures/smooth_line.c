/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smooth_line.h"

#include <math.h>

/* Of the chord from i to k; NaN where there is none. */
static double chord(size_t n, const double *x, const double *y, size_t i, size_t k)
{
    return k < n && x[i] != x[k] ? (y[k] - y[i]) / (x[k] - x[i]) : NAN;
}

/* At point i, by its neighbours: at the ends, and beside a gap, the parabola is the nearest one. */
static double slope(size_t n, const double *x, const double *y, size_t i)
{
    const double left = i > 0 ? chord(n, x, y, i - 1, i) : NAN, right = chord(n, x, y, i, i + 1);
    if (isfinite(left) && isfinite(right)) {
        const double a = x[i] - x[i - 1], b = x[i + 1] - x[i];
        return (left * b + right * a) / (a + b);
    }
    const double beyond = isfinite(right) && i + 2 < n ? chord(n, x, y, i + 1, i + 2)
                          : isfinite(left) && i > 1    ? chord(n, x, y, i - 2, i - 1)
                                                       : NAN;
    const double near = isfinite(right) ? right : left;
    if (!isfinite(beyond)) return near;
    const double h = isfinite(right) ? x[i + 1] - x[i] : x[i] - x[i - 1];
    const double next = isfinite(right) ? x[i + 2] - x[i + 1] : x[i - 1] - x[i - 2];
    return near + (near - beyond) * h / (h + next);
}

void as_smooth(size_t n, const double *x, const double *y, size_t parts, double *x_out, double *y_out)
{
    for (size_t i = 0; i + 1 < n; i++) {
        const double h = x[i + 1] - x[i], rise = y[i + 1] - y[i];
        double from = slope(n, x, y, i) * h - rise, to = rise - slope(n, x, y, i + 1) * h;
        if (!isfinite(from) || !isfinite(to) || h == 0) from = to = 0;
        for (size_t k = 0; k < parts; k++) {
            const double t = (double)k / (double)parts;
            if (x_out) x_out[i * parts + k] = x[i] + t * h;
            if (y_out) y_out[i * parts + k] = k == 0 ? y[i] : y[i] + t * (rise + (1 - t) * ((1 - t) * from + t * to));
        }
    }
    if (n > 0 && x_out) x_out[(n - 1) * parts] = x[n - 1];
    if (n > 0 && y_out) y_out[(n - 1) * parts] = y[n - 1];
}
