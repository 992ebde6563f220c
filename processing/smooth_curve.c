/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth-whittaker, -pspline, -gaussian, -median, -lowess, -fft, denoise-wavelet and
 * deconvolve-fourier: one row of a table each, the rest in common. */
#include <gsl/gsl_wavelet.h>
#include <math.h>
#include <string.h>

#include "curve.h"
#include "fft.h"
#include "lowess.h"
#include "morphology.h"
#include "op.h"
#include "pspline.h"
#include "smooth.h"
#include "sorted.h"
#include "whittaker.h"

typedef struct {
    as_width width;
    double lambda, threshold, enhancement;
    int order, knots, robust, family, taper;
} smoothing_settings;

#define WIDTH(dflt, text) AS_WIDTH(smoothing_settings, width, "width", dflt, text)
#define PENALTY                                                                                  \
    WIDTH("10pt", "period of the waves that are passed at half height"),                         \
    AS_DOUBLE(smoothing_settings, lambda, "lambda", "0", 0, 1e30, NULL,                          \
              "smoothness as in the literature; 0: from the width"),                             \
    AS_INT(smoothing_settings, order, "order", "2", 1, 3, "order of the penalised differences")

enum { STEP, GAUSS, COSINE };
static const as_choice tapers[] = {
    { "gauss", GAUSS, "half height at the width: no ringing" },
    { "cosine", COSINE, "from all to nothing within a factor of two around the width" },
    { "step", STEP, "sharp: rings at steps and spikes" }, { 0 }
};
enum { HAAR, DAUBECHIES, BSPLINE };
static const as_choice families[] = {
    { "daubechies", DAUBECHIES, "of 8 coefficients" }, { "haar", HAAR, "steps" },
    { "bspline", BSPLINE, "biorthogonal splines 3, 5" }, { 0 }
};

static const as_param params_whittaker[] = { PENALTY, AS_PARAMS_END };
static const as_param params_pspline[] = {
    PENALTY,
    AS_INT(smoothing_settings, knots, "knots", "0", 0, 1000000,
           "even stretches of x, a spline each; 0: four to a width"),
    AS_PARAMS_END
};
static const as_param params_gaussian[] = {
    WIDTH("5pt", "full width at half maximum of the Gaussian"), AS_PARAMS_END
};
static const as_param params_median[] = { WIDTH("5pt", "length of the window"), AS_PARAMS_END };
static const as_param params_lowess[] = {
    WIDTH("15pt", "length of the window, in which lines are fitted"),
    AS_INT(smoothing_settings, robust, "robust", "3", 0, 100,
           "rounds in which outlying rows lose weight"),
    AS_PARAMS_END
};
static const as_param params_fft[] = {
    WIDTH("10pt", "period below which waves are taken out"),
    AS_CHOICE(smoothing_settings, taper, "taper", "gauss", tapers, "how they fade"),
    AS_PARAMS_END
};
static const as_param params_wavelet[] = {
    AS_CHOICE(smoothing_settings, family, "family", "daubechies", families, "wavelets"),
    AS_DOUBLE(smoothing_settings, threshold, "threshold", "1", 0, 100, NULL,
              "in units of sigma sqrt(2 ln n), below which coefficients are noise"),
    AS_PARAMS_END
};
static const as_param params_deconvolve[] = {
    AS_WIDTH(smoothing_settings, width, "fwhm", NULL, "full width of the Lorentzian that broadens the bands"),
    AS_DOUBLE(smoothing_settings, enhancement, "enhancement", "2", 1, 20, NULL,
              "by which the width shrinks"),
    AS_PARAMS_END
};

typedef struct {
    as_ctx *ctx;
    const smoothing_settings *set;
    const as_curve *c;
    size_t n;
    double points;
    double *y, *out, *work; /* y: bridged; work: 8 n + 64 */
} task;

static as_status whittaker(task *t)
{
    double *r = t->work + 4 * t->n;
    const double lambda = t->set->lambda > 0 ? t->set->lambda
                                             : as_whittaker_lambda(t->points, t->set->order);
    if (t->set->order == 2) {
        as_whittaker(t->n, t->y, t->c->use, lambda, t->work, t->out);
        return AS_OK;
    }
    for (size_t i = 0; i < t->n; i++) r[i] = t->c->use[i] * t->y[i];
    as_whittaker_order(t->n, t->set->order, r, t->c->use, lambda, NULL, NULL, t->work, t->out);
    return AS_OK;
}

