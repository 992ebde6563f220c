/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that potentiostats and cyclers export under one line of names: Autolab Nova and GPES
 * ("WE(1).Potential (V)", "-Z'' (Ω)"), cyclers of Arbin, Neware, Landt and their kind (cycle, step,
 * voltage and current). Lines above the names are kept; tab, semicolon or comma parts the fields.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "spectrum.h"
#include "text_end.h"

static const as_alias aliases[] = {
    /* Nova */
    { "potentialapplied", "potential_applied", "V", 0, false },
    { "we1potential", "potential", "V", 0, false },
    { "we1current", "current", "A", 0, false },
    { "we1charge", "charge", "C", 0, false },
    { "scan", "cycle", "1", 0, false },
    { "-phase", "z_phase", "deg", -1, false },
    { "-zprimeprime", "z_imag", "Ohm", -1, false },
    { "zprime", "z_real", "Ohm", 0, false },
    { "zprimeprime", "z_imag", "Ohm", 0, false },
    { "frequency", "frequency", "Hz", 0, false },
    { "z", "z_modulus", "Ohm", 0, false },
    /* cyclers */
    { "cycleid", "cycle", "1", 0, false },
    { "cycleno", "cycle", "1", 0, false },
    { "stepindex", "step", "1", 0, false },
    { "cycleindex", "cycle", "1", 0, false },
    { "stepid", "step", "1", 0, false },
    { "stepno", "step", "1", 0, false },
    { "stepnumber", "step", "1", 0, false },
    { "testtime", "time", NULL, 0, true },
    { "totaltime", "time", "s", 0, true },
    { "totaltimehmins", "time", "s", 0, true },
    { "time", "step_time", NULL, 0, true }, /* beside a total time, of the step */
    { "timehmins", "step_time", "s", 0, true },
    { "timehminsms", "step_time", "s", 0, true },
    { "runtime", "time", NULL, 0, true },
    { "potential", "potential", "V", 0, false },
    { "steptime", "step_time", NULL, 0, true },
    { "voltage", "potential", "V", 0, false },
    { "current", "current", "A", 0, false },
    { "chargecapacity", "charge_capacity", "Ah", 0, false },
    { "dischargecapacity", "discharge_capacity", "Ah", 0, false },
    { "capacity", "capacity", NULL, 0, false },
    { "speccap", "specific_capacity", NULL, 0, false },
    { "scapacity", "specific_capacity", NULL, 0, false },
    { "steptype", "step_type", NULL, 0, false },
    { "datetime", "date_time", NULL, 0, false },
    { "date", "date", NULL, 0, false },
};
/* The first of them: what Nova has. */
static const as_names nova_names = { 11, aliases };
static const as_names cycler_names = { AS_COUNT(aliases), aliases };

static bool is_nova_names(const char *text)
{
    if (as_find_text(text, "WE(1).") && as_find_text(text, "(V)")) return true;
    return as_find_text(text, "Frequency (Hz)") && as_find_text(text, "-Z''") && as_find_text(text, "Z'");
}

static bool is_cycler_names(const char *text)
{
    const bool voltage = as_find_text(text, "voltage") || as_find_text(text, "potential");
    return as_find_text(text, "cycle") && as_find_text(text, "step") && voltage &&
           as_find_text(text, "current") && as_find_text(text, "time") && strpbrk(text, "\t,;");
}

enum { MOST_ABOVE = 60, MOST_LENGTH = 4096 };

/* Whether one of the first lines is such a line of names. */
static bool has_names(const as_probe *p, bool (*is)(const char *))
{
    const char *at = (const char *)p->head;
    char line[MOST_LENGTH];
    for (size_t i = 0; p->is_text && *at && i < MOST_ABOVE; i++) {
        const size_t n = strcspn(at, "\r\n");
        if (n < sizeof line && !(*at >= '0' && *at <= '9')) { /* rows of numbers are no names */
            memcpy(line, at, n);
            line[n] = '\0';
            if (is(line)) return true;
        }
        at += n;
        at += strspn(at, "\r\n");
    }
    return false;
}

static int nova_probe(const as_probe *p)
{
    return has_names(p, is_nova_names) ? AS_PROBE_PLAUSIBLE : AS_PROBE_NO;
}

static int cycler_probe(const as_probe *p)
{
    return has_names(p, is_cycler_names) ? AS_PROBE_PLAUSIBLE : AS_PROBE_NO;
}

static char separator_of(const char *names)
{
    return strchr(names, '\t') ? '\t' : strchr(names, ';') ? ';' : ',';
}

static as_status read_key(as_parse *job, as_table *head, const as_line *line)
{
    as_pair pair;
    const char mark = strchr(line->text, '\t') ? '\t' : strchr(line->text, ':') ? ':' : '=';
    AS_TRY(as_split(job->ctx, line, mark, &pair));
    return pair.value[0] ? as_set_vendor(job->ctx, head, pair.key, pair.value, &line->where) : AS_OK;
}

