/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unit cells and the reflections they allow. Lengths in Angstrom, angles in degrees. */
#ifndef AS_PROCESSING_CRYSTAL_H
#define AS_PROCESSING_CRYSTAL_H

#include "arena.h"
#include "symmetry.h"

typedef struct as_cell {
    double a, b, c, alpha, beta, gamma;
    as_symmetry symmetry;
} as_cell;

typedef struct as_reflection {
    int h, k, l;
    int multiplicity; /* of the Laue class */
    double d;         /* Angstrom */
} as_reflection;

/* "SYSTEM:PARAMETERS:CENTRING" or "SPACEGROUP:PARAMETERS", as in cubic:26.343:F or Fm-3m:26.343.
 * The parameters that the system leaves free, by comma: a | a,c (tetragonal, trigonal, hexagonal)
 * | a,b,c | a,b,c,beta | a,b,c,alpha,beta,gamma. AS_E_USAGE says what is wrong. */
as_status as_cell_parse(as_ctx *ctx, const char *text, as_cell *out) AS_NODISCARD;

/* How many parameters the system leaves free (1 to 6), their names in order (ends with NULL). */
size_t as_cell_free(as_crystal_system system);
const char *const *as_cell_names(as_crystal_system system);
/* The cell of these free parameters; the symmetry of `cell` stays. */
void as_cell_set(as_cell *cell, const double *parameter);

double as_cell_volume(const as_cell *cell); /* Angstrom^3 */

/* 1/d^2 is linear in the reciprocal metric: h^2 a*.a* + k^2 b*.b* + l^2 c*.c* + 2kl b*.c* +
 * 2hl a*.c* + 2hk a*.b*. */
double as_inverse_d2(const as_cell *cell, int h, int k, int l);

/* Bragg: degrees; NaN when lambda > 2 d. */
double as_two_theta(double d, double wavelength);
double as_d_spacing(double two_theta, double wavelength);

/* Every reflection with d_max >= d >= d_min that is not systematically absent, one of each family,
 * by falling d, then rising h, k, l. In `arena`. AS_E_LIMIT above a million indices. */
as_status as_reflections(as_ctx *ctx, as_arena *arena, const as_cell *cell, double d_min,
                         double d_max, as_reflection **out, size_t *n) AS_NODISCARD;

/* "111" (one digit each, a minus before it allowed: "1-10") or "10 0 2", "10.0.2". False: no hkl. */
bool as_hkl_parse(const char *text, size_t length, int hkl[3]);
/* The way back: 111, or 10.0.2 when an index has two digits. `out` holds 40 bytes. */
enum { AS_HKL_TEXT = 40 };
void as_hkl_text(const int hkl[3], char out[AS_HKL_TEXT]);

#endif
