/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The geometry of a frame: spans, margins, transforms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "display.h"
#include "font.h"
#include "layout.h"
#include "layout_inside.h"

static void blank_axis(as_axis *a, bool shown)
{
    *a = (as_axis){ .shown = shown, .numbers = true, .lo = 0, .hi = 1, .name = "", .unit = "" };
}

/* Data that no instrument measured: marked so, or, read back from an instrument's format, by what our
 * simulations leave in its comment and name of the software. */
static bool is_simulated(const as_table *t)
{
    const as_meta *comment = as_get_meta(t, "comment"), *software = as_get_meta(t, "software");
    return as_get_meta(t, "simulated") || (comment && strncmp(comment->text, "simulated", 9) == 0) ||
           (software && strncmp(software->text, "assay simulate", 14) == 0);
}

static const char *origin_of(const as_look *look, size_t n, const as_table *const *tables)
{
    if (look->title && strstr(look->title, "imulated")) return NULL;
    for (size_t i = 0; i < n; i++)
        if (is_simulated(tables[i])) return "simulated data";
    return NULL;
}

as_status as_view_open(as_ctx *ctx, const as_look *look, as_canvas *c, size_t n,
                       const as_table *const *tables, as_view *v)
{
    memset(v, 0, sizeof *v);
    v->ctx = ctx;
    v->c = c;
    v->look = look;
    v->style = as_look_style(look);
    v->outer = (as_box){ 0, 0, as_canvas_size(c).w, as_canvas_size(c).h };
    v->origin = origin_of(look, n, tables);
    blank_axis(&v->x, true);
    blank_axis(&v->y, true);
    blank_axis(&v->x2, false);
    blank_axis(&v->y2, false);
    for (size_t i = 0; i < look->colours.n && i < AS_COLOURS_MAX; i++)
        AS_TRY(as_look_colour(ctx, look, i, &v->colour[i].number, &v->colour[i].rgba));
    if (v->outer.w < 15 || v->outer.h < 15)
        return as_fail(ctx, AS_E_USAGE, NULL, "a page of %g x %g mm: a figure needs 15 x 15",
                       v->outer.w, v->outer.h);
    return AS_OK;
}

/* What an axis leaves out must lie inside of what it shows. */
static as_status take_break(as_view *v, as_axis *a, const as_range *told, const as_column *column)
{
    double lo = -INFINITY, hi = INFINITY;
    if (column) AS_TRY(as_range_along(v->ctx, told, &column->unit, &lo, &hi));
    if (isinf(lo) && isinf(hi)) return AS_OK;
    if (!(lo > a->lo && hi < a->hi))
        return as_fail(v->ctx, AS_E_USAGE, NULL, "the break %g:%g does not lie inside the axis %g:%g", lo, hi,
                       a->lo, a->hi);
    a->has_break = true;
    a->break_lo = lo;
    a->break_hi = hi;
    return AS_OK;
}

as_status as_axis_span(as_view *v, as_axis *a, double lo, double hi, double pad,
                       const as_range *told, const as_column *column)
{
    if (!(lo <= hi)) { /* nothing finite */
        lo = a->scale == AS_LOG ? 1 : 0;
        hi = a->scale == AS_LOG ? 10 : 1;
        as_warn(v->ctx, NULL, NULL, "no value of '%s' can be drawn on this axis",
                column ? column->name : "this column");
    }
    double from = as_scaled(a->scale, lo), to = as_scaled(a->scale, hi);
    if (from == to) {
        const double half = a->scale == AS_LOG ? 0.5 : from == 0 ? 1 : fabs(from) * 0.1;
        from -= half;
        to += half;
    } else {
        const double span = to - from;
        const bool rests = a != &v->x && lo >= 0 && from < pad * span && a->scale != AS_LOG;
        from = rests ? 0 : from - pad * span; /* heights stand on zero */
        to += pad * span;
    }
    a->lo = as_unscaled(a->scale, from);
    a->hi = as_unscaled(a->scale, to);
    double t_lo = -INFINITY, t_hi = INFINITY;
    if (told && column) AS_TRY(as_range_along(v->ctx, told, &column->unit, &t_lo, &t_hi));
    a->fixed_lo = isfinite(t_lo);
    a->fixed_hi = isfinite(t_hi);
    if (a->fixed_lo) a->lo = t_lo;
    if (a->fixed_hi) a->hi = t_hi;
    if (a->scale == AS_LOG && a->lo <= 0)
        return as_fail(v->ctx, AS_E_USAGE, NULL, "a log axis cannot begin at %g", a->lo);
    if (!(a->lo < a->hi))
        return as_fail(v->ctx, AS_E_USAGE, NULL, "the range %g:%g shows none of the data (%g to %g)",
                       a->lo, a->hi, lo, hi);
    if (a == &v->x) return take_break(v, a, &v->look->x_break, column);
    if (a == &v->y) return take_break(v, a, &v->look->y_break, column);
    return AS_OK;
}

