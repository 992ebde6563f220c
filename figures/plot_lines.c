/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-lines: y against x of any series in one frame, as lines, dots or both. */
#include <math.h>
#include <string.h>

#include "layout.h"
#include "peak_labels.h"

typedef struct {
    as_look look;
    int style, x_scale, y_scale;
    bool errors, baseline, peaks;
} lines_settings;

enum { AUTO, LINES, DOTS, BOTH, STICKS };

static const as_choice styles[] = {
    { "auto", AUTO, "sticks over masses, else lines" },
    { "lines", LINES, "a line through the points" },
    { "dots", DOTS, "a marker at each point" },
    { "both", BOTH, "markers joined by lines" },
    { "sticks", STICKS, "a line from zero to each point" },
    { 0 }
};

static const as_param params[] = {
    AS_CHOICE(lines_settings, style, "style", "auto", styles, "how the points are drawn"),
    AS_CHOICE(lines_settings, x_scale, "x-scale", "linear", as_scales, "of the x axis"),
    AS_CHOICE(lines_settings, y_scale, "y-scale", "linear", as_scales, "of the y axis"),
    AS_BOOL(lines_settings, errors, "errors", "no", "draw sigma as error bars"),
    AS_BOOL(lines_settings, baseline, "baseline", "yes", "draw the baseline that was estimated, dashed"),
    AS_BOOL(lines_settings, peaks, "peaks", "no",
            "write the position of each peak that was found or fitted over the curve"),
    AS_LOOK_PARAMS(lines_settings),
    AS_PARAMS_END
};

typedef struct lines {
    const lines_settings *set;
    int style; /* never AUTO */
    size_t n;
    const as_series *s;
} lines;

static as_brush brush_of(const as_view *v, const lines *what, size_t i)
{
    if (what->style == LINES || what->style == STICKS) return as_brush_line(v, i, what->n);
    as_brush b = as_brush_dots(v, i, what->n, true);
    if (what->style == DOTS) b.width_mm = 0;
    return b;
}

/* Each point and its foot on zero, or on the end of an axis of logarithms; gaps between. */
static as_status sticks(as_view *v, const as_series *s, as_brush b)
{
    double *x = AS_NEW_N(as_scratch(v->ctx), double, 6 * s->n + 1), *y = x ? x + 3 * s->n : NULL;
    if (!x) return AS_ERR;
    for (size_t i = 0; i < s->n; i++) {
        x[3 * i] = x[3 * i + 1] = s->x[i];
        y[3 * i] = v->y.scale == AS_LOG ? v->y.lo : 0;
        y[3 * i + 1] = s->y[i];
        x[3 * i + 2] = y[3 * i + 2] = NAN;
    }
    return as_view_curve(v, AS_SIDE_Y, 3 * s->n, x, y, b);
}

static as_status content(as_view *v, void *data)
{
    const lines *what = data;
    for (size_t i = 0; i < what->n; i++) {
        const as_series *s = &what->s[i];
        const as_brush b = brush_of(v, what, i);
        if (what->set->errors && s->sigma)
            AS_TRY(as_view_bars(v, AS_SIDE_Y, s->n, s->x, s->y, s->sigma, b.line));
        AS_TRY(what->style == STICKS ? sticks(v, s, b) : as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->y, b));
        if (s->baseline && what->set->baseline)
            AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->baseline, as_brush_baseline(v)));
    }
    return what->set->peaks ? as_view_peak_labels(v, what->n, what->s) : AS_OK;
}

static bool has_bars(const lines_settings *set, size_t n, const as_series *s)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) any = any || s[i].sigma;
    return set->errors && any;
}

enum { LEGEND_MOST = 24 };

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const lines_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    as_series *series;
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &series));
    const bool masses = strcmp(series->x_column->name, "mass_to_charge") == 0;
    lines what = { set, set->style != AUTO ? set->style : masses ? STICKS : LINES, n, series };
    v->x.scale = (as_scale)set->x_scale;
    v->y.scale = (as_scale)set->y_scale;
    v->bars = set->errors;
    AS_TRY(as_view_spans(v, n, series, what.style == LINES && !has_bars(set, n, series) ? 0 : 0.03, 0.05));
    if (what.style == STICKS && v->y.scale != AS_LOG && v->y.lo > 0 && !v->y.fixed_lo) v->y.lo = 0;
    if (set->peaks) as_view_peak_room(v, n, series);
    /* of many, as many as can be read: their colours run from one end of a map to the other */
    const size_t each = (n + LEGEND_MOST - 1) / LEGEND_MOST;
    for (size_t i = 0; n > 1 && i < n; i += each)
        AS_TRY(as_view_entry(v, series[i].label, brush_of(v, &what, i), false));
    return as_view_draw(v, content, &what);
}

static const as_example examples[] = {
    { "an infrared spectrum with a marked band",
      "assay select tests/corpus/figures/etching.ecsv --series 0"
      " | assay plot-lines --mark 1596=C=O -o band.svg" },
    { "the positions of its bands over a spectrum",
      "assay baseline-arpls --subtract tests/corpus/raman/fluorescence.ecsv | assay peaks --snr 8"
      " | assay plot-lines --peaks -o bands.svg" },
    { "a Raman spectrum for two columns of a page",
      "assay plot-lines tests/corpus/raman/fluorescence.ecsv --size nature-2col -o"
      " raman.pdf" },
    { "in a house style, from a file of options",
      "assay plot-lines tests/corpus/xrd/small.xy --look tests/corpus/figures/house.yaml -o house.svg" },
    { "one reflection enlarged in an inset, a part without reflections left out",
      "assay plot-lines tests/corpus/xrd/small.xy --zoom 5.5:6.2 --x-break 6.2:6.4 -o zoom.svg" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { NULL };
static const char *const techniques[] = { "generic", "raman", "ftir", "xps", "uvvis", "echem", NULL };

/* Reflectivities have a scale of their own, unlike the diffractograms that their technique stacks. */
static bool suits(size_t n, const as_table *const *tables)
{
    (void)n;
    return as_axes_are(tables[0], "q", "reflectivity");
}

const as_figure as_figure_plot_lines = {
    .name = "plot-lines",
    .techniques = techniques,
    .suits = suits,
    .settings_size = sizeof(lines_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .doc = { .summary = "draw series as lines or dots in one frame",
             .description =
                 "Each series becomes a curve of y against x; the legend stands where it covers no "
                 "data. Wavenumbers of infrared spectra and binding energies run to the left.\n\n"
                 "Labels may hold *italics*, `^{superscripts}` and `_{subscripts}`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
