/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-map: one result of every series as colour at its place, for maps of points; nothing is
 * smoothed, and a place without a value stays blank.
 */
#include <math.h>
#include <string.h>

#include "colourbar.h"

typedef struct {
    as_look look;
    const char *result, *across, *up;
    as_range colours;
    int scale;
} map_settings;

static const as_param params[] = {
    AS_STRING(map_settings, result, "result", NULL, "item.quantity of the results to draw"),
    AS_STRING(map_settings, across, "across", "x",
              "metadata that gives the place along the x axis"),
    AS_STRING(map_settings, up, "up", "y", "metadata that gives the place along the y axis"),
    AS_RANGE(map_settings, colours, "colours", ":", NULL, "values at the ends of the colour bar"),
    AS_CHOICE(map_settings, scale, "colour-scale", "linear", as_scales, "of the colour bar"),
    AS_LOOK_PARAMS(map_settings),
    AS_PARAMS_END
};

typedef struct place { /* one axis of the map */
    as_unit unit;
    size_t n;
    double *at, *edge; /* n middles, rising, and n + 1 borders */
    size_t *of;        /* which one each series is at */
} place;

typedef struct map {
    const map_settings *set;
    size_t n;
    double *value; /* of each series */
    as_column result;
    place x, y;
    as_colourbar bar;
} map;

static const char *name_of(const as_table *t)
{
    return t->name ? t->name : "a series";
}

/* Which numbers of the metadata could be a place, since they are not the same for all. */
static as_status no_place(as_ctx *ctx, const char *key, size_t n, const as_table *const *tables, size_t i)
{
    const char *list = "";
    for (size_t k = 0; list && k < tables[0]->n_meta; k++) {
        const as_meta *m = &tables[0]->meta[k], *last = as_get_meta(tables[n - 1], m->key);
        if (isfinite(m->number) && last && isfinite(last->number) && last->number != m->number)
            list = as_format(as_scratch(ctx), "%s%s%s", list, *list ? ", " : "", m->key);
    }
    (void)!as_fail(ctx, AS_E_MISSING, NULL, "'%s' has no number for %s: name another with --across or --up",
                   name_of(tables[i]), key);
    return list && *list ? as_while(ctx, "hint: numbers that differ between the series: %s", list) : AS_ERR;
}

/* Values that differ by less than a millionth of their span are one place. */
static as_status places(as_ctx *ctx, const char *key, size_t n, const as_table *const *tables,
                        place *p)
{
    double *v = AS_NEW_N(as_scratch(ctx), double, n),
           *sorted = AS_NEW_N(as_scratch(ctx), double, n);
    p->of = AS_NEW_N(as_scratch(ctx), size_t, n);
    p->edge = AS_NEW_N(as_scratch(ctx), double, n + 1);
    if (!v || !sorted || !p->of || !p->edge) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const as_meta *m = as_get_meta(tables[i], key);
        if (i == 0 && m) p->unit = m->unit;
        v[i] = m && isfinite(m->number) ? as_unit_convert(m->number, &m->unit, &p->unit) : NAN;
        if (!isfinite(v[i]))
            return no_place(ctx, key, n, tables, i);
        size_t k = p->n;
        for (; k > 0 && sorted[k - 1] > v[i]; k--) sorted[k] = sorted[k - 1];
        sorted[k] = v[i];
        p->n++;
    }
    const double least = 1e-6 * (sorted[n - 1] - sorted[0]);
    p->at = sorted;
    p->n = 1;
    for (size_t i = 1; i < n; i++)
        if (sorted[i] - sorted[p->n - 1] > least) sorted[p->n++] = sorted[i];
    for (size_t i = 0; i < n; i++) {
        size_t lo = 0, hi = p->n - 1; /* the last place not above v */
        while (lo < hi) {
            const size_t middle = (lo + hi + 1) / 2;
            if (sorted[middle] <= v[i] + least)
                lo = middle;
            else
                hi = middle - 1;
        }
        p->of[i] = lo;
    }
    for (size_t k = 1; k < p->n; k++) p->edge[k] = (p->at[k - 1] + p->at[k]) / 2;
    p->edge[0] = p->n > 1 ? 2 * p->at[0] - p->edge[1] : p->at[0] - 0.5;
    p->edge[p->n] = p->n > 1 ? 2 * p->at[p->n - 1] - p->edge[p->n - 1] : p->at[0] + 0.5;
    return AS_OK;
}

