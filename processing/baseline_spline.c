/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-pspline-asls, -iasls, -airpls, -arpls, -drpls, -iarpls, -aspls, -lsrpls, -psalsa, -derpsalsa, -brpls,
 * -mpls, baseline-mixture, baseline-irsqr: reweighted P-splines (pspline.h) by the rules of reweight.h and two more;
 * baseline-corner-cutting: a curve of parabolas under the data. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "morphology.h"
#include "op.h"
#include "pspline.h"
#include "reweight.h"
#include "whittaker.h"

typedef struct {
    as_width width, window;
    double lambda, asymmetry, scale, slope_lambda, eta, tolerance;
    int knots, order, iterations;
    bool subtract;
} spline_settings;

#define KNOTS                                                                                    \
    AS_WIDTH(spline_settings, width, "width", "200pt",                                           \
             "period of the waves that the baseline follows at half height"),                    \
    AS_DOUBLE(spline_settings, lambda, "lambda", "0", 0, 1e30, NULL,                             \
              "smoothness of the coefficients as in the literature; 0: from the width"),         \
    AS_INT(spline_settings, knots, "knots", "100", 1, 100000, "even stretches of x, a spline each"), \
    AS_INT(spline_settings, order, "order", "2", 1, 3, "order of the penalised differences")
#define ENDING(tol)                                                                              \
    AS_DOUBLE(spline_settings, tolerance, "tolerance", tol, 0, 1, NULL,                          \
              "relative change of the weights at which they count as still"),                    \
    AS_INT(spline_settings, iterations, "iterations", "200", 1, 10000,                           \
           "reweightings before giving up"),                                                     \
    AS_BOOL(spline_settings, subtract, "subtract", "no", "also take it off y, for figures"),     \
    AS_PARAMS_END
#define ASYMMETRY(p, text) \
    AS_DOUBLE(spline_settings, asymmetry, "asymmetry", p, 1e-9, 0.999999, NULL, text)
#define ABOVE "weight p of rows above the baseline; those below have 1 - p"

static const as_param params_plain[] = { KNOTS, ENDING("0.001") };
static const as_param params_asls[] = { KNOTS, ASYMMETRY("0.01", ABOVE), ENDING("0") };
#define SCALE                                                                                    \
    AS_DOUBLE(spline_settings, scale, "scale", "0", 0, 1e300, NULL,                              \
              "height in units of y beyond which rows fade; 0: a tenth of the standard "         \
              "deviation of y")
static const as_param params_psalsa[] = { KNOTS, ASYMMETRY("0.5", ABOVE), SCALE, ENDING("0.001") };
static const as_param params_derpsalsa[] = {
    KNOTS, ASYMMETRY("0.01", ABOVE), SCALE, ENDING("0.001")
};
static const as_param params_iasls[] = {
    KNOTS, ASYMMETRY("0.01", ABOVE),
    AS_DOUBLE(spline_settings, slope_lambda, "slope-lambda", "0.0001", 0, 1e30, NULL,
              "weight of the match of first differences with those of the data"),
    ENDING("0")
};
static const as_param params_drpls[] = {
    KNOTS,
    AS_DOUBLE(spline_settings, eta, "eta", "0.5", 0, 0.95, NULL,
              "how much less rows of the baseline are smoothed than those of peaks"),
    ENDING("0.001")
};
static const as_param params_aspls[] = {
    KNOTS,
    AS_DOUBLE(spline_settings, asymmetry, "steepness", "2", 0.01, 100, NULL,
              "slope of the logistic weights"),
    ENDING("0.001")
};
static const as_param params_mpls[] = {
    KNOTS,
    AS_WIDTH(spline_settings, window, "window", "80pt",
             "width at its foot of the widest peak to be cut off"),
    AS_BOOL(spline_settings, subtract, "subtract", "no", "also take it off y, for figures"),
    AS_PARAMS_END
};
static const as_param params_irsqr[] = {
    KNOTS,
    AS_DOUBLE(spline_settings, asymmetry, "quantile", "0.05", 0.0001, 0.9999, NULL,
              "share of the rows below the baseline"),
    ENDING("0.001")
};
static const as_param params_corner[] = {
    AS_INT(spline_settings, iterations, "iterations", "100", 1, 100000,
           "rounds of cutting corners before giving up"),
    AS_BOOL(spline_settings, subtract, "subtract", "no", "also take it off y, for figures"),
    AS_PARAMS_END
};

