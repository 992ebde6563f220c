/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drawn canvas looked over: sizes, weights, overlapping labels, contrast, colour vision. */
#include <math.h>
#include <string.h>

#include "audit.h"
#include "audit_data.h"
#include "display.h"
#include "palette.h"

enum {
    TEXTS_MAX = 512,
    CLIPS_MAX = 16,
    COLOURS_MAX = 64,
    NAMED_MOST = 8 /* more lines coloured from a map than this are read along a scale, not one by one */
};

typedef struct label { as_box box; const char *text; } label;

/* The upright box around a text that may be turned; a little is taken off, for letters that touch are legible. */
static as_box text_box(const as_mark *m)
{
    const double a = m->angle_deg * acos(-1.0) / 180, c = cos(a), s = sin(a);
    const double x0 = -m->anchor.h * m->extent.w, y0 = m->anchor.v * m->extent.h;
    double lo_x = INFINITY, hi_x = -INFINITY, lo_y = INFINITY, hi_y = -INFINITY;
    for (int i = 0; i < 4; i++) {
        const double x = x0 + (i & 1 ? m->extent.w : 0), y = y0 - (i & 2 ? m->extent.h : 0);
        const double px = m->p->x + x * c + y * s, py = m->p->y - x * s + y * c;
        lo_x = fmin(lo_x, px), hi_x = fmax(hi_x, px), lo_y = fmin(lo_y, py), hi_y = fmax(hi_y, py);
    }
    return (as_box){ lo_x, lo_y, hi_x - lo_x, hi_y - lo_y };
}

static bool meet(as_box a, as_box b)
{
    const double slack = 0.05; /* mm */
    return a.x + a.w > b.x + slack && b.x + b.w > a.x + slack && a.y + a.h > b.y + slack &&
           b.y + b.h > a.y + slack;
}

typedef struct lab { double l, a, b; } lab;

