/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnostics: the pending error of a context, its chain, and warnings. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctx.h"
#include "table.h"

as_ctx *as_ctx_new(as_diag_sink *sink, void *user)
{
    as_arena *scratch = as_arena_new(NULL, SIZE_MAX);
    if (!scratch) return NULL;
    as_ctx *ctx = AS_NEW(scratch, as_ctx); /* the context lives in its own scratch */
    if (!ctx) {
        as_arena_free(scratch);
        return NULL;
    }
    ctx->sink = sink;
    ctx->user = user;
    ctx->scratch = scratch;
    ctx->tables.next = ctx->tables.prev = &ctx->tables;
    as_ctx_limit(ctx, (size_t)16 << 30);
    as_arena_adopt(scratch, ctx);
    return ctx;
}

void as_ctx_free(as_ctx *ctx)
{
    if (!ctx) return;
    as_tables_release(ctx, 0);
    as_arena_free(ctx->kept);
    as_arena_free(ctx->scratch);
}

as_arena *as_ctx_kept(as_ctx *ctx)
{
    if (!ctx->kept) ctx->kept = as_arena_new(ctx, ctx->limit);
    return ctx->kept;
}

void as_ctx_limit(as_ctx *ctx, size_t bytes)
{
    ctx->limit = bytes;
    as_arena_limit(ctx->scratch, bytes);
}

size_t as_ctx_limit_of(const as_ctx *ctx)
{
    return ctx->limit;
}

void as_ctx_fail_allocation(as_ctx *ctx, uint64_t n)
{
    ctx->fail_in = n;
}

void as_watch_work(as_ctx *ctx, as_work_sink *told, void *user)
{
    ctx->working = told;
    ctx->working_user = user;
}

void as_work_begin(as_ctx *ctx, const char *what, size_t n)
{
    if (ctx->works++ > 0) return;
    ctx->work = what;
    ctx->n_work = n;
    if (ctx->working) ctx->working(ctx->working_user, what, 0, n);
}

void as_work_step(as_ctx *ctx, size_t done)
{
    if (ctx->working && ctx->works == 1) ctx->working(ctx->working_user, ctx->work, done, ctx->n_work);
}

void as_work_end(as_ctx *ctx)
{
    if (--ctx->works == 0 && ctx->working) ctx->working(ctx->working_user, NULL, 0, 0);
}

as_arena *as_scratch(as_ctx *ctx)
{
    return ctx->scratch;
}

static void copy_text(char *to, size_t room, const char *from)
{
    (void)snprintf(to, room, "%s", from);
}

/* What `where` points at may die with a frame before the error is shown. */
static void keep_where(as_ctx *ctx, const as_where *where)
{
    ctx->where = where ? *where : (as_where){ 0 };
    if (ctx->where.file) {
        copy_text(ctx->file, sizeof ctx->file, ctx->where.file);
        ctx->where.file = ctx->file;
    }
    if (ctx->where.line_text) {
        copy_text(ctx->line_text, sizeof ctx->line_text, ctx->where.line_text);
        ctx->where.line_text = ctx->line_text;
    }
}

as_status(as_fail)(as_ctx *ctx, as_code code, const as_where *where, const char *fmt, ...)
{
    char message[AS_MESSAGE_MAX]; /* an argument may be the message that is replaced */
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    memcpy(ctx->message, message, sizeof message);
    ctx->failed = true;
    ctx->code = code;
    ctx->n_chain = 0;
    keep_where(ctx, where);
    return AS_ERR;
}

as_status(as_while)(as_ctx *ctx, const char *fmt, ...)
{
    if (ctx->n_chain == AS_CHAIN_MAX) return AS_ERR;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(ctx->chain[ctx->n_chain++], AS_CHAIN_TEXT, fmt, args);
    va_end(args);
    return AS_ERR;
}

void as_warn(as_ctx *ctx, as_table *t, const as_where *where, const char *fmt, ...)
{
    char message[AS_MESSAGE_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    if (!t) t = ctx->blamed;
    if (t) as_add_warning(t, where, message);
    const char *series = t && t->name && !(where && where->file) ? t->name : NULL;
    if (ctx->sink)
        ctx->sink(ctx->user, AS_WARNING, AS_E_SYNTAX, where, message, series ? &series : NULL, series != NULL);
}

as_table *as_blame(as_ctx *ctx, as_table *t)
{
    as_table *before = ctx->blamed;
    ctx->blamed = t;
    return before;
}

as_code as_pending(const as_ctx *ctx)
{
    return ctx->failed ? ctx->code : AS_E_BUG;
}

const char *as_pending_message(const as_ctx *ctx)
{
    return ctx->failed ? ctx->message : "a function failed without saying why";
}

as_diag_sink *as_ctx_sink(as_ctx *ctx, as_diag_sink *now)
{
    as_diag_sink *before = ctx->sink;
    ctx->sink = now;
    return before;
}

void as_forget_error(as_ctx *ctx)
{
    ctx->failed = false;
    ctx->n_chain = 0;
}

void as_flush_error(as_ctx *ctx)
{
    const char *chain[AS_CHAIN_MAX];
    for (size_t i = 0; i < ctx->n_chain; i++) chain[i] = ctx->chain[ctx->n_chain - 1 - i];
    if (ctx->sink)
        ctx->sink(ctx->user, AS_ERROR, as_pending(ctx), ctx->failed ? &ctx->where : NULL,
                  as_pending_message(ctx), chain, ctx->n_chain);
    as_forget_error(ctx);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein (adjacent transpositions) on short names. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t d[3][LONGEST + 1];
    const size_t na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST) return SIZE_MAX;
    for (size_t j = 0; j <= nb; j++) d[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *row = d[i % 3], *up = d[(i + 2) % 3], *up2 = d[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            row[j] = least(up[j - 1] + (a[i - 1] != b[j - 1]), least(up[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], up2[j - 2] + 1);
        }
    }
    return d[na % 3][nb];
}

const char *as_near_miss(const char *given, size_t n, const char *const *names)
{
    const size_t length = strlen(given);
    size_t best = length < 3 ? 2 : 1 + length / 3 + 1; /* one edit, more in long words */
    const char *found = NULL;
    for (size_t i = 0; i < n; i++) {
        const size_t d = distance(given, names[i]);
        if (d < best) {
            best = d;
            found = names[i];
        }
    }
    if (found || length < 3) return found;
    for (size_t i = 0; i < n; i++) /* or what was typed begins the name: --win for --window */
        if (strncmp(given, names[i], length) == 0) return names[i];
    for (size_t i = 0; i < n; i++) /* or the other way: maximum for max */
        if (strlen(names[i]) > 2 && strncmp(given, names[i], strlen(names[i])) == 0) return names[i];
    return NULL;
}
