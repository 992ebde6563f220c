/* SPDX-License-Identifier: GPL-3.0-or-later */
/* select: which series, which columns, and which roles they play. */
#include <fnmatch.h>
#include <math.h>
#include <string.h>

#include "number.h"
#include "op.h"

typedef struct {
    as_ranges series;
    as_texts name, columns, role, where;
} select_settings;

static const as_param params[] = {
    AS_RANGES(select_settings, series, "series", "", "1", "numbers of the series to keep: 0:3,7"),
    AS_TEXTS(select_settings, name, "name", "",
             "only series of these names; * and ? match as in a shell"),
    AS_TEXTS(select_settings, columns, "columns", "",
             "keep these columns only, separated by commas; x and y stay"),
    AS_TEXTS(select_settings, role, "role", "",
             "give roles: x=time,y=heat_flow; who had the role before becomes other"),
    AS_TEXTS(select_settings, where, "where", "",
             "only series whose metadata fit: KEY=TEXT (patterns), KEY=LO:HI or KEY=NUMBER, in its unit or with one"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

static bool matches(const as_texts *patterns, const char *name)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (fnmatch(patterns->v[i], name ? name : "", 0) == 0) return true;
    return patterns->n == 0;
}

/* A number of `n` characters, in the unit of the metadata where none follows; *number false: something else is
 * written there. n 0: *out stays. */
static as_status read_end(as_ctx *ctx, const as_meta *m, const char *text, size_t n, double *out, bool *number)
{
    as_unit given;
    if (n == 0) return AS_OK;
    const size_t used = as_scan_number(text, n, '.', out);
    const char *name = as_strndup(as_scratch(ctx), text + used, n - used);
    if (!name) return AS_ERR;
    name += strspn(name, " ");
    *number = *number && used > 0;
    if (!*number || *name == '\0') return AS_OK;
    AS_TRY(as_unit_parse(ctx, as_scratch(ctx), name, &given));
    *number = !given.opaque;
    if (!*number) return AS_OK;
    if (!as_unit_same_dimension(&given, &m->unit))
        return as_fail(ctx, AS_E_UNIT, NULL, "--where: '%s' is in %s, not in a unit like %s", m->key,
                       m->unit.symbol ? m->unit.symbol : "1", given.symbol);
    *out = as_unit_convert(*out, &given, &m->unit);
    return AS_OK;
}

/* KEY=LO:HI and KEY=NUMBER for numbers, KEY=PATTERN for texts. */
static as_status fits(as_ctx *ctx, const as_table *t, const char *where, bool *out)
{
    const char *equals = strchr(where, '=');
    if (!equals) return as_fail(ctx, AS_E_USAGE, NULL, "--where '%s' is not KEY=VALUE", where);
    const char *key = as_strndup(as_scratch(ctx), where, (size_t)(equals - where)),
               *value = equals + 1;
    if (!key) return AS_ERR;
    const as_meta *m = as_get_meta(t, key);
    const char *colon = strchr(value, ':');
    const size_t first = colon ? (size_t)(colon - value) : strlen(value);
    double lo = -INFINITY, hi = INFINITY;
    *out = false;
    if (!m) return AS_OK;
    bool number = isfinite(m->number) && *value;
    if (number) AS_TRY(read_end(ctx, m, value, first, &lo, &number));
    if (number && colon) AS_TRY(read_end(ctx, m, colon + 1, strlen(colon + 1), &hi, &number));
    const double rounding = 1e-12 * fabs(m->number);
    *out = number ? m->number >= lo - rounding && m->number <= (colon ? hi : lo) + rounding
                  : fnmatch(value, m->text ? m->text : "", 0) == 0;
    return AS_OK;
}

static as_status wanted(as_ctx *ctx, const select_settings *set, const as_table *t, bool *out)
{
    *out = as_in_ranges(&set->series, t->number) && matches(&set->name, t->name);
    for (size_t i = 0; i < set->where.n && *out; i++) AS_TRY(fits(ctx, t, set->where.v[i], out));
    return AS_OK;
}

static as_status give_role(as_ctx *ctx, as_table *t, const char *pair)
{
    const char *equals = strchr(pair, '=');
    const char *role_name =
        equals ? as_strndup(as_scratch(ctx), pair, (size_t)(equals - pair)) : pair;
    as_role role;
    if (!role_name) return AS_ERR;
    if (!equals || !as_role_of(role_name, &role))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "--role '%s' is not ROLE=COLUMN with a role x, y, sigma, baseline, model, "
                       "component, mask, label or other",
                       pair);
    as_column *c = as_need_column(ctx, t, equals + 1);
    if (!c) return AS_ERR;
    const bool single = role != AS_ROLE_OTHER && role != AS_ROLE_COMPONENT;
    for (size_t i = 0; single && i < t->n_columns; i++)
        if (t->column[i]->role == role) t->column[i]->role = AS_ROLE_OTHER;
    c->role = role;
    return AS_OK;
}

