/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell: refine a unit cell on the fitted positions of its reflections. */
#include <math.h>
#include <string.h>

#include "cell_refine.h"
#include "diffraction_line.h"
#include "op.h"

typedef struct {
    const char *cell, *hkl;
    as_line_settings line;
    double radius;
    as_range range;
    bool zero, displacement, axial;
    int misfit;
} cell_settings;

enum { EXTRA, SCALE };
static const as_choice misfits[] = {
    { "extra", EXTRA, "one further standard deviation for all positions, found from their scatter" },
    { "scale", SCALE, "all uncertainties times the root of reduced chi2" },
    { 0 }
};

static const as_param params[] = {
    AS_STRING(cell_settings, cell, "cell", NULL,
              "to start from: system:parameters:centring or space group:parameters"),
    AS_STRING(cell_settings, hkl, "hkl", "", "reflections to use, by comma; none: all with a position"),
    AS_RANGE(cell_settings, range, "range", ":", "deg", "positions to use"),
    AS_BOOL(cell_settings, zero, "zero", "no", "refine the error of the two-theta zero"),
    AS_BOOL(cell_settings, displacement, "displacement", "yes", "refine the sample displacement"),
    AS_BOOL(cell_settings, axial, "axial", "no", "refine a term c cot(2theta) of axial divergence"),
    AS_CHOICE(cell_settings, misfit, "misfit", "extra", misfits,
              "what to do when the positions scatter more than their uncertainties"),
    AS_DOUBLE(cell_settings, radius, "radius", "0mm", 0, 5000, "mm",
              "of the goniometer; 0: that of the data"),
    AS_LINE_PARAMS(cell_settings, line),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .unit = "deg",
      .help = "of reflections: items are indices, as reflection names them" },
    { .kind = AS_NEED_META, .name = "wavelength", .unit = "Angstrom", .optional = true,
      .help = "unless --wavelength is given" },
    { .kind = AS_NEED_META, .name = "goniometer_radius", .unit = "mm", .optional = true,
      .help = "for the displacement, unless --radius is given" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "a", .unit = "Angstrom", .help = "and b, c, alpha, beta, gamma" },
    { .kind = AS_NEED_RESULT, .name = "volume", .unit = "Angstrom3", .help = "of the cell" },
    { .kind = AS_NEED_RESULT, .name = "zero", .unit = "deg", .help = "observed less true angle" },
    { .kind = AS_NEED_RESULT, .name = "displacement", .unit = "mm",
      .help = "positive: the sample lies away from the source" },
    { .kind = AS_NEED_RESULT, .name = "axial", .unit = "deg", .help = "coefficient of cot(2theta)" },
    { .kind = AS_NEED_RESULT, .name = "reduced_chi2", .unit = "1", .help = "of the positions" },
    { .kind = AS_NEED_RESULT, .name = "extra_scatter", .unit = "deg",
      .help = "of the positions beyond their uncertainties" },
    { 0 }
};

static bool chosen(const char *list, const int hkl[3])
{
    if (!list || !*list) return true;
    for (const char *at = list; *at;) {
        int h[3];
        const size_t length = strcspn(at, ",");
        if (as_hkl_parse(at, length, h) && memcmp(h, hkl, sizeof h) == 0) return true;
        at += length + (at[length] == ',');
    }
    return false;
}

/* The positions of the series' results: which ones, and their covariance. */
static as_status gather(as_ctx *ctx, const as_table *t, const cell_settings *set, as_cell_problem *p)
{
    as_arena *scratch = as_scratch(ctx);
    const as_unit deg = as_unit_of("deg");
    size_t *which = AS_NEW_N(scratch, size_t, t->n_results + 1);
    int(*hkl)[3] = as_alloc(scratch, t->n_results + 1, sizeof *hkl);
    double *at = AS_NEW_N(scratch, double, t->n_results + 1);
    if (!which || !hkl || !at) return AS_ERR;
    bool known = true;
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = &t->result[i];
        int h[3];
        if (strcmp(r->quantity, "position") != 0 || !isfinite(r->value) ||
            !as_unit_same_dimension(&r->unit, &deg))
            continue;
        if (!as_hkl_parse(r->item, strlen(r->item), h) || !chosen(set->hkl, h)) continue;
        const double v = as_unit_convert(r->value, &r->unit, &deg);
        if (v < set->range.lo || v > set->range.hi) continue;
        known = known && r->u > 0;
        memcpy(hkl[p->n], h, sizeof h);
        at[p->n] = v;
        which[p->n++] = i;
    }
    if (!p->n)
        return as_fail(ctx, AS_E_MISSING, NULL, "no result 'position' whose item is a reflection such as "
                       "111, expected from reflection --positions free");
    double *cov = AS_NEW_N(scratch, double, p->n * p->n);
    if (!cov) return AS_ERR;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->n; j++)
            cov[i * p->n + j] = known ? as_get_covariance(t, which[i], which[j]) : i == j;
    p->hkl = (const int(*)[3])hkl;
    p->two_theta = at;
    p->covariance = cov;
    return AS_OK;
}

static as_status radius_of(as_ctx *ctx, const as_table *t, const cell_settings *set, double *out)
{
    const as_meta *m = as_get_meta(t, "goniometer_radius");
    const as_unit mm = as_unit_of("mm");
    *out = set->radius > 0 ? set->radius : m ? as_unit_convert(m->number, &m->unit, &mm) : NAN;
    if (*out > 0 || !set->displacement) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL, "the displacement needs the radius of the goniometer "
                   "(--radius), or --no-displacement");
}

