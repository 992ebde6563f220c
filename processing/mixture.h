/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many curves on the same points as mixtures of few: principal components, non-negative factors,
 * clusters.
 *
 * The matrix D has n rows (series) of m points, row i at D + i * stride, stride = as_lanes(m),
 * entries m .. stride zero. Everything is deterministic: sums have a fixed order and what is drawn
 * comes from a fixed seed.
 */
#ifndef AS_PROCESSING_MIXTURE_H
#define AS_PROCESSING_MIXTURE_H

#include "arena.h"

typedef struct as_pca {
    size_t k;
    double *score;   /* n x k, row-major: D = mean + score loading */
    double *loading; /* k rows of stride, orthonormal; the entry of largest modulus is positive */
    double *mean;    /* stride; zeros when not centred */
    double *value;   /* k squared singular values, falling */
    double total;    /* sum of squares of what is decomposed */
    double *real_error; /* k: noise left when j + 1 components are real (Malinowski 1977, Anal.
                           Chem. 49, 606) */
    double
        *indicator; /* k: his factor indicator function, least at the number of real components */
} as_pca;

/* The k largest principal components, k <= min(n, m) - 1. Exact for up to 512 rows, else by
 * subspace iteration (Halko, Martinsson & Tropp 2011, doi:10.1137/090771806), to 1e-10 of the
 * values where they are distinct. */
as_status as_pca_fit(as_ctx *ctx, as_arena *a, size_t n, size_t m, const double *D, bool centre,
                     size_t k, as_pca *out) AS_NODISCARD;

enum { AS_MIX = 16 }; /* components at most */

typedef struct as_unmixing {
    size_t k;
    double *share;    /* n x k, >= 0 */
    double *share_u;  /* n x k standard uncertainties with the spectra held */
    double *spectrum; /* k rows of stride */
    double residual;  /* sum of squares left */
    double total;     /* of D */
    double noise;     /* standard deviation of one entry: sqrt(residual / ((n - k)(m - k))) */
    double *part;     /* k: share of each component in the sum of the signal */
    double *part_low, *part_high; /* what it may be by rotation of pairs of components */
    double closure;               /* rms of (sum of shares - 1) when closed; else NaN */
    int iterations;
} as_unmixing;

typedef struct as_unmix_problem {
    size_t n, m, k;
    const double *D;
    bool signed_spectra; /* spectra may be negative (derivatives, differences) */
    bool closed;         /* shares of each row add up to about 1 */
    double tolerance;    /* relative change of the residual norm at which it ends */
    int iterations;
} as_unmix_problem;

/* D = share spectrum by alternating non-negative least squares (MCR-ALS: Tauler 1995, Chemom.
 * Intell. Lab. Syst. 30, 133) from the purest rows (successive projections). Without closure the
 * largest share of each component is 1. The factors are unique only up to rotations that keep all
 * numbers non-negative: part_low and part_high tell how far pairs can turn, within twice the noise.
 * AS_E_NUMERIC: rows that do not span k dimensions, or no closure. */
as_status as_unmix(as_ctx *ctx, as_arena *a, const as_unmix_problem *q,
                   as_unmixing *out) AS_NODISCARD;

typedef struct as_clusters {
    size_t k;
    int *of;              /* n: cluster of each row, 0 the largest */
    double *distance;     /* n: from its centre */
    double *centre;       /* k rows of stride */
    size_t *size;         /* k */
    double within, total; /* sums of squares about the centres, about the mean of all */
    double silhouette; /* mean of (b - a)/max(a, b), a and b distances from the nearest and the next
                          centre */
} as_clusters;

/* k-means (Lloyd 1982, doi:10.1109/TIT.1982.1056489) from `starts` drawn starts (k-means++, Arthur
 * & Vassilvitskii 2007); the least sum of squares. AS_E_NUMERIC: fewer than k different rows. */
as_status as_kmeans(as_ctx *ctx, as_arena *a, size_t n, size_t m, const double *D, size_t k,
                    int starts, uint64_t seed, as_clusters *out) AS_NODISCARD;

#endif
