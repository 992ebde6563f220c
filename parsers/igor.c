/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Igor binary waves (.ibw, version 5, and the first of its kind, 2) and packed experiments (.pxt,
 * .pxp): a packed experiment is a chain of records, type, version and length in 8 bytes, of which
 * type 3 holds a wave as a file of its own does. All little endian. A wave of two dimensions
 * becomes a series for each column; the note of Scienta SES becomes metadata.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "scienta.h"

enum {
    HEADER5 = 64,
    WAVE5 = 320,
    DATA5 = HEADER5 + WAVE5,
    HEADER2 = 16,
    WAVE2 = 110,
    DATA2 = HEADER2 + WAVE2,
    RECORD = 8,
    RECORD_WAVE = 3
};

typedef struct wave {
    const char *name, *note, *data_unit, *dim_unit[2];
    uint64_t at; /* of the values */
    uint32_t n, rows, columns;
    double start[2], step[2];
    as_number_type type;
} wave;

static uint32_t u16_of(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

static uint32_t u32_of(const unsigned char *b)
{
    return u16_of(b) | u16_of(b + 2) << 16;
}

/* The 16-bit words of both headers add up to 0. */
static bool sum_agrees(const unsigned char *b, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < n; i += 2) sum += u16_of(b + i);
    return (sum & 0xffff) == 0;
}

static int probe_wave(const as_probe *p)
{
    if (p->size > DATA5 && u16_of(p->head) == 5 && sum_agrees(p->head, DATA5))
        return AS_PROBE_VERIFIED;
    return p->size > DATA2 && u16_of(p->head) == 2 && sum_agrees(p->head, DATA2) ? AS_PROBE_MAGIC
                                                                                 : AS_PROBE_NO;
}

