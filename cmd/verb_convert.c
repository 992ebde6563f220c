/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay convert: series into a format for other programs. */
#include <string.h>

#include "each.h"
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
              "one output per input file, named after it, in this folder, which is made"),
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

/* .csv and .tsv are tables; another suffix that several formats share says nothing. */
static as_status by_suffix(as_session *s, const char *file, const as_exporter **out)
{
    char suffix[16];
    const char *names = "";
    size_t n = 0;
    as_suffix(file, suffix);
    for (size_t i = 0; as_exporters[i]; i++) {
        if (strcmp(as_exporters[i]->suffix, suffix) != 0) continue;
        *out = as_exporters[i];
        if (strcmp((*out)->name, suffix) == 0) return AS_OK;
        names = as_format(s->arena, "%s%s%s", names, n++ ? ", " : "", as_exporters[i]->name);
        if (!names) return AS_ERR;
    }
    if (n > 1)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "--output: several formats have files named .%s; choose with --to: %s",
                       suffix, names);
    if (n) return AS_OK;
    (void)!as_fail(s->ctx, AS_E_USAGE, NULL, "--output: no format has files named '%s'", as_base_name(file));
    return as_while(s->ctx, "hint: --to says the format whatever the name is; assay list --kind exporter");
}

static as_status choose(as_session *s, const convert_settings *set, const as_exporter **out)
{
    if (!set->to && !s->output)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "--to is required where --output does not say the format");
    if (!set->to) return by_suffix(s, s->output, out);
    *out = as_exporter_find(set->to);
    return *out ? AS_OK : unknown_format(s, set->to);
}

/* Adds to *lost what the format has no place for. */
static as_status export_files(as_session *s, const as_exporter *e, const void *settings, size_t n,
                              const as_word *files, unsigned *lost)
{
    as_export *job;
    AS_TRY(as_output_open(s));
    AS_TRY(as_export_open(s->ctx, s->arena, e, settings, s->out, &job));
    AS_TRY(as_feed(s, n, files, as_export_sink(job)));
    AS_TRY(as_export_close(job, lost));
    return as_output_commit(s);
}

/* --- --each ------------------------------------------------------------------------------------ */

static as_status export_one(as_session *s, const as_exporter *e, const void *settings, const as_each *f,
                            unsigned *lost, size_t *failed, int *answer)
{
    const as_word word = { .text = f->from };
    s->output = f->to;
    if (export_files(s, e, settings, 1, &word, lost) == AS_OK) return AS_OK;
    return as_each_failed(s, f, failed, answer);
}

static as_status export_each(as_session *s, const as_exporter *e, const void *settings,
                             const char *folder, size_t n, const as_word *files, int *answer)
{
    unsigned lost = 0;
    size_t failed = 0;
    as_each *all;
    AS_TRY(as_each_name(s, folder, e->suffix, n, files, &all));
    for (size_t i = 0; i < n; i++) AS_TRY(export_one(s, e, settings, &all[i], &lost, &failed, answer));
    as_export_warn(s->ctx, e, lost);
    if (failed) as_warn(s->ctx, NULL, NULL, "%zu of %zu files were not converted", failed, n);
    return AS_OK;
}

static as_status export_together(as_session *s, const as_exporter *e, const void *settings,
                                 size_t n, const as_word *files)
{
    unsigned lost = 0;
    AS_TRY(export_files(s, e, settings, n, files, &lost));
    as_export_warn(s->ctx, e, lost);
    return AS_OK;
}

static as_status run(as_session *s, size_t n, const as_word *words, int *answer)
{
    convert_settings set = { 0 };
    as_word *taken = AS_NEW_N(s->arena, as_word, n + 1), *rest = AS_NEW_N(s->arena, as_word, n + 1);
    as_word *files = AS_NEW_N(s->arena, as_word, n + 1);
    size_t n_taken, n_rest, n_files;
    const as_exporter *e;
    if (!taken || !rest || !files) return AS_ERR;
    AS_TRY(as_words_take(s->ctx, params, n, words, taken, &n_taken, rest, &n_rest));
    AS_TRY(as_settings_read(s->ctx, s->arena, params, n_taken, taken, NULL, &set));
    AS_TRY(choose(s, &set, &e));
    void *settings = as_alloc(s->arena, 1, e->settings_size);
    if (!settings) return AS_ERR;
    n = n_rest; /* `taken` has room for the options of the format */
    AS_TRY(as_words_split(s->ctx, e->name, e->params, n, rest, taken, &n_taken, files, &n_files));
    AS_TRY(as_settings_read(s->ctx, s->arena, e->params, n_taken, taken, &s->loader, settings));
    if (set.each) return export_each(s, e, settings, set.each, n_files, files, answer);
    return export_together(s, e, settings, n_files, files);
}

static const as_example examples[] = {
    { "for a spreadsheet", "assay convert --to csv tests/corpus/xrd/small.xy | head -3" },
    { "a file of its own for each input",
      "assay convert --to csv --each tables tests/corpus/xrd/small.xy tests/corpus/xrd/sample.ras" },
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
                            "warning.\n\nWith --each a file that cannot be read or written is told and left "
                            "out (exit status 3) and the others are converted; an input is never "
                            "replaced. Files that differ in their suffix only keep it in the name.",
             .examples = examples,
             .see_also = see_also },
};
