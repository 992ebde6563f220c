/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of text that a person wrote inside a file, and where each of its bytes stands
 * there: a pipeline or an expression in a recipe keeps its line and column through YAML's
 * quoting and folding, so that every later message can point at it.
 */
#ifndef AS_CMD_TEXT_H
#define AS_CMD_TEXT_H

#include "arena.h"

typedef struct as_text {
    const char *s;          /* what it says, NUL-terminated */
    const char *file;       /* as it was given; NULL: there is none */
    const char *whole;      /* the text of that file; NULL: `s` is all there is */
    const uint32_t *origin; /* strlen(s) + 1 offsets into `whole`; NULL: byte i is byte i */
    uint32_t line;          /* of `line_start`, which lies at or before the first byte; */
    uint32_t line_start;    /* 0 when unknown: counted from the beginning */
} as_text;

/* Text of its own, without a file. */
as_text as_text_of(const char *s);

/* Bytes [from, from + n) of `t` as a position. `line_text` lies in `a` and is NULL
 * without memory. Columns count bytes from 1. */
as_where as_text_where(as_arena *a, const as_text *t, size_t from, size_t n);

#endif
