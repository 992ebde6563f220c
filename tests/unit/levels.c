/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bands of one shape on many levels and the edge of a layer: against the engine for single problems, and how often
 * intervals and limits hold over 200 seeds, with white and with correlated noise. */
#include "arena.h"
#include "check.h"
#include "detection.h"
#include "edge.h"
#include "lanes.h"
#include "levels.h"
#include "random.h"

enum { POINTS = 48, LEVELS = 25, SEEDS = 200, HEIGHT = 0, CENTER, FWHM, LEVEL, SLOPE, MODEL };

static const double LN2X4 = 2.772588722239781, AREA = 1.0644670194312262, FLOOR_U = 3e-4;

/* One Gaussian on a line; x = 0, 1 ... */
static void band(void *user, const double *p, double *f, double *J, size_t stride)
{
    (void)user;
    for (size_t i = 0; i < POINTS; i++) {
        const double x = (double)i, d = (x - p[CENTER]) / p[FWHM], e = exp(-LN2X4 * d * d);
        f[i] = p[HEIGHT] * e + p[LEVEL] + p[SLOPE] * (x - 24);
        if (!J) continue;
        J[HEIGHT * stride + i] = e;
        J[CENTER * stride + i] = p[HEIGHT] * e * 2 * LN2X4 * d / p[FWHM];
        J[FWHM * stride + i] = p[HEIGHT] * e * 2 * LN2X4 * d * d / p[FWHM];
        J[LEVEL * stride + i] = 1;
        J[SLOPE * stride + i] = x - 24;
    }
}

static const bool linear[MODEL] = { [HEIGHT] = true, [LEVEL] = true, [SLOPE] = true };

typedef struct map {
    double y[LEVELS][POINTS];
    const double *row[LEVELS];
} map;

/* Height h on level k, noise with correlation rho of neighbours. */
static void simulate(map *m, size_t n, const double *h, double noise, double rho, uint64_t seed)
{
    as_random r;
    as_random_seed(&r, seed, 0);
    for (size_t k = 0; k < n; k++) {
        const double p[MODEL] = { h[k], 23.3, 11, 0.01 * as_random_normal(&r), 1e-4 * as_random_normal(&r) };
        double e = noise * as_random_normal(&r);
        band(NULL, p, m->y[k], NULL, POINTS);
        for (size_t i = 0; i < POINTS; i++) {
            m->y[k][i] += e;
            e = rho * e + sqrt(1 - rho * rho) * noise * as_random_normal(&r);
        }
        m->row[k] = m->y[k];
    }
}

static const double starts[MODEL] = { 0, 22, 9, 0, 0 };

static as_levels_problem problem(const map *m, size_t n)
{
    return (as_levels_problem){ .n_levels = n, .n = POINTS, .m = MODEL, .y = m->row, .model = band, .linear = linear,
                                .start = starts, .correlated = true };
}

/* --- against one large problem --------------------------------------------------------------- */

enum { FEW = 4, ALL = 2 + 3 * FEW }; /* center, fwhm, then height, level, slope of each */

static void whole(void *user, const double *p, double *f, double *J, size_t stride)
{
    double own[MODEL * 64], g[64];
    const size_t part = as_lanes(POINTS);
    if (J) memset(J, 0, ALL * stride * sizeof *J);
    for (size_t k = 0; k < FEW; k++) {
        const double *l = p + 2 + 3 * k, q[MODEL] = { l[0], p[0], p[1], l[1], l[2] };
        band(user, q, g, J ? own : NULL, part);
        memcpy(f + k * POINTS, g, POINTS * sizeof *f);
        const size_t to[MODEL] = { 2 + 3 * k, 0, 1, 3 + 3 * k, 4 + 3 * k };
        for (size_t c = 0; J && c < MODEL; c++) memcpy(J + to[c] * stride + k * POINTS, own + c * part, POINTS * sizeof *f);
    }
}

