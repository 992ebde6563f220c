/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a DSC peak: see dsc_parts.h. */
#include <math.h>

#include "dsc_parts.h"
#include "peaks_find.h"
#include "savgol.h"

/* The net signal, upwards, through parabolas of 2 half + 1 rows; NULL: no memory. *noise: of it. */
static double *smooth(as_ctx *ctx, const as_dsc *d, const as_dsc_peak *p, size_t *half, double *noise)
{
    double *out = AS_NEW_N(as_scratch(ctx), double, 2 * p->n), sum = 0;
    if (2 * *half + 1 > p->n) *half = (p->n - 1) / 2;
    double *work = AS_NEW_N(as_scratch(ctx), double, 2 * *half + 1);
    if (!out || !work) return NULL;
    double *up = out + p->n;
    for (size_t i = 0; i < p->n; i++) up[i] = p->area > 0 ? p->net[i] : -p->net[i];
    as_savgol(p->n, *half, 2, 0, up, work, out);
    as_savgol_coefficients(*half, 2, 0, 0, work);
    for (size_t i = 0; i <= 2 * *half; i++) sum += work[i] * work[i];
    *noise = d->noise * sqrt(sum);
    return out;
}

size_t as_dsc_minima(as_ctx *ctx, const as_dsc *d, const as_dsc_peak *p, size_t half, double share, double *at)
{
    double noise, highest = 0;
    const double *y = smooth(ctx, d, p, &half, &noise);
    size_t *row = AS_NEW_N(as_scratch(ctx), size_t, p->n / 2 + 1), n = 0, last = SIZE_MAX;
    if (!y || !row) return 0;
    const size_t n_peaks = as_peaks_maxima(p->n, y, row);
    as_peak *peak = AS_NEW_N(as_scratch(ctx), as_peak, n_peaks + 1);
    size_t *work = AS_NEW_N(as_scratch(ctx), size_t, 4 * n_peaks + 4);
    if (!peak || !work) return 0;
    as_peaks_prominences(p->n, y, n_peaks, row, work, peak);
    for (size_t k = 0; k < n_peaks; k++) highest = fmax(highest, y[peak[k].at]);
    for (size_t k = 0; k < n_peaks; k++) {
        if (!(peak[k].prominence > fmax(5 * noise, share * highest))) continue;
        size_t lowest = last;
        for (size_t i = last; last != SIZE_MAX && i <= peak[k].at; i++)
            if (y[i] < y[lowest]) lowest = i;
        if (last != SIZE_MAX) at[n++] = d->celsius[p->from + lowest];
        last = peak[k].at;
    }
    return n;
}

/* Integral up to a temperature, J/g: by a straight line between rows. */
static double area_to(const as_dsc *d, const as_dsc_peak *p, double at)
{
    const double *t = d->celsius + p->from;
    if (at <= t[0]) return 0;
    for (size_t i = 1; i < p->n; i++)
        if (at <= t[i])
            return p->area * (p->share[i - 1] + (p->share[i] - p->share[i - 1]) * (at - t[i - 1]) /
                                                    (t[i] - t[i - 1]));
    return p->area;
}

/* What noise of each row, and of the levels at the left and right end, puts into an area. */
typedef struct {
    double rows, left, right; /* s^2; s; s */
} weights;

static weights weigh(const as_dsc *d, const as_dsc_peak *p, double begin, double end)
{
    weights w = { 0 };
    for (size_t i = 0; i < p->n; i++) {
        const size_t k = p->from + i, before = i ? k - 1 : k, after = i + 1 < p->n ? k + 1 : k;
        const double dt = 0.5 * (d->second[after] - d->second[before]);
        if (d->celsius[k] < begin || d->celsius[k] >= end) continue;
        w.rows += dt * dt;
        w.left += dt * (1 - p->under[i]);
        w.right += dt * p->under[i];
    }
    return w;
}

/* J/g^2 that noise gives to (area of the part) - f (whole area). */
static double variance(const as_dsc *d, const as_dsc_peak *p, weights part, weights all, double f)
{
    const double rows = (1 - f) * (1 - f) * part.rows + f * f * (all.rows - part.rows);
    const double left = part.left - f * all.left, right = part.right - f * all.right;
    const double ends = p->ends ? (left * left + right * right) / (double)p->ends : 0;
    return d->noise * d->noise * (rows + ends);
}

/* Standard deviation of the area on one side of a minimum, over the rows that are as likely. */
static double place(const as_dsc *d, const as_dsc_peak *p, const double *y, double noise, double cut)
{
    size_t row = as_dsc_row(d, cut) - p->from, to;
    if (row >= p->n) row = p->n - 1;
    const double limit = y[row] + 1.5 * noise;
    for (to = row; to + 1 < p->n && y[to + 1] < limit;) to++;
    while (row > 0 && y[row - 1] < limit) row--;
    return fabs(p->area * (p->share[to] - p->share[row])) / sqrt(12);
}

as_status as_dsc_parts(as_ctx *ctx, const as_dsc *d, const as_dsc_peak *p, size_t half, size_t n_cuts,
                       const double *cut, bool minima, as_dsc_part *out)
{
    const double first = d->celsius[p->from], last = d->celsius[p->from + p->n - 1];
    double noise = 0;
    const double *y = minima ? smooth(ctx, d, p, &half, &noise) : NULL;
    const weights all = weigh(d, p, first, INFINITY);
    if (minima && !y) return AS_ERR;
    for (size_t k = 0; k <= n_cuts; k++) {
        as_dsc_part *o = &out[k];
        *o = (as_dsc_part){ .begin = k ? cut[k - 1] : first, .end = k < n_cuts ? cut[k] : last };
        if (!(o->begin < o->end) || o->begin < first || o->end > last)
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "the parts of a peak from %.6g to %.6g degC cannot end at %.6g and %.6g", first,
                           last, o->begin, o->end);
        const weights part = weigh(d, p, o->begin, k < n_cuts ? o->end : INFINITY);
        const double before = k && minima ? place(d, p, y, noise, o->begin) : 0;
        const double after = k < n_cuts && minima ? place(d, p, y, noise, o->end) : 0;
        const double cuts = before * before + after * after;
        o->area = area_to(d, p, o->end) - area_to(d, p, o->begin);
        o->fraction = o->area / p->area;
        o->u_area = sqrt(variance(d, p, part, all, 0) + cuts);
        o->u_fraction = sqrt(variance(d, p, part, all, o->fraction) + cuts) / fabs(p->area);
        size_t top = SIZE_MAX;
        for (size_t i = 0; i < p->n; i++) {
            const double at = d->celsius[p->from + i];
            if (at < o->begin || at > o->end) continue;
            if (top == SIZE_MAX || fabs(p->net[i]) > fabs(p->net[top])) top = i;
        }
        o->top = top == SIZE_MAX ? NAN : d->celsius[p->from + top];
    }
    return AS_OK;
}
