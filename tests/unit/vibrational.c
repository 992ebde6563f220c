/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations of vibrational spectroscopy against figures and formulas from elsewhere. */

#include <complex.h>

#include "atr_dispersion.h"
#include "check.h"
#include "mann_kendall.h"
#include "run_op.h"
#include "total_reflection.h"

#define PI 3.14159265358979323846

static as_ctx *ctx;

static as_table *absorbances(size_t n, const double *x, const double *y)
{
    as_table *t = curve_table(ctx, n, x, y, "wavenumber", "cm-1", "1");
    as_find_role(t, AS_ROLE_Y)->name = "absorbance";
    return t;
}

static as_table *one(const char *op, const char *options, as_table *t)
{
    caught out;
    return run_tables(ctx, op, options, 1, &t, false, &out) == AS_OK && out.n ? out.t[0] : NULL;
}

/* Effective thickness from Fresnel's coefficients: absorbance of a sample of index n2 (1 + i kappa)
 * over that of its path in transmission, in the limit of small kappa. */
static double thickness_by_fresnel(double n1, double n2, double angle, bool p)
{
    const double kappa = 1e-7;
    const double complex e2 = (n2 * (1 + I * kappa)) * (n2 * (1 + I * kappa));
    const double complex kz = csqrt(e2 - n1 * n1 * sin(angle) * sin(angle));
    const double complex a = p ? e2 * cos(angle) : n1 * cos(angle), b = p ? n1 * kz : kz;
    const double complex r = (a - b) / (a + b);
    return -log(creal(r * conj(r))) / (4 * PI * n2 * kappa); /* over lambda */
}

static void total_reflection(void)
{
    const double angle = PI / 4;
    as_total_reflection r;
    CHECK(as_reflect_totally(2.40, 1.50, angle, &r));
    NEAR(r.depth * 10, 2.0052, 5e-5);
    NEAR(r.s, 0.29084, 5e-6);
    NEAR(r.p, 0.58169, 5e-6);
    NEAR(r.p, 2 * r.s, 1e-14); /* Harrick: at 45 deg */
    static const struct { double n1, n2, deg; } cases[] = { { 2.4, 1.5, 45 }, { 4, 1.5, 30 },
                                                            { 4, 1.33, 60 }, { 2.4, 1.3, 70 } };
    for (size_t i = 0; i < 4; i++) {
        const double at = cases[i].deg * PI / 180;
        CHECK(as_reflect_totally(cases[i].n1, cases[i].n2, at, &r));
        NEAR(r.s / thickness_by_fresnel(cases[i].n1, cases[i].n2, at, false), 1, 1e-5);
        NEAR(r.p / thickness_by_fresnel(cases[i].n1, cases[i].n2, at, true), 1, 1e-5);
    }
    CHECK(!as_reflect_totally(2.4, 1.5, 38 * PI / 180, &r));
    NEAR(r.critical * 180 / PI, 38.682, 1e-3);
    CHECK(!as_reflect_totally(1.4, 1.5, 1.5, &r) && isnan(r.critical));
}

static void correcting(void)
{
    const double x[] = { 3000, 2000, 1000 }, y[] = { 0.1, 0.2, 0.3 };
    as_table *t = one("atr", "--crystal 2.4 --bounces 3 --polarization s", absorbances(3, x, y));
    CHECK(t != NULL);
    NEAR(as_find_name(t, "penetration_depth")->v.f[0], 0.6684, 5e-5);
    NEAR(as_find_name(t, "effective_thickness")->v.f[2], 2.9084, 5e-5);
    NEAR(as_find_name(t, "absorption_coefficient")->v.f[2], 0.3 / (3 * 2.9084e-4), 0.01);
    NEAR(as_get_meta(t, "atr_bounces")->number, 3, 0);
    CHECK(strcmp(as_get_meta(t, "atr_polarization")->text, "s") == 0);
    CHECK(!one("atr", "--crystal 2.4", t) && as_pending(ctx) == AS_E_USAGE); /* once is enough */
    as_forget_error(ctx);
    t = one("atr", "--crystal 2.4 --correct depth", absorbances(3, x, y));
    CHECK(t != NULL);
    NEAR(as_find_role(t, AS_ROLE_Y)->v.f[0], 0.3, 1e-15);
    NEAR(as_find_role(t, AS_ROLE_Y)->v.f[2], 0.3, 1e-15);
    CHECK(!one("atr", "--crystal 2.4 --angle 30", absorbances(3, x, y)) &&
          strstr(as_pending_message(ctx), "38.68"));
    as_forget_error(ctx);
    CHECK(!one("atr", "--crystal 2.4", curve_table(ctx, 3, x, y, "wavenumber", "cm-1", "1")) &&
          strstr(as_pending_message(ctx), "absorbance"));
    as_forget_error(ctx);
}

