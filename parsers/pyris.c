/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of PerkinElmer Pyris: "Key:<tab>value" lines, "Method Steps:", then for each step a title
 * "2) TGA Temperature Scan", the names of the columns in two lines, and rows led by a tab. The CSV
 * export is the rows under one line of the same names. Units are not written: they are min, mg, mW,
 * degC and mL/min throughout.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "thermal.h"

enum { MOST_NAMES = 24 };

static const as_known known[] = {
    { "Sample ID", "sample", NULL },      { "Operator ID", "operator", NULL },
    { "Comment", "comment", NULL },       { "Sample Weight", "sample_mass", "mg" },
    { "Serial Number", "serial_number", NULL },
};

static const as_alias aliases[] = {
    { "time", "time", "min", 0, false },
    { "unsubtractedweight", "mass", "mg", 0, false },
    { "weight", "mass", "mg", 0, false },
    { "weightpercent", "mass_fraction", "%", 0, false },
    { "baselineweight", "baseline_weight", "mg", 0, false },
    { "unsubtractedheatflow", "heat_flow", "mW", 0, false },
    { "heatflow", "heat_flow", "mW", 0, false },
    { "baselineheatflow", "baseline_heat_flow", "mW", 0, false },
    { "uncorrectedheatflow", "uncorrected_heat_flow", "mW", 0, false },
    { "unsubtractedmicrovolt", "dta", "uV", 0, false },
    { "programtemperature", "program_temperature", "degC", 0, false },
    { "sampletemperature", "temperature", "degC", 0, false },
    { "approxgasflow", "gas_flow", "mL/min", 0, false },
    { "samplepurgeflow", "sample_purge_flow", "mL/min", 0, false },
    { "balancepurgeflow", "balance_purge_flow", "mL/min", 0, false },
};
static const as_names names = { AS_COUNT(aliases), aliases };

typedef struct {
    as_table *head;
    as_rate rate;
    as_run run;
    double total;
    bool steps, calibration;
} reading;

static bool is_csv(const char *head)
{
    return as_starts(head, "Time,Unsubtracted ") && as_find_text(head, "Sample Temperature");
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (is_csv(head)) return AS_PROBE_MAGIC;
    return as_starts(head, "Filename:\t") && strstr(head, "\nTotal Points in Run:") ? AS_PROBE_MAGIC
                                                                                    : AS_PROBE_NO;
}

/* "2) TGA Temperature Scan": the number; 0: no title. Steps of the method have a tab behind ')'. */
static double step_number(const char *text)
{
    double number;
    const size_t used = as_scan_number(text, strspn(text, "0123456789"), '.', &number);
    return used && text[used] == ')' && text[used + 1] == ' ' ? number : 0;
}

static as_status read_names(as_parse *job, reading *r, as_lines *it)
{
    as_line upper, lower;
    as_field *f, *g;
    size_t n, m;
    const char *name[MOST_NAMES];
    as_lines ahead = *it;
    AS_TRY(as_need_line(job->ctx, &ahead, &upper, "the names of the columns"));
    if (r->run.n && upper.text[0] == '\t' && upper.text[1 + strspn(upper.text + 1, " -")] <= '9')
        return AS_OK; /* not repeated for each step: a row follows */
    *it = ahead;
    AS_TRY(as_need_line(job->ctx, it, &lower, "the second line of names"));
    AS_TRY(as_fields(job->ctx, &upper, '\t', &f, &n));
    AS_TRY(as_fields(job->ctx, &lower, '\t', &g, &m));
    if (n < 3 || n > MOST_NAMES || f[0].length || m > n)
        return as_fail(job->ctx, AS_E_SYNTAX, &upper.where, "'%.60s', expected names of columns led "
                       "by a tab", upper.text);
    for (size_t i = 1; i < n; i++) {
        name[i - 1] = as_format(as_scratch(job->ctx), "%s%s%s", f[i].text,
                                i < m && g[i].length ? " " : "", i < m ? g[i].text : "");
        if (!name[i - 1]) return AS_ERR;
    }
    if (r->run.n == 0) return as_run_heads(job->ctx, &r->run, n - 1, name, NULL, &names);
    if (r->run.n == n - 1) return AS_OK;
    return as_fail(job->ctx, AS_E_FORMAT, &upper.where, "%zu columns, %zu in the steps before", n - 1,
                   r->run.n);
}

/* "2)<tab>Heat from 30.00 °C to 800.00 °C at 10.00 °C/min", also what the gas is switched to. */
static as_status read_method(as_ctx *ctx, reading *r, const char *line)
{
    const size_t digits = strspn(line, "0123456789");
    const bool step = digits && line[digits] == ')' && line[digits + 1] == '\t';
    const char *text = step ? line + digits + 2 : line;
    text = as_trim(as_scratch(ctx), text, strlen(text));
    if (!text) return AS_ERR;
    if (step || as_find_text(text, "Switch the Gas to ")) return as_programme_in(ctx, &r->rate, text);
    as_rate_in(&r->rate, text);
    return AS_OK;
}

