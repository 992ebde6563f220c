/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encoding bytes of unknown origin have, from the bytes alone, and their way to UTF-8.
 *
 * The rule, first that fits: a BOM; UTF-16 without one (three of four bytes of one parity NUL,
 * none of the other); bytes that are no text (NUL or control characters, more than one in a
 * thousand); ASCII; valid UTF-8; what an XML declaration or JASCO's LOCALE says; Shift-JIS (every
 * sequence valid, two double bytes or more that begin as no Western letter does, and they are the
 * majority); else by the shape of words (code_page.h), in the end windows-1252, which holds Latin-1.
 */
#ifndef AS_DATASETS_ENCODING_H
#define AS_DATASETS_ENCODING_H

#include "arena.h"

typedef struct as_encoding {
    const char *name; /* static; NULL: no text */
    size_t bom;       /* bytes to skip */
    bool doubtful;    /* other encodings would fit as well: users must be told */
} as_encoding;

as_encoding as_encoding_of(const unsigned char *data, size_t size);

/* Bytes of the UTF-8 sequence at p, 0 when it is none (overlong, surrogate, cut). */
size_t as_utf8_length(const unsigned char *p, size_t left);
/* A text of any bytes, a file's name say, as UTF-8: each byte of no sequence is U+FFFD. The text itself where
 * it is UTF-8; else in `a`, NULL without memory. */
const char *as_utf8_of(as_arena *a, const char *text);

/* UTF-8 without BOM, followed by AS_PAD zero bytes, in `a`. What has no meaning in the encoding
 * becomes U+FFFD (windows-1252: the C1 control of the same number). */
as_status as_decode(as_ctx *ctx, as_arena *a, as_encoding from, const unsigned char *data,
                    size_t size, unsigned char **out, size_t *out_size) AS_NODISCARD;

#endif
