/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay pack: recipes, what they read and what they make, as one archive. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bag.h"
#include "messages.h"
#include "pack.h"
#include "verb.h"

typedef struct {
    as_texts set, also;
    const char *about, *name, *data, *data_map;
} pack_settings;

static const as_param params[] = {
    AS_STRING(pack_settings, about, "about", "",
              "YAML file with the metadata, which wins over the recipe's about:"),
    AS_TEXTS(pack_settings, also, "also", "", "a further file, a README or a manifest, say"),
    AS_TEXTS(pack_settings, set, "set", "",
             "NAME=VALUE: another value for a parameter of the recipes"),
    AS_STRING(pack_settings, data, "data", "",
              "workbook (.xlsx, .xls) that the inputs are read from instead, as --data-map says"),
    AS_STRING(pack_settings, data_map, "data-map", "",
              "YAML file: which cells of which sheet are which input of which recipe"),
    AS_STRING(pack_settings, name, "name", "",
              "of the folder in the archive; else that of the recipe or of its folder"),
    AS_PARAMS_END
};

/* --- form and time --------------------------------------------------------------------------- */

static bool ends(const char *text, const char *suffix)
{
    const size_t n = strlen(text), m = strlen(suffix);
    return n > m && strcmp(text + n - m, suffix) == 0;
}

static as_status choose_form(as_session *s, as_archive_form *out)
{
    const char *file = s->output;
    if (!file)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "--output is required: x.zip, x.tar.gz or x.tar.zst");
    *out = AS_ARCHIVE_ZIP;
    if (ends(file, ".zip")) return AS_OK;
    *out = AS_ARCHIVE_TAR_GZ;
    if (ends(file, ".tar.gz") || ends(file, ".tgz")) return AS_OK;
    *out = AS_ARCHIVE_TAR_ZST;
    if (ends(file, ".tar.zst")) return AS_OK;
    return as_fail(s->ctx, AS_E_USAGE, NULL,
                   "--output: '%s' should end in .zip, .tar.gz or .tar.zst", file);
}

/* SOURCE_DATE_EPOCH as a date; NULL: it is not set. */
static as_status build_date(as_session *s, const char **date)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    *date = NULL;
    if (!text || !*text) return AS_OK;
    char *end;
    struct tm day;
    const time_t t = (time_t)strtoll(text, &end, 10);
    if (*end || t < 0 || !gmtime_r(&t, &day) || day.tm_year > 8099)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "SOURCE_DATE_EPOCH '%s' is no number of seconds",
                       text);
    *date = as_format(s->arena, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
    return *date ? AS_OK : AS_ERR;
}

/* Midnight of the date of publication (UTC); zip knows no time before 1980. */
static int64_t time_of(const char *date)
{
    const int64_t earliest = 315532800;
    struct tm day = { .tm_year = atoi(date) - 1900,
                      .tm_mon = atoi(date + 5) - 1,
                      .tm_mday = atoi(date + 8) };
    const int64_t t = (int64_t)mktime(&day); /* the process is in UTC */
    return t > earliest ? t : earliest;
}

/* --- metadata -------------------------------------------------------------------------------- */

/* A map of its own, or as in a recipe below `about:`. */
static as_status read_about_file(as_session *s, const char *path, as_variables *out)
{
    static const char top[] = "about.";
    const as_input *in;
    as_tree *tree;
    if (!path) return AS_OK;
    AS_TRY(as_input_open(s->ctx, path, &in));
    AS_TRY(as_tree_load(s->ctx, s->arena, in, &tree));
    AS_TRY(as_node_expect(tree, as_tree_root(tree), "the metadata", AS_N_MAP));
    AS_TRY(as_tree_flatten(s->ctx, s->arena, tree, as_tree_root(tree), out));
    as_variable *v = AS_NEW_N(s->arena, as_variable, out->n + 1);
    if (!v) return AS_ERR;
    for (size_t i = 0; i < out->n; i++) {
        v[i] = out->v[i];
        if (strncmp(v[i].name, top, sizeof top - 1) == 0) v[i].name += sizeof top - 1;
    }
    out->v = v;
    return AS_OK;
}

/* Where nobody described it: what the recipes are called. */
static as_status describe(as_packing *p, as_about *a)
{
    if (a->description) return AS_OK;
    const char *text =
        "Measured or simulated data as read, the recipes that evaluate them, and what the recipes "
        "made of them:";
    for (size_t i = 0; i < p->n && text; i++)
        text = as_format(p->s->arena, "%s%s %s", text, i ? ";" : "",
                         p->r[i].recipe.title ? p->r[i].recipe.title : p->r[i].recipe.slug);
    a->description = text ? as_format(p->s->arena, "%s.", text) : NULL;
    return a->description ? AS_OK : AS_ERR;
}

static as_status read_about(as_packing *p, const pack_settings *set, as_about *out)
{
    as_variables file = { 0 };
    const char *date;
    AS_TRY(read_about_file(p->s, set->about, &file));
    AS_TRY(build_date(p->s, &date));
    AS_TRY(as_about_read(p->s, &file, &p->r[0].recipe.about,
                         p->n == 1 ? p->r[0].recipe.title : NULL, date, out));
    return describe(p, out);
}

/* --- the archive ----------------------------------------------------------------------------- */

