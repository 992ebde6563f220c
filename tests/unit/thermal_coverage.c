/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The closed forms of simulate-thermal against a numeric integral of the rate law, and how often the
 * intervals that thermal-steps states hold the value that the curve without noise has. */
#include "arena.h"
#include "check.h"
#include "ctx.h"
#include "thermal_simulate.h"
#include "thermogram.h"

enum { ROWS = 400, SEEDS = 200, FOUND = 8 };

static const double start = 303.15;
static const as_loss losses[] = { { AS_FIRST_ORDER, 40, 110e3, 0.05, 473.15 } };

static void closed_forms(void)
{
    const double gas = 8.31446261815324;
    for (int kind = AS_FIRST_ORDER; kind <= AS_ZERO_ORDER; kind++) {
        const as_loss l = { (as_loss_kind)kind, 100, 90e3, 0.1, 450 };
        /* d alpha / dT = q exp(-E/RT) (1 - alpha) or q exp(-E/RT), by the trapezoidal rule */
        double sum = 0, to_450 = 0;
        const double step = 0.001;
        for (double t = start; t < 480; t += step) {
            sum += step * 0.5 * (exp(-l.energy / (gas * t)) + exp(-l.energy / (gas * (t + step))));
            if (t + step < 450 + step / 2) to_450 = sum;
        }
        const double q = (kind == AS_FIRST_ORDER ? -log(0.9) : 0.1) / to_450;
        const double want = kind == AS_FIRST_ORDER ? 1 - exp(-q * sum) : fmin(q * sum, 1);
        NEAR(as_loss_conversion(&l, start, 480), want, 1e-4);
        NEAR(as_loss_conversion(&l, start, 450), 0.1, 1e-12);
        NEAR(as_loss_conversion(&l, start, start), 0, 1e-12);
        const double slope = (as_loss_conversion(&l, start, 460.01) -
                              as_loss_conversion(&l, start, 459.99)) / 0.02;
        NEAR(as_loss_rate(&l, start, 460), slope, 1e-6 * slope);
        const double peak = as_loss_peak(&l, start);
        CHECK(as_loss_rate(&l, start, peak) > as_loss_rate(&l, start, peak - 0.1));
        CHECK(as_loss_rate(&l, start, peak) > as_loss_rate(&l, start, peak + 0.1));
        CHECK(as_loss_onset(&l, start) < peak);
    }
    NEAR(as_losses_mass(1, losses, start, as_losses_reach(1, losses, start, 700, 10)), 90, 1e-9);
    CHECK(isnan(as_losses_reach(1, losses, start, 700, 50)));
}

typedef struct found {
    double v[FOUND], u[FOUND];
} found;

static as_status measure(as_ctx *ctx, double white, uint64_t seed, found *f)
{
    double x[ROWS], y[ROWS];
    const as_balance balance = { white, 0, 0 };
    as_random r;
    as_thermogram g;
    as_thermal_step s[4];
    as_random_seed(&r, seed, 0);
    for (int i = 0; i < ROWS; i++) {
        x[i] = 30 + i;
        const double mass = as_losses_mass(1, losses, start, start + i);
        y[i] = as_balance_reading(&balance, &r, mass, start, start + i, 0);
    }
    AS_TRY(as_thermogram_of(ctx, as_scratch(ctx), ROWS, x, y, 1, 10, &g));
    if (as_thermal_steps(ctx, &g, 0.2, 0.01, 20, 4, s) != 1) return AS_ERR;
    const double levels[] = { 5, 10, 20 };
    for (int k = 0; k < 3; k++) {
        f->v[k] = as_thermal_crossing(&g, 100 - levels[k]);
        f->u[k] = as_thermal_crossing_u(&g, f->v[k], 100 - levels[k]);
    }
    f->v[3] = s->loss;
    f->u[3] = s->u_loss;
    f->v[4] = s->onset;
    f->u[4] = s->u_onset;
    f->v[5] = s->endset;
    f->u[5] = s->u_endset;
    f->v[6] = s->fastest;
    f->u[6] = s->u_fastest;
    f->v[7] = as_thermogram_temperature(&g, (double)s->peak);
    f->u[7] = hypot(g.step / sqrt(12), s->u_fastest);
    return AS_OK;
}

