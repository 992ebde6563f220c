/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs of recipes from the sheets of one workbook. */
#include <string.h>

#include "source_data.h"

enum { D_DATA, D_RECIPES, N_TOP_KEYS };
static const as_key top_keys[] = {
    [D_DATA] = { "data", AS_N_TEXT, true, "version of this form", "1" },
    [D_RECIPES] = { "recipes", AS_N_MAP, true, "name of a recipe: where its inputs lie", NULL },
};

/* The first four are options of the format xlsx. */
enum { P_SHEET, P_RANGE, P_COLUMNS, P_TECHNIQUE, N_OPTIONS, P_SET = N_OPTIONS, N_PLACE_KEYS };
enum { R_INPUTS = N_PLACE_KEYS, R_KEEP, N_RECIPE_ENTRY_KEYS };
#define PLACE_KEYS                                                                                 \
    [P_SHEET] = { "sheet", AS_N_TEXT, false, "name or number of the sheet", NULL },                \
    [P_RANGE] = { "range", AS_N_TEXT, false, "cells, as B3:D200", NULL },                          \
    [P_COLUMNS] = { "columns", AS_N_TEXT, false,                                                   \
                    "names and units, as two_theta:deg,intensity:count", NULL },                   \
    [P_TECHNIQUE] = { "technique", AS_N_TEXT, false, "xrd, raman ...", NULL },                     \
    [P_SET] = { "set", AS_N_MAP, false,                                                            \
                "metadata that the sheet lacks: wavelength: 1.5406 Angstrom", NULL }
static const as_key place_keys[] = { PLACE_KEYS };
static const as_key recipe_keys[] = {
    PLACE_KEYS,
    [R_INPUTS] = { "inputs", AS_N_MAP, true, "name of an input: where it lies", NULL },
    [R_KEEP] = { "keep", AS_N_TEXT | AS_N_TEXTS, false, "inputs that stay the recipe's own", NULL },
};

struct as_source_data {
    const char *book, *format;
    as_tree *tree;
    as_node recipes;
};

as_status as_source_data_read(as_session *s, const char *book, const char *map,
                              as_source_data **out)
{
    char suffix[16];
    const as_input *in;
    as_node v[N_TOP_KEYS];
    *out = NULL;
    if (!book && !map) return AS_OK;
    if (!book || !map)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "--data names a workbook and --data-map what lies where in it: "
                       "both or neither");
    as_source_data *d = AS_NEW(s->arena, as_source_data);
    if (!d) return AS_ERR;
    as_suffix(book, suffix);
    d->book = book;
    d->format = strcmp(suffix, "xls") == 0 ? "xls" : "xlsx";
    if (strncmp(suffix, "xls", 3) != 0)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--data: '%s' should end in .xlsx or .xls", book);
    AS_TRY(as_input_open(s->ctx, map, &in));
    AS_TRY(as_tree_load(s->ctx, s->arena, in, &d->tree));
    AS_TRY(as_node_map(d->tree, as_tree_root(d->tree), "map", N_TOP_KEYS, top_keys, v));
    d->recipes = v[D_RECIPES];
    *out = d;
    return AS_OK;
}

/* The value of a key in a map of free names; 0: absent. */
static as_node find(const as_tree *t, as_node map, const char *name)
{
    for (size_t i = 0; i < as_node_count(t, map); i++)
        if (strcmp(as_node_text(t, as_node_key(t, map, i)), name) == 0)
            return as_node_item(t, map, i);
    return 0;
}

static bool is_kept(const as_tree *t, as_node keep, const char *name)
{
    if (!keep) return false;
    if (as_node_is(t, keep) == AS_N_TEXT) return strcmp(as_node_text(t, keep), name) == 0;
    for (size_t i = 0; i < as_node_count(t, keep); i++)
        if (strcmp(as_node_text(t, as_node_item(t, keep, i)), name) == 0) return true;
    return false;
}

/* Metadata behind those that the recipe states; the last of a name counts. */
static as_status add_set(as_session *s, const as_source_data *d, as_node set, as_recipe_input *in)
{
    const size_t n = set ? as_node_count(d->tree, set) : 0;
    as_word *words = AS_NEW_N(s->arena, as_word, in->n_set + n + 1);
    if (!words) return AS_ERR;
    if (in->n_set) memcpy(words, in->set, in->n_set * sizeof *words);
    for (size_t i = 0; i < n; i++) {
        const as_node key = as_node_key(d->tree, set, i), value = as_node_item(d->tree, set, i);
        AS_TRY(as_node_expect(d->tree, value, as_node_text(d->tree, key), AS_N_TEXT));
        as_word *w = &words[in->n_set + i];
        w->text =
            as_format(s->arena, "%s=%s", as_node_text(d->tree, key), as_node_text(d->tree, value));
        w->where = as_node_where(d->tree, value);
        if (!w->text) return AS_ERR;
    }
    in->set = words;
    in->n_set += n;
    return AS_OK;
}

