/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-polynomial, -modpoly, -imodpoly, -penalized, -quantile, -goldindec: one polynomial
 * over the whole curve, fitted once or again and again so that peaks lose their pull. All
 * share as_polyfit; a row of the method's table holds the loop that drives it.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "polyfit.h"

typedef struct {
    int order, iterations, cost;
    double tolerance, deviations, threshold, asymmetry, quantile, peak_ratio;
    as_ranges regions;
    bool subtract;
} poly_settings;

enum { QUADRATIC, HUBER, INDEC }; /* beyond the threshold: constant, linear, falling */
static const as_choice costs[] = {
    { "quadratic", QUADRATIC, "truncated: rows beyond the threshold have no pull" },
    { "huber", HUBER, "rows beyond the threshold pull with constant force" },
    { "indec", INDEC, "the pull falls as the square of the distance" }, { 0 }
};

#define ORDER(n)                                                                                 \
    AS_INT(poly_settings, order, "order", n, 0, 40, "degree of the polynomial"),                 \
    AS_RANGES(poly_settings, regions, "regions", "", NULL,                                       \
              "stretches of x that are baseline, in its unit; none: all rows")
#define ENDING                                                                                   \
    AS_DOUBLE(poly_settings, tolerance, "tolerance", "0.001", 0, 1, NULL,                        \
              "relative change of the baseline at which it counts as still"),                    \
    AS_INT(poly_settings, iterations, "iterations", "250", 1, 100000, "fits before giving up"),  \
    SUBTRACT
#define SUBTRACT                                                                                 \
    AS_BOOL(poly_settings, subtract, "subtract", "no", "also take it off y, for figures"),       \
    AS_PARAMS_END

static const as_param params_poly[] = { ORDER("2"), SUBTRACT };
static const as_param params_modpoly[] = { ORDER("5"), ENDING };
static const as_param params_imodpoly[] = {
    ORDER("5"),
    AS_DOUBLE(poly_settings, deviations, "deviations", "1", 0, 10, NULL,
              "standard deviations of the residual by which data may top the baseline"),
    ENDING
};
static const as_param params_penalized[] = {
    ORDER("5"),
    AS_CHOICE(poly_settings, cost, "cost", "quadratic", costs, "cost of rows above the threshold"),
    AS_DOUBLE(poly_settings, threshold, "threshold", "0", 0, 1e300, NULL,
              "residual in units of y from which the cost bends; 0: a tenth of the standard "
              "deviation of y"),
    ENDING
};
static const as_param params_quantile[] = {
    ORDER("5"),
    AS_DOUBLE(poly_settings, quantile, "quantile", "0.05", 0.0001, 0.9999, NULL,
              "share of the rows below the baseline"),
    ENDING
};
static const as_param params_goldindec[] = {
    ORDER("5"),
    AS_DOUBLE(poly_settings, peak_ratio, "peak-ratio", "0.5", 0, 0.99, NULL,
              "share of the rows that belong to peaks"),
    ENDING
};

static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to leave out" },
    { 0 }
};

typedef struct {
    as_ctx *ctx;
    const poly_settings *set;
    size_t n;
    double *u, *y, *w, *z; /* w: 1 or 0, the rows that take part */
    double *t, *old, *work;
} task;

static void fit(const task *k, const double *w, const double *y)
{
    as_polyfit(k->n, k->set->order, k->u, w, y, k->work, k->z);
}

/* |z - old| / |old| over the rows that take part; old becomes z. */
static double moved(const task *k)
{
    double change = 0, size = 0;
    for (size_t i = 0; i < k->n; i++) {
        change += k->w[i] * (k->z[i] - k->old[i]) * (k->z[i] - k->old[i]);
        size += k->w[i] * k->old[i] * k->old[i];
        k->old[i] = k->z[i];
    }
    return size > 0 ? sqrt(change / size) : change > 0 ? INFINITY : 0;
}

