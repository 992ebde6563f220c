/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two sides of a stream must agree on: private to stream.c and stream_*.c. */
#ifndef AS_DATASETS_STREAM_WORDS_H
#define AS_DATASETS_STREAM_WORDS_H

#include "table.h"

enum { AS_STREAM_VERSION = 1 };
#define AS_STREAM_SCHEMA "assay-stream-1"

/* Metadata under these keys of ours is written inside "meta", where it cannot be taken for what
 * the series line says itself. */
bool as_stream_reserved(const char *key);
/* Coordinates of a series stand in its own line even where the first series could share them. */
bool as_stream_coordinate(const char *key);
/* Prefix of what came with the file, written as one object "source". */
#define AS_STREAM_SOURCE "source."
/* Prefix and suffix of the key that keeps a description the vocabulary does not give. */
#define AS_STREAM_COLUMN "column."
#define AS_STREAM_DESCRIPTION ".description"

/* Columns of a stream of results, in their order. */
typedef enum {
    AS_RESULT_NAME,
    AS_RESULT_ITEM,
    AS_RESULT_QUANTITY,
    AS_RESULT_VALUE,
    AS_RESULT_U,
    AS_RESULT_UNIT,
    AS_RESULT_BOUND,
    AS_RESULT_FLAG,
    AS_RESULT_METHOD,
    AS_N_RESULT_COLUMNS
} as_result_column;
typedef struct as_result_word {
    const char *name, *meaning;
    as_type type;
} as_result_word;
extern const as_result_word as_result_words[AS_N_RESULT_COLUMNS];

/* "=", "<", ">". */
const char *as_bound_text(as_bound bound);
as_bound as_bound_of(const char *text);

#endif
