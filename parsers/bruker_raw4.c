/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bruker RAW version 4: 61 bytes with date and time, then segments of type and length: texts (10),
 * hardware (30) and others. A segment of type 0 or 160 is the header of a range, 160 bytes, with
 * nested segments (drives: 50) and records behind it, whose first float is the intensity.
 */
#include <math.h>
#include <string.h>

#include "bruker_raw.h"

enum { PREAMBLE = 61, RANGE_HEADER = 160, TEXTS = 10, HARDWARE = 30, DRIVE = 50 };

/* The next segment: its type and length, which lies in the file. */
static as_status read_segment(as_parse *job, uint64_t at, uint64_t end, uint32_t *type,
                              uint32_t *length)
{
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_u32le(job->ctx, job->in, at, type));
    if (*type == 0 || *type == RANGE_HEADER) return AS_OK;
    AS_TRY(as_u32le(job->ctx, job->in, at + 4, length));
    if (*length < 8 || at + *length > end)
        return as_fail(job->ctx, *length < 8 ? AS_E_SYNTAX : AS_E_TRUNCATED, &where,
                       "segment of type %u has %u bytes, expected 8 to %llu", *type, *length,
                       (unsigned long long)(end - at));
    return AS_OK;
}

/* Type 10: a tag of 24 bytes and its text. */
static as_status read_text(as_parse *job, as_table *t, uint64_t at, uint32_t length)
{
    static const as_known known[] = {
        { "USER", "operator", NULL },
        { "SAMPLEID", "sample", NULL },
        { "COMMENT", "comment", NULL },
        { "CREATOR", "software", NULL },
    };
    const char *tag, *text;
    const as_where where = as_at_byte(job->in, at);
    if (length < 36) return AS_OK;
    AS_TRY(as_text_at(job->ctx, job->in, at + 12, 24, &tag));
    AS_TRY(as_text_at(job->ctx, job->in, at + 36, length - 36, &text));
    if (strcmp(tag, "OPTICS_V5") == 0) return AS_OK; /* packed XML of the optics, kilobytes of it */
    return *tag ? as_set_known(job->ctx, t, known, AS_COUNT(known), tag, text, &where) : AS_OK;
}

static as_status read_hardware(as_parse *job, as_table *t, uint64_t at, uint32_t length)
{
    double line[5];
    float diameter;
    const as_where where = as_at_byte(job->in, at + 72);
    if (length < 120) return AS_OK;
    AS_TRY(as_f32le(job->ctx, job->in, at + 24, &diameter));
    if (diameter > 0)
        AS_TRY(as_bruker_number(job, t, "goniometer_radius", diameter / 2, "mm", at + 24));
    AS_TRY(as_numbers_at(job->ctx, job->in, at + 72, 5, 0, AS_F64LE, line, "wavelengths"));
    AS_TRY(as_bruker_text(job, t, "anode", at + 116, 4));
    AS_TRY(as_bruker_number(job, t, "vendor.wavelength_average", line[0], "Angstrom", at + 72));
    AS_TRY(as_bruker_number(job, t, "wavelength_beta", line[3], "Angstrom", at + 96));
    for (size_t i = 1; i < 3; i++) line[i] = round(line[i] * 1e6) / 1e6; /* some come from floats */
    return as_set_doublet(job->ctx, t, line[1], line[2], line[4], &where);
}

/* Segments nested in a range: the texts, and where the drives stood that did not move. */
static as_status read_nested(as_parse *job, as_table *t, uint64_t at, uint64_t end)
{
    uint32_t type, length = 0;
    const bool scattering = strcmp(t->column[0]->name, "two_theta") == 0;
    for (; at < end; at += length) {
        const char *name;
        double position;
        as_axis axis;
        const as_where where = as_at_byte(job->in, at);
        AS_TRY(read_segment(job, at, end, &type, &length));
        if (type == 0 || type == RANGE_HEADER)
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "a range begins inside of another");
        if (type == TEXTS) AS_TRY(read_text(job, t, at, length));
        if (type != DRIVE || length < 64) continue;
        AS_TRY(as_text_at(job->ctx, job->in, at + 12, 24, &name));
        AS_TRY(as_f64le(job->ctx, job->in, at + 56, &position));
        AS_TRY(as_axis_of(as_scratch(job->ctx), name, NULL, &axis));
        const bool moves = strcmp(axis.column, t->column[0]->name) == 0 ||
                           (scattering && strcmp(axis.column, "omega") == 0);
        if (!moves && *name && isfinite(position))
            AS_TRY(as_set_position(job->ctx, t, name, position, NULL, &where));
    }
    return AS_OK;
}

