/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-ir: what a spectrometer shows of a sample of known bands, by total reflection or in transmission.
 *
 * Dielectric function: e(v) = n_inf^2 + sum S_j v_j^2 / (v_j^2 - v^2 - i g_j v), from which n + i k;
 * ATR: -log10 of Fresnel's reflectance; transmission: 4 pi v k d / ln 10, without reflections.
 */
#include <complex.h>
#include <math.h>

#include "atr_dispersion.h"
#include "random.h"
#include "simulate_bands.h"
#include "total_reflection.h"

#define PI 3.14159265358979323846

enum { ATR, TRANSMISSION };
enum { UNPOLARIZED, S, P };

typedef struct {
    as_texts bands;
    as_range range;
    int mode, bounces, polarization;
    double step, crystal, angle, sample_index, thickness, noise, vapour, resolution, baseline, seed, stream;
    const char *sample, *origin;
} ir_settings;

static const as_choice modes[] = { { "atr", ATR, "total reflection in a crystal" },
                                   { "transmission", TRANSMISSION, "a layer, without reflections" },
                                   { 0 } };
static const as_choice polarizations[] = { { "unpolarized", UNPOLARIZED, "equal parts of both" },
                                           { "s", S, "across the plane of incidence" },
                                           { "p", P, "in the plane of incidence" },
                                           { 0 } };
