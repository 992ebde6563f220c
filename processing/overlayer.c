/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overlayer: the thickness of a closed, even layer from a line of it and one of what it covers.
 *
 * I_o = I_o^inf (1 - exp(-d/(L_o cos t))), I_s = I_s^inf exp(-d/(L_s cos t)); with r = I_o/I_s and
 * r^inf that of the pure materials, r = r^inf (1 - exp(-d/a)) exp(d/b), which has one solution d
 * for every r > 0.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "photoline.h"

typedef struct {
    const char *overlayer, *substrate;
    double length_o, length_s, length_u, ratio, ratio_u, angle;
} overlayer_settings;

static const as_param params[] = {
    AS_STRING(overlayer_settings, overlayer, "overlayer", NULL,
              "REGION/COMPONENT of the layer, or REGION for all of a region"),
    AS_STRING(overlayer_settings, substrate, "substrate", NULL, "likewise, of what is below"),
    AS_DOUBLE(overlayer_settings, ratio, "ratio", NULL, 1e-9, 1e9, NULL,
              "area of the one over that of the other, of the thick pure materials"),
    AS_DOUBLE(overlayer_settings, ratio_u, "ratio-u", "0", 0, 1, NULL,
              "relative standard uncertainty of it"),
    AS_DOUBLE(overlayer_settings, length_o, "length-overlayer", NULL, 1e-3, 1e4, "nm",
              "attenuation length in the layer of its own electrons"),
    AS_DOUBLE(overlayer_settings, length_s, "length-substrate", NULL, 1e-3, 1e4, "nm",
              "in the layer, of the electrons from below"),
    AS_DOUBLE(overlayer_settings, length_u, "length-u", "0.1", 0, 1, NULL,
              "relative standard uncertainty of both, in common"),
    AS_DOUBLE(overlayer_settings, angle, "angle", "0deg", 0, 80, "deg",
              "of the electrons from the normal"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .help = "of both lines" }, { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_RESULT,
                                   .name = "thickness",
                                   .unit = "nm",
                                   .help = "of the region of the layer" },
                                 { 0 } };

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

typedef struct {
    const as_table *t;
    double *weight; /* of each result of t in the area */
    double value, variance;
} line_area;

/* Whether `text`, REGION/COMPONENT or REGION, means the region of `t`; the component behind the
 * slash. */
static bool means(const as_table *t, const char *text, const char **item)
{
    const char *slash = strchr(text, '/'), *name = as_region_name(t);
    *item = slash ? slash + 1 : NULL;
    if (!name) return false;
    char region[64];
    const size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof region) return false;
    memcpy(region, text, n);
    region[n] = '\0';
    return as_is_region(t, region);
}

/* The component's area with both lines of a doublet, or the sum of all, or the net area. */
static as_status area_of(as_ctx *ctx, const as_table *t, const char *item, line_area *a)
{
    bool fitted = false;
    *a = (line_area){ .t = t, .weight = AS_NEW_N(as_scratch(ctx), double, t->n_results + 1) };
    if (!a->weight) return AS_ERR;
    for (size_t i = 0; i < t->n_results; i++)
        fitted |=
            strcmp(t->result[i].quantity, "area") == 0 && strcmp(t->result[i].item, "region") != 0;
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = &t->result[i], *ratio = as_get_result(t, r->item, "ratio");
        if (strcmp(r->quantity, "area") != 0 || !isfinite(r->value)) continue;
        if (item ? strcmp(r->item, item) != 0 : fitted == (strcmp(r->item, "region") == 0))
            continue;
        a->weight[i] = 1 + (ratio ? ratio->value : 0);
        a->value += a->weight[i] * r->value;
    }
    for (size_t i = 0; i < t->n_results; i++)
        for (size_t k = 0; k < t->n_results; k++)
            if (a->weight[i] != 0 && a->weight[k] != 0)
                a->variance += a->weight[i] * a->weight[k] * as_get_covariance(t, i, k);
    for (size_t i = 0; i < t->n_results; i++)
        if (a->weight[i] != 0) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL, "'%s' has no area%s%s", as_region_name(t),
                   item ? " of " : "", item ? item : "");
}

/* a/b and its standard uncertainty. */
static double ratio_of(const line_area *a, const line_area *b, double *u)
{
    double common = 0;
    for (size_t i = 0; a->t == b->t && i < a->t->n_results; i++)
        for (size_t k = 0; k < a->t->n_results; k++)
            if (a->weight[i] != 0 && b->weight[k] != 0)
                common += a->weight[i] * b->weight[k] * as_get_covariance(a->t, i, k);
    const double r = a->value / b->value;
    *u = sqrt(fmax(0, a->variance - 2 * r * common + r * r * b->variance)) / fabs(b->value);
    return r;
}

/* ln of the ratio over r_inf, which rises with d. */
static double log_ratio(double d, double a, double b)
{
    return log(-expm1(-d / a)) + d / b;
}

