/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit: a sum of shapes to the curve, by least squares or by the likelihood of counts. */
#include <math.h>
#include <string.h>

#include "fit_report.h"
#include "lanes.h"
#include "sorted.h"

typedef struct {
    const char *model, *baseline;
    as_ranges region;
    int weights, errors, loss, ka2, iterations, starts, seed;
    double spread;
} fit_settings;

enum { WEIGHTS_AUTO, WEIGHTS_SIGMA, WEIGHTS_UNIT, WEIGHTS_POISSON };
enum { ERRORS_AUTO, ERRORS_ABSOLUTE, ERRORS_SCALED };
enum { KA2_AUTO, KA2_ON, KA2_OFF };

static const as_choice weights[] = {
    { "auto", WEIGHTS_AUTO, "1/sigma^2 where there is a column sigma, else unit" },
    { "sigma", WEIGHTS_SIGMA, "1/sigma^2; sigma is required" },
    { "unit", WEIGHTS_UNIT, "all rows alike" },
    { "poisson", WEIGHTS_POISSON, "the likelihood of counts: no bias where counts are few" },
    { 0 }
};
static const as_choice errors[] = {
    { "auto", ERRORS_AUTO, "absolute where sigma is known, else scaled" },
    { "absolute", ERRORS_ABSOLUTE, "from sigma as it stands" },
    { "scaled", ERRORS_SCALED, "times the square root of reduced chi2" },
    { 0 }
};
static const as_choice losses[] = { { "squares", AS_LOSS_SQUARES, "least squares" },
                                    { "soft-l1", AS_LOSS_SOFT_L1, "robust, smooth" },
                                    { "huber", AS_LOSS_HUBER, "robust, linear beyond 1.345 sigma" },
                                    { "cauchy", AS_LOSS_CAUCHY,
                                      "robust, far outliers hardly count" },
                                    { 0 } };
static const as_choice ka2[] = {
    { "auto", KA2_AUTO, "where the metadata say that K alpha 2 is in the data" },
    { "on", KA2_ON, "with the wavelengths of the metadata and ratio 0.5 unless they have one" },
    { "off", KA2_OFF, "single lines" },
    { 0 }
};

static const as_param params[] = {
    AS_STRING(fit_settings, model, "model", NULL,
              "sum of shapes: pvoigt(a) center=5.8 + linear; @FILE where it is long"),
    AS_RANGES(fit_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_COLUMN(fit_settings, baseline, "baseline", "", "column taken off y before, by name or role"),
    AS_CHOICE(fit_settings, weights, "weights", "auto", weights, "weights of the rows"),
    AS_CHOICE(fit_settings, errors, "errors", "auto", errors, "kind of the uncertainties"),
    AS_CHOICE(fit_settings, loss, "loss", "squares", losses, "what a residual costs"),
    AS_CHOICE(fit_settings, ka2, "ka2", "auto", ka2, "K alpha 2 beside every peak, by Bragg's law"),
    AS_INT(fit_settings, iterations, "iterations", "500", 1, 100000, "steps before giving up"),
    AS_INT(fit_settings, starts, "starts", "1", 1, 10000,
           "starting points; the best minimum is kept"),
    AS_DOUBLE(fit_settings, spread, "spread", "0.5", 0, 100, NULL,
              "how far the other starts lie from the first, relative"),
    AS_INT(fit_settings, seed, "seed", "1", 0, 2147483647, "of the other starts"),
    AS_PARAMS_END
};

static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan does not count" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true, .help = "for the weights" },
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_MASK,
      .optional = true,
      .help = "rows that do not count" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MODEL, .name = "model", .help = "the sum" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_OTHER, .name = "residual", .help = "y minus model" },
    { 0 }
};

/* The rows that count, closed up. */
typedef struct points {
    size_t n;
    double *x, *y, *sigma; /* sigma NULL: unknown */
    double *in;            /* rows of the table inside the region, 1 or 0 */
    const double *offset;  /* column taken off */
} points;

static as_status gather(as_run *run, as_table *t, const as_curve *c, points *p)
{
    const fit_settings *set = run->settings;
    as_arena *s = as_scratch(run->ctx);
    const bool sigma = c->sigma && set->weights != WEIGHTS_UNIT;
    const as_column *off = NULL;
    as_ranges region;
    AS_TRY(as_ranges_along(run->ctx, s, &set->region, &c->x_column->unit, &region));
    if (set->baseline && !(off = as_need_column(run->ctx, t, set->baseline))) return AS_ERR;
    if (off && off->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "column '%s' holds no numbers", off->name);
    *p = (points){ .x = AS_NEW_N(s, double, 4 * c->n + 1), .offset = off ? off->v.f : NULL };
    if (!p->x) return AS_ERR;
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
        p->x[p->n] = c->x[i];
        p->y[p->n] = c->y[i] - (off ? off->v.f[i] : 0);
        p->sigma[p->n++] = sigma ? c->sigma[i] : 1;
    }
    if (!sigma) p->sigma = NULL;
    if (p->n == 0) return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no row of the region counts");
    return AS_OK;
}

