/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit-global: one model to all series of the stream at once, with parameters that all share.
 *
 * One least squares problem over the rows of all series, in blocks (least_squares.h): each series has its
 * own copy of the model; a shared parameter is one column for all of them, every other one a column of
 * the series' own. Starts are the fits of the series one by one.
 */
#include <math.h>
#include <string.h>

#include "fit_extra.h"
#include "lanes.h"

static const as_param params[] = {
    AS_STRING(as_fit_settings, model, "model", NULL,
              "sum of shapes: pvoigt(a) center=5.8 + linear; @FILE where it is long"),
    AS_STRING(as_fit_settings, shared, "shared", NULL,
              "parameters that all series share: center,a.fwhm"),
    AS_RANGES(as_fit_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_COLUMN(as_fit_settings, baseline, "baseline", "", "column taken off y before, by name or role"),
    AS_CHOICE(as_fit_settings, weights, "weights", "auto", as_fit_weights, "weights of the rows"),
    AS_CHOICE(as_fit_settings, errors, "errors", "auto", as_fit_errors,
              "kind of the uncertainties"),
    AS_CHOICE(as_fit_settings, loss, "loss", "squares", as_fit_losses, "what a residual costs"),
    AS_CHOICE(as_fit_settings, ka2, "ka2", "auto", as_fit_ka2,
              "K alpha 2 beside every peak, by Bragg's law"),
    AS_INT(as_fit_settings, iterations, "iterations", "500", 1, 100000, "steps before giving up"),
    AS_TEXTS(as_fit_settings, derive, "derive", "",
             "NAME = expression of TERM.QUANTITY"),
    AS_CHOICE(as_fit_settings, columns, "columns", "all", as_fit_column_sets,
              "columns that the fit adds; the results are the same"),
    AS_BOOL(as_fit_settings, fractions, "fractions", "no", "area of each peak over that of all"),
    AS_DOUBLE(as_fit_settings, band, "band", "0", 0, 0.999999, NULL,
              "level of columns model_lower and model_upper, 0.95 say; 0: none"),
    AS_PARAMS_END
};

enum { ENTRIES = 30000000 }; /* of the Jacobian, at most: two of them are held */

typedef struct together {
    size_t n_series, points; /* of all series */
    size_t n, m;             /* rows of the problem, parameters of all */
    size_t own, columns;     /* parameters of a series alone; of the model */
    as_fit_job *job;
    size_t *column;          /* of the model's parameters: the series' own first, then those in common */
    const char **name;       /* columns of them */
    size_t *first, *rows;    /* first row of each series, and how many */
    size_t *count;           /* m: series that gave a start */
    double *start, *lo, *hi, *restraint, *restraint_u; /* m */
    double *y, *sigma;       /* n */
    double *p, *f;           /* of one series: columns; values, then slopes */
    const char *shared; /* names of the parameters in common */
    double own_cost;    /* of all series fitted one by one: cost, points and restraints less parameters */
    size_t own_dof;
    bool own_good;      /* all of them converged */
} together;

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

/* "a.fwhm" is shared when the list has it or "fwhm". */
static bool is_shared(const char *list, const char *name)
{
    const char *bare = strrchr(name, '.');
    bare = bare ? bare + 1 : name;
    while (*list) {
        while (*list == ',' || *list == ' ') list++;
        size_t n = strcspn(list, ",");
        const char *next = list + n;
        while (n > 0 && list[n - 1] == ' ') n--;
        if ((strlen(name) == n && strncmp(list, name, n) == 0) ||
            (strlen(bare) == n && strncmp(list, bare, n) == 0))
            return true;
        list = next;
    }
    return false;
}

/* Every word of the list must be a free parameter of the model. */
static as_status check_shared(as_run *run, const together *g)
{
    const char *list = g->shared;
    const as_model *m = &g->job[0].m;
    while (*list) {
        while (*list == ',' || *list == ' ') list++;
        const size_t n = strcspn(list, ",");
        const char *word = as_strndup(as_scratch(run->ctx), list, n);
        bool any = n == 0;
        if (!word) return AS_ERR;
        for (size_t k = 0; k < m->n_columns && !any; k++)
            any = is_shared(word, as_fit_column_name(run->ctx, m, k));
        if (!any)
            return as_fail(run->ctx, AS_E_USAGE, NULL,
                           "--shared %s: no free parameter of the model is called so", word);
        list += n;
    }
    return AS_OK;
}

/* Parameter k of series s among those of all. */
static size_t place(const together *g, size_t s, size_t k)
{
    const size_t at = g->column[k];
    return at < g->own ? s * g->own + at : g->n_series * g->own + at - g->own;
}

/* Which parameters of the model are a series' own. */
static as_status columns(as_ctx *ctx, together *g)
{
    const as_model *m = &g->job[0].m;
    as_arena *s = as_scratch(ctx);
    g->columns = m->n_columns;
    g->column = AS_NEW_N(s, size_t, g->columns + 1);
    g->name = AS_NEW_N(s, const char *, g->columns + 1);
    g->p = AS_NEW_N(s, double, g->columns + 1);
    if (!g->column || !g->name || !g->p) return AS_ERR;
    for (size_t k = 0; k < g->columns; k++) {
        g->name[k] = as_fit_column_name(ctx, m, k);
        g->own += !is_shared(g->shared, g->name[k]);
    }
    size_t own = 0, common = g->own;
    for (size_t k = 0; k < g->columns; k++)
        g->column[k] = is_shared(g->shared, g->name[k]) ? common++ : own++;
    g->m = g->n_series * g->own + common - g->own;
    return AS_OK;
}

static as_status allocate(as_ctx *ctx, together *g)
{
    as_arena *s = as_scratch(ctx);
    size_t widest = 0;
    for (size_t k = 0; k < g->n_series; k++)
        if (g->rows[k] > widest) widest = g->rows[k];
    g->f = AS_NEW_N(s, double, as_lanes(widest) * (g->columns + 1) + 1);
    double *v = AS_NEW_N(s, double, 5 * g->m + 2 * g->n + 1);
    g->count = AS_NEW_N(s, size_t, g->m + 1);
    if (!v || !g->count || !g->f) return AS_ERR;
    g->start = v;
    g->lo = v + g->m;
    g->hi = v + 2 * g->m;
    g->restraint = v + 3 * g->m;
    g->restraint_u = v + 4 * g->m;
    g->y = v + 5 * g->m;
    g->sigma = g->y + g->n;
    for (size_t c = 0; c < g->m; c++) {
        g->lo[c] = -INFINITY;
        g->hi[c] = INFINITY;
    }
    return AS_OK;
}

/* Model and points of series s. */
static as_status add_series(as_run *run, as_table *first, as_table *t, together *g, size_t s)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_fit_job *job = &g->job[s];
    AS_TRY(as_fit_prepare(run, t, set->model, job));
    if (job->has_levels)
        as_warn(ctx, t, NULL,
                "the noise of the end levels of the baseline is not in the uncertainties; `fit` has it");
    AS_TRY(as_fit_start(run, job));
    if (!job->q.sigma != !g->job[0].q.sigma || job->q.poisson_scale != g->job[0].q.poisson_scale)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "series %s and %s differ in sigma or in y per count, expected alike",
                       first->name, t->name);
    if (s == 0) AS_TRY(columns(ctx, g));
    if (job->m.n_columns != g->columns)
        return as_fail(ctx, AS_E_MISSING, NULL, "the model has %zu free parameters in series %s and %zu in %s",
                       g->columns, first->name, job->m.n_columns, t->name);
    g->first[s] = g->n;
    g->rows[s] = job->p.n;
    g->points += job->p.n;
    g->n += as_lanes(job->p.n) + as_lanes(s + 1 < g->n_series ? g->own : g->columns);
    return AS_OK;
}

