/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache of recipes' steps. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"
#include "stream.h"

struct as_cache {
    const char *folder;           /* ends in '/' */
    char program[AS_SHA256_TEXT]; /* the bytes of the executable and its modules */
};

/* --- files --------------------------------------------------------------------------------- */

/* The whole file, to be freed whatever the answer; false when it cannot be read. */
static bool slurp(const char *path, char **data, size_t *size)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    *data = NULL;
    if (!f) return false;
    const bool regular = fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode);
    *size = regular ? (size_t)st.st_size : 0;
    *data = regular ? malloc(*size + 1) : NULL;
    const bool good = *data && fread(*data, 1, *size, f) == *size;
    fclose(f);
    return good;
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static bool make_folders(as_session *s, const char *path)
{
    char *copy = as_strdup(s->arena, path);
    if (!copy) return false;
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_folder(copy)) return false;
        *slash = '/';
    }
    return true;
}

/* --- identity of the program ------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All shared objects of a folder, in the order of their names. */
static void add_modules(as_session *s, as_sha256 *h, const char *folder)
{
    enum { MOST = 64 };
    const char *names[MOST];
    size_t n = 0;
    DIR *d = opendir(folder);
    if (!d) return;
    for (const struct dirent *e; n < MOST && (e = readdir(d));)
        if (strstr(e->d_name, ".so")) {
            names[n] = as_format(s->arena, "%s/%s", folder, e->d_name);
            if (names[n]) n++;
        }
    closedir(d);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) (void)!as_sha256_add_file(h, names[i]);
}

static bool identify(as_session *s, as_cache *c)
{
    char path[4096];
    const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    as_sha256 *h = as_sha256_new(s->arena);
    if (n <= 0 || !h) return false;
    path[n] = '\0';
    if (!as_sha256_add_file(h, path)) return false;
    char *slash = strrchr(path, '/');
    if (slash) *slash = '\0';
    const char *beside = as_format(s->arena, "%s/modules", path);
    const char *installed = as_format(s->arena, "%s/../lib/assay", path);
    if (!beside || !installed) return false;
    add_modules(s, h, beside);
    add_modules(s, h, installed);
    as_sha256_end(h, c->program);
    return true;
}

static const char *default_folder(as_session *s)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (xdg && *xdg == '/') return as_format(s->arena, "%s/assay/", xdg);
    return home && *home == '/' ? as_format(s->arena, "%s/.cache/assay/", home) : NULL;
}

as_status as_cache_open(as_session *s, const char *folder, as_cache **out)
{
    *out = NULL;
    if (strcmp(folder, "off") == 0) return AS_OK;
    const bool given = strcmp(folder, "auto") != 0;
    const char *path = given ? as_format(s->arena, "%s/", folder) : default_folder(s);
    as_cache *c = AS_NEW(s->arena, as_cache);
    if (!c || (given && !path)) return AS_ERR;
    c->folder = path;
    if (!path || !identify(s, c)) return AS_OK;
    if (make_folders(s, path)) {
        *out = c;
        return AS_OK;
    }
    const as_where at = { .file = path };
    return given ? as_fail(s->ctx, AS_E_IO, &at, "the cache cannot be made: %s", strerror(errno))
                 : AS_OK;
}

as_status as_cache_key(as_session *s, const as_cache *c, size_t n, const char *const *texts,
                       char key[AS_SHA256_TEXT])
{
    as_sha256 *h = as_sha256_new(s->arena);
    if (!h) return AS_ERR;
    as_sha256_add(h, c->program, sizeof c->program);
    for (size_t i = 0; i < n; i++)
        as_sha256_add(h, texts[i] ? texts[i] : "", texts[i] ? strlen(texts[i]) + 1 : 1);
    as_sha256_end(h, key);
    return AS_OK;
}

static const char *entry_path(as_session *s, const as_cache *c, const char *key, const char *suffix)
{
    const char *path = as_format(s->arena, "%s%.2s/%s.%s", c->folder, key, key + 2, suffix);
    if (!path) as_forget_error(s->ctx);
    return path;
}

/* --- what killed runs left ------------------------------------------------------------------- */

