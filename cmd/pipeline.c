/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains of operations: needs checked before each, history written after each, numeric
 * failures of one series kept from stopping the rest.
 */
#include <math.h>
#include <string.h>

#include "origins.h"
#include "pipeline.h"
#include "pool.h"
#include "sink.h"

typedef struct link {
    as_sink in;  /* what the stage before puts into */
    as_sink out; /* what the operation emits into: adds the step, goes on to `next` */
    as_pipeline *pipe;
    const as_call *call;
    as_run run;
    as_sink *next;
    as_ctx *holder; /* with `finish`: series not emitted stay alive until it returns */
    as_table *waiting[AS_LANES];
    size_t n_waiting;
    as_origins *origins; /* of what came in, where `finish` looks at several series */
    bool finishing;
    const char *simulated; /* of the first of those that no instrument measured */
} link;

struct as_pipeline {
    as_session *session;
    size_t n;
    link *link;
    as_sink *end;
    as_pool *pool; /* runs the calls before link[0], over threads; NULL: none */
};

static link *of_in(as_sink *s)
{
    return (link *)(void *)s;
}

static link *of_out(as_sink *s)
{
    return (link *)(void *)((unsigned char *)s - offsetof(link, out));
}

static const char *series_name(const as_table *t)
{
    return t->name ? t->name : "unnamed";
}

/* A file that states no unit is not guessed at; the user may know it. */
static as_status wrong_unit(as_ctx *ctx, const as_demand *d, const as_column *c)
{
    const as_status status = as_fail(ctx, AS_E_UNIT, NULL, "column %s is in %s, expected %s (%s)",
                                     c->name, c->unit.symbol, d->unit, d->help);
    if (strcmp(c->unit.symbol, "1") != 0) return status;
    return as_while(ctx, "hint: no unit is stated; where it is known: assay calc %s=%s --unit %s",
                    c->name, c->name, d->unit);
}

static as_status need_role(as_ctx *ctx, const as_demand *d, const as_table *t)
{
    const as_column *c = as_find_role(t, d->role);
    if (!c && d->optional) return AS_OK;
    if (!c) return as_need(ctx, t, d->role) ? AS_OK : AS_ERR;
    if (d->role == AS_ROLE_LABEL || c->type == AS_F64) {
        if (!d->unit) return AS_OK;
        const as_unit want = as_unit_of(d->unit);
        if (as_unit_same_dimension(&c->unit, &want)) return AS_OK;
        return wrong_unit(ctx, d, c);
    }
    return as_fail(ctx, AS_E_MISSING, NULL, "column '%s' holds text, expected numbers", c->name);
}

/* A file without names has x, y, column_3; the user may know what they are. */
static as_status no_column(as_ctx *ctx, const as_demand *d, const as_table *t)
{
    if (as_need_column(ctx, t, d->name)) return AS_OK; /* named by its role */
    const as_column *x = as_find_role(t, AS_ROLE_X);
    if (!x || strcmp(x->name, "x") != 0) return AS_ERR;
    return as_while(ctx, "hint: the file names no columns; where they are known, all of them in order: "
                         "assay read --option columns=%s%s%s,... FILE",
                    d->name, d->unit ? ":" : "", d->unit ? d->unit : "");
}

static as_status need_column(as_ctx *ctx, const as_demand *d, const as_table *t)
{
    const as_column *c = as_find_name(t, d->name);
    if (!c && d->optional) return AS_OK;
    if (!c) return no_column(ctx, d, t);
    if (!d->unit || (c->type == AS_TEXT && d->optional)) return AS_OK;
    if (c->type == AS_TEXT) return as_need_column(ctx, t, d->name) ? AS_OK : AS_ERR;
    const as_unit want = as_unit_of(d->unit);
    if (as_unit_same_dimension(&c->unit, &want)) return AS_OK;
    return wrong_unit(ctx, d, c);
}

