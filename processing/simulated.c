/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulated cells share: see simulated.h. */
#include "simulated.h"

#include <math.h>
#include <stdio.h>

double as_round_digits(double v, int digits)
{
    const double scale = pow(10, digits - 1 - floor(log10(fabs(v))));
    return v == 0 || !isfinite(v) ? v : round(v * scale) / scale;
}

as_status as_say_simulated(as_ctx *ctx, as_table *t, const char *op, double seed, double stream,
                           const char *sample, const char *origin)
{
    char text[200];
    (void)snprintf(text, sizeof text, "assay %s, seed %.0f stream %.0f: no measurement", op, seed,
                   stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    if (sample) AS_TRY(as_set_meta(ctx, t, "sample", sample, NULL, NULL));
    if (origin) AS_TRY(as_set_meta(ctx, t, "comment", origin, NULL, NULL));
    t->label = as_format(t->arena, "%s (simulated)", sample ? sample : "cell");
    return t->label ? AS_OK : AS_ERR;
}
