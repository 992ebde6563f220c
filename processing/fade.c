/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fade: three laws of the loss of capacity side by side.
 *   linear       Q = Q0 (1 - r n)
 *   exponential  Q = Q0 exp(-r n)
 *   square root  Q = Q0 (1 - r sqrt(n))       growth of a layer limited by diffusion
 * n counts from the reference cycle.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "least_squares.h"
#include "linear_fit.h"
#include "op.h"

typedef struct {
    double reference, end;
} fade_settings;

static const as_param params[] = { AS_DOUBLE(
                                       fade_settings, reference, "reference", "1", 0, 1e9, NULL,
                                       "cycle from which is counted; rows before it take no part"),
                                   AS_DOUBLE(fade_settings, end, "end", "80%", 1, 99.99, "%",
                                             "of the initial capacity: the end of life"),
                                   AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .unit = "1", .help = "the cycle, as of `cycling`" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "its capacity" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "initial_capacity", .help = "of each law" },
    { .kind = AS_NEED_RESULT, .name = "fade_rate", .unit = "1", .help = "of each law" },
    { .kind = AS_NEED_RESULT,
      .name = "end_of_life",
      .unit = "1",
      .help = "cycle at the end of life" },
    { .kind = AS_NEED_RESULT,
      .name = "aicc",
      .unit = "1",
      .help = "the lowest is the best of the three" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_MODEL,
      .name = "model",
      .help = "the best of the three" },
    { 0 }
};

enum { LINEAR, EXPONENTIAL, ROOT, LAWS };
static const char *const laws[LAWS] = { "linear", "exponential", "square root" };

typedef struct data {
    size_t n;
    double *t, *y; /* cycles since the reference; capacity */
} data;

typedef struct law {
    double q0, r, u_q0, u_r, aicc, durbin_watson;
    double *residual;
} law;

static double share_at(int kind, double r, double t)
{
    return kind == LINEAR ? 1 - r * t : kind == ROOT ? 1 - r * sqrt(t) : exp(-r * t);
}

/* p[0] = Q0, p[1] = r. */
static void exponential(void *user, const double *p, double *f, double *J, size_t stride)
{
    const data *d = user;
    for (size_t i = 0; i < d->n; i++) {
        const double e = exp(-p[1] * d->t[i]);
        f[i] = p[0] * e;
        if (!J) continue;
        J[i] = e;
        J[stride + i] = -p[0] * d->t[i] * e;
    }
}

static void judge(const data *d, law *l)
{
    double chi2 = 0, steps = 0;
    const double n = (double)d->n, k = 3; /* two parameters and the scatter */
    for (size_t i = 0; i < d->n; i++) {
        chi2 += l->residual[i] * l->residual[i];
        if (i)
            steps += (l->residual[i] - l->residual[i - 1]) * (l->residual[i] - l->residual[i - 1]);
    }
    l->aicc = n * log(chi2 / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1);
    l->durbin_watson = steps / chi2;
}

/* Lines in n or its root: r = -slope/Q0, its u with the covariance of both. */
static as_status fit_line(as_ctx *ctx, const data *d, int kind, law *l)
{
    double *x = AS_NEW_N(as_scratch(ctx), double, d->n);
    as_linear_fit f;
    if (!x) return AS_ERR;
    for (size_t i = 0; i < d->n; i++) x[i] = kind == ROOT ? sqrt(d->t[i]) : d->t[i];
    AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), d->n, 1, x, d->y, NULL, false, &f));
    const double gradient[] = { f.p[1] / f.p[0] / f.p[0], -1 / f.p[0] };
    *l = (law){ .q0 = f.p[0],
                .r = -f.p[1] / f.p[0],
                .u_q0 = f.u[0],
                .u_r = as_propagate(2, f.covariance, gradient),
                .residual = f.residual };
    return AS_OK;
}

static as_status fit_exponential(as_ctx *ctx, data *d, const law *start, law *l)
{
    as_ls_result f;
    const double p0[] = { start->q0, start->r };
    const as_ls_problem problem = { .n = d->n, .m = 2, .y = d->y, .model = exponential, .user = d };
    AS_TRY(as_least_squares(ctx, as_scratch(ctx), &problem, p0, &f));
    *l = (law){ .q0 = f.p[0],
                .r = f.p[1],
                .u_q0 = f.u[0],
                .u_r = f.u[1],
                .residual = AS_NEW_N(as_scratch(ctx), double, d->n) };
    for (size_t i = 0; l->residual && i < d->n; i++) l->residual[i] = d->y[i] - f.f[i];
    return l->residual ? AS_OK : AS_ERR;
}

static as_status data_of(as_run *run, const as_curve *c, data *d)
{
    const fade_settings *set = run->settings;
    d->t = AS_NEW_N(as_scratch(run->ctx), double, 2 * c->n + 1);
    if (!d->t) return AS_ERR;
    d->y = d->t + c->n;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->use[i] > 0) || c->x[i] < set->reference) continue;
        d->t[d->n] = c->x[i] - set->reference;
        d->y[d->n++] = c->y[i];
    }
    if (d->n < 5)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "%zu cycles from cycle %g on, expected 5 or more", d->n, set->reference);
    return AS_OK;
}

