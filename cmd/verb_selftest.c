/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay selftest: the fit engine against NIST's certified regressions, as anybody can repeat it. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "certify.h"
#include "verb.h"

typedef struct {
    const char *data;
} selftest_settings;

static const as_param params[] = {
    AS_STRING(selftest_settings, data, "data", NULL,
              "folder with the text files of NIST's Statistical Reference Datasets (linear and "
              "nonlinear regression)"),
    AS_PARAMS_END
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The .dat files of a folder, sorted, in the session's arena. */
static as_status list_files(as_session *s, const char *folder, const char ***out, size_t *n)
{
    DIR *d = opendir(folder);
    const as_where at = { .file = folder };
    if (!d) return as_fail(s->ctx, AS_E_IO, &at, "cannot be opened: %s", strerror(errno));
    bool good = true;
    *n = 0;
    *out = NULL;
    for (struct dirent *e; good && (e = readdir(d));) {
        const size_t length = strlen(e->d_name);
        if (length < 5 || strcmp(e->d_name + length - 4, ".dat") != 0) continue;
        *out = as_grow(s->arena, *out, *n, sizeof **out);
        const char *path = as_format(s->arena, "%s/%s", folder, e->d_name);
        good = *out && path;
        if (good) (*out)[(*n)++] = path;
    }
    closedir(d);
    if (!good) return AS_ERR;
    if (*n == 0) return as_fail(s->ctx, AS_E_MISSING, &at, "no .dat files in this folder");
    qsort(*out, *n, sizeof **out, by_name);
    return AS_OK;
}

static void print(as_session *s, const as_certificate *c)
{
    fprintf(s->out, "%-4s %-12s", c->good ? "ok" : "BAD", c->name);
    if (c->start) fprintf(s->out, " start %d", c->start);
    if (c->start && c->state != AS_LS_CONVERGED)
        fprintf(s->out, ": reported as failed, %s\n", as_ls_explain(c->state));
    else
        fprintf(s->out, ": %.1f digits in the parameters, %.1f in their standard deviations\n",
                c->digits_p, c->digits_u);
}

static as_status one_file(as_session *s, const char *path, size_t *sets, size_t *bad)
{
    const as_input *in;
    as_certificate c[2];
    int count = 0;
    AS_TRY(as_input_open(s->ctx, path, &in));
    if (as_certify(s->ctx, as_scratch(s->ctx), (const char *)in->data, in->size, c, &count) !=
        AS_OK) {
        if (as_pending(s->ctx) != AS_E_SYNTAX) return AS_ERR;
        as_forget_error(s->ctx); /* another kind of reference data set */
        return AS_OK;
    }
    for (int i = 0; i < count; i++) {
        print(s, &c[i]);
        *sets += 1;
        *bad += !c[i].good;
    }
    return AS_OK;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const selftest_settings *set = settings;
    const char **files;
    size_t n_files, sets = 0, bad = 0;
    if (n)
        return as_fail(s->ctx, AS_E_USAGE, &operands[0].where,
                       "selftest takes options only, found '%s'", operands[0].text);
    AS_TRY(list_files(s, set->data, &files, &n_files));
    for (size_t i = 0; i < n_files; i++) {
        const as_frame frame = as_enter(s->ctx);
        const as_status status = one_file(s, files[i], &sets, &bad);
        as_leave(s->ctx, frame);
        AS_TRY(status);
    }
    fprintf(s->out, "%zu fits, %zu below 6 digits\n", sets, bad);
    if (bad || sets == 0) *answer = AS_ANSWER_NO;
    return AS_OK;
}

static const as_example examples[] = { { "a linear set, typed here from its certified form",
                                         "assay selftest --data tests/corpus/certified" },
                                       { 0 } };
static const char *const references[] = {
    "NIST Statistical Reference Datasets, doi:10.18434/T43G6C", NULL
};
static const char *const see_also[] = { "fit", NULL };

const as_verb as_verb_selftest = {
    .name = "selftest",
    .group = "help",
    .operands = "",
    .settings_size = sizeof(selftest_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "certify the fit engine on NIST's reference regressions",
             .description = "Each data set is fitted from both of its starting points; the digits "
                            "are those that agree "
                            "with the certified parameters and standard deviations. Good is at "
                            "least 6 digits in both, or a "
                            "failure that is reported as one: wrong digits never pass. Lanczos1 "
                            "cannot be certified in double "
                            "precision.\n\nThe files are those of the data sets' own pages, one "
                            "text file each. Exit status 1 "
                            "when a fit is not good.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
