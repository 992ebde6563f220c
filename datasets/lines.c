/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as lines, numbers, pairs and fields, each with its place. */
#include <math.h>
#include <string.h>

#include "input.h"
#include "input_private.h"
#include "number.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool as_starts(const char *text, const char *prefix)
{
    while (*prefix)
        if (lower(*text++) != lower(*prefix++)) return false;
    return true;
}

bool as_same(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) a++, b++;
    return lower(*a) == lower(*b);
}

/* How often files of numbers hold a byte, in ranks: 0 is seldom. */
static const unsigned char commonness[256] = {
    ['z'] = 1,  ['q'] = 2,  ['j'] = 3,  ['x'] = 4,  ['k'] = 5,  ['v'] = 6,  ['b'] = 7,  ['y'] = 8,
    ['p'] = 9,  ['w'] = 10, ['g'] = 11, ['f'] = 12, ['m'] = 13, ['u'] = 14, ['c'] = 15, ['d'] = 16,
    ['l'] = 17, ['h'] = 18, ['r'] = 19, ['s'] = 20, ['n'] = 21, ['i'] = 22, ['o'] = 23, ['a'] = 24,
    ['t'] = 25, ['"'] = 26, ['e'] = 27, [';'] = 28, [','] = 29, ['+'] = 29, ['-'] = 30, ['.'] = 31,
    ['0'] = 32, ['1'] = 32, ['2'] = 32, ['3'] = 32, ['4'] = 32, ['5'] = 32, ['6'] = 32, ['7'] = 32,
    ['8'] = 32, ['9'] = 32, ['\t'] = 32, ['\r'] = 32, ['\n'] = 33, [' '] = 33
};

/* The place in `part` of its byte that files hold least often: what a search looks for. */
static size_t rarest(const char *part)
{
    size_t best = 0;
    unsigned rank = 256;
    for (size_t i = 0; part[i] && rank > 0; i++) {
        const unsigned here = commonness[(unsigned char)lower(part[i])];
        if (here >= rank) continue;
        best = i;
        rank = here;
    }
    return best;
}

