/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Isotherms of pyGAPS and of adsorption-file-parser as tables: keys and values row by row, a head
 * line with pressure and loading, the points. As CSV and as a workbook, where the keys may stand on
 * a sheet of their own.
 */
#include <math.h>
#include <string.h>

#include "exchange.h"
#include "headings.h"
#include "text_end.h"
#include "workbook.h"

static bool line_with(const char *head, const char *key)
{
    const char *at = as_find_text(head, key);
    return at && (at == head || at[-1] == '\n');
}

static int probe_csv(const as_probe *p)
{
    static const char *const keys[] = { "material,", "adsorbate,", "temperature,",
                                        "_exptl_adsorptive,", "_adsnt_", "loading_unit,",
                                        "_units_loading,", "pressure_mode," };
    const char *head = (const char *)p->head;
    size_t found = 0;
    if (!p->is_text) return AS_PROBE_NO;
    const bool old = line_with(head, "data\n") || line_with(head, "data\r"); /* before version 2 */
    if (!old && !line_with(head, "data:[")) return AS_PROBE_NO;
    for (size_t i = 0; i < AS_COUNT(keys); i++) found += line_with(head, keys[i]);
    if (old) return found >= 3 && line_with(head, "loading_unit,") ? AS_PROBE_MAGIC : AS_PROBE_NO;
    return found >= 2 ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

static int probe_xls(const as_probe *p)
{
    if (!as_is_xls(p) && !as_is_xlsx(p)) return AS_PROBE_NO;
    const bool points = as_has_string(p, "pressure") && as_has_string(p, "loading");
    if (points && as_has_string(p, "_exptl_adsorptive")) return AS_PROBE_VERIFIED;
    return points && as_has_string(p, "Loading basis") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

/* --- keys ------------------------------------------------------------------------------------ */
typedef struct {
    size_t n;
    as_iso_pair *pair;
} pairs;

static as_status add_pair(as_ctx *ctx, pairs *all, const as_grid_row *row)
{
    if (row->n == 0 || !*as_cell(ctx, row, 0)) return AS_OK;
    as_iso_pair *wider = as_grow(as_scratch(ctx), all->pair, all->n, sizeof *wider);
    if (!wider) return AS_ERR;
    all->pair = wider;
    all->pair[all->n++] = (as_iso_pair){ as_cell(ctx, row, 0), as_cell(ctx, row, 1), row->line };
    return AS_OK;
}

/* "loading(mmol)": the name before the bracket. */
static bool is_named(const char *cell, const char *name)
{
    const size_t n = strlen(name);
    return as_starts(cell, name) && (cell[n] == '\0' || cell[n] == '(' || cell[n] == ' ');
}

static bool is_head(as_ctx *ctx, const as_grid_row *row)
{
    bool pressure = false, loading = false;
    for (size_t i = 0; i < row->n; i++) {
        pressure = pressure || is_named(as_cell(ctx, row, i), "pressure");
        loading = loading || is_named(as_cell(ctx, row, i), "loading");
    }
    return pressure && loading;
}

/* --- points ---------------------------------------------------------------------------------- */
static as_status columns_of(as_ctx *ctx, as_iso *iso, const as_grid_row *head,
                            as_iso_column pressure, size_t *column)
{
    for (size_t i = 0; i < head->n; i++) {
        const char *cell = as_cell(ctx, head, i);
        if (is_named(cell, "pressure")) column[i] = pressure;
        else if (is_named(cell, "loading")) column[i] = AS_ISO_UPTAKE;
        else if (is_named(cell, "branch")) column[i] = AS_ISO_BRANCH;
        else AS_TRY(as_iso_heading(ctx, iso, cell, NULL, &column[i]));
    }
    return AS_OK;
}

static as_status read_point(as_parse *job, as_iso *iso, const as_grid_row *row, size_t n,
                            const size_t *column, as_iso_column pressure)
{
    double *v = as_iso_add(job->ctx, iso);
    const as_where at = { .file = job->in->name, .line = row->line };
    if (!v) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        if (column[i] == AS_ISO_MOST) continue;
        v[column[i]] = column[i] == AS_ISO_BRANCH ? as_branch_of(as_cell(job->ctx, row, i))
                                                  : as_cell_number(row, i);
    }
    if (isnan(v[pressure]) || isnan(v[AS_ISO_UPTAKE]))
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%.40s', expected a pressure and a loading",
                       as_cell(job->ctx, row, 0));
    return AS_OK;
}

