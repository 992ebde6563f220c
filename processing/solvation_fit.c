/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restrained bands, background and hosts in one least squares problem: see solvation_fit.h. */
#include "solvation_parts.h"

#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"
#include "random.h"

enum { STARTS = AS_SOLVATION_MOST_STARTS, SHORT = 25, LONG = 500 };

static const double DISORDER = 1e9; /* above any difference of chi2 between minima */

static const as_solvation_band bands[] = {
#define AS_SOLVATION_BAND(set, group, state, position, u, fwhm, fwhm_u, source) \
    { group, state, group " " state, position, u, fwhm, fwhm_u, source },
#include "solvation_bands.def"
#undef AS_SOLVATION_BAND
};
static const char *const set_of[] = { /* those of a set stand together */
#define AS_SOLVATION_BAND(set, ...) #set,
#include "solvation_bands.def"
#undef AS_SOLVATION_BAND
};
enum { ROWS = sizeof bands / sizeof *bands };

as_solvation_state as_solvation_state_of(const as_solvation_band *band)
{
    if (strcmp(band->state, "free") == 0) return AS_STATE_FREE;
    return strcmp(band->state, "other") == 0 ? AS_STATE_OTHER : AS_STATE_BOUND;
}

const as_solvation_band *as_solvation_table(const char *name, size_t *n)
{
    size_t first = 0;
    while (first < ROWS && strcmp(set_of[first], name) != 0) first++;
    *n = 0;
    while (first + *n < ROWS && strcmp(set_of[first + *n], name) == 0) ++*n;
    return *n ? &bands[first] : NULL;
}

/* The model in the language of docs/models.md: labels are set after it is parsed. */
static const char *text_of(as_arena *a, const as_solvation_problem *p)
{
    const char *text = "";
    for (size_t k = 0; text && k < p->n_bands; k++) {
        const as_solvation_band *b = &p->band[k];
        text = as_format(a, "%svoigt-fast(b%zu) center=%.15g~%.15g fwhm_g=%.15g! fwhm_l=%.15g~%.15g + ",
                         text, k, b->position, b->u, p->instrument, b->fwhm, b->fwhm_u);
    }
    return !text ? NULL
           : p->degree > 0 ? as_format(a, "%schebyshev%d(background)", text, p->degree)
                           : as_format(a, "%sconstant(background)", text);
}

static as_status build(as_ctx *ctx, as_arena *a, const as_solvation_problem *p, as_model *m)
{
    const char *text = text_of(a, p);
    if (!text) return AS_ERR;
    AS_TRY(as_model_parse(ctx, a, text, NULL, m));
    for (size_t k = 0; k < p->n_bands; k++) {
        m->term[k].label = p->band[k].label;
        m->param[m->term[k].first].lo = 0;
    }
    AS_TRY(as_model_bind(ctx, a, m, p->n, p->x));
    AS_TRY(as_model_guess(ctx, m, p->y));
    for (size_t k = 0; p->from && k < m->term[p->n_bands].first; k++)
        m->param[k].value = p->from->m.param[k].value;
    return AS_OK;
}

static void evaluate(void *user, const double *v, double *f, double *J, size_t stride)
{
    const as_solvation_together *t = user;
    t->q.model(t->q.user, v, f, J, stride);
    for (size_t h = 0; h < t->p->n_hosts; h++) {
        double *column = J ? J + (t->q.m + h) * stride : NULL;
        for (size_t i = 0; i < stride; i++) {
            const double host = i < t->p->n ? t->p->host[h][i] : 0;
            f[i] += v[t->q.m + h] * host;
            if (column) column[i] = host;
        }
    }
    if (!t->sum) return;
    const size_t last = t->p->n - 1;
    f[last] = 0;
    for (size_t k = 0; k < t->q.m + t->p->n_hosts; k++) {
        const double by = k < t->q.m ? t->sum[k] : 0;
        f[last] += by * v[k];
        if (J) J[k * stride + last] = by;
    }
}

