/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-isotherm: amount adsorbed against pressure, adsorption filled and desorption open; the low
 * pressures once more on a log axis in an inset.
 */
#include <math.h>
#include <string.h>

#include "inset.h"

typedef struct {
    as_look look;
    int x_scale;
    bool inset;
} isotherm_settings;

static const as_param params[] = {
    AS_CHOICE(isotherm_settings, x_scale, "x-scale", "linear", as_scales, "of the pressure"),
    AS_BOOL(isotherm_settings, inset, "inset", "no", "the same on a log axis of pressure in a corner"),
    AS_LOOK_PARAMS(isotherm_settings),
    AS_PARAMS_END
};

typedef struct isotherm {
    size_t n;
    as_series *s;
    size_t *turn; /* of each series: the first row of desorption */
    const double **model; /* of each series: that of a fit, or NULL */
} isotherm;

/* Where desorption begins: what the branch column says, else after the highest pressure. */
static size_t turn_of(const as_series *s)
{
    const as_column *branch = as_find_name(s->table, "branch");
    size_t top = 0;
    if (branch && branch->type == AS_TEXT) {
        for (size_t i = 0; i < s->n; i++)
            if (branch->v.s[i] && strncmp(branch->v.s[i], "des", 3) == 0) return i;
        return s->n;
    }
    for (size_t i = 1; i < s->n; i++)
        if (s->x[i] > s->x[top]) top = i;
    return top + 1;
}

static as_brush brush(const as_view *v, const isotherm *t, size_t i, bool filled)
{
    as_brush b = as_brush_dots(v, i, t->n, filled);
    size_t most = 0;
    for (size_t k = 0; k < t->n; k++) most = t->s[k].n > most ? t->s[k].n : most;
    b.width_mm = as_pt(v->style.axis_pt);
    b.size_mm *= as_crowded(most);
    return b;
}

/* Of its isotherm's colour, or of the next one where there is a single isotherm. */
static as_brush model_line(const as_view *v, const isotherm *t, size_t i)
{
    return t->n == 1 ? as_brush_palette(v, 1, 2) : as_brush_line(v, i, t->n);
}

static as_status content(as_view *v, void *data)
{
    const isotherm *t = data;
    for (size_t i = 0; i < t->n; i++) {
        const as_series *s = &t->s[i];
        const size_t from = t->turn[i] ? t->turn[i] - 1 : 0; /* desorption is joined to its start */
        as_brush line = brush(v, t, i, false), open = line;
        line.dots = false;
        open.width_mm = 0;
        if (t->turn[i] < s->n) {
            AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n - from, s->x + from, s->y + from, line));
            AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n - t->turn[i], s->x + t->turn[i], s->y + t->turn[i], open));
        }
        as_brush filled = brush(v, t, i, true);
        if (t->model[i]) filled.width_mm = 0;
        AS_TRY(as_view_curve(v, AS_SIDE_Y, t->turn[i], s->x, s->y, filled));
        if (t->model[i]) AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, t->model[i], model_line(v, t, i)));
    }
    return AS_OK;
}

static as_status inset(as_view *v, isotherm *t)
{
    as_view *small;
    as_box at;
    if (as_view_free(v, (as_size){ v->frame.w * 0.5, v->frame.h * 0.5 }, &at) > 0.02)
        as_warn(v->ctx, NULL, NULL, "the inset covers some of the data");
    AS_TRY(as_inset_open(v, at, &small));
    small->x.scale = AS_LOG;
    AS_TRY(as_view_spans(small, t->n, t->s, 0, 0.06));
    small->y.name = ""; /* as beside it */
    as_ticks_round(AS_LOG, 6, &small->x.lo, &small->x.hi);
    return as_view_draw(small, content, t);
}

static as_status entries(as_view *v, const isotherm *t)
{
    if (t->n == 1) {
        as_brush points = brush(v, t, 0, true);
        if (!t->model[0] && t->turn[0] == t->s[0].n) return AS_OK; /* nothing to tell apart */
        if (t->model[0]) points.width_mm = 0;
        AS_TRY(as_view_entry(v, "adsorption", points, false));
        if (t->model[0]) AS_TRY(as_view_entry(v, "model", model_line(v, t, 0), false));
        return t->turn[0] < t->s[0].n ? as_view_entry(v, "desorption", brush(v, t, 0, false), false) : AS_OK;
    }
    for (size_t i = 0; i < t->n; i++)
        AS_TRY(as_view_entry(v, t->s[i].label, brush(v, t, i, true), false));
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const isotherm_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    isotherm t = { .n = n, .turn = AS_NEW_N(as_scratch(ctx), size_t, n + 1),
                   .model = AS_NEW_N(as_scratch(ctx), const double *, n + 1) };
    if (!v || !t.turn || !t.model) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &t.s));
    for (size_t i = 0; i < n; i++) {
        const as_column *model = as_find_role(tables[i], AS_ROLE_MODEL);
        t.turn[i] = turn_of(&t.s[i]);
        if (model) AS_TRY(as_values(ctx, tables[i], model, &t.s->y_column->unit, &t.model[i]));
    }
    v->x.scale = (as_scale)set->x_scale;
    AS_TRY(as_view_spans(v, n, t.s, 0.02, 0.06));
    AS_TRY(entries(v, &t));
    AS_TRY(as_view_draw(v, content, &t));
    return set->inset ? inset(v, &t) : AS_OK;
}

static const as_example examples[] = {
    { "an isotherm with its low pressures on a log axis",
      "assay plot-isotherm tests/corpus/sorption/type2.csv --inset -o isotherm.svg" },
    { "an isotherm and what a kernel makes of it",
      "assay pores-dft --kernel tests/corpus/sorption/kernel.csv --rows isotherm --gas N2"
      " tests/corpus/sorption/two-classes.csv | assay plot-isotherm --x-scale log -o fitted.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-distribution", NULL };
static const char *const techniques[] = { "sorption", NULL };

const as_figure as_figure_plot_isotherm = {
    .name = "plot-isotherm",
    .techniques = techniques,
    .settings_size = sizeof(isotherm_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw sorption isotherms, adsorption filled and desorption open",
             .description =
                 "Desorption is what the column `branch` says, or what comes after the highest pressure. "
                 "`--inset` repeats the isotherm on a log axis of pressure. A model column, as `pores-dft --rows "
                 "isotherm`, `isotherm-fit` and `t-plot` add it, is a line; the points are then not joined.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