static as_status endless(const task *k, double change)
{
    return as_not_settled(k->ctx, "the baseline still changes", change, k->set->iterations, "fits");
}

static as_status once(task *k)
{
    fit(k, k->w, k->y);
    return AS_OK;
}

/* Lieber & Mahadevan-Jansen 2003: what tops the fit is cut down to it. */
static as_status modpoly(task *k)
{
    double change = INFINITY;
    memcpy(k->t, k->y, k->n * sizeof *k->t);
    for (int round = 0; round < k->set->iterations; round++) {
        fit(k, k->w, k->t);
        for (size_t i = 0; i < k->n; i++) k->t[i] = fmin(k->t[i], k->z[i]);
        change = moved(k);
        if (round > 0 && change <= k->set->tolerance) return AS_OK;
    }
    return endless(k, change);
}

/* Zhao et al. 2007: cut to the fit plus the deviation of the residual; in the first round the
 * rows above that are taken out for good. */
static as_status imodpoly(task *k)
{
    double last = 0, change = INFINITY;
    memcpy(k->t, k->y, k->n * sizeof *k->t);
    for (int round = 0; round < k->set->iterations; round++) {
        double sum = 0, square = 0, count = 0;
        fit(k, k->w, k->t);
        for (size_t i = 0; i < k->n; i++) {
            count += k->w[i];
            sum += k->w[i] * (k->t[i] - k->z[i]);
        }
        for (size_t i = 0; i < k->n; i++)
            square += k->w[i] * pow(k->t[i] - k->z[i] - sum / count, 2);
        const double spread = sqrt(square / count);
        for (size_t i = 0; i < k->n; i++) {
            const double top = k->z[i] + k->set->deviations * spread;
            if (round == 0 && k->t[i] > top) k->w[i] = 0;
            k->t[i] = fmin(k->t[i], top);
        }
        change = spread > 0 ? fabs(spread - last) / spread : 0;
        if (round > 0 && change <= k->set->tolerance) return AS_OK;
        last = spread;
    }
    return endless(k, change);
}

/* Mazet et al. 2005, half-quadratic: the minimum of sum phi(r), phi = r^2 below the threshold
 * s, by fits of y + d with d = -r + alpha phi'(r) and alpha a little below 1/2. */
static double pull(int cost, double r, double s)
{
    if (r < s) return 2 * r;
    return cost == QUADRATIC ? 0 : cost == HUBER ? 2 * s : -s * s * s / (2 * r * r);
}

static as_status half_quadratic(task *k, int cost, double s)
{
    const double alpha = 0.495;
    double change = INFINITY;
    fit(k, k->w, k->y);
    (void)moved(k);
    for (int round = 0; round < k->set->iterations; round++) {
        for (size_t i = 0; i < k->n; i++) {
            const double r = k->y[i] - k->z[i];
            k->t[i] = k->y[i] - r + alpha * pull(cost, r, s);
        }
        fit(k, k->w, k->t);
        change = moved(k);
        if (change <= k->set->tolerance) return AS_OK;
    }
    return endless(k, change);
}

static as_status penalized(task *k)
{
    double sum = 0, square = 0, count = 0, s = k->set->threshold;
    for (size_t i = 0; i < k->n; i++) {
        count += k->w[i];
        sum += k->w[i] * k->y[i];
    }
    for (size_t i = 0; i < k->n; i++) square += k->w[i] * pow(k->y[i] - sum / count, 2);
    if (!(s > 0)) s = sqrt(square / count) / 10;
    return half_quadratic(k, k->set->cost, s);
}