/* Room for the columns of the hosts behind those of the model. */
static as_status widen(as_arena *a, const as_solvation_problem *p, const as_ls_problem *of, size_t n,
                       const double *start, as_ls_problem *q, double **p0)
{
    double *v = AS_NEW_N(a, double, 5 * n + 1);
    bool *linear = AS_NEW_N(a, bool, n + 1);
    if (!v || !linear) return AS_ERR;
    double *lo = v, *hi = v + n, *value = v + 2 * n, *u = v + 3 * n;
    *p0 = v + 4 * n;
    for (size_t k = 0; k < n; k++) {
        const bool host = k >= of->m;
        lo[k] = host ? -INFINITY : of->lo[k];
        hi[k] = host ? INFINITY : of->hi[k];
        const bool known = host && p->factor;
        value[k] = known ? p->factor[k - of->m] : host ? NAN : of->restraint[k];
        u[k] = known ? p->factor_u[k - of->m] : host ? NAN : of->restraint_u[k];
        (*p0)[k] = known ? value[k] : host ? 0.5 : start[k];
        linear[k] = host || of->linear[k];
    }
    *q = *of;
    q->m = n;
    q->lo = lo;
    q->hi = hi;
    q->restraint = value;
    q->restraint_u = u;
    q->linear = linear;
    return AS_OK;
}

/* The model's own share of the result. */
static as_status take(as_arena *a, as_model *m, const as_ls_result *r, size_t n)
{
    const size_t c = m->n_columns;
    as_ls_result own = *r;
    own.covariance = AS_NEW_N(a, double, c * c + 1);
    if (!own.covariance) return AS_ERR;
    for (size_t i = 0; i < c; i++)
        for (size_t k = 0; k < c; k++) own.covariance[i * c + k] = r->covariance[i * n + k];
    as_model_take(m, &own);
    return AS_OK;
}

static void parts(const as_solvation_problem *p, as_solvation_fit *f)
{
    for (size_t k = 0; k < f->n_columns; k++) f->part[k] = AS_FROM_BACKGROUND;
    for (size_t t = 0; t < p->n_bands; t++)
        for (size_t j = 0; j < f->m.term[t].n_params; j++) {
            const int column = f->m.param[f->m.term[t].first + j].column;
            if (column != AS_NO_COLUMN) f->part[column] = j == 0 ? AS_FROM_NOISE : AS_FROM_RESTRAINTS;
        }
}

/* The covariance, areas at their bound included: they would be free to rise. */
static as_status invert(as_ctx *ctx, as_arena *a, as_solvation_fit *f)
{
    const size_t n = f->n_columns;
    double *H = AS_NEW_N(as_scratch(ctx), double, 2 * n * n + n + 1);
    f->covariance = AS_NEW_N(a, double, n * n + 1);
    if (!H || !f->covariance) return AS_ERR;
    double *inverse = H + n * n, *scale = inverse + n * n;
    for (size_t k = 0; k < n; k++) scale[k] = 1 / sqrt(f->information[k * n + k]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) H[i * n + k] = f->information[i * n + k] * scale[i] * scale[k];
    if (!as_cholesky(n, H, 1e-14))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the data do not determine the bands apart from each other");
    as_invert(n, H, inverse);
    as_outer(n, inverse, f->covariance);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) f->covariance[i * n + k] *= scale[i] * scale[k];
    return AS_OK;
}

/* J'WJ and the restraints at p, n x n. */
static as_status information_at(as_ctx *ctx, const as_ls_problem *q, const as_solvation_problem *p, size_t n,
                                const double *at, double *H)
{
    const size_t stride = as_lanes(p->n);
    double *f = AS_NEW_N(as_scratch(ctx), double, stride * (n + 1) + 1), *J = f ? f + stride : NULL;
    if (!f) return AS_ERR;
    q->model(q->user, at, f, J, stride);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < stride; i++)
            J[k * stride + i] = i < p->n ? J[k * stride + i] / p->sigma[i] : 0;
    as_gram(stride, n, J, stride, H);
    for (size_t k = 0; k < n; k++)
        if (!isnan(q->restraint[k])) H[k * n + k] += 1 / (q->restraint_u[k] * q->restraint_u[k]);
    return AS_OK;
}

