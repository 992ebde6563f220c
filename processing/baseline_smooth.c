/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-noise-median, -swima, -peak-filling, -ipsa, -ria: baselines by smoothing away, where
 * the curve is replaced by a smoothed self that is lower. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "morphology.h"
#include "op.h"
#include "savgol.h"
#include "whittaker.h"

typedef struct {
    as_width window, smooth;
    double tolerance, fraction;
    int iterations, sections;
    bool subtract;
} smoothing_settings;

#define WINDOW                                                                                   \
    AS_WIDTH(smoothing_settings, window, "window", "80pt",                                       \
             "width at its foot of the widest peak to be smoothed away")
#define SMOOTH(w, text) AS_WIDTH(smoothing_settings, smooth, "smooth", w, text)
#define ENDING(tol, n)                                                                           \
    AS_DOUBLE(smoothing_settings, tolerance, "tolerance", tol, 0, 1, NULL,                       \
              "relative change of the baseline at which it counts as still"),                    \
    AS_INT(smoothing_settings, iterations, "iterations", n, 1, 1000000, "rounds before giving up")
#define SUBTRACT                                                                                 \
    AS_BOOL(smoothing_settings, subtract, "subtract", "no", "also take it off y, for figures"),  \
    AS_PARAMS_END

static const as_param params_median[] = {
    AS_WIDTH(smoothing_settings, window, "window", "160pt",
             "window of the moving median, at least twice the widest peak"),
    SMOOTH("80pt", "window of the Gaussian that smooths the medians"), SUBTRACT
};
static const as_param params_swima[] = { WINDOW, SUBTRACT };
static const as_param params_filling[] = {
    WINDOW,
    AS_INT(smoothing_settings, sections, "sections", "0", 0, 1000000,
           "stretches of which the smallest value counts; 0: one for eight points"),
    AS_INT(smoothing_settings, iterations, "iterations", "10", 1, 1000,
           "window lengths from the whole to one section"),
    SMOOTH("5pt", "period of the waves that a first smoothing passes at half height; 1pt: none"),
    SUBTRACT
};
static const as_param params_ipsa[] = { WINDOW, ENDING("0.001", "500"), SUBTRACT };
static const as_param params_ria[] = {
    WINDOW,
    AS_DOUBLE(smoothing_settings, fraction, "recovered", "0.99", 0.5, 0.9999, NULL,
              "share of the area of two added bands that must have been smoothed away"),
    AS_INT(smoothing_settings, iterations, "iterations", "20000", 1, 10000000,
           "rounds before giving up"),
    SUBTRACT
};

typedef struct {
    as_ctx *ctx;
    const smoothing_settings *set;
    size_t n, half;
    double points, smooth; /* windows in rows */
    const double *y;
    double *z, *a, *b, *work;
} task;

/* Friedrichs 1995: medians over a window in which peaks are the minority, smoothed. */
static as_status noise_median(task *t)
{
    as_moving_median(t->n, t->half, t->y, t->work, t->a);
    as_gaussian(t->n, fmin(t->smooth / 6, (double)t->n / 4), t->a, t->work, t->z);
    return AS_OK;
}

/* Schulze et al. 2012: small windows first, each cutting what tops its moving mean. Long ones grow
 * by a twelfth: each row more would change little and cost much. */
static as_status swima(task *t)
{
    memcpy(t->z, t->y, t->n * sizeof *t->z);
    for (size_t half = 1; half <= t->half; half += 1 + half / 12) {
        as_moving_mean(t->n, half, t->z, t->a);
        for (size_t i = 0; i < t->n; i++) t->z[i] = fmin(t->z[i], t->a[i]);
    }
    return AS_OK;
}

/* One pass of peak filling: in place and in one direction, so that a cut propagates. */
static void suppress(size_t m, size_t half, bool forward, double *v)
{
    for (size_t k = 0; k < m; k++) {
        const size_t i = forward ? k : m - 1 - k, edge = i < m - 1 - i ? i : m - 1 - i;
        const size_t reach = half < edge ? half : edge;
        double sum = 0;
        for (size_t j = i - reach; j <= i + reach; j++) sum += v[j];
        v[i] = fmin(v[i], sum / (double)(2 * reach + 1));
    }
}

/* Liland 2015: smooth, smallest value of each section, suppression with windows that shrink
 * geometrically, straight lines back to all rows. */
