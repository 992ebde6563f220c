/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The near side of the drawing facade: opens the module, turns its report into diagnostics. */
#include "draw.h"
#include "font.h"
#include "module.h"

#ifndef ASSAY_MODULES
extern const as_draw as_module_draw;
#endif

const as_draw *as_draw_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "draw", as_draw, as_module_draw);
}

as_point *as_canvas_points(as_ctx *ctx, const as_canvas *c)
{
    size_t most = 1;
    for (const as_mark_block *b = c->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++)
            if (b->mark[i].n > most) most = b->mark[i].n;
    return AS_NEW_N(as_scratch(ctx), as_point, most);
}

as_status as_draw_done(as_ctx *ctx, bool ok, const as_drawn *d)
{
    if (!ok) return as_fail(ctx, AS_E_IO, NULL, "%s", d->error[0] ? d->error : "cannot draw");
    if (d->family[0])
        as_warn(ctx, NULL, NULL, "the font %s is not installed: %s was taken, labels may overlap",
                AS_FONT_FAMILY, d->family);
    if (d->missing)
        as_warn(ctx, NULL, NULL, "no font has the character U+%04X", (unsigned)d->missing);
    return AS_OK;
}