static as_status need_meta(as_ctx *ctx, const as_demand *d, const as_table *t)
{
    const as_meta *m = as_get_meta(t, d->name);
    if (!m && d->optional) return AS_OK;
    if (!m) return as_need_meta(ctx, t, d->name) ? AS_OK : AS_ERR;
    if (!d->unit) return AS_OK;
    const as_unit want = as_unit_of(d->unit);
    if (isfinite(m->number) && as_unit_same_dimension(&m->unit, &want)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "metadata %s is '%s', expected a number in %s (%s)",
                   m->key, m->text ? m->text : "", d->unit, d->help);
}

static as_status need_result(as_ctx *ctx, const as_demand *d, const as_table *t)
{
    if (d->optional || as_get_result(t, NULL, d->name)) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL, "no result '%s' in series %s (%s)", d->name,
                   series_name(t), d->help);
}

static as_status check_needs(as_ctx *ctx, const as_op *op, const as_table *t)
{
    for (const as_demand *d = op->needs; d && d->help; d++) switch (d->kind) {
        case AS_NEED_ROLE: AS_TRY(need_role(ctx, d, t)); break;
        case AS_NEED_COLUMN: AS_TRY(need_column(ctx, d, t)); break;
        case AS_NEED_META: AS_TRY(need_meta(ctx, d, t)); break;
        case AS_NEED_RESULT: AS_TRY(need_result(ctx, d, t)); break;
        }
    return AS_OK;
}

/* Whatever an operation drops of the metadata of many: what no instrument measured stays marked. */
static as_status note_simulated(link *l, const as_table *t)
{
    const as_meta *m = l->simulated ? NULL : as_get_meta(t, "simulated");
    if (m && m->text) l->simulated = as_strdup(l->pipe->session->arena, m->text);
    return m && m->text && !l->simulated ? AS_ERR : AS_OK;
}

/* The series that one that goes out was made from, where the operation looks at several. An operation
 * that emits as they come (fit-series) says nothing. */
static const char *taken_text(link *l)
{
    const as_run *r = &l->run;
    if (!l->origins || (l->call->op->effect != AS_REDUCES && !l->finishing)) return "";
    return r->n_taken ? as_origins_text_of(l->origins, r->n_taken, r->taken) : as_origins_text(l->origins);
}

static as_status emit_out(as_sink *self, as_ctx *ctx, as_table *t)
{
    link *l = of_out(self);
    const char *series = taken_text(l);
    const as_step step = { .op = l->call->op->name,
                           .version = ASSAY_VERSION,
                           .settings = l->call->text,
                           .sha256 = l->call->sha256,
                           .inputs = as_step_inputs(as_scratch(ctx), series, l->call->used) };
    const bool lost = !series || (!step.inputs && (*series || (l->call->used && *l->call->used)));
    as_status marked = AS_OK;
    for (size_t i = 0; i < t->n_steps && series && *series == '[' && series[1] != ']'; i++)
        t->step[i].inputs = NULL; /* those series have theirs */
    if (l->simulated && !as_get_meta(t, "simulated"))
        marked = as_set_meta(ctx, t, "simulated", l->simulated, NULL, NULL);
    if (lost || marked != AS_OK || as_add_step(ctx, t, &step) != AS_OK) {
        as_table_free(t);
        return AS_ERR;
    }
    return as_emit(l->next, ctx, t);
}

static as_status give_column(as_ctx *ctx, const as_give *g, as_table *t)
{
    const char *name = g->name ? g->name : as_role_name(g->role);
    as_column *c = g->kind == AS_NEED_ROLE ? as_find_role(t, g->role) : as_find_name(t, name);
    const as_column *y = as_find_role(t, AS_ROLE_Y);
    as_column *had = as_find_role(t, g->role);
    if (!c && had && (g->role == AS_ROLE_X || g->role == AS_ROLE_Y))
        had->role = AS_ROLE_OTHER; /* one x and one y, also after a failure */
    if (!c)
        c = as_add_column(ctx, t, name, g->role,
                          g->unit ? as_unit_of(g->unit)
                          : y     ? y->unit
                                  : AS_UNITLESS);
    if (!c) return AS_ERR;
    for (size_t i = 0; c->type == AS_F64 && i < t->rows; i++) c->v.f[i] = NAN;
    return AS_OK;
}

