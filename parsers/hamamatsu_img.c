/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hamamatsu .img of a streak camera: "IM", sizes, a long comment of [Section],key="value" groups, the
 * rows of the image, and tables of the axes that the comment names as "#offset,count".
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"

enum { HEADER = 64 };

static uint32_t head_u16(const as_probe *p, size_t at)
{
    return as_head_u32(p, at) & 0xffff;
}

static int probe(const as_probe *p)
{
    static const unsigned widths[] = { 1, 0, 2, 4 };
    if (p->size < HEADER || memcmp(p->head, "IM", 2) != 0) return AS_PROBE_NO;
    const uint32_t type = head_u16(p, 12);
    if (type >= AS_COUNT(widths) || widths[type] == 0 || p->head[HEADER] != '[') return AS_PROBE_NO;
    const uint64_t size = HEADER + head_u16(p, 2) +
                          (uint64_t)head_u16(p, 4) * head_u16(p, 6) * widths[type];
    return size <= p->file_size ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

typedef struct {
    uint16_t comment, width, height, type;
    const char *text;
    as_table *head;
} reading;

/* The value of `key` behind "[section]": in quotes, or up to a comma; NULL: none, or no memory. */
static const char *value_of(as_parse *job, const char *text, const char *section, const char *key)
{
    const char *from = as_find_text(text, section);
    const char *stop = from ? strchr(from + 1, '[') : NULL;
    const size_t n = strlen(key);
    for (const char *c = from; c && (c = strstr(c, key)) != NULL && (!stop || c < stop); c++) {
        if (c[-1] != ',' || c[n] != '=') continue;
        const bool quoted = c[n + 1] == '"';
        const char *value = c + n + 1 + quoted;
        return as_trim(as_scratch(job->ctx), value, strcspn(value, quoted ? "\"" : ",\r\n"));
    }
    return NULL;
}

static as_status set_value(as_parse *job, reading *r, const char *section, const char *key,
                           const char *meta, const char *unit)
{
    const as_known known = { key, meta, unit };
    const as_where at = as_at_byte(job->in, HEADER);
    const char *value = value_of(job, r->text, section, key);
    return value && *value ? as_set_measure(job->ctx, r->head, &known, 1, key, value, &at) : AS_OK;
}

/* The table of an axis, "#682800,672"; without one the pixels from 0. */
static as_status read_scale(as_parse *job, const reading *r, const char *file_key, const char *unit_key,
                            size_t n, double **out, const char **unit)
{
    const char *where = value_of(job, r->text, "[Scaling]", file_key);
    double at, count;
    *unit = value_of(job, r->text, "[Scaling]", unit_key);
    *out = AS_NEW_N(as_scratch(job->ctx), double, n + 1);
    if (!*out) return AS_ERR;
    const size_t used = where && *where == '#' ? as_scan_number(where + 1, strcspn(where + 1, ","), '.', &at)
                                               : 0;
    if (used && where[1 + used] == ',' && as_scan_number(where + used + 2, strlen(where + used + 2), '.', &count) &&
        count >= (double)n && at >= HEADER && at < 4e9)
        return as_numbers_at(job->ctx, job->in, (uint64_t)at, n, 0, AS_F32LE, *out, "an axis");
    *unit = NULL;
    for (size_t i = 0; i < n; i++) (*out)[i] = (double)i;
    return AS_OK;
}

static as_status read_head(as_parse *job, reading *r)
{
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, HEADER, 1, "the header"));
    AS_TRY(as_u16le(job->ctx, job->in, 2, &r->comment));
    AS_TRY(as_u16le(job->ctx, job->in, 4, &r->width));
    AS_TRY(as_u16le(job->ctx, job->in, 6, &r->height));
    AS_TRY(as_u16le(job->ctx, job->in, 12, &r->type));
    const as_where where = as_at_byte(job->in, 12);
    if ((r->type != 0 && r->type != 2 && r->type != 3) || r->width == 0 || r->height == 0)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "an image of type %u and %u times %u points: "
                       "expected 8, 16 or 32 bit", r->type, r->width, r->height);
    AS_TRY(as_text_at(job->ctx, job->in, HEADER, r->comment, &r->text));
    AS_TRY(set_value(job, r, "[Camera]", "CameraName", "detector", NULL));
    AS_TRY(set_value(job, r, "[Acquisition]", "ExposureTime", "exposure", "s"));
    AS_TRY(set_value(job, r, "[Acquisition]", "NrExposure", "accumulations", "1"));
    AS_TRY(set_value(job, r, "[Streak camera]", "DeviceName", "instrument", NULL));
    AS_TRY(set_value(job, r, "[Streak camera]", "Time Range", "vendor.time_range", NULL));
    AS_TRY(set_value(job, r, "[Spectrograph]", "Grating", "grating", NULL));
    AS_TRY(set_value(job, r, "[Comment]", "UserComment", "comment", NULL));
    return set_value(job, r, "[Application]", "Date", "vendor.date", NULL);
}

