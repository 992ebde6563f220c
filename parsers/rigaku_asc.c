/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rigaku ASC: text; lines *KEY = value of the file, then for each group its own between *BEGIN and
 * *END, with *COUNT = n and n intensities between commas, several to a line. The positions follow
 * from *START, *STOP and *STEP. *EOF ends the file.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"

static const as_known known[] = {
    { "SAMPLE", "sample", NULL },       { "COMMENT", "comment", NULL },
    { "GONIO", "instrument", NULL },    { "COUNTER", "detector", NULL },
    { "SCAN_AXIS", "scan_axis", NULL }, { "MEAS_MODE", "scan_mode", NULL },
    { "KV", "tube_voltage", "kV" },     { "MA", "tube_current", "mA" },
    { "PF_AANGLE", "alpha", "deg" },
};

typedef struct {
    as_table *file, *group;
    as_rows *rows;
    const char *axis, *x_unit, *y_unit; /* "" : not stated */
    double start, stop, step, speed, alpha1, alpha2;
    bool seconds;      /* the speed is in seconds per step */
    double sections;   /* groups that the file announces; NaN: none said */
    size_t n_groups;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_starts(at, "*TYPE") && !(at[0] == '*' && strstr(at, "\n*TYPE"))) return AS_PROBE_NO;
    return strstr(at, "*BEGIN") && strstr(at, "*COUNT") ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

static const char *anode_of(double atomic_number)
{
    static const struct { int z; const char *symbol;
    } anodes[] = {
        { 24, "Cr" }, { 26, "Fe" }, { 27, "Co" }, { 29, "Cu" },
        { 42, "Mo" }, { 47, "Ag" }, { 74, "W" },
    };
    for (size_t i = 0; i < AS_COUNT(anodes); i++)
        if (anodes[i].z == atomic_number) return anodes[i].symbol;
    return NULL;
}

static as_status read_key(as_parse *job, reading *r, const as_pair *pair, const as_line *line)
{
    const char *key = pair->key + 1, *value = pair->value;
    double number = NAN;
    const struct { const char *key; double *to;
    } own[] = {
        { "START", &r->start },         { "STOP", &r->stop },
        { "STEP", &r->step },           { "SPEED", &r->speed },
        { "WAVE_LENGTH1", &r->alpha1 }, { "WAVE_LENGTH2", &r->alpha2 },
        { "SEC_COUNT", &r->sections },
    };
    const struct { const char *key; const char **to; } text[] = {
        { "SCAN_AXIS", &r->axis }, { "XUNIT", &r->x_unit }, { "YUNIT", &r->y_unit },
    };
    as_table *to = r->group ? r->group : r->file;
    as_read_number(value, strlen(value), '.', &number);
    for (size_t i = 0; i < AS_COUNT(own); i++)
        if (strcmp(own[i].key, key) == 0) *own[i].to = number;
    for (size_t i = 0; i < AS_COUNT(text); i++)
        if (strcmp(text[i].key, key) == 0) *text[i].to = value;
    if (as_starts(key, "WAVE_LENGTH")) return AS_OK; /* set with each group */
    if (strcmp(key, "SPEED_DIM") == 0) r->seconds = as_starts(value, "sec");
    if (strcmp(key, "DATE") == 0) return as_set_measured(job->ctx, to, value, false, &line->where);
    if (strcmp(key, "TARGET") == 0 && anode_of(number))
        return as_set_meta(job->ctx, to, "anode", anode_of(number), NULL, &line->where);
    return as_set_known(job->ctx, to, known, AS_COUNT(known), key, value, &line->where);
}

/* n values from the line after *COUNT on. */
static as_status read_values(as_parse *job, reading *r, as_lines *it, double n)
{
    as_line line;
    while ((double)as_rows_count(r->rows) < n) {
        AS_TRY(as_need_line(job->ctx, it, &line, "intensities up to *COUNT"));
        if (line.text[0] == '#') continue;
        for (size_t at = 0; at < line.length;) {
            double value;
            if (strchr(" ,\t", line.text[at])) {
                at++;
                continue;
            }
            const size_t used = as_scan_number(line.text + at, line.length - at, '.', &value);
            const as_where where = as_in_line(&line, at, 1);
            if (used == 0 || (double)as_rows_count(r->rows) >= n)
                return as_fail(job->ctx, AS_E_SYNTAX, &where,
                               "%zu intensities so far, expected %.0f and then *END",
                               as_rows_count(r->rows), n);
            double *row = as_rows_add(job->ctx, r->rows);
            if (!row) return AS_ERR;
            row[0] = value;
            at += used;
        }
    }
    return AS_OK;
}

