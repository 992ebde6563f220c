/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rigaku text export: for each range lines "Key<TAB>value" from Sample or X-Ray to Offset, then
 * rows of position and intensity; tabs or commas between them.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"

static const as_known known[] = {
    { "Sample", "sample", NULL },          { "Comments", "comment", NULL },
    { "Goniometer", "instrument", NULL },  { "ScanningMode", "scan_axis", NULL },
    { "ScanningType", "scan_mode", NULL },
};

typedef struct {
    as_table *file, *range; /* no rows: what holds for all ranges, for this one */
    as_rows *rows;
    double start, stop, step;
    const char *axis;
    size_t n_ranges;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "Sample") || (head[6] != '\t' && head[6] != ','))
        return AS_PROBE_NO;
    return strstr(head, "\nScanningMode") && strstr(head, "\nStart") && strstr(head, "\nStep")
               ? AS_PROBE_MAGIC
               : AS_PROBE_NO;
}

/* "40kV/44mA" */
static as_status set_generator(as_parse *job, as_table *t, const char *text, const as_where *at)
{
    double kilovolt, milliampere;
    const size_t n = strlen(text), used = as_scan_number(text, n, '.', &kilovolt);
    const char *slash = strchr(text, '/');
    if (!used || !as_starts(text + used, "kV") || !slash ||
        !as_scan_number(slash + 1, strlen(slash + 1), '.', &milliampere))
        return as_set_vendor(job->ctx, t, "X-Ray", text, at);
    AS_TRY(as_set_number(job->ctx, t, "tube_voltage", kilovolt, NAN, as_unit_of("kV"), at));
    return as_set_number(job->ctx, t, "tube_current", milliampere, NAN, as_unit_of("mA"), at);
}

static as_status read_key(as_parse *job, reading *r, const as_line *line, char separator)
{
    as_pair pair;
    AS_TRY(as_split(job->ctx, line, separator, &pair));
    const struct { const char *key; double *to; } own[] = {
        { "Start", &r->start }, { "Stop", &r->stop }, { "Step", &r->step },
    };
    if (!r->range) {
        r->range = as_table_new(job->ctx, 0);
        if (!r->range) return AS_ERR;
        r->start = r->stop = r->step = NAN;
    }
    for (size_t i = 0; i < AS_COUNT(own); i++)
        if (strcmp(own[i].key, pair.key) == 0 && *pair.value &&
            !as_read_number(pair.value, strlen(pair.value), '.', own[i].to))
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%s', expected a number",
                           pair.value);
    if (strcmp(pair.key, "ScanningMode") == 0) r->axis = pair.value;
    as_table *to = r->n_ranges == 0 ? r->file : r->range;
    if (strcmp(pair.key, "X-Ray") == 0) return set_generator(job, to, pair.value, &line->where);
    return as_set_known(job->ctx, to, known, AS_COUNT(known), pair.key, pair.value, &line->where);
}

static as_status emit_range(as_parse *job, reading *r, const as_where *at)
{
    as_axis axis;
    as_unit unit;
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    const double expected = floor((r->stop - r->start) / r->step + 1.5);
    if (isfinite(expected) && (double)t->rows != expected)
        return as_fail(job->ctx, (double)t->rows < expected ? AS_E_TRUNCATED : AS_E_SYNTAX, at,
                       "range %zu has %zu points, expected %.0f from %g to %g", r->n_ranges + 1,
                       t->rows, expected, r->start, r->stop);
    AS_TRY(as_axis_of(as_scratch(job->ctx), r->axis ? r->axis : "2Theta", NULL, &axis));
    AS_TRY(as_unit_parse(job->ctx, t->arena, axis.unit, &unit));
    AS_TRY(as_name_column(job->ctx, t, 0, axis.column, AS_ROLE_X, unit));
    AS_TRY(as_name_column(job->ctx, t, 1, "intensity", AS_ROLE_Y, AS_UNITLESS)); /* not stated */
    AS_TRY(as_copy_meta(job->ctx, t, r->file));
    if (r->range) AS_TRY(as_copy_meta(job->ctx, t, r->range));
    r->range = NULL;
    r->n_ranges++;
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    const char separator = job->in->size > 6 && job->in->data[6] == ',' ? ',' : '\t';
    reading r = { .file = as_table_new(job->ctx, 0), .rows = as_rows_new(job->ctx, 2),
                  .start = NAN, .stop = NAN, .step = NAN };
    if (!r.file || !r.rows) return AS_ERR;
    it.separator = separator;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        double v[2];
        if (line.length == 0) continue;
        if (as_line_numbers(&it, &line, 2, v) == 2) {
            double *row = as_rows_add(job->ctx, r.rows);
            if (!row) return AS_ERR;
            memcpy(row, v, sizeof v);
            continue;
        }
        if (as_rows_count(r.rows)) AS_TRY(emit_range(job, &r, &line.where));
        AS_TRY(read_key(job, &r, &line, separator));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (as_rows_count(r.rows) == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends before the points of range %zu", r.n_ranges + 1);
    return emit_range(job, &r, &line.where);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "two ranges", "assay read tests/corpus/xrd/rigaku.txt" },
                                       { 0 } };
static const char *const see_also[] = { "rigaku-ras", "rigaku-asc", NULL };

const as_parser as_parser_rigaku_txt = {
    .name = "rigaku-txt",
    .title = "Rigaku text export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read diffractograms exported as text by Rigaku",
             .description =
                 "Text: for each range a header of `Key<TAB>value` (or commas) and rows of "
                 "position and intensity. Each range becomes one series along "
                 "ScanningMode. The unit of the intensity is not stated.",
             .examples = examples,
             .see_also = see_also },
};
