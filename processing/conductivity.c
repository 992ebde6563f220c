/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conductivity: d / (R A) of every bulk resistance, with the uncertainty of thickness and area. */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "op.h"

typedef struct {
    double thickness, area, u_thickness, u_area;
} conductivity_settings;

static const as_param params[] = {
    AS_DOUBLE(conductivity_settings, thickness, "thickness", "0", 0, 1e7, "um",
              "of the sample; 0: thickness of the metadata"),
    AS_DOUBLE(conductivity_settings, u_thickness, "u-thickness", "0", 0, 1e7, "um",
              "its standard uncertainty; 0: that of the metadata"),
    AS_DOUBLE(conductivity_settings, area, "area", "0", 0, 1e6, "cm2",
              "of the electrodes; 0: electrode_area of the metadata"),
    AS_DOUBLE(conductivity_settings, u_area, "u-area", "0", 0, 1e6, "cm2",
              "its standard uncertainty; 0: that of the metadata"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "bulk_resistance", .unit = "Ohm", .help = "as of resistance" },
    { .kind = AS_NEED_META, .name = "thickness", .unit = "um", .optional = true,
      .help = "where --thickness is not given" },
    { .kind = AS_NEED_META, .name = "electrode_area", .unit = "cm2", .optional = true,
      .help = "where --area is not given" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "conductivity", .unit = "S/cm", .help = "of each resistance" },
    { 0 }
};

typedef struct length { double value, relative; } length; /* relative NaN: not stated */

static as_status get(as_run *run, as_table *t, double given, double u, const char *key,
                     const char *unit, length *out)
{
    const as_unit to = as_unit_of(unit);
    const as_meta *m = given > 0 ? NULL : as_need_meta(run->ctx, t, key);
    if (!(given > 0) && !m) return AS_ERR;
    if (m && strcmp(key, "electrode_area") == 0) as_warn_placeholder(run->ctx, t, m, "area");
    out->value = m ? as_unit_convert(m->number, &m->unit, &to) : given;
    if (!(out->value > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%s is %.4g %s: it must be above zero", key, out->value, unit);
    out->relative = u > 0 ? u / out->value : m ? fabs(m->u / m->number) : NAN;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const conductivity_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_unit ohm = as_unit_of("Ohm");
    const size_t n = owned->n_results;
    size_t done = 0;
    length d, a;
    AS_TRY(get(run, owned, set->thickness, set->u_thickness, "thickness", "um", &d));
    AS_TRY(get(run, owned, set->area, set->u_area, "electrode_area", "cm2", &a));
    for (size_t i = 0; i < n; i++) {
        const as_result r = owned->result[i];
        if (as_get_result(owned, r.item, "bulk_resistance") != &owned->result[i] || !isfinite(r.value)) continue;
        const double resistance = as_unit_convert(r.value, &r.unit, &ohm), u_r = fabs(r.u / r.value);
        if (!(resistance > 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "resistance '%s' is %.4g Ohm: it must be above zero", r.item,
                           resistance);
        const double sigma = d.value * 1e-4 / (resistance * a.value);
        const double parts[] = { u_r, d.relative, a.relative };
        double sum = 0;
        for (size_t k = 0; k < 3; k++) sum += isfinite(parts[k]) ? parts[k] * parts[k] : 0;
        const char *how = as_format(as_scratch(ctx), "d/(R_A);R_by_%s;u_of:%s%s%s", r.item, isfinite(u_r) ? "R" : "",
                                    isfinite(d.relative) ? "d" : "", isfinite(a.relative) ? "A" : "");
        if (!how) return AS_ERR;
        AS_TRY(as_add_quantity(ctx, owned, r.item, "conductivity", sigma, sum > 0 ? sigma * sqrt(sum) : NAN, "S/cm",
                               NULL, how));
        done++;
    }
    if (!done) return as_fail(ctx, AS_E_NUMERIC, NULL, "none of the bulk resistances has a value");
    if (!isfinite(d.relative) || !isfinite(a.relative))
        as_warn(ctx, owned, NULL, "no uncertainty is stated of %s%s%s: that of the conductivity is without it",
                isfinite(d.relative) ? "" : "thickness", isfinite(d.relative) || isfinite(a.relative) ? "" : " and ",
                isfinite(a.relative) ? "" : "electrode_area");
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the conductivity by either definition of the resistance",
      "assay resistance tests/corpus/echem/blocking.ecsv | assay conductivity | assay results" },
    { 0 }
};
static const char *const see_also[] = { "resistance", "arrhenius", NULL };

const as_op as_op_conductivity = {
    .name = "conductivity",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(conductivity_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "conductivity from bulk resistance, thickness and electrode area",
             .description =
                 "sigma = d / (R A) for every bulk resistance of the series, under the same item. The "
                 "uncertainties of resistance, thickness and area are taken as independent; which of them "
                 "were known stands in the method.",
             .examples = examples,
             .see_also = see_also },
};