/* Two damped oscillators: n and k are known together, no integral needed. */
static double complex weak_oscillators(double strength, double v)
{
    const double complex e = 2.25 + strength * (4e4 / (1730.0 * 1730 - v * v - 18 * v * I) +
                                                2e4 / (1200.0 * 1200 - v * v - 25 * v * I));
    return csqrt(e);
}

static double complex oscillators(double v)
{
    return weak_oscillators(1, v);
}

static void dispersion(void)
{
    enum { N = 3200 };
    static double a[N], n[N], k[N];
    static const double s_share[] = { 0.5, 1, 0 };
    for (int p = 0; p < 3; p++) {
        const as_atr_setup setup = { 4, 1.5, PI / 4, 1, s_share[p] };
        double worst_k = 0, worst_n = 0, peak = 0, peak_of_a = 0;
        size_t at = 0, at_of_a = 0;
        for (size_t i = 0; i < N; i++) {
            const double complex index = oscillators(400 + (double)i);
            a[i] = as_atr_absorbance(&setup, creal(index), cimag(index));
        }
        CHECK(as_atr_constants(ctx, &setup, N, 400, 1, a, n, k) == AS_OK);
        for (size_t i = 0; i < N; i++) {
            const double complex index = oscillators(400 + (double)i);
            worst_k = fmax(worst_k, fabs(k[i] - cimag(index)));
            worst_n = fmax(worst_n, fabs(n[i] - creal(index)));
            if (i > 1000 && cimag(index) > peak) peak = cimag(index), at = i;
            if (i > 1000 && a[i] > peak_of_a) peak_of_a = a[i], at_of_a = i;
        }
        printf("p %d: k off by %.2g of %.2g, n by %.2g, band moved by %d\n", p, worst_k, peak, worst_n,
               (int)at_of_a - (int)at);
        CHECK(worst_k < 0.01 * peak && worst_n < 0.01);
        /* noise below zero is as far from it as noise above */
        NEAR(as_atr_absorbance(&setup, 1.4, -1e-4), -as_atr_absorbance(&setup, 1.4, 1e-4), 1e-6);
        for (size_t i = 0; i < N; i++) a[i] = 2e-4 * sin(2.6 * (double)i);
        CHECK(as_atr_constants(ctx, &setup, N, 400, 1, a, n, k) == AS_OK);
    }
}

/* Spectra are met to 1e-8 of their largest value, weak ones too. */
static void meeting(void)
{
    enum { N = 801 };
    static double a[N], n[N], k[N];
    const as_atr_setup setup = { 4, 1.5, PI / 4, 1, 0.5 };
    for (double strength = 1; strength > 1e-7; strength *= 1e-3) {
        double top = 0, worst = 0;
        for (int i = 0; i < N; i++) {
            const double complex index = weak_oscillators(strength, 400 + 4.0 * i);
            a[i] = as_atr_absorbance(&setup, creal(index), cimag(index));
            top = fmax(top, a[i]);
        }
        CHECK(as_atr_constants(ctx, &setup, N, 400, 4, a, n, k) == AS_OK);
        for (int i = 0; i < N; i++) worst = fmax(worst, fabs(a[i] - as_atr_absorbance(&setup, n[i], k[i])));
        CHECK(worst <= 1e-8 * top);
    }
}

