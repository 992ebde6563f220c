/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Complex least squares of a circuit: see eis_solve.h. */
#include <math.h>
#include <string.h>

#include "eis_solve.h"

static const double TWO_PI = 6.28318530717958647692;

const as_choice as_eis_weights[] = {
    { "modulus", AS_EIS_MODULUS, "|Z| for both parts" },
    { "unit", AS_EIS_UNIT, "the same for all" },
    { "proportional", AS_EIS_PROPORTIONAL, "|Re Z| and |Im Z|, at least |Z|/1000" },
    { "stated", AS_EIS_STATED, "columns sigma_z_real and sigma_z_imag" },
    { 0 }
};

/* Standard deviations s (n each) of the points by `weights`, without their common factor.
 * AS_E_MISSING for AS_EIS_STATED without columns sigma_z_real and sigma_z_imag in `t`, AS_E_NUMERIC
 * where one is not above 0. */
static as_status deviations(as_ctx *ctx, const as_table *t, const as_impedance *z,
                            as_eis_weight weights, double *s_re, double *s_im)
{
    const as_unit ohm = as_unit_of("Ohm");
    const as_column *re = NULL, *im = NULL;
    if (weights == AS_EIS_STATED) {
        re = as_need_column(ctx, t, "sigma_z_real");
        im = re ? as_need_column(ctx, t, "sigma_z_imag") : NULL;
        if (!im) return AS_ERR;
    }
    for (size_t i = 0; i < z->n; i++) {
        const double size = hypot(z->re[i], z->im[i]);
        s_re[i] = s_im[i] = weights == AS_EIS_UNIT ? 1 : size;
        if (weights == AS_EIS_PROPORTIONAL) {
            s_re[i] = fmax(fabs(z->re[i]), size / 1000);
            s_im[i] = fmax(fabs(z->im[i]), size / 1000);
        }
        if (re) {
            s_re[i] = as_unit_convert(re->v.f[z->row[i]], &re->unit, &ohm);
            s_im[i] = as_unit_convert(im->v.f[z->row[i]], &im->unit, &ohm);
        }
        if (!(s_re[i] > 0 && s_im[i] > 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "no standard deviation above zero at %.6g Hz",
                           z->f[i]);
    }
    return AS_OK;
}

typedef struct problem {
    const as_circuit *c;
    size_t n;
    const double *w, *s_re, *s_im;
} problem;

static void model(void *user, const double *inner, double *f, double *J, size_t stride)
{
    const problem *q = user;
    const size_t m = q->c->n_params;
    double p[AS_CIRCUIT_PARAMS];
    double _Complex dz[AS_CIRCUIT_PARAMS];
    for (size_t k = 0; k < m; k++) p[k] = as_circuit_value(&q->c->param[k], inner[k]);
    for (size_t i = 0; i < q->n; i++) {
        const double _Complex z = as_circuit_impedance(q->c, q->w[i], p, J ? dz : NULL);
        f[i] = creal(z) / q->s_re[i];
        f[q->n + i] = cimag(z) / q->s_im[i];
        for (size_t k = 0; J && k < m; k++) {
            J[k * stride + i] = creal(dz[k]) / q->s_re[i];
            J[k * stride + q->n + i] = cimag(dz[k]) / q->s_im[i];
        }
    }
}

typedef struct search {
    as_ctx *ctx;
    as_arena *a;
    const as_circuit *c;
    as_ls_problem ls;
    double lowest_open; /* cost of the lowest end that left a parameter open */
    size_t culprit;
    as_ls_state state; /* of the last failure */
    double cost[65];   /* of the starts that converged */
    size_t converged;
} search;

/* One start; the best result so far stays in *best. */
static as_status from_start(search *s, const double *p, as_ls_result *best)
{
    double inner[AS_CIRCUIT_PARAMS];
    as_ls_result r;
    for (size_t k = 0; k < s->c->n_params; k++)
        inner[k] = fmin(fmax(as_circuit_inner(&s->c->param[k], p[k]), s->ls.lo[k]), s->ls.hi[k]);
    const as_status status = as_least_squares(s->ctx, s->a, &s->ls, inner, &r);
    if (status != AS_OK) {
        if (as_pending(s->ctx) != AS_E_NUMERIC) return AS_ERR;
        as_forget_error(s->ctx);
        if (r.state == AS_LS_SINGULAR && r.cost < s->lowest_open) {
            s->lowest_open = r.cost;
            s->culprit = r.culprit;
        }
        s->state = r.state;
        return AS_OK;
    }
    s->cost[s->converged++] = r.cost;
    if (s->converged == 1 || r.cost < best->cost) *best = r;
    return AS_OK;
}

static as_status prepare(search *s, const as_impedance *z, problem *q, double *s_re, double *s_im,
                         bool stated)
{
    const size_t n = z->n, m = s->c->n_params;
    double *w = AS_NEW_N(s->a, double, n), *y = AS_NEW_N(s->a, double, 2 * n), *one = NULL;
    double *lo = AS_NEW_N(s->a, double, m), *hi = AS_NEW_N(s->a, double, m);
    bool *fixed = AS_NEW_N(s->a, bool, m);
    if (!w || !y || !lo || !hi || !fixed) return AS_ERR;
    if (stated && !(one = AS_NEW_N(s->a, double, 2 * n))) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        w[i] = TWO_PI * z->f[i];
        y[i] = z->re[i] / s_re[i];
        y[n + i] = z->im[i] / s_im[i];
        if (one) one[i] = one[n + i] = 1;
    }
    for (size_t k = 0; k < m; k++) {
        lo[k] = as_circuit_inner(&s->c->param[k], s->c->param[k].lo);
        hi[k] = as_circuit_inner(&s->c->param[k], s->c->param[k].hi);
        fixed[k] = s->c->param[k].fixed;
    }
    *q = (problem){ s->c, n, w, s_re, s_im };
    s->ls = (as_ls_problem){ .n = 2 * n,
                             .m = m,
                             .y = y,
                             .sigma = one,
                             .model = model,
                             .user = q,
                             .lo = lo,
                             .hi = hi,
                             .fixed = fixed,
                             .absolute = stated };
    return AS_OK;
}

