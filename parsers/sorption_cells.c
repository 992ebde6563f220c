/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts and printed reports of sorption analysers as rows of cells. */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "number.h"
#include "sorption.h"

/* --- cells --------------------------------------------------------------------------------- */
as_status as_text_grid(as_ctx *ctx, const as_input *in, char separator, as_grid *out)
{
    as_lines it = { .in = in };
    as_line line;
    as_more more;
    char decimal = separator == ';' ? ',' : '.';
    *out = (as_grid){ 0 };
    if (separator == '\t') {
        as_convention c;
        AS_TRY(as_convention_of(ctx, in, 1, 0, &c));
        decimal = c.decimal;
    }
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM) {
        as_field *f;
        size_t n;
        AS_TRY(as_fields(ctx, &line, separator, &f, &n));
        double *v = AS_NEW_N(as_scratch(ctx), double, n + 1);
        const char **text = AS_NEW_N(as_scratch(ctx), const char *, n + 1);
        if (!v || !text) return AS_ERR;
        for (size_t i = 0; i < n; i++) {
            text[i] = f[i].text;
            if (!as_read_number(f[i].text, f[i].length, '.', &v[i]) &&
                !(decimal == ',' && as_read_number(f[i].text, f[i].length, ',', &v[i])))
                v[i] = NAN;
        }
        const as_grid_row row = { .n = n, .v = v, .text = text, .line = it.number };
        AS_TRY(as_grid_add(ctx, out, &row));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

const char *as_cell(as_ctx *ctx, const as_grid_row *row, size_t i)
{
    if (i >= row->n) return "";
    if (row->text && row->text[i]) return row->text[i];
    if (!row->v || isnan(row->v[i])) return "";
    char *out = as_alloc(as_scratch(ctx), AS_NUMBER_MAX, 1);
    if (!out) return "";
    as_write_number(row->v[i], out);
    return out;
}

double as_cell_number(const as_grid_row *row, size_t i)
{
    return i < row->n && row->v ? row->v[i] : NAN;
}

static size_t columns_wide(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

as_status as_split_wide(as_ctx *ctx, const as_line *line, size_t room, as_wide *out, size_t *n)
{
    *n = 0;
    for (size_t at = 0; at < line->length && *n < room;) {
        const char *text = line->text;
        while (at < line->length && (text[at] == ' ' || text[at] == '\t')) at++;
        const size_t from = at;
        while (at < line->length && text[at] != '\t' && !(text[at] == ' ' && text[at + 1] == ' '))
            at++;
        if (at == from) break;
        out[*n].text = as_trim(as_scratch(ctx), text + from, at - from);
        out[*n].middle = columns_wide(text, from) + columns_wide(text + from, at - from) / 2;
        if (!out[*n].text) return AS_ERR;
        if (*out[*n].text) ++*n;
    }
    return AS_OK;
}

size_t as_nearest_wide(const as_wide *words, size_t n, size_t middle)
{
    size_t best = 0, least = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        const size_t m = words[i].middle, gap = m > middle ? m - middle : middle - m;
        if (gap < least) {
            least = gap;
            best = i;
        }
    }
    return best;
}

/* --- printed reports --------------------------------------------------------------------------- */
enum { WORDS = 32 };

typedef struct { /* lines above "---" that may head a table, the last of them */
    size_t n, gone; /* gone: lines before these, more than a head has */
    struct { size_t n; as_wide word[WORDS]; } line[8];
} heads;

/* The heads of the columns: the line with most words says where they are. Where no empty line parts the
 * labels of a report from its table, the head begins with the first that has as many. */
static as_status join_heads(as_ctx *ctx, const heads *h, uint32_t line, as_grid *g)
{
    size_t widest = 0;
    for (size_t i = 1; i < h->n; i++)
        if (h->line[i].n >= h->line[widest].n) widest = i;
    const size_t n = h->n ? h->line[widest].n : 0;
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, n + 1);
    if (!text) return AS_ERR;
    size_t first = 0;
    while (h->gone && first < widest && h->line[first].n < n) first++;
    for (size_t i = first; i < h->n; i++)
        for (size_t k = 0; k < h->line[i].n; k++) {
            const as_wide *word = &h->line[i].word[k];
            const size_t to = as_nearest_wide(h->line[widest].word, n, word->middle);
            text[to] = text[to] ? as_format(as_scratch(ctx), "%s %s", text[to], word->text)
                                : word->text;
            if (!text[to]) return AS_ERR;
        }
    const as_grid_row row = { .n = n, .text = text, .line = line };
    return as_grid_add(ctx, g, &row);
}

