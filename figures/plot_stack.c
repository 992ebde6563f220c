/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-stack: curves one above the other, the first at the bottom, each with its label; reflections
 * marked, reference patterns as sticks below. The y axis has no numbers: heights compare inside a curve,
 * and between curves where they share a scale.
 */
#include <math.h>
#include <string.h>

#include "font.h"
#include "layout_inside.h"
#include "peak_labels.h"

typedef struct {
    as_look look;
    double offset;
    int y_scale, heights;
    const char *hkl;
    as_tables sticks;
    bool ticks, baseline, peaks;
} stack_settings;

enum { COMMON, EACH };

static const as_choice heights[] = {
    { "common", COMMON, "one scale for all: their heights may be compared" },
    { "each", EACH, "every curve as high as the others" },
    { 0 }
};

static const as_param params[] = {
    AS_DOUBLE(stack_settings, offset, "offset", "1.1", 0, 100, NULL,
              "from one curve to the next, in heights of the tallest"),
    AS_CHOICE(stack_settings, heights, "heights", "common", heights, "what heights mean"),
    AS_CHOICE(stack_settings, y_scale, "y-scale", "linear", as_scales, "of the intensities"),
    AS_STRING(stack_settings, hkl, "mark-hkl", "",
              "items of the results (reflections, peaks) to mark at their position: 111,200 or all"),
    AS_TABLES(stack_settings, sticks, "sticks", "", "reference patterns drawn as sticks below"),
    AS_BOOL(stack_settings, ticks, "ticks", "no",
            "short ticks below at every position that the results calculate"),
    AS_BOOL(stack_settings, peaks, "peaks", "no",
            "write the position of each peak that was found or fitted over its curve"),
    AS_BOOL(stack_settings, baseline, "baseline", "yes", "draw the baseline that was estimated, dashed"),
    AS_LOOK_PARAMS(stack_settings),
    AS_PARAMS_END
};

typedef struct hkl_mark { double x; const char *label; } hkl_mark;

typedef struct stack {
    const stack_settings *set;
    size_t n, n_sticks, n_marks;
    as_series *s, *stick;
    as_series *drawn;    /* s with y as drawn */
    double **y, **base;  /* of each curve, as drawn; base NULL: no baseline */
    double strip;        /* height of one row of sticks, in heights of the tallest curve */
    hkl_mark *mark;
    size_t n_calc;
    double *calc;        /* calculated positions */
} stack;

/* Places on the scale, lowest and highest inside the shown x. */
static void rescale(const as_view *v, const as_series *s, as_scale scale, double *out, double *lo,
                    double *hi)
{
    *lo = INFINITY, *hi = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        out[i] = as_scaled(scale, s->y[i]);
        if (s->x[i] >= v->x.lo && s->x[i] <= v->x.hi) as_extremes(1, out + i, false, lo, hi);
    }
    if (!(*lo <= *hi)) *lo = 0, *hi = 1;
}

/* The baseline of curve i where its curve is: (place - low) / unit + above. */
static as_status lay_baseline(as_view *v, stack *k, size_t i, double low, double unit, double above)
{
    const as_series *s = &k->s[i];
    if (!s->baseline || !k->set->baseline) return AS_OK;
    k->base[i] = AS_NEW_N(as_scratch(v->ctx), double, s->n + 1);
    if (!k->base[i]) return AS_ERR;
    for (size_t j = 0; j < s->n; j++)
        k->base[i][j] = (as_scaled((as_scale)k->set->y_scale, s->baseline[j]) - low) / unit + above;
    return AS_OK;
}

static as_status offsets(as_view *v, stack *k)
{
    double *range = AS_NEW_N(as_scratch(v->ctx), double, 2 * k->n), tallest = 0;
    k->y = AS_NEW_N(as_scratch(v->ctx), double *, k->n);
    k->base = AS_NEW_N(as_scratch(v->ctx), double *, k->n);
    if (!range || !k->y || !k->base) return AS_ERR;
    for (size_t i = 0; i < k->n; i++) {
        k->y[i] = AS_NEW_N(as_scratch(v->ctx), double, k->s[i].n + 1);
        if (!k->y[i]) return AS_ERR;
        rescale(v, &k->s[i], (as_scale)k->set->y_scale, k->y[i], &range[2 * i], &range[2 * i + 1]);
        tallest = fmax(tallest, range[2 * i + 1] - range[2 * i]);
    }
    double top = 0;
    for (size_t i = 0; i < k->n; i++) {
        const double own = range[2 * i + 1] - range[2 * i];
        const double unit = k->set->heights == EACH ? own : tallest, base = (double)i * k->set->offset;
        for (size_t j = 0; j < k->s[i].n; j++)
            k->y[i][j] = (k->y[i][j] - range[2 * i]) / (unit > 0 ? unit : 1) + base;
        AS_TRY(lay_baseline(v, k, i, range[2 * i], unit > 0 ? unit : 1, base));
        top = fmax(top, base + (unit > 0 ? own / unit : 0));
    }
    k->strip = 0.16 * (top > 0 ? top : 1);
    const double rows = (double)k->n_sticks + 0.6 * (k->n_calc > 0);
    v->y.lo = -0.04 * top - rows * k->strip;
    v->y.hi = top * (k->n_marks ? 1.15 : 1.06);
    if (!(v->y.lo < v->y.hi)) v->y.lo = -0.1, v->y.hi = 1;
    return AS_OK;
}

