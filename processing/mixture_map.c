/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All series of a stream as one matrix: see mixture_map.h. */
#include <math.h>
#include <string.h>

#include "lanes.h"
#include "mixture_map.h"

const as_choice as_map_gives[] = { { "series", AS_MAP_SERIES,
                                     "the series as they are, with what was found as results" },
                                   { "spectra", AS_MAP_SPECTRA, "one series for each component" },
                                   { 0 } };

static const char *name_of(const as_table *t)
{
    return t->name ? t->name : "?";
}

static as_status check(as_run *run, const as_map *map, const as_curve *c, size_t k)
{
    const as_curve *a = &map->first;
    const double step = fabs(as_curve_step(a));
    bool same = a->n == c->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = fabs(a->x[i] - c->x[i]) <= 1e-3 * step || (isnan(a->x[i]) && isnan(c->x[i]));
    if (same) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL,
                   "series %s and %s have different x, expected one grid: resample",
                   name_of(map->held->t[0]), name_of(map->held->t[k]));
}

/* Rows of the first series in the region that count in all. */
static as_status points(as_run *run, const as_ranges *region, const as_curve *c, as_map *map)
{
    as_ranges in;
    AS_TRY(
        as_ranges_along(run->ctx, as_scratch(run->ctx), region, &map->first.x_column->unit, &in));
    for (size_t i = 0; i < map->first.n; i++) {
        bool use = isfinite(map->first.x[i]) && as_in_ranges(&in, map->first.x[i]);
        for (size_t k = 0; k < map->n && use; k++) use = c[k].use[i] > 0 && isfinite(c[k].y[i]);
        if (use) map->row[map->m++] = i;
    }
    if (map->m >= 3) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                   "%zu points count in all series, expected 3 or more", map->m);
}

as_status as_map_of(as_run *run, as_held *held, const as_ranges *region, size_t least, as_map *out)
{
    as_arena *s = as_scratch(run->ctx);
    *out = (as_map){ .n = held->n, .held = held };
    if (held->n < least)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu series, expected %zu or more", held->n,
                       least);
    as_curve *c = AS_NEW_N(s, as_curve, held->n);
    if (!c) return AS_ERR;
    for (size_t k = 0; k < held->n; k++) {
        AS_TRY(as_curve_of(run->ctx, held->t[k], 1, &c[k]));
        if (k == 0) out->first = c[0];
        AS_TRY(check(run, out, &c[k], k));
    }
    out->row = AS_NEW_N(s, size_t, out->first.n + 1);
    if (!out->row) return AS_ERR;
    AS_TRY(points(run, region, c, out));
    out->stride = as_lanes(out->m);
    out->D = AS_NEW_N(s, double, out->n * out->stride);
    if (!out->D) return AS_ERR;
    for (size_t k = 0; k < out->n; k++)
        for (size_t i = 0; i < out->m; i++) out->D[k * out->stride + i] = c[k].y[out->row[i]];
    return AS_OK;
}

as_table *as_map_curve(as_run *run, const as_map *map, const double *y, const char *what, size_t k)
{
    as_ctx *ctx = run->ctx;
    const as_table *from = map->held->t[0];
    as_table *t = as_table_derive(ctx, from, map->m);
    if (!t) return NULL;
    const as_column *x = map->first.x_column, *old = map->first.y_column;
    as_column *tx = as_add_column(ctx, t, x->name, AS_ROLE_X, x->unit);
    as_column *ty = as_add_column(ctx, t, old->name, AS_ROLE_Y, old->unit);
    if (!tx || !ty) return NULL;
    for (size_t i = 0; i < map->m; i++) {
        tx->v.f[i] = map->first.x[map->row[i]];
        ty->v.f[i] = y[i];
    }
    static const char *const coordinates[] = { "depth", "etch_time", "time", "position", "index",
                                               "x",     "y",         "z",    "peel" };
    for (size_t i = 0; i < sizeof coordinates / sizeof *coordinates; i++)
        if (as_get_meta(t, coordinates[i]) && as_drop_meta(t, coordinates[i]) != AS_OK) return NULL;
    const char *dot = from->name ? strrchr(from->name, '.') : NULL;
    const bool numbered = dot && dot[1] && !dot[1 + strspn(dot + 1, "0123456789")];
    const size_t length = numbered     ? (size_t)(dot - from->name)
                          : from->name ? strlen(from->name)
                                       : 0;
    t->name = as_format(t->arena, "%.*s.%zu", (int)length, from->name ? from->name : "", k);
    t->label = as_map_item(t, what, k);
    return t->name && t->label ? t : NULL;
}

const char *as_map_item(as_table *t, const char *what, size_t k)
{
    return as_format(t->arena, "%s %zu", what, k + 1);
}
