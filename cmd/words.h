/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's words, as far as a pipeline needs them: stages split by '|', words split by
 * blanks, 'single' and "double" quotes, backslash. The same text means the same in sh, so a
 * pipeline is copied between a recipe and a terminal as it is; what sh would expand or act
 * on (variables, globs, redirections, lists of commands) is refused, never taken literally.
 *
 * One thing is added for recipes: $(name) is the value of a parameter. It never splits a
 * word and nothing inside it is expanded again.
 */
#ifndef AS_CMD_WORDS_H
#define AS_CMD_WORDS_H

#include "param.h"
#include "text.h"

typedef struct as_variable {
    const char *name, *value;
} as_variable;
typedef struct as_variables {
    size_t n;
    const as_variable *v;
} as_variables;

typedef struct as_command { /* one stage: its verb, then options and operands */
    size_t n;               /* at least 1 */
    as_word *word;
} as_command;

/* The stages of a pipeline; a leading `assay` of a stage is dropped. AS_E_USAGE points at
 * what is wrong. `vars` may be NULL: then there are no parameters. All lies in `a`. */
as_status as_pipe_split(as_ctx *ctx, as_arena *a, const as_text *text, const as_variables *vars,
                        size_t *n, as_command **out) AS_NODISCARD;

/* The words of one command's options; '|' is refused. There may be none. */
as_status as_words_of(as_ctx *ctx, as_arena *a, const as_text *text, const as_variables *vars,
                      size_t *n, as_word **out) AS_NODISCARD;

/* `text` with each $(name) replaced, and nothing else. */
as_status as_substitute(as_ctx *ctx, as_arena *a, const as_text *text, const as_variables *vars,
                        as_text *out) AS_NODISCARD;

#endif
