/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Princeton Instruments .spe: a header of 4100 bytes, frames, and in version 3 an XML footer whose
 * place the header tells. Version 2 has dimensions and the coefficients of the axis in the header;
 * in version 3 the footer describes frames, regions and wavelengths.
 */
#include <math.h>
#include <string.h>

#include "spectrum.h"
#include "xml_vendor.h"

enum { HEADER = 4100, MOST_REGIONS = 64 };

typedef struct {
    uint64_t at;          /* in the frame */
    uint32_t width, height;
    uint64_t first_column; /* of the sensor */
    uint32_t binning;
} region;

typedef struct {
    as_number_type type;
    uint64_t frames, stride; /* bytes from frame to frame */
    size_t n_regions;
    region region[MOST_REGIONS];
    const double *axis;      /* by column of the sensor; NULL: none */
    size_t n_axis;
    as_spectrum_kind kind;
    as_table *head;
} reading;

static float head_f32(const as_probe *p, size_t at)
{
    const uint32_t bits = as_head_u32(p, at);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* No magic: a known type, and sizes that agree with the file. */
static int probe(const as_probe *p)
{
    static const uint8_t widths[] = { 4, 4, 2, 2, 0, 8, 1, 0, 4 };
    if (p->is_text || p->n_members || p->size < HEADER) return AS_PROBE_NO;
    const float version = head_f32(p, 1992);
    const uint32_t type = as_head_u32(p, 108) & 0xffff, width = as_head_u32(p, 42) & 0xffff;
    const uint32_t height = as_head_u32(p, 656) & 0xffff, frames = as_head_u32(p, 1446);
    if (type >= AS_COUNT(widths) || widths[type] == 0) return AS_PROBE_NO;
    if (!(version >= 1 && version < 4) || fabsf(version * 10 - roundf(version * 10)) > 1e-4f)
        return AS_PROBE_NO;
    if (version >= 3) {
        const uint64_t footer = as_head_u32(p, 678) | (uint64_t)as_head_u32(p, 682) << 32;
        return footer >= HEADER && footer < p->file_size ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
    }
    if (width == 0 || height == 0 || frames == 0) return AS_PROBE_NO;
    return HEADER + (uint64_t)width * height * frames * widths[type] == p->file_size
               ? AS_PROBE_MAGIC : AS_PROBE_PLAUSIBLE;
}

static as_status type_of(as_parse *job, reading *r)
{
    static const as_number_type types[] = { AS_F32LE, AS_I32LE, AS_I16LE, AS_U16LE, 0,
                                            AS_F64LE, AS_U8,    0,        AS_U32LE };
    uint16_t code;
    const as_where where = as_at_byte(job->in, 108);
    AS_TRY(as_u16le(job->ctx, job->in, 108, &code));
    if (code >= AS_COUNT(types) || code == 4 || code == 7)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "values of type %u are not supported", code);
    r->type = types[code];
    return AS_OK;
}

/* --- version 2 -------------------------------------------------------------------------------- */

