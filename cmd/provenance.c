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

/* The same source, steps and warnings: all that two series of one file usually share. */
static bool same_history(const as_table *a, const as_table *b)
{
    if (a->n_steps != b->n_steps || a->n_warnings != b->n_warnings) return false;
    for (size_t i = 0; i < a->n_steps; i++)
        if (!same_text(a->step[i].op, b->step[i].op) ||
            !same_text(a->step[i].version, b->step[i].version) ||
            !same_text(a->step[i].settings, b->step[i].settings) ||
            !same_text(a->step[i].sha256, b->step[i].sha256) ||
            !same_text(a->step[i].inputs, b->step[i].inputs))
            return false;
    for (size_t i = 0; i < a->n_warnings; i++)
        if (!same_text(a->warning[i], b->warning[i])) return false;
    return same_meta(a, b, "source.name") && same_meta(a, b, "source.sha256") &&
           same_meta(a, b, "source.format") && same_meta(a, b, "simulated");
}

const char *as_provenance(as_arena *a, const char *figure, const char *settings, size_t n,
                          const as_table *const *tables)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) return NULL;
    fputs("{\"assay\": \"" ASSAY_VERSION "\"", to);
    if (figure) pair(to, "figure", figure);
    if (figure) pair(to, "settings", settings);
    fputs(", \"series\": [", to);
    for (size_t i = 0, last = 0; i < n; i++) {
        fprintf(to, "%s{\"series\": %u", i ? ", " : "", tables[i]->number);
        pair(to, "name", tables[i]->name);
        if (tables[i]->label) pair(to, "label", tables[i]->label);
        if (i > 0 && same_history(tables[i], tables[last])) {
            fprintf(to, ", \"as\": %zu}", last);
            continue;
        }
        last = i;
        as_put_source(to, tables[i]);
        as_put_steps_of(to, i + 1, tables);
        warnings(to, tables[i]);
        fputc('}', to);
    }
    fputs("]}", to);
    if (fclose(to) != 0) return NULL;
    const char *copy = as_strndup(a, text, size);
    free(text);
    return copy;
}
