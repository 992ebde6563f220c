/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hkl: the reflections that a cell allows. */
#include <math.h>

#include "crystal.h"
#include "op.h"

typedef struct {
    const char *cell;
    double wavelength;
    as_range range;
} hkl_settings;

static const as_param params[] = {
    AS_STRING(hkl_settings, cell, "cell", NULL,
              "system:parameters:centring or space group:parameters, as in cubic:26.343:F"),
    AS_DOUBLE(hkl_settings, wavelength, "wavelength", "1.5405929Angstrom", 0.01, 100, "Angstrom",
              "of the radiation"),
    AS_RANGE(hkl_settings, range, "range", "1:90", "deg", "of two-theta"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "two_theta", .unit = "deg", .help = "Bragg angle" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "multiplicity", .unit = "1",
      .help = "of the Laue class" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "d_spacing", .unit = "Angstrom",
      .help = "of the planes" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_LABEL, .name = "hkl", .unit = "", .help = "as 111" },
    { 0 }
};

static as_status fill(as_run *run, size_t n, const as_reflection *r, as_table *t)
{
    const hkl_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_column *x = as_add_column(ctx, t, "two_theta", AS_ROLE_X, as_unit_of("deg"));
    as_column *y = as_add_column(ctx, t, "multiplicity", AS_ROLE_Y, AS_UNITLESS);
    as_column *d = as_add_column(ctx, t, "d_spacing", AS_ROLE_OTHER, as_unit_of("Angstrom"));
    as_column *name = as_add_text(ctx, t, "hkl", AS_ROLE_LABEL);
    if (!x || !y || !d || !name) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        char text[AS_HKL_TEXT];
        as_hkl_text((int[]){ r[i].h, r[i].k, r[i].l }, text);
        x->v.f[i] = as_two_theta(r[i].d, set->wavelength);
        y->v.f[i] = r[i].multiplicity;
        d->v.f[i] = r[i].d;
        if (!(name->v.s[i] = as_strdup(t->arena, text))) return AS_ERR;
    }
    return AS_OK;
}

static as_status source(as_run *run)
{
    const hkl_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_cell cell;
    as_reflection *r;
    size_t n;
    AS_TRY(as_cell_parse(ctx, set->cell, &cell));
    const double hi = fmin(set->range.hi, 180), lo = fmax(set->range.lo, 0);
    if (!(hi > lo)) return as_fail(ctx, AS_E_USAGE, NULL, "the range %g:%g holds no angle", lo, hi);
    AS_TRY(as_reflections(ctx, as_scratch(ctx), &cell, as_d_spacing(hi, set->wavelength),
                          lo > 0 ? as_d_spacing(lo, set->wavelength) : 1e6, &r, &n));
    as_table *t = as_table_new(ctx, n);
    if (!t) return AS_ERR;
    t->technique = "xrd";
    AS_TRY(fill(run, n, r, t));
    AS_TRY(as_set_number(ctx, t, "wavelength", set->wavelength, NAN, as_unit_of("Angstrom"), NULL));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "the first reflections of HKUST-1", "assay hkl --cell cubic:26.343:F --wavelength 1.5406 "
                                          "--range 5:15" },
    { "zinc oxide", "assay hkl --cell P63mc:3.2498,5.2066 --range 30:50" },
    { 0 }
};
static const char *const references[] = {
    "International Tables for Crystallography A: symmetry operations and reflection conditions", NULL
};
static const char *const see_also[] = { "reflection", "cell", "plot-stack", NULL };

const as_op as_op_hkl = {
    .name = "hkl",
    .group = "diffraction",
    .effect = AS_DERIVES,
    .settings_size = sizeof(hkl_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "list the reflections that a cell allows",
             .description =
                 "The cell is a crystal system with its parameters and centring (`cubic:26.343:F`, "
                 "`hexagonal:3.25,5.21:P`) or a space group with its parameters (`Fm-3m:26.343`). "
                 "Systematic absences and multiplicities follow from the symmetry operations, those of "
                 "glide planes and screw axes included. A space group that is not in the list is "
                 "refused: its system and centring give all but those.\n\n"
                 "Free parameters, by comma: a (cubic); a,c (tetragonal, trigonal and hexagonal); "
                 "a,b,c; a,b,c,beta; a,b,c,alpha,beta,gamma. Monoclinic cells have unique axis b, "
                 "rhombohedral ones hexagonal axes. Several rows of one spacing are reflections that "
                 "overlap for good, such as 333 and 511.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
