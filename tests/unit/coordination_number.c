/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coordination-number: exact areas give back n and J; over 200 seeds of noisy ones 95 % intervals cover in 91 to 98 %; a number
 * that is another at one concentration is told by chi2; no intercept, no number.
 */
#include "check.h"
#include "random.h"
#include "run_op.h"

enum { SERIES = 5, SEEDS = 200 };
static const double ratio[SERIES] = { 4.5, 6, 8, 12, 20 };

/* One series with areas of n of R coordinated; u relative. */
static as_table *series(as_ctx *ctx, double R, double n, double J, double u, as_random *r)
{
    as_table *t = as_table_new(ctx, 1);
    as_column *x = as_add_column(ctx, t, "raman_shift", AS_ROLE_X, as_unit_of("cm-1"));
    as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of("count"));
    CHECK(x && y && as_set_number(ctx, t, "solvent_per_salt", R, NAN, AS_UNITLESS, NULL) == AS_OK);
    const double f = R - n, b = n * J, uf = u * R, ub = u * R;
    const double e = as_random_normal(r), g = as_random_normal(r); /* correlated by -0.6 */
    const double vf = f + uf * e, vb = b + ub * (-0.6 * e + 0.8 * g);
    CHECK(as_add_quantity(ctx, t, "PC free", "area", vf, uf, "count*cm-1", NULL, NULL) == AS_OK);
    CHECK(as_add_quantity(ctx, t, "PC coordinated", "area", vb, ub, "count*cm-1", NULL, NULL) == AS_OK);
    const size_t which[] = { 0, 1 };
    const double c[] = { uf * uf, -0.6 * uf * ub, -0.6 * uf * ub, ub * ub };
    CHECK(as_set_covariance(ctx, t, 2, which, c) == AS_OK);
    return t;
}

/* Number and ratio; NULL: no result. grow: n is larger by this at one concentration. */
static const as_table *one(as_ctx *ctx, uint64_t seed, double u, double grow, size_t count)
{
    as_table *t[SERIES];
    static caught out;
    as_random r;
    as_random_seed(&r, seed, 7);
    for (size_t i = 0; i < count; i++)
        t[i] = series(ctx, ratio[i], i == 2 ? 4 * (1 + grow) : 4, 1.3, u, &r);
    return run_tables(ctx, "coordination-number", "", count, t, false, &out) == AS_OK ? out.t[0] : NULL;
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_table *t = one(ctx, 1, 1e-9, 0, SERIES);
    CHECK(t != NULL);
    if (!t) DONE();
    NEAR(as_get_result(t, "PC", "coordination_number")->value, 4, 1e-6);
    NEAR(as_get_result(t, "PC", "cross_section_ratio")->value, 1.3, 1e-6);
    int inside_n = 0, inside_j = 0, low = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        t = one(ctx, seed, 0.004, 0, SERIES);
        const as_result *n = as_get_result(t, "PC", "coordination_number");
        const as_result *j = as_get_result(t, "PC", "cross_section_ratio");
        inside_n += fabs(n->value - 4) < 1.96 * n->u;
        inside_j += fabs(j->value - 1.3) < 1.96 * j->u;
        t = one(ctx, seed, 0.004, 0.4, SERIES);
        low += as_get_result(t, "PC", "p_value")->value < 0.01;
        as_leave(ctx, frame);
    }
    printf("n inside %d, J inside %d, changing n told %d of %d\n", inside_n, inside_j, low, SEEDS);
    CHECK(inside_n >= 0.91 * SEEDS && inside_n <= 0.99 * SEEDS);
    CHECK(inside_j >= 0.91 * SEEDS && inside_j <= 0.99 * SEEDS);
    CHECK(low >= 0.9 * SEEDS);
    CHECK(!one(ctx, 1, 0.004, 0, 2) && as_pending(ctx) == AS_E_MISSING);
    as_forget_error(ctx);
    run_op_uses();
    as_ctx_free(ctx);
    DONE();
}
