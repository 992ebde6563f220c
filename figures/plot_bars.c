/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-bars: groups of bars. Rows are groups and series are the bars in them; series of one row each
 * are groups themselves. A column may stand on a right axis of its own.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "twin.h"

typedef struct {
    as_look look;
    const char *right;
    bool values;
} bars_settings;

static const as_param params[] = {
    AS_STRING(bars_settings, right, "right", "none", "column of a second bar, on the right axis"),
    AS_BOOL(bars_settings, values, "values", "no", "write the value above each bar"),
    AS_LOOK_PARAMS(bars_settings),
    AS_PARAMS_END
};

typedef struct bars {
    const bars_settings *set;
    as_twin t;
    bool by_series;   /* every series is a group */
    size_t groups, members;
    const char **group; /* labels */
} bars;

static const char *row_label(as_ctx *ctx, const as_series *s, size_t row)
{
    const as_column *label = as_find_role(s->table, AS_ROLE_LABEL);
    char number[AS_NUMBER_MAX];
    if (label && label->type == AS_TEXT) return label->v.s[row] ? label->v.s[row] : "";
    as_write_number(s->x[row], number);
    return as_strdup(as_scratch(ctx), number);
}

static as_status groups(as_ctx *ctx, bars *b)
{
    size_t most = 0;
    for (size_t i = 0; i < b->t.n; i++) most = b->t.s[i].n > most ? b->t.s[i].n : most;
    b->by_series = most <= 1;
    b->groups = b->by_series ? b->t.n : most;
    b->members = (b->by_series ? 1 : b->t.n) * (b->t.column ? 2 : 1);
    b->group = AS_NEW_N(as_scratch(ctx), const char *, b->groups + 1);
    if (!b->group) return AS_ERR;
    for (size_t g = 0; g < b->groups; g++) {
        const as_series *s = &b->t.s[b->by_series ? g : 0];
        for (size_t i = 0; !b->by_series && i < b->t.n && s->n <= g; i++) s = &b->t.s[i];
        b->group[g] = b->by_series ? s->label : row_label(ctx, s, g);
        if (!b->group[g]) return AS_ERR;
    }
    return AS_OK;
}

/* Value and standard deviation of member m of group g; NaN: there is none. */
static double value_of(const bars *b, size_t g, size_t m, as_side *side, double *sigma)
{
    const size_t per = b->t.column ? 2 : 1, series = b->by_series ? g : m / per, row = b->by_series ? 0 : g;
    const as_series *s = &b->t.s[series];
    *side = per == 2 && m % 2 == 1 ? AS_SIDE_Y2 : AS_SIDE_Y;
    *sigma = NAN;
    if (row >= s->n) return NAN;
    if (*side == AS_SIDE_Y2) return b->t.right[series] ? b->t.right[series][row] : NAN;
    if (s->sigma) *sigma = s->sigma[row];
    return s->y[row];
}

static uint32_t colour_of(const as_view *v, const bars *b, size_t m)
{
    const size_t n = b->members < 2 ? 2 : b->members;
    const bool told = v->look->colours.n == b->members;
    return (told ? as_brush_line(v, m, n) : as_brush_palette(v, m, n)).line;
}

static as_status bar(as_view *v, const bars *b, size_t g, size_t m)
{
    as_side side;
    double sigma;
    const double value = value_of(b, g, m, &side, &sigma), wide = 0.72 / (double)b->members;
    const double from = (double)g - 0.36 + wide * (double)m, x = from + wide / 2;
    const double floor_y = (side == AS_SIDE_Y ? v->y : v->y2).lo > 0 ? (side == AS_SIDE_Y ? v->y : v->y2).lo : 0;
    if (!isfinite(value)) return AS_OK;
    const as_point a = as_view_at(v, side, from + 0.06 * wide, floor_y);
    const as_point c = as_view_at(v, side, from + 0.94 * wide, value);
    const as_point box[] = { a, { c.x, a.y }, c, { a.x, c.y } };
    as_view_take(v, (as_box){ a.x, fmin(a.y, c.y), c.x - a.x, fabs(a.y - c.y) });
    if (!v->dry) AS_TRY(as_canvas_fill(v->c, 4, box, colour_of(v, b, m)));
    if (sigma > 0) AS_TRY(as_view_bars(v, side, 1, &x, &value, &sigma, v->style.ink));
    if (!b->set->values) return AS_OK;
    char number[AS_NUMBER_MAX];
    as_write_number(value, number);
    const double end = sigma > 0 ? value + copysign(sigma, value) : value;
    const double tip = as_view_y(v, side, end), gap = 0.35 * as_pt(v->style.tick_pt);
    return as_view_text(v, (as_point){ (a.x + c.x) / 2, value >= 0 ? tip - gap : tip + gap },
                        (as_anchor){ 0.5, value >= 0 ? 0 : 1 }, v->style.tick_pt, v->style.ink, number);
}

