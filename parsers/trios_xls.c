/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workbook of TA Instruments TRIOS: sheet Details of keys and values, then a sheet for each step:
 * its name, the names of the columns, their units, rows.
 */
#include <math.h>
#include <string.h>

#include "spectrum.h"
#include "trios.h"
#include "workbook.h"

enum { MOST_NAMES = 64 };

static bool has_bytes(const as_probe *p, const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i + n <= p->size; i++)
        if (memcmp(p->head + i, text, n) == 0) return true;
    return false;
}

static int probe(const as_probe *p)
{
    if (!as_is_xls(p) && !as_is_xlsx(p)) return AS_PROBE_NO;
    return has_bytes(p, "Trios version") && has_bytes(p, "proceduresegments") ? AS_PROBE_VERIFIED
                                                                              : AS_PROBE_NO;
}

/* Days since 1899-12-30, as workbooks count. */
static as_status set_date(as_parse *job, as_table *head, double serial, const as_where *at)
{
    const char *iso = as_utc_text(job->ctx, (int64_t)floor((serial - 25569) * 86400 + 0.5));
    if (!iso) return AS_ERR;
    const bool day = serial == floor(serial);
    iso = as_strndup(as_scratch(job->ctx), iso, day ? 10 : 19);
    return iso ? as_set_meta(job->ctx, head, "measured", iso, NULL, at) : AS_ERR;
}

static as_status read_details(as_parse *job, const as_sheet *s, as_table *head, as_rate *rate)
{
    as_trios about = { .head = head };
    for (size_t i = 0; i < s->cells.n; i++) {
        const as_grid_row *row = &s->cells.row[i];
        const as_where at = { .file = job->in->name, .line = row->line };
        const char *key = row->n > 0 && row->text ? row->text[0] : NULL;
        const char *text = row->n > 1 && row->text ? row->text[1] : NULL;
        if (!key || (row->n < 2 && key[0] != '[')) continue;
        if (as_same(key, "rundate") && isfinite(row->v[1])) {
            AS_TRY(set_date(job, head, row->v[1], &at));
            continue;
        }
        if (!text && row->n > 1 && isfinite(row->v[1])) text = as_format(as_scratch(job->ctx), "%.15g", row->v[1]);
        if (!text && key[0] != '[') continue;
        if (as_same(key, "proceduresegments")) as_rate_in(rate, text);
        AS_TRY(as_trios_pair(job->ctx, &about, key, text ? text : "", &at));
    }
    return as_trios_end(job->ctx, &about);
}

static bool is_names(const as_grid_row *row)
{
    return row->n >= 2 && row->text && row->text[0] && row->text[1] && as_same(row->text[0], "Time");
}

static as_status read_heads(as_parse *job, as_run *run, const as_grid_row *names, const as_grid_row *units)
{
    const char *name[MOST_NAMES], *unit[MOST_NAMES];
    const size_t n = names->n < MOST_NAMES ? names->n : MOST_NAMES;
    for (size_t i = 0; i < n; i++) {
        name[i] = names->text[i] ? names->text[i] : "";
        unit[i] = units->text && i < units->n && units->text[i] ? units->text[i] : "";
    }
    return as_run_heads(job->ctx, run, n, name, unit, &as_thermal_names);
}

static as_status read_step(as_parse *job, const as_sheet *s, const as_table *head, size_t index,
                           as_table **out)
{
    as_run run = { 0 };
    size_t i = 0;
    while (i < s->cells.n && !is_names(&s->cells.row[i])) i++;
    if (i + 2 > s->cells.n) return AS_OK; /* no sheet of a step */
    const as_where at = { .file = job->in->name, .line = s->cells.row[i].line };
    AS_TRY(read_heads(job, &run, &s->cells.row[i], &s->cells.row[i + 1]));
    const char *first = i > 0 && s->cells.row[0].text ? s->cells.row[0].text[0] : NULL;
    const char *title = first ? first : s->name;
    for (i += 2; i < s->cells.n; i++) {
        const as_grid_row *row = &s->cells.row[i];
        if (row->n == 0) continue;
        if (row->text && row->text[0])
            return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%.40s' in row %u of sheet '%s', expected numbers",
                           row->text[0], (unsigned)row->line, s->name);
        AS_TRY(as_run_add_cells(job->ctx, &run, row->n, row->v, row->text, row->line));
    }
    if (run.rows.n == 0) return AS_OK;
    as_table *t = as_run_table(job, &run);
    if (!t) return AS_ERR;
    AS_TRY(as_copy_meta(job->ctx, t, head));
    AS_TRY(as_thermal_axes(job->ctx, t, &at));
    AS_TRY(as_set_meta(job->ctx, t, "part", title, NULL, &at));
    AS_TRY(as_set_number(job->ctx, t, "index", (double)index, NAN, AS_UNITLESS, &at));
    t->label = as_strdup(t->arena, title);
    *out = t;
    return t->label ? AS_OK : AS_ERR;
}

/* All steps have the axes of one: the time where any step has it, and the y of the first. */
static as_status share_axes(as_parse *job, as_table *const *t, size_t n)
{
    const char *y = as_find_role(t[0], AS_ROLE_Y)->name, *x = "temperature";
    const as_where at = { .file = job->in->name };
    for (size_t i = 0; i < n; i++)
        if (strcmp(as_find_role(t[i], AS_ROLE_X)->name, "time") == 0) x = "time";
    const as_curve curve = { x, y };
    for (size_t i = 0; i < n; i++) {
        as_find_role(t[i], AS_ROLE_X)->role = AS_ROLE_OTHER;
        as_find_role(t[i], AS_ROLE_Y)->role = AS_ROLE_OTHER;
        AS_TRY(as_set_curve(job->ctx, t[i], 1, &curve, &at));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_sheet *sheets;
    size_t n, index = 0;
    as_rate rate = { 0 };
    const as_where at = { .file = job->in->name };
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheets, &n));
    const as_sheet *details = as_sheet_named(sheets, n, "Details");
    if (!details) return as_fail(job->ctx, AS_E_MISSING, &at, "no sheet 'Details'");
    AS_TRY(read_details(job, details, head, &rate));
    AS_TRY(as_set_rate(job->ctx, head, &rate, NULL));
    as_table **step = AS_NEW_N(as_scratch(job->ctx), as_table *, n);
    if (!step) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        if (&sheets[i] == details) continue;
        AS_TRY(read_step(job, &sheets[i], head, index + 1, &step[index]));
        index += step[index] != NULL;
    }
    if (index == 0) return as_fail(job->ctx, AS_E_MISSING, &at, "no sheet of a step with rows");
    AS_TRY(share_axes(job, step, index));
    for (size_t i = 0; i < index; i++) AS_TRY(as_emit(job->out, job->ctx, step[i]));
    return AS_OK;
}

static const char *const suffixes[] = { "xls", "xlsx", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "two steps", "assay read tests/corpus/thermal/trios.xlsx" },
                                       { 0 } };
static const char *const see_also[] = { "trios-txt", "trios-json", NULL };

const as_parser as_parser_trios_xls = {
    .name = "trios-xls",
    .title = "TA Instruments TRIOS workbook",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read workbooks exported by TA TRIOS",
             .description = "Sheet `Details` of keys and values, then a sheet for each step: its name, "
                            "names, units, rows. One series for each step, named in `part`.",
             .examples = examples,
             .see_also = see_also },
};
