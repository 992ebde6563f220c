/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-raman: photon counts of known bands on fluorescence, with cosmic rays. */
#include <math.h>

#include "lanes.h"
#include "random.h"
#include "shape.h"
#include "simulate_bands.h"

typedef struct {
    as_texts bands;
    as_range range;
    as_list background;
    double step, resolution, peak, fluorescence, decay, cosmic, seed, stream;
    const char *sample, *origin;
} raman_settings;

static const as_param params[] = {
    AS_TEXTS(raman_settings, bands, "band", "",
             "NAME:POSITION:FWHM:AREA of a Lorentzian; cm-1, counts times cm-1"),
    AS_RANGE(raman_settings, range, "range", "450:1700", "cm-1", "of Raman shifts"),
    AS_DOUBLE(raman_settings, step, "step", "0.5cm-1", 1e-3, 100, "cm-1", "between the points"),
    AS_DOUBLE(raman_settings, resolution, "resolution", "1cm-1", 0, 100, "cm-1",
              "FWHM of the instrument, a Gaussian with which the bands are convolved"),
    AS_DOUBLE(raman_settings, peak, "peak", "0", 0, 1e9, NULL,
              "counts of the highest point of the bands, to which all areas are scaled; 0: as given"),
    AS_DOUBLE(raman_settings, fluorescence, "fluorescence", "0", 0, 1e9, NULL,
              "counts of a background that decays exponentially, at x = 0"),
    AS_DOUBLE(raman_settings, decay, "decay", "900cm-1", 1, 1e6, "cm-1", "over which it falls to 1/e"),
    AS_LIST(raman_settings, background, "background", "100", NULL,
            "counts: coefficients of a polynomial in x/1000 cm-1, lowest first"),
    AS_DOUBLE(raman_settings, cosmic, "cosmic", "0", 0, 1e4, NULL,
              "cosmic rays on the average, of 1 to 3 points and once to five times the highest count"),
    AS_DOUBLE(raman_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(raman_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each spectrum of a set"),
    AS_STRING(raman_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(raman_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "raman_shift", .unit = "cm-1", .help = "rising" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "intensity", .unit = "count", .help = "drawn" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_SIGMA, .name = "sigma", .unit = "count",
      .help = "sqrt(max(counts, 1))" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "true_intensity", .unit = "count",
      .help = "mean of the counts, without cosmic rays" },
    { .kind = AS_NEED_RESULT, .name = "true_position", .unit = "cm-1", .help = "of each band" },
    { .kind = AS_NEED_RESULT, .name = "true_area", .unit = "count*cm-1", .help = "of each band" },
    { .kind = AS_NEED_RESULT, .name = "spikes", .unit = "1", .help = "cosmic rays drawn" },
    { 0 }
};

/* The sum of all bands at x (rows, padded) and what the areas were multiplied by. */
static as_status bands_of(as_ctx *ctx, const raman_settings *set, const as_simulated_band *band, const as_column *x,
                          size_t rows, double *sum, double *scale)
{
    const as_shape *voigt = as_shape_find("voigt-fast");
    const size_t n = as_lanes(rows);
    double *at = AS_NEW_N(as_scratch(ctx), double, 2 * n), top = 0;
    if (!at || !voigt) return AS_ERR;
    double *f = at + n;
    for (size_t i = 0; i < n; i++) at[i] = x->v.f[i < rows ? i : rows - 1];
    for (size_t k = 0; k < set->bands.n; k++) {
        const double p[] = { band[k].area, band[k].position, set->resolution, band[k].fwhm };
        voigt->eval(n, at, p, NULL, f, NULL);
        for (size_t i = 0; i < rows; i++) sum[i] += f[i];
    }
    for (size_t i = 0; i < rows; i++) top = fmax(top, sum[i]);
    *scale = set->peak > 0 && top > 0 ? set->peak / top : 1;
    for (size_t i = 0; i < rows; i++) sum[i] *= *scale;
    return AS_OK;
}

static double background_at(const raman_settings *set, double x)
{
    double b = 0;
    for (size_t k = set->background.n; k-- > 0;) b = b * x / 1000 + set->background.v[k];
    return b + set->fluorescence * exp(-x / set->decay);
}

static double draw_cosmics(const raman_settings *set, as_random *r, size_t rows, double top, double *y)
{
    const double n = as_random_poisson(r, set->cosmic);
    for (double k = 0; k < n; k++) {
        const size_t at = (size_t)(as_random_uniform(r) * (double)rows);
        const size_t width = 1 + (size_t)(as_random_uniform(r) * 3);
        const double height = top * (1 + 4 * as_random_uniform(r));
        for (size_t i = at; i < at + width && i < rows; i++)
            y[i] += round(height * (i == at ? 1 : as_random_uniform(r)));
    }
    return n;
}

static as_status fill(as_ctx *ctx, as_table *t, const raman_settings *set, const as_simulated_band *band,
                      double *scale, double *spikes)
{
    const as_unit count = as_unit_of("count");
    as_column *x = as_find_role(t, AS_ROLE_X), *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, count);
    as_column *sigma = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, count);
    as_column *mean = as_add_column(ctx, t, "true_intensity", AS_ROLE_OTHER, count);
    if (!y || !sigma || !mean) return AS_ERR;
    double top = 0;
    as_random r;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    AS_TRY(bands_of(ctx, set, band, x, t->rows, mean->v.f, scale));
    for (size_t i = 0; i < t->rows; i++) {
        mean->v.f[i] = as_simulated_digits(mean->v.f[i] + background_at(set, x->v.f[i]), 8);
        if (!(mean->v.f[i] >= 0))
            return as_fail(ctx, AS_E_USAGE, NULL, "the mean is %g counts at %g cm-1, expected 0 or above",
                           mean->v.f[i], x->v.f[i]);
        top = fmax(top, mean->v.f[i]);
        y->v.f[i] = as_random_poisson(&r, mean->v.f[i]);
    }
    *spikes = draw_cosmics(set, &r, t->rows, top, y->v.f);
    for (size_t i = 0; i < t->rows; i++) sigma->v.f[i] = as_simulated_digits(sqrt(fmax(y->v.f[i], 1)), 8);
    return AS_OK;
}

static as_status source(as_run *run)
{
    const raman_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_simulated_band *band;
    double scale, spikes;
    AS_TRY(as_simulated_bands(ctx, &set->bands, &band));
    as_table *t = as_simulated_axis(ctx, "raman_shift", "raman", &set->range, set->step);
    if (!t) return AS_ERR;
    AS_TRY(fill(ctx, t, set, band, &scale, &spikes));
    AS_TRY(as_simulated_meta(ctx, t, "assay simulate-raman", set->seed, set->stream, set->sample, set->origin));
    AS_TRY(as_set_number(ctx, t, "resolution", set->resolution, NAN, as_unit_of("cm-1"), NULL));
    for (size_t k = 0; k < set->bands.n; k++) {
        AS_TRY(as_add_quantity(ctx, t, band[k].name, "true_position", band[k].position, 0, "cm-1", NULL, "truth"));
        AS_TRY(as_add_quantity(ctx, t, band[k].name, "true_area", band[k].area * scale, 0, "count*cm-1", NULL,
                               "truth"));
    }
    AS_TRY(as_add_quantity(ctx, t, "cosmic rays", "spikes", spikes, NAN, "1", NULL, "truth"));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "two bands of a solvent, and what a fit finds of them",
      "assay simulate-raman --band free:712:6:5000 --band bound:722:7:3000 --range 680:760"
      " | assay fit --model \"voigt(free) center=712 fwhm_g=1! fwhm_l=6 + voigt(bound) center=722 fwhm_g=1! fwhm_l=7"
      " + constant\" | assay results --quantity area" },
    { 0 }
};
static const char *const see_also[] = { "solvation", "despike", "simulate-ir", NULL };

const as_op as_op_simulate_raman = {
    .name = "simulate-raman",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(raman_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate a Raman spectrum of known bands",
             .description =
                 "Lorentzian bands convolved with the instrument's Gaussian, fluorescence that decays "
                 "exponentially and a polynomial give the mean of the counts; these are drawn from Poisson's "
                 "distribution. Cosmic rays come on top.\n\n"
                 "The same settings give the same counts on every machine. The metadata say `simulated`; the true "
                 "positions and areas are results of method `truth`.",
             .examples = examples,
             .see_also = see_also },
};