static as_status folder_name(as_packing *p, const pack_settings *set, const as_word *first,
                             const char **top)
{
    const char *name = set->name ? set->name : NULL;
    if (name && (!*name || strchr(name, '/') || name[0] == '.'))
        return as_fail(p->s->ctx, AS_E_USAGE, NULL, "--name: '%s' is no name of a folder", name);
    if (!name && p->n == 1) name = p->r[0].recipe.slug;
    if (!name) {
        char *path = as_strdup(p->s->arena, first->text);
        for (size_t n = path ? strlen(path) : 0; n > 1 && path[n - 1] == '/'; n--)
            path[n - 1] = '\0';
        name = path ? as_stem(p->s->arena, path) : NULL;
    }
    *top = name ? as_format(p->s->arena, "%s/", name) : NULL;
    return *top ? AS_OK : AS_ERR;
}

/* One line of bag-info.txt; line ends in a value would begin another. */
static const char *info_line(as_session *s, const char *key, const char *value)
{
    char *line = value ? as_format(s->arena, "%s: %s", key, value) : as_strdup(s->arena, "");
    for (char *c = line; c && *c; c++)
        if (*c == '\n' || *c == '\r') *c = ' ';
    return line && value ? as_format(s->arena, "%s\n", line) : line;
}

static as_status write(as_packing *p, const as_about *a, as_archive_form form, const char *top)
{
    as_session *s = p->s;
    as_files bag;
    const char *day = info_line(s, "Bagging-Date", a->date),
               *title = info_line(s, "External-Description", a->title);
    const char *doi = info_line(s, "External-Identifier", a->identifier);
    const char *info =
        day && title && doi
            ? as_format(s->arena, "Bag-Software-Agent: assay " ASSAY_VERSION "\n%s%s%s", day, title,
                        doi)
            : NULL;
    if (!info) return AS_ERR;
    AS_TRY(as_bag_make(s, &p->payload, top, info, &bag));
    as_archived *entries = AS_NEW_N(s->arena, as_archived, bag.n);
    const as_archive *library = as_archive_open(s->ctx);
    if (!entries || !library) return AS_ERR;
    for (size_t i = 0; i < bag.n; i++)
        entries[i] = (as_archived){ .name = bag.file[i].name,
                                    .data = bag.file[i].data,
                                    .size = bag.file[i].size };
    AS_TRY(as_output_open(s));
    AS_TRY(library->write(s->ctx, s->out, form, time_of(a->date), bag.n, entries));
    return as_output_commit(s);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const pack_settings *set = settings;
    as_packing p = { .s = s, .book = set->data, .map = set->data_map };
    as_archive_form form;
    as_about about;
    const char *top;
    (void)answer;
    if (n == 0)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "which recipes? expected files or a folder");
    AS_TRY(choose_form(s, &form));
    if (setenv("TZ", "UTC", 1) != 0) return as_fail(s->ctx, AS_E_NOMEM, NULL, "out of memory");
    tzset(); /* a zip states local times */
    AS_TRY(as_variables_of(s, "set", &set->set, &p.set));
    AS_TRY(as_pack_gather(&p, n, operands, &set->also));
    AS_TRY(read_about(&p, set, &about));
    AS_TRY(folder_name(&p, set, &operands[0], &top));
    AS_TRY(as_pack_describe(&p, &about));
    AS_TRY(write(&p, &about, form, top));
    fprintf(s->messages->to,
            "assay pack: %s: %zu files, of them %zu read and %zu made by %zu recipe%s", s->output,
            p.payload.n, p.n_read, p.n_made, p.n, p.n == 1 ? "" : "s");
    if (p.tally.claims)
        fprintf(s->messages->to, "; %zu claim%s, %zu not as expected", p.tally.claims,
                p.tally.claims == 1 ? "" : "s", p.tally.surprises);
    fputc('\n', s->messages->to);
    return AS_OK;
}

static const as_example examples[] = {
    { "a recipe that states its creators and licence",
      "assay pack tests/corpus/archive/small.yaml -o small.zip" },
    { "the same as a tar, with the metadata from a file",
      "assay pack --about tests/corpus/archive/about.yaml tests/corpus/recipe/small.yaml -o "
      "small.tar.zst" },
    { 0 }
};
static const char *const see_also[] = { "verify", "unpack", "replay", "run", NULL };

const as_verb as_verb_pack = {
    .name = "pack",
    .group = "archive",
    .operands = "RECIPE|FOLDER...",
    .settings_size = sizeof(pack_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "pack recipes with what they read and make into one archive",
             .description = "Runs the recipes (of a folder: every .yaml in it) and writes a bag "
                            "(RFC 8493) whose payload is an "
                            "RO-Crate 1.1: every file that was opened, the results, the pipelines "
                            "with all options, "
                            "CITATION.cff, .zenodo.json and DataCite's record. The suffix of "
                            "`--output` says the form.\n\n"
                            "Title, creators, license and date come from the recipe's `about:` or "
                            "from `--about` "
                            "(docs/archive.md); what is missing is an error, never made up. "
                            "SOURCE_DATE_EPOCH stands in for a "
                            "date.\n\n"
                            "With `--data` and `--data-map` (see run) workbook and map are in the archive and "
                            "replay reads them; of a folder the recipes that the map knows are packed.\n\n"
                            "The bytes of the archive depend on its content only: not on time, "
                            "user, folder or the "
                            "order of the file system.",
             .examples = examples,
             .see_also = see_also },
};
