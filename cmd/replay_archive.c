/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results of an archive made again from what else is in it. */
#include <stdlib.h>
#include <string.h>

#include "bag.h"
#include "messages.h"
#include "recipe_run.h"
#include "replay.h"
#include "source_data.h"

typedef struct job {
    as_replay *replay;
    as_session *s;
    as_files crate;      /* names from the crate's root */
    const char *place;   /* where recipes and inputs are laid out; ends in '/' */
    const char *made;    /* outputs; ends in '/' */
    const char *outside; /* a file that a recipe read from elsewhere; NULL: none */
    as_source_data *data; /* a workbook in the place of the recipes' inputs; NULL: none */
    as_tally tally;
} job;

static void note_path(void *user, const char *path)
{
    job *j = user;
    const size_t n = strlen(j->place);
    const bool inside = strncmp(path, j->place, n) == 0;
    int depth = 0; /* a name may go up and down again, but not out */
    for (const char *part = path + (inside ? n : 0); inside && *part; part += strspn(part, "/")) {
        const size_t length = strcspn(part, "/");
        depth += length == 2 && strncmp(part, "..", 2) == 0 ? -1 : 1;
        if (depth < 0) break;
        part += length;
    }
    if (!j->outside && (!inside || depth < 0)) j->outside = as_strdup(j->s->arena, path);
}

static as_status split(job *j, as_files *results, as_files *rest)
{
    AS_TRY(as_files_below(j->s, &j->crate, "results/", results));
    AS_TRY(as_files_below(j->s, &j->crate, "", rest));
    size_t n = 0;
    for (size_t i = 0; i < rest->n; i++)
        if (strncmp(rest->file[i].name, "results/", 8) != 0) rest->file[n++] = rest->file[i];
    rest->n = n;
    n = 0;
    for (size_t i = 0; i < results->n; i++) /* written by pack beside the outputs */
        if (strcmp(as_base_name(results->file[i].name), "pipeline.txt") != 0)
            results->file[n++] = results->file[i];
    results->n = n;
    return AS_OK;
}

static as_status read_set(job *j, const json_t *set, as_variables *out)
{
    const char *name;
    json_t *value;
    as_variable *v = AS_NEW_N(j->s->arena, as_variable, json_object_size(set) + 1);
    if (!v) return AS_ERR;
    out->v = v;
    out->n = 0;
    json_object_foreach((json_t *)(uintptr_t)set, name, value)
    {
        if (!json_is_string(value))
            return as_fail(j->s->ctx, AS_E_SYNTAX, NULL, "assay.json: '%s' is no text", name);
        v[out->n++] = (as_variable){ name, json_string_value(value) };
    }
    return AS_OK;
}

static as_status run_recipe(job *j, const json_t *entry)
{
    static const as_texts all = { 0 };
    as_session *s = j->s;
    const char *name = as_json_get(entry, "file", "");
    const as_where at = { .file = j->crate.name };
    as_variables set;
    as_recipe r;
    const as_input *in;
    if (!as_files_find(&j->crate, name))
        return as_fail(s->ctx, AS_E_MISSING, &at,
                       "assay.json names the recipe '%s', which is not in it", name);
    const char *path = as_format(s->arena, "%s%s", j->place, name);
    if (!path) return AS_ERR;
    AS_TRY(read_set(j, json_object_get(entry, "set"), &set));
    AS_TRY(as_input_open(s->ctx, path, &in));
    AS_TRY(as_recipe_read(s->ctx, s->arena, in, &set, &r));
    AS_TRY(as_source_data_apply(s, j->data, &r));
    AS_TRY(as_recipe_check(s, &r));
    if (r.absent)
        return as_fail(s->ctx, AS_E_MISSING, &at, "what '%s' needs is not in it: %s", name,
                       r.absent);
    const char *out = as_format(s->arena, "%s%s/", j->made, r.slug);
    if (!out) return AS_ERR;
    char *text = NULL;
    size_t size;
    FILE *answers = open_memstream(&text, &size);
    if (!answers) return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for answers");
    const as_order order = { .only = &all, .answers = answers };
    const as_status status = as_recipe_make(s, &r, out, &order, &j->tally);
    fclose(answers);
    free(text);
    if (status != AS_OK) return AS_ERR;
    return j->tally.failed ? as_fail(s->ctx, j->tally.code, &at, "a part of '%s' failed", name)
                           : AS_OK;
}

