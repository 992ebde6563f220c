/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reading side of a stream: header, series lines, end mark; one series at a time. */
#include <math.h>
#include <string.h>

#include "stream_reader.h"
#include "stream_words.h"

#define hint_cat "hint: join streams with: assay cat"
#define hint_keep "hint: keep the lines that begin with #"

static void free_arena(void *arena)
{
    as_arena_free(arena);
}

static void free_reader(void *reader)
{
    as_reader *r = reader;
    json_decref(r->pending);
    r->pending = NULL;
    json_decref(r->head.listed);
    r->head.listed = NULL;
    if (r->head.shape) as_table_free(r->head.shape);
    r->head.shape = NULL;
}

/* --- series -------------------------------------------------------------------------------- */

static size_t rows_of_chunk(const as_reader *r, size_t k)
{
    const size_t left = r->rows - k * AS_CHUNK_ROWS;
    return left < AS_CHUNK_ROWS ? left : AS_CHUNK_ROWS;
}

static void copy_numbers(const as_reader *r, size_t column, double *to)
{
    for (size_t k = 0; k * AS_CHUNK_ROWS < r->rows; k++) {
        const slot *from = r->chunk[k] + column * AS_CHUNK_ROWS;
        const size_t n = rows_of_chunk(r, k);
        for (size_t i = 0; i < n; i++) to[i] = from[i].f;
        to += n;
    }
}

static as_status copy_texts(const as_reader *r, as_table *t, size_t column, const char **to)
{
    size_t before = AS_NO_TEXT;
    const char *text = NULL; /* of the row before: equal neighbours share it */
    for (size_t k = 0; k * AS_CHUNK_ROWS < r->rows; k++) {
        const slot *from = r->chunk[k] + column * AS_CHUNK_ROWS;
        const size_t n = rows_of_chunk(r, k);
        for (size_t i = 0; i < n; i++) {
            if (from[i].s == AS_NO_TEXT) continue;
            if (from[i].s != before && !(text = as_strdup(t->arena, r->pool + from[i].s)))
                return AS_ERR;
            before = from[i].s;
            to[i] = text;
        }
        to += n;
    }
    return AS_OK;
}

static as_table *new_table(as_reader *r)
{
    as_table *t = as_table_derive(r->ctx, r->head.shape, r->rows);
    if (!t) return NULL;
    for (size_t i = 0; i < r->head.n_columns; i++) {
        const as_head_column *h = &r->head.column[i];
        if (i == r->head.series) continue;
        as_column *c = h->type == AS_TEXT ? as_add_text(r->ctx, t, h->name, h->role)
                                          : as_add_column(r->ctx, t, h->name, h->role, h->unit);
        if (!c || (h->label && !(c->label = as_strdup(t->arena, h->label)))) return NULL;
        if (h->type == AS_F64)
            copy_numbers(r, i, c->v.f);
        else if (copy_texts(r, t, i, c->v.s) != AS_OK)
            return NULL;
    }
    return t;
}

static const char *cell_text(const as_table *t, const char *column, size_t row)
{
    const as_column *c = as_find_name(t, column);
    return c && c->type == AS_TEXT ? c->v.s[row] : NULL;
}

/* The rows of a stream of results as the table's results. */
static as_status add_results(as_reader *r, as_table *t)
{
    const as_column *value = as_find_name(t, as_result_words[AS_RESULT_VALUE].name);
    const as_column *u = as_find_name(t, as_result_words[AS_RESULT_U].name);
    if (!value || value->type != AS_F64) return AS_OK;
    for (size_t i = 0; i < t->rows; i++) {
        const char *symbol = cell_text(t, as_result_words[AS_RESULT_UNIT].name, i);
        as_result result = { .item = cell_text(t, as_result_words[AS_RESULT_ITEM].name, i),
                             .quantity = cell_text(t, as_result_words[AS_RESULT_QUANTITY].name, i),
                             .value = value->v.f[i],
                             .u = u && u->type == AS_F64 ? u->v.f[i] : (double)NAN,
                             .unit = AS_UNITLESS,
                             .bound = as_bound_of(
                                 cell_text(t, as_result_words[AS_RESULT_BOUND].name, i)),
                             .flag = cell_text(t, as_result_words[AS_RESULT_FLAG].name, i),
                             .method = cell_text(t, as_result_words[AS_RESULT_METHOD].name, i) };
        if (!result.quantity) continue;
        if (symbol) AS_TRY(as_unit_parse(r->ctx, t->arena, symbol, &result.unit));
        AS_TRY(as_add_result(r->ctx, t, &result));
    }
    return AS_OK;
}

