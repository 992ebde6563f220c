/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An impedance spectrum as the operations on impedance see it: Hz and Ohm, frequencies falling,
 * capacitive imaginary parts negative.
 */
#ifndef AS_PROCESSING_IMPEDANCE_H
#define AS_PROCESSING_IMPEDANCE_H

#include "op.h"

typedef struct as_impedance {
    size_t n;
    size_t inductive;    /* points with a positive imaginary part, before any was left out */
    double *f, *re, *im; /* n: Hz, falling; Ohm */
    size_t *row;         /* n: where each point stands in the table */
} as_impedance;

/* Which inductive points an evaluation leaves out. */
typedef enum {
    AS_INDUCTIVE_KEEP,
    AS_INDUCTIVE_LEADING, /* those that the spectrum begins with at high frequency: leads and coils
                           */
    AS_INDUCTIVE_ALL
} as_inductive_rule;
extern const as_choice as_inductive_rules[];

/* The usable rows of columns frequency, z_real and z_imag, in scratch: finite, not masked,
 * frequency above 0 and within `frequencies` (Hz; both ends 0: all). AS_E_MISSING without a column,
 * AS_E_NUMERIC below `least` rows. */
as_status as_impedance_of(as_ctx *ctx, const as_table *t, const as_range *frequencies, size_t least,
                          as_impedance *out) AS_NODISCARD;

/* Points of the leading inductive run: their number. */
size_t as_impedance_leading(const as_impedance *s);

/* Leaves points out by `rule`: how many. */
size_t as_impedance_exclude(as_impedance *s, as_inductive_rule rule);

/* "inductive_points:leading:3_of_60_left_out", for the method of a result; in scratch. */
const char *as_impedance_record(as_ctx *ctx, as_inductive_rule rule, size_t left_out, size_t of);

#endif
