/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV of PalmSens PSTrace, mostly UTF-16. Curves stand side by side: a line of titles, one above the
 * first column of each, a line of "Date and time measurement:", a line of units, rows. Impedances
 * stand one below the other, each a title, a line of names from "freq / Hz" on, rows.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static const char dated[] = "Date and time measurement:";

static const as_alias aliases[] = {
    { "freq", "frequency", "Hz", 0, false },
    { "negphase", "z_phase", "deg", -1, false },
    { "phase", "z_phase", "deg", 0, false },
    { "idc", "current", "uA", 0, false },
    { "edc", "potential", "V", 0, false },
    { "z", "z_modulus", "Ohm", 0, false },
    { "zprime", "z_real", "Ohm", 0, false },
    { "zprimeprime", "z_imag", "Ohm", 0, false },
    { "-zprimeprime", "z_imag", "Ohm", -1, false },
};
static const as_names names = { AS_COUNT(aliases), aliases };
static const as_alias *const turned = &aliases[AS_COUNT(aliases) - 1];

typedef struct {
    as_lines it;
    const char *title, *technique, *date, *note;
    as_line titles; /* the last line that is none of the others */
    bool first_is_eis;
    size_t n_tables;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (strstr(head, dated)) return AS_PROBE_MAGIC;
    return as_starts(head, "Date and time:") && strstr(head, "freq / Hz") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* A row: its first value that is not empty is a number. */
static bool is_row(const as_field *f, size_t n, char decimal)
{
    double value;
    for (size_t i = 0; i < n; i++)
        if (f[i].length) return as_read_number(f[i].text, f[i].length, decimal, &value);
    return false;
}

/* The next line as fields; AS_DONE also before a line that is no row, which is left to be read. */
static as_more next_row(as_ctx *ctx, reading *r, as_line *line, as_field **f, size_t *n)
{
    const as_lines before = r->it;
    const as_more more = as_next_line(ctx, &r->it, line);
    if (more != AS_ITEM) return more;
    if (r->it.separator == ';' && memchr(line->text, ',', line->length)) r->it.decimal = ',';
    if (as_fields(ctx, line, r->it.separator, f, n) != AS_OK) return AS_FAILED;
    if (is_row(*f, *n, r->it.decimal ? r->it.decimal : '.')) return AS_ITEM;
    r->it = before;
    return AS_DONE;
}

static as_status emit(as_parse *job, reading *r, as_run *run, as_echem_kind kind, const char *title,
                      const char *date, const as_where *at)
{
    as_ctx *ctx = job->ctx;
    double scan;
    as_table *head = as_table_new(ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_set_text(ctx, head, "technique_name", r->technique, at));
    AS_TRY(as_set_text(ctx, head, "comment", r->note, at));
    if (date && *date) AS_TRY(as_set_measured(ctx, head, date, false, at));
    const char *number = title ? as_find_text(title, " Scan ") : NULL;
    if (number && as_scan_number(number + 6, strlen(number + 6), '.', &scan))
        AS_TRY(as_set_number(ctx, head, "cycle", scan, NAN, AS_UNITLESS, at));
    as_table *t = as_echem_table(job, run, head, kind, at);
    if (!t) return AS_ERR;
    if (title && *title && !(t->label = as_strdup(t->arena, title))) return AS_ERR;
    const bool eis = kind == AS_ECHEM_IMPEDANCE;
    if (r->n_tables++ == 0) r->first_is_eis = eis;
    t->secondary = eis != r->first_is_eis;
    return as_emit(job->out, ctx, t);
}

/* --- impedances ------------------------------------------------------------------------------ */
/* Z'' beside the negative phase: where their signs agree throughout, it is -Im(Z). */
static void find_sign(as_run *run)
{
    size_t z = run->n, phase = run->n, same = 0, other = 0;
    for (size_t i = 0; i < run->n; i++) {
        if (!run->alias[i]) continue;
        if (strcmp(run->alias[i]->key, "zprimeprime") == 0) z = i;
        if (strcmp(run->alias[i]->key, "negphase") == 0) phase = i;
    }
    for (size_t k = 0; z < run->n && phase < run->n && k < run->rows.n; k++) {
        const double *v = run->rows.row[k].v;
        same += v[z] * v[phase] > 0;
        other += v[z] * v[phase] < 0;
    }
    if (same > 0 && other == 0) run->alias[z] = turned;
}

static as_status read_impedance(as_parse *job, reading *r, const as_line *heads)
{
    const as_where at = heads->where;
    as_run run = { 0 };
    as_line line;
    as_field *f;
    as_more more;
    size_t n;
    AS_TRY(as_run_head_lines(job->ctx, &run, heads, NULL, r->it.separator, &names));
    while ((more = next_row(job->ctx, r, &line, &f, &n)) == AS_ITEM)
        AS_TRY(as_run_add(job, &run, &r->it, &line));
    if (more == AS_FAILED) return AS_ERR;
    find_sign(&run);
    const char *fixed = r->title ? as_find_text(r->title, "Fixed at ") : NULL; /* "CH 1: Fixed at 3 freqs" */
    double count;
    if (fixed && as_scan_number(fixed + 9, strlen(fixed + 9), '.', &count) && count > (double)run.rows.n)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "%zu rows, expected %g by the title", run.rows.n, count);
    if (!r->technique) r->technique = "Impedance Spectroscopy";
    return emit(job, r, &run, AS_ECHEM_IMPEDANCE, r->title, r->date, &at);
}

