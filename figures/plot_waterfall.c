/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-waterfall: many curves behind each other, each hiding what lies behind it, coloured by what
 * changes from series to series.
 */
#include <math.h>

#include "colourbar.h"
#include "coordinate.h"

typedef struct {
    as_look look;
    const char *along;
    double shift, rise;
} waterfall_settings;

static const as_param params[] = {
    AS_STRING(waterfall_settings, along, "along", "auto", "metadata that orders and colours the series"),
    AS_DOUBLE(waterfall_settings, rise, "rise", "1", 0, 20, NULL,
              "of the last curve over the first, in heights of the tallest"),
    AS_DOUBLE(waterfall_settings, shift, "shift", "0.15", 0, 1, NULL,
              "of the last curve to the right, in widths of the x axis"),
    AS_LOOK_PARAMS(waterfall_settings),
    AS_PARAMS_END
};

typedef struct waterfall {
    const waterfall_settings *set;
    size_t n;
    as_series *s;
    size_t *order; /* nearest first */
    double **x, **y;
    double lo, hi;
    as_coordinate along;
} waterfall;

static uint32_t colour_of(const as_view *v, const waterfall *w, size_t i)
{
    double lo = INFINITY, hi = -INFINITY;
    as_extremes(w->n, w->along.at, false, &lo, &hi);
    return as_map_colour((as_palette)v->look->palette, hi > lo ? (w->along.at[i] - lo) / (hi - lo) : 0);
}

static as_status content(as_view *v, void *data)
{
    const waterfall *w = data;
    for (size_t k = w->n; k-- > 0;) {
        const size_t i = w->order[k];
        const as_brush b = { .line = colour_of(v, w, i), .width_mm = as_pt(v->style.line_pt) };
        AS_TRY(as_view_area(v, AS_SIDE_Y, w->s[i].n, w->x[i], w->y[i], NULL, v->style.paper));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, w->s[i].n, w->x[i], w->y[i], b));
    }
    return AS_OK;
}

/* Curve number k from the front moves right and up by k / (n - 1) of shift and rise. */
static as_status move(as_view *v, waterfall *w)
{
    const double span = w->hi > w->lo ? w->hi - w->lo : 1, width = v->x.hi - v->x.lo;
    w->x = AS_NEW_N(as_scratch(v->ctx), double *, w->n);
    w->y = AS_NEW_N(as_scratch(v->ctx), double *, w->n);
    if (!w->x || !w->y) return AS_ERR;
    for (size_t k = 0; k < w->n; k++) {
        const size_t i = w->order[k];
        const double f = w->n > 1 ? (double)k / (double)(w->n - 1) : 0;
        const double right = (v->x.reversed ? -1 : 1) * f * w->set->shift * width;
        w->x[i] = AS_NEW_N(as_scratch(v->ctx), double, w->s[i].n + 1);
        w->y[i] = AS_NEW_N(as_scratch(v->ctx), double, w->s[i].n + 1);
        if (!w->x[i] || !w->y[i]) return AS_ERR;
        for (size_t j = 0; j < w->s[i].n; j++) {
            const bool shown = w->s[i].x[j] >= v->x.lo && w->s[i].x[j] <= v->x.hi;
            w->x[i][j] = w->s[i].x[j] + right;
            w->y[i][j] = shown ? w->s[i].y[j] + f * w->set->rise * span : NAN;
        }
    }
    if (v->x.reversed) v->x.lo -= w->set->shift * width;
    else v->x.hi += w->set->shift * width;
    v->y.lo = w->lo - 0.03 * span;
    v->y.hi = w->hi + (w->set->rise + 0.05) * span;
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const waterfall_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    waterfall w = { .set = set, .n = n, .lo = INFINITY, .hi = -INFINITY,
                    .order = AS_NEW_N(as_scratch(ctx), size_t, n + 1) };
    if (!v || !w.order) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &w.s));
    AS_TRY(as_coordinate_of(ctx, set->along, n, tables, &w.along));
    for (size_t i = 0; i < n; i++) {
        size_t j = i;
        for (; j > 0 && w.along.at[w.order[j - 1]] > w.along.at[i]; j--) w.order[j] = w.order[j - 1];
        w.order[j] = i;
    }
    AS_TRY(as_view_spans(v, n, w.s, 0, 0));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < w.s[i].n; j++)
            if (w.s[i].x[j] >= v->x.lo && w.s[i].x[j] <= v->x.hi)
                as_extremes(1, w.s[i].y + j, false, &w.lo, &w.hi);
    if (!(w.lo <= w.hi)) w.lo = 0, w.hi = 1;
    AS_TRY(move(v, &w));
    v->y.numbers = false;
    if (!set->look.y_label || !*set->look.y_label) v->y.unit = "a.u.";
    as_colourbar bar = { INFINITY, -INFINITY, AS_LINEAR, w.along.label, w.along.unit_label };
    as_extremes(n, w.along.at, false, &bar.lo, &bar.hi);
    const bool few = !w.along.key && n <= 8; /* numbers of series say less than their labels */
    for (size_t i = n; few && i-- > 0;) {
        const as_brush b = { .line = colour_of(v, &w, i), .width_mm = as_pt(v->style.line_pt) };
        AS_TRY(as_view_entry(v, w.s[i].label, b, false));
    }
    if (few || !(bar.lo < bar.hi)) return as_view_draw(v, content, &w);
    v->outer.w -= as_colourbar_width(v, &bar);
    AS_TRY(as_view_draw(v, content, &w));
    return as_colourbar_draw(v, &bar);
}

static const as_example examples[] = {
    { "spectra behind each other",
      "assay plot-waterfall tests/corpus/figures/etching.ecsv -o etching.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-stack", "plot-heatmap", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_waterfall = {
    .name = "plot-waterfall",
    .techniques = techniques,
    .settings_size = sizeof(waterfall_settings),
    .params = params,
    .draw = draw,
    .doc = { .summary = "draw many curves behind each other, coloured by depth, time or temperature",
             .description =
                 "The series with the lowest coordinate (*along*) is in front. Those behind stand *rise* "
                 "higher and *shift* further to the right; the x axis belongs to the front curve.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