/* The line of the series at hand where the header lists them, mostly in the same order. */
static json_t *listed_line(const as_reader *r)
{
    const size_t n = json_array_size(r->head.listed);
    for (size_t i = 0; i < n; i++) {
        json_t *line = json_array_get(r->head.listed, ((size_t)r->n_series + i) % n);
        const json_t *number = json_object_get(line, "series");
        if (json_is_number(number) && json_number_value(number) == r->number)
            return json_incref(line);
    }
    return NULL;
}

/* What was read since the series began, as a table. */
static as_more finish_series(as_reader *r, as_table **out)
{
    as_table *t = new_table(r);
    if (!t) return AS_FAILED;
    t->number = (uint32_t)(r->number < 0 ? 0 : r->number);
    if (!r->pending && r->head.listed) r->pending = listed_line(r);
    if (r->pending && as_series_line(r->ctx, t, r->pending, &r->pending_at) != AS_OK)
        return AS_FAILED;
    if (t->kind == AS_KIND_RESULTS && add_results(r, t) != AS_OK) return AS_FAILED;
    json_decref(r->pending);
    r->pending = NULL;
    r->rows = r->pool_used = 0;
    r->open = false;
    r->n_series++;
    *out = t;
    return AS_ITEM;
}

static as_status mark_error(as_reader *r, const text_line *l, size_t column, const char *what)
{
    const as_where w = as_line_where(r, l, column, 1);
    return as_fail(r->ctx, AS_E_SYNTAX, &w, "%s", what);
}

/* The JSON object after "#> " or "#. "; its "series" is a count. */
static as_status read_mark(as_reader *r, const text_line *l, json_t **out, double *number)
{
    json_error_t error;
    *out = json_loadb(l->s + 3, l->n - 3, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &error);
    if (!*out)
        return mark_error(r, l, 3 + (error.position > 0 ? (size_t)error.position - 1 : 0),
                          error.text);
    const json_t *series = json_object_get(*out, "series");
    *number = json_number_value(series);
    if (json_is_number(series) && *number >= 0 && *number <= UINT32_MAX &&
        floor(*number) == *number)
        return AS_OK;
    json_decref(*out);
    *out = NULL;
    return mark_error(r, l, 3, "found no number under \"series\", expected {\"series\": 0, ...}");
}

static void set_number(as_reader *r, double number)
{
    r->number = number;
    if (r->head.series != 0) return;
    r->prefix_length = as_write_number(number, r->prefix);
    r->prefix[r->prefix_length++] = r->head.delimiter;
}

static as_status begin_series(as_reader *r, const text_line *l)
{
    json_t *line;
    double number;
    AS_TRY(read_mark(r, l, &line, &number));
    if (number <= r->number) {
        json_decref(line);
        const as_where w = as_line_where(r, l, 3, 0);
        (void)!as_fail(r->ctx, AS_E_SYNTAX, &w,
                       "found series %.0f after series %.0f, expected rising numbers", number,
                       r->number);
        return as_while(r->ctx, hint_cat);
    }
    r->pending = line;
    r->pending_at = (as_where){ .file = r->name, .line = r->line };
    set_number(r, number);
    r->open = true;
    return AS_OK;
}

static as_status end_mark(as_reader *r, const text_line *l)
{
    json_t *mark;
    double n;
    AS_TRY(read_mark(r, l, &mark, &n));
    json_decref(mark);
    if (n != (double)r->n_series + r->open) {
        const as_where w = as_line_where(r, l, 0, 0);
        (void)!as_fail(r->ctx, AS_E_SYNTAX, &w,
                       "found %.0f series before the end mark, which says %.0f",
                       (double)r->n_series + r->open, n);
        return as_while(r->ctx, hint_keep);
    }
    text_line after;
    as_more more;
    while ((more = as_stream_line(r, &after)) == AS_ITEM)
        if (after.n > 0) {
            const as_where w = as_line_where(r, &after, 0, after.n);
            (void)!as_fail(r->ctx, AS_E_SYNTAX, &w, "found more after the end mark");
            return as_while(r->ctx, hint_cat);
        }
    r->over = true;
    return more == AS_DONE ? AS_OK : AS_ERR;
}

