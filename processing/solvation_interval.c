/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interval of a share by its integrated likelihood: see as_solvation_interval in solvation_fit.h. */
#include <math.h>
#include <string.h>

#include "normal.h"
#include "solvation_parts.h"

/* PLACES: shares at which the likelihood is known; DRAWN: starts at 0 and 1 beside those that are known */
enum { PLACES = 24, DRAWN = 8, ITERATIONS = 50, STARTS = AS_SOLVATION_MOST_STARTS };

typedef struct place {
    double share, log; /* ln of the integrated likelihood, but for a constant */
    double *p;               /* what most of it lies about */
} place;

typedef struct interval {
    as_ctx *ctx;
    as_arena *a;
    const as_solvation_fit *f;
    as_solvation_problem p; /* of one point more */
    as_model m;
    as_solvation_together t;
    as_ls_problem q;
    double *sum; /* of the areas */
    size_t first, n_bands;
    double ratio;
    const double *from[STARTS + DRAWN + 1]; /* the minima, n_known, then the drawn ones */
    size_t n_known, n;
    place at[PLACES]; /* by share */
} interval;

/* The points of `p` and one more, at which the share is held. */
static as_status one_point_more(as_arena *a, const as_solvation_problem *p, double hold, as_solvation_problem *out)
{
    double *v = AS_NEW_N(a, double, (3 + p->n_hosts) * (p->n + 1));
    const double **host = AS_NEW_N(a, const double *, p->n_hosts + 1);
    if (!v || !host) return AS_ERR;
    const double *from[] = { p->x, p->y, p->sigma };
    const double more[] = { 2 * p->x[p->n - 1] - p->x[p->n - 2], 0, hold };
    for (size_t k = 0; k < 3 + p->n_hosts; k++) {
        double *to = v + k * (p->n + 1);
        memcpy(to, k < 3 ? from[k] : p->host[k - 3], p->n * sizeof *to);
        to[p->n] = k < 3 ? more[k] : 0;
        if (k >= 3) host[k - 3] = to;
    }
    *out = *p;
    out->n = p->n + 1;
    out->x = v;
    out->y = v + p->n + 1;
    out->sigma = v + 2 * (p->n + 1);
    out->host = host;
    return AS_OK;
}

static size_t area_column(const as_solvation_fit *f, size_t band)
{
    return (size_t)f->m.param[f->m.term[band].first].column;
}

static double total_of(const interval *w, const double *p)
{
    double total = p[area_column(w->f, w->first)];
    for (size_t k = 1; k < w->n_bands; k++) total += p[area_column(w->f, w->first + k)] / w->ratio;
    return total;
}

/* --- the likelihood at some shares -------------------------------------------------------------- */

/* One share more: of the minima that `n_from` starts lead to the one that most of the likelihood lies about. */
static as_status add(interval *w, double share, size_t n_from, const double *const *from)
{
    const size_t m = w->q.m;
    place one = { .share = fmin(1, fmax(0, share)), .log = -INFINITY };
    double least = INFINITY;
    one.p = AS_NEW_N(w->a, double, m + 1);
    if (!one.p) return AS_ERR;
    for (size_t k = 0; k < w->n_bands; k++)
        w->sum[area_column(w->f, w->first + k)] = k == 0 ? 1 - one.share : -one.share / w->ratio;
    for (size_t k = 0; k < n_from; k++) {
        as_ls_result r;
        const as_frame frame = as_enter(w->ctx);
        if (as_least_squares(w->ctx, as_scratch(w->ctx), &w->q, from[k], &r) != AS_OK) {
            if (as_pending(w->ctx) != AS_E_NUMERIC) return AS_ERR;
            as_forget_error(w->ctx);
        }
        const double volume = isfinite(r.cost) ? as_solvation_ln_volume(w->ctx, &w->q, &w->p, &w->m, r.p) : NAN;
        if (volume - r.cost / 2 > one.log || (isinf(one.log) && r.cost < least)) {
            one.log = isnan(volume) ? -INFINITY : volume - r.cost / 2;
            memcpy(one.p, r.p, m * sizeof *one.p);
        }
        least = fmin(least, r.cost);
        as_leave(w->ctx, frame);
    }
    size_t k = w->n++;
    for (; k > 0 && w->at[k - 1].share > one.share; k--) w->at[k] = w->at[k - 1];
    w->at[k] = one;
    return AS_OK;
}

/* From the nearest places and the lowest minimum. */
static as_status add_beside(interval *w, double share)
{
    size_t k = 1;
    if (!(share > 0) || !(share < 1)) return AS_OK;
    while (k + 1 < w->n && w->at[k].share < share) k++;
    const double *beside[] = { w->at[k - 1].p, w->at[k].p, w->from[0] };
    return add(w, share, 3, beside);
}

/* Where the likelihood may be: both ends, the minima, some steps about the lowest; then halves of what may hold
 * most. */
static as_status explore(interval *w, double share, double u)
{
    static const double step[] = { 0, -1, 1, -2.5, 2.5, -5, 5 };
    AS_TRY(add(w, 0, w->n_known + DRAWN, w->from));
    AS_TRY(add(w, 1, w->n_known + DRAWN, w->from));
    for (size_t k = 1; k < w->n_known && w->n < PLACES / 3; k++) {
        const double there = w->from[k][area_column(w->f, w->first)] / total_of(w, w->from[k]);
        const double *own[] = { w->from[0], w->from[k] };
        if (there > 0 && there < 1) AS_TRY(add(w, there, 2, own));
    }
    for (size_t k = 0; k < sizeof step / sizeof *step; k++) AS_TRY(add_beside(w, share + step[k] * u));
    while (w->n < PLACES) {
        double top = -INFINITY, largest = -1;
        size_t widest = 0;
        for (size_t k = 0; k < w->n; k++) top = fmax(top, w->at[k].log);
        for (size_t k = 0; k + 1 < w->n; k++) {
            const place *a = &w->at[k], *b = a + 1;
            const double mass = (b->share - a->share) * exp(fmax(a->log, b->log) - top);
            if (mass > largest) widest = k;
            largest = fmax(largest, mass);
        }
        AS_TRY(add_beside(w, (w->at[widest].share + w->at[widest + 1].share) / 2));
    }
    return AS_OK;
}