void as_axis_name(as_view *v, as_axis *a, const as_column *column, const char *told)
{
    const bool own = told && *told;
    a->name = own ? told : column ? as_column_label(v->ctx, column) : "";
    a->unit = own || !column ? "" : as_unit_label(v->ctx, &column->unit);
    a->whole = column && (strcmp(column->name, "cycle") == 0 || strcmp(column->name, "half_cycle") == 0);
}

static bool is_normalized(const as_table *t)
{
    const as_meta *processed = as_get_meta(t, "processed");
    return processed && processed->text && strstr(processed->text, "normalized");
}

/* Both ends of the error bar at row i; on an axis of logarithms one that runs down by a decade or more leaves it
 * below, as one to zero and less does. */
static void bar_extremes(const as_view *v, const as_series *s, size_t i, double *lo, double *hi)
{
    const bool log = v->y.scale == AS_LOG;
    const double y = s->y[i], end[] = { y - s->sigma[i], y + s->sigma[i] };
    if (!isfinite(y) || (log && y <= 0)) return;
    as_extremes(1, &end[1], log, lo, hi);
    if (!log || end[0] > 0.1 * y) as_extremes(1, &end[0], log, lo, hi);
}

/* Extremes of y over the rows that the x axis shows. */
static void shown_extremes(const as_view *v, const as_series *s, double *lo, double *hi)
{
    for (size_t i = 0; i < s->n; i++) {
        if (!(s->x[i] >= v->x.lo && s->x[i] <= v->x.hi)) continue;
        as_extremes(1, s->y + i, v->y.scale == AS_LOG, lo, hi);
        if (v->bars && s->sigma) bar_extremes(v, s, i, lo, hi);
    }
}

/* Zeros and negative values have no place on an axis of logarithms; all of them: see as_axis_span. */
static void warn_of_log(const as_view *v, const as_axis *a, size_t n, const as_series *s, bool of_x)
{
    const as_column *c = of_x ? s->x_column : s->y_column;
    size_t out = 0, in = 0;
    for (size_t i = 0; i < n && a->scale == AS_LOG; i++)
        for (size_t j = 0; j < s[i].n; j++) {
            const double value = of_x ? s[i].x[j] : s[i].y[j];
            out += isfinite(value) && value <= 0;
            in += isfinite(value) && value > 0;
        }
    if (out && in)
        as_warn(v->ctx, NULL, NULL, "%zu of %zu values of '%s' are not above zero and are left out of the log axis",
                out, in + out, c ? c->name : "this column");
}