/* KEY.ecsv.PID.part, KEY.made.PID.part */
static bool is_part(const char *name)
{
    const size_t n = strlen(name), key = strspn(name, "0123456789abcdef");
    return key == AS_SHA256_TEXT - 3 && name[key] == '.' && n > 5 &&
           strcmp(name + n - 5, ".part") == 0;
}

/* Whoever writes a part holds its lock, which ends with the process, on whichever machine. A young
 * one may be about to be locked; where there are no locks one that nobody wrote to for a day is left
 * over. */
static bool is_left_over(int file)
{
    enum { YOUNG = 60, DAY = 86400 };
    struct stat st;
    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode)) return false;
    const double age = difftime(time(NULL), st.st_mtime);
    if (age < YOUNG) return false;
    return flock(file, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && age > DAY);
}

/* Parts that killed runs left in the folder of the entry at `path`: each time one is made there, so
 * that no run looks through the whole cache. Were one removed that is still written, its entry would
 * not be kept. */
static void sweep_beside(as_session *s, const char *path)
{
    char *folder = as_strdup(s->arena, path), *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash) *slash = '\0';
    DIR *d = slash ? opendir(folder) : NULL;
    if (!d) return;
    for (const struct dirent *e; (e = readdir(d));) {
        if (!is_part(e->d_name)) continue;
        const int file = openat(dirfd(d), e->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (file < 0) continue;
        if (is_left_over(file)) (void)unlinkat(dirfd(d), e->d_name, 0);
        close(file);
    }
    closedir(d);
}

/* --- entries --------------------------------------------------------------------------------- */

static const char mark[] = "#! ";

/* The last line: "#! FAILURES HASH", the hash of all before it. Cuts it off when it is right. */
static bool check_trailer(char *data, size_t *size, size_t *failures)
{
    if (*size < 2 || data[*size - 1] != '\n') return false;
    size_t line = *size - 1;
    while (line > 0 && data[line - 1] != '\n') line--;
    char hex[AS_SHA256_TEXT], *end = data + line;
    if (strncmp(end, mark, sizeof mark - 1) != 0) return false;
    *failures = strtoull(end + sizeof mark - 1, &end, 10);
    if (*end != ' ' || (size_t)(data + *size - end) != AS_SHA256_TEXT + 1) return false;
    as_sha256_of(data, line, hex);
    if (strncmp(hex, end + 1, AS_SHA256_TEXT - 1) != 0) return false;
    *size = line;
    return true;
}

static as_status read_stream(as_session *s, FILE *f, const char *name, as_sink *to)
{
    as_reader *r = as_reader_open(s->ctx, f, name);
    if (!r) return AS_ERR;
    as_table *t;
    as_more more;
    while ((more = as_reader_next(r, &t)) == AS_ITEM)
        if (as_emit(to, s->ctx, t) != AS_OK) break;
    as_reader_close(r);
    return more == AS_DONE ? AS_OK : AS_ERR;
}

/* Where the next stream of an entry begins; size: there is none. No row begins as a stream does. */
static size_t next_stream(const char *data, size_t size, size_t from)
{
    static const char first[] = "# %ECSV ";
    for (const char *at = data + from; (at = memchr(at, '\n', (size_t)(data + size - at)));) {
        at++;
        if ((size_t)(data + size - at) < sizeof first) break;
        if (memcmp(at, first, sizeof first - 1) == 0) return (size_t)(at - data);
    }
    return size;
}