static void agrees(as_ctx *ctx)
{
    static map m;
    const double h[FEW] = { 0.05, 0.03, 0.001, -0.0005 };
    double cov[MODEL * MODEL], room[2 * MODEL * MODEL], p0[ALL] = { 22, 9 };
    simulate(&m, FEW, h, 1e-3, 0, 5);
    as_levels_problem q = problem(&m, FEW);
    q.correlated = false;
    as_levels_result r;
    as_ls_result want;
    const as_ls_problem all = { .n = FEW * POINTS, .m = ALL, .y = m.y[0], .model = whole };
    CHECK(as_fit_levels(ctx, as_scratch(ctx), &q, &r) == AS_OK);
    CHECK(as_least_squares(ctx, as_scratch(ctx), &all, p0, &want) == AS_OK);
    CHECK(r.dof == want.dof && r.n_free == ALL);
    NEAR(r.chi2, want.chi2, 1e-10 * want.chi2);
    for (size_t k = 0; k < FEW; k++) {
        const size_t at[MODEL] = { 2 + 3 * k, 0, 1, 3 + 3 * k, 4 + 3 * k };
        as_levels_covariance(&r, k, false, room, cov);
        for (size_t i = 0; i < MODEL; i++) {
            NEAR(r.p[k * MODEL + i], want.p[at[i]], 1e-6 * want.u[at[i]]);
            for (size_t j = 0; j < MODEL; j++)
                NEAR(cov[i * MODEL + j], want.covariance[at[i] * ALL + at[j]], 1e-6 * want.u[at[i]] * want.u[at[j]]);
        }
        as_levels_covariance(&r, k, true, room, cov);
        CHECK(cov[0] <= want.covariance[at[0] * ALL + at[0]] * (1 + 1e-9) && cov[CENTER * MODEL + CENTER] == 0);
    }
}

/* A restraint is one more observation of a shared parameter; a bound that is reached is said. */
static void held(as_ctx *ctx)
{
    static map m;
    const double h[FEW] = { 0.05, 0.03, 0.02, 0.01 };
    double value[MODEL] = { NAN, 20, NAN, NAN, NAN }, u[MODEL] = { 0, 1e-6 }, lo[MODEL], hi[MODEL];
    simulate(&m, FEW, h, 1e-3, 0, 6);
    for (size_t k = 0; k < MODEL; k++) lo[k] = -INFINITY, hi[k] = INFINITY;
    as_levels_problem q = problem(&m, FEW);
    as_levels_result r;
    q.restraint = value;
    q.restraint_u = u;
    CHECK(as_fit_levels(ctx, as_scratch(ctx), &q, &r) == AS_OK);
    NEAR(r.p[CENTER], 20, 1e-4);
    q.restraint = NULL;
    q.lo = lo;
    q.hi = hi;
    hi[FWHM] = 10;
    CHECK(as_fit_levels(ctx, as_scratch(ctx), &q, &r) == AS_OK);
    CHECK(r.at_bound[FWHM] && !r.at_bound[CENTER] && r.p[FWHM] == 10);
    q.n = 4;
    CHECK(as_fit_levels(ctx, as_scratch(ctx), &q, &r) != AS_OK && as_pending(ctx) == AS_E_NUMERIC);
    as_forget_error(ctx);
}

/* --- coverage ---------------------------------------------------------------------------------- */

static double area_of(const as_levels_result *r, size_t k, double *u, double *zero_u)
{
    double cov[MODEL * MODEL], room[2 * MODEL * MODEL];
    const double *p = r->p + k * MODEL;
    const double g[MODEL] = { AREA * p[FWHM], 0, AREA * p[HEIGHT], 0, 0 };
    as_levels_covariance(r, k, false, room, cov);
    *u = as_propagate(MODEL, cov, g);
    as_levels_covariance(r, k, true, room, cov);
    *zero_u = as_propagate(MODEL, cov, g);
    return AREA * p[HEIGHT] * p[FWHM];
}

typedef struct rates {
    double area, thickness, width, above_critical, limit, present, n, n_empty;
} rates;

/* A layer to d nm, levels every 2 nm. */
static void one(as_ctx *ctx, double d, double rho, uint64_t seed, rates *out)
{
    static map m;
    double h[LEVELS], z[LEVELS], y[LEVELS], u[LEVELS], critical[LEVELS];
    for (size_t k = 0; k < LEVELS; k++) {
        z[k] = 2 * (double)k;
        h[k] = as_edge_value(0.005, d, 3, z[k]);
    }
    simulate(&m, LEVELS, h, FLOOR_U, rho, seed);
    const as_levels_problem q = problem(&m, LEVELS);
    as_levels_result r;
    as_edge e;
    CHECK(as_fit_levels(ctx, as_scratch(ctx), &q, &r) == AS_OK);
    for (size_t k = 0; k < LEVELS; k++) {
        double zero_u;
        y[k] = area_of(&r, k, &u[k], &zero_u);
        const double truth = AREA * h[k] * 11;
        const as_limits l = as_detection_limits(y[k], u[k], zero_u, 0);
        critical[k] = l.critical_level;
        out->n++;
        out->area += fabs(y[k] - truth) < 1.96 * u[k];
        if (h[k] > 1e-3 * 0.005) continue;
        out->n_empty++;
        out->above_critical += y[k] > l.critical_level;
        out->present += l.verdict == AS_PRESENT;
        out->limit += l.upper_limit > truth;
    }
    CHECK(as_edge_fit(ctx, LEVELS, z, y, u, critical, &e) == AS_OK && e.state == AS_EDGE_FOUND);
    out->thickness += fabs(e.d - d) < 1.96 * e.d_u;
    out->width += fabs(e.s - 3) < 1.96 * e.s_u;
}

