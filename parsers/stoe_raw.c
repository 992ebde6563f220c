/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STOE powder RAW: binary, little endian. A file header (wavelengths, programmed range), at 2048
 * the header of the range (dates, number of points, first and last position, step, smallest and
 * largest intensity), from 2560 on 32-bit counts.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"

enum { N_POINTS = 2082, FIRST = 2092, LOWEST = 2168, HIGHEST = 2172, DATA = 2560 };

static int probe(const as_probe *p)
{
    return p->size > DATA && memcmp(p->head, "RAW_1.", 6) == 0 &&
                   memcmp(p->head + 8, "Powdat", 6) == 0
               ? AS_PROBE_VERIFIED
               : AS_PROBE_NO;
}

/* The header knows the smallest and the largest intensity: they must be those of the data. */
static as_status check_extremes(as_parse *job, as_table *t)
{
    uint32_t low, high;
    double least = INFINITY, most = -INFINITY;
    const as_where at = as_at_byte(job->in, LOWEST);
    AS_TRY(as_u32le(job->ctx, job->in, LOWEST, &low));
    AS_TRY(as_u32le(job->ctx, job->in, HIGHEST, &high));
    for (size_t i = 0; i < t->rows; i++) {
        least = fmin(least, t->column[1]->v.f[i]);
        most = fmax(most, t->column[1]->v.f[i]);
    }
    if (high != 0 && (least != low || most != high))
        as_warn(job->ctx, t, &at, "intensities from %g to %g, but the header says %u to %u", least,
                most, low, high);
    return AS_OK;
}

static as_status set_meta(as_parse *job, as_table *t)
{
    float wavelength[2];
    const char *text;
    as_ctx *ctx = job->ctx;
    const as_where at = as_at_byte(job->in, 322), title = as_at_byte(job->in, 32);
    AS_TRY(as_f32le(ctx, job->in, 322, &wavelength[0]));
    AS_TRY(as_f32le(ctx, job->in, 326, &wavelength[1]));
    AS_TRY(as_set_meta(ctx, t, "scan_axis", "2Theta", NULL, NULL));
    if (wavelength[0] > 0.1 && wavelength[0] < 10)
        AS_TRY(as_set_number(ctx, t, "wavelength", as_meant(wavelength[0]), NAN,
                             as_unit_of("Angstrom"), &at));
    if (wavelength[1] > 0.1 && wavelength[1] < 10)
        AS_TRY(as_set_number(ctx, t, "vendor.wavelength_2", as_meant(wavelength[1]), NAN,
                             as_unit_of("Angstrom"), &at));
    AS_TRY(as_text_at(ctx, job->in, 32, 160, &text));
    if (*text) AS_TRY(as_set_meta(ctx, t, "comment", text, NULL, &title));
    AS_TRY(as_text_at(ctx, job->in, 2048, 16, &text));
    return *text ? as_set_meta(ctx, t, "measured", text, NULL, NULL) : AS_OK;
}

static as_status parse(as_parse *job)
{
    const as_axis axis = { "two_theta", "two_theta", "deg" };
    uint32_t n;
    double v[6]; /* first, last and step of 2-theta, each followed by that of omega */
    const as_where at = as_at_byte(job->in, FIRST);
    AS_TRY(as_u32le(job->ctx, job->in, N_POINTS, &n));
    AS_TRY(as_numbers_at(job->ctx, job->in, FIRST, 6, 0, AS_F32LE, v, "range"));
    AS_TRY(as_need_bytes(job->ctx, job->in, DATA, n, 4, "intensities"));
    const double step = as_meant((float)v[4]);
    if (n < 2 || !(step > 0) || !(fabs((v[2] - v[0]) / step - (n - 1.0)) < 0.5))
        return as_fail(job->ctx, AS_E_SYNTAX, &at,
                       "%u points from %g to %g deg in steps of %g do not agree", n, v[0], v[2],
                       step);
    as_table *t = as_new_scan(job->ctx, n, &axis, as_meant((float)v[0]), step, "count");
    if (!t) return AS_ERR;
    AS_TRY(
        as_numbers_at(job->ctx, job->in, DATA, n, 0, AS_I32LE, t->column[1]->v.f, "intensities"));
    AS_TRY(set_meta(job, t));
    AS_TRY(check_extremes(job, t));
    AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, NAN));
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "raw", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "a scan", "assay read tests/corpus/xrd/stoe.raw" }, { 0 }
};
static const char *const see_also[] = { "bruker-raw", NULL };

const as_parser as_parser_stoe_raw = {
    .name = "stoe-raw",
    .title = "STOE powder RAW",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "one observed file",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read STOE powder RAW diffractograms",
             .description = "Binary: `RAW_1.06Powdat`, the header of the one range at byte 2048, "
                            "32-bit counts "
                            "from byte 2560 on. Number of points, first and last position and step "
                            "must agree; "
                            "the smallest and largest intensity are checked against the header.\n\n"
                            "Known gap: files of one range only; the wavelength is given as it "
                            "stands, without "
                            "its kind.",
             .examples = examples,
             .see_also = see_also },
};
