/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Penetration depth and effective thickness in attenuated total reflection. */
#include "total_reflection.h"

#include <math.h>

#define PI 3.14159265358979323846

bool as_reflect_totally(double n1, double n2, double angle, as_total_reflection *out)
{
    const double n21 = n2 / n1, n21_2 = n21 * n21, sine = sin(angle), sine_2 = sine * sine;
    *out = (as_total_reflection){ .critical = n21 < 1 ? asin(n21) : NAN };
    if (!(n21 < 1 && sine_2 > n21_2 && cos(angle) > 0)) return false;
    const double root = sqrt(sine_2 - n21_2);
    out->depth = 1 / (2 * PI * n1 * root);
    out->s = n21 * cos(angle) / (PI * n1 * (1 - n21_2) * root);
    out->p = out->s * (2 * sine_2 - n21_2) / ((1 + n21_2) * sine_2 - n21_2);
    out->unpolarized = (out->s + out->p) / 2;
    return true;
}
