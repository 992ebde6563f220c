/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scienta SES archive: a zip with, for each region, Spectrum_NAME.ini (width, height and depth with
 * offsets, steps and labels), Spectrum_NAME.bin (32-bit floats, width fastest) and NAME.ini with
 * the settings of SES.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "column_kernels.h"
#include "headings.h"
#include "number.h"
#include "scienta.h"

typedef struct axis {
    const char *label;
    double n, offset, step;
} axis;

typedef struct region {
    const char *name;
    axis axis[3]; /* width, height, depth */
    double bytes; /* of a value */
} region;

static bool is_spectrum(const char *name, const char *suffix)
{
    const size_t n = strlen(name), tail = strlen(suffix);
    return as_starts(as_base_name(name), "Spectrum_") && n > tail &&
           as_same(name + n - tail, suffix);
}

static int probe(const as_probe *p)
{
    bool ini = false, bin = false;
    for (size_t i = 0; i < p->n_members; i++) {
        ini |= is_spectrum(p->member[i].name, ".ini");
        bin |= is_spectrum(p->member[i].name, ".bin");
    }
    return ini && bin ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status read_shape(as_parse *job, const as_input *in, region *r)
{
    static const char *const names[] = { "width", "height", "depth" };
    as_lines it = { .in = in };
    as_line line;
    as_more more;
    as_pair pair;
    for (size_t k = 0; k < 3; k++) r->axis[k].n = 1;
    r->bytes = 4;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        double v = NAN;
        AS_TRY(as_split(job->ctx, &line, '=', &pair));
        if (!as_read_number(pair.value, strlen(pair.value), '.', &v)) v = NAN;
        if (as_same(pair.key, "name")) r->name = pair.value;
        if (as_same(pair.key, "byteperpoint")) r->bytes = v;
        for (size_t k = 0; k < 3; k++) {
            if (!as_starts(pair.key, names[k])) continue;
            const char *rest = pair.key + strlen(names[k]);
            if (*rest == '\0') r->axis[k].n = v;
            if (as_same(rest, "offset")) r->axis[k].offset = v;
            if (as_same(rest, "delta")) r->axis[k].step = v;
            if (as_same(rest, "label")) r->axis[k].label = pair.value;
        }
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

static as_status read_settings(as_parse *job, const region *r, as_table *meta)
{
    const as_entry *entry;
    const size_t n = as_members(job->in, &entry);
    char name[256];
    snprintf(name, sizeof name, "%s.ini", r->name ? r->name : "");
    for (size_t i = 0; i < n; i++) {
        const as_input *in;
        as_line line;
        as_more more;
        if (!as_same(as_base_name(entry[i].name), name)) continue;
        AS_TRY(as_open_member(job->ctx, job->in, entry[i].name, &in));
        as_lines it = { .in = in };
        while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM)
            if (strchr(line.text, '=')) AS_TRY(scienta_setting(job->ctx, meta, &line));
        if (more == AS_FAILED) return AS_ERR;
    }
    return r->name && !as_get_meta(meta, "region")
               ? as_set_meta(job->ctx, meta, "region", r->name, NULL, NULL)
               : AS_OK;
}

static as_status emit_slices(as_parse *job, const as_input *bin, const region *r,
                             const as_table *meta)
{
    const size_t width = (size_t)r->axis[0].n, height = (size_t)r->axis[1].n;
    const size_t depth = (size_t)r->axis[2].n, n = height * depth;
    const char *label = r->axis[0].label ? r->axis[0].label : "Energy [eV]";
    for (size_t k = 0; k < n; k++) {
        const axis *h = &r->axis[1], *d = &r->axis[2];
        as_table *t = scienta_table(job->ctx, meta, label, width, n > 1 ? k + 1 : 0, h->label,
                                    h->offset + (double)(k % height) * h->step);
        if (!t) return AS_ERR;
        as_step_positions(r->axis[0].offset, r->axis[0].step, width, t->column[0]->v.f);
        if (depth > 1)
            AS_TRY(as_set_number(job->ctx, t, "vendor.depth",
                                 d->offset + (double)(k / height) * d->step, NAN, AS_UNITLESS,
                                 NULL));
        AS_TRY(as_numbers_at(job->ctx, bin, (uint64_t)k * width * 4, width, 0, AS_F32LE,
                             t->column[1]->v.f, "values"));
        AS_TRY(as_emit(job->out, job->ctx, t));
    }
    return AS_OK;
}

static as_status read_region(as_parse *job, const char *ini_name)
{
    const as_input *ini, *bin;
    region r = { .bytes = 4 };
    as_ctx *ctx = job->ctx;
    AS_TRY(as_open_member(ctx, job->in, ini_name, &ini));
    AS_TRY(read_shape(job, ini, &r));
    const char *bin_name =
        as_format(as_scratch(ctx), "%.*s.bin", (int)strlen(ini_name) - 4, ini_name);
    if (!bin_name) return AS_ERR;
    AS_TRY(as_open_member(ctx, job->in, bin_name, &bin));
    const as_where at = { .file = ini->name };
    double n = 1;
    for (size_t k = 0; k < 3; k++) {
        if (!(r.axis[k].n >= 1) || r.axis[k].n != floor(r.axis[k].n) || !isfinite(r.axis[k].step))
            return as_fail(ctx, AS_E_SYNTAX, &at, "no whole number of points in each direction");
        n *= r.axis[k].n;
    }
    if (r.bytes != 4)
        return as_fail(ctx, AS_E_FORMAT, &at, "values of %g bytes, expected 4", r.bytes);
    const as_where in_bin = { .file = bin->name };
    if (n * 4 != (double)bin->raw_size)
        return as_fail(ctx, n * 4 > (double)bin->raw_size ? AS_E_TRUNCATED : AS_E_SYNTAX, &in_bin,
                       "%zu bytes, expected %g for %g values", bin->raw_size, n * 4, n);
    as_input raw = *bin; /* floats may look like text: never converted */
    raw.data = bin->raw;
    raw.size = bin->raw_size;
    raw.is_text = false;
    as_table *meta = as_table_new(ctx, 0);
    if (!meta) return AS_ERR;
    AS_TRY(read_settings(job, &r, meta));
    return emit_slices(job, &raw, &r, meta);
}

static as_status parse(as_parse *job)
{
    const as_entry *entry;
    const size_t n = as_members(job->in, &entry);
    size_t n_regions = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_spectrum(entry[i].name, ".ini")) continue;
        if (read_region(job, entry[i].name) != AS_OK)
            return as_while(job->ctx, "reading %s", entry[i].name);
        n_regions++;
    }
    const as_where at = { .file = job->in->name };
    return n_regions ? AS_OK
                     : as_fail(job->ctx, AS_E_MISSING, &at, "no Spectrum_*.ini in the archive");
}

static const char *const suffixes[] = { "zip", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "slices of a map", "assay read --list tests/corpus/xps/ses.zip" }, { 0 }
};
static const char *const see_also[] = { "scienta-txt", "igor", NULL };

const as_parser as_parser_scienta_zip = {
    .name = "scienta-zip",
    .title = "Scienta SES archive",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the zip archives of Scienta SES",
             .description =
                 "Regions of up to three dimensions, energy the first. Each slice of energies "
                 "becomes a series, with its place along the other dimensions; settings of SES are "
                 "metadata.",
             .examples = examples,
             .see_also = see_also },
};
