/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Smoothing, despiking, resampling and series taken together: sums kept, errors propagated or
 * dropped, what does not fit refused. */

#include "check.h"
#include "dice.h"
#include "interpolate.h"
#include "run_op.h"

static as_ctx *ctx;
enum { N = 500 };
static double x[N], y[N], clean[N];

static void bands(double noise)
{
    for (int i = 0; i < N; i++) {
        x[i] = 100 + 2 * i;
        clean[i] = 20 + 0.01 * x[i];
        for (int k = 0; k < 3; k++) {
            const double t = (x[i] - (300 + 250 * k)) / 18;
            clean[i] += 50 * exp(-t * t / 2);
        }
        y[i] = clean[i] + noise * normal();
    }
}

static const double *values(const as_table *t)
{
    return as_find_role(t, AS_ROLE_Y)->v.f;
}

static as_table *counted(const double *counts, const char *seconds)
{
    as_table *t = curve_table(ctx, N, x, counts, "two_theta", "deg", "count");
    CHECK(as_add_counting_sigma(ctx, t, NAN) == AS_OK);
    if (seconds) CHECK(as_set_meta(ctx, t, "step_time", seconds, "s", NULL) == AS_OK);
    return t;
}

static as_table *one(const char *op, const char *options, as_table *t)
{
    caught out;
    return run_tables(ctx, op, options, 1, &t, false, &out) == AS_OK && out.n ? out.t[0] : NULL;
}

static void smoothing(void)
{
    static const struct { const char *op, *options; double gain; } cases[] = {
        { "smooth-whittaker", "--width 30cm-1", 0.5 },
        { "smooth-whittaker", "--width 14cm-1 --order 1", 0.7 },
        { "smooth-whittaker", "--width 30cm-1 --order 3", 0.5 },
        { "smooth-pspline", "--width 30cm-1", 0.5 },
        { "smooth-gaussian", "--width 9cm-1", 0.6 },
        { "smooth-median", "--width 14cm-1", 0.6 },
        { "smooth-lowess", "--width 20cm-1", 0.6 },
        { "smooth-fft", "--width 15cm-1", 0.6 },
        { "smooth-fft", "--width 30cm-1 --taper cosine", 0.5 },
        { "denoise-wavelet", "--threshold 0.4", 0.7 },
        { "smooth-savgol", "--window 22cm-1 --order 3", 0.6 },
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double error = 0, line = 0;
        bands(1);
        as_table *t = curve_table(ctx, N, x, y, "raman_shift", "cm-1", "count");
        as_column *s = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, as_unit_of("count"));
        CHECK(s && one(cases[k].op, cases[k].options, t));
        for (int i = 0; i < N; i++) error += pow(values(t)[i] - clean[i], 2) / N;
        printf("%-18s %-28s noise 1 becomes %.3f\n", cases[k].op, cases[k].options, sqrt(error));
        CHECK(sqrt(error) < cases[k].gain);
        CHECK(!as_find_role(t, AS_ROLE_SIGMA) && as_get_meta(t, "processed"));
        for (int i = 0; i < N; i++) y[i] = 7; /* what is flat stays flat, ends included */
        t = run_curve(ctx, cases[k].op, cases[k].options, N, x, y);
        for (int i = 0; t && i < N; i++) line = fmax(line, fabs(values(t)[i] - 7));
        NEAR(line, 0, 1e-9);
    }
    /* a Lorentzian of the width that is divided out becomes a Gaussian half as wide */
    double area[2] = { 0, 0 }, top = 0, half = 0;
    for (int i = 0; i < N; i++) y[i] = 100 / (1 + pow((x[i] - 600) / 20, 2));
    const as_table *t = run_curve(ctx, "deconvolve-fourier", "--fwhm 40cm-1", N, x, y);
    CHECK(t != NULL);
    for (int i = 0; t && i < N; i++) {
        area[0] += y[i];
        area[1] += values(t)[i];
        top = fmax(top, values(t)[i]);
    }
    for (int i = 0; t && i < N; i++) half += values(t)[i] > top / 2 ? 2 : 0;
    NEAR(area[1], area[0], 0.01 * area[0]);
    NEAR(half, 20, 4);
}

