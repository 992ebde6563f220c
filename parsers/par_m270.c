/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ASCII files of the EG&G/PAR Model 270/250 software: lines of a key and its value from "PN  Model 270" to
 * END, then rows. PC names the columns by letters, "I E T" in A, V and s; NP is the number of rows.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"

enum { MOST_COLUMNS = 8 };

static const struct { char letter; const char *name, *unit; } columns[] = {
    { 'I', "current", "A" }, { 'E', "potential", "V" }, { 'T', "time", "s" }
};

static const as_known known[] = {
    { "SR", "scan_rate", "V/s" },
    { "AR", "electrode_area", "cm2" },
};

typedef struct {
    as_table *head;
    const char *technique, *letters, *date, *clock, *program;
    double rows; /* that NP promises; NaN: nothing */
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "PN  Model 270")) return AS_PROBE_NO;
    return strstr(head, "\nDAT ASCII") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    const size_t n = strcspn(line->text, " ");
    const char *key = as_strndup(as_scratch(ctx), line->text, n);
    const char *value = as_trim(as_scratch(ctx), line->text + n, line->length - n);
    if (!key || !value) return AS_ERR;
    if (!*value || strcmp(value, "PASS") == 0) return AS_OK; /* a step that was left out */
    if (strcmp(key, "PN") == 0) r->program = value;
    else if (strcmp(key, "PC") == 0) r->letters = value;
    else if (strcmp(key, "DR") == 0) r->date = value;
    else if (strcmp(key, "TR") == 0) r->clock = value;
    else if (strcmp(key, "EXT") == 0) {
        const char *name = as_trim(as_scratch(ctx), value + strcspn(value, " "), strlen(value + strcspn(value, " ")));
        if (!name) return AS_ERR;
        r->technique = *name ? name : value;
    } else if (strcmp(key, "NP") == 0) {
        if (!as_read_number(value, strlen(value), '.', &r->rows)) r->rows = NAN;
    } else if (strcmp(key, "FV") == 0) {
        const char *program = as_format(as_scratch(ctx), "%s, version %s", r->program ? r->program : "", value);
        return program ? as_set_text(ctx, r->head, "software", program, &line->where) : AS_ERR;
    } else if (strcmp(key, "REF") == 0) { /* 0.22200 AgCl: its potential and name */
        return as_set_text(ctx, r->head, "reference_electrode", value, &line->where);
    } else if (strcmp(key, "PS") != 0) {
        return as_set_known(ctx, r->head, known, AS_COUNT(known), key, value, &line->where);
    }
    return AS_OK;
}

/* Names of the columns by their letters. */
static as_status read_columns(as_parse *job, const reading *r, as_run *run, const as_where *at)
{
    const char *name[MOST_COLUMNS], *unit[MOST_COLUMNS];
    size_t n = 0;
    if (!r->letters) return as_fail(job->ctx, AS_E_MISSING, at, "no line PC, which names the columns");
    for (const char *c = r->letters; *c; c++) {
        size_t i = 0;
        if (*c == ' ') continue;
        while (i < AS_COUNT(columns) && columns[i].letter != *c) i++;
        if (i == AS_COUNT(columns) || n == MOST_COLUMNS || (c[1] && c[1] != ' '))
            return as_fail(job->ctx, AS_E_FORMAT, at, "columns '%s': only I, E and T are read", r->letters);
        name[n] = columns[i].name;
        unit[n++] = columns[i].unit;
    }
    return as_run_heads(job->ctx, run, n, name, unit, NULL);
}

static as_status set_head(as_parse *job, reading *r, const as_where *at)
{
    AS_TRY(as_set_text(job->ctx, r->head, "technique_name", r->technique, at));
    if (!r->date) return AS_OK;
    const char *text = as_format(as_scratch(job->ctx), "%s %s", r->date, r->clock ? r->clock : "");
    return text ? as_set_measured(job->ctx, r->head, text, true, at) : AS_ERR;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\0' };
    as_line line;
    as_run run = { 0 };
    as_more more;
    reading r = { .head = as_table_new(job->ctx, 0), .technique = "", .rows = NAN };
    if (!r.head) return AS_ERR;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &it, &line, "a key or END"));
        if (strcmp(line.text, "END") == 0) break;
        AS_TRY(read_key(job, &r, &line));
    }
    const as_where at = line.where;
    AS_TRY(read_columns(job, &r, &run, &at));
    AS_TRY(set_head(job, &r, &at));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM)
        if (line.length) AS_TRY(as_run_add(job, &run, &it, &line));
    if (more == AS_FAILED) return AS_ERR;
    const double rows = (double)run.rows.n;
    as_table *t = as_echem_table(job, &run, r.head, as_echem_kind_of(r.technique), &at);
    if (!t) return AS_ERR;
    if (!isnan(r.rows) && rows != r.rows) as_warn(job->ctx, t, &at, "%g rows, expected %g by NP", rows, r.rows);
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "txt", "csv", "dat", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a voltammogram", "assay read tests/corpus/echem/par270.txt" }, { 0 } };
static const char *const see_also[] = { "versastudio-par", "parstat-txt", NULL };

const as_parser as_parser_par_m270 = {
    .name = "par-m270",
    .title = "EG&G/PAR Model 270/250 ASCII",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text of the EG&G/PAR Model 270/250 software",
             .description = "Keys of two or three letters with their values, then END and rows. PC names the columns: "
                            "currents (I) in A, potentials (E) in V, times (T) in s; files with other columns are "
                            "refused.",
             .examples = examples,
             .see_also = see_also },
};
