/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where series come from and where they go: files of any format, streams on stdin, the stream
 * written to stdout, and tables kept for later.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detect.h"
#include "encoding.h"
#include "hash.h"
#include "messages.h"
#include "pipeline.h"
#include "sink.h"
#include "stream.h"

static as_status put_numbered(as_sink *self, as_ctx *ctx, as_table *t)
{
    as_numbering *n = (as_numbering *)(void *)self;
    t->number = n->next++;
    return as_emit(n->to, ctx, t);
}

void as_numbering_init(as_numbering *n, as_sink *to)
{
    *n = (as_numbering){ .sink = { put_numbered }, .to = to };
}

static const char stream_mark[] = "# %ECSV";

/* Does an ECSV document begin here? Nothing is consumed: glibc puts back what was just read. */
static bool begins_stream(FILE *f)
{
    char head[sizeof stream_mark];
    size_t n = 0;
    int c = 0;
    while (n < sizeof stream_mark - 1 && (c = getc(f)) != EOF) {
        head[n++] = (char)c;
        if (head[n - 1] != stream_mark[n - 1]) break;
    }
    const bool is = n == sizeof stream_mark - 1 && memcmp(head, stream_mark, n) == 0;
    while (n > 0) (void)ungetc(head[--n], f);
    return is;
}

/* A stream file with no history and no source, written by hand, say, is a source itself. */
typedef struct stream_file {
    as_sink sink, *to;
    const char *path;
    char sha256[AS_SHA256_TEXT]; /* "": not known yet */
} stream_file;

static as_status note_source(stream_file *f, as_ctx *ctx, as_table *t)
{
    const as_where at = { .file = f->path };
    if (!*f->sha256 && !as_sha256_of_file(f->path, f->sha256))
        return as_fail(ctx, AS_E_IO, &at, "cannot be read: %s", strerror(errno));
    const char *name = as_utf8_of(as_scratch(ctx), as_base_name(f->path));
    AS_TRY(name ? as_set_meta(ctx, t, "source.name", name, NULL, NULL) : AS_ERR);
    return as_set_meta(ctx, t, "source.sha256", f->sha256, NULL, NULL);
}

static as_status put_sourced(as_sink *self, as_ctx *ctx, as_table *t)
{
    stream_file *f = (stream_file *)(void *)self;
    if (t->n_steps == 0 && !as_get_meta(t, "source.sha256") && note_source(f, ctx, t) != AS_OK) {
        as_table_free(t);
        return AS_ERR;
    }
    return as_emit(f->to, ctx, t);
}

