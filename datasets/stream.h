/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables on a pipe: one ECSV document. The header holds what all series share;
 * each series is one line of JSON and its rows; an end mark tells a whole stream
 * from a cut one. All but the rows are comments, so awk, datamash and gnuplot
 * read the rows as they are. Doubles are written with the fewest digits that
 * read back to the same value, independent of locale.
 *
 * The byte-level contract is docs/stream.md; this header only moves tables across
 * it, one at a time: neither side ever holds the whole stream.
 *
 * A reader lives in the scratch memory of the frame in which it was opened and ends
 * with it; a writer lives as long as its context. Where there is certain advice, the
 * chain of an error has a line that begins with "hint: ".
 */
#ifndef AS_DATASETS_STREAM_H
#define AS_DATASETS_STREAM_H

#include <stdio.h>

#include "table.h"

typedef struct as_reader as_reader;
typedef struct as_writer as_writer;

/* True when the bytes begin as an ECSV document does ("# %ECSV"), a BOM before it aside. */
bool as_is_stream(const void *head, size_t n);

/* Reads the header. `name` stands in messages. Takes streams of ours and any ECSV 1.0 with
 * scalar columns, delimited by blanks or commas; of the latter the first two numeric columns
 * are x and y where no roles are stated, and all its metadata become the table's.
 * NULL: AS_E_TRUNCATED (nothing there, or a cut header), AS_E_FORMAT (no ECSV 1.0, array
 * columns, a later stream version), AS_E_SYNTAX, AS_E_IO. */
as_reader *as_reader_open(as_ctx *ctx, FILE *file, const char *name) AS_NODISCARD;
/* The next series; it belongs to the context. Of a stream of results the rows are columns and,
 * as far as they have the columns of the contract, the table's results too.
 * AS_DONE only after the end mark; an assay stream without one is AS_E_TRUNCATED. */
as_more as_reader_next(as_reader *r, as_table **out) AS_NODISCARD;
/* Releases what the reader holds; the file stays open. Not after a failure: the context does. */
void as_reader_close(as_reader *r);

/* A first series of kind results makes it a stream of results, whatever `kind` says. Lives until the frame
 * is left in which it was opened. */
as_writer *as_writer_open(as_ctx *ctx, FILE *file, as_kind kind) AS_NODISCARD;
/* The header is written with the first series. A later one that lacks a column
 * gets nan; one that brings a new column is an error that names both series, and so is
 * one whose column has another unit, role or type. Series keep their numbers where
 * these rise; otherwise the next number is given. A writer of results prints the
 * results of data, and the rows of tables that are results already. */
as_status as_writer_put(as_writer *w, const as_table *series) AS_NODISCARD;
/* Write the end mark, flush, report what the system refused (ENOSPC); `w` is over.
 * After a failure do not close: the context frees it, and the mark stays away. */
as_status as_writer_close(as_writer *w) AS_NODISCARD;

/* One whole ECSV document of n series with the series lines as a list `series` in the header and
 * no marks among the rows, for readers that skip remarks. as_reader_open takes it as any stream. */
as_status as_write_listed(as_ctx *ctx, FILE *file, size_t n,
                          const as_table *const *series) AS_NODISCARD;

#endif
