/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isotherm-fit: equations of isotherms side by side, with covariance and AICc. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "isotherm.h"
#include "isotherm_models.h"
#include "least_squares.h"

enum { ALL = -1, MODELS = 6 };
enum { EQUAL, RELATIVE };

typedef struct {
    as_isotherm_options iso;
    int model, weights;
    as_range window;
} fit_settings;

static const as_choice choices[] = {
    { "all", ALL, "every one; the model column is that of least AICc" },
    { "henry", 0, "n = k p" },
    { "langmuir", 1, "n = n_m K p/(1 + K p)" },
    { "dual-site-langmuir", 2, "the sum of two" },
    { "toth", 3, "n = n_m K p/(1 + (K p)^t)^(1/t)" },
    { "sips", 4, "n = n_m (K p)^s/(1 + (K p)^s)" },
    { "freundlich", 5, "n = n_1 p^(1/m)" },
    { 0 }
};
static const as_choice weightings[] = { { "none", EQUAL, "one uncertainty of all amounts" },
                                        { "relative", RELATIVE, "one relative uncertainty" },
                                        { 0 } };
static const as_param params[] = {
    AS_CHOICE(fit_settings, model, "model", "all", choices, "equation of the isotherm"),
    AS_CHOICE(fit_settings, weights, "weights", "none", weightings, "of the points"),
    AS_RANGE(fit_settings, window, "window", ":", "kPa", "pressures of the fit"),
    AS_ISOTHERM_PARAMS(fit_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "saturation_uptake", .unit = "mmol/g", .help = "of each site" },
    { .kind = AS_NEED_RESULT, .name = "affinity", .unit = "kPa-1", .help = "K of each site" },
    { .kind = AS_NEED_RESULT, .name = "heterogeneity", .unit = "1", .help = "exponents t, s, m" },
    { .kind = AS_NEED_RESULT, .name = "henry_constant", .unit = "mmol/g/kPa", .help = "slope at p = 0" },
    { .kind = AS_NEED_RESULT, .name = "aicc", .unit = "1", .help = "of each model" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_MODEL, .name = "model", .help = "of the chosen one" },
    { 0 }
};

typedef struct task {
    const as_isotherm_model *model;
    size_t n;
    double *p, *amount, *sigma;
    size_t *row;
} task;

static void evaluate(void *user, const double *q, double *f, double *J, size_t stride)
{
    const task *k = user;
    for (size_t i = 0; i < k->n; i++) {
        double d[AS_ISOTHERM_PARAMETERS];
        f[i] = k->model->at(k->p[i], q, d);
        for (size_t j = 0; J && j < k->model->m; j++) J[j * stride + i] = d[j];
    }
}

static as_status take_points(as_ctx *ctx, const fit_settings *set, const as_isotherm *iso, task *k)
{
    k->p = AS_NEW_N(as_scratch(ctx), double, 3 * iso->n);
    k->row = AS_NEW_N(as_scratch(ctx), size_t, iso->n);
    if (!k->p || !k->row) return AS_ERR;
    k->amount = k->p + iso->n;
    k->sigma = k->amount + iso->n;
    for (size_t i = 0; i < iso->n; i++) {
        if (iso->x[i] < set->window.lo || iso->x[i] > set->window.hi) continue;
        if (set->weights == RELATIVE && !(iso->uptake[i] > 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the amount at %.4g kPa is %.4g: no relative weight", iso->x[i],
                           iso->uptake[i]);
        k->p[k->n] = iso->x[i];
        k->amount[k->n] = iso->uptake[i];
        k->sigma[k->n] = iso->uptake[i];
        k->row[k->n++] = iso->row[i];
    }
    if (k->n >= 4) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points in the window, at least 4 are needed", k->n);
}

/* The best of several starts. False, no error pending: none converged. */
static bool fit(as_ctx *ctx, const fit_settings *set, task *k, as_ls_result *best)
{
    const size_t m = k->model->m;
    double most = 0, p_half = k->p[0];
    bool found = false;
    for (size_t i = 0; i < k->n; i++) most = fmax(most, k->amount[i]);
    for (size_t i = 0; i < k->n; i++)
        if (k->amount[i] <= most / 2) p_half = k->p[i];
    const as_ls_problem problem = { .n = k->n, .m = m, .y = k->amount, .user = k, .model = evaluate,
                                    .sigma = set->weights == RELATIVE ? k->sigma : NULL };
    for (int variant = 0; variant < AS_ISOTHERM_STARTS; variant++) {
        double q[AS_ISOTHERM_PARAMETERS];
        as_ls_result r;
        k->model->start(most, p_half, variant, q);
        if (as_least_squares(ctx, as_scratch(ctx), &problem, q, &r)) {
            as_forget_error(ctx);
            continue;
        }
        if (!found || r.cost < best->cost) *best = r;
        found = true;
    }
    return found;
}

/* AICc with the scale of the residuals unknown, whatever the weights: comparable between models. */
static double aicc_of(const as_ls_result *r, size_t n)
{
    const double k = (double)r->n_free + 1, left = (double)n - k - 1;
    return left > 0 ? (double)n * log(r->cost / (double)n) + 2 * k + 2 * k * (k + 1) / left : NAN;
}

static as_status failed(as_ctx *ctx, as_table *t, const as_isotherm_model *m, const char *method)
{
    for (size_t i = 0; i < m->m; i++) {
        const char *item = as_format(as_scratch(ctx), "%s%s", m->name, m->parameter[i].site);
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(ctx, t, item, m->parameter[i].quantity, NAN, NAN, m->parameter[i].unit, "failed",
                               method));
    }
    as_warn(ctx, t, NULL, "%s: the data do not determine all its parameters", m->name);
    return as_add_quantity(ctx, t, m->name, "aicc", NAN, NAN, "1", "failed", method);
}

