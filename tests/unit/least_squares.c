/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fit engine on problems whose answer is known: bounds, restraints, losses, counts, the
 * statistics, failures; and the parser of formulas.
 */
#include "check.h"
#include "dense.h"
#include "expression.h"
#include "least_squares.h"
#include "linear_fit.h"

enum { N = 40 };

typedef struct curve {
    double x[N];
    int kind; /* 0: a exp(-b x) + c; 1: a + b x; 2: nothing depends on b */
} curve;

static void evaluate(void *user, const double *p, double *f, double *J, size_t stride)
{
    const curve *c = user;
    for (size_t i = 0; i < N; i++) {
        const double x = c->x[i], e = exp(-p[1] * x);
        if (c->kind == 0) f[i] = p[0] * e + p[2];
        if (c->kind == 1) f[i] = p[0] + p[1] * x;
        if (c->kind == 2) f[i] = p[0];
        if (!J) continue;
        J[i] = c->kind == 0 ? e : 1;
        J[stride + i] = c->kind == 0 ? -p[0] * x * e : c->kind == 1 ? x : 0;
        if (c->kind == 0) J[2 * stride + i] = 1;
    }
}

static double noise(uint64_t *s)
{
    double sum = 0;
    for (int k = 0; k < 12; k++) {
        *s = *s * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*s >> 33) * 0x1p-31;
    }
    return sum - 6;
}

static void straight_line(as_ctx *ctx)
{
    curve c = { .kind = 1 };
    double y[N], sigma[N], one[N];
    uint64_t seed = 3;
    for (size_t i = 0; i < N; i++) {
        c.x[i] = (double)i;
        one[i] = 1;
        sigma[i] = 0.1 + 0.01 * (double)i;
        y[i] = 3 - 0.2 * c.x[i] + sigma[i] * noise(&seed);
    }
    const double *columns[2] = { one, c.x };
    as_linear_fit want;
    as_ls_result got;
    as_ls_problem q = {
        .n = N, .m = 2, .y = y, .sigma = sigma, .model = evaluate, .user = &c, .absolute = true
    };
    const double start[2] = { 100, 100 };
    CHECK(as_fit_linear(ctx, as_scratch(ctx), N, 2, columns, y, sigma, true, &want) == AS_OK);
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_OK);
    for (size_t k = 0; k < 2; k++) {
        NEAR(got.p[k], want.p[k], 1e-12);
        NEAR(got.u[k], want.u[k], 1e-12);
    }
    NEAR(got.covariance[1], want.covariance[1], 1e-13);
    NEAR(got.chi2, want.chi2, 1e-9);
    NEAR(got.r_squared, want.r_squared, 1e-12);
    CHECK(got.dof == N - 2 && !got.scaled);

    /* the slope held at a bound: the intercept is the weighted mean of y + 0.1 x */
    const double lo[2] = { -INFINITY, -0.1 }, hi[2] = { INFINITY, INFINITY };
    q.lo = lo;
    q.hi = hi;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_OK);
    double sum = 0, weight = 0;
    for (size_t i = 0; i < N; i++) {
        sum += (y[i] + 0.1 * c.x[i]) / (sigma[i] * sigma[i]);
        weight += 1 / (sigma[i] * sigma[i]);
    }
    CHECK(got.at_bound[1] && !got.at_bound[0] && got.p[1] == -0.1 && isnan(got.u[1]));
    NEAR(got.p[0], sum / weight, 1e-12);
    NEAR(got.u[0], 1 / sqrt(weight), 1e-12);
    q.lo = q.hi = NULL;

    /* a restraint is one more point: v = 5 +- 0.05 on the intercept */
    const double v[2] = { 5, NAN }, u[2] = { 0.05, NAN };
    double y1[N + 1], s1[N + 1], one1[N + 1], x1[N + 1];
    for (size_t i = 0; i < N; i++) y1[i] = y[i], s1[i] = sigma[i], one1[i] = 1, x1[i] = c.x[i];
    y1[N] = 5, s1[N] = 0.05, one1[N] = 1, x1[N] = 0;
    const double *more[2] = { one1, x1 };
    CHECK(as_fit_linear(ctx, as_scratch(ctx), N + 1, 2, more, y1, s1, true, &want) == AS_OK);
    q.restraint = v;
    q.restraint_u = u;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_OK);
    NEAR(got.p[0], want.p[0], 1e-11);
    NEAR(got.u[0], want.u[0], 1e-11);
    NEAR(got.cost, want.chi2, 1e-8);
    CHECK(got.dof == N - 1);
}

