/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Depth profiles of PHI spectrometers as the M-DaC tools of NIMS write them: "##key,value" and
 * "#key,value" lines, then for each region a row of sputter times that begins with an empty cell
 * and rows of binding energy and one intensity for each time; last, behind "##depth_intensity",
 * rows of sputter time and the area of each region.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "headings.h"

enum { MAX_COLUMNS = 4096 };

typedef struct reading {
    as_parse *job;
    as_lines it;
    as_table *meta;
    const char *x[2], *y[2], *z[2]; /* name and unit */
    as_field *legend;
    size_t n_legend, n_regions, n_times;
    double time[MAX_COLUMNS];
    as_rows *rows;
    bool has_areas;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "##tool_package,M-DaC_XPS")) return AS_PROBE_NO;
    return strstr(at, "\n#dimension,x,y,z") ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

/* The first list of each kind belongs to the spectra, later ones to the areas. */
static as_status read_key(reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    const struct {
        const char *key;
        const char **to;
    } axes[] = { { "#x", r->x }, { "#y", r->y }, { "#z", r->z } };
    AS_TRY(as_fields(r->job->ctx, line, ',', &f, &n));
    if (n < 2) return AS_OK;
    for (size_t i = 0; i < AS_COUNT(axes); i++)
        if (as_same(f[0].text, axes[i].key) && !axes[i].to[0]) {
            axes[i].to[0] = f[1].text;
            axes[i].to[1] = n > 2 ? f[2].text : NULL;
            return AS_OK;
        }
    if (as_same(f[0].text, "#legend") && !r->legend) {
        r->legend = f + 1;
        r->n_legend = n - 1;
    }
    if (!as_starts(f[0].text, "##")) return AS_OK;
    const char *value = strchr(line->text, ',');
    return as_set_vendor(r->job->ctx, r->meta, f[0].text + 2, value ? value + 1 : "", &line->where);
}

static as_status emit_region(reading *r, const as_line *at)
{
    as_ctx *ctx = r->job->ctx;
    const as_unit unit = as_unit_of(as_count_unit(r->y[0], r->y[1], NULL));
    as_unit time_unit;
    AS_TRY(as_unit_parse(ctx, as_scratch(ctx), r->z[1] ? r->z[1] : "", &time_unit));
    as_table *all = as_rows_table(ctx, r->rows);
    if (!all) return AS_ERR;
    for (size_t k = 0; k < r->n_times; k++) {
        as_column *x;
        as_table *t = as_table_new(ctx, all->rows);
        if (!t) return AS_ERR;
        AS_TRY(as_copy_meta(ctx, t, r->meta));
        AS_TRY(as_add_energy(ctx, t, r->x[0] ? r->x[0] : "Binding Energy", r->x[1], &x));
        as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, unit);
        if (!y) return AS_ERR;
        memcpy(x->v.f, all->column[0]->v.f, all->rows * sizeof(double));
        memcpy(y->v.f, all->column[k + 1]->v.f, all->rows * sizeof(double));
        if (r->n_regions < r->n_legend)
            AS_TRY(as_set_meta(ctx, t, "region", r->legend[r->n_regions].text, NULL, &at->where));
        AS_TRY(as_set_number(ctx, t, "index", (double)k + 1, NAN, AS_UNITLESS, &at->where));
        AS_TRY(as_set_number(ctx, t, "etch_time", r->time[k], NAN, time_unit, &at->where));
        AS_TRY(as_emit(r->job->out, ctx, t));
    }
    r->n_regions++;
    return AS_OK;
}

static as_status read_matrix(reading *r, const as_line *head)
{
    double v[MAX_COLUMNS];
    as_line line;
    as_lines ahead = r->it;
    as_more more;
    const size_t n = as_line_numbers(&r->it, head, MAX_COLUMNS, v);
    if (n < 2 || n > MAX_COLUMNS || !isnan(v[0]))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &head->where,
                       "'%.40s', expected an empty cell and the sputter times", head->text);
    r->n_times = n - 1;
    memcpy(r->time, v + 1, r->n_times * sizeof(double));
    r->rows = as_rows_new(r->job->ctx, n);
    if (!r->rows) return AS_ERR;
    while ((more = as_next_line(r->job->ctx, &ahead, &line)) == AS_ITEM && line.length > 0 &&
           line.text[0] != '#' && line.text[0] != ',') {
        if (as_line_numbers(&ahead, &line, n, v) != n)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected %zu numbers as there are times", line.text, n);
        double *row = as_rows_add(r->job->ctx, r->rows);
        if (!row) return AS_ERR;
        memcpy(row, v, n * sizeof *v);
        r->it = ahead;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (as_rows_count(r->rows) == 0)
        return as_fail(r->job->ctx, AS_E_TRUNCATED, &head->where, "sputter times without rows");
    return emit_region(r, head);
}

