/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps of a voltammogram: where the potential turns, and the peak of a sweep. Pure functions over
 * arrays. */
#ifndef AS_PROCESSING_SWEEPS_H
#define AS_PROCESSING_SWEEPS_H

#include "arena.h"

typedef struct as_sweep {
    size_t from, n; /* rows; neighbouring sweeps share the row of the turn */
    int direction;  /* 1: rising, -1: falling */
} as_sweep;

/* The sweeps of n potentials: a turn is where the potential has come back from its extreme by
 * `reversal` (same unit, above the noise). Up to `room`; sweeps that span less than twice the
 * reversal are left out. */
size_t as_sweeps_of(size_t n, const double *e, double reversal, size_t room, as_sweep *out);

typedef struct as_sweep_peak {
    double at, u_at, height, u_height; /* NaN: none */
    double prominence;
} as_sweep_peak;

/* The most prominent maximum of n values y over x (monotonic, either way), refined by the vertex of
 * a parabola through the points within `window` of x about it. None where a prominence falls below
 * `least`, where the parabola opens upward or its vertex leaves the window. AS_E_NOMEM only. */
as_status as_sweep_peak_of(as_ctx *ctx, size_t n, const double *x, const double *y, double window,
                           double least, as_sweep_peak *out) AS_NODISCARD;

#endif
