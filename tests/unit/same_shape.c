/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same-shape is wrong as often as it says: over 200 seeds of series whose peaks keep their shape p is below 0.05 in
 * some 5 %, with and without sigma; a peak that widens by a tenth from first to last is found.
 */
#include "check.h"
#include "random.h"
#include "run_op.h"

enum { POINTS = 80, SERIES = 4, SEEDS = 200 };

static as_table *curve(as_ctx *ctx, as_random *r, double height, double width, bool sigma)
{
    double x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++) {
        x[i] = 700 + i;
        const double u = 2 * (x[i] - 735) / width;
        y[i] = 50 + height * exp(-log(2) * u * u) + 5 * as_random_normal(r);
    }
    as_table *t = curve_table(ctx, POINTS, x, y, "raman_shift", "cm-1", "count");
    as_column *s = sigma ? as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, as_unit_of("count")) : NULL;
    for (int i = 0; s && i < POINTS; i++) s->v.f[i] = 5;
    return t;
}

/* p of one draw; widths rise by `widen` from the first series to the last. */
static double one(as_ctx *ctx, uint64_t seed, double widen, bool sigma, const char **verdict)
{
    as_table *t[SERIES];
    as_random r;
    caught out;
    as_random_seed(&r, seed, sigma);
    for (int s = 0; s < SERIES; s++)
        t[s] = curve(ctx, &r, 400 * exp(-0.2 * s), 12 * (1 + widen * s / (SERIES - 1)), sigma);
    *verdict = "";
    if (run_tables(ctx, "same-shape", "--model gaussian(a)+constant", SERIES, t, false, &out) != AS_OK) return NAN;
    const as_result *p = as_get_result(out.t[SERIES - 1], "shape", "p_value");
    *verdict = as_get_result(out.t[0], "shape", "verdict")->flag;
    CHECK(out.n == SERIES);
    return p ? p->value : NAN;
}

static void rates(as_ctx *ctx, double widen, bool sigma, int *below, int *different, int *same)
{
    *below = *different = *same = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        const char *verdict;
        const double p = one(ctx, seed, widen, sigma, &verdict);
        CHECK(p >= 0 && p <= 1);
        *below += p < 0.05;
        *different += strcmp(verdict, "different") == 0;
        *same += strcmp(verdict, "same") == 0;
        as_leave(ctx, frame);
    }
    printf("wider by %g %%, %s sigma: p < 0.05 in %d, different %d, same %d of %d\n", 100 * widen,
           sigma ? "with" : "without", *below, *different, *same, SEEDS);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    int below, different, same;
    for (int sigma = 0; sigma < 2; sigma++) {
        rates(ctx, 0, sigma, &below, &different, &same);
        CHECK(below >= 2 && below <= 20 && different <= below && same >= 0.85 * SEEDS);
        rates(ctx, 0.1, sigma, &below, &different, &same);
        CHECK(different >= 0.95 * SEEDS && same <= 0.01 * SEEDS);
    }
    as_random r;
    caught out;
    as_random_seed(&r, 1, 1);
    as_table *alone = curve(ctx, &r, 400, 12, true);
    CHECK(run_tables(ctx, "same-shape", "--model gaussian(a)+constant", 1, &alone, false, &out) != AS_OK);
    CHECK(as_pending(ctx) == AS_E_USAGE);
    as_forget_error(ctx);
    run_op_uses();
    as_ctx_free(ctx);
    DONE();
}
