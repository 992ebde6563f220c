/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second y axis. */
#include <math.h>
#include <string.h>

#include "twin.h"

static const as_column *choose(const as_series *s, const char *const *usual)
{
    for (size_t i = 0; usual[i]; i++) {
        const as_column *c = as_find_name(s->table, usual[i]);
        if (c && c->type == AS_F64 && c->role != AS_ROLE_Y && c->role != AS_ROLE_X) return c;
    }
    return NULL;
}

as_status as_twin_of(as_ctx *ctx, const as_look *look, const char *told, const char *const *usual,
                     size_t n, const as_table *const *tables, as_twin *out)
{
    *out = (as_twin){ .n = n };
    AS_TRY(as_series_of(ctx, look, n, tables, &out->s));
    out->right = AS_NEW_N(as_scratch(ctx), const double *, n + 1);
    if (!out->right) return AS_ERR;
    if (told && strcmp(told, "none") == 0) return AS_OK;
    const bool own = told && *told && strcmp(told, "auto") != 0;
    out->column = own ? as_need_column(ctx, tables[0], told) : choose(out->s, usual);
    if (!out->column) return own ? AS_ERR : AS_OK;
    for (size_t i = 0; i < n; i++) {
        const as_column *c = as_find(tables[i], out->column->name);
        if (c) AS_TRY(as_values(ctx, tables[i], c, &out->column->unit, &out->right[i]));
    }
    return AS_OK;
}

as_status as_twin_axes(as_view *v, const as_twin *t, double x_pad, double y_pad, const as_range *right)
{
    double lo = INFINITY, hi = -INFINITY;
    AS_TRY(as_view_spans(v, t->n, t->s, x_pad, y_pad));
    if (!t->column) return AS_OK;
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; t->right[i] && j < t->s[i].n; j++)
            if (t->s[i].x[j] >= v->x.lo && t->s[i].x[j] <= v->x.hi)
                as_extremes(1, t->right[i] + j, false, &lo, &hi);
    v->y2.shown = true;
    AS_TRY(as_axis_span(v, &v->y2, lo, hi, y_pad, right, t->column));
    as_axis_name(v, &v->y2, t->column, "");
    if (t->n > 1) return AS_OK;
    v->y.ink = as_brush_line(v, 0, 2).line;
    v->y2.ink = as_brush_line(v, 1, 2).line;
    return AS_OK;
}
