/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay run: recipes made. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "recipe_run.h"
#include "source_data.h"
#include "verb.h"

typedef struct {
    as_texts only, set, given;
    const char *cache, *each, *parts, *collect, *data, *data_map;
    int print;
    bool verify, dry_run, explain, graph;
} run_settings;

static const as_choice languages[] = { { "none", AS_L_NONE, "run it" },
                                       { "shell", AS_L_SHELL, "a script for bash" },
                                       { "make", AS_L_MAKE, "a Makefile for GNU make" },
                                       { "ninja", AS_L_NINJA, "a file for ninja" },
                                       { "snakemake", AS_L_SNAKEMAKE, "a Snakefile" },
                                       { 0 } };

static const as_param params[] = {
    AS_TEXTS(run_settings, only, "only", "", "make only this figure, page or table, or only `claims`"),
    AS_TEXTS(run_settings, set, "set", "",
             "NAME=VALUE: another value for a parameter of the recipe"),
    AS_BOOL(run_settings, verify, "verify", "no",
            "exit 1 when a claim's verdict is not the expected one"),
    AS_BOOL(run_settings, dry_run, "dry-run", "no",
            "check the recipe, its columns and units too, and list what would be made"),
    AS_BOOL(run_settings, explain, "explain", "no",
            "list every stage with all its options, and make nothing"),
    AS_BOOL(run_settings, graph, "graph", "no",
            "print the graph in the language of dot, and make nothing"),
    AS_CHOICE(run_settings, print, "print", "none", languages,
              "print the same commands for another program, and make nothing"),
    AS_TEXTS(
        run_settings, given, "given", "",
        "NAME=FILE: the tables of this input or step come from a stream instead of being made"),
    AS_STRING(run_settings, each, "each", "",
              "of a recipe that is made for each file: make this one alone, named without folders and "
              "suffix"),
    AS_STRING(run_settings, parts, "parts", "",
              "folder: with --each, the file's tables go there as streams for --collect"),
    AS_STRING(run_settings, collect, "collect", "",
              "folder of --parts: make the tables of all files from what lies there, and nothing else"),
    AS_STRING(run_settings, data, "data", "",
              "workbook (.xlsx, .xls) that the inputs are read from instead, as --data-map says"),
    AS_STRING(run_settings, data_map, "data-map", "",
              "YAML file: which cells of which sheet are which input of which recipe"),
    AS_STRING(run_settings, cache, "cache", "auto",
              "folder that keeps results between runs, or off; auto: $XDG_CACHE_HOME/assay or "
              "~/.cache/assay"),
    AS_PARAMS_END
};

/* --- what to make -------------------------------------------------------------------------- */

static as_status check_only(as_session *s, const as_texts *only, const as_recipe *r)
{
    const size_t n = r->n_figures + r->n_pages + r->n_tables + 1;
    const char **names = AS_NEW_N(s->arena, const char *, n);
    if (!names) return AS_ERR;
    size_t at = 0;
    for (size_t i = 0; i < r->n_figures; i++) names[at++] = r->figure[i].name;
    for (size_t i = 0; i < r->n_pages; i++) names[at++] = r->page[i].name;
    for (size_t i = 0; i < r->n_tables; i++) names[at++] = r->table[i].name;
    names[at++] = "claims";
    for (size_t i = 0; i < only->n; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++) known |= strcmp(names[k], only->v[i]) == 0;
        if (known) continue;
        const char *near = as_near_miss(only->v[i], n, names);
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--only: %s makes no '%s'%s%s%s", r->file,
                       only->v[i], near ? "; did you mean " : "", near ? near : "",
                       near ? "?" : "");
    }
    return AS_OK;
}

/* The folder of a recipe's outputs, ending in '/'. */
static const char *output_folder(as_session *s, const as_recipe *r)
{
    const char *base = s->output ? s->output : "figures-out";
    const char *slash = base[strlen(base) - 1] == '/' ? "" : "/";
    return as_format(s->arena, "%s%s%s/", base, slash, r->slug);
}

static as_status check_given(as_session *s, const as_variables *given, const as_recipe *r)
{
    for (size_t i = 0; i < given->n; i++) {
        bool known = false;
        for (size_t k = 0; k < r->n_inputs; k++)
            known |= strcmp(r->input[k].name, given->v[i].name) == 0;
        for (size_t k = 0; k < r->n_steps; k++)
            known |= strcmp(r->step[k].name, given->v[i].name) == 0;
        if (!known)
            return as_fail(s->ctx, AS_E_USAGE, NULL, "--given: %s has no input or step '%s'",
                           r->file, given->v[i].name);
    }
    return AS_OK;
}