/* Bounds, restraints and points of all series. A parameter in common has the narrowest of the bounds. */
static as_status prepare(as_run *run, as_held *held, together *g)
{
    as_ctx *ctx = run->ctx;
    as_arena *s = as_scratch(ctx);
    g->n_series = held->n;
    g->job = AS_NEW_N(s, as_fit_job, held->n + 1);
    g->first = AS_NEW_N(s, size_t, 2 * held->n + 1);
    if (!g->job || !g->first) return AS_ERR;
    g->rows = g->first + held->n;
    for (size_t k = 0; k < held->n; k++)
        if (add_series(run, held->t[0], held->t[k], g, k) != AS_OK)
            return as_while(ctx, "fitting series %s", held->t[k]->name ? held->t[k]->name : "?");
    if ((double)g->n * (double)g->columns > ENTRIES)
        return as_fail(ctx, AS_E_LIMIT, NULL,
                       "%zu series of %zu rows and %zu parameters are more than one fit can hold: fit fewer "
                       "series or less of x at once",
                       g->n_series, g->rows[0], g->columns);
    AS_TRY(allocate(ctx, g));
    for (size_t k = 0; k < held->n; k++) {
        const as_ls_problem *q = &g->job[k].q;
        for (size_t j = 0; j < g->columns; j++) {
            const size_t c = place(g, k, j);
            g->lo[c] = fmax(g->lo[c], q->lo[j]);
            g->hi[c] = fmin(g->hi[c], q->hi[j]);
            g->restraint[c] = q->restraint[j];
            g->restraint_u[c] = q->restraint_u[j];
        }
        memcpy(g->y + g->first[k], q->y, g->rows[k] * sizeof *g->y);
        if (q->sigma) memcpy(g->sigma + g->first[k], q->sigma, g->rows[k] * sizeof *g->y);
    }
    return check_shared(run, g);
}

