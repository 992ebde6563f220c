/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels into a PNG, small and quickly: a line figure holds few colours, and one byte a pixel packs
 * four times faster than three. Where antialiasing makes more than 256, the most frequent stay exact and
 * the others, all on edges, become the nearest of them. Maps stay exact: only greys, the edges of text, are
 * rounded there, and what then has more colours than a palette holds goes out as RGB.
 */
#include <png.h>
#include <string.h>
#include <zlib.h>

#include "draw_cairo.h"

enum { SLOTS = 8192, MOST = 5000, PALETTE = 256, EDGE = 2 };

typedef struct shade { uint32_t rgb, count; int index; } shade;

typedef struct shades {
    shade slot[SLOTS]; /* count 0: free */
    size_t n;
    /* runs of at most EDGE pixels are keyed by 4 bits a channel: all, or greys alone */
    bool rounded, greys;
    bool map; /* rows repeat, as points are pixels high */
} shades;

static shade *find(shades *s, uint32_t rgb, size_t run)
{
    const bool grey = (rgb >> 16) == (rgb & 255) && (rgb >> 8 & 255) == (rgb & 255);
    if (run <= EDGE && (s->rounded || (s->greys && grey))) {
        rgb &= 0xf0f0f0;
        rgb |= rgb >> 4;
    }
    uint32_t h = rgb * 0x9e3779b1u >> 19;
    while (s->slot[h].count && s->slot[h].rgb != rgb) h = (h + 1) % SLOTS;
    s->slot[h].rgb = rgb;
    return &s->slot[h];
}

static uint32_t pixel(const unsigned char *row, size_t x)
{
    uint32_t v;
    memcpy(&v, row + 4 * x, 4);
    return v & 0xffffff;
}

/* The end of the run of equal pixels that begins at x; four are looked at at once. */
static size_t run_end(const unsigned char *row, size_t x, size_t width)
{
    const uint64_t rgb = pixel(row, x), both = rgb << 32 | rgb, mask = UINT64_C(0x00ffffff00ffffff);
    uint64_t four[2];
    for (x++; x + 3 < width; x += 4) {
        memcpy(four, row + 4 * x, sizeof four);
        if (((four[0] ^ both) | (four[1] ^ both)) & mask) break;
    }
    while (x < width && pixel(row, x) == rgb) x++;
    return x;
}

/* How many of the `left` rows from `row` on are equal to it; between curves a look costs more than it gives. */
static size_t equal_rows(const shades *s, const unsigned char *row, size_t left, size_t width, size_t stride)
{
    size_t n = 1;
    while (s->map && n < left && memcmp(row, row + n * stride, 4 * width) == 0) n++;
    return n;
}

/* Counts the colours; false when there are more than the table holds. */
static bool count(shades *s, size_t width, size_t height, size_t stride, const unsigned char *px)
{
    for (size_t y = 0, rows; y < height; y += rows) {
        const unsigned char *row = px + y * stride;
        rows = equal_rows(s, row, height - y, width, stride);
        for (size_t x = 0, end; x < width; x = end) {
            end = run_end(row, x, width);
            shade *at = find(s, pixel(row, x), end - x);
            if (!at->count && s->n++ == MOST) return false;
            at->count += (uint32_t)((end - x) * rows);
        }
    }
    return true;
}

/* The least count that at most PALETTE colours exceed. */
static uint32_t threshold(const shades *s)
{
    uint32_t lo = 0, hi = UINT32_MAX;
    while (lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        size_t above = 0;
        for (size_t i = 0; i < SLOTS; i++) above += s->slot[i].count > mid;
        if (above <= PALETTE) hi = mid;
        else lo = mid + 1;
    }
    return lo;
}

static int nearest(const png_color *palette, int n, uint32_t rgb)
{
    int best = 0, least = 1 << 30;
    for (int i = 0; i < n; i++) {
        const int r = palette[i].red - (int)(rgb >> 16), g = palette[i].green - (int)(rgb >> 8 & 255),
                  b = palette[i].blue - (int)(rgb & 255);
        const int d = 2 * r * r + 4 * g * g + b * b; /* as the eye weighs them */
        if (d < least) least = d, best = i;
    }
    return best;
}

