/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of Mettler Toledo STARe, in two layouts. The evaluation: for each curve its name and signal,
 * "Curve Values:" with the head "Index t Ts Tr Value", units in brackets, rows, then results and
 * "Sample:". The table: one head with all signals (Index Ts t HF Weight Tr), units, rows, a title.
 */
#include <math.h>
#include <string.h>

#include "calendar.h"
#include "convention.h"
#include "spectrum.h"
#include "text_end.h"
#include "thermal.h"

enum { MOST_CURVES = 64 };

static const as_known known[] = {
    { "Sample Mass", "sample_mass", "mg" },
};

/* Sections whose first line is worth knowing. */
static const struct { const char *title, *meta; } sections[] = {
    { "TA Module", "instrument" }, { "Sample Holder", "crucible" }, { "User", "operator" },
    { "Benutzer", "operator" },    { "Method", "vendor.method" },
};

/* The column "Value": what it is, by its unit. */
static const struct { const char *unit, *name; } values[] = {
    { "mg", "mass" }, { "%", "mass_fraction" }, { "mW", "heat_flow" }, { "W/g", "specific_heat_flow" },
};

static const as_alias table_aliases[] = {
    { "index", "index", NULL, 0, false },
    { "ts", "temperature", "degC", 0, false },
    { "tr", "program_temperature", "degC", 0, false },
    { "t", "time", "s", 0, false },
    { "hf", "heat_flow", NULL, 0, false },
    { "weight", "mass", NULL, 0, false },
    { "value", "value", NULL, 0, false },
    { "wert", "value", NULL, 0, false },
    { "yvalue", "value", NULL, 0, false },
};
static const as_names names = { AS_COUNT(table_aliases), table_aliases };

/* The titles of sections, in English and German. */
static bool is_curve_name(const char *t)
{
    return as_starts(t, "Curve Name") || as_starts(t, "FileName") || as_starts(t, "Kurvenname") ||
           as_starts(t, "Dateiname");
}

static bool is_curve_values(const char *t)
{
    return as_starts(t, "Curve Values") || as_starts(t, "Curve:") || as_starts(t, "Kurvenwerte") ||
           as_starts(t, "Kurve:");
}

static bool is_sample(const char *t)
{
    return as_starts(t, "Sample:") || as_starts(t, "SampleID") || as_starts(t, "Probe:") ||
           as_starts(t, "Proben-ID");
}

typedef struct {
    as_table *file, *head; /* what holds for all, for this curve */
    const char *name, *signal, *section;
    as_run run;
    size_t n_curves;
    as_table *curve[MOST_CURVES];
    bool derived;
} reading;

static bool is_table(const char *head)
{
    const char *at = head + strspn(head, " \t\r\n");
    if (!as_starts(at, "Index")) return false;
    const char *units = strchr(at, '\n');
    return units && as_starts(units + 1 + strspn(units + 1, " \t"), "[#]") &&
           as_find_text(at, " Ts") != NULL;
}

