/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-cycling: capacity of each cycle as dots, coulombic efficiency on the right axis. */
#include <math.h>
#include <string.h>

#include "twin.h"

typedef struct {
    as_look look;
    const char *right;
    as_range right_range;
} cycling_settings;

static const as_param params[] = {
    AS_STRING(cycling_settings, right, "right", "auto", "column of the right axis: efficiency; none"),
    AS_RANGE(cycling_settings, right_range, "right-range", ":", NULL, "part of the right axis that is shown"),
    AS_LOOK_PARAMS(cycling_settings),
    AS_PARAMS_END
};

static as_brush dots(const as_view *v, const as_twin *t, size_t i, bool filled)
{
    as_brush b = as_brush_dots(v, i, t->n, filled);
    size_t most = 0;
    for (size_t k = 0; k < t->n; k++) most = t->s[k].n > most ? t->s[k].n : most;
    b.width_mm = 0;
    b.size_mm *= as_crowded(most);
    return b;
}

static as_status content(as_view *v, void *data)
{
    const as_twin *t = data;
    for (size_t i = 0; i < t->n; i++) {
        const as_series *s = &t->s[i];
        if (t->right[i])
            AS_TRY(as_view_curve(v, AS_SIDE_Y2, s->n, s->x, t->right[i], dots(v, t, i, false)));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->y, dots(v, t, i, true)));
    }
    return AS_OK;
}

static as_status entries(as_view *v, const as_twin *t)
{
    if (t->n == 1 && t->column) {
        AS_TRY(as_view_entry(v, v->y.name, dots(v, t, 0, true), false));
        return as_view_entry(v, v->y2.name, dots(v, t, 0, false), false);
    }
    for (size_t i = 0; t->n > 1 && i < t->n; i++)
        AS_TRY(as_view_entry(v, t->s[i].label, dots(v, t, i, true), false));
    if (t->n > 1 && t->column) return as_view_kinds(v, dots(v, t, 0, true), dots(v, t, 0, false));
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    static const char *const usual[] = { "efficiency", NULL };
    const cycling_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    as_twin t;
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_twin_of(ctx, &set->look, set->right, usual, n, tables, &t));
    AS_TRY(as_twin_axes(v, &t, 0.02, 0.06, &set->right_range));
    v->y.ink = v->y2.ink = 0;
    if (!v->y.fixed_lo && v->y.lo > 0) v->y.lo = 0; /* a fade is judged from zero */
    if (t.column && !v->y2.fixed_lo && v->y2.lo > 0) v->y2.lo = 0;
    if (t.column && !v->y2.fixed_hi) v->y2.hi *= 1.03;
    if (t.column && !v->y.fixed_hi) v->y.hi *= 1.15; /* below the efficiency */
    AS_TRY(entries(v, &t));
    return as_view_draw(v, content, &t);
}

static bool suits(size_t n, const as_table *const *tables)
{
    const as_table *t = tables[0];
    (void)n;
    const as_column *x = as_find_role(t, AS_ROLE_X);
    return x && strcmp(x->name, "cycle") == 0 && as_find_name(t, "efficiency");
}

static const as_example examples[] = {
    { "capacity and efficiency",
      "assay plot-cycling tests/corpus/figures/cycles.ecsv -o cycling.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-lines", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_cycling = {
    .name = "plot-cycling",
    .techniques = techniques,
    .suits = suits,
    .settings_size = sizeof(cycling_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw capacity and coulombic efficiency against the number of the cycle",
             .description = "Capacity, filled, is on the left and begins at zero; efficiency, open, is on "
                            "the right.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
