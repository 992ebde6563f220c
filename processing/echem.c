/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operations of electrochemistry share: see echem.h. */
#include "echem.h"

void as_warn_placeholder(as_ctx *ctx, as_table *t, const as_meta *m, const char *option)
{
    if (m->number != 0.001) return;
    as_warn(ctx, t, NULL,
            "%s is 0.001 %s, which many EC-Lab files carry whatever the cell: give --%s if it is "
            "not meant",
            m->key, m->unit.symbol ? m->unit.symbol : "", option);
}