as_status as_view_spans(as_view *v, size_t n, const as_series *s, double x_pad, double y_pad)
{
    double lo = INFINITY, hi = -INFINITY;
    const as_look *look = v->look;
    for (size_t i = 0; i < n; i++) as_extremes(s[i].n, s[i].x, v->x.scale == AS_LOG, &lo, &hi);
    AS_TRY(as_axis_span(v, &v->x, lo, hi, x_pad, &look->x, s->x_column));
    lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < n; i++) shown_extremes(v, &s[i], &lo, &hi);
    AS_TRY(as_axis_span(v, &v->y, lo, hi, y_pad, &look->y, s->y_column));
    warn_of_log(v, &v->x, n, s, true);
    warn_of_log(v, &v->y, n, s, false);
    as_axis_name(v, &v->x, s->x_column, look->x_label);
    as_axis_name(v, &v->y, s->y_column, look->y_label);
    if (!*v->y.unit && v->y.name[0] && !(look->y_label && *look->y_label) && is_normalized(s->table))
        v->y.unit = "normalized";
    v->x.reversed = look->direction == AS_X_AUTO ? as_runs_down(s->x_column, s->table)
                                                 : look->direction == AS_X_DOWN;
    return AS_OK;
}

/* The part of an axis that is left for its break. */
#define BREAK_SHARE 0.025

/* 0 at lo, 1 at hi, the break squeezed to BREAK_SHARE. */
static double broken_place(const as_axis *a, double value)
{
    const double lo = as_scaled(a->scale, a->lo), hi = as_scaled(a->scale, a->hi);
    const double b0 = as_scaled(a->scale, a->break_lo), b1 = as_scaled(a->scale, a->break_hi);
    const double at = as_scaled(a->scale, value), per = (1 - BREAK_SHARE) / (b0 - lo + hi - b1);
    if (at <= b0) return (at - lo) * per;
    if (at >= b1) return 1 - (hi - at) * per;
    return (b0 - lo) * per + BREAK_SHARE * (at - b0) / (b1 - b0);
}

double as_axis_place(const as_axis *a, double value)
{
    const double from = as_scaled(a->scale, a->lo), to = as_scaled(a->scale, a->hi);
    const double f = a->has_break ? broken_place(a, value) : (as_scaled(a->scale, value) - from) / (to - from);
    return a->reversed ? 1 - f : f;
}

as_point as_axes_point(const as_view *v, as_side side, double x, double y)
{
    const as_axis *ay = side == AS_SIDE_Y2 ? &v->y2 : &v->y;
    const double px = as_axis_place(&v->x, x), py = 1 - as_axis_place(ay, y);
    if (isnan(px) || isnan(py)) return (as_point){ NAN, NAN };
    return (as_point){ v->frame.x + v->frame.w * fmin(fmax(px, -9), 9),
                       v->frame.y + v->frame.h * fmin(fmax(py, -9), 9) };
}

double as_view_x(const as_view *v, double x)
{
    return v->frame.x + v->frame.w * as_axis_place(&v->x, x);
}

double as_view_y(const as_view *v, as_side side, double y)
{
    const as_axis *a = side == AS_SIDE_Y2 ? &v->y2 : &v->y;
    return v->frame.y + v->frame.h * (1 - as_axis_place(a, y));
}

as_point as_view_at(const as_view *v, as_side side, double x, double y)
{
    return (as_point){ as_view_x(v, x), as_view_y(v, side, y) };
}

const char *as_tick_text(const as_axis *a, size_t i)
{
    return a->n_categories ? a->category[(size_t)a->ticks.tick[i].at] : a->ticks.tick[i].label;
}

/* Widest label of an axis, mm. */
static double widest(const as_axis *a, double pt)
{
    double w = 0;
    for (size_t i = 0; i < a->ticks.n; i++)
        if (a->ticks.tick[i].major) w = fmax(w, as_font_extent(pt, as_tick_text(a, i)).w);
    return w;
}

/* Names at whole numbers; on a level axis tilted where they are wider than their distance. Where they
 * would stand on each other, every second one, or third ... */
static void find_categories(const as_view *v, as_axis *a, double length, bool level)
{
    const double each = length / (a->hi - a->lo), em = as_pt(v->style.tick_pt);
    double w = 0;
    for (size_t i = 0; i < a->n_categories; i++)
        w = fmax(w, as_font_extent(v->style.tick_pt, a->category[i]).w);
    a->tilted = level && w * 1.1 > each;
    const double least = level && !a->tilted ? 0 : 1.05 * em / (level ? sin(AS_TILT) : 1);
    size_t step = 1;
    while ((double)step * each < least || a->n_categories / step >= AS_TICKS_MAX) step++;
    a->ticks.n = 0;
    for (size_t i = 0; i < a->n_categories; i += step)
        a->ticks.tick[a->ticks.n++] = (as_tick){ .at = (double)i, .major = true };
}

