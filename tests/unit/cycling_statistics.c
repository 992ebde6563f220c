/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the intervals that cycling, fade and change-points state hold what was put in, over 200
 * seeds; how many changes are found where there is none; that the charge in dQ/dE is the charge;
 * words of cyclers. */
#include "changes.h"
#include "check.h"
#include "ctx.h"
#include "cycler.h"
#include "random.h"
#include "run_op.h"

enum { SEEDS = 200, CYCLES = 60 };

static void words(void)
{
    CHECK(as_charge_direction("C") == 1 && as_charge_direction("D") == -1 &&
          as_charge_direction("R") == 0);
    CHECK(as_charge_direction("CC Chg") == 1 && as_charge_direction("CCCV_DChg") == -1);
    CHECK(as_charge_direction("Charge") == 1 && as_charge_direction("Discharge") == -1);
    CHECK(as_charge_direction("C_CC") == 1 && as_charge_direction("D_CC") == -1);
    CHECK(as_charge_direction("CC_Discharge") == -1 && as_charge_direction("Rest") == 0);
    CHECK(as_charge_direction("Idle") == 0 && as_charge_direction(NULL) == 0 &&
          as_charge_direction("") == 0);
}

/* A table as of cycling: an exponential loss with a step behind cycle 30 when asked for, and
 * scatter. */
static as_table *cell(as_ctx *ctx, uint64_t seed, double step)
{
    as_random r;
    as_table *t = as_table_new(ctx, CYCLES);
    as_column *x = as_add_column(ctx, t, "cycle", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(ctx, t, "specific_capacity", AS_ROLE_Y, as_unit_of("mAh/g"));
    as_random_seed(&r, seed, 3);
    for (int i = 0; i < CYCLES; i++) {
        x->v.f[i] = i + 1;
        y->v.f[i] = (step != 0 ? 170 + (i >= 30 ? step : 0) : 190 * exp(-1e-3 * i)) +
                    0.3 * as_random_normal(&r);
    }
    return t;
}

static as_table *one(as_ctx *ctx, const char *op, const char *options, as_table *t)
{
    caught out;
    if (run_tables(ctx, op, options, 1, &t, false, &out) != AS_OK || out.n != 1) return NULL;
    return out.t[0];
}

static int holds(const as_table *t, const char *item, const char *quantity, double truth)
{
    const as_result *r = t ? as_get_result(t, item, quantity) : NULL;
    CHECK(r != NULL);
    return r && fabs(r->value - truth) <= 1.96 * r->u;
}

static void coverage(void)
{
    int retention = 0, mean = 0, rate = 0, initial = 0, end = 0, change = 0, by = 0, share = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_table *t = one(ctx, "cycling", "--from capacity", cell(ctx, seed, 0));
        retention += holds(t, "cycle 60", "capacity_retention", 100 * exp(-0.059));
        t = one(ctx, "fade", "", cell(ctx, seed, 0));
        rate += holds(t, "exponential", "fade_rate", 1e-3);
        initial += holds(t, "exponential", "initial_capacity", 190);
        end += holds(t, "exponential", "end_of_life", 1 - log(0.8) / 1e-3);
        t = one(ctx, "cycling", "--from capacity --event bent=31", cell(ctx, seed, -2));
        mean += holds(t, "bent", "mean_specific_capacity", 168);
        share += holds(t, "bent", "plateau_retention", 100 * 168. / 170);
        t = one(ctx, "change-points", "", cell(ctx, seed, -2));
        change += holds(t, "change 1", "change_point", 31);
        by += holds(t, "change 1", "level_change", -2);
        as_ctx_free(ctx);
    }
    printf("of %d within 1.96 u: retention %d, mean %d, share %d, rate %d, initial %d, end of life "
           "%d, change %d, "
           "its size %d\n",
           SEEDS, retention, mean, share, rate, initial, end, change, by);
    /* 95 % less three standard deviations of 200; the change stands on whole cycles, so it may hold
     * more */
    CHECK(retention >= 180 && mean >= 180 && share >= 180 && rate >= 180 && initial >= 180 &&
          end >= 180);
    CHECK(change >= 180 && by >= 180);
    CHECK(retention < 200 && rate < 200 && mean < 200);
}

