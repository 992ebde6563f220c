/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arrhenius: activation energy of a conductivity from its temperatures, by both forms of the law.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "linear_fit.h"
#include "op.h"

typedef struct {
    int ordinate;
    const char *item;
} arrhenius_settings;

enum { LN_SIGMA, LN_SIGMA_T, SIGMA };

static const as_choice ordinates[] = {
    { "ln-sigma", LN_SIGMA, "sigma = s exp(-E/kT)" },
    { "ln-sigma-t", LN_SIGMA_T, "sigma T = s exp(-E/kT)" },
    { "sigma", SIGMA,
      "conductivity against temperature with the line of ln(sigma) as model: for plot-arrhenius" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(arrhenius_settings, ordinate, "ordinate", "ln-sigma", ordinates,
              "of the plot; results are given for both forms"),
    AS_STRING(arrhenius_settings, item, "item", "",
              "whose conductivity is meant, where series have several"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { .kind = AS_NEED_COLUMN,
                                     .name = "temperature",
                                     .unit = "K",
                                     .optional = true,
                                     .help = "with a column of conductivities" },
                                   { .kind = AS_NEED_COLUMN,
                                     .name = "conductivity",
                                     .unit = "S/cm",
                                     .optional = true,
                                     .help = "with sigma_conductivity where known" },
                                   { .kind = AS_NEED_META,
                                     .name = "temperature",
                                     .unit = "K",
                                     .optional = true,
                                     .help =
                                         "of each series that has a result conductivity instead" },
                                   { .kind = AS_NEED_RESULT,
                                     .name = "conductivity",
                                     .unit = "S/cm",
                                     .optional = true,
                                     .help = "one per series, as of conductivity" },
                                   { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "activation_energy",
      .unit = "kJ/mol",
      .help = "by either form" },
    { .kind = AS_NEED_RESULT,
      .name = "activation_energy_carrier",
      .unit = "eV",
      .help = "the same" },
    { .kind = AS_NEED_RESULT,
      .name = "ln_conductivity_prefactor",
      .unit = "1",
      .help = "by either form" },
    { .kind = AS_NEED_COLUMN, .name = "inverse_temperature", .unit = "K-1", .help = "of the plot" },
    { .kind = AS_NEED_COLUMN,
      .name = "temperature",
      .unit = "degC",
      .help = "with --ordinate sigma" },
    { .kind = AS_NEED_COLUMN, .name = "conductivity", .unit = "S/cm", .help = "likewise" },
    { .kind = AS_NEED_COLUMN,
      .name = "ln_conductivity",
      .unit = "1",
      .help = "of the plot, or ln_conductivity_temperature" },
    { 0 }
};

/* CODATA 2018, exact. */
static const double BOLTZMANN_EV = 1.380649e-23 / 1.602176634e-19;
static const double GAS_KJ = 8.31446261815324e-3;

typedef struct points {
    size_t n;
    double *kelvin, *sigma, *u; /* K, S/cm; u NaN: not known */
} points;

static as_status points_new(as_run *run, size_t room, points *p)
{
    p->n = 0;
    p->kelvin = AS_NEW_N(as_scratch(run->ctx), double, 3 * room + 1);
    p->sigma = p->kelvin ? p->kelvin + room : NULL;
    p->u = p->kelvin ? p->kelvin + 2 * room : NULL;
    return p->kelvin ? AS_OK : AS_ERR;
}

static as_status add_point(as_run *run, points *p, double kelvin, double sigma, double u)
{
    if (!(kelvin > 0 && sigma > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "conductivity %.4g S/cm at %.4g K: both must be above zero", sigma, kelvin);
    p->kelvin[p->n] = kelvin;
    p->sigma[p->n] = sigma;
    p->u[p->n++] = u;
    return AS_OK;
}

static as_status points_of_columns(as_run *run, const as_table *t, const as_column *at,
                                   const as_column *s, points *p)
{
    const as_unit k = as_unit_of("K"), s_cm = as_unit_of("S/cm");
    const as_column *u = as_find_numbers(t, "sigma_conductivity"),
                    *mask = as_find_role(t, AS_ROLE_MASK);
    if (!u && s->role == AS_ROLE_Y) u = as_find_role(t, AS_ROLE_SIGMA);
    if (u && u->type != AS_F64) u = NULL;
    AS_TRY(points_new(run, t->rows, p));
    for (size_t i = 0; i < t->rows; i++) {
        if (mask && mask->type == AS_F64 && mask->v.f[i] > 0) continue;
        if (!isfinite(at->v.f[i]) || !isfinite(s->v.f[i])) continue;
        AS_TRY(add_point(run, p, as_unit_convert(at->v.f[i], &at->unit, &k),
                         as_unit_convert(s->v.f[i], &s->unit, &s_cm),
                         u ? as_unit_convert(u->v.f[i], &u->unit, &s_cm) : NAN));
    }
    return AS_OK;
}

static as_status conductivity_of(as_run *run, const as_table *t, const as_result **out)
{
    const arrhenius_settings *set = run->settings;
    const as_result *found = NULL;
    const char *name = t->name ? t->name : "?";
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = as_get_result(t, t->result[i].item, "conductivity");
        if (r != &t->result[i] || !isfinite(r->value)) continue;
        if (set->item && *set->item && strcmp(set->item, r->item) != 0) continue;
        if (found)
            return as_fail(run->ctx, AS_E_USAGE, NULL,
                           "series %s has the conductivities '%s' and '%s': say --item", name,
                           found->item, r->item);
        found = r;
    }
    *out = found;
    if (found) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL,
                   "series %s has neither columns temperature and conductivity nor such a result",
                   name);
}

static as_status points_of_results(as_run *run, const as_held *held, points *p)
{
    const as_unit k = as_unit_of("K"), s_cm = as_unit_of("S/cm");
    AS_TRY(points_new(run, held->n, p));
    for (size_t i = 0; i < held->n; i++) {
        const as_meta *at = as_need_meta(run->ctx, held->t[i], "temperature");
        const as_result *s;
        if (!at) return AS_ERR;
        AS_TRY(conductivity_of(run, held->t[i], &s));
        AS_TRY(add_point(run, p, as_unit_convert(at->number, &at->unit, &k),
                         as_unit_convert(s->value, &s->unit, &s_cm),
                         as_unit_convert(s->u, &s->unit, &s_cm)));
    }
    return AS_OK;
}

/* Activation energy in two units and ln of the prefactor, and how the last two are correlated. */
typedef struct form {
    size_t which[3];
    double r;
} form;

/* The line of one form, ln(sigma T^power) = ln(s) - E / (k T), through y with standard
 * deviations u / sigma. Centred: the intercept's uncertainty comes from the covariance. */
static as_status give_form(as_run *run, as_table *t, const points *p, int power, const double *y,
                           const double *u, form *out)
{
    as_ctx *ctx = run->ctx;
    const char *item = power ? "ln(sigma T)" : "ln(sigma)";
    double *beta = AS_NEW_N(as_scratch(ctx), double, p->n), mean = 0;
    as_linear_fit line;
    if (!beta) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) mean += 1 / p->kelvin[i] / (double)p->n;
    for (size_t i = 0; i < p->n; i++) beta[i] = 1 / p->kelvin[i] - mean;
    AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), p->n, 1, beta, y, u, u != NULL, &line));
    const double slope = line.p[1], u_slope = line.u[1], *c = line.covariance;
    const double variance = c[0] + mean * mean * c[3] - 2 * mean * c[1];
    const double u_ln = variance < 0 ? 0 : sqrt(variance); /* NaN stays */
    const char *flag = line.dof ? NULL : "no_degrees_of_freedom";
    const char *method = as_format(as_scratch(ctx), "%s_against_1/T;%s;%zu_points",
                                   power ? "ln(sigma_T/(S_K/cm))" : "ln(sigma/(S/cm))",
                                   u ? "weighted_by_u" : "unweighted", p->n);
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, item, "activation_energy", -slope * GAS_KJ, u_slope * GAS_KJ,
                           "kJ/mol", flag, method));
    AS_TRY(as_add_quantity(ctx, t, item, "activation_energy_carrier", -slope * BOLTZMANN_EV,
                           u_slope * BOLTZMANN_EV, "eV", flag, method));
    AS_TRY(as_add_quantity(ctx, t, item, "ln_conductivity_prefactor", line.p[0] - slope * mean,
                           u_ln, "1", flag, method));
    for (size_t k = 0; k < 3; k++) out->which[k] = t->n_results - 3 + k;
    out->r = -(c[1] - mean * c[3]) / (u_slope * u_ln);
    if (!line.dof) return AS_OK;
    return as_add_quantity(ctx, t, item, "r_squared", line.r_squared, NAN, "1", NULL, method);
}

