/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isosteric-heat: the heat of adsorption at constant amount from isotherms at several temperatures.
 *
 *   q = -R d ln p / d(1/T) at constant n  (Clausius and Clapeyron, ideal gas)
 */
#include <math.h>

#include "curve.h"
#include "interpolate.h"
#include "isotherm.h"
#include "kinetics.h"
#include "linear_fit.h"

typedef struct {
    as_isotherm_options iso;
    as_range amounts;
    int points;
    double u_pressure, u_temperature;
} heat_settings;

static const as_param params[] = {
    AS_RANGE(heat_settings, amounts, "amounts", ":", "mmol/g", "amounts adsorbed; open: all that the isotherms share"),
    AS_INT(heat_settings, points, "points", "20", 1, 10000, "amounts, evenly spaced"),
    AS_DOUBLE(heat_settings, u_pressure, "u-pressure", "0", 0, 1, NULL,
              "relative standard uncertainty of each pressure"),
    AS_DOUBLE(heat_settings, u_temperature, "u-temperature", "0", 0, 100, "K",
              "standard uncertainty of each temperature, a difference"),
    AS_ISOTHERM_PARAMS(heat_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, in two series or more" },
    { .kind = AS_NEED_META, .name = "temperature", .unit = "K", .help = "another in each series" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "uptake", .unit = "mmol/g", .help = "amount adsorbed" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "isosteric_heat", .unit = "kJ/mol",
      .help = "above 0: heat is set free" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_SIGMA, .name = "sigma", .unit = "kJ/mol", .help = "nan: not known" },
    { .kind = AS_NEED_RESULT, .name = "isosteric_heat", .unit = "kJ/mol",
      .help = "at the lowest and the highest amount" },
    { 0 }
};

typedef struct isotherms {
    size_t n;
    double *inverse;      /* 1/T - mean */
    double *kelvin;
    size_t *points;
    const double **ln_p, **amount; /* strictly rising amounts */
    double lowest, highest;        /* that all have */
} isotherms;

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

/* ln p over amounts, those that do not rise left out. */
static as_status one_isotherm(as_ctx *ctx, as_table *t, const heat_settings *set, isotherms *all, size_t i)
{
    as_isotherm_options o = set->iso;
    as_isotherm iso;
    const double *p, *n;
    o.absolute = true;
    if (as_isotherm_of(ctx, t, &o, &iso)) return as_while(ctx, "reading series %s", t->name ? t->name : "?");
    if (!(iso.temperature > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "series %s: the temperature is %g K", t->name ? t->name : "?",
                       iso.temperature);
    AS_TRY(as_isotherm_rising(ctx, &iso, &p, &n));
    double *ln_p = AS_NEW_N(as_scratch(ctx), double, 2 * iso.n);
    if (!ln_p) return AS_ERR;
    double *amount = ln_p + iso.n;
    size_t m = 0;
    for (size_t k = 0; k < iso.n; k++) {
        if (!(n[k] > 0) || (m && n[k] <= amount[m - 1])) continue;
        ln_p[m] = log(p[k]);
        amount[m++] = n[k];
    }
    if (m < 3)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "series %s: %zu rising amounts, at least 3 are needed",
                       t->name ? t->name : "?", m);
    all->kelvin[i] = iso.temperature;
    all->points[i] = m;
    all->ln_p[i] = ln_p;
    all->amount[i] = amount;
    all->lowest = fmax(all->lowest, amount[0]);
    all->highest = fmin(all->highest, amount[m - 1]);
    return AS_OK;
}

static as_status take(as_ctx *ctx, const as_held *held, const heat_settings *set, isotherms *all)
{
    double mean = 0, lo = INFINITY, hi = 0;
    as_arena *a = as_scratch(ctx);
    *all = (isotherms){ .n = held->n, .inverse = AS_NEW_N(a, double, held->n), .kelvin = AS_NEW_N(a, double, held->n),
                        .points = AS_NEW_N(a, size_t, held->n), .ln_p = AS_NEW_N(a, const double *, held->n),
                        .amount = AS_NEW_N(a, const double *, held->n), .highest = INFINITY };
    if (!all->inverse || !all->kelvin || !all->points || !all->ln_p || !all->amount) return AS_ERR;
    for (size_t i = 0; i < held->n; i++) {
        AS_TRY(one_isotherm(ctx, held->t[i], set, all, i));
        mean += 1 / all->kelvin[i] / (double)held->n;
        lo = fmin(lo, all->kelvin[i]);
        hi = fmax(hi, all->kelvin[i]);
    }
    if (!(hi - lo > 0.1))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu isotherms of %.2f to %.2f K: two temperatures or more are needed",
                       held->n, lo, hi);
    for (size_t i = 0; i < held->n; i++) all->inverse[i] = 1 / all->kelvin[i] - mean;
    all->lowest = fmax(all->lowest, set->amounts.lo);
    all->highest = fmin(all->highest, set->amounts.hi);
    if (!(all->lowest < all->highest))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the isotherms share no amounts adsorbed");
    return AS_OK;
}

