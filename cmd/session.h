/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one run of the program shares: the context, where messages and output go, and how many
 * threads may work. Verbs get a session and their words; nothing else is global.
 */
#ifndef AS_CMD_SESSION_H
#define AS_CMD_SESSION_H

#include <stdio.h>

#include "op.h"
#include "param.h"
#include "parser.h"
#include "partial.h"
#include "progress.h"

typedef struct as_session {
    as_ctx *ctx;
    as_arena *arena; /* lives as long as the run: settings, loaded files and tables */
    as_messages *messages;
    as_progress progress; /* of the work in ctx */
    FILE *out;          /* stdout, or that of `partial` */
    as_partial partial; /* the file that becomes `output` */
    const char *output; /* --output, NULL: stdout */
    as_texts outputs;      /* all of them: a figure may go to several files */
    int jobs;
    bool keep_going; /* numeric failures do not raise the exit status */
    size_t numeric_failures;
    bool shown;       /* the pending error was printed by the thread that met it */
    as_loader loader; /* for parameters that name files and tables */
    const char
        *folder; /* what relative file names stand against: a recipe's; NULL: the working one */
    const char *used;   /* the same: origins of the tables that a recipe's loader gave by name */
    const char *loaded; /* sha256 of what the loader opened since as_loaded_reset, blanks between */
} as_session;

/* Options every verb takes, out of the verb's own words. `rest` has room for n words. */
as_status as_session_options(as_session *s, size_t n, const as_word *words, as_word *rest,
                             size_t *n_rest, bool *help) AS_NODISCARD;
extern const as_param as_common_params[];

/* A context that reports like the session's; for worker threads. */
as_ctx *as_session_ctx(as_session *s) AS_NODISCARD;

/* A context that only holds tables (as_hold), freed with the session. */
as_status as_holder_new(as_session *s, as_ctx **out) AS_NODISCARD;

/* AS_E_USAGE where a command without files would wait for a person to type its data. */
as_status as_stdin_piped(as_session *s) AS_NODISCARD;

/* --output: opened as a temporary beside it, renamed by commit, removed by abandon. */
as_status as_output_open(as_session *s) AS_NODISCARD;
/* The same for a stream: AS_E_USAGE where the name is that of a table, a workbook or a picture (.csv, .xlsx, .png),
 * which what opens such files would not read. */
as_status as_output_stream(as_session *s) AS_NODISCARD;
as_status as_output_commit(as_session *s) AS_NODISCARD;
void as_output_abandon(as_session *s);

int as_exit_status(as_code code);
/* Is the pending error one of a file alone, so that others may still be read? */
bool as_is_of_file(const as_session *s);

#endif
