/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asymmetric lines in closed form: exponentially modified Gaussian, log-normal, Fano and
 * Breit-Wigner-Fano; and the steps (error function, arctangent).
 */
#include <cerf.h>
#include <math.h>

#include "shape.h"

#define PI 3.14159265358979323846
#define LN2 0.693147180559945309417
#define SIGMA_OF_FWHM 0.42466090014400952136
#define CENTER(what) { "center", "x", 0, -INFINITY, INFINITY, what }

/* Gaussian convolved with an exponential of decay tau: with d = x - c and
 * z = (sigma/tau - d/sigma)/sqrt 2,  f = A/(2 tau) exp(-d^2/(2 sigma^2)) erfcx(z); where z < 0,
 * erfcx(z) = 2 exp(z^2) - erfcx(-z), whose first part makes 2 exp(sigma^2/(2 tau^2) - d/tau),
 * an exponent below 0. Nothing overflows. tau < 0 mirrors: the tail is on the low side.
 * Derivatives from tau f' + f = G (the Gaussian) and df/d(sigma) = sigma f''. */
static void emg(size_t n, const double *x, const double *p, const double *q, double *f,
                double *const *J)
{
    const double A = p[0], side = p[3] < 0 ? -1 : 1, s = p[2] * SIGMA_OF_FWHM;
    const double tau = fmax(fabs(p[3]), 1e-4 * s);
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double d = side * (x[i] - p[1]), z = (s / tau - d / s) / sqrt(2);
        const double gauss = exp(-0.5 * d * d / (s * s));
        const double tail = z < 0 ? 2 * exp(0.5 * s * s / (tau * tau) - d / tau) : 0;
        const double shape = 0.5 / tau * (z < 0 ? tail - gauss * erfcx(-z) : gauss * erfcx(z));
        const double G = A * gauss / (s * sqrt(2 * PI));
        f[i] = A * shape;
        if (!J) continue;
        const double first = (G - f[i]) / tau, second = (-d / (s * s) * G - first) / tau;
        J[0][i] = shape;
        J[1][i] = -side * first;
        J[2][i] = s * second * SIGMA_OF_FWHM;
        J[3][i] = side * (-f[i] / tau - s / (tau * tau) * (sqrt(2) * z * f[i] - G * s / tau));
    }
}

static double emg_ratio(const double *p, double *g)
{
    (void)p;
    (void)g;
    return NAN; /* the area is parameter 0; the height is found numerically */
}

static void emg_guess(double height, double center, double fwhm, double *p)
{
    p[0] = 1.2 * height * fwhm;
    p[1] = center - 0.2 * fwhm;
    p[2] = 0.7 * fwhm;
    p[3] = 0.4 * fwhm;
}

/* h exp(-ln2 (ln(1 + 2 b (x - c)/w)/b)^2), 0 where the logarithm has no argument */
static void lognormal(size_t n, const double *x, const double *p, const double *q, double *f,
                      double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], b = p[3];
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double u = 2 * (x[i] - c) / w, a = 1 + b * u;
        if (J) J[0][i] = J[1][i] = J[2][i] = J[3][i] = 0;
        f[i] = 0;
        if (!(a > 0)) continue;
        const int small = fabs(b * u) < 1e-4 && fabs(b) < 1e-2;
        const double l = small ? u * (1 - b * u * (0.5 - b * u / 3)) : log1p(b * u) / b;
        const double s = exp(-LN2 * l * l), by_l = -2 * LN2 * l * s * h;
        f[i] = h * s;
        if (!J) continue;
        const double l_b = small ? u * u * (-0.5 + 2 * b * u / 3) : (u / a - l) / b;
        J[0][i] = s;
        J[1][i] = by_l / a * (-2 / w);
        J[2][i] = by_l / a * (-u / w);
        J[3][i] = by_l * l_b;
    }
}

static double lognormal_ratio(const double *p, double *g)
{
    const double b = p[3], e = exp(b * b / (4 * LN2)), r = 0.5 * sqrt(PI / LN2) * e;
    g[0] = g[1] = 0;
    g[2] = r;
    g[3] = p[2] * r * b / (2 * LN2);
    return p[2] * r;
}

static double lognormal_fwhm(const double *p, double *g)
{
    const double w = p[2], b = p[3], s = fabs(b) < 1e-4 ? 1 + b * b / 6 : sinh(b) / b;
    g[0] = g[1] = 0;
    g[2] = s;
    g[3] = fabs(b) < 1e-4 ? w * b / 3 : w * (cosh(b) - s) / b;
    return w * s;
}

