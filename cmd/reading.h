/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one file as `assay read` does: what recipes share with that verb (verb_read.c). */
#ifndef AS_CMD_READING_H
#define AS_CMD_READING_H

#include "session.h"
#include "sink.h"

typedef struct as_read_settings {
    const char *format, *part, *name;
    const char *depfile; /* TARGET=FILE; for the verb alone */
    as_texts option;
    bool list;
} as_read_settings;

extern const as_param as_read_params[];

/* The series of n files into `to`. With a name those of one file are NAME, or NAME.0, NAME.1 ...;
 * those of several files are NAME.0, NAME.1 ... through all of them, labelled by their own. With
 * `skipped`, a file that cannot be read is shown as an error and counted there, and the others are
 * read. */
as_status as_read_paths(as_session *s, const as_read_settings *set, size_t n, const as_word *files,
                        size_t *skipped, as_sink *to) AS_NODISCARD;

#endif