/* Every series alone; one that does not converge alone gives its guess, if no other gives better. */
static as_status starts(as_run *run, together *g)
{
    as_ctx *ctx = run->ctx;
    for (size_t s = 0; s < g->n_series; s++) {
        as_fit_job *job = &g->job[s];
        as_ls_problem q = job->q;
        as_ls_result r;
        const char *how;
        const bool alone = as_fit_minimise(run, &q, job->m.start, &r, &how) == AS_OK;
        if (!alone && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
        if (!alone) as_forget_error(ctx);
        g->own_good = alone && (s == 0 || g->own_good);
        g->own_cost += r.cost;
        g->own_dof += r.dof;
        for (size_t k = 0; k < g->columns; k++) {
            const size_t c = place(g, s, k);
            if (alone)
                g->start[c] += (r.p[k] - g->start[c]) / (double)++g->count[c];
            else if (g->count[c] == 0)
                g->start[c] = job->m.start[k];
        }
    }
    for (size_t c = 0; c < g->m; c++) g->start[c] = fmin(g->hi[c], fmax(g->lo[c], g->start[c]));
    return AS_OK;
}

static void evaluate(void *user, const double *p, double *f, double *J, size_t stride)
{
    together *g = user;
    for (size_t s = 0; s < g->n_series; s++) {
        const as_fit_job *job = &g->job[s];
        const size_t first = g->first[s], part = as_lanes(job->p.n);
        for (size_t k = 0; k < g->columns; k++) g->p[k] = p[place(g, s, k)];
        job->q.model(job->q.user, g->p, g->f, J ? g->f + part : NULL, part);
        memcpy(f + first, g->f, part * sizeof *f);
        for (size_t k = 0; J && k < g->columns; k++)
            memcpy(J + g->column[k] * stride + first, g->f + (k + 1) * part, part * sizeof *J);
    }
}

/* The part of the result that is one series', the statistics those of all. */
static as_status part_of(as_ctx *ctx, const together *g, size_t s, const as_ls_result *r)
{
    as_fit_job *job = &g->job[s];
    const size_t m = g->columns;
    const double *covariance = r->covariance + s * m * m;
    double *v = AS_NEW_N(as_scratch(ctx), double, m * (m + 2) + 1);
    job->r = *r;
    job->r.p = v;
    job->r.u = v + m;
    job->r.covariance = v + 2 * m;
    job->r.at_bound = AS_NEW_N(as_scratch(ctx), bool, m + 1);
    job->r.f = r->f + g->first[s];
    if (!v || !job->r.at_bound) return AS_ERR;
    for (size_t k = 0; k < m; k++) {
        const size_t c = place(g, s, k);
        job->r.p[k] = r->p[c];
        job->r.u[k] = r->u[c];
        job->r.at_bound[k] = r->at_bound[c];
        for (size_t i = 0; i < m; i++)
            job->r.covariance[k * m + i] = covariance[g->column[k] * m + g->column[i]];
    }
    as_model_take(&job->m, &job->r);
    return AS_OK;
}

/* Positions, widths and other parameters of the peaks that are free: all but heights and areas. */
static as_status shape_parameters(as_run *run, together *g)
{
    const as_fit_settings *set = run->settings;
    as_model m;
    g->shared = "";
    AS_TRY(as_model_parse(run->ctx, as_scratch(run->ctx), set->model, NULL, &m));
    for (size_t i = 0; i < m.n_terms; i++)
        for (size_t k = 1; k < m.term[i].n_params; k++) {
            const as_model_param *q = &m.param[m.term[i].first + k];
            if (!m.term[i].shape || m.term[i].shape->kind != AS_SHAPE_PEAK) continue;
            if (q->fixed || q->rule || q->tie >= 0 || q->tie_name) continue;
            g->shared = as_format(as_scratch(run->ctx), "%s%s%s.%s", g->shared, *g->shared ? "," : "",
                                  m.term[i].label, q->name);
            if (!g->shared) return AS_ERR;
        }
    return *g->shared ? AS_OK : as_fail(run->ctx, AS_E_USAGE, NULL, "no peak of the model has a free shape");
}

static as_status check_test(as_run *run, const as_held *held, const together *g)
{
    if (held->n < 2)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "one series has no shape in common: expected two or more");
    for (size_t k = 0; k < g->job[0].q.m && !g->job[0].q.sigma; k++)
        if (!isnan(g->job[0].q.restraint[k]))
            return as_fail(run->ctx, AS_E_USAGE, NULL, "restraints need a column sigma here");
    return AS_OK;
}