/* h (1 + k e)^2 / (1 + e^2), e = 2 (x - c)/w, k = 1/q: the form whose k = 0 is a Lorentzian */
static void bwf(size_t n, const double *x, const double *p, const double *q, double *f,
                double *const *J)
{
    const double h = p[0], w = p[2], k = p[3];
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double e = 2 * (x[i] - p[1]) / w, a = 1 + k * e, l = 1 / (1 + e * e);
        f[i] = h * a * a * l;
        if (!J) continue;
        const double by_e = h * 2 * a * l * (k - a * e * l);
        J[0][i] = a * a * l;
        J[1][i] = by_e * (-2 / w);
        J[2][i] = by_e * (-e / w);
        J[3][i] = h * 2 * a * e * l;
    }
}

/* h (q + e)^2 / ((1 + q^2)(1 + e^2)): its maximum is h */
static void fano(size_t n, const double *x, const double *p, const double *unused, double *f,
                 double *const *J)
{
    const double h = p[0], w = p[2], q = p[3], m = 1 / (1 + q * q);
    (void)unused;
    for (size_t i = 0; i < n; i++) {
        const double e = 2 * (x[i] - p[1]) / w, a = q + e, l = 1 / (1 + e * e), s = a * a * l * m;
        f[i] = h * s;
        if (!J) continue;
        const double by_e = h * m * 2 * a * l * (1 - a * e * l);
        J[0][i] = s;
        J[1][i] = by_e * (-2 / w);
        J[2][i] = by_e * (-e / w);
        J[3][i] = h * (2 * a * l * m - s * 2 * q * m);
    }
}

/* h (1/2 + atan(e)/pi), e = 2 (x - c)/w: the integral of a Lorentzian of full width w */
static void arctan_step(size_t n, const double *x, const double *p, const double *q, double *f,
                        double *const *J)
{
    const double h = p[0], w = p[2];
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double e = 2 * (x[i] - p[1]) / w, s = 0.5 + atan(e) / PI;
        f[i] = h * s;
        if (!J) continue;
        const double by_e = h / (PI * (1 + e * e));
        J[0][i] = s;
        J[1][i] = by_e * (-2 / w);
        J[2][i] = by_e * (-e / w);
    }
}

/* h erfc(-u)/2, u = (x - c)/(sigma sqrt 2): the integral of a Gaussian of full width w */
static void erf_step(size_t n, const double *x, const double *p, const double *q, double *f,
                     double *const *J)
{
    const double h = p[0], w = p[2], k = 1 / (w * SIGMA_OF_FWHM * sqrt(2));
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double u = (x[i] - p[1]) * k, s = 0.5 * erfc(-u);
        f[i] = h * s;
        if (!J) continue;
        const double by_u = h * exp(-u * u) / sqrt(PI);
        J[0][i] = s;
        J[1][i] = -by_u * k;
        J[2][i] = -by_u * u / w;
    }
}

/* h (1 + erf(sqrt(ln2) (l - b/(2 ln2))))/2, l = ln(1 + b u)/b, u = 2 (x - c)/w: the integral of the
 * log-normal line of the same width and asymmetry over its area. Where the logarithm has no argument the
 * step has not begun (b > 0) or is over (b < 0). */
static void lognormal_step(size_t n, const double *x, const double *p, const double *q, double *f,
                           double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], b = p[3];
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double u = 2 * (x[i] - c) / w, a = 1 + b * u;
        if (J) J[0][i] = J[1][i] = J[2][i] = J[3][i] = 0;
        f[i] = b < 0 ? h : 0;
        if (J) J[0][i] = b < 0 ? 1 : 0;
        if (!(a > 0)) continue;
        const int small = fabs(b * u) < 1e-4 && fabs(b) < 1e-2;
        const double l = small ? u * (1 - b * u * (0.5 - b * u / 3)) : log1p(b * u) / b;
        const double e = l - b / (2 * LN2), s = 0.5 * erfc(-sqrt(LN2) * e);
        f[i] = h * s;
        if (!J) continue;
        const double by_e = h * sqrt(LN2 / PI) * exp(-LN2 * e * e);
        const double l_b = small ? u * u * (-0.5 + 2 * b * u / 3) : (u / a - l) / b;
        J[0][i] = s;
        J[1][i] = by_e / a * (-2 / w);
        J[2][i] = by_e / a * (-u / w);
        J[3][i] = by_e * (l_b - 1 / (2 * LN2));
    }
}

static const as_shape_param emg_params[] = {
    { "area", "x*y", 1, -INFINITY, INFINITY, "of the peak" },
    CENTER("of the Gaussian, before the tail is added"),
    { "fwhm_g", "x", 1, 0, INFINITY, "full width of the Gaussian: 2.3548 sigma" },
    { "tau", "x", 0.5, -INFINITY, INFINITY, "decay length of the tail; negative: to low x" } };
