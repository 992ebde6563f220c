/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facade of pango, for labels with characters that Liberation Sans lacks: Chinese, Japanese and Korean,
 * Hebrew and Arabic from right to left, Devanagari, Thai, marks set over letters, rare signs. The module is
 * opened for a canvas that has such a label and for no other: figures without are the same bytes with and
 * without pango, and take no time for it.
 */
#ifndef AS_FIGURES_SCRIPTS_H
#define AS_FIGURES_SCRIPTS_H

#include "draw.h"
#include "markup.h"

struct as_scripts {
    /* One label in the colour of `cairo` (a cairo_t), its baseline through the origin, `em` high in device
     * units. Its width is `room` at most: what fonts draw wider is condensed. h: 0 the origin is its left
     * end, 1 its right one. What no font has is noted in d. false: d->error is set. */
    bool (*show)(void *cairo, size_t n, const as_glyph *g, double em, double room, double h, as_drawn *d);
    /* Only notes what no font has. */
    bool (*look)(size_t n, const as_glyph *g, as_drawn *d);
};

/* True when a label has a character that Liberation Sans lacks. */
bool as_is_foreign(size_t n, const as_glyph *g);
/* The module where a label of the canvas needs it, else NULL; NULL too, with a warning, where it cannot
 * be opened. */
const as_scripts *as_scripts_for(as_ctx *ctx, const as_canvas *c);
/* What of the canvas no font on this system has: a warning. For back ends that leave fonts to viewers. */
as_status as_scripts_look(as_ctx *ctx, const as_canvas *c) AS_NODISCARD;

#endif
