/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verb that is neither an operation nor a figure: read, info, run ... One verb = one file
 * cmd/verb_NAME.c that defines one as_verb called as_verb_NAME, and one line in verbs.def.
 */
#ifndef AS_CMD_VERB_H
#define AS_CMD_VERB_H

#include "session.h"

enum { AS_ANSWER_NO = 1 }; /* exit status of verify, check, diff: the answer is no */

typedef struct as_verb {
    const char *name;
    const char *group;    /* for the list: files, streams, recipes, archive, help */
    const char *operands; /* for the usage line: "FILE...", "KEY=VALUE... [FILE...]" */
    size_t settings_size;
    const as_param *params;
    /* The words that are no options. *answer is the exit status after success, 0 unless set. */
    as_status (*run)(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer);
    /* Instead of `run`: a verb whose options depend on what it reads splits its words itself. */
    as_status (*run_words)(as_session *s, size_t n, const as_word *words, int *answer);
    as_doc doc;
} as_verb;

extern const as_verb *const as_verbs[];
const as_verb *as_verb_find(const char *name);

/* filter.c: any operation as a Unix filter; draw.c: any figure. */
as_status as_run_filter(as_session *s, const as_op *op, size_t n,
                        const as_word *words) AS_NODISCARD;

#endif
