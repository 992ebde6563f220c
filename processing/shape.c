/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of shapes, and what every peak has whether or not its shape gives it in closed form:
 * area, height at the maximum, position of the maximum and full width at half maximum, each with
 * its gradient over the parameters.
 */
#include <math.h>
#include <string.h>

#include "lanes.h"
#include "shape.h"

#define AS_SHAPE_IN(file, name) extern const as_shape as_shape_##name;
#include "shapes.def"
#undef AS_SHAPE_IN
const as_shape *const as_shapes[] = {
#define AS_SHAPE_IN(file, name) &as_shape_##name,
#include "shapes.def"
    NULL
};

const as_shape *as_shape_find(const char *name)
{
    for (size_t i = 0; as_shapes[i]; i++)
        if (strcmp(as_shapes[i]->name, name) == 0) return as_shapes[i];
    return NULL;
}

int as_shape_param_of(const as_shape *s, const char *name)
{
    const size_t n = s->n_params ? s->n_params : AS_SHAPE_PARAMS - 1;
    for (size_t k = 0; k < n; k++)
        if (strcmp(s->params[k].name, name) == 0) return (int)k;
    return -1;
}

double as_shape_value(const as_shape *s, const double *p, double x, double *g)
{
    double xs[AS_LANE], f[AS_LANE], column[AS_SHAPE_PARAMS][AS_LANE], *J[AS_SHAPE_PARAMS];
    for (size_t i = 0; i < AS_LANE; i++) xs[i] = x;
    for (size_t k = 0; k < AS_SHAPE_PARAMS; k++) J[k] = column[k];
    s->eval(AS_LANE, xs, p, NULL, f, g ? J : NULL);
    for (size_t k = 0; g && k < s->n_params; k++) g[k] = column[k][0];
    return f[0];
}

static void clear(const as_shape *s, double *g)
{
    for (size_t k = 0; g && k < s->n_params; k++) g[k] = 0;
}

/* The length over which the shape changes: the sum of its parameters along x. */
static double reach(const as_shape *s, const double *p)
{
    double sum = 0;
    for (size_t k = 2; k < s->n_params; k++)
        if (strcmp(s->params[k].unit, "x") == 0) sum += fabs(p[k]);
    return sum;
}

/* Maximum of sign * shape near the centre: the best of a grid, then golden section to the
 * precision that values allow. */
static double maximum(const as_shape *s, const double *p, double sign)
{
    const double r = reach(s, p), golden = 0.61803398874989484820;
    double best = p[1], top = -INFINITY;
    for (int k = -40; k <= 40; k++) {
        const double x = p[1] + r * k / 20, v = sign * as_shape_value(s, p, x, NULL);
        if (v > top) {
            top = v;
            best = x;
        }
    }
    double lo = best - r / 20, hi = best + r / 20;
    for (int k = 0; k < 60 && hi - lo > 1e-9 * r; k++) {
        const double a = hi - golden * (hi - lo), b = lo + golden * (hi - lo);
        if (sign * as_shape_value(s, p, a, NULL) > sign * as_shape_value(s, p, b, NULL))
            hi = b;
        else
            lo = a;
    }
    return 0.5 * (lo + hi);
}

double as_shape_position(const as_shape *s, const double *p, double *g)
{
    clear(s, g);
    if (s->kind != AS_SHAPE_PEAK || s->symmetric) {
        if (g) g[1] = 1;
        return p[1];
    }
    const double r = reach(s, p);
    if (!(r > 0) || p[0] == 0) return NAN;
    const double x = maximum(s, p, p[0] < 0 ? -1 : 1);
    if (!g) return x;
    /* f'(x; p) = 0 gives dx/dp = -(df'/dp)/f'' */
    const double h = 1e-3 * r;
    double up[AS_SHAPE_PARAMS], down[AS_SHAPE_PARAMS];
    const double above = as_shape_value(s, p, x + h, up), below = as_shape_value(s, p, x - h, down);
    const double second = (above - 2 * as_shape_value(s, p, x, NULL) + below) / (h * h);
    for (size_t k = 1; k < s->n_params; k++) g[k] = -(up[k] - down[k]) / (2 * h) / second;
    return x;
}

