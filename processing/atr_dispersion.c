/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optical constants from ATR: see atr_dispersion.h. */
#include "atr_dispersion.h"

#include <complex.h>
#include <math.h>

#include "total_reflection.h"

#define PI 3.14159265358979323846

static double squared(double complex z)
{
    return creal(z) * creal(z) + cimag(z) * cimag(z);
}

double as_atr_absorbance(const as_atr_setup *setup, double n, double k)
{
    const double n1 = setup->crystal, c = cos(setup->angle), s = n1 * sin(setup->angle);
    const double complex e = n * n - k * k + 2 * n * k * I;
    double complex q = csqrt(e - s * s);
    if (cimag(q) < 0) q = -q; /* the evanescent wave decays also where noise makes k negative */
    const double rs = squared((n1 * c - q) / (n1 * c + q));
    const double rp = squared((e * c - n1 * q) / (e * c + n1 * q));
    return -log10(setup->s_share * pow(rs, setup->bounces) +
                  (1 - setup->s_share) * pow(rp, setup->bounces));
}

static double x_ln_x(double x)
{
    return x != 0 ? x * log(fabs(x)) : 0;
}

/* int hat(t - m) / t dt, hat the triangle of half width 1; for large m its series 1/m + 1/(6 m^3). */
static double hat_weight(double m)
{
    if (fabs(m) > 1000) return 1 / m + 1 / (6 * m * m * m);
    return x_ln_x(m + 1) + x_ln_x(m - 1) - 2 * x_ln_x(m);
}

/* k (rows) at first + i step, evenly spaced and rising, first > 0, taken as linear between rows and 0
 * outside: dn = 2/pi P int v' k(v') / (v'^2 - v^2) dv'. AS_ERR without memory. */
static as_status kramers_kronig(as_ctx *ctx, size_t rows, double first, double step, const double *k,
                                double *dn)
{
    double *near = AS_NEW_N(as_scratch(ctx), double, 4 * rows);
    if (!near) return AS_ERR;
    double *far = near + 2 * rows; /* of v' - v and of v' + v */
    for (size_t i = 0; i < 2 * rows; i++) {
        near[i] = hat_weight((double)i - (double)rows);
        far[i] = hat_weight((double)i + 2 * first / step);
    }
    for (size_t i = 0; i < rows; i++) {
        double sum = 0;
        for (size_t j = 0; j < rows; j++) sum += k[j] * (near[rows + j - i] + far[i + j]);
        dn[i] = sum / PI;
    }
    return AS_OK;
}

enum { MOST_ROUNDS = 200 };

as_status as_atr_constants(as_ctx *ctx, const as_atr_setup *setup, size_t rows, double first,
                           double step, const double *a, double *n, double *k)
{
    as_total_reflection r;
    if (!as_reflect_totally(setup->crystal, setup->sample, setup->angle, &r))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no total reflection");
    /* weak absorption: a = bounces 4 pi k d_e / (lambda ln 10) */
    const double thick = setup->s_share * r.s + (1 - setup->s_share) * r.p;
    const double slope = setup->bounces * 4 * PI * thick / log(10);
    double top = 0, worst = INFINITY;
    for (size_t i = 0; i < rows; i++) {
        top = fmax(top, fabs(a[i]));
        k[i] = a[i] / slope;
    }
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const as_frame frame = as_enter(ctx);
        const as_status status = kramers_kronig(ctx, rows, first, step, k, n);
        as_leave(ctx, frame);
        AS_TRY(status);
        worst = 0;
        for (size_t i = 0; i < rows; i++) {
            n[i] += setup->sample;
            const double miss = a[i] - as_atr_absorbance(setup, n[i], k[i]);
            worst = isfinite(miss) ? fmax(worst, fabs(miss)) : INFINITY;
            if (!isfinite(miss)) break;
            k[i] += 0.7 * miss / slope; /* damped: n answers to k */
        }
        if (worst <= 1e-8 * top) return AS_OK;
        if (!(worst < 100 * top)) break; /* runs away */
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "no optical constants give this spectrum (off by %.2g at most): are indices, angle "
                   "and bounces those of the measurement, and is the baseline zero?", worst);
}
