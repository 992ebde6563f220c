/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the drawing module: a display list onto a cairo context; pixels into a PNG. */
#ifndef AS_FIGURES_DRAW_CAIRO_H
#define AS_FIGURES_DRAW_CAIRO_H

#include <cairo.h>

#include "draw.h"
#include "markup.h"

enum { AS_FINE_DPI = 250 }; /* from here on edges may be coarser than the eye's best */

typedef struct as_painter {
    cairo_t *cr;
    double per_mm;     /* device units of one millimetre: pixels or points */
    bool pixels;       /* hairlines are put on the pixel grid */
    bool clusters;     /* keep the text with its glyphs (PDF) */
    as_point *points;  /* room for the longest line */
    as_drawn *report;
    cairo_font_face_t *face[4]; /* regular, italic, bold, and one for what those lack */
    uint32_t face_for;          /* the character for which the last was found */
} as_painter;

void as_painter_free(as_painter *p);
cairo_font_face_t *as_painter_face(as_painter *p, const as_glyph *g, uint32_t *index);
double as_face_advance(uint32_t code, bool italic);

/* `pixels` is cairo's RGB24 and is used up. may_round: no exact colours are owed, 256 will do. */
bool as_encode_png(size_t width, size_t height, size_t stride, unsigned char *pixels, double dpi,
                   const char *provenance, bool may_round, as_out *to, as_drawn *d);

#endif
