/* SPDX-License-Identifier: GPL-3.0-or-later */
/* raman-intensity: scattered intensity freed of the laser's frequency and of temperature, so that
 * bands far apart, or spectra of several lasers or temperatures, can be compared (Long 1977):
 *
 *     R(v) = I(v) v0^3 v / (v0 - v)^4 [1 - exp(-h c v / (k T))]
 *
 * v: Raman shift, v0: wavenumber of the laser. Detectors that count photons, as CCDs do, see I/(v0
 * - v): one power less.
 */
#include <math.h>

#include "op.h"

typedef struct {
    double temperature, laser;
    int detector;
} intensity_settings;

enum { PHOTONS, ENERGY };
static const as_choice detectors[] = { { "photons", PHOTONS,
                                         "counts photons: power 3 of the scattered wavenumber" },
                                       { "energy", ENERGY, "measures energy: power 4" },
                                       { 0 } };
static const as_param params[] = { AS_DOUBLE(intensity_settings, temperature, "temperature", "0", 0,
                                             1e4, "K",
                                             "of the sample; 0: temperature of the metadata"),
                                   AS_DOUBLE(intensity_settings, laser, "laser", "0", 0, 1e5, "nm",
                                             "wavelength; 0: laser_wavelength of the metadata"),
                                   AS_CHOICE(intensity_settings, detector, "detector", "photons",
                                             detectors, "what its signal is proportional to"),
                                   AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .unit = "cm-1", .help = "Raman shift" },
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_Y,
      .help = "scattered intensity without its background" },
    { .kind = AS_NEED_META,
      .name = "laser_wavelength",
      .unit = "nm",
      .optional = true,
      .help = "unless --laser says it" },
    { .kind = AS_NEED_META,
      .name = "temperature",
      .unit = "K",
      .optional = true,
      .help = "unless --temperature says it" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_ROLE,
                                   .role = AS_ROLE_Y,
                                   .help = "corrected, in the unit it had; sigma with it" },
                                 { .kind = AS_NEED_META,
                                   .name = "intensity_correction",
                                   .help = "the laser, temperature and power that were used" },
                                 { 0 } };

#define SECOND_RADIATION_CONSTANT 1.438776877 /* h c / k, cm K; exact in the SI of 2019 */

/* The factor of I at shift v: 0 at v = 0, whose elastic line has no Raman intensity; NaN at and
 * beyond the laser's own. */
static double factor(double v, double v0, double kelvin, int power)
{
    if (!(v < v0)) return NAN;
    return pow(v0 / (v0 - v), power) * v / v0 * -expm1(-SECOND_RADIATION_CONSTANT * v / kelvin);
}

static as_status number_of(as_run *run, const as_table *t, double told, const char *key,
                           const char *unit, double *out)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit to = as_unit_of(unit);
    *out = told > 0 ? told : m ? as_unit_convert(m->number, &m->unit, &to) : NAN;
    if (*out > 0) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL, "the data do not state %s: give it as an option",
                   key);
}

static as_status series(as_run *run, as_table *owned)
{
    const intensity_settings *set = run->settings;
    as_column *x = as_need(run->ctx, owned, AS_ROLE_X), *y = as_need(run->ctx, owned, AS_ROLE_Y);
    as_column *sigma = as_find_role(owned, AS_ROLE_SIGMA);
    const as_unit wavenumber = as_unit_of("cm-1");
    double kelvin, nm;
    if (!x || !y) return AS_ERR;
    if (as_get_meta(owned, "intensity_correction"))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "the intensities were corrected already: %s",
                       as_get_meta(owned, "intensity_correction")->text);
    if (!as_unit_same_dimension(&x->unit, &wavenumber))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "x is in %s, expected a Raman shift in cm-1",
                       x->unit.symbol);
    AS_TRY(number_of(run, owned, set->laser, "laser_wavelength", "nm", &nm));
    AS_TRY(number_of(run, owned, set->temperature, "temperature", "K", &kelvin));
    const double v0 = 1e7 / nm;
    const int power = set->detector == PHOTONS ? 3 : 4;
    for (size_t i = 0; i < owned->rows; i++) {
        const double f =
            factor(as_unit_convert(x->v.f[i], &x->unit, &wavenumber), v0, kelvin, power);
        y->v.f[i] *= f;
        if (sigma) sigma->v.f[i] *= fabs(f);
    }
    const char *how =
        as_format(as_scratch(run->ctx),
                  "laser %.6g nm, %.6g K, power %d of the scattered wavenumber", nm, kelvin, power);
    if (!how) return AS_ERR;
    AS_TRY(as_set_meta(run->ctx, owned, "intensity_correction", how, NULL, NULL));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = { { "a spectrum of a 532 nm laser at room temperature",
                                         "assay raman-intensity --laser 532nm --temperature 295K "
                                         "tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
                                       { 0 } };
static const char *const references[] = { "Long 1977, Raman Spectroscopy, McGraw-Hill, London",
                                          NULL };
static const char *const see_also[] = { "baseline-arpls", "normalize", "solvation", NULL };

const as_op as_op_raman_intensity = {
    .name = "raman-intensity",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(intensity_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary =
                 "correct Raman intensities for the laser's frequency and for temperature (Long)",
             .description = "Multiplies by (v0/(v0 - v))^n v/v0 (1 - exp(-h c v/(k T))), v the "
                            "shift and v0 the laser's "
                            "wavenumber: the population of the lower state and the power of the "
                            "scattered light drop out. "
                            "n is 3 where photons are counted, 4 where energy is measured. Take "
                            "the background off "
                            "before: it is no Raman intensity. A second correction is refused.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
