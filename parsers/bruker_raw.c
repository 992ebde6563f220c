/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bruker/Siemens DIFFRAC RAW: binary, little endian, in four layouts told apart by their first
 * bytes: "RAW " (version 1), "RAW2", "RAW1.01" (version 3) and "RAW4.00" (bruker_raw4.c). All have
 * headers of ranges with start, step and number of points, then 32-bit floats.
 */
#include <math.h>
#include <string.h>

#include "bruker_raw.h"
#include "spectrum.h"

static bool has_magic(const as_probe *p, const char *magic, size_t n)
{
    return p->size >= n && memcmp(p->head, magic, n) == 0;
}

static int probe(const as_probe *p)
{
    if (has_magic(p, "RAW1.01\0", 8))
        return as_head_u32(p, 712) >= 304 ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
    if (has_magic(p, "RAW4.00\0", 8)) return AS_PROBE_VERIFIED;
    if (has_magic(p, "RAW2", 4) && as_head_u32(p, 256) % 65536 >= 48) return AS_PROBE_VERIFIED;
    if (p->is_text || !has_magic(p, "RAW ", 4)) return AS_PROBE_NO;
    /* 4 bytes are little: the points must lie in the file and be counted in finite time */
    return 156 + 4 * (uint64_t)as_head_u32(p, 4) <= p->file_size ? AS_PROBE_MAGIC : AS_PROBE_PLAUSIBLE;
}

/* --- shared by the versions ---------------------------------------------------- */

as_status as_bruker_scan(as_parse *job, const as_axis *axis, double start, double step, uint64_t at,
                         uint32_t n, uint32_t stride, as_table **out)
{
    const as_where where = as_at_byte(job->in, at);
    if (!isfinite(start) || !isfinite(step) || fabs(start) > 1e6 || fabs(step) > 1e6 || step == 0)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "start %g and step %g, expected a scan",
                       start, step);
    AS_TRY(as_need_bytes(job->ctx, job->in, at, n, stride, "intensities"));
    as_table *t = as_new_scan(job->ctx, n, axis, start, step, "count");
    if (!t) return AS_ERR;
    *out = t;
    return as_numbers_at(job->ctx, job->in, at, n, stride, AS_F32LE, t->column[1]->v.f,
                         "intensities");
}

as_status as_bruker_number(as_parse *job, as_table *t, const char *key, double value,
                           const char *unit, uint64_t at)
{
    const as_where where = as_at_byte(job->in, at);
    if (!isfinite(value) || value == -1e6 || value == 9999) return AS_OK;
    return as_set_number(job->ctx, t, key, value, NAN, as_unit_of(unit), &where);
}

as_status as_bruker_text(as_parse *job, as_table *t, const char *key, uint64_t at, uint64_t n)
{
    const char *text;
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_text_at(job->ctx, job->in, at, n, &text));
    return *text ? as_set_meta(job->ctx, t, key, text, NULL, &where) : AS_OK;
}

as_status as_bruker_emit(as_parse *job, as_table *t, double seconds, uint64_t at)
{
    if (seconds > 0) AS_TRY(as_bruker_number(job, t, "step_time", seconds, "s", at));
    AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, seconds));
    return as_emit(job->out, job->ctx, t);
}

void as_bruker_check_end(as_parse *job, uint64_t at)
{
    const as_where where = as_at_byte(job->in, at);
    if (at < job->in->size)
        as_warn(job->ctx, NULL, &where, "%llu bytes follow the last range",
                (unsigned long long)(job->in->size - at));
}

/* The tube's lines as 32-bit floats, `ratio_at` 0: none. */
static as_status set_float_lines(as_parse *job, as_table *t, uint64_t at, uint64_t ratio_at)
{
    float alpha1, alpha2, ratio = NAN;
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_f32le(job->ctx, job->in, at, &alpha1));
    AS_TRY(as_f32le(job->ctx, job->in, at + 4, &alpha2));
    if (ratio_at) AS_TRY(as_f32le(job->ctx, job->in, ratio_at, &ratio));
    return as_set_doublet(job->ctx, t, as_meant(alpha1), as_meant(alpha2), as_meant(ratio), &where);
}

