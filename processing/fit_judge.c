/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of a fit: its residuals, a simpler model, the band about the curve. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "fit_extra.h"
#include "lanes.h"

as_fit_residuals as_fit_judge(size_t n, const double *z)
{
    as_fit_residuals r = { NAN, NAN, NAN };
    double square = 0, change = 0, runs = 0, above = 0, below = 0;
    bool up = false;
    for (size_t i = 0; i < n; i++) {
        square += z[i] * z[i];
        if (i > 0) change += (z[i] - z[i - 1]) * (z[i] - z[i - 1]);
        if (z[i] == 0) continue; /* of neither sign */
        runs += above + below == 0 || (z[i] > 0) != up;
        up = z[i] > 0;
        above += up;
        below += !up;
    }
    if (n < 2 || !(square > 0)) return r;
    r.durbin_watson = change / square;
    r.runs = runs;
    const double all = above + below, mean = 2 * above * below / all + 1;
    const double variance = (mean - 1) * (mean - 2) / (all - 1);
    if (variance > 0) r.runs_p = erfc(fabs(runs - mean) / sqrt(2 * variance));
    return r;
}

double as_fit_f(double c1, double d1, double c2, double d2, double *p)
{
    const double f = (c1 - c2) / (d1 - d2) / (c2 / d2);
    const bool good = d1 > d2 && d2 > 0 && f >= 0;
    *p = good ? gsl_cdf_fdist_Q(f, d1 - d2, d2) : NAN;
    return good ? f : NAN;
}

double as_fit_quantile(double level, double dof)
{
    const double p = 0.5 + 0.5 * level;
    return dof > 0 ? gsl_cdf_tdist_Pinv(p, dof) : gsl_cdf_ugaussian_Pinv(p);
}

as_status as_fit_band(as_ctx *ctx, as_table *t, const as_fit_job *job, double level, bool fitted)
{
    const as_ls_problem *q = &job->q;
    const as_unit unit = job->c.y_column->unit;
    const size_t m = job->m.n_columns, stride = as_lanes(job->p.n);
    as_column *lower = as_curve_column(ctx, t, "model_lower", AS_ROLE_OTHER, unit);
    as_column *upper = as_curve_column(ctx, t, "model_upper", AS_ROLE_OTHER, unit);
    double *f = AS_NEW_N(as_scratch(ctx), double, stride * (m + 1) + m + 1);
    if (!lower || !upper || !f) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) lower->v.f[i] = upper->v.f[i] = NAN;
    if (!fitted) return AS_OK;
    double *J = f + stride, *g = J + stride * m;
    const double k = as_fit_quantile(level, job->r.scaled ? (double)job->r.dof : 0);
    q->model(q->user, job->r.p, f, J, stride);
    for (size_t i = 0; i < job->p.n; i++) {
        const size_t row = job->p.row[i];
        for (size_t c = 0; c < m; c++) g[c] = J[c * stride + i];
        const double half = k * as_propagate(m, job->r.covariance, g);
        const double at = f[i] + (job->p.offset ? job->p.offset[row] : 0);
        lower->v.f[row] = at - half;
        upper->v.f[row] = at + half;
    }
    return AS_OK;
}

/* Weighted residuals in the order of x: insertion, since curves are in order or nearly so. */
static double *residuals(as_ctx *ctx, const as_fit_job *job)
{
    const size_t n = job->p.n;
    double *z = AS_NEW_N(as_scratch(ctx), double, 2 * n + 1), *x = z ? z + n : NULL;
    for (size_t i = 0; z && i < n; i++) {
        const double f = job->r.f[i], y = job->p.y[i];
        const double s = job->q.loss == AS_LOSS_POISSON ? sqrt(fmax(fabs(f), 1e-300))
                         : job->q.sigma                 ? job->q.sigma[i]
                                                        : 1;
        const bool falls = n > 1 && job->p.x[n - 1] < job->p.x[0];
        const double at = falls ? -job->p.x[i] : job->p.x[i];
        size_t k = i;
        for (; k > 0 && x[k - 1] > at; k--) {
            x[k] = x[k - 1];
            z[k] = z[k - 1];
        }
        x[k] = at;
        z[k] = (y - f) / s;
    }
    return z;
}

