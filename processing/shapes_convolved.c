/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of photoelectrons convolved with a Gaussian numerically: Doniach-Sunjic, and the LA of
 * CasaXPS. Both have their slow side at high x, as on an axis of binding energy.
 */
#include <complex.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

#include "shape.h"

#define PI 3.14159265358979323846
#define SIGMA_OF_FWHM 0.42466090014400952136
#define HEIGHT { "height", "y", 1, -INFINITY, INFINITY, "at the center, without the Gaussian" }
#define CENTER(what) { "center", "x", 0, -INFINITY, INFINITY, what }

enum { NODES = 321, LEGENDRE = 28 };

/* Trapezoid for the Gaussian: u in units of sigma with step s, weights that sum to one. The error
 * is exp(-2 pi F/(s sigma)) for a pole at distance F: s = F/(4 sigma) makes it 1e-11. */
static int gauss_nodes(double half_width, double sigma, double *u, double *w)
{
    double s = 0.7;
    while (s * sigma > half_width / 4 && s > 13.0 / (NODES - 1)) s *= 0.5;
    if (s < 13.0 / (NODES - 1)) s = 13.0 / (NODES - 1);
    const int half = (int)(6.5 / s);
    double sum = 0;
    for (int k = -half; k <= half; k++) {
        u[k + half] = k * s;
        sum += w[k + half] = exp(-0.5 * k * s * k * s);
    }
    for (int k = 0; k <= 2 * half; k++) w[k] /= sum;
    return 2 * half + 1;
}

/* With d = c - x and Z = F - i d the line is Re[exp(i pi a/2) (F/Z)^(1-a)] / cos(pi a/2): 1 at
 * d = 0; its derivatives follow from W' = -(1-a) W/Z Z' and dW/da = W (i pi/2 - ln(F/Z)). */
static void doniach(size_t n, const double *x, const double *p, const double *q, double *f,
                    double *const *J)
{
    const double h = p[0], F = 0.5 * p[2], a = p[3], sigma = p[4] * SIGMA_OF_FWHM;
    const double norm = 1 / cos(0.5 * PI * a), norm_a = 0.5 * PI * tan(0.5 * PI * a);
    double u[NODES], w[NODES];
    const int m = gauss_nodes(F, sigma, u, w);
    (void)q;
    for (size_t i = 0; i < n; i++) {
        double v = 0, by_d = 0, by_F = 0, by_a = 0, by_s = 0;
        for (int k = 0; k < m; k++) {
            const double complex Z = F - I * (p[1] - x[i] + sigma * u[k]);
            const double complex l = clog(F / Z), W = w[k] * cexp(0.5 * PI * a * I + (1 - a) * l);
            v += creal(W);
            if (!J) continue;
            const double complex D = (1 - a) * W / Z;
            by_d += creal(I * D);
            by_s += creal(I * D) * u[k];
            by_F += creal((1 - a) * W / F - D);
            by_a += creal(W * (0.5 * PI * I - l));
        }
        f[i] = h * norm * v;
        if (!J) continue;
        J[0][i] = norm * v;
        J[1][i] = h * norm * by_d;
        J[2][i] = 0.5 * h * norm * by_F;
        J[3][i] = h * norm * by_a + f[i] * norm_a;
        J[4][i] = h * norm * by_s * SIGMA_OF_FWHM;
    }
}

/* nodes of Gauss and Legendre on 0 .. 1 */
static const double gl_x[LEGENDRE] = {
    0.0017787512130227889, 0.0093484173145636507, 0.022870359685530917, 0.042183486803933967,
    0.067053738712802458, 0.097179314541410378, 0.13219456099318411, 0.17167445298056749,
    0.21513976409429914, 0.26206288752244089, 0.31187424195546065, 0.36396918618241098,
    0.41771535893330958, 0.47246035505798289, 0.52753964494201711, 0.58228464106669042,
    0.63603081381758897, 0.68812575804453935, 0.73793711247755911, 0.78486023590570086,
    0.82832554701943251, 0.86780543900681595, 0.90282068545858962, 0.93294626128719749,
    0.95781651319606609, 0.97712964031446914, 0.99065158268543629, 0.99822124878697727
};
static const double gl_w[LEGENDRE] = {
    0.0045621412965473097, 0.010566056296385672, 0.016450713891152144, 0.022136467379502079,
    0.027553672837858402, 0.032636461983499808, 0.037323107117284413, 0.041556708614450578,
    0.045285872196516391, 0.048465328998964954, 0.051056483789030417, 0.053027882961423162,
    0.05435559612914706, 0.055023506508237598, 0.055023506508237598, 0.05435559612914706,
    0.053027882961423162, 0.051056483789030417, 0.048465328998964954, 0.045285872196516391,
    0.041556708614450578, 0.037323107117284413, 0.032636461983499808, 0.027553672837858402,
    0.022136467379502079, 0.016450713891152144, 0.010566056296385672, 0.0045621412965473097
};

/* One side of the LA line: (1 + t)^-e, t = (d/F)^2, at the nodes between `from` and `to` (in
 * sigma) of the Gaussian; they crowd quadratically at `from`, where the centre of the line is
 * nearest. Adds value and derivatives by d, F and the exponent, and d times u. */