static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan is bridged" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to bridge" },
    { 0 }
};

typedef enum { RULE, IASLS, DRPLS, ASPLS, BAYES, ANCHORS, MIXTURE, QUANTILE, CORNERS } variant;
typedef struct { as_rule rule; variant variant; } method;

typedef struct {
    as_ctx *ctx;
    const spline_settings *set;
    const as_curve *c;
    as_table *table;
    as_pspline spline;
    size_t n;
    double *y, *w, *z, *spare; /* spare: 3 n */
    double *share, *sum;       /* of the coefficients */
} task;

static as_status endless(const task *t, double change)
{
    return as_not_settled(t->ctx, "the weights still change", change, t->set->iterations, "rounds");
}

/* Takes `now` as the weights; how far they moved. */
static double take(const task *t, const double *now)
{
    double change = 0, norm = 0;
    for (size_t i = 0; i < t->n; i++) {
        change += (now[i] - t->w[i]) * (now[i] - t->w[i]);
        norm += t->w[i] * t->w[i];
        t->w[i] = now[i];
    }
    return norm > 0 ? sqrt(change / norm) : 0;
}

static as_status bayes(task *t, as_reweighting how)
{
    double beta = 0.5;
    for (int round = 0; round < 100; round++) {
        how.asymmetry = beta;
        if (as_reweight(t->ctx, &how, t->n, t->y, t->c->use,
                        (as_smoother){ as_pspline_draw, &t->spline }, t->w, t->z) != AS_OK)
            as_forget_error(t->ctx); /* judged by beta */
        double mean = 0;
        for (size_t i = 0; i < t->n; i++) mean += t->w[i] / (double)t->c->used;
        const double now = fmin(fmax(1 - mean, 1e-6), 1 - 1e-6);
        if (fabs(now - beta) < t->set->tolerance) return AS_OK;
        beta = now;
    }
    return as_fail(t->ctx, AS_E_NUMERIC, NULL, "the share of rows in peaks does not settle (%.3g)", beta);
}

/* Squared weights, and the steps of the data where both rows count (He et al. 2014). */
static void draw_iasls(void *self, const double *w, double *z)
{
    task *t = self;
    double *w2 = t->spare, *slope_w = t->spare + t->n;
    const double *use = t->c->use;
    for (size_t i = 0; i < t->n; i++) {
        w2[i] = w[i] * w[i];
        slope_w[i] = i ? t->set->slope_lambda * use[i] * use[i - 1] : 0;
    }
    t->spline.slope_w = slope_w;
    as_pspline_draw(&t->spline, w2, z);
}

/* Each difference is smoothed by 1 - eta w of the rows about it (Xu et al. 2019, I - eta W before D'D; here
 * between D' and D, so that a sum of squares is minimised), and steps cost as from row to row. */
static void draw_drpls(void *self, const double *w, double *z)
{
    task *t = self;
    for (size_t i = 0; i < t->n; i++) t->spare[i] = 1 - t->set->eta * w[i];
    as_pspline_shares(&t->spline, t->spare, t->sum, t->share);
    t->spline.share = t->share;
    t->spline.flat = (double)(t->spline.m - 3) / (double)t->n;
    as_pspline_draw(&t->spline, w, z);
}

/* Each difference is smoothed by |r| over the largest |r| of the rows about it (Zhang et al. 2020). */
static as_status aspls(task *t, const as_reweighting *how)
{
    double change = NAN, *of = t->spare;
    for (int round = 1; round <= how->iterations; round++) {
        double most = 0;
        as_pspline_draw(&t->spline, t->w, t->z);
        change = as_reweight_once(how, round, t->n, t->y, t->c->use, t->z, t->w);
        if (isnan(change) || change <= how->tolerance) return AS_OK;
        for (size_t i = 0; i < t->n; i++) {
            of[i] = fabs(t->y[i] - t->z[i]) * t->c->use[i];
            most = fmax(most, of[i]);
        }
        for (size_t i = 0; i < t->n; i++) of[i] = fmax(of[i], 1e-10 * most) / most;
        as_pspline_shares(&t->spline, of, t->sum, t->share);
        t->spline.share = t->share;
    }
    return endless(t, change);
}