static as_status peak_filling(task *t)
{
    const size_t n = t->n;
    size_t m = t->set->sections > 0 ? (size_t)t->set->sections : n / 8;
    m = m < 2 ? 2 : m > n ? n : m;
    const double *v = t->y;
    if (t->smooth > 2) {
        for (size_t i = 0; i < n; i++) t->b[i] = 1;
        as_whittaker(n, t->y, t->b, as_whittaker_lambda(t->smooth, 2), t->work, t->a);
        v = t->a;
    }
    double *low = t->b, *at = t->work;
    for (size_t k = 0; k < m; k++) {
        const size_t from = k * n / m, to = (k + 1) * n / m;
        low[k] = v[from];
        for (size_t i = from; i < to; i++) low[k] = fmin(low[k], v[i]);
        at[k] = 0.5 * (double)(from + to - 1);
    }
    const double widest = fmax(1, (double)t->half * (double)m / (double)n);
    for (int r = 0; r < t->set->iterations; r++) {
        const double share = t->set->iterations > 1 ? (double)r / (t->set->iterations - 1) : 0;
        const size_t half = (size_t)rint(pow(widest, 1 - share));
        suppress(m, half, true, low);
        suppress(m, half, false, low);
    }
    for (size_t i = 0, k = 0; i < n; i++) {
        while (k + 2 < m && (double)i > at[k + 1]) k++;
        const double u = ((double)i - at[k]) / (at[k + 1] - at[k]);
        t->z[i] = low[k] + fmax(-0.5, fmin(1.5, u)) * (low[k + 1] - low[k]);
    }
    return AS_OK;
}

/* Wang & Dai 2017: parabolas in a moving window; the lower of the smoothed curve and the data is smoothed next. */
static as_status ipsa(task *t)
{
    double change = INFINITY;
    size_t half = t->half < (t->n - 1) / 2 ? t->half : (t->n - 1) / 2;
    memcpy(t->z, t->y, t->n * sizeof *t->z);
    memcpy(t->b, t->y, t->n * sizeof *t->b);
    for (int round = 0; round < t->set->iterations; round++) {
        as_savgol(t->n, half, half > 0 ? 2 : 0, 0, t->b, t->work, t->a);
        change = as_relative_change(t->n, t->a, t->z);
        memcpy(t->z, t->a, t->n * sizeof *t->z);
        if (change <= t->set->tolerance) return AS_OK;
        for (size_t i = 0; i < t->n; i++) t->b[i] = fmin(t->y[i], t->a[i]);
    }
    return as_not_settled(t->ctx, "the baseline still changes", change, t->set->iterations, "rounds");
}

/* Krishna et al. 2012: the curve is lengthened at both ends by lines that carry a band of known
 * area; the moving mean cuts on until these bands are gone, which tells when to stop. */
static as_status ria(task *t)
{
    const size_t n = t->n, ext = n / 4 + 4, half = t->half > 0 ? t->half : 1, m = n + 2 * ext;
    double *v = t->work, *mean = v + m, lo = t->y[0], hi = lo, area = 0, left = 0;
    const size_t base = half < n / 2 ? half : n / 2 > 0 ? n / 2 : 1;
    double ends[2] = { 0, 0 }, slope[2] = { 0, 0 };
    for (size_t i = 0; i < base; i++) {
        ends[0] += t->y[i] / (double)base;
        ends[1] += t->y[n - 1 - i] / (double)base;
    }
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, t->y[i]);
        hi = fmax(hi, t->y[i]);
        v[ext + i] = t->y[i];
    }
    if (n > 4 * base) /* the lines go on as the ends do */
        for (int e = 0; e < 2; e++) {
            double next = 0;
            for (size_t i = base; i < 2 * base; i++)
                next += t->y[e ? n - 1 - i : i] / (double)base;
            slope[e] = (ends[e] - next) / (double)base;
        }
    const double width = fmin((double)ext / 8, fmax(1, (double)half / 3));
    for (size_t j = 0; j < ext; j++) {
        const double d = ((double)j - (double)ext / 2) / width, band = (hi - lo) * exp(-0.5 * d * d);
        v[ext - 1 - j] = ends[0] + slope[0] * (double)j + band;
        v[ext + n + j] = ends[1] + slope[1] * (double)j + band;
        area += 2 * band;
    }
    for (int round = 0; round < t->set->iterations; round++) {
        as_moving_mean(m, half, v, mean);
        left = 0;
        for (size_t i = 0; i < m; i++) v[i] = fmin(v[i], mean[i]);
        for (size_t j = 0; j < ext; j++) {
            left += fmax(0, v[ext - 1 - j] - ends[0] - slope[0] * (double)j);
            left += fmax(0, v[ext + n + j] - ends[1] - slope[1] * (double)j);
        }
        if (!(area > 0) || left <= (1 - t->set->fraction) * area) {
            memcpy(t->z, v + ext, n * sizeof *v);
            return AS_OK;
        }
    }
    return as_fail(t->ctx, AS_E_NUMERIC, NULL,
                   "%.3g of the added bands is still there after %d rounds; a wider --window is "
                   "faster", left / area, t->set->iterations);
}

typedef struct { as_status (*run)(task *); } method;

