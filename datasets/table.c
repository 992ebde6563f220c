/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: columns, metadata, results with covariance, history, and to whom a table belongs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "column_kernels.h"
#include "ctx.h"
#include "number.h"
#include "sink.h"
#include "table.h"
#include "table_private.h"
#include "vocabulary.h"

/* A table and what only this file may see of it. */
typedef struct box {
    as_table table;
    as_link link;
    uint64_t serial;
} box;

static box *box_of(as_table *t)
{
    return (box *)(void *)t; /* the table is the box's first member */
}

static box *box_of_link(as_link *l)
{
    return (box *)(void *)((unsigned char *)l - offsetof(box, link));
}

void as_keep(as_table *t)
{
    box *b = box_of(t);
    if (!b->link.next) return;
    b->link.next->prev = b->link.prev;
    b->link.prev->next = b->link.next;
    b->link.next = b->link.prev = NULL;
}

static void link_into(as_ctx *ctx, box *b)
{
    b->serial = ctx->next_table++;
    b->link.next = ctx->tables.next;
    b->link.prev = &ctx->tables;
    ctx->tables.next->prev = &b->link;
    ctx->tables.next = &b->link;
}

void as_own(as_ctx *ctx, as_table *t)
{
    as_keep(t);
    as_arena_adopt(t->arena, ctx);
    link_into(ctx, box_of(t));
}

bool as_owns(const as_ctx *ctx, const as_table *t)
{
    for (const as_link *l = ctx->tables.next; l != &ctx->tables; l = l->next)
        if ((const unsigned char *)l - offsetof(box, link) == (const unsigned char *)t) return true;
    return false;
}

void as_hold(as_ctx *ctx, as_frame since, as_ctx *holder)
{
    while (ctx->tables.next != &ctx->tables) {
        box *b = box_of_link(ctx->tables.next);
        if (b->serial < since.tables) return;
        as_keep(&b->table);
        link_into(holder, b);
    }
}

void as_drop_held(as_ctx *holder)
{
    as_tables_release(holder, 0);
}

void as_tables_release(as_ctx *ctx, uint64_t from)
{
    while (ctx->tables.next != &ctx->tables) {
        box *b = box_of_link(ctx->tables.next);
        if (b->serial < from) return;
        as_table_free(&b->table);
    }
}

as_table *as_table_new(as_ctx *ctx, size_t rows)
{
    as_arena *a = as_arena_new(ctx, as_ctx_limit_of(ctx));
    if (!a) return NULL;
    box *b = AS_NEW(a, box);
    if (!b) {
        as_arena_free(a);
        return NULL;
    }
    b->table.arena = a;
    b->table.rows = rows;
    as_own(ctx, &b->table);
    return &b->table;
}

void as_table_free(as_table *t)
{
    if (!t) return;
    as_keep(t);
    as_arena_free(t->arena);
}

as_status as_emit(as_sink *to, as_ctx *ctx, as_table *owned)
{
    as_keep(owned);
    as_arena_adopt(owned->arena, ctx);
    return to->put(to, ctx, owned);
}

/* Room for one more in an array that doubles; the arena keeps the old copy until it dies. */
char *as_copy_text(as_arena *a, const char *text)
{
    return text ? as_strdup(a, text) : NULL;
}

as_status as_copy_unit(as_table *t, const as_unit *from, as_unit *to)
{
    *to = *from;
    if (!from->symbol) *to = AS_UNITLESS;
    to->symbol = as_strdup(t->arena, to->symbol);
    return to->symbol ? AS_OK : AS_ERR;
}

static as_status copy_where(as_table *t, const as_where *from, as_where *to)
{
    *to = (as_where){ 0 };
    if (!from) return AS_OK;
    *to = *from;
    to->line_text = NULL;
    if (!from->file) return AS_OK;
    const char *slash = strrchr(from->file, '/');
    to->file = as_strdup(t->arena, slash ? slash + 1 : from->file);
    return to->file ? AS_OK : AS_ERR;
}

