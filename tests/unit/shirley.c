/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photoelectron backgrounds: Shirley against exact ones, Tougaard against the convolution. */
#include "check.h"
#include "random.h"
#include "run_op.h"
#include "shirley.h"

static as_ctx *ctx;
enum { MOST = 1000 };
static double x[MOST], background[MOST], y[MOST];

/* truth/numeric/shirley_*.tsv: energy, peaks, background, signal. */
static size_t read_truth(const char *name)
{
    char path[512], line[512];
    size_t n = 0;
    (void)snprintf(path, sizeof path, "%s/truth/numeric/%s", getenv("ASSAY_SHARED"), name);
    FILE *f = fopen(path, "r");
    while (f && n < MOST && fgets(line, sizeof line, f)) {
        char *at = line;
        if (line[0] == '#' || line[0] == 'b') continue;
        x[n] = strtod(at, &at);
        (void)strtod(at, &at);
        background[n] = strtod(at, &at);
        y[n++] = strtod(at, &at);
    }
    if (f) fclose(f);
    return n;
}

static void against_truth(void)
{
    static const char *const names[] = { "shirley_single.tsv", "shirley_C1s4.tsv" };
    for (size_t k = 0; k < 2; k++) {
        const size_t n = read_truth(names[k]);
        CHECK(n > 100);
        if (!n) return;
        const double step = background[n - 1] - background[0];
        for (int turned = 0; turned < 2; turned++) { /* both directions of the axis */
            for (size_t i = 0; turned && i < n / 2; i++) {
                double *const all[] = { x, y, background };
                for (int c = 0; c < 3; c++) {
                    const double t = all[c][i];
                    all[c][i] = all[c][n - 1 - i];
                    all[c][n - 1 - i] = t;
                }
            }
            as_table *t = curve_table(ctx, n, x, y, "binding_energy", "eV", "count");
            caught out;
            CHECK(run_tables(ctx, "baseline-shirley", "", 1, &t, false, &out) == AS_OK);
            double worst = 0;
            for (size_t i = 0; i < n; i++)
                worst = fmax(worst, fabs(as_find_name(t, "baseline")->v.f[i] - background[i]));
            printf("%s%s: within %.2g of the step\n", names[k], turned ? ", reversed" : "", worst / step);
            CHECK(worst < 1e-3 * step);
        }
    }
}

/* A line on a Tougaard background made by the same equation on a finer grid. */
static void tougaard(void)
{
    enum { N = 800 };
    const double b = 2866, c = 1643;
    double want[N];
    for (int i = 0; i < N; i++) {
        x[i] = 280 + 0.1 * i; /* binding energy: losses pile up at the high end */
        y[i] = 1000 * exp(-pow((x[i] - 285) / 0.6, 2));
    }
    for (int i = 0; i < N; i++) {
        want[i] = 0;
        for (int k = 0; k < 4000; k++) { /* over the peak, finely */
            const double e = 281 + 0.002 * k, t = x[i] - e;
            if (t > 0) want[i] += 0.002 * b * t / pow(c + t * t, 2) * 1000 * exp(-pow((e - 285) / 0.6, 2));
        }
    }
    const as_tougaard_how how = { .b = b, .c = c };
    const as_tougaard_how three = { .b = b, .c = c, .d = 4 * c, .three = true };
    double got[N], same[N];
    CHECK(as_tougaard(ctx, N, x, y, &how, got) == AS_OK);
    CHECK(as_tougaard(ctx, N, x, y, &three, same) == AS_OK);
    for (int i = 0; i < N; i++) {
        NEAR(got[i], want[i], 2e-3 * want[N - 1]);
        NEAR(same[i], got[i], 1e-12 * want[N - 1]); /* D = 4 C is the universal form */
    }
    /* area of the universal kernel, 0 to 40 eV: 0.430 with B 2866, C 1643 */
    double area = 0;
    for (int k = 0; k < 40000; k++) {
        const double t = 0.001 * (k + 0.5);
        area += 0.001 * b * t / pow(c + t * t, 2);
    }
    NEAR(area, 0.430, 5e-4);
    /* the operation on kinetic energy is the mirror image of that on binding energy */
    double ke[N], turned[N];
    for (int i = 0; i < N; i++) y[i] += got[i] + 50;
    for (int i = 0; i < N; i++) {
        ke[i] = 1486.6 - x[N - 1 - i];
        turned[i] = y[N - 1 - i];
    }
    as_table *be = curve_table(ctx, N, x, y, "binding_energy", "eV", "count");
    as_table *k = curve_table(ctx, N, ke, turned, "kinetic_energy", "eV", "count");
    caught out;
    CHECK(run_tables(ctx, "baseline-tougaard", "", 1, &be, false, &out) == AS_OK);
    CHECK(run_tables(ctx, "baseline-tougaard", "", 1, &k, false, &out) == AS_OK);
    for (int i = 0; i < N; i++)
        NEAR(as_find_name(be, "baseline")->v.f[i], as_find_name(k, "baseline")->v.f[N - 1 - i], 1e-9);
    NEAR(as_find_name(be, "baseline")->v.f[N - 3], y[N - 3], 0.02 * got[N - 1]); /* meets the data */
    CHECK(!run_curve(ctx, "baseline-tougaard", "", N, x, y) && as_pending(ctx) == AS_E_MISSING);
}