/* A chain of records as far as the beginning shows it. */
static int probe_packed(const as_probe *p)
{
    size_t at = 0, n = 0;
    while (at + RECORD <= p->size) {
        const uint32_t type = u16_of(p->head + at) & 0x7fff, length = u32_of(p->head + at + 4);
        if (type > 64 || u16_of(p->head + at + 2) > 16 || length > p->file_size - at - RECORD)
            return AS_PROBE_NO;
        at += RECORD + length;
        n++;
    }
    if (at == p->file_size && n >= 3) return AS_PROBE_MAGIC;
    return n >= 5 && at > p->size ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* --- headers ------------------------------------------------------------------------ */

static as_status number_type(as_parse *job, uint64_t at, wave *w)
{
    static const struct {
        uint16_t code;
        as_number_type type;
    } types[] = { { 0x02, AS_F32LE }, { 0x04, AS_F64LE }, { 0x08, AS_I8 },    { 0x10, AS_I16LE },
                  { 0x20, AS_I32LE }, { 0x48, AS_U8 },    { 0x50, AS_U16LE }, { 0x60, AS_U32LE },
                  { 0x80, AS_I64LE }, { 0xc0, AS_U64LE } };
    uint16_t code;
    AS_TRY(as_u16le(job->ctx, job->in, at, &code));
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (types[i].code == code) {
            w->type = types[i].type;
            return AS_OK;
        }
    const as_where where = as_at_byte(job->in, at);
    return as_fail(job->ctx, AS_E_FORMAT, &where, "a wave of type 0x%02x (%s) is not supported",
                   (unsigned)code,
                   code == 0  ? "text"
                   : code & 1 ? "complex"
                              : "unknown");
}

/* Text of n bytes, its line ends made \n; in scratch. */
static as_status block_at(as_parse *job, uint64_t at, uint64_t n, const char **out)
{
    AS_TRY(as_need_bytes(job->ctx, job->in, at, n, 1, "text of the wave"));
    return as_text_at(job->ctx, job->in, at, n, out);
}

static as_status check_size(as_parse *job, uint64_t at, const wave *w)
{
    const as_where where = as_at_byte(job->in, at);
    if (w->rows == 0 || (uint64_t)w->rows * w->columns != w->n)
        return as_fail(job->ctx, AS_E_FORMAT, &where,
                       "%u values in %u rows and %u columns: waves of "
                       "one or two dimensions are supported",
                       (unsigned)w->n, (unsigned)w->rows, (unsigned)w->columns);
    return as_need_bytes(job->ctx, job->in, w->at, w->n, as_number_size(w->type), "values");
}

static as_status read_header5(as_parse *job, uint64_t at, wave *w)
{
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    uint32_t formula, note, data_unit, dim_unit[2], dims[4];
    const uint64_t h = at + HEADER5;
    AS_TRY(as_need_bytes(ctx, in, at, DATA5, 1, "header of a wave"));
    AS_TRY(as_u32le(ctx, in, at + 8, &formula));
    AS_TRY(as_u32le(ctx, in, at + 12, &note));
    AS_TRY(as_u32le(ctx, in, at + 16, &data_unit));
    AS_TRY(as_u32le(ctx, in, h + 12, &w->n));
    AS_TRY(as_text_at(ctx, in, h + 28, 32, &w->name));
    AS_TRY(number_type(job, h + 16, w));
    for (size_t k = 0; k < 4; k++) AS_TRY(as_u32le(ctx, in, h + 68 + 4 * k, &dims[k]));
    for (size_t k = 0; k < 2; k++) {
        AS_TRY(as_u32le(ctx, in, at + 20 + 4 * k, &dim_unit[k]));
        AS_TRY(as_f64le(ctx, in, h + 84 + 8 * k, &w->step[k]));
        AS_TRY(as_f64le(ctx, in, h + 116 + 8 * k, &w->start[k]));
        AS_TRY(as_text_at(ctx, in, h + 152 + 4 * k, 4, &w->dim_unit[k]));
    }
    AS_TRY(as_text_at(ctx, in, h + 148, 4, &w->data_unit));
    w->rows = dims[0];
    w->columns = dims[1] ? dims[1] : 1;
    w->at = at + DATA5;
    AS_TRY(check_size(job, at, w));
    uint64_t behind = w->at + (uint64_t)w->n * as_number_size(w->type) + formula;
    AS_TRY(block_at(job, behind, note, &w->note));
    behind += note;
    if (data_unit) AS_TRY(block_at(job, behind, data_unit, &w->data_unit));
    behind += data_unit;
    for (size_t k = 0; k < 2; k++) {
        if (dim_unit[k]) AS_TRY(block_at(job, behind, dim_unit[k], &w->dim_unit[k]));
        behind += dim_unit[k];
    }
    return AS_OK;
}

static as_status read_header2(as_parse *job, uint64_t at, wave *w)
{
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    const uint64_t h = at + HEADER2;
    uint32_t size, note;
    AS_TRY(as_need_bytes(ctx, in, at, DATA2, 1, "header of a wave"));
    AS_TRY(as_u32le(ctx, in, at + 2, &size));
    AS_TRY(as_u32le(ctx, in, at + 6, &note));
    AS_TRY(number_type(job, h, w));
    AS_TRY(as_text_at(ctx, in, h + 6, 20, &w->name));
    AS_TRY(as_text_at(ctx, in, h + 34, 4, &w->data_unit));
    AS_TRY(as_text_at(ctx, in, h + 38, 4, &w->dim_unit[0]));
    AS_TRY(as_u32le(ctx, in, h + 42, &w->n));
    AS_TRY(as_f64le(ctx, in, h + 48, &w->step[0]));
    AS_TRY(as_f64le(ctx, in, h + 56, &w->start[0]));
    w->rows = w->n;
    w->columns = 1;
    w->at = at + DATA2;
    AS_TRY(check_size(job, at, w));
    /* 16 bytes of padding stand between the values and the note */
    const uint64_t behind = at + HEADER2 + (uint64_t)size;
    return note ? block_at(job, behind, note, &w->note) : AS_OK;
}

/* --- tables ------------------------------------------------------------------------- */

static as_status read_note(as_parse *job, const wave *w, as_table *meta)
{
    const char *at = w->note ? w->note : "";
    while (*at) {
        const size_t n = strcspn(at, "\r\n");
        char *text = as_strndup(as_scratch(job->ctx), at, n);
        if (!text) return AS_ERR;
        const as_line line = { .text = text, .length = n, .where = { .file = job->in->name } };
        if (strchr(text, '=')) AS_TRY(scienta_setting(job->ctx, meta, &line));
        at += n + (at[n] != '\0');
    }
    return *w->name && !as_get_meta(meta, "region")
               ? as_set_meta(job->ctx, meta, "part", w->name, NULL, NULL)
               : AS_OK;
}

static as_status emit_column(as_parse *job, const wave *w, const as_table *meta, size_t k)
{
    as_ctx *ctx = job->ctx;
    const size_t size = as_number_size(w->type);
    const char *label = w->dim_unit[0] && *w->dim_unit[0] ? w->dim_unit[0] : "x";
    const double at = w->start[1] + (double)k * w->step[1];
    as_table *t =
        scienta_table(ctx, meta, label, w->rows, w->columns > 1 ? k + 1 : 0, w->dim_unit[1], at);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < w->rows; i++)
        t->column[0]->v.f[i] = as_step_position(w->start[0], w->step[0], i);
    const uint64_t values = w->at + (uint64_t)k * w->rows * size;
    AS_TRY(as_numbers_at(ctx, job->in, values, w->rows, 0, w->type, t->column[1]->v.f, "values"));
    const bool ses = w->note && strstr(w->note, "[SES]");
    const bool energy = as_find_text(label, "energy") != NULL;
    t->technique = ses || energy ? "xps" : "generic";
    if (w->data_unit && *w->data_unit) AS_TRY(as_set_vendor(ctx, t, "unit", w->data_unit, NULL));
    return as_emit(job->out, ctx, t);
}

