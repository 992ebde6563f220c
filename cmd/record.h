/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file says of its own making: the JSON text of provenance.h out of a figure, the same
 * made from the header and the series lines of a stream.
 */
#ifndef AS_CMD_RECORD_H
#define AS_CMD_RECORD_H

#include <jansson.h>

#include "files.h"

typedef enum {
    AS_RECORD_NONE,
    AS_RECORD_PNG,
    AS_RECORD_SVG,
    AS_RECORD_PDF,
    AS_RECORD_STREAM
} as_record_kind;

typedef struct as_record {
    as_record_kind kind; /* NONE: nothing of the sort is in it */
    char sha256[65];     /* of the file */
    const char *text;    /* JSON as it stands in the file, in the session's arena */
    json_t *json;        /* the same read; belongs to the session's arena */
} as_record;

/* `f` is loaded. A record that is no JSON, or lacks what provenance.h promises, is AS_E_SYNTAX. */
as_status as_record_read(as_session *s, const as_file *f, as_record *out) AS_NODISCARD;
const char *as_record_kind_name(as_record_kind kind);

/* Text of an object's member; `otherwise` where there is none. */
const char *as_json_get(const json_t *object, const char *key, const char *otherwise);
/* `j` is decref'ed with the session's arena; NULL: AS_E_NOMEM. */
as_status as_json_keep(as_session *s, json_t *j) AS_NODISCARD;

#endif
