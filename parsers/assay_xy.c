/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xy and xye as `assay convert` writes them: rows of numbers between blanks, above each series a
 * remark,
 * `# NAME: two_theta (deg), intensity (count)`, that says what the columns are.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "parser.h"
#include "text_end.h"
#include "vocabulary.h"

enum { MOST_COLUMNS = 3, WORD_MAX = 64 };

typedef struct remark {
    size_t series; /* bytes of the name of the series, behind "# " */
    size_t n;
    struct {
        char name[WORD_MAX], unit[WORD_MAX]; /* unit "": none */
    } column[MOST_COLUMNS];
} remark;

/* "two_theta (deg)" in text[0 .. n). */
static bool split_column(const char *text, size_t n, char name[WORD_MAX], char unit[WORD_MAX])
{
    const char *open = memchr(text, ' ', n);
    const size_t length = open ? (size_t)(open - text) : n;
    unit[0] = '\0';
    if (length == 0 || length >= WORD_MAX) return false;
    memcpy(name, text, length);
    name[length] = '\0';
    if (!as_vocabulary(AS_WORD_COLUMN, name)) return false;
    if (!open) return true;
    const size_t inside = n - length;
    if (inside < 4 || inside - 3 >= WORD_MAX || open[1] != '(' || text[n - 1] != ')') return false;
    memcpy(unit, open + 2, inside - 3);
    unit[inside - 3] = '\0';
    return true;
}

/* The remark in text[0 .. n). The name of the series may have a colon itself: the last one counts.
 */
static bool read_remark(const char *text, size_t n, remark *out)
{
    if (n < 4 || text[0] != '#' || text[1] != ' ') return false;
    size_t colon = n - 1;
    while (colon > 1 && !(text[colon] == ':' && text[colon + 1] == ' ')) colon--;
    if (colon <= 1) return false;
    *out = (remark){ .series = colon - 2 };
    for (size_t at = colon + 2; at < n && out->n < MOST_COLUMNS + 1;) {
        size_t end = at;
        while (end < n && !(text[end] == ',' && end + 1 < n && text[end + 1] == ' ')) end++;
        if (out->n == MOST_COLUMNS ||
            !split_column(text + at, end - at, out->column[out->n].name, out->column[out->n].unit))
            return false;
        out->n++;
        at = end + 2;
    }
    return out->n >= 2;
}

static int probe(const as_probe *p)
{
    const char *text = (const char *)p->head;
    remark r;
    return p->is_text && read_remark(text, strcspn(text, "\r\n"), &r) ? AS_PROBE_LIKELY
                                                                      : AS_PROBE_NO;
}

/* Rows up to the next remark or the end; blank lines between. */
static as_status read_rows(as_parse *job, as_lines *it, size_t n, as_rows *rows)
{
    const as_row_form form = { .decimal = '.', .count = n, .gaps = true };
    const char *text = (const char *)job->in->data;
    as_line line;
    double v[MOST_COLUMNS];
    while (it->at < job->in->size && text[it->at] != '#') {
        const size_t used = as_scan_row(text + it->at, job->in->size - it->at, &form, v, 1);
        if (used) {
            double *row = as_rows_add(job->ctx, rows);
            if (!row) return AS_ERR;
            memcpy(row, v, n * sizeof *v);
            it->at += used;
            it->number++;
            continue;
        }
        if (as_next_line(job->ctx, it, &line) == AS_FAILED) return AS_ERR;
        if (strspn(line.text, " \t") < line.length)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %zu numbers",
                           line.text, n);
    }
    return AS_OK;
}

/* The name; behind that of data that no instrument measured stands a mark, which stays one. */
static as_status take_name(as_parse *job, as_table *t, const char *series, size_t n)
{
    static const char mark[] = " (simulated)";
    const size_t end = sizeof mark - 1;
    const bool simulated = n > end && strncmp(series + n - end, mark, end) == 0;
    if (simulated) n -= end;
    if (n && !(t->name = as_strndup(t->arena, series, n))) return AS_ERR;
    return simulated ? as_set_meta(job->ctx, t, "simulated", "as the file says: no measurement", NULL, NULL) : AS_OK;
}

static as_status emit(as_parse *job, as_table *t, const remark *r, const char *series, bool last)
{
    static const as_role roles[MOST_COLUMNS] = { AS_ROLE_X, AS_ROLE_Y, AS_ROLE_SIGMA };
    as_heading h[MOST_COLUMNS] = { 0 };
    for (size_t i = 0; i < r->n; i++) {
        as_unit unit = AS_UNITLESS;
        if (r->column[i].unit[0])
            AS_TRY(as_unit_parse(job->ctx, t->arena, r->column[i].unit, &unit));
        AS_TRY(as_name_column(job->ctx, t, i, r->column[i].name, roles[i], unit));
        h[i] = (as_heading){ .name = r->column[i].name, .known = true, .unit = unit };
    }
    const char *technique = as_technique_of(2, h);
    if (technique && !(t->technique = as_strdup(t->arena, technique))) return AS_ERR;
    AS_TRY(take_name(job, t, series, r->series));
    if (last) as_warn_if_cut(job, t, true);
    return as_emit(job->out, job->ctx, t);
}

static as_status read_series(as_parse *job, as_lines *it)
{
    as_line line;
    remark r;
    AS_TRY(as_need_line(job->ctx, it, &line, "a remark"));
    if (!read_remark(line.text, line.length, &r))
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                       "'%.40s', expected a remark, '# NAME: x (unit), y (unit)'", line.text);
    const char *series = as_strndup(as_scratch(job->ctx), line.text + 2, r.series);
    as_rows *rows = as_rows_new(job->ctx, r.n);
    if (!series || !rows) return AS_ERR;
    AS_TRY(read_rows(job, it, r.n, rows));
    if (as_rows_count(rows) == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "no rows below the remark");
    as_table *t = as_rows_table(job->ctx, rows);
    return t ? emit(job, t, &r, series, it->at >= job->in->size) : AS_ERR;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .brief = true };
    do AS_TRY(read_series(job, &it));
    while (it.at < job->in->size);
    return AS_OK;
}

static const char *const suffixes[] = { "xy", "xye", NULL };
static const char *const techniques[] = { "xrd", "sorption", "thermal", "raman",   "ftir",
                                          "xps", "echem",    "uvvis",   "generic", NULL };
static const as_example examples[] = { { "there and back",
                                         "assay convert --to xy tests/corpus/xrd/small.xy > "
                                         "again.xy && assay read again.xy | tail -3" },
                                       { 0 } };
static const char *const see_also[] = { "xy", "xye", "delimited", NULL };

const as_parser as_parser_assay_xy = {
    .name = "assay-xy",
    .title = "xy and xye of series, as assay writes them",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read xy and xye that assay convert wrote",
             .description =
                 "Two or three numbers a row: x, y and the standard deviation of y. The remark "
                 "above a "
                 "series has its name and the names of the columns with their units; without it "
                 "the file is one of the columns that *delimited* reads.",
             .examples = examples,
             .see_also = see_also },
};
