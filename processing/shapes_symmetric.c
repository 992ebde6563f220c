/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symmetric lines in closed form: Gaussian, Lorentzian, their sums and products, Pearson VII.
 *
 * All have height h, centre c and full width w at half maximum; t = 4 ((x - c) / w)^2.
 */
#include <cerf.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

#include "lanes.h"
#include "shape.h"

#define LN2 0.693147180559945309417
#define PI 3.14159265358979323846
#define GAUSS_RATIO 1.06446701943122617932 /* sqrt(pi / (4 ln 2)): area of unit height and width */
#define LORENTZ_RATIO (PI / 2)

#define HEIGHT { "height", "y", 1, -INFINITY, INFINITY, "at the centre" }
#define CENTER { "center", "x", 0, -INFINITY, INFINITY, "position of the maximum" }
#define FWHM { "fwhm", "x", 1, 0, INFINITY, "full width at half maximum" }

static double fwhm_is_parameter(const double *p, double *g)
{
    g[0] = g[1] = 0;
    g[2] = 1;
    return p[2];
}

/* Chain rule common to all: J[1], J[2] from ds/dt times h. */
AS_INLINE void place(size_t i, const as_v8 *d, const as_v8 *t, const as_v8 *hdt, double w,
                     double *const *J)
{
    const as_v8 by_center = *hdt * *d * (-8.0 / (w * w));
    const as_v8 by_width = *hdt * *t * (-2.0 / w);
    as_store8(J[1] + i, &by_center);
    as_store8(J[2] + i, &by_width);
}

/* h exp(-ln2 t) */
AS_WIDEST
static void gaussian(size_t n, const double *x, const double *p, const double *q, double *f,
                     double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], k = 4.0 / (w * w);
    (void)q;
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 d, s;
        as_load8(x + i, &d);
        d = d - c;
        const as_v8 t = d * d * k, u = t * -LN2;
        as_exp8(&u, &s);
        const as_v8 v = s * h;
        as_store8(f + i, &v);
        if (!J) continue;
        const as_v8 hdt = v * -LN2;
        as_store8(J[0] + i, &s);
        place(i, &d, &t, &hdt, w, J);
    }
}

/* h / (1 + t) */
AS_WIDEST
static void lorentzian(size_t n, const double *x, const double *p, const double *q, double *f,
                       double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], k = 4.0 / (w * w);
    (void)q;
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 d;
        as_load8(x + i, &d);
        d = d - c;
        const as_v8 t = d * d * k, s = 1.0 / (1.0 + t), v = s * h;
        as_store8(f + i, &v);
        if (!J) continue;
        const as_v8 hdt = v * s * -1.0;
        as_store8(J[0] + i, &s);
        place(i, &d, &t, &hdt, w, J);
    }
}

/* exp(u), u = -ln2 t, of a Gaussian that stands beside a Lorentzian with at least 1e-5 of the height:
 * below u = -64 it is less than half a unit in the last place of both and of their derivatives. */
AS_INLINE void beside_lorentzian(const as_v8 *u, double eta, as_v8 *g)
{
    bool vanishes = eta >= 1e-5;
    for (size_t i = 0; vanishes && i < AS_LANE; i++) vanishes = (*u)[i] < -64;
    if (vanishes)
        *g = *u * 0.0;
    else
        as_exp8(u, g);
}

/* h [eta / (1 + t) + (1 - eta) exp(-ln2 t)] */
AS_WIDEST
static void pvoigt(size_t n, const double *x, const double *p, const double *q, double *f,
                   double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], eta = p[3], k = 4.0 / (w * w);
    (void)q;
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 d, g;
        as_load8(x + i, &d);
        d = d - c;
        const as_v8 t = d * d * k, u = t * -LN2, l = 1.0 / (1.0 + t);
        beside_lorentzian(&u, eta, &g);
        const as_v8 s = l * eta + g * (1.0 - eta), v = s * h;
        as_store8(f + i, &v);
        if (!J) continue;
        const as_v8 hdt = (l * l * eta + g * ((1.0 - eta) * LN2)) * -h, mix = (l - g) * h;
        as_store8(J[0] + i, &s);
        place(i, &d, &t, &hdt, w, J);
        as_store8(J[3] + i, &mix);
    }
}

