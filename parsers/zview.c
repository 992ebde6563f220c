/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Impedance text of Scribner ZPlot and ZView: a head of "Key: value" until "End Comments", then
 * nine columns without names. The older "ZPlotW Data File" and "Z60W Data File", which Autolab exports
 * too, have eight lines, most quoted, settings, the number of points, quoted names and the same nine columns.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"

static const char *const columns[] = { "Freq (Hz)", "Ampl (V)", "Bias (V)", "Time (s)", "Z' (Ohm)",
                                       "Z'' (Ohm)", "GD", "Err", "Range" };
static const as_known known[] = {
    { "Comments", "comment", NULL },
};

static bool is_z60(const char *text)
{
    text += *text == '"';
    return as_starts(text, "Z60W Data File") || as_starts(text, "ZPlotW Data File");
}

/* The names of the columns come first: the head was taken away. */
static bool is_bare(const char *text)
{
    text += strspn(text, " \t");
    const size_t n = strcspn(text, "\r\n");
    const char *ampl = as_starts(text, "Freq(Hz)") ? strstr(text, "Ampl") : NULL;
    const char *z = ampl ? strstr(ampl, "Z''(b)") : NULL;
    return z && (size_t)(z - text) < n;
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (is_z60(head) || is_bare(head)) return AS_PROBE_MAGIC;
    head += *head == '"';
    return as_starts(head, "ZPLOT") || as_starts(head, "ZVIEW") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status read_rows(as_parse *job, as_lines *it, as_table *head, double count)
{
    as_line line = { 0 };
    as_more more;
    as_run run = { 0 };
    AS_TRY(as_run_heads(job->ctx, &run, AS_COUNT(columns), columns, NULL, &as_echem_names));
    const as_where at = { .file = job->in->name, .line = it->number };
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (line.length == 0 || (run.rows.n == 0 && as_find_text(line.text, "Freq"))) continue; /* names */
        if (run.rows.n == 0 && !it->separator && strchr(line.text, ',')) it->separator = ',';
        AS_TRY(as_run_add(job, &run, it, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (isfinite(count) && (double)run.rows.n != count)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "%zu points, expected %.0f", run.rows.n, count);
    return as_emit_echem(job, &run, head, AS_ECHEM_IMPEDANCE, &at);
}

/* Quoted lines, the settings, the number of points, the names. */
static as_status read_z60(as_parse *job, as_table *head)
{
    as_lines it = { .in = job->in, .separator = ',' };
    as_line line, before = { .text = "" };
    double count = NAN;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &it, &line, "the names of the columns"));
        if (as_find_text(line.text, "Freq") && as_find_text(line.text, "Z'")) break;
        if (as_starts(line.text, "Date:")) AS_TRY(as_set_date_and_time(job->ctx, head, line.text, &line.where));
        if (line.text[0] == '"' && line.length > 2 && it.number > 1)
            AS_TRY(as_set_vendor(job->ctx, head, "header", line.text, &line.where));
        before = line;
    }
    if (!as_read_number(before.text, before.length, '.', &count))
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                       "no number of points in the line before, expected one");
    return read_rows(job, &it, head, count);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    as_pair pair;
    const char *date = NULL;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    if (is_z60((const char *)job->in->data)) return read_z60(job, head);
    if (is_bare((const char *)job->in->data)) return read_rows(job, &it, head, NAN);
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "End Comments")) return read_rows(job, &it, head, NAN);
        if (!strchr(line.text, ':')) continue;
        AS_TRY(as_split(job->ctx, &line, ':', &pair));
        if (!pair.value[0]) continue;
        if (strcmp(pair.key, "Date") == 0) date = pair.value;
        if (strcmp(pair.key, "Time") == 0 && date) {
            date = as_format(as_scratch(job->ctx), "%s %s", date, pair.value);
            if (!date) return AS_ERR;
            AS_TRY(as_set_measured(job->ctx, head, date, true, &line.where));
            date = NULL;
        } else {
            AS_TRY(as_set_measure(job->ctx, head, known, AS_COUNT(known), pair.key, pair.value,
                                  &line.where));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before 'End Comments'");
}

static const char *const suffixes[] = { "z", "txt", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a spectrum", "assay read tests/corpus/echem/zplot.z" },
                                       { 0 } };
static const char *const see_also[] = { "gamry-dta", NULL };

const as_parser as_parser_zview = {
    .name = "zview",
    .title = "Scribner ZPlot/ZView text, also of Autolab",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read impedance spectra of ZPlot and ZView",
             .description =
                 "Text: a head until `End Comments`, or the eight lines of `ZPlotW` and `Z60W`, the number "
                 "of points and quoted names; then frequency, amplitude, bias, time, Z', Z'', GD, "
                 "Err, Range. Files whose head was taken away begin at these names.",
             .examples = examples,
             .see_also = see_also },
};
