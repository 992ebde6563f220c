/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one command that every figure kind is: series in, a page out, with what it was made from
 * written into it.
 */
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "json.h"
#include "pipeline.h"
#include "provenance.h"
#include "render.h"

static const char *suffix_of(const char *file)
{
    const char *dot = strrchr(file, '.'), *slash = strrchr(file, '/');
    return dot && (!slash || dot > slash) ? dot + 1 : "";
}

static as_status write_one(as_session *s, const as_canvas *canvas, const as_page *page,
                           const char *suffix)
{
    AS_TRY(as_output_open(s));
    AS_TRY(as_canvas_write(s->ctx, canvas, page, suffix, s->out));
    return as_output_commit(s);
}

as_status as_figure_write(as_session *s, const as_figure *figure, const void *settings,
                          const char *text, size_t n, const as_table *const *tables,
                          const as_texts *files)
{
    as_canvas *canvas;
    as_page page;
    AS_TRY(as_figure_draw(s->ctx, figure, settings, n, tables, s->arena, &canvas, &page));
    page.provenance = as_provenance(s->arena, figure->name, text, n, tables);
    if (!page.provenance) return AS_ERR;
    if (files->n == 0) {
        s->output = NULL;
        return write_one(s, canvas, &page, "svg");
    }
    for (size_t i = 0; i < files->n; i++) {
        s->output = files->v[i];
        AS_TRY(write_one(s, canvas, &page, suffix_of(files->v[i])));
    }
    return AS_OK;
}

/* A back end for every file, before anything is read or drawn. */
static as_status check_suffixes(as_session *s)
{
    for (size_t i = 0; i < s->outputs.n; i++)
        if (!as_backend_find(suffix_of(s->outputs.v[i]))) {
            char known[64] = "";
            for (size_t b = 0, at = 0; as_backends[b]; b++)
                at += (size_t)snprintf(known + at, sizeof known - at, "%s.%s", b ? ", " : "",
                                       as_backends[b]->suffix);
            return as_fail(s->ctx, AS_E_USAGE, NULL, "--output: '%s' should end in %s",
                           s->outputs.v[i], known);
        }
    return AS_OK;
}

as_status as_run_figure(as_session *s, const as_figure *figure, size_t n, const as_word *words)
{
    as_word *options = AS_NEW_N(s->arena, as_word, n + 1),
            *files = AS_NEW_N(s->arena, as_word, n + 1);
    void *settings = as_alloc(s->arena, 1, figure->settings_size);
    size_t n_options, n_files;
    as_gather *all;
    if (!options || !files || !settings) return AS_ERR;
    AS_TRY(as_words_split(s->ctx, figure->name, figure->params, n, words, options, &n_options,
                          files, &n_files));
    AS_TRY(as_settings_read(s->ctx, s->arena, figure->params, n_options, options, &s->loader,
                            settings));
    AS_TRY(check_suffixes(s));
    const char *text = as_settings_text(s->arena, figure->params, settings);
    if (!text) return AS_ERR;
    AS_TRY(as_gather_new(s, &all));
    AS_TRY(as_feed(s, n_files, files, &all->sink));
    return as_figure_write(s, figure, settings, text, all->n, (const as_table *const *)all->t,
                           &s->outputs);
}
