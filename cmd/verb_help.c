/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay help NAME. */
#include "help.h"

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    (void)settings;
    (void)answer;
    if (n == 0) return as_overview(s, stdout);
    for (size_t i = 0; i < n; i++) {
        as_page_of page;
        if (!as_page_find(operands[i].text, &page)) {
            size_t total;
            const char **names = as_all_names(s->arena, &total);
            const char *near = names ? as_near_miss(operands[i].text, total, names) : NULL;
            return as_fail(s->ctx, AS_E_USAGE, &operands[i].where,
                           "there is no page about '%s'%s%s%s", operands[i].text,
                           near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        }
        AS_TRY(as_help(s, operands[i].text, stdout));
    }
    return AS_OK;
}

static const as_example examples[] = { { "what an operation does and takes", "assay help crop" },
                                       { 0 } };
static const char *const see_also[] = { "list", NULL };
static const as_param params[] = { AS_PARAMS_END };

const as_verb as_verb_help = {
    .name = "help",
    .group = "help",
    .operands = "[NAME...]",
    .params = params,
    .run = run,
    .doc = { .summary = "explain a verb, an operation, a figure or a format",
             .description =
                 "Prints the page that `assay NAME --help` prints. A format has a page too: its "
                 "layout, as far as it is known.",
             .examples = examples,
             .see_also = see_also },
};
