/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay schema: the form of recipes for editors and checkers. */
#include "recipe.h"
#include "verb.h"

static const as_param params[] = { AS_PARAMS_END };

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    (void)settings, (void)answer;
    if (n)
        return as_fail(s->ctx, AS_E_USAGE, &operands[0].where,
                       "schema takes no operand, found '%s'", operands[0].text);
    AS_TRY(as_output_open(s));
    as_recipe_schema(s->out);
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "for an editor: `# yaml-language-server: $schema=recipe.json` in the first line of a recipe",
      "assay schema -o recipe.json" },
    { 0 }
};
static const char *const see_also[] = { "run", "reference", NULL };

const as_verb as_verb_schema = {
    .name = "schema",
    .group = "recipes",
    .operands = "",
    .params = params,
    .run = run,
    .doc = { .summary = "print the JSON schema of recipes",
             .description =
                 "A schema (draft 2020-12) with the keys of recipes, made from the very tables "
                 "that "
                 "the reader of recipes uses. Pipelines are texts to JSON: their first verb is "
                 "checked, and all verbs with their options stand under `x-stages`. "
                 "`assay run --dry-run` checks everything.",
             .examples = examples,
             .see_also = see_also },
};
