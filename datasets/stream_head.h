/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the head of an ECSV document says, and JSON values as parts of a table: private to the
 * reading side of a stream.
 */
#ifndef AS_DATASETS_STREAM_HEAD_H
#define AS_DATASETS_STREAM_HEAD_H

#include <jansson.h>

#include "table.h"

typedef struct as_head_column {
    const char *name;
    as_unit unit;
    as_role role;
    as_type type;
    bool boolean;            /* True and False are 1 and 0 */
    const char *label;       /* NULL: that of the vocabulary, or the name */
    const char *description; /* NULL: that of the vocabulary, or none */
} as_head_column;

typedef struct as_head {
    char delimiter;
    bool assay; /* meta.assay is there: text cells are percent-encoded */
    bool whole; /* the schema is ours: series lines and an end mark must be there */
    as_kind kind;
    size_t n_columns;
    as_head_column *column;
    size_t series;   /* index of the column that numbers the series; n_columns: none */
    json_t *listed; /* series lines in the header, a list; NULL: none. The caller's to decref */
    as_table *shape; /* technique, metadata and history that all series share; no columns */
} as_head;

/* `yaml` is the text of the header lines without their "# ", the first of which is line
 * `first_line` of `file`. `a` owns the strings; `shape` belongs to the caller (as_keep). */
as_status as_head_read(as_ctx *ctx, as_arena *a, const char *yaml, size_t n, const char *file,
                       uint32_t first_line, as_head *out) AS_NODISCARD;

/* A text in YAML whose top is a mapping, the lines of a file behind "# ", as JSON; the caller's to decref. NULL
 * in *out: it is no such mapping. AS_E_SYNTAX: no YAML. */
as_status as_yaml_object(as_ctx *ctx, const char *text, size_t n, const char *file, uint32_t first_line,
                         json_t **out) AS_NODISCARD;

/* The series line: identity, metadata, history, warnings, results and covariance into `t`. */
as_status as_series_line(as_ctx *ctx, as_table *t, json_t *line,
                         const as_where *where) AS_NODISCARD;

/* One value of the metadata under `key`: text, number, {value:, text:, unit:, u:}; null removes
 * it; other objects become dotted keys and arrays their JSON text. */
as_status as_meta_from_json(as_ctx *ctx, as_table *t, const char *key, json_t *value) AS_NODISCARD;

/* [{op:, version:, settings:, sha256:}, ...] as the whole history of `t`. */
as_status as_history_from_json(as_ctx *ctx, as_table *t, json_t *steps,
                               const as_where *where) AS_NODISCARD;

#endif
