/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-heatmap: y of many series as colour over x and what changes from series to series; every pixel
 * is a measured value, nothing is smoothed.
 */
#include <math.h>
#include <string.h>

#include "colourbar.h"
#include "coordinate.h"

typedef struct {
    as_look look;
    const char *along;
    double rate;
    as_range colours;
    int scale;
} heatmap_settings;

static const as_param params[] = {
    AS_STRING(heatmap_settings, along, "along", "auto",
              "metadata that gives the second coordinate: etch_time, depth, temperature"),
    AS_DOUBLE(heatmap_settings, rate, "rate", "0", 0, 1e6, "nm/s",
              "etching rate: a second axis shows the depth; 0: none"),
    AS_RANGE(heatmap_settings, colours, "colours", ":", NULL, "values at the ends of the colour bar"),
    AS_CHOICE(heatmap_settings, scale, "colour-scale", "linear", as_scales, "of the colour bar"),
    AS_LOOK_PARAMS(heatmap_settings),
    AS_PARAMS_END
};

enum { COLUMNS_MAX = 1200 };

typedef struct map {
    const heatmap_settings *set;
    size_t n, columns;
    const as_series *s;
    double *at, *edge; /* of the rows: coordinate, and the n + 1 borders between them */
    double x[2];       /* first and last x with a value */
    size_t row[2];     /* first and last row with one, by coordinate */
    size_t *order;     /* series by coordinate */
    as_colourbar bar;
} map;

/* Rows by coordinate; borders half way between neighbours. AS_E_NUMERIC when two share one. */
static as_status rows(as_ctx *ctx, map *m)
{
    m->order = AS_NEW_N(as_scratch(ctx), size_t, m->n);
    m->edge = AS_NEW_N(as_scratch(ctx), double, m->n + 1);
    if (!m->order || !m->edge) return AS_ERR;
    for (size_t i = 0; i < m->n; i++) {
        size_t j = i;
        for (; j > 0 && m->at[m->order[j - 1]] > m->at[i]; j--) m->order[j] = m->order[j - 1];
        m->order[j] = i;
    }
    for (size_t i = 1; i < m->n; i++) {
        const double a = m->at[m->order[i - 1]], b = m->at[m->order[i]];
        if (a == b)
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "two series have the same coordinate %g: name another with --along", a);
        m->edge[i] = (a + b) / 2;
    }
    const double first = m->at[m->order[0]], last = m->at[m->order[m->n - 1]];
    m->edge[0] = m->n > 1 ? 2 * first - m->edge[1] : first - 0.5;
    m->edge[m->n] = m->n > 1 ? 2 * last - m->edge[m->n - 1] : last + 0.5;
    return AS_OK;
}

/* Where there are values at all: a map of what could be computed has wide empty borders. */
static void find_filled(map *m)
{
    m->x[0] = INFINITY, m->x[1] = -INFINITY;
    m->row[0] = m->n, m->row[1] = 0;
    for (size_t i = 0; i < m->n; i++) {
        const as_series *s = &m->s[m->order[i]];
        for (size_t j = 0; j < s->n; j++) {
            if (!isfinite(s->y[j])) continue;
            as_extremes(1, s->x + j, false, &m->x[0], &m->x[1]);
            m->row[0] = i < m->row[0] ? i : m->row[0];
            m->row[1] = i;
        }
    }
    if (m->row[0] == m->n) m->row[0] = 0, m->row[1] = m->n - 1; /* none */
}

/* Half a step of x beyond the first and last value that has one, as wide as its colour. */
static void crop_x(as_view *v, const map *m)
{
    double step = INFINITY;
    for (size_t i = 0; i < m->n; i++)
        for (size_t j = 1; j < m->s[i].n; j++) {
            const double d = fabs(m->s[i].x[j] - m->s[i].x[j - 1]);
            if (d > 0) step = fmin(step, d);
        }
    if (!(m->x[0] < m->x[1]) || !isfinite(step)) return;
    if (!v->x.fixed_lo && m->x[0] > v->x.lo + 2 * step) v->x.lo = m->x[0] - step / 2;
    if (!v->x.fixed_hi && m->x[1] < v->x.hi - 2 * step) v->x.hi = m->x[1] + step / 2;
}

/* Colours of one series: column c shows the point nearest to its middle; NaN where none is near. */
static void row_colours(const as_view *v, const map *m, const as_series *s, uint32_t *out)
{
    const double lo = as_scaled(m->bar.scale, m->bar.lo), hi = as_scaled(m->bar.scale, m->bar.hi);
    const double width = (v->x.hi - v->x.lo) / (double)m->columns;
    const bool up = s->n > 1 && s->x[s->n - 1] > s->x[0];
    size_t k = 0;
    for (size_t c = 0; c < m->columns; c++) {
        const double x = up ? v->x.lo + width * ((double)c + 0.5) : v->x.hi - width * ((double)c + 0.5);
        while (k + 1 < s->n && fabs(s->x[k + 1] - x) <= fabs(s->x[k] - x)) k++;
        const double step = s->n > 1 ? fabs(s->x[k + 1 < s->n ? k + 1 : k] - s->x[k + 1 < s->n ? k : k - 1]) : width;
        const bool near = s->n && fabs(s->x[k] - x) <= fmax(step, width);
        const size_t at = up != v->x.reversed ? c : m->columns - 1 - c;
        const double f = near ? (as_scaled(m->bar.scale, s->y[k]) - lo) / (hi - lo) : NAN;
        out[at] = isnan(f) ? v->style.paper : as_map_colour((as_palette)v->look->palette, f);
    }
}

