/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the numbers at the start of the lines of (X++(Y..Y)) say of the axis: they confirm it or not,
 * each point has its own, they run the other way, or they only count the points.
 */
#include <math.h>

#include "jcamp.h"

/* A missing point moves x by a whole step; what a writer rounds, by less than half of one. */
static bool confirms(const as_jcamp_check *k, double first, double step)
{
    const double x = first + (double)k->index * step;
    return fabs(k->x - x) <= 0.5 * fabs(step) + k->unit + 1e-6 * fabs(x);
}

static size_t contradictions(const as_jcamp_walk *w, double first, double step,
                             const as_jcamp_check **worst)
{
    size_t n = 0;
    for (size_t i = w->n_checks; i-- > 0;)
        if (!confirms(&w->check[i], first, step)) {
            *worst = &w->check[i];
            n++;
        }
    return n;
}

double as_jcamp_step(const as_jcamp_walk *w, double first, const as_jcamp_check **worst, size_t *wrong)
{
    const as_jcamp_axes *a = w->axes;
    const as_jcamp_check *last = w->n_checks ? &w->check[w->n_checks - 1] : NULL;
    const double by_rows = (a->last - first) / ((double)w->rows - 1);
    const double by_points = (a->last - first) / (a->points - 1);
    const double by_lines = last && last->index > 0
                                ? (last->x - w->check[0].x) / (double)last->index
                                : (double)NAN;
    const bool agrees = isnan(a->points) || a->points == (double)w->rows;
    const bool plain = agrees && isfinite(by_rows);
    const double ways[] = { plain ? by_rows : a->delta, plain ? (double)NAN : by_points,
                            plain ? (double)NAN : by_rows, by_lines };
    double best = (double)NAN;
    *wrong = SIZE_MAX;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const as_jcamp_check *at = NULL;
        if (!isfinite(ways[i]) || (i == 3 && isfinite(best))) continue;
        const size_t n = contradictions(w, first, ways[i], &at);
        if (n >= *wrong) continue;
        *wrong = n;
        *worst = at;
        best = ways[i];
    }
    return w->rows == 1 && isnan(best) ? 0 : best;
}

bool as_jcamp_own_x(const as_jcamp_walk *w, double first, double step)
{
    if (w->n_checks != w->rows || w->rows < 3) return false;
    for (size_t i = 0; i < w->n_checks; i++) {
        const double x = first + (double)i * step;
        if (fabs(w->check[i].x - x) > w->check[i].unit + 1e-6 * fabs(x)) return true;
    }
    return false;
}

bool as_jcamp_backwards(const as_jcamp_walk *w)
{
    const as_jcamp_axes *a = w->axes;
    if (w->n_checks < 2) return false;
    const double from = w->check[0].x, to = w->check[w->n_checks - 1].x;
    return (to - from) * (a->last - a->first) < 0 && fabs(from - a->last) < fabs(from - a->first);
}

bool as_jcamp_counts(const as_jcamp_walk *w)
{
    const as_jcamp_axes *a = w->axes;
    const double f = isnan(a->x_factor) ? 1 : a->x_factor;
    if (w->n_checks < 3 || a->points != (double)w->rows || !isfinite(a->first) || !isfinite(a->last))
        return false;
    const bool down = w->check[0].x > w->check[1].x;
    const double from = round(w->check[0].x / f), way = down ? -1 : 1;
    if (down ? from != a->points && from != a->points - 1 : from != 0 && from != 1) return false;
    for (size_t i = 0; i + 1 < w->n_checks; i++) { /* some writers end with any value */
        const double number = from + way * (double)w->check[i].index;
        if (fabs(w->check[i].x / f - number) > 1e-6 * fmax(1, number)) return false;
    }
    return true;
}
