/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Insets: --zoom 300:420,0:20=top-left draws a part of the frame once more and joins the two. */
#include <math.h>
#include <string.h>

#include "inset.h"
#include "layout_inside.h"
#include "number.h"

as_status as_inset_open(as_view *v, as_box at, as_view **out)
{
    as_view *small = *out = AS_NEW(as_scratch(v->ctx), as_view);
    as_look *look = AS_NEW(as_scratch(v->ctx), as_look);
    if (!small || !look) return AS_ERR;
    const as_range all = { .lo = -INFINITY, .hi = INFINITY };
    *look = (as_look){ .legend = AS_LEGEND_NONE, .size = v->look->size, .theme = v->look->theme,
                       .palette = v->look->palette, .x = all, .y = all, .x_break = all, .y_break = all };
    *small = *v;
    small->look = look;
    small->outer = at;
    small->bare = small->haloed = true;
    small->n_entries = 0;
    small->style.text_pt = small->style.tick_pt = v->style.small_pt + 0.5;
    small->style.marker_mm *= 0.55;
    small->style.tick_mm *= 0.8;
    small->y.name = ""; /* as beside it */
    return AS_OK;
}

static bool pair(const char *text, size_t n, double out[2])
{
    const char *colon = memchr(text, ':', n);
    return colon && as_read_number(text, (size_t)(colon - text), '.', &out[0]) &&
           as_read_number(colon + 1, n - (size_t)(colon + 1 - text), '.', &out[1]) && out[0] < out[1];
}

static bool corner_of(const as_view *v, const char *name, as_size size, as_box *out)
{
    const double gap = 0.5 * as_pt(v->style.text_pt);
    const bool right = strstr(name, "right") != NULL, bottom = strstr(name, "bottom") != NULL;
    for (const as_choice *c = as_legend_places; c->name; c++)
        if (strcmp(c->name, name) == 0 && c->value >= AS_LEGEND_TOP_RIGHT && c->value <= AS_LEGEND_BOTTOM_LEFT) {
            *out = (as_box){ right ? v->frame.x + v->frame.w - size.w - gap : v->frame.x + gap,
                             bottom ? v->frame.y + v->frame.h - size.h - gap : v->frame.y + gap, size.w,
                             size.h };
            return true;
        }
    return false;
}

static as_size zoom_size(const as_view *v)
{
    return (as_size){ v->frame.w * 0.46, v->frame.h * 0.46 };
}

void as_zooms_reserve(as_view *v)
{
    for (size_t i = 0; i < v->look->zooms.n; i++) {
        const char *equals = strchr(v->look->zooms.v[i], '=');
        as_box at;
        if (equals && corner_of(v, equals + 1, zoom_size(v), &at)) as_view_take(v, at);
    }
}

/* "x0:x1", "x0:x1,y0:y1", either with "=corner". */
static as_status settle(as_view *v, const char *text, as_zoom *z)
{
    const char *equals = strchr(text, '='), *end = equals ? equals : text + strlen(text);
    const char *comma = memchr(text, ',', (size_t)(end - text)), *x_end = comma ? comma : end;
    const as_size size = zoom_size(v);
    z->y[0] = z->y[1] = NAN;
    bool good = pair(text, (size_t)(x_end - text), z->x) &&
                (!comma || pair(comma + 1, (size_t)(end - comma - 1), z->y));
    if (good && equals) good = corner_of(v, equals + 1, size, &z->at);
    else if (good && as_view_free(v, size, &z->at) > 0.02)
        as_warn(v->ctx, NULL, NULL, "the enlarged part %s covers some of the data", text);
    if (good) {
        as_view_take(v, z->at);
        return AS_OK;
    }
    return as_fail(v->ctx, AS_E_USAGE, NULL,
                   "--zoom \"%s\": expected lo:hi of x, then maybe ,lo:hi of y, then maybe = and a corner "
                   "(top-right, top-left, bottom-right, bottom-left)", text);
}

as_status as_zooms_settle(as_view *v, as_zoom **out)
{
    const as_texts *asked = &v->look->zooms;
    *out = AS_NEW_N(as_scratch(v->ctx), as_zoom, asked->n + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < asked->n; i++) AS_TRY(settle(v, asked->v[i], &(*out)[i]));
    return AS_OK;
}

