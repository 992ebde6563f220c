/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pores-dft: pore sizes from an isotherm and a kernel, the isotherms of pores of single widths. */
#include <math.h>
#include <string.h>

#include "pore_kernel.h"
#include "pores_resample.h"

enum { PER_VOLUME, STP_PER_VOLUME, FILLING };
enum { ROWS_PORES, ROWS_ISOTHERM };

typedef struct {
    as_isotherm_options iso;
    const as_input *kernel;
    as_range window;
    int unit, penalty, rows;
    double strength, molar_volume;
    as_pores_sampling sampling;
} dft_settings;

static const as_choice units[] = {
    { "mmol/cm3", PER_VOLUME, "amount in a volume of pores, as the kernels of pyGAPS have it" },
    { "cm3(STP)/cm3", STP_PER_VOLUME, "the same as gas" },
    { "filling", FILLING, "part of the volume that is filled with liquid" },
    { 0 }
};
static const as_choice penalties[] = {
    { "none", AS_PORE_PLAIN, "least squares alone: spikes where the kernel cannot tell widths apart" },
    { "gcv", AS_PORE_GCV, "strength by generalised cross validation" },
    { "l-curve", AS_PORE_LCURVE, "strength at the corner of the L-curve" },
    { "given", AS_PORE_GIVEN, "--strength" },
    { 0 }
};
static const as_choice outputs[] = {
    { "pores", ROWS_PORES, "the distribution" },
    { "isotherm", ROWS_ISOTHERM, "the isotherm, with model and residual" },
    { 0 }
};
static const as_param params[] = {
    AS_FILE(dft_settings, kernel, "kernel", NULL,
            "table of the kernel: pore widths in nm in the first line, then a pressure and amounts in each"),
    AS_CHOICE(dft_settings, unit, "kernel-unit", "mmol/cm3", units, "of the kernel's amounts"),
    AS_RANGE(dft_settings, window, "window", "0:1", "1", "relative pressures used"),
    AS_CHOICE(dft_settings, penalty, "regularise", "gcv", penalties, "hold the distribution smooth"),
    AS_DOUBLE(dft_settings, strength, "strength", "0", 0, 1e6, NULL,
              "of the penalty, for --regularise given; 1: as heavy as the data"),
    AS_CHOICE(dft_settings, rows, "rows", "pores", outputs, "what comes out"),
    AS_PORES_SAMPLING(dft_settings),
    AS_DOUBLE(dft_settings, molar_volume, "molar-volume", "0", 0, 1000, "cm3/mol",
              "of the liquid, for --kernel-unit filling; 0: that of the gas"),
    AS_ISOTHERM_PARAMS(dft_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};

typedef struct inversion {
    as_ctx *ctx;
    as_pore_kernel kernel;
    as_pore_inverse inverse;
    size_t n, *row;      /* points used, by rising pressure, and their rows of the table */
    double *p, *amount, *fitted, *volume, *sigma, u[AS_PORES_MOMENTS];
    double strength, residual2, effective;
    bool at_end;
} inversion;

static as_status factor_of(as_ctx *ctx, as_table *t, const dft_settings *set, const as_isotherm *iso, double *out)
{
    double volume = NAN;
    *out = set->unit == STP_PER_VOLUME ? 1 / 22.41396954 : 1;
    if (set->unit != FILLING) return AS_OK;
    AS_TRY(as_isotherm_molar_volume(ctx, t, iso, set->molar_volume, &volume));
    *out = 1000 / volume;
    return AS_OK;
}

/* The points inside the window and the kernel. */
static as_status take_points(as_ctx *ctx, as_table *t, const dft_settings *set, const as_isotherm *iso, inversion *v)
{
    const as_pore_kernel *k = &v->kernel;
    const bool falls = iso->x[1] < iso->x[0];
    size_t outside = 0;
    v->p = AS_NEW_N(as_scratch(ctx), double, 3 * iso->n + 2 * k->n_w);
    v->row = AS_NEW_N(as_scratch(ctx), size_t, iso->n);
    if (!v->p || !v->row) return AS_ERR;
    v->amount = v->p + iso->n;
    v->fitted = v->amount + iso->n;
    v->volume = v->fitted + iso->n;
    v->sigma = v->volume + k->n_w;
    for (size_t i = 0; i < iso->n; i++) {
        const size_t at = falls ? iso->n - 1 - i : i;
        const double p = iso->x[at];
        if (p < set->window.lo || p > set->window.hi) continue;
        if (p < k->p[0] || p > k->p[k->n_p - 1]) {
            outside++;
            continue;
        }
        v->p[v->n] = p;
        v->amount[v->n] = iso->uptake[at];
        v->row[v->n++] = iso->row[at];
    }
    if (outside)
        as_warn(ctx, t, NULL, "%zu points left out: the kernel is for p/p0 %.4g to %.4g", outside, k->p[0],
                k->p[k->n_p - 1]);
    if (v->n < 5)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points inside window and kernel, at least 5 are needed", v->n);
    return AS_OK;
}

static as_pores pores_of(const inversion *v, const double *volume)
{
    const as_pore_kernel *k = &v->kernel;
    return (as_pores){ .n = k->n_w, .lower = k->edge, .upper = k->edge + 1, .volume = volume, .width = k->width };
}

static as_status again(void *user, const double *amount, as_pores *out)
{
    inversion *v = user;
    AS_TRY(as_pore_inverse_again(v->ctx, &v->inverse, amount));
    out->volume = v->inverse.volume;
    return AS_OK;
}

/* Residuals, widened for the parameters they were fitted with, put back at random upon the fitted curve. */
static as_status uncertainties(as_ctx *ctx, const dft_settings *set, inversion *v, uint64_t stream)
{
    double *residual = AS_NEW_N(as_scratch(ctx), double, v->n);
    const as_pores best = pores_of(v, v->volume);
    if (!residual) return AS_ERR;
    for (size_t i = 0; i < v->n; i++) residual[i] = v->amount[i] - v->fitted[i];
    const as_amounts amounts = { .draw = AS_DRAW_POOLED, .n = v->n, .base = v->fitted, .residual = residual,
                                 .widen = sqrt((double)v->n / fmax((double)v->n - v->effective, 1)) };
    return as_pores_resample(ctx, &set->sampling, stream, &amounts, again, v, &best, v->u,
                             set->sampling.count > 1 ? v->sigma : NULL);
}

static as_status invert(as_ctx *ctx, as_table *t, const dft_settings *set, double factor, inversion *v)
{
    as_pore_inverse *inverse = &v->inverse;
    double *data = AS_NEW_N(as_scratch(ctx), double, v->n * v->kernel.n_w);
    if (!data) return AS_ERR;
    AS_TRY(as_pore_kernel_at(ctx, &v->kernel, v->n, v->p, factor, data));
    AS_TRY(as_pore_inverse_new(as_scratch(ctx), &v->kernel, v->n, data, v->amount, inverse));
    v->strength = set->penalty == AS_PORE_GIVEN ? set->strength : 0;
    if (set->penalty == AS_PORE_GCV || set->penalty == AS_PORE_LCURVE)
        AS_TRY(as_pore_inverse_choose(ctx, inverse, (as_pore_penalty)set->penalty, &v->strength, &v->at_end));
    else
        AS_TRY(as_pore_inverse_solve(ctx, inverse, v->strength));
    as_pore_inverse_fitted(inverse, v->fitted);
    memcpy(v->volume, inverse->volume, v->kernel.n_w * sizeof *v->volume);
    v->residual2 = inverse->residual2;
    v->effective = inverse->effective;
    AS_TRY(uncertainties(ctx, set, v, t->number));
    if (v->at_end)
        as_warn(ctx, t, NULL, "the strength %g of the penalty lies at the end of those tried", v->strength);
    return AS_OK;
}

static as_status give_fit(as_ctx *ctx, as_table *t, const inversion *v, const char *method)
{
    const double rms = sqrt(v->residual2 / (double)v->n);
    double most = 0;
    for (size_t i = 0; i < v->n; i++) most = fmax(most, v->amount[i]);
    AS_TRY(as_add_quantity(ctx, t, "DFT", "rms_residual", rms, NAN, "mmol/g", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "DFT", "relative_residual", 100 * rms / most, NAN, "%", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "DFT", "regularisation", v->strength, NAN, "1", v->at_end ? "at_bound" : "ok",
                           method));
    AS_TRY(as_add_quantity(ctx, t, "DFT", "effective_parameters", v->effective, NAN, "1", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "DFT", "points_used", (double)v->n, NAN, "1", NULL, method));
    if (rms > 0.02 * most)
        as_warn(ctx, t, NULL, "the kernel does not describe this isotherm: the residual is %.2g %% of the largest "
                "amount", 100 * rms / most);
    return AS_OK;
}

/* The isotherm with what the distribution gives, in the unit of the isotherm. */
static as_status emit_isotherm(as_run *run, as_table *owned, const inversion *v)
{
    as_ctx *ctx = run->ctx;
    const as_column *uptake = as_find_name(owned, "uptake");
    as_column *model = as_add_column(ctx, owned, "model", AS_ROLE_MODEL, uptake->unit);
    as_column *residual = as_add_column(ctx, owned, "residual", AS_ROLE_OTHER, uptake->unit);
    if (!model || !residual) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++) model->v.f[i] = residual->v.f[i] = NAN;
    for (size_t i = 0; i < v->n; i++) {
        const size_t row = v->row[i];
        const double given = uptake->v.f[row], scale = v->amount[i] != 0 ? given / v->amount[i] : 1;
        model->v.f[row] = v->fitted[i] * scale;
        residual->v.f[row] = given - model->v.f[row];
    }
    return as_emit(run->out, ctx, owned);
}

