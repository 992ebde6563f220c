/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series data records of a Hiden IGA balance, text or workbook: for each scan labels and values,
 * then a table whose columns differ between versions. The course (sorption, desorption) is stated.
 */
#include <math.h>
#include <string.h>

#include "sorption.h"
#include "workbook.h"

static const as_known known[] = {
    { "Title", "sample", NULL },           { "Comment", "comment", NULL },
    { "Sample Dry Mass", "sample_mass", "mg" }, { "Species", "adsorbate", NULL },
    { "Reference State", "temperature", "degC" },
    { "System Serial Number", "serial_number", NULL },
    { "Sample Skeletal Density", "sample_density", "g/cm3" },
};

static int probe_txt(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_find_text(head, "S E R I E S   D A T A   R E C O R D"))
        return AS_PROBE_NO;
    return as_find_text(head, "IGA") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

static int probe_xlsx(const as_probe *p)
{
    if (!as_is_xlsx(p) && !as_is_xls(p)) return AS_PROBE_NO;
    return as_has_string(p, "IGA Systems") && as_has_string(p, "Sample Dry Mass") ? AS_PROBE_VERIFIED
                                                                                 : AS_PROBE_NO;
}

typedef struct {
    as_parse *job;
    const as_grid *g;
    as_iso iso;
    size_t n, column[AS_ISO_MOST], n_series;
    double branch;
    bool points, at_end; /* of this scan: some were read; what ends the table was seen */
    bool labels;         /* of this scan: some were read */
} reading;

/* Without the carriage return that workbooks escape. */
static const char *text_of(const reading *r, const as_grid_row *row, size_t k)
{
    const char *text = as_cell(r->job->ctx, row, k), *end = strstr(text, "_x000D_");
    return end ? as_trim(as_scratch(r->job->ctx), text, (size_t)(end - text)) : text;
}

static as_status begin(reading *r)
{
    AS_TRY(as_iso_new(r->job, &r->iso));
    r->branch = NAN;
    r->points = r->at_end = r->labels = false;
    r->n = 0;
    return as_set_meta(r->job->ctx, r->iso.head, "instrument", "Hiden IGA", NULL, NULL);
}

static as_status finish(reading *r)
{
    if (!r->points) return AS_OK;
    if (!r->at_end)
        return as_fail(r->job->ctx, AS_E_TRUNCATED, &r->iso.at,
                       "the file ends within the table of a scan");
    r->n_series++;
    return as_iso_emit(r->job, &r->iso);
}

/* "17:02:35 on 15 January 2020 by WR200774": the date behind the time, then who began. */
static as_status set_commenced(as_ctx *ctx, as_table *t, const char *value, const as_where *at)
{
    const char *on = strstr(value, " on "), *by = on ? strstr(on, " by ") : NULL;
    if (!by) return as_set_measured(ctx, t, value, false, at);
    const char *text = as_format(as_scratch(ctx), "%.*s %.*s", (int)(by - on - 4), on + 4, (int)(on - value), value);
    if (!text) return AS_ERR;
    AS_TRY(as_set_measured(ctx, t, text, false, at));
    return as_set_meta(ctx, t, "operator", by + 4, NULL, at);
}

static as_status read_label(reading *r, const as_grid_row *row)
{
    as_ctx *ctx = r->job->ctx;
    const as_where at = { .file = r->job->in->name, .line = row->line };
    const char *key = text_of(r, row, 0), *value = text_of(r, row, 1);
    if (!key || !value) return AS_ERR;
    const char *gas = as_find_text(key, " EOS calculation");
    if (as_starts(key, "Course")) {
        r->branch = as_starts(value, "Desorp") ? AS_ISO_DESORPTION : AS_ISO_ADSORPTION;
    } else if (gas && !as_get_meta(r->iso.head, "adsorbate")) {
        const char *name = as_strndup(as_scratch(ctx), key, (size_t)(gas - key));
        if (!name) return AS_ERR;
        AS_TRY(as_set_meta(ctx, r->iso.head, "adsorbate", name, NULL, &at));
    }
    r->labels = true;
    const bool spaced = key[0] && key[1] == ' ' && key[2] && key[3] == ' '; /* S E R I E S */
    if (spaced || as_same(value, "Not Specified")) return AS_OK;
    if (as_same(key, "Scan Commenced")) return set_commenced(ctx, r->iso.head, value, &at);
    return as_set_reported(ctx, r->iso.head, known, AS_COUNT(known), key, value, NULL, &at);
}

