/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay diff: which files of two archives or folders differ, and which numbers in them. */
#include "bag.h"
#include "compare_files.h"
#include "verb.h"

typedef struct {
    double tolerance, absolute;
    bool all, json;
} diff_settings;

static const as_param params[] = {
    AS_DOUBLE(diff_settings, tolerance, "tolerance", "1e-09", 0, 1, NULL,
              "relative difference up to which two numbers count as equal"),
    AS_DOUBLE(diff_settings, absolute, "absolute", "0", 0, 1e300, NULL,
              "absolute difference up to which they do"),
    AS_BOOL(diff_settings, all, "all", "no", "show identical files too"),
    AS_BOOL(diff_settings, json, "json", "no", "a JSON list of {file, answer, where ...}"),
    AS_PARAMS_END
};

/* What is compared of a bag is its payload: manifests only repeat it. */
static as_status open_side(as_session *s, const char *path, as_files *out, bool *bag)
{
    as_bag b;
    AS_TRY(as_files_open(s, path, out));
    *bag = as_bag_find(s, out, &b);
    return AS_OK;
}

static as_status payload(as_session *s, as_files *f)
{
    as_bag b;
    if (!as_bag_find(s, f, &b)) return AS_OK;
    const as_files all = *f;
    const char *top = as_format(s->arena, "%sdata/", b.top);
    return top ? as_files_below(s, &all, top, f) : AS_ERR;
}

static bool is_one_file(const as_files *f)
{
    return !f->archive && f->n == 1 && f->file[0].path == f->name;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const diff_settings *set = settings;
    as_comparison c = {
        .relative = set->tolerance, .absolute = set->absolute, .all = set->all, .json = set->json
    };
    as_files one, other;
    bool bag_one, bag_other;
    if (n != 2)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "expected two archives, folders or files, found %zu", n);
    AS_TRY(open_side(s, operands[0].text, &one, &bag_one));
    AS_TRY(open_side(s, operands[1].text, &other, &bag_other));
    if (bag_one && bag_other) {
        AS_TRY(payload(s, &one));
        AS_TRY(payload(s, &other));
    }
    AS_TRY(as_output_open(s));
    if (c.json) fputc('[', s->out);
    if (is_one_file(&one) && is_one_file(&other))
        AS_TRY(as_compare_pair(s, one.name, &one.file[0], &other.file[0], s->out, &c));
    else
        AS_TRY(as_compare_files(s, &one, &other, s->out, &c));
    if (c.json) {
        fputs("\n]\n", s->out);
    } else {
        as_comparison_summary(&c, s->out);
        fputc('\n', s->out);
    }
    if (as_comparison_differs(&c)) *answer = AS_ANSWER_NO;
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "two runs of one recipe",
      "assay run -o a tests/corpus/recipe/small.yaml && assay run -o b "
      "tests/corpus/recipe/small.yaml && assay diff --tolerance 0.01 a b" },
    { 0 }
};
static const char *const see_also[] = { "verify", "replay", "trace", NULL };

const as_verb as_verb_diff = {
    .name = "diff",
    .group = "archive",
    .operands = "A B",
    .settings_size = sizeof(diff_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "compare two archives, folders or files: which files, which numbers",
             .description =
                 "Texts are compared token by token: numbers within `--tolerance`, everything else "
                 "exactly; png by their pixels, other files by their bytes. Of two bags the "
                 "payload is "
                 "compared.\n\n"
                 "Exit status 0: identical or equal within the tolerance; 1: different, or a file "
                 "is in "
                 "one of them only.",
             .examples = examples,
             .see_also = see_also },
};
