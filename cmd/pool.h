/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations without state, spread over threads: series go in, their results come out in the
 * same order, whatever thread made them, and so do the messages. At most a few chunks of series
 * per thread are held. Threads start with the second chunk, so a single series costs none.
 */
#ifndef AS_CMD_POOL_H
#define AS_CMD_POOL_H

#include "pipeline.h"

typedef struct as_pool as_pool;

/* calls: none has `finish` or `source`. Lives in the session's arena; threads end with it. */
as_status as_pool_new(as_session *s, size_t n_calls, const as_call *calls, as_sink *next,
                      as_pool **out) AS_NODISCARD;
as_sink *as_pool_in(as_pool *p);
/* Waits for all that is under way and emits it. */
as_status as_pool_finish(as_pool *p) AS_NODISCARD;

#endif