/* x = sum of c[i] p^i, pixels counted from 1. What x is, the file does not say reliably. */
static as_status read_polynomial(as_parse *job, reading *r)
{
    uint8_t valid, order;
    double c[6], laser;
    const as_where where = as_at_byte(job->in, 3311);
    const uint32_t n = r->region[0].width;
    AS_TRY(as_u8(job->ctx, job->in, 3098, &valid));
    AS_TRY(as_u8(job->ctx, job->in, 3101, &order));
    AS_TRY(as_numbers_at(job->ctx, job->in, 3263, 6, 0, AS_F64LE, c, "coefficients"));
    AS_TRY(as_f64le(job->ctx, job->in, 3311, &laser));
    if (laser > 100 && laser < 20000)
        AS_TRY(as_set_value(job->ctx, r->head, "laser_wavelength", laser, "nm", &where));
    if (!valid || order > 5) return AS_OK;
    double *x = AS_NEW_N(as_scratch(job->ctx), double, n);
    if (!x) return AS_ERR;
    for (uint32_t i = 0; i < n; i++)
        for (int k = order; k >= 0; k--) x[i] = x[i] * (i + 1) + c[k];
    for (uint32_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return AS_OK;
    r->axis = x;
    r->n_axis = n;
    r->kind.x = "wavelength";
    r->kind.x_unit = "nm";
    return AS_OK;
}

static as_status set_date(as_parse *job, reading *r)
{
    const char *date, *text;
    const as_where where = as_at_byte(job->in, 20);
    AS_TRY(as_text_at(job->ctx, job->in, 20, 10, &date)); /* 20Aug2013 */
    if (strlen(date) != 9) return as_set_text(job->ctx, r->head, "vendor.date", date, &where);
    text = as_format(as_scratch(job->ctx), "%.2s-%.3s-%s", date, date + 2, date + 5);
    return text ? as_set_measured(job->ctx, r->head, text, false, &where) : AS_ERR;
}

static as_status read_version2(as_parse *job, reading *r)
{
    uint16_t width, height;
    int32_t frames;
    float exposure;
    const as_where dims = as_at_byte(job->in, 42), where = as_at_byte(job->in, 10);
    AS_TRY(as_u16le(job->ctx, job->in, 42, &width));
    AS_TRY(as_u16le(job->ctx, job->in, 656, &height));
    AS_TRY(as_i32le(job->ctx, job->in, 1446, &frames));
    AS_TRY(as_f32le(job->ctx, job->in, 10, &exposure));
    if (width == 0 || height == 0 || frames <= 0)
        return as_fail(job->ctx, AS_E_SYNTAX, &dims, "%d frames of %u times %u points", frames,
                       width, height);
    r->frames = (uint64_t)frames;
    r->stride = (uint64_t)width * height * as_number_size(r->type);
    r->region[0] = (region){ 0, width, height, 0, 1 };
    r->n_regions = 1;
    if (exposure > 0)
        AS_TRY(as_set_value(job->ctx, r->head, "exposure", as_meant(exposure), "s", &where));
    AS_TRY(set_date(job, r));
    return read_polynomial(job, r);
}

/* --- version 3: the footer ---------------------------------------------------------------------- */

static bool whole(const char *text, uint64_t most, uint64_t *out)
{
    uint64_t v = 0;
    if (!text || !*text) return false;
    for (; *text >= '0' && *text <= '9' && v <= most; text++) v = v * 10 + (uint64_t)(*text - '0');
    *out = v;
    return *text == '\0' && v <= most;
}

static as_status pixel_type(as_parse *job, const as_xml *xml, const as_element *block, reading *r)
{
    static const struct { const char *name; as_number_type type; } types[] = {
        { "MonochromeUnsigned16", AS_U16LE }, { "MonochromeUnsigned32", AS_U32LE },
        { "MonochromeFloating32", AS_F32LE }, { "MonochromeFloating64", AS_F64LE },
        { "MonochromeUnsigned8", AS_U8 },
    };
    const char *name = xml->attribute(block, "pixelFormat");
    const as_where where = as_xml_at(xml, job->in, block);
    if (!name) return AS_OK;
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (strcmp(types[i].name, name) == 0) {
            r->type = types[i].type;
            return AS_OK;
        }
    return as_fail(job->ctx, AS_E_FORMAT, &where, "pixels of the format %s are not supported", name);
}

static as_status read_frames(as_parse *job, const as_xml *xml, const as_element *root, reading *r)
{
    const as_element *block;
    uint64_t size, width, height, at = 0;
    AS_TRY(as_xml_need(xml, job->ctx, job->in, root, "DataFormat/DataBlock", &block));
    const as_where where = as_xml_at(xml, job->in, block);
    AS_TRY(pixel_type(job, xml, block, r));
    if (!whole(xml->attribute(block, "count"), UINT32_MAX, &r->frames) ||
        !whole(xml->attribute(block, "stride"), UINT32_MAX, &r->stride) || r->frames == 0)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "a DataBlock without count and stride");
    for (const as_element *e = xml->child(block, "DataBlock"); e && r->n_regions < MOST_REGIONS;
         e = xml->next(e, "DataBlock")) {
        if (!whole(xml->attribute(e, "width"), 65535, &width) || width == 0 ||
            !whole(xml->attribute(e, "height"), 65535, &height) ||
            !whole(xml->attribute(e, "size"), UINT32_MAX, &size) ||
            size < width * height * as_number_size(r->type))
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "a region whose size does not fit");
        r->region[r->n_regions++] = (region){ at, (uint32_t)width, (uint32_t)height, 0, 1 };
        if (!whole(xml->attribute(e, "stride"), UINT32_MAX, &size)) size = 0;
        at += size;
    }
    return r->n_regions && at <= r->stride + 1
               ? AS_OK
               : as_fail(job->ctx, AS_E_SYNTAX, &where, "a frame without regions that fit");
}

