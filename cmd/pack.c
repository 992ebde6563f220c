/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes into an archive: recipes run, and every file they opened. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "pack.h"

/* --- what was read --------------------------------------------------------------------------- */

static const char *real_path(as_packing *p, const char *path)
{
    char *real = realpath(path, NULL);
    const char *copy = real ? as_strdup(p->s->arena, real) : NULL;
    free(real);
    return copy;
}

static void note_path(void *user, const char *path)
{
    as_packing *p = user;
    const char *real = real_path(p, path);
    const char **wider = real ? as_grow(p->s->arena, p->paths, p->n_paths, sizeof *wider) : NULL;
    p->no_memory |= !wider;
    if (!wider) return;
    p->paths = wider;
    p->paths[p->n_paths++] = real;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Most files are opened more than once. */
static void drop_repeated(as_packing *p)
{
    size_t n = 0;
    qsort(p->paths, p->n_paths, sizeof *p->paths, by_text);
    for (size_t i = 0; i < p->n_paths; i++)
        if (n == 0 || strcmp(p->paths[n - 1], p->paths[i]) != 0) p->paths[n++] = p->paths[i];
    p->n_paths = n;
}

/* The longest folder that all share. */
static as_status find_root(as_packing *p)
{
    const char *first = p->paths[0];
    size_t n = (size_t)(strrchr(first, '/') - first) + 1;
    for (size_t i = 1; i < p->n_paths; i++) {
        size_t same = 0;
        while (same < n && p->paths[i][same] == first[same]) same++;
        while (same > 0 && first[same - 1] != '/') same--;
        n = same;
    }
    p->root = as_strndup(p->s->arena, first, n);
    return p->root ? AS_OK : AS_ERR;
}

const char *as_pack_name(as_packing *p, const char *path)
{
    const char *real = real_path(p, path);
    const size_t n = strlen(p->root);
    return real && strncmp(real, p->root, n) == 0 ? real + n : NULL;
}

/* JSON and manifests are UTF-8. */
static bool is_utf8(const char *name)
{
    json_t *j = json_string(name);
    json_decref(j);
    return j != NULL;
}

static as_status add(as_packing *p, const as_file *f)
{
    const as_where at = { .file = f->path };
    if (!is_utf8(f->name))
        return as_fail(p->s->ctx, AS_E_USAGE, &at, "its name is no UTF-8: rename it to pack it");
    as_file *wider = as_grow(p->s->arena, p->payload.file, p->payload.n, sizeof *wider);
    if (!wider) return AS_ERR;
    p->payload.file = wider;
    p->payload.file[p->payload.n++] = *f;
    return AS_OK;
}

/* A file that is made here; `text` stays. */
static as_status add_text(as_packing *p, const char *name, const char *text)
{
    const as_file f = { .name = name, .data = (const unsigned char *)text, .size = strlen(text) };
    return add(p, &f);
}

static as_status add_read(as_packing *p)
{
    if (p->no_memory)
        return as_fail(p->s->ctx, AS_E_NOMEM, NULL, "no memory for the names of files");
    drop_repeated(p);
    AS_TRY(find_root(p));
    for (size_t i = 0; i < p->n_paths; i++) {
        as_file f = { .name = p->paths[i] + strlen(p->root), .path = p->paths[i] };
        AS_TRY(as_file_load(p->s, &f));
        AS_TRY(add(p, &f));
    }
    p->n_read = p->n_paths;
    return AS_OK;
}

static as_status add_made(as_packing *p)
{
    as_files made;
    AS_TRY(as_files_open(p->s, p->made, &made));
    for (size_t i = 0; i < made.n; i++) {
        as_file f = made.file[i];
        f.name = as_format(p->s->arena, "results/%s", f.name);
        if (!f.name) return AS_ERR;
        AS_TRY(as_file_load(p->s, &f));
        AS_TRY(add(p, &f));
    }
    p->n_made = made.n;
    return AS_OK;
}

/* --- recipes --------------------------------------------------------------------------------- */

/* A folder is its recipes: the .yaml files in it, in the order of their names. */
static as_status list_recipes(as_packing *p, size_t n, const as_word *files)
{
    size_t room = 0;
    as_files *all = AS_NEW_N(p->s->arena, as_files, n);
    if (!all) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(as_files_open(p->s, files[i].text, &all[i]));
        room += all[i].n;
    }
    p->r = AS_NEW_N(p->s->arena, as_packed_recipe, room + 1);
    if (!p->r) return AS_ERR;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n; k++) {
            char suffix[16];
            const as_file *f = &all[i].file[k];
            const bool single = f->path == all[i].name;
            as_suffix(f->name, suffix);
            const bool listed = strcmp(suffix, "yaml") == 0 && !strchr(f->name, '/');
            const char *slug = listed ? as_stem(p->s->arena, f->path) : "";
            if (!slug) return AS_ERR;
            if (single || (listed && (!p->data || as_source_data_knows(p->data, slug))))
                p->r[p->n++].path = f->path;
        }
    if (p->n) return AS_OK;
    return as_fail(p->s->ctx, AS_E_MISSING, NULL, "no recipe (.yaml) in '%s'", files[0].text);
}