as_table *as_table_derive(as_ctx *ctx, const as_table *from, size_t rows)
{
    as_table *t = as_table_new(ctx, rows);
    if (!t) return NULL;
    t->number = from->number;
    t->kind = from->kind;
    t->secondary = from->secondary;
    t->name = as_copy_text(t->arena, from->name);
    t->label = as_copy_text(t->arena, from->label);
    t->technique = as_copy_text(t->arena, from->technique);
    if ((from->name && !t->name) || (from->label && !t->label) ||
        (from->technique && !t->technique))
        return NULL;
    if (as_copy_meta(ctx, t, from) != AS_OK) return NULL;
    for (size_t i = 0; i < from->n_steps; i++)
        if (as_add_step(ctx, t, &from->step[i]) != AS_OK) return NULL;
    for (size_t i = 0; i < from->n_warnings; i++) as_add_warning(t, NULL, from->warning[i]);
    return t;
}

/* --- columns ----------------------------------------------------------------- */

/* `series` is the column of the stream that numbers the series; who brings one is the second. */
static const char *free_name(const char *name)
{
    return strcmp(name, "series") == 0 ? "series_2" : name;
}

static as_column *new_column(as_table *t, const char *name, as_role role)
{
    as_column **wider = as_grow(t->arena, t->column, t->n_columns, sizeof *wider);
    as_column *c = AS_NEW(t->arena, as_column);
    if (!wider || !c) return NULL;
    t->column = wider;
    c->name = as_strdup(t->arena, name);
    const as_word_entry *known = as_vocabulary(AS_WORD_COLUMN, name);
    c->label = known ? known->label : c->name;
    c->role = role;
    if (!c->name) return NULL;
    t->column[t->n_columns++] = c;
    return c;
}

as_column *as_add_column(as_ctx *ctx, as_table *t, const char *name, as_role role, as_unit unit)
{
    double *values = AS_NEW_N(t->arena, double, t->rows);
    return values ? as_add_filled(ctx, t, name, role, unit, values) : NULL;
}

as_column *as_add_filled(as_ctx *ctx, as_table *t, const char *name, as_role role, as_unit unit,
                         double *values)
{
    name = free_name(name);
    if (as_find_name(t, name)) {
        (void)!as_fail(ctx, AS_E_MISSING, NULL, "there is a column '%s' already", name);
        return NULL;
    }
    as_column *c = new_column(t, name, role);
    if (!c || as_copy_unit(t, &unit, &c->unit) != AS_OK) return NULL;
    c->type = AS_F64;
    c->v.f = values;
    return c;
}

as_column *as_add_text(as_ctx *ctx, as_table *t, const char *name, as_role role)
{
    name = free_name(name);
    if (as_find_name(t, name)) {
        (void)!as_fail(ctx, AS_E_MISSING, NULL, "there is a column '%s' already", name);
        return NULL;
    }
    const char **values = AS_NEW_N(t->arena, const char *, t->rows);
    as_column *c = values ? new_column(t, name, role) : NULL;
    if (!c) return NULL;
    c->type = AS_TEXT;
    c->unit = AS_UNITLESS;
    c->v.s = values;
    return c;
}

as_status as_set_rows(as_ctx *ctx, as_table *t, size_t n)
{
    if (n > t->rows)
        return as_fail(ctx, AS_E_BUG, NULL, "rows cannot grow from %zu to %zu", t->rows, n);
    t->rows = n;
    return AS_OK;
}

as_status as_add_counting_sigma(as_ctx *ctx, as_table *t, double seconds)
{
    const as_column *y = as_need(ctx, t, AS_ROLE_Y);
    if (!y) return AS_ERR;
    const as_unit count = as_unit_of("count"), rate = as_unit_of("count/s");
    const bool counts = as_unit_same_dimension(&y->unit, &count);
    const bool rates = as_unit_same_dimension(&y->unit, &rate) && seconds > 0;
    if (y->unit.opaque || !(counts || rates)) return AS_OK;
    const double scale = counts ? y->unit.factor : y->unit.factor * seconds; /* to counts */
    as_column *sigma = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, y->unit);
    if (!sigma) return AS_ERR;
    as_counting_sigmas(y->v.f, t->rows, scale, sigma->v.f);
    return AS_OK;
}

