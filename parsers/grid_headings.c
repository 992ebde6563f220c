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
    static const char *const words[] = { "unit", "units", "unit:", "units:", "Einheit", "Einheiten", "unite",
                                         "Unité", "Unités", "unidad", "unidades", "unità", "单位", "單位", "単位", "단위" };
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

/* "CH2", "Ch 1", "Chan. A": of an oscilloscope. */
static bool is_channel(const char *text)
{
    if (!as_starts(text, "ch")) return false;
    const size_t word = strcspn(text, " .0123456789"), gap = strspn(text + word, " ."), n = strlen(text);
    return n <= word + gap + 2 && (word == 2 || word == 4 || word == 7);
}

/* What is measured, in a word that no setting of a machine consists of. */
static bool is_quantity(as_ctx *ctx, const char *text)
{
    static const char *const words[] = { "extension", "load", "force", "strain", "stress", "displacement", "distance",
                                         "depth", "height", "moment", "magnetization", "resistance", "resistivity",
                                         "conductivity", "concentration", "energy", "amplitude", "torque", "volume" };
    const char *key = as_plain_key(ctx, text);
    for (size_t i = 0; key && i < AS_COUNT(words); i++)
        if (strcmp(key, words[i]) == 0) return true;
    return false;
}

/* "Key", "text" above two columns is a heading when it is the only row there, or names something
 * known or a unit. */
static bool is_pair_heading(as_ctx *ctx, const char *left, const char *right, bool alone)
{
    as_heading a, b;
    if (alone) return true;
    if (as_is_clock_text(right)) return false; /* "Time", "13:40" */
    if (as_heading_of(ctx, left, NULL, &a) != AS_OK || as_heading_of(ctx, right, NULL, &b) != AS_OK)
        return false;
    const bool told_a = a.known || a.stated || ends_in_bracket(left);
    const bool told_b = b.known || b.stated || ends_in_bracket(right);
    if ((told_a && (b.known || b.stated)) || (told_b && (a.known || a.stated))) return true;
    if (is_quantity(ctx, left) && (b.known || is_quantity(ctx, right))) return true;
    if (has_unit(&a) && !strchr(right, ' ')) return true; /* "r(A) G(r)" */
    return strcmp(b.name, "y") == 0 ||
           (a.known && strcmp(a.name, "temperature") != 0 && (strcmp(a.name, "time") != 0 || is_channel(right)));
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

/* "Sample Weight:", "5.120[mg]", "Weight: 70 mg", "wavelength = 0.18" two cells alone that differ, a rule or the
 * name of a section are no title. */
static bool is_pair(const as_grid *g, const as_block *b, const as_grid_row *r)
{
    const char *key = as_row_text(r, 0), *colon = key ? strchr(key, ':') : NULL, *value = as_row_text(r, 1);
    const size_t end = as_row_tally(r).end;
    if (!g->packed && end == 2 && key && value && strcmp(key, value) != 0) return true;
    if (!g->packed && end == 1 && r->n == 2 && b->n > 2) return true; /* a key without a value */
    if (key && end == 1 && (key[strspn(key, "-=*_#")] == '\0' || *key == '[' || strcmp(key, "Label") == 0)) return true;
    if (key && end == 1 && !colon && strchr(key, '=') && as_is_key_line(key)) return true;
    return colon && ((end == 2 && !colon[1]) || (end == 1 && colon[1] == ' '));
}

/* "X,Y,yEr±" below the names: what Origin draws them as. */
static bool is_designation(const as_grid *g, size_t above, const as_block *b, size_t i)
{
    static const char *const words[] = { "X", "Y", "Z", "xEr", "yEr", "xEr\xc2\xb1", "yEr\xc2\xb1", "Label", "None" };
    const as_grid_row *r = &g->row[i];
    if (i == above || texts_in(r, b) < b->n || texts_in(r - 1, b) < b->n || numbers_in(r - 1, b) > 0) return false;
    for (size_t c = 0; c < b->n; c++) {
        size_t k = 0;
        while (k < AS_COUNT(words) && !as_same(as_row_text(r, b->column[c]), words[k])) k++;
        if (k == AS_COUNT(words)) return false;
    }
    return true;
}

/* "Offset", 0, 0, 7753: a setting of each column, between the names and the numbers. */
static bool is_setting_row(const as_grid *g, const as_grid_row *r, const as_block *b)
{
    return !g->packed && b->n > 2 && texts_in(r, b) == 1 && numbers_in(r, b) + 1 == b->n &&
           as_row_text(r, b->column[0]);
}

/* "Time", "7:08:01 PM", "7:08:05 PM": of the other headings, not of the numbers below it. */
static bool heads_clocks(const as_block *b, const as_heading *h)
{
    if (b->n < 3 || b->units || h[0].stated || strcmp(h[0].name, "time") != 0) return false;
    for (size_t i = 1; i < b->n; i++) {
        const char *text = as_row_text(b->names, b->column[i]);
        if (!text || !strchr(text, ':') || !as_is_clock_text(text)) return false;
    }
    return true;
}

void as_grid_designate(const as_block *b, as_heading *h)
{
    size_t errors = 0, at = 0;
    if (heads_clocks(b, h)) h[0] = (as_heading){ .name = "x", .unit = AS_UNITLESS };
    for (size_t c = 1; b->drawn && c < b->n; c++)
        if (as_starts(as_row_text(b->drawn, b->column[c]), "yEr")) errors++, at = c;
    if (errors != 1 || !as_same(as_row_text(b->drawn, b->column[at - 1]), "Y")) return;
    h[at].name = "sigma";
    h[at].known = true;
}

void as_find_headings(as_ctx *ctx, const as_grid *g, size_t above, as_block *b)
{
    size_t filled = 0, between = 0, gap = 0;
    for (size_t i = above; i < b->first; i++) filled += !as_row_is_blank(&g->row[i]);
    for (size_t i = b->first; i-- > above;) {
        const as_grid_row *r = &g->row[i];
        if (texts_in(r, b) + numbers_in(r, b) == 0) {
            gap += b->names != NULL;
            continue;
        }
        if (!b->names && is_setting_row(g, r, b)) continue;
        if (!b->drawn && is_designation(g, above, b, i)) {
            b->drawn = r;
        } else if (!b->units && !b->names && is_spectral(ctx, g, above, i, b)) {
            b->names = r;
        } else if (!b->units && !b->names && !b->groups && is_remark(ctx, g, above, b, i)) {
            b->groups = r;
        } else if (!b->units && !b->names && all_units(ctx, r, b) && filled > 1) {
            b->units = r;
        } else if (!b->names && tells_names(ctx, r, b, between) &&
                   is_names(ctx, r, b, r->parted || (!r->comment && filled - (b->units != NULL) == 1))) {
            b->names = r;
        } else if (b->names && !b->groups && !r->comment && texts_in(r, b) > 0 &&
                   numbers_in(r, b) == 0 && !is_pair(g, b, r) && (gap == 0 || texts_in(r, b) == 1)) {
            b->groups = r;
            return;
        } else if (!r->comment) {
            return;
        } else {
            between++;
        }
    }
}
