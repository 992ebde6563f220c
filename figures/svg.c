/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG by a writer of our own: text stays text (journals refuse outlines), in points, with hundredths
 * (4 um) as the smallest step and paths in relative coordinates. Provenance goes into <metadata>.
 */
#include <math.h>
#include <string.h>

#include "decimate.h"
#include "font.h"
#include "marker.h"
#include "number.h"
#include "scripts.h"
#include "file_out.h"

enum { BUFFER = 1 << 16 };

typedef struct writer {
    as_ctx *ctx;
    FILE *to;
    char *buffer; /* BUFFER bytes */
    size_t used;
    as_point *points;
    int clips;    /* how many were opened so far: their names */
    int markers;
    bool failed;
} writer;

static void flush(writer *w)
{
    if (w->used && fwrite(w->buffer, 1, w->used, w->to) != w->used) w->failed = true;
    w->used = 0;
}

static void put(writer *w, const char *s, size_t n)
{
    if (w->used + n > BUFFER) flush(w);
    if (n > BUFFER) n = BUFFER; /* cannot be: pieces are short */
    memcpy(w->buffer + w->used, s, n);
    w->used += n;
}

static void text(writer *w, const char *s)
{
    for (size_t n = strlen(s); n > 0;) {
        const size_t k = n < BUFFER ? n : BUFFER;
        put(w, s, k);
        s += k;
        n -= k;
    }
}

/* `hundredths` of a point as 12.34, .5, -3; `join`: a sign or a blank must part it from the last. */
static void fixed(writer *w, int64_t hundredths, bool join)
{
    char out[AS_NUMBER_MAX];
    size_t n = 0;
    uint64_t v = (uint64_t)(hundredths < 0 ? -hundredths : hundredths);
    if (hundredths < 0) out[n++] = '-';
    else if (join) out[n++] = ' ';
    char digit[24];
    size_t k = 0;
    for (uint64_t whole = v / 100; whole; whole /= 10) digit[k++] = (char)('0' + whole % 10);
    while (k) out[n++] = digit[--k];
    if (v < 100 && v % 100 == 0) out[n++] = '0';
    if (v % 100) {
        out[n++] = '.';
        out[n++] = (char)('0' + v % 100 / 10);
        if (v % 10) out[n++] = (char)('0' + v % 10);
    }
    put(w, out, n);
}

static int64_t units(double mm)
{
    return (int64_t)floor(mm / AS_MM_PER_PT * 100 + 0.5);
}

static void attribute(writer *w, const char *name, double mm)
{
    text(w, " ");
    text(w, name);
    text(w, "=\"");
    fixed(w, units(mm), false);
    text(w, "\"");
}

static void escaped(writer *w, const char *s)
{
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c == '<') text(w, "&lt;");
        else if (c == '>') text(w, "&gt;");
        else if (c == '&') text(w, "&amp;");
        else if (c >= 0x20 || c == '\n' || c == '\t') put(w, s, 1);
    }
}

static void paint(writer *w, const char *what, uint32_t rgba)
{
    char out[64];
    if ((rgba & 255) == 0) snprintf(out, sizeof out, " %s=\"none\"", what);
    else snprintf(out, sizeof out, " %s=\"#%06x\"", what, (unsigned)(rgba >> 8));
    text(w, out);
    if ((rgba & 255) == 0 || (rgba & 255) == 255) return;
    snprintf(out, sizeof out, " %s-opacity=\"", what);
    text(w, out);
    fixed(w, (int64_t)((rgba & 255) * 100 + 127) / 255, false);
    text(w, "\"");
}

static void pen(writer *w, const as_pen *p)
{
    paint(w, "stroke", p->rgba);
    attribute(w, "stroke-width", p->width_mm);
    if (!p->n_dash) return;
    text(w, " stroke-dasharray=\"");
    for (size_t i = 0; i < p->n_dash; i++) fixed(w, units(p->dash_mm[i]), i > 0);
    text(w, "\"");
}