static double aicc_of(const together *g, double cost, size_t dof)
{
    const double n = (double)g->points;
    const double k = n - (double)dof + (g->job[0].q.sigma ? 0 : 1); /* an unknown sigma is one more */
    return (g->job[0].q.sigma ? cost : n * log(cost / n)) + 2 * k + 2 * k * (k + 1) / (n - k - 1);
}

/* The fit with shapes in common against one with shapes of its own for each series. */
static as_status judge(as_run *run, as_table *t, const together *g, const as_ls_result *r)
{
    as_ctx *ctx = run->ctx;
    double p = NAN, f = NAN, gain = NAN;
    if (g->own_good && r->dof > g->own_dof) {
        const double own = fmin(g->own_cost, r->cost); /* above it by rounding only */
        f = as_fit_f(r->cost, (double)r->dof, own, (double)g->own_dof, &p);
        gain = aicc_of(g, r->cost, r->dof) - aicc_of(g, g->own_cost, g->own_dof);
    }
    const char *flag = isnan(p) ? "failed" : "ok";
    const char *verdict = isnan(p)                 ? "failed"
                          : p >= 0.05 && gain <= 0 ? "same"
                          : p < 0.05 && gain > 2   ? "different"
                                                   : "undecided";
    const char *how = as_format(t->arena, "shared %s, against shapes of its own for each series", g->shared);
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "shape", "f_statistic", f, 0, "1", flag, how));
    AS_TRY(as_add_quantity(ctx, t, "shape", "p_value", p, 0, "1", flag, how));
    AS_TRY(as_add_quantity(ctx, t, "shape", "delta_aicc", gain, 0, "1", flag,
                           "AICc of the shared shape less that of shapes of their own"));
    return as_add_quantity(ctx, t, "shape", "verdict", NAN, NAN, "1", verdict,
                           "same: p at least 0.05 and AICc for it; different: p below 0.05 and AICc against it by 2");
}

static as_status undetermined(as_ctx *ctx, const as_held *held, const together *g, size_t c)
{
    const size_t all = g->n_series * g->own, at = c < all ? c % g->own : g->own + c - all;
    size_t k = 0;
    while (k + 1 < g->columns && g->column[k] != at) k++;
    const char *series = c < all ? held->t[c / g->own]->name : "";
    return as_fail(ctx, AS_E_NUMERIC, NULL, "the data do not determine %s%s%s apart from the others",
                   g->name[k], c < all ? " of series " : "", series ? series : "?");
}

static as_status finish(as_run *run)
{
    const as_fit_settings *set = run->settings;
    const bool test = run->op->method != NULL; /* same-shape */
    as_held *held = run->state;
    as_ctx *ctx = run->ctx;
    together g = { 0 };
    as_ls_result r;
    const char *how;
    if (held->n == 0) return AS_OK;
    g.shared = set->shared;
    if (!g.shared) AS_TRY(shape_parameters(run, &g));
    AS_TRY(prepare(run, held, &g));
    if (test) AS_TRY(check_test(run, held, &g));
    AS_TRY(starts(run, &g));
    const as_ls_blocks blocks = { .n = g.n_series, .own = g.own, .first = g.first, .count = g.rows };
    as_ls_problem q = g.job[0].q;
    q.n = g.n;
    q.m = g.m;
    q.y = g.y;
    q.sigma = g.job[0].q.sigma ? g.sigma : NULL;
    q.model = evaluate;
    q.user = &g;
    q.lo = g.lo;
    q.hi = g.hi;
    q.restraint = g.restraint;
    q.restraint_u = g.restraint_u;
    q.linear = NULL;
    q.blocks = &blocks;
    if (as_fit_minimise(run, &q, g.start, &r, &how) != AS_OK) {
        if (as_pending(ctx) != AS_E_NUMERIC || r.state != AS_LS_SINGULAR) return AS_ERR;
        return undetermined(ctx, held, &g, r.culprit);
    }
    for (size_t s = 0; s < g.n_series; s++) {
        as_fit_job *job = &g.job[s];
        AS_TRY(part_of(ctx, &g, s, &r));
        job->how = as_format(held->t[s]->arena, "%s, %zu series together, shared %s", how,
                             g.n_series, g.shared);
        if (!job->how) return AS_ERR;
        if (s == 0) as_fit_warn(run, held->t[s], &job->m, &job->r);
        AS_TRY(as_fit_report(run, held->t[s], job, true));
        if (test) AS_TRY(judge(run, held->t[s], &g, &r));
        AS_TRY(as_emit(run->out, ctx, held->t[s]));
    }
    return AS_OK;
}

