/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JASCO Spectra Manager .jws, .jwb and .jrs: an OLE2 container with the streams DataInfo, Y-Data and,
 * where the axis is uneven, X-Data; or one flat file beginning "L~S " from newer programs and
 * from instruments. Intensities are 32-bit floats in both.
 */
#include <math.h>
#include <string.h>

#include "encoding.h"
#include "spectrum.h"

enum { FLAT_HEADER = 0x2c4, FLAT_DATA = 0x740, INFO_HEADER = 0x40, MOST_CHANNELS = 32 };

static bool has_member(const as_probe *p, const char *name)
{
    for (size_t i = 0; i < p->n_members; i++)
        if (as_same(p->member[i].name, name)) return true;
    return false;
}

static int probe(const as_probe *p)
{
    if (p->n_members)
        return has_member(p, "DataInfo") && has_member(p, "Y-Data") ? AS_PROBE_VERIFIED
                                                                   : AS_PROBE_NO;
    if (p->size < FLAT_HEADER || memcmp(p->head, "L~S ", 4) != 0) return AS_PROBE_NO;
    return memcmp(p->head + 8, "SPEC", 4) == 0 ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* --- codes ------------------------------------------------------------------------------ */

/* What stands along x; the unit of the time axes is not known. */
static bool x_of(uint32_t code, as_spectrum_kind *kind)
{
    static const struct { uint32_t code; const char *name, *unit, *technique; } list[] = {
        { 0x10000100, "wavenumber", "cm-1", "ftir" },
        { 0x10000101, "raman_shift", "cm-1", "raman" },
        { 0x10000103, "wavelength", "nm", "uvvis" },
        { 0x20000203, "time", "1", "uvvis" },
        { 0x20000103, "time", "1", "uvvis" },
    };
    for (size_t i = 0; i < AS_COUNT(list); i++)
        if (list[i].code == code) {
            kind->x = list[i].name;
            kind->x_unit = list[i].unit;
            kind->technique = list[i].technique;
            return true;
        }
    kind->x = "x";
    kind->x_unit = "1";
    kind->technique = "generic";
    return false;
}

static bool y_of(uint32_t code, const char **name, const char **unit)
{
    static const struct { uint32_t code; const char *name, *unit; } list[] = {
        { 0, "transmittance", "%" },  { 2, "reflectance", "%" },   { 3, "absorbance", "1" },
        { 8, "single_beam", "1" },    { 9, "single_beam", "1" },   { 10, "single_beam", "1" },
        { 14, "intensity", "1" },     { 0x1001, "circular_dichroism", "mdeg" },
        { 0x2001, "detector_voltage", "V" },
    };
    *name = "intensity";
    *unit = "1";
    for (size_t i = 0; i < AS_COUNT(list); i++)
        if (list[i].code == code) {
            *name = list[i].name;
            *unit = list[i].unit;
            return true;
        }
    return false;
}

/* Points without a value are written as the least normal float with a minus. */
static void drop_missing(as_table *t)
{
    for (size_t c = 1; c < t->n_columns; c++)
        for (size_t i = 0; i < t->rows; i++)
            if (t->column[c]->v.f[i] == -0x1p-126) t->column[c]->v.f[i] = NAN;
}

/* --- settings ----------------------------------------------------------------------------- */

/* A length in bytes with the NUL, then UTF-16; *at moves behind it. */
static as_status get_text(as_parse *job, const as_input *in, uint64_t *at, const char **out)
{
    uint32_t n;
    unsigned char *text;
    size_t size;
    AS_TRY(as_u32le(job->ctx, in, *at, &n));
    AS_TRY(as_need_bytes(job->ctx, in, *at + 4, n, 1, "a text"));
    AS_TRY(as_decode(job->ctx, as_scratch(job->ctx), (as_encoding){ .name = "UTF-16LE" },
                     in->data + *at + 4, n, &text, &size));
    *at += 4 + (uint64_t)n;
    const void *nul = memchr(text, 0, size);
    if (nul) size = (size_t)((const unsigned char *)nul - text);
    *out = as_trim(as_scratch(job->ctx), (const char *)text, size);
    return *out ? AS_OK : AS_ERR;
}

typedef struct {
    uint32_t tag;
    const char *meta, *unit; /* NULL: text; "date": days since 1899-12-30, UTC */
} tagged;

/* The values of a record with the number of its tag, by their types; *at moves behind. */
static as_status set_tagged(as_parse *job, const as_input *in, as_table *t, const char *stream,
                            const tagged *known, size_t n, uint64_t *at)
{
    static const as_number_type types[] = { [2] = AS_U16LE, [3] = AS_U32LE, [4] = AS_F32LE,
                                            [5] = AS_F64LE, [7] = AS_F64LE, [11] = AS_U16LE };
    uint32_t tag;
    uint16_t type;
    double value;
    const char *text;
    const tagged *k = NULL;
    const as_where where = as_at_byte(in, *at);
    AS_TRY(as_u32le(job->ctx, in, *at, &tag));
    AS_TRY(as_u16le(job->ctx, in, *at + 4, &type));
    *at += 6;
    for (size_t i = 0; i < n; i++)
        if (known[i].tag == tag) k = &known[i];
    const char *key = k ? k->meta : as_format(as_scratch(job->ctx), "vendor.%s.%u", stream, tag);
    if (!key) return AS_ERR;
    if (type == 8) {
        AS_TRY(get_text(job, in, at, &text));
        return as_set_text(job->ctx, t, key, text, &where);
    }
    if (type >= AS_COUNT(types) || (type != 2 && types[type] == 0))
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "value of type %u, expected 2 to 8", type);
    AS_TRY(as_numbers_at(job->ctx, in, *at, 1, 0, types[type], &value, "a value"));
    *at += as_number_size(types[type]);
    if (!k) return as_set_value(job->ctx, t, key, value, "1", &where);
    if (!k->unit || strcmp(k->unit, "date") != 0)
        return as_set_value(job->ctx, t, key, value, k->unit ? k->unit : "1", &where);
    if (!(value > 36494) || value > 73050) return AS_OK; /* none is 36494; up to 2099 */
    text = as_utc_text(job->ctx, (int64_t)floor((value - 25569) * 86400 + 0.5));
    return text ? as_set_text(job->ctx, t, key, text, &where) : AS_ERR;
}

