/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renishaw WiRE .wdf: a chain of blocks (name, number, size), the first a header of 512 bytes.
 * DATA holds the spectra as 32-bit floats, XLST the axis that all share, ORGN a list of values for
 * each spectrum (place, time), WMAP the grid of a map. Unknown blocks are passed over.
 */
#include <math.h>
#include <string.h>

#include "spectrum.h"

enum { HEADER = 512, BLOCK_HEAD = 16, ORIGIN_HEAD = 24, MOST_ORIGINS = 64 };

typedef struct {
    uint64_t at, size; /* of the content; size 0: there is none */
} block;

typedef struct {
    block data, axis, lists, map, comment, settings;
    uint32_t points, n_lists;
    uint64_t capacity, count;
    double start;       /* FILETIME of the first spectrum; NaN: not known */
    bool has_place;     /* ORGN says where the spectra are */
    uint64_t cut_at;    /* a block behind the data ends behind the file; 0: none */
    uint64_t zeros_at;  /* behind the last block stand zeros to the end; 0: none */
    as_spectrum_kind kind;
    double *x;
    as_table *head;     /* what all spectra share */
} reading;

static int probe(const as_probe *p)
{
    if (p->size < BLOCK_HEAD || memcmp(p->head, "WDF1", 4) != 0) return AS_PROBE_NO;
    return as_head_u32(p, 8) == HEADER ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* The unit of a list by its number; what counts nothing (arbitrary, pixels) is "1". */
static const char *unit_of(uint32_t code)
{
    static const char *const units[] = {
        "1", "cm-1", "cm-1", "nm", "eV", "um", "count", "1", "mm", "m", "K", "Pa", "s",
        "ms", "h", "day", "1", "1", "1", "deg", "rad", "degC", "degF", "K/min", "1", "us",
    };
    return code < AS_COUNT(units) ? units[code] : "1";
}

/* --- the chain -------------------------------------------------------------------- */

static bool only_zeros(const as_input *in, uint64_t from)
{
    while (from < in->size && in->data[from] == 0) from++;
    return from == in->size;
}

static as_status find_blocks(as_parse *job, reading *r)
{
    const struct { const char *name; block *to; } known[] = {
        { "DATA", &r->data }, { "XLST", &r->axis }, { "ORGN", &r->lists },
        { "WMAP", &r->map },  { "TEXT", &r->comment }, { "WXDM", &r->settings },
    };
    uint64_t at = 0, size;
    while (at + BLOCK_HEAD <= job->in->size) {
        const char *name = (const char *)job->in->data + at;
        const as_where where = as_at_byte(job->in, at);
        AS_TRY(as_u64le(job->ctx, job->in, at + 8, &size));
        if (size == 0 && only_zeros(job->in, at)) {
            r->zeros_at = at;
            break;
        }
        if (size < BLOCK_HEAD)
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "block of %llu bytes, expected at least 16",
                           (unsigned long long)size);
        for (size_t i = 0; i < AS_COUNT(known); i++)
            if (memcmp(name, known[i].name, 4) == 0 && known[i].to->size == 0)
                *known[i].to = (block){ at + BLOCK_HEAD, size - BLOCK_HEAD };
        if (size > job->in->size - at) {
            r->cut_at = at;
            break;
        }
        at += size;
    }
    const as_where end = as_at_byte(job->in, job->in->size);
    if (r->data.size == 0 || r->axis.size == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &end, "no %s block before the file ends",
                       r->data.size ? "XLST" : "DATA");
    return AS_OK;
}

static as_status check_sizes(as_parse *job, reading *r)
{
    const as_where where = as_at_byte(job->in, r->data.at);
    if (r->points == 0 || r->capacity == 0 || r->count > r->capacity ||
        r->capacity > r->data.size / 4 / r->points)
        return as_fail(job->ctx, AS_E_SYNTAX, &where,
                       "data of %llu bytes, expected %llu spectra of %u points",
                       (unsigned long long)r->data.size, (unsigned long long)r->capacity,
                       r->points);
    AS_TRY(as_need_bytes(job->ctx, job->in, r->data.at, r->count, 4 * (size_t)r->points,
                         "the spectra"));
    if (r->count == 0)
        return as_fail(job->ctx, AS_E_MISSING, &where, "no spectrum was recorded");
    return AS_OK;
}

/* --- the header --------------------------------------------------------------------- */