static double f_lab(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* Linear sRGB to CIELAB (D65). */
static lab to_lab(const double rgb[3])
{
    const double x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505;
    const double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    const double z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.0890;
    return (lab){ 116 * f_lab(y) - 16, 500 * (f_lab(x) - f_lab(y)), 200 * (f_lab(y) - f_lab(z)) };
}

/* Machado, Oliveira & Fernandes 2009, doi:10.1109/TVCG.2009.113: severity 1, on linear RGB; first the
 * normal eye. */
static const double eye[4][3][3] = {
    { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
    { { 0.152286, 1.052583, -0.204868 },
      { 0.114503, 0.786281, 0.099216 },
      { -0.003882, -0.048116, 1.051998 } },
    { { 0.367322, 0.860646, -0.227968 },
      { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
    { { 1.255528, -0.076749, -0.178779 },
      { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },
};

static lab seen(uint32_t rgba, int which)
{
    double in[3], out[3];
    for (int i = 0; i < 3; i++) in[i] = as_linear_light(rgba >> (24 - 8 * i) & 255);
    for (int i = 0; i < 3; i++) {
        out[i] = eye[which][i][0] * in[0] + eye[which][i][1] * in[1] + eye[which][i][2] * in[2];
        out[i] = fmin(fmax(out[i], 0), 1);
    }
    return to_lab(out);
}

static double distance(uint32_t a, uint32_t b)
{
    double least = INFINITY;
    for (int i = 0; i < 4; i++) {
        const lab p = seen(a, i), q = seen(b, i);
        least = fmin(least, hypot(p.l - q.l, hypot(p.a - q.a, p.b - q.b)));
    }
    return least;
}

static bool is_grey(uint32_t rgba)
{
    return (rgba >> 24) == (rgba >> 16 & 255) && (rgba >> 16 & 255) == (rgba >> 8 & 255);
}

/* Greys are axes, residuals, pages: their meaning is not in the colour. The ink of an axis is the colour of
 * its curve made readable: one colour, not two. */
static void note(uint32_t rgba, uint32_t paper, uint32_t *colour, size_t *n)
{
    if ((rgba & 255) < 192 || is_grey(rgba)) return;
    rgba |= 255;
    for (size_t i = 0; i < *n; i++)
        if (as_readable(colour[i], paper) == as_readable(rgba, paper)) return;
    if (*n < COLOURS_MAX) colour[(*n)++] = rgba;
}

/* The part of the page that is drawn on, as clips open and close. */
typedef struct clips { size_t n; as_box box[CLIPS_MAX]; } clips;

static as_box common(as_box a, as_box b)
{
    const double x = fmax(a.x, b.x), y = fmax(a.y, b.y);
    return (as_box){ x, y, fmax(fmin(a.x + a.w, b.x + b.w) - x, 0), fmax(fmin(a.y + a.h, b.y + b.h) - y, 0) };
}

static void follow(clips *k, const as_mark *m)
{
    if (m->kind == AS_MARK_CLIP && k->n + 1 < CLIPS_MAX) {
        k->box[k->n + 1] = common(k->box[k->n], m->box);
        k->n++;
    }
    if (m->kind == AS_MARK_UNCLIP && k->n > 0) k->n--;
}

static bool leaves(as_box b, as_box page)
{
    const double slack = 0.01;
    return b.x < page.x - slack || b.y < page.y - slack || b.x + b.w > page.x + page.w + slack ||
           b.y + b.h > page.y + page.h + slack;
}

static void text(const as_canvas *c, const as_mark *m, as_box page, label *known, size_t *n, as_audit *out)
{
    const as_box b = text_box(m);
    out->texts++;
    out->smallest_pt = fmin(out->smallest_pt, m->size);
    out->largest_pt = fmax(out->largest_pt, m->size);
    out->contrast = fmin(out->contrast, as_contrast(m->rgba, c->paper));
    if (leaves(b, page) && out->off_page++ == 0) out->off = m->text;
    const bool turned = fmod(m->angle_deg, 90) != 0; /* boxes of slanted labels cross, the labels do not */
    for (size_t i = 0; i < *n && !turned; i++)
        if (meet(known[i].box, b) && out->overlaps++ == 0)
            out->overlap[0] = known[i].text, out->overlap[1] = m->text;
    if (*n < TEXTS_MAX && !turned) known[(*n)++] = (label){ b, m->text };
}

static void line(const as_mark *m, as_audit *out)
{
    if ((m->pen.rgba & 255) && m->pen.width_mm > 0)
        out->thinnest_pt = fmin(out->thinnest_pt, m->pen.width_mm * 72 / 25.4);
}

static void image(const as_mark *m, as_audit *out)
{
    const double across = (double)m->columns / (m->box.w / 25.4);
    if (m->columns > 1) out->raster_dpi = fmin(out->raster_dpi, across);
}

void as_canvas_audit(const as_canvas *c, as_audit *out)
{
    label known[TEXTS_MAX];
    uint32_t colour[COLOURS_MAX];
    size_t n = 0, colours = 0;
    clips open = { .box = { { 0, 0, c->mm.w, c->mm.h } } };
    const as_frame frame = as_enter(c->ctx);
    as_inked inked = as_inked_new(c);
    *out = (as_audit){ .smallest_pt = NAN, .largest_pt = NAN, .thinnest_pt = NAN, .raster_dpi = NAN,
                       .contrast = 21, .colour_distance = NAN };
    for (const as_mark_block *b = c->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++) {
            const as_mark *m = &b->mark[i];
            follow(&open, m);
            as_inked_mark(&inked, m, open.box[open.n], c->paper);
            if (m->kind == AS_MARK_TEXT) text(c, m, open.box[open.n], known, &n, out);
            if (m->kind == AS_MARK_LINE || m->kind == AS_MARK_MARKERS) line(m, out);
            if (m->kind == AS_MARK_IMAGE) image(m, out);
            if (m->kind == AS_MARK_LINE) note(m->pen.rgba, c->paper, colour, &colours);
            if (m->kind == AS_MARK_FILL) note(m->rgba, c->paper, colour, &colours);
        }
    for (size_t i = 0; i < n; i++)
        if (as_inked_in(&inked, known[i].box) && out->on_data++ == 0) out->covered = known[i].text;
    as_leave(c->ctx, frame);
    size_t mapped = 0;
    for (size_t i = 0; i < colours; i++) mapped += as_is_map_colour(colour[i]);
    for (size_t i = 0; i < colours; i++)
        for (size_t j = i + 1; j < colours; j++) {
            if (mapped > NAMED_MOST && as_is_map_colour(colour[i]) && as_is_map_colour(colour[j])) continue;
            const double d = distance(colour[i], colour[j]);
            if (d >= out->colour_distance) continue; /* false for the first: NaN */
            out->colour_distance = d;
            out->closest[0] = colour[i], out->closest[1] = colour[j];
        }
}
