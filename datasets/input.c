/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens foreign files: bytes into memory, compressions off, text to UTF-8, containers listed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container.h"
#include "ctx.h"
#include "encoding.h"
#include "input_private.h"

enum { DEEPEST = 4, RATIO = 200 };
static const uint64_t ALWAYS_ALLOWED = (uint64_t)64 << 20;

typedef enum { PLAIN, ARCHIVE, OLE } container_kind;

/* An input and what only this file may see of it. Members and companions share the arena. */
typedef struct box {
    as_input in;
    as_arena *arena;
    char *text;
    size_t skipped; /* bytes of the empty lines before in.data */
    container_kind kind;
    const as_entry *entry;
    size_t n_entries;
    struct box **opened; /* by entry; NULL: not yet */
    void *cursor;
    const struct box *parent; /* the container it is a member of */
    const char *member;       /* its name there */
    struct box *beside, *next_beside;
    int depth;
} box;

static box *box_of(const as_input *in)
{
    return (box *)(uintptr_t)in; /* the input is the box's first member; boxes are writable */
}

/* --- names ------------------------------------------------------------------ */
const char *as_base_name(const char *name)
{
    const char *base = name;
    for (const char *p = name; *p; p++)
        if ((*p == '/' || *p == '!') && p[1]) base = p + 1;
    return base;
}

