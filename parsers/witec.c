/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WITec text in four forms: a table of one column for each spectrum with rows of names and units;
 * the graph export with [Header] and [Data]; the same split into three files; TrueMatch with
 * several spectra in sections.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static const char graph_mark[] = "//Exported ASCII-File", match_mark[] = "[WITEC_TRUEMATCH";

static bool is_x_unit(const char *text, size_t n)
{
    return (n == 9 && memcmp(text, "rel. 1/cm", 9) == 0) || (n == 2 && memcmp(text, "nm", 2) == 0) ||
           (n == 9 && memcmp(text, "abs. 1/cm", 9) == 0);
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (as_starts(head, graph_mark) || as_starts(head, match_mark)) return AS_PROBE_MAGIC;
    const size_t first = strcspn(head, "\t\r\n"), line = strcspn(head, "\r\n");
    if (head[first] != '\t') return AS_PROBE_NO;
    if (is_x_unit(head, first)) return strstr(head, "\tCCD cts") ? AS_PROBE_MAGIC : AS_PROBE_NO;
    if (first != 6 || memcmp(head, "X-Axis", 6) != 0) return AS_PROBE_NO;
    const char *second = head + line + strspn(head + line, "\r\n");
    return is_x_unit(second, strcspn(second, "\t\r\n")) ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

/* --- a table of spectra side by side -------------------------------------------------------- */

typedef struct {
    as_spectrum_kind kind;
    as_field *name;    /* of the columns; NULL: none */
    size_t n, n_names; /* columns; names */
    as_rows *rows;
    as_table *head;
    double size;       /* rows that the header states; 0: none */
} reading;

/* "Map_000_Spec.Data 1_F(3/0)": the place in the map, column and row. */
static as_status set_place(as_parse *job, as_table *t, const char *name, const as_where *at)
{
    const char *open = strrchr(name, '(');
    double x, y;
    AS_TRY(as_set_text(job->ctx, t, "part", name, at));
    const size_t used = open ? as_scan_number(open + 1, strlen(open + 1), '.', &x) : 0;
    if (!used || open[1 + used] != '/' ||
        !as_scan_number(open + used + 2, strlen(open + used + 2), '.', &y))
        return AS_OK;
    AS_TRY(as_set_value(job->ctx, t, "vendor.column", x, "1", at));
    return as_set_value(job->ctx, t, "vendor.row", y, "1", at);
}

static as_status emit_columns(as_parse *job, const reading *r, const as_where *at)
{
    const size_t rows = r->rows ? as_rows_count(r->rows) : 0;
    if (rows == 0) return as_fail(job->ctx, AS_E_TRUNCATED, at, "no rows of numbers");
    if (r->size > (double)rows)
        return as_fail(job->ctx, AS_E_TRUNCATED, at, "%zu rows, expected %g by SizeGraph", rows, r->size);
    as_table *all = as_rows_table(job->ctx, r->rows);
    if (!all) return AS_ERR;
    for (size_t c = 1; c < r->n; c++) {
        as_table *t = as_spectrum_of(job->ctx, &r->kind, rows, all->column[0]->v.f,
                                     all->column[c]->v.f);
        if (!t) return AS_ERR;
        if (r->head) AS_TRY(as_copy_meta(job->ctx, t, r->head));
        if (c < r->n_names) AS_TRY(set_place(job, t, r->name[c].text, at));
        if (r->n > 2) AS_TRY(as_set_value(job->ctx, t, "index", (double)c - 1, "1", at));
        if (c == 1) as_warn_if_cut(job, t, false);
        AS_TRY(as_emit(job->out, job->ctx, t));
    }
    return AS_OK;
}

static as_status read_row(as_parse *job, reading *r, const as_lines *it, const as_line *line)
{
    if (!r->rows) {
        r->n = as_line_numbers(it, line, 0, NULL);
        if (r->n < 2)
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected numbers", line->text);
        r->rows = as_rows_new(job->ctx, r->n);
        if (!r->rows) return AS_ERR;
    }
    double *row = as_rows_add(job->ctx, r->rows);
    if (!row) return AS_ERR;
    if (as_line_numbers(it, line, r->n, row) != r->n)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected %zu numbers",
                       line->text, r->n);
    return AS_OK;
}

/* Rows of names and units may stand before the numbers, in this order. */
static as_status read_table(as_parse *job, reading *r, as_lines *it, char separator)
{
    as_line line;
    as_more more;
    it->separator = separator;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        as_field *f;
        size_t n;
        if (line.length == 0) continue;
        if (r->rows || as_line_numbers(it, &line, 0, NULL) > 1) {
            AS_TRY(read_row(job, r, it, &line));
            continue;
        }
        AS_TRY(as_fields(job->ctx, &line, separator, &f, &n));
        if (n > 1 && is_x_unit(f[0].text, f[0].length)) {
            as_spectral_x(f[0].text, &r->kind);
            as_spectral_y(f[1].text, &r->kind);
        } else if (r->name) {
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected units or numbers",
                           line.text);
        } else {
            r->name = f;
            r->n_names = n;
        }
    }
    return more == AS_FAILED ? AS_ERR : emit_columns(job, r, &line.where);
}

/* --- the graph export ------------------------------------------------------------------------- */