const as_shape as_shape_emg = {
    .name = "emg", .kind = AS_SHAPE_PEAK, .amplitude = AS_NATIVE_AREA, .n_params = 4,
    .params = emg_params, .eval = emg, .ratio = emg_ratio, .guess = emg_guess,
    .formula = "area times a Gaussian of unit area convolved with exp(-x/tau)/tau, x > 0",
};

static const as_shape_param lognormal_params[] = {
    { "height", "y", 1, -INFINITY, INFINITY, "of the maximum" }, CENTER("position of the maximum"),
    { "width", "x", 1, 0, INFINITY, "fwhm = width sinh(asymmetry)/asymmetry" },
    { "asymmetry", "1", 0.1, -5, 5, "0: Gaussian; positive: tail to high x" } };
static void width_guess(double height, double center, double fwhm, double *p)
{
    p[0] = height;
    p[1] = center;
    p[2] = fwhm;
}
const as_shape as_shape_lognormal = {
    .name = "lognormal", .kind = AS_SHAPE_PEAK, .n_params = 4, .params = lognormal_params,
    .eval = lognormal, .ratio = lognormal_ratio, .fwhm = lognormal_fwhm, .symmetric = true,
    .guess = width_guess,
    .formula = "height exp(-ln2 (ln(1 + 2 b (x - center)/width)/b)^2), b = asymmetry",
};

static const as_shape_param bwf_params[] = {
    { "height", "y", 1, -INFINITY, INFINITY, "at the center; the maximum is height (1 + k^2)" },
    CENTER("of the resonance; the maximum lies k width/2 from it"),
    { "width", "x", 1, 0, INFINITY, "of the Lorentzian at k = 0" },
    { "k", "1", -0.1, -INFINITY, INFINITY, "coupling 1/q; far away height k^2 is left" } };
const as_shape as_shape_bwf = {
    .name = "bwf", .kind = AS_SHAPE_PEAK, .n_params = 4, .params = bwf_params, .eval = bwf,
    .guess = width_guess, .formula = "height (1 + k e)^2 / (1 + e^2), e = 2 (x - center)/width",
};

static const as_shape_param fano_params[] = {
    { "height", "y", 1, -INFINITY, INFINITY, "of the maximum" },
    CENTER("of the resonance; the maximum lies width/(2 q) from it"),
    { "width", "x", 1, 0, INFINITY, "of the resonance" },
    { "q", "1", 5, -INFINITY, INFINITY, "asymmetry; large: Lorentzian" } };
const as_shape as_shape_fano = {
    .name = "fano", .kind = AS_SHAPE_PEAK, .n_params = 4, .params = fano_params, .eval = fano,
    .guess = width_guess,
    .formula = "height (q + e)^2 / ((1 + q^2)(1 + e^2)), e = 2 (x - center)/width",
    .reference = "Fano 1961, Phys. Rev. 124, 1866, doi:10.1103/PhysRev.124.1866",
};

static const as_shape_param step_params[] = {
    { "height", "y", 1, -INFINITY, INFINITY, "of the step, from low to high x" },
    CENTER("where half the height is reached"),
    { "width", "x", 1, 0, INFINITY, "full width at half maximum of the slope" } };
const as_shape as_shape_arctan = {
    .name = "arctan", .kind = AS_SHAPE_STEP, .n_params = 3, .params = step_params,
    .eval = arctan_step, .formula = "height (1/2 + atan(2 (x - center)/width)/pi)",
};
const as_shape as_shape_step = {
    .name = "step", .kind = AS_SHAPE_STEP, .n_params = 3, .params = step_params,
    .eval = erf_step, .formula = "height times the integral of a Gaussian of full width width",
};
static const as_shape_param lognormal_step_params[] = {
    { "height", "y", 1, -INFINITY, INFINITY, "of the step, from low to high x" },
    CENTER("where its slope is largest"),
    { "width", "x", 1, 0, INFINITY, "of the slope: fwhm = width sinh(asymmetry)/asymmetry" },
    { "asymmetry", "1", -0.1, -5, 5, "of the slope; negative: tail to low x, as in a mass loss" } };
const as_shape as_shape_lognormal_step = {
    .name = "lognormal-step", .kind = AS_SHAPE_STEP, .n_params = 4, .params = lognormal_step_params,
    .eval = lognormal_step,
    .formula = "height times the integral of lognormal over its area (Fraser & Suzuki); a step of a mass loss",
    .reference = "Fraser & Suzuki 1969, Anal. Chem. 41, 37",
};
