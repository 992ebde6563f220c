/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv and tsv: tables for spreadsheets. Long: one line per row with the series' name before it.
 * Wide: x once where all series share it, then one column per series; else x and y in pairs.
 */
#include <math.h>
#include <string.h>

#include "assay_csv.h"
#include "exporter.h"
#include "number.h"

typedef struct {
    bool wide, units;
    int decimal;
} csv_settings;

enum { POINT, COMMA };

static const as_choice decimals[] = { { "point", POINT, "2.5, columns split by commas" },
                                      { "comma", COMMA, "2,5, columns split by semicolons" },
                                      { 0 } };

static const as_param params[] = {
    AS_BOOL(csv_settings, wide, "wide", "no",
            "series side by side: x, y of the first, y of the second ..."),
    AS_BOOL(csv_settings, units, "units", "yes",
            "units in the names: two_theta (deg); else only those that are not the usual ones"),
    AS_CHOICE(csv_settings, decimal, "decimal", "point", decimals, "decimal character"),
    AS_PARAMS_END
};

typedef struct csv_state { /* of the long form: the columns of the first series */
    size_t n;
    const char **name, **unit;
    const char *first;
    const char *series, *before; /* names of this series and of the one before */
} csv_state;

static char delimiter_of(const as_export_job *job)
{
    const csv_settings *set = job->settings;
    if (strcmp(job->exporter->name, "tsv") == 0) return '\t';
    return set->decimal == COMMA ? ';' : ',';
}

/* A missing value is an empty cell. */
static void put_number(const as_export_job *job, double value)
{
    const csv_settings *set = job->settings;
    char text[AS_NUMBER_MAX];
    if (isnan(value)) return;
    const size_t n = as_write_number(value, text);
    char *point = set->decimal == COMMA ? memchr(text, '.', n) : NULL;
    if (point) *point = ',';
    as_out_bytes(job->out, text, n);
}

/* Tabs and line ends have no place in a cell of tsv. */
static as_status put_text(const as_export_job *job, const char *text)
{
    const char delimiter = delimiter_of(job);
    if (delimiter == '\t' && text && strpbrk(text, "\t\r\n"))
        return as_fail(job->ctx, AS_E_FORMAT, NULL,
                       "a cell holds a tab or a line end, which tsv cannot say; use csv");
    as_out_csv(job->out, text, delimiter == '\t' ? '\0' : delimiter);
    return AS_OK;
}

/* Without a unit stated the usual one of the name is meant, by people as by our reader. */
static as_status put_heading(as_export_job *job, const char *before, const as_table *t,
                             const as_column *c)
{
    const csv_settings *set = job->settings;
    const char *symbol = c->unit.symbol ? c->unit.symbol : "1";
    const bool usual = strcmp(symbol, as_usual_unit(t, c->name)) == 0;
    const bool unit = c->type == AS_F64 && (!usual || (set->units && strcmp(symbol, "1") != 0));
    const char *text =
        as_format(as_scratch(job->ctx), "%s%s%s%s%s%s", before ? before : "", before ? " " : "",
                  c->name, unit ? " (" : "", unit ? symbol : "", unit ? ")" : "");
    return text ? put_text(job, text) : AS_ERR;
}

static const char *name_of(const as_table *t)
{
    return t->label ? t->label : t->name ? t->name : "";
}

/* --- long ---------------------------------------------------------------------------------- */

/* x and y first, as spreadsheets draw them and our reader finds them; the others as they stand. */
static const as_column **in_order(as_export_job *job, const as_table *t)
{
    const as_column **c = AS_NEW_N(as_scratch(job->ctx), const as_column *, t->n_columns);
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    size_t n = 0;
    if (!x || !y) x = y = NULL;
    if (c && x) c[n++] = x;
    if (c && y) c[n++] = y;
    for (size_t i = 0; c && i < t->n_columns; i++)
        if (t->column[i] != x && t->column[i] != y) c[n++] = t->column[i];
    return c;
}