static as_status content(as_view *v, void *data)
{
    const bars *b = data;
    for (size_t g = 0; g < b->groups; g++)
        for (size_t m = 0; m < b->members; m++) AS_TRY(bar(v, b, g, m));
    return AS_OK;
}

static as_status axes(as_view *v, const bars *b)
{
    double lo[2] = { 0, 0 }, hi[2] = { 0, 0 };
    for (size_t g = 0; g < b->groups; g++)
        for (size_t m = 0; m < b->members; m++) {
            as_side side;
            double sigma;
            const double value = value_of(b, g, m, &side, &sigma), more = sigma > 0 ? sigma : 0;
            if (!isfinite(value)) continue;
            lo[side] = fmin(lo[side], value - (value < 0 ? more : 0));
            hi[side] = fmax(hi[side], value + (value > 0 ? more : 0));
        }
    const double pad = b->set->values ? 0.1 : 0.05;
    AS_TRY(as_axis_span(v, &v->y, lo[0], hi[0], pad, &v->look->y, b->t.s->y_column));
    as_axis_name(v, &v->y, b->t.s->y_column, v->look->y_label);
    if (!b->t.column) return AS_OK;
    v->y2.shown = true;
    AS_TRY(as_axis_span(v, &v->y2, lo[1], hi[1], pad, NULL, b->t.column));
    as_axis_name(v, &v->y2, b->t.column, "");
    if (b->members == 2) v->y.ink = colour_of(v, b, 0), v->y2.ink = colour_of(v, b, 1);
    return AS_OK;
}

static as_status entries(as_view *v, const bars *b)
{
    const size_t per = b->t.column ? 2 : 1;
    for (size_t m = 0; !b->by_series && b->t.n > 1 && m < b->members; m++) {
        const as_brush brush = { .fill = colour_of(v, b, m) };
        const char *label = b->t.s[m / per].label;
        if (per == 2) label = as_format(as_scratch(v->ctx), "%s, %s", label, m % 2 ? v->y2.name : v->y.name);
        if (!label) return AS_ERR;
        AS_TRY(as_view_entry(v, label, brush, true));
    }
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    static const char *const usual[] = { NULL };
    const bars_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    bars b = { .set = set };
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_twin_of(ctx, &set->look, set->right, usual, n, tables, &b.t));
    AS_TRY(groups(ctx, &b));
    AS_TRY(axes(v, &b));
    AS_TRY(entries(v, &b));
    v->x.lo = -0.6;
    v->x.hi = (double)b.groups - 0.4;
    const bool named = b.by_series || as_find_role(b.t.s->table, AS_ROLE_LABEL);
    as_axis_name(v, &v->x, named ? NULL : b.t.s->x_column, set->look.x_label);
    v->x.category = b.group;
    v->x.n_categories = b.groups;
    return as_view_draw(v, content, &b);
}

static const as_example examples[] = {
    { "areal masses and thicknesses",
      "assay plot-bars tests/corpus/figures/weights.ecsv --right thickness --values -o"
      " weights.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-trend", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_bars = {
    .name = "plot-bars",
    .techniques = techniques,
    .settings_size = sizeof(bars_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw values as groups of bars",
             .description =
                 "Each row is a group, named by the column with role label or by x, and each series a bar "
                 "in it. Series of a single row each become the groups themselves. A column given with "
                 "`--right` gets bars beside, on the right axis. Bars begin at zero; sigma becomes an error "
                 "bar.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
