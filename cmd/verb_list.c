/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay list: names with their summaries, by kind and group. */
#include <string.h>

#include "exporter.h"
#include "help.h"
#include "json.h"
#include "topics.h"

enum { ALL, VERBS, OPERATIONS, FIGURES, FORMATS, EXPORTERS, TOPICS };

typedef struct {
    int kind;
    const char *group;
    bool json;
} list_settings;

static const as_choice kinds[] = { { "all", ALL, "all but formats, exporters and topics" },
                                   { "verb", VERBS, "verbs" },
                                   { "operation", OPERATIONS, "operations on series" },
                                   { "figure", FIGURES, "figure kinds" },
                                   { "format", FORMATS, "instrument formats" },
                                   { "exporter", EXPORTERS, "formats that convert writes" },
                                   { "topic", TOPICS, "pages about what all share" },
                                   { 0 } };
static const as_param params[] = {
    AS_CHOICE(list_settings, kind, "kind", "all", kinds, "what to list"),
    AS_STRING(list_settings, group, "group", "", "only this group: baseline, peaks, sorption ..."),
    AS_BOOL(list_settings, json, "json", "no", "one JSON array"), AS_PARAMS_END
};

static void one(const list_settings *set, const as_page_of *p, bool *first)
{
    if (set->group && strcmp(set->group, p->group ? p->group : "") != 0) return;
    if (!set->json) {
        printf("%-10s %-12s %-24s %s\n", p->kind, p->group ? p->group : "", p->name,
               p->doc->summary);
        return;
    }
    printf("%s{\"kind\": ", *first ? "[\n" : ",\n");
    as_json_text(stdout, p->kind);
    fputs(", \"group\": ", stdout);
    as_json_text(stdout, p->group ? p->group : "");
    fputs(", \"name\": ", stdout);
    as_json_text(stdout, p->name);
    fputs(", \"summary\": ", stdout);
    as_json_text(stdout, p->doc->summary);
    fputs("}", stdout);
    *first = false;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const list_settings *set = settings;
    (void)answer;
    bool first = true;
    as_page_of p;
    if (n)
        return as_fail(s->ctx, AS_E_USAGE, &operands[0].where,
                       "list takes options only, found '%s'", operands[0].text);
    for (size_t i = 0; as_verbs[i]; i++)
        if ((set->kind == ALL || set->kind == VERBS) && as_page_find(as_verbs[i]->name, &p))
            one(set, &p, &first);
    for (size_t i = 0; as_ops[i]; i++)
        if ((set->kind == ALL || set->kind == OPERATIONS) && as_page_find(as_ops[i]->name, &p))
            one(set, &p, &first);
    for (size_t i = 0; as_figures[i]; i++)
        if ((set->kind == ALL || set->kind == FIGURES) && as_page_find(as_figures[i]->name, &p))
            one(set, &p, &first);
    for (size_t i = 0; as_parsers[i]; i++)
        if (set->kind == FORMATS && as_page_find(as_parsers[i]->name, &p)) one(set, &p, &first);
    for (size_t i = 0; as_exporters[i]; i++)
        if (set->kind == EXPORTERS) {
            p = as_exporter_page(as_exporters[i]);
            one(set, &p, &first);
        }
    for (const as_topic *t = as_topics; t->name; t++)
        if (set->kind == TOPICS && as_page_find(t->name, &p)) one(set, &p, &first);
    if (set->json) puts(first ? "[]" : "\n]");
    return AS_OK;
}

static const as_example examples[] = { { "every baseline method", "assay list --group baseline" },
                                       { "the formats that can be read",
                                         "assay list --kind format" },
                                       { 0 } };
static const char *const see_also[] = { "help", NULL };

const as_verb as_verb_list = {
    .name = "list",
    .group = "help",
    .operands = "",
    .settings_size = sizeof(list_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "list verbs, operations, figures and formats",
             .description = "One line each: kind, group, name, summary.",
             .examples = examples,
             .see_also = see_also },
};