static as_status pspline(task *t)
{
    const double auto_knots = fmin((double)t->n, fmax(4, 4 * (double)t->n / t->points));
    const size_t knots = t->set->knots > 0 ? (size_t)t->set->knots : (size_t)auto_knots;
    double *memory = AS_NEW_N(as_scratch(t->ctx), double, as_pspline_doubles(t->n, knots));
    size_t *first = AS_NEW_N(as_scratch(t->ctx), size_t, t->n);
    as_pspline s;
    if (!memory || !first) return AS_ERR;
    as_pspline_init(&s, t->n, t->c->x, knots, t->set->order, memory, first);
    const double rows = (double)t->n / (double)knots;
    s.y = t->y;
    s.lambda = t->set->lambda > 0 ? t->set->lambda
                                  : rows * as_whittaker_lambda(t->points / rows, t->set->order);
    as_pspline_draw(&s, t->c->use, t->out);
    return AS_OK;
}

static as_status gaussian(task *t)
{
    as_gaussian(t->n, fmin(t->points / 2.3548200450309493, (double)t->n), t->y, t->work, t->out);
    return AS_OK;
}

static as_status median(task *t)
{
    as_moving_median(t->n, (size_t)rint(fmin((t->points - 1) / 2, (double)t->n)), t->y, t->work, t->out);
    return AS_OK;
}

static as_status lowess(task *t)
{
    const as_lowess_how how = { .span = (size_t)rint(fmin(fmax(t->points, 3), (double)t->n)),
                                .order = 1, .rounds = t->set->robust };
    as_lowess(t->n, t->c->x, t->y, t->c->use, &how, t->work, t->out);
    return AS_OK;
}

/* The curve without the line between its ends, mirrored: no step where the period closes. */
static as_status spectrum_of(task *t, double **v, double **f, size_t *m)
{
    *m = 2 * t->n - 2;
    *v = AS_NEW_N(as_scratch(t->ctx), double, *m + 2);
    *f = AS_NEW_N(as_scratch(t->ctx), double, *m + 4);
    if (!*v || !*f) return AS_ERR;
    for (size_t i = 0; i < *m; i++) {
        const size_t j = i < t->n ? i : *m - i;
        (*v)[i] = t->y[j];
    }
    return as_fft(t->ctx, *m, *v, *f);
}

static double taper_at(int taper, double ratio) /* of frequency to that of the width */
{
    if (taper == STEP) return ratio <= 1;
    if (taper == GAUSS) return exp(-log(2) * ratio * ratio);
    const double octave = log2(fmax(ratio, 1e-300)) + 0.5;
    return octave <= 0 ? 1 : octave >= 1 ? 0 : 0.5 * (1 + cos(acos(-1.0) * octave));
}

static as_status low_pass(task *t)
{
    double *v, *f;
    size_t m;
    AS_TRY(spectrum_of(t, &v, &f, &m));
    for (size_t k = 0; k <= m / 2; k++) {
        const double g = taper_at(t->set->taper, (double)k / (double)m * t->points);
        f[2 * k] *= g;
        f[2 * k + 1] *= g;
    }
    AS_TRY(as_fft_back(t->ctx, m, f, v));
    memcpy(t->out, v, t->n * sizeof *v);
    return AS_OK;
}

/* Kauppinen et al. 1981: in the domain of retardation a Lorentzian of width F is a factor
 * exp(-pi F |s|). It is divided out and a Gaussian of width F / enhancement put in its place,
 * exp(-(pi F s / k)^2 / (4 ln 2)): a line of width F becomes one of width F / k. */
static as_status deconvolve(task *t)
{
    double *v, *f;
    size_t m;
    AS_TRY(spectrum_of(t, &v, &f, &m));
    const double pi = acos(-1.0), width = t->points;
    for (size_t k = 0; k <= m / 2; k++) {
        const double s = (double)k / (double)m, b = pi * width * s / t->set->enhancement;
        const double g = exp(pi * width * s - b * b / (4 * log(2)));
        f[2 * k] *= g;
        f[2 * k + 1] *= g;
    }
    AS_TRY(as_fft_back(t->ctx, m, f, v));
    memcpy(t->out, v, t->n * sizeof *v);
    return AS_OK;
}