/* The amount is that per mass, corrected for buoyancy, where it stands; else the percent of dry
 * mass. p/p0 is printed with two decimals: too coarse to be x. */
static as_status name_columns(reading *r, const char *const *head)
{
    size_t uptake = r->n;
    for (size_t k = 0; k < r->n; k++)
        if (as_find_text(head[k], "mmol/g")) uptake = k;
    for (size_t k = 0; k < r->n && uptake == r->n; k++)
        if (as_starts(head[k], "%Wt")) uptake = k;
    for (size_t k = 0; k < r->n; k++) {
        size_t *column = &r->column[k];
        if (k == uptake) {
            *column = AS_ISO_UPTAKE;
            r->iso.unit[AS_ISO_UPTAKE] = as_find_text(head[k], "mmol/g") ? "mmol/g" : "%";
        } else if (as_starts(head[k], "p/p0")) {
            AS_TRY(as_iso_further(r->job->ctx, &r->iso, "p/p0 as printed", "1", column));
        } else if (as_starts(head[k], "Sample")) {
            AS_TRY(as_iso_further(r->job->ctx, &r->iso, "temperature", "degC", column));
        } else if (as_starts(head[k], "%Wt")) {
            AS_TRY(as_iso_further(r->job->ctx, &r->iso, "percent of dry mass", "%", column));
        } else {
            AS_TRY(as_iso_heading(r->job->ctx, &r->iso, head[k], NULL, column));
        }
    }
    return AS_OK;
}

/* In a workbook the head stands in rows of their own; joined as in a text. *row moves behind. */
static as_status read_head(reading *r, size_t *row)
{
    as_ctx *ctx = r->job->ctx;
    const char *head[AS_ISO_MOST] = { NULL };
    r->n = 0;
    r->iso.taken = 0;
    r->iso.at.line = r->g->row[*row].line;
    for (; *row < r->g->n && isnan(as_cell_number(&r->g->row[*row], 0)); ++*row)
        for (size_t k = 0; k < r->g->row[*row].n && k < AS_ISO_MOST; k++) {
            const char *text = text_of(r, &r->g->row[*row], k);
            if (!text) return AS_ERR;
            if (!*text) continue;
            head[k] = head[k] ? as_format(as_scratch(ctx), "%s %s", head[k], text) : text;
            if (!head[k]) return AS_ERR;
            if (k >= r->n) r->n = k + 1;
        }
    for (size_t k = 0; k < r->n; k++)
        if (!head[k]) head[k] = "";
    --*row;
    return name_columns(r, head);
}

static as_status read_point(reading *r, const as_grid_row *row)
{
    double *v = as_iso_add(r->job->ctx, &r->iso);
    const as_where at = { .file = r->job->in->name, .line = row->line };
    if (!v) return AS_ERR;
    for (size_t k = 0; k < r->n; k++)
        if (r->column[k] < AS_ISO_MOST) v[r->column[k]] = as_cell_number(row, k);
    if (row->n < r->n || isnan(v[AS_ISO_PRESSURE]) || isnan(v[AS_ISO_UPTAKE]))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &at, "%zu columns, expected %zu numbers", row->n,
                       r->n);
    v[AS_ISO_BRANCH] = r->branch;
    r->points = true;
    return AS_OK;
}