/* What the operation would have given, as nan with flag failed, so that the stream goes on. */
static as_status give_failed(as_ctx *ctx, const as_call *call, as_table *t)
{
    const as_op *op = call->op;
    for (const as_give *g = op->gives; g && g->help; g++) {
        if (g->unless && strstr(call->text, g->unless)) continue;
        if (g->kind == AS_NEED_ROLE || g->kind == AS_NEED_COLUMN) AS_TRY(give_column(ctx, g, t));
        if (g->kind != AS_NEED_RESULT) continue;
        const as_result r = { .item = "",
                              .quantity = g->name,
                              .value = NAN,
                              .u = NAN,
                              .flag = "failed",
                              .unit = g->unit ? as_unit_of(g->unit) : AS_UNITLESS,
                              .method = op->name };
        AS_TRY(as_add_result(ctx, t, &r));
    }
    return AS_OK;
}

static as_status after_failure(link *l, as_ctx *ctx, as_table *t)
{
    const as_op *op = l->call->op;
    char message[512];
    const size_t n = strlen(as_pending_message(ctx));
    memcpy(message, as_pending_message(ctx), n < sizeof message ? n + 1 : sizeof message);
    message[sizeof message - 1] = '\0';
    as_forget_error(ctx);
    __atomic_add_fetch(&l->pipe->session->numeric_failures, 1, __ATOMIC_RELAXED);
    as_warn(ctx, t, NULL, "%s of series %s failed: %s", op->name, series_name(t), message);
    if (op->effect != AS_ANNOTATES) AS_TRY(as_set_rows(ctx, t, 0)); /* its rows are no answer */
    AS_TRY(give_failed(ctx, l->call, t));
    return as_emit(&l->out, ctx, t);
}

/* Does the context still own `t`? An operation that failed may have emitted it before. */
static as_status run_series(link *l, as_ctx *ctx, as_table *t)
{
    l->run.ctx = ctx;
    l->run.out = &l->out;
    if (check_needs(ctx, l->call->op, t) != AS_OK)
        return as_while(ctx, "preparing %s of series %s", l->call->op->name, series_name(t));
    const as_table *const subject = t;
    if (l->call->op->series(&l->run, t) == AS_OK) return AS_OK;
    if (as_pending(ctx) == AS_E_NUMERIC && as_owns(ctx, subject)) return after_failure(l, ctx, t);
    return as_while(ctx, "running %s", l->call->op->name);
}

static as_status run_alone(as_run *run, as_table *t)
{
    link *l = (link *)(void *)((unsigned char *)run - offsetof(link, run));
    return run_series(l, run->ctx, t);
}

static as_status flush_batch(link *l, as_ctx *ctx)
{
    const size_t n = l->n_waiting;
    l->n_waiting = 0;
    if (n == 0) return AS_OK;
    const as_frame frame = as_enter(ctx);
    as_status status = AS_OK;
    for (size_t i = 0; i < n; i++) as_own(ctx, l->waiting[i]);
    if (n == 1) {
        status = run_series(l, ctx, l->waiting[0]);
    } else {
        l->run.ctx = ctx;
        l->run.out = &l->out;
        l->run.alone = run_alone;
        for (size_t i = 0; i < n && status == AS_OK; i++)
            status = check_needs(ctx, l->call->op, l->waiting[i]);
        if (status == AS_OK) status = l->call->op->batch(&l->run, n, l->waiting);
    }
    as_leave(ctx, frame);
    return status;
}

static as_status put_batch(link *l, as_ctx *ctx, as_table *t)
{
    if (l->n_waiting == AS_LANES || (l->n_waiting && l->waiting[0]->rows != t->rows)) {
        if (flush_batch(l, ctx) != AS_OK) {
            as_table_free(t);
            return AS_ERR;
        }
    }
    as_keep(t);
    l->waiting[l->n_waiting++] = t;
    return AS_OK;
}

