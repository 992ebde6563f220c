/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON values as parts of a table: metadata, history, warnings, results. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "stream_head.h"
#include "stream_words.h"

enum { DEPTH_MAX = 24 }; /* of nested foreign metadata; deeper ones stay JSON text */

/* Every number of ours: a JSON number, null for nan, or "inf" as a string. */
static bool number_of(const json_t *v, double *out)
{
    *out = (double)NAN;
    if (!v || json_is_null(v)) return true;
    if (json_is_number(v)) {
        *out = json_number_value(v);
        return true;
    }
    return json_is_string(v) &&
           as_read_number(json_string_value(v), json_string_length(v), '.', out);
}

/* NULL where it is neither text nor number; `room` holds a number's text. */
static const char *text_of(const json_t *v, char room[AS_NUMBER_MAX])
{
    if (json_is_string(v)) return json_string_value(v);
    if (!json_is_number(v)) return NULL;
    as_write_number(json_number_value(v), room);
    return room;
}

static as_meta *slot_of(as_table *t, const char *key)
{
    for (size_t i = 0; i < t->n_meta; i++)
        if (strcmp(t->meta[i].key, key) == 0) return &t->meta[i];
    return NULL;
}

/* {value:, text:, unit:, u:} and nothing else. */
static bool is_quantity(json_t *v, double *value, double *u)
{
    const char *key;
    json_t *field;
    json_object_foreach(v, key, field)
    {
        const bool is_text = strcmp(key, "text") == 0 || strcmp(key, "unit") == 0;
        if (!is_text && strcmp(key, "value") != 0 && strcmp(key, "u") != 0) return false;
        if (is_text && !json_is_string(field)) return false;
    }
    if (!json_object_get(v, "value") && !json_object_get(v, "text")) return false;
    return number_of(json_object_get(v, "value"), value) && number_of(json_object_get(v, "u"), u);
}

static as_status set_quantity(as_ctx *ctx, as_table *t, const char *key, const json_t *v,
                              double value, double u)
{
    const char *text = json_string_value(json_object_get(v, "text"));
    const char *symbol = json_string_value(json_object_get(v, "unit"));
    as_unit unit = AS_UNITLESS;
    if (symbol) AS_TRY(as_unit_parse(ctx, t->arena, symbol, &unit));
    if (isnan(value) && !json_object_get(v, "value"))
        AS_TRY(as_set_meta(ctx, t, key, text, NULL, NULL));
    else
        AS_TRY(as_set_number(ctx, t, key, value, u, unit, NULL));
    as_meta *m = slot_of(t, key);
    m->u = u;
    m->unit = unit;
    if (text && !(m->text = as_strdup(t->arena, text))) return AS_ERR;
    return AS_OK;
}

static as_status set_as_json(as_ctx *ctx, as_table *t, const char *key, json_t *v)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY, n = json_dumpb(v, NULL, 0, flags);
    char *text = as_alloc(t->arena, n + 1, 1);
    if (!text || json_dumpb(v, text, n, flags) != n) return AS_ERR;
    return as_set_meta(ctx, t, key, text, NULL, NULL);
}

static as_status set_value(as_ctx *ctx, as_table *t, const char *key, json_t *v, int depth)
{
    double value, u;
    if (json_is_null(v)) return as_drop_meta(t, key);
    if (json_is_string(v)) return as_set_meta(ctx, t, key, json_string_value(v), NULL, NULL);
    if (json_is_number(v))
        return as_set_number(ctx, t, key, json_number_value(v), (double)NAN, AS_UNITLESS, NULL);
    if (json_is_boolean(v))
        return as_set_meta(ctx, t, key, json_is_true(v) ? "true" : "false", NULL, NULL);
    if (json_is_array(v) || json_object_size(v) == 0 || depth == DEPTH_MAX)
        return set_as_json(ctx, t, key, v);
    if (is_quantity(v, &value, &u)) return set_quantity(ctx, t, key, v, value, u);
    const char *inner;
    json_t *field;
    json_object_foreach(v, inner, field)
    {
        const char *longer = as_format(t->arena, "%s.%s", key, inner);
        if (!longer) return AS_ERR;
        AS_TRY(set_value(ctx, t, longer, field, depth + 1));
    }
    return AS_OK;
}

as_status as_meta_from_json(as_ctx *ctx, as_table *t, const char *key, json_t *value)
{
    return set_value(ctx, t, key, value, 0);
}

as_status as_history_from_json(as_ctx *ctx, as_table *t, json_t *steps, const as_where *where)
{
    size_t i;
    json_t *s;
    if (!json_is_array(steps))
        return as_fail(ctx, AS_E_SYNTAX, where,
                       "found a history that is no list, expected a list of steps");
    t->n_steps = 0;
    t->step = NULL;
    json_array_foreach(steps, i, s)
    {
        char a[AS_NUMBER_MAX], b[AS_NUMBER_MAX], c[AS_NUMBER_MAX];
        const as_step step = { .op = text_of(json_object_get(s, "op"), a),
                               .version = text_of(json_object_get(s, "version"), b),
                               .settings = text_of(json_object_get(s, "settings"), c),
                               .sha256 = json_string_value(json_object_get(s, "sha256")),
                               .inputs = json_string_value(json_object_get(s, "inputs")) };
        if (!step.op || !step.version)
            return as_fail(ctx, AS_E_SYNTAX, where,
                           "step %zu of the history lacks its op or version", i + 1);
        AS_TRY(as_add_step(ctx, t, &step));
    }
    return AS_OK;
}