/* --- version 1 -------------------------------------------------------------------- */

/* The header of a range from its magic on; early files leave the magic of later ranges out. */
static as_status read_range1(as_parse *job, uint64_t *at, bool *more)
{
    static const struct { const char *key; unsigned at; } starts[] = {
        { "omega", 28 }, { "chi", 32 }, { "phi", 36 },
    };
    const as_axis axis = { "two_theta", "two_theta", "deg" };
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    uint32_t magic, n, follows, mode;
    float seconds, step, start, value;
    as_table *t;
    AS_TRY(as_u32le(ctx, in, *at, &magic));
    const uint64_t base = magic == 0x20574152u ? *at : *at - 4; /* "RAW " */
    AS_TRY(as_need_bytes(ctx, in, base + 4, 152, 1, "header of the range"));
    AS_TRY(as_u32le(ctx, in, base + 4, &n));
    AS_TRY(as_f32le(ctx, in, base + 8, &seconds));
    AS_TRY(as_f32le(ctx, in, base + 12, &step));
    AS_TRY(as_u32le(ctx, in, base + 16, &mode));
    AS_TRY(as_f32le(ctx, in, base + 24, &start));
    AS_TRY(as_u32le(ctx, in, base + 152, &follows));
    AS_TRY(as_bruker_scan(job, &axis, as_meant(start), as_meant(step), base + 156, n, 4, &t));
    for (size_t i = 0; i < AS_COUNT(starts); i++) {
        AS_TRY(as_f32le(ctx, in, base + starts[i].at, &value));
        if (value != 0)
            AS_TRY(as_bruker_number(job, t, starts[i].key, as_meant(value), "deg", base));
    }
    AS_TRY(as_bruker_text(job, t, "sample", base + 40, 32));
    AS_TRY(set_float_lines(job, t, base + 72, 0));
    AS_TRY(as_bruker_number(job, t, "vendor.scan_mode", mode, "1", base + 16));
    *at = base + 156 + 4 * (uint64_t)n;
    *more = follows != 0;
    return as_bruker_emit(job, t, seconds, base + 8);
}

static as_status parse1(as_parse *job)
{
    uint64_t at = 0;
    bool more = true;
    for (size_t i = 1; more; i++)
        if (read_range1(job, &at, &more) != AS_OK)
            return as_while(job->ctx, "reading range %zu", i);
    as_bruker_check_end(job, at);
    return AS_OK;
}

/* --- version 2 -------------------------------------------------------------------- */

static as_status read_range2(as_parse *job, const as_table *head, uint64_t *at)
{
    const as_axis axis = { "two_theta", "two_theta", "deg" };
    as_ctx *ctx = job->ctx;
    uint16_t length, n, kelvin;
    float seconds, step, start;
    as_table *t;
    const as_where where = as_at_byte(job->in, *at);
    AS_TRY(as_u16le(ctx, job->in, *at, &length));
    AS_TRY(as_u16le(ctx, job->in, *at + 2, &n));
    if (length < 48)
        return as_fail(ctx, AS_E_SYNTAX, &where, "header of %u bytes, expected at least 48",
                       length);
    AS_TRY(as_f32le(ctx, job->in, *at + 8, &seconds));
    AS_TRY(as_f32le(ctx, job->in, *at + 12, &step));
    AS_TRY(as_f32le(ctx, job->in, *at + 16, &start));
    AS_TRY(as_u16le(ctx, job->in, *at + 46, &kelvin));
    AS_TRY(as_bruker_scan(job, &axis, as_meant(start), as_meant(step), *at + length, n, 4, &t));
    AS_TRY(as_copy_meta(ctx, t, head));
    if (kelvin != 65535 && kelvin != 0)
        AS_TRY(as_bruker_number(job, t, "temperature", kelvin, "K", *at + 46));
    const uint64_t seconds_at = *at + 8;
    *at += length + 4 * (uint64_t)n;
    return as_bruker_emit(job, t, seconds, seconds_at);
}

