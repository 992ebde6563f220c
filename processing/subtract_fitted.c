/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subtract-fitted: solvent, host or vapour spectra taken off, each with the factor that fits best. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "linear_fit.h"
#include "op.h"
#include "other_series.h"

enum { MOST_OTHERS = 8, MOST_DEGREE = 6 };

typedef struct {
    as_tables other;
    as_ranges region;
    int degree;
    bool interpolate;
} fitted_settings;

static const as_param params[] = {
    AS_TABLES(fitted_settings, other, "other", NULL,
              "file of the series to take off: each of them with a factor of its own"),
    AS_RANGES(fitted_settings, region, "region", "", NULL,
              "parts of x in which the factors are fitted; none: all"),
    AS_INT(fitted_settings, degree, "degree", "1", -1, MOST_DEGREE,
           "of the polynomial that is fitted along and left in; -1: none"),
    AS_BOOL(fitted_settings, interpolate, "interpolate", "no",
            "draw lines between the points of the others where x differs"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "as in the other series" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true, .help = "weights of the fit" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the difference" },
    { .kind = AS_NEED_RESULT, .name = "factor", .unit = "1", .help = "of each other series" },
    { .kind = AS_NEED_RESULT, .name = "points_used", .unit = "1", .help = "in the fit" },
    { .kind = AS_NEED_META, .name = "processed", .unit = "", .help = "subtracted" },
    { 0 }
};

typedef struct {
    size_t n, others, m; /* rows of the curve, series to take off, columns of the fit */
    double *y[MOST_OTHERS], *sigma[MOST_OTHERS];
    bool all_sigma;
} parts;

/* The others on the rows of the curve, in its unit of y. */
static as_status load(as_run *run, const as_curve *c, parts *p)
{
    const fitted_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    *p = (parts){ .n = c->n, .others = set->other.n, .all_sigma = true };
    if (p->others == 0 || p->others > MOST_OTHERS)
        return as_fail(ctx, AS_E_MISSING, NULL, "%s holds %zu series, expected 1 to %d",
                       set->other.from, p->others, MOST_OTHERS);
    for (size_t k = 0; k < p->others; k++) {
        bool has_sigma = false;
        p->y[k] = AS_NEW_N(as_scratch(ctx), double, 2 * c->n);
        if (!p->y[k]) return AS_ERR;
        p->sigma[k] = p->y[k] + c->n;
        AS_TRY(as_other_on_rows(ctx, c, set->other.t[k], set->interpolate, p->y[k], p->sigma[k],
                                &has_sigma));
        const as_unit unit = as_find_role(set->other.t[k], AS_ROLE_Y)->unit;
        const double scale = as_unit_scale(1, &unit, &c->y_column->unit);
        if (isnan(scale))
            return as_fail(ctx, AS_E_UNIT, NULL, "the other series has y in %s, this one in %s",
                           unit.symbol, c->y_column->unit.symbol);
        for (size_t i = 0; i < 2 * c->n; i++) p->y[k][i] *= scale;
        if (!has_sigma) p->all_sigma = false;
    }
    return AS_OK;
}

/* Rows of the region where all are numbers; t runs from -1 to 1 over them. */
static as_status choose(as_run *run, const as_curve *c, const parts *p, size_t *row, double *t,
                        size_t *n)
{
    const fitted_settings *set = run->settings;
    as_ranges region;
    double lo = INFINITY, hi = -INFINITY;
    AS_TRY(as_ranges_along(run->ctx, as_scratch(run->ctx), &set->region, &c->x_column->unit, &region));
    *n = 0;
    for (size_t i = 0; i < c->n; i++) {
        bool good = c->use[i] > 0 && as_in_ranges(&region, c->x[i]);
        if (c->sigma && !(c->sigma[i] > 0 && isfinite(c->sigma[i]))) good = false;
        for (size_t k = 0; good && k < p->others; k++) good = isfinite(p->y[k][i]);
        if (!good) continue;
        row[(*n)++] = i;
        lo = fmin(lo, c->x[i]);
        hi = fmax(hi, c->x[i]);
    }
    for (size_t i = 0; i < *n; i++) t[i] = hi > lo ? (2 * c->x[row[i]] - lo - hi) / (hi - lo) : 0;
    if (*n <= p->m)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "%zu points in the region, expected more than the %zu coefficients", *n, p->m);
    return AS_OK;
}

/* The fit; where all have a sigma its square is that of the difference, by the factors of the round
 * before. u is never less than the scatter of the residuals says. */
