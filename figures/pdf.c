/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PDF: drawn by the drawing module, fonts embedded, text selectable; provenance in Keywords. */
#include "file_out.h"
#include "scripts.h"

static as_status write_pdf(as_ctx *ctx, const as_canvas *c, const as_page *page, FILE *to)
{
    as_file_out out = as_out_to(to);
    as_drawn drawn = { .scripts = as_scripts_for(ctx, c) };
    const as_draw *draw = as_draw_open(ctx);
    if (!draw) return AS_ERR;
    const as_frame frame = as_enter(ctx);
    as_point *points = as_canvas_points(ctx, c);
    as_status s = AS_ERR;
    if (points) s = as_draw_done(ctx, draw->pdf(c, page, points, &out.out, &drawn), &drawn);
    as_leave(ctx, frame);
    return s;
}

const as_backend as_backend_pdf = { "pdf", write_pdf };
