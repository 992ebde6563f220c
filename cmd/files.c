/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives and folders as lists of files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

enum { RATIO = 200, DEEPEST = 64, MOST_FILES = 100000 };
static const uint64_t ALWAYS_ALLOWED = (uint64_t)64 << 20;

static as_status io_error(as_session *s, const char *path, const char *what)
{
    const as_where at = { .file = path };
    return as_fail(s->ctx, AS_E_IO, &at, "%s: %s", what, strerror(errno));
}

/* The bytes of a file of the system, followed by AS_PAD zeros, in `a`. */
static as_status read_bytes(as_session *s, as_arena *a, const char *path, const unsigned char **data,
                            size_t *size)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (!f || fstat(fileno(f), &st) != 0 || S_ISDIR(st.st_mode)) {
        if (f && S_ISDIR(st.st_mode)) errno = EISDIR;
        (void)!io_error(s, path, "cannot be read");
        if (f) fclose(f);
        return AS_ERR;
    }
    *size = (size_t)st.st_size;
    unsigned char *bytes = as_alloc(a, *size + AS_PAD, 1);
    const bool good = bytes && fread(bytes, 1, *size, f) == *size;
    if (bytes && !good) (void)!io_error(s, path, "cannot be read");
    fclose(f);
    *data = bytes;
    return good ? AS_OK : AS_ERR;
}

/* By its first bytes. */
static bool is_archive(const unsigned char *data, size_t size)
{
    static const struct {
        const char *magic;
        size_t n, at;
    } known[] = {
        { "PK\3\4", 4, 0 },
        { "PK\5\6", 4, 0 },
        { "\x1f\x8b\x08", 3, 0 },
        { "ustar", 5, 257 },
        { "\x28\xb5\x2f\xfd", 4, 0 },
        { "BZh", 3, 0 },
        { "\xfd"
          "7zXZ",
          5, 0 },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (size >= known[i].at + known[i].n &&
            memcmp(data + known[i].at, known[i].magic, known[i].n) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const as_file *)a)->name, ((const as_file *)b)->name);
}

/* --- names of archives that may be unpacked -------------------------------------------------- */

static const char *unsafe(const char *name)
{
    if (!*name) return "an empty name";
    if (*name == '/' || (name[0] && name[1] == ':')) return "an absolute name";
    if (strchr(name, '\\')) return "a backslash in a name";
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) return "a control character in a name";
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        const size_t n = strcspn(part, "/");
        if (n == 2 && part[0] == '.' && part[1] == '.') return "'..' in a name";
        if (n == 1 && part[0] == '.') return "'.' in a name";
        if (n == 0 && part[n] == '/') return "'//' in a name";
    }
    return NULL;
}

static as_status check_entry(as_session *s, const char *archive, const as_archived *e)
{
    const as_where at = { .file = archive };
    const char *name = e->name;
    while (strncmp(name, "./", 2) == 0) name += 2;
    if (e->kind == AS_ENTRY_FOLDER && !*name) return AS_OK; /* tar -C folder . */
    const char *wrong = unsafe(name);
    if (wrong) return as_fail(s->ctx, AS_E_SYNTAX, &at, "refused: %s: '%s'", wrong, e->name);
    if (e->kind == AS_ENTRY_LINK)
        return as_fail(s->ctx, AS_E_SYNTAX, &at,
                       "refused: '%s' is a link to '%s'; links are not unpacked", e->name,
                       e->target);
    if (e->kind == AS_ENTRY_OTHER)
        return as_fail(s->ctx, AS_E_SYNTAX, &at, "refused: '%s' is neither a file nor a folder",
                       e->name);
    return AS_OK;
}

/* After sorting: two of a name, and a file in the place of a folder. "a" and "a/b" may have "a-" in
 * between, so that each name's folders are looked up. */
static as_status check_places(as_session *s, const as_files *f)
{
    const as_where at = { .file = f->name };
    for (size_t i = 0; i < f->n; i++) {
        const char *name = f->file[i].name;
        if (i > 0 && strcmp(f->file[i - 1].name, name) == 0)
            return as_fail(s->ctx, AS_E_SYNTAX, &at, "refused: '%s' stands in it twice", name);
        for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
            const char *folder = as_strndup(s->arena, name, (size_t)(slash - name));
            if (!folder) return AS_ERR;
            if (as_files_find(f, folder))
                return as_fail(s->ctx, AS_E_SYNTAX, &at,
                               "refused: '%s' is a file and the folder of '%s'", folder, name);
        }
    }
    return AS_OK;
}

