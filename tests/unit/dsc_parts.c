/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a DSC peak: their areas are those of the Gaussians put in, and the intervals stated hold the value of the curve
 * without noise, or where a minimum is looked for the mean over all seeds.
 */
#include "check.h"
#include "random.h"
#include "run_op.h"

enum { ROWS = 601, SEEDS = 200, FEWER = 100, VALUES = 4 };

/* 10 K/min from 100 degC; 20 J/g at 140 and 30 J/g at 165 degC, sigma 6 K, over a line that rises. */
static as_table *curve(as_ctx *ctx, double noise, uint64_t seed)
{
    as_random r;
    as_random_seed(&r, seed, 3);
    as_table *t = as_table_new(ctx, ROWS);
    as_column *time = as_add_column(ctx, t, "time", AS_ROLE_X, as_unit_of("s"));
    as_column *temperature = as_add_column(ctx, t, "temperature", AS_ROLE_OTHER, as_unit_of("degC"));
    as_column *flow = as_add_column(ctx, t, "specific_heat_flow", AS_ROLE_Y, as_unit_of("W/g"));
    const double per_kelvin = 6, height = 1 / (6 * per_kelvin * sqrt(2 * acos(-1)));
    for (int i = 0; i < ROWS; i++) {
        const double at = 100 + 0.2 * i, a = (at - 140) / 6, b = (at - 165) / 6;
        time->v.f[i] = per_kelvin * 0.2 * i;
        temperature->v.f[i] = at;
        flow->v.f[i] = 0.1 + 1e-4 * at + height * (20 * exp(-a * a / 2) + 30 * exp(-b * b / 2)) +
                       noise * as_random_normal(&r);
    }
    return t;
}

static const as_result *result(as_ctx *ctx, const as_table *t, const char *item, const char *quantity)
{
    const as_result *r = t ? as_get_result(t, item, quantity) : NULL;
    CHECK(r != NULL);
    static const as_result none = { .value = NAN, .u = NAN };
    (void)ctx;
    return r ? r : &none;
}

static as_table *cut(as_ctx *ctx, const char *options, double noise, uint64_t seed)
{
    as_table *t = curve(ctx, noise, seed);
    caught out;
    const as_status status = run_tables(ctx, "dsc-peak", options, 1, &t, false, &out);
    return status == AS_OK && out.n ? out.t[0] : NULL;
}

static void measure(uint64_t seed, double noise, double *v, double *u)
{
    static const char *const options[] = { "--range 115:195 --split 150 --part first --part second --bootstrap 0",
                                           "--range 115:195 --minima --window 8K --baseline sigmoidal --bootstrap 0" };
    static const char *const names[] = { "peak first", "peak part 1" };
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    for (int k = 0; k < 2; k++) {
        const as_table *t = cut(ctx, options[k], noise, seed);
        const as_result *area = result(ctx, t, names[k], "enthalpy"), *share = result(ctx, t, names[k], "area_fraction");
        v[2 * k] = area->value, u[2 * k] = area->u;
        v[2 * k + 1] = share->value, u[2 * k + 1] = share->u;
    }
    as_ctx_free(ctx);
}

enum { GLASS = 5 };

/* A step of 0.3 J/g/K at 120 degC, 10 K/min, tanh((T - 120)/4) wide. */
static void measure_glass(uint64_t seed, double noise, double *v, double *u)
{
    static const char *const quantity[GLASS] = { "half_height_temperature", "inflection_temperature", "onset", "endset",
                                                 "heat_capacity_step" };
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *t = curve(ctx, noise, seed);
    as_random r;
    as_random_seed(&r, seed, 4);
    for (int i = 0; i < ROWS; i++) {
        const double at = 80 + 0.2 * i;
        as_find_name(t, "temperature")->v.f[i] = at;
        as_find_role(t, AS_ROLE_Y)->v.f[i] = 0.2 + 2e-4 * at + 0.05 / 2 * (1 + tanh((at - 120) / 4)) + noise * as_random_normal(&r);
    }
    caught out;
    CHECK(!run_tables(ctx, "glass-transition", "--below 85:105 --above 138:170 --window 6K", 1, &t, false, &out));
    for (int k = 0; k < GLASS; k++) {
        const as_result *x = result(ctx, out.t[0], "glass transition", quantity[k]);
        v[k] = x->value, u[k] = x->u;
    }
    as_ctx_free(ctx);
}