/* --- curves side by side ------------------------------------------------------------------- */
/* What is measured in this unit. */
static const char *name_of(const as_unit *unit)
{
    static const char *const known[][2] = { { "V", "potential" }, { "A", "current" }, { "s", "time" },
                                            { "C", "charge" },    { "Hz", "frequency" } };
    for (size_t i = 0; i < AS_COUNT(known); i++) {
        const as_unit own = as_unit_of(known[i][0]);
        if (!unit->opaque && as_unit_same_dimension(unit, &own)) return known[i][1];
    }
    return "signal";
}

/* The columns of the group that begins at `from`: up to the next title; two where none follows. */
static size_t group_width(const as_field *title, size_t n_titles, size_t n, size_t from)
{
    size_t to = from + 1;
    while (to < n && !(to < n_titles && title[to].length)) to++;
    return n_titles > from && to > from + 1 && (to < n || to - from < 4) ? to - from : 2;
}

static as_status read_group(as_parse *job, const as_field *unit, size_t width, as_run *run)
{
    const char *name[8], *units[8];
    as_unit parsed;
    for (size_t i = 0; i < width; i++) {
        units[i] = unit[i].text;
        if (as_unit_parse(job->ctx, as_scratch(job->ctx), units[i], &parsed) != AS_OK) return AS_ERR;
        name[i] = name_of(&parsed);
    }
    return as_run_heads(job->ctx, run, width, name, units, NULL);
}

/* The kind of curve that the first two columns are. */
static as_echem_kind kind_of(const as_run *run)
{
    if (strcmp(run->h[0].name, "time") != 0) return AS_ECHEM_SWEEP;
    return strcmp(run->h[1].name, "potential") == 0 ? AS_ECHEM_TIME : AS_ECHEM_HOLD;
}

static as_status add_cells(as_parse *job, as_run *run, const as_field *f, size_t n, size_t from,
                           char decimal, uint32_t number)
{
    double v[8];
    size_t found = 0;
    for (size_t i = 0; i < run->n; i++) {
        v[i] = NAN;
        if (from + i < n && f[from + i].length)
            found += as_read_number(f[from + i].text, f[from + i].length, decimal, &v[i]);
    }
    return found ? as_run_add_cells(job->ctx, run, run->n, v, NULL, number) : AS_OK;
}