/* Through the operation, wavenumbers falling as instruments have them. */
static void dispersing(void)
{
    enum { N = 801 };
    static double v[N], a[N];
    const as_atr_setup setup = { 2.4, 1.5, PI / 4, 2, 0.5 };
    for (int i = 0; i < N; i++) {
        v[i] = 3600 - 4 * i;
        a[i] = as_atr_absorbance(&setup, creal(oscillators(v[i])), cimag(oscillators(v[i])));
    }
    const char *options = "--crystal 2.4 --bounces 2 --correct dispersion";
    as_table *t = one("atr", options, absorbances(N, v, a));
    CHECK(t != NULL);
    const double *alpha = t ? as_find_role(t, AS_ROLE_Y)->v.f : a;
    const double *n = t ? as_find_name(t, "refractive_index")->v.f : a;
    for (int i = 100; i < N - 20; i += 10) {
        const double complex index = oscillators(v[i]);
        NEAR(alpha[i], 4 * PI * v[i] * cimag(index) / log(10), 60); /* of 4000 at most */
        NEAR(n[i], creal(index), 0.01);
    }
    v[7] += 1;
    CHECK(!one("atr", options, absorbances(N, v, a)) && as_pending(ctx) == AS_E_NUMERIC);
    as_forget_error(ctx);
    a[7] = NAN;
    CHECK(!one("atr", options, absorbances(N, v, a)) && as_pending(ctx) == AS_E_NUMERIC);
    as_forget_error(ctx);
}

/* Kendall, Rank Correlation Methods: S of n = 4 has chances 1, 3, 5, 6, 5, 3, 1 of 24. */
static void trend(void)
{
    const double x[] = { 1, 2, 3, 4, 5 }, up[] = { 1, 2, 3, 4, 9 }, swapped[] = { 2, 1, 3, 4 };
    const double flat[] = { 7, 7, 7, 7, 7 }, middle[] = { 2, 1, 4, 3 };
    as_mann_kendall_test t;
    as_mann_kendall(5, x, up, &t);
    CHECK(t.exact && t.s == 10 && t.tau == 1);
    NEAR(t.p, 1.0 / 60, 1e-16);
    as_mann_kendall(4, x, swapped, &t);
    NEAR(t.p, 8.0 / 24, 1e-15);
    as_mann_kendall(4, x, middle, &t);
    NEAR(t.p, 18.0 / 24, 1e-15);
    as_mann_kendall(5, x, flat, &t);
    CHECK(!t.exact && t.s == 0 && isnan(t.tau) && t.p == 1);
}

static as_table *with_peak(uint32_t number, double position, double u)
{
    const double one_x = 700, one_y = 1;
    as_table *t = curve_table(ctx, 1, &one_x, &one_y, "raman_shift", "cm-1", "count");
    t->number = number;
    CHECK(as_add_quantity(ctx, t, "1", "position", position, u, "cm-1", NULL, NULL) == AS_OK);
    return t;
}

static void trend_of_a_result(void)
{
    as_table *t[] = { with_peak(0, 700, 1), with_peak(1, 702, 1), with_peak(2, 704, 1),
                      with_peak(3, NAN, 1), with_peak(4, 708, 1) };
    caught out;
    CHECK(run_tables(ctx, "trend", "--item 1 --quantity position", 5, t, false, &out) == AS_OK &&
          out.n == 1 && out.t[0]->rows == 4);
    const as_result *slope = as_get_result(out.t[0], "1", "trend_slope");
    NEAR(slope->value, 2, 1e-12);
    NEAR(slope->u, 1 / sqrt(8.75), 1e-12); /* 1 / sqrt of the sum of (x - mean)^2, x 0 1 2 4 */
    NEAR(as_get_result(out.t[0], "1", "p_value")->value, 2.0 / 24, 1e-15);
    as_table *few[] = { with_peak(0, 700, 1), with_peak(1, 702, 1) };
    CHECK(run_tables(ctx, "trend", "--item 1 --quantity position", 2, few, false, &out) != AS_OK &&
          as_pending(ctx) == AS_E_MISSING);
    as_forget_error(ctx);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    total_reflection();
    correcting();
    dispersion();
    meeting();
    dispersing();
    trend();
    trend_of_a_result();
    as_ctx_free(ctx);
    DONE();
}
