/* SPDX-License-Identifier: GPL-3.0-or-later */
/* atr: an absorbance measured by attenuated total reflection, corrected for the depth of the light. */
#include <math.h>
#include <string.h>

#include "atr_dispersion.h"
#include "curve.h"
#include "op.h"
#include "total_reflection.h"

#define PI 3.14159265358979323846
#define DEGREE 0.01745329251994329577

enum { UNPOLARIZED, S, P };
enum { THICKNESS, DEPTH, DISPERSION, NOTHING };

typedef struct {
    double crystal, sample, angle, reference;
    int bounces, polarization, correct;
} atr_settings;

static const as_choice polarizations[] = {
    { "unpolarized", UNPOLARIZED, "equal parts of both" },
    { "s", S, "across the plane of incidence" },
    { "p", P, "in the plane of incidence" },
    { 0 }
};
static const as_choice corrections[] = {
    { "thickness", THICKNESS, "absorption coefficient: divided by bounces and effective thickness" },
    { "depth", DEPTH, "still absorbance: times the depth at the reference over that at x" },
    { "dispersion", DISPERSION,
      "absorption coefficient by Fresnel and Kramers-Kronig: strong bands get their true place" },
    { "nothing", NOTHING, "only add the columns of depth and thickness" },
    { 0 }
};
static const as_param params[] = {
    AS_DOUBLE(atr_settings, crystal, "crystal", NULL, 1, 10, NULL,
              "refractive index of the crystal: about 2.4 for diamond and ZnSe, 4.0 for germanium"),
    AS_DOUBLE(atr_settings, sample, "sample", "1.5", 1, 10, NULL,
              "refractive index of the sample, away from its bands; with dispersion: above all x"),
    AS_DOUBLE(atr_settings, angle, "angle", "45deg", 0, 90, "deg", "of incidence in the crystal"),
    AS_INT(atr_settings, bounces, "bounces", "1", 1, 1000, "reflections at the sample"),
    AS_CHOICE(atr_settings, polarization, "polarization", "unpolarized", polarizations, "of the light"),
    AS_CHOICE(atr_settings, correct, "correct", "thickness", corrections, "what becomes of y"),
    AS_DOUBLE(atr_settings, reference, "reference", "1000cm-1", 1, 1e5, "cm-1",
              "wavenumber that keeps its absorbance with --correct depth"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .unit = "cm-1", .help = "wavenumber of the light" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .unit = "1",
      .help = "absorbance or log_inverse_reflectance" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "absorbance or absorption_coefficient" },
    { .kind = AS_NEED_COLUMN, .name = "penetration_depth", .unit = "um", .help = "at each x" },
    { .kind = AS_NEED_COLUMN, .name = "effective_thickness", .unit = "um",
      .help = "at each x, of one bounce" },
    { .kind = AS_NEED_COLUMN, .name = "refractive_index", .unit = "1",
      .help = "of the sample at each x, with dispersion" },
    { .kind = AS_NEED_META, .name = "atr_crystal_index", .unit = "1", .help = "as given" },
    { .kind = AS_NEED_META, .name = "atr_sample_index", .unit = "1", .help = "as given" },
    { .kind = AS_NEED_META, .name = "atr_angle", .unit = "deg", .help = "as given" },
    { .kind = AS_NEED_META, .name = "atr_bounces", .unit = "1", .help = "as given" },
    { .kind = AS_NEED_META, .name = "atr_polarization", .unit = "", .help = "as given" },
    { .kind = AS_NEED_META, .name = "processed", .unit = "", .help = "atr_corrected" },
    { 0 }
};


static as_status check(as_run *run, const as_table *t, const as_curve *c)
{
    const as_unit cm = as_unit_of("cm-1");
    if (as_is_processed(t, "atr_corrected"))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "the spectrum is corrected for ATR already");
    if (strcmp(c->y_column->name, "absorbance") != 0 &&
        strcmp(c->y_column->name, "log_inverse_reflectance") != 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "y is %s, expected absorbance: convert-y makes it", c->y_column->name);
    if (strcmp(c->x_column->name, "raman_shift") == 0 ||
        !as_unit_same_dimension(&c->x_column->unit, &cm))
        return as_fail(run->ctx, AS_E_UNIT, NULL,
                       "x is %s in %s, expected the wavenumber of the light: convert-x makes it",
                       c->x_column->name, c->x_column->unit.symbol);
    return AS_OK;
}