/* y per count: 1 for counts; for rates from sigma^2 = y/t, which must hold throughout. */
static as_status poisson_scale(as_run *run, const as_curve *c, const points *p, double *scale)
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
    if (n == 0)
        return as_fail(run->ctx, AS_E_UNIT, NULL,
                       "the likelihood of counts needs y in counts, or a rate with its sigma");
    *scale = as_select(n, k, n / 2);
    if (as_select(n, k, n / 10) < 0.99 * *scale || as_select(n, k, n - 1 - n / 10) > 1.01 * *scale)
        return as_fail(run->ctx, AS_E_UNIT, NULL,
                       "sigma^2/y is not the same everywhere: "
                       "these are no counts over one time");
    return AS_OK;
}

static as_status doublet(as_run *run, const as_table *t, as_model *m)
{
    const fit_settings *set = run->settings;
    if (set->ka2 == KA2_OFF) return AS_OK;
    const as_column *x = as_find_role(t, AS_ROLE_X);
    const as_meta *l1 = as_get_meta(t, "wavelength"), *l2 = as_get_meta(t, "wavelength_alpha2");
    const as_meta *ratio = as_get_meta(t, "alpha2_ratio"),
                  *kind = as_get_meta(t, "wavelength_kind");
    const bool angle = strcmp(x->name, "two_theta") == 0 && strcmp(x->unit.symbol, "deg") == 0;
    if (set->ka2 == KA2_ON) {
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

/* a.fwhm */
static const char *column_name(as_ctx *ctx, const as_model *m, size_t column)
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
                          column_name(run->ctx, m, k), column_name(run->ctx, m, i), c);
            if (found++ < 4 && one && used + strlen(one) < sizeof list) {
                memcpy(list + used, one, strlen(one) + 1);
                used += strlen(one);
            }
        }
    if (found)
        as_warn(run->ctx, t, NULL, "correlated above 0.95: %s%s", list,
                found > 4 ? " and others" : "");
}

static void warn_about(as_run *run, as_table *t, const as_model *m, const as_ls_result *r)
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
static as_status sigma_for_restraints(as_ctx *ctx, const as_model *m, const as_ls_problem *q,
                                      double **sigma)
{
    bool any = false;
    as_ls_result r;
    as_ls_problem without = *q;
    *sigma = NULL;
    for (size_t k = 0; k < q->m; k++) any |= !isnan(q->restraint[k]);
    if (!any || q->sigma || q->loss == AS_LOSS_POISSON) return AS_OK;
    without.restraint = NULL;
    if (as_least_squares(ctx, as_scratch(ctx), &without, m->start, &r) != AS_OK || !(r.reduced > 0))
        return as_while(ctx, "estimating sigma for the restraints: y has none");
    *sigma = AS_NEW_N(as_scratch(ctx), double, q->n);
    for (size_t i = 0; *sigma && i < q->n; i++) (*sigma)[i] = sqrt(r.reduced);
    return *sigma ? AS_OK : AS_ERR;
}

static as_status solve(as_run *run, as_model *m, const as_curve *c, const points *p,
                       as_ls_result *r, const char **how)
{
    const fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_ls_problem q;
    if (set->weights == WEIGHTS_SIGMA && !p->sigma)
        return as_fail(ctx, AS_E_MISSING, NULL, "--weights sigma needs a column of role sigma");
    AS_TRY(as_model_guess(ctx, m, p->y));
    AS_TRY(as_model_problem(ctx, as_scratch(ctx), m, &q));
    q.y = p->y;
    q.sigma = p->sigma;
    q.iterations = set->iterations;
    q.loss = (as_loss)set->loss;
    q.absolute = p->sigma && set->errors != ERRORS_SCALED;
    if (set->errors == ERRORS_ABSOLUTE && !p->sigma && set->weights != WEIGHTS_POISSON)
        return as_fail(ctx, AS_E_MISSING, NULL, "--errors absolute needs a column of role sigma");
    if (set->weights == WEIGHTS_POISSON) {
        AS_TRY(poisson_scale(run, c, p, &q.poisson_scale));
        q.loss = AS_LOSS_POISSON;
        q.sigma = NULL;
    }
    double *estimated;
    AS_TRY(sigma_for_restraints(ctx, m, &q, &estimated));
    if (estimated) {
        q.sigma = estimated;
        q.absolute = true;
    }
    int found = 1;
    const as_status status =
        set->starts > 1 ? as_least_squares_multi(ctx, as_scratch(ctx), &q, m->start, set->starts,
                                                 set->spread, (uint64_t)set->seed, r, &found)
                        : as_least_squares(ctx, as_scratch(ctx), &q, m->start, r);
    if (status != AS_OK && as_pending(ctx) == AS_E_NUMERIC && r->state == AS_LS_SINGULAR)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the data do not determine %s apart from the others",
                       column_name(ctx, m, r->culprit));
    if (status != AS_OK) return status;
    *how = as_format(as_scratch(ctx), "%s, %s uncertainties",
                     q.loss == AS_LOSS_POISSON ? "likelihood of counts"
                     : p->sigma                ? "weights 1/sigma^2"
                     : estimated               ? "equal weights by the residuals without restraints"
                                               : "unit weights",
                     q.loss != AS_LOSS_SQUARES && q.loss != AS_LOSS_POISSON ? "robust"
                     : r->scaled                                            ? "scaled"
                                                                            : "absolute");
    return *how ? AS_OK : AS_ERR;
}