static as_status read_head(as_parse *job, reading *r)
{
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    uint32_t accumulations, n_axis, scan, measurement, y_unit;
    float laser;
    uint64_t start;
    const char *text;
    const as_where at = as_at_byte(in, 0);
    static const struct { const char *key; unsigned at, n; } texts[] = {
        { "software", 0x60, 24 }, { "operator", 0xd0, 32 }, { "sample", 0xf0, 160 },
    };
    AS_TRY(as_need_bytes(ctx, in, 0, HEADER, 1, "the header"));
    AS_TRY(as_u32le(ctx, in, 0x3c, &r->points));
    AS_TRY(as_u64le(ctx, in, 0x40, &r->capacity));
    AS_TRY(as_u64le(ctx, in, 0x48, &r->count));
    AS_TRY(as_u32le(ctx, in, 0x50, &accumulations));
    AS_TRY(as_u32le(ctx, in, 0x58, &n_axis));
    AS_TRY(as_u32le(ctx, in, 0x5c, &r->n_lists));
    AS_TRY(as_u32le(ctx, in, 0x80, &scan));
    AS_TRY(as_u32le(ctx, in, 0x84, &measurement));
    AS_TRY(as_u64le(ctx, in, 0x88, &start));
    AS_TRY(as_u32le(ctx, in, 0x98, &y_unit));
    AS_TRY(as_f32le(ctx, in, 0x9c, &laser));
    for (size_t i = 0; i < AS_COUNT(texts); i++) {
        AS_TRY(as_text_at(ctx, in, texts[i].at, texts[i].n, &text));
        AS_TRY(as_set_text(ctx, r->head, texts[i].key, text, &at));
    }
    AS_TRY(as_set_value(ctx, r->head, "accumulations", accumulations, "1", &at));
    if (laser > 0) AS_TRY(as_set_value(ctx, r->head, "laser_wavelength", 1e7 / laser, "nm", &at));
    AS_TRY(as_set_value(ctx, r->head, "vendor.scan_type", scan & 0xffff, "1", &at));
    AS_TRY(as_set_value(ctx, r->head, "vendor.measurement_type", measurement, "1", &at));
    if (start != 0) {
        text = as_utc_text(ctx, (int64_t)(start / 10000000) - 11644473600);
        AS_TRY(text ? as_set_text(ctx, r->head, "measured", text, &at) : AS_ERR);
    }
    r->kind.y = "intensity";
    r->kind.y_unit = y_unit == 6 ? "count" : "1";
    return AS_OK;
}

static as_status read_axis(as_parse *job, reading *r)
{
    uint32_t type, unit;
    const as_where where = as_at_byte(job->in, r->axis.at);
    AS_TRY(as_u32le(job->ctx, job->in, r->axis.at, &type));
    AS_TRY(as_u32le(job->ctx, job->in, r->axis.at + 4, &unit));
    if (r->axis.size < 8 || (r->axis.size - 8) / 4 != r->points)
        return as_fail(job->ctx, AS_E_FORMAT, &where,
                       "an axis of %llu values and spectra of %u points: images are not supported",
                       (unsigned long long)(r->axis.size / 4 - 2), r->points);
    r->x = AS_NEW_N(as_scratch(job->ctx), double, r->points);
    if (!r->x) return AS_ERR;
    r->kind.x = unit == 1 ? "raman_shift" : unit == 2 ? "wavenumber" : unit == 3 ? "wavelength"
              : unit == 4 ? "photon_energy" : unit == 16 ? "pixel" : "x";
    r->kind.x_unit = unit_of(unit);
    return as_numbers_at(job->ctx, job->in, r->axis.at + 8, r->points, 0, AS_F32LE, r->x,
                         "the axis");
}

/* --- settings ------------------------------------------------------------------------- */

/* One property: a letter for its type, a flag, the number of its key, then the value. Sets nest
 * by a length only, so that walking on after it enters them. */
typedef struct {
    uint8_t type;
    uint16_t key;
    uint64_t at, size; /* of the value; what to skip */
} property;

/* False at the end, or where a type is met whose size is not known. */
static bool next_property(const as_input *in, uint64_t *at, uint64_t end, property *p)
{
    static const struct { char type; uint8_t size; } sizes[] = {
        { '?', 1 }, { 'c', 1 }, { 's', 2 }, { 'i', 4 }, { 'w', 8 }, { 'r', 4 }, { 'q', 8 }, { 't', 8 },
    };
    const unsigned char *b = in->data + *at;
    if (*at + 8 > end || b[1] & 0x80) return false;
    *p = (property){ b[0], (uint16_t)(b[2] | b[3] << 8), *at + 4, 0 };
    bool known = false;
    for (size_t i = 0; i < AS_COUNT(sizes); i++)
        if (sizes[i].type == p->type) p->size = sizes[i].size, known = true;
    if (strchr("ubkp", p->type) && p->type) {
        const uint32_t n = b[4] | (uint32_t)b[5] << 8 | (uint32_t)b[6] << 16 | (uint32_t)b[7] << 24;
        p->at += 4;
        *at = p->at + (p->type == 'p' ? 0 : n);
        p->size = n;
        known = true;
    } else {
        *at = p->at + p->size;
    }
    return known && *at <= end;
}

