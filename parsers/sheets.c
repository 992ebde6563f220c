/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workbooks of any origin, .xlsx and .xls: each block of numbers in each sheet is a series, its
 * columns named as in grid.c. A publisher's Source Data is read this way.
 */
#include <string.h>

#include "convention.h"
#include "number.h"
#include "workbook.h"

typedef struct settings {
    const char *sheet, *range, *columns, *technique;
} settings;

static const as_param params[] = {
    AS_STRING(settings, sheet, "sheet", "", "name of one sheet, or its number from 1"),
    AS_STRING(settings, range, "range", "", "cells to read, as B3:D200"),
    AS_STRING(settings, columns, "columns", "",
              "names and units of all columns, as two_theta:deg,intensity:count"),
    AS_STRING(settings, technique, "technique", "", "xrd, raman ... where the file does not tell"),
    AS_PARAMS_END
};

static int probe_xlsx(const as_probe *p)
{
    return as_is_xlsx(p) ? AS_PROBE_LIKELY : AS_PROBE_NO; /* an instrument's own export knows more */
}

static int probe_xls(const as_probe *p)
{
    return as_is_xls(p) ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* --- what is read -------------------------------------------------------------------------- */
typedef struct rectangle { size_t top, left, bottom, right; } rectangle; /* from 1, inclusive */

static as_status parse_range(as_ctx *ctx, const char *text, rectangle *r)
{
    char cell[32] = { 0 };
    *r = (rectangle){ 1, 1, SIZE_MAX, SIZE_MAX };
    if (!text || !text[0]) return AS_OK;
    const char *colon = strchr(text, ':');
    const size_t n = colon ? (size_t)(colon - text) : 0;
    if (n > 0 && n < sizeof cell) memcpy(cell, text, n);
    if (!as_cell_name(cell, &r->top, &r->left) || !as_cell_name(colon + 1, &r->bottom, &r->right) ||
        r->bottom < r->top || r->right < r->left)
        return as_fail(ctx, AS_E_USAGE, NULL, "--range '%s' is no range of cells, as B3:D200", text);
    return AS_OK;
}

static as_status crop(as_ctx *ctx, const as_grid *g, const rectangle *r, as_grid *out)
{
    for (size_t i = 0; i < g->n; i++) {
        as_grid_row row = g->row[i];
        if (row.line < r->top || row.line > r->bottom) continue;
        const size_t skip = r->left - 1 < row.n ? r->left - 1 : row.n;
        row.v = row.v ? row.v + skip : NULL;
        row.text = row.text ? row.text + skip : NULL;
        row.n -= skip;
        if (row.n > r->right - r->left + 1) row.n = r->right - r->left + 1;
        AS_TRY(as_grid_add(ctx, out, &row));
    }
    return AS_OK;
}

/* --- numbers that are texts ------------------------------------------------------------------- */
/* Programs with decimal commas often store numbers as texts. The sign is a comma where one of the texts
 * proves it: not three digits behind it, or a zero before. */
static char decimal_of(const as_grid *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t c = 0; g->row[i].text && c < g->row[i].n; c++) {
            const char *text = g->row[i].text[c], *comma = text ? strchr(text, ',') : NULL;
            double v;
            if (comma && as_read_number(text, strlen(text), ',', &v) &&
                (strspn(comma + 1, "0123456789") != 3 || text[0] == '0'))
                return ',';
        }
    return '.';
}

static bool holds_number(const as_convention *c, const as_grid_row *row, size_t column, double *v)
{
    const char *text = row->text && column < row->n ? row->text[column] : NULL;
    return text && as_convention_number(c, text, strlen(text), v);
}

/* Three or more below each other become numbers; one alone may be a name or a note. */
static as_status read_text_numbers(as_ctx *ctx, as_grid *g)
{
    enum { FEW = 3 };
    const as_convention c = { .decimal = decimal_of(g) };
    size_t width = 0;
    for (size_t i = 0; i < g->n; i++) width = g->row[i].n > width ? g->row[i].n : width;
    for (size_t column = 0; column < width; column++)
        for (size_t i = 0, to; i < g->n; i = to + 1) {
            double value;
            for (to = i; to < g->n && holds_number(&c, &g->row[to], column, &value);) to++;
            for (size_t k = i; to - i >= FEW && k < to; k++) {
                as_grid_row *row = &g->row[k];
                double *v = AS_NEW_N(as_scratch(ctx), double, row->n);
                const char **text = AS_NEW_N(as_scratch(ctx), const char *, row->n);
                if (!v || !text) return AS_ERR;
                memcpy(v, row->v, row->n * sizeof *v);
                memcpy(text, row->text, row->n * sizeof *text);
                (void)holds_number(&c, row, column, &v[column]);
                text[column] = NULL;
                row->v = v;
                row->text = text;
            }
        }
    return AS_OK;
}

static bool is_asked(const char *sheet, const as_sheet *s, size_t index)
{
    double number;
    if (!sheet || !sheet[0] || as_same(sheet, s->name)) return true;
    return as_read_number(sheet, strlen(sheet), '.', &number) && number == (double)(index + 1);
}

/* --- one sheet: all of its tables or none ----------------------------------------------------- */
typedef struct holder {
    as_sink sink;
    as_table **t;
    size_t n;
} holder;

