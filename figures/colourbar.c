/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A colour bar is a narrow frame of its own whose content is the palette. */
#include <math.h>

#include "colourbar.h"
#include "font.h"

enum { SHADES = 128 };

static double bar_width(const as_view *v)
{
    return 1.3 * as_pt(v->style.text_pt);
}

double as_colourbar_width(const as_view *v, const as_colourbar *b)
{
    as_ticks t;
    double w = 0;
    as_ticks_find(b->scale, b->lo, b->hi, 6, false, &t);
    for (size_t i = 0; i < t.n; i++)
        w = fmax(w, as_font_extent(v->style.tick_pt, t.tick[i].label).w);
    return bar_width(v) + w + v->style.tick_mm + 0.35 * as_pt(v->style.tick_pt) +
           2.1 * as_pt(v->style.text_pt);
}

static as_status content(as_view *v, void *data)
{
    uint32_t shade[SHADES];
    (void)data;
    for (int i = 0; i < SHADES; i++)
        shade[i] = as_map_colour((as_palette)v->look->palette, 1 - (i + 0.5) / SHADES);
    return v->dry ? AS_OK : as_canvas_image(v->c, v->frame, SHADES, 1, shade);
}

as_status as_colourbar_draw(const as_view *v, const as_colourbar *b)
{
    as_view *bar = AS_NEW(as_scratch(v->ctx), as_view);
    static const as_look empty = { .legend = AS_LEGEND_NONE };
    as_look *look = AS_NEW(as_scratch(v->ctx), as_look);
    if (!bar || !look) return AS_ERR;
    *look = empty;
    look->palette = v->look->palette;
    *bar = *v;
    bar->look = look;
    bar->bare = bar->panel = true;
    bar->n_entries = 0;
    bar->x.shown = bar->x2.shown = bar->y.shown = false;
    bar->y2 = (as_axis){ .shown = true, .numbers = true, .scale = b->scale, .lo = b->lo, .hi = b->hi,
                         .name = b->name, .unit = b->unit };
    bar->frame = (as_box){ v->outer.x + v->outer.w + 0.3 * as_pt(v->style.text_pt), v->frame.y,
                           bar_width(v), v->frame.h };
    as_ticks_find(b->scale, b->lo, b->hi, 6, true, &bar->y2.ticks);
    return as_view_fill(bar, content, NULL);
}
