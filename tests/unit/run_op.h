/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Run one operation on arrays in a unit test, with options as on the command line. */
#ifndef AS_TESTS_RUN_OP_H
#define AS_TESTS_RUN_OP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "op.h"

typedef struct caught {
    as_sink sink;
    size_t n;
    as_table *t[16];
} caught;

static as_status catch_table(as_sink *self, as_ctx *ctx, as_table *owned)
{
    caught *c = (caught *)self;
    as_own(ctx, owned);
    if (c->n == 16) return AS_ERR;
    c->t[c->n++] = owned;
    return AS_OK;
}

/* A table of two columns with their default names and units. */
static as_table *curve_table(as_ctx *ctx, size_t n, const double *x, const double *y,
                             const char *x_name, const char *x_unit, const char *y_unit)
{
    as_table *t = as_table_new(ctx, n);
    as_column *cx = as_add_column(ctx, t, x_name, AS_ROLE_X, as_unit_of(x_unit));
    as_column *cy = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of(y_unit));
    for (size_t i = 0; i < n; i++) {
        cx->v.f[i] = x ? x[i] : (double)i;
        cy->v.f[i] = y[i];
    }
    return t;
}

/* Options are split at blanks. AS_ERR keeps the error pending in ctx. */
static as_status run_tables(as_ctx *ctx, const char *name, const char *options, size_t n,
                            as_table **tables, bool in_batch, caught *out)
{
    char text[2048];
    as_word words[64];
    size_t n_words = 0;
    (void)snprintf(text, sizeof text, "%s", options);
    for (char *at = text; *at && n_words < 64;) {
        while (*at == ' ') *at++ = '\0';
        if (!*at) break;
        words[n_words++] = (as_word){ .text = at };
        while (*at && *at != ' ') at++;
    }
    const as_op *op = as_op_find(name);
    if (!op) {
        printf("no operation %s\n", name);
        return AS_ERR;
    }
    void *settings = as_alloc(as_scratch(ctx), 1, op->settings_size + 1);
    if (as_settings_read(ctx, as_scratch(ctx), op->params, n_words, words, NULL, settings) != AS_OK)
        return AS_ERR;
    *out = (caught){ .sink = { catch_table } };
    as_run run = { .ctx = ctx, .op = op, .settings = settings, .out = &out->sink };
    if (op->finish) {
        run.keep = as_arena_new(ctx, SIZE_MAX);
        run.state = as_alloc(run.keep, 1, op->state_size + 1);
    }
    as_status status = AS_OK;
    if (in_batch)
        status = op->batch(&run, n, tables);
    else
        for (size_t i = 0; i < n && status == AS_OK; i++) status = op->series(&run, tables[i]);
    if (status == AS_OK && op->finish) status = op->finish(&run);
    if (run.keep) as_arena_free(run.keep);
    return status;
}

/* One curve through one operation: its table, or NULL with the error pending. */
static as_table *run_curve(as_ctx *ctx, const char *name, const char *options, size_t n,
                           const double *x, const double *y)
{
    as_table *t = curve_table(ctx, n, x, y, "raman_shift", "cm-1", "count");
    caught out;
    if (run_tables(ctx, name, options, 1, &t, false, &out) != AS_OK) return NULL;
    return out.n ? out.t[0] : NULL;
}

static inline void run_op_uses(void) /* what a test leaves unused draws no warning */
{
    (void)curve_table;
    (void)run_tables;
    (void)run_curve;
}

#endif
