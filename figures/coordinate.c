/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metadata as a coordinate across series. */
#include <math.h>
#include <string.h>

#include "coordinate.h"
#include "vocabulary.h"

/* True when every series has the key as a number and not all have the same. */
static bool varies(const char *key, size_t n, const as_table *const *tables)
{
    bool same = n > 1;
    const as_meta *first = NULL;
    for (size_t i = 0; i < n; i++) {
        const as_meta *m = as_get_meta(tables[i], key);
        if (!m || !isfinite(m->number)) return false;
        if (!first) first = m;
        same = same && m->number == first->number;
    }
    return !same;
}

static const char *chosen(const char *key, size_t n, const as_table *const *tables)
{
    static const char *const usual[] = { "depth", "etch_time", "peel", "time", "temperature", "cycle",
                                         "position", "index" };
    if (key && *key && strcmp(key, "auto") != 0) return key;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (varies(usual[i], n, tables)) return usual[i];
    return NULL;
}

as_status as_coordinate_of(as_ctx *ctx, const char *key, size_t n, const as_table *const *tables,
                           as_coordinate *out)
{
    *out = (as_coordinate){ .key = chosen(key, n, tables), .label = "Series", .unit_label = "",
                            .unit = AS_UNITLESS, .at = AS_NEW_N(as_scratch(ctx), double, n + 1) };
    if (!out->at) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        out->at[i] = (double)i;
        if (!out->key) continue;
        const as_meta *m = as_get_meta(tables[i], out->key);
        if (!m || !isfinite(m->number))
            return as_fail(ctx, AS_E_MISSING, NULL, "'%s' has no number for %s",
                           tables[i]->name ? tables[i]->name : "a series", out->key);
        if (i == 0) out->unit = m->unit;
        out->at[i] = as_unit_convert(m->number, &m->unit, &out->unit);
        if (!isfinite(out->at[i]))
            return as_fail(ctx, AS_E_UNIT, NULL, "%s of '%s' is in %s, of the first series in %s",
                           out->key, tables[i]->name ? tables[i]->name : "a series", m->unit.symbol,
                           out->unit.symbol);
    }
    if (!out->key) return AS_OK;
    const as_column named = { .name = out->key, .unit = out->unit };
    out->label = strcmp(out->key, "etch_time") == 0 ? "Etching time" : as_column_label(ctx, &named);
    out->unit_label = as_unit_label(ctx, &out->unit);
    return AS_OK;
}
