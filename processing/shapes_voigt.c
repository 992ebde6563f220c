/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Voigt line, exact and fast, and the pseudo-Voigt that stands for it in powder diffraction.
 *
 * Parametrised by area and the widths of the Gaussian and the Lorentzian that are convolved.
 * With z = ((x - c) + i gamma) / (sigma sqrt 2): V = Re w(z) / (sigma sqrt(2 pi)), and
 * w' = -2 z w + 2i/sqrt(pi).
 */
#include <cerf.h>
#include <math.h>

#include "faddeeva.h"
#include "shape.h"

#define PI 3.14159265358979323846
#define LN2 0.693147180559945309417
#define SIGMA_OF_FWHM 0.42466090014400952136 /* 1 / (2 sqrt(2 ln 2)) */
#define GAUSS_RATIO 1.06446701943122617932

extern const as_shape as_shape_pvoigt_area;

enum { BLOCK = 64 };

static void voigt_by(const as_faddeeva_rule *rule, size_t n, const double *x, const double *p,
                     double *f, double *const *J)
{
    const double A = p[0], c = p[1], wl = p[3];
    const double wg = fmax(p[2], 1e-9 * wl); /* the limit of a pure Lorentzian */
    const double s = 1 / (wg * SIGMA_OF_FWHM * sqrt(2)), y = 0.5 * wl * s;
    const double scale = s / sqrt(PI);
    for (size_t i = 0; i < n; i += BLOCK) {
        double z[BLOCK], k[BLOCK], l[BLOCK];
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        for (size_t j = 0; j < m; j++) z[j] = (x[i + j] - c) * s;
        as_faddeeva(rule, m, z, y, k, J ? l : NULL);
        for (size_t j = 0; j < m; j++) f[i + j] = A * scale * k[j];
        if (!J) continue;
        for (size_t j = 0; j < m; j++) {
            const double kx = -2 * (z[j] * k[j] - y * l[j]);
            const double ky = 2 * (z[j] * l[j] + y * k[j]) - 2 / sqrt(PI);
            J[0][i + j] = scale * k[j];
            J[1][i + j] = -A * scale * s * kx;
            J[2][i + j] = -A * scale / wg * (k[j] + z[j] * kx + y * ky);
            J[3][i + j] = A * scale * 0.5 * s * ky;
        }
    }
}

static void voigt_exact(size_t n, const double *x, const double *p, const double *q, double *f,
                  double *const *J)
{
    (void)q;
    voigt_by(&as_faddeeva_exact, n, x, p, f, J);
}

static void voigt_fast(size_t n, const double *x, const double *p, const double *q, double *f,
                       double *const *J)
{
    (void)q;
    voigt_by(&as_faddeeva_fast, n, x, p, f, J);
}

/* 1 / V(0) = sigma sqrt(2 pi) / erfcx(y) */
static double voigt_ratio(const double *p, double *g)
{
    const double wl = p[3], wg = fmax(p[2], 1e-9 * wl), s = 1 / (wg * SIGMA_OF_FWHM * sqrt(2));
    const double y = 0.5 * wl * s, e = erfcx(y), de = 2 * y * e - 2 / sqrt(PI);
    const double r = sqrt(PI) / (s * e);
    g[0] = g[1] = 0;
    g[2] = r / wg * (1 + y * de / e);
    g[3] = -r * de / e * 0.5 * s;
    return r;
}

/* Total width and mixing of Thompson, Cox & Hastings with derivatives by the two widths. */
typedef struct tch_mix {
    double w, eta, w_g, w_l, eta_g, eta_l;
} tch_mix;

static tch_mix tch_of(double g, double l)
{
    tch_mix m;
    const double g2 = g * g, g3 = g2 * g, g4 = g2 * g2, l2 = l * l, l3 = l2 * l, l4 = l2 * l2;
    const double s = g4 * g + 2.69269 * g4 * l + 2.42843 * g3 * l2 + 4.47163 * g2 * l3 +
                     0.07842 * g * l4 + l4 * l;
    m.w = pow(s, 0.2);
    const double k = m.w / (5 * s);
    m.w_g = k * (5 * g4 + 4 * 2.69269 * g3 * l + 3 * 2.42843 * g2 * l2 + 2 * 4.47163 * g * l3 +
                 0.07842 * l4);
    m.w_l = k * (2.69269 * g4 + 2 * 2.42843 * g3 * l + 3 * 4.47163 * g2 * l2 +
                 4 * 0.07842 * g * l3 + 5 * l4);
    const double r = l / m.w, dr = 1.36603 - 2 * 0.47719 * r + 3 * 0.11116 * r * r;
    m.eta = r * (1.36603 + r * (-0.47719 + r * 0.11116));
    m.eta_g = dr * (-r / m.w * m.w_g);
    m.eta_l = dr * (1 - r * m.w_l) / m.w;
    return m;
}

