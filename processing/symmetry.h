/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Space groups as their symmetry operations. A group is built from generators (the list stands in
 * symmetry.c); systematic absences and multiplicities are derived from the operations, so that
 * no table of reflection conditions can be wrong.
 *
 * An operation takes x to R x + t. A reflection h (a row) goes to h R; it is absent when some
 * operation has h R = h and h.t is no integer (International Tables A, section 1.6).
 */
#ifndef AS_PROCESSING_SYMMETRY_H
#define AS_PROCESSING_SYMMETRY_H

#include <stdbool.h>

#include "diag.h"

enum { AS_SYMMETRY_MAX = 192, AS_TRANSLATION = 24 }; /* translations are counted in 24ths */

typedef enum {
    AS_TRICLINIC,
    AS_MONOCLINIC, /* unique axis b */
    AS_ORTHORHOMBIC,
    AS_TETRAGONAL,
    AS_TRIGONAL, /* hexagonal axes */
    AS_HEXAGONAL,
    AS_CUBIC,
    AS_N_SYSTEMS
} as_crystal_system;

typedef struct as_symmetry_op {
    signed char r[3][3], t[3]; /* t in 24ths, 0 <= t < 24 */
} as_symmetry_op;

typedef struct as_symmetry {
    as_crystal_system system;
    size_t n, n_point; /* operations; those of the point group */
    as_symmetry_op op[AS_SYMMETRY_MAX];
    unsigned char point[48]; /* one operation of each rotation part */
} as_symmetry;

/* The group of this Hermann-Mauguin symbol, blanks and underscores in it aside ("Fm-3m",
 * "P 63/m m c"). AS_E_USAGE with the near miss when it is not in the list: a group is never
 * guessed. */
as_status as_symmetry_named(as_ctx *ctx, const char *symbol, as_symmetry *out) AS_NODISCARD;

/* The group of highest symmetry of a system with this centring (P A B C I F, R on hexagonal axes).
 * AS_E_USAGE when the system has no such centring. */
as_status as_symmetry_centred(as_ctx *ctx, as_crystal_system system, char centring,
                              as_symmetry *out) AS_NODISCARD;

/* NULL: no system is called so. */
const char *as_crystal_system_name(as_crystal_system system);
bool as_crystal_system_of(const char *name, as_crystal_system *out);

bool as_absent(const as_symmetry *s, const int hkl[3]);

/* Number of reflections equivalent to hkl, Friedel's law included; *first becomes the usual
 * representative: h not negative, as few negative indices as can be, then the largest h, k, l. */
int as_multiplicity(const as_symmetry *s, const int hkl[3], int first[3]);
/* hkl is its family's representative. */
bool as_representative(const as_symmetry *s, const int hkl[3]);

/* The symbols of the list, ends with NULL, and the order of each group with its centring (tests). */
extern const char *const as_symmetry_symbols[];

#endif
