/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPECS .xy, the XY-Serializer of SpecsLab 2 and Prodigy: text; comment lines "# Key: value" with
 * the export settings, then for each group and region its settings, and for each cycle, curve and
 * scan the names of the columns and the rows.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "headings.h"
#include "number.h"
#include "text_end.h"

enum { MAX_COLUMNS = 64 };

typedef struct reading {
    as_parse *job;
    as_table *file, *group, *region,
        *part;      /* no rows: settings of each level, outer ones included */
    as_line labels; /* of the columns */
    as_rows *rows;
    size_t width;
    const char *axis; /* "Binding Energy" as the settings say it; NULL: they do not */
    bool per_second, separate_scans, in_settings;
    const char *first_axis; /* of the first table */
    as_where begin;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    while (*at == '\r' || *at == '\n' || *at == ' ') at++;
    if (*at != '#') return AS_PROBE_NO;
    if (as_find_text(at, "XY-Serializer Export Settings")) return AS_PROBE_MAGIC;
    return as_find_text(at, "Created by:") && as_find_text(at, "\n# Region:") ? AS_PROBE_LIKELY
                                                                              : AS_PROBE_NO;
}

/* A table of settings that continues `outer`. */
static as_status open_level(reading *r, const as_table *outer, as_table **level)
{
    *level = as_table_new(r->job->ctx, 0);
    if (!*level) return AS_ERR;
    return outer ? as_copy_meta(r->job->ctx, *level, outer) : AS_OK;
}

/* "08/24/23 14:19:47 UTC": month, day and year of two digits, as SPECS writes them. */
static as_status set_date(reading *r, as_table *t, const char *text, const as_where *from)
{
    const char *c = text;
    int v[3];
    for (size_t i = 0; i < 3; i++, c++) {
        if (!(c[0] >= '0' && c[0] <= '9' && c[1] >= '0' && c[1] <= '9'))
            return as_set_measured(r->job->ctx, t, text, true, from);
        v[i] = (c[0] - '0') * 10 + c[1] - '0';
        c += 2;
        if (*c != (i < 2 ? '/' : ' ')) return as_set_measured(r->job->ctx, t, text, true, from);
    }
    const size_t n = strlen(c), zone = n > 4 && as_same(c + n - 4, " UTC") ? 4 : 0;
    const char *iso = as_format(as_scratch(r->job->ctx), "20%02d-%02d-%02dT%.*s%s", v[2], v[0],
                                v[1], (int)(n - zone), c, zone ? "Z" : "");
    return iso ? as_set_meta(r->job->ctx, t, "measured", iso, NULL, from) : AS_ERR;
}

/* Settings that say what the rows are, in the words of both programs. */
static void note_setting(reading *r, const char *key, const char *value)
{
    const bool yes = as_same(value, "yes");
    if (as_same(key, "Energy Axis")) r->axis = value;
    if (as_same(key, "Kinetic Energy Axis")) r->axis = yes ? "Kinetic Energy" : "Binding Energy";
    if (as_same(key, "Counts Per Second")) r->per_second = yes;
    if (as_same(key, "Count Rate")) r->per_second = as_find_text(value, "per second") != NULL;
    if (as_same(key, "Separate Scan Data")) r->separate_scans = yes;
}

/* "Cycle: 0, Curve: 0, Scan: 0" as numbers of the part. */
static as_status set_indices(reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    double v;
    AS_TRY(as_fields(r->job->ctx, line, ',', &f, &n));
    for (size_t i = 0; i < n; i++) {
        const char *colon = strchr(f[i].text, ':'), *key = f[i].text;
        while (*key == '#' || *key == ' ') key++;
        if (!colon || !as_read_number(colon + 1, strlen(colon + 1), '.', &v)) continue;
        const char *name =
            as_format(as_scratch(r->job->ctx), "vendor.%.*s", (int)(colon - key), key);
        if (!name) return AS_ERR;
        AS_TRY(as_set_number(r->job->ctx, r->part, name, v, NAN, AS_UNITLESS, &line->where));
    }
    return AS_OK;
}

