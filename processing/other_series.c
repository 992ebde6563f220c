/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another series on the rows of this one: see other_series.h. */
#include "other_series.h"

#include <math.h>

#include "interpolate.h"

as_status as_other_on_rows(as_ctx *ctx, const as_curve *c, const as_table *other, bool interpolate,
                           double *y, double *sigma, bool *has_sigma)
{
    as_table *copy = as_table_copy(ctx, other);
    as_curve o;
    if (!copy) return AS_ERR;
    AS_TRY(as_curve_of(ctx, copy, 1, &o));
    if (!as_unit_same_dimension(&o.x_column->unit, &c->x_column->unit))
        return as_fail(ctx, AS_E_UNIT, NULL, "the other series has x in %s, this one in %s",
                       o.x_column->unit.symbol, c->x_column->unit.symbol);
    for (size_t i = 0; i < o.n; i++)
        o.x[i] = as_unit_convert(o.x[i], &o.x_column->unit, &c->x_column->unit);
    *has_sigma = o.sigma != NULL;
    bool same = o.n == c->n;
    const double close = 1e-3 * fabs(as_curve_step(c));
    for (size_t i = 0; same && i < c->n; i++)
        same = fabs(o.x[i] - c->x[i]) <= close || (isnan(o.x[i]) && isnan(c->x[i]));
    if (same) {
        for (size_t i = 0; i < c->n; i++) {
            y[i] = o.use[i] > 0 ? o.y[i] : NAN;
            sigma[i] = o.sigma ? o.sigma[i] : NAN;
        }
        return AS_OK;
    }
    if (!interpolate)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the other series, %s, has other x (%zu rows, here %zu); --interpolate draws lines "
                       "between its points", other->name ? other->name : "?", o.n, c->n);
    if (!as_curve_direction(ctx, &o) || o.used < 2) return AS_ERR;
    const bool falls = o.x[0] > o.x[o.n - 1];
    double *m = AS_NEW_N(as_scratch(ctx), double, 6 * o.n);
    if (!m) return AS_ERR;
    size_t n = 0;
    for (size_t i = 0; i < o.n; i++) {
        const size_t j = falls ? o.n - 1 - i : i;
        if (!(o.use[j] > 0)) continue;
        m[n] = o.x[j];
        m[o.n + n] = o.y[j];
        m[2 * o.n + n++] = o.sigma ? o.sigma[j] : NAN;
    }
    as_interpolate(AS_LINEAR, n, m, m + o.n, false, c->n, c->x, m + 3 * o.n, y);
    as_interpolate(AS_LINEAR, n, m, m + 2 * o.n, false, c->n, c->x, m + 3 * o.n, sigma);
    return AS_OK; /* the larger of two errors of a mean: on the safe side */
}
