/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Isotherms as JSON: the NIST/ARPA-E database of adsorbent materials (ISODB) and pyGAPS. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "exchange.h"
#include "headings.h"
#include "number.h"

static bool is_isotherm(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && head[strspn(head, " \t\r\n")] == '{' && strstr(head, "\"isotherm_data\"");
}

static int probe_nist(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!is_isotherm(p)) return AS_PROBE_NO;
    return strstr(head, "\"adsorptionUnits\"") || strstr(head, "\"adsorbates\"")
               ? AS_PROBE_VERIFIED
               : AS_PROBE_NO;
}

/* What adsorption-file-parser found in a file: {"meta": {...}, "data": {...}}. */
static bool is_parsed(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && head[strspn(head, " \t\r\n")] == '{' && strstr(head, "\"meta\"") &&
           strstr(head, "\"data\"") && strstr(head, "\"loading_unit\"");
}

static int probe_pygaps(const as_probe *p)
{
    static const char *const keys[] = { "\"material_basis\"", "\"loading_basis\"",
                                        "\"pressure_mode\"", "\"file_version\"", "\"loading\"" };
    const char *head = (const char *)p->head;
    size_t found = 0;
    const bool model = p->is_text && head[0] == '{' && strstr(head, "\"isotherm_model\"");
    if ((!is_isotherm(p) && !model && !is_parsed(p)) || probe_nist(p)) return AS_PROBE_NO;
    for (size_t i = 0; i < AS_COUNT(keys); i++) found += strstr(head, keys[i]) != NULL;
    return found >= 2 ? AS_PROBE_VERIFIED : found ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

static void release(void *root)
{
    json_decref(root);
}

/* Python writes NaN, which is no JSON, for a number that is missing: null. */
static char *without_nan(as_ctx *ctx, const char *from, size_t *size)
{
    size_t n = 0;
    bool text = false;
    char *out = as_alloc(as_scratch(ctx), *size + *size / 3 + 1, 1);
    for (size_t i = 0; out && i < *size;) {
        if (!text && *size - i >= 3 && memcmp(from + i, "NaN", 3) == 0) {
            memcpy(out + n, "null", 4);
            n += 4, i += 3;
            continue;
        }
        if (text && from[i] == '\\' && i + 1 < *size) out[n++] = from[i++];
        else if (from[i] == '"') text = !text;
        out[n++] = from[i++];
    }
    *size = n;
    return out;
}

static as_status load(as_parse *job, json_t **out)
{
    json_error_t error;
    size_t size = job->in->size;
    const char *text = without_nan(job->ctx, (const char *)job->in->data, &size);
    if (!text) return AS_ERR;
    *out = json_loadb(text, size, 0, &error);
    if (!*out) {
        const as_where at = { .file = job->in->name, .line = (uint32_t)error.line,
                              .column = (uint32_t)error.column };
        const enum json_error_code code = json_error_code(&error);
        return as_fail(job->ctx,
                       code == json_error_premature_end_of_input ? AS_E_TRUNCATED : AS_E_SYNTAX,
                       &at, "JSON: %s", error.text);
    }
    AS_TRY(as_defer(as_scratch(job->ctx), release, *out));
    const as_where at = { .file = job->in->name };
    if (json_is_object(json_object_get(*out, "meta")) && json_is_object(json_object_get(*out, "data")))
        return AS_OK;
    if (!json_is_object(*out) || !json_object_get(*out, "isotherm_data"))
        return as_fail(job->ctx, AS_E_FORMAT, &at, "no object with isotherm_data: a fitted model has no points");
    return AS_OK;
}

/* A number, also one written as a text; NaN for null and everything else. */
static double number_of(const json_t *j)
{
    double value = NAN;
    if (json_is_number(j)) return json_number_value(j);
    if (!json_is_string(j)) return value;
    return as_read_number(json_string_value(j), json_string_length(j), '.', &value) ? value : NAN;
}

static const char *text_of(as_ctx *ctx, const json_t *j)
{
    if (json_is_string(j)) return json_string_value(j);
    if (json_is_boolean(j)) return json_is_true(j) ? "true" : "false";
    if (!json_is_number(j)) return "";
    char *out = as_alloc(as_scratch(ctx), AS_NUMBER_MAX, 1);
    if (!out) return "";
    as_write_number(json_number_value(j), out);
    return out;
}

/* Where a point is wrong: JSON keeps no lines of values. */
static as_status bad_point(as_parse *job, size_t i, const char *what)
{
    const as_where at = { .file = job->in->name };
    return as_fail(job->ctx, AS_E_SYNTAX, &at, "isotherm_data[%zu]: %s", i, what);
}

/* --- NIST ISODB ---------------------------------------------------------------------------- */
static const as_known nist_keys[] = {
    { "temperature", "temperature", "K" }, { "date", "vendor.date", NULL },
    { "pressureUnits", NULL, NULL },       { "adsorptionUnits", NULL, NULL },
};

static as_status nist_meta(as_parse *job, as_iso *iso, json_t *root)
{
    as_ctx *ctx = job->ctx;
    const json_t *gases = json_object_get(root, "adsorbates");
    const char *key, *names = "";
    json_t *value;
    for (size_t i = 0; i < json_array_size(gases); i++) {
        const char *name = text_of(ctx, json_object_get(json_array_get(gases, i), "name"));
        names = as_format(as_scratch(ctx), "%s%s%s", names, i ? " + " : "", name);
        if (!names) return AS_ERR;
    }
    AS_TRY(as_set_meta(ctx, iso->head, "adsorbate", names, NULL, NULL));
    const char *material = text_of(ctx, json_object_get(json_object_get(root, "adsorbent"), "name"));
    AS_TRY(as_set_meta(ctx, iso->head, "sample", material, NULL, NULL));
    const char *category = text_of(ctx, json_object_get(root, "category"));
    if (as_starts(category, "sim") || as_starts(category, "mod"))
        AS_TRY(as_set_meta(ctx, iso->head, "simulated", category, NULL, NULL));
    json_object_foreach(root, key, value)
        AS_TRY(as_set_reported(ctx, iso->head, nist_keys, AS_COUNT(nist_keys), key,
                               text_of(ctx, value), NULL, NULL));
    return AS_OK;
}

static as_status nist_units(as_parse *job, as_iso *iso, json_t *root)
{
    as_unit unit;
    const as_unit pascal = as_unit_of("Pa");
    const char *pressure = text_of(job->ctx, json_object_get(root, "pressureUnits"));
    const char *amount = text_of(job->ctx, json_object_get(root, "adsorptionUnits"));
    AS_TRY(as_unit_parse(job->ctx, as_scratch(job->ctx), *pressure ? pressure : "?", &unit));
    if (!as_unit_same_dimension(&unit, &pascal))
        as_warn(job->ctx, iso->head, &iso->at, "pressureUnits is '%s', expected a unit of pressure",
                pressure);
    iso->unit[AS_ISO_PRESSURE] = *pressure ? pressure : "1";
    iso->unit[AS_ISO_UPTAKE] = *amount ? amount : "1";
    if (!*amount)
        as_warn(job->ctx, iso->head, &iso->at, "the unit of the amounts is not stated");
    return AS_OK;
}

/* The total, else what the only species has; of a mixture also each of them. */
static as_status nist_point(as_parse *job, as_iso *iso, const json_t *point, size_t i)
{
    const json_t *species = json_object_get(point, "species_data");
    const size_t n = json_array_size(species);
    double *row = as_iso_add(job->ctx, iso);
    if (!row) return AS_ERR;
    if (!json_is_object(point)) return bad_point(job, i, "expected an object");
    row[AS_ISO_PRESSURE] = number_of(json_object_get(point, "pressure"));
    row[AS_ISO_UPTAKE] = number_of(json_object_get(point, "total_adsorption"));
    if (isnan(row[AS_ISO_PRESSURE])) return bad_point(job, i, "no number as pressure");
    for (size_t k = 0; k < n && n > 1; k++) {
        size_t column;
        const char *name = as_format(as_scratch(job->ctx), "uptake of species %zu", k + 1);
        if (!name) return AS_ERR;
        if (i == 0) AS_TRY(as_iso_further(job->ctx, iso, name, iso->unit[AS_ISO_UPTAKE], &column));
        if (AS_ISO_EXTRA + k < iso->n)
            row[AS_ISO_EXTRA + k] =
                number_of(json_object_get(json_array_get(species, k), "adsorption"));
    }
    if (isnan(row[AS_ISO_UPTAKE]) && n == 1)
        row[AS_ISO_UPTAKE] = number_of(json_object_get(json_array_get(species, 0), "adsorption"));
    return AS_OK;
}

/* At the boiling point a whole isotherm reaches the saturation pressure, about 1 bar. */
static void warn_if_short(as_parse *job, const as_iso *iso, as_table *t)
{
    const as_meta *temperature = as_get_meta(t, "temperature"), *gas = as_get_meta(t, "adsorbate");
    const as_column *x = t->column[0];
    const as_unit bar = as_unit_of("bar");
    double top = 0;
    if (!temperature || !gas || !(as_same(gas->text, "Nitrogen") || as_same(gas->text, "Argon")))
        return;
    if (!(temperature->number < 90)) return;
    for (size_t i = 0; i < t->rows; i++)
        top = fmax(top, as_unit_convert(x->v.f[i], &x->unit, &bar));
    if (top > 0 && top < 0.3)
        as_warn(job->ctx, t, &iso->at,
                "the pressures end at %.3g bar, long before saturation: the isotherm is partial",
                top);
}

static as_status parse_nist(as_parse *job)
{
    json_t *root;
    as_iso iso;
    as_table *t;
    AS_TRY(load(job, &root));
    AS_TRY(as_iso_new(job, &iso));
    AS_TRY(nist_units(job, &iso, root));
    AS_TRY(nist_meta(job, &iso, root));
    const json_t *points = json_object_get(root, "isotherm_data");
    for (size_t i = 0; i < json_array_size(points); i++)
        AS_TRY(nist_point(job, &iso, json_array_get(points, i), i));
    AS_TRY(as_iso_table(job, &iso, &t));
    warn_if_short(job, &iso, t);
    return as_emit(job->out, job->ctx, t);
}

/* --- pyGAPS ---------------------------------------------------------------------------------- */
static as_status pygaps_meta(as_parse *job, as_iso *iso, json_t *root, as_iso_column *pressure)
{
    const char *key;
    json_t *value;
    size_t n = 0;
    as_iso_pair *pairs = AS_NEW_N(as_scratch(job->ctx), as_iso_pair, json_object_size(root) + 1);
    if (!pairs) return AS_ERR;
    json_object_foreach(root, key, value)
        if (!json_is_array(value) && !json_is_object(value))
            pairs[n++] = (as_iso_pair){ key, text_of(job->ctx, value), 0 };
    return as_iso_exchange(job->ctx, iso, n, pairs, pressure);
}

static as_status pygaps_cell(as_parse *job, as_iso *iso, as_iso_column pressure, const char *key,
                             const json_t *value, double *row)
{
    size_t column;
    if (strcmp(key, "pressure") == 0) column = pressure;
    else if (strcmp(key, "loading") == 0) column = AS_ISO_UPTAKE;
    else if (strcmp(key, "pressure_saturation") == 0) {
        column = AS_ISO_SATURATION;
        iso->unit[column] = iso->unit[AS_ISO_PRESSURE];
    } else if (strcmp(key, "pressure_relative") == 0) column = AS_ISO_RELATIVE;
    else if (strcmp(key, "branch") == 0) {
        row[AS_ISO_BRANCH] = as_branch_of(text_of(job->ctx, value));
        return AS_OK;
    } else {
        AS_TRY(as_iso_further(job->ctx, iso, key, "1", &column));
    }
    if (column < AS_ISO_MOST) row[column] = number_of(value);
    return AS_OK;
}

/* The points with both numbers; those without an amount (null) are counted. */
typedef struct points {
    as_parse *job;
    as_iso *iso;
    as_iso_column pressure;
    size_t left;
} points;

static as_status keep_point(points *p, size_t i, const double *row, bool missing)
{
    if (isnan(row[p->pressure]) || isnan(row[AS_ISO_UPTAKE])) {
        if (!missing || isnan(row[p->pressure]))
            return bad_point(p->job, i, "expected numbers as pressure and loading");
        p->left++;
        return AS_OK;
    }
    double *to = as_iso_add(p->job->ctx, p->iso);
    if (!to) return AS_ERR;
    memcpy(to, row, AS_ISO_MOST * sizeof *row);
    return AS_OK;
}

static void no_values(double *row)
{
    for (size_t i = 0; i < AS_ISO_MOST; i++) row[i] = NAN;
}

/* [{pressure, loading, ...}, ...] */
static as_status pygaps_rows(points *p, json_t *all)
{
    double row[AS_ISO_MOST];
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *point = json_array_get(all, i), *value;
        const char *key;
        no_values(row);
        if (!json_is_object(point)) return bad_point(p->job, i, "expected an object");
        json_object_foreach(point, key, value)
            AS_TRY(pygaps_cell(p->job, p->iso, p->pressure, key, value, row));
        AS_TRY(keep_point(p, i, row, json_is_null(json_object_get(point, "loading"))));
    }
    return AS_OK;
}

