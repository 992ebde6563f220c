/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dubinin-Radushkevich and Dubinin-Astakhov: micropore volume and characteristic energy.
 *
 *   n = n_0 exp(-(A/E)^m),  A = R T ln(p0/p);  m = 2: Radushkevich
 */
#include <math.h>

#include "isotherm.h"

typedef struct {
    as_isotherm_options iso;
    as_range window, exponents;
    double exponent, molar_volume;
} dubinin_settings;

#define COMMON(S)                                                                                  \
    AS_RANGE(S, window, "window", "0:0.1", "1", "relative pressures of the fit"),                  \
    AS_DOUBLE(S, molar_volume, "molar-volume", "0", 0, 1000, "cm3/mol",                            \
              "of the adsorbed phase; 0: that of the liquid"),                                     \
    AS_ISOTHERM_PARAMS(S), AS_ISOTHERM_DOSE(S)

static const as_param radushkevich[] = { COMMON(dubinin_settings), AS_PARAMS_END };
static const as_param astakhov[] = {
    AS_DOUBLE(dubinin_settings, exponent, "exponent", "0", 0, 20, NULL, "m; 0: the one that fits best"),
    AS_RANGE(dubinin_settings, exponents, "exponents", "1:6", NULL, "within which m is sought"),
    COMMON(dubinin_settings), AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "micropore_volume", .unit = "cm3/g", .help = "from n_0" },
    { .kind = AS_NEED_RESULT, .name = "characteristic_energy", .unit = "kJ/mol", .help = "E" },
    { .kind = AS_NEED_RESULT, .name = "dubinin_exponent", .unit = "1", .help = "m" },
    { 0 }
};

typedef struct dubinin {
    size_t n, *at;           /* of the isotherm */
    const double *potential; /* ln(p0/p) */
    const double *ln_n;
    double *power;           /* n, work: potential^m */
} dubinin;

static as_status fit_at(as_ctx *ctx, const dubinin *d, double m, as_isotherm_line *line)
{
    for (size_t i = 0; i < d->n; i++) d->power[i] = pow(d->potential[i], m);
    return as_isotherm_fit(ctx, d->n, d->power, d->ln_n, line);
}

/* The exponent of least scatter in ln n, by golden section. */
static as_status best_exponent(as_ctx *ctx, const dubinin *d, double lo, double hi, double *out)
{
    const double golden = 0.6180339887498949;
    as_isotherm_line a, b;
    double p = hi - golden * (hi - lo), q = lo + golden * (hi - lo);
    AS_TRY(fit_at(ctx, d, p, &a));
    AS_TRY(fit_at(ctx, d, q, &b));
    while (hi - lo > 1e-9) {
        const bool left = a.rms < b.rms;
        if (left) {
            hi = q, q = p, b = a;
            p = hi - golden * (hi - lo);
            AS_TRY(fit_at(ctx, d, p, &a));
        } else {
            lo = p, p = q, a = b;
            q = lo + golden * (hi - lo);
            AS_TRY(fit_at(ctx, d, q, &b));
        }
    }
    *out = (lo + hi) / 2;
    return AS_OK;
}

typedef struct refit {
    as_ctx *ctx;
    const dubinin *d;
    double m, *ln_n;
} refit;

static as_status again(void *user, const double *uptake, double *out)
{
    const refit *r = user;
    as_isotherm_line line;
    dubinin d = *r->d;
    d.ln_n = r->ln_n;
    for (size_t i = 0; i < d.n; i++) r->ln_n[i] = log(uptake[d.at[i]]);
    AS_TRY(fit_at(r->ctx, &d, r->m, &line));
    out[0] = line.intercept;
    out[1] = line.slope;
    return AS_OK;
}

/* The uncertainties of the line by those of the doses, the exponent held. */
static as_status by_doses(as_ctx *ctx, const as_isotherm *iso, double u_dose, const dubinin *d, double m,
                          as_isotherm_line *line)
{
    refit r = { ctx, d, m, AS_NEW_N(as_scratch(ctx), double, d->n + 1) };
    double u[2];
    if (!r.ln_n) return AS_ERR;
    if (!(u_dose > 0)) return AS_OK;
    AS_TRY(as_isotherm_dose_u(ctx, iso, u_dose, again, &r, 2, u));
    line->u_intercept = u[0];
    line->u_slope = u[1];
    return AS_OK;
}

static as_status take_points(as_ctx *ctx, const as_isotherm *iso, const as_range *window, dubinin *d)
{
    size_t first = 0, last = 0;
    if (!as_isotherm_window(iso, window->lo, window->hi, 3, &first, &last))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 points in the window");
    double *at = AS_NEW_N(as_scratch(ctx), double, 3 * iso->n);
    d->at = AS_NEW_N(as_scratch(ctx), size_t, iso->n);
    if (!at || !d->at) return AS_ERR;
    double *ln_n = at + iso->n;
    for (size_t i = first; i <= last; i++) {
        if (!(iso->uptake[i] > 0)) continue;
        at[d->n] = -log(iso->x[i]);
        d->at[d->n] = i;
        ln_n[d->n++] = log(iso->uptake[i]);
    }
    d->potential = at;
    d->ln_n = ln_n;
    d->power = ln_n + iso->n;
    return d->n >= 3 ? AS_OK : as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 amounts above zero");
}