static as_status read_tags(as_parse *job, const as_input *in, as_table *t, const char *stream,
                           const tagged *known, size_t n, uint64_t at)
{
    uint32_t count;
    AS_TRY(as_u32le(job->ctx, in, at, &count));
    at += 4;
    for (uint32_t i = 0; i < count; i++)
        AS_TRY(set_tagged(job, in, t, stream, known, n, &at));
    return AS_OK;
}

static as_status read_sample(as_parse *job, const as_input *in, as_table *t)
{
    static const tagged known[] = { { 1, "measured", "date" } };
    uint64_t at = 4;
    const char *name, *comment;
    const as_where where = as_at_byte(in, 0);
    AS_TRY(get_text(job, in, &at, &name));
    AS_TRY(get_text(job, in, &at, &comment));
    AS_TRY(as_set_text(job->ctx, t, "sample", name, &where));
    AS_TRY(as_set_text(job->ctx, t, "comment", comment, &where));
    return read_tags(job, in, t, "SampleInfo", known, AS_COUNT(known), at);
}

static as_status read_module(as_parse *job, const as_input *in, as_table *t)
{
    const char *module, *model, *serial;
    uint64_t at = 4;
    const as_where where = as_at_byte(in, 0);
    AS_TRY(get_text(job, in, &at, &module));
    at += 4;
    AS_TRY(get_text(job, in, &at, &model));
    AS_TRY(get_text(job, in, &at, &serial));
    const char *instrument = as_format(as_scratch(job->ctx), "JASCO %s", model);
    if (!instrument) return AS_ERR;
    if (*model) AS_TRY(as_set_text(job->ctx, t, "instrument", instrument, &where));
    return as_set_text(job->ctx, t, "vendor.serial_number", serial, &where);
}

