/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where finished tables go: stdout, the next operation, or a test's array.
 * Emitting hands the table over, its arena included (as_arena_adopt); the
 * emitter must not touch it again, whatever as_emit returns.
 */
#ifndef AS_DATASETS_SINK_H
#define AS_DATASETS_SINK_H

#include "table.h"

typedef struct as_sink {
    as_status (*put)(struct as_sink *self, as_ctx *ctx, as_table *owned);
} as_sink;

as_status as_emit(as_sink *to, as_ctx *ctx, as_table *owned) AS_NODISCARD;

#endif
