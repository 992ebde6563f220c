/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that potentiostats and cyclers export under one line of names: Autolab Nova and GPES
 * ("WE(1).Potential (V)", "-Z'' (Ω)"), cyclers of Arbin, Neware, Landt and their kind (cycle, step,
 * voltage and current). Lines above the names are kept; tab, semicolon or comma parts the fields.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "cell_date.h"
#include "echem.h"
#include "spectrum.h"
#include "text_end.h"

static const as_alias aliases[] = {
    /* Nova */
    { "potentialapplied", "potential_applied", "V", 0, false },
    { "we1potential", "potential", "V", 0, false },
    { "we1current", "current", "A", 0, false },
    { "we1deltacurrent", "current", "A", 0, false }, /* forward less backward, of square waves */
    { "we1charge", "charge", "C", 0, false },
    { "scan", "cycle", "1", 0, false },
    { "q+", "positive_charge", "C", 0, false }, /* of the scan, the same in all its rows */
    { "q-", "negative_charge", "C", 0, false },
    { "-phase", "z_phase", "deg", -1, false },
    { "-zprimeprime", "z_imag", "Ohm", -1, false },
    { "zprime", "z_real", "Ohm", 0, false },
    { "zprimeprime", "z_imag", "Ohm", 0, false },
    { "frequency", "frequency", "Hz", 0, false },
    { "z", "z_modulus", "Ohm", 0, false },
    /* cyclers */
    { "cycleid", "cycle", "1", 0, false },
    { "cycleno", "cycle", "1", 0, false },
    { "cyc", "cycle", "1", 0, false }, /* Maccor, as csv */
    { "cyclec", "cycle", "1", 0, false },
    { "dpttime", "date_time", NULL, 0, false },
    { "dateandtime", "date_time", NULL, 0, false }, /* Novonix */
    { "u", "potential", "V", 0, false }, /* Basytec */
    { "i", "current", "A", 0, false },
    { "p", "power", "W", 0, false },
    { "tstep", "step_time", "s", 0, true },
    { "tset", "set_time", "s", 0, true },
    { "tcyc", "cycle_time", "s", 0, true },
    { "line", "step", "1", 0, false },
    { "command", "step_type", NULL, 0, false },
    { "ah", "capacity", "Ah", 0, false },
    { "ahcyccharge", "charge_capacity", "Ah", 0, false },
    { "ahcycdischarge", "discharge_capacity", "Ah", 0, false },
    { "ahcyccharge0", "charge_capacity_0", "Ah", 0, false },
    { "ahcycdischarge0", "discharge_capacity_0", "Ah", 0, false },
    { "ahstep", "step_capacity", "Ah", 0, false },
    { "wh", "energy", "Wh", 0, false },
    { "whcyccharge", "charge_energy", "Wh", 0, false },
    { "whcycdischarge", "discharge_energy", "Wh", 0, false },
    { "whcyccharge0", "charge_energy_0", "Wh", 0, false },
    { "whcycdischarge0", "discharge_energy_0", "Wh", 0, false },
    { "whstep", "step_energy", "Wh", 0, false },
    { "rac", "resistance_ac", "Ohm", 0, false },
    { "rdc", "resistance_dc", "Ohm", 0, false },
    { "t1", "temperature", "degC", 0, false },
    { "cyccount", "cycle", "1", 0, false },
    { "count", "loop_count", "1", 0, false },
    { "watthr", "energy", "Wh", 0, false },
    { "temp1", "temperature", "degC", 0, false },
    { "stepindex", "step", "1", 0, false },
    { "cycleindex", "cycle", "1", 0, false },
    { "stepid", "step", "1", 0, false },
    { "stepno", "step", "1", 0, false },
    { "stepnumber", "step", "1", 0, false },
    { "testtime", "time", NULL, 0, true },
    { "totaltime", "time", "s", 0, true },
    { "totaltimehmins", "time", "s", 0, true },
    { "totaltimehminsms", "time", "s", 0, true },
    { "cumulativetime", "time", "s", 0, true },
    { "time", "step_time", NULL, 0, true }, /* beside a total time, of the step */
    { "timehmins", "step_time", "s", 0, true },
    { "timehminsms", "step_time", "s", 0, true },
    { "runtime", "time", NULL, 0, true },
    { "progtime", "time", NULL, 0, true }, /* Digatron */
    { "timestamp", "date_time", NULL, 0, false },
    { "relativetime", "step_time", NULL, 0, true }, /* Landt */
    { "relativetimehminsms", "step_time", "s", 0, true },
    { "potential", "potential", "V", 0, false },
    { "steptime", "step_time", NULL, 0, true },
    { "voltage", "potential", "V", 0, false },
    { "current", "current", "A", 0, false },
    { "cur", "current", "A", 0, false },
    { "volt", "potential", "V", 0, false },
    { "chargecapacity", "charge_capacity", "Ah", 0, false },
    { "dischargecapacity", "discharge_capacity", "Ah", 0, false },
    { "chargeenergy", "charge_energy", "Wh", 0, false },
    { "dischargeenergy", "discharge_energy", "Wh", 0, false },
    { "chargingcapacity", "charge_capacity", "Ah", 0, false }, /* the Battery Data Format */
    { "dischargingcapacity", "discharge_capacity", "Ah", 0, false },
    { "chargingenergy", "charge_energy", "Wh", 0, false },
    { "dischargingenergy", "discharge_energy", "Wh", 0, false },
    { "cyclecount", "cycle", "1", 0, false },
    { "stepcount", "step_count", "1", 0, false },
    { "testtimesecond", "time", "s", 0, true }, /* its names with the unit in words */
    { "steptimesecond", "step_time", "s", 0, true },
    { "voltagevolt", "potential", "V", 0, false },
    { "currentampere", "current", "A", 0, false },
    { "chargingcapacityah", "charge_capacity", "Ah", 0, false },
    { "dischargingcapacityah", "discharge_capacity", "Ah", 0, false },
    { "chargingenergywh", "charge_energy", "Wh", 0, false },
    { "dischargingenergywh", "discharge_energy", "Wh", 0, false },
    { "capacitancechg", "charge_capacity", "mAh", 0, false }, /* Neware BTS */
    { "capacitancedchg", "discharge_capacity", "mAh", 0, false },
    { "engychg", "charge_energy", "mWh", 0, false },
    { "engydchg", "discharge_energy", "mWh", 0, false },
    { "capacitydensity", "specific_capacity", "mAh/g", 0, false },
    { "cmpeng", "specific_energy", "mWh/g", 0, false },
    { "dciro", "resistance_dc", "Ohm", 0, false },
    { "mintc", "temperature_least", "degC", 0, false },
    { "maxtc", "temperature_most", "degC", 0, false },
    { "avgtc", "temperature_mean", "degC", 0, false },
    { "capacity", "capacity", NULL, 0, false },
    { "speccap", "specific_capacity", NULL, 0, false },
    { "scapacity", "specific_capacity", NULL, 0, false },
    { "specap", "specific_capacity", NULL, 0, false },
    { "specapacity", "specific_capacity", NULL, 0, false },
    { "se", "specific_energy", NULL, 0, false },
    { "steptype", "step_type", NULL, 0, false },
    { "stepname", "step_type", NULL, 0, false },
    { "datetime", "date_time", NULL, 0, false },
    { "date", "date_time", NULL, 0, false },
    { "realtime", "date_time", NULL, 0, false },
    { "absolutetime", "date_time", NULL, 0, false },
    { "systemtime", "date_time", NULL, 0, false },
    { "systime", "date_time", NULL, 0, false },
};
/* The first of them: what Nova has. */
static const as_names nova_names = { 14, aliases };
const as_names as_cycler_names = { AS_COUNT(aliases), aliases };