static as_status read_range(as_parse *job, const as_table *head, uint64_t *at)
{
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    const char *type;
    double start, step;
    float seconds, voltage, current;
    uint32_t n, record, nested;
    as_axis axis;
    as_table *t;
    const as_where where = as_at_byte(in, *at);
    AS_TRY(as_need_bytes(ctx, in, *at, RANGE_HEADER, 1, "header of the range"));
    AS_TRY(as_text_at(ctx, in, *at + 32, 24, &type));
    AS_TRY(as_f64le(ctx, in, *at + 72, &start));
    AS_TRY(as_f64le(ctx, in, *at + 80, &step));
    AS_TRY(as_u32le(ctx, in, *at + 88, &n));
    AS_TRY(as_f32le(ctx, in, *at + 92, &seconds));
    AS_TRY(as_f32le(ctx, in, *at + 100, &voltage));
    AS_TRY(as_f32le(ctx, in, *at + 104, &current));
    AS_TRY(as_u32le(ctx, in, *at + 136, &record));
    AS_TRY(as_u32le(ctx, in, *at + 140, &nested));
    if (record < 4 || record > 65536)
        return as_fail(ctx, AS_E_SYNTAX, &where, "records of %u bytes, expected 4 or more", record);
    AS_TRY(as_axis_of(as_scratch(ctx), *type ? type : "Locked Coupled", NULL, &axis));
    const uint64_t data = *at + RANGE_HEADER + (uint64_t)nested;
    AS_TRY(as_bruker_scan(job, &axis, start, step, data, n, record, &t));
    AS_TRY(as_copy_meta(ctx, t, head));
    if (*type) AS_TRY(as_set_meta(ctx, t, "scan_axis", type, NULL, &where));
    AS_TRY(as_bruker_number(job, t, "tube_voltage", voltage, "kV", *at + 100));
    AS_TRY(as_bruker_number(job, t, "tube_current", current, "mA", *at + 104));
    AS_TRY(read_nested(job, t, *at + RANGE_HEADER, data));
    if (record > 4)
        as_warn(ctx, t, &where,
                "records of %u bytes: only their first number, the intensity, is read", record);
    const uint64_t seconds_at = *at + 92;
    *at = data + (uint64_t)n * record;
    return as_bruker_emit(job, t, seconds, seconds_at);
}

as_status as_bruker_raw4(as_parse *job)
{
    uint64_t at = PREAMBLE;
    uint32_t type = 0, length = 0;
    const char *date, *clock;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, PREAMBLE, 1, "file header"));
    AS_TRY(as_text_at(job->ctx, job->in, 12, 12, &date));
    AS_TRY(as_text_at(job->ctx, job->in, 24, 10, &clock));
    const char *both = as_format(as_scratch(job->ctx), "%s %s", date, clock);
    if (!both) return AS_ERR;
    if (*date && strcmp(date, "01/01/0001") != 0) /* that one: not set */
        AS_TRY(as_set_measured(job->ctx, head, both, false, NULL));
    for (;; at += length) {
        AS_TRY(read_segment(job, at, job->in->size, &type, &length));
        if (type == 0 || type == RANGE_HEADER) break;
        if (type == TEXTS) AS_TRY(read_text(job, head, at, length));
        if (type == HARDWARE) AS_TRY(read_hardware(job, head, at, length));
    }
    for (size_t i = 1; at < job->in->size; i++) {
        AS_TRY(as_u32le(job->ctx, job->in, at, &type));
        if (type != 0 && type != RANGE_HEADER) break;
        if (read_range(job, head, &at) != AS_OK) return as_while(job->ctx, "reading range %zu", i);
    }
    as_bruker_check_end(job, at);
    return AS_OK;
}