/* Li et al. 2013 with splines: anchors at the lowest row of each flat stretch of the opening. */
static as_status anchors(task *t)
{
    double points, *open = t->spare;
    const double *y = as_curve_bridged(t->ctx, t->c);
    size_t *queue = AS_NEW_N(as_scratch(t->ctx), size_t, t->n);
    if (!queue || !y) return AS_ERR;
    AS_TRY(as_width_points(t->ctx, &t->set->window, t->table, &points));
    as_opening(t->n, (size_t)fmin((points - 1) / 2, (double)t->n), y, queue, t->spare + t->n, open);
    as_opening_anchors(t->n, y, open, t->w);
    for (size_t i = 0; i < t->n; i++) t->w[i] *= t->c->use[i];
    as_pspline_draw(&t->spline, t->w, t->z);
    return AS_OK;
}

/* de Rooi & Eilers 2012: residuals are noise, normal around 0, or peaks, uniform up to the
 * largest; weights are the probability of noise (EM). */
static as_status mixture(task *t)
{
    double share = 0.5, change = INFINITY, *now = t->spare;
    for (int round = 0; round < t->set->iterations; round++) {
        double most = 0, square = 0, norm = 0;
        as_pspline_draw(&t->spline, t->w, t->z);
        for (size_t i = 0; i < t->n; i++) {
            const double r = (t->y[i] - t->z[i]) * t->c->use[i];
            const double w = round ? t->w[i] : t->w[i] * (r < 0);
            most = fmax(most, r);
            square += w * r * r;
            norm += w;
        }
        if (!(square > 0) || !(most > 0)) return AS_OK;
        const double s = sqrt(square / norm);
        double sum = 0;
        for (size_t i = 0; i < t->n; i++) {
            const double r = t->y[i] - t->z[i];
            const double noise = (1 - share) * exp(-0.5 * r * r / (s * s)) / (s * sqrt(2 * acos(-1.0)));
            const double peak = r > 0 ? share / most : 0;
            now[i] = t->c->use[i] * (r > 0 ? noise / (noise + peak) : 1);
            sum += now[i];
        }
        share = fmin(fmax(1 - sum / (double)t->c->used, 1e-6), 1 - 1e-6);
        change = take(t, now);
        if (round > 0 && change <= t->set->tolerance) return AS_OK;
    }
    return endless(t, change);
}

/* Han et al. 2018: a quantile by weights q / |r| above and (1 - q) / |r| below. */
static as_status quantile(task *t)
{
    double change = INFINITY, size = 0, *now = t->spare, *old = t->spare + t->n;
    for (int round = 0; round < t->set->iterations; round++) {
        double move = 0, norm = 0;
        as_pspline_draw(&t->spline, t->w, t->z);
        for (size_t i = 0; i < t->n; i++) {
            const double r = t->y[i] - t->z[i];
            size = fmax(size, fabs(r) * t->c->use[i]);
        }
        for (size_t i = 0; i < t->n; i++) {
            const double r = t->y[i] - t->z[i], q = t->set->asymmetry;
            now[i] = t->c->use[i] * (r > 0 ? q : 1 - q) / fmax(fabs(r), 1e-6 * size);
            if (size > 0) now[i] *= size; /* the smoothness keeps its meaning */
            move += (t->z[i] - old[i]) * (t->z[i] - old[i]);
            norm += t->z[i] * t->z[i];
            old[i] = t->z[i];
        }
        if (!(size > 0)) return AS_OK;
        (void)take(t, now);
        change = norm > 0 ? sqrt(move / norm) : 0;
        if (round > 0 && change <= t->set->tolerance) return AS_OK;
    }
    return endless(t, change);
}

/* Corners that stick out above the line between their neighbours are cut, round by round. The
 * area under what is left falls by less and less while peaks go; the round before it falls by
 * more again, now at the cost of the baseline, is the last. */
static size_t cut(const task *t, size_t m, size_t *row, size_t *next)
{
    const double *x = t->c->x, *y = t->y;
    double last = INFINITY, fall = INFINITY;
    for (int round = 0; round < t->set->iterations && m > 2; round++) {
        size_t kept = 0;
        double area = 0;
        next[kept++] = row[0];
        for (size_t k = 1; k + 1 < m; k++) {
            const size_t a = next[kept - 1], b = row[k], c = row[k + 1];
            const double line = y[a] + (y[c] - y[a]) * (x[b] - x[a]) / (x[c] - x[a]);
            if (y[b] <= line) next[kept++] = b;
        }
        next[kept++] = row[m - 1];
        for (size_t k = 1; k < kept; k++)
            area += 0.5 * (y[next[k]] + y[next[k - 1]]) * fabs(x[next[k]] - x[next[k - 1]]);
        if (kept == m || (round > 2 && last - area > 1.5 * fall)) break;
        fall = last - area;
        last = area;
        m = kept;
        memcpy(row, next, m * sizeof *row);
    }
    return m;
}

