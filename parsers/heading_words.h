/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headings in other languages than English, or made for data bases, for headings.c. */
#ifndef AS_PARSERS_HEADING_WORDS_H
#define AS_PARSERS_HEADING_WORDS_H

#include <stddef.h>

#include "unit.h"

/* The key of the English word for a key of as_plain_key ("temperatur": "temperature"); else the key. */
const char *as_english_key(const char *key);

/* The English word for the word of another script that `text` begins with, in UTF-8, and its bytes;
 * NULL: none. */
const char *as_english_piece(const char *text, size_t *used);

/* The lower-case letter below the accent of the two bytes at `text` (U+00C0 to U+017F in UTF-8);
 * NUL: there is none. */
char as_without_accent(const char *text);

/* "loading_mmol_g", "loading_mmol_per_g", "uptake_cm3_STP_g": a unit over another where names have no
 * slash; below stands only what quantities are commonly referred to. The name before it is in scratch. */
bool as_split_joined(as_ctx *ctx, const char *text, const char **name, as_unit *unit);

#endif
