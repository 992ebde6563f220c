/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISO 14976 (VAMAS): text, one value to a line, read by position only. The header says how many
 * lines of each kind follow, which experiment mode and scan mode the blocks have and which of
 * their 40 parameters are left out after the first block; what is left out is as in the first.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "vamas.h"

static const char magic[] = "VAMAS Surface Chemical Analysis Standard Data Transfer Format";

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    while (*at == '\r' || *at == '\n' || *at == ' ') at++;
    return as_starts(at, magic) ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

/* --- lines -------------------------------------------------------------------- */

static as_status need_field(vamas_reading *r, const char *what, vamas_field *out)
{
    as_line line;
    AS_TRY(as_need_line(r->job->ctx, &r->it, &line, what));
    out->where = line.where; /* the line itself lasts until the next */
    out->where.line_text = as_strndup(as_scratch(r->job->ctx), line.text, line.length);
    out->text = as_trim(as_scratch(r->job->ctx), line.text, line.length);
    return out->text && out->where.line_text ? AS_OK : AS_ERR;
}

static as_status need_value(vamas_reading *r, const char *what, double *out)
{
    vamas_field f;
    AS_TRY(need_field(r, what, &f));
    if (as_read_number(f.text, strlen(f.text), '.', out)) return AS_OK;
    return as_fail(r->job->ctx, AS_E_SYNTAX, &f.where, "'%.40s', expected %s", f.text, what);
}

/* A whole number from 0 that the lines still to come can hold, `each` for one. */
static as_status need_count(vamas_reading *r, const char *what, size_t *out)
{
    double v;
    AS_TRY(need_value(r, what, &v));
    const as_where at = { .file = r->it.in->name, .line = r->it.number };
    const double room = (double)(r->it.in->size - r->it.at) + 1;
    if (!(v >= 0) || v != floor(v))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &at, "%g, expected %s", v, what);
    if (v > room)
        return as_fail(r->job->ctx, AS_E_TRUNCATED, &at, "%.0f as %s, more than the file holds", v,
                       what);
    *out = (size_t)v;
    return AS_OK;
}

/* n lines joined by line ends, blank ones at the end left out; NULL in *out for none. */
static as_status read_lines(vamas_reading *r, size_t n, const char *what, const char **out)
{
    as_arena *scratch = as_scratch(r->job->ctx);
    const size_t begin = r->it.at;
    size_t used = 0, kept = 0;
    *out = NULL;
    as_lines ahead = r->it;
    as_line line;
    for (size_t i = 0; i < n; i++) AS_TRY(as_need_line(r->job->ctx, &ahead, &line, what));
    char *text = AS_NEW_N(scratch, char, ahead.at - begin + n + 1);
    if (!text) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(as_need_line(r->job->ctx, &r->it, &line, what));
        size_t length = line.length;
        while (length && (line.text[length - 1] == ' ' || line.text[length - 1] == '\t')) length--;
        if (i) text[used++] = '\n';
        for (size_t k = 0; k < length; k++) text[used++] = line.text[k] ? line.text[k] : ' ';
        if (length) kept = used;
    }
    text[kept] = '\0';
    if (kept) *out = text;
    return AS_OK;
}

static as_status read_list(vamas_reading *r, size_t n, size_t group, const char *what,
                           vamas_list *out)
{
    out->n = n;
    out->f = AS_NEW_N(as_scratch(r->job->ctx), vamas_field, n * group + 1);
    if (!out->f) return AS_ERR;
    for (size_t i = 0; i < n * group; i++) AS_TRY(need_field(r, what, &out->f[i]));
    return AS_OK;
}

/* --- the header --------------------------------------------------------------- */

static const char *const position_modes[] = { "MAP", "MAPDP", NULL };
static const char *const region_modes[] = { "MAP", "MAPDP", "NORM", "SDP", NULL };
static const char *const modes[] = { "MAP", "MAPDP", "MAPSV", "MAPSVDP", "NORM",
                                     "SDP", "SDPSV", "SEM",   "NOEXP",   NULL };
