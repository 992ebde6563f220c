/* SPDX-License-Identifier: GPL-3.0-or-later */
/* band-profile: a result of all series (area, atomic fraction) against depth, time, peel or
 * position, one curve per band, with the limits that say where it is there.
 */
#include <fnmatch.h>
#include <math.h>
#include <string.h>

#include "curve.h"
#include "detection.h"
#include "normal.h"
#include "op.h"

typedef struct {
    as_texts item;
    const char *quantity, *along;
    bool limits;
} profile_settings;

static const as_param params[] = {
    AS_TEXTS(profile_settings, item, "item", "", "only these bands; * and ? match as in a shell"),
    AS_STRING(profile_settings, quantity, "quantity", "area", "the result to follow"),
    AS_STRING(profile_settings, along, "along", "auto",
              "metadata for x: depth, etch_time, peel, position"),
    AS_BOOL(profile_settings, limits, "limits", "no",
            "for figures: where a band is not detected, its upper limit stands in its place"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "as --along" },
                                 { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the result" },
                                 { .kind = AS_NEED_ROLE,
                                   .role = AS_ROLE_SIGMA,
                                   .name = "sigma",
                                   .help = "its standard uncertainty" },
                                 { .kind = AS_NEED_ROLE,
                                   .role = AS_ROLE_OTHER,
                                   .name = "critical_level",
                                   .help = "value above which it is detected" },
                                 { .kind = AS_NEED_ROLE,
                                   .role = AS_ROLE_OTHER,
                                   .name = "upper_limit",
                                   .help = "95 % upper limit" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_OTHER,
                                   .name = "detected",
                                   .unit = "1",
                                   .help = "1 present, 0 not detected, nan undecided" },
                                 { 0 } };

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static const char *name_of(const as_table *t)
{
    return t->name ? t->name : "?";
}

static bool varies(const as_held *held, const char *key)
{
    bool differ = false;
    const as_meta *first = as_get_meta(held->t[0], key);
    for (size_t i = 0; i < held->n; i++) {
        const as_meta *m = as_get_meta(held->t[i], key);
        if (!m || !isfinite(m->number)) return false;
        differ |= m->number != first->number;
    }
    return differ;
}

/* The key that orders the series; NULL: their number. */
static const char *along(const as_run *run, const as_held *held)
{
    static const char *const usual[] = { "depth",    "etch_time",   "peel",  "time",
                                         "position", "temperature", "cycle", "index" };
    const profile_settings *set = run->settings;
    if (set->along && strcmp(set->along, "auto") != 0) return set->along;
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
        if (varies(held, usual[k])) return usual[k];
    return NULL;
}

typedef struct places { /* of the series, in the order of the coordinate */
    const char *key;
    as_unit unit;
    double *at;
    size_t *order;
} places;

static as_status places_of(as_run *run, const as_held *held, places *p)
{
    as_ctx *ctx = run->ctx;
    *p = (places){ .key = along(run, held),
                   .unit = AS_UNITLESS,
                   .at = AS_NEW_N(as_scratch(ctx), double, held->n),
                   .order = AS_NEW_N(as_scratch(ctx), size_t, held->n) };
    if (!p->at || !p->order) return AS_ERR;
    for (size_t i = 0; i < held->n; i++) {
        p->at[i] = (double)held->t[i]->number;
        const as_meta *m = p->key ? as_need_meta(ctx, held->t[i], p->key) : NULL;
        if (p->key && !m) return AS_ERR;
        if (m && i == 0) p->unit = m->unit;
        if (m) p->at[i] = as_unit_convert(m->number, &m->unit, &p->unit);
        if (!isfinite(p->at[i]))
            return as_fail(ctx, AS_E_MISSING, NULL,
                           "%s of series %s is '%s', expected a number in %s", p->key,
                           name_of(held->t[i]), m && m->text ? m->text : "", p->unit.symbol);
        size_t k = i;
        for (; k > 0 && p->at[p->order[k - 1]] > p->at[i]; k--) p->order[k] = p->order[k - 1];
        p->order[k] = i;
    }
    for (size_t i = 1; i < held->n; i++)
        if (p->at[p->order[i]] == p->at[p->order[i - 1]])
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "two series have the same %s %g: name another with --along",
                           p->key ? p->key : "number", p->at[p->order[i]]);
    return AS_OK;
}

