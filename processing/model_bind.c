/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models: ties resolved to free parameters, points taken in, the problem for the engine made. */
#include <math.h>
#include <string.h>

#include "lanes.h"
#include "model_parts.h"

/* Every tie leads to a root; factor and offset become those over the whole chain. */
static as_status resolve_ties(as_ctx *ctx, as_model *m)
{
    for (size_t k = 0; k < m->n_params; k++) {
        as_model_param *q = &m->param[k];
        for (size_t steps = 0; q->tie >= 0 && m->param[q->tie].tie >= 0; steps++) {
            const as_model_param *next = &m->param[q->tie];
            if (steps > m->n_params)
                return as_fail(ctx, AS_E_USAGE, NULL, "'%s' is tied in a circle", q->name);
            q->offset += q->factor * next->offset;
            q->factor *= next->factor;
            q->tie = next->tie;
        }
        if (q->tie == (int)k)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' is tied to itself", q->name);
    }
    return AS_OK;
}

static void number_columns(as_model *m)
{
    m->n_columns = 0;
    for (size_t k = 0; k < m->n_params; k++) {
        as_model_param *q = &m->param[k];
        q->column = AS_NO_COLUMN;
        if (q->tie >= 0 || q->fixed || q->rule) continue;
        m->root[m->n_columns] = k;
        q->column = (int)m->n_columns++;
        q->factor = 1;
        q->offset = 0;
    }
    for (size_t k = 0; k < m->n_params; k++)
        if (m->param[k].tie >= 0) m->param[k].column = m->param[m->param[k].tie].column;
}

static void choose_direct(as_model *m)
{
    as_model_work *w = m->work;
    for (size_t i = 0; i < m->n_terms; i++) {
        const as_model_term *t = &m->term[i];
        bool yes = t->shape && !t->shape->cumulative && !t->converted && t->split == AS_NO_COLUMN &&
                   !(t->shape->kind == AS_SHAPE_PEAK && m->alpha2_ratio > 0);
        for (size_t k = t->first; yes && k < t->first + t->n_params; k++) {
            yes = m->param[k].tie < 0 && !m->param[k].fixed && !m->param[k].rule &&
                  !as_model_in_rule(m, k);
            for (size_t j = 0; yes && j < m->n_params; j++) yes = m->param[j].tie != (int)k;
        }
        w->direct[i] = yes;
        for (size_t k = t->first; yes && k < t->first + t->n_params; k++)
            w->direct_column[m->param[k].column] = true;
    }
}

static as_status allocate(as_arena *a, as_model *m)
{
    m->work = AS_NEW(a, as_model_work);
    m->root = AS_NEW_N(a, size_t, m->n_params + 1);
    m->start = AS_NEW_N(a, double, 2 * m->n_params + 1);
    m->x = AS_NEW_N(a, double, m->stride);
    bool *direct = AS_NEW_N(a, bool, m->n_terms + m->n_params + 1);
    if (!m->work || !m->root || !m->start || !m->x || !direct) return AS_ERR;
    m->value = m->start + m->n_params;
    m->work->direct = direct;
    m->work->direct_column = direct + m->n_terms;
    return AS_OK;
}

/* Scratch columns for the terms that are not written directly. */
static as_status allocate_scratch(as_arena *a, as_model *m)
{
    as_model_work *w = m->work;
    size_t formula = 1, rows = 1, lines = 1;
    for (size_t i = 0; i < m->n_terms; i++) {
        const as_model_term *t = &m->term[i];
        if (t->formula && as_expression_work(t->formula) > formula)
            formula = as_expression_work(t->formula);
        if (w->direct[i]) continue;
        if (t->n_params > rows) rows = t->n_params;
        if (t->shape) lines = AS_SHAPE_PARAMS;
    }
    for (size_t i = 0; i < m->n_terms; i++)
        w->cumulative |= m->term[i].shape && m->term[i].shape->cumulative;
    w->sum = AS_NEW_N(a, double, 2 * (w->cumulative ? m->stride : 1));
    if (!w->sum) return AS_ERR;
    w->integral = w->sum + (w->cumulative ? m->stride : 0);
    w->line_f = AS_NEW_N(a, double, m->stride);
    w->line_J = AS_NEW_N(a, double, m->stride * lines);
    w->term_f = AS_NEW_N(a, double, m->stride);
    w->term_J = AS_NEW_N(a, double, m->stride * rows);
    w->formula = AS_NEW_N(a, double, formula);
    return w->line_f && w->line_J && w->term_f && w->term_J && w->formula ? AS_OK : AS_ERR;
}

/* A line without width is no line: widths stay above a thousandth of the point spacing. */
static void keep_widths_above(as_model *m, double least)
{
    for (size_t i = 0; i < m->n_terms; i++) {
        const as_model_term *t = &m->term[i];
        for (size_t k = 2; t->shape && k < t->shape->n_params; k++) {
            const as_shape_param *s = &t->shape->params[k];
            as_model_param *q = &m->param[t->first + k];
            if (s->lo == 0 && s->def > 0 && strcmp(s->unit, "x") == 0 && least < q->hi)
                q->lo = fmax(q->lo, least);
        }
    }
}

