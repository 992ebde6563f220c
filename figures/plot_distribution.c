/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-distribution: a density over its variable as a filled curve, the cumulative curve on the right. */
#include <math.h>

#include "twin.h"

typedef struct {
    as_look look;
    const char *right;
    as_range right_range;
    int x_scale;
    bool fill;
} distribution_settings;

static const as_param params[] = {
    AS_STRING(distribution_settings, right, "right", "auto", "column of the right axis: pore_volume; none"),
    AS_CHOICE(distribution_settings, x_scale, "x-scale", "linear", as_scales, "of the variable"),
    AS_BOOL(distribution_settings, fill, "fill", "yes", "fill under the curves"),
    AS_RANGE(distribution_settings, right_range, "right-range", ":", NULL, "part of the right axis that is shown"),
    AS_LOOK_PARAMS(distribution_settings),
    AS_PARAMS_END
};

typedef struct distribution {
    const distribution_settings *set;
    as_twin t;
} distribution;

static as_status content(as_view *v, void *data)
{
    const distribution *d = data;
    for (size_t i = 0; i < d->t.n; i++) {
        const as_series *s = &d->t.s[i];
        const as_brush b = as_brush_line(v, i, d->t.n);
        as_brush dashed = b;
        dashed.dashed = true;
        if (d->set->fill)
            AS_TRY(as_view_area(v, AS_SIDE_Y, s->n, s->x, s->y, NULL, as_with_alpha(b.line, 0.2)));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->y, b));
        if (d->t.right[i]) AS_TRY(as_view_curve(v, AS_SIDE_Y2, s->n, s->x, d->t.right[i], dashed));
    }
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    static const char *const usual[] = { "pore_volume", NULL };
    const distribution_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    distribution d = { .set = set };
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_twin_of(ctx, &set->look, set->right, usual, n, tables, &d.t));
    v->x.scale = (as_scale)set->x_scale;
    AS_TRY(as_twin_axes(v, &d.t, 0, 0.06, &set->right_range));
    v->y.ink = v->y2.ink = 0; /* full and dashed tell the curves apart */
    if (!v->y.fixed_lo && v->y.lo > 0) v->y.lo = 0;
    for (size_t i = 0; n > 1 && i < n; i++)
        AS_TRY(as_view_entry(v, d.t.s[i].label, as_brush_line(v, i, n), false));
    as_brush full = as_brush_line(v, 0, n), dashed = full;
    dashed.dashed = true;
    if (d.t.column) AS_TRY(as_view_kinds(v, full, dashed));
    return as_view_draw(v, content, &d);
}

static bool suits(size_t n, const as_table *const *tables)
{
    const as_table *t = tables[0];
    (void)n;
    return as_axes_are(t, "pore_width", "differential_pore_volume") ||
           as_axes_are(t, "pore_diameter", "differential_pore_volume");
}

static const as_example examples[] = {
    { "pore sizes of two samples",
      "assay plot-distribution tests/corpus/figures/pores.ecsv -o pores.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-isotherm", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_distribution = {
    .name = "plot-distribution",
    .techniques = techniques,
    .suits = suits,
    .settings_size = sizeof(distribution_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw distributions filled, with the cumulative curve on the right",
             .description =
                 "y is the density, a full line; the right axis shows the cumulative column, dashed, where "
                 "there is one.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
