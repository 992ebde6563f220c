/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Igor binary waves (.ibw, versions 1, 2, 3 and 5) and packed experiments (.pxt, .pxp): a packed
 * experiment is a chain of records, type, version and length in 8 bytes, of which type 3 holds a
 * wave as a file of its own does. Either byte order: that of the machine it was saved on, told by
 * the version, a small number. A wave of two dimensions becomes a series for each column; the note
 * of Scienta SES becomes metadata. (WaveMetrics, Technical Note 003, Igor Binary Format.)
 */
#include <math.h>
#include <string.h>

#include "column_kernels.h"
#include "headings.h"
#include "scienta.h"

enum {
    HEADER5 = 64,
    WAVE5 = 320,
    DATA5 = HEADER5 + WAVE5,
    WAVE2 = 110,   /* of versions 1 to 3, before the values */
    PADDING2 = 16, /* behind their values; the first 16 bytes of values count in the sum */
    RECORD = 8,
    RECORD_WAVE = 3
};

/* What the versions before 5 have in front of the same wave header; 0: not there. */
typedef struct old_layout {
    uint16_t version, size, note;
} old_layout;
static const old_layout old_layouts[] = { { 1, 8, 0 }, { 2, 16, 6 }, { 3, 20, 6 } };

typedef struct wave {
    const char *name, *note, *data_unit, *dim_unit[2];
    uint64_t at; /* of the values */
    uint32_t n, rows, columns;
    double start[2], step[2];
    as_number_type type;
} wave;

/* A place to read from: the input and its byte order. */
typedef struct source {
    as_ctx *ctx;
    const as_input *in;
    bool big;
} source;

static const old_layout *old_layout_of(uint32_t version)
{
    for (size_t i = 0; i < AS_COUNT(old_layouts); i++)
        if (old_layouts[i].version == version) return &old_layouts[i];
    return NULL;
}

static uint32_t u16_of(const unsigned char *b, bool big)
{
    return big ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

static uint32_t u32_of(const unsigned char *b, bool big)
{
    const uint32_t first = u16_of(b, big), second = u16_of(b + 2, big);
    return big ? first << 16 | second : second << 16 | first;
}

/* The 16-bit words of both headers add up to 0. */
static bool sum_agrees(const unsigned char *b, size_t n, bool big)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < n; i += 2) sum += u16_of(b + i, big);
    return (sum & 0xffff) == 0;
}

