/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results chosen by patterns for their items and quantities, and what to say when a pattern chose
 * none. */
#ifndef AS_PROCESSING_RESULT_PICK_H
#define AS_PROCESSING_RESULT_PICK_H

#include "param.h"
#include "table.h"

/* Of one option: its patterns, which of them matched a result so far, and the names there were
 * while one had not. */
typedef struct as_pick_by {
    const char *option; /* "item" */
    const as_texts *patterns;
    bool *met;
    size_t n_names;
    const char **names; /* distinct, AS_PICK_NAMES at most */
} as_pick_by;

enum { AS_PICK_NAMES = 256 };

typedef struct as_pick {
    as_arena *keep; /* owns what is below */
    as_pick_by item, quantity;
    size_t seen, kept; /* results looked at, results that both options want */
} as_pick;

/* The patterns of --item and --quantity, those of a shell (* and ?); n == 0 wants all. They outlive
 * the pick, as does `keep`. */
as_status as_pick_init(as_pick *p, as_arena *keep, const as_texts *item,
                       const as_texts *quantity) AS_NODISCARD;

/* The number of the first pattern that matches; patterns->n: none does. */
size_t as_pick_match(const as_texts *patterns, const char *name);

/* Is the result one that both options want? */
bool as_pick_wants(const as_pick *p, const as_result *r);

/* Remembers what the results of `t` meet: once for each series. */
as_status as_pick_note(as_pick *p, const as_table *t) AS_NODISCARD;

/* A warning, after the last series, for each pattern that no result met, with the names there are;
 * one where every pattern met some and none met both. */
as_status as_pick_warn(as_ctx *ctx, const as_pick *p) AS_NODISCARD;

#endif
