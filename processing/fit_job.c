/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a table and settings to a solved problem: see fit_job.h. */
#include <math.h>
#include <string.h>

#include "fit_job.h"
#include "sorted.h"

const as_choice as_fit_weights[] = {
    { "auto", AS_FIT_WEIGHTS_AUTO, "1/sigma^2 where there is a column sigma, else unit" },
    { "sigma", AS_FIT_WEIGHTS_SIGMA, "1/sigma^2; sigma is required" },
    { "unit", AS_FIT_WEIGHTS_UNIT, "all rows alike" },
    { "poisson", AS_FIT_WEIGHTS_POISSON, "the likelihood of counts: no bias where counts are few" },
    { 0 }
};
const as_choice as_fit_errors[] = {
    { "auto", AS_FIT_ERRORS_AUTO, "absolute where sigma is known, else scaled" },
    { "absolute", AS_FIT_ERRORS_ABSOLUTE, "from sigma as it stands" },
    { "scaled", AS_FIT_ERRORS_SCALED, "times the square root of reduced chi2" },
    { 0 }
};
const as_choice as_fit_losses[] = { { "squares", AS_LOSS_SQUARES, "least squares" },
                                    { "soft-l1", AS_LOSS_SOFT_L1, "robust, smooth" },
                                    { "huber", AS_LOSS_HUBER, "robust, linear beyond 1.345 sigma" },
                                    { "cauchy", AS_LOSS_CAUCHY,
                                      "robust, far outliers hardly count" },
                                    { 0 } };
const as_choice as_fit_ka2[] = {
    { "auto", AS_FIT_KA2_AUTO, "where the metadata say that K alpha 2 is in the data" },
    { "on", AS_FIT_KA2_ON, "with the wavelengths of the metadata and ratio 0.5 unless they have one" },
    { "off", AS_FIT_KA2_OFF, "single lines" },
    { 0 }
};
const as_choice as_fit_column_sets[] = {
    { "all", AS_FIT_COLUMNS_ALL, "model, residual, every component and the baseline" },
    { "model", AS_FIT_COLUMNS_MODEL, "model and residual" },
    { "none", AS_FIT_COLUMNS_NONE, "results only: the shortest output of many series" },
    { 0 }
};

const as_demand as_fit_needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan does not count" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true, .help = "for the weights" },
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_MASK,
      .optional = true,
      .help = "rows that do not count" },
    { 0 }
};
const as_give as_fit_gives[] = {
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_MODEL,
      .name = "model",
      .help = "the sum",
      .unless = "--columns none" },
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_OTHER,
      .name = "residual",
      .help = "y minus model",
      .unless = "--columns none" },
    { 0 }
};

static as_status none_counts(as_ctx *ctx, const as_curve *c, const as_ranges *region)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        lo = fmin(lo, c->x[i]); /* nan leaves them */
        hi = fmax(hi, c->x[i]);
    }
    if (region->n == 0 || !(lo <= hi))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no row counts: x or y is missing or masked in all of them");
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "no row of the region counts: x runs from %g to %g %s, the region from %g to %g", lo, hi,
                   c->x_column->unit.symbol, region->v[0].lo, region->v[region->n - 1].hi);
}

static as_status gather(as_run *run, const as_table *t, const as_curve *c, as_fit_points *p)
{
    const as_fit_settings *set = run->settings;
    as_arena *s = as_scratch(run->ctx);
    const bool sigma = c->sigma && set->weights != AS_FIT_WEIGHTS_UNIT;
    const as_column *off = NULL;
    as_ranges region;
    AS_TRY(as_ranges_along(run->ctx, s, &set->region, &c->x_column->unit, &region));
    if (set->baseline && !(off = as_need_column(run->ctx, t, set->baseline))) return AS_ERR;
    AS_TRY(as_baseline_once(run->ctx, t, off));
    if (off && off->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "column '%s' holds no numbers", off->name);
    *p = (as_fit_points){ .x = AS_NEW_N(s, double, 4 * c->n + 1),
                          .row = AS_NEW_N(s, size_t, c->n + 1),
                          .offset = off ? off->v.f : NULL };
    if (!p->x || !p->row) return AS_ERR;
    p->y = p->x + c->n;
    p->in = p->y + c->n;
    p->sigma = p->in + c->n;
    for (size_t i = 0; i < c->n; i++) {
        p->in[i] = isfinite(c->x[i]) && as_in_ranges(&region, c->x[i]);
        if (!(p->in[i] > 0) || !(c->use[i] > 0) || (off && !isfinite(off->v.f[i]))) continue;
        if (sigma && isnan(c->sigma[i])) continue;
        if (sigma && !(c->sigma[i] > 0))
            return as_fail(run->ctx, AS_E_NUMERIC, NULL, "sigma is %g in row %zu, expected above 0",
                           c->sigma[i], i + 1);
        p->row[p->n] = i;
        p->x[p->n] = c->x[i];
        p->y[p->n] = c->y[i] - (off ? off->v.f[i] : 0);
        p->sigma[p->n++] = sigma ? c->sigma[i] : 1;
    }
    if (!sigma) p->sigma = NULL;
    return p->n ? AS_OK : none_counts(run->ctx, c, &region);
}

