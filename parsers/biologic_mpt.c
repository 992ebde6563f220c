/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text export .mpt of BioLogic EC-Lab and BT-Lab: "EC-Lab ASCII FILE", the number of header lines,
 * the technique, settings, and in the last header line the columns as name/unit, parted by tabs.
 * Point or comma as decimal sign, as the computer had it. Exports "for text" have the columns only.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static const as_known known[] = {
    { "Device", "instrument", NULL },
    { "User", "operator", NULL },
    { "Comments", "comment", NULL },
    { "Electrode surface area", "electrode_area", "cm2" },
    { "Characteristic mass", "active_mass", "g" },
    { "Mass of active material", "active_mass", "mg" },
    { "Reference electrode", "reference_electrode", NULL },
};

enum { KEY_WIDTH = 20 }; /* of the settings of a technique */

typedef struct {
    as_table *head;
    const char *technique, *rate;
    double points; /* as the loops of the header tell; 0: they do not */
} reading;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_magic(const char *head)
{
    return as_starts(head, "EC-Lab ASCII FILE") || as_starts(head, "BT-Lab ASCII FILE");
}

/* The line of names, where no number of header lines tells. */
static bool is_names(const char *text)
{
    static const char *const own[] = { "Ewe/V", "Ecell/V", "Ewe>/V", "freq/Hz", "time/s" };
    for (size_t i = 0; strchr(text, '\t') && i < AS_COUNT(own); i++)
        if (as_find_text(text, own[i])) return true;
    return false;
}

static bool is_bare(const char *head)
{
    return as_starts(head, "mode\tox/red\t") || as_starts(head, "mode\terror\t") ||
           as_starts(head, "freq/Hz\tRe(Z)/Ohm\t");
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (has_magic(head)) return AS_PROBE_VERIFIED;
    return is_bare(head) ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* "dE/dt               20.000" and "dE/dt unit          mV/s" */
static as_status read_setting(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    if (line->length <= KEY_WIDTH || line->text[KEY_WIDTH - 1] != ' ') return AS_OK;
    const char *key = as_trim(as_scratch(ctx), line->text, KEY_WIDTH);
    const char *value = as_trim(as_scratch(ctx), line->text + KEY_WIDTH, line->length - KEY_WIDTH);
    if (!key || !value) return AS_ERR;
    if (strcmp(key, "dE/dt") == 0) r->rate = value;
    if (strcmp(key, "dE/dt unit") == 0 && r->rate && !strchr(r->rate, ' ')) {
        static const as_known rate[] = { { "rate", "scan_rate", "mV/s" } };
        const char *text = as_format(as_scratch(ctx), "%s %s", r->rate, value);
        if (!text) return AS_ERR;
        AS_TRY(as_set_measure(ctx, r->head, rate, 1, "rate", text, &line->where));
    }
    return as_set_vendor(ctx, r->head, key, value, &line->where);
}

/* "10/28/2014 11:50:52", "10.28.2014 11:50:52", "10-28-2014 11.50.52": the month is first in all of them,
 * what parts the numbers is as the computer had it. */
static as_status read_start(as_ctx *ctx, as_table *head, const char *value, const as_where *from)
{
    char *text = as_strdup(as_scratch(ctx), value);
    if (!text) return AS_ERR;
    char *clock = strchr(text, ' ');
    if (clock && strchr(clock, ':')) clock = NULL;
    for (size_t i = 0; clock && i < 2; i++) {
        clock = strchr(clock, '.');
        if (clock) *clock = ':';
    }
    return as_set_measured(ctx, head, text, true, from);
}

/* "Loop 3 from point number 99 to 131": a hundred and thirty-two points. */
static void read_loop(reading *r, const char *text)
{
    const char *to = as_starts(text, "Loop ") ? strstr(text, " to ") : NULL;
    double last;
    if (to && as_find_text(text, "from point number") &&
        as_read_number(to + 4, strlen(to + 4), '.', &last) && last + 1 > r->points)
        r->points = last + 1;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    as_pair pair;
    const char *text = line->text + strspn(line->text, " \t");
    if (!*text) return AS_OK;
    read_loop(r, text);
    if (as_starts(text, "EC-Lab for ")) return as_set_text(ctx, r->head, "software", text, &line->where);
    if (!strstr(text, " : ") && text[strlen(text) - 1] != ':') return read_setting(job, r, line);
    AS_TRY(as_split(ctx, line, ':', &pair));
    if (!pair.value[0]) return AS_OK;
    const as_meta *said = strcmp(pair.key, "Comments") == 0 ? as_get_meta(r->head, "comment") : NULL;
    if (said) { /* one line of several */
        const char *both = as_format(as_scratch(ctx), "%s | %s", said->text, pair.value);
        return both ? as_set_text(ctx, r->head, "comment", both, &line->where) : AS_ERR;
    }
    if (as_starts(pair.key, "Acquisition started on") && is_digit(pair.value[0]))
        return read_start(ctx, r->head, pair.value, &line->where);
    return as_set_measure(ctx, r->head, known, AS_COUNT(known), pair.key, pair.value, &line->where);
}

static as_status read_head_line(as_parse *job, reading *r, const as_lines *it, const as_line *line)
{
    if (it->number != 4 || r->technique[0]) return read_key(job, r, line);
    r->technique = as_trim(as_scratch(job->ctx), line->text, line->length);
    if (!r->technique) return AS_ERR;
    return as_set_text(job->ctx, r->head, "technique_name", r->technique, &line->where);
}

/* Lines 1 to n - 1; line n holds the columns. Without a number of lines, up to what looks so. */
static as_status read_header(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    double n = 0;
    AS_TRY(as_need_line(job->ctx, it, &line, "EC-Lab ASCII FILE"));
    as_lines before = *it;
    AS_TRY(as_need_line(job->ctx, it, &line, "the number of header lines"));
    const char *colon = as_starts(line.text, "Nb header lines") ? strchr(line.text, ':') : NULL;
    if (colon && (!as_read_number(colon + 1, strlen(colon + 1), '.', &n) || !(n >= 3 && n < 1e5)))
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected 'Nb header lines : N'",
                       line.text);
    while (!colon && !is_names(line.text)) {
        if (line.length) AS_TRY(read_head_line(job, r, it, &line));
        before = *it;
        AS_TRY(as_need_line(job->ctx, it, &line, "the names of the columns"));
    }
    if (!colon) *it = before; /* at the names */
    while (colon && it->number + 1 < (uint32_t)n) {
        AS_TRY(as_need_line(job->ctx, it, &line, "the rest of the header"));
        if (line.length) AS_TRY(read_head_line(job, r, it, &line));
    }
    return AS_OK;
}

