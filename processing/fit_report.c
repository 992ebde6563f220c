/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fitted model leaves in a table: see fit_report.h. */
#include <math.h>
#include <string.h>

#include "fit_report.h"
#include "lanes.h"

as_status as_fit_unit(as_ctx *ctx, const as_table *t, const char *symbol, as_unit *out)
{
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    const char *xs = x->unit.symbol ? x->unit.symbol : "1",
               *ys = y->unit.symbol ? y->unit.symbol : "1";
    const bool bare_x = strcmp(xs, "1") == 0, bare_y = strcmp(ys, "1") == 0;
    *out = AS_UNITLESS;
    if (strcmp(symbol, "x") == 0) *out = x->unit;
    if (strcmp(symbol, "y") == 0 || (bare_x && strlen(symbol) == 3 && symbol[0] != '1')) *out = y->unit;
    if (bare_x || strlen(symbol) != 3) return AS_OK;
    const char op = symbol[1];
    if (symbol[0] == '1') {
        const char *inverse = as_format(t->arena, "1/%s", xs);
        return inverse ? as_unit_parse(ctx, t->arena, inverse, out) : AS_ERR;
    }
    const char *text = bare_y && op == '*' ? xs : as_format(t->arena, "%s%c%s", ys, op, xs);
    return text ? as_unit_parse(ctx, t->arena, text, out) : AS_ERR;
}

