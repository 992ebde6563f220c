/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optical constants of a sample from its ATR spectrum: Fresnel's equations and the Kramers-Kronig
 * relation, one after the other until the measured absorbance is met.
 */
#ifndef AS_PROCESSING_ATR_DISPERSION_H
#define AS_PROCESSING_ATR_DISPERSION_H

#include "arena.h"

typedef struct as_atr_setup {
    double crystal, sample; /* indices; of the sample above all wavenumbers of the spectrum */
    double angle;           /* radians */
    int bounces;
    double s_share;         /* of the light polarised across the plane of incidence, 0 to 1 */
} as_atr_setup;

/* -log10 of the reflectance by a sample of index n + i k. */
double as_atr_absorbance(const as_atr_setup *setup, double n, double k);

/* n and k of a spectrum a over wavenumbers first + i step (1/cm). AS_E_NUMERIC: no total reflection
 * in the middle of it, or no convergence in 200 rounds. Bertie & Eysel, Appl. Spectrosc. 39 (1985). */
as_status as_atr_constants(as_ctx *ctx, const as_atr_setup *setup, size_t rows, double first,
                           double step, const double *a, double *n, double *k) AS_NODISCARD;

#endif
