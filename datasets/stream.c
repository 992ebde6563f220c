/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writing side of a stream: opening, rows, closing. */
#include <math.h>
#include <string.h>

#include "ctx.h"
#include "number.h"
#include "stream_words.h"
#include "stream_writer.h"

static void free_arena(void *arena)
{
    as_arena_free(arena);
}

as_writer *as_writer_open(as_ctx *ctx, FILE *file, as_kind kind)
{
    as_arena *kept = as_ctx_kept(ctx); /* the first series may come from any depth of frames */
    as_arena *arena = kept ? as_arena_new(ctx, as_ctx_limit_of(ctx)) : NULL;
    if (!arena || as_defer(kept, free_arena, arena) != AS_OK) return NULL;
    as_arena *buffer = as_arena_new(ctx, as_ctx_limit_of(ctx));
    if (!buffer || as_defer(kept, free_arena, buffer) != AS_OK) return NULL;
    as_writer *w = AS_NEW(arena, as_writer);
    if (!w || as_out_open(ctx, buffer, file, &w->out) != AS_OK) return NULL;
    w->ctx = ctx;
    w->arena = arena;
    w->buffer = buffer;
    w->kind = kind;
    return w;
}

/* --- rows -------------------------------------------------------------------------------- */

static const char *name_of(const as_table *t)
{
    return t->name ? t->name : "";
}

/* The header is out: a series may lack columns, it cannot bring new ones. */
static as_status new_column(as_writer *w, const as_table *t, const as_column *c)
{
    (void)!as_fail(w->ctx, AS_E_MISSING, NULL,
                   "series '%s' brings a column '%s' that the first series, '%s', has not", name_of(t), c->name,
                   w->first_name);
    return c->role != AS_ROLE_COMPONENT
               ? as_while(w->ctx, "hint: put the series that has it first, later ones may lack columns; or leave it "
                                  "out (fit --columns none, select --columns): results stay")
               : as_while(w->ctx, "hint: fit --columns model leaves the columns of the components out, which differ "
                                  "from model to model; the results are the same");
}

/* The series' columns in the order of the header. */
static as_status match_columns(as_writer *w, const as_table *t)
{
    size_t matched = 0;
    for (size_t i = 0; i < w->n_columns; i++) {
        const column_head *h = &w->column[i];
        const as_column *c = i < t->n_columns && strcmp(t->column[i]->name, h->name) == 0
                                 ? t->column[i]
                                 : as_find_name(t, h->name);
        w->now[i] = c;
        if (!c) continue;
        matched++;
        if (c->type != h->type)
            return as_fail(w->ctx, AS_E_MISSING, NULL,
                           "column '%s' holds %s in series '%s' and %s in '%s'", h->name,
                           c->type == AS_TEXT ? "text" : "numbers", name_of(t),
                           h->type == AS_TEXT ? "text" : "numbers", w->first_name);
        if (!as_same_text(c->unit.symbol ? c->unit.symbol : "1", h->unit.symbol))
            return as_fail(w->ctx, AS_E_UNIT, NULL,
                           "column '%s' is in %s in series '%s' and in %s in '%s'", h->name,
                           c->unit.symbol, name_of(t), h->unit.symbol, w->first_name);
        if (c->role != h->role)
            return as_fail(w->ctx, AS_E_MISSING, NULL,
                           "column '%s' has role %s in series '%s' and %s in '%s'", h->name,
                           as_role_name(c->role), name_of(t), as_role_name(h->role), w->first_name);
    }
    if (matched == t->n_columns || t->rows == 0) return AS_OK; /* no row, no cell: one that failed */
    for (size_t i = 0; i < t->n_columns; i++) {
        bool known = false;
        for (size_t k = 0; k < w->n_columns; k++) known = known || w->now[k] == t->column[i];
        if (!known)
            return new_column(w, t, t->column[i]);
    }
    return as_fail(w->ctx, AS_E_BUG, NULL, "series '%s' has two columns of one name", name_of(t));
}