/* How high the curves are between the ends of x: the content run once more, only looked at. */
static as_status y_span(as_view *small, as_content content, void *data)
{
    as_extent seen[2] = { { INFINITY, -INFINITY }, { INFINITY, -INFINITY } };
    small->seen = seen;
    small->dry = true;
    const as_status status = content(small, data);
    small->seen = NULL;
    small->dry = false;
    AS_TRY(status);
    AS_TRY(as_axis_span(small, &small->y, seen[AS_SIDE_Y].lo, seen[AS_SIDE_Y].hi, 0.06, NULL, NULL));
    if (!small->y2.shown || !(seen[AS_SIDE_Y2].lo <= seen[AS_SIDE_Y2].hi)) return AS_OK;
    return as_axis_span(small, &small->y2, seen[AS_SIDE_Y2].lo, seen[AS_SIDE_Y2].hi, 0.06, NULL, NULL);
}

static as_status box_line(as_canvas *c, as_box b, as_pen pen)
{
    const as_point ring[] = { { b.x, b.y }, { b.x + b.w, b.y }, { b.x + b.w, b.y + b.h },
                              { b.x, b.y + b.h }, { b.x, b.y } };
    return as_canvas_line(c, 5, ring, pen);
}

/* The part of the frame that an inset shows, mm. */
static as_box source_box(const as_view *v, const as_view *small)
{
    const as_point a = as_view_at(v, AS_SIDE_Y, small->x.lo, small->y.lo);
    const as_point b = as_view_at(v, AS_SIDE_Y, small->x.hi, small->y.hi);
    const as_box f = v->frame;
    const double left = fmax(fmin(a.x, b.x), f.x), right = fmin(fmax(a.x, b.x), f.x + f.w);
    const double top = fmax(fmin(a.y, b.y), f.y), bottom = fmin(fmax(a.y, b.y), f.y + f.h);
    return (as_box){ left, top, right - left, bottom - top };
}

/* Two lines from the sides of the part that face the inset to the inset's corners there. */
static as_status connect(as_canvas *c, as_box part, as_box inset, as_pen pen)
{
    const double dx = inset.x + inset.w / 2 - part.x - part.w / 2;
    const double dy = inset.y + inset.h / 2 - part.y - part.h / 2;
    const bool beside = fabs(dx) * (inset.h + part.h) > fabs(dy) * (inset.w + part.w);
    as_point from[2], to[2];
    for (int i = 0; i < 2; i++) { /* beside: upper and lower corners; else left and right ones */
        const bool right = beside ? dx > 0 : i == 1, low = beside ? i == 1 : dy > 0;
        from[i] = (as_point){ part.x + (right ? part.w : 0), part.y + (low ? part.h : 0) };
        const bool its_right = beside ? dx <= 0 : i == 1, its_low = beside ? i == 1 : dy <= 0;
        to[i] = (as_point){ inset.x + (its_right ? inset.w : 0), inset.y + (its_low ? inset.h : 0) };
    }
    for (int i = 0; i < 2; i++) {
        const as_point line[] = { from[i], to[i] };
        AS_TRY(as_canvas_line(c, 2, line, pen));
    }
    return AS_OK;
}

static as_status draw(as_view *v, const as_zoom *z, as_content content, void *data)
{
    as_view *small;
    AS_TRY(as_inset_open(v, z->at, &small));
    small->x.lo = z->x[0], small->x.hi = z->x[1];
    small->x.has_break = small->y.has_break = false;
    small->x.name = "";
    small->x2.shown = false;
    if (isnan(z->y[0])) AS_TRY(y_span(small, content, data));
    else small->y.lo = z->y[0], small->y.hi = z->y[1];
    small->y2.shown = false;
    as_view_place(small, as_view_margins(small));
    const as_pen thin = { as_pt(v->style.axis_pt), NULL, 0, v->style.muted };
    const as_box f = z->at, part = source_box(v, small);
    const as_point page[] = { { f.x, f.y }, { f.x + f.w, f.y }, { f.x + f.w, f.y + f.h }, { f.x, f.y + f.h } };
    AS_TRY(as_canvas_fill(v->c, 4, page, v->style.paper));
    AS_TRY(connect(v->c, part, small->frame, thin));
    AS_TRY(box_line(v->c, part, thin));
    AS_TRY(as_canvas_clip(v->c, small->frame));
    AS_TRY(content(small, data));
    AS_TRY(as_canvas_unclip(v->c));
    return as_view_axes(small);
}

as_status as_zooms_draw(as_view *v, const as_zoom *zoom, as_content content, void *data)
{
    for (size_t i = 0; i < v->look->zooms.n; i++) AS_TRY(draw(v, &zoom[i], content, data));
    return AS_OK;
}