/* Letters, digits and '_' of a label: a column's name. */
static const char *column_name(as_arena *a, const char *label)
{
    char *name = as_format(a, "component_%s", label);
    for (char *c = name; c && *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')))
            *c = '_';
    return name;
}

static as_column *new_column(as_ctx *ctx, as_table *t, const char *name, as_role role, as_unit unit)
{
    as_column *c = name ? as_curve_column(ctx, t, name, role, unit) : NULL;
    for (size_t i = 0; c && i < t->rows; i++) c->v.f[i] = NAN;
    return c;
}

static bool is_background(const as_model_term *t)
{
    return t->shape && t->shape->kind == AS_SHAPE_BACKGROUND;
}

typedef struct rows {
    size_t n, padded;
    size_t *row;        /* of the table */
    double *x, *f;      /* x padded with its last value; f of one term */
    double *sum, *base; /* of all terms, of the backgrounds */
} rows;

static as_status gather(as_ctx *ctx, const as_curve *c, const double *in, rows *r)
{
    as_arena *s = as_scratch(ctx);
    const size_t room = as_lanes(c->n) + AS_LANE;
    *r = (rows){ .row = AS_NEW_N(s, size_t, room), .x = AS_NEW_N(s, double, 4 * room) };
    if (!r->row || !r->x) return AS_ERR;
    for (size_t i = 0; i < c->n; i++) {
        if (!(in[i] > 0) || !isfinite(c->x[i])) continue;
        r->row[r->n] = i;
        r->x[r->n++] = c->x[i];
    }
    r->padded = as_lanes(r->n);
    for (size_t i = r->n; i < r->padded; i++) r->x[i] = r->x[r->n - 1];
    r->f = r->x + room;
    r->sum = r->f + room;
    r->base = r->sum + room;
    return AS_OK;
}

as_status as_fit_columns(as_ctx *ctx, as_table *t, const as_curve *c, const double *in,
                         const as_model *m, const double *offset, int columns, bool fitted)
{
    const as_unit unit = c->y_column->unit;
    const bool parts = columns == AS_FIT_COLUMNS_ALL;
    rows r;
    if (columns == AS_FIT_COLUMNS_NONE) return AS_OK;
    AS_TRY(gather(ctx, c, in, &r));
    as_column *model = new_column(ctx, t, "model", AS_ROLE_MODEL, unit);
    as_column *residual = new_column(ctx, t, "residual", AS_ROLE_OTHER, unit);
    if (!model || !residual) return AS_ERR;
    bool background = offset != NULL;
    for (size_t i = 0; i < m->n_terms; i++) {
        as_column *own = NULL;
        background |= is_background(&m->term[i]);
        if (parts && !is_background(&m->term[i])) {
            own = new_column(ctx, t, column_name(t->arena, m->term[i].label), AS_ROLE_COMPONENT,
                             unit);
            if (!own || !(own->label = as_strdup(t->arena, m->term[i].label))) return AS_ERR;
        }
        if (!fitted) continue;
        as_model_term_values(m, i, r.padded, r.x, r.f);
        for (size_t k = 0; k < r.n; k++) {
            r.sum[k] += r.f[k];
            if (own)
                own->v.f[r.row[k]] = r.f[k];
            else if (parts)
                r.base[k] += r.f[k];
        }
    }
    as_column *base = NULL;
    if (parts && background && !(base = new_column(ctx, t, "baseline", AS_ROLE_BASELINE, unit)))
        return AS_ERR;
    for (size_t k = 0; fitted && k < r.n; k++) {
        const size_t row = r.row[k];
        const double add = offset ? offset[row] : 0;
        model->v.f[row] = r.sum[k] + add;
        residual->v.f[row] = c->y[row] - model->v.f[row];
        if (base) base->v.f[row] = r.base[k] + add;
    }
    return AS_OK;
}

typedef struct report {
    as_ctx *ctx;
    as_table *t;
    const as_model *m;
    const as_ls_result *r; /* NULL: failed */
    double *gradient;      /* of the results so far, n_columns each */
    size_t *which, n, room;
} report;

/* Whether a free parameter moves the value at all: a width of fixed parameters has a gradient of rounding. */
static bool depends(const report *p, double value, const double *gradient)
{
    for (size_t k = 0; k < p->m->n_columns; k++) {
        const double u = sqrt(p->r->covariance[k * p->m->n_columns + k]);
        const double reach = fmax(fabs(p->m->param[p->m->root[k]].value), u); /* nan leaves the value */
        if (!(fabs(gradient[k]) * reach <= 1e-9 * fabs(value))) return true;
    }
    return p->m->n_columns == 0;
}

/* One result; its gradient (NULL: none) gives the uncertainty and its place in the covariance. */
static as_status put(report *p, as_result *r, const double *gradient)
{
    const size_t c = p->m->n_columns;
    r->u = NAN;
    if (!p->r) {
        r->value = NAN;
        r->flag = "failed";
        return as_add_result(p->ctx, p->t, r);
    }
    if (!isfinite(r->value)) return AS_OK; /* not defined for this shape */
    if (gradient) r->u = as_propagate(c, p->r->covariance, gradient);
    if (gradient && !depends(p, r->value, gradient)) r->u = 0;
    if (gradient && r->u == 0 && strcmp(r->flag, "at_bound") == 0) r->u = NAN;
    AS_TRY(as_add_result(p->ctx, p->t, r));
    if (!gradient || p->n == p->room) return AS_OK;
    memcpy(p->gradient + p->n * c, gradient, c * sizeof *gradient);
    p->which[p->n++] = p->t->n_results - 1;
    return AS_OK;
}

static as_status add(report *p, const char *item, const char *quantity, double value,
                     const double *gradient, const char *unit, const char *flag, const char *method)
{
    as_result r = {
        .item = item, .quantity = quantity, .value = value, .flag = flag, .method = method
    };
    AS_TRY(as_fit_unit(p->ctx, p->t, unit, &r.unit));
    return put(p, &r, gradient);
}

/* At a bound, or fixed. What only partly depends on a parameter at a bound keeps the uncertainty
 * that the others give it. */
static const char *flag_of(const report *p, const double *gradient)
{
    const as_model *m = p->m;
    bool bound = false, free = false;
    for (size_t k = 0; p->r && k < m->n_columns; k++) {
        if (gradient[k] == 0) continue;
        free = true;
        bound |= p->r->at_bound[k];
    }
    return bound ? "at_bound" : free || !p->r ? "ok" : "fixed";
}

static bool correlated(const report *p, size_t column)
{
    for (size_t k = 0; k < p->m->n_columns; k++)
        if (k != column &&
            fabs(as_correlation(p->m->n_columns, p->r->covariance, k, column)) > 0.95)
            return true;
    return false;
}

static as_status derived(report *p, size_t term)
{
    static const struct {
        as_derived what;
        const char *name, *unit;
    } all[] = { { AS_OF_POSITION, "position", "x" },
                { AS_OF_HEIGHT, "height", "y" },
                { AS_OF_AREA, "area", "x*y" },
                { AS_OF_FWHM, "fwhm", "x" } };
    const as_model_term *t = &p->m->term[term];
    const char *of = t->split != AS_NO_COLUMN ? ", of the first line"
                     : p->m->alpha2_ratio > 0 ? ", of K alpha 1"
                                              : "";
    const char *method = as_format(p->t->arena, "%s%s", t->shape->name, of);
    double *g = AS_NEW_N(as_scratch(p->ctx), double, p->m->n_columns + 1);
    if (!g || !method) return AS_ERR;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        const double v = p->r ? as_model_quantity(p->m, term, all[k].what, g) : NAN;
        AS_TRY(add(p, t->label, all[k].name, v, g, all[k].unit, flag_of(p, g), method));
    }
    return AS_OK;
}

