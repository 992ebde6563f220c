/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text export of Netzsch Proteus: lines "#KEY:value", the head of the columns behind "##", rows.
 * #DECIMAL and #SEPARATOR say how numbers are written; without keys the lines show it.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "number.h"
#include "spectrum.h"
#include "thermal.h"

static const as_known known[] = {
    { "SAMPLE", "sample", NULL },
    { "SAMPLE MASS /mg", "sample_mass", "mg" },
    { "REFERENCE MASS /mg", "reference_mass", "mg" },
    { "INSTRUMENT", "instrument", NULL },
    { "OPERATOR", "operator", NULL },
    { "REMARK", "comment", NULL },
    { "TYPE OF CRUCIBLE", "crucible", NULL },
    { "SAMPLE CRUCIBLE MASS /mg", "crucible_mass", "mg" },
};

enum { MOST_KEYS = 256, MOST_CURVES = 32 };

typedef struct {
    as_table *head;
    as_rate rate;
    as_run run;
} curve;

typedef struct {
    as_line key[MOST_KEYS];
    size_t n_keys, n_curves, width; /* width: columns of one curve */
    char separator, decimal;
    curve curve[MOST_CURVES];
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (as_starts(head, "#EXPORTTYPE")) return AS_PROBE_VERIFIED;
    if (as_starts(head, "##Temp.") || as_starts(head, "##Time/")) return AS_PROBE_LIKELY;
    if (head[0] == '#' && (strstr(head, "\n#FORMAT:NETZSCH") || strstr(head, "NETZSCH5")))
        return AS_PROBE_MAGIC;
    const bool names = strstr(head, "\n##Temp.") || strstr(head, "\n##Time/");
    return head[0] == '#' && names ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* A line without anything; a spreadsheet fills the lines between with separators. */
static bool is_empty(const as_line *line)
{
    return line->text[strspn(line->text, " \t,;")] == '\0';
}

/* The value of a key, of DATA COMPARE that of curve `which` of `n`. In scratch. */
static const char *value_of(as_ctx *ctx, const char *value, size_t which, size_t n)
{
    value += strspn(value, ";,\t ");
    for (size_t i = 0; n > 1 && i < which && strchr(value, '\t'); i++)
        value = strchr(value, '\t') + 1;
    size_t length = n > 1 ? strcspn(value, "\t") : strlen(value);
    while (length > 0 && strchr(" ;,\t", value[length - 1])) length--;
    const char *own = as_trim(as_scratch(ctx), value, length);
    return own ? as_mend_degree(ctx, own) : NULL;
}

/* "NITROGEN,250,0 ml/min": the first purge gas and the most that its controller gives. */
static as_status set_purge(as_ctx *ctx, as_table *head, const char *value, const as_where *at)
{
    if (as_get_meta(head, "atmosphere")) return AS_OK;
    const char *gas = as_strndup(as_scratch(ctx), value, strcspn(value, ","));
    return gas ? as_set_text(ctx, head, "atmosphere", gas, at) : AS_ERR;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line, size_t which)
{
    as_ctx *ctx = job->ctx;
    as_pair pair;
    curve *c = &r->curve[which];
    AS_TRY(as_split(ctx, line, ':', &pair));
    const char *key = pair.key + strspn(pair.key, "#");
    const char *value = value_of(ctx, pair.value, which, r->n_curves);
    if (!value) return AS_ERR;
    if (as_starts(key, "SEG. ") && value[0]) AS_TRY(as_programme_in(ctx, &c->rate, value));
    if (strcmp(key, "RANGE") == 0) {
        as_rate_in(&c->rate, value);
        AS_TRY(as_set_text(ctx, c->head, "programme", value, &line->where)); /* the segments, where listed, tell more */
    }
    if (strcmp(key, "ATMOSPHERE") == 0 && value[0]) return as_set_atmosphere(ctx, c->head, value, &line->where);
    if (as_starts(key, "PURGE") && value[0]) AS_TRY(set_purge(ctx, c->head, value, &line->where));
    if (strcmp(key, "DATE/TIME") == 0) return as_set_measured(ctx, c->head, value, false, &line->where);
    if (strcmp(key, "SAMPLE CRUCIBLE MASS /mg") == 0 && !strpbrk(value, "123456789")) /* 0: not entered */
        return as_set_vendor(ctx, c->head, key, value, &line->where);
    if (strcmp(key, "EXO") == 0) /* the sign that heat given off has */
        AS_TRY(as_set_text(ctx, c->head, "exo_direction",
                           value[0] == '-' ? "down" : value[0] == '1' ? "up" : "", &line->where));
    return as_set_measure(ctx, c->head, known, AS_COUNT(known), key, value, &line->where);
}

static char sign_called(const char *text, size_t n, const char *const *names, const char *signs)
{
    for (size_t i = 0; i < n; i++)
        if (as_same(text, names[i])) return signs[i];
    return '\0';
}

/* SEPARATOR and DECIMAL; what they do not say, the rows show. */
static as_status find_convention(as_parse *job, reading *r, uint32_t line)
{
    static const char *const separators[] = { "SEMICOLON", "SEMIKOLON", "COMMA", "KOMMA", "TAB" };
    static const char *const decimals[] = { "POINT", "PUNKT", "COMMA", "KOMMA" };
    as_convention c;
    as_pair pair;
    for (size_t i = 0; i < r->n_keys; i++) {
        AS_TRY(as_split(job->ctx, &r->key[i], ':', &pair));
        const char *value = value_of(job->ctx, pair.value, 0, 2);
        if (!value) return AS_ERR;
        if (as_starts(pair.key, "#SEPARATOR"))
            r->separator = sign_called(value, AS_COUNT(separators), separators, ";;,,\t");
        if (as_starts(pair.key, "#DECIMAL"))
            r->decimal = sign_called(value, AS_COUNT(decimals), decimals, "..,,");
    }
    if (r->separator && r->decimal) return AS_OK;
    AS_TRY(as_convention_of(job->ctx, job->in, line + 1, 0, &c));
    if (c.lines == 0) return AS_OK;
    if (!r->separator) r->separator = c.separator;
    if (!r->decimal) r->decimal = c.decimal;
    return AS_OK;
}

/* Of DATA COMPARE the names of the first curve repeat for each: the columns of one. */
static size_t width_of(const as_field *f, size_t n)
{
    for (size_t i = 2; i < n; i++) {
        const char *name = f[i].text + strspn(f[i].text, "#");
        if (n % i == 0 && strcmp(name, f[0].text) == 0) return i;
    }
    return n;
}

static as_status read_names(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    const char *name[64];
    AS_TRY(as_fields(job->ctx, line, r->separator, &f, &n));
    while (n > 0 && !f[n - 1].length) n--;
    if (n == 0 || n > AS_COUNT(name))
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu columns, expected 1 to %zu", n,
                       AS_COUNT(name));
    r->width = width_of(f, n);
    r->n_curves = n / r->width;
    if (r->n_curves > MOST_CURVES)
        return as_fail(job->ctx, AS_E_LIMIT, &line->where, "more than %d curves", MOST_CURVES);
    for (size_t k = 0; k < r->n_curves; k++) {
        curve *c = &r->curve[k];
        for (size_t i = 0; i < r->width; i++) {
            const char *own = f[k * r->width + i].text;
            name[i] = own + strspn(own, "#");
        }
        c->run.decimal = r->decimal;
        AS_TRY(as_run_heads(job->ctx, &c->run, r->width, name, NULL, &as_thermal_names));
        c->head = as_table_new(job->ctx, 0);
        if (!c->head) return AS_ERR;
        for (size_t i = 0; i < r->n_keys; i++) AS_TRY(read_key(job, r, &r->key[i], k));
        AS_TRY(as_set_rate(job->ctx, c->head, &c->rate, NULL));
    }
    return AS_OK;
}