const char *as_stem(as_arena *a, const char *name)
{
    const char *base = as_base_name(name), *dot = strrchr(base, '.');
    return as_strndup(a, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

void as_suffix(const char *name, char out[16])
{
    const char *base = as_base_name(name), *dot = strrchr(base, '.');
    size_t n = 0;
    for (; dot && dot[1 + n] && n < 15; n++) {
        const char c = dot[1 + n];
        out[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    out[n] = '\0';
}

/* --- what the bytes are ------------------------------------------------------ */
static bool begins(const as_input *in, const char *magic, size_t n)
{
    return in->size >= n && memcmp(in->data, magic, n) == 0;
}

static bool is_compressed(const as_input *in)
{
    return begins(in, "\x1f\x8b\x08", 3) || begins(in, "\xfd" "7zXZ\0", 6) ||
           begins(in, "\x28\xb5\x2f\xfd", 4) ||
           (begins(in, "BZh", 3) && in->size > 9 && memcmp(in->data + 4, "1AY&SY", 6) == 0);
}

static container_kind kind_of(const as_input *in)
{
    if (begins(in, "PK\3\4", 4) || begins(in, "PK\5\6", 4)) return ARCHIVE;
    if (in->size >= 512 && memcmp(in->data + 257, "ustar", 5) == 0) return ARCHIVE;
    if (begins(in, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8)) return OLE;
    return PLAIN;
}

static as_packed packed(const box *b)
{
    return (as_packed){ .name = b->in.name,
                        .data = b->in.data,
                        .size = b->in.size,
                        .most = ALWAYS_ALLOWED + RATIO * (uint64_t)b->in.size };
}

/* "x.xy.gz" is shown as "x.xy", "x.tgz" as "x.tar"; other names stay. */
static const char *unwrapped_name(as_arena *a, const char *name)
{
    static const struct { const char *suffix, *instead; } known[] = {
        { ".gz", "" }, { ".bz2", "" }, { ".xz", "" }, { ".zst", "" },
        { ".tgz", ".tar" }, { ".tbz2", ".tar" }, { ".txz", ".tar" },
    };
    const size_t n = strlen(name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t length = strlen(known[i].suffix);
        if (n > length && as_same(name + n - length, known[i].suffix))
            return as_format(a, "%.*s%s", (int)(n - length), name, known[i].instead);
    }
    return name;
}

static as_status unwrap(as_ctx *ctx, box *b)
{
    for (int depth = 0; is_compressed(&b->in); depth++) {
        const as_where where = { .file = b->in.name };
        if (depth == DEEPEST)
            return as_fail(ctx, AS_E_LIMIT, &where, "compressed more than %d times", DEEPEST);
        const as_container *library = as_container_open(ctx);
        if (!library) return AS_ERR;
        const as_packed from = packed(b);
        unsigned char *data;
        AS_TRY(library->unwrap(ctx, b->arena, &from, &data, &b->in.size));
        b->in.data = data;
        b->in.name = unwrapped_name(b->arena, b->in.name);
        if (!b->in.name) return AS_ERR;
    }
    return AS_OK;
}

/* A zip ends with a record of 22 bytes and a comment; without it the file was cut, although
 * its members could be found one after the other. */
static bool has_zip_end(const as_input *in)
{
    enum { RECORD = 22, COMMENT = 65535 };
    if (in->size < RECORD) return false;
    for (size_t back = RECORD; back <= in->size && back <= RECORD + COMMENT; back++)
        if (memcmp(in->data + in->size - back, "PK\5\6", 4) == 0) return true;
    return false;
}

static as_status list_members(as_ctx *ctx, box *b)
{
    const as_where where = { .file = b->in.name };
    if (begins(&b->in, "PK", 2) && !has_zip_end(&b->in))
        return as_fail(ctx, AS_E_TRUNCATED, &where, "the end of the zip is missing");
    const as_container *library = b->kind == OLE ? as_ole_open(ctx) : as_container_open(ctx);
    if (!library) return AS_ERR;
    const as_packed from = packed(b);
    AS_TRY(library->list(ctx, b->arena, &from, &b->entry, &b->n_entries));
    b->opened = AS_NEW_N(b->arena, box *, b->n_entries);
    return b->opened ? AS_OK : AS_ERR;
}

/* Lines that end with a lone CR, as those of old Macintoshes, end with LF for all who read them:
 * places stay. What has any LF keeps its line ends. */
static as_status end_lines(box *b)
{
    b->in.lone_cr = !memchr(b->in.data, '\n', b->in.size) && memchr(b->in.data, '\r', b->in.size);
    if (!b->in.lone_cr) return AS_OK;
    unsigned char *data = as_alloc(b->arena, b->in.size + AS_PAD, 1);
    if (!data) return AS_ERR;
    for (size_t i = 0; i < b->in.size; i++)
        data[i] = b->in.data[i] == '\r' ? '\n' : b->in.data[i];
    b->in.data = data;
    return AS_OK;
}

static as_status to_utf8(as_ctx *ctx, box *b)
{
    const as_encoding found = as_encoding_of(b->in.data, b->in.size);
    if (!found.name) return AS_OK;
    b->in.is_text = true;
    b->in.encoding = found.name;
    b->in.encoding_doubtful = found.doubtful;
    const bool as_it_is = strcmp(found.name, "ASCII") == 0 || strcmp(found.name, "UTF-8") == 0;
    unsigned char *data;
    if (as_it_is) {
        b->in.data += found.bom;
        b->in.size -= found.bom;
    } else {
        AS_TRY(as_decode(ctx, b->arena, found, b->in.data, b->in.size, &data, &b->in.size));
        b->in.data = data;
    }
    while (b->in.size > 0 && (b->in.data[b->in.size - 1] == 0 || b->in.data[b->in.size - 1] == 26))
        b->in.size--; /* what old systems fill the last block with */
    return end_lines(b);
}

/* From raw bytes, which lie in the arena with AS_PAD zeros behind, to what a parser sees. */
static as_status prepare(as_ctx *ctx, box *b)
{
    b->in.data = b->in.raw;
    b->in.size = b->in.raw_size;
    AS_TRY(unwrap(ctx, b));
    b->in.raw = b->in.data;
    b->in.raw_size = b->in.size;
    b->kind = kind_of(&b->in);
    if (b->kind != PLAIN) return list_members(ctx, b);
    return to_utf8(ctx, b);
}

static void free_arena(void *arena)
{
    as_arena_free(arena);
}

static box *new_box(as_ctx *ctx, as_arena *arena, const char *name)
{
    if (!arena) {
        arena = as_arena_new(ctx, as_ctx_limit_of(ctx));
        if (!arena || as_defer(as_scratch(ctx), free_arena, arena) != AS_OK) return NULL;
    }
    as_arena_adopt(arena, ctx);
    box *b = AS_NEW(arena, box);
    if (!b) return NULL;
    b->arena = arena;
    b->in.name = as_strdup(arena, name);
    return b->in.name ? b : NULL;
}

/* --- opening ------------------------------------------------------------------ */
static as_status refused(as_ctx *ctx, const char *name)
{
    const int number = errno;
    char text[128] = "";
    const as_where where = { .file = name };
    if (strerror_r(number, text, sizeof text) != 0) text[0] = '\0';
    return as_fail(ctx, number == ENOMEM ? AS_E_NOMEM : AS_E_IO, &where, "cannot read it: %s",
                   text[0] ? text : "the system refused");
}

static as_status read_pipe(as_ctx *ctx, int fd, box *b)
{
    const as_frame frame = as_enter(ctx);
    as_heap heap = { .most = as_ctx_limit_of(ctx) };
    as_status status = AS_OK;
    for (;;) {
        size_t room;
        unsigned char *at = as_heap_room(ctx, &heap, &room);
        const ssize_t n = at ? read(fd, at, room) : 0;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) status = refused(ctx, b->in.name);
        if (!at) status = AS_ERR;
        if (n <= 0) break;
        as_heap_used(&heap, (size_t)n);
    }
    if (status == AS_OK) {
        b->in.raw = as_heap_join(b->arena, &heap);
        b->in.raw_size = heap.size;
        if (!b->in.raw) status = AS_ERR;
    }
    as_leave(ctx, frame);
    return status;
}

static as_status read_file(as_ctx *ctx, int fd, uint64_t size, box *b)
{
    const as_where where = { .file = b->in.name };
    if (size > as_ctx_limit_of(ctx) - AS_PAD)
        return as_fail(ctx, AS_E_LIMIT, &where, "it is larger than the limit of memory");
    unsigned char *data = as_alloc(b->arena, (size_t)size + AS_PAD, 1);
    if (!data) return AS_ERR;
    size_t at = 0;
    while (at < size) {
        const ssize_t n = read(fd, data + at, (size_t)size - at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return refused(ctx, b->in.name);
        if (n == 0) break; /* it became shorter */
        at += (size_t)n;
    }
    b->in.raw = data;
    b->in.raw_size = at;
    return AS_OK;
}

static as_status read_all(as_ctx *ctx, int fd, box *b)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return refused(ctx, b->in.name);
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return refused(ctx, b->in.name);
    }
    if (S_ISREG(st.st_mode) && st.st_size > 0) return read_file(ctx, fd, (uint64_t)st.st_size, b);
    return read_pipe(ctx, fd, b);
}

void as_input_note(as_ctx *ctx, const char *path)
{
    if (ctx->opened) ctx->opened(ctx->opened_user, path);
}

static as_status open_path(as_ctx *ctx, as_arena *arena, const char *path, box **out)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    box *b = new_box(ctx, arena, is_stdin ? "stdin" : path);
    if (!b) return AS_ERR;
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return refused(ctx, path);
    const as_status status = read_all(ctx, fd, b);
    if (!is_stdin) (void)close(fd);
    if (status != AS_OK) return AS_ERR;
    if (!is_stdin) as_input_note(ctx, path);
    AS_TRY(prepare(ctx, b));
    *out = b;
    return AS_OK;
}

void as_watch_inputs(as_ctx *ctx, void (*opened)(void *user, const char *path), void *user)
{
    ctx->opened = opened;
    ctx->opened_user = user;
}

as_status as_input_open(as_ctx *ctx, const char *path, const as_input **out)
{
    box *b;
    AS_TRY(open_path(ctx, NULL, path, &b));
    *out = &b->in;
    return AS_OK;
}

as_status as_input_of_bytes(as_ctx *ctx, const char *name, const void *bytes, size_t size,
                            const as_input **out)
{
    box *b = new_box(ctx, NULL, name);
    unsigned char *data = b && size <= SIZE_MAX - AS_PAD ? as_alloc(b->arena, size + AS_PAD, 1)
                                                         : NULL;
    if (!data) return AS_ERR;
    if (size) memcpy(data, bytes, size);
    b->in.raw = data;
    b->in.raw_size = size;
    AS_TRY(prepare(ctx, b));
    *out = &b->in;
    return AS_OK;
}

char *as_input_text(as_ctx *ctx, const as_input *in)
{
    box *b = box_of(in);
    if (b->text) return b->text;
    as_arena_adopt(b->arena, ctx);
    b->text = as_strndup(b->arena, (const char *)in->data, in->size);
    return b->text;
}

bool as_skip_empty_lines(const as_input *in)
{
    box *b = box_of(in);
    size_t from = 0;
    uint32_t lines = 0;
    if (!in->is_text || in->lines_before) return false;
    for (size_t i = 0; i < in->size && strchr(" \t\r\n", in->data[i]); i++)
        if (in->data[i] == '\n') {
            from = i + 1;
            lines++;
        }
    if (lines == 0) return false;
    b->skipped = from;
    b->in.lines_before = lines;
    b->in.data += from;
    b->in.size -= from;
    b->text = NULL;
    return true;
}

void as_restore_empty_lines(const as_input *in)
{
    box *b = box_of(in);
    b->in.data -= b->skipped;
    b->in.size += b->skipped;
    b->in.lines_before = 0;
    b->skipped = 0;
    b->text = NULL;
}

/* --- members and companions ---------------------------------------------------- */
size_t as_members(const as_input *in, const as_entry **out)
{
    const box *b = box_of(in);
    if (out) *out = b->entry;
    return b->n_entries;
}

static bool find_member(const box *b, const char *name, size_t *index)
{
    for (size_t i = 0; i < b->n_entries; i++)
        if (strcmp(b->entry[i].name, name) == 0) return *index = i, true;
    for (size_t i = 0; i < b->n_entries; i++)
        if (as_same(b->entry[i].name, name)) return *index = i, true;
    return false;
}

static as_status open_entry(as_ctx *ctx, box *b, size_t index, box **out)
{
    const as_where where = { .file = b->in.name };
    if (b->depth + 1 > DEEPEST)
        return as_fail(ctx, AS_E_LIMIT, &where, "containers inside containers, more than %d deep",
                       DEEPEST);
    as_arena_adopt(b->arena, ctx);
    const char *name = as_format(b->arena, "%s!%s", b->in.name, b->entry[index].name);
    box *m = name ? new_box(ctx, b->arena, name) : NULL;
    const as_container *library = b->kind == OLE ? as_ole_open(ctx) : as_container_open(ctx);
    if (!m || !library) return AS_ERR;
    m->depth = b->depth + 1;
    m->parent = b;
    m->member = b->entry[index].name;
    as_packed from = packed(b);
    from.name = m->in.name;
    unsigned char *data;
    AS_TRY(library->extract(ctx, b->arena, &from, &b->cursor, index, &data, &m->in.raw_size));
    m->in.raw = data;
    AS_TRY(prepare(ctx, m));
    *out = m;
    return AS_OK;
}

as_status as_open_member(as_ctx *ctx, const as_input *in, const char *name, const as_input **out)
{
    box *b = box_of(in);
    size_t index;
    if (!find_member(b, name, &index)) {
        const as_where where = { .file = in->name };
        return as_fail(ctx, AS_E_MISSING, &where, "no '%s' in it", name);
    }
    if (!b->opened[index]) AS_TRY(open_entry(ctx, b, index, &b->opened[index]));
    *out = &b->opened[index]->in;
    return AS_OK;
}

/* `name` in the folder of `of`. */
static const char *in_folder_of(as_arena *a, const char *of, const char *name)
{
    const char *slash = strrchr(of, '/');
    return as_format(a, "%.*s%s", slash ? (int)(slash - of + 1) : 0, of, name);
}

/* The same, or where there is no such file the one that differs from it in case only, the first of
 * them: files come from systems that do not mind case, and their names change on the way. */
static const char *path_beside(as_arena *a, const char *of, const char *name)
{
    const char *path = in_folder_of(a, of, name), *folder = in_folder_of(a, of, ".");
    if (!path || !folder || access(path, F_OK) == 0) return path;
    DIR *entries = opendir(folder);
    if (!entries) return path;
    const char *found = NULL;
    for (struct dirent *e; (e = readdir(entries)) != NULL;) {
        if (!as_same(e->d_name, name) || (found && strcmp(found, e->d_name) <= 0)) continue;
        found = as_strdup(a, e->d_name);
        if (!found) break;
    }
    closedir(entries);
    return found ? in_folder_of(a, of, found) : path;
}

as_status as_open_beside(as_ctx *ctx, const as_input *in, const char *name, const as_input **out)
{
    box *b = box_of(in);
    const as_where where = { .file = in->name };
    if (!name[0] || strcmp(name, "-") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        strpbrk(name, "/\\"))
        return as_fail(ctx, AS_E_SYNTAX, &where, "'%s' is no name of a file beside it", name);
    as_arena_adopt(b->arena, ctx);
    const char *path = b->parent ? in_folder_of(b->arena, b->member, name)
                                 : path_beside(b->arena, in->name, name);
    if (!path) return AS_ERR;
    if (b->parent) return as_open_member(ctx, &b->parent->in, path, out);
    name = as_base_name(path);
    for (box *c = b->beside; c; c = c->next_beside)
        if (strcmp(as_base_name(c->in.name), name) == 0) return *out = &c->in, AS_OK;
    if (access(path, F_OK) != 0)
        return as_fail(ctx, AS_E_MISSING, &where, "'%s' does not lie beside it", name);
    box *c;
    AS_TRY(open_path(ctx, b->arena, path, &c));
    c->next_beside = b->beside;
    b->beside = c;
    *out = &c->in;
    return AS_OK;
}
