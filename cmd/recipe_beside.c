/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a format opens beside the file that was named (the image of a header, say): found by reading. For
 * programs that want to know all inputs before anything runs.
 */
#include <stdio.h>
#include <string.h>

#include "messages.h"
#include "reading.h"
#include "recipe_run.h"

typedef struct beside {
    as_arena *arena;
    size_t n, n_named;
    const as_word *named;
    const char **file;
    bool no_memory;
} beside;

static void note(void *user, const char *path)
{
    beside *b = user;
    for (size_t i = 0; i < b->n_named; i++)
        if (strcmp(b->named[i].text, path) == 0) return;
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->file[i], path) == 0) return;
    const char **wider = as_grow(b->arena, b->file, b->n, sizeof *wider), *copy = as_strdup(b->arena, path);
    b->no_memory |= !wider || !copy;
    if (!wider) return;
    b->file = wider;
    if (copy) b->file[b->n++] = copy;
}

static as_status drop(as_sink *self, as_ctx *ctx, as_table *t)
{
    (void)self, (void)ctx;
    as_table_free(t);
    return AS_OK;
}

/* As the recipe reads it; what is wrong with a file is said when it is run. */
static as_status read_all(as_session *s, const as_recipe_input *in, size_t n, const as_word *files, beside *b)
{
    as_read_settings how = { 0 };
    as_sink nowhere = { .put = drop };
    as_watch_inputs(s->ctx, note, b);
    as_status status =
        as_settings_read(s->ctx, s->arena, as_read_params, in->n_read, in->read, &s->loader, &how);
    for (size_t i = 0; i < n && status == AS_OK; i++) {
        status = as_read_paths(s, &how, 1, &files[i], NULL, &nowhere);
        if (status == AS_OK || as_pending(s->ctx) == AS_E_NOMEM) continue;
        as_forget_error(s->ctx);
        status = AS_OK;
    }
    as_watch_inputs(s->ctx, NULL, NULL);
    return status;
}

as_status as_recipe_beside(as_session *s, const as_recipe_input *in, size_t n, const as_word *files,
                           size_t *n_beside, const char ***out)
{
    beside b = { .arena = s->arena, .named = files, .n_named = n };
    FILE *to = s->messages->to, *nowhere = fopen("/dev/null", "w");
    const size_t warnings = s->messages->warnings;
    if (nowhere) s->messages->to = nowhere; /* warnings come when it is run */
    const as_status status = read_all(s, in, n, files, &b);
    s->messages->to = to;
    s->messages->warnings = warnings;
    if (nowhere) (void)fclose(nowhere);
    *n_beside = b.n;
    *out = b.file;
    return b.no_memory ? as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for the names of files") : status;
}
