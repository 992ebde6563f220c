/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neaspec nano-FTIR text: `# key:<TAB>[unit]<TAB>values`, a line of names that begins with Row and
 * Column, and rows with tabs. All rows of one pixel (and run) are one spectrum.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "text_end.h"

enum { MOST_COLUMNS = 256 };

typedef struct reading {
    as_parse *job;
    as_table *head; /* no rows: the metadata */
    size_t n;       /* columns */
    const char **name;
    size_t x, y, n_keys; /* the first n_keys columns tell which spectrum: Row, Column, perhaps Run */
    as_rows *rows;
    double key[3];
    size_t n_series;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const bool named = as_starts(head, "# www.neaspec.com");
    const bool columns = as_starts(head, "Row\tColumn\t") || strstr(head, "\nRow\tColumn\t");
    if (!p->is_text || !columns) return AS_PROBE_NO;
    return named ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

/* --- head --------------------------------------------------------------------------------- */
static as_status set_entry(reading *r, const char *key, const char *unit, const char *value,
                           const as_where *at)
{
    as_ctx *ctx = r->job->ctx;
    if (!*value) return AS_OK;
    if (as_same(key, "Date")) return as_set_measured(ctx, r->head, value, true, at);
    if (as_same(key, "Description")) return as_set_meta(ctx, r->head, "comment", value, NULL, at);
    if (as_same(key, "Averaging")) return as_set_meta(ctx, r->head, "accumulations", value, "1", at);
    const char *text = *unit ? as_format(as_scratch(ctx), "%s %s", value, unit) : value;
    return text ? as_set_vendor(ctx, r->head, key, text, at) : AS_ERR;
}

/* "# Scan Area (X, Y, Z):", "[um]", "1.200", "0.000", "0.000" with tabs between. */
static as_status read_entry(reading *r, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    as_field *f;
    size_t n;
    AS_TRY(as_fields(ctx, line, '\t', &f, &n));
    if (n < 2) return AS_OK;
    const char *key = f[0].text + strspn(f[0].text, "# ");
    const size_t length = strlen(key);
    key = as_strndup(as_scratch(ctx), key, length && key[length - 1] == ':' ? length - 1 : length);
    const bool bracket = f[1].length > 2 && f[1].text[0] == '[';
    const char *unit = bracket ? as_strndup(as_scratch(ctx), f[1].text + 1, f[1].length - 2) : "";
    const char *value = "";
    for (size_t i = bracket || f[1].length == 0 ? 2 : 1; i < n && value; i++)
        if (f[i].length)
            value = as_format(as_scratch(ctx), "%s%s%s", value, *value ? ", " : "", f[i].text);
    return key && unit && value ? set_entry(r, key, unit, value, &line->where) : AS_ERR;
}

static bool is_amplitude(const char *name)
{
    const size_t n = strlen(name);
    return n == 3 && name[0] == 'O' && name[1] >= '0' && name[1] <= '9' && name[2] == 'A';
}

static as_status read_names(reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(r->job->ctx, line, '\t', &f, &n));
    while (n > 0 && f[n - 1].length == 0) n--;
    if (n < 4 || n > MOST_COLUMNS)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where, "%zu columns, expected 4 to %d", n,
                       MOST_COLUMNS);
    r->n = r->x = r->y = n;
    r->name = AS_NEW_N(as_scratch(r->job->ctx), const char *, n);
    if (!r->name) return AS_ERR;
    r->n_keys = as_same(f[2].text, "Run") ? 3 : 2;
    for (size_t i = 0; i < n; i++) {
        r->name[i] = f[i].text;
        if (as_same(f[i].text, "Wavenumber") && r->x == n) r->x = i;
        if (is_amplitude(f[i].text) && r->y == n) r->y = i;
    }
    for (size_t i = r->n_keys; i < n && r->x == n; i++)
        if (as_same(f[i].text, "Omega") || as_same(f[i].text, "Depth") || as_same(f[i].text, "M"))
            r->x = i;
    for (size_t i = r->n_keys; i < n && r->y == n; i++)
        if (i != r->x && !as_same(f[i].text, "Omega")) r->y = i;
    if (r->x == n || r->y == n)
        return as_fail(r->job->ctx, AS_E_MISSING, &line->where,
                       "no column Wavenumber, Omega or Depth with a signal beside it");
    r->rows = as_rows_new(r->job->ctx, n);
    return r->rows ? AS_OK : AS_ERR;
}