/* A file that a recipe names absolutely would not be found elsewhere. */
static as_status check_inputs(as_packing *p, const as_recipe *r)
{
    for (size_t i = 0; i < r->n_inputs; i++) {
        const as_recipe_input *in = &r->input[i];
        const size_t n = strlen(in->folder);
        if (in->file[0] == '/' && in->file != p->book && (n == 0 || strncmp(in->file, in->folder, n) != 0))
            return as_fail(p->s->ctx, AS_E_USAGE, &in->file_where,
                           "an absolute name is not found on another machine");
    }
    return AS_OK;
}

static as_status load(as_packing *p, as_packed_recipe *r)
{
    const as_input *in;
    AS_TRY(as_input_open(p->s->ctx, r->path, &in));
    AS_TRY(as_recipe_read(p->s->ctx, p->s->arena, in, &p->set, &r->recipe));
    AS_TRY(as_source_data_apply(p->s, p->data, &r->recipe));
    AS_TRY(as_recipe_check(p->s, &r->recipe));
    const as_where at = { .file = r->path };
    if (r->recipe.absent)
        return as_fail(p->s->ctx, AS_E_MISSING, &at, "what it needs is not here: %s",
                       r->recipe.absent);
    for (const as_packed_recipe *other = p->r; other < r; other++)
        if (strcmp(other->recipe.slug, r->recipe.slug) == 0)
            return as_fail(p->s->ctx, AS_E_USAGE, &at, "another recipe is called '%s' too",
                           r->recipe.slug);
    return check_inputs(p, &r->recipe);
}

/* Everything is made anew: an archive holds no result that the recipe beside it did not make. */
static as_status make(as_packing *p, as_packed_recipe *r)
{
    char *text = NULL;
    size_t size;
    static const as_texts all = { 0 };
    const char *out = as_format(p->s->arena, "%s%s/", p->made, r->recipe.slug);
    FILE *answers = out ? open_memstream(&text, &size) : NULL;
    if (!answers) return as_fail(p->s->ctx, AS_E_NOMEM, NULL, "no memory for answers");
    const as_order order = { .only = &all, .answers = answers };
    const as_status status = as_recipe_make(p->s, &r->recipe, out, &order, &p->tally);
    fclose(answers);
    free(text);
    if (status != AS_OK) return AS_ERR;
    if (p->tally.failed == 0) return AS_OK;
    p->s->shown = true;
    return as_fail(p->s->ctx, p->tally.code, NULL, "%zu parts of the recipe failed",
                   p->tally.failed);
}

static as_status make_all(as_packing *p, const as_texts *also)
{
    const char *folder;
    AS_TRY(as_temporary_folder(p->s, &folder));
    p->made = as_format(p->s->arena, "%s/", folder);
    if (!p->made) return AS_ERR;
    as_watch_inputs(p->s->ctx, note_path, p);
    as_status status = AS_OK;
    for (size_t i = 0; i < p->n && status == AS_OK; i++) status = load(p, &p->r[i]);
    for (size_t i = 0; i < p->n && status == AS_OK; i++) status = make(p, &p->r[i]);
    as_watch_inputs(p->s->ctx, NULL, NULL);
    for (size_t i = 0; i < also->n && status == AS_OK; i++) {
        const as_where at = { .file = also->v[i] };
        if (access(also->v[i], R_OK) != 0)
            return as_fail(p->s->ctx, AS_E_IO, &at, "cannot be read: %s", strerror(errno));
        note_path(p, also->v[i]);
    }
    return status;
}

as_status as_pack_gather(as_packing *p, size_t n, const as_word *files, const as_texts *also)
{
    as_source_data *data;
    as_watch_inputs(p->s->ctx, note_path, p);
    const as_status status = as_source_data_read(p->s, p->book, p->map, &data);
    as_watch_inputs(p->s->ctx, NULL, NULL);
    AS_TRY(status);
    p->data = data;
    AS_TRY(list_recipes(p, n, files));
    AS_TRY(make_all(p, also));
    AS_TRY(add_read(p));
    for (size_t i = 0; i < p->n; i++) {
        p->r[i].name = as_pack_name(p, p->r[i].path);
        if (!p->r[i].name) return as_fail(p->s->ctx, AS_E_BUG, NULL, "a recipe was not read");
    }
    return add_made(p);
}

