/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neware's export of cycles, steps and records in one text: three lines of names, the second behind
 * one empty field, the third behind two; below them a line for each cycle, step and record, told apart
 * by their empty fields. The first step of a cycle may stand in the line of the cycle, behind it.
 */
#include <string.h>

#include "echem.h"
#include "spectrum.h"
#include "text_end.h"

typedef struct {
    char separator;
    size_t n_cycle;           /* fields of a cycle */
    size_t step_at, type_at;  /* fields of a step, without the empty one */
    const char *cycle, *step, *type; /* of the records to come */
    as_run cycles, records;
} reading;

/* Empty fields that a line begins with. */
static size_t leading(const char *text, char separator)
{
    size_t n = 0;
    for (; *text == separator || *text == ' '; text++) n += *text == separator;
    return n;
}

static const char *after_line(const char *at)
{
    at += strcspn(at, "\r\n");
    return at + strspn(at, "\r\n");
}

static char separator_of(const char *line)
{
    const size_t n = strcspn(line, "\r\n");
    return memchr(line, '\t', n) ? '\t' : memchr(line, ';', n) ? ';' : ',';
}

static bool names_record(const char *line)
{
    static const char *const words[] = { "voltage", "电压", "電圧" };
    const size_t n = strcspn(line, "\r\n");
    for (size_t i = 0; i < AS_COUNT(words); i++) {
        const char *hit = as_find_text(line, words[i]);
        if (hit && (size_t)(hit - line) < n) return true;
    }
    return false;
}

static int probe(const as_probe *p)
{
    const char *first = (const char *)p->head, *second = after_line(first), *third = after_line(second);
    const char s = separator_of(second);
    if (!p->is_text || leading(first, s) != 0 || leading(second, s) != 1 || leading(third, s) != 2)
        return AS_PROBE_NO;
    return names_record(third) ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* --- names --------------------------------------------------------------------------- */
static as_status head_of(as_parse *job, as_run *run, const as_line *line, const char *before,
                         size_t skip, char separator)
{
    as_line own = *line;
    own.text = as_format(as_scratch(job->ctx), "%s%s", before, line->text + skip);
    if (!own.text) return AS_ERR;
    own.length = strlen(own.text);
    return as_run_head_lines(job->ctx, run, &own, NULL, separator, &as_cycler_names);
}

/* Which fields of a step are its number and its kind, by the names in the vocabulary. */
static as_status find_step(as_parse *job, reading *r, const as_line *line)
{
    as_run run = { 0 };
    AS_TRY(head_of(job, &run, line, "", 1, r->separator));
    r->step_at = r->type_at = run.n;
    for (size_t i = run.n; i-- > 0;) {
        if (!run.h[i].name) continue;
        if (strcmp(run.h[i].name, "step") == 0) r->step_at = i;
        if (strcmp(run.h[i].name, "step_type") == 0) r->type_at = i;
    }
    if (r->step_at < run.n) return AS_OK;
    return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "no number of the step in '%.60s'", line->text);
}

static as_status read_names(as_parse *job, reading *r, as_lines *it, as_where *at)
{
    as_line line;
    as_field *f;
    AS_TRY(as_need_line(job->ctx, it, &line, "the names of a cycle"));
    as_lines second = *it;
    as_line next;
    AS_TRY(as_need_line(job->ctx, &second, &next, "the names of a step"));
    r->separator = it->separator = separator_of(next.text);
    AS_TRY(as_fields(job->ctx, &line, r->separator, &f, &r->n_cycle));
    while (r->n_cycle > 1 && !f[r->n_cycle - 1].length) r->n_cycle--;
    AS_TRY(head_of(job, &r->cycles, &line, "", 0, r->separator));
    AS_TRY(as_need_line(job->ctx, it, &line, "the names of a step"));
    if (leading(line.text, r->separator) != 1)
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected the names of a step", line.text);
    AS_TRY(find_step(job, r, &line));
    AS_TRY(as_need_line(job->ctx, it, &line, "the names of a record"));
    if (leading(line.text, r->separator) != 2)
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected the names of a record", line.text);
    const char *own = r->separator == '\t' ? "Cycle\tStep\tStep Type\t"
                      : r->separator == ';' ? "Cycle;Step;Step Type;" : "Cycle,Step,Step Type,";
    *at = line.where;
    AS_TRY(head_of(job, &r->records, &line, own, 2, r->separator));
    as_cycler_times(&r->records);
    return AS_OK;
}