static as_status look_closer(as_ctx *ctx, as_arena *a, const as_ls_problem *q, const as_solvation_problem *p,
                             as_solvation_fit *out)
{
    const size_t n = out->n_columns;
    out->host_f = AS_NEW_N(a, double, p->n + 1);
    out->information = AS_NEW_N(a, double, n * n + 1);
    out->part = AS_NEW_N(a, int, n + 1);
    if (!out->host_f || !out->information || !out->part) return AS_ERR;
    for (size_t h = 0; h < p->n_hosts; h++)
        for (size_t i = 0; i < p->n; i++) out->host_f[i] += out->r.p[out->m.n_columns + h] * p->host[h][i];
    AS_TRY(information_at(ctx, q, p, n, out->r.p, out->information));
    parts(p, out);
    return invert(ctx, a, out);
}

static int position_column(const as_model *m, size_t band)
{
    return m->param[m->term[band].first + 1].column;
}

/* Whether the bands lie in the order of the table: the states of coordination are defined by it. */
static bool ordered(const as_model *m, size_t n_bands, const double *p)
{
    for (size_t k = 0; k + 1 < n_bands; k++) {
        const int a = position_column(m, k), b = position_column(m, k + 1);
        const double before = m->param[m->term[k].first + 1].restraint;
        const bool rises = before < m->param[m->term[k + 1].first + 1].restraint;
        if (rises != (p[a] < p[b])) return false;
    }
    return true;
}

void as_solvation_draw(as_random *r, const as_model *m, const as_solvation_problem *p, const as_ls_problem *q,
                       const double *from, double *to)
{
    for (int tries = 0; tries < 100; tries++) {
        for (size_t i = 0; i < q->m; i++) {
            to[i] = from[i];
            if (r && !isnan(q->restraint[i])) to[i] += q->restraint_u[i] * as_random_normal(r);
            to[i] = fmin(q->hi[i], fmax(q->lo[i], to[i]));
        }
        if (!r || ordered(m, p->n_bands, to)) return;
    }
}

/* What the starts led to. */
typedef struct minima {
    size_t n;
    double cost[STARTS], *p[STARTS];
} minima;

/* Neighbours whose restraints overlap may sit in each other's place, a minimum that is not the one meant. The same
 * starts for all spectra: the table first, then positions and widths drawn from the restraints. Bands out of order
 * are the last resort. Lowest first. */
