/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of Setaram Calisto: title, "Creation Date : ...", for each signal its mass, the head of the
 * columns from Index on, rows. Columns are parted by semicolons or padded; names hold blanks, so a
 * padded head is cut where the fields of the first row begin.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "spectrum.h"
#include "thermal.h"

enum { MOST_NAMES = 32 };

static const as_known known[] = {
    { "User", "operator", NULL },
    { "Initial Mass", "sample_mass", "mg" },
};

static const as_alias aliases[] = {
    { "index", "index", NULL, 0, false },
    { "time", "time", "s", 0, false },
    { "sample", "temperature", "degC", 0, false },
    { "sampletemperature", "temperature", "degC", 0, false },
    { "furnace", "furnace_temperature", "degC", 0, false },
    { "furnacetemperature", "furnace_temperature", "degC", 0, false },
    { "tg", "mass", "mg", 0, false },
    { "heatflow", "heat_flow", "mW", 0, false },
};
static const as_names names = { AS_COUNT(aliases), aliases };

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    const char *date = strstr(head, "\nCreation Date : "), *index = strstr(head, "\nIndex");
    return date && index && as_find_text(index, "Time") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* The byte at which character `n` of the text stands. */
static size_t byte_of(const char *text, size_t n)
{
    size_t at = 0;
    for (; text[at] && n > 0; n--) {
        at++;
        while (((unsigned char)text[at] & 0xc0) == 0x80) at++;
    }
    return at;
}

static as_status read_padded(as_parse *job, as_run *run, const as_line *head, const as_lines *it)
{
    as_lines ahead = *it;
    as_line row;
    as_field *f;
    size_t n;
    const char *name[MOST_NAMES];
    AS_TRY(as_need_line(job->ctx, &ahead, &row, "the first row"));
    AS_TRY(as_fields(job->ctx, &row, 0, &f, &n));
    if (n < 3 || n > MOST_NAMES)
        return as_fail(job->ctx, AS_E_SYNTAX, &row.where, "%zu values, expected 3 to %d", n, MOST_NAMES);
    for (size_t i = 0; i < n; i++) {
        const size_t from = byte_of(head->text, f[i].at);
        const size_t to = i + 1 < n ? byte_of(head->text, f[i + 1].at) : head->length;
        name[i] = as_trim(as_scratch(job->ctx), head->text + from, to - from);
        if (!name[i]) return AS_ERR;
        if (!name[i][0] || (from > 0 && head->text[from - 1] != ' '))
            return as_fail(job->ctx, AS_E_SYNTAX, &head->where,
                           "no name stands over value %zu of the first row", i + 1);
    }
    return as_run_heads(job->ctx, run, n, name, NULL, &names);
}

static as_status read_key(as_parse *job, as_table *head, const as_line *line, bool first)
{
    as_pair pair;
    if (first) {
        const char *title = as_trim(as_scratch(job->ctx), line->text, line->length);
        return title ? as_set_text(job->ctx, head, "sample", title, &line->where) : AS_ERR;
    }
    AS_TRY(as_split(job->ctx, line, ':', &pair));
    const char *value = pair.value + (pair.value[0] == ':');
    if (strcmp(pair.key, "Zone Start Time") == 0 ||
        (strcmp(pair.key, "Creation Date") == 0 && !as_get_meta(head, "measured")))
        AS_TRY(as_set_measured(job->ctx, head, value, false, &line->where));
    if (strcmp(pair.key, "Initial Mass") == 0 && (value[0] == '0' || as_get_meta(head, "sample_mass")) &&
        !strpbrk(value, "123456789"))
        return AS_OK; /* 0 mg: not entered */
    return as_set_measure(job->ctx, head, known, AS_COUNT(known), pair.key, value, &line->where);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    as_run run = { 0 };
    as_convention c;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "Index")) break;
        if (line.length) AS_TRY(read_key(job, head, &line, it.number == 1));
    }
    if (more != AS_ITEM)
        return more == AS_FAILED ? AS_ERR
                                 : as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                                           "the file ends before its columns (Index)");
    const as_where at = line.where;
    AS_TRY(as_convention_of(job->ctx, job->in, it.number + 1, 0, &c));
    it.decimal = c.decimal;
    if (strchr(line.text, ';')) {
        it.separator = ';';
        AS_TRY(as_run_head_lines(job->ctx, &run, &line, NULL, ';', &names));
    } else {
        AS_TRY(read_padded(job, &run, &line, &it));
    }
    AS_TRY(as_run_rest(job, &run, &it, 0, NULL));
    return as_emit_thermal(job, &run, head, &at);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "padded columns with decimal commas",
                                         "assay read tests/corpus/thermal/calisto.txt" },
                                       { 0 } };
static const char *const see_also[] = { "delimited", NULL };

const as_parser as_parser_setaram = {
    .name = "setaram-calisto",
    .title = "Setaram Calisto text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text exported by Setaram Calisto",
             .description =
                 "Text, mostly UTF-16: a title, `Creation Date`, for each signal its `Initial Mass`, "
                 "the columns from `Index` on, padded or parted by semicolons, decimal point or "
                 "comma. TG is the reading of the balance in mg, not the sample's mass.",
             .examples = examples,
             .see_also = see_also },
};