/* The name without its folders. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static as_status series(as_run *run, as_table *owned)
{
    const dft_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    inversion v = { .ctx = ctx };
    double factor = NAN;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_pore_kernel_read(ctx, as_scratch(ctx), set->kernel, &v.kernel));
    AS_TRY(factor_of(ctx, owned, set, &iso, &factor));
    AS_TRY(take_points(ctx, owned, set, &iso, &v));
    AS_TRY(invert(ctx, owned, set, factor, &v));
    const char *method = as_format(as_scratch(ctx), "kernel=%s;nnls;regularise=%s;bootstrap=%d;%s",
                                   base_name(set->kernel->name), penalties[set->penalty].name, set->sampling.count,
                                   as_branches[set->iso.branch].name);
    if (!method) return AS_ERR;
    if (set->rows == ROWS_ISOTHERM) {
        AS_TRY(give_fit(ctx, owned, &v, method));
        return emit_isotherm(run, owned, &v);
    }
    as_pores p = pores_of(&v, v.volume);
    p.item = "DFT";
    p.label = "pore width";
    p.method = method;
    p.u = v.u;
    p.sigma = set->sampling.count > 1 ? v.sigma : NULL;
    return as_pores_emit(run, owned, &p);
}

static const as_example examples[] = {
    { "the distribution of two classes of pores",
      "assay pores-dft --kernel tests/corpus/sorption/kernel.csv tests/corpus/sorption/two-classes.csv --gas N2"
      " | assay results" },
    { "whether the kernel describes the isotherm at all",
      "assay pores-dft --kernel tests/corpus/sorption/kernel.csv --rows isotherm --bootstrap 0 --gas N2"
      " tests/corpus/sorption/two-classes.csv | assay results --quantity rms_residual" },
    { 0 }
};
static const char *const references[] = {
    "Seaton, Walton & Quirke 1989, Carbon 27, 853",
    "Lawson & Hanson 1974, Solving Least Squares Problems, Prentice-Hall, ch. 23",
    "Golub, Heath & Wahba 1979, Technometrics 21, 215, doi:10.1080/00401706.1979.10489751",
    "Hansen 1992, SIAM Rev. 34, 561, doi:10.1137/1034115",
    NULL
};
static const char *const see_also[] = { "pores-hk", "pores-bjh", "plot-distribution", "plot-fit", NULL };

const as_op as_op_pores_dft = {
    .name = "pores-dft",
    .group = "sorption",
    .effect = AS_DERIVES,
    .settings_size = sizeof(dft_settings),
    .params = params,
    .needs = needs,
    .gives = as_pores_gives,
    .series = series,
    .doc = { .summary = "pore sizes by inversion of a kernel of isotherms, as from density functional theory",
             .description =
                 "The isotherm is a sum of the kernel's isotherms with volumes that cannot be negative, found by "
                 "non-negative least squares. `--regularise` adds a penalty on the squared second derivative of "
                 "dV/d ln w over ln w; its strength, and the parameters that are left, are results. The kernel is "
                 "interpolated over ln p (PCHIP); points outside its pressures are left out.\n\n"
                 "A kernel fits best what it was made for: gas, temperature, wall and shape. Look at the fitted "
                 "isotherm (`--rows isotherm`, then `plot-fit`) before believing the sizes; a residual above 2 % gives "
                 "a warning.\n\n"
                 "Uncertainties are those of resampled residuals at a fixed strength; those of mode and median "
                 "include the distance of the kernel's widths. What the penalty smoothes away is not in them.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
