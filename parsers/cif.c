/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CIF 1.1: tokens, then blocks, items and loops (Hall, Allen & Brown 1991,
 * doi:10.1107/S010876739101067X).
 */
#include <math.h>
#include <string.h>

#include "cif.h"
#include "number.h"

typedef enum { TOKEN_END, TOKEN_DATA, TOKEN_LOOP, TOKEN_TAG, TOKEN_VALUE } token_kind;

typedef struct {
    as_ctx *ctx;
    const as_input *in;
    char *text;  /* a copy, cut into strings as it is read */
    size_t at, size;
    uint32_t line;
    bool line_start;
    /* the token last read */
    token_kind kind;
    char *begin;
    size_t length;
    uint32_t token_line;
    bool missing; /* an unquoted . or ? */
} scanner;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void advance(scanner *s)
{
    if (s->text[s->at] == '\n') s->line++;
    s->line_start = s->text[s->at] == '\n' || s->text[s->at] == '\r';
    s->at++;
}

static void skip_blanks(scanner *s)
{
    while (s->at < s->size) {
        if (s->text[s->at] == '#') {
            while (s->at < s->size && s->text[s->at] != '\n' && s->text[s->at] != '\r') s->at++;
        } else if (is_blank(s->text[s->at])) {
            advance(s);
        } else {
            return;
        }
    }
}

static as_status unended(scanner *s, const char *what)
{
    const as_where at = { .file = s->in->name, .line = s->token_line };
    return as_fail(s->ctx, AS_E_TRUNCATED, &at, "%s that does not end", what);
}

/* From a ';' at the start of a line to the next one. */
static as_status scan_text_field(scanner *s)
{
    s->kind = TOKEN_VALUE;
    advance(s);
    s->begin = s->text + s->at;
    while (s->at < s->size && !(s->line_start && s->text[s->at] == ';')) advance(s);
    if (s->at >= s->size) return unended(s, "a text field");
    s->length = (size_t)(s->text + s->at - s->begin);
    while (s->length && is_blank(s->begin[s->length - 1])) s->length--;
    advance(s);
    return AS_OK;
}

/* A quote ends at the same sign followed by a blank. */
static as_status scan_quoted(scanner *s)
{
    const char quote = s->text[s->at];
    s->kind = TOKEN_VALUE;
    s->at++;
    s->begin = s->text + s->at;
    while (s->at < s->size && s->text[s->at] != '\n' && s->text[s->at] != '\r' &&
           !(s->text[s->at] == quote && (s->at + 1 >= s->size || is_blank(s->text[s->at + 1]))))
        s->at++;
    if (s->at >= s->size || s->text[s->at] != quote) return unended(s, "a quoted text");
    s->length = (size_t)(s->text + s->at - s->begin);
    s->at++;
    return AS_OK;
}

static as_status next_token(scanner *s)
{
    skip_blanks(s);
    s->kind = TOKEN_END;
    s->missing = false;
    s->token_line = s->line;
    if (s->at >= s->size) return AS_OK;
    const char c = s->text[s->at];
    if (c == ';' && s->line_start) return scan_text_field(s);
    s->line_start = false;
    if (c == '\'' || c == '"') return scan_quoted(s);
    s->begin = s->text + s->at;
    while (s->at < s->size && !is_blank(s->text[s->at])) s->at++;
    s->length = (size_t)(s->text + s->at - s->begin);
    s->kind = TOKEN_VALUE;
    if (c == '_') s->kind = TOKEN_TAG;
    if (s->length == 5 && as_starts(s->begin, "loop_")) s->kind = TOKEN_LOOP;
    if (as_starts(s->begin, "data_")) s->kind = TOKEN_DATA;
    s->missing = s->length == 1 && (c == '.' || c == '?');
    return AS_OK;
}

/* --- structure ------------------------------------------------------------------ */

/* How many there are of each, so that everything is allocated once. */
typedef struct {
    size_t blocks, tags, values, loops;
} census;

