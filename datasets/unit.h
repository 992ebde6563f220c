/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units are values, not strings: parsed once on input, compared by dimension,
 * converted explicitly. Angles and "counts" are dimensions of their own, so
 * that deg is never silently added to counts.
 *
 * datasets/units.def is the only list of names: canonical spelling (deg,
 * count/s, cm-1, Angstrom, mmol/g, cm3(STP)/g, mAh/g, %, 1), aliases, factor,
 * offset, dimension. Texts may be products of these: `*`, `.`, `/`, `^` or a
 * trailing integer as exponent. A letter that means different things in
 * different techniques (A) is no alias: the parser that knows says which.
 */
#ifndef AS_DATASETS_UNIT_H
#define AS_DATASETS_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

enum { AS_DIM_M, AS_DIM_KG, AS_DIM_S, AS_DIM_A, AS_DIM_K, AS_DIM_MOL, AS_DIM_RAD, AS_DIM_COUNT,
       AS_N_DIMS };

typedef struct as_unit {
    double factor, offset; /* SI = factor * value + offset (degC) */
    int8_t dim[AS_N_DIMS]; /* exponents counted in halves: ohm s^-0.5 has -7 for s */
    bool opaque;           /* not in units.def: kept as text, equal only to the same text */
    const char *symbol;    /* canonical ASCII spelling, static or arena */
} as_unit;

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
extern const as_unit AS_UNITLESS; /* "1" */

/* A unit that our own code names: as_unit_of("deg"). The style test checks that
 * every such literal stands in units.def. */
as_unit as_unit_of(const char *symbol);

/* Any text a file or a person wrote. Unknown text is no error: `out` is opaque,
 * and who must convert says so then (AS_E_UNIT). Fails only without memory. */
as_status as_unit_parse(as_ctx *ctx, as_arena *a, const char *text, as_unit *out) AS_NODISCARD;

bool as_unit_same_dimension(const as_unit *a, const as_unit *b);

/* NaN unless the dimensions agree. A value on a scale with an offset and a
 * difference on it are different things: 5 degC is 278.15 K, a width or an
 * uncertainty of 5 degC is 5 K. */
double as_unit_convert(double value, const as_unit *from, const as_unit *to);
double as_unit_scale(double difference, const as_unit *from, const as_unit *to);
#pragma GCC visibility pop

#endif