/* Liu et al. 2015: what is left after the cuts is joined by parabolas whose ends are the middles
 * of the lines between corners (quadratic Bezier curves). */
static as_status corners(task *t)
{
    size_t m = 0, *row = AS_NEW_N(as_scratch(t->ctx), size_t, 2 * t->n);
    const double *x = t->c->x, *y = t->y;
    if (!row || !as_curve_direction(t->ctx, t->c)) return AS_ERR;
    for (size_t i = 0; i < t->n; i++)
        if (t->c->use[i] > 0) row[m++] = i;
    m = cut(t, m, row, row + t->n);
    for (size_t i = 0, k = 1; i < t->n; i++) { /* k: the corner of this piece */
        while (k + 2 < m && (x[i] - 0.5 * (x[row[k]] + x[row[k + 1]])) * (x[row[1]] - x[row[0]]) > 0) k++;
        if (m < 3) {
            const size_t a = row[0], b = row[m - 1];
            t->z[i] = y[a] + (y[b] - y[a]) * (x[i] - x[a]) / (x[b] - x[a]);
            continue;
        }
        const size_t a = row[k - 1], b = row[k], c = row[k + 1];
        const double x0 = k == 1 ? x[a] : 0.5 * (x[a] + x[b]), x2 = k + 2 == m ? x[c] : 0.5 * (x[b] + x[c]);
        const double y0 = k == 1 ? y[a] : 0.5 * (y[a] + y[b]), y2 = k + 2 == m ? y[c] : 0.5 * (y[b] + y[c]);
        const double p = x0 - 2 * x[b] + x2, q = 2 * (x[b] - x0), r = x0 - x[i];
        const double root = sqrt(fmax(q * q - 4 * p * r, 0)); /* p u^2 + q u + r = 0 */
        const double u = -2 * r / (q + (q < 0 ? -root : root));
        t->z[i] = (1 - u) * (1 - u) * y0 + 2 * u * (1 - u) * y[b] + u * u * y2;
    }
    return AS_OK;
}

static as_status draw(task *t, const method *m)
{
    const spline_settings *set = t->set;
    as_reweighting how = { .rule = m->rule, .asymmetry = set->asymmetry, .scale = set->scale,
                           .tolerance = set->tolerance, .iterations = set->iterations };
    as_smoother smooth = { as_pspline_draw, &t->spline };
    switch (m->variant) {
    case BAYES: return bayes(t, how);
    case ANCHORS: return anchors(t);
    case MIXTURE: return mixture(t);
    case QUANTILE: return quantile(t);
    case CORNERS: return corners(t);
    case ASPLS: return aspls(t, &how);
    case IASLS: smooth = (as_smoother){ draw_iasls, t }; break;
    case DRPLS: smooth = (as_smoother){ draw_drpls, t }; break;
    case RULE: break;
    }
    if (!(how.scale > 0)) how.scale = as_tenth_of_spread(t->c);
    if (how.rule == AS_RULE_DERPSALSA) AS_TRY(as_fade_slopes(t->ctx, t->c, t->c->use));
    return as_reweight(t->ctx, &how, t->n, t->y, t->c->use, smooth, t->w, t->z);
}

