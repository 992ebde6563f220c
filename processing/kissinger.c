/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kissinger: activation energy from the peak temperatures of runs at several heating rates. */
#include <math.h>

#include "curve.h"
#include "kinetics.h"
#include "op.h"

typedef struct {
    const char *item;
} kissinger_settings;

static const as_param params[] = {
    AS_STRING(kissinger_settings, item, "item", "step 1", "whose peak temperature is meant"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_META, .name = "heating_rate", .unit = "K/min", .help = "another in each series" },
    { .kind = AS_NEED_RESULT, .name = "peak_temperature", .unit = "degC",
      .help = "of three series or more" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "activation_energy", .unit = "kJ/mol", .help = "with its scatter" },
    { .kind = AS_NEED_RESULT, .name = "ln_prefactor", .unit = "1", .help = "first order assumed" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "inverse_temperature", .unit = "K-1",
      .help = "of the plot" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "kissinger_ordinate", .unit = "1",
      .help = "of the plot" },
    { 0 }
};

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

/* The plot's points: kelvin and ln(beta / T^2), beta in K/s. */
static as_status points_of(as_run *run, const as_held *held, double *kelvin, double *y)
{
    const kissinger_settings *set = run->settings;
    const as_unit k = as_unit_of("K"), rate = as_unit_of("K/s");
    for (size_t i = 0; i < held->n; i++) {
        const as_meta *beta = as_need_meta(run->ctx, held->t[i], "heating_rate");
        const as_result *peak = as_get_result(held->t[i], set->item, "peak_temperature");
        if (!beta) return AS_ERR;
        if (!peak || !isfinite(peak->value))
            return as_fail(run->ctx, AS_E_MISSING, NULL, "series %s has no peak_temperature of '%s'",
                           held->t[i]->name ? held->t[i]->name : "?", set->item);
        kelvin[i] = as_unit_convert(peak->value, &peak->unit, &k);
        const double b = as_unit_convert(beta->number, &beta->unit, &rate);
        if (!(b > 0 && kelvin[i] > 0))
            return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                           "heating rate %.4g K/s and peak at %.4g K: both must be above zero", b,
                           kelvin[i]);
        y[i] = log(b / (kelvin[i] * kelvin[i]));
    }
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    double *kelvin = AS_NEW_N(as_scratch(run->ctx), double, held->n + 1);
    double *y = AS_NEW_N(as_scratch(run->ctx), double, held->n + 1);
    as_arrhenius line;
    if (!kelvin || !y) return AS_ERR;
    if (!held->n) return AS_OK;
    AS_TRY(points_of(run, held, kelvin, y));
    AS_TRY(as_arrhenius_line(run->ctx, held->n, kelvin, y, 1, &line));
    if (!(line.energy > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "the peak does not move up with the heating rate: no activation energy");
    as_table *t = as_table_derive(run->ctx, held->t[0], held->n);
    if (!t) return AS_ERR;
    AS_TRY(as_drop_meta(t, "heating_rate"));
    as_column *cx = as_add_column(run->ctx, t, "inverse_temperature", AS_ROLE_X, as_unit_of("K-1"));
    as_column *cy = as_add_column(run->ctx, t, "kissinger_ordinate", AS_ROLE_Y, AS_UNITLESS);
    if (!cx || !cy) return AS_ERR;
    for (size_t i = 0; i < held->n; i++) {
        cx->v.f[i] = 1 / kelvin[i];
        cy->v.f[i] = y[i];
    }
    AS_TRY(as_add_quantity(run->ctx, t, "kissinger", "activation_energy", line.energy / 1000,
                           line.u_energy / 1000, "kJ/mol", NULL, "kissinger_line"));
    const double ln_a = line.intercept + log(line.energy / AS_GAS_CONSTANT);
    AS_TRY(as_add_quantity(run->ctx, t, "kissinger", "ln_prefactor", ln_a, line.u_intercept, "1",
                           NULL, "kissinger_line_first_order"));
    return as_emit(run->out, run->ctx, t);
}

static const as_example examples[] = {
    { "activation energy of the fastest loss at three heating rates",
      "assay thermal-steps tests/corpus/thermal/rate-2.ecsv tests/corpus/thermal/rate-5.ecsv "
      "tests/corpus/thermal/rate-10.ecsv | assay kissinger | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Kissinger 1957, Reaction kinetics in differential thermal analysis, Anal. Chem. 29, 1702, "
    "doi:10.1021/ac60131a045",
    NULL
};
static const char *const see_also[] = { "friedman", "vyazovkin", "thermal-steps", NULL };

const as_op as_op_kissinger = {
    .name = "kissinger",
    .group = "thermal",
    .effect = AS_REDUCES,
    .settings_size = sizeof(kissinger_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "activation energy from peak temperatures at several heating rates",
             .description =
                 "The slope of ln(beta / Tp^2) against 1 / Tp is -E / R: exactly for first order, "
                 "nearly for others. `ln_prefactor` is that of A in 1/s and holds for first order "
                 "only. One energy for a loss of several processes means nothing: see how the "
                 "energies of *friedman* change with conversion.\n\n"
                 "Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
