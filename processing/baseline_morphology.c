/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-tophat, -mor, -imor, -mormol, -amormol, -rolling-ball, -mpls, -jbcd: baselines from
 * the opening of the curve, which cuts off whatever is narrower than the window. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "morphology.h"
#include "op.h"
#include "whittaker.h"

typedef struct {
    as_width window, smooth, width;
    double tolerance, asymmetry, alpha, beta, gamma;
    int iterations;
    bool subtract;
} morphology_settings;

#define WINDOW                                                                                   \
    AS_WIDTH(morphology_settings, window, "window", "80pt",                                      \
             "width at its foot of the widest peak to be cut off")
#define SMOOTH(w)                                                                                \
    AS_WIDTH(morphology_settings, smooth, "smooth", w, "window of the smoothing; 1pt: none")
#define ENDING(tol, n)                                                                           \
    AS_DOUBLE(morphology_settings, tolerance, "tolerance", tol, 0, 1, NULL,                      \
              "relative change of the baseline at which it counts as still"),                    \
    AS_INT(morphology_settings, iterations, "iterations", n, 1, 100000, "rounds before giving up")
#define SUBTRACT                                                                                 \
    AS_BOOL(morphology_settings, subtract, "subtract", "no", "also take it off y, for figures"), \
    AS_PARAMS_END

static const as_param params_once[] = { WINDOW, SUBTRACT };
static const as_param params_rolling[] = { WINDOW, SMOOTH("40pt"), SUBTRACT };
static const as_param params_again[] = { WINDOW, ENDING("0.01", "1000"), SUBTRACT };
static const as_param params_mollified[] = { WINDOW, SMOOTH("9pt"), ENDING("0.001", "500"), SUBTRACT };
static const as_param params_mpls[] = {
    WINDOW,
    AS_WIDTH(morphology_settings, width, "width", "200pt",
             "period of the waves that the baseline follows at half height"),
    AS_DOUBLE(morphology_settings, asymmetry, "asymmetry", "0", 0, 0.5, NULL,
              "weight p of rows that are no anchors; anchors have 1 - p"),
    SUBTRACT
};
static const as_param params_jbcd[] = {
    WINDOW,
    AS_DOUBLE(morphology_settings, alpha, "alpha", "0.1", 0, 1e12, NULL,
              "pull of the opening on the baseline"),
    AS_DOUBLE(morphology_settings, beta, "beta", "10", 1e-12, 1e12, NULL,
              "smoothness of the baseline, a tenth more each round"),
    AS_DOUBLE(morphology_settings, gamma, "gamma", "1", 1e-12, 1e12, NULL,
              "smoothness of the signal, a tenth less each round"),
    AS_DOUBLE(morphology_settings, tolerance, "tolerance", "0.01", 0, 1, NULL,
              "relative change of baseline and signal at which they count as still"),
    AS_INT(morphology_settings, iterations, "iterations", "200", 1, 100000,
           "rounds before giving up"),
    SUBTRACT
};

typedef struct {
    as_ctx *ctx;
    const morphology_settings *set;
    as_table *table;
    size_t n, half, smooth; /* rows to each side */
    const double *y, *use;
    double *z, *a, *b, *c, *d, *kernel, *work;
    size_t *queue;
} task;

static as_status endless(const task *t, double change)
{
    return as_not_settled(t->ctx, "the baseline still changes", change, t->set->iterations, "rounds");
}

/* now becomes the baseline z; |now - z| / |z|. Dai & Chen stop at 1e-4 of the squares, 0.01 here. A baseline that sinks
 * to nothing goes on changing by a share of itself: below the tolerance times |y| that is its size. */
static double replace(task *t, const double *now)
{
    double change = 0, size = 0, data = 0;
    for (size_t i = 0; i < t->n; i++) {
        change += (now[i] - t->z[i]) * (now[i] - t->z[i]);
        size += t->z[i] * t->z[i];
        data += t->y[i] * t->y[i];
        t->z[i] = now[i];
    }
    const double least = t->set->tolerance * t->set->tolerance * data;
    return change > 0 ? sqrt(change / fmax(size, least)) : change;
}

