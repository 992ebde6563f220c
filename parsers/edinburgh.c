/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of Edinburgh Instruments' spectrometers for luminescence (F900, F980, Fluoracle): perhaps a title, then lines
 * of settings from "Labels" on, each a name and a value for every scan, then rows of x and a value for every scan,
 * empty where a scan has none. Tabs, commas or semicolons part the fields, also behind the last. Wavelengths are in nm;
 * "Fixed/Offset" is the wavelength that stands still, in a synchronous scan the distance of both.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

enum { MOST_KEYS = 64, MOST_SCANS = 4096 };

typedef struct setting {
    const as_field *field; /* the name, then the values */
    size_t n;
    as_where where;
} setting;

typedef struct reading {
    as_lines it;
    char separator, decimal;
    const char *title;
    setting key[MOST_KEYS];
    size_t n_keys, n; /* scans */
    as_rows *rows;    /* x and the scans; NaN: empty */
} reading;

/* The separator behind the word where a line begins with it; 0: no such line. */
static char line_of(const char *head, const char *word)
{
    const size_t n = strlen(word);
    for (const char *at = head; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, word, n) == 0 && at[n] && strchr("\t,;", at[n])) return at[n];
    }
    return 0;
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const char separator = p->is_text ? line_of(head, "Labels") : 0;
    if (!separator || line_of(head, "Type") != separator || line_of(head, "Fixed/Offset") != separator)
        return AS_PROBE_NO;
    return line_of(head, "Xaxis") == separator || line_of(head, "XAxis") == separator ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* --- lines ---------------------------------------------------------------------------------------- */
static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, r->separator, &f, &n));
    if (n == 0 || f[0].length == 0) return AS_OK;
    if (r->n_keys == MOST_KEYS)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "more than %d lines of settings", MOST_KEYS);
    if (r->n_keys == 0) { /* Labels */
        r->n = n - 1;
        if (n > 2 && f[n - 1].length == 0) r->n--;
        if (r->n == 0 || r->n > MOST_SCANS)
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%s' without scans", f[0].text);
    }
    r->key[r->n_keys++] = (setting){ .field = f, .n = n, .where = line->where };
    return AS_OK;
}

static const char *value_of(const reading *r, const char *key, size_t scan)
{
    for (size_t i = 0; i < r->n_keys; i++)
        if (as_same(r->key[i].field[0].text, key) && scan + 1 < r->key[i].n) return r->key[i].field[scan + 1].text;
    return "";
}

static bool is_row(reading *r, const as_field *f, size_t n)
{
    double x;
    if (n < 2) return false;
    if (!r->rows) r->decimal = r->separator != ',' && strchr(f[0].text, ',') ? ',' : '.';
    return as_read_number(f[0].text, f[0].length, r->decimal, &x);
}

static as_status read_row(as_parse *job, reading *r, const as_line *line, const as_field *f, size_t n)
{
    if (!r->rows && !(r->rows = as_rows_new(job->ctx, r->n + 1))) return AS_ERR;
    double *row = as_rows_add(job->ctx, r->rows);
    if (!row) return AS_ERR;
    if (n < r->n + 1 || n > r->n + 2)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu fields, expected x and %zu values", n, r->n);
    for (size_t i = 0; i <= r->n; i++) {
        row[i] = NAN;
        if (f[i].length == 0 && i > 0) continue;
        if (!as_read_number(f[i].text, f[i].length, r->decimal, &row[i])) {
            const as_where where = as_in_line(line, f[i].at, f[i].length);
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "'%.40s' found, expected a number", f[i].text);
        }
    }
    return AS_OK;
}

/* --- one scan --------------------------------------------------------------------------------------- */
/* "Wavelength" is in nm; "Time(ns)" says so. */
static as_status read_axes(as_parse *job, const reading *r, size_t scan, as_heading h[2])
{
    AS_TRY(as_heading_of(job->ctx, value_of(r, "Xaxis", scan), NULL, &h[0]));
    AS_TRY(as_heading_of(job->ctx, value_of(r, "Yaxis", scan), NULL, &h[1]));
    if (strcmp(h[0].name, "wavelength") == 0 && !h[0].stated) h[0].unit = as_unit_of("nm");
    if (!h[0].name[0]) h[0].name = "x";
    if (!h[1].name[0] || strcmp(h[0].name, h[1].name) == 0) h[1].name = "y";
    return AS_OK;
}