static as_status series(as_run *run, as_table *owned)
{
    const smoothing_settings *set = run->settings;
    const method *m = run->op->method;
    as_curve c;
    AS_TRY(as_baseline_curve(run->ctx, owned, 5, &c));
    task t = { .ctx = run->ctx, .set = set, .n = c.n, .smooth = 1 };
    AS_TRY(as_width_points(run->ctx, &set->window, owned, &t.points));
    if (set->smooth.value > 0) AS_TRY(as_width_points(run->ctx, &set->smooth, owned, &t.smooth));
    t.half = (size_t)rint(fmin((t.points - 1) / 2, (double)c.n));
    double *memory = AS_NEW_N(as_scratch(run->ctx), double, 8 * c.n + 64);
    t.y = as_curve_bridged(run->ctx, &c);
    if (!memory || !t.y) return AS_ERR;
    t.z = memory;
    t.a = memory + c.n;
    t.b = memory + 2 * c.n;
    t.work = memory + 3 * c.n; /* 5 n + 64 */
    AS_TRY(m->run(&t));
    AS_TRY(as_need_finite(run->ctx, &c, t.z));
    return as_baseline_emit(run, owned, &c, t.z, set->subtract);
}

static const char *const see_also[] = { "baseline-snip", "baseline-rolling-ball", NULL };

#define METHOD(sym, nm, ex, opt, fn, prm, sum, text, ...)                                                 \
    static const method method_##sym = { fn };                                                   \
    static const as_example examples_##sym[] = {                                                 \
        { ex, "assay " nm opt " tests/corpus/raman/fluorescence.ecsv | assay plot-lines -o " nm  \
          ".svg" }, { 0 }                                                                        \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "baseline", .effect = AS_ANNOTATES,                                 \
        .settings_size = sizeof(smoothing_settings), .params = prm, .needs = as_baseline_needs,              \
        .gives = as_baseline_gives, .series = series, .method = &method_##sym,                               \
        .doc = { .summary = sum, .description = text, .references = references_##sym,            \
                 .examples = examples_##sym, .see_also = see_also },                                   \
    };

METHOD(baseline_noise_median, "baseline-noise-median",
       "medians of a wide window", " --window 400cm-1 --smooth 100cm-1",
       noise_median, params_median,
       "add a smoothed moving median as baseline",
       "In a window at least twice as wide as the peaks, most rows are baseline and their median "
       "does not see the peaks.",
       "Friedrichs 1995, A model-free algorithm for the removal of baseline artifacts, J. Biomol. "
       "NMR 5, 147, doi:10.1007/BF00208805")
METHOD(baseline_swima, "baseline-swima",
       "windows that grow until the bands are gone", " --window 200cm-1",
       swima, params_swima,
       "add a baseline by moving means of growing windows",
       "The curve is replaced by its moving mean where that is lower, with windows from three rows "
       "up to the given width. The paper finds that width by itself, where a window strips more "
       "than the one before; noise decides where that is.",
       "Schulze et al. 2012, A small-window moving average-based fully automated baseline "
       "estimation method for Raman spectra, Appl. Spectrosc. 66, 757, doi:10.1366/11-06550")
METHOD(baseline_peak_filling, "baseline-peak-filling",
       "filled in from the smallest values of 30 stretches", " --window 200cm-1 --sections 30",
       peak_filling, params_filling,
       "add a baseline by filling in peaks from below (4S)",
       "Smooth, take the smallest value of each section, suppress what tops the mean of windows "
       "that shrink from round to round, stretch back by straight lines.",
       "Liland 2015, 4S Peak Filling, baseline estimation by iterative mean suppression, MethodsX "
       "2, 135, doi:10.1016/j.mex.2015.02.009")
METHOD(baseline_ipsa, "baseline-ipsa",
       "parabolas in a window twice as wide as a band", " --window 200cm-1",
       ipsa, params_ipsa,
       "add a baseline by repeated smoothing with parabolas",
       "Savitzky-Golay smoothing of second order, again and again of the lower of what it gave and "
       "the data, until it is still.",
       "Wang & Dai 2017, Background subtraction of Raman spectra based on iterative polynomial "
       "smoothing, Appl. Spectrosc. 71, 1169, doi:10.1177/0003702816670915")
METHOD(baseline_ria, "baseline-ria",
       "until 99 % of the added peaks come back", " --window 200cm-1 --recovered 0.99",
       ria, params_ria,
       "add a baseline by moving means that know when to stop",
       "The curve is lengthened at both ends by lines with a band of known area each. Its moving "
       "mean replaces it where lower, until the given share of those bands is gone: peaks as wide "
       "as they are then gone too.",
       "Krishna, Majumder & Gupta 2012, Range-independent background subtraction algorithm for "
       "recovery of Raman spectra of biological tissue, J. Raman Spectrosc. 43, 1884, "
       "doi:10.1002/jrs.4127")