static size_t majors(const as_axis *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->ticks.n; i++) n += a->ticks.tick[i].major;
    return n;
}

static void find_ticks(const as_view *v, as_axis *a, double length, bool level);

/* Labels of majors from `first` on, at a power of ten that is not their own. */
static void relabel(as_ticks *t, size_t first, size_t end, int power)
{
    double gap = INFINITY, last = -INFINITY;
    for (size_t i = first; i < end; i++)
        if (t->tick[i].major) gap = fmin(gap, t->tick[i].at - last), last = t->tick[i].at;
    const double shown = (isfinite(gap) ? gap : fabs(last)) / pow(10, power);
    const int decimals = shown > 0 ? (int)fmax(0, ceil(-log10(shown) - 1e-9)) : 0;
    for (size_t i = first; i < end; i++)
        if (t->tick[i].major) as_tick_label(t->tick[i].at / pow(10, power), decimals, t->tick[i].label);
}

/* Labels that stand too close across the break: the later one goes. */
static void part_labels(const as_view *v, as_axis *a, size_t first, double length, bool level)
{
    const double em = as_pt(v->style.tick_pt);
    for (size_t i = first; i < a->ticks.n; i++)
        for (size_t k = 0; k < first && a->ticks.tick[i].major; k++) {
            const as_tick *t = &a->ticks.tick[i], *u = &a->ticks.tick[k];
            const double apart = fabs(as_axis_place(a, t->at) - as_axis_place(a, u->at)) * length;
            const double need = level ? (as_font_extent(v->style.tick_pt, t->label).w +
                                         as_font_extent(v->style.tick_pt, u->label).w) / 2 + 0.4 * em : 1.2 * em;
            if (u->major && apart < need) a->ticks.tick[i].major = false;
        }
}

/* Each side of a break has ticks of its own, in the same power of ten. */
static void find_broken(const as_view *v, as_axis *a, double length, bool level)
{
    const double at = broken_place(a, a->break_lo);
    as_axis low = *a, high = *a;
    low.has_break = high.has_break = false;
    low.hi = a->break_lo;
    high.lo = a->break_hi;
    find_ticks(v, &low, length * at, level);
    find_ticks(v, &high, length * (1 - at), level);
    a->ticks = low.ticks;
    for (size_t i = 0; i < high.ticks.n && a->ticks.n < AS_TICKS_MAX; i++)
        a->ticks.tick[a->ticks.n++] = high.ticks.tick[i];
    const int power = abs(low.ticks.power) > abs(high.ticks.power) ? low.ticks.power : high.ticks.power;
    a->ticks.power = a->scale == AS_LOG ? 0 : power;
    if (low.ticks.power != a->ticks.power) relabel(&a->ticks, 0, low.ticks.n, power);
    if (high.ticks.power != a->ticks.power) relabel(&a->ticks, low.ticks.n, a->ticks.n, power);
    part_labels(v, a, low.ticks.n, length, level);
}

/* Where three labels are too close to each other, those of the ends stay; then that of zero alone. */
static void part_about_zero(as_axis *a, double length, double em)
{
    double apart = INFINITY;
    for (size_t i = 0; i < a->ticks.n; i++)
        if (a->ticks.tick[i].major && a->ticks.tick[i].at > 0) apart = a->ticks.tick[i].at / (a->hi - a->lo) * length;
    for (size_t i = 0; apart < 1.05 * em && i < a->ticks.n; i++) {
        const bool zero = a->ticks.tick[i].at == 0, ends_fit = 2 * apart > 1.05 * em;
        if (zero == ends_fit) a->ticks.tick[i].major = false;
    }
}

