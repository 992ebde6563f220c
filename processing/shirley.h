/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inelastic backgrounds of photoelectron spectra, as functions over arrays. */
#ifndef AS_PROCESSING_SHIRLEY_H
#define AS_PROCESSING_SHIRLEY_H

#include "arena.h"

typedef struct as_shirley_how {
    size_t ends;      /* rows averaged for each end level, at least 1 */
    double tolerance; /* largest change, relative to the step, that ends it */
    int iterations;
    const double *ceiling; /* no value above this ("smart"); NULL: none */
} as_shirley_how;

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
/* Proctor & Sherwood 1982, doi:10.1021/ac00238a008: between the end levels l and r,
 * b(x) = l + (r - l) A(x) / A, with A(x) the area of y - b from the left end to x, iterated.
 * The same result whichever way x runs. Rounds used, 0: not converged, -1: nothing above the
 * background. work: n. */
int as_shirley(size_t n, const double *x, const double *y, const as_shirley_how *how, double *work,
               double *b);

/* Tougaard 1988, 1997: the loss of electrons of less loss, b_i = sum over rows j of smaller loss
 * K(T) y_j dx. loss[i]: energy loss scale, rising (x or -x). Three parameters:
 * K = B T / ((C - T^2)^2 + D T^2); two: K = B T / (C + T^2)^2. Where no x is further than a
 * thousandth of a step from even spacing it is a product of Fourier transforms, O(n log n), else the
 * sum itself. AS_E_NOMEM only. */
typedef struct as_tougaard_how { double b, c, d; bool three; } as_tougaard_how;
as_status as_tougaard(as_ctx *ctx, size_t n, const double *loss, const double *y,
                      const as_tougaard_how *how, double *b) AS_NODISCARD;
/* The sum itself, O(n^2). */
void as_tougaard_direct(size_t n, const double *loss, const double *y, const as_tougaard_how *how,
                        double *b);
#pragma GCC visibility pop

#endif
