/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where series come from, as JSON in records: of one series, and of all that an operation took which makes
 * few of many (merge-scans, trend) or that an option named (a step of a recipe). Replay reads it.
 */
#ifndef AS_CMD_ORIGINS_H
#define AS_CMD_ORIGINS_H

#include <stdio.h>

#include "table.h"

/* , "source": name, "sha256": ..., "format": ..., "simulated": ...: what of them is known. */
void as_put_source(FILE *to, const as_table *t);
typedef struct as_history { /* the steps of a series */
    size_t n;
    const as_step *step;
} as_history;
bool as_same_history(const as_history *a, const as_history *b);
/* , "steps": [{"op", "version", "settings", "sha256", "inputs"}] of the last of n series; "inputs" that
 * step k of series i before it has too are {"of": i, "step": k}. */
void as_put_steps(FILE *to, size_t n, const as_history *all);

typedef struct as_origins as_origins;
as_origins *as_origins_new(as_arena *a);
/* Series in their order, as they are now. */
as_status as_origins_add(as_ctx *ctx, as_origins *o, const as_table *t) AS_NODISCARD;
/* Of all of them [{"name", "source", "sha256", "format", "steps"} ...]. Those that follow one another with the
 * same origin and the names x.0, x.3, x.6 are one entry {"name": "x.0", "to": "x.6", "n": 3, "by": 3 ...},
 * "by" left out where it is 1; "of": i stands for source, sha256 and format of entry i, "as": i for its steps.
 * [] when that, in all series of them, were too long to carry along: then only an archive can be replayed.
 * NULL without memory. */
const char *as_origins_text(as_origins *o);
/* The same of these n of them. */
const char *as_origins_text_of(const as_origins *o, size_t n, const as_table *const *tables);

/* "NAME": [...] of the tables that an option named, behind what `used` has; NULL without memory. */
const char *as_origins_used(as_ctx *ctx, as_arena *a, const char *used, const char *name, size_t n,
                            const as_table *const *tables);
/* {"series": [...], "tables": {...}} of a step, without what is NULL or ""; NULL when both are. */
const char *as_step_inputs(as_arena *a, const char *series, const char *used);

#endif