static as_status emit_group(as_parse *job, reading *r, const as_where *at)
{
    as_axis axis;
    as_unit unit;
    as_table *values = as_rows_table(job->ctx, r->rows);
    if (!values) return AS_ERR;
    const double expected = floor((r->stop - r->start) / r->step + 1.5);
    if (!(r->step != 0) || fabs(expected - (double)values->rows) > 1)
        return as_fail(job->ctx, AS_E_SYNTAX, at, "%zu intensities, expected %.0f from %g to %g",
                       values->rows, expected, r->start, r->stop);
    AS_TRY(as_axis_of(as_scratch(job->ctx), *r->axis ? r->axis : "2theta", NULL, &axis));
    as_table *t = as_new_scan(job->ctx, values->rows, &axis, r->start, r->step, "count");
    if (!t) return AS_ERR;
    memcpy(t->column[1]->v.f, values->column[0]->v.f, t->rows * sizeof(double));
    AS_TRY(as_unit_parse(job->ctx, t->arena, *r->y_unit ? r->y_unit : "1", &unit));
    t->column[1]->unit = unit;
    AS_TRY(as_copy_meta(job->ctx, t, r->file));
    AS_TRY(as_copy_meta(job->ctx, t, r->group));
    AS_TRY(as_set_doublet(job->ctx, t, r->alpha1, r->alpha2, NAN, NULL));
    if (r->seconds && r->speed > 0)
        AS_TRY(as_set_number(job->ctx, t, "step_time", r->speed, NAN, as_unit_of("s"), at));
    AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, r->seconds ? r->speed : NAN));
    r->n_groups++;
    return as_emit(job->out, job->ctx, t);
}

static as_status read_group(as_parse *job, reading *r, as_lines *it, const as_line *line)
{
    as_line next = { 0 };
    as_pair pair;
    double n = NAN;
    r->group = as_table_new(job->ctx, 0);
    r->start = r->stop = r->step = NAN;
    if (!r->group) return AS_ERR;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, it, &next, "*KEY = value or *END"));
        if (as_starts(next.text, "*END")) break;
        if (next.text[0] == '#' || next.length == 0) continue;
        if (next.text[0] != '*' || as_starts(next.text, "*BEGIN"))
            return as_fail(job->ctx, AS_E_SYNTAX, &next.where, "'%.40s', expected *KEY = value",
                           next.text);
        AS_TRY(as_split(job->ctx, &next, '=', &pair));
        if (strcmp(pair.key, "*COUNT") != 0) {
            AS_TRY(read_key(job, r, &pair, &next));
            continue;
        }
        AS_TRY(as_need_number(job->ctx, it, &next, &pair.at, &n, "the number of intensities"));
        AS_TRY(read_values(job, r, it, n));
    }
    if (!(n >= 0)) return as_fail(job->ctx, AS_E_MISSING, &line->where, "a group without *COUNT");
    AS_TRY(emit_group(job, r, &line->where));
    r->group = NULL;
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    bool ended = false;
    as_pair pair;
    reading r = { .file = as_table_new(job->ctx, 0), .rows = as_rows_new(job->ctx, 1),
                  .axis = "", .x_unit = "", .y_unit = "", .alpha1 = NAN, .alpha2 = NAN,
                  .speed = NAN, .sections = NAN };
    if (!r.file || !r.rows) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "*BEGIN")) {
            if (read_group(job, &r, &it, &line) != AS_OK)
                return as_while(job->ctx, "reading group %zu", r.n_groups + 1);
        } else if (as_starts(line.text, "*EOF")) {
            ended = true;
        } else if (line.text[0] == '*') {
            AS_TRY(as_split(job->ctx, &line, '=', &pair));
            AS_TRY(read_key(job, &r, &pair, &line));
        } else if (line.length && line.text[0] != '#') {
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected *KEY = value",
                           line.text);
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.n_groups == 0 || (!ended && (double)r.n_groups < r.sections))
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends after %zu groups",
                       r.n_groups);
    if (!ended) as_warn(job->ctx, NULL, &line.where, "no *EOF: the file may be cut");
    return AS_OK;
}

static const char *const suffixes[] = { "asc", "dat", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "a scan", "assay read tests/corpus/xrd/sample.asc" },
                                       { 0 } };
static const char *const see_also[] = { "rigaku-ras", NULL };

const as_parser as_parser_rigaku_asc = {
    .name = "rigaku-asc",
    .title = "Rigaku ASC and DAT text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Rigaku ASC diffractograms",
             .description = "Text: `*KEY = value` lines of the file, then groups between `*BEGIN` "
                            "and `*END` with `*COUNT` intensities. Each group becomes one series; "
                            "positions follow from `*START` and `*STEP` along `*SCAN_AXIS`.",
             .examples = examples,
             .see_also = see_also },
};
