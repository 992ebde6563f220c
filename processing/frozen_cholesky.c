/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normal equations with parameters left out: see frozen_cholesky.h. */
#include <math.h>
#include <string.h>

#include "frozen_cholesky.h"

bool as_frozen_cholesky(size_t n, const double *a, const bool *out, double damping, double *l)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double v = i == j;
            if (!out[i] && !out[j])
                v = a[i * n + j] / sqrt(a[i * n + i] * a[j * n + j]) + (i == j ? damping : 0);
            for (size_t k = 0; k < j; k++) v -= l[i * n + k] * l[j * n + k];
            if (i == j && !(v > 1e-14)) return false;
            l[i * n + j] = i == j ? sqrt(v) : v / l[j * n + j];
        }
    return true;
}

void as_frozen_solve(size_t n, const double *l, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k];
        x[i] /= l[i * n + i];
    }
}

void as_frozen_column(size_t n, const double *a, const bool *out, const double *l, size_t j,
                           double *x)
{
    memset(x, 0, n * sizeof *x);
    if (out[j]) return;
    x[j] = 1 / sqrt(a[j * n + j]);
    as_frozen_solve(n, l, x);
    for (size_t i = 0; i < n; i++) x[i] = out[i] ? 0 : x[i] / sqrt(a[i * n + i]);
}
