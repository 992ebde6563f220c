/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arenas: blocks handed out by bumping a pointer through chunks, released all at once or back
 * to a mark. The only file that calls malloc and free.
 */
#define _DEFAULT_SOURCE /* madvise, MAP_ANONYMOUS */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ctx.h"

enum { ALIGN_SMALL = 16, ALIGN_WIDE = 64, FIRST_CHUNK = 4096, LARGEST_STEP = (1 << 22) - 256 };
enum { HUGE_PAGE = 1 << 21 };
#ifdef __has_feature /* clang's way to say it */
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
/* The address sanitizer is told which bytes are handed out, with a gap between neighbours. It does not
 * know the ends of mappings. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = ALIGN_SMALL, MAPPED_FROM = 1 << 30 };
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
enum { GAP = 0, MAPPED_FROM = HUGE_PAGE };
#endif

typedef struct chunk {
    struct chunk *prev;
    unsigned char *data; /* aligned to ALIGN_WIDE */
    size_t size, used;
    size_t dirty;  /* bytes from data that may hold anything: they are zeroed when they are handed out */
    size_t mapped; /* bytes to give back to the system, zero at first; 0: from malloc */
} chunk;

typedef struct deferred {
    struct deferred *next;
    void (*destroy)(void *);
    void *handle;
} deferred;

struct as_arena {
    as_ctx *ctx;
    chunk *top;
    chunk *spare; /* the chunk last released, against churn at a boundary */
    deferred *deferred;
    size_t total, limit; /* bytes of all chunks */
    size_t step;         /* bytes of the last chunk for small blocks */
};

static void out_of_memory(as_arena *a, size_t bytes)
{
    if (!a->ctx) return;
    if (bytes > a->limit || a->total > a->limit - bytes)
        (void)!as_fail(a->ctx, AS_E_LIMIT, NULL,
                       "%zu more bytes of memory would pass the limit of %zu", bytes, a->limit);
    else
        (void)!as_fail(a->ctx, AS_E_NOMEM, NULL, "out of memory: %zu bytes asked for", bytes);
}

/* A block on the heap. Where many series lie side by side the heap grows through pages of 2 MB: the one
 * behind that which this block begins to fill, still untouched, shall be one. calloc would touch all of
 * the block, the part that is never asked for too. */
static chunk *on_heap(size_t bytes)
{
    chunk *c = malloc(bytes);
    if (!c) return NULL;
    const size_t into = (uintptr_t)c % HUGE_PAGE, end = into + bytes;
    if (end >= HUGE_PAGE)
        (void)madvise((unsigned char *)c + (2 * HUGE_PAGE - into), HUGE_PAGE, MADV_HUGEPAGE);
    *c = (chunk){ .dirty = bytes };
    return c;
}

/* A block for a chunk of `size` bytes. Large ones fill pages of 2 MB where the system has them,
 * one fault instead of 512; malloc would leave such pages half outside the block. */
static chunk *block_new(size_t size)
{
    size_t bytes = sizeof(chunk) + ALIGN_WIDE + size;
    if (size <= MAPPED_FROM) return on_heap(bytes);
    bytes = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    unsigned char *found = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED) return NULL;
    const size_t before = HUGE_PAGE - (uintptr_t)found % HUGE_PAGE; /* 1 .. HUGE_PAGE */
    (void)munmap(found, before);
    if (before < HUGE_PAGE) (void)munmap(found + before + bytes, HUGE_PAGE - before);
    (void)madvise(found + before, bytes, MADV_HUGEPAGE);
    chunk *c = (chunk *)(void *)(found + before);
    c->mapped = bytes;
    return c;
}

static void block_free(chunk *c)
{
    ASAN_UNPOISON_MEMORY_REGION(c->data, c->size);
    if (c->mapped) (void)munmap(c, c->mapped);
    else free(c);
}

/* Chunks for small blocks grow: each is twice the one before. */
static size_t next_step(const as_arena *a)
{
    return a->step == 0 ? FIRST_CHUNK : a->step < LARGEST_STEP / 2 ? 2 * a->step : LARGEST_STEP;
}

/* A chunk for a block of `need` bytes; one too large for the next step has its own, with room behind it
 * for the small ones that follow, as names follow a column. */
static chunk *chunk_new(as_arena *a, size_t need)
{
    const size_t step = next_step(a), size = need <= step ? step : need + FIRST_CHUNK;
    if (a->spare && a->spare->size >= need) {
        chunk *c = a->spare;
        a->spare = NULL;
        c->prev = a->top;
        a->top = c;
        return c;
    }
    if (size > a->limit || a->total > a->limit - size) return NULL;
    chunk *c = block_new(size);
    if (!c) return NULL;
    const uintptr_t after = (uintptr_t)(c + 1);
    c->data = (unsigned char *)(c + 1) + (ALIGN_WIDE - after % ALIGN_WIDE) % ALIGN_WIDE;
    c->size = size;
    if (size == step) a->step = step;
    ASAN_POISON_MEMORY_REGION(c->data, size);
    c->prev = a->top;
    a->total += size;
    a->top = c;
    return c;
}

