/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around the data: frame, ticks, labels, bands, marks, notes, title. */
#include <math.h>
#include <string.h>

#include "font.h"
#include "layout_inside.h"

static as_pen hairline(const as_view *v, uint32_t rgba)
{
    return (as_pen){ as_pt(v->style.axis_pt), NULL, 0, rgba };
}

static uint32_t ink_of(const as_view *v, const as_axis *a)
{
    return a->ink ? as_readable(a->ink, v->style.paper) : v->style.ink;
}

/* The label of an axis with its unit and the power of ten taken out of the numbers. */
static const char *full_name(as_view *v, const as_axis *a)
{
    as_arena *scratch = as_scratch(v->ctx);
    const int k = a->numbers ? a->ticks.power : 0;
    const char *unit = a->unit;
    if (!a->name || !a->name[0]) return "";
    const char *power = k == 0 ? "" : as_format(scratch, "10^{%d}", k);
    if (!power) return NULL;
    if (!*unit && !*power) return a->name;
    return as_format(scratch, "%s (%s%s%s)", a->name, power, *power && *unit ? " " : "", unit);
}

double as_view_name_length(as_view *v, const as_axis *a)
{
    const char *name = full_name(v, a);
    return name ? as_font_extent(v->style.text_pt, name).w : 0;
}

static as_status halo(as_view *v, as_point at, as_anchor anchor, as_size s)
{
    const double air = 0.25;
    const double x = at.x - anchor.h * s.w, y = at.y - (1 - anchor.v) * s.h;
    const as_point box[] = { { x - air, y - air }, { x + s.w + air, y - air }, { x + s.w + air, y + s.h + air },
                             { x - air, y + s.h + air } };
    return as_canvas_fill(v->c, 4, box, v->style.paper);
}

/* The number at one tick; `out` is the direction away from the frame. */
static as_status number(as_view *v, const as_axis *a, size_t i, as_point at, as_point out)
{
    if (!a->ticks.tick[i].major || !a->numbers) return AS_OK;
    const double away = v->style.tick_mm + 0.35 * as_pt(v->style.tick_pt);
    const as_point place = { at.x + out.x * away, at.y + out.y * away };
    as_anchor anchor = { out.x < 0 ? 1 : out.x > 0 ? 0 : 0.5, out.y > 0 ? 1 : out.y < 0 ? 0 : 0.5 };
    if (a->tilted) anchor = (as_anchor){ 1, 1 };
    if (v->haloed) AS_TRY(halo(v, place, anchor, as_font_extent(v->style.tick_pt, as_tick_text(a, i))));
    return as_canvas_text(v->c, place, anchor, v->style.tick_pt, a->tilted ? AS_TILT * 180 / acos(-1.0) : 0,
                          ink_of(v, a), as_tick_text(a, i));
}

/* Minor ticks closer than this (mm) to each other are left out. */
static bool crowded(const as_axis *a, double length)
{
    double least = INFINITY;
    for (size_t i = 1; i < a->ticks.n; i++)
        least = fmin(least, fabs(as_axis_place(a, a->ticks.tick[i].at) -
                                 as_axis_place(a, a->ticks.tick[i - 1].at)) * length);
    return least < 0.7 && a->scale != AS_LOG;
}

/* All ticks of an axis as one line with gaps, then their numbers. `from` is where 0 of the axis lies,
 * `along` leads to its 1, `out` away from the frame. */
static as_status ticks(as_view *v, const as_axis *a, as_point from, as_point along, as_point out)
{
    as_point line[3 * AS_TICKS_MAX];
    size_t n = 0;
    const bool few = crowded(a, fabs(along.x) + fabs(along.y));
    for (size_t i = 0; i < a->ticks.n; i++) {
        const as_tick *t = &a->ticks.tick[i];
        if (!t->major && few) continue;
        const double f = as_axis_place(a, t->at), length = v->style.tick_mm * (t->major ? 1 : 0.55);
        const as_point at = { from.x + f * along.x, from.y + f * along.y };
        if (n) line[n++] = (as_point){ NAN, NAN };
        line[n++] = at;
        line[n++] = (as_point){ at.x + out.x * length, at.y + out.y * length };
        AS_TRY(number(v, a, i, at, out));
    }
    return n ? as_canvas_line(v->c, n, line, hairline(v, ink_of(v, a))) : AS_OK;
}

#define EDGES 1.0 /* mm that texts stay away from the borders of the page, both sides together */

/* The middle of something `length` long, as near to `middle` as it may be to lie in [from, from + room]. */
static double inside(double middle, double length, double from, double room)
{
    if (length >= room) return from + room / 2;
    return fmin(fmax(middle, from + length / 2), from + room - length / 2);
}

