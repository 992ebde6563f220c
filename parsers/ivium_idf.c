/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IviumSoft .idf: strings of "key=value" lines between binary counts, then "primary_data", the
 * number of columns, the number of points, and the rows. Only impedances are read: Z', Z'',
 * frequency; what stands in the columns of other methods is not known to us.
 */
#include <string.h>

#include "echem.h"
#include "number.h"

enum { WIDTH = 3 };

static const unsigned char *find(const as_input *in, size_t from, const char *text)
{
    const size_t n = strlen(text);
    while (from + n <= in->size) {
        const unsigned char *hit = memchr(in->data + from, text[0], in->size - from - n + 1);
        if (!hit) return NULL;
        if (memcmp(hit, text, n) == 0) return hit;
        from = (size_t)(hit - in->data) + 1;
    }
    return NULL;
}

static int probe(const as_probe *p)
{
    const as_input head = { .data = p->head, .size = p->size };
    return find(&head, 0, "starttime=") && find(&head, 0, "Method=") && find(&head, 0, "\nPeaks=")
               ? AS_PROBE_MAGIC
               : AS_PROBE_NO;
}

/* The value behind "\nKEY=", in scratch; "" when there is none. */
static const char *value_of(as_parse *job, const char *key)
{
    const char *marked = as_format(as_scratch(job->ctx), "\n%s=", key);
    const unsigned char *at = marked ? find(job->in, 0, marked) : NULL;
    if (!marked || !at) return marked ? "" : NULL;
    const char *text = (const char *)at + strlen(marked);
    return as_trim(as_scratch(job->ctx), text, strcspn(text, "\r\n"));
}

static as_status set_value(as_parse *job, as_table *t, const char *key, const char *meta)
{
    const char *value = value_of(job, key);
    if (!value) return AS_ERR;
    return *value ? as_set_meta(job->ctx, t, meta, value, NULL, NULL) : AS_OK;
}

static as_status need_count(as_parse *job, as_lines *it, const char *what, double *out)
{
    as_line line;
    AS_TRY(as_need_line(job->ctx, it, &line, what));
    if (as_read_number(line.text, line.length, '.', out)) return AS_OK;
    return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %s", line.text, what);
}

static as_status parse(as_parse *job)
{
    static const char *const names[] = { "Z' (Ohm)", "Z'' (Ohm)", "Frequency (Hz)" };
    const as_where at = { .file = job->in->name };
    as_run run = { 0 };
    double columns, points;
    as_table *head = as_table_new(job->ctx, 0);
    const char *method = value_of(job, "Method");
    if (!head || !method) return AS_ERR;
    if (!as_same(method, "Impedance")) {
        (void)!as_fail(job->ctx, AS_E_FORMAT, &at,
                       "an Ivium file of the method '%s'; only Impedance is supported", method);
        return as_while(job->ctx, "hint: columns of numbers, exported as text, are read under one heading");
    }
    const unsigned char *data = find(job->in, 0, "primary_data");
    if (!data) return as_fail(job->ctx, AS_E_TRUNCATED, &at, "the file ends before primary_data");
    as_lines it = { .in = job->in, .at = (size_t)(data - job->in->data) };
    as_line line;
    AS_TRY(as_need_line(job->ctx, &it, &line, "primary_data"));
    AS_TRY(need_count(job, &it, "the number of columns", &columns));
    AS_TRY(need_count(job, &it, "the number of points", &points));
    if (columns != WIDTH || !(points >= 1 && points <= (double)job->in->size))
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "%g columns of %g points, expected 3 columns", columns,
                       points);
    AS_TRY(as_run_heads(job->ctx, &run, WIDTH, names, NULL, &as_echem_names));
    for (double i = 0; i < points; i++) {
        AS_TRY(as_need_line(job->ctx, &it, &line, "the next point"));
        AS_TRY(as_run_add(job, &run, &it, &line));
    }
    AS_TRY(set_value(job, head, "Title", "sample"));
    AS_TRY(set_value(job, head, "Method", "technique_name"));
    AS_TRY(set_value(job, head, "starttime", "measured"));
    AS_TRY(set_value(job, head, "software", "software"));
    as_table *t = as_echem_table(job, &run, head, AS_ECHEM_IMPEDANCE, &at);
    return t ? as_emit(job->out, job->ctx, t) : AS_ERR;
}

static const char *const suffixes[] = { "idf", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a spectrum", "assay read tests/corpus/echem/ivium.idf" },
                                       { 0 } };
static const char *const see_also[] = { "palmsens", NULL };

const as_parser as_parser_ivium_idf = {
    .name = "ivium-idf",
    .title = "Ivium IDF",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read impedance spectra of IviumSoft",
             .description = "Lines of key and value between binary counts, then `primary_data`, the "
                            "numbers of columns and points, and rows of Z', Z'' and frequency. Other "
                            "methods are named and refused.",
             .examples = examples,
             .see_also = see_also },
};
