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
/* , "steps": [{"op", "version", "settings", "sha256", "inputs"}] in the record of n tables: inputs that step k of an
 * earlier table i has too are {"of": i, "step": k}. */
void as_put_steps_of(FILE *to, size_t n, const as_table *const *tables);

typedef struct as_origins as_origins;
as_origins *as_origins_new(as_arena *a);
/* Series in their order; of many with the same origin and the names x.0, x.1 ... first, last and number
 * are kept. */
as_status as_origins_add(as_ctx *ctx, as_origins *o, const as_table *t) AS_NODISCARD;
/* [{"name", "source", "sha256", "format", "steps"}, {"name": "x.0", "to": "x.9", "n": 10, ...}]; with
 * "as": i instead of steps where those of entry i are the same; "" when
 * that were too long to carry along: then only an archive can be replayed. NULL without memory. */
const char *as_origins_text(as_origins *o);

/* "NAME": [...] of the tables that an option named, behind what `used` has; NULL without memory. */
const char *as_origins_used(as_ctx *ctx, as_arena *a, const char *used, const char *name, size_t n,
                            const as_table *const *tables);
/* {"series": [...], "tables": {...}} of a step, without what is NULL or ""; NULL when both are. */
const char *as_step_inputs(as_arena *a, const char *series, const char *used);

#endif
