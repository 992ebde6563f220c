/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells refined on positions that were computed from known ones, exact and with noise. */
#include "cell_refine.h"
#include "check.h"
#include "random.h"

static as_ctx *ctx;
enum { MOST = 40 };
static const double degree = 0.017453292519943295, lambda = 1.5405929, radius = 217.5;

typedef struct lines {
    size_t n;
    int hkl[MOST][3];
    double at[MOST], cov[MOST * MOST];
} lines;

static void lines_of(const char *text, double to, double zero, double s, double c, lines *out)
{
    as_cell cell;
    as_reflection *r;
    size_t n;
    CHECK(as_cell_parse(ctx, text, &cell) == AS_OK);
    CHECK(as_reflections(ctx, as_scratch(ctx), &cell, as_d_spacing(to, lambda), 1e6, &r, &n) == AS_OK);
    out->n = n < MOST ? n : MOST;
    memset(out->cov, 0, sizeof out->cov);
    for (size_t i = 0; i < out->n; i++) {
        const double t = as_two_theta(r[i].d, lambda);
        memcpy(out->hkl[i], &r[i].h, sizeof out->hkl[i]);
        out->at[i] = t + zero - 2 * s / radius * cos(t * degree / 2) / degree + c / tan(t * degree);
        out->cov[i * (out->n + 1)] = 1e-6;
    }
}

static as_cell_problem problem(const lines *l, const char *start)
{
    as_cell_problem p = { .n = l->n, .hkl = (const int(*)[3])l->hkl, .two_theta = l->at,
                          .covariance = l->cov, .wavelength = lambda, .radius = radius };
    CHECK(as_cell_parse(ctx, start, &p.cell) == AS_OK);
    return p;
}

static void exact(void)
{
    lines l;
    lines_of("Pm-3m:4.15678", 150, 0.02, -0.08, -0.004, &l);
    as_cell_problem p = problem(&l, "Pm-3m:4.16");
    p.zero = p.displacement = p.axial = true;
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_OK);
    NEAR(p.value[0], 4.15678, 1e-9);
    NEAR(p.value[1], 0.02, 1e-7);
    NEAR(p.value[2], -0.08, 1e-7);
    NEAR(p.value[3], -0.004, 1e-7);
    NEAR(p.extra, 0, 1e-12);
    lines_of("triclinic:5,6,7,80,85,95", 60, 0, 0.05, 0, &l);
    p = problem(&l, "triclinic:5.01,5.99,7.01,80.1,84.9,95.1");
    p.displacement = true;
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_OK);
    const double want[] = { 5, 6, 7, 80, 85, 95, 0.05 };
    for (size_t k = 0; k < 7; k++) NEAR(p.value[k], want[k], 1e-6);
    CHECK(strcmp(p.name[4], "beta") == 0 && strcmp(p.name[6], "displacement") == 0);
    lines_of("P63mc:3.2498,5.2066", 100, 0, 0, 0, &l);
    p = problem(&l, "P63mc:3.25,5.20");
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_OK);
    NEAR(p.value[1], 5.2066, 1e-9);
}

/* esds are what repeated measurements scatter by; so with an unknown further scatter. */
static void esds(double extra)
{
    double sum = 0, square = 0, u = 0;
    enum { SEEDS = 150 };
    for (int seed = 0; seed < SEEDS; seed++) {
        lines l;
        as_random r;
        lines_of("Pm-3m:4.15678", 150, 0, -0.08, 0, &l);
        as_random_seed(&r, 7, (uint64_t)seed);
        for (size_t i = 0; i < l.n; i++)
            l.at[i] += as_random_normal(&r) * sqrt(1e-6 + extra * extra);
        as_cell_problem p = problem(&l, "Pm-3m:4.1568");
        p.displacement = true;
        CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_OK);
        const double d = p.value[0] - 4.15678;
        sum += d / SEEDS;
        square += d * d / SEEDS;
        u += p.covariance_out[0] / SEEDS;
    }
    NEAR(sum, 0, 3 * sqrt(square / SEEDS));
    NEAR(u / square, 1, 0.4);
}

static void trade(void)
{
    lines l;
    lines_of("Pm-3m:4.15678", 74, 0.01, -0.08, 0, &l); /* the ten lowest of LaB6 */
    CHECK(l.n >= 10);
    as_cell_problem p = problem(&l, "Pm-3m:4.157");
    p.zero = p.displacement = true;
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_OK);
    CHECK(p.inflation[1] > AS_NOT_SEPARABLE && p.inflation[2] > AS_NOT_SEPARABLE);
    p = problem(&l, "Pm-3m:4.157");
    p.displacement = true;
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_OK);
    CHECK(p.inflation[0] < AS_NOT_SEPARABLE && p.inflation[1] < AS_NOT_SEPARABLE);
    p.n = 1;
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_ERR);
    as_forget_error(ctx);
    for (size_t i = 0; i < l.n * l.n; i++) l.cov[i] = 1e-6; /* one error for all */
    p = problem(&l, "Pm-3m:4.157");
    CHECK(as_cell_refine(ctx, as_scratch(ctx), &p) == AS_ERR);
    CHECK(strstr(as_pending_message(ctx), "depend on each other") != NULL);
    as_forget_error(ctx);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    exact();
    esds(0);
    esds(0.003);
    trade();
    as_ctx_free(ctx);
    DONE();
}
