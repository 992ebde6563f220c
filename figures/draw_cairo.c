/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawing module: a display list drawn by cairo, onto pixels or into a PDF. */
#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#include "decimate.h"
#include "draw_cairo.h"
#include "font.h"
#include "marker.h"
#include "module.h"
#include "scripts.h"

static void colour(as_painter *p, uint32_t rgba)
{
    const double r = rgba >> 24, g = rgba >> 16 & 255, b = rgba >> 8 & 255, a = rgba & 255;
    cairo_set_source_rgba(p->cr, r / 255, g / 255, b / 255, a / 255);
}

static void pen(as_painter *p, const as_pen *pen)
{
    double dash[8];
    const size_t n = pen->n_dash < 8 ? pen->n_dash : 8;
    for (size_t i = 0; i < n; i++) dash[i] = pen->dash_mm[i] * p->per_mm;
    cairo_set_dash(p->cr, dash, (int)n, 0);
    const double width = pen->width_mm * p->per_mm;
    cairo_set_line_width(p->cr, p->pixels ? fmax(width, 1) : width);
    colour(p, pen->rgba);
}

/* A level or upright line of whole pixels: its ends stay, its middle moves to the grid. */
static double snapped(double at, double width)
{
    const double odd = fmod(fmax(1, floor(width + 0.5)), 2) / 2;
    return floor(at - odd + 0.5) + odd;
}

static bool level_or_upright(as_point a, as_point b)
{
    return fabs(a.x - b.x) < 1e-9 || fabs(a.y - b.y) < 1e-9;
}

/* True for lines that are nothing but separate level and upright strokes: frames, ticks. */
static bool is_straight(const as_mark *m)
{
    if (m->n % 3 != 2) return false;
    for (size_t i = 0; i < m->n; i += 3)
        if ((i && isfinite(m->p[i - 1].x)) || !level_or_upright(m->p[i], m->p[i + 1])) return false;
    return true;
}

static void straight(as_painter *p, const as_mark *m)
{
    const double w = fmax(1, floor(m->pen.width_mm * p->per_mm + 0.5));
    cairo_set_line_width(p->cr, w);
    for (size_t i = 0; i < m->n; i += 3) {
        as_point a = m->p[i], b = m->p[i + 1];
        a.x *= p->per_mm, a.y *= p->per_mm, b.x *= p->per_mm, b.y *= p->per_mm;
        if (fabs(a.x - b.x) < 1e-9) a.x = b.x = snapped(a.x, w);
        else a.y = b.y = snapped(a.y, w);
        cairo_move_to(p->cr, a.x, a.y);
        cairo_line_to(p->cr, b.x, b.y);
    }
}

static size_t path(as_painter *p, size_t n, const as_point *at, double step)
{
    const size_t kept = as_decimate(n, at, step, p->points);
    bool open = false;
    for (size_t i = 0; i < kept; i++) {
        const as_point q = p->points[i];
        if (!isfinite(q.x) || !isfinite(q.y)) {
            open = false;
            continue;
        }
        if (open) cairo_line_to(p->cr, q.x * p->per_mm, q.y * p->per_mm);
        else cairo_move_to(p->cr, q.x * p->per_mm, q.y * p->per_mm);
        open = true;
    }
    return kept;
}

/* A quarter of the pen, at least a pixel. */
static double step_of(const as_painter *p, double width_mm)
{
    return fmax(width_mm / 4, p->pixels ? 1 / p->per_mm : 0.02);
}

static void line(as_painter *p, const as_mark *m)
{
    pen(p, &m->pen);
    cairo_set_line_join(p->cr, m->n > 64 ? CAIRO_LINE_JOIN_BEVEL : CAIRO_LINE_JOIN_ROUND);
    if (p->pixels && is_straight(m)) straight(p, m);
    else path(p, m->n, m->p, step_of(p, m->pen.width_mm));
    cairo_stroke(p->cr);
}

static void fill(as_painter *p, const as_mark *m)
{
    colour(p, m->rgba);
    path(p, m->n, m->p, step_of(p, 0));
    cairo_close_path(p->cr);
    cairo_fill(p->cr);
}

static void marker_path(cairo_t *cr, as_marker kind, double x, double y, double r)
{
    as_point corner[AS_MARKER_CORNERS];
    const size_t n = as_marker_corners(kind, r, corner);
    if (kind == AS_CIRCLE) cairo_arc(cr, x, y, r, 0, 2 * acos(-1.0));
    for (size_t i = 0; i < n; i++) {
        if (kind == AS_CROSS && i % 2 == 0) cairo_move_to(cr, x + corner[i].x, y + corner[i].y);
        else cairo_line_to(cr, x + corner[i].x, y + corner[i].y);
    }
    if (kind != AS_CROSS) cairo_close_path(cr);
}