/* y per count: 1 for counts; for rates from sigma^2 = y/t, which must hold throughout. */
static as_status poisson_scale(as_run *run, const as_curve *c, const as_fit_points *p, double *scale)
{
    const as_unit count = as_unit_of("count");
    *scale = 1;
    if (p->offset)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "counts less a baseline are no counts: put the "
                       "background into the model instead");
    if (as_unit_same_dimension(&count, &c->y_column->unit) && !c->y_column->unit.opaque) {
        *scale = 1 / as_unit_scale(1, &c->y_column->unit, &count);
        return AS_OK;
    }
    size_t n = 0;
    double *k = AS_NEW_N(as_scratch(run->ctx), double, p->n + 1);
    if (!k) return AS_ERR;
    for (size_t i = 0; p->sigma && i < p->n; i++)
        if (p->y[i] > 0) k[n++] = p->sigma[i] * p->sigma[i] / p->y[i];
    if (n == 0) {
        const as_column *y = c->y_column;
        const as_status status = as_fail(
            run->ctx, AS_E_UNIT, NULL, "the likelihood of counts needs y in counts, or a rate with its sigma");
        if (strcmp(y->unit.symbol, "1") != 0) return status;
        return as_while(run->ctx, "hint: no unit is stated; where y was counted: assay calc %s=%s --unit count",
                        y->name, y->name);
    }
    *scale = as_select(n, k, n / 2);
    if (as_select(n, k, n / 10) < 0.99 * *scale || as_select(n, k, n - 1 - n / 10) > 1.01 * *scale)
        return as_fail(run->ctx, AS_E_UNIT, NULL,
                       "sigma^2/y is not the same everywhere: "
                       "these are no counts over one time");
    return AS_OK;
}

static as_status doublet(as_run *run, const as_table *t, as_model *m)
{
    const as_fit_settings *set = run->settings;
    if (set->ka2 == AS_FIT_KA2_OFF) return AS_OK;
    const as_column *x = as_find_role(t, AS_ROLE_X);
    const as_meta *l1 = as_get_meta(t, "wavelength"), *l2 = as_get_meta(t, "wavelength_alpha2");
    const as_meta *ratio = as_get_meta(t, "alpha2_ratio"),
                  *kind = as_get_meta(t, "wavelength_kind");
    const bool angle = strcmp(x->name, "two_theta") == 0 && strcmp(x->unit.symbol, "deg") == 0;
    if (set->ka2 == AS_FIT_KA2_ON) {
        if (!angle)
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "K alpha 2 needs x to be two_theta in deg, found %s in %s", x->name,
                           x->unit.symbol);
        if (!l1 || !l2)
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "K alpha 2 needs wavelength and wavelength_alpha2: assay set "
                           "wavelength=1.5405929Angstrom wavelength_alpha2=1.5444274Angstrom");
    } else {
        const bool said = kind && strcmp(kind->text, "ka1_ka2") == 0;
        if (!angle || !l1 || !l2 || (!said && !(ratio && ratio->number > 0))) return AS_OK;
    }
    m->alpha1 = l1->number;
    m->alpha2 = as_unit_convert(l2->number, &l2->unit, &l1->unit);
    m->alpha2_ratio = ratio && !isnan(ratio->number) ? ratio->number : 0.5;
    return AS_OK;
}

const char *as_fit_column_name(as_ctx *ctx, const as_model *m, size_t column)
{
    const size_t k = m->root[column];
    size_t j = 0;
    while (j + 1 < m->n_terms && k >= m->term[j + 1].first) j++;
    const char *name = as_format(as_scratch(ctx), "%s.%s", m->term[j].label, m->param[k].name);
    return name ? name : m->param[k].name;
}

/* Pairs of parameters that the data hardly tell apart. */
static void warn_correlated(as_run *run, as_table *t, const as_model *m, const as_ls_result *r)
{
    char list[256] = "";
    size_t found = 0, used = 0;
    for (size_t i = 0; i < m->n_columns; i++)
        for (size_t k = 0; k < i; k++) {
            const double c = as_correlation(m->n_columns, r->covariance, i, k);
            if (fabs(c) <= 0.95) continue;
            const char *one =
                as_format(as_scratch(run->ctx), "%s%s and %s (%.3f)", found ? ", " : "",
                          as_fit_column_name(run->ctx, m, k), as_fit_column_name(run->ctx, m, i), c);
            if (found++ < 4 && one && used + strlen(one) < sizeof list) {
                memcpy(list + used, one, strlen(one) + 1);
                used += strlen(one);
            }
        }
    if (found)
        as_warn(run->ctx, t, NULL, "correlated above 0.95: %s%s", list,
                found > 4 ? " and others" : "");
}

void as_fit_warn(as_run *run, as_table *t, const as_model *m, const as_ls_result *r)
{
    warn_correlated(run, t, m, r);
    if (!r->scaled && r->reduced > 3)
        as_warn(
            run->ctx, t, NULL,
            "reduced chi2 is %.3g: the model misses more than the noise, so the uncertainties are "
            "too small",
            r->reduced);
    if (as_is_processed(t, "smoothed"))
        as_warn(run->ctx, t, NULL,
                "y was smoothed: neighbouring errors are not independent and the "
                "uncertainties too small");
}