/* A row of another series than the one at hand. */
static as_status stray_row(as_reader *r, const text_line *l, double number)
{
    const as_where w = as_line_where(r, l, 0, 0);
    if (!r->open) {
        (void)!as_fail(r->ctx, AS_E_SYNTAX, &w, "found a row before any series line (#>)");
        return as_while(r->ctx, hint_keep);
    }
    (void)!as_fail(
        r->ctx, AS_E_SYNTAX, &w,
        "found a row of series %g among those of series %.0f; the rows of a series stand together",
        number, r->number);
    return as_while(
        r->ctx,
        "hint: change rows in place, series by series, and keep the lines that begin with #");
}

/* One line of rows. AS_DONE: it begins another series, of a file that has no series lines. */
static as_more take_row(as_reader *r, const text_line *l)
{
    if (as_stream_row(r, l) != AS_OK) return AS_FAILED;
    if (r->head.series == r->head.n_columns) {
        r->open = true;
        r->rows++;
        return AS_ITEM;
    }
    const double number = r->now[r->head.series * AS_CHUNK_ROWS].f;
    if (r->head.whole) {
        if (number != r->number || !r->open)
            return stray_row(r, l, number) == AS_OK ? AS_ITEM : AS_FAILED;
    } else if (number != r->number) {
        if (!(number > r->number && number <= UINT32_MAX && floor(number) == number))
            return stray_row(r, l, number) == AS_OK ? AS_ITEM : AS_FAILED;
        if (r->open) return AS_DONE;
        set_number(r, number);
    }
    r->open = true;
    r->rows++;
    return AS_ITEM;
}

/* A line of a whole stream that begins with '#'. AS_DONE: the series at hand ends before it. */
static as_more take_mark(as_reader *r, const text_line *l)
{
    if (l->n >= 3 && memcmp(l->s, "#> ", 3) == 0) {
        if (r->open) return AS_DONE;
        return begin_series(r, l) == AS_OK ? AS_ITEM : AS_FAILED;
    }
    if (l->n >= 3 && memcmp(l->s, "#. ", 3) == 0)
        return end_mark(r, l) == AS_OK ? AS_ITEM : AS_FAILED;
    if (strncmp(l->s, "# %ECSV", 7) == 0) {
        const as_where w = as_line_where(r, l, 0, l->n);
        (void)!as_fail(r->ctx, AS_E_SYNTAX, &w, "found the header of another stream");
        (void)!as_while(r->ctx, hint_cat);
        return AS_FAILED;
    }
    return AS_ITEM; /* a remark */
}

/* Take the line back: the next call sees it again. */
static void unread(as_reader *r, const text_line *l)
{
    r->at = (size_t)(l->s - r->buf);
    l->s[l->n] = l->next;
    r->line--;
}

as_more as_reader_next(as_reader *r, as_table **out)
{
    text_line l;
    while (!r->over) {
        if (as_stream_rows(r) != AS_OK) return AS_FAILED;
        const as_more got = as_stream_line(r, &l);
        if (got == AS_FAILED) return AS_FAILED;
        if (r->head.whole && (got == AS_DONE || !l.ended))
            return as_stream_cut(r) == AS_OK ? AS_DONE : AS_FAILED;
        if (got == AS_DONE) {
            r->over = true;
            break;
        }
        if (l.n == 0) continue;
        as_more taken = AS_ITEM;
        if (*l.s != '#')
            taken = take_row(r, &l);
        else if (r->head.whole)
            taken = take_mark(r, &l);
        if (taken == AS_FAILED) return AS_FAILED;
        if (taken == AS_DONE) {
            unread(r, &l);
            return finish_series(r, out);
        }
    }
    /* a plain ECSV without rows is still a table */
    if (r->open || (!r->head.whole && r->n_series == 0)) return finish_series(r, out);
    return AS_DONE;
}

/* --- header -------------------------------------------------------------------------------- */

bool as_is_stream(const void *head, size_t n)
{
    const char *s = head;
    if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        s += 3;
        n -= 3;
    }
    return n >= 7 && memcmp(s, "# %ECSV", 7) == 0;
}