/* --- spectra --------------------------------------------------------------------------------- */
/* x and y first; the columns that tell the spectrum and all others follow. */
static as_status finish(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    if (as_rows_count(r->rows) == 0) return AS_OK;
    as_table *t = as_rows_table(ctx, r->rows);
    if (!t) return AS_ERR;
    const bool wavenumber = as_same(r->name[r->x], "Wavenumber");
    for (size_t i = 0; i < r->n; i++) {
        const as_role role = i == r->x ? AS_ROLE_X : i == r->y ? AS_ROLE_Y : AS_ROLE_OTHER;
        const bool x = role == AS_ROLE_X && wavenumber;
        AS_TRY(as_name_column(ctx, t, i, x ? "wavenumber" : r->name[i], role,
                              x ? as_unit_of("cm-1") : AS_UNITLESS));
    }
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_set_value(ctx, t, "x", r->key[1], "1", NULL));
    AS_TRY(as_set_value(ctx, t, "y", r->key[0], "1", NULL));
    if (r->n_keys == 3) AS_TRY(as_set_value(ctx, t, "vendor.run", r->key[2], "1", NULL));
    AS_TRY(as_set_meta(ctx, t, "y_meaning", r->name[r->y], NULL, NULL));
    r->n_series++;
    return as_emit(r->job->out, ctx, t);
}

static as_status read_row(reading *r, const as_lines *it, const as_line *line)
{
    double v[MOST_COLUMNS];
    if (as_line_numbers(it, line, MOST_COLUMNS, v) < r->n)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected %zu numbers",
                       line->text, r->n);
    if (as_rows_count(r->rows) > 0 && memcmp(r->key, v, r->n_keys * sizeof *v) != 0)
        AS_TRY(finish(r));
    memcpy(r->key, v, r->n_keys * sizeof *v);
    double *row = as_rows_add(r->job->ctx, r->rows);
    if (!row) return AS_ERR;
    memcpy(row, v, r->n * sizeof *v);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading r = { .job = job, .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (line.text[0] == '#') {
            AS_TRY(read_entry(&r, &line));
        } else if (!r.rows) {
            AS_TRY(read_names(&r, &line));
            it.separator = '\t';
        } else {
            AS_TRY(read_row(&r, &it, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!r.rows || (as_rows_count(r.rows) == 0 && r.n_series == 0))
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before its rows");
    as_warn_if_cut(job, NULL, true);
    return finish(&r);
}

static const char *const suffixes[] = { "txt", "nea", NULL };
static const char *const techniques[] = { "ftir", NULL };
static const as_example examples[] = {
    { "a line scan of two pixels", "assay read --list tests/corpus/ftir/neaspec.txt" }, { 0 }
};
static const char *const see_also[] = { "agilent-fpa", NULL };

const as_parser as_parser_neaspec = {
    .name = "neaspec-txt",
    .title = "neaspec nano-FTIR text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "one observed file",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read neaspec nano-FTIR spectra",
             .description =
                 "Text with tabs. Each pixel (and run) is a series with its column and row as `x` "
                 "and `y`; y is the first optical amplitude (`O0A`), all other channels stay beside "
                 "it (`assay select --role y=O2A`).\n\n"
                 "Known gap: dates are read as month/day/year.",
             .examples = examples,
             .see_also = see_also },
};