static bool wanted(const as_texts *patterns, const char *name)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (fnmatch(patterns->v[i], name, 0) == 0) return true;
    return patterns->n == 0;
}

/* Items that have the quantity in any series, in the order in which they appear. */
static as_status items_of(as_run *run, const as_held *held, const char ***out, size_t *n)
{
    const profile_settings *set = run->settings;
    size_t room = 1;
    for (size_t i = 0; i < held->n; i++) room += held->t[i]->n_results;
    *n = 0;
    *out = AS_NEW_N(as_scratch(run->ctx), const char *, room);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < held->n; i++)
        for (size_t k = 0; k < held->t[i]->n_results; k++) {
            const as_result *r = &held->t[i]->result[k];
            bool known = strcmp(r->quantity, set->quantity) != 0 || !wanted(&set->item, r->item);
            for (size_t j = 0; j < *n && !known; j++) known = strcmp((*out)[j], r->item) == 0;
            if (!known) (*out)[(*n)++] = r->item;
        }
    if (*n) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL,
                   "no series has a result '%s'%s; fit-levels or fit gives areas", set->quantity,
                   set->item.n ? " of these items" : "");
}

typedef struct columns {
    as_column *x, *y, *sigma, *critical, *upper, *detected, *bound;
} columns;

static as_status add_columns(as_run *run, as_table *t, const places *p, as_unit unit, columns *c)
{
    const profile_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    c->x = as_add_column(ctx, t, p->key ? p->key : "series_number", AS_ROLE_X, p->unit);
    c->y = as_add_column(ctx, t, set->quantity, AS_ROLE_Y, unit);
    c->sigma = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, unit);
    c->critical = as_add_column(ctx, t, "critical_level", AS_ROLE_OTHER, unit);
    c->upper = as_add_column(ctx, t, "upper_limit", AS_ROLE_OTHER, unit);
    c->detected = as_add_column(ctx, t, "detected", AS_ROLE_OTHER, AS_UNITLESS);
    c->bound = set->limits ? as_add_text(ctx, t, "bound", AS_ROLE_OTHER) : NULL;
    return c->x && c->y && c->sigma && c->critical && c->upper && c->detected &&
                   (c->bound || !set->limits)
               ? AS_OK
               : AS_ERR;
}

static double same_unit(const as_table *t, const char *item, const char *quantity,
                        const as_unit *unit)
{
    const as_result *r = as_get_result(t, item, quantity);
    return r ? as_unit_scale(r->value, &r->unit, unit) : NAN;
}

/* One row. Limits are those of the operation that fitted the band, else Currie's with u for u at
 * zero. */
static void row(const as_table *t, const char *item, const as_result *r, const as_unit *unit,
                columns *c, size_t i)
{
    const double value = as_unit_convert(r->value, &r->unit, unit),
                 u = as_unit_scale(r->u, &r->unit, unit);
    const as_limits l = as_detection_limits(value, u, u, 0);
    const as_result *verdict = as_get_result(t, item, "verdict");
    const bool own =
        strcmp(c->y->name, "area") == 0; /* limits of other quantities stand under the same item */
    double critical = own ? same_unit(t, item, "critical_level", unit) : NAN;
    double upper = own ? same_unit(t, item, "upper_limit", unit) : NAN;
    if (isnan(critical) && u > 0) critical = l.critical_level;
    if (isnan(upper) && u > 0) upper = l.upper_limit;
    c->y->v.f[i] = value;
    c->sigma->v.f[i] = u > 0 ? u : NAN;
    c->critical->v.f[i] = critical;
    c->upper->v.f[i] = upper;
    const double factor = AS_Z999 / AS_Z95; /* present over critical level */
    c->detected->v.f[i] = own && verdict              ? verdict->value
                          : isnan(critical)           ? NAN
                          : value > factor * critical ? 1
                          : value < critical          ? 0
                                                      : NAN;
    if (!c->bound || c->detected->v.f[i] == 1 || isnan(upper)) return;
    c->y->v.f[i] = upper;
    c->bound->v.s[i] = "<";
}