static as_status series(as_run *run, as_table *owned)
{
    const fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_curve c;
    points p = { 0 };
    as_model m;
    as_ls_result r;
    const char *how = "";
    AS_TRY(as_curve_of(ctx, owned, 1, &c));
    AS_TRY(as_model_parse(ctx, owned->arena, set->model, NULL, &m));
    AS_TRY(doublet(run, owned, &m));
    AS_TRY(gather(run, owned, &c, &p));
    AS_TRY(as_model_bind(ctx, as_scratch(ctx), &m, p.n, p.x));
    const as_status solved = solve(run, &m, &c, &p, &r, &how);
    if (solved != AS_OK && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
    if (solved == AS_OK) {
        as_model_take(&m, &r);
        warn_about(run, owned, &m, &r);
    }
    AS_TRY(as_fit_columns(ctx, owned, &c, p.in, &m, p.offset, solved == AS_OK));
    AS_TRY(as_fit_results(ctx, owned, &m, solved == AS_OK ? &r : NULL, how));
    return solved == AS_OK ? as_emit(run->out, ctx, owned) : AS_ERR;
}

static const as_example examples[] = {
    { "one peak on a straight background, starts from the data",
      "assay fit --model \"pvoigt(111) + linear\" tests/corpus/fit/one-peak.xy | assay results" },
    { "a doublet of known splitting and ratio, both widths alike",
      "assay fit --model \"voigt(a) center=2 split=1.2 ratio=0.5 + constant\" "
      "tests/corpus/fit/doublet.xy"
      " | assay results" },
    { "a formula of one's own", "assay fit --model \"formula(b1*(1-exp(-b2*x))) b1=100 b2=1\" "
                                "tests/corpus/fit/decay.xy | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Bates & Watts 1981, A relative offset orthogonality convergence criterion for nonlinear least "
    "squares, Technometrics 23, 179, doi:10.2307/2986341",
    "More 1978, The Levenberg-Marquardt algorithm, Lecture Notes in Mathematics 630, 105, "
    "doi:10.1007/BFb0067700",
    NULL
};
static const char *const see_also[] = { "peaks", "results", NULL };

const as_op as_op_fit = {
    .name = "fit",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(fit_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "fit a sum of peak shapes and backgrounds",
             .description =
                 "The model is a sum of terms: `SHAPE(label) parameter=value ...`, joined by `+`. "
                 "A value "
                 "is a start and may carry `[lo:hi]` bounds, `~u` a restraint with standard "
                 "uncertainty "
                 "u, `!` fixed; `@label.parameter*factor` ties it to another one. What is left out "
                 "is "
                 "guessed from the data. Shapes: gaussian, lorentzian, pvoigt (eta is the fraction "
                 "of the "
                 "height), pvoigt-area (of the area), voigt, voigt-fast, tch, fcj, pearson7, gl, "
                 "split-..., "
                 "emg, lognormal, bwf, fano, doniach, la, step, arctan; constant, linear, poly3, "
                 "chebyshev5, exponential, power; formula(...). Peaks take `height=` or `area=`, "
                 "and "
                 "`split=` with `ratio=` for a doublet.\n\n"
                 "Every component gets position, height, area and full width at half maximum with "
                 "standard "
                 "uncertainties that include all correlations, and a column component_LABEL. "
                 "Uncertainties "
                 "are *absolute* where sigma is known and else *scaled* by the square root of "
                 "reduced "
                 "chi2; the method of the results says which. A parameter that ends at a bound has "
                 "flag at_bound and no "
                 "uncertainty; those of the others hold with it kept there.\n\n"
                 "A fit that did not converge, or whose data do not determine a parameter, is no "
                 "result: "
                 "its values are nan with flag failed, and the exit status is 4.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
