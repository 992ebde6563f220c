/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Isotherm report of a dynamic vapour sorption balance (Surface Measurement Systems): the sheet
 * "Iso Report" has the levels of each cycle with the mass change on the way up and on the way
 * down. "DVS Data" is the summary of the raw data.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "sorption.h"
#include "workbook.h"

enum { NONE = SIZE_MAX };

static const as_known known[] = {
    { "Sample", "sample", NULL },
    { "Temp", "temperature", "degC" },
    { "MRef", "sample_mass", "mg" },
};

static int probe(const as_probe *p)
{
    if (!as_is_xlsx(p) && !as_is_xls(p)) return AS_PROBE_NO;
    return as_has_string(p, "DVS Isotherm Analysis Report") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

typedef struct {
    as_parse *job;
    const as_grid *g;
    size_t target, actual[2], mass[2]; /* columns: up, down */
    bool relative;
    as_table *head;
    as_iso iso;
    const char *cycle;
    size_t n_cycles;
} reading;

/* Two lines head the columns; the second says what the levels are. */
static bool find_columns(reading *r, size_t row)
{
    const as_grid_row *a = &r->g->row[row], *b = &r->g->row[row + 1];
    as_ctx *ctx = r->job->ctx;
    const size_t n = a->n > b->n ? a->n : b->n;
    r->target = r->actual[0] = r->actual[1] = r->mass[0] = r->mass[1] = NONE;
    for (size_t k = 0; k < n; k++) {
        const char *up = as_cell(ctx, a, k), *low = as_cell(ctx, b, k);
        if (as_find_text(up, "Target")) {
            r->target = k;
            r->relative = as_find_text(low, "P/Po") != NULL;
        } else if (as_find_text(up, "Actual")) {
            r->actual[r->actual[0] != NONE] = k;
        } else if (as_find_text(up, "Desorp") || as_find_text(low, "Desorp")) {
            r->mass[1] = k;
        } else if (as_find_text(up, "Sorp") || as_find_text(low, "Sorp")) {
            r->mass[0] = k;
        }
    }
    return r->target != NONE && r->mass[0] != NONE;
}

static bool add_point(reading *r, size_t row, int branch)
{
    const as_grid_row *cells = &r->g->row[row];
    const size_t at = r->actual[branch] != NONE ? r->actual[branch] : r->target;
    const double pressure = as_cell_number(cells, at);
    const double mass = r->mass[branch] != NONE ? as_cell_number(cells, r->mass[branch]) : NAN;
    if (isnan(pressure) || (isnan(mass) && r->actual[branch] == NONE)) return true;
    double *v = as_iso_add(r->job->ctx, &r->iso);
    if (!v) return false;
    v[r->relative ? AS_ISO_RELATIVE : AS_ISO_PRESSURE] = pressure;
    v[AS_ISO_UPTAKE] = mass;
    v[AS_ISO_BRANCH] = branch;
    return true;
}

/* Rows from .. to are one cycle: up as listed, down from the last. */
static as_status read_cycle(reading *r, size_t from, size_t to)
{
    as_ctx *ctx = r->job->ctx;
    AS_TRY(as_iso_new(r->job, &r->iso));
    r->iso.at.line = r->g->row[from].line;
    r->iso.unit[AS_ISO_RELATIVE] = r->iso.unit[AS_ISO_UPTAKE] = "%";
    r->iso.unit[AS_ISO_PRESSURE] = "Torr";
    AS_TRY(as_copy_meta(ctx, r->iso.head, r->head));
    AS_TRY(as_set_number(ctx, r->iso.head, "cycle", (double)++r->n_cycles, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_meta(ctx, r->iso.head, "uptake_basis", "mass change per reference mass", NULL,
                       NULL));
    for (size_t i = from; i < to; i++)
        if (!add_point(r, i, AS_ISO_ADSORPTION)) return AS_ERR;
    for (size_t i = to; i-- > from;)
        if (!add_point(r, i, AS_ISO_DESORPTION)) return AS_ERR;
    return as_iso_emit(r->job, &r->iso);
}

static as_status read_cycles(reading *r, size_t row)
{
    as_ctx *ctx = r->job->ctx;
    size_t from = row, to = row;
    for (; to < r->g->n; to++) {
        const as_grid_row *cells = &r->g->row[to];
        bool first = false;
        for (size_t k = 0; k < r->target; k++)
            first = first || as_starts(as_cell(ctx, cells, k), "Cycle");
        if (isnan(as_cell_number(cells, r->target))) break;
        if (first && to > from) {
            AS_TRY(read_cycle(r, from, to));
            from = to;
        }
    }
    const as_where at = { .file = r->job->in->name };
    if (to == row) return as_fail(ctx, AS_E_MISSING, &at, "no levels in the Iso Report");
    return read_cycle(r, from, to);
}

static as_status read_label(reading *r, size_t row)
{
    as_ctx *ctx = r->job->ctx;
    const as_grid_row *cells = &r->g->row[row];
    for (size_t k = 0; k + 1 < cells->n; k++) {
        const char *key = as_cell(ctx, cells, k), *value = as_cell(ctx, cells, k + 1);
        const size_t n = strlen(key);
        if (n < 2 || key[n - 1] != ':' || !*value) continue;
        const bool mass = as_starts(key, "MRef");
        double ignored;
        if (mass) AS_TRY(as_set_vendor(ctx, r->head, "MRef", value, NULL));
        if (mass) value = as_strndup(as_scratch(ctx), value,
                                     as_scan_number(value, strlen(value), '.', &ignored));
        if (!value) return AS_ERR;
        AS_TRY(as_set_reported(ctx, r->head, known, AS_COUNT(known), key, value, NULL, NULL));
    }
    return AS_OK;
}

/* Of the summary of the raw data; the report's own date is cut by its cell. */
static as_status read_summary(reading *r, const as_sheet *s)
{
    static const as_known keys[] = { { "Vapour", "adsorbate", NULL }, { "User Name", "operator", NULL },
                                     { "Vapour Pressure [Torr]", "saturation_pressure", "kPa" },
                                     { "Raw Data File Created", "measured", NULL } };
    static const char *const wanted[] = { "Vapour:", "User Name:", "Raw Data File Created:", "Sample Description:",
                                          "Control Mode:", "Method Name:", "Data Saving Interval [seconds]:" };
    for (size_t i = 0; s && i < s->cells.n; i++) {
        const as_grid_row *row = &s->cells.row[i];
        const char *key = as_cell(r->job->ctx, row, 0);
        const bool pressure = as_same(key, "Vapour Pressure [Torr]:");
        bool want = pressure;
        for (size_t k = 0; k < AS_COUNT(wanted); k++) want = want || as_same(key, wanted[k]);
        if (want)
            AS_TRY(as_set_reported(r->job->ctx, r->head, keys, AS_COUNT(keys), key,
                                   as_cell(r->job->ctx, row, 1), pressure ? "Torr" : NULL, NULL));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_sheet *sheet;
    size_t n;
    const as_where at = { .file = job->in->name };
    reading r = { .job = job, .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheet, &n));
    const as_sheet *report = as_sheet_named(sheet, n, "Iso Report");
    if (!report) return as_fail(job->ctx, AS_E_MISSING, &at, "no sheet 'Iso Report'");
    r.g = &report->cells;
    AS_TRY(read_summary(&r, as_sheet_named(sheet, n, "DVS Data")));
    AS_TRY(as_set_meta(job->ctx, r.head, "instrument", "SMS DVS", NULL, NULL));
    for (size_t i = 0; i + 1 < r.g->n; i++) {
        if (find_columns(&r, i)) return read_cycles(&r, i + 2);
        AS_TRY(read_label(&r, i));
    }
    return as_fail(job->ctx, AS_E_MISSING, &at, "no table of targets and mass changes");
}

static const char *const suffixes[] = { "xlsx", "xls", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const char *const see_also[] = { "hiden-iga", NULL };

const as_parser as_parser_sms_dvs = {
    .name = "sms-dvs",
    .title = "SMS DVS isotherm report (workbook)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read isotherm reports of SMS vapour sorption balances",
             .description =
                 "Each cycle is one series: sorption as listed, then desorption from the highest "
                 "level down. The mass change is in percent of the reference mass, the level in "
                 "percent of the saturation pressure (the actual one where the report has it).",
             .see_also = see_also },
};
