/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order statistics by quickselect with the median of three as pivot. */
#include <math.h>
#include <string.h>

#include "sorted.h"

static void swap(double *a, double *b)
{
    const double t = *a;
    *a = *b;
    *b = t;
}

double as_select(size_t n, double *v, size_t k)
{
    size_t lo = 0, hi = n - 1;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (v[mid] < v[lo]) swap(&v[mid], &v[lo]);
        if (v[hi] < v[lo]) swap(&v[hi], &v[lo]);
        if (v[hi] < v[mid]) swap(&v[hi], &v[mid]);
        const double pivot = v[mid];
        size_t i = lo, j = hi;
        for (;;) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i >= j) break;
            swap(&v[i++], &v[j--]);
        }
        if (k <= j) /* v[lo .. j] <= pivot <= v[j + 1 .. hi], and lo <= j < hi */
            hi = j;
        else
            lo = j + 1;
    }
    return v[k];
}

double as_median(size_t n, double *v)
{
    if (n == 0) return NAN;
    const double upper = as_select(n, v, n / 2);
    if (n % 2) return upper;
    double lower = v[0]; /* the largest of those in front */
    for (size_t i = 1; i < n / 2; i++) lower = fmax(lower, v[i]);
    return 0.5 * (lower + upper);
}

double as_mad_sigma(size_t n, const double *v, double *work)
{
    memcpy(work, v, n * sizeof *v);
    const double middle = as_median(n, work);
    for (size_t i = 0; i < n; i++) work[i] = fabs(v[i] - middle);
    return 1.482602218505602 * as_median(n, work);
}