/* "typical.0" of a file with many spectra: the profile is of the file. */
static const char *base_name(as_table *t)
{
    const char *dot = t->name ? strrchr(t->name, '.') : NULL;
    if (!dot || !dot[1] || dot[1 + strspn(dot + 1, "0123456789")]) return t->name;
    return as_strndup(t->arena, t->name, (size_t)(dot - t->name));
}

static as_status profile(as_run *run, const as_held *held, const places *p, const char *item)
{
    const profile_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_table *t = as_table_derive(ctx, held->t[0], held->n);
    columns c;
    size_t n = 0;
    as_unit unit = AS_UNITLESS;
    if (!t) return AS_ERR;
    for (size_t i = held->n; i-- > 0;) {
        const as_result *r = as_get_result(held->t[i], item, set->quantity);
        if (r) unit = r->unit;
    }
    if (p->key) AS_TRY(as_drop_meta(t, p->key));
    t->name = base_name(t);
    t->label = as_strdup(t->arena, item);
    if (!t->label) return AS_ERR;
    AS_TRY(add_columns(run, t, p, unit, &c));
    for (size_t k = 0; k < held->n; k++) {
        const as_table *from = held->t[p->order[k]];
        const as_result *r = as_get_result(from, item, set->quantity);
        const bool good = r && isfinite(r->value) && r->bound == AS_EQUAL &&
                          as_unit_same_dimension(&r->unit, &unit);
        if (!good) {
            as_warn(ctx, t, NULL, "series %s left out: it has no number for %s %s", name_of(from),
                    item, set->quantity);
            continue;
        }
        c.x->v.f[n] = p->at[p->order[k]];
        row(from, item, r, &unit, &c, n++);
    }
    AS_TRY(as_set_rows(ctx, t, n));
    AS_TRY(as_set_meta(ctx, t, "band", item, NULL, NULL));
    return as_emit(run->out, ctx, t);
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    const char **item;
    size_t n;
    places p;
    if (!held->n) return AS_OK;
    AS_TRY(places_of(run, held, &p));
    AS_TRY(items_of(run, held, &item, &n));
    for (size_t k = 0; k < n; k++) AS_TRY(profile(run, held, &p, item[k]));
    return AS_OK;
}

static const as_example examples[] = {
    { "area of a band against depth",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay depth --rate 1nm/s"
      " | assay fit-levels"
      " --model \"gaussian(C-O) center=1355 fwhm=45 + gaussian(PVDF) center=1400 fwhm=14 + "
      "poly3\" --region 1250:1480"
      " | assay band-profile --item C-O" },
    { 0 }
};
static const char *const see_also[] = { "fit-levels", "thickness", "free-of", "trend", NULL };

const as_op as_op_band_profile = {
    .name = "band-profile",
    .group = "depth",
    .effect = AS_REDUCES,
    .settings_size = sizeof(profile_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "a band against depth, time or position, with limits of detection",
             .description =
                 "Takes one result of every series, of all bands that have it or of those that "
                 "`--item` names, and "
                 "gives one curve per band: the coordinate, the value, its standard uncertainty, "
                 "the critical level, the "
                 "95 % upper limit, and whether it was detected. Limits come from `fit-levels`; of "
                 "other results, such as "
                 "atomic fractions, they are Currie's with the uncertainty of the value.\n\n"
                 "With `--limits` a value that is not detected gives way to its upper limit with "
                 "the bound `<`, which "
                 "figures draw as an arrow; such a curve is for the eye and not for `thickness`. "
                 "Holds all series.",
             .examples = examples,
             .see_also = see_also },
};
