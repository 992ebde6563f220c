/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit-global: one model to all series of the stream at once, with parameters that all share.
 *
 * One least squares problem over the rows of all series. Each series has its own copy of the model;
 * a shared parameter is one column for all of them, every other one a column of its own, whose
 * derivatives are zero in the rows of other series. Starts are the fits of the series one by one.
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
             "NAME = expression of TERM.QUANTITY, may be repeated"),
    AS_CHOICE(as_fit_settings, columns, "columns", "all", as_fit_column_sets,
              "columns that the fit adds; the results are the same"),
    AS_BOOL(as_fit_settings, fractions, "fractions", "no", "area of each peak over that of all"),
    AS_DOUBLE(as_fit_settings, band, "band", "0", 0, 0.999999, NULL,
              "level of columns model_lower and model_upper, 0.95 say; 0: none"),
    AS_PARAMS_END
};

enum { ENTRIES = 30000000 }; /* of the Jacobian, at most: three of them are held */

typedef struct together {
    size_t n_series, n, m, room; /* series, rows, columns */
    as_fit_job *job;
    size_t **column;    /* of each series' columns */
    size_t *first;      /* row of each series */
    const char **name;  /* of columns */
    size_t *count;      /* series that gave a start */
    double *start, *lo, *hi, *restraint, *restraint_u;
    double *y, *sigma;
    double *own, *f;    /* of one series: parameters; values, then slopes */
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

/* Column k of series s among those of all: that of an earlier series when shared. */
static size_t place(as_run *run, together *g, size_t s, size_t k)
{
    const as_ls_problem *q = &g->job[s].q;
    const char *name = as_fit_column_name(run->ctx, &g->job[s].m, k);
    const bool shared = is_shared(g->shared, name);
    size_t c = g->m;
    for (size_t i = 0; shared && i < g->job[0].m.n_columns && s > 0; i++)
        if (strcmp(g->name[g->column[0][i]], name) == 0) c = g->column[0][i];
    const bool fresh = c == g->m;
    if (fresh) g->m++;
    g->name[c] = name;
    g->lo[c] = fresh ? q->lo[k] : fmax(g->lo[c], q->lo[k]);
    g->hi[c] = fresh ? q->hi[k] : fmin(g->hi[c], q->hi[k]);
    g->restraint[c] = q->restraint[k];
    g->restraint_u[c] = q->restraint_u[k];
    return c;
}

/* Columns in common behind all others: the triangle of the problem then fills in nowhere else, and what is
 * zero in the rows of other series stays so through the factorisation. */
static as_status shared_last(as_ctx *ctx, together *g)
{
    size_t *to = AS_NEW_N(as_scratch(ctx), size_t, g->m + 1), at = 0;
    double *was = AS_NEW_N(as_scratch(ctx), double, g->m + 1);
    const char **name = AS_NEW_N(as_scratch(ctx), const char *, g->m + 1);
    double *const all[] = { g->lo, g->hi, g->restraint, g->restraint_u };
    if (!to || !was || !name) return AS_ERR;
    for (int shared = 0; shared < 2; shared++)
        for (size_t c = 0; c < g->m; c++)
            if (is_shared(g->shared, g->name[c]) == (shared == 1)) to[c] = at++;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        memcpy(was, all[i], g->m * sizeof *was);
        for (size_t c = 0; c < g->m; c++) all[i][to[c]] = was[c];
    }
    memcpy(name, g->name, g->m * sizeof *name);
    for (size_t c = 0; c < g->m; c++) g->name[to[c]] = name[c];
    for (size_t s = 0; s < g->n_series; s++)
        for (size_t k = 0; k < g->job[s].m.n_columns; k++) g->column[s][k] = to[g->column[s][k]];
    return AS_OK;
}

static as_status allocate(as_ctx *ctx, together *g, size_t widest)
{
    as_arena *s = as_scratch(ctx);
    double *v = AS_NEW_N(s, double, 5 * g->room + 2 * g->n + 1);
    g->name = AS_NEW_N(s, const char *, g->room + 1);
    g->count = AS_NEW_N(s, size_t, g->room + 1);
    g->column = AS_NEW_N(s, size_t *, g->n_series + 1);
    g->f = AS_NEW_N(s, double, widest + 1);
    g->own = AS_NEW_N(s, double, g->room + 1);
    if (!v || !g->name || !g->count || !g->column || !g->f || !g->own) return AS_ERR;
    g->start = v;
    g->lo = v + g->room;
    g->hi = v + 2 * g->room;
    g->restraint = v + 3 * g->room;
    g->restraint_u = v + 4 * g->room;
    g->y = v + 5 * g->room;
    g->sigma = g->y + g->n;
    return AS_OK;
}

