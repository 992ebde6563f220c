/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one filter that every operation is: options from its descriptor, series from files or
 * stdin, the stream to stdout.
 */
#include <string.h>

#include "messages.h"
#include "pipeline.h"
#include "verb.h"

static const as_param no_params[] = { AS_PARAMS_END };

/* KEY=VALUE operands become --OPERANDS KEY=VALUE. */
static as_status take_operands(as_session *s, const as_op *op, size_t n, const as_word *operands,
                               as_word *options, size_t *n_options, as_word *files, size_t *n_files)
{
    for (size_t i = 0; i < n; i++) {
        const bool pair = op->operands && strchr(operands[i].text, '=');
        if (!pair && !files)
            return as_fail(s->ctx, AS_E_USAGE, &operands[i].where,
                           "%s takes options only, found '%s'", op->name, operands[i].text);
        if (!pair) {
            files[(*n_files)++] = operands[i];
            continue;
        }
        const char *text = as_format(s->arena, "--%s=%s", op->operands, operands[i].text);
        if (!text) return AS_ERR;
        options[(*n_options)++] = (as_word){ .text = text, .where = operands[i].where };
    }
    return AS_OK;
}

as_status as_call_read(as_session *s, const as_op *op, size_t n, const as_word *words, as_call *out,
                       as_word *files, size_t *n_files)
{
    const as_param *params = op->params ? op->params : no_params;
    as_word *options = AS_NEW_N(s->arena, as_word, 2 * n + 1),
            *operands = AS_NEW_N(s->arena, as_word, n + 1);
    void *settings = as_alloc(s->arena, 1, op->settings_size);
    size_t n_options = 0, n_operands = 0;
    if (!options || !operands || !settings) return AS_ERR;
    if (n_files) *n_files = 0;
    s->loaded = s->used = NULL;
    AS_TRY(as_words_split(s->ctx, op->name, params, n, words, options, &n_options, operands,
                          &n_operands));
    AS_TRY(take_operands(s, op, n_operands, operands, options, &n_options, files, n_files));
    AS_TRY(as_settings_read(s->ctx, s->arena, params, n_options, options, &s->loader, settings));
    *out = (as_call){ .op = op,
                      .settings = settings,
                      .sha256 = s->loaded,
                      .used = s->used,
                      .text = as_settings_text(s->arena, params, settings) };
    if (n) out->where = words[0].where;
    return out->text ? AS_OK : AS_ERR;
}

/* Counts the series that pass, and keeps the name of the first. */
typedef struct counter {
    as_sink sink, *to;
    as_arena *arena;
    size_t n;
    const char *first;
} counter;

static as_status put_counted(as_sink *self, as_ctx *ctx, as_table *t)
{
    counter *c = (counter *)(void *)self;
    if (c->n++ == 0 && t->name) c->first = as_strdup(c->arena, t->name);
    return as_emit(c->to, ctx, t);
}

static as_status run(as_session *s, const as_call *call, size_t n_files, const as_word *files)
{
    as_stream_sink *end;
    as_pipeline *pipe;
    s->messages->many = n_files > 1;
    AS_TRY(as_output_stream(s));
    AS_TRY(as_stream_sink_new(s, s->out, &end));
    counter out = { { put_counted }, as_stream_sink_in(end), s->arena, 0, NULL };
    AS_TRY(as_pipeline_new(s, 1, call, &out.sink, &pipe));
    counter in = { { put_counted }, as_pipeline_in(pipe), s->arena, 0, NULL };
    if (!call->op->source) AS_TRY(as_feed(s, n_files, files, &in.sink));
    AS_TRY(as_pipeline_finish(pipe));
    if (in.n && !out.n)
        as_warn(s->ctx, NULL, NULL, "none of %zu series is left; the first was '%s'", in.n,
                in.first ? in.first : "");
    AS_TRY(as_stream_sink_close(end));
    return as_output_commit(s);
}

as_status as_run_filter(as_session *s, const as_op *op, size_t n, const as_word *words)
{
    as_call call;
    size_t n_files = 0;
    as_word *files = AS_NEW_N(s->arena, as_word, n + 1);
    if (!files) return AS_ERR;
    AS_TRY(as_call_read(s, op, n, words, &call, files, &n_files));
    if (call.op->source && n_files)
        return as_fail(s->ctx, AS_E_USAGE, &files[0].where,
                       "%s makes its series from its options and reads no file; found '%s'",
                       op->name, files[0].text);
    return run(s, &call, n_files, files);
}