/* Cycles from the reference to the end; NaN: there is no loss. */
static double end_after(int kind, double r, double share)
{
    if (!(r > 0)) return NAN;
    return kind == LINEAR ? (1 - share) / r
           : kind == ROOT ? (1 - share) * (1 - share) / r / r
                          : -log(share) / r;
}

static as_status give_law(as_run *run, as_table *t, const as_curve *c, const data *d, int kind,
                          const law *l)
{
    const fade_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const double after = end_after(kind, l->r, set->end / 100);
    const double u = after * l->u_r / l->r * (kind == ROOT ? 2 : 1);
    const bool seen = l->r > 2 * l->u_r;
    const char *flag = !seen ? "not_detected" : after > d->t[d->n - 1] ? "extrapolated" : "ok";
    const char *per = kind == ROOT ? "share_per_root_of_cycles" : "share_per_cycle";
    const char *end = as_format(as_scratch(ctx), "%.6g_%%_of_initial_capacity", set->end);
    if (!end) return AS_ERR;
    AS_TRY(as_add_result(ctx, t,
                         &(as_result){ .item = laws[kind],
                                       .quantity = "initial_capacity",
                                       .value = l->q0,
                                       .u = l->u_q0,
                                       .unit = c->y_column->unit,
                                       .flag = "ok",
                                       .method = "least_squares;at_the_reference_cycle" }));
    AS_TRY(as_add_quantity(ctx, t, laws[kind], "fade_rate", l->r, l->u_r, "1",
                           seen ? NULL : "not_detected", per));
    AS_TRY(as_add_quantity(ctx, t, laws[kind], "end_of_life", seen ? set->reference + after : NAN,
                           seen ? u : NAN, "1", flag, end));
    AS_TRY(as_add_quantity(ctx, t, laws[kind], "aicc", l->aicc, NAN, "1", NULL,
                           "n_ln(chi2/n);scatter_unknown"));
    return as_add_quantity(ctx, t, laws[kind], "durbin_watson", l->durbin_watson, NAN, "1", NULL,
                           "of_residuals");
}

static as_status series(as_run *run, as_table *owned)
{
    const fade_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    data d = { 0 };
    law l[LAWS];
    as_curve c;
    int best = 0;
    AS_TRY(as_curve_of(ctx, owned, 5, &c));
    AS_TRY(data_of(run, &c, &d));
    AS_TRY(fit_line(ctx, &d, LINEAR, &l[LINEAR]));
    AS_TRY(fit_line(ctx, &d, ROOT, &l[ROOT]));
    AS_TRY(fit_exponential(ctx, &d, &l[LINEAR], &l[EXPONENTIAL]));
    for (int k = 0; k < LAWS; k++) {
        judge(&d, &l[k]);
        if (l[k].aicc < l[best].aicc) best = k;
    }
    as_column *model = as_curve_column(ctx, owned, "model", AS_ROLE_MODEL, c.y_column->unit);
    if (!model) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++)
        model->v.f[i] = c.x[i] >= set->reference
                            ? l[best].q0 * share_at(best, l[best].r, c.x[i] - set->reference)
                            : NAN;
    for (int k = 0; k < LAWS; k++) AS_TRY(give_law(run, owned, &c, &d, k, &l[k]));
    if (l[best].durbin_watson < 1)
        as_warn(ctx, owned, NULL,
                "residuals of neighbouring cycles depend on each other (Durbin-Watson %.2g): none "
                "of the laws "
                "describes all of this, and the uncertainties are too small",
                l[best].durbin_watson);
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "which law, and when 80 % are left",
      "assay simulate-cycling --capacity 1:191.5,300:171.2 --form exponential | assay cycling | "
      "assay fade"
      " | assay results --quantity end_of_life --quantity aicc" },
    { 0 }
};
static const char *const references[] = {
    "Burnham & Anderson 2002, Model Selection and Multimodel Inference, 2nd ed., Springer: AICc",
    NULL
};
static const char *const see_also[] = { "cycling", "change-points", "fit", NULL };

const as_op as_op_fade = {
    .name = "fade",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(fade_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "laws of the loss of capacity: linear, exponential, square root of cycles",
             .description = "All three are fitted to the same cycles, unweighted, and their AICc "
                            "stand side by side: a "
                            "difference below 2 tells nothing, above 10 very much. The model drawn "
                            "is the best of the three, "
                            "which need not be good: the Durbin-Watson number warns when it is "
                            "not. The end of life beyond the "
                            "last cycle is flagged `extrapolated`, and its uncertainty is that of "
                            "the fit alone: the three laws "
                            "differ by far more there. Formation cycles and events do not belong "
                            "into a fit: begin behind them "
                            "with `--reference`, or crop.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