static as_status first_line(as_reader *r)
{
    text_line l;
    const as_more got = as_stream_line(r, &l);
    as_where w = { .file = r->name };
    if (got == AS_FAILED) return AS_ERR;
    if (got == AS_DONE)
        return as_fail(r->ctx, AS_E_TRUNCATED, &w,
                       "found nothing, expected a stream; did the command before it fail?");
    w = as_line_where(r, &l, 0, l.n);
    if (!as_is_stream(l.s, l.n)) return as_fail(r->ctx, AS_E_FORMAT, &w, "expected '# %%ECSV 1.0'");
    const char *version = strchr(l.s, '%') + 5;
    while (*version == ' ') version++;
    if (strcmp(version, "1.0") != 0 && l.ended)
        return as_fail(r->ctx, AS_E_FORMAT, &w, "found ECSV version '%s', expected 1.0", version);
    return l.ended ? AS_OK : as_stream_cut(r);
}

/* The names stand in the header too; they must agree, as the cells follow this line. */
static as_status check_names(as_reader *r, text_line *l)
{
    size_t at = 0, n = 0;
    cell c;
    as_more more;
    AS_TRY(as_stream_cell_room(r, l->n));
    while ((more = as_stream_cell(r, l, &at, &c)) == AS_ITEM) {
        const char *want = n < r->head.n_columns ? r->head.column[n].name : NULL;
        if (!want || strlen(want) != c.n || memcmp(want, c.s, c.n) != 0) {
            const as_where w = as_line_where(r, l, c.at, c.n);
            return as_fail(r->ctx, AS_E_SYNTAX, &w,
                           "found the column '%.*s', expected %s%s%s as in the header",
                           (int)(c.n < 60 ? c.n : 60), c.s, want ? "'" : "",
                           want ? want : "no more", want ? "'" : "");
        }
        n++;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (n == r->head.n_columns) return AS_OK;
    const as_where w = as_line_where(r, l, l->n, 1);
    return as_fail(r->ctx, AS_E_SYNTAX, &w,
                   "found %zu column names, expected the %zu of the header", n, r->head.n_columns);
}

/* Collects the lines after the first up to that of the names. */
static as_status read_header(as_reader *r)
{
    size_t n = 0, room = 4096;
    char *yaml = as_alloc(r->arena, room, 1);
    text_line l;
    as_more got;
    if (!yaml) return AS_ERR;
    AS_TRY(first_line(r));
    while ((got = as_stream_line(r, &l)) == AS_ITEM && *l.s == '#') {
        const size_t skip = l.n > 1 && l.s[1] == ' ' ? 2 : 1;
        if (room - n < l.n + 1) {
            room = 2 * (room + l.n);
            char *wider = as_alloc(r->arena, room, 1);
            if (!wider) return AS_ERR;
            memcpy(wider, yaml, n);
            yaml = wider;
        }
        memcpy(yaml + n, l.s + skip, l.n - skip);
        n += l.n - skip;
        yaml[n++] = '\n';
        if (!l.ended) return as_stream_cut(r);
    }
    if (got == AS_FAILED) return AS_ERR;
    if (got == AS_DONE) return as_stream_cut(r);
    const as_status status = as_head_read(r->ctx, r->arena, yaml, n, r->name, 2, &r->head);
    if (r->head.shape) as_keep(r->head.shape); /* free_reader frees it */
    AS_TRY(status);
    if (r->head.whole && !l.ended) return as_stream_cut(r);
    return check_names(r, &l);
}

/* What is read of every row: numbers only, or cells one by one. */
static as_status prepare_rows(as_reader *r)
{
    r->numeric = true;
    for (size_t i = 0; i < r->head.n_columns; i++)
        if (r->head.column[i].type == AS_TEXT || r->head.column[i].boolean) r->numeric = false;
    r->last = AS_NEW_N(r->arena, size_t, r->head.n_columns);
    return r->last ? AS_OK : AS_ERR;
}

as_reader *as_reader_open(as_ctx *ctx, FILE *file, const char *name)
{
    as_arena *arena = as_arena_new(ctx, as_ctx_limit_of(ctx));
    if (!arena || as_defer(as_scratch(ctx), free_arena, arena) != AS_OK) return NULL;
    as_reader *r = AS_NEW(arena, as_reader);
    if (!r || as_defer(as_scratch(ctx), free_reader, r) != AS_OK) return NULL;
    r->ctx = ctx;
    r->arena = arena;
    r->file = file;
    r->number = -1;
    r->room = 4 * AS_STREAM_BLOCK;
    r->buf = as_alloc(arena, r->room + 1, 1);
    r->name = as_strdup(arena, name);
    if (!r->buf || !r->name) return NULL;
    return read_header(r) == AS_OK && prepare_rows(r) == AS_OK ? r : NULL;
}

void as_reader_close(as_reader *r)
{
    free_reader(r);
    r->over = true;
    r->open = false;
}
