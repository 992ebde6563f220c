/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives through libarchive; see archives.h. Names are UTF-8 whatever the locale of the process:
 * the library asks the thread's, which is C.UTF-8 while it works.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "archives.h"

enum { MOST_ENTRIES = 100000, BLOCK = 1 << 20 };

extern const as_archive as_module_archive;

typedef struct utf8 {
    locale_t now, before;
} utf8;

static utf8 enter_utf8(void)
{
    utf8 u = { .now = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0) };
    if (u.now != (locale_t)0) u.before = uselocale(u.now);
    return u;
}

static void leave_utf8(utf8 u)
{
    if (u.now == (locale_t)0) return;
    (void)uselocale(u.before);
    freelocale(u.now);
}

/* --- reading --------------------------------------------------------------------------------- */

typedef struct job {
    as_ctx *ctx;
    as_arena *to;
    const as_packed *from;
    struct archive *a;
    uint64_t left; /* bytes that may still come out */
    as_archived *entry;
    size_t n;
} job;

static as_status broken(const job *j, const char *what)
{
    const char *text = archive_error_string(j->a);
    const as_where where = { .file = j->from->name };
    const bool cut = text && (strstr(text, "runcated") || strstr(text, "nexpected end") ||
                              strstr(text, "remature end"));
    if (archive_errno(j->a) == ENOMEM) return as_fail(j->ctx, AS_E_NOMEM, &where, "out of memory");
    return as_fail(j->ctx, cut ? AS_E_TRUNCATED : AS_E_SYNTAX, &where, "%s: %s", what,
                   text ? text : "it is broken");
}

static as_status read_data(job *j, as_archived *e)
{
    const as_where where = { .file = j->from->name };
    const as_frame frame = as_enter(j->ctx);
    as_heap heap = { .most = j->left };
    as_status status = AS_OK;
    for (;;) {
        size_t room;
        unsigned char *at = as_heap_room(j->ctx, &heap, &room);
        if (!at) {
            status = as_pending(j->ctx) == AS_E_LIMIT
                         ? as_fail(j->ctx, AS_E_LIMIT, &where,
                                   "it unpacks to more than %llu bytes, from %zu: refused at '%s'",
                                   (unsigned long long)j->from->most, j->from->size, e->name)
                         : AS_ERR;
            break;
        }
        const la_ssize_t n = archive_read_data(j->a, at, room);
        if (n < 0) status = broken(j, "the compressed data end early or are damaged");
        if (n <= 0) break;
        as_heap_used(&heap, (size_t)n);
    }
    if (status == AS_OK) {
        e->data = as_heap_join(j->to, &heap);
        e->size = heap.size;
        j->left -= heap.size;
        if (!e->data) status = AS_ERR;
    }
    as_leave(j->ctx, frame);
    return status;
}

static as_archived *next_place(job *j)
{
    as_archived *wider = as_grow(j->to, j->entry, j->n, sizeof *wider);
    if (!wider) return NULL;
    j->entry = wider;
    return &j->entry[j->n++];
}

static as_entry_kind kind_of(struct archive_entry *e)
{
    if (archive_entry_hardlink(e) || archive_entry_symlink(e)) return AS_ENTRY_LINK;
    switch (archive_entry_filetype(e)) {
    case 0:
    case AE_IFREG: return AS_ENTRY_FILE;
    case AE_IFDIR: return AS_ENTRY_FOLDER;
    case AE_IFLNK: return AS_ENTRY_LINK;
    default: return AS_ENTRY_OTHER;
    }
}

static as_status read_entry(job *j, struct archive_entry *from)
{
    const as_where where = { .file = j->from->name };
    if (j->n == MOST_ENTRIES)
        return as_fail(j->ctx, AS_E_LIMIT, &where, "more than %d entries in it", MOST_ENTRIES);
    as_archived *e = next_place(j);
    const char *name = archive_entry_pathname_utf8(from);
    if (!name) name = archive_entry_pathname(from);
    if (!e) return AS_ERR;
    if (!name) return as_fail(j->ctx, AS_E_SYNTAX, &where, "an entry whose name is no UTF-8");
    *e = (as_archived){ .name = as_strdup(j->to, name), .kind = kind_of(from) };
    if (!e->name) return AS_ERR;
    if (archive_entry_is_encrypted(from))
        return as_fail(j->ctx, AS_E_FORMAT, &where, "'%s' is encrypted", e->name);
    if (e->kind == AS_ENTRY_LINK) {
        const char *target = archive_entry_hardlink(from);
        if (!target) target = archive_entry_symlink(from);
        e->target = as_strdup(j->to, target ? target : "");
        return e->target ? AS_OK : AS_ERR;
    }
    return e->kind == AS_ENTRY_FILE ? read_data(j, e) : AS_OK;
}