/* The whole number called `name`, the first in the block; its key is named behind or before it. */
static bool find_number(as_parse *job, const block *in, const char *name, int32_t *out)
{
    const size_t n = strlen(name);
    const uint64_t end = in->at + in->size;
    property p;
    bool known = false;
    uint16_t key = 0;
    if (in->size < 8 || memcmp(job->in->data + in->at, "PSET", 4) != 0) return false;
    for (uint64_t at = in->at + 8; !known && next_property(job->in, &at, end, &p);)
        if (p.type == 'k' && p.size == n && memcmp(job->in->data + p.at, name, n) == 0) {
            key = p.key;
            known = true;
        }
    for (uint64_t at = in->at + 8; known && next_property(job->in, &at, end, &p);)
        if (p.type == 'i' && p.key == key) {
            if (as_i32le(job->ctx, job->in, p.at, out) == AS_OK) return true;
            as_forget_error(job->ctx);
            return false;
        }
    return false;
}

static as_status read_settings(as_parse *job, reading *r)
{
    int32_t ms;
    const as_where where = as_at_byte(job->in, r->settings.at);
    if (r->settings.size > job->in->size - r->settings.at ||
        !find_number(job, &r->settings, "Exposure Time", &ms) || ms <= 0)
        return AS_OK;
    return as_set_value(job->ctx, r->head, "exposure", ms, "ms", &where);
}

/* --- what differs from spectrum to spectrum -------------------------------------------- */

/* The values of list `at` have a stride of the capacity, recorded or not. */
static as_status set_origin(as_parse *job, reading *r, as_table *t, uint64_t at, uint64_t i)
{
    static const struct { uint32_t type; const char *key; } keys[] = {
        { 3, "x" }, { 4, "y" }, { 5, "z" }, { 9, "temperature" }, { 11, "time" },
    };
    uint32_t type, unit;
    double value;
    uint64_t ticks;
    const char *key = NULL, *name;
    const uint64_t value_at = at + ORIGIN_HEAD + 8 * i;
    const as_where where = as_at_byte(job->in, value_at);
    AS_TRY(as_u32le(job->ctx, job->in, at, &type));
    AS_TRY(as_u32le(job->ctx, job->in, at + 4, &unit));
    AS_TRY(as_f64le(job->ctx, job->in, value_at, &value));
    type &= 0x7fffffff;
    if (type == 16 || type == 17) return AS_OK; /* checksum and flags */
    if (unit == 24) { /* FILETIME */
        AS_TRY(as_u64le(job->ctx, job->in, value_at, &ticks));
        if (isnan(r->start)) r->start = (double)ticks;
        if (ticks == 0) return AS_OK;
        return as_set_value(job->ctx, t, "time", ((double)ticks - r->start) / 1e7, "s", &where);
    }
    for (size_t k = 0; k < AS_COUNT(keys); k++)
        if (keys[k].type == type) key = keys[k].key;
    if (!key) {
        AS_TRY(as_text_at(job->ctx, job->in, at + 8, 16, &name));
        key = as_format(as_scratch(job->ctx), "vendor.%s", name);
        if (!key) return AS_ERR;
    }
    r->has_place |= type == 3 || type == 4;
    return as_set_value(job->ctx, t, key, value, unit_of(unit), &where);
}

static as_status set_origins(as_parse *job, reading *r, as_table *t, uint64_t i)
{
    uint32_t n;
    if (r->lists.size < 4) return AS_OK;
    const as_where where = as_at_byte(job->in, r->lists.at);
    const uint64_t stride = ORIGIN_HEAD + 8 * r->capacity;
    AS_TRY(as_u32le(job->ctx, job->in, r->lists.at, &n));
    if (n > MOST_ORIGINS || n > (r->lists.size - 4) / stride)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "%u lists in %llu bytes", n,
                       (unsigned long long)r->lists.size);
    for (uint32_t k = 0; k < n; k++)
        AS_TRY(set_origin(job, r, t, r->lists.at + 4 + k * stride, i));
    return AS_OK;
}

