/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two texts of battery cyclers. Maccor: "Name:<tab>value" lines, names from Rec on, rows parted by
 * tabs. PEC: "key:,value" lines, names from Test,Cell on, rows parted by commas, times as
 * hours:minutes:seconds with thousandths.
 */
#include <string.h>

#include "echem.h"
#include "spectrum.h"
#include "text_end.h"

static const as_known known[] = {
    { "Name", "sample", NULL },        { "Tester", "instrument", NULL },
    { "Description", "comment", NULL }, { "Operator", "operator", NULL },
    { "Part Name", "sample", NULL },   { "Comment/Barcode", "comment", NULL },
};

static bool is_maccor_names(const char *text)
{
    return as_starts(text, "Rec\tCycle") || as_starts(text, "Rec#\tCyc") || as_starts(text, "Rec\tCyc");
}

static bool is_pec_names(const char *text)
{
    return as_starts(text, "Test,Cell,");
}

/* A line that begins so, within the head of the file. */
static bool has_line(const char *head, bool (*is)(const char *))
{
    for (const char *at = head; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (is(at)) return true;
    }
    return false;
}

static int maccor_probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && strstr(head, "Rec") && has_line(head, is_maccor_names) ? AS_PROBE_LIKELY
                                                                                : AS_PROBE_NO;
}

static int pec_probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !strstr(head, "TestRegime")) return AS_PROBE_NO;
    return has_line(head, is_pec_names) ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

typedef struct {
    char separator;
    bool (*is_names)(const char *);
    as_table *head;
    as_run run;
} reading;

/* "Today's Date 04/04/2016  Date of Test:<tab>03/31/2016<tab> Filename:<tab>C:\a.001 Procedure: Form.000
 * <tab>Comment/Barcode: cell 7": all in one line, each value up to the next name. */
static as_status read_joined_keys(as_parse *job, reading *r, const as_line *line)
{
    static const char *const names[] = { "Date of Test:", "Filename:", "Procedure:", "Comment/Barcode:" };
    as_ctx *ctx = job->ctx;
    for (size_t i = 0; i < AS_COUNT(names); i++) {
        const char *at = strstr(line->text, names[i]);
        if (!at) continue;
        at += strlen(names[i]);
        const char *end = line->text + line->length;
        for (size_t k = 0; k < AS_COUNT(names); k++) {
            const char *next = strstr(at, names[k]);
            if (next && next < end) end = next;
        }
        const char *key = as_strndup(as_scratch(ctx), names[i], strlen(names[i]) - 1);
        const char *value = as_trim(as_scratch(ctx), at, (size_t)(end - at));
        if (!key || !value) return AS_ERR;
        if (*value)
            AS_TRY(as_set_measure(ctx, r->head, known, AS_COUNT(known), key, value, &line->where));
    }
    return AS_OK;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    if (as_starts(line->text, "Today's Date")) return read_joined_keys(job, r, line);
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, r->separator, &f, &n));
    if (n < 2 || !f[1].length) return AS_OK;
    size_t length = f[0].length;
    if (length > 0 && f[0].text[length - 1] == ':') length--;
    const char *key = as_trim(as_scratch(job->ctx), f[0].text, length);
    const char *value = as_trim(as_scratch(job->ctx), line->text + f[1].at, line->length - f[1].at);
    if (!key || !value) return AS_ERR;
    if (strcmp(value, "<NONE>") == 0) return AS_OK; /* not entered */
    if (strcmp(key, "Started") == 0 || strcmp(key, "Start Time") == 0)
        return as_set_measured(job->ctx, r->head, value, false, &line->where);
    return as_set_measure(job->ctx, r->head, known, AS_COUNT(known), key, value, &line->where);
}

static as_status read_all(as_parse *job, reading *r, as_where *at)
{
    as_lines it = { .in = job->in, .separator = r->separator };
    as_line line = { 0 };
    as_more more;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (r->run.n) {
            if (r->separator == '\t' && strchr(line.text, ',')) it.decimal = ',';
            AS_TRY(as_run_add(job, &r->run, &it, &line));
        } else if (r->is_names(line.text)) {
            *at = line.where;
            AS_TRY(as_run_head_lines(job->ctx, &r->run, &line, NULL, r->separator, &as_echem_names));
            static const char *const test[] = { "test", NULL }; /* "Test (Sec)" of Maccor */
            static const char *const place[] = { "position", NULL }; /* in the rack of PEC */
            if (r->separator == '\t') as_echem_rename(&r->run, test, "time");
            else as_echem_rename(&r->run, place, "shelf_position");
        } else {
            AS_TRY(read_key(job, r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r->run.n) return AS_OK;
    return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before the names of its columns");
}

static as_status maccor_parse(as_parse *job)
{
    as_where at = { .file = job->in->name };
    reading r = { .separator = '\t', .is_names = is_maccor_names, .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    AS_TRY(read_all(job, &r, &at));
    as_table *t = as_echem_table(job, &r.run, r.head, AS_ECHEM_TIME, &at);
    if (!t) return AS_ERR;
    AS_TRY(as_echem_time_unit(job->ctx, t, "dpt_time"));
    const as_column *clock = as_find_name(t, "dpt_time");
    if (clock && clock->type == AS_TEXT && clock->v.s[0] && !as_get_meta(t, "measured")) {
        const as_meta *day = as_get_meta(t, "vendor.Date of Test"); /* of a clock without dates */
        const char *text = day && !strpbrk(clock->v.s[0], "/-.")
                               ? as_format(as_scratch(job->ctx), "%s %s", day->text, clock->v.s[0])
                               : clock->v.s[0];
        if (!text) return AS_ERR;
        AS_TRY(as_set_measured(job->ctx, t, text, false, &at));
    }
    as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

static as_status pec_parse(as_parse *job)
{
    as_where at = { .file = job->in->name };
    reading r = { .separator = ',', .is_names = is_pec_names, .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    AS_TRY(read_all(job, &r, &at));
    return as_emit_echem(job, &r.run, r.head, AS_ECHEM_TIME, &at);
}

static const char *const maccor_suffixes[] = { "txt", NULL };
static const char *const pec_suffixes[] = { "csv", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example maccor_examples[] = {
    { "a cell at rest and charged", "assay read tests/corpus/echem/maccor.txt" }, { 0 }
};
static const as_example pec_examples[] = {
    { "times as hours and minutes", "assay read tests/corpus/echem/pec.csv" }, { 0 }
};
static const char *const see_also[] = { "biologic-mpt", "delimited", NULL };

const as_parser as_parser_maccor = {
    .name = "maccor-txt",
    .title = "Maccor battery cycler text",
    .suffixes = maccor_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = maccor_probe,
    .parse = maccor_parse,
    .doc = { .summary = "read text exported by Maccor cyclers",
             .description = "Lines of name and value, names from Rec on, rows parted by tabs, point or "
                            "comma as decimal sign. The unit of the test time is not written; it is "
                            "taken from the clock beside it (DPT Time) where that decides. Currents "
                            "have no sign; the column `md` tells charge (C), discharge (D) and rest "
                            "(R).",
             .examples = maccor_examples,
             .see_also = see_also },
};

const as_parser as_parser_pec = {
    .name = "pec-csv",
    .title = "PEC battery cycler CSV",
    .suffixes = pec_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = pec_probe,
    .parse = pec_parse,
    .doc = { .summary = "read CSV exported by PEC cyclers",
             .description = "Lines of key and value, names from Test on, rows parted by commas. Total "
                            "time, written hh:mm:ss, becomes seconds.",
             .examples = pec_examples,
             .see_also = see_also },
};
