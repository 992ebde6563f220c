/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whittaker's smoother: solved with 40 digits elsewhere, by a dense elimination here, at
 * lambda = 1e13, and in lanes; and the baselines made of it. */
#include "check.h"
#include "run_op.h"
#include "whittaker.h"

static as_ctx *ctx;

static double noise(uint64_t *s)
{
    double sum = 0;
    for (int k = 0; k < 12; k++) {
        *s ^= *s << 13;
        *s ^= *s >> 7;
        *s ^= *s << 17;
        sum += (double)(*s >> 11) / 9007199254740992.0;
    }
    return sum - 6;
}

/* A spectrum with a known baseline, the same curve on any grid. */
static void spectrum(size_t n, double *y, double *base, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        const double u = (double)i / (double)(n - 1);
        base[i] = 2 + 3 * exp(-(u - 0.35) * (u - 0.35) / 0.1444) + 1.2 * u + 0.4 * sin(3.5 * u);
        y[i] = base[i] + 0.01 * noise(&seed);
        for (int j = 0; j < 12; j++) {
            const double g = (u - 0.06 - 0.078 * j) / 0.007;
            y[i] += 0.5 / (1 + g * g);
        }
    }
}

static double rms(size_t n, const double *a, const double *b)
{
    double s = 0;
    for (size_t i = 0; i < n; i++) s += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(s / (double)n);
}

/* truth/numeric/whittaker.tsv: i y w, z of three orders and three lambdas, weights, asls */
static void against_truth(const char *shared)
{
    char path[512], line[4096];
    double col[16][64];
    size_t n = 0;
    (void)snprintf(path, sizeof path, "%s/truth/numeric/whittaker.tsv", shared ? shared : "");
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("no %s: that part is skipped\n", path);
        return;
    }
    CHECK(fgets(line, sizeof line, f) != NULL);
    while (n < 64 && fgets(line, sizeof line, f)) {
        char *at = line;
        for (int k = 0; k < 15; k++) col[k][n] = strtod(at, &at);
        n++;
    }
    fclose(f);
    CHECK(n == 41);
    double one[64], r[64], work[256], z[64];
    for (size_t i = 0; i < n; i++) one[i] = 1;
    const double lambdas[] = { 1, 100, 1e5 };
    for (int d = 1; d <= 3; d++)
        for (int k = 0; k < 3; k++) {
            as_whittaker_order(n, d, col[1], one, lambdas[k], NULL, NULL, work, z);
            for (size_t i = 0; i < n; i++) NEAR(z[i], col[3 * d + k][i], 2e-13);
        }
    for (int k = 0; k < 3; k++) {
        as_whittaker(n, col[1], one, lambdas[k], work, z);
        for (size_t i = 0; i < n; i++) NEAR(z[i], col[6 + k][i], 1e-13);
    }
    as_whittaker(n, col[1], col[2], 100, work, z);
    for (size_t i = 0; i < n; i++) NEAR(z[i], col[12][i], 1e-13);
    for (size_t i = 0; i < n; i++) r[i] = col[1][i] * col[2][i];
    as_whittaker_order(n, 2, r, col[2], 100, NULL, NULL, work, z);
    for (size_t i = 0; i < n; i++) NEAR(z[i], col[12][i], 1e-13);

    const as_table *t = run_curve(ctx, "baseline-asls", "--lambda 1000 --asymmetry 0.01", n, NULL, col[1]);
    for (size_t i = 0; t && i < n; i++) NEAR(as_find_name(t, "baseline")->v.f[i], col[13][i], 1e-12);
    CHECK(t != NULL);
    t = run_curve(ctx, "baseline-asls", "--lambda 1e5 --asymmetry 0.001", n, NULL, col[1]);
    for (size_t i = 0; t && i < n; i++) NEAR(as_find_name(t, "baseline")->v.f[i], col[14][i], 1e-11);
    CHECK(t != NULL);
}

