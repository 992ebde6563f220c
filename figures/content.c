/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data inside a frame, and which parts of the frame it takes. */
#include <math.h>
#include <string.h>

#include "decimate.h"
#include "font.h"
#include "inset.h"
#include "layout_inside.h"

/* Cells of the frame that a box covers, clipped; false: none. */
static bool cells(const as_view *v, as_box b, int *x0, int *x1, int *y0, int *y1)
{
    const double w = v->frame.w / AS_GRID_W, h = v->frame.h / AS_GRID_H;
    const double left = (b.x - v->frame.x) / w, right = (b.x + b.w - v->frame.x) / w;
    const double top = (b.y - v->frame.y) / h, bottom = (b.y + b.h - v->frame.y) / h;
    if (!(right >= 0 && left < AS_GRID_W && bottom >= 0 && top < AS_GRID_H)) return false;
    *x0 = (int)fmax(left, 0);
    *x1 = (int)fmin(right, AS_GRID_W - 1);
    *y0 = (int)fmax(top, 0);
    *y1 = (int)fmin(bottom, AS_GRID_H - 1);
    return true;
}

void as_view_take(as_view *v, as_box box)
{
    int x0, x1, y0, y1;
    if (!cells(v, box, &x0, &x1, &y0, &y1)) return;
    for (int y = y0; y <= y1; y++) memset(&v->taken[y][x0], AS_TAKEN, (size_t)(x1 - x0 + 1));
}

double as_view_taken(const as_view *v, as_box box)
{
    int x0, x1, y0, y1;
    double n = 0;
    if (!cells(v, box, &x0, &x1, &y0, &y1)) return 0;
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++)
            n += v->taken[y][x] == AS_TAKEN ? 1 : v->taken[y][x] == AS_CROSSED ? AS_CROSSED_COST : 0;
    return n / ((x1 - x0 + 1) * (y1 - y0 + 1));
}

/* Steps along a line by less than a cell. */
static void take_line(as_view *v, as_point a, as_point b)
{
    const double w = v->frame.w / AS_GRID_W, h = v->frame.h / AS_GRID_H;
    const double far = fmax(fabs(b.x - a.x) / w, fabs(b.y - a.y) / h);
    if (!(far < 1e6)) return;
    const int n = (int)ceil(far) + 1;
    for (int i = 0; i <= n; i++) {
        const double f = (double)i / n;
        as_view_take(v, (as_box){ a.x + f * (b.x - a.x), a.y + f * (b.y - a.y), 0, 0 });
    }
}

void as_view_cross(as_view *v, as_point a, as_point b)
{
    int x0, x1, y0, y1;
    const as_box box = { fmin(a.x, b.x), fmin(a.y, b.y), fabs(b.x - a.x), fabs(b.y - a.y) };
    if (!cells(v, box, &x0, &x1, &y0, &y1)) return;
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++)
            if (!v->taken[y][x]) v->taken[y][x] = AS_CROSSED;
}

double as_view_free(const as_view *v, as_size size, as_box *out)
{
    static const as_point corner[] = { { 1, 0 }, { 0, 0 }, { 1, 1 }, { 0, 1 }, { 0.5, 0 }, { 0.5, 1 },
                                       { 1, 0.5 }, { 0, 0.5 }, { 0.5, 0.5 } };
    enum { N = sizeof corner / sizeof *corner, STEPS = 12 };
    const double gap = 0.5 * as_pt(v->style.text_pt), air = 0.6 * gap;
    const double w = v->frame.w - size.w - 2 * gap, h = v->frame.h - size.h - 2 * gap;
    double least = 2;
    if (w < 0 || h < 0) {
        *out = (as_box){ v->frame.x, v->frame.y, size.w, size.h };
        return 1;
    }
    for (int i = 0; i < N + (STEPS + 1) * (STEPS + 1) && least > (i < N ? 0 : AS_CROSSED_COST); i++) {
        const int k = i - N;
        const as_point at = i < N ? corner[i]
                          : (as_point){ (double)(STEPS - k % (STEPS + 1)) / STEPS,
                                        (double)(k / (STEPS + 1)) / STEPS };
        const as_box b = { v->frame.x + gap + at.x * w, v->frame.y + gap + at.y * h, size.w, size.h };
        const as_box around = { b.x - air, b.y - air, b.w + 2 * air, b.h + 2 * air };
        const double taken = as_view_taken(v, around);
        if (taken >= least) continue;
        least = taken;
        *out = b;
    }
    return least;
}

