/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV export of PANalytical: sections [Measurement conditions] with "key,value" and [Scan points]
 * with a line of names, Angle and Intensity among them, and the rows. Values with commas stand in
 * double quotes; where the decimal sign is a comma the separator is a semicolon.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"

static const as_known known[] = {
    { "Sample identification", "sample", NULL }, { "Anode material", "anode", NULL },
    { "Generator voltage", "tube_voltage", "kV" }, { "Tube current", "tube_current", "mA" },
    { "Time per step", "step_time", "s" },       { "Scan axis", "scan_axis", NULL },
    { "Scan type", "scan_mode", NULL },          { "Diffractometer system", "instrument", NULL },
};
/* The conditions that are positions of axes that stood still. */
static const char *const positions[] = { "Phi", "Psi", "Chi", "Omega", "2Theta", "X", "Y", "Z" };

enum { MAX_COLUMNS = 16 };

typedef struct {
    as_table *head;
    char separator;
    const char *axis;
    double alpha1, alpha2, ratio, count;
    size_t n_scans;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!as_starts(head, "[Measurement conditions]")) return AS_PROBE_NO;
    return strstr(head, "\n[Scan points]") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* A comma stands for a point in numbers when fields are cut at semicolons. */
static as_status with_point(as_ctx *ctx, const reading *r, const char **text)
{
    double value;
    if (r->separator == ',' || !as_read_number(*text, strlen(*text), ',', &value)) return AS_OK;
    char *copy = as_strdup(as_scratch(ctx), *text);
    if (!copy) return AS_ERR;
    char *comma = strchr(copy, ',');
    if (comma) *comma = '.';
    *text = copy;
    return AS_OK;
}

static as_status read_condition(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, r->separator, &f, &n));
    const char *key = n ? f[0].text : "", *value = n > 1 ? f[1].text : "";
    double number = NAN;
    AS_TRY(with_point(job->ctx, r, &value));
    as_read_number(value, strlen(value), '.', &number);
    const struct { const char *key; double *to; } own[] = {
        { "K-Alpha1 wavelength", &r->alpha1 }, { "K-Alpha2 wavelength", &r->alpha2 },
        { "Ratio K-Alpha2/K-Alpha1", &r->ratio }, { "No. of points", &r->count },
    };
    for (size_t i = 0; i < AS_COUNT(own); i++)
        if (strcmp(own[i].key, key) == 0) *own[i].to = number;
    if (strcmp(key, "Scan axis") == 0) r->axis = value;
    if (strcmp(key, "File date and time") == 0)
        return as_set_measured(job->ctx, r->head, value, false, &line->where);
    if (strcmp(key, "Divergence slit") == 0) {
        const char *opening = n > 2 ? f[2].text : "";
        AS_TRY(with_point(job->ctx, r, &opening));
        return as_set_slit(job->ctx, r->head, value, opening, &line->where);
    }
    for (size_t i = 0; i < AS_COUNT(positions); i++)
        if (strcmp(positions[i], key) == 0 && isfinite(number))
            return as_set_position(job->ctx, r->head, key, number, NULL, &line->where);
    if (n > 2) { /* Scan range,5,80 */
        value = as_trim(as_scratch(job->ctx), line->text + f[1].at, line->length - f[1].at);
        if (!value) return AS_ERR;
    }
    return *key ? as_set_known(job->ctx, r->head, known, AS_COUNT(known), key, value, &line->where)
                : AS_OK;
}

typedef struct { size_t n, x, y, time, sigma; } layout;

static as_status read_names(as_parse *job, const reading *r, as_lines *it, layout *out)
{
    as_line line;
    as_field *f;
    AS_TRY(as_need_line(job->ctx, it, &line, "the names of the columns"));
    AS_TRY(as_fields(job->ctx, &line, r->separator, &f, &out->n));
    out->x = out->y = out->time = out->sigma = MAX_COLUMNS;
    for (size_t i = 0; i < out->n && i < MAX_COLUMNS; i++) {
        if (as_same(f[i].text, "Angle")) out->x = i;
        if (as_same(f[i].text, "Intensity")) out->y = i;
        if (as_same(f[i].text, "TimePerStep")) out->time = i;
        if (as_same(f[i].text, "ESD")) out->sigma = i;
    }
    if (out->x == MAX_COLUMNS || out->y == MAX_COLUMNS || out->n > MAX_COLUMNS)
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.60s', expected Angle and Intensity",
                       line.text);
    return AS_OK;
}