static as_status read_points(as_parse *job, const as_grid *g, size_t head, const pairs *keys)
{
    as_iso iso;
    as_iso_column pressure;
    AS_TRY(as_iso_new(job, &iso));
    iso.at.line = g->row[head].line;
    AS_TRY(as_iso_exchange(job->ctx, &iso, keys->n, keys->pair, &pressure));
    const size_t n = g->row[head].n;
    size_t *column = AS_NEW_N(as_scratch(job->ctx), size_t, n);
    if (!column) return AS_ERR;
    AS_TRY(columns_of(job->ctx, &iso, &g->row[head], pressure, column));
    for (size_t i = head + 1; i < g->n; i++)
        if (g->row[i].n > 0) AS_TRY(read_point(job, &iso, &g->row[i], n, column, pressure));
    return as_iso_emit(job, &iso);
}

static as_status no_head(as_parse *job)
{
    const as_where at = { .file = job->in->name };
    return as_fail(job->ctx, AS_E_TRUNCATED, &at, "no line that heads pressure and loading");
}

static as_status parse_csv(as_parse *job)
{
    as_grid g;
    pairs keys = { 0 };
    size_t head = 0;
    AS_TRY(as_text_grid(job->ctx, job->in, ',', &g));
    while (head < g.n && !is_head(job->ctx, &g.row[head])) {
        const char *cell = as_cell(job->ctx, &g.row[head], 0);
        if (!as_starts(cell, "data:[") && !as_same(cell, "data"))
            AS_TRY(add_pair(job->ctx, &keys, &g.row[head]));
        head++;
    }
    if (head >= g.n) return no_head(job);
    as_warn_if_cut(job, NULL, true);
    return read_points(job, &g, head, &keys);
}

static as_status parse_xls(as_parse *job)
{
    as_sheet *sheet;
    size_t n, where = 0, head = 0;
    pairs keys = { 0 };
    bool found = false;
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheet, &n));
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < sheet[s].cells.n && !(found && where == s); i++) {
            const as_grid_row *row = &sheet[s].cells.row[i];
            if (!found && is_head(job->ctx, row)) {
                found = true;
                where = s;
                head = i;
            } else {
                AS_TRY(add_pair(job->ctx, &keys, row));
            }
        }
    return found ? read_points(job, &sheet[where].cells, head, &keys) : no_head(job);
}

static const char *const csv_suffixes[] = { "csv", NULL };
static const char *const xls_suffixes[] = { "xls", "xlsx", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "an isotherm with its units in the head",
      "assay read tests/corpus/sorption/pygaps.csv" },
    { 0 }
};
static const char *const csv_also[] = { "pygaps-xls", "pygaps-json", "aif", NULL };
static const char *const xls_also[] = { "pygaps-csv", "pygaps-json", "aif", NULL };

#define DESCRIPTION                                                                             \
    "Keys and values, a line that heads the columns, the points. The columns are taken by "     \
    "their names, whatever their order. The keys are those of pyGAPS or of AIF; pressure mode " \
    "and units come from them."

const as_parser as_parser_pygaps_csv = {
    .name = "pygaps-csv",
    .title = "pyGAPS isotherm (CSV)",
    .suffixes = csv_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_csv,
    .parse = parse_csv,
    .doc = { .summary = "read isotherms saved by pyGAPS as CSV", .description = DESCRIPTION,
             .examples = examples, .see_also = csv_also },
};

const as_parser as_parser_pygaps_xls = {
    .name = "pygaps-xls",
    .title = "pyGAPS isotherm (workbook)",
    .suffixes = xls_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_xls,
    .parse = parse_xls,
    .doc = { .summary = "read isotherms saved by pyGAPS as a workbook",
             .description = DESCRIPTION " In a workbook they may stand on another sheet.",
             .examples = NULL, .see_also = xls_also },
};