static const char *const scans[] = { "REGULAR", "IRREGULAR", "MAPPING", NULL };

static as_status need_mode(vamas_reading *r, const char *what, const char *const *known,
                           vamas_field *out)
{
    AS_TRY(need_field(r, what, out));
    if (vamas_is_mode(out->text, known)) return AS_OK;
    return as_fail(r->job->ctx, AS_E_SYNTAX, &out->where, "'%.40s', expected %s", out->text, what);
}

/* What the blocks after the first leave out: the list names what they have (positive number of
 * entries) or what they lack (negative). */
static as_status read_inclusion(vamas_reading *r)
{
    double n, number;
    AS_TRY(need_value(r, "the number of entries in the inclusion or exclusion list", &n));
    const as_where at = { .file = r->it.in->name, .line = r->it.number };
    if (n != floor(n) || fabs(n) > VAMAS_N_NUMBERS)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &at,
                       "%g entries in the inclusion list, expected up to %d", n, VAMAS_N_NUMBERS);
    for (size_t k = 1; k <= VAMAS_N_NUMBERS; k++) r->excluded[k] = n > 0;
    for (double i = 0; i < fabs(n); i++) {
        AS_TRY(need_value(r, "the number of a parameter", &number));
        if (!(number >= 1 && number <= VAMAS_N_NUMBERS))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &at,
                           "parameter %g in the inclusion list, "
                           "expected 1 to %d",
                           number, VAMAS_N_NUMBERS);
        r->excluded[(size_t)number] = n < 0;
    }
    return AS_OK;
}

static as_status read_identity(vamas_reading *r)
{
    vamas_field first;
    AS_TRY(need_field(r, magic, &first));
    if (*first.text == '\0') {
        as_warn(r->job->ctx, NULL, &first.where, "an empty line before the first one");
        AS_TRY(need_field(r, magic, &first));
    }
    if (!as_starts(first.text, magic))
        return as_fail(r->job->ctx, AS_E_FORMAT, &first.where, "'%.40s', expected '%s'", first.text,
                       magic);
    AS_TRY(need_field(r, "the institution", &r->institution));
    AS_TRY(need_field(r, "the instrument model", &r->instrument));
    AS_TRY(need_field(r, "the operator", &r->operator));
    return need_field(r, "the experiment", &r->experiment);
}

static as_status read_header(vamas_reading *r, size_t *n_blocks)
{
    size_t n, skipped;
    const char *ignored;
    AS_TRY(read_identity(r));
    AS_TRY(need_count(r, "the number of comment lines", &n));
    AS_TRY(read_lines(r, n, "a line of the comment", &r->comment));
    AS_TRY(need_mode(r, "an experiment mode (NORM, MAP, SDP ...)", modes, &r->mode));
    AS_TRY(need_mode(r, "a scan mode (REGULAR, IRREGULAR or MAPPING)", scans, &r->scan));
    if (vamas_is_mode(r->mode.text, region_modes))
        AS_TRY(need_count(r, "the number of spectral regions", &skipped));
    if (vamas_is_mode(r->mode.text, position_modes)) {
        AS_TRY(need_count(r, "the number of analysis positions", &skipped));
        double grid;
        AS_TRY(need_value(r, "the number of x coordinates", &grid));
        AS_TRY(need_value(r, "the number of y coordinates", &grid));
    }
    AS_TRY(need_count(r, "the number of experimental variables", &n));
    AS_TRY(read_list(r, n, 2, "label and unit of an experimental variable", &r->variables));
    AS_TRY(read_inclusion(r));
    AS_TRY(need_count(r, "the number of manually entered items", &n));
    AS_TRY(read_lines(r, n, "a manually entered item", &ignored));
    AS_TRY(need_count(r, "the number of future upgrade experiment entries", &n));
    AS_TRY(need_count(r, "the number of future upgrade block entries", &r->n_future));
    AS_TRY(read_lines(r, n, "a future upgrade experiment entry", &ignored));
    return need_count(r, "the number of blocks", n_blocks);
}

/* --- the parameters of a block -------------------------------------------------- */

