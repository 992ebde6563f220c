/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows above a block of numbers hold names, units and titles. */
#include <math.h>
#include <string.h>

#include "grid_private.h"
#include "heading_line.h"
#include "headings.h"
#include "infrared.h"

static size_t texts_in(const as_grid_row *r, const as_block *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) n += as_row_text(r, b->column[i]) != NULL;
    return n;
}

static size_t numbers_in(const as_grid_row *r, const as_block *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        n += b->column[i] < r->n && !isnan(r->v[b->column[i]]);
    return n;
}

/* Whether the cells of a row of text stand above the columns they belong to. */
static bool is_aligned(const as_grid_row *r, const as_block *b)
{
    return !b->grid->packed || r->n == b->grid->row[b->first].n;
}

bool as_is_word_for_units(const char *text)
{
    static const char *const words[] = { "unit", "units", "unit:", "units:", "Einheit", "Einheiten", "unite" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (as_same(text, words[i])) return true;
    return false;
}

static bool all_units(as_ctx *ctx, const as_grid_row *r, const as_block *b)
{
    const size_t texts = texts_in(r, b);
    const char *first = as_row_text(r, b->column[0]);
    size_t units = 0;
    if (texts == 0 || 2 * texts < b->n || numbers_in(r, b) > 0 || !is_aligned(r, b)) return false;
    const bool called = first && as_is_word_for_units(first) && b->n > 1;
    if (first && !called && !as_is_unit_text(ctx, first)) return false;
    for (size_t i = called; i < b->n; i++) {
        const char *text = as_row_text(r, b->column[i]);
        units += text && as_is_unit_text(ctx, text);
    }
    if (called) return units > 0 && units + 1 >= texts;
    return units == texts || (units >= 2 && 4 * units >= 3 * texts); /* one may say more */
}

/* "theta[grad]": a unit that is not known here. */
static bool ends_in_bracket(const char *text)
{
    const size_t n = strlen(text);
    return n > 3 && text[n - 1] == ']' && text[0] != '[' && strchr(text, '[');
}

static bool has_unit(const as_heading *h)
{
    return h->stated && !h->unit.opaque && strcmp(h->unit.symbol, "1") != 0;
}

/* "Key", "text" above two columns is a heading when it is the only row there, or names something
 * known or a unit. */
static bool is_pair_heading(as_ctx *ctx, const char *left, const char *right, bool alone)
{
    as_heading a, b;
    if (alone) return true;
    if (as_heading_of(ctx, left, NULL, &a) != AS_OK || as_heading_of(ctx, right, NULL, &b) != AS_OK)
        return false;
    const bool told_a = a.known || a.stated || ends_in_bracket(left);
    const bool told_b = b.known || b.stated || ends_in_bracket(right);
    if ((told_a && (b.known || b.stated)) || (told_b && (a.known || a.stated))) return true;
    if (has_unit(&a) && !strchr(right, ' ')) return true; /* "r(A) G(r)" */
    return strcmp(b.name, "y") == 0 ||
           (a.known && strcmp(a.name, "time") != 0 && strcmp(a.name, "temperature") != 0);
}

/* Below names and units may stand what each column is of, as Origin writes it. */
static bool is_remark(as_ctx *ctx, const as_grid *g, size_t above, const as_block *b, size_t i)
{
    const as_grid_row *r = &g->row[i];
    if (i < above + 2 || numbers_in(r, b) > 0 || texts_in(r, b) == 0) return false;
    for (size_t c = 0; c < b->n; c++) { /* "Wavelength (nm)" below "[Data]" is the name itself */
        const char *text = as_row_text(r, b->column[c]);
        as_heading h;
        if (text && as_heading_of(ctx, text, NULL, &h) == AS_OK && h.known && h.stated) return false;
    }
    return all_units(ctx, r - 1, b) && numbers_in(r - 2, b) == 0 && texts_in(r - 2, b) == b->n;
}

/* With units below it a row of names may have gaps. */
/* "Temperature (K)", not "t/min T1/C p1/bar", which names several columns, nor a remark of many words. */
static bool is_one_name(as_ctx *ctx, const char *text)
{
    as_heading h;
    size_t words = 1, slashes = 0;
    for (size_t i = 0; text[i]; i++) {
        words += text[i] == ' ' && text[i + 1] != ' ';
        slashes += text[i] == '/';
    }
    return words <= 2 || (slashes < 2 && as_heading_of(ctx, text, NULL, &h) == AS_OK && (h.known || h.stated));
}

static bool is_names(as_ctx *ctx, const as_grid_row *r, const as_block *b, bool alone)
{
    const size_t texts = texts_in(r, b);
    const char *second = b->n > 1 ? as_row_text(r, b->column[1]) : NULL;
    if (numbers_in(r, b) > 0 || texts == 0 || !is_aligned(r, b)) return false;
    if (second && strcmp(second, "=") == 0) return false; /* "Composition = MnB" above three columns */
    if (b->units) return true;
    if (b->n == 1) return !r->comment || is_one_name(ctx, as_row_text(r, b->column[0]));
    if (texts < b->n && !(b->n > 2 && texts + 1 >= b->n)) return false;
    return b->n > 2 || is_pair_heading(ctx, as_row_text(r, b->column[0]),
                                       as_row_text(r, b->column[1]), alone);
}

/* "cm-1, %T": the axes of a spectrum by their units, unless the row above names them. */
static bool is_spectral(as_ctx *ctx, const as_grid *g, size_t above, size_t i, const as_block *b)
{
    const char *first = as_row_text(&g->row[i], b->column[0]);
    as_heading named;
    const char *second = b->n > 1 ? as_row_text(&g->row[i], b->column[1]) : NULL;
    if (!first || !second || !as_spectral_unit(first, &named)) return false;
    if (texts_in(&g->row[i], b) < b->n) return false;
    const bool ordinate = as_ir_y(second).unit != second; /* "A" is an absorbance here */
    if (!ordinate && (as_unit_headings(ctx, 1, &second, &named) || strstr(second, "/g")))
        return false; /* "nm, cc/g" */
    if (i == above) return true;
    const char *over = as_row_text(&g->row[i - 1], b->column[0]);
    return !over || (as_heading_of(ctx, over, NULL, &named) == AS_OK && !named.known);
}

/* A comment is names where nothing stands between it and the numbers, or where it says what is known. */
static bool tells_names(as_ctx *ctx, const as_grid_row *r, const as_block *b, size_t between)
{
    size_t told = 0;
    for (size_t i = 0; i < b->n; i++) {
        const char *text = as_row_text(r, b->column[i]);
        as_heading h;
        told += text && as_heading_of(ctx, text, NULL, &h) == AS_OK && (h.known || h.stated);
    }
    return !r->comment || between == 0 || 2 * told >= b->n;
}

/* "Sample Weight:", "5.120[mg]", "Weight: 70 mg" or "wavelength = 0.18" is no title. */
static bool is_pair(const as_grid_row *r)
{
    const char *key = as_row_text(r, 0), *colon = key ? strchr(key, ':') : NULL;
    const size_t end = as_row_tally(r).end;
    if (key && end == 1 && !colon && strchr(key, '=') && as_is_key_line(key)) return true;
    return colon && ((end == 2 && !colon[1]) || (end == 1 && colon[1] == ' '));
}

void as_find_headings(as_ctx *ctx, const as_grid *g, size_t above, as_block *b)
{
    size_t filled = 0, between = 0;
    for (size_t i = above; i < b->first; i++) filled += !as_row_is_blank(&g->row[i]);
    for (size_t i = b->first; i-- > above;) {
        const as_grid_row *r = &g->row[i];
        if (texts_in(r, b) + numbers_in(r, b) == 0) continue;
        if (!b->units && !b->names && is_spectral(ctx, g, above, i, b)) {
            b->names = r;
        } else if (!b->units && !b->names && !b->groups && is_remark(ctx, g, above, b, i)) {
            b->groups = r;
        } else if (!b->units && !b->names && all_units(ctx, r, b) && filled > 1) {
            b->units = r;
        } else if (!b->names && tells_names(ctx, r, b, between) &&
                   is_names(ctx, r, b, r->parted || (!r->comment && filled - (b->units != NULL) == 1))) {
            b->names = r;
        } else if (b->names && !b->groups && !r->comment && texts_in(r, b) > 0 &&
                   numbers_in(r, b) == 0 && !is_pair(r)) {
            b->groups = r;
            return;
        } else if (!r->comment) {
            return;
        } else {
            between++;
        }
    }
}