static bool has_zip_end(const as_packed *p)
{
    enum { RECORD = 22, COMMENT = 65535 };
    for (size_t back = RECORD; back <= p->size && back <= RECORD + COMMENT; back++)
        if (memcmp(p->data + p->size - back, "PK\5\6", 4) == 0) return true;
    return false;
}

static as_status open_archive(as_session *s, const as_packed *p, as_files *out)
{
    const as_where at = { .file = p->name };
    as_archived *entry;
    size_t n;
    const as_archive *library = as_archive_open(s->ctx);
    if (!library) return AS_ERR;
    if (memcmp(p->data, "PK", 2) == 0 && !has_zip_end(p))
        return as_fail(s->ctx, AS_E_TRUNCATED, &at, "the end of the zip is missing");
    AS_TRY(library->read(s->ctx, s->arena, p, &entry, &n));
    out->archive = true;
    out->file = AS_NEW_N(s->arena, as_file, n + 1);
    if (!out->file) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(check_entry(s, p->name, &entry[i]));
        if (entry[i].kind != AS_ENTRY_FILE) continue;
        const char *name = entry[i].name;
        while (strncmp(name, "./", 2) == 0) name += 2;
        out->file[out->n++] =
            (as_file){ .name = name, .data = entry[i].data, .size = entry[i].size };
    }
    if (out->n) qsort(out->file, out->n, sizeof *out->file, by_name);
    return check_places(s, out);
}

/* --- folders --------------------------------------------------------------------------------- */

typedef struct walk {
    as_session *s;
    as_files *to;
    size_t skip; /* bytes of a path before the name below the top */
} walk;

static as_status add_file(walk *w, char *path, size_t size)
{
    as_files *f = w->to;
    const as_where at = { .file = path };
    if (f->n == MOST_FILES)
        return as_fail(w->s->ctx, AS_E_LIMIT, &at, "more than %d files", MOST_FILES);
    as_file *wider = as_grow(w->s->arena, f->file, f->n, sizeof *wider);
    if (!wider) return AS_ERR;
    f->file = wider;
    f->file[f->n++] = (as_file){ .name = path + w->skip, .path = path, .size = size };
    return AS_OK;
}

static as_status walk_folder(walk *w, const char *folder, int depth);

static as_status visit(walk *w, const char *folder, const char *name, int depth)
{
    struct stat st;
    char *path = as_format(w->s->arena, "%s/%s", folder, name);
    const as_where at = { .file = path };
    if (!path) return AS_ERR;
    if (lstat(path, &st) != 0) return io_error(w->s, path, "cannot be read");
    if (S_ISDIR(st.st_mode)) return walk_folder(w, path, depth + 1);
    if (S_ISREG(st.st_mode)) return add_file(w, path, (size_t)st.st_size);
    return as_fail(w->s->ctx, AS_E_SYNTAX, &at, "it is no plain file; links are not followed");
}

