/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coordination-number: solvent molecules at one cation and the ratio of cross-sections, from a series of
 * concentrations.
 *
 * With R molecules of solvent for each cation, n of them coordinated, and J coordinated over free cross-section,
 * the areas of the free and of all coordinated bands are in the ratio (R/n - 1)/J: a line in R with slope 1/(n J)
 * and intercept -1/J, in which no intensity scale and no assumed J appear.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "curve.h"
#include "linear_fit.h"

typedef struct {
    const char *group, *against;
} number_settings;

static const as_param params[] = {
    AS_STRING(number_settings, group, "group", "PC", "of the bands: items 'PC free' and 'PC coordinated'"),
    AS_STRING(number_settings, against, "against", "solvent_per_salt",
              "metadata that hold the molecules of solvent for each cation"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .help = "of the free and of all coordinated bands: from solvation" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "solvent_per_salt", .unit = "1", .help = "of each series" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "band_ratio", .unit = "1", .help = "free over coordinated" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_SIGMA, .name = "sigma", .unit = "1", .help = "of it" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_MODEL, .name = "model", .unit = "1", .help = "the line" },
    { .kind = AS_NEED_RESULT, .name = "coordination_number", .unit = "1", .help = "the same at all concentrations" },
    { .kind = AS_NEED_RESULT, .name = "cross_section_ratio", .unit = "1", .help = "coordinated over free" },
    { .kind = AS_NEED_RESULT, .name = "p_value", .unit = "1", .help = "of chi2 about the line" },
    { 0 }
};

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

typedef struct points {
    size_t n;
    double *x, *y, *u;
} points;

static as_status result_of(as_run *run, const as_table *t, const char *item, size_t *at)
{
    for (size_t i = 0; i < t->n_results; i++)
        if (strcmp(t->result[i].item, item) == 0 && strcmp(t->result[i].quantity, "area") == 0) {
            *at = i;
            return AS_OK;
        }
    return as_fail(run->ctx, AS_E_MISSING, NULL, "series %s has no area of '%s': solvation gives it",
                   t->name ? t->name : "?", item);
}

