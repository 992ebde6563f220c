/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split: the rows of a long table, in which columns say what each row is of, into one series for each. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "vocabulary.h"

enum { MOST_COLUMNS = 8, MOST_SERIES = 10000 };

typedef struct {
    as_texts by;
} split_settings;

static const as_param params[] = {
    AS_TEXTS(split_settings, by, "by", "",
             "columns whose values tell the series apart, separated by commas: material,temperature"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "within each series" },
    { 0 }
};
static const as_give gives[] = { { 0 } };

typedef struct {
    size_t n;
    const as_column *column[MOST_COLUMNS];
    size_t n_series;
    size_t *first, *series; /* the first row of each series; the series of each row */
} parting;

static as_status add_column(as_ctx *ctx, const as_table *t, const char *name, parting *p)
{
    const as_column *c = as_find(t, name);
    if (!c) return as_fail(ctx, AS_E_MISSING, NULL, "no column '%s' for --by", name);
    if (c->role == AS_ROLE_X || c->role == AS_ROLE_Y)
        return as_fail(ctx, AS_E_USAGE, NULL, "--by %s: it is %s; give the role to another column first "
                       "(assay select --role)", name, c->role == AS_ROLE_X ? "x" : "y");
    if (p->n == MOST_COLUMNS)
        return as_fail(ctx, AS_E_LIMIT, NULL, "--by takes %d columns at most", MOST_COLUMNS);
    p->column[p->n++] = c;
    return AS_OK;
}

static as_status find_columns(as_ctx *ctx, const as_table *t, const as_texts *by, parting *p)
{
    for (size_t i = 0; i < by->n; i++)
        for (const char *at = by->v[i]; *at; at += *at == ',') {
            const size_t length = strcspn(at, ",");
            const char *name = as_trim(as_scratch(ctx), at, length);
            if (!name) return AS_ERR;
            if (*name) AS_TRY(add_column(ctx, t, name, p));
            at += length;
        }
    return p->n ? AS_OK : as_fail(ctx, AS_E_USAGE, NULL, "--by names no column");
}

/* Missing values are alike. */
static bool same(const as_column *c, size_t a, size_t b)
{
    if (c->type == AS_TEXT)
        return strcmp(c->v.s[a] ? c->v.s[a] : "", c->v.s[b] ? c->v.s[b] : "") == 0;
    return c->v.f[a] == c->v.f[b] || (isnan(c->v.f[a]) && isnan(c->v.f[b]));
}

static bool belongs(const parting *p, size_t row, size_t series)
{
    for (size_t i = 0; i < p->n; i++)
        if (!same(p->column[i], row, p->first[series])) return false;
    return true;
}

/* Series in the order in which they first come; most rows are of the series of the row before. */
static as_status part_rows(as_ctx *ctx, size_t rows, parting *p)
{
    p->first = AS_NEW_N(as_scratch(ctx), size_t, MOST_SERIES);
    p->series = AS_NEW_N(as_scratch(ctx), size_t, rows + 1);
    if (!p->first || !p->series) return AS_ERR;
    for (size_t row = 0; row < rows; row++) {
        size_t s = row ? p->series[row - 1] : 0;
        if (p->n_series == 0 || !belongs(p, row, s))
            for (s = 0; s < p->n_series && !belongs(p, row, s); s++) {}
        if (s == MOST_SERIES)
            return as_fail(ctx, AS_E_LIMIT, NULL, "more than %d different values in --by", MOST_SERIES);
        if (s == p->n_series) p->first[p->n_series++] = row;
        p->series[row] = s;
    }
    if (rows > 1 && p->n_series == rows)
        return as_fail(ctx, AS_E_USAGE, NULL, "--by: all rows differ in %s: no series in them",
                       p->column[0]->name);
    return AS_OK;
}

