/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activation energies from runs at several constant heating rates. Pure functions; temperatures in
 * K, heating rates in any one unit, energies in J/mol.
 *
 * Rate law: d alpha / dt = A exp(-E / (R T)) f(alpha), T = T0 + beta t, so that the time integral
 * becomes I(E, T) / beta with I = integral from 0 to T of exp(-E / (R T')) dT' = T E2(E / (R T)),
 * E2 the exponential integral (exact but for what was left out below the first temperature).
 */
#ifndef AS_PROCESSING_KINETICS_H
#define AS_PROCESSING_KINETICS_H

#include "arena.h"

#define AS_GAS_CONSTANT 8.31446261815324 /* J/(mol K), exact since 2019 */

typedef struct as_arrhenius {
    double energy, u_energy;       /* J/mol; u from the scatter about the line */
    double intercept, u_intercept; /* of y at 1/T = 0; nan where a method has none */
} as_arrhenius;

/* The line y = intercept - factor E / (R T) through n >= 3 points. AS_E_NUMERIC: fewer, or equal
 * temperatures. */
as_status as_arrhenius_line(as_ctx *ctx, size_t n, const double *kelvin, const double *y,
                            double factor, as_arrhenius *out) AS_NODISCARD;

/* y = ln(beta / T^power): power 2 and factor 1 are Kissinger, Akahira and Sunose; 1.92 and 1.0008
 * Starink (2003, doi:10.1016/S0040-6031(03)00144-8); 0 and 1.052 Ozawa, Flynn and Wall. */
as_status as_integral_line(as_ctx *ctx, size_t n, const double *kelvin, const double *beta,
                           double power, double factor, as_arrhenius *out) AS_NODISCARD;

/* The same without the approximation of I: y = ln(beta / (T^2 h(x))), h = x exp(x) E2(x), x = E /
 * (R T), again until E changes by less than 1e-10 of itself. `out` holds a first E. */
as_status as_integral_corrected(as_ctx *ctx, size_t n, const double *kelvin, const double *beta,
                                as_arrhenius *out) AS_NODISCARD;

/* The E that makes the sum over i != j of I(E, T_i) beta_j / (I(E, T_j) beta_i) least: Vyazovkin &
 * Dollimore, J. Chem. Inf. Comput. Sci. 36 (1996) 42. u: from the scatter of ln(I / beta), of which that sum is
 * the variance to second order. `out` holds a first E. */
as_status as_vyazovkin(as_ctx *ctx, size_t n, const double *kelvin, const double *beta,
                       as_arrhenius *out) AS_NODISCARD;

#endif