static void chunk_free(as_arena *a, chunk *c)
{
    if (!c) return;
    a->total -= c->size;
    block_free(c);
}

as_arena *as_arena_new(as_ctx *ctx, size_t limit_bytes)
{
    as_arena *a = calloc(1, sizeof *a);
    if (!a) {
        if (ctx) (void)!as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
        return NULL;
    }
    a->ctx = ctx;
    a->limit = limit_bytes;
    return a;
}

void as_arena_reserve(as_arena *a, size_t bytes)
{
    if (a->top && a->top->size - a->top->used >= bytes) return;
    if (next_step(a) > bytes + bytes / 4) return; /* small beside what comes anyhow */
    (void)chunk_new(a, bytes);
}

size_t as_arena_size(const as_arena *a)
{
    return a->total;
}

void as_arena_adopt(as_arena *a, as_ctx *now)
{
    a->ctx = now;
}

void as_arena_limit(as_arena *a, size_t limit_bytes)
{
    a->limit = limit_bytes;
}

/* Bytes from `used` on are free again. */
static void chunk_rewind(chunk *c, size_t used)
{
    if (c->dirty < c->used) c->dirty = c->used;
    ASAN_POISON_MEMORY_REGION(c->data + used, c->used - used);
    c->used = used;
}

/* Back to the mark: what was deferred since runs, newest first, then the chunks go. */
static void rewind_to(as_arena *a, void *top, size_t used, void *defer)
{
    while (a->deferred && a->deferred != defer) {
        deferred *d = a->deferred;
        a->deferred = d->next;
        d->destroy(d->handle);
    }
    while (a->top && a->top != top) {
        chunk *c = a->top;
        a->top = c->prev;
        if (c->size <= LARGEST_STEP && (!a->spare || a->spare->size < c->size)) {
            chunk_free(a, a->spare);
            chunk_rewind(c, 0);
            a->spare = c;
        } else {
            chunk_free(a, c);
        }
    }
    if (a->top) chunk_rewind(a->top, used);
}

void as_arena_reset(as_arena *a)
{
    rewind_to(a, NULL, 0, NULL);
}

void as_arena_free(as_arena *a)
{
    if (!a) return;
    as_arena_reset(a);
    chunk_free(a, a->spare);
    free(a);
}

as_frame as_enter(as_ctx *ctx)
{
    const as_arena *a = ctx->scratch;
    return (as_frame){ .chunk = a->top,
                       .used = a->top ? a->top->used : 0,
                       .deferred = a->deferred,
                       .tables = ctx->next_table };
}

void as_leave(as_ctx *ctx, as_frame frame)
{
    as_tables_release(ctx, frame.tables);
    rewind_to(ctx->scratch, frame.chunk, frame.used, frame.deferred);
}

/* True when the torture test wants this allocation to fail. */
static bool must_fail(as_ctx *ctx)
{
    return ctx && ctx->fail_in > 0 && --ctx->fail_in == 0;
}

void *as_alloc(as_arena *a, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX / 2) / size) {
        out_of_memory(a, SIZE_MAX);
        return NULL;
    }
    size_t bytes = count * size;
    if (bytes == 0) bytes = 1;
    if (must_fail(a->ctx)) {
        out_of_memory(a, bytes);
        return NULL;
    }
    const size_t align = bytes >= ALIGN_WIDE ? ALIGN_WIDE : ALIGN_SMALL;
    chunk *c = a->top;
    size_t at = c ? (c->used + GAP + align - 1) / align * align : 0;
    if (!c || at > c->size || bytes > c->size - at) {
        c = chunk_new(a, bytes);
        if (!c) {
            out_of_memory(a, bytes);
            return NULL;
        }
        at = 0;
    }
    ASAN_UNPOISON_MEMORY_REGION(c->data + at, bytes);
    if (at < c->dirty) memset(c->data + at, 0, (bytes < c->dirty - at ? bytes : c->dirty - at));
    c->used = at + bytes;
    return c->data + at;
}

char *as_strndup(as_arena *a, const char *s, size_t n)
{
    char *copy = as_alloc(a, n + 1, 1);
    if (copy && n) memcpy(copy, s, n);
    return copy;
}

void *as_grow(as_arena *a, void *old, size_t n, size_t size)
{
    if (n != 0 && (n < 8 || (n & (n - 1)) != 0)) return old; /* room until the next power of 2 */
    void *wider = as_alloc(a, n == 0 ? 8 : 2 * n, size);
    if (wider && n) memcpy(wider, old, n * size);
    return wider;
}

char *as_strdup(as_arena *a, const char *s)
{
    return as_strndup(a, s, strlen(s));
}

char *as_format(as_arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = as_alloc(a, (size_t)(n < 0 ? 0 : n) + 1, 1);
    if (text) (void)vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, fmt, again);
    va_end(again);
    return text;
}

as_status as_defer(as_arena *a, void (*destroy)(void *), void *handle)
{
    deferred *d = AS_NEW(a, deferred);
    if (!d) {
        destroy(handle);
        return AS_ERR;
    }
    *d = (deferred){ .next = a->deferred, .destroy = destroy, .handle = handle };
    a->deferred = d;
    return AS_OK;
}
