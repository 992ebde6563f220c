/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thickness: the depth to which a band reaches, as a value, as a limit where the profile ends
 * before it, or as absent.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "edge.h"
#include "op.h"

typedef struct {
    const char *item;
} thickness_settings;

static const as_param params[] = { AS_STRING(thickness_settings, item, "item", "",
                                             "name of the results; none: that of the band"),
                                   AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "depth, or time, rising" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "area or fraction of the band" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .help = "its standard uncertainty" },
    { .kind = AS_NEED_COLUMN,
      .name = "critical_level",
      .optional = true,
      .help = "of band-profile; else 1.645 sigma" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "thickness",
      .help = "depth of half the plateau; > where the levels end before" },
    { .kind = AS_NEED_RESULT,
      .name = "half_depth",
      .help = "the same without a shape, between two levels" },
    { .kind = AS_NEED_RESULT, .name = "interface_width", .help = "standard deviation of the edge" },
    { .kind = AS_NEED_RESULT, .name = "plateau", .help = "of the band in the layer" },
    { .kind = AS_NEED_RESULT,
      .name = "detected_to",
      .help = "deepest level on which it is detected" },
    { .kind = AS_NEED_RESULT,
      .name = "detected_levels",
      .unit = "1",
      .help = "number of levels on which it is" },
    { .kind = AS_NEED_RESULT,
      .name = "verdict",
      .unit = "1",
      .help = "present, not_detected or undecided" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MODEL, .name = "model", .help = "the profile fitted" },
    { 0 }
};

typedef struct profile {
    size_t n;
    double *z, *y, *u, *critical;
    size_t *row;
    const as_column *x_column, *y_column;
} profile;

static as_status profile_of(as_run *run, as_table *t, profile *p)
{
    as_ctx *ctx = run->ctx;
    as_curve c;
    AS_TRY(as_curve_of(ctx, t, 1, &c));
    if (as_find_name(t, "bound"))
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "this profile has limits in the place of values: take band-profile "
                       "without --limits");
    if (!c.sigma)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the profile has no sigma, expected an uncertainty of each value");
    const as_column *critical = as_find_name(t, "critical_level");
    *p = (profile){ .z = AS_NEW_N(as_scratch(ctx), double, 4 * c.n + 1),
                    .row = AS_NEW_N(as_scratch(ctx), size_t, c.n + 1),
                    .x_column = c.x_column,
                    .y_column = c.y_column };
    if (!p->z || !p->row) return AS_ERR;
    p->y = p->z + c.n;
    p->u = p->y + c.n;
    p->critical = p->u + c.n;
    for (size_t i = 0; i < c.n; i++) {
        if (!(c.use[i] > 0) || !(c.sigma[i] > 0)) continue;
        p->row[p->n] = i;
        p->z[p->n] = c.x[i];
        p->y[p->n] = c.y[i];
        p->u[p->n] = c.sigma[i];
        p->critical[p->n++] = critical && critical->type == AS_F64
                                  ? critical->v.f[i]
                                  : 1.6448536269514722 * c.sigma[i];
        if (p->n > 1 && !(p->z[p->n - 1] > p->z[p->n - 2]))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "%s does not rise at row %zu", c.x_column->name,
                           i + 1);
    }
    if (p->n >= 4) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "%zu levels with value and uncertainty, expected 4 or more", p->n);
}

/* Relative standard uncertainty of the depth scale, common to all levels. */
static double scale_u(const as_table *t)
{
    static const char *const keys[] = { "etch_rate", "peel_thickness" };
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const as_meta *m = as_get_meta(t, keys[k]);
        if (m && m->u > 0 && m->number > 0) return m->u / m->number;
    }
    return 0;
}

typedef struct answer {
    const char *item, *scale; /* scale: what the method says of the depth scale */
    double relative;
    as_unit x, y;
} answer;

