/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equations of isotherms: derivatives, parameters found again exactly without noise and inside their uncertainties
 * with it; isosteric heats of isotherms whose heat is known.
 */
#include "check.h"
#include "isotherm_models.h"
#include "random.h"
#include "run_op.h"

enum { N = 30, SEEDS = 200, MODELS = 6 };

static const double truth[MODELS][AS_ISOTHERM_PARAMETERS] = {
    { 0.05 }, { 5, 0.04 }, { 2.5, 0.2, 6, 0.004 }, { 8, 0.05, 0.6 }, { 6, 0.02, 0.75 }, { 0.5, 2.2 }
};

static double pressure(int i)
{
    return 0.3 * pow(200 / 0.3, i / (N - 1.0));
}

static double amount(int model, double p, double shift)
{
    double q[AS_ISOTHERM_PARAMETERS], d[AS_ISOTHERM_PARAMETERS];
    for (size_t k = 0; k < as_isotherm_models[model].m; k++) q[k] = log(truth[model][k]);
    q[1] += shift;
    return as_isotherm_models[model].at(p, q, d);
}

static void derivatives(void)
{
    for (int m = 0; m < MODELS; m++) {
        const as_isotherm_model *model = &as_isotherm_models[m];
        double q[AS_ISOTHERM_PARAMETERS], d[AS_ISOTHERM_PARAMETERS], e[AS_ISOTHERM_PARAMETERS];
        for (size_t k = 0; k < model->m; k++) q[k] = log(truth[m][k]);
        for (int i = 0; i < N; i++)
            for (size_t k = 0; k < model->m; k++) {
                const double n = model->at(pressure(i), q, d), h = 1e-5;
                q[k] += h;
                const double above = model->at(pressure(i), q, e);
                q[k] -= 2 * h;
                NEAR(d[k], (above - model->at(pressure(i), q, e)) / (2 * h), 1e-8 * (n + 1));
                q[k] += h;
            }
        if (!model->ln_henry) continue;
        NEAR(exp(model->ln_henry(q, d)), model->at(1e-12, q, e) / 1e-12, m == 3 ? 1e-4 : 1e-8);
    }
    CHECK(!as_isotherm_models[MODELS].name);
}

static as_table *isotherm(as_ctx *ctx, int model, double noise, double kelvin, double shift, as_random *r)
{
    as_table *t = as_table_new(ctx, N);
    as_column *p = as_add_column(ctx, t, "pressure", AS_ROLE_X, as_unit_of("kPa"));
    as_column *n = as_add_column(ctx, t, "uptake", AS_ROLE_Y, as_unit_of("mmol/g"));
    CHECK(!as_set_number(ctx, t, "temperature", kelvin, NAN, as_unit_of("K"), NULL));
    for (int i = 0; i < N; i++) {
        p->v.f[i] = pressure(i);
        n->v.f[i] = amount(model, pressure(i), shift) + (noise > 0 ? noise * as_random_normal(r) : 0);
    }
    return t;
}

static const as_result *parameter(const as_table *t, int m, size_t k)
{
    const as_isotherm_model *model = &as_isotherm_models[m];
    char item[64];
    (void)snprintf(item, sizeof item, "%s%s", model->name, model->parameter[k].site);
    return as_get_result(t, item, model->parameter[k].quantity);
}

static void found_again(void)
{
    for (int m = 0; m < MODELS; m++) {
        const as_isotherm_model *model = &as_isotherm_models[m];
        int inside[AS_ISOTHERM_PARAMETERS] = { 0 };
        char options[64];
        (void)snprintf(options, sizeof options, "--model %s", model->name);
        for (int seed = 0; seed <= SEEDS; seed++) { /* seed 0: no noise */
            as_ctx *ctx = as_ctx_new(NULL, NULL);
            as_random r;
            caught out;
            as_random_seed(&r, (uint64_t)seed, (uint64_t)m);
            as_table *t = isotherm(ctx, m, seed ? 0.003 : 0, 298.15, 0, &r);
            CHECK(!run_tables(ctx, "isotherm-fit", options, 1, &t, false, &out));
            for (size_t k = 0; k < model->m; k++) {
                const as_result *found = parameter(out.t[0], m, k);
                CHECK(found != NULL);
                if (!found) continue;
                if (!seed) {
                    NEAR(found->value, truth[m][k], 1e-5 * truth[m][k]);
                    continue;
                }
                inside[k] += fabs(found->value - truth[m][k]) < 2.05 * found->u; /* t of 26 to 29 */
            }
            as_ctx_free(ctx);
        }
        for (size_t k = 0; k < model->m; k++) {
            printf("%s %s%s: %d of %d\n", model->name, model->parameter[k].quantity, model->parameter[k].site,
                   inside[k], SEEDS);
            CHECK(inside[k] >= 0.91 * SEEDS && inside[k] <= 0.99 * SEEDS);
        }
    }
}

/* K falls with temperature by 30 kJ/mol: so does the pressure at each amount, whatever the amount. */
static void heats(void)
{
    const double kelvin[] = { 283.15, 298.15, 313.15 }, heat = 30, gas = 8.31446261815324e-3;
    int inside = 0;
    for (int seed = 0; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_random r;
        as_table *t[3];
        caught out;
        as_random_seed(&r, (uint64_t)seed, 99);
        for (int i = 0; i < 3; i++) {
            t[i] = isotherm(ctx, 1, 0, kelvin[i], heat / gas * (1 / kelvin[i] - 1 / 298.15), &r);
            for (int k = 0; seed && k < N; k++) as_find_name(t[i], "pressure")->v.f[k] *= exp(0.005 * as_random_normal(&r));
        }
        CHECK(!run_tables(ctx, "isosteric-heat", seed ? "--u-pressure 0.005 --points 7" : "--points 7", seed ? 2 : 3, t,
                          false, &out));
        const as_table *q = out.t[0];
        CHECK(out.n == 1 && q->rows == 7);
        for (size_t i = 0; i < q->rows && !seed; i++) NEAR(as_find_name(q, "isosteric_heat")->v.f[i], heat, 1e-2);
        const as_result *low = as_get_result(q, "lowest amount", "isosteric_heat");
        CHECK(low && (seed || low->u < 1e-2));
        if (seed) inside += fabs(low->value - heat) < 1.96 * low->u;
        as_ctx_free(ctx);
    }
    printf("isosteric heat: %d of %d\n", inside, SEEDS);
    CHECK(inside >= 0.91 * SEEDS && inside <= 0.995 * SEEDS);
}

int main(void)
{
    derivatives();
    found_again();
    heats();
    run_op_uses();
    DONE();
}
