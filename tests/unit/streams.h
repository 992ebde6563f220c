/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams in memory and random numbers, for the tests of both sides of a stream. */
#ifndef AS_TESTS_STREAMS_H
#define AS_TESTS_STREAMS_H

#include <stdint.h>

#include "check.h"
#include "same.h"
#include "stream.h"

static uint64_t state = 88172645463325252u;
static inline uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static inline size_t below(size_t n)
{
    return (size_t)(next_random() >> 33) % n;
}

typedef struct text {
    char *s;
    size_t n;
} text; /* s: from malloc */

static inline text write_all(as_ctx *ctx, as_kind kind, size_t n, as_table *const *tables)
{
    text out = { 0 };
    FILE *f = open_memstream(&out.s, &out.n);
    as_writer *w = as_writer_open(ctx, f, kind);
    bool right = w != NULL;
    for (size_t i = 0; i < n && right; i++) right = as_writer_put(w, tables[i]) == AS_OK;
    right = right && as_writer_close(w) == AS_OK;
    fclose(f);
    if (right) return out;
    free(out.s);
    return (text){ 0 };
}

/* Reads everything: the number of tables, at most `room` of which are kept; -1: refused. */
static inline int read_all(as_ctx *ctx, const char *s, size_t n, size_t room, as_table **out)
{
    FILE *f = n ? fmemopen((void *)(uintptr_t)s, n, "r") : fopen("/dev/null", "r");
    as_reader *r = as_reader_open(ctx, f, "test.ecsv");
    int count = r ? 0 : -1;
    as_table *t = NULL;
    as_more more = AS_DONE;
    while (r && (more = as_reader_next(r, &t)) == AS_ITEM) {
        if ((size_t)count < room) out[count] = t;
        count++;
    }
    if (more == AS_FAILED) count = -1;
    if (r && count >= 0) as_reader_close(r);
    fclose(f);
    return count;
}

static inline int read_text(as_ctx *ctx, const char *s, size_t room, as_table **out)
{
    return read_all(ctx, s, strlen(s), room, out);
}

#endif
