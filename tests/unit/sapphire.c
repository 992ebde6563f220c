/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The built-in heat capacity of sapphire against the polynomial of ISO 11357-4:2014,
 * c_p/(J/g/K) = sum A_k x^k, x = (T/K - 650)/550, 100 to 1200 K. The standard was not at hand: four of
 * the coefficients were seen in print, the others are from memory; a wrong one would not agree with the
 * table, which has another source, to 0.04 %.
 */
#include "check.h"

static double polynomial(double kelvin)
{
    static const double a[] = { 1.12705, 0.23260, -0.21704, 0.26410, -0.23778, -0.10023,
                                0.15393, 0.54579, -0.47824, -0.37623, 0.34407 };
    const double x = (kelvin - 650) / 550;
    double sum = 0;
    for (size_t k = sizeof a / sizeof *a; k-- > 0;) sum = sum * x + a[k];
    return sum;
}

int main(void)
{
    static const double table[][2] = {
#define AS_SAPPHIRE(kelvin, molar) { kelvin, molar },
#include "sapphire.def"
#undef AS_SAPPHIRE
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const double want = 101.9613 * polynomial(table[i][0]);
        NEAR(table[i][1], want, 4e-4 * want);
    }
    DONE();
}
