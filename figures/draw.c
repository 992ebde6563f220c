/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The near side of the drawing facade: opens the module, turns its report into diagnostics. */
#include "draw.h"
#include "font.h"
#include "module.h"
#include "scripts.h"

#ifndef ASSAY_MODULES
extern const as_draw as_module_draw;
extern const as_scripts as_module_scripts;
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

const as_scripts *as_scripts_for(as_ctx *ctx, const as_canvas *c)
{
    as_glyph g[AS_MARKUP_MAX];
    bool needed = false;
    for (const as_mark_block *b = c->first; b && !needed; b = b->next)
        for (size_t i = 0; i < b->n && !needed; i++)
            needed = b->mark[i].kind == AS_MARK_TEXT && as_is_foreign(as_markup(b->mark[i].text, g), g);
    if (!needed) return NULL;
    const as_scripts *found = AS_MODULE(ctx, "scripts", as_scripts, as_module_scripts);
    if (found) return found;
    as_forget_error(ctx);
    as_warn(ctx, NULL, NULL,
            "labels in other scripts are drawn letter by letter: the module assay-scripts.so is not there");
    return NULL;
}

/* "日 (U+65E5), 本 (U+672C)": what a system lacks a font for. */
static as_status warn_missing(as_ctx *ctx, const as_drawn *d, const char *so)
{
    const char *list = "";
    if (d->n_missing == 0) return AS_OK;
    for (size_t i = 0; i < d->n_missing && list; i++) {
        char utf8[5] = "";
        as_utf8_put(d->missing[i], utf8);
        list = as_format(as_scratch(ctx), "%s%s%s (U+%04X)", list, i ? ", " : "", utf8, (unsigned)d->missing[i]);
    }
    if (!list) return AS_ERR;
    as_warn(ctx, NULL, NULL, "no font on this system has %s%s: %s; install a font of that script", list,
            d->n_missing == AS_MISSING_MAX ? " and maybe more" : "", so);
    return AS_OK;
}

as_status as_scripts_look(as_ctx *ctx, const as_canvas *c)
{
    as_glyph g[AS_MARKUP_MAX];
    const as_scripts *scripts = as_scripts_for(ctx, c);
    as_drawn d = { .error = "" };
    for (const as_mark_block *b = c->first; scripts && b; b = b->next)
        for (size_t i = 0; i < b->n; i++) {
            const size_t n = b->mark[i].kind == AS_MARK_TEXT ? as_markup(b->mark[i].text, g) : 0;
            if (as_is_foreign(n, g) && !scripts->look(n, g, &d)) return as_draw_done(ctx, false, &d);
        }
    return warn_missing(ctx, &d, "whoever opens the SVG needs one");
}

as_status as_draw_done(as_ctx *ctx, bool ok, const as_drawn *d)
{
    if (!ok) return as_fail(ctx, AS_E_IO, NULL, "%s", d->error[0] ? d->error : "cannot draw");
    if (d->family[0])
        as_warn(ctx, NULL, NULL, "the font %s is not installed: %s was taken, labels may overlap",
                AS_FONT_FAMILY, d->family);
    return warn_missing(ctx, d, "boxes stand in their place");
}