static bool is_position(const char *quantity)
{
    return strcmp(quantity, "position") == 0 || strcmp(quantity, "two_theta_calc") == 0;
}

/* True when `item` is in the comma-separated `list`, or the list says all. */
static bool listed(const char *list, const char *item)
{
    const size_t n = strlen(item);
    if (strcmp(list, "all") == 0) return true;
    for (const char *s = list; s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL)
        if (strncmp(s, item, n) == 0 && (s[n] == ',' || s[n] == '\0')) return true;
    return false;
}

/* Miller indices: three digits, or numbers with blanks and signs; "7" is the seventh of some peaks. */
static bool is_hkl(const char *item)
{
    return strlen(item) >= 3 && strspn(item, "0123456789 -") == strlen(item);
}

/* Every result that is a position becomes a calculated tick; those asked for, once each, a mark. */
static as_status positions(as_view *v, stack *k)
{
    const char *list = k->set->hkl ? k->set->hkl : "";
    size_t most = 0;
    for (size_t i = 0; i < k->n; i++) most += k->s[i].table->n_results;
    k->mark = AS_NEW_N(as_scratch(v->ctx), hkl_mark, most + 1);
    k->calc = AS_NEW_N(as_scratch(v->ctx), double, most + 1);
    if (!k->mark || !k->calc) return AS_ERR;
    for (size_t i = 0; i < k->n; i++)
        for (size_t j = 0; j < k->s[i].table->n_results; j++) {
            const as_result *r = &k->s[i].table->result[j];
            const double x = as_unit_convert(r->value, &r->unit, &k->s->x_column->unit);
            if (!is_position(r->quantity) || !(x >= v->x.lo && x <= v->x.hi)) continue;
            if (k->set->ticks && strcmp(r->quantity, "two_theta_calc") == 0) k->calc[k->n_calc++] = x;
            if (!*list || !r->item || !listed(list, r->item)) continue;
            const char *label = is_hkl(r->item) ? as_format(as_scratch(v->ctx), "(%s)", r->item) : r->item;
            size_t known = 0;
            while (known < k->n_marks && label && strcmp(k->mark[known].label, label) != 0) known++;
            if (label && known == k->n_marks) k->mark[k->n_marks++] = (hkl_mark){ x, label };
        }
    if (*list && k->n_marks == 0)
        as_warn(v->ctx, NULL, NULL, "no result called %s has a position in the part that is shown", list);
    return AS_OK;
}

/* The highest point of each curve in every column of the frame, mm. */
static double (*tops_of(as_view *v, const stack *k))[AS_GRID_W]
{
    double (*top)[AS_GRID_W] = as_alloc(as_scratch(v->ctx), k->n, sizeof *top);
    for (size_t i = 0; top && i < k->n; i++) {
        const double base = as_view_y(v, AS_SIDE_Y, (double)i * k->set->offset);
        for (int c = 0; c < AS_GRID_W; c++) top[i][c] = base;
        for (size_t j = 0; j < k->s[i].n; j++) {
            const as_point p = as_view_at(v, AS_SIDE_Y, k->s[i].x[j], k->y[i][j]);
            const double c = floor((p.x - v->frame.x) / v->frame.w * AS_GRID_W);
            if (c >= 0 && c < AS_GRID_W && p.y < top[i][(int)c]) top[i][(int)c] = p.y;
        }
    }
    return top;
}

