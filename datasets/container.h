/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facades of the libraries that open containers: libarchive (zip, tar and the compressions)
 * and libgsf (OLE2). Used by input.c; parsers ask as_members and as_open_member instead.
 */
#ifndef AS_DATASETS_CONTAINER_H
#define AS_DATASETS_CONTAINER_H

#include "input.h"
#include "module.h"

/* What is opened: bytes in memory, and the most that may come out of them. */
typedef struct as_packed {
    const char *name; /* for messages */
    const unsigned char *data;
    size_t size;
    uint64_t most;
} as_packed;

/* Results lie in `to`; data is followed by AS_PAD zero bytes. Cut input is AS_E_TRUNCATED, broken
 * input AS_E_SYNTAX, too much of it AS_E_LIMIT. */
typedef struct as_container {
    /* The bytes behind one compression (gzip, bzip2, xz, zstd). NULL: this library has none. */
    as_status (*unwrap)(as_ctx *ctx, as_arena *to, const as_packed *from, unsigned char **data,
                        size_t *size);
    /* The regular files in their order, no folders. */
    as_status (*list)(as_ctx *ctx, as_arena *to, const as_packed *from, const as_entry **out,
                      size_t *n);
    /* File number `index` of that list. *cursor, NULL at first, remembers the place, so that
     * reading all in order passes the container once; it dies with `to`. */
    as_status (*extract)(as_ctx *ctx, as_arena *to, const as_packed *from, void **cursor,
                         size_t index, unsigned char **data, size_t *size);
} as_container;

const as_container *as_container_open(as_ctx *ctx); /* zip, tar, compressions; NULL: AS_E_IO */
const as_container *as_ole_open(as_ctx *ctx);       /* OLE2; NULL: AS_E_IO */

/* Bytes of unknown number, collected in scratch. */
typedef struct as_heap {
    struct as_heap_part *first, *last;
    size_t size;
    uint64_t most;
} as_heap;
#pragma GCC visibility push(default) /* the modules of module.h call these */
/* Room for at most `n` bytes, at least one; NULL: no memory, or `most` is reached. */
unsigned char *as_heap_room(as_ctx *ctx, as_heap *h, size_t *n) AS_NODISCARD;
void as_heap_used(as_heap *h, size_t n);
/* All of them in one piece, with AS_PAD zeros behind. NULL without memory. */
unsigned char *as_heap_join(as_arena *to, const as_heap *h) AS_NODISCARD;
#pragma GCC visibility pop

#endif
