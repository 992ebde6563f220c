/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the intervals that the analyses of an isotherm state with --u-dose hold the values of the isotherm without
 * noise: simulated doses of a relative standard deviation, whose errors add up along the branch.
 */
#include "check.h"
#include "random.h"
#include "run_op.h"

enum { SEEDS = 200, NUMBERS = 12 };

static const char simulate[] = "--pores 0.65:0.5:0.08 --pores 1.0:0.2:0.08 --points 60 --seed %d --noise %s";
static const struct {
    const char *operation, *options, *item, *quantity;
} number[NUMBERS] = {
    { "bet", "--select window --window 1e-4:0.05 --u-dose 0.004", "BET", "bet_area" },
    { "bet", "--select window --window 1e-4:0.05 --u-dose 0.004", "BET", "monolayer" },
    { "t-plot", "--select window --window 0.35:0.8nm --u-dose 0.004", "t-plot", "micropore_volume" },
    { "t-plot", "--select window --window 0.35:0.8nm --u-dose 0.004", "t-plot", "external_area" },
    { "pore-volume", "--at 0.9 --u-dose 0.004", "p/p0 0.9", "total_pore_volume" },
    { "pores-hk", "--shape cylinder --wall aluminosilicate --window 0:0.1 --u-dose 0.004 --bootstrap 200", "HK", "mean_pore_width" },
    { "pores-hk", "--shape cylinder --wall aluminosilicate --window 0:0.1 --u-dose 0.004 --bootstrap 200", "HK", "total_pore_volume" },
    { "langmuir", "--window 1e-4:0.05 --u-dose 0.004", "langmuir", "monolayer" },
    { "dubinin-radushkevich", "--window 1e-5:0.02 --u-dose 0.004", "DR", "micropore_volume" },
    { "dubinin-radushkevich", "--window 1e-5:0.02 --u-dose 0.004", "DR", "characteristic_energy" },
    { "pores-bjh", "--window 0.3:0.98 --u-dose 0.004 --bootstrap 200", "BJH", "total_pore_volume" },
    { "pores-dh", "--window 0.3:0.98 --u-dose 0.004 --bootstrap 200", "DH", "mean_pore_width" },
};

static void measure(int seed, const char *noise, double *v, double *u)
{
    char options[256];
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_op *op = as_op_find("simulate-sorption");
    (void)snprintf(options, sizeof options, simulate, seed, noise);
    for (int k = 0; k < NUMBERS; k++) {
        as_word words[16];
        char text[256];
        size_t n = 0;
        caught made = { .sink = { catch_table } }, out;
        (void)snprintf(text, sizeof text, "%s", options);
        for (char *at = strtok(text, " "); at; at = strtok(NULL, " ")) words[n++] = (as_word){ .text = at };
        void *settings = as_alloc(as_scratch(ctx), 1, op->settings_size + 1);
        CHECK(!as_settings_read(ctx, as_scratch(ctx), op->params, n, words, NULL, settings));
        as_run run = { .ctx = ctx, .op = op, .settings = settings, .out = &made.sink };
        CHECK(!op->source(&run) && made.n == 1);
        CHECK(!run_tables(ctx, number[k].operation, number[k].options, 1, made.t, false, &out));
        const as_result *r = as_get_result(out.t[0], number[k].item, number[k].quantity);
        CHECK(r != NULL);
        v[k] = r ? r->value : NAN;
        u[k] = r ? r->u : NAN;
    }
    as_ctx_free(ctx);
}

enum { DRAWN = 5 };
static const struct {
    const char *operation, *options, *item, *quantity;
} drawn[DRAWN] = {
    { "pores-hk", "--shape cylinder --wall aluminosilicate --window 0:0.1", "HK", "mean_pore_width" },
    { "pores-hk", "--shape cylinder --wall aluminosilicate --window 0:0.1", "HK", "total_pore_volume" },
    { "pores-hk", "--shape cylinder --wall aluminosilicate --window 0:0.1", "HK", "median_pore_width" },
    { "pores-bjh", "--window 0.3:0.95", "BJH", "total_pore_volume" },
    { "pores-dh", "--window 0.3:0.95", "DH", "mean_pore_width" },
};