/* What a label of width w at x costs: its height over the base of its curve, and what it covers. */
static double label_cost(const as_view *v, double base, const double top[AS_GRID_W], double x, double w,
                         double *y)
{
    const double em = as_pt(v->style.tick_pt), per_mm = AS_GRID_W / v->frame.w;
    const int from = (int)fmax(0, floor((x - 0.3 * em - v->frame.x) * per_mm));
    const int to = (int)fmin(AS_GRID_W - 1, floor((x + w + 0.3 * em - v->frame.x) * per_mm));
    double highest = base;
    for (int c = from; c <= to; c++) highest = fmin(highest, top[c]);
    *y = highest - 0.45 * em;
    const as_box box = { x, *y - 0.8 * em, w, 0.8 * em };
    const double beyond = fmax(0, v->frame.y + 0.3 * em - box.y);
    return (base - highest) + 40 * as_view_taken(v, box) + 20 * beyond;
}

/* Where curves are closer than two lines of text, labels among them stand on data: they become names on the
 * right axis, of every so many curves where they are closer than one line. */
static as_status labels_beside(as_view *v, stack *k)
{
    const double line = 1.1 * as_pt(v->style.tick_pt), span = v->y.hi - v->y.lo;
    const double step = k->set->offset / span * 0.85 * v->outer.h; /* about: the frame is not placed yet */
    if (k->n < 3 || !(step > 0) || step > 1.6 * line || k->set->look.legend != AS_LEGEND_AUTO) return AS_OK;
    const size_t each = (size_t)fmin(ceil(line / step), (double)k->n);
    const double unit = k->set->offset * (double)each;
    v->y2.category = AS_NEW_N(as_scratch(v->ctx), const char *, k->n);
    if (!v->y2.category) return AS_ERR;
    for (size_t i = 0; i < k->n; i += each) v->y2.category[v->y2.n_categories++] = k->s[i].label;
    v->y2.shown = v->y2.numbers = true;
    v->y2.lo = v->y.lo / unit;
    v->y2.hi = v->y.hi / unit;
    return AS_OK;
}

enum { PLACES = 25 };

/* The right end of the p-th column that labels may end in. */
static double column_end(const as_view *v, int p)
{
    const double em = as_pt(v->style.tick_pt);
    return v->frame.x + v->frame.w - 0.5 * em - (v->frame.w - em) * p / PLACES;
}

/* What it costs that the label of curve i ends there, and its height. */
static double cost_at(const as_view *v, const stack *k, double (*top)[AS_GRID_W], size_t i, double end,
                      double *y)
{
    const double em = as_pt(v->style.tick_pt), w = as_font_extent(v->style.tick_pt, k->s[i].label).w;
    const double base = as_view_y(v, AS_SIDE_Y, (double)i * k->set->offset);
    return label_cost(v, base, top[i], end - w, w, y) + 50 * fmax(0, v->frame.x + 0.3 * em - (end - w));
}

/* Where the labels of curves first ... n - 1 together cost least; at the ends rather than between. */
static double best_end(const as_view *v, const stack *k, double (*top)[AS_GRID_W], size_t first, size_t n)
{
    double best = INFINITY, end = 0, y;
    for (int p = 0; p < PLACES; p++) {
        double cost = (double)(n - first) * 0.05 * (p <= PLACES / 2 ? p : PLACES - p);
        for (size_t i = first; i < n; i++) cost += cost_at(v, k, top, i, column_end(v, p), &y);
        if (cost < best) best = cost, end = column_end(v, p);
    }
    return end;
}

/* One size for all labels, in which none is longer than the frame is wide. */
static as_status fit_labels(as_view *v, const stack *k, double room, double *pt)
{
    for (size_t i = 0; i < k->n; i++) *pt = fmin(*pt, as_pt_fitted(v, k->s[i].label, room, *pt));
    const char **label = AS_NEW_N(as_scratch(v->ctx), const char *, k->n);
    if (!label) return AS_ERR;
    for (size_t i = 0; i < k->n; i++) label[i] = k->s[i].label;
    AS_TRY(as_texts_fitted(v, k->n, label, room, *pt));
    for (size_t i = 0; i < k->n; i++) k->s[i].label = label[i];
    return AS_OK;
}

/* Labels end in one column, where the curves leave most room; one that would stand on other text there
 * goes where it has room itself. */
static as_status place_labels(as_view *v, const stack *k)
{
    const double pt = v->style.tick_pt, em = as_pt(pt);
    double (*top)[AS_GRID_W] = tops_of(v, k);
    if (!top) return AS_ERR;
    const double right = best_end(v, k, top, 0, k->n);
    for (size_t i = 0; i < k->n; i++) {
        const double w = as_font_extent(pt, k->s[i].label).w;
        double end = right, y;
        as_box free;
        cost_at(v, k, top, i, end, &y);
        if (k->n == 1 && as_view_taken(v, (as_box){ end - w, y - 0.8 * em, w, 0.8 * em }) > 0 &&
            as_view_free(v, (as_size){ w, em }, &free) <= AS_CROSSED_COST)
            end = free.x + w, y = free.y + 0.9 * em;
        if (k->set->peaks && as_view_taken(v, (as_box){ end - w, y - 0.8 * em, w, 0.8 * em }) > 0) {
            end = best_end(v, k, top, i, i + 1);
            cost_at(v, k, top, i, end, &y);
        }
        AS_TRY(as_view_text(v, (as_point){ end, y }, (as_anchor){ 1, 0 }, pt,
                            as_readable(as_brush_line(v, i, k->n).line, v->style.paper), k->s[i].label));
    }
    return AS_OK;
}

