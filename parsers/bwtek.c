/* SPDX-License-Identifier: GPL-3.0-or-later */
/* B&W Tek BWSpec, BWRam text: lines "key;value", one line of column names, rows with a blank cell
 * for what a pixel has not. Semicolons between (commas or tabs in files made on some systems), decimal point or comma
 * by the system.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "spectrum.h"

enum { MOST_COLUMNS = 64 };

typedef struct {
    as_table *head;
    as_lines it;
    as_field *name;
    size_t n, x, y;
    as_rows *rows;
    uint64_t blank; /* rows without x */
} reading;

/* What stands behind "File Version": between all fields; NUL: none that is known. */
static char separator_of(const char *head)
{
    const char c = as_starts(head, "File Version") ? head[strlen("File Version")] : '\0';
    return c == ';' || c == ',' || c == '\t' ? c : '\0';
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const char separator = p->is_text ? separator_of(head) : '\0';
    const char *names = separator ? strstr(head, "\nPixel") : NULL;
    return names && names[strlen("\nPixel")] == separator ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    static const as_known known[] = {
        { "intigration times(ms)", "exposure", "ms" }, { "integration times(ms)", "exposure", "ms" },
        { "average number", "accumulations", "1" },    { "laser_wavelength", "laser_wavelength", "nm" },
        { "model", "instrument", NULL },               { "operator", "operator", NULL },
        { "File Version", "software", NULL },          { "title", "sample", NULL },
    };
    as_pair p;
    AS_TRY(as_split(job->ctx, line, r->it.separator, &p));
    if (strcmp(p.key, "Date") == 0)
        return as_set_measured(job->ctx, r->head, p.value, false, &line->where);
    return as_set_measure(job->ctx, r->head, known, AS_COUNT(known), p.key, p.value, &line->where);
}

static size_t column_of(const reading *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (as_same(r->name[i].text, name)) return i;
    return r->n;
}

/* x is the Raman shift, else the wavelength; y what is left after the dark, else the raw data. */
static as_status choose(as_parse *job, reading *r, const as_line *line)
{
    AS_TRY(as_fields(job->ctx, line, r->it.separator, &r->name, &r->n));
    if (r->n && r->name[r->n - 1].length == 0) r->n--;
    if (r->n > MOST_COLUMNS)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu columns", r->n);
    r->x = column_of(r, "Raman Shift");
    if (r->x == r->n) r->x = column_of(r, "Wavelength");
    r->y = column_of(r, "Dark Subtracted #1");
    if (r->y == r->n) r->y = column_of(r, "Raw data #1");
    if (r->x == r->n || r->y == r->n)
        return as_fail(job->ctx, AS_E_MISSING, &line->where,
                       "expected a column Raman Shift or Wavelength and one Dark Subtracted #1 or Raw "
                       "data #1");
    r->rows = as_rows_new(job->ctx, r->n);
    return r->rows ? AS_OK : AS_ERR;
}

static as_status read_row(as_parse *job, reading *r, const as_line *line)
{
    double v[MOST_COLUMNS + 1];
    const size_t n = as_line_numbers(&r->it, line, r->n + 1, v);
    if (n != r->n && n != r->n + 1)
        return as_fail(job->ctx, n && n < r->n ? AS_E_TRUNCATED : AS_E_SYNTAX, &line->where,
                       "'%.40s', expected %zu numbers", line->text, r->n);
    if (isnan(v[r->x])) {
        r->blank++;
        return AS_OK;
    }
    double *row = as_rows_add(job->ctx, r->rows);
    if (!row) return AS_ERR;
    memcpy(row, v, r->n * sizeof *v);
    return AS_OK;
}

static as_status name_columns(as_parse *job, const reading *r, as_table *t)
{
    static const char *const own[][3] = {
        { "Raman Shift", "raman_shift", "cm-1" }, { "Wavelength", "wavelength", "nm" },
        { "Wavenumber", "wavenumber", "cm-1" },   { "Pixel", "pixel", "1" },
        { "Dark Subtracted #1", "intensity", "count" }, { "Raw data #1", "raw", "count" },
        { "Dark", "dark", "count" },              { "Reference", "reference", "count" },
    };
    for (size_t i = 0; i < r->n; i++) {
        const char *name = NULL;
        as_unit unit = AS_UNITLESS;
        for (size_t k = 0; k < AS_COUNT(own); k++)
            if (as_same(r->name[i].text, own[k][0])) name = own[k][1], unit = as_unit_of(own[k][2]);
        if (!name) {
            as_heading h;
            AS_TRY(as_heading_of(job->ctx, r->name[i].text, NULL, &h));
            name = h.name;
            unit = h.unit;
        }
        if (i == r->y) name = "intensity";
        AS_TRY(as_name_column(job->ctx, t, i, name,
                              i == r->x ? AS_ROLE_X : i == r->y ? AS_ROLE_Y : AS_ROLE_OTHER, unit));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading r = { .it = { .in = job->in, .separator = separator_of((const char *)job->in->data) },
                  .head = as_table_new(job->ctx, 0) };
    as_line line;
    as_more more;
    if (!r.head) return AS_ERR;
    while (!r.rows) {
        AS_TRY(as_need_line(job->ctx, &r.it, &line, "the names of the columns"));
        if (as_starts(line.text, "Pixel") && line.text[strlen("Pixel")] == r.it.separator)
            AS_TRY(choose(job, &r, &line));
        else if (line.length) AS_TRY(read_key(job, &r, &line));
    }
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (r.it.separator != ',' && strchr(line.text, ',')) r.it.decimal = ',';
        AS_TRY(read_row(job, &r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (as_rows_count(r.rows) == 0)
        return as_fail(job->ctx, AS_E_MISSING, &line.where, "no rows with a value along x");
    as_table *t = as_rows_table(job->ctx, r.rows);
    if (!t) return AS_ERR;
    AS_TRY(name_columns(job, &r, t));
    AS_TRY(as_copy_meta(job->ctx, t, r.head));
    AS_TRY(as_set_value(job->ctx, t, "vendor.rows_without_x", (double)r.blank, "1", NULL));
    const as_meta *last = as_get_meta(t, "vendor.pixel_num");
    double pixels;
    if (last && as_read_number(last->text, strlen(last->text), '.', &pixels) &&
        pixels > (double)(t->rows + r.blank))
        as_warn(job->ctx, t, &line.where, "%llu rows, expected %g by pixel_num: the file may be cut",
                (unsigned long long)(t->rows + r.blank), pixels);
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example examples[] = {
    { "decimal commas, two pixels outside the range of the laser",
      "assay read tests/corpus/raman/bwtek.txt" },
    { 0 }
};
static const char *const see_also[] = { "galactic-spc", NULL };

const as_parser as_parser_bwtek_txt = {
    .name = "bwtek-txt",
    .title = "B&W Tek BWSpec and BWRam text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Raman spectra exported by B&W Tek's programs",
             .description =
                 "Lines `key;value`, the names of the columns, rows; decimal point or comma; commas or tabs "
                 "for the semicolons, as the first line has it. x is the "
                 "Raman shift, y the column Dark Subtracted #1; other columns are kept beside. "
                 "Pixels without a Raman shift are left out and counted in "
                 "`vendor.rows_without_x`.",
             .examples = examples,
             .see_also = see_also },
};