/* Of two sites the first is the one of larger K. */
static void order_sites(as_ls_result *r)
{
    if (r->p[1] >= r->p[3]) return;
    double cov[16];
    for (size_t i = 0; i < 2; i++) {
        const double p = r->p[i], u = r->u[i];
        r->p[i] = r->p[i + 2], r->u[i] = r->u[i + 2];
        r->p[i + 2] = p, r->u[i + 2] = u;
    }
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) cov[i * 4 + j] = r->covariance[(i + 2) % 4 * 4 + (j + 2) % 4];
    memcpy(r->covariance, cov, sizeof cov);
}

/* Parameters exp(q) with u and covariance by first order. */
static as_status give(as_ctx *ctx, as_table *t, const task *k, const as_ls_result *r, const char *method)
{
    const as_isotherm_model *m = k->model;
    double cov[AS_ISOTHERM_PARAMETERS * AS_ISOTHERM_PARAMETERS], d[AS_ISOTHERM_PARAMETERS];
    size_t which[AS_ISOTHERM_PARAMETERS];
    for (size_t i = 0; i < m->m; i++) {
        const char *item = as_format(as_scratch(ctx), "%s%s", m->name, m->parameter[i].site);
        const double v = exp(r->p[i]);
        if (!item) return AS_ERR;
        which[i] = t->n_results;
        AS_TRY(as_add_quantity(ctx, t, item, m->parameter[i].quantity, v, v * r->u[i], m->parameter[i].unit,
                               r->u[i] < 1 ? "ok" : "undetermined", method));
        for (size_t j = 0; j < m->m; j++) cov[i * m->m + j] = v * exp(r->p[j]) * r->covariance[i * m->m + j];
    }
    AS_TRY(as_set_covariance(ctx, t, m->m, which, cov));
    if (m->ln_henry) {
        const double h = exp(m->ln_henry(r->p, d)), u = as_propagate(m->m, r->covariance, d);
        AS_TRY(as_add_quantity(ctx, t, m->name, "henry_constant", h, h * u, "mmol/g/kPa",
                               u < 1 ? "ok" : "undetermined", method));
    }
    double rms = 0;
    for (size_t i = 0; i < k->n; i++) rms += (k->amount[i] - r->f[i]) * (k->amount[i] - r->f[i]) / (double)k->n;
    AS_TRY(as_add_quantity(ctx, t, m->name, "rms_residual", sqrt(rms), NAN, "mmol/g", NULL, method));
    return as_add_quantity(ctx, t, m->name, "aicc", aicc_of(r, k->n), NAN, "1", NULL, method);
}

/* The model column over all points used, in the unit of the amounts. */
static as_status model_column(as_ctx *ctx, as_table *t, const task *k, const double *f)
{
    const as_column *uptake = as_find_name(t, "uptake");
    as_column *model = as_curve_column(ctx, t, "model", AS_ROLE_MODEL, uptake->unit);
    if (!model) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) model->v.f[i] = NAN;
    for (size_t i = 0; i < k->n; i++)
        model->v.f[k->row[i]] = k->amount[i] != 0 ? f[i] * uptake->v.f[k->row[i]] / k->amount[i] : NAN;
    return AS_OK;
}