/* Blocks of the text are searched for one byte of the part, in both of its cases, by memchr. */
const char *as_find_text(const char *text, const char *part)
{
    enum { BLOCK = 2048 };
    if (!*part) return text;
    const size_t at = rarest(part);
    const char small = lower(part[at]);
    const char large = small >= 'a' && small <= 'z' ? (char)(small - 32) : small;
    for (const char *from = text;; from += BLOCK) {
        const size_t n = strnlen(from, BLOCK);
        const char *end = from + n, *a = memchr(from, small, n);
        const char *b = large == small ? NULL : memchr(from, large, n);
        while (a || b) {
            const bool first = a && (!b || a < b);
            const char *hit = first ? a : b;
            if ((size_t)(hit - text) >= at && as_starts(hit - at, part)) return hit - at;
            const char *next = memchr(hit + 1, first ? small : large, (size_t)(end - hit - 1));
            if (first) a = next;
            else b = next;
        }
        if (n < BLOCK) return NULL;
    }
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

/* Bytes of the blank at text[from], of the one before text[to]: no-break, ideographic and
 * zero-width ones of UTF-8 count. 0: none there. */
static const char *const wide_blanks[] = { "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x8b",
                                           "\xef\xbb\xbf" };

static size_t blank_at(const char *text, size_t from, size_t to, bool before)
{
    const char last = text[before ? to - 1 : from];
    if (blank(last)) return 1;
    if ((unsigned char)last < 0x80) return 0;
    for (size_t i = 0; i < sizeof wide_blanks / sizeof *wide_blanks; i++) {
        const size_t n = strlen(wide_blanks[i]);
        if (to - from >= n && memcmp(text + (before ? to - n : from), wide_blanks[i], n) == 0)
            return n;
    }
    return 0;
}

/* Narrow [*from, *to) to what is not blank. */
static void narrow(const char *text, size_t *from, size_t *to)
{
    size_t n;
    while (*from < *to && (n = blank_at(text, *from, *to, false)) > 0) *from += n;
    while (*from < *to && (n = blank_at(text, *from, *to, true)) > 0) *to -= n;
}

const char *as_trim(as_arena *a, const char *text, size_t length)
{
    size_t from = 0, to = length;
    narrow(text, &from, &to);
    return as_strndup(a, text + from, to - from);
}

/* Length of the line at `p`, and of the line end behind it. */
static size_t line_length(const unsigned char *p, size_t left, size_t *end)
{
    const unsigned char *lf = memchr(p, '\n', left);
    const size_t n = lf ? (size_t)(lf - p) : left;
    const unsigned char *cr = memchr(p, '\r', n);
    if (!cr) {
        *end = lf != NULL;
        return n;
    }
    const size_t at = (size_t)(cr - p);
    *end = at + 1 < left && p[at + 1] == '\n' ? 2 : 1;
    return at;
}

/* The line at it->at in memory that may be written: in the text of the input, or a copy. */
static char *line_text(as_ctx *ctx, as_lines *it, size_t length)
{
    if (!it->brief) {
        char *text = as_input_text(ctx, it->in);
        return text ? text + it->at : NULL;
    }
    if (it->room <= length) {
        it->room = 2 * length + 256;
        it->line = as_alloc(as_scratch(ctx), it->room, 1);
        if (!it->line) return NULL;
    }
    memcpy(it->line, it->in->data + it->at, length);
    return it->line;
}

as_more as_next_line(as_ctx *ctx, as_lines *it, as_line *out)
{
    const as_input *in = it->in;
    const uint32_t number = in->lines_before + it->number + 1;
    if (it->at >= in->size) {
        *out = (as_line){ .text = "", .where = { .file = in->name, .line = number } };
        return AS_DONE;
    }
    size_t end;
    const size_t length = line_length(in->data + it->at, in->size - it->at, &end);
    size_t shown = length;
    while (shown > 0 && in->data[it->at + shown - 1] == ' ') shown--;
    char *text = line_text(ctx, it, length);
    if (!text) return AS_FAILED;
    text[shown] = '\0';
    it->at += length + end;
    it->number++;
    *out = (as_line){ .text = text,
                      .length = shown,
                      .where = { .file = in->name, .line = number, .line_text = text } };
    return AS_ITEM;
}

as_status as_need_line(as_ctx *ctx, as_lines *it, as_line *out, const char *expected)
{
    const as_more more = as_next_line(ctx, it, out);
    if (more == AS_DONE)
        return as_fail(ctx, AS_E_TRUNCATED, &out->where, "the file ends, expected %s", expected);
    return more == AS_ITEM ? AS_OK : AS_ERR;
}

as_where as_in_line(const as_line *line, size_t at, size_t length)
{
    as_where where = line->where;
    where.column = (uint32_t)at + 1;
    where.span = (uint32_t)length;
    return where;
}

static bool between(const as_lines *it, char c)
{
    return it->separator ? c == it->separator : c == ' ' || c == '\t';
}

/* A blank that is not the separator itself. */
static size_t skip_blanks(const as_lines *it, const as_line *line, size_t at)
{
    while (at < line->length && (line->text[at] == ' ' || line->text[at] == '\t') &&
           (!it->separator || line->text[at] != it->separator))
        at++;
    return at;
}

typedef enum { NUMBER, END, BAD } found;

/* The number at *cursor, which moves behind it and the separator that follows. On BAD it stands
 * at what is no number. */
static found scan(const as_lines *it, const as_line *line, size_t *cursor, double *out)
{
    size_t at = skip_blanks(it, line, *cursor);
    *cursor = at;
    if (at >= line->length) return END;
    if (it->separator && line->text[at] == it->separator) { /* an empty field */
        *out = (double)NAN;
        *cursor = at + 1;
        return NUMBER;
    }
    const size_t n = as_scan_number(line->text + at, line->length - at,
                                    it->decimal ? it->decimal : '.', out);
    if (n == 0) return BAD;
    size_t next = at + n;
    if (next < line->length && !between(it, line->text[next]) && line->text[next] != ' ' &&
        line->text[next] != '\t')
        return BAD;
    next = skip_blanks(it, line, next);
    if (it->separator && next < line->length) {
        if (line->text[next] != it->separator) {
            *cursor = next;
            return BAD;
        }
        next++;
    }
    *cursor = next;
    return NUMBER;
}

static size_t word_length(const as_lines *it, const as_line *line, size_t at)
{
    size_t n = 0;
    while (at + n < line->length && n < 40 && !between(it, line->text[at + n]) &&
           line->text[at + n] != '\t')
        n++;
    return n;
}

static as_status no_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t at,
                           const char *expected)
{
    const size_t n = word_length(it, line, at);
    const as_where where = as_in_line(line, at, n);
    return as_fail(ctx, AS_E_SYNTAX, &where, "'%.*s' found, expected %s", (int)n, line->text + at,
                   expected);
}

