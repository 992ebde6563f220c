/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-fit: data, model, its components filled on the baseline, and the residuals below. One panel for
 * each series.
 */
#include <math.h>
#include <string.h>

#include "layout.h"
#include "smooth_line.h"

typedef struct {
    as_look look;
    bool residuals, components, all;
    int y_scale;
} fit_settings;

static const as_param params[] = {
    AS_BOOL(fit_settings, residuals, "residuals", "yes", "data minus model in a panel below"),
    AS_BOOL(fit_settings, components, "components", "yes", "fill the components"),
    AS_BOOL(fit_settings, all, "all", "no", "draw the data outside of the region of the fit too"),
    AS_CHOICE(fit_settings, y_scale, "y-scale", "linear", as_scales, "of the y axis"),
    AS_LOOK_PARAMS(fit_settings),
    AS_PARAMS_END
};

enum { DENSE = 220, COMPONENTS_MAX = 16 }; /* more points than DENSE are drawn small */

typedef struct fit {
    const fit_settings *set;
    as_series *s;
    size_t first; /* row of the table with which s begins */
    const double *model, *baseline, *residual;
    size_t n_components;
    const double *top[COMPONENTS_MAX]; /* the component on the baseline */
    const char *label[COMPONENTS_MAX];
    struct { /* what is drawn of the curves, with points between few data */
        size_t n;
        const double *x, *model, *baseline, *top[COMPONENTS_MAX];
    } line;
} fit;

/* The values of a column at the rows of the series. */
static as_status values(as_ctx *ctx, const fit *f, const as_column *c, const double **out)
{
    AS_TRY(as_values(ctx, f->s->table, c, &f->s->y_column->unit, out));
    *out += f->first;
    return AS_OK;
}

/* The series from the first to the last row that has a model: outside of its region a fit has none. */
static void keep_region(fit *f)
{
    as_series *s = f->s;
    size_t first = 0, end = s->n;
    while (first < end && !isfinite(f->model[first])) first++;
    while (end > first && !isfinite(f->model[end - 1])) end--;
    if (first == end) return; /* a fit that failed */
    s->n = end - first;
    s->x += first;
    s->y += first;
    if (s->sigma) s->sigma += first;
    f->model += first;
    f->first = first;
}

/* Column c becomes component k; its label is what is told after those of the `series`. */
static as_status component(as_ctx *ctx, fit *f, const as_column *c, size_t series)
{
    const as_texts *told = &f->set->look.labels;
    const size_t k = f->n_components;
    if (k == COMPONENTS_MAX) return AS_OK;
    const double *own;
    double *top = AS_NEW_N(as_scratch(ctx), double, f->s->n + 1);
    AS_TRY(values(ctx, f, c, &own));
    if (!top) return AS_ERR;
    for (size_t i = 0; i < f->s->n; i++) top[i] = own[i] + (f->baseline ? f->baseline[i] : 0);
    f->top[k] = top;
    f->label[k] = series + k < told->n ? told->v[series + k] : c->label && *c->label ? c->label : c->name;
    f->n_components++;
    return AS_OK;
}

static as_status columns(as_ctx *ctx, fit *f, size_t series)
{
    const as_table *t = f->s->table;
    const as_column *model = as_need(ctx, t, AS_ROLE_MODEL), *base = as_find_role(t, AS_ROLE_BASELINE);
    if (!model) return as_while(ctx, "hint: draw what a fit gives: assay fit --model ... FILE | assay plot-fit");
    AS_TRY(values(ctx, f, model, &f->model));
    const as_range *shown = &f->set->look.x;
    if (!f->set->all && isinf(shown->lo) && isinf(shown->hi)) keep_region(f);
    if (base) AS_TRY(values(ctx, f, base, &f->baseline));
    for (size_t i = 0; i < t->n_columns && f->set->components; i++)
        if (t->column[i]->role == AS_ROLE_COMPONENT && t->column[i]->type == AS_F64)
            AS_TRY(component(ctx, f, t->column[i], series));
    double *r = AS_NEW_N(as_scratch(ctx), double, f->s->n + 1);
    if (!r) return AS_ERR;
    for (size_t i = 0; i < f->s->n; i++)
        r[i] = (f->s->y[i] - f->model[i]) / (f->s->sigma ? f->s->sigma[i] : 1);
    f->residual = r;
    return AS_OK;
}

/* y in `parts` an interval; NULL: there is none. */
static as_status finer(as_ctx *ctx, const fit *f, size_t parts, const double *y, const double **out)
{
    double *line = y ? AS_NEW_N(as_scratch(ctx), double, f->line.n + 1) : NULL;
    *out = line;
    if (!y) return AS_OK;
    if (!line) return AS_ERR;
    as_smooth(f->s->n, f->s->x, y, parts, NULL, line);
    return AS_OK;
}

