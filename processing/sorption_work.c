/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sorption-work: the excess sorption work, whose first minimum marks the monolayer.
 *
 *   phi = n R T ln x  (J/g), x = p/p0: Adolphs & Setzer 1996
 */
#include <math.h>

#include "curve.h"
#include "isotherm.h"

typedef struct {
    as_isotherm_options iso;
    double cross_section, rise;
} work_settings;

static const as_param params[] = {
    AS_DOUBLE(work_settings, cross_section, "cross-section", "0", 0, 10, "nm2",
              "of an adsorbed molecule; 0: that of the gas"),
    AS_DOUBLE(work_settings, rise, "rise", "0.01", 0, 1, NULL,
              "by which part of its depth the work must rise again behind a minimum"),
    AS_ISOTHERM_PARAMS(work_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .name = "sorption_work", .unit = "J/g", .help = "n R T ln(p/p0)" },
    { .kind = AS_NEED_RESULT, .name = "monolayer", .unit = "mmol/g", .help = "at the first minimum" },
    { .kind = AS_NEED_RESULT, .name = "esw_area", .unit = "m2/g", .help = "of that monolayer" },
    { .kind = AS_NEED_RESULT, .name = "monolayer_pressure", .unit = "1", .help = "of the minimum" },
    { 0 }
};

/* The first lowest point behind which phi rises by `rise` of its depth; n: there is none. */
static size_t first_minimum(size_t n, const double *phi, double rise)
{
    size_t low = 0;
    for (size_t i = 1; i < n; i++) {
        if (phi[i] < phi[low]) low = i;
        else if (low > 0 && phi[i] - phi[low] > rise * fabs(phi[low])) return low;
    }
    return n;
}

static as_status give(as_ctx *ctx, as_table *t, const as_isotherm *iso, const double *phi, size_t at, double sigma)
{
    const char *method = as_format(as_scratch(ctx), "first_minimum_of_nRTln(p/p0);T=%.3fK;cross_section=%.4gnm2",
                                   as_isotherm_kelvin(iso), sigma);
    const double *n = iso->uptake, between = (n[at + 1] - n[at - 1]) / sqrt(12);
    const double factor = 6.02214076e23 * 1e-21 * sigma;
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "ESW", "monolayer", n[at], between, "mmol/g", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "ESW", "esw_area", factor * n[at], factor * between, "m2/g", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "ESW", "monolayer_pressure", iso->x[at],
                           (iso->x[at + 1] - iso->x[at - 1]) / sqrt(12), "1", NULL, method));
    return as_add_quantity(ctx, t, "ESW", "sorption_work", phi[at], NAN, "J/g", NULL, method);
}

static as_status series(as_run *run, as_table *owned)
{
    const work_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_isotherm_need_gas(ctx, &iso));
    if (set->iso.branch != AS_ADSORPTION)
        return as_fail(ctx, AS_E_USAGE, NULL, "the monolayer is that of the adsorption branch");
    double *phi = AS_NEW_N(as_scratch(ctx), double, iso.n);
    as_column *work = as_curve_column(ctx, owned, "sorption_work", AS_ROLE_OTHER, as_unit_of("J/g"));
    if (!phi || !work) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++) work->v.f[i] = NAN;
    const double rt = 8.31446261815324e-3 * as_isotherm_kelvin(&iso); /* J/mmol */
    for (size_t i = 0; i < iso.n; i++) work->v.f[iso.row[i]] = phi[i] = iso.uptake[i] * rt * log(iso.x[i]);
    const size_t at = first_minimum(iso.n, phi, set->rise);
    if (at == iso.n)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the excess sorption work has no minimum inside the data");
    AS_TRY(give(ctx, owned, &iso, phi, at, set->cross_section > 0 ? set->cross_section : iso.gas->cross_section));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the monolayer beside that of BET",
      "assay sorption-work --gas N2 tests/corpus/sorption/type2.csv"
      " | assay bet --select rouquerol --gas N2 | assay results --quantity monolayer" },
    { 0 }
};
static const char *const references[] = {
    "Adolphs & Setzer 1996, J. Colloid Interface Sci. 180, 70", NULL
};
static const char *const see_also[] = { "bet", "langmuir", NULL };

const as_op as_op_sorption_work = {
    .name = "sorption-work",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(work_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "compute the excess sorption work and the monolayer at its first minimum",
             .description =
                 "The column `sorption_work` is n R T ln(p/p0). The amount at its first minimum is taken as the "
                 "monolayer; no equation of the isotherm is assumed. It lies on a point of the data: the uncertainty "
                 "is that of the distance of its neighbours.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