static double thickness_of(double ratio, double a, double b)
{
    const double want = log(ratio);
    double lo = 1e-12 * a, hi = a;
    if (!(ratio > 0)) return 0;
    while (log_ratio(hi, a, b) < want && hi < 1e6 * a) hi *= 2;
    for (int i = 0; i < 200 && hi - lo > 1e-14 * hi; i++) {
        const double middle = 0.5 * (lo + hi);
        if (log_ratio(middle, a, b) < want)
            lo = middle;
        else
            hi = middle;
    }
    return 0.5 * (lo + hi);
}

static as_status judge(as_run *run, as_table *t, const line_area *o, const line_area *s)
{
    const overlayer_settings *set = run->settings;
    const double c = cos(set->angle * 3.14159265358979323846 / 180);
    const double a = set->length_o * c, b = set->length_s * c;
    as_result out = { .item = set->overlayer,
                      .quantity = "thickness",
                      .unit = as_unit_of("nm"),
                      .u = NAN,
                      .flag = "ok",
                      .method = "single even layer, attenuation lengths as given" };
    if (o->value < 1.645 * sqrt(o->variance)) { /* none that can be told from nothing */
        const double most = fmax(o->value, 0) + 1.645 * sqrt(o->variance);
        out.value = thickness_of(most / s->value / set->ratio, a, b);
        out.bound = AS_BELOW;
        out.flag = "not_detected";
        return as_add_result(run->ctx, t, &out);
    }
    if (s->value < 1.645 * sqrt(s->variance)) { /* nothing comes through */
        const double most = fmax(s->value, 0) + 1.645 * sqrt(s->variance);
        out.value = thickness_of(o->value / most / set->ratio, a, b);
        out.bound = AS_ABOVE;
        out.flag = "not_detected";
        return as_add_result(run->ctx, t, &out);
    }
    double u;
    const double r = ratio_of(o, s, &u), d = thickness_of(r / set->ratio, a, b);
    const double e = exp(-d / a), slope = e / (a * (1 - e)) + 1 / b; /* d ln r / dd */
    out.value = d;
    /* lengths in common: d ln r / d ln L = -d slope, so that d goes as L */
    out.u = sqrt(pow(hypot(u / r, set->ratio_u) / slope, 2) + pow(d * set->length_u, 2));
    return as_add_result(run->ctx, t, &out);
}

static as_status finish(as_run *run)
{
    const overlayer_settings *set = run->settings;
    const as_held *held = run->state;
    size_t found = 0;
    for (size_t i = 0; i < held->n; i++) {
        const char *item, *below;
        line_area o, s;
        size_t k = 0;
        if (!means(held->t[i], set->overlayer, &item)) continue;
        while (k < held->n && !(means(held->t[k], set->substrate, &below) &&
                                as_same_place(held->t[i], held->t[k])))
            k++;
        if (k == held->n)
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "no region of '%s' at the same sample, etch time and place as '%s'",
                           set->substrate, as_region_name(held->t[i]));
        AS_TRY(area_of(run->ctx, held->t[i], item, &o));
        AS_TRY(area_of(run->ctx, held->t[k], below, &s));
        AS_TRY(judge(run, held->t[i], &o, &s));
        found++;
    }
    if (held->n && !found)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "no region is that of '%s'", set->overlayer);
    for (size_t i = 0; i < held->n; i++) AS_TRY(as_emit(run->out, run->ctx, held->t[i]));
    return AS_OK;
}

static const as_example examples[] = {
    { "an oxide of 3 nm on silicon, both lines of each doublet in one region",
      "assay fit --model \"pvoigt(Si) center=99.3 eta=0.3! doublet=Si2p + pvoigt(SiO2) center=103.3 "
      "eta=0.3! doublet=Si2p + shirley + constant\" tests/corpus/xps/oxide.ecsv | assay overlayer "
      "--overlayer 'Si 2p/SiO2' --substrate 'Si 2p/Si' --ratio 1 --length-overlayer 2.79nm "
      "--length-substrate 2.79nm | assay results --quantity thickness" },
    { 0 }
};
static const char *const references[] = {
    "Cumpson 2000, The Thickogram: a method for easy film thickness measurement in XPS, Surf. "
    "Interface Anal. 29, 403, "
    "doi:10.1002/1096-9918(200006)29:6<403::AID-SIA884>3.0.CO;2-8",
    "Seah & Spencer 2002, Ultrathin SiO2 on Si II. Issues in quantification of the oxide "
    "thickness, Surf. Interface "
    "Anal. 33, 640",
    NULL
};
static const char *const see_also[] = { "quantify", "fit", "baseline-shirley", "simulate-xps",
                                        NULL };

const as_op as_op_overlayer = {
    .name = "overlayer",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(overlayer_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "thickness of a layer from the attenuation of what is below",
             .description = "One line of the layer, one of what it covers, at the same sample, "
                            "etch time and place: the ratio of "
                            "their areas gives the thickness of a closed layer of even thickness. "
                            "With equal lengths that is "
                            "L cos(angle) ln(1 + r/ratio). Islands, roughness and mixing give "
                            "other ratios and are not told "
                            "apart from it. Both areas must be on one scale: counts of equal "
                            "times, or rates.\n\n"
                            "Its uncertainty has the areas with their covariance, `--ratio-u` and "
                            "`--length-u`, which usually leads. A "
                            "layer that cannot be told from none is a limit (`<`), and so is one "
                            "that nothing comes through (`>`).",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