static const char *const role_names[] = { "other", "x",         "y",    "sigma", "baseline",
                                          "model", "component", "mask", "label" };
enum { N_ROLES = sizeof role_names / sizeof *role_names };

const char *as_role_name(as_role role)
{
    return (unsigned)role < N_ROLES ? role_names[role] : "other";
}

bool as_role_of(const char *name, as_role *out)
{
    for (size_t i = 0; i < N_ROLES; i++)
        if (strcmp(role_names[i], name) == 0) {
            *out = (as_role)i;
            return true;
        }
    return false;
}

as_column *as_find_name(const as_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->column[i]->name, name) == 0) return t->column[i];
    return NULL;
}

as_column *as_find_numbers(const as_table *t, const char *name)
{
    as_column *c = as_find_name(t, name);
    return c && c->type == AS_F64 ? c : NULL;
}

as_column *as_find_role(const as_table *t, as_role role)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->column[i]->role == role) return t->column[i];
    return NULL;
}

as_column *as_find(const as_table *t, const char *name_or_role)
{
    as_column *c = as_find_name(t, name_or_role);
    as_role role;
    if (!c && as_role_of(name_or_role, &role)) c = as_find_role(t, role);
    return c;
}

static void list_columns(const as_table *t, char *text, size_t room)
{
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < t->n_columns && at + 1 < room; i++) {
        const int n = snprintf(text + at, room - at, "%s%s", i ? ", " : "", t->column[i]->name);
        at += n < 0 ? 0 : (size_t)n;
    }
}

as_column *as_need(as_ctx *ctx, const as_table *t, as_role role)
{
    as_column *c = as_find_role(t, role);
    if (c && c->type == AS_F64) return c;
    char columns[512];
    list_columns(t, columns, sizeof columns);
    (void)!as_fail(ctx, AS_E_MISSING, NULL, "no column with role %s (columns: %s)",
                   as_role_name(role), columns);
    return NULL;
}

as_column *as_need_column(as_ctx *ctx, const as_table *t, const char *name_or_role)
{
    as_column *c = as_find(t, name_or_role);
    if (c && c->type == AS_F64) return c;
    char columns[512];
    list_columns(t, columns, sizeof columns);
    (void)!as_fail(ctx, AS_E_MISSING, NULL,
                   c ? "column '%s' holds text, expected numbers" : "no column '%s' (columns: %s)",
                   name_or_role, columns);
    return NULL;
}

static as_status copy_column(as_ctx *ctx, as_table *to, const as_column *from)
{
    as_column *c = from->type == AS_F64 ? as_add_column(ctx, to, from->name, from->role, from->unit)
                                        : as_add_text(ctx, to, from->name, from->role);
    if (!c) return AS_ERR;
    if (from->label) c->label = as_strdup(to->arena, from->label);
    if (from->type == AS_F64 && to->rows) memcpy(c->v.f, from->v.f, to->rows * sizeof *c->v.f);
    for (size_t i = 0; from->type == AS_TEXT && i < to->rows; i++) {
        c->v.s[i] = as_copy_text(to->arena, from->v.s[i]);
        if (from->v.s[i] && !c->v.s[i]) return AS_ERR;
    }
    return AS_OK;
}

/* Columns of numbers, results with their texts and the copies that as_grow leaves, covariances. */
static size_t bytes_of_copy(const as_table *t)
{
    const size_t column = t->rows * sizeof(double) + 512, result = 512;
    const size_t covariance = t->covariance ? 2 * t->covariance->n * sizeof(struct entry) : 0;
    return t->n_columns * column + t->n_results * result + covariance;
}

bool as_table_is_loose(const as_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->column[i]->type != AS_F64) return false;
    const size_t bytes = bytes_of_copy(t);
    return bytes > 8192 && as_arena_size(t->arena) > bytes + bytes / 2;
}

