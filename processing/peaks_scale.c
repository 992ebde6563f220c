/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peaks-cwt, peaks-derivative: finders for peaks on slopes and shoulders, by wavelets of all widths
 * and by the second derivative. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "fft.h"
#include "noise_level.h"
#include "op.h"
#include "savgol.h"

typedef struct {
    as_width least, most, window;
    double snr;
    int order;
} scale_settings;

static const as_param params_cwt[] = {
    AS_WIDTH(scale_settings, least, "min-width", "3pt", "full width at half maximum of the narrowest peaks"),
    AS_WIDTH(scale_settings, most, "max-width", "60pt", "of the widest"),
    AS_DOUBLE(scale_settings, snr, "snr", "6", 0.1, 1e9, NULL,
              "least coefficient over noise, that is height over noise of the matched filter"),
    AS_PARAMS_END
};
static const as_param params_derivative[] = {
    AS_WIDTH(scale_settings, window, "window", "9pt", "window of the Savitzky-Golay filter, about a peak's width"),
    AS_INT(scale_settings, order, "order", "3", 2, 8, "degree of its polynomials"),
    AS_DOUBLE(scale_settings, snr, "snr", "5", 0.1, 1e9, NULL, "least curvature over its noise"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "evenly spaced" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan is bridged" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .help = "of the peak" },
    { .kind = AS_NEED_RESULT, .name = "height", .help = "y there" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .help = "of the peak" },
    { .kind = AS_NEED_RESULT, .name = "snr", .unit = "1", .help = "over noise" },
    { 0 }
};

static double at_row(const as_curve *c, const double *v, double row)
{
    const double top = (double)c->n - 1, r = fmax(0, fmin(row, top));
    const size_t i = r < top ? (size_t)r : c->n - 2;
    return v[i] + (r - (double)i) * (v[i + 1] - v[i]);
}

static double parabola(double left, double middle, double right)
{
    const double b = left - 2 * middle + right;
    return b < 0 ? fmax(-0.5, fmin(0.5, 0.5 * (left - right) / b)) : 0;
}

static as_status add(as_run *run, as_table *t, size_t k, const char *quantity, double value, as_unit unit,
                     const char *method)
{
    char item[32];
    (void)snprintf(item, sizeof item, "%zu", k);
    const as_result r = { .item = item, .quantity = quantity, .value = value, .u = NAN, .unit = unit,
                          .flag = "ok", .method = method };
    return as_add_result(run->ctx, t, &r);
}

/* Of the curve, not less than the rounding of its numbers. */
static double noise_of(size_t n, const double *y, double *work)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(y[i]));
    return fmax(as_noise_level(n, y, work), 0x1p-52 * most);
}

static as_status report(as_run *run, as_table *t, const as_curve *c, const double *y, size_t k, double row,
                        double rows_wide, double snr, const char *method)
{
    const as_unit xu = c->x_column->unit, yu = c->y_column->unit;
    AS_TRY(add(run, t, k, "position", at_row(c, c->x, row), xu, method));
    AS_TRY(add(run, t, k, "height", at_row(c, y, row), yu, "y above zero"));
    AS_TRY(add(run, t, k, "fwhm", rows_wide * fabs(as_curve_step(c)), xu, method));
    return add(run, t, k, "snr", snr, AS_UNITLESS, method);
}

/* The transform with Ricker wavelets of norm 1, all scales: white noise keeps its standard
 * deviation, a Gaussian of deviation s answers most at the scale s sqrt(5). */
static as_status transform(as_ctx *ctx, size_t n, const double *y, size_t scales, const double *scale,
                           double *out)
{
    const size_t m = 2 * n - 2;
    const double pi = acos(-1.0), norm = 2 / sqrt(3) * pow(pi, -0.25) * sqrt(2 * pi);
    double *v = AS_NEW_N(as_scratch(ctx), double, m + 2), *f = AS_NEW_N(as_scratch(ctx), double, m + 4);
    double *g = AS_NEW_N(as_scratch(ctx), double, m + 4);
    if (!v || !f || !g) return AS_ERR;
    for (size_t i = 0; i < m; i++) v[i] = y[i < n ? i : m - i]; /* mirrored: the ends meet */
    AS_TRY(as_fft(ctx, m, v, f));
    for (size_t s = 0; s < scales; s++) {
        for (size_t k = 0; k <= m / 2; k++) {
            const double w = 2 * pi * (double)k / (double)m, a = scale[s] * w;
            const double h = norm * sqrt(scale[s]) * a * a * exp(-0.5 * a * a);
            g[2 * k] = f[2 * k] * h;
            g[2 * k + 1] = f[2 * k + 1] * h;
        }
        AS_TRY(as_fft_back(ctx, m, g, v));
        memcpy(out + s * n, v, n * sizeof *v);
    }
    return AS_OK;
}

