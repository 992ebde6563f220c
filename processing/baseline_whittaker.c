/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-asls, -iasls, -airpls, -arpls, -drpls, -iarpls, -aspls, -psalsa, -derpsalsa,
 * -brpls, -lsrpls: penalised least squares with asymmetric weights.
 *
 * All draw a Whittaker curve (whittaker.h) through the data and reweight the rows from the
 * side on which they lie (reweight.h); one row of a method's table says by which rule. The
 * smoothness is given as a width: the period of the waves that the curve follows at half
 * height, in units of x or in points; `--lambda` takes the literature's number instead.
 */
#include <math.h>

#include "curve.h"
#include "op.h"
#include "reweight.h"
#include "whittaker.h"

typedef struct {
    as_width width;
    double lambda, asymmetry, scale, slope_lambda, eta, tolerance;
    int iterations;
    bool subtract;
} whittaker_settings;

typedef enum { PLAIN, IASLS, DRPLS, ASPLS, DERPSALSA, BRPLS } variant;
typedef struct { as_rule rule; variant variant; } method;

#define WIDTH                                                                                    \
    AS_WIDTH(whittaker_settings, width, "width", "200pt",                                        \
             "period of the waves that the baseline follows at half height"),                    \
    AS_DOUBLE(whittaker_settings, lambda, "lambda", "0", 0, 1e30, NULL,                          \
              "smoothness as in the literature, for the points as they are; 0: from the width")
#define TOLERANCE(t)                                                                             \
    AS_DOUBLE(whittaker_settings, tolerance, "tolerance", t, 0, 1, NULL,                         \
              "relative change of the weights at which they count as still")
#define LAST(n)                                                                                  \
    AS_INT(whittaker_settings, iterations, "iterations", n, 1, 10000,                            \
           "reweightings before giving up"),                                                     \
    AS_BOOL(whittaker_settings, subtract, "subtract", "no", "also take it off y, for figures"),  \
    AS_PARAMS_END
#define ASYMMETRY(p)                                                                             \
    AS_DOUBLE(whittaker_settings, asymmetry, "asymmetry", p, 1e-9, 0.999999, NULL,               \
              "weight p of rows above the baseline; those below have 1 - p")
#define SCALE                                                                                    \
    AS_DOUBLE(whittaker_settings, scale, "scale", "0", 0, 1e300, NULL,                           \
              "height in units of y beyond which rows fade; 0: a tenth of the standard "         \
              "deviation of y")

static const as_param params_asls[] = { WIDTH, ASYMMETRY("0.01"), TOLERANCE("0"), LAST("100") };
static const as_param params_iasls[] = {
    WIDTH, ASYMMETRY("0.01"),
    AS_DOUBLE(whittaker_settings, slope_lambda, "slope-lambda", "0.0001", 0, 1e30, NULL,
              "weight of the match of first differences with those of the data"),
    TOLERANCE("0"), LAST("100")
};
static const as_param params_airpls[] = {
    WIDTH,
    AS_DOUBLE(whittaker_settings, tolerance, "tolerance", "0.001", 0, 1, NULL,
              "sum of the residuals below the baseline, relative to the sum of y, that ends it"),
    LAST("50")
};
static const as_param params_plain[] = { WIDTH, TOLERANCE("0.001"), LAST("200") };
static const as_param params_drpls[] = {
    WIDTH,
    AS_DOUBLE(whittaker_settings, eta, "eta", "0.5", 0, 0.95, NULL,
              "how much less rows of the baseline are smoothed than those of peaks"),
    TOLERANCE("0.001"), LAST("200")
};
static const as_param params_aspls[] = {
    WIDTH,
    AS_DOUBLE(whittaker_settings, asymmetry, "steepness", "2", 0.01, 100, NULL,
              "slope of the logistic weights"),
    TOLERANCE("0.001"), LAST("200")
};
static const as_param params_psalsa[] = {
    WIDTH, ASYMMETRY("0.5"), SCALE, TOLERANCE("0.001"), LAST("200")
};
static const as_param params_derpsalsa[] = {
    WIDTH, ASYMMETRY("0.01"), SCALE, TOLERANCE("0.001"), LAST("200")
};

/* One series on its way through a method. */
typedef struct {
    const whittaker_settings *set;
    size_t n;
    double lambda;
    double *y, *w, *z, *work, *extra; /* y 0 where use is 0; extra: 5 n */
    const double *use;
} task;

static void draw_plain(void *self, const double *w, double *z)
{
    const task *t = self;
    as_whittaker(t->n, t->y, w, t->lambda, t->work, z);
}

