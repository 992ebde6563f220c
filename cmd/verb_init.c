/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay init: a first recipe for files. */
#include <string.h>
#include <unistd.h>

#include "init.h"
#include "reading.h"
#include "verb.h"

enum { FILES_MOST = 200 };

typedef struct {
    const char *title;
} init_settings;

static const as_param params[] = { AS_STRING(init_settings, title, "title", "",
                                             "of the recipe; by itself the names of the files"),
                                   AS_PARAMS_END };

/* --- names and places ------------------------------------------------------------------------ */

/* Letters, digits and _, beginning with a letter, unlike all before. */
static const char *key_of(as_session *s, const char *path, size_t n, const as_starter *before)
{
    const char *stem = as_stem(s->arena, path);
    char *key = stem ? as_format(s->arena, "%s", stem) : NULL;
    if (!key) return NULL;
    for (char *c = key; *c; c++) {
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))) *c = '_';
    }
    if (!(*key >= 'a' && *key <= 'z')) key = as_format(s->arena, "f_%s", key);
    const char *unique = key;
    for (unsigned number = 2; unique; number++) {
        size_t i = 0;
        while (i < n && strcmp(before[i].key, unique) != 0) i++;
        if (i == n) return unique;
        unique = as_format(s->arena, "%s_%u", key, number);
    }
    return NULL;
}

/* `path` from the root, without . and .. and doubled slashes; folders end in '/'. */
static char *absolute(as_session *s, const char *path)
{
    char here[4096];
    if (*path != '/' && !getcwd(here, sizeof here)) return NULL;
    char *whole = *path == '/' ? as_strdup(s->arena, path) : as_format(s->arena, "%s/%s", here, path);
    size_t to = 0;
    for (const char *from = whole; from && *from;) {
        const char *part = from + strspn(from, "/");
        const size_t n = strcspn(part, "/");
        from = part + n;
        if (n == 1 && *part == '.') continue;
        if (n == 2 && part[0] == '.' && part[1] == '.') {
            while (to > 0 && whole[--to] != '/') continue;
            continue;
        }
        whole[to++] = '/';
        memmove(whole + to, part, n);
        to += n;
    }
    if (whole) whole[to] = '\0';
    return whole;
}

/* `path`, which is relative to the working folder, as seen from the folder of the recipe. */
static as_status seen_from_recipe(as_session *s, const char *path, const char **out)
{
    *out = path;
    if (*path == '/' || !s->output || !strchr(s->output, '/')) return AS_OK;
    const char *there = absolute(s, s->output), *here = absolute(s, path);
    if (!there || !here) return as_fail(s->ctx, AS_E_IO, NULL, "the working folder is not known");
    size_t same = 0;
    for (size_t i = 0; there[i] && there[i] == here[i]; i++)
        if (here[i] == '/') same = i + 1;
    char *up = as_strndup(s->arena, "", 0);
    for (const char *c = there + same; up && (c = strchr(c, '/')); c++)
        up = as_format(s->arena, "%s../", up);
    *out = up ? as_format(s->arena, "%s%s", up, here + same) : NULL;
    return *out ? AS_OK : AS_ERR;
}

/* Of a file with one series; those of several keep the names that tell them apart. */
static const char *label_of(as_session *s, const as_table *t, const char *path)
{
    char *label = as_format(s->arena, "%s", t->label ? t->label : as_stem(s->arena, path));
    for (char *c = label; c && *c; c++)
        if (*c == '_') *c = ' ';
    return label;
}

/* --- files ---------------------------------------------------------------------------------- */

static as_status look_at(as_session *s, const as_word *file, size_t n, as_starter *all)
{
    const as_read_settings how = { 0 };
    as_starter *out = &all[n];
    as_gather *found;
    AS_TRY(as_gather_new(s, &found));
    AS_TRY(as_read_paths(s, &how, 1, file, NULL, &found->sink));
    if (found->n == 0)
        return as_fail(s->ctx, AS_E_MISSING, &file->where, "%s holds no series", file->text);
    out->key = key_of(s, file->text, n, all);
    if (found->n == 1) out->label = label_of(s, found->t[0], file->text);
    out->family = as_family_of(found->t[0]);
    as_drop_held(found->holder);
    AS_TRY(seen_from_recipe(s, file->text, &out->file));
    return out->key && (out->label || found->n > 1) ? AS_OK : AS_ERR;
}

static as_status look_at_all(as_session *s, size_t n, const as_word *files, as_starter *all)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(files[i].text, "-") == 0)
            return as_fail(s->ctx, AS_E_USAGE, &files[i].where, "a recipe names its files: '-' is none");
        const as_frame frame = as_enter(s->ctx);
        const as_status status = look_at(s, &files[i], i, all);
        as_leave(s->ctx, frame);
        AS_TRY(status);
    }
    return AS_OK;
}

