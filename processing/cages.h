/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guests smeared out evenly over the cages of a cubic framework: what they add to F.
 *
 * The void is what lies outside the van der Waals spheres of the atoms; each point of it belongs to
 * the cage whose surface (distance to the centre minus the radius of the cage) is nearest. F of a
 * cage of unit density is the integral of cos(2 pi h.r) over it, summed on a grid. A smeared guest
 * is a model: good for signs and orders of magnitude, not for measured intensities.
 */
#ifndef AS_PROCESSING_CAGES_H
#define AS_PROCESSING_CAGES_H

#include "structure.h"

enum { AS_CAGE_GRID = 120 }; /* points along the cell edge */

/* The void, by cage. Opaque enough: built once, used for many reflections. */
typedef struct as_cages {
    size_t n, n_cages;
    double point_volume;      /* Angstrom^3 */
    unsigned char (*at)[3];   /* grid indices i <= j <= k <= GRID/2 */
    unsigned char *cage;
    unsigned char *weight;    /* equivalent points of the cell */
} as_cages;

/* AS_E_USAGE unless the structure is cubic with mirror planes through the origin along the axes and
 * the diagonals (Laue class m-3m, such as Fm-3m), which this sum relies on. In `arena`. */
as_status as_cages_of(as_ctx *ctx, as_arena *arena, const as_structure *s, const as_atoms *atoms,
                      as_cages *out) AS_NODISCARD;

/* F at unit density (1 electron per Angstrom^3) of each cage: out[n_cages]; of 000 its volume per cell. */
void as_cages_factor(const as_cages *cages, const int hkl[3], double *out);

#endif