static const as_param params[] = {
    AS_TEXTS(ir_settings, bands, "band", "",
             "NAME:POSITION:FWHM:AREA of an oscillator; area of the absorption coefficient were it weak, cm-2"),
    AS_CHOICE(ir_settings, mode, "mode", "atr", modes, "of the measurement"),
    AS_RANGE(ir_settings, range, "range", "900:2000", "cm-1", "of wavenumbers"),
    AS_DOUBLE(ir_settings, step, "step", "1cm-1", 1e-3, 100, "cm-1", "between the points"),
    AS_DOUBLE(ir_settings, sample_index, "index", "1.42", 1, 10, NULL, "of the sample far above all bands"),
    AS_DOUBLE(ir_settings, crystal, "crystal", "2.4", 1, 10, NULL, "index of the crystal: 2.4 for diamond"),
    AS_DOUBLE(ir_settings, angle, "angle", "45deg", 0, 90, "deg", "of incidence in the crystal"),
    AS_INT(ir_settings, bounces, "bounces", "1", 1, 1000, "reflections at the sample"),
    AS_CHOICE(ir_settings, polarization, "polarization", "unpolarized", polarizations, "of the light"),
    AS_DOUBLE(ir_settings, thickness, "thickness", "1um", 1e-3, 1e5, "um", "of the layer in transmission"),
    AS_DOUBLE(ir_settings, noise, "noise", "2e-4", 0, 1, NULL, "standard deviation of the absorbance"),
    AS_DOUBLE(ir_settings, vapour, "vapour", "0", -10, 10, NULL, "absorbance of the strongest line of water vapour"),
    AS_DOUBLE(ir_settings, resolution, "resolution", "4cm-1", 0.01, 100, "cm-1",
              "FWHM of the lines of the vapour; the bands are taken as wider"),
    AS_DOUBLE(ir_settings, baseline, "baseline", "0", -10, 10, NULL, "absorbance that is added throughout"),
    AS_DOUBLE(ir_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(ir_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each spectrum of a set"),
    AS_STRING(ir_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(ir_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "wavenumber", .unit = "cm-1", .help = "rising" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "absorbance", .unit = "1", .help = "with noise" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_SIGMA, .name = "sigma", .unit = "1", .help = "of the noise, if any" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "true_absorbance", .unit = "1",
      .help = "without noise and vapour" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "true_absorption_coefficient", .unit = "cm-1",
      .help = "of the sample, decadic: 4 pi v k / ln 10" },
    { .kind = AS_NEED_RESULT, .name = "true_position", .unit = "cm-1", .help = "of each oscillator" },
    { .kind = AS_NEED_RESULT, .name = "true_area", .unit = "cm-2", .help = "of each oscillator, as given" },
    { 0 }
};

/* Rotational lines of the bending band of H2O: wavenumber, strength over the strongest. From memory, to the
 * wavenumber and within a factor: they look like vapour and are no reference. */
static const double vapour_lines[][2] = {
    { 1918.0, 0.14 }, { 1889.6, 0.22 }, { 1869.4, 0.42 }, { 1844.2, 0.48 }, { 1830.0, 0.36 }, { 1810.6, 0.20 },
    { 1792.7, 0.52 }, { 1772.7, 0.62 }, { 1751.4, 0.45 }, { 1739.8, 0.70 }, { 1734.7, 0.80 }, { 1717.4, 0.85 },
    { 1706.4, 0.60 }, { 1699.9, 0.72 }, { 1695.9, 0.75 }, { 1684.8, 0.95 }, { 1675.2, 0.60 }, { 1669.4, 0.72 },
    { 1662.8, 0.64 }, { 1653.3, 1.00 }, { 1647.4, 0.70 }, { 1636.5, 0.85 }, { 1623.6, 0.52 }, { 1616.7, 0.82 },
    { 1576.2, 0.80 }, { 1569.8, 0.90 }, { 1559.2, 0.95 }, { 1540.0, 0.85 }, { 1521.3, 0.80 }, { 1507.1, 0.90 },
    { 1496.2, 0.62 }, { 1489.8, 0.60 }, { 1473.5, 0.70 }, { 1456.9, 0.75 }, { 1436.8, 0.50 }, { 1419.5, 0.60 },
    { 1396.5, 0.42 }, { 1387.5, 0.36 }, { 1374.7, 0.30 }, { 1339.9, 0.24 },
};

static double vapour_at(const ir_settings *set, double v)
{
    double sum = 0;
    for (size_t k = 0; k < sizeof vapour_lines / sizeof *vapour_lines; k++) {
        const double t = 2 * (v - vapour_lines[k][0]) / set->resolution;
        sum += vapour_lines[k][1] * exp(-log(2) * t * t);
    }
    return set->vapour * sum;
}

/* n + i k. Area of the weak absorption coefficient: pi^2 S v0^2 / (n_inf ln 10). */
static double complex index_at(const ir_settings *set, const as_simulated_band *band, double v)
{
    const double n = set->sample_index;
    double complex e = n * n;
    for (size_t j = 0; j < set->bands.n; j++) {
        const double v0 = band[j].position, strength = band[j].area * n * log(10) / (PI * PI);
        e += strength / (v0 * v0 - v * v - I * band[j].fwhm * v);
    }
    return csqrt(e);
}

static as_status fill(as_ctx *ctx, as_table *t, const ir_settings *set, const as_simulated_band *band)
{
    as_column *x = as_find_role(t, AS_ROLE_X), *y = as_add_column(ctx, t, "absorbance", AS_ROLE_Y, AS_UNITLESS);
    as_column *sigma = set->noise > 0 ? as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, AS_UNITLESS) : NULL;
    as_column *mean = as_add_column(ctx, t, "true_absorbance", AS_ROLE_OTHER, AS_UNITLESS);
    as_column *alpha = as_add_column(ctx, t, "true_absorption_coefficient", AS_ROLE_OTHER, as_unit_of("cm-1"));
    if (!y || !mean || !alpha || (set->noise > 0 && !sigma)) return AS_ERR;
    const as_atr_setup setup = { set->crystal, set->sample_index, set->angle * PI / 180, set->bounces,
                                 set->polarization == S ? 1 : set->polarization == P ? 0 : 0.5 };
    as_random r;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t i = 0; i < t->rows; i++) {
        const double v = x->v.f[i];
        const double complex n = index_at(set, band, v);
        const double a = 4 * PI * v * cimag(n) / log(10);
        const double bare = set->mode == ATR ? as_atr_absorbance(&setup, creal(n), cimag(n))
                                             : a * set->thickness * 1e-4;
        alpha->v.f[i] = as_simulated_digits(a, 8);
        mean->v.f[i] = round((bare + set->baseline) * 1e8) / 1e8;
        y->v.f[i] = round((bare + set->baseline + vapour_at(set, v) + set->noise * as_random_normal(&r)) * 1e7) / 1e7;
        if (sigma) sigma->v.f[i] = set->noise;
    }
    return AS_OK;
}

static as_status metadata(as_ctx *ctx, as_table *t, const ir_settings *set)
{
    AS_TRY(as_simulated_meta(ctx, t, "assay simulate-ir", set->seed, set->stream, set->sample, set->origin));
    AS_TRY(as_set_number(ctx, t, "resolution", set->resolution, NAN, as_unit_of("cm-1"), NULL));
    if (set->mode != ATR) return AS_OK;
    AS_TRY(as_set_number(ctx, t, "atr_crystal_index", set->crystal, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_number(ctx, t, "atr_angle", set->angle, NAN, as_unit_of("deg"), NULL));
    AS_TRY(as_set_number(ctx, t, "atr_bounces", set->bounces, NAN, AS_UNITLESS, NULL));
    return as_set_meta(ctx, t, "atr_polarization", polarizations[set->polarization].name, NULL, NULL);
}

static as_status source(as_run *run)
{
    const ir_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_simulated_band *band;
    as_total_reflection r;
    AS_TRY(as_simulated_bands(ctx, &set->bands, &band));
    if (set->mode == ATR && !as_reflect_totally(set->crystal, set->sample_index, set->angle * PI / 180, &r))
        return as_fail(ctx, AS_E_USAGE, NULL, "no total reflection: index %g of the sample, %g of the crystal, %g deg",
                       set->sample_index, set->crystal, set->angle);
    as_table *t = as_simulated_axis(ctx, "wavenumber", "ftir", &set->range, set->step);
    if (!t) return AS_ERR;
    AS_TRY(fill(ctx, t, set, band));
    AS_TRY(metadata(ctx, t, set));
    for (size_t k = 0; k < set->bands.n; k++) {
        AS_TRY(as_add_quantity(ctx, t, band[k].name, "true_position", band[k].position, 0, "cm-1", NULL, "truth"));
        AS_TRY(as_add_quantity(ctx, t, band[k].name, "true_area", band[k].area, 0, "cm-2", NULL, "truth"));
    }
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "a strong band in ATR, brought back to where transmission has it",
      "assay simulate-ir --band carbonyl:1790:20:60000 --noise 0 | assay atr --crystal 2.4 --sample 1.42"
      " --correct dispersion | assay peaks --top 1 | assay results --quantity position" },
    { 0 }
};
static const char *const references[] = {
    "Harrick 1967, Internal Reflection Spectroscopy, Wiley", NULL
};
static const char *const see_also[] = { "atr", "solvation", "subtract-fitted", "simulate-raman", NULL };

const as_op as_op_simulate_ir = {
    .name = "simulate-ir",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(ir_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate an ATR or transmission spectrum of known bands",
             .description =
                 "Each band is an oscillator of the dielectric function, so that the refractive index changes across "
                 "it. In ATR the absorbance is that of Fresnel's reflectance: strong bands lie lower by some 1/cm and "
                 "are weaker than in transmission, as in a measurement. Noise is normal; lines of water vapour come "
                 "on top and are no reference for any.\n\n"
                 "The same settings give the same values on every machine. The metadata say `simulated`; the "
                 "positions and areas put in are results of method `truth`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
