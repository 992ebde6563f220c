/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two plain texts of potentiostats. PARSTAT and PowerSuite: names, rows parted by tabs; points with
 * a frequency are the impedance, those without the polarisation before it. CH Instruments: date,
 * technique, "key: value" and "key = value" lines, names as name/unit, rows parted by commas.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

/* --- PARSTAT, PowerSuite ---------------------------------------------------------------- */
static bool is_parstat(const char *head)
{
    if (as_starts(head, "Frequency\t")) return as_find_text(head, "Zre\t") && as_find_text(head, "Zim");
    return as_starts(head, "Potential (V)\tCurrent (A)\tElapsed Time (s)");
}

static int parstat_probe(const as_probe *p)
{
    return p->is_text && is_parstat((const char *)p->head) ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* Which column of the run is the frequency; n: none. */
static size_t frequency_column(const as_run *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->h[i].name && strcmp(r->h[i].name, "frequency") == 0) return i;
    return r->n;
}

static as_status parstat_parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line;
    as_more more;
    as_run all = { 0 };
    AS_TRY(as_need_line(job->ctx, &it, &line, "the names of the columns"));
    const as_where at = line.where;
    AS_TRY(as_run_head_lines(job->ctx, &all, &line, NULL, '\t', &as_echem_names));
    const size_t f = frequency_column(&all);
    as_run impedance = all, direct = all;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        AS_TRY(as_run_add(job, &all, &it, &line));
        if (all.rows.n == 0) continue; /* cut: left out */
        const as_grid_row *row = &all.rows.row[0];
        as_run *to = f < all.n && row->v[f] != 0 ? &impedance : &direct;
        AS_TRY(as_run_add_cells(job->ctx, to, all.n, row->v, row->text, row->line));
        all.rows.n = 0;
    }
    if (more == AS_FAILED) return AS_ERR;
    const bool both = impedance.rows.n > 0 && direct.rows.n > 0;
    if (impedance.rows.n > 0 || direct.rows.n == 0) {
        as_table *t = as_echem_table(job, &impedance, NULL, AS_ECHEM_IMPEDANCE, &at);
        if (!t) return AS_ERR;
        as_warn_if_cut(job, t, false);
        if (both) AS_TRY(as_set_meta(job->ctx, t, "part", "impedance", NULL, &at));
        AS_TRY(as_emit(job->out, job->ctx, t));
    }
    if (direct.rows.n == 0) return AS_OK;
    as_table *t = as_echem_table(job, &direct, NULL, AS_ECHEM_TIME, &at);
    if (!t) return AS_ERR;
    if (!both) as_warn_if_cut(job, t, false);
    if (both) AS_TRY(as_set_meta(job->ctx, t, "part", "direct current", NULL, &at));
    t->secondary = both;
    return as_emit(job->out, job->ctx, t);
}

static const char *const parstat_suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example parstat_examples[] = {
    { "an impedance behind a polarisation", "assay read tests/corpus/echem/parstat.txt" }, { 0 }
};
static const char *const see_also[] = { "versastudio-par", "delimited", NULL };

const as_parser as_parser_parstat = {
    .name = "parstat-txt",
    .title = "PARSTAT and PowerSuite text",
    .suffixes = parstat_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = parstat_probe,
    .parse = parstat_parse,
    .doc = { .summary = "read text exported by PowerSuite of a PARSTAT",
             .description = "Names and rows parted by tabs. Rows without a frequency, measured with "
                            "direct current before, are a part to ask for (`--part \"direct "
                            "current\"`).",
             .examples = parstat_examples,
             .see_also = see_also },
};

/* --- CH Instruments --------------------------------------------------------------------- */
static const as_known known[] = {
    { "Instrument Model", "instrument", NULL },
    { "Note", "comment", NULL },
    { "Scan Rate (V/s)", "scan_rate", "V/s" },
};

static int chi_probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    const char *model = strstr(head, "\nInstrument Model:");
    if (!model || model - head > 2000) return AS_PROBE_NO;
    model += strlen("\nInstrument Model:");
    model += strspn(model, " \t");
    return as_starts(model, "CHI") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* "Freq/Hz, Z'/ohm, ..." or "Potential/V<tab>Current/A", and a row of numbers behind it. */