/* kJ/mol at one amount. Stated uncertainties of p and T where given, else the scatter about the line. */
static as_status heat_at(as_ctx *ctx, const isotherms *all, const heat_settings *set, double amount, double *q,
                         double *u)
{
    const bool stated = set->u_pressure > 0 || set->u_temperature > 0;
    double *y = AS_NEW_N(as_scratch(ctx), double, 2 * all->n), trial = 0;
    as_linear_fit line;
    if (!y) return AS_ERR;
    double *sigma = y + all->n;
    for (size_t i = 0; i < all->n; i++) {
        double *work = AS_NEW_N(as_scratch(ctx), double, 3 * all->points[i]);
        if (!work) return AS_ERR;
        as_interpolate(AS_PCHIP, all->points[i], all->amount[i], all->ln_p[i], false, 1, &amount, work, &y[i]);
    }
    for (int pass = 0; pass < 2; pass++) { /* the part of T in ln p is slope u(T)/T^2 */
        for (size_t i = 0; i < all->n; i++)
            sigma[i] = fmax(hypot(set->u_pressure, trial * set->u_temperature / pow(all->kelvin[i], 2)), 1e-12);
        AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), all->n, 1, all->inverse, y, stated ? sigma : NULL, stated,
                                 &line));
        trial = line.p[1];
    }
    *q = -1e-3 * AS_GAS_CONSTANT * line.p[1];
    *u = 1e-3 * AS_GAS_CONSTANT * line.u[1];
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    const heat_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    isotherms all;
    if (!held->n) return AS_OK;
    AS_TRY(take(ctx, held, set, &all));
    as_table *t = as_table_derive(ctx, held->t[0], (size_t)set->points);
    if (!t) return AS_ERR;
    AS_TRY(as_drop_meta(t, "temperature"));
    as_column *x = as_add_column(ctx, t, "uptake", AS_ROLE_X, as_unit_of("mmol/g"));
    as_column *y = as_add_column(ctx, t, "isosteric_heat", AS_ROLE_Y, as_unit_of("kJ/mol"));
    as_column *sigma = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, as_unit_of("kJ/mol"));
    if (!x || !y || !sigma) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const as_frame frame = as_enter(ctx);
        const double part = t->rows > 1 ? (double)i / (double)(t->rows - 1) : 0.5;
        x->v.f[i] = i + 1 == t->rows && i ? all.highest : all.lowest + part * (all.highest - all.lowest);
        const as_status status = heat_at(ctx, &all, set, x->v.f[i], &y->v.f[i], &sigma->v.f[i]);
        as_leave(ctx, frame);
        if (status) return AS_ERR;
    }
    const bool stated = set->u_pressure > 0 || set->u_temperature > 0;
    const char *method = as_format(as_scratch(ctx), "Clausius-Clapeyron;%zu_temperatures;pchip_of_ln_p;u=%s", all.n,
                                   stated ? "stated" : all.n > 2 ? "scatter" : "none");
    const size_t last = t->rows - 1;
    if (!method) return AS_ERR;
    if (all.n == 2 && !stated)
        as_warn(ctx, t, NULL, "two temperatures have no scatter: no uncertainty; give --u-pressure or --u-temperature");
    AS_TRY(as_add_quantity(ctx, t, "lowest amount", "isosteric_heat", y->v.f[0], sigma->v.f[0], "kJ/mol", NULL,
                           method));
    AS_TRY(as_add_quantity(ctx, t, "highest amount", "isosteric_heat", y->v.f[last], sigma->v.f[last], "kJ/mol", NULL,
                           method));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "carbon dioxide at two temperatures",
      "assay isosteric-heat --u-pressure 0.002 tests/corpus/sorption/co2-298K.ecsv tests/corpus/sorption/co2-313K.ecsv"
      " | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Thommes et al. 2015, Pure Appl. Chem. 87, 1051, doi:10.1515/pac-2014-1117", NULL
};
static const char *const see_also[] = { "isotherm-fit", NULL };

const as_op as_op_isosteric_heat = {
    .name = "isosteric-heat",
    .group = "sorption",
    .effect = AS_REDUCES,
    .settings_size = sizeof(heat_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "compute the isosteric heat of adsorption from isotherms at several temperatures",
             .description =
                 "At each amount the pressures of the isotherms (PCHIP of ln p over the amount, inside the data only) "
                 "give a line of ln p against 1/T with slope -q/R; the gas is taken as ideal, pressures are absolute. "
                 "The uncertainty is that of the line by scatter, with three temperatures or more, or by the stated "
                 "uncertainties of pressures and temperatures. All series are held until the stream ends.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
