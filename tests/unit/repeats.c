/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repeats: means, uncertainties and chi2 by hand; how often 1.96 u holds the truth when u is right, when it is shared by all
 * repeats, and when it is too small.
 */
#include "check.h"
#include "random.h"
#include "run_op.h"

enum { SEEDS = 2000 };

typedef struct { double v, u; } number;

static as_table *measured(as_ctx *ctx, const char *name, number x, const char *unit, const char *flag)
{
    as_table *t = as_table_new(ctx, 0);
    t->name = as_strdup(t->arena, name);
    CHECK(!as_add_quantity(ctx, t, "HK", "pore_mode", x.v, x.u, unit, flag, "slit"));
    return t;
}

static as_table *joined(as_ctx *ctx, const char *options, size_t n, as_table **t)
{
    caught out;
    if (run_tables(ctx, "repeats", options, n, t, false, &out) != AS_OK) return NULL;
    return out.n ? out.t[0] : NULL;
}

static double value(const as_table *t, const char *item, const char *quantity)
{
    const as_result *r = t ? as_get_result(t, item, quantity) : NULL;
    return r ? r->value : NAN;
}

/* 1 and 2 with u 1 and 0.5: mean (1 + 8)/5, u 1/sqrt(5), chi2 (0.8)^2 + (0.4)^2 = 0.8. */
static void by_hand(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *t[3] = { measured(ctx, "a.0", (number){ 1, 1 }, "nm", NULL),
                       measured(ctx, "a.1", (number){ 20, 5 }, "Angstrom", NULL) };
    CHECK(!as_set_meta(ctx, t[0], "seed", "1", NULL, NULL) && !as_set_meta(ctx, t[1], "seed", "2", NULL, NULL));
    CHECK(!as_set_meta(ctx, t[0], "sample", "s", NULL, NULL) && !as_set_meta(ctx, t[1], "sample", "s", NULL, NULL));
    as_add_warning(t[1], NULL, "of the second");
    as_table *m = joined(ctx, "", 2, t);
    CHECK(m && strcmp(m->name, "a") == 0 && m->rows == 2 && m->n_warnings == 1);
    CHECK(m && !as_get_meta(m, "seed") && as_get_meta(m, "sample") && as_get_meta(m, "repeats")->number == 2);
    const as_result *r = m ? as_get_result(m, "HK", "pore_mode") : NULL;
    NEAR(r ? r->value : NAN, 1.8, 1e-12);
    NEAR(r ? r->u : NAN, 1 / sqrt(5), 1e-12);
    CHECK(r && strcmp(r->unit.symbol, "nm") == 0 && strcmp(r->method, "weighted_mean_of_2,independent_u,slit") == 0);
    NEAR(value(m, "HK pore_mode", "chi2"), 0.8, 1e-12);
    NEAR(value(m, "HK pore_mode", "birge_ratio"), sqrt(0.8), 1e-12);
    NEAR(value(m, "HK pore_mode", "p_value"), erfc(sqrt(0.8 / 2)), 1e-12);
    NEAR(m ? as_find_role(m, AS_ROLE_Y)->v.f[0] : NAN, -0.8, 1e-12);
    m = joined(ctx, "--errors common --by sample", 2, t);
    r = m ? as_get_result(m, "HK", "pore_mode") : NULL; /* the scatter: 12.706/1.96 times 0.5 is more */
    NEAR(r ? r->value : NAN, 1.8, 1e-12);
    NEAR(r ? r->u : NAN, 0.4 * 12.706204736 / 1.959963985, 1e-8);
    t[1] = measured(ctx, "a.1", (number){ 10, 5 }, "Angstrom", NULL);
    m = joined(ctx, "--errors common", 2, (as_table *[]){ t[0], t[1] });
    r = m ? as_get_result(m, "HK", "pore_mode") : NULL; /* no scatter: (1/1 + 1/0.5)/(1 + 4), between the two */
    NEAR(r ? r->u : NAN, 0.6, 1e-12);
    as_ctx_free(ctx);
}