static as_status emit_row(as_parse *job, const reading *r, const as_spectrum_kind *kind, const double *x,
                          size_t row, double y, const char *y_unit)
{
    static const as_number_type types[] = { AS_U8, 0, AS_U16LE, AS_U32LE };
    const as_number_type type = types[r->type];
    const uint64_t at = HEADER + r->comment + (uint64_t)row * r->width * as_number_size(type);
    const as_where where = as_at_byte(job->in, at);
    as_table *t = as_new_spectrum(job->ctx, r->width, kind);
    as_unit unit;
    if (!t) return AS_ERR;
    memcpy(t->column[0]->v.f, x, r->width * sizeof *x);
    AS_TRY(as_numbers_at(job->ctx, job->in, at, r->width, 0, type, t->column[1]->v.f, "a row"));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    AS_TRY(as_set_value(job->ctx, t, "index", (double)row, "1", &where));
    if (y_unit && *y_unit) {
        AS_TRY(as_unit_parse(job->ctx, t->arena, y_unit, &unit));
        AS_TRY(as_set_number(job->ctx, t, unit.dim[AS_DIM_S] == 2 ? "time" : "y", y, NAN, unit, &where));
    }
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    reading r = { .head = as_table_new(job->ctx, 0) };
    as_spectrum_kind kind = { "pixel", "1", "intensity", "count", NULL };
    const char *x_unit, *y_unit;
    double *x, *y;
    if (!r.head) return AS_ERR;
    AS_TRY(read_head(job, &r));
    AS_TRY(read_scale(job, &r, "ScalingXScalingFile", "ScalingXUnit", r.width, &x, &x_unit));
    AS_TRY(read_scale(job, &r, "ScalingYScalingFile", "ScalingYUnit", r.height, &y, &y_unit));
    if (x_unit && *x_unit) as_spectral_x(x_unit, &kind);
    AS_TRY(as_need_bytes(job->ctx, job->in, HEADER + r.comment, r.height,
                         (size_t)r.width * (r.type == 0 ? 1 : r.type), "the image"));
    for (size_t row = 0; row < r.height; row++)
        AS_TRY(emit_row(job, &r, &kind, x, row, y[row], y_unit));
    return AS_OK;
}

static const char *const suffixes[] = { "img", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "princeton-spe", NULL };

const as_parser as_parser_hamamatsu_img = {
    .name = "hamamatsu-img",
    .title = "Hamamatsu streak image .img",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read images of Hamamatsu streak cameras, row by row",
             .description =
                 "A header of 64 bytes, a comment of `[Section],key=\"value\"` groups, rows of 8, 16 "
                 "or 32 bits. Each row becomes one series along wavelength where the comment names a "
                 "table of it, else along the pixel; the time of the row is metadata where there is "
                 "a table of that.",
             .see_also = see_also },
};