static const as_param test_params[] = {
    AS_STRING(as_fit_settings, model, "model", NULL,
              "sum of shapes: pvoigt(a) center=5.8 + linear; @FILE where it is long"),
    AS_STRING(as_fit_settings, shared, "shared", "",
              "parameters that all series share; none: all of the peaks but heights and areas"),
    AS_RANGES(as_fit_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_COLUMN(as_fit_settings, baseline, "baseline", "", "column taken off y before, by name or role"),
    AS_CHOICE(as_fit_settings, weights, "weights", "auto", as_fit_weights, "weights of the rows"),
    AS_CHOICE(as_fit_settings, errors, "errors", "auto", as_fit_errors, "kind of the uncertainties"),
    AS_INT(as_fit_settings, iterations, "iterations", "500", 1, 100000, "steps before giving up"),
    AS_BOOL(as_fit_settings, fractions, "fractions", "no", "area of each peak over that of all"),
    AS_PARAMS_END
};
static const as_give test_gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MODEL, .name = "model", .help = "the sum" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_OTHER, .name = "residual", .help = "y minus model" },
    { .kind = AS_NEED_RESULT, .name = "f_statistic", .unit = "1", .help = "of the shared shape" },
    { .kind = AS_NEED_RESULT, .name = "p_value", .unit = "1", .help = "small: the shapes differ" },
    { .kind = AS_NEED_RESULT, .name = "delta_aicc", .unit = "1", .help = "above 0: the shapes differ" },
    { .kind = AS_NEED_RESULT, .name = "verdict", .unit = "1", .help = "same, different or undecided" },
    { 0 }
};
static const as_example test_examples[] = {
    { "a peak and the same one moved", "assay calc x='x+0.05' tests/corpus/fit/one-peak.xy | assay cat "
      "tests/corpus/fit/one-peak.xy - | assay same-shape --model \"pvoigt(111) + linear\""
      " | assay results --item shape" },
    { 0 }
};
static const char *const test_see_also[] = { "fit-global", "trend", "solvation", NULL };

static const as_example examples[] = {
    { "two curves, position and width in common",
      "assay cat tests/corpus/fit/one-peak.xy tests/corpus/fit/one-peak.xy | assay fit-global "
      "--model \"pvoigt(111) + linear\" --shared center,fwhm,eta | assay results" },
    { 0 }
};
static const char *const see_also[] = { "fit", "fit-series", "results", NULL };

const as_op as_op_fit_global = {
    .name = "fit-global",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(as_fit_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = as_fit_needs,
    .gives = as_fit_gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "fit one model to all series at once, with parameters in common",
             .description =
                 "The model is written as for `fit`. A parameter that `--shared` names, for one term "
                 "(a.fwhm) or for all (fwhm), has one value in all series; every other one has a value "
                 "in each. Every series gets its results and columns as from `fit`; a shared "
                 "parameter appears in each with the same value. chi2, degrees of freedom, AICc and "
                 "BIC are those of the whole fit. Without sigma all series are taken to be equally "
                 "noisy.\n\n"
                 "Each series is first fitted alone for the starts. The whole stream is held until "
                 "it ends; a fit that fails gives no output, and exit status 4.",
             .examples = examples,
             .see_also = see_also },
};

const as_op as_op_same_shape = {
    .name = "same-shape",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(as_fit_settings),
    .state_size = sizeof(as_held),
    .params = test_params,
    .needs = as_fit_needs,
    .gives = test_gives,
    .series = gather,
    .finish = finish,
    .method = test_params,
    .doc = { .summary = "test whether peaks of a series keep positions and widths",
             .description =
                 "The model is fitted to all series at once with the shapes of the peaks in common, heights or "
                 "areas and backgrounds free in each, and to each series by itself. Item *shape* has the F test of the "
                 "two and the difference of AICc. The verdict is *same* when the F test finds no difference at "
                 "5 % and AICc prefers the common shape, *different* when both are against it (AICc by 2), else "
                 "*undecided*. The other results are those of the common shape, as from `fit-global`.\n\n"
                 "Without sigma all series are taken to be equally noisy: where counts fall along the series, take "
                 "data with sigma. A difference that the noise hides is not found: look at the uncertainties of the "
                 "single fits for what could have been.",
             .examples = test_examples,
             .see_also = test_see_also },
};