static const char *as_folder(as_session *s, const char *name)
{
    return !name || name[strlen(name) - 1] == '/' ? name : as_format(s->arena, "%s/", name);
}

static as_status order_each(as_session *s, const run_settings *set, as_order *order)
{
    if (set->parts && !set->each)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--parts needs --each: whose tables?");
    if (set->collect && set->each)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--each makes one file, --collect joins all of them");
    order->each = set->each;
    order->parts = as_folder(s, set->parts);
    order->collect = as_folder(s, set->collect);
    return (set->parts && !order->parts) || (set->collect && !order->collect) ? AS_ERR : AS_OK;
}

static as_status run_recipe(as_session *s, const run_settings *set, const as_recipe *r,
                            const as_cache *cache, as_tally *t)
{
    const char *out = output_folder(s, r);
    as_order order = { .only = &set->only, .cache = cache };
    if (r->absent) {
        fprintf(s->messages->to, "assay run: %s skipped: %s is not here\n", r->file, r->absent);
        return AS_OK;
    }
    if (!out) return AS_ERR;
    AS_TRY(order_each(s, set, &order));
    AS_TRY(as_variables_of(s, "given", &set->given, &order.given));
    AS_TRY(check_given(s, &order.given, r));
    return as_recipe_make(s, r, out, &order, t);
}

/* --- the verb -------------------------------------------------------------------------------- */

/* A recipe whose inputs lie in a workbook. */
static as_status open_with(as_session *s, const as_word *file, const as_variables *set,
                           const as_source_data *data, as_recipe *r)
{
    const as_input *in;
    AS_TRY(as_input_open(s->ctx, file->text, &in));
    AS_TRY(as_recipe_read(s->ctx, s->arena, in, set, r));
    AS_TRY(as_source_data_apply(s, data, r));
    return as_recipe_check(s, r);
}

/* Two recipes may not write over each other. */
static as_status check_slugs(as_session *s, size_t n, const as_recipe *r)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(r[i].slug, r[k].slug) == 0)
                return as_fail(s->ctx, AS_E_USAGE, NULL,
                               "%s and %s would both write to the folder '%s'; run them with "
                               "another --output each",
                               r[k].file, r[i].file, r[i].slug);
    return AS_OK;
}

static int is_recipe(const struct dirent *e)
{
    const size_t n = strlen(e->d_name);
    return e->d_name[0] != '.' && n > 5 && strcmp(e->d_name + n - 5, ".yaml") == 0;
}

typedef struct operands {
    size_t n;
    as_word *v;
} operands;

static as_status add_operand(as_session *s, operands *o, const as_word *w)
{
    as_word *v = AS_NEW_N(s->arena, as_word, o->n + 1);
    if (!v) return AS_ERR;
    if (o->n) memcpy(v, o->v, o->n * sizeof *v);
    v[o->n++] = *w;
    o->v = v;
    return AS_OK;
}

/* A folder stands for the recipes (.yaml) in it, in the order of their names; with a workbook for those that its map
 * knows. */
static as_status open_folder(as_session *s, const as_word *folder, const as_source_data *data, operands *o)
{
    struct dirent **entry;
    as_status status = AS_OK;
    const size_t before = o->n;
    const int n = scandir(folder->text, &entry, is_recipe, alphasort);
    if (n < 0) return add_operand(s, o, folder); /* a file, or what the reader of recipes says */
    for (int i = 0; i < n; i++) {
        const char *name = entry[i]->d_name;
        as_word w = *folder;
        w.text = as_format(s->arena, "%s/%s", folder->text, name);
        const char *slug = as_format(s->arena, "%.*s", (int)strlen(name) - 5, name);
        if (!w.text || !slug) status = AS_ERR;
        if (status == AS_OK && (!data || as_source_data_knows(data, slug))) status = add_operand(s, o, &w);
        free(entry[i]);
    }
    free(entry);
    if (status == AS_OK && o->n == before)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "%s: the folder has no recipe (.yaml)%s", folder->text,
                       data ? " that --data-map knows" : "");
    return status;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void summary(as_session *s, const as_tally *t)
{
    as_messages_progress(s->messages, s->messages, NULL);
    fprintf(s->messages->to, "assay run: %zu file%s written, %zu unchanged", t->written,
            plural(t->written), t->unchanged);
    if (t->made + t->kept)
        fprintf(s->messages->to, "; %zu step%s run, %zu from the cache", t->made, plural(t->made),
                t->kept);
    if (t->claims)
        fprintf(s->messages->to, "; %zu claim%s, %zu not as expected", t->claims, plural(t->claims),
                t->surprises);
    if (t->failed) fprintf(s->messages->to, "; %zu failed", t->failed);
    fputc('\n', s->messages->to);
}

