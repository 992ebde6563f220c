/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The display list: what a figure draws, in the order it draws it. */
#include <math.h>
#include <string.h>

#include "display.h"
#include "font.h"

as_canvas *as_canvas_new(as_ctx *ctx, as_arena *a, as_size mm, uint32_t paper)
{
    as_canvas *c = AS_NEW(a, as_canvas);
    if (!c) return NULL;
    c->ctx = ctx;
    c->arena = a;
    c->mm = mm;
    c->paper = paper;
    return c;
}

as_size as_canvas_size(const as_canvas *c)
{
    return c->mm;
}

static as_mark *add(as_canvas *c, as_mark_kind kind)
{
    if (!c->last || c->last->n == AS_BLOCK_MARKS) {
        as_mark_block *b = AS_NEW(c->arena, as_mark_block);
        if (!b) return NULL;
        if (c->last) c->last->next = b;
        else c->first = b;
        c->last = b;
    }
    as_mark *m = &c->last->mark[c->last->n++];
    m->kind = kind;
    return m;
}

/* A mark with its points copied; NULL without memory. */
static as_mark *add_points(as_canvas *c, as_mark_kind kind, size_t n, const as_point *p)
{
    as_point *copy = AS_NEW_N(c->arena, as_point, n ? n : 1);
    as_mark *m = copy ? add(c, kind) : NULL;
    if (!m) return NULL;
    if (n) memcpy(copy, p, n * sizeof *p);
    m->n = n;
    m->p = copy;
    return m;
}

static as_status set_pen(as_canvas *c, as_mark *m, as_pen pen)
{
    m->pen = pen;
    if (!pen.n_dash) return AS_OK;
    double *dash = AS_NEW_N(c->arena, double, pen.n_dash);
    if (!dash) return AS_ERR;
    memcpy(dash, pen.dash_mm, pen.n_dash * sizeof *dash);
    m->pen.dash_mm = dash;
    return AS_OK;
}

as_status as_canvas_line(as_canvas *c, size_t n, const as_point *p, as_pen pen)
{
    as_mark *m = add_points(c, AS_MARK_LINE, n, p);
    return m ? set_pen(c, m, pen) : AS_ERR;
}

as_status as_canvas_fill(as_canvas *c, size_t n, const as_point *p, uint32_t rgba)
{
    as_mark *m = add_points(c, AS_MARK_FILL, n, p);
    if (!m) return AS_ERR;
    m->rgba = rgba;
    return AS_OK;
}

as_status as_canvas_markers(as_canvas *c, size_t n, const as_point *p, as_marker kind,
                            double size_mm, uint32_t fill, as_pen pen)
{
    as_mark *m = add_points(c, AS_MARK_MARKERS, n, p);
    if (!m) return AS_ERR;
    m->marker = kind;
    m->size = size_mm;
    m->rgba = fill;
    return set_pen(c, m, pen);
}

as_status as_canvas_clip(as_canvas *c, as_box box)
{
    as_mark *m = add(c, AS_MARK_CLIP);
    if (!m) return AS_ERR;
    m->box = box;
    c->clips++;
    return AS_OK;
}

as_status as_canvas_unclip(as_canvas *c)
{
    if (c->clips == 0) return as_fail(c->ctx, AS_E_BUG, NULL, "unclip without a clip");
    c->clips--;
    return add(c, AS_MARK_UNCLIP) ? AS_OK : AS_ERR;
}

as_status as_canvas_image(as_canvas *c, as_box box, size_t rows, size_t columns,
                          const uint32_t *rgba)
{
    if (!rows || !columns) return AS_OK;
    if (rows > SIZE_MAX / columns)
        return as_fail(c->ctx, AS_E_LIMIT, NULL, "an image of %zu by %zu pixels", rows, columns);
    uint32_t *copy = AS_NEW_N(c->arena, uint32_t, rows * columns);
    as_mark *m = copy ? add(c, AS_MARK_IMAGE) : NULL;
    if (!m) return AS_ERR;
    memcpy(copy, rgba, rows * columns * sizeof *copy);
    m->box = box;
    m->rows = rows;
    m->columns = columns;
    m->pixels = copy;
    return AS_OK;
}

as_status as_canvas_text(as_canvas *c, as_point at, as_anchor anchor, double size_pt,
                         double angle_deg, uint32_t rgba, const char *utf8)
{
    if (!utf8 || !*utf8 || !isfinite(at.x) || !isfinite(at.y)) return AS_OK;
    const char *copy = as_strdup(c->arena, utf8);
    as_mark *m = copy ? add_points(c, AS_MARK_TEXT, 1, &at) : NULL;
    if (!m) return AS_ERR;
    m->anchor = anchor;
    m->size = size_pt;
    m->angle_deg = angle_deg;
    m->rgba = rgba;
    m->text = copy;
    m->extent = as_font_extent(size_pt, utf8);
    return AS_OK;
}

/* One mark moved by `at`; points are copied, what does not move is shared. */
static as_status place(as_canvas *to, const as_mark *m, as_point at)
{
    as_mark *copy = m->p ? add_points(to, m->kind, m->n, m->p) : add(to, m->kind);
    if (!copy) return AS_ERR;
    as_point *p = (as_point *)(uintptr_t)copy->p; /* its own */
    *copy = *m;
    copy->p = p;
    for (size_t i = 0; p && i < m->n; i++) {
        p[i].x += at.x;
        p[i].y += at.y;
    }
    copy->box.x += at.x;
    copy->box.y += at.y;
    return AS_OK;
}

as_status as_canvas_place(as_canvas *to, const as_canvas *from, as_point at)
{
    AS_TRY(as_canvas_clip(to, (as_box){ at.x, at.y, from->mm.w, from->mm.h }));
    for (const as_mark_block *b = from->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++) AS_TRY(place(to, &b->mark[i], at));
    for (int i = 0; i < from->clips; i++) AS_TRY(as_canvas_unclip(to));
    return as_canvas_unclip(to);
}