static as_status give(as_ctx *ctx, as_table *t, const char *item, const as_isotherm_line *line,
                      const dubinin *d, double m, double kelvin, double molar_volume, bool at_end)
{
    const char *method = as_format(as_scratch(ctx), "dubinin;ln_n;m=%.4g;T=%.3fK;molar_volume=%.4fcm3/mol", m,
                                   kelvin, molar_volume);
    const double volume = molar_volume * 1e-3 * exp(line->intercept);
    const double energy = 8.31446261815324e-3 * kelvin * pow(-line->slope, -1 / m);
    const double u_energy = energy / m * fabs(line->u_slope / line->slope);
    const char *flag = line->slope < 0 ? "ok" : "failed";
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, item, "micropore_volume", volume, volume * line->u_intercept, "cm3/g",
                           flag, method));
    AS_TRY(as_add_quantity(ctx, t, item, "characteristic_energy", energy, u_energy, "kJ/mol", flag, method));
    AS_TRY(as_add_quantity(ctx, t, item, "dubinin_exponent", m, NAN, "1", at_end ? "at_bound" : "ok", method));
    AS_TRY(as_give_line(ctx, t, item, line, d->n, "1", "1", method));
    AS_TRY(as_add_quantity(ctx, t, item, "window_first", exp(-d->potential[0]), NAN, "1", NULL, method));
    if (at_end) as_warn(ctx, t, NULL, "the exponent that fits best lies at %g, the end of --exponents", m);
    return as_add_quantity(ctx, t, item, "window_last", exp(-d->potential[d->n - 1]), NAN, "1", NULL, method);
}

static as_status series(as_run *run, as_table *owned)
{
    const dubinin_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const bool fixed = run->op->params == radushkevich;
    as_isotherm iso;
    as_isotherm_line line;
    dubinin d = { 0 };
    double volume = NAN, m = fixed ? 2 : set->exponent;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_isotherm_need_gas(ctx, &iso));
    AS_TRY(as_isotherm_molar_volume(ctx, owned, &iso, set->molar_volume, &volume));
    AS_TRY(take_points(ctx, &iso, &set->window, &d));
    bool at_end = false;
    if (!(m > 0)) {
        const as_range *e = &set->exponents;
        if (!(e->lo > 0 && e->hi > e->lo && e->hi <= 20))
            return as_fail(ctx, AS_E_USAGE, NULL, "--exponents must lie within 0 to 20");
        AS_TRY(best_exponent(ctx, &d, e->lo, e->hi, &m));
        at_end = m < e->lo + 1e-6 || m > e->hi - 1e-6;
    }
    AS_TRY(fit_at(ctx, &d, m, &line));
    AS_TRY(by_doses(ctx, &iso, set->iso.u_dose, &d, m, &line));
    AS_TRY(give(ctx, owned, fixed ? "DR" : "DA", &line, &d, m, as_isotherm_kelvin(&iso), volume, at_end));
    return as_emit(run->out, ctx, owned);
}

static const as_example dr_examples[] = {
    { "micropore volume of a microporous solid",
      "assay dubinin-radushkevich --window 0:0.02 --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay results" },
    { 0 }
};
static const as_example da_examples[] = {
    { "with the exponent that fits best",
      "assay dubinin-astakhov --window 0:0.02 --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay results --quantity dubinin_exponent" },
    { 0 }
};
static const char *const references[] = {
    "Dubinin 1975, Prog. Surf. Membr. Sci. 9, 1",
    "Dubinin & Astakhov 1971, Bull. Acad. Sci. USSR Chem. 20, 3",
    NULL
};
static const char *const dr_see[] = { "dubinin-astakhov", "t-plot", NULL };
static const char *const da_see[] = { "dubinin-radushkevich", "t-plot", NULL };

const as_op as_op_dubinin_radushkevich = {
    .name = "dubinin-radushkevich",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(dubinin_settings),
    .params = radushkevich,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "micropore volume and characteristic energy by Dubinin and Radushkevich",
             .description = "The line of ln n against ln(p0/p) squared, unweighted. The volume takes the adsorbed "
                            "phase as liquid; the affinity coefficient is not divided out of E.",
             .references = references,
             .examples = dr_examples,
             .see_also = dr_see },
};

const as_op as_op_dubinin_astakhov = {
    .name = "dubinin-astakhov",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(dubinin_settings),
    .params = astakhov,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "micropore volume, characteristic energy and exponent by Dubinin and Astakhov",
             .description = "The line of ln n against ln(p0/p) to the power m, unweighted; m is given or the one "
                            "of least scatter in ln n. An m at the end of its range is flagged *at_bound*.",
             .references = references,
             .examples = da_examples,
             .see_also = da_see },
};