static void free_wavelet(void *w)
{
    gsl_wavelet_free(w);
}
static void free_workspace(void *w)
{
    gsl_wavelet_workspace_free(w);
}

/* Donoho & Johnstone 1994: soft threshold sigma sqrt(2 ln n), sigma from the finest level. */
static as_status wavelet(task *t)
{
    const gsl_wavelet_type *type = t->set->family == HAAR      ? gsl_wavelet_haar
                                   : t->set->family == BSPLINE ? gsl_wavelet_bspline
                                                               : gsl_wavelet_daubechies;
    const size_t member = t->set->family == HAAR ? 2 : t->set->family == BSPLINE ? 305 : 8;
    size_t m = 8;
    while (m < t->n + t->n / 4) m *= 2;
    as_arena *scratch = as_scratch(t->ctx);
    double *v = AS_NEW_N(scratch, double, m), *fine = AS_NEW_N(scratch, double, m);
    gsl_wavelet *w = gsl_wavelet_alloc(type, member);
    gsl_wavelet_workspace *space = gsl_wavelet_workspace_alloc(m);
    if (w) AS_TRY(as_defer(scratch, free_wavelet, w));
    if (space) AS_TRY(as_defer(scratch, free_workspace, space));
    if (!v || !fine) return AS_ERR;
    if (!w || !space) return as_fail(t->ctx, AS_E_NOMEM, NULL, "no memory for %zu wavelets", m);
    const size_t before = (m - t->n) / 2, period = 2 * t->n - 2;
    for (size_t i = 0; i < m; i++) { /* mirrored at both ends */
        const size_t j = (i + period * (m / period + 1) - before) % period;
        v[i] = t->y[j < t->n ? j : period - j];
    }
    (void)gsl_wavelet_transform_forward(w, v, 1, m, space);
    const double sigma = as_mad_sigma(m / 2, v + m / 2, fine);
    const double limit = t->set->threshold * sigma * sqrt(2 * log((double)t->n));
    for (size_t i = 8; i < m; i++) v[i] = copysign(fmax(fabs(v[i]) - limit, 0), v[i]);
    (void)gsl_wavelet_transform_inverse(w, v, 1, m, space);
    memcpy(t->out, v + before, t->n * sizeof *v);
    return AS_OK;
}

typedef enum { EVEN, STEADY, ANY } spacing; /* of x */
typedef struct {
    as_status (*run)(task *);
    spacing spacing;
    const char *word;
} method;

static as_status series(as_run *run, as_table *owned)
{
    const smoothing_settings *set = run->settings;
    const method *m = run->op->method;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 4, &c));
    if (m->spacing == EVEN) AS_TRY(as_curve_even(run->ctx, &c, run->op->name));
    if (m->spacing == STEADY) AS_TRY(as_curve_steady(run->ctx, &c, run->op->name));
    AS_TRY(as_curve_rising(run->ctx, &c));
    task t = { .ctx = run->ctx, .set = set, .c = &c, .n = c.n, .y = as_curve_bridged(run->ctx, &c) };
    if (set->width.value > 0) AS_TRY(as_width_points(run->ctx, &set->width, owned, &t.points));
    t.work = AS_NEW_N(as_scratch(run->ctx), double, 9 * c.n + 64);
    if (!t.work || !t.y) return AS_ERR;
    t.out = t.work + 8 * c.n + 64;
    AS_TRY(m->run(&t));
    AS_TRY(as_need_finite(run->ctx, &c, t.out));
    if (m->word) AS_TRY(as_mark_processed(run->ctx, owned, m->word));
    return as_smooth_emit(run, owned, &c, t.out, 0);
}

static const char *const see_also[] = { "smooth-savgol", "smooth-whittaker", NULL };

