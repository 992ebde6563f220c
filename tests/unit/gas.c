/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vapour pressures against measured fixed points: triple points, boiling points, and water at 25 degC. */
#include <math.h>
#include <stddef.h>

#include "check.h"
#include "gas.h"

int main(void)
{
    static const struct {
        const char *gas;
        double kelvin, kpa, relative;
    } point[] = {
        { "N2", 77.355, 101.325, 1e-4 },    { "N2", 63.151, 12.523, 1e-3 },   { "Ar", 87.302, 101.325, 1e-4 },
        { "Ar", 83.8058, 68.891, 1e-4 },    { "Kr", 119.735, 101.325, 1e-4 }, { "Kr", 115.77, 73.5, 1e-3 },
        { "CO2", 216.592, 517.95, 1e-4 },   { "CO2", 273.15, 3485.1, 1e-3 },  { "O2", 90.188, 101.325, 2e-4 },
        { "O2", 54.361, 0.14628, 1e-3 },    { "H2O", 373.124, 101.325, 1e-4 }, { "H2O", 298.15, 3.1699, 1e-4 },
        { "H2O", 273.16, 0.611655, 1e-4 },
    };
    const char *equation = NULL;
    for (size_t i = 0; i < sizeof point / sizeof *point; i++) {
        const as_gas *g = as_gas_find(point[i].gas);
        CHECK(g != NULL);
        if (!g) continue;
        NEAR(as_gas_vapour_pressure(g, point[i].kelvin, &equation), point[i].kpa, point[i].relative * point[i].kpa);
        CHECK(equation != NULL);
        CHECK(isnan(as_gas_vapour_pressure(g, g->critical_temperature + 1, &equation)));
        CHECK(isnan(as_gas_vapour_pressure(g, 20, &equation)));
    }
    DONE();
}