/* The product of transforms is the sum, of even and of prime lengths; uneven axes take the sum. */
static void tougaard_fast(void)
{
    static const size_t lengths[] = { 257, 400, 997 };
    double fast[MOST], slow[MOST];
    as_random r;
    as_random_seed(&r, 5, 0);
    for (size_t k = 0; k < 3; k++) {
        const size_t n = lengths[k];
        for (int uneven = 0; uneven < 2; uneven++) {
            double worst = 0;
            for (size_t i = 0; i < n; i++) {
                x[i] = 280 + 0.1 * (double)i + (uneven && i % 3 == 0 ? 0.03 : 0);
                y[i] = 20 * as_random_normal(&r) + (i > 30 && i < 40 ? 1000 : 0);
            }
            const as_tougaard_how how = { .b = 325, .c = 542, .d = 275, .three = k != 1 };
            CHECK(as_tougaard(ctx, n, x, y, &how, fast) == AS_OK);
            as_tougaard_direct(n, x, y, &how, slow);
            for (size_t i = 0; i < n; i++) worst = fmax(worst, fabs(fast[i] - slow[i]));
            if (uneven) CHECK(worst == 0);
            printf("n %zu%s: the transform is within %.2g of the sum, which reaches %.3g\n", n,
                   uneven ? " uneven" : "", worst, slow[n - 1]);
            NEAR(worst, 0, 1e-10);
        }
    }
}

/* Bad input is refused or held: spectra below their end levels, regions without rows. */
static void edges(void)
{
    enum { N = 100 };
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = 100 + i - 40 * exp(-pow((i - 50) / 8.0, 2)); /* a dip: nothing above */
    }
    CHECK(!run_curve(ctx, "baseline-shirley", "", N, x, y) && as_pending(ctx) == AS_E_NUMERIC);
    CHECK(!run_curve(ctx, "baseline-shirley", "--region 200:300", N, x, y));
    const as_table *t = run_curve(ctx, "baseline-linear", "--region 20:80 --ends 1", N, x, y);
    CHECK(t && isnan(as_find_name(t, "baseline")->v.f[19]));
    if (t) NEAR(as_find_name(t, "baseline")->v.f[50], 150, 0.1);
    /* a dip beside a peak: static Shirley runs above the data, smart does not */
    for (int i = 0; i < N; i++)
        y[i] = 100 + (i > 40 ? 60 : 0) + 300 * exp(-pow((i - 40) / 5.0, 2)) - (i > 60 && i < 80 ? 30 : 0);
    t = run_curve(ctx, "baseline-smart", "--smooth 0", N, x, y);
    CHECK(t != NULL);
    for (int i = 0; t && i < N; i++) CHECK(as_find_name(t, "baseline")->v.f[i] <= y[i] + 1e-9);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    if (getenv("ASSAY_SHARED") && read_truth("shirley_single.tsv"))
        against_truth();
    else
        printf("no truth/numeric/shirley_*: that part is skipped\n");
    tougaard();
    tougaard_fast();
    edges();
    as_ctx_free(ctx);
    DONE();
}
