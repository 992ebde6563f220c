/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equations of isotherms: see isotherm_models.h. */
#include <math.h>

#include "isotherm_models.h"

/* n = k p */
static double henry(double p, const double *q, double *d)
{
    return d[0] = exp(q[0]) * p;
}

static void henry_start(double n_m, double p_half, int variant, double *q)
{
    q[0] = log(n_m / p_half) - variant;
}

/* n = n_m K p / (1 + K p) */
static double langmuir(double p, const double *q, double *d)
{
    const double x = exp(q[1]) * p, n = exp(q[0]) * x / (1 + x);
    d[0] = n;
    d[1] = n / (1 + x);
    return n;
}

static void langmuir_start(double n_m, double p_half, int variant, double *q)
{
    q[0] = log(n_m);
    q[1] = -log(p_half) + 2 * (variant - 1);
}

static double langmuir_henry(const double *q, double *d)
{
    d[0] = d[1] = 1;
    return q[0] + q[1];
}

static double dual(double p, const double *q, double *d)
{
    return langmuir(p, q, d) + langmuir(p, q + 2, d + 2);
}

static void dual_start(double n_m, double p_half, int variant, double *q)
{
    const double share = variant % 2 ? 0.3 : 0.6, apart = variant < 2 ? 2 : 5;
    q[0] = log(share * n_m);
    q[1] = -log(p_half) + apart;
    q[2] = log((1 - share) * n_m);
    q[3] = -log(p_half) - apart / 2;
}

static double dual_henry(const double *q, double *d)
{
    const double a = exp(q[0] + q[1]), b = exp(q[2] + q[3]);
    d[0] = d[1] = a / (a + b);
    d[2] = d[3] = b / (a + b);
    return log(a + b);
}

/* n = n_m K p / (1 + (K p)^t)^(1/t) */
static double toth(double p, const double *q, double *d)
{
    const double t = exp(q[2]), lx = q[1] + log(p), xt = exp(t * lx), n = exp(q[0] + lx - log1p(xt) / t);
    d[0] = n;
    d[1] = n / (1 + xt);
    d[2] = n * (log1p(xt) / t - lx * xt / (1 + xt));
    return n;
}

static void toth_start(double n_m, double p_half, int variant, double *q)
{
    q[0] = log(n_m) + 0.2 * (variant % 2);
    q[2] = log(variant < 2 ? 0.8 : 0.4);
    q[1] = -log(p_half) + (variant < 2 ? 0 : 1);
}

/* n = n_m (K p)^s / (1 + (K p)^s) */
static double sips(double p, const double *q, double *d)
{
    const double s = exp(q[2]), lx = q[1] + log(p), xs = exp(s * lx), n = exp(q[0]) * xs / (1 + xs);
    d[0] = n;
    d[1] = n * s / (1 + xs);
    d[2] = n * s * lx / (1 + xs);
    return n;
}

static void sips_start(double n_m, double p_half, int variant, double *q)
{
    q[0] = log(n_m) + 0.2 * (variant % 2);
    q[1] = -log(p_half);
    q[2] = log(variant < 2 ? 0.8 : 0.4);
}

/* n = n_1 p^(1/m), p in kPa */
static double freundlich(double p, const double *q, double *d)
{
    const double m = exp(q[1]), n = exp(q[0] + log(p) / m);
    d[0] = n;
    d[1] = -n * log(p) / m;
    return n;
}

static void freundlich_start(double n_m, double p_half, int variant, double *q)
{
    q[1] = log(1.5 + variant);
    q[0] = log(n_m / 2) - log(p_half) / exp(q[1]);
}

#define CAPACITY(site) { "saturation_uptake", site, "mmol/g" }
#define AFFINITY(site) { "affinity", site, "kPa-1" }

const as_isotherm_model as_isotherm_models[] = {
    { "henry", "n=k*p", 1, { { "henry_constant", "", "mmol/g/kPa" } }, henry, henry_start, NULL },
    { "langmuir", "n=n_m*K*p/(1+K*p)", 2, { CAPACITY(""), AFFINITY("") }, langmuir, langmuir_start, langmuir_henry },
    { "dual-site-langmuir", "n=sum_of_n_i*K_i*p/(1+K_i*p)", 4,
      { CAPACITY(" 1"), AFFINITY(" 1"), CAPACITY(" 2"), AFFINITY(" 2") }, dual, dual_start, dual_henry },
    { "toth", "n=n_m*K*p/(1+(K*p)^t)^(1/t)", 3, { CAPACITY(""), AFFINITY(""), { "heterogeneity", "", "1" } }, toth,
      toth_start, langmuir_henry },
    { "sips", "n=n_m*(K*p)^s/(1+(K*p)^s)", 3, { CAPACITY(""), AFFINITY(""), { "heterogeneity", "", "1" } }, sips,
      sips_start, NULL },
    { "freundlich", "n=n_1*(p/kPa)^(1/m)", 2, { { "unit_uptake", "", "mmol/g" }, { "heterogeneity", "", "1" } },
      freundlich, freundlich_start, NULL },
    { .name = NULL }
};