/* Ticks for an axis of `length` mm: as many labels as stand well apart; three where they fit at all. */
static void find_ticks(const as_view *v, as_axis *a, double length, bool level)
{
    const double em = as_pt(v->style.tick_pt);
    if (a->n_categories) {
        find_categories(v, a, length, level);
        return;
    }
    if (a->has_break) {
        find_broken(v, a, length, level);
        return;
    }
    if (a->about_zero) {
        as_ticks_about_zero(a->hi, &a->ticks);
        part_about_zero(a, length, em);
        return;
    }
    int most = (int)(length / (level ? 5 * em : 3.2 * em));
    for (most = most < 2 ? 2 : most > 10 ? 10 : most; most > 2 && level; most--) {
        as_ticks_find(a->scale, a->lo, a->hi, most, true, &a->ticks);
        if ((double)majors(a) * (widest(a, v->style.tick_pt) + 1.2 * em) <= length) break;
    }
    if (a->degrees) {
        as_ticks_degrees(a->lo, a->hi, most, &a->ticks);
        return;
    }
    as_ticks_find(a->scale, a->lo, a->hi, most, true, &a->ticks);
    if (a->whole && a->hi - a->lo >= 1) {
        as_ticks_whole(&a->ticks);
        return;
    }
    while (majors(a) < 3 && most < 10) {
        const as_ticks few = a->ticks;
        as_ticks_find(a->scale, a->lo, a->hi, ++most, true, &a->ticks);
        const double each = level ? widest(a, v->style.tick_pt) + 0.8 * em : 1.5 * em;
        if ((double)majors(a) * each <= length) continue;
        a->ticks = few;
        break;
    }
}

bool as_axis_named(const as_axis *a)
{
    return a->shown && a->name && a->name[0];
}

double as_beside_gap(const as_view *v, const as_axis *a)
{
    return (a->numbers && a->ticks.n ? 0.55 : 0.75) * as_pt(v->style.text_pt);
}

static double beside(const as_view *v, const as_axis *a)
{
    if (!a->shown) return 0;
    double w = v->style.tick_mm * (a->ticks.n > 0);
    if (a->numbers && a->ticks.n) w += as_pt(v->style.tick_pt) * 0.35 + widest(a, v->style.tick_pt);
    if (as_axis_named(a)) w += as_pt(v->style.text_pt) * 0.95 + as_beside_gap(v, a);
    return w;
}

double as_level_labels(const as_view *v, const as_axis *a)
{
    const double em = as_pt(v->style.tick_pt);
    if (!a->tilted) return 1.15 * em;
    return 0.35 * em + widest(a, v->style.tick_pt) * sin(AS_TILT) + 0.8 * em * cos(AS_TILT);
}

static double above(const as_view *v, const as_axis *a)
{
    if (!a->shown) return 0;
    double h = v->style.tick_mm * (a->ticks.n > 0);
    if (a->numbers && a->ticks.n) h += as_level_labels(v, a);
    if (as_axis_named(a)) h += as_pt(v->style.text_pt) * 1.5;
    return h;
}

/* How far the last label of a level axis hangs over the frame's right end. */
static double overhang(const as_view *v, const as_axis *a)
{
    double w = 0;
    if (!a->shown || !a->numbers) return 0;
    for (size_t i = 0; i < a->ticks.n; i++) {
        const as_tick *t = &a->ticks.tick[i];
        const double left = 1 - as_axis_place(a, t->at);
        if (t->major && left < 0.2 && !a->tilted)
            w = fmax(w, as_font_extent(v->style.tick_pt, as_tick_text(a, i)).w / 2 - left * v->outer.w * 0.8);
    }
    return w;
}

/* How far the first of tilted names reaches to the left of the frame. */
static double tilted_overhang(const as_view *v, const as_axis *a, double length)
{
    double most = 0;
    for (size_t i = 0; a->tilted && i < a->ticks.n; i++) {
        const double w = as_font_extent(v->style.tick_pt, as_tick_text(a, i)).w * cos(AS_TILT);
        most = fmax(most, w - length * as_axis_place(a, a->ticks.tick[i].at));
    }
    return most;
}

