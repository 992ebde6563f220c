/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heating curves: grid, derivative, steps, onsets. See thermogram.h for the definitions. */
#include <math.h>
#include <string.h>

#include "linear_fit.h"
#include "noise_level.h"
#include "peaks_find.h"
#include "savgol.h"
#include "thermogram.h"

const as_column *as_thermal_mass(as_ctx *ctx, const as_table *t)
{
    const as_column *c = as_find_numbers(t, "mass");
    if (!c) c = as_find_numbers(t, "mass_fraction");
    return c ? c : as_need_column(ctx, t, "mass");
}

as_status as_thermal_columns(as_ctx *ctx, const as_table *t, double **x, double **y, size_t *n)
{
    const as_column *temperature = as_need_column(ctx, t, "temperature"), *mass = as_thermal_mass(ctx, t);
    const as_unit celsius = as_unit_of("degC");
    if (!temperature || !mass) return AS_ERR;
    *x = AS_NEW_N(as_scratch(ctx), double, t->rows);
    *y = AS_NEW_N(as_scratch(ctx), double, t->rows);
    *n = 0;
    if (!*x || !*y) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double at = as_unit_convert(temperature->v.f[i], &temperature->unit, &celsius);
        if (!isfinite(at) || !isfinite(mass->v.f[i])) continue;
        (*x)[*n] = at;
        (*y)[(*n)++] = mass->v.f[i];
    }
    return AS_OK;
}

double as_thermogram_temperature(const as_thermogram *t, double row)
{
    return t->first + row * t->step;
}

double as_thermogram_at(const as_thermogram *t, double temperature)
{
    const double row = (temperature - t->first) / t->step;
    if (!(row >= 0 && row <= (double)(t->n - 1))) return NAN;
    const size_t i = row < (double)(t->n - 1) ? (size_t)row : t->n - 2;
    return t->p[i] + (row - (double)i) * (t->p[i + 1] - t->p[i]);
}

void as_thermogram_refer(as_thermogram *t, double mass)
{
    const double scale = t->reference / mass;
    for (size_t i = 0; i < t->n; i++) {
        t->p[i] *= scale;
        t->rate[i] *= scale;
    }
    t->noise *= scale;
    t->rate_noise *= scale;
    t->reference = mass;
}

/* Up to the first maximum of temperature, only points hotter than every one before; how many. */
static size_t keep_rising(size_t n, const double *temperature, const double *mass, double *x,
                          double *y)
{
    size_t kept = 0;
    double hottest = -INFINITY;
    size_t top = 0;
    for (size_t i = 1; i < n; i++)
        if (temperature[i] > temperature[top]) top = i;
    for (size_t i = 0; i < n && i <= top; i++) {
        if (!(temperature[i] > hottest)) continue;
        hottest = x[kept] = temperature[i];
        y[kept++] = mass[i];
    }
    return kept;
}

static void fill_grid(as_thermogram *t, size_t n, const double *x, const double *y)
{
    size_t k = 0;
    for (size_t i = 0; i < t->n; i++) {
        const double at = as_thermogram_temperature(t, (double)i);
        while (k + 2 < n && x[k + 1] < at) k++;
        t->p[i] = y[k] + (y[k + 1] - y[k]) * (at - x[k]) / (x[k + 1] - x[k]);
    }
}

/* White noise of p seen through the derivative filter: its coefficients' length over the step. A
 * point is shared by the rows around it, so rows are no finer than the points. */
static double noise_of_rate(as_ctx *ctx, const as_thermogram *t, size_t half)
{
    double *c = AS_NEW_N(as_scratch(ctx), double, 2 * half + 1);
    if (!c) return NAN;
    as_savgol_coefficients(half, 2, 1, 0, c);
    double sum = 0;
    for (size_t i = 0; i <= 2 * half; i++) sum += c[i] * c[i];
    return t->noise * sqrt(sum / t->per_row) / t->step;
}

