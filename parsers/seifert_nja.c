/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seifert RayfleX NJA: text; sections #Name with pairs &KEY=value between tabs, then #Values with
 * &NoValues=n and n rows: position and intensity, or (pole figures) alpha, beta, intensity and
 * background.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"

static const as_known known[] = {
    { "Sample", "sample", NULL },   { "Operator", "operator", NULL },
    { "Anode", "anode", NULL },     { "kV", "tube_voltage", "kV" },
    { "mA", "tube_current", "mA" }, { "Detector", "detector", NULL },
    { "Time", "step_time", "s" },   { "2Theta", "two_theta", "deg" },
    { "Comment", "comment", NULL }, { "ScanAxis", "scan_axis", NULL },
    { "Date", "measured", NULL },
};

typedef struct {
    as_table *head;
    as_rows *rows;
    size_t n_columns;
    double n_values, h, k, l, time;
    as_where at;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!as_starts(head, "#MeasParameter") && !as_starts(head, "#Meas")) return AS_PROBE_NO;
    return strstr(head, "\n&") ? strstr(head, "#Values") ? AS_PROBE_MAGIC : AS_PROBE_LIKELY
                               : AS_PROBE_NO;
}

/* "&H=1<TAB>&K=1<TAB>&L=1" */
static as_status read_keys(as_parse *job, reading *r, const as_line *line)
{
    as_field *field;
    size_t n;
    const struct { const char *key; double *to;
    } own[] = {
        { "NoValues", &r->n_values }, { "H", &r->h }, { "K", &r->k }, { "L", &r->l },
        { "Time", &r->time },
    };
    AS_TRY(as_fields(job->ctx, line, '\t', &field, &n));
    for (size_t i = 0; i < n; i++) {
        const char *equal = strchr(field[i].text, '=');
        if (field[i].length == 0) continue;
        if (field[i].text[0] != '&' || !equal)
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected &KEY=value",
                           field[i].text);
        const char *key = as_trim(as_scratch(job->ctx), field[i].text + 1,
                                  (size_t)(equal - field[i].text) - 1);
        const char *value = equal + 1;
        if (!key) return AS_ERR;
        for (size_t k = 0; k < AS_COUNT(own); k++)
            if (strcmp(own[k].key, key) == 0) as_read_number(value, strlen(value), '.', own[k].to);
        AS_TRY(as_set_known(job->ctx, r->head, known, AS_COUNT(known), key, value, &line->where));
    }
    return AS_OK;
}

/* Intensities are rates when they give whole counts only with the counting time. */
static bool are_rates(const reading *r, as_ctx *ctx, const as_table *t, size_t y)
{
    double *counted = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!counted || !(r->time > 0) || as_are_counts(t->column[y]->v.f, NULL, t->rows)) return false;
    for (size_t i = 0; i < t->rows; i++) counted[i] = t->column[y]->v.f[i] * r->time;
    return as_are_counts(counted, NULL, t->rows);
}

static as_status finish(as_parse *job, reading *r)
{
    as_ctx *ctx = job->ctx;
    as_table *t = as_rows_table(ctx, r->rows);
    if (!t) return AS_ERR;
    if (isfinite(r->n_values) && (double)t->rows != r->n_values)
        return as_fail(ctx, AS_E_TRUNCATED, &r->at, "%zu rows, expected %.0f as NoValues says",
                       t->rows, r->n_values);
    const bool pole = r->n_columns == 4;
    const bool rates = are_rates(r, ctx, t, pole ? 2 : 1);
    const as_unit y_unit = as_unit_of(rates ? "count/s" : "count"), deg = as_unit_of("deg");
    if (pole) { /* alpha, beta, intensity, background */
        AS_TRY(as_name_column(ctx, t, 0, "alpha", AS_ROLE_OTHER, deg));
        AS_TRY(as_name_column(ctx, t, 1, "beta", AS_ROLE_X, deg));
        AS_TRY(as_name_column(ctx, t, 2, "intensity", AS_ROLE_Y, y_unit));
        AS_TRY(as_name_column(ctx, t, 3, "background", AS_ROLE_OTHER, y_unit));
    } else {
        AS_TRY(as_name_column(ctx, t, 0, "two_theta", AS_ROLE_X, deg));
        AS_TRY(as_name_column(ctx, t, 1, "intensity", AS_ROLE_Y, y_unit));
        if (r->n_columns == 3)
            AS_TRY(as_name_column(ctx, t, 2, "background", AS_ROLE_OTHER, y_unit));
    }
    AS_TRY(as_copy_meta(ctx, t, r->head));
    if (pole) AS_TRY(as_set_meta(ctx, t, "scan_axis", "Beta", NULL, NULL));
    if (isfinite(r->h) && isfinite(r->k) && isfinite(r->l)) {
        const char *hkl = as_format(as_scratch(ctx), "%g %g %g", r->h, r->k, r->l);
        if (!hkl) return AS_ERR;
        AS_TRY(as_set_meta(ctx, t, "hkl", hkl, NULL, NULL));
    }
    AS_TRY(as_add_counted_sigma(ctx, t, NULL, r->time));
    return as_emit(job->out, ctx, t);
}

static as_status read_row(as_parse *job, reading *r, const as_lines *it, const as_line *line)
{
    double v[8];
    const size_t n = as_line_numbers(it, line, 8, v);
    if (!r->rows && n >= 2 && n <= 4) {
        r->rows = as_rows_new(job->ctx, r->n_columns = n);
        r->at = line->where;
        if (!r->rows) return AS_ERR;
    }
    if (!r->rows || n != r->n_columns)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected a row of numbers",
                       line->text);
    double *row = as_rows_add(job->ctx, r->rows);
    if (!row) return AS_ERR;
    memcpy(row, v, n * sizeof *v);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    bool in_values = false;
    reading r = { .head = as_table_new(job->ctx, 0), .n_values = NAN, .h = NAN, .k = NAN, .l = NAN,
                  .time = NAN };
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (line.text[0] == '#') {
            if (r.rows) AS_TRY(finish(job, &r));
            r.rows = NULL;
            in_values = as_starts(line.text, "#Values");
        } else if (in_values && line.text[0] != '&') {
            AS_TRY(read_row(job, &r, &it, &line));
        } else {
            AS_TRY(read_keys(job, &r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!r.rows)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before the values");
    return finish(job, &r);
}

static const char *const suffixes[] = { "nja", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a pole figure", "assay read tests/corpus/xrd/pole.nja" },
                                       { 0 } };
static const char *const see_also[] = { "bruker-uxd", NULL };

const as_parser as_parser_seifert_nja = {
    .name = "seifert-nja",
    .title = "Seifert RayfleX NJA",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "one observed file (pole figure)",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Seifert NJA pole figures and scans",
             .description =
                 "Text: `&KEY=value` in sections, then `#Values`. Rows of four numbers are alpha, "
                 "beta, intensity and background; rows of two are position and intensity. "
                 "Intensities that are whole numbers only when multiplied by the counting time are "
                 "counts per second.",
             .examples = examples,
             .see_also = see_also },
};