/* Koenker & Bassett's quantile by weights: tau / |r| above, (1 - tau) / |r| below. */
static as_status quantile(task *k)
{
    double change = INFINITY, size = 0;
    fit(k, k->w, k->y);
    (void)moved(k);
    for (size_t i = 0; i < k->n; i++) size = fmax(size, k->w[i] * fabs(k->y[i] - k->z[i]));
    if (!(size > 0)) return AS_OK;
    for (int round = 0; round < k->set->iterations; round++) {
        for (size_t i = 0; i < k->n; i++) {
            const double r = k->y[i] - k->z[i];
            const double side = r > 0 ? k->set->quantile : 1 - k->set->quantile;
            k->t[i] = k->w[i] * side / fmax(fabs(r), 1e-6 * size);
        }
        fit(k, k->t, k->y);
        change = moved(k);
        if (change <= k->set->tolerance) return AS_OK;
    }
    return endless(k, change);
}

/* Liu et al. 2015: the threshold of the indec cost at which as many rows lie above the
 * baseline, for each below, as their calibration gives for this share of peaks. */
static as_status goldindec(task *k)
{
    const double p = k->set->peak_ratio;
    const double goal = 0.7679 + 11.2358 * p - 39.7064 * p * p + 92.3583 * p * p * p;
    double low = 0, high = 0;
    fit(k, k->w, k->y);
    for (size_t i = 0; i < k->n; i++) high = fmax(high, k->w[i] * (k->y[i] - k->z[i]));
    for (int round = 0; round < 60; round++) {
        const double s = low + 0.618 * (high - low);
        double up = 0, down = 0;
        if (!(s > 0)) return AS_OK;
        AS_TRY(half_quadratic(k, INDEC, s));
        for (size_t i = 0; i < k->n; i++) {
            up += k->w[i] * (k->y[i] > k->z[i]);
            down += k->w[i] * (k->y[i] <= k->z[i]);
        }
        const double off = up / fmax(down, 1) - goal;
        if (fabs(off) <= k->set->tolerance) break;
        if (off > 0) low = s;
        else high = s;
        if (high - low <= 1e-6 * high) break;
    }
    return AS_OK;
}

typedef struct { as_status (*run)(task *); } method;

/* Rows outside the regions of baseline take no part; how many do. */
static size_t within(const poly_settings *set, const as_curve *c, double *w)
{
    size_t left = 0;
    for (size_t i = 0; i < c->n; i++) {
        bool in = set->regions.n == 0;
        for (size_t r = 0; r < set->regions.n && !in; r++)
            in = c->x[i] >= set->regions.v[r].lo && c->x[i] <= set->regions.v[r].hi;
        w[i] = in ? c->use[i] : 0;
        left += w[i] > 0;
    }
    return left;
}

static as_status series(as_run *run, as_table *owned)
{
    const poly_settings *set = run->settings;
    const method *m = run->op->method;
    as_curve c;
    AS_TRY(as_baseline_curve(run->ctx, owned, 1, &c));
    const size_t n = c.n;
    double *memory = AS_NEW_N(as_scratch(run->ctx), double, 8 * n + 1);
    task k = { .ctx = run->ctx, .set = set, .n = n, .y = as_curve_y(run->ctx, &c) };
    if (!memory || !k.y) return AS_ERR;
    k.u = memory;
    k.w = memory + n;
    k.z = memory + 2 * n;
    k.t = memory + 3 * n;
    k.old = memory + 4 * n;
    k.work = memory + 5 * n;
    as_polyfit_scale(n, c.x, k.u);
    const size_t rows = within(set, &c, k.w);
    if (rows <= (size_t)set->order)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "%zu usable rows, a polynomial of order %d needs %d", rows, set->order,
                       set->order + 1);
    AS_TRY(m->run(&k));
    AS_TRY(as_need_finite(run->ctx, &c, k.z));
    return as_baseline_emit(run, owned, &c, k.z, set->subtract);
}

static const char *const see_also[] = { "baseline-arpls", "baseline-spread", NULL };