static int probe_wave(const as_probe *p)
{
    if (p->size < 8 + WAVE2) return AS_PROBE_NO;
    const bool big = p->head[0] == 0;
    const uint32_t version = u16_of(p->head, big);
    const old_layout *old = old_layout_of(version);
    const size_t summed = version == 5 ? DATA5 : old ? old->size + WAVE2 + PADDING2 : 0;
    if (!summed || p->size < summed || !sum_agrees(p->head, summed, big)) return AS_PROBE_NO;
    return version == 5 ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* Types and versions of records are small numbers. */
static bool chain_is_big(const unsigned char *head)
{
    return (u16_of(head, false) & 0x7fff) > 64 || u16_of(head + 2, false) > 16;
}

/* A chain of records as far as the beginning shows it. */
static int probe_packed(const as_probe *p)
{
    size_t at = 0, n = 0;
    if (p->size < RECORD) return AS_PROBE_NO;
    const bool big = chain_is_big(p->head);
    while (at + RECORD <= p->size) {
        const uint32_t type = u16_of(p->head + at, big) & 0x7fff;
        const uint32_t length = u32_of(p->head + at + 4, big);
        if (type > 64 || u16_of(p->head + at + 2, big) > 16 || length > p->file_size - at - RECORD)
            return AS_PROBE_NO;
        at += RECORD + length;
        n++;
    }
    if (at == p->file_size && n >= 3) return AS_PROBE_MAGIC;
    return n >= 5 && at > p->size ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* --- headers ------------------------------------------------------------------------ */

static as_status u16_at(const source *s, uint64_t at, uint16_t *out)
{
    return s->big ? as_u16be(s->ctx, s->in, at, out) : as_u16le(s->ctx, s->in, at, out);
}

static as_status u32_at(const source *s, uint64_t at, uint32_t *out)
{
    return s->big ? as_u32be(s->ctx, s->in, at, out) : as_u32le(s->ctx, s->in, at, out);
}

static as_status f64_at(const source *s, uint64_t at, double *out)
{
    return s->big ? as_f64be(s->ctx, s->in, at, out) : as_f64le(s->ctx, s->in, at, out);
}

static as_status number_type(const source *s, uint64_t at, wave *w)
{
    static const struct {
        uint16_t code;
        as_number_type little, big;
    } types[] = { { 0x02, AS_F32LE, AS_F32BE }, { 0x04, AS_F64LE, AS_F64BE },
                  { 0x08, AS_I8, AS_I8 },       { 0x10, AS_I16LE, AS_I16BE },
                  { 0x20, AS_I32LE, AS_I32BE }, { 0x48, AS_U8, AS_U8 },
                  { 0x50, AS_U16LE, AS_U16BE }, { 0x60, AS_U32LE, AS_U32BE },
                  { 0x80, AS_I64LE, AS_I64BE }, { 0xc0, AS_U64LE, AS_U64BE } };
    uint16_t code;
    AS_TRY(u16_at(s, at, &code));
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (types[i].code == code) {
            w->type = s->big ? types[i].big : types[i].little;
            return AS_OK;
        }
    const as_where where = as_at_byte(s->in, at);
    return as_fail(s->ctx, AS_E_FORMAT, &where, "a wave of type 0x%02x (%s) is not supported",
                   (unsigned)code,
                   code == 0  ? "text"
                   : code & 1 ? "complex"
                              : "unknown");
}

/* Text of n bytes, its line ends made \n; in scratch. */
static as_status block_at(const source *s, uint64_t at, uint64_t n, const char **out)
{
    AS_TRY(as_need_bytes(s->ctx, s->in, at, n, 1, "text of the wave"));
    return as_text_at(s->ctx, s->in, at, n, out);
}

static as_status check_size(const source *s, uint64_t at, const wave *w)
{
    const as_where where = as_at_byte(s->in, at);
    if (w->n == 0) return as_fail(s->ctx, AS_E_MISSING, &where, "the wave %s is empty", w->name);
    if (w->rows == 0 || (uint64_t)w->rows * w->columns != w->n)
        return as_fail(s->ctx, AS_E_FORMAT, &where,
                       "%u values in %u rows and %u columns: waves of "
                       "one or two dimensions are supported",
                       (unsigned)w->n, (unsigned)w->rows, (unsigned)w->columns);
    return as_need_bytes(s->ctx, s->in, w->at, w->n, as_number_size(w->type), "values");
}

static as_status read_header5(const source *s, uint64_t at, wave *w)
{
    uint32_t formula, note, data_unit, dim_unit[2], dims[4];
    const uint64_t h = at + HEADER5;
    AS_TRY(as_need_bytes(s->ctx, s->in, at, DATA5, 1, "header of a wave"));
    AS_TRY(u32_at(s, at + 8, &formula));
    AS_TRY(u32_at(s, at + 12, &note));
    AS_TRY(u32_at(s, at + 16, &data_unit));
    AS_TRY(u32_at(s, h + 12, &w->n));
    AS_TRY(as_text_at(s->ctx, s->in, h + 28, 32, &w->name));
    AS_TRY(number_type(s, h + 16, w));
    for (size_t k = 0; k < 4; k++) AS_TRY(u32_at(s, h + 68 + 4 * k, &dims[k]));
    for (size_t k = 0; k < 2; k++) {
        AS_TRY(u32_at(s, at + 20 + 4 * k, &dim_unit[k]));
        AS_TRY(f64_at(s, h + 84 + 8 * k, &w->step[k]));
        AS_TRY(f64_at(s, h + 116 + 8 * k, &w->start[k]));
        AS_TRY(as_text_at(s->ctx, s->in, h + 152 + 4 * k, 4, &w->dim_unit[k]));
    }
    AS_TRY(as_text_at(s->ctx, s->in, h + 148, 4, &w->data_unit));
    w->rows = dims[0];
    w->columns = dims[1] ? dims[1] : 1;
    w->at = at + DATA5;
    AS_TRY(check_size(s, at, w));
    uint64_t behind = w->at + (uint64_t)w->n * as_number_size(w->type) + formula;
    AS_TRY(block_at(s, behind, note, &w->note));
    behind += note;
    if (data_unit) AS_TRY(block_at(s, behind, data_unit, &w->data_unit));
    behind += data_unit;
    for (size_t k = 0; k < 2; k++) {
        if (dim_unit[k]) AS_TRY(block_at(s, behind, dim_unit[k], &w->dim_unit[k]));
        behind += dim_unit[k];
    }
    return AS_OK;
}

static as_status read_old_header(const source *s, const old_layout *old, uint64_t at, wave *w)
{
    const uint64_t h = at + old->size;
    uint32_t size, note = 0;
    AS_TRY(as_need_bytes(s->ctx, s->in, at, (uint64_t)old->size + WAVE2, 1, "header of a wave"));
    AS_TRY(u32_at(s, at + 2, &size)); /* of wave header, values and padding */
    if (old->note) AS_TRY(u32_at(s, at + old->note, &note));
    AS_TRY(number_type(s, h, w));
    AS_TRY(as_text_at(s->ctx, s->in, h + 6, 20, &w->name));
    AS_TRY(as_text_at(s->ctx, s->in, h + 34, 4, &w->data_unit));
    AS_TRY(as_text_at(s->ctx, s->in, h + 38, 4, &w->dim_unit[0]));
    AS_TRY(u32_at(s, h + 42, &w->n));
    AS_TRY(f64_at(s, h + 48, &w->step[0]));
    AS_TRY(f64_at(s, h + 56, &w->start[0]));
    w->rows = w->n;
    w->columns = 1;
    w->at = h + WAVE2;
    AS_TRY(check_size(s, at, w));
    return note ? block_at(s, h + size, note, &w->note) : AS_OK;
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
    as_step_positions(w->start[0], w->step[0], w->rows, t->column[0]->v.f);
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
    source s = { job->ctx, job->in, false };
    wave w = { .name = "" };
    uint8_t first;
    uint16_t version;
    AS_TRY(as_u8(s.ctx, s.in, at, &first));
    s.big = first == 0;
    AS_TRY(u16_at(&s, at, &version));
    const old_layout *old = old_layout_of(version);
    const as_where where = as_at_byte(s.in, at);
    if (version != 5 && !old)
        return as_fail(s.ctx, AS_E_FORMAT, &where,
                       "an Igor wave of version %u, expected 1, 2, 3 or 5", (unsigned)version);
    AS_TRY(old ? read_old_header(&s, old, at, &w) : read_header5(&s, at, &w));
    as_table *meta = as_table_new(s.ctx, 0);
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
    source s = { job->ctx, job->in, false };
    uint64_t at = 0;
    size_t n_waves = 0;
    AS_TRY(as_need_bytes(s.ctx, s.in, 0, RECORD, 1, "record"));
    s.big = chain_is_big(s.in->data);
    while (at < s.in->size) {
        uint16_t type;
        uint32_t length;
        AS_TRY(u16_at(&s, at, &type));
        AS_TRY(u32_at(&s, at + 4, &length));
        AS_TRY(as_need_bytes(s.ctx, s.in, at + RECORD, length, 1, "record"));
        if (type == RECORD_WAVE && length > 8 + WAVE2) { /* with bit 15 set: superseded */
            if (read_wave(job, at + RECORD) != AS_OK)
                return as_while(s.ctx, "reading wave %zu", n_waves + 1);
            n_waves++;
        }
        at += RECORD + (uint64_t)length;
    }
    const as_where where = as_at_byte(s.in, at);
    return n_waves ? AS_OK
                   : as_fail(s.ctx, AS_E_MISSING, &where, "an Igor experiment without waves");
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
                 "Versions 1, 2, 3 and 5, of either byte order. x is start + i * step with the "
                 "unit of "
                 "the dimension; each column of a matrix becomes a series. A note of `Key=value` "
                 "lines, as Scienta SES writes it, becomes metadata. Waves of text or of complex "
                 "numbers are refused.",
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
