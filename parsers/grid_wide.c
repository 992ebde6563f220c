/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spectra written as one wide table: the axis of all of them in the first row, below it a spectrum in each row, with
 * what it is of (a place, a sample, a concentration) in the columns before or behind.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "grid_private.h"
#include "number.h"
#include "vocabulary.h"

enum { LEAST = 8, LEAST_OF_MAP = 4, MOST_UNIT = 16 }; /* points of a spectrum */

typedef struct wide {
    const as_grid_row *head;
    size_t from, to;      /* cells [from, to) of the axis */
    double *axis;
    as_heading h[2];      /* of x and y */
    size_t named;         /* the cell that names the axis and is empty below; head->n: none */
} wide;

static double cell(const as_grid_row *r, size_t c, size_t k)
{
    return c < r->n ? r->v[r->more ? c * r->stride + k : c] : (double)NAN;
}

/* "X400", as R writes the names of columns that are numbers; "400 nm", "1800cm-1": a number, and its unit in
 * *unit. NaN: no number, or one of more words. */
static double axis_value(const as_grid_row *r, size_t c, const char **unit)
{
    const char *text = as_row_text(r, c);
    double value = NAN;
    *unit = "";
    if (!text) return c < r->n ? r->v[c] : (double)NAN;
    const bool prefixed = (text[0] == 'X' || text[0] == 'x') && text[1] >= '0' && text[1] <= '9';
    const char *digits = text + prefixed;
    const size_t n = as_scan_number(digits, strlen(digits), '.', &value);
    if (n == 0 || (prefixed && digits[n])) return NAN;
    *unit = digits + n + strspn(digits + n, " ");
    as_heading h;
    return !**unit || (strlen(*unit) < MOST_UNIT && as_spectral_unit(*unit, &h)) ? value : (double)NAN;
}

/* 1, 2, 3: numbers of columns. */
static bool are_ordinals(const double *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (v[i] - v[i - 1] != 1) return false;
    return v[0] == 0 || v[0] == 1;
}

/* The cells of the axis: numbers that go one way, one run of them with nothing but names and gaps around. */
static bool find_axis(wide *w, const char **unit)
{
    const as_grid_row *r = w->head;
    size_t end = 0;
    w->from = w->to = r->n;
    for (size_t c = 0; c < r->n; c++) {
        const char *own;
        const double value = axis_value(r, c, &own);
        if (isnan(value)) continue;
        if (w->from == r->n) w->from = end = c, *unit = own;
        const double before = c > w->from ? w->axis[c - 1 - w->from] : NAN;
        const double way = c > w->from + 1 ? w->axis[1] - w->axis[0] : value - before;
        if (c != end || strcmp(own, *unit) != 0 || (c > w->from && !((value - before) * way > 0))) return false;
        w->axis[c - w->from] = value;
        w->to = end = c + 1;
    }
    return w->from < w->to;
}

/* --- rows ---------------------------------------------------------------------------------------- */
static bool is_spectrum(const wide *w, const as_grid_row *r, size_t k)
{
    size_t numbers = 0;
    if (r->n < w->to) return false;
    for (size_t c = w->from; c < w->to; c++) {
        if (as_row_text(r, c)) return false;
        numbers += !isnan(cell(r, c, k));
    }
    return 2 * numbers > w->to - w->from;
}

/* Goes up and down: no second axis. */
static bool turns(const wide *w, const as_grid_row *r, size_t k)
{
    const double way = cell(r, w->from + 1, k) - cell(r, w->from, k);
    for (size_t c = w->from + 1; c < w->to; c++)
        if (!((cell(r, c, k) - cell(r, c - 1, k)) * way > 0)) return true;
    return false;
}

/* Below the head nothing but spectra, one of which at least turns where that is wanted. */
static bool are_spectra(const as_grid *g, const wide *w, bool turning)
{
    bool turn = !turning;
    for (const as_grid_row *r = w->head + 1; r < g->row + g->n; r++) {
        if (r->comment || as_row_is_blank(r)) continue;
        for (size_t k = 0; k <= r->more; k++) {
            if (!is_spectrum(w, r, k)) return false;
            turn = turn || turns(w, r, k);
        }
    }
    return turn;
}

