/* SPDX-License-Identifier: GPL-3.0-or-later */
/* saturation-pressure: the p0 of an isotherm from its temperature, by a named equation of the vapour pressure.
 */
#include <math.h>

#include "gas.h"
#include "op.h"

typedef struct {
    const char *gas;
    double temperature, u_temperature;
} saturation_settings;

static const as_param params[] = {
    AS_STRING(saturation_settings, gas, "gas", "",
              "the adsorptive, where the data do not say: N2, Ar, Kr, CO2, O2, H2O"),
    AS_DOUBLE(saturation_settings, temperature, "temperature", "0", 0, 1000, "K",
              "of the bath; 0: that of the data"),
    AS_DOUBLE(saturation_settings, u_temperature, "u-temperature", "0", 0, 10, "K",
              "its standard uncertainty; 0: that of the data, if they have one"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_META, .name = "temperature", .unit = "K", .optional = true, .help = "or --temperature" },
    { .kind = AS_NEED_META, .name = "adsorbate", .optional = true, .help = "or --gas" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_META, .name = "saturation_pressure", .unit = "kPa", .help = "where the data have none" },
    { .kind = AS_NEED_RESULT, .name = "saturation_pressure", .unit = "kPa", .help = "of the equation" },
    { 0 }
};

/* Part by which a stated p0 may differ before that is worth a warning: 0.1 K at 77 K. */
static const double ALLOWED = 0.012;

/* The mean of the column, else the metadata, in kPa; NaN: the data have neither. */
static double stated(const as_table *t)
{
    const as_unit kpa = as_unit_of("kPa");
    const as_column *c = as_find_numbers(t, "saturation_pressure");
    const as_meta *m = as_get_meta(t, "saturation_pressure");
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; c && c->type == AS_F64 && i < t->rows; i++)
        if (isfinite(c->v.f[i])) sum += as_unit_convert(c->v.f[i], &c->unit, &kpa), n++;
    if (n) return sum / (double)n;
    return m ? as_unit_convert(m->number, &m->unit, &kpa) : NAN;
}

static as_status bath(as_ctx *ctx, const as_table *t, const saturation_settings *set, double *kelvin, double *u)
{
    const as_unit k = as_unit_of("K");
    *kelvin = set->temperature;
    *u = set->u_temperature;
    if (*kelvin > 0) return AS_OK;
    const as_meta *m = as_need_meta(ctx, t, "temperature");
    if (!m) return as_while(ctx, "looking for the temperature of the bath");
    *kelvin = as_unit_convert(m->number, &m->unit, &k);
    if (!(*u > 0)) *u = as_unit_scale(m->u, &m->unit, &k);
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const saturation_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_meta *adsorbate = as_get_meta(owned, "adsorbate");
    const char *name = set->gas && *set->gas ? set->gas : adsorbate ? adsorbate->text : NULL, *equation = NULL;
    const as_gas *gas = name ? as_gas_find(name) : NULL;
    double kelvin, u;
    if (!gas)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the adsorptive is not known; give it with --gas or: assay set adsorbate=N2");
    AS_TRY(bath(ctx, owned, set, &kelvin, &u));
    const double p = as_gas_vapour_pressure(gas, kelvin, &equation), before = stated(owned);
    if (isnan(p))
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "%s at %.2f K has no liquid: the equation holds from the triple to the "
                       "critical point (%.2f K)",
                       gas->name, kelvin, gas->critical_temperature);
    const double slope = (as_gas_vapour_pressure(gas, kelvin * (1 + 1e-6), &equation) - p) / (kelvin * 1e-6);
    const double u_p = u > 0 ? fabs(slope) * u : NAN;
    const char *method = as_format(as_scratch(ctx), "%s;%s_at_%.6gK", equation, gas->name, kelvin);
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, owned, "p0", "saturation_pressure", p, u_p, "kPa", NULL, method));
    if (isnan(before))
        AS_TRY(as_set_number(ctx, owned, "saturation_pressure", p, u_p, as_unit_of("kPa"), NULL));
    else if (fabs(before / p - 1) > ALLOWED)
        as_warn(ctx, owned, NULL,
                "the data have a saturation pressure of %.6g kPa, which is kept; at %.6g K it would "
                "be %.6g kPa", before, kelvin, p);
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "an isotherm of absolute pressures, with the p0 of its temperature",
      "assay saturation-pressure tests/corpus/sorption/nist.json | assay results" },
    { "what a bath at 77.0 K instead of the boiling point does to p0",
      "assay saturation-pressure --temperature 77K --u-temperature 0.1K --gas N2 "
      "tests/corpus/sorption/type2.csv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Span et al. 2000, J. Phys. Chem. Ref. Data 29, 1361, doi:10.1063/1.1349047 (nitrogen)",
    "Tegeler, Span & Wagner 1999, J. Phys. Chem. Ref. Data 28, 779, doi:10.1063/1.556037 (argon)",
    "Lemmon & Span 2006, J. Chem. Eng. Data 51, 785, doi:10.1021/je050186n (krypton)",
    "Span & Wagner 1996, J. Phys. Chem. Ref. Data 25, 1509, doi:10.1063/1.555991 (carbon dioxide)",
    "Wagner & Pruss 1993, J. Phys. Chem. Ref. Data 22, 783, doi:10.1063/1.555926 (water)",
    NULL
};
static const char *const see_also[] = { "bet", "set", NULL };

const as_op as_op_saturation_pressure = {
    .name = "saturation-pressure",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(saturation_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "compute the saturation pressure p0 of an isotherm from its temperature",
             .description =
                 "The equation of the vapour pressure over the liquid is named in the method of the "
                 "result. Data that state a p0 keep it; one that lies more than 1.2 % from the "
                 "computed one, 0.1 K of a bath of nitrogen, gives a warning.\n\n"
                 "A nominal temperature is a poor source: nitrogen has 101.3 kPa at 77.355 K, and 97.1 kPa at 77 K.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