static as_status count(scanner s, census *out)
{
    *out = (census){ 0 };
    do {
        AS_TRY(next_token(&s));
        out->blocks += s.kind == TOKEN_DATA;
        out->tags += s.kind == TOKEN_TAG;
        out->values += s.kind == TOKEN_VALUE;
        out->loops += s.kind == TOKEN_LOOP;
    } while (s.kind != TOKEN_END);
    return AS_OK;
}

typedef struct {
    as_cif_block *block;
    as_cif_item *item, *tag, *cell; /* the next free ones: items, tags and values of loops */
    as_cif_loop *loop;
} store;

/* Blanks at the ends of lines and CRs are no part of a text of several lines. */
static void trim_lines(char *text)
{
    char *to = text, *solid = text; /* solid: behind the last byte of the line that is no blank */
    for (; *text; text++) {
        if (*text == '\n') to = solid;
        *to++ = *text;
        if (*text == '\n' || !is_blank(*text)) solid = to;
    }
    *to = '\0';
}

static as_status take(scanner *s, as_cif_item *to, bool is_tag)
{
    char *text = as_strndup(as_scratch(s->ctx), s->begin, s->length);
    if (!text) return AS_ERR;
    if (memchr(text, '\n', s->length)) trim_lines(text);
    to->line = s->token_line;
    if (is_tag)
        to->tag = text;
    else
        to->value = s->missing ? NULL : text;
    return AS_OK;
}

static as_status read_loop(scanner *s, store *st, as_cif_block *b)
{
    as_cif_loop *loop = &b->loop[b->n_loops];
    const as_where at = { .file = s->in->name, .line = s->token_line };
    size_t n = 0;
    *loop = (as_cif_loop){ .tag = st->tag, .value = st->cell, .line = s->token_line };
    AS_TRY(next_token(s));
    for (; s->kind == TOKEN_TAG; loop->n_tags++) {
        AS_TRY(take(s, st->tag++, true));
        AS_TRY(next_token(s));
    }
    for (; s->kind == TOKEN_VALUE; n++) {
        AS_TRY(take(s, st->cell++, false));
        AS_TRY(next_token(s));
    }
    if (loop->n_tags == 0) return as_fail(s->ctx, AS_E_SYNTAX, &at, "loop_ without tags");
    if (n % loop->n_tags)
        return as_fail(s->ctx, s->kind == TOKEN_END ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "%zu values in a loop of %zu tags: its last row is not complete", n,
                       loop->n_tags);
    loop->n_rows = n / loop->n_tags;
    b->n_loops++;
    st->loop++;
    return AS_OK;
}

/* "_exptl_operator Marie Dupont": words behind a value on its line are more of it, without the quotes that
 * should stand around them. */
static as_status join_words(scanner *s, as_cif_item *item)
{
    const as_where at = { .file = s->in->name, .line = item->line };
    bool more = false;
    AS_TRY(next_token(s));
    for (; s->kind == TOKEN_VALUE && s->token_line == item->line && item->value; more = true) {
        item->value = as_format(as_scratch(s->ctx), "%s %.*s", item->value, (int)s->length, s->begin);
        if (!item->value) return AS_ERR;
        AS_TRY(next_token(s));
    }
    if (more) as_warn(s->ctx, NULL, &at, "%s: several words without quotes, '%.60s'", item->tag, item->value);
    return AS_OK;
}

static as_status read_item(scanner *s, store *st, as_cif_block *b)
{
    const as_where at = { .file = s->in->name, .line = s->token_line };
    as_cif_item *item = st->item++;
    AS_TRY(take(s, item, true));
    AS_TRY(next_token(s));
    if (s->kind != TOKEN_VALUE)
        return as_fail(s->ctx, s->kind == TOKEN_END ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "%s has no value", item->tag);
    const bool same_line = s->token_line == at.line;
    AS_TRY(take(s, item, false));
    b->n_items++;
    return same_line ? join_words(s, item) : next_token(s);
}