static void coverage(as_ctx *ctx, double d, double rho)
{
    const double least = 0.91, most = 0.98;
    rates c = { 0 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        one(ctx, d, rho, seed, &c);
        as_leave(ctx, frame);
    }
    printf("d %g, correlation %g: 95 %% intervals hold: areas %.3f, thickness %.3f, width %.3f\n", d, rho, c.area / c.n,
           c.thickness / SEEDS, c.width / SEEDS);
    CHECK(c.area / c.n > least && c.area / c.n < most);
    CHECK(c.thickness / SEEDS >= least && c.thickness / SEEDS <= most);
    CHECK(c.width / SEEDS >= least && c.width / SEEDS <= most);
    if (c.n_empty < 1000) return;
    printf("  empty levels: above the critical level %.4f, present %.4f, upper limit holds %.4f\n",
           c.above_critical / c.n_empty, c.present / c.n_empty, c.limit / c.n_empty);
    NEAR(c.above_critical / c.n_empty, 0.05, 0.02);
    CHECK(c.present / c.n_empty < 0.006);
    CHECK(c.limit / c.n_empty > 0.94);
}

/* --- edges ------------------------------------------------------------------------------------- */

static void edges(as_ctx *ctx)
{
    enum { N = 12 };
    double z[N], y[N], u[N], c[N];
    as_edge e;
    for (size_t k = 0; k < N; k++) z[k] = 4 * (double)k, u[k] = 0.01, c[k] = 0.0164;
    for (size_t k = 0; k < N; k++) y[k] = as_edge_value(1, 80, 3, z[k]); /* ends below the last level */
    CHECK(as_edge_fit(ctx, N, z, y, u, c, &e) == AS_OK && e.state == AS_EDGE_BEYOND);
    NEAR(e.bound, 44, 0);
    NEAR(e.plateau, 1, 1e-9);
    for (size_t k = 0; k < N; k++) y[k] = z[k] < 21 ? 1 : 0; /* a step between 20 and 24 */
    CHECK(as_edge_fit(ctx, N, z, y, u, c, &e) == AS_OK && e.state == AS_EDGE_FOUND);
    NEAR(e.half, 22, 1e-9);
    NEAR(e.half_u, 4 * hypot(0.005, hypot(0.005, 0.005 / sqrt(6))), 1e-9);
    CHECK(e.d > 20 && e.d < 24 && e.d_u > 1 && isnan(e.s_u) && e.s < 2);
    NEAR(e.last, 20, 0);
    for (size_t k = 0; k < N; k++) y[k] = as_edge_value(1, 21, 5, z[k]);
    CHECK(as_edge_fit(ctx, N, z, y, u, c, &e) == AS_OK && e.state == AS_EDGE_FOUND);
    NEAR(e.d, 21, 1e-5);
    NEAR(e.s, 5, 1e-5);
    NEAR(e.half, 21, 0.6); /* the plateau is that of the levels above 70 % */
    for (size_t k = 0; k < N; k++) y[k] = k % 2 ? 0.01 : -0.01;
    CHECK(as_edge_fit(ctx, N, z, y, u, c, &e) == AS_OK && e.state == AS_EDGE_NONE && e.n_detected == 0);
    for (size_t k = 0; k < N; k++) y[k] = k == 0 ? 1 : 0; /* on the surface only */
    CHECK(as_edge_fit(ctx, N, z, y, u, c, &e) == AS_OK && e.state == AS_EDGE_WITHIN);
    NEAR(e.bound, 4, 0);
    NEAR(e.last, 0, 0);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    if (!ctx) return EXIT_FAILURE;
    agrees(ctx);
    held(ctx);
    edges(ctx);
    coverage(ctx, 20, 0);
    coverage(ctx, 42, 0);
    coverage(ctx, 20, 0.6);
    as_ctx_free(ctx);
    DONE();
}
