/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings and tables to a canvas, a canvas to a back end. */
#include <math.h>

#include "display.h"
#include "look.h"
#include "render.h"

as_status as_figure_draw(as_ctx *ctx, const as_figure *f, const void *settings, size_t n,
                         const as_table *const *tables, as_arena *keep, as_canvas **canvas,
                         as_page *page)
{
    return as_figure_draw_within(ctx, f, settings, n, tables, (as_margins){ 0 }, keep, canvas, page);
}

as_margins as_canvas_margins(const as_canvas *c)
{
    return c->used;
}

as_status as_figure_draw_within(as_ctx *ctx, const as_figure *f, const void *settings, size_t n,
                                const as_table *const *tables, as_margins least, as_arena *keep,
                                as_canvas **canvas, as_page *page)
{
    const as_look *look = settings; /* every kind's settings begin with it */
    as_style style = as_look_style(look);
    if (look->height <= 0 && f->height) style.height_mm = style.width_mm * f->height(settings, n, tables);
    style.height_mm = floor(style.height_mm * 10 + 0.5) / 10;
    *page = (as_page){ .mm = { style.width_mm, style.height_mm }, .dpi = look->dpi };
    *canvas = as_canvas_new(ctx, keep, page->mm, style.paper);
    if (!*canvas) return AS_ERR;
    (*canvas)->least = least;
    const as_frame frame = as_enter(ctx);
    const as_status s = f->draw(ctx, settings, n, tables, *canvas);
    as_leave(ctx, frame);
    return s == AS_OK ? AS_OK : as_while(ctx, "drawing %s", f->name);
}

as_status as_canvas_write(as_ctx *ctx, const as_canvas *c, const as_page *page, const char *suffix,
                          FILE *to)
{
    const as_backend *b = as_backend_find(suffix);
    if (b) return b->write(ctx, c, page, to);
    return as_fail(ctx, AS_E_USAGE, NULL, "no figure can be written as '%s', expected png, svg or pdf",
                   suffix);
}
