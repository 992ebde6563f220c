/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a stream from one large buffer, and cells straight into columns. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "number.h"
#include "stream_reader.h"

enum { SHOWN = 200 }; /* bytes of a line in messages */

/* --- errors -------------------------------------------------------------------------------- */

as_where as_line_where(const as_reader *r, const text_line *l, size_t column, size_t span)
{
    as_where w = {
        .file = r->name, .line = r->line, .column = (uint32_t)column + 1, .span = (uint32_t)span
    };
    w.line_text = as_strndup(as_scratch(r->ctx), l->s, l->n < SHOWN ? l->n : SHOWN);
    return w;
}

as_status as_stream_cut(as_reader *r)
{
    const as_where w = { .file = r->name, .line = r->line };
    return as_fail(r->ctx, AS_E_TRUNCATED, &w,
                   "the stream ends early; did the command before it fail?");
}

static as_status read_failed(as_reader *r)
{
    const as_where w = { .file = r->name };
    return as_fail(r->ctx, AS_E_IO, &w, "reading: %s", strerror(errno));
}

/* --- lines --------------------------------------------------------------------------------- */

static as_status fill(as_reader *r)
{
    if (r->at > 0) {
        memmove(r->buf, r->buf + r->at, r->end - r->at);
        r->end -= r->at;
        r->at = 0;
    }
    if (r->room - r->end < AS_STREAM_BLOCK) {
        char *wider = as_alloc(r->arena, 2 * r->room + 1, 1);
        if (!wider) return AS_ERR;
        memcpy(wider, r->buf, r->end);
        r->buf = wider;
        r->room *= 2;
    }
    const size_t got = fread(r->buf + r->end, 1, AS_STREAM_BLOCK, r->file);
    if (got < AS_STREAM_BLOCK && ferror(r->file)) return read_failed(r);
    r->end += got;
    r->eof = got == 0;
    return AS_OK;
}

as_more as_stream_line(as_reader *r, text_line *out)
{
    size_t seen = 0;
    for (;;) {
        char *from = r->buf + r->at;
        char *lf = memchr(from + seen, '\n', r->end - r->at - seen);
        if (!lf && !r->eof) {
            seen = r->end - r->at;
            if (fill(r) != AS_OK) return AS_FAILED;
            continue;
        }
        if (!lf && r->at == r->end) return AS_DONE;
        *out = (text_line){ .s = from,
                            .n = lf ? (size_t)(lf - from) : r->end - r->at,
                            .ended = lf != NULL };
        r->at += out->n + out->ended;
        if (out->n > 0 && from[out->n - 1] == '\r') out->n--;
        out->next = from[out->n];
        from[out->n] = '\0';
        r->line++;
        return AS_ITEM;
    }
}

/* --- cells --------------------------------------------------------------------------------- */

/* A chunk for the row that comes next. */
static as_status next_chunk(as_reader *r)
{
    const size_t k = r->rows / AS_CHUNK_ROWS;
    if (k == r->chunk_room) {
        slot **wider = AS_NEW_N(r->arena, slot *, 2 * k + 8);
        if (!wider) return AS_ERR;
        if (k > 0) memcpy(wider, r->chunk, k * sizeof *wider);
        r->chunk = wider;
        r->chunk_room = 2 * k + 8;
    }
    if (k == r->n_chunks) {
        r->chunk[k] = AS_NEW_N(r->arena, slot, r->head.n_columns * AS_CHUNK_ROWS);
        if (!r->chunk[k]) return AS_ERR;
        r->n_chunks++;
    }
    return AS_OK;
}

/* The whole line as numbers in one pass; false: look at it cell by cell. Scanning may look
 * beyond the line: the NUL at its end is part of no number. */
