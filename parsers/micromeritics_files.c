/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of Micromeritics software: workbook and text reports, and the binary .SMP, which is
 * named and refused.
 */
#include <string.h>

#include "micromeritics.h"
#include "text_end.h"
#include "workbook.h"

/* --- workbook ---------------------------------------------------------------------------------- */
static int probe_xls(const as_probe *p)
{
    if (!as_is_xls(p) && !as_is_xlsx(p)) return AS_PROBE_NO;
    const bool isotherm = as_has_string(p, "Isotherm Tabular Report") ||
                          as_has_string(p, "Isotherm Linear Plot");
    if (isotherm && as_has_string(p, "Quantity Adsorbed")) return AS_PROBE_VERIFIED;
    /* the titles may be in another language; labels of the header are English in all */
    return as_has_string(p, "nalysis adsorptive:") || as_has_string(p, "nalysis Adsorptive:")
               ? AS_PROBE_MAGIC
               : AS_PROBE_NO;
}

static as_status parse_xls(as_parse *job)
{
    as_mic m;
    as_sheet *sheet;
    size_t n;
    AS_TRY(as_mic_new(job, &m));
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheet, &n));
    for (size_t i = 0; i < n; i++) AS_TRY(as_mic_read(&m, &sheet[i].cells, false));
    return as_mic_finish(&m);
}

/* --- text ---------------------------------------------------------------------------------------- */
static int probe_txt(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_find_text(head, "Analysis adsorptive:")) return AS_PROBE_NO;
    return as_find_text(head, "Isotherm Tabular Report") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

static as_status parse_txt(as_parse *job)
{
    as_mic m;
    as_grid g;
    AS_TRY(as_mic_new(job, &m));
    AS_TRY(as_printed_grid(job->ctx, job->in, &g));
    AS_TRY(as_mic_read(&m, &g, true));
    as_warn_if_cut(job, m.iso.head, true);
    return as_mic_finish(&m);
}

/* --- SMP -------------------------------------------------------------------------------------------- */
static int probe_smp(const as_probe *p)
{
    return p->size > 12 && memcmp(p->head, "^vMIC##&&FS", 11) == 0 ? AS_PROBE_VERIFIED
                                                                   : AS_PROBE_NO;
}

static as_status parse_smp(as_parse *job)
{
    const as_where at = { .file = job->in->name };
    return as_fail(job->ctx, AS_E_FORMAT, &at,
                   "a Micromeritics sample file (.SMP), whose layout is not published; export the "
                   "report as .xls or text from the instrument's software");
}

static const char *const xls_suffixes[] = { "xls", "xlsx", NULL };
static const char *const txt_suffixes[] = { "txt", NULL };
static const char *const smp_suffixes[] = { "smp", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "the isotherm of a report", "assay read tests/corpus/sorption/micromeritics.txt" },
    { "what the software computed",
      "assay read tests/corpus/sorption/micromeritics.txt | assay results" },
    { 0 }
};
static const char *const xls_also[] = { "micromeritics-txt", "quantachrome", NULL };
static const char *const txt_also[] = { "micromeritics-xls", "quantachrome", NULL };

#define DESCRIPTION                                                                               \
    "The isotherm is taken from the Isotherm Tabular Report, of a workbook without one from the " \
    "points of the Isotherm Linear Plot; relative pressure is x. The first row of the table, which "\
    "has only time and saturation pressure, is left out. Area, slope, intercept, C, monolayer and "\
    "window of the BET report, and what the t-plot and summary reports print, are results with the "\
    "method as_printed, under items that begin with vendor. Errors that the software reported are "\
    "one warning. Text may have decimal commas."

const as_parser as_parser_micromeritics_xls = {
    .name = "micromeritics-xls",
    .title = "Micromeritics report (workbook)",
    .suffixes = xls_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_xls,
    .parse = parse_xls,
    .doc = { .summary = "read Micromeritics reports from workbooks",
             .description = DESCRIPTION, .examples = NULL, .see_also = xls_also },
};

const as_parser as_parser_micromeritics_txt = {
    .name = "micromeritics-txt",
    .title = "Micromeritics report (text)",
    .suffixes = txt_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_txt,
    .parse = parse_txt,
    .doc = { .summary = "read Micromeritics reports from text",
             .description = DESCRIPTION, .examples = examples, .see_also = txt_also },
};

const as_parser as_parser_micromeritics_smp = {
    .name = "micromeritics-smp",
    .title = "Micromeritics sample file (not supported)",
    .suffixes = smp_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_smp,
    .parse = parse_smp,
    .doc = { .summary = "recognise Micromeritics sample files",
             .description = "Recognised and refused: the layout is not published.",
             .see_also = xls_also },
};
