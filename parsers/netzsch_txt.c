/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text export of Netzsch Proteus: lines "#KEY:value", the head of the columns behind "##", rows.
 * #DECIMAL and #SEPARATOR say how numbers are written; without keys the lines show it.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "thermal.h"
#include "spectrum.h"

static const as_known known[] = {
    { "SAMPLE", "sample", NULL },
    { "SAMPLE MASS /mg", "sample_mass", "mg" },
    { "REFERENCE MASS /mg", "reference_mass", "mg" },
    { "INSTRUMENT", "instrument", NULL },
    { "OPERATOR", "operator", NULL },
    { "REMARK", "comment", NULL },
    { "TYPE OF CRUCIBLE", "crucible", NULL },
    { "ATMOSPHERE", "atmosphere", NULL },
};

typedef struct {
    as_table *head;
    as_rate rate;
    char separator, decimal;
    as_run run;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (as_starts(head, "#EXPORTTYPE")) return AS_PROBE_VERIFIED;
    if (as_starts(head, "##Temp.") || as_starts(head, "##Time/")) return AS_PROBE_LIKELY;
    if (head[0] == '#' && (strstr(head, "\n#FORMAT:NETZSCH") || strstr(head, "NETZSCH5")))
        return AS_PROBE_MAGIC;
    return AS_PROBE_NO;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    as_pair pair;
    AS_TRY(as_split(ctx, line, ':', &pair));
    const char *key = pair.key + strspn(pair.key, "#"), *value = pair.value;
    if (value[0] == ';' || value[0] == ',') value = as_trim(as_scratch(ctx), value + 1, strlen(value + 1));
    value = value ? as_mend_degree(ctx, value) : NULL;
    if (!value) return AS_ERR;
    if (strcmp(key, "SEPARATOR") == 0)
        r->separator = as_same(value, "SEMICOLON") ? ';' : as_same(value, "COMMA") ? ','
                       : as_same(value, "TAB")     ? '\t' : '\0';
    if (strcmp(key, "DECIMAL") == 0) r->decimal = as_same(value, "COMMA") ? ',' : '.';
    if (as_starts(key, "SEG. ") || strcmp(key, "RANGE") == 0) as_rate_in(&r->rate, value);
    if (strcmp(key, "DATE/TIME") == 0) return as_set_day_first(ctx, r->head, value, &line->where);
    if (strcmp(key, "EXO") == 0) /* the sign that heat given off has */
        AS_TRY(as_set_text(ctx, r->head, "exo_direction",
                           value[0] == '-' ? "down" : value[0] == '1' ? "up" : "", &line->where));
    return as_set_measure(ctx, r->head, known, AS_COUNT(known), key, value, &line->where);
}

/* Files without keys, and those whose keys say nothing: as the rows show. */
static as_status find_convention(as_parse *job, reading *r, uint32_t line)
{
    as_convention c;
    if (r->separator && r->decimal) return AS_OK;
    AS_TRY(as_convention_of(job->ctx, job->in, line + 1, 0, &c));
    if (c.lines == 0) return AS_OK;
    if (!r->separator) r->separator = c.separator;
    if (!r->decimal) r->decimal = c.decimal;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    AS_TRY(as_western_text(job));
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->head = as_table_new(job->ctx, 0);
    if (!r->head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (line.text[0] != '#')
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected #KEY:value or the head of the columns behind ##",
                           line.text);
        if (line.text[1] == '#') break;
        AS_TRY(read_key(job, r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (more == AS_DONE)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before its columns (##)");
    AS_TRY(find_convention(job, r, it.number));
    const as_where at = line.where;
    line.text += 2;
    line.length -= 2;
    AS_TRY(as_run_head_lines(job->ctx, &r->run, &line, NULL, r->separator, &as_thermal_names));
    AS_TRY(as_set_rate(job->ctx, r->head, &r->rate, NULL));
    it.separator = r->separator;
    it.decimal = r->decimal;
    AS_TRY(as_run_rest(job, &r->run, &it, '#', "a second block of data"));
    return as_emit_thermal(job, &r->run, r->head, &at);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = {
    { "a run with decimal commas", "assay read tests/corpus/thermal/netzsch.txt" }, { 0 }
};
static const char *const see_also[] = { "netzsch-ngb", NULL };

const as_parser as_parser_netzsch_txt = {
    .name = "netzsch-txt",
    .title = "Netzsch Proteus text export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text and CSV exported by Netzsch Proteus",
             .description =
                 "Text in any code page: lines `#KEY:value`, among them DECIMAL and SEPARATOR, the "
                 "head of the columns behind `##` with units behind a slash, rows. Files whose keys "
                 "were taken away begin at `##`.\n\n"
                 "The segments of DATA ALL stand in the column `segment`. Mass is as exported, in "
                 "percent or mg. EXO -1 becomes `exo_direction` down.",
             .examples = examples,
             .see_also = see_also },
};