/* The place in the grid, where no list says it. */
static as_status set_place(as_parse *job, const reading *r, as_table *t, uint64_t i)
{
    enum { BY_COLUMNS = 2, TO_AND_FRO = 4, ON_A_LINE = 128 };
    uint32_t flags, size[2];
    double origin[6];
    const as_where where = as_at_byte(job->in, r->map.at);
    if (r->map.size < 40 || r->has_place) return AS_OK;
    AS_TRY(as_u32le(job->ctx, job->in, r->map.at, &flags));
    AS_TRY(as_numbers_at(job->ctx, job->in, r->map.at + 8, 6, 0, AS_F32LE, origin, "the grid"));
    AS_TRY(as_u32le(job->ctx, job->in, r->map.at + 32, &size[0]));
    AS_TRY(as_u32le(job->ctx, job->in, r->map.at + 36, &size[1]));
    const uint32_t inner = flags & BY_COLUMNS ? size[1] : size[0];
    if (inner == 0) return AS_OK;
    uint64_t fast = i % inner, slow = i / inner;
    if (flags & TO_AND_FRO && slow % 2) fast = inner - 1 - fast;
    const uint64_t ix = flags & ON_A_LINE ? i : flags & BY_COLUMNS ? slow : fast;
    const uint64_t iy = flags & ON_A_LINE ? i : flags & BY_COLUMNS ? fast : slow;
    AS_TRY(as_set_value(job->ctx, t, "x", origin[0] + (double)ix * origin[3], "um", &where));
    return as_set_value(job->ctx, t, "y", origin[1] + (double)iy * origin[4], "um", &where);
}

static as_status emit_spectrum(as_parse *job, reading *r, uint64_t i)
{
    const uint64_t at = r->data.at + 4 * i * r->points;
    as_table *t = as_new_spectrum(job->ctx, r->points, &r->kind);
    if (!t) return AS_ERR;
    memcpy(t->column[0]->v.f, r->x, r->points * sizeof *r->x);
    AS_TRY(as_numbers_at(job->ctx, job->in, at, r->points, 0, AS_F32LE, t->column[1]->v.f,
                         "the spectrum"));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    AS_TRY(set_origins(job, r, t, i));
    AS_TRY(set_place(job, r, t, i));
    const as_where counts = as_at_byte(job->in, 0x48), cut = as_at_byte(job->in, r->cut_at);
    const as_where zeros = as_at_byte(job->in, r->zeros_at);
    if (i == 0 && r->count < r->capacity)
        as_warn(job->ctx, t, &counts, "the measurement was interrupted: %llu of %llu spectra",
                (unsigned long long)r->count, (unsigned long long)r->capacity);
    if (i == 0 && r->cut_at)
        as_warn(job->ctx, t, &cut, "the file ends within a block behind the spectra: it is cut");
    if (i == 0 && r->zeros_at)
        as_warn(job->ctx, t, &zeros, "from here to the end there are zeros: blocks behind may be lost");
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    reading r = { .start = NAN, .head = as_table_new(job->ctx, 0) };
    const char *comment;
    if (!r.head) return AS_ERR;
    AS_TRY(read_head(job, &r));
    AS_TRY(find_blocks(job, &r));
    AS_TRY(check_sizes(job, &r));
    AS_TRY(read_axis(job, &r));
    if (r.comment.size && r.comment.size <= job->in->size - r.comment.at) {
        const as_where where = as_at_byte(job->in, r.comment.at);
        AS_TRY(as_text_at(job->ctx, job->in, r.comment.at, r.comment.size, &comment));
        AS_TRY(as_set_text(job->ctx, r.head, "comment", comment, &where));
    }
    AS_TRY(read_settings(job, &r));
    for (uint64_t i = 0; i < r.count; i++)
        if (emit_spectrum(job, &r, i) != AS_OK)
            return as_while(job->ctx, "reading spectrum %llu", (unsigned long long)i + 1);
    return AS_OK;
}

static const char *const suffixes[] = { "wdf", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { NULL };

const as_parser as_parser_renishaw_wdf = {
    .name = "renishaw-wdf",
    .title = "Renishaw WiRE .wdf",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published descriptions of the blocks, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Raman spectra, series and maps of Renishaw WiRE",
             .description =
                 "Binary, little endian: blocks of a name, a number and a size. The header has the "
                 "points of a spectrum, how many spectra there is room for and how many were "
                 "recorded, accumulations, laser and start; `XLST` the axis, `DATA` the spectra, "
                 "`ORGN` place and time of each, `WMAP` the grid of a map.\n\n"
                 "Each spectrum becomes one series with `x`, `y`, `z`, `time` as metadata, x as "
                 "stored (mostly descending). An interrupted measurement gives the spectra that "
                 "were recorded, and a warning. Images are refused.",
             .see_also = see_also },
};
