/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text export of Bruker DIFFRAC.EVA: one line 'Id: "..." Comment: "..." Anode: "Cu" Scantype: "..."
 * TimePerStep: "96", then rows of position and intensity, in .xye also of a standard deviation.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"
#include "text_end.h"

typedef struct {
    double step_time; /* seconds; NaN: as the file says */
} settings;

static const as_param params[] = {
    AS_DOUBLE(settings, step_time, "step-time", "", 0, 1e9, "s",
              "counting time of each step where the file does not say it"),
    AS_PARAMS_END
};

static const as_known known[] = {
    { "Id", "sample", NULL },          { "Comment", "comment", NULL },
    { "Operator", "operator", NULL },  { "Anode", "anode", NULL },
    { "Scantype", "scan_axis", NULL }, { "TimePerStep", "step_time", "s" },
};

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (*at != '\'' || !as_starts(at + 1, "Id:")) return AS_PROBE_NO;
    const char *end = strchr(at, '\n');
    const char *type = as_find_text(at, "Scantype:");
    return type && end && type < end ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

/* The next `Key: "value"` or `Key: value` at *cursor; false at the end of the line. */
static bool next_pair(as_arena *a, const as_line *line, size_t *cursor, const char **key,
                      const char **value)
{
    const char *text = line->text;
    size_t at = *cursor;
    while (text[at] == ' ' || text[at] == '\'') at++;
    const char *colon = strchr(text + at, ':');
    if (!colon) return false;
    *key = as_trim(a, text + at, (size_t)(colon - text) - at);
    at = (size_t)(colon - text) + 1;
    while (text[at] == ' ') at++;
    const bool quoted = text[at] == '"';
    if (quoted) at++;
    const char *end = strchr(text + at, quoted ? '"' : ' ');
    const size_t length = end ? (size_t)(end - (text + at)) : line->length - at;
    *value = as_trim(a, text + at, length);
    *cursor = at + length + (quoted && end ? 1 : 0);
    return *key && *value;
}

static as_status read_head(as_parse *job, const as_line *line, as_table *head)
{
    size_t cursor = 0;
    const char *key, *value;
    while (next_pair(as_scratch(job->ctx), line, &cursor, &key, &value))
        AS_TRY(as_set_known(job->ctx, head, known, AS_COUNT(known), key, value, &line->where));
    return AS_OK;
}

/* Decimal comma: a comma and no point in the first row. */
static char decimal_of(as_ctx *ctx, as_lines ahead)
{
    as_line line;
    if (as_next_line(ctx, &ahead, &line) != AS_ITEM) return '.';
    return strchr(line.text, ',') && !strchr(line.text, '.') ? ',' : '.';
}

/* The third column is the export's standard deviation; one that is NaN throughout is none. */
static as_status name_sigma(as_parse *job, as_table *t, const as_where *at, bool *given)
{
    size_t good = 0;
    for (size_t i = 0; i < t->rows; i++) good += t->column[2]->v.f[i] > 0;
    if (good < t->rows)
        as_warn(job->ctx, t, at, "%zu of %zu points have no standard deviation", t->rows - good,
                t->rows);
    *given = good > 0;
    return as_name_column(job->ctx, t, 2, "sigma", good ? AS_ROLE_SIGMA : AS_ROLE_OTHER,
                          t->column[1]->unit);
}

static as_status finish(as_parse *job, as_table *head, as_rows *rows, size_t n_columns,
                        const as_where *at)
{
    as_axis axis;
    as_unit unit;
    bool given = false;
    const settings *s = job->settings;
    as_table *t = as_rows_table(job->ctx, rows);
    if (!t) return AS_ERR;
    if (s->step_time > 0)
        AS_TRY(
            as_set_number(job->ctx, head, "step_time", s->step_time, NAN, as_unit_of("s"), NULL));
    const as_meta *time = as_get_meta(head, "step_time"), *type = as_get_meta(head, "scan_axis");
    const bool counts = as_are_counts(t->column[1]->v.f, NULL, t->rows);
    AS_TRY(as_axis_of(as_scratch(job->ctx), type ? type->text : "2Theta", NULL, &axis));
    AS_TRY(as_unit_parse(job->ctx, t->arena, axis.unit, &unit));
    AS_TRY(as_name_column(job->ctx, t, 0, axis.column, AS_ROLE_X, unit));
    AS_TRY(as_name_column(job->ctx, t, 1, "intensity", AS_ROLE_Y,
                          as_unit_of(counts ? "count" : "count/s")));
    if (n_columns == 3) AS_TRY(name_sigma(job, t, at, &given));
    AS_TRY(as_copy_meta(job->ctx, t, head));
    if (!given && n_columns == 2) {
        double *counted = AS_NEW_N(as_scratch(job->ctx), double, t->rows + 1);
        if (!counted) return AS_ERR;
        for (size_t i = 0; i < t->rows; i++)
            counted[i] = t->column[1]->v.f[i] * (time && !counts ? time->number : 1);
        if (counts || (time && as_are_counts(counted, NULL, t->rows)))
            AS_TRY(as_add_counting_sigma(job->ctx, t, time ? time->number : NAN));
    }
    as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line;
    as_more more;
    as_where at;
    size_t n_columns = 0;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &it, &line, "'Id: ... as first line"));
    AS_TRY(read_head(job, &line, head));
    it.decimal = decimal_of(job->ctx, it);
    at = line.where;
    as_rows *rows = NULL;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        double v[3];
        if (line.length == 0) continue;
        const size_t n = as_line_numbers(&it, &line, 3, v);
        if (n < 2 || n > 3 || (rows && n != n_columns))
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected %zu numbers as in the rows above", line.text,
                           rows ? n_columns : (size_t)2);
        if (!rows) {
            rows = as_rows_new(job->ctx, n_columns = n);
            at = line.where;
        }
        double *row = rows ? as_rows_add(job->ctx, rows) : NULL;
        if (!row) return AS_ERR;
        memcpy(row, v, n * sizeof *v);
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!rows) return as_fail(job->ctx, AS_E_TRUNCATED, &at, "the file ends before any data");
    return finish(job, head, rows, n_columns, &at);
}

static const char *const suffixes[] = { "xy", "xye", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a scan", "assay read tests/corpus/xrd/eva.xy" }, { 0 } };
static const char *const see_also[] = { "bruker-raw", "bruker-diffrac-txt", NULL };

const as_parser as_parser_bruker_eva = {
    .name = "bruker-eva",
    .title = "Bruker DIFFRAC.EVA text export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .settings_size = sizeof(settings),
    .params = params,
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text exported by Bruker DIFFRAC.EVA",
             .description =
                 "Text: a first line of `'Id: \"...\"` and more such pairs, then rows of position, "
                 "intensity and, in .xye, its standard deviation.\n\n"
                 "Whole numbers are counts. Other intensities are counts per second: the export "
                 "divides by the time per step (seen against the raw file of one scan). They get "
                 "a sigma only where the time is known, from the file or `--option step-time=`, and gives "
                 "whole counts.",
             .examples = examples,
             .see_also = see_also },
};