static as_status give(as_run *run, as_table *t, const answer *a, const char *quantity, double value,
                      double u, as_unit unit, as_bound bound, const char *flag, const char *method)
{
    return as_add_result(run->ctx, t,
                         &(as_result){ .item = a->item,
                                       .quantity = quantity,
                                       .value = value,
                                       .u = u,
                                       .unit = unit,
                                       .bound = bound,
                                       .flag = flag,
                                       .method = method });
}

static as_status give_thickness(as_run *run, as_table *t, const answer *a, const profile *p,
                                const as_edge *e)
{
    const char *method = as_format(t->arena, "half of the plateau, erfc edge%s", a->scale);
    if (!method) return AS_ERR;
    switch (e->state) {
    case AS_EDGE_FOUND: {
        const double s_u = isnan(e->s_u) ? NAN : hypot(e->s_u, e->s * a->relative);
        AS_TRY(give(run, t, a, "thickness", e->d, hypot(e->d_u, e->d * a->relative), a->x, AS_EQUAL,
                    "ok", method));
        return give(run, t, a, "interface_width",
                    e->s * (isnan(e->s_u) ? 1 + 1.645 * a->relative : 1), s_u, a->x,
                    isnan(e->s_u) ? AS_BELOW : AS_EQUAL, isnan(e->s_u) ? "below_spacing" : "ok",
                    "standard deviation of the edge; 16 to 84 % is twice it");
    }
    case AS_EDGE_BEYOND:
        method = as_format(t->arena, "above half of the plateau there%s", a->scale);
        if (!method) return AS_ERR;
        return give(run, t, a, "thickness", e->bound * (1 - fmin(0.99, 1.645 * a->relative)), NAN,
                    a->x, AS_ABOVE, "censored", method);
    case AS_EDGE_WITHIN:
        return give(run, t, a, "thickness", e->bound * (1 + 1.645 * a->relative), NAN, a->x,
                    AS_BELOW, "below_spacing", "below half of the highest level from there on");
    case AS_EDGE_NONE:
        return give(run, t, a, "thickness", p->z[1] - p->z[0], NAN, a->x, AS_BELOW, "not_detected",
                    "on no level; free-of says how much could be there");
    default:
        return give(run, t, a, "thickness", NAN, NAN, a->x, AS_EQUAL, "undecided",
                    "neither edge nor plateau can be told");
    }
}

static as_status results(as_run *run, as_table *t, const answer *a, const profile *p,
                         const as_edge *e)
{
    const bool none = e->state == AS_EDGE_NONE, last = e->last >= p->z[p->n - 1];
    AS_TRY(give_thickness(run, t, a, p, e));
    if (isfinite(e->half))
        AS_TRY(give(run, t, a, "half_depth", e->half, hypot(e->half_u, e->half * a->relative), a->x,
                    AS_EQUAL, "ok",
                    "line between two levels; plateau: mean of those above 70 % of the highest"));
    if (!none)
        AS_TRY(give(run, t, a, "plateau", e->plateau, e->plateau_u, a->y, AS_EQUAL, "ok",
                    "of the erfc edge, or mean"));
    if (!none)
        AS_TRY(give(run, t, a, "detected_to", e->last, NAN, a->x, last ? AS_ABOVE : AS_EQUAL, "ok",
                    "deepest level above 3.09 u at zero"));
    AS_TRY(give(run, t, a, "detected_levels", (double)e->n_detected, NAN, AS_UNITLESS, AS_EQUAL,
                "ok", "above 3.09 u at zero"));
    if (isfinite(e->reduced))
        AS_TRY(give(run, t, a, "reduced_chi2", e->reduced, NAN, AS_UNITLESS, AS_EQUAL, "ok",
                    "of the profile"));
    double z = 0;
    for (size_t i = 0; i < p->n; i++) z = fmax(z, p->y[i] / p->critical[i]);
    const bool undecided = none && z > 1;
    return give(run, t, a, "verdict", none ? undecided ? NAN : 0 : 1, NAN, AS_UNITLESS, AS_EQUAL,
                none ? undecided ? "undecided" : "not_detected" : "present", "on any level");
}