static void la_side(double d0, double sigma, double F, double e, double from, double to,
                    double *sum)
{
    const double length = to - from;
    for (int k = 0; k < LEGENDRE; k++) {
        const double v = gl_x[k], u = from + length * v * v;
        const double weight = fabs(length) * 2 * v * gl_w[k] * exp(-0.5 * u * u) / sqrt(2 * PI);
        const double d = d0 - sigma * u, t = d * d / (F * F), s = weight * pow(1 + t, -e);
        const double by_t = -e * s / (1 + t), by_d = by_t * 2 * d / (F * F);
        sum[0] += s;
        sum[1] += by_d;
        sum[2] += by_t * -2 * t / F;
        sum[3] -= s * log1p(t);
        sum[4] -= by_d * u;
    }
}

static void la(size_t n, const double *x, const double *p, const double *q, double *f,
               double *const *J)
{
    const double h = p[0], F = 0.5 * p[2], sigma = p[5] * SIGMA_OF_FWHM, far = 6.5;
    (void)q;
    for (size_t i = 0; i < n; i++) {
        const double d = x[i] - p[1], *e = p + 3; /* e[0]: above the centre, e[1]: below */
        double high[5] = { 0 }, low[5] = { 0 };
        if (sigma < 1e-6 * F) {
            const double t = d * d / (F * F), k = e[d < 0], s = pow(1 + t, -k);
            double *sum = d < 0 ? low : high;
            sum[0] = s;
            sum[1] = -k * s / (1 + t) * 2 * d / (F * F);
            sum[2] = k * s / (1 + t) * 2 * t / F;
            sum[3] = -s * log1p(t);
        } else {
            const double at = fmax(-far, fmin(far, d / sigma)); /* u of the line's centre */
            la_side(d, sigma, F, e[0], at, -far, high);
            la_side(d, sigma, F, e[1], at, far, low);
        }
        f[i] = h * (high[0] + low[0]);
        if (!J) continue;
        J[0][i] = high[0] + low[0];
        J[1][i] = -h * (high[1] + low[1]);
        J[2][i] = 0.5 * h * (high[2] + low[2]);
        J[3][i] = h * high[3];
        J[4][i] = h * low[3];
        J[5][i] = h * (high[4] + low[4]) * SIGMA_OF_FWHM;
    }
}

/* Each half of (1 + 4 d^2/w^2)^-e has the area w sqrt(pi)/4 Gamma(e - 1/2)/Gamma(e). */
static double la_ratio(const double *p, double *g)
{
    double total = 0;
    for (size_t k = 0; k < 6; k++) g[k] = 0;
    for (size_t side = 3; side < 5; side++) {
        const double e = p[side];
        if (!(e > 0.5)) return NAN;
        const double r = 0.25 * sqrt(PI) * exp(lgamma(e - 0.5) - lgamma(e));
        total += r;
        g[side] = p[2] * r * (gsl_sf_psi(e - 0.5) - gsl_sf_psi(e));
    }
    g[2] = total;
    return p[2] * total;
}

static void guess(double height, double center, double fwhm, double *p)
{
    p[0] = 1.2 * height;
    p[1] = center;
    p[2] = 0.8 * fwhm;
}
static void doniach_guess(double height, double center, double fwhm, double *p)
{
    guess(height, center, fwhm, p);
    p[4] = 0.4 * fwhm;
}
static void la_guess(double height, double center, double fwhm, double *p)
{
    guess(height, center, fwhm, p);
    p[5] = 0.3 * fwhm;
}

static const as_shape_param doniach_params[] = { HEIGHT,
    CENTER("of the line; the maximum lies beyond it, on the slow side"),
    { "fwhm_l", "x", 1, 0, INFINITY, "full width of the Lorentzian that alpha = 0 would give" },
    { "alpha", "1", 0.1, 0, 0.95, "asymmetry; the slow side is at high x" },
    { "fwhm_g", "x", 0, 0, INFINITY, "full width of the Gaussian it is convolved with" } };
const as_shape as_shape_doniach = {
    .name = "doniach", .kind = AS_SHAPE_PEAK, .n_params = 5, .params = doniach_params,
    .eval = doniach, .guess = doniach_guess,
    .formula = "height cos(pi a/2 + (1-a) atan(d/F)) / (cos(pi a/2) (1 + d^2/F^2)^((1-a)/2)), "
               "d = center - x, F = fwhm_l/2, convolved with a Gaussian; its area is infinite",
    .reference = "Doniach & Sunjic 1970, J. Phys. C 3, 285, doi:10.1088/0022-3719/3/2/010",
};

static const as_shape_param la_params[] = { HEIGHT, CENTER("where the two sides meet"),
    { "fwhm_l", "x", 1, 0, INFINITY, "full width of the Lorentzian that is raised to the powers" },
    { "alpha", "1", 1.2, 0.5001, 500, "exponent above the center, the high binding energies" },
    { "beta", "1", 2, 0.5001, 500, "exponent below the center" },
    { "fwhm_g", "x", 0, 0, INFINITY, "full width of the Gaussian it is convolved with" } };
const as_shape as_shape_la = {
    .name = "la", .kind = AS_SHAPE_PEAK, .n_params = 6, .params = la_params, .eval = la,
    .ratio = la_ratio, .guess = la_guess,
    .formula = "height L^alpha above and L^beta below the center, L = 1/(1 + 4 ((x - "
               "center)/fwhm_l)^2), convolved with a Gaussian of fwhm_g (CasaXPS LA(alpha, beta, "
               "m) counts the Gaussian in points)",
};
