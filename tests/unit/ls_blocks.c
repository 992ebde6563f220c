/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many curves at once, in blocks, against the same problem in one: minima, uncertainties, bounds,
 * restraints, losses; and what the data do not determine. */
#include "arena.h"
#include "check.h"
#include "lanes.h"
#include "least_squares.h"
#include "random.h"

enum { BLOCKS = 5, OWN = 3, COMMON = 2, M = BLOCKS * OWN + COMMON, WIDTH = OWN + COMMON, MOST = 64 };
enum { HEIGHT, LEVEL, SLOPE, CENTER, FWHM };

static const size_t count[BLOCKS] = { 40, 33, 64, 17, 48 };
static const double LN2X4 = 2.772588722239781;
static size_t first[BLOCKS], rows; /* of the blocks */

/* A Gaussian on a line: p is own, then common. */
static void band(const double *p, size_t n, double *f, double *J, size_t stride)
{
    for (size_t i = 0; i < n; i++) {
        const double x = 60.0 * (double)i / (double)n, d = (x - p[CENTER]) / p[FWHM], e = exp(-LN2X4 * d * d);
        f[i] = p[HEIGHT] * e + p[LEVEL] + p[SLOPE] * (x - 30);
        if (!J) continue;
        J[HEIGHT * stride + i] = e;
        J[LEVEL * stride + i] = 1;
        J[SLOPE * stride + i] = x - 30;
        J[CENTER * stride + i] = p[HEIGHT] * e * 2 * LN2X4 * d / p[FWHM];
        J[FWHM * stride + i] = p[HEIGHT] * e * 2 * LN2X4 * d * d / p[FWHM];
    }
}

static void of_block(const double *p, size_t b, double *own)
{
    for (size_t k = 0; k < WIDTH; k++) own[k] = p[k < OWN ? b * OWN + k : BLOCKS * OWN + k - OWN];
}

static void in_blocks(void *user, const double *p, double *f, double *J, size_t stride)
{
    double own[WIDTH];
    (void)user;
    for (size_t b = 0; b < BLOCKS; b++) {
        of_block(p, b, own);
        band(own, count[b], f + first[b], J ? J + first[b] : NULL, stride);
    }
}

static void in_one(void *user, const double *p, double *f, double *J, size_t stride)
{
    double own[WIDTH], slopes[WIDTH * MOST];
    size_t at = 0;
    (void)user;
    if (J) memset(J, 0, M * stride * sizeof *J);
    for (size_t b = 0; b < BLOCKS; at += count[b++]) {
        of_block(p, b, own);
        band(own, count[b], f + at, J ? slopes : NULL, MOST);
        for (size_t k = 0; J && k < WIDTH; k++) {
            const size_t to = k < OWN ? b * OWN + k : BLOCKS * OWN + k - OWN;
            memcpy(J + to * stride + at, slopes + k * MOST, count[b] * sizeof *J);
        }
    }
}

typedef struct data {
    double y[BLOCKS * (MOST + 16)], sigma[BLOCKS * (MOST + 16)]; /* in blocks */
    double one_y[BLOCKS * MOST], one_sigma[BLOCKS * MOST];
    double start[M], lo[M], hi[M], restraint[M], u[M];
    as_ls_blocks blocks;
} data;

static void simulate(data *d, bool counts)
{
    as_random r;
    double p[M] = { 0 }, f[BLOCKS * (MOST + 16)];
    size_t at = 0;
    memset(d, 0, sizeof *d);
    as_random_seed(&r, 11, 0);
    for (size_t b = 0; b < BLOCKS; b++) {
        p[b * OWN + HEIGHT] = (counts ? 50 : 1) * (1 + 0.2 * (double)b);
        p[b * OWN + LEVEL] = counts ? 10 : 0.1;
        p[b * OWN + SLOPE] = (counts ? 0.05 : 1e-3) * (double)b;
    }
    p[BLOCKS * OWN] = 28;
    p[BLOCKS * OWN + 1] = 12;
    memcpy(d->start, p, sizeof p);
    for (size_t k = 0; k < M; k++) d->start[k] = 1.1 * p[k] + 1e-3;
    in_blocks(NULL, p, f, NULL, rows);
    for (size_t b = 0; b < BLOCKS; b++)
        for (size_t i = 0; i < count[b]; i++, at++) {
            const size_t k = first[b] + i;
            d->sigma[k] = d->one_sigma[at] = 0.02 * (1 + 0.1 * (double)b);
            d->y[k] = counts ? (double)as_random_poisson(&r, f[k]) : f[k] + d->sigma[k] * as_random_normal(&r);
            d->one_y[at] = d->y[k];
        }
    for (size_t k = 0; k < M; k++) {
        d->lo[k] = -INFINITY;
        d->hi[k] = INFINITY;
        d->restraint[k] = NAN;
    }
    d->blocks = (as_ls_blocks){ .n = BLOCKS, .own = OWN, .first = first, .count = count };
}