/* A model is smooth between its points; of few of them the lines would have corners. */
static as_status lines(as_ctx *ctx, fit *f)
{
    const size_t n = f->s->n, parts = n > 1 && n < DENSE ? (2 * DENSE + n - 1) / n : 1;
    f->line.n = n > 0 ? (n - 1) * parts + 1 : 0;
    double *x = AS_NEW_N(as_scratch(ctx), double, f->line.n + 1);
    if (!x) return AS_ERR;
    as_smooth(n, f->s->x, f->s->x, parts, x, NULL);
    f->line.x = x;
    AS_TRY(finer(ctx, f, parts, f->model, &f->line.model));
    AS_TRY(finer(ctx, f, parts, f->baseline, &f->line.baseline));
    for (size_t k = 0; k < f->n_components; k++) AS_TRY(finer(ctx, f, parts, f->top[k], &f->line.top[k]));
    return AS_OK;
}

static as_brush data_brush(const as_view *v, const fit *f)
{
    as_brush b = { .dots = true, .line = v->style.muted, .size_mm = v->style.marker_mm * 0.8,
                   .fill = v->style.paper };
    if (f->s->n > DENSE) b.size_mm *= 0.45, b.fill = v->style.muted;
    return b;
}

enum { MODEL = 1, SERIES_COLOURS = 9 }; /* the model's place among the series colours; how many there are */

static as_brush model_brush(const as_view *v)
{
    return as_brush_palette(v, MODEL, SERIES_COLOURS);
}

/* Component i: a filled area and its outline, in the colours that are left. */
static as_brush component_brush(const as_view *v, const fit *f, size_t i)
{
    const bool few = f->n_components < SERIES_COLOURS; /* more: along a map */
    as_brush b = few ? as_brush_palette(v, i >= MODEL ? i + 1 : i, SERIES_COLOURS)
                     : as_brush_palette(v, i, f->n_components > SERIES_COLOURS ? f->n_components : SERIES_COLOURS + 1);
    if (i < AS_COLOURS_MAX && (v->colour[i].number || v->colour[i].rgba)) b = as_brush_line(v, i, SERIES_COLOURS);
    b.fill = as_with_alpha(b.line, 0.35);
    b.width_mm = as_pt(v->style.axis_pt);
    return b;
}

static as_status content(as_view *v, void *data)
{
    const fit *f = data;
    const size_t n = f->line.n;
    const double *x = f->line.x, *base = f->line.baseline;
    double *zero = AS_NEW_N(as_scratch(v->ctx), double, n + 1);
    if (!zero) return AS_ERR;
    for (size_t i = 0; i < f->n_components; i++) {
        const as_brush b = component_brush(v, f, i);
        AS_TRY(as_view_area(v, AS_SIDE_Y, n, x, f->line.top[i], base ? base : zero, b.fill));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, n, x, f->line.top[i], b));
    }
    if (base) AS_TRY(as_view_curve(v, AS_SIDE_Y, n, x, base, as_brush_baseline(v)));
    AS_TRY(as_view_curve(v, AS_SIDE_Y, f->s->n, f->s->x, f->s->y, data_brush(v, f)));
    return as_view_curve(v, AS_SIDE_Y, n, x, f->line.model, model_brush(v));
}

static as_status residual_content(as_view *v, void *data)
{
    const fit *f = data;
    const as_point zero = { v->frame.x, as_view_y(v, AS_SIDE_Y, 0) };
    const as_brush line = { .line = v->style.muted, .width_mm = as_pt(v->style.axis_pt) };
    AS_TRY(as_view_line(v, zero, (as_point){ v->frame.x + v->frame.w, zero.y }, as_brush_baseline(v)));
    return as_view_curve(v, AS_SIDE_Y, f->s->n, f->s->x, f->residual, line);
}

static as_status entries(as_view *v, const fit *f)
{
    AS_TRY(as_view_entry(v, f->s->label[0] ? f->s->label : "data", data_brush(v, f), false));
    AS_TRY(as_view_entry(v, "fit", model_brush(v), false));
    for (size_t i = 0; i < f->n_components; i++)
        AS_TRY(as_view_entry(v, f->label[i], component_brush(v, f, i), true));
    return f->baseline ? as_view_entry(v, "baseline", as_brush_baseline(v), false) : AS_OK;
}

