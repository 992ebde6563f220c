/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gamry Framework .DTA: "EXPLAIN", TAG, lines KEY<tab>TYPE<tab>value<tab>label, and tables:
 * NAME<tab>TABLE<tab>count, a line of names, a line of units, rows, all led by a tab. ZCURVE has no
 * count. Point or comma as decimal sign.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static const as_known known[] = {
    { "PSTAT", "instrument", NULL },
    { "AREA", "electrode_area", "cm2" },
    { "SCANRATE", "scan_rate", "mV/s" },
};

typedef struct {
    as_table *head;
    const char *tag, *date;
    as_echem_kind kind;
    bool aborted, impedance; /* a ZCURVE was emitted */
    size_t n_curves;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (as_starts(head, "VFP600") && strstr(head, "VFPCURVE\tTABLE")) return AS_PROBE_VERIFIED;
    if (!as_starts(head, "EXPLAIN")) return AS_PROBE_NO;
    return strstr(head, "\nTAG\t") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

/* Everything but the open circuit before and the tables of settings is what was measured. */
static bool is_main(const reading *r, const char *name)
{
    if (as_starts(name, "OCV") || as_starts(name, "PRE")) return false;
    return r->kind != AS_ECHEM_IMPEDANCE || as_starts(name, "ZCURVE");
}

static as_status emit_table(as_parse *job, reading *r, as_run *run, const char *name,
                            const as_where *at)
{
    const bool ocv = as_starts(name, "OCV");
    as_table *t = as_echem_table(job, run, r->head, ocv ? AS_ECHEM_TIME : r->kind, at);
    if (!t) return AS_ERR;
    AS_TRY(as_set_meta(job->ctx, t, "part", name, NULL, at));
    t->label = as_strdup(t->arena, name);
    if (!t->label) return AS_ERR;
    t->secondary = !is_main(r, name);
    double cycle;
    if (as_starts(name, "CURVE") && name[5] && as_read_number(name + 5, strlen(name + 5), '.', &cycle))
        AS_TRY(as_set_number(job->ctx, t, "cycle", cycle, NAN, AS_UNITLESS, at));
    as_warn_if_cut(job, t, false);
    if (r->aborted) as_warn(job->ctx, t, at, "the experiment was aborted");
    r->n_curves++;
    return as_emit(job->out, job->ctx, t);
}

static as_status read_table(as_parse *job, reading *r, as_lines *it, const as_field *f, size_t n,
                            const as_where *at)
{
    as_line names, units, line;
    as_more more;
    as_run run = { 0 };
    double count = NAN;
    it->separator = '\t';
    if (n > 2 && f[2].length) as_read_number(f[2].text, f[2].length, '.', &count);
    AS_TRY(as_need_line(job->ctx, it, &names, "the names of the columns"));
    AS_TRY(as_need_line(job->ctx, it, &units, "the units of the columns"));
    if (names.text[0] != '\t' || units.text[0] != '\t')
        return as_fail(job->ctx, AS_E_SYNTAX, &names.where, "'%.40s', expected names and units, led by "
                       "tabs", names.text);
    names.text++, names.length--;
    units.text++, units.length--;
    AS_TRY(as_run_head_lines(job->ctx, &run, &names, &units, '\t', &as_echem_names));
    static const char *const potentials[] = { "vdc", "vstep", NULL };
    static const char *const currents[] = { "idc", "idif", NULL }; /* of pulses: the difference */
    as_echem_rename(&run, potentials, "potential");
    as_echem_rename(&run, currents, "current");
    as_lines ahead = *it;
    while ((more = as_next_line(job->ctx, &ahead, &line)) == AS_ITEM && line.text[0] == '\t') {
        *it = ahead;
        line.text++, line.length--;
        if (strchr(line.text, ',')) ahead.decimal = ',';
        AS_TRY(as_run_add(job, &run, &ahead, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (isfinite(count) && (double)run.rows.n != count && (more == AS_DONE || run.rows.n > count))
        return as_fail(job->ctx, AS_E_TRUNCATED, at, "%zu rows, expected %.0f as the table says",
                       run.rows.n, count);
    return run.rows.n ? emit_table(job, r, &run, f[0].text, at) : AS_OK;
}

/* Lines of notes, led by a tab; a key without one ends them, since files have fewer lines than their count. */
static as_status skip_notes(as_parse *job, reading *r, as_lines *it, const char *count)
{
    double n = 0;
    as_line line;
    as_read_number(count, strlen(count), '.', &n);
    for (double i = 0; i < n && i < 1000; i++) {
        const as_lines before = *it;
        AS_TRY(as_need_line(job->ctx, it, &line, "the notes"));
        if (line.length && line.text[0] != '\t' && memchr(line.text, '\t', line.length)) {
            *it = before;
            return AS_OK;
        }
        const char *text = as_trim(as_scratch(job->ctx), line.text, line.length);
        if (!text) return AS_ERR;
        if (*text) AS_TRY(as_set_vendor(job->ctx, r->head, "NOTES", text, &line.where));
    }
    return AS_OK;
}

/* The date is in the order of the computer: the month first, but where it or the numbers tell another country. */
static bool has_month_first(const as_input *in, const char *date)
{
    const char *number = strstr((const char *)in->data, "\tQUANT\t");
    if (strchr(date, '.')) return false;
    return !number || !memchr(number + 7, ',', strcspn(number + 7, "\t\n"));
}

static as_status read_key(as_parse *job, reading *r, as_lines *it, const as_field *f, size_t n,
                          const as_where *at)
{
    as_ctx *ctx = job->ctx;
    const char *key = f[0].text;
    if (n < 2) return AS_OK;
    if (strcmp(key, "TAG") == 0) {
        r->tag = f[1].text;
        r->kind = as_echem_kind_of(r->tag);
        return as_set_text(ctx, r->head, "technique_name", r->tag, at);
    }
    if (n < 3) return AS_OK;
    if (strcmp(f[1].text, "NOTES") == 0) return skip_notes(job, r, it, f[2].text);
    if (strcmp(key, "DATE") == 0) r->date = f[2].text;
    if (strcmp(key, "TIME") == 0 && r->date) {
        const char *text = as_format(as_scratch(ctx), "%s %s", r->date, f[2].text);
        return text ? as_set_measured(ctx, r->head, text, has_month_first(job->in, r->date), at) : AS_ERR;
    }
    return as_set_measure(ctx, r->head, known, AS_COUNT(known), key, f[2].text, at);
}

/* Said behind the tables: looked for before them. */
static bool was_aborted(const as_input *in)
{
    const char *at = strstr((const char *)in->data, "\nEXPERIMENTABORTED\tTOGGLE\t");
    return at && at[26] == 'T';
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading r = { .head = as_table_new(job->ctx, 0), .kind = AS_ECHEM_TIME,
                  .aborted = was_aborted(job->in) };
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        as_field *f;
        size_t n;
        if (line.length == 0 || line.text[0] == '\t') continue;
        AS_TRY(as_fields(job->ctx, &line, '\t', &f, &n));
        if (n >= 2 && strcmp(f[1].text, "TABLE") == 0)
            AS_TRY(read_table(job, &r, &it, f, n, &line.where));
        else AS_TRY(read_key(job, &r, &it, f, n, &line.where));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.n_curves > 0) return AS_OK;
    return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before its tables");
}

static const char *const suffixes[] = { "dta", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = {
    { "an impedance spectrum", "assay read tests/corpus/echem/eis.dta" },
    { "the open circuit before it", "assay read --part OCVCURVE tests/corpus/echem/eis.dta" },
    { 0 }
};
static const char *const see_also[] = { "biologic-mpt", NULL };

const as_parser as_parser_gamry_dta = {
    .name = "gamry-dta",
    .title = "Gamry Framework DTA",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read measurements of Gamry Framework",
             .description =
                 "Text parted by tabs: `KEY TYPE value label`, and tables with names and units, led by "
                 "tabs. ZCURVE, or CURVE, CURVE1 ... (one series for each, numbered in `cycle`), are "
                 "the data; OCVCURVE is a part to ask for. Points or commas as decimal sign; with "
                 "commas, and in dates with dots, the month is not taken as first. An aborted "
                 "experiment is read with a warning.",
             .examples = examples,
             .see_also = see_also },
};
