/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models: evaluation with Jacobian over the free parameters, and derived quantities.
 *
 * A term is one line, or two (doublet), each with its K alpha 2 companion. The columns of a
 * single line whose parameters are all free and not followed by others are written by the shape's
 * kernel straight into the Jacobian; all others pass through scratch columns and are added.
 */
#include <math.h>
#include <string.h>

#include "lanes.h"
#include "model_parts.h"

#define DEGREE 0.01745329251994329577

static bool is_peak(const as_model_term *t)
{
    return t->shape && t->shape->kind == AS_SHAPE_PEAK;
}

static bool is_cumulative(const as_model_term *t)
{
    return t->shape && t->shape->cumulative;
}

static size_t native_count(const as_model_term *t)
{
    return t->shape->n_params ? t->shape->n_params : t->n_params;
}

/* The shape's own parameters from the term's: the amplitude may be of the other kind. `row`:
 * derivatives of the native amplitude over the term's parameters. */
static void native(const as_model_term *t, const double *value, double *p, double *row)
{
    const size_t n = native_count(t);
    double g[AS_SHAPE_PARAMS] = { 0 };
    memcpy(p, value + t->first, n * sizeof *p);
    memset(row, 0, AS_SHAPE_PARAMS * sizeof *row);
    row[0] = 1;
    if (!t->converted) return;
    const double ratio = t->shape->ratio(p, g), given = p[0];
    if (t->shape->amplitude == AS_NATIVE_HEIGHT) { /* h = A / ratio */
        p[0] = given / ratio;
        row[0] = 1 / ratio;
        for (size_t k = 1; k < n; k++) row[k] = -p[0] / ratio * g[k];
    } else { /* A = h ratio */
        p[0] = given * ratio;
        row[0] = ratio;
        for (size_t k = 1; k < n; k++) row[k] = given * g[k];
    }
}

/* Where the K alpha 2 line of a K alpha 1 line stands, and the derivative of that. */
static double alpha2_position(const as_model *m, double two_theta, double *slope)
{
    const double k = m->alpha2 / m->alpha1, theta = 0.5 * two_theta * DEGREE, s = k * sin(theta);
    if (!(fabs(s) < 1)) return NAN;
    *slope = k * cos(theta) / sqrt(1 - s * s);
    return 2 * asin(s) / DEGREE;
}

typedef struct line {
    double center, weight;                /* of the native amplitude */
    double by_center, by_split, by_ratio; /* derivatives: center, center, weight */
} line;

static size_t lines_of(const as_model *m, const as_model_term *t, const double *value, line *out)
{
    const double c = value[t->first + 1];
    size_t n = 1;
    out[0] = (line){ .center = c, .weight = 1, .by_center = 1 };
    if (t->shape->kind != AS_SHAPE_PEAK) return n;
    if (t->split != AS_NO_COLUMN)
        out[n++] = (line){ .center = c + value[t->split],
                           .weight = value[t->ratio],
                           .by_center = 1,
                           .by_split = 1,
                           .by_ratio = 1 };
    const size_t first = n;
    for (size_t k = 0; k < first && m->alpha2_ratio > 0; k++) {
        double slope = 0;
        line l = out[k];
        l.center = alpha2_position(m, l.center, &slope);
        if (isnan(l.center)) continue;
        l.weight *= m->alpha2_ratio;
        l.by_center *= slope;
        l.by_split *= slope;
        l.by_ratio *= m->alpha2_ratio;
        out[n++] = l;
    }
    return n;
}

AS_WIDEST
static void add_scaled(size_t n, double factor, const double *from, double *to)
{
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 a, b;
        as_load8(from + i, &a);
        as_load8(to + i, &b);
        b = b + a * factor;
        as_store8(to + i, &b);
    }
}