/* Entries are replaced, never written to, so that what is mapped stays. */
static bool map_entry(const char *path, char **data, size_t *size)
{
    struct stat st;
    const int file = open(path, O_RDONLY);
    if (file < 0) return false;
    const bool regular = fstat(file, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
    *size = regular ? (size_t)st.st_size : 0;
    void *at = regular ? mmap(NULL, *size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    close(file);
    *data = at == MAP_FAILED ? NULL : at;
    return *data != NULL;
}

void as_cache_get(as_session *s, const as_cache *c, const char *key, as_sink *to, size_t *failures,
                  bool *found)
{
    char *data = NULL;
    size_t mapped = 0;
    const char *path = entry_path(s, c, key, "ecsv");
    *found = path && map_entry(path, &data, &mapped);
    size_t size = mapped;
    *found = *found && check_trailer(data, &size, failures) && size > 0;
    for (size_t at = 0, end; *found && at < size; at = end) {
        end = next_stream(data, size, at);
        FILE *f = fmemopen(data + at, end - at, "rb");
        const as_frame frame = as_enter(s->ctx);
        *found = f && read_stream(s, f, path, to) == AS_OK;
        if (!*found) as_forget_error(s->ctx);
        as_leave(s->ctx, frame);
        if (f) fclose(f);
    }
    if (data) munmap(data, mapped);
}

/* What is being written: streams to a file beside its place. In a context of its own, with which a
 * writer's memory goes. */
struct as_cache_entry {
    as_session *s;
    const char *path, *temporary;
    FILE *to;
    as_ctx *ctx;
    as_writer *writer;
    const char *keys; /* of the metadata of the stream's series, in their order */
    bool failed;
};

static FILE *open_passing(const char *name)
{
    sigset_t before;
    as_passing_hold(&before);
    FILE *f = fopen(name, "wbe");
    if (f) as_passing_file(name);
    as_passing_release(&before);
    return f;
}

void as_cache_begin(as_session *s, const as_cache *c, const char *key, as_cache_entry **out)
{
    as_cache_entry *e = *out = AS_NEW(s->arena, as_cache_entry);
    if (!e) {
        as_forget_error(s->ctx);
        return;
    }
    *e = (as_cache_entry){ .s = s, .path = entry_path(s, c, key, "ecsv"), .failed = true };
    if (!e->path) return;
    e->temporary = as_format(s->arena, "%s.%d.part", e->path, (int)getpid());
    if (!e->temporary) {
        as_forget_error(s->ctx);
        return;
    }
    if (!make_folders(s, e->path)) return;
    sweep_beside(s, e->path);
    if (!(e->to = open_passing(e->temporary))) return;
    (void)!flock(fileno(e->to), LOCK_EX | LOCK_NB);
    e->failed = !(e->ctx = as_ctx_new(NULL, NULL));
}

static bool end_stream(as_cache_entry *e)
{
    const bool good = !e->writer || as_writer_close(e->writer) == AS_OK;
    e->writer = NULL;
    return good;
}

static bool put_table(as_cache_entry *e, const as_table *t)
{
    if (!e->writer) e->writer = as_writer_open(e->ctx, e->to, t->kind);
    return e->writer && as_writer_put(e->writer, t) == AS_OK;
}

/* A series of other metadata than those before, or in another order, would come back with them in
 * another order: it begins a stream. */
static bool other_keys(as_cache_entry *e, const as_table *t)
{
    const char *at = e->keys;
    bool same = at != NULL;
    size_t room = 1;
    for (size_t i = 0; i < t->n_meta; i++) {
        const size_t n = strlen(t->meta[i].key) + 1;
        same = same && strncmp(at, t->meta[i].key, n - 1) == 0 && at[n - 1] == '\n';
        if (same) at += n;
        room += n;
    }
    if (same && *at == '\0') return false;
    const bool first = !e->keys;
    char *to = as_alloc(as_scratch(e->ctx), room, 1);
    e->keys = to;
    e->failed = !to;
    for (size_t i = 0; to && i < t->n_meta; i++) {
        const size_t n = strlen(t->meta[i].key);
        memcpy(to, t->meta[i].key, n);
        to[n] = '\n';
        to += n + 1;
    }
    return !first;
}

/* So does a series that cannot stand in the stream, for its units, say. */
void as_cache_add(as_cache_entry *e, const as_table *t)
{
    if (!e || e->failed) return;
    if (other_keys(e, t)) e->failed = !end_stream(e);
    if (e->failed || put_table(e, t)) return;
    e->failed = as_pending(e->ctx) == AS_E_NOMEM;
    as_forget_error(e->ctx);
    e->failed = e->failed || !end_stream(e) || !put_table(e, t);
}

void as_cache_abandon(as_cache_entry *e)
{
    if (!e || !e->to) return;
    fclose(e->to);
    e->to = NULL;
    as_ctx_free(e->ctx);
    (void)remove(e->temporary);
    as_passing_forget(e->temporary);
}

/* Whole or not at all. */
void as_cache_end(as_cache_entry *e, size_t failures)
{
    char hex[AS_SHA256_TEXT];
    if (!e || !e->to) return;
    if (!e->failed && !e->writer) e->writer = as_writer_open(e->ctx, e->to, AS_KIND_DATA);
    bool good = !e->failed && end_stream(e) && fflush(e->to) == 0 && as_sha256_of_file(e->temporary, hex);
    good = good && fprintf(e->to, "%s%zu %s\n", mark, failures, hex) > 0;
    good = fclose(e->to) == 0 && good;
    as_ctx_free(e->ctx);
    if (!good || rename(e->temporary, e->path) != 0) (void)remove(e->temporary);
    as_passing_forget(e->temporary);
    e->to = NULL;
}

/* --- hashes of tables ------------------------------------------------------------------------ */

/* What stands in the memory stream `f` so far, and it is empty again. */
static bool hash_written(as_sha256 *h, FILE *f, char *const *text, const size_t *size)
{
    if (fflush(f) != 0) return false;
    as_sha256_add(h, *text, *size);
    return fseek(f, 0, SEEK_SET) == 0;
}

/* The tables as one stream, of which no more than a piece is in memory. In a context of its own; its
 * error is handed on. */
static as_status hash_stream(as_session *s, size_t n, as_table *const *tables, as_sha256 *h)
{
    char *text = NULL;
    size_t size = 0;
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    FILE *f = ctx ? open_memstream(&text, &size) : NULL;
    if (!f) {
        as_ctx_free(ctx);
        return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
    }
    as_writer *w = as_writer_open(ctx, f, n ? tables[0]->kind : AS_KIND_DATA);
    as_status status = w ? AS_OK : AS_ERR;
    bool room = true;
    for (size_t i = 0; i < n && status == AS_OK && room; i++) {
        status = as_writer_put(w, tables[i]);
        room = hash_written(h, f, &text, &size);
    }
    if (status == AS_OK) status = as_writer_close(w);
    room = room && hash_written(h, f, &text, &size);
    if (status != AS_OK)
        (void)!as_fail(s->ctx, as_pending(ctx), NULL, "%s", as_pending_message(ctx));
    as_ctx_free(ctx);
    room = fclose(f) == 0 && room;
    free(text);
    if (status == AS_OK && !room)
        status = as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
    return status;
}

/* Series that cannot stand in one stream are hashed one by one. */
as_status as_tables_hash(as_session *s, size_t n, as_table *const *tables, char hex[AS_SHA256_TEXT])
{
    as_sha256 *h = as_sha256_new(s->arena);
    if (!h) return AS_ERR;
    as_status status = hash_stream(s, n, tables, h);
    if (status != AS_OK && as_pending(s->ctx) == AS_E_NOMEM) return AS_ERR;
    if (status != AS_OK) {
        as_forget_error(s->ctx);
        if (!(h = as_sha256_new(s->arena))) return AS_ERR;
        for (size_t i = 0; i < n; i++) AS_TRY(hash_stream(s, 1, &tables[i], h));
    }
    as_sha256_end(h, hex);
    return AS_OK;
}

/* --- files made outside ---------------------------------------------------------------------- */

bool as_cache_is_current(as_session *s, const as_cache *c, const char *key, const char *path)
{
    char hex[AS_SHA256_TEXT], *data = NULL;
    size_t size;
    const char *entry = entry_path(s, c, key, "made");
    const bool good = entry && slurp(entry, &data, &size) && size == AS_SHA256_TEXT - 1 &&
                      as_sha256_of_file(path, hex) && memcmp(hex, data, size) == 0;
    free(data);
    return good;
}

/* Whole or not at all. */
static void write_note(as_session *s, const char *path, const char *hex)
{
    const char *temporary = as_format(s->arena, "%s.%d.part", path, (int)getpid());
    if (!temporary) {
        as_forget_error(s->ctx);
        return;
    }
    if (!make_folders(s, path)) return;
    sweep_beside(s, path);
    FILE *f = open_passing(temporary);
    if (!f) return;
    bool good = fputs(hex, f) >= 0;
    good = fclose(f) == 0 && good;
    if (!good || rename(temporary, path) != 0) (void)remove(temporary);
    as_passing_forget(temporary);
}

void as_cache_note(as_session *s, const as_cache *c, const char *key, const char *path)
{
    char hex[AS_SHA256_TEXT];
    const char *entry = entry_path(s, c, key, "made");
    if (entry && as_sha256_of_file(path, hex)) write_note(s, entry, hex);
}