static void markers(as_painter *p, const as_mark *m)
{
    const double r = m->size / 2 * p->per_mm;
    for (size_t i = 0; i < m->n; i++) {
        if (!isfinite(m->p[i].x) || !isfinite(m->p[i].y)) continue;
        cairo_new_path(p->cr);
        marker_path(p->cr, m->marker, m->p[i].x * p->per_mm, m->p[i].y * p->per_mm, r);
        if ((m->rgba & 255) && m->marker != AS_CROSS) {
            colour(p, m->rgba);
            cairo_fill_preserve(p->cr);
        }
        if (m->pen.rgba & 255) {
            pen(p, &m->pen);
            cairo_stroke_preserve(p->cr);
        }
    }
    cairo_new_path(p->cr);
}

static void image(as_painter *p, const as_mark *m)
{
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)m->columns, (int)m->rows);
    if (cairo_surface_status(s)) {
        cairo_surface_destroy(s);
        return;
    }
    unsigned char *to = cairo_image_surface_get_data(s);
    const int stride = cairo_image_surface_get_stride(s);
    for (size_t r = 0; r < m->rows; r++)
        for (size_t c = 0; c < m->columns; c++) {
            const uint32_t v = m->pixels[r * m->columns + c], a = v & 255;
            const uint32_t argb = a << 24 | (v >> 24) * a / 255 << 16 |
                                  (v >> 16 & 255) * a / 255 << 8 | (v >> 8 & 255) * a / 255;
            memcpy(to + r * (size_t)stride + 4 * c, &argb, 4);
        }
    cairo_surface_mark_dirty(s);
    cairo_save(p->cr);
    cairo_translate(p->cr, m->box.x * p->per_mm, m->box.y * p->per_mm);
    cairo_scale(p->cr, m->box.w * p->per_mm / (double)m->columns,
                m->box.h * p->per_mm / (double)m->rows);
    cairo_set_source_surface(p->cr, s, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(p->cr), CAIRO_FILTER_NEAREST);
    cairo_rectangle(p->cr, 0, 0, (double)m->columns, (double)m->rows);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    cairo_surface_destroy(s);
}

/* One run: glyphs of the same face and size that follow each other. */
static void run(as_painter *p, cairo_font_face_t *face, double size, size_t n,
                const as_glyph *g, const cairo_glyph_t *at)
{
    char utf8[4 * AS_MARKUP_MAX];
    cairo_text_cluster_t cluster[AS_MARKUP_MAX];
    size_t bytes = 0;
    cairo_set_font_face(p->cr, face);
    cairo_set_font_size(p->cr, size);
    if (!p->clusters) {
        cairo_show_glyphs(p->cr, at, (int)n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t k = as_utf8_put(g[i].code, utf8 + bytes);
        cluster[i] = (cairo_text_cluster_t){ (int)k, 1 };
        bytes += k;
    }
    cairo_show_text_glyphs(p->cr, utf8, (int)bytes, at, (int)n, cluster, (int)n, 0);
}

/* To the anchor, turned, with the baseline where the text has it. */
static void go_to(as_painter *p, const as_mark *m)
{
    cairo_translate(p->cr, m->p->x * p->per_mm, m->p->y * p->per_mm);
    cairo_rotate(p->cr, -m->angle_deg * acos(-1.0) / 180);
    cairo_translate(p->cr, 0, m->anchor.v * m->extent.h * p->per_mm);
    colour(p, m->rgba);
}

static bool foreign_text(as_painter *p, const as_mark *m, size_t n, const as_glyph *g)
{
    cairo_save(p->cr);
    go_to(p, m);
    const bool ok = p->report->scripts->show(p->cr, n, g, m->size * AS_MM_PER_PT * p->per_mm,
                                             m->extent.w * p->per_mm, m->anchor.h, p->report);
    cairo_restore(p->cr);
    return ok;
}

static bool text(as_painter *p, const as_mark *m)
{
    as_glyph g[AS_MARKUP_MAX];
    as_point at[AS_MARKUP_MAX];
    cairo_glyph_t glyph[AS_MARKUP_MAX];
    cairo_font_face_t *face[AS_MARKUP_MAX];
    const size_t n = as_markup(m->text, g);
    if (p->report->scripts && as_is_foreign(n, g)) return foreign_text(p, m, n, g);
    as_font_place(n, g, at);
    const double em = m->size * AS_MM_PER_PT * p->per_mm;
    for (size_t i = 0; i < n; i++) {
        uint32_t index = 0;
        face[i] = as_painter_face(p, &g[i], &index);
        if (!face[i]) {
            snprintf(p->report->error, sizeof p->report->error, "no font can be opened");
            return false;
        }
        glyph[i] = (cairo_glyph_t){ index, at[i].x * em, -at[i].y * em };
    }
    cairo_save(p->cr);
    go_to(p, m);
    cairo_translate(p->cr, -m->anchor.h * m->extent.w * p->per_mm, 0);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && face[j] == face[i] && g[j].level == g[i].level; j++) {}
        run(p, face[i], g[i].level ? em * AS_SCRIPT_SCALE : em, j - i, g + i, glyph + i);
    }
    cairo_restore(p->cr);
    return true;
}