static bool fast_row(as_reader *r, const text_line *l)
{
    const char *at = l->s, *const end = l->s + l->n, *const limit = r->buf + r->end;
    const char delimiter = r->head.delimiter;
    size_t i = 0;
    while (i < r->prefix_length && at[i] == r->prefix[i]) i++;
    const bool same_series = i > 0 && i == r->prefix_length;
    i = 0;
    if (same_series) {
        r->now[i++].f = r->number;
        at += r->prefix_length - 1;
    }
    for (; i < r->head.n_columns; i++) {
        if (i > 0) {
            if (at >= end || *at != delimiter) return false;
            at++;
        }
        while (at < end && *at == ' ') at++;
        const size_t used =
            as_scan_number(at, (size_t)(limit - at), '.', &r->now[i * AS_CHUNK_ROWS].f);
        if (used == 0) return false;
        at += used;
    }
    return at == end;
}

as_more as_stream_cell(as_reader *r, const text_line *l, size_t *at, cell *out)
{
    const char delimiter = r->head.delimiter;
    size_t i = *at;
    while (i < l->n && l->s[i] == ' ') i++;
    if (i >= l->n && (delimiter == ' ' || *at > l->n)) return AS_DONE;
    *out = (cell){ .s = l->s + i, .at = i };
    if (i < l->n && l->s[i] == '"') {
        out->quoted = true;
        out->s = r->cell;
        for (i++; i < l->n; i++) {
            if (l->s[i] == '"' && l->s[i + 1] != '"') break; /* a NUL follows the line */
            if (l->s[i] == '"') i++;
            r->cell[out->n++] = l->s[i];
        }
        if (i >= l->n) {
            const as_where w = as_line_where(r, l, out->at, l->n - out->at);
            (void)!as_fail(r->ctx, AS_E_SYNTAX, &w, "found a quote that does not end in this line");
            return AS_FAILED;
        }
        i++;
    } else {
        while (i < l->n && l->s[i] != delimiter) i++;
        out->n = i - out->at;
        while (out->n > 0 && out->s[out->n - 1] == ' ') out->n--;
    }
    while (delimiter != ' ' && i < l->n && l->s[i] == ' ') i++;
    if (i < l->n && l->s[i] != delimiter) {
        const as_where w = as_line_where(r, l, i, 1);
        (void)!as_fail(r->ctx, AS_E_SYNTAX, &w, "found text after a quoted cell, expected a %s",
                       delimiter == ' ' ? "blank" : "comma");
        return AS_FAILED;
    }
    *at = i + 1; /* past the end after the last cell */
    return AS_ITEM;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef",
               *found = c ? strchr(digits, c | (c > '9' ? 0x20 : 0)) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* The cell's text in the pool, equal neighbours once. */
static as_status put_text(as_reader *r, const text_line *l, const cell *c, size_t *last,
                          size_t *out)
{
    if (c->n == 0) {
        *out = *last = AS_NO_TEXT;
        return AS_OK;
    }
    if (r->pool_room - r->pool_used < c->n + 1) {
        const size_t room = 2 * (r->pool_room + c->n + 1);
        char *wider = as_alloc(r->arena, room, 1);
        if (!wider) return AS_ERR;
        if (r->pool_used) memcpy(wider, r->pool, r->pool_used);
        r->pool = wider;
        r->pool_room = room;
    }
    char *to = r->pool + r->pool_used;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const bool escape = r->head.assay && !c->quoted && c->s[i] == '%';
        const int high = escape && i + 2 < c->n ? hex_digit(c->s[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(c->s[i + 2]) : -1;
        if (escape && low < 0 && r->head.whole) {
            const as_where w = as_line_where(r, l, c->at + i, 1);
            return as_fail(r->ctx, AS_E_SYNTAX, &w,
                           "found %% without two hexadecimal digits, expected %%25");
        }
        to[n++] = low < 0 ? c->s[i] : (char)(16 * high + low);
        i += low < 0 ? 0 : 2;
    }
    to[n++] = '\0';
    if (r->rows == 0 || *last == AS_NO_TEXT || strcmp(r->pool + *last, to) != 0) {
        *last = r->pool_used;
        r->pool_used += n;
    }
    *out = *last;
    return AS_OK;
}

static as_status put_number(as_reader *r, const text_line *l, const cell *c,
                            const as_head_column *column, double *to)
{
    if (c->n == 0) {
        *to = (double)NAN;
        return AS_OK;
    }
    if (column->boolean) {
        *to = c->n == 4;
        if ((c->n == 4 && memcmp(c->s, "True", 4) == 0) ||
            (c->n == 5 && memcmp(c->s, "False", 5) == 0))
            return AS_OK;
    }
    if (as_read_number(c->s, c->n, '.', to)) return AS_OK;
    const as_where w = as_line_where(r, l, c->at, c->n);
    return as_fail(r->ctx, AS_E_SYNTAX, &w, "found '%.*s' in column '%s', expected a number",
                   (int)(c->n < 60 ? c->n : 60), c->s, column->name);
}

as_status as_stream_cell_room(as_reader *r, size_t n)
{
    if (r->cell_room > n) return AS_OK;
    r->cell_room = 2 * (n + 1);
    r->cell = as_alloc(r->arena, r->cell_room, 1);
    return r->cell ? AS_OK : AS_ERR;
}

static as_status slow_row(as_reader *r, const text_line *l)
{
    AS_TRY(as_stream_cell_room(r, l->n));
    size_t at = 0, n = 0;
    cell c;
    as_more more;
    while ((more = as_stream_cell(r, l, &at, &c)) == AS_ITEM) {
        if (n < r->head.n_columns && r->head.column[n].type == AS_TEXT)
            AS_TRY(put_text(r, l, &c, &r->last[n], &r->now[n * AS_CHUNK_ROWS].s));
        else if (n < r->head.n_columns)
            AS_TRY(put_number(r, l, &c, &r->head.column[n], &r->now[n * AS_CHUNK_ROWS].f));
        n++;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (n == r->head.n_columns) return AS_OK;
    const as_where w = as_line_where(r, l, n < r->head.n_columns ? l->n : 0, 1);
    return as_fail(r->ctx, AS_E_SYNTAX, &w, "found %zu cells, expected %zu as in the line of names",
                   n, r->head.n_columns);
}

as_status as_stream_row(as_reader *r, const text_line *l)
{
    const size_t within = r->rows % AS_CHUNK_ROWS;
    if (within == 0) AS_TRY(next_chunk(r));
    r->now = r->chunk[r->rows / AS_CHUNK_ROWS] + within;
    return r->numeric && fast_row(r, l) ? AS_OK : slow_row(r, l);
}

as_status as_stream_rows(as_reader *r)
{
    _Static_assert(sizeof(slot) == sizeof(double), "numbers are filled in by columns");
    const size_t columns = r->head.n_columns, prefix = r->prefix_length;
    const as_row_form form = { .decimal = '.', .separator = r->head.delimiter, .bare = true,
                               .gaps = true, .count = columns - 1 };
    if (!r->numeric || !r->open || prefix == 0 || columns < 2) return AS_OK;
    while (r->end - r->at > prefix && memcmp(r->buf + r->at, r->prefix, prefix) == 0) {
        const size_t within = r->rows % AS_CHUNK_ROWS;
        const char *from = r->buf + r->at + prefix;
        if (within == 0) AS_TRY(next_chunk(r));
        slot *row = r->chunk[r->rows / AS_CHUNK_ROWS] + within;
        const size_t used = as_scan_row(from, (size_t)(r->buf + r->end - from), &form,
                                        &row[AS_CHUNK_ROWS].f, AS_CHUNK_ROWS);
        if (used == 0 || from[used - 1] != '\n') break; /* cut by the buffer's end, or not so plain */
        r->at += prefix + used;
        r->rows++;
        r->line++;
    }
    return AS_OK;
}
