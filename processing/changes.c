/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optimal partition of a curve into levels or lines: see changes.h. */
#include "changes.h"

#include <math.h>

typedef struct sums { /* prefix sums about the mean of all rows */
    double x, y, xx, xy, yy;
} sums;

static as_segment segment_of(const sums *s, size_t from, size_t to, as_segment_form form, double x0,
                             double y0)
{
    const double n = (double)(to - from), x = s[to].x - s[from].x, y = s[to].y - s[from].y;
    const double sxx = s[to].xx - s[from].xx - x * x / n, sxy = s[to].xy - s[from].xy - x * y / n;
    const double syy = s[to].yy - s[from].yy - y * y / n;
    as_segment out = {
        .from = from, .to = to, .mean_x = x / n + x0, .mean_y = y / n + y0, .sxx = sxx
    };
    if (form == AS_SEGMENT_LINE && sxx > 0) out.slope = sxy / sxx;
    out.cost = fmax(syy - out.slope * sxy, 0);
    return out;
}

static sums *sums_of(as_arena *a, size_t n, const double *x, const double *y, double *x0,
                     double *y0)
{
    sums *s = AS_NEW_N(a, sums, n + 1);
    *x0 = *y0 = 0;
    for (size_t i = 0; i < n; i++) *x0 += x[i] / (double)n, *y0 += y[i] / (double)n;
    for (size_t i = 0; s && i < n; i++) {
        const double dx = x[i] - *x0, dy = y[i] - *y0;
        s[i + 1] = (sums){ s[i].x + dx, s[i].y + dy, s[i].xx + dx * dx, s[i].xy + dx * dy,
                           s[i].yy + dy * dy };
    }
    return s;
}

as_status as_changes(as_ctx *ctx, as_arena *a, size_t n, const double *x, const double *y,
                     double sigma, as_segment_form form, double penalty, size_t least,
                     as_segment **out, size_t *count)
{
    double x0, y0;
    if (n > AS_CHANGES_MOST_ROWS)
        return as_fail(ctx, AS_E_LIMIT, NULL,
                       "%zu rows, at most %d are searched for changes: average or crop them", n,
                       AS_CHANGES_MOST_ROWS);
    const sums *s = sums_of(a, n, x, y, &x0, &y0);
    double *best = AS_NEW_N(a, double, n + 1); /* of the rows before i */
    size_t *cut = AS_NEW_N(a, size_t, n + 1);
    if (!s || !best || !cut) return AS_ERR;
    const double price = penalty * sigma * sigma * log((double)n);
    best[0] = -price;
    for (size_t to = 1; to <= n; to++) {
        best[to] = INFINITY;
        for (size_t from = 0; from + least <= to; from++) {
            if (!isfinite(best[from])) continue;
            const double cost = best[from] + price + segment_of(s, from, to, form, x0, y0).cost;
            if (cost < best[to]) best[to] = cost, cut[to] = from;
        }
    }
    size_t m = 0;
    for (size_t to = n; to > 0 && isfinite(best[to]); to = cut[to]) m++;
    if (m == 0) return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu rows, fewer than a segment has", n);
    *out = AS_NEW_N(a, as_segment, m);
    if (!*out) return AS_ERR;
    *count = m;
    for (size_t to = n; m > 0; to = cut[to]) (*out)[--m] = segment_of(s, cut[to], to, form, x0, y0);
    return AS_OK;
}

double as_change_spread(as_ctx *ctx, const double *x, const double *y, double sigma,
                        as_segment_form form, size_t least, const as_segment *before,
                        const as_segment *behind)
{
    const size_t from = before->from, n = behind->to - from, at = behind->from - from;
    double x0, y0, total = 0, square = 0;
    const double here = before->cost + behind->cost, origin = x[behind->from];
    const sums *s = sums_of(as_scratch(ctx), n, x + from, y + from, &x0, &y0);
    for (size_t k = least; s && k + least <= n; k++) {
        const double cost =
            segment_of(s, 0, k, form, x0, y0).cost + segment_of(s, k, n, form, x0, y0).cost;
        const double weight = exp(-(cost - here) / (2 * sigma * sigma)), dx = x[from + k] - origin;
        total += weight;
        square += weight * dx * dx;
    }
    const double step = at > 0 ? origin - x[behind->from - 1] : 0;
    return total > 0 ? sqrt(fmax(square / total, 0) + step * step / 12) : NAN;
}

double as_segment_at(const as_segment *s, double x)
{
    return s->mean_y + s->slope * (x - s->mean_x);
}

double as_segment_u(const as_segment *s, double x, double sigma, as_segment_form form)
{
    const double n = (double)(s->to - s->from), d = x - s->mean_x;
    return sigma * sqrt(1 / n + (form == AS_SEGMENT_LINE && s->sxx > 0 ? d * d / s->sxx : 0));
}
