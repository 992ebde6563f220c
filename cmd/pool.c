/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded ring of jobs: the main thread fills it and empties it in order, workers take the
 * jobs between. A job is a chunk of consecutive series (AS_LANES at most, for `batch`).
 */
#include <pthread.h>
#include <stdlib.h>

#include "messages.h"
#include "pool.h"
#include "sink.h"

enum { CHUNK_ROWS = 32768, RING_PER_THREAD = 2 };

typedef enum { EMPTY, READY, RUNNING, DONE } job_state;

typedef struct job {
    job_state state;
    as_table *in[AS_LANES];
    size_t n_in, rows;
    as_gather *out;    /* the worker's results, in a session of its own */
    as_session *owner; /* that session: freed when the job is emptied */
    char *said;        /* its messages */
    size_t said_size;
    as_status status;
    as_code code;
} job;

struct as_pool {
    as_sink in;
    as_session *session;
    as_session begun; /* as it was when the threads began; the main one counts on */
    size_t n_calls;
    const as_call *calls;
    as_sink *next;
    job filling; /* not yet in the ring */
    job *ring;
    size_t n_ring, head, count; /* the oldest job and how many there are */
    pthread_t *thread;
    int n_threads;
    bool stop;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
};

/* The chunk through a pipeline of the given session, into `end`. */
static as_status run_chunk(as_session *s, as_pool *p, job *j, as_sink *end)
{
    as_pipeline *pipe;
    as_status status = as_pipeline_sequential(s, p->n_calls, p->calls, end, &pipe);
    size_t i = 0;
    for (; i < j->n_in && status == AS_OK; i++)
        status = as_emit(as_pipeline_in(pipe), s->ctx, j->in[i]);
    for (; i < j->n_in; i++) as_table_free(j->in[i]);
    j->n_in = 0;
    return status == AS_OK ? as_pipeline_finish(pipe) : status;
}

static void end_session(as_session *s)
{
    if (!s) return;
    as_arena_free(s->arena);
    as_ctx_free(s->ctx);
    free(s->messages);
    free(s);
}

static as_session *begin_session(const as_pool *p, FILE *said)
{
    as_session *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = p->begun;
    s->numeric_failures = 0;
    s->messages = calloc(1, sizeof *s->messages);
    if (s->messages) {
        *s->messages = (as_messages){ .to = said,
                                      .verb = p->session->messages->verb,
                                      .json = p->session->messages->json,
                                      .many = p->session->messages->many };
        pthread_mutex_init(&s->messages->lock, NULL);
        s->ctx = as_ctx_new(as_messages_show, s->messages);
    } else {
        s->ctx = NULL;
    }
    s->arena = s->ctx ? as_arena_new(s->ctx, as_ctx_limit_of(s->ctx)) : NULL;
    if (s->arena) {
        as_progress_watch(&s->progress, p->session, s->ctx);
        return s;
    }
    as_ctx_free(s->ctx);
    free(s->messages);
    free(s);
    return NULL;
}

/* In a worker: everything the job touches belongs to a session of its own. */
static void run_job(as_pool *p, job *j)
{
    FILE *said = open_memstream(&j->said, &j->said_size);
    as_session *s = said ? begin_session(p, said) : NULL;
    j->owner = s;
    if (!s) {
        j->status = AS_ERR;
        j->code = AS_E_NOMEM;
        if (said) fclose(said);
        return;
    }
    j->status = as_gather_new(s, &j->out);
    if (j->status == AS_OK) j->status = run_chunk(s, p, j, &j->out->sink);
    if (j->status != AS_OK) {
        j->code = as_pending(s->ctx);
        as_flush_error(s->ctx);
    }
    fclose(said);
}

static job *take(as_pool *p)
{
    for (size_t i = 0; i < p->count; i++) {
        job *j = &p->ring[(p->head + i) % p->n_ring];
        if (j->state == READY) return j;
    }
    return NULL;
}

static void *worker(void *arg)
{
    as_pool *p = arg;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        job *j = NULL;
        while (!p->stop && !(j = take(p))) pthread_cond_wait(&p->work, &p->lock);
        if (p->stop) break; /* what is left is freed, not run */
        j->state = RUNNING;
        pthread_mutex_unlock(&p->lock);
        run_job(p, j);
        pthread_mutex_lock(&p->lock);
        j->state = DONE;
        pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static void stop_threads(void *pool)
{
    as_pool *p = pool;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->n_threads; i++) pthread_join(p->thread[i], NULL);
    for (size_t i = 0; i < p->count; i++) { /* after an error: what was never emptied */
        job *j = &p->ring[(p->head + i) % p->n_ring];
        for (size_t k = 0; k < j->n_in; k++) as_table_free(j->in[k]);
        free(j->said);
        end_session(j->owner);
    }
    for (size_t k = 0; k < p->filling.n_in; k++) as_table_free(p->filling.in[k]);
}