static as_ls_problem problem(const data *d, bool blocks)
{
    size_t points = 0;
    for (size_t b = 0; b < BLOCKS; b++) points += count[b];
    return (as_ls_problem){ .n = blocks ? rows : points, .m = M, .blocks = blocks ? &d->blocks : NULL,
                            .y = blocks ? d->y : d->one_y, .sigma = blocks ? d->sigma : d->one_sigma,
                            .model = blocks ? in_blocks : in_one, .lo = d->lo, .hi = d->hi,
                            .restraint = d->restraint, .restraint_u = d->u };
}

static void same(as_ctx *ctx, const data *d, as_loss loss, bool sigma)
{
    as_ls_result a, b;
    as_ls_problem one = problem(d, false), many = problem(d, true);
    one.loss = many.loss = loss;
    one.absolute = many.absolute = sigma;
    if (!sigma) one.sigma = many.sigma = NULL;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &one, d->start, &a) == AS_OK);
    CHECK(as_least_squares(ctx, as_scratch(ctx), &many, d->start, &b) == AS_OK);
    CHECK(a.dof == b.dof && a.n_free == b.n_free && a.scaled == b.scaled);
    NEAR(b.cost, a.cost, 1e-11 * a.cost);
    NEAR(b.chi2, a.chi2, 1e-9 * a.chi2);
    NEAR(b.r_squared, a.r_squared, 1e-10);
    NEAR(b.aicc, a.aicc, 1e-9 * fabs(a.aicc));
    NEAR(b.bic, a.bic, 1e-9 * fabs(a.bic));
    for (size_t k = 0; k < M; k++) {
        CHECK(a.at_bound[k] == b.at_bound[k]);
        if (a.at_bound[k]) {
            CHECK(a.p[k] == b.p[k] && isnan(b.u[k]));
            continue;
        }
        NEAR(b.p[k], a.p[k], 1e-7 * a.u[k]);
        NEAR(b.u[k], a.u[k], 1e-7 * a.u[k]);
    }
    for (size_t s = 0; s < BLOCKS; s++)
        for (size_t i = 0; i < WIDTH * WIDTH; i++) {
            size_t at[2] = { i / WIDTH, i % WIDTH };
            for (size_t e = 0; e < 2; e++) at[e] = at[e] < OWN ? s * OWN + at[e] : BLOCKS * OWN + at[e] - OWN;
            const double scale = sqrt(a.covariance[at[0] * (M + 1)] * a.covariance[at[1] * (M + 1)]);
            NEAR(b.covariance[s * WIDTH * WIDTH + i], a.covariance[at[0] * M + at[1]], 1e-7 * scale);
        }
}

static void losses(as_ctx *ctx)
{
    static data d;
    simulate(&d, false);
    same(ctx, &d, AS_LOSS_SQUARES, true);
    same(ctx, &d, AS_LOSS_SQUARES, false);
    same(ctx, &d, AS_LOSS_HUBER, true);
    same(ctx, &d, AS_LOSS_CAUCHY, true);
    simulate(&d, true);
    same(ctx, &d, AS_LOSS_POISSON, false);
}

/* Bounds that press and restraints that pull, on parameters of a block and on common ones. */
static void held(as_ctx *ctx)
{
    static data d;
    simulate(&d, false);
    d.hi[BLOCKS * OWN + 1] = 11.5;
    d.start[BLOCKS * OWN + 1] = 11;
    d.lo[2 * OWN + SLOPE] = 0.004;
    same(ctx, &d, AS_LOSS_SQUARES, true);
    d.restraint[BLOCKS * OWN] = 28.3;
    d.u[BLOCKS * OWN] = 0.1;
    for (size_t b = 1; b < BLOCKS; b++) {
        d.restraint[b * OWN + LEVEL] = 0.12;
        d.u[b * OWN + LEVEL] = 0.01;
    }
    same(ctx, &d, AS_LOSS_SQUARES, true);
    same(ctx, &d, AS_LOSS_HUBER, true);
    d.lo[OWN + HEIGHT] = d.hi[OWN + HEIGHT] = 1.2; /* fixed */
    same(ctx, &d, AS_LOSS_SQUARES, true);
}

/* A block without a band does not say how high it is when its shape is not there. */
static void undetermined(as_ctx *ctx)
{
    static data d;
    as_ls_result r;
    simulate(&d, false);
    for (size_t k = BLOCKS * OWN; k < M; k++) d.lo[k] = d.hi[k] = d.start[k] = k == BLOCKS * OWN ? 1e6 : 1;
    as_ls_problem q = problem(&d, true);
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, d.start, &r) != AS_OK);
    CHECK(as_pending(ctx) == AS_E_NUMERIC && r.state == AS_LS_SINGULAR && r.culprit == HEIGHT);
    as_forget_error(ctx);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    for (size_t b = 0; b < BLOCKS; b++) {
        first[b] = rows;
        rows += as_lanes(count[b]) + as_lanes(b + 1 < BLOCKS ? OWN : WIDTH);
    }
    losses(ctx);
    held(ctx);
    undetermined(ctx);
    as_ctx_free(ctx);
    DONE();
}