static as_status parse2(as_parse *job)
{
    uint16_t ranges;
    uint64_t at = 256;
    const as_where where = as_at_byte(job->in, 4);
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, 256, 1, "file header"));
    AS_TRY(as_u16le(job->ctx, job->in, 4, &ranges));
    if (ranges == 0) return as_fail(job->ctx, AS_E_MISSING, &where, "the file holds no range");
    AS_TRY(as_bruker_text(job, head, "sample", 8, 32));
    AS_TRY(as_bruker_text(job, head, "comment", 40, 128));
    AS_TRY(as_bruker_text(job, head, "vendor.date", 168, 10));
    AS_TRY(as_bruker_text(job, head, "vendor.time", 178, 10));
    AS_TRY(as_bruker_text(job, head, "anode", 188, 2));
    AS_TRY(set_float_lines(job, head, 190, 198));
    for (uint16_t i = 0; i < ranges; i++)
        if (read_range2(job, head, &at) != AS_OK)
            return as_while(job->ctx, "reading range %u of %u", i + 1u, ranges);
    as_bruker_check_end(job, at);
    return AS_OK;
}

/* --- version 3 -------------------------------------------------------------------- */

enum { FILE_HEADER3 = 712, RANGE_HEADER3 = 304, DATE3 = 16, CLOCK3 = 26 };

static as_status read_head3(as_parse *job, as_table *head)
{
    static const struct { const char *key; unsigned at, n; } texts[] = {
        { "operator", 36, 72 }, { "vendor.site", 108, 218 }, { "sample", 326, 60 },
        { "comment", 386, 160 }, { "anode", 608, 4 },
    };
    double line[5];
    float radius;
    const char *date, *clock;
    const as_where at = as_at_byte(job->in, 616);
    for (size_t i = 0; i < AS_COUNT(texts); i++)
        AS_TRY(as_bruker_text(job, head, texts[i].key, texts[i].at, texts[i].n));
    AS_TRY(as_text_at(job->ctx, job->in, DATE3, 10, &date));
    AS_TRY(as_text_at(job->ctx, job->in, CLOCK3, 10, &clock));
    const char *both = as_format(as_scratch(job->ctx), "%s%s%s", date, *clock ? " " : "", clock);
    if (!both) return AS_ERR;
    if (*date)
        AS_TRY(as_set_measured(job->ctx, head, both, false, NULL)); /* order varies by locale */
    AS_TRY(as_f32le(job->ctx, job->in, 564, &radius));
    if (radius > 0) AS_TRY(as_bruker_number(job, head, "goniometer_radius", radius, "mm", 564));
    AS_TRY(as_numbers_at(job->ctx, job->in, 616, 5, 0, AS_F64LE, line, "wavelengths"));
    AS_TRY(as_bruker_number(job, head, "vendor.wavelength_average", line[0], "Angstrom", 616));
    AS_TRY(as_bruker_number(job, head, "wavelength_beta", line[3], "Angstrom", 640));
    return as_set_doublet(job->ctx, head, line[1], line[2], line[4], &at);
}

/* What moves, by the code at 196 of the range header, and where its start stands. */
static as_status axis3(as_parse *job, uint64_t at, as_axis *axis, double *start)
{
    static const struct { uint32_t code; const char *name; unsigned start; } types[] = {
        { 0, "Locked Coupled", 16 }, { 1, "Unlocked Coupled", 16 }, { 2, "Detector Scan", 16 },
        { 3, "Rocking Curve", 8 },   { 4, "Chi Scan", 24 },         { 5, "Phi Scan", 32 },
        { 6, "X Scan", 40 },         { 7, "Y Scan", 48 },           { 8, "Z Scan", 56 },
        { 129, "PSD Fixed Scan", 16 }, { 130, "PSD Fast Scan", 16 },
    };
    uint32_t code;
    const as_where where = as_at_byte(job->in, at + 196);
    AS_TRY(as_u32le(job->ctx, job->in, at + 196, &code));
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (types[i].code == code) {
            AS_TRY(as_f64le(job->ctx, job->in, at + types[i].start, start));
            return as_axis_of(as_scratch(job->ctx), types[i].name, NULL, axis);
        }
    return as_fail(job->ctx, AS_E_FORMAT, &where, "scan type %u is not supported", code);
}