static void clip(as_painter *p, as_box b)
{
    const double f = p->per_mm;
    cairo_save(p->cr);
    if (p->pixels) { /* whole pixels: a rectangular clip costs nothing */
        const double x = floor(b.x * f), y = floor(b.y * f);
        cairo_rectangle(p->cr, x, y, ceil((b.x + b.w) * f) - x, ceil((b.y + b.h) * f) - y);
    } else {
        cairo_rectangle(p->cr, b.x * f, b.y * f, b.w * f, b.h * f);
    }
    cairo_clip(p->cr);
}

static bool paint(as_painter *p, const as_canvas *c)
{
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(p->cr, o);
    cairo_font_options_destroy(o);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_BUTT);
    if (p->pixels && p->per_mm * 25.4 >= AS_FINE_DPI) /* 17 shades do on edges this fine */
        cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_FAST);
    for (const as_mark_block *b = c->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++) {
            const as_mark *m = &b->mark[i];
            switch (m->kind) {
            case AS_MARK_LINE: line(p, m); break;
            case AS_MARK_FILL: fill(p, m); break;
            case AS_MARK_MARKERS: markers(p, m); break;
            case AS_MARK_CLIP: clip(p, m->box); break;
            case AS_MARK_UNCLIP: cairo_restore(p->cr); break;
            case AS_MARK_IMAGE: image(p, m); break;
            case AS_MARK_TEXT:
                if (!text(p, m)) return false;
            }
        }
    for (int i = 0; i < c->clips; i++) cairo_restore(p->cr);
    return true;
}

static bool failed(as_drawn *d, cairo_status_t status)
{
    if (status == CAIRO_STATUS_SUCCESS) return false;
    snprintf(d->error, sizeof d->error, "drawing failed: %s", cairo_status_to_string(status));
    return true;
}

static bool png(const as_canvas *c, const as_page *page, as_point *points, unsigned char *pixels,
                as_out *to, as_drawn *d)
{
    size_t width, height;
    as_png_pixels(page, &width, &height);
    cairo_surface_t *s = cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, (int)width,
                                                             (int)height, 4 * (int)width);
    as_painter p = { .cr = cairo_create(s), .per_mm = page->dpi / 25.4, .pixels = true,
                     .points = points, .report = d };
    bool images = false; /* maps; a colour bar has one column */
    for (const as_mark_block *b = c->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++) images |= b->mark[i].kind == AS_MARK_IMAGE && b->mark[i].columns > 1;
    colour(&p, c->paper | 255);
    cairo_paint(p.cr);
    bool ok = paint(&p, c) && !failed(d, cairo_status(p.cr));
    cairo_destroy(p.cr);
    cairo_surface_flush(s);
    if (ok)
        ok = as_encode_png(width, height, 4 * width, pixels, page->dpi, page->provenance, !images, to, d);
    as_painter_free(&p);
    cairo_surface_destroy(s);
    return ok;
}

static cairo_status_t put(void *closure, const unsigned char *data, unsigned int n)
{
    as_out *to = closure;
    return to->put(to, data, n) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool pdf(const as_canvas *c, const as_page *page, as_point *points, as_out *to, as_drawn *d)
{
    const double per_mm = 72 / 25.4;
    cairo_surface_t *s =
        cairo_pdf_surface_create_for_stream(put, to, page->mm.w * per_mm, page->mm.h * per_mm);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE,
                                   page->date ? page->date : "1970-01-01T00:00:00Z");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "assay " ASSAY_VERSION);
    if (page->provenance)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_KEYWORDS, page->provenance);
    as_painter p = { .cr = cairo_create(s), .per_mm = per_mm, .clusters = true,
                     .points = points, .report = d };
    if ((c->paper | 255) != 0xffffffff) {
        colour(&p, c->paper | 255);
        cairo_paint(p.cr);
    }
    bool ok = paint(&p, c) && !failed(d, cairo_status(p.cr));
    cairo_destroy(p.cr);
    as_painter_free(&p);
    cairo_surface_finish(s);
    ok = ok && !failed(d, cairo_surface_status(s));
    cairo_surface_destroy(s);
    return ok;
}

static bool image_png(size_t rows, size_t columns, const uint32_t *rgba, as_out *to, as_drawn *d)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)columns, (int)rows);
    unsigned char *at = cairo_image_surface_get_data(s);
    const size_t stride = (size_t)cairo_image_surface_get_stride(s);
    bool ok = !failed(d, cairo_surface_status(s));
    for (size_t r = 0; ok && r < rows; r++)
        for (size_t k = 0; k < columns; k++) {
            const uint32_t rgb = rgba[r * columns + k] >> 8;
            memcpy(at + r * stride + 4 * k, &rgb, 4);
        }
    ok = ok && as_encode_png(columns, rows, stride, at, 0, NULL, false, to, d);
    cairo_surface_destroy(s);
    return ok;
}

AS_MODULE_EXPORT const as_draw as_module_draw = {
    .png = png,
    .pdf = pdf,
    .image = image_png,
    .advance = as_face_advance,
};
