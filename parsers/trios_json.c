/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON export of TA Instruments TRIOS: Schema.Url names it; Results.Processed holds ColumnHeaders,
 * which give each column's name and unit, and Rows, objects keyed by column; "Results Step Id" tells
 * the step of a row.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "spectrum.h"
#include "thermal.h"

enum { MOST_COLUMNS = 250 };

static const as_alias aliases[] = {
    { "time", "time", "s", 0, false },
    { "runtime", "time", "s", 0, false },
    { "steptime", "step_time", "s", 0, false },
    { "temperature", "temperature", "degC", 0, false },
    { "heatflownormalized", "specific_heat_flow", NULL, 0, false },
};
static const as_names names = { AS_COUNT(aliases), aliases };

typedef struct {
    size_t n;
    const char *key[MOST_COLUMNS], *name[MOST_COLUMNS], *unit[MOST_COLUMNS];
} layout;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || head[strspn(head, " \t\r\n")] != '{') return AS_PROBE_NO;
    return strstr(head, "TRIOSJSONExportSchema") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static as_status read_headers(as_parse *job, json_t *headers, layout *l, const as_where *at)
{
    const char *key;
    json_t *header;
    l->n = 0;
    json_object_foreach (headers, key, header) {
        if (strcmp(text_of(header, "ValueType"), "Number") != 0) continue;
        if (l->n == MOST_COLUMNS)
            return as_fail(job->ctx, AS_E_LIMIT, at, "more than %d columns", MOST_COLUMNS);
        l->key[l->n] = key;
        l->name[l->n] = text_of(header, "DisplayName");
        l->unit[l->n++] = text_of(json_object_get(header, "Unit"), "Name");
    }
    return l->n ? AS_OK : as_fail(job->ctx, AS_E_MISSING, at, "no columns of numbers in ColumnHeaders");
}

/* The ordinal of a step among ResultsSteps, from 1; 0: unknown. */
static double step_of(const json_t *steps, const char *id)
{
    for (size_t i = 0; i < json_array_size(steps); i++)
        if (strcmp(text_of(json_array_get(steps, i), "Id"), id) == 0) return (double)i + 1;
    return 0;
}

static as_status read_rows(as_parse *job, const json_t *part, const layout *l, as_run *run)
{
    const json_t *rows = json_object_get(part, "Rows"), *steps = json_object_get(part, "ResultsSteps");
    double v[MOST_COLUMNS];
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        for (size_t k = 0; k < l->n; k++) {
            const json_t *cell = json_object_get(row, l->key[k]);
            v[k] = json_is_number(cell) ? json_number_value(cell) : NAN;
        }
        run->segment = step_of(steps, text_of(row, "Results Step Id"));
        AS_TRY(as_run_add_cells(job->ctx, run, l->n, v, NULL, (uint32_t)i + 1));
    }
    return AS_OK;
}

static as_status set_about(as_parse *job, const json_t *root, as_table *t, const as_where *at)
{
    const json_t *sample = json_object_get(root, "Sample");
    const json_t *operator = json_array_get(json_object_get(root, "Operators"), 0);
    AS_TRY(as_set_text(job->ctx, t, "sample", text_of(sample, "Name"), at));
    AS_TRY(as_set_text(job->ctx, t, "operator", text_of(operator, "Name"), at));
    AS_TRY(as_set_text(job->ctx, t, "measured", text_of(root, "StartTime"), at));
    const char *procedure = text_of(json_object_get(root, "Procedure"), "Name");
    if (*procedure) AS_TRY(as_set_vendor(job->ctx, t, "Procedure", procedure, at));
    const json_t *mass = json_object_get(sample, "Mass");
    const json_t *value = json_object_get(mass, "Value");
    const char *unit = text_of(json_object_get(mass, "Unit"), "Name");
    as_unit parsed;
    if (!json_is_number(value) || !*unit) return AS_OK;
    AS_TRY(as_unit_parse(job->ctx, t->arena, unit, &parsed));
    return as_set_number(job->ctx, t, "sample_mass", json_number_value(value), NAN, parsed, at);
}

/* Thermal analysis; what rheometers export in the same schema is told by its columns. */
static as_status set_axes(as_parse *job, as_table *t, const as_where *at)
{
    static const as_curve rheology[] = { { "oscillation_strain", "storage_modulus" },
                                         { "angular_frequency", "storage_modulus" },
                                         { "time", "viscosity" }, { "time", "temperature" } };
    if (as_find_name(t, "storage_modulus") || as_find_name(t, "viscosity")) {
        t->technique = "generic";
        return as_set_curve(job->ctx, t, AS_COUNT(rheology), rheology, at);
    }
    return as_thermal_axes(job->ctx, t, at);
}

static as_status read_part(as_parse *job, json_t *root)
{
    const as_where at = { .file = job->in->name };
    as_run run = { 0 };
    layout *l = AS_NEW(as_scratch(job->ctx), layout);
    json_t *results = json_object_get(root, "Results");
    json_t *part = json_object_get(results, "Processed");
    if (!part) part = json_object_get(results, "Unprocessed");
    if (!l) return AS_ERR;
    if (json_array_size(json_object_get(part, "Rows")) == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no Results.Processed.Rows in the document");
    AS_TRY(read_headers(job, json_object_get(part, "ColumnHeaders"), l, &at));
    AS_TRY(as_run_heads(job->ctx, &run, l->n, l->name, l->unit, &names));
    AS_TRY(read_rows(job, part, l, &run));
    as_table *t = as_run_table(job, &run);
    if (!t) return AS_ERR;
    AS_TRY(set_about(job, root, t, &at));
    AS_TRY(set_axes(job, t, &at));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    json_error_t error;
    json_t *root = json_loadb((const char *)job->in->data, job->in->size, 0, &error);
    if (!root) {
        const as_where at = { .file = job->in->name, .line = (uint32_t)error.line,
                              .column = (uint32_t)error.column };
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "not whole as JSON: %s", error.text);
    }
    const as_status status = read_part(job, root);
    json_decref(root);
    return status;
}

static const char *const suffixes[] = { "json", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "two steps", "assay read tests/corpus/thermal/trios.json" },
                                       { 0 } };
static const char *const see_also[] = { "trios-txt", "trios-xls", NULL };

const as_parser as_parser_trios_json = {
    .name = "trios-json",
    .title = "TA Instruments TRIOS JSON export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "the maker's schema, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read JSON exported by TA TRIOS",
             .description = "`Results.Processed` holds headers with names and units, and rows; the "
                            "steps of the procedure are the column `segment`. Rheology in the same "
                            "schema is read as a table of no stated technique.",
             .examples = examples,
             .see_also = see_also },
};
