/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What text takes, without opening a font: every back end draws Liberation Sans (the metrics of
 * Arial), and its advances and kerning stand in font_advance.def and font.c. A figure is thus laid
 * out the same for PNG, SVG and PDF, and an SVG needs no font at all.
 */
#ifndef AS_FIGURES_FONT_H
#define AS_FIGURES_FONT_H

#include "figure.h"
#include "markup.h"

#define AS_FONT_FAMILY "Liberation Sans"
#define AS_MM_PER_PT (25.4 / 72)
#define AS_SCRIPT_SCALE 0.7   /* size of superscripts and subscripts */
#define AS_SCRIPT_RAISE 0.34  /* of a superscript, in em of the line */
#define AS_SCRIPT_LOWER 0.16

/* Advance in em. Code points beyond the font: what fonts of their script give, roughly. */
double as_font_advance(uint32_t code, bool italic);
double as_glyph_advance(const as_glyph *g); /* of its own size */
bool as_font_has(uint32_t code);

/* Where each glyph of a line begins, in em of the line (x) and how far it is raised (y); the width. */
double as_font_place(size_t n, const as_glyph *g, as_point *at);

/* Width and height (from the baseline to the top of a capital), mm. */
as_size as_font_extent(double size_pt, const char *utf8);

#endif