static as_status read_row(reading *r, size_t *i)
{
    const as_grid_row *row = &r->g->row[*i];
    const char *first = as_cell(r->job->ctx, row, 0);
    if (as_starts(first, "System Type") && r->points) {
        AS_TRY(finish(r));
        AS_TRY(begin(r));
    }
    if (r->n && !r->at_end) {
        if (!isnan(as_cell_number(row, 0))) return read_point(r, row);
        r->at_end = r->points;
        return AS_OK;
    }
    if (as_starts(first, "Pressure") && row->n > 3 && !as_starts(first, "Pressure Sensor"))
        return r->points ? AS_OK : read_head(r, i);
    return row->n > 1 && *first ? read_label(r, row) : AS_OK;
}

static as_status read_all(as_parse *job, const as_grid *g)
{
    reading r = { .job = job, .g = g };
    const as_where at = { .file = job->in->name };
    AS_TRY(begin(&r));
    for (size_t i = 0; i < g->n; i++) AS_TRY(read_row(&r, &i));
    AS_TRY(finish(&r));
    if (r.n_series && r.labels && !r.points)
        as_warn(job->ctx, NULL, &at, "the last record has no points: the file may be cut");
    return r.n_series ? AS_OK
                      : as_fail(job->ctx, AS_E_TRUNCATED, &at, "no scan with a table of points");
}

/* In a text the lines of a head stand once more, joined, at the rule under them; so do the labels behind
 * the last table of a record, which head none. */
static as_status without_loose_heads(as_ctx *ctx, const as_grid *all, as_grid *out)
{
    *out = (as_grid){ 0 };
    for (size_t i = 0; i < all->n; i++) {
        const as_grid_row *row = &all->row[i];
        const bool head = as_starts(as_cell(ctx, row, 0), "Pressure") && row->n > 3;
        if (as_starts(as_cell(ctx, row, 0), "Scan Ends Reference State")) continue;
        if (head && !strchr(as_cell(ctx, row, 0), '(')) {
            while (i + 1 < all->n && !(as_starts(as_cell(ctx, &all->row[i + 1], 0), "Pressure") &&
                                       isnan(as_cell_number(&all->row[i + 1], 0))))
                i++;
            continue;
        }
        AS_TRY(as_grid_add(ctx, out, row));
    }
    return AS_OK;
}

static as_status parse_txt(as_parse *job)
{
    as_grid all, g;
    AS_TRY(as_printed_grid(job->ctx, job->in, &all));
    AS_TRY(without_loose_heads(job->ctx, &all, &g));
    return read_all(job, &g);
}

static as_status parse_xlsx(as_parse *job)
{
    as_sheet *sheet;
    size_t n;
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheet, &n));
    const as_where at = { .file = job->in->name };
    if (n == 0) return as_fail(job->ctx, AS_E_MISSING, &at, "no sheet with cells");
    return read_all(job, &sheet[0].cells);
}

static const char *const txt_suffixes[] = { "txt", NULL };
static const char *const xlsx_suffixes[] = { "xlsx", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "a scan up and a scan down", "assay read tests/corpus/sorption/iga.txt" }, { 0 }
};
static const char *const txt_also[] = { "hiden-iga-xlsx", "sms-dvs", NULL };
static const char *const xlsx_also[] = { "hiden-iga", "sms-dvs", NULL };

#define DESCRIPTION                                                                              \
    "Each scan is one series, its branch the course that the file states. The uptake is the "    \
    "excess adsorption in mmol/g where the table has it, else the percent of dry mass; the "     \
    "other columns stay beside it. p/p0, printed with two decimals, is never x."

const as_parser as_parser_hiden_iga = {
    .name = "hiden-iga",
    .title = "Hiden IGA series data record (text)",
    .suffixes = txt_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_txt,
    .parse = parse_txt,
    .doc = { .summary = "read isotherms of Hiden IGA balances", .description = DESCRIPTION,
             .examples = examples, .see_also = txt_also },
};

const as_parser as_parser_hiden_iga_xlsx = {
    .name = "hiden-iga-xlsx",
    .title = "Hiden IGA series data record (workbook)",
    .suffixes = xlsx_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_xlsx,
    .parse = parse_xlsx,
    .doc = { .summary = "read isotherms of Hiden IGA balances from a workbook",
             .description = DESCRIPTION, .examples = NULL, .see_also = xlsx_also },
};