static bool is_names(as_ctx *ctx, const as_lines *it, const char *text)
{
    as_lines ahead = *it;
    as_line line;
    double first;
    if (!strchr(text, '/') || strpbrk(text, ":=") || strchr("0123456789-+.", text[0])) return false;
    while (as_next_line(ctx, &ahead, &line) == AS_ITEM)
        if (line.length) return as_scan_number(line.text, line.length, '.', &first) > 0;
    return false;
}

/* Between names, between values: comma, tab or blanks. */
static char separator_of(const as_line *line)
{
    return memchr(line->text, ',', line->length) ? ',' : memchr(line->text, '\t', line->length) ? '\t' : 0;
}

static as_status chi_names(as_parse *job, as_run *run, as_line line)
{
    static const char *const currents[] = { "i1", "i_d", NULL }; /* of pulses: the difference */
    const char *mended = as_mend_degree(job->ctx, line.text); /* Z" */
    if (!mended) return AS_ERR;
    line.text = mended;
    line.length = strlen(mended);
    AS_TRY(as_run_head_lines(job->ctx, run, &line, NULL, separator_of(&line), &as_echem_names));
    as_echem_rename(run, currents, "current");
    return AS_OK;
}

/* "Impedance - Time" and "Impedance - Potential" are measured at one frequency, which stands above. */
static as_echem_kind chi_kind(const as_run *run, const char *technique)
{
    const as_echem_kind kind = as_echem_kind_of(technique);
    for (size_t i = 0; i < run->n; i++)
        if (run->h[i].name && strcmp(run->h[i].name, "frequency") == 0) return kind;
    return kind == AS_ECHEM_IMPEDANCE ? AS_ECHEM_ONE_FREQUENCY : kind;
}

static as_status read_key(as_parse *job, as_table *head, const as_line *line)
{
    as_pair pair;
    AS_TRY(as_split(job->ctx, line, strstr(line->text, " = ") ? '=' : ':', &pair));
    if (!pair.value[0]) return AS_OK;
    return as_set_measure(job->ctx, head, known, AS_COUNT(known), pair.key, pair.value, &line->where);
}

static as_status chi_head(as_parse *job, as_lines *it, as_table *head, const char **technique)
{
    as_line line;
    AS_TRY(as_need_line(job->ctx, it, &line, "the date"));
    AS_TRY(as_set_measured(job->ctx, head, line.text, true, &line.where));
    AS_TRY(as_need_line(job->ctx, it, &line, "the technique"));
    *technique = line.text;
    return as_set_text(job->ctx, head, "technique_name", line.text, &line.where);
}

static as_status chi_parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    as_run run = { 0 };
    as_where at = { .file = job->in->name };
    const char *technique = "";
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(chi_head(job, &it, head, &technique));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (run.n) {
            if (run.rows.n == 0) it.separator = separator_of(&line);
            AS_TRY(as_run_add(job, &run, &it, &line));
        } else if (is_names(job->ctx, &it, line.text)) {
            at = line.where;
            AS_TRY(chi_names(job, &run, line));
        } else {
            AS_TRY(read_key(job, head, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (run.n == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends before the names of its columns");
    return as_emit_echem(job, &run, head, chi_kind(&run, technique), &at);
}

static const as_example chi_examples[] = { { "a spectrum", "assay read tests/corpus/echem/chi.txt" },
                                           { 0 } };

const as_parser as_parser_chi_instruments = {
    .name = "chi-instruments",
    .title = "CH Instruments text",
    .suffixes = parstat_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = chi_probe,
    .parse = chi_parse,
    .doc = { .summary = "read text exported by CH Instruments",
             .description = "Text: date, technique, `key: value` and `key = value` lines, names as "
                            "name/unit, rows parted by commas, tabs or blanks. Of several working "
                            "electrodes the first is `current`; of pulses it is the difference.",
             .examples = chi_examples,
             .see_also = see_also },
};
