/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far long work is, for a person at a terminal: after a second of it a line, ten times a second.
 */
#ifndef AS_CMD_PROGRESS_H
#define AS_CMD_PROGRESS_H

#include <stdint.h>

#include "messages.h"

typedef struct as_session as_session; /* session.h */

/* One per context that is watched. */
typedef struct as_progress {
    const as_session *session; /* whose messages and output it is */
    int64_t begun, last;       /* nanoseconds */
} as_progress;

/* Shows the work in `ctx` (diag.h) from now on, where the messages of `s` go to a terminal and its output
 * does not. Both outlive `ctx`. */
void as_progress_watch(as_progress *p, const as_session *s, as_ctx *ctx);

/* Of a batch: the line "assay VERB [####    ] 3 of 10 files", unless the last one is less than a tenth of a
 * second old; n 0: "assay VERB: 3 files". */
void as_progress_show(as_progress *p, const char *what, size_t done, size_t n);
void as_progress_begin(as_progress *p, const as_session *s);
/* Takes the line away. */
void as_progress_end(as_progress *p);

#endif
