/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one command that every figure kind is. */
#include "help.h"

as_status as_run_figure(as_session *s, const as_figure *figure, size_t n, const as_word *words)
{
    (void)n;
    (void)words;
    return as_fail(s->ctx, AS_E_BUG, NULL, "%s is not wired yet", figure->name);
}
