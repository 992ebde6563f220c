/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backgrounds that are fitted together with the peaks.
 *
 * Constants q: q[0], q[1] are the ends of x, q[2] the origin of polynomials (the middle unless
 * given), q[3] the number of coefficients. With the origin in the middle of the data the
 * coefficients are nearly uncorrelated.
 */
#include <math.h>

#include "lanes.h"
#include "shape.h"

static void constant(size_t n, const double *x, const double *p, const double *q, double *f,
                     double *const *J)
{
    (void)x;
    (void)q;
    for (size_t i = 0; i < n; i++) f[i] = p[0];
    for (size_t i = 0; J && i < n; i++) J[0][i] = 1;
}

AS_WIDEST
static void linear(size_t n, const double *x, const double *p, const double *q, double *f,
                   double *const *J)
{
    const double level = p[0], slope = p[1], origin = q[2];
    double *by_level = J ? J[0] : NULL, *by_slope = J ? J[1] : NULL;
    for (size_t i = 0; i < n; i++) f[i] = level + slope * (x[i] - origin);
    for (size_t i = 0; J && i < n; i++) by_level[i] = 1;
    for (size_t i = 0; J && i < n; i++) by_slope[i] = x[i] - origin;
}

static void poly(size_t n, const double *x, const double *p, const double *q, double *f,
                 double *const *J)
{
    const size_t m = (size_t)q[3];
    for (size_t i = 0; i < n; i++) {
        const double u = x[i] - q[2];
        double v = 0, power = 1;
        for (size_t k = m; k-- > 0;) v = v * u + p[k];
        f[i] = v;
        for (size_t k = 0; J && k < m; k++, power *= u) J[k][i] = power;
    }
}

static void chebyshev(size_t n, const double *x, const double *p, const double *q, double *f,
                      double *const *J)
{
    const size_t m = (size_t)q[3];
    for (size_t i = 0; i < n; i++) {
        const double u = q[1] > q[0] ? (2 * x[i] - q[0] - q[1]) / (q[1] - q[0]) : 0;
        double v = 0, before = u, now = 1; /* T of -1 is T of 1 */
        for (size_t k = 0; k < m; k++) {
            v += p[k] * now;
            if (J) J[k][i] = now;
            const double next = 2 * u * now - before;
            before = now;
            now = next;
        }
        f[i] = v;
    }
}

static void exponential(size_t n, const double *x, const double *p, const double *q, double *f,
                        double *const *J)
{
    for (size_t i = 0; i < n; i++) {
        const double u = x[i] - q[2], s = exp(-u / p[1]);
        f[i] = p[0] * s;
        if (!J) continue;
        J[0][i] = s;
        J[1][i] = f[i] * u / (p[1] * p[1]);
    }
}

/* level (x/origin)^-power, for x > 0 */
static void power_law(size_t n, const double *x, const double *p, const double *q, double *f,
                      double *const *J)
{
    for (size_t i = 0; i < n; i++) {
        const double u = log(x[i] / q[2]), s = exp(-p[1] * u);
        f[i] = p[0] * s;
        if (!J) continue;
        J[0][i] = s;
        J[1][i] = -f[i] * u;
    }
}

/* What the peaks make of it is the model's: by itself there is nothing. */
static void nothing(size_t n, const double *x, const double *p, const double *q, double *f,
                    double *const *J)
{
    (void)x;
    (void)p;
    (void)q;
    for (size_t i = 0; i < n; i++) f[i] = 0;
    for (size_t i = 0; J && i < n; i++) J[0][i] = 0;
}

#define LEVEL { "level", "y", 0, -INFINITY, INFINITY, "at the origin" }
static const as_shape_param straight[] = { LEVEL,
    { "slope", "y/x", 0, -INFINITY, INFINITY, "of the line" } };
static const as_shape_param decay[] = { LEVEL,
    { "length", "x", 1, -INFINITY, INFINITY, "over which it falls to 1/e" } };
static const as_shape_param powers[] = { LEVEL,
    { "power", "1", 1, -INFINITY, INFINITY, "of the fall: 1 for 1/x" } };
static const as_shape_param coefficients[] = {
    { "c0", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c1", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c2", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c3", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c4", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c5", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c6", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c7", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c8", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c9", "", 0, -INFINITY, INFINITY, "coefficient" },
    { "c10", "", 0, -INFINITY, INFINITY, "coefficient" } };
static const as_shape_param tchebychev[] = {
    { "c0", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c1", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c2", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c3", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c4", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c5", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c6", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c7", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c8", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c9", "y", 0, -INFINITY, INFINITY, "coefficient" },
    { "c10", "y", 0, -INFINITY, INFINITY, "coefficient" } };

static const as_shape_param inelastic[] = {
    { "loss", "1/x", 0, -INFINITY, INFINITY, "background per area of the peaks below x" } };

const as_shape as_shape_constant = {
    .name = "constant", .kind = AS_SHAPE_BACKGROUND, .n_params = 1, .params = straight,
    .eval = constant, .formula = "level",
};
const as_shape as_shape_linear = {
    .name = "linear", .kind = AS_SHAPE_BACKGROUND, .n_params = 2, .params = straight,
    .eval = linear, .formula = "level + slope (x - origin)",
};
const as_shape as_shape_poly = {
    .name = "poly", .kind = AS_SHAPE_BACKGROUND, .n_params = 0, .params = coefficients,
    .eval = poly, .formula = "c0 + c1 (x - origin) + c2 (x - origin)^2 + ...; poly3 is a cubic",
};
const as_shape as_shape_chebyshev = {
    .name = "chebyshev", .kind = AS_SHAPE_BACKGROUND, .n_params = 0, .params = tchebychev,
    .eval = chebyshev,
    .formula = "c0 T0(u) + c1 T1(u) + ..., u from -1 to 1 over the fitted rows; chebyshev5 has "
               "six coefficients",
};
const as_shape as_shape_exponential = {
    .name = "exponential", .kind = AS_SHAPE_BACKGROUND, .n_params = 2, .params = decay,
    .eval = exponential, .formula = "level exp(-(x - origin)/length)",
};
const as_shape as_shape_power = {
    .name = "power", .kind = AS_SHAPE_BACKGROUND, .n_params = 2, .params = powers,
    .eval = power_law, .formula = "level (x/origin)^-power: air scatter at low angle",
};
const as_shape as_shape_shirley = {
    .name = "shirley", .kind = AS_SHAPE_BACKGROUND, .n_params = 1, .params = inelastic,
    .eval = nothing, .cumulative = true,
    .formula = "loss times the integral of all peaks up to x; negative where x is kinetic energy",
    .reference = "Herrera-Gomez et al. 2014, Surf. Interface Anal. 46, 897, doi:10.1002/sia.5453",
};
