/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise of a curve from its second differences (noise_level.h). */
#include <math.h>

#include "noise_level.h"
#include "sorted.h"

double as_noise_level(size_t n, const double *y, double *work)
{
    if (n < 3) return NAN;
    for (size_t i = 0; i + 2 < n; i++) work[i] = y[i] - 2 * y[i + 1] + y[i + 2];
    const double robust = as_mad_sigma(n - 2, work, work + n) / sqrt(6);
    if (robust > 0) return robust;
    double sum = 0; /* more than half of the differences are equal: rounded or smooth data */
    for (size_t i = 0; i + 2 < n; i++) sum += fabs(work[i]);
    return sum / (double)(n - 2) * sqrt(acos(-1.0) / 2) / sqrt(6);
}

double as_noise_range(double n)
{
    const double a = sqrt(2 * log(fmax(n, 4)));
    const double b = a - (log(log(fmax(n, 4))) + log(4 * acos(-1.0))) / (2 * a);
    return 2 * b + 6.45 / a; /* 6.45: the 99 % point of the sum of two standard Gumbels */
}