static as_status read_wave(as_parse *job, uint64_t at)
{
    wave w = { .name = "" };
    uint16_t version;
    AS_TRY(as_u16le(job->ctx, job->in, at, &version));
    const as_where where = as_at_byte(job->in, at);
    if (version != 5 && version != 2)
        return as_fail(job->ctx, AS_E_FORMAT, &where,
                       "an Igor wave of version %u, expected 2 or 5 (little endian)",
                       (unsigned)version);
    AS_TRY(version == 5 ? read_header5(job, at, &w) : read_header2(job, at, &w));
    as_table *meta = as_table_new(job->ctx, 0);
    if (!meta) return AS_ERR;
    AS_TRY(read_note(job, &w, meta));
    for (size_t k = 0; k < w.columns; k++) AS_TRY(emit_column(job, &w, meta, k));
    return AS_OK;
}

static as_status parse_wave(as_parse *job)
{
    return read_wave(job, 0);
}

static as_status parse_packed(as_parse *job)
{
    as_ctx *ctx = job->ctx;
    uint64_t at = 0;
    size_t n_waves = 0;
    while (at < job->in->size) {
        uint16_t type;
        uint32_t length;
        AS_TRY(as_u16le(ctx, job->in, at, &type));
        AS_TRY(as_u32le(ctx, job->in, at + 4, &length));
        AS_TRY(as_need_bytes(ctx, job->in, at + RECORD, length, 1, "record"));
        if (type == RECORD_WAVE && length > DATA2) { /* with bit 15 set: superseded */
            if (read_wave(job, at + RECORD) != AS_OK)
                return as_while(ctx, "reading wave %zu", n_waves + 1);
            n_waves++;
        }
        at += RECORD + (uint64_t)length;
    }
    const as_where where = as_at_byte(job->in, at);
    return n_waves ? AS_OK : as_fail(ctx, AS_E_MISSING, &where, "an Igor experiment without waves");
}

static const char *const wave_suffixes[] = { "ibw", NULL };
static const char *const packed_suffixes[] = { "pxt", "pxp", NULL };
static const char *const techniques[] = { "xps", "generic", NULL };
static const as_example wave_examples[] = {
    { "a spectrum", "assay read tests/corpus/xps/wave.ibw" }, { 0 }
};
static const as_example packed_examples[] = {
    { "a wave of two columns", "assay read --list tests/corpus/xps/packed.pxt" }, { 0 }
};
static const char *const wave_see[] = { "igor-packed", "scienta-txt", NULL };
static const char *const packed_see[] = { "igor", "scienta-txt", NULL };

const as_parser as_parser_igor = {
    .name = "igor",
    .title = "Igor binary wave (Scienta SES and others)",
    .suffixes = wave_suffixes,
    .techniques = techniques,
    .basis = "vendor document (Igor technical notes), observed files",
    .probe = probe_wave,
    .parse = parse_wave,
    .doc = { .summary = "read Igor binary waves of one or two dimensions",
             .description =
                 "Versions 2 and 5, little endian. x is start + i * step with the unit of the "
                 "dimension; each column of a matrix becomes a series. A note of `Key=value` "
                 "lines, "
                 "as Scienta SES writes it, becomes metadata.",
             .examples = wave_examples,
             .see_also = wave_see },
};

const as_parser as_parser_igor_packed = {
    .name = "igor-packed",
    .title = "Igor packed experiment (Scienta SES and others)",
    .suffixes = packed_suffixes,
    .techniques = techniques,
    .basis = "vendor document (Igor technical notes), observed files",
    .probe = probe_packed,
    .parse = parse_packed,
    .doc = { .summary = "read the waves of Igor packed experiments",
             .description = "Records of other kinds, and waves that a later one supersedes, are "
                            "passed over; each wave is read as a file of its own.",
             .examples = packed_examples,
             .see_also = packed_see },
};