static bool evenly_spaced(const place *p)
{
    const double step = (p->edge[p->n] - p->edge[0]) / (double)p->n;
    for (size_t k = 0; k < p->n; k++)
        if (fabs(p->edge[k + 1] - p->edge[k] - step) > 0.02 * step) return false;
    return true;
}

/* The result "item.quantity" of every series; the item may hold dots. */
static as_status values(as_ctx *ctx, const as_table *const *tables, map *m)
{
    const char *dot = strrchr(m->set->result, '.');
    const char *item =
        dot ? as_strndup(as_scratch(ctx), m->set->result, (size_t)(dot - m->set->result)) : NULL;
    size_t found = 0;
    if (!dot)
        return as_fail(ctx, AS_E_USAGE, NULL, "--result: '%s' found, expected item.quantity",
                       m->set->result);
    if (!item || !(m->value = AS_NEW_N(as_scratch(ctx), double, m->n))) return AS_ERR;
    for (size_t i = 0; i < m->n; i++) {
        const as_result *r = as_get_result(tables[i], item, dot + 1);
        m->value[i] = NAN;
        if (!r) continue;
        if (!found++)
            m->result = (as_column){ .name = r->quantity,
                                     .unit = r->unit,
                                     .label = as_result_label(ctx, r->item, r->quantity) };
        if (!as_unit_same_dimension(&r->unit, &m->result.unit))
            return as_fail(ctx, AS_E_UNIT, NULL, "%s is in %s in '%s', in %s before",
                           m->set->result, r->unit.symbol, name_of(tables[i]),
                           m->result.unit.symbol);
        if (strcmp(r->flag, "failed") != 0)
            m->value[i] = as_unit_convert(r->value, &r->unit, &m->result.unit);
    }
    if (found) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL, "no series has a result '%s' (item.quantity)",
                   m->set->result);
}

static as_box pixel_box(const as_view *v, const map *m, size_t column, size_t row)
{
    const double left = as_view_x(v, m->x.edge[column]),
                 right = as_view_x(v, m->x.edge[column + 1]);
    const double low = as_view_y(v, AS_SIDE_Y, m->y.edge[row]),
                 top = as_view_y(v, AS_SIDE_Y, m->y.edge[row + 1]);
    return (as_box){ fmin(left, right), fmin(low, top), fabs(right - left), fabs(low - top) };
}

/* One image where places are evenly spaced: viewers show seams between several. */
static as_status content(as_view *v, void *data)
{
    const map *m = data;
    const size_t w = m->x.n, h = m->y.n;
    if (v->dry) return AS_OK;
    uint32_t *pixel = AS_NEW_N(as_scratch(v->ctx), uint32_t, w * h);
    if (!pixel) return AS_ERR;
    for (size_t i = 0; i < w * h; i++) pixel[i] = v->style.paper;
    const double lo = as_scaled(m->bar.scale, m->bar.lo), hi = as_scaled(m->bar.scale, m->bar.hi);
    const bool even = evenly_spaced(&m->x) && evenly_spaced(&m->y);
    for (size_t i = 0; i < m->n; i++) {
        const double f = (as_scaled(m->bar.scale, m->value[i]) - lo) / (hi - lo);
        if (isnan(f)) continue;
        const uint32_t colour = as_map_colour((as_palette)v->look->palette, f);
        const size_t column = v->x.reversed ? w - 1 - m->x.of[i] : m->x.of[i];
        pixel[(h - 1 - m->y.of[i]) * w + column] = colour;
        if (!even)
            AS_TRY(as_canvas_image(v->c, pixel_box(v, m, m->x.of[i], m->y.of[i]), 1, 1, &colour));
    }
    if (!even) return AS_OK;
    const as_box a = pixel_box(v, m, 0, 0), b = pixel_box(v, m, w - 1, h - 1);
    const double left = fmin(a.x, b.x), top = fmin(a.y, b.y);
    const as_box whole = { left, top, fmax(a.x + a.w, b.x + b.w) - left,
                           fmax(a.y + a.h, b.y + b.h) - top };
    return as_canvas_image(v->c, whole, h, w, pixel);
}