static as_status hold(as_sink *self, as_ctx *ctx, as_table *owned)
{
    holder *h = (holder *)(void *)self; /* the sink is its first member */
    as_own(ctx, owned);
    as_table **wider = as_grow(as_scratch(ctx), h->t, h->n, sizeof *wider);
    if (!wider) return AS_ERR;
    h->t = wider;
    h->t[h->n++] = owned;
    return AS_OK;
}

static as_status read_sheet(as_parse *job, const as_sheet *s, const rectangle *range, size_t *count)
{
    const settings *set = job->settings;
    const as_grid_options how = {
        .columns = set->columns, .part = s->name,
        .technique = set->technique && set->technique[0] ? set->technique : NULL };
    as_grid cells = { 0 };
    holder held = { .sink = { hold } };
    as_parse inner = *job;
    inner.out = &held.sink;
    AS_TRY(crop(job->ctx, &s->cells, range, &cells));
    AS_TRY(read_text_numbers(job->ctx, &cells));
    if (!as_grid_has_numbers(&cells)) return AS_OK; /* notes */
    AS_TRY(as_grid_tables(&inner, &cells, &how, count));
    for (size_t i = 0; i < held.n; i++) AS_TRY(as_emit(job->out, job->ctx, held.t[i]));
    return AS_OK;
}

/* Notes and lists of results stand in most workbooks: such a sheet is left out with a word. */
static as_status leave_out(as_parse *job, const as_sheet *s, bool alone)
{
    const as_where where = { .file = job->in->name };
    const as_code code = as_pending(job->ctx);
    if (alone || (code != AS_E_FORMAT && code != AS_E_SYNTAX && code != AS_E_MISSING))
        return as_while(job->ctx, "reading sheet '%s'", s->name);
    const char *why = as_strdup(as_scratch(job->ctx), as_pending_message(job->ctx));
    if (!why) return AS_ERR;
    as_forget_error(job->ctx);
    as_warn(job->ctx, NULL, &where, "sheet '%s' left out: %s", s->name, why);
    return AS_OK;
}

static const char *sheet_names(as_ctx *ctx, const as_sheet *sheets, size_t n)
{
    const char *list = n ? "" : "none with cells";
    for (size_t i = 0; i < n && i < 20 && list; i++)
        list = as_format(as_scratch(ctx), "%s%s'%s'", list, i ? ", " : "", sheets[i].name);
    return list ? list : "";
}

static as_status parse(as_parse *job)
{
    const settings *set = job->settings;
    const as_where where = { .file = job->in->name };
    as_sheet *sheets;
    size_t n, asked = 0, count = 0;
    rectangle range;
    AS_TRY(parse_range(job->ctx, set->range, &range));
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheets, &n));
    for (size_t i = 0; i < n; i++) {
        if (!is_asked(set->sheet, &sheets[i], i)) continue;
        asked++;
        if (read_sheet(job, &sheets[i], &range, &count) != AS_OK)
            AS_TRY(leave_out(job, &sheets[i], set->sheet && set->sheet[0]));
    }
    if (asked == 0 && set->sheet && set->sheet[0])
        return as_fail(job->ctx, AS_E_MISSING, &where, "no sheet '%s'; there are %s", set->sheet,
                       sheet_names(job->ctx, sheets, n));
    if (count == 0) return as_fail(job->ctx, AS_E_MISSING, &where, "no sheet holds a table of numbers");
    return AS_OK;
}

static const char *const xlsx_suffixes[] = { "xlsx", "xlsm", NULL };
static const char *const xls_suffixes[] = { "xls", NULL };
static const char *const techniques[] = { "xrd", "sorption", "thermal", "raman", "ftir", "xps",
                                          "echem", "uvvis", "generic", NULL };
static const as_example examples[] = {
    { "the parts of a workbook", "assay read --list tests/corpus/generic/source-data.xlsx" },
    { "one of its sheets",
      "assay read --option sheet='Fig 2b' tests/corpus/generic/source-data.xlsx | head -20" },
    { 0 }
};
static const char *const xlsx_also[] = { "xls", "delimited", NULL };
static const char *const xls_also[] = { "xlsx", "delimited", NULL };

#define DESCRIPTION                                                                              \
    "Each block of numbers in each sheet is a series; the sheet's name is its part, so that "    \
    "`--part` and the option `sheet` choose among them.\n\n"                                              \
    "Above a block stand the names of its columns and perhaps their units, and above those the " \
    "title of a group of columns, which becomes the label. Blocks lie below or beside each "     \
    "other; names that repeat (x y x y) make several series. A sheet without a table is left "   \
    "out with a warning. Formulas count with the value stored with them."

const as_parser as_parser_xlsx = {
    .name = "xlsx",
    .title = "Workbook of Excel 2007 and later",
    .suffixes = xlsx_suffixes,
    .techniques = techniques,
    .basis = "ECMA-376 part 1, observed files",
    .settings_size = sizeof(settings),
    .params = params,
    .probe = probe_xlsx,
    .parse = parse,
    .doc = { .summary = "read tables from the sheets of an .xlsx workbook",
             .description = DESCRIPTION, .examples = examples, .see_also = xlsx_also },
};

const as_parser as_parser_xls = {
    .name = "xls",
    .title = "Workbook of Excel 97 to 2003",
    .suffixes = xls_suffixes,
    .techniques = techniques,
    .basis = "[MS-XLS], observed files",
    .settings_size = sizeof(settings),
    .params = params,
    .probe = probe_xls,
    .parse = parse,
    .doc = { .summary = "read tables from the sheets of an .xls workbook",
             .description = DESCRIPTION, .examples = NULL, .see_also = xls_also },
};
