/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CorrWare of Scribner, and CorrTest, which took its text over: "CORRW ASCII", lines of keys in sections,
 * the names of the columns, "End Comments", rows. CorrTest ends each cycle with "0 CYCLE", behind its last
 * row or in a line alone. Its later CS Studio packs the head into one line, "CSStudioFile,ID_CV,...".
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static const as_known known[] = {
    { "Surface Area", "electrode_area", "cm2" },
    { "Begin Pstat", "instrument", NULL },
    { "Temperature", "temperature", "degC" },
    { "Scan Rate", "scan_rate", "mV/s" }, /* of potentials; the last, so that it can be left out */
};

typedef struct {
    as_table *head;
    const char *technique, *comment;
    double rows;  /* that the head promises; NaN: nothing */
    double cycle; /* that ends at this row; NaN: none does */
    size_t n_rows, n_series;
} reading;

static bool is_studio(const char *text)
{
    return as_starts(text, "CSStudioFile,ID_");
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    return as_starts(head, "CORRW ASCII") || is_studio(head) ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* "Cyclic Voltammogram<tab>[-1.5 Ref, ...]", "ID_CV" and later "Cyclic Voltammetry,Init E(V):-1,..." */
static as_status read_technique(as_parse *job, reading *r, const as_line *line)
{
    const size_t n = strcspn(line->text, "\t,");
    const char *name = as_trim(as_scratch(job->ctx), line->text, n);
    const char *rest = as_trim(as_scratch(job->ctx), line->text + n, line->length - n);
    if (!name || !rest) return AS_ERR;
    const char *rate = strstr(rest, "Scan Rate(mV/s):");
    r->technique = name;
    if (rate) {
        const char *number = as_strndup(as_scratch(job->ctx), rate + 16, strcspn(rate + 16, ","));
        if (!number) return AS_ERR;
        AS_TRY(as_set_known(job->ctx, r->head, known, AS_COUNT(known), "Scan Rate", number, &line->where));
    }
    rest += strspn(rest, ",");
    return *rest ? as_set_vendor(job->ctx, r->head, name, rest, &line->where) : AS_OK;
}

/* "CorrTest for Windows: SN CS3501410110  V5.1.21.5" */
static as_status read_software(as_parse *job, reading *r, const char *text, const as_where *at)
{
    const char *serial = strstr(text, ": SN ");
    AS_TRY(as_set_text(job->ctx, r->head, "software", text, at));
    if (!serial) return AS_OK;
    serial = as_strndup(as_scratch(job->ctx), serial + 5, strcspn(serial + 5, " "));
    return serial ? as_set_text(job->ctx, r->head, "instrument", serial, at) : AS_ERR;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair pair;
    const char *text = line->text + strspn(line->text, " \t");
    if (as_starts(text, "Date:") || as_starts(text, "Data:")) /* so CorrTest */
        return as_set_date_and_time(job->ctx, r->head, text, &line->where);
    if (as_starts(text, "CorrWare for") || as_starts(text, "CorrTest for"))
        return read_software(job, r, text, &line->where);
    if (!r->technique || (as_starts(r->technique, "ID_") && strchr(text, ',')))
        return *text ? read_technique(job, r, line) : AS_OK;
    if (!strchr(text, ':')) return AS_OK; /* comments, again in "Data Comment" */
    AS_TRY(as_split(job->ctx, line, ':', &pair));
    if (!*pair.value || as_starts(pair.key, "End ")) return AS_OK;
    if (as_starts(pair.key, "Begin ") && strcmp(pair.key, "Begin Pstat") != 0) return AS_OK;
    if (as_starts(pair.key, "Data Comment #")) {
        const char *before = r->comment ? r->comment : "";
        r->comment = as_format(as_scratch(job->ctx), "%s%s%s", before, *before ? " " : "", pair.value);
        return r->comment ? AS_OK : AS_ERR;
    }
    if (strcmp(pair.key, "Data Points") == 0)
        return as_read_number(pair.value, strlen(pair.value), '.', &r->rows) ? AS_OK : (r->rows = NAN, AS_OK);
    const bool sweep = as_echem_kind_of(r->technique) == AS_ECHEM_SWEEP;
    const char *key = as_starts(pair.key, "Temperature(") ? "Temperature" : pair.key;
    return as_set_known(job->ctx, r->head, known, AS_COUNT(known) - !sweep, key, pair.value, &line->where);
}

/* Up to "End Comments"; the names of the columns stand in the line before. */
static as_status read_head(as_parse *job, reading *r, as_lines *it, as_line *names)
{
    as_line line;
    AS_TRY(as_need_line(job->ctx, it, names, "a head"));
    for (;;) {
        AS_TRY(as_need_line(job->ctx, it, &line, "a key or 'End Comments'"));
        if (as_starts(line.text + strspn(line.text, " \t"), "End Comments")) return AS_OK;
        if (!line.length) continue;
        if (names->where.line > 1) AS_TRY(read_key(job, r, names));
        *names = line;
    }
}

/* "CSStudioFile,ID_CV,H4sI...", then the names. */
static as_status read_studio(as_parse *job, reading *r, as_lines *it, as_line *names)
{
    AS_TRY(as_need_line(job->ctx, it, names, "a head"));
    const char *id = names->text + strcspn(names->text, ",") + 1;
    r->technique = as_strndup(as_scratch(job->ctx), id, strcspn(id, ","));
    if (!r->technique) return AS_ERR;
    AS_TRY(as_set_text(job->ctx, r->head, "software", "CS Studio", &names->where));
    return as_need_line(job->ctx, it, names, "the names of the columns");
}

/* Tabs may be repeated between names. */
static as_status read_names(as_parse *job, as_run *run, const as_line *line)
{
    const char *name[16];
    size_t n = 0;
    for (const char *at = line->text + strspn(line->text, " \t"); *at; at += strspn(at, " \t")) {
        const size_t length = strcspn(at, "\t");
        if (n == AS_COUNT(name))
            return as_fail(job->ctx, AS_E_FORMAT, &line->where, "more than %zu columns", AS_COUNT(name));
        name[n] = as_trim(as_scratch(job->ctx), at, length);
        if (!name[n++]) return AS_ERR;
        at += length;
    }
    if (n < 2)
        return as_fail(job->ctx, AS_E_FORMAT, &line->where, "'%.40s', expected the names of the columns", line->text);
    return as_run_heads(job->ctx, run, n, name, NULL, &as_echem_names);
}

/* Takes "0 CYCLE" from the end of the line. */
static as_status cut_mark(as_parse *job, reading *r, as_line *line)
{
    const char *mark = strstr(line->text, "CYCLE");
    r->cycle = NAN;
    if (!mark) return AS_OK;
    size_t n = (size_t)(mark - line->text);
    while (n && line->text[n - 1] == ' ') n--;
    size_t digit = n;
    while (digit && line->text[digit - 1] >= '0' && line->text[digit - 1] <= '9') digit--;
    const bool apart = digit == 0 || strchr(" \t", line->text[digit - 1]);
    if (digit == n || !apart || !as_read_number(line->text + digit, n - digit, '.', &r->cycle))
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected a number before CYCLE", line->text);
    line->text = as_trim(as_scratch(job->ctx), line->text, digit);
    if (!line->text) return AS_ERR;
    line->length = strlen(line->text);
    return AS_OK;
}

/* ID_PotSquareWave is a hold of potentials; other names tell themselves. */
static as_echem_kind kind_of(const char *technique)
{
    if (!as_starts(technique, "ID_Pot")) return as_echem_kind_of(technique);
    return as_find_text(technique, "dynamic") ? AS_ECHEM_SWEEP : AS_ECHEM_HOLD;
}

static as_status emit_cycle(as_parse *job, reading *r, as_run *run, double cycle, const as_where *at)
{
    r->n_rows += run->rows.n;
    as_table *t = as_echem_table(job, run, r->head, kind_of(r->technique), at);
    if (!t) return AS_ERR;
    if (isnan(r->cycle) && isfinite(r->rows) && (double)r->n_rows != r->rows)
        as_warn(job->ctx, t, at, "%zu rows, expected %g as the head says", r->n_rows, r->rows);
    as_warn_if_cut(job, t, false);
    if (isfinite(cycle)) AS_TRY(as_set_number(job->ctx, t, "cycle", cycle, NAN, AS_UNITLESS, at));
    r->n_series++;
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line names, line;
    as_run run = { 0 };
    as_more more;
    double last = NAN;
    reading r = { .head = as_table_new(job->ctx, 0), .rows = NAN };
    if (!r.head) return AS_ERR;
    if (is_studio((const char *)job->in->data)) AS_TRY(read_studio(job, &r, &it, &names));
    else AS_TRY(read_head(job, &r, &it, &names));
    if (!r.technique) r.technique = "";
    AS_TRY(as_set_text(job->ctx, r.head, "technique_name", r.technique, &names.where));
    if (r.comment) AS_TRY(as_set_text(job->ctx, r.head, "comment", r.comment, &names.where));
    AS_TRY(read_names(job, &run, &names));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        AS_TRY(cut_mark(job, &r, &line));
        if (line.length) AS_TRY(as_run_add(job, &run, &it, &line));
        if (!isfinite(r.cycle) || !run.rows.n) continue;
        last = r.cycle;
        AS_TRY(emit_cycle(job, &r, &run, last, &names.where));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (run.rows.n || !r.n_series) AS_TRY(emit_cycle(job, &r, &run, last + 1, &names.where));
    return AS_OK;
}

static const char *const suffixes[] = { "cor", "txt", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a voltammogram", "assay read tests/corpus/echem/corrware.cor" }, { 0 } };
static const char *const see_also[] = { "zview", "versastudio-par", NULL };

const as_parser as_parser_corrware = {
    .name = "corrware",
    .title = "Scribner CorrWare and CorrTest text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files and open readers",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read measurements of CorrWare, CorrTest and CS Studio",
             .description = "Text: `CORRW ASCII`, keys, the names of the columns, `End Comments`, rows. Cycles that "
                            "CorrTest marks are a series each, numbered in `cycle`. Of files of CS Studio the packed "
                            "head, which has the settings, is not read.",
             .examples = examples,
             .see_also = see_also },
};
