/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of signals against exact or brute-force answers: Savitzky-Golay coefficients,
 * prominences and widths, order statistics, polynomials, SNIP. */
#include <stdbool.h>

#include "check.h"
#include "dice.h"
#include "noise_level.h"
#include "peaks_find.h"
#include "polyfit.h"
#include "savgol.h"
#include "snip.h"
#include "sorted.h"

static double rational(char **at)
{
    const double num = strtod(*at, at);
    if (**at != '/') return num;
    (*at)++;
    return num / strtod(*at, at);
}

/* truth/numeric/savitzky_golay.tsv: window order derivative position, exact rationals */
static void savgol_truth(const char *shared)
{
    char path[512], line[8192];
    (void)snprintf(path, sizeof path, "%s/truth/numeric/savitzky_golay.tsv", shared ? shared : "");
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("no %s: that part is skipped\n", path);
        return;
    }
    int rows = 0;
    CHECK(fgets(line, sizeof line, f) != NULL);
    while (fgets(line, sizeof line, f)) {
        char *at = line;
        const int window = (int)strtol(at, &at, 10), order = (int)strtol(at, &at, 10);
        const int derivative = (int)strtol(at, &at, 10), position = (int)strtol(at, &at, 10);
        double c[64], most = 0;
        as_savgol_coefficients((size_t)window / 2, order, derivative, position, c);
        double want[64];
        for (int j = 0; j < window; j++) {
            want[j] = rational(&at);
            most = fmax(most, fabs(want[j]));
        }
        for (int j = 0; j < window; j++) NEAR(c[j] / most, want[j] / most, 3e-14);
        rows++;
    }
    fclose(f);
    CHECK(rows > 30);
}

/* A polynomial of the filter's degree comes through unchanged, derivatives and ends included,
 * for windows on both sides of the change of method. */
static void savgol_polynomials(void)
{
    enum { N = 700 };
    static double y[N], out[N], work[N];
    for (size_t half = 3; half < 300; half = half * 2 + 1)
        for (int order = 0; order <= 5; order++)
            for (int d = 0; d <= order; d++) {
                double worst = 0;
                for (int i = 0; i < N; i++) y[i] = pow((i - 200.0) / 100, order) + 0.5;
                as_savgol(N, half, order, d, y, work, out);
                for (int i = 0; i < N; i++) {
                    double want = pow((i - 200.0) / 100, order - d);
                    for (int k = 0; k < d; k++) want *= (order - k) / 100.0;
                    if (d == 0) want += 0.5;
                    worst = fmax(worst, fabs(out[i] - want));
                }
                double c[N], gain = 0; /* how much the filter amplifies rounding at its ends */
                as_savgol_coefficients(half, order, d, (double)half, c);
                for (size_t j = 0; j <= 2 * half; j++) gain += fabs(c[j]);
                NEAR(worst / (gain * pow(5, order)), 0, 1e-13);
            }
}