/* A restraint is worth so many rows: without sigma nobody knows how many. The residuals of a fit
 * without restraints give it. NULL in *sigma: there are none. */
static as_status sigma_for_restraints(as_ctx *ctx, const double *start, const as_ls_problem *q,
                                      double **sigma)
{
    bool any = false;
    as_ls_result r;
    as_ls_problem without = *q;
    *sigma = NULL;
    for (size_t k = 0; k < q->m; k++) any |= !isnan(q->restraint[k]);
    if (!any || q->sigma || q->loss == AS_LOSS_POISSON) return AS_OK;
    without.restraint = NULL;
    if (as_least_squares(ctx, as_scratch(ctx), &without, start, &r) != AS_OK || !(r.reduced > 0))
        return as_while(ctx, "estimating sigma for the restraints: y has none");
    *sigma = AS_NEW_N(as_scratch(ctx), double, q->n);
    for (size_t i = 0; *sigma && i < q->n; i++) (*sigma)[i] = sqrt(r.reduced);
    return *sigma ? AS_OK : AS_ERR;
}

/* Weights, loss and kind of uncertainties into the problem of one curve. */
static as_status weigh(as_run *run, as_fit_job *job)
{
    const as_fit_settings *set = run->settings;
    const as_fit_points *p = &job->p;
    as_ls_problem *q = &job->q;
    if (set->weights == AS_FIT_WEIGHTS_SIGMA && !p->sigma)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "--weights sigma needs a column of role sigma");
    if (set->errors == AS_FIT_ERRORS_ABSOLUTE && !p->sigma &&
        set->weights != AS_FIT_WEIGHTS_POISSON)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "--errors absolute needs a column of role sigma");
    q->y = p->y;
    q->sigma = p->sigma;
    q->iterations = set->iterations;
    q->loss = (as_loss)set->loss;
    q->absolute = p->sigma && set->errors != AS_FIT_ERRORS_SCALED;
    if (set->weights != AS_FIT_WEIGHTS_POISSON) return AS_OK;
    q->loss = AS_LOSS_POISSON;
    q->sigma = NULL;
    return poisson_scale(run, &job->c, p, &q->poisson_scale);
}

as_status as_fit_prepare(as_run *run, as_table *t, const char *text, as_fit_job *job)
{
    as_ctx *ctx = run->ctx;
    memset(job, 0, sizeof *job);
    AS_TRY(as_curve_of(ctx, t, 1, &job->c));
    AS_TRY(as_model_parse(ctx, t->arena, text, NULL, &job->m));
    AS_TRY(doublet(run, t, &job->m));
    AS_TRY(gather(run, t, &job->c, &job->p));
    as_fit_take_levels(t, job);
    return as_model_bind(ctx, as_scratch(ctx), &job->m, job->p.n, job->p.x);
}

as_status as_fit_start(as_run *run, as_fit_job *job)
{
    AS_TRY(as_model_guess(run->ctx, &job->m, job->p.y));
    AS_TRY(as_model_problem(run->ctx, as_scratch(run->ctx), &job->m, &job->q));
    return weigh(run, job);
}

as_status as_fit_minimise(as_run *run, as_ls_problem *q, const double *start, as_ls_result *r,
                          const char **how)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    double *estimated;
    int found = 1;
    const bool known = q->sigma != NULL;
    AS_TRY(sigma_for_restraints(ctx, start, q, &estimated));
    if (estimated) {
        q->sigma = estimated;
        q->absolute = true;
    }
    AS_TRY(set->starts > 1
               ? as_least_squares_multi(ctx, as_scratch(ctx), q, start, set->starts, set->spread,
                                        (uint64_t)set->seed, r, &found)
               : as_least_squares(ctx, as_scratch(ctx), q, start, r));
    *how = as_format(as_scratch(ctx), "%s, %s uncertainties",
                     q->loss == AS_LOSS_POISSON ? "likelihood of counts"
                     : known                    ? "weights 1/sigma^2"
                     : estimated ? "equal weights by the residuals without restraints"
                                 : "unit weights",
                     q->loss != AS_LOSS_SQUARES && q->loss != AS_LOSS_POISSON ? "robust"
                     : r->scaled                                              ? "scaled"
                                                                              : "absolute");
    return *how ? AS_OK : AS_ERR;
}

as_status as_fit_solve(as_run *run, as_fit_job *job)
{
    job->how = "";
    AS_TRY(as_fit_start(run, job));
    if (as_fit_minimise(run, &job->q, job->m.start, &job->r, &job->how) == AS_OK) {
        AS_TRY(as_fit_add_levels(run, job));
        as_model_take(&job->m, &job->r);
        return AS_OK;
    }
    if (as_pending(run->ctx) == AS_E_NUMERIC && job->r.state == AS_LS_SINGULAR)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "the data do not determine %s apart from the others",
                       as_fit_column_name(run->ctx, &job->m, job->r.culprit));
    return AS_ERR;
}
