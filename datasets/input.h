/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of one foreign file, decompressed and unwrapped before any parser
 * sees them (gzip, BOM, UTF-16, code pages: a layer below formats), with
 * bounds-checked access and positions for messages.
 *
 * A zip whose members no format claims as a whole is read member by member.
 */
#ifndef AS_DATASETS_INPUT_H
#define AS_DATASETS_INPUT_H

#include <stdbool.h>

#include "arena.h"

typedef struct as_input {
    const char *name;          /* path as given; inside a container a.brml!RawData0.xml */
    const unsigned char *data; /* followed by AS_PAD zero bytes, so string probes cannot overrun */
    size_t size;
    bool is_text;
    const char *encoding;      /* what the bytes were before conversion to UTF-8 */
} as_input;

enum { AS_PAD = 64 };

/* --- containers (zip, tar, OLE2) and companion files ----------------------- */
typedef struct as_entry {
    const char *name;
    uint64_t size; /* unpacked */
} as_entry;

size_t as_members(const as_input *in, const as_entry **out); /* 0 for a plain file */

/* `out` lives as long as `in`. AS_E_MISSING when there is none of that name.
 * Beside: the same folder only; a name with a separator is AS_E_SYNTAX. */
as_status as_open_member(as_ctx *ctx, const as_input *in, const char *name,
                         const as_input **out) AS_NODISCARD;
as_status as_open_beside(as_ctx *ctx, const as_input *in, const char *name,
                         const as_input **out) AS_NODISCARD;

/* --- binary: every read is checked, endianness is in the name --------------- */
as_status as_u16le(as_ctx *ctx, const as_input *in, uint64_t at, uint16_t *out) AS_NODISCARD;
as_status as_u32le(as_ctx *ctx, const as_input *in, uint64_t at, uint32_t *out) AS_NODISCARD;
as_status as_f32le(as_ctx *ctx, const as_input *in, uint64_t at, float *out) AS_NODISCARD;
as_status as_f64le(as_ctx *ctx, const as_input *in, uint64_t at, double *out) AS_NODISCARD;
/* n items of `size` bytes from `at` lie inside the file: call before allocating. */
as_status as_need_bytes(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n, size_t size,
                        const char *what) AS_NODISCARD;

/* --- text: lines with their positions -------------------------------------- */
typedef struct as_line {
    const char *text; /* NUL-terminated, without the line end */
    size_t length;
    as_where where;
} as_line;

typedef struct as_lines { /* a plain value: copy it to look ahead */
    const as_input *in;
    size_t at;
    uint32_t number;
    char decimal, separator;
} as_lines;

/* next: there may be one more. need: there must be one, else AS_E_TRUNCATED at
 * the end of the file or AS_E_SYNTAX in the line, with `expected` in the message. */
as_more as_next_line(as_ctx *ctx, as_lines *it, as_line *out) AS_NODISCARD;
as_status as_need_line(as_ctx *ctx, as_lines *it, as_line *out, const char *expected) AS_NODISCARD;

/* One number at *cursor, in the iterator's decimal convention, never locale. */
as_more as_next_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t *cursor,
                       double *out) AS_NODISCARD;
as_status as_need_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t *cursor,
                         double *out, const char *expected) AS_NODISCARD;

/* "KEY = 'value'" cut at the first separator; both sides trimmed, quotes removed. */
typedef struct as_pair {
    const char *key, *value; /* in scratch */
    size_t at;               /* where the value begins in the line */
} as_pair;
as_status as_split(as_ctx *ctx, const as_line *line, char separator, as_pair *out) AS_NODISCARD;

#endif