/* Both lines go through the same conductivities with the same weights: what one is off by the other is too. */
static as_status correlate(as_ctx *ctx, as_table *t, const form *a, const form *b)
{
    double cov[36];
    size_t which[6];
    for (size_t i = 0; i < 6; i++) which[i] = i < 3 ? a->which[i] : b->which[i - 3];
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 6; k++) {
            const double r = (i % 3 == 2) == (k % 3 == 2) ? 1 : i < 3 ? a->r : b->r;
            cov[6 * i + k] = r * t->result[which[i]].u * t->result[which[k]].u;
            if (!isfinite(cov[6 * i + k])) return AS_OK; /* two points: no uncertainty */
        }
    return as_set_covariance(ctx, t, 6, which, cov);
}

static as_status add_values(as_ctx *ctx, as_table *t, const char *name, as_role role,
                            const char *unit, const double *v)
{
    as_column *c = as_add_column(ctx, t, name, role, as_unit_of(unit));
    if (!c) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) c->v.f[i] = v[i];
    return AS_OK;
}

/* exp of the line of ln(sigma), and the points as temperature and conductivity: what plot-arrhenius
 * draws. */
static as_status add_plain(as_run *run, as_table *t, const points *p)
{
    const as_result *e = as_get_result(t, "ln(sigma)", "activation_energy_carrier");
    const as_result *s = as_get_result(t, "ln(sigma)", "ln_conductivity_prefactor");
    double *v = AS_NEW_N(as_scratch(run->ctx), double, 2 * p->n + 1);
    bool all = true;
    if (!v || !e || !s) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) {
        v[i] = p->kelvin[i] - 273.15;
        v[p->n + i] = exp(s->value - e->value / (BOLTZMANN_EV * p->kelvin[i]));
        all = all && p->u[i] > 0;
    }
    AS_TRY(add_values(run->ctx, t, "temperature", AS_ROLE_X, "degC", v));
    AS_TRY(add_values(run->ctx, t, "conductivity", AS_ROLE_Y, "S/cm", p->sigma));
    if (all) AS_TRY(add_values(run->ctx, t, "sigma", AS_ROLE_SIGMA, "S/cm", p->u));
    return add_values(run->ctx, t, "model", AS_ROLE_MODEL, "S/cm", v + p->n);
}

