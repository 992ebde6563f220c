/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the text of a recipe to its parts. */
#define _GNU_SOURCE /* GLOB_BRACE */
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "about.h"
#include "recipe.h"
#include "recipe_keys.h"

enum { MOST_FILES = 64 };

typedef struct part { /* one file: the recipe itself or one it includes */
    as_tree *tree;
    const char *path, *folder; /* folder: "" or ending in '/' */
    as_node value[N_RECIPE_KEYS];
} part;

typedef struct job {
    as_ctx *ctx;
    as_arena *a;
    part part[MOST_FILES];
    size_t n_parts;
    as_recipe *r;
} job;

static const char *folder_of(as_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? as_strndup(a, path, (size_t)(slash - path) + 1) : "";
}

static const char *beside(as_arena *a, const char *folder, const char *path)
{
    return *path == '/' ? path : as_format(a, "%s%s", folder, path);
}

/* A scalar with its parameters filled in. */
static as_status filled(job *j, const part *p, as_node n, as_text *out)
{
    as_text raw;
    AS_TRY(as_node_source(p->tree, n, &raw));
    return as_substitute(j->ctx, j->a, &raw, &j->r->parameters, out);
}

static const char *text_or_null(const part *p, as_node n)
{
    return n ? as_node_text(p->tree, n) : NULL;
}

/* A text, or each item of a list of texts. */
static size_t count_texts(const part *p, as_node n)
{
    if (!n) return 0;
    return as_node_is(p->tree, n) == AS_N_TEXT ? 1 : as_node_count(p->tree, n);
}

static as_node text_at(const part *p, as_node n, size_t i)
{
    return as_node_is(p->tree, n) == AS_N_TEXT ? n : as_node_item(p->tree, n, i);
}

static as_status read_from(job *j, const part *p, as_node n, size_t *count, as_name **out)
{
    *count = count_texts(p, n);
    as_name *names = *out = AS_NEW_N(j->a, as_name, *count);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < *count; i++) {
        const as_node item = text_at(p, n, i);
        names[i].name = as_node_text(p->tree, item);
        names[i].where = as_node_where(p->tree, item);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[k].name, names[i].name) == 0)
                return as_node_fail(p->tree, item, "'%s' stands in this list twice", names[i].name);
    }
    return AS_OK;
}

/* --- inputs ----------------------------------------------------------------------------- */

static as_status read_set(job *j, const part *p, as_node n, as_recipe_input *to)
{
    if (!n) return AS_OK;
    to->n_set = as_node_count(p->tree, n);
    to->set = AS_NEW_N(j->a, as_word, to->n_set);
    if (!to->set) return AS_ERR;
    for (size_t i = 0; i < to->n_set; i++) {
        const as_node key = as_node_key(p->tree, n, i), value = as_node_item(p->tree, n, i);
        const char *name = as_node_text(p->tree, key);
        if (!*name || strpbrk(name, "= \t\n"))
            return as_node_fail(p->tree, key, "'%s' is no name of metadata", name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(name, as_node_text(p->tree, as_node_key(p->tree, n, k))) == 0)
                return as_node_fail(p->tree, key, "'%s' is set twice", name);
        AS_TRY(as_node_expect(p->tree, value, name, AS_N_TEXT));
        as_text text;
        AS_TRY(filled(j, p, value, &text));
        to->set[i].text = as_format(j->a, "%s=%s", name, text.s);
        to->set[i].where = as_node_where(p->tree, value);
        if (!to->set[i].text) return AS_ERR;
    }
    return AS_OK;
}

