/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canvas, markup, metrics and decimation; a small drawing as SVG, byte for byte; colours of a PNG. */
#include <png.h>

#include "arena.h"
#include "check.h"
#include "decimate.h"
#include "display.h"
#include "draw.h"
#include "font.h"

static void markup(void)
{
    as_glyph g[AS_MARKUP_MAX];
    CHECK(as_markup("2*θ*", g) == 2 && g[0].code == '2' && !g[0].italic && g[1].code == 0x3b8 && g[1].italic);
    CHECK(as_markup("cm^{-1}", g) == 4 && g[2].level == 1 && g[2].code == 0x2212 && g[3].level == 1);
    CHECK(as_markup("cm⁻¹", g) == 4 && g[2].level == 1 && g[2].code == 0x2212 && g[3].code == '1');
    CHECK(as_markup("H₂O", g) == 3 && g[1].level == -1 && g[1].code == '2' && g[2].level == 0);
    CHECK(as_markup("a * b * c", g) == 9 && g[2].code == '*'); /* blanks around: no italics */
    CHECK(as_markup("Fd-3m *", g) == 7);
    CHECK(as_markup("x_1 a^b {c}", g) == 11); /* marks without a group stand for themselves */
    CHECK(as_markup("\\*a\\*", g) == 3 && g[0].code == '*' && !g[1].italic);
    CHECK(as_markup("_{open", g) == 6 && g[0].level == 0);
    CHECK(as_markup("\xff\xc3", g) == 2 && g[0].code == 0xfffd && g[1].code == 0xfffd);
    CHECK(as_markup("**a** b", g) == 3 && g[0].bold && !g[0].italic && !g[2].bold);
    CHECK(as_markup("**", g) == 2 && !g[0].bold);
    CHECK(as_markup("", g) == 0);
    char many[3 * AS_MARKUP_MAX];
    memset(many, 'a', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    CHECK(as_markup(many, g) == AS_MARKUP_MAX);
}

/* The table of advances is the font's, where the font is installed. */
static void metrics(as_ctx *ctx)
{
    const as_draw *draw = as_draw_open(ctx);
    CHECK(draw != NULL);
    NEAR(as_font_extent(10, "AV").w, (1366 + 1366 - 152) / 2048.0 * 10 * 25.4 / 72, 1e-12);
    NEAR(as_font_extent(10, "x^{2}").w, (1024 + 0.7 * 1139) / 2048.0 * 10 * 25.4 / 72, 1e-12);
    NEAR(as_font_extent(10, "CO_{3}^{2-}").w, as_font_extent(10, "CO^{2-}").w, 1e-12); /* one under the other */
    if (!draw || isnan(draw->advance('A', false))) {
        printf("Liberation Sans is not installed: its table of advances stays unchecked\n");
        return;
    }
    int compared = 0;
    for (uint32_t code = 0x20; code < 0x2300; code++) {
        if (!as_font_has(code)) continue;
        NEAR(as_font_advance(code, false), draw->advance(code, false), 1e-9);
        if (code % 16 == 0) NEAR(as_font_advance(code, true), draw->advance(code, true), 1e-9);
        compared++;
    }
    CHECK(compared > 500);
}

static void decimation(void)
{
    enum { N = 10000 };
    static as_point p[N], q[N];
    for (int i = 0; i < N; i++) p[i] = (as_point){ i * 0.001, sin(i * 0.7) };
    p[4321].y = 99;
    p[7000].y = -99;
    p[5000] = (as_point){ NAN, NAN };
    const size_t n = as_decimate(N, p, 0.1, q);
    CHECK(n < 400 && n > 150);
    CHECK(q[0].x == p[0].x && q[0].y == p[0].y && q[n - 1].x == p[N - 1].x && q[n - 1].y == p[N - 1].y);
    int high = 0, low = 0, gaps = 0;
    for (size_t i = 0; i < n; i++) high += q[i].y == 99, low += q[i].y == -99, gaps += isnan(q[i].x);
    CHECK(high == 1 && low == 1 && gaps == 1);
    CHECK(as_decimate(N, p, 0.1, p) == n); /* in place */
    CHECK(p[n - 1].y == q[n - 1].y && p[n / 3].y == q[n / 3].y);
    for (int i = 0; i < 1000; i++) p[i] = (as_point){ i * 0.1, i * 0.2 }; /* straight: two points do, nearly */
    CHECK(as_decimate(1000, p, 0.02, q) < 40);
    const as_point circle[] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 }, { 1, 0 } };
    CHECK(as_decimate(5, circle, 0.1, q) == 5);
    CHECK(as_decimate(0, circle, 0.1, q) == 0);
}