static as_status put_in(as_sink *self, as_ctx *ctx, as_table *t)
{
    link *l = of_in(self);
    if (l->call->op->batch) return put_batch(l, ctx, t);
    const as_frame frame = as_enter(ctx);
    as_own(ctx, t);
    as_status status = l->origins ? as_origins_add(ctx, l->origins, t) : AS_OK;
    if (status == AS_OK && l->origins) status = note_simulated(l, t);
    if (status == AS_OK) status = run_series(l, ctx, t);
    if (l->call->op->finish && status == AS_OK) as_hold(ctx, frame, l->holder);
    as_leave(ctx, frame);
    return status;
}

as_status as_pipeline_sequential(as_session *s, size_t n_calls, const as_call *calls, as_sink *end,
                                 as_pipeline **out)
{
    as_pipeline *p = AS_NEW(s->arena, as_pipeline);
    if (!p) return AS_ERR;
    *p = (as_pipeline){
        .session = s, .n = n_calls, .end = end, .link = AS_NEW_N(s->arena, link, n_calls)
    };
    if (!p->link) return AS_ERR;
    for (size_t i = 0; i < n_calls; i++) {
        link *l = &p->link[i];
        l->in.put = put_in;
        l->out.put = emit_out;
        l->pipe = p;
        l->call = &calls[i];
        l->next = i + 1 < n_calls ? &p->link[i + 1].in : end;
        l->run = (as_run){
            .ctx = s->ctx, .op = calls[i].op, .settings = calls[i].settings, .out = &l->out
        };
        if (!calls[i].op->finish) continue;
        if (!(l->origins = as_origins_new(s->arena))) return AS_ERR;
        AS_TRY(as_holder_new(s, &l->holder));
        l->run.keep = as_arena_new(s->ctx, as_ctx_limit_of(s->ctx));
        if (!l->run.keep) return AS_ERR;
        AS_TRY(as_defer(s->arena, (void (*)(void *))as_arena_free, l->run.keep));
        l->run.state = as_alloc(l->run.keep, 1, calls[i].op->state_size);
        if (!l->run.state) return AS_ERR;
    }
    *out = p;
    return AS_OK;
}

/* The calls up to the first that needs all series, or makes them, can be spread over threads. */
as_status as_pipeline_new(as_session *s, size_t n_calls, const as_call *calls, as_sink *end,
                          as_pipeline **out)
{
    size_t spread = 0;
    while (s->jobs > 1 && spread < n_calls && !calls[spread].op->finish &&
           !calls[spread].op->source)
        spread++;
    AS_TRY(as_pipeline_sequential(s, n_calls - spread, calls + spread, end, out));
    return spread ? as_pool_new(s, spread, calls, as_pipeline_in(*out), &(*out)->pool) : AS_OK;
}

as_sink *as_pipeline_in(as_pipeline *p)
{
    if (p->pool) return as_pool_in(p->pool);
    return p->n ? &p->link[0].in : p->end;
}

static as_status run_source(link *l, as_ctx *ctx)
{
    const as_frame frame = as_enter(ctx);
    l->run.ctx = ctx;
    const as_status status = l->call->op->source(&l->run);
    as_leave(ctx, frame);
    return status;
}

as_status as_pipeline_finish(as_pipeline *p)
{
    as_ctx *ctx = p->session->ctx;
    if (p->pool) AS_TRY(as_pool_finish(p->pool));
    for (size_t i = 0; i < p->n; i++) {
        link *l = &p->link[i];
        if (l->call->op->source) AS_TRY(run_source(l, ctx));
        AS_TRY(flush_batch(l, ctx));
        if (!l->call->op->finish) continue;
        const as_frame frame = as_enter(ctx);
        l->run.ctx = ctx;
        l->finishing = true;
        const as_status status = l->call->op->finish(&l->run);
        as_drop_held(l->holder);
        as_leave(ctx, frame);
        if (status != AS_OK) return as_while(ctx, "finishing %s", l->call->op->name);
    }
    return AS_OK;
}
