/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay report: a recipe made into one page. */
#include <string.h>

#include "messages.h"
#include "report.h"
#include "verb.h"

typedef struct {
    as_texts set;
    const char *cache, *each;
} report_settings;

static const as_param params[] = {
    AS_TEXTS(report_settings, set, "set", "", "NAME=VALUE: another value for a parameter of the recipe"),
    AS_STRING(report_settings, each, "each", "",
              "of a recipe that is made for each file: the name of the one, without folders and suffix"),
    AS_STRING(report_settings, cache, "cache", "auto",
              "folder that keeps results between runs, or off; auto: $XDG_CACHE_HOME/assay or "
              "~/.cache/assay"),
    AS_PARAMS_END
};

/* The recipe with its `each` bound to the file that was asked for. */
static as_status choose(as_session *s, const report_settings *set, as_recipe *r)
{
    const size_t each = as_recipe_each(r);
    size_t n;
    as_word *files;
    if (each == r->n_inputs) {
        if (!set->each) return AS_OK;
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--each: no input of %s has 'each'", r->file);
    }
    AS_TRY(as_recipe_files(s->ctx, s->arena, &r->input[each], &n, &files));
    for (size_t i = 0; i < n; i++) {
        const char *stem = as_stem(s->arena, files[i].text);
        if (!stem) return AS_ERR;
        if (set->each && strcmp(stem, set->each) == 0)
            return as_recipe_bind(s, r, each, files[i].text, stem, r);
    }
    return as_fail(s->ctx, AS_E_USAGE, &r->input[each].file_where,
                   "the recipe is made for each of %zu files: say which one by --each, as in --each %s",
                   n, as_stem(s->arena, files[0].text));
}

static as_status make(as_session *s, const report_settings *set, const as_word *file)
{
    as_variables variables;
    as_recipe r;
    as_cache *cache;
    as_kitchen *k;
    as_report report;
    size_t failed = 0;
    AS_TRY(as_variables_of(s, "set", &set->set, &variables));
    AS_TRY(as_recipe_open(s, file, &variables, &r));
    if (r.absent) {
        fprintf(s->messages->to, "assay report: %s skipped: %s is not here\n", r.file, r.absent);
        return AS_OK;
    }
    AS_TRY(choose(s, set, &r));
    AS_TRY(as_cache_open(s, set->cache, &cache));
    AS_TRY(as_kitchen_new(s, &r, "", cache, &k));
    AS_TRY(as_report_make(k, &report, &failed));
    s->numeric_failures += k->session.numeric_failures;
    AS_TRY(as_output_open(s));
    report.to = s->out;
    AS_TRY(as_report_page(&report));
    return as_output_commit(s);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    (void)answer;
    if (n == 0) return as_fail(s->ctx, AS_E_USAGE, NULL, "which recipe? expected a file name");
    s->messages->many = true;
    if (n > 1)
        return as_fail(s->ctx, AS_E_USAGE, &operands[1].where, "one recipe a page: what is '%s'?",
                       operands[1].text);
    return make(s, settings, &operands[0]);
}

static const as_example examples[] = {
    { "a recipe as one page", "assay report tests/corpus/recipe/small.yaml -o report.html" }, { 0 }
};
static const char *const see_also[] = { "run", "schema", NULL };

const as_verb as_verb_report = {
    .name = "report",
    .group = "recipes",
    .operands = "RECIPE",
    .settings_size = sizeof(report_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "make a recipe into one web page that stands alone",
             .description =
                 "The page holds the figures, their data in plots to zoom into with the values under the "
                 "pointer, the tables, the claims with their verdicts beside what was stated, the pipeline "
                 "as a graph with every option, warnings, the hashes of the inputs and the recipe itself. "
                 "It loads nothing from anywhere, works from a file, on paper and at the width of a phone, "
                 "and everything in it can be saved as ECSV and SVG.\n\n"
                 "The same recipe and inputs give the same bytes. With `--keep-going` what fails is shown "
                 "as failed.",
             .examples = examples,
             .see_also = see_also },
};
