/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thermo Avantage .vgd: an OLE2 file with the streams VGData (8-byte floats, energy fastest),
 * VGDataAxes (number of axes at 4; each from 8 on in 16 bytes: first and last index, number of
 * space axes), VGSpaceAxes (number at 4; each: three empty strings of 6 bytes, number, start,
 * width, a flag that is 1 for linear, else the values, and the type) and property sets with
 * numbered properties.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "avantage.h"
#include "number.h"

static const char *const types[] = {
    "UNDEFINED", "ENERGY", "ANGLE", "X", "Y", "LEVEL", "ETCHLEVEL"
};

static int probe(const as_probe *p)
{
    unsigned found = 0;
    for (size_t i = 0; i < p->n_members; i++) {
        const char *name = as_base_name(p->member[i].name);
        if (as_same(name, "VGData")) found |= 1;
        if (as_same(name, "VGSpaceAxes")) found |= 2;
        if (as_same(name, "VGDataAxes")) found |= 4;
    }
    return found == 7 ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* --- axes --------------------------------------------------------------------------- */

static as_status read_data_axes(as_parse *job, const as_input *in, avantage_space *s)
{
    uint32_t n;
    AS_TRY(as_u32le(job->ctx, in, 4, &n));
    const as_where at = as_at_byte(in, 4);
    if (n == 0 || n > AVANTAGE_AXES)
        return as_fail(job->ctx, AS_E_FORMAT, &at, "%u data axes, expected 1 to %d", (unsigned)n,
                       AVANTAGE_AXES);
    for (size_t d = 0; d < n; d++) {
        int32_t v[3];
        for (size_t i = 0; i < 3; i++) AS_TRY(as_i32le(job->ctx, in, 8 + 16 * d + 4 * i, &v[i]));
        if (v[0] < 0 || v[1] < v[0] || v[2] < 1 || v[2] > AVANTAGE_AXES)
            return as_fail(job->ctx, AS_E_SYNTAX, &at, "data axis %zu from %d to %d with %d axes",
                           d + 1, (int)v[0], (int)v[1], (int)v[2]);
        s->count[d] = (size_t)v[1] - (size_t)v[0] + 1;
        s->spaces[d] = (size_t)v[2];
    }
    s->n_data_axes = n;
    return AS_OK;
}

/* One axis at *at, which moves behind it. */
static as_status read_space_axis(as_parse *job, const as_input *in, uint64_t *at, avantage_axis *a)
{
    static const unsigned char empty[18] = { 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0 };
    uint32_t n, type;
    uint8_t linear;
    const as_where where = as_at_byte(in, *at);
    AS_TRY(as_need_bytes(job->ctx, in, *at, sizeof empty, 1, "names of an axis"));
    if (memcmp(in->data + *at, empty, sizeof empty) != 0)
        return as_fail(job->ctx, AS_E_FORMAT, &where,
                       "an axis with names of its own is not supported");
    *at += sizeof empty;
    AS_TRY(as_u32le(job->ctx, in, *at, &n));
    AS_TRY(as_f64le(job->ctx, in, *at + 4, &a->start));
    AS_TRY(as_f64le(job->ctx, in, *at + 12, &a->step));
    AS_TRY(as_u8(job->ctx, in, *at + 20, &linear));
    *at += 21;
    if (n == 0 || !isfinite(a->start) || !isfinite(a->step))
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "an axis of %u points from %g in steps of %g",
                       (unsigned)n, a->start, a->step);
    if (!linear) {
        AS_TRY(as_need_bytes(job->ctx, in, *at, n, 8, "values of an axis"));
        double *value = AS_NEW_N(as_scratch(job->ctx), double, n);
        if (!value) return AS_ERR;
        AS_TRY(as_numbers_at(job->ctx, in, *at, n, 0, AS_F64LE, value, "values of an axis"));
        a->value = value;
        *at += (uint64_t)n * 8;
    }
    AS_TRY(as_u32le(job->ctx, in, *at, &type));
    *at += 4;
    a->n = n;
    a->type = type < AS_COUNT(types) ? types[type]
                                     : as_format(as_scratch(job->ctx), "axis %u", (unsigned)type);
    a->label = a->unit = "";
    return a->type ? AS_OK : AS_ERR;
}