/* By definition: walk from the peak to higher ground or the end, remember the lowest. */
static void prominence_by_definition(void)
{
    enum { N = 400 };
    double y[N];
    size_t at[N], work[4 * N + 8];
    as_peak p[N];
    for (int round = 0; round < 60; round++) {
        const bool coarse = round % 2; /* many equal values */
        for (int i = 0; i < N; i++)
            y[i] = coarse ? floor(4 * uniform()) : normal() + 3 * sin(i * 0.05);
        const size_t n = as_peaks_maxima(N, y, at);
        as_peaks_prominences(N, y, n, at, work, p);
        for (size_t k = 0; k < n; k++) {
            size_t left = at[k], right = at[k];
            for (size_t i = at[k] + 1; i-- > 0 && y[i] <= y[at[k]];)
                if (y[i] < y[left]) left = i;
            for (size_t i = at[k]; i < N && y[i] <= y[at[k]]; i++)
                if (y[i] < y[right]) right = i;
            CHECK(p[k].left_base == left && p[k].right_base == right);
            CHECK(p[k].prominence == y[at[k]] - fmax(y[left], y[right]));
        }
    }
    const double flat[] = { 0, 1, 3, 3, 3, 3, 1, 5 }; /* a flat top counts once, in its middle */
    CHECK(as_peaks_maxima(8, flat, at) == 1 && at[0] == 3);
    const double triangle[] = { 0, 1, 2, 3, 2, 1, 0 };
    CHECK(as_peaks_maxima(7, triangle, at) == 1);
    as_peaks_prominences(7, triangle, 1, at, work, p);
    as_peaks_width(triangle, 0.5, p);
    NEAR(p[0].width, 3, 1e-15);
    NEAR(p[0].left, 1.5, 1e-15);
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void order_statistics(void)
{
    double v[201], s[201];
    for (size_t n = 1; n <= 200; n++) {
        for (size_t i = 0; i < n; i++) v[i] = s[i] = n % 3 ? uniform() : floor(3 * uniform());
        qsort(s, n, sizeof *s, rising);
        for (size_t k = 0; k < n; k += 1 + n / 7) CHECK(as_select(n, v, k) == s[k]);
        NEAR(as_median(n, v), 0.5 * (s[(n - 1) / 2] + s[n / 2]), 0);
    }
}

static void noise_of_a_curve(void)
{
    enum { N = 5000 };
    static double y[N], work[2 * N];
    for (int i = 0; i < N; i++) y[i] = 100 * exp(-pow((i - 2500) / 300.0, 2)) + 0.5 * normal();
    NEAR(as_noise_level(N, y, work), 0.5, 0.02);
    /* the range of n normals: 1 set in 100 exceeds it */
    int above = 0;
    for (int round = 0; round < 600; round++) {
        double lo = 0, hi = 0;
        for (int i = 0; i < 1000; i++) {
            const double v = sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform());
            lo = fmin(lo, v);
            hi = fmax(hi, v);
        }
        above += hi - lo > as_noise_range(1000);
    }
    CHECK(above <= 14);
}

static void polynomials(void)
{
    enum { N = 300 };
    double x[N], u[N], w[N], y[N], z[N], work[3 * N];
    for (int i = 0; i < N; i++) {
        x[i] = 5000 - 3 * i;
        w[i] = i > 100 && i < 180 ? 0 : 1 + i % 3;
    }
    as_polyfit_scale(N, x, u);
    NEAR(u[0], 1, 0);
    NEAR(u[N - 1], -1, 0);
    for (int order = 0; order <= 20; order++) {
        double worst = 0;
        for (int i = 0; i < N; i++) y[i] = cos(order * acos(fmax(-1, fmin(1, u[i])))) + 2;
        as_polyfit(N, order, u, w, y, work, z);
        for (int i = 0; i < N; i++) worst = fmax(worst, fabs(z[i] - y[i]));
        NEAR(worst, 0, 1e-10 * pow(1.6, order));
    }
}

/* SNIP by definition, and what it must leave alone. */
static void snip(void)
{
    enum { N = 120, HALF = 17 };
    double v[N], plain[N], next[N], work[2 * N + 1];
    for (int i = 0; i < N; i++) v[i] = plain[i] = 10 + uniform() + 40 * exp(-pow((i - 60) / 5.0, 2));
    for (int p = HALF; p > 0; p--) {
        for (int i = 0; i < N; i++) {
            int q = p < i ? p : i;
            if (q > N - 1 - i) q = N - 1 - i;
            next[i] = fmin(plain[i], 0.5 * (plain[i - q] + plain[i + q]));
        }
        memcpy(plain, next, sizeof plain);
    }
    const as_snip_how how = { .half = HALF, .order = 2 };
    as_snip(N, &how, v, work);
    for (int i = 0; i < N; i++) NEAR(v[i], plain[i], 1e-12);
    for (int order = 2; order <= 8; order += 2) { /* polynomials below the order survive */
        const as_snip_how higher = { .half = 12, .order = order };
        for (int i = 0; i < N; i++) v[i] = plain[i] = 500 - pow((i - 60) / 10.0, order - 2) * (order > 2);
        as_snip(N, &higher, v, work);
        for (int i = 12; i < N - 12; i++) NEAR(v[i], plain[i], order == 6 || order == 8 ? 2e-1 : 1e-9);
    }
    NEAR(as_snip_lls_back(as_snip_lls(12345.678)), 12345.678, 1e-7);
}

int main(void)
{
    savgol_truth(getenv("ASSAY_SHARED"));
    savgol_polynomials();
    prominence_by_definition();
    order_statistics();
    noise_of_a_curve();
    polynomials();
    snip();
    DONE();
}
