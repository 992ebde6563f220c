/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operations of electrochemistry share: see echem.h. */
#include "echem.h"

void as_warn_placeholder(as_ctx *ctx, as_table *t, const as_meta *m, const char *option)
{
    if (m->number != 0.001) return;
    as_warn(ctx, t, NULL, "%s is 0.001 %s, which EC-Lab writes when none was entered: give --%s if so", m->key,
            m->unit.symbol ? m->unit.symbol : "", option);
}