as_status as_thermogram_of(as_ctx *ctx, as_arena *a, size_t n, const double *temperature,
                           const double *mass, double step, size_t half, as_thermogram *out)
{
    double *x = AS_NEW_N(as_scratch(ctx), double, n), *y = AS_NEW_N(as_scratch(ctx), double, n);
    double *work = AS_NEW_N(as_scratch(ctx), double, 2 * n + 2 * half + 1);
    if (!x || !y || !work) return AS_ERR;
    const size_t kept = keep_rising(n, temperature, mass, x, y);
    if (kept < 20)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu points of rising temperature, at least 20 are needed", kept);
    const double begin = ceil(x[0] / step) * step, end = floor(x[kept - 1] / step) * step;
    *out = (as_thermogram){ .first = begin, .step = step, .kept = kept };
    if (!((end - begin) / step < 1e7))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the curve spans %.4g K, which is more than 10 million steps of %g K",
                       x[kept - 1] - x[0], step);
    out->n = end > begin ? (size_t)llround((end - begin) / step) + 1 : 0;
    if (out->n <= 2 * half)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the curve spans %.4g K, less than the window of the derivative",
                       x[kept - 1] - x[0]);
    out->p = AS_NEW_N(a, double, out->n);
    out->rate = AS_NEW_N(a, double, out->n);
    if (!out->p || !out->rate) return AS_ERR;
    fill_grid(out, kept, x, y);
    out->reference = out->p[0];
    if (!(out->reference > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the mass at the first temperature is %.4g: no reference", out->reference);
    for (size_t i = 0; i < out->n; i++) out->p[i] *= 100 / out->reference;
    out->noise = 100 / out->reference * as_noise_level(kept, y, work);
    as_savgol(out->n, half, 2, 1, out->p, work, out->rate);
    for (size_t i = 0; i < out->n; i++) out->rate[i] /= step;
    out->half = half;
    out->per_row = fmin((double)kept * step / (x[kept - 1] - x[0]), 1);
    out->rate_noise = noise_of_rate(ctx, out, half);
    return AS_OK;
}

/* The tangent at the peak against a horizontal at p(side). Its uncertainty: that of p over the
 * slope, and that of the slope over the same distance. */
static double tangent_at(const as_thermogram *t, size_t peak, size_t side, double *u)
{
    const double drop = t->p[side] - t->p[peak], rate = t->rate[peak];
    const double of_p = sqrt(2) * t->noise / rate, of_rate = drop * t->rate_noise / (rate * rate);
    *u = hypot(of_p, of_rate);
    return as_thermogram_temperature(t, (double)peak) + drop / rate;
}

/* The rows around a maximum (sign 1: of -rate) or minimum whose rate the noise cannot tell from it. */
static void alike(const as_thermogram *t, size_t row, double sign, size_t *from, size_t *to)
{
    const double limit = sign * t->rate[row] + 1.5 * t->rate_noise;
    *from = *to = row;
    while (*from > 0 && sign * t->rate[*from - 1] < limit) (*from)--;
    while (*to + 1 < t->n && sign * t->rate[*to + 1] < limit) (*to)++;
}

/* Where the loss is fastest, and its uncertainty: p = c0 + c1 x + c2 x^2 + c3 x^3 over the window
 * has its inflection at -c2/(3 c3). Where the cubic has it outside: the row itself, no better than
 * the rows that are alike. */
static void inflection(as_ctx *ctx, const as_thermogram *t, as_thermal_step *s)
{
    const size_t from = s->peak > t->half ? s->peak - t->half : 0;
    const size_t to = s->peak + t->half < t->n ? s->peak + t->half : t->n - 1, n = to - from + 1;
    double *x = AS_NEW_N(as_scratch(ctx), double, n), *sigma = AS_NEW_N(as_scratch(ctx), double, n);
    const double noise = fmax(t->noise, 1e-12) / sqrt(t->per_row); /* of one row, neighbours sharing points */
    as_linear_fit fit;
    size_t rise, fall;
    s->fastest = as_thermogram_temperature(t, (double)s->peak);
    alike(t, s->peak, 1, &rise, &fall);
    s->u_fastest = fmax((double)(fall - rise), 1) * t->step / sqrt(12);
    if (!x || !sigma) return;
    for (size_t i = 0; i < n; i++) {
        x[i] = ((double)(from + i) - (double)s->peak) * t->step;
        sigma[i] = noise;
    }
    if (as_fit_polynomial(ctx, as_scratch(ctx), n, 3, x, t->p + from, sigma, true, &fit) != AS_OK) {
        as_forget_error(ctx);
        return;
    }
    const double c2 = fit.p[2], c3 = fit.p[3], at = -c2 / (3 * c3);
    if (!(c3 > 0 && fabs(at) < (double)t->half * t->step)) return;
    const double by2 = -1 / (3 * c3), by3 = -at / c3, *v = fit.covariance;
    s->fastest += at;
    s->u_fastest = sqrt(by2 * by2 * v[10] + 2 * by2 * by3 * v[11] + by3 * by3 * v[15]);
}

/* What the noise makes of the place where steps part, in %: the standard deviation of the mass over
 * the rows whose rate is within 1.5 of the noise of that at `row`, each as likely. */
static double parting(const as_thermogram *t, size_t row)
{
    size_t from, to;
    if (row == 0 || row + 1 >= t->n) return 0;
    alike(t, row, -1, &from, &to);
    return fabs(t->p[from] - t->p[to]) / sqrt(12);
}

static void measure(as_ctx *ctx, const as_thermogram *t, as_thermal_step *s)
{
    const double left = parting(t, s->left), right = parting(t, s->right);
    inflection(ctx, t, s);
    s->loss = t->p[s->left] - t->p[s->right];
    /* all are shares of the first point: it is exact itself and its noise scales the others */
    const double share = s->left == 0 ? t->p[s->right] / 100 : s->loss / 100;
    s->u_loss = hypot(t->noise * sqrt((s->left == 0 ? 1 : 2) + share * share), hypot(left, right));
    s->onset = tangent_at(t, s->peak, s->left, &s->u_onset);
    s->endset = tangent_at(t, s->peak, s->right, &s->u_endset);
    s->u_onset = hypot(s->u_onset, left / t->rate[s->peak]);
    s->u_endset = hypot(s->u_endset, right / t->rate[s->peak]);
}

/* The row of the slowest loss between two peaks. */
static size_t valley(const as_thermogram *t, size_t from, size_t to)
{
    size_t slowest = from;
    for (size_t i = from; i <= to; i++)
        if (t->rate[i] > t->rate[slowest]) slowest = i;
    return slowest;
}

size_t as_thermal_steps(as_ctx *ctx, const as_thermogram *t, double share, double least,
                        size_t apart, size_t room, as_thermal_step *out)
{
    as_arena *a = as_scratch(ctx);
    double *loss = AS_NEW_N(a, double, t->n), largest = 0;
    size_t *at = AS_NEW_N(a, size_t, t->n / 2 + 1), n = 0;
    if (!loss || !at) return 0;
    for (size_t i = 0; i < t->n; i++) {
        loss[i] = -t->rate[i];
        largest = fmax(largest, loss[i]);
    }
    const size_t n_peaks = as_peaks_maxima(t->n, loss, at);
    as_peak *peak = AS_NEW_N(a, as_peak, n_peaks);
    size_t *work = AS_NEW_N(a, size_t, 4 * n_peaks + 4), *order = AS_NEW_N(a, size_t, n_peaks);
    bool *keep = AS_NEW_N(a, bool, n_peaks);
    if (!peak || !work || !order || !keep) return 0;
    as_peaks_prominences(t->n, loss, n_peaks, at, work, peak);
    for (size_t i = 0; i < n_peaks; i++) keep[i] = true;
    as_peaks_thin(n_peaks, peak, loss, apart, order, keep);
    for (size_t i = 0; i < n_peaks && n < room; i++)
        if (keep[i] && peak[i].prominence >= fmax(share * largest, least))
            out[n++] = (as_thermal_step){ .peak = peak[i].at, .right = t->n - 1 };
    for (size_t i = 0; i + 1 < n; i++)
        out[i].right = out[i + 1].left = valley(t, out[i].peak, out[i + 1].peak);
    for (size_t i = 0; i < n; i++) measure(ctx, t, &out[i]);
    return n;
}

double as_thermal_crossing(const as_thermogram *t, double level)
{
    for (size_t i = 1; i < t->n; i++)
        if (t->p[i] <= level && t->p[i - 1] > level)
            return as_thermogram_temperature(
                t, (double)i - 1 + (t->p[i - 1] - level) / (t->p[i - 1] - t->p[i]));
    return NAN;
}

double as_thermal_crossing_u(const as_thermogram *t, double at, double level)
{
    if (isnan(at)) return NAN;
    return t->noise * hypot(1, level / 100) / fabs(t->rate[(size_t)((at - t->first) / t->step)]);
}

as_status as_thermal_baseline(as_ctx *ctx, const as_thermogram *t, double from, double to,
                              as_thermal_line *out)
{
    const double lo = ceil((from - t->first) / t->step), hi = floor((to - t->first) / t->step);
    const size_t begin = lo < 0 ? 0 : (size_t)lo, end = hi >= (double)t->n ? t->n - 1
                                                        : hi < 0           ? 0
                                                                           : (size_t)hi;
    if (end < begin + 4)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the baseline from %.4g to %.4g degC has fewer than 5 rows", from, to);
    const size_t n = end - begin + 1;
    double *x = AS_NEW_N(as_scratch(ctx), double, n);
    as_linear_fit fit;
    if (!x) return AS_ERR;
    *out = (as_thermal_line){ .n = n,
                              .from = as_thermogram_temperature(t, (double)begin),
                              .to = as_thermogram_temperature(t, (double)end) };
    out->middle = 0.5 * (out->from + out->to);
    for (size_t i = 0; i < n; i++)
        x[i] = as_thermogram_temperature(t, (double)(begin + i)) - out->middle;
    AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), n, 1, x, t->p + begin, NULL, false, &fit));
    out->level = fit.p[0];
    out->slope = fit.p[1];
    out->scatter = sqrt(fit.chi2 / (double)fit.dof);
    return AS_OK;
}

