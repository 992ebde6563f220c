/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One output for each input file, in a folder: what `convert --each` and `plot --each` share. */
#ifndef AS_CMD_EACH_H
#define AS_CMD_EACH_H

#include "session.h"
#include "words.h"

typedef struct as_each {
    const char *from, *to;
} as_each;

/* FOLDER/NAME.SUFFIX for each file, NAME without its own suffix unless two would be the same; the folder is made.
 * AS_E_USAGE without files, where two would still be the same, and where an output would replace an input. */
as_status as_each_name(as_session *s, const char *folder, const char *suffix, size_t n, const as_word *files,
                       as_each **out) AS_NODISCARD;

/* A file that failed does not keep the others from theirs: its error is shown, *answer is the exit status of the
 * first of them, and *failed counts. AS_ERR, the error pending, for what would fail with all files. */
as_status as_each_failed(as_session *s, const as_each *f, size_t *failed, int *answer) AS_NODISCARD;

#endif