/* --print, --graph, --explain, --dry-run: nothing is made. */
static as_status show(as_session *s, const run_settings *set, size_t n, const as_recipe *r)
{
    if (set->print && n > 1)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--print takes one recipe at a time");
    for (size_t i = 0; i < n; i++) {
        const char *out = output_folder(s, &r[i]);
        if (!out) return AS_ERR;
        if (set->dry_run && !r[i].absent) AS_TRY(as_recipe_flow(s, &r[i]));
        if (set->print)
            AS_TRY(as_recipe_print(s, &r[i], out, (as_language)set->print, stdout));
        else if (set->graph)
            AS_TRY(as_recipe_graph(s, &r[i], stdout));
        else
            AS_TRY(as_recipe_explain(s, &r[i], set->explain, stdout));
    }
    return AS_OK;
}

static as_status make_recipes(as_session *s, const run_settings *set, size_t n, const as_recipe *r,
                              as_tally *t)
{
    as_cache *cache;
    AS_TRY(as_cache_open(s, set->cache, &cache));
    for (size_t i = 0; i < n; i++) AS_TRY(run_recipe(s, set, &r[i], cache, t));
    if (fflush(stdout) != 0)
        return as_fail(s->ctx, AS_E_IO, NULL, "standard output cannot be written");
    if (!s->messages->json) summary(s, t);
    if (t->failed == 0) return AS_OK;
    s->shown = true;
    return as_fail(s->ctx, t->code, NULL, "%zu parts of the recipe failed", t->failed);
}

static as_status run(as_session *s, const void *settings, size_t n_words, const as_word *words,
                     int *answer)
{
    const run_settings *set = settings;
    as_variables variables;
    as_source_data *data;
    as_tally t = { 0 };
    operands o = { 0 };
    if (n_words == 0) return as_fail(s->ctx, AS_E_USAGE, NULL, "which recipe? expected a file name");
    s->messages->many = true;
    AS_TRY(as_variables_of(s, "set", &set->set, &variables));
    AS_TRY(as_source_data_read(s, set->data, set->data_map, &data));
    for (size_t i = 0; i < n_words; i++) AS_TRY(open_folder(s, &words[i], data, &o));
    const size_t n = o.n;
    as_recipe *r = AS_NEW_N(s->arena, as_recipe, n);
    if (!r) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(data ? open_with(s, &o.v[i], &variables, data, &r[i])
                    : as_recipe_open(s, &o.v[i], &variables, &r[i]));
        AS_TRY(check_only(s, &set->only, &r[i]));
    }
    AS_TRY(check_slugs(s, n, r));
    if (set->print || set->graph || set->explain || set->dry_run) return show(s, set, n, r);
    AS_TRY(make_recipes(s, set, n, r, &t));
    if (set->verify && t.surprises) *answer = AS_ANSWER_NO;
    return AS_OK;
}

static const as_example examples[] = {
    { "a recipe checked, and nothing made",
      "assay run --dry-run tests/corpus/recipe/small.yaml" },
    { "a recipe made into a folder of its own, its claims held against what they expect",
      "assay run --verify -o out tests/corpus/recipe/small.yaml" },
    { 0 }
};
static const char *const see_also[] = { "read", "results", NULL };

const as_verb as_verb_run = {
    .name = "run",
    .group = "recipes",
    .operands = "RECIPE...",
    .settings_size = sizeof(run_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "make the figures, tables and verdicts of recipes",
             .description =
                 "A recipe is a YAML file that names input files, pipelines in the words of the "
                 "shell, and "
                 "what is made of them (docs/recipes.md). It is checked as a whole before anything "
                 "runs. A folder stands for the recipes (.yaml) in it.\n\n"
                 "Figures and tables go to *output*/RECIPE/NAME.suffix, `figures-out` by default; "
                 "the answers "
                 "to claims are printed and go to claims.tsv, reported.tsv and claims.json there. "
                 "A file is "
                 "replaced only by a whole one, and not touched when nothing in it changed.\n\n"
                 "With `--data` and `--data-map` the inputs are read from the sheets of a "
                 "workbook instead, a publisher's Source Data, say (docs/archive.md); of a folder, "
                 "those recipes are made that the map knows.\n\n"
                 "With `--verify` the exit status is 1 when a claim comes out otherwise than its "
                 "`expect:` says "
                 "(supported, where it says nothing).",
             .examples = examples,
             .see_also = see_also },
};
