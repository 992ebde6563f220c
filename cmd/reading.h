/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one file as `assay read` does: what recipes share with that verb (verb_read.c). */
#ifndef AS_CMD_READING_H
#define AS_CMD_READING_H

#include "session.h"
#include "sink.h"

typedef struct as_read_settings {
    const char *format, *part, *name;
    as_texts option;
    bool list;
} as_read_settings;

extern const as_param as_read_params[];

/* The series of one file into `to`. */
as_status as_read_path(as_session *s, const as_read_settings *set, const char *path,
                       as_sink *to) AS_NODISCARD;

#endif
