/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON schema of recipes, from the tables of keys and the descriptors of operations: editors
 * complete and check recipes with it.
 */
#include <string.h>

#include "json.h"
#include "recipe.h"
#include "recipe_keys.h"

static void pair(FILE *to, const char *key, const char *value)
{
    fprintf(to, "\"%s\": ", key);
    as_json_text(to, value);
}

/* A scalar of YAML: text, but also what a reader takes for a number or a truth. */
static void scalar(FILE *to, const char *choices)
{
    if (!choices) {
        fputs("{\"type\": [\"string\", \"number\", \"boolean\"]}", to);
        return;
    }
    fputs("{\"enum\": [", to);
    for (const char *at = choices; *at;) {
        const size_t n = strcspn(at, "|");
        fprintf(to, "%s\"%.*s\"", at == choices ? "" : ", ", (int)n, at);
        if (n == 1 && *at >= '0' && *at <= '9') fprintf(to, ", %c", *at);
        at += n + (at[n] == '|');
    }
    fputs("]}", to);
}

/* What may stand behind a key of this kind; `map`: the definition of its entries. */
static void value(FILE *to, const as_key *key, const char *map)
{
    fputs("{", to);
    pair(to, "description", key->help);
    fputs(", \"anyOf\": [", to);
    const char *comma = "";
    if (key->kinds & AS_N_TEXT) {
        if (strcmp(key->name, "pipe") == 0)
            fprintf(to, "{\"$ref\": \"#/$defs/%s\"}", map ? map : "pipe");
        else
            scalar(to, key->choices);
        comma = ", ";
    }
    if (key->kinds & AS_N_TEXTS) {
        fprintf(to, "%s{\"type\": \"array\", \"minItems\": 1, \"items\": ", comma);
        scalar(to, key->choices);
        fputs("}", to);
        comma = ", ";
    }
    if (key->kinds & AS_N_LIST)
        fprintf(to, "%s{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}}", comma, map);
    if (key->kinds & AS_N_MAP) {
        fprintf(to, "%s{\"type\": \"object\"", comma);
        if (map)
            fprintf(to,
                    ", \"additionalProperties\": {\"$ref\": \"#/$defs/%s\"}, \"propertyNames\": "
                    "{\"pattern\": \"^[A-Za-z_][A-Za-z0-9_-]*$\"}",
                    map);
        fputs("}", to);
    }
    fputs("]}", to);
}

static void object(FILE *to, size_t n, const as_key *keys, const char *const *maps)
{
    fputs("{", to);
    if (keys == input_keys)
        fputs("\"oneOf\": [{\"required\": [\"file\"]}, {\"required\": [\"each\"]}], ", to);
    fputs("\"type\": \"object\", \"additionalProperties\": false, \"required\": [", to);
    const char *comma = "";
    for (size_t i = 0; i < n; i++)
        if (keys[i].required) {
            fprintf(to, "%s\"%s\"", comma, keys[i].name);
            comma = ", ";
        }
    fputs("], \"properties\": {", to);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "%s\n      \"%s\": ", i ? "," : "", keys[i].name);
        value(to, &keys[i], maps[i]);
    }
    fputs("}}", to);
}

static void define(FILE *to, const char *name, size_t n, const as_key *keys, const char *pipe)
{
    const char *maps[16] = { NULL };
    for (size_t i = 0; i < n; i++)
        if (strcmp(keys[i].name, "pipe") == 0) maps[i] = pipe;
    fprintf(to, ",\n    \"%s\": ", name);
    object(to, n, keys, maps);
}

/* The verb that a pipeline may begin with; a figure's must have a plot in it. */
static void define_pipes(FILE *to)
{
    fputs("\n    \"pipe\": {\"type\": \"string\", \"pattern\": \"^\\\\s*(assay\\\\s+)?(", to);
    const char *bar = "";
    for (size_t i = 0; as_ops[i]; i++)
        if (!as_ops[i]->source) {
            fprintf(to, "%s%s", bar, as_ops[i]->name);
            bar = "|";
        }
    fputs(")(\\\\s|\\\\||$)\"},\n    \"drawing\": {\"type\": \"string\", \"pattern\": "
          "\"(^|\\\\|)\\\\s*(assay\\\\s+)?(plot",
          to);
    for (size_t i = 0; as_figures[i]; i++) fprintf(to, "|%s", as_figures[i]->name);
    fputs(")(\\\\s|$)\"}", to);
}

static void options(FILE *to, const as_param *params)
{
    fputs(", \"options\": {", to);
    const char *comma = "";
    for (const as_param *p = params; p && p->name; p++, comma = ", ") {
        fprintf(to, "%s\"--%s\": {", comma, p->name);
        pair(to, "help", p->help);
        if (p->def) {
            fputs(", ", to);
            pair(to, "default", p->def);
        }
        if (p->unit) {
            fputs(", ", to);
            pair(to, "unit", p->unit);
        }
        fputs("}", to);
    }
    fputs("}}", to);
}

/* What stages may be, for editors that know this schema: JSON has no word for a shell's text. */
static void stages(FILE *to)
{
    fputs(",\n  \"x-stages\": {", to);
    const char *comma = "";
    for (size_t i = 0; as_ops[i]; i++, comma = ",") {
        fprintf(to, "%s\n    \"%s\": {", comma, as_ops[i]->name);
        pair(to, "summary", as_ops[i]->doc.summary);
        options(to, as_ops[i]->params);
    }
    for (size_t i = 0; as_figures[i]; i++) {
        fprintf(to, ",\n    \"%s\": {", as_figures[i]->name);
        pair(to, "summary", as_figures[i]->doc.summary);
        options(to, as_figures[i]->params);
    }
    fputs("}", to);
}

void as_recipe_schema(FILE *to)
{
    static const char *const maps[N_RECIPE_KEYS] = {
        [K_PARAMETERS] = "parameter", [K_INPUTS] = "input", [K_STEPS] = "step",
        [K_FIGURES] = "figure",       [K_PAGES] = "page",
        [K_TABLES] = "table", [K_CLAIMS] = "claim",
    };
    fputs("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"recipe "
          "of assay " ASSAY_VERSION "\",\n  \"$defs\": {",
          to);
    define_pipes(to);
    fputs(",\n    \"parameter\": {\"type\": [\"string\", \"number\", \"boolean\"]}", to);
    define(to, "input", N_INPUT_KEYS, input_keys, NULL);
    define(to, "step", N_STEP_KEYS, step_keys, "pipe");
    define(to, "figure", N_FIGURE_KEYS, figure_keys, "drawing");
    define(to, "page", N_PAGE_KEYS, page_keys, NULL);
    define(to, "table", N_TABLE_KEYS, table_keys, "pipe");
    define(to, "claim", N_CLAIM_KEYS, claim_keys, NULL);
    fputs("},\n  \"allOf\": [", to);
    object(to, N_RECIPE_KEYS, recipe_keys, maps);
    fputs("]", to);
    stages(to);
    fputs("}\n", to);
}
