/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How smoothing operations end: y replaced, sigma dropped, the fact recorded (smooth.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smooth.h"

const as_demand as_smooth_needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "evenly spaced" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan is bridged" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to bridge" },
    { 0 }
};
const as_give as_smooth_gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "smoothed; sigma is dropped" },
    { .kind = AS_NEED_META, .name = "processed", .unit = "", .help = "smoothed or differentiated" },
    { 0 }
};

as_status as_unit_times(as_ctx *ctx, as_table *t, const as_unit *y, const as_unit *x, int power,
                        as_unit *out)
{
    char text[512];
    const bool plain = strcmp(x->symbol, "1") == 0;
    size_t at = (size_t)snprintf(text, sizeof text, "%s", y->symbol);
    if (power == 0 || plain) {
        *out = *y;
        return AS_OK;
    }
    for (int k = 0; k < abs(power) && at < sizeof text - 80; k++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", power > 0 ? "*" : "/", x->symbol);
    return as_unit_parse(ctx, t->arena, text, out);
}

as_status as_smooth_emit(as_run *run, as_table *owned, const as_curve *c, const double *out,
                         int derivative)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->use[i] > 0) c->y_column->v.f[as_curve_row(c, i)] = out[i];
    as_drop_sigma(owned);
    if (derivative > 0) {
        AS_TRY(as_unit_times(run->ctx, owned, &c->y_column->unit, &c->x_column->unit, -derivative,
                             &c->y_column->unit));
        AS_TRY(as_mark_processed(run->ctx, owned, "differentiated"));
    } else {
        AS_TRY(as_mark_processed(run->ctx, owned, "smoothed"));
    }
    return as_emit(run->out, run->ctx, owned);
}