/* A [eta L + (1 - eta) G], L and G of unit area: heights 2/(pi w) and 1/(GAUSS_RATIO w) */
AS_WIDEST
static void pvoigt_area(size_t n, const double *x, const double *p, const double *q, double *f,
                        double *const *J)
{
    const double A = p[0], c = p[1], w = p[2], eta = p[3], k = 4.0 / (w * w);
    const double hl = 1.0 / (LORENTZ_RATIO * w), hg = 1.0 / (GAUSS_RATIO * w);
    (void)q;
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 d, g;
        as_load8(x + i, &d);
        d = d - c;
        const as_v8 t = d * d * k, u = t * -LN2, l = 1.0 / (1.0 + t);
        as_exp8(&u, &g);
        const as_v8 s = l * (hl * eta) + g * (hg * (1.0 - eta)), v = s * A;
        as_store8(f + i, &v);
        if (!J) continue;
        const as_v8 hdt = (l * l * (hl * eta) + g * (hg * (1.0 - eta) * LN2)) * -A;
        const as_v8 mix = (l * hl - g * hg) * A;
        as_store8(J[0] + i, &s);
        place(i, &d, &t, &hdt, w, J);
        as_v8 by_width;
        as_load8(J[2] + i, &by_width);
        by_width = by_width - v * (1.0 / w);
        as_store8(J[2] + i, &by_width);
        as_store8(J[3] + i, &mix);
    }
}

/* h (1 + b t)^-m with b = 2^(1/m) - 1 */
AS_WIDEST
static void pearson7(size_t n, const double *x, const double *p, const double *q, double *f,
                     double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], m = p[3], k = 4.0 / (w * w);
    const double b = expm1(LN2 / m), db = -(b + 1) * LN2 / (m * m);
    (void)q;
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 d, ln, s;
        as_load8(x + i, &d);
        d = d - c;
        const as_v8 t = d * d * k, z = 1.0 + t * b;
        as_log8(&z, &ln);
        const as_v8 u = ln * -m;
        as_exp8(&u, &s);
        const as_v8 v = s * h, r = v / z;
        as_store8(f + i, &v);
        if (!J) continue;
        const as_v8 hdt = r * (-m * b), by_m = -v * ln - r * t * (m * db);
        as_store8(J[0] + i, &s);
        place(i, &d, &t, &hdt, w, J);
        as_store8(J[3] + i, &by_m);
    }
}

/* h exp(-ln2 (1 - m) t) / (1 + m t): w is not the FWHM except at m = 0 and 1 */
AS_WIDEST
static void gl(size_t n, const double *x, const double *p, const double *q, double *f,
               double *const *J)
{
    const double h = p[0], c = p[1], w = p[2], m = p[3], k = 4.0 / (w * w);
    (void)q;
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 d, g;
        as_load8(x + i, &d);
        d = d - c;
        const as_v8 t = d * d * k, u = t * (-LN2 * (1.0 - m)), l = 1.0 / (1.0 + t * m);
        as_exp8(&u, &g);
        const as_v8 s = g * l, v = s * h;
        as_store8(f + i, &v);
        if (!J) continue;
        const as_v8 hdt = v * (-LN2 * (1.0 - m) - l * m), by_m = v * t * (LN2 - l);
        as_store8(J[0] + i, &s);
        place(i, &d, &t, &hdt, w, J);
        as_store8(J[3] + i, &by_m);
    }
}

static double gaussian_ratio(const double *p, double *g)
{
    g[0] = g[1] = 0;
    g[2] = GAUSS_RATIO;
    return GAUSS_RATIO * p[2];
}

static double lorentzian_ratio(const double *p, double *g)
{
    g[0] = g[1] = 0;
    g[2] = LORENTZ_RATIO;
    return LORENTZ_RATIO * p[2];
}

static double pvoigt_ratio(const double *p, double *g)
{
    const double r = p[3] * LORENTZ_RATIO + (1 - p[3]) * GAUSS_RATIO;
    g[0] = g[1] = 0;
    g[2] = r;
    g[3] = p[2] * (LORENTZ_RATIO - GAUSS_RATIO);
    return r * p[2];
}

static double pvoigt_area_ratio(const double *p, double *g)
{
    const double s = p[3] / LORENTZ_RATIO + (1 - p[3]) / GAUSS_RATIO; /* height * w / area */
    g[0] = g[1] = 0;
    g[2] = 1 / s;
    g[3] = -p[2] / (s * s) * (1 / LORENTZ_RATIO - 1 / GAUSS_RATIO);
    return p[2] / s;
}

/* (w/2) sqrt(pi / b) Gamma(m - 1/2) / Gamma(m), m > 1/2 */
static double pearson7_ratio(const double *p, double *g)
{
    const double w = p[2], m = p[3];
    g[0] = g[1] = g[2] = g[3] = 0;
    if (!(m > 0.5)) return NAN;
    const double b = expm1(LN2 / m), db = -(b + 1) * LN2 / (m * m);
    const double r = 0.5 * sqrt(PI / b) * exp(lgamma(m - 0.5) - lgamma(m));
    g[2] = r;
    g[3] = r * w * (gsl_sf_psi(m - 0.5) - gsl_sf_psi(m) - 0.5 * db / b);
    return r * w;
}

/* integral of exp(-a u^2) / (1 + m u^2) over all u is (pi / sqrt m) erfcx(sqrt(a / m)); with
 * u = 2 d / w and a = ln2 (1 - m) it is 2/w times the area */
