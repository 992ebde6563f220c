/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of a figure, with those of a style file before them: --look house.yaml
 *
 *     size: acs-1col          # options that every kind has
 *     palette: batlow
 *     plot-stack:             # and those of one kind
 *       offset: 1.2
 *
 * What is typed wins. The file's keys are the kinds' own options, checked as if they were typed.
 */
#include <string.h>

#include "figure_options.h"
#include "help.h"
#include "look.h"
#include "yaml_tree.h"

static const as_param *param_of(const as_param *params, const char *name)
{
    for (const as_param *p = params; p && p->name; p++)
        if (strcmp(p->name, name) == 0) return p;
    return NULL;
}

typedef struct file_options {
    as_session *s;
    const as_tree *tree;
    const as_figure *kind;
    size_t n;
    as_word *word;
} file_options;

static as_status add(file_options *o, as_node key, as_node value)
{
    const char *text =
        as_format(o->s->arena, "--%s=%s", as_node_text(o->tree, key), as_node_text(o->tree, value));
    if (!text) return AS_ERR;
    as_word *wider = as_grow(o->s->arena, o->word, o->n, sizeof *wider);
    if (!wider) return AS_ERR;
    o->word = wider;
    o->word[o->n++] = (as_word){ text, as_node_where(o->tree, value) };
    return AS_OK;
}

/* One option: a text, or a list where it may stand several times. */
static as_status option(file_options *o, as_node key, as_node value)
{
    if (as_node_is(o->tree, value) == AS_N_TEXT) return add(o, key, value);
    AS_TRY(as_node_expect(o->tree, value, as_node_text(o->tree, key), AS_N_TEXT | AS_N_TEXTS));
    for (size_t i = 0; i < as_node_count(o->tree, value); i++)
        AS_TRY(add(o, key, as_node_item(o->tree, value, i)));
    return AS_OK;
}

static as_status unknown(file_options *o, as_node key, const as_param *params, const char *whose)
{
    const char *name = as_node_text(o->tree, key);
    size_t n = 0;
    for (const as_param *p = params; p && p->name; p++) n++;
    const char **names = AS_NEW_N(o->s->arena, const char *, n);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < n; i++) names[i] = params[i].name;
    const char *near = as_near_miss(name, n, names);
    return as_node_fail(o->tree, key, "%s option '%s'%s%s%s", whose, name,
                        near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* `own`: the mapping of one kind. Options of other kinds are known and left alone. */
static as_status take(file_options *o, as_node map, const as_figure *own)
{
    const as_param *all = own ? own->params : as_all_figure_options(o->s->arena);
    if (!all) return AS_ERR;
    AS_TRY(as_node_expect(o->tree, map, own ? own->name : "a style file", AS_N_MAP));
    for (size_t i = 0; i < as_node_count(o->tree, map); i++) {
        const as_node key = as_node_key(o->tree, map, i), value = as_node_item(o->tree, map, i);
        const char *name = as_node_text(o->tree, key);
        const as_figure *kind = own ? NULL : as_figure_find(name);
        if (kind) continue; /* after the common ones */
        if (!param_of(all, name) || strcmp(name, "look") == 0)
            return unknown(o, key, all,
                           own ? as_format(o->s->arena, "%s has no", own->name)
                               : "no kind of figure has an");
        if (param_of(o->kind->params, name) && (!own || own == o->kind))
            AS_TRY(option(o, key, value));
    }
    return AS_OK;
}

static as_status take_kinds(file_options *o, as_node root)
{
    for (size_t i = 0; i < as_node_count(o->tree, root); i++) {
        const as_figure *kind =
            as_figure_find(as_node_text(o->tree, as_node_key(o->tree, root, i)));
        if (kind) AS_TRY(take(o, as_node_item(o->tree, root, i), kind));
    }
    return AS_OK;
}

static as_status options_of(as_session *s, const as_input *in, const as_figure *kind,
                            file_options *o)
{
    as_tree *tree;
    *o = (file_options){ .s = s, .kind = kind };
    AS_TRY(as_tree_load(s->ctx, s->arena, in, &tree));
    o->tree = tree;
    AS_TRY(take(o, as_tree_root(tree), NULL));
    return take_kinds(o, as_tree_root(tree));
}

/* What the words say besides what the file says; all of it is among the settings then. */
static as_status add_words(file_options *o, size_t n, const as_word *words, as_word **out)
{
    as_word *all = *out = AS_NEW_N(o->s->arena, as_word, o->n + n + 1);
    if (!all) return AS_ERR;
    if (o->n) memcpy(all, o->word, o->n * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(words[i].text, "--look=", 7) == 0) continue;
        if (strcmp(words[i].text, "--look") == 0) i++;
        else all[o->n++] = words[i];
    }
    return AS_OK;
}

static as_status read_settings(as_session *s, const as_panel *p, size_t n, const as_word *words)
{
    s->loaded = s->used = NULL;
    return as_settings_read(s->ctx, s->arena, p->kind->params, n, words, &s->loader, p->settings);
}

as_status as_figure_options(as_session *s, size_t n, const as_word *words, as_panel *out)
{
    as_look *look = out->settings = as_alloc(s->arena, 1, out->kind->settings_size);
    file_options o;
    as_word *all;
    if (!look) return AS_ERR;
    AS_TRY(read_settings(s, out, n, words));
    if (look->house && look->house->data) { /* no data: a recipe is only checked */
        AS_TRY(options_of(s, look->house, out->kind, &o));
        AS_TRY(add_words(&o, n, words, &all));
        look->house = NULL;
        AS_TRY(read_settings(s, out, o.n, all));
    }
    out->sha256 = s->loaded;
    out->used = s->used;
    return AS_OK;
}
