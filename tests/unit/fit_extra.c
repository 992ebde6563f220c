/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of residuals and of nested models against scipy's digits; derivatives of expressions and of
 * the Shirley background against differences of the model. */
#include "check.h"
#include "fit_extra.h"
#include "lanes.h"

enum { POINTS = 61, COLUMNS = 8 };

static void judged(void)
{
    const double z[] = { 1, 2, -1, -2, -3, 1, 2, 1, -1, -1.5 }, flat[] = { 0, 0, 0 };
    const as_fit_residuals r = as_fit_judge(10, z), none = as_fit_judge(3, flat);
    NEAR(r.durbin_watson, 1.2123893805309736, 1e-15);
    NEAR(r.runs, 4, 0);
    NEAR(r.runs_p, 0.17971249487899976, 1e-14);
    CHECK(isnan(none.durbin_watson) && isnan(none.runs_p));
    CHECK(isnan(as_fit_judge(0, z).durbin_watson));
    CHECK(isnan(as_fit_judge(2, z).runs_p)); /* one sign only */
}

static void compared(void)
{
    double p;
    NEAR(as_fit_f(2 + 2 * 3.7 * 2 / 40, 42, 2, 40, &p), 3.7, 1e-13);
    NEAR(p, 0.03354540140943258, 1e-14);
    NEAR(as_fit_f(1 + 289.36 / 95, 96, 1, 95, &p) / 289.36, 1, 1e-13);
    NEAR(p / 1.3770025201986814e-30, 1, 1e-9);
    CHECK(isnan(as_fit_f(1, 40, 2, 42, &p)) && isnan(p)); /* the other way round */
    NEAR(as_fit_quantile(0.95, 7), 2.3646242515927844, 1e-12); /* by betainc; t.ppf has 9 digits */
    NEAR(as_fit_quantile(0.95, 0), 1.959963984540054, 1e-14);
}

/* The Jacobian of the model at p against central differences, relative to its largest entry. */
static double worst_slope(as_ctx *ctx, const char *text, const double *x, size_t n, const double *p)
{
    static double f[2 * 64], J[COLUMNS * 64], up[64], down[64];
    const size_t stride = as_lanes(n);
    as_model m;
    as_ls_problem q;
    double worst = 0;
    CHECK(as_model_parse(ctx, as_scratch(ctx), text, NULL, &m) == AS_OK);
    CHECK(as_model_bind(ctx, as_scratch(ctx), &m, n, x) == AS_OK);
    CHECK(as_model_problem(ctx, as_scratch(ctx), &m, &q) == AS_OK);
    CHECK(q.m <= COLUMNS);
    q.model(q.user, p, f, J, stride);
    for (size_t k = 0; k < q.m; k++) {
        double at[COLUMNS], top = 0, off = 0;
        const double h = 1e-5 * fmax(fabs(p[k]), 0.1);
        memcpy(at, p, q.m * sizeof *at);
        at[k] = p[k] + h;
        q.model(q.user, at, up, NULL, stride);
        at[k] = p[k] - h;
        q.model(q.user, at, down, NULL, stride);
        for (size_t i = 0; i < n; i++) {
            const double slope = (up[i] - down[i]) / (2 * h);
            top = fmax(top, fabs(slope));
            off = fmax(off, fabs(slope - J[k * stride + i]));
        }
        CHECK(top > 0);
        worst = fmax(worst, off / top);
    }
    return worst;
}

static void derivatives(as_ctx *ctx)
{
    double up[POINTS], down[POINTS];
    for (int i = 0; i < POINTS; i++) {
        up[i] = 0.1 * i;
        down[i] = 6 - 0.1 * i;
    }
    const double p[] = { 5, 2, 0.8, 3, 4.1, 0.2, 0.05 };
    const char *rule = "gaussian(a) + gaussian(b) fwhm=@(sqrt(a.fwhm^2 + 0.1*a.center*b.height)) + linear";
    const char *chain = "gaussian(a) + gaussian(b) fwhm=@(a.fwhm*2 + c.level) + linear(c)";
    const char *loss = "gaussian(a) + pvoigt(b) fwhm=@a.fwhm eta=0.3! + shirley loss=[:] + constant";
    NEAR(worst_slope(ctx, rule, up, POINTS, p), 0, 1e-7);
    NEAR(worst_slope(ctx, chain, up, POINTS, p), 0, 1e-7);
    NEAR(worst_slope(ctx, loss, up, POINTS, p), 0, 1e-7);
    NEAR(worst_slope(ctx, loss, down, POINTS, p), 0, 1e-7);
}

/* A Gaussian's whole area, times the loss, stands at the high end; nothing at the low one. */
static void shirley(as_ctx *ctx)
{
    const double p[] = { 5, 3, 0.8, 0.2 }, area = 5 * 0.8 * 1.0644670194312262;
    double x[POINTS], f[64];
    as_model m;
    as_ls_problem q;
    for (int falls = 0; falls < 2; falls++) {
        for (int i = 0; i < POINTS; i++) x[i] = falls ? 6 - 0.1 * i : 0.1 * i;
        CHECK(as_model_parse(ctx, as_scratch(ctx), "gaussian(a) + shirley", NULL, &m) == AS_OK);
        CHECK(as_model_bind(ctx, as_scratch(ctx), &m, POINTS, x) == AS_OK);
        CHECK(as_model_problem(ctx, as_scratch(ctx), &m, &q) == AS_OK);
        q.model(q.user, p, f, NULL, as_lanes(POINTS));
        NEAR(f[falls ? 0 : POINTS - 1], 0.2 * area, 1e-9);
        NEAR(f[falls ? POINTS - 1 : 0], 0, 1e-9);
    }
    x[7] = 60;
    CHECK(as_model_parse(ctx, as_scratch(ctx), "gaussian(a) + shirley", NULL, &m) == AS_OK);
    CHECK(as_model_bind(ctx, as_scratch(ctx), &m, POINTS, x) == AS_ERR);
    CHECK(as_pending(ctx) == AS_E_NUMERIC);
    as_forget_error(ctx);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    judged();
    compared();
    derivatives(ctx);
    shirley(ctx);
    as_ctx_free(ctx);
    DONE();
}