/* The curve in mm: parts beyond the frame are kept just outside it. */
static as_point *placed(const as_view *v, as_side side, size_t n, const double *x, const double *y)
{
    as_point *p = AS_NEW_N(as_scratch(v->ctx), as_point, n + 4);
    const as_axis *ay = side == AS_SIDE_Y2 ? &v->y2 : &v->y;
    const as_box f = v->frame;
    const double far = 4 * (f.w + f.h);
    const as_point zero = { f.x + f.w * as_axis_place(&v->x, v->x.lo), f.y + f.h * (1 - as_axis_place(ay, ay->lo)) };
    if (v->x.has_break || ay->has_break) {
        for (size_t i = 0; p && i < n; i++) p[i] = as_axes_point(v, side, x[i], y[i]);
        return p;
    }
    const double from_x = as_scaled(v->x.scale, v->x.lo), from_y = as_scaled(ay->scale, ay->lo);
    const double per_x = (v->x.reversed ? -f.w : f.w) / (as_scaled(v->x.scale, v->x.hi) - from_x);
    const double per_y = (ay->reversed ? f.h : -f.h) / (as_scaled(ay->scale, ay->hi) - from_y);
    for (size_t i = 0; p && i < n; i++) {
        const double dx = (as_scaled(v->x.scale, x[i]) - from_x) * per_x;
        const double dy = (as_scaled(ay->scale, y[i]) - from_y) * per_y;
        p[i].x = zero.x + fmin(fmax(dx, -far), far);
        p[i].y = zero.y + fmin(fmax(dy, -far), far);
        if (isnan(dx) || isnan(dy)) p[i].x = p[i].y = NAN;
    }
    return p;
}

static const double dash_mm[] = { 1.1, 0.8 };

static as_pen pen_of(const as_brush *b)
{
    return (as_pen){ b->width_mm, b->dashed ? dash_mm : NULL, b->dashed ? 2 : 0, b->line };
}

static bool lonely(const as_point *p, size_t i, size_t n)
{
    return isfinite(p[i].y) && (i == 0 || !isfinite(p[i - 1].y)) &&
           (i + 1 == n || !isfinite(p[i + 1].y));
}

/* A point between two gaps makes no line: it is drawn as a dot. */
static as_status lonely_points(as_view *v, size_t n, const as_point *p, as_brush b)
{
    for (size_t i = 0; i < n; i++)
        if (lonely(p, i, n))
            AS_TRY(as_canvas_markers(v->c, 1, &p[i], AS_CIRCLE, fmax(b.width_mm * 2.2, 0.5), b.line,
                                     (as_pen){ 0, NULL, 0, 0 }));
    return AS_OK;
}

static void take_curve(as_view *v, size_t n, as_point *p, const as_brush *b)
{
    const double half = b->dots ? b->size_mm / 2 : 0;
    const bool line = (b->line & 255) && b->width_mm > 0;
    for (size_t i = 0; b->dots && i < n; i++)
        if (isfinite(p[i].x))
            as_view_take(v, (as_box){ p[i].x - half, p[i].y - half, 2 * half, 2 * half });
    if (!line) return;
    n = as_decimate(n, p, v->frame.w / AS_GRID_W, p);
    for (size_t i = 0; i < n; i++)
        if (isfinite(p[i].x)) take_line(v, i && isfinite(p[i - 1].x) ? p[i - 1] : p[i], p[i]);
}

static void see(const as_view *v, as_extent *seen, size_t n, const double *x, const double *y)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] >= v->x.lo && x[i] <= v->x.hi && isfinite(y[i])) {
            seen->lo = fmin(seen->lo, y[i]);
            seen->hi = fmax(seen->hi, y[i]);
        }
}

/* How deep a point lies in the frame, mm; less than 0: outside. */
static double depth_in(as_box f, as_point p)
{
    return fmin(fmin(p.x - f.x, f.x + f.w - p.x), fmin(p.y - f.y, f.y + f.h - p.y));
}

