/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photoelectron spectra of layers (xps_simulate.h). */
#include <math.h>

#include "xps_simulate.h"

static const double ln2 = 0.69314718055994530942, pi = 3.14159265358979323846;

static double height_of(const as_xps_line *l)
{
    return l->area / (l->fwhm * (l->eta * pi / 2 + (1 - l->eta) * sqrt(pi / (4 * ln2))));
}

static double one_line(const as_xps_line *l, double at)
{
    const double t = 4 * at * at / (l->fwhm * l->fwhm);
    return l->eta / (1 + t) + (1 - l->eta) * exp(-ln2 * t);
}

/* The integral of one_line from its centre. */
static double one_integral(const as_xps_line *l, double at)
{
    const double s = 2 * at / l->fwhm, root = sqrt(ln2);
    return 0.5 * l->fwhm *
           (l->eta * atan(s) + (1 - l->eta) * sqrt(pi) / (2 * root) * erf(root * s));
}

double as_xps_lines(size_t n, const as_xps_line *line, double x)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        const as_xps_line *l = &line[k];
        const double second = l->ratio > 0 ? l->ratio * one_line(l, x - l->energy - l->split) : 0;
        sum += height_of(l) * (one_line(l, x - l->energy) + second);
    }
    return sum;
}

double as_xps_integral(size_t n, const as_xps_line *line, double from, double x)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        const as_xps_line *l = &line[k];
        double s = one_integral(l, x - l->energy) - one_integral(l, from - l->energy);
        if (l->ratio > 0)
            s += l->ratio * (one_integral(l, x - l->energy - l->split) -
                             one_integral(l, from - l->energy - l->split));
        sum += height_of(l) * s;
    }
    return sum;
}

double as_xps_seen(size_t n, const double *top, const double *c, double z, double length)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double from = fmax(top[i] - z, 0),
                     to = i + 1 < n ? fmax(top[i + 1] - z, 0) : INFINITY;
        sum += c[i] * (exp(-from / length) - exp(-to / length));
    }
    return sum;
}
