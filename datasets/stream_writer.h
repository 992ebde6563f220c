/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a writer: private to stream.c and stream_describe.c. */
#ifndef AS_DATASETS_STREAM_WRITER_H
#define AS_DATASETS_STREAM_WRITER_H

#include <string.h>

#include "text_out.h"
#include "stream.h"

typedef struct column_head {
    const char *name;
    as_role role;
    as_type type;
    as_unit unit;
    bool seen; /* in the series at hand */
} column_head;

struct as_writer {
    as_ctx *ctx;
    as_arena *arena;  /* of this struct and the header */
    as_arena *buffer; /* of `out`; emptied by close */
    as_text_out out;
    as_kind kind;
    size_t n_listed; /* series whose lines stand in the header */
    const as_table *const *listed;
    bool begun;
    uint64_t n_series;
    uint32_t last;          /* number of the series written last */
    const char *first_name; /* of the first series, for messages */
    const char *technique;
    size_t n_columns;
    column_head *column;   /* in the order of the cells */
    const as_column **now; /* the series' columns in that order; NULL where it has none */
    size_t n_common, n_steps;
    as_meta *common;
    as_step *step;
};

/* The results of data are what a stream of results holds; of a table that is results its rows. */
bool as_writer_prints_results(const as_writer *w, const as_table *t);
/* The header; `t` is the first series, NULL in a stream of none. */
as_status as_writer_begin(as_writer *w, const as_table *t) AS_NODISCARD;
/* The number of `t`, which is the next series, becomes w->last. */
void as_writer_number(as_writer *w, const as_table *t);
/* The series line of `t` under the number w->last. */
void as_writer_series_line(as_writer *w, const as_table *t);

static inline bool as_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

#endif
