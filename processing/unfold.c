/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unfold: a table with one column per spectrum into one series per spectrum. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "number.h"
#include "op.h"
#include "vocabulary.h"

typedef struct {
    const char *name, *unit, *y;
} unfold_settings;

static const as_param params[] = {
    AS_STRING(unfold_settings, y, "y", "",
              "what the columns hold (absorbance, intensity); none: the name of the first"),
    AS_STRING(unfold_settings, name, "name", "",
              "metadata that the number in each column's heading is: etch_time, depth, peel, "
              "temperature"),
    AS_STRING(unfold_settings, unit, "unit", "",
              "of these numbers; none: what stands behind them, else that of the vocabulary"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "common to all columns" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the first spectrum" },
    { 0 }
};
static const as_give gives[] = { { 0 } };

/* A spectrum: numbers in the unit of y, without a role of its own. */
static bool is_spectrum(const as_column *c, const as_column *y)
{
    return c == y || (c->type == AS_F64 && c->role == AS_ROLE_OTHER &&
                      as_unit_same_dimension(&c->unit, &y->unit));
}

/* The first number of a heading, and the word behind it. */
static bool number_in(const char *text, double *value, const char **word, size_t *n_word)
{
    for (const char *c = text; *c; c++) {
        const size_t n = as_scan_number(c, strlen(c), '.', value);
        const bool start = c == text || strchr(" _=([", c[-1]);
        if (n == 0 || !start || !isfinite(*value)) continue;
        *word = c + n + strspn(c + n, " _");
        *n_word = strcspn(*word, " _,;)]");
        return true;
    }
    return false;
}

static as_status coordinate(as_run *run, as_table *t, const char *heading)
{
    const unfold_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_word_entry *known = as_vocabulary(AS_WORD_META, set->name);
    const char *usual = known && *known->unit ? known->unit : "1", *word;
    size_t n;
    double value;
    as_unit unit, behind;
    const as_unit want = as_unit_of(usual);
    if (!number_in(heading, &value, &word, &n))
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the column '%s' has no number in its heading for --name %s", heading,
                       set->name);
    const char *text = as_strndup(t->arena, word, n);
    if (!text) return AS_ERR;
    AS_TRY(as_unit_parse(ctx, t->arena, *text ? text : "1", &behind));
    AS_TRY(as_unit_parse(ctx, t->arena, set->unit ? set->unit : usual, &unit));
    if (!set->unit && *text && !behind.opaque && as_unit_same_dimension(&behind, &want))
        unit = behind;
    if (unit.opaque)
        return as_fail(ctx, AS_E_USAGE, NULL, "--unit: '%s' is no unit known here", set->unit);
    if (known && *known->unit && !as_unit_same_dimension(&unit, &want))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s in %s, expected a unit like %s", set->name,
                       unit.symbol, usual);
    char number[AS_NUMBER_MAX];
    const size_t length = as_write_number(value, number);
    t->label = as_format(t->arena, "%.*s %s", (int)length, number, strcmp(unit.symbol, "1") ? unit.symbol : "");
    if (!t->label) return AS_ERR;
    return as_set_number(ctx, t, set->name, value, NAN, unit, NULL);
}

static const char *heading_of(const as_column *c)
{
    return c->label && *c->label ? c->label : c->name;
}

static as_status spectrum(as_run *run, const as_table *from, const as_column *x, const as_column *y,
                          const as_column *first, size_t k)
{
    const unfold_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_table *t = as_table_derive(ctx, from, from->rows);
    if (!t) return AS_ERR;
    const as_column *mask = as_find_role(from, AS_ROLE_MASK);
    as_column *tx = as_add_column(ctx, t, x->name, AS_ROLE_X, x->unit);
    as_column *ty = as_add_column(ctx, t, set->y ? set->y : first->name, AS_ROLE_Y, y->unit);
    as_column *tm = mask ? as_add_column(ctx, t, mask->name, AS_ROLE_MASK, AS_UNITLESS) : NULL;
    if (!tx || !ty || (mask && !tm)) return AS_ERR;
    memcpy(tx->v.f, x->v.f, from->rows * sizeof *tx->v.f);
    memcpy(ty->v.f, y->v.f, from->rows * sizeof *ty->v.f);
    if (tm) memcpy(tm->v.f, mask->v.f, from->rows * sizeof *tm->v.f);
    t->name = as_format(t->arena, "%s.%zu", from->name ? from->name : "series", k);
    t->label = as_strdup(t->arena, heading_of(y));
    if (!t->name || !t->label) return AS_ERR;
    if (strstr(t->label, "simulated") && !as_get_meta(t, "simulated"))
        AS_TRY(as_set_meta(ctx, t, "simulated", "the column's heading says so", NULL, NULL));
    if (set->name) AS_TRY(coordinate(run, t, heading_of(y)));
    return as_emit(run->out, ctx, t);
}

static as_status series(as_run *run, as_table *owned)
{
    as_column *x = as_need(run->ctx, owned, AS_ROLE_X),
              *y = x ? as_need(run->ctx, owned, AS_ROLE_Y) : NULL;
    size_t k = 0;
    if (!y) return AS_ERR;
    if (x->type != AS_F64 || y->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "x or y holds words, expected numbers");
    for (size_t i = 0; i < owned->n_columns; i++)
        if (is_spectrum(owned->column[i], y))
            AS_TRY(spectrum(run, owned, x, owned->column[i], y, k++));
    if (k == 1)
        as_warn(run->ctx, NULL, NULL, "there is one column of spectra only: nothing was unfolded");
    return AS_OK;
}

static const as_example examples[] = {
    { "a workbook with one column per etching time",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv | assay info" },
    { 0 }
};
static const char *const see_also[] = { "coordinate", "depth", "cat", NULL };

const as_op as_op_unfold = {
    .name = "unfold",
    .group = "depth",
    .effect = AS_DERIVES,
    .settings_size = sizeof(unfold_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "one series per column of a table of spectra",
             .description = "Maps, depth and time series are often exported as a table: x, and a "
                            "column for every spectrum. Every "
                            "column of numbers in the unit of y becomes a series with the same x. "
                            "With `--name` the first number of "
                            "its heading, with the unit behind it, becomes the metadata that "
                            "orders the series; headings without a "
                            "number are refused (`coordinate` numbers series instead).",
             .examples = examples,
             .see_also = see_also },
};