/* Every order, length and a few weights against elimination on the dense matrix. */
static void against_dense(void)
{
    enum { MOST = 12 };
    for (size_t n = 4; n <= MOST; n++)
        for (int d = 1; d <= 3; d++) {
            double m[MOST][MOST + 1] = { { 0 } }, w[MOST], y[MOST], r[MOST], z[MOST], work[4 * MOST];
            const double c[4][4] = { { 0 }, { -1, 1 }, { 1, -2, 1 }, { -1, 3, -3, 1 } };
            uint64_t seed = 88172645463325252u + n;
            for (size_t i = 0; i < n; i++) {
                w[i] = i % 4 == 1 ? 0 : 0.5 + (double)(i % 3);
                y[i] = 3 + noise(&seed);
                r[i] = w[i] * y[i];
                m[i][i] = w[i];
                m[i][n] = r[i];
            }
            for (size_t i = 0; i + (size_t)d < n; i++)
                for (int a = 0; a <= d; a++)
                    for (int b = 0; b <= d; b++)
                        m[i + (size_t)a][i + (size_t)b] += 7 * c[d][a] * c[d][b];
            for (size_t k = 0; k < n; k++)
                for (size_t i = 0; i < n; i++) {
                    if (i == k) continue;
                    const double f = m[i][k] / m[k][k];
                    for (size_t j = 0; j <= n; j++) m[i][j] -= f * m[k][j];
                }
            as_whittaker_order(n, d, r, w, 7, NULL, NULL, work, z);
            for (size_t i = 0; i < n; i++) NEAR(z[i], m[i][n] / m[i][i], 1e-11);
            if (d == 2) {
                as_whittaker(n, y, w, 7, work, z);
                for (size_t i = 0; i < n; i++) NEAR(z[i], m[i][n] / m[i][i], 1e-11);
            }
        }
}

/* A straight line is its own Whittaker curve whatever lambda; and the same error at n = 1e5,
 * lambda = 1e13 as at n = 1e3, lambda = 1e5, also where a third of the rows has no weight. */
static void stays_well_conditioned(void)
{
    const size_t n = 100000;
    double *y = malloc(n * sizeof *y), *w = malloc(n * sizeof *y), *z = malloc(n * sizeof *y);
    double *work = malloc(4 * n * sizeof *y), *base = malloc(n * sizeof *y);
    for (double lambda = 1e5; lambda < 1e19; lambda *= 1e4) {
        double worst = 0;
        for (size_t i = 0; i < n; i++) {
            y[i] = 5 + 3e-5 * (double)i;
            w[i] = i % 3 == 0 ? 0 : i % 7 == 0 ? 1e-9 : 1;
        }
        as_whittaker(n, y, w, lambda, work, z);
        for (size_t i = 0; i < n; i++) worst = fmax(worst, fabs(z[i] - y[i]));
        NEAR(worst, 0, 2e-10);
    }
    double error[2];
    for (int k = 0; k < 2; k++) {
        const size_t rows = k ? n : 1000;
        const double scale = (double)rows / 1000;
        char options[64];
        (void)snprintf(options, sizeof options, "--lambda %g", 1e5 * pow(scale, 4));
        spectrum(rows, y, base, 42);
        as_table *t = run_curve(ctx, "baseline-arpls", options, rows, NULL, y);
        CHECK(t != NULL);
        if (t) error[k] = rms(rows, as_find_name(t, "baseline")->v.f, base);
        if (t) as_table_free(t);
        t = run_curve(ctx, "baseline-asls", options, rows, NULL, y);
        CHECK(t != NULL);
        if (t) as_table_free(t);
    }
    printf("arPLS: rms error %.4g of 1000 rows, %.4g of 100000\n", error[0], error[1]);
    CHECK(error[0] < 0.05 && error[1] < 1.05 * error[0]);
    free(y); free(w); free(z); free(work); free(base);
}

