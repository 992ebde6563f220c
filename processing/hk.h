/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Horvath-Kawazoe relation between the width of a micropore and the pressure that fills it.
 *
 * R T ln(p/p0) is the mean potential of a molecule in a pore whose wall atoms and adsorbed molecules
 * attract it with the constants of Kirkwood and Mueller, A = 6 m c^2 a_w a_g / (a_w/X_w + a_g/X_g) and
 * (3/2) m c^2 a_g X_g: between two planes (Horvath & Kawazoe, J. Chem. Eng. Jpn. 16 (1983) 470), in a
 * cylinder (Saito & Foley, AIChE J. 37 (1991) 429), in a sphere (Cheng & Yang, Chem. Eng. Sci. 49
 * (1994) 2599). Rege & Yang (AIChE J. 46 (2000) 734) place the molecules in
 * layers: in a slit M = (L - d_w)/d_g of them, the outer two between wall and molecules, the others between
 * molecules, a single one (M < 2) between both walls; in cylinder and sphere concentric ones, each held by
 * the next one outside, averaged by the molecules in them.
 */
#ifndef AS_PROCESSING_HK_H
#define AS_PROCESSING_HK_H

#include <stdbool.h>

typedef enum { AS_HK_SLIT, AS_HK_CYLINDER, AS_HK_SPHERE } as_hk_shape;

typedef struct as_hk_atom {
    double diameter;       /* nm */
    double polarisability; /* nm3 */
    double susceptibility; /* nm3, magnetic */
    double density;        /* per m2 of wall, or of a full layer */
} as_hk_atom;

typedef struct as_hk {
    as_hk_shape shape;
    as_hk_atom wall, gas;
    double kelvin;
    bool layers; /* Rege & Yang 2000: molecules sit in layers, each sees its neighbours only */
} as_hk;

/* Potential over R T, which is ln(p/p0), in a pore of this internal width in nm: the distance of
 * the nuclei of opposite walls less the diameter of one wall atom. The width is above the diameter
 * of the molecule. */
double as_hk_potential(const as_hk *hk, double width);

/* The internal width at which the potential over R T is `ln_p` (below 0), in the branch where wider
 * pores fill at higher pressures. With layers the potential jumps where one more fits in: the narrowest
 * width at which it passes ln_p, the width of the jump where that is one.
 * NaN: below the deepest potential, or wider than 100 nm. */
double as_hk_width(const as_hk *hk, double ln_p);

#endif
