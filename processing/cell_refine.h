/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cell that fitted positions of reflections lead to, with the errors of the diffractometer:
 *
 *   2theta_obs = 2theta(cell) + zero - (2 s / R) cos(theta) + c cot(2theta)
 *
 * zero and c in degrees; s in mm, positive when the sample lies away from the source; R the radius of
 * the goniometer in mm. The cot term is that of axial divergence (and of a flat sample): it pulls
 * lines below 90 deg to lower angles, so c is then negative.
 */
#ifndef AS_PROCESSING_CELL_REFINE_H
#define AS_PROCESSING_CELL_REFINE_H

#include "crystal.h"

enum { AS_CELL_PARAMETERS = 9 }; /* at most six of the cell, zero, displacement, axial */

typedef struct as_cell_problem {
    size_t n;
    const int (*hkl)[3];
    const double *two_theta;   /* degrees */
    const double *covariance;  /* n x n, degrees^2, positive definite */
    double wavelength, radius; /* Angstrom, mm */
    bool zero, displacement, axial; /* which terms are refined; the others are 0 */
    bool scale;                /* a misfit widens all esds; else it is shared out, see extra */
    as_cell cell;              /* start; out: refined */

    /* out */
    size_t n_values;
    const char *name[AS_CELL_PARAMETERS]; /* a, b ... zero, displacement, axial */
    double value[AS_CELL_PARAMETERS];
    double covariance_out[AS_CELL_PARAMETERS * AS_CELL_PARAMETERS]; /* widened by misfit */
    double inflation[AS_CELL_PARAMETERS]; /* u over what it were if the others were known */
    double *residual;          /* n, degrees; in the arena */
    /* What the positions scatter beyond their own uncertainties, as a standard deviation common to
     * all, that makes chi2 equal the degrees of freedom (Paule & Mandel 1982, J. Res. NBS 87, 377,
     * doi:10.6028/jres.087.022): errors of the model weigh on strong and weak lines alike. */
    double extra;
    double chi2, widened;      /* chi2 without extra */
    size_t degrees;            /* of freedom; 0: nothing is left over */
} as_cell_problem;

/* AS_E_NUMERIC: fewer positions than parameters, singular, or a cell that cannot be. */
as_status as_cell_refine(as_ctx *ctx, as_arena *arena, as_cell_problem *p) AS_NODISCARD;

/* Above this factor the parameters trade against each other: the esd holds for the model, but the
 * split between them rests on it being exact. */
#define AS_NOT_SEPARABLE 30.0

#endif
