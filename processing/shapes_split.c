/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Split lines: two halves of a symmetric line with the same height and centre, each with its
 * own width and shape. The centre is the maximum, not the centroid.
 */
#include <math.h>

#include "lanes.h"
#include "shape.h"

extern const as_shape as_shape_gaussian, as_shape_lorentzian, as_shape_pvoigt, as_shape_pearson7;

enum { BLOCK = 64, MOST = 4 };

/* Parameters of `whole` for one side: p is height, center, then left and right of each other. */
static void half_of(const as_shape *whole, const double *p, size_t right, double *half)
{
    half[0] = p[0];
    half[1] = p[1];
    for (size_t k = 2; k < whole->n_params; k++) half[k] = p[2 * k - 2 + right];
}

static void split(const as_shape *whole, size_t n, const double *x, const double *p, double *f,
                  double *const *J)
{
    double part[2][MOST], value[2][BLOCK], column[2][MOST][BLOCK];
    half_of(whole, p, 0, part[0]);
    half_of(whole, p, 1, part[1]);
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        for (size_t side = 0; side < 2; side++) {
            double *to[MOST];
            for (size_t k = 0; k < MOST; k++) to[k] = column[side][k];
            whole->eval(m, x + i, part[side], NULL, value[side], J ? to : NULL);
        }
        for (size_t j = 0; j < m; j++) {
            const size_t side = x[i + j] >= p[1];
            f[i + j] = value[side][j];
            if (!J) continue;
            J[0][i + j] = column[side][0][j];
            J[1][i + j] = column[side][1][j];
            for (size_t k = 2; k < whole->n_params; k++) {
                J[2 * k - 2 + side][i + j] = column[side][k][j];
                J[2 * k - 1 - side][i + j] = 0;
            }
        }
    }
}

/* The mean of the halves. */
static double mean(const as_shape *whole, double (*of)(const double *, double *), const double *p,
                   double *g)
{
    double total = 0, part[MOST], h[MOST];
    g[0] = g[1] = 0;
    for (size_t side = 0; side < 2; side++) {
        half_of(whole, p, side, part);
        total += 0.5 * of(part, h);
        for (size_t k = 2; k < whole->n_params; k++) g[2 * k - 2 + side] = 0.5 * h[k];
    }
    return total;
}

#define HEAD { "height", "y", 1, -INFINITY, INFINITY, "of the maximum" },              \
             { "center", "x", 0, -INFINITY, INFINITY, "position of the maximum" },    \
             { "fwhm_left", "x", 1, 0, INFINITY, "full width that the low side has" }, \
             { "fwhm_right", "x", 1, 0, INFINITY, "full width that the high side has" }

static void guess_split(double height, double center, double fwhm, double *p)
{
    p[0] = height;
    p[1] = center;
    p[2] = p[3] = fwhm;
}

#define SPLIT(id, spelled, whole, list, count, text)                                          \
    static void id##_eval(size_t n, const double *x, const double *p, const double *q, double *f, \
                          double *const *J)                                                   \
    {                                                                                         \
        (void)q;                                                                              \
        split(&whole, n, x, p, f, J);                                                         \
    }                                                                                         \
    static double id##_ratio(const double *p, double *g)                                      \
    {                                                                                         \
        return mean(&whole, whole.ratio, p, g);                                               \
    }                                                                                         \
    static double id##_fwhm(const double *p, double *g)                                       \
    {                                                                                         \
        return mean(&whole, whole.fwhm, p, g);                                                \
    }                                                                                         \
    const as_shape as_shape_##id = {                                                          \
        .name = spelled, .kind = AS_SHAPE_PEAK, .n_params = count, .params = list,            \
        .eval = id##_eval, .ratio = id##_ratio, .fwhm = id##_fwhm, .symmetric = true,         \
        .guess = guess_split, .formula = text,                                                \
    }

static const as_shape_param widths[] = { HEAD };
static const as_shape_param mixings[] = { HEAD,
    { "eta_left", "1", 0.5, 0, 1, "Lorentzian fraction of the height, low side" },
    { "eta_right", "1", 0.5, 0, 1, "Lorentzian fraction of the height, high side" } };
static const as_shape_param exponents[] = { HEAD,
    { "m_left", "1", 3, 0.5001, 200, "exponent, low side" },
    { "m_right", "1", 3, 0.5001, 200, "exponent, high side" } };

SPLIT(split_gaussian, "split-gaussian", as_shape_gaussian, widths, 4,
      "gaussian with fwhm_left below and fwhm_right above the center");
SPLIT(split_lorentzian, "split-lorentzian", as_shape_lorentzian, widths, 4,
      "lorentzian with fwhm_left below and fwhm_right above the center");
SPLIT(split_pvoigt, "split-pvoigt", as_shape_pvoigt, mixings, 6,
      "pvoigt with its own width and mixing (of the height) on each side");
SPLIT(split_pearson7, "split-pearson7", as_shape_pearson7, exponents, 6,
      "pearson7 with its own width and exponent on each side");
