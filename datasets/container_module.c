/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zip, tar and the compressions through libarchive; see container.h. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "container.h"

enum { MOST_MEMBERS = 100000 };

extern const as_container as_module_container;

typedef struct walk {
    struct archive *a;
    size_t next; /* number of the file that the next header announces */
} walk;

static void walk_close(void *handle)
{
    walk *w = handle;
    if (w->a) archive_read_free(w->a);
    w->a = NULL;
}

static as_status broken(as_ctx *ctx, const as_packed *from, struct archive *a, const char *what)
{
    const char *text = archive_error_string(a);
    const as_where where = { .file = from->name };
    const bool cut = text && (strstr(text, "runcated") || strstr(text, "nexpected end") ||
                              strstr(text, "remature end"));
    if (archive_errno(a) == ENOMEM) return as_fail(ctx, AS_E_NOMEM, &where, "out of memory");
    return as_fail(ctx, cut ? AS_E_TRUNCATED : AS_E_SYNTAX, &where, "%s: %s", what,
                   text ? text : "it is broken");
}

/* What is left of the current entry. */
static as_status read_entry(as_ctx *ctx, as_arena *to, const as_packed *from, struct archive *a,
                            unsigned char **data, size_t *size)
{
    const as_where where = { .file = from->name };
    const as_frame frame = as_enter(ctx);
    as_heap heap = { .most = from->most };
    as_status status = AS_OK;
    for (;;) {
        size_t room;
        unsigned char *at = as_heap_room(ctx, &heap, &room);
        if (!at) {
            status = as_pending(ctx) == AS_E_LIMIT
                         ? as_fail(ctx, AS_E_LIMIT, &where, "%s", as_pending_message(ctx))
                         : AS_ERR;
            break;
        }
        const la_ssize_t n = archive_read_data(a, at, room);
        if (n < 0) {
            status = broken(ctx, from, a, "the compressed data end early or are damaged");
            break;
        }
        if (n == 0) break;
        as_heap_used(&heap, (size_t)n);
    }
    if (status == AS_OK) {
        *data = as_heap_join(to, &heap);
        *size = heap.size;
        if (!*data) status = AS_ERR;
    }
    as_leave(ctx, frame);
    return status;
}

static as_status unwrap(as_ctx *ctx, as_arena *to, const as_packed *from, unsigned char **data,
                        size_t *size)
{
    struct archive *a = archive_read_new();
    struct archive_entry *entry;
    if (!a) return as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    as_status status = AS_OK;
    const int opened = archive_read_open_memory(a, from->data, from->size);
    const int header = opened == ARCHIVE_OK ? archive_read_next_header(a, &entry) : opened;
    if (header == ARCHIVE_EOF) {
        *size = 0;
        *data = as_alloc(to, AS_PAD, 1);
        status = *data ? AS_OK : AS_ERR;
    } else if (header < ARCHIVE_WARN) {
        status = broken(ctx, from, a, "cannot unpack it");
    } else {
        status = read_entry(ctx, to, from, a, data, size);
    }
    archive_read_free(a);
    return status;
}

static as_status start(as_ctx *ctx, const as_packed *from, walk *w)
{
    walk_close(w);
    w->next = 0;
    w->a = archive_read_new();
    if (!w->a) return as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
    archive_read_support_format_zip(w->a);
    archive_read_support_format_tar(w->a);
    if (archive_read_open_memory(w->a, from->data, from->size) != ARCHIVE_OK)
        return broken(ctx, from, w->a, "cannot open it");
    return AS_OK;
}

/* The next regular file; AS_DONE behind the last. */
static as_more next_file(as_ctx *ctx, const as_packed *from, walk *w, struct archive_entry **e)
{
    for (;;) {
        const int r = archive_read_next_header(w->a, e);
        if (r == ARCHIVE_EOF) return AS_DONE;
        if (r < ARCHIVE_WARN) {
            (void)!broken(ctx, from, w->a, "the list of its files is damaged");
            return AS_FAILED;
        }
        if (archive_entry_filetype(*e) == AE_IFREG || archive_entry_filetype(*e) == 0) break;
    }
    w->next++;
    return AS_ITEM;
}

static const char *name_of(struct archive_entry *e)
{
    const char *name = archive_entry_pathname_utf8(e);
    if (!name) name = archive_entry_pathname(e);
    return name ? name : "?";
}

static as_status list(as_ctx *ctx, as_arena *to, const as_packed *from, const as_entry **out,
                      size_t *n)
{
    walk w = { 0 };
    struct archive_entry *e;
    as_more more = AS_FAILED;
    as_entry *entries = NULL;
    size_t room = 0;
    *n = 0;
    if (start(ctx, from, &w) == AS_OK)
        while ((more = next_file(ctx, from, &w, &e)) == AS_ITEM) {
            if (*n == MOST_MEMBERS) {
                const as_where where = { .file = from->name };
                (void)!as_fail(ctx, AS_E_LIMIT, &where, "more than %d files in it", MOST_MEMBERS);
                more = AS_FAILED;
                break;
            }
            if (*n == room) {
                as_entry *wider = AS_NEW_N(to, as_entry, room ? 2 * room : 16);
                if (wider && room) memcpy(wider, entries, room * sizeof *wider);
                room = room ? 2 * room : 16;
                entries = wider;
            }
            char *name = entries ? as_strdup(to, name_of(e)) : NULL;
            if (!name) {
                more = AS_FAILED;
                break;
            }
            const int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;
            entries[(*n)++] = (as_entry){ name, size > 0 ? (uint64_t)size : 0 };
        }
    walk_close(&w);
    *out = entries;
    return more == AS_DONE ? AS_OK : AS_ERR;
}

static as_status extract(as_ctx *ctx, as_arena *to, const as_packed *from, void **cursor,
                         size_t index, unsigned char **data, size_t *size)
{
    walk *w = *cursor;
    if (!w) {
        w = AS_NEW(to, walk);
        if (!w) return AS_ERR;
        AS_TRY(as_defer(to, walk_close, w));
        *cursor = w;
    }
    if (!w->a || w->next > index) AS_TRY(start(ctx, from, w));
    struct archive_entry *e = NULL;
    while (w->next <= index) {
        const as_more more = next_file(ctx, from, w, &e);
        if (more == AS_DONE) return as_fail(ctx, AS_E_BUG, NULL, "member %zu is gone", index);
        if (more == AS_FAILED) return AS_ERR;
    }
    if (archive_entry_is_encrypted(e)) {
        const as_where where = { .file = from->name };
        return as_fail(ctx, AS_E_FORMAT, &where, "it is encrypted");
    }
    return read_entry(ctx, to, from, w->a, data, size);
}

AS_MODULE_EXPORT const as_container as_module_container = { unwrap, list, extract };