static bool is_nova_names(const char *text)
{
    if (as_find_text(text, "WE(1).") && as_find_text(text, "(V)")) return true;
    return as_find_text(text, "Frequency (Hz)") && as_find_text(text, "-Z''") && as_find_text(text, "Z'");
}

static bool has_one(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (as_find_text(text, *words)) return true;
    return false;
}

/* Keys above the names that many cyclers have. */
static const as_known known[] = {
    { "Cell", "sample", NULL },
    { "Battery", "sample", NULL },
    { "Description", "comment", NULL },
    { "Operator (Test)", "operator", NULL },
    { "Mass (g)", "active_mass", "g" },
    { "Area (cm2)", "electrode_area", "cm2" },
};

static bool is_cycler_names(const char *text)
{
    if (as_starts(text, "~Time[") && as_find_text(text, "U[") && as_find_text(text, "I[")) return true; /* Basytec */
    static const char *const voltage[] = { "volt", "potential", "电压", NULL };
    static const char *const current[] = { "current", "cur(", "电流", NULL };
    static const char *const cycle[] = { "cycle", "循环", NULL }, *const step[] = { "step", "工步", NULL };
    static const char *const time[] = { "time", "时间", NULL };
    const bool cycles = has_one(text, cycle) && has_one(text, step);
    static const char *const total[] = { "testtime", "test_time", "test time", NULL };
    return (cycles || has_one(text, total)) && has_one(text, voltage) &&
           has_one(text, current) && has_one(text, time) && strpbrk(text, "\t,;");
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

/* "~Battery: cell 7", "Date of Test:,23-Nov-23"; a programme as JSON, of Novonix, is left out. */
static as_status read_key(as_parse *job, as_table *head, const as_line *line)
{
    static const char *const starts[] = { "Started", "Start of Test", "Date of Test" };
    as_pair pair;
    if (line->text[0] == '{') return AS_OK;
    const char mark = strchr(line->text, '\t') ? '\t' : strchr(line->text, ':') ? ':' : '=';
    AS_TRY(as_split(job->ctx, line, mark, &pair));
    const char *key = pair.key + strspn(pair.key, "~ "), *value = pair.value + strspn(pair.value, ",; \t");
    if (!*value || !*key) return AS_OK;
    for (size_t i = 0; i < AS_COUNT(starts); i++)
        if (as_same(key, starts[i])) return as_set_measured(job->ctx, head, value, false, &line->where);
    return as_set_measure(job->ctx, head, known, AS_COUNT(known), key, value, &line->where);
}

void as_cycler_times(as_run *r)
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

void as_cycler_restarts(as_run *r)
{
    static const char *const stamps[] = { "date_time", NULL }, *const times[] = { "time", NULL };
    size_t c = 0;
    while (c < r->n && !(r->h[c].name && strcmp(r->h[c].name, "time") == 0)) c++;
    for (size_t i = 1; c < r->n && r->alias[c] && i < r->rows.n; i++)
        if (as_starts(r->alias[c]->key, "time") && r->rows.row[i].v[c] < r->rows.row[i - 1].v[c]) {
            as_echem_rename(r, times, "step_time");
            break;
        }
    as_echem_rename(r, stamps, "time");
}

/* A line below the names of units only, most of them in brackets: Digatron. */
static bool is_units(as_ctx *ctx, const as_line *line, char separator)
{
    as_field *f;
    size_t n, units = 0;
    if (as_fields(ctx, line, separator, &f, &n) != AS_OK) return false;
    for (size_t i = 0; i < n; i++) {
        if (!f[i].length) continue;
        if (f[i].text[0] != '[' || f[i].text[f[i].length - 1] != ']') return false;
        units++;
    }
    return units >= 2;
}

void as_cycler_clocks(as_run *r, const as_line *line)
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

/* The names in `line` and, if the next one is of units, these. */
static as_status read_heads(as_parse *job, as_run *run, as_lines *it, const as_line *line,
                            const as_names *names)
{
    as_line next;
    as_lines ahead = *it;
    const as_more more = as_next_line(job->ctx, &ahead, &next);
    if (more == AS_FAILED) return AS_ERR;
    const bool units = more == AS_ITEM && is_units(job->ctx, &next, it->separator);
    if (units) *it = ahead;
    return as_run_head_lines(job->ctx, run, line, units ? &next : NULL, it->separator, names);
}

/* A date that a workbook wrote as its number, 45131.785, is when the first row was measured. */
static as_status set_start(as_ctx *ctx, as_table *t)
{
    const as_column *date = as_find_name(t, "date_time");
    const char *text = NULL;
    if (!date || date->type != AS_F64 || t->rows == 0 || as_get_meta(t, "measured")) return AS_OK;
    if (date->v.f[0] > 20000) AS_TRY(as_cell_date(ctx, AS_CELL_DATE, date->v.f[0], false, &text));
    return text ? as_set_measured(ctx, t, text, false, NULL) : AS_OK;
}

/* The rows below one line of names, not yet emitted: its neighbour may follow. */
static as_table *table_of(as_parse *job, as_run *run, const as_table *head, as_echem_kind kind,
                          const as_where *at)
{
    static const char *const applied[] = { "potential_applied", NULL };
    if (has_column(run, "z_imag")) kind = AS_ECHEM_IMPEDANCE;
    if (kind == AS_ECHEM_SWEEP && is_held(run)) kind = AS_ECHEM_HOLD;
    if (kind == AS_ECHEM_SWEEP) as_echem_rename(run, applied, "potential");
    if (kind == AS_ECHEM_TIME) as_cycler_restarts(run);
    as_table *t = as_echem_table(job, run, head, kind, at);
    if (!t || as_echem_time_unit(job->ctx, t, "date_time") != AS_OK) return NULL;
    return set_start(job->ctx, t) == AS_OK ? t : NULL;
}

/* A table above further names: which one it is. */
static as_status emit_part(as_parse *job, as_table *t, size_t part, const as_where *at)
{
    const char *text = as_format(as_scratch(job->ctx), "%zu", part);
    if (!text) return AS_ERR;
    AS_TRY(as_set_meta(job->ctx, t, "part", text, NULL, at));
    return as_emit(job->out, job->ctx, t);
}

static as_status read_table(as_parse *job, bool (*is)(const char *), const as_names *names,
                            as_echem_kind kind)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    as_run run = { 0 };
    as_where at = { .file = job->in->name };
    static const char *const second[] = { "step_time_2", NULL };
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    size_t part = 0;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        const bool names_again = run.n && run.rows.n && isalpha((unsigned char)line.text[0]) && is(line.text);
        if (names_again) {
            as_table *t = table_of(job, &run, head, kind, &at);
            if (!t) return AS_ERR;
            AS_TRY(emit_part(job, t, ++part, &at));
            run = (as_run){ 0 };
        }
        if (run.n) {
            if (it.separator != ',' && strchr(line.text, ',')) it.decimal = ',';
            if (run.rows.n == 0) as_cycler_clocks(&run, &line);
            AS_TRY(as_run_add(job, &run, &it, &line));
        } else if (is(line.text)) {
            at = line.where;
            it.separator = separator_of(line.text);
            if (line.text[0] == '~') line.text++, line.length--;
            AS_TRY(read_heads(job, &run, &it, &line, names));
            as_cycler_times(&run);
            as_echem_rename(&run, second, "step_time"); /* beside a "Time" that turned out to be the whole */
        } else {
            AS_TRY(read_key(job, head, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (run.n == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no line of names that this format has");
    as_table *t = table_of(job, &run, head, kind, &at);
    if (!t) return AS_ERR;
    as_warn_if_cut(job, t, false);
    return part ? emit_part(job, t, part + 1, &at) : as_emit(job->out, job->ctx, t);
}

static as_status nova_parse(as_parse *job)
{
    return read_table(job, is_nova_names, &nova_names, AS_ECHEM_SWEEP);
}

static as_status cycler_parse(as_parse *job)
{
    return read_table(job, is_cycler_names, &as_cycler_names, AS_ECHEM_TIME);
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
    .basis = "observed files",
    .probe = nova_probe,
    .parse = nova_parse,
    .doc = { .summary = "read tables exported by Autolab Nova",
             .description = "One line of names with units in brackets, rows parted by tabs, semicolons "
                            "or commas. `WE(1).Potential`, else the applied one, and "
                            "`WE(1).Current` are the curve, Scan is the column `cycle`; of impedances "
                            "-Z'' becomes `z_imag`. Names repeated further below begin another series.",
             .examples = nova_examples,
             .see_also = see_also },
};

const as_parser as_parser_cycler = {
    .name = "cycler-csv",
    .title = "battery cycler CSV (Arbin, Neware, Landt, Basytec, Novonix)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = cycler_probe,
    .parse = cycler_parse,
    .doc = { .summary = "read tables exported by battery cyclers",
             .description = "One line of names, with cycle, step, time, voltage and current among "
                            "them, rows parted by commas, tabs or semicolons. Cycles and steps are "
                            "columns; times as hh:mm:ss become seconds.",
             .examples = cycler_examples,
             .see_also = see_also },
};