double as_thermal_deviation(const as_thermogram *t, const as_thermal_line *line, double k,
                            size_t persist)
{
    size_t below = 0;
    const size_t begin = (size_t)fmax(0, ceil((line->from - t->first) / t->step));
    for (size_t i = begin; i < t->n; i++) {
        const double at = as_thermogram_temperature(t, (double)i);
        const double expected = line->level + line->slope * (at - line->middle);
        below = expected - t->p[i] > k * line->scatter ? below + 1 : 0;
        if (below == persist && at > line->to) return at - (double)(persist - 1) * t->step;
    }
    return NAN;
}

/* Standard uncertainty of the line at a temperature, in %: its scatter, drawn out beyond its ends. */
static double line_u(const as_thermogram *t, const as_thermal_line *line, double temperature)
{
    const double points = (double)line->n * t->per_row, range = line->to - line->from;
    const double out = (temperature - line->middle) / range;
    return line->scatter * sqrt((1 + 12 * out * out) / points);
}

double as_thermal_deviation_u(const as_thermogram *t, const as_thermal_line *line, double k,
                              size_t persist, double at)
{
    const size_t row = (size_t)fmax(0, (at - t->first) / t->step);
    const double points = (double)line->n * t->per_row, slope = fabs(t->rate[row] - line->slope);
    const double threshold = points > 2 ? k * line->scatter / sqrt(2 * (points - 2)) : line->scatter;
    /* all of n readings have to lie below: the last of them decides, and extremes of n normal
     * deviates have a standard deviation of 0.84 (n = 2), 0.67 (5), 0.59 (10): near n^(-1/4) */
    const double mass = line->scatter * pow(fmax(1, (double)persist * t->per_row), -0.25);
    const double below = hypot(hypot(mass, threshold), line_u(t, line, at));
    return hypot(t->step / sqrt(12), below / fmax(slope, t->rate_noise));
}

double as_thermal_tangent(const as_thermogram *t, const as_thermal_line *line, size_t peak, double *u)
{
    const double at = as_thermogram_temperature(t, (double)peak), slope = t->rate[peak] - line->slope;
    const double drop = line->level + line->slope * (at - line->middle) - t->p[peak];
    const double of_p = hypot(t->noise, line_u(t, line, at + drop / slope)) / slope;
    *u = hypot(of_p, drop * t->rate_noise / (slope * slope));
    return at + drop / slope;
}