static as_status tophat(task *t)
{
    as_opening(t->n, t->half, t->y, t->queue, t->a, t->z);
    return AS_OK;
}

/* Mean of what dilation and erosion make of the opening of v, into out (not v). */
static void averaged_opening(task *t, const double *v, double *out)
{
    as_opening(t->n, t->half, v, t->queue, t->a, t->b);
    as_dilate(t->n, t->half, t->b, t->queue, t->a);
    as_erode(t->n, t->half, t->b, t->queue, out);
    for (size_t i = 0; i < t->n; i++) out[i] = 0.5 * (out[i] + t->a[i]);
}

/* Perez-Pueyo et al. 2010: no higher than the opening; t->b is it. */
static as_status mor(task *t)
{
    averaged_opening(t, t->y, t->z);
    for (size_t i = 0; i < t->n; i++) t->z[i] = fmin(t->z[i], t->b[i]);
    return AS_OK;
}

/* Dai et al. 2018: again and again, never above the data. */
static as_status imor(task *t)
{
    double change = INFINITY;
    memcpy(t->z, t->y, t->n * sizeof *t->z);
    for (int round = 0; round < t->set->iterations; round++) {
        averaged_opening(t, t->z, t->c);
        for (size_t i = 0; i < t->n; i++) t->c[i] = fmin(t->y[i], t->c[i]);
        change = replace(t, t->c);
        if (change <= t->set->tolerance) return AS_OK;
    }
    return endless(t, change);
}

/* Koch et al. 2017: what erosion leaves of the mollified rest is mollified and added. */
static as_status mormol(task *t)
{
    double change = INFINITY;
    for (size_t i = 0; i < t->n; i++) t->z[i] = 0;
    for (int round = 0; round < t->set->iterations; round++) {
        for (size_t i = 0; i < t->n; i++) t->a[i] = t->y[i] - t->z[i];
        as_mollify(t->n, t->smooth, t->a, t->kernel, t->b);
        as_erode(t->n, t->half, t->b, t->queue, t->a);
        as_mollify(t->n, t->half, t->a, t->kernel, t->b);
        for (size_t i = 0; i < t->n; i++) t->c[i] = t->z[i] + t->b[i];
        change = replace(t, t->c);
        if (round > 0 && change <= t->set->tolerance) return AS_OK;
    }
    return endless(t, change);
}

/* Chen et al. 2019: mean of opening and closing, no higher than the data, mollified. */
static as_status amormol(task *t)
{
    double change = INFINITY;
    memcpy(t->z, t->y, t->n * sizeof *t->z);
    for (int round = 0; round < t->set->iterations; round++) {
        as_opening(t->n, t->half, t->z, t->queue, t->a, t->b);
        as_closing(t->n, t->half, t->z, t->queue, t->a, t->c);
        for (size_t i = 0; i < t->n; i++) t->a[i] = fmin(t->y[i], 0.5 * (t->b[i] + t->c[i]));
        as_mollify(t->n, t->half, t->a, t->kernel, t->c);
        change = replace(t, t->c);
        if (change <= t->set->tolerance) return AS_OK;
    }
    return endless(t, change);
}

/* Kneen & Annegarn 1996: a ball rolled under the curve, its path smoothed. */
static as_status rolling_ball(task *t)
{
    as_opening(t->n, t->half, t->y, t->queue, t->a, t->b);
    as_moving_mean(t->n, t->smooth, t->b, t->z);
    return AS_OK;
}

/* Li et al. 2013: the lowest row of each flat stretch of the opening is an anchor. */
static as_status mpls(task *t)
{
    double points, *w = t->b;
    as_opening(t->n, t->half, t->y, t->queue, t->c, t->a);
    as_opening_anchors(t->n, t->y, t->a, w);
    for (size_t i = 0; i < t->n; i++)
        w[i] = t->use[i] * (w[i] > 0 ? 1 - t->set->asymmetry : t->set->asymmetry);
    AS_TRY(as_width_points(t->ctx, &t->set->width, t->table, &points));
    as_whittaker(t->n, t->y, w, as_whittaker_lambda(points, 2), t->work, t->z);
    return AS_OK;
}

