/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ocean Optics text of OOIBase32, SpectraSuite, OceanView and Jaz: lines "Key: value", a line
 * >>>>>Begin ... Spectral Data<<<<<, rows, perhaps a line >>>>>End. The words between the
 * arrows are translated in other languages; the arrows are not. OceanView writes a series of spectra as
 * a row of wavelengths and rows of a date, milliseconds and intensities.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "text_end.h"

enum { MOST_COLUMNS = 8 };

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const char *open = p->is_text ? strstr(head, ">>>>>") : NULL;
    if (!open || (open != head && open[-1] != '\n' && open[-1] != '\r')) return AS_PROBE_NO;
    const char *close = strstr(open, "<<<<<");
    return close && (size_t)(close - open) < 200 && !memchr(open, '\n', (size_t)(close - open))
               ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

typedef struct {
    as_table *head;
    as_lines it;
    bool energy;        /* x is a Raman shift, as the header says */
    bool named;         /* the columns W D R S P of a Jaz */
    size_t n;
    as_rows *rows;
    double stated;      /* Number of Pixels; NaN: not said */
} reading;

/* "Integration Time (usec): 24000 (JAZA1479)": key, unit in brackets, value without the serial. */
static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    static const struct { const char *starts, *unit; } times[] = {
        { "Integration Time (usec)", "us" }, { "Integration Time (msec)", "ms" },
        { "Integration Time (sec)", "s" },
    };
    static const as_known known[] = {
        { "Spectra Averaged", "accumulations", "1" }, { "Scans to average", "accumulations", "1" },
        { "User", "operator", NULL },                 { "Spectrometers", "instrument", NULL },
        { "Spectrometer", "instrument", NULL },       { "Spectrometer Serial Number", "instrument", NULL },
    };
    as_pair p;
    double v;
    AS_TRY(as_split(job->ctx, line, ':', &p));
    if (!*p.value) return AS_OK;
    const char decimal = strchr(p.value, ',') ? ',' : '.'; /* "1,000000E-1": no thousands are parted */
    for (size_t i = 0; i < AS_COUNT(times); i++)
        if (as_starts(p.key, times[i].starts) && as_scan_number(p.value, strlen(p.value), decimal, &v))
            return as_set_value(job->ctx, r->head, "exposure", v, times[i].unit, &line->where);
    if (as_starts(p.key, "Number of Pixels") && as_scan_number(p.value, strlen(p.value), '.', &v))
        r->stated = v;
    if (strcmp(p.key, "XAxis mode") == 0) r->energy = as_find_text(p.value, "Raman") != NULL;
    if (strcmp(p.key, "Date") == 0)
        return as_set_measured(job->ctx, r->head, p.value, false, &line->where);
    return as_set_measure(job->ctx, r->head, known, AS_COUNT(known), p.key, p.value, &line->where);
}

static as_status read_row(as_parse *job, reading *r, const as_line *line)
{
    double v[MOST_COLUMNS];
    if (!r->rows) {
        r->n = as_line_numbers(&r->it, line, MOST_COLUMNS, v);
        if (r->n < 2 || r->n > MOST_COLUMNS)
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected x and intensity",
                           line->text);
        r->rows = as_rows_new(job->ctx, r->n);
        if (!r->rows) return AS_ERR;
    }
    double *row = as_rows_add(job->ctx, r->rows);
    size_t cursor = 0;
    if (!row) return AS_ERR;
    for (size_t i = 0; i < r->n; i++)
        AS_TRY(as_need_number(job->ctx, &r->it, line, &cursor, &row[i], "a number"));
    return as_line_numbers(&r->it, line, 0, NULL) == r->n
               ? AS_OK : as_fail(job->ctx, AS_E_SYNTAX, &line->where, "expected %zu numbers", r->n);
}