static void failures(as_ctx *ctx)
{
    curve c = { .kind = 2 };
    double y[N];
    for (size_t i = 0; i < N; i++) c.x[i] = (double)i, y[i] = (double)(i % 3);
    as_ls_problem q = { .n = N, .m = 2, .y = y, .model = evaluate, .user = &c };
    const double start[3] = { 1, 1, 1 }, wild[3] = { 1, -1e6, 1 };
    as_ls_result got;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_ERR);
    CHECK(as_pending(ctx) == AS_E_NUMERIC && got.state == AS_LS_SINGULAR && got.culprit == 1);
    c.kind = 0;
    q.m = 3;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, wild, &got) == AS_ERR &&
          got.state == AS_LS_DOMAIN);
    q.n = 2;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_ERR &&
          got.state == AS_LS_FEW);
    as_forget_error(ctx);
}

/* One outlier in a thousand sigma must not move a Huber or Cauchy fit by a sigma. */
static void robust(as_ctx *ctx)
{
    curve c = { .kind = 0 };
    double y[N], sigma[N];
    uint64_t seed = 8;
    for (size_t i = 0; i < N; i++) {
        c.x[i] = 0.1 * (double)i;
        sigma[i] = 0.01;
        y[i] = 2 * exp(-1.3 * c.x[i]) + 0.5 + 0.01 * noise(&seed);
    }
    y[12] += 10;
    const double start[3] = { 1, 1, 0 };
    for (int loss = AS_LOSS_SOFT_L1; loss <= AS_LOSS_CAUCHY; loss++) {
        as_ls_result got;
        const as_ls_problem q = { .n = N,
                                  .m = 3,
                                  .y = y,
                                  .sigma = sigma,
                                  .model = evaluate,
                                  .user = &c,
                                  .loss = (as_loss)loss };
        CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_OK);
        NEAR(got.p[0], 2, 4 * got.u[0]);
        NEAR(got.p[1], 1.3, 4 * got.u[1]);
        CHECK(got.u[0] < 0.03 && got.u[0] > 0.003);
    }
}

/* The mean of counts: the likelihood gives the arithmetic mean, u = sqrt(mean / n). */
static void counts(as_ctx *ctx)
{
    curve c = { .kind = 1 };
    double y[N], mean = 0;
    for (size_t i = 0; i < N; i++) {
        c.x[i] = (double)i;
        y[i] = (double)((i * 7) % 5);
        mean += y[i] / N;
    }
    const bool fixed[2] = { false, true };
    const double start[2] = { 10, 0 };
    as_ls_result got;
    const as_ls_problem q = { .n = N,
                              .m = 2,
                              .y = y,
                              .model = evaluate,
                              .user = &c,
                              .fixed = fixed,
                              .loss = AS_LOSS_POISSON };
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, start, &got) == AS_OK);
    NEAR(got.p[0], mean, 1e-10);
    NEAR(got.u[0], sqrt(mean / N), 1e-10);
    CHECK(got.u[1] == 0 && got.p[1] == 0);
}

static double formula(as_ctx *ctx, const char *text, double x, double a, double b)
{
    static const char *const names[] = { "x" };
    as_expression e;
    if (as_expression_parse(ctx, as_scratch(ctx), text, strlen(text), NULL, 1, names, &e) != AS_OK)
        return NAN;
    double *work = AS_NEW_N(as_scratch(ctx), double, as_expression_work(&e)), f, g[2][3],
           at[2] = { a, b };
    double *J[2] = { g[0], g[1] };
    const double *variables[1] = { &x };
    as_expression_eval(&e, 1, variables, at, work, &f, J);
    for (size_t k = 0; k < e.n_params; k++) { /* the derivatives against differences */
        double up, down, moved[2] = { a, b };
        moved[k] += 1e-6;
        as_expression_eval(&e, 1, variables, moved, work, &up, NULL);
        moved[k] -= 2e-6;
        as_expression_eval(&e, 1, variables, moved, work, &down, NULL);
        NEAR(g[k][0], (up - down) / 2e-6, 1e-7 * (1 + fabs(g[k][0])));
    }
    return f;
}

