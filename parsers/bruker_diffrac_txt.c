/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bruker RAW files converted to text: the magic after ';', then sections as in an INI file, from
 * [RangeHeader] to [Data] once for each range; the rows of [Data] under a line of names, every
 * field followed by a comma.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"

static const as_known known[] = {
    { "RawHeader.Date", "measured", NULL },  { "VarInfo.SAMPLEID", "sample", NULL },
    { "VarInfo.USER", "operator", NULL },    { "VarInfo.COMMENT", "comment", NULL },
    { "VarInfo.CREATOR", "software", NULL }, { "HardwareConfiguration.Anode", "anode", NULL },
    { "RangeHeader.GeneratorVoltage", "tube_voltage", "kV" },
    { "RangeHeader.GeneratorCurrent", "tube_current", "mA" },
    { "RangeHeader.Time", "step_time", "s" },
    { "RangeHeader.ScanType", "scan_axis", NULL },
    { "HardwareConfiguration.Beta", "wavelength_beta", "Angstrom" },
};

typedef struct {
    as_table *file, *range; /* no rows: the metadata */
    const char *section, *type, *drive; /* of [VarInfo] and [Drive] */
    const char *scan_type;
    double steps, increment, start, alpha1, alpha2, ratio;
    bool rates;
    size_t n_ranges;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, ";RAW")) return AS_PROBE_NO;
    return strstr(at, "[RawHeader]") || strstr(at, "[RangeHeader]") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair pair;
    AS_TRY(as_split(job->ctx, line, '=', &pair));
    const struct { const char *key; double *to; } own[] = {
        { "Steps", &r->steps },   { "Increment", &r->increment }, { "Start", &r->start },
        { "Alpha1", &r->alpha1 }, { "Alpha2", &r->alpha2 },       { "AlphaRatio", &r->ratio },
    };
    const bool inner = as_same(r->section, "RangeHeader") ||
                       as_same(r->section, "HardwareConfiguration");
    for (size_t i = 0; inner && i < AS_COUNT(own); i++)
        if (strcmp(own[i].key, pair.key) == 0 &&
            !as_read_number(pair.value, strlen(pair.value), '.', own[i].to))
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%s', expected a number",
                           pair.value);
    if (strcmp(pair.key, "ScanType") == 0) r->scan_type = pair.value;
    as_table *to = r->range ? r->range : r->file;
    if (as_same(r->section, "VarInfo")) {
        if (strcmp(pair.key, "Type") == 0) r->type = pair.value;
        if (strcmp(pair.key, "Value") != 0 || !r->type) return AS_OK;
        if (as_same(r->type, "COUNTS_MODIFIED")) r->rates = as_starts(pair.value, "CPS");
        pair.key = r->type;
    }
    if (as_same(r->section, "Drive")) {
        double value;
        if (strcmp(pair.key, "DriveName") == 0) r->drive = pair.value;
        if (strcmp(pair.key, "StartPosition") != 0 || !r->drive) return AS_OK;
        if (!as_read_number(pair.value, strlen(pair.value), '.', &value) || value == 9999)
            return AS_OK;
        const char *key = as_format(as_scratch(job->ctx), "Drive.%s", r->drive);
        return key ? as_set_vendor(job->ctx, to, key, pair.value, &line->where) : AS_ERR;
    }
    if (strcmp(pair.value, "9999") == 0) return AS_OK; /* not set */
    const char *key = as_format(as_scratch(job->ctx), "%s.%s", r->section, pair.key);
    return key ? as_set_known(job->ctx, to, known, AS_COUNT(known), key, pair.value, &line->where)
               : AS_ERR;
}

/* Start positions of the drives other than the one that moves. */
static as_status set_positions(as_parse *job, as_table *t, const char *x_name)
{
    static const char prefix[] = "vendor.Drive.";
    for (size_t i = 0; i < t->n_meta; i++) {
        as_axis axis;
        double value;
        const as_meta m = t->meta[i];
        if (strncmp(m.key, prefix, sizeof prefix - 1) != 0) continue;
        const char *name = m.key + sizeof prefix - 1;
        AS_TRY(as_axis_of(as_scratch(job->ctx), name, NULL, &axis));
        if (strcmp(axis.column, x_name) == 0 || strcmp(axis.column, "omega") == 0) continue;
        if (as_read_number(m.text, strlen(m.text), '.', &value))
            AS_TRY(as_set_position(job->ctx, t, name, value, NULL, &m.from));
    }
    return AS_OK;
}

