/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text export of TA Instruments TRIOS: lines of key and value parted by a tab, then for each step
 * "[step]", its name, a line of names, a line of units and rows. In some the first step has no
 * "[step]" and the head is not repeated. Cells are empty where a signal has no value yet.
 */
#include <math.h>
#include <string.h>

#include "spectrum.h"
#include "trios.h"

typedef struct {
    as_trios about;
    as_rate rate;
    as_run run;
    size_t step;
    bool begun; /* the head of the columns was read */
} reading;

static bool is_names(const char *text)
{
    return as_starts(text, "Time\tTemperature") || as_starts(text, "Temperature\tTime") ||
           as_starts(text, "Time\tWeight") || as_starts(text, "Time\tHeat Flow");
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    const char *names = strstr(head, "Time\tTemperature");
    if (!names || (names != head && names[-1] != '\n')) return AS_PROBE_NO;
    const char *units = strchr(names, '\n');
    if (!units || !(as_starts(units + 1, "min\t") || as_starts(units + 1, "s\t"))) return AS_PROBE_NO;
    return strstr(head, "[step]") ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

static as_status read_names(as_parse *job, reading *r, as_lines *it, const as_line *line)
{
    as_line units;
    as_run run = { .segment = r->run.segment };
    AS_TRY(as_need_line(job->ctx, it, &units, "the units of the columns"));
    AS_TRY(as_run_head_lines(job->ctx, &run, line, &units, '\t', &as_thermal_names));
    if (!r->begun) {
        r->run = run;
        r->begun = true;
        return as_find_decimal(job, it, &r->run);
    }
    bool same = run.n == r->run.n;
    for (size_t i = 0; same && i < run.n; i++) same = strcmp(run.h[i].name, r->run.h[i].name) == 0;
    if (same) return AS_OK;
    return as_fail(job->ctx, AS_E_FORMAT, &line->where,
                   "other columns than in the steps before, which is not supported");
}

static as_status read_step(as_parse *job, reading *r, as_lines *it)
{
    as_line name;
    AS_TRY(as_need_line(job->ctx, it, &name, "the name of the step"));
    r->step += r->begun && r->step == 0 ? 2 : 1; /* the rows before "[step]" were step 1 */
    r->run.segment = (double)r->step;
    as_rate_in(&r->rate, name.text);
    char key[32] = "step ";
    const char *numbered = as_format(as_scratch(job->ctx), "%s%zu", key, r->step);
    return numbered ? as_set_vendor(job->ctx, r->about.head, numbered, name.text, &name.where) : AS_ERR;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair pair;
    AS_TRY(as_split(job->ctx, line, '\t', &pair));
    return as_trios_pair(job->ctx, &r->about, pair.key, pair.value, &line->where);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line = { 0 };
    as_more more;
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->about.head = as_table_new(job->ctx, 0);
    if (!r->about.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (as_starts(line.text, "[step]")) AS_TRY(read_step(job, r, &it));
        else if (is_names(line.text)) AS_TRY(read_names(job, r, &it, &line));
        else if (!r->begun) AS_TRY(read_key(job, r, &line));
        else {
            if (r->run.segment == 0) r->run.segment = 1;
            AS_TRY(as_run_add(job, &r->run, &it, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!r->begun)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends before the names of its columns");
    AS_TRY(as_set_rate(job->ctx, r->about.head, &r->rate, NULL));
    AS_TRY(as_trios_end(job->ctx, &r->about));
    return as_emit_thermal(job, &r->run, r->about.head, &line.where);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "two steps", "assay read tests/corpus/thermal/trios.txt" },
                                       { 0 } };
static const char *const see_also[] = { "trios-xls", "ta-universal-analysis", NULL };

const as_parser as_parser_trios_txt = {
    .name = "trios-txt",
    .title = "TA Instruments TRIOS text export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text exported by TA TRIOS",
             .description =
                 "Text parted by tabs: keys and values, for each step `[step]`, its name, names and "
                 "units of the columns, rows. All steps make one table with a column `segment`; "
                 "their names are kept as `vendor.step 1` and so on. Two columns called Weight are "
                 "told apart by their units; empty cells are missing values.",
             .examples = examples,
             .see_also = see_also },
};
