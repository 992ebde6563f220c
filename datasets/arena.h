/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory comes in four lifetimes and no others:
 *   static      descriptors, never freed;
 *   table       everything a table points at lives in that table's arena;
 *   scratch     ctx's arena: what one call of an operation, parser or figure
 *               needs, released by the framework when that call returns (calls
 *               nest: emitting a table never releases the emitter's scratch);
 *   stream      settings, recipes, and what `finish` needs (op.h: run->keep).
 * So code in parsers/, processing/ and figures/ never calls malloc or free.
 */
#ifndef AS_DATASETS_ARENA_H
#define AS_DATASETS_ARENA_H

#include "diag.h"

#pragma GCC visibility push(default) /* the modules of module.h call these */
typedef struct as_arena as_arena;

/* An arena records its errors in one context. It is used by one thread at a
 * time; as_emit and the thread pool adopt it at every hand-over. */
as_arena *as_arena_new(as_ctx *ctx, size_t limit_bytes) AS_NODISCARD;
/* The next `bytes`, in any number of blocks with their alignment, come from one piece hardly larger than
 * that; where memory lacks, as_alloc will say so. */
void as_arena_reserve(as_arena *a, size_t bytes);
size_t as_arena_size(const as_arena *a); /* bytes taken from the system */
void as_arena_adopt(as_arena *a, as_ctx *now);
void as_arena_limit(as_arena *a, size_t limit_bytes);
void as_arena_reset(as_arena *a);
void as_arena_free(as_arena *a);

as_arena *as_scratch(as_ctx *ctx);

/* A frame brackets one call of an operation, parser or figure: leaving it releases
 * the scratch memory allocated and the tables created since as_enter, except
 * tables that were emitted. Frames nest. Only frameworks and tests need them. */
typedef struct as_frame {
    void *chunk;
    size_t used;
    void *deferred;
    uint64_t tables;
} as_frame;
as_frame as_enter(as_ctx *ctx);
void as_leave(as_ctx *ctx, as_frame frame);

/* Zeroed memory; NULL with AS_E_NOMEM or AS_E_LIMIT already recorded. The
 * count*size product is checked for overflow. Blocks of 64 bytes and more are
 * 64-byte aligned, so that kernels may use the widest vectors. */
void *as_alloc(as_arena *a, size_t count, size_t size) AS_NODISCARD;
char *as_strdup(as_arena *a, const char *s) AS_NODISCARD;
char *as_strndup(as_arena *a, const char *s, size_t n) AS_NODISCARD; /* n bytes and a NUL */
char *as_format(as_arena *a, const char *fmt, ...) AS_PRINTF(2, 3) AS_NODISCARD;

/* For an array that gets one more at a time, from NULL with n = 0 on: where n is all the room there is, a copy with
 * twice as much, else `old` itself. NULL as as_alloc. */
void *as_grow(as_arena *a, void *old, size_t n, size_t size) AS_NODISCARD;

#define AS_NEW(arena, type) ((type *)as_alloc((arena), 1, sizeof(type)))
#define AS_NEW_N(arena, type, n) ((type *)as_alloc((arena), (n), sizeof(type)))

/* External handles (GSL, FFTW, libxml2) are the only things with destructors:
 * attach them to an arena and they die with it, on every path. If attaching
 * fails, the handle is destroyed at once. */
as_status as_defer(as_arena *a, void (*destroy)(void *), void *handle) AS_NODISCARD;
#pragma GCC visibility pop

#endif