static as_status read_curves(as_parse *job, reading *r, const as_line *dates)
{
    enum { MOST = 512 };
    as_ctx *ctx = job->ctx;
    as_field *title = NULL, *date, *unit, *f;
    size_t n_titles = 0, n_dates, n, cells, n_groups = 0;
    as_line line;
    as_more more;
    AS_TRY(as_fields(ctx, dates, r->it.separator, &date, &n_dates));
    if (r->titles.length) AS_TRY(as_fields(ctx, &r->titles, r->it.separator, &title, &n_titles));
    AS_TRY(as_need_line(ctx, &r->it, &line, "the units of the columns"));
    const as_where at = line.where;
    if (as_find_text(line.text, "freq / Hz")) {
        r->date = n_dates > 1 ? date[1].text : r->date;
        return read_impedance(job, r, &line);
    }
    AS_TRY(as_fields(ctx, &line, r->it.separator, &unit, &n));
    while (n > 0 && !unit[n - 1].length) n--;
    as_run *run = AS_NEW_N(as_scratch(ctx), as_run, MOST);
    size_t *from = AS_NEW_N(as_scratch(ctx), size_t, MOST);
    if (!run || !from) return AS_ERR;
    for (size_t c = 0; c + 1 < n && n_groups < MOST; n_groups++) {
        const size_t width = group_width(title, n_titles, n, c);
        if (width > 8 || c + width > n)
            return as_fail(ctx, AS_E_SYNTAX, &at, "%zu columns of units, expected pairs", n);
        AS_TRY(read_group(job, unit + c, width, &run[n_groups]));
        from[n_groups] = c;
        c += width;
    }
    if (n_groups == 0 || n_groups == MOST)
        return as_fail(ctx, AS_E_SYNTAX, &at, "'%.40s', expected pairs of units", line.text);
    while ((more = next_row(ctx, r, &line, &f, &cells)) == AS_ITEM)
        for (size_t g = 0; g < n_groups; g++)
            AS_TRY(add_cells(job, &run[g], f, cells, from[g], r->it.decimal ? r->it.decimal : '.',
                             line.where.line));
    if (more == AS_FAILED) return AS_ERR;
    for (size_t g = 0; g < n_groups; g++) {
        const char *name = from[g] < n_titles ? title[from[g]].text : "";
        const char *when = from[g] + 1 < n_dates ? date[from[g] + 1].text : n_dates > 1 ? date[1].text : "";
        r->technique = as_trim(as_scratch(ctx), name, strcspn(name, ":"));
        if (!r->technique) return AS_ERR;
        if (run[g].rows.n) AS_TRY(emit(job, r, &run[g], kind_of(&run[g]), name, when, &at));
    }
    return AS_OK;
}

/* --- the file ------------------------------------------------------------------------------- */
/* "Notes:,text", "Date and time:,2025-01-01 12:00:00", "Measurement:,Impedance Spectroscopy" */
static as_status read_other(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, r->it.separator, &f, &n));
    if (n == 0 || !f[0].length) return AS_OK;
    const char *value = n > 1 ? f[1].text : "";
    if (strcmp(f[0].text, "Date and time:") == 0) r->date = value;
    else if (strcmp(f[0].text, "Notes:") == 0) r->note = value;
    else if (strcmp(f[0].text, "Measurement:") == 0 || strcmp(f[0].text, "Technique:") == 0)
        r->technique = value;
    else {
        r->title = f[0].text;
        r->titles = *line;
    }
    return AS_OK;
}

/* The sign behind the first key. */
static char separator_of(const as_input *in)
{
    const char *text = (const char *)in->data, *at = strstr(text, "Date and time");
    at = at ? strchr(at, ':') : NULL;
    return at && (at[1] == ';' || at[1] == '\t') ? at[1] : ',';
}

static as_status parse(as_parse *job)
{
    reading r = { .it = { .in = job->in, .separator = separator_of(job->in) } };
    as_line line;
    as_more more;
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (as_starts(line.text, dated)) AS_TRY(read_curves(job, &r, &line));
        else if (as_find_text(line.text, "freq / Hz")) AS_TRY(read_impedance(job, &r, &line));
        else AS_TRY(read_other(job, &r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    as_warn_if_cut(job, NULL, true);
    const as_where at = { .file = job->in->name };
    return r.n_tables ? AS_OK : as_fail(job->ctx, AS_E_TRUNCATED, &at, "the file ends before its curves");
}

static const char *const suffixes[] = { "csv", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = {
    { "two scans and an impedance", "assay read --list tests/corpus/echem/pstrace.csv" },
    { "the impedance", "assay read --part 2 tests/corpus/echem/pstrace.csv" }, { 0 }
};
static const char *const see_also[] = { "palmsens", NULL };

const as_parser as_parser_palmsens_csv = {
    .name = "palmsens-csv",
    .title = "PalmSens PSTrace CSV",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published descriptions; no original file was at hand",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read CSV exported by PalmSens PSTrace",
             .description = "Curves side by side, each a series, its columns named by their units; "
                            "impedances one below the other. Z'' beside a negative phase of the same "
                            "sign is -Im(Z), and becomes `z_imag`, capacitive negative.",
             .examples = examples,
             .see_also = see_also },
};
