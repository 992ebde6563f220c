/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What operations on photoelectron spectra have in common: which series is which region, which lie
 * at the same place, the kinetic energy of a line, how far electrons get.
 */
#ifndef AS_PROCESSING_PHOTOLINE_H
#define AS_PROCESSING_PHOTOLINE_H

#include "op.h"

/* Whether the region of `t` (metadata region, else label or name) is called so: "C1s Scan", "c
 * 1s/6" and "3: C 1s" by "C 1s". Blanks and case do not count. */
bool as_is_region(const as_table *t, const char *wanted);
const char *as_region_name(const as_table *t); /* NULL: none */
/* Whether `name` begins with `wanted`, likewise. */
bool as_line_begins(const char *name, const char *wanted);

/* The same sample, etch time, depth, place and angle of emission: charging and composition may
 * differ where these do. */
bool as_same_place(const as_table *a, const as_table *b);

/* The kinetic energy in eV at the energy `x` of the axis of `t`, counted from the Fermi level: of a
 * binding energy photon_energy - x, of a kinetic one x + work_function. AS_E_MISSING, AS_E_UNIT. */
as_status as_fermi_kinetic(as_ctx *ctx, const as_table *t, double x, double *out) AS_NODISCARD;

/* The result `item`.position, or with item NULL the highest point in [lo, hi], between points by a
 * parabola; *u from sigma, NAN without. In eV on the axis. AS_E_MISSING, AS_E_NUMERIC. */
as_status as_line_position(as_ctx *ctx, const as_table *t, const char *item, double lo, double hi,
                           double *out, double *u) AS_NODISCARD;

/* TPP-2M: inelastic mean free path in nm of electrons of `energy` eV (50 to 2000).
 * Tanuma, Powell & Penn 1994, Surf. Interface Anal. 21, 165, doi:10.1002/sia.740210302. */
typedef struct as_tpp2m {
    double density;    /* g/cm3 */
    double valence;    /* electrons per atom or formula */
    double molar_mass; /* g/mol, likewise */
    double gap;        /* eV */
} as_tpp2m;
double as_tpp2m_path(const as_tpp2m *m, double energy);

/* Angular factor L = 1 + (beta/2) (3/2 sin^2 gamma - 1) of unpolarised photons that make the angle
 * gamma (rad) with the electrons: Reilman, Msezane & Manson 1976, J. Electron Spectrosc. Relat.
 * Phenom. 8, 389. */
double as_angular_factor(double beta, double gamma);

#endif