static as_status point_of(as_run *run, const as_table *t, points *p)
{
    const number_settings *set = run->settings;
    const char *free = as_format(as_scratch(run->ctx), "%s free", set->group);
    const char *bound = as_format(as_scratch(run->ctx), "%s coordinated", set->group);
    const as_meta *m = as_need_meta(run->ctx, t, set->against);
    size_t i, k;
    if (!free || !bound || !m) return AS_ERR;
    AS_TRY(result_of(run, t, free, &i));
    AS_TRY(result_of(run, t, bound, &k));
    const double f = t->result[i].value, b = t->result[k].value;
    const double vf = as_get_covariance(t, i, i), vb = as_get_covariance(t, k, k), c = as_get_covariance(t, i, k);
    if (!(m->number > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%s of series %s is not above 0", set->against,
                       t->name ? t->name : "?");
    if (!(b > 3 * sqrt(vb)) || !isfinite(f) || !(vf > 0)) {
        as_warn(run->ctx, NULL, NULL, "series %s left out: its coordinated bands are not seen",
                t->name ? t->name : "?");
        return AS_OK;
    }
    p->x[p->n] = m->number;
    p->y[p->n] = f / b;
    p->u[p->n++] = sqrt(fmax(0, vf - 2 * f / b * c + f * f / (b * b) * vb)) / b;
    return AS_OK;
}

static as_status add_columns(as_run *run, as_table *t, const points *p, const as_linear_fit *f)
{
    as_column *x = as_add_column(run->ctx, t, "solvent_per_salt", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(run->ctx, t, "band_ratio", AS_ROLE_Y, AS_UNITLESS);
    as_column *sigma = as_add_column(run->ctx, t, "sigma", AS_ROLE_SIGMA, AS_UNITLESS);
    as_column *model = as_add_column(run->ctx, t, "model", AS_ROLE_MODEL, AS_UNITLESS);
    if (!x || !y || !sigma || !model) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) {
        x->v.f[i] = p->x[i];
        y->v.f[i] = p->y[i];
        sigma->v.f[i] = p->u[i];
        model->v.f[i] = f->p[0] + f->p[1] * p->x[i];
    }
    return AS_OK;
}

/* n = -intercept/slope, J = -1/intercept. */
static as_status give(as_run *run, as_table *t, const points *p, const as_linear_fit *f)
{
    const number_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const double a = f->p[0], b = f->p[1], chance = f->dof ? gsl_cdf_chisq_Q(f->chi2, (double)f->dof) : NAN;
    const double birge = f->dof ? fmax(1, sqrt(f->chi2 / (double)f->dof)) : 1, v = birge * birge;
    const double *C = f->covariance;
    const double n = -a / b, j = -1 / a;
    const double vn = v * (C[0] / (b * b) - 2 * a / (b * b * b) * C[1] + a * a / (b * b * b * b) * C[3]);
    const double cnj = v * (-C[0] / b + a / (b * b) * C[1]) / (a * a);
    const char *flag = a < -2 * birge * f->u[0] && b > 2 * birge * f->u[1] ? "ok" : "not_separable";
    if (chance < 0.01)
        as_warn(ctx, t, NULL,
                "the ratios are no line (chi2 %.3g for %zu degrees of freedom): the coordination number or the "
                "cross-sections change with the concentration", f->chi2, f->dof);
    if (flag[0] != 'o')
        as_warn(ctx, t, NULL, "slope or intercept cannot be told from zero: no coordination number apart from the "
                "cross-sections");
    const size_t first = t->n_results;
    AS_TRY(as_add_quantity(ctx, t, set->group, "coordination_number", n, sqrt(vn), "1", flag,
                           "free over coordinated area against solvent for each cation; n and cross-sections the "
                           "same at all"));
    AS_TRY(as_add_quantity(ctx, t, set->group, "cross_section_ratio", j, sqrt(v * C[0]) / (a * a), "1", flag,
                           "coordinated over free, from the intercept"));
    const double cov[] = { vn, cnj, cnj, v * C[0] / (a * a * a * a) };
    const size_t which[] = { first, first + 1 };
    AS_TRY(as_set_covariance(ctx, t, 2, which, cov));
    AS_TRY(as_add_quantity(ctx, t, set->group, "p_value", chance, 0, "1", NULL, "of chi2 about the line"));
    return as_add_quantity(ctx, t, set->group, "points_used", (double)p->n, NAN, "1", NULL, "concentrations");
}

static as_status finish(as_run *run)
{
    const number_settings *set = run->settings;
    const as_held *held = run->state;
    as_linear_fit f;
    if (!held->n) return AS_OK;
    double *v = AS_NEW_N(as_scratch(run->ctx), double, 3 * held->n + 1);
    if (!v) return AS_ERR;
    points p = { .x = v, .y = v + held->n, .u = v + 2 * held->n };
    for (size_t i = 0; i < held->n; i++) AS_TRY(point_of(run, held->t[i], &p));
    if (p.n < 3)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%zu concentrations, expected 3 or more", p.n);
    AS_TRY(as_fit_polynomial(run->ctx, as_scratch(run->ctx), p.n, 1, p.x, p.y, p.u, true, &f));
    as_table *t = as_table_derive(run->ctx, held->t[0], p.n);
    if (!t) return AS_ERR;
    AS_TRY(as_drop_meta(t, set->against));
    AS_TRY(add_columns(run, t, &p, &f));
    AS_TRY(give(run, t, &p, &f));
    return as_emit(run->out, run->ctx, t);
}

static const as_example examples[] = {
    { "four concentrations of a simulated electrolyte of 4 molecules at each cation",
      "assay solvation --bands tests/corpus/raman/pc-bands.tsv tests/corpus/raman/concentrations.ecsv"
      " | assay coordination-number | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Allen, Borodin, Seo & Henderson 2014, J. Power Sources 267, 821: on what such numbers are worth", NULL
};
static const char *const see_also[] = { "solvation", "trend", NULL };

const as_op as_op_coordination_number = {
    .name = "coordination-number",
    .group = "peaks",
    .effect = AS_REDUCES,
    .settings_size = sizeof(number_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "solvent molecules at a cation from a series of concentrations",
             .description =
                 "With R molecules of solvent for each cation, n of them coordinated, and J the cross-section of "
                 "coordinated over free, the areas of the free and of all coordinated bands are as "
                 "(R/n - 1)/J. A weighted line in R "
                 "gives n and J with their covariance; nothing is assumed of J but that it, and n, are the same at all "
                 "concentrations. A line that does not fit says that they are not: there is a warning, and the "
                 "uncertainties are widened by the misfit.\n\n"
                 "R comes from the metadata (`assay set solvent_per_salt=11.8`), the areas from `solvation`. "
                 "Errors that all spectra share, such as those of the table of bands, are not averaged "
                 "out by more "
                 "concentrations. Gives one series: the ratios and the line. Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
