/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facade of the drawing libraries (cairo, FreeType, fontconfig, libpng): the only way to them. The
 * module takes a finished display list and gives bytes; it calls nothing of ours back but `put`.
 */
#ifndef AS_FIGURES_DRAW_H
#define AS_FIGURES_DRAW_H

#include "display.h"

typedef struct as_out { /* where bytes go; false: could not write */
    bool (*put)(struct as_out *self, const void *bytes, size_t n);
} as_out;

enum { AS_MISSING_MAX = 12 };

typedef struct as_scripts as_scripts; /* scripts.h */

typedef struct as_drawn { /* what the caller must tell */
    const as_scripts *scripts; /* given: draws labels with characters that Liberation Sans lacks; NULL: none */
    char error[200];   /* "": none */
    char family[100];  /* the font that was drawn with where it was not Liberation Sans, else "" */
    size_t n_missing;  /* characters that no font has: the first of them */
    uint32_t missing[AS_MISSING_MAX];
} as_drawn;

typedef struct as_draw {
    /* points: room for the longest line (as_canvas_points); pixels: 4 bytes for each of the page's
     * (as_png_pixels), on a multiple of 4. */
    bool (*png)(const as_canvas *c, const as_page *page, as_point *points, unsigned char *pixels,
                as_out *to, as_drawn *d);
    bool (*pdf)(const as_canvas *c, const as_page *page, as_point *points, as_out *to,
                as_drawn *d);
    /* rows x columns of 0xRRGGBBAA as a PNG without metadata, for images inside SVG. */
    bool (*image)(size_t rows, size_t columns, const uint32_t *rgba, as_out *to, as_drawn *d);
    /* Metrics as the font has them, in em: what font_advance.def is tested against. NaN: not there. */
    double (*advance)(uint32_t code, bool italic);
} as_draw;

/* Notes a character that no font has, once. */
static inline void as_drawn_missing(as_drawn *d, uint32_t code)
{
    for (size_t i = 0; i < d->n_missing; i++)
        if (d->missing[i] == code) return;
    if (d->n_missing < AS_MISSING_MAX) d->missing[d->n_missing++] = code;
}

/* NULL: AS_E_IO recorded. */
const as_draw *as_draw_open(as_ctx *ctx);

/* Pixels of the page, at least one each. */
static inline void as_png_pixels(const as_page *page, size_t *width, size_t *height)
{
    const double per_mm = page->dpi / 25.4;
    *width = (size_t)(page->mm.w * per_mm + 0.5);
    *height = (size_t)(page->mm.h * per_mm + 0.5);
    if (*width == 0) *width = 1;
    if (*height == 0) *height = 1;
}
/* Scratch for the longest line of the canvas, at least one point. */
as_point *as_canvas_points(as_ctx *ctx, const as_canvas *c) AS_NODISCARD;
/* Error and warnings of a drawing. */
as_status as_draw_done(as_ctx *ctx, bool ok, const as_drawn *d) AS_NODISCARD;

#endif
