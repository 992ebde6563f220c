/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scienta SES text: sections [Info], and for each region [Region n] with the dimensions, [Info n]
 * with settings and [Data n] (of a third dimension [Data n:m]): the axis and a column for each
 * slice.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "scienta.h"
#include "text_end.h"
#include "xml.h"

enum { MAX_SLICES = 1 << 16 };

typedef struct dimension {
    const char *name;
    double size;
    const char *scale; /* numbers, blank between; NULL: none */
    as_where where;
} dimension;

typedef struct reading {
    as_parse *job;
    as_table *file, *region; /* no rows: settings */
    dimension dim[4];        /* 1 to 3 */
    char section[32];
    size_t n_regions, n_series;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "[Info]")) return AS_PROBE_NO;
    return strstr(at, "Number of Regions=") && strstr(at, "[Region ") ? AS_PROBE_MAGIC
                                                                      : AS_PROBE_NO;
}

/* "Dimension 2 size=6" */
static bool read_dimension(reading *r, const as_line *line)
{
    if (!as_starts(line->text, "Dimension ") || line->text[10] < '1' || line->text[10] > '3')
        return false;
    dimension *d = &r->dim[line->text[10] - '0'];
    const char *key = line->text + 11, *value = strchr(line->text, '=');
    if (!value) return false;
    value++;
    d->where = line->where;
    if (as_starts(key, " name")) d->name = value;
    if (as_starts(key, " size") && !as_read_number(value, strlen(value), '.', &d->size))
        d->size = NAN;
    if (as_starts(key, " scale")) d->scale = value;
    return true;
}

static as_status open_section(reading *r, const as_line *line)
{
    snprintf(r->section, sizeof r->section, "%s", line->text + 1);
    char *end = strchr(r->section, ']');
    if (end) *end = '\0';
    if (!as_starts(r->section, "Region ")) return AS_OK;
    memset(r->dim, 0, sizeof r->dim);
    r->n_regions++;
    r->region = as_table_new(r->job->ctx, 0);
    return r->region ? as_copy_meta(r->job->ctx, r->region, r->file) : AS_ERR;
}

/* Places of the slices; NaN where the file gives none. */
static as_status slice_places(reading *r, size_t n, double **out)
{
    size_t found = 0;
    *out = AS_NEW_N(as_scratch(r->job->ctx), double, n);
    if (!*out) return AS_ERR;
    const dimension *d = &r->dim[2];
    if (d->scale) AS_TRY(as_text_numbers(r->job->ctx, &d->where, d->scale, n, *out, &found));
    for (size_t k = found; k < n; k++) (*out)[k] = NAN;
    return AS_OK;
}

static as_status new_slices(reading *r, size_t rows, size_t n, as_table **t)
{
    double *place;
    as_ctx *ctx = r->job->ctx;
    AS_TRY(slice_places(r, n, &place));
    const char *axis = r->dim[1].name ? r->dim[1].name : "x";
    const char *colon = strchr(r->section, ':');
    for (size_t k = 0; k < n; k++) {
        t[k] =
            scienta_table(ctx, r->region, axis, rows, n > 1 ? k + 1 : 0, r->dim[2].name, place[k]);
        if (!t[k]) return AS_ERR;
        if (colon)
            AS_TRY(as_set_meta(ctx, t[k], "vendor.Dimension 3", colon + 1, NULL, &r->dim[1].where));
    }
    return AS_OK;
}

static as_status read_data(reading *r, as_lines *it)
{
    as_ctx *ctx = r->job->ctx;
    as_line line;
    const double rows = r->dim[1].size, n = r->dim[2].size > 0 ? r->dim[2].size : 1;
    const double left = (double)(r->job->in->size - it->at);
    const as_where at = { .file = r->job->in->name, .line = it->number };
    if (!r->region || !(rows >= 1) || rows != floor(rows) || n != floor(n))
        return as_fail(ctx, AS_E_SYNTAX, &at, "data without the size of dimension 1 before them");
    if (n > MAX_SLICES || rows * (n + 1) * 2 > left + 2)
        return as_fail(ctx, AS_E_TRUNCATED, &at, "%g rows of %g slices, more than the file holds",
                       rows, n);
    const size_t width = (size_t)n + 1;
    as_table **t = AS_NEW_N(as_scratch(ctx), as_table *, width);
    double *v = AS_NEW_N(as_scratch(ctx), double, width);
    if (!t || !v) return AS_ERR;
    AS_TRY(new_slices(r, (size_t)rows, width - 1, t));
    for (size_t i = 0; i < (size_t)rows; i++) {
        AS_TRY(as_need_line(ctx, it, &line, "a row of the region"));
        if (as_line_numbers(it, &line, width, v) != width)
            return as_fail(ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected %zu numbers in row %zu of %g", line.text, width,
                           i + 1, rows);
        for (size_t k = 1; k < width; k++) {
            t[k - 1]->column[0]->v.f[i] = v[0];
            t[k - 1]->column[1]->v.f[i] = v[k];
        }
    }
    for (size_t k = 1; k < width; k++) AS_TRY(as_emit(r->job->out, ctx, t[k - 1]));
    r->n_series++;
    return AS_OK;
}

static as_status read_line(reading *r, as_lines *it, const as_line *line)
{
    if (line->text[0] == '[') {
        AS_TRY(open_section(r, line));
        return as_starts(r->section, "Data ") ? read_data(r, it) : AS_OK;
    }
    if (as_starts(r->section, "Data "))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.40s' behind the last row that Dimension 1 size announces", line->text);
    if (as_same(r->section, "Info")) return scienta_setting(r->job->ctx, r->file, line);
    if (!r->region || read_dimension(r, line)) return AS_OK;
    return scienta_setting(r->job->ctx, r->region, line);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    double announced;
    reading r = { .job = job, .file = as_table_new(job->ctx, 0) };
    if (!r.file) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        const char *text = as_trim(as_scratch(job->ctx), line.text, line.length);
        if (!text) return AS_ERR;
        if (*text) AS_TRY(read_line(&r, &it, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    const as_meta *m = as_get_meta(r.file, "vendor.Number of Regions");
    if (r.n_series == 0 || r.n_series < r.n_regions ||
        (m && as_leading_number(m->text, &announced, NULL) && announced > (double)r.n_regions))
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends with %zu regions of data, expected %s", r.n_series,
                       m ? m->text : "more");
    as_warn_if_cut(job, NULL, true);
    return AS_OK;
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "slices of a region", "assay read --list tests/corpus/xps/ses.txt" }, { 0 }
};
static const char *const see_also[] = { "scienta-zip", "igor", NULL };

const as_parser as_parser_scienta_txt = {
    .name = "scienta-txt",
    .title = "Scienta SES text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the text exports of Scienta SES",
             .description =
                 "Sections of settings and, for each region, rows of energy and one value for each "
                 "slice. Each slice becomes a series. The unit of the intensity is not stated in "
                 "these files and left open.",
             .examples = examples,
             .see_also = see_also },
};
