/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and tables that parameters name: opened here, hashed for the history, kept as long as
 * the session.
 */
#include <string.h>

#include "hash.h"
#include "loader.h"
#include "name_list.h"
#include "pipeline.h"

static as_session *session_of(const as_loader *l)
{
    return (as_session *)(void *)((unsigned char *)(void *)(uintptr_t)l -
                                  offsetof(as_session, loader));
}

static as_status note_hash(as_session *s, const as_input *in)
{
    char hex[AS_SHA256_TEXT];
    as_sha256_of(in->raw ? in->raw : in->data, in->raw ? in->raw_size : in->size, hex);
    s->loaded = s->loaded ? as_format(s->arena, "%s %s", s->loaded, hex) : as_strdup(s->arena, hex);
    return s->loaded ? AS_OK : AS_ERR;
}

static const char *placed(as_session *s, const char *path)
{
    return s->folder && path[0] != '/' && strcmp(path, "-") != 0
               ? as_format(s->arena, "%s/%s", s->folder, path)
               : path;
}

/* Not inside a frame: what is loaded stays until the context goes. */
static as_status load_file(const as_loader *self, as_ctx *ctx, const as_word *word,
                           const as_input **out)
{
    as_session *s = session_of(self);
    const char *path = placed(s, word->text);
    if (!path) return AS_ERR;
    if (as_input_open(ctx, path, out) != AS_OK)
        return as_while(ctx, "opening what an option names: %s", word->text);
    return note_hash(s, *out);
}

static as_status load_tables(const as_loader *self, as_ctx *ctx, const as_word *word,
                             as_tables *out)
{
    as_session *s = session_of(self);
    as_gather *all;
    const as_input *in;
    as_table *list;
    AS_TRY(load_file(self, ctx, word, &in));
    AS_TRY(as_gather_new(s, &all));
    AS_TRY(as_name_list(ctx, in, &list));
    AS_TRY(list ? as_emit(&all->sink, ctx, list) : as_feed(s, 1, word, &all->sink));
    *out = (as_tables){ .from = as_strdup(s->arena, word->text),
                        .n = all->n,
                        .t = (const as_table *const *)all->t };
    return out->from ? AS_OK : AS_ERR;
}

void as_loader_init(as_session *s)
{
    s->loader = (as_loader){ .file = load_file, .tables = load_tables };
}
