/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of TA Instruments Universal Analysis and Thermal Advantage: "CLOSED", lines of key and
 * value, Nsig and Sig1 ... as the columns, then rows behind StartOfData or a form feed. A row whose
 * first value is a whole negative number is an event of the method, no point.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "thermal.h"

enum { MOST_SIGNALS = 32 };

static const as_known known[] = {
    { "Sample", "sample", NULL },      { "Instrument", "instrument", NULL },
    { "Operator", "operator", NULL },  { "Comment", "comment", NULL },
    { "Size", "sample_mass", "mg" },
};

typedef struct {
    as_table *head;
    const char *signal[MOST_SIGNALS], *date;
    size_t n_signals;
    as_rate rate;
    as_run run;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "CLOSED")) return AS_PROBE_NO;
    return strstr(head, "\nNsig\t") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

/* "Pan: Platinum", "Gas1: Nitrogen", more than one behind another in a line. */
static as_status read_remark(as_parse *job, as_table *head, const char *text, const as_where *at)
{
    const char *pan = as_find_text(text, "Pan:"), *gas = as_find_text(text, "Gas1:");
    AS_TRY(as_set_vendor(job->ctx, head, "Xcomment", text, at));
    if (pan) {
        size_t n = strcspn(pan + 4, ",;");
        if (gas && gas > pan && (size_t)(gas - pan - 4) < n) n = (size_t)(gas - pan - 4);
        const char *value = as_trim(as_scratch(job->ctx), pan + 4, n);
        if (!value) return AS_ERR;
        AS_TRY(as_set_text(job->ctx, head, "crucible", value, at));
    }
    if (!gas) return AS_OK;
    const char *next = as_find_text(gas, "Gas2:");
    const char *value = as_trim(as_scratch(job->ctx), gas + 5,
                                next ? (size_t)(next - gas - 5) : strlen(gas + 5));
    return value ? as_set_text(job->ctx, head, "atmosphere", value, at) : AS_ERR;
}

static as_status read_signal(as_parse *job, reading *r, const as_pair *pair, const as_where *at)
{
    double number;
    if (strcmp(pair->key, "Nsig") == 0) {
        if (!as_read_number(pair->value, strlen(pair->value), '.', &number) ||
            !(number >= 2 && number <= MOST_SIGNALS))
            return as_fail(job->ctx, AS_E_SYNTAX, at, "'%s' signals, expected 2 to %d", pair->value,
                           MOST_SIGNALS);
        r->n_signals = (size_t)number;
        return AS_OK;
    }
    const size_t used = as_scan_number(pair->key + 3, strlen(pair->key + 3), '.', &number);
    if (!used || pair->key[3 + used] || !(number >= 1 && number <= MOST_SIGNALS)) return AS_OK;
    r->signal[(size_t)number - 1] = pair->value;
    return AS_OK;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    as_pair pair;
    AS_TRY(as_split(ctx, line, '\t', &pair));
    if (!pair.value[0]) return AS_OK;
    const char *value = as_mend_degree(ctx, pair.value);
    if (!value) return AS_ERR;
    if (strcmp(pair.key, "Nsig") == 0 || as_starts(pair.key, "Sig"))
        return read_signal(job, r, &pair, &line->where);
    if (strcmp(pair.key, "Xcomment") == 0) return read_remark(job, r->head, value, &line->where);
    if (strcmp(pair.key, "OrgMethod") == 0) as_rate_in(&r->rate, value);
    if (strcmp(pair.key, "Exotherm") == 0)
        return as_set_text(ctx, r->head, "exo_direction", as_same(value, "Up") ? "up" : "down",
                           &line->where);
    if (strcmp(pair.key, "Date") == 0) r->date = value;
    if (strcmp(pair.key, "Time") == 0 && r->date) {
        value = as_format(as_scratch(ctx), "%s %s", r->date, value);
        return value ? as_set_measured(ctx, r->head, value, false, &line->where) : AS_ERR;
    }
    return as_set_measure(ctx, r->head, known, AS_COUNT(known), pair.key, value, &line->where);
}

static bool is_event(double first)
{
    return first < 0 && first == floor(first);
}

static as_status read_rows(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    double segment = 1, v[MOST_SIGNALS];
    bool fresh = true; /* nothing since the last event */
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (line.text[0] == '\f') {
            line.text++;
            line.length--;
        }
        if (line.length == 0) continue;
        const size_t n = as_line_numbers(it, &line, MOST_SIGNALS, v);
        if (n > 0 && is_event(v[0])) {
            if (!fresh) segment++;
            fresh = true;
            continue;
        }
        fresh = false;
        r->run.segment = segment;
        AS_TRY(as_run_add(job, &r->run, it, &line));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
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
    as_lines before = it;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.text[0] == '\f') {
            it = before; /* the first row stands in this line */
            break;
        }
        if (as_starts(line.text, "StartOfData")) break;
        if (line.length) AS_TRY(read_key(job, r, &line));
        before = it;
    }
    if (more == AS_FAILED) return AS_ERR;
    const as_where at = line.where;
    if (more == AS_DONE || r->n_signals == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "no %s, expected StartOfData behind Nsig",
                       more == AS_DONE ? "StartOfData" : "Nsig");
    for (size_t i = 0; i < r->n_signals; i++)
        if (!r->signal[i])
            return as_fail(job->ctx, AS_E_SYNTAX, &at, "no line Sig%zu, but Nsig is %zu", i + 1,
                           r->n_signals);
    AS_TRY(as_run_heads(job->ctx, &r->run, r->n_signals, r->signal, NULL, &as_thermal_names));
    AS_TRY(as_set_rate(job->ctx, r->head, &r->rate, NULL));
    AS_TRY(read_rows(job, r, &it));
    return as_emit_thermal(job, &r->run, r->head, &at);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = {
    { "two heating runs, told apart by the rows of events",
      "assay read tests/corpus/thermal/universal-analysis.txt" },
    { 0 }
};
static const char *const see_also[] = { "trios-txt", NULL };

const as_parser as_parser_ta_ua = {
    .name = "ta-universal-analysis",
    .title = "TA Instruments Universal Analysis text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text exported by TA Universal Analysis or Thermal Advantage",
             .description =
                 "UTF-16 or 8-bit text: `CLOSED`, lines of key and value parted by a tab, `Nsig` and "
                 "`Sig1` ... name the columns. The rows begin behind `StartOfData` or a form feed.\n\n"
                 "Rows that begin with a whole negative number mark events of the method; they are "
                 "left out and part the rows into segments (column `segment`).",
             .examples = examples,
             .see_also = see_also },
};
