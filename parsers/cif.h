/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CIF (and STAR without save frames): blocks of items and loops, as text. For every reader of a
 * dialect of CIF: powder diffraction, Raman, adsorption.
 */
#ifndef AS_PARSERS_CIF_H
#define AS_PARSERS_CIF_H

#include "input.h"

typedef struct as_cif_item {
    const char *tag, *value; /* tag with its underscore, as written; NULL value: "." or "?" */
    uint32_t line;
} as_cif_item;

typedef struct as_cif_loop {
    size_t n_tags, n_rows;
    const as_cif_item *tag;   /* their values are not used */
    const as_cif_item *value; /* n_rows * n_tags, row by row; their tags are not used */
    uint32_t line;
} as_cif_loop;

typedef struct as_cif_block {
    const char *name;
    size_t n_items, n_loops;
    as_cif_item *item;
    as_cif_loop *loop;
    uint32_t line;
} as_cif_block;

/* The whole file, in scratch. Words without quotes behind the value of a tag, on its line, are more of the
 * value, with a warning. AS_E_SYNTAX or AS_E_TRUNCATED with the line for a tag without value,
 * a value without tag, an incomplete row of a loop, a text field or quote that does not end. */
as_status as_cif_parse(as_ctx *ctx, const as_input *in, const as_cif_block **out,
                       size_t *n) AS_NODISCARD;

/* Tags are compared without regard to case. NULL: none, or "." or "?". */
const char *as_cif_value(const as_cif_block *b, const char *tag);
/* The loop with this tag and the tag's place in it; NULL: none. */
const as_cif_loop *as_cif_find_loop(const as_cif_block *b, const char *tag, size_t *column);
/* "12.34(5)": 12.34 with the standard uncertainty 0.05, NaN when none is given. False for NULL and
 * for what is no number (both NaN then). */
bool as_cif_number(const char *text, double *value, double *u);

#endif
