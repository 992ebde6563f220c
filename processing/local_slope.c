/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Derivative of points that need not be even. See local_slope.h. */
#include <math.h>

#include "local_slope.h"

/* Sums of t^0 .. t^4 and of y t^0 .. y t^2, t = (x - centre) / scale. */
typedef struct moments {
    double s[5], v[3];
} moments;

/* The linear coefficient by Cramer's rule: t is of the size of 1, so the determinants are tame. */
static double linear_term(const moments *m)
{
    const double *s = m->s, *v = m->v;
    const double det = s[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (s[1] * s[4] - s[3] * s[2]) +
                       s[2] * (s[1] * s[3] - s[2] * s[2]);
    const double top = s[0] * (v[1] * s[4] - s[3] * v[2]) - v[0] * (s[1] * s[4] - s[3] * s[2]) +
                       s[2] * (s[1] * v[2] - v[1] * s[2]);
    return det > 1e-12 * s[0] * s[2] * s[4] ? top / det : NAN;
}

void as_local_slope(size_t n, const double *x, const double *y, size_t half, double *out)
{
    for (size_t i = 0; i < n; i++) {
        const size_t from = i > half ? i - half : 0, to = i + half < n ? i + half : n - 1;
        double scale = 0;
        moments m = { { 0 }, { 0 } };
        for (size_t k = from; k <= to; k++) scale = fmax(scale, fabs(x[k] - x[i]));
        for (size_t k = from; k <= to && scale > 0; k++) {
            if (!isfinite(x[k]) || !isfinite(y[k])) continue;
            const double t = (x[k] - x[i]) / scale, d = y[k] - y[i];
            double power = 1;
            for (int j = 0; j < 5; j++, power *= t) {
                m.s[j] += power;
                if (j < 3) m.v[j] += power * d;
            }
        }
        out[i] = linear_term(&m) / scale;
    }
}
