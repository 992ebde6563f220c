/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trend test: see mann_kendall.h. */
#include "mann_kendall.h"

#include <math.h>
#include <string.h>

enum { MOST_EXACT = 50, MOST_PAIRS = MOST_EXACT * (MOST_EXACT - 1) / 2 };

/* Sums over groups of t equal values: t (t - 1), t (t - 1)(t - 2), t (t - 1)(2 t + 5). Each value sees
 * its group once, so that a group adds t times its share. */
typedef struct {
    double pairs, triples, variance;
} ties;

static ties ties_of(size_t n, const double *v)
{
    ties sum = { 0 };
    for (size_t i = 0; i < n; i++) {
        double t = 0;
        for (size_t j = 0; j < n; j++) t += v[j] == v[i];
        sum.pairs += t - 1;
        sum.triples += (t - 1) * (t - 2);
        sum.variance += (t - 1) * (2 * t + 5);
    }
    return sum;
}

/* Chance of at most `most` inversions among all orders of n values. */
static double chance_of_inversions(size_t n, size_t most)
{
    double now[MOST_PAIRS + 1] = { 1 }, next[MOST_PAIRS + 1];
    for (size_t m = 2; m <= n; m++) { /* the m-th value stands behind 0 .. m - 1 larger ones */
        double window = 0;
        const size_t top = m * (m - 1) / 2;
        for (size_t k = 0; k <= top; k++) {
            window += now[k];
            if (k >= m) window -= now[k - m];
            next[k] = window / (double)m;
        }
        memcpy(now, next, (top + 1) * sizeof *now);
    }
    double sum = 0;
    for (size_t k = 0; k <= most; k++) sum += now[k];
    return sum;
}

static double normal_p(double s, double variance)
{
    const double z = (fabs(s) - 1) / sqrt(variance);
    return z > 0 ? erfc(z / sqrt(2)) : 1;
}

void as_mann_kendall(size_t n, const double *x, const double *y, as_mann_kendall_test *out)
{
    const double m = (double)n, all = m * (m - 1);
    double s = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            s += ((x[j] > x[i]) - (x[j] < x[i])) * ((y[j] > y[i]) - (y[j] < y[i]));
    const ties a = ties_of(n, x), b = ties_of(n, y);
    *out = (as_mann_kendall_test){ .s = s, .tau = NAN, .p = 1 };
    if (n < 2 || a.pairs >= all || b.pairs >= all) return;
    out->tau = 2 * s / sqrt((all - a.pairs) * (all - b.pairs));
    out->exact = a.pairs == 0 && b.pairs == 0 && n <= MOST_EXACT;
    if (out->exact) {
        const size_t fewer = (size_t)((all / 2 - fabs(s)) / 2); /* of rising and falling pairs */
        out->p = fmin(1, 2 * chance_of_inversions(n, fewer));
        return;
    }
    double variance = (all * (2 * m + 5) - a.variance - b.variance) / 18;
    variance += a.pairs * b.pairs / (2 * all);
    if (n > 2) variance += a.triples * b.triples / (9 * all * (m - 2));
    out->p = normal_p(s, variance);
}