/* Liu et al. 2015: baseline v and signal s together,
 * |y - v - s|^2 + alpha |v - opening|^2 + beta |D v|^2 + gamma |D s|^2, in turns. */
static as_status jbcd(task *t)
{
    const size_t n = t->n;
    double beta = t->set->beta, gamma = t->set->gamma, change = INFINITY;
    double *s = t->d, *one = t->kernel, *open = t->work + 4 * n;
    as_opening(n, t->half, t->y, t->queue, t->a, open);
    memcpy(t->z, open, n * sizeof *open);
    for (size_t i = 0; i < n; i++) s[i] = t->y[i] - open[i];
    for (int round = 0; round < t->set->iterations; round++) {
        for (size_t i = 0; i < n; i++) {
            one[i] = 1;
            t->a[i] = t->y[i] - t->z[i];
        }
        as_whittaker_order(n, 1, t->a, one, gamma, NULL, NULL, t->work, t->b);
        for (size_t i = 0; i < n; i++) {
            one[i] = 1 + t->set->alpha;
            t->a[i] = t->y[i] - t->b[i] + t->set->alpha * open[i];
        }
        as_whittaker_order(n, 1, t->a, one, beta, NULL, NULL, t->work, t->c);
        change = fmax(as_relative_change(n, t->c, t->z), as_relative_change(n, t->b, s));
        memcpy(t->z, t->c, n * sizeof *s);
        memcpy(s, t->b, n * sizeof *s);
        if (change <= t->set->tolerance) return AS_OK;
        beta *= 1.1;
        gamma /= 1.1;
    }
    return endless(t, change);
}

typedef struct { as_status (*run)(task *); } method;

static as_status half_window(as_ctx *ctx, const as_width *w, as_table *t, size_t *half)
{
    double points = 1;
    if (w->value > 0) AS_TRY(as_width_points(ctx, w, t, &points));
    *half = (size_t)rint(fmin(fmax(points - 1, 0) / 2, (double)t->rows));
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const morphology_settings *set = run->settings;
    const method *m = run->op->method;
    as_curve c;
    AS_TRY(as_baseline_curve(run->ctx, owned, 3, &c));
    task t = { .ctx = run->ctx, .set = set, .table = owned, .n = c.n, .use = c.use };
    AS_TRY(half_window(run->ctx, &set->window, owned, &t.half));
    AS_TRY(half_window(run->ctx, &set->smooth, owned, &t.smooth));
    double *memory = AS_NEW_N(as_scratch(run->ctx), double, 12 * c.n + 8);
    t.y = as_curve_bridged(run->ctx, &c);
    t.queue = AS_NEW_N(as_scratch(run->ctx), size_t, c.n);
    if (!memory || !t.y || !t.queue) return AS_ERR;
    double **parts[] = { &t.z, &t.a, &t.b, &t.c, &t.d };
    for (size_t k = 0; k < 5; k++) *parts[k] = memory + k * c.n;
    t.work = memory + 5 * c.n;
    t.kernel = memory + 10 * c.n; /* 2 n + 8: half windows are at most n */
    AS_TRY(m->run(&t));
    AS_TRY(as_need_finite(run->ctx, &c, t.z));
    return as_baseline_emit(run, owned, &c, t.z, set->subtract);
}

static const char *const see_also[] = { "baseline-snip", "baseline-arpls", NULL };

#define METHOD(sym, nm, ex, opt, fn, prm, sum, text, ...)                                                 \
    static const method method_##sym = { fn };                                                   \
    static const as_example examples_##sym[] = {                                                 \
        { ex, "assay " nm opt " tests/corpus/raman/fluorescence.ecsv | assay plot-lines -o " nm  \
          ".svg" }, { 0 }                                                                        \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "baseline", .effect = AS_ANNOTATES,                                 \
        .settings_size = sizeof(morphology_settings), .params = prm, .needs = as_baseline_needs,             \
        .gives = as_baseline_gives, .series = series, .method = &method_##sym,                               \
        .doc = { .summary = sum,                                                                 \
                 .description = text "\n\nThe opening is the moving maximum of the moving "       \
                                     "minimum: it follows the lower edge of the noise.",         \
                 .references = references_##sym, .examples = examples_##sym, .see_also = see_also },   \
    };

