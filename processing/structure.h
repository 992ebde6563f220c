/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A crystal structure: a cell, the sites of its asymmetric unit, and the cages in which guests are
 * smeared out. Read from a text file of lines
 *
 *     cell Fm-3m:26.343
 *     site NAME ELEMENT x y z OCCUPANCY B          fractions of the cell, Angstrom^2
 *     guest NAME ELEMENT x y z OCCUPANCY B         the same, but it leaves the void to smeared guests
 *     radius ELEMENT r                             van der Waals, Angstrom
 *     cage NAME x y z r                            centre and radius, Angstrom
 *     # comment
 */
#ifndef AS_PROCESSING_STRUCTURE_H
#define AS_PROCESSING_STRUCTURE_H

#include "crystal.h"
#include "form_factor.h"
#include "input.h"

typedef struct as_site {
    const char *name;
    const as_form_factor *f;
    double x[3], occupancy, b;
    bool guest;
} as_site;

typedef struct as_cage {
    const char *name;
    double x[3], radius;
    double density; /* of guests, electrons per Angstrom^3; 0 after reading */
} as_cage;

typedef struct as_vdw { const as_form_factor *f; double radius; } as_vdw;

typedef struct as_structure {
    as_cell cell;
    size_t n_sites, n_cages, n_radii;
    as_site *site;
    as_cage *cage;
    as_vdw *radius;
} as_structure;

/* In `arena`. AS_E_SYNTAX with the position. */
as_status as_structure_parse(as_ctx *ctx, as_arena *arena, const as_input *in,
                             as_structure *out) AS_NODISCARD;

/* Every atom of the cell: positions in [0, 1), and the site that each comes from. */
typedef struct as_atoms {
    size_t n;
    double (*x)[3];
    size_t *site;
} as_atoms;
as_status as_atoms_of(as_ctx *ctx, as_arena *arena, const as_structure *s,
                      as_atoms *out) AS_NODISCARD;

/* F of the atoms, electrons: real and imaginary part. `f`: the form factor of each site at this
 * reflection, displacement aside; exp(-B s^2) is applied here. */
void as_structure_factor(const as_structure *s, const as_atoms *atoms, const double *f,
                         const int hkl[3], double s2, double out[2]);

/* (1 + cos^2 2theta) / (sin^2 theta cos theta): Lorentz and polarisation without monochromator. */
double as_lorentz_polarisation(double two_theta);

#endif
