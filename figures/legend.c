/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legend: rows of a sample and a label, in columns where they stand above the data. */
#include <math.h>

#include "font.h"
#include "layout_inside.h"

enum { INSIDE_MOST = 8 }; /* more entries stand beside the frame */

static double row_height(const as_view *v, double pt)
{
    (void)v;
    return 1.3 * as_pt(pt);
}

/* Many rows beside the frame are written smaller, so that they fit its height. */
static double text_pt(const as_view *v)
{
    const double room = v->outer.h * 0.82, pt = v->legend_pt > 0 ? v->legend_pt : v->style.tick_pt;
    const double need = (double)v->n_entries * row_height(v, pt);
    return need > room && v->n_entries > INSIDE_MOST ? fmax(pt * room / need, fmin(pt, v->style.small_pt)) : pt;
}

/* As many as there is room for on top of each other, beside the frame. */
static size_t columns_of(const as_view *v)
{
    const size_t rows = (size_t)fmax(1, floor(v->outer.h * 0.82 / row_height(v, text_pt(v)) + 1e-9));
    if (v->legend_columns) return v->legend_columns;
    return v->n_entries > INSIDE_MOST && v->n_entries > rows ? (v->n_entries + rows - 1) / rows : 1;
}

static double sample_width(const as_view *v)
{
    return 2.2 * as_pt(v->style.text_pt);
}

static double gap(const as_view *v)
{
    return 0.5 * as_pt(v->style.text_pt);
}

static double label_width(const as_view *v)
{
    double w = 0;
    for (size_t i = 0; i < v->n_entries; i++)
        w = fmax(w, as_font_extent(text_pt(v), v->entry[i].label).w);
    return w;
}

static double column_width(const as_view *v)
{
    return sample_width(v) + gap(v) + label_width(v);
}

static as_size size_of(const as_view *v)
{
    const size_t columns = columns_of(v), rows = (v->n_entries + columns - 1) / columns;
    return (as_size){ (double)columns * (column_width(v) + 2 * gap(v)) - 2 * gap(v),
                      (double)rows * row_height(v, text_pt(v)) };
}

static bool outside(const as_view *v)
{
    if (v->look->legend == AS_LEGEND_OUTSIDE) return v->n_entries > 0;
    return v->look->legend == AS_LEGEND_AUTO && v->n_entries > INSIDE_MOST;
}

double as_legend_outside(const as_view *v)
{
    return outside(v) ? fmin(size_of(v).w + 2 * gap(v), v->outer.w * 0.5) : 0;
}

/* Room for one label, mm: of the frame, or of half the page beside it. */
static double label_room(const as_view *v)
{
    const double all = outside(v) ? v->outer.w * 0.5 - gap(v) : v->frame.w - gap(v);
    return all / (double)(outside(v) ? columns_of(v) : 1) - sample_width(v) - 2 * gap(v);
}

as_status as_legend_fit(as_view *v)
{
    double pt = text_pt(v);
    if (v->n_entries == 0 || v->look->legend == AS_LEGEND_NONE) return AS_OK;
    if (v->entries_lost)
        as_warn(v->ctx, NULL, NULL, "the legend names the first %d of %zu curves", AS_ENTRIES_MAX,
                v->n_entries + v->entries_lost);
    const double room = label_room(v);
    for (size_t i = 0; i < v->n_entries; i++) pt = fmin(pt, as_pt_fitted(v, v->entry[i].label, room, pt));
    v->legend_pt = pt;
    const char **label = AS_NEW_N(as_scratch(v->ctx), const char *, v->n_entries);
    if (!label) return AS_ERR;
    for (size_t i = 0; i < v->n_entries; i++) label[i] = v->entry[i].label;
    AS_TRY(as_texts_fitted(v, v->n_entries, label, room, pt));
    for (size_t i = 0; i < v->n_entries; i++) v->entry[i].label = label[i];
    return AS_OK;
}

bool as_legend_settle(as_view *v, as_box *at)
{
    const as_size s = size_of(v);
    const as_box f = v->frame;
    const double g = gap(v);
    const int place = v->look->legend;
    *at = (as_box){ f.x + g, f.y + g, s.w, s.h };
    if (v->n_entries == 0 || place == AS_LEGEND_NONE) return true;
    if (outside(v)) {
        at->x = v->outer.x + v->outer.w - s.w - 0.5 * g;
        if (at->x < f.x + f.w + g) at->x = f.x + f.w + g;
        return true;
    }
    if (v->legend_columns) { /* room was made above the data */
        at->x = f.x + f.w - s.w - g;
        return as_view_taken(v, *at) <= AS_CROSSED_COST || as_view_free(v, s, at) <= AS_CROSSED_COST;
    }
    if (place == AS_LEGEND_AUTO) {
        const double taken = as_view_free(v, s, at);
        v->legend_backed = taken > 0 && taken <= AS_CROSSED_COST;
        return taken <= AS_CROSSED_COST;
    }
    if (place == AS_LEGEND_TOP_RIGHT || place == AS_LEGEND_BOTTOM_RIGHT) at->x = f.x + f.w - s.w - g;
    if (place == AS_LEGEND_BOTTOM_LEFT || place == AS_LEGEND_BOTTOM_RIGHT) at->y = f.y + f.h - s.h - g;
    return true;
}