/* --- rows ---------------------------------------------------------------------------- */
static as_status read_step(as_parse *job, reading *r, const as_line *line, size_t n, const as_field *f)
{
    if (n <= r->step_at || !f[r->step_at].length)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "no number of the step in '%.40s'", line->text);
    r->step = f[r->step_at].text;
    r->type = r->type_at < n ? f[r->type_at].text : "";
    return AS_OK;
}

static as_status read_cycle(as_parse *job, reading *r, const as_lines *it, const as_line *line, size_t n,
                            const as_field *f)
{
    as_line own = *line;
    if (n < r->n_cycle)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu fields of a cycle, expected %zu", n,
                       r->n_cycle);
    own.length = n > r->n_cycle ? f[r->n_cycle].at : line->length;
    while (own.length > 0 && n > r->n_cycle && own.text[own.length - 1] != r->separator) own.length--;
    if (n > r->n_cycle && own.length > 0) own.length--;
    own.text = as_strndup(as_scratch(job->ctx), line->text, own.length);
    if (!own.text) return AS_ERR;
    AS_TRY(as_run_add(job, &r->cycles, it, &own));
    r->cycle = f[0].text;
    r->step = r->type = "";
    bool step = false;
    for (size_t i = r->n_cycle; i < n; i++) step = step || f[i].length;
    return step ? read_step(job, r, line, n - r->n_cycle, f + r->n_cycle) : AS_OK;
}

static as_status read_record(as_parse *job, reading *r, const as_lines *it, const as_line *line)
{
    as_line own = *line;
    const char *text = line->text;
    for (size_t n = 0; n < 2; text++) n += *text == r->separator;
    if (!r->cycle || !r->step)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "a record before its %s",
                       r->cycle ? "step" : "cycle");
    own.text = as_format(as_scratch(job->ctx), "%s%c%s%c%s%c%s", r->cycle, r->separator, r->step,
                         r->separator, r->type, r->separator, text);
    if (!own.text) return AS_ERR;
    own.length = strlen(own.text);
    if (r->records.rows.n == 0) as_cycler_clocks(&r->records, &own);
    return as_run_add(job, &r->records, it, &own);
}

static as_status read_rows(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    as_field *f;
    size_t n;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (r->separator != ',' && strchr(line.text, ',')) it->decimal = ',';
        const size_t empty = leading(line.text, r->separator);
        if (empty >= 2) {
            AS_TRY(read_record(job, r, it, &line));
            continue;
        }
        AS_TRY(as_fields(job->ctx, &line, r->separator, &f, &n));
        if (empty == 1) AS_TRY(read_step(job, r, &line, n - 1, f + 1));
        else AS_TRY(read_cycle(job, r, it, &line, n, f));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* The tester's own sums, a row for each cycle: apart from the records. */
static as_status emit_cycles(as_parse *job, reading *r, const as_where *at)
{
    static const as_curve curves[] = { { "cycle", "discharge_capacity" },
                                       { "cycle", "specific_discharge_capacity" },
                                       { "cycle", "charge_capacity" } };
    if (r->cycles.rows.n == 0) return AS_OK;
    as_table *t = as_run_table(job, &r->cycles);
    if (!t) return AS_ERR;
    if (as_set_curve(job->ctx, t, AS_COUNT(curves), curves, at) != AS_OK) {
        as_forget_error(job->ctx);
        return AS_OK;
    }
    t->secondary = true;
    AS_TRY(as_set_meta(job->ctx, t, "part", "cycles", NULL, at));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_where at = { .file = job->in->name };
    reading r = { 0 };
    as_lines it = { .in = job->in };
    AS_TRY(read_names(job, &r, &it, &at));
    AS_TRY(read_rows(job, &r, &it));
    as_cycler_restarts(&r.records);
    AS_TRY(as_emit_echem(job, &r.records, NULL, AS_ECHEM_TIME, &at));
    return emit_cycles(job, &r, &at);
}

static const char *const suffixes[] = { "csv", "txt", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = {
    { "cycles, steps and records in one text", "assay read tests/corpus/echem/neware.csv" }, { 0 }
};
static const char *const see_also[] = { "cycler-csv", NULL };

const as_parser as_parser_neware = {
    .name = "neware-csv",
    .title = "Neware cycles, steps and records",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the layered text of Neware cyclers",
             .description = "Lines of cycles, of steps behind one empty field and of records behind two. "
                            "Records are the rows; `cycle`, `step` and `step_type` are those they stand "
                            "below. `time` is the total time, or the seconds since the first date where "
                            "the text has only times of steps. The sums of cycles are the part `cycles`.",
             .examples = examples,
             .see_also = see_also },
};