/* The lower panel shares x and its left edge with the upper one. */
static as_status residual_panel(as_view *v, const fit *f, as_view *r)
{
    double lo = INFINITY, hi = -INFINITY;
    *r = *v;
    r->n_entries = 0;
    r->bare = r->panel = true;
    r->y.scale = AS_LINEAR;
    r->y.about_zero = true;
    for (size_t i = 0; i < f->s->n; i++)
        if (f->s->x[i] >= v->x.lo && f->s->x[i] <= v->x.hi)
            as_extremes(1, f->residual + i, false, &lo, &hi);
    const double most = fmax(fabs(lo), fabs(hi));
    AS_TRY(as_axis_span(r, &r->y, -most, most, 0.1, NULL, f->s->y_column));
    r->y.name = f->s->sigma ? "Δ/*σ*" : "Δ";
    r->y.unit = f->s->sigma ? "" : v->y.unit;
    const double share = 0.27 * v->outer.h;
    r->outer.y = v->outer.y + v->outer.h - share;
    r->outer.h = share;
    v->outer.h -= share;
    v->x.numbers = false;
    v->x.name = "";
    v->panel = true;
    return AS_OK;
}

/* The lower panel becomes as high as the name of its axis is long, by a tenth of the figure at most. */
static void grow_for_name(as_view *v, as_view *r, as_margins lower)
{
    const double lack = as_view_name_length(r, &r->y) - (r->outer.h - lower.top - lower.bottom);
    const double more = fmin(fmax(lack, 0), 0.1 * (v->outer.h + r->outer.h));
    v->outer.h -= more;
    r->outer.y -= more;
    r->outer.h += more;
}

/* Room for the data, and for model and baseline where those run beyond them. */
static as_status spans(as_view *v, const fit *f)
{
    as_series s[3] = { *f->s, *f->s, *f->s };
    s[1].y = f->model;
    s[2].y = f->baseline ? f->baseline : f->model;
    return as_view_spans(v, v->y.scale == AS_LOG ? 1 : 3, s, 0, 0.06);
}

static as_status panel(as_ctx *ctx, const fit_settings *set, size_t n, as_series *s, as_view *v)
{
    as_view *r = AS_NEW(as_scratch(ctx), as_view);
    fit f = { .set = set, .s = s };
    if (!r) return AS_ERR;
    AS_TRY(columns(ctx, &f, n));
    AS_TRY(lines(ctx, &f));
    v->y.scale = (as_scale)set->y_scale;
    AS_TRY(spans(v, &f));
    AS_TRY(entries(v, &f));
    if (!set->residuals) return as_view_draw(v, content, &f);
    AS_TRY(residual_panel(v, &f, r));
    as_margins upper = as_view_margins(v), lower = as_view_margins(r);
    upper.left = lower.left = fmax(upper.left, lower.left);
    upper.right = lower.right = fmax(upper.right, lower.right);
    upper.bottom = 0.35 * as_pt(v->style.text_pt);
    lower.top = 0.35 * as_pt(v->style.text_pt);
    grow_for_name(v, r, lower);
    as_view_place(v, upper);
    as_view_place(r, lower);
    AS_TRY(as_view_fill(v, content, &f));
    return as_view_fill(r, residual_content, &f);
}

static size_t panel_columns(size_t n)
{
    return n < 3 ? 1 : n < 9 ? 2 : 3;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const fit_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    as_series *s;
    if (!v) return AS_ERR;
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &s));
    const size_t columns_n = panel_columns(n), rows = (n + columns_n - 1) / columns_n;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
        v->bare = i > 0;
        v->outer.w /= (double)columns_n;
        v->outer.h /= (double)rows;
        v->outer.x = v->outer.w * (double)(i % columns_n);
        v->outer.y = v->outer.h * (double)(i / columns_n);
        AS_TRY(panel(ctx, set, n, &s[i], v));
    }
    return AS_OK;
}

static double height(const void *settings, size_t n, const as_table *const *tables)
{
    (void)settings, (void)tables;
    const size_t k = panel_columns(n), rows = (n + k - 1) / k;
    return (k == 1 ? 0.8 : k == 2 ? 0.45 : 0.32) * (double)rows;
}

/* What `fit` gives; results of other steps that have a model have no components. */
static bool suits(size_t n, const as_table *const *tables)
{
    const as_table *t = tables[0];
    (void)n;
    return as_find_role(t, AS_ROLE_MODEL) && as_find_role(t, AS_ROLE_COMPONENT);
}

static const as_example examples[] = {
    { "a fitted C 1s region",
      "assay plot-fit tests/corpus/figures/fit.ecsv -o c1s.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-lines", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_fit = {
    .name = "plot-fit",
    .techniques = techniques,
    .suits = suits,
    .settings_size = sizeof(fit_settings),
    .params = params,
    .draw = draw,
    .height = height,
    .doc = { .summary = "draw data, model, components and residuals of a fit",
             .description =
                 "Components stand filled on the baseline; a `--label` after those of the series, a `--colour`, is "
                 "that of a component. A fit to part of the data is drawn over that part; `--all` shows the rest "
                 "beside it, `--x` any part. Between fewer than 220 points the "
                 "lines of model, components and baseline are Akima's cubics. Residuals are "
                 "in standard deviations where the data have them, else in the unit of y.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