static const char want[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" "
    "width=\"25.4mm\" height=\"12.7mm\" viewBox=\"0 0 72 36\" font-family=\"'Liberation Sans',Arial,Helvetica,"
    "sans-serif\" stroke-linejoin=\"round\" text-rendering=\"geometricPrecision\" xml:space=\"preserve\">\n"
    "<metadata>{\"a\": \"&lt;b&gt;\"}</metadata>\n"
    "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    "<clipPath id=\"c1\"><rect x=\"0\" y=\"0\" width=\"36\" height=\"36\"/></clipPath><g clip-path=\"url(#c1)\">\n"
    "<path d=\"M0 0l36 36M36 0l-36 36\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"1\" "
    "stroke-dasharray=\"2 1.5\"/>\n"
    "</g>\n"
    "<path d=\"M36 0l36 0-36 36z\" fill=\"#ff0000\" fill-opacity=\".5\"/>\n"
    "<defs><g id=\"m1\"><circle r=\"2\" fill=\"#000000\"/></g></defs>\n"
    "<g><use xlink:href=\"#m1\" x=\"18\" y=\"18\"/></g>\n"
    "<text x=\"36\" y=\"18\" text-anchor=\"middle\" font-size=\"7\">a &lt; 2<tspan font-style=\"italic\">θ</tspan>"
    "<tspan dy=\"-2.38\" font-size=\"4.9\">2</tspan><tspan dy=\"2.38\"> ok</tspan></text>\n"
    "<text transform=\"translate(36 18)rotate(-90)\" font-size=\"7\" fill=\"#808080\">up</text>\n"
    "</svg>\n";

static void golden(as_ctx *ctx)
{
    const double pt = 25.4 / 72, dash[] = { 2 * pt, 1.5 * pt };
    const as_point cross[] = { { 0, 0 }, { 36 * pt, 36 * pt }, { NAN, NAN }, { 36 * pt, 0 }, { 0, 36 * pt } };
    const as_point triangle[] = { { 36 * pt, 0 }, { 72 * pt, 0 }, { 36 * pt, 36 * pt } };
    const as_point dots[] = { { 18 * pt, 18 * pt }, { NAN, 1 } }, middle = { 36 * pt, 18 * pt };
    as_arena *a = as_arena_new(ctx, 1 << 24);
    as_canvas *c = as_canvas_new(ctx, a, (as_size){ 25.4, 12.7 }, 0xffffffff);
    CHECK(as_canvas_unclip(c) == AS_ERR && as_pending(ctx) == AS_E_BUG);
    as_forget_error(ctx);
    CHECK(as_canvas_clip(c, (as_box){ 0, 0, 12.7, 12.7 }) == AS_OK);
    CHECK(as_canvas_line(c, 5, cross, (as_pen){ pt, dash, 2, 0x0072b2ff }) == AS_OK);
    CHECK(as_canvas_unclip(c) == AS_OK);
    CHECK(as_canvas_fill(c, 3, triangle, 0xff000080) == AS_OK);
    CHECK(as_canvas_markers(c, 2, dots, AS_CIRCLE, 4 * pt, 0x000000ff, (as_pen){ 0, NULL, 0, 0 }) == AS_OK);
    CHECK(as_canvas_text(c, middle, (as_anchor){ 0.5, 0 }, 7, 0, 0x000000ff, "a < 2*θ*^{2} ok") == AS_OK);
    CHECK(as_canvas_text(c, middle, (as_anchor){ 0, 0 }, 7, 90, 0x808080ff, "up") == AS_OK);
    CHECK(as_canvas_text(c, middle, (as_anchor){ 0, 0 }, 7, 90, 0x808080ff, "") == AS_OK);
    const as_page page = { .mm = as_canvas_size(c), .dpi = 100, .provenance = "{\"a\": \"<b>\"}" };
    char got[4096] = "";
    FILE *to = tmpfile();
    CHECK(to && as_backend_find("SVG")->write(ctx, c, &page, to) == AS_OK);
    rewind(to);
    got[fread(got, 1, sizeof got - 1, to)] = '\0';
    fclose(to);
    if (strcmp(got, want) != 0) printf("%s", got);
    CHECK(strcmp(got, want) == 0);
    CHECK(as_backend_find("bmp") == NULL);
    const as_page huge = { .mm = { 2000, 2000 }, .dpi = 2400 };
    to = tmpfile();
    CHECK(as_backend_find("png")->write(ctx, c, &huge, to) == AS_ERR && as_pending(ctx) == AS_E_LIMIT);
    as_forget_error(ctx);
    fclose(to);
    as_arena_free(a);
}

/* A rectangle on whole pixels; the page has one for each millimetre. */
static void cell(as_canvas *c, size_t k, double h, const uint32_t rgb)
{
    const double x = 4.0 * (double)(k % 6), y = 2.0 * (double)(k / 6);
    const as_point corner[] = { { x, y }, { x + 4, y }, { x + 4, y + h }, { x, y + h } };
    CHECK(as_canvas_fill(c, 4, corner, rgb << 8 | 255) == AS_OK);
}

/* Draws a PNG of a pixel for each millimetre and reads it back; how many colours its palette has. */
static unsigned drawn(as_ctx *ctx, const as_canvas *c, unsigned width, unsigned height, void *pixel)
{
    static png_byte bytes[1 << 16];
    const as_page page = { .mm = as_canvas_size(c), .dpi = 25.4 };
    png_image png = { .version = PNG_IMAGE_VERSION };
    FILE *to = tmpfile();
    CHECK(to && as_backend_find("png")->write(ctx, c, &page, to) == AS_OK);
    rewind(to);
    const size_t size = fread(bytes, 1, sizeof bytes, to);
    fclose(to);
    CHECK(png_image_begin_read_from_memory(&png, bytes, size) && png.width == width && png.height == height);
    const unsigned colours = png.format & PNG_FORMAT_FLAG_COLORMAP ? png.colormap_entries : 0;
    png.format = PNG_FORMAT_RGB;
    CHECK(png_image_finish_read(&png, NULL, pixel, 0, NULL));
    return colours;
}

/* Level and upright strokes take whole pixels, wherever they lie: frames and ticks have no soft edges. */
static void crisp(as_ctx *ctx)
{
    enum { WIDTH = 20, HEIGHT = 12 };
    const as_point stroke[] = { { 2, 3.4 }, { 18, 3.4 }, { NAN, NAN }, { 9.3, 5 }, { 9.3, 10 } };
    const as_pen pen = { 1, NULL, 0, 0x000000ff };
    as_arena *a = as_arena_new(ctx, 1 << 24);
    as_canvas *c = as_canvas_new(ctx, a, (as_size){ WIDTH, HEIGHT }, 0xffffffff);
    png_byte pixel[HEIGHT][WIDTH][3];
    CHECK(as_canvas_line(c, 5, stroke, pen) == AS_OK);
    CHECK(drawn(ctx, c, WIDTH, HEIGHT, pixel) == 2);
    CHECK(pixel[3][10][0] == 0 && pixel[2][10][0] == 255 && pixel[4][10][0] == 255);
    CHECK(pixel[7][9][0] == 0 && pixel[7][8][0] == 255 && pixel[7][10][0] == 255);
    as_arena_free(a);
}

/* With 259 colours the 256 most frequent ones stay, and the three others become the nearest by
 * 2 dr^2 + 4 dg^2 + db^2: that of blue, of red and of green. */
static void palette(as_ctx *ctx)
{
    enum { WIDTH = 24, HEIGHT = 88, RARE = 3 };
    static const struct { uint32_t rgb, off[3], want; } rare[RARE] = {
        { 0x3c3c3c, { 13, 10, 18 }, 0x3c3c3c + 18 }, /* 338, 400, 324 */
        { 0x14783c, { 13, 10, 19 }, 0x14783c + (13 << 16) }, /* 338, 400, 361 */
        { 0x78143c, { 12, 8, 17 }, 0x78143c + (8 << 8) }, /* 288, 256, 289 */
    };
    as_arena *a = as_arena_new(ctx, 1 << 24);
    as_canvas *c = as_canvas_new(ctx, a, (as_size){ WIDTH, HEIGHT }, 0xffffffff);
    size_t k = RARE;
    for (size_t i = 0; i < RARE; i++) {
        cell(c, i, 1, rare[i].rgb);
        for (int channel = 0; channel < 3; channel++)
            cell(c, k++, 2, rare[i].rgb + (rare[i].off[channel] << (16 - 8 * channel)));
    }
    for (uint32_t i = 0; k < 255 + RARE; i++) cell(c, k++, 2, (150 + i % 50) << 16 | (160 + i / 50) << 8 | 200);
    static png_byte pixel[HEIGHT][WIDTH][3];
    CHECK(drawn(ctx, c, WIDTH, HEIGHT, pixel) == 256);
    for (size_t i = 0; i < RARE; i++) {
        const png_byte *p = pixel[0][4 * i + 1];
        CHECK(((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) == rare[i].want);
    }
    const png_byte *last = pixel[2 * (257 / 6)][4 * (257 % 6) + 1], *white = pixel[1][1];
    CHECK(last[0] == 150 + 245 % 50 && last[1] == 164 && last[2] == 200);
    CHECK(white[0] == 255 && white[1] == 255 && white[2] == 255);
    as_arena_free(a);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    markup();
    metrics(ctx);
    decimation();
    golden(ctx);
    palette(ctx);
    crisp(ctx);
    as_ctx_free(ctx);
    DONE();
}