static as_status set_slit3(as_parse *job, as_table *t, uint64_t at)
{
    const char *kind;
    double fixed;
    float in_file;
    const as_where where = as_at_byte(job->in, at + 72);
    AS_TRY(as_text_at(job->ctx, job->in, at + 72, 6, &kind));
    AS_TRY(as_f64le(job->ctx, job->in, at + 64, &fixed));
    AS_TRY(as_f32le(job->ctx, job->in, 568, &in_file));
    if (kind[0] == 'V') {
        static const as_known length = { "V", "illuminated_length", "mm" };
        AS_TRY(as_set_meta(job->ctx, t, "slit_mode", "automatic", NULL, &where));
        return as_set_known(job->ctx, t, &length, 1, "V", kind + 1, &where);
    }
    AS_TRY(as_set_meta(job->ctx, t, "slit_mode", "fixed", NULL, &where));
    if (!(fixed > 0)) fixed = as_meant(in_file);
    return fixed > 0 && fixed < 90
               ? as_bruker_number(job, t, "divergence_slit", fixed, "deg", at + 64)
               : AS_OK;
}

static as_status set_positions3(as_parse *job, as_table *t, uint64_t at, bool coupled)
{
    static const struct { const char *name; unsigned at; } drives[] = {
        { "Omega", 8 }, { "2Theta", 16 }, { "Chi", 24 }, { "Phi", 32 },
        { "X", 40 },    { "Y", 48 },      { "Z", 56 },
    };
    double v[7];
    AS_TRY(as_numbers_at(job->ctx, job->in, at + 8, 7, 0, AS_F64LE, v, "start positions"));
    for (size_t i = 0; i < AS_COUNT(drives); i++) {
        as_axis axis;
        const as_where where = as_at_byte(job->in, at + drives[i].at);
        AS_TRY(as_axis_of(as_scratch(job->ctx), drives[i].name, NULL, &axis));
        if (strcmp(axis.column, t->column[0]->name) == 0 || (coupled && i == 0)) continue;
        if (isfinite(v[i]) && fabs(v[i]) < 1e6)
            AS_TRY(as_set_position(job->ctx, t, drives[i].name, v[i], NULL, &where));
    }
    const double offset = v[0] - v[1] / 2;
    return coupled && fabs(offset) > 1e-6
               ? as_bruker_number(job, t, "omega_offset", offset, "deg", at + 8) : AS_OK;
}

/* Bit 0 at 248 of the range header: behind each intensity stands the position that was measured. */
static as_status set_measured_positions(as_parse *job, as_table *t, uint64_t at, uint64_t data,
                                        uint32_t record)
{
    uint32_t varying;
    const as_where where = as_at_byte(job->in, at + 248);
    double *x = t->column[0]->v.f;
    AS_TRY(as_u32le(job->ctx, job->in, at + 248, &varying));
    if (record == 4) return AS_OK;
    double *v = AS_NEW_N(as_scratch(job->ctx), double, t->rows);
    if (!v) return AS_ERR;
    bool fits = varying == 1 && record == 12 && t->rows > 1;
    if (fits)
        AS_TRY(as_numbers_at(job->ctx, job->in, data + 4, t->rows, record, AS_F64LE, v, "positions"));
    for (size_t i = 0; i < t->rows && fits; i++)
        fits = fabs(v[i] - x[i]) < fabs(x[1] - x[0]); /* NaN does not */
    if (fits) memcpy(x, v, t->rows * sizeof *x);
    else
        as_warn(job->ctx, t, &where,
                "records of %u bytes: only their first number, the intensity, is read", record);
    return AS_OK;
}

