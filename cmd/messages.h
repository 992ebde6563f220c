/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages for people (stderr, with the line and a caret) or for programs (one JSON object a
 * line, --diagnostics json). A chain entry that begins "hint: " is printed as advice.
 */
#ifndef AS_CMD_MESSAGES_H
#define AS_CMD_MESSAGES_H

#include <pthread.h>
#include <stdio.h>

#include "diag.h"

typedef struct as_messages {
    FILE *to;
    const char *verb; /* in front of messages that have no file; NULL: the program */
    bool json;
    bool many; /* several files or a recipe: warnings name their series */
    bool reported; /* what is read is reported on stdout, warnings too: people need not see them twice */
    size_t warnings;
    const void *progress; /* whose line of as_messages_progress stands on the terminal; NULL: none does */
    pthread_mutex_t lock;
} as_messages;

/* The sink to give to as_ctx_new with an as_messages as `user`. */
void as_messages_show(void *user, as_severity severity, as_code code, const as_where *where,
                      const char *message, const char *const *chain, size_t n_chain);

/* Where messages go to a terminal, a line that the next one, or a message, overwrites; NULL takes it away.
 * Who put it there, `by`, alone may do either. */
void as_messages_progress(as_messages *m, const void *by, const char *text);
/* What was said elsewhere, as it is. */
void as_messages_said(as_messages *m, const char *text, size_t size);

#endif
