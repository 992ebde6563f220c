/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The markup of labels: ^{superscript}, _{subscript}, *italic*, **bold**; a backslash takes the next
 * character as it is, an unpaired mark stands for itself. Unicode's own superscripts and
 * subscripts (cm⁻¹, H₂O) become the same, since few fonts have them all.
 */
#ifndef AS_FIGURES_MARKUP_H
#define AS_FIGURES_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct as_glyph {
    uint32_t code;  /* Unicode */
    int8_t level;   /* +1 superscript, -1 subscript, 0 on the line */
    bool italic, bold;
} as_glyph;

enum { AS_MARKUP_MAX = 512 }; /* glyphs of one label; what is longer is cut */

/* The glyphs of `utf8`, how many. Broken UTF-8 becomes U+FFFD. */
size_t as_markup(const char *utf8, as_glyph out[AS_MARKUP_MAX]);

/* The next code point at *at, which advances; 0 at the end. */
uint32_t as_utf8_next(const char **at);
/* Writes `code` as UTF-8, no NUL; the bytes written. */
size_t as_utf8_put(uint32_t code, char out[4]);

#endif