static void false_changes(void)
{
    int levels = 0, lines = 0, missed = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_random r;
        double y[100], x[100];
        as_segment *s;
        size_t n;
        as_random_seed(&r, seed, 9);
        for (int i = 0; i < 100; i++) x[i] = i, y[i] = 5 + 0.3 * as_random_normal(&r);
        as_table *t =
            one(ctx, "change-points", "", curve_table(ctx, 100, x, y, "cycle", "1", "count"));
        levels += t ? as_get_result(t, "all", "change_points")->value > 0 : 1;
        for (int i = 0; i < 100; i++) y[i] -= 0.05 * i;
        t = one(ctx, "change-points", "--form line",
                curve_table(ctx, 100, x, y, "cycle", "1", "count"));
        lines += t ? as_get_result(t, "all", "change_points")->value > 0 : 1;
        for (int i = 50; i < 100; i++) y[i] += 0.9; /* three standard deviations */
        CHECK(as_changes(ctx, as_scratch(ctx), 100, x, y, 0.3, AS_SEGMENT_LINE, 4, 3, &s, &n) ==
              AS_OK);
        missed += n < 2;
        as_ctx_free(ctx);
    }
    printf("of %d curves without a change: %d levels and %d lines have one; a step of 3 sigma "
           "missed %d times\n",
           SEEDS, levels, lines, missed);
    CHECK(levels <= 10 && lines <= 10);
    CHECK(missed <= 10);
}

/* A symmetric cell with noise on every reading; a short circuit at half cycle 20 when asked for. */
static as_table *symmetric(as_ctx *ctx, uint64_t seed, bool shorted)
{
    enum { HALVES = 30, POINTS = 12 };
    as_random r;
    as_table *t = as_table_new(ctx, HALVES * POINTS);
    as_column *time = as_add_column(ctx, t, "time", AS_ROLE_X, as_unit_of("h"));
    as_column *potential = as_add_column(ctx, t, "potential", AS_ROLE_Y, as_unit_of("mV"));
    as_column *current = as_add_column(ctx, t, "current", AS_ROLE_OTHER, as_unit_of("mA"));
    as_random_seed(&r, seed, 5);
    for (int i = 0; i < HALVES * POINTS; i++) {
        const int half = i / POINTS, sign = half % 2 ? -1 : 1;
        time->v.f[i] = half + (double)(i % POINTS) / (POINTS - 1);
        current->v.f[i] = sign * 0.5;
        potential->v.f[i] = sign * ((shorted && half >= 19 ? 10 : 40) + 2 * as_random_normal(&r));
    }
    return t;
}

static void plating(void)
{
    int mean = 0, loop = 0, wrong = 0, missed = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_table *t = one(ctx, "plating", "--plateaus 1:18", symmetric(ctx, seed, false));
        mean += holds(t, "half cycles 1 to 18", "mean_overpotential", 40);
        loop += holds(t, "half cycles 1 to 18", "mean_hysteresis", 80);
        wrong += !t || as_get_result(t, "short circuit", "short_circuit")->bound != AS_ABOVE ||
                 as_get_result(t, "end of life", "end_of_life")->bound != AS_ABOVE;
        t = one(ctx, "plating", "", symmetric(ctx, seed, true));
        missed += !t || as_get_result(t, "short circuit", "short_circuit")->value != 20;
        as_ctx_free(ctx);
    }
    printf("plating: of %d within 1.96 u: overpotential %d, hysteresis %d; %d false events, %d "
           "missed\n",
           SEEDS, mean, loop, wrong, missed);
    CHECK(mean >= 180 && loop >= 180);
    CHECK(wrong == 0 && missed == 0);
}

/* The integral of dQ/dE is the capacity, with noise and a potential that goes back; dE/dQ of a line
 * is its slope. */
static void derivatives(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_random r;
    as_table *t = as_table_new(ctx, 500);
    as_column *x = as_add_column(ctx, t, "capacity", AS_ROLE_X, as_unit_of("mAh"));
    as_column *y = as_add_column(ctx, t, "potential", AS_ROLE_Y, as_unit_of("V"));
    as_random_seed(&r, 4, 0);
    for (int i = 0; i < 500; i++) {
        x->v.f[i] = 0.01 * i;
        y->v.f[i] = 3 + 0.1 * x->v.f[i] + 0.002 * as_random_normal(&r);
    }
    as_table *slope =
        one(ctx, "incremental-capacity", "--form de-dq --window 101pt", as_table_copy(ctx, t));
    CHECK(slope != NULL);
    if (slope) NEAR(as_find_name(slope, "differential_potential")->v.f[250], 0.1, 0.003);
    t = one(ctx, "incremental-capacity", "--step 3mV --smooth 10mV", t);
    CHECK(t != NULL);
    double sum = 0, most = 0;
    for (size_t i = 0; t && i < t->rows; i++) {
        sum += 0.003 * t->column[1]->v.f[i];
        most = fmax(most, t->column[1]->v.f[i]);
    }
    NEAR(sum, 4.99, 1e-9);
    CHECK(most > 9 && most < 12); /* 10 mAh/V */
    as_ctx_free(ctx);
}

int main(void)
{
    run_op_uses();
    words();
    derivatives();
    coverage();
    false_changes();
    plating();
    DONE();
}