static as_status read_item(vamas_reading *r, size_t i, vamas_block *b)
{
    size_t n;
    switch (vamas_items[i].kind) {
    case VAMAS_COUNTED_LINES:
        AS_TRY(need_count(r, "the number of lines in the block's comment", &n));
        return read_lines(r, n, "a line of the block's comment", &b->comment);
    case VAMAS_VARIABLES:
        return read_list(r, r->variables.n, 1, "the value of an experimental variable",
                         &b->variables);
    case VAMAS_CORRESPONDING:
        AS_TRY(need_count(r, "the number of corresponding variables", &n));
        return read_list(r, n, 2, "label and unit of a corresponding variable", &b->columns);
    case VAMAS_TRIPLES:
        AS_TRY(need_count(r, "the number of additional numerical parameters", &n));
        return read_list(r, n, 3, "label, unit and value of an additional parameter", &b->extra);
    default:
        return need_field(
            r, vamas_items[i].key ? vamas_items[i].key : "the next parameter of the block",
            &b->item[i]);
    }
}

static as_status read_parameters(vamas_reading *r, bool is_first, vamas_block *b)
{
    const char *ignored;
    *b = r->first; /* what this block leaves out */
    AS_TRY(need_field(r, "the identifier of a block", &b->id));
    AS_TRY(need_field(r, "the sample of a block", &b->sample));
    for (size_t i = 0; i < VAMAS_N_ITEMS; i++) {
        if (!is_first && r->excluded[vamas_items[i].number]) continue;
        if (vamas_has(r->mode.text, r->scan.text, b->item[VAMAS_TECHNIQUE].text,
                      vamas_items[i].when))
            AS_TRY(read_item(r, i, b));
    }
    if (b->columns.n == 0)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &b->item[VAMAS_SIGNAL].where,
                       "no corresponding variables, expected one at least");
    AS_TRY(read_lines(r, r->n_future, "a future upgrade block entry", &ignored));
    if (is_first) r->first = *b;
    return AS_OK;
}

/* --- values --------------------------------------------------------------------- */

/* A value alone in its line, as few write it: ended by a lone carriage return or the file's end. */
static as_status read_value(vamas_reading *r, size_t number, size_t n, double *out)
{
    const as_input *in = r->it.in;
    const char *const begin = (const char *)in->data + r->it.at, *at = begin;
    const char *const end = (const char *)in->data + in->size;
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    const size_t used = as_scan_number(at, (size_t)(end - at), '.', out);
    at += used;
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    if (at < end && *at == '\r') at++;
    const bool ends = at < end && (*at == '\n' || at[-1] == '\r');
    if (used == 0 || (!ends && at < end)) {
        vamas_field f;
        AS_TRY(need_field(r, "an ordinate value", &f));
        return as_fail(r->job->ctx, AS_E_SYNTAX, &f.where,
                       "'%.40s', expected ordinate value %zu of %zu", f.text, number, n);
    }
    r->it.at += (size_t)(at - begin) + (at < end && *at == '\n');
    r->it.number++;
    return AS_OK;
}

/* The next n values, one to a line; the first is `number` of `all`. */
static as_status take_values(vamas_reading *r, size_t number, size_t all, size_t n, double *out)
{
    const as_row_form alone = { .decimal = '.', .count = 1, .gaps = true };
    const char *const text = (const char *)r->it.in->data, *const end = text + r->it.in->size;
    for (size_t got = 0; got < n; got++) {
        const char *at = text + r->it.at;
        const size_t many = as_scan_rows(&at, end, &alone, n - got, out + got, 1, 1);
        r->it.at = (size_t)(at - text);
        r->it.number += (uint32_t)many;
        got += many;
        if (got < n) AS_TRY(read_value(r, number + got, all, out + got));
    }
    return AS_OK;
}

