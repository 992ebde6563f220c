/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnostics: the one way any function in the suite reports trouble.
 *
 * A failing function records what went wrong in its context and returns
 * AS_ERR; each caller may add one line of context and returns AS_ERR again.
 * Nothing below cmd/ prints, exits or aborts.
 */
#ifndef AS_DATASETS_DIAG_H
#define AS_DATASETS_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define AS_NODISCARD __attribute__((warn_unused_result)) /* every as_status, as_more, new object */

typedef struct as_ctx as_ctx;     /* one per thread: diagnostics, limits, scratch arena */
typedef struct as_table as_table; /* table.h */

typedef enum { AS_OK = 0, AS_ERR = -1 } as_status;

/* What an iterator answers. A type of its own, so that AS_TRY on an iterator
 * draws a warning: the end of a file must never look like success. */
typedef enum { AS_ITEM = 1, AS_DONE = 0, AS_FAILED = -1 } as_more;

/* The class of an error decides the exit status, never the wording. */
typedef enum {
    AS_E_USAGE,     /* the user's request is wrong          exit 2 */
    AS_E_FORMAT,    /* nobody knows the format, or this variant is not supported  exit 3 */
    AS_E_SYNTAX,    /* the input breaks its format          exit 3 */
    AS_E_TRUNCATED, /* the input ends too early             exit 3 */
    AS_E_MISSING,   /* a column, unit or field is absent    exit 3 */
    AS_E_UNIT,      /* units do not fit                     exit 3 */
    AS_E_NUMERIC,   /* no convergence, singular, too few points  exit 4 */
    AS_E_IO,        /* the system refused                   exit 5 */
    AS_E_LIMIT,     /* a size limit was reached             exit 5 */
    AS_E_NOMEM,     /*                                      exit 5 */
    AS_E_BUG        /* a broken invariant of ours           exit 70 */
} as_code;

/* Where in which input. Zero means unknown; text input sets line and column,
 * binary input sets offset. `line_text` lets the printer draw a caret. Messages
 * show `file` as it was given; stored with a table it is the base name only. */
typedef struct as_where {
    const char *file;
    uint32_t line, column, span;
    uint64_t offset;
    const char *line_text;
} as_where;

typedef enum { AS_NOTE, AS_WARNING, AS_ERROR } as_severity;

/* Receives every diagnostic; installed by cmd/ (stderr, --diagnostics=json) or
 * by a test. `chain` is outermost-first context, n_chain >= 0; of a warning about a series it is
 * the one name of that series. */
typedef void as_diag_sink(void *user, as_severity severity, as_code code, const as_where *where,
                          const char *message, const char *const *chain, size_t n_chain);

#pragma GCC visibility push(default) /* the modules of module.h and the library call these */
as_ctx *as_ctx_new(as_diag_sink *sink, void *user) AS_NODISCARD;
/* Allocations one context may hold in its scratch and in each table (default 16 GiB). */
void as_ctx_limit(as_ctx *ctx, size_t bytes);
size_t as_ctx_limit_of(const as_ctx *ctx);
/* For torture tests: allocation number n from now fails (0: none). */
void as_ctx_fail_allocation(as_ctx *ctx, uint64_t n);
void as_ctx_free(as_ctx *ctx);
/* Another sink for what follows (NULL: none); the one before. */
as_diag_sink *as_ctx_sink(as_ctx *ctx, as_diag_sink *now);

/* How far long work is: `done` of `n` steps called `what` ("starts"); n 0: nobody knows how many. done 0: it
 * begins; what NULL: it ended. */
typedef void as_work_sink(void *user, const char *what, size_t done, size_t n);
/* From now on told of the work in `ctx`; NULL: nobody any more. */
void as_watch_work(as_ctx *ctx, as_work_sink *told, void *user);
/* Around loops that may take seconds, and in them once a step, which costs nothing unless it is watched. Of
 * work within work the outermost alone is told. `what` lives until the end; each begin has its end. */
void as_work_begin(as_ctx *ctx, const char *what, size_t n);
void as_work_step(as_ctx *ctx, size_t done);
void as_work_end(as_ctx *ctx);

/* Record an error and return AS_ERR:  return as_fail(ctx, AS_E_SYNTAX, &at, "..."); */
as_status as_fail(as_ctx *ctx, as_code code, const as_where *where, const char *fmt, ...)
    AS_PRINTF(4, 5) AS_NODISCARD;

/* Add one line of context to the pending error and return AS_ERR:
 *     if (read_range(ctx, in, i) != AS_OK) return as_while(ctx, "reading range %zu", i); */
as_status as_while(as_ctx *ctx, const char *fmt, ...) AS_PRINTF(2, 3) AS_NODISCARD;
#ifdef __clang_analyzer__ /* which looks at one file and cannot know */
#define as_fail(...) ((void)!as_fail(__VA_ARGS__), AS_ERR)
#define as_while(...) ((void)!as_while(__VA_ARGS__), AS_ERR)
#endif

as_code as_pending(const as_ctx *ctx); /* only meaningful after AS_ERR */
const char *as_pending_message(const as_ctx *ctx); /* its text; valid until the next as_fail */

/* The result is usable but the user must know. The warning goes to the sink and
 * travels with `t` from then on; t == NULL: no table to blame, see as_blame. */
void as_warn(as_ctx *ctx, as_table *t, const as_where *where, const char *fmt, ...)
    AS_PRINTF(4, 5);
/* From now on `t` collects the warnings without a table of their own (NULL: they go to the sink only);
 * the one before. */
as_table *as_blame(as_ctx *ctx, as_table *t);

void as_forget_error(as_ctx *ctx); /* the caller tries another way */
void as_flush_error(as_ctx *ctx); /* hand the pending error and its chain to the sink */

/* The name among n that `given` most likely meant ("did you mean ...?"); NULL: none is near. */
const char *as_near_miss(const char *given, size_t n, const char *const *names);
#pragma GCC visibility pop

/* Early return is always safe: memory belongs to arenas (see arena.h). */
#define AS_TRY(call)                     \
    do {                                 \
        const as_status as_s_ = (call);  \
        if (as_s_ != AS_OK) return as_s_; \
    } while (0)

#endif
