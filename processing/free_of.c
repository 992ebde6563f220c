/* SPDX-License-Identifier: GPL-3.0-or-later */
/* free-of: how much of a foreign layer could be there without being seen. "Free of" is said with a
 * limit: the equivalent thickness, the integral of the band's profile over that of the layer at its
 * full concentration.
 */
#include <fnmatch.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "curve.h"
#include "detection.h"
#include "normal.h"
#include "number.h"
#include "op.h"

typedef struct {
    as_texts allowed, plateau;
    as_tables reference;
} free_settings;

static const as_param params[] = {
    AS_TEXTS(free_settings, allowed, "allowed", "",
             "bands that may be there; * and ? match as in a shell"),
    AS_TABLES(free_settings, reference, "reference", "",
              "what `thickness` found on a sample with the layer: its plateaus"),
    AS_TEXTS(free_settings, plateau, "plateau", "",
             "BAND=VALUE~U of a plateau instead, in the unit of the profile"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "depth, rising" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "area of one band, from band-profile" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .help = "its standard uncertainty" },
    { .kind = AS_NEED_COLUMN,
      .name = "critical_level",
      .optional = true,
      .help = "of band-profile; else 1.645 sigma" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "equivalent_thickness",
      .help = "of each band not allowed, and the worst of all" },
    { .kind = AS_NEED_RESULT, .name = "critical_level", .help = "of the equivalent thickness" },
    { .kind = AS_NEED_RESULT, .name = "detection_limit", .help = "likewise" },
    { .kind = AS_NEED_RESULT,
      .name = "upper_limit",
      .help = "likewise, 95 %; for all bands together" },
    { .kind = AS_NEED_RESULT,
      .name = "verdict",
      .unit = "1",
      .help = "present, not_detected or undecided" },
    { 0 }
};


typedef struct residue { /* of one band */
    as_table *t;
    const char *item;
    as_unit unit;
    double thickness, u, zero_u;
    bool open; /* it is still there on the last level */
} residue;

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static const char *item_of(const as_table *t)
{
    const as_meta *band = as_get_meta(t, "band");
    return band && band->text ? band->text : t->label ? t->label : t->name ? t->name : "?";
}

static bool allowed(const free_settings *set, const char *item)
{
    for (size_t i = 0; i < set->allowed.n; i++)
        if (fnmatch(set->allowed.v[i], item, 0) == 0) return true;
    return false;
}

/* "C-O=2.39~0.01"; the band's name may hold anything but that last '='. */
static as_status typed(as_ctx *ctx, const char *text, const char *item, double *value, double *u,
                       bool *found)
{
    const char *equals = strrchr(text, '=');
    const size_t n = equals ? (size_t)(equals - text) : 0, room = equals ? strlen(equals + 1) : 0;
    const size_t first = equals ? as_scan_number(equals + 1, room, '.', value) : 0;
    *u = 0;
    if (first == 0 || !(*value > 0))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "--plateau: '%s' found, expected BAND=VALUE~U above 0", text);
    const char *rest = equals + 1 + first;
    const size_t second = *rest == '~' ? as_scan_number(rest + 1, strlen(rest + 1), '.', u) : 0;
    if (*rest && (*rest != '~' || second == 0 || rest[1 + second] || !(*u >= 0)))
        return as_fail(ctx, AS_E_USAGE, NULL, "--plateau: '%s' found, expected BAND=VALUE~U", text);
    *found = strlen(item) == n && strncmp(text, item, n) == 0;
    return AS_OK;
}

/* Area of the band in the layer at its full concentration. */
static as_status plateau_of(as_run *run, const char *item, const as_unit *unit, double *value,
                            double *u)
{
    const free_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    for (size_t k = 0; k < set->plateau.n; k++) {
        bool found;
        AS_TRY(typed(ctx, set->plateau.v[k], item, value, u, &found));
        if (found) return AS_OK;
    }
    for (size_t k = 0; k < set->reference.n; k++) {
        const as_result *r = as_get_result(set->reference.t[k], item, "plateau");
        if (!r || !isfinite(r->value)) continue;
        if (!as_unit_same_dimension(&r->unit, unit))
            return as_fail(ctx, AS_E_UNIT, NULL, "the plateau of '%s' is in %s, the profile in %s",
                           item, r->unit.symbol, unit->symbol);
        *value = as_unit_convert(r->value, &r->unit, unit);
        *u = r->u > 0 ? as_unit_scale(r->u, &r->unit, unit) : 0;
        if (*value > 3 * *u) return AS_OK;
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the plateau of '%s' in %s is %g with u %g: no layer to compare with", item,
                       set->reference.from, *value, *u);
    }
    return as_fail(
        ctx, AS_E_MISSING, NULL,
        "no plateau of the band '%s' in --reference or --plateau: its area is no thickness "
        "yet (or is it --allowed?)",
        item);
}