static as_status add_logarithms(as_run *run, as_table *t, size_t n, const double *v, bool weighted)
{
    const arrhenius_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_role x = set->ordinate == SIGMA ? AS_ROLE_OTHER : AS_ROLE_X;
    const as_role plain = set->ordinate == LN_SIGMA ? AS_ROLE_Y : AS_ROLE_OTHER;
    const as_role times_t = set->ordinate == LN_SIGMA_T ? AS_ROLE_Y : AS_ROLE_OTHER;
    AS_TRY(add_values(ctx, t, "inverse_temperature", x, "K-1", v));
    AS_TRY(add_values(ctx, t, "ln_conductivity", plain, "1", v + n));
    AS_TRY(add_values(ctx, t, "ln_conductivity_temperature", times_t, "1", v + 2 * n));
    if (!weighted || set->ordinate == SIGMA) return AS_OK;
    return add_values(ctx, t, "sigma", AS_ROLE_SIGMA, "1", v + 3 * n);
}

static as_status emit_points(as_run *run, const as_table *from, const points *p)
{
    const arrhenius_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    double *v = AS_NEW_N(as_scratch(ctx), double, 4 * p->n + 1);
    bool weighted = p->n > 0, two = true;
    if (!v) return AS_ERR;
    double *inverse = v, *y = v + p->n, *y_t = v + 2 * p->n, *u = v + 3 * p->n;
    for (size_t i = 0; i < p->n; i++) {
        inverse[i] = 1 / p->kelvin[i];
        y[i] = log(p->sigma[i]);
        y_t[i] = log(p->sigma[i] * p->kelvin[i]);
        u[i] = p->u[i] / p->sigma[i];
        weighted = weighted && u[i] > 0;
        two = two && (p->kelvin[i] == p->kelvin[0] || p->kelvin[i] == p->kelvin[p->n - 1]);
    }
    if (p->n < 2)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu temperatures; an activation energy needs two",
                       p->n);
    as_table *t = as_table_derive(ctx, from, p->n);
    if (!t) return AS_ERR;
    form plain, times_t;
    AS_TRY(give_form(run, t, p, 0, y, weighted ? u : NULL, &plain));
    AS_TRY(give_form(run, t, p, 1, y_t, weighted ? u : NULL, &times_t));
    AS_TRY(correlate(ctx, t, &plain, &times_t));
    if (set->ordinate == SIGMA) AS_TRY(add_plain(run, t, p));
    AS_TRY(add_logarithms(run, t, p->n, v, weighted));
    if (two)
        as_warn(ctx, t, NULL,
                "two temperatures only: the line through them has no degrees of freedom, nothing "
                "says that the law holds between");
    return as_emit(run->out, ctx, t);
}