static as_status colour_range(as_view *v, map *m)
{
    double lo = INFINITY, hi = -INFINITY;
    as_axis a = { .scale = (as_scale)m->set->scale };
    as_extremes(m->n, m->value, a.scale == AS_LOG, &lo, &hi);
    AS_TRY(as_axis_span(v, &a, lo, hi, 0, &m->set->colours, &m->result));
    as_axis_name(v, &a, &m->result, "");
    m->bar = (as_colourbar){ a.lo, a.hi, a.scale, a.name, a.unit };
    return AS_OK;
}

static as_status axis(as_view *v, as_axis *a, const char *key, const place *p, const as_range *told,
                      const char *label)
{
    const as_column c = { .name = key, .unit = p->unit };
    AS_TRY(as_axis_span(v, a, p->edge[0], p->edge[p->n], 0, told, &c));
    as_axis_name(v, a, &c, label);
    return AS_OK;
}

/* The same length of a unit on both axes: the side with room to spare gives it up. */
static void true_to_scale(as_view *v)
{
    const as_margins m = as_view_margins(v);
    const double w = v->outer.w - m.left - m.right, h = v->outer.h - m.top - m.bottom;
    const double want = (v->y.hi - v->y.lo) / (v->x.hi - v->x.lo);
    if (h > w * want) {
        v->outer.y += h - w * want;
        v->outer.h -= h - w * want;
    } else
        v->outer.w -= w - h / want;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const map_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    map m = { .set = set, .n = n };
    if (!v) return AS_ERR;
    if (n == 0) return as_fail(ctx, AS_E_MISSING, NULL, "no series to draw");
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    if (v->x.has_break || v->y.has_break)
        return as_fail(ctx, AS_E_USAGE, NULL, "a map has no broken axis");
    AS_TRY(places(ctx, set->across, n, tables, &m.x));
    AS_TRY(places(ctx, set->up, n, tables, &m.y));
    AS_TRY(values(ctx, tables, &m));
    v->x.scale = v->y.scale = AS_LINEAR;
    AS_TRY(axis(v, &v->x, set->across, &m.x, &set->look.x, set->look.x_label));
    AS_TRY(axis(v, &v->y, set->up, &m.y, &set->look.y, set->look.y_label));
    AS_TRY(colour_range(v, &m));
    v->outer.w -= as_colourbar_width(v, &m.bar);
    if (as_unit_same_dimension(&m.x.unit, &m.y.unit)) true_to_scale(v);
    AS_TRY(as_view_draw(v, content, &m));
    return as_colourbar_draw(v, &m.bar);
}

/* Span of the numbers under a key, and of one step more; 0: not all have one. */
static double span_of(const char *key, size_t n, const as_table *const *tables)
{
    double lo = INFINITY, hi = -INFINITY, step = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const as_meta *m = as_get_meta(tables[i], key),
                      *before = i ? as_get_meta(tables[i - 1], key) : NULL;
        if (!m || !isfinite(m->number)) return 0;
        lo = fmin(lo, m->number);
        hi = fmax(hi, m->number);
        if (before && m->number != before->number)
            step = fmin(step, fabs(m->number - before->number));
    }
    return isfinite(step) ? hi - lo + step : 0;
}

/* A page about as high as the map needs it. */
static double height(const void *settings, size_t n, const as_table *const *tables)
{
    const map_settings *set = settings;
    const double w = span_of(set->across, n, tables), h = span_of(set->up, n, tables);
    return w > 0 && h > 0 ? fmin(1.2, fmax(0.4, 0.68 * h / w + 0.18)) : 0.75;
}

static const as_example examples[] = {
    { "where a map holds much of a band",
      "assay peak-area --window 704:744 tests/corpus/figures/map.ecsv"
      " | assay plot-map --result peak.area -o map.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-heatmap", "unmix", "kmeans", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_map = {
    .name = "plot-map",
    .techniques = techniques,
    .settings_size = sizeof(map_settings),
    .params = params,
    .rowless = "--result",
    .draw = draw,
    .height = height,
    .doc = { .summary = "draw one result of a map of points as colours, with a colour bar",
             .description = "Every series is a point of the map, at the places in its metadata "
                            "(`--across`, `--up`); its colour is the "
                            "value of one result: an area, a position, a share of `unmix`, a "
                            "cluster. A point whose fit failed, and one "
                            "that was not measured, stays blank. Nothing is smoothed or filled in.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
