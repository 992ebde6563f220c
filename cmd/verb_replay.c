/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay replay: made again, is it the same? */
#include "bag.h"
#include "replay.h"
#include "verb.h"

typedef struct {
    as_texts inputs;
    double tolerance, absolute;
    bool all, json;
} replay_settings;

static const as_param params[] = {
    AS_TEXTS(replay_settings, inputs, "inputs", "",
             "folder in which inputs are looked for; may be repeated; else beside the file, and the "
             "working folder"),
    AS_DOUBLE(replay_settings, tolerance, "tolerance", "1e-09", 0, 1, NULL,
              "relative difference up to which two numbers count as equal"),
    AS_DOUBLE(replay_settings, absolute, "absolute", "0", 0, 1e300, NULL,
              "absolute difference up to which they do"),
    AS_BOOL(replay_settings, all, "all", "no", "show identical files of an archive too"),
    AS_BOOL(replay_settings, json, "json", "no", "a JSON list of {file, answer, where ...}"),
    AS_PARAMS_END
};

static as_status replay_path(as_replay *job, const char *path)
{
    as_files f;
    as_bag bag;
    as_record r;
    const as_where at = { .file = path };
    AS_TRY(as_files_open(job->s, path, &f));
    const bool one = !f.archive && f.n == 1 && f.file[0].path == path;
    if (!one && (as_bag_find(job->s, &f, &bag) || as_files_find(&f, "assay.json")))
        return as_replay_archive(job, &f);
    if (!one)
        return as_fail(job->s->ctx, AS_E_FORMAT, &at,
                       "neither an archive of `assay pack` nor a figure or a stream");
    AS_TRY(as_record_read(job->s, &f.file[0], &r));
    if (r.kind == AS_RECORD_NONE)
        return as_fail(
            job->s->ctx, AS_E_MISSING, &at,
            "no record of its making in it; figures (png, svg, pdf) and streams have one");
    job->comparison.all = true;
    return as_replay_record(job, &f.file[0], &r);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const replay_settings *set = settings;
    as_replay job = { .s = s,
                      .inputs = &set->inputs,
                      .comparison = { .relative = set->tolerance,
                                      .absolute = set->absolute,
                                      .all = set->all,
                                      .json = set->json } };
    if (n != 1)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "expected one file, archive or folder, found %zu words", n);
    AS_TRY(as_output_open(s));
    job.to = s->out;
    if (set->json) fputc('[', s->out);
    AS_TRY(replay_path(&job, operands[0].text));
    if (set->json) {
        fputs("\n]\n", s->out);
    } else {
        as_comparison_summary(&job.comparison, s->out);
        fputc('\n', s->out);
    }
    if (as_comparison_differs(&job.comparison)) *answer = AS_ANSWER_NO;
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "an archive made again from its own inputs and recipes",
      "assay pack tests/corpus/archive/small.yaml -o small.zip && assay replay small.zip" },
    { "a figure made again from its own record",
      "assay plot tests/corpus/xrd/small.xy -o scan.svg && assay replay --inputs tests/corpus/xrd "
      "scan.svg" },
    { 0 }
};
static const char *const see_also[] = { "trace", "pack", "diff", NULL };

const as_verb as_verb_replay = {
    .name = "replay",
    .group = "archive",
    .operands = "FILE|ARCHIVE|FOLDER",
    .settings_size = sizeof(replay_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "make a figure, a stream or an archive's results again and compare",
             .description = "An archive of `assay pack`, or its folder, is verified; then its "
                            "recipes run on the inputs in it, "
                            "without the cache and in a folder of their own, and the outputs are "
                            "compared with those in it.\n\n"
                            "A figure or a stream is made again from its own record (`assay "
                            "trace`): inputs are found by name or "
                            "not, and taken only with the recorded SHA-256. The record names all "
                            "series that an operation saw together (average, arrhenius), and the "
                            "steps of a recipe that options named. Where those were too many to "
                            "be carried along (more than 64 kB), it says so: replay the archive.\n\n"
                            "Each file comes out identical, equal (numbers within `--tolerance`) "
                            "or different, with the first "
                            "place. Exit status 0: identical or equal; 1: different; 3: it cannot "
                            "be made again, because an input "
                            "is missing, say.",
             .examples = examples,
             .see_also = see_also },
};