static as_status read_entries(job *j)
{
    struct archive_entry *e;
    archive_read_support_filter_gzip(j->a);
    archive_read_support_filter_bzip2(j->a);
    archive_read_support_filter_xz(j->a);
    archive_read_support_filter_zstd(j->a);
    archive_read_support_format_zip(j->a);
    archive_read_support_format_tar(j->a);
    if (archive_read_open_memory(j->a, j->from->data, j->from->size) != ARCHIVE_OK)
        return broken(j, "neither a zip nor a tar");
    for (;;) {
        const int r = archive_read_next_header(j->a, &e);
        if (r == ARCHIVE_EOF) return AS_OK;
        if (r < ARCHIVE_WARN) return broken(j, "the list of its files is damaged");
        AS_TRY(read_entry(j, e));
    }
}

static as_status read_archive(as_ctx *ctx, as_arena *to, const as_packed *from, as_archived **out,
                              size_t *n)
{
    job j = { .ctx = ctx, .to = to, .from = from, .left = from->most, .a = archive_read_new() };
    if (!j.a) return as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
    const utf8 u = enter_utf8();
    const as_status status = read_entries(&j);
    leave_utf8(u);
    archive_read_free(j.a);
    *out = j.entry;
    *n = j.n;
    return status;
}

/* --- writing --------------------------------------------------------------------------------- */

static int set_form(struct archive *a, as_archive_form form)
{
    if (form == AS_ARCHIVE_ZIP) return archive_write_set_format_zip(a);
    int r = archive_write_set_format_pax_restricted(a);
    if (r == ARCHIVE_OK)
        r = form == AS_ARCHIVE_TAR_GZ ? archive_write_add_filter_gzip(a)
                                      : archive_write_add_filter_zstd(a);
    if (r == ARCHIVE_OK && form == AS_ARCHIVE_TAR_GZ)
        r = archive_write_set_filter_option(a, "gzip", "timestamp", NULL);
    return r;
}

static int write_file(struct archive *a, struct archive_entry *e, int64_t mtime,
                      const as_archived *f)
{
    archive_entry_clear(e);
    archive_entry_set_pathname_utf8(e, f->name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, (la_int64_t)f->size);
    archive_entry_set_mtime(e, mtime, 0);
    archive_entry_set_uid(e, 0);
    archive_entry_set_gid(e, 0);
    if (archive_write_header(a, e) != ARCHIVE_OK) return ARCHIVE_FATAL;
    for (size_t at = 0; at < f->size;) {
        const size_t left = f->size - at, n = left < BLOCK ? left : BLOCK;
        if (archive_write_data(a, f->data + at, n) != (la_ssize_t)n) return ARCHIVE_FATAL;
        at += n;
    }
    return archive_write_finish_entry(a);
}

static as_status write_archive(as_ctx *ctx, FILE *to, as_archive_form form, int64_t mtime, size_t n,
                               const as_archived *files)
{
    struct archive *a = archive_write_new();
    struct archive_entry *e = archive_entry_new();
    const utf8 u = enter_utf8();
    int r = a && e ? set_form(a, form) : ARCHIVE_FATAL;
    if (r == ARCHIVE_OK) r = archive_write_set_bytes_in_last_block(a, 1);
    if (r == ARCHIVE_OK) r = archive_write_open_FILE(a, to);
    for (size_t i = 0; i < n && r == ARCHIVE_OK; i++) r = write_file(a, e, mtime, &files[i]);
    if (r == ARCHIVE_OK) r = archive_write_close(a);
    as_status status = AS_OK;
    if (r != ARCHIVE_OK) {
        const char *text = a ? archive_error_string(a) : NULL;
        status = as_fail(ctx, AS_E_IO, NULL, "the archive cannot be written: %s",
                         text ? text : "out of memory");
    }
    leave_utf8(u);
    if (e) archive_entry_free(e);
    if (a) archive_write_free(a);
    return status;
}

AS_MODULE_EXPORT const as_archive as_module_archive = { read_archive, write_archive };
