/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The powder pattern that a structure, an instrument and a background would give, without noise.
 *
 *   y(2theta) = A exp(-2theta/t) + C + hump + S sum_k m_k |F_k|^2 LP_k P(2theta - 2theta_k)
 *
 * with P the K alpha doublet of powder_profile.h (Gaussian instrument, Lorentzian size broadening
 * K lambda / (D cos theta), axial divergence), at
 *   2theta_k = Bragg + zero - (2 s / R) cos(theta): s > 0 when the sample lies away from the source.
 */
#ifndef AS_PROCESSING_POWDER_SIMULATE_H
#define AS_PROCESSING_POWDER_SIMULATE_H

#include "powder_profile.h"
#include "structure.h"

typedef struct as_powder_sample {
    as_structure *structure;  /* with its occupancies and guest densities */
    as_doublet doublet;
    double from, to, step;    /* degrees */
    double crystallite;       /* nm, volume-weighted; K = scherrer */
    double scherrer;
    double instrument, axial; /* Gaussian FWHM in degrees; S/L = H/L */
    double zero, displacement, radius; /* degrees; mm; mm */
    double background[3];     /* A, t, C */
    double hump[3];           /* height, centre, standard deviation */
    double extra[3];          /* one more line: area, position, FWHM (Lorentzian); area 0: none */
    int reference[3];         /* the reflection scaled to */
    double counts;            /* at its maximum, background apart */
    size_t n_absent;          /* reflections whose F is taken as 0 */
    const int (*absent)[3];
} as_powder_sample;

typedef struct as_powder_truth { /* of each reflection, overlapping ones apart */
    as_reflection r;
    double f;        /* real part of F per cell, electrons */
    double position; /* of K alpha 1, degrees, with zero and displacement */
    double area;     /* K alpha 1 and 2, counts * degree */
    double fwhm;     /* without axial divergence */
} as_powder_truth;

typedef struct as_powder_pattern {
    size_t n, n_lines;
    double *x, *mean;
    as_powder_truth *line;
} as_powder_pattern;

/* In `arena`. AS_E_USAGE for a reference that the structure does not have or that is weak (below a
 * thousandth of the strongest). */
as_status as_powder_simulate(as_ctx *ctx, as_arena *arena, const as_powder_sample *sample,
                             as_powder_pattern *out) AS_NODISCARD;

#endif