static as_status finish(as_parse *job, reading *r, as_rows *rows, const layout *have,
                        const as_where *at)
{
    static const char *const names[] = { NULL, "intensity", "counting_time", "sigma" };
    static const as_role roles[] = { AS_ROLE_X, AS_ROLE_Y, AS_ROLE_OTHER, AS_ROLE_SIGMA };
    const size_t source[] = { have->x, have->y, have->time, have->sigma };
    as_ctx *ctx = job->ctx;
    as_axis axis;
    as_table *all = as_rows_table(ctx, rows);
    if (!all) return AS_ERR;
    if (isfinite(r->count) && (double)all->rows != r->count)
        return as_fail(ctx, AS_E_TRUNCATED, at, "%zu points, expected %.0f as the file says",
                       all->rows, r->count);
    AS_TRY(as_axis_of(as_scratch(ctx), r->axis && *r->axis ? r->axis : "2Theta", NULL, &axis));
    as_table *t = as_table_new(ctx, all->rows);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < AS_COUNT(source); i++) {
        if (source[i] == MAX_COLUMNS) continue;
        as_column *c = as_add_column(ctx, t, names[i] ? names[i] : axis.column, roles[i],
                                     as_unit_of(i == 0 ? "deg" : i == 2 ? "s" : "count"));
        if (!c) return AS_ERR;
        if (t->rows) memcpy(c->v.f, all->column[source[i]]->v.f, t->rows * sizeof(double));
        if (i == 0) AS_TRY(as_unit_parse(ctx, t->arena, axis.unit, &c->unit));
    }
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_set_doublet(ctx, t, r->alpha1, r->alpha2, r->ratio, NULL));
    if (have->sigma == MAX_COLUMNS) AS_TRY(as_add_counted_sigma(ctx, t, NULL, NAN));
    r->n_scans++;
    return as_emit(job->out, ctx, t);
}

static as_status read_points(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    layout have;
    AS_TRY(read_names(job, r, it, &have));
    const as_where at = { .file = job->in->name, .line = it->number };
    as_rows *rows = as_rows_new(job->ctx, have.n);
    if (!rows) return AS_ERR;
    it->separator = r->separator;
    it->decimal = r->separator == ',' ? '.' : ',';
    for (as_lines ahead = *it; (more = as_next_line(job->ctx, &ahead, &line)) == AS_ITEM;
         *it = ahead) {
        double v[MAX_COLUMNS];
        if (line.text[0] == '[') break;
        if (line.length == 0) continue;
        if (as_line_numbers(&ahead, &line, MAX_COLUMNS, v) != have.n)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %zu numbers",
                           line.text, have.n);
        double *row = as_rows_add(job->ctx, rows);
        if (!row) return AS_ERR;
        memcpy(row, v, have.n * sizeof *v);
    }
    return more == AS_FAILED ? AS_ERR : finish(job, r, rows, &have, &at);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading r = { .alpha1 = NAN, .alpha2 = NAN, .ratio = NAN, .count = NAN, .separator = ',' };
    const char *semicolon = strchr((const char *)job->in->data, ';');
    const char *comma = strchr((const char *)job->in->data, ',');
    if (semicolon && (!comma || semicolon < comma)) r.separator = ';';
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (as_starts(line.text, "[Scan points]")) {
            AS_TRY(read_points(job, &r, &it));
        } else if (as_starts(line.text, "[Measurement conditions]") || !r.head) {
            r.head = as_table_new(job->ctx, 0);
            r.axis = NULL;
            if (!r.head) return AS_ERR;
        } else if (line.text[0] != '[') {
            AS_TRY(read_condition(job, &r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.n_scans == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before [Scan points]");
    return AS_OK;
}

static const char *const suffixes[] = { "csv", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a scan", "assay read tests/corpus/xrd/panalytical.csv" },
                                       { 0 } };
static const char *const see_also[] = { "xrdml", "philips-udf", NULL };

const as_parser as_parser_panalytical_csv = {
    .name = "panalytical-csv",
    .title = "PANalytical CSV export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read CSV exported by PANalytical",
             .description =
                 "Text: `[Measurement conditions]` with keys and values, `[Scan points]` "
                 "with Angle, Intensity and, in newer files, TimePerStep and ESD.",
             .examples = examples,
             .see_also = see_also },
};