METHOD(baseline_tophat, "baseline-tophat",
       "what no band narrower than the window leaves", " --window 200cm-1",
       tophat, params_once,
       "add the opening of the curve as its baseline (top hat)",
       "Everything narrower than the window is cut off.",
       "Perez-Pueyo, Soneira & Ruiz-Moreno 2010, Morphology-based automated baseline removal for "
       "Raman spectra of artistic pigments, Appl. Spectrosc. 64, 595, "
       "doi:10.1366/000370210791414281")
METHOD(baseline_mor, "baseline-mor",
       "the opening, averaged with what is around it", " --window 200cm-1",
       mor, params_once,
       "add a morphological baseline", "The mean of dilation and erosion of the opening, no higher "
       "than the opening itself.",
       "Perez-Pueyo, Soneira & Ruiz-Moreno 2010, Morphology-based automated baseline removal for "
       "Raman spectra of artistic pigments, Appl. Spectrosc. 64, 595, "
       "doi:10.1366/000370210791414281")
METHOD(baseline_imor, "baseline-imor",
       "the same until it stands still", " --window 200cm-1 --iterations 500",
       imor, params_again,
       "add an iterated morphological baseline",
       "`baseline-mor` repeated on its own result until it is still.",
       "Dai et al. 2018, An automated baseline correction method based on iterative morphological "
       "operations, Appl. Spectrosc. 72, 731, doi:10.1177/0003702817752371")
METHOD(baseline_mormol, "baseline-mormol",
       "a mollifier over three points of 4 cm-1", " --window 200cm-1 --smooth 12cm-1",
       mormol, params_mollified,
       "add a mollified morphological baseline",
       "What erosion leaves of the smoothed rest is smoothed over the window and added, until "
       "nothing is left.",
       "Koch, Suhr, Roth & Meinhardt-Wollweber 2017, Iterative morphological and mollifier-based "
       "baseline correction for Raman spectra, J. Raman Spectrosc. 48, 336, doi:10.1002/jrs.5010")
METHOD(baseline_amormol, "baseline-amormol",
       "averaged and mollified", " --window 200cm-1",
       amormol, params_again,
       "add an averaged and mollified morphological baseline",
       "The mean of opening and closing, no higher than the data, smoothed over the window, until "
       "it is still.",
       "Chen et al. 2019, An adaptive and fully automated baseline correction method for Raman "
       "spectroscopy based on morphological operations and mollifications, Appl. Spectrosc. 73, "
       "284, doi:10.1177/0003702818811688")
METHOD(baseline_rolling_ball, "baseline-rolling-ball",
       "a spectrum with what a ball rolled under it leaves", " --window 200cm-1 --smooth 100cm-1",
       rolling_ball, params_rolling,
       "add the path of a ball rolled under the curve",
       "Moving minimum, moving maximum, moving mean.",
       "Kneen & Annegarn 1996, Algorithm for fitting XRF, SEM and PIXE X-ray spectra backgrounds, "
       "Nucl. Instrum. Methods B 109/110, 209, doi:10.1016/0168-583X(95)00908-6")
METHOD(baseline_mpls, "baseline-mpls",
       "a smooth curve through the anchors", " --window 100cm-1 --width 400cm-1",
       mpls, params_mpls,
       "add a smooth curve through morphological anchors",
       "A Whittaker curve through the lowest row of each flat stretch of the opening.",
       "Li et al. 2013, Morphological weighted penalized least squares for background correction, "
       "Analyst 138, 4483, doi:10.1039/C3AN00743J")
METHOD(baseline_jbcd, "baseline-jbcd",
       "baseline and denoised signal at once", " --window 200cm-1 --gamma 1",
       jbcd, params_jbcd,
       "add a baseline found together with the denoised signal",
       "Baseline and signal share out the data; the baseline is drawn to the opening and both are "
       "smooth, the one more and the other less in each round.",
       "Liu et al. 2015, Joint baseline-correction and denoising for Raman spectra, Appl. "
       "Spectrosc. 69, 1013, doi:10.1366/14-07760")