/* One line of a term at n <= stride points, added to term_f and term_J. */
static void add_line(const as_model *m, const as_model_term *t, const line *l, const double *p0,
                     const double *row, size_t n, const double *x, bool jacobian)
{
    as_model_work *w = m->work;
    const size_t count = native_count(t), s = m->stride;
    const bool peak = t->shape->kind == AS_SHAPE_PEAK;
    double p[AS_SHAPE_PARAMS], *J[AS_SHAPE_PARAMS];
    memcpy(p, p0, count * sizeof *p);
    if (peak) {
        p[0] *= l->weight;
        p[1] = l->center;
    }
    for (size_t k = 0; k < count; k++) J[k] = w->line_J + k * s;
    t->shape->eval(n, x, p, t->q, w->line_f, jacobian ? J : NULL);
    add_scaled(n, 1, w->line_f, w->term_f);
    if (!jacobian) return;
    for (size_t k = 0; k < count; k++) { /* the amplitude, and what moves it when converted */
        if (row[k] != 0) add_scaled(n, l->weight * row[k], J[0], w->term_J + k * s);
        if (k > 0) add_scaled(n, k == 1 ? l->by_center : 1, J[k], w->term_J + k * s);
    }
    if (l->by_split != 0)
        add_scaled(n, l->by_split, J[1], w->term_J + ((size_t)t->split - t->first) * s);
    if (l->by_ratio != 0)
        add_scaled(n, l->by_ratio * p0[0], J[0], w->term_J + ((size_t)t->ratio - t->first) * s);
}

/* term_f and term_J at n <= stride points. */
static void add_term(const as_model *m, const as_model_term *t, size_t n, const double *x,
                     bool jacobian)
{
    as_model_work *w = m->work;
    double p[AS_SHAPE_PARAMS], row[AS_SHAPE_PARAMS], *J[AS_MODEL_TERM_PARAMS];
    if (!t->shape) {
        for (size_t k = 0; k < t->n_params; k++) J[k] = w->term_J + k * m->stride;
        as_expression_eval(t->formula, n, &x, m->value + t->first, w->formula, w->term_f,
                           jacobian ? J : NULL);
        return;
    }
    memset(w->term_f, 0, n * sizeof *w->term_f);
    for (size_t k = 0; jacobian && k < t->n_params; k++)
        memset(w->term_J + k * m->stride, 0, n * sizeof *w->term_J);
    native(t, m->value, p, row);
    line lines[4];
    const size_t count = lines_of(m, t, m->value, lines);
    for (size_t k = 0; k < count; k++) add_line(m, t, &lines[k], p, row, n, x, jacobian);
}

/* Derivatives by one parameter into the columns that it depends on. */
static void add_columns(const as_model *m, const as_model_param *q, const double *slopes, double *J,
                        size_t stride)
{
    if (q->column != AS_NO_COLUMN)
        add_scaled(m->stride, q->factor, slopes, J + (size_t)q->column * stride);
    for (size_t i = 0; q->rule && i < q->rule->expression.n_params; i++) {
        const as_model_param *of = &m->param[q->rule->of[i]];
        if (of->column != AS_NO_COLUMN)
            add_scaled(m->stride, q->rule->slope[i] * of->factor, slopes,
                       J + (size_t)of->column * stride);
    }
}

/* One term into f and J. */
static void evaluate_term(as_model *m, size_t i, double *f, double *J, size_t stride)
{
    as_model_work *w = m->work;
    const as_model_term *t = &m->term[i];
    const as_model_param *q = m->param + t->first;
    if (w->direct[i]) {
        double *to[AS_SHAPE_PARAMS];
        for (size_t k = 0; J && k < t->n_params; k++) to[k] = J + (size_t)q[k].column * stride;
        t->shape->eval(m->stride, m->x, m->value + t->first, t->q, w->term_f, J ? to : NULL);
    } else
        add_term(m, t, m->stride, m->x, J != NULL);
    add_scaled(m->stride, 1, w->term_f, f);
    for (size_t k = 0; J && !w->direct[i] && k < t->n_params; k++)
        add_columns(m, &q[k], w->term_J + k * m->stride, J, stride);
}