static as_status read_input(job *j, const part *p, as_node key, as_node n, as_recipe_input *to)
{
    as_node v[N_INPUT_KEYS];
    as_text file, options;
    if (as_node_map(p->tree, n, "input", N_INPUT_KEYS, input_keys, v) != AS_OK) {
        if (as_node_is(p->tree, n) != AS_N_TEXT) return AS_ERR;
        return as_while(j->ctx, "hint: {file: %s}", as_node_text(p->tree, n));
    }
    to->name = as_node_text(p->tree, key);
    to->folder = p->folder;
    to->where = as_node_where(p->tree, key);
    if (!v[I_FILE] == !v[I_EACH])
        return as_node_fail(p->tree, v[I_FILE] ? key : n,
                            "an input has one of the keys 'file' and 'each'");
    const as_node pattern = v[I_FILE] ? v[I_FILE] : v[I_EACH];
    to->each = !v[I_FILE];
    to->file_where = as_node_where(p->tree, pattern);
    AS_TRY(filled(j, p, pattern, &file));
    to->file = beside(j->a, p->folder, file.s);
    if (!to->file) return AS_ERR;
    to->label = text_or_null(p, v[I_LABEL]);
    to->note = text_or_null(p, v[I_NOTE]);
    AS_TRY(read_set(j, p, v[I_SET], to));
    if (!v[I_READ]) return AS_OK;
    AS_TRY(as_node_source(p->tree, v[I_READ], &options));
    return as_words_of(j->ctx, j->a, &options, &j->r->parameters, &to->n_read, &to->read);
}

/* --- steps, figures, tables ----------------------------------------------------------------- */

static as_status read_pipe(job *j, const part *p, as_node n, as_product *to)
{
    as_text text;
    if (!n) return AS_OK;
    AS_TRY(as_node_source(p->tree, n, &text));
    return as_pipe_split(j->ctx, j->a, &text, &j->r->parameters, &to->n_stages, &to->stage);
}

static as_status read_formats(job *j, const part *p, as_node n, const char *const *defaults,
                              size_t *count, const char ***out)
{
    *count = count_texts(p, n);
    if (!n)
        while (defaults[*count]) ++*count;
    const char **formats = *out = AS_NEW_N(j->a, const char *, *count);
    if (!formats) return AS_ERR;
    for (size_t i = 0; i < *count; i++) {
        formats[i] = n ? as_node_text(p->tree, text_at(p, n, i)) : defaults[i];
        for (size_t k = 0; k < i; k++)
            if (strcmp(formats[k], formats[i]) == 0)
                return as_node_fail(p->tree, text_at(p, n, i), "the format '%s' stands here twice",
                                    formats[i]);
    }
    return AS_OK;
}

static as_status read_step(job *j, const part *p, as_node n, as_product *to)
{
    as_node v[N_STEP_KEYS];
    AS_TRY(as_node_map(p->tree, n, "step", N_STEP_KEYS, step_keys, v));
    AS_TRY(read_from(j, p, v[S_FROM], &to->n_from, &to->from));
    return read_pipe(j, p, v[S_PIPE], to);
}

static const char *const figure_formats[] = { "svg", NULL };

static as_status read_figure(job *j, const part *p, as_node n, as_product *to)
{
    as_node v[N_FIGURE_KEYS];
    AS_TRY(as_node_map(p->tree, n, "figure", N_FIGURE_KEYS, figure_keys, v));
    AS_TRY(read_from(j, p, v[F_FROM], &to->n_from, &to->from));
    AS_TRY(read_formats(j, p, v[F_FORMATS], figure_formats, &to->n_formats, &to->formats));
    to->size = text_or_null(p, v[F_SIZE]);
    to->title = text_or_null(p, v[F_TITLE]);
    return read_pipe(j, p, v[F_PIPE], to);
}

