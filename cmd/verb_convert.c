/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay convert: series into a format for other programs. */
#include <string.h>

#include "exporter.h"
#include "help.h"
#include "pipeline.h"

typedef struct {
    const char *to, *each;
} convert_settings;

static const as_param params[] = {
    AS_STRING(convert_settings, to, "to", "",
              "the format, see below; else the suffix of --output decides"),
    AS_STRING(convert_settings, each, "each", "",
              "one output per input file, named after it, in this folder"),
    AS_PARAMS_END
};

static as_status unknown_format(as_session *s, const char *name)
{
    const char *names[64];
    const char *list = "";
    size_t n = 0;
    for (; as_exporters[n] && n < 64; n++) {
        names[n] = as_exporters[n]->name;
        list = as_format(s->arena, "%s%s%s", list, n ? ", " : "", names[n]);
        if (!list) return AS_ERR;
    }
    const char *near = as_near_miss(name, n, names);
    return as_fail(s->ctx, AS_E_USAGE, NULL, "--to: '%s' is not one of %s%s%s%s", name, list,
                   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static const as_exporter *by_suffix(const char *file)
{
    char suffix[16];
    as_suffix(file, suffix);
    for (size_t i = 0; as_exporters[i]; i++)
        if (strcmp(as_exporters[i]->suffix, suffix) == 0) return as_exporters[i];
    return NULL;
}

static as_status choose(as_session *s, const convert_settings *set, const as_exporter **out)
{
    if (!set->to && !s->output)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "--to is required where --output does not say the format");
    *out = set->to ? as_exporter_find(set->to) : by_suffix(s->output);
    return *out ? AS_OK : unknown_format(s, set->to ? set->to : s->output);
}

static as_status export_files(as_session *s, const as_exporter *e, const void *settings, size_t n,
                              const as_word *files)
{
    as_export *job;
    AS_TRY(as_output_open(s));
    AS_TRY(as_export_open(s->ctx, s->arena, e, settings, s->out, &job));
    AS_TRY(as_feed(s, n, files, as_export_sink(job)));
    AS_TRY(as_export_close(job));
    return as_output_commit(s);
}

static as_status export_each(as_session *s, const as_exporter *e, const void *settings,
                             const char *folder, size_t n, const as_word *files)
{
    if (n == 0)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--each needs the names of the files to convert");
    for (size_t i = 0; i < n; i++) {
        const char *stem = as_stem(s->arena, files[i].text);
        s->output = stem ? as_format(s->arena, "%s/%s.%s", folder, stem, e->suffix) : NULL;
        if (!s->output) return AS_ERR;
        AS_TRY(export_files(s, e, settings, 1, &files[i]));
    }
    return AS_OK;
}

static as_status run(as_session *s, size_t n, const as_word *words, int *answer)
{
    convert_settings set = { 0 };
    as_word *taken = AS_NEW_N(s->arena, as_word, n + 1), *rest = AS_NEW_N(s->arena, as_word, n + 1);
    as_word *files = AS_NEW_N(s->arena, as_word, n + 1);
    size_t n_taken, n_rest, n_files;
    const as_exporter *e;
    (void)answer;
    if (!taken || !rest || !files) return AS_ERR;
    AS_TRY(as_words_take(s->ctx, params, n, words, taken, &n_taken, rest, &n_rest));
    AS_TRY(as_settings_read(s->ctx, s->arena, params, n_taken, taken, NULL, &set));
    AS_TRY(choose(s, &set, &e));
    void *settings = as_alloc(s->arena, 1, e->settings_size);
    if (!settings) return AS_ERR;
    n = n_rest; /* `taken` has room for the options of the format */
    AS_TRY(as_words_split(s->ctx, e->name, e->params, n, rest, taken, &n_taken, files, &n_files));
    AS_TRY(as_settings_read(s->ctx, s->arena, e->params, n_taken, taken, &s->loader, settings));
    if (set.each) return export_each(s, e, settings, set.each, n_files, files);
    return export_files(s, e, settings, n_files, files);
}

static const as_example examples[] = {
    { "for a spreadsheet", "assay convert --to csv tests/corpus/xrd/small.xy | head -3" },
    { "a file of its own for each input",
      "assay convert --to xy --each . tests/corpus/xrd/small.xy tests/corpus/xrd/sample.ras" },
    { 0 }
};
static const char *const see_also[] = { "read", "results", NULL };

const as_verb as_verb_convert = {
    .name = "convert",
    .group = "files",
    .operands = "[FILE...]",
    .params = params,
    .run_words = run,
    .doc = { .summary = "write series in a format for other programs",
             .description = "The formats are those of `assay list --kind exporter`; each has its own options and "
                            "a page (`assay help csv`). What a format has no place for is named in one "
                            "warning.",
             .examples = examples,
             .see_also = see_also },
};
