/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shirley's and Tougaard's backgrounds (shirley.h). */
#include <math.h>

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
            work[i] = work[i - 1] +
                      0.5 * (y[i] - b[i] + y[i - 1] - b[i - 1]) * fabs(x[i] - x[i - 1]);
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

void as_tougaard(size_t n, const double *loss, const double *y, const as_tougaard_how *how, double *b)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < i; j++) {
            const double t = loss[i] - loss[j], t2 = t * t, over = how->c - t2;
            const double k = how->three ? t / (over * over + how->d * t2)
                                        : t / ((how->c + t2) * (how->c + t2));
            const double width = j > 0 ? 0.5 * (loss[j + 1] - loss[j - 1]) : 0.5 * (loss[1] - loss[0]);
            sum += k * y[j] * width;
        }
        b[i] = how->b * sum;
    }
}