static as_status series(as_run *run, as_table *owned)
{
    const as_column *at = as_find_name(owned, "temperature"),
                    *s = as_find_name(owned, "conductivity");
    points p;
    if (!at || !s) return as_hold_series(run, run->state, owned);
    AS_TRY(points_of_columns(run, owned, at, s, &p));
    return emit_points(run, owned, &p);
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    points p;
    if (!held->n) return AS_OK;
    AS_TRY(points_of_results(run, held, &p));
    return emit_points(run, held->t[0], &p);
}

static const as_example examples[] = {
    { "a solid electrolyte from 25 to 80 degrees",
      "assay arrhenius tests/corpus/echem/conductivity-temperature.csv | assay results" },
    { "from impedance spectra at several temperatures",
      "assay resistance tests/corpus/echem/blocking.ecsv | assay conductivity | assay arrhenius "
      "--item "
      "intercept | assay results" },
    { "the plot, with the line",
      "assay arrhenius --ordinate sigma tests/corpus/echem/conductivity-temperature.csv | assay "
      "plot-arrhenius -o energy.svg" },
    { 0 }
};
static const char *const references[] = { "West 2014, Solid State Chemistry and its Applications, "
                                          "2nd ed., chapter 8 (conductivity of ions)",
                                          NULL };
static const char *const see_also[] = { "conductivity", "results", NULL };

const as_op as_op_arrhenius = {
    .name = "arrhenius",
    .group = "electrochemistry",
    .effect = AS_REDUCES,
    .settings_size = sizeof(arrhenius_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .finish = finish,
    .doc = { .summary = "activation energy of a conductivity, by ln(sigma) and by ln(sigma T)",
             .description =
                 "The slopes of ln(sigma) and of ln(sigma T) against 1/T are -E/k of two forms of "
                 "the "
                 "law; the second energy is larger by about kT, 26 meV at room temperature. Say "
                 "which "
                 "is meant: both are given, in kJ/mol and as eV per carrier. "
                 "`ln_conductivity_prefactor` "
                 "is the logarithm of the prefactor in S/cm, or in S K/cm.\n\n"
                 "A series with columns temperature and conductivity is one plot; series that have "
                 "a "
                 "result conductivity and a temperature in their metadata make one plot together. "
                 "Lines are weighted where every point has an uncertainty, which then stands as it "
                 "is; "
                 "else the scatter about the line gives it, and with two temperatures there is "
                 "none. They are taken as independent: what all points share, as thickness and "
                 "area, belongs "
                 "to the prefactor alone and makes the uncertainty of the energy too large when it "
                 "stands in "
                 "those of the points.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
