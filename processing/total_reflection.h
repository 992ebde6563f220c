/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Light that meets a weakly absorbing sample from inside a denser crystal, beyond the critical angle:
 * how deep the evanescent field goes and how thick a film would absorb as much in transmission.
 */
#ifndef AS_PROCESSING_TOTAL_REFLECTION_H
#define AS_PROCESSING_TOTAL_REFLECTION_H

#include <stdbool.h>

/* Lengths over the wavelength in vacuum; all are proportional to it where the indices are constant. */
typedef struct as_total_reflection {
    double depth;         /* d_p: the field falls to 1/e */
    double s, p;          /* effective thickness of light polarised across and in the plane of incidence */
    double unpolarized;   /* mean of both: weak absorbances of equal halves of the light average */
    double critical;      /* angle in radians; NaN when the crystal is not the denser one */
} as_total_reflection;

/* Semi-infinite sample of index n2 on a crystal of index n1 (both > 0), angle of incidence in radians
 * (0 .. pi/2). False: no total reflection; `critical` is set all the same.
 * Harrick & du Pre, Appl. Opt. 5 (1966) 1739, doi:10.1364/AO.5.001739. */
bool as_reflect_totally(double n1, double n2, double angle, as_total_reflection *out);

#endif
