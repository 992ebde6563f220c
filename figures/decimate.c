/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polylines at device resolution: extremes of columns, then chords. */
#include <math.h>

#include "decimate.h"

static bool broken(as_point p)
{
    return !isfinite(p.x) || !isfinite(p.y);
}

/* The lowest and the highest point of one column, in their order; also the first where a line begins
 * here and the last where it ends. */
static size_t column(const as_point *p, size_t n, bool begins, bool ends, as_point *out)
{
    size_t lo = 0, hi = 0, k = 0;
    for (size_t i = 1; i < n; i++) {
        if (p[i].y < p[lo].y) lo = i;
        if (p[i].y > p[hi].y) hi = i;
    }
    const size_t a = lo < hi ? lo : hi, b = lo < hi ? hi : lo;
    if (begins && a > 0) out[k++] = p[0];
    out[k++] = p[a];
    if (b > a) out[k++] = p[b];
    if (ends && b < n - 1) out[k++] = p[n - 1];
    return k;
}

static size_t columns(size_t n, const as_point *p, double step, as_point *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        if (broken(p[i])) {
            out[k++] = p[i++];
            continue;
        }
        const double at = floor(p[i].x / step);
        size_t j = i + 1;
        while (j < n && !broken(p[j]) && floor(p[j].x / step) == at) j++;
        const bool begins = k == 0 || broken(out[k - 1]), ends = j == n || broken(p[j]);
        k += column(p + i, j - i, begins, ends, out + k);
        i = j;
    }
    return k;
}

/* Distance of p from the segment a-b. */
static double distance(as_point p, as_point a, as_point b)
{
    const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    t = fmin(fmax(t, 0), 1);
    return hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/* From an anchor, go on as long as one chord serves all points passed. At most 32 are looked
 * back at, so the work is linear. */
static size_t chords(size_t n, as_point *p, double tolerance)
{
    enum { BACK = 32 };
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        const as_point anchor = p[i];
        p[k++] = anchor;
        size_t j = i + 1;
        if (broken(anchor)) {
            i = j;
            continue;
        }
        for (bool fits = true; j + 1 < n && j - i < BACK && !broken(p[j]) && !broken(p[j + 1]); j++) {
            for (size_t m = i + 1; m <= j && fits; m++)
                fits = distance(p[m], anchor, p[j + 1]) <= tolerance;
            if (!fits) break;
        }
        i = j;
    }
    return k;
}

size_t as_decimate(size_t n, const as_point *p, double step, as_point *out)
{
    return chords(columns(n, p, step, out), out, step / 4);
}