/* --- chapters ------------------------------------------------------------------------------- */

typedef struct book {
    as_session *s;
    const char *at; /* where the recipe will stand */
    size_t n;
    as_chapter *chapter;
} book;

static const char *chapter_name(const book *b, const char *name)
{
    const char *unique = name;
    for (unsigned number = 2; unique; number++) {
        size_t i = 0;
        while (i < b->n && strcmp(b->chapter[i].name, unique) != 0) i++;
        if (i == b->n) return unique;
        unique = as_format(b->s->arena, "%s_%u", name, number);
    }
    return NULL;
}

static as_status add(book *b, size_t n, const as_starter *files, bool *works)
{
    as_chapter *c = &b->chapter[b->n];
    *c = (as_chapter){ .n = n, .file = files, .name = chapter_name(b, files->family->name) };
    if (!c->name) return AS_ERR;
    AS_TRY(as_init_choose(b->s, b->at, c, works));
    if (*works) b->n++;
    return AS_OK;
}

/* Files that do not go together are shown one by one. */
static as_status add_family(book *b, size_t n, const as_starter *files)
{
    bool works;
    AS_TRY(add(b, n, files, &works));
    if (works) return AS_OK;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(add(b, 1, &files[i], &works));
        if (!works)
            return as_fail(b->s->ctx, AS_E_MISSING, NULL,
                           "%s: there is nothing that can be drawn of it", files[i].file);
    }
    return AS_OK;
}

/* Files in the order of their families, and as given within one. */
static as_starter *sorted(as_session *s, size_t n, const as_starter *all)
{
    as_starter *out = AS_NEW_N(s->arena, as_starter, n);
    size_t at = 0;
    for (size_t i = 0; out && i < n; i++) {
        bool done = false;
        for (size_t k = 0; k < i; k++) done |= all[k].family == all[i].family;
        for (size_t k = i; !done && k < n; k++)
            if (all[k].family == all[i].family) out[at++] = all[k];
    }
    return out;
}

static const char *title_of(as_session *s, const init_settings *set, size_t n, const as_starter *all)
{
    if (set->title) return set->title;
    const char *title = NULL;
    for (size_t i = 0; i < n && i < 4; i++) {
        const char *name = all[i].label ? all[i].label : as_stem(s->arena, all[i].file);
        if (i == 3 && n > 4) name = "…";
        title = title ? as_format(s->arena, "%s, %s", title, name) : name;
        if (!title) return NULL;
    }
    return title;
}

static as_status write_recipe(as_session *s, const init_settings *set, size_t n,
                              const as_starter *all)
{
    book b = { s, s->output ? s->output : "recipe.yaml", 0, AS_NEW_N(s->arena, as_chapter, n) };
    const as_starter *files = sorted(s, n, all);
    if (!b.chapter || !files) return AS_ERR;
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && files[k].family == files[i].family;) k++;
        AS_TRY(add_family(&b, k - i, &files[i]));
    }
    const char *title = title_of(s, set, n, files);
    const char *text = title ? as_init_text(s->arena, title, b.n, b.chapter) : NULL;
    if (!text) return AS_ERR;
    AS_TRY(as_output_open(s));
    fputs(text, s->out);
    return as_output_commit(s);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    (void)answer;
    if (n == 0) return as_fail(s->ctx, AS_E_USAGE, NULL, "a recipe for which files?");
    if (n > FILES_MOST)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "%zu files: for so many write one input with a pattern (file: or each:), after "
                       "`init` of a few of them",
                       n);
    as_starter *all = AS_NEW_N(s->arena, as_starter, n);
    if (!all) return AS_ERR;
    AS_TRY(look_at_all(s, n, operands, all));
    return write_recipe(s, settings, n, all);
}

static const as_example examples[] = {
    { "a recipe for two patterns and an isotherm",
      "assay init tests/corpus/recipe/before.uxd tests/corpus/recipe/after.uxd tests/corpus/sorption/sample.aif" },
    { 0 }
};
static const char *const see_also[] = { "identify", "run", "report", "schema", NULL };

const as_verb as_verb_init = {
    .name = "init",
    .group = "recipes",
    .operands = "FILE...",
    .settings_size = sizeof(init_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "write a first recipe for files",
             .description =
                 "Every file is recognised and read. Files of one kind get one figure, the step that is "
                 "usual for them (peaks, BET area, steps of mass, resistance), a table of what it finds and "
                 "a claim to begin with. Every proposal has been tried on these files before it is written: "
                 "the recipe runs.\n\n"
                 "File names stand as seen from the folder of `-o`; without it, from the working folder.",
             .examples = examples,
             .see_also = see_also },
};