static as_status level_axis(as_view *v, const as_axis *a, bool top)
{
    const as_box f = v->frame;
    const double y = top ? f.y : f.y + f.h;
    if (!a->shown) return AS_OK;
    AS_TRY(ticks(v, a, (as_point){ f.x, y }, (as_point){ f.w, 0 }, (as_point){ 0, top ? -1 : 1 }));
    const char *name = full_name(v, a);
    if (!name) return AS_ERR;
    double away = v->style.tick_mm * (a->ticks.n > 0) + 0.45 * as_pt(v->style.text_pt), pt = v->style.text_pt;
    if (a->numbers && a->ticks.n) away += as_level_labels(v, a);
    const double room = v->outer.w - EDGES;
    if (!(name = as_text_fitted(v, name, room, &pt))) return AS_ERR;
    const double x = inside(f.x + f.w / 2, as_font_extent(pt, name).w, v->outer.x + EDGES / 2, room);
    return as_canvas_text(v->c, (as_point){ x, top ? y - away : y + away }, (as_anchor){ 0.5, top ? 0 : 1 }, pt, 0,
                          ink_of(v, a), name);
}

static double number_width(const as_view *v, const as_axis *a)
{
    double w = 0;
    for (size_t i = 0; a->numbers && i < a->ticks.n; i++)
        w = fmax(w, as_font_extent(v->style.tick_pt, a->ticks.tick[i].label).w);
    return w > 0 ? w + 0.35 * as_pt(v->style.tick_pt) : 0;
}

static as_status upright_axis(as_view *v, const as_axis *a, bool right)
{
    const as_box f = v->frame;
    const double x = right ? f.x + f.w : f.x;
    if (!a->shown) return AS_OK;
    AS_TRY(ticks(v, a, (as_point){ x, f.y + f.h }, (as_point){ 0, -f.h }, (as_point){ right ? 1 : -1, 0 }));
    const char *name = full_name(v, a);
    if (!name) return AS_ERR;
    const double away = v->style.tick_mm * (a->ticks.n > 0) + number_width(v, a) + as_beside_gap(v, a);
    const double room = v->outer.h - EDGES;
    double pt = v->style.text_pt;
    if (v->panel) pt = as_pt_fitted(v, name, f.h, pt); /* beside its own panel, not the one below */
    if (!(name = as_text_fitted(v, name, room, &pt))) return AS_ERR;
    const double y = inside(f.y + f.h / 2, as_font_extent(pt, name).w, v->outer.y + EDGES / 2, room);
    /* turned text: its baseline is on the side of the frame on the left, away from it on the right */
    const as_point at = { right ? x + away : x - away, y };
    return as_canvas_text(v->c, at, (as_anchor){ 0.5, right ? 1 : 0 }, pt, 90, ink_of(v, a), name);
}

/* Two slanted strokes across the frame's line at each end of a break, the line between them taken away. `along`
 * runs along the axis, `at` is one side of the frame. */
static as_status break_marks(as_view *v, const as_axis *a, as_point at, as_point along)
{
    const double r = v->style.tick_mm * 0.75, length = fabs(along.x) + fabs(along.y);
    as_point end[2];
    for (int i = 0; i < 2; i++) {
        const double f = as_axis_place(a, i ? a->break_hi : a->break_lo);
        end[i] = (as_point){ at.x + f * along.x, at.y + f * along.y };
    }
    const as_pen paper = { as_pt(v->style.axis_pt) * 2, NULL, 0, v->style.paper };
    AS_TRY(as_canvas_line(v->c, 2, end, paper));
    for (int i = 0; i < 2; i++) {
        const as_point d = { r * (0.4 * fabs(along.x) + fabs(along.y)) / length,
                             -r * (fabs(along.x) + 0.4 * fabs(along.y)) / length };
        const as_point stroke[] = { { end[i].x - d.x, end[i].y - d.y }, { end[i].x + d.x, end[i].y + d.y } };
        AS_TRY(as_canvas_line(v->c, 2, stroke, hairline(v, v->style.ink)));
    }
    return AS_OK;
}

as_status as_view_cover_breaks(as_view *v)
{
    const as_axis *axis[] = { &v->x, &v->y };
    const as_box f = v->frame;
    for (int i = 0; i < 2; i++) {
        if (!axis[i]->has_break) continue;
        const double a = as_axis_place(axis[i], axis[i]->break_lo), b = as_axis_place(axis[i], axis[i]->break_hi);
        const double x0 = i ? f.x : f.x + a * f.w, x1 = i ? f.x + f.w : f.x + b * f.w;
        const double y0 = i ? f.y + (1 - a) * f.h : f.y, y1 = i ? f.y + (1 - b) * f.h : f.y + f.h;
        const as_point band[] = { { x0, y0 }, { x1, y0 }, { x1, y1 }, { x0, y1 } };
        AS_TRY(as_canvas_fill(v->c, 4, band, v->style.paper));
    }
    return AS_OK;
}