/* Dots inside the frame, whole even at its border. */
static as_status draw_dots(as_view *v, size_t n, as_point *p, const as_brush *b)
{
    const double slack = 1e-6, r = b->size_mm;
    double least = INFINITY;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const double depth = isfinite(p[i].x) && isfinite(p[i].y) ? depth_in(v->frame, p[i]) : -1;
        if (depth < -slack) continue;
        least = fmin(least, depth);
        p[kept++] = p[i];
    }
    if (kept == 0) return AS_OK;
    const bool over = least < r && !v->x.has_break && !v->y.has_break;
    const as_pen pen = { as_pt(0.6), NULL, 0, (b->line ? b->line : b->fill) | 255 };
    if (over) AS_TRY(as_canvas_unclip(v->c));
    AS_TRY(as_canvas_markers(v->c, kept, p, b->marker, b->size_mm, b->fill, pen));
    return over ? as_canvas_clip(v->c, v->frame) : AS_OK;
}

as_status as_view_curve(as_view *v, as_side side, size_t n, const double *x, const double *y,
                        as_brush b)
{
    if (v->seen) {
        see(v, &v->seen[side], n, x, y);
        return AS_OK;
    }
    as_point *p = placed(v, side, n, x, y);
    if (!p) return AS_ERR;
    if (v->dry) {
        take_curve(v, n, p, &b);
        return AS_OK;
    }
    if ((b.line & 255) && b.width_mm > 0) {
        AS_TRY(as_canvas_line(v->c, n, p, pen_of(&b)));
        AS_TRY(lonely_points(v, n, p, b));
    }
    if (!b.dots) return AS_OK;
    return draw_dots(v, n, p, &b);
}

/* Each stretch without a gap is one polygon. */
as_status as_view_area(as_view *v, as_side side, size_t n, const double *x, const double *y,
                       const double *below, uint32_t rgba)
{
    if (v->dry || v->seen) return AS_OK;
    as_point *up = placed(v, side, n, x, y), *down = below ? placed(v, side, n, x, below) : NULL;
    as_point *ring = AS_NEW_N(as_scratch(v->ctx), as_point, 2 * n + 2);
    const double floor_mm = v->frame.y + v->frame.h;
    if (!up || !ring || (below && !down)) return AS_ERR;
    for (size_t i = 0, j; i < n; i = j + 1) {
        size_t k = 0;
        for (j = i; j < n && isfinite(up[j].y) && (!down || isfinite(down[j].y)); j++) ring[k++] = up[j];
        for (size_t m = j; m-- > i;) ring[k++] = down ? down[m] : (as_point){ up[m].x, floor_mm };
        if (k > 2) AS_TRY(as_canvas_fill(v->c, k, ring, rgba));
    }
    return AS_OK;
}

as_status as_view_bars(as_view *v, as_side side, size_t n, const double *x, const double *y,
                       const double *sigma, uint32_t rgba)
{
    if (v->seen) return AS_OK;
    const double cap = v->style.marker_mm * 0.45;
    const as_pen pen = { as_pt(v->style.axis_pt), NULL, 0, rgba };
    for (size_t i = 0; i < n; i++) {
        if (!(sigma[i] > 0) || !isfinite(sigma[i])) continue;
        as_point a = as_view_at(v, side, x[i], y[i] - sigma[i]);
        const as_point b = as_view_at(v, side, x[i], y[i] + sigma[i]);
        if (!isfinite(b.x) || !isfinite(b.y)) continue;
        if (!isfinite(a.y)) a = (as_point){ b.x, v->frame.y + v->frame.h + cap }; /* below a log axis */
        as_view_take(v, (as_box){ a.x - cap, b.y, 2 * cap, a.y - b.y });
        if (v->dry) continue;
        const as_point line[] = { a, b, { NAN, NAN }, { a.x - cap, a.y }, { a.x + cap, a.y },
                                  { NAN, NAN }, { b.x - cap, b.y }, { b.x + cap, b.y } };
        AS_TRY(as_canvas_line(v->c, 8, line, pen));
    }
    return AS_OK;
}

as_status as_view_line(as_view *v, as_point a, as_point b, as_brush brush)
{
    const as_point line[] = { a, b };
    if (v->seen) return AS_OK;
    if (v->dry) {
        take_line(v, a, b);
        return AS_OK;
    }
    return as_canvas_line(v->c, 2, line, pen_of(&brush));
}

as_status as_view_text(as_view *v, as_point at, as_anchor anchor, double size_pt, uint32_t rgba,
                       const char *text)
{
    const as_size s = as_font_extent(size_pt, text);
    as_view_take(v, (as_box){ at.x - anchor.h * s.w, at.y - (1 - anchor.v) * s.h, s.w, s.h });
    if (v->dry || v->seen) return AS_OK;
    return as_canvas_text(v->c, at, anchor, size_pt, 0, rgba, text);
}

