/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positions of peaks as upright numbers over a curve. Labels keep their order; a row of labels that
 * would touch is spread evenly around the mean of where they belong (the pools of isotonic
 * regression), and each that moved has a line to its peak.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "font.h"
#include "layout_inside.h"
#include "peak_labels.h"

typedef struct peak_label {
    double x, y;   /* of the peak, in the units of the axes */
    double weight; /* what stays where there is no room for all: its prominence, else y */
    double want;   /* where it belongs and where it goes, mm */
    double at;
    const char *text;
} peak_label;

typedef struct label_pool { /* neighbours that touch */
    double mean, weight;
    size_t n;
} label_pool;

typedef struct label_row {
    size_t n;
    peak_label *p;
} label_row;

/* What a reader can tell apart is about a 200th of the axis, and no finer than the uncertainty. */
static int decimals(const as_view *v, double u)
{
    int d = (int)ceil(-log10(fabs(v->x.hi - v->x.lo) / 200));
    if (isfinite(u) && u > 0) d = (int)fmin(d, floor(-log10(u)) + 1);
    return d < 0 ? 0 : d > 4 ? 4 : d;
}

static bool is_position(const as_result *r)
{
    return strcmp(r->quantity, "position") == 0 && isfinite(r->value) &&
           !(r->flag && strcmp(r->flag, "failed") == 0);
}

/* The prominence, else the height, of the same item; NaN: not known. */
static double weight_of(const as_table *t, const as_result *position)
{
    double height = NAN;
    for (size_t j = 0; position->item && j < t->n_results; j++) {
        const as_result *r = &t->result[j];
        if (!r->item || strcmp(r->item, position->item) != 0) continue;
        if (strcmp(r->quantity, "prominence") == 0) return r->value;
        if (strcmp(r->quantity, "height") == 0) height = r->value;
    }
    return height;
}

/* The curve at x: the highest of the nearest points, so that the label stands over the line. */
static double height_at(const as_series *s, double x)
{
    size_t near = 0;
    for (size_t i = 1; i < s->n; i++)
        if (fabs(s->x[i] - x) < fabs(s->x[near] - x)) near = i;
    double y = s->n ? s->y[near] : NAN;
    for (size_t i = near > 2 ? near - 2 : 0; i < s->n && i <= near + 2; i++) y = fmax(y, s->y[i]);
    return y;
}

static int by_place(const void *a, const void *b)
{
    const double p = ((const peak_label *)a)->want, q = ((const peak_label *)b)->want;
    return p < q ? -1 : p > q;
}

static int by_weight(const void *a, const void *b)
{
    const double p = ((const peak_label *)a)->weight, q = ((const peak_label *)b)->weight;
    return p > q ? -1 : p < q;
}

static as_status row_of(as_view *v, const as_series *s, label_row *row)
{
    as_arena *scratch = as_scratch(v->ctx);
    row->n = 0;
    row->p = AS_NEW_N(scratch, peak_label, s->table->n_results + 1);
    if (!row->p) return AS_ERR;
    for (size_t j = 0; j < s->table->n_results; j++) {
        const as_result *r = &s->table->result[j];
        if (!is_position(r) || !as_unit_same_dimension(&r->unit, &s->x_column->unit)) continue;
        const double x = as_unit_convert(r->value, &r->unit, &s->x_column->unit);
        const double u = as_unit_scale(r->u, &r->unit, &s->x_column->unit);
        const double y = height_at(s, x);
        const as_point at = as_view_at(v, AS_SIDE_Y, x, y);
        if (!(x >= v->x.lo && x <= v->x.hi) || !isfinite(at.y)) continue;
        const char *text = as_format(scratch, "%.*f", decimals(v, u), x);
        if (!text) return AS_ERR;
        const double weight = weight_of(s->table, r);
        row->p[row->n++] = (peak_label){ x, y, isfinite(weight) ? weight : y, at.x, at.x, text };
    }
    return AS_OK;
}

/* --- where they go -------------------------------------------------------------------------- */

static const double FARTHEST = 1.3; /* that a label may move, in pitches */

static double pitch(const as_view *v)
{
    return 1.15 * as_pt(v->style.tick_pt);
}

static double moved(const peak_label *p)
{
    return fabs(p->at - p->want);
}

/* Least squares of `at` to `want` with neighbours at least a pitch apart: isotonic regression of
 * want - i pitch by pooling adjacent violators (Barlow & Brunk 1972), high peaks holding their
 * place rather than low ones. Returns the label that moved farthest. */
static size_t spread(const as_view *v, label_row *row, label_pool *pool)
{
    const double step = pitch(v), lo = v->frame.x + step / 2,
                 hi = v->frame.x + v->frame.w - step / 2;
    size_t pools = 0, farthest = 0;
    double heaviest = 0;
    for (size_t i = 0; i < row->n; i++) heaviest = fmax(heaviest, row->p[i].weight);
    for (size_t i = 0; i < row->n; i++) {
        const double share = heaviest > 0 ? fmax(row->p[i].weight, 0) / heaviest : 1;
        pool[pools++] = (label_pool){ row->p[i].want - (double)i * step, share + 0.02, 1 };
        while (pools > 1 && pool[pools - 2].mean > pool[pools - 1].mean) {
            const label_pool *b = &pool[--pools];
            label_pool *a = &pool[pools - 1];
            a->mean = (a->mean * a->weight + b->mean * b->weight) / (a->weight + b->weight);
            a->weight += b->weight;
            a->n += b->n;
        }
    }
    for (size_t k = 0, i = 0; k < pools; k++)
        for (size_t j = 0; j < pool[k].n; j++, i++) {
            const double left = lo + (double)i * step, right = hi - (double)(row->n - 1 - i) * step;
            row->p[i].at = fmin(fmax(pool[k].mean + (double)i * step, left), right);
            if (moved(&row->p[i]) > moved(&row->p[farthest])) farthest = i;
        }
    return farthest;
}

