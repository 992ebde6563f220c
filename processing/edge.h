/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a layer in a depth profile.
 *
 * A layer that ends at depth d with roughness, mixing and depth resolution s together has the
 * profile y(z) = A/2 erfc((z - d)/(sqrt(2) s)), the step response of a Gaussian resolution function
 * (Hofmann 1998, Rep. Prog. Phys. 61, 827); d is where the signal has fallen to half, s the
 * standard deviation, 16 to 84 % = 2 s.
 */
#ifndef AS_PROCESSING_EDGE_H
#define AS_PROCESSING_EDGE_H

#include "arena.h"

typedef enum {
    AS_EDGE_FOUND,    /* d lies within the levels */
    AS_EDGE_BEYOND,   /* the band is there to the last level: d is above `bound` (95 %) */
    AS_EDGE_WITHIN,   /* it has fallen by `bound`, and too few levels show how: d is below it (95 %) */
    AS_EDGE_NONE,     /* the band is on no level */
    AS_EDGE_UNDECIDED /* neither a plateau nor an edge can be told */
} as_edge_state;

typedef struct as_edge {
    as_edge_state state;
    double plateau, plateau_u;
    double d, d_u;
    double s, s_u; /* s_u NaN: s is an upper limit (95 %), the levels are too far apart to see it */
    double bound;  /* of AS_EDGE_BEYOND, at most the last level, and of AS_EDGE_WITHIN */
    double half, half_u; /* where the levels themselves fall below half of their mean above 70 % of the highest, by a
                            line between two of them; NaN: they do not */
    double chi2, reduced;
    double last; /* deepest level on which the band is detected; NaN: none */
    size_t n_detected, dof;
} as_edge;

/* n >= 4 levels of rising depth z with values y, standard uncertainties u > 0 and critical levels
 * (1.645 u at zero). Uncertainties are scaled up, never down, where chi2 says that the shape does
 * not fit. */
as_status as_edge_fit(as_ctx *ctx, size_t n, const double *z, const double *y, const double *u,
                      const double *critical, as_edge *out) AS_NODISCARD;

/* The profile. */
double as_edge_value(double plateau, double d, double s, double z);

#endif