/* Axes of equal scale are read side by side: in one power of ten, that of the longer one. */
static void one_power(as_axis *a, as_axis *b)
{
    if (a->ticks.power == b->ticks.power) return;
    const bool first = fmax(fabs(a->lo), fabs(a->hi)) > fmax(fabs(b->lo), fabs(b->hi));
    const int power = first ? a->ticks.power : b->ticks.power;
    a->ticks.power = b->ticks.power = power;
    relabel(&a->ticks, 0, a->ticks.n, power);
    relabel(&b->ticks, 0, b->ticks.n, power);
}

/* Frames of panels in a column or row begin and end together: where the page asks for wider margins. */
static void keep_margins(const as_view *v, as_margins *m)
{
    const double slack = 0.01;
    const as_box b = v->outer;
    as_canvas *c = v->c;
    if (b.x < slack) c->used.left = m->left = fmax(m->left, c->least.left);
    if (b.y < slack) c->used.top = m->top = fmax(m->top, c->least.top);
    if (b.x + b.w > c->mm.w - slack) c->used.right = m->right = fmax(m->right, c->least.right);
    if (b.y + b.h > c->mm.h - slack) c->used.bottom = m->bottom = fmax(m->bottom, c->least.bottom);
}

as_margins as_view_margins(as_view *v)
{
    const double em = as_pt(v->style.text_pt), edge = 0.35 * em;
    as_margins m = { 0, 0, 0, 0 };
    double w = v->outer.w * 0.85, h = v->outer.h * 0.8;
    for (int pass = 0; pass < 2; pass++) { /* labels depend on lengths and the reverse */
        find_ticks(v, &v->x, w, true);
        if (v->x2.shown && v->x2.ticks.n == 0) find_ticks(v, &v->x2, w, true);
        if (v->y.numbers) find_ticks(v, &v->y, h, false);
        if (v->square) one_power(&v->x, &v->y);
        if (v->y2.shown) find_ticks(v, &v->y2, h, false);
        m.left = fmax(edge + beside(v, &v->y), edge + tilted_overhang(v, &v->x, w));
        m.right = fmax(edge + beside(v, &v->y2), edge + overhang(v, &v->x));
        m.bottom = edge + above(v, &v->x);
        m.top = edge + above(v, &v->x2);
        if (!v->x2.shown && v->y.numbers) m.top = fmax(m.top, as_pt(v->style.tick_pt) * 0.5);
        if (!v->bare && v->look->title && v->look->title[0]) m.top += 1.5 * em;
        if (!v->bare && v->origin) m.top += 1.2 * as_pt(v->style.small_pt);
        if (!v->bare) m.right += as_legend_outside(v);
        keep_margins(v, &m);
        w = v->outer.w - m.left - m.right;
        h = v->outer.h - m.top - m.bottom;
    }
    return m;
}

void as_view_place(as_view *v, as_margins m)
{
    v->frame = (as_box){ v->outer.x + m.left, v->outer.y + m.top,
                         fmax(v->outer.w - m.left - m.right, 1),
                         fmax(v->outer.h - m.top - m.bottom, 1) };
    if (!v->square) return;
    /* equal scales: the axis with room to spare shows more */
    const double per_x = (v->x.hi - v->x.lo) / v->frame.w, per_y = (v->y.hi - v->y.lo) / v->frame.h;
    const double per = fmax(per_x, per_y);
    if (per_x < per) v->x.hi = v->x.lo + per * v->frame.w;
    if (per_y < per) v->y.hi = v->y.lo + per * v->frame.h;
    find_ticks(v, &v->x, v->frame.w, true);
    find_ticks(v, &v->y, v->frame.h, false);
    one_power(&v->x, &v->y);
}

void as_view_reticks(as_view *v)
{
    if (v->y.numbers) find_ticks(v, &v->y, v->frame.h, false);
}