static as_status fit(as_run *run, const as_curve *c, parts *p, as_linear_fit *out)
{
    const fitted_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    p->m = p->others + (size_t)(set->degree + 1);
    size_t n, *row = AS_NEW_N(as_scratch(ctx), size_t, c->n + 1);
    double *w = AS_NEW_N(as_scratch(ctx), double, (c->n + 1) * (p->m + 3));
    if (!row || !w) return AS_ERR;
    double *t = w, *y = w + c->n, *sigma = y + c->n;
    const double *x[MOST_OTHERS + MOST_DEGREE + 1];
    AS_TRY(choose(run, c, p, row, t, &n));
    for (size_t k = 0; k < p->m; k++) {
        double *to = sigma + (k + 1) * c->n;
        for (size_t i = 0; i < n; i++)
            to[i] = k < p->others ? p->y[k][row[i]] : pow(t[i], (double)(k - p->others));
        x[k] = to;
    }
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < n; i++) {
            y[i] = c->y[row[i]];
            double s = c->sigma ? c->sigma[row[i]] : 1;
            for (size_t k = 0; k < p->others && p->all_sigma && round > 0; k++)
                s = hypot(s, out->p[k] * p->sigma[k][row[i]]);
            sigma[i] = s;
        }
        AS_TRY(as_fit_linear(ctx, as_scratch(ctx), n, p->m, x, y, c->sigma ? sigma : NULL, true, out));
        if (!c->sigma) break;
    }
    const double birge = sqrt(out->chi2 / (double)out->dof);
    for (size_t k = 0; k < p->m && c->sigma && birge > 1; k++) out->u[k] *= birge;
    return AS_OK;
}

static as_status give(as_run *run, as_table *t, const parts *p, const as_linear_fit *f)
{
    const fitted_settings *set = run->settings;
    for (size_t k = 0; k < p->others; k++) {
        const char *item = set->other.t[k]->name;
        if (!item || as_get_result(t, item, "factor"))
            item = as_format(as_scratch(run->ctx), "other %zu", k + 1);
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(run->ctx, t, item, "factor", f->p[k], f->u[k], "1", NULL,
                               "least_squares_with_polynomial"));
    }
    return as_add_quantity(run->ctx, t, "subtract-fitted", "points_used", (double)(f->dof + p->m), NAN,
                           "1", NULL, NULL);
}

static as_status series(as_run *run, as_table *owned)
{
    as_curve c;
    parts p;
    as_linear_fit f;
    AS_TRY(as_curve_of(run->ctx, owned, 1, &c));
    AS_TRY(load(run, &c, &p));
    AS_TRY(fit(run, &c, &p, &f));
    if (!p.all_sigma) as_drop_sigma(owned);
    as_column *sigma = as_find_role(owned, AS_ROLE_SIGMA);
    for (size_t k = 0; k < p.others; k++)
        for (size_t i = 0; i < c.n; i++) {
            c.y[i] -= f.p[k] * p.y[k][i];
            if (sigma) sigma->v.f[i] = hypot(sigma->v.f[i], f.p[k] * p.sigma[k][i]);
        }
    AS_TRY(give(run, owned, &p, &f));
    AS_TRY(as_mark_processed(run->ctx, owned, "subtracted"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "a solvent and water vapour taken off, fitted where the solute has no bands",
      "assay subtract-fitted --other tests/corpus/ftir/solvent-vapour.ecsv --region 1300:1640,1800:2000"
      " tests/corpus/ftir/solution.ecsv | assay results" },
    { 0 }
};
static const char *const see_also[] = { "subtract", "atr", "fit", NULL };

const as_op as_op_subtract_fitted = {
    .name = "subtract-fitted",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(fitted_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "take other series off with fitted factors",
             .description =
                 "y is fitted in the regions by a sum of the other series, each times a factor, and a "
                 "polynomial; by linear least squares, weighted where y has a sigma. The others are "
                 "then taken off at all x; the polynomial is not.\n\n"
                 "Choose regions where only the others have bands: a band of the sample there goes "
                 "into the factors. The uncertainties are those of the noise, or of the scatter about "
                 "the fit where that is larger; they know nothing of bands that shift or widen in the "
                 "mixture. Noise of the others makes the factors too small, by its share of the "
                 "variance of the others in the region: take spectra quieter than the sample's. The "
                 "uncertainty of the factors is not in the sigma of the difference, since it is one "
                 "error common to all rows.",
             .examples = examples,
             .see_also = see_also },
};