/* Amounts with errors of their own, drawn again from their scatter. */
static void measure_drawn(int seed, double noise, double *v, double *u)
{
    as_random r;
    as_random_seed(&r, (uint64_t)seed, 5);
    double x[80], y[80];
    const int n = 80;
    for (int i = 0; i < n; i++) { /* a Langmuir isotherm of a micropore, and capillary condensation about p/p0 0.7 */
        x[i] = i < 50 ? pow(10, -6 + 0.1 * i) : 0.1 + (i - 49) * 0.028;
        y[i] = 10 * x[i] / (x[i] + 1e-4) + 2 * x[i] + 5 / (1 + exp(-(x[i] - 0.7) / 0.04)) + noise * as_random_normal(&r);
    }
    for (int k = 0; k < DRAWN; k++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_table *t = as_table_new(ctx, (size_t)n);
        as_column *cx = as_add_column(ctx, t, "relative_pressure", AS_ROLE_X, AS_UNITLESS);
        as_column *cy = as_add_column(ctx, t, "uptake", AS_ROLE_Y, as_unit_of("mmol/g"));
        for (int i = 0; i < n; i++) cx->v.f[i] = x[i], cy->v.f[i] = y[i];
        CHECK(!as_set_meta(ctx, t, "adsorbate", "N2", NULL, NULL) && !as_set_meta(ctx, t, "temperature", "77.355", "K", NULL));
        caught out;
        CHECK(!run_tables(ctx, drawn[k].operation, drawn[k].options, 1, &t, false, &out));
        const as_result *got = as_get_result(out.t[0], drawn[k].item, drawn[k].quantity);
        CHECK(got != NULL);
        v[k] = got ? got->value : NAN;
        u[k] = got ? got->u : NAN;
        as_ctx_free(ctx);
    }
}

static void drawn_again(void)
{
    double exact[DRAWN], v[DRAWN], u[DRAWN], square[DRAWN] = { 0 }, stated[DRAWN] = { 0 };
    int inside[DRAWN] = { 0 };
    measure_drawn(1, 0, exact, u);
    for (int seed = 1; seed <= SEEDS; seed++) {
        measure_drawn(seed, 0.02, v, u);
        for (int k = 0; k < DRAWN; k++) {
            inside[k] += fabs(v[k] - exact[k]) < 1.96 * u[k];
            square[k] += pow(v[k] - exact[k], 2) / SEEDS, stated[k] += u[k] * u[k] / SEEDS;
        }
    }
    for (int k = 0; k < DRAWN; k++) {
        printf("%s %s drawn again: %d of %d within 1.96 u; s %.3g, u %.3g\n", drawn[k].item, drawn[k].quantity, inside[k],
               SEEDS, sqrt(square[k]), sqrt(stated[k]));
        CHECK(inside[k] >= 0.9 * SEEDS);
    }
}

int main(void)
{
    double exact[NUMBERS], v[NUMBERS], u[NUMBERS];
    int inside[NUMBERS] = { 0 };
    measure(1, "0", exact, u);
    for (int seed = 1; seed <= SEEDS; seed++) {
        measure(seed, "0.004", v, u);
        for (int k = 0; k < NUMBERS; k++) inside[k] += fabs(v[k] - exact[k]) < 1.96 * u[k];
    }
    for (int k = 0; k < NUMBERS; k++) {
        printf("%s %s: %.6g, last u %.2g, %d of %d within 1.96 u\n", number[k].operation, number[k].quantity, exact[k], u[k],
               inside[k], SEEDS);
        CHECK(inside[k] >= 0.91 * SEEDS && inside[k] <= 0.98 * SEEDS);
    }
    run_op_uses();
    drawn_again();
    DONE();
}