/* Whether the column says in no row anything, or in all rows a text. */
static bool is_empty_below(const as_grid *g, const wide *w, size_t c, bool *texts)
{
    bool empty = true;
    *texts = true;
    for (const as_grid_row *r = w->head + 1; r < g->row + g->n; r++) {
        if (r->comment || as_row_is_blank(r)) continue;
        const bool text = as_row_text(r, c) != NULL;
        empty = empty && !text && isnan(cell(r, c, 0));
        *texts = *texts && text;
    }
    return empty;
}

/* --- what it is ------------------------------------------------------------------------------------ */
/* "Sample", "ID": what spectra of a collection are told apart by. */
static bool tells_samples(as_ctx *ctx, const char *text)
{
    static const char *const words[] = { "sample", "samples", "samplename", "sampleid", "name", "id", "label", "labels",
                                         "spectrum", "spectra", "file", "filename", "class", "type", "species",
                                         "group", "material" };
    const char *key = as_plain_key(ctx, text);
    for (size_t i = 0; key && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0) return true;
    return false;
}

static bool is_place(as_ctx *ctx, const as_grid_row *head, size_t c, const char *name)
{
    const char *text = as_row_text(head, c);
    as_heading h;
    return text && as_heading_of(ctx, text, NULL, &h) == AS_OK && strcmp(h.name, name) == 0;
}

/* "Wavelengths(nm)" before the axis, "400 nm": spectra, however smooth. */
static bool is_told(as_ctx *ctx, const wide *w, const char *unit)
{
    const char *before = w->from > 1 ? as_row_text(w->head, w->from - 1) : NULL;
    as_heading h;
    return unit[0] || (before && as_heading_of(ctx, before, NULL, &h) == AS_OK && as_is_spectral_axis(h.name));
}

/* One column of numbers before the axis may be the axis of a matrix; a table of a few rows that all begin with a name
 * lies on its side. */
static bool is_other_table(as_ctx *ctx, const as_grid *g, const wide *w)
{
    const char *corner = as_row_text(w->head, 0);
    as_heading h;
    size_t rows, columns;
    bool texts;
    if (w->from != 1 || w->to < w->head->n) return false;
    is_empty_below(g, w, 0, &texts);
    const bool axis = corner && as_heading_of(ctx, corner, NULL, &h) == AS_OK && as_is_x_name(h.name);
    if (!texts) return !corner || axis;
    return corner && !tells_samples(ctx, corner) && as_grid_lies(g, &rows, &columns);
}

static as_status name_axes(as_parse *job, const as_grid *g, wide *w, bool map, const char *unit,
                           const as_grid_options *how)
{
    const char *before = w->from > 0 ? as_row_text(w->head, w->from - 1) : NULL;
    bool texts;
    w->h[0] = (as_heading){ .name = "x", .unit = AS_UNITLESS };
    w->h[1] = (as_heading){ .name = map ? "intensity" : "y", .unit = AS_UNITLESS };
    w->named = w->head->n;
    if (before) {
        as_heading h;
        AS_TRY(as_heading_of(job->ctx, before, NULL, &h));
        const bool empty = is_empty_below(g, w, w->from - 1, &texts);
        if (as_is_spectral_axis(h.name) && (empty || texts)) w->h[0] = h;
        if (as_is_spectral_axis(h.name) && empty) w->named = w->from - 1;
    }
    if (unit[0]) as_spectral_unit(unit, &w->h[0]);
    return how->columns && how->columns[0] ? as_given_headings(job, how->columns, 2, w->h) : AS_OK;
}

/* --- a table for each ------------------------------------------------------------------------------ */
/* "Temperature (K)" and 300: a coordinate, where name and unit are certain; else by the words of the heading. */
static as_status set_number(as_parse *job, as_table *t, const char *key, double value, const as_where *where)
{
    as_heading h;
    char text[AS_NUMBER_MAX + 1];
    AS_TRY(as_heading_of(job->ctx, key, NULL, &h));
    const as_word_entry *word = as_vocabulary(AS_WORD_META, h.name);
    if (word && ((h.stated && word->unit[0]) || strlen(h.name) == 1))
        return as_set_number(job->ctx, t, h.name, value, NAN, h.unit, where);
    text[as_write_number(value, text)] = '\0';
    return as_grid_keep(job, t, key, text, where);
}