/* The decimal sign of most numbers of a report that have one: software writes it as the computer is set. */
static as_status decimal_of(as_ctx *ctx, const as_input *in, char *out)
{
    as_lines it = { .in = in };
    as_line line;
    as_more more;
    size_t points = 0, commas = 0;
    double ignored;
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM)
        for (const char *at = line.text; *at;) {
            const size_t n = strcspn(at, " \t");
            if (memchr(at, '.', n)) points += as_read_number(at, n, '.', &ignored);
            else if (memchr(at, ',', n)) commas += as_read_number(at, n, ',', &ignored);
            at += n;
            at += strspn(at, " \t");
        }
    *out = commas > points ? ',' : '.';
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

static as_status add_words(as_ctx *ctx, const as_wide *word, size_t n, char decimal, uint32_t line, as_grid *g)
{
    double *v = AS_NEW_N(as_scratch(ctx), double, n + 1);
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, n + 1);
    if (!v || !text) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        text[i] = word[i].text;
        if (!as_read_number(text[i], strlen(text[i]), decimal, &v[i])) v[i] = NAN;
    }
    const as_grid_row row = { .n = n, .v = v, .text = text, .line = line };
    return as_grid_add(ctx, g, &row);
}

static void add_head(heads *h, const as_wide *word, size_t n)
{
    if (h->n == AS_COUNT(h->line)) {
        memmove(h->line, h->line + 1, (AS_COUNT(h->line) - 1) * sizeof h->line[0]);
        h->gone++;
        h->n--;
    }
    h->line[h->n].n = n;
    memcpy(h->line[h->n++].word, word, n * sizeof *word);
}

static bool is_rule(const as_wide *word, size_t n)
{
    return n == 1 && strlen(word[0].text) >= 3 &&
           strspn(word[0].text, "-") == strlen(word[0].text);
}

as_status as_printed_grid(as_ctx *ctx, const as_input *in, as_grid *out)
{
    as_lines it = { .in = in };
    as_line line;
    as_more more;
    heads *h = AS_NEW(as_scratch(ctx), heads);
    char decimal = '.';
    *out = (as_grid){ 0 };
    if (!h) return AS_ERR;
    AS_TRY(decimal_of(ctx, in, &decimal));
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM) {
        as_wide word[WORDS];
        size_t n;
        double ignored;
        AS_TRY(as_split_wide(ctx, &line, WORDS, word, &n));
        if (is_rule(word, n)) {
            AS_TRY(join_heads(ctx, h, it.number, out));
            h->n = h->gone = 0;
            continue;
        }
        AS_TRY(add_words(ctx, word, n, decimal, it.number, out));
        if (n == 0 || as_read_number(word[0].text, strlen(word[0].text), decimal, &ignored))
            h->n = h->gone = 0;
        else
            add_head(h, word, n);
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* Of a workbook the probe sees its strings, of 8 or 16 bits. */
bool as_has_string(const as_probe *p, const char *text)
{
    const size_t n = strlen(text);
    for (size_t width = 1; width <= 2; width++)
        for (size_t i = 0; i + n * width <= p->size; i++) {
            size_t k = 0;
            while (k < n && p->head[i + k * width] == (unsigned char)text[k]) k++;
            if (k == n) return true;
        }
    return false;
}
