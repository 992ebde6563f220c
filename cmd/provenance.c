/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "origins.h"
#include "provenance.h"

static void pair(FILE *to, const char *key, const char *value)
{
    fprintf(to, ", \"%s\": ", key);
    as_json_text(to, value);
}

static void warnings(FILE *to, const as_table *t)
{
    fputs(", \"warnings\": [", to);
    for (size_t i = 0; i < t->n_warnings; i++) {
        if (i) fputs(", ", to);
        as_json_text(to, t->warning[i]);
    }
    fputc(']', to);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_meta(const as_table *a, const as_table *b, const char *key)
{
    const as_meta *x = as_get_meta(a, key), *y = as_get_meta(b, key);
    return same_text(x ? x->text : NULL, y ? y->text : NULL);
}

/* The same source and steps: all that two series of one file usually share. */
static bool same_making(const as_table *a, const as_table *b)
{
    const as_history x = { a->n_steps, a->step }, y = { b->n_steps, b->step };
    return as_same_history(&x, &y) && same_meta(a, b, "source.name") &&
           same_meta(a, b, "source.sha256") && same_meta(a, b, "source.format") &&
           same_meta(a, b, "simulated");
}

static bool same_warnings(const as_table *a, const as_table *b)
{
    bool same = a->n_warnings == b->n_warnings;
    for (size_t i = 0; same && i < a->n_warnings; i++) same = same_text(a->warning[i], b->warning[i]);
    return same;
}

static void put_series(FILE *to, size_t n, const as_table *const *tables, as_history *steps)
{
    fputs(", \"series\": [", to);
    for (size_t i = 0, last = 0; i < n; i++) {
        steps[i] = (as_history){ tables[i]->n_steps, tables[i]->step };
        fprintf(to, "%s{\"series\": %u", i ? ", " : "", tables[i]->number);
        pair(to, "name", tables[i]->name);
        if (tables[i]->label) pair(to, "label", tables[i]->label);
        const bool as = i > 0 && same_making(tables[i], tables[last]);
        if (as) {
            fprintf(to, ", \"as\": %zu", last);
        } else {
            as_put_source(to, tables[i]);
            as_put_steps(to, i + 1, steps);
        }
        if (!as || !same_warnings(tables[i], tables[last])) warnings(to, tables[i]);
        fputc('}', to);
        if (!as) last = i;
    }
    fputc(']', to);
}

/* A panel, or, where p->kind is NULL, tables. */
static const char *record(as_arena *a, const as_panel *p, const char *settings, const char *inputs)
{
    char *text = NULL;
    size_t size = 0;
    as_history *steps = AS_NEW_N(a, as_history, p->n + 1);
    FILE *to = steps ? open_memstream(&text, &size) : NULL;
    if (!to) return NULL;
    fputs("{\"assay\": \"" ASSAY_VERSION "\"", to);
    if (p->kind) pair(to, "figure", p->kind->name);
    if (settings) pair(to, "settings", settings);
    if (p->sha256) pair(to, "sha256", p->sha256);
    if (inputs) fprintf(to, ", \"inputs\": %s", inputs);
    put_series(to, p->n, p->tables, steps);
    fputc('}', to);
    const char *copy = fclose(to) == 0 ? as_strndup(a, text, size) : NULL;
    free(text);
    return copy;
}

const char *as_provenance(as_arena *a, const as_panel *p)
{
    const char *settings = as_settings_text(a, p->kind->params, p->settings);
    const char *inputs = as_step_inputs(a, NULL, p->used);
    return settings && (inputs || !p->used || !*p->used) ? record(a, p, settings, inputs) : NULL;
}

const char *as_stream_provenance(as_arena *a, size_t n, const as_table *const *tables)
{
    return record(a, &(as_panel){ .n = n, .tables = tables }, NULL, NULL);
}
