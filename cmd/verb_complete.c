/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay complete: what may stand at a place of a command line; the shells' scripts call it. */
#include <string.h>

#include "help.h"
#include "topics.h"

typedef struct {
    int word;
} complete_settings;

static const as_param params[] = { AS_INT(complete_settings, word, "word", "1", 1, 10000,
                                          "which word is being typed; 1 is the one behind assay"),
                                   AS_PARAMS_END };

static void offer(as_session *s, const char *begun, const char *candidate)
{
    if (strncmp(begun, candidate, strlen(begun)) == 0) fprintf(s->out, "%s\n", candidate);
}

static void offer_choices(as_session *s, const as_param *p, const char *begun)
{
    if (p->type == AS_P_CHOICE)
        for (const as_choice *c = p->choices; c->name; c++) offer(s, begun, c->name);
    if (strcmp(p->name, "format") == 0 && p->type == AS_P_STRING)
        for (size_t i = 0; as_parsers[i]; i++) offer(s, begun, as_parsers[i]->name);
}

static const as_param *find(const as_param *params_of, const char *option)
{
    for (const as_param *p = params_of; p && p->name; p++)
        if (strncmp(option, "--", 2) == 0 && strcmp(option + 2, p->name) == 0) return p;
    return NULL;
}

static as_status offer_options(as_session *s, const as_param *of, const char *begun)
{
    for (const as_param *p = of; p && p->name; p++) {
        const char *text = as_format(s->arena, "--%s", p->name);
        if (!text) return AS_ERR;
        offer(s, begun, text);
    }
    return AS_OK;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *words,
                     int *answer)
{
    const complete_settings *set = settings;
    const size_t at = (size_t)set->word - 1;
    const char *begun = at < n ? words[at].text : "",
               *before = at > 0 && at - 1 < n ? words[at - 1].text : "";
    (void)answer;
    if (at == 0 || (at == 1 && strcmp(words[0].text, "help") == 0)) {
        size_t total;
        const char **names = as_all_names(s->arena, &total);
        for (size_t i = 0; names && i < total; i++) offer(s, begun, names[i]);
        for (const as_topic *t = as_topics; at == 1 && t->name; t++) offer(s, begun, t->name);
        for (size_t i = 0; at == 1 && as_parsers[i]; i++) offer(s, begun, as_parsers[i]->name);
        return names ? AS_OK : AS_ERR;
    }
    as_page_of page;
    if (!as_page_find(words[0].text, &page)) return AS_OK;
    const as_param *p = find(page.params, before);
    if (!p) p = find(as_common_params, before);
    if (p && p->type != AS_P_BOOL) {
        offer_choices(s, p, begun);
        return AS_OK;
    }
    if (begun[0] != '-') return AS_OK;
    AS_TRY(offer_options(s, page.params, begun));
    return offer_options(s, as_common_params, begun);
}

static const as_example examples[] = {
    { "operations that begin with cr", "assay complete --word 1 -- cr" }, { 0 }
};
static const char *const see_also[] = { "list", "help", NULL };

const as_verb as_verb_complete = {
    .name = "complete",
    .group = "help",
    .operands = "[--] WORD...",
    .settings_size = sizeof(complete_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "print what may complete a word of a command line",
             .description = "For the completion scripts of bash, zsh and fish, which `cmake "
                            "--install` puts in place. "
                            "Prints nothing where a file name is expected.",
             .examples = examples,
             .see_also = see_also },
};
