/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clusters: see mixture.h. */
#include <math.h>
#include <string.h>

#include "lanes.h"
#include "mixture.h"
#include "random.h"

enum { TURNS = 300 };

typedef struct work {
    size_t n, m, k, stride;
    const double *D;
    double *centre, *square,
        *count; /* k x stride; n: squared distance from the nearest centre; k */
    int *of;
} work;

static double distance2(const work *w, size_t i, const double *centre)
{
    const double *d = w->D + i * w->stride;
    double part[AS_LANE] = { 0 }, sum = 0;
    for (size_t c = 0; c < w->stride; c += AS_LANE)
        for (size_t l = 0; l < AS_LANE; l++)
            part[l] += (d[c + l] - centre[c + l]) * (d[c + l] - centre[c + l]);
    for (size_t l = 0; l < AS_LANE; l++) sum += part[l];
    return sum;
}

/* k-means++: the next centre is a row drawn by its squared distance from those so far. */
static bool start(work *w, as_random *r)
{
    for (size_t j = 0; j < w->k; j++) {
        double all = 0, at = as_random_uniform(r);
        size_t chosen = (size_t)(at * (double)w->n);
        for (size_t i = 0; i < w->n && j; i++) {
            const double d = distance2(w, i, w->centre + (j - 1) * w->stride);
            if (j == 1 || d < w->square[i]) w->square[i] = d;
            all += w->square[i];
        }
        if (j && !(all > 0)) return false;
        at *= all;
        for (size_t i = 0; i < w->n && j; i++) {
            if (!(w->square[i] > 0)) continue;
            chosen = i;
            at -= w->square[i];
            if (at <= 0) break;
        }
        memcpy(w->centre + j * w->stride, w->D + chosen * w->stride, w->stride * sizeof *w->centre);
    }
    return true;
}

/* Rows to their nearest centres; how many moved. */
static size_t assign(work *w, double *within)
{
    size_t moved = 0;
    *within = 0;
    for (size_t i = 0; i < w->n; i++) {
        int best = 0;
        double least = INFINITY;
        for (size_t j = 0; j < w->k; j++) {
            const double d = distance2(w, i, w->centre + j * w->stride);
            if (d < least) least = d, best = (int)j;
        }
        moved += best != w->of[i];
        w->of[i] = best;
        w->square[i] = least;
        *within += least;
    }
    return moved;
}

/* Centres to the means of their rows; one without rows goes to the row farthest from its own. */
static void move(work *w)
{
    memset(w->centre, 0, w->k * w->stride * sizeof *w->centre);
    memset(w->count, 0, w->k * sizeof *w->count);
    for (size_t i = 0; i < w->n; i++) {
        double *c = w->centre + (size_t)w->of[i] * w->stride;
        w->count[w->of[i]]++;
        for (size_t x = 0; x < w->stride; x++) c[x] += w->D[i * w->stride + x];
    }
    for (size_t j = 0; j < w->k; j++) {
        double *c = w->centre + j * w->stride;
        for (size_t x = 0; x < w->stride && w->count[j] > 0; x++) c[x] /= w->count[j];
        if (w->count[j] > 0) continue;
        size_t far = 0;
        for (size_t i = 1; i < w->n; i++)
            if (w->square[i] > w->square[far]) far = i;
        memcpy(c, w->D + far * w->stride, w->stride * sizeof *c);
        w->square[far] = 0;
    }
}

static double run(work *w)
{
    double within = INFINITY;
    for (size_t i = 0; i < w->n; i++) w->of[i] = -1;
    for (int turn = 0; turn < TURNS && assign(w, &within) > 0; turn++) move(w);
    return within;
}

/* Largest first; sizes, distances, silhouette. */
static void finish(work *w, as_clusters *out)
{
    size_t order[64];
    int rank[64];
    for (size_t i = 0; i < w->n; i++) out->size[w->of[i]]++;
    for (size_t j = 0; j < w->k; j++) {
        size_t h = j;
        for (; h > 0 && out->size[order[h - 1]] < out->size[j]; h--) order[h] = order[h - 1];
        order[h] = j;
    }
    for (size_t h = 0; h < w->k; h++) rank[order[h]] = (int)h;
    memset(out->size, 0, w->k * sizeof *out->size);
    for (size_t h = 0; h < w->k; h++)
        memcpy(out->centre + h * w->stride, w->centre + order[h] * w->stride,
               w->stride * sizeof *out->centre);
    for (size_t i = 0; i < w->n; i++) {
        double next = INFINITY;
        const int own = rank[w->of[i]];
        out->of[i] = own;
        out->size[own]++;
        out->distance[i] = sqrt(distance2(w, i, out->centre + (size_t)own * w->stride));
        for (size_t h = 0; h < w->k; h++)
            if ((int)h != own)
                next = fmin(next, sqrt(distance2(w, i, out->centre + h * w->stride)));
        const double most = fmax(next, out->distance[i]);
        out->silhouette +=
            w->k > 1 && most > 0 ? (next - out->distance[i]) / most / (double)w->n : 0;
    }
    if (w->k == 1) out->silhouette = NAN;
}

as_status as_kmeans(as_ctx *ctx, as_arena *a, size_t n, size_t m, const double *D, size_t k,
                    int starts, uint64_t seed, as_clusters *out)
{
    const size_t stride = as_lanes(m);
    as_arena *s = as_scratch(ctx);
    if (k == 0 || k > 64 || k > n)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu clusters of %zu series", k, n);
    *out = (as_clusters){ .k = k,
                          .of = AS_NEW_N(a, int, n),
                          .distance = AS_NEW_N(a, double, n),
                          .centre = AS_NEW_N(a, double, k *stride),
                          .size = AS_NEW_N(a, size_t, k),
                          .within = INFINITY };
    work w = { n,
               m,
               k,
               stride,
               D,
               AS_NEW_N(s, double, k *stride),
               AS_NEW_N(s, double, n + 1),
               AS_NEW_N(s, double, k),
               AS_NEW_N(s, int, n) };
    int *best = AS_NEW_N(s, int, n);
    double *centre = AS_NEW_N(s, double, k *stride), *mean = AS_NEW_N(s, double, stride);
    if (!out->of || !out->distance || !out->centre || !out->size || !w.centre || !w.square ||
        !w.count || !w.of || !best || !centre || !mean)
        return AS_ERR;
    for (size_t i = 0; i < n; i++)
        for (size_t x = 0; x < m; x++) mean[x] += D[i * stride + x] / (double)n;
    for (size_t i = 0; i < n; i++) out->total += distance2(&w, i, mean);
    for (int turn = 0; turn < starts; turn++) {
        as_random r;
        as_work_step(ctx, (size_t)turn);
        as_random_seed(&r, seed, (uint64_t)turn);
        if (!start(&w, &r))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than %zu different series", k);
        const double within = run(&w);
        if (!(within < out->within)) continue;
        out->within = within;
        memcpy(best, w.of, n * sizeof *best);
        memcpy(centre, w.centre, k * stride * sizeof *centre);
    }
    memcpy(w.of, best, n * sizeof *best);
    memcpy(w.centre, centre, k * stride * sizeof *centre);
    finish(&w, out);
    return AS_OK;
}