static as_status read_table(job *j, const part *p, as_node n, as_product *to)
{
    static const char *const defaults[] = { "csv", "ecsv", NULL };
    as_node v[N_TABLE_KEYS];
    AS_TRY(as_node_map(p->tree, n, "table", N_TABLE_KEYS, table_keys, v));
    AS_TRY(read_from(j, p, v[T_FROM], &to->n_from, &to->from));
    AS_TRY(read_formats(j, p, v[T_FORMATS], defaults, &to->n_formats, &to->formats));
    to->title = text_or_null(p, v[T_TITLE]);
    if (v[T_PIPE] || to->n_from == 1) return read_pipe(j, p, v[T_PIPE], to);
    const as_text join = as_text_of("cat"); /* several as they are: joined, as in a shell */
    return as_pipe_split(j->ctx, j->a, &join, NULL, &to->n_stages, &to->stage);
}

static as_status read_product(job *j, const part *p, int section, as_node key, as_node n,
                              as_product *to)
{
    to->name = as_node_text(p->tree, key);
    to->where = as_node_where(p->tree, key);
    to->folder = p->folder;
    return section == K_STEPS     ? read_step(j, p, n, to)
           : section == K_FIGURES ? read_figure(j, p, n, to)
                                  : read_table(j, p, n, to);
}

/* --- pages ------------------------------------------------------------------------------------- */

static as_status add_option(job *j, const part *p, as_node n, const char *option, as_recipe_page *to)
{
    as_text text;
    if (!n) return AS_OK;
    AS_TRY(filled(j, p, n, &text));
    to->options[to->n_options++] = (as_word){ option, as_node_where(p->tree, n) };
    to->options[to->n_options++] = (as_word){ text.s, as_node_where(p->tree, n) };
    return AS_OK;
}

static as_status read_page(job *j, const part *p, as_node key, as_node n, as_recipe_page *to)
{
    as_node v[N_PAGE_KEYS];
    as_word *more = NULL;
    size_t n_more = 0;
    AS_TRY(as_node_map(p->tree, n, "page", N_PAGE_KEYS, page_keys, v));
    to->name = as_node_text(p->tree, key);
    to->where = as_node_where(p->tree, key);
    to->title = text_or_null(p, v[P_TITLE]);
    AS_TRY(read_from(j, p, v[P_PANELS], &to->n_panels, &to->panel));
    AS_TRY(read_formats(j, p, v[P_FORMATS], figure_formats, &to->n_formats, &to->formats));
    if (v[P_OPTIONS]) {
        as_text options;
        AS_TRY(as_node_source(p->tree, v[P_OPTIONS], &options));
        AS_TRY(as_words_of(j->ctx, j->a, &options, &j->r->parameters, &n_more, &more));
    }
    to->options = AS_NEW_N(j->a, as_word, n_more + 4);
    if (!to->options) return AS_ERR;
    AS_TRY(add_option(j, p, v[P_SIZE], "--size", to));
    AS_TRY(add_option(j, p, v[P_COLUMNS], "--columns", to));
    if (n_more) memcpy(to->options + to->n_options, more, n_more * sizeof *more);
    to->n_options += n_more;
    return AS_OK;
}

/* --- claims ---------------------------------------------------------------------------------- */

static as_status read_report(job *j, const part *p, as_node n, as_recipe_claim *to)
{
    to->n_report = count_texts(p, n);
    to->report = AS_NEW_N(j->a, as_text, to->n_report);
    to->report_expr = AS_NEW_N(j->a, as_expr *, to->n_report);
    if (!to->report || !to->report_expr) return AS_ERR;
    for (size_t i = 0; i < to->n_report; i++) {
        AS_TRY(filled(j, p, text_at(p, n, i), &to->report[i]));
        AS_TRY(as_report_parse(j->ctx, j->a, &to->report[i], &to->report_expr[i]));
    }
    return AS_OK;
}