/* Blocks that are alike in order of frequency; the fit goes on from there, which is its own end. */
static as_status order(search *s, as_ls_result *best)
{
    double p[AS_CIRCUIT_PARAMS], moved[AS_CIRCUIT_PARAMS];
    size_t to[AS_CIRCUIT_PARAMS];
    as_ls_result r;
    for (size_t k = 0; k < s->c->n_params; k++)
        p[k] = as_circuit_value(&s->c->param[k], best->p[k]);
    if (!as_circuit_order(s->c, p, to)) return AS_OK;
    for (size_t k = 0; k < s->c->n_params; k++) moved[k] = best->p[to[k]];
    if (as_least_squares(s->ctx, s->a, &s->ls, moved, &r) == AS_OK) {
        *best = r;
        return AS_OK;
    }
    if (as_pending(s->ctx) != AS_E_NUMERIC) return AS_ERR;
    as_forget_error(s->ctx); /* then they stay as they are */
    return AS_OK;
}

static void finish(search *s, const problem *q, const as_impedance *z, as_eis_fit *out)
{
    double sum = 0;
    for (size_t k = 0; k < s->c->n_params; k++) {
        const as_circuit_param *param = &s->c->param[k];
        const double inner = out->r.p[k], middle = (s->ls.lo[k] + s->ls.hi[k]) / 2;
        out->p[k] = param->fixed         ? param->start
                    : out->r.at_bound[k] ? (inner < middle ? param->lo : param->hi)
                                         : as_circuit_value(param, inner);
    }
    for (size_t i = 0; i < q->n; i++) {
        const double a = z->re[i] - out->r.f[i] * q->s_re[i],
                     b = z->im[i] - out->r.f[q->n + i] * q->s_im[i];
        sum += (a * a + b * b) / (z->re[i] * z->re[i] + z->im[i] * z->im[i]);
    }
    out->rms = sqrt(sum / (double)q->n);
    out->agreeing = 0;
    for (size_t i = 0; i < s->converged; i++) /* a cost of rounding is as good as any other */
        out->agreeing += s->cost[i] <= out->r.cost * (1 + 1e-6) + 1e-20 * (double)q->n;
    out->undetermined = s->lowest_open < 0.99 * out->r.cost ? s->culprit : s->c->n_params;
}

as_status as_eis_solve(as_ctx *ctx, as_arena *a, const as_table *t, const as_circuit *c,
                       const as_impedance *z, as_eis_weight weights, size_t starts, as_eis_fit *out)
{
    search s = { .ctx = ctx, .a = a, .c = c, .lowest_open = INFINITY, .culprit = c->n_params };
    problem q;
    double(*start)[AS_CIRCUIT_PARAMS] = as_alloc(a, starts + 1, sizeof *start);
    double *s_re = AS_NEW_N(a, double, z->n + 1), *s_im = AS_NEW_N(a, double, z->n + 1);
    out->p = AS_NEW_N(a, double, c->n_params);
    if (!start || !s_re || !s_im || !out->p) return AS_ERR;
    size_t free = 0;
    for (size_t k = 0; k < c->n_params; k++) free += !c->param[k].fixed;
    if (2 * z->n < free + 1)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu frequencies are too few for %zu free parameters", z->n, free);
    AS_TRY(deviations(ctx, t, z, weights, s_re, s_im));
    AS_TRY(prepare(&s, z, &q, s_re, s_im, weights == AS_EIS_STATED));
    out->tried = as_circuit_guess(c, z, s_re, s_im, starts, start);
    as_status status = AS_OK;
    as_work_begin(ctx, "starts", out->tried);
    for (size_t i = 0; i < out->tried && status == AS_OK; i++) {
        as_work_step(ctx, i);
        status = from_start(&s, start[i], &out->r);
    }
    as_work_end(ctx);
    AS_TRY(status);
    if (s.converged == 0 && s.culprit < c->n_params)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the data do not determine %s of %s",
                       c->param[s.culprit].name, c->text);
    if (s.converged == 0)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "none of %zu starts converged; the last: %s",
                       out->tried, as_ls_explain(s.state));
    AS_TRY(order(&s, &out->r));
    finish(&s, &q, z, out);
    return AS_OK;
}