/* The palette, and every colour's place in it; how many. */
static int assign(shades *s, png_color *palette)
{
    const uint32_t over = threshold(s);
    int n = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        shade *at = &s->slot[i];
        if (!at->count || at->count <= over) continue;
        palette[n] = (png_color){ (png_byte)(at->rgb >> 16), (png_byte)(at->rgb >> 8), (png_byte)at->rgb };
        at->index = n++;
    }
    for (size_t i = 0; i < SLOTS; i++)
        if (s->slot[i].count && s->slot[i].count <= over)
            s->slot[i].index = nearest(palette, n, s->slot[i].rgb);
    return n;
}

/* The indices take the place of the pixels, from the left of each row: four bytes become one, so what
 * is written lies behind what is still to be read. */
static void indices(shades *s, size_t width, size_t height, size_t stride, unsigned char *px)
{
    for (size_t y = 0, rows; y < height; y += rows) {
        unsigned char *row = px + y * stride;
        rows = equal_rows(s, row, height - y, width, stride);
        for (size_t x = 0, end; x < width; x = end) {
            end = run_end(row, x, width);
            memset(row + x, find(s, pixel(row, x), end - x)->index, end - x);
        }
        for (size_t i = 1; i < rows; i++) memcpy(row + i * stride, row, width);
    }
}

static void write_data(png_structp png, png_bytep bytes, size_t n)
{
    as_out *to = png_get_io_ptr(png);
    if (!to->put(to, bytes, n)) png_error(png, "cannot write");
}

static void flush_data(png_structp png)
{
    (void)png;
}

static void on_error(png_structp png, png_const_charp message)
{
    as_drawn *d = png_get_error_ptr(png);
    snprintf(d->error, sizeof d->error, "PNG: %s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void header(png_structp png, png_infop info, size_t width, size_t height, double dpi,
                   const char *provenance, int n_palette, const png_color *palette)
{
    const int depth = n_palette && n_palette <= 16 ? 4 : 8;
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, depth,
                 n_palette ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (n_palette) png_set_PLTE(png, info, palette, n_palette);
    if (dpi > 0) {
        const png_uint_32 per_m = (png_uint_32)(dpi / 0.0254 + 0.5);
        png_set_pHYs(png, info, per_m, per_m, PNG_RESOLUTION_METER);
        png_set_sRGB(png, info, PNG_sRGB_INTENT_RELATIVE);
    }
    if (provenance) {
        char key[] = "assay", empty[] = "";
        png_text text = { .compression = PNG_ITXT_COMPRESSION_NONE, .key = key, .lang = empty,
                          .lang_key = empty, .text = (png_charp)(uintptr_t)provenance };
        png_set_text(png, info, &text, 1);
    }
}

/* Rows of the palette's indices (n > 0) or of cairo's pixels. */
static bool write_png(size_t width, size_t height, size_t stride, const unsigned char *pixels,
                      double dpi, const char *provenance, bool runs, const int n,
                      const png_color *palette, as_out *to, as_drawn *d)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, d, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, to, write_data, flush_data);
    png_set_compression_level(png, runs ? 6 : 4);
    if (runs) png_set_compression_strategy(png, Z_RLE); /* flat colours: a third faster */
    png_set_check_for_invalid_index(png, 0);
    png_set_filter(png, 0, n ? PNG_FILTER_NONE : PNG_FILTER_NONE | PNG_FILTER_UP);
    header(png, info, width, height, dpi, provenance, n, palette);
    png_write_info(png, info);
    if (n && n <= 16) png_set_packing(png);
    if (!n) {
        png_set_filler(png, 0, PNG_FILLER_AFTER);
        png_set_bgr(png);
    }
    for (size_t y = 0; y < height; y++)
        png_write_row(png, pixels + y * stride);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

bool as_encode_png(size_t width, size_t height, size_t stride, unsigned char *pixels, double dpi,
                   const char *provenance, bool may_round, as_out *to, as_drawn *d)
{
    shades table;
    png_color palette[PALETTE];
    int n = 0;
    memset(&table, 0, sizeof table);
    table.rounded = may_round && dpi >= AS_FINE_DPI;
    table.greys = dpi >= AS_FINE_DPI;
    table.map = !may_round;
    bool known = count(&table, width, height, stride, pixels);
    if (!known && may_round) {
        memset(&table, 0, sizeof table);
        table.rounded = true;
        known = count(&table, width, height, stride, pixels);
    }
    if (known && (may_round || table.n <= PALETTE)) {
        n = assign(&table, palette);
        indices(&table, width, height, stride, pixels);
    }
    return write_png(width, height, stride, pixels, dpi, provenance, n > 0 && may_round, n, palette, to, d);
}
