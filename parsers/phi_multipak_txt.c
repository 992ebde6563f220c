/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of the MultiPak Exporter: the header of the PHI file as "Key:value", then sections.
 * A line "//A,B,...,DataCount" names the lines that follow, one value each; then DataCount rows of
 * x and y, in a depth profile x and y of each cycle. The sputter times stand in sections of their
 * own, behind the spectra.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "phi.h"

typedef struct section {
    const char *area, *name, *x, *y;
    double region, cycles, rows;
    as_where where;
} section;

typedef struct reading {
    as_parse *job;
    as_lines it;
    phi_header header;
    size_t n;
    as_table **table;
    bool timed;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "//")) return AS_PROBE_NO;
    return as_find_text(at, "\n//Multipak Exporter") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status keep(reading *r, as_table *t)
{
    as_table **more = as_grow(as_scratch(r->job->ctx), r->table, r->n, sizeof *more);
    if (!more) return AS_ERR;
    r->table = more;
    r->table[r->n++] = t;
    return AS_OK;
}

/* The lines that "//Area Comment,RegionNo,..." names. */
static as_status read_section_head(reading *r, const as_line *names, section *s)
{
    as_ctx *ctx = r->job->ctx;
    as_field *f;
    size_t n;
    as_line line;
    *s = (section){ .region = NAN, .cycles = 1, .rows = NAN, .where = names->where };
    AS_TRY(as_fields(ctx, names, ',', &f, &n));
    for (size_t i = 0; i < n; i++) {
        AS_TRY(as_need_line(ctx, &r->it, &line, f[i].text));
        const char *text = as_trim(as_scratch(ctx), line.text, line.length);
        double v = NAN;
        if (!text) return AS_ERR;
        if (!as_read_number(text, strlen(text), '.', &v)) v = NAN;
        if (i == 0) s->area = text;
        if (as_same(f[i].text, "AtomicName")) s->name = text;
        if (as_same(f[i].text, "RegionNo")) s->region = v;
        if (as_same(f[i].text, "XLabel")) s->x = text;
        if (as_same(f[i].text, "YLabel")) s->y = text;
        if (as_same(f[i].text, "Cycle")) s->cycles = v;
        if (as_same(f[i].text, "DataCount")) s->rows = v;
    }
    const double left = (double)(r->job->in->size - r->it.at);
    if (!s->x || !s->y || !(s->rows >= 1 && s->rows <= left) ||
        !(s->cycles >= 1 && s->cycles <= left))
        return as_fail(ctx, AS_E_SYNTAX, &names->where,
                       "a section without labels, or whose DataCount is more than the file holds");
    return AS_OK;
}

/* The rows of a section: n columns each of its own length s->rows, x the first. */
static as_status read_rows(reading *r, const section *s, size_t n, double *const *column)
{
    as_line line;
    double *row = AS_NEW_N(as_scratch(r->job->ctx), double, n);
    if (!row) return AS_ERR;
    for (size_t i = 0; i < (size_t)s->rows; i++) {
        AS_TRY(as_need_line(r->job->ctx, &r->it, &line, "a row of values"));
        if (i == 0) r->it.separator = strchr(line.text, ',') ? ',' : '\0'; /* or tabs */
        const size_t found = as_line_numbers(&r->it, &line, n, row);
        if (found != n)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected %zu numbers in row %zu of %.0f", line.text, n, i + 1,
                           s->rows);
        for (size_t k = 0; k < n; k++) column[k][i] = row[k];
    }
    return AS_OK;
}

