/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache of recipes' steps. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static bool add_file(as_sha256 *h, const char *path)
{
    char *data;
    size_t size;
    const bool good = slurp(path, &data, &size);
    if (good) as_sha256_add(h, data, size);
    free(data);
    return good;
}

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
    for (size_t i = 0; i < n; i++) (void)add_file(h, names[i]);
}

static bool identify(as_session *s, as_cache *c)
{
    char path[4096];
    const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    as_sha256 *h = as_sha256_new(s->arena);
    if (n <= 0 || !h) return false;
    path[n] = '\0';
    if (!add_file(h, path)) return false;
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

void as_cache_get(as_session *s, const as_cache *c, const char *key, as_sink *to, size_t *failures,
                  bool *found)
{
    char *data = NULL;
    size_t size = 0;
    const char *path = entry_path(s, c, key, "ecsv");
    *found = path && slurp(path, &data, &size) && check_trailer(data, &size, failures) && size > 0;
    for (size_t at = 0, end; *found && at < size; at = end) {
        end = next_stream(data, size, at);
        FILE *f = fmemopen(data + at, end - at, "rb");
        const as_frame frame = as_enter(s->ctx);
        *found = f && read_stream(s, f, path, to) == AS_OK;
        if (!*found) as_forget_error(s->ctx);
        as_leave(s->ctx, frame);
        if (f) fclose(f);
    }
    free(data);
}

/* The tables as one stream, to be freed. In a context of its own, with which a writer's memory
 * goes; its error is handed on. */
static as_status tables_text(as_session *s, size_t n, as_table *const *tables, char **text,
                             size_t *size)
{
    *text = NULL;
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    FILE *f = ctx ? open_memstream(text, size) : NULL;
    if (!f) {
        as_ctx_free(ctx);
        return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
    }
    as_writer *w = as_writer_open(ctx, f, n ? tables[0]->kind : AS_KIND_DATA);
    as_status status = w ? AS_OK : AS_ERR;
    for (size_t i = 0; i < n && status == AS_OK; i++) status = as_writer_put(w, tables[i]);
    if (status == AS_OK) status = as_writer_close(w);
    if (status != AS_OK)
        (void)!as_fail(s->ctx, as_pending(ctx), NULL, "%s", as_pending_message(ctx));
    as_ctx_free(ctx);
    if (fclose(f) != 0 && status == AS_OK)
        status = as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
    return status;
}

/* The tables as one stream each: series that cannot stand in one, for their units, say. */
static as_status streams_text(as_session *s, size_t n, as_table *const *tables, char **text, size_t *size)
{
    FILE *all = open_memstream(text, size);
    as_status status = AS_OK;
    if (!all) return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
    for (size_t i = 0; i < n && status == AS_OK; i++) {
        char *one;
        size_t length;
        status = tables_text(s, 1, &tables[i], &one, &length);
        if (status == AS_OK && fwrite(one, 1, length, all) != length)
            status = as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
        free(one);
    }
    if (fclose(all) != 0 && status == AS_OK)
        status = as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a stream");
    return status;
}

/* Whole or not at all. */
static void write_entry(as_session *s, const char *path, const char *text, size_t size,
                        const char *last)
{
    const char *temporary = as_format(s->arena, "%s.%d.part", path, (int)getpid());
    if (!temporary) {
        as_forget_error(s->ctx);
        return;
    }
    if (!make_folders(s, path)) return;
    FILE *f = fopen(temporary, "wb");
    if (!f) return;
    bool good = fwrite(text, 1, size, f) == size && fputs(last, f) >= 0;
    good = fclose(f) == 0 && good;
    if (!good || rename(temporary, path) != 0) (void)remove(temporary);
}

void as_cache_put(as_session *s, const as_cache *c, const char *key, size_t n,
                  as_table *const *tables, size_t failures)
{
    char *text, hex[AS_SHA256_TEXT], last[128];
    size_t size;
    const char *path = entry_path(s, c, key, "ecsv");
    if (!path) return;
    as_status status = tables_text(s, n, tables, &text, &size);
    if (status != AS_OK && as_pending(s->ctx) != AS_E_NOMEM) {
        as_forget_error(s->ctx);
        free(text);
        text = NULL;
        status = streams_text(s, n, tables, &text, &size);
    }
    if (status == AS_OK) {
        as_sha256_of(text, size, hex);
        (void)snprintf(last, sizeof last, "%s%zu %s\n", mark, failures, hex);
        write_entry(s, path, text, size, last);
    } else {
        as_forget_error(s->ctx);
    }
    free(text);
}

/* Series that cannot stand in one stream are hashed one by one. */
as_status as_tables_hash(as_session *s, size_t n, as_table *const *tables, char hex[AS_SHA256_TEXT])
{
    as_sha256 *h = as_sha256_new(s->arena);
    char *text;
    size_t size;
    if (!h) return AS_ERR;
    as_status status = tables_text(s, n, tables, &text, &size);
    if (status == AS_OK) as_sha256_add(h, text, size);
    free(text);
    if (status != AS_OK && as_pending(s->ctx) == AS_E_NOMEM) return AS_ERR;
    for (size_t i = 0; status != AS_OK && i < n; i++) {
        as_forget_error(s->ctx);
        const as_status one = tables_text(s, 1, &tables[i], &text, &size);
        if (one == AS_OK) as_sha256_add(h, text, size);
        free(text);
        AS_TRY(one);
    }
    as_sha256_end(h, hex);
    return AS_OK;
}

/* --- files made outside ---------------------------------------------------------------------- */

static bool file_hash(const char *path, char hex[AS_SHA256_TEXT])
{
    char *data;
    size_t size;
    const bool good = slurp(path, &data, &size);
    if (good) as_sha256_of(data, size, hex);
    free(data);
    return good;
}

bool as_cache_is_current(as_session *s, const as_cache *c, const char *key, const char *path)
{
    char hex[AS_SHA256_TEXT], *data = NULL;
    size_t size;
    const char *entry = entry_path(s, c, key, "made");
    const bool good = entry && slurp(entry, &data, &size) && size == AS_SHA256_TEXT - 1 &&
                      file_hash(path, hex) && memcmp(hex, data, size) == 0;
    free(data);
    return good;
}

void as_cache_note(as_session *s, const as_cache *c, const char *key, const char *path)
{
    char hex[AS_SHA256_TEXT];
    const char *entry = entry_path(s, c, key, "made");
    if (entry && file_hash(path, hex)) write_entry(s, entry, hex, AS_SHA256_TEXT - 1, "");
}
