/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models: starts from the data for what the text leaves open.
 *
 * A line through the two ends stands for the background; then peak by peak the height and the
 * width at half height are read off what the terms so far leave: at the given centre, or, for
 * peaks without one, at the highest point. Peaks with a centre come first.
 */
#include <math.h>
#include <string.h>

#include "model_parts.h"

typedef struct guess {
    as_model *m;
    const double *x;
    double *rest; /* y minus what has been placed */
    size_t n;
    double span;
} guess;

static double mean(const double *v, size_t from, size_t to)
{
    double s = 0;
    for (size_t i = from; i < to; i++) s += v[i];
    return s / (double)(to - from);
}

static bool open(const as_model_param *q)
{
    return isnan(q->value) && q->tie < 0 && !q->rule;
}

static void set(as_model_param *q, double value)
{
    if (open(q)) q->value = fmax(q->lo, fmin(q->hi, value));
}

/* With a Shirley term: it makes the step between the ends, the first other background is the level
 * at the end of low x. The peaks are what lies above the line y0 + slope (x - x0). */
static void shirley(guess *g, double low, double high, double y0, double slope, double x0)
{
    as_model_work *w = g->m->work;
    bool taken = false;
    double all = 0;
    for (size_t i = 0; i < g->m->stride; i++) {
        const size_t k = i < g->n ? i : g->n - 1;
        w->sum[i] = g->rest[k] - y0 - slope * (g->x[k] - x0);
    }
    as_model_integrate(g->m, w->sum, w->integral);
    for (size_t i = 0; i < g->n; i++) all = fabs(w->integral[i]) > fabs(all) ? w->integral[i] : all;
    const double loss = all != 0 ? (high - low) / all : 0;
    for (size_t i = 0; i < g->m->n_terms; i++) {
        const as_model_term *t = &g->m->term[i];
        if (!t->shape || t->shape->kind != AS_SHAPE_BACKGROUND) continue;
        set(g->m->param + t->first, t->shape->cumulative ? loss : taken ? 0 : low);
        for (size_t k = 1; k < t->n_params; k++)
            set(g->m->param + t->first + k, t->shape->params[k].def);
        taken |= !t->shape->cumulative;
    }
    for (size_t i = 0; i < g->n; i++) g->rest[i] -= low + loss * w->integral[i];
}

/* The straight line through both ends into the first background term, and off the rest. */
static void background(guess *g)
{
    const size_t few = g->n / 20 > 3 ? g->n / 20 : g->n < 3 ? g->n : 3;
    const double y0 = mean(g->rest, 0, few), y1 = mean(g->rest, g->n - few, g->n);
    const double x0 = mean(g->x, 0, few), x1 = mean(g->x, g->n - few, g->n);
    const double slope = x1 != x0 ? (y1 - y0) / (x1 - x0) : 0;
    bool taken = false;
    if (g->m->work->cumulative) {
        shirley(g, x0 < x1 ? y0 : y1, x0 < x1 ? y1 : y0, y0, slope, x0);
        return;
    }
    for (size_t i = 0; i < g->m->n_terms; i++) {
        as_model_term *t = &g->m->term[i];
        as_model_param *q = g->m->param + t->first;
        if (!t->shape || t->shape->kind != AS_SHAPE_BACKGROUND) continue;
        const double level = y0 + slope * (t->q[2] - x0), half = 0.5 * (t->q[1] - t->q[0]);
        const bool chebyshev = strcmp(t->shape->name, "chebyshev") == 0;
        const bool curved = strcmp(t->shape->name, "exponential") == 0;
        set(q, taken ? 0 : t->n_params == 1 ? fmin(y0, y1) : level);
        if (curved) set(q + 1, g->span > 0 ? g->span : 1);
        if (strcmp(t->shape->name, "power") == 0) set(q + 1, 1);
        for (size_t k = 1; k < t->n_params; k++)
            set(q + k, taken || k > 1 ? 0 : chebyshev ? slope * half : slope);
        if (!taken)
            for (size_t j = 0; j < g->n; j++)
                g->rest[j] -= t->n_params == 1 ? q->value : y0 + slope * (g->x[j] - x0);
        taken = true;
    }
}

static double smooth(const guess *g, size_t i)
{
    if (i == 0 || i + 1 >= g->n) return g->rest[i];
    return 0.25 * g->rest[i - 1] + 0.5 * g->rest[i] + 0.25 * g->rest[i + 1];
}

static size_t nearest(const guess *g, double x)
{
    size_t best = 0;
    for (size_t i = 1; i < g->n; i++)
        if (fabs(g->x[i] - x) < fabs(g->x[best] - x)) best = i;
    return best;
}

static size_t highest(const guess *g, double lo, double hi)
{
    size_t best = g->n / 2;
    double top = -INFINITY;
    for (size_t i = 0; i < g->n; i++)
        if (g->x[i] >= lo && g->x[i] <= hi && smooth(g, i) > top) {
            top = smooth(g, i);
            best = i;
        }
    return best;
}

