/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of signals on a fixed signal, with their time for tests/bench/signal.py: signal_speed
 * [REPEATS]. As a test it only checks that single and batch agree. */
#include <time.h>

#include "check.h"
#include "dice.h"
#include "curve.h"
#include "peaks_find.h"
#include "reweight.h"
#include "savgol.h"
#include "shape.h"
#include "whittaker.h"

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct { size_t n; double lambda; const double *y; double *work; size_t calls; } drawer;

static void draw(void *self, const double *w, double *z)
{
    drawer *d = self;
    d->calls++;
    as_whittaker(d->n, d->y, w, d->lambda, d->work, z);
}

static void *room(size_t doubles)
{
    void *p = aligned_alloc(64, (doubles * sizeof(double) + 63) / 64 * 64);
    memset(p, 0, (doubles * sizeof(double) + 63) / 64 * 64);
    return p;
}

static void arpls(as_ctx *ctx, size_t n, int repeats)
{
    const double scale = (double)n / 1000, lambda = 1e5 * pow(scale, 4);
    const size_t pad = as_padded(n);
    double *y = room(pad), *use = room(pad), *w = room(pad), *z = room(pad), *work = room(3 * n);
    as_v8 *y8 = room(8 * n), *use8 = room(8 * n), *w8 = room(8 * n), *z8 = room(8 * n), *work8 = room(24 * n);
    double *lanes = room(8 * n), *out[8], lambdas[8], scales[8];
    bool done[8];
    for (size_t i = 0; i < n; i++) {
        const double u = (double)i / (double)(n - 1);
        y[i] = 2 + 3 * exp(-(u - .35) * (u - .35) / .1444) + 1.2 * u + .4 * sin(3.5 * u);
        for (int j = 0; j < 12; j++) y[i] += .5 / (1 + pow((u - .06 - .078 * j) / .007, 2));
        y[i] += .01 * (uniform() + uniform() + uniform() + uniform() - 2) * 1.7;
        use[i] = 1;
    }
    for (int k = 0; k < 8; k++) {
        out[k] = lanes + (size_t)k * n;
        lambdas[k] = lambda;
        scales[k] = 1;
    }
    const as_reweighting how = { .rule = AS_RULE_ARPLS, .tolerance = 1e-3, .iterations = 100 };
    drawer d = { n, lambda, y, work, 0 };
    double single = INFINITY, batch = INFINITY;
    for (int r = 0; r < repeats; r++) {
        d.calls = 0;
        memcpy(w, use, pad * sizeof *w);
        double t = now();
        CHECK(as_reweight(ctx, &how, n, y, use, (as_smoother){ draw, &d }, w, z) == AS_OK);
        single = fmin(single, (now() - t) / (double)d.calls);
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < 8; k++) {
                y8[i][k] = y[i];
                use8[i][k] = w8[i][k] = 1;
            }
        t = now();
        as_reweight8(&how, scales, lambdas, n, y8, use8, w8, z8, work8, out, done);
        batch = fmin(batch, (now() - t) / (double)d.calls / 8);
    }
    CHECK(done[3] && memcmp(out[3], z, n * sizeof *z) == 0);
    printf("arpls n=%zu single %.4g us/iteration, batch %.4g us/iteration and spectrum, %zu iterations\n", n,
           1e6 * single, 1e6 * batch, d.calls);
    void *all[] = { y, use, w, z, work, y8, use8, w8, z8, work8, lanes };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) free(all[k]);
}

static void filters(int repeats)
{
    const size_t n = repeats > 3 ? 1000000 : 20000;
    double *y = room(n), *out = room(n), *work = room(2000);
    for (size_t i = 0; i < n; i++) y[i] = .5 * sin((double)i * 2e-5) + .02 * (uniform() + uniform() + uniform() + uniform() - 2) * 1.7;
    for (size_t k = 0; k < n / 200; k++) {
        const size_t c = 200 + (size_t)(uniform() * (double)(n - 400));
        const double s = 12 + 28 * uniform(), h = .3 + 1.7 * uniform();
        for (size_t i = c - 160; i <= c + 160; i++) y[i] += h * exp(-.5 * pow(((double)i - (double)c) / s, 2));
    }
    for (size_t half = 5; half < 300; half = half == 5 ? 25 : half == 25 ? 250 : 300) {
        double best = INFINITY;
        for (int r = 0; r < repeats; r++) {
            const double t = now();
            as_savgol(n, half, 3, 0, y, work, out);
            best = fmin(best, now() - t);
        }
        printf("savgol window=%zu order=3 n=%zu %.4g ms\n", 2 * half + 1, n, 1e3 * best);
    }
    size_t *at = malloc(n * sizeof *at), *stack = malloc(2 * (n + 8) * sizeof *at), found = 0;
    as_peak *p = malloc((n / 2 + 1) * sizeof *p);
    double best = INFINITY;
    for (int r = 0; r < repeats; r++) {
        const double t = now();
        const size_t m = as_peaks_maxima(n, y, at);
        as_peaks_prominences(n, y, m, at, stack, p);
        found = 0;
        for (size_t k = 0; k < m; k++) found += p[k].prominence >= .2;
        best = fmin(best, now() - t);
    }
    CHECK(found > n / 400);
    printf("peaks prominence n=%zu %.4g ms, %zu peaks\n", n, 1e3 * best, found);
    double *one = room(n), *w3 = room(3 * n);
    for (size_t i = 0; i < n; i++) one[i] = 1;
    double solve = INFINITY;
    for (int r = 0; r < repeats; r++) {
        const double t = now();
        as_whittaker(n, y, one, 1e4, w3, out);
        solve = fmin(solve, now() - t);
    }
    printf("whittaker n=%zu %.4g ms\n", n, 1e3 * solve);
    free(y); free(out); free(work); free(at); free(stack); free(p); free(one); free(w3);
}

/* 20 Voigt lines of various widths: ns a value, without derivatives as the peer's. */
static void voigt(int repeats)
{
    const size_t n = 10000;
    const as_shape *const shape[] = { as_shape_find("voigt"), as_shape_find("voigt-fast") };
    double *x = room(n), *f = room(n), best[2] = { INFINITY, INFINITY }, sum = 0;
    for (size_t i = 0; i < n; i++) x[i] = 0.01 * (double)i;
    for (int r = 0; r < repeats * 2; r++) {
        const double t = now();
        for (int k = 0; k < 20; k++) {
            const double p[] = { 1, 5. * k, .5 + .1 * k, 1 };
            shape[r % 2]->eval(n, x, p, NULL, f, NULL);
            sum += f[k];
        }
        best[r % 2] = fmin(best[r % 2], now() - t);
    }
    CHECK(isfinite(sum));
    printf("voigt exact %.4g ns, fast %.4g ns a value\n", 1e9 * best[0] / (20. * (double)n),
           1e9 * best[1] / (20. * (double)n));
    free(x); free(f);
}

int main(int argc, char **argv)
{
    const int repeats = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1;
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    arpls(ctx, 1000, repeats * 20);
    arpls(ctx, 10000, repeats);
    if (repeats > 3) arpls(ctx, 100000, repeats);
    filters(repeats);
    voigt(repeats);
    as_ctx_free(ctx);
    DONE();
}