double as_shape_height(const as_shape *s, const double *p, double *g)
{
    clear(s, g);
    if (s->kind != AS_SHAPE_PEAK || (s->amplitude == AS_NATIVE_HEIGHT && s->symmetric)) {
        if (g) g[0] = 1;
        return p[0];
    }
    if (s->symmetric) return as_shape_value(s, p, p[1], g);
    const double x = as_shape_position(s, p, NULL);
    return isnan(x) ? x : as_shape_value(s, p, x, g); /* at a maximum dx does not count */
}

double as_shape_area(const as_shape *s, const double *p, double *g)
{
    double r[AS_SHAPE_PARAMS] = { 0 };
    clear(s, g);
    if (s->kind != AS_SHAPE_PEAK) return NAN;
    if (s->amplitude == AS_NATIVE_AREA) {
        if (g) g[0] = 1;
        return p[0];
    }
    if (!s->ratio) return NAN;
    const double ratio = s->ratio(p, r);
    for (size_t k = 0; g && k < s->n_params; k++) g[k] = p[0] * r[k];
    if (g) g[0] = ratio;
    return p[0] * ratio;
}

/* A peak of amplitude 0 has the width that it would have with another. */
static const double *with_amplitude(const as_shape *s, const double *p, double *one)
{
    if (p[0] != 0) return p;
    memcpy(one, p, s->n_params * sizeof *one);
    one[0] = 1;
    return one;
}

/* Where the shape falls to half of `top` on one side; NaN when it does not within 1e4 reaches. */
static double half_point(const as_shape *s, const double *p, double from, double top, double step)
{
    double in = from, out = from + step;
    for (int k = 0; as_shape_value(s, p, out, NULL) / top > 0.5; k++) {
        if (k == 24) return NAN;
        in = out;
        out += step;
        step *= 2;
    }
    for (int k = 0; k < 100 && in != out; k++) {
        const double mid = 0.5 * (in + out);
        if (mid == in || mid == out) break;
        if (as_shape_value(s, p, mid, NULL) / top > 0.5)
            in = mid;
        else
            out = mid;
    }
    return 0.5 * (in + out);
}

double as_shape_fwhm(const as_shape *s, const double *p, double *g)
{
    double unused[AS_SHAPE_PARAMS];
    clear(s, g);
    if (s->kind != AS_SHAPE_PEAK) return NAN;
    if (s->fwhm) return s->fwhm(p, g ? g : unused);
    double one[AS_SHAPE_PARAMS];
    p = with_amplitude(s, p, one);
    const double r = reach(s, p), x = as_shape_position(s, p, NULL);
    if (!(r > 0) || isnan(x)) return NAN;
    double at_top[AS_SHAPE_PARAMS], at_half[AS_SHAPE_PARAMS], width = 0;
    const double top = as_shape_value(s, p, x, at_top);
    for (int side = -1; side <= 1; side += 2) {
        const double y = half_point(s, p, x, top, side * 0.1 * r);
        if (isnan(y)) return NAN;
        width += side * y;
        if (!g) continue;
        /* f(y; p) = f(x; p)/2 gives dy/dp = (f_p(x)/2 - f_p(y))/f'(y) */
        const double h = 1e-5 * r;
        const double slope =
            (as_shape_value(s, p, y + h, NULL) - as_shape_value(s, p, y - h, NULL)) / (2 * h);
        as_shape_value(s, p, y, at_half);
        for (size_t k = 0; k < s->n_params; k++)
            g[k] += side * (0.5 * at_top[k] - at_half[k]) / slope;
    }
    return width;
}
