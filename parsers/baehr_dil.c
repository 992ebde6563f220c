/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of the dilatometers DIL 805 of Baehr (now TA Instruments): the path of the measurement, names
 * parted by '-' and '/', units of the first of them, and padded rows with a decimal comma that begin
 * with the number of the point.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "thermal.h"

enum { MOST_NAMES = 16 };

static const as_alias aliases[] = {
    { "point", "index", NULL, 0, false },
    { "time", "time", "s", 0, false },
    { "temperature", "temperature", "degC", 0, false },
    { "relchangeinlength", "length_change", NULL, 0, false },
    { "difchangeinlength", "differential_length_change", NULL, 0, false },
};
static const as_names names = { AS_COUNT(aliases), aliases };

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    const char *line = strstr(head, "Time - Temperature");
    return line && line - head < 1024 && as_find_text(line, "Change in Length") ? AS_PROBE_MAGIC
                                                                                : AS_PROBE_NO;
}

/* "Time - Temperature  /  rel. Change in Length", units "s  °C  %" below. */
static as_status read_names(as_parse *job, as_run *run, const as_line *line, const as_line *units)
{
    const char *name[MOST_NAMES] = { "point" }, *unit[MOST_NAMES] = { "" };
    as_field *u;
    size_t n = 1, n_units;
    AS_TRY(as_fields(job->ctx, units, 0, &u, &n_units));
    for (const char *at = line->text; *at && n < MOST_NAMES;) {
        const size_t length = strcspn(at, n == 1 ? "-/" : "/");
        name[n] = as_trim(as_scratch(job->ctx), at, length);
        if (!name[n]) return AS_ERR;
        unit[n] = n <= n_units ? u[n - 1].text : "";
        n++;
        at += length + (at[length] != '\0');
    }
    return as_run_heads(job->ctx, run, n, name, unit, &names);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 }, units;
    as_more more;
    as_run run = { 0 };
    as_convention c;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (strstr(line.text, "Time - Temperature")) break;
        const char *text = as_trim(as_scratch(job->ctx), line.text, line.length);
        if (!text) return AS_ERR;
        if (*text) AS_TRY(as_set_vendor(job->ctx, head, "file", text, &line.where));
    }
    if (more != AS_ITEM)
        return more == AS_FAILED ? AS_ERR
                                 : as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                                           "the file ends before the names of its columns");
    const as_where at = line.where;
    AS_TRY(as_need_line(job->ctx, &it, &units, "the units of the columns"));
    AS_TRY(read_names(job, &run, &line, &units));
    AS_TRY(as_convention_of(job->ctx, job->in, it.number + 1, 0, &c));
    it.decimal = c.decimal;
    AS_TRY(as_run_rest(job, &run, &it, 0, NULL));
    return as_emit_thermal(job, &run, head, &at);
}

static const char *const suffixes[] = { "asc", "txt", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "a heating run",
                                         "assay read tests/corpus/thermal/dilatometer.asc" },
                                       { 0 } };
static const char *const see_also[] = { "delimited", NULL };

const as_parser as_parser_baehr_dil = {
    .name = "baehr-dil",
    .title = "Baehr/TA DIL 805 dilatometer text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read length changes of a DIL 805 dilatometer",
             .description = "Text: the path of the measurement, names parted by `-` and `/`, units, "
                            "padded rows with decimal commas. `length_change` is relative, in the "
                            "unit of the file.",
             .examples = examples,
             .see_also = see_also },
};
