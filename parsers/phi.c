/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PHI .spe and .pro: a text header from SOFH to EOFH, then binary, little endian: a header of 16
 * bytes, one of 96 bytes for each trace, and the traces, f4 or f8, at offsets from the start of
 * the binary part. Spectra are in counts per second. A depth profile has in one trace all cycles
 * of a region one after another, and traces of no region: the sputter time of each cycle for
 * each region, and the areas.
 */
#include <math.h>
#include <string.h>

#include "phi.h"

enum { TRACE = 96, MAX_TRACES = 65536 };

typedef struct trace {
    uint32_t region, points, cycles, bytes, offset;
    char unit[9];
    as_number_type type;
} trace;

typedef struct reading {
    as_parse *job;
    phi_header header;
    uint64_t start; /* of the binary part */
    size_t n_traces;
    trace *trace;
    double *time; /* s, by region and cycle; NULL: there are none */
    size_t n_cycles, n_timed;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "SOFH")) return AS_PROBE_NO;
    return strstr(at, "\nEOFH") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

static as_status read_header(reading *r)
{
    as_lines it = { .in = r->job->in };
    as_line line;
    for (;;) {
        AS_TRY(as_need_line(r->job->ctx, &it, &line, "EOFH"));
        if (as_starts(line.text, "EOFH")) break;
        if (line.length > 0 && !as_starts(line.text, "SOFH"))
            AS_TRY(phi_header_line(r->job->ctx, &r->header, &line));
    }
    r->start = it.at;
    return AS_OK;
}

static as_status read_trace(reading *r, size_t i)
{
    as_ctx *ctx = r->job->ctx;
    const as_input *in = r->job->in;
    const uint64_t at = r->start + 16 + i * TRACE;
    const char *type, *unit;
    trace *t = &r->trace[i];
    AS_TRY(as_u32le(ctx, in, at + 12, &t->region));
    AS_TRY(as_u32le(ctx, in, at + 20, &t->points));
    AS_TRY(as_u32le(ctx, in, at + 24, &t->cycles));
    AS_TRY(as_text_at(ctx, in, at + 0x38, 8, &unit));
    AS_TRY(as_text_at(ctx, in, at + 0x48, 2, &type));
    AS_TRY(as_u32le(ctx, in, at + 0x4c, &t->bytes));
    AS_TRY(as_u32le(ctx, in, at + 0x50, &t->offset));
    memcpy(t->unit, unit, strlen(unit) < 8 ? strlen(unit) : 8);
    const as_where where = as_at_byte(in, at + 0x48);
    if (as_same(type, "f4"))
        t->type = AS_F32LE;
    else if (as_same(type, "f8"))
        t->type = AS_F64LE;
    else
        return as_fail(ctx, AS_E_FORMAT, &where, "values of type '%s', expected f4 or f8", type);
    const size_t size = as_number_size(t->type);
    if (t->cycles == 0) t->cycles = 1;
    if (t->points == 0 || (uint64_t)t->points * t->cycles * size != t->bytes)
        return as_fail(ctx, AS_E_SYNTAX, &where, "%u points, %u cycles and %u bytes of %s",
                       (unsigned)t->points, (unsigned)t->cycles, (unsigned)t->bytes, type);
    return as_need_bytes(ctx, in, r->start + t->offset, t->bytes / size, size, "trace");
}

static as_status read_traces(reading *r)
{
    uint32_t n, length;
    as_ctx *ctx = r->job->ctx;
    const as_where at = as_at_byte(r->job->in, r->start);
    AS_TRY(as_u32le(ctx, r->job->in, r->start + 4, &n));
    AS_TRY(as_u32le(ctx, r->job->in, r->start + 8, &length));
    if (n == 0 || n > MAX_TRACES || length != n * TRACE)
        return as_fail(ctx, AS_E_SYNTAX, &at,
                       "%u traces with headers of %u bytes, expected %d for "
                       "each",
                       (unsigned)n, (unsigned)length, TRACE);
    AS_TRY(as_need_bytes(ctx, r->job->in, r->start + 16, n, TRACE, "headers of the traces"));
    r->trace = AS_NEW_N(as_scratch(ctx), trace, n);
    if (!r->trace) return AS_ERR;
    r->n_traces = n;
    for (size_t i = 0; i < n; i++)
        if (read_trace(r, i) != AS_OK) return as_while(ctx, "reading trace %zu of %u", i + 1, n);
    return AS_OK;
}

/* The trace of sputter times. */
static as_status read_times(reading *r)
{
    for (size_t i = 0; i < r->n_traces && !r->time; i++) {
        const trace *t = &r->trace[i];
        const uint64_t n = (uint64_t)t->points * t->cycles;
        if (t->region != 0 || !as_same(t->unit, "s")) continue;
        r->time = AS_NEW_N(as_scratch(r->job->ctx), double, n);
        if (!r->time) return AS_ERR;
        r->n_cycles = t->points;
        r->n_timed = t->cycles;
        AS_TRY(as_numbers_at(r->job->ctx, r->job->in, r->start + t->offset, n, 0, t->type, r->time,
                             "sputter times"));
    }
    return AS_OK;
}