static void path(writer *w, size_t n, const as_point *p, double width_mm, bool close)
{
    const size_t kept = as_decimate(n, p, fmax(width_mm / 4, 0.02), w->points);
    int64_t x = 0, y = 0;
    bool open = false;
    text(w, "<path d=\"");
    for (size_t i = 0; i < kept; i++) {
        const as_point q = w->points[i];
        if (!isfinite(q.x) || !isfinite(q.y)) {
            open = false;
            continue;
        }
        const int64_t to_x = units(q.x), to_y = units(q.y);
        const bool begins = !open;
        if (begins) put(w, "M", 1);
        fixed(w, begins ? to_x : to_x - x, false);
        fixed(w, begins ? to_y : to_y - y, true);
        const bool goes_on =
            i + 1 < kept && isfinite(w->points[i + 1].x) && isfinite(w->points[i + 1].y);
        if (begins && goes_on) put(w, "l", 1);
        else if (goes_on && units(w->points[i + 1].x) - to_x >= 0)
            put(w, " ", 1);
        x = to_x, y = to_y, open = true;
    }
    text(w, close ? "z\"" : "\"");
}

static void line(writer *w, const as_mark *m)
{
    path(w, m->n, m->p, m->pen.width_mm, false);
    text(w, " fill=\"none\"");
    pen(w, &m->pen);
    text(w, "/>\n");
}

static void fill(writer *w, const as_mark *m)
{
    path(w, m->n, m->p, 0, true);
    paint(w, "fill", m->rgba);
    text(w, "/>\n");
}

static void marker_shape(writer *w, const as_mark *m)
{
    as_point corner[AS_MARKER_CORNERS];
    const size_t n = as_marker_corners(m->marker, m->size / 2, corner);
    if (m->marker == AS_CIRCLE) {
        text(w, "<circle");
        attribute(w, "r", m->size / 2);
    } else {
        text(w, "<path d=\"");
        for (size_t i = 0; i < n; i++) {
            put(w, m->marker == AS_CROSS && i % 2 == 0 ? "M" : i ? "L" : "M", 1);
            fixed(w, units(corner[i].x), false);
            fixed(w, units(corner[i].y), true);
        }
        text(w, m->marker == AS_CROSS ? "\"" : "z\"");
    }
    paint(w, "fill", m->marker == AS_CROSS ? 0 : m->rgba);
    if (m->pen.rgba & 255) pen(w, &m->pen);
}

static void markers(writer *w, const as_mark *m)
{
    char name[48];
    snprintf(name, sizeof name, "m%d", ++w->markers);
    text(w, "<defs><g id=\"");
    text(w, name);
    text(w, "\">");
    marker_shape(w, m);
    text(w, "/></g></defs>\n<g>");
    for (size_t i = 0; i < m->n; i++) {
        if (!isfinite(m->p[i].x) || !isfinite(m->p[i].y)) continue;
        text(w, "<use xlink:href=\"#");
        text(w, name);
        text(w, "\"");
        attribute(w, "x", m->p[i].x);
        attribute(w, "y", m->p[i].y);
        text(w, "/>");
    }
    text(w, "</g>\n");
}

static void clip(writer *w, as_box b)
{
    char out[160];
    snprintf(out, sizeof out, "<clipPath id=\"c%d\"><rect", ++w->clips);
    text(w, out);
    attribute(w, "x", b.x);
    attribute(w, "y", b.y);
    attribute(w, "width", b.w);
    attribute(w, "height", b.h);
    snprintf(out, sizeof out, "/></clipPath><g clip-path=\"url(#c%d)\">\n", w->clips);
    text(w, out);
}

/* Base64 of what the encoder puts, three bytes at a time. */
typedef struct base64 {
    as_out out;
    writer *w;
    unsigned char held[3];
    size_t n;
} base64;

static void base64_group(base64 *b)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint32_t v = (uint32_t)b->held[0] << 16 | (uint32_t)b->held[1] << 8 | b->held[2];
    char out[4];
    for (int i = 0; i < 4; i++) out[i] = digit[v >> (18 - 6 * i) & 63];
    for (size_t i = b->n + 1; i < 4; i++) out[i] = '=';
    put(b->w, out, 4);
    memset(b->held, 0, sizeof b->held);
    b->n = 0;
}