as_more as_next_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t *cursor,
                       double *out)
{
    switch (scan(it, line, cursor, out)) {
    case NUMBER: return AS_ITEM;
    case END: return AS_DONE;
    case BAD: break;
    }
    return no_number(ctx, it, line, *cursor, "a number") == AS_OK ? AS_ITEM : AS_FAILED;
}

as_status as_need_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t *cursor,
                         double *out, const char *expected)
{
    switch (scan(it, line, cursor, out)) {
    case NUMBER: return AS_OK;
    case BAD: return no_number(ctx, it, line, *cursor, expected);
    case END: break;
    }
    const as_where where = as_in_line(line, line->length, 0);
    return as_fail(ctx, AS_E_SYNTAX, &where, "the line ends, expected %s", expected);
}

size_t as_line_numbers(const as_lines *it, const as_line *line, size_t room, double *out)
{
    size_t n = 0, cursor = 0;
    double value;
    for (;;) {
        const found f = scan(it, line, &cursor, &value);
        if (f == BAD) return 0;
        if (f == END) return n;
        if (out && n < room) out[n] = value;
        n++;
    }
}

as_status as_split(as_ctx *ctx, const as_line *line, char separator, as_pair *out)
{
    const char *cut = memchr(line->text, separator, line->length);
    size_t key_end = cut ? (size_t)(cut - line->text) : line->length, key = 0;
    size_t value = cut ? key_end + 1 : line->length, value_end = line->length;
    narrow(line->text, &key, &key_end);
    narrow(line->text, &value, &value_end);
    out->at = value;
    const char q = line->text[value];
    if (value_end - value >= 2 && (q == '"' || q == '\'') && line->text[value_end - 1] == q) {
        value++;
        value_end--;
    }
    out->key = as_strndup(as_scratch(ctx), line->text + key, key_end - key);
    out->value = as_strndup(as_scratch(ctx), line->text + value, value_end - value);
    return out->key && out->value ? AS_OK : AS_ERR;
}

/* The field at *cursor; quotes are resolved in place, in `text`, which holds a copy. */
static as_field cut_field(char *text, size_t length, char separator, size_t *cursor)
{
    size_t at = *cursor;
    while (at < length && (text[at] == ' ' || text[at] == '\t') && text[at] != separator) at++;
    as_field f = { .text = text + at, .at = at };
    if (at < length && text[at] == '"') {
        size_t to = at, from = at + 1;
        for (; from < length; from++) {
            if (text[from] == '"' && from + 1 < length && text[from + 1] == '"') from++;
            else if (text[from] == '"') break;
            text[to++] = text[from];
        }
        f.quoted = true;
        f.length = to - at;
        at = from < length ? from + 1 : from;
        while (at < length && !(separator ? text[at] == separator : blank(text[at]))) at++;
    } else {
        while (at < length && !(separator ? text[at] == separator : blank(text[at]))) at++;
        size_t from = f.at, to = at;
        narrow(text, &from, &to);
        f = (as_field){ .text = text + from, .length = to - from, .at = from };
    }
    *cursor = at;
    return f;
}

as_status as_fields(as_ctx *ctx, const as_line *line, char separator, as_field **out, size_t *n)
{
    as_arena *a = as_scratch(ctx);
    const size_t length = line->length;
    size_t most = 1;
    for (size_t i = 0; i < length; i++)
        most += separator ? line->text[i] == separator : blank(line->text[i]);
    char *text = as_strndup(a, line->text, length);
    *out = AS_NEW_N(a, as_field, most);
    *n = 0;
    if (!text || !*out) return AS_ERR;
    for (size_t cursor = 0;;) {
        if (!separator)
            while (cursor < length && blank(text[cursor])) cursor++;
        if (cursor >= length && (!separator || length == 0)) break;
        as_field *f = &(*out)[(*n)++];
        *f = cut_field(text, length, separator, &cursor);
        if (cursor >= length) { /* cut only now: the separator had to be seen */
            ((char *)(uintptr_t)f->text)[f->length] = '\0';
            break;
        }
        cursor++;
        ((char *)(uintptr_t)f->text)[f->length] = '\0';
    }
    return AS_OK;
}
