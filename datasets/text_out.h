/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffered text output in the spellings of a stream: private to datasets/ and the exporters.
 *
 * Nothing here returns a status: the first failure is recorded in the context, everything after
 * it is ignored, and as_out_flush answers once for all.
 */
#ifndef AS_DATASETS_TEXT_OUT_H
#define AS_DATASETS_TEXT_OUT_H

#include <stdio.h>

#include "arena.h"

typedef struct as_text_out {
    as_ctx *ctx;
    as_arena *arena; /* of the buffer */
    FILE *file;
    char *data;
    size_t used, room;
    bool failed;
} as_text_out;

/* An output to `file` whose buffer lives in `arena`. */
as_status as_out_open(as_ctx *ctx, as_arena *arena, FILE *file, as_text_out *out) AS_NODISCARD;
/* Everything so far to the file, and its own buffer to the system. AS_E_IO, AS_E_NOMEM. */
as_status as_out_flush(as_text_out *o) AS_NODISCARD;

/* Room for n bytes in one piece, NULL after a failure; add what was used to o->used. */
char *as_out_room(as_text_out *o, size_t n);
void as_out_bytes(as_text_out *o, const char *text, size_t n);
void as_out_text(as_text_out *o, const char *text);
/* As as_write_number writes it. */
void as_out_number(as_text_out *o, double value);
void as_out_unsigned(as_text_out *o, uint64_t value);

/* A string in double quotes that JSON and YAML read alike: quote, backslash, control and line
 * separators are escaped; bytes that are no UTF-8 become U+FFFD. */
void as_out_quoted(as_text_out *o, const char *text);
/* A number that JSON and YAML read alike: nan is null, infinity a string. */
void as_out_value(as_text_out *o, double value);
/* A string in a YAML flow collection: plain where that reads as a string everywhere. */
void as_out_plain(as_text_out *o, const char *text);
/* A text cell of a stream: bytes <= 0x20, 0x7f, '"', '#' and '%' as %XX; none or empty as "". */
void as_out_cell(as_text_out *o, const char *text);
/* A cell of a delimited table: quoted, quotes doubled, where it holds the delimiter, a quote,
 * a line end or a blank at its ends; '\0' as delimiter quotes nothing. */
void as_out_csv(as_text_out *o, const char *text, char delimiter);

#endif
