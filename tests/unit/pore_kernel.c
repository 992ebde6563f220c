/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Non-negative least squares by its optimality conditions, and distributions of pores found again through
 * an analytic kernel: exactly without noise, inside their stated uncertainties with it.
 */
#include "check.h"
#include "pore_kernel.h"
#include "random.h"

enum { ROWS = 40, COLS = 25, POINTS = 60, WIDTHS = 24, SEEDS = 200 };

/* At the minimum the gradient is 0 where x > 0 and does not fall below 0 where x = 0. */
static void optimal(as_ctx *ctx)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        double A[ROWS * COLS], b[ROWS], x[COLS] = { 0 };
        as_random r;
        as_nnls s;
        as_random_seed(&r, seed, 0);
        for (int i = 0; i < ROWS * COLS; i++) A[i] = as_random_normal(&r) + (seed % 2 ? 1 : 0);
        for (int i = 0; i < ROWS; i++) b[i] = as_random_normal(&r);
        CHECK(!as_nnls_new(as_scratch(ctx), ROWS, COLS, A, &s));
        for (int again = 0; again < 3; again++) { /* from the solution of other right-hand sides too */
            CHECK(!as_nnls_solve(ctx, &s, b, x));
            double residual[ROWS];
            size_t used = 0;
            for (int i = 0; i < ROWS; i++) {
                residual[i] = b[i];
                for (int k = 0; k < COLS; k++) residual[i] -= x[k] * A[k * ROWS + i];
            }
            for (int k = 0; k < COLS; k++) {
                double gradient = 0;
                for (int i = 0; i < ROWS; i++) gradient += A[k * ROWS + i] * residual[i];
                CHECK(x[k] >= 0 && gradient < 1e-8);
                if (x[k] > 0) {
                    NEAR(gradient, 0, 1e-9);
                    used++;
                }
            }
            CHECK(used == s.n);
            NEAR(as_nnls_leverage(&s, ROWS), (double)s.n, 1e-9);
            for (int i = 0; i < ROWS; i++) b[i] += 0.5 * as_random_normal(&r);
        }
    }
}

/* Columns that are equal or zero do no harm. */
static void dependent(as_ctx *ctx)
{
    const double A[] = { 1, 2, 3, 1, 2, 3, 0, 0, 0, 3, -1, 2 }, b[] = { 4, 1, 5 };
    double x[4] = { 0 };
    as_nnls s;
    CHECK(!as_nnls_new(as_scratch(ctx), 3, 4, A, &s));
    CHECK(!as_nnls_solve(ctx, &s, b, x));
    NEAR(x[0] + x[1], 1, 1e-12);
    NEAR(x[2], 0, 0);
    NEAR(x[3], 1, 1e-12);
}

/* A width fills in a logistic step whose pressure rises with it: 30 mmol/cm3 times the filled part. */
static double filling(double p, double w)
{
    const double lg = 1 - 6 / w;
    return 30 / (1 + exp(-(log10(p) - lg) / 0.2));
}

static void make(as_pore_kernel *k, double *p, double *width, double *edge, double *amount)
{
    *k = (as_pore_kernel){ .n_p = POINTS, .n_w = WIDTHS, .p = p, .width = width, .edge = edge, .amount = amount };
    for (int j = 0; j < WIDTHS; j++) width[j] = 0.7 * pow(1.06, j);
    for (int j = 1; j < WIDTHS; j++) edge[j] = (width[j - 1] + width[j]) / 2;
    edge[0] = 2 * width[0] - edge[1];
    edge[WIDTHS] = 2 * width[WIDTHS - 1] - edge[WIDTHS - 1];
    for (int i = 0; i < POINTS; i++) p[i] = pow(10, -8 + 7.9 * i / (POINTS - 1));
    for (int j = 0; j < WIDTHS; j++)
        for (int i = 0; i < POINTS; i++) amount[j * POINTS + i] = filling(p[i], width[j]);
}

typedef struct coverage {
    int total, mean;
} coverage;