static void tch(size_t n, const double *x, const double *p, const double *q, double *f,
                double *const *J)
{
    const tch_mix m = tch_of(fmax(p[2], 1e-9 * p[3]), p[3]);
    const double as_area[4] = { p[0], p[1], m.w, m.eta };
    as_shape_pvoigt_area.eval(n, x, as_area, q, f, J);
    if (!J) return;
    for (size_t i = 0; i < n; i++) {
        const double w = J[2][i], e = J[3][i];
        J[2][i] = w * m.w_g + e * m.eta_g;
        J[3][i] = w * m.w_l + e * m.eta_l;
    }
}

static double tch_ratio(const double *p, double *g)
{
    const tch_mix m = tch_of(fmax(p[2], 1e-9 * p[3]), p[3]);
    const double as_area[4] = { p[0], p[1], m.w, m.eta };
    double h[4];
    const double r = as_shape_pvoigt_area.ratio(as_area, h);
    g[0] = g[1] = 0;
    g[2] = h[2] * m.w_g + h[3] * m.eta_g;
    g[3] = h[2] * m.w_l + h[3] * m.eta_l;
    return r;
}

static double tch_fwhm(const double *p, double *g)
{
    const tch_mix m = tch_of(p[2], p[3]);
    g[0] = g[1] = 0;
    g[2] = m.w_g;
    g[3] = m.w_l;
    return m.w;
}

/* Equal widths: each 0.61 of the whole. */
static void two_widths(double height, double center, double fwhm, double *p)
{
    p[0] = height * fwhm * 1.25;
    p[1] = center;
    p[2] = p[3] = 0.61 * fwhm;
}

static const as_shape_param params[] = {
    { "area", "x*y", 1, -INFINITY, INFINITY, "of the peak" },
    { "center", "x", 0, -INFINITY, INFINITY, "position of the maximum" },
    { "fwhm_g", "x", 1, 0, INFINITY, "full width of the Gaussian: 2.3548 sigma" },
    { "fwhm_l", "x", 1, 0, INFINITY, "full width of the Lorentzian: 2 gamma" },
};

const as_shape as_shape_voigt = {
    .name = "voigt", .kind = AS_SHAPE_PEAK, .amplitude = AS_NATIVE_AREA, .n_params = 4,
    .params = params, .eval = voigt_exact, .ratio = voigt_ratio, .symmetric = true,
    .guess = two_widths,
    .formula = "area times the convolution of a Gaussian and a Lorentzian of unit area; fwhm of "
               "the result found numerically",
    .reference = "Al Azah & Chandler-Wilde 2021, SIAM J. Numer. Anal. 59, 2346, "
                 "doi:10.1137/20M1373037",
};
const as_shape as_shape_voigt_fast = {
    .name = "voigt-fast", .kind = AS_SHAPE_PEAK, .amplitude = AS_NATIVE_AREA, .n_params = 4,
    .params = params, .eval = voigt_fast, .ratio = voigt_ratio, .symmetric = true,
    .guess = two_widths, .formula = "voigt within 1e-6 of its value",
};
const as_shape as_shape_tch = {
    .name = "tch", .kind = AS_SHAPE_PEAK, .amplitude = AS_NATIVE_AREA, .n_params = 4,
    .params = params, .eval = tch, .ratio = tch_ratio, .fwhm = tch_fwhm, .symmetric = true,
    .guess = two_widths,
    .formula = "pvoigt-area whose fwhm and eta follow from fwhm_g and fwhm_l; within 1.3 % of the "
               "height of voigt",
    .reference = "Thompson, Cox & Hastings 1987, J. Appl. Cryst. 20, 79, "
                 "doi:10.1107/S0021889887087090",
};