static bool base64_put(as_out *self, const void *bytes, size_t n)
{
    base64 *b = (base64 *)self;
    const unsigned char *s = bytes;
    for (size_t i = 0; i < n; i++) {
        b->held[b->n++] = s[i];
        if (b->n == 3) base64_group(b);
    }
    return !b->w->failed;
}

/* Viewers smooth what they enlarge, most of them whatever they are told: coarse pixels become several. */
static as_status enlarged(writer *w, const as_mark *m, as_mark *out)
{
    enum { MOST = 64 };
    const double per_mm = 300 / 25.4;
    const size_t x = (size_t)fmin(fmax(m->box.w * per_mm / (double)m->columns, 1), MOST);
    const size_t y = (size_t)fmin(fmax(m->box.h * per_mm / (double)m->rows, 1), MOST);
    *out = *m;
    if (x == 1 && y == 1) return AS_OK;
    out->rows = y * m->rows;
    out->columns = x * m->columns;
    uint32_t *pixel = AS_NEW_N(as_scratch(w->ctx), uint32_t, out->rows * out->columns);
    if (!pixel) return AS_ERR;
    for (size_t r = 0; r < out->rows; r++)
        for (size_t c = 0; c < out->columns; c++)
            pixel[r * out->columns + c] = m->pixels[r / y * m->columns + c / x];
    out->pixels = pixel;
    return AS_OK;
}

static as_status image(writer *w, const as_mark *m)
{
    base64 b = { .out = { base64_put }, .w = w };
    as_drawn drawn = { .error = "" };
    const as_draw *draw = as_draw_open(w->ctx);
    as_mark fine;
    if (!draw || enlarged(w, m, &fine) != AS_OK) return AS_ERR;
    text(w, "<image preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\"");
    attribute(w, "x", m->box.x);
    attribute(w, "y", m->box.y);
    attribute(w, "width", m->box.w);
    attribute(w, "height", m->box.h);
    text(w, " xlink:href=\"data:image/png;base64,");
    AS_TRY(as_draw_done(w->ctx, draw->image(fine.rows, fine.columns, fine.pixels, &b.out, &drawn),
                        &drawn));
    if (b.n) base64_group(&b);
    text(w, "\"/>\n");
    return AS_OK;
}

static void glyphs(writer *w, size_t n, const as_glyph *g)
{
    for (size_t i = 0; i < n; i++) {
        char utf8[5] = "";
        as_utf8_put(g[i].code, utf8);
        escaped(w, utf8);
    }
}

static bool alike(const as_glyph *a, const as_glyph *b)
{
    return a->level == b->level && a->italic == b->italic && a->bold == b->bold;
}

/* A piece of one level and slant; placed when it does not simply follow the last. */
static void piece(writer *w, const as_mark *m, size_t n, const as_glyph *g, as_point at,
                  as_point before, bool moved)
{
    const double em = m->size * 100;
    const bool plain = !g->level && !g->italic && !g->bold && at.y == before.y && !moved;
    if (plain) {
        glyphs(w, n, g);
        return;
    }
    text(w, "<tspan");
    if (moved) {
        text(w, " dx=\"");
        fixed(w, (int64_t)floor((at.x - before.x) * em + 0.5), false);
        text(w, "\"");
    }
    if (at.y != before.y) {
        text(w, " dy=\"");
        fixed(w, (int64_t)floor((before.y - at.y) * em + 0.5), false);
        text(w, "\"");
    }
    if (g->level) {
        text(w, " font-size=\"");
        fixed(w, (int64_t)floor(em * AS_SCRIPT_SCALE + 0.5), false);
        text(w, "\"");
    }
    text(w, g->italic ? " font-style=\"italic\">" : g->bold ? " font-weight=\"bold\">" : ">");
    glyphs(w, n, g);
    text(w, "</tspan>");
}

