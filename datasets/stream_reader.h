/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a reader: private to stream_read.c and stream_cells.c. */
#ifndef AS_DATASETS_STREAM_READER_H
#define AS_DATASETS_STREAM_READER_H

#include "number.h"
#include "stream.h"
#include "stream_head.h"

enum { AS_STREAM_BLOCK = 1 << 16 }; /* bytes asked for at once */
#define AS_NO_TEXT SIZE_MAX

typedef union slot { /* one cell */
    double f;
    size_t s; /* offset into the pool of texts; AS_NO_TEXT: missing */
} slot;

/* Rows of one chunk of cells, column after column; odd in cache lines, so that columns do not
 * fall on each other. */
enum { AS_CHUNK_ROWS = 4088 };

struct as_reader {
    as_ctx *ctx;
    as_arena *arena;
    FILE *file;
    const char *name;
    char *buf; /* bytes at .. end are not yet read; one byte after `end` may be written */
    size_t room, at, end;
    bool eof;
    uint32_t line; /* number of the line last taken */
    as_head head;
    bool numeric; /* every column holds plain numbers */
    slot **chunk; /* the series at hand; kept for the next one */
    size_t n_chunks, chunk_room;
    slot *now; /* column 0 of the row being filled, the next column AS_CHUNK_ROWS on */
    size_t rows;
    char prefix[AS_NUMBER_MAX]; /* the rows of the series at hand begin so: number and delimiter */
    size_t prefix_length;
    size_t *last; /* by column: offset of its text in the row before */
    char *pool;   /* texts of the series at hand, each with its NUL */
    size_t pool_used, pool_room;
    char *cell; /* one unquoted cell */
    size_t cell_room;
    json_t *pending; /* the series line whose rows come next */
    as_where pending_at;
    bool open; /* a series has begun */
    bool over; /* the end mark was seen, or the file's end where there needs to be none */
    uint64_t n_series;
    double number; /* of the series at hand; -1 before the first */
};

typedef struct text_line {
    char *s; /* a NUL stands in the place of the byte `next` */
    size_t n;
    char next;
    bool ended; /* by a LF */
} text_line;

typedef struct cell {
    const char *s;
    size_t n, at;
    bool quoted;
} cell; /* at: in the line */

/* The next line without its end; it may be changed and lasts until the next call. */
as_more as_stream_line(as_reader *r, text_line *out) AS_NODISCARD;
/* Where in the line, `column` from 0; the text shown is cut to what fits a screen. */
as_where as_line_where(const as_reader *r, const text_line *l, size_t column, size_t span);
/* AS_E_TRUNCATED at the line last read. */
as_status as_stream_cut(as_reader *r) AS_NODISCARD;

/* The next cell at *at, blanks around it left out; AS_DONE at the end of the line. A quoted
 * cell is unfolded into r->cell, which has room for the line (as_stream_cell_room). */
as_more as_stream_cell(as_reader *r, const text_line *l, size_t *at, cell *out) AS_NODISCARD;
as_status as_stream_cell_room(as_reader *r, size_t n) AS_NODISCARD;
/* The cells of a line into r->now, row r->rows, which does not count yet. */
as_status as_stream_row(as_reader *r, const text_line *l) AS_NODISCARD;
/* The rows that come next, as far as they belong to the series at hand, are plain numbers and stand
 * whole in the buffer; what follows them is for as_stream_line. */
as_status as_stream_rows(as_reader *r) AS_NODISCARD;

#endif
