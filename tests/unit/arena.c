/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arenas and frames: zeroed, aligned, released in order, tables owned and handed over. */
#include "arena.h"
#include "check.h"
#include "sink.h"
#include "table.h"
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

static int destroyed;
static void destroy(void *handle)
{
    destroyed += *(int *)handle;
}

static as_table *kept;
static as_status keep(as_sink *self, as_ctx *ctx, as_table *owned)
{
    (void)self;
    (void)ctx;
    kept = owned;
    return AS_OK;
}

static void frames(as_ctx *ctx)
{
    static int one = 1, ten = 10;
    const as_frame outer = as_enter(ctx);
    unsigned char *a = as_alloc(as_scratch(ctx), 100, 1);
    memset(a, 0xff, 100);
    CHECK(as_defer(as_scratch(ctx), destroy, &one) == AS_OK);
    const as_frame inner = as_enter(ctx);
    unsigned char *b = as_alloc(as_scratch(ctx), 3000, 1);
    memset(b, 0xff, 3000);
    CHECK(as_defer(as_scratch(ctx), destroy, &ten) == AS_OK);
    as_leave(ctx, inner);
    CHECK(destroyed == 10);
    CHECK(a[99] == 0xff);
    const unsigned char *again = as_alloc(as_scratch(ctx), 3000, 1);
    int dirt = 0;
    for (int i = 0; i < 3000; i++) dirt += again[i] != 0;
    CHECK(dirt == 0);
    CHECK((uintptr_t)again % 64 == 0);
    as_leave(ctx, outer);
    CHECK(destroyed == 11);
}

static void tables(as_ctx *ctx)
{
    const as_frame frame = as_enter(ctx);
    as_table *dropped = as_table_new(ctx, 5), *sent = as_table_new(ctx, 5);
    CHECK(dropped && sent);
    CHECK(as_add_column(ctx, sent, "intensity", AS_ROLE_Y, as_unit_of("count")) != NULL);
    as_sink sink = { keep };
    CHECK(as_emit(&sink, ctx, sent) == AS_OK);
    as_leave(ctx, frame); /* frees `dropped`, not `sent`: the sanitizer watches */
    CHECK(kept == sent && kept->rows == 5);
    as_table_free(kept);
}

static void limits(as_ctx *ctx)
{
    CHECK(as_alloc(as_scratch(ctx), SIZE_MAX / 2, 16) == NULL);
    as_ctx_limit(ctx, 1 << 20);
    CHECK(as_alloc(as_scratch(ctx), 1 << 21, 1) == NULL);
    CHECK(as_pending(ctx) == AS_E_LIMIT);
    as_ctx_fail_allocation(ctx, 2);
    CHECK(as_alloc(as_scratch(ctx), 1, 1) != NULL);
    CHECK(as_alloc(as_scratch(ctx), 1, 1) == NULL);
    CHECK(as_pending(ctx) == AS_E_NOMEM);
    CHECK(as_alloc(as_scratch(ctx), 1, 1) != NULL);
}

/* Small blocks between large ones, as names between columns, cost hardly more than they are. */
static void large_and_small(as_ctx *ctx)
{
    static const size_t large[] = { 40000, 8000000 };
    for (size_t i = 0; i < 2; i++) {
        as_arena *a = as_arena_new(ctx, SIZE_MAX);
        size_t asked = 0;
        CHECK(a != NULL);
        for (int k = 0; k < 20; k++) {
            CHECK(as_alloc(a, large[i], 1) && as_alloc(a, 300, 1));
            asked += large[i] + 300;
        }
        CHECK(as_arena_size(a) < asked + asked / 5);
        as_arena_free(a);
    }
}

#ifdef __SANITIZE_ADDRESS__
/* One byte past a block is an error though it lies in the arena, and so is what was released. */
static void guarded(as_ctx *ctx)
{
    const as_frame frame = as_enter(ctx);
    const unsigned char *a = as_alloc(as_scratch(ctx), 100, 1), *b = as_alloc(as_scratch(ctx), 5, 1);
    CHECK(!__asan_address_is_poisoned(a + 99) && __asan_address_is_poisoned(a + 100));
    CHECK(!__asan_address_is_poisoned(b + 4) && __asan_address_is_poisoned(b + 5));
    CHECK(__asan_address_is_poisoned(b - 1));
    as_leave(ctx, frame);
    CHECK(__asan_address_is_poisoned(a) && __asan_address_is_poisoned(b));
}
#endif

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    CHECK(ctx != NULL);
    large_and_small(ctx);
#ifdef __SANITIZE_ADDRESS__
    guarded(ctx);
#endif
    frames(ctx);
    tables(ctx);
    limits(ctx);
    as_ctx_free(ctx);
    DONE();
}