static void label(writer *w, const as_mark *m)
{
    as_glyph g[AS_MARKUP_MAX];
    as_point at[AS_MARKUP_MAX], before = { 0, 0 };
    const size_t n = as_markup(m->text, g);
    as_font_place(n, g, at);
    const double turn = m->angle_deg * acos(-1.0) / 180, down = m->anchor.v * m->extent.h;
    const double h = m->anchor.h, left = h == 0.5 || h == 1 ? 0 : -h * m->extent.w;
    text(w, "<text");
    if (m->angle_deg != 0) {
        text(w, " transform=\"translate(");
        fixed(w, units(m->p->x + left * cos(turn) + down * sin(turn)), false);
        fixed(w, units(m->p->y - left * sin(turn) + down * cos(turn)), true);
        text(w, ")rotate(");
        fixed(w, (int64_t)floor(-m->angle_deg * 100 + 0.5), false);
        text(w, ")\"");
    } else {
        attribute(w, "x", m->p->x + left);
        attribute(w, "y", m->p->y + down);
    }
    if (h == 0.5 || h == 1) text(w, h == 1 ? " text-anchor=\"end\"" : " text-anchor=\"middle\"");
    text(w, " font-size=\"");
    fixed(w, (int64_t)floor(m->size * 100 + 0.5), false);
    text(w, "\"");
    if (m->rgba != 0x000000ff) paint(w, "fill", m->rgba);
    text(w, ">");
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && alike(&g[i], &g[j]); j++) {}
        const bool moved = i > 0 && g[i].level != g[i - 1].level && fabs(at[i].x - before.x) > 1e-9;
        piece(w, m, j - i, g + i, at[i], (as_point){ i ? before.x : at[i].x, i ? before.y : 0 }, moved);
        const double scale = g[j - 1].level ? AS_SCRIPT_SCALE : 1;
        before = (as_point){ at[j - 1].x + scale * as_glyph_advance(&g[j - 1]),
                             at[j - 1].y };
    }
    text(w, "</text>\n");
}

static void opening(writer *w, const as_canvas *c, const as_page *page)
{
    char out[256], x[AS_NUMBER_MAX], y[AS_NUMBER_MAX];
    as_write_number(page->mm.w, x);
    as_write_number(page->mm.h, y);
    text(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
            "xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\"");
    snprintf(out, sizeof out, " width=\"%smm\" height=\"%smm\" viewBox=\"0 0 ", x, y);
    text(w, out);
    fixed(w, units(page->mm.w), false);
    text(w, " ");
    fixed(w, units(page->mm.h), false);
    text(w, "\" font-family=\"'Liberation Sans',Arial,Helvetica,sans-serif\" "
            "stroke-linejoin=\"round\" text-rendering=\"geometricPrecision\" xml:space=\"preserve\">\n");
    if (page->provenance) {
        text(w, "<metadata>");
        escaped(w, page->provenance);
        text(w, "</metadata>\n");
    }
    text(w, "<rect width=\"100%\" height=\"100%\"");
    paint(w, "fill", c->paper | 255);
    text(w, "/>\n");
}

static as_status draw(writer *w, const as_canvas *c, const as_page *page)
{
    opening(w, c, page);
    for (const as_mark_block *b = c->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++) {
            const as_mark *m = &b->mark[i];
            switch (m->kind) {
            case AS_MARK_LINE: line(w, m); break;
            case AS_MARK_FILL: fill(w, m); break;
            case AS_MARK_MARKERS: markers(w, m); break;
            case AS_MARK_CLIP: clip(w, m->box); break;
            case AS_MARK_UNCLIP: text(w, "</g>\n"); break;
            case AS_MARK_IMAGE: AS_TRY(image(w, m)); break;
            case AS_MARK_TEXT: label(w, m);
            }
        }
    for (int i = 0; i < c->clips; i++) text(w, "</g>\n");
    text(w, "</svg>\n");
    flush(w);
    return w->failed ? as_fail(w->ctx, AS_E_IO, NULL, "cannot write the SVG") : AS_OK;
}

static as_status write_svg(as_ctx *ctx, const as_canvas *c, const as_page *page, FILE *to)
{
    const as_frame frame = as_enter(ctx);
    writer w = { .ctx = ctx, .to = to, .buffer = AS_NEW_N(as_scratch(ctx), char, BUFFER),
                 .points = as_canvas_points(ctx, c) };
    as_status s = w.buffer && w.points ? draw(&w, c, page) : AS_ERR;
    if (s == AS_OK) s = as_scripts_look(ctx, c);
    as_leave(ctx, frame);
    return s;
}

const as_backend as_backend_svg = { "svg", write_svg };