/* The lightest of the labels that touch label i, itself included. */
static size_t lightest_around(const as_view *v, const label_row *row, size_t i)
{
    const double touch = 1.01 * pitch(v);
    size_t from = i, to = i, least = i;
    while (from > 0 && row->p[from].at - row->p[from - 1].at < touch) from--;
    while (to + 1 < row->n && row->p[to + 1].at - row->p[to].at < touch) to++;
    for (size_t k = from; k <= to; k++)
        if (row->p[k].weight < row->p[least].weight) least = k;
    return least;
}

/* Leaves out the lightest peak of a crowd until the others have their labels near them. */
static as_status settle(as_view *v, label_row *row, size_t *left_out)
{
    as_arena *scratch = as_scratch(v->ctx);
    label_pool *pool = AS_NEW_N(scratch, label_pool, row->n + 1);
    const size_t all = row->n, most = (size_t)fmax(1, floor(v->frame.w / pitch(v)));
    if (!pool) return AS_ERR;
    if (row->n > most) {
        qsort(row->p, row->n, sizeof *row->p, by_weight);
        row->n = most;
    }
    qsort(row->p, row->n, sizeof *row->p, by_place);
    while (row->n > 0) {
        const size_t farthest = spread(v, row, pool);
        if (row->n == 1 || moved(&row->p[farthest]) <= FARTHEST * pitch(v)) break;
        const size_t out = lightest_around(v, row, farthest);
        memmove(&row->p[out], &row->p[out + 1], (row->n - out - 1) * sizeof *row->p);
        row->n--;
    }
    *left_out = all - row->n;
    return AS_OK;
}

/* The highest point of the curve, mm, under the label and under the way to its peak. */
static double top_under(const as_view *v, const as_series *s, const peak_label *p)
{
    const double half = pitch(v) / 2;
    const double left = fmin(p->at - half, p->want), right = fmax(p->at + half, p->want);
    double top = as_view_y(v, AS_SIDE_Y, p->y);
    for (size_t i = 0; i < s->n; i++) {
        const as_point q = as_view_at(v, AS_SIDE_Y, s->x[i], s->y[i]);
        if (q.x >= left && q.x <= right && q.y < top) top = q.y;
    }
    return top;
}

static as_status draw_row(as_view *v, const as_series *s, const label_row *row, uint32_t ink)
{
    const double em = as_pt(v->style.tick_pt);
    for (size_t i = 0; i < row->n; i++) {
        const peak_label *p = &row->p[i];
        const double length = as_font_extent(v->style.tick_pt, p->text).w;
        const bool aside = moved(p) > 0.2 * em;
        double foot = top_under(v, s, p) - (aside ? 0.9 : 0.45) * em;
        foot = fmax(foot, v->frame.y + length + 0.2 * em);
        as_view_take(v, (as_box){ p->at - pitch(v) / 2, foot - length, pitch(v), length });
        if (v->dry) continue;
        const as_point line[] = { { p->want, as_view_y(v, AS_SIDE_Y, p->y) - 0.25 * em },
                                  { p->at, foot + 0.15 * em } };
        if (aside)
            AS_TRY(
                as_canvas_line(v->c, 2, line, (as_pen){ as_pt(v->style.axis_pt), NULL, 0, ink }));
        AS_TRY(as_canvas_text(v->c, (as_point){ p->at, foot }, (as_anchor){ 0, 0.5 },
                              v->style.tick_pt, 90, ink, p->text));
    }
    return AS_OK;
}

as_status as_view_peak_labels(as_view *v, size_t n, const as_series *s)
{
    size_t left_out = 0, labels = 0;
    if (v->seen) return AS_OK;
    for (size_t i = 0; i < n; i++) {
        label_row row;
        size_t without;
        AS_TRY(row_of(v, &s[i], &row));
        AS_TRY(settle(v, &row, &without));
        const uint32_t ink =
            n > 1 ? as_readable(as_brush_line(v, i, n).line, v->style.paper) : v->style.ink;
        AS_TRY(draw_row(v, &s[i], &row, ink));
        left_out += without;
        labels += row.n;
    }
    if (v->dry || v->bare) return AS_OK;
    if (left_out)
        as_warn(v->ctx, NULL, NULL, "%zu of %zu positions of peaks have no room in this figure",
                left_out, left_out + labels);
    if (!labels) as_warn(v->ctx, NULL, NULL, "no result is a position in the part that is shown");
    return AS_OK;
}

void as_view_peak_room(as_view *v, size_t n, const as_series *s)
{
    const double em = as_pt(v->style.tick_pt), height = v->outer.h - 4 * as_pt(v->style.text_pt);
    double length = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < s[i].table->n_results; j++) {
            const as_result *r = &s[i].table->result[j];
            char text[64];
            if (!is_position(r)) continue;
            snprintf(text, sizeof text, "%.*f", decimals(v, r->u), r->value);
            length = fmax(length, as_font_extent(v->style.tick_pt, text).w);
        }
    const double need = (length + 1.2 * em) / fmax(height, 1);
    if (!(length > 0) || v->y.fixed_hi || !(need < 0.7)) return;
    const double more = 1 / (1 - need);
    if (v->y.scale == AS_LOG)
        v->y.hi = v->y.lo * pow(v->y.hi / v->y.lo, more);
    else
        v->y.hi = v->y.lo + (v->y.hi - v->y.lo) * more;
}
