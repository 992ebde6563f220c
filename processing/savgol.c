/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Savitzky & Golay's filter by Gram polynomials, and by running moments for long windows. */
#include <math.h>
#include <string.h>

#include "savgol.h"
#include "simd.h"

enum { K = AS_SAVGOL_ORDER_MAX + 1 };

/* Gram polynomials over -m .. m and their derivatives of number 0 .. d at t; p[k] is that of
 * P_k of number d. */
static void gram(double m, double t, int order, int d, double p[K])
{
    double row[K][K] = { { 0 } }; /* [k][number] */
    row[0][0] = 1;
    for (int k = 1; k <= order; k++) {
        const double a = (4.0 * k - 2) / (k * (2 * m - k + 1));
        const double b = (k - 1) * (2 * m + k) / (k * (2 * m - k + 1));
        for (int s = 0; s <= d; s++) {
            const double lower = s > 0 ? s * row[k - 1][s - 1] : 0;
            row[k][s] = a * (t * row[k - 1][s] + lower) - (k > 1 ? b * row[k - 2][s] : 0);
        }
    }
    for (int k = 0; k <= order; k++) p[k] = row[k][d];
}

/* (2 k + 1) (2 m)! (2 m)! / ((2 m - k)! (2 m + k + 1)!): one over the norm of P_k. */
static double gram_weight(double m, int k)
{
    double w = (2.0 * k + 1) / (2 * m + k + 1);
    for (int j = 0; j < k; j++) w *= (2 * m - j) / (2 * m + k - j);
    return w;
}

void as_savgol_coefficients(size_t half, int order, int derivative, double position, double *c)
{
    double at[K], here[K];
    const double m = (double)half;
    gram(m, position, order, derivative, at);
    for (int k = 0; k <= order; k++) at[k] *= gram_weight(m, k);
    for (size_t j = 0; j <= 2 * half; j++) {
        gram(m, (double)j - m, order, 0, here);
        c[j] = 0;
        for (int k = 0; k <= order; k++) c[j] += at[k] * here[k];
    }
}

/* 32 rows at a time, their sums in registers. */
AS_WIDEST static void convolve(size_t n, size_t half, const double *c, const double *y, double *out)
{
    enum { ROWS = 32 };
    size_t i = half;
    for (; i + half + ROWS <= n; i += ROWS) {
        as_v8 sum[ROWS / 8] = { { 0 } }, v;
        for (size_t j = 0; j <= 2 * half; j++) {
            const as_v8 k = as_v8_of(c[j]);
            const double *p = y + (i - half + j);
            for (int r = 0; r < ROWS / 8; r++) {
                memcpy(&v, p + 8 * r, sizeof v);
                sum[r] += k * v;
            }
        }
        memcpy(out + i, sum, sizeof sum);
    }
    for (; i + half < n; i++) {
        double sum = 0;
        for (size_t j = 0; j <= 2 * half; j++) sum += c[j] * y[i - half + j];
        out[i] = sum;
    }
}

/* The coefficients as a polynomial in t = j / half: sum_k a_k t^k, by interpolation at order + 1
 * rows would lose digits; instead the Gram sum is expanded. */
static void expand(size_t half, int order, int derivative, double a[K])
{
    double at[K], p[K][K] = { { 0 } }; /* p[k][power of t] */
    const double m = (double)half;
    gram(m, 0, order, derivative, at);
    p[0][0] = 1;
    for (int k = 1; k <= order; k++) {
        const double up = (4.0 * k - 2) / (k * (2 * m - k + 1)) * m;
        const double back = (k - 1) * (2 * m + k) / (k * (2 * m - k + 1));
        for (int s = 0; s <= k; s++)
            p[k][s] = (s > 0 ? up * p[k - 1][s - 1] : 0) - (k > 1 ? back * p[k - 2][s] : 0);
    }
    for (int s = 0; s <= order; s++) {
        a[s] = 0;
        for (int k = s; k <= order; k++) a[s] += at[k] * gram_weight(m, k) * p[k][s];
    }
}

/* Running moments M_k = sum_j (j/half)^k y_i+j. One row on: drop the first value, shift every
 * j by one (binomially), add the new last value. Renewed from the data once per window, so
 * that rounding does not grow and the cost stays a few operations per row. */
static void run_moments(size_t n, size_t half, int order, int derivative, const double *y,
                        double *out)
{
    double a[K], m[K], first[K], shift[K][K];
    const double h = (double)half;
    expand(half, order, derivative, a);
    for (int k = 0; k <= order; k++) {
        double choose = 1;
        first[k] = k % 2 ? -1 : 1;
        for (int r = k; r >= 0; r--) { /* C(k, r) (-1/h)^(k - r) */
            shift[k][r] = choose * pow(-1 / h, k - r);
            choose = choose * r / (k - r + 1);
        }
    }
    for (size_t i = half; i + half < n; i++) {
        if ((i - half) % (2 * half + 1) == 0) {
            for (int k = 0; k <= order; k++) m[k] = 0;
            for (size_t j = 0; j <= 2 * half; j++) {
                const double t = ((double)j - h) / h, v = y[i - half + j];
                double power = v;
                for (int k = 0; k <= order; k++) {
                    m[k] += power;
                    power *= t;
                }
            }
        } else {
            const double gone = y[i - half - 1], come = y[i + half];
            for (int k = 0; k <= order; k++) m[k] -= first[k] * gone;
            for (int k = order; k >= 1; k--)
                for (int r = 0; r < k; r++) m[k] += shift[k][r] * m[r];
            for (int k = 0; k <= order; k++) m[k] += come;
        }
        double sum = 0;
        for (int k = order; k >= 0; k--) sum += a[k] * m[k];
        out[i] = sum;
    }
}

/* The polynomial of the first window (step 1) or, mirrored, of the last (step -1): its
 * derivative at the rows outside the middle. */
static void end_of(size_t half, int order, int derivative, const double *y, ptrdiff_t step,
                   double *out)
{
    double b[K] = { 0 }, p[K];
    const double m = (double)half;
    for (size_t j = 0; j <= 2 * half; j++) {
        gram(m, (double)j - m, order, 0, p);
        for (int k = 0; k <= order; k++) b[k] += p[k] * y[(ptrdiff_t)j * step];
    }
    for (int k = 0; k <= order; k++) b[k] *= gram_weight(m, k);
    for (size_t i = 0; i < half; i++) {
        double sum = 0;
        gram(m, (double)i - m, order, derivative, p);
        for (int k = 0; k <= order; k++) sum += b[k] * p[k];
        out[(ptrdiff_t)i * step] = step < 0 && derivative % 2 ? -sum : sum;
    }
}

void as_savgol(size_t n, size_t half, int order, int derivative, const double *y, double *work,
               double *out)
{
    enum { LONG = 60 }; /* from here on the moments are faster */
    as_savgol_coefficients(half, order, derivative, 0, work);
    if (half > LONG && order <= 5)
        run_moments(n, half, order, derivative, y, out);
    else
        convolve(n, half, work, y, out);
    end_of(half, order, derivative, y, 1, out);
    end_of(half, order, derivative, y + n - 1, -1, out + n - 1);
}