as_table *as_table_copy(as_ctx *ctx, const as_table *from)
{
    as_table *t = as_table_derive(ctx, from, from->rows);
    if (!t) return NULL;
    as_arena_reserve(t->arena, bytes_of_copy(from));
    for (size_t i = 0; i < from->n_columns; i++)
        if (copy_column(ctx, t, from->column[i]) != AS_OK) return NULL;
    return as_copy_results(t, from) == AS_OK ? t : NULL;
}

as_table *as_table_copy_rowless(as_ctx *ctx, const as_table *from)
{
    as_table *t = as_table_derive(ctx, from, 0);
    return t && as_copy_results(t, from) == AS_OK ? t : NULL;
}

/* --- rows of unknown number ----------------------------------------------------- */

struct as_rows {
    size_t n_columns, n, room;
    double *cell; /* row-major */
};

as_rows *as_rows_new(as_ctx *ctx, size_t n_columns)
{
    as_rows *r = AS_NEW(as_scratch(ctx), as_rows);
    if (r) r->n_columns = n_columns;
    return r;
}

double *as_rows_add(as_ctx *ctx, as_rows *r)
{
    if (r->n == r->room) {
        const size_t room = r->room ? 2 * r->room : 256;
        double *wider = as_alloc(as_scratch(ctx), room, r->n_columns * sizeof *wider);
        if (!wider) return NULL;
        if (r->n) memcpy(wider, r->cell, r->n * r->n_columns * sizeof *wider);
        r->cell = wider;
        r->room = room;
    }
    double *row = r->cell + r->n++ * r->n_columns;
    for (size_t i = 0; i < r->n_columns; i++) row[i] = NAN;
    return row;
}

size_t as_rows_count(const as_rows *r)
{
    return r->n;
}

as_table *as_rows_table(as_ctx *ctx, as_rows *r)
{
    as_table *t = as_table_new(ctx, r->n);
    if (!t) return NULL;
    for (size_t c = 0; c < r->n_columns; c++) {
        char name[32];
        (void)snprintf(name, sizeof name, "column_%zu", c + 1);
        as_column *column = as_add_column(ctx, t, name, AS_ROLE_OTHER, AS_UNITLESS);
        if (!column) return NULL;
        for (size_t i = 0; i < r->n; i++) column->v.f[i] = r->cell[i * r->n_columns + c];
    }
    r->n = 0;
    return t;
}

as_status as_name_column(as_ctx *ctx, as_table *t, size_t column, const char *name, as_role role,
                         as_unit unit)
{
    if (column >= t->n_columns)
        return as_fail(ctx, AS_E_BUG, NULL, "no column %zu to name '%s'", column, name);
    name = free_name(name);
    as_column *c = t->column[column], *same = as_find_name(t, name);
    if (same && same != c)
        return as_fail(ctx, AS_E_MISSING, NULL, "there is a column '%s' already", name);
    c->name = as_strdup(t->arena, name);
    const as_word_entry *known = as_vocabulary(AS_WORD_COLUMN, name);
    c->label = known ? known->label : c->name;
    c->role = role;
    return c->name ? as_copy_unit(t, &unit, &c->unit) : AS_ERR;
}

/* --- metadata -------------------------------------------------------------------- */

static as_meta *meta_slot(as_table *t, const char *key)
{
    for (size_t i = 0; i < t->n_meta; i++)
        if (strcmp(t->meta[i].key, key) == 0) return &t->meta[i];
    as_meta *wider = as_grow(t->arena, t->meta, t->n_meta, sizeof *wider);
    if (!wider) return NULL;
    t->meta = wider;
    as_meta *m = &t->meta[t->n_meta];
    m->key = as_strdup(t->arena, key);
    if (!m->key) return NULL;
    t->n_meta++;
    return m;
}

static as_status fill_meta(as_ctx *ctx, as_table *t, const as_meta *value)
{
    (void)ctx;
    as_meta *m = meta_slot(t, value->key);
    if (!m) return AS_ERR;
    m->text = as_copy_text(t->arena, value->text);
    if (value->text && !m->text) return AS_ERR;
    m->number = value->number;
    m->u = value->u;
    AS_TRY(as_copy_unit(t, &value->unit, &m->unit));
    return copy_where(t, &value->from, &m->from);
}