/* Digits of the number that ends at `end`, from the first that is not 0; *from is where it begins. */
static size_t digits_before(const unsigned char *data, size_t end, size_t *from)
{
    size_t at = end, n = 0;
    while (at > 0 && data[at - 1] > ' ') at--;
    *from = at;
    for (size_t i = at; i < end; i++)
        if (data[i] != '0' || n > 0) n += data[i] >= '0' && data[i] <= '9';
    return n;
}

/* No number in the last column of the rows before has more digits than the last number: it is whole. */
static bool has_all_digits(const unsigned char *data, size_t end)
{
    enum { ROWS = 50 };
    size_t at, most = 0, rows = 0;
    const size_t last = digits_before(data, end, &at);
    while (at > 0 && rows < ROWS) {
        while (at > 0 && data[at - 1] != '\n') at--;
        if (at == 0) break;
        size_t stop = at - 1;
        if (stop > 0 && data[stop - 1] == '\r') stop--;
        const size_t n = digits_before(data, stop, &at);
        if (at == stop || !(is_digit((char)data[at]) || data[at] == '-')) break; /* the names */
        if (n > most) most = n;
        rows++;
    }
    return rows > 0 && last >= most;
}

/* Files end without a line end, and a number is whole with the three digits of its exponent, or where it
 * has the digits of those above it. */
static void warn_if_cut(as_parse *job, const reading *r, as_table *t)
{
    const unsigned char *data = job->in->data;
    size_t end = job->in->size, at = end;
    if (r->points > (double)t->rows) {
        const as_where file = { .file = job->in->name };
        as_warn(job->ctx, t, &file, "%zu rows, but the header tells of %.0f points", t->rows, r->points);
        return;
    }
    if (end == 0 || data[end - 1] == '\n' || data[end - 1] == '\r') return;
    while (at > 0 && data[at - 1] != '\t' && data[at - 1] != '\n') at--;
    const char *text = (const char *)data + at, *e = strchr(text, 'E');
    const bool fixed = strpbrk(text, ".,");
    const bool whole = e ? strlen(e) == strlen("E+001") : !fixed || has_all_digits(data, end);
    const as_where where = as_at_byte(job->in, end);
    if (!whole || at == end)
        as_warn(job->ctx, t, &where, "the file ends within a number: it may be cut");
    else if (!e && !fixed) as_warn_if_cut(job, t, true);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line;
    as_run run = { 0 };
    reading r = { .head = as_table_new(job->ctx, 0), .technique = "" };
    if (!r.head) return AS_ERR;
    if (has_magic((const char *)job->in->data)) AS_TRY(read_header(job, &r, &it));
    AS_TRY(as_need_line(job->ctx, &it, &line, "the names of the columns"));
    const as_where at = line.where;
    if (!strchr(line.text, '\t') || !strchr(line.text, '/'))
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%.40s', expected columns as name/unit", line.text);
    AS_TRY(as_run_head_lines(job->ctx, &run, &line, NULL, '\t', &as_echem_names));
    if (memchr(job->in->data + it.at, ',', job->in->size - it.at)) it.decimal = ',';
    AS_TRY(as_run_rest(job, &run, &it, 0, NULL));
    if (run.rows.n == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no rows of data; the technique is '%s'", r.technique);
    as_table *t = as_echem_table(job, &run, r.head, as_echem_kind_of(r.technique), &at);
    if (!t) return AS_ERR;
    if (as_find_name(t, "efficiency"))
        AS_TRY(as_set_meta(job->ctx, t, "efficiency_convention", "discharge over charge", NULL, &at));
    warn_if_cut(job, &r, t);
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "mpt", "txt", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = {
    { "an impedance spectrum with decimal commas", "assay read tests/corpus/echem/peis.mpt" }, { 0 }
};
static const char *const see_also[] = { "gamry-dta", NULL };

const as_parser as_parser_biologic_mpt = {
    .name = "biologic-mpt",
    .title = "BioLogic EC-Lab and BT-Lab text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text exported by BioLogic EC-Lab",
             .description =
                 "Text: the count of header lines, the technique, settings, the columns as name/unit, "
                 "rows parted by tabs. `-Im(Z)` becomes `z_imag`, capacitive negative, and "
                 "`z_imag_sign` tells that it was turned. Ns is the column `step`. Voltammetry is "
                 "current against potential, chronoamperometry current against time, other techniques "
                 "than impedance potential against time; of a table with a row for each cycle it is the "
                 "discharge capacity against the cycle. A time written as dates becomes the seconds "
                 "since the first. Fewer rows than the loops of the header count are warned of.",
             .examples = examples,
             .see_also = see_also },
};
