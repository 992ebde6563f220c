/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit: a sum of shapes to the curve, by least squares or by the likelihood of counts. */
#include <math.h>

#include "fit_extra.h"

static const as_choice intervals[] = {
    { "none", AS_FIT_INTERVALS_NONE, "standard uncertainties only" },
    { "profile", AS_FIT_INTERVALS_PROFILE, "95 % by the profile of the likelihood, not symmetric" },
    { "bootstrap", AS_FIT_INTERVALS_BOOTSTRAP, "95 % percentiles of fits to drawn data" },
    { 0 }
};

static const as_param params[] = {
    AS_STRING(as_fit_settings, model, "model", NULL,
              "sum of shapes: pvoigt(a) center=5.8 + linear; @FILE where it is long"),
    AS_RANGES(as_fit_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_COLUMN(as_fit_settings, baseline, "baseline", "", "column taken off y before, by name or role"),
    AS_CHOICE(as_fit_settings, weights, "weights", "auto", as_fit_weights, "weights of the rows"),
    AS_CHOICE(as_fit_settings, errors, "errors", "auto", as_fit_errors, "kind of the uncertainties"),
    AS_CHOICE(as_fit_settings, loss, "loss", "squares", as_fit_losses, "what a residual costs"),
    AS_CHOICE(as_fit_settings, ka2, "ka2", "auto", as_fit_ka2, "K alpha 2 beside every peak, by Bragg's law"),
    AS_INT(as_fit_settings, iterations, "iterations", "500", 1, 100000, "steps before giving up"),
    AS_INT(as_fit_settings, starts, "starts", "1", 1, 10000,
           "starting points; the best minimum is kept"),
    AS_DOUBLE(as_fit_settings, spread, "spread", "0.5", 0, 100, NULL,
              "how far the other starts lie from the first, relative"),
    AS_INT(as_fit_settings, seed, "seed", "1", 0, 2147483647, "of other starts and the bootstrap"),
    AS_TEXTS(as_fit_settings, derive, "derive", "",
             "NAME = expression of TERM.QUANTITY"),
    AS_CHOICE(as_fit_settings, columns, "columns", "all", as_fit_column_sets,
              "columns that the fit adds; the results are the same"),
    AS_BOOL(as_fit_settings, fractions, "fractions", "no", "area of each peak over that of all"),
    AS_STRING(as_fit_settings, against, "against", "", "simpler model to compare with, F test"),
    AS_DOUBLE(as_fit_settings, band, "band", "0", 0, 0.999999, NULL,
              "level of columns model_lower and model_upper, 0.95 say; 0: none"),
    AS_CHOICE(as_fit_settings, intervals, "intervals", "none", intervals,
              "lower and upper of every free parameter"),
    AS_INT(as_fit_settings, resamples, "resamples", "1000", 100, 1000000,
           "fits of the bootstrap"),
    AS_PARAMS_END
};

/* A fit that failed leaves its columns and results as nan. */
static as_status report(as_run *run, as_table *owned, as_fit_job *job, as_status solved)
{
    if (solved != AS_OK && as_pending(run->ctx) != AS_E_NUMERIC) return AS_ERR;
    if (solved == AS_OK) as_fit_warn(run, owned, &job->m, &job->r);
    AS_TRY(as_fit_report(run, owned, job, solved == AS_OK));
    return solved == AS_OK ? as_emit(run->out, run->ctx, owned) : AS_ERR;
}

static as_status series(as_run *run, as_table *owned)
{
    const as_fit_settings *set = run->settings;
    as_fit_job job;
    AS_TRY(as_fit_prepare(run, owned, set->model, &job));
    const as_status solved = as_fit_solve(run, &job);
    return report(run, owned, &job, solved);
}

/* fit-series: the last values that converged. */
typedef struct {
    size_t n;
    double *value;
} previous;

static void start_from(const previous *p, as_model *m)
{
    for (size_t k = 0; k < m->n_params && p->n == m->n_params; k++) {
        as_model_param *q = &m->param[k];
        if (q->tie >= 0 || q->fixed || q->rule) continue;
        q->value = fmin(q->hi, fmax(q->lo, p->value[k]));
        q->given = true;
    }
}

static as_status remember(as_run *run, previous *p, const as_model *m)
{
    if (!p->value) p->value = AS_NEW_N(run->keep, double, m->n_params + 1);
    if (!p->value) return AS_ERR;
    p->n = m->n_params;
    for (size_t k = 0; k < p->n; k++) p->value[k] = m->param[k].value;
    return AS_OK;
}

static as_status next(as_run *run, as_table *owned)
{
    const as_fit_settings *set = run->settings;
    previous *before = run->state;
    as_fit_job job;
    AS_TRY(as_fit_prepare(run, owned, set->model, &job));
    start_from(before, &job.m);
    as_status solved = as_fit_solve(run, &job);
    if (solved != AS_OK && as_pending(run->ctx) == AS_E_NUMERIC && before->n > 0) {
        as_warn(run->ctx, owned, NULL, "no fit from the series before; started from its own data");
        as_forget_error(run->ctx);
        AS_TRY(as_fit_prepare(run, owned, set->model, &job));
        solved = as_fit_solve(run, &job);
    }
    if (solved == AS_OK) AS_TRY(remember(run, before, &job.m));
    return report(run, owned, &job, solved);
}

static as_status finish(as_run *run)
{
    (void)run;
    return AS_OK; /* the values live from series to series */
}

static const as_example examples_series[] = {
    { "a peak that moves from series to series",
      "assay calc x='x+0.05' tests/corpus/fit/one-peak.xy | assay cat "
      "tests/corpus/fit/one-peak.xy - | assay fit-series --model \"pvoigt(111) + linear\" | assay results" },
    { 0 }
};
static const char *const see_also_series[] = { "fit", "fit-global", "results", NULL };

static const as_example examples[] = {
    { "one peak on a straight background, starts from the data",
      "assay fit --model \"pvoigt(111) + linear\" tests/corpus/fit/one-peak.xy | assay results" },
    { "a doublet of known splitting and ratio, both widths alike",
      "assay fit --model \"voigt(a) center=2 split=1.2 ratio=0.5 + constant\" "
      "tests/corpus/fit/doublet.xy"
      " | assay results" },
    { "a formula of one's own", "assay fit --model \"formula(b1*(1-exp(-b2*x))) b1=100 b2=1\" "
                                "tests/corpus/fit/decay.xy | assay results" },
    { "shares of two lines, intervals by profile, the second line tested",
      "assay fit --model \"gaussian(a) center=2 + gaussian(b) center=3.2 fwhm=@a.fwhm + constant\" "
      "--derive \"share = a.area/(a.area + b.area)\" --intervals profile "
      "--against \"gaussian(a) center=2 + constant\" tests/corpus/fit/doublet.xy | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Bates & Watts 1981, A relative offset orthogonality convergence criterion for nonlinear least "
    "squares, Technometrics 23, 179, doi:10.2307/2986341",
    "More 1978, The Levenberg-Marquardt algorithm, Lecture Notes in Mathematics 630, 105, "
    "doi:10.1007/BFb0067700",
    "Venzon & Moolgavkar 1988, A method for computing profile-likelihood-based confidence intervals, "
    "Applied Statistics 37, 87, doi:10.2307/2347496",
    "Efron & Tibshirani 1993, An Introduction to the Bootstrap, Chapman & Hall, "
    "doi:10.1201/9780429246593",
    "Durbin & Watson 1950, Testing for serial correlation in least squares regression, Biometrika 37, "
    "409, doi:10.1093/biomet/37.3-4.409",
    NULL
};
static const char *const see_also[] = { "peaks", "fit-series", "fit-global", "results", NULL };

const as_op as_op_fit = {
    .name = "fit",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(as_fit_settings),
    .params = params,
    .needs = as_fit_needs,
    .gives = as_fit_gives,
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
                 "chebyshev5, exponential, power, shirley; formula(...). Peaks take `height=` or `area=`, "
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
                 "`--derive` reports any expression of TERM.QUANTITY (position, height, area, fwhm, "
                 "parameters) with its propagated uncertainty; its unit follows from those of x and y "
                 "or is stated: `depth[nm] = ...`. Expressions and fractions share the covariance of "
                 "the other results. `--against` takes a simpler model, nested in the other: F test, "
                 "and the differences of AICc and BIC. `--intervals` adds lower and upper of items "
                 "TERM.PARAMETER. `--band` is the pointwise confidence band of the model on the rows "
                 "that count.\n\n"
                 "A fit that did not converge, or whose data do not determine a parameter, is no "
                 "result: "
                 "its values are nan with flag failed, and the exit status is 4.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};

const as_op as_op_fit_series = {
    .name = "fit-series",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(as_fit_settings),
    .state_size = sizeof(previous),
    .params = params,
    .needs = as_fit_needs,
    .gives = as_fit_gives,
    .series = next,
    .finish = finish,
    .doc = { .summary = "fit, each series from the values of the one before",
             .description =
                 "As `fit`, for series in which peaks move and change a little from one to the next: "
                 "depth, temperature, time. The first series starts as the model says, every other "
                 "one from the last values that converged; where that fails, from its own data with "
                 "a warning.",
             .examples = examples_series,
             .see_also = see_also_series },
};