static as_status set_settings(as_parse *job, const reading *r, size_t scan, as_table *t)
{
    static const as_known known[] = {
        { "Comment", "comment", NULL }, { "Repeats", "accumulations", "1" }, { "Dwell Time", "exposure", "s" },
        { "Lamp", "light_source", NULL }, { "Detector", "detector", NULL },
    };
    const char *type = value_of(r, "Type", scan);
    const as_known fixed = { "Fixed/Offset", as_find_text(type, "Emission Scan") ? "excitation_wavelength"
                                                                                 : "emission_wavelength", "nm" };
    const bool one = as_find_text(type, "Emission Scan") || as_find_text(type, "Excitation Scan");
    for (size_t i = 1; i < r->n_keys; i++) {
        const setting *s = &r->key[i];
        const char *key = s->field[0].text, *value = scan + 1 < s->n ? s->field[scan + 1].text : "";
        double number = 0;
        as_read_number(value, strlen(value), r->decimal, &number);
        if (as_same(key, "Fixed/Offset") && one && number > 0)
            AS_TRY(as_set_measure(job->ctx, t, &fixed, 1, key, value, &s->where));
        else AS_TRY(as_set_measure(job->ctx, t, known, AS_COUNT(known), key, value, &s->where));
    }
    return AS_OK;
}

static as_status emit_scan(as_parse *job, const reading *r, const as_table *all, size_t scan)
{
    as_heading h[2];
    size_t n = 0;
    const double *x = all->column[0]->v.f, *y = all->column[scan + 1]->v.f;
    AS_TRY(read_axes(job, r, scan, h));
    for (size_t i = 0; i < all->rows; i++) n += !isnan(y[i]);
    as_table *t = as_table_new(job->ctx, n);
    as_column *to_x = t ? as_add_column(job->ctx, t, h[0].name, AS_ROLE_X, h[0].unit) : NULL;
    as_column *to_y = to_x ? as_add_column(job->ctx, t, h[1].name, AS_ROLE_Y, h[1].unit) : NULL;
    if (!to_y) return AS_ERR;
    for (size_t i = 0, to = 0; i < all->rows; i++) {
        if (isnan(y[i])) continue;
        to_x->v.f[to] = x[i];
        to_y->v.f[to++] = y[i];
    }
    const char *label = value_of(r, r->key[0].field[0].text, scan);
    if (label[0] && !(t->label = as_strdup(t->arena, label))) return AS_ERR;
    if (r->title) AS_TRY(as_set_vendor(job->ctx, t, "Title", r->title, NULL));
    AS_TRY(set_settings(job, r, scan, t));
    if (strcmp(h[0].name, "time") == 0 && strcmp(h[1].unit.symbol, "count") == 0 && as_are_counts(to_y->v.f, NULL, n))
        AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, 0));
    if (n == 0) {
        as_warn(job->ctx, NULL, &r->key[0].where, "scan '%s' has no values", label);
        return AS_OK;
    }
    return as_emit(job->out, job->ctx, t);
}

static as_status emit_scans(as_parse *job, const reading *r)
{
    as_table *all = as_rows_table(job->ctx, r->rows);
    if (!all) return AS_ERR;
    as_warn_if_cut(job, NULL, false);
    for (size_t scan = 0; scan < r->n; scan++) {
        const as_frame frame = as_enter(job->ctx);
        const as_status status = emit_scan(job, r, all, scan);
        as_leave(job->ctx, frame);
        AS_TRY(status);
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    as_line line = { 0 };
    as_more more;
    if (!r) return AS_ERR;
    r->it.in = job->in;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &r->it, &line, "a line of Labels"));
        r->separator = line_of(line.text, "Labels");
        if (r->separator) break;
        if (line.length == 0 || r->title) continue;
        r->title = as_strndup(as_scratch(job->ctx), line.text, line.length);
        if (!r->title) return AS_ERR;
    }
    AS_TRY(read_key(job, r, &line));
    while ((more = as_next_line(job->ctx, &r->it, &line)) == AS_ITEM) {
        as_field *f;
        size_t n;
        if (line.length == 0) continue;
        AS_TRY(as_fields(job->ctx, &line, r->separator, &f, &n));
        if (r->rows || is_row(r, f, n)) AS_TRY(read_row(job, r, &line, f, n));
        else AS_TRY(read_key(job, r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!r->rows) return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "no rows behind the settings");
    return emit_scans(job, r);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "uvvis", "generic", NULL };
static const char *const see_also[] = { "delimited", "perkinelmer-peds", NULL };
static const as_example examples[] = {
    { "two emission spectra", "assay read tests/corpus/generic/edinburgh.txt" }, { 0 }
};

const as_parser as_parser_edinburgh_txt = {
    .name = "edinburgh-txt",
    .title = "Edinburgh Instruments text (F980, Fluoracle)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read luminescence spectra and decays of Edinburgh Instruments",
             .description =
                 "Each scan of the file is a series with its own settings. Wavelengths are in nm, of the emission or "
                 "of the excitation as the type of the scan says; the one that stands still is `excitation_wavelength` "
                 "or `emission_wavelength`. Decays (`Time Scan`) of whole counts get their standard deviations; "
                 "intensities that were corrected get none.",
             .examples = examples,
             .see_also = see_also },
};