/* Fitted together with correlation -0.5: the means are as correlated. */
static void correlated(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *t[2];
    for (int i = 0; i < 2; i++) {
        t[i] = measured(ctx, i ? "a.1" : "a.0", (number){ 1, 0.1 }, "nm", NULL);
        CHECK(!as_add_quantity(ctx, t[i], "HK", "total_pore_volume", 3, 0.2, "cm3/g", NULL, NULL));
        CHECK(!as_set_covariance(ctx, t[i], 2, (size_t[]){ 0, 1 }, (double[]){ 0, -0.01, -0.01, 0 }));
    }
    const as_table *m = joined(ctx, "", 2, t);
    NEAR(m ? as_get_covariance(m, 0, 1) : NAN, -0.005, 1e-12);
    m = joined(ctx, "--errors common", 2, t);
    NEAR(m ? as_get_covariance(m, 0, 1) : NAN, -0.01, 1e-12);
    as_ctx_free(ctx);
}

static void flags_and_gaps(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *t[3] = { measured(ctx, "a.0", (number){ 1, 1 }, "nm", "present"),
                       measured(ctx, "a.1", (number){ 1, 1 }, "nm", "not_detected"),
                       measured(ctx, "b", (number){ 1, NAN }, "nm", NULL) };
    const as_table *m = joined(ctx, "", 2, t);
    CHECK(m && strcmp(as_get_result(m, "HK", "pore_mode")->flag, "undecided") == 0);
    as_table *alone = measured(ctx, "c.0", (number){ 3, 0.5 }, "nm", NULL);
    m = joined(ctx, "--errors common", 1, &alone);
    CHECK(m && m->n_warnings == 1 && strstr(m->warning[0], "c.0 was measured once"));
    NEAR(value(m, "HK", "pore_mode"), 3, 0);
    NEAR(m ? as_get_result(m, "HK", "pore_mode")->u : NAN, 0.5, 1e-12);
    CHECK(m && strcmp(as_get_result(m, "HK pore_mode", "p_value")->flag, "measured_once") == 0);
    NEAR(value(m, "HK pore_mode", "p_value"), 1, 0);
    CHECK(!joined(ctx, "--by sample", 3, t) && strstr(as_pending_message(ctx), "sample"));
    as_forget_error(ctx);
    t[1]->result[0].bound = AS_BELOW;
    t[0]->result[0].bound = AS_ABOVE;
    CHECK(!joined(ctx, "", 2, t) && strstr(as_pending_message(ctx), "no result in common"));
    as_forget_error(ctx);
    t[1] = measured(ctx, "b.7", (number){ 2, NAN }, "nm", NULL), t[0] = t[2];
    m = joined(ctx, "", 2, t);
    NEAR(m ? as_get_result(m, "HK", "pore_mode")->u : NAN, 0.5 * 12.706204736 / 1.959963985, 1e-8);
    CHECK(m && !as_get_result(m, "HK pore_mode", "chi2") && m->rows == 0);
    as_ctx_free(ctx);
}

/* > 48 nm, > 47 nm and 50(1) nm: above 47; 50(2) alone would say above 46.71. */
static void limits(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *t[3] = { measured(ctx, "a.0", (number){ 48, NAN }, "nm", "censored"),
                       measured(ctx, "a.1", (number){ 470, NAN }, "Angstrom", "censored"),
                       measured(ctx, "a.2", (number){ 50, 1 }, "nm", "ok") };
    t[0]->result[0].bound = t[1]->result[0].bound = AS_ABOVE;
    const as_table *m = joined(ctx, "", 3, t);
    const as_result *r = m ? as_get_result(m, "HK", "pore_mode") : NULL;
    CHECK(r && r->bound == AS_ABOVE && isnan(r->u) && strcmp(r->flag, "censored") == 0);
    CHECK(r && strcmp(r->method, "weakest_of_3,limits,slit") == 0 && m->rows == 0);
    NEAR(r ? r->value : NAN, 47, 1e-12);
    t[2]->result[0].u = 2;
    m = joined(ctx, "", 2, t + 1);
    NEAR(value(m, "HK", "pore_mode"), 10 * (50 - 2 * 1.6448536269514722), 1e-10);
    m = joined(ctx, "", 1, t);
    r = m ? as_get_result(m, "HK", "pore_mode") : NULL;
    CHECK(r && r->bound == AS_ABOVE && r->value == 48);
    t[2]->result[0].u = NAN; /* a number that nobody knows the limit of */
    CHECK(!joined(ctx, "", 2, t + 1) && strstr(as_pending_message(ctx), "no result in common"));
    as_forget_error(ctx);
    as_ctx_free(ctx);
}