/* A wave of the width's period passes with gain 1/2: rows / splines data for each coefficient. */
static as_status set_up(task *t, const as_table *owned)
{
    const spline_settings *set = t->set;
    const size_t knots = (size_t)set->knots;
    double *memory = AS_NEW_N(as_scratch(t->ctx), double, as_pspline_doubles(t->n, knots));
    size_t *first = AS_NEW_N(as_scratch(t->ctx), size_t, t->n);
    double points;
    t->share = AS_NEW_N(as_scratch(t->ctx), double, 2 * (knots + 3));
    if (!memory || !first || !t->share) return AS_ERR;
    t->sum = t->share + knots + 3;
    (void)owned;
    AS_TRY(as_width_points(t->ctx, &set->width, t->table, &points));
    as_pspline_init(&t->spline, t->n, t->c->x, knots, set->order, memory, first);
    const double rows = (double)t->n / (double)knots;
    t->spline.y = t->y;
    t->spline.lambda = set->lambda > 0 ? set->lambda
                                       : rows * as_whittaker_lambda(points / rows, set->order);
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const spline_settings *set = run->settings;
    const method *m = run->op->method;
    as_curve c;
    AS_TRY(as_baseline_curve(run->ctx, owned, 4, &c));
    const size_t room = as_padded(c.n) + 8;
    double *memory = AS_NEW_N(as_scratch(run->ctx), double, 5 * room);
    task t = { .ctx = run->ctx, .set = set, .c = &c, .table = owned, .n = c.n,
               .y = as_curve_y(run->ctx, &c) };
    if (!t.y || !memory) return AS_ERR;
    t.w = memory;
    t.z = memory + room;
    t.spare = memory + 2 * room;
    memcpy(t.w, c.use, c.n * sizeof *t.w);
    if (m->variant != CORNERS) AS_TRY(set_up(&t, owned));
    AS_TRY(draw(&t, m));
    AS_TRY(as_need_finite(run->ctx, &c, t.z));
    return as_baseline_emit(run, owned, &c, t.z, set->subtract);
}

static const char *const see_also[] = { "baseline-arpls", "smooth-pspline", NULL };

#define EILERS_MARX                                                                              \
    "Eilers & Marx 1996, Flexible smoothing with B-splines and penalties, Stat. Sci. 11, 89, "   \
    "doi:10.1214/ss/1038425655"
#define METHOD(sym, nm, ex, opt, rl, var, prm, sum, text, ...)                                            \
    static const method method_##sym = { rl, var };                                              \
    static const as_example examples_##sym[] = {                                                 \
        { ex, "assay " nm opt " tests/corpus/raman/fluorescence.ecsv | assay plot-lines -o " nm  \
          ".svg" }, { 0 }                                                                        \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "baseline", .effect = AS_ANNOTATES,                                 \
        .settings_size = sizeof(spline_settings), .params = prm, .needs = needs,                 \
        .gives = as_baseline_gives, .series = series, .method = &method_##sym,                               \
        .doc = { .summary = sum, .description = text, .references = references_##sym,            \
                 .examples = examples_##sym, .see_also = see_also },                                   \
    };
#define PSPLINE(sym, nm, ex, opt, rl, prm, of)                                                            \
    METHOD(sym, nm, ex, opt, rl, RULE, prm, "add the baseline of " of " drawn with P-splines",            \
           "The weights are those of `" of "`; the curve is one of cubic splines on even knots "  \
           "in x, so x may be uneven, and long data cost little more than short ones.",           \
           EILERS_MARX)

PSPLINE(baseline_pspline_asls, "baseline-pspline-asls",
        "forty splines, one row in a hundred below", " --width 300cm-1 --knots 40 --asymmetry 0.01",
        AS_RULE_ASLS, params_asls, "baseline-asls")
METHOD(baseline_pspline_iasls, "baseline-pspline-iasls",
       "the slope of the data followed", " --width 300cm-1 --slope-lambda 0.001",
       AS_RULE_ASLS, IASLS, params_iasls,
       "add the baseline of baseline-iasls drawn with P-splines",
       "As `baseline-iasls`, squared weights and the slope of the data; the curve is one of cubic splines.",
       EILERS_MARX,
       "He et al. 2014, Baseline correction for Raman spectra using an improved asymmetric least "
       "squares method, Anal. Methods 6, 4402, doi:10.1039/C4AY00068D")
METHOD(baseline_pspline_drpls, "baseline-pspline-drpls",
       "stiffer where peaks are", " --width 300cm-1 --eta 0.7",
       AS_RULE_DRPLS, DRPLS, params_drpls,
       "add the baseline of baseline-drpls drawn with P-splines",
       "The weights are those of `baseline-drpls`. The differences of the coefficients are smoothed less by "
       "*eta* where rows count; the share stands inside the sum of squares, which the paper's product of "
       "matrices does not, so the two differ a little under peaks.",
       EILERS_MARX,
       "Xu et al. 2019, Baseline correction method based on doubly reweighted penalized least "
       "squares, Appl. Opt. 58, 3913, doi:10.1364/AO.58.003913")