static as_status read_measurement(as_parse *job, const as_input *in, as_table *t)
{
    static const tagged raman[] = {
        { 1, "exposure", "s" },           { 3, "accumulations", "1" },
        { 5, "laser_wavelength", "nm" },  { 0x1c, "measured", "date" },
        { 0x1d, "objective", NULL },      { 0x20, "resolution", "cm-1" },
        { 0x26, "laser_power", "mW" },    { 0x3a, "vendor.ccd_temperature", "degC" },
        { 0x53, "z", "um" },              { 0x12, "vendor.grating_lines", "1" },
        { 4, "vendor.centre_wavenumber", "cm-1" },
    };
    static const tagged infrared[] = {
        { 1, "accumulations", "1" },      { 2, "resolution", "cm-1" },
        { 0x0c, "measured", "date" },     { 0x2f, "light_source", NULL },
        { 0x30, "detector", NULL },       { 3, "vendor.aperture", "mm" },
    };
    if (strcmp(t->technique, "raman") == 0)
        return read_tags(job, in, t, "MeasParam", raman, AS_COUNT(raman), 8);
    if (strcmp(t->technique, "ftir") == 0)
        return read_tags(job, in, t, "MeasParam", infrared, AS_COUNT(infrared), 8);
    return read_tags(job, in, t, "MeasParam", NULL, 0, 8);
}

/* Settings are no data: what breaks off in them is a warning. */
static as_status read_settings(as_parse *job, as_table *t)
{
    static const struct {
        const char *stream;
        as_status (*read)(as_parse *job, const as_input *in, as_table *t);
    } parts[] = { { "SampleInfo", read_sample },
                  { "ModuleInfo", read_module },
                  { "MeasParam", read_measurement } };
    for (size_t i = 0; i < AS_COUNT(parts); i++) {
        const as_input *in;
        as_status done = as_open_member(job->ctx, job->in, parts[i].stream, &in);
        if (done == AS_OK) done = parts[i].read(job, in, t);
        if (done == AS_OK) continue;
        if (as_pending(job->ctx) == AS_E_NOMEM || as_pending(job->ctx) == AS_E_LIMIT) return AS_ERR;
        as_forget_error(job->ctx);
        as_warn(job->ctx, t, NULL, "the settings in %s cannot be read", parts[i].stream);
    }
    return AS_OK;
}

/* --- spectra ---------------------------------------------------------------------------------- */

typedef struct {
    uint32_t sets, channels, even, points;
    double first, step;
    uint32_t x_code, y_code[MOST_CHANNELS];
} layout;

static as_status read_layout(as_parse *job, const as_input *in, layout *l)
{
    const as_where where = as_at_byte(in, 4);
    AS_TRY(as_need_bytes(job->ctx, in, 0, INFO_HEADER, 1, "DataInfo"));
    AS_TRY(as_u32le(job->ctx, in, 4, &l->sets));
    AS_TRY(as_u32le(job->ctx, in, 0x0c, &l->channels));
    AS_TRY(as_u32le(job->ctx, in, 0x10, &l->even));
    AS_TRY(as_u32le(job->ctx, in, 0x14, &l->points));
    AS_TRY(as_f64le(job->ctx, in, 0x18, &l->first));
    AS_TRY(as_f64le(job->ctx, in, 0x28, &l->step));
    AS_TRY(as_u32le(job->ctx, in, 0x30, &l->x_code));
    if (l->sets == 0) l->sets = 1;
    if (l->channels == 0 || l->channels > MOST_CHANNELS || l->points == 0 || l->sets > 1u << 24)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "%u sets of %u channels of %u points",
                       l->sets, l->channels, l->points);
    for (uint32_t c = 0; c < l->channels; c++)
        AS_TRY(as_u32le(job->ctx, in, 0x34 + 4 * (uint64_t)c, &l->y_code[c]));
    return AS_OK;
}

static as_status add_channels(as_parse *job, as_table *t, const layout *l)
{
    for (uint32_t c = 0; c < l->channels; c++) {
        const char *name, *unit;
        as_unit parsed;
        if (!y_of(l->y_code[c], &name, &unit))
            as_warn(job->ctx, t, NULL, "channel %u is of the unknown kind 0x%x", c + 1, l->y_code[c]);
        if (c == 0) continue;
        if (as_find_name(t, name)) name = as_format(as_scratch(job->ctx), "%s_%u", name, c + 1);
        AS_TRY(name ? as_unit_parse(job->ctx, t->arena, unit, &parsed) : AS_ERR);
        if (!as_add_column(job->ctx, t, name, AS_ROLE_OTHER, parsed)) return AS_ERR;
    }
    return AS_OK;
}

