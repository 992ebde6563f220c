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

typedef struct as_drawn { /* what the caller must tell */
    char error[200];   /* "": none */
    char family[100];  /* the font that was drawn with where it was not Liberation Sans, else "" */
    uint32_t missing;  /* a character that no font has; 0: none */
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