/* {pressure: [...], loading: [...], ...} */
static as_status pygaps_columns(points *p, json_t *all)
{
    double row[AS_ISO_MOST];
    const json_t *pressures = json_object_get(all, "pressure");
    const json_t *loadings = json_object_get(all, "loading");
    for (size_t i = 0; i < json_array_size(pressures); i++) {
        const char *key;
        json_t *column;
        no_values(row);
        json_object_foreach(all, key, column)
            AS_TRY(pygaps_cell(p->job, p->iso, p->pressure, key, json_array_get(column, i), row));
        AS_TRY(keep_point(p, i, row, json_is_null(json_array_get(loadings, i))));
    }
    return AS_OK;
}

static as_status parse_pygaps(as_parse *job)
{
    json_t *root;
    as_iso iso;
    as_iso_column pressure;
    AS_TRY(load(job, &root));
    AS_TRY(as_iso_new(job, &iso));
    json_t *meta = json_object_get(root, "meta"), *all = json_object_get(root, "isotherm_data");
    AS_TRY(pygaps_meta(job, &iso, all ? root : meta, &pressure));
    if (!all) all = json_object_get(root, "data");
    points p = { job, &iso, pressure, 0 };
    AS_TRY(json_is_array(all) ? pygaps_rows(&p, all) : pygaps_columns(&p, all));
    if (p.left)
        as_warn(job->ctx, iso.head, &iso.at,
                "points without an amount were left out: %zu", p.left);
    return as_iso_emit(job, &iso);
}

