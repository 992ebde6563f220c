/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables on a pipe: one ECSV document. The header holds what all series share;
 * each series is one line of JSON and its rows; an end mark tells a whole stream
 * from a cut one. All but the rows are comments, so awk, datamash and gnuplot
 * read the rows as they are. Doubles are written with the fewest digits that
 * read back to the same value, independent of locale.
 *
 * The byte-level contract is STREAM.md; this header only moves tables across
 * it, one at a time: neither side ever holds the whole stream.
 */
#ifndef AS_DATASETS_STREAM_H
#define AS_DATASETS_STREAM_H

#include <stdio.h>

#include "table.h"

typedef struct as_reader as_reader;
typedef struct as_writer as_writer;

as_reader *as_reader_open(as_ctx *ctx, FILE *file, const char *name) AS_NODISCARD;
/* AS_DONE only after the end mark; an assay stream without one is AS_E_TRUNCATED. */
as_more as_reader_next(as_reader *r, as_table **out) AS_NODISCARD;
void as_reader_close(as_reader *r);

as_writer *as_writer_open(as_ctx *ctx, FILE *file, as_kind kind) AS_NODISCARD;
/* The header is written with the first series. A later one that lacks a column
 * gets nan; one that brings a new column is an error that names both series. */
as_status as_writer_put(as_writer *w, const as_table *series) AS_NODISCARD;
/* Write the end mark, flush, report what the system refused (ENOSPC), free `w`.
 * After a failure do not close: the context frees it and the mark stays away. */
as_status as_writer_close(as_writer *w) AS_NODISCARD;

#endif