static void same_bits_in_lanes(void)
{
    static const struct { const char *op, *options; } cases[] = {
        { "baseline-asls", "" }, { "baseline-airpls", "" }, { "baseline-arpls", "" },
        { "baseline-iarpls", "" }, { "baseline-lsrpls", "" }, { "baseline-psalsa", "" },
        { "baseline-arpls", "--iterations 3" } /* fails, alone and in lanes */
    };
    enum { ROWS = 611 };
    double y[5][ROWS], base[ROWS];
    for (int k = 0; k < 5; k++) spectrum(ROWS, y[k], base, 1000u + (uint64_t)k * 77);
    y[2][100] = y[2][101] = NAN;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        as_table *lanes[5], *alone[5];
        caught a, b;
        for (int k = 0; k < 5; k++) {
            lanes[k] = curve_table(ctx, ROWS, NULL, y[k], "raman_shift", "cm-1", "count");
            alone[k] = curve_table(ctx, ROWS, NULL, y[k], "raman_shift", "cm-1", "count");
        }
        const as_status one = run_tables(ctx, cases[c].op, cases[c].options, 5, alone, false, &a);
        const as_status all = run_tables(ctx, cases[c].op, cases[c].options, 5, lanes, true, &b);
        CHECK(one == all && a.n == b.n);
        CHECK((one == AS_OK) == (cases[c].options[0] == '\0'));
        if (one == AS_OK) CHECK(a.n == 5);
        for (size_t k = 0; k < a.n && k < b.n; k++)
            CHECK(memcmp(as_find_name(a.t[k], "baseline")->v.f, as_find_name(b.t[k], "baseline")->v.f,
                         ROWS * sizeof(double)) == 0);
    }
}

/* All of the family find the baseline within a few times the noise; masks and nan are bridged. */
static void whole_family(void)
{
    static const char *const names[] = { "asls", "iasls", "airpls", "arpls", "drpls", "iarpls",
                                         "aspls", "psalsa", "derpsalsa", "brpls", "lsrpls" };
    enum { ROWS = 1000 };
    double y[ROWS], base[ROWS];
    for (size_t m = 0; m < sizeof names / sizeof *names; m++) {
        char op[64];
        (void)snprintf(op, sizeof op, "baseline-%s", names[m]);
        spectrum(ROWS, y, base, 7);
        as_table *t = run_curve(ctx, op, "--width 120pt", ROWS, NULL, y);
        CHECK(t != NULL);
        if (!t) {
            printf("%s: %s\n", op, as_pending_message(ctx));
            continue;
        }
        const double error = rms(ROWS, as_find_name(t, "baseline")->v.f, base) / 0.01;
        printf("%-20s rms error %.3g sigma\n", op, error);
        CHECK(error < (strcmp(names[m], "iasls") == 0 ? 35 : 8)); /* its p is squared: it hugs the noise */
        CHECK(as_find_name(t, "intensity")->v.f[17] == y[17]);
        /* metamorphic: y scaled by a power of two scales the baseline; reversed rows reverse it */
        double scaled[ROWS], turned[ROWS];
        for (size_t i = 0; i < ROWS; i++) {
            scaled[i] = 1024 * y[i];
            turned[i] = y[ROWS - 1 - i];
        }
        const as_table *s = run_curve(ctx, op, "--width 120pt", ROWS, NULL, scaled);
        const as_table *r = run_curve(ctx, op, "--width 120pt", ROWS, NULL, turned);
        CHECK(s && r);
        double worst = 0;
        for (size_t i = 0; s && r && i < ROWS; i++) {
            const double z = as_find_name(t, "baseline")->v.f[i];
            worst = fmax(worst, fabs(as_find_name(s, "baseline")->v.f[i] / 1024 - z));
            worst = fmax(worst, fabs(as_find_name(r, "baseline")->v.f[ROWS - 1 - i] - z));
        }
        NEAR(worst, 0, 1e-7);
        y[500] = y[501] = NAN;
        t = run_curve(ctx, op, "--width 120pt --subtract", ROWS, NULL, y);
        CHECK(t && isfinite(as_find_name(t, "baseline")->v.f[500]) &&
              isnan(as_find_name(t, "intensity")->v.f[500]) && as_get_meta(t, "processed"));
    }
    y[0] = y[1] = 1;
    for (size_t i = 2; i < ROWS; i++) y[i] = NAN;
    CHECK(!run_curve(ctx, "baseline-arpls", "", ROWS, NULL, y) && as_pending(ctx) == AS_E_NUMERIC);
    for (size_t i = 0; i < ROWS; i++) y[i] = 5; /* nothing lies below: the line itself */
    const as_table *flat = run_curve(ctx, "baseline-arpls", "", ROWS, NULL, y);
    CHECK(flat != NULL);
    for (size_t i = 0; flat && i < ROWS; i++) NEAR(as_find_name(flat, "baseline")->v.f[i], 5, 1e-9);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    against_dense();
    against_truth(getenv("ASSAY_SHARED"));
    stays_well_conditioned();
    same_bits_in_lanes();
    whole_family();
    as_ctx_free(ctx);
    DONE();
}