static as_status tests(as_ctx *ctx, as_table *t, const as_fit_job *job, bool fitted)
{
    as_fit_residuals r = { NAN, NAN, NAN };
    const char *flag = fitted ? "ok" : "failed";
    const double *z = fitted ? residuals(ctx, job) : NULL;
    if (fitted && !z) return AS_ERR;
    if (fitted) r = as_fit_judge(job->p.n, z);
    AS_TRY(as_add_quantity(ctx, t, "fit", "durbin_watson", r.durbin_watson, NAN, "1", flag,
                           "weighted residuals in the order of x"));
    return as_add_quantity(ctx, t, "fit", "runs_p", r.runs_p, NAN, "1", flag,
                           "Wald-Wolfowitz, normal approximation, two-sided");
}

/* The same points with the simpler model. */
static as_status against(as_run *run, as_table *t, const as_fit_job *job, bool fitted)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_fit_job other;
    double f = NAN, p = NAN, aicc = NAN, bic = NAN;
    const char *method = "F test of nested models";
    bool good = fitted;
    if (job->q.loss != AS_LOSS_SQUARES && job->q.loss != AS_LOSS_POISSON)
        return as_fail(ctx, AS_E_USAGE, NULL, "--against needs --loss squares");
    if (!job->p.sigma && job->q.sigma)
        return as_fail(ctx, AS_E_USAGE, NULL, "--against with restraints needs a column sigma");
    if (fitted) {
        AS_TRY(as_fit_prepare(run, t, set->against, &other));
        good = as_fit_solve(run, &other) == AS_OK;
        if (!good && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
        if (!good) {
            as_warn(ctx, t, NULL, "the model of --against: %s", as_pending_message(ctx));
            as_forget_error(ctx);
        }
    }
    if (good) {
        const as_ls_result *a = &other.r, *b = &job->r;
        if (a->dof <= b->dof)
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "the model of --against has %zu free parameters and that of --model "
                           "%zu, expected fewer",
                           a->n_free, b->n_free);
        f = as_fit_f(a->cost, (double)a->dof, b->cost, (double)b->dof, &p);
        if (job->q.loss == AS_LOSS_POISSON) {
            f = fmax(0, a->cost - b->cost);
            p = gsl_cdf_chisq_Q(f, (double)(a->dof - b->dof));
            method = "likelihood ratio of nested models: difference of deviances";
        }
        aicc = a->aicc - b->aicc;
        bic = a->bic - b->bic;
    }
    const char *flag = good ? "ok" : "failed";
    const char *statistic = job->q.loss == AS_LOSS_POISSON ? "likelihood_ratio" : "f_statistic";
    const char *how = as_format(t->arena, "%s, against %s", method, set->against);
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "against", statistic, f, NAN, "1", flag, how));
    AS_TRY(as_add_quantity(ctx, t, "against", "p_value", p, NAN, "1", flag, how));
    AS_TRY(as_add_quantity(ctx, t, "against", "delta_aicc", aicc, NAN, "1", flag,
                           "AICc of the simpler model less that of the model"));
    return as_add_quantity(ctx, t, "against", "delta_bic", bic, NAN, "1", flag,
                           "BIC of the simpler model less that of the model");
}

static as_status quantities(as_run *run, as_table *t, const as_fit_job *job,
                            as_fit_quantity **out, size_t *n)
{
    const as_fit_settings *set = run->settings;
    *n = 0;
    *out = AS_NEW_N(as_scratch(run->ctx), as_fit_quantity, job->m.n_terms + set->derive.n + 1);
    if (!*out) return AS_ERR;
    if (set->fractions) AS_TRY(as_fit_fractions(run->ctx, t, &job->m, *out, n));
    for (size_t k = 0; k < set->derive.n; k++)
        AS_TRY(as_fit_derive(run->ctx, t, &job->m, set->derive.v[k], &(*out)[(*n)++]));
    return AS_OK;
}

as_status as_fit_report(as_run *run, as_table *t, as_fit_job *job, bool fitted)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_fit_quantity *more;
    size_t n_more;
    AS_TRY(as_fit_columns(ctx, t, &job->c, job->p.in, &job->m, job->p.offset, set->columns, fitted));
    if (set->band > 0) AS_TRY(as_fit_band(ctx, t, job, set->band, fitted));
    AS_TRY(quantities(run, t, job, &more, &n_more));
    AS_TRY(as_fit_results(ctx, t, &job->m, fitted ? &job->r : NULL, job->how, n_more, more));
    AS_TRY(tests(ctx, t, job, fitted));
    if (set->against) AS_TRY(against(run, t, job, fitted));
    if (!fitted) return AS_OK;
    if (set->intervals == AS_FIT_INTERVALS_PROFILE) return as_fit_profile(run, t, job);
    if (set->intervals == AS_FIT_INTERVALS_BOOTSTRAP) return as_fit_bootstrap(run, t, job);
    return AS_OK;
}