/* Models and rows of all series. */
static as_status prepare(as_run *run, as_held *held, together *g)
{
    const as_fit_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    size_t widest = 0;
    g->n_series = held->n;
    g->job = AS_NEW_N(as_scratch(ctx), as_fit_job, held->n + 1);
    g->first = AS_NEW_N(as_scratch(ctx), size_t, held->n + 1);
    if (!g->job || !g->first) return AS_ERR;
    for (size_t s = 0; s < held->n; s++) {
        as_fit_job *job = &g->job[s];
        AS_TRY(as_fit_prepare(run, held->t[s], set->model, job));
        if (job->has_levels)
            as_warn(ctx, held->t[s], NULL,
                    "the noise of the end levels of the baseline is not in the uncertainties; `fit` has it");
        AS_TRY(as_fit_start(run, job));
        if (!job->q.sigma != !g->job[0].q.sigma || job->q.poisson_scale != g->job[0].q.poisson_scale)
            return as_fail(ctx, AS_E_MISSING, NULL,
                           "series %s and %s differ in sigma or in y per count, expected alike",
                           held->t[0]->name, held->t[s]->name);
        g->first[s] = g->n;
        g->n += job->p.n;
        g->room += job->m.n_columns;
        const size_t size = as_lanes(job->p.n) * (job->m.n_columns + 1);
        if (size > widest) widest = size;
    }
    AS_TRY(allocate(ctx, g, widest));
    for (size_t s = 0; s < held->n; s++) {
        const as_fit_job *job = &g->job[s];
        g->column[s] = AS_NEW_N(as_scratch(ctx), size_t, job->m.n_columns + 1);
        if (!g->column[s]) return AS_ERR;
        for (size_t k = 0; k < job->m.n_columns; k++) g->column[s][k] = place(run, g, s, k);
        memcpy(g->y + g->first[s], job->p.y, job->p.n * sizeof *g->y);
        if (job->q.sigma) memcpy(g->sigma + g->first[s], job->q.sigma, job->p.n * sizeof *g->y);
    }
    AS_TRY(shared_last(ctx, g));
    if ((double)g->n * (double)g->m > ENTRIES)
        return as_fail(ctx, AS_E_LIMIT, NULL,
                       "%zu rows and %zu parameters are more than one fit can hold: share more, fit "
                       "fewer series or less of x at once",
                       g->n, g->m);
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
        for (size_t k = 0; k < job->m.n_columns; k++) {
            const size_t c = g->column[s][k];
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
    if (J) memset(J, 0, g->m * stride * sizeof *J);
    for (size_t s = 0; s < g->n_series; s++) {
        const as_fit_job *job = &g->job[s];
        const size_t n = job->p.n, part = as_lanes(n), m = job->m.n_columns;
        for (size_t k = 0; k < m; k++) g->own[k] = p[g->column[s][k]];
        double *slopes = J ? g->f + part : NULL;
        job->q.model(job->q.user, g->own, g->f, slopes, part);
        memcpy(f + g->first[s], g->f, n * sizeof *f);
        for (size_t k = 0; J && k < m; k++)
            memcpy(J + g->column[s][k] * stride + g->first[s], slopes + k * part, n * sizeof *J);
    }
}

/* The part of the result that is one series', the statistics those of all. */
static as_status part_of(as_ctx *ctx, const together *g, size_t s, const as_ls_result *r)
{
    as_fit_job *job = &g->job[s];
    const size_t m = job->m.n_columns;
    double *v = AS_NEW_N(as_scratch(ctx), double, m * (m + 2) + 1);
    job->r = *r;
    job->r.p = v;
    job->r.u = v + m;
    job->r.covariance = v + 2 * m;
    job->r.at_bound = AS_NEW_N(as_scratch(ctx), bool, m + 1);
    job->r.f = r->f + g->first[s];
    if (!v || !job->r.at_bound) return AS_ERR;
    for (size_t k = 0; k < m; k++) {
        const size_t c = g->column[s][k];
        job->r.p[k] = r->p[c];
        job->r.u[k] = r->u[c];
        job->r.at_bound[k] = r->at_bound[c];
        for (size_t i = 0; i < m; i++)
            job->r.covariance[k * m + i] = r->covariance[c * g->m + g->column[s][i]];
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
    const double n = (double)g->n;
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
    if (as_fit_minimise(run, &q, g.start, &r, &how) != AS_OK) {
        if (as_pending(ctx) != AS_E_NUMERIC || r.state != AS_LS_SINGULAR) return AS_ERR;
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the data do not determine %s apart from the others", g.name[r.culprit]);
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