/* "Index t Ts Tr Value" and a line of units in brackets, whatever stands above. */
static bool has_columns(const char *head)
{
    for (const char *at = strstr(head, "Index "); at; at = strstr(at + 1, "Index ")) {
        const size_t n = strcspn(at, "\r\n");
        const char *ts = as_find_text(at, " Ts "), *value = as_find_text(at, " Value");
        const char *units = at + n + strspn(at + n, "\r\n \t");
        if (ts && value && ts < value && value + strlen(" Value") <= at + n && *units == '[') return true;
    }
    return false;
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (is_table(head)) return AS_PROBE_MAGIC;
    if (has_columns(head)) return AS_PROBE_LIKELY;
    const char *curve = strstr(head, "\nCurve Values:");
    if (!curve) curve = strstr(head, "\nCurve:");
    if (!curve) curve = strstr(head, "\nKurvenwerte:");
    return curve && strstr(curve, "Index") && strstr(head, "Tr") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* The column called value gets the name that its unit tells. */
static void name_value(as_run *r, const char *signal)
{
    for (size_t i = 0; i < r->n; i++) {
        if (!r->h[i].name || strcmp(r->h[i].name, "value") != 0) continue;
        r->h[i].label = signal;
        for (size_t k = 0; k < AS_COUNT(values) && r->h[i].stated && !r->h[i].unit.opaque; k++) {
            const as_unit unit = as_unit_of(values[k].unit);
            if (!as_unit_same_dimension(&r->h[i].unit, &unit)) continue;
            r->h[i].name = values[k].name;
            break;
        }
    }
}

/* "[Wg^-1]" as W/g: the units of a product stand side by side. In scratch. */
static const char *mend_unit(as_ctx *ctx, const char *text)
{
    static const char *const per[] = { "min", "s", "g", "K", "°C" };
    const char *power = strstr(text, "^-1");
    for (size_t i = 0; power && i < AS_COUNT(per); i++) {
        const size_t n = strlen(per[i]);
        if ((size_t)(power - text) <= n + 1 || strncmp(power - n, per[i], n) != 0) continue;
        return as_format(as_scratch(ctx), "%.*s/%s%s", (int)(power - n - text), text, per[i], power + 3);
    }
    return text;
}

static as_status read_head(as_parse *job, reading *r, as_lines *it, const as_line *line)
{
    static const char *const derived[] = { "Index", "t", "Ts", "Tr", "x value", "y value" };
    as_line units;
    as_field *f;
    size_t n;
    AS_TRY(as_need_line(job->ctx, it, &units, "the units of the columns"));
    r->derived = as_find_text(line->text, "y value") != NULL;
    if (!r->derived) {
        as_field *u;
        size_t n_units;
        AS_TRY(as_fields(job->ctx, line, 0, &f, &n));
        AS_TRY(as_fields(job->ctx, &units, 0, &u, &n_units));
        const char *name[16], *unit[16];
        if (n > 16 || n_units > n)
            return as_fail(job->ctx, AS_E_SYNTAX, &units.where, "%zu units for %zu columns", n_units, n);
        for (size_t i = 0; i < n; i++) { /* units stand under the last names */
            name[i] = f[i].text;
            unit[i] = i < n - n_units ? "" : mend_unit(job->ctx, u[i - (n - n_units)].text);
            if (!unit[i]) return AS_ERR;
        }
        AS_TRY(as_run_heads(job->ctx, &r->run, n, name, unit, &names));
    } else {
        AS_TRY(as_run_heads(job->ctx, &r->run, AS_COUNT(derived), derived, NULL, &names));
    }
    name_value(&r->run, r->signal);
    return AS_OK;
}

/* Another signal of the run that `first` holds: at the same times. It becomes a column there. */
static as_status merge_signal(as_parse *job, as_table *first, const as_table *t, bool *merged)
{
    const as_column *mine = as_find_name(first, "time"), *time = as_find_name(t, "time");
    const as_column *y = as_find_role(t, AS_ROLE_Y);
    *merged = false;
    if (!mine || !time || !y || first->rows != t->rows || as_find_name(first, y->name)) return AS_OK;
    if (memcmp(mine->v.f, time->v.f, t->rows * sizeof(double)) != 0) return AS_OK;
    as_unit unit;
    AS_TRY(as_unit_parse(job->ctx, first->arena, y->unit.symbol, &unit));
    as_column *c = as_add_column(job->ctx, first, y->name, AS_ROLE_OTHER, unit);
    if (!c) return AS_ERR;
    memcpy(c->v.f, y->v.f, t->rows * sizeof(double));
    *merged = true;
    return AS_OK;
}

/* The first curve is the main data, with those merged into it and those of the same signal; others
 * are parts to ask for. */
static as_status keep_curve(as_parse *job, reading *r, as_table *t, const as_where *at)
{
    bool merged = false;
    if (r->n_curves == MOST_CURVES)
        return as_fail(job->ctx, AS_E_LIMIT, at, "more than %d curves", MOST_CURVES);
    if (r->n_curves > 0 && !t->secondary) {
        const as_column *y = as_find_role(r->curve[0], AS_ROLE_Y), *own = as_find_role(t, AS_ROLE_Y);
        AS_TRY(merge_signal(job, r->curve[0], t, &merged));
        if (merged) return AS_OK;
        t->secondary = !y || strcmp(y->name, own->name) != 0;
    }
    r->curve[r->n_curves++] = t;
    return AS_OK;
}

static as_status finish_curve(as_parse *job, reading *r, const as_where *at, bool ended)
{
    as_ctx *ctx = job->ctx;
    if (r->run.rows.n == 0) return AS_OK;
    as_table *t = as_run_table(job, &r->run);
    if (!t) return AS_ERR;
    AS_TRY(as_copy_meta(ctx, t, r->file));
    AS_TRY(as_copy_meta(ctx, t, r->head));
    if (r->signal || r->name) t->label = as_strdup(t->arena, r->signal ? r->signal : r->name);
    if (r->signal) AS_TRY(as_set_vendor(ctx, t, "signal", r->signal, at));
    if (!as_find_name(t, "value")) AS_TRY(as_thermal_axes(ctx, t, at));
    else {
        static const as_curve curve[] = { { "temperature", "value" }, { "time", "value" } };
        AS_TRY(as_set_curve(ctx, t, AS_COUNT(curve), curve, at));
    }
    t->secondary = r->derived;
    if (!r->section) as_warn_if_cut(job, t, false);
    else if (ended && is_curve_values(r->section))
        as_warn(ctx, t, at, "the file ends within the values of a curve: it may be cut");
    r->name = r->signal = NULL;
    r->head = as_table_new(ctx, 0);
    return r->head ? keep_curve(job, r, t, at) : AS_ERR;
}

/* "mp2028, 4.1752 mg" */
static as_status read_sample(as_parse *job, reading *r, const char *text, const as_where *at)
{
    const char *comma = strrchr(text, ',');
    const char *name = as_trim(as_scratch(job->ctx), text, comma ? (size_t)(comma - text) : strlen(text));
    if (!name) return AS_ERR;
    if (!as_get_meta(r->head, "sample")) AS_TRY(as_set_text(job->ctx, r->head, "sample", name, at));
    if (!comma || as_get_meta(r->head, "sample_mass")) return AS_OK;
    return as_set_measure(job->ctx, r->head, known, AS_COUNT(known), "Sample Mass", comma + 1 +
                          strspn(comma + 1, " "), at);
}

/* "mp2028, 28.11.2022 14:59:27", then "Performed 28.11.2022 14:59:26", the name of the signal. */
static as_status read_curve_name(as_parse *job, reading *r, const char *text, const as_where *at)
{
    as_ctx *ctx = job->ctx;
    if (as_starts(text, "Performed"))
        return as_set_measured(ctx, r->head, text + 9 + strspn(text + 9, " "), false, at);
    if (!r->name) {
        const char *comma = strrchr(text, ',');
        const char *date = comma ? comma + 1 + strspn(comma + 1, " ") : "";
        r->name = text;
        if (strspn(date, "0123456789.: ") == strlen(date))
            AS_TRY(as_set_measured(ctx, r->head, date, false, at));
        return as_set_vendor(ctx, r->head, "curve", text, at);
    }
    r->signal = text;
    return AS_OK;
}

static as_status read_text(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    const char *text = as_trim(as_scratch(ctx), line->text, line->length);
    if (!text) return AS_ERR;
    const char *software = as_find_text(text, "STARe SW");
    if (software) return as_set_text(ctx, r->file, "software", software, &line->where);
    if (line->text[0] != ' ' && line->text[0] != '\t') {
        r->section = text;
        if (r->n_curves == 0 && (as_starts(text, "Title ") || as_starts(text, "Titel ")) &&
            !r->name) {
            const char *date = text + strcspn(text, " ");
            date += strspn(date, " ");
            return *date ? as_set_vendor(ctx, r->file, "report_date", date, &line->where) : AS_OK;
        }
        return AS_OK;
    }
    if (!text[0]) return AS_OK;
    if (!r->section) { /* the line of a title that has none */
        const char *iso;
        bool whole;
        AS_TRY(as_iso_date(ctx, text, AS_DATE_UNTOLD, &iso, &whole));
        return iso ? as_set_vendor(ctx, r->file, "report_date", text, &line->where) : AS_OK;
    }
    if (is_curve_name(r->section)) return read_curve_name(job, r, text, &line->where);
    if (is_sample(r->section)) return read_sample(job, r, text, &line->where);
    for (size_t i = 0; i < AS_COUNT(sections); i++)
        if (as_starts(r->section, sections[i].title) && !as_get_meta(r->head, sections[i].meta))
            return as_set_meta(ctx, r->head, sections[i].meta, text, NULL, &line->where);
    return AS_OK;
}

static bool is_head(const char *text)
{
    const char *at = text + strspn(text, " \t");
    return as_starts(at, "Index ") && as_find_text(at, " Ts");
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    as_convention c;
    AS_TRY(as_convention_of(job->ctx, job->in, 1, 0, &c));
    it.decimal = c.decimal;
    r->file = as_table_new(job->ctx, 0);
    r->head = as_table_new(job->ctx, 0);
    if (!r->file || !r->head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        const char first = line.text[strspn(line.text, " ")];
        const bool digit = first >= '0' && first <= '9';
        const bool in_rows = r->run.n && (!r->section || is_curve_values(r->section));
        if (is_curve_name(line.text))
            AS_TRY(finish_curve(job, r, &line.where, false));
        if (is_head(line.text)) {
            AS_TRY(read_head(job, r, &it, &line));
            if (r->section && !is_curve_values(r->section)) r->section = "Curve Values:";
        } else if (in_rows && digit) AS_TRY(as_run_add(job, &r->run, &it, &line));
        else if (!r->section && r->run.n && line.text[0] == ']' && strchr(line.text, '['))
            AS_TRY(as_set_text(job->ctx, r->head, "comment", strchr(line.text, '[') + 1, &line.where));
        else if (!r->section && r->run.n && !r->name)
            AS_TRY(read_curve_name(job, r, line.text, &line.where)); /* below a table */
        else AS_TRY(read_text(job, r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    AS_TRY(finish_curve(job, r, &line.where, true));
    if (r->n_curves == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends before the values of a curve");
    for (size_t i = 0; i < r->n_curves; i++) AS_TRY(as_emit(job->out, job->ctx, r->curve[i]));
    return AS_OK;
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = {
    { "two curves of an evaluation", "assay read tests/corpus/thermal/stare.txt" },
    { "a table of all signals", "assay read tests/corpus/thermal/stare-table.txt" },
    { 0 }
};
static const char *const see_also[] = { "delimited", NULL };

const as_parser as_parser_mettler_stare = {
    .name = "mettler-stare",
    .title = "Mettler Toledo STARe text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read evaluations and tables exported by Mettler Toledo STARe",
             .description =
                 "Evaluation: for each curve `Curve Name:`, `Curve Values:` with Index, t, Ts (sample) "
                 "and Tr (reference, as programmed), results, `Sample:` with the mass. Curves derived "
                 "from others (x value, y value) are parts to ask for. Table: one head, "
                 "units in brackets, rows, a title behind them.",
             .examples = examples,
             .see_also = see_also },
};
