/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-trend: values with their uncertainties against what changes from series to series; a limit is an
 * arrow, never a point.
 */
#include <math.h>
#include <string.h>

#include "coordinate.h"
#include "layout.h"

typedef struct {
    as_look look;
    as_texts results;
    const char *along;
    int y_scale;
    bool join;
    double coverage;
} trend_settings;

static const as_param params[] = {
    AS_TEXTS(trend_settings, results, "result", "",
             "item.quantity of the results to draw, one curve each; none: x, y and sigma of the series"),
    AS_STRING(trend_settings, along, "along", "auto", "metadata on the x axis, with --result"),
    AS_CHOICE(trend_settings, y_scale, "y-scale", "linear", as_scales, "of the y axis"),
    AS_BOOL(trend_settings, join, "join", "yes", "join the points"),
    AS_DOUBLE(trend_settings, coverage, "coverage", "1", 0.1, 10, NULL,
              "length of the error bars in standard uncertainties"),
    AS_LOOK_PARAMS(trend_settings),
    AS_PARAMS_END
};

typedef struct trend { /* one curve */
    const char *label;
    size_t n;
    double *x, *y, *u;
    int8_t *bound; /* as_bound of each point */
} trend;

typedef struct trends {
    const trend_settings *set;
    size_t n;
    trend *t;
} trends;

static as_brush brush(const as_view *v, const trends *w, size_t i)
{
    as_brush b = as_brush_dots(v, i, w->n, true);
    size_t most = 0;
    for (size_t k = 0; k < w->n; k++) most = w->t[k].n > most ? w->t[k].n : most;
    b.size_mm *= as_crowded(most);
    b.width_mm = w->set->join ? as_pt(v->style.axis_pt) : 0;
    return b;
}

/* A short bar at the limit and an arrow from it in the direction of what is possible. */
static as_status arrow(as_view *v, as_point at, double down, uint32_t rgba)
{
    const double s = v->style.marker_mm, long_mm = 2.6 * s;
    const as_point tip = { at.x, at.y + down * long_mm };
    const as_point line[] = { { at.x - 0.7 * s, at.y }, { at.x + 0.7 * s, at.y }, { NAN, NAN }, at,
                              { tip.x, tip.y - down * 0.5 * s } };
    const as_point head[] = { tip, { tip.x - 0.4 * s, tip.y - down * 0.8 * s },
                              { tip.x + 0.4 * s, tip.y - down * 0.8 * s } };
    as_view_take(v, (as_box){ at.x - s, fmin(at.y, tip.y), 2 * s, long_mm });
    if (v->dry) return AS_OK;
    AS_TRY(as_canvas_line(v->c, 5, line, (as_pen){ as_pt(v->style.line_pt), NULL, 0, rgba }));
    return as_canvas_fill(v->c, 3, head, rgba);
}

static as_status content(as_view *v, void *data)
{
    const trends *w = data;
    for (size_t i = 0; i < w->n; i++) {
        const trend *t = &w->t[i];
        const as_brush b = brush(v, w, i);
        double *y = AS_NEW_N(as_scratch(v->ctx), double, t->n + 1);
        if (!y) return AS_ERR;
        for (size_t j = 0; j < t->n; j++) y[j] = t->bound[j] == AS_EQUAL ? t->y[j] : NAN;
        AS_TRY(as_view_bars(v, AS_SIDE_Y, t->n, t->x, y, t->u, b.line));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, t->n, t->x, y, b));
        for (size_t j = 0; j < t->n; j++) {
            const as_point at = as_view_at(v, AS_SIDE_Y, t->x[j], t->y[j]);
            if (t->bound[j] != AS_EQUAL && isfinite(at.y))
                AS_TRY(arrow(v, at, t->bound[j] == AS_BELOW ? 1 : -1, b.line));
        }
    }
    return AS_OK;
}

static as_status room(as_ctx *ctx, trend *t, size_t n)
{
    t->n = n;
    t->x = AS_NEW_N(as_scratch(ctx), double, n + 1);
    t->y = AS_NEW_N(as_scratch(ctx), double, n + 1);
    t->u = AS_NEW_N(as_scratch(ctx), double, n + 1);
    t->bound = AS_NEW_N(as_scratch(ctx), int8_t, n + 1);
    return t->x && t->y && t->u && t->bound ? AS_OK : AS_ERR;
}

/* The result called "item.quantity"; the item may hold dots. */
static const as_result *result_of(as_ctx *ctx, const as_table *t, const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *item = dot ? as_strndup(as_scratch(ctx), name, (size_t)(dot - name)) : NULL;
    return item ? as_get_result(t, item, dot + 1) : NULL;
}

static as_status from_result(as_ctx *ctx, const trend_settings *set, const char *name, size_t n,
                             const as_table *const *tables, const as_coordinate *k, as_column *y, trend *t)
{
    size_t found = 0;
    AS_TRY(room(ctx, t, n));
    for (size_t i = 0; i < n; i++) {
        const as_result *r = result_of(ctx, tables[i], name);
        t->x[i] = k->at[i];
        t->y[i] = t->u[i] = NAN;
        if (!r) continue;
        if (!y->name) *y = (as_column){ .name = r->quantity, .unit = r->unit,
                                        .label = as_result_label(ctx, r->item, r->quantity) };
        if (!as_unit_same_dimension(&r->unit, &y->unit))
            return as_fail(ctx, AS_E_UNIT, NULL, "%s is in %s, the axis in %s", name, r->unit.symbol,
                           y->unit.symbol);
        t->y[i] = as_unit_convert(r->value, &r->unit, &y->unit);
        t->u[i] = as_unit_scale(r->u, &r->unit, &y->unit) * set->coverage;
        t->bound[i] = (int8_t)r->bound;
        found++;
    }
    t->label = name;
    if (found) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL, "no series has a result '%s' (item.quantity)", name);
}

