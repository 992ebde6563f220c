/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OLE2 compound documents (structured storage) through libgsf: storages are folders. */
#include <gsf/gsf.h>
#include <string.h>

#include "container.h"

enum { DEEPEST = 16, MOST_MEMBERS = 100000 };

extern const as_container as_module_ole;

/* libgsf complains about broken files on stderr through glib. */
static void no_log(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer user)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)user;
}

typedef struct walk { /* depth first, without recursion */
    GsfInfile *folder[DEEPEST];
    int child[DEEPEST];
    int depth; /* of the innermost open folder; -1: all closed */
} walk;

static void walk_close(walk *w)
{
    for (; w->depth >= 0; w->depth--) g_object_unref(w->folder[w->depth]);
}

static as_status walk_open(as_ctx *ctx, const as_packed *from, walk *w)
{
    const as_where where = { .file = from->name };
    GError *error = NULL;
    w->depth = -1;
    (void)g_log_set_default_handler(no_log, NULL);
    GsfInput *bytes = gsf_input_memory_new(from->data, (gsf_off_t)from->size, FALSE);
    if (!bytes) return as_fail(ctx, AS_E_NOMEM, &where, "out of memory");
    GsfInfile *top = gsf_infile_msole_new(bytes, &error);
    g_object_unref(bytes);
    if (!top) {
        (void)!as_fail(ctx, AS_E_SYNTAX, &where, "a damaged OLE2 file: %s",
                       error ? error->message : "it cannot be opened");
        g_clear_error(&error);
        return AS_ERR;
    }
    w->folder[0] = top;
    w->child[0] = 0;
    w->depth = 0;
    return AS_OK;
}

/* The next stream, which the caller unrefs; NULL behind the last. */
static GsfInput *next_stream(walk *w)
{
    while (w->depth >= 0) {
        GsfInfile *folder = w->folder[w->depth];
        const int i = w->child[w->depth]++;
        if (i >= gsf_infile_num_children(folder)) {
            g_object_unref(folder);
            w->depth--;
            continue;
        }
        GsfInput *child = gsf_infile_child_by_index(folder, i);
        if (!child) continue;
        if (!GSF_IS_INFILE(child) || gsf_infile_num_children(GSF_INFILE(child)) < 0) return child;
        if (w->depth + 1 == DEEPEST) {
            g_object_unref(child);
            continue;
        }
        w->folder[++w->depth] = GSF_INFILE(child);
        w->child[w->depth] = 0;
    }
    return NULL;
}

static char *path_of(as_arena *to, const walk *w, GsfInput *stream)
{
    const char *name = gsf_input_name(stream);
    char *path = as_strdup(to, name ? name : "?");
    for (int i = w->depth; i > 0 && path; i--) {
        name = gsf_input_name(GSF_INPUT(w->folder[i]));
        path = as_format(to, "%s/%s", name ? name : "?", path);
    }
    return path;
}

static uint32_t u32_at(const as_packed *from, uint64_t at)
{
    const unsigned char *p = from->data + at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* A file that lacks a whole sector or more of those that its allocation table says are used ([MS-CFB] 2.2,
 * 2.3): libgsf opens it and finds fewer streams. Some writers leave the last sector short. */
static as_status check_whole(as_ctx *ctx, const as_packed *from)
{
    enum { HEADER = 512, SHIFT = 0x1e, DIFAT = 0x4c, IN_HEADER = 109 };
    const as_where where = { .file = from->name, .offset = from->size };
    uint64_t used = 0;
    if (from->size < HEADER) return AS_OK; /* libgsf says so */
    const unsigned shift = from->data[SHIFT];
    if (shift < 9 || shift > 12) return AS_OK;
    const uint64_t sector = (uint64_t)1 << shift;
    for (unsigned i = 0; i < IN_HEADER; i++) {
        const uint32_t fat = u32_at(from, DIFAT + 4 * i);
        if (fat > 0xfffffffa) continue; /* none */
        const uint64_t at = ((uint64_t)fat + 1) * sector;
        if (fat >= used) used = (uint64_t)fat + 1;
        for (uint64_t k = 0; k < sector / 4 && at + 4 * k + 4 <= from->size; k++)
            if (u32_at(from, at + 4 * k) != 0xffffffff && i * (sector / 4) + k >= used)
                used = i * (sector / 4) + k + 1;
    }
    if (from->size + sector > (used + 1) * sector) return AS_OK;
    return as_fail(ctx, AS_E_TRUNCATED, &where, "the compound file (OLE2) ends here, expected %llu bytes",
                   (unsigned long long)((used + 1) * sector));
}

static as_status list(as_ctx *ctx, as_arena *to, const as_packed *from, const as_entry **out,
                      size_t *n)
{
    walk w;
    as_entry *entries = NULL;
    size_t room = 0;
    GsfInput *stream;
    *n = 0;
    AS_TRY(check_whole(ctx, from));
    AS_TRY(walk_open(ctx, from, &w));
    while (*n < MOST_MEMBERS && (stream = next_stream(&w))) {
        if (*n == room) {
            as_entry *wider = AS_NEW_N(to, as_entry, room ? 2 * room : 16);
            if (wider && room) memcpy(wider, entries, room * sizeof *wider);
            room = room ? 2 * room : 16;
            entries = wider;
        }
        char *name = entries ? path_of(to, &w, stream) : NULL;
        const gsf_off_t size = gsf_input_size(stream);
        g_object_unref(stream);
        if (!name) {
            walk_close(&w);
            return AS_ERR;
        }
        entries[(*n)++] = (as_entry){ name, size > 0 ? (uint64_t)size : 0 };
    }
    walk_close(&w);
    *out = entries;
    return AS_OK;
}

static as_status copy_stream(as_ctx *ctx, as_arena *to, const as_packed *from, GsfInput *stream,
                             unsigned char **data, size_t *size)
{
    const as_where where = { .file = from->name };
    const gsf_off_t length = gsf_input_size(stream);
    if (length < 0 || (uint64_t)length > from->most || (uint64_t)length > from->size)
        return as_fail(ctx, AS_E_SYNTAX, &where, "a stream is longer than the file");
    *size = (size_t)length;
    *data = as_alloc(to, *size + AS_PAD, 1);
    if (!*data) return AS_ERR;
    if (length > 0 && !gsf_input_read(stream, *size, *data))
        return as_fail(ctx, AS_E_TRUNCATED, &where, "a stream of %zu bytes ends early", *size);
    return AS_OK;
}

static as_status extract(as_ctx *ctx, as_arena *to, const as_packed *from, void **cursor,
                         size_t index, unsigned char **data, size_t *size)
{
    (void)cursor;
    walk w;
    GsfInput *stream;
    AS_TRY(walk_open(ctx, from, &w));
    for (size_t i = 0; (stream = next_stream(&w)) && i < index; i++) g_object_unref(stream);
    const as_status status = stream ? copy_stream(ctx, to, from, stream, data, size)
                                    : as_fail(ctx, AS_E_BUG, NULL, "member %zu is gone", index);
    if (stream) g_object_unref(stream);
    walk_close(&w);
    return status;
}

AS_MODULE_EXPORT const as_container as_module_ole = { NULL, list, extract };