static as_status breaks(as_view *v)
{
    const as_box f = v->frame;
    for (int i = 0; i < 2; i++) {
        const as_point low = { f.x, i ? f.y : f.y + f.h }, side = { i ? f.x + f.w : f.x, f.y + f.h };
        if (v->x.has_break) AS_TRY(break_marks(v, &v->x, low, (as_point){ f.w, 0 }));
        if (v->y.has_break) AS_TRY(break_marks(v, &v->y, side, (as_point){ 0, -f.h }));
    }
    return AS_OK;
}

as_status as_view_axes(as_view *v)
{
    const as_box f = v->frame;
    const as_point corner[] = { { f.x, f.y }, { f.x + f.w, f.y }, { f.x + f.w, f.y + f.h },
                                { f.x, f.y + f.h } };
    const uint32_t sides[] = { v->style.ink, v->y2.shown ? ink_of(v, &v->y2) : v->style.ink,
                               v->style.ink, ink_of(v, &v->y) };
    const double half = as_pt(v->style.axis_pt) / 2;
    for (int i = 0; i < 4; i++) { /* each a little longer, so that the corners are closed */
        as_point a = corner[i], b = corner[(i + 1) % 4];
        if (i % 2 == 0) a.x += i ? half : -half, b.x += i ? -half : half;
        else a.y += i == 1 ? -half : half, b.y += i == 1 ? half : -half;
        const as_point line[] = { a, b };
        AS_TRY(as_canvas_line(v->c, 2, line, hairline(v, sides[i])));
    }
    AS_TRY(breaks(v));
    AS_TRY(level_axis(v, &v->x, false));
    AS_TRY(level_axis(v, &v->x2, true));
    AS_TRY(upright_axis(v, &v->y, false));
    return upright_axis(v, &v->y2, true);
}

static as_box label_box(const as_view *v, const as_band *b)
{
    const as_size s = as_font_extent(v->style.tick_pt, b->label);
    const double x = inside((b->from + b->to) / 2, s.w, v->frame.x + EDGES / 2, v->frame.w - EDGES);
    return (as_box){ x - s.w / 2, 0, s.w, s.h };
}

static bool is_named(const as_view *v, const as_band *b)
{
    if (!b->label || !*b->label) return false;
    return !b->cut || b->to - b->from > 0.7 * as_font_extent(v->style.tick_pt, b->label).w;
}

/* True when all labels fit side by side at height y. */
static bool row_free(const as_view *v, size_t n, const as_band *band, double y)
{
    double end = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (!is_named(v, &band[i])) continue;
        as_box b = label_box(v, &band[i]);
        b.y = y;
        if (as_view_taken(v, b) > 0 || b.x < end) return false;
        end = b.x + b.w + 0.5;
    }
    return true;
}

as_status as_view_band_labels(as_view *v, size_t n, const as_band *band, bool top)
{
    const double h = as_font_extent(v->style.tick_pt, "A").h, gap = 0.55 * h;
    const double low = v->frame.y + v->frame.h - h - gap, high = v->frame.y + gap, step = h / 2;
    const double first = top ? high : low, other = top ? low : high;
    const double row = row_free(v, n, band, first) ? first : row_free(v, n, band, other) ? other : NAN;
    for (size_t i = 0; i < n; i++) {
        if (!is_named(v, &band[i])) continue;
        as_box b = label_box(v, &band[i]);
        double least = INFINITY, best = row;
        for (double y = first; isnan(row) && least > 0 && y >= high && y <= low; y += top ? step : -step) {
            b.y = y;
            const double taken = as_view_taken(v, b);
            if (taken < least) least = taken, best = y;
        }
        b.y = best;
        AS_TRY(as_view_text(v, (as_point){ b.x + b.w / 2, b.y }, (as_anchor){ 0.5, 1 }, v->style.tick_pt,
                            v->style.ink, band[i].label));
    }
    return AS_OK;
}

as_status as_view_bands(as_view *v)
{
    const as_box f = v->frame;
    as_band *band = AS_NEW_N(as_scratch(v->ctx), as_band, v->look->bands.n + 1);
    size_t n = 0;
    if (!band) return AS_ERR;
    for (size_t i = 0; i < v->look->bands.n; i++) {
        double ends[2];
        const char *label;
        AS_TRY(as_look_item(v->ctx, "band", v->look->bands.v[i], ':', 2, ends, &label));
        const double a = as_view_x(v, ends[0]), b = as_view_x(v, ends[1]);
        const double from = fmax(fmin(a, b), f.x), to = fmin(fmax(a, b), f.x + f.w);
        if (!(from < to)) continue; /* outside what is shown */
        const as_point box[] = { { from, f.y }, { to, f.y }, { to, f.y + f.h }, { from, f.y + f.h } };
        AS_TRY(as_canvas_fill(v->c, 4, box, v->style.faint));
        band[n++] = (as_band){ from, to, from > fmin(a, b) || to < fmax(a, b), label };
    }
    return as_view_band_labels(v, n, band, true);
}