static as_status read_claim(job *j, const part *p, as_node n, as_recipe_claim *to)
{
    as_node v[N_CLAIM_KEYS];
    AS_TRY(as_node_map(p->tree, n, "claim", N_CLAIM_KEYS, claim_keys, v));
    to->where = as_node_where(p->tree, v[C_SAYS]);
    to->says = as_node_text(p->tree, v[C_SAYS]);
    to->stated = text_or_null(p, v[C_STATED]);
    to->note = text_or_null(p, v[C_NOTE]);
    to->expect = AS_SUPPORTED;
    if (v[C_EXPECT]) (void)as_verdict_of(as_node_text(p->tree, v[C_EXPECT]), &to->expect);
    AS_TRY(read_from(j, p, v[C_FROM], &to->n_from, &to->from));
    AS_TRY(filled(j, p, v[C_HOLDS], &to->holds));
    AS_TRY(as_claim_parse(j->ctx, j->a, &to->holds, &to->expr));
    return read_report(j, p, v[C_REPORT], to);
}

/* --- about and parameters -------------------------------------------------------------------- */

typedef struct flat {
    as_variable *v;
    size_t n;
} flat;

static as_status add_variable(job *j, flat *to, const char *name, const char *value)
{
    as_variable *wider = as_grow(j->a, to->v, to->n, sizeof *wider);
    if (!wider) return AS_ERR;
    to->v = wider;
    to->v[to->n++] = (as_variable){ name, value };
    return name ? AS_OK : AS_ERR;
}

static as_status read_about(job *j)
{
    const part *p = &j->part[0];
    if (!p->value[K_ABOUT]) return AS_OK;
    return as_tree_flatten(j->ctx, j->a, p->tree, p->value[K_ABOUT], &j->r->about);
}

/* The first of what `needs:` names that is not there. */
static as_status read_needs(job *j)
{
    for (size_t f = 0; f < j->n_parts; f++) {
        const part *p = &j->part[f];
        const as_node n = p->value[K_NEEDS];
        for (size_t i = 0; i < count_texts(p, n); i++) {
            as_text text;
            AS_TRY(filled(j, p, text_at(p, n, i), &text));
            const char *path = beside(j->a, p->folder, text.s);
            if (!path) return AS_ERR;
            if (access(path, R_OK) != 0 && !j->r->absent) j->r->absent = path;
        }
    }
    return AS_OK;
}

static as_status override(job *j, flat *all, const as_variable *set)
{
    const char **names = AS_NEW_N(j->a, const char *, all->n);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < all->n; i++) {
        names[i] = all->v[i].name;
        if (strcmp(names[i], set->name) != 0) continue;
        all->v[i].value = set->value;
        return AS_OK;
    }
    const char *near = as_near_miss(set->name, all->n, names);
    if (near)
        return as_fail(j->ctx, AS_E_USAGE, NULL,
                       "--set %s: the recipe has no parameter '%s'; did you mean '%s'?", set->name,
                       set->name, near);
    return as_fail(j->ctx, AS_E_USAGE, NULL, "--set %s: the recipe has no parameter '%s'%s",
                   set->name, set->name, all->n ? "" : "; it declares none");
}

static as_status read_parameters(job *j, const as_variables *set)
{
    flat all = { 0 };
    for (size_t f = j->n_parts; f-- > 0;) { /* the recipe itself comes last and wins */
        const part *p = &j->part[f];
        const as_node n = p->value[K_PARAMETERS];
        if (!n) continue;
        AS_TRY(as_node_names(p->tree, n, "a parameter"));
        for (size_t i = 0; i < as_node_count(p->tree, n); i++) {
            const as_node item = as_node_item(p->tree, n, i);
            const char *name = as_node_text(p->tree, as_node_key(p->tree, n, i));
            if (as_node_is(p->tree, item) != AS_N_TEXT)
                return as_node_fail(p->tree, item, "the default of '%s' is not text", name);
            size_t k = 0;
            while (k < all.n && strcmp(all.v[k].name, name) != 0) k++;
            if (k == all.n) AS_TRY(add_variable(j, &all, name, ""));
            all.v[k].value = as_node_text(p->tree, item);
        }
    }
    for (size_t i = 0; set && i < set->n; i++) AS_TRY(override(j, &all, &set->v[i]));
    j->r->parameters = (as_variables){ all.n, all.v };
    return AS_OK;
}