/* "Time" beside no other time is the time. */
static void name_time(as_run *r)
{
    size_t step = r->n;
    for (size_t i = 0; i < r->n; i++) {
        if (!r->h[i].name) continue;
        if (strcmp(r->h[i].name, "time") == 0) return;
        if (strcmp(r->h[i].name, "step_time") == 0 && step == r->n) step = i;
    }
    if (step < r->n && r->alias[step] && as_starts(r->alias[step]->key, "time"))
        r->h[step].name = "time";
}

/* Clock times are seconds, whatever unit their heading lacks. */
static void unit_of_clocks(as_run *r, const as_line *line)
{
    if (!strchr(line->text, ':')) return;
    for (size_t i = 0; i < r->n; i++)
        if (r->alias[i] && r->alias[i]->clock && !r->h[i].stated) r->h[i].unit = as_unit_of("s");
}

static bool has_column(const as_run *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->h[i].name && strcmp(r->h[i].name, name) == 0) return true;
    return false;
}

/* Nova does not say the technique: a potential that stays within 10 mV, beside a time and without
 * one that is applied, is held. */
static bool is_held(const as_run *r)
{
    size_t c = 0;
    double low = INFINITY, high = -INFINITY;
    if (has_column(r, "potential_applied") || has_column(r, "cycle") || !has_column(r, "time"))
        return false;
    while (c < r->n && !(r->h[c].name && strcmp(r->h[c].name, "potential") == 0)) c++;
    for (size_t i = 0; c < r->n && i < r->rows.n; i++) {
        low = fmin(low, r->rows.row[i].v[c]);
        high = fmax(high, r->rows.row[i].v[c]);
    }
    return c == r->n ? has_column(r, "current") : high - low <= 0.01;
}

static as_status read_table(as_parse *job, bool (*is)(const char *), const as_names *names,
                            as_echem_kind kind)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    as_run run = { 0 };
    as_where at = { .file = job->in->name };
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (run.n) {
            if (it.separator != ',' && strchr(line.text, ',')) it.decimal = ',';
            if (run.rows.n == 0) unit_of_clocks(&run, &line);
            AS_TRY(as_run_add(job, &run, &it, &line));
        } else if (is(line.text)) {
            at = line.where;
            it.separator = separator_of(line.text);
            AS_TRY(as_run_head_lines(job->ctx, &run, &line, NULL, it.separator, names));
            name_time(&run);
            if (has_column(&run, "z_imag")) kind = AS_ECHEM_IMPEDANCE;
        } else {
            AS_TRY(read_key(job, head, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (run.n == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no line of names that this format has");
    if (kind == AS_ECHEM_SWEEP && is_held(&run)) kind = AS_ECHEM_HOLD;
    return as_emit_echem(job, &run, head, kind, &at);
}

static as_status nova_parse(as_parse *job)
{
    return read_table(job, is_nova_names, &nova_names, AS_ECHEM_SWEEP);
}

static as_status cycler_parse(as_parse *job)
{
    return read_table(job, is_cycler_names, &cycler_names, AS_ECHEM_TIME);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example nova_examples[] = {
    { "a voltammogram of two scans", "assay read tests/corpus/echem/nova.txt" }, { 0 }
};
static const as_example cycler_examples[] = {
    { "two cycles", "assay read tests/corpus/echem/cycler.csv" }, { 0 }
};
static const char *const see_also[] = { "maccor-txt", "biologic-mpt", NULL };

const as_parser as_parser_nova = {
    .name = "nova-txt",
    .title = "Autolab Nova and GPES text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published column names; no original file was at hand",
    .probe = nova_probe,
    .parse = nova_parse,
    .doc = { .summary = "read tables exported by Autolab Nova",
             .description = "One line of names with units in brackets, rows parted by tabs, semicolons "
                            "or commas. `WE(1).Potential` and `WE(1).Current` are the curve, Scan is "
                            "the column `cycle`; of impedances -Z'' becomes `z_imag`.",
             .examples = nova_examples,
             .see_also = see_also },
};

const as_parser as_parser_cycler = {
    .name = "cycler-csv",
    .title = "battery cycler CSV (Arbin, Neware, Landt)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published column names; no original file was at hand",
    .probe = cycler_probe,
    .parse = cycler_parse,
    .doc = { .summary = "read tables exported by battery cyclers",
             .description = "One line of names, with cycle, step, time, voltage and current among "
                            "them, rows parted by commas, tabs or semicolons. Cycles and steps are "
                            "columns; times as hh:mm:ss become seconds.",
             .examples = cycler_examples,
             .see_also = see_also },
};