static void despiking(void)
{
    bands(0.5);
    for (int i = 250; i < N; i++) y[i] += 300; /* a step is no spike */
    y[77] += 60;
    y[300] += 90;
    y[301] += 80;
    y[N - 1] += 50;
    const as_table *t = run_curve(ctx, "despike", "", N, x, y);
    const double *mask = as_find_name(t, "mask")->v.f;
    for (int i = 0; i < N; i++) CHECK((mask[i] > 0) == (i == 77 || i == 300 || i == 301 || i == N - 1));
    NEAR(as_get_result(t, "curve", "spikes")->value, 3, 0);
    CHECK(values(t)[77] == y[77]); /* nothing is invented */
    y[78] = y[76] + 0.45 * (y[77] - y[76]); /* two rays side by side: the saddle is a part of it */
    y[79] = y[76] + 0.6 * (y[77] - y[76]);
    t = run_curve(ctx, "despike", "", N, x, y);
    for (int i = 70; i < 90; i++) CHECK((as_find_name(t, "mask")->v.f[i] > 0) == (i >= 77 && i <= 79));
    for (int i = 0; i < N; i++) y[i] = i == 9 ? 20 : 5; /* no noise at all */
    t = run_curve(ctx, "despike", "", N, x, y);
    CHECK(as_find_name(t, "mask")->v.f[9] == 1 && as_find_name(t, "mask")->v.f[8] == 0);
    as_table *frames[4];
    for (int k = 0; k < 4; k++) {
        bands(0.5);
        y[40 + k] += 30;
        frames[k] = curve_table(ctx, N, x, y, "raman_shift", "cm-1", "count");
    }
    caught out;
    CHECK(run_tables(ctx, "despike-frames", "", 4, frames, false, &out) == AS_OK && out.n == 4);
    for (size_t k = 0; k < out.n; k++)
        for (size_t i = 0; i < N; i++) CHECK((as_find_name(out.t[k], "mask")->v.f[i] > 0) == (i == 40 + k));
    CHECK(run_tables(ctx, "despike-frames", "", 2, frames, false, &out) != AS_OK);
    as_forget_error(ctx);
}

static void taken_together(void)
{
    double a[N], b[N];
    for (int i = 0; i < N; i++) {
        x[i] = 10 + 0.02 * i;
        a[i] = 100 + i;
        b[i] = 300 + 3 * i;
    }
    as_table *t[3] = { counted(a, "1"), counted(b, "3"), NULL };
    caught out;
    CHECK(run_tables(ctx, "merge-scans", "", 2, t, false, &out) == AS_OK && out.n == 1);
    NEAR(values(out.t[0])[7], 107 + 321, 0);
    NEAR(as_find_role(out.t[0], AS_ROLE_SIGMA)->v.f[7], sqrt(428), 1e-12);
    NEAR(as_get_meta(out.t[0], "step_time")->number, 4, 0);
    /* rates weighted by their times give the rate of the sum */
    as_table *r[2] = { counted(a, "1"), counted(b, "3") };
    for (int k = 0; k < 2; k++) CHECK(one("convert-y", "--to rate", r[k]) != NULL);
    CHECK(run_tables(ctx, "merge-scans", "", 2, r, false, &out) == AS_OK);
    NEAR(values(out.t[0])[7], 428 / 4.0, 1e-12);
    NEAR(as_find_role(out.t[0], AS_ROLE_SIGMA)->v.f[7], sqrt(428) / 4, 1e-12);
    /* a masked row is made up for by the others */
    t[0] = counted(a, "1");
    t[1] = counted(b, "3");
    as_column *mask = as_add_column(ctx, t[1], "mask", AS_ROLE_MASK, AS_UNITLESS);
    mask->v.f[7] = 1;
    CHECK(run_tables(ctx, "merge-scans", "", 2, t, false, &out) == AS_OK);
    NEAR(values(out.t[0])[7], 107 * 4, 1e-10);
    NEAR(as_find_role(out.t[0], AS_ROLE_SIGMA)->v.f[7], sqrt(107) * 4, 1e-10);
    t[0] = counted(a, "1");
    t[1] = counted(b, "3");
    t[1]->column[0]->v.f[5] += 0.01;
    CHECK(run_tables(ctx, "merge-scans", "", 2, t, false, &out) != AS_OK && as_pending(ctx) == AS_E_MISSING);
    as_forget_error(ctx);
    /* averages; groups by metadata */
    for (int k = 0; k < 3; k++) {
        t[k] = counted(k ? b : a, NULL);
        CHECK(as_set_meta(ctx, t[k], "sample", k == 1 ? "B" : "A", NULL, NULL) == AS_OK);
    }
    CHECK(run_tables(ctx, "average", "--by sample", 3, t, false, &out) == AS_OK && out.n == 2);
    NEAR(values(out.t[0])[7], (107 + 321) / 2.0, 0);
    NEAR(as_find_role(out.t[0], AS_ROLE_SIGMA)->v.f[7], sqrt(428) / 2, 1e-12);
    NEAR(values(out.t[1])[7], 321, 0);
    for (int k = 0; k < 3; k++) t[k] = counted(k ? b : a, NULL);
    CHECK(run_tables(ctx, "average", "--errors scatter", 3, t, false, &out) == AS_OK);
    NEAR(as_find_role(out.t[0], AS_ROLE_SIGMA)->v.f[7], 214 / sqrt(3) / sqrt(3), 1e-10);
    for (int k = 0; k < 3; k++) t[k] = counted(k ? b : a, NULL);
    CHECK(run_tables(ctx, "average", "--method median", 3, t, false, &out) == AS_OK);
    NEAR(values(out.t[0])[7], 321, 0);
}