as_status as_model_bind(as_ctx *ctx, as_arena *a, as_model *m, size_t n, const double *x)
{
    if (n == 0) return as_fail(ctx, AS_E_NUMERIC, NULL, "no points to fit");
    m->n = n;
    m->stride = as_lanes(n);
    AS_TRY(allocate(a, m));
    AS_TRY(resolve_ties(ctx, m));
    AS_TRY(as_model_rules_check(ctx, m));
    number_columns(m);
    choose_direct(m);
    AS_TRY(allocate_scratch(a, m));
    double lo = x[0], hi = x[0];
    for (size_t i = 0; i < m->stride; i++) {
        m->x[i] = x[i < n ? i : n - 1];
        lo = fmin(lo, m->x[i]);
        hi = fmax(hi, m->x[i]);
    }
    if (m->work->cumulative) AS_TRY(as_model_shirley_check(ctx, m));
    keep_widths_above(m, 1e-3 * (hi - lo) / (double)n);
    for (size_t i = 0; i < m->n_terms; i++) {
        as_model_term *t = &m->term[i];
        t->q[0] = lo;
        t->q[1] = hi;
        if (!t->origin_given) t->q[2] = 0.5 * (lo + hi);
        t->q[3] = (double)t->n_params;
    }
    return AS_OK;
}

void as_model_values(as_model *m)
{
    for (size_t k = 0; k < m->n_params; k++) {
        const as_model_param *q = &m->param[k];
        m->value[k] = q->tie < 0 ? q->value : q->factor * m->param[q->tie].value + q->offset;
    }
    as_model_rule_values(m, m->value);
    for (size_t k = 0; k < m->n_params; k++)
        if (m->param[k].tie >= 0 || m->param[k].rule) m->param[k].value = m->value[k];
}

/* Whether the model is linear in this column: it drives coefficients of backgrounds and open
 * amplitudes only. */
static bool is_linear(const as_model *m, size_t column)
{
    if (as_model_in_rule(m, m->root[column])) return false;
    for (size_t i = 0; i < m->n_terms; i++) {
        const as_model_term *t = &m->term[i];
        for (size_t k = 0; k < t->n_params; k++) {
            const as_model_param *q = &m->param[t->first + k];
            if (q->column != (int)column) continue;
            if (!t->shape) return false;
            const bool polynomial = t->shape->kind == AS_SHAPE_BACKGROUND &&
                                    strcmp(t->shape->name, "exponential") != 0 &&
                                    strcmp(t->shape->name, "power") != 0 &&
                                    !t->shape->cumulative;
            if (!polynomial && (k > 0 || q->given)) return false;
        }
    }
    return true;
}

as_status as_model_problem(as_ctx *ctx, as_arena *a, as_model *m, as_ls_problem *q)
{
    const size_t c = m->n_columns;
    double *bounds = AS_NEW_N(a, double, 4 * c + 1);
    bool *linear = AS_NEW_N(a, bool, c + 1);
    (void)ctx;
    if (!bounds || !linear) return AS_ERR;
    as_model_values(m);
    double *lo = bounds, *hi = bounds + c, *v = bounds + 2 * c, *u = bounds + 3 * c;
    for (size_t k = 0; k < c; k++) {
        const as_model_param *p = &m->param[m->root[k]];
        lo[k] = p->lo;
        hi[k] = p->hi;
        v[k] = p->restraint;
        u[k] = p->restraint_u;
        m->start[k] = p->value;
        linear[k] = is_linear(m, k);
    }
    *q = (as_ls_problem){ .n = m->n,
                          .m = c,
                          .model = as_model_evaluate,
                          .user = m,
                          .lo = lo,
                          .hi = hi,
                          .restraint = v,
                          .restraint_u = u,
                          .linear = linear };
    return AS_OK;
}

void as_model_take(as_model *m, const as_ls_result *r)
{
    for (size_t k = 0; k < m->n_params; k++) {
        as_model_param *q = &m->param[k];
        if (q->column == AS_NO_COLUMN) {
            q->u = 0;
            continue;
        }
        q->value = q->factor * r->p[q->column] + q->offset;
        q->u = fabs(q->factor) * r->u[q->column];
        q->at_bound = r->at_bound[q->column];
    }
    for (size_t k = 0; k < m->n_params; k++) m->value[k] = m->param[k].value;
    as_model_rule_values(m, m->value);
    for (size_t k = 0; k < m->n_params; k++)
        if (m->param[k].rule) m->param[k].value = m->value[k];
}

int as_model_find(const as_model *m, const char *label, const char *param)
{
    for (size_t i = 0; i < m->n_terms; i++) {
        const as_model_term *t = &m->term[i];
        if (strcmp(t->label, label) != 0) continue;
        for (size_t k = t->first; k < t->first + t->n_params; k++)
            if (strcmp(m->param[k].name, param) == 0) return (int)k;
    }
    return -1;
}
