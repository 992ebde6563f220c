/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings and slices of Scienta SES. */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "scienta.h"

as_status scienta_setting(as_ctx *ctx, as_table *t, const as_line *line)
{
    as_pair pair;
    AS_TRY(as_split(ctx, line, '=', &pair));
    if (!*pair.key || !*pair.value) return AS_OK;
    if (as_same(pair.key, "Date")) {
        /* American where slashes part it, else it is ISO already */
        return as_set_measured(ctx, t, pair.value, strchr(pair.value, '/') != NULL, &line->where);
    }
    const as_meta *day = as_get_meta(t, "measured");
    if (as_same(pair.key, "Time") && day && !strchr(day->text, 'T') && !strchr(pair.value, ' ')) {
        const char *iso = as_format(as_scratch(ctx), "%sT%s", day->text, pair.value);
        return iso ? as_set_meta(ctx, t, "measured", iso, NULL, &line->where) : AS_ERR;
    }
    return as_set_setting(ctx, t, pair.key, pair.value, &line->where);
}

as_table *scienta_table(as_ctx *ctx, const as_table *meta, const char *label, size_t n,
                        size_t index, const char *name, double at)
{
    as_heading h;
    as_table *t = as_table_new(ctx, n);
    if (!t || as_copy_meta(ctx, t, meta) != AS_OK) return NULL;
    if (as_add_energy(ctx, t, label, NULL, NULL) != AS_OK) return NULL;
    if (!as_add_column(ctx, t, "intensity", AS_ROLE_Y, AS_UNITLESS)) return NULL;
    if (index && as_set_number(ctx, t, "index", (double)index, NAN, AS_UNITLESS, NULL) != AS_OK)
        return NULL;
    if (!index || !name || !*name || isnan(at)) return t;
    if (as_heading_of(ctx, name, NULL, &h) != AS_OK) return NULL;
    const char *key = as_format(as_scratch(ctx), "vendor.%s", h.label ? h.label : name);
    return key && as_set_number(ctx, t, key, at, NAN, h.unit, NULL) == AS_OK ? t : NULL;
}