static as_status weigh(as_ctx *ctx, as_table *t, const double *aicc, const char *method)
{
    double least = INFINITY, sum = 0;
    size_t close = 0;
    for (int i = 0; i < MODELS; i++) least = fmin(least, aicc[i]);
    for (int i = 0; i < MODELS; i++)
        if (isfinite(aicc[i])) sum += exp((least - aicc[i]) / 2), close += aicc[i] < least + 2;
    for (int i = 0; i < MODELS; i++)
        if (isfinite(aicc[i]))
            AS_TRY(as_add_quantity(ctx, t, as_isotherm_models[i].name, "akaike_weight",
                                   exp((least - aicc[i]) / 2) / sum, NAN, "1", NULL, method));
    if (close > 1) as_warn(ctx, t, NULL, "AICc does not tell %zu models apart (differences below 2)", close);
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm_options o = set->iso;
    as_isotherm iso;
    task k = { 0 };
    double aicc[MODELS], least = INFINITY;
    const double *f = NULL;
    o.absolute = true;
    AS_TRY(as_isotherm_of(ctx, owned, &o, &iso));
    AS_TRY(take_points(ctx, set, &iso, &k));
    for (int i = 0; i < MODELS; i++) {
        as_ls_result r;
        aicc[i] = NAN;
        if (set->model != ALL && set->model != i) continue;
        k.model = &as_isotherm_models[i];
        const char *method = as_format(as_scratch(ctx), "%s;p_in_kPa;%s;weights=%s;%s", k.model->equation,
                                       as_branches[set->iso.branch].name, weightings[set->weights].name, iso.p0_from);
        if (!method) return AS_ERR;
        if (k.n <= k.model->m || !fit(ctx, set, &k, &r)) {
            AS_TRY(failed(ctx, owned, k.model, method));
            continue;
        }
        if (k.model->m == 4) order_sites(&r);
        AS_TRY(give(ctx, owned, &k, &r, method));
        aicc[i] = aicc_of(&r, k.n);
        if (!f || aicc[i] < least) f = r.f, least = aicc[i];
    }
    if (!f) return as_fail(ctx, AS_E_NUMERIC, NULL, "no model could be fitted");
    if (set->model == ALL) AS_TRY(weigh(ctx, owned, aicc, "AICc"));
    AS_TRY(model_column(ctx, owned, &k, f));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "which equation describes the uptake of carbon dioxide",
      "assay isotherm-fit tests/corpus/sorption/co2-298K.ecsv | assay results --quantity akaike_weight" },
    { "two sites with their uncertainties",
      "assay isotherm-fit --model dual-site-langmuir tests/corpus/sorption/co2-298K.ecsv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Langmuir 1918, J. Am. Chem. Soc. 40, 1361, doi:10.1021/ja02242a004",
    "Toth 1971, Acta Chim. Acad. Sci. Hung. 69, 311",
    "Sips 1948, J. Chem. Phys. 16, 490, doi:10.1063/1.1746922",
    "Freundlich 1907, Z. Phys. Chem. 57, 385",
    "Hurvich & Tsai 1989, Biometrika 76, 297, doi:10.1093/biomet/76.2.297",
    NULL
};
static const char *const see_also[] = { "langmuir", "isosteric-heat", "plot-isotherm", NULL };

const as_op as_op_isotherm_fit = {
    .name = "isotherm-fit",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(fit_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "fit the equations of Henry, Langmuir, Toth, Sips and Freundlich to an isotherm",
             .description =
                 "Amounts over absolute pressure in kPa by nonlinear least squares; of two sites the first has the "
                 "larger K. Each parameter has its standard uncertainty, those of a model their covariance; AICc and "
                 "Akaike weights stand side by side. A parameter whose relative uncertainty is above 1 is flagged "
                 "*undetermined*; a model that the data do not determine at all is flagged *failed*, and the others go "
                 "on.\n\n"
                 "The constant of Henry's law is the slope at p = 0, which the equations of Sips and Freundlich do not "
                 "have. Uncertainties come from the scatter about the model: where the model is wrong, so are they.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
