/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Netzsch Proteus measurements .ngb-ss3 (sample), .ngb-bs3 (baseline), .ngb-ds3 (sample and
 * correction): a zip of streams of tagged records. Stream 1 holds what was measured and how,
 * streams 2 and 3 the channels, each in one array per segment of the programme.
 */
#include <math.h>
#include <string.h>

#include "spectrum.h"
#include "thermal.h"

enum { MOST_CHANNELS = 32, RECORD_HEAD = 24, CHANNEL_HEADER = 0x2b22, SEGMENT_VALUES = 0x2b23 };

/* low byte of a channel's category */
static const struct { uint8_t id; const char *name, *unit; } channels[] = {
    { 0x8c, "time", "min" },
    { 0x8d, "temperature", "degC" },
    { 0x8e, "dsc_signal", "uV" },
    { 0x90, "mass_change", "mg" },
    { 0x9c, "gas_flow_purge1", "mL/min" },
    { 0x9d, "gas_flow_purge2", "mL/min" },
    { 0x9e, "gas_flow_protective", "mL/min" },
    { 0x30, "furnace_temperature", "degC" },
    { 0x32, "furnace_power", "1" },
    { 0x33, "h_foil_temperature", "degC" },
    { 0x34, "uc_module", "1" },
    { 0x35, "environmental_pressure", "1" },
    { 0x36, "acceleration_x", "1" },
    { 0x37, "acceleration_y", "1" },
    { 0x38, "acceleration_z", "1" },
};

typedef struct record {
    uint64_t at, value; /* where it begins, where its value does */
    uint16_t field;
    uint8_t type;
    bool array;
    uint32_t count; /* of elements of an array */
} record;

typedef struct values { /* of one segment */
    struct values *next;
    double *v;
    size_t n;
} values;

typedef struct channel {
    uint8_t id;
    size_t run, n, n_segments; /* n: values in all segments */
    values *first, *last;
} channel;

typedef struct {
    as_ctx *ctx;
    channel channel[MOST_CHANNELS];
    size_t n_channels, n_runs;
    as_table *head;
    double sample_mass;
    as_rate rate;
} reading;

static const char *member_named(const as_probe *p, const char *part)
{
    for (size_t i = 0; i < p->n_members; i++)
        if (as_find_text(p->member[i].name, part)) return p->member[i].name;
    return NULL;
}

