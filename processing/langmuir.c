/* SPDX-License-Identifier: GPL-3.0-or-later */
/* langmuir: monolayer capacity, constant and area from the linear Langmuir equation. */
#include <math.h>

#include "isotherm.h"

typedef struct {
    as_isotherm_options iso;
    as_range window;
    double cross_section;
} langmuir_settings;

static const as_param params[] = {
    AS_RANGE(langmuir_settings, window, "window", NULL, "1", "relative pressures of the fit"),
    AS_DOUBLE(langmuir_settings, cross_section, "cross-section", "0", 0, 10, "nm2",
              "of an adsorbed molecule; 0: that of the gas"),
    AS_ISOTHERM_PARAMS(langmuir_settings),
    AS_ISOTHERM_DOSE(langmuir_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "langmuir_area", .unit = "m2/g", .help = "specific surface area" },
    { .kind = AS_NEED_RESULT, .name = "monolayer", .unit = "mmol/g", .help = "capacity n_m" },
    { .kind = AS_NEED_RESULT, .name = "langmuir_constant", .unit = "1", .help = "K for p/p0" },
    { 0 }
};

typedef struct refit {
    as_ctx *ctx;
    const double *x;
    size_t first, n;
    double *ratio;
} refit;

static as_status again(void *user, const double *uptake, double *out)
{
    const refit *r = user;
    as_isotherm_line line;
    for (size_t i = 0; i < r->n; i++) r->ratio[i] = r->x[r->first + i] / uptake[r->first + i];
    AS_TRY(as_isotherm_fit(r->ctx, r->n, r->x + r->first, r->ratio, &line));
    out[0] = 1 / line.slope;
    out[1] = line.slope / line.intercept;
    return AS_OK;
}

/* n_m = 1/s, K = s/i; first-order uncertainties, or those of the doses. */
static as_status give(as_ctx *ctx, as_table *t, const as_isotherm *iso, double u_dose, double sigma, size_t first,
                      size_t last)
{
    as_isotherm_line line;
    const size_t n = last - first + 1;
    double *ratio = AS_NEW_N(as_scratch(ctx), double, n);
    if (!ratio) return AS_ERR;
    for (size_t i = 0; i < n; i++) ratio[i] = iso->x[first + i] / iso->uptake[first + i];
    AS_TRY(as_isotherm_fit(ctx, n, iso->x + first, ratio, &line));
    const double s = line.slope, i = line.intercept, factor = 6.02214076e23 * 1e-21 * sigma;
    refit r = { ctx, iso->x, first, n, ratio };
    double u[2];
    AS_TRY(as_isotherm_dose_u(ctx, iso, u_dose, again, &r, 2, u));
    const double k = s / i, nm = 1 / s, u_nm = u_dose > 0 ? u[0] : line.u_slope / (s * s);
    const double ds = line.u_slope / s, di = line.u_intercept / i;
    const double by_scatter = fabs(k) * sqrt(fmax(ds * ds + di * di - 2 * line.covariance / (s * i), 0));
    const double u_k = u_dose > 0 ? u[1] : by_scatter;
    const char *method = as_format(as_scratch(ctx), "langmuir_p/n;unweighted;cross_section=%.4gnm2", sigma);
    const char *flag = k > 0 && s > 0 ? "ok" : "negative";
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "langmuir", "langmuir_area", factor * nm, factor * u_nm, "m2/g", flag,
                           method));
    AS_TRY(as_add_quantity(ctx, t, "langmuir", "monolayer", nm, u_nm, "mmol/g", flag, method));
    AS_TRY(as_add_quantity(ctx, t, "langmuir", "langmuir_constant", k, u_k, "1", flag, method));
    AS_TRY(as_give_line(ctx, t, "langmuir", &line, n, "g/mmol", "g/mmol", method));
    AS_TRY(as_add_quantity(ctx, t, "langmuir", "window_first", iso->x[first], NAN, "1", NULL, iso->p0_from));
    if (!(k > 0 && s > 0))
        as_warn(ctx, t, NULL, "the Langmuir constant is %.4g: the equation has no physical meaning there", k);
    return as_add_quantity(ctx, t, "langmuir", "window_last", iso->x[last], NAN, "1", NULL, iso->p0_from);
}

static as_status series(as_run *run, as_table *owned)
{
    const langmuir_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    size_t first = 0, last = 0;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    if (!(set->cross_section > 0)) AS_TRY(as_isotherm_need_gas(ctx, &iso));
    if (!as_isotherm_window(&iso, set->window.lo, set->window.hi, 3, &first, &last))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 points in the window");
    const double sigma = set->cross_section > 0 ? set->cross_section : iso.gas->cross_section;
    AS_TRY(give(ctx, owned, &iso, set->iso.u_dose, sigma, first, last));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the monolayer of a microporous solid",
      "assay langmuir --window 0.01:0.1 --gas N2 tests/corpus/sorption/micropores.csv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Langmuir 1918, J. Am. Chem. Soc. 40, 1361, doi:10.1021/ja02242a004", NULL
};
static const char *const see_also[] = { "bet", "results", NULL };

const as_op as_op_langmuir = {
    .name = "langmuir",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(langmuir_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "monolayer capacity and area by the Langmuir equation in a named window",
             .description = "The line of x/n against x, x = p/p0: its slope is 1/n_m, slope over intercept the "
                            "constant K for relative pressures. In micropores n_m is the amount that fills "
                            "them, and the area no area of a surface.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