static as_status read_graph_key(as_parse *job, reading *r, const as_line *line, double *size)
{
    as_pair p;
    AS_TRY(as_split(job->ctx, line, '=', &p));
    const as_known known[] = { { "PositionX", "x", "um" }, { "PositionY", "y", "um" },
                               { "PositionZ", "z", "um" }, { "GraphName", "sample", NULL } };
    if (strcmp(p.key, "XAxisUnit") == 0) as_spectral_x(p.value, &r->kind);
    if (strcmp(p.key, "DataUnit") == 0) as_spectral_y(p.value, &r->kind);
    if (strcmp(p.key, "SizeGraph") == 0) as_read_number(p.value, strlen(p.value), '.', size);
    return as_set_measure(job->ctx, r->head, known, AS_COUNT(known), p.key, p.value, &line->where);
}

/* One number on each line of the file beside whose name ends with `ending` for "_Header". */
static as_status read_beside(as_parse *job, const char *ending, double *out, size_t n)
{
    const char *name = as_base_name(job->in->name), *mark = as_find_text(name, "_Header.");
    const as_input *in;
    as_line line;
    if (!mark)
        return as_fail(job->ctx, AS_E_MISSING, NULL, "no [Data], and no file beside: %s is not "
                       "called ..._Header.txt", name);
    const char *beside = as_format(as_scratch(job->ctx), "%.*s%s%s", (int)(mark - name), name, ending,
                                   mark + strlen("_Header"));
    AS_TRY(beside ? as_open_beside(job->ctx, job->in, beside, &in) : AS_ERR);
    as_lines it = { .in = in };
    for (size_t i = 0; i < n; i++) {
        size_t cursor = 0;
        AS_TRY(as_need_line(job->ctx, &it, &line, "a number on each line"));
        AS_TRY(as_need_number(job->ctx, &it, &line, &cursor, &out[i], "a number"));
    }
    return AS_OK;
}

static as_status read_split(as_parse *job, const reading *r, double size, const as_where *at)
{
    if (!(size >= 1 && size <= 1e8))
        return as_fail(job->ctx, AS_E_MISSING, at, "a header without SizeGraph");
    as_table *t = as_new_spectrum(job->ctx, (size_t)size, &r->kind);
    if (!t) return AS_ERR;
    AS_TRY(read_beside(job, "_X-Axis", t->column[0]->v.f, t->rows));
    AS_TRY(read_beside(job, "_Y-Axis", t->column[1]->v.f, t->rows));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    return as_emit(job->out, job->ctx, t);
}

static as_status read_graph(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    double size = NAN;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (strcmp(line.text, "[Data]") == 0) {
            r->size = size;
            return read_table(job, r, it, ',');
        }
        if (line.length && line.text[0] != '[' && line.text[0] != '/')
            AS_TRY(read_graph_key(job, r, &line, &size));
    }
    return more == AS_FAILED ? AS_ERR : read_split(job, r, size, &line.where);
}

/* --- TrueMatch ------------------------------------------------------------------------------------ */

static as_status read_match_key(as_parse *job, reading *r, const as_line *line, double *size)
{
    static const as_known known[] = { { "Title", "sample", NULL },
                                      { "ExcitationWavelength", "laser_wavelength", "nm" } };
    as_pair p;
    AS_TRY(as_split(job->ctx, line, '=', &p));
    if (strcmp(p.key, "XDataKind") == 0) as_spectral_x(p.value, &r->kind);
    if (strcmp(p.key, "SpectrumSize") == 0) as_read_number(p.value, strlen(p.value), '.', size);
    return as_set_measure(job->ctx, r->head, known, AS_COUNT(known), p.key, p.value, &line->where);
}

static as_status end_match(as_parse *job, reading *r, double size, const as_where *at)
{
    if (!r->rows) return AS_OK;
    const size_t rows = as_rows_count(r->rows);
    if (isfinite(size) && size != (double)rows)
        return as_fail(job->ctx, size > (double)rows ? AS_E_TRUNCATED : AS_E_SYNTAX, at,
                       "%zu rows, expected %g by SpectrumSize", rows, size);
    AS_TRY(emit_columns(job, r, at));
    r->rows = NULL;
    return AS_OK;
}

static as_status read_match(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    double size = NAN;
    bool data = false;
    it->separator = '\t';
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (line.text[0] == '[') {
            data = strcmp(line.text, "[SpectrumData]") == 0;
            if (strcmp(line.text, "[SpectrumHeader]") != 0) continue;
            AS_TRY(end_match(job, r, size, &line.where));
            r->head = as_table_new(job->ctx, 0);
            if (!r->head) return AS_ERR;
            size = NAN;
        } else {
            AS_TRY(data ? read_row(job, r, it, &line) : read_match_key(job, r, &line, &size));
        }
    }
    return more == AS_FAILED ? AS_ERR : end_match(job, r, size, &line.where);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    const char *text = (const char *)job->in->data;
    reading r = { .kind = { "x", "1", "intensity", "1", NULL }, .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    if (as_starts(text, match_mark)) return read_match(job, &r, &it);
    return as_starts(text, graph_mark) ? read_graph(job, &r, &it) : read_table(job, &r, &it, '\t');
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example examples[] = {
    { "a map of three spectra", "assay read tests/corpus/raman/witec-map.txt" }, { 0 }
};
static const char *const see_also[] = { "galactic-spc", NULL };

const as_parser as_parser_witec_txt = {
    .name = "witec-txt",
    .title = "WITec text: table, graph, split files, TrueMatch",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra and maps exported as text by WITec's programs",
             .description =
                 "Tables have x in the first column and a spectrum in each other one, below rows of names "
                 "and units (`rel. 1/cm`, `CCD cts`), of which either may be missing; each column "
                 "becomes one series. `//Exported ASCII-File` has a header and comma "
                 "separated data, or the data in the files ..._X-Axis.txt and ..._Y-Axis.txt beside "
                 "..._Header.txt. TrueMatch has one section for each spectrum.",
             .examples = examples,
             .see_also = see_also },
};