/* The cells of each curve, which may be shorter than others. */
static as_status read_curves(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    double v[64];
    AS_TRY(as_fields(job->ctx, line, r->separator, &f, &n));
    for (size_t k = 0; k < r->n_curves; k++) {
        size_t filled = 0;
        for (size_t i = 0; i < r->width; i++) {
            const size_t at = k * r->width + i;
            v[i] = NAN;
            if (at >= n || !f[at].length) continue;
            if (!as_read_number(f[at].text, f[at].length, r->decimal, &v[i]))
                return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected a number",
                               f[at].text);
            filled++;
        }
        if (filled > 0)
            AS_TRY(as_run_add_cells(job->ctx, &r->curve[k].run, r->width, v, NULL,
                                    line->where.line));
    }
    return AS_OK;
}

static as_status read_rows(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    it->separator = r->separator;
    it->decimal = r->decimal;
    if (r->n_curves == 1)
        return as_run_rest(job, &r->curve[0].run, it, '#', "a second block of data");
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM)
        if (!is_empty(&line)) AS_TRY(read_curves(job, r, &line));
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
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (is_empty(&line)) continue;
        if (line.text[0] != '#')
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected #KEY:value or the head of the columns behind ##",
                           line.text);
        if (line.text[1] == '#') break;
        if (r->n_keys < MOST_KEYS) r->key[r->n_keys++] = line;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (more == AS_DONE)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before its columns (##)");
    AS_TRY(find_convention(job, r, it.number));
    const as_where at = line.where;
    line.text += 2;
    line.length -= 2;
    AS_TRY(read_names(job, r, &line));
    AS_TRY(read_rows(job, r, &it));
    for (size_t k = 0; k < r->n_curves; k++)
        AS_TRY(as_emit_thermal(job, &r->curve[k].run, r->curve[k].head, &at));
    return AS_OK;
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
                 "percent or mg. EXO -1 becomes `exo_direction` down. The curves of DATA COMPARE, side "
                 "by side, are a series each, with its own values of the keys.",
             .examples = examples,
             .see_also = see_also },
};
