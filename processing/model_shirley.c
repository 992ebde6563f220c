/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Shirley background as a part of the model: at x it is `loss` times the integral of all peaks
 * from the lowest x up to x, by the trapezoidal rule over the fitted rows. Fitted with the peaks it
 * needs no end points and its uncertainty is in theirs (the "active" method of Herrera-Gomez et al.
 * 2014, doi:10.1002/sia.5453); the static form is shirley.h.
 */
#include <math.h>

#include "model_parts.h"

as_status as_model_shirley_check(as_ctx *ctx, const as_model *m)
{
    const double sign = m->x[m->n - 1] < m->x[0] ? -1 : 1;
    for (size_t i = 1; i < m->n; i++)
        if (!(sign * (m->x[i] - m->x[i - 1]) >= 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "x goes back at %g, and a Shirley background needs it in order",
                           m->x[i]);
    return AS_OK;
}

void as_model_integrate(const as_model *m, const double *g, double *integral)
{
    const size_t n = m->stride;
    double sum = 0;
    if (m->x[n - 1] >= m->x[0]) {
        integral[0] = 0;
        for (size_t i = 1; i < n; i++)
            integral[i] = sum += 0.5 * (g[i] + g[i - 1]) * (m->x[i] - m->x[i - 1]);
        return;
    }
    integral[n - 1] = 0;
    for (size_t i = n - 1; i-- > 0;)
        integral[i] = sum += 0.5 * (g[i] + g[i + 1]) * (m->x[i] - m->x[i + 1]);
}

void as_model_shirley_values(const as_model *m, double loss, size_t n, const double *x, double *f)
{
    const double *at = m->x, *v = m->work->integral, sign = at[m->n - 1] < at[0] ? -1 : 1;
    for (size_t i = 0; i < n; i++) {
        size_t lo = 0, hi = m->n - 1;
        while (hi - lo > 1) {
            const size_t k = lo + (hi - lo) / 2;
            if (sign * (x[i] - at[k]) >= 0)
                lo = k;
            else
                hi = k;
        }
        const double width = at[hi] - at[lo], t = width != 0 ? (x[i] - at[lo]) / width : 0;
        f[i] = loss * (v[lo] + fmax(0, fmin(1, t)) * (v[hi] - v[lo]));
    }
}