/* The temperature of each set, or whatever was stepped, stands behind the codes. */
static as_status set_step(as_parse *job, const as_input *info, as_table *t, const layout *l,
                          uint32_t set)
{
    uint32_t code;
    double value;
    const as_where where = as_at_byte(info, 0x5c + 8 * (uint64_t)set);
    if (l->sets < 2) return AS_OK;
    AS_TRY(as_set_value(job->ctx, t, "index", set, "1", &where));
    AS_TRY(as_u32le(job->ctx, info, 0x58, &code));
    AS_TRY(as_f64le(job->ctx, info, 0x5c + 8 * (uint64_t)set, &value));
    return code == 0x30000301 ? as_set_value(job->ctx, t, "temperature", value, "degC", &where)
                              : as_set_value(job->ctx, t, "z", value, "1", &where);
}

static as_status read_set(as_parse *job, const as_input *const part[3], const layout *l,
                          uint32_t set)
{
    as_spectrum_kind kind = { 0 };
    const bool known = x_of(l->x_code, &kind);
    const uint64_t size = 4 * (uint64_t)l->points;
    y_of(l->y_code[0], &kind.y, &kind.y_unit);
    as_table *t = as_new_spectrum(job->ctx, l->points, &kind);
    if (!t) return AS_ERR;
    if (!known) as_warn(job->ctx, t, NULL, "x is of the unknown kind 0x%x", l->x_code);
    AS_TRY(add_channels(job, t, l));
    double *x = t->column[0]->v.f;
    for (uint32_t i = 0; i < l->points; i++) x[i] = l->first + i * l->step;
    if (part[2])
        AS_TRY(as_numbers_at(job->ctx, part[2], 0, l->points, 0, AS_F32LE, x, "the x values"));
    for (uint32_t c = 0; c < l->channels; c++)
        AS_TRY(as_numbers_at(job->ctx, part[1], size * ((uint64_t)set * l->channels + c), l->points,
                             0, AS_F32LE, t->column[1 + c]->v.f, "the y values"));
    drop_missing(t);
    AS_TRY(read_settings(job, t));
    AS_TRY(set_step(job, part[0], t, l, set));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse_container(as_parse *job)
{
    const as_input *part[3] = { 0 };
    layout l;
    AS_TRY(as_open_member(job->ctx, job->in, "DataInfo", &part[0]));
    AS_TRY(as_open_member(job->ctx, job->in, "Y-Data", &part[1]));
    AS_TRY(read_layout(job, part[0], &l));
    if (!l.even) AS_TRY(as_open_member(job->ctx, job->in, "X-Data", &part[2]));
    const as_where where = as_at_byte(part[1], part[1]->size);
    const uint64_t n = (uint64_t)l.sets * l.channels;
    if (n != part[1]->size / 4 / l.points || part[1]->size % (4 * (uint64_t)l.points))
        return as_fail(job->ctx, n > part[1]->size / 4 / l.points ? AS_E_TRUNCATED : AS_E_SYNTAX,
                       &where, "Y-Data of %zu bytes, expected %u sets of %u channels of %u points",
                       part[1]->size, l.sets, l.channels, l.points);
    for (uint32_t set = 0; set < l.sets; set++) AS_TRY(read_set(job, part, &l, set));
    return AS_OK;
}

/* --- flat ----------------------------------------------------------------------------------------- */

static as_status set_flat_texts(as_parse *job, as_table *t)
{
    static const struct { const char *key; unsigned at, n; } texts[] = {
        { "vendor.serial_number", 0x160, 32 }, { "sample", 0x180, 64 }, { "comment", 0x1c0, 128 },
    };
    const char *text;
    int32_t seconds;
    for (size_t i = 0; i < AS_COUNT(texts); i++) {
        const as_where where = as_at_byte(job->in, texts[i].at);
        AS_TRY(as_text_at(job->ctx, job->in, texts[i].at, texts[i].n, &text));
        AS_TRY(as_set_text(job->ctx, t, texts[i].key, text, &where));
    }
    const as_where model = as_at_byte(job->in, 0x140), time = as_at_byte(job->in, 0x2c0);
    AS_TRY(as_text_at(job->ctx, job->in, 0x140, 32, &text));
    if (*text) {
        text = as_format(as_scratch(job->ctx), "JASCO %s", text);
        AS_TRY(text ? as_set_text(job->ctx, t, "instrument", text, &model) : AS_ERR);
    }
    AS_TRY(as_i32le(job->ctx, job->in, 0x2c0, &seconds));
    text = as_utc_text(job->ctx, seconds);
    if (!text) return AS_ERR;
    return seconds > 0 ? as_set_text(job->ctx, t, "measured", text, &time) : AS_OK;
}

static as_status parse_flat(as_parse *job)
{
    uint32_t points;
    uint8_t x_code, y_code;
    uint64_t bytes;
    double first, step;
    as_spectrum_kind kind = { 0 };
    const as_where where = as_at_byte(job->in, 0x84);
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, FLAT_HEADER, 1, "the header"));
    AS_TRY(as_u32le(job->ctx, job->in, 0x84, &points));
    AS_TRY(as_f64le(job->ctx, job->in, 0x88, &first));
    AS_TRY(as_f64le(job->ctx, job->in, 0x98, &step));
    AS_TRY(as_u8(job->ctx, job->in, 0xa0, &x_code));
    AS_TRY(as_u8(job->ctx, job->in, 0xa4, &y_code));
    AS_TRY(as_u64le(job->ctx, job->in, 0xc8, &bytes));
    if (points == 0 || bytes != 4 * (uint64_t)points || job->in->size < FLAT_DATA ||
        bytes > job->in->size - FLAT_DATA)
        return as_fail(job->ctx, AS_E_TRUNCATED, &where,
                       "%u points in %llu bytes, expected at the end of a file of %zu", points,
                       (unsigned long long)bytes, job->in->size);
    if (bytes != job->in->size - FLAT_DATA)
        return as_fail(job->ctx, AS_E_SYNTAX, &where,
                       "a file of %zu bytes, expected %llu: a header of %d and %u values of 4", job->in->size,
                       (unsigned long long)bytes + FLAT_DATA, FLAT_DATA, points);
    const bool known = x_of(0x10000100u | x_code, &kind);
    const bool y_known = y_of(y_code, &kind.y, &kind.y_unit);
    as_table *t = as_new_spectrum(job->ctx, points, &kind);
    if (!t) return AS_ERR;
    if (!known || !y_known)
        as_warn(job->ctx, t, &where, "x and y are of the kinds %u and %u, one unknown", x_code, y_code);
    for (uint32_t i = 0; i < points; i++) t->column[0]->v.f[i] = first + i * step;
    AS_TRY(as_numbers_at(job->ctx, job->in, FLAT_DATA, points, 0, AS_F32LE,
                         t->column[1]->v.f, "the y values"));
    drop_missing(t);
    AS_TRY(set_flat_texts(job, t));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    const as_entry *entry;
    return as_members(job->in, &entry) ? parse_container(job) : parse_flat(job);
}

static const char *const suffixes[] = { "jws", "jwb", "jrs", NULL };
static const char *const techniques[] = { "raman", "ftir", "uvvis", "generic", NULL };
static const char *const see_also[] = { "jasco-txt", NULL };

const as_parser as_parser_jasco_jws = {
    .name = "jasco-jws",
    .title = "JASCO Spectra Manager .jws, .jwb, .jrs",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published notes on the format, observed files with their text exports",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of JASCO's Spectra Manager",
             .description =
                 "Two layouts. An OLE2 container: `DataInfo` has the numbers of sets, channels and "
                 "points, the axis and the kind of each channel, `Y-Data` the values channel by "
                 "channel, `X-Data` an uneven axis, `SampleInfo`, `ModuleInfo` and `MeasParam` the "
                 "settings. Or a flat file beginning `L~S`, with the values at its end.\n\n"
                 "Each set becomes one series; further channels are columns beside y. Points "
                 "marked as missing are nan. The unit of the time axes is not known and left "
                 "out. Dates are UTC.",
             .see_also = see_also },
};