/* "DSC8500 HEAT FLOW CALIBRATION VALUES:" tells the model, which nothing else does. */
static as_status read_model(as_ctx *ctx, as_table *head, const as_line *line)
{
    const char *text = line->text + strspn(line->text, " \t");
    const size_t n = strcspn(text, " ");
    const bool model = n > 3 && strcspn(text, "0123456789") < n && (as_starts(text, "DSC") || as_starts(text, "TGA") ||
                                                                    as_starts(text, "STA"));
    const char *name = model ? as_format(as_scratch(ctx), "PerkinElmer %.*s", (int)n, text) : "";
    return name ? as_set_text(ctx, head, "instrument", name, &line->where) : AS_ERR;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    as_pair pair;
    AS_TRY(as_split(ctx, line, ':', &pair));
    const char *value = as_mend_degree(ctx, pair.value);
    if (!value) return AS_ERR;
    if (as_starts(line->text, "Method Steps")) r->steps = true;
    if (as_starts(line->text, "Calibration Information")) r->calibration = true;
    if (as_starts(line->text, "Initial Conditions")) r->calibration = false;
    if (r->steps) {
        const char *gas = as_find_text(line->text, "Switch the Gas to ");
        const char *all = as_mend_degree(ctx, line->text);
        if (!all) return AS_ERR;
        AS_TRY(read_method(ctx, r, all));
        if (!gas || as_get_meta(r->head, "atmosphere")) return AS_OK;
        gas = as_trim(as_scratch(ctx), gas + 18, strlen(gas + 18));
        return gas ? as_set_atmosphere(ctx, r->head, gas, &line->where) : AS_ERR;
    }
    if (!value[0]) return AS_OK;
    if (strcmp(pair.key, "Total Points in Run") == 0)
        as_read_number(value, strlen(value), '.', &r->total);
    if (strcmp(pair.key, "Data Collected") == 0)
        return as_set_measured(ctx, r->head, value, false, &line->where);
    const char *key = r->calibration ? as_format(as_scratch(ctx), "Calibration %s", pair.key) : pair.key;
    return key ? as_set_measure(ctx, r->head, known, AS_COUNT(known), key, value, &line->where) : AS_ERR;
}

/* Behind the rows stand remarks, some of them led by a tab. */
static bool is_row(const as_line *line)
{
    const char *at = line->text + 1;
    return line->text[0] == '\t' && strspn(at + (*at == '-'), "0123456789") > 0;
}

/* A row: without the tab that leads it and the blank that ends it. */
static as_status read_row(as_parse *job, reading *r, const as_lines *it, as_line line)
{
    line.text++;
    line.length--;
    return as_run_add(job, &r->run, it, &line);
}

static as_status read_csv(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = ',' };
    as_line line;
    as_more more;
    as_run run = { 0 };
    AS_TRY(as_need_line(job->ctx, &it, &line, "the names of the columns"));
    const as_where at = line.where;
    AS_TRY(as_run_head_lines(job->ctx, &run, &line, NULL, ',', &names));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM)
        if (line.length) AS_TRY(as_run_add(job, &run, &it, &line));
    return more == AS_FAILED ? AS_ERR : as_emit_thermal(job, &run, NULL, &at);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line = { 0 };
    as_more more;
    if (is_csv((const char *)job->in->data)) return read_csv(job);
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->total = NAN;
    r->head = as_table_new(job->ctx, 0);
    if (!r->head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        const double step = r->steps ? step_number(line.text) : 0;
        if (step > 0) {
            r->run.segment = step;
            AS_TRY(read_names(job, r, &it));
            if (r->run.rows.n == 0) AS_TRY(as_find_decimal(job, &it, &r->run));
        } else if (r->run.n == 0) {
            if (line.length) AS_TRY(read_key(job, r, &line));
        } else if (is_row(&line)) {
            AS_TRY(read_row(job, r, &it, line));
        } else if (as_find_text(line.text, " CALIBRATION VALUES")) {
            AS_TRY(read_model(job->ctx, r->head, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (isfinite(r->total) && (double)r->run.rows.n != r->total)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "%zu points, expected %.0f as Total Points in Run says", r->run.rows.n, r->total);
    AS_TRY(as_set_rate(job->ctx, r->head, &r->rate, NULL));
    return as_emit_thermal(job, &r->run, r->head, &line.where);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "two steps", "assay read tests/corpus/thermal/pyris.txt" },
                                       { 0 } };
static const char *const see_also[] = { "delimited", NULL };

const as_parser as_parser_pyris = {
    .name = "pyris",
    .title = "PerkinElmer Pyris text and CSV",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text and CSV exported by PerkinElmer Pyris",
             .description =
                 "Text: keys, `Method Steps:`, and for each step a title, names in two lines and rows; "
                 "all steps make one table with a column `segment`, and their rows are counted "
                 "against `Total Points in Run`. CSV: one line of names, rows, a comma behind each. "
                 "The unsubtracted signal is taken; units are those of the program.",
             .examples = examples,
             .see_also = see_also },
};
