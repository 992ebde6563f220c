/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workbooks of Thermo Avantage, and of KherveFitting in their manner: a sheet for each region; a
 * row that begins with "Binding Energy (E)" names the columns, one of units may follow, then
 * energies, counts, and the curves of a fit: components, background, envelope, residuals. In a
 * depth profile each level has a column of counts. Other sheets (peak tables, titles) are no
 * spectra.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "workbook.h"

enum { MAX_HEAD = 64, MAX_COLUMNS = 16384 };

typedef struct region {
    const as_sheet *sheet;
    size_t head, first, rows, columns; /* rows from 1 */
    bool units;
} region;

static bool head_has(const as_probe *p, const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i + n <= p->size; i++)
        if (p->head[i] == (unsigned char)text[0] && memcmp(p->head + i, text, n) == 0) return true;
    return false;
}

static int probe(const as_probe *p)
{
    if (!as_is_xlsx(p) && !as_is_xls(p)) return AS_PROBE_NO;
    return head_has(p, "Binding Energy (E)") || head_has(p, "Kinetic Energy (E)") ? AS_PROBE_MAGIC
                                                                                  : AS_PROBE_NO;
}

static bool is_energy(const char *text)
{
    return as_starts(text, "Binding Energy") || as_starts(text, "Kinetic Energy") ||
           as_same(text, "BE") || as_same(text, "KE");
}

/* The row of names in the first rows of a sheet, and the rows of numbers below. */
static bool find_region(const as_sheet *sheet, region *g)
{
    const as_grid *cells = &sheet->cells;
    *g = (region){ .sheet = sheet };
    const size_t last = cells->n ? cells->row[cells->n - 1].line : 0;
    for (size_t i = 0; i < cells->n; i++)
        if (cells->row[i].n > g->columns) g->columns = cells->row[i].n;
    if (g->columns > MAX_COLUMNS) g->columns = MAX_COLUMNS;
    for (size_t r = 1; r <= last && r <= MAX_HEAD && !g->head; r++)
        if (is_energy(as_sheet_text(sheet, r, 1))) g->head = r;
    if (!g->head) return false;
    g->units = isnan(as_sheet_number(sheet, g->head + 1, 1));
    g->first = g->head + 1 + g->units;
    while (g->first + g->rows <= last && !isnan(as_sheet_number(sheet, g->first + g->rows, 1)))
        g->rows++;
    return g->rows > 1;
}

/* Numbers in nearly all rows: tables of parameters stand beside in some workbooks. */
static bool is_curve(const region *g, size_t column)
{
    size_t n = 0;
    for (size_t i = 0; i < g->rows; i++)
        n += !isnan(as_sheet_number(g->sheet, g->first + i, column));
    return 10 * n >= 9 * g->rows;
}

static const char *unit_of(const region *g, size_t column)
{
    return g->units ? as_sheet_text(g->sheet, g->head + 1, column) : "";
}

/* A column of counts: named so, or without a name but in counts. */
static bool is_signal(const region *g, size_t column)
{
    const char *name = as_sheet_text(g->sheet, g->head, column), *unit = unit_of(g, column);
    if (as_same(name, "Raw Data") || as_same(name, "Counts") || as_same(name, "Intensity"))
        return true;
    return *name == '\0' && as_find_text(unit, "count") && is_curve(g, column);
}

static const struct {
    const char *text, *name;
    as_role role;
} curves[] = { { "Backgnd", "baseline", AS_ROLE_BASELINE },
               { "Background", "baseline", AS_ROLE_BASELINE },
               { "Envelope", "model", AS_ROLE_MODEL },
               { "Calculated Fit", "model", AS_ROLE_MODEL },
               { "Residual", "residual", AS_ROLE_OTHER },
               { "Transmission", "transmission_function", AS_ROLE_OTHER } };