/* A file that the plan names, as it is laid out; NULL in *out: it names none. */
static as_status named_file(job *j, const json_t *plan, const char *key, const char **out)
{
    const char *name = as_json_get(plan, key, NULL);
    const as_where at = { .file = j->crate.name };
    *out = NULL;
    if (!name) return AS_OK;
    if (!as_files_find(&j->crate, name))
        return as_fail(j->s->ctx, AS_E_MISSING, &at, "assay.json names '%s', which is not in it", name);
    *out = as_format(j->s->arena, "%s%s", j->place, name);
    return *out ? AS_OK : AS_ERR;
}

static as_status read_plan(job *j, const json_t **recipes, const json_t **whole)
{
    const as_where at = { .file = j->crate.name };
    as_file *f = (as_file *)(uintptr_t)as_files_find(&j->crate, "assay.json");
    json_error_t why;
    if (!f)
        return as_fail(j->s->ctx, AS_E_MISSING, &at,
                       "no assay.json in it: it does not say how to run it");
    AS_TRY(as_file_load(j->s, f));
    json_t *plan = json_loadb((const char *)f->data, f->size, 0, &why);
    if (!plan)
        return as_fail(j->s->ctx, AS_E_SYNTAX, &at, "assay.json:%d:%d: %s", why.line, why.column,
                       why.text);
    AS_TRY(as_json_keep(j->s, plan));
    *whole = plan;
    *recipes = json_object_get(plan, "recipes");
    const char *then = as_json_get(plan, "assay", "?");
    if (strcmp(then, ASSAY_VERSION) != 0)
        fprintf(j->s->messages->to,
                "assay replay: %s was made by assay %s; this is " ASSAY_VERSION "\n", j->crate.name,
                then);
    if (json_array_size(*recipes)) return AS_OK;
    return as_fail(j->s->ctx, AS_E_MISSING, &at, "assay.json names no recipe");
}

static as_status run_recipes(job *j)
{
    const as_where at = { .file = j->crate.name };
    const json_t *recipes, *entry, *plan;
    const char *book, *map;
    size_t i;
    as_status status = AS_OK;
    AS_TRY(read_plan(j, &recipes, &plan));
    AS_TRY(named_file(j, plan, "data", &book));
    AS_TRY(named_file(j, plan, "data_map", &map));
    AS_TRY(as_source_data_read(j->s, book, map, &j->data));
    as_watch_inputs(j->s->ctx, note_path, j);
    json_array_foreach(recipes, i, entry) if (status == AS_OK) status = run_recipe(j, entry);
    as_watch_inputs(j->s->ctx, NULL, NULL);
    AS_TRY(status);
    if (!j->outside) return AS_OK;
    return as_fail(j->s->ctx, AS_E_MISSING, &at, "a recipe in it reads '%s', which is not in it",
                   j->outside);
}

/* Faults make a replay meaningless; a folder that was a crate but no bag has no sums to hold. */
static as_status open_crate(job *j, as_files *f)
{
    as_verdict_of_bag v;
    const as_where at = { .file = f->name };
    if (!as_bag_find(j->s, f, &v.bag)) {
        j->crate = *f;
        return AS_OK;
    }
    AS_TRY(as_bag_verify(j->s, f, &v));
    if (v.findings.n)
        return as_fail(j->s->ctx, AS_E_SYNTAX, &at, "not replayed: %s%s", v.findings.text[0],
                       v.findings.n > 1 ? "; and more, see `assay verify`" : "");
    const char *data = as_format(j->s->arena, "%sdata/", v.bag.top);
    return data ? as_files_below(j->s, f, data, &j->crate) : AS_ERR;
}

as_status as_replay_archive(as_replay *replay, as_files *f)
{
    job j = { .replay = replay, .s = replay->s };
    as_files results, rest, made;
    const char *folder;
    AS_TRY(open_crate(&j, f));
    AS_TRY(split(&j, &results, &rest));
    AS_TRY(as_temporary_folder(j.s, &folder));
    j.place = as_format(j.s->arena, "%s/in/", folder);
    j.made = as_format(j.s->arena, "%s/out/", folder);
    if (!j.place || !j.made) return AS_ERR;
    AS_TRY(as_files_write(j.s, &rest, j.place));
    AS_TRY(run_recipes(&j));
    AS_TRY(as_files_open(j.s, j.made, &made));
    results.name = f->name;
    made.name = "what was made again";
    return as_compare_files(j.s, &results, &made, replay->to, &replay->comparison);
}
