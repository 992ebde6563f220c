/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-nyquist: minus the imaginary against the real part of an impedance, on equal scales, so that a
 * semicircle is one.
 */
#include <math.h>
#include <string.h>

#include "layout.h"

typedef struct {
    as_look look;
    bool model;
} nyquist_settings;

static const as_param params[] = {
    AS_BOOL(nyquist_settings, model, "model", "yes", "draw the columns of a fitted circuit as a line"),
    AS_LOOK_PARAMS(nyquist_settings),
    AS_PARAMS_END
};

typedef struct plane { /* one series */
    const char *label;
    size_t n;
    const double *re, *model_re;
    double *im, *model_im;
} plane;

typedef struct nyquist {
    size_t n;
    plane *p;
} nyquist;

static as_status negative(as_ctx *ctx, const as_table *t, const char *name, const as_unit *unit,
                          double **out)
{
    const as_column *c = as_need_column(ctx, t, name);
    const double *v;
    if (!c) return AS_ERR;
    AS_TRY(as_values(ctx, t, c, unit, &v));
    *out = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) (*out)[i] = -v[i];
    return AS_OK;
}

static as_status read_plane(as_ctx *ctx, const as_table *t, const as_unit *unit, bool model, plane *p)
{
    const as_column *re = as_need_column(ctx, t, "z_real");
    if (!re) return AS_ERR;
    p->n = t->rows;
    AS_TRY(as_values(ctx, t, re, unit, &p->re));
    AS_TRY(negative(ctx, t, "z_imag", unit, &p->im));
    const as_column *fitted = as_find_numbers(t, "z_real_model");
    if (!model || !fitted || !as_find_numbers(t, "z_imag_model")) return AS_OK;
    AS_TRY(as_values(ctx, t, fitted, unit, &p->model_re));
    return negative(ctx, t, "z_imag_model", unit, &p->model_im);
}

static as_brush dots(const as_view *v, const nyquist *q, size_t i)
{
    as_brush b = as_brush_dots(v, i, q->n, false);
    b.width_mm = 0;
    return b;
}

static as_status content(as_view *v, void *data)
{
    const nyquist *q = data;
    for (size_t i = 0; i < q->n; i++) {
        const plane *p = &q->p[i];
        AS_TRY(as_view_curve(v, AS_SIDE_Y, p->n, p->re, p->im, dots(v, q, i)));
        if (p->model_re)
            AS_TRY(as_view_curve(v, AS_SIDE_Y, p->n, p->model_re, p->model_im, as_brush_line(v, i, q->n)));
    }
    return AS_OK;
}

/* The real axis begins at zero, unless most of the figure were empty then. */
static double first_real(double lo, double hi)
{
    return lo > 0.3 * hi ? lo : fmin(lo, 0);
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const nyquist_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    nyquist q = { .n = n, .p = AS_NEW_N(as_scratch(ctx), plane, n + 1) };
    double range[4] = { INFINITY, -INFINITY, INFINITY, -INFINITY };
    if (!v || !q.p) return AS_ERR;
    if (n == 0) return as_fail(ctx, AS_E_MISSING, NULL, "no series to draw");
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    const as_column *re = as_need_column(ctx, tables[0], "z_real");
    if (!re) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(read_plane(ctx, tables[i], &re->unit, set->model, &q.p[i]));
        q.p[i].label = as_series_label(&set->look, i, tables[i]);
        as_extremes(q.p[i].n, q.p[i].re, false, &range[0], &range[1]);
        as_extremes(q.p[i].n, q.p[i].im, false, &range[2], &range[3]);
        if (n > 1) AS_TRY(as_view_entry(v, q.p[i].label, dots(v, &q, i), false));
    }
    AS_TRY(as_axis_span(v, &v->x, first_real(range[0], range[1]), range[1], 0.05, &set->look.x, re));
    AS_TRY(as_axis_span(v, &v->y, fmin(range[2], 0), range[3], 0.05, &set->look.y, re));
    as_axis_name(v, &v->x, re, set->look.x_label);
    v->y.name = set->look.y_label && *set->look.y_label ? set->look.y_label : "−*Z*″";
    v->y.unit = as_unit_label(ctx, &re->unit);
    v->square = true;
    return as_view_draw(v, content, &q);
}

/* The page is as high as the data are on equal scales. */
static double height(const void *settings, size_t n, const as_table *const *tables)
{
    double re[2] = { INFINITY, -INFINITY }, im[2] = { 0, 0 };
    (void)settings;
    for (size_t i = 0; i < n; i++) {
        const as_column *a = as_find_name(tables[i], "z_real"), *b = as_find_name(tables[i], "z_imag");
        if (!a || !b || a->type != AS_F64 || b->type != AS_F64) continue;
        as_extremes(tables[i]->rows, a->v.f, false, &re[0], &re[1]);
        as_extremes(tables[i]->rows, b->v.f, false, &im[0], &im[1]);
    }
    const double from = first_real(re[0], re[1]), ratio = re[1] > from ? (im[1] - im[0]) / (re[1] - from) : 1;
    return fmin(fmax(0.18 + 0.85 * ratio, n > 1 ? 0.5 : 0.4), 0.95);
}

static bool suits(size_t n, const as_table *const *tables)
{
    const as_table *t = tables[0];
    (void)n;
    return as_axes_are(t, "z_real", "z_imag");
}

static const as_example examples[] = {
    { "an impedance",
      "assay plot-nyquist tests/corpus/figures/impedance.ecsv -o nyquist.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-bode", "eis-fit", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_nyquist = {
    .name = "plot-nyquist",
    .techniques = techniques,
    .suits = suits,
    .settings_size = sizeof(nyquist_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .height = height,
    .doc = { .summary = "draw impedance in the complex plane on equal scales",
             .description = "Needs the columns `z_real` and `z_imag` (capacitive negative); a fitted circuit "
                            "in `z_real_model` and `z_imag_model` is drawn as a line.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