/* Letters and digits of the heading, '_' between. */
static char *curve_name(as_table *t, const char *text)
{
    char *name = as_format(t->arena, "%s%s", text[0] >= '0' && text[0] <= '9' ? "c_" : "", text);
    size_t used = 0;
    for (char *c = name; c && *c; c++) {
        const bool plain =
            (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (plain || (used && name[used - 1] != '_')) name[used++] = plain ? *c : '_';
    }
    while (used && name[used - 1] == '_') used--;
    if (name) name[used] = '\0';
    for (unsigned k = 2; name && (used == 0 || as_find_name(t, name)); k++, used = 1)
        name = as_format(t->arena, "%s_%u", used ? name : "curve", k);
    return name;
}

static as_status add_curve(as_ctx *ctx, as_table *t, const region *g, size_t column)
{
    const char *text = as_sheet_text(g->sheet, g->head, column);
    const char *name = NULL;
    as_role role = AS_ROLE_COMPONENT;
    if (!*text || is_energy(text) || is_signal(g, column) || !is_curve(g, column)) return AS_OK;
    for (size_t i = 0; i < AS_COUNT(curves) && !name; i++)
        if (as_starts(text, curves[i].text)) name = curves[i].name, role = curves[i].role;
    if (!name || as_find_name(t, name)) name = curve_name(t, text);
    if (!name) return AS_ERR;
    if (as_find_role(t, role) && role != AS_ROLE_COMPONENT) role = AS_ROLE_OTHER;
    const bool pure = as_starts(text, "Transmission");
    as_column *c = as_add_column(ctx, t, name, role, pure ? AS_UNITLESS : t->column[1]->unit);
    if (!c) return AS_ERR;
    for (size_t i = 0; i < g->rows; i++)
        c->v.f[i] = as_sheet_number(g->sheet, g->first + i, column);
    return AS_OK;
}

/* Beyond the range that was fitted the background and all components are written as 0. */
static void blank_unfitted(as_table *t)
{
    for (size_t i = 0; i < t->rows; i++) {
        bool fitted = false, any = false;
        for (size_t k = 0; k < t->n_columns; k++) {
            const as_column *c = t->column[k];
            if (c->role != AS_ROLE_COMPONENT && c->role != AS_ROLE_BASELINE) continue;
            any = true;
            fitted |= c->v.f[i] != 0;
        }
        for (size_t k = 0; any && !fitted && k < t->n_columns; k++)
            if (t->column[k]->role == AS_ROLE_COMPONENT || t->column[k]->role == AS_ROLE_BASELINE)
                t->column[k]->v.f[i] = NAN;
    }
}

/* The number above a column of counts: of a level, as the text beside it says. */
static as_status set_level(as_ctx *ctx, as_table *t, const region *g, size_t column, size_t index)
{
    AS_TRY(as_set_number(ctx, t, "index", (double)index, NAN, AS_UNITLESS, NULL));
    for (size_t r = g->head; r >= 1; r--) {
        const double v = as_sheet_number(g->sheet, r, column);
        if (isnan(v)) continue;
        for (size_t c = 1; c < column; c++)
            if (as_find_text(as_sheet_text(g->sheet, r, c), "etch time"))
                return as_set_number(ctx, t, "etch_time", v, NAN, as_unit_of("s"), NULL);
        return as_set_number(ctx, t, "vendor.level", v, NAN, AS_UNITLESS, NULL);
    }
    return AS_OK;
}

static as_status emit_signal(as_parse *job, const region *g, size_t column, size_t index,
                             bool several)
{
    as_column *x;
    as_ctx *ctx = job->ctx;
    const char *label = as_sheet_text(g->sheet, g->head, 1), *unit = unit_of(g, column);
    as_table *t = as_table_new(ctx, g->rows);
    if (!t) return AS_ERR;
    AS_TRY(as_add_energy(ctx, t, label, g->units ? unit_of(g, 1) : NULL, &x));
    as_column *y =
        as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of(as_count_unit(NULL, unit, NULL)));
    if (!y) return AS_ERR;
    for (size_t i = 0; i < g->rows; i++) {
        x->v.f[i] = as_sheet_number(g->sheet, g->first + i, 1);
        y->v.f[i] = as_sheet_number(g->sheet, g->first + i, column);
    }
    AS_TRY(as_set_meta(ctx, t, "region", g->sheet->name, NULL, NULL));
    if (several) AS_TRY(set_level(ctx, t, g, column, index));
    for (size_t c = 2; !several && c <= g->columns; c++) AS_TRY(add_curve(ctx, t, g, c));
    blank_unfitted(t);
    AS_TRY(as_lift_components(ctx, t));
    AS_TRY(as_add_electron_sigma(ctx, t, NAN));
    return as_emit(job->out, ctx, t);
}

static as_status read_sheet(as_parse *job, const as_sheet *sheet, size_t *n_regions)
{
    region g;
    size_t n = 0, index = 0;
    if (!find_region(sheet, &g)) return AS_OK;
    for (size_t c = 2; c <= g.columns; c++) n += is_signal(&g, c);
    const as_where at = { .file = job->in->name, .line = (uint32_t)g.head };
    if (n == 0) {
        as_warn(job->ctx, NULL, &at, "sheet '%s' has energies but no column of counts",
                sheet->name);
        return AS_OK;
    }
    for (size_t c = 2; c <= g.columns; c++)
        if (is_signal(&g, c)) AS_TRY(emit_signal(job, &g, c, ++index, n > 1));
    ++*n_regions;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_sheet *sheets;
    size_t n, n_regions = 0;
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheets, &n));
    for (size_t i = 0; i < n; i++)
        if (read_sheet(job, &sheets[i], &n_regions) != AS_OK)
            return as_while(job->ctx, "reading sheet '%s'", sheets[i].name);
    const as_where at = { .file = job->in->name };
    if (n_regions == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no sheet of the workbook holds a spectrum");
    return AS_OK;
}

static const char *const suffixes[] = { "xlsx", "xls", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "regions of a workbook", "assay read --list tests/corpus/xps/avantage.xlsx" }, { 0 }
};
static const char *const see_also[] = { "avantage-avg", "avantage-vgd", "xlsx", NULL };

const as_parser as_parser_avantage_xlsx = {
    .name = "avantage-xlsx",
    .title = "Thermo Avantage and KherveFitting workbooks",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the workbooks that Avantage exports",
             .description =
                 "Each sheet with a row that begins with `Binding Energy (E)` becomes a series "
                 "called "
                 "after the sheet, in a depth profile one for each level. The curves of a fit keep "
                 "their columns; the background is taken off the components where the envelope "
                 "agrees, and what was not fitted is nan. Where no unit is stated the intensity "
                 "has "
                 "none.",
             .examples = examples,
             .see_also = see_also },
};
