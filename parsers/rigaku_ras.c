/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rigaku RAS: text; for each scan a header of lines *KEY "value" between *RAS_HEADER_START and
 * *RAS_HEADER_END, then rows of position, intensity and attenuation between *RAS_INT_START and
 * *RAS_INT_END. The names are ASCII, texts may be Shift-JIS.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "rigaku.h"

typedef struct {
    as_table *scan; /* no rows: the header */
    as_rows *rows;
    bool in_header;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "*RAS_")) return AS_PROBE_NO;
    return strstr(at, "*RAS_HEADER_START") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair pair;
    AS_TRY(as_split(job->ctx, line, ' ', &pair));
    return *pair.value ? as_set_vendor(job->ctx, r->scan, pair.key + 1, pair.value, &line->where)
                       : AS_OK;
}

/* The file ends within rows. Where as many are there as the header declares, only the line that
 * ends them is missing. */
static as_status end_without_mark(as_parse *job, const reading *r, size_t rows, const as_line *line,
                                  const char *end)
{
    double declared;
    const as_meta *count = r->scan ? as_get_meta(r->scan, "vendor.MEAS_DATA_COUNT") : NULL;
    if (!count || !count->text ||
        !as_read_number(count->text, strlen(count->text), '.', &declared) ||
        declared != (double)rows)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line->where, "the file ends, expected %s", end);
    as_warn(job->ctx, NULL, &line->where, "no %s, but all %zu points are there", end, rows);
    return AS_OK;
}

static as_status read_rows(as_parse *job, reading *r, as_lines *it, const char *end)
{
    as_line line;
    size_t commented = 0;
    as_more more;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        double v[3] = { NAN, NAN, 1 };
        if (as_starts(line.text, end)) break;
        if (line.length == 0) continue;
        if (line.text[0] == '#') { /* left out by hand */
            commented++;
            continue;
        }
        const size_t n = as_line_numbers(it, &line, 3, v);
        if (n < 2)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected position, intensity and attenuation or %s", line.text,
                           end);
        double *row = as_rows_add(job->ctx, r->rows);
        if (!row) return AS_ERR;
        memcpy(row, v, sizeof v);
    }
    if (more == AS_FAILED) return AS_ERR;
    if (commented > 0 && r->scan) {
        as_warn(job->ctx, r->scan, &line.where, "%zu rows begin with # and are left out", commented);
        const char *n = as_format(as_scratch(job->ctx), "%zu", commented);
        if (!n) return AS_ERR;
        AS_TRY(as_set_meta(job->ctx, r->scan, "vendor.commented_rows", n, NULL, &line.where));
    }
    return more == AS_ITEM
               ? AS_OK
               : end_without_mark(job, r, as_rows_count(r->rows) + commented, &line, end);
}

/* The temperature log that some scans carry. */
static as_status read_log(as_parse *job, reading *r, as_lines *it)
{
    AS_TRY(read_rows(job, r, it, "*RAS_TEMPERATURE_END"));
    if (as_rows_count(r->rows) == 0) return AS_OK;
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    t->secondary = true;
    AS_TRY(as_name_column(job->ctx, t, 0, "position", AS_ROLE_X, AS_UNITLESS));
    AS_TRY(as_name_column(job->ctx, t, 1, "temperature", AS_ROLE_Y, as_unit_of("degC")));
    AS_TRY(as_name_column(job->ctx, t, 2, "third", AS_ROLE_OTHER, AS_UNITLESS));
    AS_TRY(as_set_meta(job->ctx, t, "part", "temperature log", NULL, NULL));
    return as_emit(job->out, job->ctx, t);
}

static as_status read_scan(as_parse *job, reading *r, as_lines *it, const as_line *line)
{
    if (!r->scan)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "*RAS_INT_START without a header");
    AS_TRY(read_rows(job, r, it, "*RAS_INT_END"));
    as_table *rows = as_rows_table(job->ctx, r->rows);
    if (!rows) return AS_ERR;
    AS_TRY(as_rigaku_emit(job, r->scan, rows, &line->where));
    r->scan = NULL;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    size_t n_scans = 0;
    bool ended = false;
    reading r = { .rows = as_rows_new(job->ctx, 3) };
    if (!r.rows) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "*RAS_HEADER_START")) {
            r.scan = as_table_new(job->ctx, 0);
            r.in_header = true;
            if (!r.scan) return AS_ERR;
        } else if (as_starts(line.text, "*RAS_HEADER_END")) {
            r.in_header = false;
        } else if (as_starts(line.text, "*RAS_INT_START")) {
            r.in_header = false; /* also where its end is missing */
            if (read_scan(job, &r, &it, &line) != AS_OK)
                return as_while(job->ctx, "reading scan %zu", n_scans + 1);
            n_scans++;
        } else if (as_starts(line.text, "*RAS_TEMPERATURE_START")) {
            AS_TRY(read_log(job, &r, &it));
        } else if (as_starts(line.text, "*RAS_DATA_END")) {
            ended = true;
        } else if (r.in_header && line.text[0] == '*') {
            AS_TRY(read_key(job, &r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.scan || n_scans == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends before the values of scan %zu", n_scans + 1);
    if (!ended) as_warn(job->ctx, NULL, &line.where, "no *RAS_DATA_END: the file may be cut");
    return AS_OK;
}

static const char *const suffixes[] = { "ras", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a scan", "assay read tests/corpus/xrd/sample.ras" },
                                       { 0 } };
static const char *const see_also[] = { "rigaku-rasx", "rigaku-asc", "rigaku-txt", NULL };

const as_parser as_parser_rigaku_ras = {
    .name = "rigaku-ras",
    .title = "Rigaku RAS (SmartLab and others)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Rigaku RAS diffractograms",
             .description =
                 "Text: for each scan a header of `*KEY \"value\"` lines and rows of position, "
                 "intensity and attenuation factor.\n\n"
                 "Each scan becomes one series. Where the factor is not 1 the intensity is "
                 "multiplied by it. The stated unit `counts` is believed for the unit, but "
                 "sigma is added only where the values are whole numbers.",
             .examples = examples,
             .see_also = see_also },
};
