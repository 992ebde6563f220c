/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares fit of powder reflections at positions that a cell predicts, with their local
 * background, all parameters jointly. x in degrees two-theta, rising; areas in y * degree.
 *
 * Shared positions: 2theta_k = 2theta(d_k (1 + scale)) + zero. Shared widths: Gaussian FWHM G for
 * all, Lorentzian FWHM X / cos(theta). The axial divergence S is shared always. Free ones belong to
 * each reflection. Weak restraints (a stated tolerance about the start value) keep a parameter in
 * place that the data do not determine, so that a reflection that is absent is tested where and as
 * wide as the cell and the others say; they enter chi2 as observations.
 *
 * Counted data (sigma^2 proportional to y) take their variances from the model, not from the counts:
 * the normal equations are then those of Poisson maximum likelihood, free of the bias of weights
 * 1/y. The areas are not bounded: a negative one is noise, and clipping it would bias limits.
 */
#ifndef AS_PROCESSING_POWDER_FIT_H
#define AS_PROCESSING_POWDER_FIT_H

#include "arena.h"
#include "powder_profile.h"

enum { AS_POWDER_DEGREE = 24 }; /* of a background, at most */

typedef struct as_powder_group { /* rows from .. to share a polynomial background */
    size_t from, to;
    int degree;
    double gain; /* out: variance over y where the data are counted; else NaN */
} as_powder_group;

typedef struct as_powder_peak {
    double d;              /* Angstrom, from the cell */
    double calculated;     /* degrees, from d */
    bool tested;           /* zero_u is wanted */
    as_powder_shape shape; /* out */
    double area, fwhm;     /* out */
    double area_u, centre_u, fwhm_u; /* out: standard uncertainties */
    double zero_u;         /* out: u of the area where the true area is zero; NaN: not tested */
} as_powder_peak;

typedef struct as_powder_fit {
    size_t n;
    const double *x, *y, *sigma; /* sigma NULL: unit weights, uncertainties from the scatter */
    as_doublet doublet;
    size_t n_groups, n_peaks;
    as_powder_group *group;
    as_powder_peak *peak;
    bool free_positions, free_widths;
    double position_tolerance; /* degrees: sd of the restraint on zero or each position */
    double scale_tolerance;    /* sd of the restraint on the scale of the cell */
    double fwhm;               /* start value; NaN: found by trial */
    double axial;              /* start value of S, or its fixed value */
    bool axial_fixed;
    double divergence;         /* of a flat sample, see powder_profile.h */

    /* out, in the arena given */
    size_t n_values;
    double *value, *covariance;  /* n_values^2; rows and columns of fixed ones are 0 */
    size_t area_at, position_at; /* value[area_at + k]; zero, scale or the positions */
    size_t width_at, axial_at;   /* G, X or those of each peak; S */
    double *model, *background;  /* n each */
    double *weight;              /* 1/variance that the fit ended with */
    double chi2;                 /* restraints apart */
    size_t degrees;              /* of freedom */
    double widened;              /* factor on all uncertainties for misfit or unknown sigma; 1: none */
    int iterations;
} as_powder_fit;

/* AS_E_NUMERIC when it does not converge or there are fewer points than parameters. */
as_status as_powder_fit_run(as_ctx *ctx, as_arena *arena, as_powder_fit *fit) AS_NODISCARD;

/* Covariance of the areas (AS_POWDER_AREA) or positions of two peaks. */
typedef enum { AS_POWDER_AREA, AS_POWDER_POSITION } as_powder_quantity;
double as_powder_covariance(const as_powder_fit *fit, as_powder_quantity a, size_t peak_a,
                            as_powder_quantity b, size_t peak_b);
/* chi2 over points less parameters of the group that peak k stands in, shape parameters shared out. */
double as_powder_group_chi2(const as_powder_fit *fit, size_t k);

#endif