static as_status emit(as_parse *job, reading *r, const as_line *last)
{
    static const char *const jaz[] = { NULL, "dark", "reference", "intensity", "processed" };
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    AS_TRY(as_name_column(job->ctx, t, 0, r->energy ? "raman_shift" : "wavelength", AS_ROLE_X,
                          as_unit_of(r->energy ? "cm-1" : "nm")));
    for (size_t i = 1; i < r->n; i++) {
        const bool y = r->named && r->n == 5 ? i == 3 : i == 1;
        const char *name = r->named && r->n == 5 ? jaz[i]
                         : y ? "intensity" : as_format(as_scratch(job->ctx), "column_%zu", i + 1);
        AS_TRY(name ? as_name_column(job->ctx, t, i, name, y ? AS_ROLE_Y : AS_ROLE_OTHER, AS_UNITLESS)
                    : AS_ERR);
    }
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    if (r->stated > (double)t->rows)
        as_warn(job->ctx, t, &last->where, "%zu rows, expected %g by the number of pixels", t->rows,
                r->stated);
    as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

/* --- many spectra ------------------------------------------------------------------------- */
enum { STAMP = 3 }; /* date, time, milliseconds since 1970 */

static as_status emit_row(as_parse *job, reading *r, size_t n, const double *x, const as_line *line,
                          double *start)
{
    as_field *f;
    size_t n_fields;
    double ms;
    AS_TRY(as_fields(job->ctx, line, 0, &f, &n_fields));
    if (n_fields != n + STAMP || !as_read_number(f[2].text, f[2].length, '.', &ms))
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu fields, expected a date, a time, milliseconds "
                       "and %zu intensities", n_fields, n);
    const as_spectrum_kind kind = { r->energy ? "raman_shift" : "wavelength", r->energy ? "cm-1" : "nm",
                                    "intensity", "1", NULL };
    as_table *t = as_new_spectrum(job->ctx, n, &kind);
    const char *stamp = as_format(as_scratch(job->ctx), "%s %s", f[0].text, f[1].text);
    if (!t || !stamp) return AS_ERR;
    memcpy(t->column[0]->v.f, x, n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        if (!as_read_number(f[STAMP + i].text, f[STAMP + i].length, r->it.decimal ? r->it.decimal : '.',
                            &t->column[1]->v.f[i]))
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%s' found, expected an intensity",
                           f[STAMP + i].text);
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    AS_TRY(as_set_measured(job->ctx, t, stamp, false, &line->where));
    if (isnan(*start)) *start = ms;
    AS_TRY(as_set_value(job->ctx, t, "time", (ms - *start) / 1000, "s", &line->where));
    return as_emit(job->out, job->ctx, t);
}

static as_status read_series(as_parse *job, reading *r, const as_line *first)
{
    as_line line;
    as_more more;
    double start = NAN;
    size_t n_spectra = 0;
    r->it.brief = true;
    const size_t most = first->length / 2 + 1;
    double *x = AS_NEW_N(as_scratch(job->ctx), double, most);
    if (!x) return AS_ERR;
    const size_t n = as_line_numbers(&r->it, first, most, x);
    const as_where where = first->where;
    while ((more = as_next_line(job->ctx, &r->it, &line)) == AS_ITEM && !as_starts(line.text, ">>>>>")) {
        if (line.length == 0) continue;
        const as_frame frame = as_enter(job->ctx);
        const as_status status = emit_row(job, r, n, x, &line, &start);
        as_leave(job->ctx, frame);
        AS_TRY(status);
        n_spectra++;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (more == AS_DONE) as_warn_if_cut(job, NULL, false);
    return n_spectra ? AS_OK
                     : as_fail(job->ctx, AS_E_TRUNCATED, &where, "no spectra behind the row of wavelengths");
}

static as_status parse(as_parse *job)
{
    reading r = { .it.in = job->in, .head = as_table_new(job->ctx, 0), .stated = NAN };
    as_line line;
    as_more more;
    if (!r.head) return AS_ERR;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &r.it, &line, ">>>>>Begin Spectral Data<<<<<"));
        if (as_starts(line.text, ">>>>>")) break;
        AS_TRY(read_key(job, &r, &line));
    }
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (as_starts(line.text, ">>>>>")) break;
        if (!r.rows && strchr(line.text, ',')) r.it.decimal = ',';
        if (!r.rows && as_line_numbers(&r.it, &line, 0, NULL) > MOST_COLUMNS)
            return read_series(job, &r, &line);
        if (!r.rows && line.text[0] == 'W') r.named = true; /* the names of a Jaz */
        else AS_TRY(read_row(job, &r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!r.rows) return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "no rows behind the header");
    return emit(job, &r, &line);
}

static const char *const suffixes[] = { "txt", "jaz", "scope", "master", "sample", NULL };
static const char *const techniques[] = { "raman", "uvvis", NULL };
static const as_example examples[] = {
    { "decimal commas", "assay read tests/corpus/raman/ocean.txt" }, { 0 }
};
static const char *const see_also[] = { "delimited", NULL };

const as_parser as_parser_oceanoptics_txt = {
    .name = "oceanoptics-txt",
    .title = "Ocean Optics text (OOIBase32, SpectraSuite, OceanView, Jaz)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of Ocean Optics programs",
             .description =
                 "Lines `Key: value`, a line between >>>>> and <<<<<, rows of wavelength and "
                 "intensity, decimal point or comma. The integration time keeps the unit it has in the file. Of the "
                 "five columns of a Jaz (W, D, R, S, P) y is S; the others are kept. A row of wavelengths, then "
                 "rows of date, milliseconds and intensities, is a series of spectra in time.",
             .examples = examples,
             .see_also = see_also },
};
