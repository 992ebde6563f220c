/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audit of a canvas finds, on canvases drawn by hand; and text that has a given room. */
#include <math.h>
#include <string.h>

#include "audit.h"
#include "check.h"
#include "display.h"
#include "font.h"
#include "layout_inside.h"

static const as_pen pen = { 0.3, NULL, 0, 0x0072b2ff };

static as_canvas *page(as_ctx *ctx)
{
    as_canvas *c = as_canvas_new(ctx, as_scratch(ctx), (as_size){ 89, 65 }, 0xffffffff);
    CHECK(c != NULL);
    return c;
}

static as_status write(as_canvas *c, double x, double y, const char *text)
{
    return as_canvas_text(c, (as_point){ x, y }, (as_anchor){ 0, 0 }, 6, 0, 0x000000ff, text);
}

/* A curve that is no frame: a slanted line of three points at height `y`. */
static as_status curve(as_canvas *c, double y)
{
    const as_point p[] = { { 5, y }, { 40, y + 0.4 }, { 80, y } };
    return as_canvas_line(c, 3, p, pen);
}

static as_audit found(as_canvas *c)
{
    as_audit a;
    as_canvas_audit(c, &a);
    return a;
}

static void on_data(as_ctx *ctx)
{
    as_canvas *c = page(ctx);
    const as_point frame[] = { { 5, 5 }, { 80, 5 } }, dot = { 60, 49.2 };
    CHECK(write(c, 20, 30.8, "over the curve") == AS_OK && write(c, 20, 28, "above it") == AS_OK);
    CHECK(write(c, 20, 5.8, "on a frame") == AS_OK);
    CHECK(curve(c, 30) == AS_OK && as_canvas_line(c, 2, frame, pen) == AS_OK);
    as_audit a = found(c);
    CHECK(a.on_data == 1 && strcmp(a.covered, "over the curve") == 0);
    CHECK(a.overlaps == 0 && a.off_page == 0);
    CHECK(write(c, 58, 50, "over a dot") == AS_OK);
    CHECK(as_canvas_markers(c, 1, &dot, AS_CIRCLE, 1.3, 0x0072b2ff, pen) == AS_OK);
    CHECK(found(c).on_data == 2);
    const as_point sheet[] = { { 10, 25 }, { 70, 25 }, { 70, 35 }, { 10, 35 } };
    CHECK(as_canvas_fill(c, 4, sheet, 0xffffffff) == AS_OK); /* an inset hides what was there */
    CHECK(found(c).on_data == 1);
    CHECK(as_canvas_clip(c, (as_box){ 0, 60, 89, 5 }) == AS_OK && curve(c, 30) == AS_OK &&
          as_canvas_unclip(c) == AS_OK); /* drawn outside of what shows */
    CHECK(found(c).on_data == 1);
}

static void cut(as_ctx *ctx)
{
    as_canvas *c = page(ctx);
    CHECK(as_canvas_clip(c, (as_box){ 10, 10, 30, 30 }) == AS_OK);
    CHECK(write(c, 15, 20, "inside") == AS_OK);
    CHECK(found(c).off_page == 0);
    CHECK(write(c, 36, 25, "over the border") == AS_OK);
    as_audit a = found(c);
    CHECK(a.off_page == 1 && strcmp(a.off, "over the border") == 0);
    CHECK(as_canvas_unclip(c) == AS_OK && write(c, 36, 32, "over the border") == AS_OK);
    CHECK(found(c).off_page == 1);
    CHECK(write(c, 80, 60, "off the page entirely") == AS_OK);
    CHECK(found(c).off_page == 2);
}

static int warnings;
static void count(void *user, as_severity severity, as_code code, const as_where *where, const char *message,
                  const char *const *chain, size_t n)
{
    (void)user, (void)code, (void)where, (void)message, (void)chain, (void)n;
    warnings += severity == AS_WARNING;
}

static void fitted(as_ctx *ctx)
{
    as_view v = { .ctx = ctx, .style = as_style_of(0, 0) };
    double pt = 7;
    const char *text = "Intensity (counts)";
    CHECK(as_text_fitted(&v, text, 60, &pt) == text && pt == 7);
    CHECK(as_text_fitted(&v, text, 18, &pt) == text && pt < 7 && pt >= 5);
    CHECK(as_font_extent(pt, text).w <= 18 && warnings == 0);
    pt = 7;
    const char *shorter = as_text_fitted(&v, "*n* (mmol g^{-1}) of a long name", 12, &pt);
    CHECK(shorter && pt == 5 && as_font_extent(pt, shorter).w <= 12 && warnings == 1);
    CHECK(strcmp(shorter + strlen(shorter) - 3, "\xe2\x80\xa6") == 0);
    CHECK(!strstr(shorter, "^{") || strchr(shorter, '}')); /* never inside of a superscript */
    CHECK(as_pt_fitted(&v, "", 0, 7) == 7);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(count, NULL);
    CHECK(ctx != NULL);
    on_data(ctx);
    cut(ctx);
    fitted(ctx);
    as_ctx_free(ctx);
    DONE();
}
