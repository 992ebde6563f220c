/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs of a record found by their SHA-256, under their own name or another. */
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "replay.h"

/* Below --inputs; else the files beside the one that is replayed, and those of the working folder.
 */
as_status as_finder_open(as_finder *f)
{
    as_session *s = f->s;
    f->around = (as_files){ .name = "the folder of the file and the working folder" };
    for (size_t i = 0; i < f->inputs->n; i++) {
        as_files more, all = f->around;
        AS_TRY(as_files_open(s, f->inputs->v[i], &more));
        all.name = i ? as_format(s->arena, "%s, %s", all.name, more.name) : more.name;
        all.file = AS_NEW_N(s->arena, as_file, all.n + more.n + 1);
        if (!all.name || !all.file) return AS_ERR;
        if (all.n) memcpy(all.file, f->around.file, all.n * sizeof *all.file);
        if (more.n) memcpy(all.file + all.n, more.file, more.n * sizeof *all.file);
        all.n += more.n;
        f->around = all;
    }
    return AS_OK;
}

static as_status has_sum(as_finder *f, const char *path, const char *sha, bool *is,
                         char found[AS_SHA256_TEXT])
{
    as_session *s = f->s;
    const as_input *in;
    const as_frame frame = as_enter(s->ctx);
    *is = false;
    if (as_input_open(s->ctx, path, &in) == AS_OK) {
        as_sha256_of(in->raw ? in->raw : in->data, in->raw ? in->raw_size : in->size, found);
        *is = strncmp(found, sha, AS_SHA256_TEXT - 1) == 0;
    } else {
        const as_code code = as_pending(s->ctx);
        if (code == AS_E_NOMEM || code == AS_E_BUG) return AS_ERR;
        as_forget_error(s->ctx);
    }
    as_leave(s->ctx, frame);
    return AS_OK;
}

/* "small.xy" was "small.xy.gz" on disk, say. */
static bool may_be(const char *path, const char *name)
{
    const char *base = as_base_name(path);
    const size_t n = strlen(name);
    return strncmp(base, name, n) == 0 && (base[n] == '\0' || base[n] == '.');
}

/* First those of the name, then all others. */
static as_status search(as_finder *f, const char *name, const char *sha, const char **out)
{
    char found[AS_SHA256_TEXT] = "";
    const char *impostor = NULL;
    bool is;
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < f->around.n; i++) {
            const char *path = f->around.file[i].path;
            if (!path || may_be(path, name) != (named == 1)) continue;
            AS_TRY(has_sum(f, path, sha, &is, found));
            if (is) {
                *out = path;
                return AS_OK;
            }
            if (named && *found)
                impostor = as_format(f->s->arena, "%s has the SHA-256 %s", path, found);
        }
    const as_where at = { .file = f->path };
    (void)!as_fail(f->s->ctx, AS_E_MISSING, &at,
                   "its input '%s' with the SHA-256 %.64s is not found in %s%s%s", name, sha,
                   f->around.name, impostor ? "; " : "", impostor ? impostor : "");
    return f->inputs->n ? AS_ERR
                             : as_while(f->s->ctx,
                                        "hint: --inputs FOLDER searches a folder and all below it");
}

as_status as_finder_find(as_finder *f, const char *name, const char *sha, const char **out)
{
    char found[AS_SHA256_TEXT];
    const char *path = f->path, *slash = strrchr(path, '/');
    const char *beside =
        as_format(f->s->arena, "%.*s%s", slash ? (int)(slash - path) + 1 : 0, path, name);
    const char *places[] = { beside, name };
    if (!beside) return AS_ERR;
    for (size_t i = 0; i < 2; i++) {
        bool is = false;
        if (access(places[i], R_OK) == 0) AS_TRY(has_sum(f, places[i], sha, &is, found));
        if (is) {
            *out = places[i];
            return AS_OK;
        }
    }
    return search(f, name, sha, out);
}
