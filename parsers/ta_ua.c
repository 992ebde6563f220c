/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TA Instruments Universal Analysis and Thermal Advantage: "CLOSED", lines of key and value, Nsig
 * and Sig1 ... as the columns, then rows behind StartOfData or a form feed. In the files that the
 * instrument writes itself (.001) the header is UTF-16 and what follows the form feed binary: a byte
 * with the number of signals, records of 32-bit floats, one that begins with -100 at the end. A row
 * whose first value is a whole negative number is an event of the method, no point.
 */
#include <math.h>
#include <string.h>

#include "calendar.h"
#include "number.h"
#include "spectrum.h"
#include "thermal.h"

enum { MOST_SIGNALS = 32 };

static const as_known known[] = {
    { "Sample", "sample", NULL },      { "Instrument", "instrument", NULL },
    { "Operator", "operator", NULL },  { "Comment", "comment", NULL },
    { "Size", "sample_mass", "mg" },   { "InstSerial", "serial_number", NULL },
};

typedef struct {
    as_table *head;
    const char *signal[MOST_SIGNALS], *date;
    size_t n_signals;
    const char *gas[3], *sample_gas; /* "Gas1:", "Gas2:" behind 0; what flowed over the sample */
    size_t channel;                  /* that the controls name; 0: none */
    as_rate rate;
    as_run run;
} reading;