/* He et al. 2014: W'W in place of W, and lambda_1 times the squared differences of y - z. */
static void draw_iasls(void *self, const double *w, double *z)
{
    const task *t = self;
    double *w2 = t->extra, *r = w2 + t->n, *slope = r + t->n, *slope_w = slope + t->n;
    for (size_t i = 0; i < t->n; i++) {
        w2[i] = w[i] * w[i];
        r[i] = w2[i] * t->y[i];
        slope[i] = i ? t->y[i] - t->y[i - 1] : 0;
        slope_w[i] = i ? t->set->slope_lambda * t->use[i] * t->use[i - 1] : 0;
    }
    as_whittaker_order(t->n, 2, r, w2, t->lambda, slope, slope_w, t->work, z);
}

/* Xu et al. 2019: (W + D1'D1 + lambda (I - eta W) D2'D2) z = W y. Each row over 1 - eta w,
 * with S = 1 / (1 - eta w):  (S W + m D1'D1 + lambda D2'D2) z = S W y + (m - S) D1'D1 z
 * and m half-way between the least and largest S, which iterated contracts at least by
 * (Smax - Smin) / (Smax + Smin). z comes in as the last curve. */
static void draw_drpls(void *self, const double *w, double *z)
{
    const task *t = self;
    const size_t n = t->n;
    const double m = 0.5 * (1 + 1 / (1 - t->set->eta));
    double *sw = t->extra, *r = sw + n, *slope = r + n, *slope_w = slope + n, *next = slope_w + n;
    for (size_t i = 0; i < n; i++) {
        sw[i] = w[i] / (1 - t->set->eta * w[i]);
        slope[i] = 0;
        slope_w[i] = m;
    }
    for (int round = 0; round < 500; round++) {
        double move = 0, size = 0;
        for (size_t i = 0; i < n; i++) {
            const double s = 1 / (1 - t->set->eta * w[i]);
            const double d = (i ? z[i] - z[i - 1] : 0) - (i + 1 < n ? z[i + 1] - z[i] : 0);
            r[i] = sw[i] * t->y[i] + (m - s) * d;
        }
        as_whittaker_order(n, 2, r, sw, t->lambda, slope, slope_w, t->work, next);
        for (size_t i = 0; i < n; i++) {
            move = fmax(move, fabs(next[i] - z[i]));
            size = fmax(size, fabs(next[i]));
            z[i] = next[i];
        }
        if (move <= 1e-11 * size) return;
    }
}

/* Zhang et al. 2020: (W + lambda diag(a) D'D) z = W y with a = |r| / max |r|. Each row over
 * its a leaves a Whittaker curve with weights w / a. */
static as_status aspls(as_ctx *ctx, const as_reweighting *how, task *t)
{
    double *over = t->extra;
    for (size_t i = 0; i < t->n; i++) over[i] = t->w[i];
    double change = NAN;
    for (int round = 1; round <= how->iterations; round++) {
        double most = 0;
        as_whittaker(t->n, t->y, over, t->lambda, t->work, t->z);
        change = as_reweight_once(how, round, t->n, t->y, t->use, t->z, t->w);
        if (isnan(change) || change <= how->tolerance) return AS_OK;
        for (size_t i = 0; i < t->n; i++)
            most = fmax(most, fabs(t->y[i] - t->z[i]) * t->use[i]);
        for (size_t i = 0; i < t->n; i++)
            over[i] = t->w[i] * most / fmax(fabs(t->y[i] - t->z[i]), 1e-10 * most);
    }
    return as_not_settled(ctx, "the weights still change", change, how->iterations, "iterations");
}

/* Wang et al. 2022: beta, the share of rows in peaks, is what the weights leave of 1. */
static as_status brpls(as_ctx *ctx, as_reweighting how, task *t)
{
    double beta = 0.5;
    size_t used = 0;
    for (size_t i = 0; i < t->n; i++) used += t->use[i] > 0;
    for (int round = 0; round < 100; round++) {
        how.asymmetry = beta;
        if (as_reweight(ctx, &how, t->n, t->y, t->use, (as_smoother){ draw_plain, t }, t->w,
                        t->z) != AS_OK)
            as_forget_error(ctx); /* judged below */
        double mean = 0;
        for (size_t i = 0; i < t->n; i++) mean += t->w[i] / (double)used;
        const double now = fmin(fmax(1 - mean, 1e-6), 1 - 1e-6);
        if (fabs(now - beta) < how.tolerance) return AS_OK;
        beta = now;
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL, "the share of rows in peaks does not settle (%.3g)", beta);
}

