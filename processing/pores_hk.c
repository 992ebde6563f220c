/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pores-hk: micropore sizes by Horvath and Kawazoe, Saito and Foley, Cheng and Yang, Rege and Yang. */
#include <math.h>

#include "hk_atoms.h"
#include "pores.h"

typedef struct {
    as_isotherm_options iso;
    int shape, wall, potential;
    as_range window;
    bool cheng_yang;
    double saturation, molar_volume;
    as_list wall_atom, gas_molecule;
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
    double *width, *volume;
    size_t *at; /* of the isotherm */
} sizes;

/* Widths and filled volumes of the points used; ln p + 1 + ln(1 - theta)/theta with the correction. */
static as_status widths_of(as_ctx *ctx, const hk_settings *set, const as_isotherm *iso, const as_hk *hk,
                           double molar_volume, sizes *out)
{
    size_t first = 0, last = 0;
    if (!as_isotherm_window(iso, set->window.lo, set->window.hi, 3, &first, &last))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 points in the window");
    double most = set->saturation;
    for (size_t i = first; i <= last && !(set->saturation > 0); i++) most = fmax(most, 1.01 * iso->uptake[i]);
    *out = (sizes){ .width = AS_NEW_N(as_scratch(ctx), double, last - first + 1),
                    .volume = AS_NEW_N(as_scratch(ctx), double, last - first + 1),
                    .at = AS_NEW_N(as_scratch(ctx), size_t, last - first + 1) };
    if (!out->width || !out->volume || !out->at) return AS_ERR;
    for (size_t i = first; i <= last; i++) {
        const double theta = iso->uptake[i] / most;
        const double correction = set->cheng_yang ? 1 + log(1 - theta) / theta : 0;
        const double w = as_hk_width(hk, log(iso->x[i]) + correction);
        if (!isfinite(w) || (out->n && w <= out->width[out->n - 1])) {
            out->unsolved++;
            continue;
        }
        out->width[out->n] = w;
        out->at[out->n] = i;
        out->volume[out->n++] = molar_volume * 1e-3 * iso->uptake[i];
    }
    return AS_OK;
}

typedef struct refill {
    const sizes *s;
    as_pores pores;
    double *volume, factor;
} refill;

static as_status again(void *user, const double *uptake, double *out)
{
    refill *r = user;
    const sizes *s = r->s;
    for (size_t i = 1; i < s->n; i++) r->volume[i - 1] = r->factor * (uptake[s->at[i]] - uptake[s->at[i - 1]]);
    r->pores.below = r->factor * uptake[s->at[0]];
    as_pores_moments(&r->pores, out);
    return AS_OK;
}

/* By the doses, the widths being those of the pressures; mode and median by their class too. */
static as_status uncertainties(as_ctx *ctx, const hk_settings *set, const as_isotherm *iso, const sizes *s,
                               const as_pores *p, double molar_volume, double *u)
{
    refill r = { s, *p, AS_NEW_N(as_scratch(ctx), double, s->n + 1), molar_volume * 1e-3 };
    if (!r.volume) return AS_ERR;
    r.pores.volume = r.volume;
    AS_TRY(as_isotherm_dose_u(ctx, iso, set->iso.u_dose, again, &r, AS_PORES_MOMENTS, u));
    as_pores_widen(p, u);
    return AS_OK;
}

static as_status emit(as_run *run, as_table *owned, const hk_settings *set, const as_isotherm *iso, const as_hk *hk,
                      const sizes *s, double molar_volume)
{
    as_ctx *ctx = run->ctx;
    double *volume = AS_NEW_N(as_scratch(ctx), double, s->n + 1);
    const char *method = as_format(as_scratch(ctx), "%s_%s;%s;T=%.3fK;molar_volume=%.4fcm3/mol;internal_width",
                                   set->potential ? set->cheng_yang ? "RY-CY" : "RY" : set->cheng_yang ? "HK-CY" : "HK",
                                   as_hk_shapes[set->shape].name,
                                   set->wall_atom.n ? "given_wall" : as_hk_walls[set->wall].name, hk->kelvin,
                                   molar_volume);
    if (!volume || !method) return AS_ERR;
    for (size_t i = 1; i < s->n; i++) volume[i - 1] = s->volume[i] - s->volume[i - 1];
    as_pores p = { .n = s->n ? s->n - 1 : 0, .lower = s->width, .upper = s->width + 1, .volume = volume,
                         .below = s->n ? s->volume[0] : 0, .molecule = hk->gas.diameter, .item = "HK",
                         .label = set->shape == AS_HK_SLIT ? "internal pore width" : "internal pore diameter",
                         .method = method };
    double u[AS_PORES_MOMENTS];
    if (set->iso.u_dose > 0 && !set->cheng_yang && s->n > 1) {
        AS_TRY(uncertainties(ctx, set, iso, s, &p, molar_volume, u));
        p.u = u;
    }
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
    AS_TRY(widths_of(ctx, set, &iso, &hk, molar_volume, &s));
    if (s.unsolved)
        as_warn(ctx, owned, NULL, "%zu points left out: below the deepest potential, or not wider than the one before",
                s.unsolved);
    return emit(run, owned, set, &iso, &hk, &s, molar_volume);
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
                 "has. The uncertainties of mode and median are those of their class: its width over sqrt(12).\n\n"
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