/* Of results that are all of one quantity, which the axis names, the item tells them apart. */
static void shorten_labels(as_ctx *ctx, trends *w)
{
    const char *first = strrchr(w->t[0].label, '.');
    for (size_t i = 0; i < w->n; i++) {
        const char *dot = strrchr(w->t[i].label, '.');
        if (!first || !dot || dot == w->t[i].label || strcmp(first, dot) != 0) return;
    }
    for (size_t i = 0; i < w->n; i++) {
        const size_t n = (size_t)(strrchr(w->t[i].label, '.') - w->t[i].label);
        const char *item = as_strndup(as_scratch(ctx), w->t[i].label, n);
        if (item) w->t[i].label = item;
    }
}

static as_status from_series(as_ctx *ctx, const trend_settings *set, const as_series *s, trend *t)
{
    const as_column *bound = as_find_name(s->table, "bound");
    AS_TRY(room(ctx, t, s->n));
    t->label = s->label;
    for (size_t i = 0; i < s->n; i++) {
        t->x[i] = s->x[i];
        t->y[i] = s->y[i];
        t->u[i] = s->sigma ? s->sigma[i] * set->coverage : NAN;
        const char *b = bound && bound->type == AS_TEXT && bound->v.s[i] ? bound->v.s[i] : "=";
        t->bound[i] = b[0] == '<' ? AS_BELOW : b[0] == '>' ? AS_ABOVE : AS_EQUAL;
    }
    return AS_OK;
}

static as_status spans(as_view *v, const trends *w, const as_column *x, const as_column *y)
{
    double a[4] = { INFINITY, -INFINITY, INFINITY, -INFINITY };
    const bool positive = v->y.scale == AS_LOG;
    bool limits = false;
    for (size_t i = 0; i < w->n; i++)
        for (size_t j = 0; j < w->t[i].n; j++) {
            const double value = w->t[i].y[j], u = w->t[i].u[j] > 0 ? w->t[i].u[j] : 0;
            const double low = positive && value - u < value / 10 ? value : value - u;
            const double ends[] = { value, low, value + u };
            if (!isfinite(value)) continue;
            limits |= w->t[i].bound[j] == AS_BELOW;
            as_extremes(1, &w->t[i].x[j], false, &a[0], &a[1]);
            as_extremes(3, ends, positive, &a[2], &a[3]);
        }
    AS_TRY(as_axis_span(v, &v->x, a[0], a[1], 0.04, &v->look->x, x));
    AS_TRY(as_axis_span(v, &v->y, a[2], a[3], 0.08, &v->look->y, y));
    if (limits && !v->y.fixed_lo) { /* room for the arrows */
        const double from = as_scaled(v->y.scale, v->y.lo), to = as_scaled(v->y.scale, v->y.hi);
        v->y.lo = as_unscaled(v->y.scale, from - 0.1 * (to - from));
    }
    as_axis_name(v, &v->y, y, v->look->y_label);
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const trend_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    trends w = { .set = set, .n = set->results.n ? set->results.n : n };
    as_column x = { .name = NULL }, y = { .name = NULL };
    w.t = AS_NEW_N(as_scratch(ctx), trend, w.n + 1);
    if (!v || !w.t) return AS_ERR;
    if (n == 0) return as_fail(ctx, AS_E_MISSING, NULL, "no series to draw");
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    v->y.scale = (as_scale)set->y_scale;
    if (set->results.n) {
        as_coordinate k;
        AS_TRY(as_coordinate_of(ctx, set->along, n, tables, &k));
        for (size_t i = 0; i < w.n; i++)
            AS_TRY(from_result(ctx, set, set->results.v[i], n, tables, &k, &y, &w.t[i]));
        shorten_labels(ctx, &w);
        x = (as_column){ .name = k.key ? k.key : "series", .label = k.label, .unit = k.unit };
    } else {
        as_series *s;
        AS_TRY(as_series_of(ctx, &set->look, n, tables, &s));
        for (size_t i = 0; i < n; i++) AS_TRY(from_series(ctx, set, &s[i], &w.t[i]));
        x = *s->x_column;
        y = *s->y_column;
    }
    AS_TRY(spans(v, &w, &x, &y));
    as_axis_name(v, &v->x, &x, set->look.x_label);
    for (size_t i = 0; w.n > 1 && i < w.n; i++) {
        const char *label = i < set->look.labels.n ? set->look.labels.v[i] : w.t[i].label;
        AS_TRY(as_view_entry(v, label, brush(v, &w, i), false));
    }
    return as_view_draw(v, content, &w);
}

static const as_example examples[] = {
    { "an intensity that falls under its limit of detection",
      "assay plot-trend tests/corpus/figures/trend.ecsv -o trend.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-bars", "plot-lines", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_trend = {
    .name = "plot-trend",
    .techniques = techniques,
    .settings_size = sizeof(trend_settings),
    .params = params,
    .rowless = "--result",
    .draw = draw,
    .doc = { .summary = "draw values with error bars, limits as arrows",
             .description =
                 "With `--result 111.area` the results of the series are drawn against what changes "
                 "between them (*along*); without, the rows of the series. A value with the bound `<` or "
                 "`>` is an arrow from the limit.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