typedef as_status part_fn(as_ctx *ctx, as_table *t, const char *part);

static as_status each_part(as_ctx *ctx, as_table *t, const as_texts *texts, part_fn *one)
{
    for (size_t i = 0; i < texts->n; i++) {
        char *at = as_strdup(as_scratch(ctx), texts->v[i]);
        if (!at) return AS_ERR;
        while (at) {
            char *comma = strchr(at, ',');
            if (comma) *comma++ = '\0';
            AS_TRY(one(ctx, t, at));
            at = comma;
        }
    }
    return AS_OK;
}

static as_status must_have(as_ctx *ctx, as_table *t, const char *name)
{
    if (as_find(t, name)) return AS_OK;
    return as_need_column(ctx, t, name) ? AS_OK : AS_ERR;
}

static bool listed(const as_table *t, const as_texts *columns, const as_column *c)
{
    for (size_t i = 0; i < columns->n; i++) {
        const char *at = columns->v[i];
        while (*at) {
            const size_t n = strcspn(at, ",");
            char name[128];
            if (n < sizeof name) {
                memcpy(name, at, n);
                name[n] = '\0';
                if (as_find(t, name) == c) return true;
            }
            at += n + (at[n] == ',');
        }
    }
    return false;
}

static void keep_columns(as_table *t, const as_texts *columns)
{
    as_column *kept[512];
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns && n < sizeof kept / sizeof *kept; i++) {
        as_column *c = t->column[i];
        if (c->role == AS_ROLE_X || c->role == AS_ROLE_Y || listed(t, columns, c)) kept[n++] = c;
    }
    memcpy(t->column, kept, n * sizeof *kept);
    t->n_columns = n;
}

static as_status series(as_run *run, as_table *owned)
{
    const select_settings *set = run->settings;
    bool keep;
    AS_TRY(wanted(run->ctx, set, owned, &keep));
    if (!keep) return AS_OK;
    AS_TRY(each_part(run->ctx, owned, &set->role, give_role));
    AS_TRY(each_part(run->ctx, owned, &set->columns, must_have));
    if (set->columns.n) keep_columns(owned, &set->columns);
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the first series of several",
      "assay cat tests/corpus/xrd/small.xy tests/corpus/xrd/small.xy | assay select --series 0" },
    { 0 }
};
static const char *const see_also[] = { "crop", "set", "results", NULL };

const as_op as_op_select = {
    .name = "select",
    .group = "select",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(select_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "choose series, columns and the roles that columns play",
             .description = "Conditions on series all have to hold. Roles are given before columns "
                            "are dropped, so "
                            "`--role x=time,y=heat_flow --columns temperature` works in one call. "
                            "Roles may be named "
                            "wherever a column is asked for.",
             .examples = examples,
             .see_also = see_also },
};