static as_status record(as_ctx *ctx, as_table *t, const atr_settings *set)
{
    const as_unit deg = as_unit_of("deg");
    AS_TRY(as_set_number(ctx, t, "atr_crystal_index", set->crystal, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_number(ctx, t, "atr_sample_index", set->sample, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_number(ctx, t, "atr_angle", set->angle, NAN, deg, NULL));
    AS_TRY(as_set_number(ctx, t, "atr_bounces", set->bounces, NAN, AS_UNITLESS, NULL));
    return as_set_meta(ctx, t, "atr_polarization", polarizations[set->polarization].name, NULL, NULL);
}

/* y and sigma of one row, `k` wavenumbers in 1/cm, `thickness` in um. */
static double factor_of(const atr_settings *set, double k, double thickness)
{
    if (set->correct == NOTHING || set->correct == DISPERSION) return 1;
    if (set->correct == DEPTH) return k / set->reference;
    return 1 / (set->bounces * thickness * 1e-4);
}

static as_status apply(as_run *run, as_table *t, const as_curve *c, const as_total_reflection *r)
{
    const atr_settings *set = run->settings;
    const as_unit cm = as_unit_of("cm-1"), um = as_unit_of("um");
    const double share = set->polarization == S ? r->s : set->polarization == P ? r->p : r->unpolarized;
    as_column *depth = as_curve_column(run->ctx, t, "penetration_depth", AS_ROLE_OTHER, um);
    as_column *thick = as_curve_column(run->ctx, t, "effective_thickness", AS_ROLE_OTHER, um);
    if (!depth || !thick) return AS_ERR;
    for (size_t i = 0; i < c->n; i++) {
        const double k = as_unit_convert(c->x[i], &c->x_column->unit, &cm);
        if (k <= 0)
            return as_fail(run->ctx, AS_E_NUMERIC, NULL, "wavenumber %.4g 1/cm in row %zu: must be above 0",
                           k, i);
        depth->v.f[i] = r->depth * 1e4 / k;
        thick->v.f[i] = share * 1e4 / k;
        const double factor = factor_of(set, k, thick->v.f[i]);
        c->y[i] *= factor;
        if (c->sigma) c->sigma[i] *= factor;
    }
    return AS_OK;
}

/* y, still an absorbance, becomes 4 pi v k / ln 10; the rows may rise or fall. */
static as_status disperse(as_run *run, as_table *t, const as_curve *c)
{
    const atr_settings *set = run->settings;
    const as_unit cm = as_unit_of("cm-1");
    const as_atr_setup setup = { set->crystal, set->sample, set->angle * DEGREE, set->bounces,
                                 set->polarization == S ? 1 : set->polarization == P ? 0 : 0.5 };
    if (c->used < c->n || c->n < 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "--correct dispersion needs 3 rows or more, none masked or nan");
    AS_TRY(as_curve_even(run->ctx, c, "--correct dispersion"));
    const bool falls = c->x[0] > c->x[c->n - 1];
    double *a = AS_NEW_N(as_scratch(run->ctx), double, 3 * c->n);
    as_column *index = as_curve_column(run->ctx, t, "refractive_index", AS_ROLE_OTHER, AS_UNITLESS);
    if (!a || !index) return AS_ERR;
    double *n = a + c->n, *k = n + c->n;
    const double first = as_unit_convert(c->x[falls ? c->n - 1 : 0], &c->x_column->unit, &cm);
    const double step = as_unit_scale(fabs(as_curve_step(c)), &c->x_column->unit, &cm);
    for (size_t i = 0; i < c->n; i++) a[i] = c->y[falls ? c->n - 1 - i : i];
    AS_TRY(as_atr_constants(run->ctx, &setup, c->n, first, step, a, n, k));
    for (size_t i = 0; i < c->n; i++) {
        const size_t j = falls ? c->n - 1 - i : i;
        c->y[j] = 4 * PI * (first + (double)i * step) * k[i] / log(10);
        index->v.f[j] = n[i];
    }
    as_drop_sigma(t); /* each row depends on all others now */
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const atr_settings *set = run->settings;
    as_total_reflection r;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 1, &c));
    AS_TRY(check(run, owned, &c));
    if (!as_reflect_totally(set->crystal, set->sample, set->angle * DEGREE, &r)) {
        if (isnan(r.critical))
            return as_fail(run->ctx, AS_E_USAGE, NULL,
                           "no total reflection: the index of the crystal, %.4g, is not above that of "
                           "the sample, %.4g", set->crystal, set->sample);
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "no total reflection at %.4g deg: expected between %.2f (critical angle) and 90",
                       set->angle, r.critical / DEGREE);
    }
    AS_TRY(apply(run, owned, &c, &r));
    AS_TRY(record(run->ctx, owned, set));
    if (set->correct == DISPERSION) AS_TRY(disperse(run, owned, &c));
    if (set->correct == THICKNESS || set->correct == DISPERSION) {
        c.y_column->name = "absorption_coefficient";
        c.y_column->label = "*α*_{10}";
        c.y_column->unit = as_unit_of("cm-1");
        as_column *sigma = as_find_role(owned, AS_ROLE_SIGMA);
        if (sigma) sigma->unit = c.y_column->unit;
    }
    if (set->correct != NOTHING) AS_TRY(as_mark_processed(run->ctx, owned, "atr_corrected"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "absorption coefficients from a spectrum on a diamond crystal",
      "assay atr --crystal 2.4 tests/corpus/ftir/atr.ecsv | tail -n 3" },
    { "absorbances as if the light went equally deep at all wavenumbers",
      "assay atr --crystal 4.0 --angle 60 --bounces 9 --correct depth tests/corpus/ftir/atr.ecsv"
      " | tail -n 3" },
    { "the same without the limit of weak absorption, with the refractive index",
      "assay atr --crystal 2.4 --correct dispersion tests/corpus/ftir/atr.ecsv | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Harrick & du Pre 1966, Effective thickness of bulk materials and of thin films for internal "
    "reflection spectroscopy, Appl. Opt. 5, 1739, doi:10.1364/AO.5.001739",
    "Bertie & Eysel 1985, Determination of infrared optical and dielectric constants using the CIRCLE "
    "multiple ATR cell, Appl. Spectrosc. 39",
    NULL
};
static const char *const see_also[] = { "convert-y", "convert-x", "subtract-fitted", NULL };

const as_op as_op_atr = {
    .name = "atr",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(atr_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "correct an ATR spectrum for the depth of the light",
             .description =
                 "The evanescent field falls to 1/e at the penetration depth, lambda / (2 pi n1 "
                 "sqrt(sin^2 angle - (n2/n1)^2)). The effective thickness is the path that would give "
                 "the same absorbance in transmission; it depends on the polarization. Both grow with "
                 "the wavelength, so that bands at low wavenumbers come out too strong.\n\n"
                 "Both indices are taken as constant, the absorption as weak and the sample as thicker "
                 "than the depth. The refractive index changes across strong bands: they lie lower, by "
                 "some 1/cm, than in transmission, and these corrections leave them there. Do not "
                 "compare such positions with those of transmission spectra.\n\n"
                 "`--correct dispersion` drops the weakness and the constant index: the index follows "
                 "from the absorption of the whole spectrum by the Kramers-Kronig relation, the "
                 "absorption from Fresnel's equations with that index, in turn until the measured "
                 "absorbance is met. x must be evenly spaced, the baseline zero, and no strong band may "
                 "lie outside of the spectrum. The columns of depth and thickness stay those of the "
                 "constant index.\n\n"
                 "Nothing else is changed: no minimum is taken off. A baseline that is not zero is "
                 "multiplied too, so take it off before.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