static void formulas(as_ctx *ctx)
{
    NEAR(formula(ctx, "a + b*x", 2, 3, 4), 11, 0);
    NEAR(formula(ctx, "-a^2 + 2^-b", 0, 3, 1), -8.5, 0);
    NEAR(formula(ctx, "a^b^2", 0, 2, 3), 512, 1e-12);
    NEAR(formula(ctx, "a - b - x/a/b", 12, 3, 2), -1, 0);
    NEAR(formula(ctx, "exp[-(x-a)**2/b**2]*1e1", 1, 0.5, 2), 10 * exp(-0.0625), 1e-14);
    NEAR(formula(ctx, "a*sin(2*pi*x/b) + ln(b) - log10(a) + erf(a*x)", 0.3, 1.5, 0.7),
         1.5 * sin(2 * acos(-1.0) * 0.3 / 0.7) + log(0.7) - log10(1.5) + erf(0.45), 1e-14);
    NEAR(formula(ctx, "sqrt(a) * arctan(b) / cosh(x) + tanh(a)", 0.3, 1.5, 0.7),
         sqrt(1.5) * atan(0.7) / cosh(0.3) + tanh(1.5), 1e-14);
    static const char *const bad[] = { "a +", "(a",  "a)",   "a b",   "a * * b",
                                       "",    "exp", "3..2", "a $ b", "(a]" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double v = formula(ctx, bad[i], 1, 1, 1);
        if (strcmp(bad[i], "exp") == 0) continue; /* a parameter of that name */
        CHECK(isnan(v) && as_pending(ctx) == AS_E_USAGE);
    }
    as_forget_error(ctx);
}

/* Filip's trouble in small: a QR keeps the digits that normal equations lose. */
static void algebra(void)
{
    double A[3 * 8] = { 1, 1e-9, 0, 0, 0, 0, 0, 0, 1, 0, 1e-9, 0, 0, 0, 0, 0, 2, 1e-9, 1e-9 }, v[8];
    as_qr(3, 3, A, 8, v);
    double R[4] = { A[0], 0, A[8], A[9] }, b[2] = { A[16], A[17] };
    as_back(2, R, b);
    NEAR(b[0], 1, 1e-6);
    NEAR(b[1], 1, 1e-6);
    double H[4] = { 1, 1, 1, 1 };
    CHECK(!as_cholesky(2, H, 1e-12));
}

/* Columns that are zero in the rows of others, in any order: products and factors as of full ones. */
static void blocks(void)
{
    enum { ROWS = 80, M = 13 };
    static double A[M * ROWS], Q[M * ROWS], v[ROWS], H[M * M], R[M * M], dots[M];
    uint32_t state = 7;
    for (int k = 0; k < M; k++)
        for (int i = 0; i < ROWS; i++) {
            const int own = k % 4; /* 0: in all rows; else in a third of them */
            state = state * 1664525 + 1013904223;
            A[k * ROWS + i] = own == 0 || i / 27 == own - 1 ? state / 4294967296.0 - 0.4 : 0;
        }
    memset(A + 5 * ROWS, 0, ROWS * sizeof *A); /* a dead one */
    as_gram(ROWS, M, A, ROWS, H);
    as_dots(ROWS, M, A, ROWS, A + 4 * ROWS, dots);
    for (int i = 0; i < M; i++) {
        CHECK(dots[i] == as_dot(ROWS, A + i * ROWS, A + 4 * ROWS));
        for (int k = 0; k < M; k++) CHECK(H[k * M + i] == as_dot(ROWS, A + i * ROWS, A + k * ROWS));
    }
    memcpy(Q, A, sizeof Q);
    as_qr(ROWS, M, Q, ROWS, v);
    for (int i = 0; i < M; i++)
        for (int k = 0; k < M; k++) {
            double s = 0; /* R'R */
            for (int j = 0; j <= i && j <= k; j++) s += Q[i * ROWS + j] * Q[k * ROWS + j];
            NEAR(s, H[k * M + i], 1e-13);
        }
    memcpy(R, H, sizeof R);
    R[5 * M + 5] = 1;
    CHECK(as_cholesky(M, R, 1e-12));
    for (int k = 0; k < M; k++) /* up to signs of rows the same triangle, above the dead one */
        for (int i = 0; i <= k && i < 5; i++) NEAR(fabs(R[k * M + i]), fabs(Q[k * ROWS + i]), 1e-12);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    straight_line(ctx);
    failures(ctx);
    robust(ctx);
    counts(ctx);
    formulas(ctx);
    algebra();
    blocks();
    as_ctx_free(ctx);
    DONE();
}
