/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-thermogram: mass on the left axis, DTA, DTG or heat flow on the right, the steps that an analysis
 * found shaded.
 */
#include <math.h>
#include <string.h>

#include "twin.h"

typedef struct {
    as_look look;
    const char *right;
    as_range right_range;
    bool steps;
} thermogram_settings;

static const as_param params[] = {
    AS_STRING(thermogram_settings, right, "right", "auto",
              "column of the right axis: dta, heat_flow, mass_change_per_kelvin; none"),
    AS_BOOL(thermogram_settings, steps, "steps", "yes", "shade the steps that the results give"),
    AS_RANGE(thermogram_settings, right_range, "right-range", ":", NULL, "part of the right axis that is shown"),
    AS_LOOK_PARAMS(thermogram_settings),
    AS_PARAMS_END
};

typedef struct thermogram {
    const thermogram_settings *set;
    as_twin t;
} thermogram;

static as_brush right_brush(const as_view *v, const as_twin *t, size_t i)
{
    as_brush b = t->n == 1 ? as_brush_line(v, 1, 2) : as_brush_line(v, i, t->n);
    b.dashed = t->n > 1;
    return b;
}

static bool begins(const char *quantity)
{
    return strcmp(quantity, "start") == 0 || strcmp(quantity, "onset") == 0;
}

static bool ends(const char *quantity)
{
    return strcmp(quantity, "end") == 0 || strcmp(quantity, "endset") == 0;
}

/* A step's band goes from its start (or onset) to its end. */
static as_status steps(as_view *v, const thermogram *g)
{
    const as_table *t = g->t.s->table;
    const as_unit *unit = &g->t.s->x_column->unit;
    as_band *band = AS_NEW_N(as_scratch(v->ctx), as_band, t->n_results + 1);
    size_t drawn = 0, known = 0;
    if (!band) return AS_ERR;
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *a = &t->result[i];
        if (!a->item || !begins(a->quantity)) continue;
        if (strcmp(a->quantity, "onset") == 0 && as_get_result(t, a->item, "start")) continue;
        for (size_t j = 0; j < t->n_results; j++) {
            const as_result *b = &t->result[j];
            if (!b->item || strcmp(a->item, b->item) != 0 || !ends(b->quantity)) continue;
            const as_box f = v->frame;
            const double start = as_view_x(v, as_unit_convert(a->value, &a->unit, unit)), from = fmax(start, f.x);
            const double end = as_view_x(v, as_unit_convert(b->value, &b->unit, unit)), to = fmin(end, f.x + f.w);
            const size_t kind = known++ % 2; /* in an inset as in the whole */
            if (!(from < to)) break; /* outside what is shown, or unknown */
            const as_point box[] = { { from, f.y }, { to, f.y }, { to, f.y + f.h }, { from, f.y + f.h } };
            const uint32_t light[] = { 0xfaf3d4ff, 0xdcecf7ff }, dark[] = { 0x3a3420ff, 0x20333fff };
            AS_TRY(as_canvas_fill(v->c, 4, box, v->style.dark ? dark[kind] : light[kind]));
            band[drawn++] = (as_band){ from, to, from > start || to < end, a->item };
            break;
        }
    }
    return as_view_band_labels(v, drawn, band, false);
}

static as_status content(as_view *v, void *data)
{
    const thermogram *g = data;
    if (!v->dry && g->set->steps) AS_TRY(steps(v, g));
    for (size_t i = 0; i < g->t.n; i++) {
        const as_series *s = &g->t.s[i];
        const as_brush left = as_brush_line(v, i, g->t.n == 1 ? 2 : g->t.n);
        if (g->t.right[i])
            AS_TRY(as_view_curve(v, AS_SIDE_Y2, s->n, s->x, g->t.right[i], right_brush(v, &g->t, i)));
        AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->y, left));
    }
    return AS_OK;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    static const char *const usual[] = { "dta", "dsc", "specific_heat_flow", "heat_flow",
                                        "dtg", "mass_change_per_kelvin", "mass_loss_per_kelvin",
                                        "mass_change_per_time", "mass_loss_per_time", NULL };
    const thermogram_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    thermogram g = { .set = set };
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_twin_of(ctx, &set->look, set->right, usual, n, tables, &g.t));
    AS_TRY(as_twin_axes(v, &g.t, 0, 0.06, &set->right_range));
    for (size_t i = 0; n > 1 && i < n; i++)
        AS_TRY(as_view_entry(v, g.t.s[i].label, as_brush_line(v, i, n), false));
    if (n > 1 && g.t.column) AS_TRY(as_view_kinds(v, as_brush_line(v, 0, n), right_brush(v, &g.t, 0)));
    return as_view_draw(v, content, &g);
}

static const as_example examples[] = {
    { "mass and DTA",
      "assay plot-thermogram tests/corpus/figures/thermogram.ecsv -o tga.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-lines", NULL };
static const char *const techniques[] = { "thermal", NULL };

const as_figure as_figure_plot_thermogram = {
    .name = "plot-thermogram",
    .techniques = techniques,
    .settings_size = sizeof(thermogram_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw mass and a thermal signal over temperature, with two y axes",
             .description =
                 "y is on the left. The right axis shows the first of DTA, DSC, heat flow and DTG that the "
                 "series has, dashed where there are several series. Results with a start or onset and an "
                 "end are shaded and named.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
