/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activation energies from runs at several heating rates. See kinetics.h for the equations. */
#include <math.h>

#include <gsl/gsl_sf_expint.h>

#include "kinetics.h"
#include "linear_fit.h"

as_status as_arrhenius_line(as_ctx *ctx, size_t n, const double *kelvin, const double *y,
                            double factor, as_arrhenius *out)
{
    double *x = AS_NEW_N(as_scratch(ctx), double, n + 1), mean = 0;
    as_linear_fit fit;
    if (!x) return AS_ERR;
    if (n < 3)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu heating rates, expected 3 or more: a line through fewer has no scatter",
                       n);
    for (size_t i = 0; i < n; i++) mean += 1000 / kelvin[i] / (double)n;
    for (size_t i = 0; i < n; i++) x[i] = 1000 / kelvin[i] - mean;
    AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), n, 1, x, y, NULL, false, &fit));
    const double scale = 1000 * AS_GAS_CONSTANT / factor;
    out->energy = -scale * fit.p[1];
    out->u_energy = scale * fit.u[1];
    out->intercept = fit.p[0] - fit.p[1] * mean; /* x is centred: p[0] and p[1] do not correlate */
    out->u_intercept = hypot(fit.u[0], fit.u[1] * mean);
    return AS_OK;
}

as_status as_integral_line(as_ctx *ctx, size_t n, const double *kelvin, const double *beta,
                           double power, double factor, as_arrhenius *out)
{
    double *y = AS_NEW_N(as_scratch(ctx), double, n + 1);
    if (!y) return AS_ERR;
    for (size_t i = 0; i < n; i++) y[i] = log(beta[i]) - power * log(kelvin[i]);
    return as_arrhenius_line(ctx, n, kelvin, y, factor, out);
}

as_status as_integral_corrected(as_ctx *ctx, size_t n, const double *kelvin, const double *beta,
                                as_arrhenius *out)
{
    double *y = AS_NEW_N(as_scratch(ctx), double, n + 1);
    if (!y) return AS_ERR;
    for (int round = 0; round < 100; round++) {
        const double before = out->energy;
        if (!(before > 0)) break;
        for (size_t i = 0; i < n; i++) {
            const double x = before / (AS_GAS_CONSTANT * kelvin[i]);
            y[i] = log(beta[i] / (kelvin[i] * kelvin[i] * x * gsl_sf_expint_E2_scaled(x)));
        }
        AS_TRY(as_arrhenius_line(ctx, n, kelvin, y, 1, out));
        if (fabs(out->energy - before) < 1e-10 * before) return AS_OK;
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL, "the corrected energy does not settle, last %.4g J/mol",
                   out->energy);
}

typedef struct runs {
    size_t n;
    const double *kelvin, *beta;
    double *g, *slope; /* ln(I / beta) and its derivative by E */
} runs;

static void integrals(const runs *r, double energy)
{
    for (size_t i = 0; i < r->n; i++) {
        const double rt = AS_GAS_CONSTANT * r->kelvin[i], x = energy / rt;
        const double e2 = gsl_sf_expint_E2_scaled(x);
        r->g[i] = log(r->kelvin[i] * e2 / r->beta[i]) - x;
        r->slope[i] = -gsl_sf_expint_E1_scaled(x) / (e2 * rt);
    }
}

/* Derivative by E of the sum of ratios. */
static double gradient(const runs *r, double energy)
{
    double sum = 0;
    integrals(r, energy);
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < r->n; k++)
            sum += exp(r->g[i] - r->g[k]) * (r->slope[i] - r->slope[k]);
    return sum;
}

static double scatter(const runs *r, double energy)
{
    double g = 0, slope = 0, chi2 = 0, sxx = 0;
    integrals(r, energy);
    for (size_t i = 0; i < r->n; i++) {
        g += r->g[i] / (double)r->n;
        slope += r->slope[i] / (double)r->n;
    }
    for (size_t i = 0; i < r->n; i++) {
        chi2 += (r->g[i] - g) * (r->g[i] - g);
        sxx += (r->slope[i] - slope) * (r->slope[i] - slope);
    }
    return sqrt(chi2 / (double)(r->n - 2) / sxx);
}

as_status as_vyazovkin(as_ctx *ctx, size_t n, const double *kelvin, const double *beta,
                       as_arrhenius *out)
{
    double *work = AS_NEW_N(as_scratch(ctx), double, 2 * n + 1);
    if (!work) return AS_ERR;
    const runs r = { n, kelvin, beta, work, work + n };
    double lo = 0.5 * out->energy, hi = 1.5 * out->energy;
    if (n < 3 || !(lo > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no positive first energy to begin from");
    if (!(gradient(&r, lo) < 0 && gradient(&r, hi) > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no minimum between %.4g and %.4g J/mol", lo, hi);
    for (int i = 0; i < 60 && hi - lo > 1e-13 * hi; i++) {
        const double middle = 0.5 * (lo + hi);
        if (gradient(&r, middle) < 0)
            lo = middle;
        else
            hi = middle;
    }
    out->energy = 0.5 * (lo + hi);
    out->u_energy = scatter(&r, out->energy);
    out->intercept = out->u_intercept = NAN;
    return AS_OK;
}