/* Values row by row, in each one variable after the other. */
static as_status read_values(vamas_reading *r, size_t rows, size_t width, double *const *column)
{
    enum { ROOM = 1024 };
    const size_t all = rows * width;
    double value[ROOM];
    if (width == 1) return take_values(r, 1, all, rows, column[0]);
    for (size_t i = 0, k = 0, from = 0; from < all; from += ROOM) {
        const size_t n = all - from < ROOM ? all - from : ROOM;
        AS_TRY(take_values(r, from + 1, all, n, value));
        for (size_t j = 0; j < n; j++) {
            column[k][i] = value[j];
            if (++k == width) k = 0, i++;
        }
    }
    return AS_OK;
}

static as_status read_block(vamas_reading *r, bool is_first)
{
    vamas_block b;
    size_t n;
    double ignored;
    as_ctx *ctx = r->job->ctx;
    AS_TRY(read_parameters(r, is_first, &b));
    AS_TRY(need_count(r, "the number of ordinate values", &n));
    const size_t width = b.columns.n;
    const as_where at = { .file = r->it.in->name, .line = r->it.number };
    if (n == 0 || n % width != 0)
        return as_fail(ctx, AS_E_SYNTAX, &at, "%zu ordinate values of %zu variables", n, width);
    for (size_t i = 0; i < 2 * width; i++)
        AS_TRY(need_value(r, "minimum or maximum of a corresponding variable", &ignored));
    as_table *t;
    double **values = AS_NEW_N(as_scratch(ctx), double *, width);
    if (!values) return AS_ERR;
    AS_TRY(vamas_table(r, &b, n / width, &t, values));
    AS_TRY(read_values(r, n / width, width, values));
    AS_TRY(vamas_describe(r, &b, t));
    return as_emit(r->job->out, ctx, t);
}

/* What stands behind the blocks. */
static as_status read_end(vamas_reading *r, size_t n_blocks)
{
    as_line line;
    as_more more;
    do more = as_next_line(r->job->ctx, &r->it, &line);
    while (more == AS_ITEM && line.length == 0);
    if (more == AS_FAILED) return AS_ERR;
    if (more == AS_DONE)
        as_warn(r->job->ctx, NULL, &line.where, "no 'end of experiment' behind the last block");
    else if (!as_starts(line.text, "end of experiment"))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line.where,
                       "'%.40s' behind the last of %zu "
                       "blocks, expected 'end of experiment'",
                       line.text, n_blocks);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    size_t n_blocks;
    vamas_reading *r = AS_NEW(as_scratch(job->ctx), vamas_reading);
    if (!r) return AS_ERR;
    r->job = job;
    r->it.in = job->in;
    r->it.brief = true;
    if (read_header(r, &n_blocks) != AS_OK) return as_while(job->ctx, "reading the header");
    for (size_t i = 0; i < n_blocks; i++)
        if (read_block(r, i == 0) != AS_OK)
            return as_while(job->ctx, "reading block %zu of %zu", i + 1, n_blocks);
    return read_end(r, n_blocks);
}

static const char *const suffixes[] = { "vms", "npl", "vam", NULL };
static const char *const techniques[] = { "xps", NULL };
static const char *const references[] = {
    "ISO 14976:1998, Surface chemical analysis: Data transfer format",
    "Dench, Hazell & Seah 1988, Surf. Interface Anal. 13, 63, doi:10.1002/sia.740130202", NULL
};
static const as_example examples[] = {
    { "the regions of a file", "assay read --list tests/corpus/xps/regions.vms" },
    { "one of them", "assay read --part 'C 1s' tests/corpus/xps/regions.vms | head -n 24" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

const as_parser as_parser_vamas = {
    .name = "vamas",
    .title = "VAMAS, ISO 14976",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification (as published by its authors), observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read VAMAS files of all experiment and scan modes",
             .description =
                 "One value to a line, by position: a header, then blocks of about 60 parameters "
                 "and their values. Each block becomes one series; further corresponding variables "
                 "(the transmission function) are columns beside the intensity.\n\n"
                 "The energy axis stays as it is stored, kinetic or binding. Parameters that later "
                 "blocks leave out are taken from the first. `1E37`, `None` and `Not Specified` are "
                 "left out; comments, those of CasaXPS included, are kept verbatim. The intensity is in "
                 "counts where the signal is pulse counting, sigma is added where the values are "
                 "whole numbers.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
