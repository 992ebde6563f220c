/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Andor Solis .asc with commas: x and the tracks of the detector, each number with a comma behind it.
 * Nothing says what x is. (Exports with tabs have no mark of their own and are plain
 * delimited text.)
 */
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "text_end.h"

/* Numbers of the line at `text`, each with a comma behind it; 0 where it is another line. */
static size_t comma_numbers(const char *text)
{
    double v;
    size_t n = 0;
    const char *end = text + strcspn(text, "\r\n");
    while (end > text && end[-1] == ' ') end--;
    while (text < end) {
        const size_t used = as_scan_number(text, (size_t)(end - text), '.', &v);
        if (used == 0 || text[used] != ',') return 0;
        text += used + 1;
        n++;
    }
    return n;
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const size_t name = strlen(p->name), n = p->is_text ? comma_numbers(head) : 0;
    if (n < 2 || name < 4 || strcmp(p->name + name - 4, ".asc") != 0) return AS_PROBE_NO;
    head += strcspn(head, "\n");
    return *head == '\n' && comma_numbers(head + 1) == n ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

static as_status emit_tracks(as_parse *job, as_rows *rows, size_t n, const as_where *at)
{
    static const as_spectrum_kind kind = { "x", "1", "intensity", "1", NULL };
    as_table *all = as_rows_table(job->ctx, rows);
    if (!all) return AS_ERR;
    for (size_t c = 1; c < n; c++) {
        as_table *t = as_spectrum_of(job->ctx, &kind, all->rows, all->column[0]->v.f,
                                     all->column[c]->v.f);
        if (!t) return AS_ERR;
        AS_TRY(as_set_value(job->ctx, t, "index", (double)c - 1, "1", at));
        if (c == 1) as_warn_if_cut(job, t, true);
        AS_TRY(as_emit(job->out, job->ctx, t));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = ',' };
    as_line line;
    AS_TRY(as_need_line(job->ctx, &it, &line, "x and tracks"));
    const size_t n = comma_numbers(line.text);
    as_more more = AS_ITEM;
    if (n < 2)
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected numbers with a comma "
                       "behind each", line.text);
    as_rows *rows = as_rows_new(job->ctx, n);
    if (!rows) return AS_ERR;
    const as_where first = line.where;
    for (; more == AS_ITEM; more = as_next_line(job->ctx, &it, &line)) {
        if (line.length == 0) break; /* settings may follow */
        double *row = as_rows_add(job->ctx, rows);
        if (!row) return AS_ERR;
        if (comma_numbers(line.text) != n)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %zu numbers", line.text,
                           n);
        as_line_numbers(&it, &line, n, row);
    }
    return more == AS_FAILED ? AS_ERR : emit_tracks(job, rows, n, &first);
}

static const char *const suffixes[] = { "asc", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example examples[] = {
    { "two tracks", "assay read tests/corpus/raman/andor.asc" }, { 0 }
};
static const char *const see_also[] = { "andor-sif", NULL };

const as_parser as_parser_andor_asc = {
    .name = "andor-asc",
    .title = "Andor Solis text with commas",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra exported as text by Andor Solis",
             .description = "Rows of x and one column for each track, a comma behind every number. Each "
                            "track becomes one series; what x is, the file does not say.",
             .examples = examples,
             .see_also = see_also },
};