static as_status read_spectra(reading *r, const section *s)
{
    as_ctx *ctx = r->job->ctx;
    const size_t cycles = (size_t)s->cycles, rows = (size_t)s->rows;
    double **column = AS_NEW_N(as_scratch(ctx), double *, cycles + 1);
    as_table **t = AS_NEW_N(as_scratch(ctx), as_table *, cycles);
    const phi_region *region = phi_region_of(&r->header, s->region, s->name);
    if (!column || !t) return AS_ERR;
    if (!as_find_text(s->x, "binding"))
        return as_fail(ctx, AS_E_FORMAT, &s->where, "spectra over '%s', expected binding energy",
                       s->x);
    /* two bytes at least for each number: the file holds what is asked for */
    AS_TRY(as_need_bytes(ctx, r->job->in, r->it.at, rows, 2 * (cycles + 1) - 1, "rows"));
    for (size_t k = 0; k < cycles; k++) {
        t[k] = phi_table(ctx, &r->header, region, s->name, rows);
        if (!t[k]) return AS_ERR;
        t[k]->column[1]->unit = as_unit_of(as_count_unit(s->y, NULL, NULL));
        column[k + 1] = t[k]->column[1]->v.f;
    }
    column[0] = t[0]->column[0]->v.f;
    AS_TRY(read_rows(r, s, cycles + 1, column));
    for (size_t k = 0; k < cycles; k++) {
        if (k) memcpy(t[k]->column[0]->v.f, column[0], rows * sizeof(double));
        if (s->area && *s->area) AS_TRY(as_set_meta(ctx, t[k], "sample", s->area, NULL, &s->where));
        if (cycles > 1)
            AS_TRY(as_set_number(ctx, t[k], "index", (double)k + 1, NAN, AS_UNITLESS, &s->where));
        AS_TRY(as_add_electron_sigma(ctx, t[k], region ? region->dwell : NAN));
        AS_TRY(keep(r, t[k]));
    }
    return AS_OK;
}

/* Areas over sputter time: a part of its own, whose times belong to the spectra of that name. */
static as_status read_profile(reading *r, const section *s)
{
    as_ctx *ctx = r->job->ctx;
    as_heading h;
    as_table *t = as_table_new(ctx, (size_t)s->rows);
    if (!t) return AS_ERR;
    AS_TRY(as_heading_of(ctx, s->x, NULL, &h));
    const as_unit second = as_unit_of("s");
    const bool time = as_unit_same_dimension(&h.unit, &second);
    as_column *x = as_add_column(ctx, t, time ? "time" : h.name, AS_ROLE_X, h.unit);
    as_column *y = x ? as_add_column(ctx, t, "area", AS_ROLE_Y, AS_UNITLESS) : NULL;
    if (!y) return AS_ERR;
    double *const column[2] = { x->v.f, y->v.f };
    AS_TRY(read_rows(r, s, 2, column));
    t->secondary = true;
    const char *part = as_format(as_scratch(ctx), "area of %s", s->name ? s->name : "a region");
    if (!part) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "part", part, NULL, &s->where));
    for (size_t i = 0; time && i < r->n; i++) {
        const as_meta *name = as_get_meta(r->table[i], "region");
        const as_meta *cycle = as_get_meta(r->table[i], "index");
        if (!name || !cycle || !s->name || !as_same(name->text, s->name)) continue;
        if (cycle->number > s->rows) continue;
        AS_TRY(as_set_number(ctx, r->table[i], "etch_time",
                             as_unit_convert(x->v.f[(size_t)cycle->number - 1], &h.unit, &second),
                             NAN, second, &s->where));
    }
    return keep(r, t);
}

static as_status read_section(reading *r, const as_line *line)
{
    section s;
    AS_TRY(read_section_head(r, line, &s));
    return as_find_text(s.x, "energy") ? read_spectra(r, &s) : read_profile(r, &s);
}

static as_status parse(as_parse *job)
{
    reading r = { .job = job, .it = { .in = job->in, .separator = ',' } };
    as_line line = { 0 };
    as_more more;
    bool in_header = true;
    AS_TRY(phi_header_new(job->ctx, &r.header));
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        const bool is_head = as_starts(line.text, "//") && as_find_text(line.text, ",DataCount");
        if (is_head) {
            in_header = false;
            AS_TRY(read_section(&r, &line));
        } else if (as_starts(line.text, "//") || line.length == 0) {
            continue;
        } else if (in_header) {
            AS_TRY(phi_header_line(job->ctx, &r.header, &line));
        } else {
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s' behind the last row that DataCount announces", line.text);
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (in_header)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before any spectrum");
    for (size_t i = 0; i < r.n; i++) AS_TRY(as_emit(job->out, job->ctx, r.table[i]));
    return AS_OK;
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "cycles of a region", "assay read --list tests/corpus/xps/multipak.txt" }, { 0 }
};
static const char *const see_also[] = { "phi", NULL };

const as_parser as_parser_phi_multipak_txt = {
    .name = "phi-multipak-txt",
    .title = "PHI MultiPak Exporter text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the text of the MultiPak Exporter",
             .description =
                 "The header of the PHI file and a section for each region, with one column for "
                 "each cycle of a depth profile. Each region and cycle becomes a series; sputter "
                 "times are taken from the sections of the profile, which are parts of their own.",
             .examples = examples,
             .see_also = see_also },
};
