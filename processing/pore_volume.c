/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pore-volume: the volume of pores filled at a stated relative pressure (Gurvich's rule). */
#include <math.h>
#include <stdio.h>

#include "interpolate.h"
#include "isotherm.h"

typedef struct {
    as_isotherm_options iso;
    as_list at;
    double molar_volume;
} volume_settings;

static const as_param params[] = {
    AS_LIST(volume_settings, at, "at", NULL, NULL, "relative pressures, such as 0.5,0.95"),
    AS_DOUBLE(volume_settings, molar_volume, "molar-volume", "0", 0, 1000, "cm3/mol",
              "of the adsorbed phase; 0: that of the liquid"),
    AS_ISOTHERM_PARAMS(volume_settings),
    AS_ISOTHERM_DOSE(volume_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "total_pore_volume", .unit = "cm3/g", .help = "at each pressure" },
    { 0 }
};

typedef struct reading {
    const as_isotherm *iso;
    double at, *work, factor;
} reading;

static as_status volume_at(void *user, const double *uptake, double *out)
{
    const reading *r = user;
    as_interpolate(AS_PCHIP, r->iso->n, r->iso->x, uptake, false, 1, &r->at, r->work, out);
    *out *= r->factor;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const volume_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    double volume = NAN;
    const double *x, *n;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_isotherm_molar_volume(ctx, owned, &iso, set->molar_volume, &volume));
    AS_TRY(as_isotherm_rising(ctx, &iso, &x, &n));
    double *work = AS_NEW_N(as_scratch(ctx), double, 3 * iso.n);
    const char *method = as_format(as_scratch(ctx), "gurvich;%s;pchip;molar_volume=%.4fcm3/mol",
                                   as_branches[set->iso.branch].name, volume);
    if (!work || !method) return AS_ERR;
    for (size_t k = 0; k < set->at.n; k++) {
        double amount;
        char item[32];
        (void)snprintf(item, sizeof item, "p/p0 %g", set->at.v[k]);
        as_interpolate(AS_PCHIP, iso.n, x, n, false, 1, &set->at.v[k], work, &amount);
        if (isnan(amount))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "p/p0 %g is outside the branch, which has %g to %g",
                           set->at.v[k], x[0], x[iso.n - 1]);
        reading r = { &iso, set->at.v[k], work, volume * 1e-3 };
        double u = NAN;
        AS_TRY(as_isotherm_dose_u(ctx, &iso, set->iso.u_dose, volume_at, &r, 1, &u));
        AS_TRY(as_add_quantity(ctx, owned, item, "total_pore_volume", volume * 1e-3 * amount, u, "cm3/g",
                               NULL, method));
    }
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "total pore volume near saturation",
      "assay pore-volume --at 0.5,0.95 --gas N2 tests/corpus/sorption/micropores.csv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Gurvich 1915, J. Phys. Chem. Soc. Russ. 47, 805",
    "Thommes et al. 2015, Pure Appl. Chem. 87, 1051, doi:10.1515/pac-2014-1117",
    NULL
};
static const char *const see_also[] = { "t-plot", "results", NULL };

const as_op as_op_pore_volume = {
    .name = "pore-volume",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(volume_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "pore volume at stated relative pressures",
             .description = "The amount there (PCHIP between the points) times the molar volume of the liquid: all "
                            "pores that are filled at this pressure, and the film outside them.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
