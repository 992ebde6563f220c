/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a context: private to datasets/. */
#ifndef AS_DATASETS_CTX_H
#define AS_DATASETS_CTX_H

#include "arena.h"

enum { AS_MESSAGE_MAX = 2048, AS_CHAIN_MAX = 8, AS_CHAIN_TEXT = 256 };

/* Tables that belong to a context form a ring, so that one can leave without knowing which. */
typedef struct as_link {
    struct as_link *next, *prev;
} as_link;

struct as_ctx {
    as_diag_sink *sink;
    void *user;
    as_arena *scratch;
    as_arena *kept; /* what lives as long as the context, across frames; NULL until needed */
    size_t limit;
    uint64_t fail_in;    /* torture: allocations left before one fails; 0: never */
    as_link tables;      /* the ring's head; newest first */
    uint64_t next_table; /* serial of the next one: frames compare it */
    void (*opened)(void *user, const char *path); /* told of every input file; NULL: nobody */
    void *opened_user;
    as_work_sink *working; /* told how far long work is; NULL: nobody */
    void *working_user;
    const char *work; /* of the outermost work, with `n_work` steps; NULL: none */
    size_t n_work, works; /* how many are in one another */
    as_table *blamed; /* collects the warnings that have no table; NULL: none does */
    bool failed;
    as_code code;
    as_where where;
    char message[AS_MESSAGE_MAX], file[512], line_text[512];
    size_t n_chain;
    char chain[AS_CHAIN_MAX][AS_CHAIN_TEXT];
};

/* ctx->kept, made on first use; NULL without memory. */
as_arena *as_ctx_kept(as_ctx *ctx);

/* Frees the tables of `ctx` with a serial of at least `from` (table.c). */
void as_tables_release(as_ctx *ctx, uint64_t from);

#endif