static as_status labels(as_view *v, const stack *k)
{
    const double usual = v->style.tick_pt;
    AS_TRY(fit_labels(v, k, v->frame.w - 0.8 * as_pt(usual), &v->style.tick_pt));
    const as_status status = place_labels(v, k);
    v->style.tick_pt = usual;
    return status;
}

/* True when the labels of all marks would stand side by side in two rows. */
static bool roomy(const as_view *v, const stack *k)
{
    const double gap = as_pt(v->style.tick_pt) * 0.5;
    for (size_t i = 0; i < k->n_marks; i++) {
        size_t near = 0;
        for (size_t j = 0; j < k->n_marks; j++) {
            const double w = as_font_extent(v->style.tick_pt, k->mark[j].label).w + gap;
            near += j != i && fabs(as_view_x(v, k->mark[i].x) - as_view_x(v, k->mark[j].x)) < w;
        }
        if (near > 1) return false;
    }
    return true;
}

/* Labels in the strip above the curves, upright where they are many; one that has no room is left out,
 * its line is not. */
static as_status marks(as_view *v, const stack *k)
{
    const double em = as_pt(v->style.tick_pt), bottom = as_view_y(v, AS_SIDE_Y, 0);
    const as_brush thin = { .line = v->style.muted, .width_mm = as_pt(v->style.axis_pt), .dashed = true };
    const bool level = roomy(v, k);
    for (size_t i = 0; i < k->n_marks; i++) {
        const double x = as_view_x(v, k->mark[i].x), w = as_font_extent(v->style.tick_pt, k->mark[i].label).w;
        const as_size s = level ? (as_size){ w, 0.8 * em } : (as_size){ 0.9 * em, w };
        as_box box = { x - s.w / 2, v->frame.y + 0.5 * em, s.w, s.h };
        while (level && box.y < v->frame.y + 2 * em && as_view_taken(v, box) > 0) box.y += 0.5 * em;
        const bool free = as_view_taken(v, box) <= 0;
        if (free) {
            const as_point at = { level ? x : x + 0.36 * em, level ? box.y : box.y + w };
            AS_TRY(as_canvas_text(v->c, at, (as_anchor){ level ? 0.5 : 0, level ? 1 : 0 }, v->style.tick_pt,
                                  level ? 0 : 90, v->style.ink, k->mark[i].label));
            as_view_take(v, box);
        }
        const double top = free ? box.y + s.h + 0.3 * em : v->frame.y + 0.5 * em;
        AS_TRY(as_view_line(v, (as_point){ x, top }, (as_point){ x, bottom }, thin));
    }
    return AS_OK;
}

static as_status sticks(as_view *v, const stack *k)
{
    const double em = as_pt(v->style.tick_pt), row = 0.6 * (k->n_calc > 0);
    for (size_t i = 0; i < k->n_sticks; i++) {
        const as_series *s = &k->stick[i];
        const double base = as_view_y(v, AS_SIDE_Y, -k->strip * (row + (double)i + 1));
        const double full = base - as_view_y(v, AS_SIDE_Y, -k->strip * (row + (double)i + 0.25));
        const as_brush b = { .line = v->style.ink, .width_mm = as_pt(v->style.axis_pt) };
        double lo = INFINITY, hi = -INFINITY;
        for (size_t j = 0; j < s->n; j++)
            if (s->x[j] >= v->x.lo && s->x[j] <= v->x.hi) as_extremes(1, s->y + j, true, &lo, &hi);
        for (size_t j = 0; j < s->n; j++) {
            const double x = as_view_x(v, s->x[j]);
            if (!(s->y[j] > 0) || !(s->x[j] >= v->x.lo && s->x[j] <= v->x.hi)) continue;
            const double tall = full * fmax(s->y[j] / hi, 0.06); /* the weakest still shows where it is */
            AS_TRY(as_view_line(v, (as_point){ x, base }, (as_point){ x, base - tall }, b));
        }
        AS_TRY(as_view_text(v, (as_point){ v->frame.x + v->frame.w - 0.5 * em, base - 0.75 * full },
                            (as_anchor){ 1, 0.5 }, v->style.tick_pt, v->style.muted, s->label));
    }
    for (size_t i = 0; i < k->n_calc; i++) {
        const double x = as_view_x(v, k->calc[i]);
        AS_TRY(as_view_line(v, (as_point){ x, as_view_y(v, AS_SIDE_Y, -0.15 * k->strip) },
                            (as_point){ x, as_view_y(v, AS_SIDE_Y, -0.5 * k->strip) },
                            (as_brush){ .line = v->style.ink, .width_mm = as_pt(v->style.axis_pt) }));
    }
    return AS_OK;
}