static as_status read_block(scanner *s, store *st)
{
    as_cif_block *b = st->block++;
    b->line = s->token_line;
    b->name = as_strndup(as_scratch(s->ctx), s->begin + 5, s->length - 5);
    b->item = st->item;
    b->loop = st->loop;
    if (!b->name) return AS_ERR;
    AS_TRY(next_token(s));
    while (s->kind != TOKEN_END && s->kind != TOKEN_DATA) {
        const as_where at = { .file = s->in->name, .line = s->token_line };
        if (s->kind == TOKEN_VALUE)
            return as_fail(s->ctx, AS_E_SYNTAX, &at, "'%.*s', expected a tag or loop_",
                           (int)(s->length < 40 ? s->length : 40), s->begin);
        if (s->kind == TOKEN_LOOP)
            AS_TRY(read_loop(s, st, b));
        else
            AS_TRY(read_item(s, st, b));
    }
    return AS_OK;
}

as_status as_cif_parse(as_ctx *ctx, const as_input *in, const as_cif_block **out, size_t *n)
{
    as_arena *a = as_scratch(ctx);
    census all;
    store st;
    const as_where top = { .file = in->name, .line = 1 };
    scanner s = { .ctx = ctx, .in = in, .size = in->size, .line = 1, .line_start = true };
    s.text = as_strndup(a, (const char *)in->data, in->size);
    if (!s.text) return AS_ERR;
    AS_TRY(count(s, &all));
    if (all.blocks == 0) return as_fail(ctx, AS_E_SYNTAX, &top, "no data_ block");
    st.block = AS_NEW_N(a, as_cif_block, all.blocks);
    st.item = AS_NEW_N(a, as_cif_item, all.tags + 1);
    st.tag = AS_NEW_N(a, as_cif_item, all.tags + 1);
    st.cell = AS_NEW_N(a, as_cif_item, all.values + 1);
    st.loop = AS_NEW_N(a, as_cif_loop, all.loops + 1);
    if (!st.block || !st.item || !st.tag || !st.cell || !st.loop) return AS_ERR;
    *out = st.block;
    *n = all.blocks;
    AS_TRY(next_token(&s));
    if (s.kind != TOKEN_DATA)
        return as_fail(ctx, AS_E_SYNTAX, &top, "something else before the first data_ block");
    while (s.kind == TOKEN_DATA) AS_TRY(read_block(&s, &st));
    return AS_OK;
}

/* --- access ----------------------------------------------------------------------- */

const char *as_cif_value(const as_cif_block *b, const char *tag)
{
    for (size_t i = 0; i < b->n_items; i++)
        if (as_same(b->item[i].tag, tag)) return b->item[i].value;
    return NULL;
}

const as_cif_loop *as_cif_find_loop(const as_cif_block *b, const char *tag, size_t *column)
{
    for (size_t i = 0; i < b->n_loops; i++)
        for (size_t k = 0; k < b->loop[i].n_tags; k++)
            if (as_same(b->loop[i].tag[k].tag, tag)) {
                if (column) *column = k;
                return &b->loop[i];
            }
    return NULL;
}

bool as_cif_number(const char *text, double *value, double *u)
{
    *value = *u = NAN;
    if (!text) return false;
    const size_t n = strlen(text);
    const size_t used = as_scan_number(text, n, '.', value);
    if (used == 0 || (text[used] && text[used] != '(')) {
        *value = NAN;
        return false;
    }
    if (text[used] != '(') return true;
    double digits, scale = 1; /* of the last digit, a power of ten */
    const char *e = memchr(text, 'e', used), *point = memchr(text, '.', used);
    if (!e) e = memchr(text, 'E', used);
    for (const char *c = point ? point + 1 : text + used; c < (e ? e : text + used); c++)
        scale /= 10;
    double exponent = 0;
    if (e) as_scan_number(e + 1, (size_t)(text + used - e - 1), '.', &exponent);
    if (as_scan_number(text + used + 1, n - used - 1, '.', &digits))
        *u = digits * scale * pow(10, exponent);
    return true;
}