#define METHOD(sym, nm, ex, opt, fn, prm, sum, text, ...)                                                 \
    static const method method_##sym = { fn };                                                   \
    static const as_example examples_##sym[] = {                                                 \
        { ex, "assay " nm opt " tests/corpus/raman/fluorescence.ecsv | assay plot-lines -o " nm  \
          ".svg" }, { 0 }                                                                        \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "baseline", .effect = AS_ANNOTATES,                                 \
        .settings_size = sizeof(poly_settings), .params = prm, .needs = needs, .gives = as_baseline_gives,   \
        .series = series, .method = &method_##sym,                                               \
        .doc = { .summary = sum,                                                                 \
                 .description = text "\n\nThe polynomial is orthogonal on the very rows, so high " \
                                     "orders are no numerical trouble (but still wiggle). Where " \
                                     "`--regions` are given, only their rows are fitted; the "    \
                                     "baseline is drawn over all.",                              \
                 .references = references_##sym, .examples = examples_##sym, .see_also = see_also },   \
    };

METHOD(baseline_polynomial, "baseline-polynomial",
       "a parabola through the stretches without bands", " --order 2 --regions 200:300,560:660,1020:1080",
       once, params_poly,
       "add a polynomial baseline, fitted once",
       "Least squares with equal weights; choose the rows by `--regions` or a mask.",
       "Forsythe 1957, Generation and use of orthogonal polynomials for data-fitting with a "
       "digital computer, J. SIAM 5, 74, doi:10.1137/0105007")
METHOD(baseline_modpoly, "baseline-modpoly",
       "the polynomial of fluorescence", " --order 5",
       modpoly, params_modpoly,
       "add a polynomial baseline, peaks cut down to it again and again",
       "Data above the fit are replaced by it and fitted again, until nothing changes.",
       "Lieber & Mahadevan-Jansen 2003, Automated method for subtraction of fluorescence from "
       "biological Raman spectra, Appl. Spectrosc. 57, 1363, doi:10.1366/000370203322554518")
METHOD(baseline_imodpoly, "baseline-imodpoly",
       "noise kept out of the cut", " --order 5 --deviations 1",
       imodpoly, params_imodpoly,
       "add a polynomial baseline, peaks cut with regard to the noise",
       "As `baseline-modpoly`, but data may top the fit by the deviation of the residual, and "
       "what tops it in the first round is left out.",
       "Zhao, Lui, McLean & Zeng 2007, Automated autofluorescence background subtraction "
       "algorithm for biomedical Raman spectroscopy, Appl. Spectrosc. 61, 1225, "
       "doi:10.1366/000370207782597003")
METHOD(baseline_penalized, "baseline-penalized",
       "rows above pull with constant force", " --order 5 --cost huber",
       penalized, params_penalized,
       "add a polynomial baseline with a cost that spares peaks",
       "The sum of a cost of the residuals is minimised that is their square below a threshold "
       "and grows less, not at all or falls above it.",
       "Mazet, Carteret, Brie, Idier & Humbert 2005, Background removal from spectra by designing "
       "and minimising a non-quadratic cost function, Chemom. Intell. Lab. Syst. 76, 121, "
       "doi:10.1016/j.chemolab.2004.10.003")
METHOD(baseline_quantile, "baseline-quantile",
       "a twentieth of the rows below", " --order 5 --quantile 0.05",
       quantile, params_quantile,
       "add a polynomial baseline at a quantile of the data",
       "A given share of the rows lies below the polynomial, by iteratively reweighted least "
       "squares.",
       "Komsta 2011, Comparison of several methods of chromatographic baseline removal with a new "
       "approach based on quantile regression, Chromatographia 73, 721, "
       "doi:10.1007/s10337-011-1962-1")
METHOD(baseline_goldindec, "baseline-goldindec",
       "bands on three rows of ten", " --order 5 --peak-ratio 0.3",
       goldindec, params_goldindec,
       "add a polynomial baseline whose threshold follows the share of peaks",
       "As `baseline-penalized --cost indec`; a golden section search finds the threshold at "
       "which the rows above and below stand in the ratio that the share of peaks implies.",
       "Liu et al. 2015, Goldindec: a novel algorithm for Raman spectrum baseline correction, "
       "Appl. Spectrosc. 69, 834, doi:10.1366/14-07798")