/* Areas over sputter time: a part for each region. */
static as_status read_areas(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const size_t n = r->n_legend + 1;
    double v[MAX_COLUMNS];
    as_line line;
    as_more more;
    if (n < 2 || n > MAX_COLUMNS || !(r->rows = as_rows_new(ctx, n))) return AS_OK;
    while ((more = as_next_line(ctx, &r->it, &line)) == AS_ITEM && line.length > 0) {
        if (as_line_numbers(&r->it, &line, n, v) != n)
            return as_fail(ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected sputter time and %zu areas", line.text, n - 1);
        double *row = as_rows_add(ctx, r->rows);
        if (!row) return AS_ERR;
        memcpy(row, v, n * sizeof *v);
    }
    if (more == AS_FAILED) return AS_ERR;
    as_unit unit;
    as_table *t = as_rows_table(ctx, r->rows);
    if (!t) return AS_ERR;
    AS_TRY(as_unit_parse(ctx, t->arena, r->z[1] ? r->z[1] : "", &unit));
    AS_TRY(as_name_column(ctx, t, 0, "time", AS_ROLE_X, unit));
    for (size_t k = 1; k < n; k++) {
        const char *name = as_plain_key(ctx, r->legend[k - 1].text);
        name = name ? as_format(t->arena, "area_%s", name) : NULL;
        if (!name) return AS_ERR;
        AS_TRY(as_name_column(ctx, t, k, name, k == 1 ? AS_ROLE_Y : AS_ROLE_OTHER, AS_UNITLESS));
    }
    t->secondary = true;
    AS_TRY(as_set_meta(ctx, t, "part", "depth profile", NULL, NULL));
    return as_emit(r->job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    as_line line = { 0 };
    as_more more;
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r || !(r->meta = as_table_new(job->ctx, 0))) return AS_ERR;
    r->job = job;
    r->it = (as_lines){ .in = job->in, .separator = ',' };
    while ((more = as_next_line(job->ctx, &r->it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (as_starts(line.text, "##depth_intensity")) {
            r->has_areas = true;
            AS_TRY(read_areas(r));
        } else if (line.text[0] == '#') {
            AS_TRY(read_key(r, &line));
        } else {
            AS_TRY(read_matrix(r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r->n_regions < r->n_legend || r->n_regions == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "%zu regions, expected %zu",
                       r->n_regions, r->n_legend);
    const as_meta *block = as_get_meta(r->meta, "vendor.block");
    if (block && as_same(block->text, "depth_intensity") && !r->has_areas)
        as_warn(job->ctx, NULL, &line.where,
                "the areas that the header announces are not there: the "
                "file may be cut");
    const double *announced = NULL;
    const as_meta *m = as_get_meta(r->meta, "vendor.Sputter Time");
    double times;
    if (m && as_leading_number(m->text, &times, NULL)) announced = &times;
    if (announced && *announced != (double)r->n_times)
        as_warn(job->ctx, NULL, &line.where, "%zu sputter times, the header says %g", r->n_times,
                *announced);
    return AS_OK;
}

static const char *const suffixes[] = { "csv", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "levels of a region", "assay read --list tests/corpus/xps/multipak.csv" }, { 0 }
};
static const char *const see_also[] = { "phi", "phi-multipak-txt", NULL };

const as_parser as_parser_phi_multipak_csv = {
    .name = "phi-multipak-csv",
    .title = "PHI depth profiles as M-DaC csv",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read PHI depth profiles in the csv of the M-DaC tools",
             .description = "A matrix for each region, one column for each sputter time. Each "
                            "column becomes a series with its `etch_time`; the areas are a part.",
             .examples = examples,
             .see_also = see_also },
};
