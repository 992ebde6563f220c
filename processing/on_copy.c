/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One operation inside another: on a copy of the series, its result kept (op.h). */
#include "op.h"

typedef struct catcher {
    as_sink sink;
    as_table *got;
} catcher;

static as_status catch_table(as_sink *self, as_ctx *ctx, as_table *owned)
{
    catcher *c = (catcher *)self;
    as_own(ctx, owned);
    c->got = owned;
    return AS_OK;
}

as_status as_op_on_copy(as_ctx *ctx, const as_op *op, const void *settings, const as_table *t, as_table **out)
{
    catcher c = { .sink = { catch_table } };
    as_run inner = { .ctx = ctx, .op = op, .settings = settings, .out = &c.sink };
    as_table *copy = as_table_copy(ctx, t);
    if (!copy) return AS_ERR;
    AS_TRY(op->series(&inner, copy));
    *out = c.got;
    return AS_OK;
}