static as_status lambda_of(as_run *run, as_table *owned, double *lambda)
{
    const whittaker_settings *set = run->settings;
    double points;
    *lambda = set->lambda;
    if (set->lambda > 0) return AS_OK;
    AS_TRY(as_width_points(run->ctx, &set->width, owned, &points));
    *lambda = as_whittaker_lambda(points, 2);
    return AS_OK;
}

static as_reweighting rule_of(const as_run *run)
{
    const whittaker_settings *set = run->settings;
    const method *m = run->op->method;
    return (as_reweighting){ .rule = m->rule, .asymmetry = set->asymmetry, .scale = set->scale,
                             .tolerance = set->tolerance, .iterations = set->iterations };
}

static as_status reweighted(as_ctx *ctx, const method *m, as_reweighting how, const as_curve *c,
                            task *t)
{
    as_smoother smooth = { draw_plain, t };
    switch (m->variant) {
    case ASPLS: return aspls(ctx, &how, t);
    case BRPLS: return brpls(ctx, how, t);
    case IASLS: smooth.draw = draw_iasls; break;
    case DRPLS:
        smooth.draw = draw_drpls;
        as_whittaker(t->n, t->y, t->w, t->lambda, t->work, t->z);
        break;
    case DERPSALSA: AS_TRY(as_fade_slopes(ctx, c, c->use)); break;
    case PLAIN: break;
    }
    return as_reweight(ctx, &how, t->n, t->y, t->use, smooth, t->w, t->z);
}

static as_status series(as_run *run, as_table *owned)
{
    as_ctx *ctx = run->ctx;
    const whittaker_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_baseline_curve(ctx, owned, 3, &c));
    const size_t n = c.n, room = as_padded(n) + 8;
    task t = { .set = set, .n = n, .y = as_curve_y(ctx, &c), .use = c.use };
    AS_TRY(lambda_of(run, owned, &t.lambda));
    double *memory = AS_NEW_N(as_scratch(ctx), double, 11 * room);
    if (!t.y || !memory) return AS_ERR;
    t.w = memory;
    t.z = memory + room;
    t.work = memory + 2 * room;
    t.extra = memory + 6 * room;
    for (size_t i = 0; i < n; i++) t.w[i] = c.use[i];

    as_reweighting how = rule_of(run);
    if (!(how.scale > 0)) how.scale = as_tenth_of_spread(&c);
    AS_TRY(reweighted(ctx, run->op->method, how, &c, &t));
    AS_TRY(as_need_finite(ctx, &c, t.z));
    return as_baseline_emit(run, owned, &c, t.z, set->subtract);
}

static as_status alone(as_run *run, as_table *owned)
{
    return run->alone ? run->alone(run, owned) : series(run, owned);
}

/* Eight series in the lanes of vectors; who fails there fails alone, as do all with too few rows. */
static as_status batch(as_run *run, size_t count, as_table *const *owned)
{
    as_ctx *ctx = run->ctx;
    const whittaker_settings *set = run->settings;
    const size_t n = owned[0]->rows;
    as_curve c[AS_LANES];
    double lambda[8], scale[8], *out[8] = { NULL };
    bool done[8], fit[8] = { false };
    as_v8 *memory = AS_NEW_N(as_scratch(ctx), as_v8, 7 * n + 1);
    double *results = AS_NEW_N(as_scratch(ctx), double, 8 * n + 1);
    if (!memory || !results) return AS_ERR;
    as_v8 *y = memory, *use = y + n, *w = use + n, *z = w + n, *work = z + n;
    as_reweighting how = rule_of(run);
    for (size_t k = 0; n < 3 && k < count; k++) AS_TRY(alone(run, owned[k]));
    if (n < 3) return AS_OK;

    for (size_t k = 0; k < 8; k++) {
        lambda[k] = scale[k] = 1;
        if (k >= count) continue;
        fit[k] = as_baseline_curve(ctx, owned[k], 3, &c[k]) == AS_OK &&
                 lambda_of(run, owned[k], &lambda[k]) == AS_OK;
        if (!fit[k]) {
            as_forget_error(ctx);
            lambda[k] = 1;
            continue;
        }
        scale[k] = how.scale > 0 ? how.scale : as_tenth_of_spread(&c[k]);
        out[k] = results + k * n;
        for (size_t i = 0; i < n; i++) {
            use[i][k] = w[i][k] = c[k].use[i];
            y[i][k] = c[k].use[i] > 0 ? c[k].y[i] - c[k].level : 0;
        }
    }
    as_reweight8(&how, scale, lambda, n, y, use, w, z, work, out, done);
    for (size_t k = 0; k < count; k++) {
        bool good = fit[k] && done[k];
        for (size_t i = 0; good && i < n; i++) good = isfinite(out[k][i]);
        if (good)
            AS_TRY(as_baseline_emit(run, owned[k], &c[k], out[k], set->subtract));
        else
            AS_TRY(alone(run, owned[k]));
    }
    return AS_OK;
}