static int probe(const as_probe *p)
{
    if (!member_named(p, "Streams/stream_1.table") || !member_named(p, "Streams/stream_2.table"))
        return AS_PROBE_NO;
    return strstr(p->name, ".ngb-") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* --- records -------------------------------------------------------------------------- */
static size_t element_size(uint8_t type)
{
    switch (type) {
    case 0x02: return 2;
    case 0x03: case 0x04: return 4;
    case 0x05: case 0x14: return 8;
    case 0x10: return 1;
    case 0x48: return 16;
    default: return 0;
    }
}

/* The next record at or behind *at; AS_DONE when there is none. Arrays are stepped over. */
static as_more next_record(as_ctx *ctx, const as_input *in, uint64_t *at, record *out)
{
    static const unsigned char head[] = { 0x18, 0xfc, 0xff, 0xff, 0x03, 0x80, 0x01 };
    static const unsigned char tail[] = { 0, 0, 1, 0, 0, 0, 0x0c, 0, 0x17, 0xfc, 0xff, 0xff };
    for (uint64_t i = *at; i + RECORD_HEAD <= in->size; i++) {
        const unsigned char *hit = memchr(in->data + i, head[0], in->size - (size_t)i);
        if (!hit) break;
        i = (uint64_t)(hit - in->data);
        if (i + RECORD_HEAD > in->size || memcmp(hit, head, sizeof head) != 0 ||
            memcmp(hit + 9, tail, sizeof tail) != 0)
            continue;
        *out = (record){ .at = i, .value = i + RECORD_HEAD, .type = hit[21],
                         .field = (uint16_t)(hit[7] | hit[8] << 8), .array = hit[22] == 0xa0 };
        *at = i + sizeof head;
        if (!out->array) return AS_ITEM;
        if (as_u32le(ctx, in, out->value, &out->count) != AS_OK) return AS_FAILED;
        out->value += 4;
        const size_t size = element_size(out->type);
        if (as_need_bytes(ctx, in, out->value, out->count, size ? size : 1, "an array") != AS_OK)
            return AS_FAILED;
        *at = out->value + (uint64_t)out->count * size;
        return AS_ITEM;
    }
    return AS_DONE;
}

/* The kind of a table behind the record that opens it; 0: none is stated. */
static unsigned table_kind(const as_input *in, const record *r)
{
    static const unsigned char mark[] = { 0x02, 0, 0, 0x80 };
    for (uint64_t i = r->value; i < r->value + 24 && i + 6 <= in->size; i++)
        if (memcmp(in->data + i, mark, sizeof mark) == 0)
            return in->data[i + 4] | (unsigned)in->data[i + 5] << 8;
    return 0;
}

/* --- channels ------------------------------------------------------------------------ */
static as_status open_channel(reading *r, const as_input *in, const record *rec, channel **out)
{
    const uint8_t id = (uint8_t)(rec->field & 0xff);
    size_t before = 0;
    for (size_t i = 0; i < r->n_channels; i++) before += r->channel[i].id == id;
    const as_where at = as_at_byte(in, rec->at);
    if (r->n_channels == MOST_CHANNELS || before > 1)
        return as_fail(r->ctx, AS_E_FORMAT, &at,
                       "more channels than a sample and a correction run have");
    *out = &r->channel[r->n_channels++];
    **out = (channel){ .id = id, .run = before };
    if (before + 1 > r->n_runs) r->n_runs = before + 1;
    return AS_OK;
}

static as_status add_values(reading *r, const as_input *in, const record *rec, channel *c)
{
    const bool wide = rec->type == 0x05;
    values *add = AS_NEW(as_scratch(r->ctx), values);
    if (!add) return AS_ERR;
    add->n = rec->count;
    add->v = AS_NEW_N(as_scratch(r->ctx), double, add->n + 1);
    if (!add->v) return AS_ERR;
    AS_TRY(as_numbers_at(r->ctx, in, rec->value, rec->count, 0, wide ? AS_F64LE : AS_F32LE, add->v,
                         "values of a channel"));
    if (c->last) c->last->next = add;
    else c->first = add;
    c->last = add;
    c->n += add->n;
    c->n_segments++;
    return AS_OK;
}

static as_status read_channels(reading *r, const as_input *in)
{
    record rec;
    as_more more;
    uint64_t at = 0;
    channel *open = NULL;
    unsigned kind = 0;
    while ((more = next_record(r->ctx, in, &at, &rec)) == AS_ITEM) {
        if (rec.type == 0x1a && !rec.array) {
            kind = table_kind(in, &rec);
            if (kind == CHANNEL_HEADER) AS_TRY(open_channel(r, in, &rec, &open));
            else if (kind != SEGMENT_VALUES) open = NULL;
        } else if (open && kind == SEGMENT_VALUES && rec.array &&
                   ((rec.field == 0x0f40 && rec.type == 0x05) ||
                    (rec.field == 0x0f3d && rec.type == 0x04))) {
            AS_TRY(add_values(r, in, &rec, open));
        }
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* --- metadata ------------------------------------------------------------------------- */
/* FF FE FF, a count of characters and UTF-16; or a count of bytes and UTF-8. */
static as_status read_text(as_ctx *ctx, const as_input *in, uint64_t at, const char **out)
{
    uint8_t mark[4] = { 0 };
    uint32_t size;
    *out = "";
    for (size_t i = 0; i < 4; i++) AS_TRY(as_u8(ctx, in, at + i, &mark[i]));
    if (mark[0] != 0xff || mark[1] != 0xfe || mark[2] != 0xff) {
        AS_TRY(as_u32le(ctx, in, at, &size));
        if (size > 4096) return AS_OK;
        return as_text_at(ctx, in, at + 4, size, out);
    }
    AS_TRY(as_need_bytes(ctx, in, at + 4, mark[3], 2, "a text"));
    char *text = as_alloc(as_scratch(ctx), 3 * (size_t)mark[3] + 1, 1), *to = text;
    if (!text) return AS_ERR;
    for (size_t i = 0; i < mark[3]; i++) {
        const unsigned char *p = in->data + at + 4 + 2 * i;
        const unsigned c = p[0] | (unsigned)p[1] << 8;
        if (c == 0 || (c >= 0xd800 && c < 0xe000)) continue;
        if (c >= 0x800) *to++ = (char)(0xe0 | c >> 12);
        if (c >= 0x80) *to++ = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
        *to++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
    }
    *out = text;
    return AS_OK;
}

static const struct { uint16_t category, field; const char *meta; } texts[] = {
    { 0x7530, 0x0840, "sample" },         { 0x7530, 0x0898, "vendor.sample_id" },
    { 0x7530, 0x0962, "vendor.material" }, { 0x1775, 0x1059, "instrument" },
    { 0x1772, 0x0835, "operator" },       { 0x1772, 0x0834, "vendor.laboratory" },
    { 0x1772, 0x083c, "vendor.project" }, { 0x177e, 0x0840, "crucible" },
};

/* A rate of the temperature programme, K/min. */
static void note_rate(reading *r, double rate)
{
    if (!(rate > 0)) return;
    if (r->rate.value != 0 && r->rate.value != rate) r->rate.several = true;
    r->rate.value = rate;
}

static as_status read_field(reading *r, const as_input *in, unsigned category, const record *rec)
{
    as_ctx *ctx = r->ctx;
    const as_where at = as_at_byte(in, rec->at);
    float number;
    int32_t seconds;
    if (rec->type == 0x04 && rec->field == 0x0e13) {
        AS_TRY(as_f32le(ctx, in, rec->value, &number));
        note_rate(r, as_meant(number));
    } else if (rec->type == 0x05 && category == 0x7530 && rec->field == 0x0c9e &&
               isnan(r->sample_mass)) {
        AS_TRY(as_f64le(ctx, in, rec->value, &r->sample_mass)); /* -1000: none */
        if (r->sample_mass > 0) return as_set_value(ctx, r->head, "sample_mass", r->sample_mass, "mg", &at);
    } else if (rec->type == 0x03 && category == 0x1772 && rec->field == 0x083e &&
               !as_get_meta(r->head, "measured")) {
        AS_TRY(as_i32le(ctx, in, rec->value, &seconds));
        return as_set_text(ctx, r->head, "measured", as_utc_text(ctx, seconds), &at);
    } else if (rec->type == 0x1f) {
        for (size_t i = 0; i < AS_COUNT(texts); i++) {
            const char *text;
            if (texts[i].category != category || texts[i].field != rec->field ||
                as_get_meta(r->head, texts[i].meta))
                continue;
            AS_TRY(read_text(ctx, in, rec->value, &text));
            return as_set_text(ctx, r->head, texts[i].meta, text, &at);
        }
    }
    return AS_OK;
}

static as_status read_about(reading *r, const as_input *in)
{
    record rec;
    as_more more;
    uint64_t at = 0;
    unsigned category = 0;
    while ((more = next_record(r->ctx, in, &at, &rec)) == AS_ITEM) {
        if (rec.array) continue;
        if (rec.type == 0x1a) category = rec.field;
        else AS_TRY(read_field(r, in, category, &rec));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* --- tables --------------------------------------------------------------------------- */
static const channel *find_channel(const reading *r, size_t run, uint8_t id)
{
    for (size_t i = 0; i < r->n_channels; i++)
        if (r->channel[i].id == id && r->channel[i].run == run) return &r->channel[i];
    return NULL;
}

static as_status add_channel(as_parse *job, as_table *t, const channel *c)
{
    const char *name = NULL, *unit = "1";
    for (size_t i = 0; i < AS_COUNT(channels); i++)
        if (channels[i].id == c->id) {
            name = channels[i].name;
            unit = channels[i].unit;
        }
    if (!name) name = as_format(as_scratch(job->ctx), "channel_%02x", c->id);
    const as_where at = { .file = job->in->name };
    if (c->n != t->rows)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "channel '%s' has %zu values, expected %zu",
                       name ? name : "", c->n, t->rows);
    as_column *column = name ? as_add_column(job->ctx, t, name, AS_ROLE_OTHER, as_unit_of(unit)) : NULL;
    if (!column) return AS_ERR;
    size_t row = 0;
    for (const values *s = c->first; s; s = s->next)
        for (size_t i = 0; i < s->n; i++) column->v.f[row++] = s->v[i];
    return AS_OK;
}

static as_status add_segments(as_parse *job, as_table *t, const channel *time)
{
    if (time->n_segments < 2) return AS_OK;
    as_column *c = as_add_column(job->ctx, t, "segment", AS_ROLE_OTHER, AS_UNITLESS);
    if (!c) return AS_ERR;
    size_t row = 0, segment = 1;
    for (const values *s = time->first; s; s = s->next, segment++)
        for (size_t i = 0; i < s->n; i++) c->v.f[row++] = (double)segment;
    return AS_OK;
}

/* Percent of the sample's mass, the correction run taken off at the same row: what the maker's own
 * export has (all digits of it, compared). */
static as_status add_mass_fraction(as_parse *job, const reading *r, as_table *t, as_table *correction)
{
    const as_column *m = as_find_name(t, "mass_change");
    const as_column *c = correction ? as_find_name(correction, "mass_change") : NULL;
    if (!m || t->rows == 0 || !(r->sample_mass > 0)) return AS_OK;
    as_column *y = as_add_column(job->ctx, t, "mass_fraction", AS_ROLE_OTHER, as_unit_of("%"));
    if (!y) return AS_ERR;
    const as_where at = { .file = job->in->name };
    if (c && correction->rows < t->rows)
        as_warn(job->ctx, t, &at, "the correction run has %zu points, the sample run %zu: no "
                "mass_fraction beyond", correction->rows, t->rows);
    for (size_t i = 0; i < t->rows; i++) {
        const bool has = c && i < correction->rows;
        const double base = has ? c->v.f[i] - c->v.f[0] : c ? NAN : 0;
        y->v.f[i] = 100 + 100 * (m->v.f[i] - m->v.f[0] - base) / r->sample_mass;
    }
    return c ? as_set_meta(job->ctx, t, "processed", "correction run subtracted in mass_fraction", NULL,
                           &at) : AS_OK;
}

static as_status make_run(as_parse *job, const reading *r, size_t run, as_table **out)
{
    const as_where at = { .file = job->in->name };
    const channel *time = find_channel(r, run, 0x8c);
    if (!time || time->n == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no channel of times in run %zu", run + 1);
    as_table *t = as_table_new(job->ctx, time->n);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < r->n_channels; i++)
        if (r->channel[i].run == run && r->channel[i].n > 0)
            AS_TRY(add_channel(job, t, &r->channel[i]));
    AS_TRY(add_segments(job, t, time));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    *out = t;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_ctx *ctx = job->ctx;
    const as_input *about, *main, *more;
    reading *r = AS_NEW(as_scratch(ctx), reading);
    if (!r) return AS_ERR;
    *r = (reading){ .ctx = ctx, .head = as_table_new(ctx, 0), .sample_mass = NAN };
    if (!r->head) return AS_ERR;
    AS_TRY(as_open_member(ctx, job->in, "Streams/stream_1.table", &about));
    AS_TRY(read_about(r, about));
    AS_TRY(as_set_rate(ctx, r->head, &r->rate, NULL));
    AS_TRY(as_open_member(ctx, job->in, "Streams/stream_2.table", &main));
    AS_TRY(read_channels(r, main));
    if (as_open_member(ctx, job->in, "Streams/stream_3.table", &more) == AS_OK)
        AS_TRY(read_channels(r, more));
    else if (as_pending(ctx) != AS_E_MISSING) return AS_ERR;
    else as_forget_error(ctx);
    as_table *sample = NULL, *correction = NULL;
    const as_where at = { .file = job->in->name };
    AS_TRY(make_run(job, r, 0, &sample));
    if (r->n_runs > 1) AS_TRY(make_run(job, r, 1, &correction));
    AS_TRY(add_mass_fraction(job, r, sample, correction));
    AS_TRY(as_thermal_axes(ctx, sample, &at));
    AS_TRY(as_emit(job->out, ctx, sample));
    if (!correction) return AS_OK;
    AS_TRY(as_thermal_axes(ctx, correction, &at));
    AS_TRY(as_set_meta(ctx, correction, "part", "correction", NULL, &at));
    correction->secondary = true;
    return as_emit(job->out, ctx, correction);
}

static const char *const suffixes[] = { "ngb-ss3", "ngb-bs3", "ngb-ds3", "ngb-sd8", "ngb-st9", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const char *const references[] = { "pyngb, format notes (github.com/GraysonBellamy/pyngb)", NULL };
static const as_example examples[] = {
    { "a sample and a correction run", "assay read tests/corpus/thermal/two-runs.ngb-ds3" }, { 0 }
};
static const char *const see_also[] = { "netzsch-txt", NULL };

const as_parser as_parser_netzsch_ngb = {
    .name = "netzsch-ngb",
    .title = "Netzsch Proteus NGB",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published layout notes, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read measurements of Netzsch Proteus",
             .description =
                 "A zip of streams of tagged records: stream 1 tells what was measured, streams 2 "
                 "and 3 hold one array for each channel and segment. `mass_change` is the raw "
                 "signal; `mass_fraction` is made from it with the sample's mass, the correction "
                 "run taken off row by row, as the maker's export does. The correction run is a "
                 "part of its own (`--part correction`); the DSC signal stays in uV.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