static void put_rows(as_writer *w, const as_table *t)
{
    as_text_out *o = &w->out;
    char number[AS_NUMBER_MAX];
    const size_t n = as_write_number(w->last, number);
    const size_t numeric = w->n_columns * (AS_NUMBER_MAX + 1); /* bytes of a row beside its texts */
    for (size_t row = 0; row < t->rows; row++) {
        char *at = as_out_room(o, sizeof number + numeric + 1);
        if (!at) return;
        memcpy(at, number, sizeof number);
        at += n;
        for (size_t i = 0; i < w->n_columns; i++) {
            const as_column *c = w->now[i];
            *at++ = ' ';
            if (w->column[i].type == AS_F64) {
                at += as_write_number(c ? c->v.f[row] : (double)NAN, at);
                continue;
            }
            o->used = (size_t)(at - o->data);
            as_out_cell(o, c ? c->v.s[row] : NULL);
            at = as_out_room(o, numeric + 1);
            if (!at) return;
        }
        *at++ = '\n';
        o->used = (size_t)(at - o->data);
    }
}

static void put_result_rows(as_writer *w, const as_table *t)
{
    as_text_out *o = &w->out;
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = &t->result[i];
        const char *cell[AS_N_RESULT_COLUMNS] = { [AS_RESULT_NAME] = t->name,
                                                  [AS_RESULT_ITEM] = r->item,
                                                  [AS_RESULT_QUANTITY] = r->quantity,
                                                  [AS_RESULT_UNIT] = r->unit.symbol,
                                                  [AS_RESULT_BOUND] = as_bound_text(r->bound),
                                                  [AS_RESULT_FLAG] = r->flag,
                                                  [AS_RESULT_METHOD] = r->method };
        as_out_unsigned(o, w->last);
        for (size_t c = 0; c < AS_N_RESULT_COLUMNS; c++) {
            as_out_bytes(o, " ", 1);
            if (c == AS_RESULT_VALUE || c == AS_RESULT_U)
                as_out_number(o, c == AS_RESULT_VALUE ? r->value : r->u);
            else
                as_out_cell(o, cell[c]);
        }
        as_out_bytes(o, "\n", 1);
    }
}

as_status as_writer_put(as_writer *w, const as_table *series)
{
    if (!w->begun) {
        if (series->kind == AS_KIND_RESULTS) w->kind = series->kind; /* as are all that follow */
        AS_TRY(as_writer_begin(w, series));
    }
    const bool from_results = as_writer_prints_results(w, series);
    if (!from_results) AS_TRY(match_columns(w, series));
    as_writer_number(w, series);
    if (!w->listed) {
        as_out_text(&w->out, "#> ");
        as_writer_series_line(w, series);
    }
    if (from_results)
        put_result_rows(w, series);
    else
        put_rows(w, series);
    return w->out.failed ? AS_ERR : AS_OK;
}

as_status as_writer_close(as_writer *w)
{
    if (!w->begun) AS_TRY(as_writer_begin(w, NULL));
    if (!w->listed) {
        as_out_text(&w->out, "#. {\"series\": ");
        as_out_unsigned(&w->out, w->n_series);
        as_out_text(&w->out, "}\n");
    }
    const as_status status = as_out_flush(&w->out);
    as_arena_reset(w->buffer); /* the rest goes with the context */
    return status;
}

as_status as_write_listed(as_ctx *ctx, FILE *file, size_t n, const as_table *const *series)
{
    as_writer *w = as_writer_open(ctx, file, n > 0 ? series[0]->kind : AS_KIND_DATA);
    if (!w) return AS_ERR;
    w->listed = series;
    w->n_listed = n;
    for (size_t i = 0; i < n; i++) AS_TRY(as_writer_put(w, series[i]));
    return as_writer_close(w);
}