/* The header in UTF-16, of a file that is no text as a whole. */
static int probe_binary(const as_probe *p)
{
    static const char *const states[] = { "CLOSED", "OPEN" };
    for (size_t i = 0; i < AS_COUNT(states); i++) {
        const size_t n = strlen(states[i]);
        bool same = p->size > 2 + 2 * n && p->head[0] == 0xff && p->head[1] == 0xfe;
        for (size_t k = 0; same && k < n; k++)
            same = p->head[2 + 2 * k] == (unsigned char)states[i][k] && p->head[3 + 2 * k] == 0;
        if (same && p->head[2 + 2 * n] == '\r') return AS_PROBE_MAGIC;
    }
    return AS_PROBE_NO;
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return probe_binary(p);
    if (!as_starts(head, "CLOSED") && !as_starts(head, "OPEN") && !as_starts(head, "Version\t"))
        return AS_PROBE_NO;
    return strstr(head, "\nNsig\t") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

/* What stands behind a word of a remark, up to the next: "Pan: Platinum  Gas1: Nitrogen". NULL: not there. */
static as_status said(as_ctx *ctx, const char *text, const char *word, const char **out)
{
    static const char *const words[] = { "Pan:", "Gas1:", "Gas2:", "Sample Gas:", "Balance Gas:" };
    const char *at = as_find_text(text, word);
    if (!at) return AS_OK;
    at += strlen(word);
    size_t n = strlen(at);
    for (size_t i = 0; i < AS_COUNT(words); i++) {
        const char *next = as_find_text(at, words[i]);
        if (next && (size_t)(next - at) < n) n = (size_t)(next - at);
    }
    *out = as_trim(as_scratch(ctx), at, n);
    return *out ? AS_OK : AS_ERR;
}

/* "Pan: Platinum", "Gas1: Nitrogen", more than one behind another in a line. */
static as_status read_remark(as_parse *job, reading *r, const char *text, const as_where *at)
{
    as_ctx *ctx = job->ctx;
    const char *pan = NULL;
    AS_TRY(as_set_vendor(ctx, r->head, "Xcomment", text, at));
    AS_TRY(said(ctx, text, "Pan:", &pan));
    AS_TRY(said(ctx, text, "Gas1:", &r->gas[1]));
    AS_TRY(said(ctx, text, "Gas2:", &r->gas[2]));
    AS_TRY(said(ctx, text, "Sample Gas:", &r->sample_gas));
    if (!pan) return AS_OK;
    pan = as_trim(as_scratch(ctx), pan, strcspn(pan, ",;"));
    return pan ? as_set_text(ctx, r->head, "crucible", pan, at) : AS_ERR;
}

/* The gas over the sample where the remarks tell it, else that of the channel in use, else of the first. */
static as_status set_gas(as_parse *job, const reading *r)
{
    const char *gas = r->sample_gas ? r->sample_gas : r->gas[r->channel ? r->channel : 1];
    return gas && *gas ? as_set_atmosphere(job->ctx, r->head, gas, NULL) : AS_OK;
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

/* "25-Jan-17 17:45": day, month and the end of the year, where the month is a word. */
static as_status set_date(as_ctx *ctx, as_table *head, const char *text, const as_where *at)
{
    const char *iso = NULL;
    bool whole;
    const bool word = strlen(text) > 6 && strcspn(text, "-") == 2 && text[3] >= 'A' && text[6] == '-';
    if (word) AS_TRY(as_iso_date(ctx, text, AS_DATE_DAY_FIRST, &iso, &whole));
    return iso ? as_set_meta(ctx, head, "measured", iso, NULL, at) : as_set_measured(ctx, head, text, false, at);
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
    if (strcmp(pair.key, "Xcomment") == 0) return read_remark(job, r, value, &line->where);
    if (strcmp(pair.key, "OrgMethod") == 0) AS_TRY(as_programme_in(ctx, &r->rate, value));
    if (strcmp(pair.key, "Controls") == 0 && as_starts(value, "Gas 1")) r->channel = 1;
    if (strcmp(pair.key, "Controls") == 0 && as_starts(value, "Gas 2")) r->channel = 2;
    if (strcmp(pair.key, "Exotherm") == 0)
        return as_set_text(ctx, r->head, "exo_direction", as_same(value, "Up") ? "up" : "down",
                           &line->where);
    if (strcmp(pair.key, "Date") == 0) r->date = value;
    if (strcmp(pair.key, "Time") == 0 && r->date) {
        value = as_format(as_scratch(ctx), "%s %s", r->date, value);
        return value ? set_date(ctx, r->head, value, &line->where) : AS_ERR;
    }
    return as_set_measure(ctx, r->head, known, AS_COUNT(known), pair.key, value, &line->where);
}

static bool is_event(double first)
{
    return first < 0 && first == floor(first);
}

/* --- the instrument's own file -------------------------------------------------------- */
/* Where the byte behind the form feed stands; 0: rows of text follow, or nothing. */
static size_t binary_start(const as_input *in)
{
    const unsigned char *raw = in->raw;
    if (in->raw_size < 4 || raw[0] != 0xff || raw[1] != 0xfe) return 0;
    for (size_t i = 2; i + 2 < in->raw_size; i += 2)
        if (raw[i] == '\f' && raw[i + 1] == 0)
            return raw[i + 2] >= 2 && raw[i + 2] <= MOST_SIGNALS && !strchr("\t\n\r ", raw[i + 2])
                       ? i + 2 : 0;
    return 0;
}

static as_status read_records(as_parse *job, reading *r, const as_input *in, size_t start)
{
    as_ctx *ctx = job->ctx;
    const as_input values = { .name = in->name, .data = in->raw + start + 1,
                              .size = in->raw_size - start - 1 };
    const size_t width = r->n_signals, record = 4 * width, n = values.size / record;
    const as_where at = { .file = in->name };
    bool fresh = true, ended = false;
    if (in->raw[start] != width)
        return as_fail(ctx, AS_E_SYNTAX, &at, "records of %u signals, but Nsig is %zu",
                       (unsigned)in->raw[start], width);
    double *v = AS_NEW_N(as_scratch(ctx), double, n * width + 1);
    if (!v) return AS_ERR;
    AS_TRY(as_numbers_at(ctx, &values, 0, n * width, 0, AS_F32LE, v, "records"));
    r->run.segment = 1;
    for (size_t i = 0; i < n && !ended; i++) {
        const double *row = v + i * width;
        ended = row[0] == -100;
        if (ended) break;
        if (is_event(row[0])) {
            if (!fresh) r->run.segment++;
            fresh = true;
            continue;
        }
        fresh = false;
        AS_TRY(as_run_add_cells(ctx, &r->run, width, row, NULL, 0));
    }
    if (!ended && values.size % record)
        return as_fail(ctx, AS_E_TRUNCATED, &at, "the file ends within a record of %zu signals", width);
    if (!ended) as_warn(ctx, NULL, &at, "no record that ends the data: the file may be cut");
    return AS_OK;
}

/* The signals that Sig1 ... name become the columns. */
static as_status begin_rows(as_parse *job, reading *r, const as_where *at)
{
    for (size_t i = 0; i < r->n_signals; i++)
        if (!r->signal[i])
            return as_fail(job->ctx, AS_E_SYNTAX, at, "no line Sig%zu, but Nsig is %zu", i + 1,
                           r->n_signals);
    AS_TRY(as_run_heads(job->ctx, &r->run, r->n_signals, r->signal, NULL, &as_thermal_names));
    AS_TRY(set_gas(job, r));
    return as_set_rate(job->ctx, r->head, &r->rate, NULL);
}

static as_status parse_binary(as_parse *job, reading *r, size_t start)
{
    const as_input *in = job->in;
    as_lines it = { 0 };
    as_line line = { 0 };
    as_more more;
    AS_TRY(as_input_of_bytes(job->ctx, in->name, in->raw, start - 2, &job->in)); /* the header */
    it.in = job->in;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM)
        if (line.length) AS_TRY(read_key(job, r, &line));
    if (more == AS_FAILED) return AS_ERR;
    if (r->n_signals == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the header ends before Nsig");
    AS_TRY(begin_rows(job, r, &line.where));
    AS_TRY(read_records(job, r, in, start));
    return as_emit_thermal(job, &r->run, r->head, &line.where);
}

/* --- text -------------------------------------------------------------------------------- */
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
    const size_t start = binary_start(job->in);
    AS_TRY(as_western_text(job));
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->head = as_table_new(job->ctx, 0);
    if (!r->head) return AS_ERR;
    if (start) return parse_binary(job, r, start);
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
    AS_TRY(begin_rows(job, r, &at));
    AS_TRY(as_find_decimal(job, &it, &r->run));
    AS_TRY(read_rows(job, r, &it));
    return as_emit_thermal(job, &r->run, r->head, &at);
}

static const char *const suffixes[] = { "txt", "001", "002", "003", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = {
    { "two heating runs, told apart by the rows of events",
      "assay read tests/corpus/thermal/universal-analysis.txt" },
    { 0 }
};
static const char *const see_also[] = { "trios-txt", NULL };

const as_parser as_parser_ta_ua = {
    .name = "ta-universal-analysis",
    .title = "TA Instruments Universal Analysis, text and .001",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files; .001 from public layout notes",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read files of TA Universal Analysis and Thermal Advantage",
             .description =
                 "UTF-16 or 8-bit text: `CLOSED`, lines of key and value parted by a tab, `Nsig` and "
                 "`Sig1` ... name the columns. The rows begin behind `StartOfData` or a form feed. The "
                 "instrument's own files (.001) have the same header and records of 32-bit floats "
                 "behind the form feed.\n\n"
                 "Rows that begin with a whole negative number mark events of the method; they are "
                 "left out and part the rows into segments (column `segment`).",
             .examples = examples,
             .see_also = see_also },
};