/* Equal u: arms of the mean are 1/sqrt(2) of the root mean square; one at a bound, 0, stays there. */
static void ends(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *t[2];
    for (int i = 0; i < 2; i++) {
        t[i] = measured(ctx, i ? "a.1" : "a.0", (number){ 0.3, 0.1 }, "1", NULL);
        CHECK(!as_add_quantity(ctx, t[i], "HK", "pore_mode_low", 0, NAN, "1", i ? "at_bound" : "ok", NULL));
        CHECK(!as_add_quantity(ctx, t[i], "HK", "pore_mode_high", i ? 0.7 : 0.6, NAN, "1", NULL, NULL));
        CHECK(!as_add_quantity(ctx, t[i], "HK.pore_mode", "upper", 0.6, NAN, "1", NULL, NULL));
    }
    const as_table *m = joined(ctx, "", 2, t);
    NEAR(value(m, "HK", "pore_mode_low"), 0, 0);
    NEAR(value(m, "HK", "pore_mode_high"), 0.3 + sqrt((0.16 + 0.09) / 2) / sqrt(2), 1e-12);
    NEAR(value(m, "HK.pore_mode", "upper"), 0.3 + 0.3 / sqrt(2), 1e-12);
    as_ctx_free(ctx);
}

/* Three repeats with own errors of size `own` and one shared by all; u as stated. */
static double coverage(const char *options, double own, double shared, double stated, double *small_p)
{
    int inside = 0, small = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_random g;
        as_random_seed(&g, seed, 77);
        const double common = shared * as_random_normal(&g);
        as_table *t[3];
        for (int i = 0; i < 3; i++)
            t[i] = measured(ctx, i == 0 ? "a.0" : i == 1 ? "a.1" : "a.2",
                            (number){ common + own * as_random_normal(&g), stated }, "nm", NULL);
        const as_table *m = joined(ctx, options, 3, t);
        const as_result *r = m ? as_get_result(m, "HK", "pore_mode") : NULL;
        inside += r && fabs(r->value) <= 1.959964 * r->u;
        small += value(m, "HK pore_mode", "p_value") < 0.05;
        as_ctx_free(ctx);
    }
    *small_p = (double)small / SEEDS;
    return (double)inside / SEEDS;
}

int main(void)
{
    double p;
    by_hand();
    correlated();
    flags_and_gaps();
    limits();
    ends();
    const double right = coverage("", 1, 0, 1, &p);
    printf("u right: %.3f, p < 0.05 in %.3f\n", right, p);
    CHECK(right > 0.94 && right < 0.99 && p > 0.035 && p < 0.065);
    const double less = coverage("", 2, 0, 1, &p);
    printf("u half of what is: %.3f, p < 0.05 in %.3f\n", less, p);
    CHECK(less > 0.75 && less < 0.9 && p > 0.43 && p < 0.52);
    const double scatter = coverage("--errors scatter", 2, 0, 1, &p);
    printf("from the scatter: %.3f\n", scatter);
    CHECK(scatter > 0.935 && scatter < 0.965);
    const double common = coverage("--errors common", 0.2, 1, sqrt(1.04), &p);
    printf("a shared error: %.3f, p < 0.05 in %.3f\n", common, p);
    CHECK(common > 0.935 && common < 0.98 && p == 0);
    DONE();
}
