/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of the outputs in a folder, one for each input, and what to do where one fails. */
#include <string.h>
#include <sys/stat.h>

#include "each.h"
#include "files.h"
#include "messages.h"

/* DIR/NAME.SUFFIX, where NAME is what the file is called without its suffix. */
static as_status name_target(as_session *s, const char *folder, const char *suffix, bool whole,
                             as_each *f)
{
    const char *stem = whole ? as_base_name(f->from) : as_stem(s->arena, f->from);
    f->to = stem ? as_format(s->arena, "%s/%s.%s", folder, stem, suffix) : NULL;
    return f->to ? AS_OK : AS_ERR;
}

static bool is_taken(size_t n, const as_each *all, size_t i)
{
    for (size_t j = 0; j < n; j++)
        if (j != i && strcmp(all[j].to, all[i].to) == 0) return true;
    return false;
}

/* Files that differ in their suffix only keep it: a.xy and a.ras become a.xy.csv and a.ras.csv. */
static as_status name_targets(as_session *s, const char *folder, const char *suffix, size_t n,
                              as_each *all)
{
    bool *whole = AS_NEW_N(s->arena, bool, n);
    if (!whole) return AS_ERR;
    for (size_t i = 0; i < n; i++) AS_TRY(name_target(s, folder, suffix, false, &all[i]));
    for (size_t i = 0; i < n; i++) whole[i] = is_taken(n, all, i);
    for (size_t i = 0; i < n; i++) AS_TRY(name_target(s, folder, suffix, whole[i], &all[i]));
    for (size_t i = 0; i < n; i++)
        if (is_taken(n, all, i))
            return as_fail(s->ctx, AS_E_USAGE, NULL,
                           "--each: two of the files would become '%s'; take them one by one or into two folders",
                           all[i].to);
    return AS_OK;
}

static bool same_file(const struct stat *a, const char *path)
{
    struct stat b;
    return stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

/* No measurement is replaced by what is made of it. */
static as_status spare_inputs(as_session *s, size_t n, const as_each *all)
{
    struct stat there;
    for (size_t i = 0; i < n; i++) {
        if (stat(all[i].to, &there) != 0) continue;
        for (size_t j = 0; j < n; j++)
            if (same_file(&there, all[j].from))
                return as_fail(s->ctx, AS_E_USAGE, NULL,
                               "--each: '%s' would replace the input '%s'; name another folder",
                               all[i].to, all[j].from);
    }
    return AS_OK;
}

as_status as_each_name(as_session *s, const char *folder, const char *suffix, size_t n, const as_word *files,
                       as_each **out)
{
    as_each *all = *out = AS_NEW_N(s->arena, as_each, n);
    const char *inside = as_format(s->arena, "%s/", folder);
    if (!all || !inside) return AS_ERR;
    if (n == 0) return as_fail(s->ctx, AS_E_USAGE, NULL, "--each needs the names of the files");
    for (size_t i = 0; i < n; i++) all[i].from = files[i].text;
    AS_TRY(name_targets(s, folder, suffix, n, all));
    AS_TRY(spare_inputs(s, n, all));
    return as_folders_make(s, inside);
}

as_status as_each_failed(as_session *s, const as_each *f, size_t *failed, int *answer)
{
    const int code = as_exit_status(as_pending(s->ctx));
    (void)!as_while(s->ctx, "writing %s", f->to);
    as_output_abandon(s);
    if (code != 3 && code != 4) return AS_ERR;
    as_flush_error(s->ctx);
    if (!*answer) *answer = code;
    *failed += 1;
    return AS_OK;
}