/* Where each region lies on the sensor: Calibrations/SensorMapping in the same order. */
static void read_places(const as_xml *xml, const as_element *root, reading *r)
{
    const as_element *c = as_xml_find(xml, root, "Calibrations/SensorMapping");
    for (size_t i = 0; c && i < r->n_regions; c = xml->next(c, "SensorMapping"), i++) {
        uint64_t x, binning;
        if (!whole(xml->attribute(c, "x"), 65535, &x) ||
            !whole(xml->attribute(c, "xBinning"), 65535, &binning) || binning == 0)
            continue;
        r->region[i].first_column = x;
        r->region[i].binning = (uint32_t)binning;
    }
}

static as_status read_wavelengths(as_parse *job, const as_xml *xml, const as_element *root, reading *r)
{
    const as_element *e = as_xml_find(xml, root, "Calibrations/WavelengthMapping/Wavelength");
    if (!e) return AS_OK;
    const as_where where = as_xml_at(xml, job->in, e);
    const char *text = xml->text(job->ctx, e);
    if (!text) return AS_ERR;
    const size_t n = as_count_numbers(text);
    double *x = AS_NEW_N(as_scratch(job->ctx), double, n + 1);
    if (!x) return AS_ERR;
    AS_TRY(as_text_numbers(job->ctx, &where, text, n, x, &r->n_axis));
    r->axis = x;
    r->kind.x = "wavelength";
    r->kind.x_unit = "nm";
    return AS_OK;
}

static as_status read_settings(as_parse *job, const as_xml *xml, const as_element *root, reading *r)
{
    static const struct { const char *element, *key, *unit; } known[] = {
        { "ExposureTime", "exposure", "ms" },       { "Grating", NULL, NULL },
        { "CenterWavelength", NULL, NULL },         { "SensorName", "detector", NULL },
        { "AccumulationsPerFrame", "accumulations", "1" },
    };
    for (size_t i = 0; i < AS_COUNT(known); i++) {
        const as_element *e = as_xml_deep(xml, root, known[i].element);
        const char *text = e ? xml->text(job->ctx, e) : NULL;
        if (!text || !*text || !known[i].key) continue;
        const as_known k = { known[i].element, known[i].key, known[i].unit };
        const as_where where = as_xml_at(xml, job->in, e);
        AS_TRY(as_set_known(job->ctx, r->head, &k, 1, k.key, text, &where));
    }
    const as_element *general = as_xml_find(xml, root, "GeneralInformation/FileInformation");
    const char *created = general ? xml->attribute(general, "created") : NULL;
    const char *creator = general ? xml->attribute(general, "creator") : NULL;
    if (created) AS_TRY(as_set_text(job->ctx, r->head, "measured", created, NULL));
    return creator ? as_set_text(job->ctx, r->head, "operator", creator, NULL) : AS_OK;
}