static const char *const see_also[] = { "baseline-snip", "baseline-spread", NULL };

#define WIDTH_TEXT                                                                               \
    "Structure much narrower than *width* counts as peaks, structure much wider as baseline. "   \
    "The width is a length along x, so a recipe survives another step size; `lambda` of the "    \
    "literature is (2 sin(pi/width in points))^-4, about 1e6 for `200pt`.\n\n"                   \
    "The column `baseline` is added and y left alone, unless `--subtract` is given. Rows that "  \
    "are masked or nan have no weight: the baseline bridges them."

/* symbol, name, example and its options, rule, variant, params, batch, summary, what it does, its papers */
#define METHOD(sym, nm, ex, opt, rl, var, prm, btch, sum, text, ...)                                      \
    static const method method_##sym = { rl, var };                                              \
    static const as_example examples_##sym[] = {                                                 \
        { ex, "assay " nm opt " tests/corpus/raman/fluorescence.ecsv | assay plot-lines -o " nm  \
          ".svg" }, { 0 }                                                                        \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "baseline", .effect = AS_ANNOTATES,                                 \
        .settings_size = sizeof(whittaker_settings), .params = prm, .needs = as_baseline_needs,              \
        .gives = as_baseline_gives, .series = series, .batch = btch, .method = &method_##sym,                \
        .doc = { .summary = sum, .description = text "\n\n" WIDTH_TEXT,                          \
                 .references = references_##sym, .examples = examples_##sym, .see_also = see_also },   \
    };

METHOD(baseline_asls, "baseline-asls",
       "one row in a hundred may lie below", " --width 300cm-1 --asymmetry 0.01",
       AS_RULE_ASLS, PLAIN, params_asls, batch,
       "add an asymmetric least squares baseline",
       "A smooth curve is drawn through the data with weight *asymmetry* for rows above it and 1 "
       "minus that for rows below, until no row changes sides.",
       "Eilers 2003, A perfect smoother, Anal. Chem. 75, 3631, doi:10.1021/ac034173t",
       "Eilers 2004, Parametric time warping, Anal. Chem. 76, 404, doi:10.1021/ac034800e")
METHOD(baseline_iasls, "baseline-iasls",
       "the slope of the data followed more closely", " --width 300cm-1 --slope-lambda 0.001",
       AS_RULE_ASLS, IASLS, params_iasls, NULL,
       "add an asymmetric least squares baseline that also follows the data's slope",
       "As `baseline-asls`, with squared weights and a second penalty on the difference between "
       "the slopes of data and baseline.",
       "He et al. 2014, Baseline correction for Raman spectra using an improved asymmetric least "
       "squares method, Anal. Methods 6, 4402, doi:10.1039/C4AY00068D")
METHOD(baseline_airpls, "baseline-airpls",
       "a stiff baseline under broad bands", " --width 400cm-1",
       AS_RULE_AIRPLS, PLAIN, params_airpls, batch,
       "add an adaptive iteratively reweighted baseline",
       "Rows above the curve get no weight, rows below exp(t |r| / sum |r|) in round t, until the "
       "residuals below are small against y. As in the authors' program, the exponent is positive.",
       "Zhang, Chen & Liang 2010, Baseline correction using adaptive iteratively reweighted "
       "penalized least squares, Analyst 135, 1138, doi:10.1039/b922045c")
METHOD(baseline_arpls, "baseline-arpls",
       "a spectrum with its baseline drawn in", " --width 300cm-1",
       AS_RULE_ARPLS, PLAIN, params_plain, batch,
       "add an asymmetrically reweighted baseline that finds the noise level itself",
       "Mean m and standard deviation s of the residuals below the curve describe the noise; the "
       "weight falls as a logistic function around 2 s - m above the curve.",
       "Baek, Park, Ahn & Choo 2015, Baseline correction using asymmetrically reweighted "
       "penalized least squares smoothing, Analyst 140, 250, doi:10.1039/C4AN01061B")