/* --- descriptions ---------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const as_file *)a)->name, ((const as_file *)b)->name);
}

/* In the order of their names, of which none may be taken twice. */
static as_status sort_payload(as_packing *p)
{
    as_file *f = p->payload.file;
    qsort(f, p->payload.n, sizeof *f, by_name);
    for (size_t i = 1; i < p->payload.n; i++) {
        const as_where at = { .file = f[i].path ? f[i].path : f[i - 1].path };
        if (strcmp(f[i - 1].name, f[i].name) == 0)
            return as_fail(p->s->ctx, AS_E_USAGE, &at,
                           "its place in the archive, '%s', is needed for another file", f[i].name);
    }
    return AS_OK;
}

/* Every stage with all its options, seen from the top of the archive. */
static as_status explain(as_packing *p, const as_packed_recipe *r, const as_source_data *data)
{
    char *text = NULL;
    size_t size;
    as_recipe again;
    const as_input *in;
    AS_TRY(as_input_open(p->s->ctx, r->name, &in));
    AS_TRY(as_recipe_read(p->s->ctx, p->s->arena, in, &p->set, &again));
    AS_TRY(as_source_data_apply(p->s, data, &again));
    AS_TRY(as_recipe_check(p->s, &again));
    FILE *to = open_memstream(&text, &size);
    if (!to) return as_fail(p->s->ctx, AS_E_NOMEM, NULL, "no memory for a document");
    as_status status = as_recipe_explain(p->s, &again, true, to);
    fclose(to);
    const char *copy = as_strndup(p->s->arena, text, size);
    free(text);
    const char *name = as_format(p->s->arena, "results/%s/pipeline.txt", r->recipe.slug);
    if (!copy || !name) return AS_ERR;
    return status == AS_OK ? add_text(p, name, copy) : AS_ERR;
}

/* Below the top of the archive, where all files have the names they will have in it. */
static as_status explain_each(as_packing *p, const char *book, const char *map)
{
    as_source_data *data;
    AS_TRY(as_source_data_read(p->s, book, map, &data));
    for (size_t i = 0; i < p->n; i++) AS_TRY(explain(p, &p->r[i], data));
    return AS_OK;
}

static as_status explain_all(as_packing *p)
{
    const char *book = p->book ? as_pack_name(p, p->book) : NULL, *map = p->map ? as_pack_name(p, p->map) : NULL;
    if (p->book && (!book || !map)) return as_fail(p->s->ctx, AS_E_BUG, NULL, "the workbook was not read");
    const int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const as_where at = { .file = p->root };
    if (here < 0 || chdir(p->root) != 0) {
        if (here >= 0) (void)close(here);
        return as_fail(p->s->ctx, AS_E_IO, &at, "cannot be entered: %s", strerror(errno));
    }
    as_status status = explain_each(p, book, map);
    const bool back = fchdir(here) == 0;
    (void)close(here);
    if (status == AS_OK && !back)
        status = as_fail(p->s->ctx, AS_E_IO, NULL, "the working folder is gone");
    return status;
}

/* {"assay": version, "recipes": [{"file", "results", "set": {name: value}}], and of a workbook
 * "data" and "data_map"} */
static as_status how_to_run(as_packing *p, const char **text)
{
    json_t *recipes = json_array();
    for (size_t i = 0; i < p->n; i++) {
        json_t *set = json_object();
        for (size_t k = 0; k < p->set.n; k++)
            (void)json_object_set_new(set, p->set.v[k].name, json_string(p->set.v[k].value));
        (void)json_array_append_new(recipes,
                                    json_pack("{s:s, s:s+, s:o}", "file", p->r[i].name, "results",
                                              "results/", p->r[i].recipe.slug, "set", set));
    }
    json_t *plan = json_pack("{s:s, s:o}", "assay", ASSAY_VERSION, "recipes", recipes);
    if (plan && p->book) {
        (void)json_object_set_new(plan, "data", json_string(as_pack_name(p, p->book)));
        (void)json_object_set_new(plan, "data_map", json_string(as_pack_name(p, p->map)));
    }
    return as_json_text_of(p->s, plan, text);
}

as_status as_pack_describe(as_packing *p, const as_about *about)
{
    const char *text;
    AS_TRY(explain_all(p));
    AS_TRY(how_to_run(p, &text));
    AS_TRY(add_text(p, "assay.json", text));
    AS_TRY(as_about_datacite(p->s, about, &text));
    AS_TRY(add_text(p, "datacite.json", text));
    AS_TRY(as_about_zenodo(p->s, about, &text));
    AS_TRY(add_text(p, ".zenodo.json", text));
    AS_TRY(as_about_citation(p->s, about, &text));
    AS_TRY(add_text(p, "CITATION.cff", text));
    AS_TRY(sort_payload(p));
    AS_TRY(as_crate_write(p, about, &text));
    AS_TRY(add_text(p, "ro-crate-metadata.json", text));
    return sort_payload(p);
}