static as_status feed_series(as_session *s, FILE *f, const char *name, size_t most, as_sink *to)
{
    as_reader *r = as_reader_open(s->ctx, f, name);
    if (!r) return AS_ERR;
    as_table *t;
    as_more more = AS_DONE;
    for (size_t i = 0; i < most && (more = as_reader_next(r, &t)) == AS_ITEM; i++)
        if (as_emit(to, s->ctx, t) != AS_OK) {
            as_reader_close(r);
            return AS_ERR;
        }
    as_reader_close(r);
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

static as_status feed_stream(as_session *s, FILE *f, const char *name, as_sink *to)
{
    return feed_series(s, f, name, SIZE_MAX, to);
}

bool as_is_stream_file(const char *path)
{
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    FILE *f = fopen(path, "rb");
    const bool is = f && begins_stream(f);
    if (f) fclose(f);
    return is;
}

static as_status feed_path(as_session *s, const char *path, size_t most, as_sink *to)
{
    stream_file file = { .sink = { put_sourced }, .to = to, .path = path };
    const as_where at = { .file = path };
    FILE *f = fopen(path, "rb");
    if (!f) return as_fail(s->ctx, AS_E_IO, &at, "cannot be opened: %s", strerror(errno));
    as_input_note(s->ctx, path);
    const as_status status = feed_series(s, f, path, most, &file.sink);
    fclose(f);
    return status;
}

as_status as_feed_stream_path(as_session *s, const char *path, as_sink *to)
{
    return feed_path(s, path, SIZE_MAX, to);
}

as_status as_feed_stream_head(as_session *s, const char *path, as_sink *to)
{
    return feed_path(s, path, 1, to);
}

bool as_is_stream_input(const as_input *in)
{
    return in->size > 0 && as_is_stream(in->data, in->size);
}

as_status as_feed_stream_file(as_session *s, const as_input *in, as_sink *to)
{
    stream_file f = { .sink = { put_sourced }, .to = to, .path = in->name };
    return as_feed_stream_input(s, in, &f.sink);
}

as_status as_feed_stream_input(as_session *s, const as_input *in, as_sink *to)
{
    as_gather *all;
    AS_TRY(as_gather_new(s, &all));
    FILE *f = fmemopen((void *)(uintptr_t)in->data, in->size, "rb");
    if (!f) return as_fail(s->ctx, AS_E_NOMEM, NULL, "out of memory");
    as_status status = feed_stream(s, f, in->name, &all->sink);
    fclose(f);
    for (size_t i = 0; i < all->n && status == AS_OK; i++) status = as_emit(to, s->ctx, all->t[i]);
    return status;
}

/* What is left of a pipe, some of which may stand in the buffer already. */
static as_status open_rest(as_session *s, FILE *f, const char *name, const as_input **out)
{
    size_t room = 1 << 16, n = 0;
    char *bytes = as_alloc(as_scratch(s->ctx), room, 1);
    while (bytes && !feof(f) && !ferror(f)) {
        n += fread(bytes + n, 1, room - n, f);
        if (n < room) continue;
        char *wider = as_alloc(as_scratch(s->ctx), 2 * room, 1);
        if (wider) memcpy(wider, bytes, n);
        bytes = wider;
        room *= 2;
    }
    if (!bytes) return AS_ERR;
    const as_where at = { .file = name };
    if (ferror(f)) return as_fail(s->ctx, AS_E_IO, &at, "cannot be read: %s", strerror(errno));
    return as_input_of_bytes(s->ctx, name, bytes, n, out);
}

/* pipe: what cannot be opened a second time; NULL: a file. */
static as_status feed_instrument(as_session *s, FILE *pipe, const char *path, as_sink *to)
{
    const as_input *in;
    AS_TRY(pipe ? open_rest(s, pipe, path, &in) : as_input_open(s->ctx, path, &in));
    const as_read_options how = { .loader = &s->loader };
    return as_read_input(s->ctx, in, &how, to);
}

static const char *placed(as_session *s, const char *path)
{
    return s->folder && path[0] != '/' && strcmp(path, "-") != 0
               ? as_format(s->arena, "%s/%s", s->folder, path)
               : path;
}

static as_status feed_one(as_session *s, const char *path, as_sink *to)
{
    if (strcmp(path, "-") == 0)
        return begins_stream(stdin) ? feed_stream(s, stdin, "stdin", to)
                                    : feed_instrument(s, stdin, "stdin", to);
    path = placed(s, path);
    if (!path) return AS_ERR;
    FILE *f = fopen(path, "rb");
    const as_where at = { .file = path };
    if (!f) return as_fail(s->ctx, AS_E_IO, &at, "cannot be opened: %s", strerror(errno));
    struct stat facts;
    stream_file file = { .sink = { put_sourced }, .to = to, .path = path };
    const bool is_stream = begins_stream(f), pipe = fstat(fileno(f), &facts) == 0 && S_ISFIFO(facts.st_mode);
    if (is_stream && !pipe) as_input_note(s->ctx, path);
    as_status status = is_stream ? feed_stream(s, f, path, pipe ? to : &file.sink) : AS_OK;
    if (pipe && !is_stream) status = feed_instrument(s, f, path, to);
    fclose(f);
    return pipe || is_stream ? status : feed_instrument(s, NULL, path, to);
}

/* answer: NULL, or what as_feed_each says. */
static as_status feed_all(as_session *s, size_t n, const as_word *files, as_sink *to, int *answer)
{
    as_numbering number;
    as_progress batch;
    as_progress_begin(&batch, s);
    as_numbering_init(&number, to);
    const as_word standard = { .text = "-" };
    const as_word *all = n ? files : &standard;
    if (n == 0) AS_TRY(as_stdin_piped(s));
    for (size_t i = 0; i < (n ? n : 1); i++) {
        const as_frame frame = as_enter(s->ctx);
        const as_status status = feed_one(s, all[i].text, &number.sink);
        as_leave(s->ctx, frame);
        if (status != AS_OK) {
            if (!answer || !as_is_of_file(s)) return AS_ERR;
            if (*answer == 0) *answer = as_exit_status(as_pending(s->ctx));
            as_flush_error(s->ctx);
        }
        if (n > 1) as_progress_show(&batch, "files", i + 1, n);
    }
    as_progress_end(&batch);
    return AS_OK;
}

as_status as_feed(as_session *s, size_t n, const as_word *files, as_sink *to)
{
    return feed_all(s, n, files, to, NULL);
}

as_status as_feed_each(as_session *s, size_t n, const as_word *files, as_sink *to, int *answer)
{
    return feed_all(s, n, files, to, answer);
}

/* --- sinks --------------------------------------------------------------------------- */

struct as_stream_sink {
    as_sink sink;
    as_session *session;
    FILE *to;
    as_writer *writer; /* opened before any frame, so that none takes it away */
};

static as_status put_stream(as_sink *self, as_ctx *ctx, as_table *t)
{
    as_stream_sink *k = (as_stream_sink *)(void *)self;
    const as_status status = as_writer_put(k->writer, t);
    (void)ctx;
    as_table_free(t);
    return status;
}

as_status as_stream_sink_new(as_session *s, FILE *to, as_stream_sink **out)
{
    *out = AS_NEW(s->arena, as_stream_sink);
    if (!*out) return AS_ERR;
    **out = (as_stream_sink){ .sink = { put_stream }, .session = s, .to = to };
    (*out)->writer = as_writer_open(s->ctx, to, AS_KIND_DATA);
    return (*out)->writer ? AS_OK : AS_ERR;
}

as_sink *as_stream_sink_in(as_stream_sink *k)
{
    return &k->sink;
}

as_status as_stream_sink_close(as_stream_sink *k)
{
    return as_writer_close(k->writer);
}

static as_status put_gather(as_sink *self, as_ctx *ctx, as_table *t)
{
    as_gather *g = (as_gather *)(void *)self;
    const as_frame frame = as_enter(ctx);
    as_own(ctx, t);
    const bool rowless = g->rowless && t->kind == AS_KIND_DATA;
    if (rowless || as_table_is_loose(t)) {
        as_table *first = t;
        t = rowless ? as_table_copy_rowless(ctx, first) : as_table_copy(ctx, first);
        as_table_free(first);
    }
    as_hold(ctx, frame, g->holder);
    as_leave(ctx, frame);
    if (!t) return AS_ERR;
    as_table **wider = as_grow(g->arena, g->t, g->n, sizeof *wider);
    if (!wider) return AS_ERR;
    g->t = wider;
    g->t[g->n++] = t;
    return AS_OK;
}

as_status as_gather_new(as_session *s, as_gather **out)
{
    *out = AS_NEW(s->arena, as_gather);
    if (!*out) return AS_ERR;
    **out = (as_gather){ .sink = { put_gather }, .arena = s->arena };
    return as_holder_new(s, &(*out)->holder);
}