static as_status content(as_view *v, void *data)
{
    const stack *k = data;
    if (!v->dry) AS_TRY(marks(v, k));
    for (size_t i = 0; i < k->n; i++) {
        AS_TRY(as_view_curve(v, AS_SIDE_Y, k->s[i].n, k->s[i].x, k->y[i], as_brush_line(v, i, k->n)));
        if (k->base[i])
            AS_TRY(as_view_curve(v, AS_SIDE_Y, k->s[i].n, k->s[i].x, k->base[i], as_brush_baseline(v)));
    }
    AS_TRY(sticks(v, k));
    if (k->set->peaks) AS_TRY(as_view_peak_labels(v, k->n, k->drawn));
    const bool beside = v->y2.shown || k->set->look.legend != AS_LEGEND_AUTO;
    return v->dry || beside ? AS_OK : labels(v, k);
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const stack_settings *set = settings;
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    stack k = { .set = set, .n = n, .n_sticks = set->sticks.n };
    if (!v) return AS_ERR;
    AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &k.s));
    if (k.n_sticks) AS_TRY(as_series_of(ctx, &(as_look){ .size = 0 }, k.n_sticks, set->sticks.t, &k.stick));
    AS_TRY(as_view_spans(v, n, k.s, 0, 0));
    AS_TRY(positions(v, &k));
    AS_TRY(offsets(v, &k));
    k.drawn = AS_NEW_N(as_scratch(ctx), as_series, n + 1);
    if (!k.drawn) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        k.drawn[i] = k.s[i];
        k.drawn[i].y = k.y[i];
    }
    v->y.scale = AS_LINEAR;
    if (set->peaks) as_view_peak_room(v, n, k.drawn);
    v->y.numbers = false;
    if (!set->look.y_label || !*set->look.y_label) v->y.unit = "a.u.";
    if (set->look.legend != AS_LEGEND_AUTO)
        for (size_t i = n; i-- > 0;)
            AS_TRY(as_view_entry(v, k.s[i].label, as_brush_line(v, i, n), false));
    AS_TRY(labels_beside(v, &k));
    return as_view_draw(v, content, &k);
}

static double height(const void *settings, size_t n, const as_table *const *tables)
{
    const stack_settings *set = settings;
    (void)tables;
    return fmin(0.42 + 0.12 * (double)n + 0.1 * (double)set->sticks.n, 1.35);
}

static const as_example examples[] = {
    { "two diffractograms, one above the other, low angles only",
      "assay plot-stack tests/corpus/recipe/before.uxd tests/corpus/recipe/after.uxd --x"
      " 5:7 -o stack.svg" },
    { "a diffractogram over the reflections of a cell",
      "assay plot-stack tests/corpus/xrd/small.xy --sticks tests/corpus/figures/reference.ecsv -o cell.pdf" },
    { "the positions of peaks over each pattern",
      "assay peaks tests/corpus/recipe/before.uxd tests/corpus/recipe/after.uxd | assay plot-stack --peaks"
      " --offset 1.4 -o positions.png" },
    { "peaks marked where they were found",
      "assay peaks tests/corpus/xrd/small.xy | assay plot-stack --mark-hkl all -o peaks.png" },
    { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-lines", "plot-waterfall", NULL };
static const char *const techniques[] = { "xrd", NULL };

const as_figure as_figure_plot_stack = {
    .name = "plot-stack",
    .techniques = techniques,
    .settings_size = sizeof(stack_settings),
    .params = params,
    .draw = draw,
    .by_series = true,
    .height = height,
    .doc = { .summary = "draw curves one above the other, with marked reflections and reference sticks",
             .description =
                 "The first series is the lowest. Heights share one scale unless `--heights each`; the "
                 "distance between neighbours is *offset* heights of the tallest curve.\n\n"
                 "`--mark-hkl` marks reflections at the positions that the results of the series give "
                 "(from `reflection`, `fit` or `peaks`).",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