static void other_points(void)
{
    bands(0);
    double sum[2] = { 0, 0 };
    const as_table *t = run_curve(ctx, "resample", "--step 3.7cm-1 --method conserve --range 104:1090", N, x, y);
    CHECK(t && fabs(t->column[0]->v.f[1] - 107.7) < 1e-9);
    for (size_t i = 0; t && i < t->rows; i++) sum[1] += values(t)[i];
    for (int i = 0; i < N; i++) /* the new intervals reach half a step beyond their points */
        sum[0] += y[i] * fmax(0, fmin(x[i] + 1, 104 + 3.7 * ((double)t->rows - 0.5)) - fmax(x[i] - 1, 104 - 1.85)) / 2;
    NEAR(sum[1], sum[0], 1e-9 * sum[0]);
    static const char *const kinds[] = { "linear", "cubic", "pchip" };
    const double limit[] = { 0.2, 2e-3, 0.05 };
    for (int k = 0; k < 3; k++) {
        char options[64];
        double worst = 0;
        (void)snprintf(options, sizeof options, "--points 1999 --method %s", kinds[k]);
        t = run_curve(ctx, "resample", options, N, x, y);
        for (size_t i = 0; t && i < t->rows; i++) {
            const double at = t->column[0]->v.f[i];
            double want = 20 + 0.01 * at;
            for (int b = 0; b < 3; b++) want += 50 * exp(-pow((at - (300 + 250 * b)) / 18, 2) / 2);
            worst = fmax(worst, fabs(values(t)[i] - want));
        }
        CHECK(t && worst < limit[k]);
        printf("resample %s: within %.3g of 50\n", kinds[k], worst);
    }
    /* falling x stays falling */
    for (int i = 0; i < N; i++) x[i] = 100 - 0.1 * i;
    t = run_curve(ctx, "resample", "--step 2pt", N, x, y);
    CHECK(t && t->column[0]->v.f[0] > t->column[0]->v.f[1]);
    double counts[N];
    for (int i = 0; i < N; i++) counts[i] = 50 + i % 7;
    as_table *c = one("rebin", "--factor 4", counted(counts, "2"));
    CHECK(c && c->rows == N / 4);
    if (c) {
        NEAR(values(c)[0], 50 + 51 + 52 + 53, 0);
        NEAR(as_find_role(c, AS_ROLE_SIGMA)->v.f[0], sqrt(206), 1e-12);
        NEAR(as_get_meta(c, "step_time")->number, 8, 0);
    }
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    smoothing();
    despiking();
    taken_together();
    other_points();
    as_ctx_free(ctx);
    DONE();
}