static as_status start_threads(as_pool *p)
{
    if (p->n_threads) return AS_OK;
    sigset_t before;
    p->begun = *p->session;
    as_passing_hold(&before); /* the thread that opens and renames files is the one to be interrupted */
    for (int i = 0; i < p->session->jobs; i++) {
        if (pthread_create(&p->thread[i], NULL, worker, p) != 0) break;
        p->n_threads++;
    }
    as_passing_release(&before);
    return p->n_threads ? AS_OK
                        : as_fail(p->session->ctx, AS_E_IO, NULL, "no thread could be started");
}

/* The oldest job: its messages, then its tables go on. */
static as_status empty_oldest(as_pool *p)
{
    as_session *s = p->session;
    job *j = &p->ring[p->head];
    pthread_mutex_lock(&p->lock);
    while (j->state != DONE) pthread_cond_wait(&p->done, &p->lock);
    p->head = (p->head + 1) % p->n_ring;
    p->count--;
    pthread_mutex_unlock(&p->lock);
    if (j->said_size) as_messages_said(s->messages, j->said, j->said_size);
    free(j->said);
    as_status status = j->status;
    if (status != AS_OK) {
        s->shown = true;
        (void)!as_fail(s->ctx, j->code, NULL, "a worker failed");
    }
    for (size_t i = 0; status == AS_OK && i < j->out->n; i++)
        status = as_emit(p->next, s->ctx, j->out->t[i]);
    if (j->owner) {
        s->numeric_failures += j->owner->numeric_failures;
        s->messages->warnings += j->owner->messages->warnings;
    }
    end_session(j->owner);
    *j = (job){ 0 };
    return status;
}

static as_status submit(as_pool *p)
{
    if (p->filling.n_in == 0) return AS_OK;
    AS_TRY(start_threads(p));
    if (p->count == p->n_ring) AS_TRY(empty_oldest(p));
    pthread_mutex_lock(&p->lock);
    job *j = &p->ring[(p->head + p->count) % p->n_ring];
    *j = p->filling;
    j->state = READY;
    p->count++;
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->lock);
    p->filling = (job){ 0 };
    return AS_OK;
}

static as_status put_in(as_sink *self, as_ctx *ctx, as_table *t)
{
    as_pool *p = (as_pool *)(void *)self;
    job *f = &p->filling;
    (void)ctx;
    as_keep(t);
    if (f->n_in == AS_LANES || (f->n_in && f->rows + t->rows > CHUNK_ROWS)) {
        if (submit(p) != AS_OK) {
            as_table_free(t);
            return AS_ERR;
        }
    }
    f->in[f->n_in++] = t;
    f->rows += t->rows;
    return AS_OK;
}

as_status as_pool_new(as_session *s, size_t n_calls, const as_call *calls, as_sink *next,
                      as_pool **out)
{
    as_pool *p = AS_NEW(s->arena, as_pool);
    if (!p) return AS_ERR;
    *p = (as_pool){ .in = { put_in },
                    .session = s,
                    .n_calls = n_calls,
                    .next = next,
                    .n_ring = (size_t)s->jobs * RING_PER_THREAD };
    p->ring = AS_NEW_N(s->arena, job, p->n_ring);
    p->thread = AS_NEW_N(s->arena, pthread_t, (size_t)s->jobs);
    as_call *own = AS_NEW_N(s->arena, as_call, n_calls + 1);
    if (!p->ring || !p->thread || !own) return AS_ERR;
    /* after an error workers may run until the session ends: longer than the caller's calls live */
    for (size_t i = 0; i < n_calls; i++) own[i] = calls[i];
    p->calls = own;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    *out = p;
    return as_defer(s->arena, stop_threads, p);
}

as_sink *as_pool_in(as_pool *p)
{
    return &p->in;
}

as_status as_pool_finish(as_pool *p)
{
    if (p->n_threads == 0) { /* all of it was one chunk */
        job only = p->filling;
        p->filling = (job){ 0 };
        return run_chunk(p->session, p, &only, p->next);
    }
    AS_TRY(submit(p));
    while (p->count) AS_TRY(empty_oldest(p));
    return AS_OK;
}
