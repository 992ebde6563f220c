/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Complex least squares of a circuit: real and imaginary parts as 2 n real points, from several
 * starts. */
#ifndef AS_PROCESSING_EIS_SOLVE_H
#define AS_PROCESSING_EIS_SOLVE_H

#include "circuit.h"

typedef enum { AS_EIS_MODULUS, AS_EIS_UNIT, AS_EIS_PROPORTIONAL, AS_EIS_STATED } as_eis_weight;
extern const as_choice as_eis_weights[]; /* in that order */

typedef struct as_eis_fit {
    as_ls_result r;         /* over what the fit sees (circuit.h); u and covariance likewise */
    double *p;              /* n_params values */
    double rms;             /* of |data - model| / |Z| */
    size_t tried, agreeing; /* starts, and those that reached the best minimum */
    size_t undetermined; /* the parameter that a lower but singular end left open; n_params: none */
} as_eis_fit;

/* The circuit to the points from `starts` starting points. All of *out lives in `a`. AS_E_NUMERIC:
 * fewer values than free parameters, or no start converged. */
as_status as_eis_solve(as_ctx *ctx, as_arena *a, const as_table *t, const as_circuit *c,
                       const as_impedance *z, as_eis_weight weights, size_t starts,
                       as_eis_fit *out) AS_NODISCARD;

#endif
