/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay unpack: an archive into a new folder, whole or not at all. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bag.h"
#include "messages.h"
#include "verb.h"

typedef struct {
    bool any;
} unpack_settings;

static const as_param params[] = { AS_BOOL(unpack_settings, any, "any", "no",
                                           "also an archive that is no bag, or has faults"),
                                   AS_PARAMS_END };

/* "x.tar.gz" -> "x" */
static const char *default_folder(as_session *s, const char *path)
{
    const char *stem = as_stem(s->arena, path);
    const size_t n = stem ? strlen(stem) : 0;
    return n > 4 && strcmp(stem + n - 4, ".tar") == 0 ? as_strndup(s->arena, stem, n - 4) : stem;
}

static as_status check(as_session *s, as_files *f)
{
    as_verdict_of_bag v;
    const as_where at = { .file = f->name };
    AS_TRY(as_bag_verify(s, f, &v));
    if (v.findings.n == 0) return AS_OK;
    (void)!as_fail(s->ctx, AS_E_SYNTAX, &at, "not unpacked: %s%s", v.findings.text[0],
                   v.findings.n > 1 ? "; and more, see `assay verify`" : "");
    return as_while(s->ctx, "hint: --any unpacks it nevertheless");
}

/* Into a folder beside its place, which then takes the name. */
static as_status write_folder(as_session *s, as_files *f, const char *folder)
{
    const as_where at = { .file = folder };
    const char *part = as_format(s->arena, "%s.%d.part", folder, (int)getpid());
    const char *below = part ? as_format(s->arena, "%s/", part) : NULL;
    if (!below) return AS_ERR;
    as_passing_folder(part);
    as_status status = as_folders_make(s, below);
    if (status == AS_OK) status = as_files_write(s, f, below);
    if (status == AS_OK && rename(part, folder) != 0)
        status = as_fail(s->ctx, AS_E_IO, &at, "cannot be made: %s", strerror(errno));
    if (status != AS_OK) as_folder_remove(part);
    as_passing_forget(part);
    return status;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const unpack_settings *set = settings;
    struct stat st;
    as_files f, inside;
    as_bag bag;
    (void)answer;
    if (n != 1)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "expected one archive, found %zu words; -o names the folder", n);
    const char *folder = s->output ? s->output : default_folder(s, operands[0].text);
    if (!folder) return AS_ERR;
    const as_where at = { .file = folder };
    if (lstat(folder, &st) == 0)
        return as_fail(s->ctx, AS_E_USAGE, &at,
                       "it is there already; --output names another folder");
    AS_TRY(as_files_open(s, operands[0].text, &f));
    const as_where archive = { .file = f.name };
    if (!f.archive) return as_fail(s->ctx, AS_E_FORMAT, &archive, "it is no archive");
    if (!set->any) AS_TRY(check(s, &f));
    AS_TRY(as_files_below(s, &f, as_bag_find(s, &f, &bag) ? bag.top : "", &inside));
    AS_TRY(write_folder(s, &inside, folder));
    fprintf(s->messages->to, "assay unpack: %zu files in %s\n", inside.n, folder);
    return AS_OK;
}

static const as_example examples[] = { { "an archive, made and unpacked",
                                         "assay pack tests/corpus/archive/small.yaml -o "
                                         "small.tar.gz && assay unpack small.tar.gz -o small" },
                                       { 0 } };
static const char *const see_also[] = { "pack", "verify", "replay", NULL };

const as_verb as_verb_unpack = {
    .name = "unpack",
    .group = "archive",
    .operands = "ARCHIVE",
    .settings_size = sizeof(unpack_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "unpack an archive into a new folder after verifying it",
             .description = "The folder is the archive's name without suffix, or `--output`; it "
                            "must not be there "
                            "yet. The archive is read and verified as a whole first, and the "
                            "folder appears complete "
                            "or not at all.\n\n"
                            "Refused (exit 3): names that are absolute or hold `..`, links, "
                            "devices, two files of a "
                            "name, faults that `assay verify` finds; and (exit 5) more than 64 MiB "
                            "and 200 times the "
                            "size of the archive.",
             .examples = examples,
             .see_also = see_also },
};
