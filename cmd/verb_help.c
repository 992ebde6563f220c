/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay help NAME. */
#include "help.h"

static as_status no_page(as_session *s, const as_word *word)
{
    size_t n;
    const char **names = as_all_names(s->arena, &n);
    const char *near = names ? as_near_miss(word->text, n, names) : NULL;
    const char *about = as_names_about(s->arena, word->text);
    (void)!as_fail(s->ctx, AS_E_USAGE, &word->where, "there is no page about '%s'%s%s%s", word->text,
                   near && !about ? "; did you mean " : "", near && !about ? near : "", near && !about ? "?" : "");
    return about ? as_while(s->ctx, "hint: pages with this word: %s", about) : AS_ERR;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    (void)settings;
    (void)answer;
    if (n == 0) return as_overview(s, stdout);
    for (size_t i = 0; i < n; i++) {
        as_page_of page;
        if (!as_page_find(operands[i].text, &page)) {
            if (as_group_page(operands[i].text, stdout)) continue;
            return no_page(s, &operands[i]);
        }
        AS_TRY(as_help(s, operands[i].text, stdout));
    }
    return AS_OK;
}

static const as_example examples[] = { { "what an operation does and takes", "assay help crop" },
                                       { "how options are written", "assay help options" },
                                       { 0 } };
static const char *const see_also[] = { "list", NULL };
static const as_param params[] = { AS_PARAMS_END };

const as_verb as_verb_help = {
    .name = "help",
    .group = "help",
    .operands = "[NAME...]",
    .params = params,
    .run = run,
    .doc = { .summary = "explain a verb, an operation, a figure, a format or a topic",
             .description =
                 "Prints the page that `assay NAME --help` prints. A format has a page too: its "
                 "layout, as far as it is known. A group (baseline, sorption ...) lists its "
                 "operations, and another word the pages it stands in. Topics: start, options, "
                 "stream, units, status.",
             .examples = examples,
             .see_also = see_also },
};