static as_status emit_range(as_parse *job, reading *r, as_rows *rows, const as_field *name,
                            size_t n_columns, const as_where *at)
{
    as_axis axis;
    as_unit unit;
    as_ctx *ctx = job->ctx;
    as_table *t = as_rows_table(ctx, rows);
    if (!t) return AS_ERR;
    if (isfinite(r->steps) && (double)t->rows != r->steps)
        return as_fail(ctx, AS_E_TRUNCATED, at, "%zu rows, expected %.0f as Steps says", t->rows,
                       r->steps);
    AS_TRY(as_axis_of(as_scratch(ctx), r->scan_type ? r->scan_type : "2Theta", NULL, &axis));
    AS_TRY(as_unit_parse(ctx, t->arena, axis.unit, &unit));
    AS_TRY(as_name_column(ctx, t, 0, axis.column, AS_ROLE_X, unit));
    AS_TRY(as_name_column(ctx, t, 1, "intensity", AS_ROLE_Y,
                          as_unit_of(r->rates ? "count/s" : "count")));
    for (size_t c = 2; c < n_columns; c++)
        AS_TRY(as_name_column(ctx, t, c, name[c].text, AS_ROLE_OTHER, AS_UNITLESS));
    AS_TRY(as_copy_meta(ctx, t, r->file));
    if (r->range) AS_TRY(as_copy_meta(ctx, t, r->range));
    AS_TRY(set_positions(job, t, axis.column));
    AS_TRY(as_set_doublet(ctx, t, r->alpha1, r->alpha2, r->ratio, NULL));
    if (!r->rates) AS_TRY(as_add_counted_sigma(ctx, t, NULL, NAN)); /* rates: modified, unproved */
    r->range = NULL;
    r->steps = NAN;
    r->n_ranges++;
    return as_emit(job->out, ctx, t);
}

/* The line of names after [Data] and the rows up to the next section or the end. */
static as_status read_data(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_field *name;
    as_more more;
    size_t n = 0;
    AS_TRY(as_need_line(job->ctx, it, &line, "the names of the columns"));
    const as_where at = line.where;
    AS_TRY(as_fields(job->ctx, &line, ',', &name, &n));
    if (n > 0 && name[n - 1].length == 0) n--;
    if (n < 2 || n > 64)
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "%zu columns, expected 2 or more", n);
    as_rows *rows = as_rows_new(job->ctx, n);
    if (!rows) return AS_ERR;
    it->separator = ',';
    for (as_lines ahead = *it; (more = as_next_line(job->ctx, &ahead, &line)) == AS_ITEM;
         *it = ahead) {
        double v[65];
        if (line.text[0] == '[') break;
        if (line.length == 0) continue;
        const size_t got = as_line_numbers(&ahead, &line, 65, v);
        if (got != n && got != n + 1)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %zu numbers",
                           line.text, n);
        double *row = as_rows_add(job->ctx, rows);
        if (!row) return AS_ERR;
        memcpy(row, v, n * sizeof *v);
    }
    it->separator = 0;
    return more == AS_FAILED ? AS_ERR : emit_range(job, r, rows, name, n, &at);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading r = { .file = as_table_new(job->ctx, 0), .section = "", .steps = NAN, .increment = NAN,
                  .start = NAN, .alpha1 = NAN, .alpha2 = NAN, .ratio = NAN };
    if (!r.file) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0 || line.text[0] == ';') continue;
        if (line.text[0] != '[') {
            AS_TRY(read_key(job, &r, &line));
            continue;
        }
        r.type = r.drive = NULL;
        r.section = as_strndup(as_scratch(job->ctx), line.text + 1, strcspn(line.text + 1, "]"));
        if (!r.section) return AS_ERR;
        if (as_same(r.section, "RangeHeader")) {
            r.range = as_table_new(job->ctx, 0);
            if (!r.range) return AS_ERR;
        }
        if (as_same(r.section, "Data")) AS_TRY(read_data(job, &r, &it));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.n_ranges == 0 || r.range)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends in the header of range %zu", r.n_ranges + 1);
    return AS_OK;
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a scan", "assay read tests/corpus/xrd/diffrac.txt" },
                                       { 0 } };
static const char *const see_also[] = { "bruker-raw", "bruker-eva", NULL };

const as_parser as_parser_bruker_diffrac_txt = {
    .name = "bruker-diffrac-txt",
    .title = "Bruker DIFFRAC RAW converted to text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Bruker RAW files converted to text",
             .description =
                 "Text: `;RAW4.00`, then sections of `Key=Value` and, for each range, "
                 "`[Data]` with a line of names and rows that end in commas. Intensities "
                 "are counts, or rates where `COUNTS_MODIFIED` says CPS.",
             .examples = examples,
             .see_also = see_also },
};
