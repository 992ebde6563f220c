/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whittaker's smoother by an information filter in value and differences (whittaker.h). */
#include <math.h>

#include "whittaker.h"

#define T double
#define ONE 1.0
#define SWEEP(name) one_##name
#include "whittaker_sweep.h"
#undef T
#undef ONE
#undef SWEEP

#define T as_v8
#define ONE as_v8_of(1)
#define SWEEP(name) eight_##name
#include "whittaker_sweep.h"
#undef T
#undef ONE
#undef SWEEP

void as_whittaker(size_t n, const double *y, const double *w, double lambda, double *work,
                  double *z)
{
    one_solve(n, y, w, 1 / lambda, work, z);
}

AS_WIDEST void as_whittaker8(size_t n, const as_v8 *y, const as_v8 *w, as_v8 const *lambda,
                             as_v8 *work, as_v8 *z)
{
    eight_solve(n, y, w, as_v8_of(1) / *lambda, work, z);
}

enum { ORDER_MAX = 3 };

typedef struct {
    double a[ORDER_MAX][ORDER_MAX], p[ORDER_MAX];
} form; /* v'a v - 2 p'v of v = (value, first difference, second difference) */

/* The last difference u is put in (best u = k (u' + p_u - sum a_iu v_i)), then the others
 * are written in the next row's: v_i = v'_i - v'_i+1. Keeps k, p_u and a_iu for the way back. */
static void advance(form *f, int d, double *keep)
{
    const int u = d - 1;
    const double k = 1 / (f->a[u][u] + 1);
    keep[0] = k;
    keep[1] = f->p[u];
    for (int i = 0; i < u; i++) keep[2 + i] = f->a[i][u];
    for (int i = 0; i < u; i++) {
        f->p[i] -= f->a[i][u] * f->p[u] * k;
        for (int j = 0; j < u; j++) f->a[i][j] -= keep[2 + i] * keep[2 + j] * k;
    }
    for (int i = 0; i < u; i++) f->a[i][u] = f->a[u][i] = keep[2 + i] * k;
    f->a[u][u] *= k;
    f->p[u] *= k;
    for (int i = u; i > 0; i--) { /* S'a S with S = 1 on the diagonal, -1 right of it */
        f->p[i] -= f->p[i - 1];
        for (int j = 0; j < d; j++) f->a[i][j] -= f->a[i - 1][j];
    }
    for (int i = u; i > 0; i--)
        for (int j = 0; j < d; j++) f->a[j][i] -= f->a[j][i - 1];
}

/* a v = p for a positive definite a of d <= 3, by Cholesky's L D L'. */
static void solve_small(form *f, int d, double *v)
{
    double l[ORDER_MAX][ORDER_MAX] = { { 0 } }, piv[ORDER_MAX];
    for (int i = 0; i < d; i++) {
        piv[i] = f->a[i][i];
        for (int j = 0; j < i; j++) {
            l[i][j] = f->a[i][j];
            for (int m = 0; m < j; m++) l[i][j] -= l[i][m] * l[j][m] * piv[m];
            l[i][j] /= piv[j];
            piv[i] -= l[i][j] * l[i][j] * piv[j];
        }
    }
    for (int i = 0; i < d; i++) {
        v[i] = f->p[i];
        for (int j = 0; j < i; j++) v[i] -= l[i][j] * v[j];
    }
    for (int i = d; i-- > 0;) {
        v[i] /= piv[i];
        for (int j = i + 1; j < d; j++) v[i] -= l[j][i] * v[j];
    }
}

void as_whittaker_order(size_t n, int order, const double *r, const double *w, double lambda,
                        const double *slope, const double *slope_w, double *work, double *z)
{
    form f = { 0 };
    double v[ORDER_MAX] = { 0 };
    for (size_t i = 0; i < n; i++) {
        if (i > 0) advance(&f, order, work + 4 * (i - 1));
        f.a[0][0] += w[i] / lambda;
        f.p[0] += r[i] / lambda;
        if (slope_w && i > 0) {
            f.a[1][1] += slope_w[i] / lambda;
            f.p[1] += slope_w[i] / lambda * slope[i];
        }
    }
    solve_small(&f, order, v);
    z[n - 1] = v[0];
    for (size_t i = n - 1; i-- > 0;) {
        const double *keep = work + 4 * i;
        for (int m = 0; m + 1 < order; m++) v[m] -= v[m + 1];
        double u = (order == 1 ? v[0] : v[order - 1]) + keep[1];
        for (int m = 0; m + 1 < order; m++) u -= keep[2 + m] * v[m];
        v[order - 1] = keep[0] * u;
        z[i] = v[0];
    }
}

double as_whittaker_lambda(double period_points, int order)
{
    return pow(2 * sin(acos(-1.0) / fmax(period_points, 2)), -2.0 * order);
}
