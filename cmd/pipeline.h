/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chain of operations in one process: tables go in at one end and come out at a sink, one
 * series at a time, never printed in between. The command line's filter is a chain of one.
 */
#ifndef AS_CMD_PIPELINE_H
#define AS_CMD_PIPELINE_H

#include "session.h"

/* One operation with its settings, ready to run any number of times. */
typedef struct as_call {
    const as_op *op;
    const void *settings;
    const char *text;   /* the option text that repeats it, all defaults written out */
    const char *sha256; /* of the files it loaded, blanks between; NULL: none */
    const char *used;   /* origins of the tables it was given by name (origins.h); NULL: none */
    as_where where;     /* where the user wrote it, for messages */
} as_call;

/* Check and keep the options of a stage. Operands with '=' feed op->operands; others go to
 * `files` (room for n; NULL: none are allowed here). */
as_status as_call_read(as_session *s, const as_op *op, size_t n, const as_word *words, as_call *out,
                       as_word *files, size_t *n_files) AS_NODISCARD;

typedef struct as_pipeline as_pipeline;

/* n_calls may be 0. Lives in the session's arena. */
as_status as_pipeline_new(as_session *s, size_t n_calls, const as_call *calls, as_sink *end,
                          as_pipeline **out) AS_NODISCARD;
/* The same without threads, whatever the session says: what a pool's workers run. */
as_status as_pipeline_sequential(as_session *s, size_t n_calls, const as_call *calls, as_sink *end,
                                 as_pipeline **out) AS_NODISCARD;
as_sink *as_pipeline_in(as_pipeline *p);
/* After the last series: operations that need all of them finish. If the first call is a source,
 * it runs here. */
as_status as_pipeline_finish(as_pipeline *p) AS_NODISCARD;

/* Where series come from: files of any format or streams ("-" or none: stdin), renumbered. */
as_status as_feed(as_session *s, size_t n, const as_word *files,
                  as_sink *to) AS_NODISCARD;

/* The same, but a file that cannot be read is reported and the others are fed; *answer becomes the exit status of
 * the first such file. `to` must not fail on its own. */
as_status as_feed_each(as_session *s, size_t n, const as_word *files, as_sink *to, int *answer) AS_NODISCARD;

/* Passes tables on with a number of their own, whatever file they came from. */
typedef struct as_numbering {
    as_sink sink, *to;
    uint32_t next;
} as_numbering;
void as_numbering_init(as_numbering *n, as_sink *to);

/* Is there a plain file of this name that holds a stream? It can be read series by series, and again. */
bool as_is_stream_file(const char *path);
/* Its series, one by one; those with neither history nor source get the file as theirs. */
as_status as_feed_stream_path(as_session *s, const char *path, as_sink *to) AS_NODISCARD;
/* The first of them; what follows is not looked at. */
as_status as_feed_stream_head(as_session *s, const char *path, as_sink *to) AS_NODISCARD;

/* A stream that lies in memory: wholly read, then passed on. */
bool as_is_stream_input(const as_input *in);
as_status as_feed_stream_input(as_session *s, const as_input *in, as_sink *to) AS_NODISCARD;
/* The same; series with neither history nor source get the file as theirs. */
as_status as_feed_stream_file(as_session *s, const as_input *in, as_sink *to) AS_NODISCARD;

/* A sink that writes one stream to `to`; close writes the end mark. */
typedef struct as_stream_sink as_stream_sink;
as_status as_stream_sink_new(as_session *s, FILE *to, as_stream_sink **out) AS_NODISCARD;
as_sink *as_stream_sink_in(as_stream_sink *k);
as_status as_stream_sink_close(as_stream_sink *k) AS_NODISCARD;

/* A sink that keeps every table as long as the session lives. Emit copies of them only. With
 * `rowless`, of data series without their columns. */
typedef struct as_gather {
    as_sink sink;
    as_arena *arena;
    as_ctx *holder; /* frees them */
    bool rowless;
    size_t n;
    as_table **t;
} as_gather;
as_status as_gather_new(as_session *s, as_gather **out) AS_NODISCARD;

#endif
