/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The suite as a library: a session without a command line. */
#include <stdlib.h>
#include <string.h>

#include "assay.h"
#include "figure_options.h"
#include "help.h"
#include "loader.h"
#include "messages.h"
#include "numeric.h"
#include "pipeline.h"
#include "reading.h"
#include "words.h"

struct as_suite {
    as_session session;
    as_messages messages;
};

as_suite *as_suite_new(as_diag_sink *show, void *user)
{
    as_suite *suite = calloc(1, sizeof *suite);
    if (!suite) return NULL;
    as_numeric_init();
    as_session *s = &suite->session;
    suite->messages = (as_messages){ .to = stderr, .lock = PTHREAD_MUTEX_INITIALIZER };
    *s = (as_session){ .messages = &suite->messages, .out = stdout, .jobs = 1 };
    s->ctx = as_ctx_new(show, user);
    s->arena = s->ctx ? as_arena_new(s->ctx, as_ctx_limit_of(s->ctx)) : NULL;
    if (!s->arena) {
        as_suite_free(suite);
        return NULL;
    }
    as_loader_init(s);
    return suite;
}

void as_suite_free(as_suite *suite)
{
    if (!suite) return;
    if (suite->session.arena) as_arena_free(suite->session.arena);
    if (suite->session.ctx) as_ctx_free(suite->session.ctx);
    free(suite);
}

as_ctx *as_suite_ctx(as_suite *suite)
{
    return suite->session.ctx;
}

static void hand_out(const as_gather *all, as_tables *out)
{
    *out = (as_tables){ .n = all->n, .t = (const as_table *const *)all->t };
}

as_status as_suite_read(as_suite *suite, size_t n, const char *const *files, as_tables *out)
{
    as_session *s = &suite->session;
    as_word *words = AS_NEW_N(s->arena, as_word, n + 1);
    as_gather *all;
    if (!words) return AS_ERR;
    for (size_t i = 0; i < n; i++) words[i].text = files[i];
    AS_TRY(as_gather_new(s, &all));
    AS_TRY(as_read_paths(s, &(as_read_settings){ 0 }, n, words, NULL, &all->sink));
    hand_out(all, out);
    return AS_OK;
}

/* The stages of `text`, kept as long as the suite. */
static as_status stages_of(as_session *s, const char *text, size_t *n, as_command **out)
{
    const char *kept = as_strdup(s->arena, text);
    if (!kept) return AS_ERR;
    const as_text whole = as_text_of(kept);
    return as_pipe_split(s->ctx, s->arena, &whole, NULL, n, out);
}

static as_status call_of(as_session *s, const as_command *stage, as_call *out)
{
    const char *verb = stage->word[0].text;
    const as_op *op = as_op_find(verb);
    if (!op)
        return as_fail(s->ctx, AS_E_USAGE, &stage->word[0].where,
                       "no operation '%s' (assay list shows them all)", verb);
    return as_call_read(s, op, stage->n - 1, stage->word + 1, out, NULL, NULL);
}

static as_status feed_copies(as_session *s, const as_tables *in, as_sink *to)
{
    as_numbering number;
    as_numbering_init(&number, to);
    for (size_t i = 0; in && i < in->n; i++) {
        const as_frame frame = as_enter(s->ctx);
        as_table *copy = as_table_copy(s->ctx, in->t[i]);
        const as_status status = copy ? as_emit(&number.sink, s->ctx, copy) : AS_ERR;
        as_leave(s->ctx, frame);
        AS_TRY(status);
    }
    return AS_OK;
}

as_status as_suite_pipe(as_suite *suite, const char *pipeline, const as_tables *in, as_tables *out)
{
    as_session *s = &suite->session;
    size_t n;
    as_command *stage;
    as_gather *all;
    as_pipeline *pipe;
    AS_TRY(stages_of(s, pipeline, &n, &stage));
    as_call *calls = AS_NEW_N(s->arena, as_call, n);
    if (!calls) return AS_ERR;
    for (size_t i = 0; i < n; i++) AS_TRY(call_of(s, &stage[i], &calls[i]));
    AS_TRY(as_gather_new(s, &all));
    AS_TRY(as_pipeline_new(s, n, calls, &all->sink, &pipe));
    if (!calls[0].op->source) AS_TRY(feed_copies(s, in, as_pipeline_in(pipe)));
    AS_TRY(as_pipeline_finish(pipe));
    hand_out(all, out);
    return AS_OK;
}

/* The kind and its options; the output is open or abandoned when an error returns. */
static as_status draw(as_session *s, const char *text, const as_tables *in, const as_texts *files)
{
    size_t n;
    as_command *stage;
    AS_TRY(stages_of(s, text, &n, &stage));
    const as_word *verb = &stage->word[0];
    const as_figure *f = strcmp(verb->text, "plot") == 0 ? as_figure_for(in->n, (const as_table *const *)in->t)
                                                         : as_figure_find(verb->text);
    if (n != 1 || !f)
        return as_fail(s->ctx, AS_E_USAGE, &verb->where,
                       "one kind of figure is drawn at a time; found '%s'", text);
    as_panel p = { .kind = f, .n = in->n, .tables = in->t };
    AS_TRY(as_figure_options(s, stage->n - 1, stage->word + 1, &p));
    return as_figure_write(s, &p, files);
}

static as_status end_output(as_session *s, as_status status)
{
    if (status != AS_OK) as_output_abandon(s);
    s->output = NULL;
    s->out = stdout;
    return status;
}

as_status as_suite_draw(as_suite *suite, const char *figure, const as_tables *in, const char *file)
{
    const char *one[] = { file };
    return end_output(&suite->session,
                      draw(&suite->session, figure, in, &(as_texts){ .n = 1, .v = one }));
}

static as_status save(as_session *s, const as_tables *in)
{
    as_stream_sink *end;
    AS_TRY(as_output_open(s));
    AS_TRY(as_stream_sink_new(s, s->out, &end));
    AS_TRY(feed_copies(s, in, as_stream_sink_in(end)));
    AS_TRY(as_stream_sink_close(end));
    return as_output_commit(s);
}

as_status as_suite_save(as_suite *suite, const as_tables *in, const char *file)
{
    suite->session.output = file;
    return end_output(&suite->session, save(&suite->session, in));
}