/* The parameters that are no derived quantity under the same name. */
static as_status parameters(report *p, size_t term)
{
    const as_model_term *t = &p->m->term[term];
    const bool peak = t->shape && t->shape->kind == AS_SHAPE_PEAK;
    double *g = AS_NEW_N(as_scratch(p->ctx), double, p->m->n_columns + 1);
    if (!g) return AS_ERR;
    for (size_t k = 0; k < t->n_params; k++) {
        const as_model_param *q = &p->m->param[t->first + k];
        if (peak && (k == 0 || (k == 1 && t->shape->symmetric) || strcmp(q->name, "fwhm") == 0))
            continue;
        as_model_param_gradient(p->m, t->first + k, g);
        const char *flag = flag_of(p, g);
        if (p->r && q->column != AS_NO_COLUMN && strcmp(flag, "ok") == 0 &&
            correlated(p, (size_t)q->column))
            flag = "correlated";
        AS_TRY(add(p, t->label, q->name, q->value, g, q->unit, flag,
                   t->shape ? t->shape->name : "formula"));
    }
    return AS_OK;
}

static as_status statistics(report *p, const char *how)
{
    const as_ls_result *r = p->r;
    const struct {
        const char *name;
        double value;
    } all[] = { { "chi2", r ? r->cost : NAN },
                { "reduced_chi2", r ? r->reduced : NAN },
                { "r_squared", r ? r->r_squared : NAN },
                { "aicc", r ? r->aicc : NAN },
                { "bic", r ? r->bic : NAN },
                { "degrees_of_freedom", r ? (double)r->dof : NAN } };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        AS_TRY(add(p, "fit", all[k].name, all[k].value, NULL, "1", "ok", how));
    return AS_OK;
}

/* g_i' C g_k of all pairs, each C g_k once; a quantity depends on few of the parameters. */
static as_status covariance(report *p)
{
    const size_t c = p->m->n_columns;
    as_arena *s = as_scratch(p->ctx);
    double *v = AS_NEW_N(s, double, p->n * p->n + c + 1), *carried = v + p->n * p->n;
    size_t *at = AS_NEW_N(s, size_t, p->n * (c + 1) + 1), *count = at + p->n * c;
    if (!v || !at) return AS_ERR;
    for (size_t k = 0; k < p->n; k++)
        for (size_t j = 0; j < c; j++)
            if (p->gradient[k * c + j] != 0) at[k * c + count[k]++] = j;
    for (size_t k = 0; k < p->n; k++) {
        memset(carried, 0, c * sizeof *carried);
        for (size_t e = 0; e < count[k]; e++) {
            const size_t from = at[k * c + e];
            for (size_t j = 0; j < c; j++)
                carried[j] += p->r->covariance[from * c + j] * p->gradient[k * c + from];
        }
        for (size_t i = k; i < p->n; i++) {
            double sum = 0;
            for (size_t e = 0; e < count[i]; e++)
                sum += p->gradient[i * c + at[i * c + e]] * carried[at[i * c + e]];
            v[i * p->n + k] = v[k * p->n + i] = sum;
        }
    }
    return p->n ? as_set_covariance(p->ctx, p->t, p->n, p->which, v) : AS_OK;
}

as_status as_fit_results(as_ctx *ctx, as_table *t, const as_model *m, const as_ls_result *r,
                         const char *how, size_t n_more, const as_fit_quantity *more)
{
    report p = { .ctx = ctx, .t = t, .m = m, .r = r };
    p.room = m->n_params + 4 * m->n_terms + n_more;
    p.gradient = AS_NEW_N(as_scratch(ctx), double, p.room * m->n_columns + 1);
    p.which = AS_NEW_N(as_scratch(ctx), size_t, p.room + 1);
    if (!p.gradient || !p.which) return AS_ERR;
    for (size_t i = 0; i < m->n_terms; i++) {
        if (m->term[i].shape && m->term[i].shape->kind == AS_SHAPE_PEAK) AS_TRY(derived(&p, i));
        AS_TRY(parameters(&p, i));
    }
    for (size_t k = 0; k < n_more; k++) {
        if (r && !isfinite(more[k].value))
            as_warn(ctx, t, NULL, "'%s' has no finite value here", more[k].item);
        as_result one = { .item = more[k].item,
                          .quantity = more[k].quantity,
                          .value = more[k].value,
                          .unit = more[k].unit,
                          .flag = flag_of(&p, more[k].gradient),
                          .method = more[k].method };
        AS_TRY(put(&p, &one, more[k].gradient));
    }
    if (r) AS_TRY(covariance(&p));
    return statistics(&p, how);
}