static as_status read_range3(as_parse *job, const as_table *head, uint64_t *at)
{
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    uint32_t length, n, voltage, current, record, extra, code;
    double start, step;
    float seconds;
    as_axis axis;
    as_table *t;
    const as_where where = as_at_byte(in, *at);
    AS_TRY(as_need_bytes(ctx, in, *at, RANGE_HEADER3, 1, "header of the range"));
    AS_TRY(as_u32le(ctx, in, *at, &length));
    AS_TRY(as_u32le(ctx, in, *at + 4, &n));
    AS_TRY(as_f64le(ctx, in, *at + 176, &step));
    AS_TRY(as_f32le(ctx, in, *at + 192, &seconds));
    AS_TRY(as_u32le(ctx, in, *at + 196, &code));
    AS_TRY(as_u32le(ctx, in, *at + 224, &voltage));
    AS_TRY(as_u32le(ctx, in, *at + 228, &current));
    AS_TRY(as_u32le(ctx, in, *at + 252, &record));
    AS_TRY(as_u32le(ctx, in, *at + 256, &extra));
    if (length < RANGE_HEADER3 || record < 4 || record > 4096)
        return as_fail(ctx, AS_E_SYNTAX, &where,
                       "range header of %u bytes and records of %u, expected 304 and 4", length,
                       record);
    AS_TRY(axis3(job, *at, &axis, &start));
    const uint64_t data = *at + length + (uint64_t)extra;
    AS_TRY(as_bruker_scan(job, &axis, start, step, data, n, record, &t));
    AS_TRY(as_copy_meta(ctx, t, head));
    AS_TRY(as_set_meta(ctx, t, "scan_axis", axis.column, NULL, &where));
    AS_TRY(as_bruker_number(job, t, "tube_voltage", voltage, "kV", *at + 224));
    AS_TRY(as_bruker_number(job, t, "tube_current", current, "mA", *at + 228));
    AS_TRY(set_measured_positions(job, t, *at, data, record));
    AS_TRY(set_positions3(job, t, *at, code == 0));
    AS_TRY(set_slit3(job, t, *at));
    const uint64_t seconds_at = *at + 192;
    *at = data + (uint64_t)n * record;
    return as_bruker_emit(job, t, seconds, seconds_at);
}

static as_status parse3(as_parse *job)
{
    static const char *const states[] = { "done", "active", "aborted", "interrupted" };
    uint32_t status, ranges;
    uint64_t at = FILE_HEADER3;
    const as_where where = as_at_byte(job->in, 8);
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, FILE_HEADER3, 1, "file header"));
    AS_TRY(as_u32le(job->ctx, job->in, 8, &status));
    AS_TRY(as_u32le(job->ctx, job->in, 12, &ranges));
    if (ranges == 0) return as_fail(job->ctx, AS_E_MISSING, &where, "the file holds no range");
    AS_TRY(read_head3(job, head));
    if (status >= 2 && status <= 4)
        as_warn(job->ctx, NULL, &where, "the measurement is %s", states[status - 1]);
    for (uint32_t i = 0; i < ranges; i++)
        if (read_range3(job, head, &at) != AS_OK)
            return as_while(job->ctx, "reading range %u of %u", i + 1u, ranges);
    as_bruker_check_end(job, at);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    const as_where where = as_at_byte(job->in, 0);
    const char *magic = (const char *)job->in->data; /* followed by zeros */
    if (strncmp(magic, "RAW ", 4) == 0) return parse1(job);
    if (strncmp(magic, "RAW2", 4) == 0) return parse2(job);
    if (strncmp(magic, "RAW1.01", 7) == 0) return parse3(job);
    if (strncmp(magic, "RAW4.00", 7) == 0) return as_bruker_raw4(job);
    return as_fail(job->ctx, AS_E_FORMAT, &where,
                   "no RAW file of version 1 to 4, expected 'RAW ', RAW2, RAW1.01 or RAW4.00");
}

static const char *const suffixes[] = { "raw", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "two ranges of version 3", "assay read tests/corpus/xrd/sample3.raw" }, { 0 }
};
static const char *const see_also[] = { "bruker-uxd", "bruker-brml", "bruker-eva", NULL };

const as_parser as_parser_bruker_raw = {
    .name = "bruker-raw",
    .title = "Bruker/Siemens DIFFRAC RAW, versions 1 to 4",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Bruker/Siemens DIFFRAC RAW diffractograms",
             .description =
                 "Binary, little endian: `RAW ` (version 1), `RAW2`, `RAW1.01` (version 3) or "
                 "`RAW4.00`, then headers of ranges and 32-bit floats.\n\n"
                 "Each range becomes one series along the axis that its scan type names. Dates of "
                 "version 3 are kept as written: their order depends on the country. Where records "
                 "hold more than the intensity, only that is read.",
             .examples = examples,
             .see_also = see_also },
};
