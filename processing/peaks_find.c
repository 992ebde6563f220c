/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maxima, prominences by one stack per direction, widths (peaks_find.h). */
#include <math.h>

#include "peaks_find.h"

size_t as_peaks_maxima(size_t n, const double *y, size_t *at)
{
    size_t found = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        if (!(y[i - 1] < y[i])) continue;
        size_t ahead = i + 1;
        while (ahead + 1 < n && y[ahead] == y[i]) ahead++;
        if (y[ahead] < y[i]) {
            at[found++] = (i + ahead - 1) / 2;
            i = ahead;
        }
    }
    return found;
}

/* Between two neighbouring maxima the curve falls and rises once, so only the lowest row of
 * each such valley matters; on a flat floor the row nearest to the peak that asks. */
static void valley(const double *y, size_t from, size_t to, size_t *first, size_t *last)
{
    *first = *last = from;
    for (size_t i = from + 1; i <= to; i++) {
        if (y[i] < y[*first]) *first = *last = i;
        else if (y[i] == y[*first]) *last = i;
    }
}

/* For peak k: the lowest row between it and the nearest higher peak (or the end) on the side
 * it has been scanned from; ties go to the row nearer to k, the one found later. */
static size_t lowest(const double *y, const as_peak *p, size_t k, size_t near, size_t *stack,
                     size_t *low, size_t *depth)
{
    size_t best = near;
    while (*depth > 0 && y[p[stack[*depth - 1]].at] <= y[p[k].at]) {
        (*depth)--;
        if (y[low[*depth]] < y[best]) best = low[*depth];
    }
    low[*depth] = best;
    stack[(*depth)++] = k;
    return best;
}

void as_peaks_prominences(size_t n, const double *y, size_t n_peaks, const size_t *at,
                          size_t *work, as_peak *out)
{
    size_t *first = work, *last = first + n_peaks + 1;
    size_t *stack = last + n_peaks + 1, *low = stack + n_peaks + 1, depth = 0;
    for (size_t k = 0; k < n_peaks; k++) out[k].at = at[k];
    for (size_t k = 0; k <= n_peaks; k++)
        valley(y, k ? at[k - 1] : 0, k < n_peaks ? at[k] : n - 1, &first[k], &last[k]);
    for (size_t k = 0; k < n_peaks; k++)
        out[k].left_base = lowest(y, out, k, last[k], stack, low, &depth);
    depth = 0;
    for (size_t k = n_peaks; k-- > 0;)
        out[k].right_base = lowest(y, out, k, first[k + 1], stack, low, &depth);
    for (size_t k = 0; k < n_peaks; k++)
        out[k].prominence = y[at[k]] - fmax(y[out[k].left_base], y[out[k].right_base]);
}

void as_peaks_width(const double *y, double share, as_peak *p)
{
    const double level = y[p->at] - share * p->prominence;
    size_t i = p->at;
    while (i > p->left_base && y[i] > level) i--;
    p->left = (double)i;
    if (y[i] < level) p->left += (level - y[i]) / (y[i + 1] - y[i]);
    i = p->at;
    while (i < p->right_base && y[i] > level) i++;
    p->right = (double)i;
    if (y[i] < level) p->right -= (level - y[i]) / (y[i - 1] - y[i]);
    p->width = p->right - p->left;
    p->width_height = level;
}

/* Sorts rows of `order` by height, ascending; equal heights by position. Heap sort: no worst
 * case on data from outside. */
static bool lower(const as_peak *p, const double *y, size_t a, size_t b)
{
    const double ya = y[p[a].at], yb = y[p[b].at];
    return ya < yb || (ya == yb && a < b);
}

static void sift(const as_peak *p, const double *y, size_t *order, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && lower(p, y, order[child], order[child + 1])) child++;
        if (!lower(p, y, order[root], order[child])) return;
        const size_t t = order[root];
        order[root] = order[child];
        order[child] = t;
    }
}

void as_peaks_thin(size_t n_peaks, const as_peak *p, const double *y, size_t distance,
                   size_t *order, bool *keep)
{
    for (size_t k = 0; k < n_peaks; k++) {
        order[k] = k;
        keep[k] = true;
    }
    for (size_t k = n_peaks / 2; k-- > 0;) sift(p, y, order, k, n_peaks);
    for (size_t k = n_peaks; k > 1; k--) {
        const size_t t = order[0];
        order[0] = order[k - 1];
        order[k - 1] = t;
        sift(p, y, order, 0, k - 1);
    }
    for (size_t k = n_peaks; k-- > 0;) {
        const size_t j = order[k];
        if (!keep[j]) continue;
        for (size_t i = j; i-- > 0 && p[j].at - p[i].at < distance;) keep[i] = false;
        for (size_t i = j + 1; i < n_peaks && p[i].at - p[j].at < distance; i++) keep[i] = false;
    }
}
