/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philips RD (V3) and SD (V5): binary, little endian, a header of 250 or 810 bytes with the
 * programmed range, then 16-bit numbers v that stand for floor(v*v/100) counts: the format rounds.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"

enum { HEADER_V3 = 250, HEADER_V5 = 810 };

static int probe(const as_probe *p)
{
    const char *magic = (const char *)p->head;
    if (p->size < HEADER_V3 || magic[0] != 'V' || (magic[1] != '3' && magic[1] != '5'))
        return AS_PROBE_NO;
    return strncmp(magic + 2, "RD", 2) == 0 ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status set_meta(as_parse *job, as_table *t)
{
    static const char *const anodes[] = { "Cu", "Mo", "Fe", "Cr" };
    static const char *const makes[] = { "PW1800", "PW1710", "PW1840", "PW3710", "", "XPERT" };
    double line[3];
    uint8_t make, anode;
    const char *text;
    as_ctx *ctx = job->ctx;
    const as_where at = as_at_byte(job->in, 84);
    AS_TRY(as_u8(ctx, job->in, 84, &make));
    AS_TRY(as_u8(ctx, job->in, 85, &anode));
    if (make < AS_COUNT(makes) && *makes[make])
        AS_TRY(as_set_meta(ctx, t, "instrument", makes[make], NULL, &at));
    if (anode < AS_COUNT(anodes)) AS_TRY(as_set_meta(ctx, t, "anode", anodes[anode], NULL, &at));
    AS_TRY(as_text_at(ctx, job->in, 4, 80, &text));
    if (*text) AS_TRY(as_set_meta(ctx, t, "comment", text, NULL, &at));
    AS_TRY(as_text_at(ctx, job->in, 146, 20, &text));
    if (*text) AS_TRY(as_set_meta(ctx, t, "sample", text, NULL, &at));
    AS_TRY(as_set_meta(ctx, t, "scan_axis", "2Theta", NULL, &at));
    AS_TRY(as_numbers_at(ctx, job->in, 94, 3, 0, AS_F64LE, line, "wavelengths"));
    const bool sane = line[0] > 0.1 && line[0] < 10 && line[1] > 0.1 && line[1] < 10 &&
                      line[2] >= 0 && line[2] <= 1;
    return sane ? as_set_doublet(ctx, t, line[0], line[1], line[2], &at) : AS_OK;
}

static as_status parse(as_parse *job)
{
    const as_axis axis = { "two_theta", "two_theta", "deg" };
    const uint64_t data = job->in->data[1] == '5' ? HEADER_V5 : HEADER_V3;
    double range[3]; /* step, start, end as programmed */
    const as_where at = as_at_byte(job->in, 214);
    AS_TRY(as_need_bytes(job->ctx, job->in, 0, data, 1, "header"));
    AS_TRY(as_numbers_at(job->ctx, job->in, 214, 3, 0, AS_F64LE, range, "step, start and end"));
    if (!(range[0] > 0 && isfinite(range[1]) && range[2] > range[1]))
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "step %g, start %g and end %g, expected a scan",
                       range[0], range[1], range[2]);
    const size_t n = (job->in->size - data) / 2;
    const double programmed = (range[2] - range[1]) / range[0];
    if (!(fabs((double)n - programmed) <= 2))
        return as_fail(job->ctx, (double)n < programmed ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "%zu points, expected %.0f from %g to %g deg", n, programmed, range[1],
                       range[2]);
    /* a point stands in the middle of its step */
    as_table *t = as_new_scan(job->ctx, n, &axis, range[1] + range[0] / 2, range[0], "count");
    if (!t) return AS_ERR;
    double *y = t->column[1]->v.f;
    AS_TRY(as_numbers_at(job->ctx, job->in, data, n, 0, AS_U16LE, y, "intensities"));
    for (size_t i = 0; i < n; i++) y[i] = floor(y[i] * y[i] / 100);
    AS_TRY(set_meta(job, t));
    AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, NAN));
    const as_where counts = as_at_byte(job->in, data);
    as_warn(job->ctx, t, &counts,
            "RD stores the root of the counts in 16 bits: they are rounded, by 10 at 10000");
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "rd", "sd", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "a scan", "assay read tests/corpus/xrd/sample.rd" }, { 0 }
};
static const char *const see_also[] = { "philips-udf", "xrdml", NULL };

const as_parser as_parser_philips_rd = {
    .name = "philips-rd",
    .title = "Philips RD (V3) and SD (V5)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files (V3), description only (V5)",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Philips RD diffractograms",
             .description =
                 "Binary: a header with step and programmed range, then 16-bit numbers v that mean "
                 "floor(v*v/100) counts. Positions are the middles of the steps. The format is "
                 "lossy; a warning says so. The UDF and XRDML files of the same scan are exact.",
             .examples = examples,
             .see_also = see_also },
};
