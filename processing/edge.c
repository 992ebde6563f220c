/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a layer: see edge.h. */
#include <math.h>
#include <string.h>

#include "edge.h"
#include "lanes.h"
#include "least_squares.h"
#include "normal.h"

static const double ROOT2 = 1.4142135623730951, ROOT_2PI = 2.5066282746310002;
static const double PRESENT = AS_Z999 / AS_Z95; /* over the critical level */

double as_edge_value(double plateau, double d, double s, double z)
{
    return 0.5 * plateau * erfc((z - d) / (ROOT2 * s));
}

typedef struct levels {
    size_t n;
    const double *z, *y, *u;
    double spacing; /* smallest */
} levels;

enum { PLATEAU, DEPTH, WIDTH, PARAMETERS };

static void model(void *user, const double *p, double *f, double *J, size_t stride)
{
    const levels *v = user;
    for (size_t i = 0; i < v->n; i++) {
        const double t = (v->z[i] - p[DEPTH]) / p[WIDTH], half = 0.5 * erfc(t / ROOT2);
        const double density = p[PLATEAU] * exp(-0.5 * t * t) / (ROOT_2PI * p[WIDTH]);
        f[i] = p[PLATEAU] * half;
        if (!J) continue;
        J[PLATEAU * stride + i] = half;
        J[DEPTH * stride + i] = density;
        J[WIDTH * stride + i] = density * t;
    }
}

/* First guess: plateau of the upper quarter, half depth by the first crossing. */
static void start(const levels *v, double *p)
{
    double top = 0;
    for (size_t i = 0; i < v->n; i++) top = fmax(top, v->y[i]);
    double sum = 0, n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->y[i] > 0.7 * top) sum += v->y[i], n++;
    p[PLATEAU] = n > 0 ? sum / n : top;
    p[DEPTH] = v->z[v->n - 1] + v->spacing;
    for (size_t i = v->n; i-- > 1;)
        if (v->y[i] < 0.5 * p[PLATEAU] && v->y[i - 1] >= 0.5 * p[PLATEAU]) {
            const double f = (v->y[i - 1] - 0.5 * p[PLATEAU]) / (v->y[i - 1] - v->y[i]);
            p[DEPTH] = v->z[i - 1] + f * (v->z[i] - v->z[i - 1]);
        }
    p[WIDTH] = v->spacing;
}

/* Best fit with the width held (fixed_width > 0) or free. */
static as_status fit(as_ctx *ctx, const levels *v, double fixed_width, as_ls_result *r)
{
    const double range = v->z[v->n - 1] - v->z[0];
    const double lo[] = { -INFINITY, v->z[0] - range, 0.05 * v->spacing };
    const double hi[] = { INFINITY, v->z[v->n - 1] + range, range };
    const bool fixed[] = { false, false, fixed_width > 0 };
    double p[PARAMETERS];
    start(v, p);
    if (fixed_width > 0) p[WIDTH] = fixed_width;
    const as_ls_problem q = { .n = v->n,
                              .m = PARAMETERS,
                              .y = v->y,
                              .sigma = v->u,
                              .model = model,
                              .user = (void *)v,
                              .lo = lo,
                              .hi = hi,
                              .fixed = fixed,
                              .absolute = true };
    return as_least_squares(ctx, as_scratch(ctx), &q, p, r);
}

