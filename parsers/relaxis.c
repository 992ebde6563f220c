/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spectra that RelaxIS exports: "RelaxIS 3.0 Spectrum export", "Date: ...", names "Data: Frequency", "Data: Z'"
 * ..., a line of the spectrum (free variables, model, name), rows; all parted by tabs.
 */
#include <string.h>

#include "echem.h"
#include "spectrum.h"

enum { MOST_COLUMNS = 32 };

static const char first[] = "RelaxIS ", prefix[] = "Data: ";

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, first)) return AS_PROBE_NO;
    const size_t n = strcspn(head, "\r\n");
    const char *what = strstr(head, " Spectrum export");
    return what && (size_t)(what - head) < n ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status read_names(as_parse *job, as_run *run, const as_line *line)
{
    as_field *f;
    size_t n;
    const char *name[MOST_COLUMNS];
    AS_TRY(as_fields(job->ctx, line, '\t', &f, &n));
    while (n && !f[n - 1].length) n--;
    if (n > MOST_COLUMNS) return as_fail(job->ctx, AS_E_FORMAT, &line->where, "more than %d columns", MOST_COLUMNS);
    for (size_t i = 0; i < n; i++)
        name[i] = f[i].text + (as_starts(f[i].text, prefix) ? strlen(prefix) : 0);
    return as_run_heads(job->ctx, run, n, name, NULL, &as_echem_names);
}

/* "FV2=1, AC=0.1<tab>Model: Unassigned Spectra<tab>(WE/RE Spectrum) cell.txt" */
static as_status read_spectrum(as_parse *job, as_table *head, const as_line *line)
{
    static const char *const keys[] = { "variables", "model", "spectrum" };
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, '\t', &f, &n));
    for (size_t i = 0; i < n && i < AS_COUNT(keys); i++) {
        const char *text = f[i].text + (as_starts(f[i].text, "Model: ") ? 7 : 0);
        if (*text) AS_TRY(as_set_vendor(job->ctx, head, keys[i], text, &line->where));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line, names;
    as_run run = { 0 };
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &it, &line, "a head"));
    const size_t n = strlen(first);
    if (!as_starts(line.text, first)) return as_fail(job->ctx, AS_E_FORMAT, &line.where, "expected '%s'", first);
    const char *name = as_strndup(as_scratch(job->ctx), line.text, n + strcspn(line.text + n, " ")); /* its version */
    if (!name) return AS_ERR;
    AS_TRY(as_set_text(job->ctx, head, "software", name, &line.where));
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &it, &names, "the names of the columns"));
        if (as_starts(names.text, prefix)) break;
        if (as_starts(names.text, "Date: ")) /* of the export */
            AS_TRY(as_set_vendor(job->ctx, head, "exported", names.text + 6, &names.where));
    }
    AS_TRY(read_names(job, &run, &names));
    AS_TRY(as_need_line(job->ctx, &it, &line, "the line of the spectrum"));
    AS_TRY(read_spectrum(job, head, &line));
    AS_TRY(as_run_rest(job, &run, &it, 0, NULL));
    return as_emit_echem(job, &run, head, AS_ECHEM_IMPEDANCE, &names.where);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a spectrum", "assay read tests/corpus/echem/relaxis.txt" }, { 0 } };
static const char *const see_also[] = { "zview", NULL };

const as_parser as_parser_relaxis = {
    .name = "relaxis",
    .title = "RelaxIS spectrum export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "layout as described by readers of the public, no file of the vendor seen",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read impedance spectra that RelaxIS exports",
             .description = "Text parted by tabs: names led by `Data:`, a line of the spectrum, rows. Frequencies are "
                            "in Hz and impedances in Ohm, which the files do not say. One spectrum a file.",
             .examples = examples,
             .see_also = see_also },
};
