/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The uncertainties are what they claim: fits of many noisy spectra, the distances from the truth
 * in units of the stated uncertainty have rms 1. Five pseudo-Voigt bands on a line, normal noise;
 * five Gaussian peaks of 100 counts by the likelihood. FIT_SPECTRA in the environment: how many
 * (300).
 */
#include <time.h>

#include "check.h"
#include "model.h"
#include "random.h"

enum { POINTS = 500, PEAKS = 5 };

static as_random generator;
static double uniform(void)
{
    return as_random_uniform(&generator);
}

static const double nominal[PEAKS][4] = { { 0.8, 1660, 24, 0.3 },
                                          { 1.5, 1710, 20, 0.5 },
                                          { 1, 1755, 28, 0.6 },
                                          { 2, 1790, 18, 0.4 },
                                          { 0.6, 1835, 22, 0.2 } };
static const char bands[] =
    "pvoigt(a) height=1 center=1662 fwhm=20 eta=0.5 + pvoigt(b) height=1 center=1708 fwhm=20 "
    "eta=0.5 + "
    "pvoigt(c) height=1 center=1753 fwhm=20 eta=0.5 + pvoigt(d) height=1 center=1792 fwhm=20 "
    "eta=0.5 + "
    "pvoigt(e) height=1 center=1833 fwhm=20 eta=0.5 + linear level=0 slope=0";
static const char lines[] =
    "gaussian(a) center=1662 fwhm=20 + gaussian(b) center=1708 fwhm=20 + gaussian(c) center=1753 "
    "fwhm=20 + "
    "gaussian(d) center=1792 fwhm=20 + gaussian(e) center=1833 fwhm=20 + linear";

static void truth(double t[PEAKS][4])
{
    for (int k = 0; k < PEAKS; k++) {
        t[k][0] = nominal[k][0] * (0.8 + 0.4 * uniform());
        t[k][1] = nominal[k][1] + 3 * uniform() - 1.5;
        t[k][2] = nominal[k][2] * (0.9 + 0.2 * uniform());
        t[k][3] = nominal[k][3] + 0.2 * uniform() - 0.1;
    }
}

static double curve(double t[PEAKS][4], double x, int counts)
{
    double y = counts ? 10 : 0.2 + 0.0003 * (x - 1600);
    for (int k = 0; k < PEAKS; k++) {
        const double u = 4 * (x - t[k][1]) * (x - t[k][1]) / (t[k][2] * t[k][2]);
        y += counts ? 100 * exp(-log(2) * u)
                    : t[k][0] * (t[k][3] / (1 + u) + (1 - t[k][3]) * exp(-log(2) * u));
    }
    return y;
}

typedef struct tally {
    int converged, parameters;
    double z, z2;
    double seconds;
} tally;

static void one(as_ctx *ctx, const char *text, const double *x, int counts, tally *sum)
{
    static double y[POINTS], sigma[POINTS];
    const as_frame frame = as_enter(ctx);
    double t[PEAKS][4];
    as_model m;
    as_ls_problem q;
    as_ls_result r;
    truth(t);
    for (int i = 0; i < POINTS; i++) {
        const double f = curve(t, x[i], counts);
        y[i] = counts ? as_random_poisson(&generator, f) : f + 0.01 * as_random_normal(&generator);
        sigma[i] = 0.01;
    }
    const clock_t start = clock();
    CHECK(as_model_parse(ctx, as_scratch(ctx), text, NULL, &m) == AS_OK);
    CHECK(as_model_bind(ctx, as_scratch(ctx), &m, POINTS, x) == AS_OK);
    CHECK(as_model_guess(ctx, &m, y) == AS_OK);
    CHECK(as_model_problem(ctx, as_scratch(ctx), &m, &q) == AS_OK);
    q.y = y;
    q.sigma = counts ? NULL : sigma;
    q.absolute = true;
    q.loss = counts ? AS_LOSS_POISSON : AS_LOSS_SQUARES;
    const as_status status = as_least_squares(ctx, as_scratch(ctx), &q, m.start, &r);
    sum->seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
    sum->converged += status == AS_OK;
    const int each = counts ? 3 : 4;
    for (int k = 0; status == AS_OK && k < PEAKS * each; k++) {
        const double want = counts && k % each == 0 ? 100 : t[k / each][k % each];
        const double z = (r.p[k] - want) / r.u[k];
        if (r.at_bound[k]) continue;
        sum->parameters++;
        sum->z += z;
        sum->z2 += z * z;
    }
    as_leave(ctx, frame);
}

static void many(as_ctx *ctx, const char *name, const char *text, int n, int counts)
{
    double x[POINTS];
    tally sum = { 0 };
    as_random_seed(&generator, 2024, 0);
    for (int i = 0; i < POINTS; i++) x[i] = 1600 + 300.0 * i / (POINTS - 1);
    for (int i = 0; i < n; i++) one(ctx, text, x, counts, &sum);
    const double rms = sqrt(sum.z2 / sum.parameters), mean = sum.z / sum.parameters;
    printf("%s: %d of %d converged, rms z %.4f, mean z %.4f, %.0f fits/s\n", name, sum.converged, n,
           rms, mean, n / sum.seconds);
    CHECK(sum.converged == n);
    CHECK(rms > 0.97 && rms < 1.05);
    CHECK(fabs(mean) < 0.04);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const char *given = getenv("FIT_SPECTRA");
    const int n = given ? atoi(given) : 300;
    many(ctx, "normal noise", bands, n, 0);
    many(ctx, "100 counts", lines, n, 1);
    as_ctx_free(ctx);
    DONE();
}
