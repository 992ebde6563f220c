/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG: drawn and encoded by the drawing module; resolution in pHYs, provenance in iTXt. */
#include "file_out.h"
#include "scripts.h"

enum { SIDE_MAX = 30000 }; /* pixels; what cairo draws on */

static as_status write_png(as_ctx *ctx, const as_canvas *c, const as_page *page, FILE *to)
{
    as_file_out out = as_out_to(to);
    as_drawn drawn = { .scripts = as_scripts_for(ctx, c) };
    if (!(page->mm.w * page->dpi / 25.4 < SIDE_MAX && page->mm.h * page->dpi / 25.4 < SIDE_MAX))
        return as_fail(ctx, AS_E_LIMIT, NULL, "%g x %g mm at %g dpi: a PNG has at most %d pixels a side",
                       page->mm.w, page->mm.h, page->dpi, SIDE_MAX);
    const as_draw *draw = as_draw_open(ctx);
    if (!draw) return AS_ERR;
    const as_frame frame = as_enter(ctx);
    size_t width, height;
    as_png_pixels(page, &width, &height);
    as_point *points = as_canvas_points(ctx, c);
    unsigned char *pixels = as_alloc(as_scratch(ctx), width * height, 4); /* in large pages, unlike cairo's */
    as_status s = AS_ERR;
    if (points && pixels)
        s = as_draw_done(ctx, draw->png(c, page, points, pixels, &out.out, &drawn), &drawn);
    as_leave(ctx, frame);
    return s;
}

const as_backend as_backend_png = { "png", write_png };