static as_status begin(as_export_job *job, const as_table *t)
{
    csv_state *state = job->state;
    const char delimiter = delimiter_of(job);
    const as_column **c = in_order(job, t);
    state->name = AS_NEW_N(job->keep, const char *, t->n_columns);
    state->unit = AS_NEW_N(job->keep, const char *, t->n_columns);
    state->first = as_strdup(job->keep, name_of(t));
    if (!c || !state->name || !state->unit || !state->first) return AS_ERR;
    as_out_text(job->out, "series");
    for (size_t i = 0; i < t->n_columns; i++) {
        state->name[i] = as_strdup(job->keep, c[i]->name);
        state->unit[i] = as_strdup(job->keep, c[i]->unit.symbol ? c[i]->unit.symbol : "1");
        if (!state->name[i] || !state->unit[i]) return AS_ERR;
        as_out_bytes(job->out, &delimiter, 1);
        AS_TRY(put_heading(job, NULL, t, c[i]));
    }
    as_out_bytes(job->out, "\n", 1);
    state->n = t->n_columns;
    return AS_OK;
}

/* One heading is for all series below it. */
static as_status must_match(const as_export_job *job, const as_table *t, const as_column *c, size_t i)
{
    const csv_state *state = job->state;
    const char *unit = c->unit.symbol ? c->unit.symbol : "1";
    if (c->type == AS_TEXT || strcmp(unit, state->unit[i]) == 0) return AS_OK;
    return as_fail(job->ctx, AS_E_UNIT, NULL, "series '%s' has %s in %s, the first series, '%s', in %s",
                   name_of(t), c->name, unit, state->first, state->unit[i]);
}

static as_status put_row(as_export_job *job, const as_column *const *column, size_t row)
{
    const csv_state *state = job->state;
    const char delimiter = delimiter_of(job);
    AS_TRY(put_text(job, state->series));
    for (size_t i = 0; i < state->n; i++) {
        as_out_bytes(job->out, &delimiter, 1);
        if (column[i] && column[i]->type == AS_TEXT)
            AS_TRY(put_text(job, column[i]->v.s[row]));
        else if (column[i])
            put_number(job, column[i]->v.f[row]);
    }
    as_out_bytes(job->out, "\n", 1);
    return AS_OK;
}

static as_status each(as_export_job *job, const as_table *t)
{
    csv_state *state = job->state;
    if (job->done == 0) AS_TRY(begin(job, t));
    const as_column **column = AS_NEW_N(as_scratch(job->ctx), const as_column *, state->n);
    size_t known = 0;
    if (!column) return AS_ERR;
    for (size_t i = 0; i < state->n; i++) {
        column[i] = as_find_name(t, state->name[i]);
        known += column[i] != NULL;
        if (column[i] && must_match(job, t, column[i], i) != AS_OK)
            return as_while(job->ctx, "hint: convert-x or convert-y before, or --each DIR for a file of each");
    }
    if (known < t->n_columns) {
        (void)!as_fail(job->ctx, AS_E_MISSING, NULL,
                       "series '%s' has columns that the first series, '%s', has not", name_of(t),
                       state->first);
        return as_while(job->ctx, "hint: --each DIR writes a file for each input");
    }
    /* two of one name in sequence would look like one */
    const char *name = t->name ? t->name : "";
    const bool again = job->done > 0 && strcmp(name, state->before) == 0;
    state->before = as_strdup(job->keep, name);
    state->series = again ? as_format(job->keep, "%s.%u", name, t->number) : state->before;
    if (!state->before || !state->series) return AS_ERR;
    for (size_t row = 0; row < t->rows; row++) AS_TRY(put_row(job, column, row));
    return AS_OK;
}

/* --- wide ---------------------------------------------------------------------------------- */

static bool wants_all(const void *settings)
{
    return ((const csv_settings *)settings)->wide;
}

static bool same_x(const as_column *a, const as_column *b, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        if (a->v.f[i] != b->v.f[i] && !(isnan(a->v.f[i]) && isnan(b->v.f[i]))) return false;
    return true;
}

typedef struct pair {
    const as_column *x, *y;
} pair;

