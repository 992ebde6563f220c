/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raman text of small makers and collections, all of lines with settings and two or more columns: RRUFF
 * (##KEY=value, "x, y", ##END=), LightNovo (KEY<TAB>value) and Neegala (key,value and a CSV
 * table).
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

enum { MOST_COLUMNS = 16 };

typedef struct {
    char key_separator, separator;
    const as_known *known;
    size_t n_known;
    const char *x, *y;  /* names of columns in a row of names; NULL: the first two */
    const char *end;    /* a line that ends the data; NULL: none */
    bool needs_end;     /* without that line the file is cut */
} layout;

typedef struct {
    const layout *is;
    as_table *head;
    const char *axis, *axis_unit, *technique; /* of x; NULL: Raman */
    as_lines it;
    as_field *name;
    size_t n_names, n, x, y;
    as_rows *rows;
    bool ended;
} reading;

/* --- probes ------------------------------------------------------------------------------------- */

static int probe_rruff(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && as_starts(head, "##NAMES=") && strstr(head, "\n##RRUFFID=") ? AS_PROBE_VERIFIED
                                                                                     : AS_PROBE_NO;
}

static int probe_lightnovo(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && as_starts(head, "DeviceSN\t") && strstr(head, "\nLaserWavelength_nm\t")
               ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static int probe_neegala(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && as_starts(head, "id,") && strstr(head, "\nPixels,Wavelength,") &&
                   strstr(head, ",Raman_Shift,")
               ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* --- lines ---------------------------------------------------------------------------------------- */

static as_status read_names(as_parse *job, reading *r, const as_line *line)
{
    AS_TRY(as_fields(job->ctx, line, r->is->separator, &r->name, &r->n_names));
    r->x = r->y = r->n_names;
    for (size_t i = 0; i < r->n_names; i++) {
        if (strcmp(r->name[i].text, r->is->x) == 0) r->x = i;
        if (strcmp(r->name[i].text, r->is->y) == 0) r->y = i;
    }
    return r->x < r->n_names && r->y < r->n_names && r->n_names <= MOST_COLUMNS
               ? AS_OK
               : as_fail(job->ctx, AS_E_MISSING, &line->where, "expected columns %s and %s", r->is->x,
                         r->is->y);
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair p;
    AS_TRY(as_split(job->ctx, line, r->is->key_separator, &p));
    const char *key = p.key;
    while (*key == '#') key++;
    if (as_same(key, "X-RAY WAVELENGTH")) { /* of the powder patterns of RRUFF */
        static const as_known wavelength = { "X-RAY WAVELENGTH", "wavelength", "Angstrom" };
        r->axis = "two_theta", r->axis_unit = "deg", r->technique = "xrd";
        return as_set_known(job->ctx, r->head, &wavelength, 1, "X-RAY WAVELENGTH", p.value, &line->where);
    }
    if (strcmp(key, "time_stamp") == 0)
        return as_set_measured(job->ctx, r->head, p.value, false, &line->where);
    return as_set_measure(job->ctx, r->head, r->is->known, r->is->n_known, key, p.value, &line->where);
}

static as_status read_row(as_parse *job, reading *r, const as_line *line)
{
    if (!r->rows) {
        r->n = r->name ? r->n_names : 2;
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

static as_status read_line(as_parse *job, reading *r, const as_line *line)
{
    if (line->length == 0) return AS_OK;
    if (r->is->end && as_starts(line->text, r->is->end)) {
        r->ended = true;
        return AS_OK;
    }
    if (r->rows || as_line_numbers(&r->it, line, 0, NULL) > 1) return read_row(job, r, line);
    if (r->is->x && as_starts(line->text, "Pixels,")) return read_names(job, r, line);
    return read_key(job, r, line);
}

static as_status emit(as_parse *job, reading *r, const as_where *at)
{
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < r->n; i++) {
        const bool x = i == r->x, y = i == r->y;
        as_heading h = { .name = "intensity", .unit = AS_UNITLESS };
        if (r->name && !x && !y) AS_TRY(as_heading_of(job->ctx, r->name[i].text, NULL, &h));
        AS_TRY(as_name_column(job->ctx, t, i, x ? r->axis : h.name,
                              x ? AS_ROLE_X : y ? AS_ROLE_Y : AS_ROLE_OTHER,
                              x ? as_unit_of(r->axis_unit) : h.unit));
    }
    t->technique = r->technique;
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    if (r->is->needs_end && !r->ended)
        as_warn(job->ctx, t, at, "no line %s: the file may be cut", r->is->end);
    as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

/* What the collection says in the names of its files only. */
static void judge_name(const as_parse *job, reading *r)
{
    const char *name = as_base_name(job->in->name);
    if (as_find_text(name, "Infrared")) r->axis = "wavenumber", r->technique = "ftir";
    if (as_find_text(name, "Xray") || as_find_text(name, "X-ray"))
        r->axis = "two_theta", r->axis_unit = "deg", r->technique = "xrd";
}

static as_status parse_as(as_parse *job, const layout *is)
{
    reading r = { .is = is, .head = as_table_new(job->ctx, 0), .axis = "raman_shift", .axis_unit = "cm-1",
                  .technique = "raman", .it = { .in = job->in, .separator = is->separator }, .y = 1 };
    if (is->needs_end) judge_name(job, &r);
    as_line line = { 0 };
    as_more more;
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM && !r.ended)
        AS_TRY(read_line(job, &r, &line));
    if (more == AS_FAILED) return AS_ERR;
    if (!r.rows) return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "no rows of numbers");
    return emit(job, &r, &line.where);
}

/* --- the three ------------------------------------------------------------------------------------ */

static as_status parse_rruff(as_parse *job)
{
    static const as_known known[] = { { "NAMES", "sample", NULL }, { "DESCRIPTION", "comment", NULL },
                                      { "RAMAN WAVELENGTH", "laser_wavelength", "nm" } };
    static const layout is = { '=', ',', known, AS_COUNT(known), NULL, NULL, "##END", true };
    return parse_as(job, &is);
}

static as_status parse_lightnovo(as_parse *job)
{
    static const as_known known[] = {
        { "LaserWavelength_nm", "laser_wavelength", "nm" }, { "Exposure_ms", "exposure", "ms" },
        { "LaserPower_mW", "laser_power", "mW" },           { "RepetitionCount", "accumulations", "1" },
    };
    static const layout is = { '\t', '\t', known, AS_COUNT(known), NULL, NULL, NULL, false };
    return parse_as(job, &is);
}

static as_status parse_neegala(as_parse *job)
{
    static const as_known known[] = {
        { "name", "sample", NULL },          { "device", "instrument", NULL },
        { "averages", "accumulations", "1" }, { "wl", "laser_wavelength", "nm" },
        { "user", "operator", NULL },
    };
    static const layout is = { ',', ',', known, AS_COUNT(known), "Raman_Shift", "Processed_Data", NULL,
                               false };
    return parse_as(job, &is);
}

static const char *const rruff_techniques[] = { "raman", "ftir", "xrd", NULL };
static const char *const text_suffixes[] = { "txt", "csv", "tsv", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example rruff_examples[] = {
    { "a mineral", "assay read tests/corpus/raman/rruff.txt" }, { 0 }
};
static const as_example lightnovo_examples[] = {
    { "polystyrene", "assay read tests/corpus/raman/lightnovo.tsv" }, { 0 }
};
static const as_example neegala_examples[] = {
    { "a spectrum with its raw data", "assay read tests/corpus/raman/neegala.txt" }, { 0 }
};
static const char *const rruff_also[] = { "rod-cif", NULL };
static const char *const others_also[] = { "delimited", NULL };

const as_parser as_parser_rruff_txt = {
    .name = "rruff-txt",
    .title = "RRUFF text",
    .suffixes = text_suffixes,
    .techniques = rruff_techniques,
    .basis = "observed files",
    .probe = probe_rruff,
    .parse = parse_rruff,
    .doc = { .summary = "read spectra and patterns of the RRUFF collection",
             .description = "Lines `##KEY=value`, rows `x, intensity`, a last line `##END=`, "
                            "without which the file may be cut (a warning). x is a Raman shift, unless "
                            "the name of the file holds `Infrared` or `Xray`.",
             .examples = rruff_examples,
             .see_also = rruff_also },
};

const as_parser as_parser_lightnovo_tsv = {
    .name = "lightnovo-tsv",
    .title = "LightNovo text",
    .suffixes = text_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_lightnovo,
    .parse = parse_lightnovo,
    .doc = { .summary = "read Raman spectra of LightNovo microscopes",
             .description = "Lines `Key<TAB>value` from DeviceSN on, then Raman shift and intensity.",
             .examples = lightnovo_examples,
             .see_also = others_also },
};

const as_parser as_parser_neegala_csv = {
    .name = "neegala-csv",
    .title = "Neegala text",
    .suffixes = text_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_neegala,
    .parse = parse_neegala,
    .doc = { .summary = "read Raman spectra of Neegala instruments",
             .description = "Lines `key,value`, then a table of pixels, wavelengths, wavenumbers, Raman "
                            "shifts and data. y is Processed_Data; the other columns are kept.",
             .examples = neegala_examples,
             .see_also = others_also },
};