/* --- rows --------------------------------------------------------------------- */

/* What the first column is: an axis of energy, of the photons where these are scanned. */
static const char *axis_of(const reading *r, const as_table *settings)
{
    const as_meta *mode = as_get_meta(settings, "analyser_mode");
    if (mode && (as_find_text(mode->text, "ConstantFinalState") ||
                 as_find_text(mode->text, "ConstantInitialState")))
        return "Photon Energy";
    return r->axis ? r->axis : "Energy";
}

static as_status name_columns(reading *r, as_table *t, const char *axis)
{
    as_ctx *ctx = r->job->ctx;
    as_field *label = NULL;
    as_heading h;
    size_t n = 0;
    AS_TRY(as_heading_of(ctx, axis, "eV", &h));
    AS_TRY(as_name_column(ctx, t, 0, h.name, AS_ROLE_X, as_unit_of("eV")));
    if (r->labels.text) AS_TRY(as_fields(ctx, &r->labels, 0, &label, &n));
    const char *y = n > 1 ? label[1].text : r->per_second ? "counts/s" : "counts";
    AS_TRY(as_name_column(ctx, t, 1, "intensity", AS_ROLE_Y,
                          as_unit_of(as_count_unit(y, NULL, NULL))));
    for (size_t k = 2; k < r->width; k++) {
        const char *text = k < n ? label[k].text : "column";
        const char *name =
            as_starts(text, "transmission") ? "transmission_function" : as_plain_key(ctx, text);
        if (!name) return AS_ERR;
        if (!*name || as_find_name(t, name) || k >= n)
            name = as_format(as_scratch(ctx), "%s_%zu", *name ? name : "column", k + 1);
        if (!name) return AS_ERR;
        AS_TRY(as_name_column(ctx, t, k, name, AS_ROLE_OTHER, AS_UNITLESS));
    }
    return AS_OK;
}

static as_status check_count(reading *r, as_table *t)
{
    const as_meta *m = as_get_meta(t, "vendor.Values/Curve");
    double n;
    if (m && as_leading_number(m->text, &n, NULL) && n != (double)t->rows)
        as_warn(r->job->ctx, t, &r->begin, "%zu rows, expected %g as Values/Curve says", t->rows,
                n);
    return AS_OK;
}

static as_status emit(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    if (as_rows_count(r->rows) == 0) return AS_OK;
    as_table *t = as_rows_table(ctx, r->rows);
    if (!t) return AS_ERR;
    const char *axis = axis_of(r, r->part);
    AS_TRY(name_columns(r, t, axis));
    AS_TRY(as_copy_meta(ctx, t, r->part));
    const as_unit none = AS_UNITLESS;
    const bool external = as_unit_same_dimension(&t->column[1]->unit, &none);
    t->secondary = external || (r->first_axis && !as_same(r->first_axis, axis));
    if (!r->first_axis) r->first_axis = axis;
    const as_meta *time = as_get_meta(t, "dwell_time"), *scans = as_get_meta(t, "scans");
    const double times = r->separate_scans ? 1 : scans ? scans->number : NAN;
    AS_TRY(check_count(r, t));
    AS_TRY(as_add_electron_sigma(ctx, t, time ? time->number * times : NAN));
    return as_emit(r->job->out, ctx, t);
}

static as_status read_row(reading *r, as_lines *it, const as_line *line)
{
    double v[MAX_COLUMNS];
    const size_t n = as_line_numbers(it, line, MAX_COLUMNS, v);
    if (n < 2 || n > MAX_COLUMNS || (r->width && as_rows_count(r->rows) && n != r->width))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.40s', expected an energy and as many values as in the rows above",
                       line->text);
    if (!r->width || as_rows_count(r->rows) == 0) {
        r->width = n;
        r->begin = line->where;
        r->rows = as_rows_new(r->job->ctx, n);
        if (!r->rows) return AS_ERR;
    }
    double *row = as_rows_add(r->job->ctx, r->rows);
    if (!row) return AS_ERR;
    memcpy(row, v, n * sizeof *v);
    return AS_OK;
}

