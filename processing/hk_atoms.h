/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walls and molecules of the Horvath-Kawazoe equations by name: adsorbents.def. */
#ifndef AS_PROCESSING_HK_ATOMS_H
#define AS_PROCESSING_HK_ATOMS_H

#include "hk.h"
#include "param.h"

extern const as_choice as_hk_shapes[]; /* values: as_hk_shape, in its order */
extern const as_choice as_hk_walls[];  /* values: 0, 1 ... in this order */

const as_hk_atom *as_hk_wall(int choice);       /* of as_hk_walls */
const as_hk_atom *as_hk_gas(const char *name);  /* of gases.def; NULL: not tabulated */

#endif