/* --- the file and those it includes ---------------------------------------------------------- */

static as_status open_part(job *j, const as_input *in, part *p)
{
    p->path = in->name;
    p->folder = folder_of(j->a, in->name);
    if (!p->folder) return AS_ERR;
    AS_TRY(as_tree_load(j->ctx, j->a, in, &p->tree));
    AS_TRY(as_node_map(p->tree, as_tree_root(p->tree), "recipe", N_RECIPE_KEYS, recipe_keys,
                       p->value));
    return AS_OK;
}

static as_status include(job *j, const part *p, as_node n)
{
    const char *path = beside(j->a, p->folder, as_node_text(p->tree, n));
    if (!path) return AS_ERR;
    for (size_t i = 0; i < j->n_parts; i++)
        if (strcmp(j->part[i].path, path) == 0)
            return as_node_fail(p->tree, n, "'%s' is part of the recipe already", path);
    if (j->n_parts == MOST_FILES)
        return as_node_fail(p->tree, n, "more than %d files in one recipe", MOST_FILES);
    const as_input *in;
    part *next = &j->part[j->n_parts];
    if (as_input_open(j->ctx, path, &in) != AS_OK || open_part(j, in, next) != AS_OK)
        return as_while(j->ctx, "included by %s:%u", p->path, as_node_where(p->tree, n).line);
    j->n_parts++;
    return AS_OK;
}

static as_status open_parts(job *j, const as_input *in)
{
    AS_TRY(open_part(j, in, &j->part[0]));
    j->n_parts = 1;
    const part *p = &j->part[0];
    if (!p->value[K_RECIPE])
        return as_node_fail(p->tree, as_tree_root(p->tree),
                            "not a recipe: the key 'recipe: 1' is missing");
    for (size_t f = 0; f < j->n_parts; f++) { /* those that an included file includes follow */
        const part *from = &j->part[f];
        const as_node n = from->value[K_INCLUDE];
        for (size_t i = 0; i < count_texts(from, n); i++)
            AS_TRY(include(j, from, text_at(from, n, i)));
    }
    return AS_OK;
}

static size_t count_all(const job *j, int section)
{
    size_t n = 0;
    for (size_t f = 0; f < j->n_parts; f++)
        if (j->part[f].value[section])
            n += as_node_count(j->part[f].tree, j->part[f].value[section]);
    return n;
}

static as_status read_inputs(job *j)
{
    as_recipe *r = j->r;
    r->input = AS_NEW_N(j->a, as_recipe_input, count_all(j, K_INPUTS));
    if (!r->input) return AS_ERR;
    for (size_t f = 0; f < j->n_parts; f++) {
        const part *p = &j->part[f];
        const as_node n = p->value[K_INPUTS];
        if (!n) continue;
        AS_TRY(as_node_names(p->tree, n, "an input"));
        for (size_t i = 0; i < as_node_count(p->tree, n); i++)
            AS_TRY(read_input(j, p, as_node_key(p->tree, n, i), as_node_item(p->tree, n, i),
                              &r->input[r->n_inputs++]));
    }
    return AS_OK;
}

static as_status read_products(job *j, int section, const char *what, size_t *count,
                               as_product **out)
{
    *count = 0;
    *out = AS_NEW_N(j->a, as_product, count_all(j, section));
    if (!*out) return AS_ERR;
    for (size_t f = 0; f < j->n_parts; f++) {
        const part *p = &j->part[f];
        const as_node n = p->value[section];
        if (!n) continue;
        AS_TRY(as_node_names(p->tree, n, what));
        for (size_t i = 0; i < as_node_count(p->tree, n); i++)
            AS_TRY(read_product(j, p, section, as_node_key(p->tree, n, i),
                                as_node_item(p->tree, n, i), &(*out)[(*count)++]));
    }
    return AS_OK;
}