static as_status read_warnings(as_ctx *ctx, as_table *t, json_t *list, const as_where *where)
{
    size_t i;
    json_t *w;
    if (!json_is_array(list))
        return as_fail(ctx, AS_E_SYNTAX, where, "found warnings that are no list");
    json_array_foreach(list, i, w)
    {
        if (!json_is_string(w))
            return as_fail(ctx, AS_E_SYNTAX, where, "warning %zu is no text", i + 1);
        as_add_warning(t, NULL, json_string_value(w));
    }
    return AS_OK;
}

/* The unit of one result is mostly that of the one before it or of the one before that. */
static as_status result_unit(as_ctx *ctx, as_table *t, const char *symbol, as_unit *unit)
{
    *unit = AS_UNITLESS;
    if (!symbol) return AS_OK;
    for (size_t i = t->n_results; i-- > 0 && i + 8 >= t->n_results;)
        if (strcmp(t->result[i].unit.symbol, symbol) == 0) {
            *unit = t->result[i].unit;
            return AS_OK;
        }
    return as_unit_parse(ctx, t->arena, symbol, unit);
}

static as_status read_results(as_ctx *ctx, as_table *t, json_t *list, const as_where *where)
{
    size_t i;
    json_t *v;
    if (!json_is_array(list))
        return as_fail(ctx, AS_E_SYNTAX, where, "found results that are no list");
    json_array_foreach(list, i, v)
    {
        as_result r = { .item = json_string_value(json_object_get(v, "item")),
                        .quantity = json_string_value(json_object_get(v, "quantity")),
                        .bound = as_bound_of(json_string_value(json_object_get(v, "bound"))),
                        .flag = json_string_value(json_object_get(v, "flag")),
                        .method = json_string_value(json_object_get(v, "method")) };
        if (!r.quantity || !number_of(json_object_get(v, "value"), &r.value) ||
            !number_of(json_object_get(v, "u"), &r.u))
            return as_fail(ctx, AS_E_SYNTAX, where, "result %zu lacks its quantity or its numbers",
                           i + 1);
        AS_TRY(result_unit(ctx, t, json_string_value(json_object_get(v, "unit")), &r.unit));
        AS_TRY(as_add_result(ctx, t, &r));
    }
    return AS_OK;
}

static as_status read_covariance(as_ctx *ctx, as_table *t, json_t *list, const as_where *where)
{
    size_t k;
    json_t *entry;
    json_array_foreach(list, k, entry)
    {
        double i, j, value;
        if (json_array_size(entry) != 3 || !number_of(json_array_get(entry, 0), &i) ||
            !number_of(json_array_get(entry, 1), &j) ||
            !number_of(json_array_get(entry, 2), &value) ||
            !(i >= 0 && i < (double)t->n_results && j >= 0 && j < (double)t->n_results))
            return as_fail(ctx, AS_E_SYNTAX, where,
                           "entry %zu of the covariance names no two of the %zu results", k + 1,
                           t->n_results);
        const size_t which[] = { (size_t)i, (size_t)j };
        const double cov[] = { 0, value, value, 0 };
        AS_TRY(as_set_covariance(ctx, t, 2, which, cov));
    }
    return AS_OK;
}

static as_status read_members(as_ctx *ctx, as_table *t, const char *prefix, json_t *object)
{
    const char *key;
    json_t *v;
    json_object_foreach(object, key, v)
    {
        const char *longer = as_format(t->arena, "%s%s", prefix, key);
        if (!longer) return AS_ERR;
        AS_TRY(as_meta_from_json(ctx, t, longer, v));
    }
    return AS_OK;
}

static as_status set_name(as_ctx *ctx, as_table *t, const char *key, const json_t *v,
                          const as_where *where, const char **out)
{
    *out = NULL;
    if (json_is_null(v)) return AS_OK;
    if (!json_is_string(v))
        return as_fail(ctx, AS_E_SYNTAX, where, "the series' %s is no text", key);
    *out = as_strdup(t->arena, json_string_value(v));
    return *out ? AS_OK : AS_ERR;
}

as_status as_series_line(as_ctx *ctx, as_table *t, json_t *line, const as_where *where)
{
    const char *key;
    json_t *v;
    json_object_foreach(line, key, v)
    {
        if (!as_stream_reserved(key))
            AS_TRY(as_meta_from_json(ctx, t, key, v));
        else if (strcmp(key, "name") == 0)
            AS_TRY(set_name(ctx, t, key, v, where, &t->name));
        else if (strcmp(key, "label") == 0)
            AS_TRY(set_name(ctx, t, key, v, where, &t->label));
        else if (strcmp(key, "technique") == 0)
            AS_TRY(set_name(ctx, t, key, v, where, &t->technique));
        else if (strcmp(key, "secondary") == 0)
            t->secondary = json_is_true(v);
        else if (strcmp(key, "source") == 0 && json_is_object(v))
            AS_TRY(read_members(ctx, t, AS_STREAM_SOURCE, v));
        else if (strcmp(key, "meta") == 0)
            AS_TRY(read_members(ctx, t, "", v));
        else if (strcmp(key, "history") == 0)
            AS_TRY(as_history_from_json(ctx, t, v, where));
        else if (strcmp(key, "warnings") == 0)
            AS_TRY(read_warnings(ctx, t, v, where));
        else if (strcmp(key, "results") == 0)
            AS_TRY(read_results(ctx, t, v, where));
    }
    json_t *covariance = json_object_get(line, "covariance"); /* refers to the results */
    return covariance ? read_covariance(ctx, t, covariance, where) : AS_OK;
}