as_status as_view_mark_lines(as_view *v)
{
    for (size_t i = 0; i < v->look->marks.n; i++) {
        double x;
        const char *label;
        AS_TRY(as_look_item(v->ctx, "mark", v->look->marks.v[i], ',', 1, &x, &label));
        const double at = as_view_x(v, x);
        if (!(at >= v->frame.x && at <= v->frame.x + v->frame.w)) continue;
        as_view_cross(v, (as_point){ at, v->frame.y }, (as_point){ at, v->frame.y + v->frame.h });
    }
    return AS_OK;
}

/* The label of a mark, beside its line: at the first height where nothing else is, right of it or left. */
static as_point label_place(const as_view *v, double at, as_size s, as_anchor *anchor)
{
    const double em = as_pt(v->style.tick_pt), gap = 0.35 * em, end = v->frame.x + v->frame.w;
    double least = INFINITY;
    as_point best = { at + gap, v->frame.y + 0.4 * em };
    *anchor = (as_anchor){ 0, 1 };
    for (double y = best.y; y < v->frame.y + 0.8 * v->frame.h && least > 0; y += 0.5 * em)
        for (int left = 0; left < 2; left++) {
            const as_box b = { left ? at - gap - s.w : at + gap, y, s.w, 0.8 * em };
            if (b.x < v->frame.x || b.x + b.w > end) continue;
            const double taken = as_view_taken(v, b);
            if (taken >= least) continue;
            least = taken;
            best = (as_point){ left ? at - gap : at + gap, y };
            anchor->h = left;
        }
    return best;
}

static as_status mark(as_view *v, const char *text)
{
    static const double dash[] = { 0.8, 0.6 };
    const as_box f = v->frame;
    double x;
    const char *label;
    AS_TRY(as_look_item(v->ctx, "mark", text, ',', 1, &x, &label));
    const double at = as_view_x(v, x);
    as_anchor anchor;
    if (!(at >= f.x && at <= f.x + f.w)) return AS_OK;
    const as_point place = label_place(v, at, as_font_extent(v->style.tick_pt, label), &anchor);
    const as_point line[] = { { at, f.y }, { at, f.y + f.h } };
    AS_TRY(as_canvas_line(v->c, 2, line, (as_pen){ as_pt(v->style.axis_pt), dash, 2, v->style.muted }));
    return as_view_text(v, place, anchor, v->style.tick_pt, v->style.ink, label);
}

as_status as_view_marks(as_view *v)
{
    for (size_t i = 0; i < v->look->marks.n; i++) AS_TRY(mark(v, v->look->marks.v[i]));
    for (size_t i = 0; i < v->look->notes.n; i++) {
        double at[2];
        const char *label;
        AS_TRY(as_look_item(v->ctx, "note", v->look->notes.v[i], ',', 2, at, &label));
        as_point place = as_view_at(v, AS_SIDE_Y, at[0], at[1]);
        const double w = as_font_extent(v->style.tick_pt, label).w;
        if (place.x >= v->frame.x && place.x <= v->frame.x + v->frame.w)
            place.x = inside(place.x, w, v->frame.x + EDGES / 2, v->frame.w - EDGES);
        AS_TRY(as_view_text(v, place, (as_anchor){ 0.5, 0.5 }, v->style.tick_pt, v->style.ink, label));
    }
    return AS_OK;
}

as_status as_view_head(as_view *v)
{
    const double em = as_pt(v->style.text_pt), right = v->frame.x + v->frame.w;
    double y = v->outer.y + 0.35 * em;
    if (v->origin) {
        AS_TRY(as_canvas_text(v->c, (as_point){ right, y }, (as_anchor){ 1, 1 }, v->style.small_pt, 0,
                              v->style.muted, v->origin));
        y += 1.2 * as_pt(v->style.small_pt);
    }
    if (!v->look->title) return AS_OK;
    double pt = v->style.text_pt;
    const double room = v->outer.w - EDGES;
    const char *title = as_text_fitted(v, v->look->title, room, &pt);
    if (!title) return AS_ERR;
    const double x = inside(v->frame.x + v->frame.w / 2, as_font_extent(pt, title).w, v->outer.x + EDGES / 2, room);
    return as_canvas_text(v->c, (as_point){ x, y }, (as_anchor){ 0.5, 1 }, pt, 0, v->style.ink, title);
}