/* The part of the frame's height that the legend takes in as many columns as have room. */
static double room_share(as_view *v)
{
    const double column = column_width(v) + 2 * gap(v), wide = v->frame.w - 2 * gap(v);
    const size_t fit = (size_t)fmax(1, floor((wide + 2 * gap(v)) / column));
    v->legend_columns = fit < v->n_entries ? fit : v->n_entries;
    return (size_of(v).h + 1.5 * gap(v)) / v->frame.h;
}

bool as_legend_room(as_view *v)
{
    as_axis *a = &v->y;
    if (a->fixed_hi || v->square || a->reversed) return false;
    double part = room_share(v);
    if (part > 0.2) { /* smaller, where more of it stands side by side */
        const double pt = v->legend_pt, one_size = part;
        v->legend_pt = fmin(text_pt(v), v->style.small_pt);
        part = room_share(v);
        if (part > 0.7 * one_size) v->legend_pt = pt, part = room_share(v);
    }
    if (part > 0.45) {
        v->legend_columns = 0;
        return false;
    }
    const double from = as_scaled(a->scale, a->lo), to = as_scaled(a->scale, a->hi);
    a->hi = as_unscaled(a->scale, from + (to - from) / (1 - part));
    if (v->y2.shown && !v->y2.fixed_hi) {
        const double lo2 = as_scaled(v->y2.scale, v->y2.lo), hi2 = as_scaled(v->y2.scale, v->y2.hi);
        v->y2.hi = as_unscaled(v->y2.scale, lo2 + (hi2 - lo2) / (1 - part));
    }
    if (v->panel) as_view_reticks(v);
    else as_view_place(v, as_view_margins(v));
    return true;
}

bool as_legend_smaller(as_view *v, as_box *at)
{
    v->legend_pt = fmin(text_pt(v), v->style.small_pt);
    v->legend_columns = 0;
    return as_legend_settle(v, at);
}

static as_status sample(as_view *v, const as_entry_row *e, as_point left)
{
    const double w = sample_width(v), half = 0.3 * as_pt(v->style.tick_pt);
    const as_point line[] = { left, { left.x + w, left.y } }, middle = { left.x + w / 2, left.y };
    if (e->area) {
        const as_point box[] = { { left.x + w * 0.2, left.y - half }, { left.x + w, left.y - half },
                                 { left.x + w, left.y + half }, { left.x + w * 0.2, left.y + half } };
        return as_canvas_fill(v->c, 4, box, e->brush.fill);
    }
    if ((e->brush.line & 255) && e->brush.width_mm > 0) {
        static const double dash[] = { 1.1, 0.8 };
        AS_TRY(as_canvas_line(v->c, 2, line,
                              (as_pen){ e->brush.width_mm, e->brush.dashed ? dash : NULL,
                                        e->brush.dashed ? 2 : 0, e->brush.line }));
    }
    if (!e->brush.dots) return AS_OK;
    return as_canvas_markers(v->c, 1, &middle, e->brush.marker, e->brush.size_mm, e->brush.fill,
                             (as_pen){ as_pt(0.6), NULL, 0, (e->brush.line ? e->brush.line : e->brush.fill) | 255 });
}

as_status as_legend_draw(as_view *v, as_box at)
{
    if (v->n_entries == 0 || v->look->legend == AS_LEGEND_NONE) return AS_OK;
    const size_t columns = columns_of(v), rows = (v->n_entries + columns - 1) / columns;
    if (v->legend_backed) {
        const as_size s = size_of(v);
        const as_point page[] = { { at.x, at.y }, { at.x + s.w, at.y }, { at.x + s.w, at.y + s.h },
                                  { at.x, at.y + s.h } };
        AS_TRY(as_canvas_fill(v->c, 4, page, v->style.paper));
    }
    const double pt = text_pt(v), row = row_height(v, pt), column = column_width(v) + 2 * gap(v);
    for (size_t i = 0; i < v->n_entries; i++) {
        const as_point left = { at.x + (double)(i / rows) * column,
                                at.y + ((double)(i % rows) + 0.5) * row };
        AS_TRY(sample(v, &v->entry[i], left));
        AS_TRY(as_canvas_text(v->c, (as_point){ left.x + sample_width(v) + gap(v), left.y },
                              (as_anchor){ 0, 0.5 }, pt, 0, v->style.ink, v->entry[i].label));
    }
    return AS_OK;
}