static as_status walk_folder(walk *w, const char *folder, int depth)
{
    const as_where at = { .file = folder };
    as_status status = AS_OK;
    if (depth > DEEPEST) return as_fail(w->s->ctx, AS_E_LIMIT, &at, "nested too deeply");
    DIR *d = opendir(folder);
    if (!d) return io_error(w->s, folder, "cannot be read");
    for (const struct dirent *e; status == AS_OK && (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            status = visit(w, folder, e->d_name, depth);
    closedir(d);
    return status;
}

static as_status open_folder(as_session *s, const char *path, as_files *out)
{
    char *top = as_strdup(s->arena, path);
    if (!top) return AS_ERR;
    size_t n = strlen(top);
    while (n > 1 && top[n - 1] == '/') top[--n] = '\0';
    walk w = { .s = s, .to = out, .skip = n + 1 };
    AS_TRY(walk_folder(&w, top, 0));
    if (out->n) qsort(out->file, out->n, sizeof *out->file, by_name);
    return AS_OK;
}

/* --- both ------------------------------------------------------------------------------------ */

as_status as_files_open(as_session *s, const char *path, as_files *out)
{
    struct stat st;
    as_packed p = { .name = path };
    *out = (as_files){ .name = path };
    if (stat(path, &st) != 0) return io_error(s, path, "cannot be read");
    if (S_ISDIR(st.st_mode)) return open_folder(s, path, out);
    AS_TRY(read_bytes(s, s->arena, path, &p.data, &p.size));
    if (is_archive(p.data, p.size)) {
        p.most = ALWAYS_ALLOWED + RATIO * (uint64_t)p.size;
        return open_archive(s, &p, out);
    }
    out->file = AS_NEW(s->arena, as_file);
    if (!out->file) return AS_ERR;
    out->n = 1;
    out->file[0] =
        (as_file){ .name = as_base_name(path), .path = path, .data = p.data, .size = p.size };
    return AS_OK;
}

const as_file *as_files_find(const as_files *f, const char *name)
{
    const as_file key = { .name = name };
    return f->n ? bsearch(&key, f->file, f->n, sizeof key, by_name) : NULL;
}

as_status as_file_load(as_session *s, as_file *f)
{
    return f->data ? AS_OK : read_bytes(s, s->arena, f->path, &f->data, &f->size);
}

as_status as_files_below(as_session *s, const as_files *all, const char *top, as_files *out)
{
    const size_t n = strlen(top);
    *out = *all;
    out->n = 0;
    out->file = AS_NEW_N(s->arena, as_file, all->n + 1);
    if (!out->file) return AS_ERR;
    for (size_t i = 0; i < all->n; i++) {
        if (strncmp(all->file[i].name, top, n) != 0) continue;
        out->file[out->n] = all->file[i];
        out->file[out->n++].name += n;
    }
    return AS_OK;
}

/* --- writing --------------------------------------------------------------------------------- */

static void remove_below(int fd, int depth)
{
    DIR *d = depth <= DEEPEST ? fdopendir(fd) : NULL;
    if (!d) {
        (void)close(fd);
        return;
    }
    for (const struct dirent *e; (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (unlinkat(fd, e->d_name, 0) == 0) continue;
        const int inner = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0) remove_below(inner, depth + 1);
        (void)unlinkat(fd, e->d_name, AT_REMOVEDIR);
    }
    closedir(d);
}

void as_folder_remove(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) remove_below(fd, 0);
    (void)rmdir(folder);
}

static void remove_folder(void *folder)
{
    as_folder_remove(folder);
    as_passing_forget(folder);
}

as_status as_temporary_folder(as_session *s, const char **out)
{
    const char *base = getenv("TMPDIR");
    char *name = as_format(s->arena,
                           "%s/assay-XX"
                           "XX"
                           "XX",
                           base && *base == '/' ? base : "/tmp");
    if (!name) return AS_ERR;
    sigset_t before;
    as_passing_hold(&before);
    const bool made = mkdtemp(name) != NULL;
    if (made) as_passing_folder(name);
    as_passing_release(&before);
    if (!made) return io_error(s, name, "cannot be made");
    *out = name;
    return as_defer(s->arena, remove_folder, name);
}

as_status as_folders_make(as_session *s, const char *path)
{
    char *copy = as_strdup(s->arena, path);
    if (!copy) return AS_ERR;
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) return io_error(s, copy, "cannot be made");
        *slash = '/';
    }
    return AS_OK;
}

as_status as_files_write(as_session *s, as_files *f, const char *folder)
{
    for (size_t i = 0; i < f->n; i++) {
        const char *path = as_format(s->arena, "%s%s", folder, f->file[i].name);
        if (!path) return AS_ERR;
        AS_TRY(as_file_load(s, &f->file[i]));
        AS_TRY(as_folders_make(s, path));
        FILE *to = fopen(path, "wbx");
        bool good = to && fwrite(f->file[i].data, 1, f->file[i].size, to) == f->file[i].size;
        if (to) good = fclose(to) == 0 && good;
        if (!good) return io_error(s, path, "cannot be written");
    }
    return AS_OK;
}