/* f and J hold the peaks and nothing else: every Shirley term adds its integral of both. */
static void add_shirley(as_model *m, double *f, double *J, size_t stride)
{
    as_model_work *w = m->work;
    double loss = 0;
    for (size_t i = 0; i < m->n_terms; i++)
        if (is_cumulative(&m->term[i])) loss += m->value[m->term[i].first];
    for (size_t c = 0; J && c < m->n_columns; c++) {
        as_model_integrate(m, J + c * stride, w->integral);
        add_scaled(m->stride, loss, w->integral, J + c * stride);
    }
    as_model_integrate(m, f, w->integral);
    add_scaled(m->stride, loss, w->integral, f);
    for (size_t i = 0; J && i < m->n_terms; i++)
        if (is_cumulative(&m->term[i]))
            add_columns(m, &m->param[m->term[i].first], w->integral, J, stride);
}

void as_model_evaluate(void *user, const double *p, double *f, double *J, size_t stride)
{
    as_model *m = user;
    as_model_work *w = m->work;
    for (size_t k = 0; k < m->n_params; k++) {
        const as_model_param *q = &m->param[k];
        m->value[k] = q->column == AS_NO_COLUMN ? q->value : q->factor * p[q->column] + q->offset;
    }
    as_model_rule_values(m, m->value);
    memset(f, 0, m->stride * sizeof *f);
    for (size_t c = 0; J && c < m->n_columns; c++)
        if (!w->direct_column[c]) memset(J + c * stride, 0, m->stride * sizeof *J);
    for (size_t i = 0; w->cumulative && i < m->n_terms; i++)
        if (is_peak(&m->term[i])) evaluate_term(m, i, f, J, stride);
    if (w->cumulative) add_shirley(m, f, J, stride);
    for (size_t i = 0; i < m->n_terms; i++)
        if (!w->cumulative || (!is_peak(&m->term[i]) && !is_cumulative(&m->term[i])))
            evaluate_term(m, i, f, J, stride);
}

void as_model_term_values(const as_model *m, size_t term, size_t n, const double *x, double *f)
{
    if (is_cumulative(&m->term[term])) {
        as_model_work *w = m->work;
        memset(w->sum, 0, m->stride * sizeof *w->sum);
        for (size_t i = 0; i < m->n_terms; i++) {
            if (!is_peak(&m->term[i])) continue;
            add_term(m, &m->term[i], m->stride, m->x, false);
            add_scaled(m->stride, 1, w->term_f, w->sum);
        }
        as_model_integrate(m, w->sum, w->integral);
        as_model_shirley_values(m, m->value[m->term[term].first], n, x, f);
        return;
    }
    for (size_t i = 0; i < n; i += m->stride) {
        const size_t part = n - i < m->stride ? n - i : m->stride;
        add_term(m, &m->term[term], part, x + i, false);
        memcpy(f + i, m->work->term_f, part * sizeof *f);
    }
}

void as_model_param_gradient(const as_model *m, size_t param, double *gradient)
{
    memset(gradient, 0, m->n_columns * sizeof *gradient);
    as_model_add_gradient(m, param, 1, gradient);
}

double as_model_quantity(const as_model *m, size_t term, as_derived what, double *gradient)
{
    const as_model_term *t = &m->term[term];
    memset(gradient, 0, m->n_columns * sizeof *gradient);
    if (!t->shape || t->shape->kind != AS_SHAPE_PEAK) return NAN;
    double p[AS_SHAPE_PARAMS], row[AS_SHAPE_PARAMS], g[AS_SHAPE_PARAMS] = { 0 }, v = NAN;
    native(t, m->value, p, row);
    switch (what) {
    case AS_OF_POSITION: v = as_shape_position(t->shape, p, g); break;
    case AS_OF_HEIGHT: v = as_shape_height(t->shape, p, g); break;
    case AS_OF_AREA: v = as_shape_area(t->shape, p, g); break;
    case AS_OF_FWHM: v = as_shape_fwhm(t->shape, p, g); break;
    }
    for (size_t k = 0; k < native_count(t); k++) {
        const double by = g[0] * row[k] + (k > 0 ? g[k] : 0);
        if (by != 0) as_model_add_gradient(m, t->first + k, by, gradient);
    }
    return v;
}