/* The value as metadata, and behind the label. */
static as_status name_value(as_ctx *ctx, as_table *t, const as_column *c, size_t row)
{
    const char *key = as_vocabulary(AS_WORD_META, c->name)
                          ? c->name : as_format(as_scratch(ctx), "vendor.%s", c->name);
    char number[AS_NUMBER_MAX] = "";
    const char *text = c->type == AS_TEXT ? c->v.s[row] : number;
    if (!key) return AS_ERR;
    if (!text || (c->type == AS_F64 && isnan(c->v.f[row]))) return AS_OK;
    if (c->type == AS_F64) {
        number[as_write_number(c->v.f[row], number)] = '\0';
        AS_TRY(as_set_number(ctx, t, key, c->v.f[row], NAN, c->unit, NULL));
    } else if (*text) {
        AS_TRY(as_set_meta(ctx, t, key, text, NULL, NULL));
    }
    const bool plain = c->type == AS_TEXT || strcmp(c->unit.symbol, "1") == 0;
    t->label = as_format(t->arena, "%s%s%s%s%s", t->label ? t->label : "", t->label ? ", " : "", text,
                         plain ? "" : " ", plain ? "" : c->unit.symbol);
    return t->label ? AS_OK : AS_ERR;
}

static bool is_by(const parting *p, const as_column *c)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->column[i] == c) return true;
    return false;
}

static as_status copy_column(as_ctx *ctx, const parting *p, const as_table *from, const as_column *c,
                             size_t s, as_table *t)
{
    as_column *to = c->type == AS_TEXT ? as_add_text(ctx, t, c->name, c->role)
                                       : as_add_column(ctx, t, c->name, c->role, c->unit);
    size_t n = 0;
    if (!to) return AS_ERR;
    to->label = c->label ? as_strdup(t->arena, c->label) : NULL;
    for (size_t row = 0; row < from->rows; row++) {
        if (p->series[row] != s) continue;
        if (c->type == AS_F64) {
            to->v.f[n++] = c->v.f[row];
            continue;
        }
        to->v.s[n] = c->v.s[row] ? as_strdup(t->arena, c->v.s[row]) : NULL;
        if (c->v.s[row] && !to->v.s[n]) return AS_ERR;
        n++;
    }
    return AS_OK;
}

static as_status emit_series(as_run *run, const parting *p, const as_table *from, size_t s)
{
    size_t rows = 0;
    for (size_t row = 0; row < from->rows; row++) rows += p->series[row] == s;
    as_table *t = as_table_derive(run->ctx, from, rows);
    if (!t) return AS_ERR;
    t->label = NULL;
    for (size_t i = 0; i < from->n_columns; i++)
        if (!is_by(p, from->column[i])) AS_TRY(copy_column(run->ctx, p, from, from->column[i], s, t));
    for (size_t i = 0; i < p->n; i++) AS_TRY(name_value(run->ctx, t, p->column[i], p->first[s]));
    t->name = t->label ? as_strdup(t->arena, t->label)
                       : as_format(t->arena, "%s.%zu", from->name ? from->name : "series", s);
    return t->name ? as_emit(run->out, run->ctx, t) : AS_ERR;
}

static as_status series(as_run *run, as_table *owned)
{
    const split_settings *set = run->settings;
    parting p = { 0 };
    if (!as_need(run->ctx, owned, AS_ROLE_X)) return AS_ERR;
    AS_TRY(find_columns(run->ctx, owned, &set->by, &p));
    AS_TRY(part_rows(run->ctx, owned->rows, &p));
    for (size_t s = 0; s < p.n_series; s++) AS_TRY(emit_series(run, &p, owned, s));
    return AS_OK;
}

static const as_example examples[] = {
    { "a table of two materials, and the area of each",
      "assay split --by material tests/corpus/sorption/tidy.csv | assay bet --window 0.05:0.3 --gas N2 "
      "| assay results --quantity bet_area" },
    { 0 }
};
static const char *const see_also[] = { "unfold", "segments", "select", NULL };

const as_op as_op_split = {
    .name = "split",
    .group = "select",
    .effect = AS_DERIVES,
    .settings_size = sizeof(split_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "one series for each value of a column",
             .description = "Tables for data bases hold many curves below each other, and columns that "
                            "say of what each row is: a material, a temperature, a run. Rows with the same "
                            "values there become a series, in their order; the values become its metadata "
                            "and its name, and the columns go. Rows of a series need not follow each other.",
             .examples = examples,
             .see_also = see_also },
};