/* The largest width that the levels allow with 95 %: chi2 rises by 2.71 (one-sided). */
static as_status width_limit(as_ctx *ctx, const levels *v, double best, double *out)
{
    double lo = 0.05 * v->spacing, hi = v->z[v->n - 1] - v->z[0];
    for (int k = 0; k < 40 && hi > 1.001 * lo; k++) {
        const double at = sqrt(lo * hi);
        as_ls_result r;
        const bool solved = fit(ctx, v, at, &r) == AS_OK;
        if (!solved && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
        if (!solved) as_forget_error(ctx);
        if (solved && r.chi2 - best < AS_Z95 * AS_Z95)
            lo = at;
        else
            hi = at;
    }
    *out = hi;
    return AS_OK;
}

/* Weighted mean of the levels up to k, and the test that level k is still above half of it. */
static bool above_half(const levels *v, size_t k, double scale, double *mean, double *mean_u)
{
    double w = 0, s = 0;
    for (size_t i = 0; i <= k; i++) {
        const double c = 1 / (v->u[i] * v->u[i]);
        w += c;
        s += c * v->y[i];
    }
    *mean = s / w;
    *mean_u = scale / sqrt(w);
    return v->y[k] - 0.5 * *mean > AS_Z95 * hypot(scale * v->u[k], 0.5 * *mean_u);
}

/* The last fall below half of the plateau, whatever the shape. */
static void interpolate_half(const levels *v, as_edge *e)
{
    double top = 0, sum = 0, square = 0, n = 0;
    for (size_t i = 0; i < v->n; i++) top = fmax(top, v->y[i]);
    for (size_t i = 0; i < v->n; i++) {
        if (!(v->y[i] > 0.7 * top)) continue;
        sum += v->y[i];
        square += v->u[i] * v->u[i];
        n++;
    }
    const double half = 0.5 * sum / n, half_u = 0.5 * sqrt(square) / n;
    for (size_t i = v->n; i-- > 1;) {
        const double a = v->y[i - 1], b = v->y[i];
        if (!(a >= half && b < half)) continue;
        const double gap = v->z[i] - v->z[i - 1], f = (a - half) / (a - b);
        e->half = v->z[i - 1] + f * gap;
        e->half_u = gap / (a - b) *
                    sqrt((1 - f) * (1 - f) * v->u[i - 1] * v->u[i - 1] + f * f * v->u[i] * v->u[i] +
                         half_u * half_u);
        return;
    }
}

/* The first level from which on all are below half of the highest (95 %); n: there is none. */
static size_t fallen(const levels *v, size_t *highest)
{
    size_t k = v->n;
    *highest = 0;
    for (size_t i = 1; i < v->n; i++)
        if (v->y[i] > v->y[*highest]) *highest = i;
    const double top = v->y[*highest], top_u = v->u[*highest];
    while (k > *highest + 1 &&
           0.5 * top - v->y[k - 1] > AS_Z95 * hypot(v->u[k - 1], 0.5 * top_u))
        k--;
    return k;
}

/* No fit of an edge: limits from the levels alone. */
static void limits(const levels *v, as_edge *e)
{
    double chi2 = 0, mean, u;
    size_t highest;
    const bool last = above_half(v, v->n - 1, 1, &mean, &u);
    for (size_t i = 0; i < v->n; i++)
        chi2 += (v->y[i] - mean) * (v->y[i] - mean) / (v->u[i] * v->u[i]);
    const double scale = last ? fmax(1, sqrt(chi2 / (double)(v->n - 1))) : 1;
    const size_t below = fallen(v, &highest);
    e->state = AS_EDGE_UNDECIDED;
    if (!last && below < v->n) {
        e->state = AS_EDGE_WITHIN;
        e->bound = v->z[below];
        e->plateau = v->y[highest];
        e->plateau_u = v->u[highest];
        return;
    }
    for (size_t k = v->n; k-- > 1 && e->state == AS_EDGE_UNDECIDED;) {
        if (!above_half(v, k, scale, &e->plateau, &e->plateau_u)) continue;
        e->state = AS_EDGE_BEYOND;
        e->bound = v->z[k];
    }
    e->chi2 = chi2;
    e->dof = v->n - 1;
    e->reduced = chi2 / (double)e->dof;
}

static as_status found(as_ctx *ctx, const levels *v, const as_ls_result *r, bool sharp, as_edge *e)
{
    const double scale = fmax(1, sqrt(r->reduced));
    e->state = AS_EDGE_FOUND;
    e->plateau = r->p[PLATEAU];
    e->plateau_u = scale * r->u[PLATEAU];
    e->d = r->p[DEPTH];
    e->d_u = scale * r->u[DEPTH];
    e->s = r->p[WIDTH];
    e->s_u = scale * r->u[WIDTH];
    e->chi2 = r->chi2;
    e->dof = r->dof;
    e->reduced = r->reduced;
    if (!sharp && !r->at_bound[WIDTH] && e->s > 2 * e->s_u) return AS_OK;
    /* levels too far apart for the width: the edge may lie anywhere between two of them */
    AS_TRY(width_limit(ctx, v, r->chi2, &e->s));
    e->s_u = NAN;
    double gap = v->spacing;
    for (size_t i = 1; i < v->n; i++)
        if (v->z[i - 1] <= e->d && e->d <= v->z[i]) gap = v->z[i] - v->z[i - 1];
    e->d_u = hypot(isfinite(e->d_u) ? fmin(e->d_u, gap) : 0, gap / sqrt(12));
    return AS_OK;
}

static bool inside(const levels *v, const as_ls_result *r)
{
    const double first = v->z[0], last = v->z[v->n - 1];
    return !r->at_bound[DEPTH] && r->p[DEPTH] >= first && r->p[DEPTH] <= last &&
           isfinite(r->u[DEPTH]) && r->u[DEPTH] < last - first;
}

/* A fit that did not converge is no answer, and no error either. */
static as_status try_fit(as_ctx *ctx, const levels *v, double width, as_ls_result *r, bool *good)
{
    *good = fit(ctx, v, width, r) == AS_OK;
    if (!*good && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
    if (!*good) as_forget_error(ctx);
    *good = *good && inside(v, r);
    return AS_OK;
}

as_status as_edge_fit(as_ctx *ctx, size_t n, const double *z, const double *y, const double *u,
                      const double *critical, as_edge *out)
{
    levels v = { n, z, y, u, INFINITY };
    as_ls_result r;
    bool good;
    *out = (as_edge){ .state = AS_EDGE_NONE,
                      .plateau = NAN,
                      .plateau_u = NAN,
                      .d = NAN,
                      .d_u = NAN,
                      .s = NAN,
                      .s_u = NAN,
                      .bound = NAN,
                      .chi2 = NAN,
                      .reduced = NAN,
                      .half = NAN,
                      .half_u = NAN,
                      .last = NAN };
    for (size_t i = 0; i < n; i++) {
        if (i > 0) v.spacing = fmin(v.spacing, z[i] - z[i - 1]);
        if (!(y[i] > PRESENT * critical[i])) continue;
        out->last = z[i];
        out->n_detected++;
    }
    if (out->n_detected == 0) return AS_OK;
    interpolate_half(&v, out);
    AS_TRY(try_fit(ctx, &v, 0, &r, &good));
    if (good) return found(ctx, &v, &r, false, out);
    AS_TRY(try_fit(ctx, &v, 0.3 * v.spacing, &r,
                   &good)); /* a step between two levels has no width to be found */
    if (good) return found(ctx, &v, &r, true, out);
    limits(&v, out);
    return AS_OK;
}