METHOD(baseline_drpls, "baseline-drpls",
       "stiffer still where peaks are", " --width 300cm-1 --eta 0.7",
       AS_RULE_DRPLS, DRPLS, params_drpls, NULL,
       "add a doubly reweighted baseline, stiffer under peaks",
       "The smoothness is weighted too: rows of the baseline are smoothed less by *eta*. The "
       "weights turn from soft to hard as exp(t).",
       "Xu et al. 2019, Baseline correction method based on doubly reweighted penalized least "
       "squares, Appl. Opt. 58, 3913, doi:10.1364/AO.58.003913")
METHOD(baseline_iarpls, "baseline-iarpls",
       "weights that harden with every round", " --width 300cm-1 --iterations 100",
       AS_RULE_IARPLS, PLAIN, params_plain, batch,
       "add an asymmetrically reweighted baseline with weights that harden",
       "The weight is (1 - u / sqrt(1 + u^2)) / 2 with u = e^t (r - 2 s) / s in round t and s the "
       "standard deviation of the residuals below the curve.",
       "Ye et al. 2020, Baseline correction method based on improved asymmetrically reweighted "
       "penalized least squares for Raman spectrum, Appl. Opt. 59, 10933, doi:10.1364/AO.404863")
METHOD(baseline_aspls, "baseline-aspls",
       "smoothness that gives way where there is no peak", " --width 300cm-1 --steepness 1",
       AS_RULE_ASPLS, ASPLS, params_aspls, NULL,
       "add a baseline with an adaptive smoothness",
       "Each row has its own share of the smoothness, |r| over the largest |r|, and a logistic "
       "weight around s - m, standard deviation and mean of the residuals below. The paper prints s "
       "alone, with which its own tables do not come out.",
       "Zhang et al. 2020, Baseline correction for infrared spectra using adaptive smoothness "
       "parameter penalized least squares method, Spectrosc. Lett. 53, 222, "
       "doi:10.1080/00387010.2020.1730908")
METHOD(baseline_psalsa, "baseline-psalsa",
       "rows 40 counts above the baseline fade", " --width 300cm-1 --scale 40",
       AS_RULE_PSALSA, PLAIN, params_psalsa, batch,
       "add a peak-screened asymmetric least squares baseline",
       "Rows above the curve get *asymmetry* times exp(-r / *scale*), rows below 1 minus "
       "asymmetry: tall peaks stop pulling.",
       "Oller-Moreno et al. 2014, Adaptive asymmetric least squares baseline estimation for "
       "analytical instruments, IEEE SSD14, doi:10.1109/SSD.2014.6808837")
METHOD(baseline_derpsalsa, "baseline-derpsalsa",
       "flanks of bands do not count", " --width 300cm-1 --asymmetry 0.02",
       AS_RULE_DERPSALSA, DERPSALSA, params_derpsalsa, NULL,
       "add a peak-screened baseline that also shuns steep rows",
       "As `baseline-psalsa` with exp(-r^2 / 2 scale^2), and rows fade where slope or curvature "
       "of the smoothed data exceed their root mean square.",
       "Korepanov 2020, Asymmetric least-squares baseline algorithm with peak screening for "
       "automatic processing of the Raman spectra, J. Raman Spectrosc. 51, 2061, "
       "doi:10.1002/jrs.5952")
METHOD(baseline_brpls, "baseline-brpls",
       "each row weighed by the chance that it is no peak", " --width 300cm-1",
       AS_RULE_BRPLS, BRPLS, params_plain, NULL,
       "add a baseline whose weights are the probability of no peak",
       "A row is noise, or noise plus an exponentially distributed peak; its weight is the "
       "posterior probability of the first, with the share of peaks found along the way.",
       "Wang et al. 2022, Spectral baseline estimation using penalized least squares with weights "
       "derived from the Bayesian method, Nucl. Sci. Tech. 33, 148, doi:10.1007/s41365-022-01132-8")
METHOD(baseline_lsrpls, "baseline-lsrpls",
       "taken off for a figure", " --width 300cm-1 --subtract",
       AS_RULE_LSRPLS, PLAIN, params_plain, batch,
       "add a locally symmetric reweighted baseline",
       "The weight is a softsign of 10^t (r - 2 s + m) / s in round t, with m and s mean and "
       "standard deviation of the residuals below: nearly equal weights within the noise.",
       "Heng et al. 2018, Baseline correction for Raman spectra based on locally symmetric "
       "reweighted penalized least squares, Chin. J. Lasers 45, 1211001")