/* What the spectrum is called: the cell below "Sample" or the like, else the first text; NULL: nothing. */
static const char *label_of(as_ctx *ctx, const wide *w, const as_grid_row *r, size_t k)
{
    const char *first = NULL;
    for (size_t c = 0; c < r->n; c++) {
        const char *key = as_row_text(w->head, c), *text = as_row_text(r, c);
        if ((c >= w->from && c < w->to) || (!text && isnan(cell(r, c, k)))) continue;
        if (key && tells_samples(ctx, key)) return text ? text : as_format(as_scratch(ctx), "%.12g", cell(r, c, k));
        if (!first) first = text;
    }
    return first;
}

/* What stands beside a spectrum. */
static as_status set_beside(as_parse *job, const wide *w, const as_grid_row *r, size_t k, as_table *t)
{
    const as_where where = { .file = job->in->name, .line = r->line + (uint32_t)k };
    const char *label = label_of(job->ctx, w, r, k);
    if (label && !(t->label = as_strdup(t->arena, label))) return AS_ERR;
    for (size_t c = 0; c < r->n; c++) {
        const char *key = as_row_text(w->head, c), *text = as_row_text(r, c);
        const double value = cell(r, c, k);
        if ((c >= w->from && c < w->to) || c == w->named || (!text && isnan(value))) continue;
        const bool axis = c + 1 == w->from && text && w->h[0].label && key && as_find_text(key, w->h[0].label);
        if (!key || axis) continue;
        AS_TRY(text ? as_grid_keep(job, t, key, text, &where) : set_number(job, t, key, value, &where));
    }
    return AS_OK;
}

static as_status emit_row(as_parse *job, const wide *w, const as_grid_row *r, size_t k, const as_grid_options *how)
{
    size_t rows = 0;
    for (size_t c = w->from; c < w->to; c++) rows += !isnan(cell(r, c, k));
    as_table *t = as_table_new(job->ctx, rows);
    as_column *x = t ? as_add_column(job->ctx, t, w->h[0].name, AS_ROLE_X, w->h[0].unit) : NULL;
    as_column *y = x ? as_add_column(job->ctx, t, w->h[1].name, AS_ROLE_Y, w->h[1].unit) : NULL;
    if (!y) return AS_ERR;
    for (size_t c = w->from, i = 0; c < w->to; c++) {
        if (isnan(cell(r, c, k))) continue;
        x->v.f[i] = w->axis[c - w->from];
        y->v.f[i++] = cell(r, c, k);
    }
    AS_TRY(set_beside(job, w, r, k, t));
    const char *technique = how->technique ? how->technique : as_technique_of(2, w->h);
    if (technique && !(t->technique = as_strdup(t->arena, technique))) return AS_ERR;
    if (how->part) AS_TRY(as_set_meta(job->ctx, t, "part", how->part, NULL, NULL));
    return as_emit(job->out, job->ctx, t);
}

static as_status emit_rows(as_parse *job, const as_grid *g, const wide *w, const as_grid_options *how, size_t *count)
{
    for (const as_grid_row *r = w->head + 1; r < g->row + g->n; r++)
        for (size_t k = 0; r->n && !r->comment && !as_row_is_blank(r) && k <= r->more; k++) {
            const as_frame frame = as_enter(job->ctx);
            const as_status status = emit_row(job, w, r, k, how);
            as_leave(job->ctx, frame);
            AS_TRY(status);
            ++*count;
        }
    return AS_OK;
}

as_status as_grid_wide(as_parse *job, const as_grid *g, const as_grid_options *how, size_t *count, bool *done)
{
    const char *unit = "";
    size_t head = 0;
    *done = false;
    while (head < g->n && (g->row[head].comment || as_row_is_blank(&g->row[head]))) head++;
    if (head == g->n || g->row[head].more) return AS_OK;
    wide w = { .head = &g->row[head] };
    w.axis = AS_NEW_N(as_scratch(job->ctx), double, w.head->n);
    if (!w.axis) return AS_ERR;
    if (!find_axis(&w, &unit) || (w.from == 0 && w.to == w.head->n)) return AS_OK;
    const bool map = w.from == 2 && is_place(job->ctx, w.head, 0, "x") && is_place(job->ctx, w.head, 1, "y");
    const size_t points = w.to - w.from;
    if (points < (map ? LEAST_OF_MAP : LEAST) || (!map && are_ordinals(w.axis, points))) return AS_OK;
    if (!are_spectra(g, &w, !map && !is_told(job->ctx, &w, unit)) || is_other_table(job->ctx, g, &w)) return AS_OK;
    *done = true;
    AS_TRY(name_axes(job, g, &w, map, unit, how));
    return emit_rows(job, g, &w, how, count);
}
