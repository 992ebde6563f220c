/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-arrhenius: a rate or conductivity on a log axis against 1000/T, with the temperature in degC on
 * top; the column of a fit as a line.
 */
#include <math.h>

#include "layout.h"

typedef struct {
    as_look look;
    bool model;
} arrhenius_settings;

static const as_param params[] = {
    AS_BOOL(arrhenius_settings, model, "model", "yes", "draw the model column of a fit as a line"),
    AS_LOOK_PARAMS(arrhenius_settings),
    AS_PARAMS_END
};

typedef struct arrhenius {
    size_t n;
    as_series *s;
    const double **model;
} arrhenius;

static as_brush dots(const as_view *v, const arrhenius *a, size_t i)
{
    as_brush b = as_brush_dots(v, i, a->n, true);
    b.width_mm = 0;
    return b;
}

static as_status content(as_view *v, void *data)
{
    const arrhenius *a = data;
    for (size_t i = 0; i < a->n; i++) {
        const as_series *s = &a->s[i];
        if (a->model[i])
            AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, a->model[i], as_brush_line(v, i, a->n)));
        if (s->sigma)
            AS_TRY(as_view_bars(v, AS_SIDE_Y, s->n, s->x, s->y, s->sigma, as_brush_line(v, i, a->n).line));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->y, dots(v, a, i)));
    }
    return AS_OK;
}

/* x becomes 1000/T. */
static as_status invert(as_ctx *ctx, as_series *s, const as_unit *from)
{
    const as_unit kelvin = as_unit_of("K");
    double *x = AS_NEW_N(as_scratch(ctx), double, s->n + 1);
    if (!x) return AS_ERR;
    for (size_t i = 0; i < s->n; i++) x[i] = 1000 / as_unit_convert(s->x[i], from, &kelvin);
    s->x = x;
    return AS_OK;
}

/* Ticks of the top axis at round temperatures, in places of the lower axis. */
static void top_axis(as_view *v)
{
    const double cold = 1000 / v->x.hi - 273.15, hot = 1000 / v->x.lo - 273.15;
    v->x2 = (as_axis){ .shown = true, .numbers = true, .lo = v->x.lo, .hi = v->x.hi,
                       .reversed = v->x.reversed, .name = "Temperature", .unit = "°C" };
    as_ticks_find(AS_LINEAR, cold, hot, v->outer.w > 60 ? 7 : 4, true, &v->x2.ticks);
    double last = INFINITY;
    for (size_t i = 0; i < v->x2.ticks.n; i++) {
        as_tick *t = &v->x2.ticks.tick[i];
        t->at = 1000 / (t->at + 273.15);
        if (!t->major) continue;
        if ((last - t->at) / (v->x.hi - v->x.lo) < 0.07) t->label[0] = '\0'; /* they close up to the left */
        else last = t->at;
    }
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const arrhenius_settings *set = settings;
    const as_unit kelvin = as_unit_of("K");
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    arrhenius a = { .n = n, .model = AS_NEW_N(as_scratch(ctx), const double *, n + 1) };
    if (!v || !a.model) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &a.s));
    as_column x = { .name = "1000/T", .label = "1000/*T*" };
    x.unit = AS_UNITLESS;
    const as_column *given = a.s->x_column;
    if (!as_unit_same_dimension(&given->unit, &kelvin)) {
        (void)!as_fail(ctx, AS_E_UNIT, NULL, "x is '%s' in %s, expected a temperature", given->name,
                       given->unit.symbol);
        return as_while(ctx, "hint: draw what arrhenius --ordinate sigma gives, or this with plot-lines");
    }
    for (size_t i = 0; i < n; i++) {
        const as_column *model = as_find_role(tables[i], AS_ROLE_MODEL);
        AS_TRY(invert(ctx, &a.s[i], &given->unit));
        a.s[i].x_column = &x;
        if (set->model && model)
            AS_TRY(as_values(ctx, tables[i], model, &a.s->y_column->unit, &a.model[i]));
        if (n > 1) AS_TRY(as_view_entry(v, a.s[i].label, dots(v, &a, i), false));
    }
    v->y.scale = AS_LOG;
    v->bars = true;
    AS_TRY(as_view_spans(v, n, a.s, 0.06, 0.08));
    if (!set->look.x_label || !*set->look.x_label) v->x.unit = "K^{−1}";
    top_axis(v);
    return as_view_draw(v, content, &a);
}

static const as_example examples[] = {
    { "two conductivities",
      "assay plot-arrhenius tests/corpus/figures/conductivity.ecsv -o arrhenius.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-trend", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_arrhenius = {
    .name = "plot-arrhenius",
    .techniques = techniques,
    .settings_size = sizeof(arrhenius_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw a thermally activated quantity on a log axis against 1000/T",
             .description = "x must be a temperature, in any unit; the top axis shows it in °C. A model "
                            "column, as a fit adds it, is drawn as a line.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