static void glass(void)
{
    double exact[GLASS], v[GLASS], u[GLASS];
    int inside[GLASS] = { 0 };
    measure_glass(1, 0, exact, u);
    NEAR(exact[0], 120, 0.05);
    NEAR(exact[4], 0.3, 2e-3);
    for (uint64_t s = 1; s <= SEEDS; s++) {
        measure_glass(s, 2e-4, v, u);
        for (int k = 0; k < GLASS; k++) inside[k] += fabs(v[k] - exact[k]) < 1.96 * u[k];
    }
    for (int k = 0; k < GLASS; k++) {
        printf("glass %d: %d of %d within 1.96 u (%.3g)\n", k, inside[k], SEEDS, u[k]);
        CHECK(inside[k] >= 0.91 * SEEDS);
    }
}

/* Onset, endset and top of a peak. */
static void tangents(void)
{
    static const char *const quantity[] = { "onset", "endset", "peak_temperature" };
    double exact[3] = { 0 };
    int inside[3] = { 0 };
    for (uint64_t s = 0; s <= FEWER; s++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        const as_table *t = cut(ctx, "--range 115:195 --window 6K --bootstrap 50", s ? 0.002 : 0, s ? s : 1);
        for (int k = 0; k < 3; k++) {
            const as_result *r = result(ctx, t, "peak", quantity[k]);
            if (!s) exact[k] = r->value;
            else inside[k] += fabs(r->value - exact[k]) < 1.96 * r->u;
        }
        as_ctx_free(ctx);
    }
    for (int k = 0; k < 3; k++) {
        printf("%s: %d of %d within 1.96 u\n", quantity[k], inside[k], FEWER);
        CHECK(inside[k] >= 0.91 * FEWER);
    }
}

int main(void)
{
    glass();
    tangents();
    static const char *const name[VALUES] = { "area, given cut", "share, given cut", "area, minimum", "share, minimum" };
    static double v[SEEDS][VALUES], u[SEEDS][VALUES];
    double exact[VALUES], none[VALUES], mean[VALUES] = { 0 };
    measure(1, 0, exact, none);
    /* 20 J/g less the part above 150, and that of the other below it */
    const double above = 10 / (6 * sqrt(2)), other = 15 / (6 * sqrt(2));
    NEAR(exact[0], 20 * (1 - erfc(above) / 2) + 30 * erfc(other) / 2, 0.02);
    NEAR(exact[1], exact[0] / 50, 1e-3);
    NEAR(exact[3], 0.4, 0.01);
    for (uint64_t s = 1; s <= SEEDS; s++) {
        measure(s, 0.002, v[s - 1], u[s - 1]);
        for (int k = 0; k < VALUES; k++) mean[k] += v[s - 1][k] / SEEDS;
    }
    for (int k = 0; k < VALUES; k++) {
        int inside = 0;
        double square = 0, stated = 0;
        for (int i = 0; i < SEEDS; i++) {
            const double d = v[i][k] - (k < 2 ? exact[k] : mean[k]);
            inside += fabs(d) < 1.96 * u[i][k];
            square += d * d / SEEDS, stated += u[i][k] * u[i][k] / SEEDS;
        }
        printf("%s: %d of %d within 1.96 u; s %.4g, u %.4g\n", name[k], inside, SEEDS, sqrt(square), sqrt(stated));
        CHECK(inside >= 0.91 * SEEDS && inside <= 0.98 * SEEDS);
    }
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    CHECK(!cut(ctx, "--range 115:195 --split 150,140", 0, 1) && strstr(as_pending_message(ctx), "cannot end"));
    as_forget_error(ctx);
    CHECK(!cut(ctx, "--range 115:195 --split 90", 0, 1) && strstr(as_pending_message(ctx), "cannot end"));
    as_forget_error(ctx);
    CHECK(!cut(ctx, "--range 115:195 --split 150 --minima", 0, 1) && strstr(as_pending_message(ctx), "give one"));
    as_forget_error(ctx);
    CHECK(!cut(ctx, "--range 115:195 --split 150 --part one", 0, 1) && strstr(as_pending_message(ctx), "1 names for 2"));
    as_forget_error(ctx);
    const as_table *t = cut(ctx, "--range 115:150 --minima", 0.002, 1);
    CHECK(t && t->n_warnings == 1 && as_get_result(t, "peak part 1", "area_fraction"));
    NEAR(t ? as_get_result(t, "peak part 1", "area_fraction")->value : NAN, 1, 1e-12);
    as_ctx_free(ctx);
    DONE();
}
