/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pores-hk: micropore sizes by Horvath and Kawazoe, Saito and Foley, Cheng and Yang, Rege and Yang. */
#include <math.h>

#include "hk_atoms.h"
#include "pores_resample.h"

typedef struct {
    as_isotherm_options iso;
    int shape, wall, potential;
    as_range window;
    bool cheng_yang;
    double saturation, molar_volume;
    as_list wall_atom, gas_molecule;
    as_pores_sampling sampling;
} hk_settings;

static const as_choice potentials[] = {
    { "mean", 0, "over the whole pore, Horvath & Kawazoe 1983" },
    { "layers", 1, "of molecules in layers, Rege & Yang 2000" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(hk_settings, shape, "shape", NULL, as_hk_shapes, "of the pores"),
    AS_CHOICE(hk_settings, wall, "wall", NULL, as_hk_walls, "atoms of the wall"),
    AS_CHOICE(hk_settings, potential, "potential", "mean", potentials, "of a molecule in the pore"),
    AS_RANGE(hk_settings, window, "window", "0:0.2", "1", "relative pressures used"),
    AS_BOOL(hk_settings, cheng_yang, "cheng-yang", "no",
            "the correction for the curvature of the isotherm, Cheng & Yang 1994"),
    AS_DOUBLE(hk_settings, saturation, "saturation", "0", 0, 1e4, "mmol/g",
              "amount at full coverage, for --cheng-yang; 0: 1.01 times the largest one used"),
    AS_LIST(hk_settings, wall_atom, "wall-atom", "", NULL,
            "instead of --wall: diameter nm, polarisability nm3, magnetic susceptibility nm3, per m2"),
    AS_LIST(hk_settings, gas_molecule, "gas-molecule", "", NULL,
            "the same of the molecule, where the gas is not nitrogen"),
    AS_DOUBLE(hk_settings, molar_volume, "molar-volume", "0", 0, 1000, "cm3/mol",
              "of the adsorbed phase; 0: that of the liquid"),
    AS_ISOTHERM_PARAMS(hk_settings),
    AS_ISOTHERM_DOSE(hk_settings),
    AS_PORES_SAMPLING(hk_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};

static as_status atom_of(as_ctx *ctx, const as_list *list, const char *option, as_hk_atom *out)
{
    if (list->n != 4)
        return as_fail(ctx, AS_E_USAGE, NULL, "--%s has %zu numbers, expected 4", option, list->n);
    for (size_t i = 0; i < 4; i++)
        if (!(list->v[i] > 0))
            return as_fail(ctx, AS_E_USAGE, NULL, "--%s: %g found, expected a number above 0", option, list->v[i]);
    *out = (as_hk_atom){ list->v[0], list->v[1], list->v[2], list->v[3] };
    return AS_OK;
}

static as_status model_of(as_ctx *ctx, const hk_settings *set, const as_isotherm *iso, as_hk *hk)
{
    *hk = (as_hk){ .shape = (as_hk_shape)set->shape, .wall = *as_hk_wall(set->wall),
                   .kelvin = as_isotherm_kelvin(iso), .layers = set->potential == 1 };
    if (set->wall_atom.n) AS_TRY(atom_of(ctx, &set->wall_atom, "wall-atom", &hk->wall));
    if (set->gas_molecule.n) return atom_of(ctx, &set->gas_molecule, "gas-molecule", &hk->gas);
    const as_hk_atom *gas = as_hk_gas(iso->gas->name);
    if (gas) {
        hk->gas = *gas;
        return AS_OK;
    }
    return as_fail(ctx, AS_E_MISSING, NULL,
                   "the molecule of %s is not tabulated for these equations; give --gas-molecule", iso->gas->name);
}

typedef struct sizes {
    size_t n, unsolved;
    double *width;
    size_t *at; /* of the isotherm */
} sizes;

/* Widths of the points used; ln p + 1 + ln(1 - theta)/theta with the correction. */
static as_status widths_of(as_ctx *ctx, const hk_settings *set, const as_isotherm *iso, const as_hk *hk,
                           sizes *out)
{
    size_t first = 0, last = 0;
    if (!as_isotherm_window(iso, set->window.lo, set->window.hi, 3, &first, &last))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 points in the window");
    double most = set->saturation;
    for (size_t i = first; i <= last && !(set->saturation > 0); i++) most = fmax(most, 1.01 * iso->uptake[i]);
    *out = (sizes){ .width = AS_NEW_N(as_scratch(ctx), double, last - first + 1),
                    .at = AS_NEW_N(as_scratch(ctx), size_t, last - first + 1) };
    if (!out->width || !out->at) return AS_ERR;
    for (size_t i = first; i <= last; i++) {
        const double theta = iso->uptake[i] / most;
        const double correction = set->cheng_yang ? 1 + log(1 - theta) / theta : 0;
        const double w = as_hk_width(hk, log(iso->x[i]) + correction);
        if (!isfinite(w) || (out->n && w <= out->width[out->n - 1])) {
            out->unsolved++;
            continue;
        }
        out->width[out->n] = w;
        out->at[out->n++] = i;
    }
    return AS_OK;
}

typedef struct refill {
    as_ctx *ctx;
    const hk_settings *set;
    const as_hk *hk;
    as_isotherm iso;
    sizes s;
    double *volume, molar_volume;
} refill;

/* Volumes of the classes between neighbouring widths, into r->volume. */
static void classes_of(const refill *r, const double *uptake, as_pores *out)
{
    const sizes *s = &r->s;
    const double factor = r->molar_volume * 1e-3;
    for (size_t i = 1; i < s->n; i++) r->volume[i - 1] = factor * (uptake[s->at[i]] - uptake[s->at[i - 1]]);
    out->n = s->n ? s->n - 1 : 0;
    out->lower = s->width;
    out->upper = s->width + 1;
    out->volume = r->volume;
    out->below = s->n ? factor * uptake[s->at[0]] : 0;
}

/* With the correction the widths hang on the amounts as well. */
static as_status again(void *user, const double *uptake, as_pores *out)
{
    refill *r = user;
    if (r->set->cheng_yang) {
        as_isotherm other = r->iso;
        double *copy = AS_NEW_N(as_scratch(r->ctx), double, other.n);
        if (!copy) return AS_ERR;
        for (size_t i = 0; i < other.n; i++) copy[i] = uptake[i];
        other.uptake = copy;
        AS_TRY(widths_of(r->ctx, r->set, &other, r->hk, &r->s));
    }
    classes_of(r, uptake, out);
    return AS_OK;
}

static as_status emit(as_run *run, as_table *owned, refill *r)
{
    const hk_settings *set = r->set;
    as_ctx *ctx = run->ctx;
    const char *method = as_format(as_scratch(ctx),
                                   "%s_%s;%s;T=%.3fK;molar_volume=%.4fcm3/mol;internal_width;bootstrap=%d",
                                   set->potential ? set->cheng_yang ? "RY-CY" : "RY" : set->cheng_yang ? "HK-CY" : "HK",
                                   as_hk_shapes[set->shape].name,
                                   set->wall_atom.n ? "given_wall" : as_hk_walls[set->wall].name, r->hk->kelvin,
                                   r->molar_volume, set->sampling.count);
    double u[AS_PORES_MOMENTS], *volume = AS_NEW_N(as_scratch(ctx), double, 2 * r->iso.n + 1);
    if (!volume || !method) return AS_ERR;
    as_pores p = { .molecule = r->hk->gas.diameter, .item = "HK",
                   .label = set->shape == AS_HK_SLIT ? "internal pore width" : "internal pore diameter",
                   .method = method };
    as_amounts amounts;
    r->volume = volume;
    classes_of(r, r->iso.uptake, &p);
    r->volume = volume + r->iso.n;
    AS_TRY(as_amounts_of(ctx, &r->iso, set->iso.u_dose, &amounts));
    if (p.n) AS_TRY(as_pores_resample(ctx, &set->sampling, owned->number, &amounts, again, r, &p, u, NULL));
    p.u = u;
    return as_pores_emit(run, owned, &p);
}

static as_status series(as_run *run, as_table *owned)
{
    const hk_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    as_hk hk;
    sizes s = { 0 };
    double molar_volume = NAN;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_isotherm_need_gas(ctx, &iso));
    AS_TRY(as_isotherm_molar_volume(ctx, owned, &iso, set->molar_volume, &molar_volume));
    AS_TRY(model_of(ctx, set, &iso, &hk));
    AS_TRY(widths_of(ctx, set, &iso, &hk, &s));
    if (s.unsolved)
        as_warn(ctx, owned, NULL, "%zu points left out: below the deepest potential, or not wider than the one before",
                s.unsolved);
    refill r = { ctx, set, &hk, iso, s, NULL, molar_volume };
    return emit(run, owned, &r);
}

static const as_example examples[] = {
    { "slit pores of carbon",
      "assay pores-hk --shape slit --wall carbon --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay results --quantity pore_mode" },
    { "cylinders of an aluminosilicate, as a figure",
      "assay pores-hk --shape cylinder --wall aluminosilicate --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay plot-distribution -o micropores.svg" },
    { "molecules in layers instead of a mean potential",
      "assay pores-hk --shape slit --wall carbon --potential layers --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay results --quantity median_pore_width" },
    { 0 }
};
static const char *const references[] = {
    "Horvath & Kawazoe 1983, J. Chem. Eng. Jpn. 16, 470",
    "Saito & Foley 1991, AIChE J. 37, 429",
    "Cheng & Yang 1994, Chem. Eng. Sci. 49, 2599",
    "Rege & Yang 2000, AIChE J. 46, 734",
    NULL
};
static const char *const see_also[] = { "pores-bjh", "t-plot", "plot-distribution", NULL };

const as_op as_op_pores_hk = {
    .name = "pores-hk",
    .group = "sorption",
    .effect = AS_DERIVES,
    .settings_size = sizeof(hk_settings),
    .params = params,
    .needs = needs,
    .gives = as_pores_gives,
    .series = series,
    .doc = { .summary = "micropore sizes by Horvath-Kawazoe, Saito-Foley, Cheng-Yang or Rege-Yang",
             .description =
                 "Each pressure fills the pores whose mean potential it equals. The width is internal: the "
                 "distance of the nuclei of opposite walls less the diameter of a wall atom. Rows are the "
                 "classes between neighbouring points; the cumulative volume begins with what the first point "
                 "has. Uncertainties are those of amounts drawn again: of the doses with `--u-dose`, else by the "
                 "scatter about neighbouring points, which knows nothing of errors that add up along the branch. "
                 "Mode and median have that of their class as well: its width over sqrt(12).\n\n"
                 "The sum over the rings of a cylinder is taken to convergence. In a sphere the two terms of "
                 "each power come from averaging the potential of a shell over the ball inside.\n\n"
                 "With `--potential layers` the potential of cylinders and spheres jumps where one more layer fits "
                 "in: no pores are found of some widths and many at the jump, which is the equations' doing. "
                 "The published equations of the sphere, of both potentials, are in the limit of a wide pore pi times "
                 "as strong as those of the plane with the same atoms: sizes of spheres come out too large, and are "
                 "given as published.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