static as_status emit_cycle(reading *r, const trace *t, const phi_region *region, size_t cycle,
                            size_t n_spectrum)
{
    as_ctx *ctx = r->job->ctx;
    as_table *out = phi_table(ctx, &r->header, region, NULL, t->points);
    if (!out) return AS_ERR;
    const uint64_t at =
        r->start + t->offset + (uint64_t)cycle * t->points * as_number_size(t->type);
    const as_where where = as_at_byte(r->job->in, at);
    double *y = out->column[1]->v.f;
    AS_TRY(as_numbers_at(ctx, r->job->in, at, t->points, 0, t->type, y, "intensities"));
    if (t->cycles > 1)
        AS_TRY(as_set_number(ctx, out, "index", (double)cycle + 1, NAN, AS_UNITLESS, &where));
    if (r->time && n_spectrum < r->n_timed && cycle < r->n_cycles)
        AS_TRY(as_set_number(ctx, out, "etch_time", fabs(r->time[n_spectrum * r->n_cycles + cycle]),
                             NAN, as_unit_of("s"), &where));
    AS_TRY(as_add_electron_sigma(ctx, out, region->dwell));
    return as_emit(r->job->out, ctx, out);
}

/* What of the traces is not a spectrum: the areas of each region over the cycles. */
static as_status emit_profile(reading *r, const trace *t)
{
    as_ctx *ctx = r->job->ctx;
    for (size_t k = 0; k < t->cycles; k++) {
        const uint64_t at =
            r->start + t->offset + (uint64_t)k * t->points * as_number_size(t->type);
        as_table *out = as_table_new(ctx, t->points);
        as_column *x = out ? as_add_column(ctx, out, "time", AS_ROLE_X, as_unit_of("s")) : NULL;
        as_column *y =
            x ? as_add_column(ctx, out, "area", AS_ROLE_Y, as_unit_of("count/s*eV")) : NULL;
        if (!y) return AS_ERR;
        out->secondary = true;
        for (size_t i = 0; i < t->points; i++)
            x->v.f[i] =
                k < r->n_timed && i < r->n_cycles ? fabs(r->time[k * r->n_cycles + i]) : NAN;
        AS_TRY(as_numbers_at(ctx, r->job->in, at, t->points, 0, t->type, y->v.f, "areas"));
        const char *name = as_format(as_scratch(ctx), "area of %s",
                                     k < r->header.n ? r->header.region[k].name : "a region");
        if (!name) return AS_ERR;
        AS_TRY(as_set_meta(ctx, out, "part", name, NULL, NULL));
        AS_TRY(as_emit(r->job->out, ctx, out));
    }
    return AS_OK;
}

static as_status emit_trace(reading *r, const trace *t, size_t *n_spectra)
{
    as_ctx *ctx = r->job->ctx;
    if (t->region == 0)
        return r->time && !as_same(t->unit, "s") && t->points == r->n_cycles ? emit_profile(r, t)
                                                                             : AS_OK;
    const phi_region *region = phi_region_of(&r->header, t->region, NULL);
    const as_where where = as_at_byte(r->job->in, r->start + t->offset);
    if (!region || region->points != (double)t->points)
        return as_fail(ctx, AS_E_SYNTAX, &where, "a trace of %u points for region %u, which %s",
                       (unsigned)t->points, (unsigned)t->region,
                       region ? "SpectralRegDef gives another number of points"
                              : "SpectralRegDef lacks");
    if (!as_same(t->unit, "c/s"))
        return as_fail(ctx, AS_E_FORMAT, &where, "a spectrum in '%s', expected c/s", t->unit);
    for (size_t cycle = 0; cycle < t->cycles; cycle++)
        AS_TRY(emit_cycle(r, t, region, cycle, *n_spectra));
    ++*n_spectra;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading r = { .job = job };
    size_t n_spectra = 0;
    AS_TRY(phi_header_new(job->ctx, &r.header));
    AS_TRY(read_header(&r));
    AS_TRY(read_traces(&r));
    AS_TRY(read_times(&r));
    for (size_t i = 0; i < r.n_traces; i++) {
        const as_status status = emit_trace(&r, &r.trace[i], &n_spectra);
        if (status != AS_OK) return as_while(job->ctx, "reading trace %zu", i + 1);
    }
    return AS_OK;
}

static const char *const suffixes[] = { "spe", "pro", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "a depth profile", "assay read --list tests/corpus/xps/profile.pro" }, { 0 }
};
static const char *const see_also[] = { "phi-multipak-txt", "vamas", NULL };

const as_parser as_parser_phi = {
    .name = "phi",
    .title = "PHI spectra and depth profiles (.spe, .pro)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read PHI spectra and depth profiles",
             .description =
                 "Lines `Key: value` from SOFH to EOFH, then traces of 4 or 8 byte numbers. Each "
                 "region becomes a series, in a depth profile each cycle of each region, with the "
                 "sputter time as `etch_time`; the areas over time are parts.\n\n"
                 "The axis is binding energy from the definition of the region, intensities are "
                 "counts per second. sigma is added where they are whole numbers of counts in the "
                 "time of the region.",
             .examples = examples,
             .see_also = see_also },
};
