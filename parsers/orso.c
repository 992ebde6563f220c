/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ORSO reflectivity files (.ort): lines of YAML behind "# ", which name the columns, then rows; a further data
 * set begins with "# data_set:" and says only what differs.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "headings.h"
#include "stream_head.h"
#include "text_end.h"

enum { MOST_COLUMNS = 64 };

static const char magic[] = "# # ORSO reflectivity data file";

static int probe(const as_probe *p)
{
    return p->is_text && as_starts((const char *)p->head, magic) ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

typedef struct column {
    const char *name; /* of the vocabulary, or the file's */
    as_role role;
    as_unit unit;
    double factor; /* of a width that is no standard deviation */
} column;

typedef struct reading {
    as_parse *job;
    as_lines it;
    as_line line;  /* of the first row behind a header */
    as_more more;  /* whether there is such a row */
    json_t *head;  /* of the data set, with what former ones said */
    uint32_t first; /* line of the header */
} reading;

static void release(void *root)
{
    json_decref(root);
}

static bool is_header(const as_line *line)
{
    return line->text[0] == '#' || line->length == 0;
}

/* Bytes of the header lines from `begin` on. */
static as_status header_size(const reading *r, const as_line *begin, size_t *size)
{
    as_lines ahead = r->it;
    as_line line = *begin;
    as_more more = AS_ITEM;
    *size = 1;
    for (; more == AS_ITEM && is_header(&line); more = as_next_line(r->job->ctx, &ahead, &line))
        *size += line.length + 1;
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* The header lines from here to the first row, without their marks; lines that begin with two marks are for
 * the eye. */
static as_status take_header(reading *r, const as_line *begin)
{
    as_ctx *ctx = r->job->ctx;
    size_t n = 0, room;
    json_t *own;
    AS_TRY(header_size(r, begin, &room));
    char *text = as_alloc(as_scratch(ctx), room, 1);
    if (!text) return AS_ERR;
    r->line = *begin;
    r->first = begin->where.line;
    for (r->more = AS_ITEM; r->more == AS_ITEM; r->more = as_next_line(ctx, &r->it, &r->line)) {
        const char *at = r->line.text;
        if (!is_header(&r->line)) break;
        const size_t mark = (at[0] == '#') + (size_t)(at[0] == '#' && at[1] == ' ');
        const bool remark = at[mark] == '#';
        const size_t length = remark ? 0 : r->line.length - mark;
        memcpy(text + n, at + mark, length);
        n += length;
        text[n++] = '\n';
    }
    if (r->more == AS_FAILED) return AS_ERR;
    AS_TRY(as_yaml_object(ctx, text, n, r->job->in->name, r->first, &own));
    const as_where where = { .file = r->job->in->name, .line = r->first };
    if (!own) return as_fail(ctx, AS_E_SYNTAX, &where, "the header is no mapping, expected 'columns:'");
    AS_TRY(as_defer(as_scratch(ctx), release, own));
    if (r->head && json_object_update_recursive(r->head, own) != 0)
        return as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
    if (!r->head) r->head = own;
    return AS_OK;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The column that an error belongs to: by "error_of", or "sR" behind "R" as files of version 0.1 have it. */
static const char *error_of(const json_t *item)
{
    const char *name = text_of(item, "name");
    if (text_of(item, "error_of")[0]) return text_of(item, "error_of");
    return strcmp(name, "sR") == 0 ? "R" : strcmp(name, "sQz") == 0 ? "Qz" : NULL;
}

static as_status read_column(reading *r, const json_t *item, size_t i, column *all)
{
    as_ctx *ctx = r->job->ctx;
    const as_where where = { .file = r->job->in->name, .line = r->first };
    const char *name = text_of(item, "name"), *of = error_of(item);
    column *c = &all[i];
    *c = (column){ .name = name, .role = AS_ROLE_OTHER, .unit = AS_UNITLESS, .factor = 1 };
    if (!name[0] && !of)
        return as_fail(ctx, AS_E_MISSING, &where, "column %zu has neither a name nor 'error_of'", i + 1);
    if (text_of(item, "unit")[0])
        AS_TRY(as_unit_parse(ctx, as_scratch(ctx), text_of(item, "unit"), &c->unit));
    if (of) {
        const bool first = strcmp(of, "Qz") == 0, second = strcmp(of, "R") == 0;
        const as_unit usual = first ? all[0].unit : i > 1 ? all[1].unit : AS_UNITLESS;
        c->name = first ? "q_resolution" : second ? "sigma" : as_format(as_scratch(ctx), "sigma_%s", of);
        c->role = second ? AS_ROLE_SIGMA : AS_ROLE_OTHER;
        if (!text_of(item, "unit")[0] && (first || second)) c->unit = usual;
        if (as_same(text_of(item, "value_is"), "FWHM")) c->factor = 1 / (2 * sqrt(2 * log(2)));
    } else if (i == 0) {
        c->name = strcmp(name, "Qz") == 0 ? "q" : name;
        c->role = AS_ROLE_X;
    } else if (i == 1) {
        c->name = strcmp(name, "R") == 0 ? "reflectivity" : name;
        c->role = AS_ROLE_Y;
    }
    if (c->name && c->name == name) {
        as_heading h;
        AS_TRY(as_heading_of(ctx, name, NULL, &h));
        c->name = h.name;
    }
    return c->name ? AS_OK : AS_ERR;
}

static as_status read_columns(reading *r, column *all, size_t *n)
{
    const as_where where = { .file = r->job->in->name, .line = r->first };
    const json_t *list = json_object_get(r->head, "columns");
    *n = json_array_size(list);
    if (*n < 2 || *n > MOST_COLUMNS)
        return as_fail(r->job->ctx, AS_E_MISSING, &where, "%zu columns named, expected 2 or more", *n);
    for (size_t i = 0; i < *n; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_object(item))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &where, "column %zu is no mapping", i + 1);
        AS_TRY(read_column(r, item, i, all));
    }
    return AS_OK;
}

/* --- metadata ------------------------------------------------------------------------- */
static const struct { const char *path[4], *meta; } known[] = {
    { { "data_source", "sample", "name" }, "sample" },
    { { "data_source", "experiment", "instrument" }, "instrument" },
    { { "data_source", "experiment", "title" }, "comment" },
    { { "data_source", "experiment", "probe" }, "radiation" },
    { { "reduction", "software", "name" }, "software" },
};

static json_t *at_path(json_t *from, const char *const *path)
{
    for (size_t i = 0; i < 4 && path[i]; i++) from = json_object_get(from, path[i]);
    return from;
}

/* A wavelength that is one value: of a range there is none. */
static as_status set_wavelength(reading *r, as_table *t)
{
    static const char *const path[4] = { "data_source", "measurement", "instrument_settings", "wavelength" };
    as_ctx *ctx = r->job->ctx;
    const json_t *w = at_path(r->head, path), *value = json_object_get(w, "magnitude");
    as_unit unit;
    if (!value) value = json_object_get(w, "value");
    if (!json_is_number(value) || !text_of(w, "unit")[0]) return AS_OK;
    AS_TRY(as_unit_parse(ctx, t->arena, text_of(w, "unit"), &unit));
    return as_set_number(ctx, t, "wavelength", json_number_value(value), NAN, unit, NULL);
}

static as_status set_metadata(reading *r, as_table *t)
{
    static const char *const date[4] = { "data_source", "experiment", "start_date" };
    as_ctx *ctx = r->job->ctx;
    const as_where where = { .file = r->job->in->name, .line = r->first };
    const char *key;
    json_t *value;
    for (size_t i = 0; i < AS_COUNT(known); i++) {
        const char *text = json_string_value(at_path(r->head, known[i].path));
        if (text && text[0]) AS_TRY(as_set_meta(ctx, t, known[i].meta, text, NULL, &where));
    }
    const char *started = json_string_value(at_path(r->head, date));
    if (started && started[0]) AS_TRY(as_set_measured(ctx, t, started, false, &where));
    AS_TRY(set_wavelength(r, t));
    json_object_foreach(r->head, key, value)
    {
        if (strcmp(key, "columns") == 0) continue;
        const char *name = as_format(as_scratch(ctx), "vendor.%s", key);
        if (!name) return AS_ERR;
        AS_TRY(as_meta_from_json(ctx, t, name, value));
    }
    const json_t *set = json_object_get(r->head, "data_set");
    const char *label = json_string_value(set);
    if (label && label[0]) t->label = as_strdup(t->arena, label);
    return label && label[0] && !t->label ? AS_ERR : AS_OK;
}

/* --- rows ------------------------------------------------------------------------------ */
/* The rows from r->line on, up to a comment or the end; *begin is that comment. */
static as_status read_rows(reading *r, const column *all, size_t n, as_line *begin, as_table **out)
{
    as_ctx *ctx = r->job->ctx;
    as_rows *rows = as_rows_new(ctx, n);
    double v[MOST_COLUMNS];
    as_line line = r->line;
    if (!rows) return AS_ERR;
    for (; r->more == AS_ITEM; r->more = as_next_line(ctx, &r->it, &line)) {
        if (line.length == 0) continue;
        if (line.text[0] == '#') break;
        const size_t found = as_line_numbers(&r->it, &line, MOST_COLUMNS, v);
        if (found != n)
            return as_fail(ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %zu numbers", line.text, n);
        double *row = as_rows_add(ctx, rows);
        if (!row) return AS_ERR;
        for (size_t i = 0; i < n; i++) row[i] = all[i].factor * v[i];
    }
    if (r->more == AS_FAILED) return AS_ERR;
    *begin = line;
    *out = as_rows_table(ctx, rows);
    return *out ? AS_OK : AS_ERR;
}

static as_status parse(as_parse *job)
{
    as_ctx *ctx = job->ctx;
    reading *r = AS_NEW(as_scratch(ctx), reading);
    column all[MOST_COLUMNS];
    as_line begin;
    size_t n;
    if (!r) return AS_ERR;
    r->job = job;
    r->it = (as_lines){ .in = job->in };
    AS_TRY(as_need_line(ctx, &r->it, &begin, magic));
    as_warn_if_cut(job, NULL, true);
    for (r->more = AS_ITEM; r->more == AS_ITEM;) {
        as_table *t;
        AS_TRY(take_header(r, &begin));
        AS_TRY(read_columns(r, all, &n));
        const as_where where = { .file = job->in->name, .line = r->first };
        if (r->more != AS_ITEM) return as_fail(ctx, AS_E_TRUNCATED, &where, "no rows behind this header");
        AS_TRY(read_rows(r, all, n, &begin, &t));
        for (size_t i = 0; i < n; i++)
            AS_TRY(as_name_column(ctx, t, i, all[i].name, all[i].role, all[i].unit));
        AS_TRY(set_metadata(r, t));
        AS_TRY(as_emit(job->out, ctx, t));
    }
    return AS_OK;
}

static const char *const suffixes[] = { "ort", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "two spin states of one sample", "assay read --list tests/corpus/xrd/spins.ort" },
    { "drawn over decades, with their uncertainties",
      "assay plot-lines --y-scale log --errors tests/corpus/xrd/spins.ort -o spins.svg" },
    { 0 }
};
static const char *const see_also[] = { "delimited", "xrdml", NULL };

const as_parser as_parser_orso = {
    .name = "orso",
    .title = "ORSO reflectivity",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read reflectivities in the text format of ORSO",
             .description =
                 "Reduced reflectivities of neutrons and X-rays, versions 0.1 and 1: a header in YAML behind `#`, "
                 "then rows. Qz becomes `q`, R `reflectivity`; the uncertainty of R is sigma, that of Qz "
                 "`q_resolution`, both as standard deviations also where the file has widths (FWHM). A data set "
                 "further down keeps what it does not say anew. The header stays whole under `vendor.`.",
             .examples = examples,
             .see_also = see_also },
};