/* Integral by trapezia, and its uncertainties with the errors of the levels independent. */
static as_status integrate(as_run *run, as_table *t, residue *out)
{
    as_ctx *ctx = run->ctx;
    as_curve c;
    double plateau, plateau_u, sum = 0, square = 0, zero = 0, last = NAN, last_critical = NAN;
    AS_TRY(as_curve_of(ctx, t, 2, &c));
    if (as_find_name(t, "bound"))
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "this profile has limits in the place of values: take band-profile without "
                       "--limits");
    if (!c.sigma)
        return as_fail(ctx, AS_E_MISSING, NULL, "the profile of '%s' has no sigma", item_of(t));
    const as_column *critical = as_find_name(t, "critical_level");
    *out = (residue){ .t = t, .item = item_of(t), .unit = c.x_column->unit };
    AS_TRY(plateau_of(run, out->item, &c.y_column->unit, &plateau, &plateau_u));
    size_t before = c.n;
    for (size_t i = 0; i < c.n; i++) {
        if (!(c.use[i] > 0) || !(c.sigma[i] > 0)) continue;
        size_t next = i + 1;
        while (next < c.n && !(c.use[next] > 0 && c.sigma[next] > 0)) next++;
        const double low = before < c.n ? c.x[before] : c.x[i],
                     high = next < c.n ? c.x[next] : c.x[i];
        const double w = 0.5 * (high - low), level = critical && critical->type == AS_F64
                                                         ? critical->v.f[i]
                                                         : AS_Z95 * c.sigma[i];
        if (!(w >= 0) || high < low)
            return as_fail(ctx, AS_E_NUMERIC, NULL, "%s does not rise at row %zu", c.x_column->name,
                           i + 1);
        sum += w * c.y[i];
        square += w * w * c.sigma[i] * c.sigma[i];
        zero += w * w * level * level;
        last = c.y[i];
        last_critical = level;
        before = i;
    }
    out->thickness = sum / plateau;
    out->u = hypot(sqrt(square) / plateau, out->thickness * plateau_u / plateau);
    out->zero_u = sqrt(zero) / AS_Z95 / plateau;
    out->open = last > AS_Z999 / AS_Z95 * last_critical;
    if (out->zero_u > 0) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "the profile of '%s' has no two levels with an uncertainty", out->item);
}

static const char *const words[] = { "not_detected", "undecided", "present" };

typedef struct verdict {
    const char *item, *method;
    double critical, limit, upper;
    as_detection what;
} verdict;

static as_status give(as_run *run, as_table *t, const residue *r, const verdict *v)
{
    const struct {
        const char *quantity;
        double value, u;
        as_unit unit;
        as_bound bound;
        const char *flag;
    } all[] = { { "equivalent_thickness", r->thickness, r->u, r->unit,
                  r->open ? AS_ABOVE : AS_EQUAL, r->open ? "censored" : words[v->what] },
                { "critical_level", v->critical, NAN, r->unit, AS_EQUAL, "ok" },
                { "detection_limit", v->limit, NAN, r->unit, AS_EQUAL, "ok" },
                { "upper_limit", v->upper, NAN, r->unit, AS_EQUAL, r->open ? "censored" : "ok" },
                { "verdict", v->what == AS_UNDECIDED_PEAK ? NAN : v->what == AS_PRESENT, NAN,
                  AS_UNITLESS, AS_EQUAL, words[v->what] } };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        AS_TRY(as_add_result(run->ctx, t,
                             &(as_result){ .item = v->item,
                                           .quantity = all[k].quantity,
                                           .value = all[k].value,
                                           .u = all[k].u,
                                           .unit = all[k].unit,
                                           .bound = all[k].bound,
                                           .flag = all[k].flag,
                                           .method = v->method }));
    return AS_OK;
}