static as_status read_pages(job *j)
{
    as_recipe *r = j->r;
    r->page = AS_NEW_N(j->a, as_recipe_page, count_all(j, K_PAGES));
    if (!r->page) return AS_ERR;
    for (size_t f = 0; f < j->n_parts; f++) {
        const part *p = &j->part[f];
        const as_node n = p->value[K_PAGES];
        if (!n) continue;
        AS_TRY(as_node_names(p->tree, n, "a page"));
        for (size_t i = 0; i < as_node_count(p->tree, n); i++)
            AS_TRY(read_page(j, p, as_node_key(p->tree, n, i), as_node_item(p->tree, n, i),
                             &r->page[r->n_pages++]));
    }
    return AS_OK;
}

static as_status read_claims(job *j)
{
    as_recipe *r = j->r;
    r->claim = AS_NEW_N(j->a, as_recipe_claim, count_all(j, K_CLAIMS));
    if (!r->claim) return AS_ERR;
    for (size_t f = 0; f < j->n_parts; f++) {
        const part *p = &j->part[f];
        const as_node n = p->value[K_CLAIMS];
        for (size_t i = 0; n && i < as_node_count(p->tree, n); i++)
            AS_TRY(read_claim(j, p, as_node_item(p->tree, n, i), &r->claim[r->n_claims++]));
    }
    return AS_OK;
}

as_status as_recipe_read(as_ctx *ctx, as_arena *a, const as_input *in, const as_variables *set,
                         as_recipe *out)
{
    job *j = AS_NEW(a, job);
    if (!j) return AS_ERR;
    *j = (job){ .ctx = ctx, .a = a, .r = out };
    *out = (as_recipe){ .file = in->name, .slug = as_stem(a, in->name) };
    AS_TRY(open_parts(j, in));
    out->folder = j->part[0].folder;
    out->title = text_or_null(&j->part[0], j->part[0].value[K_TITLE]);
    if (!out->slug) return AS_ERR;
    AS_TRY(read_about(j));
    AS_TRY(read_parameters(j, set));
    AS_TRY(read_needs(j));
    AS_TRY(read_inputs(j));
    AS_TRY(read_products(j, K_STEPS, "a step", &out->n_steps, &out->step));
    AS_TRY(read_products(j, K_FIGURES, "a figure", &out->n_figures, &out->figure));
    AS_TRY(read_pages(j));
    AS_TRY(read_products(j, K_TABLES, "a table", &out->n_tables, &out->table));
    return read_claims(j);
}

static as_status keep_matches(as_arena *a, const glob_t *found, as_word *words)
{
    for (size_t i = 0; i < found->gl_pathc; i++) {
        words[i].text = as_strdup(a, found->gl_pathv[i]);
        if (!words[i].text) return AS_ERR;
    }
    return AS_OK;
}

as_status as_recipe_files(as_ctx *ctx, as_arena *a, const as_recipe_input *in, size_t *n,
                          as_word **out)
{
    glob_t found = { 0 };
    const bool pattern = strpbrk(in->file, "*?[{") && access(in->file, F_OK) != 0;
    const int answer = pattern ? glob(in->file, GLOB_BRACE, NULL, &found) : 0;
    *n = pattern ? found.gl_pathc : 1;
    *out = answer == 0 ? AS_NEW_N(a, as_word, *n) : NULL;
    as_status status = *out ? AS_OK : AS_ERR;
    if (answer == GLOB_NOSPACE)
        status = as_fail(ctx, AS_E_NOMEM, NULL, "no memory for the names of files");
    else if (answer != 0)
        status = as_fail(ctx, AS_E_MISSING, &in->file_where, "no file matches '%s'", in->file);
    else if (status == AS_OK && pattern)
        status = keep_matches(a, &found, *out);
    else if (status == AS_OK)
        (*out)[0].text = in->file;
    if (pattern) globfree(&found);
    return status;
}
