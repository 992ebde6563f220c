/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philips/PANalytical UDF: text; lines "Key,value,/" in a fixed order, where a value may hold
 * commas itself, then the line RawScan and counts between commas, eight to a line, ended by '/'.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"

static const as_known known[] = {
    { "SampleIdent", "sample", NULL },      { "Anode", "anode", NULL },
    { "GeneratorVoltage", "tube_voltage", "kV" }, { "TubeCurrent", "tube_current", "mA" },
    { "ScanStepTime", "step_time", "s" },   { "ScanType", "scan_mode", NULL },
    { "DiffrType", "instrument", NULL },    { "Title1", "comment", NULL },
};

typedef struct {
    as_table *head; /* no rows: the metadata */
    double start, end, step, alpha1, alpha2, ratio;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "SampleIdent,")) return AS_PROBE_NO;
    return strstr(at, "\nDataAngleRange,") && strstr(at, "\nScanStepSize,") ? AS_PROBE_MAGIC
                                                                          : AS_PROBE_LIKELY;
}

static as_status read_number(as_parse *job, const as_line *line, size_t at, size_t *used,
                             double *out)
{
    while (at < line->length && (line->text[at] == ' ' || line->text[at] == ',')) at++;
    *used = as_scan_number(line->text + at, line->length - at, '.', out);
    const as_where where = as_in_line(line, at, 1);
    if (*used == 0) return as_fail(job->ctx, AS_E_SYNTAX, &where, "expected a number");
    *used += at;
    return AS_OK;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_arena *scratch = as_scratch(job->ctx);
    const char *comma = strchr(line->text, ',');
    if (!comma)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.40s', expected Key,value,/ or RawScan", line->text);
    const size_t at = (size_t)(comma - line->text) + 1;
    size_t end = line->length, next;
    if (end > at && line->text[end - 1] == '/') end--;
    if (end > at && line->text[end - 1] == ',') end--;
    const char *key = as_trim(scratch, line->text, at - 1);
    const char *value = as_trim(scratch, line->text + at, end - at);
    if (!key || !value) return AS_ERR;

    const struct { const char *key; double *to; } own[] = {
        { "DataAngleRange", &r->start }, { "ScanStepSize", &r->step },
        { "LabdaAlpha1", &r->alpha1 },   { "LabdaAlpha2", &r->alpha2 },
        { "RatioAlpha21", &r->ratio },
    };
    for (size_t i = 0; i < AS_COUNT(own); i++)
        if (strcmp(own[i].key, key) == 0) AS_TRY(read_number(job, line, at, &next, own[i].to));
    if (strcmp(key, "DataAngleRange") == 0) return read_number(job, line, next, &next, &r->end);
    if (strcmp(key, "FileDateTime") == 0)
        return as_set_measured(job->ctx, r->head, value, false, &line->where);
    if (strcmp(key, "DivergenceSlit") == 0) {
        const char *opening = strchr(value, ',');
        opening = opening ? as_trim(scratch, opening + 1, strlen(opening + 1)) : "";
        return opening ? as_set_slit(job->ctx, r->head, value, opening, &line->where) : AS_ERR;
    }
    return as_set_known(job->ctx, r->head, known, AS_COUNT(known), key, value, &line->where);
}

/* The counts of one line; *ended at the '/'. */
static as_status read_counts(as_parse *job, const as_line *line, as_rows *rows, bool *ended)
{
    for (size_t at = 0; at < line->length;) {
        const char c = line->text[at];
        if (c == ' ' || c == ',' || c == '\t') {
            at++;
            continue;
        }
        if (c == '/') {
            *ended = true;
            return AS_OK;
        }
        double *row = as_rows_add(job->ctx, rows);
        if (!row) return AS_ERR;
        AS_TRY(read_number(job, line, at, &at, &row[0]));
    }
    return AS_OK;
}

static as_status finish(as_parse *job, reading *r, as_rows *rows, const as_where *at)
{
    const as_axis axis = { "two_theta", "two_theta", "deg" };
    const size_t n = as_rows_count(rows);
    const double expected = floor((r->end - r->start) / r->step + 1.5);
    if ((double)n < expected - 1)
        return as_fail(job->ctx, AS_E_TRUNCATED, at, "%zu counts, expected %.0f from %g to %g deg",
                       n, expected, r->start, r->end);
    as_table *counts = as_rows_table(job->ctx, rows);
    as_table *t = as_new_scan(job->ctx, n, &axis, r->start, r->step, "count");
    if (!counts || !t) return AS_ERR;
    if (n) memcpy(t->column[1]->v.f, counts->column[0]->v.f, n * sizeof(double));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    AS_TRY(as_set_meta(job->ctx, t, "scan_axis", "2Theta", NULL, NULL));
    AS_TRY(as_set_doublet(job->ctx, t, r->alpha1, r->alpha2, r->ratio, NULL));
    if ((double)n > expected + 1)
        as_warn(job->ctx, t, at, "%zu counts, expected %.0f from %g to %g deg", n, expected,
                r->start, r->end);
    AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, NAN));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line;
    bool ended = false;
    as_rows *rows = as_rows_new(job->ctx, 1);
    reading r = { .head = as_table_new(job->ctx, 0), .start = NAN, .end = NAN, .step = NAN,
                  .alpha1 = NAN, .alpha2 = NAN, .ratio = NAN };
    if (!rows || !r.head) return AS_ERR;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &it, &line, "Key,value,/ or RawScan"));
        if (strncmp(line.text, "RawScan", 7) == 0) break;
        if (line.length) AS_TRY(read_key(job, &r, &line));
    }
    if (!(isfinite(r.start) && r.step > 0 && r.end >= r.start))
        return as_fail(job->ctx, AS_E_MISSING, &line.where,
                       "no usable DataAngleRange and ScanStepSize before RawScan");
    while (!ended) {
        AS_TRY(as_need_line(job->ctx, &it, &line, "counts up to '/'"));
        AS_TRY(read_counts(job, &line, rows, &ended));
    }
    return finish(job, &r, rows, &line.where);
}

static const char *const suffixes[] = { "udf", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a scan", "assay read tests/corpus/xrd/sample.udf" },
                                       { 0 } };
static const char *const see_also[] = { "xrdml", "philips-rd", NULL };

const as_parser as_parser_philips_udf = {
    .name = "philips-udf",
    .title = "Philips/PANalytical UDF",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Philips/PANalytical UDF diffractograms",
             .description = "Text: `Key,value,/` lines, then `RawScan` and counts up to a slash. "
                            "The positions follow from DataAngleRange and ScanStepSize.",
             .examples = examples,
             .see_also = see_also },
};