METHOD(baseline_pspline_aspls, "baseline-pspline-aspls",
       "smoothness that gives way where there is no peak", " --width 300cm-1 --steepness 1",
       AS_RULE_ASPLS, ASPLS, params_aspls,
       "add the baseline of baseline-aspls drawn with P-splines",
       "The weights are those of `baseline-aspls`. Each difference of the coefficients has its share of the "
       "smoothness, |r| over the largest |r| in the mean of the rows about it.",
       EILERS_MARX,
       "Zhang et al. 2020, Baseline correction for infrared spectra using adaptive smoothness "
       "parameter penalized least squares method, Spectrosc. Lett. 53, 222, "
       "doi:10.1080/00387010.2020.1730908")
PSPLINE(baseline_pspline_airpls, "baseline-pspline-airpls",
        "a stiff spline under broad bands", " --width 400cm-1",
        AS_RULE_AIRPLS, params_plain,
        "baseline-airpls")
PSPLINE(baseline_pspline_arpls, "baseline-pspline-arpls",
        "a spectrum with a spline drawn under it", " --width 300cm-1",
        AS_RULE_ARPLS, params_plain,
        "baseline-arpls")
PSPLINE(baseline_pspline_iarpls, "baseline-pspline-iarpls",
        "weights that harden with every round", " --width 300cm-1 --knots 50",
        AS_RULE_IARPLS, params_plain,
        "baseline-iarpls")
PSPLINE(baseline_pspline_lsrpls, "baseline-pspline-lsrpls",
        "taken off for a figure", " --width 300cm-1 --subtract",
        AS_RULE_LSRPLS, params_plain,
        "baseline-lsrpls")
PSPLINE(baseline_pspline_psalsa, "baseline-pspline-psalsa",
        "rows 40 counts above the baseline fade", " --width 300cm-1 --scale 40",
        AS_RULE_PSALSA, params_psalsa,
        "baseline-psalsa")
PSPLINE(baseline_pspline_derpsalsa, "baseline-pspline-derpsalsa",
        "flanks of bands do not count", " --width 300cm-1 --asymmetry 0.02",
        AS_RULE_DERPSALSA, params_derpsalsa,
        "baseline-derpsalsa")
METHOD(baseline_pspline_brpls, "baseline-pspline-brpls",
       "each row weighed by the chance that it is no peak", " --width 300cm-1",
       AS_RULE_BRPLS, BAYES, params_plain,
       "add the baseline of baseline-brpls drawn with P-splines",
       "The weights are those of `baseline-brpls`; the curve is one of cubic splines.", EILERS_MARX)
METHOD(baseline_pspline_mpls, "baseline-pspline-mpls",
       "a spline through the anchors of an opening", " --window 100cm-1 --width 400cm-1",
       AS_RULE_ASLS, ANCHORS, params_mpls,
       "add the baseline of baseline-mpls drawn with P-splines",
       "A curve of cubic splines through the lowest row of each flat stretch of the opening.",
       EILERS_MARX)
METHOD(baseline_mixture, "baseline-mixture",
       "noise and peaks told apart by their histogram", " --width 400cm-1",
       AS_RULE_ASLS, MIXTURE, params_plain,
       "add a spline whose weights tell noise from peaks by a mixture",
       "Residuals are noise, normal around 0, or peaks, uniform up to the largest; the weights are "
       "the probability of noise.",
       "de Rooi & Eilers 2012, Mixture models for baseline estimation, Chemom. Intell. Lab. Syst. "
       "117, 56, doi:10.1016/j.chemolab.2011.11.001")
METHOD(baseline_irsqr, "baseline-irsqr",
       "a twentieth of the rows below", " --width 300cm-1 --quantile 0.05",
       AS_RULE_ASLS, QUANTILE, params_irsqr,
       "add a spline at a quantile of the data",
       "A given share of the rows lies below the spline, by iteratively reweighted least squares.",
       "Han et al. 2018, Iterative reweighted quantile regression using augmented Lagrangian "
       "optimization for baseline correction, ICISCE 2018, 280")
METHOD(baseline_corner_cutting, "baseline-corner-cutting",
       "nothing to choose but how often", " --iterations 100",
       AS_RULE_ASLS, CORNERS, params_corner,
       "add a curve of parabolas under the data, corners cut",
       "Points above the line between their neighbours are dropped, round by round, while the area "
       "changes; those left control a curve of parabolas.",
       "Liu et al. 2015, A concise iterative method with Bezier technique for baseline construction, "
       "Analyst 140, 7984, doi:10.1039/C5AN01184A")