/* A layer lies along a depth, the time it took to etch, or numbers of levels. */
static as_status check_axis(as_ctx *ctx, const as_column *x)
{
    static const char *const axes[] = { "nm", "s", "1" };
    for (size_t k = 0; k < sizeof axes / sizeof *axes; k++) {
        const as_unit unit = as_unit_of(axes[k]);
        if (as_unit_same_dimension(&unit, &x->unit)) return AS_OK;
    }
    return as_fail(ctx, AS_E_UNIT, NULL, "%s is in %s, expected a depth, a time or numbers of levels", x->name,
                   x->unit.symbol);
}

static as_status series(as_run *run, as_table *owned)
{
    const thickness_settings *set = run->settings;
    const as_meta *band = as_get_meta(owned, "band");
    profile p;
    as_edge e;
    AS_TRY(profile_of(run, owned, &p));
    AS_TRY(check_axis(run->ctx, p.x_column));
    AS_TRY(as_edge_fit(run->ctx, p.n, p.z, p.y, p.u, p.critical, &e));
    answer a = { .item = set->item            ? set->item
                         : band && band->text ? band->text
                                              : "layer",
                 .relative = scale_u(owned),
                 .scale = "",
                 .x = p.x_column->unit,
                 .y = p.y_column->unit };
    if (a.relative > 0)
        a.scale = as_format(owned->arena, ", depth scale known to %.2g %%", 100 * a.relative);
    if (!a.scale) return AS_ERR;
    AS_TRY(results(run, owned, &a, &p, &e));
    as_column *m = as_curve_column(run->ctx, owned, "model", AS_ROLE_MODEL, a.y);
    if (!m) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++) m->v.f[i] = NAN;
    for (size_t i = 0; i < p.n; i++)
        m->v.f[p.row[i]] =
            e.state == AS_EDGE_FOUND ? as_edge_value(e.plateau, e.d, e.s, p.z[i]) : e.plateau;
    if (e.reduced > 3)
        as_warn(run->ctx, owned, NULL,
                "the profile of %s is not that of a layer with one edge: reduced chi2 is %.3g, "
                "uncertainties are scaled by its root; half_depth asks for no shape",
                a.item, e.reduced);
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "how thick is the layer with this band",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay depth --rate 1nm/s"
      " | assay fit-levels"
      " --model \"gaussian(C-O) center=1355 fwhm=45 + gaussian(PVDF) center=1400 fwhm=14 + "
      "poly3\" --region 1250:1480"
      " | assay band-profile --item C-O"
      " | assay thickness"
      " | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Hofmann 1998, Sputter depth profile analysis of interfaces, Rep. Prog. Phys. 61, 827, "
    "doi:10.1088/0034-4885/61/7/002",
    NULL
};
static const char *const see_also[] = { "band-profile", "free-of", "depth", NULL };

const as_op as_op_thickness = {
    .name = "thickness",
    .group = "depth",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(thickness_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "thickness of a layer from the profile of its band",
             .description =
                 "The layer ends where its band has fallen to half: y = A/2 erfc((z - d)/(sqrt2 "
                 "s)), fitted with the "
                 "uncertainties of the profile, which are scaled up where chi2 says that the shape "
                 "does not fit. *s* is "
                 "roughness, mixing by the ions and depth resolution together; where the levels "
                 "are too far apart to see "
                 "it, it is a limit and *d* is as uncertain as the gap between two levels.\n\n"
                 "A band that is still above half of its plateau on the last level has a thickness "
                 "`> last depth` "
                 "(flag *censored*), a bound that claims understand; a band on no level has `< "
                 "first step` (flag "
                 "*not_detected*). Neither is a number with an uncertainty. *detected_to* is the "
                 "deepest level on which "
                 "the band is detected, which lies below d by some s.\n\n"
                 "*half_depth* is where the levels themselves last fall below half of their "
                 "plateau, by a line "
                 "between two of them: it asks for no shape, and where chi2 says that the profile "
                 "is no "
                 "erfc it is the better answer.\n\n"
                 "The uncertainty of the etching rate, where `depth` was told it, is added to that "
                 "of *d*: it is common to "
                 "all levels.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
