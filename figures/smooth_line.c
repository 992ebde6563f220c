/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smooth_line.h"

#include <math.h>

/* Slope of the chord from point i to the next one; NaN where there is none. */
static double chord(size_t n, const double *x, const double *y, size_t i)
{
    return i + 1 < n && x[i] != x[i + 1] ? (y[i + 1] - y[i]) / (x[i + 1] - x[i]) : NAN;
}

/* a, or what continues b and c on a parabola. */
static double or_beyond(double a, double b, double c)
{
    return isfinite(a) ? a : isfinite(c) ? 2 * b - c : b;
}

/* At point i: the mean of the chords beside it, that one the heavier which bends less into the next one beyond. */
static double slope(size_t n, const double *x, const double *y, size_t i)
{
    double before = i > 1 ? chord(n, x, y, i - 2) : NAN, left = i > 0 ? chord(n, x, y, i - 1) : NAN;
    double right = chord(n, x, y, i), after = chord(n, x, y, i + 1);
    left = or_beyond(left, right, after);
    right = or_beyond(right, left, before);
    before = or_beyond(before, left, right);
    after = or_beyond(after, right, left);
    const double of_left = fabs(after - right), of_right = fabs(left - before), both = of_left + of_right;
    return both > 0 ? (of_left * left + of_right * right) / both : (left + right) / 2;
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
