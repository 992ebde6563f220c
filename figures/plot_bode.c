/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-bode: the modulus of an impedance on a log axis and its phase on the right, against frequency. */
#include <math.h>

#include "layout.h"

typedef struct {
    as_look look;
    bool model;
    as_range phase;
} bode_settings;

static const as_param params[] = {
    AS_BOOL(bode_settings, model, "model", "yes", "draw the columns of a fitted circuit as lines"),
    AS_RANGE(bode_settings, phase, "phase", ":", "deg", "part of the right axis that is shown"),
    AS_LOOK_PARAMS(bode_settings),
    AS_PARAMS_END
};

typedef struct response { /* one series */
    size_t n;
    double *hertz, *size, *phase; /* phase: minus that of the impedance, degrees */
    double *model_size, *model_phase;
} response;

typedef struct bode {
    size_t n;
    response *r;
} bode;

static double *numbers(as_ctx *ctx, size_t n)
{
    return AS_NEW_N(as_scratch(ctx), double, n + 1);
}

/* Modulus and minus the phase of two columns; *size stays NULL where `optional` ones are not there. */
static as_status polar(as_ctx *ctx, const as_table *t, const char *re_name, const char *im_name,
                       const as_unit *unit, bool optional, double **size, double **phase)
{
    const double *re, *im;
    if (optional && (!as_find_name(t, re_name) || !as_find_name(t, im_name))) return AS_OK;
    const as_column *a = as_need_column(ctx, t, re_name);
    const as_column *b = a ? as_need_column(ctx, t, im_name) : NULL;
    if (!b) return AS_ERR;
    AS_TRY(as_values(ctx, t, a, unit, &re));
    AS_TRY(as_values(ctx, t, b, unit, &im));
    *size = numbers(ctx, t->rows);
    *phase = numbers(ctx, t->rows);
    if (!*size || !*phase) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        (*size)[i] = hypot(re[i], im[i]);
        (*phase)[i] = -atan2(im[i], re[i]) * 180 / acos(-1);
    }
    return AS_OK;
}

static as_status read_response(as_ctx *ctx, const as_table *t, const as_unit *unit, bool model, response *r)
{
    const as_unit hz = as_unit_of("Hz");
    const as_column *f = as_need_column(ctx, t, "frequency");
    const double *hertz;
    if (!f) return AS_ERR;
    r->n = t->rows;
    AS_TRY(as_values(ctx, t, f, &hz, &hertz));
    if (!(r->hertz = numbers(ctx, t->rows))) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) r->hertz[i] = hertz[i];
    AS_TRY(polar(ctx, t, "z_real", "z_imag", unit, false, &r->size, &r->phase));
    if (!model) return AS_OK;
    return polar(ctx, t, "z_real_model", "z_imag_model", unit, true, &r->model_size, &r->model_phase);
}

/* One series: a colour for each axis. Several: a colour each, the phase in open marks and dashed. */
static as_brush dots(const as_view *v, const bode *b, size_t i, bool phase)
{
    as_brush brush = as_brush_dots(v, b->n == 1 ? phase : i, b->n == 1 ? 2 : b->n, !phase);
    if (!phase) brush.width_mm = 0;
    return brush;
}

static as_brush line(const as_view *v, const bode *b, size_t i, bool phase)
{
    as_brush brush = as_brush_line(v, b->n == 1 ? phase : i, b->n == 1 ? 2 : b->n);
    brush.dashed = phase;
    return brush;
}

static as_status content(as_view *v, void *data)
{
    const bode *b = data;
    for (size_t i = 0; i < b->n; i++) {
        const response *r = &b->r[i];
        AS_TRY(as_view_curve(v, AS_SIDE_Y2, r->n, r->hertz, r->phase, dots(v, b, i, true)));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, r->n, r->hertz, r->size, dots(v, b, i, false)));
        if (!r->model_size) continue;
        AS_TRY(as_view_curve(v, AS_SIDE_Y2, r->n, r->hertz, r->model_phase, line(v, b, i, true)));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, r->n, r->hertz, r->model_size, line(v, b, i, false)));
    }
    return AS_OK;
}

static as_status axes(as_view *v, const bode_settings *set, const bode *b, const as_table *first)
{
    double range[6] = { INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY };
    const as_column *re = as_need_column(v->ctx, first, "z_real");
    const as_column *f = as_need_column(v->ctx, first, "frequency");
    as_column hertz = *f, degrees = { .name = "phase" };
    hertz.unit = as_unit_of("Hz");
    degrees.unit = as_unit_of("deg");
    for (size_t i = 0; i < b->n; i++) {
        as_extremes(b->r[i].n, b->r[i].hertz, true, &range[0], &range[1]);
        as_extremes(b->r[i].n, b->r[i].size, true, &range[2], &range[3]);
        as_extremes(b->r[i].n, b->r[i].phase, false, &range[4], &range[5]);
    }
    v->x.scale = v->y.scale = AS_LOG;
    AS_TRY(as_axis_span(v, &v->x, range[0], range[1], 0.03, &set->look.x, &hertz));
    AS_TRY(as_axis_span(v, &v->y, range[2], range[3], 0.05, &set->look.y, re));
    v->y2.shown = v->y2.numbers = v->y2.degrees = true;
    AS_TRY(as_axis_span(v, &v->y2, range[4], range[5], 0.08, &set->phase, &degrees));
    as_axis_name(v, &v->x, &hertz, set->look.x_label);
    v->y.name = set->look.y_label && *set->look.y_label ? set->look.y_label : "|*Z*|";
    v->y.unit = as_unit_label(v->ctx, &re->unit);
    v->y2.name = "−phase";
    v->y2.unit = as_unit_label(v->ctx, &degrees.unit);
    if (b->n > 1) return AS_OK;
    v->y.ink = line(v, b, 0, false).line;
    v->y2.ink = line(v, b, 0, true).line;
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const bode_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    bode b = { .n = n, .r = AS_NEW_N(as_scratch(ctx), response, n + 1) };
    if (!v || !b.r) return AS_ERR;
    if (n == 0) return as_fail(ctx, AS_E_MISSING, NULL, "no series to draw");
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    const as_column *re = as_need_column(ctx, tables[0], "z_real");
    if (!re) return AS_ERR;
    for (size_t i = 0; i < n; i++)
        AS_TRY(read_response(ctx, tables[i], &re->unit, set->model, &b.r[i]));
    for (size_t i = 0; n > 1 && i < n; i++)
        AS_TRY(as_view_entry(v, as_series_label(&set->look, i, tables[i]), dots(v, &b, i, false), false));
    AS_TRY(axes(v, set, &b, tables[0]));
    if (n > 1) AS_TRY(as_view_kinds(v, dots(v, &b, 0, false), dots(v, &b, 0, true)));
    return as_view_draw(v, content, &b);
}

static const as_example examples[] = {
    { "modulus and phase with the fitted circuit",
      "assay eis-fit --circuit \"L0-R0-p(R1,C1)-CPE2\" tests/corpus/echem/blocking.ecsv"
      " | assay plot-bode -o bode.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-nyquist", "eis-fit", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_bode = {
    .name = "plot-bode",
    .techniques = techniques,
    .settings_size = sizeof(bode_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw modulus and phase of an impedance against frequency",
             .description =
                 "Needs the columns `frequency`, `z_real` and `z_imag` (capacitive negative). The modulus stands on "
                 "a log axis on the left, minus the phase on the right: open marks, dashed where a fitted circuit in "
                 "`z_real_model` and `z_imag_model` is drawn as lines.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