static as_status read_space_axes(as_parse *job, const as_input *in, avantage_space *s)
{
    uint32_t n;
    uint64_t at = 8;
    AS_TRY(as_u32le(job->ctx, in, 4, &n));
    const as_where where = as_at_byte(in, 4);
    if (n == 0 || n > AVANTAGE_AXES)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "%u axes, expected 1 to %d", (unsigned)n,
                       AVANTAGE_AXES);
    for (size_t k = 0; k < n; k++) AS_TRY(read_space_axis(job, in, &at, &s->axis[k]));
    s->n_axes = n;
    return AS_OK;
}

/* --- properties --------------------------------------------------------------------- */

static const struct {
    uint32_t id;
    const char *key;
} properties[] = { { 0x06, "DS_GEPROPID_INSTRUMENT" },     { 0x0d, "DS_GEPROPID_VALUE_LABEL" },
                   { 0x0f, "DS_GEPROPID_VALUE_UNIT" },     { 0x69, "DS_SOPROPID_ENERGY" },
                   { 0x131, "DS_ACPROPID_ACQ_TIME" },      { 0x148, "DS_ACPROPID_PERIODS" },
                   { 0x194, "DS_ANPROPID_PASS" },          { 0x196, "DS_ANPROPID_WORK_FTN" },
                   { 0x19b, "DS_ANPROPID_LENS_MODE_NAME" } };

/* The value of a property at `at` as text, in scratch; NULL: of a type not used here. */
static as_status value_at(as_parse *job, const as_input *in, uint64_t at, const char **out)
{
    uint32_t type, n;
    int16_t small;
    int32_t whole;
    float real;
    double v = NAN;
    char text[AS_NUMBER_MAX];
    *out = NULL;
    AS_TRY(as_u32le(job->ctx, in, at, &type));
    switch (type & 0xffff) {
    case 2:
        AS_TRY(as_i16le(job->ctx, in, at + 4, &small));
        v = small;
        break;
    case 3:
    case 19:
    case 22:
    case 23:
        AS_TRY(as_i32le(job->ctx, in, at + 4, &whole));
        v = whole;
        break;
    case 4:
        AS_TRY(as_f32le(job->ctx, in, at + 4, &real));
        v = as_meant(real);
        break;
    case 5: AS_TRY(as_f64le(job->ctx, in, at + 4, &v)); break;
    case 30:
    case 8:
        AS_TRY(as_u32le(job->ctx, in, at + 4, &n));
        AS_TRY(as_need_bytes(job->ctx, in, at + 8, n, 1, "text of a property"));
        if (n > 1 && in->data[at + 9] == 0) return AS_OK; /* of 16-bit characters */
        return as_text_at(job->ctx, in, at + 8, n, out);
    default: return AS_OK;
    }
    as_write_number(v, text);
    *out = as_strdup(as_scratch(job->ctx), text);
    return *out ? AS_OK : AS_ERR;
}

static as_status read_properties(as_parse *job, const as_input *in, bool summary, as_table *meta)
{
    uint32_t sets, offset, n;
    if (in->size < 48) return AS_OK;
    AS_TRY(as_u32le(job->ctx, in, 24, &sets));
    AS_TRY(as_u32le(job->ctx, in, 44, &offset));
    if (sets < 1) return AS_OK;
    AS_TRY(as_u32le(job->ctx, in, (uint64_t)offset + 4, &n));
    AS_TRY(as_need_bytes(job->ctx, in, (uint64_t)offset + 8, n, 8, "list of properties"));
    for (size_t i = 0; i < n; i++) {
        uint32_t id, place;
        const char *value, *key = summary ? NULL : "";
        AS_TRY(as_u32le(job->ctx, in, (uint64_t)offset + 8 + 8 * i, &id));
        AS_TRY(as_u32le(job->ctx, in, (uint64_t)offset + 12 + 8 * i, &place));
        if (summary)
            key = id == 2 ? "DS_EXT_SUPROPID_TITLE" : id == 4 ? "DS_EXT_SUPROPID_AUTHOR" : NULL;
        else
            for (size_t k = 0; k < AS_COUNT(properties); k++)
                if (properties[k].id == id) key = properties[k].key;
        if (!key || !*key) continue;
        const as_where at = as_at_byte(in, (uint64_t)offset + place);
        AS_TRY(value_at(job, in, (uint64_t)offset + place, &value));
        if (value && *value) AS_TRY(avantage_property(job->ctx, meta, key, value, &at));
    }
    return AS_OK;
}

