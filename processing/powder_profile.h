/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profile of a powder line: pseudo-Voigt of Thompson, Cox & Hastings with the axial divergence
 * of Finger, Cox & Jephcoat, of unit area, with its derivatives. All angles in degrees.
 *
 *   P(x) = sum_n w_n PV(x - phi_n)
 *
 * where the phi_n run from the centre 2theta towards lower angles (higher ones beyond 90 deg).
 */
#ifndef AS_PROCESSING_POWDER_PROFILE_H
#define AS_PROCESSING_POWDER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

/* FWHM and Lorentzian fraction (of the areas) of the pseudo-Voigt nearest to the convolution of a
 * Gaussian of FWHM g and a Lorentzian of FWHM l (Thompson, Cox & Hastings 1987, J. Appl. Cryst. 20,
 * 79, doi:10.1107/S0021889887087090), with their derivatives. g, l >= 0, not both 0. */
typedef struct as_tch { double fwhm, eta, fwhm_g, fwhm_l, eta_g, eta_l; } as_tch;
as_tch as_tch_of(double g, double l);

/* One line, by what shapes it: centre, Gaussian and Lorentzian FWHM, and s = S/L = H/L, half the
 * height of sample and of detector slit over the goniometer radius (0: symmetric). */
typedef struct as_powder_shape {
    double centre, g, l, s;
    int nodes;      /* of the axial divergence, used nearer than `far` to `about`; 0: chosen by */
    double far;     /* as_powder_resolve, which a fit calls once, so that chi2 stays smooth */
    double about;   /* the centre at that time */
    /* Equatorial divergence in degrees, over which a flat sample leaves the focusing circle: the
     * intensity falls like 1/sqrt(e) from the centre to e = (pi/360) divergence^2 cot(theta) below
     * it (Cheary, Coelho & Cline 2004, doi:10.6028/jres.109.002). 0: none. */
    double divergence;
} as_powder_shape;
void as_powder_resolve(as_powder_shape *shape);

/* Arrays of n values, added to: the profile and its derivatives by centre, g, l and s. */
typedef struct as_powder_arrays { double *p, *by_centre, *by_g, *by_l, *by_s; } as_powder_arrays;

/* Add weight * profile (and derivatives) at x[0..n). `by_*` may be NULL, all or none.
 * Finger, Cox & Jephcoat 1994, J. Appl. Cryst. 27, 892, doi:10.1107/S0021889894004218. */
void as_powder_line(size_t n, const double *x, const as_powder_shape *shape, double weight,
                    const as_powder_arrays *out);

/* K alpha 1 and 2 together, of unit area. With `fine`, the lines of copper of Hoelzer, Fritsch,
 * Deutsch, Haertwig & Foerster 1997 (Phys. Rev. A 56, 4554, doi:10.1103/PhysRevA.56.4554), whose
 * natural widths add to l of the strongest: the second at the angle that Bragg's law gives, with
 * `ratio` times the area of the first (0: one line). The centre is that of K alpha 1. */
typedef struct as_doublet {
    double alpha1, alpha2, ratio; /* Angstrom */
    bool fine; /* copper: each line as the two Lorentzians of Hoelzer et al. 1997 */
} as_doublet;
void as_powder_doublet(size_t n, const double *x, const as_powder_shape *shape,
                       const as_doublet *doublet, const as_powder_arrays *out);

/* Where K alpha 2 stands when K alpha 1 stands at two_theta; NaN beyond 180 deg. */
double as_alpha2_position(double two_theta, const as_doublet *doublet);

#endif