/* --- quantiles ---------------------------------------------------------------------------------- */

/* The mass of the likelihood, whose logarithm is drawn in lines between the places, between places k and k + 1. */
static double mass_between(const interval *w, size_t k, double top)
{
    const place *a = &w->at[k], *b = a + 1;
    const double d = fabs(b->log - a->log);
    if (isinf(a->log) || isinf(b->log)) return 0;
    return (b->share - a->share) * exp(fmax(a->log, b->log) - top) * (d < 1e-8 ? 1 : -expm1(-d) / d);
}

static double quantile(const interval *w, double top, double part)
{
    double left = 0;
    for (size_t k = 0; k + 1 < w->n; k++) left += part * mass_between(w, k, top);
    for (size_t k = 0; k + 1 < w->n; k++) {
        const double mass = mass_between(w, k, top);
        if (left > mass || !(mass > 0)) {
            left -= mass;
            continue;
        }
        /* the part r of this line's mass lies below the part t of it, from the end where there is more */
        const double d = fabs(w->at[k + 1].log - w->at[k].log), wide = w->at[k + 1].share - w->at[k].share;
        const bool falls = w->at[k + 1].log < w->at[k].log;
        const double r = falls ? left / mass : 1 - left / mass;
        const double t = d < 1e-8 ? r : -log1p(r * expm1(-d)) / d;
        return falls ? w->at[k].share + t * wide : w->at[k + 1].share - t * wide;
    }
    return 1;
}

/* The mass where the logarithm is above `level`, and the first and last share there. */
static double above(const interval *w, double top, double level, double *low, double *high)
{
    double sum = 0;
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t k = 0; k + 1 < w->n; k++) {
        const place *a = &w->at[k], *b = a + 1, *more = a->log > b->log ? a : b;
        const double least = fmin(a->log, b->log), d = more->log - least, mass = mass_between(w, k, top);
        if (more->log < level) continue;
        const bool whole = least >= level || isinf(least) || d < 1e-8;
        const double part = whole ? 1 : (more->log - level) / d; /* of the line, from its higher end */
        const double from = more == a ? a->share : b->share - part * (b->share - a->share);
        sum += whole ? mass : mass * expm1(-part * d) / expm1(-d);
        *low = fmin(*low, from);
        *high = fmax(*high, from + part * (b->share - a->share));
    }
    return sum;
}

/* The shares of the highest likelihood that hold 95 % of it, and all between them. */
static void highest(const interval *w, double top, double *low, double *high)
{
    double all = 0, under = top - 60, over = top;
    for (size_t k = 0; k + 1 < w->n; k++) all += mass_between(w, k, top);
    for (int k = 0; k < 60; k++) {
        const double level = (under + over) / 2;
        if (above(w, top, level, low, high) >= 0.95 * all)
            under = level;
        else
            over = level;
    }
    (void)above(w, top, under, low, high);
}

as_status as_solvation_interval(as_ctx *ctx, const as_solvation_problem *p, const as_solvation_fit *f, size_t first,
                                size_t n, double ratio, double u, double *low, double *high, double *limit)
{
    interval *w = AS_NEW_N(as_scratch(ctx), interval, 1);
    as_random r;
    double *start, *drawn, top = -INFINITY;
    *low = *high = *limit = NAN;
    if (!w) return AS_ERR;
    *w = (interval){ .ctx = ctx, .a = as_scratch(ctx), .f = f, .first = first, .n_bands = n, .ratio = ratio };
    const double total = total_of(w, f->r.p), share = f->r.p[area_column(f, first)] / total;
    if (!(total > 0) || !(u > 0) || p->n < 2) return AS_OK;
    AS_TRY(one_point_more(w->a, p, 0.01 * fmin(u, 0.3) * total, &w->p));
    AS_TRY(as_solvation_pose(ctx, w->a, &w->p, &w->m, &w->t, &w->q, &start));
    w->q.iterations = ITERATIONS;
    w->q.enough = 1e-3;
    w->t.sum = w->sum = AS_NEW_N(w->a, double, w->q.m + 1);
    drawn = AS_NEW_N(w->a, double, DRAWN * w->q.m + 1);
    if (!w->sum || !drawn) return AS_ERR;
    w->from[w->n_known++] = f->r.p;
    for (size_t k = 0; k < f->n_others; k++) w->from[w->n_known++] = f->other[k].p;
    as_random_seed(&r, 2, 0);
    for (size_t k = 0; k < DRAWN; k++) {
        as_solvation_draw(&r, &w->m, p, &w->q, start, drawn + k * w->q.m);
        w->from[w->n_known + k] = drawn + k * w->q.m;
    }
    AS_TRY(explore(w, share, u));
    for (size_t k = 0; k < w->n; k++) top = fmax(top, w->at[k].log);
    if (isinf(top)) return AS_OK;
    highest(w, top, low, high);
    *low = fmin(share, *low);
    *high = fmax(share, *high);
    *limit = fmax(share, quantile(w, top, 0.95));
    return AS_OK;
}