static double gl_ratio(const double *p, double *g)
{
    const double w = p[2], m = p[3], a = LN2 * (1 - m);
    g[0] = g[1] = 0;
    if (m < 1e-6) { /* expansion of the quotient for m -> 0, next term m^2 */
        const double r = 0.5 * sqrt(PI / a);
        g[2] = r * (1 - m / (2 * a));
        g[3] = w * r * (0.5 * LN2 / a - 1 / (2 * a));
        return w * g[2];
    }
    const double z = sqrt(a / m), e = erfcx(z);
    const double r = 0.5 * PI / sqrt(m) * e;
    /* de/dz = 2 z e - 2/sqrt(pi); z^2 = ln2 (1/m - 1), z dz/dm = -ln2 / (2 m^2) */
    const double zdz = -LN2 / (2 * m * m);
    const double de = 2 * e * zdz - (z > 0 ? 2 / sqrt(PI) * zdz / z : 0);
    g[2] = r;
    g[3] = w * (0.5 * PI / sqrt(m) * de - 0.5 * r / m);
    return w * r;
}

static const as_shape_param three[] = { HEIGHT, CENTER, FWHM };
const as_shape as_shape_gaussian = {
    .name = "gaussian", .kind = AS_SHAPE_PEAK, .n_params = 3, .params = three, .eval = gaussian,
    .ratio = gaussian_ratio, .fwhm = fwhm_is_parameter, .symmetric = true,
    .formula = "height exp(-4 ln2 ((x - center)/fwhm)^2)",
};
const as_shape as_shape_lorentzian = {
    .name = "lorentzian", .kind = AS_SHAPE_PEAK, .n_params = 3, .params = three,
    .eval = lorentzian, .ratio = lorentzian_ratio, .fwhm = fwhm_is_parameter, .symmetric = true,
    .formula = "height / (1 + 4 ((x - center)/fwhm)^2)",
};

static const as_shape_param mixed[] = { HEIGHT, CENTER, FWHM,
    { "eta", "1", 0.5, 0, 1, "Lorentzian fraction of the height" } };
static double mixed_fwhm(const double *p, double *g)
{
    g[3] = 0;
    return fwhm_is_parameter(p, g);
}
const as_shape as_shape_pvoigt = {
    .name = "pvoigt", .kind = AS_SHAPE_PEAK, .n_params = 4, .params = mixed, .eval = pvoigt,
    .ratio = pvoigt_ratio, .fwhm = mixed_fwhm, .symmetric = true,
    .formula = "height [eta L + (1 - eta) G], L and G of unit height and the same fwhm: eta is "
               "the fraction of the height",
};

static const as_shape_param mixed_area[] = {
    { "area", "x*y", 1, -INFINITY, INFINITY, "of the peak" }, CENTER, FWHM,
    { "eta", "1", 0.5, 0, 1, "Lorentzian fraction of the area" } };
const as_shape as_shape_pvoigt_area = {
    .name = "pvoigt-area", .kind = AS_SHAPE_PEAK, .amplitude = AS_NATIVE_AREA, .n_params = 4,
    .params = mixed_area, .eval = pvoigt_area, .ratio = pvoigt_area_ratio, .fwhm = mixed_fwhm,
    .symmetric = true,
    .formula = "area [eta L + (1 - eta) G], L and G of unit area and the same fwhm: eta is the "
               "fraction of the area",
};

static const as_shape_param pearson[] = { HEIGHT, CENTER, FWHM,
    { "m", "1", 3, 0.5001, 200, "exponent: 1 Lorentzian, large Gaussian" } };
const as_shape as_shape_pearson7 = {
    .name = "pearson7", .kind = AS_SHAPE_PEAK, .n_params = 4, .params = pearson,
    .eval = pearson7, .ratio = pearson7_ratio, .fwhm = mixed_fwhm, .symmetric = true,
    .formula = "height (1 + 4 (2^(1/m) - 1) ((x - center)/fwhm)^2)^-m",
};

static const as_shape_param product[] = { HEIGHT, CENTER,
    { "width", "x", 1, 0, INFINITY, "of the two factors; the fwhm is smaller by up to 5 %" },
    { "m", "1", 0.3, 0, 1, "Lorentzian share: CasaXPS GL(30) is 0.3" } };
static void gl_guess(double height, double center, double fwhm, double *p)
{
    p[0] = height;
    p[1] = center;
    p[2] = fwhm / 0.96;
}
const as_shape as_shape_gl = {
    .name = "gl", .kind = AS_SHAPE_PEAK, .n_params = 4, .params = product, .eval = gl,
    .ratio = gl_ratio, .symmetric = true, .guess = gl_guess,
    .formula = "height exp(-4 ln2 (1 - m) u^2) / (1 + 4 m u^2), u = (x - center)/width: the "
               "product GL of CasaXPS (its sum SGL is pvoigt)",
};