static as_status put_wide_heading(as_export_job *job, size_t n, const as_table *const *t,
                                  const pair *p, bool shared)
{
    const char delimiter = delimiter_of(job);
    if (shared && n > 0) AS_TRY(put_heading(job, NULL, t[0], p[0].x));
    for (size_t i = 0; i < n; i++) {
        if (shared || i > 0) as_out_bytes(job->out, &delimiter, 1);
        if (!shared) {
            AS_TRY(put_heading(job, name_of(t[i]), t[i], p[i].x));
            as_out_bytes(job->out, &delimiter, 1);
        }
        AS_TRY(put_heading(job, name_of(t[i]), t[i], p[i].y));
    }
    as_out_bytes(job->out, "\n", 1);
    return AS_OK;
}

static void put_wide_row(const as_export_job *job, size_t n, const as_table *const *t,
                         const pair *p, bool shared, size_t row)
{
    const char delimiter = delimiter_of(job);
    if (shared) put_number(job, p[0].x->v.f[row]);
    for (size_t i = 0; i < n; i++) {
        if (shared || i > 0) as_out_bytes(job->out, &delimiter, 1);
        const bool there = row < t[i]->rows;
        if (!shared) {
            if (there) put_number(job, p[i].x->v.f[row]);
            as_out_bytes(job->out, &delimiter, 1);
        }
        if (there) put_number(job, p[i].y->v.f[row]);
    }
    as_out_bytes(job->out, "\n", 1);
}

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    pair *p = AS_NEW_N(as_scratch(job->ctx), pair, n);
    size_t rows = 0;
    bool shared = true, more = false;
    if (!p) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        p[i].x = as_need(job->ctx, t[i], AS_ROLE_X);
        p[i].y = as_need(job->ctx, t[i], AS_ROLE_Y);
        if (!p[i].x || !p[i].y)
            return as_while(job->ctx, "writing series '%s' side by side", name_of(t[i]));
        shared = shared && t[i]->rows == t[0]->rows && strcmp(p[i].x->name, p[0].x->name) == 0 &&
                 strcmp(p[i].x->unit.symbol, p[0].x->unit.symbol) == 0 &&
                 same_x(p[i].x, p[0].x, t[i]->rows);
        if (t[i]->rows > rows) rows = t[i]->rows;
        more = more || t[i]->n_columns > 2;
    }
    if (more) as_warn(job->ctx, NULL, NULL, "--wide keeps x and y; the other columns are left out");
    AS_TRY(put_wide_heading(job, n, t, p, shared));
    for (size_t row = 0; row < rows; row++) put_wide_row(job, n, t, p, shared, row);
    return AS_OK;
}

static const as_example csv_examples[] = {
    { "for a spreadsheet, series side by side",
      "assay read tests/corpus/xrd/small.xy | assay convert --to csv --wide --units" },
    { 0 }
};
static const as_example tsv_examples[] = {
    { "tab separated", "assay read tests/corpus/xrd/small.xy | assay convert --to tsv | head -3" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

#define DESCRIPTION                                                                                \
    "Each row begins with the name of its series; with *wide* the series stand side by side: x "   \
    "once "                                                                                        \
    "where all series have the very same x, else x and y of each. Nothing is interpolated. A "     \
    "missing "                                                                                     \
    "value is an empty cell."

const as_exporter as_exporter_csv = {
    .name = "csv",
    .suffix = "csv",
    .keeps = AS_KEEPS_COLUMNS | AS_KEEPS_UNITS | AS_KEEPS_SIGMA,
    .settings_size = sizeof(csv_settings),
    .state_size = sizeof(csv_state),
    .params = params,
    .each = each,
    .all = all,
    .wants_all = wants_all,
    .doc = { .summary = "comma-separated values for spreadsheets",
             .description =
                 DESCRIPTION " Cells with commas, quotes or line ends are quoted (RFC 4180).",
             .examples = csv_examples,
             .see_also = see_also },
};

const as_exporter as_exporter_tsv = {
    .name = "tsv",
    .suffix = "tsv",
    .keeps = AS_KEEPS_COLUMNS | AS_KEEPS_UNITS | AS_KEEPS_SIGMA,
    .settings_size = sizeof(csv_settings),
    .state_size = sizeof(csv_state),
    .params = params,
    .each = each,
    .all = all,
    .wants_all = wants_all,
    .doc = { .summary = "tab-separated values",
             .description =
                 DESCRIPTION " Nothing is quoted; a text with a tab or a line end is refused.",
             .examples = tsv_examples,
             .see_also = see_also },
};
