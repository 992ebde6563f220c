/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photoelectron spectra of layers, as closed forms over numbers. Energies in eV, lengths in one unit. */
#ifndef AS_PROCESSING_XPS_SIMULATE_H
#define AS_PROCESSING_XPS_SIMULATE_H

#include <stddef.h>

/* A pseudo-Voigt line, eta the Lorentzian fraction of the height, and with ratio > 0 a second one at
 * energy + split. `area` is that of the first. */
typedef struct as_xps_line {
    double energy, fwhm, eta, area, split, ratio;
} as_xps_line;

/* The sum of n lines at x, and its integral from `from` to x. */
double as_xps_lines(size_t n, const as_xps_line *line, double x);
double as_xps_integral(size_t n, const as_xps_line *line, double from, double x);

/* What a surface at depth z shows of something whose share is c[i] in layer i, between top[i] and
 * top[i + 1] (the last one has no end), through electrons of attenuation length L along the normal:
 * the integral of c exp(-(z' - z)/L) dz'/L over z' > z. Layers above z are gone. */
double as_xps_seen(size_t n, const double *top, const double *c, double z, double length);

#endif
