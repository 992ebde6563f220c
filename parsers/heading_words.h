/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headings in other languages than English, for headings.c. */
#ifndef AS_PARSERS_HEADING_WORDS_H
#define AS_PARSERS_HEADING_WORDS_H

#include <stddef.h>

/* The key of the English word for a key of as_plain_key ("temperatur": "temperature"); else the key. */
const char *as_english_key(const char *key);

/* The English word for the word of another script that `text` begins with, in UTF-8, and its bytes;
 * NULL: none. */
const char *as_english_piece(const char *text, size_t *used);

/* The lower-case letter below the accent of the two bytes at `text` (U+00C0 to U+017F in UTF-8);
 * NUL: there is none. */
char as_without_accent(const char *text);

#endif
