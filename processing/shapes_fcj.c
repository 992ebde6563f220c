/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Powder reflection with axial divergence: a Thompson-Cox-Hastings line seen through a sample
 * and a detector slit of finite height (Finger, Cox & Jephcoat 1994, equations 6 to 9).
 *
 * Rays off the equatorial plane by h (in units of the goniometer radius) record the cone 2 theta
 * at 2 phi with cos 2phi = cos 2theta sqrt(1 + h^2). With the weight W(h) = 2 min(S, H) for
 * h <= |H - S| and H + S - h up to H + S, the profile is the mean of lines at 2 phi(h) with
 * weights W dh / ((1 + h^2) sin 2phi): the integrand of the paper in h, where its singularity
 * at 2 phi = 2 theta is gone. x and center are degrees of 2 theta.
 */
#include <math.h>

#include "shape.h"

extern const as_shape as_shape_tch;

#define DEGREE 0.01745329251994329577

enum { HALF = 12, NODES = 2 * HALF, BLOCK = 64 };

/* Gauss and Legendre on 0 .. 1 */
static const double gl_x[HALF] = {
    0.0092196828766403782, 0.047941371814762601, 0.11504866290284765, 0.20634102285669126,
    0.31608425050090994, 0.43738329574426554, 0.5626167042557344, 0.68391574949909006,
    0.79365897714330869, 0.88495133709715235, 0.95205862818523745, 0.99078031712335957
};
static const double gl_w[HALF] = {
    0.023587668193255917, 0.053469662997659088, 0.080039164271673166, 0.10158371336153292,
    0.11674626826917739, 0.12457352290670144, 0.12457352290670144, 0.11674626826917739,
    0.10158371336153292, 0.080039164271673166, 0.053469662997659088, 0.023587668193255917
};

typedef struct nodes {
    double at[NODES], w[NODES]; /* degrees; weights that sum to one */
} nodes;

static void nodes_of(double center, double S, double H, nodes *out)
{
    const double inner = fabs(H - S), outer = H + S, c = cos(center * DEGREE);
    double sum = 0;
    for (int k = 0; k < NODES; k++) {
        const int second = k >= HALF;
        const double length = second ? outer - inner : inner;
        const double h = (second ? inner : 0) + length * gl_x[k % HALF];
        const double W = second ? outer - h : 2 * fmin(S, H);
        const double cosine = fmax(-1, fmin(1, c * sqrt(1 + h * h)));
        const double sine = fmax(sqrt(1 - cosine * cosine), 1e-6);
        out->at[k] = acos(cosine) / DEGREE;
        sum += out->w[k] = length * gl_w[k % HALF] * W / ((1 + h * h) * sine);
    }
    for (int k = 0; k < NODES; k++) {
        if (sum > 0)
            out->w[k] /= sum;
        else { /* no divergence */
            out->at[k] = center;
            out->w[k] = 1.0 / NODES;
        }
    }
}

/* Nodes and their derivatives by center, S and H: central differences, good to 1e-8. */
typedef struct derived {
    nodes here, by[3];
} derived;

static void derive(const double *p, derived *d)
{
    const double v[3] = { p[1], p[4], p[5] };
    nodes_of(v[0], v[1], v[2], &d->here);
    for (int k = 0; k < 3; k++) {
        const double step = k == 0 ? 1e-4 : fmin(1e-5, 0.5 * v[k]);
        double up[3] = { v[0], v[1], v[2] }, down[3] = { v[0], v[1], v[2] };
        nodes above, below;
        up[k] += step;
        down[k] -= step;
        nodes_of(up[0], up[1], up[2], &above);
        nodes_of(down[0], down[1], down[2], &below);
        for (int j = 0; j < NODES; j++) {
            d->by[k].at[j] = step > 0 ? (above.at[j] - below.at[j]) / (2 * step) : 0;
            d->by[k].w[j] = step > 0 ? (above.w[j] - below.w[j]) / (2 * step) : 0;
        }
    }
}

static void add_node(const derived *d, int k, size_t m, const double *one, double (*column)[BLOCK],
                     double *f, double *const *J, size_t i)
{
    static const int where[3] = { 1, 4, 5 };
    const double w = d->here.w[k];
    for (size_t j = 0; j < m; j++) f[i + j] += w * one[j];
    if (!J) return;
    for (size_t j = 0; j < m; j++) J[0][i + j] += w * column[0][j];
    for (size_t j = 0; j < m; j++) J[2][i + j] += w * column[2][j];
    for (size_t j = 0; j < m; j++) J[3][i + j] += w * column[3][j];
    for (int a = 0; a < 3; a++)
        for (size_t j = 0; j < m; j++)
            J[where[a]][i + j] += d->by[a].w[k] * one[j] + w * d->by[a].at[k] * column[1][j];
}

static void fcj(size_t n, const double *x, const double *p, const double *q, double *f,
                double *const *J)
{
    derived d;
    derive(p, &d);
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        double one[BLOCK], column[4][BLOCK];
        double *to[4] = { column[0], column[1], column[2], column[3] };
        for (size_t j = 0; j < m; j++) f[i + j] = 0;
        for (size_t c = 0; J && c < 6; c++)
            for (size_t j = 0; j < m; j++) J[c][i + j] = 0;
        for (int k = 0; k < NODES; k++) {
            const double line[4] = { p[0], d.here.at[k], p[2], p[3] };
            as_shape_tch.eval(m, x + i, line, q, one, J ? to : NULL);
            add_node(&d, k, m, one, column, f, J, i);
        }
    }
}

static void guess(double height, double center, double fwhm, double *p)
{
    as_shape_tch.guess(height, center, fwhm, p);
}

static const as_shape_param params[] = {
    { "area", "x*y", 1, -INFINITY, INFINITY, "of the peak" },
    { "center", "x", 0, -INFINITY, INFINITY, "two theta without axial divergence" },
    { "fwhm_g", "x", 0.1, 0, INFINITY, "full width of the Gaussian" },
    { "fwhm_l", "x", 0.1, 0, INFINITY, "full width of the Lorentzian" },
    { "sl", "1", 0.02, 0, 0.5, "half height of the sample over the goniometer radius" },
    { "hl", "1", 0.02, 0, 0.5, "half height of the detector slit over the goniometer radius" },
};
const as_shape as_shape_fcj = {
    .name = "fcj", .kind = AS_SHAPE_PEAK, .amplitude = AS_NATIVE_AREA, .n_params = 6,
    .params = params, .eval = fcj, .guess = guess,
    .formula = "tch with the axial divergence of sample (sl) and detector slit (hl); x is two "
               "theta in degrees",
    .reference = "Finger, Cox & Jephcoat 1994, J. Appl. Cryst. 27, 892, "
                 "doi:10.1107/S0021889894004218",
};