static as_unit unit_of(const char *name)
{
    if (strcmp(name, "displacement") == 0) return as_unit_of("mm");
    return as_unit_of(name[1] == '\0' ? "Angstrom" : "deg");
}

/* dV/dp by central difference, for the uncertainty of the volume. */
static double volume_u(const as_cell_problem *p)
{
    const size_t n = as_cell_free(p->cell.symmetry.system);
    double slope[AS_CELL_PARAMETERS], sum = 0;
    for (size_t k = 0; k < n; k++) {
        as_cell c = p->cell;
        double v[AS_CELL_PARAMETERS];
        memcpy(v, p->value, sizeof v);
        v[k] = p->value[k] * (1 + 1e-6);
        as_cell_set(&c, v);
        const double up = as_cell_volume(&c);
        v[k] = p->value[k] * (1 - 1e-6);
        as_cell_set(&c, v);
        slope[k] = (up - as_cell_volume(&c)) / (2e-6 * p->value[k]);
    }
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < n; j++)
            sum += slope[k] * slope[j] * p->covariance_out[k * p->n_values + j];
    return sqrt(sum);
}

static as_status give_all(as_ctx *ctx, as_table *t, const as_cell_problem *p)
{
    const size_t m = p->n_values;
    size_t at[AS_CELL_PARAMETERS];
    bool mixed = false;
    for (size_t k = 0; k < m; k++) {
        const bool lost = p->inflation[k] > AS_NOT_SEPARABLE;
        mixed = mixed || lost;
        at[k] = t->n_results;
        const as_result r = { .item = "cell", .quantity = p->name[k], .value = p->value[k],
                              .u = sqrt(p->covariance_out[k * (m + 1)]), .unit = unit_of(p->name[k]),
                              .flag = lost ? "not_separable" : "ok",
                              .method = "2theta_obs=2theta+zero-2s/R*cos(theta)+c*cot(2theta)" };
        AS_TRY(as_add_result(ctx, t, &r));
    }
    AS_TRY(as_set_covariance(ctx, t, m, at, p->covariance_out));
    if (mixed)
        as_warn(ctx, t, NULL, "these positions do not separate the parameters flagged not_separable: "
                "leave one out, or measure to higher angles");
    const as_result volume = { .item = "cell", .quantity = "volume", .value = as_cell_volume(&p->cell),
                               .u = volume_u(p), .unit = as_unit_of("Angstrom3"), .flag = "ok",
                               .method = "cell" };
    const as_result chi2 = { .item = "cell", .quantity = "reduced_chi2", .u = NAN, .unit = AS_UNITLESS,
                             .value = p->degrees ? p->chi2 / (double)p->degrees : NAN, .flag = "ok",
                             .method = "positions" };
    const as_result count = { .item = "cell", .quantity = "degrees_of_freedom", .u = NAN,
                              .value = (double)p->degrees, .unit = AS_UNITLESS, .flag = "ok",
                              .method = "positions" };
    const as_result extra = { .item = "cell", .quantity = "extra_scatter", .value = p->extra, .u = NAN,
                              .unit = as_unit_of("deg"), .flag = "ok", .method = "Paule_Mandel1982" };
    AS_TRY(as_add_result(ctx, t, &volume));
    if (!p->scale) AS_TRY(as_add_result(ctx, t, &extra));
    AS_TRY(as_add_result(ctx, t, &chi2));
    return as_add_result(ctx, t, &count);
}

static as_status series(as_run *run, as_table *owned)
{
    const cell_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_doublet line;
    as_cell_problem p = { .zero = set->zero, .displacement = set->displacement, .axial = set->axial,
                          .scale = set->misfit == SCALE };
    AS_TRY(as_cell_parse(ctx, set->cell, &p.cell));
    AS_TRY(as_line_of(ctx, owned, &set->line, &line));
    p.wavelength = line.alpha1;
    AS_TRY(radius_of(ctx, owned, set, &p.radius));
    AS_TRY(gather(ctx, owned, set, &p));
    AS_TRY(as_cell_refine(ctx, as_scratch(ctx), &p));
    AS_TRY(give_all(ctx, owned, &p));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the cell of a simulated HKUST-1 powder",
      "assay reflection --cell cubic:26.343:F --hkl 200,220,222,400,331,440 --positions free --axial-fixed"
      " datasets/chang2022/xrd/activated.xrdml | assay cell --cell cubic:26.343:F"
      " | assay results --item cell" },
    { 0 }
};
static const char *const references[] = {
    "Paule & Mandel 1982, Consensus values and weighting factors, J. Res. NBS 87, 377, "
    "doi:10.6028/jres.087.022",
    "Klug & Alexander 1974, X-Ray Diffraction Procedures, 2nd edition, chapter 5: errors of the "
    "diffractometer",
    NULL
};
static const char *const see_also[] = { "reflection", "hkl", NULL };

const as_op as_op_cell = {
    .name = "cell",
    .group = "diffraction",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(cell_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "refine a cell on fitted positions of reflections",
             .description =
                 "Positions come from `reflection --positions free` or any other step whose items are "
                 "indices. The model is 2theta_obs = 2theta(cell) + zero - (2 s/R) cos(theta) + c "
                 "cot(2theta): s is positive when the sample lies away from the source, zero when the "
                 "scale reads too much.\n\n"
                 "Positions are weighted with their covariance. When they scatter more than that allows, "
                 "the model is not exact, and a common further standard deviation is added to all "
                 "(`extra_scatter`) until chi2 fits: strong lines then do not outweigh weak ones by "
                 "precision that the model does not have. "
                 "A parameter whose esd is more than 30 times what it would be if the others were "
                 "known is flagged *not_separable*: zero and displacement differ only by the fall of "
                 "cos(theta), and need high angles.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
