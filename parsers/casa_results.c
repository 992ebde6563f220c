/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quantification report of CasaXPS: a path, a line that begins with Name and Position, and a
 * row for each component or region up to an empty line; other tables of the report follow.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "headings.h"
#include "number.h"

enum { MAX_COLUMNS = 64 };

static int probe(const as_probe *p)
{
    const char *at = strstr((const char *)p->head, "Name\tPosition\tFWHM\t");
    return at && (strstr(at, "Area") || strstr(at, "%At Conc")) ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* The row of names; *file gets the path above, where there is one. */
static as_status find_names(as_parse *job, as_lines *it, as_line *line, const char **file)
{
    *file = NULL;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, it, line, "a line of names that begins with Name, Position"));
        if (as_starts(line->text, "Name\tPosition\t")) return AS_OK;
        if (line->length > 0 && !*file)
            *file = as_trim(as_scratch(job->ctx), line->text, line->length);
    }
}

static as_status add_columns(as_parse *job, as_table *t, const as_field *names, size_t n)
{
    as_column *name = as_add_text(job->ctx, t, "component", AS_ROLE_LABEL);
    bool has_y = false;
    if (!name) return AS_ERR;
    for (size_t k = 1; k < n; k++) {
        as_heading h;
        AS_TRY(as_heading_of(job->ctx, names[k].text, NULL, &h));
        const bool area = as_find_text(names[k].text, "Area") && !has_y;
        const bool share = as_find_text(names[k].text, "%At Conc") != NULL;
        const char *key = as_same(names[k].text, "Position") ? "position" : share ? "atomic_fraction" : h.name;
        if (!*key || as_find_name(t, key))
            key = as_format(as_scratch(job->ctx), "column_%zu", k + 1);
        if (!key) return AS_ERR;
        as_role role = k == 1 ? AS_ROLE_X : area ? AS_ROLE_Y : AS_ROLE_OTHER;
        has_y |= area;
        const bool energy = k == 1 || as_same(names[k].text, "FWHM");
        const as_unit unit = energy ? as_unit_of("eV") : share ? as_unit_of("%") : AS_UNITLESS;
        if (!as_add_column(job->ctx, t, key, role, unit))
            return AS_ERR;
    }
    const as_where at = { .file = job->in->name };
    return has_y ? AS_OK : as_fail(job->ctx, AS_E_MISSING, &at, "no column of areas in the report");
}

static as_status read_rows(as_parse *job, as_lines *it, as_table *t, size_t n)
{
    as_line line;
    for (size_t i = 0; i < t->rows; i++) {
        as_field *f;
        size_t found;
        AS_TRY(as_need_line(job->ctx, it, &line, "a row of the report"));
        AS_TRY(as_fields(job->ctx, &line, '\t', &f, &found));
        if (found < n)
            return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                           "'%.40s', expected %zu fields as "
                           "there are names",
                           line.text, n);
        t->column[0]->v.s[i] = as_strdup(t->arena, f[0].text);
        if (!t->column[0]->v.s[i]) return AS_ERR;
        for (size_t k = 1; k < n; k++) /* -1.#IND: what could not be calculated */
            if (!as_read_number(f[k].text, f[k].length, '.', &t->column[k]->v.f[i]))
                t->column[k]->v.f[i] = NAN;
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line;
    as_field *names;
    const char *file;
    size_t n, rows = 0;
    as_more more;
    AS_TRY(find_names(job, &it, &line, &file));
    AS_TRY(as_fields(job->ctx, &line, '\t', &names, &n));
    while (n > 0 && names[n - 1].length == 0) n--;
    as_lines ahead = it;
    while ((more = as_next_line(job->ctx, &ahead, &line)) == AS_ITEM && line.length > 0) rows++;
    if (more == AS_FAILED) return AS_ERR;
    if (rows == 0 || n < 3 || n > MAX_COLUMNS)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "%zu rows of %zu columns in the report", rows, n);
    as_table *t = as_table_new(job->ctx, rows);
    if (!t) return AS_ERR;
    AS_TRY(add_columns(job, t, names, n));
    AS_TRY(read_rows(job, &it, t, n));
    if (file && *file) AS_TRY(as_set_vendor(job->ctx, t, "file", file, NULL));
    if (more == AS_DONE)
        as_warn(job->ctx, t, &line.where, "the report ends with its first table: it may be cut");
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "csv", "txt", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "areas of the components", "assay read tests/corpus/xps/casa-results.csv" }, { 0 }
};
static const char *const see_also[] = { "casa-csv", "casa-txt", NULL };

const as_parser as_parser_casa_results = {
    .name = "casa-results",
    .title = "CasaXPS quantification report",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the quantification report of CasaXPS",
             .description =
                 "The first table of the report: a row for each component, x its position "
                 "(an energy as the program displays it, mostly binding) and y its area, as the program "
                 "found them.",
             .examples = examples,
             .see_also = see_also },
};