static as_status read_version3(as_parse *job, reading *r)
{
    uint64_t at;
    as_input footer = *job->in;
    const as_xml *xml = as_xml_open(job->ctx);
    const as_element *root;
    const as_where where = as_at_byte(job->in, 678);
    if (!xml) return AS_ERR;
    AS_TRY(as_u64le(job->ctx, job->in, 678, &at));
    if (at < HEADER || at >= job->in->size)
        return as_fail(job->ctx, AS_E_TRUNCATED, &where,
                       "the XML footer stands at byte %llu of a file of %zu",
                       (unsigned long long)at, job->in->size);
    footer.data += at;
    footer.size -= (size_t)at;
    as_parse inner = *job;
    inner.in = &footer;
    AS_TRY(xml->parse(job->ctx, &footer, &root));
    AS_TRY(read_frames(&inner, xml, root, r));
    read_places(xml, root, r);
    AS_TRY(read_wavelengths(&inner, xml, root, r));
    return read_settings(&inner, xml, root, r);
}

/* --- frames -------------------------------------------------------------------------------------- */

/* x of column i of a region: binned columns have the mean of theirs. */
static void fill_x(const reading *r, const region *g, double *x)
{
    const bool whole_sensor = g->first_column + (uint64_t)g->width * g->binning <= r->n_axis;
    for (uint32_t i = 0; i < g->width; i++) {
        double sum = 0;
        if (r->axis && whole_sensor) {
            for (uint32_t k = 0; k < g->binning; k++)
                sum += r->axis[g->first_column + (uint64_t)i * g->binning + k];
            x[i] = sum / g->binning;
        } else {
            x[i] = r->axis && r->n_axis == g->width ? r->axis[i] : i + 1.0;
        }
    }
}

static as_status emit_row(as_parse *job, const reading *r, size_t g, uint64_t frame, uint32_t row)
{
    const region *of = &r->region[g];
    const size_t size = as_number_size(r->type);
    const uint64_t at = HEADER + frame * r->stride + of->at + (uint64_t)row * of->width * size;
    const as_where where = as_at_byte(job->in, at);
    as_table *t = as_new_spectrum(job->ctx, of->width, &r->kind);
    if (!t) return AS_ERR;
    fill_x(r, of, t->column[0]->v.f);
    AS_TRY(as_numbers_at(job->ctx, job->in, at, of->width, 0, r->type, t->column[1]->v.f,
                         "the spectrum"));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    if (r->frames > 1) AS_TRY(as_set_value(job->ctx, t, "index", (double)frame, "1", &where));
    if (of->height > 1) AS_TRY(as_set_value(job->ctx, t, "vendor.row", row, "1", &where));
    if (r->n_regions > 1)
        AS_TRY(as_set_value(job->ctx, t, "vendor.region", (double)g, "1", &where));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    float version;
    reading r = { .head = as_table_new(job->ctx, 0), .kind = { "pixel", "1", "intensity", "count", NULL } };
    if (!r.head) return AS_ERR;
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, HEADER, 1, "the header"));
    AS_TRY(as_f32le(job->ctx, job->in, 1992, &version));
    AS_TRY(type_of(job, &r));
    AS_TRY(version >= 3 ? read_version3(job, &r) : read_version2(job, &r));
    AS_TRY(as_need_bytes(job->ctx, job->in, HEADER, r.frames, r.stride, "frames"));
    for (uint64_t frame = 0; frame < r.frames; frame++)
        for (size_t g = 0; g < r.n_regions; g++)
            for (uint32_t row = 0; row < r.region[g].height; row++)
                AS_TRY(emit_row(job, &r, g, frame, row));
    return AS_OK;
}

static const char *const suffixes[] = { "spe", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "andor-sif", NULL };

const as_parser as_parser_princeton_spe = {
    .name = "princeton-spe",
    .title = "Princeton Instruments .spe, versions 2 and 3",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published description of the header, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of WinSpec and LightField",
             .description =
                 "A header of 4100 bytes and frames of numbers. Version 2: dimensions, exposure and "
                 "the polynomial of the axis in the header (pixels counted from 1). Version 3: an "
                 "XML footer with frames, regions, wavelengths and settings; the dimensions of the "
                 "old header are not used.\n\n"
                 "Each row of each region of each frame becomes one series along wavelength in nm, "
                 "or along the pixel where there is no calibration.",
             .see_also = see_also },
};
