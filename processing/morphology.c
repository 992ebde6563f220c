/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving windows (morphology.h). */
#include <math.h>
#include <string.h>

#include "morphology.h"

/* A queue of rows whose values rise (sign 1) or fall (-1): its head is the extreme. */
static void extreme(size_t n, size_t half, double sign, const double *v, size_t *queue, double *out)
{
    size_t head = 0, tail = 0, next = 0;
    for (size_t i = 0; i < n; i++) {
        for (; next < n && next <= i + half; next++) {
            while (tail > head && sign * v[queue[tail - 1]] >= sign * v[next]) tail--;
            queue[tail++] = next;
        }
        while (queue[head] + half < i) head++;
        out[i] = v[queue[head]];
    }
}

void as_erode(size_t n, size_t half, const double *v, size_t *work, double *out)
{
    extreme(n, half, 1, v, work, out);
}

void as_dilate(size_t n, size_t half, const double *v, size_t *work, double *out)
{
    extreme(n, half, -1, v, work, out);
}

void as_opening(size_t n, size_t half, const double *v, size_t *work, double *spare, double *out)
{
    as_erode(n, half, v, work, spare);
    as_dilate(n, half, spare, work, out);
}

void as_closing(size_t n, size_t half, const double *v, size_t *work, double *spare, double *out)
{
    as_dilate(n, half, v, work, spare);
    as_erode(n, half, spare, work, out);
}

static size_t reach_of(size_t n, size_t half, size_t i)
{
    const size_t edge = i < n - 1 - i ? i : n - 1 - i;
    return half < edge ? half : edge;
}

void as_opening_anchors(size_t n, const double *v, const double *opening, double *anchor)
{
    for (size_t i = 0; i < n; i++) anchor[i] = i == 0 || i + 1 == n;
    for (size_t i = 0, next; i < n; i = next) {
        size_t low = i;
        for (next = i + 1; next < n && opening[next] == opening[i]; next++)
            if (v[next] < v[low]) low = next;
        if (next - i > 1) anchor[low] = 1;
    }
}

void as_moving_mean(size_t n, size_t half, const double *v, double *out)
{
    enum { RENEW = 256 }; /* rounding does not run away */
    double sum = 0;
    size_t lo = 0, hi = 0; /* sum over [lo, hi) */
    for (size_t i = 0; i < n; i++) {
        const size_t reach = reach_of(n, half, i), from = i - reach, to = i + reach + 1;
        if (i % RENEW == 0) {
            sum = 0;
            for (size_t j = from; j < to; j++) sum += v[j];
        } else {
            for (; hi < to; hi++) sum += v[hi];
            for (; lo < from; lo++) sum -= v[lo];
            for (; hi > to; hi--) sum -= v[hi - 1];
        }
        lo = from;
        hi = to;
        out[i] = sum / (double)(to - from);
    }
}

static size_t place(size_t n, const double *sorted, double value)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (sorted[mid] < value) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

void as_moving_median(size_t n, size_t half, const double *v, double *window, double *out)
{
    size_t held = 0, next = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > half) {
            const size_t at = place(held, window, v[i - half - 1]);
            memmove(window + at, window + at + 1, (--held - at) * sizeof *window);
        }
        for (; next < n && next <= i + half; next++) {
            const size_t at = place(held, window, v[next]);
            memmove(window + at + 1, window + at, (held++ - at) * sizeof *window);
            window[at] = v[next];
        }
        out[i] = 0.5 * (window[(held - 1) / 2] + window[held / 2]);
    }
}

/* Symmetric weights kernel[0 .. half], normed on the rows that are there. */
static void weighted(size_t n, size_t half, const double *v, const double *kernel, double *out)
{
    for (size_t i = 0; i < n; i++) {
        double sum = kernel[0] * v[i], norm = kernel[0];
        const size_t both = reach_of(n, half, i);
        for (size_t j = 1; j <= both; j++) {
            sum += kernel[j] * (v[i - j] + v[i + j]);
            norm += 2 * kernel[j];
        }
        for (size_t j = both + 1; j <= half; j++) {
            if (i >= j) sum += kernel[j] * v[i - j];
            if (i + j < n) sum += kernel[j] * v[i + j];
            norm += kernel[j] * ((i >= j) + (i + j < n));
        }
        out[i] = sum / norm;
    }
}

void as_gaussian(size_t n, double sigma, const double *v, double *kernel, double *out)
{
    size_t half = (size_t)ceil(4 * sigma);
    if (half >= n) half = n - 1;
    for (size_t j = 0; j <= half; j++)
        kernel[j] = sigma > 0 ? exp(-0.5 * (double)j * (double)j / (sigma * sigma)) : j == 0;
    weighted(n, half, v, kernel, out);
}

void as_mollify(size_t n, size_t half, const double *v, double *kernel, double *out)
{
    for (size_t j = 0; j <= half; j++) {
        const double t = (double)j / ((double)half + 1);
        kernel[j] = exp(-1 / (1 - t * t));
    }
    weighted(n, half < n ? half : n - 1, v, kernel, out);
}