static bool evenly_spaced(const map *m)
{
    const double step = (m->edge[m->n] - m->edge[0]) / (double)m->n;
    for (size_t i = 0; i < m->n; i++)
        if (fabs(m->edge[i + 1] - m->edge[i] - step) > 0.02 * step) return false;
    return true;
}

/* One image where the rows are equally high: viewers show seams between several. */
static as_status content(as_view *v, void *data)
{
    const map *m = data;
    if (v->dry) return AS_OK;
    uint32_t *pixel = AS_NEW_N(as_scratch(v->ctx), uint32_t, m->columns * m->n);
    if (!pixel) return AS_ERR;
    const bool even = evenly_spaced(m);
    for (size_t i = 0; i < m->n; i++) { /* the image begins with its top row */
        uint32_t *row = pixel + (m->n - 1 - i) * m->columns;
        row_colours(v, m, &m->s[m->order[i]], row);
        const double low = as_view_y(v, AS_SIDE_Y, m->edge[i]), top = as_view_y(v, AS_SIDE_Y, m->edge[i + 1]);
        const as_box box = { v->frame.x, top, v->frame.w, low - top };
        if (!even) AS_TRY(as_canvas_image(v->c, box, 1, m->columns, row));
    }
    const double low = as_view_y(v, AS_SIDE_Y, m->edge[0]), top = as_view_y(v, AS_SIDE_Y, m->edge[m->n]);
    const as_box whole = { v->frame.x, top, v->frame.w, low - top };
    return even ? as_canvas_image(v->c, whole, m->n, m->columns, pixel) : AS_OK;
}

static as_status colour_range(as_view *v, map *m)
{
    double lo = INFINITY, hi = -INFINITY;
    as_axis a = { .scale = (as_scale)m->set->scale };
    m->columns = 1;
    for (size_t i = 0; i < m->n; i++) {
        size_t shown = 0;
        for (size_t j = 0; j < m->s[i].n; j++) {
            if (!(m->s[i].x[j] >= v->x.lo && m->s[i].x[j] <= v->x.hi)) continue;
            as_extremes(1, m->s[i].y + j, a.scale == AS_LOG, &lo, &hi);
            shown++;
        }
        if (shown > m->columns) m->columns = shown < COLUMNS_MAX ? shown : COLUMNS_MAX;
    }
    AS_TRY(as_axis_span(v, &a, lo, hi, 0, &m->set->colours, m->s->y_column));
    as_axis_name(v, &a, m->s->y_column, v->look->y_label);
    m->bar = (as_colourbar){ a.lo, a.hi, a.scale, a.name, a.unit };
    return AS_OK;
}

static as_status depth_axis(as_view *v, const map *m, const as_coordinate *k)
{
    const as_unit second = as_unit_of("s");
    if (m->set->rate <= 0) return AS_OK;
    if (!as_unit_same_dimension(&k->unit, &second))
        return as_fail(v->ctx, AS_E_UNIT, NULL, "--rate needs series that differ in time, these differ in %s",
                       k->key ? k->key : "their number");
    v->y2 = v->y;
    v->y2.shown = true;
    v->y2.lo = as_unit_convert(v->y.lo, &k->unit, &second) * m->set->rate;
    v->y2.hi = as_unit_convert(v->y.hi, &k->unit, &second) * m->set->rate;
    v->y2.name = "Depth";
    v->y2.unit = "nm";
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const heatmap_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    as_series *s;
    as_coordinate along;
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &s));
    AS_TRY(as_coordinate_of(ctx, set->along, n, tables, &along));
    map m = { .set = set, .n = n, .s = s, .at = along.at };
    AS_TRY(rows(ctx, &m));
    AS_TRY(as_view_spans(v, n, s, 0, 0));
    find_filled(&m);
    crop_x(v, &m);
    if (v->x.has_break || v->y.has_break)
        return as_fail(ctx, AS_E_USAGE, NULL, "a map has no broken axis");
    AS_TRY(colour_range(v, &m));
    const as_column row = { .name = along.key ? along.key : "series", .unit = along.unit };
    v->y.scale = AS_LINEAR;
    AS_TRY(as_axis_span(v, &v->y, m.edge[m.row[0]], m.edge[m.row[1] + 1], 0, &set->look.y, &row));
    v->y.name = along.label;
    v->y.unit = along.unit_label;
    v->y.whole = !along.key || strcmp(along.key, "cycle") == 0;
    AS_TRY(depth_axis(v, &m, &along));
    v->outer.w -= as_colourbar_width(v, &m.bar);
    AS_TRY(as_view_draw(v, content, &m));
    return as_colourbar_draw(v, &m.bar);
}

static const as_example examples[] = {
    { "spectra against etching time, 1 nm/s",
      "assay plot-heatmap tests/corpus/figures/etching.ecsv --rate 1nm/s -o depth.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-waterfall", "plot-stack", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_heatmap = {
    .name = "plot-heatmap",
    .techniques = techniques,
    .settings_size = sizeof(heatmap_settings),
    .params = params,
    .draw = draw,
    .doc = { .summary = "draw many series as a map of colours, with a colour bar",
             .description =
                 "x is that of the series, the other axis what changes between them (*along*). A pixel "
                 "is the measured point nearest to it; nothing is smoothed.\n\n"
                 "With `--rate` an etching time gets a second axis in nm.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