/* Streams of property sets have names that begin with the character 5. */
static as_status read_all_properties(as_parse *job, as_table *meta)
{
    const as_entry *entry;
    const size_t n = as_members(job->in, &entry);
    for (size_t i = 0; i < n; i++) {
        const as_input *in;
        const char *name = as_base_name(entry[i].name);
        const bool summary = as_find_text(name, "SummaryInformation") != NULL;
        if ((summary && as_find_text(name, "Document")) || as_starts(name, "VG")) continue;
        if (!summary && *name != 5 && !as_find_text(name, "Q5nw4m3lIjudbfwyAayojlptCa")) continue;
        AS_TRY(as_open_member(job->ctx, job->in, entry[i].name, &in));
        as_input raw = *in;
        raw.data = in->raw;
        raw.size = in->raw_size;
        AS_TRY(read_properties(job, &raw, summary, meta));
    }
    return AS_OK;
}

/* --- the whole ------------------------------------------------------------------------ */

static as_status open_stream(as_parse *job, const char *name, as_input *out)
{
    const as_input *in;
    AS_TRY(as_open_member(job->ctx, job->in, name, &in));
    *out = *in; /* numbers may look like text: never converted */
    out->data = in->raw;
    out->size = in->raw_size;
    out->is_text = false;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    avantage_space s = { 0 };
    as_input data, spaces, axes;
    as_ctx *ctx = job->ctx;
    AS_TRY(open_stream(job, "VGData", &data));
    AS_TRY(open_stream(job, "VGSpaceAxes", &spaces));
    AS_TRY(open_stream(job, "VGDataAxes", &axes));
    AS_TRY(read_data_axes(job, &axes, &s));
    AS_TRY(read_space_axes(job, &spaces, &s));
    const size_t n = avantage_spectra(&s);
    const as_where at = as_at_byte(&spaces, 4);
    if (n == 0)
        return as_fail(ctx, AS_E_FORMAT, &at,
                       "a data space whose first axis is no energy, or whose "
                       "axes do not agree: only spectra are supported");
    if ((double)n * (double)s.count[0] * 8 != (double)data.size)
        return as_fail(ctx, AS_E_TRUNCATED, &at,
                       "%zu bytes of values, expected %zu spectra of %zu "
                       "points",
                       data.size, n, s.count[0]);
    s.meta = as_table_new(ctx, 0);
    if (!s.meta) return AS_ERR;
    AS_TRY(read_all_properties(job, s.meta));
    for (size_t k = 0; k < n; k++) {
        as_table *t = avantage_table(ctx, &s, k);
        if (!t) return AS_ERR;
        AS_TRY(as_numbers_at(ctx, &data, (uint64_t)k * t->rows * 8, t->rows, 0, AS_F64LE,
                             t->column[1]->v.f, "values"));
        AS_TRY(avantage_emit(job, t));
    }
    return AS_OK;
}

static const char *const suffixes[] = { "vgd", NULL };
static const char *const techniques[] = { "xps", NULL };
static const char *const see_also[] = { "avantage-avg", NULL };
static const as_example examples[] = {
    { "levels of a depth profile", "assay read --list tests/corpus/xps/levels.vgd" }, { 0 }
};

const as_parser as_parser_avantage_vgd = {
    .name = "avantage-vgd",
    .title = "Thermo Avantage .vgd",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "layout as described by readers of the public, no file of the vendor seen",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Avantage data spaces that are spectra",
             .description =
                 "Spectra over kinetic energy, one for each etch level, position or pixel. Other "
                 "data spaces, and axes that carry names of their own, are refused.",
             .examples = examples,
             .see_also = see_also },
};