static as_status give_band(as_run *run, const residue *r)
{
    const as_limits l = as_detection_limits(r->thickness, r->u, r->zero_u, 0);
    return give(run, r->t, r,
                &(verdict){ r->item, "integral of the profile over the plateau; Currie",
                            l.critical_level, l.detection_limit, l.upper_limit, l.verdict });
}

/* k bands are k chances to be wrong: each is judged at 5 %/k (Bonferroni). */
static as_status give_all(as_run *run, size_t n, const residue *r)
{
    const double z = gsl_cdf_ugaussian_Pinv(1 - 0.05 / (double)n),
                 sure = gsl_cdf_ugaussian_Pinv(1 - 1e-3 / (double)n);
    size_t worst = 0;
    double most = -INFINITY;
    as_detection what = AS_NOT_DETECTED;
    const char *names = "";
    for (size_t k = 0; k < n && names; k++) {
        const double upper = fmax(r[k].thickness, 0) + z * r[k].u, q = r[k].thickness / r[k].zero_u;
        const as_detection one = q > sure ? AS_PRESENT
                                 : q < z  ? AS_NOT_DETECTED
                                          : AS_UNDECIDED_PEAK;
        if (one > what) what = one;
        if (upper > most) most = upper, worst = k;
        names = as_format(as_scratch(run->ctx), "%s%s%s", names, k ? ", " : "", r[k].item);
    }
    const char *method =
        names ? as_format(r[0].t->arena, "worst of %zu: %s; each at 5 %%/%zu", n, names, n) : NULL;
    if (!method) return AS_ERR;
    return give(
        run, r[0].t, &r[worst],
        &(verdict){ "all", method, z * r[worst].zero_u, 2 * z * r[worst].zero_u, most, what });
}

static as_status finish(as_run *run)
{
    const free_settings *set = run->settings;
    const as_held *held = run->state;
    residue *r = AS_NEW_N(as_scratch(run->ctx), residue, held->n + 1);
    size_t n = 0;
    if (!r) return AS_ERR;
    for (size_t k = 0; k < held->n; k++) {
        if (allowed(set, item_of(held->t[k]))) continue;
        AS_TRY(integrate(run, held->t[k], &r[n]));
        AS_TRY(give_band(run, &r[n++]));
    }
    if (held->n && n == 0)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "all %zu bands are --allowed: there is nothing to be free of", held->n);
    if (n) AS_TRY(give_all(run, n, r));
    for (size_t k = 0; k < held->n; k++) AS_TRY(as_emit(run->out, run->ctx, held->t[k]));
    return AS_OK;
}

static const as_example examples[] = {
    { "a film without the layer: less than how much",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/clean.csv"
      " | assay depth --rate 1nm/s"
      " | assay fit-levels"
      " --model \"gaussian(C-O) center=1355! fwhm=45! + gaussian(PVDF) center=1400 fwhm=14 + "
      "poly3\" --region 1250:1480"
      " | assay band-profile"
      " | assay free-of --allowed PVDF --plateau C-O=2.39~0.02"
      " | assay results" },
    { 0 }
};
static const char *const references[] = { "Currie 1968, Limits for qualitative detection and "
                                          "quantitative determination, Anal. Chem. 40, 586, "
                                          "doi:10.1021/ac60259a007",
                                          NULL };
static const char *const see_also[] = { "band-profile", "thickness", "fit-levels", NULL };

const as_op as_op_free_of = {
    .name = "free-of",
    .group = "depth",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(free_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "say of bands that should not be there how thick a layer could hide",
             .description = "For every band that is not `--allowed` the profile is integrated over "
                            "depth and divided by the plateau "
                            "the band has where the layer is whole (`--reference`, a step or file "
                            "of `thickness` on such a sample): the "
                            "*equivalent_thickness*, whatever its distribution. Its limits are "
                            "Currie's; nothing is ever only *free*: "
                            "the answer is *not_detected* with an *upper_limit* in nm, or "
                            "*present* with a value, even if the value is "
                            "small.\n\n"
                            "The item *all* is the worst of the bands, with the limits of a joint "
                            "statement: each band at 5 %/k.\n\n"
                            "Positions and widths of the bands must be held (`center=1355! "
                            "fwhm=45!`) at those of the sample that has "
                            "the layer. What has other bands than those of the model is not looked "
                            "for: see the residuals (`average` "
                            "and `peaks` of the column residual). A band still present on the last "
                            "level is a `>`. Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