/* Twice the shorter way down to half of the height. */
static double width_at(const guess *g, size_t at)
{
    const double half = 0.5 * smooth(g, at), sign = half < 0 ? -1 : 1;
    double best = INFINITY;
    size_t i = at;
    while (i > 0 && sign * smooth(g, i) > sign * half) i--;
    if (sign * smooth(g, i) <= sign * half) best = fabs(g->x[at] - g->x[i]);
    i = at;
    while (i + 1 < g->n && sign * smooth(g, i) > sign * half) i++;
    if (sign * smooth(g, i) <= sign * half) best = fmin(best, fabs(g->x[at] - g->x[i]));
    const double step = g->span / (double)g->n;
    return fmin(fmax(2 * best, 2 * step), g->span > 0 ? g->span / 4 : 1);
}

static void take_off(guess *g, size_t term)
{
    double *f = g->m->work->line_J; /* free while no Jacobian is asked for */
    as_model_values(g->m);
    as_model_term_values(g->m, term, g->m->stride, g->m->x, f);
    for (size_t j = 0; j < g->n; j++) g->rest[j] -= f[j];
}

/* Native start values of a peak of this height, place and width into the open parameters. */
static void place(guess *g, size_t term, double height, double center, double width)
{
    as_model_term *t = &g->m->term[term];
    as_model_param *q = g->m->param + t->first;
    double p[AS_SHAPE_PARAMS], unused[AS_SHAPE_PARAMS];
    const int fwhm = as_shape_param_of(t->shape, "fwhm");
    for (size_t k = 0; k < t->shape->n_params; k++) p[k] = t->shape->params[k].def;
    p[0] = height;
    p[1] = center;
    if (fwhm > 0) p[fwhm] = width;
    if (t->shape->guess) t->shape->guess(height, center, width, p);
    for (size_t k = 1; k < t->shape->n_params; k++) set(q + k, p[k]);
    /* the amplitude to the widths that are now certain */
    as_model_values(g->m);
    for (size_t k = 1; k < t->shape->n_params; k++) p[k] = g->m->value[t->first + k];
    if (t->shape->kind == AS_SHAPE_PEAK && t->shape->amplitude == AS_NATIVE_AREA) {
        p[0] = 1;
        const double unit = as_shape_height(t->shape, p, unused);
        p[0] = unit > 0 ? height / unit : height * width;
    }
    set(q,
        t->converted
            ? (t->shape->amplitude == AS_NATIVE_AREA ? height : height * t->shape->ratio(p, unused))
            : p[0]);
}

static void step_term(guess *g, size_t term)
{
    const size_t few = g->n / 10 > 1 ? g->n / 10 : 1;
    const bool rising = g->x[g->n - 1] >= g->x[0];
    const double first = mean(g->rest, 0, few), last = mean(g->rest, g->n - few, g->n);
    as_model_param *q = g->m->param + g->m->term[term].first;
    set(q, rising ? last - first : first - last);
    set(q + 1, 0.5 * (g->x[0] + g->x[g->n - 1]));
    set(q + 2, g->span / 10);
}

static void peak_term(guess *g, size_t term)
{
    const as_model_param *center = g->m->param + g->m->term[term].first + 1;
    as_model_values(g->m);
    const double given = g->m->value[g->m->term[term].first + 1];
    const size_t at = isnan(given) ? highest(g, center->lo, center->hi) : nearest(g, given);
    place(g, term, smooth(g, at), isnan(given) ? g->x[at] : given, width_at(g, at));
    take_off(g, term);
}

static as_status formula_term(as_ctx *ctx, const as_model *m, const as_model_term *t)
{
    for (size_t k = t->first; k < t->first + t->n_params; k++)
        if (open(&m->param[k]))
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "'%s' of the formula needs a start: %s=NUMBER behind the formula",
                           m->param[k].name, m->param[k].name);
    return AS_OK;
}

as_status as_model_guess(as_ctx *ctx, as_model *m, const double *y)
{
    guess g = { .m = m, .x = m->x, .n = m->n };
    bool any = false;
    for (size_t k = 0; k < m->n_params; k++) any |= open(&m->param[k]);
    if (!any) {
        as_model_values(m);
        return AS_OK;
    }
    g.rest = AS_NEW_N(as_scratch(ctx), double, m->n);
    if (!g.rest) return AS_ERR;
    memcpy(g.rest, y, m->n * sizeof *y);
    for (size_t i = 0; i < m->n; i++) g.span = fmax(g.span, fabs(m->x[i] - m->x[0]));
    for (size_t i = 0; i < m->n_terms; i++)
        if (!m->term[i].shape) AS_TRY(formula_term(ctx, m, &m->term[i]));
    background(&g);
    bool *done = AS_NEW_N(as_scratch(ctx), bool, m->n_terms + 1);
    if (!done) return AS_ERR;
    for (int pass = 0; pass < 2; pass++) /* first those whose centre is known */
        for (size_t i = 0; i < m->n_terms; i++) {
            const as_model_term *t = &m->term[i];
            as_model_values(m);
            if (!t->shape || t->shape->kind == AS_SHAPE_BACKGROUND || done[i]) continue;
            if (pass == 0 && isnan(m->value[t->first + 1])) continue;
            if (t->shape->kind == AS_SHAPE_STEP)
                step_term(&g, i);
            else
                peak_term(&g, i);
            done[i] = true;
        }
    for (size_t k = 0; k < m->n_params; k++) /* whatever is left: split, ratio, shapes' own */
        set(&m->param[k], 0);
    as_model_values(m);
    return AS_OK;
}
