/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agilent (Varian) images of a focal plane array: binary, little endian. A head of 1020 bytes (points,
 * width, height), then one plane of 32-bit floats for each point. The wavenumbers stand in an OLE2
 * file beside it: .bsp of a tile, .dmt of a mosaic.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"

enum { N_POINTS = 9, WIDTH = 24, HEIGHT = 26, VERSION = 129, AGGREGATION = 170, DATA = 1020 };
enum { AXIS = 28, AXIS_WITHIN = 65536 }; /* bytes of the record of the axis, and where it is sought */

typedef struct image {
    const as_input *in;
    uint32_t points, aggregation;
    uint16_t width, height;
    double first, step; /* wavenumbers; step 0: not known */
    bool absorbance;    /* as the companion calls it */
} image;

static bool has_head(const as_probe *p)
{
    return p->size > DATA && memcmp(p->head, "\0\x72\x47\0", 4) == 0;
}

static bool is_companion(const as_probe *p)
{
    size_t found = 0;
    for (size_t i = 0; i < p->n_members; i++)
        found += as_find_text(p->member[i].name, "IndexTable") != NULL ||
                 as_find_text(p->member[i].name, "StingrayViewParms") != NULL;
    return found >= 2;
}

static int probe(const as_probe *p)
{
    if (is_companion(p)) return AS_PROBE_MAGIC;
    if (!has_head(p)) return AS_PROBE_NO;
    const uint64_t points = as_head_u32(p, N_POINTS);
    const uint64_t width = as_head_u32(p, WIDTH) & 0xffff, height = as_head_u32(p, HEIGHT) & 0xffff;
    return p->file_size == DATA + 4 * points * width * height ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* --- the companion ---------------------------------------------------------------------------- */
/* Fields with their lengths before them: "1.00"; step, eight bytes; number of the first point;
 * points. Where the points are those of the image it is the axis of the image. */
static void find_axis(image *g, const as_input *companion)
{
    static const unsigned char lead[] = { 4, 0, 0, 0, 8, 0, 0, 0 };
    const unsigned char *d = companion->raw;
    const size_t end = companion->raw_size < AXIS_WITHIN ? companion->raw_size : AXIS_WITHIN;
    for (size_t at = 0; at + AXIS + 4 <= end; at += 4) {
        uint64_t bits = 0;
        uint32_t first = 0, points = 0;
        double step;
        if (memcmp(d + at, lead, 8) != 0 || memcmp(d + at + 16, lead, 4) != 0 ||
            memcmp(d + at + 24, lead, 4) != 0)
            continue;
        for (size_t i = 8; i-- > 0;) bits = bits << 8 | d[at + 8 + i];
        for (size_t i = 4; i-- > 0;) first = first << 8 | d[at + 20 + i];
        for (size_t i = 4; i-- > 0;) points = points << 8 | d[at + 28 + i];
        memcpy(&step, &bits, sizeof step);
        if (points != g->points || !(step > 1e-3 && step < 1e4)) continue;
        g->step = step;
        g->first = first * step;
        for (size_t i = at; i + 10 <= end; i++)
            g->absorbance |= memcmp(d + i, "Absorbance", 10) == 0;
        return;
    }
}

/* `stem` and `suffix` beside the file; NULL: none. */
static as_status open_beside(as_parse *job, const char *stem, const char *suffix,
                             const as_input **out)
{
    const char *name = as_format(as_scratch(job->ctx), "%s%s", stem, suffix);
    *out = NULL;
    if (!name) return AS_ERR;
    if (as_open_beside(job->ctx, job->in, name, out) == AS_OK) return AS_OK;
    if (as_pending(job->ctx) != AS_E_MISSING) return AS_ERR;
    as_forget_error(job->ctx);
    *out = NULL;
    return AS_OK;
}

/* Of a tile, `mosaic_0000_0001.dmd`, the stem of the mosaic. */
static const char *mosaic_stem(as_parse *job, const char *stem)
{
    const size_t n = strlen(stem);
    size_t digits = 0;
    for (size_t i = 0; n > 10 && i < 10; i++) {
        const char c = stem[n - 10 + i];
        digits += i % 5 == 0 ? c == '_' : c >= '0' && c <= '9';
    }
    return digits == 10 ? as_strndup(as_scratch(job->ctx), stem, n - 10) : NULL;
}

static as_status look_for_axis(as_parse *job, image *g)
{
    const char *stem = as_stem(as_scratch(job->ctx), job->in->name);
    const char *mosaic = stem ? mosaic_stem(job, stem) : NULL;
    const struct { const char *stem, *suffix; } places[] = { { stem, ".bsp" },
                                                             { stem, ".dmt" },
                                                             { mosaic, ".dmt" } };
    if (!stem) return AS_ERR;
    for (size_t i = 0; i < AS_COUNT(places) && g->step == 0; i++) {
        const as_input *companion;
        if (!places[i].stem) continue;
        AS_TRY(open_beside(job, places[i].stem, places[i].suffix, &companion));
        if (companion) find_axis(g, companion);
    }
    return AS_OK;
}

/* --- the image ------------------------------------------------------------------------------------ */
static as_status read_head(as_parse *job, image *g)
{
    as_ctx *ctx = job->ctx;
    const as_where where = as_at_byte(g->in, N_POINTS);
    if (g->in->size < DATA || memcmp(g->in->data, "\0\x72\x47\0", 4) != 0)
        return as_fail(ctx, AS_E_SYNTAX, &where, "no head of an image: 00 72 47 00 expected");
    AS_TRY(as_u32le(ctx, g->in, N_POINTS, &g->points));
    AS_TRY(as_u16le(ctx, g->in, WIDTH, &g->width));
    AS_TRY(as_u16le(ctx, g->in, HEIGHT, &g->height));
    AS_TRY(as_u32le(ctx, g->in, AGGREGATION, &g->aggregation));
    const uint64_t pixels = (uint64_t)g->width * g->height, have = g->in->size - DATA;
    if (pixels == 0 || g->points == 0)
        return as_fail(ctx, AS_E_SYNTAX, &where, "%u points of %u x %u pixels", g->points, g->width,
                       g->height);
    if (have / 4 / pixels < g->points)
        return as_fail(ctx, AS_E_TRUNCATED, &where,
                       "%u points of %u x %u pixels need more than the %llu bytes that are there",
                       g->points, g->width, g->height, (unsigned long long)have);
    if (have != 4 * pixels * g->points)
        return as_fail(ctx, AS_E_SYNTAX, &where, "%llu bytes are not %u points of %u x %u pixels",
                       (unsigned long long)have, g->points, g->width, g->height);
    return AS_OK;
}

static as_status read_pixel(as_parse *job, const image *g, size_t i, const char *version)
{
    as_ctx *ctx = job->ctx;
    const as_ir_axis x = as_ir_x(g->step != 0 ? "1/CM" : "POINTS");
    const as_ir_axis y = as_ir_y(g->absorbance ? "ABSORBANCE" : "ARBITRARY UNITS");
    const double first = g->step != 0 ? g->first : 0, step = g->step != 0 ? g->step : 1;
    const size_t stride = 4 * (size_t)g->width * g->height;
    as_table *t = as_new_ir(ctx, g->points, first, first + (g->points - 1) * step, &x, &y);
    as_column *plane = t ? as_add_column(ctx, t, "plane", AS_ROLE_OTHER, AS_UNITLESS) : NULL;
    if (!plane) return AS_ERR;
    for (size_t k = 0; k < t->rows; k++) plane->v.f[k] = (double)k;
    AS_TRY(as_numbers_at(ctx, g->in, DATA + 4 * i, g->points, stride, AS_F32LE, t->column[1]->v.f,
                         "pixel"));
    AS_TRY(as_set_value(ctx, t, "index", (double)i, "1", NULL));
    AS_TRY(as_set_value(ctx, t, "x", (double)(i % g->width), "1", NULL));
    AS_TRY(as_set_value(ctx, t, "y", (double)(i / g->width), "1", NULL));
    AS_TRY(as_set_text(ctx, t, "software", version, NULL));
    AS_TRY(as_set_value(ctx, t, "vendor.aggregation", g->aggregation, "1", NULL));
    if (i == 0 && g->step == 0) {
        const as_where where = as_at_byte(g->in, N_POINTS);
        as_warn(ctx, t, &where, "no .bsp or .dmt beside it has an axis of %u points: x is their number",
                g->points);
    }
    return as_emit(job->out, ctx, t);
}

/* The companion itself was given: its image is beside it. */
static as_status open_image(as_parse *job, image *g)
{
    const char *stem = as_stem(as_scratch(job->ctx), job->in->name);
    static const char *const suffixes[] = { ".dat", ".dms", ".seq" };
    const as_where where = { .file = job->in->name };
    if (!stem) return AS_ERR;
    for (size_t i = 0; i < AS_COUNT(suffixes); i++) {
        AS_TRY(open_beside(job, stem, suffixes[i], &g->in));
        if (g->in) return AS_OK;
    }
    return as_fail(job->ctx, AS_E_MISSING, &where,
                   "this file holds the axis only; %s.dat or .dms, the image, is not beside it", stem);
}

static as_status parse(as_parse *job)
{
    image g = { .in = job->in };
    const char *version;
    if (as_members(job->in, NULL) > 0) AS_TRY(open_image(job, &g));
    AS_TRY(read_head(job, &g));
    if (g.in == job->in) AS_TRY(look_for_axis(job, &g));
    else find_axis(&g, job->in);
    AS_TRY(as_text_at(job->ctx, g.in, VERSION, 15, &version));
    for (size_t i = 0; i < (size_t)g.width * g.height; i++)
        AS_TRY(read_pixel(job, &g, i, version));
    return AS_OK;
}

static const char *const suffixes[] = { "dat", "seq", "dmd", "dms", "drd", "bsp", "dmt", NULL };
static const char *const techniques[] = { "ftir", NULL };
static const as_example examples[] = {
    { "the pixels of a tile", "assay read --list tests/corpus/ftir/tile.dat" }, { 0 }
};
static const char *const see_also[] = { "perkinelmer-fsm", NULL };

const as_parser as_parser_agilent_fpa = {
    .name = "agilent-fpa",
    .title = "Agilent Resolutions Pro image (FPA tiles and mosaics)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files and open readers",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Agilent images of a focal plane array",
             .description =
                 "Binary planes (`.dat`, `.seq`, `.dmd`, `.dms`, `.drd`); the wavenumbers come from "
                 "the `.bsp` or `.dmt` beside the file, which may be given instead. Each pixel "
                 "is a series with its column and row as `x` and `y`, in the order they are "
                 "stored. The column `plane` numbers the stored planes. The size of the file must "
                 "be that of its pixels.\n\n"
                 "Known gaps: the size of a pixel and the settings are not read; a mosaic whose "
                 "`.dms` is absent is read tile by tile.",
             .examples = examples,
             .see_also = see_also },
};