static void coverage(void)
{
    static const char *const name[FOUND] = { "5 % loss", "10 % loss", "20 % loss", "mass_loss",
                                             "onset",    "endset",    "inflection", "peak" };
    int inside[FOUND] = { 0 };
    found exact;
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    CHECK(ctx && !measure(ctx, 0, 1, &exact));
    as_ctx_free(ctx);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        found f = { { 0 }, { 0 } };
        ctx = as_ctx_new(NULL, NULL);
        CHECK(ctx && !measure(ctx, 0.02, seed, &f));
        as_ctx_free(ctx);
        for (int k = 0; k < FOUND; k++) inside[k] += fabs(f.v[k] - exact.v[k]) < 1.96 * f.u[k];
    }
    for (int k = 0; k < FOUND; k++) {
        printf("%s: %d of %d within 1.96 u\n", name[k], inside[k], SEEDS);
        CHECK(inside[k] >= 0.91 * SEEDS && inside[k] <= 0.98 * SEEDS);
    }
}

enum { LONG = 660, OVERLAPS = 4 };

/* Two steps that overlap, and onsets against a line fitted where nothing is lost. */
static as_status measure_overlap(as_ctx *ctx, uint64_t seed, double *v, double *u)
{
    static const as_loss both[] = { { AS_FIRST_ORDER, 3, 250e3, 0.01, 673.15 },
                                    { AS_FIRST_ORDER, 45, 250e3, 0.01, 773.15 } };
    double x[LONG], y[LONG];
    const as_balance balance = { 0.02, 0, 0 };
    as_random r;
    as_thermogram g;
    as_thermal_step s[4];
    as_thermal_line line;
    as_random_seed(&r, seed, 0);
    for (int i = 0; i < LONG; i++) {
        x[i] = 30 + i;
        y[i] = as_balance_reading(&balance, &r, as_losses_mass(2, both, start, start + i), start, start + i, 0);
    }
    AS_TRY(as_thermogram_of(ctx, as_scratch(ctx), LONG, x, y, 0.5, 20, &g));
    if (as_thermal_steps(ctx, &g, 0.01, 0.01, 40, 4, s) != 2) return AS_ERR;
    AS_TRY(as_thermal_baseline(ctx, &g, 100, 250, &line));
    v[0] = s[0].loss, u[0] = s[0].u_loss;
    v[1] = s[0].endset, u[1] = s[0].u_endset;
    v[2] = as_thermal_deviation(&g, &line, 3, 10);
    u[2] = as_thermal_deviation_u(&g, &line, 3, 10, v[2]);
    v[3] = as_thermal_tangent(&g, &line, s[0].peak, &u[3]);
    return AS_OK;
}

/* The curve without noise has no first deviation, and parts elsewhere: against the mean over all seeds. */
static void overlap(void)
{
    static const char *const name[OVERLAPS] = { "loss to the neighbour", "endset at the neighbour", "first deviation",
                                                "onset against the line" };
    static double v[SEEDS][OVERLAPS], u[SEEDS][OVERLAPS];
    double mean[OVERLAPS] = { 0 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        CHECK(ctx && !measure_overlap(ctx, seed, v[seed - 1], u[seed - 1]));
        for (int k = 0; k < OVERLAPS; k++) mean[k] += v[seed - 1][k] / SEEDS;
        as_ctx_free(ctx);
    }
    for (int k = 0; k < OVERLAPS; k++) {
        int inside = 0;
        double square = 0, stated = 0;
        for (int i = 0; i < SEEDS; i++) {
            inside += fabs(v[i][k] - mean[k]) < 1.96 * u[i][k];
            square += pow(v[i][k] - mean[k], 2) / SEEDS, stated += u[i][k] * u[i][k] / SEEDS;
        }
        printf("%s: %d of %d within 1.96 u; s %.4g, u %.4g\n", name[k], inside, SEEDS, sqrt(square), sqrt(stated));
        CHECK(inside >= 0.9 * SEEDS && sqrt(stated) < 2 * sqrt(square));
    }
}

int main(void)
{
    closed_forms();
    coverage();
    overlap();
    DONE();
}
