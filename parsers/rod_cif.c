/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raman spectra in CIF, as the Raman Open Database has them: a loop of raman_shift and intensity,
 * items that describe the measurement.
 */
#include <math.h>
#include <string.h>

#include "cif.h"
#include "spectrum.h"
#include "text_end.h"

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !strstr(head, "data_")) return AS_PROBE_NO;
    if (strstr(head, "_raman_spectrum.raman_shift") || strstr(head, "_raman_spectrum.intensity"))
        return AS_PROBE_VERIFIED;
    return strstr(head, "_raman_measurement") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status set_items(as_parse *job, const as_cif_block *b, as_table *t)
{
    static const as_known known[] = {
        { "_chemical_name_mineral", "sample", NULL },
        { "_raman_measurement_device.excitation_laser_wavelength", "laser_wavelength", "nm" },
        { "_raman_measurement_device.power_on_sample", "laser_power", "mW" },
        { "_raman_measurement_device.resolution", "resolution", "cm-1" },
        { "_raman_measurement_device.model", "instrument", NULL },
        { "_raman_measurement_device.diffraction_grating", "vendor.grating_lines", "1" },
        { "_raman_measurement.temperature", "temperature", "K" },
        { "_raman_measurement.integration_time", "exposure", "s" },
        { "_raman_measurement.datetime_initiated", "measured", NULL },
    };
    for (size_t i = 0; i < b->n_items; i++) {
        const as_cif_item *item = &b->item[i];
        if (!item->value || !*item->value) continue;
        const as_where at = { .file = job->in->name, .line = item->line };
        double value, u;
        bool done = false;
        for (size_t k = 0; k < AS_COUNT(known); k++) {
            if (!known[k].unit || !as_same(known[k].key, item->tag) ||
                !as_cif_number(item->value, &value, &u))
                continue;
            AS_TRY(as_set_number(job->ctx, t, known[k].meta, value, u, as_unit_of(known[k].unit), &at));
            done = true;
        }
        if (!done)
            AS_TRY(as_set_known(job->ctx, t, known, AS_COUNT(known), item->tag, item->value, &at));
    }
    return AS_OK;
}

static as_status read_block(as_parse *job, const as_cif_block *b, size_t *found)
{
    static const as_spectrum_kind kind = { "raman_shift", "cm-1", "intensity", "1", "raman" };
    size_t x, y;
    double u;
    const as_cif_loop *loop = as_cif_find_loop(b, "_raman_spectrum.raman_shift", &x);
    if (!loop) return AS_OK;
    const as_where where = { .file = job->in->name, .line = loop->line };
    if (as_cif_find_loop(b, "_raman_spectrum.intensity", &y) != loop)
        return as_fail(job->ctx, AS_E_MISSING, &where, "no _raman_spectrum.intensity in the loop");
    as_table *t = as_new_spectrum(job->ctx, loop->n_rows, &kind);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < loop->n_rows; i++) {
        const as_cif_item *row = loop->value + i * loop->n_tags;
        const as_where at = { .file = job->in->name, .line = row[x].line };
        if (!as_cif_number(row[x].value, &t->column[0]->v.f[i], &u))
            return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%s', expected a Raman shift",
                           row[x].value ? row[x].value : "?");
        if (!as_cif_number(row[y].value, &t->column[1]->v.f[i], &u) && row[y].value)
            return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%s', expected an intensity", row[y].value);
    }
    AS_TRY(set_items(job, b, t));
    if (++*found == 1) as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    const as_cif_block *block;
    size_t n, found = 0;
    const as_where where = { .file = job->in->name };
    AS_TRY(as_cif_parse(job->ctx, job->in, &block, &n));
    for (size_t i = 0; i < n; i++) AS_TRY(read_block(job, &block[i], &found));
    return found ? AS_OK
                 : as_fail(job->ctx, AS_E_MISSING, &where, "no loop with _raman_spectrum.raman_shift");
}

static const char *const suffixes[] = { "rod", "cif", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example examples[] = {
    { "a spectrum as the Raman Open Database has it", "assay read tests/corpus/raman/mineral.rod" }, { 0 }
};
static const char *const see_also[] = { "pdcif", NULL };

const as_parser as_parser_rod_cif = {
    .name = "rod-cif",
    .title = "Raman spectra in CIF (Raman Open Database)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "the Raman dictionary's names, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Raman spectra of the Raman Open Database",
             .description = "CIF with a loop of `_raman_spectrum.raman_shift` and `.intensity`. Each "
                            "block with one becomes a series; items that describe the measurement "
                            "are metadata.",
             .examples = examples,
             .see_also = see_also },
};