as_brush as_brush_palette(const as_view *v, size_t i, size_t n)
{
    return (as_brush){ .line = as_series_colour((as_palette)v->look->palette, i, n, v->style.dark),
                       .width_mm = as_pt(v->style.line_pt) };
}

/* Where curve i of n stands in the palette. */
static size_t place_of(const as_view *v, size_t i)
{
    return i < AS_COLOURS_MAX && v->colour[i].number ? v->colour[i].number - 1 : i;
}

as_brush as_brush_line(const as_view *v, size_t i, size_t n)
{
    const size_t k = place_of(v, i);
    as_brush b = as_brush_palette(v, k, k < n ? n : k + 1);
    if (i < AS_COLOURS_MAX && v->colour[i].rgba) b.line = v->colour[i].rgba;
    return b;
}

as_brush as_brush_baseline(const as_view *v)
{
    return (as_brush){ .line = v->style.ink, .width_mm = as_pt(v->style.axis_pt), .dashed = true };
}

as_brush as_brush_dots(const as_view *v, size_t i, size_t n, bool filled)
{
    static const as_marker kinds[] = { AS_CIRCLE, AS_SQUARE, AS_DIAMOND, AS_TRIANGLE, AS_WEDGE, AS_PENTAGON };
    as_brush b = as_brush_line(v, i, n);
    b.dots = true;
    b.fill = filled ? b.line : v->style.paper;
    b.marker = kinds[place_of(v, i) % (sizeof kinds / sizeof *kinds)];
    b.size_mm = v->style.marker_mm;
    return b;
}

double as_crowded(size_t points)
{
    return points > 150 ? 0.6 : points > 60 ? 0.75 : 1;
}

as_status as_view_kinds(as_view *v, as_brush left, as_brush right)
{
    left.line = right.line = v->style.muted;
    if (left.dots) left.fill = v->style.muted;
    AS_TRY(as_view_entry(v, v->y.name, left, false));
    return as_view_entry(v, v->y2.name, right, false);
}

as_status as_view_entry(as_view *v, const char *label, as_brush brush, bool area)
{
    if (!label || !*label) return AS_OK;
    if (v->n_entries == AS_ENTRIES_MAX) {
        v->entries_lost++;
        return AS_OK;
    }
    v->entry[v->n_entries++] = (as_entry_row){ label, brush, area };
    return AS_OK;
}

static as_status dry_run(as_view *v, as_content content, void *data)
{
    memset(v->taken, 0, sizeof v->taken);
    v->dry = true;
    as_status s = content(v, data);
    v->dry = false;
    if (s == AS_OK && !v->bare) s = as_view_mark_lines(v);
    as_zooms_reserve(v);
    return s;
}

as_status as_view_fill(as_view *v, as_content content, void *data)
{
    as_box legend = { 0, 0, 0, 0 };
    AS_TRY(as_legend_fit(v));
    AS_TRY(dry_run(v, content, data));
    bool settled = as_legend_settle(v, &legend);
    if (!settled && as_legend_room(v)) {
        AS_TRY(dry_run(v, content, data));
        settled = as_legend_settle(v, &legend);
    }
    if (!settled && !as_legend_smaller(v, &legend))
        as_warn(v->ctx, NULL, NULL, "the legend covers data: move it (--legend outside), or take a larger page");
    if (v->n_entries) as_view_take(v, legend);
    as_zoom *zoom;
    AS_TRY(as_zooms_settle(v, &zoom));
    AS_TRY(as_view_bands(v));
    AS_TRY(as_canvas_clip(v->c, v->frame));
    AS_TRY(content(v, data));
    AS_TRY(as_view_cover_breaks(v));
    AS_TRY(as_view_marks(v));
    AS_TRY(as_canvas_unclip(v->c));
    AS_TRY(as_zooms_draw(v, zoom, content, data));
    AS_TRY(as_legend_draw(v, legend));
    AS_TRY(as_view_axes(v));
    return v->bare ? AS_OK : as_view_head(v);
}

as_status as_view_draw(as_view *v, as_content content, void *data)
{
    as_view_place(v, as_view_margins(v));
    return as_view_fill(v, content, data);
}