/* A peak is where the coefficients are largest along x and along the scale. */
static as_status cwt(as_run *run, as_table *owned)
{
    enum { SCALES = 32 };
    const scale_settings *set = run->settings;
    as_curve c;
    double lo, hi, scale[SCALES];
    AS_TRY(as_curve_of(run->ctx, owned, 8, &c));
    AS_TRY(as_curve_steady(run->ctx, &c, "peaks-cwt"));
    AS_TRY(as_width_points(run->ctx, &set->least, owned, &lo));
    AS_TRY(as_width_points(run->ctx, &set->most, owned, &hi));
    const double *y = as_curve_bridged(run->ctx, &c);
    double *w = AS_NEW_N(as_scratch(run->ctx), double, (SCALES + 2) * c.n);
    if (!y || !w) return AS_ERR;
    const double noise = noise_of(c.n, y, w);
    const double per_width = sqrt(5) / 2.3548200450309493;
    for (int s = 0; s < SCALES; s++) /* half an octave beyond both ends, to have neighbours */
        scale[s] = per_width * lo / 1.4 * pow(fmax(hi, lo) * 1.96 / lo, (double)s / (SCALES - 1));
    AS_TRY(transform(run->ctx, c.n, y, SCALES, scale, w));
    size_t found = 0;
    for (size_t i = 1; i + 1 < c.n; i++)
        for (size_t s = 1; s + 1 < SCALES; s++) {
            const double *at = w + s * c.n + i, v = *at;
            if (!(v > set->snr * noise) || !(v > at[-1] && v >= at[1])) continue;
            bool best = true;
            for (int k = -1; k <= 1 && best; k++) {
                const double *above = at + c.n + k, *below = at - c.n + k;
                best = v > *above && v >= *below;
            }
            if (!best) continue;
            const double row = (double)i + parabola(at[-1], v, at[1]);
            AS_TRY(report(run, owned, &c, y, ++found, row, scale[s] / per_width, v / noise,
                          "scale of the largest wavelet coefficient"));
        }
    return as_emit(run->out, run->ctx, owned);
}

static as_status derivative(as_run *run, as_table *owned)
{
    const scale_settings *set = run->settings;
    as_curve c;
    double points, square = 0;
    AS_TRY(as_curve_of(run->ctx, owned, 8, &c));
    AS_TRY(as_curve_steady(run->ctx, &c, "peaks-derivative"));
    AS_TRY(as_width_points(run->ctx, &set->window, owned, &points));
    const size_t half = (size_t)rint(fmax(points - 1, 2) / 2), window = 2 * half + 1;
    if (window > c.n || (size_t)set->order >= window)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "a window of %zu points does not fit %zu rows and --order %d",
                       window, c.n, set->order);
    const double *y = as_curve_bridged(run->ctx, &c);
    double *m = AS_NEW_N(as_scratch(run->ctx), double, 4 * c.n + window);
    if (!y || !m) return AS_ERR;
    double *d = m, *k = m + c.n, *work = k + window;
    const double noise = noise_of(c.n, y, work);
    as_savgol(c.n, half, set->order, 2, y, k, d);
    as_savgol_coefficients(half, set->order, 2, 0, k);
    for (size_t j = 0; j < window; j++) square += k[j] * k[j];
    const double limit = set->snr * noise * sqrt(square);
    size_t found = 0;
    for (size_t i = 1; i + 1 < c.n; i++) {
        if (!(-d[i] > limit) || !(d[i] < d[i - 1] && d[i] <= d[i + 1])) continue;
        size_t left = i, right = i; /* the curvature of a Gaussian is 0 at its deviation */
        while (left > 0 && d[left] < 0) left--;
        while (right + 1 < c.n && d[right] < 0) right++;
        const double row = (double)i + parabola(-d[i - 1], -d[i], -d[i + 1]);
        const double wide = 2.3548200450309493 / 2 * (double)(right - left - 1);
        AS_TRY(report(run, owned, &c, y, ++found, row, wide, -d[i] / (limit / set->snr),
                      "second derivative"));
    }
    return as_emit(run->out, run->ctx, owned);
}

static const char *const references_cwt[] = {
    "Du, Kibbe & Lin 2006, Improved peak detection in mass spectrum by incorporating continuous wavelet "
    "transform-based pattern matching, Bioinformatics 22, 2059, doi:10.1093/bioinformatics/btl355",
    "Lindeberg 1998, Feature detection with automatic scale selection, Int. J. Comput. Vis. 30, 79, "
    "doi:10.1023/A:1008045108935",
    NULL
};
static const char *const references_derivative[] = {
    "Savitzky & Golay 1964, Smoothing and differentiation of data by simplified least squares "
    "procedures, Anal. Chem. 36, 1627, doi:10.1021/ac60214a047",
    NULL
};
static const char *const see_also[] = { "peaks", "fit", NULL };

const as_op as_op_peaks_cwt = {
    .name = "peaks-cwt",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(scale_settings),
    .params = params_cwt,
    .needs = needs,
    .gives = gives,
    .series = cwt,
    .doc = { .summary = "find peaks of any width on any slope by wavelets",
             .description =
                 "The curve is compared with Ricker wavelets (Mexican hats) of many widths; a peak is "
                 "where the coefficient is largest along x and along the width, and above the noise. "
                 "Straight slopes do not matter, so no baseline is needed. The width is that of a "
                 "Gaussian with the same answer.",
             .references = references_cwt,
             .examples = (const as_example[]){
                 { "bands on fluorescence",
                   "assay peaks-cwt --max-width 80cm-1 < tests/corpus/raman/fluorescence.ecsv"
                   " | assay results | grep ' position '" },
                 { 0 } },
             .see_also = see_also },
};
const as_op as_op_peaks_derivative = {
    .name = "peaks-derivative",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(scale_settings),
    .params = params_derivative,
    .needs = needs,
    .gives = gives,
    .series = derivative,
    .doc = { .summary = "find peaks and shoulders by the second derivative",
             .description =
                 "Minima of the Savitzky-Golay second derivative whose depth tops its own noise: "
                 "shoulders have one, though they are no maxima of y. The width is that between the "
                 "zeros of the second derivative, as of a Gaussian.",
             .references = references_derivative,
             .examples = (const as_example[]){
                 { "bands and their shoulders",
                   "assay peaks-derivative --window 7pt < tests/corpus/raman/fluorescence.ecsv"
                   " | assay results | grep ' position '" },
                 { 0 } },
             .see_also = see_also },
};