/* --- comment lines ------------------------------------------------------------------ */

static as_status open_region(reading *r)
{
    AS_TRY(open_level(r, r->group ? r->group : r->file, &r->region));
    r->part = NULL;
    r->labels.text = NULL;
    r->in_settings = false;
    return AS_OK;
}

static as_status read_comment(reading *r, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    as_line text = *line;
    as_pair pair;
    while (text.length && (*text.text == '#' || *text.text == ' ')) text.text++, text.length--;
    AS_TRY(emit(r));
    if (text.length == 0) return AS_OK;
    if (as_starts(text.text, "Cycle:")) {
        AS_TRY(open_level(r, r->region ? r->region : r->file, &r->part));
        return set_indices(r, &text);
    }
    AS_TRY(as_split(ctx, &text, ':', &pair));
    if (as_same(pair.key, "ColumnLabels")) {
        r->labels = *line;
        r->labels.text = pair.value;
        r->labels.length = strlen(pair.value);
        return AS_OK;
    }
    if (as_starts(text.text, "values in ")) {
        r->axis = as_find_text(text.text, "binding") ? "Binding Energy" : "Kinetic Energy";
        return AS_OK;
    }
    if (as_starts(text.text, "XY-Serializer")) r->in_settings = true;
    if (as_same(pair.key, "Group")) {
        AS_TRY(open_level(r, r->file, &r->group));
        AS_TRY(as_set_setting(ctx, r->group, "Group", pair.value, &line->where));
        return open_region(r);
    }
    if (as_same(pair.key, "Region")) AS_TRY(open_region(r));
    if (r->in_settings) note_setting(r, pair.key, pair.value);
    as_table *level = r->part ? r->part : r->region ? r->region : r->file;
    if (as_same(pair.key, "Acquisition Date"))
        AS_TRY(set_date(r, level, pair.value, &line->where));
    else if (as_same(pair.key, "Parameter"))
        AS_TRY(as_set_vendor(ctx, level, "Parameter", pair.value, &line->where));
    else
        AS_TRY(as_set_setting(ctx, level, pair.key, pair.value, &line->where));
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    size_t n_rows = 0;
    reading r = { .job = job };
    AS_TRY(open_level(&r, NULL, &r.file));
    r.rows = as_rows_new(job->ctx, 2);
    if (!r.rows) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.text[0] == '#') {
            AS_TRY(read_comment(&r, &line));
        } else if (line.length > 0 && !as_same(line.text, " ")) {
            if (!r.part) AS_TRY(open_level(&r, r.region ? r.region : r.file, &r.part));
            AS_TRY(read_row(&r, &it, &line));
            n_rows++;
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (n_rows == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before any row");
    as_warn_if_cut(job, NULL, true);
    return emit(&r);
}

static const char *const suffixes[] = { "xy", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "the regions of an export", "assay read --list tests/corpus/xps/specs.xy" }, { 0 }
};
static const char *const see_also[] = { "specs-xml", NULL };

const as_parser as_parser_specs_xy = {
    .name = "specs-xy",
    .title = "SPECS SpecsLab 2 and Prodigy .xy",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the xy exports of SpecsLab 2 and Prodigy",
             .description =
                 "Each cycle, curve and scan of each region becomes a series with the settings of "
                 "its region. The axis is binding or kinetic energy as the export settings say; "
                 "where the photons are scanned it is photon energy, and the region is a part to "
                 "ask for if the file begins with other regions. Transmission and further columns "
                 "stand beside the intensity.",
             .examples = examples,
             .see_also = see_also },
};