/* --format xlsx --option sheet=... : what the input says wins over what the recipe's entry says. */
static as_status place(as_session *s, const as_source_data *d, const as_node *common,
                       const as_node *own, as_recipe_input *in)
{
    as_word *words = AS_NEW_N(s->arena, as_word, 2 + 2 * N_PLACE_KEYS);
    size_t n = 0;
    if (!words) return AS_ERR;
    words[n++] = (as_word){ "--format", in->where };
    words[n++] = (as_word){ d->format, in->where };
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const as_node value = own[i] ? own[i] : common[i];
        if (!value) continue;
        const as_where at = as_node_where(d->tree, value);
        words[n++] = (as_word){ "--option", at };
        words[n] = (as_word){
            as_format(s->arena, "%s=%s", place_keys[i].name, as_node_text(d->tree, value)), at
        };
        if (!words[n++].text) return AS_ERR;
    }
    in->file = d->book;
    in->each = false;
    in->folder = "";
    in->read = words;
    in->n_read = n;
    AS_TRY(add_set(s, d, common[P_SET], in));
    return add_set(s, d, own[P_SET], in);
}

/* Names in the map that the recipe does not have are slips. */
static as_status check_names(as_session *s, const as_source_data *d, as_node inputs,
                             const as_recipe *r)
{
    const char **names = AS_NEW_N(s->arena, const char *, r->n_inputs + 1);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < r->n_inputs; i++) names[i] = r->input[i].name;
    for (size_t k = 0; k < as_node_count(d->tree, inputs); k++) {
        const as_node key = as_node_key(d->tree, inputs, k);
        const char *name = as_node_text(d->tree, key);
        bool known = false;
        for (size_t i = 0; i < r->n_inputs; i++) known |= strcmp(names[i], name) == 0;
        if (known) continue;
        const char *near = as_near_miss(name, r->n_inputs, names);
        return as_node_fail(d->tree, key, "%s has no input '%s'%s%s%s", r->file, name,
                            near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    return AS_OK;
}

/* What was said of the recipe's own data is not true of these. */
static as_status say_whence(as_session *s, const as_source_data *d, as_recipe *r)
{
    as_variable *v = AS_NEW_N(s->arena, as_variable, r->about.n + 1);
    const char *text = as_format(s->arena, "read from %s", as_base_name(d->book));
    size_t n = 0;
    if (!v || !text) return AS_ERR;
    for (size_t i = 0; i < r->about.n; i++)
        if (strcmp(r->about.v[i].name, "data") != 0) v[n++] = r->about.v[i];
    v[n++] = (as_variable){ "data", text };
    r->about = (as_variables){ n, v };
    return AS_OK;
}

bool as_source_data_knows(const as_source_data *d, const char *slug)
{
    return find(d->tree, d->recipes, slug) != 0;
}

as_status as_source_data_apply(as_session *s, const as_source_data *d, as_recipe *r)
{
    as_node common[N_RECIPE_ENTRY_KEYS], own[N_PLACE_KEYS];
    if (!d) return AS_OK;
    const as_node entry = find(d->tree, d->recipes, r->slug);
    if (!entry) return as_node_fail(d->tree, d->recipes, "no entry for the recipe '%s'", r->slug);
    AS_TRY(as_node_map(d->tree, entry, "entry", N_RECIPE_ENTRY_KEYS, recipe_keys, common));
    AS_TRY(check_names(s, d, common[R_INPUTS], r));
    for (size_t i = 0; i < r->n_inputs; i++) {
        const as_node where = find(d->tree, common[R_INPUTS], r->input[i].name);
        if (!where && is_kept(d->tree, common[R_KEEP], r->input[i].name)) continue;
        if (!where)
            return as_node_fail(d->tree, entry,
                                "the input '%s' of '%s' has no place here; `keep: [%s]` leaves the "
                                "recipe's own",
                                r->input[i].name, r->slug, r->input[i].name);
        AS_TRY(as_node_map(d->tree, where, "place", N_PLACE_KEYS, place_keys, own));
        AS_TRY(place(s, d, common, own, &r->input[i]));
    }
    r->absent = NULL; /* what `needs:` names is replaced */
    return say_whence(s, d, r);
}