static void one_seed(as_ctx *ctx, const as_pore_kernel *k, const double *truth, double noise, uint64_t seed,
                     coverage *c)
{
    enum { AGAIN = 40 };
    as_pore_inverse v;
    as_random r;
    double amount[POINTS], fitted[POINTS], b[POINTS], total = 0, moment = 0, s[4] = { 0 }, want = 0, first = 0;
    as_random_seed(&r, seed, 7);
    for (int i = 0; i < POINTS; i++) {
        amount[i] = noise * as_random_normal(&r);
        for (int j = 0; j < WIDTHS; j++) amount[i] += truth[j] * k->amount[j * POINTS + i];
    }
    CHECK(!as_pore_inverse_new(as_scratch(ctx), k, POINTS, k->amount, amount, &v));
    CHECK(!as_pore_inverse_solve(ctx, &v, 1e-4));
    as_pore_inverse_fitted(&v, fitted);
    for (int j = 0; j < WIDTHS; j++) {
        total += v.volume[j];
        moment += v.volume[j] * k->width[j];
        want += truth[j];
        first += truth[j] * k->width[j];
    }
    const double wide = sqrt(POINTS / (POINTS - v.effective));
    for (int n = 0; n < AGAIN; n++) {
        double t = 0, m = 0;
        for (int i = 0; i < POINTS; i++) {
            const int from = (int)(as_random_uniform(&r) * POINTS);
            b[i] = fitted[i] + wide * (amount[from] - fitted[from]);
        }
        CHECK(!as_pore_inverse_again(ctx, &v, b));
        for (int j = 0; j < WIDTHS; j++) t += v.volume[j], m += v.volume[j] * k->width[j];
        s[0] += t - total, s[1] += (t - total) * (t - total);
        s[2] += m / t - moment / total, s[3] += (m / t - moment / total) * (m / t - moment / total);
    }
    const double u_total = sqrt((s[1] - s[0] * s[0] / AGAIN) / (AGAIN - 1));
    const double u_mean = sqrt((s[3] - s[2] * s[2] / AGAIN) / (AGAIN - 1));
    c->total += fabs(total - want) < 1.96 * u_total;
    c->mean += fabs(moment / total - first / want) < 1.96 * u_mean;
}

static void distributions(as_ctx *ctx)
{
    static double p[POINTS], width[WIDTHS], edge[WIDTHS + 1], amount[POINTS * WIDTHS], truth[WIDTHS], data[POINTS];
    as_pore_kernel k;
    as_pore_inverse v;
    coverage c = { 0 };
    double strength = 0;
    bool at_end = true;
    make(&k, p, width, edge, amount);
    for (int j = 0; j < WIDTHS; j++)
        truth[j] = 0.03 * exp(-pow(log(width[j] / 1.0) / 0.1, 2) / 2) + 0.02 * exp(-pow(log(width[j] / 1.7) / 0.1, 2) / 2);
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < WIDTHS; j++) data[i] += truth[j] * amount[j * POINTS + i];
    CHECK(!as_pore_inverse_new(as_scratch(ctx), &k, POINTS, amount, data, &v));
    CHECK(!as_pore_inverse_solve(ctx, &v, 0));
    for (int j = 0; j < WIDTHS; j++) NEAR(v.volume[j], truth[j], 1e-6);
    NEAR(v.residual2, 0, 1e-18);
    const double rough = v.roughness2;
    CHECK(!as_pore_inverse_solve(ctx, &v, 1)); /* smoother, and worse upon the data */
    CHECK(v.roughness2 < rough && v.residual2 > 1e-6);
    as_random r;
    as_random_seed(&r, 3, 0);
    for (int i = 0; i < POINTS; i++) data[i] += 0.02 * as_random_normal(&r);
    CHECK(!as_pore_inverse_new(as_scratch(ctx), &k, POINTS, amount, data, &v));
    for (as_pore_penalty by = AS_PORE_GCV; by <= AS_PORE_LCURVE; by++) {
        double off = 0, plain = 0;
        CHECK(!as_pore_inverse_choose(ctx, &v, by, &strength, &at_end));
        CHECK(!at_end && v.effective < 16);
        for (int j = 0; j < WIDTHS; j++) off += pow(v.volume[j] - truth[j], 2);
        CHECK(!as_pore_inverse_solve(ctx, &v, 0));
        for (int j = 0; j < WIDTHS; j++) plain += pow(v.volume[j] - truth[j], 2);
        printf("chosen %g: error %g, without penalty %g\n", strength, sqrt(off), sqrt(plain));
        CHECK(off < plain);
    }
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        one_seed(ctx, &k, truth, 0.02, seed, &c);
        as_leave(ctx, frame);
    }
    printf("total %d, mean %d of %d within 1.96 u\n", c.total, c.mean, SEEDS);
    CHECK(c.total >= 0.91 * SEEDS && c.total <= 0.99 * SEEDS);
    CHECK(c.mean >= 0.91 * SEEDS && c.mean <= 0.99 * SEEDS);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    CHECK(ctx);
    optimal(ctx);
    dependent(ctx);
    distributions(ctx);
    as_ctx_free(ctx);
    DONE();
}
