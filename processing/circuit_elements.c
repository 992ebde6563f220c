/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of equivalent circuits: see circuit.h for their equations. Derivatives are with
 * respect to ln p, those of exponents to n itself: d (jw)^n / dn = (jw)^n (ln w + j pi/2).
 */
#include <math.h>

#include "circuit.h"

static const double HALF_PI = 1.57079632679489661923;

/* (jx)^n for x > 0. */
static double _Complex power(double x, double n)
{
    const double size = pow(x, n);
    return size * cos(HALF_PI * n) + I * (size * sin(HALF_PI * n));
}

static double _Complex log_j(double x)
{
    return log(x) + I * HALF_PI;
}

static double _Complex resistor(double w, const double *p, double _Complex *dz)
{
    (void)w;
    dz[0] = p[0];
    return p[0];
}

static double _Complex capacitor(double w, const double *p, double _Complex *dz)
{
    const double _Complex z = -I / (w * p[0]);
    dz[0] = -z;
    return z;
}

static double _Complex inductor(double w, const double *p, double _Complex *dz)
{
    return dz[0] = I * (w * p[0]);
}

static double _Complex lossy_inductor(double w, const double *p, double _Complex *dz)
{
    const double _Complex z = p[0] * power(w, p[1]);
    dz[0] = z;
    dz[1] = z * log_j(w);
    return z;
}

static double _Complex constant_phase(double w, const double *p, double _Complex *dz)
{
    const double _Complex z = power(w, -p[1]) / p[0];
    dz[0] = -z;
    dz[1] = -z * log_j(w);
    return z;
}

static double _Complex warburg(double w, const double *p, double _Complex *dz)
{
    return dz[0] = p[0] / sqrt(w) * (1 - I);
}

/* sqrt(j w tau) lies on the diagonal: beyond 20 tanh is 1 to rounding, and libraries that divide by
 * overflowing cosh are not asked. */
static double _Complex diagonal(double w, double tau, double _Complex *tanh_x)
{
    const double side = sqrt(w * tau / 2);
    const double _Complex x = side + I * side;
    *tanh_x = side > 20 ? 1 : ctanh(x);
    return x;
}

static double _Complex warburg_open(double w, const double *p, double _Complex *dz)
{
    double _Complex t;
    const double _Complex x = diagonal(w, p[1], &t), coth = 1 / t;
    dz[0] = p[0] * coth / x;
    dz[1] = p[0] / 2 * (1 - coth * coth - coth / x);
    return dz[0];
}

static double _Complex warburg_short(double w, const double *p, double _Complex *dz)
{
    double _Complex t;
    const double _Complex x = diagonal(w, p[1], &t);
    dz[0] = p[0] * t / x;
    dz[1] = p[0] / 2 * (1 - t * t - t / x);
    return dz[0];
}

static double _Complex depressed_arc(double w, const double *p, double _Complex *dz)
{
    const double _Complex u = power(w * p[1], p[2]), z = p[0] / (1 + u), share = u / (1 + u);
    dz[0] = z;
    dz[1] = -z * p[2] * share;
    dz[2] = -z * share * log_j(w * p[1]);
    return z;
}

static double _Complex gerischer(double w, const double *p, double _Complex *dz)
{
    const double _Complex u = 1 + I * (w * p[1]), z = p[0] / csqrt(u);
    dz[0] = z;
    dz[1] = -z / 2 * (u - 1) / u;
    return z;
}

#define RESISTANCE                                                                                 \
    {                                                                                              \
        "r", "resistance", "Ohm", AS_OHMIC                                                         \
    }
#define TIME                                                                                       \
    {                                                                                              \
        "tau", "time_constant", "s", AS_TIME                                                       \
    }
#define EXPONENT                                                                                   \
    {                                                                                              \
        "n", "exponent", "1", AS_EXPONENT                                                          \
    }
const as_element_kind as_element_kinds[] = {
    { "R", 1, { RESISTANCE }, resistor, "resistance" },
    { "C", 1, { { "c", "capacitance", "F", AS_ADMITTANCE } }, capacitor, "capacitance" },
    { "L", 1, { { "l", "inductance", "H", AS_OHMIC } }, inductor, "inductance" },
    { "La",
      2,
      { { "l", "inductance_coefficient", "H s^(n-1)", AS_OHMIC }, EXPONENT },
      lossy_inductor,
      "inductance with losses" },
    { "CPE",
      2,
      { { "q", "cpe_coefficient", "S s^n", AS_ADMITTANCE }, EXPONENT },
      constant_phase,
      "constant phase element" },
    { "W",
      1,
      { { "a", "warburg_coefficient", "Ohm/s^0.5", AS_OHMIC } },
      warburg,
      "Warburg, infinite" },
    { "Wo", 2, { RESISTANCE, TIME }, warburg_open, "Warburg of finite length, open end" },
    { "Ws", 2, { RESISTANCE, TIME }, warburg_short, "Warburg of finite length, short end" },
    { "Zarc", 3, { RESISTANCE, TIME, EXPONENT }, depressed_arc, "depressed arc" },
    { "G", 2, { RESISTANCE, TIME }, gerischer, "Gerischer" },
    { 0 }
};