as_status as_set_meta(as_ctx *ctx, as_table *t, const char *key, const char *text, const char *unit,
                      const as_where *from)
{
    as_meta m = { .key = key, .text = text, .number = NAN, .u = NAN, .unit = AS_UNITLESS };
    if (from) m.from = *from;
    if (unit) {
        if (!as_read_number(text, strlen(text), '.', &m.number))
            return as_fail(ctx, AS_E_SYNTAX, from, "%s is '%s', expected a number", key, text);
        AS_TRY(as_unit_parse(ctx, t->arena, unit, &m.unit));
    }
    return fill_meta(ctx, t, &m);
}

as_status as_set_number(as_ctx *ctx, as_table *t, const char *key, double value, double u,
                        as_unit unit, const as_where *from)
{
    char text[AS_NUMBER_MAX];
    as_write_number(value, text);
    as_meta m = { .key = key, .text = text, .number = value, .u = u, .unit = unit };
    if (from) m.from = *from;
    return fill_meta(ctx, t, &m);
}

as_status as_copy_meta(as_ctx *ctx, as_table *to, const as_table *from)
{
    for (size_t i = 0; i < from->n_meta; i++) AS_TRY(fill_meta(ctx, to, &from->meta[i]));
    return AS_OK;
}

const as_meta *as_get_meta(const as_table *t, const char *key)
{
    for (size_t i = 0; i < t->n_meta; i++)
        if (strcmp(t->meta[i].key, key) == 0) return &t->meta[i];
    return NULL;
}

const as_meta *as_need_meta(as_ctx *ctx, const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    if (!m)
        (void)!as_fail(ctx, AS_E_MISSING, NULL,
                       "the data do not say '%s'; give it with: assay set %s=VALUE", key, key);
    return m;
}

as_status as_drop_meta(as_table *t, const char *key)
{
    for (size_t i = 0; i < t->n_meta; i++)
        if (strcmp(t->meta[i].key, key) == 0) {
            memmove(&t->meta[i], &t->meta[i + 1], (t->n_meta - i - 1) * sizeof *t->meta);
            t->n_meta--;
            break;
        }
    return AS_OK;
}

/* --- history and warnings ----------------------------------------------------------- */

as_status as_add_step(as_ctx *ctx, as_table *t, const as_step *step)
{
    (void)ctx;
    as_step *wider = as_grow(t->arena, t->step, t->n_steps, sizeof *wider);
    if (!wider) return AS_ERR;
    t->step = wider;
    as_step *s = &t->step[t->n_steps];
    s->op = as_strdup(t->arena, step->op);
    s->version = as_strdup(t->arena, step->version);
    s->settings = as_strdup(t->arena, step->settings ? step->settings : "");
    s->sha256 = as_copy_text(t->arena, step->sha256);
    s->inputs = as_copy_text(t->arena, step->inputs);
    if (!s->op || !s->version || !s->settings || (step->sha256 && !s->sha256)) return AS_ERR;
    if (step->inputs && !s->inputs) return AS_ERR;
    t->n_steps++;
    return AS_OK;
}

void as_add_warning(as_table *t, const as_where *where, const char *message)
{
    char text[AS_MESSAGE_MAX + 256];
    if (where && where->file && where->line)
        (void)snprintf(text, sizeof text, "line %u: %s", where->line, message);
    else
        (void)snprintf(text, sizeof text, "%s", message);
    for (size_t i = 0; i < t->n_warnings; i++)
        if (strcmp(t->warning[i], text) == 0) return;
    const char **wider = as_grow(t->arena, t->warning, t->n_warnings, sizeof *wider);
    if (!wider) return;
    t->warning = wider;
    t->warning[t->n_warnings] = as_strdup(t->arena, text);
    if (t->warning[t->n_warnings]) t->n_warnings++;
}