static as_status search(as_ctx *ctx, const as_model *m, const as_solvation_problem *p, as_ls_problem *q,
                        const double *start, minima *found)
{
    double *p0 = AS_NEW_N(as_scratch(ctx), double, (STARTS + 1) * q->m + 1);
    as_random r;
    if (!p0) return AS_ERR;
    as_random_seed(&r, 1, 0);
    q->iterations = SHORT;
    *found = (minima){ 0 };
    for (int k = 0; k < p->starts && k < STARTS; k++) {
        as_ls_result one;
        double *to = p0 + (size_t)(k + 1) * q->m;
        as_solvation_draw(k > 0 ? &r : NULL, m, p, q, start, p0);
        const as_frame frame = as_enter(ctx);
        if (as_least_squares(ctx, as_scratch(ctx), q, p0, &one) != AS_OK) {
            if (as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
            as_forget_error(ctx);
        }
        const double cost = one.cost + (ordered(m, p->n_bands, one.p) ? 0 : DISORDER);
        memcpy(to, one.p, q->m * sizeof *to);
        as_leave(ctx, frame);
        if (!isfinite(cost)) continue;
        size_t at = found->n++;
        for (; at > 0 && found->cost[at - 1] > cost; at--) {
            found->cost[at] = found->cost[at - 1];
            found->p[at] = found->p[at - 1];
        }
        found->cost[at] = cost;
        found->p[at] = to;
    }
    q->iterations = LONG;
    return AS_OK;
}

double as_solvation_area(const as_solvation_fit *f, size_t band, const double *p)
{
    return p[f->m.param[f->m.term[band].first].column];
}

/* Whether two sets of parameters are one minimum: no area differs by more than its u or 2 % of all. */
static bool same_minimum(const as_solvation_fit *f, size_t n_bands, const double *a, const double *b)
{
    double all = 0;
    for (size_t k = 0; k < n_bands; k++) all += as_solvation_area(f, k, a);
    for (size_t k = 0; k < n_bands; k++) {
        const int column = f->m.param[f->m.term[k].first].column;
        const double u = sqrt(f->covariance[(size_t)column * (f->n_columns + 1)]);
        if (fabs(a[column] - b[column]) > fmax(fmin(u, 0.1 * all), 0.02 * all)) return false;
    }
    return true;
}

double as_solvation_ln_volume(as_ctx *ctx, const as_ls_problem *q, const as_solvation_problem *p, const as_model *m,
                              const double *at)
{
    const size_t n = q->m;
    double *H = AS_NEW_N(as_scratch(ctx), double, n * (n + 2) + 1), sum = 0;
    if (!H || information_at(ctx, q, p, n, at, H) != AS_OK) return NAN;
    double *scale = H + n * n, *z = scale + n;
    for (size_t k = 0; k < n; k++) scale[k] = sqrt(H[k * n + k]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) H[i * n + k] /= scale[i] * scale[k];
    if (!as_cholesky(n, H, 1e-14)) return NAN;
    for (size_t k = 0; k < n; k++) sum -= log(H[k * n + k] * scale[k]);
    for (size_t k = 0; k + 1 < p->n_bands; k++) {
        const int i = position_column(m, k), j = position_column(m, k + 1);
        const double sign = p->band[k].position < p->band[k + 1].position ? 1 : -1;
        double u = 0;
        memset(z, 0, n * sizeof *z);
        z[i] = -1 / scale[i];
        z[j] = 1 / scale[j];
        as_forward(n, H, z);
        for (size_t c = 0; c < n; c++) u += z[c] * z[c];
        sum += log(erfc(-sign * (at[j] - at[i]) / sqrt(2 * u)) / 2);
    }
    return sum;
}

/* Minima apart from the lowest, weighed by probability: Laplace's approximation about each. */
static as_status others(as_ctx *ctx, as_arena *a, const as_ls_problem *q, const as_solvation_problem *p,
                        const minima *found, as_solvation_fit *f)
{
    const size_t n = f->n_columns;
    double total = 1;
    const double lowest = as_solvation_ln_volume(ctx, q, p, &f->m, f->r.p);
    f->other = AS_NEW_N(a, as_solvation_minimum, STARTS);
    if (!f->other) return AS_ERR;
    for (size_t k = 0; k < found->n && !isnan(lowest); k++) {
        bool fresh = found->cost[k] < f->r.cost + 30 && !same_minimum(f, p->n_bands, f->r.p, found->p[k]);
        for (size_t i = 0; i < f->n_others; i++)
            if (same_minimum(f, p->n_bands, f->other[i].p, found->p[k])) fresh = false;
        const double here = fresh ? as_solvation_ln_volume(ctx, q, p, &f->m, found->p[k]) : NAN;
        const double weight = exp(-(found->cost[k] - f->r.cost) / 2 + here - lowest);
        if (!(weight > 1e-4)) continue;
        as_solvation_minimum *o = &f->other[f->n_others++];
        o->weight = fmin(weight, 1e3);
        o->p = AS_NEW_N(a, double, n);
        if (!o->p) return AS_ERR;
        memcpy(o->p, found->p[k], n * sizeof *o->p);
        total += o->weight;
    }
    for (size_t i = 0; i < f->n_others; i++) f->other[i].weight /= total;
    return AS_OK;
}

as_status as_solvation_pose(as_ctx *ctx, as_arena *a, const as_solvation_problem *p, as_model *m,
                            as_solvation_together *t, as_ls_problem *q, double **start)
{
    AS_TRY(build(ctx, a, p, m));
    AS_TRY(as_model_problem(ctx, a, m, &t->q));
    AS_TRY(widen(a, p, &t->q, t->q.m + p->n_hosts, m->start, q, start));
    t->p = p;
    q->model = evaluate;
    q->user = t;
    q->y = p->y;
    q->sigma = p->sigma;
    q->absolute = true;
    return AS_OK;
}

as_status as_solvation_solve(as_ctx *ctx, as_arena *a, const as_solvation_problem *p, as_solvation_fit *out)
{
    as_solvation_together t = { 0 };
    as_ls_problem q;
    double *start;
    memset(out, 0, sizeof *out);
    AS_TRY(as_solvation_pose(ctx, a, p, &out->m, &t, &q, &start));
    out->n_columns = q.m;
    minima found;
    AS_TRY(search(ctx, &out->m, p, &q, start, &found));
    if (as_least_squares(ctx, a, &q, found.n ? found.p[0] : start, &out->r) != AS_OK) {
        /* in the narrow valley of two bands under one the last digits come slowly, and do not matter */
        const bool close = (out->r.state == AS_LS_ITERATIONS || out->r.state == AS_LS_STALLED) && out->r.offset < 0.5;
        if (as_pending(ctx) != AS_E_NUMERIC || !close) return AS_ERR;
        as_forget_error(ctx);
    }
    AS_TRY(look_closer(ctx, a, &q, p, out));
    AS_TRY(others(ctx, a, &q, p, &found, out));
    return take(a, &out->m, &out->r, out->n_columns); /* last: looking elsewhere leaves the model there */
}

double as_solvation_quantity(const as_solvation_fit *f, size_t band, as_derived what, double *gradient)
{
    for (size_t k = f->m.n_columns; k < f->n_columns; k++) gradient[k] = 0;
    return as_model_quantity(&f->m, band, what, gradient);
}

double as_solvation_variance(as_ctx *ctx, const as_solvation_fit *f, const double *gradient,
                             as_solvation_part part)
{
    size_t m = 0;
    const size_t n = f->n_columns;
    double *H = AS_NEW_N(as_scratch(ctx), double, n * (n + 1) + 1), *z = H ? H + n * n : NULL;
    size_t *at = AS_NEW_N(as_scratch(ctx), size_t, n + 1);
    if (!H || !at) return NAN;
    for (size_t k = 0; k < n; k++)
        if (f->part[k] <= (int)part) at[m++] = k;
    for (size_t i = 0; i < m; i++) {
        const double scale = sqrt(f->information[at[i] * n + at[i]]);
        z[i] = gradient[at[i]] / scale;
        for (size_t k = 0; k < m; k++)
            H[i * m + k] = f->information[at[i] * n + at[k]] /
                           (scale * sqrt(f->information[at[k] * n + at[k]]));
    }
    if (!as_cholesky(m, H, 1e-14)) return NAN;
    as_forward(m, H, z);
    double sum = 0;
    for (size_t i = 0; i < m; i++) sum += z[i] * z[i];
    return sum;
}

void as_solvation_shares(size_t n, const double *a, const bool *bound, double ratio, double *share,
                         double *gradient, double *slope)
{
    double total = 0, free = 0;
    for (size_t i = 0; i < n; i++) total += a[i] / (bound[i] ? ratio : 1);
    for (size_t i = 0; i < n; i++) {
        share[i] = a[i] / (bound[i] ? ratio : 1) / total;
        if (!bound[i]) free += share[i];
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++)
            gradient[i * n + k] = ((i == k) - share[i]) / ((bound[k] ? ratio : 1) * total);
        slope[i] = (bound[i] ? -free : 1 - free) * share[i] / ratio;
    }
}