static const char *const suffixes[] = { "json", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example nist_examples[] = {
    { "an isotherm of the database", "assay read tests/corpus/sorption/nist.json" }, { 0 }
};
static const as_example pygaps_examples[] = {
    { "an isotherm with a third column", "assay read tests/corpus/sorption/pygaps.json" }, { 0 }
};
static const char *const nist_also[] = { "pygaps-json", "aif", NULL };
static const char *const pygaps_also[] = { "nist-isodb", "pygaps-csv", "aif", NULL };

const as_parser as_parser_nist_isodb = {
    .name = "nist-isodb",
    .title = "NIST/ARPA-E ISODB isotherm (JSON)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_nist,
    .parse = parse_nist,
    .doc = { .summary = "read isotherms of the NIST adsorption database",
             .description =
                 "The total amount is y; where it is null and there is one species, its amount. Of "
                 "a mixture the species are further columns. Pressures are absolute; there is no "
                 "saturation pressure in these files. Digitised curves may hold pressures of zero "
                 "and below, which are kept with a warning.",
             .examples = nist_examples,
             .see_also = nist_also },
};

const as_parser as_parser_pygaps_json = {
    .name = "pygaps-json",
    .title = "pyGAPS isotherm (JSON)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_pygaps,
    .parse = parse_pygaps,
    .doc = { .summary = "read isotherms saved by pyGAPS as JSON",
             .description =
                 "isotherm_data is a list of points or an object of columns; pressure_mode tells "
                 "relative from absolute pressures, loading_unit and material_unit make the unit "
                 "of the uptake. Branches are those of the file, else the row of highest pressure "
                 "is the turn.",
             .examples = pygaps_examples,
             .see_also = pygaps_also },
};