#define METHOD(sym, nm, fn, un, wd, prm, sum, text, opts, ...)                                   \
    static const method method_##sym = { fn, un, wd };                                           \
    static const as_example examples_##sym[] = {                                                 \
        { "a noisy spectrum",                                                                    \
          "assay " nm " " opts " < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },          \
        { 0 }                                                                                    \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "smooth", .effect = AS_ANNOTATES,                                   \
        .settings_size = sizeof(smoothing_settings), .params = prm, .needs = as_smooth_needs,    \
        .gives = as_smooth_gives, .series = series, .method = &method_##sym,                     \
        .doc = { .summary = sum, .description = text "\n\n" AS_SMOOTH_TEXT,                      \
                 .references = references_##sym, .examples = examples_##sym,                     \
                 .see_also = see_also },                                                         \
    };

METHOD(smooth_whittaker, "smooth-whittaker", whittaker, STEADY, NULL, params_whittaker,
       "smooth by penalised differences (Whittaker)",
       "The curve that minimises the squared distances from the data plus lambda times its squared "
       "differences. Gaps are drawn through.", "--width 40cm-1",
       "Eilers 2003, A perfect smoother, Anal. Chem. 75, 3631, doi:10.1021/ac034173t")
METHOD(smooth_pspline, "smooth-pspline", pspline, ANY, NULL, params_pspline,
       "smooth by penalised splines",
       "Cubic B-splines on even knots in x with a penalty on the differences of their coefficients; "
       "x may be uneven.", "--width 40cm-1",
       "Eilers & Marx 1996, Flexible smoothing with B-splines and penalties, Stat. Sci. 11, 89, "
       "doi:10.1214/ss/1038425655")
METHOD(smooth_gaussian, "smooth-gaussian", gaussian, STEADY, NULL, params_gaussian,
       "smooth by a Gaussian",
       "Each row becomes the mean of its neighbours with Gaussian weights, normed on the rows that "
       "are there.", "--width 12cm-1", "Lindeberg 1990, Scale-space for discrete signals, IEEE Trans. "
       "Pattern Anal. 12, 234, doi:10.1109/34.49051")
METHOD(smooth_median, "smooth-median", median, STEADY, NULL, params_median,
       "smooth by a moving median", "Spikes narrower than half the window vanish, steps stay.",
       "--width 20cm-1", "Tukey 1977, Exploratory data analysis, Addison-Wesley")
METHOD(smooth_lowess, "smooth-lowess", lowess, ANY, NULL, params_lowess,
       "smooth by lines in moving windows, robustly",
       "Weighted lines with tricube weights; rows that stand far out lose weight and the fit is "
       "repeated. x may be uneven.", "--width 40cm-1",
       "Cleveland 1979, Robust locally weighted regression and smoothing scatterplots, J. Am. Stat. "
       "Assoc. 74, 829, doi:10.1080/01621459.1979.10481038")
METHOD(smooth_fft, "smooth-fft", low_pass, STEADY, NULL, params_fft,
       "smooth by taking out short waves",
       "The curve and its mirror image are transformed, so that the ends meet.", "--width 40cm-1",
       "Frigo & Johnson 2005, The design and implementation of FFTW3, Proc. IEEE 93, 216, "
       "doi:10.1109/JPROC.2004.840301")
METHOD(denoise_wavelet, "denoise-wavelet", wavelet, STEADY, NULL, params_wavelet,
       "take out noise by thresholds on wavelet coefficients",
       "Coefficients below the universal threshold are 0, the others shrink by it.", "--threshold 0.8",
       "Donoho & Johnstone 1994, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81, 425, "
       "doi:10.1093/biomet/81.3.425")
METHOD(deconvolve_fourier, "deconvolve-fourier", deconvolve, EVEN, "deconvolved", params_deconvolve,
       "narrow bands by Fourier self-deconvolution",
       "A Lorentzian of width `--fwhm` is divided out and a Gaussian narrower by `--enhancement` put "
       "in its place. Areas stay; noise grows steeply with the enhancement, and a width set too large "
       "gives side lobes below the baseline.", "--fwhm 14cm-1 --enhancement 1.5",
       "Kauppinen, Moffatt, Mantsch & Cameron 1981, Fourier self-deconvolution: a method for "
       "resolving intrinsically overlapped bands, Appl. Spectrosc. 35, 271, "
       "doi:10.1366/0003702814732634")
